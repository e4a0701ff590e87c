//! The editor's JavaScript module as Rust sees it. It is fetched when the first draft is opened;
//! every position is a UTF-16 offset of the Markdown.

use js_sys::{Array, Function, Object, Promise, Reflect};
use serde::Deserialize;
use stoa_domain::Splice;
use stoa_ipc::Passage;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, HtmlElement};

use super::calls::{Calls, Place, listeners, on_files, on_media, questions};
use super::run::object;
use super::texts::texts_for;
use super::ways::Writing;
use crate::texts::Words;

/// What the toolbar shows as pressed.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Marks(pub(super) Vec<String>);

impl Marks {
    pub(crate) fn has(&self, command: &str) -> bool {
        self.0.iter().any(|mark| mark == command)
    }

    #[cfg(test)]
    pub(crate) fn of(names: &[&str]) -> Self {
        Self(names.iter().map(|name| (*name).to_owned()).collect())
    }
}

/// What the editor tells about itself.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct EditorState {
    pub(crate) marks: Marks,
    pub(crate) n_words: u64,
    /// How many of them are Han characters.
    pub(crate) n_han: u64,
    /// Words in the selection.
    pub(crate) n_selected: u64,
    /// What was looked for and is found.
    pub(crate) found: Option<Found>,
    /// The address of the link that the cursor stands in.
    pub(crate) link: Option<String>,
    /// Which of images, sounds and films stand on lines of their own; unknown in the source.
    pub(crate) media: Option<Vec<String>>,
    /// What can be done to the table that the cursor stands in.
    pub(crate) table: Option<Marks>,
    /// Whether something was typed that the editor has not told yet.
    pub(crate) untold: bool,
}

/// How many matches there are, and which of them is selected, from 1; 0 when none is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
pub(crate) struct Found {
    pub(crate) count: u64,
    pub(crate) current: u64,
}

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Query {
    pub(crate) text: String,
    pub(crate) match_case: bool,
    pub(crate) whole_word: bool,
}

/// A heading and where it begins.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct Heading {
    pub(crate) level: u8,
    pub(crate) text: String,
    pub(crate) at: u32,
}

/// A passage that somebody remarked on.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Remark {
    pub(crate) id: String,
    pub(crate) at: Passage,
    pub(crate) is_current: bool,
}

impl Remark {
    fn to_js(&self) -> JsValue {
        let offset = |at: usize| JsValue::from(u32::try_from(at).unwrap_or(u32::MAX));
        object(&[
            ("id", self.id.as_str().into()),
            ("from", offset(self.at.from)),
            ("to", offset(self.at.to)),
            ("isCurrent", self.is_current.into()),
        ])
    }
}

/// A selection that the editor holds on to while its text changes.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct HeldPassage {
    pub(crate) text: String,
    from: u32,
    to: u32,
}

/// How an editor begins.
pub(crate) struct Beginning<'a> {
    pub(crate) markdown: &'a str,
    pub(crate) source_mode: bool,
    pub(crate) read_only: bool,
    pub(crate) words: &'a Words,
}

/// An editor in the page.
pub(crate) struct Editor {
    module: JsValue,
    handle: JsValue,
    // Kept for as long as the editor may call them.
    _calls: [Closure<dyn Fn(JsValue)>; 8],
    _media: Closure<dyn Fn(String, String, JsValue)>,
    _mentions: Closure<dyn Fn(String) -> Promise>,
    _files: Closure<dyn Fn(JsValue, JsValue)>,
    _questions: [Closure<dyn Fn(String) -> Option<String>>; 5],
}

