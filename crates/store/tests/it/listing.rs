//! Lists that are narrowed and ordered.

use stoa_domain::{
    Access, AccessKind, By, ContentValues, DraftId, Kind, ListFilter, ListSort, SearchQuery, Shelf,
    Tag, Tags, TierKey, UserId,
};
use stoa_store::test_support::Profile;
use stoa_store::{DraftFilter, PublishAt, Store};

use super::server::{Server, link, pull_all, push_all};
use super::{at, create, write};

pub(crate) fn tag(text: &str) -> Tag {
    Tag::parse(text).unwrap()
}

pub(crate) fn tier(key: &str) -> TierKey {
    TierKey::parse(key).unwrap()
}

pub(crate) fn paid(tiers: &[&str], singly: bool) -> Access {
    Access::Paid {
        tiers: tiers.iter().map(|key| tier(key)).collect(),
        singly,
    }
}

pub(crate) fn describe(store: &Store, id: DraftId, kind: Kind, access: Access, tags: &[&str]) {
    let values = ContentValues {
        kind: Some(kind),
        access: Some(access),
        tags: Some(Tags::new(tags.iter().map(|text| tag(text)).collect()).unwrap()),
        ..ContentValues::default()
    };
    store.describe_draft(id, values, at(100)).unwrap();
}

fn listed(store: &Store, list: &DraftFilter) -> Vec<String> {
    let list = DraftFilter {
        limit: 200,
        now: at(1_000),
        ..list.clone()
    };
    let page = store.list_drafts(&list).unwrap();
    assert_eq!(page.n_total, page.drafts.len() as u64);
    page.drafts.into_iter().map(|draft| draft.title).collect()
}

pub(crate) fn filtered(store: &Store, filter: ListFilter) -> Vec<String> {
    let list = DraftFilter {
        filter,
        ..DraftFilter::default()
    };
    listed(store, &list)
}

/// Five drafts of which no two are alike; the last is the newest.
pub(crate) fn five(profile: &Profile, store: &Store) -> Vec<DraftId> {
    let ids: Vec<DraftId> = ["公开文章", "注册课程", "会员音频", "单卖专栏", "无标签"]
        .iter()
        .zip(1..)
        .map(|(text, n)| create(store, text, n, &profile.random))
        .collect();
    describe(
        store,
        ids[0],
        Kind::Article,
        Access::Public,
        &["定价", "入门"],
    );
    describe(store, ids[1], Kind::Course, Access::Registered, &["定价"]);
    describe(
        store,
        ids[2],
        Kind::Audio,
        paid(&["vip"], false),
        &["入门", "旧文"],
    );
    describe(
        store,
        ids[3],
        Kind::Column,
        paid(&["basic"], true),
        &["定价", "旧文"],
    );
    ids
}

/// A filter with only what is said of it.
fn only(say: impl FnOnce(&mut ListFilter)) -> ListFilter {
    let mut filter = ListFilter::default();
    say(&mut filter);
    filter
}

#[test]
fn kinds_and_readers_narrow_a_list_to_any_of_them() {
    let profile = Profile::new(2_100);
    let store = profile.open();
    five(&profile, &store);
    let check = |filter: ListFilter, expected: &[&str]| {
        assert_eq!(filtered(&store, filter.clone()), expected, "{filter:?}");
    };
    let kinds = only(|f| f.kinds = [Kind::Course, Kind::Audio].into());
    check(kinds, &["会员音频", "注册课程"]);
    let public = only(|f| f.access = [AccessKind::Public].into());
    check(public, &["公开文章"]);
    let paid = only(|f| f.access = [AccessKind::Paid].into());
    check(paid, &["单卖专栏", "会员音频"]);
    let singly = only(|f| f.access = [AccessKind::Singly].into());
    check(singly, &["单卖专栏"]);
    check(only(|f| f.tiers = [tier("vip")].into()), &["会员音频"]);
    let either = only(|f| {
        f.access = [AccessKind::Public].into();
        f.tiers = [tier("basic")].into();
    });
    check(either, &["单卖专栏", "公开文章"]);
}

