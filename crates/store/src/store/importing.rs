//! Posts of another program as drafts: many in one transaction, all of an import in one step.

use std::io::Read;

use stoa_domain::{
    BlobHash, ContentValues, DraftId, HEAD_BYTES, ImageHead, MAX_FILE_BYTES, MAX_IMAGE_BYTES,
    Timestamp, Title, clean,
};
use stoa_mutators::{CreateDraft, DescribeDraft, Mutation, RenameDraft};

use super::files::{added, attach, image_in, keep_taken, not_taken};
use super::{PublishAt, Store, Work, publishing, text, versions};
use crate::files::{self, Taken};
use crate::table::imported::{self, Imported};
use crate::table::{attachment, draft, meta};
use crate::{NewFile, Random, StepKind, StoreError, merging, overlay, random, undo, writing};

/// A file that an import brings: on this computer's disk, and of no draft yet.
pub struct TakenFile {
    name: String,
    taken: Taken,
    image: Option<ImageHead>,
}

impl TakenFile {
    /// What a text names it by: `attachment:<b3>`.
    pub fn b3(&self) -> BlobHash {
        self.taken.b3
    }
}

/// A post that is to become a draft.
pub struct PostToImport<'p> {
    /// The same each time the same export is read.
    pub source_id: &'p str,
    /// BLAKE3 of the post with all its fields.
    pub hash: [u8; 32],
    /// The draft to be made; for a post that was imported before, the one that it became.
    pub draft: DraftId,
    pub title: Title,
    pub markdown: &'p str,
    pub values: ContentValues,
    /// The files that its text names, and its cover.
    pub files: Vec<&'p TakenFile>,
    pub cover: Option<BlobHash>,
    /// Whether it is offered to members at once.
    pub is_published: bool,
    /// When members were to see it, there.
    pub scheduled_at: Option<Timestamp>,
}

/// What became of a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PostImported {
    New,
    Changed,
    /// Its draft was written in since; it stays as it is.
    ChangedHere,
}

