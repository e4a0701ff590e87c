//! The one place to look after tags.

use std::rc::Rc;

use stoa_ipc::{TagInfo, TagList};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::alike::is_found;
use super::dialogs::{Dialogs, TagDialog};
use super::row::TagRow;
use super::state::{use_changing, use_tags};
use crate::commands::use_command;
use crate::host::use_app;
use crate::listen_keys::is_composing;
use crate::panes::enter_if_lost;
use crate::parts::{Button, ButtonKind, Icon, Loaded, RowOf, Rows};
use crate::t;
use crate::texts::{Words, use_words};
use crate::view::{Route, Step, use_view};

/// So many tags are drawn at once; the others are found by their letters.
const MOST_ROWS: usize = 200;

#[component]
pub(crate) fn TagsPage() -> Html {
    let words = use_words();
    let view = use_view().dispatcher();
    let (tags, again) = use_tags();
    let sought = use_state(String::new);
    let oninput = {
        let sought = sought.setter();
        Callback::from(move |text: String| sought.set(text))
    };
    let back = Callback::from(move |_: MouseEvent| view.dispatch(Step::Go(Route::Content)));
    let is_empty = tags.here().is_some_and(|tags| tags.tags.is_empty());
    let show = {
        let sought = (*sought).clone();
        Callback::from(move |tags: Rc<TagList>| html! { <Found {tags} sought={sought.clone()} /> })
    };
    html! {
        <section class="page" data-pane="list" tabindex="-1" aria-label={t!(words, "tags")} data-testid="tags">
            <div class="column">
                <header>
                    <div class="pane-title">
                        <h1>{ t!(words, "tags") }</h1>
                        <Button kind={ButtonKind::Quiet} icon="arrow-left" label={t!(words, "tags-back")} onclick={back} testid="tags-back" />
                    </div>
                    <p class="line">{ t!(words, "tags-lead") }</p>
                </header>
                if !is_empty { <SearchTags sought={(*sought).clone()} {oninput} /> }
                <Loaded<Rc<TagList>> value={tags} {show} onretry={again} {is_empty}
                    empty={html! { <div class="empty" data-testid="tags-empty"><p>{ t!(words, "tags-none") }</p><p class="quiet">{ t!(words, "tags-none-more") }</p></div> }} />
            </div>
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct SearchTagsProps {
    sought: String,
    oninput: Callback<String>,
}

#[component]
fn SearchTags(props: &SearchTagsProps) -> Html {
    let words = use_words();
    let node = use_node_ref();
    let focus = {
        let node = node.clone();
        Callback::from(move |()| {
            if let Some(input) = node.cast::<HtmlInputElement>() {
                // Fails only for an element that is going away.
                let _ = input.focus();
                input.select();
            }
        })
    };
    use_command("edit.find", true, focus.clone());
    use_command("list.filter", true, focus);
    let oninput = props
        .oninput
        .reform(|event: InputEvent| event.target_unchecked_into::<HtmlInputElement>().value());
    let clear = props.oninput.clone();
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        if event.key() == "Escape" && !is_composing(&event) {
            clear.emit(String::new());
        }
    });
    html! {
        <label class="search-field">
            <Icon name="search" />
            <input ref={node} type="search" class="input plain" value={props.sought.clone()} placeholder={t!(words, "tags-search")}
                aria-label={t!(words, "tags-search")} autocomplete="off" data-testid="tags-search" {oninput} {onkeydown} />
        </label>
    }
}

#[derive(Properties, PartialEq)]
struct FoundProps {
    tags: Rc<TagList>,
    sought: String,
}

