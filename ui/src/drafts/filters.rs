//! What a list is narrowed by: the panel where it is chosen, and a chip for each part in force.

use std::collections::BTreeSet;
use std::rc::Rc;

use stoa_domain::{AccessKind, By, Kind, ListFilter, Tag, TierKey, UserId, fold};
use stoa_ipc::{Facets, GetFacets, TagFacet};
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::host::use_host;
use crate::listen_keys::is_composing;
use crate::parts::Icon;
use crate::t;
use crate::tell::use_tell;
use crate::texts::{Words, use_words};

/// So many tags are offered at once; the others are found by their letters.
const MOST_TAGS: usize = 30;

/// What drafts can be narrowed by, as soon as somebody wants to know.
#[hook]
pub(super) fn use_facets(is_wanted: bool) -> Rc<Facets> {
    let (host, tell) = (use_host(), use_tell());
    let facets = use_state(Rc::<Facets>::default);
    let setter = facets.setter();
    use_effect_with(is_wanted, move |is_wanted| {
        if *is_wanted {
            spawn_local(async move {
                match host.call(GetFacets {}).await {
                    Ok(found) => setter.set(Rc::new(found)),
                    Err(failure) => tell.emit(failure),
                }
            });
        }
    });
    (*facets).clone()
}

#[derive(Properties, PartialEq)]
pub(super) struct FilterPanelProps {
    pub(super) filter: ListFilter,
    pub(super) facets: Rc<Facets>,
    pub(super) onchange: Callback<ListFilter>,
    pub(super) onclose: Callback<()>,
}

#[component]
pub(super) fn FilterPanel(props: &FilterPanelProps) -> Html {
    let words = use_words();
    let onclose = props.onclose.clone();
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        if event.key() == "Escape" && !is_composing(&event) {
            event.prevent_default();
            event.stop_propagation();
            onclose.emit(());
        }
    });
    let part = PartProps {
        filter: props.filter.clone(),
        facets: props.facets.clone(),
        onchange: props.onchange.clone(),
    };
    html! {
        <div id="filters" class="filters" role="group" aria-label={t!(words, "filters")} {onkeydown} data-testid="filters">
            <KindPart ..part.clone() />
            <AccessPart ..part.clone() />
            <TagPart ..part.clone() />
            <OtherPart ..part />
        </div>
    }
}

#[derive(Clone, Properties, PartialEq)]
struct PartProps {
    filter: ListFilter,
    facets: Rc<Facets>,
    onchange: Callback<ListFilter>,
}

impl PartProps {
    fn changed(&self, change: impl Fn(&mut ListFilter) + 'static) -> Callback<Event> {
        let (filter, onchange) = (self.filter.clone(), self.onchange.clone());
        Callback::from(move |_: Event| {
            let mut filter = filter.clone();
            change(&mut filter);
            onchange.emit(filter);
        })
    }
}

/// In or out.
fn flip<T: Ord>(set: &mut BTreeSet<T>, value: T) {
    if !set.remove(&value) {
        set.insert(value);
    }
}

fn check(label: AttrValue, checked: bool, testid: String, onchange: Callback<Event>) -> Html {
    html! {
        <label class="check"><input type="checkbox" {checked} {onchange} data-testid={testid} />{ label }</label>
    }
}

#[component]
fn KindPart(props: &PartProps) -> Html {
    let words = use_words();
    let kind = |kind: Kind| {
        check(
            kind_name(&words, kind),
            props.filter.kinds.contains(&kind),
            format!("filter-kind-{}", kind.as_str()),
            props.changed(move |filter| flip(&mut filter.kinds, kind)),
        )
    };
    html! {
        <fieldset class="filter-part">
            <legend>{ t!(words, "publish-kind") }</legend>
            <div class="checks">{ for Kind::ALL.into_iter().map(kind) }</div>
        </fieldset>
    }
}

