//! The question before a draft goes to members: for whom, as what, from when on.

use stoa_domain::{DraftId, Kind, LiveFinding, ReviewStatus};
use stoa_ipc::{DescribeDraft, DraftSummary, Failure, ProfileKind, PublishPost};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::cover::CoverField;
use super::fields::{AboutFields, AudienceFields, MoreFields, TimeFields};
use super::form::{Form, When, Wrong};
use super::live::LiveFields;
use super::search::SearchFields;
use super::session::{SessionForm, field_of};
use super::state::{review_stands, use_summary};
use crate::format::now;
use crate::host::{Host, use_app, use_host};
use crate::parts::{Button, ButtonKind, Dialog, Icon};
use crate::preview::{Checks, FieldFinding};
use crate::t;
use crate::tell::use_tell;
use crate::texts::{Words, use_words};
use crate::view::{Step, use_view};
use crate::zone::{Zone, use_zone};

#[derive(Properties, PartialEq)]
pub(crate) struct PublishDialogProps {
    pub(crate) id: DraftId,
    pub(crate) onclose: Callback<()>,
}

#[component]
pub(crate) fn PublishDialog(props: &PublishDialogProps) -> Html {
    match use_summary(props.id) {
        Some(draft) => html! { <Ask {draft} onclose={props.onclose.clone()} /> },
        None => Html::default(),
    }
}

#[derive(Properties, PartialEq)]
struct AskProps {
    draft: DraftSummary,
    onclose: Callback<()>,
}

#[component]
fn Ask(props: &AskProps) -> Html {
    let words = use_words();
    let zone = use_zone();
    let form = use_state(|| Form::of(&props.draft.content, |at| zone.write(at)));
    // Alone: files come in while something else is typed.
    let cover = use_state_eq(|| props.draft.content.cover);
    let recording = use_state_eq(|| props.draft.content.recording.clone());
    let wrong = use_state_eq(|| None::<Wrong>);
    let is_busy = use_state_eq(|| false);
    let send = use_sending(&props.draft, &props.onclose, is_busy.clone(), wrong.clone());
    let change = {
        let (form, wrong) = (form.clone(), wrong.clone());
        Callback::from(move |new: Form| {
            wrong.set(None);
            form.set(new);
        })
    };
    let typed = Form {
        cover: *cover,
        session: SessionForm {
            recording: (*recording).clone(),
            ..form.session.clone()
        },
        ..(*form).clone()
    };
    let found = findings(&typed, &zone);
    let (onchoosecover, onchooserecording) = (set_to(&cover), set_to(&recording));
    let keep = send.reform({
        let typed = typed.clone();
        move |_: MouseEvent| (typed.clone(), Act::Keep)
    });
    let onsubmit = {
        let typed = typed.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            send.emit((typed.clone(), Act::Publish));
        })
    };
    let ongo = {
        let view = use_view().dispatcher();
        Callback::from(move |at| view.dispatch(Step::GoToPlace(at)))
    };
    let warning = review_warning(&words, &props.draft);
    let label = confirm(&words, &props.draft, typed.when);
    html! {
        <Dialog title={title(&words, &props.draft)} wide=true onclose={props.onclose.clone()} testid="publish-dialog">
            <form class="form" {onsubmit}>
                <Standing draft={props.draft.clone()} />
                if let Some(warning) = warning {
                    <p class="review-changed" role="alert" data-testid="publish-review"><Icon name="triangle-alert" /><span>{ warning }</span></p>
                }
                <Checks id={props.draft.id} fields={found} {ongo} />
                <AudienceFields form={typed.clone()} change={change.clone()} wrong={*wrong} />
                <AboutFields form={typed.clone()} change={change.clone()} wrong={*wrong} />
                if typed.kind == Kind::Live {
                    <LiveFields draft={props.draft.id} form={typed.clone()} change={change.clone()} wrong={*wrong} onchoose={onchooserecording} />
                }
                <CoverField draft={props.draft.id} chosen={*cover} onchoose={onchoosecover} />
                <TimeFields form={typed.clone()} change={change.clone()} wrong={*wrong} />
                <SearchFields draft={props.draft.clone()} form={typed.clone()} change={change.clone()} wrong={*wrong} />
                <MoreFields form={typed} {change} wrong={*wrong} />
                <div class="buttons end">
                    <Button kind={ButtonKind::Quiet} label={t!(words, "publish-keep")} onclick={keep} disabled={*is_busy} testid="publish-keep" />
                    <Button label={t!(words, "cancel")} onclick={props.onclose.reform(|_| ())} />
                    <Button kind={ButtonKind::Main} submit=true {label} disabled={*is_busy} testid="publish-confirm" />
                </div>
            </form>
        </Dialog>
    }
}

