//! A draft's way to members: what is sent, what stands where, and what is refused.

use stoa_domain::{Access, ContentValues, DraftId, JoinLink, Kind, Minutes, SearchTitle, Shelf};
use stoa_store::test_support::Profile;
use stoa_store::{
    ChangeKind, Differs, DraftFilter, PassedOver, PublishAt, Saved, StepKind, Store, StoreError,
};

use super::server::{Server, link, pull_all, push_all};
use super::{at, create, title, write};

/// Two computers of one person with one draft.
struct Two {
    server: Server,
    one: Profile,
    other: Profile,
    a: Store,
    b: Store,
    id: DraftId,
}

impl Two {
    fn sharing(seed: u64) -> Self {
        let (one, other) = (Profile::new(seed), Profile::new(seed + 1));
        let (a, b) = (one.open(), other.open());
        a.set_link(&link(1, "e")).unwrap();
        b.set_link(&link(2, "e")).unwrap();
        let id = create(&a, "会员定价", 1, &one.random);
        write(&a, id, "第一段", 2, &one.random);
        let mut two = Self {
            server: Server::default(),
            one,
            other,
            a,
            b,
            id,
        };
        two.exchange();
        two
    }

    fn send_a(&mut self) {
        push_all(&mut self.server, 1, &self.a, at(50));
        pull_all(&self.server, 1, &self.a, at(50));
    }

    fn send_b(&mut self) {
        push_all(&mut self.server, 2, &self.b, at(50));
        pull_all(&self.server, 2, &self.b, at(50));
    }

    fn exchange(&mut self) {
        self.send_a();
        self.send_b();
        self.send_a();
    }
}

fn on(store: &Store, shelf: Shelf, millis: i64) -> Vec<String> {
    let filter = DraftFilter {
        shelf,
        now: at(millis),
        limit: 100,
        ..DraftFilter::default()
    };
    let page = store.list_drafts(&filter).unwrap();
    let counts = store.count_shelves(at(millis)).unwrap();
    let counted = counts.iter().find(|(counted, _)| *counted == shelf);
    assert_eq!(counted.map(|(_, n)| *n), Some(page.n_total), "{shelf:?}");
    page.drafts.into_iter().map(|draft| draft.title).collect()
}

fn public() -> ContentValues {
    ContentValues {
        access: Some(Access::Public),
        ..ContentValues::default()
    }
}

#[test]
fn a_published_draft_moves_to_its_shelf_everywhere_and_says_when_it_was_changed() {
    let mut two = Two::sharing(1_500);
    let id = two.id;
    two.a.describe_draft(id, public(), at(3)).unwrap();
    two.a.publish(id, PublishAt::default(), at(4)).unwrap();
    assert_eq!(on(&two.a, Shelf::Published, 60), ["会员定价"]);
    two.exchange();
    for store in [&two.a, &two.b] {
        assert_eq!(on(store, Shelf::Published, 60), ["会员定价"]);
        assert_eq!(on(store, Shelf::Drafts, 60), Vec::<String>::new());
        let draft = store.draft(id).unwrap();
        assert!(!draft.is_changed);
        assert_eq!(draft.content.access, Access::Public);
        assert_eq!(store.published_text(id).unwrap(), "第一段");
    }
    write(&two.b, id, "多一句。", 70, &two.other.random);
    assert!(two.b.draft(id).unwrap().is_changed);
    assert_eq!(two.b.published_text(id).unwrap(), "第一段");
    two.b.withdraw(id, at(80)).unwrap();
    two.send_b();
    two.send_a();
    assert_eq!(on(&two.a, Shelf::Drafts, 90), ["会员定价"]);
}

