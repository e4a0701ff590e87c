//! Courses and columns: their sections, the lessons in them, and the order of both.

use std::collections::BTreeSet;

use rusqlite::Connection;
use stoa_domain::{
    ContentValues, Draft, DraftId, Lesson, Part, Position, Section, SectionId, SectionTitle,
    Timestamp, Title, is_han, outline,
};
use stoa_mutators::{
    AddLesson, CreateSection, DeleteSection, DescribeDraft, DescribeLesson, LessonTerms,
    MoveLesson, MoveSection, Mutation, Reject, RejectCode, RemoveLesson, RenameSection,
    key_between,
};

use super::drafts::{change, create, listing_of};
use super::text::may_change;
use super::{Store, Work};
use crate::table::{doc, draft};
use crate::{
    CourseShown, DraftListing, LessonAccess, LessonPlace, LessonShown, LessonSpot, PartShown,
    Random, StepKind, StoreError, overlay, random, undo,
};

/// So many Han characters are read in a minute, and so many words.
const HAN_A_MINUTE: u64 = 350;
const WORDS_A_MINUTE: u64 = 220;

impl Store {
    /// A course or column with its sections and lessons. What is in the bin is left out.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for a draft that is not there, and the disk's error.
    pub fn course(&self, id: DraftId, now: Timestamp) -> Result<CourseShown, StoreError> {
        self.read(|db| {
            let course = shown(db, id)?;
            let lessons = lessons(db, id)?;
            let mut before = BTreeSet::new();
            let mut parts = Vec::new();
            for part in outlined(&course, &lessons) {
                let mut told = Vec::with_capacity(part.lessons.len());
                for (draft, lesson, row) in part.lessons {
                    told.push(lesson_shown(db, (row, lesson), &before, now)?);
                    before.insert(draft);
                }
                parts.push(PartShown {
                    section: part.section.and_then(named),
                    lessons: told,
                });
            }
            Ok(CourseShown {
                course: id,
                kind: course.content.kind,
                may_change: may_change(db, id)?,
                title: course.title.into(),
                parts,
            })
        })
    }

    /// Where a draft stands in a course; absent for one that stands in none that is there.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for a draft that is not there, and the disk's error.
    pub fn lesson_place(&self, id: DraftId) -> Result<Option<LessonPlace>, StoreError> {
        self.read(|db| {
            let Some(lesson) = shown(db, id)?.lesson else {
                return Ok(None);
            };
            let Some(course) = draft::shown(db, lesson.course)? else {
                return Ok(None);
            };
            if course.binned_at.is_some() || !course.content.kind.has_lessons() {
                return Ok(None);
            }
            let lessons = lessons(db, course.id)?;
            let parts = outlined(&course, &lessons);
            let order: Vec<DraftId> = parts
                .iter()
                .flat_map(|part| part.lessons.iter().map(|(id, ..)| *id))
                .collect();
            let at = order.iter().position(|other| *other == id);
            Ok(at.map(|at| LessonPlace {
                course: course.id,
                course_title: course.title.as_str().to_owned(),
                number: at as u64 + 1,
                n_lessons: order.len() as u64,
                previous: at.checked_sub(1).map(|at| order[at]),
                next: order.get(at + 1).copied(),
            }))
        })
    }

    /// What says to whom a draft is open as a lesson; absent for one that stands in no course.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for a draft that is not there, and the disk's error.
    pub fn lesson_access(&self, id: DraftId) -> Result<Option<LessonAccess>, StoreError> {
        self.read(|db| {
            let Some(lesson) = shown(db, id)?.lesson else {
                return Ok(None);
            };
            Ok(Some(LessonAccess {
                course: draft::shown(db, lesson.course)?,
                required: match lesson.requires {
                    Some(required) => draft::shown(db, required)?,
                    None => None,
                },
                lesson: *lesson,
            }))
        })
    }

