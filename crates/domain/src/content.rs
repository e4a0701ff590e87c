//! What a draft is to become and who may read it; and what of it members see.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::live::{MAX_MINUTES, STARTS_BEFORE};
use crate::seo::{MAX_SEARCH_DESCRIPTION_CHARS, MAX_SEARCH_TITLE_CHARS};
use crate::{
    AttachmentId, JoinLink, LiveSession, Minutes, Parts, RecordingLink, SearchDescription,
    SearchTitle, Timestamp, Title, UserId, text,
};

/// The longest teaser, in characters.
pub const MAX_EXCERPT_CHARS: usize = 500;
/// Characters of a teaser that is taken from the text, where none was written.
pub const TEASER_CHARS: usize = 160;
/// The longest slug, in characters.
const MAX_SLUG_CHARS: usize = 80;
/// The longest tag, in characters.
pub const MAX_TAG_CHARS: usize = 40;
/// The most tags of one draft.
pub const MAX_TAGS: usize = 20;
/// The most tiers that one draft is open to.
pub const MAX_TIERS: usize = 20;
/// The longest address, in bytes.
pub(crate) const MAX_ADDRESS_BYTES: usize = 2_000;

/// What kind of content it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Kind {
    #[default]
    Article,
    /// A set of images.
    Images,
    Audio,
    Video,
    /// Sections with lessons.
    Course,
    /// A serial that can be sold singly.
    Column,
    /// A live session, with its recording afterwards.
    Live,
}

impl Kind {
    /// Every kind, in the order in which they are offered.
    pub const ALL: [Kind; 7] = [
        Kind::Article,
        Kind::Images,
        Kind::Audio,
        Kind::Video,
        Kind::Course,
        Kind::Column,
        Kind::Live,
    ];

    /// Whether it is made of lessons.
    pub fn has_lessons(self) -> bool {
        matches!(self, Kind::Course | Kind::Column)
    }

    /// The name on the wire and in both databases.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Article => "article",
            Kind::Images => "images",
            Kind::Audio => "audio",
            Kind::Video => "video",
            Kind::Course => "course",
            Kind::Column => "column",
            Kind::Live => "live",
        }
    }

    /// Reads the name on the wire and in both databases.
    pub fn parse(name: &str) -> Option<Kind> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// Why a value of the content cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ContentError {
    #[error("`{0}` is not the key of a tier")]
    TierKey(String),
    #[error("more than {MAX_TIERS} tiers")]
    TooManyTiers,
    #[error("the excerpt has {0} characters, more than {MAX_EXCERPT_CHARS}")]
    LongExcerpt(usize),
    #[error("`{0}` cannot be part of an address")]
    Slug(String),
    #[error("a tag is empty or has more than {MAX_TAG_CHARS} characters")]
    Tag,
    #[error("more than {MAX_TAGS} tags")]
    TooManyTags,
    #[error("not an address that begins with https:// or http://")]
    Address,
    #[error("not a link that begins with https://")]
    JoinLink,
    #[error("{0} minutes are not 1 to {MAX_MINUTES}")]
    Minutes(u16),
    #[error("not the address of a sound or film")]
    Recording,
    #[error("a title of {0} characters for search engines, more than {MAX_SEARCH_TITLE_CHARS}")]
    LongSearchTitle(usize),
    #[error(
        "a description of {0} characters for search engines, more than {MAX_SEARCH_DESCRIPTION_CHARS}"
    )]
    LongSearchDescription(usize),
}

/// A checked text that travels as a string.
macro_rules! checked_text {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The text, possibly empty.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Whether there is none.
            pub fn is_empty(&self) -> bool {
                self.0.is_empty()
            }
        }

        impl TryFrom<String> for $name {
            type Error = ContentError;

            fn try_from(input: String) -> Result<Self, ContentError> {
                Self::parse(&input)
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> String {
                value.0
            }
        }
    };
}

pub(crate) use checked_text;

checked_text! {
    /// The key of a tier: 1 to 40 of `a`–`z`, `0`–`9` and `-`. It stays when the tier's name
    /// changes.
    TierKey
}
checked_text! {
    /// What a reader sees of a text that is not open to them: one line, at most
    /// [`MAX_EXCERPT_CHARS`] characters. Empty where the text's beginning is taken.
    Excerpt
}
checked_text! {
    /// The last part of the address of a post: lower-case letters, digits and Han characters, and
    /// single `-` between them. Empty where the title gives it.
    Slug
}
checked_text! {
    /// A tag: one line of 1 to [`MAX_TAG_CHARS`] characters.
    Tag
}
checked_text! {
    /// Where the text first appeared: an `https` or `http` address, or empty.
    Canonical
}