impl Editor {
    /// Fetches the module and opens a text inside `host`.
    pub(crate) async fn create(
        host: Element,
        beginning: Beginning<'_>,
        calls: Calls,
    ) -> Result<Self, JsValue> {
        let options = options(&beginning)?;
        let module = module().await?;
        let questions = questions(&calls);
        let names = [
            "imageSource",
            "imageNote",
            "imageRetry",
            "imageTrack",
            "fileAbout",
        ];
        for (name, question) in names.iter().zip(&questions) {
            Reflect::set(&options, &(*name).into(), question.as_ref())?;
        }
        let files = on_files(calls.files.clone());
        Reflect::set(&options, &"onFiles".into(), files.as_ref())?;
        let media = on_media(calls.media.clone());
        Reflect::set(&options, &"onMedia".into(), media.as_ref())?;
        let ask = calls.mentions.clone();
        let mentions = Closure::<dyn Fn(String) -> Promise>::new(move |query| ask(query));
        Reflect::set(&options, &"mentions".into(), mentions.as_ref())?;
        let calls = listeners(calls);
        let names = [
            "onChange",
            "onState",
            "onRefused",
            "onImageRetry",
            "onLink",
            "onPlayerError",
            "onRemark",
            "onAsk",
        ];
        for (name, call) in names.iter().zip(&calls) {
            Reflect::set(&options, &(*name).into(), call.as_ref())?;
        }
        let create: Function = Reflect::get(&module, &"create".into())?.dyn_into()?;
        let handle = create.call2(&module, &host, &options)?;
        Ok(Self {
            module,
            handle,
            _calls: calls,
            _media: media,
            _mentions: mentions,
            _files: files,
            _questions: questions,
        })
    }

    /// Tells everything now, unless an input method is composing.
    pub(crate) fn flush(&self) {
        self.ask("flush", &[]);
    }

    /// The Markdown as it stands, for the rescue of a text that cannot be saved.
    pub(crate) fn text(&self) -> String {
        self.ask("text", &[])
            .and_then(|text| text.as_string())
            .unwrap_or_default()
    }

    /// Shows changes from elsewhere; false when somebody is typing.
    pub(crate) fn patch(&self, splices: &[Splice]) -> bool {
        let list: Array = splices.iter().filter_map(splice_to_js).collect();
        self.ask("patch", &[list.into()])
            .is_some_and(|shown| shown.is_truthy())
    }

    /// The place in the text below a point of the page; it moves with the text.
    pub(crate) fn place_at(&self, x: i32, y: i32) -> Option<Place> {
        let place = self.ask("placeAt", &[x.into(), y.into()])?;
        place.as_f64().map(Place)
    }

    /// Draws the images anew: some came, or more is known of them.
    pub(crate) fn show_images(&self) {
        self.ask("showImages", &[]);
    }

    pub(crate) fn set_source_mode(&self, source: bool) {
        self.ask("setMode", &[mode(source).into()]);
    }

    pub(crate) fn set_texts(&self, words: &Words) {
        let (label, placeholder) = (words.get("editor-label"), words.get("editor-placeholder"));
        if let Ok(texts) = texts_to_js(words) {
            self.ask(
                "setTexts",
                &[
                    words.tag().into(),
                    texts,
                    label.as_str().into(),
                    placeholder.as_str().into(),
                ],
            );
        }
    }

    pub(crate) fn command(&self, name: &str, value: &JsValue) -> bool {
        self.ask("command", &[name.into(), value.clone()])
            .is_some_and(|done| done.is_truthy())
    }

    /// Puts the cursor where it was.
    pub(crate) fn focus(&self) {
        self.ask("focus", &["keep".into()]);
    }

    /// Puts the cursor at an offset.
    pub(crate) fn reveal(&self, at: u32) {
        self.ask("reveal", &[at.into()]);
    }

    /// The letters that are selected.
    pub(crate) fn selected(&self) -> String {
        let text = self.ask("selected", &[]);
        text.and_then(|text| text.as_string()).unwrap_or_default()
    }

    /// Marks passages, and no others.
    pub(crate) fn remark(&self, remarks: &[Remark]) {
        let list: Array = remarks.iter().map(Remark::to_js).collect();
        self.ask("remark", &[list.into()]);
    }

    /// Selects a marked passage; false when it is not there.
    pub(crate) fn reveal_remark(&self, id: &str) -> bool {
        self.ask("revealRemark", &[id.into()])
            .is_some_and(|shown| shown.is_truthy())
    }

    /// Holds on to what is selected; `None` when nothing is.
    pub(crate) fn hold(&self) -> Option<HeldPassage> {
        self.ask("hold", &[]).and_then(|held| from_js(&held))
    }

