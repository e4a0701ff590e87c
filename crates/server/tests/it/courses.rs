//! Courses: what members are shown of one, which lesson is open to whom and from when, and what
//! studios change in them.

use std::collections::BTreeSet;

use reqwest::{Method, StatusCode};
use stoa_domain::{
    Access, Content, DraftId, Kind, Opens, Position, Role, SectionId, SectionTitle, TierKey,
    Timestamp,
};
use stoa_mutators::{
    AddLesson, CreateSection, DeleteSection, DescribeLesson, LessonTerms, MoveLesson, Mutation,
    RemoveLesson,
};
use stoa_protocol::member::{Article, CourseLesson, Outline};
use stoa_server::admin::{self, Gift};

use crate::posts::{NewPost, offer, paid};
use crate::support::{
    Device, NOW, World, create, expect, new_draft_id, on_both_databases, random, words,
};

const DAY: i64 = 86_400_000;
pub(crate) const TEXT: &str = "开头。\n\n<!-- paywall -->\n\n给学员的。\n";

pub(crate) fn at(text: &str) -> Position {
    Position::parse(text).unwrap()
}

pub(crate) fn add(draft: DraftId, course: DraftId, position: &str) -> AddLesson {
    AddLesson {
        draft,
        course,
        section: None,
        position: at(position),
        opens: Opens::AtOnce,
        requires: None,
        was_in: None,
    }
}

pub(crate) async fn article(world: &World, reader: Option<&Device>, id: DraftId) -> Article {
    let path = format!("/v1/communities/{}/articles/{id}", world.community);
    let request = match reader {
        Some(device) => device.request(Method::GET, &path),
        None => world.client().get(world.url(&path)),
    };
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    expect(answer).await
}

pub(crate) async fn outline(world: &World, reader: Option<&Device>, course: DraftId) -> Outline {
    article(world, reader, course).await.outline.unwrap()
}

/// Whether each lesson is open, in their order.
fn open(outline: &Outline) -> Vec<bool> {
    lessons(outline).map(|lesson| lesson.is_open).collect()
}

pub(crate) fn lessons(outline: &Outline) -> impl Iterator<Item = &CourseLesson> {
    outline.sections.iter().flat_map(|section| &section.lessons)
}

pub(crate) async fn post(device: &mut Device, title: &str, kind: Kind, access: Access) -> DraftId {
    let content = Content {
        kind,
        access,
        ..Content::default()
    };
    let post = NewPost {
        title,
        text: TEXT,
        content,
        ..NewPost::default()
    };
    offer(device, &post).await.id
}

/// A member with a tier.
pub(crate) async fn with_tier(world: &World, tier: &str) -> Device {
    world.sign_in(&given_tier(world, tier).await).await
}

/// The e-mail of a new member, who has a tier.
async fn given_tier(world: &World, tier: &str) -> String {
    let email = world.person(Role::Member).await;
    let community = world.community.to_string();
    let tier = TierKey::parse(tier).unwrap();
    admin::grant_tier(
        &world.config,
        Gift {
            community: &community,
            email: &email,
            days: None,
        },
        tier,
    )
    .await
    .unwrap();
    email
}

pub(crate) async fn push(device: &mut Device, mutations: &[Mutation]) {
    let answer = device.push(mutations).await;
    let said = words(&answer);
    assert!(
        said.iter().all(|word| word.starts_with("applied")),
        "{answer:?}"
    );
}

/// A course for a tier, with three lessons: a free trial, one at once, and one after a week.
struct Course {
    id: DraftId,
    trial: DraftId,
    second: DraftId,
    later: DraftId,
}

async fn course(owner: &mut Device) -> Course {
    let id = post(owner, "定价课", Kind::Course, paid(&["vip"])).await;
    let trial = post(owner, "试听", Kind::Article, Access::Public).await;
    let second = post(owner, "第二课", Kind::Article, Access::Registered).await;
    let later = post(owner, "第三课", Kind::Article, paid(&["vip"])).await;
    let section = CreateSection {
        id: SectionId::from_bytes(random()),
        course: id,
        title: SectionTitle::parse("第一章").unwrap(),
        position: at("V"),
    };
    let of_section = |draft, position| AddLesson {
        section: Some(section.id),
        ..add(draft, id, position)
    };
    let week = AddLesson {
        opens: Opens::AfterDays { days: 7 },
        ..of_section(later, "X")
    };
    let changes = [
        Mutation::CreateSection(section.clone()),
        Mutation::AddLesson(week),
        Mutation::AddLesson(of_section(second, "W")),
        Mutation::AddLesson(add(trial, id, "V")),
    ];
    push(owner, &changes).await;
    Course {
        id,
        trial,
        second,
        later,
    }
}

