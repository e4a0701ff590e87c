use stoa_domain::{Person, Title};

use super::*;
use crate::{Mutation, Outcome, ParseError, Stored, run};

fn draft_id() -> DraftId {
    DraftId::from_bytes([1; 16])
}

fn review_id() -> ReviewId {
    ReviewId::from_bytes([2; 16])
}

fn comment_id(n: u8) -> ReviewCommentId {
    ReviewCommentId::from_bytes([n; 16])
}

fn author() -> UserId {
    UserId::from_bytes([7; 16])
}

fn expert() -> UserId {
    UserId::from_bytes([8; 16])
}

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn words(text: &str) -> ReviewText {
    ReviewText::parse(text).unwrap()
}

fn ctx(user: UserId, role: Role) -> Context {
    Context {
        user: Some(user),
        role,
        now: at(1_000),
        made_at: at(900),
    }
}

fn writes() -> Context {
    ctx(author(), Role::Moderator)
}

fn reviews() -> Context {
    ctx(expert(), Role::Expert)
}

fn draft() -> Draft {
    let title = Title::parse("定价").unwrap();
    Draft::new(draft_id(), title, Some(author()), at(1))
}

fn request() -> RequestReview {
    RequestReview {
        id: review_id(),
        draft: draft_id(),
        reviewer: expert(),
        text_at: TextVersion::parse("AA==").unwrap(),
        checks: vec![CheckLabel::parse("数据有出处").unwrap()],
        note: Some(words("请看第二节")),
        at: at(5),
    }
}

fn decide_with(verdict: ReviewVerdict, reason: Option<&str>) -> Mutation {
    Mutation::DecideReview(DecideReview {
        id: review_id(),
        draft: draft_id(),
        verdict,
        reason: reason.map(words),
        is_guarded: true,
    })
}

fn approve() -> Mutation {
    decide_with(ReviewVerdict::Approved, None)
}

fn comment(n: u8, body: &str) -> Mutation {
    Mutation::WriteComment(WriteComment {
        id: comment_id(n),
        draft: draft_id(),
        anchor: None,
        body: words(body),
        at: at(10),
    })
}

fn stored(row: Row) -> Stored {
    Stored {
        row,
        version: 1,
        field_versions: Default::default(),
    }
}

fn result_with(
    mutation: &Mutation,
    draft: &Draft,
    role: Option<Role>,
    ctx: &Context,
) -> Result<Draft, Reject> {
    let person = Person {
        id: expert(),
        name: "顾问".to_owned(),
        role,
    };
    let existing = [
        stored(Row::Draft(draft.clone())),
        stored(Row::Person(person)),
    ];
    match run(mutation, &[], &existing, ctx) {
        Outcome::Rejected(reject) => Err(reject),
        Outcome::Applied { changes, .. } => Ok(match changes.into_iter().next() {
            Some(change) => match change.row {
                Row::Draft(draft) => draft,
                other => panic!("{other:?}"),
            },
            None => draft.clone(),
        }),
    }
}

fn result(mutation: &Mutation, draft: &Draft, ctx: &Context) -> Result<Draft, Reject> {
    result_with(mutation, draft, Some(Role::Expert), ctx)
}

fn asked() -> Draft {
    result(&Mutation::RequestReview(request()), &draft(), &writes()).unwrap()
}

fn refused(code: RejectCode, field: &str) -> Result<Draft, Reject> {
    Err(Reject::field(code, field))
}

#[test]
fn an_expert_is_asked_and_decides_once() {
    let draft = asked();
    let open = draft.reviews.open.as_deref().unwrap();
    assert_eq!((open.by, open.at), (Some(author()), at(5)));
    assert_eq!(draft.shelf(at(1_000)), stoa_domain::Shelf::InReview);
    let approved = result(&approve(), &draft, &reviews()).unwrap();
    assert_eq!(approved.shelf(at(1_000)), stoa_domain::Shelf::Drafts);
    let verdict = approved.reviews.latest().unwrap();
    assert_eq!(
        (verdict.status, verdict.closed_at),
        (ReviewStatus::Approved, Some(at(1_000)))
    );
    let second = decide_with(ReviewVerdict::ChangesWanted, Some("还差一点"));
    let late = result(&second, &approved, &reviews());
    assert_eq!(late, Err(Reject::new(RejectCode::AlreadyDecided)));
    let withdraw = Mutation::WithdrawReview(WithdrawReview {
        id: review_id(),
        draft: draft_id(),
    });
    let late = result(&withdraw, &approved, &writes());
    assert_eq!(late, Err(Reject::new(RejectCode::AlreadyDecided)));
}

