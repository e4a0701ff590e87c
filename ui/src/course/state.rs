//! What is known of a course, and what is done to it: one thing after the other, each on what the
//! one before has left.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use stoa_domain::DraftId;
use stoa_ipc::{
    Command, CourseOutline, CreateLesson, Event, Failure, GetCourse, MoveLesson, MoveSection,
};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::order::{Moved, Spot, Way, lesson_step, place_of, section_step};
use crate::host::{Host, use_events, use_host};
use crate::parts::Remote;
use crate::t;
use crate::tell::use_tell;
use crate::texts::{Words, use_words};
use crate::view::{Step, View, use_view};

/// Many drafts that change at once are one question.
const GATHERED_MS: u32 = 100;

/// What is done with an answer.
type Answered = Callback<Result<CourseOutline, Failure>>;

/// The outline of a course and the work on it.
#[derive(Clone)]
pub(crate) struct Course {
    id: DraftId,
    host: Host,
    words: Words,
    tell: Callback<Failure>,
    view: UseReducerDispatcher<View>,
    known: UseStateSetter<Remote<Rc<CourseOutline>>>,
    said: UseStateSetter<AttrValue>,
    held: Rc<RefCell<Held>>,
}

/// What the steps work on; what is shown may lag behind it.
#[derive(Default)]
struct Held {
    outline: Option<Rc<CourseOutline>>,
    steps: VecDeque<(Moved, Way)>,
    is_working: bool,
    /// What is to have the focus once it is drawn again.
    focus: Option<String>,
}

impl PartialEq for Course {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && Rc::ptr_eq(&self.held, &other.held)
    }
}

/// A course, kept up to date; what is known of it, and what was said last for those who listen.
#[hook]
pub(super) fn use_course(id: DraftId) -> (Course, Remote<Rc<CourseOutline>>, AttrValue) {
    let known = use_state_eq(|| Remote::<Rc<CourseOutline>>::Coming);
    let said = use_state_eq(AttrValue::default);
    let held = use_memo((), |()| Rc::new(RefCell::new(Held::default())));
    let course = Course {
        id,
        host: use_host(),
        words: use_words(),
        tell: use_tell(),
        view: use_view().dispatcher(),
        known: known.setter(),
        said: said.setter(),
        held: Rc::clone(&held),
    };
    {
        let course = course.clone();
        use_effect_with(id, move |_| course.ask());
    }
    let later = use_mut_ref(|| None::<Timeout>);
    let again = course.clone();
    use_events(Callback::from(move |event: Event| {
        // A draft that was not in the course may be in it now.
        if matches!(event, Event::Drafts(_)) {
            let course = again.clone();
            let timer = Timeout::new(GATHERED_MS, move || course.ask());
            later.replace(Some(timer));
        }
    }));
    {
        let held = Rc::clone(&held);
        use_effect_with((*known).clone(), move |_| {
            let focus = held.borrow_mut().focus.take();
            if let Some(focus) = focus {
                focus_on(&focus);
            }
        });
    }
    (course, (*known).clone(), (*said).clone())
}

fn focus_on(id: &str) {
    use wasm_bindgen::JsCast;
    let document = web_sys::window().and_then(|window| window.document());
    let found = document.and_then(|document| document.get_element_by_id(id));
    if let Some(element) = found.and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok()) {
        // Fails only for an element that is going away.
        let _ = element.focus();
    }
}

impl Course {
    pub(super) fn id(&self) -> DraftId {
        self.id
    }

    /// Asks how it stands, unless something is being done to it.
    pub(super) fn ask(&self) {
        if self.held.borrow().is_working {
            return;
        }
        let course = self.clone();
        spawn_local(async move {
            let answer = course.host.call(GetCourse { id: course.id }).await;
            match answer {
                Ok(_) if course.held.borrow().is_working => {}
                Ok(outline) => course.take(outline),
                Err(failure) => course.known.set(Remote::Failed(failure)),
            }
        });
    }

    fn take(&self, outline: CourseOutline) {
        let outline = Rc::new(outline);
        self.held.borrow_mut().outline = Some(Rc::clone(&outline));
        self.known.set(Remote::Here(outline));
    }

