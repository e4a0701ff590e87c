//! What members read: posts that are live, each with as much of its text, and as many of its
//! files, as are open to them.

use std::collections::{BTreeMap, BTreeSet};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use stoa_domain::{
    Access, BlobHash, CommunityId, Draft, DraftId, FileAddress, FileName, Holdings, Learner,
    MediaType, NamedAs, Post, Rights, TEASER_CHARS, TagBook, Timestamp, UserId, named_as,
};
use stoa_markdown::{Document, HtmlOptions, HtmlProfile, Mention};
use stoa_protocol::error::ApiErrorCode;
use stoa_protocol::member::{Article, Articles, Cover, OpenTo, Seo, Summary};

use crate::blobs::{self, Asked};
use crate::db::{DbError, Tx};
use crate::lessons;
use crate::live_session;
use crate::pages::{self, Wanted};
use crate::refusal::Refusal;
use crate::tables::{
    attachment, community, draft, entitlement, finished_lesson, membership, person, post_address,
    post_text, tag,
};

/// A page of what is live.
pub(crate) fn articles(
    tx: &mut dyn Tx,
    (community, user): (CommunityId, Option<UserId>),
    wanted: &Wanted,
    now: Timestamp,
) -> Result<Articles, Refusal> {
    let tags = tag::book(tx, community)?;
    let place = (wanted.after, wanted.limit);
    let (shown, after) = match &wanted.tag {
        Some(tag) => pages::with_tag(tx, community, (place, (&tags, tag)), now)?,
        None => pages::page(tx, community, place, now)?,
    };
    let as_seen = AsSeen {
        learner: learner(tx, community, user, now)?,
        tags,
    };
    let mut articles = Vec::with_capacity(shown.len());
    for draft in &shown {
        let Some(post) = draft.offered() else {
            continue;
        };
        articles.push(summary(tx, community, (draft, post), &as_seen, now)?);
    }
    Ok(Articles {
        articles,
        after: after.map(|place| place.to_string()),
    })
}

/// One article; of what is closed to the reader, what everybody may read.
pub(crate) fn article(
    tx: &mut dyn Tx,
    (community, user): (CommunityId, Option<UserId>),
    id: DraftId,
    now: Timestamp,
) -> Result<Article, Refusal> {
    let missing = || Refusal::new(ApiErrorCode::NotFound, "no such article");
    let draft = draft::live(tx, community, id, now)?.ok_or_else(missing)?;
    let post = draft.offered().ok_or_else(missing)?;
    let as_seen = AsSeen {
        learner: learner(tx, community, user, now)?,
        tags: tag::book(tx, community)?,
    };
    let text = text(tx, community, (id, post.version))?;
    let summary = summary(tx, community, (&draft, post), &as_seen, now)?;
    let learner = &as_seen.learner;
    let outline = match post.content.kind.has_lessons() {
        true => Some(lessons::outline_of(tx, community, &draft, learner, now)?),
        false => None,
    };
    let markdown = readable(&text, summary.is_open).to_owned();
    let content = &post.content;
    let html = match stoa_markdown::read(&markdown).ok() {
        Some(document) => {
            let places = Places {
                files: files(community, id),
                posts: mentioned(tx, community, &document, now)?,
            };
            let lang = language_of(&format!("{}{markdown}", summary.title));
            let session = summary.live.as_ref();
            let session = session.map(|live| live_session::html(live, lang, &places));
            let text = html(&document, language_of(&markdown), &places);
            Some(session.unwrap_or_default() + &text)
        }
        None => None,
    };
    Ok(Article {
        seo: Seo {
            title: content.search_title.or(&post.title).to_owned(),
            description: content.search_description.or(&summary.excerpt).to_owned(),
        },
        summary,
        markdown,
        html,
        outline,
        lesson: lessons::place_of(tx, community, &draft, learner, now)?,
    })
}

/// Where the files of an article are found.
pub(crate) fn files(community: CommunityId, id: DraftId) -> String {
    format!("/v1/communities/{community}/articles/{id}/files/")
}

/// Where that is found which a text names.
#[derive(Debug, Clone, Default)]
pub(crate) struct Places {
    /// Stands before the hash of each file.
    pub(crate) files: String,
    /// The addresses of posts; what is not among them nobody can follow.
    pub(crate) posts: BTreeMap<DraftId, String>,
}

/// So many posts that a text mentions lead somewhere.
const MOST_MENTIONS: usize = 200;

/// The present addresses of the posts that a text mentions and that members see now.
pub(crate) fn mentioned(
    tx: &mut dyn Tx,
    community: CommunityId,
    document: &Document,
    now: Timestamp,
) -> Result<BTreeMap<DraftId, String>, DbError> {
    let posts = document
        .mentions()
        .into_iter()
        .filter_map(|(_, of)| match of {
            Mention::Post(id) => Some(id),
            Mention::Member(_) => None,
        });
    let mut ids = BTreeSet::new();
    for id in posts {
        if ids.len() == MOST_MENTIONS {
            break;
        }
        ids.insert(id);
    }
    let ids: Vec<DraftId> = ids.into_iter().collect();
    let slugs = post_address::current_of_live(tx, community, &ids, now)?.into_iter();
    let found = ids.iter().zip(slugs);
    Ok(found
        .filter_map(|(id, slug)| Some((*id, address(community, &slug?))))
        .collect())
}

