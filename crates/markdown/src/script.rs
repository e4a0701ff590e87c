//! Which scripts letters belong to.

/// Han, kana and hangul: written without spaces between words, or read syllable by syllable.
pub(crate) fn is_east_asian(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}
