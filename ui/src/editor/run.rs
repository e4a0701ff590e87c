//! What the toolbar and the menu ask of the editor.

use js_sys::Array;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::HtmlElement;
use yew::Callback;

use super::calls::Place;
use super::pane::SharedSession;

/// Runs a command of the editor and gives the text its focus back.
pub(crate) fn run_tool(session: &SharedSession, command: &str) {
    session.with(|session| {
        session.with_editor(|editor| {
            editor.command(command, &JsValue::NULL);
            editor.focus();
        })
    });
}

/// Puts the focus into the language of the code block with the cursor, after whatever asked for it has
/// given the focus back.
pub(crate) fn edit_language(session: SharedSession) {
    spawn_local(async move {
        gloo_timers::future::TimeoutFuture::new(0).await;
        session.with(|session| {
            session.with_editor(|editor| editor.command("code-language", &JsValue::NULL))
        });
    });
}

/// Gives the selected words an address, or takes it away.
pub(crate) fn set_link(session: &SharedSession, address: &str) {
    let value = if address.is_empty() {
        JsValue::NULL
    } else {
        address.into()
    };
    session.with(|session| {
        session.with_editor(|editor| {
            editor.command("link", &value);
            editor.focus();
        })
    });
}

/// Puts an address on a line of its own, where it is shown as a card.
pub(crate) fn put_card(session: &SharedSession, address: &str) {
    session.with(|session| {
        session.with_editor(|editor| {
            editor.command("embed", &address.into());
            editor.focus();
        })
    });
}

/// A file in a text: its address, and what it shows in words or is called.
pub(crate) struct Put {
    pub(crate) address: String,
    pub(crate) description: String,
    /// Whether the text links to it and does not show it.
    pub(crate) is_linked: bool,
}

/// Puts images and links to files into the text in one step, at a place or else below the cursor; whether it could be
/// done, which it cannot while an input method is composing.
pub(crate) fn put_images(session: &SharedSession, images: &[Put], place: Option<Place>) -> bool {
    let all = Array::new();
    for image in images {
        let (src, alt) = (image.address.as_str(), image.description.as_str());
        let is_linked = image.is_linked.into();
        all.push(&object(&[
            ("src", src.into()),
            ("alt", alt.into()),
            ("isLinked", is_linked),
        ]));
    }
    let place = place.map_or(JsValue::NULL, |Place(number)| number.into());
    let value = object(&[("images", all.into()), ("place", place)]);
    let put = session.with(|session| {
        session.with_editor(|editor| {
            let is_put = editor.command("images", &value);
            editor.focus();
            is_put
        })
    });
    put.flatten().unwrap_or(false)
}

/// Gives every image with one address another one, in one step; whether it could be done, which it
/// cannot while an input method is composing.
pub(super) fn readdress(session: &SharedSession, from: &str, to: &str) -> bool {
    let value = object(&[("from", from.into()), ("to", to.into())]);
    let done =
        session.with(|session| session.with_editor(|editor| editor.command("readdress", &value)));
    done.flatten().unwrap_or(false)
}

/// The place in the text below a point of the page, if the text of the draft is there and somebody
/// may write in it.
pub(crate) fn place_at(session: &SharedSession, x: i32, y: i32) -> Option<Place> {
    let place = session.with(|session| session.with_editor(|editor| editor.place_at(x, y)));
    place.flatten().flatten()
}

/// Whether a point of the page lies on a text in which somebody may write.
pub(crate) fn is_on_text(x: i32, y: i32) -> bool {
    let document = web_sys::window().and_then(|window| window.document());
    #[allow(clippy::cast_precision_loss)] // a point of the screen
    let below = document.and_then(|document| document.element_from_point(x as f32, y as f32));
    let host = below.and_then(|below| below.closest(".editor-host").ok().flatten());
    host.is_some_and(|host| {
        let writable = "[contenteditable=true],textarea:not([readonly])";
        host.query_selector(writable).ok().flatten().is_some()
    })
}

/// An object for the editor's module.
pub(super) fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = js_sys::Object::new();
    for (name, value) in fields {
        // Fails only for objects that are sealed.
        let _ = js_sys::Reflect::set(&object, &(*name).into(), value);
    }
    object.into()
}

/// Puts the letters of the clipboard into the text; where nobody may read it, says so.
pub(crate) fn paste_plain(session: SharedSession, refused: Callback<()>) {
    spawn_local(async move {
        let clipboard = web_sys::window().map(|window| window.navigator().clipboard());
        let read = match clipboard {
            Some(clipboard) => JsFuture::from(clipboard.read_text()).await,
            None => Err(JsValue::NULL),
        };
        match read {
            Ok(text) => {
                session.with(|session| {
                    session.with_editor(|editor| {
                        editor.command("paste-plain", &text);
                        editor.focus();
                    })
                });
            }
            Err(_) => refused.emit(()),
        }
    });
}

/// Whether the cursor is in the text.
pub(crate) fn text_has_focus() -> bool {
    let active: Option<HtmlElement> = crate::parts::focused();
    active.is_some_and(|element| element.closest(".editor-host").ok().flatten().is_some())
}

/// Puts a text on the clipboard.
pub(crate) fn copy(text: &str) {
    if let Some(window) = web_sys::window() {
        // A browser that refuses leaves the clipboard as it was; the text can still be selected.
        let _ = window.navigator().clipboard().write_text(text);
    }
}
