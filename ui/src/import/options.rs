//! How what the other program says becomes what this community has.

use std::rc::Rc;

use stoa_domain::TierKey;
use stoa_ipc::{ImportFound, ImportMapping, ImportName};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::kinds::{Kinds, Readers, has_other_kinds};
use crate::t;
use crate::texts::use_words;

#[derive(Properties, PartialEq)]
pub(super) struct OptionsProps {
    pub(super) found: ImportFound,
    pub(super) mapping: Rc<ImportMapping>,
    pub(super) change: Callback<ImportMapping>,
}

impl OptionsProps {
    /// Changes one part of the mapping.
    pub(super) fn set<T: 'static>(
        &self,
        set: impl Fn(&mut ImportMapping, T) + 'static,
    ) -> Callback<T> {
        let (mapping, change) = (self.mapping.clone(), self.change.clone());
        Callback::from(move |value: T| {
            let mut mapping = (*mapping).clone();
            set(&mut mapping, value);
            change.emit(mapping);
        })
    }
}

#[component]
pub(super) fn Options(props: &OptionsProps) -> Html {
    let words = use_words();
    let (publish, keep) = (props.mapping.publish, props.mapping.keep_fields);
    let toggle_publish = props.set(move |mapping, _: Event| mapping.publish = !publish);
    let toggle_keep = props.set(move |mapping, _: Event| mapping.keep_fields = !keep);
    html! {
        <section class="import-options" aria-label={t!(words, "import-options")}>
            if props.found.n_published > 0 {
                <label class="check"><input type="checkbox" checked={publish} onchange={toggle_publish} data-testid="import-publish" />
                    <span>{ t!(words, "import-publish", n = props.found.n_published) }<small class="hint">{ t!(words, "import-publish-hint") }</small></span></label>
            }
            <label class="check"><input type="checkbox" checked={keep} onchange={toggle_keep} data-testid="import-keep-fields" />
                <span>{ t!(words, "import-keep-fields") }<small class="hint">{ t!(words, "import-keep-fields-hint") }</small></span></label>
            if has_other_kinds(&props.found) { <Kinds ..props.clone_props() /> }
            if !props.found.readers.is_empty() { <Readers ..props.clone_props() /> }
            if !props.found.tiers.is_empty() { <Tiers ..props.clone_props() /> }
            if !props.found.tags.is_empty() { <Tags ..props.clone_props() /> }
        </section>
    }
}

impl OptionsProps {
    fn clone_props(&self) -> Self {
        Self {
            found: self.found.clone(),
            mapping: self.mapping.clone(),
            change: self.change.clone(),
        }
    }
}

#[component]
fn Tiers(props: &OptionsProps) -> Html {
    let words = use_words();
    let row = |tier: &ImportName| {
        let name = tier.name.clone();
        let onchange = props
            .set(move |mapping, key: String| {
                match key.is_empty() {
                    true => mapping.tiers.remove(&name),
                    false => mapping.tiers.insert(name.clone(), key),
                };
            })
            .reform(|event: Event| event.target_unchecked_into::<HtmlSelectElement>().value());
        let chosen = here(props, &tier.name);
        let option = |key: &'static str| {
            html! { <option value={key} selected={chosen == Some(key)}>{ words.get(&format!("tier-{key}")) }</option> }
        };
        html! {
            <label class="import-map"><span>{ &tier.name }{ " " }<small class="quiet">{ tier.n }</small></span>
                <select class="input" {onchange} data-testid="import-tier">
                    <option value="" selected={chosen.is_none()}>{ t!(words, "import-tier-any") }</option>
                    { for TierKey::PRESETS.into_iter().map(option) }
                </select></label>
        }
    };
    html! {
        <fieldset class="import-maps">
            <legend>{ t!(words, "import-tiers") }</legend>
            <p class="hint">{ t!(words, "import-tiers-hint") }</p>
            { for props.found.tiers.iter().map(row) }
        </fieldset>
    }
}

/// The tier that a name there is here: the chosen one, or the one with that very name.
fn here(props: &OptionsProps, name: &str) -> Option<&'static str> {
    let chosen = props.mapping.tiers.get(name).map_or(name, String::as_str);
    let is_it = |key: &&'static str| key.eq_ignore_ascii_case(chosen.trim());
    TierKey::PRESETS.into_iter().find(is_it)
}

#[component]
fn Tags(props: &OptionsProps) -> Html {
    let words = use_words();
    let row = |tag: &ImportName| {
        let name = tag.name.clone();
        let onchange = props
            .set(move |mapping, value: String| {
                match value.trim() == name {
                    true => mapping.tags.remove(&name),
                    false => mapping.tags.insert(name.clone(), value.trim().to_owned()),
                };
            })
            .reform(|event: Event| event.target_unchecked_into::<HtmlInputElement>().value());
        let value = props.mapping.tags.get(&tag.name).unwrap_or(&tag.name);
        html! {
            <label class="import-map"><span>{ &tag.name }{ " " }<small class="quiet">{ tag.n }</small></span>
                <input class="input" value={value.clone()} {onchange} autocomplete="off" aria-label={t!(words, "import-tag-here", name = tag.name.as_str())} data-testid="import-tag" /></label>
        }
    };
    html! {
        <details class="more">
            <summary>{ t!(words, "import-tags") }{ " " }<span class="quiet">{ props.found.tags.len() }</span></summary>
            <p class="hint">{ t!(words, "import-tags-hint") }</p>
            <div class="import-maps">{ for props.found.tags.iter().map(row) }</div>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::drawn;

    fn name(name: &str) -> ImportName {
        ImportName {
            name: name.to_owned(),
            n: 2,
        }
    }

    #[test]
    fn a_tier_of_the_same_name_is_chosen_and_others_are_asked_for() {
        let markup = drawn("en", || {
            let found = ImportFound {
                format: None,
                n_posts: 3,
                n_published: 0,
                n_files: 0,
                tags: Vec::new(),
                tiers: vec![name("VIP"), name("Gold")],
                kinds: Vec::new(),
                readers: Vec::new(),
                n_errors: 0,
                n_warnings: 0,
            };
            html! { <Options {found} mapping={Rc::new(ImportMapping::default())} change={Callback::noop()} /> }
        });
        assert_eq!(markup.matches("Every paying tier").count(), 2, "{markup}");
        assert!(markup.contains("Gold"), "{markup}");
        assert!(
            !markup.contains("import-publish"),
            "nothing is published there"
        );
    }
}
