//! Courses and columns of an import: drafts that it has made are put into their order.

use stoa_domain::{Draft, DraftId, Kind, Position, SectionId, SectionTitle, Timestamp};
use stoa_mutators::{AddLesson, CreateSection, Mutation};

use super::courses::{between, section_position, shown};
use super::{PublishAt, Store, Work, publishing};
use crate::table::draft;
use crate::{LessonToImport, PartToImport, Random, StepKind, StoreError, overlay, random, undo};

impl Store {
    /// Arranges drafts that an import has made, as part of the step `onto` or as a new one. Only a
    /// course that is empty is arranged; a draft that is gone, stands in another course or cannot be a
    /// lesson is passed over. Answers how many became lessons, and the step.
    ///
    /// # Errors
    /// [`StoreError`]; nothing was changed then.
    pub fn import_course(
        &self,
        course: DraftId,
        parts: &[PartToImport],
        (onto, now): (Option<i64>, Timestamp),
        random: &dyn Random,
    ) -> Result<(u64, Option<i64>), StoreError> {
        self.write(|work| {
            let n = arrange(work, course, parts, now, random)?;
            let step = undo::keep_onto(work, StepKind::Import, course, (onto, now))?;
            Ok((n, step))
        })
    }
}

fn arrange(
    work: &mut Work<'_>,
    course: DraftId,
    parts: &[PartToImport],
    now: Timestamp,
    random: &dyn Random,
) -> Result<u64, StoreError> {
    let Some(row) = draft::shown(work.db, course)? else {
        return Ok(0);
    };
    let kind = row.content.kind;
    let is_empty = row.sections.all().is_empty() && draft::lessons_of(work.db, course)?.is_empty();
    if !kind.has_lessons() || !is_empty || row.binned_at.is_some() {
        return Ok(0);
    }
    let mut end = End::default();
    let mut n = 0;
    for part in parts {
        if let Some(title) = part.section.as_ref().filter(|_| kind == Kind::Course) {
            end = begin(work, (course, title), end, now, random)?;
        }
        for lesson in &part.lessons {
            n += u64::from(put(work, course, (lesson, &mut end), now, random)?);
        }
    }
    Ok(n)
}

/// Where the next lesson comes: in which section, and behind which one of it.
#[derive(Default)]
struct End {
    section: Option<SectionId>,
    last: Option<Position>,
}

/// Begins a section; where it cannot be one, its lessons follow those before it.
fn begin(
    work: &mut Work<'_>,
    (course, title): (DraftId, &SectionTitle),
    end: End,
    now: Timestamp,
    random: &dyn Random,
) -> Result<End, StoreError> {
    let id = random::section_id(now, random);
    let position = section_position(&shown(work.db, course)?, (id, end.section), random)?;
    let create = Mutation::CreateSection(CreateSection {
        id,
        course,
        title: title.clone(),
        position,
    });
    Ok(
        match is_taken(overlay::enqueue(work, course, &create, now))? {
            true => End {
                section: Some(id),
                last: None,
            },
            false => end,
        },
    )
}

/// Puts a draft at the end; whether it could be a lesson. One that members see already is none: it
/// would close before them.
fn put(
    work: &mut Work<'_>,
    course: DraftId,
    (lesson, end): (&LessonToImport, &mut End),
    now: Timestamp,
    random: &dyn Random,
) -> Result<bool, StoreError> {
    let is_free =
        |row: &Draft| row.lesson.is_none() && row.post.is_none() && row.binned_at.is_none();
    let row = draft::shown(work.db, lesson.draft)?;
    if !row.as_ref().is_some_and(is_free) {
        return Ok(false);
    }
    let before: Vec<&Position> = end.last.iter().collect();
    let position = between(&before, before.len(), random)?;
    let add = Mutation::AddLesson(AddLesson {
        draft: lesson.draft,
        course,
        section: end.section,
        position: position.clone(),
        opens: lesson.opens,
        requires: lesson.requires.filter(|id| *id != lesson.draft),
        was_in: None,
    });
    if !is_taken(overlay::enqueue(work, lesson.draft, &add, now))? {
        return Ok(false);
    }
    end.last = Some(position);
    if lesson.is_published {
        let publish = publishing::as_shown(work, lesson.draft, PublishAt::default())?;
        overlay::enqueue(work, lesson.draft, &Mutation::PublishPost(publish), now)?;
    }
    Ok(true)
}

/// What the rules refuse is passed over: the draft is there, as it came.
fn is_taken(done: Result<(), StoreError>) -> Result<bool, StoreError> {
    match done {
        Ok(()) => Ok(true),
        Err(StoreError::Rejected(_)) => Ok(false),
        Err(error) => Err(error),
    }
}
