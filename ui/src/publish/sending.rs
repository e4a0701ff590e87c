//! What the publish dialog asks of the studio, and what is said when it is done.

use stoa_ipc::{DescribeDraft, DraftSummary, Failure, PublishPost, Republish};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::form::{Form, Wrong};
use crate::format::now;
use crate::host::{Host, use_host};
use crate::t;
use crate::tell::use_tell;
use crate::texts::{Words, use_words};
use crate::view::{Step, use_view};
use crate::zone::{Zone, use_zone};

/// What becomes of what was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    Keep,
    Publish,
    /// It takes the place of this publication.
    Replace(i64),
}

/// Does what is wanted with what was chosen; then closes and says so.
#[hook]
pub(super) fn use_sending(
    draft: &DraftSummary,
    onclose: &Callback<()>,
    is_busy: UseStateHandle<bool>,
    wrong: UseStateHandle<Option<Wrong>>,
) -> Callback<(Form, Then)> {
    let (host, words, tell, zone) = (use_host(), use_words(), use_tell(), use_zone());
    let view = use_view().dispatcher();
    let (draft, onclose) = (draft.clone(), onclose.clone());
    Callback::from(move |(form, then): (Form, Then)| {
        let asked = match requests(&draft, &form, (then, &zone)) {
            Ok(asked) => asked,
            Err(found) => {
                wrong.set(Some(found));
                return;
            }
        };
        let (host, words, tell) = (host.clone(), words.clone(), tell.clone());
        let zone = zone.clone();
        let (view, onclose, is_busy) = (view.clone(), onclose.clone(), is_busy.clone());
        is_busy.set(true);
        spawn_local(async move {
            match send(&host, asked).await {
                Err(failure) => {
                    is_busy.set(false);
                    tell.emit(failure);
                }
                Ok(done) => {
                    onclose.emit(());
                    if let Some(said) = said(&words, &zone, done.as_ref()) {
                        view.dispatch(Step::SayUndoable(said));
                    }
                }
            }
        });
    })
}

/// What is asked of the studio.
#[derive(Debug, Clone, PartialEq)]
enum Asked {
    Keep(Option<DescribeDraft>),
    Publish(Option<DescribeDraft>, PublishPost),
    Replace(Republish),
}

/// What is asked; times are told by the zone.
fn requests(
    draft: &DraftSummary,
    form: &Form,
    (then, zone): (Then, &Zone),
) -> Result<Asked, Wrong> {
    let id = draft.id;
    let values = form.changes(&draft.content, |text| zone.read(text))?;
    // A field has minutes; a time that nobody touched keeps its seconds.
    let scheduled = draft.post.as_ref().map(|post| post.live_at);
    let times = || {
        form.times(now(), |text| match scheduled {
            Some(at) if zone.write(at) == text => Some(at),
            _ => zone.read(text),
        })
    };
    if let Then::Replace(lid) = then {
        let (live_at, unless_after) = times()?;
        return Ok(Asked::Replace(Republish {
            lid,
            values,
            live_at,
            unless_after,
        }));
    }
    let describe = (!values.names().is_empty()).then_some(DescribeDraft { id, values });
    if then == Then::Keep {
        return Ok(Asked::Keep(describe));
    }
    let (live_at, unless_after) = times()?;
    let publish = PublishPost {
        id,
        live_at,
        unless_after,
    };
    Ok(Asked::Publish(describe, publish))
}

async fn send(host: &Host, asked: Asked) -> Result<Option<DraftSummary>, Failure> {
    let (describe, publish) = match asked {
        Asked::Replace(republish) => return host.call(republish).await.map(Some),
        Asked::Keep(describe) => (describe, None),
        Asked::Publish(describe, publish) => (describe, Some(publish)),
    };
    if let Some(describe) = describe {
        host.call(describe).await?;
    }
    match publish {
        Some(publish) => host.call(publish).await.map(Some),
        None => Ok(None),
    }
}

/// What is said of a draft that was published.
fn said(words: &Words, zone: &Zone, done: Option<&DraftSummary>) -> Option<AttrValue> {
    let draft = done?;
    let untitled = t!(words, "untitled");
    let title = match draft.title.as_str() {
        "" => untitled.as_str(),
        title => title,
    };
    let live_at = draft.post.as_ref()?.live_at;
    Some(match live_at > now() {
        true => t!(
            words,
            "scheduled",
            title = title,
            when = zone.moment(words.tag(), live_at)
        ),
        false => t!(words, "published", title = title),
    })
}

#[cfg(test)]
mod tests {
    use stoa_domain::{Access, Kind, TierKey, Timestamp, ZoneName};

    use super::super::form::{Audience, When};
    use super::*;

    fn paid() -> DraftSummary {
        let mut draft = crate::testing::draft("会员定价");
        draft.content.access = Access::Paid {
            tiers: [TierKey::parse("vip").unwrap()].into(),
            singly: false,
        };
        draft
    }

    #[test]
    fn a_time_is_that_of_the_community() {
        let name = ZoneName::parse("Asia/Shanghai").unwrap();
        let zone = Zone::of(Some(&name));
        let later = Form {
            when: When::Later,
            live_at: "28800001".to_owned(),
            ..Form::of(&paid().content, |at| zone.write(at))
        };
        let asked = requests(&paid(), &later, (Then::Publish, &zone)).unwrap();
        let Asked::Publish(None, publish) = asked else {
            panic!("{asked:?}");
        };
        assert_eq!(publish.live_at.map(Timestamp::millis), Some(1));
    }

    #[test]
    fn what_was_not_changed_is_not_sent_and_a_publication_is() {
        let draft = crate::testing::draft("会员定价");
        let zone = Zone::default();
        let form = Form::of(&draft.content, |at| zone.write(at));
        let asked = requests(&draft, &form, (Then::Publish, &zone)).unwrap();
        assert!(
            matches!(&asked, Asked::Publish(None, publish) if publish.id == draft.id),
            "{asked:?}"
        );
        let kept = requests(&draft, &form, (Then::Keep, &zone));
        assert_eq!(kept, Ok(Asked::Keep(None)));
    }

    #[test]
    fn another_publication_in_the_place_of_one_is_asked_for_at_once() {
        let zone = Zone::default();
        let form = Form {
            audience: Audience::Public,
            ..Form::of(&paid().content, |at| zone.write(at))
        };
        let asked = requests(&paid(), &form, (Then::Replace(7), &zone)).unwrap();
        let Asked::Replace(republish) = asked else {
            panic!("{asked:?}");
        };
        assert_eq!((republish.lid, republish.live_at), (7, None));
        assert_eq!(republish.values.access, Some(Access::Public));
    }

    #[test]
    fn a_session_is_told_in_the_time_of_the_community() {
        let name = ZoneName::parse("Asia/Shanghai").unwrap();
        let zone = Zone::of(Some(&name));
        let mut draft = crate::testing::draft("直播答疑");
        draft.content.kind = Kind::Live;
        draft.content.starts_at = Some(Timestamp::from_millis(7));
        let mut form = Form::of(&draft.content, |at| zone.write(at));
        form.session.starts_at = "28800001".to_owned();
        let asked = requests(&draft, &form, (Then::Keep, &zone)).unwrap();
        let Asked::Keep(Some(DescribeDraft { values, .. })) = asked else {
            panic!("{asked:?}");
        };
        assert_eq!(values.names(), ["starts_at"]);
        assert_eq!(values.starts_at, Some(Some(Timestamp::from_millis(1))));
    }
}