#[component]
fn Found(props: &FoundProps) -> Html {
    let words = use_words();
    let letters = use_app().preferences().letter_keys;
    let changing = use_changing();
    let asked = use_state_eq(|| None::<TagDialog>);
    let ask = {
        let asked = asked.setter();
        Callback::from(move |dialog: TagDialog| asked.set(Some(dialog)))
    };
    let close = {
        let asked = asked.setter();
        Callback::from(move |()| asked.set(None))
    };
    // The row that had the focus may be another tag now.
    use_effect_with(props.tags.clone(), |_| enter_if_lost("list"));
    let may_change = props.tags.may_change && use_app().is_open();
    let all = props
        .tags
        .tags
        .iter()
        .filter(|tag| is_found(tag, &props.sought));
    let found: Vec<TagInfo> = all.clone().take(MOST_ROWS).cloned().collect();
    let n_found = all.count();
    let row = |tag: &TagInfo| RowOf {
        key: AttrValue::from(tag.name.folded()),
        label: said_of(&words, tag),
        class: "tag-row",
        content: html! { <TagRow tag={tag.clone()} {may_change} ask={ask.clone()} changing={changing.clone()} /> },
    };
    let rows: Vec<RowOf> = found.iter().map(row).collect();
    let onkey = {
        let (found, ask) = (found.clone(), ask.clone());
        Callback::from(move |(at, key): (usize, String)| {
            let dialog = match key.as_str() {
                "Enter" => TagDialog::Synonyms,
                "F2" => TagDialog::Rename,
                "m" | "M" if letters => TagDialog::Merge,
                _ => return,
            };
            if let Some(tag) = found.get(at).filter(|_| may_change) {
                ask.emit(dialog(tag.clone()));
            }
        })
    };
    let n_hidden = n_found.saturating_sub(found.len());
    html! {
        <>
            <p class="tags-n" role="status" data-testid="tags-n">{ t!(words, "tags-n", n = n_found) }</p>
            if !props.tags.may_change { <p class="quiet" data-testid="tags-read-only">{ t!(words, "tags-read-only") }</p> }
            if found.is_empty() {
                <div class="empty"><p>{ t!(words, "tags-not-found") }</p></div>
            } else {
                <Rows label={t!(words, "tags")} {rows} {onkey} testid="tag-row" />
            }
            if n_hidden > 0 { <p class="quiet">{ t!(words, "tags-more", n = n_hidden) }</p> }
            if let Some(dialog) = (*asked).clone() {
                <Dialogs {dialog} tags={props.tags.clone()} {changing} onclose={close} />
            }
        </>
    }
}

/// What a screen reader says of a tag when the focus comes to it.
fn said_of(words: &Words, tag: &TagInfo) -> AttrValue {
    let n = t!(words, "n-drafts", n = tag.n);
    let synonyms: Vec<&str> = tag.synonyms.iter().map(|word| word.as_str()).collect();
    match synonyms.is_empty() {
        true => format!("{} · {n}", tag.name.as_str()).into(),
        false => {
            let list = synonyms.join(", ");
            let also = t!(words, "tag-also", words = list.as_str());
            format!("{} · {n} · {also}", tag.name.as_str()).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use stoa_domain::Tag;
    use stoa_ipc::TagCount;

    use super::*;
    use crate::testing::drawn;

    fn tag(text: &str) -> Tag {
        Tag::parse(text).unwrap()
    }

    fn list(may_change: bool) -> Rc<TagList> {
        let ai = TagInfo {
            name: tag("人工智能"),
            n: 12,
            synonyms: vec![tag("AI")],
            written: vec![
                TagCount {
                    tag: tag("人工智能"),
                    n: 9,
                },
                TagCount {
                    tag: tag("ai"),
                    n: 3,
                },
            ],
        };
        Rc::new(TagList {
            n_total: 1,
            tags: vec![ai],
            may_change,
        })
    }

    #[test]
    fn a_tag_shows_its_drafts_its_words_and_what_can_be_done() {
        for language in ["zh-CN", "en"] {
            let markup = drawn(language, || html! { <Found tags={list(true)} sought="" /> });
            for part in [
                "tag-drafts",
                "tag-synonym-remove",
                "tag-rename",
                "tag-merge",
                "tag-alike",
            ] {
                assert!(markup.contains(part), "{language} {part}: {markup}");
            }
            assert!(!markup.contains("aria-label=\"\""), "{markup}");
        }
    }

    #[test]
    fn who_may_not_change_tags_is_told_and_has_no_buttons() {
        let markup = drawn("en", || html! { <Found tags={list(false)} sought="" /> });
        assert!(markup.contains("tags-read-only"), "{markup}");
        for part in [
            "tag-synonym-remove",
            "tag-rename",
            "tag-merge",
            "tag-alike-write",
        ] {
            assert!(!markup.contains(part), "{part}: {markup}");
        }
        let none = drawn("en", || html! { <Found tags={list(true)} sought="zzz" /> });
        assert!(!none.contains("tag-row"), "{none}");
    }
}
