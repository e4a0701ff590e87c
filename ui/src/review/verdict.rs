//! The reviewer's verdict: approved, or changes wanted for a reason.

use stoa_domain::{DraftId, ReviewVerdict};
use stoa_ipc::DecideReview;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::state::use_doing;
use crate::parts::{Button, ButtonKind};
use crate::t;
use crate::texts::use_words;

#[derive(Properties, PartialEq)]
pub(super) struct VerdictProps {
    pub(super) id: DraftId,
}

#[component]
pub(super) fn VerdictForm(props: &VerdictProps) -> Html {
    let words = use_words();
    let doing = use_doing();
    let reason = use_state(String::new);
    let is_missing = use_state_eq(|| false);
    let decide = |verdict: ReviewVerdict| {
        let (id, doing) = (props.id, doing.clone());
        let (reason, is_missing) = (reason.clone(), is_missing.clone());
        Callback::from(move |_: MouseEvent| {
            let is_unsaid = reason.trim().is_empty();
            if verdict == ReviewVerdict::ChangesWanted && is_unsaid {
                is_missing.set(true);
                return;
            }
            let said = match verdict {
                ReviewVerdict::Approved => "verdict-approved-said",
                ReviewVerdict::ChangesWanted => "verdict-changes-said",
            };
            let reason = (*reason).clone();
            let request = DecideReview {
                id,
                verdict,
                reason,
            };
            doing.run(request, said, Callback::noop());
        })
    };
    let oninput = {
        let (reason, is_missing) = (reason.clone(), is_missing.clone());
        Callback::from(move |event: InputEvent| {
            is_missing.set(false);
            reason.set(event.target_unchecked_into::<HtmlTextAreaElement>().value());
        })
    };
    html! {
        <section class="review-part" aria-labelledby="verdict-head" data-testid="verdict">
            <h3 id="verdict-head">{ t!(words, "verdict") }</h3>
            <div class="field">
                <label for="verdict-reason">{ t!(words, "verdict-reason") }</label>
                <textarea id="verdict-reason" class="input prose" rows="3" value={(*reason).clone()} {oninput}
                    aria-invalid={is_missing.to_string()} aria-describedby="verdict-hint" data-testid="verdict-reason" />
                if *is_missing {
                    <p class="wrong" id="verdict-hint" role="alert">{ t!(words, "field-required") }</p>
                } else {
                    <p class="hint" id="verdict-hint">{ t!(words, "verdict-reason-hint") }</p>
                }
            </div>
            <div class="buttons">
                <Button kind={ButtonKind::Main} icon="check" label={t!(words, "verdict-approve")} onclick={decide(ReviewVerdict::Approved)} testid="verdict-approve" />
                <Button icon="pencil" label={t!(words, "verdict-changes")} onclick={decide(ReviewVerdict::ChangesWanted)} testid="verdict-changes" />
            </div>
        </section>
    }
}
