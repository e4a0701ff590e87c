//! Courses and columns.

use stoa_domain::{DraftId, SectionTitle, SectionTitleError, Timestamp};
use stoa_ipc::{
    AddLesson, CourseOutline, CreateLesson, CreateSection, DeleteSection, DescribeLesson,
    DraftSummary, Failure, GetCourse, GetLessonPlace, LessonInfo, LessonPlace, MoveLesson,
    MoveSection, OutlinePart, RemoveLesson, RenameSection, SectionInfo,
};
use stoa_mutators::LessonTerms;
use stoa_store::{CourseShown, LessonShown, LessonSpot, PartShown, Random, Store, StoreError};

use super::check::title;
use super::draft::summary;
use crate::studio::Studio;

pub(super) async fn get_course(
    studio: &Studio,
    request: GetCourse,
) -> Result<CourseOutline, Failure> {
    changed(studio, request.id, |_, _, _| Ok(())).await
}

pub(super) async fn get_lesson_place(
    studio: &Studio,
    request: GetLessonPlace,
) -> Result<Option<LessonPlace>, Failure> {
    let place = move |store: &Store| store.lesson_place(request.id);
    let told = |place: stoa_store::LessonPlace| LessonPlace {
        course: place.course,
        course_title: place.course_title,
        number: place.number,
        n_lessons: place.n_lessons,
        previous: place.previous,
        next: place.next,
    };
    Ok(studio.ask(place).await?.map(told))
}

pub(super) async fn create_section(
    studio: &Studio,
    request: CreateSection,
) -> Result<CourseOutline, Failure> {
    let title = section_title(&request.title)?;
    let (course, after) = (request.course, request.after);
    changed(studio, course, move |store, now, random| {
        store
            .create_section(course, (title, after), now, random)
            .map(drop)
    })
    .await
}

pub(super) async fn rename_section(
    studio: &Studio,
    request: RenameSection,
) -> Result<CourseOutline, Failure> {
    let title = section_title(&request.title)?;
    let (course, section) = (request.course, request.section);
    changed(studio, course, move |store, now, _| {
        store.rename_section(course, section, title, now)
    })
    .await
}

pub(super) async fn move_section(
    studio: &Studio,
    request: MoveSection,
) -> Result<CourseOutline, Failure> {
    let (course, section, after) = (request.course, request.section, request.after);
    changed(studio, course, move |store, now, random| {
        store.move_section(course, (section, after), now, random)
    })
    .await
}

pub(super) async fn delete_section(
    studio: &Studio,
    request: DeleteSection,
) -> Result<CourseOutline, Failure> {
    let (course, section) = (request.course, request.section);
    changed(studio, course, move |store, now, _| {
        store.delete_section(course, section, now)
    })
    .await
}

pub(super) async fn create_lesson(
    studio: &Studio,
    request: CreateLesson,
) -> Result<DraftSummary, Failure> {
    let title = title(&request.title)?;
    let spot = LessonSpot {
        section: request.section,
        after: request.after,
    };
    let options = studio.inner.options.clone();
    let create = move |store: &Store| {
        let now = options.clock.now();
        store.create_lesson(request.course, (title, spot), now, &*options.random)
    };
    studio.ask(create).await.map(summary)
}

pub(super) async fn add_lesson(
    studio: &Studio,
    request: AddLesson,
) -> Result<CourseOutline, Failure> {
    let (course, draft) = (request.course, request.draft);
    let spot = LessonSpot {
        section: request.section,
        after: request.after,
    };
    changed(studio, course, move |store, now, random| {
        store.add_lesson((course, draft), spot, now, random)
    })
    .await
}

pub(super) async fn move_lesson(
    studio: &Studio,
    request: MoveLesson,
) -> Result<CourseOutline, Failure> {
    let (course, draft) = (request.course, request.draft);
    let spot = LessonSpot {
        section: request.section,
        after: request.after,
    };
    changed(studio, course, move |store, now, random| {
        store.move_lesson((course, draft), spot, now, random)
    })
    .await
}

pub(super) async fn remove_lesson(
    studio: &Studio,
    request: RemoveLesson,
) -> Result<CourseOutline, Failure> {
    let (course, draft) = (request.course, request.draft);
    changed(studio, course, move |store, now, _| {
        store.remove_lesson(course, draft, now)
    })
    .await
}

pub(super) async fn describe_lesson(
    studio: &Studio,
    request: DescribeLesson,
) -> Result<CourseOutline, Failure> {
    if !request.opens.is_sound() {
        return Err(Failure::field("opens", "out-of-range"));
    }
    let (course, draft) = (request.course, request.draft);
    let terms = LessonTerms {
        opens: Some(request.opens),
        requires: Some(request.requires),
    };
    changed(studio, course, move |store, now, _| {
        store.describe_lesson(course, draft, terms, now)
    })
    .await
}

/// Changes a course, and answers what it is then.
async fn changed(
    studio: &Studio,
    course: DraftId,
    change: impl FnOnce(&Store, Timestamp, &dyn Random) -> Result<(), StoreError> + Send + 'static,
) -> Result<CourseOutline, Failure> {
    let options = studio.inner.options.clone();
    let work = move |store: &Store| {
        let now = options.clock.now();
        change(store, now, &*options.random)?;
        store.course(course, now)
    };
    studio.ask(work).await.map(told)
}

fn section_title(text: &str) -> Result<SectionTitle, Failure> {
    SectionTitle::parse(text).map_err(|error| match error {
        SectionTitleError::Empty => Failure::field("title", "required"),
        SectionTitleError::TooLong { .. } => Failure::field("title", "too-long"),
    })
}

fn told(shown: CourseShown) -> CourseOutline {
    CourseOutline {
        course: shown.course,
        title: shown.title,
        kind: shown.kind,
        parts: shown.parts.into_iter().map(part).collect(),
        may_change: shown.may_change,
    }
}

fn part(shown: PartShown) -> OutlinePart {
    OutlinePart {
        section: shown.section.map(|(id, title)| SectionInfo { id, title }),
        lessons: shown.lessons.into_iter().map(lesson).collect(),
    }
}

fn lesson(shown: LessonShown) -> LessonInfo {
    LessonInfo {
        draft: shown.draft,
        title: shown.title,
        shelf: shown.shelf,
        live_at: shown.live_at,
        opens: shown.opens,
        requires: shown.requires,
        requirement_counts: shown.requirement_counts,
        n_words: shown.n_words,
        read_seconds: shown.read_seconds,
    }
}