    /// A new section behind another one, or at the beginning.
    ///
    /// # Errors
    /// [`StoreError::Rejected`] when there are too many or the rules do not allow it.
    pub fn create_section(
        &self,
        course: DraftId,
        (title, after): (SectionTitle, Option<SectionId>),
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<SectionId, StoreError> {
        let id = random::section_id(now, random);
        self.write(|work| {
            let shown = shown(work.db, course)?;
            // Columns have none. What another device makes of the kind meanwhile is no reason to
            // refuse a section that is there.
            if shown.content.kind != stoa_domain::Kind::Course {
                return Err(rejected(RejectCode::Invalid, "kind"));
            }
            let position = section_position(&shown, (id, after), random)?;
            let create = Mutation::CreateSection(CreateSection {
                id,
                course,
                title,
                position,
            });
            change(work, &create, StepKind::CreateSection, (course, now))?;
            Ok(id)
        })
    }

    /// Gives a section another name.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when it is gone, [`StoreError::Rejected`].
    pub fn rename_section(
        &self,
        course: DraftId,
        id: SectionId,
        title: SectionTitle,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(|work| {
            let was = section(&shown(work.db, course)?, id)?.title;
            if was.as_ref() == Some(&title) {
                return Ok(());
            }
            let rename = Mutation::RenameSection(RenameSection {
                id,
                course,
                title,
                was,
            });
            change(work, &rename, StepKind::RenameSection, (course, now)).map(drop)
        })
    }

    /// Puts a section with its lessons behind another one, or at the beginning.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when it is gone, [`StoreError::Rejected`].
    pub fn move_section(
        &self,
        course: DraftId,
        (id, after): (SectionId, Option<SectionId>),
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<(), StoreError> {
        self.write(|work| {
            let shown = shown(work.db, course)?;
            section(&shown, id)?;
            let position = section_position(&shown, (id, after), random)?;
            let move_it = Mutation::MoveSection(MoveSection {
                id,
                course,
                position,
            });
            change(work, &move_it, StepKind::MoveSection, (course, now)).map(drop)
        })
    }

    /// Deletes a section; its lessons go to the one before it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when it is gone, [`StoreError::Rejected`].
    pub fn delete_section(
        &self,
        course: DraftId,
        id: SectionId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(|work| {
            section(&shown(work.db, course)?, id)?;
            let delete = Mutation::DeleteSection(DeleteSection { id, course });
            change(work, &delete, StepKind::DeleteSection, (course, now)).map(drop)
        })
    }

    /// A new draft that stands in a course, for those who may read the course.
    ///
    /// # Errors
    /// [`StoreError::Rejected`] when the rules do not allow it; nothing was made then.
    pub fn create_lesson(
        &self,
        course: DraftId,
        (title, spot): (Title, LessonSpot),
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<DraftListing, StoreError> {
        let id = random::draft_id(now, random);
        self.write(|work| {
            let access = shown(work.db, course)?.content.access;
            create(work, id, title, now)?;
            let values = ContentValues {
                access: Some(access),
                ..ContentValues::default()
            };
            let describe = Mutation::DescribeDraft(DescribeDraft { id, values });
            overlay::enqueue(work, id, &describe, now)?;
            add(work, (course, id), spot, now, random)?;
            undo::keep(work, StepKind::AddLesson, id, now)?;
            listing_of(work.db, id)
        })
    }

    /// Puts a draft into a course.
    ///
    /// # Errors
    /// [`StoreError::Rejected`] with `already_exists` where it stands in another course.
    pub fn add_lesson(
        &self,
        (course, id): (DraftId, DraftId),
        spot: LessonSpot,
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<(), StoreError> {
        self.write(|work| {
            add(work, (course, id), spot, now, random)?;
            undo::keep(work, StepKind::AddLesson, id, now)
        })
    }

    /// Puts a lesson into another place of its course.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where it does not stand there, [`StoreError::Rejected`].
    pub fn move_lesson(
        &self,
        (course, id): (DraftId, DraftId),
        spot: LessonSpot,
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<(), StoreError> {
        self.write(|work| {
            lesson(work.db, course, id)?;
            let (section, position) = lesson_position(work.db, (course, id), spot, random)?;
            let move_it = Mutation::MoveLesson(MoveLesson {
                draft: id,
                course,
                section,
                position,
            });
            change(work, &move_it, StepKind::MoveLesson, (id, now)).map(drop)
        })
    }

    /// Takes a draft out of a course. The draft stays.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where it does not stand there, [`StoreError::Rejected`].
    pub fn remove_lesson(
        &self,
        course: DraftId,
        id: DraftId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(|work| {
            lesson(work.db, course, id)?;
            let remove = Mutation::RemoveLesson(RemoveLesson { draft: id, course });
            change(work, &remove, StepKind::RemoveLesson, (id, now)).map(drop)
        })
    }

    /// Says from when on a lesson is open and what is to be finished before it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where it does not stand there, [`StoreError::Rejected`].
    pub fn describe_lesson(
        &self,
        course: DraftId,
        id: DraftId,
        terms: LessonTerms,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(|work| {
            let was = terms.as_in(&lesson(work.db, course, id)?);
            if was == terms {
                return Ok(());
            }
            let describe = Mutation::DescribeLesson(DescribeLesson {
                draft: id,
                course,
                terms,
                was: Some(was),
            });
            change(work, &describe, StepKind::DescribeLesson, (id, now)).map(drop)
        })
    }
}

pub(super) fn shown(db: &Connection, id: DraftId) -> Result<Draft, StoreError> {
    draft::shown(db, id)?.ok_or(StoreError::NotFound)
}

/// The lessons of a course that are not in the bin.
pub(super) fn lessons(db: &Connection, course: DraftId) -> Result<Vec<Draft>, StoreError> {
    let mut lessons = draft::lessons_of(db, course)?;
    lessons.retain(|lesson| lesson.binned_at.is_none());
    Ok(lessons)
}

/// The parts of a course with their lessons, in their order.
pub(super) fn outlined<'d>(course: &'d Draft, lessons: &'d [Draft]) -> Vec<Part<'d, &'d Draft>> {
    let placed = lessons.iter().filter_map(|row| {
        let lesson = row.lesson.as_deref()?;
        Some((row.id, lesson, row))
    });
    outline(&course.sections, placed)
}

fn named(section: &Section) -> Option<(SectionId, String)> {
    let title = section.title.as_ref()?;
    Some((section.id, title.as_str().to_owned()))
}

fn lesson_shown(
    db: &Connection,
    (row, lesson): (&Draft, &Lesson),
    before: &BTreeSet<DraftId>,
    now: Timestamp,
) -> Result<LessonShown, StoreError> {
    let summary = doc::summary(db, row.id)?;
    let a_minute = match summary.excerpt.chars().any(is_han) {
        true => HAN_A_MINUTE,
        false => WORDS_A_MINUTE,
    };
    Ok(LessonShown {
        draft: row.id,
        title: row.title.as_str().to_owned(),
        shelf: row.shelf(now),
        live_at: row.offered().map(|post| post.live_at),
        opens: lesson.opens,
        requires: lesson.requires,
        requirement_counts: lesson.requires.is_some_and(|id| before.contains(&id)),
        n_words: summary.n_words,
        read_seconds: summary.n_words * 60 / a_minute,
    })
}

fn section(course: &Draft, id: SectionId) -> Result<Section, StoreError> {
    let section = course.sections.get(id).cloned();
    let standing = section.filter(|section| section.title.is_some());
    standing.ok_or(StoreError::NotFound)
}

fn lesson(db: &Connection, course: DraftId, id: DraftId) -> Result<Lesson, StoreError> {
    let lesson = shown(db, id)?.lesson.map(|lesson| *lesson);
    let here = lesson.filter(|lesson| lesson.course == course);
    here.ok_or(StoreError::NotFound)
}

fn add(
    work: &mut Work<'_>,
    (course, id): (DraftId, DraftId),
    spot: LessonSpot,
    now: Timestamp,
    random: &dyn Random,
) -> Result<(), StoreError> {
    if !shown(work.db, course)?.content.kind.has_lessons() {
        return Err(rejected(RejectCode::Invalid, "course"));
    }
    let (section, position) = lesson_position(work.db, (course, id), spot, random)?;
    let stands_in = shown(work.db, id)?.lesson.map(|lesson| lesson.course);
    let was_in = match stands_in {
        Some(other) if draft::shown(work.db, other)?.is_none() => Some(other),
        _ => None,
    };
    if stands_in == Some(course) {
        return Err(rejected(RejectCode::AlreadyExists, "place"));
    }
    let add = Mutation::AddLesson(AddLesson {
        draft: id,
        course,
        section,
        position,
        opens: stoa_domain::Opens::AtOnce,
        requires: None,
        was_in,
    });
    overlay::enqueue(work, id, &add, now)
}

pub(super) fn section_position(
    course: &Draft,
    (id, after): (SectionId, Option<SectionId>),
    random: &dyn Random,
) -> Result<Position, StoreError> {
    let all: Vec<&Section> = course.sections.all().iter().collect();
    let others: Vec<&Section> = all.into_iter().filter(|other| other.id != id).collect();
    let at = match after {
        Some(after) => {
            let place = others.iter().position(|other| other.id == after);
            place.ok_or(StoreError::NotFound)? + 1
        }
        None => 0,
    };
    let places: Vec<&Position> = others.iter().map(|other| &other.position).collect();
    between(&places, at, random)
}

/// The section and the place in which a lesson stands at a spot: those of a deleted section go on
/// being told from those of the one that they stand in.
fn lesson_position(
    db: &Connection,
    (course, id): (DraftId, DraftId),
    spot: LessonSpot,
    random: &dyn Random,
) -> Result<(Option<SectionId>, Position), StoreError> {
    let course = shown(db, course)?;
    let lessons = lessons(db, course.id)?;
    let parts = outlined(&course, &lessons);
    let part = parts
        .iter()
        .find(|part| part.section.map(|section| section.id) == spot.section)
        .ok_or(StoreError::NotFound)?;
    let others = part.lessons.iter().filter(|(other, ..)| *other != id);
    let others: Vec<(DraftId, &Lesson)> = others.map(|(id, lesson, _)| (*id, *lesson)).collect();
    let (section, after) = match spot.after {
        Some(after) => {
            let found = others.iter().find(|(other, _)| *other == after);
            let (_, lesson) = found.ok_or(StoreError::NotFound)?;
            (lesson.section, Some(after))
        }
        None => (spot.section, None),
    };
    let beside: Vec<_> = others
        .iter()
        .filter(|(_, lesson)| lesson.section == section)
        .collect();
    let at = match after {
        Some(after) => beside.iter().take_while(|(id, _)| *id != after).count() + 1,
        None => 0,
    };
    let places: Vec<&Position> = beside.iter().map(|(_, lesson)| &lesson.position).collect();
    Ok((section, between(&places, at, random)?))
}

/// A place in a row of places, behind so many of them. Where two are the same, behind both.
pub(super) fn between(
    places: &[&Position],
    at: usize,
    random: &dyn Random,
) -> Result<Position, StoreError> {
    let before = at.checked_sub(1).and_then(|at| places.get(at));
    let mut behind = places.get(at..).unwrap_or_default().iter();
    let after = behind.find(|place| before.is_none_or(|before| *place > before));
    let before = before.map(|place| place.as_str());
    let after = after.map(|place| place.as_str());
    let key = key_between(before, after, &random::place_digits(random));
    key.and_then(|key| Position::parse(&key).ok())
        .ok_or_else(|| rejected(RejectCode::Invalid, "position"))
}

fn rejected(code: RejectCode, field: &str) -> StoreError {
    StoreError::Rejected(Reject::field(code, field))
}
