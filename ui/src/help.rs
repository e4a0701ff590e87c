//! The help sheet: every command and its keys, from the one registry, to be searched.

use stoa_ipc::{CommandSpec, Menu, commands};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::host::use_host;
use crate::keys::caps;
use crate::listen_keys::is_composing;
use crate::parts::{Dialog, use_focus_once};
use crate::t;
use crate::texts::{Words, use_words};

#[derive(Properties, PartialEq)]
pub(crate) struct HelpSheetProps {
    pub(crate) onclose: Callback<()>,
}

#[component]
pub(crate) fn HelpSheet(props: &HelpSheetProps) -> Html {
    let words = use_words();
    let query = use_state(String::new);
    let node = use_node_ref();
    use_focus_once(node.clone(), true);
    let oninput = {
        let query = query.clone();
        Callback::from(move |event: InputEvent| {
            query.set(event.target_unchecked_into::<HtmlInputElement>().value())
        })
    };
    // WebKit keeps Escape in a search field to itself; here it closes the sheet everywhere.
    let onkeydown = {
        let onclose = props.onclose.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" && !is_composing(&event) {
                event.prevent_default();
                onclose.emit(());
            }
        })
    };
    let groups = Menu::ALL.into_iter().map(Some).chain([None]);
    html! {
        <Dialog title={t!(words, "help-title")} onclose={props.onclose.clone()} wide=true testid="help-sheet">
            <input ref={node} type="search" class="input" placeholder={t!(words, "help-search")} aria-label={t!(words, "help-search")}
                value={(*query).clone()} {oninput} {onkeydown} data-testid="help-search" />
            <p>{ t!(words, "help-letters") }</p>
            <div class="keys-groups">
                { for groups.map(|menu| html! { <KeysGroup {menu} query={(*query).clone()} /> }) }
            </div>
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
struct KeysGroupProps {
    menu: Option<Menu>,
    query: String,
}

#[component]
fn KeysGroup(props: &KeysGroupProps) -> Html {
    let words = use_words();
    let lines: Vec<&CommandSpec> = commands()
        .iter()
        .filter(|spec| {
            spec.menu == props.menu && !spec.keys.is_empty() && fits(&words, spec, &props.query)
        })
        .collect();
    if lines.is_empty() {
        return Html::default();
    }
    let title = props.menu.map_or_else(
        || t!(words, "menu-lists"),
        |menu| words.get(menu.text_key()),
    );
    html! {
        <section class="keys-group">
            <h3>{ title }</h3>
            { for lines.into_iter().map(|spec| html! { <KeysLine id={spec.id} /> }) }
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct KeysLineProps {
    id: &'static str,
}

#[component]
fn KeysLine(props: &KeysLineProps) -> Html {
    let words = use_words();
    let platform = use_host().platform;
    let Some(spec) = commands().iter().find(|spec| spec.id == props.id) else {
        return Html::default();
    };
    let keys = spec.keys.iter().map(|keys| {
        let cap = |cap: String| html! { <kbd>{ cap }</kbd> };
        html! { <span class="kbd">{ for caps(*keys, platform).into_iter().map(cap) }</span> }
    });
    html! { <div class="keys-line"><span>{ words.get(&spec.text_key()) }</span>{ for keys }</div> }
}

fn fits(words: &Words, spec: &CommandSpec, query: &str) -> bool {
    let query = query.trim().to_lowercase();
    let name = words.get(&spec.text_key()).to_lowercase();
    query.is_empty() || name.contains(&query) || spec.keywords.to_lowercase().contains(&query)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::drawn;

    #[test]
    fn every_command_with_keys_stands_in_the_sheet_in_both_languages() {
        for language in ["en", "zh-CN"] {
            let markup = drawn(
                language,
                || html! { <HelpSheet onclose={Callback::noop()} /> },
            );
            let words = Words::new(language);
            for spec in commands().iter().filter(|spec| !spec.keys.is_empty()) {
                assert!(
                    words.has(&spec.text_key()),
                    "{language} {}",
                    spec.text_key()
                );
            }
            let n = commands()
                .iter()
                .filter(|spec| !spec.keys.is_empty())
                .count();
            assert_eq!(markup.matches("keys-line").count(), n);
        }
    }

    #[test]
    fn the_sheet_is_searched_in_both_languages_at_once() {
        let words = Words::new("en");
        let new = commands()
            .iter()
            .find(|spec| spec.id == "draft.new")
            .unwrap();
        assert!(
            fits(&words, new, "草稿") && fits(&words, new, " NEW ") && !fits(&words, new, "zoom")
        );
    }
}
