//! The words that the editor itself shows: its menu of blocks, and labels inside the text.

use serde_json::{Value, json};

use crate::texts::Words;

/// The blocks that the menu at a line's start offers: the editor's name and the key of its text.
pub(crate) const BLOCKS: [(&str, &str); 23] = [
    ("h1", "block-heading-1"),
    ("h2", "block-heading-2"),
    ("h3", "block-heading-3"),
    ("h4", "block-heading-4"),
    ("bullet", "block-bullet-list"),
    ("ordered", "block-ordered-list"),
    ("task", "block-task-list"),
    ("quote", "block-blockquote"),
    ("codeblock", "block-code-block"),
    ("image", "block-image"),
    ("media", "block-media"),
    ("file", "block-file"),
    ("embed", "block-embed"),
    ("mention", "block-mention"),
    ("table", "block-table"),
    ("hr", "block-rule"),
    ("paywall", "block-paywall"),
    ("footnote", "block-footnote"),
    ("callout-note", "block-callout-note"),
    ("callout-tip", "block-callout-tip"),
    ("callout-important", "block-callout-important"),
    ("callout-warning", "block-callout-warning"),
    ("callout-caution", "block-callout-caution"),
];

/// Those for which something is chosen or written first.
const ASKING: [&str; 4] = ["image", "media", "file", "embed"];

/// Kinds of callouts.
pub(crate) const CALLOUTS: [(&str, &str); 5] = [
    ("note", "callout-note"),
    ("tip", "callout-tip"),
    ("important", "callout-important"),
    ("warning", "callout-warning"),
    ("caution", "callout-caution"),
];

/// What stands beside images, sounds and films.
pub(crate) const MEDIA: [(&str, &str); 12] = [
    ("caption", "media-caption"),
    ("alt", "media-alt"),
    ("audio", "media-audio"),
    ("video", "media-video"),
    ("chapters", "media-chapters"),
    ("transcript", "media-transcript"),
    ("do-edit", "media-do-edit"),
    ("do-crop", "media-do-crop"),
    ("do-frame", "media-do-frame"),
    ("do-poster", "media-do-poster"),
    ("do-chapters", "media-do-chapters"),
    ("do-transcript", "media-do-transcript"),
];

/// Kinds of Markdown that are shown as they are written.
pub(crate) const SOURCES: [(&str, &str); 7] = [
    ("html", "source-html"),
    ("footnote", "source-footnote"),
    ("reference", "source-reference"),
    ("math", "source-math"),
    ("frontmatter", "source-frontmatter"),
    ("table", "source-table"),
    ("unknown", "source-unknown"),
];

/// All of them, as the editor wants them.
pub(crate) fn texts_for(words: &Words) -> Value {
    let item = |(id, key): &(&str, &str)| {
        // Found by pinyin, by initials and by the English word, whatever the language.
        let keys = words.get(&format!("{key}-keys"));
        json!({
            "id": id,
            "label": words.get(key).as_str(),
            "keys": keys.as_str(),
            "asks": ASKING.contains(id),
        })
    };
    let items: Vec<Value> = BLOCKS.iter().map(item).collect();
    json!({
        "items": items,
        "menu": words.get("block-menu").as_str(),
        "task": words.get("editor-task").as_str(),
        "remoteImage": words.get("editor-remote-image").as_str(),
        "paywall": words.get("editor-paywall").as_str(),
        "source": named(words, &SOURCES),
        "mentions": words.get("mention-menu").as_str(),
        "codeLanguage": words.get("code-language").as_str(),
        "embed": words.get("embed-card").as_str(),
        "footnote": words.get("source-footnote").as_str(),
        "footnoteBack": words.get("footnote-back").as_str(),
        "calloutKind": words.get("callout-kind").as_str(),
        "callouts": named(words, &CALLOUTS),
        "media": named(words, &MEDIA),
    })
}

fn named(words: &Words, keys: &[(&str, &str)]) -> Value {
    keys.iter()
        .map(|(name, key)| ((*name).to_owned(), json!(words.get(key).as_str())))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_block_and_kind_has_its_words_in_both_languages() {
        for language in ["en", "zh-CN"] {
            let words = Words::new(language);
            for (_, key) in BLOCKS {
                assert!(
                    words.has(key) && words.has(&format!("{key}-keys")),
                    "{language} {key}"
                );
            }
            for (_, key) in SOURCES.iter().chain(&CALLOUTS).chain(&MEDIA) {
                assert!(words.has(key), "{language} {key}");
            }
        }
    }
}
