//! A document as Stoa's Markdown.
//!
//! Text is escaped wherever it could be read as markup, so that what a reader sees is what was
//! written, and nothing more.

mod escape;
mod inline;

use std::fmt::Write as _;

use crate::document::{Block, Inline, Item};
use escape::{fence, language};
use inline::{Line, render};

/// How deep lists and quotes may lie in each other; what lies deeper is brought up.
const MAX_NESTING: usize = 16;

/// Writes a document; ends with a line break unless it is empty.
pub(crate) fn write(blocks: &[Block]) -> String {
    let mut out = write_blocks(blocks, 0);
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

/// Plain text as paragraphs, parted by blank lines.
pub(crate) fn paragraphs(text: &str) -> Vec<Block> {
    text.split("\n\n")
        .map(|part| part.trim())
        .filter(|part| !part.is_empty())
        .map(|part| Block::Paragraph(vec![Inline::Text(part.to_owned())]))
        .collect()
}

fn write_blocks(blocks: &[Block], depth: usize) -> String {
    let mut out = String::new();
    for block in blocks {
        let text = write_block(block, depth);
        if text.is_empty() {
            continue;
        }
        if !out.is_empty() {
            out.push_str("\n\n");
        }
        out.push_str(&text);
    }
    out
}

fn write_block(block: &Block, depth: usize) -> String {
    match block {
        Block::Paragraph(run) => render(run, Line::Paragraph),
        Block::Heading(level, run) => match render(run, Line::Single) {
            text if text.is_empty() => text,
            text => format!("{} {text}", "#".repeat(usize::from((*level).clamp(1, 6)))),
        },
        Block::Quote(inner) | Block::Callout(_, inner) | Block::Footnote(_, inner)
            if depth >= MAX_NESTING =>
        {
            write_blocks(inner, depth)
        }
        Block::Quote(inner) => prefix(&write_blocks(inner, depth + 1), "> ", "> "),
        Block::Callout(kind, inner) => {
            let inner = write_blocks(inner, depth + 1);
            prefix(&format!("[!{kind}]\n{inner}"), "> ", "> ")
        }
        Block::Footnote(label, inner) => {
            let inner = write_blocks(inner, depth + 1);
            prefix(&inner, &format!("[^{label}]: "), "    ")
        }
        Block::List { start, items } => write_list(*start, items, depth),
        Block::Code {
            language: name,
            text,
        } => {
            let fence = fence(text);
            format!("{fence}{}\n{text}\n{fence}", language(name))
        }
        Block::Table(rows) => write_table(rows),
        Block::Rule => "***".to_owned(),
        // In a list or a quote it would part nothing.
        Block::Paywall if depth > 0 => String::new(),
        Block::Paywall => stoa_markdown::PAYWALL_DIVIDER.to_owned(),
    }
}

/// Puts `first` before the first line and `rest` before all others.
fn prefix(text: &str, first: &str, rest: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for (n, line) in text.split('\n').enumerate() {
        let before = if n == 0 { first } else { rest };
        if n > 0 {
            out.push('\n');
        }
        out.push_str(if line.is_empty() {
            before.trim_end()
        } else {
            before
        });
        out.push_str(line);
    }
    out
}

fn write_list(start: Option<u32>, items: &[Item], depth: usize) -> String {
    if depth >= MAX_NESTING {
        let blocks: Vec<String> = items
            .iter()
            .map(|item| write_blocks(&item.blocks, depth))
            .filter(|text| !text.is_empty())
            .collect();
        return blocks.join("\n\n");
    }
    // Empty items say nothing, and bullets alone in a line are a rule.
    let shown: Vec<(&Item, String)> = items
        .iter()
        .map(|item| (item, write_blocks(&item.blocks, depth + 1)))
        .filter(|(item, text)| item.task.is_some() || !text.is_empty())
        .collect();
    let is_tight = shown.iter().all(|(item, text)| is_tight(item, text));
    let mut out = String::new();
    for (n, (item, text)) in shown.iter().enumerate() {
        if n > 0 {
            out.push_str(if is_tight { "\n" } else { "\n\n" });
        }
        let marker = match start {
            None => "- ".to_owned(),
            Some(start) => format!("{}. ", start.saturating_add(n as u32).min(999_999_999)),
        };
        let task = match item.task {
            None => "",
            Some(false) => "[ ] ",
            Some(true) => "[x] ",
        };
        let text = match is_tight {
            true => text.replacen("\n\n", "\n", 1),
            false => text.clone(),
        };
        let indent = " ".repeat(marker.len());
        out.push_str(&prefix(&format!("{task}{text}"), &marker, &indent));
    }
    out
}

/// One paragraph, and a list after it that needs no blank line to begin.
fn is_tight(item: &Item, text: &str) -> bool {
    let is_short = matches!(
        &item.blocks[..],
        [] | [Block::Paragraph(_)] | [Block::Paragraph(_), Block::List { .. }]
    );
    let nested = text.split_once("\n\n").map(|(_, nested)| nested);
    is_short && nested.is_none_or(|nested| nested.starts_with("- ") || nested.starts_with("1. "))
}

fn write_table(rows: &[Vec<Vec<Inline>>]) -> String {
    let n_columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let n_cells: usize = rows.iter().map(Vec::len).sum();
    // A table that is mostly holes would be far larger than what it holds.
    if n_columns * rows.len() > 8 * n_cells + 64 {
        let lines: Vec<String> = rows
            .iter()
            .map(|row| row_text(row))
            .filter(|line| !line.is_empty())
            .collect();
        return lines.join("\n\n");
    }
    let mut out = String::new();
    for (n, row) in rows.iter().enumerate() {
        out.push('|');
        for column in 0..n_columns {
            let cell = row.get(column).map(|cell| render(cell, Line::Cell));
            let _ = write!(out, " {} |", cell.unwrap_or_default());
        }
        if n == 0 {
            out.push_str("\n|");
            out.push_str(&" --- |".repeat(n_columns));
        }
        out.push('\n');
    }
    out.truncate(out.trim_end().len());
    out
}

fn row_text(row: &[Vec<Inline>]) -> String {
    let cells: Vec<String> = row
        .iter()
        .map(|cell| render(cell, Line::Single))
        .filter(|cell| !cell.is_empty())
        .collect();
    cells.join(" ")
}

#[cfg(test)]
mod tests;
