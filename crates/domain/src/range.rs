//! `Range: bytes=…` as RFC 9110 has it, for one range; several at once are answered with the
//! whole file, which is allowed.

use std::ops::Range;

/// What a request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    Whole,
    /// Not empty, and inside the file.
    Part(Range<u64>),
    /// No byte of the file lies in it.
    Nothing,
}

/// Reads the header against the size of the file in bytes, which is not zero.
pub fn wanted(header: Option<&str>, size: u64) -> Wanted {
    let Some(spec) = header.and_then(|text| text.trim().strip_prefix("bytes=")) else {
        return Wanted::Whole;
    };
    let Some((first, last)) = spec.trim().split_once('-') else {
        return Wanted::Whole;
    };
    match (number(first), number(last)) {
        // The last so many bytes.
        (None, Some(n)) if first.trim().is_empty() => {
            if n == 0 {
                Wanted::Nothing
            } else {
                Wanted::Part(size.saturating_sub(n)..size)
            }
        }
        (Some(first), None) if last.trim().is_empty() => part(first, size, size),
        (Some(first), Some(last)) if last >= first => part(first, last.saturating_add(1), size),
        _ => Wanted::Whole,
    }
}

fn number(text: &str) -> Option<u64> {
    let text = text.trim();
    // `parse` takes a plus sign.
    text.bytes()
        .all(|b| b.is_ascii_digit())
        .then(|| text.parse().ok())?
}

fn part(start: u64, end: u64, size: u64) -> Wanted {
    if start >= size {
        Wanted::Nothing
    } else {
        Wanted::Part(start..end.min(size))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_the_standard_says() {
        use Wanted::{Nothing, Part, Whole};
        let cases = [
            (None, Whole),
            (Some("bytes=0-0"), Part(0..1)),
            (Some("bytes=0-99"), Part(0..10)),
            (Some("bytes=3-"), Part(3..10)),
            (Some("bytes=-3"), Part(7..10)),
            (Some("bytes=-30"), Part(0..10)),
            (Some("bytes= 2 - 4 "), Part(2..5)),
            (Some("bytes=-0"), Nothing),
            (Some("bytes=10-"), Nothing),
            (Some("bytes=10-11"), Nothing),
            (Some("bytes=5-4"), Whole),
            (Some("bytes=0-18446744073709551615"), Part(0..10)),
            (Some("bytes=99999999999999999999-"), Whole),
            (Some("bytes=0-1,3-4"), Whole),
            (Some("bytes=-"), Whole),
            (Some("bytes=+1-2"), Whole),
            (Some("items=0-1"), Whole),
            (Some("bytes"), Whole),
        ];
        for (header, expected) in cases {
            assert_eq!(wanted(header, 10), expected, "{header:?}");
        }
    }
}
