//! What takes a change back, and by what one sees that somebody else has changed the same thing.
//!
//! Every mutation declares here its [`Inverse`], the fields it is about and its [`Reach`]; undo,
//! redo and the waiting time before outward changes work for it without anything more.

mod course;
mod review;
mod tag;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use stoa_domain::{Draft, DraftId};

use crate::{
    ArchiveDraft, BinDraft, DescribeDraft, DropVersion, KeepVersion, Key, Mutation, PublishPost,
    RenameDraft, RenameVersion, RestoreDraft, Row, Rows, UnarchiveDraft, WithdrawPost,
};

/// Before the id of a version, where the field is its name.
const VERSION: &str = "versions.";

/// Who notices a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Those who write here. Another change takes it back without a trace for anybody else.
    Inward,
    /// People outside, or nobody any more: once delivered it cannot be unmade, so it is held for
    /// a moment before it is sent.
    Outward,
}

/// What takes a change back after it was delivered. Before that it is simply not sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inverse {
    /// These changes, in this order; none where the change made no difference or, like writing,
    /// has an undo of its own.
    Changes(Vec<Mutation>),
    /// Nothing does.
    Nothing,
}

/// The value a change left in a field, in a form that compares across devices: a time counts as
/// set or not set, because the server may have set another one. `null` where there is no row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    pub key: Key,
    pub field: String,
    pub value: Value,
}

impl Mutation {
    /// Who notices it.
    pub fn reach(&self) -> Reach {
        match self {
            Self::CreateDraft(_)
            | Self::RenameDraft(_)
            | Self::BinDraft(_)
            | Self::RestoreDraft(_)
            | Self::AppendDoc(_)
            | Self::AddAttachment(_)
            | Self::RemoveAttachment(_)
            | Self::DescribeDraft(_)
            | Self::ArchiveDraft(_)
            | Self::UnarchiveDraft(_)
            | Self::KeepVersion(_)
            | Self::RenameVersion(_)
            | Self::DropVersion(_)
            | Self::RequestReview(_)
            | Self::WithdrawReview(_)
            | Self::CheckItem(_)
            | Self::WriteComment(_)
            | Self::EditComment(_)
            | Self::DropComment(_)
            | Self::ResolveComment(_)
            | Self::CreateSection(_)
            | Self::RenameSection(_)
            | Self::MoveSection(_)
            | Self::DeleteSection(_)
            | Self::AddLesson(_)
            | Self::MoveLesson(_)
            | Self::RemoveLesson(_)
            | Self::DescribeLesson(_)
            | Self::ChangeSynonyms(_)
            | Self::MoveTag(_) => Reach::Inward,
            Self::DeleteDraft(_)
            | Self::PublishPost(_)
            | Self::WithdrawPost(_)
            | Self::DecideReview(_) => Reach::Outward,
        }
    }

    /// What takes it back, given the rows it touches as they were before it.
    pub fn inverse(&self, before: &Rows) -> Inverse {
        let changes = match self {
            Self::CreateDraft(args) => vec![Self::BinDraft(BinDraft { id: args.id })],
            Self::RenameDraft(args) => inverse_of_titling(args, before).into_iter().collect(),
            Self::BinDraft(BinDraft { id }) => {
                let back = Self::RestoreDraft(RestoreDraft { id: *id });
                where_it(before, *id, |draft| draft.binned_at.is_none(), back)
            }
            Self::RestoreDraft(RestoreDraft { id }) => {
                let back = Self::BinDraft(BinDraft { id: *id });
                where_it(before, *id, |draft| draft.binned_at.is_some(), back)
            }
            Self::DescribeDraft(args) => inverse_of_describing(args, before).into_iter().collect(),
            Self::ArchiveDraft(ArchiveDraft { id }) => {
                let back = Self::UnarchiveDraft(UnarchiveDraft { id: *id });
                where_it(before, *id, |draft| draft.archived_at.is_none(), back)
            }
            Self::UnarchiveDraft(UnarchiveDraft { id }) => {
                let back = Self::ArchiveDraft(ArchiveDraft { id: *id });
                where_it(before, *id, |draft| draft.archived_at.is_some(), back)
            }
            Self::PublishPost(args) => return inverse_of_publishing(args, before),
            Self::KeepVersion(args) => vec![Self::DropVersion(DropVersion {
                id: args.id,
                draft: args.draft,
            })],
            Self::RenameVersion(args) => inverse_of_renaming(args, before).into_iter().collect(),
            Self::DropVersion(args) => inverse_of_dropping(args, before).into_iter().collect(),
            Self::RequestReview(_)
            | Self::WithdrawReview(_)
            | Self::CheckItem(_)
            | Self::WriteComment(_)
            | Self::EditComment(_)
            | Self::DropComment(_)
            | Self::ResolveComment(_) => review::inverse(self, before),
            Self::CreateSection(_)
            | Self::RenameSection(_)
            | Self::MoveSection(_)
            | Self::DeleteSection(_)
            | Self::AddLesson(_)
            | Self::MoveLesson(_)
            | Self::RemoveLesson(_)
            | Self::DescribeLesson(_) => course::inverse(self, before),
            Self::ChangeSynonyms(args) => tag::inverse(args, before),
            Self::MoveTag(args) => tag::inverse_of_moving(args, before),
            // The editor takes back what was written, and with it the place of a file.
            Self::AppendDoc(_) | Self::AddAttachment(_) => Vec::new(),
            // A file is added again as another attachment; a draft that was deleted is in an
            // export, or nowhere; a verdict was heard.
            Self::RemoveAttachment(_)
            | Self::DeleteDraft(_)
            | Self::WithdrawPost(_)
            | Self::DecideReview(_) => return Inverse::Nothing,
        };
        Inverse::Changes(changes)
    }

