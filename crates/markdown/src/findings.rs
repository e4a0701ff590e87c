//! What an author should look at before a text is published.

use std::collections::HashSet;

use crate::document::{Block, BlockKind, Document, Image, Inline, text_of};
use crate::{Checked, Doubt, LinkTrouble};

/// Something to look at, and the byte of the source where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Finding {
    pub at: usize,
    pub code: FindingCode,
}

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FindingCode {
    /// Nothing is there to be read.
    EmptyText,
    ImageWithoutAlt,
    LinkWithoutText,
    /// Readers see the words of the link, and cannot follow it.
    RefusedLink(LinkTrouble),
    DoubtfulLink(Doubt),
    /// A heading is more than one level below the one before it.
    SkippedLevel,
    /// Nothing stands before the divider.
    PaywallFirst,
    /// Nothing stands behind the divider.
    PaywallLast,
    /// Only the first divider counts.
    PaywallTwice,
    /// A reference to a footnote that is not there.
    MissingFootnote,
    /// What everybody may read refers to it, and it stands behind the divider.
    FootnoteBehindPaywall,
}

impl FindingCode {
    /// The key of the text that says it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::EmptyText => "empty-text",
            Self::ImageWithoutAlt => "image-without-alt",
            Self::LinkWithoutText => "link-without-text",
            Self::RefusedLink(_) => "refused-link",
            Self::DoubtfulLink(_) => "doubtful-link",
            Self::SkippedLevel => "skipped-level",
            Self::PaywallFirst => "paywall-first",
            Self::PaywallLast => "paywall-last",
            Self::PaywallTwice => "paywall-twice",
            Self::MissingFootnote => "missing-footnote",
            Self::FootnoteBehindPaywall => "footnote-behind-paywall",
        }
    }
}

/// Looks through a document and the source it was read from; what was found stands in the order
/// of the source.
pub fn findings(document: &Document, markdown: &str) -> Vec<Finding> {
    let mut search = Search {
        markdown,
        found: Vec::new(),
        level: None,
    };
    document.visit(&mut |block| search.block(block));
    search.paywall(document);
    search.footnotes_behind_paywall(document);
    if search.found.is_empty() && document.blocks.is_empty() {
        search.add(0, FindingCode::EmptyText);
    }
    search.found.sort_by_key(|finding| finding.at);
    search.found
}

struct Search<'a> {
    markdown: &'a str,
    found: Vec<Finding>,
    level: Option<u8>,
}

impl Search<'_> {
    fn add(&mut self, at: usize, code: FindingCode) {
        self.found.push(Finding { at, code });
    }

    fn block(&mut self, block: &Block) {
        match &block.kind {
            BlockKind::Heading { level, .. } => self.heading(*level, block.at.start),
            BlockKind::Figure(image) => self.image(image),
            BlockKind::Embed(to) => self.doubt(to, block.at.start),
            _ => {}
        }
        for line in block.lines() {
            self.line(line);
        }
        self.missing_footnotes(block);
    }

    fn heading(&mut self, level: u8, at: usize) {
        if self.level.is_some_and(|before| level > before + 1) {
            self.add(at, FindingCode::SkippedLevel);
        }
        self.level = Some(level);
    }

    fn image(&mut self, image: &Image) {
        if image.alt.trim().is_empty() {
            self.add(image.at, FindingCode::ImageWithoutAlt);
        }
    }

    fn doubt(&mut self, to: &Checked, at: usize) {
        if let Some(doubt) = to.doubt() {
            self.add(at, FindingCode::DoubtfulLink(doubt));
        }
    }

    fn line(&mut self, line: &[Inline]) {
        for inline in line {
            match inline {
                Inline::Image(image) => self.image(image),
                Inline::Link {
                    at, to, content, ..
                } => {
                    self.doubt(to, *at);
                    self.words(content, *at);
                }
                Inline::DeadLink {
                    at,
                    trouble,
                    content,
                } => {
                    self.add(*at, FindingCode::RefusedLink(*trouble));
                    self.words(content, *at);
                }
                Inline::File { at, content, .. } => self.words(content, *at),
                _ => {}
            }
            self.line(inline.content());
        }
    }

    /// An image inside is words where it is described.
    fn words(&mut self, content: &[Inline], at: usize) {
        if text_of(content).trim().is_empty() {
            self.add(at, FindingCode::LinkWithoutText);
        }
    }

    /// What looks like a reference and was left as text is one without its footnote.
    fn missing_footnotes(&mut self, block: &Block) {
        let texts: HashSet<&str> = block.lines().into_iter().flat_map(references).collect();
        if texts.is_empty() {
            return;
        }
        let source = &self.markdown[block.at.clone()];
        for (at, _) in source.match_indices("[^") {
            let is_escaped = source[..at].ends_with('\\');
            let reference = reference_at(source, at);
            if reference.is_some_and(|reference| !is_escaped && texts.contains(reference)) {
                self.found.push(Finding {
                    at: block.at.start + at,
                    code: FindingCode::MissingFootnote,
                });
            }
        }
    }

    fn paywall(&mut self, document: &Document) {
        let mut dividers = Vec::new();
        document.visit(&mut |block| {
            if block.kind == BlockKind::Paywall {
                dividers.push(block.at.start);
            }
        });
        let is_divider =
            |block: Option<&Block>| block.is_some_and(|block| block.kind == BlockKind::Paywall);
        if let (true, Some(at)) = (is_divider(document.blocks.first()), dividers.first()) {
            self.add(*at, FindingCode::PaywallFirst);
        }
        if let (true, Some(at)) = (is_divider(document.blocks.last()), dividers.last()) {
            self.add(*at, FindingCode::PaywallLast);
        }
        for at in dividers.into_iter().skip(1) {
            self.add(at, FindingCode::PaywallTwice);
        }
    }
}

