//! Expert review between two computers: what is asked, said in the margin and decided, and what
//! becomes of it when the other one did not know.

use stoa_domain::{
    CheckLabel, CheckState, DraftId, ReviewStatus, ReviewText, ReviewVerdict, Role, Shelf, Splice,
    UserId,
};
use stoa_mutators::RejectCode;
use stoa_store::test_support::Profile;
use stoa_store::{
    ChangeKind, ChangeState, DraftFilter, NewComment, NewReview, ReviewShown, ReviewsShown, Store,
    StoreError,
};

use super::server::{Server, link, pull_all, push_all};
use super::{at, create, write};

fn text(words: &str) -> ReviewText {
    ReviewText::parse(words).unwrap()
}

fn author() -> UserId {
    UserId::from_bytes([7; 16])
}

fn expert() -> UserId {
    UserId::from_bytes([8; 16])
}

/// An author's computer and an expert's, with a draft that both know.
struct Two {
    server: Server,
    one: Profile,
    other: Profile,
    a: Store,
    e: Store,
    id: DraftId,
}

impl Two {
    fn sharing(seed: u64) -> Self {
        let (one, other) = (Profile::new(seed), Profile::new(seed + 1));
        let (a, e) = (one.open(), other.open());
        a.set_link(&link(1, "e")).unwrap();
        let mut of_expert = link(2, "e");
        (of_expert.user, of_expert.role) = (expert(), Role::Expert);
        e.set_link(&of_expert).unwrap();
        let id = create(&a, "会员定价", 0, &one.random);
        write(&a, id, "一开始按月付费，之后按年。", 1, &one.random);
        let mut server = Server::default();
        server.users.insert(2, expert());
        server.join(author(), "林", Role::Owner);
        server.join(expert(), "顾问", Role::Expert);
        let mut two = Self {
            server,
            one,
            other,
            a,
            e,
            id,
        };
        two.send_a(2);
        two.send_e(2);
        two
    }

    fn send_a(&mut self, now: i64) {
        push_all(&mut self.server, 1, &self.a, at(now));
        pull_all(&self.server, 1, &self.a, at(now));
    }

    fn send_e(&mut self, now: i64) {
        push_all(&mut self.server, 2, &self.e, at(now));
        pull_all(&self.server, 2, &self.e, at(now));
    }

    fn ask(&self, now: i64) {
        let new = NewReview {
            reviewer: expert(),
            checks: vec![
                CheckLabel::parse("数据有出处").unwrap(),
                CheckLabel::parse("没有错字").unwrap(),
            ],
            note: Some(text("请看第二句")),
        };
        self.a
            .request_review(self.id, new, at(now), &self.one.random)
            .unwrap();
    }

    fn of_a(&self) -> ReviewsShown {
        self.a.reviews(self.id, None).unwrap()
    }

    fn of_e(&self) -> ReviewsShown {
        self.e.reviews(self.id, None).unwrap()
    }
}

fn latest(shown: &ReviewsShown) -> &ReviewShown {
    &shown.reviews[0]
}

fn in_review(store: &Store) -> Vec<DraftId> {
    let filter = DraftFilter {
        shelf: Shelf::InReview,
        limit: 10,
        ..DraftFilter::default()
    };
    let page = store.list_drafts(&filter).unwrap();
    page.drafts.into_iter().map(|draft| draft.id).collect()
}

fn about(at: std::ops::Range<usize>, body: &str) -> NewComment {
    NewComment {
        body: text(body),
        at: Some(at),
        session: None,
    }
}