    /// The same change, made by somebody who sees these rows: what it says of the value it
    /// replaces is true now.
    #[must_use]
    pub fn seeing(self, rows: &Rows) -> Self {
        match self {
            Self::RenameDraft(args) => Self::RenameDraft(RenameDraft {
                was: rows
                    .draft(args.id)
                    .map(|draft| draft.title.clone())
                    .or(args.was),
                ..args
            }),
            Self::RenameVersion(args) => Self::RenameVersion(RenameVersion {
                was: rows
                    .draft(args.draft)
                    .and_then(|draft| draft.versions.named(args.id))
                    .map(|version| version.name.clone())
                    .or(args.was),
                ..args
            }),
            Self::EditComment(args) => Self::EditComment(review::seeing(args, rows)),
            Self::RenameSection(_) | Self::DescribeLesson(_) => course::seeing(self, rows),
            other => other,
        }
    }

    /// The fields of the rows it touches that it is about. When one of them holds another value
    /// than the change left, somebody has changed the same thing since.
    fn fields(&self) -> Vec<String> {
        let fields = match self {
            Self::CreateDraft(_) => vec!["title", "binned_at"],
            Self::RenameDraft(_) => vec!["title"],
            Self::BinDraft(_) | Self::RestoreDraft(_) => vec!["binned_at"],
            Self::DeleteDraft(_) => vec!["binned_at"],
            Self::AppendDoc(_) => Vec::new(),
            Self::AddAttachment(_) | Self::RemoveAttachment(_) => vec!["removed_at"],
            Self::DescribeDraft(args) => args.values.names(),
            Self::ArchiveDraft(_) | Self::UnarchiveDraft(_) => vec!["archived_at"],
            Self::PublishPost(_) | Self::WithdrawPost(_) => vec!["post"],
            // Each version stands alone; what became of the others is nothing to it.
            Self::KeepVersion(KeepVersion { id, .. })
            | Self::RenameVersion(RenameVersion { id, .. })
            | Self::DropVersion(DropVersion { id, .. }) => return vec![format!("{VERSION}{id}")],
            Self::RequestReview(_)
            | Self::WithdrawReview(_)
            | Self::CheckItem(_)
            | Self::DecideReview(_)
            | Self::WriteComment(_)
            | Self::EditComment(_)
            | Self::DropComment(_)
            | Self::ResolveComment(_) => return review::field(self).into_iter().collect(),
            Self::CreateSection(_)
            | Self::RenameSection(_)
            | Self::MoveSection(_)
            | Self::DeleteSection(_)
            | Self::AddLesson(_)
            | Self::MoveLesson(_)
            | Self::RemoveLesson(_)
            | Self::DescribeLesson(_) => return course::fields(self),
            Self::ChangeSynonyms(args) => return tag::fields(args),
            // Which words go along, the rows say.
            Self::MoveTag(_) => Vec::new(),
        };
        fields.into_iter().map(str::to_owned).collect()
    }

