//! One draft in the list.

use stoa_domain::{Kind, Timestamp};
use stoa_ipc::{DraftSummary, SavedState};
use web_sys::{HtmlInputElement, KeyboardEvent};
use yew::prelude::*;

use super::filters::kind_name;
use super::kind_icon::KindIcon;
use super::select::Pick;
use crate::format::{grouped, relative};
use crate::listen_keys::is_composing;
use crate::parts::Icon;
use crate::publish::{StateChip, live_stands, review_stands, stands, use_this_moment};
use crate::t;
use crate::texts::{Words, use_words};
use crate::zone::{Zone, use_zone};

#[derive(Properties, PartialEq)]
pub(crate) struct RowProps {
    pub(crate) draft: DraftSummary,
    /// Counted from 0 in the whole list.
    pub(crate) index: usize,
    pub(crate) chosen: bool,
    pub(crate) renaming: bool,
    /// Whether it is marked; nothing while nothing is.
    #[prop_or_default]
    pub(crate) mark: Option<bool>,
    #[prop_or_default]
    pub(crate) onpick: Callback<(usize, Pick)>,
    pub(crate) onchoose: Callback<usize>,
    /// The new title, or nothing when the old one stays.
    pub(crate) onrenamed: Callback<Option<String>>,
    pub(crate) ondouble: Callback<usize>,
}

#[component]
pub(crate) fn Row(props: &RowProps) -> Html {
    let words = use_words();
    let (now, zone) = (use_this_moment(), use_zone());
    let when = relative(words.tag(), now, props.draft.edited_at);
    let index = props.index;
    let choose = {
        let (onchoose, onpick) = (props.onchoose.clone(), props.onpick.clone());
        Callback::from(move |event: MouseEvent| match pick_of(&event) {
            Some(pick) => onpick.emit((index, pick)),
            None => onchoose.emit(index),
        })
    };
    let is_selected = props.mark.unwrap_or(props.chosen);
    let double = props.ondouble.reform(move |_: MouseEvent| index);
    html! {
        <div role="row" id={row_id(index)} class={classes!("row", props.chosen.then_some("here"), props.mark.is_some().then_some("marking"))} aria-rowindex={(index + 1).to_string()}
            aria-selected={is_selected.to_string()} aria-label={spoken(&words, &props.draft, &when, (now, &zone))}
            data-testid="draft-row" data-draft={props.draft.id.to_string()} onclick={choose} ondblclick={double}>
            <div role="gridcell" class="row-top">
                if props.renaming {
                    <RenameField title={props.draft.title.clone()} done={props.onrenamed.clone()} />
                } else {
                    { title(&words, &props.draft) }
                }
                <span class="row-when">{ when }</span>
                <RowCheck title={props.draft.title.clone()} {index} checked={props.mark == Some(true)} onpick={props.onpick.clone()} />
            </div>
            <div role="gridcell" class="row-under">
                <KindIcon kind={props.draft.content.kind} />
                <StateChip draft={props.draft.clone()} />
                <span class="row-text">{ excerpt(&words, &props.draft) }</span>
                <span class="row-words">{ t!(words, "n-words", n = grouped(props.draft.n_words)) }</span>
                <SavedMark saved={props.draft.saved} />
            </div>
        </div>
    }
}

/// What a click with a key held down marks.
fn pick_of(event: &MouseEvent) -> Option<Pick> {
    match (event.shift_key(), event.ctrl_key() || event.meta_key()) {
        (true, _) => Some(Pick::Through),
        (false, true) => Some(Pick::Toggle),
        (false, false) => None,
    }
}

#[derive(Properties, PartialEq)]
struct RowCheckProps {
    title: AttrValue,
    index: usize,
    checked: bool,
    onpick: Callback<(usize, Pick)>,
}

/// Marks a row by mouse or touch; by keyboard the row itself is marked.
#[component]
fn RowCheck(props: &RowCheckProps) -> Html {
    let words = use_words();
    let (index, onpick) = (props.index, props.onpick.clone());
    let onclick = Callback::from(move |event: MouseEvent| {
        event.stop_propagation();
        let through = event.shift_key();
        let pick = if through { Pick::Through } else { Pick::Toggle };
        onpick.emit((index, pick));
    });
    let title = match props.title.as_str() {
        "" => t!(words, "untitled"),
        _ => props.title.clone(),
    };
    html! {
        <label class="row-check" onclick={|event: MouseEvent| event.stop_propagation()} ondblclick={|event: MouseEvent| event.stop_propagation()}>
            <input type="checkbox" tabindex="-1" checked={props.checked} aria-label={t!(words, "select-draft", title = title.as_str())} {onclick} data-testid="row-check" />
        </label>
    }
}

/// The id of a row in the page.
pub(crate) fn row_id(index: usize) -> String {
    format!("draft-row-{index}")
}

fn title(words: &Words, draft: &DraftSummary) -> Html {
    if draft.title.is_empty() {
        html! { <span class="row-title untitled">{ t!(words, "untitled") }</span> }
    } else {
        html! { <span class="row-title" lang={language_of(&draft.title)}>{ draft.title.clone() }</span> }
    }
}

fn excerpt(words: &Words, draft: &DraftSummary) -> AttrValue {
    if draft.excerpt.is_empty() {
        t!(words, "no-text")
    } else {
        draft.excerpt.clone().into()
    }
}

