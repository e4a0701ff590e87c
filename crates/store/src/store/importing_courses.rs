//! Courses and columns of an import: drafts that it has made are put into their order.

use stoa_domain::{Draft, DraftId, Kind, Position, SectionId, Timestamp};
use stoa_mutators::{AddLesson, CreateSection, Mutation};

use super::courses::{between, section_position, shown};
use super::{Store, Work};
use crate::table::draft;
use crate::{LessonToImport, PartToImport, Random, StepKind, StoreError, overlay, random, undo};

impl Store {
    /// Arranges drafts that an import has made, as part of the step `onto` or as a new one. Only a
    /// course that is empty is arranged; a draft that is gone or stands in another course is passed over.
    /// Answers how many became lessons, and the step.
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
    let (mut n, mut after) = (0, None);
    for part in parts {
        let section = match &part.section {
            Some(title) if kind == Kind::Course => {
                let id = random::section_id(now, random);
                let position = section_position(&shown(work.db, course)?, (id, after), random)?;
                let title = title.clone();
                let create = CreateSection {
                    id,
                    course,
                    title,
                    position,
                };
                overlay::enqueue(work, course, &Mutation::CreateSection(create), now)?;
                after = Some(id);
                Some(id)
            }
            _ => None,
        };
        n += fill(work, (course, section), &part.lessons, now, random)?;
    }
    Ok(n)
}

/// Puts lessons into a section that has none.
fn fill(
    work: &mut Work<'_>,
    (course, section): (DraftId, Option<SectionId>),
    lessons: &[LessonToImport],
    now: Timestamp,
    random: &dyn Random,
) -> Result<u64, StoreError> {
    let (mut n, mut last) = (0, None::<Position>);
    for lesson in lessons {
        let row = draft::shown(work.db, lesson.draft)?;
        let is_free = |row: &Draft| row.lesson.is_none() && row.binned_at.is_none();
        if !row.as_ref().is_some_and(is_free) || lesson.draft == course {
            continue;
        }
        let before: Vec<&Position> = last.iter().collect();
        let position = between(&before, before.len(), random)?;
        last = Some(position.clone());
        let add = AddLesson {
            draft: lesson.draft,
            course,
            section,
            position,
            opens: lesson.opens,
            requires: lesson.requires,
            was_in: None,
        };
        overlay::enqueue(work, lesson.draft, &Mutation::AddLesson(add), now)?;
        n += 1;
    }
    Ok(n)
}
