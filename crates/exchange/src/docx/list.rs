//! Paragraphs in a row as lists, quotes and code.

use crate::document::{Block, Inline, Item, plain};

/// A paragraph, or a table, before it is joined with its neighbours.
#[derive(Debug)]
pub(super) enum Piece {
    Block(Block),
    Entry(Entry),
    Quote(Vec<Inline>),
    Code(Vec<Inline>),
}

#[derive(Debug)]
pub(super) struct Entry {
    pub(super) list: String,
    pub(super) level: u8,
    /// The number that the list begins with; `None` for bullets.
    pub(super) start: Option<u32>,
    pub(super) run: Vec<Inline>,
}

pub(super) fn join(pieces: Vec<Piece>) -> Vec<Block> {
    let mut out = Vec::new();
    let mut entries: Vec<Entry> = Vec::new();
    for piece in pieces {
        if !matches!(piece, Piece::Entry(_)) {
            out.extend(lists(std::mem::take(&mut entries)));
        }
        match piece {
            Piece::Entry(entry) => entries.push(entry),
            Piece::Block(block) => out.push(block),
            Piece::Quote(run) => match out.last_mut() {
                Some(Block::Quote(blocks)) => blocks.push(Block::Paragraph(run)),
                _ => out.push(Block::Quote(vec![Block::Paragraph(run)])),
            },
            Piece::Code(run) => {
                let line = plain(&run);
                match out.last_mut() {
                    Some(Block::Code { text, .. }) => {
                        text.push('\n');
                        text.push_str(&line);
                    }
                    _ => out.push(Block::Code {
                        language: String::new(),
                        text: line,
                    }),
                }
            }
        }
    }
    out.extend(lists(entries));
    out
}

/// Entries one after the other as lists within lists.
fn lists(entries: Vec<Entry>) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::new();
    let mut current: Option<(String, u8)> = None;
    let mut entries = entries.into_iter().peekable();
    while let Some(entry) = entries.next() {
        let mut below = Vec::new();
        while let Some(next) = entries.next_if(|next| next.level > entry.level) {
            below.push(next);
        }
        let mut blocks = vec![Block::Paragraph(entry.run)];
        blocks.extend(lists(below));
        let item = Item { task: None, blocks };
        let key = (entry.list, entry.level);
        match out.last_mut() {
            Some(Block::List { items, .. }) if current.as_ref() == Some(&key) => items.push(item),
            _ => out.push(Block::List {
                start: entry.start,
                items: vec![item],
            }),
        }
        current = Some(key);
    }
    out
}