    /// Carries something out that answers the outline. `said` is told with a way back.
    pub(super) fn run(
        &self,
        request: impl Command<Reply = CourseOutline> + 'static,
        said: AttrValue,
        ended: Callback<()>,
    ) {
        let course = self.clone();
        spawn_local(async move {
            match course.host.call(request).await {
                Err(failure) => course.tell.emit(failure),
                Ok(outline) => {
                    course.take(outline);
                    course.view.dispatch(Step::SayUndoable(said));
                    ended.emit(());
                }
            }
        });
    }

    /// The same, where the form that asks says what is wrong.
    pub(super) fn try_to(
        &self,
        request: impl Command<Reply = CourseOutline> + 'static,
        answered: Answered,
    ) {
        let course = self.clone();
        spawn_local(async move {
            let answer = course.host.call(request).await;
            if let Ok(outline) = &answer {
                course.take(outline.clone());
            }
            answered.emit(answer);
        });
    }

    /// Makes a lesson and opens it.
    pub(super) fn new_lesson(&self, spot: Spot) {
        let course = self.clone();
        let create = CreateLesson {
            course: self.id,
            title: String::new(),
            section: spot.section,
            after: spot.after,
        };
        spawn_local(async move {
            match course.host.call(create).await {
                Ok(draft) => course.view.dispatch(Step::OpenFresh(draft.id)),
                Err(failure) => course.tell.emit(failure),
            }
        });
    }

    /// Moves something by one, after what is moved already.
    pub(super) fn step(&self, moved: Moved, way: Way) {
        let mut held = self.held.borrow_mut();
        held.steps.push_back((moved, way));
        if held.is_working {
            return;
        }
        held.is_working = true;
        drop(held);
        let course = self.clone();
        spawn_local(async move {
            while let Some((outline, moved, way)) = course.next_step() {
                course.carry_out(&outline, moved, way).await;
            }
        });
    }

    fn next_step(&self) -> Option<(Rc<CourseOutline>, Moved, Way)> {
        let mut held = self.held.borrow_mut();
        let outline = held.outline.clone();
        let step = held.steps.pop_front();
        let next = outline.zip(step).map(|(outline, (m, w))| (outline, m, w));
        held.is_working = next.is_some();
        next
    }

    async fn carry_out(&self, outline: &CourseOutline, moved: Moved, way: Way) {
        let course = self.id;
        let answer = match moved {
            Moved::Lesson(draft) => match lesson_step(outline, draft, way) {
                Some(spot) => self.host.call(to(course, draft, spot)).await,
                None => return self.say_end(way),
            },
            Moved::Section(section) => match section_step(outline, section, way) {
                Some(after) => {
                    let request = MoveSection {
                        course,
                        section,
                        after,
                    };
                    self.host.call(request).await
                }
                None => return,
            },
        };
        match answer {
            Ok(outline) => {
                self.said.set(said_of(&self.words, &outline, moved));
                self.held.borrow_mut().focus = Some(grip_id(moved));
                self.take(outline);
            }
            Err(failure) => self.tell.emit(failure),
        }
    }

    fn say_end(&self, way: Way) {
        self.said.set(match way {
            Way::Up => t!(self.words, "lesson-first"),
            Way::Down => t!(self.words, "lesson-last"),
        });
    }

    /// Puts a lesson somewhere.
    pub(super) fn put(&self, draft: DraftId, spot: Spot) {
        let course = self.clone();
        spawn_local(async move {
            match course.host.call(to(course.id, draft, spot)).await {
                Ok(outline) => {
                    let said = said_of(&course.words, &outline, Moved::Lesson(draft));
                    course.said.set(said.clone());
                    course.take(outline);
                    course.view.dispatch(Step::SayUndoable(said));
                }
                Err(failure) => course.tell.emit(failure),
            }
        });
    }

    /// The outline as it is known now.
    pub(super) fn outline(&self) -> Option<Rc<CourseOutline>> {
        self.held.borrow().outline.clone()
    }
}

