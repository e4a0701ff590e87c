//! A live session: when it is, where one joins, and what is left of it afterwards.
//!
//! Time and length are for everybody, like the title. The link is for whom the post lets in, and
//! until it is over; the recording is for the same people, from then on.

use serde::{Deserialize, Serialize};

use crate::content::{MAX_ADDRESS_BYTES, checked_text};
use crate::{Content, ContentError, FileAddress, Kind, Timestamp};

/// The longest session, in minutes: a day.
pub const MAX_MINUTES: u16 = 24 * 60;
/// What a session lasts of which nobody said it.
const USUAL_MINUTES: u16 = 60;
/// The year 10000, in milliseconds since 1970 UTC: no calendar writes what begins later.
pub(crate) const STARTS_BEFORE: i64 = 253_402_300_800_000;

/// How long a session lasts: 1 to [`MAX_MINUTES`] minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct Minutes(u16);

impl Minutes {
    /// Checks a length.
    ///
    /// # Errors
    /// [`ContentError::Minutes`]
    pub fn new(minutes: u16) -> Result<Self, ContentError> {
        match minutes {
            1..=MAX_MINUTES => Ok(Self(minutes)),
            _ => Err(ContentError::Minutes(minutes)),
        }
    }

    /// The number.
    pub fn get(self) -> u16 {
        self.0
    }

    /// In milliseconds.
    pub fn millis(self) -> i64 {
        i64::from(self.0) * 60_000
    }
}

impl Default for Minutes {
    /// An hour.
    fn default() -> Self {
        Self(USUAL_MINUTES)
    }
}

impl TryFrom<u16> for Minutes {
    type Error = ContentError;

    fn try_from(minutes: u16) -> Result<Self, ContentError> {
        Self::new(minutes)
    }
}

impl From<Minutes> for u16 {
    fn from(minutes: Minutes) -> u16 {
        minutes.0
    }
}

checked_text! {
    /// Where one joins a live session: an `https` address of at most 2,000 bytes, or empty.
    JoinLink
}
checked_text! {
    /// What is left of a live session: the address of a sound or film as a text names it
    /// ([`FileAddress`]), or empty.
    RecordingLink
}

impl JoinLink {
    /// Reads a link.
    ///
    /// # Errors
    /// [`ContentError::JoinLink`]
    pub fn parse(input: &str) -> Result<Self, ContentError> {
        let link = input.trim();
        // What an address never holds, and what would end one in Markdown or HTML.
        let is_odd = |c: char| {
            c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '\\' | '`')
        };
        let has_host = |rest: &str| rest.starts_with(|c: char| c.is_alphanumeric() || c == '[');
        let fits = link.is_empty()
            || link.strip_prefix("https://").is_some_and(has_host)
                && link.len() <= MAX_ADDRESS_BYTES
                && !link.contains(is_odd);
        match fits {
            true => Ok(Self(link.to_owned())),
            false => Err(ContentError::JoinLink),
        }
    }
}

impl RecordingLink {
    /// Reads the address of a recording; what is not understood in it is left out.
    ///
    /// # Errors
    /// [`ContentError::Recording`]
    pub fn parse(input: &str) -> Result<Self, ContentError> {
        if input.is_empty() {
            return Ok(Self::default());
        }
        match input.parse::<FileAddress>() {
            Ok(address) if address.recording.is_some() => Ok(Self(address.to_string())),
            _ => Err(ContentError::Recording),
        }
    }

    /// The file, with what is known of it.
    pub fn address(&self) -> Option<FileAddress> {
        self.0.parse().ok()
    }
}

/// A live session of which the time is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LiveSession<'c> {
    pub starts_at: Timestamp,
    pub lasts: Minutes,
    pub(crate) join: &'c JoinLink,
    pub(crate) recording: &'c RecordingLink,
}

impl LiveSession<'_> {
    /// When it is over.
    pub fn ends_at(&self) -> Timestamp {
        self.starts_at.plus_millis(self.lasts.millis())
    }

    /// Whether it is over.
    pub fn is_over(&self, now: Timestamp) -> bool {
        now >= self.ends_at()
    }

    /// Where somebody joins: whom it lets in, until it is over.
    pub fn join(&self, lets_in: bool, now: Timestamp) -> Option<&str> {
        let is_told = lets_in && !self.is_over(now) && !self.join.is_empty();
        is_told.then(|| self.join.as_str())
    }

    /// What somebody plays: whom it lets in, once it is over.
    pub fn recording(&self, lets_in: bool, now: Timestamp) -> Option<FileAddress> {
        match lets_in && self.is_over(now) {
            true => self.recording.address(),
            false => None,
        }
    }
}

/// What is to be looked at before a live session goes to members.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LiveFinding {
    NoTime,
    /// Nobody could join.
    NoLink,
    /// It has begun before now, and there is nothing to play.
    Past,
}

impl LiveFinding {
    /// Every finding.
    pub const ALL: [LiveFinding; 3] = [Self::NoTime, Self::NoLink, Self::Past];

