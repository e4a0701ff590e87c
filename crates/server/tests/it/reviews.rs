//! Expert review: who may be asked, who decides, and what becomes of a verdict that comes late.

use stoa_domain::{
    Anchor, CheckLabel, CheckState, DraftId, Quote, ReviewCommentId, ReviewId, ReviewText,
    ReviewVerdict, Role, TextPlace, TextVersion, Timestamp, UserId,
};
use stoa_mutators::{
    CheckItem, DecideReview, Mutation, RequestReview, ResolveComment, WithdrawReview, WriteComment,
};
use stoa_server::admin;
use stoa_server::test_support::QuietServer;

use crate::support::{Device, World, create, new_draft_id, on_both_databases, random, words};

fn text(words: &str) -> ReviewText {
    ReviewText::parse(words).unwrap()
}

/// Who has a role in the community.
async fn with_role(device: &Device, role: Role) -> UserId {
    let pulled = device.pull(0, 1_000).await;
    let mut people = pulled.people.iter();
    let found = people.find(|row| row.4["role"] == role.as_str()).unwrap();
    found.1.parse().unwrap()
}

fn ask(draft: DraftId, reviewer: UserId) -> RequestReview {
    RequestReview {
        id: ReviewId::from_bytes(random()),
        draft,
        reviewer,
        text_at: TextVersion::parse("AA==").unwrap(),
        checks: vec![CheckLabel::parse("数据有出处").unwrap()],
        note: Some(text("请看第二节")),
        at: Timestamp::from_millis(i64::MAX),
    }
}

fn decide(request: &RequestReview, verdict: ReviewVerdict, reason: Option<&str>) -> Mutation {
    Mutation::DecideReview(DecideReview {
        id: request.id,
        draft: request.draft,
        verdict,
        reason: reason.map(text),
        is_guarded: true,
    })
}

fn comment(draft: DraftId, id: ReviewCommentId, body: &str) -> Mutation {
    let place = TextPlace::parse("AA==").unwrap();
    Mutation::WriteComment(WriteComment {
        id,
        draft,
        anchor: Some(Anchor {
            from: place.clone(),
            to: place,
            quote: Quote::new("按月付费"),
        }),
        body: text(body),
        at: Timestamp::from_millis(1),
    })
}

/// A draft of an editor that an expert is asked to review.
struct Asked {
    editor: Device,
    expert: Device,
    request: RequestReview,
}

async fn asked(world: &World) -> Asked {
    let mut editor = world.device(Role::Editor).await;
    let expert = world.device(Role::Expert).await;
    let id = new_draft_id();
    let request = ask(id, with_role(&editor, Role::Expert).await);
    let sent = [
        create(id, "会员定价"),
        Mutation::RequestReview(request.clone()),
    ];
    let answer = editor.push(&sent).await;
    assert_eq!(answer.results.len(), 2);
    assert!(words(&answer)[1].starts_with("applied"), "{answer:?}");
    Asked {
        editor,
        expert,
        request,
    }
}

/// What a device is told of the reviews of the only draft.
async fn reviews(device: &Device) -> serde_json::Value {
    let pulled = device.pull(0, 1_000).await;
    let mut rows = pulled.rows.iter();
    rows.find(|row| row.0 == "draft").unwrap().4["reviews"].clone()
}

