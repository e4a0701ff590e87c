//! Courses and columns: the outline beside the text of one, and in a lesson where it stands.

mod drag;
mod existing;
mod lesson;
mod order;
mod panel;
mod part;
mod place;
mod state;
mod terms;

pub(crate) use panel::{CoursePanel, use_course_panel};
pub(crate) use place::LessonLine;
