use proptest::prelude::*;
use stoa_domain::{Kind, Role, Timestamp, Title, UserId, outline};

use super::*;
use crate::{BaseVersion, Ground, Mutation, Outcome, Stored, key_between, run};

fn id(n: u8) -> DraftId {
    DraftId::from_bytes([n; 16])
}

fn section_id(n: u8) -> SectionId {
    SectionId::from_bytes([n; 16])
}

fn title(text: &str) -> SectionTitle {
    SectionTitle::parse(text).unwrap()
}

fn position(text: &str) -> Position {
    Position::parse(text).unwrap()
}

fn stored(draft: Draft) -> Stored {
    Stored {
        row: Row::Draft(draft),
        version: 1,
        field_versions: Default::default(),
    }
}

fn draft(n: u8) -> Draft {
    Draft::new(id(n), Title::default(), None, Timestamp::from_millis(1))
}

fn course(n: u8) -> Draft {
    let mut course = draft(n);
    course.content.kind = Kind::Course;
    course
}

fn lesson_of(n: u8, course: u8) -> Draft {
    Draft {
        lesson: Some(Box::new(Lesson {
            course: id(course),
            section: None,
            position: position("V"),
            opens: Opens::AtOnce,
            requires: None,
        })),
        ..draft(n)
    }
}

fn ctx(role: Role) -> Context {
    let now = Timestamp::from_millis(9);
    Context {
        user: Some(UserId::from_bytes([7; 16])),
        role,
        now,
        made_at: now,
    }
}

/// The row that a change makes, or why it is refused.
fn made(mutation: &Mutation, rows: Vec<Draft>) -> Result<Option<Draft>, (RejectCode, String)> {
    let rows: Vec<Stored> = rows.into_iter().map(stored).collect();
    match run(mutation, &[], &rows, &ctx(Role::Editor)) {
        Outcome::Applied { changes, .. } => {
            assert!(changes.len() <= 1, "one change, one row");
            Ok(changes.into_iter().next().map(|change| match change.row {
                Row::Draft(draft) => draft,
                other => panic!("{other:?}"),
            }))
        }
        Outcome::Rejected(reject) => Err((reject.code, reject.field.unwrap_or_default())),
    }
}

fn add(draft: u8, course: u8) -> AddLesson {
    AddLesson {
        draft: id(draft),
        course: id(course),
        section: None,
        position: position("V"),
        opens: Opens::AtOnce,
        requires: None,
        was_in: None,
    }
}

fn create(n: u8, at: &str) -> Mutation {
    Mutation::CreateSection(CreateSection {
        id: section_id(n),
        course: id(1),
        title: title("章"),
        position: position(at),
    })
}

fn refused(code: RejectCode, field: &str) -> Result<Option<Draft>, (RejectCode, String)> {
    Err((code, field.to_owned()))
}

#[test]
fn a_draft_stands_in_one_course_and_the_first_counts() {
    let second = Mutation::AddLesson(add(2, 3));
    let rows = vec![lesson_of(2, 1), course(1), course(3)];
    let elsewhere = refused(RejectCode::AlreadyExists, "lesson");
    assert_eq!(made(&second, rows.clone()), elsewhere);
    // Nobody gets round it by saying that the other course is gone.
    let lying = Mutation::AddLesson(AddLesson {
        was_in: Some(id(1)),
        ..add(2, 3)
    });
    assert_eq!(made(&lying, rows), elsewhere);
    let moved = made(&lying, vec![lesson_of(2, 1), course(3)]).unwrap();
    assert_eq!(moved.unwrap().lesson.unwrap().course, id(3));
    // In the same course it stays where it stands.
    let again = Mutation::AddLesson(add(2, 1));
    assert_eq!(made(&again, vec![lesson_of(2, 1), course(1)]), Ok(None));
}

