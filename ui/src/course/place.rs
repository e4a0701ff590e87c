//! In a lesson: where it stands in its course, and the way to the others.

use stoa_domain::DraftId;
use stoa_ipc::{DraftSummary, Event, GetLessonPlace, LessonPlace};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::state::title_of;
use crate::host::{use_events, use_host};
use crate::parts::{Button, ButtonKind};
use crate::t;
use crate::texts::use_words;
use crate::view::{Step, use_view};

#[derive(Properties, PartialEq)]
pub(crate) struct LessonLineProps {
    pub(crate) draft: DraftSummary,
}

/// Nothing for a draft that stands in no course.
#[component]
pub(crate) fn LessonLine(props: &LessonLineProps) -> Html {
    let words = use_words();
    let view = use_view().dispatcher();
    let place = use_place(&props.draft);
    let Some(place) = place.filter(|_| props.draft.course.is_some()) else {
        return Html::default();
    };
    let open = |id: Option<DraftId>| {
        let view = view.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(id) = id {
                view.dispatch(Step::Open(id));
            }
        })
    };
    let (n, of) = (place.number, place.n_lessons);
    let title = title_of(&words, &place.course_title);
    html! {
        <nav class="lesson-line" aria-label={t!(words, "lesson-of")} data-testid="lesson-line">
            <Button kind={ButtonKind::Quiet} icon="arrow-left" icon_only=true label={t!(words, "lesson-previous")}
                disabled={place.previous.is_none()} onclick={open(place.previous)} testid="lesson-previous" />
            <span class="num">{ t!(words, "lesson-number", n = n, of = of) }</span>
            <button type="button" class="lesson-course" onclick={open(Some(place.course))} data-testid="lesson-course">{ title }</button>
            <Button kind={ButtonKind::Quiet} icon="arrow-right" icon_only=true label={t!(words, "lesson-next")}
                disabled={place.next.is_none()} onclick={open(place.next)} testid="lesson-next" />
        </nav>
    }
}

#[hook]
fn use_place(draft: &DraftSummary) -> Option<LessonPlace> {
    let host = use_host();
    let place = use_state_eq(|| None::<LessonPlace>);
    let id = draft.id;
    let ask = {
        let setter = place.setter();
        Callback::from(move |()| {
            let (host, setter) = (host.clone(), setter.clone());
            spawn_local(async move {
                // A draft that is gone says so in the editor.
                if let Ok(found) = host.call(GetLessonPlace { id }).await {
                    setter.set(found);
                }
            });
        })
    };
    {
        let ask = ask.clone();
        use_effect_with((id, draft.course), move |_| ask.emit(()));
    }
    let is_lesson = draft.course.is_some();
    use_events(Callback::from(move |event: Event| {
        if matches!(event, Event::Drafts(_)) && is_lesson {
            ask.emit(());
        }
    }));
    (*place).clone()
}
