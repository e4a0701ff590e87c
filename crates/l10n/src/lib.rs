//! The texts of the program, in both languages, for the window, the menus and the terminal.
//!
//! Texts are Fluent files in `assets/locales/<tag>/`, compiled in. A key that is missing shows
//! itself, and a test makes sure that none is missing.

use std::borrow::Cow;

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

macro_rules! files {
    ($tag:literal: $($file:literal),+) => {
        &[$((
            $file,
            include_str!(concat!("../../../assets/locales/", $tag, "/", $file, ".ftl")),
        )),+]
    };
}

type File = (&'static str, &'static str);

const CHINESE: &[File] = files!("zh-CN": "cli", "commands", "common", "courses", "drafts", "errors", "files", "first-run", "imports", "listing", "preview", "review", "settings", "sync", "tags", "undo", "versions");
const ENGLISH: &[File] = files!("en": "cli", "commands", "common", "courses", "drafts", "errors", "files", "first-run", "imports", "listing", "preview", "review", "settings", "sync", "tags", "undo", "versions");

/// The texts of one language.
pub struct Texts {
    bundle: FluentBundle<FluentResource>,
    tag: &'static str,
}

impl Texts {
    /// The texts for a BCP 47 tag: Chinese for every `zh`, English for all others.
    pub fn new(tag: &str) -> Self {
        let (tag, files) = if tag.to_ascii_lowercase().starts_with("zh") {
            ("zh-CN", CHINESE)
        } else {
            ("en", ENGLISH)
        };
        let language: LanguageIdentifier = tag.parse().expect("both tags are well formed");
        let mut bundle = FluentBundle::new(vec![language]);
        // The marks that isolate bidirectional text show up as boxes in native menus.
        bundle.set_use_isolating(false);
        for (_, source) in files {
            // A file with a mistake still gives its other texts; a test refuses mistakes.
            let resource = FluentResource::try_new((*source).to_owned())
                .unwrap_or_else(|(resource, _)| resource);
            bundle.add_resource_overriding(resource);
        }
        Self { bundle, tag }
    }

    /// The BCP 47 tag of these texts.
    pub fn tag(&self) -> &'static str {
        self.tag
    }

    /// The text of a key; the key itself when there is none.
    pub fn get<'a>(&self, key: &'a str) -> Cow<'a, str> {
        self.find(key, None).map_or(Cow::Borrowed(key), Cow::Owned)
    }

    /// The text of a key with values put in.
    pub fn get_with(&self, key: &str, args: &[(&'static str, FluentValue<'_>)]) -> String {
        let args: FluentArgs = args
            .iter()
            .map(|(name, value)| (*name, value.clone()))
            .collect();
        self.find(key, Some(&args))
            .unwrap_or_else(|| key.to_owned())
    }

    /// Whether there is a text for a key.
    pub fn has(&self, key: &str) -> bool {
        self.bundle
            .get_message(key)
            .is_some_and(|message| message.value().is_some())
    }

    fn find(&self, key: &str, args: Option<&FluentArgs>) -> Option<String> {
        let pattern = self.bundle.get_message(key)?.value()?;
        let mut problems = Vec::new();
        Some(
            self.bundle
                .format_pattern(pattern, args, &mut problems)
                .into_owned(),
        )
    }
}

pub use fluent_bundle::FluentValue as Value;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn keys(files: &[File]) -> BTreeSet<String> {
        let mut keys = BTreeSet::new();
        for (name, source) in files {
            let resource = FluentResource::try_new((*source).to_owned())
                .unwrap_or_else(|(_, mistakes)| panic!("{name}.ftl: {mistakes:?}"));
            for entry in resource.entries() {
                if let fluent_syntax::ast::Entry::Message(message) = entry {
                    let key = message.id.name.to_owned();
                    assert!(
                        keys.insert(key),
                        "{name}.ftl says {} twice",
                        message.id.name
                    );
                }
            }
        }
        keys
    }

    #[test]
    fn both_languages_have_the_same_keys() {
        assert_eq!(keys(CHINESE), keys(ENGLISH));
    }

    #[test]
    fn a_missing_key_shows_itself() {
        assert_eq!(Texts::new("en").get("no-such-key"), "no-such-key");
    }

    #[test]
    fn every_chinese_tag_gets_chinese_and_the_rest_english() {
        let cases = [
            ("zh-TW", "zh-CN"),
            ("zh", "zh-CN"),
            ("de", "en"),
            ("en-GB", "en"),
        ];
        for (tag, expected) in cases {
            assert_eq!(Texts::new(tag).tag(), expected);
        }
    }
}