fn set_to<T: PartialEq + 'static>(state: &UseStateHandle<T>) -> Callback<T> {
    let setter = state.setter();
    Callback::from(move |value| setter.set(value))
}

fn title(words: &Words, draft: &DraftSummary) -> AttrValue {
    match (draft.post.is_some(), draft.title.as_str()) {
        (false, "") => t!(
            words,
            "publish-title",
            title = t!(words, "untitled").as_str()
        ),
        (false, title) => t!(words, "publish-title", title = title),
        (true, title) => t!(words, "publish-update-title", title = title),
    }
}

/// What the button says that publishes.
fn confirm(words: &Words, draft: &DraftSummary, when: When) -> AttrValue {
    match (when, draft.post.is_some()) {
        _ if review_warning(words, draft).is_some() => t!(words, "publish-anyway"),
        (When::Later, _) => t!(words, "publish-schedule"),
        (When::Now, true) => t!(words, "publish-update"),
        (When::Now, false) => t!(words, "publish"),
    }
}

/// What is to be looked at in the fields.
fn findings(form: &Form, zone: &Zone) -> Vec<FieldFinding> {
    if form.kind != Kind::Live {
        return Vec::new();
    }
    let found = form.session.findings(now(), |text| zone.read(text));
    let told = |finding: LiveFinding| FieldFinding {
        code: finding.code(),
        field: field_of(finding),
    };
    found.into_iter().map(told).collect()
}

/// What speaks against it: a review that is not finished, or one that asked for changes.
fn review_warning(words: &Words, draft: &DraftSummary) -> Option<AttrValue> {
    review_stands(words, draft)?;
    match draft.review?.status {
        ReviewStatus::Requested => Some(t!(words, "review-publish-open")),
        ReviewStatus::ChangesWanted => Some(t!(words, "review-publish-changes")),
        ReviewStatus::Approved | ReviewStatus::Withdrawn => None,
    }
}

#[derive(Properties, PartialEq)]
struct StandingProps {
    draft: DraftSummary,
}

/// What of it members see now, and that nobody does before there is a community.
#[component]
fn Standing(props: &StandingProps) -> Html {
    let words = use_words();
    let zone = use_zone();
    let is_connected = use_app().kind() == Some(ProfileKind::Connected);
    if !is_connected {
        return html! { <p class="quiet">{ t!(words, "publish-no-community") }</p> };
    }
    match &props.draft.post {
        Some(post) if post.live_at > now() => {
            let when = zone.moment(words.tag(), post.live_at);
            html! { <p class="quiet">{ t!(words, "publish-stands-scheduled", when = when) }</p> }
        }
        Some(post) if !post.is_changed => {
            html! { <p class="quiet">{ t!(words, "publish-stands-same") }</p> }
        }
        Some(_) => html! { <p class="quiet">{ t!(words, "publish-stands-changed") }</p> },
        None => html! { <p class="quiet">{ t!(words, "publish-lead") }</p> },
    }
}

/// What is done with what was chosen.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Act {
    /// It stays with the draft.
    Keep,
    Publish,
}