#[test]
fn what_is_written_after_publishing_is_not_in_what_was_published() {
    let mut two = Two::sharing(1_510);
    let id = two.id;
    write(&two.a, id, "还没发。", 3, &two.one.random);
    two.a.publish(id, PublishAt::default(), at(4)).unwrap();
    let published = two.a.published_text(id).unwrap();
    write(&two.a, id, "发布之后。", 5, &two.one.random);
    two.a.rename_draft(id, title("改名"), at(6)).unwrap();
    let kinds: Vec<ChangeKind> = two.a.waiting(10).unwrap().iter().map(|e| e.kind).collect();
    assert_eq!(
        kinds,
        [
            ChangeKind::Write,
            ChangeKind::Publish,
            ChangeKind::Write,
            ChangeKind::Rename
        ]
    );
    two.exchange();
    assert_eq!(two.a.counts().unwrap().n_failed, 0);
    let draft = two.b.draft(id).unwrap();
    assert_eq!(draft.post.unwrap().title.as_str(), "会员定价");
    assert!(draft.is_changed);
    assert_eq!(two.b.published_text(id).unwrap(), published);
}

#[test]
fn what_somebody_else_changed_meanwhile_keeps_it_from_members() {
    type Meanwhile = fn(&Two);
    let meanwhile: [Meanwhile; 4] = [
        |two| write(&two.b, two.id, "别人的话", 20, &two.other.random),
        |two| drop(two.b.rename_draft(two.id, title("别人的"), at(20)).unwrap()),
        |two| drop(two.b.describe_draft(two.id, public(), at(20)).unwrap()),
        |two| drop(two.b.publish(two.id, PublishAt::default(), at(20)).unwrap()),
    ];
    for (n, change) in meanwhile.into_iter().enumerate() {
        let mut two = Two::sharing(1_520 + 2 * n as u64);
        change(&two);
        two.a.publish(two.id, PublishAt::default(), at(30)).unwrap();
        two.send_b();
        two.send_a();
        let failed = two.a.failed(10).unwrap();
        assert_eq!(failed.len(), 1, "{n}");
        assert_eq!(failed[0].kind, ChangeKind::Publish, "{n}");
        assert_eq!(failed[0].code.as_deref(), Some("conflict"), "{n}");
        assert_eq!(two.a.draft(two.id).unwrap().saved, Saved::NeedsAttention);
        // Having looked at it, one publishes it again.
        let failed = failed[0].lid;
        two.a.discard(failed, at(60)).unwrap();
        two.a.publish(two.id, PublishAt::default(), at(61)).unwrap();
        two.exchange();
        assert_eq!(two.a.counts().unwrap().n_failed, 0, "{n}");
        assert_eq!(
            on(&two.b, Shelf::Published, 60_000),
            on(&two.a, Shelf::Published, 60_000)
        );
    }
}

#[test]
fn a_scheduled_post_changes_its_shelf_when_its_time_comes() {
    let two = Two::sharing(1_540);
    let later = PublishAt {
        live_at: Some(at(1_000)),
        unless_after: None,
    };
    two.a.publish(two.id, later, at(4)).unwrap();
    assert_eq!(on(&two.a, Shelf::Scheduled, 999), ["会员定价"]);
    assert_eq!(on(&two.a, Shelf::Published, 999), Vec::<String>::new());
    assert_eq!(on(&two.a, Shelf::Published, 1_000), ["会员定价"]);
    assert_eq!(on(&two.a, Shelf::Scheduled, 1_000), Vec::<String>::new());
}

#[test]
fn what_members_see_is_neither_archived_nor_binned() {
    let two = Two::sharing(1_550);
    two.a.publish(two.id, PublishAt::default(), at(4)).unwrap();
    let archived = two.a.archive_draft(two.id, at(5));
    assert!(
        matches!(archived, Err(StoreError::Rejected(_))),
        "{archived:?}"
    );
    let binned = two.a.bin_draft(two.id, at(5));
    assert!(matches!(binned, Err(StoreError::Rejected(_))), "{binned:?}");
    two.a.withdraw(two.id, at(6)).unwrap();
    two.a.archive_draft(two.id, at(7)).unwrap();
    assert_eq!(on(&two.a, Shelf::Archived, 60), ["会员定价"]);
    two.a.unarchive_draft(two.id, at(8)).unwrap();
    assert_eq!(on(&two.a, Shelf::Drafts, 60), ["会员定价"]);
}

