//! A draft as its readers will see it, and what to look at before they do.

use std::collections::{BTreeMap, BTreeSet};

use stoa_domain::{
    Access, Content, Draft, DraftId, Holdings, Kind, Learner, MediaKind, Opening, Opens, Post,
    Product, Rights, TEASER_CHARS, Timestamp, opening,
};
use stoa_ipc::{
    CheckDraft, CopyDraft, CopyForm, DraftCheck, DraftCopy, DraftFinding, DraftPreview, Failure,
    LivePreview, PagePart, PreviewDraft, PreviewReader,
};
use stoa_markdown::{
    BlockKind, Document, Finding, HtmlOptions, HtmlProfile, Inline, Mention, Statistics, findings,
    html, open_part, plain_text, read,
};
use stoa_store::{DraftListing, LessonAccess, Store, StoreError};

use crate::page::parts;
use crate::studio::Studio;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
/// The most findings of one answer: whoever has more begins with these.
const MAX_FINDINGS: usize = 200;
/// Something is mentioned that members do not see.
const UNSEEN: &str = "unseen-mention";
/// So many mentions are looked after.
const MAX_MENTIONS: usize = 1_000;
/// Characters of the line that a finding quotes.
const QUOTE_CHARS: usize = 60;

pub(super) async fn preview_draft(
    studio: &Studio,
    request: PreviewDraft,
) -> Result<DraftPreview, Failure> {
    let id = request.id;
    let look = move |store: &Store| {
        let draft = store.draft(id)?;
        let cover = cover_of(store, &draft)?;
        let text = store.markdown(id)?;
        Ok((draft, cover, text, store.lesson_access(id)?))
    };
    let (draft, cover, text, lesson) = studio.ask(look).await?;
    let now = studio.now();
    let seen = Seen::of((&draft.content, lesson.as_ref()), &request, now);
    let is_open = seen.opening.is_open;
    let shown = readable(&text, is_open);
    let document = read(shown);
    let live = draft.content.live().map(|live| LivePreview {
        starts_at: live.starts_at,
        ends_at: live.ends_at(),
        join_link: live.join(is_open, now).map(str::to_owned),
        has_recording: live.recording(is_open, now).is_some(),
    });
    Ok(DraftPreview {
        live,
        title: draft.title,
        teaser: teaser(&draft.content, &text, is_open),
        cover,
        is_open,
        opens_at: seen.opening.opens_at,
        opens_after_days: seen.after_days,
        opens_after: seen
            .asks_for
            .clone()
            .filter(|_| seen.opening.after.is_some()),
        asks_for: seen.asks_for,
        is_plain: document.is_err(),
        parts: match document {
            Ok(document) => {
                let live = live_mentions(studio, &document).await?;
                parts(&document, &|id| live.contains_key(&id))
            }
            Err(_) => vec![PagePart::Text(shown.to_owned())],
        },
    })
}

/// The hash of the image that stands for a draft.
fn cover_of(store: &Store, draft: &DraftListing) -> Result<Option<String>, StoreError> {
    let Some(cover) = draft.content.cover else {
        return Ok(None);
    };
    let files = store.files(Some(draft.id))?.into_iter();
    let mut named = files.filter(|file| file.attachment.id == cover);
    Ok(named.next().map(|file| file.attachment.b3.to_string()))
}

/// As much of a text as somebody may read to whom all of it is open, or not.
fn readable(text: &str, is_open: bool) -> &str {
    match is_open {
        true => text,
        false => open_part(text),
    }
}

/// What stands below the title in lists: of the text only what is for everybody by now.
fn teaser(content: &Content, text: &str, is_open: bool) -> String {
    match content.excerpt.as_str() {
        "" => {
            let is_for_all = is_open && content.access == Access::Public;
            stoa_markdown::excerpt(readable(text, is_for_all), TEASER_CHARS)
        }
        written => written.to_owned(),
    }
}

/// What a reader is let in to, by the rule that the server goes by.
struct Seen {
    opening: Opening,
    /// So many days it stays closed to them after they joined.
    after_days: Option<u16>,
    /// The title of what they are to finish first, whether they did or not.
    asks_for: Option<String>,
}

