//! A lesson in the outline: where it stands, when it opens, and what can be done with it.

use std::rc::Rc;

use stoa_domain::{Opens, Shelf};
use stoa_ipc::{CourseOutline, LessonInfo, RemoveLesson};
use yew::prelude::*;

use super::drag::{Grip, GripProps};
use super::order::Moved;
use super::state::{Course, title_of};
use super::terms::TermsForm;
use crate::parts::{Button, ButtonKind};
use crate::t;
use crate::texts::{Words, use_words};
use crate::view::{Step, use_view};
use crate::zone::{Zone, use_zone};

#[derive(Properties, PartialEq)]
pub(super) struct LessonRowProps {
    pub(super) course: Course,
    pub(super) outline: Rc<CourseOutline>,
    pub(super) lesson: LessonInfo,
    pub(super) number: usize,
    pub(super) editable: bool,
}

#[component]
pub(super) fn LessonRow(props: &LessonRowProps) -> Html {
    let words = use_words();
    let view = use_view().dispatcher();
    let is_open = use_state_eq(|| false);
    let lesson = &props.lesson;
    let (id, title) = (lesson.draft, title_of(&words, &lesson.title));
    let open = Callback::from(move |_: MouseEvent| view.dispatch(Step::Open(id)));
    let toggle = {
        let is_open = is_open.clone();
        Callback::from(move |_: MouseEvent| is_open.set(!*is_open))
    };
    let close = {
        let is_open = is_open.setter();
        Callback::from(move |()| is_open.set(false))
    };
    let grip = GripProps {
        course: props.course.clone(),
        moved: Moved::Lesson(id),
        label: t!(words, "lesson-grip", title = title.as_str()),
    };
    let terms = terms_of((&words, &use_zone()), &props.outline, lesson);
    html! {
        <li class="lesson" data-testid="lesson" data-lesson={id.to_string()}>
            if props.editable { <Grip ..grip /> }
            <span class="lesson-number num" aria-hidden="true">{ props.number }</span>
            <button type="button" class="lesson-title" onclick={open} aria-label={t!(words, "lesson-open", title = title.as_str())} data-testid="lesson-open">{ title.clone() }</button>
            <span class={classes!("chip", class_of(lesson.shelf))}>{ words.get(&format!("lesson-{}", lesson.shelf.as_str())) }</span>
            if props.editable {
                <Button kind={ButtonKind::Quiet} icon="settings" icon_only=true pressed={Some(*is_open)}
                    label={t!(words, "lesson-settings", title = title.as_str())} onclick={toggle} testid="lesson-settings" />
            }
            if !terms.is_empty() { <p class="lesson-terms" data-testid="lesson-terms">{ terms }</p> }
            if *is_open && props.editable {
                <div class="lesson-form">
                    <TermsForm course={props.course.clone()} outline={props.outline.clone()} lesson={lesson.clone()} onclose={close} />
                    <RemoveButton course={props.course.clone()} lesson={lesson.clone()} />
                </div>
            }
        </li>
    }
}

fn class_of(shelf: Shelf) -> &'static str {
    match shelf {
        Shelf::Published => "ok",
        Shelf::Drafts | Shelf::InReview | Shelf::Scheduled | Shelf::Archived | Shelf::Bin => "",
    }
}

/// When it opens and what is to be finished before it, in words; empty where it just opens.
fn terms_of(
    (words, zone): (&Words, &Zone),
    outline: &CourseOutline,
    lesson: &LessonInfo,
) -> String {
    let opens = match lesson.opens {
        Opens::AtOnce => None,
        Opens::AfterDays { days } => Some(t!(words, "lesson-after-days", days = days)),
        Opens::At { at } => {
            let when = zone.moment(words.tag(), at);
            Some(t!(words, "lesson-from", when = when))
        }
    };
    let required = lesson.requires.filter(|_| lesson.requirement_counts);
    let required = required.and_then(|id| outline.lessons().find(|other| other.draft == id));
    let required = required.map(|other| {
        let title = title_of(words, &other.title);
        t!(words, "lesson-after-lesson", title = title.as_str())
    });
    let said: Vec<String> = [opens, required]
        .into_iter()
        .flatten()
        .map(|said| said.to_string())
        .collect();
    said.join(" · ")
}

#[derive(Properties, PartialEq)]
struct RemoveButtonProps {
    course: Course,
    lesson: LessonInfo,
}

#[component]
fn RemoveButton(props: &RemoveButtonProps) -> Html {
    let words = use_words();
    let onclick = {
        let (of, draft) = (props.course.clone(), props.lesson.draft);
        let title = title_of(&words, &props.lesson.title);
        let said = t!(words, "lesson-removed", title = title.as_str());
        Callback::from(move |_: MouseEvent| {
            let course = of.id();
            of.run(
                RemoveLesson { course, draft },
                said.clone(),
                Callback::noop(),
            );
        })
    };
    html! {
        <div class="buttons"><Button kind={ButtonKind::Quiet} label={t!(words, "lesson-remove")} {onclick} testid="lesson-remove" /></div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::course::state::tests::{id, outline};

    #[test]
    fn only_terms_that_count_are_said() {
        let course = outline();
        let words = Words::new("zh-CN");
        let of = |lesson: &LessonInfo| {
            terms_of((&words, &Zone::default()), &course, lesson)
                .replace(['\u{2068}', '\u{2069}'], "")
        };
        let mut lesson = course.lessons().nth(2).unwrap().clone();
        assert_eq!(of(&lesson), "");
        lesson.opens = Opens::AfterDays { days: 7 };
        lesson.requires = Some(id(1));
        assert_eq!(of(&lesson), "加入 7 天后");
        lesson.requirement_counts = true;
        assert_eq!(of(&lesson), "加入 7 天后 · 学完《第1课》后");
    }
}