impl TierKey {
    /// The tiers that every community begins with.
    pub const PRESETS: [&'static str; 3] = ["basic", "premium", "vip"];

    /// Reads a key.
    ///
    /// # Errors
    /// [`ContentError::TierKey`]
    pub fn parse(input: &str) -> Result<Self, ContentError> {
        let fits = (1..=40).contains(&input.len())
            && input
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if fits {
            Ok(Self(input.to_owned()))
        } else {
            Err(ContentError::TierKey(input.chars().take(40).collect()))
        }
    }
}

impl Excerpt {
    /// Cleans, trims and checks an excerpt; line breaks become spaces.
    ///
    /// # Errors
    /// [`ContentError::LongExcerpt`] with the length after cleaning.
    pub fn parse(input: &str) -> Result<Self, ContentError> {
        let line = one_line(input);
        match line.chars().count() {
            n if n > MAX_EXCERPT_CHARS => Err(ContentError::LongExcerpt(n)),
            _ => Ok(Self(line)),
        }
    }
}

impl Slug {
    /// Reads a slug as it was stored or sent.
    ///
    /// # Errors
    /// [`ContentError::Slug`]
    pub fn parse(input: &str) -> Result<Self, ContentError> {
        if input.is_empty() || Self::of(input).as_str() == input {
            Ok(Self(input.to_owned()))
        } else {
            Err(ContentError::Slug(input.chars().take(80).collect()))
        }
    }

    /// Makes a slug of what somebody typed or of a title: what does not fit becomes `-`.
    pub fn of(input: &str) -> Self {
        let mut slug = String::new();
        let mut n = 0;
        for c in text::clean(input).chars().flat_map(char::to_lowercase) {
            if n == MAX_SLUG_CHARS {
                break;
            }
            if c.is_ascii_alphanumeric() || text::is_han(c) {
                slug.push(c);
                n += 1;
            } else if !slug.is_empty() && !slug.ends_with('-') {
                slug.push('-');
                n += 1;
            }
        }
        Self(slug.trim_end_matches('-').to_owned())
    }
}

impl Tag {
    /// Cleans, trims and checks a tag.
    ///
    /// # Errors
    /// [`ContentError::Tag`]
    pub fn parse(input: &str) -> Result<Self, ContentError> {
        let line = one_line(input);
        match line.chars().count() {
            1..=MAX_TAG_CHARS => Ok(Self(line)),
            _ => Err(ContentError::Tag),
        }
    }
}

impl Canonical {
    /// Reads an address.
    ///
    /// # Errors
    /// [`ContentError::Address`]
    pub fn parse(input: &str) -> Result<Self, ContentError> {
        let address = input.trim();
        let rest = address
            .strip_prefix("https://")
            .or_else(|| address.strip_prefix("http://"));
        let fits = address.is_empty()
            || rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
                && address.len() <= MAX_ADDRESS_BYTES
                && !address.contains(|c: char| c.is_whitespace() || c.is_control());
        if fits {
            Ok(Self(address.to_owned()))
        } else {
            Err(ContentError::Address)
        }
    }
}

pub(crate) fn one_line(input: &str) -> String {
    let line: String = text::clean(input)
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    line.trim().to_owned()
}

/// The tags of a draft, each once, in the order in which they were given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Tag>", into = "Vec<Tag>")]
pub struct Tags(Vec<Tag>);

impl Tags {
    /// Takes each tag once.
    ///
    /// # Errors
    /// [`ContentError::TooManyTags`]
    pub fn new(tags: Vec<Tag>) -> Result<Self, ContentError> {
        let mut each = Vec::with_capacity(tags.len());
        for tag in tags {
            if !each.contains(&tag) {
                each.push(tag);
            }
        }
        match each.len() {
            0..=MAX_TAGS => Ok(Self(each)),
            _ => Err(ContentError::TooManyTags),
        }
    }

    /// One after the other.
    pub fn as_slice(&self) -> &[Tag] {
        &self.0
    }
}

impl TryFrom<Vec<Tag>> for Tags {
    type Error = ContentError;