#[test]
fn every_tag_of_a_filter_and_every_part_of_it_counts() {
    let profile = Profile::new(2_118);
    let store = profile.open();
    five(&profile, &store);
    let check = |filter: ListFilter, expected: &[&str]| {
        assert_eq!(filtered(&store, filter.clone()), expected, "{filter:?}");
    };
    let priced = only(|f| f.tags = [tag("定价")].into());
    check(priced, &["单卖专栏", "注册课程", "公开文章"]);
    let both = only(|f| f.tags = [tag("定价"), tag("旧文")].into());
    check(both, &["单卖专栏"]);
    let priced_course = only(|f| {
        f.tags = [tag("定价")].into();
        f.kinds = [Kind::Course].into();
    });
    check(priced_course, &["注册课程"]);
    check(only(|f| f.tags = [tag("没有")].into()), &[]);
    check(only(|f| f.is_changed = true), &[]);
    assert_eq!(filtered(&store, ListFilter::default()).len(), 5);
}

#[test]
fn words_and_a_filter_narrow_together() {
    let profile = Profile::new(2_101);
    let store = profile.open();
    let ids = five(&profile, &store);
    write(&store, ids[0], "社群怎么定价", 200, &profile.random);
    write(&store, ids[1], "社群怎么开课", 201, &profile.random);
    let list = |filter: ListFilter, shelf: Shelf| DraftFilter {
        query: SearchQuery::parse("社群"),
        filter,
        shelf,
        ..DraftFilter::default()
    };
    let courses = ListFilter {
        kinds: [Kind::Course].into(),
        ..ListFilter::default()
    };
    let all = listed(&store, &list(ListFilter::default(), Shelf::Drafts));
    assert_eq!(all, ["注册课程", "公开文章"]);
    assert_eq!(
        listed(&store, &list(courses.clone(), Shelf::Drafts)),
        ["注册课程"]
    );
    assert_eq!(
        listed(&store, &list(courses, Shelf::Bin)),
        Vec::<String>::new()
    );
}

#[test]
fn what_is_not_sent_and_whose_it_is_can_be_asked_for() {
    let profile = Profile::new(2_102);
    let store = profile.open();
    store.set_link(&link(1, "e")).unwrap();
    let mut server = Server::default();
    let sent = create(&store, "发了", 1, &profile.random);
    push_all(&mut server, 1, &store, at(2));
    let other = Profile::new(2_103);
    let there = other.open();
    let somebody = UserId::from_bytes([9; 16]);
    there
        .set_link(&stoa_store::Link {
            user: somebody,
            ..link(2, "e")
        })
        .unwrap();
    server.users.insert(2, somebody);
    create(&there, "别人的", 3, &other.random);
    push_all(&mut server, 2, &there, at(4));
    pull_all(&server, 1, &store, at(5));
    create(&store, "没发", 6, &profile.random);
    let by = |by: By| ListFilter {
        by: Some(by),
        ..ListFilter::default()
    };
    let unsent = || ListFilter {
        is_unsent: true,
        ..ListFilter::default()
    };
    assert_eq!(filtered(&store, by(By::Me)), ["没发", "发了"]);
    assert_eq!(filtered(&store, by(By::Person(somebody))), ["别人的"]);
    assert_eq!(filtered(&store, unsent()), ["没发"]);
    store
        .rename_draft(sent, super::title("改了"), at(7))
        .unwrap();
    assert_eq!(filtered(&store, unsent()), ["改了", "没发"]);
    let facets = store.facets().unwrap();
    let n_of = |user: UserId| {
        facets
            .authors
            .iter()
            .find(|(id, ..)| *id == user)
            .map(|a| a.2)
    };
    assert_eq!(n_of(somebody), Some(1));
    assert_eq!(facets.me, Some(link(1, "e").user));
}

#[test]
fn a_post_that_was_changed_since_is_found_as_such_and_not_after_it_is_published_again() {
    let profile = Profile::new(2_104);
    let store = profile.open();
    let ids: Vec<DraftId> = (1..4)
        .map(|n| create(&store, &format!("文{n}"), n, &profile.random))
        .collect();
    for id in &ids {
        store.publish(*id, PublishAt::default(), at(10)).unwrap();
    }
    let changed = || {
        let list = DraftFilter {
            shelf: Shelf::Published,
            filter: ListFilter {
                is_changed: true,
                ..ListFilter::default()
            },
            ..DraftFilter::default()
        };
        listed(&store, &list)
    };
    assert_eq!(changed(), Vec::<String>::new());
    write(&store, ids[0], "后来写的", 20, &profile.random);
    describe(&store, ids[1], Kind::Course, Access::Public, &[]);
    assert_eq!(changed(), ["文1", "文2"]);
    store.publish(ids[0], PublishAt::default(), at(30)).unwrap();
    assert_eq!(changed(), ["文2"]);
    store.undo(at(40)).unwrap();
    assert_eq!(changed(), ["文1", "文2"]);
    while store.tidy().unwrap() {}
    assert_eq!(changed(), ["文1", "文2"]);
}