impl Store {
    /// What earlier imports brought and is still there: the post's name in its export, the draft
    /// it became, and the hash that came with it.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn imported(&self) -> Result<Vec<(String, DraftId, [u8; 32])>, StoreError> {
        self.read(|db| imported::standing(db))
    }

    /// When an imported draft was to be seen by members, in the program it comes from.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn planned_at(&self, draft: DraftId) -> Result<Option<Timestamp>, StoreError> {
        let planned = self.read(|db| meta::planned(db))?;
        Ok(planned.get(&draft).copied())
    }

    /// Takes a file in for drafts that are about to be made.
    ///
    /// # Errors
    /// [`StoreError::File`] when it cannot belong to a draft, and others; nothing was kept then.
    pub fn take_file(
        &self,
        name: &str,
        source: &mut dyn Read,
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<TakenFile, StoreError> {
        if self.is_read_only() {
            return Err(StoreError::ReadOnly);
        }
        let mut head = Vec::new();
        source.take(HEAD_BYTES as u64).read_to_end(&mut head)?;
        let image = image_in(&head, false)?;
        let _adding = self.inner.adding.read();
        let mut whole = head.as_slice().chain(source);
        let taken = files::take_in(&self.inner.files, &mut whole, MAX_FILE_BYTES, random)
            .map_err(|why| not_taken(why, MAX_FILE_BYTES))?;
        // Those who collect what nobody uses know it from now on.
        self.write(|work| keep_taken(work, &taken, now))?;
        Ok(TakenFile {
            name: name.to_owned(),
            image: image.filter(|_| taken.size <= MAX_IMAGE_BYTES),
            taken,
        })
    }

    /// The id of a draft that is about to be made: links between posts name it before it is there.
    pub fn new_draft_id(now: Timestamp, random: &dyn Random) -> DraftId {
        random::draft_id(now, random)
    }

    /// Makes drafts of posts, all of them or none, as part of the step `onto` or as a new one.
    /// Answers what became of each, and the step.
    ///
    /// # Errors
    /// [`StoreError`]; nothing was changed then.
    pub fn import_posts(
        &self,
        posts: &[PostToImport<'_>],
        onto: Option<i64>,
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<(Vec<PostImported>, Option<i64>), StoreError> {
        self.write(|work| {
            work.now = Some(now);
            let done = posts
                .iter()
                .map(|post| import(work, post, now, random))
                .collect::<Result<Vec<_>, _>>()?;
            plan(work, posts, &done, now)?;
            let step = match posts.first() {
                Some(first) => undo::keep_onto(work, StepKind::Import, first.draft, (onto, now))?,
                None => onto,
            };
            Ok((done, step))
        })
    }
}

/// Keeps the times of posts that were to be seen later. It goes nowhere by itself.
fn plan(
    work: &Work<'_>,
    posts: &[PostToImport<'_>],
    done: &[PostImported],
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut planned = meta::planned(work.db)?;
    let before = planned.clone();
    for (post, done) in posts.iter().zip(done) {
        match (done, post.scheduled_at) {
            (PostImported::ChangedHere, _) => {}
            (_, Some(at)) => {
                planned.insert(post.draft, at);
            }
            (_, None) => {
                planned.remove(&post.draft);
            }
        }
    }
    if planned == before {
        return Ok(());
    }
    // What has passed is no time to offer.
    planned.retain(|_, at| *at > now);
    meta::set_planned(work.db, &planned)
}

fn import(
    work: &mut Work<'_>,
    post: &PostToImport<'_>,
    now: Timestamp,
    random: &dyn Random,
) -> Result<PostImported, StoreError> {
    let known = imported::get(work.db, post.source_id)?.filter(|known| known.draft == post.draft);
    let done = match known {
        Some(known) => {
            if !is_as_it_came(work, &known)? {
                return Ok(PostImported::ChangedHere);
            }
            change(work, post, now, random)?;
            PostImported::Changed
        }
        None => {
            make(work, post, now, random)?;
            PostImported::New
        }
    };
    let known = Imported {
        draft: post.draft,
        post: post.hash,
        body: body_hash(&merging::markdown(work.db, post.draft)?),
    };
    imported::put(work.db, post.source_id, &known)?;
    Ok(done)
}

fn body_hash(markdown: &str) -> [u8; 32] {
    *blake3::hash(markdown.as_bytes()).as_bytes()
}

/// Whether nobody has written in a draft since it came, or is about to.
fn is_as_it_came(work: &Work<'_>, known: &Imported) -> Result<bool, StoreError> {
    let shown = draft::shown(work.db, known.draft)?;
    let may_change = shown.is_some_and(|draft| draft.binned_at.is_none() && draft.post.is_none());
    Ok(may_change
        && !work.is_open(known.draft)
        && body_hash(&merging::markdown(work.db, known.draft)?) == known.body)
}

fn make(
    work: &mut Work<'_>,
    post: &PostToImport<'_>,
    now: Timestamp,
    random: &dyn Random,
) -> Result<(), StoreError> {
    let create = CreateDraft {
        id: post.draft,
        title: post.title.clone(),
    };
    overlay::enqueue(work, post.draft, &Mutation::CreateDraft(create), now)?;
    let cover = use_files(work, post, now, random)?;
    text::write_new(work, post.draft, post.markdown, now, random)?;
    describe(work, post, cover, now)?;
    if post.is_published {
        let publish = publishing::as_shown(work, post.draft, PublishAt::default())?;
        overlay::enqueue(work, post.draft, &Mutation::PublishPost(publish), now)?;
    }
    writing::index_if_small(work.db, post.draft)
}

fn change(
    work: &mut Work<'_>,
    post: &PostToImport<'_>,
    now: Timestamp,
    random: &dyn Random,
) -> Result<(), StoreError> {
    let was = draft::shown(work.db, post.draft)?.ok_or(StoreError::NotFound)?;
    if was.title != post.title {
        let rename = RenameDraft {
            id: post.draft,
            title: post.title.clone(),
            was: Some(was.title),
        };
        overlay::enqueue(work, post.draft, &Mutation::RenameDraft(rename), now)?;
    }
    let cover = use_files(work, post, now, random)?;
    if merging::markdown(work.db, post.draft)? != clean(post.markdown) {
        let from = versions::present(work, post.draft)?;
        text::rewrite(work, post.draft, post.markdown, now, random)?;
        let way_back = undo::WayBack::new(work, post.draft, from, random)?;
        work.doing.note_text(way_back);
    }
    describe(work, post, cover, now)?;
    writing::index_if_small(work.db, post.draft)
}

/// Has the draft use its files, each once; answers the one that is its cover.
fn use_files(
    work: &mut Work<'_>,
    post: &PostToImport<'_>,
    now: Timestamp,
    random: &dyn Random,
) -> Result<Option<stoa_domain::AttachmentId>, StoreError> {
    let mut there = attachment::of_draft(work.db, post.draft)?;
    for file in &post.files {
        if there.iter().any(|known| known.b3 == file.taken.b3) {
            continue;
        }
        let new = NewFile {
            draft: post.draft,
            name: file.name.clone(),
            must_be_image: false,
        };
        let id = random::attachment_id(now, random);
        work.changed.files = true;
        there.push(attach(
            work,
            &added(id, &new, &file.taken, file.image),
            now,
        )?);
    }
    let is_cover = |b3: &BlobHash| there.iter().find(|file| file.b3 == *b3);
    Ok(post.cover.as_ref().and_then(is_cover).map(|file| file.id))
}

fn describe(
    work: &mut Work<'_>,
    post: &PostToImport<'_>,
    cover: Option<stoa_domain::AttachmentId>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut values = post.values.clone();
    values.cover = cover.map(Some);
    if values == ContentValues::default() {
        return Ok(());
    }
    let describe = DescribeDraft {
        id: post.draft,
        values,
    };
    overlay::enqueue(work, post.draft, &Mutation::DescribeDraft(describe), now)
}
