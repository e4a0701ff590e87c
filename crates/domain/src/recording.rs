//! Sounds and films of a text: what their first bytes say, and how their address tells what they
//! are and what belongs to them.
//!
//! The address of a recording is that of its file with a part behind `#`:
//! `attachment:<b3>#video/mp4;ms=83000;size=1280x720;codecs=h264+aac;poster=attachment:<b3>`. So
//! what an author chose – a picture, chapters, a transcript – stands in the text: it has versions,
//! is published as it was seen, and every file it needs is named in the text. What is not
//! understood in it is left out.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::BlobHash;

/// How a text names a file, before the hash.
pub const FILE_SCHEME: &str = "attachment:";
/// The longest address, in bytes.
const MAX_ADDRESS_BYTES: usize = 1024;
/// The longest recording, in milliseconds: ten days.
const MAX_MILLIS: u64 = 10 * 24 * 60 * 60 * 1000;
/// The most pixels of a side.
const MAX_SIDE: u32 = 16_384;
/// The most values of a waveform.
pub const MAX_PEAKS: usize = 96;
/// The most codecs that are named, and the longest name.
const MAX_CODECS: usize = 4;
const MAX_CODEC_CHARS: usize = 12;
/// So much of a file is enough to know its form.
const HEAD: usize = 4096;

/// What plays a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MediaKind {
    Audio,
    Video,
}

/// The container of a recording, by its first bytes and what is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MediaForm {
    Mp3,
    Aac,
    M4a,
    OggAudio,
    WebmAudio,
    Wav,
    Flac,
    Mp4,
    Mov,
    Webm,
    Matroska,
    OggVideo,
}

impl MediaForm {
    /// Every form.
    pub const ALL: [MediaForm; 12] = [
        Self::Mp3,
        Self::Aac,
        Self::M4a,
        Self::OggAudio,
        Self::WebmAudio,
        Self::Wav,
        Self::Flac,
        Self::Mp4,
        Self::Mov,
        Self::Webm,
        Self::Matroska,
        Self::OggVideo,
    ];

    /// The media type, as browsers know it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mp3 => "audio/mpeg",
            Self::Aac => "audio/aac",
            Self::M4a => "audio/mp4",
            Self::OggAudio => "audio/ogg",
            Self::WebmAudio => "audio/webm",
            Self::Wav => "audio/wav",
            Self::Flac => "audio/flac",
            Self::Mp4 => "video/mp4",
            Self::Mov => "video/quicktime",
            Self::Webm => "video/webm",
            Self::Matroska => "video/matroska",
            Self::OggVideo => "video/ogg",
        }
    }

    /// Reads a media type that [`MediaForm::as_str`] gives.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.as_str() == name)
    }

    /// What plays it.
    pub fn kind(self) -> MediaKind {
        match self.as_str().starts_with("audio/") {
            true => MediaKind::Audio,
            false => MediaKind::Video,
        }
    }

    /// The form by the first bytes of a file; whether a container holds a picture is not known by
    /// them, so it is the one for films where both are possible.
    pub fn sniff(head: &[u8]) -> Option<Self> {
        let head = &head[..head.len().min(HEAD)];
        let at = |from: usize, what: &[u8]| head.get(from..from + what.len()) == Some(what);
        let holds = |what: &[u8]| head.windows(what.len()).any(|window| window == what);
        if at(4, b"ftyp") {
            return match head.get(8..12)? {
                b"avif" | b"avis" | b"heic" | b"mif1" => None,
                b"qt  " => Some(Self::Mov),
                b"M4A " | b"M4B " => Some(Self::M4a),
                _ => Some(Self::Mp4),
            };
        }
        if at(0, b"\x1a\x45\xdf\xa3") {
            return Some(match holds(b"webm") {
                true => Self::Webm,
                false => Self::Matroska,
            });
        }
        if at(0, b"OggS") {
            return Some(match holds(b"theora") {
                true => Self::OggVideo,
                false => Self::OggAudio,
            });
        }
        match head {
            [b'f', b'L', b'a', b'C', ..] => Some(Self::Flac),
            [b'I', b'D', b'3', ..] => Some(Self::Mp3),
            _ if at(0, b"RIFF") && at(8, b"WAVE") => Some(Self::Wav),
            // The mark of a frame; the two bits of its layer are zero in AAC.
            [0xff, second, ..] if second & 0xf6 == 0xf0 => Some(Self::Aac),
            [0xff, second, third, ..] if second & 0xe0 == 0xe0 && third & 0xf0 != 0xf0 => {
                Some(Self::Mp3)
            }
            _ => None,
        }
    }

    /// The same container with a picture in it, or without.
    #[must_use]
    pub fn with_picture(self, has_picture: bool) -> Self {
        match (self, has_picture) {
            (Self::Mp4 | Self::Mov, false) => Self::M4a,
            (Self::M4a, true) => Self::Mp4,
            (Self::Webm | Self::Matroska, false) => Self::WebmAudio,
            (Self::OggVideo, false) => Self::OggAudio,
            (Self::OggAudio, true) => Self::OggVideo,
            _ => self,
        }
    }
}

