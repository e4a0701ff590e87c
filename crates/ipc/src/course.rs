//! Courses and columns: sections, lessons and their order.

use serde::{Deserialize, Serialize};
use stoa_domain::{DraftId, Kind, Opens, SectionId, Shelf, Timestamp};

/// Asks for a course with its sections and lessons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GetCourse {
    pub id: DraftId,
}

/// A course or column with all that stands in it, in its order. What is in the bin is left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CourseOutline {
    pub course: DraftId,
    pub title: String,
    pub kind: Kind,
    /// First what stands before the first section, which may be nothing, and then each section.
    pub parts: Vec<OutlinePart>,
    /// Whether who works here may change it.
    pub may_change: bool,
}

impl CourseOutline {
    /// Every lesson, in its order.
    pub fn lessons(&self) -> impl Iterator<Item = &LessonInfo> {
        self.parts.iter().flat_map(|part| &part.lessons)
    }
}

/// A section with its lessons, or what stands before the first section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutlinePart {
    pub section: Option<SectionInfo>,
    pub lessons: Vec<LessonInfo>,
}

/// A section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SectionInfo {
    pub id: SectionId,
    pub title: String,
}

/// A lesson.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LessonInfo {
    pub draft: DraftId,
    /// May be empty; the window then shows "Untitled".
    pub title: String,
    /// Where it stands: `drafts`, `scheduled`, `published` or `archived`.
    pub shelf: Shelf,
    /// When members see it, or will see it.
    pub live_at: Option<Timestamp>,
    pub opens: Opens,
    /// The lesson that is to be finished first.
    pub requires: Option<DraftId>,
    /// Whether that one stands before this one, and so counts.
    pub requirement_counts: bool,
    pub n_words: u64,
    pub read_seconds: u64,
}

/// Asks where a draft stands in a course. Nothing where it stands in none that is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GetLessonPlace {
    pub id: DraftId,
}

/// Where a draft stands in a course.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LessonPlace {
    pub course: DraftId,
    pub course_title: String,
    /// Counted from 1.
    pub number: u64,
    pub n_lessons: u64,
    pub previous: Option<DraftId>,
    pub next: Option<DraftId>,
}

/// Makes a section. `invalid_input` with the field `title` (1 to 100 characters), `sections` (at
/// most 200) or `kind` (a column has none); `not_found` where `after` is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateSection {
    pub course: DraftId,
    pub title: String,
    /// Behind which section; absent for the first place.
    #[serde(default)]
    pub after: Option<SectionId>,
}

/// Gives a section another name; errors like [`CreateSection`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenameSection {
    pub course: DraftId,
    pub section: SectionId,
    pub title: String,
}

/// Puts a section with its lessons behind another one. `not_found` when one of them is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoveSection {
    pub course: DraftId,
    pub section: SectionId,
    /// Absent for the first place.
    #[serde(default)]
    pub after: Option<SectionId>,
}

/// Deletes a section. Its lessons stay: they go to the section before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeleteSection {
    pub course: DraftId,
    pub section: SectionId,
}

/// Makes a draft that stands in a course, for those who may read the course. Errors like
/// [`AddLesson`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateLesson {
    pub course: DraftId,
    pub title: String,
    #[serde(default)]
    pub section: Option<SectionId>,
    /// Behind which lesson of the section; absent for the first place.
    #[serde(default)]
    pub after: Option<DraftId>,
}

/// Puts a draft into a course. `invalid_input` with the field `draft` (`in-another-course`,
/// `already-exists`, `not-a-lesson`), `course` (`not-a-course`) or `lessons` (at most 2,000).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddLesson {
    pub course: DraftId,
    pub draft: DraftId,
    #[serde(default)]
    pub section: Option<SectionId>,
    /// Behind which lesson of the section; absent for the first place.
    #[serde(default)]
    pub after: Option<DraftId>,
}

/// Puts a lesson into another place of its course. `not_found` where it, the section or `after` do
/// not stand there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoveLesson {
    pub course: DraftId,
    pub draft: DraftId,
    #[serde(default)]
    pub section: Option<SectionId>,
    /// Behind which lesson of the section; absent for the first place.
    #[serde(default)]
    pub after: Option<DraftId>,
}

/// Takes a draft out of a course. The draft stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoveLesson {
    pub course: DraftId,
    pub draft: DraftId,
}

/// Says from when on a lesson is open and what is to be finished before it. `invalid_input` with
/// the field `opens` (1 to 3,650 days) or `requires` (no other lesson).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DescribeLesson {
    pub course: DraftId,
    pub draft: DraftId,
    pub opens: Opens,
    #[serde(default)]
    pub requires: Option<DraftId>,
}
