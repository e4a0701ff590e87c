//! What is typed about a live session, and what is wrong with it.

use stoa_domain::{Content, JoinLink, Kind, LiveFinding, Minutes, RecordingLink, Timestamp};

use super::form::Wrong;

/// When, how long, where, and what is left of it, as it was typed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SessionForm {
    /// As a field for date and time has it: `2026-12-24T18:00`; empty for none.
    pub(super) starts_at: String,
    /// The same as it was first shown, and what it stood for: a field shows no seconds.
    pub(super) shown: (String, Option<Timestamp>),
    /// Minutes.
    pub(super) lasts: String,
    pub(super) join_link: String,
    pub(super) recording: RecordingLink,
}

/// The field to look at for what was found.
pub(super) fn field_of(finding: LiveFinding) -> &'static str {
    match finding {
        LiveFinding::NoTime | LiveFinding::Past => "publish-starts-at",
        LiveFinding::NoLink => "publish-join-link",
    }
}

impl SessionForm {
    /// `write` turns a moment into what a field for date and time has.
    pub(super) fn of(content: &Content, write: impl Fn(Timestamp) -> String) -> Self {
        let starts_at = content.starts_at.map(write).unwrap_or_default();
        Self {
            shown: (starts_at.clone(), content.starts_at),
            starts_at,
            lasts: content.lasts_minutes.get().to_string(),
            join_link: content.join_link.as_str().to_owned(),
            recording: content.recording.clone(),
        }
    }

    /// Gives a content what was typed; `read` is the way back of `write`.
    pub(super) fn fill(
        &self,
        content: &mut Content,
        read: impl Fn(&str) -> Option<Timestamp>,
    ) -> Result<(), Wrong> {
        content.starts_at = self
            .starts_at(read)
            .ok_or(("publish-starts-at", "publish-starts-at-wrong"))?;
        content.lasts_minutes = self
            .minutes()
            .ok_or(("publish-lasts", "publish-lasts-wrong"))?;
        content.join_link = JoinLink::parse(&self.join_link)
            .map_err(|_| ("publish-join-link", "publish-join-link-wrong"))?;
        content.recording = self.recording.clone();
        match content.unsound() {
            Some("starts_at") => Err(("publish-starts-at", "publish-starts-at-wrong")),
            _ => Ok(()),
        }
    }

    /// What is to be looked at before it goes to members, as far as it can be read.
    pub(super) fn findings(
        &self,
        now: Timestamp,
        read: impl Fn(&str) -> Option<Timestamp>,
    ) -> Vec<LiveFinding> {
        let content = Content {
            kind: Kind::Live,
            starts_at: self.starts_at(read).flatten(),
            lasts_minutes: self.minutes().unwrap_or_default(),
            join_link: JoinLink::parse(&self.join_link).unwrap_or_default(),
            recording: self.recording.clone(),
            ..Content::default()
        };
        LiveFinding::of(&content, now)
    }

    /// Nothing outside for what is no time, nothing inside for none.
    #[allow(clippy::option_option)]
    fn starts_at(&self, read: impl Fn(&str) -> Option<Timestamp>) -> Option<Option<Timestamp>> {
        match self.starts_at.as_str() {
            "" => Some(None),
            text if text == self.shown.0 => Some(self.shown.1),
            text => read(text).map(Some),
        }
    }

    fn minutes(&self) -> Option<Minutes> {
        let minutes = self.lasts.trim().parse().ok()?;
        Minutes::new(minutes).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A field that shows whole seconds.
    fn write(at: Timestamp) -> String {
        (at.millis() / 1000).to_string()
    }

    fn read(text: &str) -> Option<Timestamp> {
        let seconds: i64 = text.parse().ok()?;
        Some(Timestamp::from_millis(seconds * 1000))
    }

    fn live() -> Content {
        Content {
            kind: Kind::Live,
            starts_at: Some(Timestamp::from_millis(60_500)),
            join_link: JoinLink::parse("https://meet.example/1").unwrap(),
            ..Content::default()
        }
    }

    #[test]
    fn what_was_not_touched_stays_to_the_millisecond() {
        let form = SessionForm::of(&live(), write);
        let mut content = live();
        assert_eq!(form.fill(&mut content, read), Ok(()));
        assert_eq!(content, live());
        let moved = SessionForm {
            starts_at: "61".to_owned(),
            ..form.clone()
        };
        moved.fill(&mut content, read).unwrap();
        assert_eq!(content.starts_at, read("61"));
        let away = SessionForm {
            starts_at: String::new(),
            ..form
        };
        away.fill(&mut content, read).unwrap();
        assert_eq!(content.starts_at, None);
    }

    #[test]
    fn what_cannot_be_says_where() {
        let form = SessionForm::of(&live(), write);
        let wrong = |form: SessionForm| form.fill(&mut live(), read).unwrap_err().0;
        for starts_at in ["soon", "999999999999999"] {
            let starts_at = starts_at.to_owned();
            let form = form.clone();
            let field = wrong(SessionForm { starts_at, ..form });
            assert_eq!(field, "publish-starts-at");
        }
        for lasts in ["", "0", "1441", "an hour", "-5"] {
            let lasts = lasts.to_owned();
            let form = form.clone();
            assert_eq!(wrong(SessionForm { lasts, ..form }), "publish-lasts");
        }
        let join_link = "http://meet.example/1".to_owned();
        assert_eq!(
            wrong(SessionForm { join_link, ..form }),
            "publish-join-link"
        );
    }

    #[test]
    fn what_is_found_is_about_what_was_typed() {
        let now = Timestamp::from_millis(1);
        let empty = SessionForm::of(&Content::default(), write);
        assert_eq!(empty.findings(now, read), [LiveFinding::NoTime]);
        let timed = SessionForm {
            starts_at: "61".to_owned(),
            join_link: "not yet".to_owned(),
            ..empty
        };
        assert_eq!(timed.findings(now, read), [LiveFinding::NoLink]);
        let later = Timestamp::from_millis(i64::MAX / 2);
        assert_eq!(timed.findings(later, read), [LiveFinding::Past]);
        assert_eq!(SessionForm::of(&live(), write).findings(now, read), []);
    }
}