#[component]
fn AccessPart(props: &PartProps) -> Html {
    let words = use_words();
    let access = |access: AccessKind| {
        check(
            access_name(&words, access),
            props.filter.access.contains(&access),
            format!("filter-access-{}", access.as_str()),
            props.changed(move |filter| flip(&mut filter.access, access)),
        )
    };
    let tier = |tier: &TierKey| {
        let flipped = tier.clone();
        check(
            tier_name(&words, tier),
            props.filter.tiers.contains(tier),
            format!("filter-tier-{}", tier.as_str()),
            props.changed(move |filter| flip(&mut filter.tiers, flipped.clone())),
        )
    };
    html! {
        <fieldset class="filter-part">
            <legend>{ t!(words, "filter-access") }</legend>
            <div class="checks">
                { for AccessKind::ALL.into_iter().map(access) }
                { for props.facets.tiers.iter().map(tier) }
            </div>
        </fieldset>
    }
}

/// The tags that there are, the most used first; a field finds the others.
#[component]
fn TagPart(props: &PartProps) -> Html {
    let words = use_words();
    let sought = use_state(String::new);
    let oninput = {
        let sought = sought.clone();
        Callback::from(move |event: InputEvent| {
            sought.set(event.target_unchecked_into::<HtmlInputElement>().value())
        })
    };
    let tag = |count: &TagFacet| {
        let flipped = count.clone();
        check(
            format!("{} {}", count.tag.as_str(), count.n).into(),
            props.filter.tags.iter().any(|tag| means(count, tag)),
            format!("filter-tag-{}", count.tag.as_str()),
            props.changed(move |filter| flip_tag(&mut filter.tags, &flipped)),
        )
    };
    let offered = offered(&props.facets.tags, &sought);
    html! {
        <fieldset class="filter-part">
            <legend>{ t!(words, "filter-tags") }</legend>
            if props.facets.tags.is_empty() {
                <p class="hint">{ t!(words, "filter-no-tags") }</p>
            } else {
                <input type="search" class="input plain" value={(*sought).clone()} {oninput} placeholder={t!(words, "filter-find-tag")}
                    aria-label={t!(words, "filter-find-tag")} autocomplete="off" data-testid="filter-find-tag" />
                <div class="checks">{ for offered.into_iter().map(tag) }</div>
            }
        </fieldset>
    }
}

/// Whether a tag that a filter names is this one, in whatever word and spelling.
fn means(facet: &TagFacet, tag: &Tag) -> bool {
    let folded = tag.folded();
    facet.tag.folded() == folded || facet.synonyms.iter().any(|word| word.folded() == folded)
}

/// Out in every word in which it is there, or in.
fn flip_tag(tags: &mut BTreeSet<Tag>, facet: &TagFacet) {
    let n_before = tags.len();
    tags.retain(|tag| !means(facet, tag));
    if tags.len() == n_before {
        tags.insert(facet.tag.clone());
    }
}

fn offered<'t>(tags: &'t [TagFacet], sought: &str) -> Vec<&'t TagFacet> {
    let sought = fold(sought);
    let fits = |facet: &&TagFacet| {
        let mut words = std::iter::once(&facet.tag).chain(&facet.synonyms);
        words.any(|word| word.folded().contains(&sought))
    };
    tags.iter().filter(fits).take(MOST_TAGS).collect()
}

