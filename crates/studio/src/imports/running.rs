//! Importing what was read, some posts in each transaction.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use stoa_domain::{DraftId, Timestamp};
use stoa_exchange::{
    Action, FileRef, Imported, ImportedPost, Limits, Step, file_link, map_post, replace_in_address,
    replace_placeholders,
};
use stoa_ipc::{
    ErrorCode, Failure, ImportMapping, ImportReport, ImportScheduled, ImportStage, ImportStatus,
};
use stoa_store::{PostImported, PostToImport, Store, StoreError, TakenFile};

use super::mapping;
use super::origin::Origin;
use super::source::Watched;
use crate::failure::{Fails, OrFailure};
use crate::options::StudioOptions;
use crate::studio::{Studio, blocking};

/// So many posts, or so many bytes of text, in one transaction: in between others write.
const MOST_POSTS: usize = 25;
const MOST_BYTES: usize = 512 * 1024;
/// So many posts that members were to see later are told one by one.
const MOST_SCHEDULED: usize = 100;

impl Studio {
    /// Begins to import.
    pub(crate) async fn run_import(
        &self,
        n: u64,
        wanted: ImportMapping,
    ) -> Result<Option<ImportStatus>, Failure> {
        let (imported, path) = self.inner.imports.read(n)?;
        let store = self.profile()?.store.clone();
        if wanted.publish {
            let now = self.now();
            let actor = self.ask(move |store| store.actor(now)).await?;
            if !actor.role.publishes() {
                return Err(Failure::new(
                    ErrorCode::NotAllowed,
                    "the role does not publish",
                ));
            }
        }
        let names = mapping::of_names(&wanted);
        let (planned, read, from) = (store.clone(), imported.clone(), path.clone());
        let plan = blocking(move || {
            let known = Origin::of(&from).existing(&planned, &read, &names);
            Ok::<_, Failure>(stoa_exchange::plan(&read, &known.or_failure()?, &names))
        });
        let plan = plan.await??;
        let stop = self.inner.imports.get(n, |import| import.stop.clone())?;
        self.change_import(n, |import| {
            import.status.stage = ImportStage::Running;
            (import.status.n_done, import.status.n_total) = (0, plan.steps.len() as u64);
        });
        let studio = self.clone();
        let unchanged = plan.counts.unchanged as u64;
        self.inner.runtime.spawn_blocking(move || {
            let mut run = Run {
                studio: &studio,
                n,
                store: &store,
                origin: Origin::of(&path),
                stop: &stop,
                wanted: &wanted,
                report: ImportReport {
                    n_unchanged: unchanged,
                    ..ImportReport::default()
                },
                step: None,
                n_done: 0,
            };
            let outcome = run.all(&imported, &path, &plan.steps);
            let mut report = run.report;
            let step = run.step;
            if let Err(failure) = outcome {
                report.failure = Some(failure.code);
            }
            report.is_cancelled = stop.load(Ordering::Relaxed);
            report.can_undo = step.is_some();
            studio.change_import(n, |import| {
                import.status.stage = ImportStage::Ended;
                import.status.report = Some(report);
                import.step = step;
            });
        });
        Ok(self.import_status())
    }
}

struct Run<'r> {
    studio: &'r Studio,
    n: u64,
    store: &'r Store,
    origin: Origin,
    stop: &'r AtomicBool,
    wanted: &'r ImportMapping,
    report: ImportReport,
    step: Option<i64>,
    n_done: u64,
}

/// A post that is ready to be stored.
struct Ready {
    post: ImportedPost,
    source_id: String,
    hash: [u8; 32],
    draft: DraftId,
    markdown: String,
    files: Vec<Arc<TakenFile>>,
    cover: Option<Arc<TakenFile>>,
    is_published: bool,
    scheduled_at: Option<Timestamp>,
}

/// The drafts of posts by their names in the export, and whether each is to be published.
pub(super) type Places = BTreeMap<String, (DraftId, bool)>;

/// The drafts that are to stand in courses.
fn lessons_of(imported: &Imported, drafts: &BTreeMap<String, DraftId>) -> BTreeSet<DraftId> {
    let courses = imported.courses.iter();
    let courses = courses.filter(|course| drafts.contains_key(&course.course));
    let lessons = courses.flat_map(|course| course.parts.iter().flat_map(|part| &part.lessons));
    lessons
        .filter_map(|lesson| drafts.get(&lesson.post).copied())
        .collect()
}

/// The files that were taken in so far, by their paths; `None` for those that could not be.
type Taken = BTreeMap<String, Option<Arc<TakenFile>>>;