/// A document as HTML of a few harmless elements.
pub(crate) fn html(document: &Document, lang: &str, places: &Places) -> String {
    let source = |address: &str| {
        let address: FileAddress = address.parse().ok()?;
        Some(format!("{}{}", places.files, address.b3))
    };
    let options = HtmlOptions {
        profile: HtmlProfile::Page,
        lang,
        source: &source,
        post: &|id| places.posts.get(&id).cloned(),
        references: "",
    };
    stoa_markdown::html(document, &options)
}

/// What an address leads to.
pub(crate) enum Addressed {
    Here(Box<Article>),
    /// The article has another address now.
    Moved(String),
}

/// The article at an address.
pub(crate) fn at_address(
    tx: &mut dyn Tx,
    (community, user): (CommunityId, Option<UserId>),
    slug: &str,
    now: Timestamp,
) -> Result<Addressed, Refusal> {
    let missing = || Refusal::new(ApiErrorCode::NotFound, "no such article");
    let mut found = post_address::holders(tx, community, &[slug.to_owned()])?;
    let holder = found.pop().flatten().ok_or_else(missing)?;
    let article = article(tx, (community, user), holder.draft, now)?;
    Ok(match holder.is_current {
        true => Addressed::Here(Box::new(article)),
        false => Addressed::Moved(address(community, &article.summary.slug)),
    })
}

/// What an address may show as it is; all else is written in percent.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-');

/// Where the article with this slug is read.
pub(crate) fn address(community: CommunityId, slug: &str) -> String {
    let slug = utf8_percent_encode(slug, PLAIN);
    format!("/v1/communities/{community}/articles/by-address/{slug}")
}

/// The community that was named, or the one that people who register join.
pub(crate) fn community_or_first(
    tx: &mut dyn Tx,
    named: Option<CommunityId>,
) -> Result<CommunityId, Refusal> {
    let first = match named {
        Some(named) => Some(named),
        None => community::first(tx)?,
    };
    first.ok_or_else(|| Refusal::new(ApiErrorCode::NotFound, "no such community"))
}

/// As what a file is given to somebody.
pub(crate) enum Given {
    /// In the page, as this media type.
    Shown(&'static str),
    /// As bytes to be kept, by this name.
    Kept(Option<FileName>),
}

/// A file that a post names where this reader may read it, what is left of a live session, or its
/// cover, and as what it is given: images, recordings and what belongs to them are shown, all else is
/// only kept, by its name.
pub(crate) fn file(
    tx: &mut dyn Tx,
    (community, user): (CommunityId, Option<UserId>),
    (id, b3): (DraftId, BlobHash),
    now: Timestamp,
) -> Result<(Asked, Given), Refusal> {
    let missing = || Refusal::new(ApiErrorCode::NotFound, "no such file");
    let draft = draft::live(tx, community, id, now)?.ok_or_else(missing)?;
    let post = draft.offered().ok_or_else(missing)?;
    let is_open = {
        let learner = learner(tx, community, user, now)?;
        lessons::opening(tx, community, (&draft, post), &learner, now)?.is_open
    };
    let text = text(tx, community, (id, post.version))?;
    let mut readable = readable(&text, is_open).to_owned();
    if let Some(recording) = live_session::recording(tx, community, (id, post), is_open, now)? {
        // Its files are given out as those that a text names.
        readable.push_str(&format!("\n\n{recording}\n"));
    }
    let cover = cover(tx, community, (id, post))?;
    let is_cover = cover.is_some_and(|cover| cover.b3 == b3);
    if !is_cover && !post_text::files_in(&readable).contains(&b3) {
        return Err(missing());
    }
    let kind = attachment::media_type(tx, community, (id, b3))?;
    let image = kind.filter(|kind| kind.is_image()).map(MediaType::as_str);
    let given = match image.or_else(|| shown_as(&readable, b3)) {
        Some(shown) => Given::Shown(shown),
        None => Given::Kept(attachment::name(tx, community, (id, b3))?),
    };
    Ok((blobs::whole(tx, community, b3)?, given))
}

/// What a text says of a file that is no image. It is said with `nosniff` and as nothing that runs,
/// so a text that lies shows a player that does not play.
fn shown_as(text: &str, b3: BlobHash) -> Option<&'static str> {
    match named_as(text, b3)? {
        NamedAs::Recording(form) => Some(form.as_str()),
        NamedAs::Track => Some("text/vtt"),
    }
}

/// The beginning of a text, as far as everybody may read it.
pub(crate) fn teaser(text: &str, is_public: bool) -> String {
    stoa_markdown::excerpt(readable(text, is_public), TEASER_CHARS)
}