#[component]
fn OtherPart(props: &PartProps) -> Html {
    let words = use_words();
    let by = {
        let props = props.clone();
        Callback::from(move |event: Event| {
            let chosen = event.target_unchecked_into::<HtmlSelectElement>().value();
            let mut filter = props.filter.clone();
            filter.by = match chosen.as_str() {
                "" => None,
                "me" => Some(By::Me),
                id => id.parse::<UserId>().ok().map(By::Person),
            };
            props.onchange.emit(filter);
        })
    };
    let option = |value: String, label: AttrValue, by: Option<By>| {
        html! { <option {value} selected={props.filter.by == by}>{ label }</option> }
    };
    let others = props.facets.authors.iter().filter(|author| !author.is_me);
    html! {
        <div class="filter-part">
            <label class="field-name" for="filter-by">{ t!(words, "filter-by") }</label>
            <select id="filter-by" class="input plain" onchange={by} data-testid="filter-by">
                { option(String::new(), t!(words, "filter-by-anybody"), None) }
                { option("me".to_owned(), t!(words, "filter-by-me"), Some(By::Me)) }
                { for others.map(|author| option(author.id.to_string(), author_name(&words, &author.name), Some(By::Person(author.id)))) }
            </select>
            <div class="checks">
                { check(t!(words, "filter-changed"), props.filter.is_changed, "filter-changed".to_owned(),
                    props.changed(|filter| filter.is_changed = !filter.is_changed)) }
                { check(t!(words, "filter-unsent"), props.filter.is_unsent, "filter-unsent".to_owned(),
                    props.changed(|filter| filter.is_unsent = !filter.is_unsent)) }
            </div>
        </div>
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct ChipsProps {
    pub(super) filter: ListFilter,
    pub(super) facets: Rc<Facets>,
    pub(super) onchange: Callback<ListFilter>,
}

/// What is in force, each part with a way to take it out.
#[component]
pub(super) fn Chips(props: &ChipsProps) -> Html {
    let words = use_words();
    let parts = in_force(&words, &props.filter, &props.facets);
    if parts.is_empty() {
        return Html::default();
    }
    let chip = |(label, without): (AttrValue, ListFilter)| {
        let onclick = props.onchange.reform(move |_: MouseEvent| without.clone());
        html! {
            <button type="button" class="chip removable" aria-label={t!(words, "filter-remove", what = label.as_str())} {onclick} data-testid="filter-chip">
                { label.clone() }<Icon name="x" />
            </button>
        }
    };
    let clear = props.onchange.reform(|_: MouseEvent| ListFilter::default());
    html! {
        <div class="chips" role="group" aria-label={t!(words, "filters-in-force")}>
            { for parts.into_iter().map(chip) }
            <button type="button" class="link" onclick={clear} data-testid="filters-clear">{ t!(words, "filters-clear") }</button>
        </div>
    }
}

/// Each part of a filter by name, and the filter without it.
fn in_force(words: &Words, filter: &ListFilter, facets: &Facets) -> Vec<(AttrValue, ListFilter)> {
    let without = |change: &dyn Fn(&mut ListFilter)| {
        let mut filter = filter.clone();
        change(&mut filter);
        filter
    };
    let mut parts = Vec::new();
    for kind in &filter.kinds {
        parts.push((
            kind_name(words, *kind),
            without(&|f| flip(&mut f.kinds, *kind)),
        ));
    }
    for access in &filter.access {
        parts.push((
            access_name(words, *access),
            without(&|f| flip(&mut f.access, *access)),
        ));
    }
    for tier in &filter.tiers {
        parts.push((
            tier_name(words, tier),
            without(&|f| flip(&mut f.tiers, tier.clone())),
        ));
    }
    for tag in &filter.tags {
        let label = format!("#{}", tag.as_str());
        parts.push((label.into(), without(&|f| flip(&mut f.tags, tag.clone()))));
    }
    if let Some(by) = filter.by {
        parts.push((by_name(words, by, facets), without(&|f| f.by = None)));
    }
    if filter.is_changed {
        parts.push((
            t!(words, "filter-changed"),
            without(&|f| f.is_changed = false),
        ));
    }
    if filter.is_unsent {
        parts.push((
            t!(words, "filter-unsent"),
            without(&|f| f.is_unsent = false),
        ));
    }
    parts
}

fn by_name(words: &Words, by: By, facets: &Facets) -> AttrValue {
    match by {
        By::Me => t!(words, "filter-by-me"),
        By::Person(id) => {
            let known = facets.authors.iter().find(|author| author.id == id);
            author_name(words, known.map_or("", |author| &author.name))
        }
    }
}

fn author_name(words: &Words, name: &str) -> AttrValue {
    match name {
        "" => t!(words, "somebody"),
        name => AttrValue::from(name.to_owned()),
    }
}

pub(super) fn kind_name(words: &Words, kind: Kind) -> AttrValue {
    words.get(&format!("kind-{}", kind.as_str()))
}

fn access_name(words: &Words, access: AccessKind) -> AttrValue {
    words.get(&format!("filter-access-{}", access.as_str()))
}

pub(super) fn tier_name(words: &Words, tier: &TierKey) -> AttrValue {
    let key = format!("tier-{}", tier.as_str());
    match words.has(&key) {
        true => words.get(&key),
        false => AttrValue::from(tier.as_str().to_owned()),
    }
}

/// A tag that somebody typed; `None` where it cannot be one.
pub(super) fn typed_tag(text: &str) -> Option<Tag> {
    Tag::parse(text.trim().trim_start_matches(['#', '＃'])).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::drawn;

    fn filter() -> ListFilter {
        ListFilter {
            kinds: [Kind::Course].into(),
            access: [AccessKind::Singly].into(),
            tiers: [TierKey::parse("vip").unwrap()].into(),
            tags: [Tag::parse("定价").unwrap()].into(),
            by: Some(By::Me),
            is_changed: true,
            is_unsent: true,
        }
    }

    fn facets() -> Rc<Facets> {
        let tag = |text: &str, n| TagFacet {
            tag: Tag::parse(text).unwrap(),
            n,
            synonyms: Vec::new(),
        };
        Rc::new(Facets {
            tags: vec![tag("定价", 12), tag("Pricing", 3)],
            tiers: vec![TierKey::parse("vip").unwrap()],
            authors: Vec::new(),
        })
    }

    #[test]
    fn a_tag_is_ticked_and_found_by_any_word_for_it() {
        let tag = |text: &str| Tag::parse(text).unwrap();
        let facet = TagFacet {
            tag: tag("定价"),
            n: 3,
            synonyms: vec![tag("价格")],
        };
        for word in ["定价", "价格"] {
            let mut tags: BTreeSet<Tag> = [tag(word)].into();
            assert!(means(&facet, &tag(word)), "{word}");
            flip_tag(&mut tags, &facet);
            assert!(tags.is_empty(), "{word}");
            flip_tag(&mut tags, &facet);
            assert_eq!(tags, [tag("定价")].into(), "{word}");
            assert_eq!(offered(std::slice::from_ref(&facet), word).len(), 1);
        }
        assert!(offered(&[facet], "别的").is_empty());
    }

    #[test]
    fn every_part_in_force_has_a_chip_and_each_takes_out_its_own() {
        for language in ["zh-CN", "en"] {
            let words = Words::new(language);
            let parts = in_force(&words, &filter(), &facets());
            assert_eq!(parts.len(), 7);
            for (label, without) in &parts {
                assert!(!label.is_empty() && *without != filter(), "{label}");
                let left = in_force(&words, without, &facets());
                assert_eq!(left.len(), 6, "{label}");
            }
        }
        let markup = drawn("zh-CN", || {
            html! { <Chips filter={filter()} facets={facets()} onchange={Callback::noop()} /> }
        });
        assert_eq!(markup.matches("filter-chip").count(), 7, "{markup}");
        assert!(markup.contains("去掉筛选：#定价"), "{markup}");
        let none = drawn("zh-CN", || {
            html! { <Chips filter={ListFilter::default()} facets={facets()} onchange={Callback::noop()} /> }
        });
        assert!(!none.contains("button"), "{none}");
    }

    #[test]
    fn the_panel_shows_what_is_chosen_and_how_often_a_tag_is_used() {
        let markup = drawn("en", || {
            html! { <FilterPanel filter={filter()} facets={facets()} onchange={Callback::noop()} onclose={Callback::noop()} /> }
        });
        assert!(markup.contains("定价 12"), "{markup}");
        assert_eq!(markup.matches("checked").count(), 6, "{markup}");
    }

    #[test]
    fn tags_are_found_by_their_letters() {
        let facets = facets();
        assert_eq!(offered(&facets.tags, " pri ").len(), 1);
        assert_eq!(offered(&facets.tags, "").len(), 2);
        assert_eq!(typed_tag("＃定价").unwrap().as_str(), "定价");
        assert_eq!(typed_tag(" # "), None);
    }
}
