//! Lessons that members finish, and lessons that wait for them.

use reqwest::{Method, StatusCode};
use stoa_domain::{Access, Content, DraftId, Kind, Opens, Parts, Role, Timestamp};
use stoa_mutators::{
    AddLesson, BinDraft, DeleteDraft, DescribeLesson, LessonTerms, MoveLesson, Mutation, SeenDraft,
    WithdrawPost,
};
use stoa_protocol::error::ApiErrorCode;
use stoa_protocol::member::CourseLesson;

use crate::courses::{TEXT, add, article, at, lessons, outline, post, push, with_tier};
use crate::posts::{NewPost, Offered, mutations, offer, paid, withdraw};
use crate::support::{Device, NOW, World, new_draft_id, on_both_databases, refused_with, title};

const DAY: i64 = 86_400_000;

/// A course with two lessons, of which the second is opened by finishing the first.
struct Course {
    id: DraftId,
    first: Offered,
    second: DraftId,
}

fn first_lesson() -> NewPost<'static> {
    NewPost {
        title: "第一课",
        text: TEXT,
        content: Content::default(),
        ..NewPost::default()
    }
}

async fn course(owner: &mut Device) -> Course {
    let id = post(owner, "定价课", Kind::Course, Access::Registered).await;
    let first = offer(owner, &first_lesson()).await;
    let second = post(owner, "第二课", Kind::Article, Access::Registered).await;
    let waits = AddLesson {
        requires: Some(first.id),
        ..add(second, id, "W")
    };
    let changes = [add(first.id, id, "V"), waits].map(Mutation::AddLesson);
    push(owner, &changes).await;
    Course { id, first, second }
}

async fn told(world: &World, reader: &Device, course: &Course, id: DraftId) -> CourseLesson {
    let outline = outline(world, Some(reader), course.id).await;
    lessons(&outline)
        .find(|lesson| lesson.id == id)
        .unwrap()
        .clone()
}

async fn is_open(world: &World, reader: &Device, id: DraftId) -> bool {
    article(world, Some(reader), id).await.summary.is_open
}

async fn ask(world: &World, reader: &Device, method: Method, id: DraftId) -> reqwest::Response {
    let path = format!("/v1/communities/{}/articles/{id}/done", world.community);
    reader.request(method, &path).send().await.unwrap()
}

async fn finish(world: &World, reader: &Device, id: DraftId) {
    let answer = ask(world, reader, Method::PUT, id).await;
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
}

fn describe(course: DraftId, draft: DraftId, terms: LessonTerms) -> Mutation {
    Mutation::DescribeLesson(DescribeLesson {
        draft,
        course,
        terms,
        was: None,
    })
}

