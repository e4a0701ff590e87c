//! What everybody may read of a text with a paywall.

use crate::document::{Block, BlockKind, Document, Footnote, Inline, Item, List};

/// The beginning of a document, and whether there is more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    pub document: Document,
    /// Whether anything stands behind the divider.
    pub has_more: bool,
}

/// What lies before the first divider, wherever it stands, with the footnotes that it refers to.
pub fn preview_until_paywall(document: &Document) -> Preview {
    let mut cut = Cut::default();
    let mut blocks = cut.before(&document.blocks);
    let footnotes = Renumbering::of(&mut blocks, &document.footnotes);
    Preview {
        document: Document { blocks, footnotes },
        has_more: cut.has_more,
    }
}

#[derive(Default)]
struct Cut {
    is_found: bool,
    has_more: bool,
}

impl Cut {
    fn before(&mut self, blocks: &[Block]) -> Vec<Block> {
        let mut kept = Vec::new();
        for block in blocks {
            if self.is_found {
                self.has_more |= block.kind != BlockKind::Paywall;
            } else if block.kind == BlockKind::Paywall {
                self.is_found = true;
            } else {
                kept.extend(self.part_of(block));
            }
        }
        kept
    }

    /// A block without what lies behind a divider in it; `None` when nothing is left.
    fn part_of(&mut self, block: &Block) -> Option<Block> {
        let kind = match &block.kind {
            BlockKind::Quote(blocks) => BlockKind::Quote(self.before(blocks)),
            BlockKind::Callout {
                kind,
                title,
                blocks,
            } => BlockKind::Callout {
                kind: *kind,
                title: title.clone(),
                blocks: self.before(blocks),
            },
            BlockKind::List(list) => BlockKind::List(self.items(list)),
            other => other.clone(),
        };
        let is_left = match &kind {
            BlockKind::Quote(blocks) => !(self.is_found && blocks.is_empty()),
            BlockKind::List(list) => !list.items.is_empty(),
            _ => true,
        };
        is_left.then(|| Block {
            at: block.at.clone(),
            kind,
        })
    }

    fn items(&mut self, list: &List) -> List {
        let mut items = Vec::new();
        for item in &list.items {
            if self.is_found {
                self.has_more = true;
                continue;
            }
            let blocks = self.before(&item.blocks);
            if !(self.is_found && blocks.is_empty()) {
                let is_done = item.is_done;
                items.push(Item { is_done, blocks });
            }
        }
        List {
            start: list.start,
            is_tight: list.is_tight,
            items,
        }
    }
}

/// Gives the footnotes that are used new numbers, in the order in which they are met.
struct Renumbering {
    /// The new number of each old one, 0 while it was not met.
    numbers: Vec<u32>,
    /// The old places of the new footnotes, and how often each was met.
    met: Vec<(usize, u32)>,
}

impl Renumbering {
    fn of(blocks: &mut [Block], footnotes: &[Footnote]) -> Vec<Footnote> {
        let mut renumbering = Self {
            numbers: vec![0; footnotes.len()],
            met: Vec::new(),
        };
        renumbering.blocks(blocks);
        let mut kept = Vec::new();
        while let Some(&(old, _)) = renumbering.met.get(kept.len()) {
            let mut footnote = footnotes[old].clone();
            footnote.blocks = Cut::default().before(&footnote.blocks);
            renumbering.blocks(&mut footnote.blocks);
            kept.push(footnote);
        }
        for (footnote, (_, n_references)) in kept.iter_mut().zip(&renumbering.met) {
            footnote.n_references = *n_references;
        }
        kept
    }

