//! What is typed and chosen before a draft goes to members, and what is wrong with it.

use std::collections::BTreeSet;

use stoa_domain::{
    Access, AttachmentId, Canonical, Content, ContentValues, Excerpt, Kind, SearchDescription,
    SearchTitle, Slug, Tag, Tags, TierKey, Timestamp,
};

use super::session::SessionForm;

/// Who may read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Audience {
    Public,
    Registered,
    Paid,
}

/// When it goes to members.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    Now,
    Later,
}

/// Everything in the dialog, as it was typed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Form {
    pub(super) kind: Kind,
    pub(super) audience: Audience,
    pub(super) tiers: BTreeSet<TierKey>,
    pub(super) singly: bool,
    pub(super) excerpt: String,
    pub(super) tags: String,
    pub(super) cover: Option<AttachmentId>,
    pub(super) slug: String,
    pub(super) canonical: String,
    pub(super) session: SessionForm,
    pub(super) search_title: String,
    pub(super) search_description: String,
    pub(super) when: When,
    /// As a field for date and time has it: `2026-12-24T18:00`.
    pub(super) live_at: String,
    /// Not any more after this; empty for whenever.
    pub(super) unless_after: String,
}

/// What keeps it from being published: the field, and the key of what is said there.
pub(super) type Wrong = (&'static str, &'static str);

impl Form {
    /// `write` turns a moment into what a field for date and time has.
    pub(super) fn of(content: &Content, write: impl Fn(Timestamp) -> String) -> Self {
        let (audience, tiers, singly) = match &content.access {
            Access::Public => (Audience::Public, BTreeSet::new(), false),
            Access::Registered => (Audience::Registered, BTreeSet::new(), false),
            Access::Paid { tiers, singly } => (Audience::Paid, tiers.clone(), *singly),
        };
        let tags = content.tags.as_slice().iter().map(Tag::as_str);
        Self {
            kind: content.kind,
            audience,
            tiers,
            singly,
            excerpt: content.excerpt.as_str().to_owned(),
            tags: tags.collect::<Vec<_>>().join(", "),
            cover: content.cover,
            slug: content.slug.as_str().to_owned(),
            canonical: content.canonical.as_str().to_owned(),
            session: SessionForm::of(content, write),
            search_title: content.search_title.as_str().to_owned(),
            search_description: content.search_description.as_str().to_owned(),
            when: When::Now,
            live_at: String::new(),
            unless_after: String::new(),
        }
    }

    /// The same with times, as fields have them.
    pub(super) fn at(self, live_at: Option<String>, unless_after: Option<String>) -> Self {
        Self {
            when: match live_at {
                Some(_) => When::Later,
                None => When::Now,
            },
            live_at: live_at.unwrap_or_default(),
            unless_after: unless_after.unwrap_or_default(),
            ..self
        }
    }

    /// The values that are not as they were; `read` turns what a field for date and time has into a
    /// moment.
    pub(super) fn changes(
        &self,
        content: &Content,
        read: impl Fn(&str) -> Option<Timestamp>,
    ) -> Result<ContentValues, Wrong> {
        let mut now = self.content(content)?;
        if self.kind == Kind::Live {
            self.session.fill(&mut now, read)?;
        }
        Ok(ContentValues::between(content, &now))
    }

    /// What was typed of everything but a live session, which is as it was.
    fn content(&self, before: &Content) -> Result<Content, Wrong> {
        let access = match self.audience {
            Audience::Public => Access::Public,
            Audience::Registered => Access::Registered,
            Audience::Paid => Access::Paid {
                tiers: self.tiers.clone(),
                singly: self.singly,
            },
        };
        if !access.is_sound() {
            return Err(("access", "publish-nobody"));
        }
        let tags = self
            .tags
            .split([',', '，', '、'])
            .filter(|tag| !tag.trim().is_empty())
            .map(Tag::parse)
            .collect::<Result<Vec<_>, _>>()
            .and_then(Tags::new);
        Ok(Content {
            kind: self.kind,
            access,
            excerpt: Excerpt::parse(&self.excerpt)
                .map_err(|_| ("publish-excerpt", "publish-excerpt-long"))?,
            slug: Slug::of(&self.slug),
            tags: tags.map_err(|_| ("publish-tags", "publish-tags-wrong"))?,
            cover: self.cover,
            canonical: Canonical::parse(&self.canonical)
                .map_err(|_| ("publish-canonical", "publish-canonical-wrong"))?,
            search_title: SearchTitle::parse(&self.search_title)
                .map_err(|_| ("publish-search-title", "publish-search-title-long"))?,
            search_description: SearchDescription::parse(&self.search_description).map_err(
                |_| {
                    (
                        "publish-search-description",
                        "publish-search-description-long",
                    )
                },
            )?,
            ..before.clone()
        })
    }

