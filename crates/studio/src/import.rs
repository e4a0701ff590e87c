//! Markdown and text files as drafts: which files, in which encodings, and what their title is.

use std::io::Read;
use std::path::Path;

use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};
use stoa_domain::{MAX_BODY_BYTES, MAX_TITLE_CHARS, Title, clean};

/// A file's contents, ready to become a draft.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ReadFile {
    pub(crate) title: Title,
    pub(crate) markdown: String,
}

/// Why a file does not become a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotImported {
    NotFound,
    TooLarge,
    NotText,
    NotMarkdown,
    Unreadable,
}

impl NotImported {
    /// Every reason, for the test of its texts.
    #[cfg(test)]
    pub(crate) const ALL: [NotImported; 5] = [
        NotImported::NotFound,
        NotImported::TooLarge,
        NotImported::NotText,
        NotImported::NotMarkdown,
        NotImported::Unreadable,
    ];

    /// Its text is `import-<reason>`.
    pub(crate) fn reason(self) -> &'static str {
        match self {
            NotImported::NotFound => "not-found",
            NotImported::TooLarge => "too-large",
            NotImported::NotText => "not-text",
            NotImported::NotMarkdown => "not-markdown",
            NotImported::Unreadable => "unreadable",
        }
    }
}

/// Reads a file that should become a draft.
pub(crate) fn read_file(path: &Path) -> Result<ReadFile, NotImported> {
    if !has_text_ending(path) {
        return Err(NotImported::NotMarkdown);
    }
    let text = clean(&decode(&bytes(path)?).ok_or(NotImported::NotText)?);
    if text.len() > MAX_BODY_BYTES {
        return Err(NotImported::TooLarge);
    }
    let stem = path.file_stem().map(|stem| stem.to_string_lossy());
    Ok(titled(&text, &stem.unwrap_or_default()))
}

fn has_text_ending(path: &Path) -> bool {
    path.extension().is_some_and(|ending| {
        ["md", "markdown", "txt"]
            .iter()
            .any(|known| ending.eq_ignore_ascii_case(known))
    })
}

fn bytes(path: &Path) -> Result<Vec<u8>, NotImported> {
    let file = std::fs::File::open(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => NotImported::NotFound,
        _ => NotImported::Unreadable,
    })?;
    // A folder or a device can be opened; only a plain file is a text.
    if !file.metadata().is_ok_and(|found| found.is_file()) {
        return Err(NotImported::Unreadable);
    }
    let mut bytes = Vec::new();
    let limit = MAX_BODY_BYTES as u64 + 1;
    file.take(limit)
        .read_to_end(&mut bytes)
        .map_err(|_| NotImported::Unreadable)?;
    if bytes.len() > MAX_BODY_BYTES {
        return Err(NotImported::TooLarge);
    }
    Ok(bytes)
}

/// UTF-8, UTF-16 with its mark, or GB18030; `None` for what is no text.
fn decode(bytes: &[u8]) -> Option<String> {
    let text = match bytes {
        [0xFF, 0xFE, rest @ ..] => strict(UTF_16LE, rest)?,
        [0xFE, 0xFF, rest @ ..] => strict(UTF_16BE, rest)?,
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8(rest.to_vec()).ok()?,
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => strict(GB18030, bytes)?,
        },
    };
    let is_binary = text
        .chars()
        .any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}' | '\u{85}'));
    (!is_binary).then_some(text)
}

fn strict(encoding: &'static encoding_rs::Encoding, bytes: &[u8]) -> Option<String> {
    encoding
        .decode_without_bom_handling_and_without_replacement(bytes)
        .map(std::borrow::Cow::into_owned)
}

/// The title is that of the front matter, else the first heading, else the file's name.
pub(crate) fn titled(text: &str, name: &str) -> ReadFile {
    let (fields, body) = front_matter(text);
    let given = fields.iter().find(|field| field.key == "title");
    let kept: Vec<&str> = fields
        .iter()
        .filter(|field| field.key != "title")
        .map(|field| field.line)
        .collect();
    let (title, body) = match given.and_then(|field| Title::parse(field.value).ok()) {
        Some(title) => (title, body.to_owned()),
        None => match leading_heading(body) {
            Some((title, rest)) => (title, rest.to_owned()),
            None => (cut_title(name), body.to_owned()),
        },
    };
    // What else stood in the front matter is the writer's too.
    let markdown = if kept.is_empty() {
        body
    } else {
        format!("```yaml\n{}\n```\n\n{body}", kept.join("\n"))
    };
    ReadFile { title, markdown }
}

