//! The text that the updates to a draft make, and the updates that make a text.

use std::panic::{AssertUnwindSafe, catch_unwind};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use loro::{ExportMode, LoroDoc, LoroError};
use stoa_domain::TextVersion;

/// The text of a document in which a studio writes.
const BODY: &str = "body";
/// With more updates that bring the reader down, there is no text.
const MOST_HARMFUL: usize = 8;

/// Bytes of a text that become one update; with what the document notes about it, that fits a
/// mutation.
const PIECE_BYTES: usize = 64 * 1024;

/// A text as the updates of a new document, and the state that they make together.
///
/// # Errors
/// The document code's own; it has none for a text.
pub(crate) fn as_updates(
    text: &str,
    author: u64,
) -> Result<(Vec<Vec<u8>>, TextVersion), LoroError> {
    let unreadable = |error: String| LoroError::DecodeError(error.into());
    let doc = LoroDoc::new();
    doc.set_peer_id(author)?;
    let body = doc.get_text(BODY);
    let (mut updates, mut rest) = (Vec::new(), text);
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(rest.floor_char_boundary(PIECE_BYTES));
        let before = doc.oplog_vv();
        body.insert_utf8(body.len_utf8(), piece)?;
        doc.commit();
        let update = doc.export(ExportMode::updates(&before));
        updates.push(update.map_err(|error| unreadable(error.to_string()))?);
        rest = after;
    }
    let state = STANDARD.encode(doc.state_frontiers().encode());
    let state = TextVersion::parse(&state).ok_or_else(|| unreadable("no state".to_owned()))?;
    Ok((updates, state))
}

/// The Markdown that updates make together, each in base64. As in the studio, one that cannot be
/// read is left out, however it fails: the bytes come from somebody's device.
pub(crate) fn of_updates<'u>(updates: impl Iterator<Item = &'u str>) -> String {
    let updates: Vec<Vec<u8>> = updates
        .filter_map(|base64| STANDARD.decode(base64).ok())
        .collect();
    let together = read(|doc| doc.import_batch(&updates).map(drop).ok());
    together.unwrap_or_else(|| one_by_one(updates))
}

/// The text after an import; `None` when it failed.
fn read(import: impl FnOnce(&LoroDoc) -> Option<()>) -> Option<String> {
    let text = catch_unwind(AssertUnwindSafe(|| {
        let doc = LoroDoc::new();
        import(&doc)?;
        Some(doc.get_text(BODY).to_string())
    }));
    text.ok().flatten()
}

/// The text of those that can be read. An update that is refused leaves the document as it was;
/// one that brings the reader down is not tried again.
fn one_by_one(mut updates: Vec<Vec<u8>>) -> String {
    for _ in 0..MOST_HARMFUL {
        let mut at = 0;
        let text = read(|doc| {
            for update in &updates {
                // Whether it was refused makes no difference to the others.
                drop(doc.import(update));
                at += 1;
            }
            Some(())
        });
        match text {
            Some(text) => return text,
            None if at < updates.len() => drop(updates.remove(at)),
            None => break,
        }
    }
    String::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two_updates() -> [String; 2] {
        let doc = LoroDoc::new();
        let text = doc.get_text(BODY);
        text.insert(0, "知识付费").unwrap();
        doc.commit();
        let first = doc.export(ExportMode::all_updates()).unwrap();
        let seen = doc.oplog_vv();
        text.insert(4, "入门").unwrap();
        doc.commit();
        let second = doc.export(ExportMode::updates(&seen)).unwrap();
        [first, second].map(|bytes| STANDARD.encode(bytes))
    }

    fn text(updates: &[&str]) -> String {
        of_updates(updates.iter().copied())
    }

    #[test]
    fn updates_make_the_text_in_whatever_order_they_are_read() {
        let [first, second] = two_updates();
        assert_eq!(text(&[&first, &second]), "知识付费入门");
        assert_eq!(text(&[&second, &first]), "知识付费入门");
        assert_eq!(text(&[]), "");
    }

    #[test]
    fn a_text_of_any_length_comes_back_from_the_updates_it_was_made_into() {
        for written in ["知识付费", &"长长的一段。\n\n".repeat(20_000)] {
            let (updates, _) = as_updates(written, 7).unwrap();
            let sent: Vec<String> = updates.iter().map(|bytes| STANDARD.encode(bytes)).collect();
            let longest = updates.iter().map(Vec::len).max().unwrap();
            assert!(longest < stoa_mutators::MAX_UPDATE_BYTES, "{longest}");
            assert_eq!(of_updates(sent.iter().map(String::as_str)), written);
        }
    }

    #[test]
    fn what_cannot_be_read_is_left_out() {
        let [first, second] = two_updates();
        let cut = STANDARD.encode(&STANDARD.decode(&second).unwrap()[..20]);
        for broken in ["!", "AAAA", &cut] {
            assert_eq!(text(&[&first, broken]), "知识付费");
            assert_eq!(text(&[&first, broken, &second]), "知识付费入门");
        }
    }
}
