//! The line between two panes, moved by pointer or arrow keys, remembered on this computer.

use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent, PointerEvent};
use yew::prelude::*;

use crate::boot::{root, set_style};

/// How far an arrow key moves it.
const STEP: i32 = 16;

#[derive(Properties, PartialEq)]
pub(crate) struct SplitterProps {
    /// Sets `--<name>-width`.
    pub(crate) name: &'static str,
    pub(crate) label: AttrValue,
    pub(crate) smallest: i32,
    pub(crate) largest: i32,
    pub(crate) usual: i32,
}

#[component]
pub(crate) fn Splitter(props: &SplitterProps) -> Html {
    let width = use_width(props.name, props.usual);
    let dragged_from = use_state(|| None::<(i32, i32)>);
    let set = {
        let (width, smallest, largest) = (width.clone(), props.smallest, props.largest);
        Callback::from(move |wanted: i32| width.set(wanted.clamp(smallest, largest)))
    };
    let down = {
        let (dragged_from, width) = (dragged_from.clone(), width.clone());
        Callback::from(move |event: PointerEvent| {
            capture(&event);
            dragged_from.set(Some((event.client_x(), *width)));
        })
    };
    let moved = {
        let (dragged_from, set) = (dragged_from.clone(), set.clone());
        Callback::from(move |event: PointerEvent| {
            if let Some((x, before)) = *dragged_from {
                set.emit(before + event.client_x() - x);
            }
        })
    };
    let up = {
        let dragged_from = dragged_from.clone();
        Callback::from(move |_: PointerEvent| dragged_from.set(None))
    };
    let usual = props.usual;
    html! {
        <div class={classes!("splitter", dragged_from.is_some().then_some("dragged"))} role="separator" tabindex="0"
            aria-orientation="vertical" aria-label={props.label.clone()} aria-valuenow={width.to_string()}
            aria-valuemin={props.smallest.to_string()} aria-valuemax={props.largest.to_string()}
            onpointerdown={down} onpointermove={moved} onpointerup={up}
            onkeydown={by_key(*width, props, set.clone())} ondblclick={set.reform(move |_: MouseEvent| usual)}></div>
    }
}

/// The remembered width, kept in a custom property of the page.
#[hook]
fn use_width(name: &'static str, usual: i32) -> UseStateHandle<i32> {
    let width = use_state_eq(|| usual);
    let setter = width.setter();
    use_effect_with((), move |()| {
        if let Some(known) = remembered(name) {
            setter.set(known);
        }
    });
    use_effect_with(*width, move |width| {
        if let Some(root) = root() {
            set_style(&root, &format!("--{name}-width"), &format!("{width}px"));
        }
        if *width != usual || remembered(name).is_some() {
            remember(name, *width);
        }
    });
    width
}

fn by_key(width: i32, props: &SplitterProps, set: Callback<i32>) -> Callback<KeyboardEvent> {
    let (smallest, largest, usual) = (props.smallest, props.largest, props.usual);
    Callback::from(move |event: KeyboardEvent| {
        let wanted = match event.key().as_str() {
            "ArrowLeft" => width - STEP,
            "ArrowRight" => width + STEP,
            "Home" => smallest,
            "End" => largest,
            "Enter" => usual,
            _ => return,
        };
        event.prevent_default();
        set.emit(wanted);
    })
}

fn capture(event: &PointerEvent) {
    if let Some(target) = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
    {
        // Fails only when the pointer is gone already.
        let _ = target.set_pointer_capture(event.pointer_id());
    }
}

fn remembered(name: &str) -> Option<i32> {
    let storage = web_sys::window()?.local_storage().ok()??;
    storage.get_item(&key(name)).ok()??.parse().ok()
}

fn remember(name: &str, width: i32) {
    let storage = web_sys::window().and_then(|window| window.local_storage().ok()?);
    if let Some(storage) = storage {
        // A full storage only forgets a width.
        let _ = storage.set_item(&key(name), &width.to_string());
    }
}

fn key(name: &str) -> String {
    format!("stoa-{name}-width")
}
