//! The text of each published form of a post, and the files that it names.

use std::collections::BTreeSet;

use stoa_domain::{BlobHash, CommunityId, DraftId};

use crate::db::{DbError, Params, Tx, params};

/// A published form of a post.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    pub(crate) draft: DraftId,
    pub(crate) version: u32,
    pub(crate) markdown: String,
    /// Its beginning, as far as everybody may read it.
    pub(crate) teaser: String,
}

pub(crate) fn insert_each(
    tx: &mut dyn Tx,
    community: CommunityId,
    texts: &[Text],
) -> Result<(), DbError> {
    let sets: Vec<Params> = texts
        .iter()
        .map(|text| {
            params![
                "community" => community,
                "draft" => text.draft,
                "version" => i64::from(text.version),
                "markdown" => text.markdown.as_str(),
                "teaser" => text.teaser.as_str(),
            ]
        })
        .collect();
    tx.execute_each(
        "
        insert into post_text (community_id, draft_id, version, markdown, teaser)
        values (:community, :draft, :version, :markdown, :teaser)",
        &sets,
    )
}

/// How a text names a file, before the hash.
const FILE: &str = "attachment:";
/// Hex digits of a hash.
const DIGITS: usize = 64;

/// The files that a text names.
pub(crate) fn files_in(markdown: &str) -> BTreeSet<BlobHash> {
    let named = markdown.split(FILE).skip(1);
    named
        .filter_map(|rest| rest.get(..DIGITS)?.parse().ok())
        .collect()
}

/// Keeps files as long as there is the post that shows them.
pub(crate) fn keep_files(
    tx: &mut dyn Tx,
    community: CommunityId,
    draft: DraftId,
    files: &BTreeSet<BlobHash>,
) -> Result<(), DbError> {
    let sets: Vec<Params> = files
        .iter()
        .map(|b3| params!["community" => community, "draft" => draft, "b3" => *b3.as_bytes()])
        .collect();
    tx.execute_each(
        "
        insert into post_file (community_id, draft_id, b3) values (:community, :draft, :b3)
        on conflict (community_id, draft_id, b3) do nothing",
        &sets,
    )
}

pub(crate) fn find(
    tx: &mut dyn Tx,
    community: CommunityId,
    (draft, version): (DraftId, u32),
) -> Result<Option<String>, DbError> {
    let rows = tx.query(
        "
        select markdown from post_text
        where community_id = :community and draft_id = :draft and version = :version",
        &params![
            "community" => community,
            "draft" => draft,
            "version" => i64::from(version),
        ],
    )?;
    rows.first()
        .map(|row| Ok(row.text(0)?.to_owned()))
        .transpose()
}

/// The beginning of a text, as far as everybody may read it.
pub(crate) fn teaser(
    tx: &mut dyn Tx,
    community: CommunityId,
    (draft, version): (DraftId, u32),
) -> Result<String, DbError> {
    let rows = tx.query(
        "
        select teaser from post_text
        where community_id = :community and draft_id = :draft and version = :version",
        &params![
            "community" => community,
            "draft" => draft,
            "version" => i64::from(version),
        ],
    )?;
    let teaser = rows.first().map(|row| row.text(0)).transpose()?;
    Ok(teaser.unwrap_or_default().to_owned())
}

pub(crate) fn delete_of_draft(
    tx: &mut dyn Tx,
    community: CommunityId,
    draft: DraftId,
) -> Result<(), DbError> {
    tx.execute(
        "delete from post_text where community_id = :community and draft_id = :draft",
        &params!["community" => community, "draft" => draft],
    )?;
    tx.execute(
        "delete from post_file where community_id = :community and draft_id = :draft",
        &params!["community" => community, "draft" => draft],
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_hashes_name_a_file() {
        let digits = "ab".repeat(32);
        let text = format!("![a](attachment:{digits}) attachment:12 attachment: 图attachment:图");
        let found = files_in(&text);
        assert_eq!(found, [digits.parse().unwrap()].into());
    }
}
