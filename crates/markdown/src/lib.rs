//! Stoa's Markdown: the tree of a text, its HTML, and what can be said of it.
//!
//! [`read`] gives a [`Document`], a tree of our own in the syntax that the editor writes: raw HTML
//! is text in it, and a link in it has an address that was checked. The window draws the tree
//! itself. From it come the [`open_part`] of a text with a paywall, [`Statistics`], the [`outline`], the
//! [`findings`] before publishing, and, with the feature `html`, HTML for the server and for
//! copying. [`word_difference`], [`difference`] and [`versions`] compare texts.
//!
//! Untrusted text goes through here, so everything is linear in its length. What would take too
//! much time or memory is refused with [`TooMuch`]; [`plain_text`] and its like then fall back on a
//! scan that knows the marks but not the grammar.

mod difference;
mod document;
mod findings;
mod grammar;
#[cfg(feature = "html")]
mod html;
mod inlines;
mod link;
mod parse;
mod preview;
mod read;
mod rows;
mod scan;
mod script;
mod statistics;
mod track;
mod versions;

use thiserror::Error;

pub use difference::{Piece, difference};
pub use document::{
    Align, Block, BlockKind, CalloutKind, Document, Footnote, Image, Inline, Item, List, Mention,
    Table,
};
pub use findings::{Finding, FindingCode, findings};
#[cfg(feature = "html")]
pub use html::{HtmlOptions, HtmlProfile, html};
pub use link::{Checked, Doubt, Link, LinkTrouble};
pub use preview::open_part;
pub use read::read;
pub use rows::{Change, Row, Span, word_difference};
pub use statistics::{HAN_PER_MINUTE, Heading, Statistics, WORDS_PER_MINUTE, outline};
pub use track::{Cue, MAX_TRACK_BYTES, NotATrack, read_track};
pub use versions::{Hunk, compose, versions};

/// The longest text that is parsed, in bytes: the longest that a draft may hold.
pub const MAX_PARSED_BYTES: usize = stoa_domain::MAX_BODY_BYTES;
/// The most marks, words and blocks that a text may be made of to be parsed.
pub const MAX_NODES: usize = 120_000;
/// How deep quotes and lists may lie in each other to be parsed.
pub const MAX_NESTING: usize = 64;
/// The most NUL bytes: each is read as a replacement character, which is three times as long.
const MAX_NULS: usize = 1_000;
/// The most lines that may define what a link refers to.
const MAX_DEFINITIONS: usize = 20_000;
/// The most columns of a table.
pub const MAX_COLUMNS: usize = 128;
/// Alone on its line, it parts what everybody may read from what is paid for.
pub const PAYWALL_DIVIDER: &str = "<!-- paywall -->";

/// Why a text is not parsed: parsing it would take too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TooMuch {
    #[error("{bytes} bytes are more than {MAX_PARSED_BYTES}")]
    Long { bytes: usize },
    #[error("quotes or lists lie more than {MAX_NESTING} deep")]
    Deep,
    #[error("a table has more than {MAX_COLUMNS} columns")]
    Wide,
    #[error("more marks than anybody writes")]
    Many,
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
    let mut n_definitions = 0;
    for line in markdown.split(['\n', '\r']) {
        if scan::depth(line) > MAX_NESTING {
            return Err(TooMuch::Deep);
        }
        if scan::columns(line) > MAX_COLUMNS {
            return Err(TooMuch::Wide);
        }
        n_definitions += usize::from(line.contains("]:"));
    }
    let n_nuls = markdown.bytes().filter(|byte| *byte == 0).count();
    if n_definitions > MAX_DEFINITIONS || n_nuls > MAX_NULS {
        return Err(TooMuch::Many);
    }
    Ok(())
}

/// The text without marks, a line for each paragraph, heading or item.
pub fn plain_text(markdown: &str) -> String {
    parse::plain_text(markdown).unwrap_or_else(|_| scan::visible(markdown).trim_end().to_owned())
}

/// A piece of a text without marks, even where the piece begins or ends between them. Cheaper than
/// [`plain_text`] and less exact.
pub fn visible_text(piece: &str) -> String {
    scan::visible(piece)
}

/// The first heading, as one line; `None` when there is none or it is empty.
pub fn title_of(markdown: &str) -> Option<String> {
    parse::first_heading(markdown).ok()?
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
