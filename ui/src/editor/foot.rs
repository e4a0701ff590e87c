//! Below the text: how long it is, how long it takes to read, what is selected, and how one writes.

use yew::prelude::*;

use super::ways::Writing;
use crate::commands::use_commands;
use crate::format::{grouped, reading_minutes};
use crate::t;
use crate::texts::use_words;

#[derive(Properties, PartialEq)]
pub(crate) struct FootProps {
    pub(crate) n_words: u64,
    pub(crate) n_han: u64,
    pub(crate) n_selected: u64,
    pub(crate) writing: Writing,
    /// The rich text can be dimmed and kept in the middle; its source cannot.
    pub(crate) source: bool,
}

#[component]
pub(crate) fn Foot(props: &FootProps) -> Html {
    let words = use_words();
    let minutes = reading_minutes(props.n_words, props.n_han);
    let Writing { typewriter, focus } = props.writing;
    html! {
        <footer class="writing-foot">
            <span data-testid="n-words">{ t!(words, "n-words", n = grouped(props.n_words)) }</span>
            if minutes > 0 { <span>{ t!(words, "reading-time", n = minutes) }</span> }
            if props.n_selected > 0 {
                <span data-testid="n-selected">{ t!(words, "words-selected", n = props.n_selected) }</span>
            }
            <span class="gap"></span>
            if !props.source {
                <Way command="editor.focus" label={t!(words, "way-focus")} pressed={Some(focus)} />
                <Way command="editor.typewriter" label={t!(words, "way-typewriter")} pressed={Some(typewriter)} />
            }
            <Way command="editor.zen" label={t!(words, "way-zen")} pressed={None} />
        </footer>
    }
}

#[derive(Properties, PartialEq)]
struct WayProps {
    command: &'static str,
    label: AttrValue,
    pressed: Option<bool>,
}

#[component]
fn Way(props: &WayProps) -> Html {
    let (words, commands) = (use_words(), use_commands());
    let command = props.command;
    let title = words.get(&format!("command-{}", command.replace('.', "-")));
    let onclick = Callback::from(move |_: MouseEvent| {
        commands.run(command);
    });
    html! {
        <button type="button" class="way" aria-pressed={props.pressed.map(|pressed| pressed.to_string())} {onclick} {title}
            onmousedown={|event: MouseEvent| event.prevent_default()} data-testid={command}>
            { props.label.clone() }
        </button>
    }
}