impl Seen {
    fn of(
        (content, lesson): (&Content, Option<&LessonAccess>),
        request: &PreviewDraft,
        now: Timestamp,
    ) -> Self {
        let id = request.id;
        let place = lesson.and_then(|access| access.place(id, now));
        let course = lesson.map(|access| access.lesson.course);
        let required = lesson.and_then(|access| access.required.as_ref());
        let by = |joined_days_ago: u16, has_finished: bool| {
            let joined_at = now.plus_millis(-i64::from(joined_days_ago) * DAY_MS);
            let done = required.filter(|_| has_finished).map(|draft| draft.id);
            let learner = Learner {
                rights: rights(&request.reader, (id, course), joined_at),
                done: done.into_iter().collect(),
            };
            opening((id, &content.access), place, &learner, now)
        };
        let days = lesson.and_then(|access| match access.lesson.opens {
            Opens::AfterDays { days } => Some(days),
            Opens::AtOnce | Opens::At { .. } => None,
        });
        let title = |post: &Post| post.title.as_str().to_owned();
        let asked = required.filter(|_| by(0, false).after.is_some());
        Self {
            opening: by(request.joined_days_ago, request.has_finished),
            after_days: days.filter(|_| by(0, true).opens_at.is_some()),
            asks_for: asked.and_then(Draft::offered).map(title),
        }
    }
}

/// The posts that a text mentions and that members see now.
async fn live_mentions(
    studio: &Studio,
    document: &Document,
) -> Result<BTreeMap<DraftId, Post>, Failure> {
    let ids = mentioned(document);
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let now = studio.now();
    studio.ask(move |store| store.live_posts(&ids, now)).await
}

/// The posts that a text mentions, each once.
fn mentioned(document: &Document) -> Vec<DraftId> {
    let mentions = document.mentions().into_iter();
    let posts = mentions.filter_map(|(_, of)| match of {
        Mention::Post(id) => Some(id),
        Mention::Member(_) => None,
    });
    let ids: BTreeSet<DraftId> = posts.take(MAX_MENTIONS).collect();
    ids.into_iter().collect()
}

/// Who that is to the rules of access, if they joined and got what they have at this time.
fn rights(
    reader: &PreviewReader,
    (id, course): (DraftId, Option<DraftId>),
    joined_at: Timestamp,
) -> Rights {
    let products = match reader {
        PreviewReader::Anybody => return Rights::Anybody,
        PreviewReader::Registered => Vec::new(),
        PreviewReader::Tier { tier } => vec![Product::Tier(tier.clone())],
        PreviewReader::Buyer => [Some(id), course]
            .into_iter()
            .flatten()
            .map(Product::Post)
            .collect(),
    };
    Rights::Member(Holdings {
        joined_at,
        products: products.into_iter().map(|one| (one, joined_at)).collect(),
    })
}

pub(super) async fn check_draft(
    studio: &Studio,
    request: CheckDraft,
) -> Result<DraftCheck, Failure> {
    let read_both = studio.ask(move |store: &Store| {
        let kind = store.draft(request.id)?.content.kind;
        Ok((kind, store.markdown(request.id)?))
    });
    let (kind, markdown) = read_both.await?;
    let Ok(document) = read(&markdown) else {
        // What is too much to be drawn is counted all the same, and looked at by a person.
        return Ok(DraftCheck {
            n_words: stoa_markdown::word_count(&markdown),
            n_chars: markdown.chars().filter(|c| !c.is_whitespace()).count() as u64,
            n_images: 0,
            reading_seconds: 0,
            findings: vec![quoted(&markdown, 0, "too-much")],
        });
    };
    let live = live_mentions(studio, &document).await?;
    let counted = Statistics::of(&document);
    let mut findings = found(&document, &markdown, &live);
    if let Some(code) = missing(kind, &document) {
        findings.insert(0, quoted(&markdown, 0, code));
        findings.truncate(MAX_FINDINGS);
    }
    let mut n_images = 0;
    document.visit(&mut |block| n_images += u64::from(is_figure(&block.kind)));
    Ok(DraftCheck {
        n_words: counted.han + counted.words,
        n_chars: counted.chars,
        n_images,
        reading_seconds: counted.reading_seconds,
        findings,
    })
}

