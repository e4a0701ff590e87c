//! The words that the editor itself shows: its menu of blocks, and labels inside the text.

use serde_json::{Value, json};

use crate::texts::Words;

/// The blocks that the menu at a line's start offers: the editor's name and the key of its text.
pub(crate) const BLOCKS: [(&str, &str); 12] = [
    ("h1", "block-heading-1"),
    ("h2", "block-heading-2"),
    ("h3", "block-heading-3"),
    ("bullet", "block-bullet-list"),
    ("ordered", "block-ordered-list"),
    ("task", "block-task-list"),
    ("quote", "block-blockquote"),
    ("codeblock", "block-code-block"),
    ("table", "block-table"),
    ("hr", "block-rule"),
    ("paywall", "block-paywall"),
    ("footnote", "block-footnote"),
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
        json!({ "id": id, "label": words.get(key).as_str(), "keys": keys.as_str() })
    };
    let items: Vec<Value> = BLOCKS.iter().map(item).collect();
    let source: serde_json::Map<String, Value> = SOURCES
        .iter()
        .map(|(kind, key)| ((*kind).to_owned(), json!(words.get(key).as_str())))
        .collect();
    json!({
        "items": items,
        "menu": words.get("block-menu").as_str(),
        "task": words.get("editor-task").as_str(),
        "remoteImage": words.get("editor-remote-image").as_str(),
        "paywall": words.get("editor-paywall").as_str(),
        "source": source,
    })
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
            for (_, key) in SOURCES {
                assert!(words.has(key), "{language} {key}");
            }
        }
    }
}
