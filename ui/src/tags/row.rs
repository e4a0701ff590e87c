//! A tag in the list: its drafts, its words, and what can be done with it.

use stoa_domain::{ListFilter, ListLayout, ListLook, Tag};
use stoa_ipc::{ChangeSynonyms, RenameTag, TagInfo};
use yew::prelude::*;

use super::alike::{Alike, alike};
use super::dialogs::TagDialog;
use super::state::{Changing, use_told};
use crate::parts::{Button, ButtonKind, Icon, InRow};
use crate::t;
use crate::texts::use_words;
use crate::view::{Step, use_view};

#[derive(Clone, Properties, PartialEq)]
pub(super) struct TagRowProps {
    pub(super) tag: TagInfo,
    pub(super) may_change: bool,
    pub(super) ask: Callback<TagDialog>,
    pub(super) changing: Changing,
}

#[component]
pub(super) fn TagRow(props: &TagRowProps) -> Html {
    let words = use_words();
    let name = props.tag.name.as_str().to_owned();
    let ask = |dialog: fn(TagInfo) -> TagDialog| {
        let tag = props.tag.clone();
        props.ask.reform(move |_: MouseEvent| dialog(tag.clone()))
    };
    html! {
        <>
            <div class="tag-head">
                <strong class="tag-name">{ name.clone() }</strong>
                <DraftsOf tag={props.tag.clone()} />
                if props.may_change {
                    <div class="buttons">
                        <Button kind={ButtonKind::Quiet} icon="pencil" icon_only=true label={t!(words, "tag-rename-named", tag = name.as_str())}
                            onclick={ask(TagDialog::Rename)} testid="tag-rename" />
                        <Button kind={ButtonKind::Quiet} icon="git-compare-arrows" icon_only=true label={t!(words, "tag-merge-named", tag = name.as_str())}
                            onclick={ask(TagDialog::Merge)} testid="tag-merge" />
                    </div>
                }
            </div>
            <Synonyms ..props.clone() />
            { for alike(&props.tag).into_iter().map(|alike| html! { <WrittenAlike {alike} may_change={props.may_change} changing={props.changing.clone()} /> }) }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct DraftsOfProps {
    tag: TagInfo,
}

/// How many drafts have it; a click shows them, wherever they stand.
#[component]
fn DraftsOf(props: &DraftsOfProps) -> Html {
    let words = use_words();
    let view = use_view().dispatcher();
    let in_row = use_context::<InRow>().is_none_or(|row| row.0);
    let n = t!(words, "n-drafts", n = props.tag.n);
    if props.tag.n == 0 {
        return html! { <span class="tag-n" data-testid="tag-drafts">{ n }</span> };
    }
    let name = props.tag.name.clone();
    let label = t!(
        words,
        "tag-show-drafts",
        tag = name.as_str(),
        n = n.as_str()
    );
    let onclick = Callback::from(move |_: MouseEvent| {
        let look = ListLook {
            filter: ListFilter {
                tags: [name.clone()].into(),
                ..ListFilter::default()
            },
            layout: ListLayout::Board,
            ..ListLook::default()
        };
        view.dispatch(Step::ShowView(look));
    });
    html! {
        <button type="button" class="link tag-n" aria-label={label} tabindex={(!in_row).then_some("-1")} {onclick} data-testid="tag-drafts">{ n }</button>
    }
}

/// The other words, each with a way to take it away.
#[component]
fn Synonyms(props: &TagRowProps) -> Html {
    let words = use_words();
    let told = use_told();
    let in_row = use_context::<InRow>().is_none_or(|row| row.0);
    let add = {
        let tag = props.tag.clone();
        props
            .ask
            .reform(move |_: MouseEvent| TagDialog::Synonyms(tag.clone()))
    };
    let chip = |word: &Tag| {
        let label = word.as_str().to_owned();
        if !props.may_change {
            return html! { <span class="chip">{ label }</span> };
        }
        let request = ChangeSynonyms {
            tag: props.tag.name.clone(),
            add: Vec::new(),
            remove: vec![word.clone()],
        };
        let (told, change) = (told.clone(), props.changing.synonyms.clone());
        let onclick =
            Callback::from(move |_: MouseEvent| change.emit((request.clone(), told.clone())));
        html! {
            <button type="button" class="chip removable" disabled={props.changing.is_busy} tabindex={(!in_row).then_some("-1")}
                aria-label={t!(words, "tag-synonym-remove", word = label.as_str())} title={t!(words, "tag-synonym-remove", word = label.as_str())} {onclick} data-testid="tag-synonym-remove">
                { label.clone() }<Icon name="x" />
            </button>
        }
    };
    html! {
        <div class="chips">
            if !props.tag.synonyms.is_empty() { <span class="quiet">{ t!(words, "tag-synonyms") }</span> }
            { for props.tag.synonyms.iter().map(chip) }
            if props.may_change {
                <Button kind={ButtonKind::Quiet} icon="plus" label={t!(words, "tag-synonym-add")} onclick={add} testid="tag-synonym-add" />
            }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct WrittenAlikeProps {
    alike: Alike,
    may_change: bool,
    changing: Changing,
}

/// The same word spelled in several ways, and writing it alike everywhere.
#[component]
fn WrittenAlike(props: &WrittenAlikeProps) -> Html {
    let words = use_words();
    let told = use_told();
    let best = props.alike.best.clone();
    let others: Vec<String> = props
        .alike
        .others
        .iter()
        .map(|one| format!("{} ({})", one.tag.as_str(), one.n))
        .collect();
    let request = RenameTag {
        from: best.clone(),
        into: best.clone(),
        keep: false,
    };
    let change = props.changing.rename.clone();
    let onclick = Callback::from(move |_: MouseEvent| change.emit((request.clone(), told.clone())));
    html! {
        <div class="tag-alike" data-testid="tag-alike">
            <Icon name="info" />
            <span>{ t!(words, "tag-alike", words = others.join(", ").as_str()) }</span>
            if props.may_change {
                <Button kind={ButtonKind::Quiet} label={t!(words, "tag-alike-write", tag = best.as_str())} disabled={props.changing.is_busy} {onclick} testid="tag-alike-write" />
            }
        </div>
    }
}
