//! Reading an export, and what importing it would do.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use stoa_domain::Timestamp;
use stoa_exchange::{
    Access, Action, FileRef, Format, Imported, ImportedPost, Limits, Problem, ProblemCode,
    Severity, detect, map_post,
};
use stoa_ipc::{
    ErrorCode, Failure, ImportAction, ImportFormat, ImportFound, ImportKindFound, ImportMapping,
    ImportName, ImportPlan, ImportProblem, ImportProblems, ImportReadersFound, ImportReport,
    ImportRow, ImportStage, ListImportProblems, PlanImport,
};
use stoa_store::Store;

use super::origin::Origin;
use super::source::{NotRead, Watched};
use super::{Import, mapping};
use crate::failure::OrFailure;
use crate::studio::{Studio, blocking};

/// Names that a window shows at most.
const MOST_NAMES: usize = 500;
const MOST_ROWS: u32 = 500;
/// How often somebody hears how far it is.
const TELL_AFTER: Duration = Duration::from_millis(100);

/// Reads an export.
pub(super) fn read(
    studio: &Studio,
    n: u64,
    path: &Path,
    stop: Arc<AtomicBool>,
) -> Result<(Imported, ImportFound), ErrorCode> {
    let limits = Limits::default();
    let told = told_now_and_then(studio.clone(), n);
    let mut source = Watched::open(path, &limits, stop, told).map_err(|why| code(&why))?;
    let format = detect(&mut source, &limits);
    let imported = match format {
        Some(format) => stoa_exchange::read(&mut source, format, &limits),
        None => Imported::default(),
    };
    let found = found(&imported, format, studio.now());
    Ok((imported, found))
}

fn told_now_and_then(studio: Studio, n: u64) -> Box<dyn FnMut(u64, u64) + Send> {
    let mut last = Instant::now();
    Box::new(move |n_done, n_total| {
        if last.elapsed() >= TELL_AFTER {
            last = Instant::now();
            studio.change_import(n, |import| {
                (import.status.n_done, import.status.n_total) = (n_done, n_total);
            });
        }
    })
}

fn code(why: &NotRead) -> ErrorCode {
    match why {
        NotRead::Io(error) if error.kind() == std::io::ErrorKind::NotFound => ErrorCode::NotFound,
        NotRead::Io(error) => {
            tracing::warn!(%error, "an export could not be read");
            ErrorCode::DiskFailed
        }
        NotRead::Zip(refused) => {
            tracing::warn!(%refused, "an archive was refused");
            ErrorCode::InvalidInput
        }
        NotRead::TooLarge => ErrorCode::TooLarge,
    }
}

/// An import that will not be read.
pub(super) fn give_up(import: &mut Import, failure: Option<ErrorCode>) {
    import.status.stage = ImportStage::Ended;
    import.status.report = Some(ImportReport {
        is_cancelled: failure.is_none(),
        failure,
        ..ImportReport::default()
    });
}

fn found(imported: &Imported, format: Option<Format>, now: Timestamp) -> ImportFound {
    let posts = &imported.posts;
    let n_of = |severity| {
        let problems = imported.problems.iter();
        problems.filter(|it| it.severity == severity).count() as u64
    };
    let tiers = posts.iter().flat_map(|post| match &post.access {
        Access::Tiers(names) => names.as_slice(),
        _ => &[],
    });
    let files: std::collections::BTreeSet<&FileRef> =
        posts.iter().flat_map(|post| &post.files).collect();
    ImportFound {
        format: format.map(format_of),
        n_posts: posts.len() as u64,
        n_published: posts
            .iter()
            .filter(|it| mapping::is_published(it, now))
            .count() as u64,
        n_files: files
            .iter()
            .filter(|file| matches!(file, FileRef::Entry(_)))
            .count() as u64,
        tags: names(posts.iter().flat_map(|post| &post.tags)),
        tiers: names(tiers),
        kinds: kinds(posts),
        readers: readers(posts),
        n_errors: n_of(Severity::Error),
        n_warnings: n_of(Severity::Warning),
    }
}

fn kinds(posts: &[ImportedPost]) -> Vec<ImportKindFound> {
    let each = posts.iter().map(|post| mapping::kind_there(post.kind));
    let told = |(kind, n)| ImportKindFound { kind, n };
    counted(each).into_iter().map(told).collect()
}

fn readers(posts: &[ImportedPost]) -> Vec<ImportReadersFound> {
    let each = posts.iter();
    let each = each.filter_map(|post| mapping::readers_there(&post.access));
    let told = |(readers, n)| ImportReadersFound { readers, n };
    counted(each).into_iter().map(told).collect()
}

/// How often each is there.
fn counted<T: Ord>(all: impl Iterator<Item = T>) -> BTreeMap<T, u64> {
    let mut counted = BTreeMap::new();
    for one in all {
        *counted.entry(one).or_default() += 1;
    }
    counted
}

fn format_of(format: Format) -> ImportFormat {
    match format {
        Format::Markdown => ImportFormat::Markdown,
        Format::Ghost => ImportFormat::Ghost,
        Format::WordPress => ImportFormat::WordPress,
        Format::Html => ImportFormat::Html,
        Format::Docx => ImportFormat::Docx,
    }
}

/// Each name with how often it is there, the most frequent first.
fn names<'n>(all: impl Iterator<Item = &'n String>) -> Vec<ImportName> {
    let mut names: Vec<ImportName> = counted(all)
        .into_iter()
        .map(|(name, n)| ImportName {
            name: name.clone(),
            n,
        })
        .collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.n));
    names.truncate(MOST_NAMES);
    names
}

