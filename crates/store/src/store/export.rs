//! Writing everything out in forms that other programs read. Works while the store is read-only.

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;

use chrono::{DateTime, SecondsFormat};
use rusqlite::Connection;
use serde::Serialize;
use stoa_domain::{Draft, DraftId, Timestamp, UserId};

use super::Store;
use super::export_files::{self, ExportedFile};
use crate::table::{conflict, draft, draft_kept, history, outbox};
use crate::{StoreError, disk, merging};

const EVERYTHING: &str = "everything.json";
/// Characters of a title that go into a file's name.
const NAME_CHARS: usize = 60;

/// `everything.json`.
#[derive(Serialize)]
struct Everything {
    format: &'static str,
    version: u32,
    drafts: Vec<ExportedDraft>,
    /// Files that drafts use.
    attachments: Vec<ExportedFile>,
    /// Changes the server has not accepted.
    waiting: Vec<ExportedChange>,
    /// Titles that another device's replaced.
    replaced_titles: Vec<ReplacedTitle>,
    /// Drafts that were deleted elsewhere while work on them waited here, then texts that were
    /// taken away, newest first.
    kept_texts: Vec<KeptText>,
    /// What was changed here and elsewhere, also when it was decided.
    conflicts: Vec<ExportedConflict>,
}

#[derive(Serialize)]
struct ExportedDraft {
    id: DraftId,
    file: String,
    title: String,
    author: Option<UserId>,
    created_at: Timestamp,
    edited_at: Timestamp,
    binned_at: Option<Timestamp>,
    markdown: String,
}

#[derive(Serialize)]
struct ExportedChange {
    draft: DraftId,
    kind: &'static str,
    title: String,
    name: String,
    version: u32,
    args: serde_json::Value,
    code: Option<String>,
    made_at: Timestamp,
}

#[derive(Serialize)]
struct ReplacedTitle {
    draft: DraftId,
    title: String,
    at: Timestamp,
}

#[derive(Serialize)]
struct KeptText {
    at: Timestamp,
    title: String,
    markdown: String,
}

#[derive(Serialize)]
struct ExportedConflict {
    draft: DraftId,
    title: String,
    field: String,
    base: String,
    mine: String,
    theirs: Option<String>,
    merged: String,
    seen_at: Timestamp,
}

impl Store {
    /// Writes every draft as Markdown and everything as JSON into a folder, which is made if it
    /// is not there; answers how many drafts. The same store gives the same bytes.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`] or [`StoreError::DiskFailed`]; what was written stays.
    pub fn export(&self, folder: &Path) -> Result<u64, StoreError> {
        std::fs::create_dir_all(folder)?;
        let mut names = BTreeSet::new();
        let everything = self.read(|db| {
            let mut drafts = Vec::new();
            let attachments = export_files::write(&self.inner.files, db, folder)?;
            for shown in draft::all_shown(db)? {
                let file = file_name(shown.title.as_str(), &mut names);
                let markdown = merging::markdown(db, shown.id)?;
                let body = export_files::with_paths(&markdown, &attachments);
                let text = format!("{}{body}", FrontMatter::of(&shown));
                disk::replace_file(&folder.join(&file), text.as_bytes())?;
                drafts.push(exported(shown, file, markdown));
            }
            let mut waiting = outbox::open(db, i64::MAX)?;
            waiting.extend(outbox::failed(db, i64::MAX)?);
            Ok(Everything {
                format: "stoa-export",
                version: 1,
                drafts,
                attachments,
                waiting: waiting.into_iter().map(change).collect::<Result<_, _>>()?,
                replaced_titles: draft::kept_titles(db)?
                    .into_iter()
                    .map(|(draft, title, at)| ReplacedTitle { draft, title, at })
                    .collect(),
                kept_texts: kept_texts(db)?,
                conflicts: conflicts(db)?,
            })
        })?;
        let n_drafts = everything.drafts.len() as u64;
        let json = serde_json::to_vec_pretty(&everything)?;
        disk::replace_file(&folder.join(EVERYTHING), &json)?;
        Ok(n_drafts)
    }
}

fn exported(draft: Draft, file: String, markdown: String) -> ExportedDraft {
    ExportedDraft {
        id: draft.id,
        file,
        title: draft.title.into(),
        author: draft.author,
        created_at: draft.created_at,
        edited_at: draft.edited_at,
        binned_at: draft.binned_at,
        markdown,
    }
}

fn change(entry: outbox::Entry) -> Result<ExportedChange, StoreError> {
    Ok(ExportedChange {
        draft: entry.draft,
        kind: entry.kind.as_str(),
        title: entry.title,
        name: entry.name,
        version: entry.version,
        args: serde_json::from_str(&entry.args)?,
        code: entry.code,
        made_at: entry.made_at,
    })
}

fn conflicts(db: &Connection) -> Result<Vec<ExportedConflict>, StoreError> {
    let mut all = conflict::open(db, i64::MAX)?;
    all.extend(conflict::settled(db, i64::MAX)?);
    let exported = all.into_iter().map(|found| ExportedConflict {
        draft: found.draft,
        title: found.title,
        field: found.field,
        base: found.base,
        mine: found.mine,
        theirs: found.theirs,
        merged: found.merged,
        seen_at: found.seen_at,
    });
    Ok(exported.collect())
}

fn kept_texts(db: &Connection) -> Result<Vec<KeptText>, StoreError> {
    let deleted = draft_kept::all(db)?.into_iter().map(|draft| KeptText {
        at: draft.at,
        title: draft.title,
        markdown: draft.markdown,
    });
    let taken = history::newest(db, i64::MAX)?.into_iter().filter_map(kept);
    Ok(deleted.chain(taken).collect())
}

fn kept(entry: crate::HistoryEntry) -> Option<KeptText> {
    Some(KeptText {
        at: entry.at,
        title: entry.text.map(|text| text.title).unwrap_or_default(),
        markdown: entry.kept_markdown?,
    })
}

/// What an exported text begins with, as far as it is known.
pub(crate) struct FrontMatter<'a> {
    pub(crate) id: DraftId,
    pub(crate) title: &'a str,
    pub(crate) created_at: Option<Timestamp>,
    pub(crate) edited_at: Option<Timestamp>,
    pub(crate) binned_at: Option<Timestamp>,
}

impl<'a> FrontMatter<'a> {
    fn of(draft: &'a Draft) -> Self {
        Self {
            id: draft.id,
            title: draft.title.as_str(),
            created_at: Some(draft.created_at),
            edited_at: Some(draft.edited_at),
            binned_at: draft.binned_at,
        }
    }
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
pub(crate) fn file_name(title: &str, taken: &mut BTreeSet<String>) -> String {
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