#[test]
fn changes_are_wanted_for_a_reason() {
    let unsaid = decide_with(ReviewVerdict::ChangesWanted, None);
    assert_eq!(
        result(&unsaid, &asked(), &reviews()),
        refused(RejectCode::Invalid, "reason")
    );
    let said = decide_with(ReviewVerdict::ChangesWanted, Some("第二节没有出处"));
    let after = result(&said, &asked(), &reviews()).unwrap();
    let verdict = after.reviews.latest().unwrap();
    assert_eq!(verdict.status, ReviewStatus::ChangesWanted);
    assert_eq!(verdict.reason, Some(words("第二节没有出处")));
}

#[test]
fn nobody_reviews_what_is_their_own() {
    let ask = Mutation::RequestReview(request());
    // The expert's own draft, asked for by an editor.
    let own = Draft {
        author: Some(expert()),
        ..draft()
    };
    let editor = ctx(UserId::from_bytes([6; 16]), Role::Editor);
    let not_own = refused(RejectCode::NotAllowed, "own");
    assert_eq!(result(&ask, &own, &editor), not_own);
    // One's own request.
    let by_expert = ctx(expert(), Role::Editor);
    assert_eq!(result(&ask, &draft(), &by_expert), not_own);
    // A draft that became theirs, a request that did: hostile rows, and still no verdict.
    let mut taken = asked();
    taken.author = Some(expert());
    assert_eq!(result(&approve(), &taken, &reviews()), not_own);
    let mut taken = asked();
    taken.reviews.open.as_mut().unwrap().by = Some(expert());
    assert_eq!(result(&approve(), &taken, &reviews()), not_own);
}

#[test]
fn only_a_role_that_reviews_is_asked_and_decides() {
    let ask = Mutation::RequestReview(request());
    for role in Role::ALL {
        let asked = result_with(&ask, &draft(), Some(role), &writes());
        assert_eq!(asked.is_ok(), role == Role::Expert, "{role:?}");
    }
    let gone = result_with(&ask, &draft(), None, &writes());
    assert_eq!(gone, refused(RejectCode::Invalid, "reviewer"));
    for role in Role::ALL {
        let decided = result(&approve(), &asked(), &ctx(expert(), role));
        assert_eq!(decided.is_ok(), role == Role::Expert, "{role:?}");
    }
    let other = ctx(UserId::from_bytes([6; 16]), Role::Expert);
    assert_eq!(
        result(&approve(), &asked(), &other),
        refused(RejectCode::NotAllowed, "reviewer")
    );
    let owner = ctx(author(), Role::Owner);
    assert_eq!(
        result(&approve(), &asked(), &owner),
        refused(RejectCode::NotAllowed, "reviewer")
    );
}

#[test]
fn one_review_is_open_at_a_time_and_a_withdrawn_one_goes_on_as_it_stood() {
    let second = Mutation::RequestReview(RequestReview {
        id: ReviewId::from_bytes([3; 16]),
        ..request()
    });
    let twice = result(&second, &asked(), &writes());
    assert_eq!(twice, refused(RejectCode::AlreadyExists, "review"));
    let check = Mutation::CheckItem(CheckItem {
        id: review_id(),
        draft: draft_id(),
        item: 0,
        state: CheckState::Fine,
    });
    let checked = result(&check, &asked(), &reviews()).unwrap();
    let withdraw = Mutation::WithdrawReview(WithdrawReview {
        id: review_id(),
        draft: draft_id(),
    });
    let back = result(&withdraw, &checked, &writes()).unwrap();
    assert_eq!(
        result(&approve(), &back, &reviews()),
        Err(Reject::new(RejectCode::AlreadyDecided))
    );
    let again = result(&Mutation::RequestReview(request()), &back, &writes()).unwrap();
    assert_eq!(again.reviews, checked.reviews);
    let approved = result(&approve(), &again, &reviews()).unwrap();
    let reused = result(&Mutation::RequestReview(request()), &approved, &writes());
    assert_eq!(reused, refused(RejectCode::AlreadyExists, "review"));
}