impl Search<'_> {
    fn footnotes_behind_paywall(&mut self, document: &Document) {
        let is_divider = |block: &&Block| block.kind == BlockKind::Paywall;
        let Some(wall) = document.blocks.iter().find(is_divider) else {
            return;
        };
        let wall = wall.at.start;
        let mut referred = HashSet::new();
        document.visit(&mut |block| {
            if block.at.start < wall {
                for line in block.lines() {
                    notes_in(line, &mut referred);
                }
            }
        });
        for (number, footnote) in (1..).zip(&document.footnotes) {
            let at = footnote.blocks.first().map(|block| block.at.start);
            if let Some(at) = at.filter(|at| *at > wall && referred.contains(&number)) {
                self.add(at, FindingCode::FootnoteBehindPaywall);
            }
        }
    }
}

/// The numbers of the footnotes that a line refers to.
fn notes_in(line: &[Inline], found: &mut HashSet<u32>) {
    for inline in line {
        if let Inline::FootnoteRef { number, .. } = inline {
            found.insert(*number);
        }
        notes_in(inline.content(), found);
    }
}

/// The longest name of a footnote, in bytes.
const LONGEST_NAME: usize = 1_000;

/// `[^name]` where it begins.
fn reference_at(text: &str, at: usize) -> Option<&str> {
    let ends = |byte: u8| byte == b']' || byte.is_ascii_whitespace();
    let end = at + text[at..].bytes().take(LONGEST_NAME).position(ends)?;
    let has_name = end > at + "[^".len();
    (has_name && text[end..].starts_with(']')).then(|| &text[at..=end])
}

fn references(line: &[Inline]) -> Vec<&str> {
    let mut found = Vec::new();
    for inline in line {
        if let Inline::Text(text) = inline {
            found.extend(
                text.match_indices("[^")
                    .filter_map(|(at, _)| reference_at(text, at)),
            );
        }
        found.extend(references(inline.content()));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read;

    #[track_caller]
    fn check(markdown: &str, expected: &[(usize, &str)]) {
        let found = findings(&read(markdown).unwrap(), markdown);
        let found: Vec<_> = found
            .iter()
            .map(|finding| (finding.at, finding.code.as_str()))
            .collect();
        assert_eq!(found, expected, "{markdown}");
    }

    #[test]
    fn a_text_without_faults_has_no_findings() {
        check(
            "# 题\n\n## 节\n\n![图](a.png) [字](https://x.example) 注[^1]\n\n[^1]: 注\n\n<!-- paywall -->\n\n末",
            &[],
        );
    }

    #[test]
    fn each_fault_is_found_where_it_stands() {
        check("", &[(0, "empty-text")]);
        check(" \n\n", &[(0, "empty-text")]);
        check("字\n\n![](a.png)", &[(5, "image-without-alt")]);
        check("字 ![ ](a.png)", &[(4, "image-without-alt")]);
        check("见[](https://x.example)", &[(3, "link-without-text")]);
        check("[![图](a.png)](https://x.example)", &[]);
        check("[a](javascript:alert(1))", &[(0, "refused-link")]);
        check("- b [a](file:///x)", &[(4, "refused-link")]);
        check("| [a](data:x) |\n|---|\n", &[(2, "refused-link")]);
        check("a [b](https://xn--pypal-4ve.com)", &[(2, "doubtful-link")]);
        check("https://pаypal.com", &[(0, "doubtful-link")]);
        check("# a\n\n### b\n\n# c", &[(5, "skipped-level")]);
        check("## a\n\n### b", &[]);
        check("字[^甲] [^b]\n\n[^b]: x", &[(3, "missing-footnote")]);
        check(
            "甲[^a] **乙[^b]**\n\n[^a]: 一\n\n<!-- paywall -->\n\n丙[^c]\n\n[^b]: 二\n\n[^c]: 三",
            &[(65, "footnote-behind-paywall")],
        );
        check("\\[^a]", &[]);
        check("`[^a]`", &[]);
    }

    #[test]
    fn a_divider_parts_two_texts_and_stands_once() {
        let divider = "<!-- paywall -->";
        check(&format!("{divider}\n\na"), &[(0, "paywall-first")]);
        check(&format!("a\n\n{divider}\n"), &[(3, "paywall-last")]);
        check(
            &format!("a\n\n{divider}\n\nb\n\n{divider}\n\nc"),
            &[(24, "paywall-twice")],
        );
        check(divider, &[(0, "paywall-first"), (0, "paywall-last")]);
    }
}
