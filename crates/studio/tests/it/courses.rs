//! Courses by command, on a computer of one's own.

use stoa_domain::{ContentValues, DraftId, Kind, Opens};
use stoa_ipc::{
    AddLesson, CourseOutline, CreateDraft, CreateLesson, CreateSection, DeleteSection,
    DescribeDraft, DescribeLesson, ErrorCode, Failure, GetCourse, GetDraft, GetLessonPlace,
    MoveLesson, RemoveLesson, RenameSection, Undo,
};

use crate::support::{Computer, Program};

fn with_course() -> (Computer, Program, DraftId) {
    let computer = Computer::new();
    let program = computer.start();
    program.make_profile(None);
    let title = "定价课".to_owned();
    let id = program.run(CreateDraft::article(title)).unwrap().id;
    let values = ContentValues {
        kind: Some(Kind::Course),
        ..ContentValues::default()
    };
    program.run(DescribeDraft { id, values }).unwrap();
    (computer, program, id)
}

fn section(course: DraftId, title: &str) -> CreateSection {
    CreateSection {
        course,
        title: title.to_owned(),
        after: None,
    }
}

fn titles(outline: &CourseOutline) -> Vec<&str> {
    outline
        .lessons()
        .map(|lesson| lesson.title.as_str())
        .collect()
}

fn blamed(failure: &Failure) -> (&str, &str) {
    assert_eq!(failure.code, ErrorCode::InvalidInput, "{failure:?}");
    let field = &failure.fields[0];
    (&field.field, &field.reason)
}

#[test]
fn a_course_is_put_together_and_put_in_order() {
    let (_computer, program, course) = with_course();
    let made = program.run(section(course, " 第一章\n")).unwrap();
    let first = made.parts[1].section.clone().unwrap();
    assert_eq!(first.title, "第一章");
    let new = |title: &str| CreateLesson {
        course,
        title: title.to_owned(),
        section: Some(first.id),
        after: None,
    };
    let two = program.run(new("二")).unwrap();
    let one = program.run(new("一")).unwrap();
    assert_eq!(one.course, Some(course));
    let moved = MoveLesson {
        course,
        draft: one.id,
        section: Some(first.id),
        after: Some(two.id),
    };
    let outline = program.run(moved).unwrap();
    assert_eq!(titles(&outline), ["二", "一"]);
    assert!(outline.may_change);
    let place = program.run(GetLessonPlace { id: one.id }).unwrap().unwrap();
    assert_eq!(
        (place.number, place.n_lessons, place.previous),
        (2, 2, Some(two.id))
    );
    let describe = DescribeLesson {
        course,
        draft: one.id,
        opens: Opens::AfterDays { days: 7 },
        requires: Some(two.id),
    };
    let outline = program.run(describe).unwrap();
    assert!(outline.lessons().last().unwrap().requirement_counts);
    let delete = DeleteSection {
        course,
        section: first.id,
    };
    let outline = program.run(delete).unwrap();
    assert_eq!(
        (outline.parts.len(), titles(&outline)),
        (1, vec!["二", "一"])
    );
    program.run(Undo {}).unwrap();
    let outline = program.run(GetCourse { id: course }).unwrap();
    assert_eq!(outline.parts[1].lessons.len(), 2);
    let draft = one.id;
    let outline = program.run(RemoveLesson { course, draft }).unwrap();
    assert_eq!(titles(&outline), ["二"]);
    assert_eq!(program.run(GetDraft { id: draft }).unwrap().course, None);
}

#[test]
fn what_does_not_fit_is_said_of_its_field() {
    let (_computer, program, course) = with_course();
    let of = |failure: Failure| {
        let (field, reason) = blamed(&failure);
        format!("{field} {reason}")
    };
    let refused = program.run(section(course, "  ")).unwrap_err();
    assert_eq!(of(refused), "title required");
    let refused = program.run(section(course, &"长".repeat(101))).unwrap_err();
    assert_eq!(of(refused), "title too-long");
    let title = "稿".to_owned();
    let draft = program.run(CreateDraft::article(title)).unwrap().id;
    let add = |course, draft| AddLesson {
        course,
        draft,
        section: None,
        after: None,
    };
    let refused = program.run(add(draft, course)).unwrap_err();
    assert_eq!(of(refused), "course not-a-course");
    let refused = program.run(add(course, course)).unwrap_err();
    assert_eq!(of(refused), "course not-a-course");
    program.run(add(course, draft)).unwrap();
    let refused = program.run(add(course, draft)).unwrap_err();
    assert_eq!(of(refused), "draft already-exists");
    let describe = DescribeLesson {
        course,
        draft,
        opens: Opens::AfterDays { days: 0 },
        requires: None,
    };
    let refused = program.run(describe).unwrap_err();
    assert_eq!(of(refused), "opens out-of-range");
    let made = program.run(section(course, "章")).unwrap();
    let section = made.parts[1].section.as_ref().unwrap().id;
    let rename = RenameSection {
        course,
        section,
        title: String::new(),
    };
    assert_eq!(of(program.run(rename).unwrap_err()), "title required");
}
