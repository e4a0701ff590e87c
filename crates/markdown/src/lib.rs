//! Stoa's Markdown: what a reader sees of it, how long it is, what a file is called.
//!
//! Untrusted text goes through here, so everything is linear in its length. [`plain_text`] and
//! [`title_of`] parse only what [`check`] lets through; beyond that they fall back on a scan that
//! knows the marks but not the grammar.

mod difference;
mod parse;
mod scan;
mod versions;

use thiserror::Error;

pub use difference::{Piece, difference};
pub use versions::{Hunk, compose, versions};

/// The longest text that is parsed, in bytes.
pub const MAX_PARSED_BYTES: usize = 256 * 1024;
/// How deep quotes and lists may lie in each other to be parsed.
pub const MAX_NESTING: usize = 64;
/// Alone on its line, it parts what everybody may read from what is paid for.
pub const PAYWALL_DIVIDER: &str = "<!-- paywall -->";

/// Why a text is not parsed: parsing it would take too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TooMuch {
    #[error("{bytes} bytes are more than {MAX_PARSED_BYTES}")]
    Long { bytes: usize },
    #[error("quotes or lists lie more than {MAX_NESTING} deep")]
    Deep,
}

/// Whether a text may be parsed.
///
/// # Errors
/// [`TooMuch`]
pub fn check(markdown: &str) -> Result<(), TooMuch> {
    if markdown.len() > MAX_PARSED_BYTES {
        return Err(TooMuch::Long {
            bytes: markdown.len(),
        });
    }
    if markdown.lines().any(|line| scan::depth(line) > MAX_NESTING) {
        return Err(TooMuch::Deep);
    }
    Ok(())
}

/// The text without marks, a line for each paragraph, heading or item.
pub fn plain_text(markdown: &str) -> String {
    match check(markdown) {
        Ok(()) => parse::plain_text(markdown),
        Err(_) => scan::visible(markdown).trim_end().to_owned(),
    }
}

/// A piece of a text without marks, even where the piece begins or ends between them. Cheaper than
/// [`plain_text`] and less exact.
pub fn visible_text(piece: &str) -> String {
    scan::visible(piece)
}

/// The first heading, as one line; `None` when there is none or it is empty.
pub fn title_of(markdown: &str) -> Option<String> {
    check(markdown).ok()?;
    parse::first_heading(markdown)
}

/// Words that a reader sees: each Han character is one, each other word is one. Addresses of links
/// and tags are not counted.
pub fn word_count(markdown: &str) -> u64 {
    stoa_domain::word_count(&scan::visible(markdown))
}

/// The beginning of the text without marks, as one line of at most `max_chars` characters.
pub fn excerpt(markdown: &str, max_chars: usize) -> String {
    // Marks take room too, but hardly more than the text between them.
    let end = markdown.floor_char_boundary(max_chars.saturating_mul(16));
    stoa_domain::excerpt(&plain_text(&markdown[..end]), max_chars)
}

/// What lies before the paywall divider and what lies behind it, if there is one.
pub fn split_at_paywall(markdown: &str) -> (&str, Option<&str>) {
    let mut fence = scan::Fence::default();
    let mut at = 0;
    for line in markdown.split_inclusive('\n') {
        let is_code = fence.covers(line);
        if !is_code && line.trim() == PAYWALL_DIVIDER {
            return (&markdown[..at], Some(&markdown[at + line.len()..]));
        }
        at += line.len();
    }
    (markdown, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_text(markdown: &str, expected: &str) {
        assert_eq!(plain_text(markdown), expected);
    }

    #[test]
    fn marks_are_not_text() {
        check_text(
            "# 标题\n\n正文 **加粗** 与 `代码`。",
            "标题\n正文 加粗 与 代码。",
        );
        check_text("- 一\n- [二](https://x.y/z)\n", "一\n二");
        check_text(
            "> 引用\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
            "引用\na\nb\n1\n2",
        );
        check_text("前\n<!-- paywall -->\n后", "前\n后");
        check_text("![图](a.png) <b>粗</b>", "图 粗");
    }

    #[test]
    fn emphasis_next_to_full_width_punctuation_is_understood() {
        check_text("**这是重点。**后面", "这是重点。后面");
    }

    #[test]
    fn words_are_those_a_reader_sees() {
        let cases = [
            ("# 标题", 2),
            ("看 [这里](https://example.com/a/b) 吧", 4),
            ("a <https://example.com> b", 2),
            ("```rust\nlet x = 1;\n```", 3),
            ("<b>粗</b> \\*x\\*", 2),
            ("1. one\n2. two", 2),
            ("<!-- paywall -->", 0),
        ];
        for (markdown, n_words) in cases {
            assert_eq!(word_count(markdown), n_words, "{markdown}");
        }
    }

    #[test]
    fn the_title_of_a_file_is_its_first_heading() {
        assert_eq!(
            title_of("序\n\n## 第一 *课*\n\n# 二").as_deref(),
            Some("第一 课")
        );
        assert_eq!(title_of("标题\n====\n").as_deref(), Some("标题"));
        assert_eq!(title_of("```\n# no\n```\ntext"), None);
        assert_eq!(title_of("# \n"), None);
    }

    #[test]
    fn the_divider_parts_the_text_unless_it_is_code() {
        assert_eq!(
            split_at_paywall("a\n<!-- paywall -->\nb"),
            ("a\n", Some("b"))
        );
        assert_eq!(split_at_paywall("a"), ("a", None));
        let code = "```\n<!-- paywall -->\n```\n";
        assert_eq!(split_at_paywall(code), (code, None));
    }

    #[test]
    fn bombs_are_not_parsed_and_still_answered() {
        let quotes = "> ".repeat(40_000);
        assert_eq!(check(&quotes), Err(TooMuch::Deep));
        assert_eq!(plain_text(&quotes).trim(), "");
        let lists = "- ".repeat(100) + "x";
        assert_eq!(check(&lists), Err(TooMuch::Deep));
        assert_eq!(plain_text(&lists).trim(), "x");
        let long = "字".repeat(MAX_PARSED_BYTES);
        assert_eq!(check(&long), Err(TooMuch::Long { bytes: long.len() }));
        assert_eq!(plain_text(&long).chars().count(), MAX_PARSED_BYTES);
    }

    #[test]
    fn an_excerpt_is_one_bounded_line() {
        assert_eq!(excerpt("# 题\n\n正文 **很** 长", 6), "题 正文 很");
        assert_eq!(excerpt("", 6), "");
    }
}
