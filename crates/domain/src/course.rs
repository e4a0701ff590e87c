//! Courses and columns: sections of one, and the places of drafts in it as lessons.
//!
//! Sections belong to the row of the course, and a place to the row of the draft that is the
//! lesson. So a draft stands in one course at most, and nothing that becomes of one lesson touches
//! another.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{DraftId, SectionId, Timestamp, text};

/// So many sections a course can have.
pub const MAX_SECTIONS: usize = 200;
/// So many sections a course can have together with those that were deleted.
pub const MAX_SECTIONS_EVER: usize = 1_000;
/// So many lessons a course can have.
pub const MAX_LESSONS: usize = 2_000;
/// The longest name of a section, in characters.
pub const MAX_SECTION_TITLE_CHARS: usize = 100;
/// The longest time that a lesson can wait after its reader joined, in days.
pub const MAX_OPENS_AFTER_DAYS: u16 = 3_650;
/// The longest place in an order, in bytes.
const MAX_POSITION_BYTES: usize = 1_024;
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// The text cannot be the name of a section.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SectionTitleError {
    #[error("a section needs a name")]
    Empty,
    #[error("the name has {chars} characters, more than {MAX_SECTION_TITLE_CHARS}")]
    TooLong { chars: usize },
}

/// The name of a section: one line of 1 to [`MAX_SECTION_TITLE_CHARS`] characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SectionTitle(String);

impl SectionTitle {
    /// Cleans (line breaks become spaces, embedded directions go), trims and checks a name.
    ///
    /// # Errors
    /// [`SectionTitleError`] of the line after cleaning.
    pub fn parse(input: &str) -> Result<Self, SectionTitleError> {
        let line: String = text::clean(input)
            .chars()
            .filter(|c| !text::turns_direction(*c))
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        let line = line.trim();
        match line.chars().count() {
            0 => Err(SectionTitleError::Empty),
            1..=MAX_SECTION_TITLE_CHARS => Ok(Self(line.to_owned())),
            chars => Err(SectionTitleError::TooLong { chars }),
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for SectionTitle {
    type Error = SectionTitleError;

    fn try_from(input: String) -> Result<Self, SectionTitleError> {
        Self::parse(&input)
    }
}

impl From<SectionTitle> for String {
    fn from(title: SectionTitle) -> String {
        title.0
    }
}

/// The text is no place in an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("no place in an order")]
pub struct PositionError;

/// A place in an order: a fraction in digits and letters, of which the last is not the lowest.
/// Places compare byte by byte.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Position(String);

impl Position {
    /// Reads the form that travels.
    ///
    /// # Errors
    /// [`PositionError`]
    pub fn parse(input: &str) -> Result<Self, PositionError> {
        let fits = (1..=MAX_POSITION_BYTES).contains(&input.len())
            && input.bytes().all(|b| b.is_ascii_alphanumeric())
            && !input.ends_with('0');
        match fits {
            true => Ok(Self(input.to_owned())),
            false => Err(PositionError),
        }
    }

    /// The form that travels.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Position {
    type Error = PositionError;

    fn try_from(input: String) -> Result<Self, PositionError> {
        Self::parse(&input)
    }
}

impl From<Position> for String {
    fn from(position: Position) -> String {
        position.0
    }
}

/// A section of a course.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    pub id: SectionId,
    /// Absent when it was deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<SectionTitle>,
    /// Of one that was deleted, where its lessons belong since, those included that another device
    /// puts into it without knowing; absent where no section stood before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub into: Option<SectionId>,
    pub position: Position,
}

/// The sections of a course, with those that were deleted, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<Section>", into = "Vec<Section>")]
pub struct Sections(Vec<Section>);

impl From<Vec<Section>> for Sections {
    fn from(mut sections: Vec<Section>) -> Self {
        sections.sort_by(|a, b| (&a.position, a.id).cmp(&(&b.position, b.id)));
        Self(sections)
    }
}

impl From<Sections> for Vec<Section> {
    fn from(sections: Sections) -> Vec<Section> {
        sections.0
    }
}

impl Sections {
    /// All of them, also those that were deleted.
    pub fn all(&self) -> &[Section] {
        &self.0
    }

    /// Those that were not deleted, with their names.
    pub fn standing(&self) -> impl Iterator<Item = (&Section, &SectionTitle)> {
        let sections = self.0.iter();
        sections.filter_map(|section| Some((section, section.title.as_ref()?)))
    }

    /// One of them, which may have been deleted.
    pub fn get(&self, id: SectionId) -> Option<&Section> {
        self.0.iter().find(|section| section.id == id)
    }

    /// Puts a section, or one of the same id anew, into its place.
    pub fn put(&mut self, section: Section) {
        self.0.retain(|other| other.id != section.id);
        let place = self
            .0
            .partition_point(|other| (&other.position, other.id) < (&section.position, section.id));
        self.0.insert(place, section);
    }

    /// Deletes a section; its lessons belong to the one that stands before it. Whether it stood.
    pub fn delete(&mut self, id: SectionId) -> bool {
        let before = self.standing().take_while(|(section, _)| section.id != id);
        let into = before.last().map(|(section, _)| section.id);
        let found = self.0.iter_mut().find(|section| section.id == id);
        let Some(section) = found.filter(|section| section.title.is_some()) else {
            return false;
        };
        section.title = None;
        section.into = into;
        true
    }

    /// The section in which the lessons of one stand: itself, or the one that they went to.
    fn home(&self, id: SectionId) -> Option<SectionId> {
        let mut section = self.get(id)?;
        for _ in 0..self.0.len() {
            if section.title.is_some() {
                return Some(section.id);
            }
            section = self.get(section.into?)?;
        }
        None
    }
}

/// From when on a reader may open a lesson.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "when", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Opens {
    /// As soon as it is published.
    #[default]
    AtOnce,
    /// So many days after the reader joined.
    AfterDays { days: u16 },
    /// At a time, for everybody.
    At { at: Timestamp },
}

impl Opens {
    /// Whether the days are at least one and not too many.
    pub fn is_sound(&self) -> bool {
        match self {
            Opens::AtOnce | Opens::At { .. } => true,
            Opens::AfterDays { days } => (1..=MAX_OPENS_AFTER_DAYS).contains(days),
        }
    }

