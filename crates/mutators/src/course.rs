//! Courses and columns: their sections, and the places of lessons in them.
//!
//! A change of a section writes the row of the course, one of a lesson that of the draft which is
//! the lesson. Who may change the course decides about both.

use serde::{Deserialize, Serialize};
use stoa_domain::{
    Draft, DraftId, Lesson, MAX_LESSONS, MAX_SECTIONS, MAX_SECTIONS_EVER, Opens, Position, Section,
    SectionId, SectionTitle,
};

use crate::draft::may_change;
use crate::{Context, Key, Reject, RejectCode, Row, Rows};

/// `section.create@1`: a section. Class F. One that was deleted stands again, with the lessons it
/// had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateSection {
    pub id: SectionId,
    pub course: DraftId,
    pub title: SectionTitle,
    pub position: Position,
}

/// `section.rename@1`: another name. Class B, soft: the later arrival wins, what another device
/// wrote meanwhile is kept in the field history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenameSection {
    pub id: SectionId,
    pub course: DraftId,
    pub title: SectionTitle,
    /// The name that was seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<SectionTitle>,
}

/// `section.move@1`: another place among the sections. Class F: the later arrival stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoveSection {
    pub id: SectionId,
    pub course: DraftId,
    pub position: Position,
}

/// `section.delete@1`: a section goes, its lessons stay: they belong to the section before it.
/// Class B, soft; of one that is gone it changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeleteSection {
    pub id: SectionId,
    pub course: DraftId,
}

/// `lesson.add@1`: a draft stands in a course or column. Class F; of two courses the first counts.
/// A draft that stands in this course already stays where it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddLesson {
    pub draft: DraftId,
    pub course: DraftId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<SectionId>,
    pub position: Position,
    #[serde(default, skip_serializing_if = "is_default")]
    pub opens: Opens,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requires: Option<DraftId>,
    /// The course in which it stood, where that was deleted for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was_in: Option<DraftId>,
}

/// `lesson.move@1`: another place in the course. Class F: the later arrival stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoveLesson {
    pub draft: DraftId,
    pub course: DraftId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<SectionId>,
    pub position: Position,
}

/// `lesson.remove@1`: a draft stands in the course no more. Class B, soft; of one that does not
/// stand there it changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoveLesson {
    pub draft: DraftId,
    pub course: DraftId,
}

/// `lesson.describe@1`: from when on a lesson is open, and what is to be finished before it. Class
/// B, soft: the later arrival wins, what another device said meanwhile is kept in the field
/// history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DescribeLesson {
    pub draft: DraftId,
    pub course: DraftId,
    pub terms: LessonTerms,
    /// What was seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<LessonTerms>,
}

/// On which terms a lesson is open; what is absent in a change stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LessonTerms {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opens: Option<Opens>,
    /// `Some(None)`, which travels as `null`, asks for nothing.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub requires: Option<Option<DraftId>>,
}

/// A value that is there, `null` included.
fn present<'de, D, T>(from: D) -> Result<Option<T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(from).map(Some)
}

fn is_default(opens: &Opens) -> bool {
    *opens == Opens::default()
}

impl LessonTerms {
    /// What a lesson has in the fields that these are about.
    #[must_use]
    pub fn as_in(&self, lesson: &Lesson) -> Self {
        Self {
            opens: self.opens.map(|_| lesson.opens),
            requires: self.requires.map(|_| lesson.requires),
        }
    }

    fn apply_to(&self, lesson: &mut Lesson) {
        if let Some(opens) = self.opens {
            lesson.opens = opens;
        }
        if let Some(requires) = self.requires {
            lesson.requires = requires;
        }
    }

    /// Those of the terms that stand and are neither what was seen nor what is wanted.
    fn overridden(&self, was: &Self, here: &Self) -> Option<Self> {
        let lost = Self {
            opens: here
                .opens
                .filter(|_| here.opens != was.opens && here.opens != self.opens),
            requires: here
                .requires
                .filter(|_| here.requires != was.requires && here.requires != self.requires),
        };
        (lost != Self::default()).then_some(lost)
    }
}

