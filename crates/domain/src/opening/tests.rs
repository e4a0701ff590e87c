//! Who is let in, and when.

use super::*;
use crate::{Kind, Position, Title};

const DAY_MS: i64 = 86_400_000;

fn id(n: u8) -> DraftId {
    DraftId::from_bytes([n; 16])
}

fn at(days: i64) -> Timestamp {
    Timestamp::from_millis(days * DAY_MS)
}

fn vip() -> TierKey {
    TierKey::parse("vip").unwrap()
}

fn for_vips() -> Access {
    Access::Paid {
        tiers: [vip()].into(),
        singly: false,
    }
}

fn singly() -> Access {
    Access::Paid {
        tiers: [].into(),
        singly: true,
    }
}

fn course(access: Access) -> Draft {
    let mut course = Draft::new(id(1), Title::default(), None, at(0));
    course.content.kind = Kind::Course;
    course.content.access = access;
    course
}

fn lesson(opens: Opens) -> Lesson {
    Lesson {
        course: id(1),
        section: None,
        position: Position::parse("V").unwrap(),
        opens,
        requires: None,
    }
}

fn member(products: &[(Product, i64)]) -> Rights {
    let had = |(product, since): &(Product, i64)| (product.clone(), at(*since));
    Rights::Member(Holdings {
        joined_at: at(0),
        products: products.iter().map(had).collect(),
    })
}

fn of(access: &Access, (course, lesson): (&Draft, &Lesson), rights: &Rights, day: i64) -> Opening {
    let place = InCourse::of(Some(lesson), Some(course));
    let learner = Learner {
        rights: rights.clone(),
        done: BTreeSet::new(),
    };
    opening((id(2), access), place, &learner, at(day))
}

#[test]
fn a_lesson_is_open_where_its_course_and_its_own_access_are() {
    let at_once = lesson(Opens::AtOnce);
    let has_tier = member(&[(Product::Tier(vip()), 0)]);
    let has_course = member(&[(Product::Post(id(1)), 0)]);
    let has_lesson = member(&[(Product::Post(id(2)), 0)]);
    let has_nothing = member(&[]);
    let cases = [
        (for_vips(), Access::Registered, &has_tier, true),
        (for_vips(), Access::Registered, &has_nothing, false),
        (for_vips(), Access::Public, &has_nothing, true),
        (for_vips(), Access::Public, &Rights::Anybody, true),
        (Access::Public, Access::Registered, &Rights::Anybody, false),
        (Access::Registered, for_vips(), &has_nothing, false),
        (Access::Registered, for_vips(), &has_tier, true),
        (singly(), singly(), &has_course, true),
        (singly(), singly(), &has_lesson, false),
        (Access::Registered, singly(), &has_lesson, true),
        (for_vips(), for_vips(), &Rights::Staff, true),
    ];
    for (of_course, own, rights, is_open) in cases {
        let opening = of(&own, (&course(of_course.clone()), &at_once), rights, 0);
        let expected = Opening::now_or_never(is_open);
        assert_eq!(opening, expected, "{of_course:?} {own:?} {rights:?}");
    }
}

#[test]
fn days_count_from_joining_and_in_a_paid_course_from_having_what_opens_it() {
    let week = lesson(Opens::AfterDays { days: 7 });
    let rights = member(&[(Product::Tier(vip()), 2)]);
    let cases = [
        (Access::Registered, 6, (false, Some(at(7)))),
        (Access::Registered, 7, (true, None)),
        (for_vips(), 8, (false, Some(at(9)))),
        (for_vips(), 9, (true, None)),
    ];
    for (of_course, day, (is_open, opens_at)) in cases {
        let course = course(of_course.clone());
        let opening = of(&Access::Registered, (&course, &week), &rights, day);
        let expected = Opening {
            is_open,
            opens_at,
            after: None,
        };
        assert_eq!(opening, expected, "{of_course:?} {day}");
    }
    // To whom it is closed anyway no day is told.
    let closed = of(
        &Access::Registered,
        (&course(for_vips()), &week),
        &member(&[]),
        0,
    );
    assert_eq!(closed, Opening::now_or_never(false));
}

#[test]
fn a_free_trial_waits_for_a_date_and_never_for_days() {
    let course = course(for_vips());
    let week = lesson(Opens::AfterDays { days: 7 });
    let trial = of(&Access::Public, (&course, &week), &Rights::Anybody, 0);
    assert!(trial.is_open);
    let dated = lesson(Opens::At { at: at(3) });
    let trial = of(&Access::Public, (&course, &dated), &Rights::Anybody, 2);
    assert_eq!(trial.opens_at, Some(at(3)));
}

