//! Counting and cleaning of what people write, Chinese and Latin alike.

/// Whether a character is a Han ideograph.
pub fn is_han(c: char) -> bool {
    matches!(c,
        '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{323AF}' | '\u{3007}')
}

/// Removes NUL and turns every line break into `\n`; all else is the writer's.
pub fn clean(input: &str) -> String {
    let mut out = String::with_capacity(input.len());
    let mut chars = input.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\0' => {}
            '\r' => {
                if chars.peek() == Some(&'\n') {
                    chars.next();
                }
                out.push('\n');
            }
            c => out.push(c),
        }
    }
    out
}

/// Whether a character embeds, overrides or isolates a direction of writing, and so can turn round
/// what stands beside it.
pub(crate) fn turns_direction(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Words of a text: each Han character is one, each run of other letters or digits is one.
pub fn word_count(text: &str) -> u64 {
    let mut words = 0;
    let mut inside_word = false;
    for c in text.chars() {
        if is_han(c) {
            words += 1;
            inside_word = false;
        } else if c.is_alphanumeric() {
            words += u64::from(!inside_word);
            inside_word = true;
        } else if !matches!(c, '\'' | '’') {
            inside_word = false;
        }
    }
    words
}

/// The first `max_chars` characters of a text as one line, for lists.
pub fn excerpt(text: &str, max_chars: usize) -> String {
    let mut out = String::new();
    let mut taken = 0;
    for word in text.split_whitespace() {
        if taken > 0 && taken < max_chars {
            out.push(' ');
            taken += 1;
        }
        for c in word.chars() {
            if taken >= max_chars {
                return out;
            }
            out.push(c);
            taken += 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn han_characters_and_latin_words_are_counted_together() {
        let cases = [
            ("", 0),
            ("知识付费", 4),
            ("Rust 与 WASM 前端", 5),
            ("don't stop", 2),
            ("3.14 元", 3),
            ("你好，world！", 3),
            ("——……", 0),
        ];
        for (text, words) in cases {
            assert_eq!(word_count(text), words, "{text}");
        }
    }

    #[test]
    fn cleaning_drops_nul_and_normalises_line_breaks() {
        assert_eq!(clean("a\0b\r\nc\rd\ne"), "ab\nc\nd\ne");
    }

    #[test]
    fn an_excerpt_is_one_line_of_bounded_length() {
        assert_eq!(excerpt("第一行\n\n第二行", 5), "第一行 第");
        assert_eq!(excerpt("short", 50), "short");
        assert_eq!(excerpt("", 5), "");
    }
}
