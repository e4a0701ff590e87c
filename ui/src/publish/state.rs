//! How a draft stands with members, kept up to date.

use stoa_domain::{DraftId, ReviewStatus, Timestamp};
use stoa_ipc::{DraftSummary, Event, GetDraft};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::format::now;
use crate::host::{use_events, use_host, use_now};
use crate::t;
use crate::texts::{Words, use_words};
use crate::zone::{Zone, use_zone};

/// A draft as it stands now; `None` until that is known.
#[hook]
pub(crate) fn use_summary(id: DraftId) -> Option<DraftSummary> {
    let host = use_host();
    let summary = use_state_eq(|| None::<DraftSummary>);
    let ask = {
        let setter = summary.setter();
        Callback::from(move |()| {
            let (host, setter) = (host.clone(), setter.clone());
            spawn_local(async move {
                // One that is gone says so in the editor.
                if let Ok(found) = host.call(GetDraft { id }).await {
                    setter.set(Some(found));
                }
            });
        })
    };
    {
        let ask = ask.clone();
        use_effect_with(id, move |_| ask.emit(()));
    }
    use_events(Callback::from(move |event: Event| {
        if let Event::Drafts(ids) = &event
            && (ids.is_empty() || ids.contains(&id))
        {
            ask.emit(());
        }
    }));
    (*summary).clone()
}

/// Now, said again whenever the window's clock goes on: what was published a moment ago is live.
#[hook]
pub(crate) fn use_this_moment() -> Timestamp {
    use_now().max(now())
}

/// What is said of a draft that is more than a draft: scheduled, published, changed since.
pub(crate) fn stands(
    words: &Words,
    draft: &DraftSummary,
    (now, zone): (Timestamp, &Zone),
) -> Option<Stands> {
    if draft.archived_at.is_some() {
        return Some(Stands::new("", t!(words, "state-archived")));
    }
    let post = draft.post.as_ref()?;
    Some(if post.live_at > now {
        let when = zone.moment(words.tag(), post.live_at);
        Stands::new("", t!(words, "state-scheduled", when = when))
    } else if post.is_changed {
        Stands::new("warn", t!(words, "state-changed"))
    } else {
        Stands::new("ok", t!(words, "state-published"))
    })
}

/// What is said of a live session that has a time.
pub(crate) fn live_stands(words: &Words, draft: &DraftSummary, zone: &Zone) -> Option<Stands> {
    let live = draft.content.live()?;
    let when = zone.moment(words.tag(), live.starts_at);
    Some(Stands::new("", t!(words, "state-live", when = when)))
}

/// What is said of the latest review, as long as nothing was published since.
pub(crate) fn review_stands(words: &Words, draft: &DraftSummary) -> Option<Stands> {
    let review = draft.review?;
    let published_at = draft.post.as_ref().map(|post| post.at);
    if review.closed_at.is_some_and(|at| published_at >= Some(at)) {
        return None;
    }
    Some(match review.status {
        ReviewStatus::Requested if review.is_for_me => {
            Stands::new("warn", t!(words, "review-status-requested-me"))
        }
        ReviewStatus::Requested => Stands::new("", t!(words, "review-status-requested")),
        ReviewStatus::Approved => Stands::new("ok", t!(words, "review-status-approved")),
        ReviewStatus::ChangesWanted => {
            Stands::new("warn", t!(words, "review-status-changes-wanted"))
        }
        ReviewStatus::Withdrawn => return None,
    })
}

#[derive(Debug, PartialEq)]
pub(crate) struct Stands {
    /// The class of its chip.
    class: &'static str,
    pub(crate) text: AttrValue,
}

impl Stands {
    fn new(class: &'static str, text: AttrValue) -> Self {
        Self { class, text }
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct StateChipProps {
    pub(crate) draft: DraftSummary,
}

#[component]
pub(crate) fn StateChip(props: &StateChipProps) -> Html {
    let words = use_words();
    let (now, zone) = (use_this_moment(), use_zone());
    let chip = |stands: Option<Stands>, testid: &'static str| match stands {
        Some(Stands { class, text }) => {
            html! { <span class={classes!("chip", class)} data-testid={testid}>{ text }</span> }
        }
        None => Html::default(),
    };
    html! {
        <>
            { chip(stands(&words, &props.draft, (now, &zone)), "state-chip") }
            { chip(review_stands(&words, &props.draft), "review-chip") }
            { chip(live_stands(&words, &props.draft, &zone), "live-chip") }
        </>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use stoa_ipc::{PostState, ReviewMark};

    fn draft(live_at: i64, is_changed: bool) -> DraftSummary {
        DraftSummary {
            post: Some(PostState {
                version: 1,
                live_at: Timestamp::from_millis(live_at),
                at: Timestamp::from_millis(1),
                is_changed,
            }),
            ..crate::testing::draft("会员定价")
        }
    }

    fn said(draft: &DraftSummary) -> String {
        let words = Words::new("en");
        let stands = stands(
            &words,
            draft,
            (Timestamp::from_millis(1_000), &Zone::default()),
        );
        stands
            .map(|stands| stands.text.to_string())
            .unwrap_or_default()
    }

    #[test]
    fn a_verdict_is_said_until_something_was_published_since() {
        let words = Words::new("en");
        let said = |status, is_for_me, closed_at: Option<i64>| {
            let review = ReviewMark {
                status,
                is_for_me,
                closed_at: closed_at.map(Timestamp::from_millis),
                n_unresolved: 0,
            };
            let published = DraftSummary {
                review: Some(review),
                ..draft(1, false)
            };
            review_stands(&words, &published).map(|stands| stands.text.to_string())
        };
        let waits = said(ReviewStatus::Requested, false, None);
        assert_eq!(waits.as_deref(), Some("In review"));
        let mine = said(ReviewStatus::Requested, true, None);
        assert_eq!(mine.as_deref(), Some("Waits for your review"));
        let later = said(ReviewStatus::ChangesWanted, false, Some(2));
        assert_eq!(later.as_deref(), Some("Changes wanted"));
        assert_eq!(said(ReviewStatus::Approved, false, Some(1)), None);
    }

    #[test]
    fn a_live_session_says_when_it_is() {
        let words = Words::new("en");
        let mut session = draft(1, false);
        session.content.starts_at = Some(Timestamp::from_millis(9));
        let said = |draft: &DraftSummary| {
            let stands = live_stands(&words, draft, &Zone::default());
            stands.map(|stands| stands.text.to_string())
        };
        assert_eq!(said(&session), None);
        session.content.kind = stoa_domain::Kind::Live;
        assert_eq!(said(&session).as_deref(), Some("Live 9"));
        session.content.starts_at = None;
        assert_eq!(said(&session), None);
    }

    #[test]
    fn a_draft_says_whether_members_see_it_and_as_it_is() {
        assert_eq!(said(&draft(500, false)), "Published");
        assert_eq!(said(&draft(500, true)), "Unpublished changes");
        assert!(said(&draft(2_000, true)).starts_with("Scheduled"));
        let archived = DraftSummary {
            archived_at: Some(Timestamp::from_millis(7)),
            post: None,
            ..draft(0, false)
        };
        assert_eq!(said(&archived), "Archived");
        assert_eq!(
            said(&DraftSummary {
                archived_at: None,
                ..archived
            }),
            ""
        );
    }
}