/// What a draft of its kind is made of, where there is none of it.
fn missing(kind: Kind, document: &Document) -> Option<&'static str> {
    let (code, media) = match kind {
        Kind::Images => ("images-missing", None),
        Kind::Audio => ("audio-missing", Some(MediaKind::Audio)),
        Kind::Video => ("video-missing", Some(MediaKind::Video)),
        Kind::Article | Kind::Course | Kind::Column | Kind::Live => return None,
    };
    let mut is_there = false;
    document.visit(&mut |block| {
        is_there |= match &block.kind {
            BlockKind::Figure(_) => media.is_none(),
            BlockKind::Media { kind, .. } => media == Some(*kind),
            _ => false,
        };
    });
    (!is_there).then_some(code)
}

fn is_figure(kind: &BlockKind) -> bool {
    matches!(kind, BlockKind::Figure(_))
}

fn found(document: &Document, markdown: &str, live: &BTreeMap<DraftId, Post>) -> Vec<DraftFinding> {
    let of_text = findings(document, markdown);
    let of_text = of_text.iter();
    let mut found: Vec<(usize, &str)> = of_text
        .map(|Finding { at, code }| (*at, code.as_str()))
        .collect();
    let mentions = document.mentions().into_iter().take(MAX_MENTIONS);
    let unseen = mentions.filter(|(_, of)| match of {
        Mention::Post(id) => !live.contains_key(id),
        Mention::Member(_) => false,
    });
    found.extend(unseen.map(|(at, _)| (at, UNSEEN)));
    found.sort_by_key(|(at, _)| *at);
    let found = found.into_iter().take(MAX_FINDINGS);
    found.map(|(at, code)| quoted(markdown, at, code)).collect()
}

fn quoted(markdown: &str, at: usize, code: &str) -> DraftFinding {
    let before = &markdown[..at];
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    let line = markdown[start..].lines().next().unwrap_or_default();
    DraftFinding {
        at: u32::try_from(before.encode_utf16().count()).unwrap_or(u32::MAX),
        line: u32::try_from(before.matches('\n').count() + 1).unwrap_or(u32::MAX),
        code: code.to_owned(),
        quote: line.trim().chars().take(QUOTE_CHARS).collect(),
    }
}

pub(super) async fn copy_draft(studio: &Studio, request: CopyDraft) -> Result<DraftCopy, Failure> {
    let markdown = studio
        .ask(move |store: &Store| store.markdown(request.id))
        .await?;
    let document = read(&markdown).map_err(|_| Failure::field("id", "too-much"))?;
    let live = live_mentions(studio, &document).await?;
    let options = HtmlOptions {
        profile: match request.form {
            CopyForm::WeChat => HtmlProfile::WeChat,
            CopyForm::Page => HtmlProfile::Page,
        },
        lang: match markdown.chars().any(stoa_domain::is_han) {
            true => "zh-CN",
            false => "en",
        },
        source: &|_| None,
        post: &|id| page_of(live.get(&id)?),
        references: &request.references,
    };
    let mut n_files = 0;
    document.visit(&mut |block| {
        let is_file = is_figure(&block.kind) || matches!(block.kind, BlockKind::Media { .. });
        n_files += u64::from(is_file);
        n_files += block.lines().into_iter().map(kept_files).sum::<u64>();
    });
    Ok(DraftCopy {
        html: html(&document, &options),
        plain: plain_text(&markdown),
        n_files,
    })
}

/// How many files a line names that readers keep.
fn kept_files(line: &[Inline]) -> u64 {
    let one = |inline: &Inline| {
        u64::from(matches!(inline, Inline::File { .. })) + kept_files(inline.content())
    };
    line.iter().map(one).sum()
}

/// Where people read a post, as far as this studio knows: the page that it names as its own.
fn page_of(post: &Post) -> Option<String> {
    let page = post.content.canonical.as_str();
    (!page.is_empty()).then(|| page.to_owned())
}