    /// From when on members see it, and until when it is wanted; `read` turns what a field for
    /// date and time has into a moment.
    pub(super) fn times(
        &self,
        now: Timestamp,
        read: impl Fn(&str) -> Option<Timestamp>,
    ) -> Result<(Option<Timestamp>, Option<Timestamp>), Wrong> {
        let live_at = match self.when {
            When::Now => None,
            When::Later => Some(
                read(&self.live_at)
                    .filter(|at| *at > now)
                    .ok_or(("publish-live-at", "publish-time-past"))?,
            ),
        };
        let unless_after = match self.unless_after.as_str() {
            "" => None,
            text => Some(
                read(text)
                    .filter(|at| *at > now)
                    .ok_or(("publish-unless-after", "publish-time-past"))?,
            ),
        };
        Ok((live_at, unless_after))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(at: Timestamp) -> String {
        at.millis().to_string()
    }

    fn read(text: &str) -> Option<Timestamp> {
        text.parse().ok().map(Timestamp::from_millis)
    }

    fn form() -> Form {
        Form::of(&Content::default(), write)
    }

    #[test]
    fn only_what_was_changed_is_told() {
        let unchanged = form().changes(&Content::default(), read);
        assert_eq!(unchanged, Ok(ContentValues::default()));
        let changed = Form {
            tags: "定价，入门、 定价,".to_owned(),
            slug: "Pricing 101!".to_owned(),
            ..form()
        };
        let values = changed.changes(&Content::default(), read).unwrap();
        let tags: Vec<&str> = values
            .tags
            .iter()
            .flat_map(Tags::as_slice)
            .map(Tag::as_str)
            .collect();
        assert_eq!(tags, ["定价", "入门"]);
        assert_eq!(values.slug.unwrap().as_str(), "pricing-101");
        assert_eq!(
            (values.kind, values.access, values.cover),
            (None, None, None)
        );
        let cover = AttachmentId::from_bytes([3; 16]);
        let covered = Form {
            cover: Some(cover),
            ..form()
        };
        let values = covered.changes(&Content::default(), read).unwrap();
        assert_eq!(values.cover, Some(Some(cover)));
        let before = Content {
            cover: Some(cover),
            ..Content::default()
        };
        let taken_away = Form {
            cover: None,
            ..Form::of(&before, write)
        };
        assert_eq!(taken_away.changes(&before, read).unwrap().cover, Some(None));
    }

    #[test]
    fn what_cannot_be_published_says_where() {
        let nobody = Form {
            audience: Audience::Paid,
            ..form()
        };
        assert_eq!(
            nobody.changes(&Content::default(), read).unwrap_err().0,
            "access"
        );
        let long = Form {
            excerpt: "长".repeat(501),
            ..form()
        };
        assert_eq!(
            long.changes(&Content::default(), read).unwrap_err().0,
            "publish-excerpt"
        );
        let elsewhere = Form {
            canonical: "javascript:alert(1)".to_owned(),
            ..form()
        };
        assert_eq!(
            elsewhere.changes(&Content::default(), read).unwrap_err().0,
            "publish-canonical"
        );
    }

    #[test]
    fn a_session_is_told_of_what_is_live_and_stays_with_what_is_not() {
        let mut live = Form {
            kind: Kind::Live,
            search_title: " 直播：\n定价答疑 ".to_owned(),
            ..form()
        };
        live.session.starts_at = "60000".to_owned();
        live.session.lasts = "90".to_owned();
        live.session.join_link = "https://meet.example/1".to_owned();
        let values = live.changes(&Content::default(), read).unwrap();
        let names = values.names();
        let told = [
            "kind",
            "starts_at",
            "lasts_minutes",
            "join_link",
            "search_title",
        ];
        assert_eq!(names, told);
        assert_eq!(
            values.search_title.clone().unwrap().as_str(),
            "直播： 定价答疑"
        );
        let mut content = Content::default();
        values.apply_to(&mut content);
        let article = Form {
            kind: Kind::Article,
            session: SessionForm {
                join_link: "half an addr".to_owned(),
                ..live.session
            },
            ..Form::of(&content, write)
        };
        assert_eq!(article.changes(&content, read).unwrap().names(), ["kind"]);
    }

    #[test]
    fn a_time_that_is_past_is_no_time_to_publish() {
        let now = Timestamp::from_millis(100);
        let at = |live_at: &str, unless_after: &str| Form {
            when: When::Later,
            live_at: live_at.to_owned(),
            unless_after: unless_after.to_owned(),
            ..form()
        };
        let (live_at, limit) = at("200", "300").times(now, read).unwrap();
        assert_eq!(live_at, Some(Timestamp::from_millis(200)));
        assert_eq!(limit, Some(Timestamp::from_millis(300)));
        assert_eq!(
            at("50", "").times(now, read).unwrap_err().0,
            "publish-live-at"
        );
        assert_eq!(
            at("", "").times(now, read).unwrap_err().0,
            "publish-live-at"
        );
        assert_eq!(
            at("200", "7").times(now, read).unwrap_err().0,
            "publish-unless-after"
        );
    }
}
