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
    opening((id(2), access), place, rights, at(day))
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
        let expected = Opening { is_open, opens_at };
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
