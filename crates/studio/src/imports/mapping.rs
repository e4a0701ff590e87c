//! What a post of another program is here.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use stoa_domain::{
    Access, Canonical, Content, ContentValues, Excerpt, JoinLink, Kind, MAX_EXCERPT_CHARS,
    MAX_SEARCH_DESCRIPTION_CHARS, MAX_SEARCH_TITLE_CHARS, MAX_TAG_CHARS, MAX_TAGS, MAX_TITLE_CHARS,
    Minutes, Opens, RecordingLink, SearchDescription, SearchTitle, SectionTitle, Slug, Tag, Tags,
    TierKey, Timestamp, Title,
};
use stoa_exchange::{
    FileRef, ImportedLesson, ImportedPart, ImportedPost, Mapping, Readers, Status,
};
use stoa_ipc::{ImportKind, ImportMapping, ImportReaders};
use stoa_store::{LessonToImport, PartToImport};

use super::running::Places;
use crate::dates::moment;

/// The tier of what nobody may read there.
const CLOSED: &str = "vip";

/// The part of a mapping that the readers of exports know.
pub(super) fn of_names(mapping: &ImportMapping) -> Mapping {
    let (kinds, to) = (mapping.kinds.iter(), mapping.readers.iter());
    Mapping {
        skipped: mapping.skipped.clone(),
        as_drafts: !mapping.publish,
        tags: mapping.tags.clone(),
        tiers: mapping.tiers.clone(),
        kinds: kinds
            .map(|(there, here)| (named(*there), made_of(*here)))
            .collect(),
        readers: to
            .map(|(there, tier)| (readers(*there), tier.clone()))
            .collect(),
        authors: BTreeMap::new(),
    }
}

pub(super) fn title(post: &ImportedPost) -> Title {
    let short: String = post.title.chars().take(MAX_TITLE_CHARS).collect();
    Title::parse(&short).unwrap_or_default()
}

/// Everything but title, text and cover. What does not fit is left out or cut.
pub(super) fn values(post: &ImportedPost) -> ContentValues {
    let excerpt = post.excerpt.as_deref().unwrap_or_default();
    let excerpt: String = excerpt.chars().take(MAX_EXCERPT_CHARS).collect();
    let slug = Slug::of(post.slug.as_deref().unwrap_or_default());
    let canonical = post.canonical_url.as_deref().unwrap_or_default();
    ContentValues {
        kind: Some(kind(post.kind)),
        access: Some(access(&post.access, post.is_sold_singly)),
        excerpt: Excerpt::parse(&excerpt).ok().filter(|it| !it.is_empty()),
        slug: Some(slug).filter(|slug| !slug.is_empty()),
        tags: Some(tags(&post.tags)).filter(|tags| !tags.as_slice().is_empty()),
        cover: None,
        canonical: Canonical::parse(canonical).ok().filter(|it| !it.is_empty()),
        search_title: search_title(post),
        search_description: search_description(post),
        ..session(post)
    }
}

/// When a live session is and where; nothing of it that cannot be.
fn session(post: &ImportedPost) -> ContentValues {
    let starts_at = post.starts_at.map(Timestamp::from_millis);
    let lasts = post.lasts_minutes.and_then(|n| u16::try_from(n).ok());
    let join = post.join_link.as_deref().unwrap_or_default();
    let recording = post.recording.as_deref().unwrap_or_default();
    let values = ContentValues {
        starts_at: starts_at.map(Some),
        lasts_minutes: lasts.and_then(|n| Minutes::new(n).ok()),
        join_link: JoinLink::parse(join).ok().filter(|it| !it.is_empty()),
        recording: RecordingLink::parse(recording)
            .ok()
            .filter(|it| !it.is_empty()),
        ..ContentValues::default()
    };
    let mut content = Content::default();
    values.apply_to(&mut content);
    match content.unsound() {
        Some(_) => ContentValues {
            starts_at: None,
            ..values
        },
        None => values,
    }
}

fn search_title(post: &ImportedPost) -> Option<SearchTitle> {
    let text = post.search_title.as_deref()?.chars();
    let text: String = text.take(MAX_SEARCH_TITLE_CHARS).collect();
    SearchTitle::parse(&text).ok().filter(|it| !it.is_empty())
}

fn search_description(post: &ImportedPost) -> Option<SearchDescription> {
    let text = post.search_description.as_deref()?.chars();
    let text: String = text.take(MAX_SEARCH_DESCRIPTION_CHARS).collect();
    SearchDescription::parse(&text)
        .ok()
        .filter(|it| !it.is_empty())
}

pub(super) fn kind(kind: stoa_exchange::Kind) -> Kind {
    kind_there(kind).here()
}

/// What a post is there, as the window calls it.
pub(super) fn kind_there(kind: stoa_exchange::Kind) -> ImportKind {
    match kind {
        stoa_exchange::Kind::Article => ImportKind::Article,
        stoa_exchange::Kind::Page => ImportKind::Page,
        stoa_exchange::Kind::Audio => ImportKind::Audio,
        stoa_exchange::Kind::Video => ImportKind::Video,
        stoa_exchange::Kind::Gallery => ImportKind::Gallery,
        stoa_exchange::Kind::Course => ImportKind::Course,
        stoa_exchange::Kind::Column => ImportKind::Column,
        stoa_exchange::Kind::Live => ImportKind::Live,
    }
}

