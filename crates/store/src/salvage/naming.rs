//! What salvaged texts and files are called, and what a text begins with.

use std::collections::BTreeSet;
use std::fmt;

use chrono::{DateTime, SecondsFormat};
use stoa_domain::{BlobHash, DraftId, Timestamp};

/// Characters of a title that go into a file's name.
const NAME_CHARS: usize = 60;

/// What an exported text begins with, as far as it is known.
pub(super) struct FrontMatter<'a> {
    pub(super) id: DraftId,
    pub(super) title: &'a str,
    pub(super) created_at: Option<Timestamp>,
    pub(super) edited_at: Option<Timestamp>,
    pub(super) binned_at: Option<Timestamp>,
}

impl fmt::Display for FrontMatter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A JSON text is a YAML text, so any title is safe in quotes.
        let title = serde_json::Value::from(self.title);
        write!(f, "---\nid: {}\ntitle: {title}\n", self.id)?;
        let dates = [
            ("created", self.created_at),
            ("edited", self.edited_at),
            ("binned", self.binned_at),
        ];
        for (name, at) in dates {
            if let Some(at) = at {
                writeln!(f, "{name}: {}", date(at))?;
            }
        }
        f.write_str("---\n\n")
    }
}

fn date(at: Timestamp) -> String {
    DateTime::from_timestamp_millis(at.millis())
        .unwrap_or_default()
        .to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// A file name from a title that every system takes and that no other draft has, whatever a
/// system thinks of upper and lower case.
pub(super) fn file_name(title: &str, taken: &mut BTreeSet<String>) -> String {
    let stem = safe_stem(title);
    let mut name = format!("{stem}.md");
    let mut n = 2;
    while !taken.insert(name.to_lowercase()) {
        name = format!("{stem} {n}.md");
        n += 1;
    }
    name
}

fn safe_stem(title: &str) -> String {
    let safe: String = title
        .chars()
        .map(|c| match c {
            '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
            c if c.is_control() => '_',
            c => c,
        })
        .take(NAME_CHARS)
        .collect();
    let safe = safe.trim_matches(|c: char| c == '.' || c.is_whitespace());
    let first = safe.split('.').next().unwrap_or(safe).to_ascii_lowercase();
    let is_device = matches!(first.as_str(), "con" | "prn" | "aux" | "nul")
        || (first.len() == 4
            && (first.starts_with("com") || first.starts_with("lpt"))
            && first.ends_with(|c: char| c.is_ascii_digit()));
    match safe {
        "" => "untitled".to_owned(),
        safe if is_device || safe.eq_ignore_ascii_case("everything") => format!("_{safe}"),
        safe => safe.to_owned(),
    }
}

/// Unlike that of any other file, and safe on every system and in a link.
pub(super) fn attachment_name(b3: BlobHash, name: &str) -> String {
    let b3 = b3.to_string();
    let safe: String = name
        .chars()
        .map(|c| {
            if c.is_alphanumeric() || matches!(c, '.' | '-') {
                c
            } else {
                '_'
            }
        })
        .collect();
    let safe = safe.trim_matches('.');
    let n_chars = safe.chars().count();
    let end: String = safe.chars().skip(n_chars.saturating_sub(60)).collect();
    format!("{}-{end}", &b3[..12])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_title_becomes_a_name_every_system_takes() {
        let cases = [
            ("知识付费", "知识付费"),
            ("a/b\\c:d", "a_b_c_d"),
            ("", "untitled"),
            ("..", "untitled"),
            ("con", "_con"),
            ("COM1.txt", "_COM1.txt"),
            (" x. ", "x"),
        ];
        for (title, name) in cases {
            assert_eq!(safe_stem(title), name);
        }
    }
}
