//! Courses as members read them: what of a course is open to a reader, and from when, by the rule
//! in `stoa_domain::opening`, which the studio's preview goes by as well.

use std::collections::BTreeMap;

use stoa_domain::{
    CommunityId, Draft, DraftId, InCourse, Learner, Opening, Part, Post, Timestamp, UserId, outline,
};
use stoa_protocol::error::ApiErrorCode;
use stoa_protocol::member::{CourseLesson, CourseSection, OpensAfter, Outline, PlaceInCourse};

use crate::db::{DbError, Tx};
use crate::member::{learner, open_to};
use crate::refusal::Refusal;
use crate::tables::{draft, finished_lesson, membership, post_address};

/// Whether something is open to a reader, with what has to be said of it.
pub(crate) struct Told {
    pub(crate) is_open: bool,
    /// When it opens, where nothing but the time is missing.
    pub(crate) opens_at: Option<Timestamp>,
    /// What is to be finished first.
    pub(crate) after: Option<OpensAfter>,
}

impl Told {
    fn of(opening: Opening, required: Option<&Post>) -> Self {
        let after = opening.after.zip(required);
        Self {
            is_open: opening.is_open,
            opens_at: opening.opens_at,
            after: after.map(|(id, post)| OpensAfter {
                id,
                title: post.title.as_str().to_owned(),
            }),
        }
    }
}

/// Whether a post is open to a reader, by itself and as a lesson.
pub(crate) fn opening(
    tx: &mut dyn Tx,
    community: CommunityId,
    (draft, post): (&Draft, &Post),
    learner: &Learner,
    now: Timestamp,
) -> Result<Told, DbError> {
    let lesson = draft.lesson.as_deref();
    let mut row = |id: Option<DraftId>| match id {
        Some(id) => draft::find(tx, community, id),
        None => Ok(None),
    };
    let course = row(lesson.map(|lesson| lesson.course))?;
    let required = row(lesson.and_then(|lesson| lesson.requires))?;
    let place = InCourse::of(lesson, course.as_ref())
        .map(|place| place.requiring(draft.id, required.as_ref(), now));
    let of = (draft.id, &post.content.access);
    let opening = stoa_domain::opening(of, place, learner, now);
    Ok(Told::of(
        opening,
        required.as_ref().and_then(Draft::offered),
    ))
}

/// Notes that a member has finished a lesson. One that was finished before is finished still.
pub(crate) fn finish(
    tx: &mut dyn Tx,
    (community, user): (CommunityId, UserId),
    id: DraftId,
    now: Timestamp,
) -> Result<(), Refusal> {
    let draft = lesson_of_member(tx, (community, user), id, now)?;
    let learner = learner(tx, community, Some(user), now)?;
    let post = draft.offered().ok_or_else(missing)?;
    if !opening(tx, community, (&draft, post), &learner, now)?.is_open {
        let message = "this lesson is not open to you";
        return Err(Refusal::new(ApiErrorCode::NotAllowed, message));
    }
    Ok(finished_lesson::put(tx, community, (user, id), now)?)
}

/// Takes back that a member has finished a lesson, whether they had or not.
pub(crate) fn take_up_again(
    tx: &mut dyn Tx,
    (community, user): (CommunityId, UserId),
    id: DraftId,
    now: Timestamp,
) -> Result<(), Refusal> {
    lesson_of_member(tx, (community, user), id, now)?;
    Ok(finished_lesson::take_back(tx, community, (user, id))?)
}

fn missing() -> Refusal {
    Refusal::new(ApiErrorCode::NotFound, "no such lesson")
}

/// A lesson that members see, for somebody who belongs to the community.
fn lesson_of_member(
    tx: &mut dyn Tx,
    (community, user): (CommunityId, UserId),
    id: DraftId,
    now: Timestamp,
) -> Result<Draft, Refusal> {
    if membership::role(tx, community, user)?.is_none() {
        return Err(missing());
    }
    let draft = draft::live(tx, community, id, now)?.ok_or_else(missing)?;
    let course = match &draft.lesson {
        Some(lesson) => draft::find(tx, community, lesson.course)?,
        None => None,
    };
    match InCourse::of(draft.lesson.as_deref(), course.as_ref()) {
        Some(_) => Ok(draft),
        None => Err(Refusal::field("id", "is not a lesson of a course")),
    }
}

