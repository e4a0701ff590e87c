//! What the editor's module calls: told changes, questions about images, files that came.

use std::rc::Rc;

use js_sys::{Array, Promise};
use serde::Deserialize;
use stoa_domain::Splice;
use wasm_bindgen::prelude::*;
use web_sys::File;
use yew::Callback;

use super::bridge::{EditorState, Found, Marks, from_js};

/// What an editor calls.
pub(crate) struct Calls {
    pub(crate) changed: Callback<Vec<Splice>>,
    pub(crate) state: Callback<EditorState>,
    /// More text than fits was pasted or typed.
    pub(crate) refused: Callback<()>,
    /// Files that were pasted, or dropped at a place.
    pub(crate) files: Callback<(Vec<File>, Option<Place>)>,
    /// The button at an image that is not here.
    pub(crate) retry: Callback<String>,
    /// A player could not play what has this address.
    pub(crate) not_played: Callback<String>,
    /// Something is to be done with the image or recording that has this address.
    pub(crate) media: Callback<MediaUse>,
    pub(crate) images: ImageQuestions,
    /// A link was followed.
    pub(crate) link: Callback<String>,
    /// A passage that is marked was clicked.
    pub(crate) remark: Callback<String>,
    /// A line of the menu of blocks was chosen that asks for something first.
    pub(crate) asked: Callback<String>,
    /// What may be mentioned; the answer is a list of `{ label, href, note }`.
    pub(crate) mentions: Rc<dyn Fn(String) -> Promise>,
}

/// What is to be done with an image or a recording.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct MediaUse {
    /// `crop`, `frame`, `poster`, `chapters`, `transcript`.
    pub(crate) tool: String,
    pub(crate) source: String,
    /// The picture that a film shows now.
    pub(crate) frame: Option<web_sys::Blob>,
}

/// What the editor asks about an image or another file.
#[derive(Clone)]
pub(crate) struct ImageQuestions {
    /// Where it is found.
    pub(crate) address: Question,
    /// What is said at it.
    pub(crate) note: Question,
    /// What its button is called, where there is one.
    pub(crate) retry: Question,
    /// The chapters and the transcript of a recording, as JSON.
    pub(crate) track: Question,
    /// Kind and size of a file that the text links to.
    pub(crate) about: Question,
}

pub(crate) type Question = Rc<dyn Fn(String) -> Option<String>>;

/// A place in the text, by a number of the editor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Place(pub(crate) f64);

pub(super) fn questions(calls: &Calls) -> [Closure<dyn Fn(String) -> Option<String>>; 5] {
    let ImageQuestions {
        address,
        note,
        retry,
        track,
        about,
    } = calls.images.clone();
    [address, note, retry, track, about]
        .map(|question| Closure::new(move |source: String| question(source)))
}

pub(super) fn on_files(
    files: Callback<(Vec<File>, Option<Place>)>,
) -> Closure<dyn Fn(JsValue, JsValue)> {
    Closure::new(move |list: JsValue, place: JsValue| {
        let all = Array::from(&list).into_iter();
        let all = all.filter_map(|file| file.dyn_into().ok()).collect();
        files.emit((all, place.as_f64().map(Place)));
    })
}

pub(super) fn on_media(media: Callback<MediaUse>) -> Closure<dyn Fn(String, String, JsValue)> {
    Closure::new(move |tool: String, source: String, frame: JsValue| {
        let frame = frame.dyn_into().ok();
        media.emit(MediaUse {
            tool,
            source,
            frame,
        });
    })
}

pub(super) fn listeners(calls: Calls) -> [Closure<dyn Fn(JsValue)>; 8] {
    let Calls {
        changed,
        state,
        refused,
        retry,
        link,
        not_played,
        remark,
        asked,
        ..
    } = calls;
    [
        Closure::new(move |splices: JsValue| {
            if let Some(splices) = from_js(&splices) {
                changed.emit(splices);
            }
        }),
        Closure::new(move |told: JsValue| {
            if let Some(told) = from_js::<Told>(&told) {
                state.emit(told.into());
            }
        }),
        Closure::new(move |_: JsValue| refused.emit(())),
        Closure::new(move |source: JsValue| {
            if let Some(source) = source.as_string() {
                retry.emit(source);
            }
        }),
        Closure::new(move |address: JsValue| {
            if let Some(address) = address.as_string() {
                link.emit(address);
            }
        }),
        Closure::new(move |source: JsValue| {
            if let Some(source) = source.as_string() {
                not_played.emit(source);
            }
        }),
        Closure::new(move |id: JsValue| {
            if let Some(id) = id.as_string() {
                remark.emit(id);
            }
        }),
        Closure::new(move |id: JsValue| {
            if let Some(id) = id.as_string() {
                asked.emit(id);
            }
        }),
    ]
}

/// The state as the module tells it.
#[derive(Debug, Deserialize)]
struct Told {
    #[serde(default)]
    active: Vec<String>,
    #[serde(default)]
    block: Option<String>,
    #[serde(default)]
    link: Option<String>,
    #[serde(default)]
    table: Option<Vec<String>>,
    #[serde(default)]
    media: Option<Vec<String>>,
    #[serde(default)]
    words: u64,
    #[serde(default)]
    han: u64,
    #[serde(default)]
    selected: u64,
    #[serde(default)]
    find: Option<Found>,
    #[serde(default)]
    untold: bool,
}

impl From<Told> for EditorState {
    fn from(told: Told) -> Self {
        let mut marks = told.active;
        marks.extend(told.block);
        Self {
            marks: Marks(marks),
            n_words: told.words,
            n_han: told.han,
            n_selected: told.selected,
            found: told.find,
            link: told.link,
            media: told.media,
            table: told.table.map(Marks),
            untold: told.untold,
        }
    }
}
