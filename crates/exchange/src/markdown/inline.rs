//! What stands in a line.

use super::escape::{code_span, destination, push_text, title};
use crate::document::{Inline, Mark};

/// Where a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    /// May have breaks.
    Paragraph,
    /// A heading.
    Single,
    /// A cell of a table.
    Cell,
}

pub(super) fn render(run: &[Inline], line: Line) -> String {
    let mut writer = Writer {
        out: String::new(),
        line,
        marks_end: 0,
        in_stars: false,
    };
    let is_after_bracket = begins_with_bracket(run) == Some(true);
    let run = settled(run, &[], &|code| {
        cannot_be_code(code, line, is_after_bracket)
    });
    let run = match run.iter().rposition(|inline| !is_space(inline)) {
        Some(last) => &run[..=last],
        None => &[],
    };
    writer.run(run, None);
    writer.out.truncate(writer.out.trim_end_matches(' ').len());
    writer.out
}

struct Writer {
    out: String,
    line: Line,
    /// Where the last closing marks end.
    marks_end: usize,
    in_stars: bool,
}

impl Writer {
    /// `after` is the character that follows the run.
    fn run(&mut self, run: &[Inline], after: Option<char>) {
        for (n, inline) in run.iter().enumerate() {
            let next = run.get(n + 1).and_then(next_char).or(after);
            let is_edge = run.len() > 1 && (n == 0 || n + 1 == run.len());
            match inline {
                // Stars that touch those around them would be counted together.
                Inline::Marked(Mark::Strong | Mark::Emphasis, inner)
                    if is_edge && self.in_stars =>
                {
                    self.run(inner, next);
                }
                inline => self.inline(inline, next),
            }
        }
    }

    fn inline(&mut self, inline: &Inline, after: Option<char>) {
        match inline {
            Inline::Text(text) => push_text(&mut self.out, text),
            Inline::Marked(mark, inner) => self.marked(*mark, inner, after),
            Inline::Code(text) => {
                // Two spans that touch would be one.
                if self.out.ends_with('`') {
                    self.out.push(' ');
                }
                let span = code_span(text, self.line == Line::Cell);
                self.out.push_str(&span);
            }
            Inline::Link { destination, text } => self.link(destination, text),
            Inline::Image {
                source,
                alt,
                caption,
            } => self.image(source, alt, caption),
            Inline::Break => self.line_break(),
            Inline::FootnoteRef(label) => {
                self.open_bracket();
                self.out.push('^');
                self.out.push_str(label);
                self.out.push(']');
            }
        }
    }

    fn line_break(&mut self) {
        let end = self.out.trim_end_matches(' ').len();
        self.out.truncate(end);
        if self.line != Line::Paragraph {
            if !self.out.is_empty() {
                self.out.push(' ');
            }
        } else if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push_str("\\\n");
        }
    }

    fn marked(&mut self, mark: Mark, inner: &[Inline], after: Option<char>) {
        let first = inner.iter().find_map(first_char);
        let last = inner.iter().rev().find_map(last_char);
        // New marks right behind others would mix with them.
        let is_kept = opens(self.out.chars().next_back(), first)
            && opens(after, last)
            && (self.marks_end < self.out.len() || self.out.is_empty());
        if !is_kept {
            self.run(inner, after);
            return;
        }
        let was_in_stars = self.in_stars;
        self.in_stars |= mark != Mark::Strike;
        self.out.push_str(mark.sign());
        self.run(inner, mark.sign().chars().next());
        self.out.push_str(mark.sign());
        self.in_stars = was_in_stars;
        self.marks_end = self.out.len();
    }

    fn link(&mut self, to: &str, text: &[Inline]) {
        self.open_bracket();
        let was_in_stars = std::mem::take(&mut self.in_stars);
        self.run(text, Some(']'));
        self.in_stars = was_in_stars;
        self.out.push_str("](");
        self.out.push_str(&destination(to));
        self.out.push(')');
    }

    /// An exclamation mark before it would make a picture of a link.
    fn open_bracket(&mut self) {
        if self.out.ends_with('!') {
            self.out.insert(self.out.len() - 1, '\\');
        }
        self.out.push('[');
    }

    fn image(&mut self, source: &str, alt: &str, caption: &str) {
        self.out.push_str("![");
        push_text(&mut self.out, &super::super::html::one_line(alt));
        self.out.push_str("](");
        self.out.push_str(&destination(source));
        let caption = title(caption);
        if !caption.is_empty() {
            self.out.push_str(" \"");
            self.out.push_str(&caption);
            self.out.push('"');
        }
        self.out.push(')');
    }
}

/// Whether a mark between these two characters opens towards the inner one. A closing mark is the
/// same seen from behind.
fn opens(outer: Option<char>, inner: Option<char>) -> bool {
    let Some(inner) = inner else { return false };
    if inner.is_whitespace() {
        return false;
    }
    !is_punctuation(inner) || outer.is_none_or(lets_open)
}

/// Everything that is no letter, digit or space: more than CommonMark's punctuation, to be safe.
fn is_punctuation(c: char) -> bool {
    !c.is_alphanumeric() && !c.is_whitespace()
}

/// Characters next to which emphasis works whatever stands inside.
fn lets_open(c: char) -> bool {
    c.is_whitespace()
        || c.is_ascii_punctuation()
        || matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}')
        || "。，、；：？！“”‘’（）《》【】".contains(c)
}

