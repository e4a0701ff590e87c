//! Running a mutation over stored rows: versions, field conflicts, changes.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use stoa_domain::{Parts, Role, Timestamp, UserId};

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

/// What a host has of the rows that a mutation touches.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ground<'a> {
    /// Those that exist.
    pub existing: &'a [Stored],
    /// Those that were deleted for good. A studio does not keep which these are.
    pub gone: &'a [Key],
    /// What belongs to the draft that it weighs; see [`Mutation::weighs`].
    pub parts: Parts,
    /// How many lessons the course has that it fills; see [`Mutation::fills`].
    pub n_lessons: usize,
}

impl<'a> From<&'a [Stored]> for Ground<'a> {
    fn from(existing: &'a [Stored]) -> Self {
        Self {
            existing,
            ..Self::default()
        }
    }
}

impl<'a, const N: usize> From<&'a [Stored; N]> for Ground<'a> {
    fn from(existing: &'a [Stored; N]) -> Self {
        Self::from(existing.as_slice())
    }
}

impl<'a> From<&'a Vec<Stored>> for Ground<'a> {
    fn from(existing: &'a Vec<Stored>) -> Self {
        Self::from(existing.as_slice())
    }
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
        /// Rows to delete for good; with a draft all that belongs to it. They need not be there.
        deleted: Vec<Key>,
    },
    /// Store nothing, ever.
    Rejected(Reject),
}

/// Runs a mutation over the rows it touches.
///
/// `ground` holds those of [`Mutation::touches`] that exist; `base` says which versions the
/// device had seen (rows not named there count as seen as they are now, which is how the studio
/// replays its own pending changes).
pub fn run<'a>(
    mutation: &Mutation,
    base: &[BaseVersion],
    ground: impl Into<Ground<'a>>,
    ctx: &Context,
) -> Outcome {
    let Ground {
        existing,
        gone,
        parts,
        n_lessons,
    } = ground.into();
    let mut rows = Rows::new(existing.iter().map(|stored| stored.row.clone()))
        .with_gone(gone.iter().copied())
        .with_parts(parts)
        .with_lessons(n_lessons);
    let applied = mutation
        .apply(&mut rows, ctx)
        .and_then(|()| check_guarded(mutation, existing));
    if let Err(reject) = applied {
        return Outcome::Rejected(reject);
    }
    let mut changes = Vec::new();
    let mut superseded = Vec::new();
    for row in rows.written() {
        let before = existing.iter().find(|stored| stored.row.key() == row.key());
        let Some((change, changed)) = versioned(row, before) else {
            continue;
        };
        if let (Class::Fields { guarded }, Some(before)) = (mutation.class(), before) {
            let soft = changed
                .into_iter()
                .filter(|(field, _)| !guarded.contains(&field.as_str()));
            superseded.extend(overridden(before, base, soft));
            superseded.extend(overridden_words(mutation, before));
        }
        changes.push(change);
    }
    Outcome::Applied {
        changes,
        superseded,
        deleted: rows.deleted().collect(),
    }
}

/// Refuses to write over what the person had not seen, unless it is what they want anyway.
fn check_guarded(mutation: &Mutation, existing: &[Stored]) -> Result<(), Reject> {
    for field in mutation.guarded() {
        let Some(stored) = existing.iter().find(|s| s.row.key() == field.key) else {
            continue;
        };
        let row = stored.row.to_json();
        let here = row.get(field.field).unwrap_or(&Value::Null);
        if *here != field.seen && *here != field.wanted {
            return Err(Reject::field(RejectCode::Conflict, field.field));
        }
    }
    Ok(())
}

/// The old values of soft fields that changed after the version the device had seen.
fn overridden(
    before: &Stored,
    base: &[BaseVersion],
    changed: impl Iterator<Item = (String, Value)>,
) -> Vec<Superseded> {
    let key = before.row.key();
    let seen = base
        .iter()
        .find(|b| b.key == key)
        .map_or(before.version, |b| b.version);
    let is_newer = |field: &String| {
        before
            .field_versions
            .get(field)
            .is_some_and(|at| *at > seen)
    };
    changed
        .filter(|(field, _)| {
            !matches!(
                field.as_str(),
                "edited_at" | "versions" | "reviews" | "sections" | "lesson" | "synonyms"
            )
        })
        .filter(|(field, _)| is_newer(field))
        .map(|(field, value)| Superseded { key, field, value })
        .collect()
}

/// The name of a version or section, the words of a comment or the terms of a lesson that another
/// device gave meanwhile. The versions of a draft share a field, and so do its reviews and its
/// sections; in it each stands alone.
fn overridden_words(mutation: &Mutation, before: &Stored) -> Option<Superseded> {
    let Row::Draft(draft) = &before.row else {
        return None;
    };
    let (field, value) = match mutation {
        Mutation::RenameVersion(rename) => ("versions", json!(rename.overridden(draft)?)),
        Mutation::EditComment(edit) => ("reviews", json!(edit.overridden(draft)?)),
        Mutation::RenameSection(rename) => ("sections", json!(rename.overridden(draft)?)),
        Mutation::DescribeLesson(describe) => ("lesson", json!(describe.overridden(draft)?)),
        _ => return None,
    };
    Some(Superseded {
        key: before.row.key(),
        field: field.to_owned(),
        value,
    })
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
mod tests;
