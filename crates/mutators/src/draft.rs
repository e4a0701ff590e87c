//! Changes to a draft, its text apart.

use serde::de::Error;
use serde::{Deserialize, Serialize};
use stoa_domain::{Draft, DraftId, Timestamp, Title};

use crate::{Context, Mutation, ParseError, Reject, RejectCode, Row, Rows};

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

impl CreateDraft {
    pub(crate) fn apply(&self, rows: &mut Rows, ctx: &Context) -> Result<(), Reject> {
        if !ctx.role.writes_drafts() {
            return Err(Reject::new(RejectCode::NotAllowed));
        }
        if rows.draft(self.id).is_some() {
            return Err(Reject::new(RejectCode::AlreadyExists));
        }
        rows.put(Row::Draft(Draft {
            id: self.id,
            title: self.title.clone(),
            author: ctx.user,
            created_at: ctx.shown_at(),
            edited_at: ctx.shown_at(),
            binned_at: None,
        }));
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
        change(rows, ctx, self.id, |draft, at| draft.binned_at = Some(at))
    }
}

impl RestoreDraft {
    pub(crate) fn apply(&self, rows: &mut Rows, ctx: &Context) -> Result<(), Reject> {
        change(rows, ctx, self.id, |draft, _| draft.binned_at = None)
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
    let draft = rows.draft(id).ok_or(Reject::new(RejectCode::NotFound))?;
    let is_own = draft.author.is_none() || draft.author == ctx.user;
    if !(ctx.role.edits_any_draft() || ctx.role.writes_drafts() && is_own) {
        return Err(Reject::new(RejectCode::NotAllowed));
    }
    Ok(draft)
}
