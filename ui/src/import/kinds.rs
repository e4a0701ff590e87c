//! What posts of another program are here, and who reads them, where that has no name of its own there.

use stoa_domain::{Kind, TierKey};
use stoa_ipc::{ImportFound, ImportKind, ImportKindFound, ImportReaders, ImportReadersFound};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::options::OptionsProps;
use crate::t;
use crate::texts::use_words;

/// Whether there is anything but articles, which are articles everywhere.
pub(super) fn has_other_kinds(found: &ImportFound) -> bool {
    let mut kinds = found.kinds.iter();
    kinds.any(|found| found.kind != ImportKind::Article)
}

#[component]
pub(super) fn Kinds(props: &OptionsProps) -> Html {
    let words = use_words();
    let row = |found: &ImportKindFound| {
        let there = found.kind;
        let onchange = props
            .set(move |mapping, here: Option<Kind>| {
                match here.filter(|here| *here != there.here()) {
                    Some(here) => mapping.kinds.insert(there, here),
                    None => mapping.kinds.remove(&there),
                };
            })
            .reform(|event: Event| Kind::parse(&chosen(&event)));
        let here = props.mapping.kinds.get(&there).copied();
        let here = here.unwrap_or(there.here());
        let option = |kind: Kind| {
            html! { <option value={kind.as_str()} selected={kind == here}>{ words.get(&format!("kind-{}", kind.as_str())) }</option> }
        };
        html! {
            <label class="import-map"><span>{ words.get(&format!("import-kind-{}", there.as_str())) }{ " " }<small class="quiet">{ found.n }</small></span>
                <select class="input" {onchange} data-testid="import-kind">{ for Kind::ALL.into_iter().map(option) }</select></label>
        }
    };
    html! {
        <fieldset class="import-maps">
            <legend>{ t!(words, "import-kinds") }</legend>
            <p class="hint">{ t!(words, "import-kinds-hint") }</p>
            { for props.found.kinds.iter().map(row) }
        </fieldset>
    }
}

#[component]
pub(super) fn Readers(props: &OptionsProps) -> Html {
    let words = use_words();
    let row = |found: &ImportReadersFound| {
        let there: ImportReaders = found.readers;
        let onchange = props
            .set(move |mapping, tier: String| {
                match tier.is_empty() {
                    true => mapping.readers.remove(&there),
                    false => mapping.readers.insert(there, tier),
                };
            })
            .reform(|event: Event| chosen(&event));
        let tier = props.mapping.readers.get(&there).map(String::as_str);
        let option = |key: &'static str| {
            html! { <option value={key} selected={tier == Some(key)}>{ words.get(&format!("tier-{key}")) }</option> }
        };
        let name = there.as_str();
        html! {
            <label class="import-map"><span>{ words.get(&format!("import-readers-{name}")) }{ " " }<small class="quiet">{ found.n }</small></span>
                <select class="input" {onchange} data-testid="import-readers">
                    <option value="" selected={tier.is_none()}>{ words.get(&format!("import-readers-as-{name}")) }</option>
                    { for TierKey::PRESETS.into_iter().map(option) }
                </select></label>
        }
    };
    html! {
        <fieldset class="import-maps">
            <legend>{ t!(words, "import-readers") }</legend>
            <p class="hint">{ t!(words, "import-readers-hint") }</p>
            { for props.found.readers.iter().map(row) }
        </fieldset>
    }
}

/// What was chosen in a list.
fn chosen(event: &Event) -> String {
    event.target_unchecked_into::<HtmlSelectElement>().value()
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use stoa_ipc::ImportMapping;

    use super::super::options::Options;
    use super::*;
    use crate::testing::drawn;

    fn found(kinds: &[ImportKind], readers: &[ImportReaders]) -> ImportFound {
        ImportFound {
            format: None,
            n_posts: 3,
            n_published: 0,
            n_files: 0,
            tags: Vec::new(),
            tiers: Vec::new(),
            kinds: kinds
                .iter()
                .map(|kind| ImportKindFound { kind: *kind, n: 2 })
                .collect(),
            readers: readers
                .iter()
                .map(|readers| ImportReadersFound {
                    readers: *readers,
                    n: 1,
                })
                .collect(),
            n_errors: 0,
            n_warnings: 0,
        }
    }

    #[test]
    fn what_is_there_and_who_reads_it_are_asked_about_each_by_its_name() {
        for language in ["en", "zh-CN"] {
            let markup = drawn(language, || {
                let found = found(&ImportKind::ALL, &ImportReaders::ALL);
                html! { <Options {found} mapping={Rc::new(ImportMapping::default())} change={Callback::noop()} /> }
            });
            assert_eq!(markup.matches("\"import-kind\"").count(), 8, "{markup}");
            assert_eq!(markup.matches("\"import-readers\"").count(), 3, "{markup}");
        }
    }

    #[test]
    fn of_articles_for_everybody_nothing_is_asked() {
        let markup = drawn("en", || {
            let found = found(&[ImportKind::Article], &[]);
            html! { <Options {found} mapping={Rc::new(ImportMapping::default())} change={Callback::noop()} /> }
        });
        assert!(!markup.contains("import-kind") && !markup.contains("import-readers"));
    }
}
