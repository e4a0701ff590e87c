//! Courses as members read them: what of a course is open to a reader, and from when.
//!
//! Invariant: a lesson is open to nobody to whom its course is closed, but for one that is public:
//! that is a free trial. What the course is open to counts whether it is published or not, so that
//! nothing opens by taking a course back.

use std::collections::{BTreeMap, BTreeSet};

use stoa_domain::{
    Access, CommunityId, Content, Draft, DraftId, Lesson, Opens, Part, Post, Timestamp, outline,
};
use stoa_protocol::member::{CourseLesson, CourseSection, Outline, PlaceInCourse};

use crate::db::{DbError, Tx};
use crate::member::{Rights, open_to};
use crate::tables::{draft, post_address};

/// Whether something is open to a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Opening {
    pub(crate) is_open: bool,
    /// When it opens, where nothing but the time is missing.
    pub(crate) opens_at: Option<Timestamp>,
}

impl Opening {
    fn now_or_never(is_open: bool) -> Self {
        Self {
            is_open,
            opens_at: None,
        }
    }
}

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
    Ok(within(course.as_ref(), (draft, post), rights, now))
}

/// The same, where the course is at hand.
fn within(
    course: Option<&Draft>,
    (draft, post): (&Draft, &Post),
    rights: &Rights,
    now: Timestamp,
) -> Opening {
    let access = &post.content.access;
    let course = course.filter(|course| planned(course).kind.has_lessons());
    let (Some(lesson), Some(course)) = (draft.lesson.as_deref(), course) else {
        return Opening::now_or_never(access.lets_in(&rights.reader(draft.id)));
    };
    match rights {
        Rights::Staff => Opening::now_or_never(true),
        _ => in_time(lesson, (draft.id, access), course, rights, now),
    }
}

fn in_time(
    lesson: &Lesson,
    (id, access): (DraftId, &Access),
    course: &Draft,
    rights: &Rights,
    now: Timestamp,
) -> Opening {
    let of_course = &planned(course).access;
    let (lets_in, opens) = match (access, lesson.opens) {
        // Whoever tries it has not joined yet.
        (Access::Public, Opens::AfterDays { .. }) => (true, Opens::AtOnce),
        (Access::Public, opens) => (true, opens),
        // Who bought the course has bought what is in it.
        (_, opens) => (
            of_course.lets_in(&rights.reader(course.id))
                && access.lets_in(&rights.reader_of_either(id, course.id)),
            opens,
        ),
    };
    let since = rights.since(of_course, course.id);
    let is_open = lets_in && opens.is_open(since, now);
    Opening {
        is_open,
        opens_at: match lets_in && !is_open {
            true => opens.opens_at(since),
            false => None,
        },
    }
}

/// What a course is to members, or is to be.
fn planned(course: &Draft) -> &Content {
    let post = course.post.as_deref();
    post.map_or(&course.content, |post| &post.content)
}

/// The lessons of a course that members see now, in their order.
fn seen<'d>(
    course: &'d Draft,
    lessons: &'d [Draft],
    now: Timestamp,
) -> Vec<Part<'d, (&'d Draft, &'d Post)>> {
    let placed = lessons.iter().filter_map(|row| {
        let post = row.offered().filter(|post| post.live_at <= now)?;
        Some((row.id, row.lesson.as_deref()?, (row, post)))
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
        for (id, lesson, (row, post)) in part.lessons {
            let opening = within(Some(course), (row, post), rights, now);
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