/// A recording in a text. Every value was in the address, and none was proved against the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recording {
    pub form: MediaForm,
    /// How long it is, in milliseconds.
    pub millis: Option<u64>,
    /// Width and height in pixels; only of films.
    pub size: Option<(u32, u32)>,
    /// Short names of its codecs, such as `h264` and `aac`; empty when none is known.
    pub codecs: Vec<String>,
    /// The loudest of each stretch, all stretches of one length, 0 to 15; empty when not known.
    pub peaks: Vec<u8>,
    /// The picture that stands for it.
    pub poster: Option<BlobHash>,
    /// WebVTT with its chapters.
    pub chapters: Option<BlobHash>,
    /// WebVTT with what is said in it.
    pub transcript: Option<BlobHash>,
}

/// Codecs that the window and browsers play on Windows, macOS 13 and Linux alike.
const PLAYED_EVERYWHERE: &[&str] = &[
    "h264", "vp8", "vp9", "aac", "mp3", "flac", "pcm", "opus", "vorbis",
];

impl Recording {
    /// One of which only the form is known.
    pub fn of(form: MediaForm) -> Self {
        Self {
            form,
            millis: None,
            size: None,
            codecs: Vec::new(),
            peaks: Vec::new(),
            poster: None,
            chapters: None,
            transcript: None,
        }
    }

    /// Whether what is known of it plays on Windows, macOS and Linux.
    pub fn plays_everywhere(&self) -> bool {
        let is_common = !matches!(
            self.form,
            MediaForm::Matroska | MediaForm::OggAudio | MediaForm::OggVideo
        );
        let is_played = |codec: &String| PLAYED_EVERYWHERE.contains(&codec.as_str());
        is_common && !self.codecs.is_empty() && self.codecs.iter().all(is_played)
    }

    fn read(parts: &str) -> Option<Self> {
        let mut parts = parts.split(';');
        let mut recording = Self::of(MediaForm::parse(parts.next()?)?);
        for part in parts {
            let Some((name, value)) = part.split_once('=') else {
                continue;
            };
            recording.take(name, value);
        }
        Some(recording)
    }

    fn take(&mut self, name: &str, value: &str) {
        match name {
            "ms" => self.millis = value.parse().ok().filter(|ms| *ms <= MAX_MILLIS),
            "size" => self.size = size(value),
            "codecs" => self.codecs = codecs(value).unwrap_or_default(),
            "peaks" => self.peaks = peaks(value).unwrap_or_default(),
            "poster" => self.poster = file(value),
            "chapters" => self.chapters = file(value),
            "transcript" => self.transcript = file(value),
            _ => {}
        }
    }
}

fn size(value: &str) -> Option<(u32, u32)> {
    let (width, height) = value.split_once('x')?;
    let side = |text: &str| {
        let side = text.parse().ok()?;
        (1..=MAX_SIDE).contains(&side).then_some(side)
    };
    Some((side(width)?, side(height)?))
}

fn codecs(value: &str) -> Option<Vec<String>> {
    let is_name = |name: &str| {
        (1..=MAX_CODEC_CHARS).contains(&name.len())
            && name.bytes().all(|c| matches!(c, b'a'..=b'z' | b'0'..=b'9'))
    };
    let names: Vec<&str> = value.split('+').collect();
    let fits = names.len() <= MAX_CODECS && names.iter().all(|name| is_name(name));
    fits.then(|| names.into_iter().map(str::to_owned).collect())
}

