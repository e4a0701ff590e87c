//! What follows from a text: its Markdown beside the document, the words and the beginning that
//! lists show, and its place in the search index.

use rusqlite::Connection;
use stoa_domain::{DraftId, SearchQuery};

use crate::store::Work;
use crate::table::doc::Summary;
use crate::table::listing::{self, Listed};
use crate::table::{doc, doc_waiting, history, outbox};
use crate::{ChangeKind, ChangeText, HistoryEntry, StoreError, merging};

const EXCERPT_CHARS: usize = 120;
/// Characters before a hit that its excerpt shows.
const BEFORE_HIT: usize = 30;
/// Texts up to this many bytes are indexed when they are saved; larger ones later.
const SMALL_BYTES: usize = 6 * 1024;
/// How many drafts are indexed in one transaction.
const INDEX_BATCH: i64 = 100;

/// Stores a text beside its document.
pub(crate) fn put(db: &Connection, id: DraftId, markdown: &str) -> Result<Summary, StoreError> {
    let summary = Summary {
        n_words: stoa_markdown::word_count(markdown),
        excerpt: stoa_markdown::excerpt(markdown, EXCERPT_CHARS),
    };
    doc::put(db, id, markdown, &summary)?;
    Ok(summary)
}

/// Makes a draft findable at once if that takes no time.
pub(crate) fn index_if_small(db: &Connection, id: DraftId) -> Result<(), StoreError> {
    let markdown = merging::markdown(db, id)?;
    if markdown.len() > SMALL_BYTES {
        return Ok(());
    }
    index_text(db, id, &markdown)
}

/// Makes a draft findable.
pub(crate) fn index(db: &Connection, id: DraftId) -> Result<(), StoreError> {
    index_text(db, id, &merging::markdown(db, id)?)
}

fn index_text(db: &Connection, id: DraftId, markdown: &str) -> Result<(), StoreError> {
    if let Some(listed) = listing::get(db, id)? {
        let text = stoa_markdown::plain_text(markdown);
        listing::index(db, listed.rid, &listed.title, &text)?;
    }
    doc::mark_indexed(db, id)
}

/// Brings some of what lags behind up to date; whether there may be more.
pub(crate) fn index_some(db: &Connection) -> Result<bool, StoreError> {
    let lagging = doc::to_index(db, INDEX_BATCH)?;
    for id in &lagging {
        index(db, *id)?;
    }
    Ok(!lagging.is_empty())
}

/// Takes a draft that is gone off the list. A text that was written is kept in the history, unless
/// the right to it ended and nothing that was written here waits in it.
pub(crate) fn take_away(
    work: &mut Work<'_>,
    id: DraftId,
    listed: Listed,
) -> Result<(), StoreError> {
    listing::remove(work.db, listed.rid)?;
    if !work.is_right_lost || waits_in_text(work.db, id)? {
        keep(work, id, ChangeKind::Create, listed)?;
    }
    doc::delete(work.db, id)?;
    doc_waiting::remove(work.db, id)?;
    work.documents.forget(id);
    work.changed.ended.insert(id);
    Ok(())
}

/// Whether something that was written here was not accepted yet.
fn waits_in_text(db: &Connection, id: DraftId) -> Result<bool, StoreError> {
    let entries = outbox::of_draft(db, id)?;
    Ok(entries.iter().any(|entry| entry.kind == ChangeKind::Write))
}

/// Keeps a text as it is now in the history, before something of it is taken away.
pub(crate) fn keep(
    work: &mut Work<'_>,
    id: DraftId,
    kind: ChangeKind,
    listed: Listed,
) -> Result<(), StoreError> {
    let markdown = merging::markdown(work.db, id)?;
    history::add(
        work.db,
        &HistoryEntry {
            at: work.now.unwrap_or(listed.edited_at),
            kind: work.kept_as,
            n: 1,
            text: Some(ChangeText {
                kind,
                title: listed.title,
            }),
            kept_markdown: (!markdown.is_empty()).then_some(markdown),
        },
    )
}

/// The place of a text that matches, as one line; `None` when only the title does.
pub(crate) fn excerpt_at_hit(markdown: &str, query: &SearchQuery) -> Option<String> {
    let at = query
        .words()
        .iter()
        .filter_map(|word| find(markdown, word))
        .min()?;
    let start = before(markdown, at, BEFORE_HIT);
    // Marks take room too, but hardly more than the text between them.
    let end = markdown
        .ceil_char_boundary(at + EXCERPT_CHARS * 8)
        .min(markdown.len());
    let text = stoa_markdown::visible_text(&markdown[start..end]);
    let line = stoa_domain::excerpt(&text, EXCERPT_CHARS);
    let line = line.trim_start_matches(['*', '_', '~', '`', ')', ']']);
    Some(if start > 0 {
        format!("…{line}")
    } else {
        line.to_owned()
    })
}

/// Where a lower-cased word begins in a text, whatever its case there.
fn find(text: &str, word: &str) -> Option<usize> {
    if let Some(at) = text.find(word) {
        return Some(at);
    }
    if !word.is_ascii() {
        return None;
    }
    let (text, word) = (text.as_bytes(), word.as_bytes());
    text.windows(word.len())
        .position(|window| window.eq_ignore_ascii_case(word))
}

/// So many characters before a place, but not beyond the line it is on.
fn before(text: &str, at: usize, chars: usize) -> usize {
    let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
    text[line..at]
        .char_indices()
        .rev()
        .nth(chars.saturating_sub(1))
        .map_or(line, |(i, _)| line + i)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(markdown: &str, query: &str, expected: Option<&str>) {
        let query = SearchQuery::parse(query).unwrap();
        assert_eq!(excerpt_at_hit(markdown, &query).as_deref(), expected);
    }

    #[test]
    fn the_excerpt_shows_the_place_that_matched() {
        check(
            "# 题\n\n知识付费**社群**运营",
            "社群",
            Some("…知识付费社群运营"),
        );
        check("About Rust", "rust", Some("About Rust"));
        check("别的", "社群", None);
        let long = format!("{}社群{}", "前".repeat(100), "后".repeat(300));
        let query = SearchQuery::parse("社群").unwrap();
        let excerpt = excerpt_at_hit(&long, &query).unwrap();
        assert!(
            excerpt.starts_with("…前") && excerpt.contains("社群"),
            "{excerpt}"
        );
        assert!(excerpt.chars().count() <= EXCERPT_CHARS + 1);
    }
}
