//! The palette as it is drawn: a field and a list under it.

use std::rc::Rc;

use stoa_ipc::{ListDrafts, PinyinKeys};
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlInputElement, KeyboardEvent};
use yew::prelude::*;

use super::entries::{Choice, Entry, of_commands, of_drafts, of_profiles, of_views};
use super::matching::Finder;
use crate::commands::{Commands, use_commands};
use crate::drafts::language_of;
use crate::host::{Host, use_app, use_host};
use crate::listen_keys::is_composing;
use crate::parts::{Icon, KeyCaps, cancelled, use_focus_once, use_modal};
use crate::shell::use_open_profile;
use crate::t;
use crate::texts::use_words;
use crate::view::{Step, use_view};

/// How many lines are drawn at most.
const SHOWN: usize = 50;
/// How many drafts can be found by name.
const DRAFTS: u32 = 200;

#[derive(Properties, PartialEq)]
pub(crate) struct PaletteProps {
    pub(crate) onclose: Callback<()>,
}

#[component]
pub(crate) fn Palette(props: &PaletteProps) -> Html {
    let words = use_words();
    let entries = use_entries();
    let query = use_state(String::new);
    let chosen = use_state_eq(|| 0_usize);
    let finder = use_mut_ref(Finder::default);
    let shown = shown(&entries, &query, &mut finder.borrow_mut());
    let run = use_run(props.onclose.clone());
    let (node, field) = (use_node_ref(), use_node_ref());
    use_modal(node.clone());
    use_focus_once(field.clone(), true);
    use_in_view(*chosen);
    let oninput = {
        let (query, chosen) = (query.clone(), chosen.clone());
        Callback::from(move |event: InputEvent| {
            query.set(event.target_unchecked_into::<HtmlInputElement>().value());
            chosen.set(0);
        })
    };
    let onkeydown = by_key(shown.clone(), &chosen, run.clone());
    let active = (!shown.is_empty()).then(|| option_id(*chosen));
    html! {
        <dialog ref={node} class="palette" aria-label={t!(words, "palette-title")} oncancel={cancelled(props.onclose.clone())}
            onclick={close_outside(props.onclose.clone())} data-testid="palette">
            <input ref={field} class="palette-input" role="combobox" aria-expanded="true" aria-controls="palette-list" aria-autocomplete="list"
                aria-activedescendant={active} aria-label={t!(words, "palette-title")} placeholder={t!(words, "palette-placeholder")}
                autocomplete="off" spellcheck="false" value={(*query).clone()} {oninput} {onkeydown} data-testid="palette-input" />
            <div class="palette-list" role="listbox" id="palette-list" aria-label={t!(words, "palette-title")}>
                if shown.is_empty() { <p class="palette-none">{ t!(words, "nothing-found") }</p> }
                { for shown.iter().enumerate().map(|(index, entry)| {
                    let places = finder.borrow_mut().places(&query, &entry.name);
                    html! { <Line key={index} {index} entry={entry.clone()} chosen={index == *chosen} {places} run={run.clone()} /> }
                }) }
            </div>
        </dialog>
    }
}

type Shown = Rc<Vec<Entry>>;

fn shown(entries: &[Entry], query: &str, finder: &mut Finder) -> Shown {
    if query.trim().is_empty() {
        return Rc::new(entries.iter().take(SHOWN).cloned().collect());
    }
    let fits = finder.find(query, entries.iter().map(|entry| &entry.haystack), SHOWN);
    Rc::new(
        fits.into_iter()
            .filter_map(|fit| entries.get(fit.index).cloned())
            .collect(),
    )
}

/// Commands first, then what is fetched: drafts, and the pinyin of everything.
#[hook]
fn use_entries() -> Rc<Vec<Entry>> {
    let (host, words, app, commands) = (use_host(), use_words(), use_app(), use_commands());
    let view = use_view();
    let can_turn = view.can_turn.clone();
    let entries = use_state(|| {
        let mut entries = of_commands(&words, &commands, &can_turn);
        entries.extend(of_views(&view.views));
        entries.extend(of_profiles(
            &app.0.profiles,
            app.profile().map(|profile| profile.id.as_str()),
        ));
        Rc::new(entries)
    });
    let setter = entries.clone();
    use_effect_with((), move |()| {
        let mut all = (**setter).clone();
        spawn_local(async move {
            let request = ListDrafts {
                limit: DRAFTS,
                ..ListDrafts::default()
            };
            if let Ok(page) = host.call(request).await {
                all.extend(of_drafts(&words, &page.drafts));
                setter.set(Rc::new(all.clone()));
            }
            if with_pinyin(&host, &mut all).await {
                setter.set(Rc::new(all));
            }
        });
    });
    (*entries).clone()
}

