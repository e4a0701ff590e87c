//! Courses on two computers: what each puts in order without hearing of the other, and what
//! becomes of it.

use stoa_domain::{Access, ContentValues, DraftId, Kind, Opens, SectionId, SectionTitle, Title};
use stoa_mutators::{LessonTerms, RejectCode};
use stoa_store::test_support::Profile;
use stoa_store::{ChangeKind, ChangeState, CourseShown, LessonSpot, Store, StoreError};

use super::server::{Server, link, pull_all, push_all};
use super::{at, create};

fn name(text: &str) -> SectionTitle {
    SectionTitle::parse(text).unwrap()
}

fn title(text: &str) -> Title {
    Title::parse(text).unwrap()
}

fn of_kind(kind: Kind) -> ContentValues {
    ContentValues {
        kind: Some(kind),
        ..ContentValues::default()
    }
}

fn behind(section: Option<SectionId>, after: Option<DraftId>) -> LessonSpot {
    LessonSpot { section, after }
}

/// Each part of the outline: its name and the titles of its lessons.
fn outline(store: &Store, course: DraftId) -> Vec<(String, Vec<String>)> {
    let CourseShown { parts, .. } = store.course(course, at(0)).unwrap();
    let parts = parts.into_iter().map(|part| {
        let name = part.section.map_or(String::new(), |(_, name)| name);
        let titles = part.lessons.into_iter().map(|lesson| lesson.title);
        (name, titles.collect())
    });
    parts.collect()
}

/// The outline as one line, sections by `/`.
fn line(store: &Store, course: DraftId) -> String {
    let parts = outline(store, course).into_iter();
    let parts = parts.map(|(name, titles)| format!("{name}:{}", titles.join(",")));
    parts.collect::<Vec<_>>().join("/")
}

/// Two computers of one person, with a course of two sections and three lessons that both know.
struct Two {
    server: Server,
    one: Profile,
    other: Profile,
    a: Store,
    b: Store,
    course: DraftId,
    sections: [SectionId; 2],
    lessons: [DraftId; 3],
}

impl Two {
    fn sharing(seed: u64) -> Self {
        let (one, other) = (Profile::new(seed), Profile::new(seed + 1));
        let (a, b) = (one.open(), other.open());
        a.set_link(&link(1, "e")).unwrap();
        b.set_link(&link(2, "e")).unwrap();
        let random = &one.random;
        let course = create(&a, "定价课", 0, random);
        a.describe_draft(course, of_kind(Kind::Course), at(1))
            .unwrap();
        let first = a.create_section(course, (name("一"), None), at(2), random);
        let first = first.unwrap();
        let second = a.create_section(course, (name("二"), Some(first)), at(3), random);
        let sections = [first, second.unwrap()];
        let add = |text: &str, section, after| {
            let spot = behind(Some(section), after);
            let made = a.create_lesson(course, (title(text), spot), at(4), random);
            made.unwrap().id
        };
        let l1 = add("甲", sections[0], None);
        let l2 = add("乙", sections[0], Some(l1));
        let l3 = add("丙", sections[1], None);
        let mut two = Self {
            server: Server::default(),
            one,
            other,
            a,
            b,
            course,
            sections,
            lessons: [l1, l2, l3],
        };
        two.meet(5);
        two
    }

    fn meet(&mut self, now: i64) {
        for _ in 0..2 {
            push_all(&mut self.server, 1, &self.a, at(now));
            pull_all(&self.server, 1, &self.a, at(now));
            push_all(&mut self.server, 2, &self.b, at(now));
            pull_all(&self.server, 2, &self.b, at(now));
        }
    }

    fn line(&self) -> String {
        let line = line(&self.a, self.course);
        assert_eq!(line, self::line(&self.b, self.course), "both see the same");
        line
    }
}

#[test]
fn a_course_comes_to_the_other_computer_as_it_was_put_together() {
    let two = Two::sharing(40);
    assert_eq!(two.line(), ":/一:甲,乙/二:丙");
    let place = two.b.lesson_place(two.lessons[1]).unwrap().unwrap();
    assert_eq!((place.number, place.n_lessons), (2, 3));
    assert_eq!(place.course_title, "定价课");
    assert_eq!(place.previous, Some(two.lessons[0]));
    assert_eq!(place.next, Some(two.lessons[2]));
    assert_eq!(two.b.lesson_place(two.course).unwrap(), None);
}

