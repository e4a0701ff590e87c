//! The outlines of courses and columns of our own export: `courses.json`.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use stoa_domain::{MAX_LESSONS, MAX_SECTIONS, Opens};

use crate::json;
use crate::limits::MIB;
use crate::model::{Place, ProblemCode};
use crate::reading::Reading;

/// Where it lies in an export.
pub const COURSES: &str = "courses.json";
const FORMAT: &str = "stoa-courses";
const VERSION: u64 = 1;
/// Hundreds of courses with a hundred lessons each are smaller.
const MOST_BYTES: u64 = 8 * MIB;
const MOST_COURSES: usize = 1_000;

/// A course or column and what stands in it, all by the ids of their posts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedCourse {
    pub course: String,
    pub parts: Vec<ImportedPart>,
}

/// A section with its lessons, or what stands before the first one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedPart {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    pub lessons: Vec<ImportedLesson>,
}

/// A post that stands in a course.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedLesson {
    pub post: String,
    #[serde(default)]
    pub opens: Opens,
    /// The lesson that is to be finished first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requires: Option<String>,
}

#[derive(Serialize)]
struct CoursesFile<'c> {
    format: &'static str,
    version: u64,
    courses: &'c [ImportedCourse],
}

/// The outlines as a file; `None` where there are none. The same outlines give the same bytes.
pub fn courses_file(courses: &[ImportedCourse]) -> Option<Vec<u8>> {
    if courses.is_empty() {
        return None;
    }
    let file = CoursesFile {
        format: FORMAT,
        version: VERSION,
        courses,
    };
    let mut bytes = serde_json::to_vec_pretty(&file).ok()?;
    bytes.push(b'\n');
    Some(bytes)
}

/// Reads the outlines that lie beside the list of an export, if there are any.
pub(crate) fn read(reading: &mut Reading, folder: &str) -> Vec<ImportedCourse> {
    let path = format!("{folder}{COURSES}");
    if !reading.files.has(&path) {
        return Vec::new();
    }
    let Some(bytes) = reading.read(&path, MOST_BYTES) else {
        return Vec::new();
    };
    let found = match json::parse(&bytes) {
        // Another program's file by this name is nothing to complain of.
        Ok(file) if file["format"] != FORMAT => return Vec::new(),
        Ok(mut file) => serde_json::from_value(file["courses"].take()).map_err(|e| e.to_string()),
        Err(why) => Err(why),
    };
    match found {
        Ok(courses) => cut(courses),
        Err(why) => {
            let place = Place::file(&path);
            reading.problems.error(place, ProblemCode::Unreadable, why);
            Vec::new()
        }
    }
}

/// What is more than a course may hold is left out, and so is a course that is named again.
fn cut(mut courses: Vec<ImportedCourse>) -> Vec<ImportedCourse> {
    let mut seen = BTreeSet::new();
    courses.retain(|course| seen.insert(course.course.clone()));
    courses.truncate(MOST_COURSES);
    for course in &mut courses {
        course.parts.truncate(MAX_SECTIONS + 1);
        let mut n_left = MAX_LESSONS;
        for part in &mut course.parts {
            part.lessons.truncate(n_left);
            n_left -= part.lessons.len();
        }
    }
    courses
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Files, Format, Limits};

    fn lesson(post: &str, opens: Opens, requires: Option<&str>) -> ImportedLesson {
        ImportedLesson {
            post: post.to_owned(),
            opens,
            requires: requires.map(str::to_owned),
        }
    }

    fn courses() -> Vec<ImportedCourse> {
        let days = Opens::AfterDays { days: 7 };
        let parts = vec![
            ImportedPart {
                section: None,
                lessons: vec![lesson("a", Opens::AtOnce, None)],
            },
            ImportedPart {
                section: Some("第一章".to_owned()),
                lessons: vec![lesson("b", days, Some("a"))],
            },
        ];
        let course = "c".to_owned();
        vec![ImportedCourse { course, parts }]
    }

    fn read_with(bytes: &[u8]) -> crate::Imported {
        let files = [
            ("a/stoa.json", br#"{"version":1,"posts":[]}"#.as_slice()),
            ("a/posts/x.md", b"# X\n"),
            ("a/courses.json", bytes),
        ];
        let files = files.map(|(path, bytes)| (path.to_owned(), bytes.to_vec()));
        let mut files: Files = files.into_iter().collect();
        crate::read(&mut files, Format::Markdown, &Limits::default())
    }

    #[test]
    fn outlines_come_back_as_they_were() {
        let bytes = courses_file(&courses()).unwrap();
        assert_eq!(read_with(&bytes).courses, courses());
        assert_eq!(courses_file(&[]), None);
    }

    #[test]
    fn what_is_no_outline_is_told_or_left_alone_and_too_much_is_cut() {
        let broken = read_with(br#"{"format":"stoa-courses","courses":[{"course":7}]}"#);
        assert_eq!(broken.courses, []);
        assert!(
            broken
                .problems
                .iter()
                .any(|one| one.place.file.as_deref() == Some("a/courses.json"))
        );
        let other = read_with(br#"{"courses":"of another program"}"#);
        assert!(other.courses.is_empty() && other.problems.is_empty());
        let mut many = courses();
        many[0].parts = (0..=MAX_SECTIONS + 3)
            .map(|_| ImportedPart {
                section: Some("章".to_owned()),
                lessons: (0..20)
                    .map(|n| lesson(&n.to_string(), Opens::AtOnce, None))
                    .collect(),
            })
            .collect();
        let bytes = courses_file(&many).unwrap();
        let read = read_with(&bytes).courses.remove(0);
        let n_lessons: usize = read.parts.iter().map(|part| part.lessons.len()).sum();
        assert_eq!(
            (read.parts.len(), n_lessons),
            (MAX_SECTIONS + 1, MAX_LESSONS)
        );
    }
}
