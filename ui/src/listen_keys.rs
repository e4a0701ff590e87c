//! Brings the keys of the page to [`Keys`] and runs what they mean.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{CompositionEvent, Element, HtmlElement, KeyboardEvent};
use yew::prelude::*;

use crate::commands::{Commands, use_commands};
use crate::host::{use_app, use_host};
use crate::keys::{Keys, Meaning, Place, Press};

/// Widgets whose keys are their own.
const FOREIGN: &str = "[role=menu],[role=listbox],[role=combobox],[role=tree],[role=dialog],\
    [role=alertdialog],[role=slider],[role=tablist],[role=radiogroup],[role=toolbar],dialog,select";

/// Listens for as long as the window lives.
#[hook]
pub(crate) fn use_key_dispatcher() {
    let host = use_host();
    let commands = use_commands();
    let letters = use_mut_ref(|| true);
    *letters.borrow_mut() = use_app().preferences().letter_keys;
    let keys = use_mut_ref(|| Keys::new(host.platform));
    use_effect_with((), move |()| {
        let pressed = on_key(keys.clone(), letters, commands);
        let ended = Closure::<dyn Fn(CompositionEvent)>::new(move |event: CompositionEvent| {
            keys.borrow_mut().composition_ended(event.time_stamp());
        });
        let window = web_sys::window();
        if let Some(window) = &window {
            // Capturing, so that a widget that stops its keys does not stop ours. Cannot fail.
            let _ = window.add_event_listener_with_callback_and_bool(
                "keydown",
                pressed.as_ref().unchecked_ref(),
                true,
            );
            let _ = window.add_event_listener_with_callback_and_bool(
                "compositionend",
                ended.as_ref().unchecked_ref(),
                true,
            );
        }
        move || {
            if let Some(window) = window {
                let _ = window.remove_event_listener_with_callback_and_bool(
                    "keydown",
                    pressed.as_ref().unchecked_ref(),
                    true,
                );
                let _ = window.remove_event_listener_with_callback_and_bool(
                    "compositionend",
                    ended.as_ref().unchecked_ref(),
                    true,
                );
            }
        }
    });
}

type OnKey = Closure<dyn Fn(KeyboardEvent)>;

fn on_key(keys: Rc<RefCell<Keys>>, letters: Rc<RefCell<bool>>, commands: Commands) -> OnKey {
    Closure::new(move |event: KeyboardEvent| {
        let press = press_of(&event);
        let meaning = keys
            .borrow_mut()
            .understand(&press, place_of(&event), *letters.borrow());
        if let Meaning::Run(meant) = meaning
            && let Some(id) = able(meant, &commands)
        {
            event.prevent_default();
            event.stop_propagation();
            commands.run(id);
        }
    })
}

/// What a key does now: one that two commands share does what the first can do here, or the second.
fn able(meant: &'static str, commands: &Commands) -> Option<&'static str> {
    let specs = stoa_ipc::commands();
    let keys = specs.iter().find(|spec| spec.id == meant)?.keys;
    let shares = |spec: &&stoa_ipc::CommandSpec| spec.keys.iter().any(|key| keys.contains(key));
    let others = specs.iter().filter(shares).map(|spec| spec.id);
    [meant]
        .into_iter()
        .chain(others)
        .find(|id| commands.can_run(id))
}

fn press_of(event: &KeyboardEvent) -> Press {
    Press {
        key: event.key(),
        ctrl: event.ctrl_key(),
        meta: event.meta_key(),
        shift: event.shift_key(),
        alt: event.alt_key(),
        composing: event.is_composing() || event.key_code() == 229,
        at: event.time_stamp(),
    }
}

fn place_of(event: &KeyboardEvent) -> Place {
    let target: Option<Element> = event.target().and_then(|target| target.dyn_into().ok());
    let Some(target) = target else {
        return Place::Page;
    };
    let inside = |selector: &str| target.closest(selector).ok().flatten().is_some();
    if inside("[data-keys=list]") && !is_text(&target) {
        Place::List
    } else if dialog_is_open() || inside(FOREIGN) {
        Place::Foreign
    } else if is_text(&target) {
        Place::Text
    } else {
        Place::Page
    }
}

fn dialog_is_open() -> bool {
    let document = web_sys::window().and_then(|window| window.document());
    document
        .and_then(|document| document.query_selector("dialog[open]").ok().flatten())
        .is_some()
}

fn is_text(target: &Element) -> bool {
    let editable = target
        .dyn_ref::<HtmlElement>()
        .is_some_and(HtmlElement::is_content_editable);
    editable || matches!(target.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
}

/// Whether a key belongs to an input method, for the few fields that handle keys themselves.
pub(crate) fn is_composing(event: &KeyboardEvent) -> bool {
    event.is_composing() || event.key_code() == 229
}