/// The lessons of a course that members see now, in their order.
fn seen<'d>(course: &'d Draft, lessons: &'d [Draft], now: Timestamp) -> Vec<Part<'d, &'d Post>> {
    let placed = lessons.iter().filter_map(|row| {
        let post = row.offered().filter(|post| post.live_at <= now)?;
        Some((row.id, row.lesson.as_deref()?, post))
    });
    outline(&course.sections, placed)
}

/// The outline of a course that a reader is shown: sections without a lesson that is published are
/// left out.
pub(crate) fn outline_of(
    tx: &mut dyn Tx,
    community: CommunityId,
    course: &Draft,
    learner: &Learner,
    now: Timestamp,
) -> Result<Outline, DbError> {
    let lessons = draft::lessons_of(tx, community, course.id)?;
    let slugs = post_address::current_of_lessons(tx, community, course.id)?;
    let mut before: BTreeMap<DraftId, &Post> = BTreeMap::new();
    let mut sections = Vec::new();
    for part in seen(course, &lessons, now) {
        let title = part.section.and_then(|section| section.title.as_ref());
        let mut told = Vec::with_capacity(part.lessons.len());
        for (id, lesson, post) in part.lessons {
            let required = lesson.requires.and_then(|id| before.get_key_value(&id));
            let required = required.map(|(id, post)| (*id, *post));
            let place = InCourse::of(Some(lesson), Some(course));
            let place = place.map(|place| place.after(required));
            let of = (id, &post.content.access);
            let opening = stoa_domain::opening(of, place, learner, now);
            told.push(CourseLesson {
                is_done: learner.done.contains(&id),
                ..told_of((id, post), required, opening, &slugs)
            });
            before.insert(id, post);
        }
        if !told.is_empty() {
            sections.push(CourseSection {
                title: title.map(|title| title.as_str().to_owned()),
                lessons: told,
            });
        }
    }
    Ok(Outline { sections })
}

fn told_of(
    (id, post): (DraftId, &Post),
    required: Option<(DraftId, &Post)>,
    opening: Opening,
    slugs: &BTreeMap<DraftId, String>,
) -> CourseLesson {
    let told = Told::of(opening, required.map(|(_, post)| post));
    CourseLesson {
        id,
        title: post.title.as_str().to_owned(),
        kind: post.content.kind,
        slug: slugs.get(&id).cloned().unwrap_or_else(|| id.to_string()),
        open_to: open_to(&post.content.access),
        is_open: told.is_open,
        opens_at: told.opens_at,
        opens_after: told.after,
        requires: required.map(|(id, _)| id),
        is_done: false,
    }
}

/// Where a lesson stands in the course that members see; absent where they see none.
pub(crate) fn place_of(
    tx: &mut dyn Tx,
    community: CommunityId,
    draft: &Draft,
    learner: &Learner,
    now: Timestamp,
) -> Result<Option<PlaceInCourse>, DbError> {
    let Some(lesson) = &draft.lesson else {
        return Ok(None);
    };
    let Some(course) = draft::live(tx, community, lesson.course, now)? else {
        return Ok(None);
    };
    let Some(post) = course.offered().filter(|p| p.content.kind.has_lessons()) else {
        return Ok(None);
    };
    let lessons = draft::lessons_of(tx, community, course.id)?;
    let parts = seen(&course, &lessons, now);
    let order: Vec<DraftId> = parts
        .iter()
        .flat_map(|part| part.lessons.iter().map(|(id, ..)| *id))
        .collect();
    let at = order.iter().position(|id| *id == draft.id);
    Ok(at.map(|at| PlaceInCourse {
        course: course.id,
        title: post.title.as_str().to_owned(),
        number: at as u64 + 1,
        n_lessons: order.len() as u64,
        previous: at.checked_sub(1).map(|at| order[at]),
        next: order.get(at + 1).copied(),
        is_done: learner.done.contains(&draft.id),
    }))
}
