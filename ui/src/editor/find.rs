//! Find and replace in the text: a bar above the page. Enter goes on, Shift+Enter back, Esc closes.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlElement, HtmlInputElement, KeyboardEvent};
use yew::prelude::*;

use super::bridge::{Editor, Found, Query};
use super::pane::SharedSession;
use crate::commands::{use_command, use_commands};
use crate::listen_keys::is_composing;
use crate::parts::{Button, ButtonKind, focused};
use crate::t;
use crate::texts::{Words, use_words};

/// A selection longer than this is a passage, not something to look for.
const LONGEST: usize = 100;

/// How far the bar is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Finding {
    Closed,
    Find,
    Replace,
}

/// The commands that open the bar. Outside the open draft, find is that of the list.
#[hook]
pub(crate) fn use_finding(editable: bool) -> UseStateHandle<Finding> {
    let finding = use_state_eq(|| Finding::Closed);
    let commands = use_commands();
    let find = {
        let finding = finding.clone();
        Callback::from(move |()| {
            if !is_in_draft() && commands.run("list.filter") {
                return;
            }
            if *finding == Finding::Closed {
                finding.set(Finding::Find);
            } else {
                focus_field("find-text");
            }
        })
    };
    let replace = {
        let finding = finding.clone();
        Callback::from(move |()| finding.set(Finding::Replace))
    };
    use_command("edit.find", true, find);
    use_command("edit.replace", editable, replace);
    finding
}

fn is_in_draft() -> bool {
    let active: Option<HtmlElement> = focused();
    active.is_some_and(|element| element.closest(".writing").ok().flatten().is_some())
}

#[derive(Properties, PartialEq)]
pub(crate) struct FindBarProps {
    pub(crate) session: SharedSession,
    pub(crate) found: Option<Found>,
    pub(crate) editable: bool,
    pub(crate) finding: UseStateHandle<Finding>,
}

#[component]
pub(crate) fn FindBar(props: &FindBarProps) -> Html {
    let words = use_words();
    let query = use_state_eq(|| selected_words(&props.session));
    let with = use_state_eq(String::new);
    let n_replaced = use_state_eq(|| None::<u64>);
    let is_replacing = *props.finding == Finding::Replace && props.editable;
    use_looked_for(&props.session, &query);
    use_effect_with(is_replacing, |is_replacing| {
        let has_words = field_has_words("find-text");
        focus_field(if *is_replacing && has_words {
            "replace-text"
        } else {
            "find-text"
        });
    });
    let step = |command: &'static str| {
        let session = props.session.clone();
        Callback::from(move |()| {
            session.with(|session| {
                session.with_editor(|editor| editor.command(command, &JsValue::NULL))
            });
        })
    };
    let (next, previous) = (step("find-next"), step("find-previous"));
    let replace = {
        let (session, with, n_replaced) = (props.session.clone(), with.clone(), n_replaced.clone());
        Callback::from(move |all: bool| {
            let n =
                session.with(|session| session.with_editor(|editor| editor.replace(&with, all)));
            n_replaced.set(n.flatten().filter(|_| all));
        })
    };
    let close = {
        let (session, finding) = (props.session.clone(), props.finding.clone());
        Callback::from(move |()| {
            super::run::run_tool(&session, "find-close");
            finding.set(Finding::Closed);
        })
    };
    let change = {
        let (query, n_replaced) = (query.clone(), n_replaced.clone());
        Callback::from(move |changed: Query| {
            n_replaced.set(None);
            query.set(changed);
        })
    };
    let said = said(&words, &query, props.found, *n_replaced);
    html! {
        <search class="find-bar" aria-label={t!(words, "find-label")} onkeydown={closing(close.clone())} data-testid="find-bar">
            <FindLine query={(*query).clone()} {said} {change} {next} {previous} {close} />
            if is_replacing { <ReplaceLine text={with} {replace} /> }
        </search>
    }
}

/// Looks again whenever something else is looked for.
#[hook]
fn use_looked_for(session: &SharedSession, query: &UseStateHandle<Query>) {
    let session = session.clone();
    use_effect_with((**query).clone(), move |query| {
        session.with(|session| session.with_editor(|editor| editor.find(query)));
    });
}

fn closing(close: Callback<()>) -> Callback<KeyboardEvent> {
    Callback::from(move |event: KeyboardEvent| {
        if event.key() == "Escape" && !is_composing(&event) {
            event.prevent_default();
            close.emit(());
        }
    })
}

/// What is said about the search, to eyes and to screen readers.
fn said(words: &Words, query: &Query, found: Option<Found>, n_replaced: Option<u64>) -> AttrValue {
    match (n_replaced, found) {
        (Some(n), _) => t!(words, "replaced", n = n),
        (None, Some(found)) if !query.text.is_empty() => match found {
            Found { count: 0, .. } => t!(words, "find-none"),
            Found { count, current: 0 } => t!(words, "find-total", n = count),
            Found { count, current } => t!(words, "find-count", current = current, n = count),
        },
        _ => AttrValue::from(""),
    }
}

#[derive(Properties, PartialEq)]
struct FindLineProps {
    query: Query,
    said: AttrValue,
    change: Callback<Query>,
    next: Callback<()>,
    previous: Callback<()>,
    close: Callback<()>,
}