#[test]
fn a_publication_that_was_not_sent_is_taken_back_without_a_trace() {
    let mut two = Two::sharing(1_560);
    two.a.describe_draft(two.id, public(), at(3)).unwrap();
    two.a.publish(two.id, PublishAt::default(), at(4)).unwrap();
    two.a.undo(at(5)).unwrap();
    assert_eq!(on(&two.a, Shelf::Drafts, 60), ["会员定价"]);
    two.a.undo(at(6)).unwrap();
    assert_eq!(
        two.a.draft(two.id).unwrap().content.access,
        Access::Registered
    );
    assert_eq!(two.a.counts().unwrap().n_waiting, 0);
    two.a.redo(at(7)).unwrap();
    two.a.redo(at(8)).unwrap();
    two.exchange();
    assert_eq!(on(&two.b, Shelf::Published, 60), ["会员定价"]);
    // Delivered, it is taken back from members in the open.
    two.a.undo(at(9)).unwrap();
    let waiting = two.a.waiting(10).unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0].kind, ChangeKind::Withdraw);
    two.exchange();
    assert_eq!(on(&two.b, Shelf::Drafts, 60), ["会员定价"]);
}

/// What waits of a draft, in the order in which it goes.
fn kinds(store: &Store) -> Vec<ChangeKind> {
    let waiting = store.waiting(10).unwrap();
    waiting.iter().map(|entry| entry.kind).collect()
}

fn from(millis: i64) -> PublishAt {
    PublishAt {
        live_at: Some(at(millis)),
        unless_after: None,
    }
}

#[test]
fn another_time_for_what_waits_leaves_the_text_that_was_seen() {
    let mut two = Two::sharing(1_570);
    let id = two.id;
    two.a.publish(id, from(1_000), at(4)).unwrap();
    let published = two.a.published_text(id).unwrap();
    write(&two.a, id, "之后才写的。", 5, &two.one.random);
    let before = two.a.waiting(10).unwrap();
    let found = two.a.publication(before[0].lid).unwrap();
    assert_eq!((found.live_at, found.is_behind), (Some(at(1_000)), true));
    let nothing = ContentValues::default();
    let times = PublishAt {
        unless_after: Some(at(9_000)),
        ..from(2_000)
    };
    two.a
        .republish(before[0].lid, (nothing, times), at(6))
        .unwrap();
    let after = two.a.waiting(10).unwrap();
    assert_eq!(kinds(&two.a), [ChangeKind::Publish, ChangeKind::Write]);
    assert_eq!(after[0].lid, before[0].lid, "it stands where it stood");
    assert_eq!(
        (after[0].live_at, after[0].unless_after),
        (Some(at(2_000)), Some(at(9_000)))
    );
    two.exchange();
    assert_eq!(two.a.counts().unwrap().n_failed, 0);
    assert_eq!(two.b.published_text(id).unwrap(), published);
    assert_eq!(on(&two.b, Shelf::Scheduled, 1_999), ["会员定价"]);
}

#[test]
fn another_audience_for_what_waits_goes_out_with_what_was_written_since() {
    let mut two = Two::sharing(1_580);
    let id = two.id;
    two.a.publish(id, PublishAt::default(), at(4)).unwrap();
    write(&two.a, id, "之后才写的。", 5, &two.one.random);
    let lid = two.a.waiting(10).unwrap()[0].lid;
    two.a
        .republish(lid, (public(), PublishAt::default()), at(6))
        .unwrap();
    let expected = [ChangeKind::Write, ChangeKind::Describe, ChangeKind::Publish];
    assert_eq!(
        kinds(&two.a),
        expected,
        "one publication, not two and not none"
    );
    two.exchange();
    assert_eq!(two.a.counts().unwrap().n_failed, 0);
    let draft = two.b.draft(id).unwrap();
    assert_eq!(draft.content.access, Access::Public);
    assert!(!draft.is_changed);
    assert!(two.b.published_text(id).unwrap().contains("之后才写的"));
}

