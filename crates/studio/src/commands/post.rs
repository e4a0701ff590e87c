//! What a draft is to become, and its way to members and back.

use stoa_domain::{Access, Timestamp};
use stoa_ipc::{
    ArchiveDraft, ComparePost, DescribeDraft, DraftSummary, Failure, PostCompared, PublishPost,
    UnarchiveDraft, WithdrawPost,
};
use stoa_store::{DraftListing, PublishAt, Store, StoreError};

use super::draft::summary;
use super::version::comparison;
use crate::studio::Studio;

pub(super) async fn describe_draft(
    studio: &Studio,
    request: DescribeDraft,
) -> Result<DraftSummary, Failure> {
    let DescribeDraft { id, values } = request;
    check_access(values.access.as_ref())?;
    let now = studio.inner.options.clock.now();
    change(studio, move |store| store.describe_draft(id, values, now)).await
}

fn check_access(access: Option<&Access>) -> Result<(), Failure> {
    match access {
        Some(access) if !access.is_sound() => Err(Failure::field("access", "invalid")),
        _ => Ok(()),
    }
}

/// What is wanted until a moment that is past would never be sent, and what nobody may read is not
/// published.
pub(super) fn check_publishing(
    at: &PublishAt,
    access: Option<&Access>,
    now: Timestamp,
) -> Result<(), Failure> {
    if at.unless_after.is_some_and(|limit| limit <= now) {
        return Err(Failure::field("unless_after", "invalid"));
    }
    check_access(access)
}

pub(super) async fn publish_post(
    studio: &Studio,
    request: PublishPost,
) -> Result<DraftSummary, Failure> {
    let at = PublishAt {
        live_at: request.live_at,
        unless_after: request.unless_after,
    };
    let now = studio.inner.options.clock.now();
    check_publishing(&at, None, now)?;
    change(studio, move |store| store.publish(request.id, at, now)).await
}

pub(super) async fn withdraw_post(
    studio: &Studio,
    request: WithdrawPost,
) -> Result<DraftSummary, Failure> {
    let now = studio.inner.options.clock.now();
    change(studio, move |store| store.withdraw(request.id, now)).await
}

pub(super) async fn archive_draft(
    studio: &Studio,
    request: ArchiveDraft,
) -> Result<DraftSummary, Failure> {
    let now = studio.inner.options.clock.now();
    change(studio, move |store| store.archive_draft(request.id, now)).await
}

pub(super) async fn unarchive_draft(
    studio: &Studio,
    request: UnarchiveDraft,
) -> Result<DraftSummary, Failure> {
    let now = studio.inner.options.clock.now();
    change(studio, move |store| store.unarchive_draft(request.id, now)).await
}

pub(super) async fn compare_post(
    studio: &Studio,
    request: ComparePost,
) -> Result<PostCompared, Failure> {
    let id = request.id;
    let compare = move |store: &Store| {
        let draft = store.draft(id)?;
        let post = draft.post.ok_or(StoreError::NotFound)?;
        Ok(PostCompared {
            published_title: post.title.into(),
            title: draft.title,
            text: comparison(&store.published_text(id)?, &store.markdown(id)?),
        })
    };
    studio.ask(compare).await
}

async fn change(
    studio: &Studio,
    change: impl FnOnce(&Store) -> Result<DraftListing, StoreError> + Send + 'static,
) -> Result<DraftSummary, Failure> {
    studio.ask(change).await.map(summary)
}