#[test]
fn a_new_lesson_is_for_those_who_may_read_the_course() {
    let two = Two::sharing(42);
    let values = ContentValues {
        access: Some(Access::Public),
        ..ContentValues::default()
    };
    two.a.describe_draft(two.course, values, at(6)).unwrap();
    let made = two
        .a
        .create_lesson(
            two.course,
            (title("丁"), behind(None, None)),
            at(7),
            &two.one.random,
        )
        .unwrap();
    assert_eq!(made.content.access, Access::Public);
    assert_eq!(made.course, Some(two.course));
    // One step made it, and one takes it back.
    two.a.undo(at(8)).unwrap();
    assert_eq!(line(&two.a, two.course), ":/一:甲,乙/二:丙");
}

#[test]
fn what_two_computers_order_without_a_network_is_all_there_afterwards() {
    let mut two = Two::sharing(44);
    let [l1, l2, l3] = two.lessons;
    let (r1, r2) = (&two.one.random, &two.other.random);
    let course = two.course;
    two.a
        .move_lesson(
            (course, l1),
            behind(Some(two.sections[1]), Some(l3)),
            at(6),
            r1,
        )
        .unwrap();
    two.b
        .move_lesson(
            (course, l3),
            behind(Some(two.sections[0]), Some(l2)),
            at(6),
            r2,
        )
        .unwrap();
    two.b
        .create_lesson(
            course,
            (title("丁"), behind(Some(two.sections[1]), None)),
            at(7),
            r2,
        )
        .unwrap();
    two.a
        .delete_section(course, two.sections[1], at(7))
        .unwrap();
    assert_eq!(line(&two.a, course), ":/一:乙,丙,甲");
    two.meet(8);
    let after = two.line();
    for lesson in ["甲", "乙", "丙", "丁"] {
        assert_eq!(after.matches(lesson).count(), 1, "{after}");
    }
    // The section comes back with what was put into it meanwhile.
    two.a.undo(at(9)).unwrap();
    two.meet(10);
    assert_eq!(two.line(), ":/一:乙,丙/二:丁,甲");
}

#[test]
fn a_draft_that_two_put_into_different_courses_stands_in_the_first() {
    let mut two = Two::sharing(46);
    let r1 = &two.one.random;
    let other = create(&two.a, "另一课", 6, r1);
    two.a
        .describe_draft(other, of_kind(Kind::Column), at(6))
        .unwrap();
    let draft = create(&two.a, "共同", 6, r1);
    two.meet(7);
    two.a
        .add_lesson(
            (two.course, draft),
            behind(None, None),
            at(8),
            &two.one.random,
        )
        .unwrap();
    two.b
        .add_lesson((other, draft), behind(None, None), at(8), &two.other.random)
        .unwrap();
    two.meet(9);
    assert_eq!(two.line(), ":共同/一:甲,乙/二:丙");
    assert_eq!(line(&two.b, other), ":");
    let failed = two.b.failed(9).unwrap();
    assert_eq!(failed.len(), 1, "{failed:?}");
    assert_eq!(failed[0].kind, ChangeKind::AddLesson);
    assert_eq!(failed[0].state, ChangeState::Rejected);
    assert_eq!(failed[0].code.as_deref(), Some("already_exists"));
    // Here it is seen at once.
    let again = two
        .a
        .add_lesson((other, draft), behind(None, None), at(10), &two.one.random);
    assert!(
        matches!(&again, Err(StoreError::Rejected(reject)) if reject.code == RejectCode::AlreadyExists),
        "{again:?}"
    );
}

