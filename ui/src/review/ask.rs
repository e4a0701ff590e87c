//! The question who is to review a draft, and by which list.

use std::rc::Rc;

use stoa_domain::{DraftId, UserId};
use stoa_ipc::{Failure, ListReviewers, RequestReview, ReviewerInfo};
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

use crate::host::use_host;
use crate::parts::{Button, ButtonKind, Dialog, Loaded, Remote};
use crate::t;
use crate::tell::use_tell;
use crate::texts::use_words;
use crate::view::{Step, use_view};

#[derive(Properties, PartialEq)]
pub(crate) struct AskReviewProps {
    pub(crate) id: DraftId,
    pub(crate) title: AttrValue,
    pub(crate) onclose: Callback<()>,
}

#[component]
pub(crate) fn AskReviewDialog(props: &AskReviewProps) -> Html {
    let words = use_words();
    let host = use_host();
    let found = use_state(|| Remote::<Rc<Vec<ReviewerInfo>>>::Coming);
    let ask = {
        let (setter, id) = (found.setter(), props.id);
        Callback::from(move |()| {
            let (host, setter) = (host.clone(), setter.clone());
            spawn_local(async move {
                let answer = host.call(ListReviewers { id }).await;
                setter.set(answer.map(Rc::new).into());
            });
        })
    };
    {
        let ask = ask.clone();
        use_effect_with(props.id, move |_| ask.emit(()));
    }
    let title = match props.title.as_str() {
        "" => t!(words, "untitled"),
        _ => props.title.clone(),
    };
    let show = {
        let (id, title, onclose) = (props.id, title.clone(), props.onclose.clone());
        Callback::from(move |reviewers: Rc<Vec<ReviewerInfo>>| {
            html! { <AskForm {id} title={title.clone()} {reviewers} onclose={onclose.clone()} /> }
        })
    };
    let is_empty = found.here().is_some_and(|found| found.is_empty());
    html! {
        <Dialog title={t!(words, "review-ask-title", title = title.as_str())} onclose={props.onclose.clone()} testid="review-dialog">
            <Loaded<Rc<Vec<ReviewerInfo>>> value={(*found).clone()} {show} onretry={ask} n_bones=3 {is_empty}
                empty={html! { <p class="quiet" data-testid="no-reviewers">{ t!(words, "review-no-reviewers") }</p> }} />
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
struct AskFormProps {
    id: DraftId,
    title: AttrValue,
    reviewers: Rc<Vec<ReviewerInfo>>,
    onclose: Callback<()>,
}

/// What is typed and chosen.
#[derive(Clone, PartialEq)]
struct Asked {
    reviewer: UserId,
    checks: String,
    note: String,
}

#[component]
fn AskForm(props: &AskFormProps) -> Html {
    let words = use_words();
    let first = props.reviewers[0].id;
    let preset = words.get("review-checks-preset").to_string();
    let asked = use_state(|| Asked {
        reviewer: first,
        checks: preset,
        note: String::new(),
    });
    let wrong = use_state_eq(|| None::<(String, AttrValue)>);
    let onsubmit = use_asking(props, (*asked).clone(), wrong.setter());
    let set = |put: fn(&mut Asked, String)| {
        let (asked, wrong) = (asked.clone(), wrong.setter());
        Callback::from(move |event: InputEvent| {
            let typed = event.target_unchecked_into::<HtmlTextAreaElement>().value();
            let mut new = (*asked).clone();
            put(&mut new, typed);
            wrong.set(None);
            asked.set(new);
        })
    };
    let choose = {
        let asked = asked.clone();
        Callback::from(move |event: Event| {
            let select: HtmlSelectElement = event.target_unchecked_into();
            if let Ok(reviewer) = select.value().parse() {
                asked.set(Asked {
                    reviewer,
                    ..(*asked).clone()
                });
            }
        })
    };
    let option = |one: &ReviewerInfo| {
        html! { <option value={one.id.to_string()} selected={one.id == asked.reviewer}>{ one.name.clone() }</option> }
    };
    let said = |field: &str, hint: &str| match &*wrong {
        Some((place, what)) if place == field => {
            html! { <p class="wrong" role="alert">{ what.clone() }</p> }
        }
        _ => html! { <p class="hint">{ words.get(hint) }</p> },
    };
    html! {
        <form class="form" {onsubmit}>
            <p class="quiet">{ t!(words, "review-ask-what") }</p>
            <div class="field">
                <label for="review-reviewer">{ t!(words, "review-reviewer") }</label>
                <select id="review-reviewer" class="input" onchange={choose} data-testid="review-reviewer">{ for props.reviewers.iter().map(option) }</select>
                if let Some((_, what)) = wrong.as_ref().filter(|(place, _)| place == "reviewer" || place == "review") {
                    <p class="wrong" role="alert">{ what.clone() }</p>
                }
            </div>
            <div class="field">
                <label for="review-checks">{ t!(words, "review-checks") }</label>
                <textarea id="review-checks" class="input prose" rows="6" value={asked.checks.clone()} oninput={set(|asked, typed| asked.checks = typed)} data-testid="review-checks" />
                { said("checks", "review-checks-hint") }
            </div>
            <div class="field">
                <label for="review-note">{ t!(words, "review-note") }</label>
                <textarea id="review-note" class="input prose" rows="2" value={asked.note.clone()} oninput={set(|asked, typed| asked.note = typed)} data-testid="review-note" />
                { said("note", "review-note-hint") }
            </div>
            <div class="buttons end">
                <Button label={t!(words, "cancel")} onclick={props.onclose.reform(|_| ())} />
                <Button kind={ButtonKind::Main} submit=true label={t!(words, "review-send")} testid="review-send" />
            </div>
        </form>
    }
}

/// Hands the draft over, and says so; what is wrong stands by the field.
#[hook]
fn use_asking(
    props: &AskFormProps,
    asked: Asked,
    wrong: UseStateSetter<Option<(String, AttrValue)>>,
) -> Callback<SubmitEvent> {
    let (host, words, tell) = (use_host(), use_words(), use_tell());
    let dispatcher = use_view().dispatcher();
    let (id, title, onclose) = (props.id, props.title.clone(), props.onclose.clone());
    let reviewers = props.reviewers.clone();
    Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        let named = reviewers.iter().find(|one| one.id == asked.reviewer);
        let name = named.map(|one| one.name.clone()).unwrap_or_default();
        let request = RequestReview {
            id,
            reviewer: asked.reviewer,
            checks: asked.checks.lines().map(str::to_owned).collect(),
            note: asked.note.clone(),
        };
        let (host, words, tell) = (host.clone(), words.clone(), tell.clone());
        let (dispatcher, onclose, wrong) = (dispatcher.clone(), onclose.clone(), wrong.clone());
        let title = title.clone();
        spawn_local(async move {
            match host.call(request).await {
                Ok(_) => {
                    onclose.emit(());
                    let said = t!(
                        words,
                        "review-sent",
                        title = title.as_str(),
                        reviewer = name.as_str()
                    );
                    dispatcher.dispatch(Step::SayUndoable(said));
                }
                Err(failure) => match blamed(&failure) {
                    Some((field, reason)) => {
                        let text = words.get(&format!("field-{reason}"));
                        wrong.set(Some((field, text)));
                    }
                    None => tell.emit(failure),
                },
            }
        });
    })
}

/// The first field that is to blame, and why.
fn blamed(failure: &Failure) -> Option<(String, &str)> {
    let field = failure.fields.first()?;
    Some((field.field.clone(), field.reason.as_str()))
}

#[cfg(test)]
mod tests {
    use stoa_domain::Role;

    use super::*;
    use crate::testing::{draft, drawn};

    #[test]
    fn the_form_offers_reviewers_and_a_list_that_can_be_changed() {
        for (language, point) in [("en", "have sources"), ("zh-CN", "有出处")] {
            let markup = drawn(language, || {
                let reviewers = Rc::new(vec![ReviewerInfo {
                    id: UserId::from_bytes([3; 16]),
                    name: "顾问".to_owned(),
                    role: Role::Expert,
                }]);
                html! { <AskForm id={draft("稿").id} title="稿" {reviewers} onclose={Callback::noop()} /> }
            });
            assert!(
                markup.contains("顾问") && markup.contains(point),
                "{markup}"
            );
        }
    }
}
