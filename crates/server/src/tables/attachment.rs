//! Which files drafts use, as the server holds it.

use stoa_domain::{
    Attachment, AttachmentId, BlobHash, CommunityId, DraftId, FileName, MediaType, UserId,
};
use stoa_mutators::{Row, Stored};

use super::{from_json, to_json, unreadable};
use crate::db::{DbError, Params, Record, Tx, params};

/// About what an attachment takes in an answer.
const SIZE: i64 = 500;

pub(crate) fn find_each(
    tx: &mut dyn Tx,
    community: CommunityId,
    ids: &[[u8; 16]],
) -> Result<Vec<Stored>, DbError> {
    let sets: Vec<Params> = ids
        .iter()
        .map(|id| params!["community" => community, "id" => *id])
        .collect();
    let found = tx.query_each(
        "
        select id, draft, b3, name, media_type, size, width, height, author, made_at, removed_at,
               version, seq, field_versions
        from attachment
        where community_id = :community and id = :id",
        &sets,
    )?;
    found
        .iter()
        .flatten()
        .map(|row| {
            Ok(Stored {
                row: Row::Attachment(read(row)?),
                version: row.int(11)?,
                field_versions: from_json(row.text(13)?)?,
            })
        })
        .collect()
}

/// Stores attachments, each with the sequence number of its last change.
pub(crate) fn put_each(
    tx: &mut dyn Tx,
    community: CommunityId,
    attachments: &[(&Attachment, &Stored, i64)],
) -> Result<(), DbError> {
    let sets = attachments
        .iter()
        .map(|(attachment, stored, seq)| {
            Ok(params![
                "community" => community,
                "id" => attachment.id,
                "draft" => attachment.draft,
                "b3" => *attachment.b3.as_bytes(),
                "name" => attachment.name.as_str(),
                "media_type" => attachment.media_type.as_str(),
                "size" => i64::try_from(attachment.size).map_err(unreadable)?,
                "width" => attachment.width.map(i64::from),
                "height" => attachment.height.map(i64::from),
                "author" => attachment.author,
                "made_at" => attachment.made_at,
                "removed_at" => attachment.removed_at,
                "version" => stored.version,
                "seq" => *seq,
                "field_versions" => to_json(&stored.field_versions)?,
            ])
        })
        .collect::<Result<Vec<_>, DbError>>()?;
    tx.execute_each(
        "
        insert into attachment (community_id, id, draft, b3, name, media_type, size, width, height,
                                author, made_at, removed_at, version, seq, field_versions)
        values (:community, :id, :draft, :b3, :name, :media_type, :size, :width, :height,
                :author, :made_at, :removed_at, :version, :seq, :field_versions)
        on conflict (community_id, id) do update
        set removed_at     = excluded.removed_at,
            version        = excluded.version,
            seq            = excluded.seq,
            field_versions = excluded.field_versions",
        &sets,
    )
}

/// Sequence number and size of the next attachments after a cursor.
pub(crate) fn sizes_after(
    tx: &mut dyn Tx,
    community: CommunityId,
    cursor: i64,
    limit: i64,
) -> Result<Vec<(i64, i64)>, DbError> {
    let rows = tx.query(
        "
        select seq from attachment
        where community_id = :community and seq > :cursor
        order by seq
        limit :limit",
        &params!["community" => community, "cursor" => cursor, "limit" => limit],
    )?;
    rows.iter().map(|row| Ok((row.int(0)?, SIZE))).collect()
}

/// An attachment with its version and sequence number.
pub(crate) type Found = (Attachment, i64, i64);

pub(crate) fn visit_between(
    tx: &mut dyn Tx,
    community: CommunityId,
    (cursor, upto): (i64, i64),
    each: &mut dyn FnMut(Found) -> Result<(), DbError>,
) -> Result<(), DbError> {
    tx.visit(
        "
        select id, draft, b3, name, media_type, size, width, height, author, made_at, removed_at,
               version, seq
        from attachment
        where community_id = :community and seq > :cursor and seq <= :upto
        order by seq",
        &params!["community" => community, "cursor" => cursor, "upto" => upto],
        &mut |row| each((read(row)?, row.int(11)?, row.int(12)?)),
    )
}

/// Id and version of every file that a draft uses or used.
pub(crate) fn visit_of_draft(
    tx: &mut dyn Tx,
    community: CommunityId,
    draft: DraftId,
    each: &mut dyn FnMut([u8; 16], i64),
) -> Result<(), DbError> {
    tx.visit(
        "select id, version from attachment where community_id = :community and draft = :draft",
        &params!["community" => community, "draft" => draft],
        &mut |row| {
            each(row.id(0)?, row.int(1)?);
            Ok(())
        },
    )
}