    /// The text `finding-<code>` says it.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoTime => "live-without-time",
            Self::NoLink => "live-without-link",
            Self::Past => "live-past",
        }
    }

    /// What is found in a content. A device may tell `now`: nothing is decided by it.
    pub fn of(content: &Content, now: Timestamp) -> Vec<Self> {
        let is_live = content.kind == Kind::Live;
        let Some(live) = content.live() else {
            return is_live.then_some(Self::NoTime).into_iter().collect();
        };
        let no_link = live.join.is_empty() && !live.is_over(now);
        let past = live.recording.is_empty() && live.starts_at < now;
        [(no_link, Self::NoLink), (past, Self::Past)]
            .into_iter()
            .filter_map(|(is_so, finding)| is_so.then_some(finding))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BlobHash, MediaForm, Recording};

    const HOUR: i64 = 60 * 60 * 1000;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    fn recording() -> RecordingLink {
        let address = FileAddress {
            b3: BlobHash::from_bytes([1; 32]),
            recording: Some(Recording::of(MediaForm::Mp4)),
        };
        RecordingLink::parse(&address.to_string()).unwrap()
    }

    fn session() -> Content {
        Content {
            kind: Kind::Live,
            starts_at: Some(at(HOUR)),
            join_link: JoinLink::parse("https://meet.example/j/1?pwd=a&x=1").unwrap(),
            recording: recording(),
            ..Content::default()
        }
    }

    #[test]
    fn the_link_is_told_until_the_end_and_the_recording_from_then_on() {
        let content = session();
        let live = content.live().unwrap();
        assert_eq!(live.ends_at(), at(2 * HOUR));
        for before in [0, HOUR, 2 * HOUR - 1] {
            assert!(live.join(true, at(before)).is_some(), "{before}");
            assert_eq!(live.recording(true, at(before)), None, "{before}");
        }
        assert_eq!(live.join(true, at(2 * HOUR)), None);
        assert!(live.recording(true, at(2 * HOUR)).is_some());
    }

    #[test]
    fn whoever_is_not_let_in_is_told_neither() {
        let content = session();
        let live = content.live().unwrap();
        for now in [0, HOUR, 3 * HOUR] {
            assert_eq!(live.join(false, at(now)), None);
            assert_eq!(live.recording(false, at(now)), None);
        }
    }

    #[test]
    fn only_what_is_live_and_has_a_time_is_a_session() {
        let article = Content {
            kind: Kind::Article,
            ..session()
        };
        assert_eq!(article.live(), None);
        assert_eq!(LiveFinding::of(&article, at(0)), []);
        let untimed = Content {
            starts_at: None,
            ..session()
        };
        assert_eq!(untimed.live(), None);
        assert_eq!(LiveFinding::of(&untimed, at(0)), [LiveFinding::NoTime]);
    }

    #[test]
    fn a_session_that_nobody_could_join_or_see_again_is_found() {
        assert_eq!(LiveFinding::of(&session(), at(0)), []);
        assert_eq!(LiveFinding::of(&session(), at(9 * HOUR)), []);
        let bare = Content {
            join_link: JoinLink::default(),
            recording: RecordingLink::default(),
            ..session()
        };
        let found = |now| LiveFinding::of(&bare, at(now));
        assert_eq!(found(0), [LiveFinding::NoLink]);
        assert_eq!(found(HOUR + 1), [LiveFinding::NoLink, LiveFinding::Past]);
        assert_eq!(found(2 * HOUR), [LiveFinding::Past]);
    }

    #[test]
    fn a_link_is_https_and_nothing_that_could_end_it() {
        for link in ["", " https://meet.example/j/1#x ", "https://会议.example/a"] {
            assert!(JoinLink::parse(link).is_ok(), "{link}");
        }
        let long = format!("https://a.example/{}", "x".repeat(2_000));
        for wrong in [
            "http://meet.example/1",
            "javascript:alert(1)",
            "https://",
            "https:///meet",
            "https://a b",
            "https://a.example/\">",
            "https://a.example/\nx",
            "HTTPS",
            &long,
        ] {
            assert!(JoinLink::parse(wrong).is_err(), "{wrong}");
            let json = serde_json::to_string(wrong).unwrap();
            assert!(serde_json::from_str::<JoinLink>(&json).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_recording_is_a_file_that_says_what_it_is() {
        assert_eq!(recording().address().unwrap().b3.as_bytes(), &[1; 32]);
        let image = FileAddress::of(BlobHash::from_bytes([1; 32])).to_string();
        for wrong in [&image, "https://a.example/1.mp4", "attachment:1#video/mp4"] {
            let read = RecordingLink::parse(wrong);
            assert_eq!(read, Err(ContentError::Recording), "{wrong}");
        }
    }

    #[test]
    fn a_session_has_an_end_within_a_day_and_a_start_that_a_calendar_has() {
        assert_eq!(Minutes::default().get(), 60);
        for wrong in ["0", "1441", "-1", "65536", "1.5", "\"60\""] {
            assert!(serde_json::from_str::<Minutes>(wrong).is_err(), "{wrong}");
        }
        assert!(Minutes::new(MAX_MINUTES).is_ok());
        let starting = |millis| Content {
            starts_at: Some(at(millis)),
            ..session()
        };
        assert_eq!(starting(0).unsound(), None);
        for wrong in [-1, i64::MIN, STARTS_BEFORE, i64::MAX] {
            assert_eq!(starting(wrong).unsound(), Some("starts_at"), "{wrong}");
        }
    }
}
