//! Courses and columns from the terminal.

use stoa_domain::{DraftId, Opens, SectionId};
use stoa_ipc::{
    AddLesson, CourseOutline, CreateSection, GetCourse, LessonInfo, OutlinePart, RemoveLesson,
};
use stoa_studio::Studio;

use crate::arguments::CourseCommand;
use crate::exit::End;
use crate::output::{Output, Problem};

pub(super) async fn carry_out(
    studio: &Studio,
    command: &CourseCommand,
    output: &Output,
) -> Result<End, Problem> {
    let outline = match command.clone() {
        CourseCommand::Show { id } => studio.run(GetCourse { id }).await?,
        CourseCommand::Section { id, title } => {
            let after = last_section(studio, id).await?;
            let create = CreateSection {
                course: id,
                title,
                after,
            };
            studio.run(create).await?
        }
        CourseCommand::Add { id, draft, section } => add(studio, id, draft, section).await?,
        CourseCommand::Remove { id, draft } => {
            studio.run(RemoveLesson { course: id, draft }).await?
        }
    };
    output.answer(&outline, |output| lines(&outline, output));
    Ok(End::Done)
}

async fn last_section(studio: &Studio, id: DraftId) -> Result<Option<SectionId>, Problem> {
    let outline = studio.run(GetCourse { id }).await?;
    let last = outline
        .parts
        .last()
        .and_then(|part| part.section.as_ref().map(|section| section.id));
    Ok(last)
}

/// At the end of the section that is named, or of all.
async fn add(
    studio: &Studio,
    course: DraftId,
    draft: DraftId,
    section: Option<SectionId>,
) -> Result<CourseOutline, Problem> {
    let outline = studio.run(GetCourse { id: course }).await?;
    let of = |part: &OutlinePart| part.section.as_ref().map(|section| section.id);
    let part = match section {
        Some(_) => outline.parts.iter().find(|part| of(part) == section),
        None => outline.parts.last(),
    };
    let last = part.and_then(|part| part.lessons.last());
    let request = AddLesson {
        course,
        draft,
        section: section.or_else(|| part.and_then(of)),
        after: last.map(|lesson| lesson.draft),
    };
    Ok(studio.run(request).await?)
}

/// A section a line, and below it its lessons: number, id, where it stands, title.
fn lines(outline: &CourseOutline, output: &Output) -> Vec<String> {
    let mut lines = Vec::new();
    let mut number = 0;
    for part in &outline.parts {
        if let Some(section) = &part.section {
            lines.push(format!("{}\t{}", section.id, section.title));
        }
        for lesson in &part.lessons {
            number += 1;
            lines.push(of_lesson(number, lesson, output));
        }
    }
    lines
}

fn of_lesson(number: usize, lesson: &LessonInfo, output: &Output) -> String {
    let shelf = output.text(&format!("lesson-{}", lesson.shelf.as_str()));
    let mut line = format!("\t{number}\t{}\t{shelf}\t{}", lesson.draft, lesson.title);
    match lesson.opens {
        Opens::AtOnce => {}
        Opens::AfterDays { days } => line.push_str(&format!("\t+{days}")),
        Opens::At { at } => line.push_str(&format!("\t{}", at.millis())),
    }
    line
}