fn peaks(value: &str) -> Option<Vec<u8>> {
    let digit = |c: char| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    match value.len() <= MAX_PEAKS {
        true => value.chars().map(digit).collect(),
        false => None,
    }
}

fn file(value: &str) -> Option<BlobHash> {
    value.strip_prefix(FILE_SCHEME)?.parse().ok()
}

/// The address of a file in a text, with what it says of a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileAddress {
    pub b3: BlobHash,
    pub recording: Option<Recording>,
}

/// The text is not the address of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not the address of a file")]
pub struct FileAddressError;

impl FileAddress {
    /// That of a file of which nothing more is said.
    pub fn of(b3: BlobHash) -> Self {
        Self {
            b3,
            recording: None,
        }
    }
}

impl FromStr for FileAddress {
    type Err = FileAddressError;

    fn from_str(address: &str) -> Result<Self, FileAddressError> {
        if address.len() > MAX_ADDRESS_BYTES {
            return Err(FileAddressError);
        }
        let rest = address.strip_prefix(FILE_SCHEME).ok_or(FileAddressError)?;
        let (b3, parts) = match rest.split_once('#') {
            Some((b3, parts)) => (b3, Some(parts)),
            None => (rest, None),
        };
        Ok(Self {
            b3: b3.parse().map_err(|_| FileAddressError)?,
            recording: parts.and_then(Recording::read),
        })
    }
}

impl fmt::Display for FileAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{FILE_SCHEME}{}", self.b3)?;
        let Some(recording) = &self.recording else {
            return Ok(());
        };
        write!(f, "#{}", recording.form.as_str())?;
        if let Some(millis) = recording.millis {
            write!(f, ";ms={millis}")?;
        }
        if let Some((width, height)) = recording.size {
            write!(f, ";size={width}x{height}")?;
        }
        if !recording.codecs.is_empty() {
            write!(f, ";codecs={}", recording.codecs.join("+"))?;
        }
        if !recording.peaks.is_empty() {
            write!(f, ";peaks=")?;
            let mut peaks = recording.peaks.iter();
            peaks.try_for_each(|peak| write!(f, "{:x}", peak.min(&15)))?;
        }
        let files = [
            ("poster", recording.poster),
            ("chapters", recording.chapters),
            ("transcript", recording.transcript),
        ];
        for (name, file) in files {
            if let Some(b3) = file {
                write!(f, ";{name}={FILE_SCHEME}{b3}")?;
            }
        }
        Ok(())
    }
}

/// What a file is in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NamedAs {
    Recording(MediaForm),
    /// WebVTT of a recording.
    Track,
}

