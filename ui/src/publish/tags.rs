//! Tags as they are typed: those that there are are offered by any of their words, and another word
//! for one can be replaced by it. Nothing is replaced unasked.

use stoa_domain::{Tag, fold};
use stoa_ipc::TagList;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::t;
use crate::tags::use_tags;
use crate::texts::use_words;

/// So many tags are offered at once.
const MOST_OFFERED: usize = 6;
/// The field that is written in.
const FIELD: &str = "publish-tags";
const BETWEEN: [char; 3] = [',', '，', '、'];

/// A tag that may be meant, and the other word by which it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Offer {
    tag: Tag,
    by: Option<Tag>,
}

#[derive(Properties, PartialEq)]
pub(super) struct TagOffersProps {
    /// What stands in the field.
    pub(super) text: String,
    pub(super) onchange: Callback<String>,
}

#[component]
pub(super) fn TagOffers(props: &TagOffersProps) -> Html {
    let words = use_words();
    let (tags, _) = use_tags();
    let Some(tags) = tags.here() else {
        return Html::default();
    };
    let offer = |offer: Offer| {
        let name = offer.tag.as_str();
        let label: AttrValue = match &offer.by {
            Some(word) => t!(words, "publish-tag-offer", tag = name, word = word.as_str()),
            None => name.to_owned().into(),
        };
        let onclick = taking(&props.onchange, completed(&props.text, &offer.tag));
        html! { <button type="button" class="chip removable" {onclick} data-testid="publish-tag-offer">{ label }</button> }
    };
    let written = |(word, tag): (String, Tag)| {
        let name = tag.as_str();
        let said = t!(
            words,
            "publish-tag-synonym",
            word = word.as_str(),
            tag = name
        );
        let label = t!(words, "publish-tag-replace", tag = name);
        let onclick = taking(&props.onchange, replaced(&props.text, &word, &tag));
        html! {
            <p class="hint tag-synonym" role="status" data-testid="publish-tag-synonym">{ said }<button type="button" class="link" {onclick} data-testid="publish-tag-replace">{ label }</button></p>
        }
    };
    let offers = offers(&props.text, tags);
    html! {
        <>
            if !offers.is_empty() {
                <div class="chips" role="group" aria-label={t!(words, "publish-tag-offers")}>{ for offers.into_iter().map(offer) }</div>
            }
            { for synonyms(&props.text, tags).into_iter().map(written) }
        </>
    }
}

/// Puts a text into the field and the focus with it: the button that was pressed goes away.
fn taking(onchange: &Callback<String>, text: String) -> Callback<MouseEvent> {
    let onchange = onchange.clone();
    Callback::from(move |_: MouseEvent| {
        onchange.emit(text.clone());
        let document = web_sys::window().and_then(|window| window.document());
        let field = document.and_then(|document| document.get_element_by_id(FIELD));
        if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlElement>().ok()) {
            // Fails only for an element that is going away.
            let _ = field.focus();
        }
    })
}

/// The words in the field, the one that is being typed last.
fn parts(text: &str) -> Vec<&str> {
    text.split(BETWEEN).map(str::trim).collect()
}

/// The tags that the word which is being typed may mean. Those that are in the field are left out.
fn offers(text: &str, tags: &TagList) -> Vec<Offer> {
    let mut parts = parts(text);
    let typed = fold(parts.pop().unwrap_or_default());
    if typed.is_empty() {
        return Vec::new();
    }
    let there: Vec<String> = parts.into_iter().map(fold).collect();
    let fits = |word: &Tag| word.folded().starts_with(&typed);
    let found = tags.tags.iter().filter_map(|tag| {
        let name = tag.name.folded();
        if name == typed || there.contains(&name) {
            return None;
        }
        let by = tag.synonyms.iter().find(|word| fits(word));
        let is_it = fits(&tag.name) || name.contains(&typed);
        (is_it || by.is_some()).then(|| Offer {
            tag: tag.name.clone(),
            by: by.filter(|_| !is_it).cloned(),
        })
    });
    found.take(MOST_OFFERED).collect()
}

/// The field with a tag in the place of the word that is being typed, ready for the next one.
fn completed(text: &str, tag: &Tag) -> String {
    let before = text.rfind(BETWEEN).map_or("", |at| {
        let rest = &text[at..];
        let width = rest.chars().next().map_or(0, char::len_utf8);
        &text[..at + width]
    });
    let gap = if before.is_empty() || before.ends_with(['，', '、']) {
        ""
    } else {
        " "
    };
    format!("{before}{gap}{}, ", tag.as_str())
}

/// The words in the field that are other words for a tag, each with that.
fn synonyms(text: &str, tags: &TagList) -> Vec<(String, Tag)> {
    let words = parts(text).into_iter().filter(|word| !word.is_empty());
    let found = words.filter_map(|word| {
        let folded = fold(word);
        let has = |other: &Tag| other.folded() == folded;
        let tag = tags.tags.iter().find(|tag| tag.synonyms.iter().any(has))?;
        Some((word.to_owned(), tag.name.clone()))
    });
    found.collect()
}

/// The field with a tag in the place of another word for it.
fn replaced(text: &str, word: &str, tag: &Tag) -> String {
    let mut done = String::new();
    for part in text.split_inclusive(BETWEEN) {
        let bare = part.trim_end_matches(BETWEEN);
        if bare.trim() == word {
            let start = &bare[..bare.len() - bare.trim_start().len()];
            done.push_str(start);
            done.push_str(tag.as_str());
            done.push_str(&part[bare.len()..]);
        } else {
            done.push_str(part);
        }
    }
    done
}

#[cfg(test)]
mod tests {
    use stoa_ipc::TagInfo;

    use super::*;

    fn tag(text: &str) -> Tag {
        Tag::parse(text).unwrap()
    }

    fn list() -> TagList {
        let info = |name: &str, synonyms: &[&str]| TagInfo {
            name: tag(name),
            n: 1,
            synonyms: synonyms.iter().map(|word| tag(word)).collect(),
            written: Vec::new(),
        };
        TagList {
            tags: vec![
                info("人工智能", &["AI", "Artificial Intelligence"]),
                info("定价", &[]),
                info("入门", &[]),
            ],
            n_total: 3,
            may_change: true,
        }
    }

    #[test]
    fn a_tag_is_offered_by_any_of_its_words_as_it_is_typed() {
        let found = offers("定价, ａ", &list());
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].tag, tag("人工智能"));
        assert_eq!(found[0].by, Some(tag("AI")));
        assert_eq!(offers("人工", &list())[0].by, None);
        assert_eq!(offers("", &list()), []);
        assert_eq!(offers("定价, 定价", &list()), []);
        assert_eq!(offers("定价", &list()), []);
    }

    #[test]
    fn what_is_chosen_stands_in_the_place_of_what_was_typed() {
        let ai = tag("人工智能");
        assert_eq!(completed("a", &ai), "人工智能, ");
        assert_eq!(completed("定价, a", &ai), "定价, 人工智能, ");
        assert_eq!(completed("定价，a", &ai), "定价，人工智能, ");
    }

    #[test]
    fn another_word_stays_until_somebody_replaces_it() {
        let text = "定价，AI, ai 工具";
        assert_eq!(
            synonyms(text, &list()),
            [("AI".to_owned(), tag("人工智能"))]
        );
        assert_eq!(
            replaced(text, "AI", &tag("人工智能")),
            "定价，人工智能, ai 工具"
        );
        assert_eq!(synonyms("人工智能", &list()), []);
    }
}
