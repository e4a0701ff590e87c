//! When an imported draft was to be seen by members, in the program it comes from: offered beside the
//! field for the time.

use stoa_domain::{DraftId, Timestamp};
use stoa_ipc::GetPlanned;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::form::{Form, When};
use crate::format::now;
use crate::host::use_host;
use crate::parts::{Button, ButtonKind};
use crate::t;
use crate::texts::use_words;
use crate::zone::use_zone;

#[derive(Properties, PartialEq)]
pub(super) struct PlannedProps {
    pub(super) draft: DraftId,
    pub(super) form: Form,
    pub(super) change: Callback<Form>,
}

#[component]
pub(super) fn PlannedTime(props: &PlannedProps) -> Html {
    let at = use_planned(props.draft);
    let Some(at) = at.filter(|at| *at > now()) else {
        return Html::default();
    };
    html! { <Offer {at} form={props.form.clone()} change={props.change.clone()} /> }
}

/// The time of there, once it is known.
#[hook]
fn use_planned(draft: DraftId) -> Option<Timestamp> {
    let host = use_host();
    let at = use_state_eq(|| None::<Timestamp>);
    {
        let at = at.clone();
        use_effect_with(draft, move |draft| {
            let draft = *draft;
            spawn_local(async move {
                // Without an answer there is nothing to offer.
                if let Ok(planned) = host.call(GetPlanned { draft }).await {
                    at.set(planned.at);
                }
            });
        });
    }
    *at
}

#[derive(Properties, PartialEq)]
struct OfferProps {
    at: Timestamp,
    form: Form,
    change: Callback<Form>,
}

#[component]
fn Offer(props: &OfferProps) -> Html {
    let words = use_words();
    let zone = use_zone();
    let live_at = zone.write(props.at);
    let is_taken = props.form.when == When::Later && props.form.live_at == live_at;
    let onclick = {
        let (form, change) = (props.form.clone(), props.change.clone());
        Callback::from(move |_: MouseEvent| change.emit(with_time(&form, &live_at)))
    };
    let when = zone.moment(words.tag(), props.at);
    html! {
        <p class="hint" data-testid="publish-planned">
            { t!(words, "publish-planned", when = when) }
            if !is_taken {
                { " " }<Button kind={ButtonKind::Quiet} label={t!(words, "publish-planned-use")} {onclick} testid="publish-planned-use" />
            }
        </p>
    }
}

/// The same, to be seen from a time on.
fn with_time(form: &Form, live_at: &str) -> Form {
    Form {
        when: When::Later,
        live_at: live_at.to_owned(),
        ..form.clone()
    }
}

#[cfg(test)]
mod tests {
    use stoa_domain::Content;

    use super::*;
    use crate::testing::drawn;
    use crate::zone::Zone;

    fn at() -> Timestamp {
        Timestamp::from_millis(4_102_444_800_000)
    }

    fn form() -> Form {
        Form::of(&Content::default(), |_| String::new())
    }

    #[test]
    fn a_time_of_elsewhere_is_offered_until_it_is_the_one_that_was_chosen() {
        for language in ["en", "zh-CN"] {
            let offered = drawn(language, || {
                html! { <Offer at={at()} form={form()} change={Callback::noop()} /> }
            });
            assert!(offered.contains("publish-planned-use"), "{offered}");
            let taken = drawn(language, || {
                let form = with_time(&form(), &Zone::default().write(at()));
                html! { <Offer at={at()} {form} change={Callback::noop()} /> }
            });
            assert!(taken.contains("publish-planned"), "{taken}");
            assert!(!taken.contains("publish-planned-use"), "{taken}");
        }
    }

    #[test]
    fn taking_it_changes_nothing_but_the_time() {
        let taken = with_time(&form(), "2099-12-31T18:00");
        assert_eq!(
            (taken.when, &*taken.live_at),
            (When::Later, "2099-12-31T18:00")
        );
        let back = Form {
            when: When::Now,
            live_at: String::new(),
            ..taken
        };
        assert_eq!(back, form());
    }
}