#[test]
fn what_cannot_be_a_lesson_is_refused() {
    let add = Mutation::AddLesson(add(2, 1));
    let cases: [(Vec<Draft>, RejectCode, &str); 4] = [
        (vec![course(2), course(1)], RejectCode::Invalid, "kind"),
        (
            vec![draft(2), lesson_of(1, 5)],
            RejectCode::Invalid,
            "course",
        ),
        (vec![draft(2)], RejectCode::NotFound, "course"),
        (vec![course(1)], RejectCode::NotFound, ""),
    ];
    for (rows, code, field) in cases {
        assert_eq!(made(&add, rows), refused(code, field));
    }
    let full = Ground {
        existing: &[stored(draft(2)), stored(course(1))],
        n_lessons: MAX_LESSONS,
        ..Ground::default()
    };
    let outcome = run(&add, &[], full, &ctx(Role::Editor));
    let too_many = Reject::field(RejectCode::Invalid, "lessons");
    assert_eq!(outcome, Outcome::Rejected(too_many));
}

#[test]
fn who_may_not_change_the_course_changes_nothing_in_it() {
    let theirs = |draft: Draft| Draft {
        author: Some(UserId::from_bytes([8; 16])),
        ..draft
    };
    let rows = [stored(draft(2)), stored(theirs(course(1)))];
    let outcome = run(
        &Mutation::AddLesson(add(2, 1)),
        &[],
        &rows,
        &ctx(Role::Expert),
    );
    let reject = Reject::field(RejectCode::NotAllowed, "course");
    assert_eq!(outcome, Outcome::Rejected(reject));
    // And the other way round: somebody else's draft does not become a lesson of one's own course.
    let rows = [stored(theirs(draft(2))), stored(course(1))];
    let outcome = run(
        &Mutation::AddLesson(add(2, 1)),
        &[],
        &rows,
        &ctx(Role::Expert),
    );
    let reject = Reject::new(RejectCode::NotAllowed);
    assert_eq!(outcome, Outcome::Rejected(reject));
}

#[test]
fn a_section_that_was_deleted_stands_again_with_its_place_for_lessons() {
    let mut with = course(1);
    for (n, at) in [(1, "V"), (2, "W")] {
        with = made(&create(n, at), vec![with]).unwrap().unwrap();
    }
    let delete = Mutation::DeleteSection(DeleteSection {
        id: section_id(2),
        course: id(1),
    });
    let without = made(&delete, vec![with]).unwrap().unwrap();
    assert_eq!(
        without.sections.get(section_id(2)).unwrap().into,
        Some(section_id(1))
    );
    assert_eq!(made(&delete, vec![without.clone()]), Ok(None));
    let again = made(&create(2, "W"), vec![without]).unwrap().unwrap();
    assert_eq!(again.sections.standing().count(), 2);
    let exists = refused(RejectCode::AlreadyExists, "section");
    assert_eq!(made(&create(2, "W"), vec![again]), exists);
}

#[test]
fn there_are_not_too_many_sections() {
    let section = |n: usize, title: Option<SectionTitle>| {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&(n as u64).to_be_bytes());
        Section {
            id: SectionId::from_bytes(bytes),
            title,
            into: None,
            position: position("V"),
        }
    };
    let with = |n_standing: usize, n_gone: usize| {
        let standing = (0..n_standing).map(|n| section(n, Some(title("章"))));
        let gone = (n_standing..n_standing + n_gone).map(|n| section(n, None));
        Draft {
            sections: standing.chain(gone).collect::<Vec<_>>().into(),
            ..course(1)
        }
    };
    let too_many = refused(RejectCode::Invalid, "sections");
    assert_eq!(
        made(&create(255, "V"), vec![with(MAX_SECTIONS, 0)]),
        too_many
    );
    assert_eq!(
        made(&create(255, "V"), vec![with(0, MAX_SECTIONS_EVER)]),
        too_many
    );
    assert!(made(&create(255, "V"), vec![with(MAX_SECTIONS - 1, 800)]).is_ok());
}

