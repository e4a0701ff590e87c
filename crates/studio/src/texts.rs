//! Everything that can go wrong has its text, in both languages.

use stoa_ipc::ErrorCode;
use stoa_l10n::Texts;
use stoa_mutators::RejectCode;

use crate::import::NotImported;

/// Every reason that a field is blamed with, here and in the commands.
const FIELD_REASONS: [&str; 28] = [
    "already-exists",
    "demo",
    "does-not-match",
    "in-another-course",
    "invalid",
    "no-profile",
    "not-a-course",
    "not-a-folder",
    "not-a-lesson",
    "not-a-recovery-key",
    "not-an-address",
    "not-an-email",
    "not-a-reviewer",
    "not-in-the-text",
    "other-account",
    "out-of-range",
    "own-work",
    "required",
    "same-word",
    "tag-too-common",
    "too-long",
    "too-many",
    "too-many-entries",
    "too-many-synonyms",
    "too-short",
    "under-way",
    "unreadable",
    "word-taken",
];

fn keys() -> Vec<String> {
    let codes = ErrorCode::ALL
        .iter()
        .map(|code| format!("error-{}", code.as_str().replace('_', "-")));
    let rejects = RejectCode::ALL
        .iter()
        .map(|code| format!("reject-{}", code.as_str().replace('_', "-")));
    let files = NotImported::ALL
        .iter()
        .map(|why| format!("import-{}", why.reason()));
    let fields = FIELD_REASONS.iter().map(|reason| format!("field-{reason}"));
    codes.chain(rejects).chain(files).chain(fields).collect()
}

#[test]
fn every_code_and_reason_has_a_text_in_both_languages() {
    for language in ["zh-CN", "en"] {
        let texts = Texts::new(language);
        for key in keys() {
            assert!(texts.has(&key), "{language}: {key}");
        }
    }
}

#[test]
fn every_reason_in_the_code_is_in_the_list() {
    let sources = [
        include_str!("failure.rs"),
        include_str!("commands/account.rs"),
        include_str!("commands/app.rs"),
        include_str!("commands/check.rs"),
        include_str!("commands/course.rs"),
        include_str!("commands/draft.rs"),
        include_str!("commands/profile.rs"),
        include_str!("commands/review.rs"),
    ];
    for source in sources {
        for call in source.split("Failure::field(").skip(1) {
            let quoted: Vec<&str> = call.split('"').take(4).collect();
            let reason = match quoted.as_slice() {
                // The field is a variable.
                [before, reason, ..] if before.contains(',') => reason,
                [_, _, between, reason] if between.trim() == "," => reason,
                _ => continue,
            };
            assert!(FIELD_REASONS.contains(reason), "{reason}");
        }
    }
}
