//! Writing everything out in forms that other programs read. Works while the store is read-only.

use std::fs;
use std::path::Path;

use rusqlite::Connection;
use serde::Serialize;
use stoa_domain::{
    Access, Draft, DraftId, Kind, Lesson, Minutes, Post, TagBook, TagEntry, Timestamp,
};
use stoa_exchange::{
    ImportedCourse, ImportedLesson, ImportedPart, ImportedPost, MediaFile, Status,
};

use super::export_files::{self, ExportedFile, Written, with_path, with_paths};
use super::{Store, courses};
use crate::table::{conflict, draft, draft_kept, history, outbox, tag};
use crate::{StoreError, disk, merging};

const EVERYTHING: &str = "everything.json";

/// `everything.json`.
#[derive(Serialize)]
struct Everything {
    format: &'static str,
    version: u32,
    drafts: Vec<ExportedDraft>,
    /// Tags that have synonyms.
    tags: Vec<TagEntry>,
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
    #[serde(flatten)]
    draft: Draft,
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
    /// Writes every draft but those in the bin as Markdown with its files, in the form that
    /// `stoa_exchange` reads again, and everything as JSON, into a folder that is made if it is
    /// not there; answers how many drafts. The same store gives the same bytes.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`] or [`StoreError::DiskFailed`]; what was written stays.
    pub fn export(&self, folder: &Path) -> Result<u64, StoreError> {
        fs::create_dir_all(folder)?;
        let (everything, posts, outlines, media) = self.read(|db| {
            let written = export_files::write(&self.inner.files, db, folder)?;
            let (mut drafts, mut posts) = (Vec::new(), Vec::new());
            let mut outlines = Vec::new();
            for shown in draft::all_shown(db)? {
                let markdown = merging::markdown(db, shown.id)?;
                if shown.binned_at.is_none() {
                    posts.push(post(
                        &shown,
                        with_paths(&markdown, &written.media),
                        &written,
                    ));
                    outlines.extend(outline_of(db, &shown)?);
                }
                drafts.push(ExportedDraft {
                    draft: shown,
                    markdown,
                });
            }
            let mut waiting = outbox::open(db, i64::MAX)?;
            waiting.extend(outbox::failed(db, i64::MAX)?);
            let everything = Everything {
                format: "stoa-export",
                version: 2,
                drafts,
                tags: tag::standing(db)?,
                attachments: written.attachments,
                waiting: waiting.into_iter().map(change).collect::<Result<_, _>>()?,
                replaced_titles: draft::kept_titles(db)?
                    .into_iter()
                    .map(|(draft, title, at)| ReplacedTitle { draft, title, at })
                    .collect(),
                kept_texts: kept_texts(db)?,
                conflicts: conflicts(db)?,
            };
            let media: Vec<MediaFile> = written.media.into_values().collect();
            Ok((everything, posts, outlines, media))
        })?;
        let n_drafts = everything.drafts.len() as u64;
        let json = serde_json::to_vec_pretty(&everything)?;
        disk::replace_file(&folder.join(EVERYTHING), &json)?;
        if let Some(bytes) = stoa_exchange::tags_file(&TagBook::new(everything.tags)) {
            disk::replace_file(&folder.join(stoa_exchange::TAGS), &bytes)?;
        }
        if let Some(bytes) = stoa_exchange::courses_file(&outlines) {
            disk::replace_file(&folder.join(stoa_exchange::COURSES), &bytes)?;
        }
        for (path, bytes) in stoa_exchange::export(&posts, &media).texts {
            let path = folder.join(path);
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            disk::replace_file(&path, &bytes)?;
        }
        Ok(n_drafts)
    }
}

/// What stands in a course or column; `None` where nothing does.
fn outline_of(db: &Connection, course: &Draft) -> Result<Option<ImportedCourse>, StoreError> {
    if !course.content.kind.has_lessons() {
        return Ok(None);
    }
    let lessons = courses::lessons(db, course.id)?;
    let lesson = |(draft, lesson): (DraftId, &Lesson)| ImportedLesson {
        post: draft.to_string(),
        opens: lesson.opens,
        requires: lesson.requires.map(|id| id.to_string()),
    };
    let parts = courses::outlined(course, &lessons).into_iter();
    let parts = parts.map(|part| ImportedPart {
        section: part
            .section
            .and_then(|section| Some(section.title.as_ref()?.as_str().to_owned())),
        lessons: part
            .lessons
            .into_iter()
            .map(|(draft, place, _)| lesson((draft, place)))
            .collect(),
    });
    let parts: Vec<ImportedPart> = parts
        .filter(|part| part.section.is_some() || !part.lessons.is_empty())
        .collect();
    Ok((!parts.is_empty()).then(|| ImportedCourse {
        course: course.id.to_string(),
        parts,
    }))
}

/// A draft in the form that every import of ours reads again.
fn post(draft: &Draft, markdown: String, written: &Written) -> ImportedPost {
    let content = &draft.content;
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let files = written.of(draft.id);
    ImportedPost {
        source_id: draft.id.to_string(),
        title: draft.title.as_str().to_owned(),
        markdown,
        kind: kind(content.kind),
        status: draft.post.as_deref().map_or(Status::Draft, status),
        access: access(&content.access),
        is_sold_singly: matches!(content.access, Access::Paid { singly: true, .. }),
        slug: text(content.slug.as_str()),
        tags: content
            .tags
            .as_slice()
            .iter()
            .map(|tag| tag.as_str().to_owned())
            .collect(),
        excerpt: text(content.excerpt.as_str()),
        feature_image: content.cover.and_then(|cover| written.file(cover)),
        canonical_url: text(content.canonical.as_str()),
        starts_at: content.starts_at.map(Timestamp::millis),
        lasts_minutes: (content.lasts_minutes != Minutes::default())
            .then(|| content.lasts_minutes.get().into()),
        join_link: text(content.join_link.as_str()),
        recording: text(&with_path(content.recording.as_str(), &written.media)),
        search_title: text(content.search_title.as_str()),
        search_description: text(content.search_description.as_str()),
        created_at: Some(draft.created_at.millis()),
        updated_at: Some(draft.edited_at.millis()),
        files,
        ..ImportedPost::default()
    }
}

/// What was to be seen later than it was published was scheduled.
fn status(post: &Post) -> Status {
    let at = post.live_at.millis();
    match (post.withdrawn_at, post.live_at > post.at) {
        (Some(_), _) => Status::Draft,
        (None, true) => Status::Scheduled { at },
        (None, false) => Status::Published { at: Some(at) },
    }
}

fn kind(kind: Kind) -> stoa_exchange::Kind {
    match kind {
        Kind::Article => stoa_exchange::Kind::Article,
        Kind::Images => stoa_exchange::Kind::Gallery,
        Kind::Audio => stoa_exchange::Kind::Audio,
        Kind::Video => stoa_exchange::Kind::Video,
        Kind::Course => stoa_exchange::Kind::Course,
        Kind::Column => stoa_exchange::Kind::Column,
        Kind::Live => stoa_exchange::Kind::Live,
    }
}

fn access(access: &Access) -> stoa_exchange::Access {
    match access {
        Access::Public => stoa_exchange::Access::Public,
        Access::Registered => stoa_exchange::Access::Registered,
        Access::Paid { tiers, .. } => {
            let names = tiers.iter().map(|tier| tier.as_str().to_owned());
            stoa_exchange::Access::Tiers(names.collect())
        }
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
