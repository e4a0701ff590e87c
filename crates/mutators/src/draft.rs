//! Changes to a draft, its text apart.

use serde::de::Error;
use serde::{Deserialize, Serialize};
use stoa_domain::{Draft, DraftId, Parts, Timestamp, Title};

use crate::{Context, Key, Mutation, ParseError, Reject, RejectCode, Row, Rows};

/// `draft.create@1`: a new draft. Conflict class A (insert once).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateDraft {
    pub id: DraftId,
    pub title: Title,
}

/// `draft.rename@2`: another title. Class B, guarded: it says which title was seen, and where
/// somebody else gave another one meanwhile, it is refused and a person decides.
///
/// `draft.rename@1` did not say what was seen; it is soft: the later arrival wins, the other title
/// is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenameDraft {
    pub id: DraftId,
    pub title: Title,
    /// The title that was seen when this one was given; absent in version 1. Where a title that
    /// was not sent yet is replaced by another one, the new one keeps what the first had seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<Title>,
}

/// `draft.bin@1`: out of the list, into the bin. Class B, soft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BinDraft {
    pub id: DraftId,
}

/// `draft.restore@1`: out of the bin, into the list. Class B, soft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestoreDraft {
    pub id: DraftId,
}

/// `draft.delete@1`: a draft in the bin is gone for good, with its text and its files. Class B,
/// guarded in all that anybody could have written: it says what was seen of the draft, and where
/// the server has it otherwise by then, it is refused. So what is deleted is what a person looked
/// at, and nothing that somebody else wrote meanwhile.
///
/// Of a draft that is gone already, or that a server set back has lost, it leaves that it is
/// gone: its id is used up, and no device that comes late makes it anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeleteDraft {
    pub id: DraftId,
    /// Always there when it travels; see [`Mutation::unguarded`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<SeenDraft>,
}

/// A draft in the bin as somebody saw it who deletes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenDraft {
    pub title: Title,
    /// The updates to its text and its files, removed ones included.
    pub parts: Parts,
}

impl CreateDraft {
    pub(crate) fn apply(&self, rows: &mut Rows, ctx: &Context) -> Result<(), Reject> {
        if !ctx.role.writes_drafts() {
            return Err(Reject::new(RejectCode::NotAllowed));
        }
        if rows.draft(self.id).is_some() {
            return Err(Reject::new(RejectCode::AlreadyExists));
        }
        if rows.is_gone(Key::draft(self.id)) {
            return Err(Reject::new(RejectCode::Deleted));
        }
        let (id, title) = (self.id, self.title.clone());
        let draft = Draft::new(id, title, ctx.user, ctx.shown_at());
        rows.put(Row::Draft(draft));
        Ok(())
    }
}

impl RenameDraft {
    pub(crate) fn of_version_1(self) -> Mutation {
        Mutation::RenameDraft(Self { was: None, ..self })
    }

    pub(crate) fn of_version_2(self) -> Result<Mutation, ParseError> {
        if self.was.is_none() {
            return Err(ParseError::Arguments {
                name: "draft.rename".to_owned(),
                source: serde_json::Error::missing_field("was"),
            });
        }
        Ok(Mutation::RenameDraft(self))
    }

    pub(crate) fn apply(&self, rows: &mut Rows, ctx: &Context) -> Result<(), Reject> {
        change(rows, ctx, self.id, |draft, at| {
            draft.title = self.title.clone();
            draft.edited_at = draft.edited_at.max(at);
        })
    }
}

impl BinDraft {
    pub(crate) fn apply(&self, rows: &mut Rows, ctx: &Context) -> Result<(), Reject> {
        // What members see is taken back from them first, in the open.
        if may_change(rows, ctx, self.id)?.offered().is_some() {
            return Err(Reject::field(RejectCode::Invalid, "post"));
        }
        change(rows, ctx, self.id, |draft, at| draft.binned_at = Some(at))
    }
}

impl RestoreDraft {
    pub(crate) fn apply(&self, rows: &mut Rows, ctx: &Context) -> Result<(), Reject> {
        change(rows, ctx, self.id, |draft, _| draft.binned_at = None)
    }
}

impl DeleteDraft {
    pub(crate) fn of_version_1(self) -> Result<Mutation, ParseError> {
        if self.seen.is_none() {
            return Err(ParseError::Arguments {
                name: "draft.delete".to_owned(),
                source: serde_json::Error::missing_field("seen"),
            });
        }
        Ok(Mutation::DeleteDraft(self))
    }

    pub(crate) fn apply(&self, rows: &mut Rows, ctx: &Context) -> Result<(), Reject> {
        let key = Key::draft(self.id);
        if rows.is_gone(key) {
            return Ok(());
        }
        if rows.draft(self.id).is_none() {
            if !ctx.role.writes_drafts() {
                return Err(Reject::new(RejectCode::NotAllowed));
            }
            rows.delete(key);
            return Ok(());
        }
        let draft = may_change(rows, ctx, self.id)?;
        if let Some(seen) = &self.seen {
            let conflict = |field| Err(Reject::field(RejectCode::Conflict, field));
            if draft.binned_at.is_none() {
                return conflict("binned_at");
            }
            if draft.title != seen.title {
                return conflict("title");
            }
            if rows.parts() != seen.parts {
                return conflict("text");
            }
        }
        rows.delete(key);
        Ok(())
    }
}

/// Changes a draft that exists and that the person may change.
pub(crate) fn change(
    rows: &mut Rows,
    ctx: &Context,
    id: DraftId,
    edit: impl FnOnce(&mut Draft, Timestamp),
) -> Result<(), Reject> {
    let mut draft = may_change(rows, ctx, id)?.clone();
    edit(&mut draft, ctx.shown_at());
    rows.put(Row::Draft(draft));
    Ok(())
}

/// A draft that exists and that the person may change.
pub(crate) fn may_change<'r>(
    rows: &'r Rows,
    ctx: &Context,
    id: DraftId,
) -> Result<&'r Draft, Reject> {
    let missing = match rows.is_gone(Key::draft(id)) {
        true => RejectCode::Deleted,
        false => RejectCode::NotFound,
    };
    let draft = rows.draft(id).ok_or(Reject::new(missing))?;
    let is_own = draft.author.is_none() || draft.author == ctx.user;
    if !(ctx.role.edits_any_draft() || ctx.role.writes_drafts() && is_own) {
        return Err(Reject::new(RejectCode::NotAllowed));
    }
    Ok(draft)
}
