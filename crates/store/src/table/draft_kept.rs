//! `draft_kept`: drafts that were deleted elsewhere while work of this computer waited.

use rusqlite::{Connection, OptionalExtension, Row, named_params};
use stoa_domain::{Attachment, DraftId, Timestamp};

use super::Sql;
use crate::StoreError;

/// A draft as it was here when it was deleted elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeptDraft {
    pub(crate) draft: DraftId,
    pub(crate) title: String,
    pub(crate) markdown: String,
    pub(crate) files: Vec<Attachment>,
    pub(crate) at: Timestamp,
}

fn read(row: &Row<'_>) -> rusqlite::Result<(KeptDraft, String)> {
    let kept = KeptDraft {
        draft: row.get::<_, Sql<_>>(0)?.0,
        title: row.get(1)?,
        markdown: row.get(2)?,
        files: Vec::new(),
        at: row.get::<_, Sql<_>>(4)?.0,
    };
    Ok((kept, row.get(3)?))
}

fn with_files((kept, files): (KeptDraft, String)) -> Result<KeptDraft, StoreError> {
    Ok(KeptDraft {
        files: serde_json::from_str(&files)?,
        ..kept
    })
}

pub(crate) fn put(db: &Connection, kept: &KeptDraft) -> Result<(), StoreError> {
    db.prepare_cached(
        "insert or replace into draft_kept (draft, title, markdown, files, at)
         values (:draft, :title, :markdown, :files, :at)",
    )?
    .execute(named_params! {
        ":draft": Sql(kept.draft),
        ":title": kept.title,
        ":markdown": kept.markdown,
        ":files": serde_json::to_string(&kept.files)?,
        ":at": Sql(kept.at),
    })?;
    Ok(())
}

pub(crate) fn get(db: &Connection, draft: DraftId) -> Result<Option<KeptDraft>, StoreError> {
    let kept = db
        .prepare_cached(
            "select draft, title, markdown, files, at from draft_kept where draft = :draft",
        )?
        .query_row(named_params! {":draft": Sql(draft)}, read)
        .optional()?;
    kept.map(with_files).transpose()
}

/// All of them, oldest first.
pub(crate) fn all(db: &Connection) -> Result<Vec<KeptDraft>, StoreError> {
    let mut statement = db.prepare_cached(
        "select draft, title, markdown, files, at from draft_kept order by at, draft",
    )?;
    let rows = statement.query_map([], read)?;
    rows.map(|row| with_files(row?)).collect()
}

pub(crate) fn delete(db: &Connection, draft: DraftId) -> Result<(), StoreError> {
    db.prepare_cached("delete from draft_kept where draft = :draft")?
        .execute(named_params! {":draft": Sql(draft)})?;
    Ok(())
}
