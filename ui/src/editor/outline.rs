//! The headings of the text, to jump to.

use yew::prelude::*;

use super::bridge::Heading;
use crate::drafts::language_of;
use crate::t;
use crate::texts::use_words;

#[derive(Properties, PartialEq)]
pub(crate) struct OutlineProps {
    pub(crate) headings: Vec<Heading>,
    pub(crate) onjump: Callback<Heading>,
    pub(crate) onclose: Callback<()>,
}

#[component]
pub(crate) fn Outline(props: &OutlineProps) -> Html {
    let words = use_words();
    let entry = |heading: &Heading| {
        let (jump, target) = (props.onjump.clone(), heading.clone());
        let onclick = Callback::from(move |_: MouseEvent| jump.emit(target.clone()));
        html! {
            <button type="button" class={format!("level-{}", heading.level)} lang={language_of(&heading.text)} {onclick}>
                { heading.text.clone() }
            </button>
        }
    };
    let onclose = props.onclose.clone();
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            onclose.emit(());
        }
    });
    html! {
        <nav class="outline" aria-label={t!(words, "outline")} {onkeydown} data-testid="outline">
            if props.headings.is_empty() { <p>{ t!(words, "outline-empty") }</p> }
            { for props.headings.iter().map(entry) }
        </nav>
    }
}