on_both_databases! {
    async fn members_are_shown_the_order_and_what_of_it_is_open_to_them(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let course = course(&mut owner).await;
        let draft = new_draft_id();
        push(&mut owner, &[create(draft, "还没写完"), Mutation::AddLesson(add(draft, course.id, "A"))]).await;
        let vip = with_tier(world, "vip").await;
        let told = outline(world, Some(&vip), course.id).await;
        let titles: Vec<_> = told.sections.iter().map(|section| section.title.as_deref()).collect();
        assert_eq!(titles, [None, Some("第一章")]);
        let order: Vec<DraftId> = lessons(&told).map(|lesson| lesson.id).collect();
        assert_eq!(order, [course.trial, course.second, course.later], "what is no post is not told");
        assert_eq!(open(&told), [true, true, false]);
        let last = lessons(&told).last().unwrap();
        assert_eq!(last.opens_at, Some(Timestamp::from_millis(NOW + 7 * DAY)));
        // Whoever may not read the course is told what there is, and may try one.
        for reader in [None, Some(&world.device(Role::Member).await)] {
            let told = outline(world, reader, course.id).await;
            assert_eq!(open(&told), [true, false, false]);
            assert!(lessons(&told).all(|lesson| lesson.opens_at.is_none()));
        }
    }

    async fn a_lesson_is_closed_where_its_course_is(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let course = course(&mut owner).await;
        let member = world.device(Role::Member).await;
        let vip = with_tier(world, "vip").await;
        let closed = article(world, Some(&member), course.second).await;
        assert_eq!((closed.summary.is_open, closed.markdown.as_str()), (false, "开头。\n\n"));
        let whole = article(world, Some(&vip), course.second).await;
        assert_eq!((whole.summary.is_open, whole.markdown.as_str()), (true, TEXT));
        let place = whole.lesson.unwrap();
        assert_eq!((place.number, place.n_lessons, place.title.as_str()), (2, 3, "定价课"));
        assert_eq!((place.previous, place.next), (Some(course.trial), Some(course.later)));
        assert!(article(world, Some(&owner), course.later).await.summary.is_open);
        // Out of the course it is what it is by itself.
        let remove = RemoveLesson { draft: course.second, course: course.id };
        push(&mut owner, &[Mutation::RemoveLesson(remove)]).await;
        let by_itself = article(world, Some(&member), course.second).await;
        assert!(by_itself.summary.is_open && by_itself.lesson.is_none());
    }

    async fn what_is_sold_singly_is_open_to_who_was_given_it_and_a_course_brings_its_lessons(world: &World) {
        let singly = || Access::Paid { tiers: BTreeSet::new(), singly: true };
        let mut owner = world.device(Role::Owner).await;
        let column = post(&mut owner, "专栏", Kind::Column, singly()).await;
        let lesson = post(&mut owner, "第一篇", Kind::Article, singly()).await;
        let other = post(&mut owner, "单篇", Kind::Article, singly()).await;
        push(&mut owner, &[Mutation::AddLesson(add(lesson, column, "V"))]).await;
        let community = world.community.to_string();
        let given = async |id: DraftId, days| {
            let email = world.person(Role::Member).await;
            let gift = Gift { community: &community, email: &email, days };
            admin::grant_post(&world.config, gift, id).await.unwrap();
            email
        };
        let opens = async |reader: &Device| {
            let mut open = Vec::new();
            for id in [column, lesson, other] {
                open.push(article(world, Some(reader), id).await.summary.is_open);
            }
            open
        };
        let (of_column, of_other) = (given(column, Some(7)).await, given(other, None).await);
        let device = world.sign_in(&of_column).await;
        assert_eq!(opens(&device).await, [true, true, false]);
        assert_eq!(opens(&world.sign_in(&of_other).await).await, [false, false, true]);
        assert_eq!(opens(&world.device(Role::Member).await).await, [false, false, false]);
        world.pass_millis(8 * DAY);
        assert_eq!(opens(&world.sign_in(&of_column).await).await, [false, false, false]);
        let gift = Gift { community: &community, email: &of_other, days: None };
        let refused = admin::grant_post(&world.config, gift, new_draft_id()).await;
        assert!(refused.unwrap_err().to_string().contains("post"));
    }

    async fn days_count_from_when_a_reader_first_had_what_opens_the_course(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let course = course(&mut owner).await;
        let early = given_tier(world, "vip").await;
        world.pass_millis(6 * DAY);
        let late = given_tier(world, "vip").await;
        world.pass_millis(DAY);
        let early = world.sign_in(&early).await;
        assert!(article(world, Some(&early), course.later).await.summary.is_open);
        let late = world.sign_in(&late).await;
        let waits = article(world, Some(&late), course.later).await;
        assert_eq!(waits.markdown, "开头。\n\n");
        assert_eq!(waits.summary.opens_at, Some(Timestamp::from_millis(NOW + 13 * DAY)));
    }

    async fn a_date_holds_for_everybody_also_in_lists_and_feeds(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let course = course(&mut owner).await;
        let opens = Opens::At { at: Timestamp::from_millis(NOW + DAY) };
        let terms = LessonTerms { opens: Some(opens), requires: None };
        let describe = DescribeLesson { draft: course.trial, course: course.id, terms, was: None };
        push(&mut owner, &[Mutation::DescribeLesson(describe)]).await;
        let feed = format!("/v1/communities/{}/feeds/json", world.community);
        let list = format!("/v1/communities/{}/articles", world.community);
        let has = async |path: &str| {
            let said = world.client().get(world.url(path)).send().await.unwrap();
            said.text().await.unwrap().contains("给学员的")
        };
        assert!(!article(world, None, course.trial).await.summary.is_open);
        assert!(!has(&feed).await && !has(&list).await);
        world.pass_millis(DAY);
        assert!(article(world, None, course.trial).await.summary.is_open);
        assert!(has(&feed).await);
    }

    async fn a_draft_goes_into_the_first_of_two_courses(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let mut editor = world.device(Role::Editor).await;
        let (one, other, draft) = (new_draft_id(), new_draft_id(), new_draft_id());
        push(&mut owner, &[create(one, "一"), create(other, "二"), create(draft, "课")]).await;
        push(&mut owner, &[Mutation::AddLesson(add(draft, one, "V"))]).await;
        let answer = editor.push(&[Mutation::AddLesson(add(draft, other, "V"))]).await;
        assert_eq!(words(&answer), ["rejected already_exists lesson"], "{answer:?}");
        let expert_answer = {
            let mut expert = world.device(Role::Expert).await;
            let move_it = MoveLesson { draft, course: one, section: None, position: at("A") };
            expert.push(&[Mutation::MoveLesson(move_it)]).await
        };
        assert_eq!(words(&expert_answer), ["rejected not_allowed course"], "{expert_answer:?}");
    }

    async fn rows_of_a_course_travel_whole(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let (course, draft) = (new_draft_id(), new_draft_id());
        let section = SectionId::from_bytes(random());
        let title = SectionTitle::parse("第一章").unwrap();
        let made = CreateSection { id: section, course, title, position: at("V") };
        let lesson = AddLesson { section: Some(section), ..add(draft, course, "V") };
        push(&mut owner, &[
            create(course, "课"),
            create(draft, "一"),
            Mutation::CreateSection(made),
            Mutation::AddLesson(lesson),
            Mutation::DeleteSection(DeleteSection { id: section, course }),
        ]).await;
        let pulled = world.device(Role::Editor).await.pull(0, 1_000).await;
        let row = |id: DraftId| {
            let mut rows = pulled.rows.iter();
            rows.find(|row| row.1 == id.to_string()).unwrap().4.clone()
        };
        assert_eq!(row(course)["sections"][0]["id"], section.to_string());
        assert!(row(course)["sections"][0].get("title").is_none());
        assert_eq!(row(draft)["lesson"]["section"], section.to_string());
    }

    async fn a_course_is_not_filled_beyond_its_limit_within_one_push_either(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let course = new_draft_id();
        push(&mut owner, &[create(course, "课")]).await;
        let drafts: Vec<DraftId> = (0..2_001).map(|_| new_draft_id()).collect();
        let mut last = Vec::new();
        for part in drafts.chunks(200) {
            let made: Vec<Mutation> = part.iter().map(|id| create(*id, "")).collect();
            push(&mut owner, &made).await;
            let added: Vec<Mutation> = part
                .iter()
                .map(|id| Mutation::AddLesson(add(*id, course, "V")))
                .collect();
            last = words(&owner.push(&added).await);
            if last.len() == 200 {
                assert!(last.iter().all(|word| word.starts_with("applied")));
            }
        }
        assert_eq!(last, ["rejected invalid lessons"]);
        // Where one goes, another has room.
        let (first, over) = (drafts[0], drafts[2_000]);
        let remove = Mutation::RemoveLesson(RemoveLesson { draft: first, course });
        let added = Mutation::AddLesson(add(over, course, "V"));
        push(&mut owner, &[remove, added]).await;
    }
}