    /// When it opens for somebody who joined then; absent for one that is open at once, or where
    /// days are counted and nobody joined.
    pub fn opens_at(&self, joined_at: Option<Timestamp>) -> Option<Timestamp> {
        match self {
            Opens::AtOnce => None,
            Opens::AfterDays { days } => {
                joined_at.map(|joined| joined.plus_millis(i64::from(*days) * DAY_MS))
            }
            Opens::At { at } => Some(*at),
        }
    }

    /// Whether it is open for somebody who joined then. Where days are counted, nobody who did not
    /// join is let in.
    pub fn is_open(&self, joined_at: Option<Timestamp>, now: Timestamp) -> bool {
        match (self, self.opens_at(joined_at)) {
            (Opens::AtOnce, _) => true,
            (_, at) => at.is_some_and(|at| at <= now),
        }
    }
}

/// The place of a draft in a course or column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lesson {
    pub course: DraftId,
    /// Absent before the first section, and in a column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<SectionId>,
    /// Among the lessons of the same section.
    pub position: Position,
    #[serde(default, skip_serializing_if = "is_at_once")]
    pub opens: Opens,
    /// Another lesson of the course that is to be finished first. It counts while members see it
    /// and it stands before this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requires: Option<DraftId>,
}

fn is_at_once(opens: &Opens) -> bool {
    *opens == Opens::AtOnce
}

/// A part of the outline of a course: a section with its lessons, or what stands before the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part<'s, T> {
    pub section: Option<&'s Section>,
    /// In their order.
    pub lessons: Vec<(DraftId, &'s Lesson, T)>,
}

