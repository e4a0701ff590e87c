//! Obsidian's Markdown as ours. Code is left alone.

use super::{Note, is_note, media_kind};
use crate::document::{Block, Inline};
use crate::html::{self, Use};
use crate::link::encode_path;
use crate::markdown;
use crate::model::ProblemCode;
use crate::reading::file_stem;

/// The longest link, wiki link or tag of HTML that is looked for.
const MAX_LINK_BYTES: usize = 2048;

pub(super) fn to_markdown(text: &str, note: &mut Note) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    let mut fence: Option<&str> = None;
    let mut prose = String::new();
    for line in text.split_inclusive('\n') {
        let mark = fence_mark(line);
        match (fence, mark) {
            (None, Some(mark)) => {
                inline(&prose, note, &mut out);
                prose.clear();
                fence = Some(mark);
                out.push_str(line);
            }
            (None, None) => prose.push_str(&callout(line)),
            (Some(open), mark) => {
                let is_closed = mark
                    .is_some_and(|mark| mark.starts_with(open) && line.trim().len() == mark.len());
                if is_closed {
                    fence = None;
                }
                out.push_str(line);
            }
        }
    }
    inline(&prose, note, &mut out);
    out
}

/// The backticks or tildes that a line of code begins or ends with.
fn fence_mark(line: &str) -> Option<&str> {
    let line = line.trim_start_matches([' ', '>']);
    let c = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let length = line.len() - line.trim_start_matches(c).len();
    let is_fence = length >= 3 && !(c == '`' && line[length..].contains('`'));
    is_fence.then(|| &line[..length])
}

/// `> [!info]- Title` becomes one of the five kinds there are, its title a line of its own.
fn callout(line: &str) -> String {
    let quote = line.len() - line.trim_start_matches(['>', ' ']).len();
    let (prefix, rest) = line.split_at(quote);
    let parts = rest
        .strip_prefix("[!")
        .and_then(|rest| rest.split_once(']'))
        .filter(|_| prefix.contains('>'));
    let Some((kind, title)) = parts else {
        return line.to_owned();
    };
    let kind = match kind.to_lowercase().as_str() {
        "tip" | "hint" | "success" | "check" | "done" => "TIP",
        "important" => "IMPORTANT",
        "warning" | "attention" => "WARNING",
        "caution" | "danger" | "error" | "bug" | "failure" | "fail" | "missing" => "CAUTION",
        _ => "NOTE",
    };
    let title = title.trim_start_matches(['-', '+']).trim();
    match title {
        "" => format!("{prefix}[!{kind}]\n"),
        title => format!("{prefix}[!{kind}]\n{prefix}**{title}**\n{prefix}\n"),
    }
}

/// Links, pictures, tags and comments of a stretch without blocks of code.
fn inline(text: &str, note: &mut Note, out: &mut String) {
    let mut rest = text;
    let mut has_comments = true;
    while let Some(at) = rest.find(['`', '[', '!', '#', '%', '<', '\\']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let taken = match rest.as_bytes()[0] {
            b'`' => Some(code_span(rest, out)),
            b'\\' => escaped(rest, out),
            b'!' if rest.starts_with("![[") => wiki(&rest[1..], true, note, out).map(|n| n + 1),
            b'!' if rest.starts_with("![") => link(&rest[1..], true, note, out).map(|n| n + 1),
            b'[' if rest.starts_with("[[") => wiki(rest, false, note, out),
            b'[' => link(rest, false, note, out),
            b'#' => tag(rest, note, out),
            b'%' if has_comments && rest.starts_with("%%") => {
                let taken = comment(rest, out);
                has_comments = taken.is_some();
                taken
            }
            b'<' => picture(rest, note, out),
            _ => None,
        };
        let taken = taken.unwrap_or_else(|| {
            out.push_str(&rest[..1]);
            1
        });
        rest = &rest[taken..];
    }
    out.push_str(rest);
}

fn code_span(text: &str, out: &mut String) -> usize {
    let ticks = text.len() - text.trim_start_matches('`').len();
    let fence = &text[..ticks];
    let near = &text[ticks..text.floor_char_boundary(ticks + MAX_LINK_BYTES)];
    let within = near.split("\n\n").next().unwrap_or_default();
    let mut from = 0;
    while let Some(at) = within[from..].find(fence) {
        let end = from + at + ticks;
        let run = within[end..].len() - within[end..].trim_start_matches('`').len();
        if run == 0 {
            out.push_str(&text[..ticks + end]);
            return ticks + end;
        }
        from = end + run;
    }
    out.push_str(fence);
    ticks
}

fn escaped(text: &str, out: &mut String) -> Option<usize> {
    let length = 1 + text[1..].chars().next()?.len_utf8();
    out.push_str(&text[..length]);
    Some(length)
}

/// `[[target#heading|shown]]`, and `![[…]]` for what is shown in its place.
fn wiki(text: &str, is_shown: bool, note: &mut Note, out: &mut String) -> Option<usize> {
    let near = &text[..text.floor_char_boundary(MAX_LINK_BYTES)];
    let end = 2 + near[2..].find(['[', ']', '\n'])?;
    if !near[end..].starts_with("]]") {
        return None;
    }
    let inner = &text[2..end];
    let (target, alias) = match inner.split_once('|') {
        Some((target, alias)) => (target.trim_end_matches('\\').trim(), Some(alias.trim())),
        None => (inner.trim(), None),
    };
    let name = target.split(['#', '^']).next().unwrap_or_default().trim();
    if name.is_empty() && alias.is_none() && target.is_empty() {
        return None;
    }
    let shown = alias.unwrap_or(target);
    let run = if name.is_empty() {
        vec![Inline::Text(shown.trim_start_matches('#').to_owned())]
    } else if let Some(path) = note.named(name) {
        named(&path, shown, alias, is_shown, note)
    } else {
        let code = match media_kind(name) {
            Some(_) => ProblemCode::MissingFile,
            None => ProblemCode::MissingNote,
        };
        note.problem(code, name);
        vec![Inline::Text(shown.to_owned())]
    };
    push_run(run, out);
    Some(end + 2)
}

