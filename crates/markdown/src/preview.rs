//! What everybody may read of a text with a paywall.

use crate::document::{Block, BlockKind};
use crate::read;

/// As much of a text as everybody may read when the whole is for some only: what lies before the
/// first divider. Without one, or where the text is too much to be looked at, nothing.
///
/// What is paid for begins where a block does: a divider inside a quote or a list opens nothing.
pub fn open_part(markdown: &str) -> &str {
    let Ok(document) = read(markdown) else {
        return "";
    };
    let is_divider = |block: &&Block| block.kind == BlockKind::Paywall;
    let divider = document.blocks.iter().find(is_divider);
    divider.map_or("", |divider| &markdown[..divider.at.start])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_before_the_first_divider_is_for_everybody() {
        let cases = [
            ("免费\n\n<!-- paywall -->\n\n付费", "免费\n\n"),
            ("free\n<!-- paywall -->\npaid", "free\n"),
            ("全文\n\n<!-- paywall -->\n", "全文\n\n"),
            ("<!-- paywall -->\n付费", ""),
            (
                "a\n\n<!-- paywall -->\n\nb\n\n<!-- paywall -->\n\nc",
                "a\n\n",
            ),
        ];
        for (markdown, open) in cases {
            assert_eq!(open_part(markdown), open, "{markdown}");
        }
    }

    #[test]
    fn nothing_is_open_without_a_divider_of_its_own() {
        let closed = [
            "全文",
            "```\n<!-- paywall -->\n```\n",
            "> a\n>\n> <!-- paywall -->\n>\n> b\n\nc",
            "- a\n\n  <!-- paywall -->\n\n  b\n",
        ];
        for markdown in closed {
            assert_eq!(open_part(markdown), "", "{markdown}");
        }
        let bomb = "> ".repeat(40_000) + "\n<!-- paywall -->\n";
        assert_eq!(open_part(&bomb), "");
    }
}
