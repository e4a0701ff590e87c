use stoa_domain::{Draft, DraftId, Parts, Title};

use super::*;
use crate::{BinDraft, CreateDraft, DeleteDraft, RenameDraft, SeenDraft};

fn id() -> DraftId {
    DraftId::from_bytes([1; 16])
}

fn title(text: &str) -> Title {
    Title::parse(text).unwrap()
}

fn ctx(role: Role, at: i64) -> Context {
    let now = Timestamp::from_millis(at);
    Context {
        user: Some(UserId::from_bytes([9; 16])),
        role,
        now,
        made_at: now,
    }
}

fn applied(outcome: Outcome) -> (Vec<Change>, Vec<Superseded>) {
    match outcome {
        Outcome::Applied {
            changes,
            superseded,
            ..
        } => (changes, superseded),
        Outcome::Rejected(reject) => panic!("rejected: {reject:?}"),
    }
}

fn created() -> Stored {
    let create = Mutation::CreateDraft(CreateDraft {
        id: id(),
        title: title("初稿"),
    });
    applied(run(&create, &[], Ground::default(), &ctx(Role::Editor, 10)))
        .0
        .remove(0)
}

fn rename(text: &str) -> Mutation {
    Mutation::RenameDraft(RenameDraft {
        id: id(),
        title: title(text),
        was: None,
    })
}

/// A title given by somebody who saw another one.
fn rename_from(was: &str, text: &str) -> Mutation {
    Mutation::RenameDraft(RenameDraft {
        id: id(),
        title: title(text),
        was: Some(title(was)),
    })
}

fn draft_of(stored: &Stored) -> &Draft {
    match &stored.row {
        Row::Draft(draft) => draft,
        Row::Person(_) | Row::DocUpdate(_) | Row::Attachment(_) | Row::Tag(_) => {
            panic!("a draft was expected")
        }
    }
}

#[test]
fn a_change_counts_the_row_and_the_fields_it_changed() {
    let first = created();
    let (changes, _) = applied(run(&rename("二稿"), &[], &[first], &ctx(Role::Editor, 20)));
    assert_eq!(changes[0].version, 2);
    assert_eq!(changes[0].field_versions["title"], 2);
    assert_eq!(changes[0].field_versions["created_at"], 1);
}

#[test]
fn two_changes_of_a_soft_field_keep_the_value_that_lost() {
    let first = created();
    let (theirs, _) = applied(run(
        &rename("他们的"),
        &[],
        &[first],
        &ctx(Role::Editor, 20),
    ));
    let base = [BaseVersion {
        key: Key::draft(id()),
        version: 1,
    }];
    let (mine, superseded) = applied(run(&rename("我的"), &base, &theirs, &ctx(Role::Editor, 30)));
    assert_eq!(draft_of(&mine[0]).title.as_str(), "我的");
    assert_eq!(superseded.len(), 1);
    assert_eq!(superseded[0].value, Value::from("他们的"));
}

#[test]
fn changes_of_different_fields_do_not_meet() {
    let first = created();
    let (theirs, _) = applied(run(
        &rename("他们的"),
        &[],
        &[first],
        &ctx(Role::Editor, 20),
    ));
    let base = [BaseVersion {
        key: Key::draft(id()),
        version: 1,
    }];
    let bin = Mutation::BinDraft(BinDraft { id: id() });
    let (both, superseded) = applied(run(&bin, &base, &theirs, &ctx(Role::Editor, 30)));
    assert_eq!(draft_of(&both[0]).title.as_str(), "他们的");
    assert!(draft_of(&both[0]).binned_at.is_some());
    assert_eq!(superseded, []);
}

#[test]
fn a_change_to_nothing_writes_nothing() {
    let first = created();
    let (changes, _) = applied(run(&rename("初稿"), &[], &[first], &ctx(Role::Editor, 10)));
    assert_eq!(changes, []);
}

#[test]
fn members_write_no_drafts_and_experts_only_their_own() {
    let create = Mutation::CreateDraft(CreateDraft {
        id: id(),
        title: title("x"),
    });
    let not_allowed = Outcome::Rejected(Reject::new(RejectCode::NotAllowed));
    assert_eq!(
        run(&create, &[], Ground::default(), &ctx(Role::Member, 1)),
        not_allowed
    );
    let mut someone_elses = created();
    if let Row::Draft(draft) = &mut someone_elses.row {
        draft.author = Some(UserId::from_bytes([8; 16]));
    }
    let expert = ctx(Role::Expert, 1);
    assert_eq!(
        run(&rename("y"), &[], &[someone_elses.clone()], &expert),
        not_allowed
    );
    applied(run(
        &rename("y"),
        &[],
        &[someone_elses],
        &ctx(Role::Editor, 1),
    ));
}

#[test]
fn a_clock_ten_years_ahead_is_shown_as_now() {
    let now = Timestamp::from_millis(1_000);
    let made_at = now.plus_millis(10 * 365 * 86_400_000);
    let ctx = Context {
        user: None,
        role: Role::Owner,
        now,
        made_at,
    };
    assert_eq!(ctx.shown_at(), now);
}

