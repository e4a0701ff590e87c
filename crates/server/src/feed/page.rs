//! What a page of a feed is made of: read in one transaction, set as HTML outside of it.

use std::collections::BTreeMap;

use stoa_domain::{BlobHash, CommunityId, Draft, DraftId, FileAddress, Learner, Timestamp};
use stoa_markdown::Document;
use stoa_protocol::error::ApiErrorCode;
use stoa_protocol::member::{OpenTo, Summary};

use super::recording::{Recording, recordings_in};
use super::{Entry, Feed, Format};
use crate::db::{DbError, Tx};
use crate::live_session;
use crate::member::{self, AsSeen};
use crate::pages::{self, Place};
use crate::refusal::Refusal;
use crate::tables::{attachment, community, post_text, tag};

/// The most articles of a page.
const MOST_ENTRIES: u32 = 50;
/// Bytes of Markdown after which a page ends early: an article may have megabytes.
const MOST_BYTES: usize = 1024 * 1024;

/// Which page of which feed.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) community: CommunityId,
    pub(crate) after: Option<Place>,
    /// This server's address, as the reader knows it.
    pub(crate) origin: String,
    /// The version of the page that the reader has.
    pub(crate) known: Known,
}

/// What a reader says it has.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    /// `if-none-match`, as it was sent.
    pub(crate) tags: Option<String>,
    /// `if-modified-since`, as it was sent.
    pub(crate) since: Option<String>,
}

/// A page of a feed before it is written.
pub(crate) struct Page {
    asked: Asked,
    name: String,
    articles: Vec<Article>,
    next: Option<Place>,
    /// When it last became something else.
    pub(crate) changed_at: Timestamp,
}

/// An article with what everybody may read of it.
struct Article {
    summary: Summary,
    place: Option<Place>,
    text: String,
    sizes: BTreeMap<BlobHash, u64>,
    /// The addresses of the posts that the text mentions.
    posts: BTreeMap<DraftId, String>,
}

/// Reads a page, and whether the reader has it: then it is without its texts.
pub(crate) fn page(
    tx: &mut dyn Tx,
    asked: &Asked,
    format: Format,
    now: Timestamp,
) -> Result<(Page, Validators, bool), Refusal> {
    let community = asked.community;
    let shown = community::shown(tx, community)?
        .ok_or_else(|| Refusal::new(ApiErrorCode::NotFound, "no such community"))?;
    let (drafts, next) = pages::page(tx, community, (asked.after, MOST_ENTRIES), now)?;
    let mut page = Page {
        asked: asked.clone(),
        name: shown.name,
        articles: Vec::new(),
        next,
        changed_at: shown.changed_at,
    };
    let as_seen = AsSeen {
        learner: Learner::anybody(),
        tags: tag::book(tx, community)?,
    };
    let mut versions = Vec::new();
    for draft in &drafts {
        let Some(post) = draft.offered() else {
            continue;
        };
        page.changed_at = page.changed_at.max(post.at.max(post.live_at));
        let live = post.content.live().filter(|live| live.is_over(now));
        if let Some(live) = live {
            // From then on it is the recording that is offered.
            page.changed_at = page.changed_at.max(live.ends_at());
        }
        versions.push(post.version);
        page.articles.push(Article {
            summary: member::summary(tx, community, (draft, post), &as_seen, now)?,
            place: Place::of(draft),
            text: String::new(),
            sizes: BTreeMap::new(),
            posts: BTreeMap::new(),
        });
    }
    let validators = Validators::of(&page, &versions, format, now)?;
    let is_known = validators.are_known(&asked.known);
    if !is_known {
        page.load_texts(tx, &drafts, now)?;
    }
    Ok((page, validators, is_known))
}

impl Page {
    /// Loads what everybody may read of the texts, until there are too many bytes of them.
    fn load_texts(
        &mut self,
        tx: &mut dyn Tx,
        drafts: &[Draft],
        now: Timestamp,
    ) -> Result<(), DbError> {
        let community = self.asked.community;
        let mut n_bytes = 0;
        for (n, (article, draft)) in self.articles.iter_mut().zip(drafts).enumerate() {
            let Some(post) = draft.offered() else {
                continue;
            };
            let whole = member::text(tx, community, (draft.id, post.version))?;
            article.text = member::readable(&whole, article.summary.is_open).to_owned();
            n_bytes += whole.len();
            let live = article.summary.live.as_ref();
            let recording = live.and_then(|live| live.recording.as_ref());
            let mut named = post_text::files_in(&article.text);
            named.extend(
                recording
                    .and_then(|one| one.address.parse::<FileAddress>().ok())
                    .map(|one| one.b3),
            );
            for b3 in named {
                if let Some(size) = attachment::size(tx, community, (draft.id, b3))? {
                    article.sizes.insert(b3, size);
                }
            }
            if article.text.contains("stoa:post/")
                && let Ok(document) = stoa_markdown::read(&article.text)
            {
                article.posts = member::mentioned(tx, community, &document, now)?;
            }
            let is_last = n + 1 == drafts.len();
            if n_bytes > MOST_BYTES && !is_last {
                self.next = article.place;
                self.articles.truncate(n + 1);
                return Ok(());
            }
        }
        Ok(())
    }