/// What a run shows first, as far as emphasis is concerned.
fn first_char(inline: &Inline) -> Option<char> {
    match inline {
        Inline::Text(text) => text.chars().next(),
        Inline::Marked(_, inner) => inner.iter().find_map(first_char).map(|_| '*'),
        Inline::Code(_) => Some('`'),
        Inline::Link { .. } | Inline::FootnoteRef(_) => Some('['),
        Inline::Image { .. } => Some('!'),
        Inline::Break => Some('\n'),
    }
}

/// What follows when this comes next. Marks right behind others are left out, so theirs do not count.
fn next_char(inline: &Inline) -> Option<char> {
    match inline {
        Inline::Marked(_, inner) => inner.first().and_then(next_char),
        other => first_char(other),
    }
}

fn last_char(inline: &Inline) -> Option<char> {
    match inline {
        Inline::Text(text) => text.chars().next_back(),
        Inline::Marked(_, inner) => inner.iter().rev().find_map(last_char).map(|_| '*'),
        Inline::Code(_) => Some('`'),
        Inline::Link { .. } | Inline::Image { .. } => Some(')'),
        Inline::FootnoteRef(_) => Some(']'),
        Inline::Break => Some('\n'),
    }
}

/// A cell has no way to write a backslash before a bar in code, and a bracket with a colon in a line
/// that begins with one makes a definition of it.
fn cannot_be_code(text: &str, line: Line, is_after_bracket: bool) -> bool {
    line == Line::Cell && text.contains("\\|") || is_after_bracket && text.contains("]:")
}

/// Whether the first thing that a run shows begins with a bracket; nothing when it shows nothing.
fn begins_with_bracket(run: &[Inline]) -> Option<bool> {
    let is_shown = |text: &str| !text.chars().all(|c| c.is_control() || c.is_whitespace());
    run.iter().find_map(|inline| match inline {
        Inline::Text(text) | Inline::Code(text) => is_shown(text).then_some(false),
        Inline::Marked(_, inner) => begins_with_bracket(inner),
        Inline::Link { text, .. } => begins_with_bracket(text).map(|_| true),
        Inline::Image { .. } => Some(false),
        Inline::FootnoteRef(_) => Some(true),
        Inline::Break => None,
    })
}

/// The run without what shows nothing: white space stands outside of marks and links, nothing is
/// marked twice, no link is in a link, and code that `cannot_be_code` is text. `around` is what
/// stands around the run.
fn settled(
    run: &[Inline],
    around: &[Around],
    cannot_be_code: &dyn Fn(&str) -> bool,
) -> Vec<Inline> {
    let mut out = Vec::with_capacity(run.len());
    for inline in run {
        match inline {
            Inline::Text(text) => push_parts(&mut out, text),
            Inline::Code(text) if text.chars().all(|c| c == ' ' || c.is_control()) => {}
            Inline::Code(text) if cannot_be_code(text) => push_parts(&mut out, text),
            Inline::Marked(mark, inner) => {
                let within = |around: &[Around]| settled(inner, around, cannot_be_code);
                wrap(&mut out, within, around, Around::Mark(*mark), |inner| {
                    Inline::Marked(*mark, inner)
                });
            }
            Inline::Link { destination, text } => {
                let within = |around: &[Around]| settled(text, around, cannot_be_code);
                wrap(&mut out, within, around, Around::Link, |text| {
                    Inline::Link {
                        destination: destination.clone(),
                        text,
                    }
                });
            }
            other => out.push(other.clone()),
        }
    }
    out
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Around {
    Mark(Mark),
    Link,
}

fn wrap(
    out: &mut Vec<Inline>,
    within: impl Fn(&[Around]) -> Vec<Inline>,
    around: &[Around],
    what: Around,
    with: impl Fn(Vec<Inline>) -> Inline,
) {
    if around.contains(&what) {
        out.extend(within(around));
        return;
    }
    let mut inner = within(&[around, &[what]].concat());
    let end = inner.iter().rposition(|inline| !is_space(inline));
    let after = inner.split_off(end.map_or(0, |end| end + 1));
    let start = inner.iter().position(|inline| !is_space(inline));
    let shown = inner.split_off(start.unwrap_or(inner.len()));
    out.extend(inner);
    if !shown.is_empty() {
        out.push(with(shown));
    }
    out.extend(after);
}

/// Text on one line, with the white space at its ends as parts of their own.
fn push_parts(out: &mut Vec<Inline>, text: &str) {
    let text: String = text
        .chars()
        .map(|c| if matches!(c, '\n' | '\t') { ' ' } else { c })
        .filter(|c| !c.is_control())
        .collect();
    let trimmed = text.trim();
    let before = text.len() - text.trim_start().len();
    let parts = [
        &text[..before],
        trimmed,
        &text[(before + trimmed.len()).min(text.len())..],
    ];
    out.extend(
        parts
            .into_iter()
            .filter(|part| !part.is_empty())
            .map(|part| Inline::Text(part.to_owned())),
    );
}

fn is_space(inline: &Inline) -> bool {
    match inline {
        Inline::Text(text) => text.trim().is_empty(),
        Inline::Break => true,
        _ => false,
    }
}