#[test]
fn a_review_goes_from_the_request_to_the_verdict_also_without_a_network() {
    let mut two = Two::sharing(2_100);
    let id = two.id;
    let who = two.a.reviewers(id).unwrap();
    assert_eq!(who.len(), 1);
    assert_eq!((who[0].id, who[0].name.as_str()), (expert(), "顾问"));
    assert_eq!(two.e.reviewers(id).unwrap(), []);
    two.ask(10);
    assert_eq!(in_review(&two.a), [id]);
    assert_eq!(two.a.waiting(9).unwrap()[0].kind, ChangeKind::RequestReview);
    two.send_a(11);
    two.send_e(11);
    assert_eq!(in_review(&two.e), [id]);
    let seen = two.of_e();
    let asked = latest(&seen);
    assert!(seen.may_decide && seen.may_comment && asked.is_for_me && asked.is_here);
    assert!(!seen.may_ask && !asked.is_changed_since);
    assert_eq!(asked.by_name.as_deref(), Some("林"));
    // From here on the expert is offline.
    two.e
        .check_item(id, (0, CheckState::Wanting), at(20))
        .unwrap();
    let random = &two.other.random;
    two.e
        .write_comment(id, about(3..7, "按什么算？"), at(21), random)
        .unwrap();
    two.e
        .decide_review(
            id,
            ReviewVerdict::ChangesWanted,
            Some(text("先补出处")),
            at(22),
        )
        .unwrap();
    assert_eq!(in_review(&two.e), []);
    assert_eq!(
        latest(&two.of_e()).review.status,
        ReviewStatus::ChangesWanted
    );
    two.send_e(30);
    two.send_a(30);
    let told = two.of_a();
    let verdict = latest(&told);
    assert_eq!(verdict.review.status, ReviewStatus::ChangesWanted);
    assert_eq!(verdict.review.reason, Some(text("先补出处")));
    assert_eq!(verdict.review.checks[0].state, CheckState::Wanting);
    assert_eq!(told.comments[0].by_name.as_deref(), Some("顾问"));
    assert_eq!(told.comments[0].at, Some(3..7));
    let badge = two.a.draft(id).unwrap().review.unwrap();
    assert_eq!(
        (badge.status, badge.n_unresolved),
        (ReviewStatus::ChangesWanted, 1)
    );
    assert!(told.may_ask && !told.may_decide);
    assert_eq!(
        two.a.counts().unwrap().n_failed + two.e.counts().unwrap().n_failed,
        0
    );
}

#[test]
fn a_passage_follows_its_words_and_is_gone_with_them() {
    let mut two = Two::sharing(2_110);
    let id = two.id;
    let random = &two.one.random;
    let comment = two
        .a
        .write_comment(id, about(3..7, "按什么算？"), at(10), random)
        .unwrap();
    assert_eq!(
        two.of_a().comments[0]
            .comment
            .anchor
            .as_ref()
            .unwrap()
            .quote
            .as_str(),
        "按月付费"
    );
    write(&two.a, id, "前言。", 11, random);
    assert_eq!(two.of_a().comments[0].at, Some(6..10));
    // In the text that a window shows, which has not taken in what came since.
    let opened = two.a.open_text(id, random).unwrap();
    let inside = two.a.reviews(id, Some(opened.session)).unwrap();
    assert_eq!(inside.comments[0].at, Some(6..10));
    let cut = Splice {
        at: 5,
        delete: 6,
        insert: String::new(),
    };
    two.a
        .edit_text(opened.session, None, &[cut], at(12), random)
        .unwrap();
    assert_eq!(two.of_a().comments[0].at, None);
    assert!(matches!(
        two.a.reviews(id, Some(99)),
        Err(StoreError::SessionEnded)
    ));
    two.a.undo(at(13)).unwrap();
    assert!(
        two.of_a()
            .comments
            .iter()
            .all(|shown| shown.comment.id != comment)
    );
    two.send_a(20);
    two.send_e(20);
    assert_eq!(two.of_e().comments, []);
}

#[test]
fn what_is_no_passage_and_what_is_not_ones_own_is_refused() {
    let two = Two::sharing(2_120);
    let (id, random) = (two.id, &two.one.random);
    let backwards = std::ops::Range { start: 5, end: 4 };
    for range in [0..0, backwards, 0..999] {
        let refused = two.a.write_comment(id, about(range, "无"), at(10), random);
        assert!(
            matches!(&refused, Err(StoreError::Rejected(r)) if r.field.as_deref() == Some("at")),
            "{refused:?}"
        );
    }
    // Nobody has asked the expert, so the margin is not theirs.
    let refused = two
        .e
        .write_comment(id, about(0..1, "我也说"), at(11), random);
    assert!(
        matches!(&refused, Err(StoreError::Rejected(r)) if r.code == RejectCode::NotAllowed),
        "{refused:?}"
    );
    assert!(!two.of_e().may_comment);
    let own = NewReview {
        reviewer: author(),
        checks: Vec::new(),
        note: None,
    };
    let refused = two.a.request_review(id, own, at(12), random);
    assert!(
        matches!(refused, Err(StoreError::Rejected(_))),
        "{refused:?}"
    );
    let nobody = two
        .a
        .decide_review(id, ReviewVerdict::Approved, None, at(13));
    assert!(matches!(nobody, Err(StoreError::NotFound)), "{nobody:?}");
}