/// Keeps what was chosen and, if that is wanted, publishes; then closes and says so.
#[hook]
fn use_sending(
    draft: &DraftSummary,
    onclose: &Callback<()>,
    is_busy: UseStateHandle<bool>,
    wrong: UseStateHandle<Option<Wrong>>,
) -> Callback<(Form, Act)> {
    let (host, words, tell, zone) = (use_host(), use_words(), use_tell(), use_zone());
    let view = use_view().dispatcher();
    let (draft, onclose) = (draft.clone(), onclose.clone());
    Callback::from(move |(form, act): (Form, Act)| {
        let asked = match requests(&draft, &form, &zone, act) {
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

type Requests = (Option<DescribeDraft>, Option<PublishPost>);

/// What is asked of the studio; times are told in the zone.
fn requests(draft: &DraftSummary, form: &Form, zone: &Zone, act: Act) -> Result<Requests, Wrong> {
    let id = draft.id;
    let values = form.changes(&draft.content, |text| zone.read(text))?;
    let describe = (!values.names().is_empty()).then_some(DescribeDraft { id, values });
    let publish = match act {
        Act::Keep => None,
        Act::Publish => {
            let (live_at, unless_after) = form.times(now(), |text| zone.read(text))?;
            Some(PublishPost {
                id,
                live_at,
                unless_after,
            })
        }
    };
    Ok((describe, publish))
}

async fn send(host: &Host, (describe, publish): Requests) -> Result<Option<DraftSummary>, Failure> {
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
    use stoa_domain::{Access, TierKey, Timestamp, ZoneName};

    use super::*;
    use crate::testing::drawn;

    fn paid() -> DraftSummary {
        let mut draft = crate::testing::draft("会员定价");
        draft.content.access = Access::Paid {
            tiers: [TierKey::parse("vip").unwrap()].into(),
            singly: false,
        };
        draft
    }

    #[test]
    fn a_draft_that_is_paid_for_shows_the_tiers_and_others_do_not() {
        for language in ["zh-CN", "en"] {
            let markup = drawn(language, || {
                html! { <Ask draft={crate::testing::draft("会员定价")} onclose={Callback::noop()} /> }
            });
            assert!(!markup.contains("tier-vip"), "{markup}");
            let markup = drawn(language, || {
                html! { <Ask draft={paid()} onclose={Callback::noop()} /> }
            });
            assert!(
                markup.contains("tier-vip") && markup.contains("VIP"),
                "{markup}"
            );
        }
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
        let (_, publish) = requests(&paid(), &later, &zone, Act::Publish).unwrap();
        let live_at = publish.unwrap().live_at;
        assert_eq!(live_at.map(Timestamp::millis), Some(1));
    }

    #[test]
    fn what_was_not_changed_is_not_sent_and_a_publication_is() {
        let draft = crate::testing::draft("会员定价");
        let zone = Zone::default();
        let form = Form::of(&draft.content, |at| zone.write(at));
        let (describe, publish) = requests(&draft, &form, &zone, Act::Publish).unwrap();
        assert_eq!(describe, None);
        assert_eq!(publish.map(|publish| publish.id), Some(draft.id));
        assert_eq!(requests(&draft, &form, &zone, Act::Keep), Ok((None, None)));
    }

    fn live() -> DraftSummary {
        let mut draft = crate::testing::draft("直播答疑");
        draft.content.kind = Kind::Live;
        draft.content.starts_at = Some(Timestamp::from_millis(7));
        draft
    }

    #[test]
    fn only_a_live_session_is_asked_when_and_where() {
        for language in ["zh-CN", "en"] {
            let markup = drawn(language, || {
                html! { <Ask draft={live()} onclose={Callback::noop()} /> }
            });
            for field in ["publish-starts-at", "publish-lasts", "publish-join-link"] {
                assert!(
                    markup.contains(&format!("for=\"{field}\"")),
                    "{field}: {markup}"
                );
            }
            assert!(markup.contains("value=\"60\""), "{markup}");
            let markup = drawn(language, || {
                html! { <Ask draft={paid()} onclose={Callback::noop()} /> }
            });
            assert!(!markup.contains("publish-join-link"), "{markup}");
        }
    }

    #[test]
    fn a_session_is_told_in_the_time_of_the_community() {
        let name = ZoneName::parse("Asia/Shanghai").unwrap();
        let zone = Zone::of(Some(&name));
        let mut form = Form::of(&live().content, |at| zone.write(at));
        form.session.starts_at = "28800001".to_owned();
        let (describe, _) = requests(&live(), &form, &zone, Act::Keep).unwrap();
        let values = describe.unwrap().values;
        assert_eq!(values.names(), ["starts_at"]);
        assert_eq!(values.starts_at, Some(Some(Timestamp::from_millis(1))));
    }

    #[test]
    fn what_is_found_names_a_field_and_nothing_is_found_in_an_article() {
        let zone = Zone::default();
        let of = |draft: &DraftSummary| Form::of(&draft.content, |at| zone.write(at));
        assert_eq!(findings(&of(&paid()), &zone), []);
        let mut untimed = live();
        untimed.content.starts_at = None;
        let found = findings(&of(&untimed), &zone);
        assert_eq!(found[0].field, "publish-starts-at");
    }
}
