//! A section with its lessons.

use std::rc::Rc;

use stoa_ipc::{CourseOutline, DeleteSection, Failure, OutlinePart, RenameSection, SectionInfo};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::drag::{Grip, GripProps};
use super::lesson::LessonRow;
use super::order::{Moved, Spot};
use super::state::Course;
use crate::parts::{Button, ButtonKind};
use crate::t;
use crate::texts::use_words;

#[derive(Properties, PartialEq)]
pub(super) struct PartProps {
    pub(super) course: Course,
    pub(super) outline: Rc<CourseOutline>,
    pub(super) part: OutlinePart,
    /// The number of its first lesson.
    pub(super) first: usize,
    pub(super) editable: bool,
}

#[component]
pub(super) fn PartView(props: &PartProps) -> Html {
    let words = use_words();
    let part = &props.part;
    let rows = part.lessons.iter().enumerate().map(|(n, lesson)| {
        html! {
            <LessonRow key={lesson.draft.to_string()} course={props.course.clone()} outline={props.outline.clone()}
                lesson={lesson.clone()} number={props.first + n} editable={props.editable} />
        }
    });
    let list = html! { <ol class="lessons" role="list">{ for rows }</ol> };
    let Some(section) = &part.section else {
        return match part.lessons.is_empty() {
            true => Html::default(),
            false => list,
        };
    };
    html! {
        <section class="course-part" aria-label={section.title.clone()} data-testid="section" data-section={section.id.to_string()}>
            <SectionHead course={props.course.clone()} section={section.clone()} end={Spot::end_of(part)} editable={props.editable} />
            if part.lessons.is_empty() { <p class="quiet">{ t!(words, "section-empty") }</p> }
            { list }
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct SectionHeadProps {
    course: Course,
    section: SectionInfo,
    end: Spot,
    editable: bool,
}

#[component]
fn SectionHead(props: &SectionHeadProps) -> Html {
    let words = use_words();
    let section = &props.section;
    let is_naming = use_state_eq(|| false);
    let name = {
        let is_naming = is_naming.setter();
        Callback::from(move |_: MouseEvent| is_naming.set(true))
    };
    let close = {
        let is_naming = is_naming.setter();
        Callback::from(move |()| is_naming.set(false))
    };
    let (course, id) = (props.course.id(), section.id);
    let save = {
        let of = props.course.clone();
        Callback::from(move |(title, answered)| {
            let section = id;
            let rename = RenameSection {
                course,
                section,
                title,
            };
            of.try_to(rename, answered);
        })
    };
    if *is_naming {
        return html! {
            <NameForm title={section.title.clone()} label={t!(words, "section-name")} confirm={t!(words, "section-save")} {save} onclose={close} />
        };
    }
    let delete = {
        let (of, said) = (props.course.clone(), t!(words, "section-deleted"));
        Callback::from(move |_: MouseEvent| {
            let section = id;
            of.run(
                DeleteSection { course, section },
                said.clone(),
                Callback::noop(),
            );
        })
    };
    let new_lesson = {
        let (of, end) = (props.course.clone(), props.end);
        Callback::from(move |_: MouseEvent| of.new_lesson(end))
    };
    let title = section.title.as_str();
    html! {
        <header class="section-head">
            if props.editable {
                <Grip ..GripProps { course: props.course.clone(), moved: Moved::Section(id), label: t!(words, "section-grip", title = title) } />
            }
            <h3>{ title.to_owned() }</h3>
            if props.editable {
                <Button kind={ButtonKind::Quiet} icon="plus" icon_only=true label={t!(words, "lesson-new-in", section = title)} onclick={new_lesson} testid="lesson-new-in" />
                <Button kind={ButtonKind::Quiet} icon="pencil" icon_only=true label={t!(words, "section-rename", title = title)} onclick={name} testid="section-rename" />
                <Button kind={ButtonKind::Quiet} icon="trash-2" icon_only=true label={t!(words, "section-delete", title = title)} onclick={delete} testid="section-delete" />
            }
        </header>
    }
}

/// What is done with an answer.
type Answered = Callback<Result<CourseOutline, Failure>>;

#[derive(Properties, PartialEq)]
pub(super) struct NameFormProps {
    pub(super) title: AttrValue,
    pub(super) label: AttrValue,
    pub(super) confirm: AttrValue,
    pub(super) save: Callback<(String, Answered)>,
    pub(super) onclose: Callback<()>,
}

/// The name of a section, new or other.
#[component]
pub(super) fn NameForm(props: &NameFormProps) -> Html {
    let words = use_words();
    let node = use_node_ref();
    let wrong = use_state_eq(|| None::<AttrValue>);
    crate::parts::use_focus_once(node.clone(), true);
    let onsubmit = {
        let (node, wrong, words) = (node.clone(), wrong.setter(), words.clone());
        let (save, onclose) = (props.save.clone(), props.onclose.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(input) = node.cast::<HtmlInputElement>() else {
                return;
            };
            let (wrong, words, onclose) = (wrong.clone(), words.clone(), onclose.clone());
            let answered =
                Callback::from(move |answer: Result<CourseOutline, Failure>| match answer {
                    Ok(_) => onclose.emit(()),
                    Err(failure) => wrong.set(Some(said_of(&words, &failure))),
                });
            save.emit((input.value(), answered));
        })
    };
    let onkeydown = {
        let onclose = props.onclose.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" && !event.is_composing() {
                event.stop_propagation();
                onclose.emit(());
            }
        })
    };
    html! {
        <form class="form section-form" {onsubmit} {onkeydown}>
            <div class="field">
                <label for="section-name">{ props.label.clone() }</label>
                <input ref={node} id="section-name" class="input" value={props.title.clone()} maxlength="100" autocomplete="off"
                    aria-invalid={wrong.is_some().to_string()} data-testid="section-name" />
                if let Some(wrong) = (*wrong).clone() { <p class="wrong" role="alert">{ wrong }</p> }
            </div>
            <div class="buttons">
                <Button kind={ButtonKind::Main} submit=true label={props.confirm.clone()} testid="section-confirm" />
                <Button kind={ButtonKind::Quiet} label={t!(words, "cancel")} onclick={props.onclose.reform(|_: MouseEvent| ())} testid="section-cancel" />
            </div>
        </form>
    }
}

/// What is wrong with the first field, or with all of it.
pub(super) fn said_of(words: &crate::texts::Words, failure: &Failure) -> AttrValue {
    match failure.fields.first() {
        Some(field) => words.get(&format!("field-{}", field.reason)),
        None => words.get(&format!(
            "error-{}",
            failure.code.as_str().replace('_', "-")
        )),
    }
}