#[test]
fn what_took_the_place_of_a_publication_is_taken_back_as_one_step() {
    let two = Two::sharing(1_590);
    let id = two.id;
    two.a.publish(id, PublishAt::default(), at(4)).unwrap();
    let lid = two.a.waiting(10).unwrap()[0].lid;
    two.a.republish(lid, (public(), from(500)), at(5)).unwrap();
    two.a.undo(at(6)).unwrap();
    assert_eq!(kinds(&two.a), []);
    let draft = two.a.draft(id).unwrap();
    assert_eq!(
        (draft.post, draft.content.access),
        (None, Access::Registered)
    );
    two.a.redo(at(7)).unwrap();
    assert_eq!(kinds(&two.a), [ChangeKind::Describe, ChangeKind::Publish]);
}

#[test]
fn a_publication_that_was_sent_or_that_another_builds_on_keeps_its_place() {
    let two = Two::sharing(1_600);
    let id = two.id;
    two.a.publish(id, PublishAt::default(), at(4)).unwrap();
    let lid = two.a.waiting(10).unwrap()[0].lid;
    two.a.withdraw(id, at(5)).unwrap();
    let built_on = two
        .a
        .republish(lid, (public(), PublishAt::default()), at(6));
    assert!(
        matches!(built_on, Err(StoreError::UnderWay)),
        "{built_on:?}"
    );
    assert_eq!(kinds(&two.a), [ChangeKind::Publish, ChangeKind::Withdraw]);
    assert_eq!(two.a.take_push(10, 1 << 20, at(7)).unwrap().len(), 2);
    let sent = two
        .a
        .republish(lid, (ContentValues::default(), from(500)), at(8));
    assert!(matches!(sent, Err(StoreError::UnderWay)), "{sent:?}");
    let missing = two.a.republish(lid + 50, (public(), from(500)), at(9));
    assert!(matches!(missing, Err(StoreError::NotFound)), "{missing:?}");
}

#[test]
fn whoever_was_refused_sees_what_has_changed_and_publishes_again() {
    type Meanwhile = fn(&Two);
    let meanwhile: [(Differs, Meanwhile); 4] = [
        (Differs::Text, |two| {
            write(&two.b, two.id, "别人的话", 20, &two.other.random);
        }),
        (Differs::Title, |two| {
            drop(two.b.rename_draft(two.id, title("别人的"), at(20)).unwrap());
        }),
        (Differs::Content, |two| {
            drop(two.b.describe_draft(two.id, public(), at(20)).unwrap());
        }),
        (Differs::Post, |two| {
            drop(two.b.publish(two.id, PublishAt::default(), at(20)).unwrap());
        }),
    ];
    for (n, (what, change)) in meanwhile.into_iter().enumerate() {
        let mut two = Two::sharing(1_620 + 2 * n as u64);
        let seen = two.a.markdown(two.id).unwrap();
        change(&two);
        two.a.publish(two.id, PublishAt::default(), at(30)).unwrap();
        two.send_b();
        two.send_a();
        let lid = two.a.failed(10).unwrap()[0].lid;
        let then = two.a.seen_then(lid).unwrap();
        assert_eq!(then.differs, [what], "{n}");
        assert_eq!(then.title_then, "会员定价", "{n}");
        assert_eq!(then.text_then, Some(seen), "{n}");
        assert_eq!(then.text, two.b.markdown(two.id).unwrap(), "{n}");
        let nothing = ContentValues::default();
        two.a
            .republish(lid, (nothing, PublishAt::default()), at(61))
            .unwrap();
        assert_eq!(two.a.counts().unwrap().n_failed, 0, "{n}");
        two.exchange();
        let counts = two.a.counts().unwrap();
        assert_eq!((counts.n_failed, counts.n_waiting), (0, 0), "{n}");
        assert!(!two.b.draft(two.id).unwrap().is_changed, "{n}");
    }
}

