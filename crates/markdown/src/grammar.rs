//! The grammar, and how much work a text may ask of it.

use std::cell::Cell;

use comrak::nodes::Node;
use comrak::{Arena, Options, try_parse_document};

use crate::{MAX_NODES, TooMuch, check};

/// So many lines, marks and nodes are looked at between two questions of the parser.
const STEPS_PER_QUESTION: usize = 256;
/// Texts that people write take less than one step for each byte.
const STEPS_PER_BYTE: usize = 8;
/// Short texts may take as many steps as one of this length.
const SHORT: usize = 64 * 1024;

pub(crate) fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.tasklist = true;
    options.extension.footnotes = true;
    options.extension.autolink = true;
    options.extension.alerts = true;
    options.extension.cjk_friendly_emphasis = true;
    options
}

/// What the grammar makes of a text, unless it takes too much to tell.
///
/// # Errors
/// [`TooMuch`]
pub(crate) fn parse<'a>(arena: &'a Arena<'a>, markdown: &str) -> Result<Node<'a>, TooMuch> {
    check(markdown)?;
    let n_questions = Cell::new(0);
    let most = markdown.len().max(SHORT) * STEPS_PER_BYTE / STEPS_PER_QUESTION;
    let is_too_much = || {
        n_questions.set(n_questions.get() + 1);
        n_questions.get() > most || arena.len() > MAX_NODES
    };
    try_parse_document(arena, markdown, &options(), &is_too_much).map_err(|_| TooMuch::Many)
}
