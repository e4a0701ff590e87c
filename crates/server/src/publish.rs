//! Publishing at one request: a draft, its text and its post, the way they come from a studio.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use stoa_domain::{
    CommunityId, Content, ContentValues, DraftId, Parts, Timestamp, UpdateId, clean,
};
use stoa_mutators::{AppendDoc, CreateDraft, DescribeDraft, Mutation, PublishPost};
use stoa_protocol::error::ApiErrorCode;
use stoa_protocol::member::{Publish, Published};

use crate::app::App;
use crate::db::{DbError, Tx};
use crate::http::caller::Caller;
use crate::member;
use crate::refusal::Refusal;
use crate::sync::{push, role_in, text};
use crate::tables::{Sender, answered_request, community, post_address};

/// A request that names itself, so that it is done once however often it comes.
#[derive(Debug, Clone)]
pub(crate) struct Key(String);

impl Key {
    /// Reads what a sender wrote.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let fits = (1..=200).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        fits.then(|| Self(text.to_owned()))
    }
}

/// What is to be done, made before the transaction so that a repeated one does the same.
struct Work {
    id: DraftId,
    community: Option<CommunityId>,
    live_at: Timestamp,
    mutations: Vec<Mutation>,
    /// BLAKE3 of what was asked.
    digest: [u8; 32],
}

/// Publishes an article.
///
/// What is wrong with it is said before anybody's right is looked at, and nothing of it is kept
/// then.
pub(crate) async fn publish(
    app: &App,
    caller: Caller,
    key: Option<Key>,
    request: Publish,
) -> Result<Published, Refusal> {
    check(&request)?;
    let now = app.now();
    let work = Work::of(app, &request, now)?;
    let Ok(_place) = app.pushes.try_acquire() else {
        return Err(Refusal::slow_down(1));
    };
    app.db
        .write(move |tx| decide(tx, caller, key.as_ref(), &work, now))
        .await
}

/// What the form of a value does not say.
fn check(request: &Publish) -> Result<(), Refusal> {
    if request.title.as_str().is_empty() {
        return Err(Refusal::field("title", "an article needs a title"));
    }
    if request.content.trim().is_empty() {
        return Err(Refusal::field("content", "there is nothing to read"));
    }
    stoa_markdown::check(&request.content)
        .map_err(|error| Refusal::field("content", error.to_string()))?;
    let mut content = Content::default();
    described(request).apply_to(&mut content);
    match content.unsound() {
        Some("access") => Err(Refusal::field("access", "nobody could read it")),
        Some(field) => Err(Refusal::field(field, "out of range")),
        None => Ok(()),
    }
}

impl Work {
    fn of(app: &App, request: &Publish, now: Timestamp) -> Result<Self, Refusal> {
        let id = DraftId::new(now, app.entropy.bytes());
        let author = u64::from_le_bytes(app.entropy.bytes()) >> 1;
        let markdown = clean(&request.content);
        let (updates, text_at) = text::as_updates(&markdown, author)
            .map_err(|error| DbError::Stored(error.to_string()))?;
        let mut mutations = vec![Mutation::CreateDraft(CreateDraft {
            id,
            title: request.title.clone(),
        })];
        let mut parts = Parts::default();
        for bytes in updates {
            let update = UpdateId::new(now, app.entropy.bytes());
            parts.add(update.as_bytes());
            mutations.push(Mutation::AppendDoc(AppendDoc {
                id: update,
                doc: id,
                b3: blake3::hash(&bytes).to_hex().to_string(),
                bytes: STANDARD.encode(&bytes),
            }));
        }
        let values = described(request);
        let mut content = Content::default();
        values.apply_to(&mut content);
        mutations.push(Mutation::DescribeDraft(DescribeDraft { id, values }));
        mutations.push(Mutation::PublishPost(PublishPost {
            id,
            over: 0,
            title: request.title.clone(),
            content,
            parts,
            text_at,
            live_at: request.live_at,
            unless_after: None,
            is_guarded: true,
        }));
        let asked =
            serde_json::to_vec(request).map_err(|error| DbError::Stored(error.to_string()))?;
        Ok(Self {
            id,
            community: request.community,
            live_at: request.live_at.unwrap_or(now),
            mutations,
            digest: *blake3::hash(&asked).as_bytes(),
        })
    }
}

fn described(request: &Publish) -> ContentValues {
    ContentValues {
        kind: Some(request.kind),
        access: Some(request.access.clone()),
        excerpt: Some(request.excerpt.clone()),
        slug: Some(request.slug.clone()),
        tags: Some(request.tags.clone()),
        cover: None,
        canonical: Some(request.canonical.clone()),
        starts_at: request.starts_at.map(Some),
        lasts_minutes: request.lasts_minutes,
        join_link: request.join_link.clone(),
        recording: None,
        search_title: request.search_title.clone(),
        search_description: request.search_description.clone(),
    }
}

fn decide(
    tx: &mut dyn Tx,
    caller: Caller,
    key: Option<&Key>,
    work: &Work,
    now: Timestamp,
) -> Result<Published, Refusal> {
    let community = member::community_or_first(tx, work.community)?;
    let sender = Sender {
        community,
        user: caller.user,
        device: caller.device,
    };
    let role = role_in(tx, community, caller.user)?;
    if !role.publishes() {
        let message = "owners, admins and editors publish";
        return Err(Refusal::new(ApiErrorCode::NotAllowed, message));
    }
    // From here on no other request with this key is looked at.
    community::lock(tx, community)?;
    if let Some(Key(key)) = key
        && let Some(earlier) = answered_request::find::<Published>(tx, sender, key)?
    {
        return match earlier.digest == work.digest {
            true => Ok(earlier.answer),
            false => Err(Refusal::field(
                "idempotency-key",
                "it came before with something else",
            )),
        };
    }
    push::at_once(tx, sender, role, &work.mutations, now)?;
    let slug = post_address::current(tx, community, work.id)?;
    let slug = slug.unwrap_or_else(|| work.id.to_string());
    let answer = Published {
        message: String::new(),
        id: work.id,
        address: member::address(community, &slug),
        slug,
        published_at: work.live_at,
    };
    if let Some(Key(key)) = key {
        answered_request::insert(tx, sender, (key, work.digest), &answer, now)?;
    }
    Ok(answer)
}
