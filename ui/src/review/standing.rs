//! How a review stands: who asked whom, whether the text went on since, the checklist, the verdict.

use stoa_domain::{Check, CheckState, DraftId, ReviewStatus};
use stoa_ipc::{CheckItem, ReviewInfo, WithdrawReview};
use yew::prelude::*;

use super::state::use_doing;
use crate::format::relative;
use crate::host::use_now;
use crate::parts::{Button, ButtonKind, Icon};
use crate::t;
use crate::texts::{Words, use_words};
use crate::view::{Overlay, Step, use_view};

#[derive(Properties, PartialEq)]
pub(super) struct ReviewProps {
    pub(super) id: DraftId,
    pub(super) review: ReviewInfo,
    /// Whether who works here may take the request back.
    pub(super) may_withdraw: bool,
    /// Whether the checklist is theirs to fill in.
    pub(super) may_check: bool,
}

#[component]
pub(super) fn ReviewStands(props: &ReviewProps) -> Html {
    let words = use_words();
    let (doing, now) = (use_doing(), use_now());
    let review = &props.review;
    let id = props.id;
    let withdraw = Callback::from(move |_: MouseEvent| {
        doing.run(
            WithdrawReview { id },
            "review-withdrawn-said",
            Callback::noop(),
        );
    });
    let is_open = review.status == ReviewStatus::Requested;
    html! {
        <section class="review-part" data-testid="review-stands" data-status={review.status.as_str()}>
            <p class="review-line"><span class={classes!("chip", class_of(review.status))}>{ status(&words, review) }</span></p>
            <p class="line">{ who(&words, review, now) }</p>
            if !review.note.is_empty() && is_open { <blockquote class="review-said">{ review.note.clone() }</blockquote> }
            if !review.reason.is_empty() { <blockquote class="review-said" data-testid="review-reason">{ review.reason.clone() }</blockquote> }
            <Changed {id} review={review.clone()} />
            if !review.checks.is_empty() { <Checklist {id} checks={review.checks.clone()} may_check={props.may_check} /> }
            if is_open && props.may_withdraw {
                <div class="buttons"><Button kind={ButtonKind::Quiet} label={t!(words, "review-withdraw")} onclick={withdraw} testid="review-withdraw" /></div>
            }
        </section>
    }
}

fn class_of(status: ReviewStatus) -> &'static str {
    match status {
        ReviewStatus::Approved => "ok",
        ReviewStatus::ChangesWanted => "warn",
        ReviewStatus::Requested | ReviewStatus::Withdrawn => "",
    }
}

fn status(words: &Words, review: &ReviewInfo) -> AttrValue {
    match review.status {
        ReviewStatus::Requested if review.is_for_me => t!(words, "review-status-requested-me"),
        status => words.get(&format!("review-status-{}", status.as_str())),
    }
}

fn who(words: &Words, review: &ReviewInfo, now: stoa_domain::Timestamp) -> AttrValue {
    let named = |name: &str| match name {
        "" => t!(words, "review-someone"),
        name => name.to_owned().into(),
    };
    let (by, reviewer) = (named(&review.by_name), named(&review.reviewer_name));
    if let Some(at) = review.closed_at {
        let when = relative(words.tag(), now, at);
        return t!(
            words,
            "review-ended",
            reviewer = reviewer.as_str(),
            when = when
        );
    }
    let when = relative(words.tag(), now, review.at);
    match review.is_for_me {
        true => t!(words, "review-asked-you", by = by.as_str(), when = when),
        false => t!(
            words,
            "review-asked",
            by = by.as_str(),
            reviewer = reviewer.as_str(),
            when = when
        ),
    }
}

#[derive(Properties, PartialEq)]
struct ChangedProps {
    id: DraftId,
    review: ReviewInfo,
}

/// A review is of the text that was handed over.
#[component]
fn Changed(props: &ChangedProps) -> Html {
    let words = use_words();
    let view = use_view().dispatcher();
    if !props.review.is_here {
        return html! { <p class="quiet">{ t!(words, "review-not-here") }</p> };
    }
    if !props.review.is_changed_since {
        return Html::default();
    }
    let (id, text_at) = (props.id, props.review.text_at.clone());
    let compare = Callback::from(move |_: MouseEvent| {
        let text_at = text_at.clone();
        view.dispatch(Step::Show(Overlay::CompareReview { id, text_at }));
    });
    html! {
        <p class="review-changed" data-testid="review-changed">
            <Icon name="triangle-alert" />
            <span>{ t!(words, "review-changed-since") }</span>
            <Button kind={ButtonKind::Quiet} label={t!(words, "review-compare")} onclick={compare} testid="review-compare" />
        </p>
    }
}

