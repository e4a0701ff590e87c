//! What a reader sees of a text, by a scan that knows the marks but not the grammar.

/// How far the end of an address or a tag is looked for, so that many beginnings without an end
/// take no longer than other text.
const LONGEST_MARK: usize = 2_000;

/// How deep quotes, lists and footnotes lie in each other on one line, at most.
pub(crate) fn depth(line: &str) -> usize {
    let mut depth = 0;
    let mut n_spaces = 0;
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match c {
            '>' | '-' | '+' | '*' => depth += 1,
            ' ' => n_spaces += 1,
            '\t' => n_spaces += 4,
            '0'..='9' | '.' | ')' => {}
            '[' => match after_footnote_name(rest) {
                Some(after) => {
                    depth += 1;
                    rest = after;
                }
                None => break,
            },
            _ => break,
        }
    }
    // Two spaces are the least that a list lies deeper by. A marker has a space of its own.
    depth.max(n_spaces / 2)
}

fn after_footnote_name(rest: &str) -> Option<&str> {
    let name = rest.strip_prefix('^')?;
    let end = name
        .bytes()
        .take(LONGEST_MARK)
        .position(|byte| byte == b']')?;
    name[end + 1..].strip_prefix(':')
}

/// How many columns a line gives a table, if it is the one below a table's head.
pub(crate) fn columns(line: &str) -> usize {
    let is_rule = line
        .chars()
        .all(|c| matches!(c, '|' | '-' | ':' | ' ' | '\t' | '>'));
    if is_rule {
        line.split('|').filter(|cell| cell.contains('-')).count()
    } else {
        0
    }
}

/// A fenced piece of code that was begun.
#[derive(Default)]
pub(crate) struct Fence(Option<(char, usize)>);

impl Fence {
    /// Whether a line is code, or the fence around it.
    pub(crate) fn covers(&mut self, line: &str) -> bool {
        let start = line.trim_start();
        let mark = start.chars().next().unwrap_or(' ');
        let length = start.chars().take_while(|c| *c == mark).count();
        let is_fence = matches!(mark, '`' | '~') && length >= 3;
        match self.0 {
            Some((open, n)) => {
                if is_fence && mark == open && length >= n {
                    self.0 = None;
                }
                true
            }
            None if is_fence => {
                self.0 = Some((mark, length));
                true
            }
            None => false,
        }
    }
}

/// The text without marks, addresses and tags, line by line.
pub(crate) fn visible(markdown: &str) -> String {
    let mut out = String::with_capacity(markdown.len());
    let mut fence = Fence::default();
    for line in markdown.lines() {
        let was_open = fence.0.is_some();
        if fence.covers(line) {
            if was_open && fence.0.is_some() {
                out.push_str(line);
            }
        } else {
            visible_line(after_markers(line), &mut out);
        }
        out.push('\n');
    }
    out
}

/// A line without the marks of quotes, headings and items before it.
fn after_markers(line: &str) -> &str {
    let rest = line.trim_start_matches([' ', '\t', '>', '#', '-', '+', '*', '=', '|']);
    let digits = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    match digits.strip_prefix(['.', ')']) {
        Some(item) if digits.len() < rest.len() && item.starts_with([' ', '\t']) => item,
        _ => rest,
    }
}

fn visible_line(line: &str, out: &mut String) {
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        rest = match c {
            '\\' => escaped(after, out),
            ']' => after_address(after),
            '<' => after_tag(after).unwrap_or_else(|| {
                out.push('<');
                after
            }),
            '*' | '_' | '~' | '`' | '[' | '|' => after,
            c => {
                out.push(c);
                after
            }
        };
    }
}

fn escaped<'a>(after: &'a str, out: &mut String) -> &'a str {
    match after.chars().next() {
        Some(c) if c.is_ascii_punctuation() => {
            out.push(c);
            &after[c.len_utf8()..]
        }
        _ => after,
    }
}

/// Behind the address of a link whose text has just ended.
fn after_address(after: &str) -> &str {
    let Some(address) = after.strip_prefix('(') else {
        return after;
    };
    let address = beginning(address);
    if !address.contains(')') {
        return after;
    }
    let mut depth = 1;
    for (at, c) in address.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &after["(".len() + at + 1..];
        }
    }
    after
}

/// Behind a tag, a comment or an address in angle brackets.
fn after_tag(after: &str) -> Option<&str> {
    let first = after.chars().next()?;
    if !(first.is_ascii_alphabetic() || matches!(first, '/' | '!' | '?')) {
        return None;
    }
    let end = beginning(after).find('>')?;
    Some(&after[end + 1..])
}

/// As much as is looked through for the end of a mark.
fn beginning(text: &str) -> &str {
    &text[..text.floor_char_boundary(LONGEST_MARK)]
}
