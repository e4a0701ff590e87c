//! The list of versions: day by day, the latest first.

use std::rc::Rc;

use stoa_domain::Timestamp;
use stoa_ipc::{VersionInfo, VersionKind};
use web_sys::KeyboardEvent;
use yew::prelude::*;

use crate::format::{day, grouped, time_of_day};
use crate::host::use_now;
use crate::parts::focused;
use crate::t;
use crate::texts::{Words, use_words};

#[derive(Properties, PartialEq)]
pub(super) struct PastListProps {
    pub(super) versions: Rc<Vec<VersionInfo>>,
    pub(super) chosen: usize,
    pub(super) onchoose: Callback<usize>,
}

#[component]
pub(super) fn PastList(props: &PastListProps) -> Html {
    let words = use_words();
    let now = use_now();
    let days = days(&words, now, &props.versions);
    let n = props.versions.len();
    let onkeydown = {
        let (onchoose, chosen) = (props.onchoose.clone(), props.chosen);
        Callback::from(move |event: KeyboardEvent| {
            if event.is_composing() || event.ctrl_key() || event.meta_key() || event.alt_key() {
                return;
            }
            if let Some(to) = moved(&event.key(), chosen, n) {
                event.prevent_default();
                onchoose.emit(to);
            }
        })
    };
    use_in_sight(props.chosen);
    let group = |(name, range): &(String, std::ops::Range<usize>)| {
        let row = |at: usize| {
            let choose = props.onchoose.reform(move |_: MouseEvent| at);
            let version = props.versions[at].clone();
            html! { <PastRow key={at} {version} {at} chosen={at == props.chosen} {choose} /> }
        };
        html! {
            <div role="group" aria-label={name.clone()}>
                <div class="past-day" aria-hidden="true">{ name }</div>
                { for range.clone().map(row) }
            </div>
        }
    };
    html! {
        <div class="past-list" role="listbox" tabindex="0" data-pane="versions" data-entrance="" {onkeydown}
            aria-label={t!(words, "versions-list")} aria-activedescendant={row_id(props.chosen)} data-testid="version-list">
            { for days.iter().map(group) }
        </div>
    }
}

/// The focus begins in the list, and the chosen row stays in sight.
#[hook]
fn use_in_sight(chosen: usize) {
    use_effect_with(chosen, move |chosen| {
        let document = web_sys::window().and_then(|window| window.document());
        let Some(document) = document else { return };
        if let Some(row) = document.get_element_by_id(&row_id(*chosen))
            && let Ok(Some(list)) = row.closest("[role=listbox]")
        {
            let (row, frame) = (
                row.get_bounding_client_rect(),
                list.get_bounding_client_rect(),
            );
            let beyond =
                (row.bottom() - frame.bottom()).max(0.0) + (row.top() - frame.top()).min(0.0);
            #[allow(clippy::cast_possible_truncation)] // pixels of one screen
            list.set_scroll_top(list.scroll_top() + beyond as i32);
        }
    });
}

/// Stretches of versions of the same day, as the devices' clocks said.
fn days(
    words: &Words,
    now: Timestamp,
    versions: &[VersionInfo],
) -> Vec<(String, std::ops::Range<usize>)> {
    let mut days: Vec<(String, std::ops::Range<usize>)> = Vec::new();
    for (at, version) in versions.iter().enumerate() {
        let name = day(words.tag(), now, version.at);
        match days.last_mut() {
            Some((last, range)) if *last == name => range.end = at + 1,
            _ => days.push((name, at..at + 1)),
        }
    }
    days
}

fn moved(key: &str, at: usize, n: usize) -> Option<usize> {
    const PAGE: usize = 10;
    let last = n.checked_sub(1)?;
    match key {
        "ArrowDown" | "j" => Some((at + 1).min(last)),
        "ArrowUp" | "k" => Some(at.saturating_sub(1)),
        "PageDown" => Some((at + PAGE).min(last)),
        "PageUp" => Some(at.saturating_sub(PAGE)),
        "Home" => Some(0),
        "End" => Some(last),
        _ => None,
    }
}

fn row_id(at: usize) -> String {
    format!("version-{at}")
}

#[derive(Properties, PartialEq)]
struct PastRowProps {
    version: VersionInfo,
    at: usize,
    chosen: bool,
    choose: Callback<MouseEvent>,
}

#[component]
fn PastRow(props: &PastRowProps) -> Html {
    let words = use_words();
    let version = &props.version;
    html! {
        <div role="option" id={row_id(props.at)} class="past-row" aria-selected={props.chosen.to_string()}
            onclick={props.choose.clone()} data-testid="version-row">
            <div class="past-line">
                <span class="past-when">{ span_of(&words, version) }</span>
                if version.is_present { <span class="chip">{ t!(words, "version-present") }</span> }
                <span class="past-who">{ who(&words, version) }</span>
            </div>
            { labels(&words, version) }
            <div class="past-line quiet">
                if version.kind != VersionKind::Written { <span>{ words.get(version.kind.text_key()) }</span> }
                if version.is_here {
                    <span class="past-counts" aria-hidden="true">{ counts(version) }</span>
                    <span class="unseen">{ spoken(&words, version) }</span>
                } else {
                    <span>{ t!(words, "version-not-here") }</span>
                }
            </div>
        </div>
    }
}