    fn blocks(&mut self, blocks: &mut [Block]) {
        for block in blocks {
            match &mut block.kind {
                BlockKind::Heading { content, .. } | BlockKind::Paragraph(content) => {
                    self.line(content)
                }
                BlockKind::Quote(blocks) | BlockKind::Callout { blocks, .. } => self.blocks(blocks),
                BlockKind::List(list) => list
                    .items
                    .iter_mut()
                    .for_each(|item| self.blocks(&mut item.blocks)),
                BlockKind::Table(table) => {
                    let rows = table.rows.iter_mut().flatten();
                    table
                        .head
                        .iter_mut()
                        .chain(rows)
                        .for_each(|cell| self.line(cell));
                }
                _ => {}
            }
        }
    }

    fn line(&mut self, line: &mut [Inline]) {
        for inline in line {
            match inline {
                Inline::FootnoteRef { number, nth } => (*number, *nth) = self.meet(*number),
                Inline::Emph(content)
                | Inline::Strong(content)
                | Inline::Strike(content)
                | Inline::Link { content, .. }
                | Inline::DeadLink { content, .. }
                | Inline::Mention { content, .. } => self.line(content),
                _ => {}
            }
        }
    }

    fn meet(&mut self, old: u32) -> (u32, u32) {
        let place = old as usize - 1;
        if self.numbers[place] == 0 {
            self.met.push((place, 0));
            self.numbers[place] = u32::try_from(self.met.len()).unwrap_or(u32::MAX);
        }
        let number = self.numbers[place];
        let (_, n_references) = &mut self.met[number as usize - 1];
        *n_references += 1;
        (number, *n_references)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{document::text_of, read};

    #[track_caller]
    fn preview(markdown: &str) -> Preview {
        preview_until_paywall(&read(markdown).unwrap())
    }

    fn words(document: &Document) -> String {
        let mut words = String::new();
        document.visit(&mut |block| {
            block
                .lines()
                .into_iter()
                .for_each(|line| words += &text_of(line))
        });
        words
    }

    #[test]
    fn what_lies_before_the_divider_is_for_everybody() {
        let cases = [
            ("免费\n\n<!-- paywall -->\n\n付费", "免费", true),
            ("free\n<!-- paywall -->\npaid", "free", true),
            ("全文", "全文", false),
            ("全文\n\n<!-- paywall -->\n", "全文", false),
            ("<!-- paywall -->\n付费", "", true),
            (
                "a\n\n<!-- paywall -->\n\nb\n\n<!-- paywall -->\n\nc",
                "a",
                true,
            ),
        ];
        for (markdown, free, has_more) in cases {
            let preview = preview(markdown);
            assert_eq!(
                (words(&preview.document).as_str(), preview.has_more),
                (free, has_more),
                "{markdown}"
            );
        }
    }

    #[test]
    fn a_divider_that_stands_inside_something_hides_all_that_follows() {
        let inside = [
            "a\n    <!-- paywall -->\nb",
            "- a\n\n  <!-- paywall -->\n\n  b\n- b\n\nb",
            "> a\n> <!-- paywall -->\n> b\n\nb",
            "> [!NOTE]\n> a\n> <!-- paywall -->\n> b\n\nb",
            "a\n\n<div>\n<!-- paywall -->\nb\n</div>\n\nb",
        ];
        for markdown in inside {
            let preview = preview(markdown);
            let words = words(&preview.document);
            assert!(
                words.contains('a') && !words.contains('b'),
                "{markdown}: {words}"
            );
            assert!(preview.has_more, "{markdown}");
        }
    }

    #[test]
    fn only_footnotes_of_the_beginning_are_given_away() {
        let preview = preview(
            "a[^x]\n\n<!-- paywall -->\n\nb[^y] c[^x]\n\n[^y]: paid\n\n[^x]: see[^z]\n\n[^z]: free\n    <!-- paywall -->\n    paid\n",
        );
        let notes = &preview.document.footnotes;
        let names: Vec<_> = notes
            .iter()
            .map(|note| (note.name.as_str(), note.n_references))
            .collect();
        assert_eq!(names, [("x", 1), ("z", 1)]);
        assert!(!words(&preview.document).contains("paid"));
    }
}
