//! Rich text for the clipboard.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{ClipboardEvent, Event, HtmlDocument};

/// Puts a text on the clipboard, formatted and plain. Has to be called while a click is being
/// handled. False when the host does not let it happen.
///
/// The event of copying takes both forms in every engine; the asynchronous clipboard takes rich
/// text in some only, and not after waiting for an answer.
pub(super) fn to_clipboard(html: &str, plain: &str) -> bool {
    let window = web_sys::window().expect("a page has a window");
    let Some(document) = window
        .document()
        .and_then(|d| d.dyn_into::<HtmlDocument>().ok())
    else {
        return false;
    };
    let is_taken = Rc::new(Cell::new(false));
    let fill = {
        let (html, plain, is_taken) = (html.to_owned(), plain.to_owned(), is_taken.clone());
        Closure::<dyn Fn(ClipboardEvent)>::new(move |event: ClipboardEvent| {
            let Some(clipboard) = event.clipboard_data() else {
                return;
            };
            let both = clipboard
                .set_data("text/html", &html)
                .and_then(|()| clipboard.set_data("text/plain", &plain));
            event.prevent_default();
            event.stop_immediate_propagation();
            is_taken.set(both.is_ok());
        })
    };
    // WebKit copies without a selection only for a page that says beforehand that it will.
    let willing = Closure::<dyn Fn(Event)>::new(|event: Event| event.prevent_default());
    let listeners = [
        ("copy", fill.as_ref().unchecked_ref()),
        ("beforecopy", willing.as_ref().unchecked_ref()),
    ];
    for (name, listener) in listeners {
        // Fails for no name of an event.
        let _ = document.add_event_listener_with_callback_and_bool(name, listener, true);
    }
    // Whether it was done is known from the event alone.
    let _ = document.exec_command("copy");
    for (name, listener) in listeners {
        let _ = document.remove_event_listener_with_callback_and_bool(name, listener, true);
    }
    is_taken.get()
}