fn to(course: DraftId, draft: DraftId, spot: Spot) -> MoveLesson {
    MoveLesson {
        course,
        draft,
        section: spot.section,
        after: spot.after,
    }
}

/// The id of the button by which something is moved.
pub(super) fn grip_id(moved: Moved) -> String {
    match moved {
        Moved::Lesson(id) => format!("grip-{id}"),
        Moved::Section(id) => format!("grip-{id}"),
    }
}

/// Where something stands now.
fn said_of(words: &Words, outline: &CourseOutline, moved: Moved) -> AttrValue {
    match moved {
        Moved::Lesson(id) => {
            let n = outline.lessons().position(|lesson| lesson.draft == id);
            let (n, of) = (n.unwrap_or_default() + 1, outline.lessons().count());
            let lesson = outline.lessons().find(|lesson| lesson.draft == id);
            let title = title_of(words, lesson.map_or("", |lesson| &lesson.title));
            let part = place_of(outline, id).map(|(n, _)| &outline.parts[n]);
            match part.and_then(|part| part.section.as_ref()) {
                Some(section) => t!(
                    words,
                    "lesson-moved-into",
                    title = title.as_str(),
                    n = n,
                    of = of,
                    section = section.title.as_str()
                ),
                None => t!(
                    words,
                    "lesson-moved",
                    title = title.as_str(),
                    n = n,
                    of = of
                ),
            }
        }
        Moved::Section(id) => {
            let sections = || {
                outline
                    .parts
                    .iter()
                    .filter_map(|part| part.section.as_ref())
            };
            let n = sections().position(|section| section.id == id);
            let title = sections().find(|section| section.id == id);
            let title = title.map_or("", |section| &section.title);
            let (n, of) = (n.unwrap_or_default() + 1, sections().count());
            t!(words, "section-moved", title = title, n = n, of = of)
        }
    }
}

/// A title as it is shown.
pub(super) fn title_of(words: &Words, title: &str) -> AttrValue {
    match title {
        "" => t!(words, "untitled"),
        _ => title.to_owned().into(),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use stoa_domain::{Kind, Opens, SectionId, Shelf};
    use stoa_ipc::{LessonInfo, OutlinePart, SectionInfo};

    use super::*;

    pub(crate) fn id(n: u8) -> DraftId {
        DraftId::from_bytes([n; 16])
    }

    pub(crate) fn section_id(n: u8) -> SectionId {
        SectionId::from_bytes([n; 16])
    }

    fn lesson(n: u8) -> LessonInfo {
        LessonInfo {
            draft: id(n),
            title: format!("第{n}课"),
            shelf: Shelf::Drafts,
            live_at: None,
            opens: Opens::AtOnce,
            requires: None,
            requirement_counts: false,
            n_words: 700,
            read_seconds: 120,
        }
    }

    /// 1 | A: 2 3 | B: | C: 4
    pub(crate) fn outline() -> CourseOutline {
        let part = |section: Option<u8>, lessons: &[u8]| OutlinePart {
            section: section.map(|n| SectionInfo {
                id: section_id(n),
                title: format!("第{n}章"),
            }),
            lessons: lessons.iter().map(|n| lesson(*n)).collect(),
        };
        CourseOutline {
            course: id(9),
            title: "定价课".to_owned(),
            kind: Kind::Course,
            parts: vec![
                part(None, &[1]),
                part(Some(10), &[2, 3]),
                part(Some(11), &[]),
                part(Some(12), &[4]),
            ],
            may_change: true,
        }
    }

    #[test]
    fn what_was_moved_is_said_with_its_place() {
        let words = Words::new("en");
        let said = |moved| said_of(&words, &outline(), moved).replace(['\u{2068}', '\u{2069}'], "");
        assert_eq!(
            said(Moved::Lesson(id(3))),
            "“第3课” is lesson 3 of 4 now, in “第10章”"
        );
        assert_eq!(said(Moved::Lesson(id(1))), "“第1课” is lesson 1 of 4 now");
        assert_eq!(
            said(Moved::Section(section_id(12))),
            "“第12章” is section 3 of 3 now"
        );
    }
}
