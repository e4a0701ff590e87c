//! The versions of a draft.

use stoa_domain::{NamedVersion, VersionName, VersionNameError};
use stoa_ipc::{
    CompareVersions, ComparedRow, ComparedSpan, Comparison, DraftSummary, DropVersion, Failure,
    ListVersions, NameVersion, OpenVersion, RenameVersion, RestoreVersion, VersionInfo,
    VersionKind, VersionText,
};
use stoa_markdown::{Change, Row, Span, word_difference};
use stoa_store::{StateKind, Store, TextState};

use super::draft::summary;
use crate::studio::Studio;

pub(super) async fn list_versions(
    studio: &Studio,
    request: ListVersions,
) -> Result<Vec<VersionInfo>, Failure> {
    let list = move |store: &Store| store.text_states(request.id);
    let states = studio.ask(list).await?;
    Ok(states.into_iter().map(info).collect())
}

pub(super) async fn open_version(
    studio: &Studio,
    request: OpenVersion,
) -> Result<VersionText, Failure> {
    let open = move |store: &Store| store.text_at(request.id, &request.text_at);
    let markdown = studio.ask(open).await?;
    Ok(VersionText { markdown })
}

pub(super) async fn compare_versions(
    studio: &Studio,
    request: CompareVersions,
) -> Result<Comparison, Failure> {
    let compare = move |store: &Store| {
        let old = store.text_at(request.id, &request.old)?;
        let new = match &request.new {
            Some(new) => store.text_at(request.id, new)?,
            None => store.markdown(request.id)?,
        };
        Ok(comparison(&old, &new))
    };
    studio.ask(compare).await
}

pub(super) async fn name_version(
    studio: &Studio,
    request: NameVersion,
) -> Result<NamedVersion, Failure> {
    let name = name(&request.name)?;
    let options = studio.inner.options.clone();
    let (id, now) = (request.id, options.clock.now());
    let keep = move |store: &Store| store.name_version(id, name, now, &*options.random);
    studio.ask(keep).await
}

pub(super) async fn rename_version(studio: &Studio, request: RenameVersion) -> Result<(), Failure> {
    let name = name(&request.name)?;
    let now = studio.inner.options.clock.now();
    let rename = move |store: &Store| store.rename_version(request.id, request.version, name, now);
    studio.ask(rename).await
}

pub(super) async fn drop_version(studio: &Studio, request: DropVersion) -> Result<(), Failure> {
    let now = studio.inner.options.clock.now();
    let drop_it = move |store: &Store| store.drop_version(request.id, request.version, now);
    studio.ask(drop_it).await
}

pub(super) async fn restore_version(
    studio: &Studio,
    request: RestoreVersion,
) -> Result<DraftSummary, Failure> {
    studio.profile()?.was_written();
    let options = studio.inner.options.clone();
    let now = options.clock.now();
    let restore = move |store: &Store| {
        store.restore_text(request.id, &request.text_at, now, &*options.random)
    };
    studio.ask(restore).await.map(summary)
}

fn name(text: &str) -> Result<VersionName, Failure> {
    VersionName::parse(text).map_err(|error| {
        let reason = match error {
            VersionNameError::Empty => "required",
            VersionNameError::TooLong { .. } => "too-long",
        };
        Failure::field("name", reason)
    })
}

fn info(state: TextState) -> VersionInfo {
    VersionInfo {
        text_at: state.text_at,
        before: state.before,
        kind: match state.kind {
            StateKind::Written => VersionKind::Written,
            StateKind::Restored => VersionKind::Restored,
            StateKind::Merged => VersionKind::Merged,
            StateKind::Kept => VersionKind::Kept,
        },
        by_name: state.by_name,
        is_own: state.is_own,
        began_at: state.began_at,
        at: state.at,
        n_added: state.n_added,
        n_removed: state.n_removed,
        named: state.named,
        posts: state.posts,
        is_present: state.is_present,
        is_here: state.is_here,
    }
}

/// Two texts side by side.
pub(super) fn comparison(old: &str, new: &str) -> Comparison {
    let row = |row: Row| ComparedRow {
        old: row.old.into_iter().map(span).collect(),
        new: row.new.into_iter().map(span).collect(),
    };
    Comparison {
        rows: word_difference(old, new).into_iter().map(row).collect(),
    }
}

fn span(span: Span) -> ComparedSpan {
    ComparedSpan {
        text: span.text,
        differs: span.change != Change::Equal,
    }
}
