//! How one paragraph differs from another, in pieces that can be marked.

use similar::{Algorithm, DiffTag, capture_diff_slices};
use unicode_segmentation::UnicodeSegmentation;

/// Beyond so many words and characters the whole is one difference.
const MOST_TOKENS: usize = 4_000;

/// A piece of a difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    Same(String),
    /// Only in the first text.
    Gone(String),
    /// Only in the second text.
    New(String),
}

/// What has to go from `before` and to be added to become `after`. Han counts character by
/// character, other scripts word by word.
pub fn difference(before: &str, after: &str) -> Vec<Piece> {
    let (old, new) = (words(before), words(after));
    if old.len() > MOST_TOKENS || new.len() > MOST_TOKENS {
        return vec![Piece::Gone(before.to_owned()), Piece::New(after.to_owned())];
    }
    let mut pieces = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &old, &new) {
        let (gone, come) = (old[op.old_range()].concat(), new[op.new_range()].concat());
        match op.tag() {
            DiffTag::Equal => pieces.push(Piece::Same(gone)),
            DiffTag::Delete => pieces.push(Piece::Gone(gone)),
            DiffTag::Insert => pieces.push(Piece::New(come)),
            DiffTag::Replace => pieces.extend([Piece::Gone(gone), Piece::New(come)]),
        }
    }
    pieces
}

/// Words, and between them each Han character, mark or stretch of blanks.
pub(crate) fn words(text: &str) -> Vec<&str> {
    text.split_word_bounds().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(before: &str, after: &str) -> String {
        let mark = |piece: Piece| match piece {
            Piece::Same(text) => text,
            Piece::Gone(text) => format!("[-{text}]"),
            Piece::New(text) => format!("[+{text}]"),
        };
        difference(before, after).into_iter().map(mark).collect()
    }

    #[test]
    fn han_is_compared_by_characters_and_english_by_words() {
        assert_eq!(marked("会员价九折", "会员价八折"), "会员价[-九][+八]折");
        assert_eq!(
            marked("ten percent off", "twenty percent off"),
            "[-ten][+twenty] percent off"
        );
        assert_eq!(marked("第12课", "第13课"), "第[-12][+13]课");
    }

    #[test]
    fn nothing_and_everything() {
        assert_eq!(difference("", ""), []);
        assert_eq!(marked("", "新"), "[+新]");
        assert_eq!(marked("旧", ""), "[-旧]");
    }

    proptest::proptest! {
        #[test]
        fn both_texts_can_be_read_from_the_difference(before in "[a b一二。\n]{0,40}", after in "[a b一二。\n]{0,40}") {
            let pieces = difference(&before, &after);
            let of = |old: bool| -> String {
                pieces.iter().map(|piece| match piece {
                    Piece::Same(text) => text.as_str(),
                    Piece::Gone(text) if old => text,
                    Piece::New(text) if !old => text,
                    _ => "",
                }).collect()
            };
            proptest::prop_assert_eq!(of(true), before);
            proptest::prop_assert_eq!(of(false), after);
        }
    }
}