/// What a screen reader says: title, words, when, how far it is saved.
fn spoken(
    words: &Words,
    draft: &DraftSummary,
    when: &str,
    (now, zone): (Timestamp, &Zone),
) -> AttrValue {
    let untitled = t!(words, "untitled");
    let title = if draft.title.is_empty() {
        untitled.as_str()
    } else {
        &draft.title
    };
    let saved = words.get(saved_key(draft.saved));
    let spoken = t!(
        words,
        "row-spoken",
        title = title,
        n = grouped(draft.n_words),
        when = when,
        saved = saved.as_str()
    );
    let kind = (draft.content.kind != Kind::Article).then(|| kind_name(words, draft.content.kind));
    let stands = [
        stands(words, draft, (now, zone)),
        review_stands(words, draft),
        live_stands(words, draft, zone),
    ];
    let said = stands.into_iter().flatten().map(|stands| stands.text);
    let said = kind.into_iter().chain(said);
    said.fold(spoken, |spoken, more| format!("{spoken}, {more}").into())
}

pub(crate) fn saved_key(saved: SavedState) -> &'static str {
    match saved {
        SavedState::OnThisComputer => "saved-here",
        SavedState::Synced => "saved-synced",
        SavedState::NeedsAttention => "saved-attention",
    }
}

/// Chinese and Latin text choose different letters for the same code points.
pub(crate) fn language_of(text: &str) -> &'static str {
    let han = |c: char| matches!(c, '\u{3400}'..='\u{9FFF}');
    if text.chars().any(han) { "zh-CN" } else { "en" }
}

#[derive(Properties, PartialEq)]
struct SavedMarkProps {
    saved: SavedState,
}

/// Only what is not on the server has a mark; a list of ticks says nothing.
#[component]
fn SavedMark(props: &SavedMarkProps) -> Html {
    let app = crate::host::use_app();
    let sends = app.kind() == Some(stoa_ipc::ProfileKind::Connected);
    match props.saved {
        SavedState::OnThisComputer if sends => {
            html! { <span class="row-saved"><Icon name="monitor" /></span> }
        }
        SavedState::NeedsAttention => {
            html! { <span class="row-saved attention"><Icon name="circle-alert" /></span> }
        }
        SavedState::OnThisComputer | SavedState::Synced => Html::default(),
    }
}

#[derive(Properties, PartialEq)]
struct RenameFieldProps {
    title: String,
    done: Callback<Option<String>>,
}

#[component]
fn RenameField(props: &RenameFieldProps) -> Html {
    let words = use_words();
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with((), move |()| {
            if let Some(input) = node.cast::<HtmlInputElement>() {
                // Fails only for an element that is going away.
                let _ = input.focus();
                input.select();
            }
        });
    }
    let value = {
        let node = node.clone();
        move || node.cast::<HtmlInputElement>().map(|input| input.value())
    };
    let onkeydown = {
        let (done, value) = (props.done.clone(), value.clone());
        Callback::from(move |event: KeyboardEvent| {
            event.stop_propagation();
            if is_composing(&event) {
                return;
            }
            match event.key().as_str() {
                "Enter" => done.emit(value()),
                "Escape" => done.emit(None),
                _ => {}
            }
        })
    };
    let onblur = {
        let done = props.done.clone();
        Callback::from(move |_: FocusEvent| done.emit(value()))
    };
    html! {
        <input ref={node} class="row-rename" value={props.title.clone()} aria-label={t!(words, "title")} maxlength="200"
            data-testid="draft-rename" {onkeydown} {onblur} onclick={|event: MouseEvent| event.stop_propagation()} />
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{draft, drawn};

    fn row(title: &str) -> Html {
        html! {
            <Row draft={draft(title)} index={4} chosen=true renaming=false onchoose={Callback::noop()}
                onrenamed={Callback::noop()} ondouble={Callback::noop()} />
        }
    }

    #[test]
    fn a_row_says_title_words_time_and_state() {
        let markup = drawn("en", || row("会员定价"));
        assert!(
            markup.contains("role=\"row\"") && markup.contains("aria-rowindex=\"5\""),
            "{markup}"
        );
        assert!(markup.contains("aria-selected=\"true\""), "{markup}");
        let label = markup
            .split("aria-label=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap();
        for part in ["会员定价", "1,234", "Minutes(1)"] {
            assert!(label.contains(part), "{label}");
        }
    }

    #[test]
    fn the_row_of_a_live_session_shows_and_says_when_it_is() {
        let markup = drawn("en", || {
            let mut draft = draft("直播答疑");
            draft.content.kind = stoa_domain::Kind::Live;
            draft.content.starts_at = Some(Timestamp::from_millis(77));
            html! {
                <Row {draft} index={0} chosen=false renaming=false onchoose={Callback::noop()}
                    onrenamed={Callback::noop()} ondouble={Callback::noop()} />
            }
        });
        assert!(markup.contains("live-chip"), "{markup}");
        assert_eq!(markup.matches("Live 77").count(), 2, "{markup}");
    }

    #[test]
    fn while_rows_are_marked_the_marked_ones_are_the_selected_ones() {
        let other = drawn("zh-CN", || {
            html! {
                <Row draft={draft("会员定价")} index={0} chosen=true mark={Some(false)} renaming=false onchoose={Callback::noop()}
                    onrenamed={Callback::noop()} ondouble={Callback::noop()} />
            }
        });
        assert!(other.contains("aria-selected=\"false\""), "{other}");
        assert!(other.contains("aria-label=\"选择《会员定价》\""), "{other}");
    }

    #[test]
    fn a_draft_without_a_title_is_called_so() {
        assert!(drawn("zh-CN", || row("")).contains("无标题"));
    }

    #[test]
    fn the_language_of_a_title_is_told_from_its_characters() {
        assert_eq!(language_of("Rust 入门"), "zh-CN");
        assert_eq!(language_of("Pricing"), "en");
    }
}