    fn try_from(tags: Vec<Tag>) -> Result<Self, ContentError> {
        Self::new(tags)
    }
}

impl From<Tags> for Vec<Tag> {
    fn from(tags: Tags) -> Vec<Tag> {
        tags.0
    }
}

/// Who may read the whole of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "to", rename_all = "snake_case")]
pub enum Access {
    /// Everybody, without an account.
    Public,
    /// Everybody who has an account in the community.
    #[default]
    Registered,
    /// Members with one of these tiers, and with `singly` who bought this one.
    Paid {
        #[serde(default)]
        tiers: BTreeSet<TierKey>,
        #[serde(default)]
        singly: bool,
    },
}

impl Access {
    /// Whether it names few enough tiers, and anybody at all who could read it.
    pub fn is_sound(&self) -> bool {
        match self {
            Access::Public | Access::Registered => true,
            Access::Paid { tiers, singly } => {
                tiers.len() <= MAX_TIERS && (*singly || !tiers.is_empty())
            }
        }
    }

    /// Whether somebody may read all of it.
    pub fn lets_in(&self, reader: &Reader) -> bool {
        match self {
            Access::Public => true,
            Access::Registered => *reader != Reader::Anybody,
            Access::Paid { tiers, singly } => match reader {
                Reader::Anybody => false,
                Reader::Member { holds, bought } => {
                    *singly && *bought || tiers.iter().any(|tier| holds.contains(tier))
                }
                Reader::Staff => true,
            },
        }
    }
}

/// Somebody who wants to read a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reader {
    /// Somebody without an account in the community.
    Anybody,
    Member {
        /// The tiers that are theirs now.
        holds: BTreeSet<TierKey>,
        /// Whether this post is.
        bought: bool,
    },
    /// Somebody who works on drafts.
    Staff,
}

/// What a draft is to become: everything about it that members see, its title and text apart.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Content {
    pub kind: Kind,
    pub access: Access,
    pub excerpt: Excerpt,
    pub slug: Slug,
    pub tags: Tags,
    /// The picture at its head, one of the draft's files.
    pub cover: Option<AttachmentId>,
    pub canonical: Canonical,
    /// When a live session begins; this and the next three say nothing of any other kind.
    pub starts_at: Option<Timestamp>,
    pub lasts_minutes: Minutes,
    pub join_link: JoinLink,
    pub recording: RecordingLink,
    /// What search engines and cards show instead of title and excerpt.
    pub search_title: SearchTitle,
    pub search_description: SearchDescription,
}

impl Content {
    /// The field that cannot be as it is, if there is one: nobody could read it, or it begins at a
    /// time that no calendar has.
    pub fn unsound(&self) -> Option<&'static str> {
        let is_a_time = |at: Timestamp| (0..STARTS_BEFORE).contains(&at.millis());
        match self.access.is_sound() {
            false => Some("access"),
            true if !self.starts_at.is_none_or(is_a_time) => Some("starts_at"),
            true => None,
        }
    }

    /// The live session that it is, once it has a time.
    pub fn live(&self) -> Option<LiveSession<'_>> {
        let starts_at = self.starts_at.filter(|_| self.kind == Kind::Live)?;
        Some(LiveSession {
            starts_at,
            lasts: self.lasts_minutes,
            join: &self.join_link,
            recording: &self.recording,
        })
    }
}

/// What members are offered: the form in which a draft was published. It stays as it is until it
/// is published again, whatever becomes of the draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// Counts the times it was published, from 1.
    pub version: u32,
    pub title: Title,
    pub content: Content,
    /// What the text was made of: equal to what the draft holds while nothing was written since.
    pub parts: Parts,
    /// Which state of the document the text is, as the studio's document code names it.
    pub text_at: TextVersion,
    /// Who published it; set by the server from the session.
    pub by: Option<UserId>,
    /// When it was first published, by the server's clock.
    pub first_at: Timestamp,
    /// When this form of it was published, by the server's clock.
    pub at: Timestamp,
    /// From when on members see it.
    pub live_at: Timestamp,
    /// When it was taken back; absent while it is not.
    pub withdrawn_at: Option<Timestamp>,
}

/// Where a draft stands on its way to members. Each shelf is a list.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Shelf {
    /// Nobody but the studio has seen it, or it was taken back.
    #[default]
    Drafts,
    /// Somebody was asked to look at it, and has not decided yet.
    InReview,
    /// It goes to members by itself.
    Scheduled,
    Published,
    /// Put away.
    Archived,
    Bin,
}

impl Shelf {
    /// Every shelf, in the order of the tabs.
    pub const ALL: [Shelf; 6] = [
        Shelf::Drafts,
        Shelf::InReview,
        Shelf::Scheduled,
        Shelf::Published,
        Shelf::Archived,
        Shelf::Bin,
    ];

