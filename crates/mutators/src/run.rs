//! Running a mutation over stored rows: versions, field conflicts, changes.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use stoa_domain::{Role, Timestamp, UserId};

use crate::{Class, Key, Mutation, Reject, RejectCode, Row, Rows};

/// Who does it and when. On the server from the session and its own clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Context {
    /// The server's session user; absent on a computer that has no account.
    pub user: Option<UserId>,
    pub role: Role,
    /// The host's clock.
    pub now: Timestamp,
    /// When the person did it, by their device's clock. Only ever shown.
    pub made_at: Timestamp,
}

impl Context {
    /// The time to show for what was done: the device's, but never one that lies ahead.
    pub fn shown_at(&self) -> Timestamp {
        self.made_at.min(self.now)
    }
}

/// For each field, the row version in which it last changed.
pub type FieldVersions = BTreeMap<String, i64>;

/// A row as a host stores it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    pub row: Row,
    /// Counts the changes of the row, from 1.
    pub version: i64,
    pub field_versions: FieldVersions,
}

/// The version of a row that a device had before it when it made a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BaseVersion {
    pub key: Key,
    pub version: i64,
}

/// A row to store, with its new versions.
pub type Change = Stored;

/// A value that another device wrote and that this mutation overrides. It goes into the field
/// history, so that nothing anybody wrote is lost.
#[derive(Debug, Clone, PartialEq)]
pub struct Superseded {
    pub key: Key,
    pub field: String,
    pub value: Value,
}

/// What a mutation did.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Store the changes. `superseded` is not empty when both sides changed a soft field.
    Applied {
        changes: Vec<Change>,
        superseded: Vec<Superseded>,
    },
    /// Store nothing, ever.
    Rejected(Reject),
}

/// Runs a mutation over the rows it touches.
///
/// `existing` are those of [`Mutation::touches`] that exist; `base` says which versions the
/// device had seen (rows not named there count as seen as they are now, which is how the studio
/// replays its own pending changes).
pub fn run(
    mutation: &Mutation,
    base: &[BaseVersion],
    existing: &[Stored],
    ctx: &Context,
) -> Outcome {
    let mut rows = Rows::new(existing.iter().map(|stored| stored.row.clone()));
    if let Err(reject) = mutation.apply(&mut rows, ctx) {
        return Outcome::Rejected(reject);
    }
    let guarded = match mutation.class() {
        Class::Fields { guarded } => guarded,
        Class::Append | Class::Text => &[],
    };
    let is_by_field = matches!(mutation.class(), Class::Fields { .. });
    let mut changes = Vec::new();
    let mut superseded = Vec::new();
    for row in rows.written() {
        let before = existing.iter().find(|stored| stored.row.key() == row.key());
        let Some((change, changed)) = versioned(row, before) else {
            continue;
        };
        if let (true, Some(before)) = (is_by_field, before) {
            let seen = base
                .iter()
                .find(|b| b.key == row.key())
                .map_or(before.version, |b| b.version);
            for (field, old) in changed {
                if before
                    .field_versions
                    .get(&field)
                    .is_none_or(|at| *at <= seen)
                    || field == "edited_at"
                {
                    continue;
                }
                if guarded.contains(&field.as_str()) {
                    return Outcome::Rejected(Reject::field(RejectCode::Conflict, &field));
                }
                superseded.push(Superseded {
                    key: row.key(),
                    field,
                    value: old,
                });
            }
        }
        changes.push(change);
    }
    Outcome::Applied {
        changes,
        superseded,
    }
}

/// The row with its versions counted up, and the fields that changed with their old values;
/// `None` when nothing changed.
fn versioned(row: &Row, before: Option<&Stored>) -> Option<(Change, Map<String, Value>)> {
    let old = before
        .map(|stored| stored.row.to_json())
        .unwrap_or_default();
    let version = before.map_or(1, |stored| stored.version + 1);
    let mut field_versions = before
        .map(|stored| stored.field_versions.clone())
        .unwrap_or_default();
    let mut changed = Map::new();
    for (field, value) in row.to_json() {
        let previous = old.get(&field);
        if previous != Some(&value) {
            field_versions.insert(field.clone(), version);
            changed.insert(field, previous.cloned().unwrap_or(Value::Null));
        }
    }
    (!changed.is_empty()).then(|| {
        (
            Change {
                row: row.clone(),
                version,
                field_versions,
            },
            changed,
        )
    })
}

#[cfg(test)]
mod tests {
    use stoa_domain::{Draft, DraftId, Title};

    use super::*;
    use crate::{BinDraft, CreateDraft, RenameDraft};

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
            } => (changes, superseded),
            Outcome::Rejected(reject) => panic!("rejected: {reject:?}"),
        }
    }

    fn created() -> Stored {
        let create = Mutation::CreateDraft(CreateDraft {
            id: id(),
            title: title("初稿"),
        });
        applied(run(&create, &[], &[], &ctx(Role::Editor, 10)))
            .0
            .remove(0)
    }

    fn rename(text: &str) -> Mutation {
        Mutation::RenameDraft(RenameDraft {
            id: id(),
            title: title(text),
        })
    }

    fn draft_of(stored: &Stored) -> &Draft {
        match &stored.row {
            Row::Draft(draft) => draft,
            Row::DocUpdate(_) => panic!("a draft was expected"),
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
        let (mine, superseded) =
            applied(run(&rename("我的"), &base, &theirs, &ctx(Role::Editor, 30)));
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
        assert_eq!(run(&create, &[], &[], &ctx(Role::Member, 1)), not_allowed);
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
}