#[test]
fn terms_are_checked_and_what_another_device_said_is_kept() {
    let describe = |opens: Opens, was: Option<Opens>| {
        Mutation::DescribeLesson(DescribeLesson {
            draft: id(2),
            course: id(1),
            terms: LessonTerms {
                opens: Some(opens),
                requires: None,
            },
            was: was.map(|opens| LessonTerms {
                opens: Some(opens),
                requires: None,
            }),
        })
    };
    let days = |days| Opens::AfterDays { days };
    let rows = vec![lesson_of(2, 1), course(1)];
    assert_eq!(
        made(&describe(days(0), None), rows.clone()),
        refused(RejectCode::Invalid, "opens")
    );
    let first = describe(days(7), Some(Opens::AtOnce));
    let after = made(&first, rows).unwrap().unwrap();
    let second = describe(days(3), Some(Opens::AtOnce));
    let rows = [stored(after), stored(course(1))];
    let base = BaseVersion {
        key: Key::draft(id(2)),
        version: 0,
    };
    let Outcome::Applied { superseded, .. } = run(&second, &[base], &rows, &ctx(Role::Editor))
    else {
        panic!("it is done");
    };
    assert_eq!(superseded.len(), 1);
    assert_eq!(superseded[0].field, "lesson");
    assert_eq!(superseded[0].value["opens"]["days"], 7);
}

#[test]
fn of_a_course_that_is_gone_its_lessons_are_cleared_up() {
    let remove = Mutation::RemoveLesson(RemoveLesson {
        draft: id(2),
        course: id(1),
    });
    let cleared = made(&remove, vec![lesson_of(2, 1)]).unwrap().unwrap();
    assert_eq!(cleared.lesson, None);
    assert_eq!(made(&remove, vec![lesson_of(2, 3), course(1)]), Ok(None));
}

#[test]
fn the_wire_forms_are_what_they_are() {
    let add = Mutation::AddLesson(AddLesson {
        opens: Opens::AfterDays { days: 7 },
        ..add(2, 1)
    });
    assert_eq!(
        add.args().to_string(),
        r#"{"course":"01010101-0101-0101-0101-010101010101","draft":"02020202-0202-0202-0202-020202020202","opens":{"days":7,"when":"after_days"},"position":"V"}"#
    );
    let unset = DescribeLesson {
        draft: id(2),
        course: id(1),
        terms: LessonTerms {
            opens: None,
            requires: Some(None),
        },
        was: None,
    };
    let describe = Mutation::DescribeLesson(unset);
    assert_eq!(
        describe.args()["terms"],
        serde_json::json!({"requires": null})
    );
    for mutation in [add, describe, create(1, "V")] {
        let read = Mutation::parse(mutation.name(), mutation.version(), &mutation.args());
        assert_eq!(read.unwrap(), mutation);
    }
}

/// What one device does to the order without hearing of the other.
#[derive(Debug, Clone)]
enum Doing {
    Move { lesson: u8, behind: usize },
    MoveSection { section: u8, behind: usize },
    DeleteSection { section: u8 },
    Add { lesson: u8, section: Option<u8> },
}

fn doings() -> impl Strategy<Value = Vec<Doing>> {
    let doing = prop_oneof![
        (10_u8..16, 0_usize..8).prop_map(|(lesson, behind)| Doing::Move { lesson, behind }),
        (1_u8..4, 0_usize..4).prop_map(|(section, behind)| Doing::MoveSection { section, behind }),
        (1_u8..4).prop_map(|section| Doing::DeleteSection { section }),
        (10_u8..20, prop::option::of(1_u8..5))
            .prop_map(|(lesson, section)| Doing::Add { lesson, section }),
    ];
    prop::collection::vec(doing, 0..8)
}

/// A course with three sections, six lessons in it and four drafts beside it.
fn beginning() -> Vec<Draft> {
    let mut all = vec![course(1)];
    for (n, at) in [(1, "B"), (2, "K"), (3, "T")] {
        let course = all.remove(0);
        all.insert(0, made(&create(n, at), vec![course]).unwrap().unwrap());
    }
    for n in 10..20_u8 {
        let mut row = draft(n);
        if n < 16 {
            row = lesson_of(n, 1);
            let lesson = row.lesson.as_mut().unwrap();
            lesson.section = Some(section_id(n % 3 + 1));
            lesson.position = position(&format!("{n}V"));
        }
        all.push(row);
    }
    all
}

fn placed(rows: &[Draft]) -> Vec<Vec<DraftId>> {
    let lessons = rows
        .iter()
        .filter_map(|row| Some((row.id, row.lesson.as_deref()?, ())));
    let parts = outline(&rows[0].sections, lessons);
    let of = |part: &stoa_domain::Part<'_, ()>| part.lessons.iter().map(|(id, ..)| *id).collect();
    parts.iter().map(of).collect()
}