/// The outline of a course: what stands before the first section, and then each section.
///
/// It is the same on every device that has the same rows, in whichever order they came. Lessons of
/// a deleted section stand behind the others of the section that they went to, and those of one
/// that is not known (yet) before the first section.
pub fn outline<'s, T>(
    sections: &'s Sections,
    lessons: impl IntoIterator<Item = (DraftId, &'s Lesson, T)>,
) -> Vec<Part<'s, T>> {
    let standing = sections.standing().map(|(section, _)| Some(section));
    let mut parts: Vec<Part<'s, T>> = std::iter::once(None)
        .chain(standing)
        .map(|section| Part {
            section,
            lessons: Vec::new(),
        })
        .collect();
    let all = sections.all();
    // Of each section, the part in which its lessons stand, and whether that is itself.
    let mut part_of: BTreeMap<SectionId, (usize, Option<usize>)> = BTreeMap::new();
    for (n, section) in all.iter().enumerate() {
        let home = sections.home(section.id);
        let is_home = |part: &Part<'s, T>| part.section.map(|section| section.id) == home;
        let part = parts.iter().position(is_home).unwrap_or_default();
        let behind = (home != Some(section.id)).then_some(n);
        part_of.insert(section.id, (part, behind));
    }
    let place = |lesson: &Lesson| {
        let part = lesson.section.and_then(|section| part_of.get(&section));
        part.copied().unwrap_or_default()
    };
    let mut placed: Vec<_> = lessons
        .into_iter()
        .map(|(id, lesson, with)| (place(lesson), id, lesson, with))
        .collect();
    placed.sort_by(|(a_place, a, a_lesson, _), (b_place, b, b_lesson, _)| {
        (a_place, &a_lesson.position, a).cmp(&(b_place, &b_lesson.position, b))
    });
    for ((part, _), id, lesson, with) in placed {
        parts[part].lessons.push((id, lesson, with));
    }
    parts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn position(text: &str) -> Position {
        Position::parse(text).unwrap()
    }

    fn section(n: u8, at: &str, title: Option<&str>) -> Section {
        Section {
            id: SectionId::from_bytes([n; 16]),
            title: title.map(|title| SectionTitle::parse(title).unwrap()),
            into: None,
            position: position(at),
        }
    }

    fn lesson(section: Option<u8>, at: &str) -> Lesson {
        Lesson {
            course: DraftId::from_bytes([9; 16]),
            section: section.map(|n| SectionId::from_bytes([n; 16])),
            position: position(at),
            opens: Opens::AtOnce,
            requires: None,
        }
    }

    fn id(n: u8) -> DraftId {
        DraftId::from_bytes([n; 16])
    }

    fn orders(sections: &Sections, lessons: &[(DraftId, Lesson)]) -> Vec<Vec<u8>> {
        let lessons = lessons.iter().map(|(id, lesson)| (*id, lesson, ()));
        let first_byte = |(id, ..): &(DraftId, &Lesson, ())| id.as_bytes()[0];
        outline(sections, lessons)
            .iter()
            .map(|part| part.lessons.iter().map(first_byte).collect())
            .collect()
    }

    #[test]
    fn a_name_is_one_line() {
        let title = SectionTitle::parse(" 第一章\n开始 ").unwrap();
        assert_eq!(title.as_str(), "第一章 开始");
        assert_eq!(SectionTitle::parse(" "), Err(SectionTitleError::Empty));
        let long = "长".repeat(101);
        let chars = 101;
        assert_eq!(
            SectionTitle::parse(&long),
            Err(SectionTitleError::TooLong { chars })
        );
    }

    #[test]
    fn a_place_is_digits_that_do_not_end_with_the_lowest() {
        assert!(Position::parse("Va1").is_ok());
        for text in ["", "V0", "V-", "稿", &"V".repeat(1_025)] {
            assert_eq!(Position::parse(text), Err(PositionError), "{text}");
        }
    }

    #[test]
    fn lessons_of_a_deleted_section_stand_behind_those_of_the_one_before() {
        let mut sections = Sections::from(vec![
            section(2, "W", Some("二")),
            section(1, "V", Some("一")),
            section(3, "X", Some("三")),
        ]);
        assert!(sections.delete(SectionId::from_bytes([2; 16])));
        assert!(!sections.delete(SectionId::from_bytes([2; 16])));
        let lessons = [
            (id(1), lesson(Some(3), "V")),
            (id(2), lesson(Some(2), "A")),
            (id(3), lesson(Some(1), "Z")),
            (id(4), lesson(None, "V")),
            (id(5), lesson(Some(8), "A")),
        ];
        assert_eq!(
            orders(&sections, &lessons),
            [vec![5, 4], vec![3, 2], vec![1]]
        );
        // They go where that one goes.
        sections.put(section(1, "Z", Some("一")));
        assert_eq!(
            orders(&sections, &lessons),
            [vec![5, 4], vec![1], vec![3, 2]]
        );
        sections.delete(SectionId::from_bytes([1; 16]));
        assert_eq!(orders(&sections, &lessons), [vec![5, 4], vec![1, 2, 3]]);
        sections.put(section(2, "W", Some("二")));
        assert_eq!(
            orders(&sections, &lessons),
            [vec![5, 4], vec![2], vec![1, 3]]
        );
    }

    #[test]
    fn days_count_from_when_somebody_joined() {
        let days = Opens::AfterDays { days: 7 };
        let joined = Timestamp::from_millis(1_000);
        let at = Timestamp::from_millis(1_000 + 7 * DAY_MS);
        assert_eq!(days.opens_at(Some(joined)), Some(at));
        assert!(days.is_open(Some(joined), at));
        assert!(!days.is_open(Some(joined), at.plus_millis(-1)));
        assert!(!days.is_open(None, at));
        assert!(Opens::AtOnce.is_open(None, joined));
        assert!(!Opens::At { at }.is_open(Some(joined), joined));
        assert!(!Opens::AfterDays { days: 0 }.is_sound());
        assert!(!Opens::AfterDays { days: 3_651 }.is_sound());
    }

    proptest! {
        /// Whatever the sections are, each lesson stands in one part, and the order in which rows
        /// come makes no difference.
        #[test]
        fn no_lesson_is_lost_and_the_order_is_that_of_the_rows(
            stand in prop::collection::vec(any::<bool>(), 0..6),
            places in prop::collection::vec((prop::option::of(0_u8..8), "[1-9]{1,2}"), 0..12),
            turn in any::<prop::sample::Index>(),
        ) {
            let of = |n: usize| section(u8::try_from(n).unwrap(), &format!("V{}", n + 1), Some("章"));
            let mut sections = Sections::from((0..stand.len()).map(of).collect::<Vec<_>>());
            for (n, _) in stand.iter().enumerate().filter(|(_, stands)| !**stands) {
                sections.delete(SectionId::from_bytes([u8::try_from(n).unwrap(); 16]));
            }
            let of = |(n, (section, at)): (usize, &(Option<u8>, String))| {
                (id(u8::try_from(n).unwrap()), lesson(*section, at))
            };
            let mut lessons: Vec<_> = places.iter().enumerate().map(of).collect();
            let first = orders(&sections, &lessons);
            let mut seen: Vec<u8> = first.iter().flatten().copied().collect();
            seen.sort_unstable();
            let all: Vec<u8> = (0..u8::try_from(lessons.len()).unwrap()).collect();
            prop_assert_eq!(seen, all);
            if !lessons.is_empty() {
                let by = turn.index(lessons.len());
                lessons.rotate_left(by);
            }
            prop_assert_eq!(orders(&sections, &lessons), first);
        }
    }
}