/// Says what importing would do.
pub(crate) async fn plan(studio: &Studio, request: PlanImport) -> Result<ImportPlan, Failure> {
    let (imported, path) = studio.inner.imports.read(request.import)?;
    let store = studio.profile()?.store.clone();
    let rows = (request.from, request.limit.min(MOST_ROWS));
    let now = studio.now();
    let read = move || plan_with(&store, (&imported, &path), &request.mapping, (rows, now));
    blocking(read).await?
}

fn plan_with(
    store: &Store,
    (imported, path): (&Imported, &Path),
    wanted: &ImportMapping,
    ((from, limit), now): ((u32, u32), Timestamp),
) -> Result<ImportPlan, Failure> {
    let names = mapping::of_names(wanted);
    let known = Origin::of(path).existing(store, imported, &names);
    let plan = stoa_exchange::plan(imported, &known.or_failure()?, &names);
    let by_id: BTreeMap<&str, _> = imported
        .posts
        .iter()
        .map(|post| (post.source_id.as_str(), post))
        .collect();
    let problems = problems_of_posts(imported);
    let post = |id: &str| by_id.get(id).copied();
    let is_published = |step: &&stoa_exchange::Step| {
        let is_out = |post| mapping::is_published(post, now);
        step.action == Action::Create && post(&step.source_id).is_some_and(is_out)
    };
    let row = |step: &stoa_exchange::Step| {
        let post = map_post(post(&step.source_id)?, &names);
        let original = by_id.get(step.source_id.as_str())?;
        Some(ImportRow {
            source_id: step.source_id.clone(),
            title: step.title.clone(),
            action: action(step.action),
            kind: mapping::kind(post.kind),
            access: mapping::access(&post.access, post.is_sold_singly),
            published_at: mapping::published_at(original, now),
            is_published: mapping::is_published(original, now),
            scheduled_at: mapping::scheduled_at(original, now),
            n_files: post.files.len() as u64,
            n_problems: problems
                .get(step.source_id.as_str())
                .copied()
                .unwrap_or_default(),
        })
    };
    let shown = plan.steps.iter().skip(from as usize).take(limit as usize);
    Ok(ImportPlan {
        n_new: plan.counts.new as u64,
        n_changed: plan.counts.changed as u64,
        n_unchanged: plan.counts.unchanged as u64,
        n_skipped: plan.counts.skipped as u64,
        n_publish: match wanted.publish {
            true => plan.steps.iter().filter(is_published).count() as u64,
            false => 0,
        },
        rows: shown.filter_map(row).collect(),
        n_rows: plan.steps.len() as u64,
    })
}

fn action(action: Action) -> ImportAction {
    match action {
        Action::Create => ImportAction::Create,
        Action::Update => ImportAction::Update,
        Action::Keep => ImportAction::Keep,
        Action::Skip => ImportAction::Skip,
    }
}

/// How many problems each post has; a note goes by its file.
fn problems_of_posts(imported: &Imported) -> BTreeMap<&str, u64> {
    let mut counted = BTreeMap::new();
    for problem in &imported.problems {
        let place = &problem.place;
        if let Some(post) = place.post.as_deref().or(place.file.as_deref()) {
            *counted.entry(post).or_default() += 1;
        }
    }
    counted
}

/// What was not taken over as it was.
pub(crate) fn problems(
    studio: &Studio,
    request: &ListImportProblems,
) -> Result<ImportProblems, Failure> {
    let (imported, _) = studio.inner.imports.read(request.import)?;
    let mut sorted: Vec<&Problem> = imported.problems.iter().collect();
    sorted.sort_by_key(|problem| std::cmp::Reverse(problem.severity));
    let titles: BTreeMap<&str, &str> = imported
        .posts
        .iter()
        .filter(|post| !post.title.is_empty())
        .map(|post| (post.source_id.as_str(), post.title.as_str()))
        .collect();
    let told = |problem: &Problem| {
        let place = &problem.place;
        let post = place.post.as_deref();
        ImportProblem {
            is_error: problem.severity == Severity::Error,
            code: code_name(problem.code),
            file: place.file.clone(),
            line: place.line.map(|line| line as u64),
            post: post.map(|id| titles.get(id).copied().unwrap_or(id).to_owned()),
            detail: problem.detail.clone(),
        }
    };
    let limit = request.limit.min(MOST_ROWS) as usize;
    let rows = sorted.iter().skip(request.from as usize).take(limit);
    Ok(ImportProblems {
        rows: rows.map(|problem| told(problem)).collect(),
        n: sorted.len() as u64,
    })
}

/// The name in texts.
fn code_name(code: ProblemCode) -> String {
    match serde_json::to_value(code) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use stoa_ipc::{ImportKind, ImportReaders};
    use stoa_l10n::Texts;

    use super::*;

    #[test]
    fn every_problem_format_and_kind_has_its_text() {
        for language in ["zh-CN", "en"] {
            let texts = Texts::new(language);
            for code in ProblemCode::ALL {
                let key = format!("import-problem-{}", code_name(code));
                assert_ne!(texts.get(&key), key, "{language}");
            }
            for kind in ImportKind::ALL {
                let key = format!("import-kind-{}", kind.as_str());
                assert_ne!(texts.get(&key), key, "{language}");
            }
            for readers in ImportReaders::ALL {
                for key in ["import-readers", "import-readers-as"] {
                    let key = format!("{key}-{}", readers.as_str());
                    assert_ne!(texts.get(&key), key, "{language}");
                }
            }
            for format in ImportFormat::ALL {
                let key = format!("import-format-{}", format.as_str());
                assert_ne!(texts.get(&key), key, "{language}");
            }
        }
    }
}
