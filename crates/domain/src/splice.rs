//! Small changes to a text, in the offsets a browser uses (UTF-16 code units).

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// One change: at offset `at`, `delete` code units are removed and `insert` is put in their place.
/// Offsets and lengths are UTF-16 code units of the text before this splice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Splice {
    pub at: usize,
    pub delete: usize,
    pub insert: String,
}

/// Why a splice does not fit a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SpliceError {
    #[error("offset {at} is beyond the text of {len} code units")]
    BeyondEnd { at: usize, len: usize },
    #[error("offset {at} lies inside a character")]
    InsideCharacter { at: usize },
}

/// Applies splices one after the other.
///
/// # Errors
/// The first splice that does not fit; the text given is unchanged then.
pub fn apply_splices(text: &str, splices: &[Splice]) -> Result<String, SpliceError> {
    let mut out = text.to_owned();
    for splice in splices {
        let start = byte_offset(&out, splice.at)?;
        let end = byte_offset(&out, splice.at.saturating_add(splice.delete))?;
        out.replace_range(start..end, &splice.insert);
    }
    Ok(out)
}

/// The smallest single splice that turns `before` into `after`; `None` when they are equal.
pub fn diff(before: &str, after: &str) -> Option<Splice> {
    if before == after {
        return None;
    }
    let prefix: usize = before
        .chars()
        .zip(after.chars())
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a.len_utf8())
        .sum();
    let suffix: usize = before[prefix..]
        .chars()
        .rev()
        .zip(after[prefix..].chars().rev())
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a.len_utf8())
        .sum();
    Some(Splice {
        at: utf16_len(&before[..prefix]),
        delete: utf16_len(&before[prefix..before.len() - suffix]),
        insert: after[prefix..after.len() - suffix].to_owned(),
    })
}

fn utf16_len(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

fn byte_offset(text: &str, at: usize) -> Result<usize, SpliceError> {
    let mut units = 0;
    for (byte, c) in text.char_indices() {
        if units == at {
            return Ok(byte);
        }
        units += c.len_utf16();
        if units > at {
            return Err(SpliceError::InsideCharacter { at });
        }
    }
    if units == at {
        Ok(text.len())
    } else {
        Err(SpliceError::BeyondEnd { at, len: units })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn splice(at: usize, delete: usize, insert: &str) -> Splice {
        Splice {
            at,
            delete,
            insert: insert.to_owned(),
        }
    }

    #[test]
    fn the_difference_turns_one_text_into_the_other() {
        let texts = [
            "",
            "社群",
            "社会群体",
            "a😀b",
            "a😁b",
            "aaa",
            "aaaa",
            "会员制\n社群",
        ];
        for before in texts {
            for after in texts {
                let splices: Vec<_> = diff(before, after).into_iter().collect();
                assert_eq!(apply_splices(before, &splices).as_deref(), Ok(after));
            }
        }
    }

    #[test]
    fn the_difference_is_small() {
        assert_eq!(diff("知识付费", "知识免费"), Some(splice(2, 1, "免")));
        assert_eq!(diff("a😀b", "a😀xb"), Some(splice(3, 0, "x")));
    }

    #[test]
    fn a_splice_that_does_not_fit_is_refused() {
        assert_eq!(
            apply_splices("社群", &[splice(3, 0, "x")]),
            Err(SpliceError::BeyondEnd { at: 3, len: 2 })
        );
        assert_eq!(
            apply_splices("😀", &[splice(1, 0, "x")]),
            Err(SpliceError::InsideCharacter { at: 1 })
        );
    }
}