/// The change that a device with these rows makes of what somebody does there.
fn change(doing: &Doing, rows: &[Draft], device: &str) -> Option<Mutation> {
    let between = |places: Vec<Position>, behind: usize| {
        let behind = behind.min(places.len());
        let before = behind.checked_sub(1).map(|at| places[at].as_str());
        let key = key_between(before, places.get(behind).map(Position::as_str), device)?;
        Position::parse(&key).ok()
    };
    let course = &rows[0];
    let beside = |lesson: &Lesson, but: u8| {
        let others = rows.iter().filter(|row| row.id != id(but));
        let mut places: Vec<Position> = others
            .filter_map(|row| row.lesson.as_deref())
            .filter(|other| other.section == lesson.section)
            .map(|other| other.position.clone())
            .collect();
        places.sort();
        places.dedup();
        places
    };
    match doing {
        Doing::Move { lesson: n, behind } => {
            let row = rows.iter().find(|row| row.id == id(*n))?;
            let lesson = row.lesson.as_deref()?;
            Some(Mutation::MoveLesson(MoveLesson {
                draft: id(*n),
                course: id(1),
                section: lesson.section,
                position: between(beside(lesson, *n), *behind)?,
            }))
        }
        Doing::MoveSection { section, behind } => {
            let all = course.sections.all().iter();
            let others = all.filter(|other| other.id != section_id(*section));
            let places = others.map(|other| other.position.clone()).collect();
            Some(Mutation::MoveSection(MoveSection {
                id: section_id(*section),
                course: id(1),
                position: between(places, *behind)?,
            }))
        }
        Doing::DeleteSection { section } => Some(Mutation::DeleteSection(DeleteSection {
            id: section_id(*section),
            course: id(1),
        })),
        Doing::Add { lesson, section } => Some(Mutation::AddLesson(AddLesson {
            section: section.map(section_id),
            position: between(Vec::new(), 0)?,
            ..add(*lesson, 1)
        })),
    }
}

/// Runs a change over rows that hold everything.
fn carried_out(mutation: &Mutation, rows: &mut [Draft]) {
    let touched: Vec<Draft> = rows
        .iter()
        .filter(|row| mutation.touches().contains(&Key::draft(row.id)))
        .cloned()
        .collect();
    if let Ok(Some(changed)) = made(mutation, touched) {
        let place = rows.iter().position(|row| row.id == changed.id).unwrap();
        rows[place] = changed;
    }
}

proptest! {
    /// Two devices change the order without hearing of each other. Whichever comes first, no
    /// lesson is lost, none stands twice, and both see the same.
    #[test]
    fn two_devices_that_order_offline_lose_nothing_and_agree(here in doings(), there in doings()) {
        let start = beginning();
        let sent = |doings: &[Doing], device: &str| {
            let mut rows = start.clone();
            let mut sent = Vec::new();
            for doing in doings {
                if let Some(mutation) = change(doing, &rows, device) {
                    carried_out(&mutation, &mut rows);
                    sent.push(mutation);
                }
            }
            (sent, rows)
        };
        let (first, rows_here) = sent(&here, "aa");
        let (second, rows_there) = sent(&there, "bb");
        let mut server = start.clone();
        for mutation in first.iter().chain(&second) {
            carried_out(mutation, &mut server);
        }
        let mut standing: Vec<DraftId> = placed(&server).into_iter().flatten().collect();
        let n_standing = standing.len();
        standing.sort_unstable();
        standing.dedup();
        prop_assert_eq!(standing.len(), n_standing, "none stands twice");
        let expected = |rows: &[Draft]| -> Vec<DraftId> {
            placed(rows).into_iter().flatten().collect()
        };
        for id in expected(&rows_here).iter().chain(&expected(&rows_there)) {
            prop_assert!(standing.contains(id), "{id} is lost");
        }
        // The order of the rows says everything, not the order in which a device heard of them.
        let mut heard = server.clone();
        heard[1..].reverse();
        prop_assert_eq!(placed(&heard), placed(&server));
    }
}