impl Run<'_> {
    fn options(&self) -> &StudioOptions {
        &self.studio.inner.options
    }

    fn all(&mut self, imported: &Imported, path: &Path, steps: &[Step]) -> Result<(), Failure> {
        let limits = Limits::default();
        let never = Arc::new(AtomicBool::new(false));
        let mut source = Watched::open(path, &limits, never, Box::new(|_, _| {}))
            .map_err(|_| Failure::new(ErrorCode::NotFound, "the export is not there any more"))?;
        let drafts = self.drafts(steps)?;
        let posts: BTreeMap<&str, &ImportedPost> = imported
            .posts
            .iter()
            .map(|post| (post.source_id.as_str(), post))
            .collect();
        let names = mapping::of_names(self.wanted);
        // Lessons go to members from their courses, so that none is open before it is one.
        let lessons = lessons_of(imported, &drafts);
        let mut taken = Taken::new();
        let mut batch: Vec<Ready> = Vec::new();
        for step in steps {
            if self.stop.load(Ordering::Relaxed) {
                break;
            }
            let is_wanted = matches!(step.action, Action::Create | Action::Update);
            match posts.get(step.source_id.as_str()).filter(|_| is_wanted) {
                Some(original) => {
                    let post = map_post(original, &names);
                    let ready = self.ready(post, step, &drafts, (&mut source, &mut taken))?;
                    batch.push(Ready {
                        scheduled_at: mapping::scheduled_at(original, self.studio.now()),
                        is_published: ready.is_published && !lessons.contains(&ready.draft),
                        ..ready
                    });
                }
                None => self.n_done += 1,
            }
            let n_bytes: usize = batch.iter().map(|ready| ready.markdown.len()).sum();
            if batch.len() >= MOST_POSTS || n_bytes >= MOST_BYTES {
                self.store_batch(&mut batch)?;
            }
        }
        self.store_batch(&mut batch)?;
        self.store_courses(imported, &self.places(imported, steps, &drafts))?;
        self.store_tags(imported)
    }

    /// The draft of every post that has one or gets one: links between posts lead there.
    fn drafts(&self, steps: &[Step]) -> Result<BTreeMap<String, DraftId>, Failure> {
        let mut drafts = self.origin.drafts(self.store, steps).or_failure()?;
        let options = self.options();
        for step in steps.iter().filter(|step| step.action == Action::Create) {
            let id = Store::new_draft_id(options.clock.now(), &*options.random);
            drafts.insert(step.source_id.clone(), id);
        }
        Ok(drafts)
    }

    /// The drafts that may be arranged: those of every post that is not left out. One that is new and was
    /// published there is to be so here, where that is wanted.
    fn places(
        &self,
        imported: &Imported,
        steps: &[Step],
        drafts: &BTreeMap<String, DraftId>,
    ) -> Places {
        let now = self.studio.now();
        let posts = imported.posts.iter();
        let published = posts.filter(|post| mapping::is_published(post, now));
        let published: BTreeSet<&str> = published.map(|post| post.source_id.as_str()).collect();
        let place = |step: &Step| {
            let is_new = step.action == Action::Create && self.wanted.publish;
            let is_published = is_new && published.contains(step.source_id.as_str());
            let draft = *drafts.get(&step.source_id)?;
            Some((step.source_id.clone(), (draft, is_published)))
        };
        let steps = steps.iter().filter(|step| step.action != Action::Skip);
        steps.filter_map(place).collect()
    }

    fn ready(
        &mut self,
        mut post: ImportedPost,
        step: &Step,
        drafts: &BTreeMap<String, DraftId>,
        (source, taken): (&mut Watched, &mut Taken),
    ) -> Result<Ready, Failure> {
        let entries = post.files.iter().chain(&post.feature_image);
        let mut files: Vec<Arc<TakenFile>> = Vec::new();
        for file in entries {
            if let FileRef::Entry(path) = file
                && let Some(file) = self.take(path, source, taken)?
            {
                files.push(file);
            }
        }
        let file = |path: &str| match taken.get(path).and_then(Option::as_ref) {
            Some(file) => Some(format!("attachment:{}", file.b3())),
            None => file_link(path)
                .strip_prefix("stoa:file/")
                .map(str::to_owned),
        };
        let linked = |id: &str| drafts.get(id).map(|draft| format!("stoa:post/{draft}"));
        let recording = post.recording.as_deref();
        post.recording = recording.and_then(|address| replace_in_address(address, &file));
        let mut markdown = replace_placeholders(&post.markdown, &file, &linked);
        if self.wanted.keep_fields {
            markdown = mapping::with_fields(markdown, &post);
        }
        let cover = match &post.feature_image {
            Some(FileRef::Entry(path)) => taken.get(path).cloned().flatten(),
            _ => None,
        };
        Ok(Ready {
            source_id: self.origin.name(&step.source_id),
            hash: step.hash,
            draft: drafts[&step.source_id],
            is_published: self.wanted.publish && mapping::is_published(&post, self.studio.now()),
            scheduled_at: None,
            markdown,
            files,
            cover,
            post,
        })
    }

    /// Takes a file in, once. One that cannot be is counted, and the text names it as it did.
    fn take(
        &mut self,
        path: &str,
        source: &mut Watched,
        taken: &mut Taken,
    ) -> Result<Option<Arc<TakenFile>>, Failure> {
        if let Some(known) = taken.get(path) {
            return Ok(known.clone());
        }
        let name = path.rsplit('/').next().unwrap_or(path);
        let options = self.options();
        let found = match source.contents(path, &Limits::default()) {
            Ok(mut contents) => {
                let now = options.clock.now();
                let took = self
                    .store
                    .take_file(name, &mut contents, now, &*options.random);
                match took {
                    Ok(file) => Some(Arc::new(file)),
                    Err(StoreError::File(_)) => None,
                    Err(error) => return Err(error.failure()),
                }
            }
            Err(error) => {
                tracing::info!(%error, "a file of an export could not be read");
                None
            }
        };
        self.report.n_files_missing += u64::from(found.is_none());
        taken.insert(path.to_owned(), found.clone());
        Ok(found)
    }

    /// Courses get their lessons once all posts are there, unless somebody stopped them.
    fn store_courses(&mut self, imported: &Imported, places: &Places) -> Result<(), Failure> {
        for course in &imported.courses {
            if self.stop.load(Ordering::Relaxed) {
                break;
            }
            let Some((id, _)) = places.get(&course.course) else {
                continue;
            };
            let parts = course.parts.iter();
            let parts: Vec<_> = parts.map(|part| mapping::part(part, places)).collect();
            let options = self.options();
            let at = (self.step, options.clock.now());
            let (n, step) = self
                .store
                .import_course(*id, &parts, at, &*options.random)
                .or_failure()?;
            self.step = step;
            self.report.n_lessons += n;
        }
        Ok(())
    }

    /// The book of tags comes with the posts, unless somebody stopped them.
    fn store_tags(&mut self, imported: &Imported) -> Result<(), Failure> {
        if imported.tags.is_empty() || self.stop.load(Ordering::Relaxed) {
            return Ok(());
        }
        let now = self.options().clock.now();
        let (done, step) = self
            .store
            .import_tags(&imported.tags, self.step, now)
            .or_failure()?;
        self.step = step;
        self.report.n_synonyms = done.n_new;
        self.report.n_synonyms_left = done.n_left;
        Ok(())
    }

    fn store_batch(&mut self, batch: &mut Vec<Ready>) -> Result<(), Failure> {
        if !batch.is_empty() {
            let options = self.options();
            let posts: Vec<PostToImport<'_>> = batch.iter().map(Ready::as_post).collect();
            let now = options.clock.now();
            let (done, step) = self
                .store
                .import_posts(&posts, self.step, now, &*options.random)
                .or_failure()?;
            drop(posts);
            self.step = step;
            for (one, ready) in done.iter().zip(batch.iter()) {
                if *one != PostImported::ChangedHere {
                    note_schedule(&mut self.report, ready);
                }
                match one {
                    PostImported::New => self.report.n_new += 1,
                    PostImported::Changed => self.report.n_changed += 1,
                    PostImported::ChangedHere => self.report.n_kept_here += 1,
                }
            }
            self.n_done += batch.len() as u64;
            batch.clear();
        }
        let n_done = self.n_done;
        self.studio
            .change_import(self.n, |import| import.status.n_done = n_done);
        Ok(())
    }
}

/// Says of a post that members were to see later that it is a draft now.
fn note_schedule(report: &mut ImportReport, ready: &Ready) {
    let Some(at) = ready.scheduled_at else { return };
    report.n_scheduled += 1;
    if report.scheduled.len() < MOST_SCHEDULED {
        report.scheduled.push(ImportScheduled {
            draft: ready.draft,
            title: mapping::title(&ready.post).into(),
            at,
        });
    }
}

impl Ready {
    fn as_post(&self) -> PostToImport<'_> {
        PostToImport {
            source_id: &self.source_id,
            hash: self.hash,
            draft: self.draft,
            title: mapping::title(&self.post),
            markdown: &self.markdown,
            values: mapping::values(&self.post),
            files: self.files.iter().map(Arc::as_ref).collect(),
            cover: self.cover.as_ref().map(|file| file.b3()),
            is_published: self.is_published,
            scheduled_at: self.scheduled_at,
        }
    }
}
