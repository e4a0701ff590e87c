//! Passages of a text that stay with their letters while the text changes.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use loro::ContainerTrait;
use loro::cursor::{Cursor, PosType, Side};
use stoa_domain::{Anchor, Quote, TextPlace};

use super::Document;

impl Document {
    /// What holds on to a passage, given in UTF-16 units; `None` where there is none, or where it
    /// cuts a character in two.
    pub(crate) fn anchor(&self, at: Range<usize>) -> Option<Anchor> {
        let body = self.body();
        if at.is_empty() || at.end > body.len_utf16() {
            return None;
        }
        let from = body.convert_pos(at.start, PosType::Utf16, PosType::Event)?;
        let to = body.convert_pos(at.end, PosType::Utf16, PosType::Event)?;
        let passage = body.slice_utf16(at.start, at.end).ok()?;
        // Each end holds on to the letter inside: what is written beside it stays outside.
        let first = body.get_cursor(from, Side::Left)?;
        let last = body.get_cursor(to.checked_sub(1)?, Side::Right)?;
        Some(Anchor {
            from: place_of(&first)?,
            to: place_of(&last)?,
            quote: Quote::new(&stoa_markdown::visible_text(&passage)),
        })
    }

    /// Where a passage is now, in UTF-16 units; `None` where nothing is left of it or this document
    /// does not know it. Anybody may have made the anchor.
    pub(crate) fn passage(&self, anchor: &Anchor) -> Option<Range<usize>> {
        let find = || {
            let (from, _) = self.position(&anchor.from)?;
            let (last, is_there) = self.position(&anchor.to)?;
            let to = last + usize::from(is_there);
            let body = self.body();
            let in_utf16 = |at| body.convert_pos(at, PosType::Event, PosType::Utf16);
            Some(in_utf16(from)?..in_utf16(to)?)
        };
        let found = catch_unwind(AssertUnwindSafe(find)).ok()?;
        found.filter(|range| !range.is_empty())
    }

    /// Where a letter is, and whether it is still there itself.
    fn position(&self, place: &TextPlace) -> Option<(usize, bool)> {
        let bytes = STANDARD.decode(place.as_str()).ok()?;
        let cursor = Cursor::decode(&bytes).ok()?;
        if cursor.container != self.body().id() || cursor.id.is_none() {
            return None;
        }
        let found = self.cursor_position(&cursor)?;
        Some((found.current.pos, found.update.is_none()))
    }
}

fn place_of(cursor: &Cursor) -> Option<TextPlace> {
    TextPlace::parse(&STANDARD.encode(cursor.encode()))
}

#[cfg(test)]
mod tests {
    use stoa_domain::Splice;

    use super::*;

    fn document(text: &str) -> Document {
        let document = Document::empty();
        document.splice(&[insert(0, text)]).unwrap();
        document
    }

    fn insert(at: usize, text: &str) -> Splice {
        Splice {
            at,
            delete: 0,
            insert: text.to_owned(),
        }
    }

    fn delete(at: usize, delete: usize) -> Splice {
        Splice {
            at,
            delete,
            insert: String::new(),
        }
    }

    fn passage(document: &Document, anchor: &Anchor) -> Option<String> {
        let range = document.passage(anchor)?;
        document.body().slice_utf16(range.start, range.end).ok()
    }

    #[test]
    fn a_passage_stays_with_its_letters() {
        let document = document("一个👩‍💻社群，按月付费。");
        let anchor = document.anchor(7..9).unwrap();
        assert_eq!(anchor.quote.as_str(), "社群");
        document.splice(&[insert(0, "前言。")]).unwrap();
        assert_eq!(passage(&document, &anchor).as_deref(), Some("社群"));
        // Beside it is not in it, and within it is.
        document
            .splice(&[insert(10, "前"), insert(13, "后")])
            .unwrap();
        assert_eq!(passage(&document, &anchor).as_deref(), Some("社群"));
        document.splice(&[insert(12, "大")]).unwrap();
        assert_eq!(passage(&document, &anchor).as_deref(), Some("社大群"));
    }

    #[test]
    fn of_a_passage_that_was_cut_the_rest_is_shown_and_of_one_that_is_gone_nothing() {
        let document = document("一二三四五六");
        let anchor = document.anchor(1..4).unwrap();
        document.splice(&[delete(3, 2)]).unwrap();
        assert_eq!(passage(&document, &anchor).as_deref(), Some("二三"));
        document.splice(&[delete(0, 2)]).unwrap();
        assert_eq!(passage(&document, &anchor).as_deref(), Some("三"));
        document.splice(&[delete(0, 1)]).unwrap();
        assert_eq!(passage(&document, &anchor), None);
        document.splice(&[delete(0, 1)]).unwrap();
        assert_eq!(document.text(), "");
        assert_eq!(passage(&document, &anchor), None);
    }

    #[test]
    fn the_last_letter_holds_a_passage_at_the_end() {
        let document = document("按月付费");
        let anchor = document.anchor(2..4).unwrap();
        document.splice(&[insert(4, "，按年更省")]).unwrap();
        assert_eq!(passage(&document, &anchor).as_deref(), Some("付费"));
    }

    #[test]
    fn what_is_no_passage_holds_nothing() {
        let document = document("👩一");
        for range in [0..0, 1..1, 0..9, 3..4] {
            assert!(document.anchor(range.clone()).is_none(), "{range:?}");
        }
        let other = Document::empty().fork(7);
        other.splice(&[insert(0, "别的文字")]).unwrap();
        let elsewhere = other.anchor(0..2).unwrap();
        assert_eq!(document.passage(&elsewhere), None);
        for hostile in ["AA==", "////", "AAAAAAAAAAAAAAAAAAAA"] {
            let place = TextPlace::parse(hostile).unwrap();
            let anchor = Anchor {
                from: place.clone(),
                to: place,
                quote: Quote::default(),
            };
            assert_eq!(document.passage(&anchor), None, "{hostile}");
        }
    }
}
