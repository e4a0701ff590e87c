//! What is worked out later of a row of the list, because it takes too long where many come at
//! once: by what a title is ordered, and whether a draft is not as it was published.

use pinyin::ToPinyin;
use rusqlite::{Connection, named_params};
use stoa_domain::DraftId;

use super::super::Sql;
use crate::StoreError;

/// The longest part of a title that orders it, in characters.
const MOST_CHARS: usize = 40;
/// Behind every letter of every language.
const UNTITLED: &str = "\u{10FFFF}";

/// By what a title is ordered: Chinese by pinyin, other letters without regard to case, and
/// drafts without a title at the end.
pub(super) fn title_key(title: &str) -> String {
    if title.is_empty() {
        return UNTITLED.to_owned();
    }
    let mut key = String::new();
    for c in title.chars().take(MOST_CHARS) {
        match c.to_pinyin() {
            // Characters that sound alike stand together, each in its own place.
            Some(pinyin) => key.extend(pinyin.plain().chars().chain([' ', c])),
            None => key.extend(c.to_lowercase()),
        }
    }
    key
}

/// Notes that something of a draft changed that the list does not see: its text or its files.
pub(crate) fn may_have_changed(db: &Connection, id: DraftId) -> Result<(), StoreError> {
    db.prepare_cached(
        "update listing set is_changed = null
         where id = :id and live_at is not null and is_changed is not null",
    )?
    .execute(named_params! {":id": Sql(id)})?;
    Ok(())
}

/// Whether something is to be worked out.
pub(crate) fn has_unknown(db: &Connection) -> Result<bool, StoreError> {
    let has_any = db
        .prepare_cached(
            "select exists (select 1 from listing where title_key is null or is_changed is null)",
        )?
        .query_row([], |row| row.get(0))?;
    Ok(has_any)
}

/// Works out what is not known of at most so many rows; whether there were any.
pub(crate) fn know_some(
    db: &Connection,
    limit: i64,
    is_changed: impl Fn(DraftId) -> Result<bool, StoreError>,
) -> Result<bool, StoreError> {
    let rows = unknown(db, limit)?;
    for (rid, id, title, is_posted) in &rows {
        let is_changed = *is_posted && is_changed(*id)?;
        db.prepare_cached(
            "update listing set title_key = :title_key, is_changed = :is_changed
             where rid = :rid",
        )?
        .execute(named_params! {
            ":title_key": title_key(title),
            ":is_changed": is_changed,
            ":rid": rid,
        })?;
    }
    Ok(!rows.is_empty())
}

type Unknown = (i64, DraftId, String, bool);

fn unknown(db: &Connection, limit: i64) -> Result<Vec<Unknown>, StoreError> {
    let mut statement = db.prepare_cached(
        "select rid, id, title, live_at is not null from listing
         where title_key is null or is_changed is null limit :limit",
    )?;
    let rows = statement.query_map(named_params! {":limit": limit}, |row| {
        Ok((
            row.get(0)?,
            row.get::<_, Sql<_>>(1)?.0,
            row.get(2)?,
            row.get(3)?,
        ))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_ordered_by_pinyin_and_letters_without_regard_to_case() {
        let mut titles = [
            "周报",
            "banana",
            "阿明",
            "",
            "Apple",
            "会员定价",
            "Zebra",
            "会议",
        ];
        titles.sort_by_key(|title| title_key(title));
        let expected = [
            "阿明",
            "Apple",
            "banana",
            "会议",
            "会员定价",
            "Zebra",
            "周报",
            "",
        ];
        assert_eq!(titles, expected);
    }
}