#[test]
fn a_post_that_is_no_course_any_more_leaves_its_lessons_as_they_are() {
    let mut article = course(for_vips());
    article.content.kind = Kind::Article;
    let at_once = lesson(Opens::AtOnce);
    let opening = of(&Access::Registered, (&article, &at_once), &member(&[]), 0);
    assert!(opening.is_open);
}

/// A lesson that members see, at a place in the course.
fn published(n: u8, position: &str, access: Access) -> Draft {
    let mut draft = Draft::new(id(n), Title::default(), None, at(0));
    draft.content.access = access;
    draft.lesson = Some(Box::new(Lesson {
        position: Position::parse(position).unwrap(),
        ..lesson(Opens::AtOnce)
    }));
    draft.post = Some(Box::new(Post {
        version: 1,
        title: Title::default(),
        content: draft.content.clone(),
        parts: crate::Parts::default(),
        text_at: crate::TextVersion::parse("AA==").unwrap(),
        by: None,
        first_at: at(0),
        at: at(0),
        live_at: at(0),
        withdrawn_at: None,
    }));
    draft
}

fn requires(opens: Opens) -> Lesson {
    Lesson {
        requires: Some(id(3)),
        ..lesson(opens)
    }
}

/// Lesson 2, which stands at `V`, for a member for whom lesson 3 is to be finished first.
fn behind(
    required: Option<&Draft>,
    (own, waits): (&Access, &Lesson),
    done: &[u8],
    rights: Rights,
) -> Opening {
    let course = course(Access::Registered);
    let place = InCourse::of(Some(waits), Some(&course));
    let place = place.map(|place| place.requiring(id(2), required, at(1)));
    let learner = Learner {
        rights,
        done: done.iter().map(|n| id(*n)).collect(),
    };
    opening((id(2), own), place, &learner, at(1))
}

#[test]
fn a_lesson_waits_until_the_one_before_it_is_finished() {
    let first = published(3, "A", Access::Registered);
    let at_once = requires(Opens::AtOnce);
    let of = |done: &[u8], rights| {
        let own = (&Access::Registered, &at_once);
        behind(Some(&first), own, done, rights)
    };
    let waits = of(&[], member(&[]));
    assert_eq!((waits.is_open, waits.after), (false, Some(id(3))));
    for done in [3, 2] {
        let opening = of(&[done], member(&[]));
        assert_eq!(opening, Opening::now_or_never(true), "{done}");
    }
    assert!(of(&[], Rights::Staff).is_open);
    let closed = of(&[], Rights::Anybody);
    assert_eq!(
        closed,
        Opening::now_or_never(false),
        "what is closed waits for nothing"
    );
}

#[test]
fn a_time_is_told_once_nothing_else_is_missing() {
    let first = published(3, "A", Access::Registered);
    let week = requires(Opens::AfterDays { days: 7 });
    let own = (&Access::Registered, &week);
    let opens_at = |done: &[u8]| behind(Some(&first), own, done, member(&[])).opens_at;
    assert_eq!(opens_at(&[]), None);
    assert_eq!(opens_at(&[3]), Some(at(7)));
}

#[test]
fn nothing_waits_for_what_cannot_be_finished() {
    let registered = Access::Registered;
    let at_once = requires(Opens::AtOnce);
    let before = || published(3, "A", Access::Registered);
    let with = |change: &dyn Fn(&mut Draft)| {
        let mut draft = before();
        change(&mut draft);
        draft
    };
    let later = Some(at(2));
    let cases = [
        ("behind it", published(3, "X", Access::Registered)),
        ("itself", published(2, "V", Access::Registered)),
        ("in the bin", with(&|draft| draft.binned_at = later)),
        ("put away", with(&|draft| draft.archived_at = later)),
        ("never published", with(&|draft| draft.post = None)),
        (
            "taken back",
            with(&|draft| {
                draft.post.as_mut().unwrap().withdrawn_at = later;
            }),
        ),
        (
            "not yet seen",
            with(&|draft| {
                draft.post.as_mut().unwrap().live_at = at(2);
            }),
        ),
        ("in no course", with(&|draft| draft.lesson = None)),
        (
            "in another course",
            with(&|draft| {
                draft.lesson.as_mut().unwrap().course = id(8);
            }),
        ),
        ("closed to this reader", published(3, "A", for_vips())),
    ];
    for (why, required) in &cases {
        let own = (&registered, &at_once);
        let opening = behind(Some(required), own, &[], member(&[]));
        assert!(opening.is_open, "{why}");
    }
    let deleted = behind(None, (&registered, &at_once), &[], member(&[]));
    assert!(deleted.is_open, "deleted");
    let trial = behind(
        Some(&before()),
        (&Access::Public, &at_once),
        &[],
        member(&[]),
    );
    assert!(trial.is_open, "a free trial");
}