impl CreateSection {
    pub(crate) fn apply(&self, rows: &mut Rows, ctx: &Context) -> Result<(), Reject> {
        let mut course = may_change(rows, ctx, self.course)?.clone();
        let before = course.sections.get(self.id);
        if before.is_some_and(|section| section.title.is_some()) {
            return Err(Reject::field(RejectCode::AlreadyExists, "section"));
        }
        let n_ever = course.sections.all().len() + usize::from(before.is_none());
        if course.sections.standing().count() >= MAX_SECTIONS || n_ever > MAX_SECTIONS_EVER {
            return Err(Reject::field(RejectCode::Invalid, "sections"));
        }
        course.sections.put(Section {
            id: self.id,
            title: Some(self.title.clone()),
            into: None,
            position: self.position.clone(),
        });
        rows.put(Row::Draft(course));
        Ok(())
    }
}

impl RenameSection {
    pub(crate) fn apply(&self, rows: &mut Rows, ctx: &Context) -> Result<(), Reject> {
        let title = Some(self.title.clone());
        change_section(rows, ctx, (self.course, self.id), |section| Section {
            title,
            ..section
        })
    }

    /// The name that stands there and is neither the one that was seen nor the one that is wanted.
    pub(crate) fn overridden(&self, before: &Draft) -> Option<SectionTitle> {
        let here = before.sections.get(self.id)?.title.as_ref()?;
        let is_other = self.was.as_ref().is_some_and(|was| was != here) && self.title != *here;
        is_other.then(|| here.clone())
    }
}

impl MoveSection {
    pub(crate) fn apply(&self, rows: &mut Rows, ctx: &Context) -> Result<(), Reject> {
        let position = self.position.clone();
        change_section(rows, ctx, (self.course, self.id), |section| Section {
            position,
            ..section
        })
    }
}

impl DeleteSection {
    pub(crate) fn apply(&self, rows: &mut Rows, ctx: &Context) -> Result<(), Reject> {
        let mut course = may_change(rows, ctx, self.course)?.clone();
        if course.sections.delete(self.id) {
            rows.put(Row::Draft(course));
        }
        Ok(())
    }
}

impl AddLesson {
    pub(crate) fn apply(&self, rows: &mut Rows, ctx: &Context) -> Result<(), Reject> {
        let mut draft = may_change(rows, ctx, self.draft)?.clone();
        let course = may_change_course(rows, ctx, self.course)?;
        if draft.binned_at.is_some() {
            return Err(Reject::field(RejectCode::Invalid, "draft"));
        }
        if course.binned_at.is_some() || course.id == draft.id || course.lesson.is_some() {
            return Err(Reject::field(RejectCode::Invalid, "course"));
        }
        if draft.content.kind.has_lessons() || draft.sections.standing().next().is_some() {
            return Err(Reject::field(RejectCode::Invalid, "kind"));
        }
        match draft.lesson.as_ref().map(|lesson| lesson.course) {
            Some(other) if other == self.course => return Ok(()),
            Some(other) if self.was_in != Some(other) || rows.draft(other).is_some() => {
                return Err(Reject::field(RejectCode::AlreadyExists, "lesson"));
            }
            _ => {}
        }
        if rows.n_lessons() >= MAX_LESSONS {
            return Err(Reject::field(RejectCode::Invalid, "lessons"));
        }
        let lesson = Lesson {
            course: self.course,
            section: self.section,
            position: self.position.clone(),
            opens: self.opens,
            requires: self.requires,
        };
        check_terms(&lesson, self.draft)?;
        draft.lesson = Some(Box::new(lesson));
        rows.put(Row::Draft(draft));
        Ok(())
    }
}

