//! Putting a draft that is there into the course.

use std::rc::Rc;

use stoa_domain::{DraftId, Shelf};
use stoa_ipc::{AddLesson, CourseOutline, DraftSummary, ListDrafts};
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::order::{Spot, section_of};
use super::state::{Course, title_of};
use crate::host::use_host;
use crate::parts::{Button, Dialog, Field};
use crate::t;
use crate::tell::use_tell;
use crate::texts::use_words;

/// So many of each shelf are asked for.
const MOST_LISTED: u32 = 100;
/// Those that may become a lesson.
const SHELVES: [Shelf; 4] = [
    Shelf::Drafts,
    Shelf::InReview,
    Shelf::Scheduled,
    Shelf::Published,
];

#[derive(Properties, PartialEq)]
pub(super) struct AddExistingProps {
    pub(super) course: Course,
    pub(super) outline: Rc<CourseOutline>,
    pub(super) onclose: Callback<()>,
}

#[component]
pub(super) fn AddExistingDialog(props: &AddExistingProps) -> Html {
    let words = use_words();
    let query = use_state_eq(String::new);
    let found = use_drafts(&query, &props.outline);
    let last = props.outline.parts.len().saturating_sub(1);
    let into = use_state_eq(|| last);
    let title = title_of(&words, &props.outline.title);
    let oninput = {
        let query = query.setter();
        Callback::from(move |typed| query.set(typed))
    };
    let choose = {
        let into = into.setter();
        Callback::from(move |event: Event| {
            let select: HtmlSelectElement = event.target_unchecked_into();
            into.set(select.value().parse().unwrap_or_default());
        })
    };
    let part = |(n, part): (usize, &stoa_ipc::OutlinePart)| {
        let name = match &part.section {
            Some(section) => section.title.clone().into(),
            None => t!(words, "lesson-front"),
        };
        html! { <option value={n.to_string()} selected={n == *into}>{ name }</option> }
    };
    let spot = props.outline.parts.get(*into).map(Spot::end_of);
    let add = |draft: &DraftSummary| {
        html! { <AddButton key={draft.id.to_string()} course={props.course.clone()} draft={draft.clone()} {spot} onclose={props.onclose.clone()} /> }
    };
    let has_sections = props
        .outline
        .parts
        .iter()
        .any(|part| section_of(part).is_some());
    html! {
        <Dialog title={t!(words, "lesson-existing-title", title = title.as_str())} onclose={props.onclose.clone()} testid="existing-dialog">
            <div class="form">
                <Field name="lesson-search" kind="search" label={t!(words, "lesson-search")} value={(*query).clone()} {oninput} focused=true />
                if has_sections {
                    <div class="field">
                        <label for="lesson-into">{ t!(words, "lesson-into") }</label>
                        <select id="lesson-into" class="input" onchange={choose} data-testid="lesson-into">{ for props.outline.parts.iter().enumerate().map(part) }</select>
                    </div>
                }
                <ul class="existing" role="list">{ for found.iter().flat_map(|found| found.iter()).map(add) }</ul>
                if found.as_ref().is_some_and(|found| found.is_empty()) { <p class="quiet">{ t!(words, "lesson-no-drafts") }</p> }
            </div>
        </Dialog>
    }
}

/// The drafts that can be put into the course; `None` while they are asked for the first time.
#[hook]
fn use_drafts(query: &str, outline: &Rc<CourseOutline>) -> Option<Rc<Vec<DraftSummary>>> {
    let (host, tell) = (use_host(), use_tell());
    let found = use_state_eq(|| None::<(String, Rc<Vec<DraftSummary>>)>);
    let setter = found.setter();
    use_effect_with(
        (query.to_owned(), Rc::clone(outline)),
        move |(query, outline)| {
            let (query, course) = (query.clone(), outline.course);
            spawn_local(async move {
                let mut all = Vec::new();
                for shelf in SHELVES {
                    let list = ListDrafts {
                        query: query.clone(),
                        shelf,
                        limit: MOST_LISTED,
                        ..ListDrafts::default()
                    };
                    match host.call(list).await {
                        Ok(page) => all.extend(page.drafts),
                        Err(failure) => return tell.emit(failure),
                    }
                }
                all.retain(|draft| fits(draft, course));
                setter.set(Some((query, Rc::new(all))));
            });
        },
    );
    // What was found for other words is not what is looked for.
    found
        .as_ref()
        .filter(|(of, _)| of == query)
        .map(|(_, found)| Rc::clone(found))
}

fn fits(draft: &DraftSummary, course: DraftId) -> bool {
    draft.id != course && draft.course.is_none() && !draft.content.kind.has_lessons()
}

#[derive(Properties, PartialEq)]
struct AddButtonProps {
    course: Course,
    draft: DraftSummary,
    spot: Option<Spot>,
    onclose: Callback<()>,
}

#[component]
fn AddButton(props: &AddButtonProps) -> Html {
    let words = use_words();
    let title = title_of(&words, &props.draft.title);
    let onclick = {
        let (of, draft, spot) = (props.course.clone(), props.draft.id, props.spot);
        let said = t!(words, "lesson-added", title = title.as_str());
        let onclose = props.onclose.clone();
        Callback::from(move |_: MouseEvent| {
            let add = AddLesson {
                course: of.id(),
                draft,
                section: spot.and_then(|spot| spot.section),
                after: spot.and_then(|spot| spot.after),
            };
            of.run(add, said.clone(), onclose.clone());
        })
    };
    html! {
        <li><Button icon="plus" label={t!(words, "lesson-add-this", title = title.as_str())} {onclick} testid="existing-add" /></li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::draft;

    #[test]
    fn what_is_a_lesson_or_a_course_already_is_not_offered() {
        let course = DraftId::from_bytes([1; 16]);
        let free = draft("空闲");
        assert!(fits(&free, course));
        assert!(!fits(&free, free.id));
        let mut taken = draft("别的课的");
        taken.course = Some(DraftId::from_bytes([2; 16]));
        assert!(!fits(&taken, course));
        let mut column = draft("专栏");
        column.content.kind = stoa_domain::Kind::Column;
        assert!(!fits(&column, course));
    }
}