#[test]
fn what_was_done_says_whether_it_can_be_taken_back() {
    let mut two = Two::sharing(1_640);
    let id = two.id;
    two.a.publish(id, PublishAt::default(), at(10)).unwrap();
    two.exchange();
    two.a.rename_draft(id, title("新题"), at(11)).unwrap();
    two.exchange();
    two.b.rename_draft(id, title("别人的"), at(30)).unwrap();
    two.send_b();
    two.send_a();
    let steps = two.a.steps_done(10).unwrap();
    let told = |kind| steps.iter().find(|step| step.text.kind == kind).unwrap();
    assert_eq!(told(StepKind::Publish).stays, None);
    assert_eq!(told(StepKind::Rename).stays, Some(PassedOver::ChangedSince));
    let publish = told(StepKind::Publish).n;
    let turned = two.a.undo_step(publish, at(40)).unwrap().unwrap();
    assert_eq!(turned.passed_over, None);
    assert_eq!(kinds(&two.a), [ChangeKind::Withdraw]);
    assert!(
        two.a
            .steps_done(10)
            .unwrap()
            .iter()
            .all(|step| step.n != publish)
    );
}

#[test]
fn two_people_plan_one_session_and_each_keeps_what_they_set() {
    let mut two = Two::sharing(1_590);
    let id = two.id;
    let hour = ContentValues {
        kind: Some(Kind::Live),
        starts_at: Some(Some(at(90_000))),
        ..ContentValues::default()
    };
    let link = ContentValues {
        join_link: Some(JoinLink::parse("https://meet.example/1").unwrap()),
        lasts_minutes: Some(Minutes::new(90).unwrap()),
        search_title: Some(SearchTitle::parse("直播答疑").unwrap()),
        ..ContentValues::default()
    };
    two.a.describe_draft(id, hour, at(3)).unwrap();
    two.b.describe_draft(id, link, at(4)).unwrap();
    two.exchange();
    two.send_b();
    let planned = two.a.draft(id).unwrap().content;
    assert_eq!(planned, two.b.draft(id).unwrap().content);
    let live = planned.live().unwrap();
    assert_eq!((live.starts_at, live.lasts.get()), (at(90_000), 90));
    assert_eq!(live.join(true, at(5)), Some("https://meet.example/1"));
    assert_eq!(planned.search_title.as_str(), "直播答疑");
}

#[test]
fn a_session_that_was_moved_goes_back_with_one_undo() {
    let mut two = Two::sharing(1_600);
    let id = two.id;
    let begins = |millis| ContentValues {
        kind: Some(Kind::Live),
        starts_at: Some(Some(at(millis))),
        ..ContentValues::default()
    };
    let starts_at = |store: &Store| store.draft(id).unwrap().content.starts_at;
    two.a.describe_draft(id, begins(90_000), at(3)).unwrap();
    two.exchange();
    two.a.describe_draft(id, begins(95_000), at(4)).unwrap();
    two.exchange();
    two.a.undo(at(5)).unwrap();
    two.exchange();
    assert_eq!(starts_at(&two.b), Some(at(90_000)));
    two.a.redo(at(6)).unwrap();
    two.exchange();
    assert_eq!(starts_at(&two.b), Some(at(95_000)));
    // Somebody else moves it: that stays.
    two.b.describe_draft(id, begins(99_000), at(7)).unwrap();
    two.send_b();
    two.send_a();
    two.a.undo(at(8)).unwrap();
    two.exchange();
    assert_eq!(starts_at(&two.a), Some(at(99_000)));
}