/// A kind of the other program, by its name in the window.
fn named(kind: ImportKind) -> stoa_exchange::Kind {
    match kind {
        ImportKind::Article => stoa_exchange::Kind::Article,
        ImportKind::Page => stoa_exchange::Kind::Page,
        ImportKind::Audio => stoa_exchange::Kind::Audio,
        ImportKind::Video => stoa_exchange::Kind::Video,
        ImportKind::Gallery => stoa_exchange::Kind::Gallery,
        ImportKind::Course => stoa_exchange::Kind::Course,
        ImportKind::Column => stoa_exchange::Kind::Column,
        ImportKind::Live => stoa_exchange::Kind::Live,
    }
}

/// The kind of the other programs that becomes one of ours.
fn made_of(kind: Kind) -> stoa_exchange::Kind {
    match kind {
        Kind::Article => stoa_exchange::Kind::Article,
        Kind::Audio => stoa_exchange::Kind::Audio,
        Kind::Video => stoa_exchange::Kind::Video,
        Kind::Images => stoa_exchange::Kind::Gallery,
        Kind::Course => stoa_exchange::Kind::Course,
        Kind::Column => stoa_exchange::Kind::Column,
        Kind::Live => stoa_exchange::Kind::Live,
    }
}

/// Who reads a post there, where they have no name of their own.
pub(super) fn readers_there(access: &stoa_exchange::Access) -> Option<ImportReaders> {
    Readers::of(access).map(|readers| match readers {
        Readers::Registered => ImportReaders::Registered,
        Readers::Paid => ImportReaders::Paid,
        Readers::Nobody => ImportReaders::Nobody,
    })
}

fn readers(readers: ImportReaders) -> Readers {
    match readers {
        ImportReaders::Registered => Readers::Registered,
        ImportReaders::Paid => Readers::Paid,
        ImportReaders::Nobody => Readers::Nobody,
    }
}

fn tags(names: &[String]) -> Tags {
    let short = |name: &String| name.chars().take(MAX_TAG_CHARS).collect::<String>();
    let mut seen = BTreeSet::new();
    let each: Vec<Tag> = names
        .iter()
        .filter_map(|name| Tag::parse(&short(name)).ok())
        .filter(|tag| seen.insert(tag.as_str().to_owned()))
        .take(MAX_TAGS)
        .collect();
    Tags::new(each).unwrap_or_default()
}

/// Never more open than it is there. What is sold singly need not be in any tier.
pub(super) fn access(access: &stoa_exchange::Access, singly: bool) -> Access {
    let paid = |tiers: BTreeSet<TierKey>| Access::Paid { tiers, singly };
    let every = || {
        TierKey::PRESETS
            .iter()
            .filter_map(|key| TierKey::parse(key).ok())
    };
    match access {
        stoa_exchange::Access::Public => Access::Public,
        stoa_exchange::Access::Registered => Access::Registered,
        stoa_exchange::Access::Paid => paid(every().collect()),
        stoa_exchange::Access::Tiers(names) => {
            let named = |key: &TierKey| names.iter().any(|name| is_tier(name, key));
            let tiers: BTreeSet<TierKey> = every().filter(named).collect();
            match tiers.is_empty() && !(names.is_empty() && singly) {
                true => paid(every().collect()),
                false => paid(tiers),
            }
        }
        stoa_exchange::Access::Nobody => Access::Paid {
            tiers: TierKey::parse(CLOSED).into_iter().collect(),
            singly: false,
        },
    }
}

/// A section with those of its lessons that are drafts here. A name that is none is left out, and its
/// lessons stand where they would without it.
pub(super) fn part(part: &ImportedPart, places: &Places) -> PartToImport {
    let lesson = |lesson: &ImportedLesson| {
        let (draft, is_published) = *places.get(&lesson.post)?;
        Some(LessonToImport {
            draft,
            is_published,
            opens: match lesson.opens.is_sound() {
                true => lesson.opens,
                false => Opens::AtOnce,
            },
            requires: lesson
                .requires
                .as_ref()
                .and_then(|id| places.get(id))
                .map(|(draft, _)| *draft),
        })
    };
    let title = part.section.as_deref();
    PartToImport {
        section: title.and_then(|title| SectionTitle::parse(title).ok()),
        lessons: part.lessons.iter().filter_map(lesson).collect(),
    }
}

fn is_tier(name: &str, key: &TierKey) -> bool {
    name.trim().eq_ignore_ascii_case(key.as_str())
}

/// When members saw it first, there.
pub(super) fn published_at(post: &ImportedPost, now: Timestamp) -> Option<Timestamp> {
    match status(post, now) {
        Status::Published { at } => at.or(post.created_at).map(Timestamp::from_millis),
        Status::Scheduled { .. } | Status::Draft => None,
    }
}

