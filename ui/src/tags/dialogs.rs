//! What is asked about a tag: other words for it, another name, or another tag to become part of.

use std::rc::Rc;

use stoa_domain::Tag;
use stoa_ipc::{ChangeSynonyms, Failure, RenameTag, TagInfo, TagList};
use yew::prelude::*;

use super::alike::of_word;
use super::state::Changing;
use crate::parts::{Button, ButtonKind, Dialog, Field};
use crate::t;
use crate::tell::refusal_for;
use crate::texts::{Words, use_words};

/// So many tags are offered.
const MOST_OFFERED: usize = 12;

/// What is asked, about which tag.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum TagDialog {
    Synonyms(TagInfo),
    Rename(TagInfo),
    Merge(TagInfo),
}

#[derive(Properties, PartialEq)]
pub(super) struct DialogsProps {
    pub(super) dialog: TagDialog,
    pub(super) tags: Rc<TagList>,
    pub(super) changing: Changing,
    pub(super) onclose: Callback<()>,
}

#[component]
pub(super) fn Dialogs(props: &DialogsProps) -> Html {
    let (tags, changing) = (props.tags.clone(), props.changing.clone());
    // What a long renaming comes to is said here.
    let onclose = match props.changing.is_busy {
        true => Callback::noop(),
        false => props.onclose.clone(),
    };
    match &props.dialog {
        TagDialog::Synonyms(tag) => {
            html! { <SynonymsDialog tag={tag.clone()} {tags} {changing} {onclose} /> }
        }
        TagDialog::Rename(tag) => {
            html! { <NameDialog tag={tag.clone()} {tags} {changing} {onclose} /> }
        }
        TagDialog::Merge(tag) => {
            html! { <NameDialog is_merge=true tag={tag.clone()} {tags} {changing} {onclose} /> }
        }
    }
}

#[derive(Properties, PartialEq)]
struct AskProps {
    tag: TagInfo,
    tags: Rc<TagList>,
    changing: Changing,
    onclose: Callback<()>,
    #[prop_or_default]
    is_merge: bool,
}

/// What was typed, and what is wrong with it.
#[derive(Clone, PartialEq)]
struct Typed {
    text: UseStateHandle<String>,
    wrong: UseStateHandle<Option<AttrValue>>,
}

impl Typed {
    fn oninput(&self) -> Callback<String> {
        let (text, wrong) = (self.text.setter(), self.wrong.setter());
        Callback::from(move |typed: String| {
            wrong.set(None);
            text.set(typed);
        })
    }

    /// Closes where all went well, and says at the field what did not.
    fn ended(&self, words: &Words, onclose: &Callback<()>) -> Callback<Result<(), Failure>> {
        let (wrong, words, onclose) = (self.wrong.setter(), words.clone(), onclose.clone());
        Callback::from(move |done: Result<(), Failure>| match done {
            Ok(()) => onclose.emit(()),
            Err(failure) => wrong.set(refusal_for(&words, &failure).map(|toast| toast.text)),
        })
    }
}

#[hook]
fn use_typed(text: String) -> Typed {
    Typed {
        text: use_state(move || text),
        wrong: use_state_eq(|| None),
    }
}

#[component]
fn SynonymsDialog(props: &AskProps) -> Html {
    let words = use_words();
    let typed = use_typed(String::new());
    let onsubmit = {
        let (typed, words, tags) = (typed.clone(), words.clone(), props.tags.clone());
        let (tag, change) = (props.tag.name.clone(), props.changing.synonyms.clone());
        let ended = typed.ended(&words, &props.onclose);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            match typed_words(&words, &tags, &tag, &typed.text) {
                Err(why) => typed.wrong.set(Some(why)),
                Ok(add) => {
                    let request = ChangeSynonyms {
                        tag: tag.clone(),
                        add,
                        remove: Vec::new(),
                    };
                    change.emit((request, ended.clone()));
                }
            }
        })
    };
    let name = props.tag.name.as_str();
    html! {
        <Dialog title={t!(words, "tag-synonyms-title", tag = name)} onclose={props.onclose.clone()} testid="tag-synonyms-dialog">
            <form class="form" {onsubmit}>
                <Field name="tag-words" label={t!(words, "tag-words")} hint={t!(words, "tag-words-hint", tag = name)} value={(*typed.text).clone()}
                    oninput={typed.oninput()} wrong={(*typed.wrong).clone()} focused=true />
                <div class="buttons end">
                    <Button label={t!(words, "cancel")} onclick={props.onclose.reform(|_| ())} />
                    <Button kind={ButtonKind::Main} submit=true label={t!(words, "tag-synonym-add-now")} disabled={props.changing.is_busy} testid="tag-words-confirm" />
                </div>
            </form>
        </Dialog>
    }
}

