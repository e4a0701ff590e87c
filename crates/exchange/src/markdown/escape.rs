//! What keeps text text.

/// Appends text so that it is read as itself. `out` is the line so far.
pub(super) fn push_text(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let at_start = out.is_empty() || out.ends_with('\n');
        if at_start && let Some(digits) = ordered_marker(rest) {
            out.push_str(&rest[..digits]);
            out.push('\\');
            out.push_str(&rest[digits..=digits]);
            rest = &rest[digits + 1..];
            continue;
        }
        if needs_escape(c, out, &rest[c.len_utf8()..], at_start) {
            out.push('\\');
        }
        if matches!(c, ' ' | '\t' | '\n') {
            push_space(out);
        } else if !c.is_control() {
            out.push(c);
        }
        rest = &rest[c.len_utf8()..];
    }
}

/// A space at the start of a line would be dropped, and four would make code of it.
fn push_space(out: &mut String) {
    if !(out.is_empty() || out.ends_with(['\n', ' '])) {
        out.push(' ');
    }
}

/// The digits of `1.` or `1)`, which would begin a list.
fn ordered_marker(text: &str) -> Option<usize> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let ends = matches!(text.as_bytes().get(digits), Some(b'.' | b')'));
    (digits > 0 && ends).then_some(digits)
}

fn needs_escape(c: char, before: &str, after: &str, at_start: bool) -> bool {
    match c {
        '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '~' | '|' | '&' => true,
        '#' => at_start || before.ends_with([' ', '#']),
        '+' | '-' | '=' => at_start,
        // Bare addresses would become links.
        ':' => at_start || after.starts_with("//") || before.ends_with(']'),
        '.' => {
            before.len() >= 3 && before.as_bytes()[before.len() - 3..].eq_ignore_ascii_case(b"www")
        }
        '@' => true,
        _ => false,
    }
}

/// A destination between parentheses.
pub(super) fn destination(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    for c in url.chars() {
        match c {
            ' ' | '(' | ')' | '<' | '>' | '\\' | '"' | '\'' | '|' | '`' | '*' | '[' | ']' => {
                out.push_str(&format!("%{:02X}", u32::from(c)));
            }
            c if c.is_control() || c.is_whitespace() => {}
            '&' => out.push_str("\\&"),
            '_' | '~' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

/// A title between quotation marks, on one line.
pub(super) fn title(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in super::super::html::one_line(text).chars() {
        if matches!(c, '"' | '\\' | '&' | '<' | '|' | '`') {
            out.push('\\');
        }
        if !c.is_control() {
            out.push(c);
        }
    }
    out
}

/// Code within a line.
pub(super) fn code_span(text: &str, is_cell: bool) -> String {
    let text: String = text
        .chars()
        .map(|c| if c == '\n' || c == '\t' { ' ' } else { c })
        .filter(|c| !c.is_control())
        .collect();
    if text.trim_matches(' ').is_empty() {
        return String::new();
    }
    let text = if is_cell {
        text.replace('|', "\\|")
    } else {
        text
    };
    let ticks = "`".repeat(longest_run(&text) + 1);
    let is_padded = text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']);
    let pad = if is_padded { " " } else { "" };
    format!("{ticks}{pad}{text}{pad}{ticks}")
}

/// What begins and ends a block of code.
pub(super) fn fence(text: &str) -> String {
    "`".repeat((longest_run(text) + 1).max(3))
}

fn longest_run(text: &str) -> usize {
    let mut longest = 0;
    let mut run = 0;
    for c in text.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

/// The name of a language, if it looks like one.
pub(super) fn language(name: &str) -> &str {
    let is_name = name.len() <= 32
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '_' | '#' | '.'));
    if is_name { name } else { "" }
}