/// One line of a front matter, `key: value`.
pub(crate) struct Field<'a> {
    pub(crate) key: &'a str,
    pub(crate) value: &'a str,
    line: &'a str,
}

/// The lines between `---` and `---` at the very top, and the text below them.
pub(crate) fn front_matter(text: &str) -> (Vec<Field<'_>>, &str) {
    let Some(rest) = text.strip_prefix("---\n") else {
        return (Vec::new(), text);
    };
    let Some((head, body)) = rest.split_once("\n---\n") else {
        return (Vec::new(), text);
    };
    let fields = head.lines().map(field).collect();
    (fields, body.trim_start_matches('\n'))
}

fn field(line: &str) -> Field<'_> {
    let (key, value) = line.split_once(':').unwrap_or(("", line));
    Field {
        key: key.trim_end(),
        value: value.trim().trim_matches(['"', '\'']),
        line,
    }
}

/// A first-level heading at the very top, and the text below it.
fn leading_heading(body: &str) -> Option<(Title, &str)> {
    let body = body.trim_start_matches('\n');
    let (line, rest) = body.split_once('\n').unwrap_or((body, ""));
    let heading = line.strip_prefix("# ")?.trim().trim_end_matches('#');
    let title = Title::parse(heading).ok()?;
    (!title.as_str().is_empty()).then(|| (title, rest.trim_start_matches('\n')))
}

fn cut_title(name: &str) -> Title {
    let short: String = name.chars().take(MAX_TITLE_CHARS).collect();
    Title::parse(&short).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, title: &str, markdown: &str) {
        let read = titled(text, "notes");
        assert_eq!(
            (read.title.as_str(), read.markdown.as_str()),
            (title, markdown)
        );
    }

    #[test]
    fn the_title_comes_from_front_matter_heading_or_file_name() {
        check("---\ntitle: \"定价\"\n---\n\n正文\n", "定价", "正文\n");
        check("# 定价\n\n正文\n", "定价", "正文\n");
        check("正文\n# 后来的标题\n", "notes", "正文\n# 后来的标题\n");
        check("## 小标题\n", "notes", "## 小标题\n");
        check("", "notes", "");
    }

    #[test]
    fn nothing_of_a_front_matter_is_lost() {
        check(
            "---\ntitle: T\ntags: [a, b]\n---\nbody",
            "T",
            "```yaml\ntags: [a, b]\n```\n\nbody",
        );
        check("---\nno end", "notes", "---\nno end");
    }

    #[test]
    fn chinese_files_of_every_age_are_read() {
        let text = "知识付费";
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let utf16be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let gb18030 = GB18030.encode(text).0.into_owned();
        let cases = [
            text.as_bytes().to_vec(),
            [&[0xEF, 0xBB, 0xBF], text.as_bytes()].concat(),
            [&[0xFF, 0xFE], utf16.as_slice()].concat(),
            [&[0xFE, 0xFF], utf16be.as_slice()].concat(),
            gb18030,
        ];
        for bytes in cases {
            assert_eq!(decode(&bytes).as_deref(), Some(text), "{bytes:x?}");
        }
    }

    #[test]
    fn binary_files_are_refused() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
        let lone_surrogate = [0xFF, 0xFE, 0x00, 0xD8];
        for bytes in [png.as_slice(), b"\xff\xfe\xff", &lone_surrogate, b"a\0b"] {
            assert_eq!(decode(bytes), None, "{bytes:x?}");
        }
    }

    #[test]
    fn files_that_are_no_drafts_say_why() {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        std::fs::write(path("a.pdf"), "x").unwrap();
        std::fs::write(path("big.md"), vec![b'a'; MAX_BODY_BYTES + 1]).unwrap();
        std::fs::write(path("binary.txt"), b"a\0b").unwrap();
        std::fs::create_dir(path("folder.md")).unwrap();
        let cases = [
            ("a.pdf", NotImported::NotMarkdown),
            ("none.md", NotImported::NotFound),
            ("big.md", NotImported::TooLarge),
            ("binary.txt", NotImported::NotText),
            ("folder.md", NotImported::Unreadable),
        ];
        for (name, expected) in cases {
            assert_eq!(read_file(&path(name)), Err(expected), "{name}");
        }
    }
}
