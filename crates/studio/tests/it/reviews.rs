//! Reviews and comments by command, on a computer of one's own.

use stoa_domain::{ReviewVerdict, Shelf, UserId};
use stoa_ipc::{
    CreateDraft, DecideReview, DropComment, EditComment, ErrorCode, Failure, GetReviews,
    ListDrafts, ListReviewers, OpenDraft, Passage, RequestReview, ResolveComment, Undo,
    WriteComment,
};

use crate::drafts::write;
use crate::support::{Computer, Program};

fn with_draft() -> (Computer, Program, stoa_domain::DraftId) {
    let computer = Computer::new();
    let program = computer.start();
    program.make_profile(None);
    let title = "定价".to_owned();
    let id = program.run(CreateDraft::article(title)).unwrap().id;
    write(&program, id, "先说价格，再说权益。");
    (computer, program, id)
}

fn comment(id: stoa_domain::DraftId, body: &str, at: Option<(usize, usize)>) -> WriteComment {
    WriteComment {
        id,
        body: body.to_owned(),
        at: at.map(|(from, to)| Passage { from, to }),
        session: None,
    }
}

fn blamed(failure: &Failure) -> (&str, &str) {
    assert_eq!(failure.code, ErrorCode::InvalidInput, "{failure:?}");
    let field = &failure.fields[0];
    (&field.field, &field.reason)
}

#[test]
fn a_comment_is_written_changed_dealt_with_and_taken_away() {
    let (_computer, program, id) = with_draft();
    let first = program
        .run(comment(id, "哪个价格？", Some((2, 4))))
        .unwrap();
    let session = Some(program.run(OpenDraft { id }).unwrap().session);
    let found = program.run(GetReviews { id, session }).unwrap();
    assert!(found.may_comment && !found.may_ask && found.reviews.is_empty());
    let shown = &found.comments[0];
    assert_eq!(shown.quote.as_deref(), Some("价格"));
    assert_eq!(shown.passage, Some(Passage { from: 2, to: 4 }));
    assert!(shown.is_own && !shown.is_resolved);
    let body = "哪一档的价格？".to_owned();
    let edit = EditComment {
        id,
        comment: first,
        body,
    };
    program.run(edit).unwrap();
    let resolve = ResolveComment {
        id,
        comment: first,
        is_resolved: true,
    };
    program.run(resolve).unwrap();
    let session = None;
    let found = program.run(GetReviews { id, session }).unwrap();
    assert_eq!(found.comments[0].body, "哪一档的价格？");
    assert!(found.comments[0].is_resolved && found.comments[0].passage.is_none());
    program.run(DropComment { id, comment: first }).unwrap();
    let gone = program.run(DropComment { id, comment: first }).unwrap_err();
    assert_eq!(gone.code, ErrorCode::NotFound);
    let undone = program.run(Undo {}).unwrap().unwrap();
    assert_eq!(undone.text.kind, "drop-comment");
    let found = program.run(GetReviews { id, session }).unwrap();
    assert!(found.comments[0].is_resolved, "it comes back as it was");
}

#[test]
fn what_is_wrong_is_said_field_by_field() {
    let (_computer, program, id) = with_draft();
    let refused = |request| program.run(request).unwrap_err();
    assert_eq!(
        blamed(&refused(comment(id, " \n", None))),
        ("body", "required")
    );
    let long = "长".repeat(2_001);
    assert_eq!(
        blamed(&refused(comment(id, &long, None))),
        ("body", "too-long")
    );
    let nowhere = comment(id, "无", Some((4, 900)));
    assert_eq!(blamed(&refused(nowhere)), ("at", "invalid"));
    let ask = |checks: Vec<String>, note: &str| RequestReview {
        id,
        reviewer: UserId::from_bytes([3; 16]),
        checks,
        note: note.to_owned(),
    };
    let failure = program.run(ask(vec!["x".to_owned(); 31], "")).unwrap_err();
    assert_eq!(blamed(&failure), ("checks", "too-many"));
    let failure = program.run(ask(Vec::new(), &long)).unwrap_err();
    assert_eq!(blamed(&failure), ("note", "too-long"));
    // Here is nobody who could be asked.
    assert_eq!(program.run(ListReviewers { id }).unwrap(), []);
    let failure = program.run(ask(Vec::new(), "")).unwrap_err();
    assert_eq!(blamed(&failure), ("reviewer", "not-a-reviewer"));
    let decide = |reason: &str| DecideReview {
        id,
        verdict: ReviewVerdict::ChangesWanted,
        reason: reason.to_owned(),
    };
    let failure = program.run(decide("")).unwrap_err();
    assert_eq!(blamed(&failure), ("reason", "required"));
    let failure = program.run(decide("改")).unwrap_err();
    assert_eq!(failure.code, ErrorCode::NotFound);
    let list = ListDrafts {
        shelf: Shelf::InReview,
        limit: 9,
        ..ListDrafts::default()
    };
    assert_eq!(program.run(list).unwrap().n_total, 0);
}