#[test]
fn the_checklist_is_the_reviewers() {
    let check = |item| {
        Mutation::CheckItem(CheckItem {
            id: review_id(),
            draft: draft_id(),
            item,
            state: CheckState::Wanting,
        })
    };
    assert_eq!(
        result(&check(0), &asked(), &writes()),
        refused(RejectCode::NotAllowed, "reviewer")
    );
    assert_eq!(
        result(&check(1), &asked(), &reviews()),
        refused(RejectCode::Invalid, "checks")
    );
    let long = RequestReview {
        checks: vec![CheckLabel::parse("x").unwrap(); MAX_CHECKS + 1],
        ..request()
    };
    assert_eq!(
        result(&Mutation::RequestReview(long), &draft(), &writes()),
        refused(RejectCode::Invalid, "checks")
    );
}

#[test]
fn comments_are_written_by_those_who_take_part_and_changed_by_who_wrote_them() {
    let with = result(&comment(4, "出处？"), &asked(), &reviews()).unwrap();
    assert_eq!(with.reviews.comments[0].review, Some(review_id()));
    let stranger = ctx(UserId::from_bytes([6; 16]), Role::Expert);
    let not_allowed = Err(Reject::new(RejectCode::NotAllowed));
    assert_eq!(result(&comment(5, "我也说"), &with, &stranger), not_allowed);
    assert_eq!(
        result(&comment(4, "again"), &with, &reviews()),
        Err(Reject::new(RejectCode::AlreadyExists))
    );
    let edit = |body: &str| {
        Mutation::EditComment(EditComment {
            id: comment_id(4),
            draft: draft_id(),
            body: words(body),
            was: Some(words("出处？")),
        })
    };
    assert_eq!(result(&edit("不对"), &with, &writes()), not_allowed);
    let edited = result(&edit("出处在哪？"), &with, &reviews()).unwrap();
    assert_eq!(edited.reviews.comments[0].body, words("出处在哪？"));
    // The same person wrote something else on another device meanwhile.
    let outcome = run(
        &edit("第三种"),
        &[],
        &[stored(Row::Draft(edited.clone()))],
        &reviews(),
    );
    let Outcome::Applied { superseded, .. } = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(superseded[0].value, "出处在哪？");
    let resolve = Mutation::ResolveComment(ResolveComment {
        id: comment_id(4),
        draft: draft_id(),
        is_resolved: true,
    });
    assert_eq!(result(&resolve, &edited, &stranger), not_allowed);
    let resolved = result(&resolve, &edited, &writes()).unwrap();
    assert_eq!(resolved.reviews.n_unresolved(), 0);
    let drop_it = Mutation::DropComment(DropComment {
        id: comment_id(4),
        draft: draft_id(),
    });
    assert_eq!(result(&drop_it, &resolved, &writes()), not_allowed);
    let gone = result(&drop_it, &resolved, &reviews()).unwrap();
    assert_eq!(result(&drop_it, &gone, &reviews()).unwrap(), gone);
    assert_eq!(
        result(&resolve, &gone, &writes()),
        refused(RejectCode::NotFound, "comments")
    );
}

#[test]
fn comments_end_somewhere_and_a_time_ahead_is_not_believed() {
    let mut full = asked();
    for n in 0..MAX_COMMENTS_CHARS / 2_000 {
        let n = u8::try_from(n + 10).unwrap();
        full = result(&comment(n, &"长".repeat(2_000)), &full, &reviews()).unwrap();
    }
    let one_more = result(&comment(4, "多"), &full, &reviews());
    assert_eq!(one_more, refused(RejectCode::Invalid, "comments"));
    let ahead = Mutation::WriteComment(WriteComment {
        id: comment_id(4),
        draft: draft_id(),
        anchor: None,
        body: words("早"),
        at: at(i64::MAX),
    });
    let after = result(&ahead, &asked(), &reviews()).unwrap();
    assert_eq!(after.reviews.comments[0].at, at(1_000));
}

#[test]
fn what_cannot_be_a_review_is_not_read() {
    let good = Mutation::RequestReview(request());
    let again = Mutation::parse(good.name(), good.version(), &good.args()).unwrap();
    assert_eq!(again, good);
    for (field, bad) in [
        ("note", serde_json::json!("")),
        ("checks", serde_json::json!([""])),
        ("checks", serde_json::json!(["长".repeat(201)])),
        ("reviewer", serde_json::json!("nobody")),
        ("text_at", serde_json::json!("?")),
    ] {
        let mut args = good.args();
        args[field] = bad;
        let read = Mutation::parse("review.request", 1, &args);
        assert!(
            matches!(read, Err(ParseError::Arguments { .. })),
            "{field}: {read:?}"
        );
    }
}