/// The words that were typed, or why they cannot be words for this tag.
fn typed_words(
    words: &Words,
    tags: &TagList,
    tag: &Tag,
    text: &str,
) -> Result<Vec<Tag>, AttrValue> {
    let typed = text.split([',', '，', '、']).map(str::trim);
    let typed = typed.filter(|word| !word.is_empty());
    let mut read = Vec::new();
    for word in typed {
        let word = word.trim_start_matches(['#', '＃']);
        read.push(Tag::parse(word).map_err(|_| t!(words, "tag-wrong"))?);
    }
    if read.is_empty() {
        return Err(t!(words, "tag-wrong"));
    }
    let taken = read.iter().find_map(|word| {
        let other = of_word(tags, word)?;
        // A tag without words of its own may become one.
        let is_other = other.name.folded() != tag.folded() && !other.synonyms.is_empty();
        is_other.then(|| {
            t!(
                words,
                "tag-taken",
                word = word.as_str(),
                tag = other.name.as_str()
            )
        })
    });
    taken.map_or(Ok(read), Err)
}

/// Another name, or another tag; where the name is one that there is, both become one.
#[component]
fn NameDialog(props: &AskProps) -> Html {
    let words = use_words();
    let is_merge = props.is_merge;
    let typed = use_typed(match is_merge {
        true => String::new(),
        false => props.tag.name.as_str().to_owned(),
    });
    let keep = use_state_eq(|| true);
    let into = Tag::parse(typed.text.trim_start_matches(['#', '＃'])).ok();
    let other = other_tag(&props.tags, &props.tag, into.as_ref());
    let onsubmit = {
        let (typed, words, keep) = (typed.clone(), words.clone(), is_merge || *keep);
        let (from, change) = (props.tag.name.clone(), props.changing.rename.clone());
        let ended = typed.ended(&words, &props.onclose);
        let (into, is_new) = (named(into, other), other.is_none());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(into) = into.clone().filter(|into| *into != from) else {
                return typed.wrong.set(Some(t!(words, "tag-wrong")));
            };
            if is_merge && is_new {
                return typed.wrong.set(Some(t!(words, "tag-merge-unknown")));
            }
            let (from, keep) = (from.clone(), keep || !is_new);
            change.emit((RenameTag { from, into, keep }, ended.clone()));
        })
    };
    let name = props.tag.name.as_str();
    let (title, label) = match is_merge {
        true => (
            t!(words, "tag-merge-title", tag = name),
            t!(words, "tag-merge-into"),
        ),
        false => (
            t!(words, "tag-rename-title", tag = name),
            t!(words, "tag-new-name"),
        ),
    };
    let confirm = match is_merge || other.is_some() {
        true => t!(words, "tag-merge"),
        false => t!(words, "tag-rename"),
    };
    html! {
        <Dialog {title} onclose={props.onclose.clone()} testid="tag-name-dialog">
            <form class="form" {onsubmit}>
                <Field name="tag-name" {label} value={(*typed.text).clone()} oninput={typed.oninput()} wrong={(*typed.wrong).clone()} focused=true />
                if is_merge { <Offers tag={props.tag.clone()} tags={props.tags.clone()} onchoose={typed.oninput()} /> }
                <WhatBecomes tag={props.tag.clone()} other={other.map(|tag| tag.name.clone())} />
                if !is_merge && other.is_none() { <Keep tag={props.tag.name.clone()} {keep} /> }
                <Progress changing={props.changing.clone()} />
                <div class="buttons end">
                    <Button label={t!(words, "cancel")} onclick={props.onclose.reform(|_| ())} />
                    <Button kind={ButtonKind::Main} submit=true label={confirm} disabled={props.changing.is_busy} testid="tag-name-confirm" />
                </div>
            </form>
        </Dialog>
    }
}

/// The name that is asked for: of a tag that there is, as it is spelled there.
fn named(typed: Option<Tag>, other: Option<&TagInfo>) -> Option<Tag> {
    other.map(|other| other.name.clone()).or(typed)
}

/// The other tag whose name, or another word for it, was typed.
fn other_tag<'t>(tags: &'t TagList, tag: &TagInfo, into: Option<&Tag>) -> Option<&'t TagInfo> {
    of_word(tags, into?).filter(|other| other.name.folded() != tag.name.folded())
}

#[derive(Properties, PartialEq)]
struct OffersProps {
    tag: TagInfo,
    tags: Rc<TagList>,
    onchoose: Callback<String>,
}

