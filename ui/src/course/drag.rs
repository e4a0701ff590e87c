//! The handle by which a lesson or section is moved: by arrow keys, and a lesson by the pointer.

use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

use super::order::{Moved, Spot, Way, put_beside, put_into};
use super::state::{Course, grip_id};
use crate::parts::Icon;

/// The class of the place where a lesson would be put down.
const BEFORE: &str = "put-before";
const BEHIND: &str = "put-behind";
const INTO: &str = "put-into";

#[derive(Properties, Clone, PartialEq)]
pub(super) struct GripProps {
    pub(super) course: Course,
    pub(super) moved: Moved,
    pub(super) label: AttrValue,
}

#[component]
pub(super) fn Grip(props: &GripProps) -> Html {
    let (course, moved) = (props.course.clone(), props.moved);
    let onkeydown = {
        let course = course.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.ctrl_key() || event.meta_key() || event.alt_key() || event.shift_key() {
                return;
            }
            let way = match event.key().as_str() {
                "ArrowUp" => Way::Up,
                "ArrowDown" => Way::Down,
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            course.step(moved, way);
        })
    };
    let (onpointerdown, onpointermove, onpointerup) = use_pointer(&course, moved);
    let onpointercancel = Callback::from(|_: PointerEvent| unmark());
    html! {
        <button type="button" class="grip" id={grip_id(moved)} aria-label={props.label.clone()} title={props.label.clone()}
            {onkeydown} {onpointerdown} {onpointermove} {onpointerup} {onpointercancel} data-testid="grip">
            <Icon name="chevrons-up-down" />
        </button>
    }
}

type OnPointer = Callback<PointerEvent>;

#[hook]
fn use_pointer(course: &Course, moved: Moved) -> (OnPointer, OnPointer, OnPointer) {
    let target = use_mut_ref(|| None::<Target>);
    let down = Callback::from(move |event: PointerEvent| {
        let grip: Element = event.target_unchecked_into();
        // Without it the pointer is followed only above the handle.
        let _ = grip.set_pointer_capture(event.pointer_id());
    });
    let follow = {
        let target = target.clone();
        Callback::from(move |event: PointerEvent| {
            if event.buttons() & 1 == 0 || !matches!(moved, Moved::Lesson(_)) {
                return;
            }
            unmark();
            let found = Target::at(&event);
            if let Some(found) = &found {
                found.mark();
            }
            *target.borrow_mut() = found;
        })
    };
    let up = {
        let course = course.clone();
        Callback::from(move |_: PointerEvent| {
            unmark();
            let found = target.borrow_mut().take();
            let (Some(found), Moved::Lesson(draft)) = (found, moved) else {
                return;
            };
            if let Some(spot) = found.spot(&course, draft) {
                course.put(draft, spot);
            }
        })
    };
    (down, follow, up)
}

/// What lies under the pointer.
struct Target {
    element: Element,
    is_behind: bool,
}

impl Target {
    fn at(event: &PointerEvent) -> Option<Self> {
        let document = web_sys::window()?.document()?;
        #[allow(clippy::cast_precision_loss)] // a place on the screen
        let (x, y) = (event.client_x() as f32, event.client_y() as f32);
        let under = document.element_from_point(x, y)?;
        let element = under.closest("[data-lesson], .section-head").ok()??;
        let shown = element.get_bounding_client_rect();
        let is_behind = f64::from(y) > shown.y() + shown.height() / 2.0;
        Some(Self { element, is_behind })
    }

    fn mark(&self) {
        let class = match (self.element.has_attribute("data-lesson"), self.is_behind) {
            (false, _) => INTO,
            (true, false) => BEFORE,
            (true, true) => BEHIND,
        };
        // Fails only for a class that is none.
        let _ = self.element.class_list().add_1(class);
    }

    fn spot(&self, course: &Course, draft: stoa_domain::DraftId) -> Option<Spot> {
        let outline = course.outline()?;
        if let Some(other) = self.element.get_attribute("data-lesson") {
            return put_beside(&outline, draft, (other.parse().ok()?, self.is_behind));
        }
        let section = self.element.closest("[data-section]").ok()??;
        let section = section.get_attribute("data-section")?.parse().ok()?;
        put_into(&outline, draft, section)
    }
}

/// Takes the marks away.
fn unmark() {
    let document = web_sys::window().and_then(|window| window.document());
    let marked = document.and_then(|document| {
        let marked = format!(".{BEFORE}, .{BEHIND}, .{INTO}");
        document.query_selector_all(&marked).ok()
    });
    let Some(marked) = marked else { return };
    for n in 0..marked.length() {
        let element = marked
            .item(n)
            .and_then(|node| node.dyn_into::<Element>().ok());
        if let Some(element) = element {
            // Fails only for a class that is none.
            let _ = element.class_list().remove_3(BEFORE, BEHIND, INTO);
        }
    }
}
