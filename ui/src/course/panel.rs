//! The panel beside the text of a course: its sections and lessons in their order.

use std::rc::Rc;

use stoa_domain::{DraftId, Kind};
use stoa_ipc::{CourseOutline, CreateSection, DraftSummary};
use yew::prelude::*;

use super::existing::AddExistingDialog;
use super::order::{Spot, section_of};
use super::part::{NameForm, PartView};
use super::state::{Course, use_course};
use crate::commands::use_command;
use crate::parts::{Button, ButtonKind, Loaded};
use crate::t;
use crate::texts::use_words;

/// Whether the outline stands beside the text, and what shows and hides it.
#[hook]
pub(crate) fn use_course_panel(draft: &DraftSummary) -> (bool, Callback<bool>) {
    let wanted = use_state_eq(|| true);
    let has_lessons = draft.content.kind.has_lessons();
    let show = {
        let wanted = wanted.setter();
        Callback::from(move |is_shown| wanted.set(is_shown))
    };
    let is_shown = has_lessons && *wanted;
    let toggle = show.reform(move |()| !is_shown);
    use_command("course.outline", has_lessons, toggle);
    (is_shown, show)
}

#[derive(Properties, PartialEq)]
pub(crate) struct CoursePanelProps {
    pub(crate) id: DraftId,
    /// Whether the profile and the draft are there to be changed.
    pub(crate) writable: bool,
    pub(crate) onclose: Callback<()>,
}

#[component]
pub(crate) fn CoursePanel(props: &CoursePanelProps) -> Html {
    let words = use_words();
    let (course, known, said) = use_course(props.id);
    let ask = {
        let course = course.clone();
        Callback::from(move |()| course.ask())
    };
    let show = {
        let (course, writable) = (course, props.writable);
        Callback::from(move |outline: Rc<CourseOutline>| {
            let editable = writable && outline.may_change;
            html! { <Body course={course.clone()} {outline} {editable} /> }
        })
    };
    let close = props.onclose.reform(|_: MouseEvent| ());
    html! {
        <aside class="review-panel course-panel" aria-label={t!(words, "outline-course")} data-testid="course-panel">
            <header class="review-head">
                <h2>{ t!(words, "outline-course") }</h2>
                if let Some(outline) = known.here() { <Sum outline={outline.clone()} /> }
                <Button kind={ButtonKind::Quiet} icon="x" icon_only=true label={t!(words, "outline-close")} onclick={close} testid="course-close" />
            </header>
            <p class="unseen" aria-live="polite" data-testid="course-said">{ said }</p>
            <Loaded<Rc<CourseOutline>> value={known.clone()} {show} onretry={ask} n_bones=4 />
        </aside>
    }
}

#[derive(Properties, PartialEq)]
struct SumProps {
    outline: Rc<CourseOutline>,
}

/// How many lessons there are, and how long they take together.
#[component]
fn Sum(props: &SumProps) -> Html {
    let words = use_words();
    let n = props.outline.lessons().count();
    let seconds: u64 = props.outline.lessons().map(|l| l.read_seconds).sum();
    let minutes = seconds.div_ceil(60);
    html! { <span class="quiet num" data-testid="course-sum">{ t!(words, "outline-sum", n = n, minutes = minutes) }</span> }
}

#[derive(Properties, PartialEq)]
struct BodyProps {
    course: Course,
    outline: Rc<CourseOutline>,
    editable: bool,
}

#[component]
fn Body(props: &BodyProps) -> Html {
    let words = use_words();
    let (outline, editable) = (&props.outline, props.editable);
    let is_adding = use_state_eq(|| false);
    let choose = {
        let is_adding = is_adding.clone();
        Callback::from(move |_: MouseEvent| is_adding.set(true))
    };
    let chosen = {
        let is_adding = is_adding.clone();
        Callback::from(move |()| is_adding.set(false))
    };
    let last = outline.parts.last().map(Spot::end_of);
    let new_lesson = {
        let course = props.course.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(last) = last {
                course.new_lesson(last);
            }
        })
    };
    let is_empty = outline.lessons().next().is_none() && outline.parts.len() <= 1;
    let mut number = 0;
    let parts = outline.parts.iter().map(|part| {
        let first = number + 1;
        number += part.lessons.len();
        let key = section_of(part).map_or("front".to_owned(), |id| id.to_string());
        html! { <PartView {key} course={props.course.clone()} outline={outline.clone()} part={part.clone()} {first} {editable} /> }
    });
    html! {
        <div class="course-body">
            if is_empty { <p class="quiet" data-testid="course-none">{ t!(words, "outline-none") }</p> }
            { for parts }
            if editable {
                <div class="buttons">
                    <Button icon="plus" label={t!(words, "lesson-new")} onclick={new_lesson} testid="lesson-new" />
                    <Button kind={ButtonKind::Quiet} label={t!(words, "lesson-existing")} onclick={choose} testid="lesson-existing" />
                </div>
                if outline.kind == Kind::Course { <NewSection course={props.course.clone()} outline={outline.clone()} /> }
                <p class="hint">{ t!(words, "outline-live") }</p>
            }
            if *is_adding { <AddExistingDialog course={props.course.clone()} outline={outline.clone()} onclose={chosen} /> }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct NewSectionProps {
    course: Course,
    outline: Rc<CourseOutline>,
}

/// A button, and in its place the name of a new section.
#[component]
fn NewSection(props: &NewSectionProps) -> Html {
    let words = use_words();
    let is_open = use_state_eq(|| false);
    let open = {
        let is_open = is_open.setter();
        Callback::from(move |_: MouseEvent| is_open.set(true))
    };
    if !*is_open {
        return html! {
            <div class="buttons"><Button kind={ButtonKind::Quiet} icon="list-tree" label={t!(words, "section-new")} onclick={open} testid="section-new" /></div>
        };
    }
    let after = props.outline.parts.last().and_then(section_of);
    let course = props.course.id();
    let request = Callback::from(move |title| CreateSection {
        course,
        title,
        after,
    });
    let close = {
        let is_open = is_open.setter();
        Callback::from(move |()| is_open.set(false))
    };
    let save = {
        let course = props.course.clone();
        Callback::from(move |(title, answered)| course.try_to(request.emit(title), answered))
    };
    html! {
        <NameForm title="" label={t!(words, "section-name")} confirm={t!(words, "section-add")} {save} onclose={close} />
    }
}