fn named(
    path: &str,
    shown: &str,
    alias: Option<&str>,
    is_shown: bool,
    note: &mut Note,
) -> Vec<Inline> {
    if is_note(path) {
        return vec![Inline::Link {
            destination: note.post_link(path),
            text: vec![Inline::Text(shown.to_owned())],
        }];
    }
    let destination = note.refs.add(crate::model::FileRef::Entry(path.to_owned()));
    if is_shown && media_kind(path).is_some() {
        return vec![Inline::Image {
            source: destination,
            alt: alias
                .filter(|alias| !is_size(alias))
                .unwrap_or_default()
                .to_owned(),
            caption: String::new(),
        }];
    }
    let shown = if alias.is_some() {
        shown
    } else {
        file_stem(path)
    };
    vec![Inline::Link {
        destination,
        text: vec![Inline::Text(shown.to_owned())],
    }]
}

/// `300` or `300x200`
fn is_size(alias: &str) -> bool {
    !alias.is_empty() && alias.chars().all(|c| c.is_ascii_digit() || c == 'x')
}

fn push_run(run: Vec<Inline>, out: &mut String) {
    out.push_str(markdown::write(&[Block::Paragraph(run)]).trim_end());
}

/// `[text](address "title")`: only the address changes.
fn link(text: &str, is_shown: bool, note: &mut Note, out: &mut String) -> Option<usize> {
    let near = &text[..text.floor_char_boundary(MAX_LINK_BYTES)];
    // A link whose text holds another bracket is left for the next one.
    let middle = 1 + near[1..].find(['[', ']'])?;
    if !near[middle..].starts_with("](") || near[..middle].contains("\n\n") {
        return None;
    }
    let rest = &near[middle + 2..];
    let (address, length) = address(rest)?;
    let destination = match is_shown {
        true => Some(note.picture(&address)),
        false => note.linked(&address),
    }?;
    let alt = &near[1..middle];
    let alt = match (is_shown, alt.rsplit_once('|')) {
        (true, Some((alt, size))) if is_size(size) => alt,
        (true, None) if is_size(alt) => "",
        _ => alt,
    };
    if is_shown {
        out.push('!');
    }
    out.push('[');
    out.push_str(alt);
    out.push_str("](");
    out.push_str(&destination);
    Some(middle + 2 + length)
}

/// Addresses hold no more pairs of parentheses within each other.
const MAX_PARENTHESES: usize = 8;

/// An address, percent-encoded, and how long it is as it stands.
fn address(text: &str) -> Option<(String, usize)> {
    if let Some(rest) = text.strip_prefix('<') {
        let end = rest.find(['>', '\n'])?;
        return Some((encode_spaces(&rest[..end]), end + 2));
    }
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '(' if depth == MAX_PARENTHESES => return None,
            '(' => depth += 1,
            ')' if depth == 0 => return Some((text[..at].to_owned(), at)),
            ')' => depth -= 1,
            c if c.is_whitespace() => return Some((text[..at].to_owned(), at)),
            _ => {}
        }
    }
    None
}

fn encode_spaces(address: &str) -> String {
    match address.contains("://") {
        true => address.replace(' ', "%20"),
        false => encode_path(address),
    }
}

/// `#tag` after a space or at the start of a line; it stays in the text.
fn tag(text: &str, note: &mut Note, out: &mut String) -> Option<usize> {
    if !(out.is_empty() || out.ends_with(char::is_whitespace)) {
        return None;
    }
    let end = text[1..]
        .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '/')))
        .map_or(text.len(), |at| at + 1);
    let name = text[1..end].trim_end_matches('/');
    let is_tag = !name.is_empty() && !name.chars().all(|c| c.is_ascii_digit()) && name.len() <= 200;
    if !is_tag {
        return None;
    }
    note.tag(name);
    out.push_str(&text[..end]);
    Some(end)
}

/// What the writer meant for nobody stays hidden.
fn comment(text: &str, out: &mut String) -> Option<usize> {
    let end = text[2..].find("%%")?;
    let inner = text[2..2 + end].replace("--", "- -").replace('>', "&gt;");
    out.push_str("<!-- ");
    out.push_str(inner.trim());
    out.push_str(" -->");
    Some(end + 4)
}

/// `<img …>` as a picture.
fn picture(text: &str, note: &mut Note, out: &mut String) -> Option<usize> {
    if !text.as_bytes().get(..5)?.eq_ignore_ascii_case(b"<img ") {
        return None;
    }
    let end = text[..text.floor_char_boundary(MAX_LINK_BYTES)].find('>')? + 1;
    let converted = html::fragment(&text[..end], &mut |of, address| match of {
        Use::Shown => note.shown(address).map(|file| file.destination()),
        _ => None,
    });
    let is_image = matches!(
        &converted.blocks[..],
        [Block::Paragraph(run)] if matches!(run[..], [Inline::Image { .. }])
    );
    is_image.then(|| {
        out.push_str(markdown::write(&converted.blocks).trim_end());
        end
    })
}
