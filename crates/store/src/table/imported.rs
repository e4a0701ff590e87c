//! `imported`: which draft a post of another program became.

use rusqlite::{Connection, OptionalExtension, named_params};
use stoa_domain::DraftId;

use super::Sql;
use crate::StoreError;

/// What is known of one post.
pub(crate) struct Imported {
    pub(crate) draft: DraftId,
    pub(crate) post: [u8; 32],
    pub(crate) body: [u8; 32],
}

pub(crate) fn get(db: &Connection, source_id: &str) -> Result<Option<Imported>, StoreError> {
    let found = db
        .prepare_cached("select draft, post, body from imported where source_id = :source")?
        .query_row(named_params! {":source": source_id}, |row| {
            Ok(Imported {
                draft: row.get::<_, Sql<_>>(0)?.0,
                post: row.get(1)?,
                body: row.get(2)?,
            })
        })
        .optional()?;
    Ok(found)
}

/// Those whose drafts are shown and not in the bin: the name there, the draft and the post's hash.
pub(crate) fn standing(db: &Connection) -> Result<Vec<(String, DraftId, [u8; 32])>, StoreError> {
    let mut statement = db.prepare_cached(
        "select source_id, draft, post from imported
         where exists (select 1 from draft_v where id = draft and binned_at is null)
         order by source_id",
    )?;
    let rows = statement.query_map([], |row| {
        Ok((row.get(0)?, row.get::<_, Sql<_>>(1)?.0, row.get(2)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn put(db: &Connection, source_id: &str, known: &Imported) -> Result<(), StoreError> {
    db.prepare_cached(
        "insert into imported (source_id, draft, post, body) values (:source, :draft, :post, :body)
         on conflict (source_id) do update
         set draft = excluded.draft, post = excluded.post, body = excluded.body",
    )?
    .execute(named_params! {
        ":source": source_id,
        ":draft": Sql(known.draft),
        ":post": known.post,
        ":body": known.body,
    })?;
    Ok(())
}
