//! How long a text is, and the headings it is made of.

use std::collections::HashSet;

use crate::document::{Block, BlockKind, Document, Inline, text_of};

/// Han characters that are read in a minute.
pub const HAN_PER_MINUTE: u64 = 350;
/// Words of other scripts that are read in a minute.
pub const WORDS_PER_MINUTE: u64 = 220;

/// The length of what a reader sees. Footnotes count, descriptions of images do not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Statistics {
    pub han: u64,
    /// Runs of letters and digits that are not Han.
    pub words: u64,
    /// Characters without spaces and line ends.
    pub chars: u64,
    pub reading_seconds: u64,
}

impl Statistics {
    /// Counts a document.
    pub fn of(document: &Document) -> Self {
        let mut counted = Self::default();
        document.visit(&mut |block| counted.block(block));
        let shares = counted.han * WORDS_PER_MINUTE + counted.words * HAN_PER_MINUTE;
        counted.reading_seconds = (shares * 60).div_ceil(HAN_PER_MINUTE * WORDS_PER_MINUTE);
        counted
    }

    fn block(&mut self, block: &Block) {
        for line in block.lines() {
            let mut text = String::new();
            seen(line, &mut text);
            self.text(&text);
        }
        match &block.kind {
            BlockKind::Code { text, .. } => self.text(text),
            BlockKind::Callout { title, .. } => self.text(title.as_deref().unwrap_or_default()),
            BlockKind::Figure(image) | BlockKind::Media { image, .. } => self.text(&image.caption),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        let han = text.chars().filter(|c| stoa_domain::is_han(*c)).count() as u64;
        self.han += han;
        self.words += stoa_domain::word_count(text) - han;
        self.chars += text.chars().filter(|c| !c.is_whitespace()).count() as u64;
    }
}

fn seen(line: &[Inline], out: &mut String) {
    for inline in line {
        match inline {
            Inline::Text(text) | Inline::Code(text) => out.push_str(text),
            Inline::Break => out.push('\n'),
            other => seen(other.content(), out),
        }
    }
}

/// A heading and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// One line without marks.
    pub text: String,
    /// What a page calls the place; no two of a text are the same.
    pub id: String,
    /// The byte of the source.
    pub at: usize,
}

/// The headings of a document, in order.
pub fn outline(document: &Document) -> Vec<Heading> {
    let mut ids = HeadingIds::default();
    let mut found = Vec::new();
    document.visit(&mut |block| {
        if let BlockKind::Heading { level, content } = &block.kind {
            let text = text_of(content)
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ");
            let id = ids.next(&text);
            found.push(Heading {
                level: *level,
                text,
                id,
                at: block.at.start,
            });
        }
    });
    found
}

/// The longest id before a number is added, in characters.
const MAX_ID_CHARS: usize = 60;

/// Gives each heading an id of its own. With their prefix they cannot be taken for anything that
/// a page's own scripts look for.
#[derive(Default)]
struct HeadingIds {
    given: HashSet<String>,
    n_given: usize,
}

impl HeadingIds {
    fn next(&mut self, text: &str) -> String {
        let words = text
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty());
        let slug: String = words.collect::<Vec<_>>().join("-").to_lowercase();
        let slug: String = slug.chars().take(MAX_ID_CHARS).collect();
        self.n_given += 1;
        let mut id = format!("h-{slug}");
        if slug.is_empty() || !self.given.insert(id.clone()) {
            // A dot is in no slug, so this is nobody else's.
            id = format!("h-{slug}.{}", self.n_given);
        }
        id
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read;

    #[test]
    fn han_and_words_are_counted_and_take_their_time() {
        let cases = [
            ("", [0, 0, 0, 0]),
            ("# 知识 *付费*", [4, 0, 4, 1]),
            ("Rust 与 WASM，好", [2, 2, 11, 1]),
            ("![不算](a.png \"算\")", [1, 0, 1, 1]),
            ("```\nlet x = 1;\n```", [0, 3, 7, 1]),
            ("| 甲 | b |\n|---|---|\n| 1 | 乙 |", [2, 2, 4, 1]),
            ("a[^1]\n\n[^1]: 注", [1, 1, 2, 1]),
        ];
        for (markdown, [han, words, chars, reading_seconds]) in cases {
            let expected = Statistics {
                han,
                words,
                chars,
                reading_seconds,
            };
            assert_eq!(
                Statistics::of(&read(markdown).unwrap()),
                expected,
                "{markdown}"
            );
        }
        let minute = format!("{} {}", "字".repeat(350), "word ".repeat(220));
        assert_eq!(Statistics::of(&read(&minute).unwrap()).reading_seconds, 120);
    }

    #[test]
    fn the_outline_names_each_heading_once() {
        let outline =
            outline(&read("# 第一 *课*\n\n> ## A & b\n\n# 第一课\n\n# 第一 课\n\n#\n").unwrap());
        let found: Vec<_> = outline
            .iter()
            .map(|h| (h.level, h.text.as_str(), h.id.as_str(), h.at))
            .collect();
        assert_eq!(
            found,
            [
                (1, "第一 课", "h-第一-课", 0),
                (2, "A & b", "h-a-b", 18),
                (1, "第一课", "h-第一课", 28),
                (1, "第一 课", "h-第一-课.4", 41),
                (1, "", "h-.5", 55),
            ]
        );
    }
}