fn labels(words: &Words, version: &VersionInfo) -> Html {
    if version.named.is_empty() && version.posts.is_empty() {
        return Html::default();
    }
    let post =
        |n: &u32| html! { <span class="chip ok">{ t!(words, "version-post", n = *n) }</span> };
    let named = version.named.iter().map(|named| {
        html! { <bdi class="past-name" data-testid="version-label">{ named.name.as_str() }</bdi> }
    });
    html! { <div class="past-line">{ for version.posts.iter().map(post) }{ for named }</div> }
}

/// From when to when it was written.
pub(super) fn span_of(words: &Words, version: &VersionInfo) -> String {
    let (from, to) = (
        time_of_day(words.tag(), version.began_at),
        time_of_day(words.tag(), version.at),
    );
    match from == to {
        true => to,
        false => format!("{from}–{to}"),
    }
}

/// Who wrote it; nobody where it came together.
pub(super) fn who(words: &Words, version: &VersionInfo) -> String {
    match (&version.by_name, version.is_own) {
        (Some(name), _) => name.clone(),
        (None, true) => t!(words, "version-by-you").to_string(),
        (None, false) => String::new(),
    }
}

fn counts(version: &VersionInfo) -> String {
    let (added, removed) = (grouped(version.n_added), grouped(version.n_removed));
    format!("+{added} −{removed}")
}

/// The counts as a screen reader says them.
fn spoken(words: &Words, version: &VersionInfo) -> AttrValue {
    t!(
        words,
        "version-counts-spoken",
        added = grouped(version.n_added),
        removed = grouped(version.n_removed)
    )
}

/// Puts the focus into the list, unless it is there.
pub(super) fn focus_list() {
    let document = web_sys::window().and_then(|window| window.document());
    let list = document.and_then(|document| document.query_selector(".past-list").ok().flatten());
    let list =
        list.and_then(|list| wasm_bindgen::JsCast::dyn_into::<web_sys::HtmlElement>(list).ok());
    if let Some(list) = list
        && focused().as_ref() != Some(&list)
    {
        // Fails only for an element that is going away.
        let _ = list.focus();
    }
}

#[cfg(test)]
mod tests {
    use stoa_domain::{NamedVersion, TextVersion, VersionId, VersionName};

    use super::*;
    use crate::testing::{drawn, version};

    fn named(text: &str) -> NamedVersion {
        NamedVersion {
            id: VersionId::from_bytes([1; 16]),
            name: VersionName::parse(text).unwrap(),
            text_at: TextVersion::parse("AA==").unwrap(),
            by: None,
            at: Timestamp::from_millis(0),
        }
    }

    #[test]
    fn versions_of_a_day_stand_together_and_each_says_all_there_is_to_it() {
        let markup = drawn("en", || {
            let mut published = version(200_000_000);
            published.posts = vec![2];
            published.named = vec![named("مسودة <b>")];
            published.by_name = Some("苏".to_owned());
            published.is_own = false;
            let mut merged = version(100);
            merged.kind = VersionKind::Merged;
            merged.is_own = false;
            merged.is_here = false;
            let versions = Rc::new(vec![published, merged, version(50)]);
            html! { <PastList {versions} chosen={1} onchoose={Callback::noop()} /> }
        });
        assert_eq!(markup.matches("role=\"group\"").count(), 2, "{markup}");
        assert_eq!(markup.matches("role=\"option\"").count(), 3, "{markup}");
        assert!(markup.contains("aria-activedescendant=\"version-1\""));
        for part in [
            "Published (2)",
            "苏",
            "+1,234 −5",
            "Not on this computer yet",
            "Merged",
        ] {
            assert!(markup.contains(part), "{part}: {markup}");
        }
        // A name in another direction stands for itself, and is text.
        assert!(
            markup.contains("<bdi") && markup.contains("&lt;b"),
            "{markup}"
        );
    }

    #[test]
    fn keys_move_through_the_list_and_stay_in_it() {
        let cases = [
            ("ArrowDown", 0, Some(1)),
            ("j", 29, Some(29)),
            ("PageDown", 5, Some(15)),
            ("PageUp", 5, Some(0)),
            ("End", 0, Some(29)),
            ("x", 3, None),
        ];
        for (key, at, expected) in cases {
            assert_eq!(moved(key, at, 30), expected, "{key}");
        }
        assert_eq!(moved("End", 0, 0), None);
    }
}
