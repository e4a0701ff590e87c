//! How one paragraph differs from another, in pieces that can be marked.

use similar::{Algorithm, DiffTag, capture_diff_slices};

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
    let (old, new) = (tokens(before), tokens(after));
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

/// Words of letters and digits; everything else, Han included, one by one.
fn tokens(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut in_word = false;
    for (at, c) in text.char_indices() {
        let is_word = c.is_alphanumeric() && !is_han(c);
        if at > start && !(in_word && is_word) {
            found.push(&text[start..at]);
            start = at;
        }
        in_word = is_word;
    }
    if start < text.len() {
        found.push(&text[start..]);
    }
    found
}

/// Han, kana and hangul: scripts without spaces between words, or read syllable by syllable.
fn is_han(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
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