impl MoveLesson {
    pub(crate) fn apply(&self, rows: &mut Rows, ctx: &Context) -> Result<(), Reject> {
        change_lesson(rows, ctx, (self.course, self.draft), |lesson| {
            lesson.section = self.section;
            lesson.position = self.position.clone();
        })
    }
}

impl RemoveLesson {
    pub(crate) fn apply(&self, rows: &mut Rows, ctx: &Context) -> Result<(), Reject> {
        // Of a course that is gone, who may change the draft clears up.
        match rows.draft(self.course).is_some() {
            true => may_change_course(rows, ctx, self.course)?,
            false => may_change(rows, ctx, self.draft)?,
        };
        let mut draft = there(rows, self.draft)?.clone();
        if stands_in(&draft, self.course) {
            draft.lesson = None;
            rows.put(Row::Draft(draft));
        }
        Ok(())
    }
}

impl DescribeLesson {
    pub(crate) fn apply(&self, rows: &mut Rows, ctx: &Context) -> Result<(), Reject> {
        change_lesson(rows, ctx, (self.course, self.draft), |lesson| {
            self.terms.apply_to(lesson);
        })
    }

    /// The terms that stand there and are neither those that were seen nor those that are wanted.
    pub(crate) fn overridden(&self, before: &Draft) -> Option<LessonTerms> {
        let lesson = before.lesson.as_ref().filter(|l| l.course == self.course)?;
        let was = self.was.as_ref()?;
        self.terms.overridden(was, &self.terms.as_in(lesson))
    }
}

/// The course, which the person may change. It is named as what is to blame.
fn may_change_course<'r>(rows: &'r Rows, ctx: &Context, id: DraftId) -> Result<&'r Draft, Reject> {
    may_change(rows, ctx, id).map_err(|reject| Reject::field(reject.code, "course"))
}

/// A draft that exists, whoever it belongs to.
fn there(rows: &Rows, id: DraftId) -> Result<&Draft, Reject> {
    let missing = match rows.is_gone(Key::draft(id)) {
        true => RejectCode::Deleted,
        false => RejectCode::NotFound,
    };
    rows.draft(id).ok_or(Reject::new(missing))
}

fn stands_in(draft: &Draft, course: DraftId) -> bool {
    let lesson = draft.lesson.as_ref();
    lesson.is_some_and(|lesson| lesson.course == course)
}

fn change_section(
    rows: &mut Rows,
    ctx: &Context,
    (course, id): (DraftId, SectionId),
    edit: impl FnOnce(Section) -> Section,
) -> Result<(), Reject> {
    let mut course = may_change(rows, ctx, course)?.clone();
    let section = course.sections.get(id).cloned();
    let section = section.filter(|section| section.title.is_some());
    let section = section.ok_or(Reject::field(RejectCode::NotFound, "section"))?;
    course.sections.put(edit(section));
    rows.put(Row::Draft(course));
    Ok(())
}

fn change_lesson(
    rows: &mut Rows,
    ctx: &Context,
    (course, id): (DraftId, DraftId),
    edit: impl FnOnce(&mut Lesson),
) -> Result<(), Reject> {
    may_change_course(rows, ctx, course)?;
    let mut draft = there(rows, id)?.clone();
    let lesson = draft.lesson.as_mut().filter(|l| l.course == course);
    let lesson = lesson.ok_or(Reject::field(RejectCode::NotFound, "lesson"))?;
    edit(lesson);
    check_terms(lesson, id)?;
    rows.put(Row::Draft(draft));
    Ok(())
}

fn check_terms(lesson: &Lesson, id: DraftId) -> Result<(), Reject> {
    if !lesson.opens.is_sound() {
        return Err(Reject::field(RejectCode::Invalid, "opens"));
    }
    match lesson.requires == Some(id) {
        true => Err(Reject::field(RejectCode::Invalid, "requires")),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests;