#[test]
fn the_text_that_was_handed_over_is_told_from_the_one_that_went_on() {
    let mut two = Two::sharing(2_130);
    two.ask(10);
    assert!(!latest(&two.of_a()).is_changed_since);
    write(&two.a, two.id, "改过。", 11, &two.one.random);
    assert!(latest(&two.of_a()).is_changed_since);
    two.send_a(12);
    two.send_e(12);
    let asked = latest(&two.of_e()).clone();
    assert!(asked.is_here && asked.is_changed_since);
    let handed_over = two.e.text_at(two.id, &asked.review.text_at).unwrap();
    assert_eq!(handed_over, "一开始按月付费，之后按年。");
}

#[test]
fn a_verdict_on_what_was_taken_back_meanwhile_is_kept_and_said_to_be_late() {
    let mut two = Two::sharing(2_140);
    two.ask(10);
    two.send_a(11);
    two.send_e(11);
    two.e
        .decide_review(two.id, ReviewVerdict::Approved, None, at(20))
        .unwrap();
    two.a.withdraw_review(two.id, at(21)).unwrap();
    two.send_a(22);
    two.send_e(23);
    let failed = two.e.failed(9).unwrap();
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0].kind, ChangeKind::DecideReview);
    assert_eq!(failed[0].state, ChangeState::Rejected);
    assert_eq!(failed[0].code.as_deref(), Some("already_decided"));
    assert_eq!(latest(&two.of_e()).review.status, ReviewStatus::Withdrawn);
}

#[test]
fn each_step_is_taken_back_and_a_verdict_only_while_it_is_held() {
    let mut two = Two::sharing(2_150);
    let id = two.id;
    two.ask(10);
    two.a.undo(at(11)).unwrap().unwrap();
    assert_eq!(in_review(&two.a), []);
    two.a.redo(at(12)).unwrap().unwrap();
    two.send_a(13);
    two.a.withdraw_review(id, at(14)).unwrap();
    two.send_a(15);
    // Delivered, it is asked once more, as it stood.
    two.a.undo(at(16)).unwrap().unwrap();
    assert_eq!(latest(&two.of_a()).review.status, ReviewStatus::Requested);
    two.send_a(17);
    two.send_e(17);
    two.e.check_item(id, (1, CheckState::Fine), at(20)).unwrap();
    two.send_e(21);
    two.e.undo(at(22)).unwrap().unwrap();
    assert_eq!(latest(&two.of_e()).review.checks[1].state, CheckState::Open);
    two.e
        .decide_review(id, ReviewVerdict::Approved, None, at(23))
        .unwrap();
    two.e.undo(at(24)).unwrap().unwrap();
    assert_eq!(latest(&two.of_e()).review.status, ReviewStatus::Requested);
    two.e
        .decide_review(id, ReviewVerdict::Approved, None, at(25))
        .unwrap();
    two.send_e(26);
    let turned = two.e.undo(at(27)).unwrap().unwrap();
    assert_eq!(turned.passed_over, Some(stoa_store::PassedOver::Final));
    assert_eq!(latest(&two.of_e()).review.status, ReviewStatus::Approved);
}

#[test]
fn comments_are_changed_dealt_with_and_deleted_by_whom_they_concern() {
    let mut two = Two::sharing(2_160);
    let id = two.id;
    two.ask(10);
    two.send_a(11);
    two.send_e(11);
    let random = &two.other.random;
    let whole = NewComment {
        body: text("整体不错"),
        at: None,
        session: None,
    };
    let all = two.e.write_comment(id, whole, at(20), random).unwrap();
    let one = two
        .e
        .write_comment(id, about(0..3, "口语"), at(21), random)
        .unwrap();
    two.e.edit_comment(id, one, text("太口语"), at(22)).unwrap();
    two.send_e(23);
    two.send_a(23);
    let shown = two.of_a();
    let order: Vec<_> = shown.comments.iter().map(|c| c.comment.id).collect();
    assert_eq!(order, [all, one]);
    assert_eq!(shown.comments[1].comment.body, text("太口语"));
    let not_own = two.a.edit_comment(id, one, text("不"), at(24));
    assert!(
        matches!(not_own, Err(StoreError::Rejected(_))),
        "{not_own:?}"
    );
    two.a.resolve_comment(id, one, true, at(25)).unwrap();
    two.send_a(26);
    two.send_e(26);
    let resolved = two
        .of_e()
        .comments
        .into_iter()
        .find(|c| c.comment.id == one);
    assert!(resolved.unwrap().comment.resolved_at.is_some());
    two.e.drop_comment(id, all, at(27)).unwrap();
    two.send_e(28);
    two.send_a(28);
    assert_eq!(two.of_a().comments.len(), 1);
    let gone = two.a.resolve_comment(id, all, true, at(29));
    assert!(matches!(gone, Err(StoreError::NotFound)), "{gone:?}");
}