#[test]
fn a_title_that_was_not_seen_is_not_overwritten() {
    let first = created();
    let ctx = ctx(Role::Editor, 20);
    let (theirs, _) = applied(run(&rename_from("初稿", "他们的"), &[], &[first], &ctx));
    let mine = rename_from("初稿", "我的");
    let conflict = Outcome::Rejected(Reject::field(RejectCode::Conflict, "title"));
    assert_eq!(run(&mine, &[], &theirs, &ctx), conflict);
    // Where both want the same there is nothing to decide.
    let same = rename_from("初稿", "他们的");
    assert_eq!(applied(run(&same, &[], &theirs, &ctx)), (vec![], vec![]));
    // The device that made it shows it all the same until then.
    let (shown, _) = applied(run(&mine.unguarded(), &[], &theirs, &ctx));
    assert_eq!(draft_of(&shown[0]).title.as_str(), "我的");
}

#[test]
fn one_title_after_the_other_of_one_device_never_conflicts() {
    let ctx = ctx(Role::Editor, 20);
    let base = [BaseVersion {
        key: Key::draft(id()),
        version: 1,
    }];
    let mut stored = vec![created()];
    for (was, now) in [("初稿", "二"), ("二", "三"), ("三", "初稿")] {
        let (next, superseded) = applied(run(&rename_from(was, now), &base, &stored, &ctx));
        assert_eq!(superseded, []);
        stored = next;
    }
    assert_eq!(draft_of(&stored[0]).title.as_str(), "初稿");
}

fn binned() -> Stored {
    let bin = Mutation::BinDraft(BinDraft { id: id() });
    let (mut changes, _) = applied(run(&bin, &[], &[created()], &ctx(Role::Editor, 20)));
    changes.remove(0)
}

fn delete(seen: &str, parts: Parts) -> Mutation {
    Mutation::DeleteDraft(DeleteDraft {
        id: id(),
        seen: Some(SeenDraft {
            title: title(seen),
            parts,
        }),
    })
}

fn deleted(outcome: Outcome) -> Vec<Key> {
    match outcome {
        Outcome::Applied {
            changes, deleted, ..
        } => {
            assert_eq!(changes, []);
            deleted
        }
        Outcome::Rejected(reject) => panic!("rejected: {reject:?}"),
    }
}

#[test]
fn a_draft_is_deleted_only_as_it_was_seen() {
    let ctx = ctx(Role::Editor, 30);
    let two: Parts = [&[1; 16], &[2; 16]].into_iter().collect();
    let three: Parts = [&[1; 16], &[2; 16], &[3; 16]].into_iter().collect();
    let conflict = |field| Outcome::Rejected(Reject::field(RejectCode::Conflict, field));
    let here = |existing: &[Stored], parts| {
        let ground = Ground {
            existing,
            gone: &[],
            parts,
            n_lessons: 0,
        };
        run(&delete("初稿", two), &[], ground, &ctx)
    };
    assert_eq!(deleted(here(&[binned()], two)), [Key::draft(id())]);
    assert_eq!(here(&[binned()], three), conflict("text"), "written since");
    assert_eq!(here(&[created()], two), conflict("binned_at"), "restored");
    let (renamed, _) = applied(run(&rename("二稿"), &[], &[binned()], &ctx));
    assert_eq!(here(&renamed, two), conflict("title"));
    // The device that made it shows it all the same until the server has said so.
    let shown = delete("初稿", two).unguarded();
    assert_eq!(
        deleted(run(&shown, &[], &renamed, &ctx)),
        [Key::draft(id())]
    );
}

#[test]
fn an_id_that_was_deleted_is_used_up() {
    let ctx = ctx(Role::Editor, 30);
    let gone = [Key::draft(id())];
    let after = Ground {
        gone: &gone,
        ..Ground::default()
    };
    let used_up = Outcome::Rejected(Reject::new(RejectCode::Deleted));
    let create = Mutation::CreateDraft(CreateDraft {
        id: id(),
        title: title("初稿"),
    });
    for late in [
        create,
        rename("二稿"),
        Mutation::BinDraft(BinDraft { id: id() }),
    ] {
        assert_eq!(run(&late, &[], after, &ctx), used_up, "{late:?}");
    }
    let again = delete("初稿", Parts::default());
    assert_eq!(deleted(run(&again, &[], after, &ctx)), []);
    // What a server set back has lost stays lost when its deletion comes again.
    let nowhere = Ground::default();
    assert_eq!(deleted(run(&again, &[], nowhere, &ctx)), gone);
}

#[test]
fn who_may_put_a_draft_into_the_bin_may_delete_it() {
    let not_allowed = Outcome::Rejected(Reject::new(RejectCode::NotAllowed));
    for role in Role::ALL {
        let own = [binned()];
        let mut other = binned();
        if let Row::Draft(draft) = &mut other.row {
            draft.author = Some(UserId::from_bytes([8; 16]));
        }
        let delete = delete("初稿", Parts::default());
        let on_own = run(&delete, &[], &own, &ctx(role, 30));
        assert_eq!(on_own == not_allowed, !role.writes_drafts(), "{role:?}");
        let on_other = run(&delete, &[], &[other], &ctx(role, 30));
        assert_eq!(on_other == not_allowed, !role.edits_any_draft(), "{role:?}");
    }
}

#[test]
fn a_deletion_that_does_not_say_what_was_seen_is_not_read() {
    let args = serde_json::json!({"id": id()});
    assert!(Mutation::parse("draft.delete", 1, &args).is_err());
    let whole = delete("初稿", Parts::default());
    let read = Mutation::parse(whole.name(), whole.version(), &whole.args());
    assert_eq!(read.unwrap(), whole);
}