#[derive(Properties, PartialEq)]
struct ChecklistProps {
    id: DraftId,
    checks: Vec<Check>,
    may_check: bool,
}

#[component]
fn Checklist(props: &ChecklistProps) -> Html {
    let words = use_words();
    let n_seen = props
        .checks
        .iter()
        .filter(|c| c.state != CheckState::Open)
        .count();
    let row = |(n, check): (usize, &Check)| {
        let item = u8::try_from(n).unwrap_or(u8::MAX);
        html! { <CheckRow id={props.id} {item} check={check.clone()} may_check={props.may_check} /> }
    };
    html! {
        <>
            <h3>{ t!(words, "review-checks") }</h3>
            <p class="quiet">{ t!(words, "review-checked", n = n_seen, of = props.checks.len()) }</p>
            <ul class="checklist" data-testid="checklist">{ for props.checks.iter().enumerate().map(row) }</ul>
        </>
    }
}

#[derive(Properties, PartialEq)]
struct CheckRowProps {
    id: DraftId,
    item: u8,
    check: Check,
    may_check: bool,
}

#[component]
fn CheckRow(props: &CheckRowProps) -> Html {
    let words = use_words();
    let doing = use_doing();
    let (id, item, now) = (props.id, props.item, props.check.state);
    let label = props.check.label.as_str();
    let state = words.get(&format!("review-check-{}", now.as_str()));
    // Pressed once more, it has not been looked at.
    let set = |wanted: CheckState| {
        let doing = doing.clone();
        Callback::from(move |_: MouseEvent| {
            let state = match now == wanted {
                true => CheckState::Open,
                false => wanted,
            };
            doing.run(CheckItem { id, item, state }, "", Callback::noop());
        })
    };
    let button = |wanted: CheckState, icon: &'static str| {
        let key = format!("review-check-set-{}", wanted.as_str());
        let name = words.with(&key, &[("label", label.into())]);
        html! {
            <Button kind={ButtonKind::Quiet} {icon} icon_only=true label={name} pressed={Some(now == wanted)}
                onclick={set(wanted)} testid={format!("check-{}-{item}", wanted.as_str())} />
        }
    };
    html! {
        <li class={classes!("check-row", now.as_str())} data-testid="check-row" data-state={now.as_str()}>
            if props.may_check {
                <span class="check-buttons">{ button(CheckState::Fine, "check") }{ button(CheckState::Wanting, "x") }</span>
            } else {
                <Icon name={icon_of(now)} />
            }
            <span class="check-label">{ label.to_owned() }</span>
            <span class="check-state">{ state }</span>
        </li>
    }
}

fn icon_of(state: CheckState) -> &'static str {
    match state {
        CheckState::Open => "minus",
        CheckState::Fine => "check",
        CheckState::Wanting => "circle-alert",
    }
}

#[cfg(test)]
mod tests {
    use stoa_domain::{CheckLabel, ReviewId, TextVersion, Timestamp};

    use super::*;
    use crate::testing::{draft, drawn};

    fn review(is_for_me: bool) -> ReviewInfo {
        ReviewInfo {
            id: ReviewId::from_bytes([1; 16]),
            reviewer_name: "顾问".to_owned(),
            by_name: "林".to_owned(),
            is_for_me,
            status: ReviewStatus::Requested,
            checks: vec![Check {
                label: CheckLabel::parse("数据有出处").expect("short"),
                state: CheckState::Wanting,
            }],
            note: "请看第二节".to_owned(),
            reason: String::new(),
            at: Timestamp::from_millis(0),
            closed_at: None,
            text_at: TextVersion::parse("AA==").expect("base64"),
            is_here: true,
            is_changed_since: true,
        }
    }

    #[test]
    fn the_author_sees_who_was_asked_and_that_the_text_went_on() {
        let shown = drawn("zh-CN", || {
            html! { <ReviewStands id={draft("稿").id} review={review(false)} may_withdraw=true may_check=false /> }
        });
        for part in [
            "林请顾问审稿",
            "请看第二节",
            "文字有改动",
            "有欠缺",
            "收回审稿请求",
        ] {
            assert!(shown.contains(part), "{part}: {shown}");
        }
        assert!(!shown.contains("check-fine-0"), "{shown}");
    }

    #[test]
    fn the_reviewer_fills_in_the_list_with_named_buttons() {
        let shown = drawn("en", || {
            html! { <ReviewStands id={draft("稿").id} review={review(true)} may_withdraw=false may_check=true /> }
        });
        for part in [
            "Waits for your review",
            "Fine: 数据有出处",
            "aria-pressed=\"true\"",
        ] {
            assert!(shown.contains(part), "{part}: {shown}");
        }
        assert!(!shown.contains("review-withdraw"), "{shown}");
    }
}
