//! Why the server refused a change, and the one thing that helps.

use stoa_ipc::{Change, ChangeState};
use yew::prelude::*;

use crate::t;
use crate::texts::Words;

/// What helps against a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Remedy {
    /// Send it again: what stood in the way may be gone.
    Retry,
    /// Change the thing, then send it again.
    Open,
    /// Look at what has changed since, then publish again.
    Compare,
    /// Publish again, with other times.
    Republish,
    /// Make a new draft of it: the old one is gone for good.
    KeepAsNew,
    /// It has no ground any more.
    Discard,
}

/// For each code of a refusal, what helps. Its sentences are `reject-<code>` and
/// `remedy-<code>`.
const REMEDIES: [(&str, Remedy); 18] = [
    ("not_allowed", Remedy::Retry),
    ("not_found", Remedy::Discard),
    ("deleted", Remedy::KeepAsNew),
    ("delete_conflict", Remedy::Open),
    ("publish_conflict", Remedy::Compare),
    ("withdraw_conflict", Remedy::Open),
    ("too_late", Remedy::Republish),
    ("already_exists", Remedy::Discard),
    ("word_taken", Remedy::Open),
    ("review_open", Remedy::Open),
    ("lesson_elsewhere", Remedy::Open),
    ("already_decided", Remedy::Discard),
    ("verdict_late", Remedy::Discard),
    ("conflict", Remedy::Retry),
    ("invalid", Remedy::Open),
    ("unknown", Remedy::Retry),
    ("parked", Remedy::Retry),
    ("proposed", Remedy::Retry),
];

/// What a refusal means for one kind of change: the code, the kind, and the code in our texts.
const MEANINGS: [(&str, &str, &str); 6] = [
    ("conflict", "delete", "delete_conflict"),
    ("conflict", "publish", "publish_conflict"),
    ("conflict", "withdraw", "withdraw_conflict"),
    ("already_exists", "request-review", "review_open"),
    ("already_exists", "add-lesson", "lesson_elsewhere"),
    ("already_decided", "decide-review", "verdict_late"),
];

/// What helps against the refusal of a change.
pub(super) fn remedy(change: &Change) -> Remedy {
    of_code(code(change))
}

fn of_code(code: &str) -> Remedy {
    let known = REMEDIES.iter().find(|(known, _)| *known == code);
    known.map_or(Remedy::Retry, |(_, remedy)| *remedy)
}

fn code(change: &Change) -> &str {
    let ChangeState::Rejected { code } = &change.state else {
        return "unknown";
    };
    let meant = MEANINGS
        .iter()
        .find(|(of, kind, _)| of == code && *kind == change.text.kind);
    meant.map_or(code, |(_, _, meaning)| meaning)
}

/// Why it was refused, and what helps.
pub(super) fn reason(words: &Words, change: &Change) -> (AttrValue, Option<AttrValue>) {
    let name = code(change).replace('_', "-");
    if let Some(taken) = &change.taken {
        let (word, tag) = (taken.word.as_str(), taken.tag.as_str());
        let why = t!(words, "word-taken-by", word = word, tag = tag);
        return (why, Some(words.get("remedy-word-taken")));
    }
    let (why, helps) = (format!("reject-{name}"), format!("remedy-{name}"));
    let why = if words.has(&why) {
        words.get(&why)
    } else {
        t!(words, "reject-unknown")
    };
    (why, words.has(&helps).then(|| words.get(&helps)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::testing::change;

    /// The codes that have a reason. That each code of the server is among them, the studio's
    /// tests see to.
    fn codes() -> BTreeSet<String> {
        let texts = include_str!("../../../assets/locales/en/errors.ftl");
        let names = texts.lines().filter_map(|line| {
            let (key, _) = line.split_once(" =")?;
            key.strip_prefix("reject-")
        });
        names.map(|name| name.replace('-', "_")).collect()
    }

    #[test]
    fn every_refusal_that_can_come_has_one_thing_that_helps_and_says_so() {
        let known: BTreeSet<String> = REMEDIES
            .iter()
            .map(|(code, _)| (*code).to_owned())
            .collect();
        assert_eq!(codes(), known);
        assert_eq!(known.len(), REMEDIES.len(), "one remedy for each");
        for (_, kind, meaning) in MEANINGS {
            assert!(known.contains(meaning), "{kind} {meaning}");
        }
        for language in ["zh-CN", "en"] {
            let words = Words::new(language);
            for code in &known {
                let name = code.replace('_', "-");
                assert!(words.has(&format!("reject-{name}")), "{language} {code}");
                assert!(words.has(&format!("remedy-{name}")), "{language} {code}");
            }
        }
    }

    #[test]
    fn what_helps_depends_on_what_was_refused() {
        let cases = [
            ("not_found", "write", Remedy::Discard),
            ("deleted", "write", Remedy::KeepAsNew),
            ("invalid", "describe", Remedy::Open),
            ("of_a_later_version", "write", Remedy::Retry),
            ("conflict", "rename", Remedy::Retry),
            ("conflict", "publish", Remedy::Compare),
            ("conflict", "withdraw", Remedy::Open),
            ("too_late", "publish", Remedy::Republish),
            ("already_exists", "create", Remedy::Discard),
            ("already_exists", "request-review", Remedy::Open),
            ("already_exists", "add-lesson", Remedy::Open),
            ("already_decided", "decide-review", Remedy::Discard),
        ];
        for (code, kind, helps) in cases {
            let mut refused = change(kind);
            let code = code.to_owned();
            refused.state = ChangeState::Rejected { code };
            assert_eq!(remedy(&refused), helps, "{refused:?}");
        }
    }
}