    /// What the rows hold in the fields it is about.
    pub fn marks(&self, rows: &Rows) -> Vec<Mark> {
        let mut marks = Vec::new();
        let fields = match self {
            Self::MoveTag(args) => tag::fields_of_moving(args, rows),
            other => other.fields(),
        };
        for key in self.touches() {
            for field in fields.clone() {
                marks.push(Mark {
                    key,
                    value: comparable(rows.get(key), &field),
                    field,
                });
            }
        }
        marks
    }
}

/// What takes a change back that made a difference to this draft.
fn where_it(
    before: &Rows,
    id: DraftId,
    made_a_difference: impl FnOnce(&Draft) -> bool,
    back: Mutation,
) -> Vec<Mutation> {
    let changed = before.draft(id).filter(|draft| made_a_difference(draft));
    changed.map(|_| back).into_iter().collect()
}

fn inverse_of_titling(args: &RenameDraft, before: &Rows) -> Option<Mutation> {
    let draft = before.draft(args.id)?;
    (draft.title != args.title).then(|| {
        Mutation::RenameDraft(RenameDraft {
            id: args.id,
            title: draft.title.clone(),
            was: Some(args.title.clone()),
        })
    })
}

fn inverse_of_describing(args: &DescribeDraft, before: &Rows) -> Option<Mutation> {
    let draft = before.draft(args.id)?;
    let values = args.values.as_in(&draft.content);
    let id = args.id;
    (values != args.values).then_some(Mutation::DescribeDraft(DescribeDraft { id, values }))
}

fn inverse_of_renaming(args: &RenameVersion, before: &Rows) -> Option<Mutation> {
    let version = before.draft(args.draft)?.versions.named(args.id)?;
    (version.name != args.name).then(|| {
        Mutation::RenameVersion(RenameVersion {
            name: version.name.clone(),
            was: Some(args.name.clone()),
            ..args.clone()
        })
    })
}

fn inverse_of_dropping(args: &DropVersion, before: &Rows) -> Option<Mutation> {
    let version = before.draft(args.draft)?.versions.named(args.id)?;
    Some(Mutation::KeepVersion(KeepVersion {
        id: args.id,
        draft: args.draft,
        name: version.name.clone(),
        text_at: version.text_at.clone(),
        at: version.at,
    }))
}

/// A post that was there before does not come back: its form is not kept whole.
fn inverse_of_publishing(args: &PublishPost, before: &Rows) -> Inverse {
    let post = before.draft(args.id).and_then(|draft| draft.post.as_ref());
    if post.is_some_and(|post| post.withdrawn_at.is_none()) {
        return Inverse::Nothing;
    }
    let version = post.map_or(0, |post| post.version) + 1;
    let withdraw = WithdrawPost {
        id: args.id,
        version,
    };
    Inverse::Changes(vec![Mutation::WithdrawPost(withdraw)])
}

impl Mark {
    /// The same field with the value that a row (or that there is none) holds now.
    pub fn again(&self, row: Option<&Row>) -> Self {
        Self {
            value: comparable(row, &self.field),
            ..self.clone()
        }
    }

    /// Whether a row (or that there is none) still holds the value.
    pub fn stands(&self, row: Option<&Row>) -> bool {
        comparable(row, &self.field) == self.value
    }
}

fn comparable(row: Option<&Row>, field: &str) -> Value {
    if let Some(value) = tag::mark(row, field) {
        return value;
    }
    let Some(row) = row else {
        return Value::Null;
    };
    if let (Row::Draft(draft), Some(id)) = (row, field.strip_prefix(VERSION)) {
        let named = id.parse().ok().and_then(|id| draft.versions.named(id));
        return named.map_or(Value::Null, |version| version.name.as_str().into());
    }
    if let Row::Draft(draft) = row
        && let Some(value) = review::mark(draft, field).or_else(|| course::mark(draft, field))
    {
        return value;
    }
    let value = row.to_json().remove(field).unwrap_or(Value::Null);
    // When a session begins is said by its author, as it is.
    if field.ends_with("_at") && field != "starts_at" {
        Value::Bool(!value.is_null())
    } else if field == "post" {
        // The server sets who and when.
        json!([value["version"], value["withdrawn_at"].is_null()])
    } else {
        value
    }
}

#[cfg(test)]
mod tests;
