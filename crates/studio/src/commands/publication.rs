//! A publication that waits or was refused: what it says, what has changed since, another in its
//! place.

use stoa_ipc::{
    ChangedSince, CompareRefused, DraftSummary, Failure, GetPublication, Publication,
    RefusedCompared, Republish,
};
use stoa_store::{Differs, PublishAt, Store};

use super::draft::summary;
use super::post::check_publishing;
use super::version::comparison;
use crate::studio::Studio;

pub(super) async fn get_publication(
    studio: &Studio,
    request: GetPublication,
) -> Result<Publication, Failure> {
    let found = studio.ask(move |store| store.publication(request.lid));
    let found = found.await?;
    Ok(Publication {
        draft: found.draft,
        content: found.content,
        live_at: found.live_at,
        unless_after: found.unless_after,
        is_behind: found.is_behind,
        is_refused: found.is_refused,
    })
}

pub(super) async fn republish(
    studio: &Studio,
    request: Republish,
) -> Result<DraftSummary, Failure> {
    let at = PublishAt {
        live_at: request.live_at,
        unless_after: request.unless_after,
    };
    let now = studio.now();
    check_publishing(&at, request.values.access.as_ref(), now)?;
    let (lid, values) = (request.lid, request.values);
    let put = studio.ask(move |store| store.republish(lid, (values, at), now));
    put.await.map(summary)
}

pub(super) async fn compare_refused(
    studio: &Studio,
    request: CompareRefused,
) -> Result<RefusedCompared, Failure> {
    let compare = move |store: &Store| {
        let draft = store.publication(request.lid)?.draft;
        let seen = store.seen_then(request.lid)?;
        Ok(RefusedCompared {
            draft,
            changed: seen.differs.into_iter().map(changed).collect(),
            title_then: seen.title_then,
            title: seen.title,
            text: seen.text_then.map(|then| comparison(&then, &seen.text)),
        })
    };
    studio.ask(compare).await
}

fn changed(what: Differs) -> ChangedSince {
    match what {
        Differs::Bin => ChangedSince::Bin,
        Differs::Post => ChangedSince::Post,
        Differs::Title => ChangedSince::Title,
        Differs::Content => ChangedSince::Content,
        Differs::Text => ChangedSince::Text,
    }
}