/// As much of a text as somebody may read to whom all of it is open, or not.
pub(crate) fn readable(text: &str, is_open: bool) -> &str {
    match is_open {
        true => text,
        false => stoa_markdown::open_part(text),
    }
}

/// The language of a text, by its characters.
pub(crate) fn language_of(text: &str) -> &'static str {
    match text.chars().any(stoa_domain::is_han) {
        true => "zh-CN",
        false => "en",
    }
}

fn rights(
    tx: &mut dyn Tx,
    community: CommunityId,
    user: Option<UserId>,
    now: Timestamp,
) -> Result<Rights, DbError> {
    let Some(user) = user else {
        return Ok(Rights::Anybody);
    };
    Ok(match membership::standing(tx, community, user)? {
        None => Rights::Anybody,
        Some((role, _)) if role.writes_drafts() => Rights::Staff,
        Some((_, joined_at)) => Rights::Member(Holdings {
            joined_at,
            products: entitlement::of_user(tx, community, user, now)?,
        }),
    })
}

/// Somebody who reads in a community, with what they finished there.
pub(crate) fn learner(
    tx: &mut dyn Tx,
    community: CommunityId,
    user: Option<UserId>,
    now: Timestamp,
) -> Result<Learner, DbError> {
    let rights = rights(tx, community, user, now)?;
    let done = match user.filter(|_| rights != Rights::Anybody) {
        Some(user) => finished_lesson::of_user(tx, community, user)?,
        None => BTreeSet::new(),
    };
    Ok(Learner { rights, done })
}

/// By whom articles are seen, and which words of their tags mean the same.
pub(crate) struct AsSeen {
    pub(crate) learner: Learner,
    pub(crate) tags: TagBook,
}

pub(crate) fn must_exist(tx: &mut dyn Tx, community: CommunityId) -> Result<(), Refusal> {
    match community::exists(tx, community)? {
        true => Ok(()),
        false => Err(Refusal::new(ApiErrorCode::NotFound, "no such community")),
    }
}

pub(crate) fn text(
    tx: &mut dyn Tx,
    community: CommunityId,
    of: (DraftId, u32),
) -> Result<String, DbError> {
    Ok(post_text::find(tx, community, of)?.unwrap_or_default())
}

/// An article as it stands in a list.
pub(crate) fn summary(
    tx: &mut dyn Tx,
    community: CommunityId,
    (draft, post): (&Draft, &Post),
    AsSeen { learner, tags }: &AsSeen,
    now: Timestamp,
) -> Result<Summary, DbError> {
    let opening = lessons::opening(tx, community, (draft, post), learner, now)?;
    let of = (draft.id, post.version);
    let is_public = post.content.access == Access::Public;
    let excerpt = match post.content.excerpt.as_str() {
        // What is kept of a public text may come from all of it, and this one is not open yet.
        "" if is_public && !opening.is_open => teaser(&text(tx, community, of)?, false),
        "" => post_text::teaser(tx, community, of)?,
        written => written.to_owned(),
    };
    let author = match post.by {
        Some(user) => person::find(tx, community, user)?.map(|(person, ..)| person.name),
        None => None,
    };
    let canonical = post.content.canonical.as_str();
    let slug = post_address::current(tx, community, draft.id)?;
    let cover = cover(tx, community, (draft.id, post))?;
    Ok(Summary {
        id: draft.id,
        title: post.title.as_str().to_owned(),
        kind: post.content.kind,
        slug: slug.unwrap_or_else(|| draft.id.to_string()),
        excerpt,
        tags: tags
            .canonical_each(post.content.tags.as_slice())
            .into_iter()
            .map(String::from)
            .collect(),
        cover: cover.map(|image| Cover {
            path: format!("{}{}", files(community, draft.id), image.b3),
            width: image.width,
            height: image.height,
        }),
        canonical: (!canonical.is_empty()).then(|| canonical.to_owned()),
        open_to: open_to(&post.content.access),
        is_open: opening.is_open,
        opens_at: opening.opens_at,
        opens_after: opening.after,
        live: live_session::told(tx, community, (draft.id, post), opening.is_open, now)?,
        author,
        published_at: post.live_at,
        updated_at: post.at.max(post.live_at),
    })
}

/// The image that stands for a post.
fn cover(
    tx: &mut dyn Tx,
    community: CommunityId,
    (id, post): (DraftId, &Post),
) -> Result<Option<attachment::Image>, DbError> {
    match post.content.cover {
        Some(cover) => attachment::image(tx, community, (id, cover)),
        None => Ok(None),
    }
}

pub(crate) fn open_to(access: &Access) -> OpenTo {
    match access {
        Access::Public => OpenTo::Public,
        Access::Registered => OpenTo::Registered,
        Access::Paid { tiers, singly } => OpenTo::Paid {
            tiers: tiers.iter().map(|tier| tier.as_str().to_owned()).collect(),
            singly: *singly,
        },
    }
}
