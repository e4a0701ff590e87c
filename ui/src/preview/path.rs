//! How far a reader has come in a course: when they joined, and what they finished.

use std::rc::Rc;

use stoa_ipc::DraftPreview;
use yew::prelude::*;

use crate::parts::{Choice, Choices};
use crate::t;
use crate::texts::use_words;

/// How far a reader has come.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Path {
    pub(super) joined_days_ago: u16,
    pub(super) has_finished: bool,
}

#[derive(Properties, PartialEq)]
pub(super) struct PathChoicesProps {
    /// What was seen last: it says what makes another page of it.
    pub(super) last: Option<Rc<DraftPreview>>,
    pub(super) path: Path,
    pub(super) onchange: Callback<Path>,
}

/// Nothing, where every reader sees the same however far they have come.
#[component]
pub(super) fn PathChoices(props: &PathChoicesProps) -> Html {
    let words = use_words();
    let Some(last) = &props.last else {
        return Html::default();
    };
    let path = props.path;
    let onjoined = props.onchange.reform(move |joined_days_ago: u16| Path {
        joined_days_ago,
        ..path
    });
    let onfinished = props.onchange.reform(move |has_finished: bool| Path {
        has_finished,
        ..path
    });
    let joined = last.opens_after_days.map(|days| {
        vec![
            choice(0, t!(words, "preview-joined-now")),
            choice(days, t!(words, "preview-joined-ago", days = days)),
        ]
    });
    let finished = last.asks_for.as_ref().map(|title| {
        vec![
            choice(
                false,
                t!(words, "preview-finished-not", title = title.clone()),
            ),
            choice(true, t!(words, "preview-finished", title = title.clone())),
        ]
    });
    html! {
        <>
            if let Some(choices) = joined {
                <Choices<u16> label={t!(words, "preview-joined")} name="joined" {choices} chosen={path.joined_days_ago} onchoose={onjoined} />
            }
            if let Some(choices) = finished {
                <Choices<bool> label={t!(words, "preview-before")} name="finished" {choices} chosen={path.has_finished} onchoose={onfinished} />
            }
        </>
    }
}

fn choice<T>(value: T, label: AttrValue) -> Choice<T> {
    Choice {
        value,
        label,
        lang: None,
    }
}