async fn with_pinyin(host: &Host, entries: &mut [Entry]) -> bool {
    let texts = entries.iter().map(|entry| entry.name.to_string()).collect();
    let Ok(keys) = host.call(PinyinKeys { texts }).await else {
        return false;
    };
    for (entry, keys) in entries.iter_mut().zip(&keys) {
        entry.haystack.also(keys);
    }
    true
}

/// A callback that does what an entry is for.
#[hook]
fn use_run(onclose: Callback<()>) -> Callback<Choice> {
    let (commands, view, open_profile): (Commands, _, _) =
        (use_commands(), use_view(), use_open_profile());
    Callback::from(move |choice: Choice| {
        onclose.emit(());
        match choice {
            Choice::Command(id) => {
                commands.run(id);
            }
            Choice::Draft(id) => view.dispatch(Step::Open(id)),
            Choice::View(look) => view.dispatch(Step::ShowView(*look)),
            Choice::Profile(id) => open_profile.emit(id),
        }
    })
}

fn by_key(
    shown: Shown,
    chosen: &UseStateHandle<usize>,
    run: Callback<Choice>,
) -> Callback<KeyboardEvent> {
    let chosen = chosen.clone();
    Callback::from(move |event: KeyboardEvent| {
        if is_composing(&event) || shown.is_empty() {
            return;
        }
        let last = shown.len() - 1;
        let next = match event.key().as_str() {
            "ArrowDown" => {
                if *chosen >= last {
                    0
                } else {
                    *chosen + 1
                }
            }
            "ArrowUp" => {
                if *chosen == 0 {
                    last
                } else {
                    *chosen - 1
                }
            }
            "Enter" => {
                event.prevent_default();
                if let Some(entry) = shown.get(*chosen) {
                    run.emit(entry.choice.clone());
                }
                return;
            }
            _ => return,
        };
        event.prevent_default();
        chosen.set(next);
    })
}

/// A click on the dialog itself is a click beside what is in it.
fn close_outside(onclose: Callback<()>) -> Callback<MouseEvent> {
    Callback::from(move |event: MouseEvent| {
        let on_itself = event.target().is_some() && event.target() == event.current_target();
        if on_itself {
            onclose.emit(());
        }
    })
}

fn option_id(index: usize) -> String {
    format!("palette-option-{index}")
}

/// Keeps the chosen line in view.
#[hook]
fn use_in_view(chosen: usize) {
    use_effect_with(chosen, |chosen| {
        let document = web_sys::window().and_then(|window| window.document());
        let line = document.and_then(|document| document.get_element_by_id(&option_id(*chosen)));
        if let Some(line) = line {
            let options = web_sys::ScrollIntoViewOptions::new();
            options.set_block(web_sys::ScrollLogicalPosition::Nearest);
            line.scroll_into_view_with_scroll_into_view_options(&options);
        }
    });
}

#[derive(Properties, PartialEq)]
struct LineProps {
    index: usize,
    entry: Entry,
    chosen: bool,
    /// The characters that were typed.
    places: Vec<u32>,
    run: Callback<Choice>,
}

#[component]
fn Line(props: &LineProps) -> Html {
    let choice = props.entry.choice.clone();
    let onclick = props.run.reform(move |_: MouseEvent| choice.clone());
    let letter = |(index, c): (usize, char)| {
        let marked = u32::try_from(index).is_ok_and(|index| props.places.contains(&index));
        if marked {
            html! { <b>{ c }</b> }
        } else {
            html! { { c } }
        }
    };
    html! {
        <div role="option" id={option_id(props.index)} class="option" aria-selected={props.chosen.to_string()} {onclick} data-testid="palette-option">
            <Icon name={props.entry.icon()} />
            <span class="name" lang={language_of(&props.entry.name)}>{ for props.entry.name.chars().enumerate().map(letter) }</span>
            if let Choice::Command(command) = props.entry.choice { <KeyCaps {command} /> }
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::drawn;

    #[test]
    fn the_palette_is_a_combobox_with_its_list() {
        let markup = drawn("en", || html! { <Palette onclose={Callback::noop()} /> });
        for part in [
            "role=\"combobox\"",
            "role=\"listbox\"",
            "aria-controls=\"palette-list\"",
        ] {
            assert!(markup.contains(part), "{part}: {markup}");
        }
    }
}