#[test]
fn what_the_list_knows_of_drafts_comes_with_a_first_sync_too() {
    let profile = Profile::new(2_105);
    let store = profile.open();
    store.set_link(&link(1, "e")).unwrap();
    let ids = five(&profile, &store);
    store
        .publish(ids[0], PublishAt::default(), at(200))
        .unwrap();
    let mut server = Server::default();
    push_all(&mut server, 1, &store, at(201));
    pull_all(&server, 1, &store, at(202));
    let other = Profile::new(2_106);
    let there = other.open();
    there.set_link(&link(2, "e")).unwrap();
    pull_all(&server, 2, &there, at(203));
    for (n, filter) in [
        ListFilter {
            tags: [tag("定价")].into(),
            ..ListFilter::default()
        },
        ListFilter {
            tiers: [tier("vip")].into(),
            ..ListFilter::default()
        },
        ListFilter {
            access: [AccessKind::Singly].into(),
            ..ListFilter::default()
        },
        ListFilter {
            kinds: [Kind::Course].into(),
            ..ListFilter::default()
        },
        ListFilter {
            is_changed: true,
            ..ListFilter::default()
        },
    ]
    .into_iter()
    .enumerate()
    {
        let mut here = filtered(&store, filter.clone());
        let mut on_the_other = filtered(&there, filter);
        here.sort();
        on_the_other.sort();
        assert_eq!(on_the_other, here, "{n}");
    }
    let by_title = DraftFilter {
        sort: ListSort::Title,
        ..DraftFilter::default()
    };
    assert_eq!(listed(&there, &by_title), listed(&store, &by_title));
}

/// Every page of a list, three at a time.
fn paged(store: &Store, list: &DraftFilter) -> Vec<String> {
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = store
            .list_drafts(&DraftFilter {
                after: after.take(),
                now: at(1_000),
                limit: 3,
                ..list.clone()
            })
            .unwrap();
        seen.extend(page.drafts.into_iter().map(|draft| draft.title));
        match page.next {
            // The key travels as text.
            Some(next) => after = Some(next.to_string().parse().unwrap()),
            None => return seen,
        }
    }
}

#[test]
fn pages_follow_each_other_in_every_order_with_and_without_a_filter() {
    let profile = Profile::new(2_107);
    let store = profile.open();
    let texts = [
        "周报", "Apple. 1", "会员", "阿明", "", "会议", "banana", "同名", "同名", "同名",
    ];
    for (text, n) in texts.iter().zip(0..) {
        let id = create(&store, text, n / 3, &profile.random);
        describe(&store, id, Kind::Article, Access::Public, &["都有"]);
    }
    let by_title = [
        "阿明", "Apple. 1", "banana", "会议", "会员", "同名", "同名", "同名", "周报", "",
    ];
    let mut newest: Vec<&str> = texts.to_vec();
    newest.reverse();
    let orders: [(ListSort, &[&str]); 3] = [
        (ListSort::NewestEdited, &newest),
        (ListSort::OldestEdited, &texts),
        (ListSort::Title, &by_title),
    ];
    let tagged = ListFilter {
        tags: [tag("都有")].into(),
        ..ListFilter::default()
    };
    for (sort, expected) in orders {
        for filter in [ListFilter::default(), tagged.clone()] {
            let list = DraftFilter {
                sort,
                filter,
                ..DraftFilter::default()
            };
            assert_eq!(paged(&store, &list), expected, "{list:?}");
        }
    }
}

#[test]
fn what_goes_live_is_ordered_by_when() {
    let profile = Profile::new(2_108);
    let store = profile.open();
    for (text, live_at) in [
        ("三", 3_000),
        ("一", 1_500),
        ("二", 2_000),
        ("旧", 500),
        ("更旧", 400),
    ] {
        let id = create(&store, text, 1, &profile.random);
        let when = PublishAt {
            live_at: Some(at(live_at)),
            unless_after: None,
        };
        store.publish(id, when, at(100)).unwrap();
    }
    let list = |shelf| DraftFilter {
        shelf,
        sort: ListSort::Live,
        ..DraftFilter::default()
    };
    assert_eq!(paged(&store, &list(Shelf::Scheduled)), ["一", "二", "三"]);
    assert_eq!(paged(&store, &list(Shelf::Published)), ["旧", "更旧"]);
}