#[test]
fn every_change_of_a_course_is_taken_back_and_done_again() {
    let two = Two::sharing(48);
    let (a, course, random) = (&two.a, two.course, &two.one.random);
    let [first, second] = two.sections;
    let [l1, l2, l3] = two.lessons;
    let terms = LessonTerms {
        opens: Some(Opens::AfterDays { days: 7 }),
        requires: Some(Some(l1)),
    };
    let steps: [(&str, &dyn Fn()); 7] = [
        ("section", &|| {
            a.create_section(course, (name("三"), Some(second)), at(20), random)
                .unwrap();
        }),
        ("rename", &|| {
            a.rename_section(course, first, name("序"), at(20)).unwrap()
        }),
        ("move section", &|| {
            a.move_section(course, (second, None), at(20), random)
                .unwrap();
        }),
        ("delete", &|| {
            a.delete_section(course, second, at(20)).unwrap()
        }),
        ("move", &|| {
            a.move_lesson((course, l3), behind(Some(first), Some(l1)), at(20), random)
                .unwrap();
        }),
        ("remove", &|| a.remove_lesson(course, l2, at(20)).unwrap()),
        ("describe", &|| {
            a.describe_lesson(course, l3, terms.clone(), at(20))
                .unwrap()
        }),
    ];
    let before = a.course(course, at(0)).unwrap();
    for (what, step) in steps {
        step();
        let after = a.course(course, at(0)).unwrap();
        assert_ne!(after, before, "{what}");
        a.undo(at(21)).unwrap();
        assert_eq!(a.course(course, at(0)).unwrap(), before, "{what}");
        a.redo(at(22)).unwrap();
        assert_eq!(a.course(course, at(0)).unwrap(), after, "{what}");
        a.undo(at(23)).unwrap();
    }
}

#[test]
fn what_stands_in_the_bin_is_out_of_the_outline_and_comes_back_to_its_place() {
    let mut two = Two::sharing(50);
    two.a.bin_draft(two.lessons[0], at(6)).unwrap();
    assert_eq!(line(&two.a, two.course), ":/一:乙/二:丙");
    two.a.restore_draft(two.lessons[0], at(7)).unwrap();
    two.meet(8);
    assert_eq!(two.line(), ":/一:甲,乙/二:丙");
    two.a.bin_draft(two.course, at(9)).unwrap();
    two.meet(10);
    assert_eq!(two.b.lesson_place(two.lessons[0]).unwrap(), None);
    // Deleted for good it leaves its lessons as the drafts they are, free for another course.
    two.a.delete_drafts(&[two.course], at(11)).unwrap();
    two.meet(12);
    let random = &two.other.random;
    let other = create(&two.b, "另一课", 13, random);
    two.b
        .describe_draft(other, of_kind(Kind::Course), at(13))
        .unwrap();
    two.b
        .add_lesson((other, two.lessons[0]), behind(None, None), at(14), random)
        .unwrap();
    two.meet(15);
    assert_eq!(line(&two.a, other), ":甲");
}

#[test]
fn a_lesson_is_required_only_by_those_behind_it() {
    let two = Two::sharing(52);
    let requires = |id| LessonTerms {
        opens: None,
        requires: Some(Some(id)),
    };
    let [l1, _, l3] = two.lessons;
    two.a
        .describe_lesson(two.course, l3, requires(l1), at(6))
        .unwrap();
    two.a
        .describe_lesson(two.course, l1, requires(l3), at(7))
        .unwrap();
    let shown = two.a.course(two.course, at(0)).unwrap();
    let counts = |id: DraftId| {
        let mut all = shown.parts.iter().flat_map(|part| &part.lessons);
        all.find(|lesson| lesson.draft == id)
            .unwrap()
            .requirement_counts
    };
    assert!(counts(l3) && !counts(l1));
}

#[test]
fn a_long_course_is_put_together_and_shown_in_order() {
    let profile = Profile::new(54);
    let store = profile.open();
    let random = &profile.random;
    let course = create(&store, "长课", 0, random);
    store
        .describe_draft(course, of_kind(Kind::Column), at(1))
        .unwrap();
    let mut after = None;
    for n in 0..150 {
        let spot = behind(None, after);
        let made = store.create_lesson(course, (title(&format!("{n:03}")), spot), at(2), random);
        after = Some(made.unwrap().id);
    }
    let shown = outline(&store, course);
    assert!(shown[0].1.is_sorted() && shown[0].1.len() == 150);
    let no_sections = store.create_section(course, (name("章"), None), at(3), random);
    assert!(matches!(no_sections, Err(StoreError::Rejected(_))));
}