#[component]
fn FindLine(props: &FindLineProps) -> Html {
    let words = use_words();
    let changed = |change: fn(&mut Query)| {
        let (query, emit) = (props.query.clone(), props.change.clone());
        Callback::from(move |_: MouseEvent| {
            let mut query = query.clone();
            change(&mut query);
            emit.emit(query);
        })
    };
    let oninput = {
        let (query, emit) = (props.query.clone(), props.change.clone());
        Callback::from(move |event: InputEvent| {
            let text = event.target_unchecked_into::<HtmlInputElement>().value();
            emit.emit(Query {
                text,
                ..query.clone()
            });
        })
    };
    let onkeydown = on_enter(props.next.clone(), props.previous.clone());
    let label = t!(words, "find-label");
    html! {
        <div class="find-line">
            <input id="find-text" class="input" value={props.query.text.clone()} aria-label={label} autocomplete="off" spellcheck="false"
                placeholder={t!(words, "find-placeholder")} data-testid="find-text" {oninput} {onkeydown} />
            <Toggle name="find-case" sign="Aa" on={props.query.match_case} onclick={changed(|query| query.match_case = !query.match_case)} />
            <Toggle name="find-word" sign="ab" on={props.query.whole_word} onclick={changed(|query| query.whole_word = !query.whole_word)} />
            <span class="find-said" role="status" data-testid="find-said">{ props.said.clone() }</span>
            <Button kind={ButtonKind::Quiet} icon="chevron-up" icon_only=true label={t!(words, "find-previous")} onclick={props.previous.reform(|_| ())} />
            <Button kind={ButtonKind::Quiet} icon="chevron-down" icon_only=true label={t!(words, "find-next")} onclick={props.next.reform(|_| ())} />
            <Button kind={ButtonKind::Quiet} icon="x" icon_only=true label={t!(words, "find-close")} onclick={props.close.reform(|_| ())} testid="find-close" />
        </div>
    }
}

fn on_enter(next: Callback<()>, previous: Callback<()>) -> Callback<KeyboardEvent> {
    Callback::from(move |event: KeyboardEvent| {
        if event.key() != "Enter" || is_composing(&event) {
            return;
        }
        event.prevent_default();
        if event.shift_key() { &previous } else { &next }.emit(());
    })
}

#[derive(Properties, PartialEq)]
struct ToggleProps {
    name: &'static str,
    sign: &'static str,
    on: bool,
    onclick: Callback<MouseEvent>,
}

#[component]
fn Toggle(props: &ToggleProps) -> Html {
    let label = use_words().get(props.name);
    html! {
        <button type="button" class={classes!("tool", "find-toggle", props.name)} aria-pressed={props.on.to_string()} aria-label={label.clone()} title={label}
            onclick={props.onclick.clone()} data-testid={props.name}>
            <span aria-hidden="true">{ props.sign }</span>
        </button>
    }
}

#[derive(Properties, PartialEq)]
struct ReplaceLineProps {
    text: UseStateHandle<String>,
    replace: Callback<bool>,
}

#[component]
fn ReplaceLine(props: &ReplaceLineProps) -> Html {
    let words = use_words();
    let oninput = {
        let text = props.text.clone();
        Callback::from(move |event: InputEvent| {
            text.set(event.target_unchecked_into::<HtmlInputElement>().value());
        })
    };
    let one = props.replace.reform(|()| false);
    let onkeydown = on_enter(one.clone(), one.clone());
    let label = t!(words, "replace-label");
    html! {
        <div class="find-line">
            <input id="replace-text" class="input" value={(*props.text).clone()} aria-label={label.clone()} placeholder={label} autocomplete="off"
                spellcheck="false" data-testid="replace-text" {oninput} {onkeydown} />
            <Button label={t!(words, "replace-one")} onclick={one.reform(|_: MouseEvent| ())} testid="replace-one" />
            <Button label={t!(words, "replace-all")} onclick={props.replace.reform(|_: MouseEvent| true)} testid="replace-all" />
        </div>
    }
}

/// What is selected in the text, where it is something one could look for.
fn selected_words(session: &SharedSession) -> Query {
    let text = session.with(|session| session.with_editor(Editor::selected));
    let fits = |text: &String| text.chars().count() <= LONGEST && !text.contains('\n');
    Query {
        text: text.flatten().filter(fits).unwrap_or_default(),
        ..Query::default()
    }
}

fn field(id: &str) -> Option<HtmlInputElement> {
    let document = web_sys::window()?.document()?;
    document.get_element_by_id(id)?.dyn_into().ok()
}

fn field_has_words(id: &str) -> bool {
    field(id).is_some_and(|field| !field.value().is_empty())
}

fn focus_field(id: &str) {
    if let Some(field) = field(id) {
        // Fails only for an element that is going away.
        let _ = field.focus();
        field.select();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(found: Option<Found>, n_replaced: Option<u64>, expected: &str) {
        let query = Query {
            text: "x".to_owned(),
            ..Query::default()
        };
        assert_eq!(said(&Words::new("en"), &query, found, n_replaced), expected);
    }

    #[test]
    fn the_bar_says_what_was_found_and_what_was_replaced() {
        check(None, None, "");
        check(
            Some(Found {
                count: 0,
                current: 0,
            }),
            None,
            "Not found",
        );
        check(
            Some(Found {
                count: 2,
                current: 0,
            }),
            None,
            "2 matches",
        );
        check(
            Some(Found {
                count: 2,
                current: 1,
            }),
            None,
            "1 of 2",
        );
        check(
            Some(Found {
                count: 0,
                current: 0,
            }),
            Some(2),
            "2 matches replaced",
        );
    }
}
