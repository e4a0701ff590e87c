//! From when on a lesson is open, and what is to be finished before it.

use std::rc::Rc;

use stoa_domain::{DraftId, Opens};
use stoa_ipc::{CourseOutline, DescribeLesson, Failure, LessonInfo};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::part::said_of;
use super::state::{Course, title_of};
use crate::parts::{Button, ButtonKind, Field};
use crate::t;
use crate::texts::use_words;
use crate::zone::{Zone, use_zone};

const AT_ONCE: &str = "at-once";
const AFTER_DAYS: &str = "after-days";
const AT: &str = "at";

/// What is chosen and typed.
#[derive(Debug, Clone, PartialEq)]
struct Chosen {
    when: &'static str,
    days: String,
    at: String,
    requires: Option<DraftId>,
}

impl Chosen {
    fn of(lesson: &LessonInfo, zone: &Zone) -> Self {
        let (when, days, at) = match lesson.opens {
            Opens::AtOnce => (AT_ONCE, String::new(), String::new()),
            Opens::AfterDays { days } => (AFTER_DAYS, days.to_string(), String::new()),
            Opens::At { at } => (AT, String::new(), zone.write(at)),
        };
        Self {
            when,
            days,
            at,
            requires: lesson.requires,
        }
    }

    /// `None` for what is no number and no time.
    fn opens(&self, zone: &Zone) -> Option<Opens> {
        match self.when {
            AFTER_DAYS => {
                let days = self.days.trim().parse().ok()?;
                let opens = Opens::AfterDays { days };
                opens.is_sound().then_some(opens)
            }
            AT => zone.read(&self.at).map(|at| Opens::At { at }),
            _ => Some(Opens::AtOnce),
        }
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct TermsFormProps {
    pub(super) course: Course,
    pub(super) outline: Rc<CourseOutline>,
    pub(super) lesson: LessonInfo,
    pub(super) onclose: Callback<()>,
}

#[component]
pub(super) fn TermsForm(props: &TermsFormProps) -> Html {
    let words = use_words();
    let (lesson, zone) = (props.lesson.clone(), use_zone());
    let chosen = {
        let zone = zone.clone();
        use_state_eq(move || Chosen::of(&lesson, &zone))
    };
    let wrong = use_state_eq(|| None::<AttrValue>);
    let onsubmit = use_saving(props, &chosen, wrong.setter());
    let set = |put: fn(&mut Chosen, String)| {
        let (chosen, wrong) = (chosen.clone(), wrong.setter());
        Callback::from(move |typed: String| {
            let mut new = (*chosen).clone();
            put(&mut new, typed);
            wrong.set(None);
            chosen.set(new);
        })
    };
    let select = |put: fn(&mut Chosen, String)| {
        set(put).reform(|event: Event| event.target_unchecked_into::<HtmlSelectElement>().value())
    };
    let when = select(|chosen, value| {
        let all = [AT_ONCE, AFTER_DAYS, AT];
        chosen.when = all.into_iter().find(|one| *one == value).unwrap_or(AT_ONCE);
    });
    let requires = select(|chosen, value| chosen.requires = value.parse().ok());
    let option = |value: &'static str| {
        let text = words.get(&format!("lesson-opens-{value}"));
        html! { <option {value} selected={chosen.when == value}>{ text }</option> }
    };
    let id = props.lesson.draft;
    let name = |field: &str| AttrValue::from(format!("lesson-{field}-{id}"));
    html! {
        <form class="form" {onsubmit} data-testid="lesson-form">
            <div class="field">
                <label for={name("opens")}>{ t!(words, "lesson-opens") }</label>
                <select id={name("opens")} class="input" onchange={when} data-testid="lesson-opens">{ for [AT_ONCE, AFTER_DAYS, AT].map(option) }</select>
            </div>
            if chosen.when == AFTER_DAYS {
                <Field name="lesson-days" kind="number" label={t!(words, "lesson-days")} value={chosen.days.clone()} oninput={set(|chosen, typed| chosen.days = typed)} wrong={(*wrong).clone()} />
            }
            if chosen.when == AT {
                <Field name="lesson-at" kind="datetime-local" label={t!(words, "lesson-at")} value={chosen.at.clone()} hint={zone.hint(&words, &chosen.at)} oninput={set(|chosen, typed| chosen.at = typed)} wrong={(*wrong).clone()} />
            }
            <Requires id={name("requires")} outline={props.outline.clone()} lesson={props.lesson.clone()} chosen={chosen.requires} onchange={requires} />
            <div class="buttons">
                <Button kind={ButtonKind::Main} submit=true label={t!(words, "section-save")} testid="lesson-save" />
                <Button kind={ButtonKind::Quiet} label={t!(words, "cancel")} onclick={props.onclose.reform(|_: MouseEvent| ())} />
            </div>
        </form>
    }
}

#[hook]
fn use_saving(
    props: &TermsFormProps,
    chosen: &Chosen,
    wrong: UseStateSetter<Option<AttrValue>>,
) -> Callback<SubmitEvent> {
    let (words, zone) = (use_words(), use_zone());
    let (of, draft, chosen) = (props.course.clone(), props.lesson.draft, chosen.clone());
    let onclose = props.onclose.clone();
    Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        let Some(opens) = chosen.opens(&zone) else {
            return wrong.set(Some(t!(words, "field-out-of-range")));
        };
        let describe = DescribeLesson {
            course: of.id(),
            draft,
            opens,
            requires: chosen.requires,
        };
        let (wrong, words, onclose) = (wrong.clone(), words.clone(), onclose.clone());
        let answered = Callback::from(move |answer: Result<CourseOutline, Failure>| match answer {
            Ok(_) => onclose.emit(()),
            Err(failure) => wrong.set(Some(said_of(&words, &failure))),
        });
        of.try_to(describe, answered);
    })
}

#[derive(Properties, PartialEq)]
struct RequiresProps {
    id: AttrValue,
    outline: Rc<CourseOutline>,
    lesson: LessonInfo,
    chosen: Option<DraftId>,
    onchange: Callback<Event>,
}

/// Which of the lessons before it.
#[component]
fn Requires(props: &RequiresProps) -> Html {
    let words = use_words();
    let own = props.lesson.draft;
    let before = props
        .outline
        .lessons()
        .take_while(|other| other.draft != own);
    let mut offered: Vec<&LessonInfo> = before.collect();
    // One that stands behind by now is still what was chosen.
    let others = props.outline.lessons();
    offered.extend(others.filter(|other| {
        Some(other.draft) == props.lesson.requires && !props.lesson.requirement_counts
    }));
    let option = |other: &LessonInfo| {
        let is_chosen = props.chosen == Some(other.draft);
        html! { <option value={other.draft.to_string()} selected={is_chosen}>{ title_of(&words, &other.title) }</option> }
    };
    let rests = props.lesson.requires.is_some() && !props.lesson.requirement_counts;
    html! {
        <div class="field">
            <label for={props.id.clone()}>{ t!(words, "lesson-requires") }</label>
            <select id={props.id.clone()} class="input" onchange={props.onchange.clone()} data-testid="lesson-requires">
                <option value="" selected={props.chosen.is_none()}>{ t!(words, "lesson-requires-nothing") }</option>
                { for offered.into_iter().map(option) }
            </select>
            if rests { <p class="hint">{ t!(words, "lesson-requires-rests") }</p> }
        </div>
    }
}