    /// The name in texts and in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Shelf::Drafts => "drafts",
            Shelf::InReview => "in-review",
            Shelf::Scheduled => "scheduled",
            Shelf::Published => "published",
            Shelf::Archived => "archived",
            Shelf::Bin => "bin",
        }
    }
}

/// A state of a document: 1 to 2,000 characters of base64 (standard alphabet, padded), which only
/// the studio's document code reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TextVersion(String);

impl TextVersion {
    /// Reads the form that travels. `None` when it cannot be one.
    pub fn parse(input: &str) -> Option<Self> {
        let is_base64 = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=');
        let fits = (1..=2_000).contains(&input.len()) && input.bytes().all(is_base64);
        fits.then(|| Self(input.to_owned()))
    }

    /// The form that travels.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for TextVersion {
    type Error = &'static str;

    fn try_from(input: String) -> Result<Self, Self::Error> {
        Self::parse(&input).ok_or("not the state of a document")
    }
}

impl From<TextVersion> for String {
    fn from(version: TextVersion) -> String {
        version.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tier(key: &str) -> TierKey {
        TierKey::parse(key).unwrap()
    }

    #[test]
    fn only_the_right_tier_or_the_purchase_opens_what_is_paid_for() {
        let access = |singly| Access::Paid {
            tiers: [tier("premium"), tier("vip")].into(),
            singly,
        };
        let member = |holds: &[&str], bought| Reader::Member {
            holds: holds.iter().map(|key| tier(key)).collect(),
            bought,
        };
        assert!(access(false).lets_in(&member(&["vip"], false)));
        assert!(!access(false).lets_in(&member(&["basic"], false)));
        assert!(!access(false).lets_in(&member(&[], true)));
        assert!(access(true).lets_in(&member(&[], true)));
        assert!(access(false).lets_in(&Reader::Staff));
        for closed in [access(true), Access::Registered] {
            assert!(!closed.lets_in(&Reader::Anybody));
        }
        assert!(Access::Registered.lets_in(&member(&[], false)));
        assert!(Access::Public.lets_in(&Reader::Anybody));
    }

    #[test]
    fn access_that_lets_nobody_in_is_not_sound() {
        let nobody = Access::Paid {
            tiers: BTreeSet::new(),
            singly: false,
        };
        assert!(!nobody.is_sound());
        let crowd = (0..21).map(|n| tier(&format!("t{n}"))).collect();
        let crowded = Access::Paid {
            tiers: crowd,
            singly: true,
        };
        assert!(!crowded.is_sound());
    }

    #[test]
    fn a_slug_is_made_of_what_an_address_can_hold() {
        for (typed, slug) in [
            ("  Pricing, in 3 steps! ", "pricing-in-3-steps"),
            ("知识付费：入门", "知识付费-入门"),
            ("../../etc", "etc"),
            ("——", ""),
            ("ＡＢＣ", ""),
        ] {
            assert_eq!(Slug::of(typed).as_str(), slug);
            assert_eq!(Slug::parse(slug).map(String::from).as_deref(), Ok(slug));
        }
        assert!(Slug::parse("a--b").is_err());
        assert!(Slug::parse("A").is_err());
        assert_eq!(Slug::of(&"长".repeat(99)).as_str().chars().count(), 80);
    }

    #[test]
    fn values_from_elsewhere_are_checked_when_they_are_read() {
        for wrong in [r#"{"to":"paid","tiers":["No!"]}"#, r#"{"to":"everyone"}"#] {
            assert!(serde_json::from_str::<Access>(wrong).is_err(), "{wrong}");
        }
        assert!(serde_json::from_str::<Tag>("\" \"").is_err());
        assert!(serde_json::from_str::<Canonical>("\"javascript:alert(1)\"").is_err());
        assert!(serde_json::from_str::<Canonical>("\"https://a b\"").is_err());
        assert!(serde_json::from_str::<TextVersion>("\"<>\"").is_err());
        let long = serde_json::to_string(&"x".repeat(501)).unwrap();
        assert!(serde_json::from_str::<Excerpt>(&long).is_err());
        let many: Vec<String> = (0..21).map(|n| n.to_string()).collect();
        let many = serde_json::to_string(&many).unwrap();
        assert!(serde_json::from_str::<Tags>(&many).is_err());
    }

    #[test]
    fn a_tag_given_twice_is_there_once() {
        let tag = |text| Tag::parse(text).unwrap();
        let tags = Tags::new(vec![tag("定价"), tag("入门"), tag(" 定价 ")]).unwrap();
        assert_eq!(tags.as_slice(), [tag("定价"), tag("入门")]);
    }
}
