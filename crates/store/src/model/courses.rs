//! Courses and their lessons, as they are shown and changed.

use stoa_domain::{
    Draft, DraftId, InCourse, Kind, Lesson, Opens, SectionId, SectionTitle, Shelf, Timestamp,
};

/// A course or column with all that stands in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CourseShown {
    pub course: DraftId,
    pub title: String,
    pub kind: Kind,
    /// What stands before the first section, and then each section.
    pub parts: Vec<PartShown>,
    /// Whether who works here may change it.
    pub may_change: bool,
}

/// A section with its lessons, or what stands before the first section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartShown {
    /// Absent for what stands before the first section.
    pub section: Option<(SectionId, String)>,
    pub lessons: Vec<LessonShown>,
}

/// A lesson.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LessonShown {
    pub draft: DraftId,
    pub title: String,
    pub shelf: Shelf,
    /// When members see it, or will see it.
    pub live_at: Option<Timestamp>,
    pub opens: Opens,
    /// The lesson that is to be finished first.
    pub requires: Option<DraftId>,
    /// Whether that one stands before this one, and so counts.
    pub requirement_counts: bool,
    pub n_words: u64,
    /// How long it takes to read.
    pub read_seconds: u64,
}

/// Where a draft stands in a course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LessonPlace {
    pub course: DraftId,
    pub course_title: String,
    /// Counted from 1.
    pub number: u64,
    pub n_lessons: u64,
    pub previous: Option<DraftId>,
    pub next: Option<DraftId>,
}

/// What says of a lesson to whom it is open, and from when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LessonAccess {
    pub lesson: Lesson,
    /// Absent when it was deleted for good.
    pub course: Option<Draft>,
    /// What is to be finished first; absent also when that was deleted for good.
    pub required: Option<Draft>,
}

impl LessonAccess {
    /// The place of this draft that the rule looks at; absent where it is a post like every other.
    pub fn place(&self, id: DraftId, now: Timestamp) -> Option<InCourse<'_>> {
        let place = InCourse::of(Some(&self.lesson), self.course.as_ref())?;
        Some(place.requiring(id, self.required.as_ref(), now))
    }
}

/// Where a lesson is to stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LessonSpot {
    /// The section; absent before the first one, and in a column.
    pub section: Option<SectionId>,
    /// Behind which lesson of that section; absent at its beginning.
    pub after: Option<DraftId>,
}

/// A section that an import brings, or what stands before the first one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartToImport {
    pub section: Option<SectionTitle>,
    pub lessons: Vec<LessonToImport>,
}

/// A draft that is to stand in a course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LessonToImport {
    pub draft: DraftId,
    pub opens: Opens,
    /// What is to be finished first.
    pub requires: Option<DraftId>,
    /// Whether it is offered to members, once it stands there.
    pub is_published: bool,
}
