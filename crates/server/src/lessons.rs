//! Courses as members read them: what of a course is open to a reader, and from when, by the rule
//! in `stoa_domain::opening`, which the studio's preview goes by as well.

use std::collections::{BTreeMap, BTreeSet};

use stoa_domain::{
    CommunityId, Draft, DraftId, InCourse, Lesson, Opening, Part, Post, Rights, Timestamp, outline,
};
use stoa_protocol::member::{CourseLesson, CourseSection, Outline, PlaceInCourse};

use crate::db::{DbError, Tx};
use crate::member::open_to;
use crate::tables::{draft, post_address};

/// Whether a post is open to a reader, by itself and as a lesson.
pub(crate) fn opening(
    tx: &mut dyn Tx,
    community: CommunityId,
    (draft, post): (&Draft, &Post),
    rights: &Rights,
    now: Timestamp,
) -> Result<Opening, DbError> {
    let course = match &draft.lesson {
        Some(lesson) => draft::find(tx, community, lesson.course)?,
        None => None,
    };
    let place = InCourse::of(draft.lesson.as_deref(), course.as_ref());
    let of = (draft.id, &post.content.access);
    Ok(stoa_domain::opening(of, place, rights, now))
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
    rights: &Rights,
    now: Timestamp,
) -> Result<Outline, DbError> {
    let lessons = draft::lessons_of(tx, community, course.id)?;
    let slugs = post_address::current_of_lessons(tx, community, course.id)?;
    let mut before = BTreeSet::new();
    let mut sections = Vec::new();
    for part in seen(course, &lessons, now) {
        let title = part.section.and_then(|section| section.title.as_ref());
        let mut told = Vec::with_capacity(part.lessons.len());
        for (id, lesson, post) in part.lessons {
            let place = InCourse::of(Some(lesson), Some(course));
            let of = (id, &post.content.access);
            let opening = stoa_domain::opening(of, place, rights, now);
            told.push(told_of((lesson, post), id, opening, &slugs, &before));
            before.insert(id);
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
    (lesson, post): (&Lesson, &Post),
    id: DraftId,
    opening: Opening,
    slugs: &BTreeMap<DraftId, String>,
    before: &BTreeSet<DraftId>,
) -> CourseLesson {
    CourseLesson {
        id,
        title: post.title.as_str().to_owned(),
        kind: post.content.kind,
        slug: slugs.get(&id).cloned().unwrap_or_else(|| id.to_string()),
        open_to: open_to(&post.content.access),
        is_open: opening.is_open,
        opens_at: opening.opens_at,
        requires: lesson.requires.filter(|id| before.contains(id)),
    }
}

/// Where a lesson stands in the course that members see; absent where they see none.
pub(crate) fn place_of(
    tx: &mut dyn Tx,
    community: CommunityId,
    draft: &Draft,
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
    }))
}