/// What a text says that a file is; `None` where it only names it. Looks at nothing but addresses.
pub fn named_as(text: &str, b3: BlobHash) -> Option<NamedAs> {
    let own = format!("{FILE_SCHEME}{b3}");
    let mut rest = text;
    while let Some(at) = rest.find(&own) {
        let (before, from) = rest.split_at(at);
        let end = from
            .find(|c: char| c.is_whitespace() || matches!(c, ')' | '>' | '"'))
            .unwrap_or(from.len());
        if let Ok(FileAddress {
            recording: Some(recording),
            ..
        }) = from[..end].parse()
        {
            return Some(NamedAs::Recording(recording.form));
        }
        if before.ends_with("chapters=") || before.ends_with("transcript=") {
            return Some(NamedAs::Track);
        }
        rest = &from[own.len()..];
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn b3(byte: u8) -> BlobHash {
        BlobHash::from_bytes([byte; 32])
    }

    fn whole() -> FileAddress {
        FileAddress {
            b3: b3(1),
            recording: Some(Recording {
                form: MediaForm::Mp4,
                millis: Some(83_000),
                size: Some((1280, 720)),
                codecs: vec!["h264".to_owned(), "aac".to_owned()],
                peaks: vec![0, 7, 15],
                poster: Some(b3(2)),
                chapters: Some(b3(3)),
                transcript: Some(b3(4)),
            }),
        }
    }

    #[test]
    fn an_address_comes_back_as_it_was_written() {
        for address in [whole(), FileAddress::of(b3(9))] {
            let text = address.to_string();
            assert_eq!(text.parse(), Ok(address), "{text}");
            assert!(!text.contains([' ', '(', ')', '<', '>', '&']), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_is_left_out_and_what_is_no_file_refused() {
        let with = |parts: &str| {
            let address: FileAddress = format!("attachment:{}#{parts}", b3(1)).parse().unwrap();
            address.recording
        };
        let plain = Some(Recording::of(MediaForm::Mp4));
        let long = format!("video/mp4;peaks={}", "f".repeat(MAX_PEAKS + 1));
        for odd in [
            "video/mp4;ms=99999999999999",
            "video/mp4;ms=-1",
            "video/mp4;size=0x9",
            "video/mp4;size=99999x9",
            "video/mp4;codecs=a+b+c+d+e",
            "video/mp4;codecs=<script>",
            "video/mp4;peaks=xyz",
            "video/mp4;poster=https://evil.example/",
            "video/mp4;later=1;;=",
            &long,
        ] {
            assert_eq!(with(odd), plain, "{odd}");
        }
        assert_eq!(with("text/html;ms=1"), None);
        assert_eq!(with(""), None);
        let far = format!("attachment:{}#video/mp4;{}", b3(1), "x".repeat(2000));
        for wrong in ["attachment:", "attachment:12", "https://x.example/", &far] {
            assert!(wrong.parse::<FileAddress>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn first_bytes_tell_the_container_and_never_an_image() {
        let cases: [(&[u8], Option<MediaForm>); 14] = [
            (b"\0\0\0\x18ftypisom....", Some(MediaForm::Mp4)),
            (b"\0\0\0\x18ftypqt  ....", Some(MediaForm::Mov)),
            (b"\0\0\0\x18ftypM4A ....", Some(MediaForm::M4a)),
            (b"\0\0\0\x18ftypavif....", None),
            (b"\x1a\x45\xdf\xa3....webm", Some(MediaForm::Webm)),
            (b"\x1a\x45\xdf\xa3....matroska", Some(MediaForm::Matroska)),
            (b"OggS......OpusHead", Some(MediaForm::OggAudio)),
            (b"OggS......\x80theora", Some(MediaForm::OggVideo)),
            (b"RIFF....WAVEfmt ", Some(MediaForm::Wav)),
            (b"RIFF....WEBPVP8 ", None),
            (b"fLaC", Some(MediaForm::Flac)),
            (b"ID3\x04", Some(MediaForm::Mp3)),
            (b"\xff\xfb\x90\0", Some(MediaForm::Mp3)),
            (b"\xff\xf1\x50\x80", Some(MediaForm::Aac)),
        ];
        for (head, form) in cases {
            assert_eq!(MediaForm::sniff(head), form, "{head:?}");
        }
        for nothing in [
            &b""[..],
            b"\x89PNG\r\n\x1a\n",
            b"<html>",
            b"\xff\xd8\xff\xe0",
        ] {
            assert_eq!(MediaForm::sniff(nothing), None, "{nothing:?}");
        }
    }

    #[test]
    fn what_not_every_system_plays_is_known() {
        let of = |form, codecs: &[&str]| Recording {
            codecs: codecs.iter().map(|name| (*name).to_owned()).collect(),
            ..Recording::of(form)
        };
        assert!(of(MediaForm::Mp4, &["h264", "aac"]).plays_everywhere());
        assert!(of(MediaForm::Mp3, &["mp3"]).plays_everywhere());
        for (form, codecs) in [
            (MediaForm::Mp4, &["hevc", "aac"][..]),
            (MediaForm::Matroska, &["h264", "aac"]),
            (MediaForm::OggAudio, &["vorbis"]),
            (MediaForm::Mp4, &[]),
        ] {
            assert!(!of(form, codecs).plays_everywhere(), "{form:?} {codecs:?}");
        }
    }

    #[test]
    fn a_text_says_what_its_files_are() {
        let text = format!("![讲.mp4]({} \"讲\") ![图](attachment:{})", whole(), b3(9));
        let recording = Some(NamedAs::Recording(MediaForm::Mp4));
        assert_eq!(named_as(&text, b3(1)), recording);
        assert_eq!(named_as(&text, b3(2)), None, "a poster is an image");
        assert_eq!(named_as(&text, b3(3)), Some(NamedAs::Track));
        assert_eq!(named_as(&text, b3(4)), Some(NamedAs::Track));
        assert_eq!(named_as(&text, b3(9)), None);
        assert_eq!(named_as(&text, b3(8)), None);
    }
}
