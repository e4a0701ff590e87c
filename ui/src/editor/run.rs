//! What the toolbar and the menu ask of the editor.

use wasm_bindgen::JsValue;
use web_sys::HtmlElement;

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

/// Puts an image where the cursor is.
pub(crate) fn put_image(session: &SharedSession, address: &str, description: &str) {
    let value = js_sys::Object::new();
    for (name, text) in [("src", address), ("alt", description)] {
        // Fails only for objects that are sealed.
        let _ = js_sys::Reflect::set(&value, &name.into(), &text.into());
    }
    session.with(|session| {
        session.with_editor(|editor| {
            editor.command("image", &value);
            editor.focus();
        })
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
