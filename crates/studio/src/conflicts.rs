//! Conflicts as the window sees them: paragraphs with what differs, and decisions about them.

use stoa_ipc::{ConflictAbout, Failure, ParagraphChoice, Piece, Settled, Stretch};
use stoa_markdown::{Hunk, compose, difference};
use stoa_store::{Conflict, ConflictKind, Decision};

/// What the window shows at most of a stretch where nothing is to be decided, in characters.
const SHOWN_CHARS: usize = 240;

/// The others of the same kind that are open.
pub(crate) fn alike<'a>(one: &Conflict, open: &'a [Conflict]) -> Vec<&'a Conflict> {
    let is_alike = |other: &&Conflict| {
        other.settled.is_none()
            && other.id != one.id
            && other.kind == one.kind
            && other.field == one.field
    };
    open.iter().filter(is_alike).collect()
}

pub(crate) fn conflict(found: &Conflict, n_alike: usize) -> stoa_ipc::Conflict {
    let about = match found.kind {
        ConflictKind::Field => ConflictAbout::Field {
            field: found.field.clone(),
            base: found.base.clone(),
            mine: found.mine.clone(),
            theirs: found.theirs.clone(),
        },
        ConflictKind::Text => ConflictAbout::Text {
            n_clashes: found.hunks().iter().filter(|hunk| hunk.is_clash()).count() as u64,
        },
    };
    stoa_ipc::Conflict {
        id: found.id,
        draft: found.draft,
        title: found.title.clone(),
        about,
        seen_at: found.seen_at,
        settled: found.settled.map(|settled| Settled {
            at: settled.at,
            by: settled.by.as_str().to_owned(),
        }),
        n_alike: n_alike as u64,
    }
}

/// A text as both sides have it.
pub(crate) fn stretches(found: &Conflict) -> Vec<Stretch> {
    if found.kind == ConflictKind::Field {
        return Vec::new();
    }
    found.hunks().iter().map(stretch).collect()
}

fn stretch(hunk: &Hunk) -> Stretch {
    if hunk.is_clash() {
        return Stretch::Clash {
            base: trimmed(&hunk.base).to_owned(),
            mine: pieces(&hunk.base, &hunk.mine),
            theirs: pieces(&hunk.base, &hunk.theirs),
        };
    }
    let text = shortened(trimmed(hunk.settled()));
    if hunk.is_unchanged() {
        Stretch::Same { text }
    } else {
        Stretch::Merged {
            mine: hunk.settled() == hunk.mine,
            text,
        }
    }
}

fn trimmed(text: &str) -> &str {
    text.trim_end_matches('\n')
}

fn pieces(before: &str, after: &str) -> Vec<Piece> {
    let pieces = difference(trimmed(before), trimmed(after)).into_iter();
    pieces
        .map(|piece| match piece {
            stoa_markdown::Piece::Same(text) => Piece::Same(text),
            stoa_markdown::Piece::Gone(text) => Piece::Gone(text),
            stoa_markdown::Piece::New(text) => Piece::New(text),
        })
        .collect()
}

/// The beginning and the end of what is too long to be shown as a whole.
fn shortened(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    if chars.len() <= SHOWN_CHARS {
        return text.to_owned();
    }
    let half = SHOWN_CHARS / 2;
    let (start, end) = (&chars[..half], &chars[chars.len() - half..]);
    let (start, end): (String, String) = (start.iter().collect(), end.iter().collect());
    format!("{start} …… {end}")
}

/// What the store is asked to do.
///
/// # Errors
/// When there is not one choice for each clash, or a choice by paragraphs is made for a field.
pub(crate) fn decision(
    found: &Conflict,
    decision: &stoa_ipc::Decision,
) -> Result<Decision, Failure> {
    match decision {
        stoa_ipc::Decision::Mine => Ok(Decision::Mine),
        stoa_ipc::Decision::Theirs => Ok(Decision::Theirs),
        stoa_ipc::Decision::Written { text } => Ok(Decision::Written(text.clone())),
        stoa_ipc::Decision::Paragraphs { choices } => chosen(found, choices)
            .map(Decision::Written)
            .ok_or_else(|| Failure::field("choices", "invalid")),
    }
}

/// The whole text with a choice made for each clash.
fn chosen(found: &Conflict, choices: &[ParagraphChoice]) -> Option<String> {
    if found.kind == ConflictKind::Field {
        return None;
    }
    let hunks = found.hunks();
    let mut choices = choices.iter();
    let mut pieces = Vec::new();
    for hunk in &hunks {
        if !hunk.is_clash() {
            pieces.push(hunk.settled());
            continue;
        }
        match choices.next()? {
            ParagraphChoice::Mine => pieces.push(&hunk.mine),
            ParagraphChoice::Theirs => pieces.push(&hunk.theirs),
            ParagraphChoice::Both => pieces.extend([hunk.mine.as_str(), &hunk.theirs]),
            ParagraphChoice::Written { text } => pieces.push(text),
        }
    }
    choices.next().is_none().then(|| compose(pieces))
}

#[cfg(test)]
mod tests {
    use stoa_domain::{DraftId, Timestamp};

    use super::*;

    fn found() -> Conflict {
        let base = "头。\n\n会员价九折。\n\n尾。";
        Conflict {
            id: 1,
            kind: ConflictKind::Text,
            draft: DraftId::from_bytes([1; 16]),
            title: "定价".to_owned(),
            field: String::new(),
            base: base.to_owned(),
            mine: base.replace('九', "八"),
            theirs: Some(base.replace('九', "七").replace('尾', "完")),
            merged: String::new(),
            seen_at: Timestamp::from_millis(1),
            settled: None,
        }
    }

    #[test]
    fn a_text_is_shown_with_what_differs_in_each_version() {
        let stretches = stretches(&found());
        let new = |text: &str| Piece::New(text.to_owned());
        assert!(matches!(&stretches[0], Stretch::Same { text } if text == "头。"));
        let Stretch::Clash { base, mine, theirs } = &stretches[1] else {
            panic!("{stretches:?}");
        };
        assert_eq!(base, "会员价九折。");
        assert!(mine.contains(&new("八")) && theirs.contains(&new("七")));
        assert!(matches!(&stretches[2], Stretch::Merged { mine: false, text } if text == "完。"));
    }

    #[test]
    fn a_choice_for_each_paragraph_makes_a_whole_text() {
        let cases = [
            (ParagraphChoice::Mine, "头。\n\n会员价八折。\n\n完。"),
            (ParagraphChoice::Theirs, "头。\n\n会员价七折。\n\n完。"),
            (
                ParagraphChoice::Both,
                "头。\n\n会员价八折。\n\n会员价七折。\n\n完。",
            ),
            (
                ParagraphChoice::Written {
                    text: "七五折。".to_owned(),
                },
                "头。\n\n七五折。\n\n完。",
            ),
        ];
        for (choice, expected) in cases {
            assert_eq!(chosen(&found(), &[choice]).as_deref(), Some(expected));
        }
        assert_eq!(chosen(&found(), &[]), None);
    }
}