/// What kind of file a draft uses or used under this hash.
pub(crate) fn media_type(
    tx: &mut dyn Tx,
    community: CommunityId,
    (draft, b3): (DraftId, BlobHash),
) -> Result<Option<MediaType>, DbError> {
    let rows = tx.query(
        "
        select media_type from attachment
        where community_id = :community and draft = :draft and b3 = :b3
        limit 1",
        &params!["community" => community, "draft" => draft, "b3" => *b3.as_bytes()],
    )?;
    let name = rows.first().map(|row| row.text(0)).transpose()?;
    Ok(name.and_then(MediaType::parse))
}

/// What a draft calls or called the file under this hash.
pub(crate) fn name(
    tx: &mut dyn Tx,
    community: CommunityId,
    (draft, b3): (DraftId, BlobHash),
) -> Result<Option<FileName>, DbError> {
    let rows = tx.query(
        "
        select name from attachment
        where community_id = :community and draft = :draft and b3 = :b3
        order by case when removed_at is null then 0 else 1 end, seq desc
        limit 1",
        &params!["community" => community, "draft" => draft, "b3" => *b3.as_bytes()],
    )?;
    let name = rows.first().map(|row| row.text(0)).transpose()?;
    Ok(name.and_then(|name| FileName::parse(name).ok()))
}

/// An image that a draft uses or used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Image {
    pub(crate) b3: BlobHash,
    /// Pixels.
    pub(crate) width: u32,
    pub(crate) height: u32,
}

/// The image that a draft names by its attachment; nothing for one of another draft, or what is no
/// image.
pub(crate) fn image(
    tx: &mut dyn Tx,
    community: CommunityId,
    (draft, id): (DraftId, AttachmentId),
) -> Result<Option<Image>, DbError> {
    let rows = tx.query(
        "
        select b3, width, height from attachment
        where community_id = :community and draft = :draft and id = :id
          and width is not null and height is not null",
        &params!["community" => community, "draft" => draft, "id" => id],
    )?;
    let Some(row) = rows.first() else {
        return Ok(None);
    };
    let side = |n: usize| u32::try_from(row.int(n)?).map_err(unreadable);
    Ok(Some(Image {
        b3: BlobHash::from_bytes(row.bytes(0)?.try_into().map_err(unreadable)?),
        width: side(1)?,
        height: side(2)?,
    }))
}

/// The bytes of a file that a draft uses or used under this hash.
pub(crate) fn size(
    tx: &mut dyn Tx,
    community: CommunityId,
    (draft, b3): (DraftId, BlobHash),
) -> Result<Option<u64>, DbError> {
    let rows = tx.query(
        "
        select size from attachment
        where community_id = :community and draft = :draft and b3 = :b3
        limit 1",
        &params!["community" => community, "draft" => draft, "b3" => *b3.as_bytes()],
    )?;
    let size = rows.first().map(|row| row.int(0)).transpose()?;
    size.map(|size| u64::try_from(size).map_err(unreadable))
        .transpose()
}

/// Deletes that a draft uses files.
pub(crate) fn delete_of_draft(
    tx: &mut dyn Tx,
    community: CommunityId,
    draft: DraftId,
) -> Result<(), DbError> {
    tx.execute(
        "delete from attachment where community_id = :community and draft = :draft",
        &params!["community" => community, "draft" => draft],
    )?;
    Ok(())
}

/// Id and version of every attachment.
pub(crate) fn visit_versions(
    tx: &mut dyn Tx,
    community: CommunityId,
    each: &mut dyn FnMut([u8; 16], i64),
) -> Result<(), DbError> {
    tx.visit(
        "select id, version from attachment where community_id = :community",
        &params!["community" => community],
        &mut |row| {
            each(row.id(0)?, row.int(1)?);
            Ok(())
        },
    )
}

fn read(row: &Record) -> Result<Attachment, DbError> {
    let pixels = |column| -> Result<Option<u32>, DbError> {
        let n = row.opt_int(column)?;
        n.map(|n| u32::try_from(n).map_err(unreadable)).transpose()
    };
    Ok(Attachment {
        id: AttachmentId::from_bytes(row.id(0)?),
        draft: DraftId::from_bytes(row.id(1)?),
        b3: BlobHash::from_bytes(row.bytes(2)?.try_into().map_err(unreadable)?),
        name: FileName::parse(row.text(3)?).map_err(unreadable)?,
        media_type: MediaType::parse(row.text(4)?).ok_or_else(|| unreadable("a media type"))?,
        size: row.int(5)?.try_into().map_err(unreadable)?,
        width: pixels(6)?,
        height: pixels(7)?,
        author: row.opt_id(8)?.map(UserId::from_bytes),
        made_at: row.at(9)?,
        removed_at: row.opt_at(10)?,
    })
}