/// The tags used most, to be chosen with a click.
#[component]
fn Offers(props: &OffersProps) -> Html {
    let words = use_words();
    let others = props.tags.tags.iter();
    let others = others.filter(|other| other.name.folded() != props.tag.name.folded());
    let offer = |other: &TagInfo| {
        let name = other.name.as_str().to_owned();
        let onclick = {
            let name = name.clone();
            props.onchoose.reform(move |_: MouseEvent| name.clone())
        };
        html! { <button type="button" class="chip removable" {onclick} data-testid="tag-offer">{ name }</button> }
    };
    html! {
        <div class="chips" role="group" aria-label={t!(words, "tag-offers")}>{ for others.take(MOST_OFFERED).map(offer) }</div>
    }
}

#[derive(Properties, PartialEq)]
struct WhatBecomesProps {
    tag: TagInfo,
    other: Option<Tag>,
}

/// What is about to happen, in a sentence.
#[component]
fn WhatBecomes(props: &WhatBecomesProps) -> Html {
    let words = use_words();
    let written = props.tag.written.iter();
    let own = written.filter(|written| written.tag.folded() == props.tag.name.folded());
    let n: u64 = own.map(|written| written.n).sum();
    let said = match &props.other {
        Some(other) => t!(words, "tag-merges", n = n, tag = other.as_str()),
        None => t!(words, "tag-renames", n = n),
    };
    html! { <p class="hint" role="status" data-testid="tag-becomes">{ said }</p> }
}

#[derive(Properties, PartialEq)]
struct KeepProps {
    tag: Tag,
    keep: UseStateHandle<bool>,
}

/// Whether the old name goes on leading here.
#[component]
fn Keep(props: &KeepProps) -> Html {
    let words = use_words();
    let checked = *props.keep;
    let keep = props.keep.setter();
    let onchange = Callback::from(move |_: Event| keep.set(!checked));
    html! {
        <div class="field">
            <label class="check"><input type="checkbox" {checked} {onchange} data-testid="tag-keep" />{ t!(words, "tag-keep", tag = props.tag.as_str()) }</label>
            <p class="hint">{ t!(words, "tag-keep-hint") }</p>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct ProgressProps {
    changing: Changing,
}

/// How far a long renaming is.
#[component]
fn Progress(props: &ProgressProps) -> Html {
    let words = use_words();
    let Some(progress) = &props.changing.progress else {
        return Html::default();
    };
    let (n, of) = (progress.n_done, progress.n_total);
    html! {
        <div class="tag-progress" data-testid="tag-progress">
            <span role="status">{ t!(words, "tag-progress", n = n, of = of) }</span>
            <progress value={n.to_string()} max={of.to_string()} aria-label={t!(words, "tag-renaming")} />
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(text: &str) -> Tag {
        Tag::parse(text).unwrap()
    }

    fn info(name: &str, synonyms: &[&str]) -> TagInfo {
        TagInfo {
            name: tag(name),
            n: 1,
            synonyms: synonyms.iter().map(|word| tag(word)).collect(),
            written: Vec::new(),
        }
    }

    fn list() -> TagList {
        TagList {
            tags: vec![info("人工智能", &["AI"]), info("定价", &[])],
            n_total: 2,
            may_change: true,
        }
    }

    #[test]
    fn words_that_belong_to_another_tag_are_named_with_it() {
        let words = Words::new("zh-CN");
        let typed = |text: &str| typed_words(&words, &list(), &tag("机器学习"), text);
        assert_eq!(typed("ML，#学习、"), Ok(vec![tag("ML"), tag("学习")]));
        assert_eq!(typed("定价"), Ok(vec![tag("定价")]));
        let taken = typed("ml, ａｉ").unwrap_err();
        assert!(
            taken.contains("人工智能") && taken.contains("ａｉ"),
            "{taken}"
        );
        assert!(typed(" ，").is_err());
        assert!(typed(&"长".repeat(41)).is_err());
    }

    #[test]
    fn a_name_that_there_is_makes_one_of_two() {
        let list = list();
        let ai = &list.tags[0];
        assert!(other_tag(&list, ai, Some(&tag("定价"))).is_some());
        for own in ["ai", "人工智能", "智能"] {
            assert_eq!(other_tag(&list, ai, Some(&tag(own))), None, "{own}");
        }
    }

    #[test]
    fn another_word_or_spelling_of_a_tag_asks_for_that_tag() {
        let list = list();
        let pricing = &list.tags[1];
        for typed in ["AI", "ａｉ", "人工智能"] {
            let other = other_tag(&list, pricing, Some(&tag(typed)));
            let into = named(Some(tag(typed)), other);
            assert_eq!(into, Some(tag("人工智能")), "{typed}");
        }
        assert_eq!(named(Some(tag("新名")), None), Some(tag("新名")));
    }
}