/// When members are to see it, there.
pub(super) fn scheduled_at(post: &ImportedPost, now: Timestamp) -> Option<Timestamp> {
    match status(post, now) {
        Status::Scheduled { at } => Some(Timestamp::from_millis(at)),
        Status::Published { .. } | Status::Draft => None,
    }
}

pub(super) fn is_published(post: &ImportedPost, now: Timestamp) -> bool {
    matches!(status(post, now), Status::Published { .. })
}

/// What was scheduled there for a time that is past has come out since. The post itself stays as it was
/// read: a hash by which it is known again must not hang on the time.
fn status(post: &ImportedPost, now: Timestamp) -> Status {
    match post.status {
        Status::Scheduled { at } if at <= now.millis() => Status::Published { at: Some(at) },
        other => other,
    }
}

/// The text, and behind it the fields that have no place here.
pub(super) fn with_fields(markdown: String, post: &ImportedPost) -> String {
    let mut fields: Map<String, Value> = post
        .unknown
        .iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    let time = |millis: i64| json!(moment(Timestamp::from_millis(millis)));
    if let Some(at) = post.created_at {
        fields.insert("created_at".to_owned(), time(at));
    }
    if let Status::Published { at } = post.status
        && let Some(at) = at.or(post.created_at)
    {
        fields.insert("published_at".to_owned(), time(at));
    }
    if !post.authors.is_empty() {
        fields.insert("authors".to_owned(), json!(post.authors));
    }
    if let Some(FileRef::Remote(address)) = &post.feature_image {
        fields.insert("cover".to_owned(), json!(address));
    }
    if fields.is_empty() {
        return markdown;
    }
    // JSON is YAML, and no line of it can end the block.
    let text = serde_json::to_string_pretty(&fields).unwrap_or_default();
    format!("{}\n\n```yaml\n{text}\n```\n", markdown.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(access: &Access) -> Vec<&str> {
        match access {
            Access::Paid { tiers, .. } => tiers.iter().map(TierKey::as_str).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn nothing_becomes_more_open_than_it_was() {
        let tiers = |names: &[&str]| {
            let names = names.iter().map(|name| (*name).to_owned()).collect();
            access(&stoa_exchange::Access::Tiers(names), false)
        };
        assert_eq!(keys(&tiers(&["VIP", "别的"])), ["vip"]);
        assert_eq!(keys(&tiers(&["Gold"])), ["basic", "premium", "vip"]);
        assert_eq!(
            keys(&access(&stoa_exchange::Access::Nobody, false)),
            ["vip"]
        );
        assert_eq!(
            access(&stoa_exchange::Access::Public, false),
            Access::Public
        );
    }

    #[test]
    fn what_does_not_fit_is_cut_and_never_refused() {
        let post = ImportedPost {
            title: "长".repeat(MAX_TITLE_CHARS + 5),
            tags: (0..30).map(|n| format!("{n}{}", "签".repeat(60))).collect(),
            excerpt: Some("摘".repeat(2_000)),
            slug: Some("Über uns / 关于!".to_owned()),
            canonical_url: Some("javascript:alert(1)".to_owned()),
            starts_at: Some(i64::MAX),
            lasts_minutes: Some(100_000),
            join_link: Some("http://meet.example/1".to_owned()),
            recording: Some("media/1.mp4#video/mp4".to_owned()),
            search_title: Some("题".repeat(2_000)),
            search_description: Some("述".repeat(2_000)),
            ..ImportedPost::default()
        };
        let values = values(&post);
        assert_eq!(title(&post).as_str().chars().count(), MAX_TITLE_CHARS);
        assert_eq!(values.tags.unwrap().as_slice().len(), MAX_TAGS);
        let excerpt = values.excerpt.unwrap();
        assert_eq!(excerpt.as_str().chars().count(), MAX_EXCERPT_CHARS);
        assert_eq!(values.slug.unwrap().as_str(), "ber-uns-关于");
        assert_eq!(values.canonical, None);
        let length = |text: &str| text.chars().count();
        let title = values.search_title.unwrap();
        assert_eq!(length(title.as_str()), MAX_SEARCH_TITLE_CHARS);
        let description = values.search_description.unwrap();
        assert_eq!(length(description.as_str()), MAX_SEARCH_DESCRIPTION_CHARS);
        assert_eq!((values.starts_at, values.lasts_minutes), (None, None));
        assert_eq!((values.join_link, values.recording), (None, None));
    }

    #[test]
    fn fields_without_a_place_are_kept_at_the_end_on_demand() {
        let post = ImportedPost {
            authors: vec!["林".to_owned()],
            created_at: Some(0),
            unknown: [("feature".to_owned(), json!("```\n"))].into(),
            ..ImportedPost::default()
        };
        let text = with_fields("正文\n".to_owned(), &post);
        assert!(text.starts_with("正文\n\n```yaml\n{"), "{text}");
        assert!(
            text.contains("\"authors\"") && text.contains("1970-01-01"),
            "{text}"
        );
        assert_eq!(text.matches("\n```").count(), 2, "{text}");
    }
}