on_both_databases! {
    async fn a_draft_is_reviewed_and_both_sides_know_of_it(world: &World) {
        let Asked { mut editor, mut expert, request } = asked(world).await;
        let id = ReviewCommentId::from_bytes(random());
        let check = Mutation::CheckItem(CheckItem {
            id: request.id,
            draft: request.draft,
            item: 0,
            state: CheckState::Wanting,
        });
        let remark = comment(request.draft, id, "出处？");
        let verdict = decide(&request, ReviewVerdict::ChangesWanted, Some("第二节没有出处"));
        let answer = expert.push(&[check, remark, verdict]).await;
        assert!(words(&answer).iter().all(|word| word.starts_with("applied")), "{answer:?}");
        let told = reviews(&editor).await;
        assert!(told.get("open").is_none());
        let closed = &told["closed"][0];
        assert_eq!(closed["status"], "changes_wanted");
        assert_eq!(closed["reason"], "第二节没有出处");
        assert_eq!(closed["checks"][0]["state"], "wanting");
        assert_eq!(closed["closed_at"], crate::support::NOW);
        // A device's clock that runs ahead is not believed.
        assert_eq!(closed["at"], crate::support::NOW);
        assert_eq!(told["comments"][0]["anchor"]["quote"], "按月付费");
        assert_eq!(told["comments"][0]["by"], with_role(&editor, Role::Expert).await.to_string());
        let resolve = Mutation::ResolveComment(ResolveComment {
            id,
            draft: request.draft,
            is_resolved: true,
        });
        assert!(words(&editor.push(&[resolve]).await)[0].starts_with("applied"));
        assert_eq!(reviews(&expert).await, reviews(&editor).await);
    }

    async fn nobody_is_asked_who_cannot_review_and_nobody_decides_about_their_own(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let mut expert = world.device(Role::Expert).await;
        let _member = world.device(Role::Member).await;
        let (me, other) = (with_role(&owner, Role::Owner).await, with_role(&owner, Role::Expert).await);
        let id = new_draft_id();
        let mut asks = vec![create(id, "主理人的稿")];
        for reviewer in [me, with_role(&owner, Role::Member).await, UserId::from_bytes([9; 16])] {
            asks.push(Mutation::RequestReview(ask(id, reviewer)));
        }
        let answer = owner.push(&asks).await;
        assert_eq!(
            words(&answer)[1..],
            ["rejected not_allowed own", "rejected invalid reviewer", "rejected invalid reviewer"]
        );
        let own = new_draft_id();
        assert!(words(&expert.push(&[create(own, "专家的稿")]).await)[0].starts_with("applied"));
        let answer = owner.push(&[Mutation::RequestReview(ask(own, other))]).await;
        assert_eq!(words(&answer), ["rejected not_allowed own"]);
        let request = ask(id, other);
        let answer = owner.push(&[
            Mutation::RequestReview(request.clone()),
            Mutation::RequestReview(ask(id, other)),
            decide(&request, ReviewVerdict::Approved, None),
        ]).await;
        assert_eq!(
            words(&answer)[1..],
            ["rejected already_exists review", "rejected not_allowed reviewer"]
        );
    }

    async fn the_first_decision_counts_and_a_later_one_is_kept_as_a_second_opinion(world: &World) {
        let Asked { mut editor, mut expert, request } = asked(world).await;
        let withdraw = Mutation::WithdrawReview(WithdrawReview {
            id: request.id,
            draft: request.draft,
        });
        assert!(words(&editor.push(&[withdraw]).await)[0].starts_with("applied"));
        let late = [
            decide(&request, ReviewVerdict::ChangesWanted, Some("迟到的意见")),
            decide(&request, ReviewVerdict::Approved, None),
        ];
        let answer = expert.push(&late).await;
        assert_eq!(words(&answer), ["rejected already_decided", "rejected already_decided"]);
        assert_eq!(reviews(&editor).await["closed"][0]["status"], "withdrawn");
        let holdings = QuietServer::open(&world.config).await.unwrap();
        let kept = holdings.holdings(world.community).await.unwrap().overridden;
        holdings.close().await;
        assert_eq!(kept.len(), 2);
        assert!(kept.iter().any(|value| value.contains("迟到的意见")), "{kept:?}");
    }

    async fn the_role_that_counts_is_the_one_at_arrival(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let email = world.person(Role::Expert).await;
        let mut expert = world.sign_in(&email).await;
        let id = new_draft_id();
        let request = ask(id, with_role(&owner, Role::Expert).await);
        let sent = [create(id, "稿"), Mutation::RequestReview(request.clone())];
        assert!(words(&owner.push(&sent).await)[1].starts_with("applied"));
        let community = world.community.to_string();
        admin::set_role(&world.config, &community, &email, Role::Editor).await.unwrap();
        let verdict = decide(&request, ReviewVerdict::Approved, None);
        let answer = expert.push(&[verdict]).await;
        assert!(words(&answer)[0].starts_with("rejected"), "{answer:?}");
        assert_eq!(reviews(&owner).await["open"]["status"], "requested");
        let renamed = crate::support::rename(id, "改名");
        assert!(words(&owner.push(&[renamed]).await)[0].starts_with("applied"));
    }
}