on_both_databases! {
    async fn a_lesson_is_closed_until_the_one_before_it_is_finished(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let course = course(&mut owner).await;
        let member = world.device(Role::Member).await;
        let waits = told(world, &member, &course, course.second).await;
        let after = waits.opens_after.unwrap();
        assert_eq!((waits.is_open, after.id, after.title.as_str()), (false, course.first.id, "第一课"));
        assert_eq!((waits.requires, waits.opens_at), (Some(course.first.id), None));
        let closed = article(world, Some(&member), course.second).await;
        assert_eq!((closed.markdown.as_str(), closed.summary.opens_after), ("开头。\n\n", Some(after)));
        // Twice is once.
        finish(world, &member, course.first.id).await;
        finish(world, &member, course.first.id).await;
        let open = article(world, Some(&member), course.second).await;
        assert_eq!((open.markdown.as_str(), open.summary.opens_after), (TEXT, None));
        assert!(told(world, &member, &course, course.first.id).await.is_done);
        assert!(article(world, Some(&member), course.first.id).await.lesson.unwrap().is_done);
        assert!(!open.lesson.unwrap().is_done);
        // What one has finished is no other's; staff reads everything.
        assert!(!is_open(world, &world.device(Role::Member).await, course.second).await);
        assert!(is_open(world, &owner, course.second).await);
        assert!(!article(world, None, course.second).await.summary.is_open);
    }

    async fn what_is_taken_up_again_closes_the_next_one_unless_that_is_finished_too(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let course = course(&mut owner).await;
        let member = world.device(Role::Member).await;
        finish(world, &member, course.first.id).await;
        for _ in 0..2 {
            let answer = ask(world, &member, Method::DELETE, course.first.id).await;
            assert_eq!(answer.status(), StatusCode::NO_CONTENT);
            assert!(!is_open(world, &member, course.second).await);
        }
        finish(world, &member, course.first.id).await;
        finish(world, &member, course.second).await;
        ask(world, &member, Method::DELETE, course.first.id).await;
        assert!(is_open(world, &member, course.second).await);
    }

    async fn nobody_finishes_what_is_closed_to_them_or_no_lesson(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let course = course(&mut owner).await;
        let by_itself = post(&mut owner, "单篇", Kind::Article, Access::Public).await;
        let member = world.device(Role::Member).await;
        let refused = async |id, code| {
            refused_with(ask(world, &member, Method::PUT, id).await, code).await
        };
        refused(course.second, ApiErrorCode::NotAllowed).await;
        let blamed = refused(by_itself, ApiErrorCode::InvalidInput).await;
        assert_eq!(blamed.field.as_deref(), Some("id"));
        refused(course.id, ApiErrorCode::InvalidInput).await;
        refused(new_draft_id(), ApiErrorCode::NotFound).await;
        withdraw(&mut owner, &course.first).await;
        refused(course.first.id, ApiErrorCode::NotFound).await;
    }

    async fn a_lesson_that_members_do_not_see_is_waited_for_by_nobody(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let course = course(&mut owner).await;
        let member = world.device(Role::Member).await;
        let (first, second) = (course.first.id, course.second);
        assert!(!is_open(world, &member, second).await);
        withdraw(&mut owner, &course.first).await;
        assert!(is_open(world, &member, second).await, "taken back");
        push(&mut owner, &[Mutation::BinDraft(BinDraft { id: first })]).await;
        assert!(is_open(world, &member, second).await, "in the bin");
        let in_outline = told(world, &member, &course, second).await;
        assert_eq!((in_outline.is_open, in_outline.requires), (true, None));
    }

    async fn a_lesson_that_was_deleted_for_good_is_waited_for_by_nobody(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let course = course(&mut owner).await;
        let member = world.device(Role::Member).await;
        let draft = new_draft_id();
        let terms = LessonTerms { requires: Some(Some(draft)), opens: None };
        push(&mut owner, &[describe(course.id, course.second, terms)]).await;
        assert!(is_open(world, &member, course.second).await, "there never was one");
        let made = mutations(draft, &first_lesson());
        for part in made.chunks(8) {
            push(&mut owner, part).await;
        }
        push(&mut owner, &[Mutation::AddLesson(add(draft, course.id, "A"))]).await;
        assert!(!is_open(world, &member, course.second).await);
        finish(world, &member, draft).await;
        assert!(is_open(world, &member, course.second).await);
        let updates = made.iter().filter_map(|mutation| match mutation {
            Mutation::AppendDoc(update) => Some(update.id.as_bytes()),
            _ => None,
        });
        let seen = SeenDraft { title: title("第一课"), parts: updates.collect::<Parts>() };
        let withdraw = Mutation::WithdrawPost(WithdrawPost { id: draft, version: 1 });
        let bin = Mutation::BinDraft(BinDraft { id: draft });
        let delete = Mutation::DeleteDraft(DeleteDraft { id: draft, seen: Some(seen) });
        push(&mut owner, &[withdraw, bin, delete]).await;
        assert!(is_open(world, &member, course.second).await, "deleted");
        assert!(is_open(world, &world.device(Role::Member).await, course.second).await);
    }

    async fn two_lessons_that_require_each_other_do_not_both_wait(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let course = course(&mut owner).await;
        let member = world.device(Role::Member).await;
        let (first, second) = (course.first.id, course.second);
        let terms = LessonTerms { requires: Some(Some(second)), opens: None };
        push(&mut owner, &[describe(course.id, first, terms)]).await;
        let opens = async || [is_open(world, &member, first).await, is_open(world, &member, second).await];
        assert_eq!(opens().await, [true, false]);
        let to_front = MoveLesson { draft: second, course: course.id, section: None, position: at("A") };
        push(&mut owner, &[Mutation::MoveLesson(to_front)]).await;
        assert_eq!(opens().await, [false, true]);
        let told = outline(world, Some(&member), course.id).await;
        let open: Vec<bool> = lessons(&told).map(|lesson| lesson.is_open).collect();
        assert_eq!(open, [true, false], "the outline says the same");
    }

    async fn nobody_waits_for_a_lesson_of_a_tier_that_they_have_not(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let course = course(&mut owner).await;
        let closed = post(&mut owner, "第三课", Kind::Article, paid(&["vip"])).await;
        let added = Mutation::AddLesson(add(closed, course.id, "A"));
        let terms = LessonTerms { requires: Some(Some(closed)), opens: None };
        push(&mut owner, &[added, describe(course.id, course.second, terms)]).await;
        assert!(is_open(world, &world.device(Role::Member).await, course.second).await);
        assert!(!is_open(world, &with_tier(world, "vip").await, course.second).await);
    }

    async fn days_and_a_lesson_before_it_are_both_waited_for(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let course = course(&mut owner).await;
        let opens = Opens::AfterDays { days: 7 };
        let terms = LessonTerms { opens: Some(opens), requires: None };
        push(&mut owner, &[describe(course.id, course.second, terms)]).await;
        let email = world.person(Role::Member).await;
        let member = world.sign_in(&email).await;
        finish(world, &member, course.first.id).await;
        let waits = told(world, &member, &course, course.second).await;
        assert_eq!((waits.opens_after, waits.opens_at), (None, Some(Timestamp::from_millis(NOW + 7 * DAY))));
        world.pass_millis(7 * DAY);
        let member = world.sign_in(&email).await;
        assert!(is_open(world, &member, course.second).await);
        ask(world, &member, Method::DELETE, course.first.id).await;
        assert!(!is_open(world, &member, course.second).await);
    }
}