    /// Sets the texts.
    pub(super) fn read(self, format: Format) -> Feed {
        let (community, origin) = (self.asked.community, &self.asked.origin);
        let name = format.as_str();
        let path = format!("{origin}/v1/communities/{community}/feeds/{name}");
        let at = |place: Option<Place>| match place {
            Some(place) => format!("{path}?after={place}"),
            None => path.clone(),
        };
        let titles: String = self
            .articles
            .iter()
            .map(|article| article.summary.title.as_str())
            .chain([self.name.as_str()])
            .collect();
        let entries = self.articles.into_iter();
        Feed {
            community,
            lang: member::language_of(&titles),
            title: self.name,
            home: format!("{origin}/v1/communities/{community}/articles"),
            own_address: at(self.asked.after),
            next_address: self.next.map(|place| at(Some(place))),
            changed_at: self.changed_at,
            entries: entries
                .map(|article| article.read(community, origin))
                .collect(),
        }
    }
}

impl Article {
    fn read(self, community: CommunityId, origin: &str) -> Entry {
        let summary = self.summary;
        let lang = member::language_of(&format!("{}{}", summary.title, self.text));
        let address = format!("{origin}{}", member::address(community, &summary.slug));
        let files = format!("{origin}{}", member::files(community, summary.id));
        let posts = self.posts.into_iter();
        let places = member::Places {
            files: files.clone(),
            posts: posts
                .map(|(id, path)| (id, format!("{origin}{path}")))
                .collect(),
        };
        let document = stoa_markdown::read(&self.text).ok();
        let session = summary.live.as_ref();
        let session = session.map(|live| live_session::markdown(live, lang));
        let session = stoa_markdown::read(&session.unwrap_or_default()).unwrap_or_default();
        let mut html = match &summary.live {
            Some(_) => member::html(&session, lang, &places),
            None => String::new(),
        };
        if let Some(document) = document.as_ref().filter(|_| !self.text.is_empty()) {
            html.push_str(&member::html(document, lang, &places));
        }
        let is_public = summary.open_to == OpenTo::Public;
        if !is_public {
            html.push_str(&note(lang, &address, !self.text.is_empty()));
        }
        let document = document.filter(|_| is_public).unwrap_or_default();
        // Empty where the post is not public: the session was told as to anybody.
        let mut recordings = recordings_of(&session, &files, &self.sizes);
        recordings.extend(recordings_of(&document, &files, &self.sizes));
        Entry {
            id: summary.id,
            title: summary.title,
            lang,
            address,
            canonical: summary.canonical,
            author: summary.author,
            tags: summary.tags,
            published_at: summary.published_at,
            updated_at: summary.updated_at,
            summary: summary.excerpt,
            cover: summary.cover.map(|cover| format!("{origin}{}", cover.path)),
            html,
            recordings,
        }
    }
}

fn recordings_of(
    document: &Document,
    files: &str,
    sizes: &BTreeMap<BlobHash, u64>,
) -> Vec<Recording> {
    let found = recordings_in(document).into_iter();
    found
        .filter_map(|(b3, media_type)| {
            Some(Recording {
                address: format!("{files}{b3}"),
                media_type,
                size: *sizes.get(&b3)?,
            })
        })
        .collect()
}

/// That there is more. The address holds letters, digits and percent signs, nothing that would
/// have to be escaped.
fn note(lang: &str, address: &str, has_beginning: bool) -> String {
    let said = match (lang, has_beginning) {
        ("zh-CN", true) => "余下部分仅对会员开放。",
        ("zh-CN", false) => "全文仅对会员开放。",
        (_, true) => "The rest is for members.",
        (_, false) => "All of it is for members.",
    };
    format!("<p><a href=\"{address}\">{said}</a></p>")
}

/// By which a reader knows whether it has a page.
#[derive(Debug, Clone)]
pub(crate) struct Validators {
    pub(crate) tag: String,
    /// Absent while it could change within the same second.
    pub(crate) last_modified: Option<String>,
}

impl Validators {
    fn of(page: &Page, versions: &[u32], format: Format, now: Timestamp) -> Result<Self, DbError> {
        let mut hasher = blake3::Hasher::new();
        let summaries: Vec<&Summary> = page.articles.iter().map(|one| &one.summary).collect();
        let place = |place: Option<Place>| place.map(|place| place.to_string());
        let all = (
            (env!("CARGO_PKG_VERSION"), format.as_str()),
            (
                &page.asked.origin,
                place(page.asked.after),
                place(page.next),
            ),
            (&page.name, page.changed_at, summaries, versions),
        );
        serde_json::to_writer(&mut hasher, &all)
            .map_err(|error| DbError::Stored(error.to_string()))?;
        let second = |at: Timestamp| at.millis().div_euclid(1000);
        let is_settled = second(page.changed_at) < second(now);
        Ok(Self {
            tag: format!("\"{}\"", &hasher.finalize().to_hex()[..32]),
            last_modified: is_settled.then(|| super::http_date(page.changed_at)),
        })
    }

    /// Whether a reader has this very page. The time counts only where no tag was sent, and only
    /// the very one that was given: it may go back, when a scheduled post is withdrawn.
    fn are_known(&self, known: &Known) -> bool {
        match (&known.tags, &known.since) {
            (Some(tags), _) => tags.split(',').any(|tag| {
                let tag = tag.trim().trim_start_matches("W/");
                tag == self.tag || tag == "*"
            }),
            (None, Some(since)) => self.last_modified.as_ref() == Some(since),
            (None, None) => false,
        }
    }
}
