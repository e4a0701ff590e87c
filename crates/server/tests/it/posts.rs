//! Posts, as a studio publishes them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use loro::{ExportMode, LoroDoc};
use stoa_domain::{
    Access, Content, ContentValues, DraftId, Parts, TextVersion, TierKey, Timestamp,
};
use stoa_mutators::{AddAttachment, AppendDoc, DescribeDraft, Mutation, PublishPost, WithdrawPost};

use crate::support::{Device, append, create, new_draft_id, rename, title, words};

/// The most of a text that goes into one update.
const UPDATE_BYTES: usize = 64 * 1024;

/// What is to be published.
#[derive(Clone, Default)]
pub(crate) struct NewPost<'a> {
    pub(crate) title: &'a str,
    pub(crate) text: &'a str,
    pub(crate) content: Content,
    pub(crate) live_at: Option<i64>,
    pub(crate) files: Vec<AddAttachment>,
}

impl<'a> NewPost<'a> {
    /// One that everybody may read.
    pub(crate) fn public(title: &'a str, text: &'a str) -> Self {
        let mut post = Self {
            title,
            text,
            ..Self::default()
        };
        post.content.access = Access::Public;
        post
    }

    /// One for a tier.
    pub(crate) fn paid(title: &'a str, text: &'a str) -> Self {
        let mut post = Self::public(title, text);
        post.content.access = paid(&["vip"]);
        post
    }
}

/// What was published, with what it takes to publish it once more.
pub(crate) struct Offered {
    pub(crate) id: DraftId,
    publish: PublishPost,
}

/// A text as a studio sends it.
pub(crate) fn written(id: DraftId, text: &str) -> Mutation {
    let mut updates = written_in_pieces(id, text);
    assert_eq!(updates.len(), 1);
    updates.remove(0)
}

/// A text of any length as a studio sends it.
pub(crate) fn written_in_pieces(id: DraftId, text: &str) -> Vec<Mutation> {
    let doc = LoroDoc::new();
    let (mut updates, mut rest) = (Vec::new(), text);
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(rest.floor_char_boundary(UPDATE_BYTES));
        rest = after;
        let before = doc.oplog_vv();
        let body = doc.get_text("body");
        body.insert_utf8(body.len_utf8(), piece).unwrap();
        doc.commit();
        let bytes = doc.export(ExportMode::updates(&before)).unwrap();
        let Mutation::AppendDoc(update) = append(id, b"") else {
            panic!("a text is appended");
        };
        updates.push(Mutation::AppendDoc(AppendDoc {
            b3: blake3::hash(&bytes).to_hex().to_string(),
            bytes: STANDARD.encode(&bytes),
            ..update
        }));
    }
    updates
}

pub(crate) fn paid(tiers: &[&str]) -> Access {
    Access::Paid {
        tiers: tiers
            .iter()
            .map(|key| TierKey::parse(key).unwrap())
            .collect(),
        singly: false,
    }
}

/// Everything that a studio pushes for a post, the publication last.
pub(crate) fn mutations(id: DraftId, post: &NewPost<'_>) -> Vec<Mutation> {
    let mut all = vec![create(id, post.title)];
    all.extend(written_in_pieces(id, post.text));
    let files = post
        .files
        .iter()
        .cloned()
        .map(|file| Mutation::AddAttachment(AddAttachment { draft: id, ..file }));
    all.extend(files);
    let parts = all.iter().filter_map(|mutation| match mutation {
        Mutation::AppendDoc(append) => Some(append.id.as_bytes()),
        Mutation::AddAttachment(add) => Some(add.id.as_bytes()),
        _ => None,
    });
    let publish = PublishPost {
        id,
        over: 0,
        title: title(post.title),
        content: post.content.clone(),
        parts: parts.collect::<Parts>(),
        text_at: TextVersion::parse("AA==").unwrap(),
        live_at: post.live_at.map(Timestamp::from_millis),
        unless_after: None,
        is_guarded: true,
    };
    let content = post.content.clone();
    let values = ContentValues {
        kind: Some(content.kind),
        access: Some(content.access),
        excerpt: Some(content.excerpt),
        slug: Some(content.slug),
        tags: Some(content.tags),
        cover: content.cover.map(Some),
        canonical: Some(content.canonical),
        starts_at: content.starts_at.map(Some),
        lasts_minutes: Some(content.lasts_minutes),
        join_link: Some(content.join_link),
        recording: Some(content.recording),
        search_title: Some(content.search_title),
        search_description: Some(content.search_description),
    };
    all.push(Mutation::DescribeDraft(DescribeDraft { id, values }));
    all.push(Mutation::PublishPost(publish));
    all
}

/// Publishes a post.
pub(crate) async fn offer(device: &mut Device, post: &NewPost<'_>) -> Offered {
    let id = new_draft_id();
    let all = mutations(id, post);
    for part in all.chunks(8) {
        let answer = device.push(part).await;
        let is_applied = |word: &String| word.starts_with("applied");
        assert!(words(&answer).iter().all(is_applied), "{answer:?}");
    }
    let Some(Mutation::PublishPost(publish)) = all.into_iter().last() else {
        panic!("the publication comes last");
    };
    Offered { id, publish }
}

/// Publishes a post; what became of the publication.
pub(crate) async fn try_to_offer(device: &mut Device, post: &NewPost<'_>) -> String {
    let answer = device.push(&mutations(new_draft_id(), post)).await;
    words(&answer).pop().unwrap()
}

/// Publishes it once more, with another title.
pub(crate) async fn offer_again(device: &mut Device, offered: &mut Offered, name: &str) -> String {
    offered.publish.over += 1;
    offered.publish.title = title(name);
    let publish = Mutation::PublishPost(offered.publish.clone());
    let answer = device.push(&[rename(offered.id, name), publish]).await;
    words(&answer).pop().unwrap()
}

/// Takes it back from members.
pub(crate) async fn withdraw(device: &mut Device, offered: &Offered) {
    let withdraw = Mutation::WithdrawPost(WithdrawPost {
        id: offered.id,
        version: offered.publish.over + 1,
    });
    device.push(&[withdraw]).await;
}