    /// Where what was held is now; `None` when nobody knows any more.
    pub(crate) fn passage(&self, held: &HeldPassage) -> Option<Passage> {
        let place = self.ask("passage", &[held.from.into(), held.to.into()])?;
        from_js(&place)
    }

    /// Marks what is looked for and selects the next; an empty text ends it.
    pub(crate) fn find(&self, query: &Query) {
        let options = object(&[
            ("matchCase", query.match_case.into()),
            ("wholeWord", query.whole_word.into()),
        ]);
        self.ask("find", &[query.text.as_str().into(), options]);
    }

    /// Puts a text in the place of the selected match, or of all; how many were replaced.
    pub(crate) fn replace(&self, text: &str, all: bool) -> u64 {
        let n = self.ask("replace", &[text.into(), all.into()]);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a small count
        n.and_then(|n| n.as_f64()).map_or(0, |n| n as u64)
    }

    pub(crate) fn set_writing(&self, writing: Writing) {
        let writing = object(&[
            ("typewriter", writing.typewriter.into()),
            ("focus", writing.focus.into()),
        ]);
        self.ask("setWriting", &[writing]);
    }

    pub(crate) fn outline(&self) -> Vec<Heading> {
        self.ask("outline", &[])
            .and_then(|list| from_js(&list))
            .unwrap_or_default()
    }

    pub(crate) fn destroy(self) {
        self.ask("destroy", &[]);
    }

    /// Calls a function of the module with the handle; a refusal is no answer.
    fn ask(&self, name: &str, args: &[JsValue]) -> Option<JsValue> {
        let function: Function = Reflect::get(&self.module, &name.into())
            .ok()?
            .dyn_into()
            .ok()?;
        let all = Array::of1(&self.handle);
        for arg in args {
            all.push(arg);
        }
        function.apply(&self.module, &all).ok()
    }
}

/// Puts the cursor into the text of the open draft, as soon as there is one.
pub(crate) fn focus_editor() {
    wasm_bindgen_futures::spawn_local(async {
        for _ in 0..40 {
            if let Some(text) = editable() {
                // Fails only for an element that is going away.
                let _ = text.focus();
                return;
            }
            gloo_timers::future::TimeoutFuture::new(25).await;
        }
    });
}

fn editable() -> Option<HtmlElement> {
    let document = web_sys::window()?.document()?;
    let found =
        document.query_selector(".editor-host [contenteditable=true],.editor-host textarea");
    found.ok()??.dyn_into().ok()
}

async fn module() -> Result<JsValue, JsValue> {
    let load: Function = Reflect::get(&js_sys::global(), &"stoaEditor".into())?.dyn_into()?;
    let promise: Promise = load.call0(&JsValue::NULL)?.dyn_into()?;
    JsFuture::from(promise).await
}

fn options(beginning: &Beginning<'_>) -> Result<Object, JsValue> {
    let options = Object::new();
    let words = beginning.words;
    let fields: [(&str, JsValue); 7] = [
        ("markdown", beginning.markdown.into()),
        ("lang", words.tag().into()),
        ("mode", mode(beginning.source_mode).into()),
        ("readOnly", beginning.read_only.into()),
        ("texts", texts_to_js(words)?),
        ("label", words.get("editor-label").as_str().into()),
        (
            "placeholder",
            words.get("editor-placeholder").as_str().into(),
        ),
    ];
    for (name, value) in &fields {
        Reflect::set(&options, &(*name).into(), value)?;
    }
    Ok(options)
}

fn mode(source: bool) -> &'static str {
    if source { "source" } else { "rich" }
}

fn splice_to_js(splice: &Splice) -> Option<JsValue> {
    js_sys::JSON::parse(&serde_json::to_string(splice).ok()?).ok()
}

fn texts_to_js(words: &Words) -> Result<JsValue, JsValue> {
    js_sys::JSON::parse(&texts_for(words).to_string())
}

pub(super) fn from_js<T: serde::de::DeserializeOwned>(value: &JsValue) -> Option<T> {
    let text = js_sys::JSON::stringify(value).ok()?;
    serde_json::from_str(&String::from(text)).ok()
}
