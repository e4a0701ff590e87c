//! The book of tags of our own export: `tags.json`.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;
use stoa_domain::{MAX_SYNONYMS, MAX_TAG_ENTRIES, Tag, TagBook};

use crate::json;
use crate::limits::MIB;
use crate::model::{Place, ProblemCode};
use crate::reading::Reading;

/// Where it lies in an export.
pub const TAGS: &str = "tags.json";
const FORMAT: &str = "stoa-tags";
const VERSION: u64 = 1;
/// More than the largest book there can be takes.
const MOST_BYTES: u64 = 4 * MIB;

#[derive(Serialize)]
struct TagsFile<'b> {
    format: &'static str,
    version: u64,
    tags: Vec<Listed<'b>>,
}

#[derive(Serialize)]
struct Listed<'b> {
    tag: &'b Tag,
    synonyms: &'b [Tag],
}

/// The book as a file; `None` where no tag has a synonym. The same book gives the same bytes.
pub fn tags_file(book: &TagBook) -> Option<Vec<u8>> {
    if book.is_empty() {
        return None;
    }
    let entries = book.entries().map(|entry| Listed {
        tag: &entry.name,
        synonyms: &entry.synonyms,
    });
    let mut tags: Vec<Listed<'_>> = entries.collect();
    tags.sort_by_cached_key(|listed| listed.tag.folded());
    let file = TagsFile {
        format: FORMAT,
        version: VERSION,
        tags,
    };
    let mut bytes = serde_json::to_vec_pretty(&file).ok()?;
    bytes.push(b'\n');
    Some(bytes)
}

/// Reads the book that lies beside the list of an export, if there is one.
pub(crate) fn read(reading: &mut Reading, folder: &str) -> Vec<(Tag, Vec<Tag>)> {
    let path = format!("{folder}{TAGS}");
    if !reading.files.has(&path) {
        return Vec::new();
    }
    let Some(bytes) = reading.read(&path, MOST_BYTES) else {
        return Vec::new();
    };
    match json::parse(&bytes) {
        Ok(file) if file["format"] == FORMAT => tags_in(&file),
        // Another program's file by this name is nothing to complain of.
        Ok(_) => Vec::new(),
        Err(why) => {
            let place = Place::file(&path);
            reading.problems.error(place, ProblemCode::Unreadable, why);
            Vec::new()
        }
    }
}

/// What can be a tag of it, each word once.
fn tags_in(file: &Value) -> Vec<(Tag, Vec<Tag>)> {
    let mut seen = BTreeSet::new();
    let tag = |value: &Value| Tag::parse(value.as_str()?).ok();
    let listed = file["tags"].as_array().into_iter().flatten();
    let entries = listed.take(MAX_TAG_ENTRIES).filter_map(|entry| {
        let name = tag(&entry["tag"])?;
        let words = entry["synonyms"].as_array().into_iter().flatten();
        let words = words
            .filter_map(tag)
            .filter(|word| seen.insert(word.folded()));
        Some((name, words.take(MAX_SYNONYMS).collect::<Vec<Tag>>()))
    });
    entries.filter(|(_, words)| !words.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use stoa_domain::TagEntry;

    use super::*;
    use crate::{Files, Format, Limits};

    fn tag(text: &str) -> Tag {
        Tag::parse(text).unwrap()
    }

    fn book() -> TagBook {
        let entry = |name: &str, words: &[&str]| TagEntry {
            synonyms: words.iter().map(|word| tag(word)).collect(),
            ..TagEntry::new(tag(name))
        };
        TagBook::new([
            entry("人工智能", &["AI"]),
            entry("Pricing", &["价格", "定价"]),
        ])
    }

    fn read_with(tags: &[u8]) -> crate::Imported {
        let files = [
            ("a/stoa.json", br#"{"version":1,"posts":[]}"#.as_slice()),
            ("a/posts/x.md", b"# X\n"),
            ("a/tags.json", tags),
        ];
        let files = files.map(|(path, bytes)| (path.to_owned(), bytes.to_vec()));
        let mut files: Files = files.into_iter().collect();
        crate::read(&mut files, Format::Markdown, &Limits::default())
    }

    #[test]
    fn a_book_comes_back_as_it_went_and_is_the_same_bytes_each_time() {
        let bytes = tags_file(&book()).unwrap();
        assert_eq!(
            String::from_utf8(bytes.clone()).unwrap(),
            r#"{
  "format": "stoa-tags",
  "version": 1,
  "tags": [
    {
      "tag": "Pricing",
      "synonyms": [
        "价格",
        "定价"
      ]
    },
    {
      "tag": "人工智能",
      "synonyms": [
        "AI"
      ]
    }
  ]
}
"#
        );
        let read = read_with(&bytes).tags;
        let entries = read.into_iter().map(|(name, synonyms)| TagEntry {
            synonyms,
            ..TagEntry::new(name)
        });
        assert_eq!(tags_file(&TagBook::new(entries)).unwrap(), bytes);
        assert_eq!(tags_file(&TagBook::default()), None);
    }

    #[test]
    fn the_largest_book_there_can_be_comes_back() {
        let word = |n: usize, w: usize| {
            let number = format!("{n:03}{w:02}");
            tag(&format!("{number}{}", "词".repeat(35)))
        };
        let entries = (0..MAX_TAG_ENTRIES).map(|n| TagEntry {
            synonyms: (1..=MAX_SYNONYMS).map(|w| word(n, w)).collect(),
            ..TagEntry::new(word(n, 0))
        });
        let bytes = tags_file(&TagBook::new(entries)).unwrap();
        let read = read_with(&bytes);
        assert_eq!(
            (read.tags.len(), read.problems),
            (MAX_TAG_ENTRIES, Vec::new())
        );
        assert!(
            read.tags
                .iter()
                .all(|(_, words)| words.len() == MAX_SYNONYMS)
        );
    }

    #[test]
    fn what_can_be_no_tag_is_left_out_and_a_word_is_taken_once() {
        let long = "长".repeat(41);
        let file = json!({
            "format": FORMAT, "version": 1,
            "tags": [
                {"tag": "甲", "synonyms": ["乙", "", long, 7, "乙 "]},
                {"tag": "丙", "synonyms": ["乙"]},
                {"tag": long, "synonyms": ["丁"]},
                "戊",
            ],
        });
        let read = read_with(&serde_json::to_vec(&file).unwrap());
        assert_eq!(read.tags, [(tag("甲"), vec![tag("乙")])]);
        assert_eq!(read.problems, []);
        let many: Vec<String> = (0..2_000).map(|n| n.to_string()).collect();
        let file = json!({"format": FORMAT, "tags": [{"tag": "甲", "synonyms": many}]});
        let read = read_with(&serde_json::to_vec(&file).unwrap());
        assert_eq!(read.tags[0].1.len(), MAX_SYNONYMS);
    }

    #[test]
    fn a_broken_book_is_a_problem_and_another_programs_file_is_none() {
        assert_eq!(read_with(b"{").problems.len(), 1);
        let other = read_with(br#"{"tags":[{"tag":"a","synonyms":["b"]}]}"#);
        assert_eq!((other.tags, other.problems), (Vec::new(), Vec::new()));
    }
}
