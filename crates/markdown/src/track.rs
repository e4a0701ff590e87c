//! Chapters and transcripts of recordings: WebVTT, read strictly enough to be shown as text.
//!
//! Settings, styles, regions and notes are left out; markup inside a cue is taken away and what
//! stands for a character becomes that character, so nothing in a cue is ever HTML.

use thiserror::Error;

/// The largest file, in bytes.
pub const MAX_TRACK_BYTES: usize = 1024 * 1024;
/// The most cues of a file, and the longest text of one, in characters.
const MAX_CUES: usize = 10_000;
const MAX_CUE_CHARS: usize = 2_000;

/// A stretch of a recording and its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cue {
    /// Milliseconds from the beginning.
    pub from: u64,
    /// After `from`.
    pub to: u64,
    pub text: String,
}

/// Why a file is no WebVTT that can be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotATrack {
    #[error("more than {MAX_TRACK_BYTES} bytes")]
    TooLarge,
    #[error("the first line is not WEBVTT")]
    Unknown,
    #[error("line {line} is not a time")]
    Time { line: usize },
    #[error("there is nothing in it")]
    Empty,
    #[error("more than {MAX_CUES} cues, or one is too long")]
    TooMany,
}

/// Reads a WebVTT file; its cues in the order of their beginnings.
///
/// # Errors
/// [`NotATrack`], named for what is wrong; lines count from 1.
pub fn read_track(text: &str) -> Result<Vec<Cue>, NotATrack> {
    if text.len() > MAX_TRACK_BYTES {
        return Err(NotATrack::TooLarge);
    }
    let text = text.trim_start_matches('\u{feff}');
    let mut lines = text.lines().enumerate();
    let first = lines.next().map_or("", |(_, line)| line);
    match first.strip_prefix("WEBVTT") {
        Some(rest) if rest.is_empty() || rest.starts_with([' ', '\t']) => {}
        _ => return Err(NotATrack::Unknown),
    }
    let mut cues = Vec::new();
    while let Some((n, line)) = lines.next() {
        if !line.contains("-->") {
            continue;
        }
        let (from, to) = times(line).ok_or(NotATrack::Time { line: n + 1 })?;
        let block = lines
            .by_ref()
            .take_while(|(_, line)| !line.trim().is_empty());
        let text = words(&block.map(|(_, line)| line).collect::<Vec<_>>().join("\n"));
        if cues.len() >= MAX_CUES || text.chars().count() > MAX_CUE_CHARS {
            return Err(NotATrack::TooMany);
        }
        if !text.is_empty() {
            cues.push(Cue { from, to, text });
        }
    }
    if cues.is_empty() {
        return Err(NotATrack::Empty);
    }
    cues.sort_by_key(|cue| cue.from);
    Ok(cues)
}

fn times(line: &str) -> Option<(u64, u64)> {
    let (from, rest) = line.split_once("-->")?;
    let to = rest.split_whitespace().next()?;
    let (from, to) = (millis(from.trim())?, millis(to)?);
    (from < to).then_some((from, to))
}

/// `01:02:03.456` or `02:03.456`; the comma of SubRip is taken too.
fn millis(text: &str) -> Option<u64> {
    let (clock, thousandths) = text.split_once(['.', ','])?;
    if thousandths.len() != 3 {
        return None;
    }
    let mut parts = clock.rsplit(':');
    let (seconds, minutes) = (number(parts.next()?)?, number(parts.next()?)?);
    let hours = parts.next().map_or(Some(0), number)?;
    let is_time = seconds < 60 && minutes < 60 && hours < 10_000 && parts.next().is_none();
    let whole = (hours * 60 + minutes) * 60 + seconds;
    Some(whole * 1000 + number(thousandths)?).filter(|_| is_time)
}

fn number(digits: &str) -> Option<u64> {
    let is_number = (1..=4).contains(&digits.len()) && digits.bytes().all(|c| c.is_ascii_digit());
    digits.parse().ok().filter(|_| is_number)
}

/// What is said in a cue, without its markup.
fn words(cue: &str) -> String {
    let mut out = String::new();
    let mut rest = cue;
    while let Some(at) = rest.find(['<', '&']) {
        out.push_str(&rest[..at]);
        let from = &rest[at..];
        let (said, length) = match from.strip_prefix('<') {
            Some(tag) => ("", tag.find('>').map_or(from.len(), |end| end + 2)),
            None => entity(from),
        };
        out.push_str(said);
        rest = &from[length..];
    }
    out.push_str(rest);
    stoa_domain::clean(&out).trim().to_owned()
}

fn entity(text: &str) -> (&'static str, usize) {
    let known = [
        ("&amp;", "&"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&nbsp;", " "),
        ("&lrm;", ""),
        ("&rlm;", ""),
    ];
    let found = known.iter().find(|(name, _)| text.starts_with(name));
    found.map_or(("&", 1), |(name, said)| (said, name.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cue(from: u64, to: u64, text: &str) -> Cue {
        Cue {
            from,
            to,
            text: text.to_owned(),
        }
    }

    #[test]
    fn cues_come_in_order_without_markup_notes_and_styles() {
        let text = "\u{feff}WEBVTT - 第一讲\n\nSTYLE\n::cue { color: red }\n\nNOTE\n不给人看\n\n\
            2\n01:00.500 --> 01:02.000 align:start position:10%\n<v 老师>先说&amp;后做</v>\n第二行\n\n\
            1\n00:00:00.000 --> 00:01:00.500\n开场 <b>白</b> &lt;3\n";
        let cues = read_track(text).unwrap();
        assert_eq!(
            cues,
            [
                cue(0, 60_500, "开场 白 <3"),
                cue(60_500, 62_000, "先说&后做\n第二行")
            ]
        );
        let windows = text.replace('\n', "\r\n");
        assert_eq!(read_track(&windows).unwrap(), cues);
    }

    #[test]
    fn what_is_no_track_says_why() {
        let many = format!(
            "WEBVTT\n\n{}",
            "00:00.000 --> 00:01.000\na\n\n".repeat(MAX_CUES + 1)
        );
        let long = format!("WEBVTT\n\n00:00.000 --> 00:01.000\n{}\n", "长".repeat(2001));
        let large = "WEBVTT\n".to_owned() + &"x".repeat(MAX_TRACK_BYTES);
        for (text, why) in [
            ("", NotATrack::Unknown),
            ("WEBVTTX\n", NotATrack::Unknown),
            ("1\n00:00:01,000 --> 00:00:02,000\na", NotATrack::Unknown),
            ("WEBVTT\n\nNOTE nothing\n", NotATrack::Empty),
            (
                "WEBVTT\n\n00:01.000 --> 00:00.500\na",
                NotATrack::Time { line: 3 },
            ),
            (
                "WEBVTT\n\n00:99.000 --> 01:00:00.500\na",
                NotATrack::Time { line: 3 },
            ),
            (
                "WEBVTT\n\n-1:00.000 --> 00:00.500\na",
                NotATrack::Time { line: 3 },
            ),
            ("WEBVTT\n\n --> \na", NotATrack::Time { line: 3 }),
            (many.as_str(), NotATrack::TooMany),
            (long.as_str(), NotATrack::TooMany),
            (large.as_str(), NotATrack::TooLarge),
        ] {
            assert_eq!(read_track(text), Err(why), "{text:.60}");
        }
    }

    #[test]
    fn markup_that_never_ends_is_no_text() {
        let text = "WEBVTT\n\n00:00.000 --> 00:01.000\nhier <img src=x onerror=alert(1)\n";
        assert_eq!(read_track(text).unwrap(), [cue(0, 1000, "hier")]);
    }
}
