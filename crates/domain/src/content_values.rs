//! Values of a content that are given another value, each by itself.

use serde::{Deserialize, Serialize};

use crate::{
    Access, AttachmentId, Canonical, Content, Excerpt, JoinLink, Kind, Minutes, RecordingLink,
    SearchDescription, SearchTitle, Slug, Tags, Timestamp,
};

/// Values of a [`Content`] that are given another value; the absent ones stay.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContentValues {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access: Option<Access>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<Excerpt>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slug: Option<Slug>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tags: Option<Tags>,
    /// `Some(None)`, which travels as `null`, takes the picture away.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub cover: Option<Option<AttachmentId>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canonical: Option<Canonical>,
    /// `Some(None)`, which travels as `null`, takes the time away.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub starts_at: Option<Option<Timestamp>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lasts_minutes: Option<Minutes>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub join_link: Option<JoinLink>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recording: Option<RecordingLink>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search_title: Option<SearchTitle>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search_description: Option<SearchDescription>,
}

/// A value that is there, `null` included.
fn present<'de, D, T>(from: D) -> Result<Option<T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(from).map(Some)
}

impl ContentValues {
    /// Gives a content these values.
    pub fn apply_to(&self, content: &mut Content) {
        fn set<T: Clone>(value: &mut T, new: Option<&T>) {
            if let Some(new) = new {
                value.clone_from(new);
            }
        }
        set(&mut content.kind, self.kind.as_ref());
        set(&mut content.access, self.access.as_ref());
        set(&mut content.excerpt, self.excerpt.as_ref());
        set(&mut content.slug, self.slug.as_ref());
        set(&mut content.tags, self.tags.as_ref());
        set(&mut content.cover, self.cover.as_ref());
        set(&mut content.canonical, self.canonical.as_ref());
        set(&mut content.starts_at, self.starts_at.as_ref());
        set(&mut content.lasts_minutes, self.lasts_minutes.as_ref());
        set(&mut content.join_link, self.join_link.as_ref());
        set(&mut content.recording, self.recording.as_ref());
        set(&mut content.search_title, self.search_title.as_ref());
        set(
            &mut content.search_description,
            self.search_description.as_ref(),
        );
    }

    /// The names of the fields that these are about.
    pub fn names(&self) -> Vec<&'static str> {
        let all = [
            ("kind", self.kind.is_some()),
            ("access", self.access.is_some()),
            ("excerpt", self.excerpt.is_some()),
            ("slug", self.slug.is_some()),
            ("tags", self.tags.is_some()),
            ("cover", self.cover.is_some()),
            ("canonical", self.canonical.is_some()),
            ("starts_at", self.starts_at.is_some()),
            ("lasts_minutes", self.lasts_minutes.is_some()),
            ("join_link", self.join_link.is_some()),
            ("recording", self.recording.is_some()),
            ("search_title", self.search_title.is_some()),
            ("search_description", self.search_description.is_some()),
        ];
        let given = all.into_iter().filter(|(_, is_given)| *is_given);
        given.map(|(name, _)| name).collect()
    }

    /// The values that a content has in the fields that these are about.
    #[must_use]
    pub fn as_in(&self, content: &Content) -> Self {
        fn of<T: Clone>(given: Option<&T>, value: &T) -> Option<T> {
            given.map(|_| value.clone())
        }
        Self {
            kind: of(self.kind.as_ref(), &content.kind),
            access: of(self.access.as_ref(), &content.access),
            excerpt: of(self.excerpt.as_ref(), &content.excerpt),
            slug: of(self.slug.as_ref(), &content.slug),
            tags: of(self.tags.as_ref(), &content.tags),
            cover: of(self.cover.as_ref(), &content.cover),
            canonical: of(self.canonical.as_ref(), &content.canonical),
            starts_at: of(self.starts_at.as_ref(), &content.starts_at),
            lasts_minutes: of(self.lasts_minutes.as_ref(), &content.lasts_minutes),
            join_link: of(self.join_link.as_ref(), &content.join_link),
            recording: of(self.recording.as_ref(), &content.recording),
            search_title: of(self.search_title.as_ref(), &content.search_title),
            search_description: of(
                self.search_description.as_ref(),
                &content.search_description,
            ),
        }
    }

    /// The values of a content that are not as they were.
    #[must_use]
    pub fn between(before: &Content, now: &Content) -> Self {
        fn changed<T: Clone + PartialEq>(before: &T, now: &T) -> Option<T> {
            (before != now).then(|| now.clone())
        }
        Self {
            kind: changed(&before.kind, &now.kind),
            access: changed(&before.access, &now.access),
            excerpt: changed(&before.excerpt, &now.excerpt),
            slug: changed(&before.slug, &now.slug),
            tags: changed(&before.tags, &now.tags),
            cover: changed(&before.cover, &now.cover),
            canonical: changed(&before.canonical, &now.canonical),
            starts_at: changed(&before.starts_at, &now.starts_at),
            lasts_minutes: changed(&before.lasts_minutes, &now.lasts_minutes),
            join_link: changed(&before.join_link, &now.join_link),
            recording: changed(&before.recording, &now.recording),
            search_title: changed(&before.search_title, &now.search_title),
            search_description: changed(&before.search_description, &now.search_description),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_that_is_taken_away_travels_as_null() {
        let away = ContentValues {
            cover: Some(None),
            ..ContentValues::default()
        };
        let json = serde_json::to_string(&away).unwrap();
        assert_eq!(json, r#"{"cover":null}"#);
        assert_eq!(serde_json::from_str::<ContentValues>(&json).unwrap(), away);
        assert_eq!(
            serde_json::from_str::<ContentValues>("{}").unwrap(),
            ContentValues::default()
        );
    }

    #[test]
    fn what_two_contents_differ_in_makes_one_of_the_other_and_back() {
        let before = Content::default();
        let now = Content {
            kind: Kind::Live,
            starts_at: Some(Timestamp::from_millis(1)),
            lasts_minutes: Minutes::new(90).unwrap(),
            join_link: JoinLink::parse("https://meet.example/1").unwrap(),
            search_title: SearchTitle::parse("直播答疑").unwrap(),
            ..Content::default()
        };
        let values = ContentValues::between(&before, &now);
        let named = [
            "kind",
            "starts_at",
            "lasts_minutes",
            "join_link",
            "search_title",
        ];
        assert_eq!(values.names(), named);
        let mut content = before.clone();
        values.apply_to(&mut content);
        assert_eq!(content, now);
        values.as_in(&before).apply_to(&mut content);
        assert_eq!(content, before);
        assert_eq!(ContentValues::between(&now, &now), ContentValues::default());
    }

    #[test]
    fn a_time_that_is_taken_away_travels_as_null() {
        let away = ContentValues {
            starts_at: Some(None),
            ..ContentValues::default()
        };
        let json = serde_json::to_string(&away).unwrap();
        assert_eq!(json, r#"{"starts_at":null}"#);
        assert_eq!(serde_json::from_str::<ContentValues>(&json).unwrap(), away);
    }
}
