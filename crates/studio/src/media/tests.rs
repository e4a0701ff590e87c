//! Small real files, made by a browser, and everything that can be wrong with them.

use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::time::{Duration, Instant};

use stoa_domain::{MAX_PEAKS, MediaForm};

use super::*;

const WEBM: &[u8] = include_bytes!("../../tests/data/film.webm");
const SOUND_WEBM: &[u8] = include_bytes!("../../tests/data/sound-film.webm");
const MP4: &[u8] = include_bytes!("../../tests/data/film.mp4");

fn looked(bytes: &[u8]) -> Result<Recording, NotARecording> {
    look(Cursor::new(bytes.to_vec()), bytes.len() as u64)
}

/// A sound of some seconds, loud in its second half.
fn wav(seconds: u32) -> Vec<u8> {
    let n = seconds * 8000;
    let mut bytes = b"RIFF".to_vec();
    bytes.extend((36 + n * 2).to_le_bytes());
    bytes.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    bytes.extend(8000_u32.to_le_bytes());
    bytes.extend(16_000_u32.to_le_bytes());
    bytes.extend(b"\x02\0\x10\0data");
    bytes.extend((n * 2).to_le_bytes());
    for at in 0..n {
        let loud: i16 = if at < n / 2 { 4000 } else { 32_000 };
        let sample = if at / 8 % 2 == 0 { loud } else { -loud };
        bytes.extend(sample.to_le_bytes());
    }
    bytes
}

#[test]
fn a_film_tells_its_container_its_size_and_its_codecs() {
    let webm = looked(WEBM).unwrap();
    assert_eq!((webm.form, webm.size), (MediaForm::Webm, Some((64, 36))));
    assert_eq!(webm.codecs, ["vp8"]);
    assert!(webm.plays_everywhere());
    let both = looked(SOUND_WEBM).unwrap();
    assert_eq!(both.form, MediaForm::Webm);
    assert!(both.codecs.contains(&"opus".to_owned()), "{both:?}");
    let mp4 = looked(MP4).unwrap();
    assert_eq!((mp4.form, mp4.size), (MediaForm::Mp4, Some((64, 36))));
    assert_eq!(mp4.codecs, ["h264"]);
}

#[test]
fn a_sound_tells_how_long_and_how_loud_it_is() {
    for seconds in [4, 400] {
        let bytes = wav(seconds);
        let sound = looked(&bytes).unwrap();
        assert_eq!(sound.form, MediaForm::Wav);
        assert_eq!(sound.millis, Some(u64::from(seconds) * 1000));
        assert_eq!(
            (sound.codecs.as_slice(), sound.size),
            (&["pcm".to_owned()][..], None)
        );
        let size = bytes.len() as u64;
        let peaks = listen(Cursor::new(bytes), size, u64::from(seconds) * 1000);
        assert_eq!(peaks.len(), MAX_PEAKS);
        assert!(
            peaks[2..MAX_PEAKS / 2 - 2].iter().all(|peak| *peak == 2),
            "{peaks:?}"
        );
        assert!(
            peaks[MAX_PEAKS / 2 + 2..].iter().all(|peak| *peak == 15),
            "{peaks:?}"
        );
    }
}

#[test]
fn what_is_no_recording_is_refused() {
    let nothing: [&[u8]; 6] = [
        b"",
        b"hello",
        b"<!doctype html><script>",
        b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR",
        b"\0\0\0\x18ftypavif",
        b"PK\x03\x04",
    ];
    for bytes in nothing {
        assert_eq!(looked(bytes), Err(NotARecording), "{bytes:?}");
    }
}

#[test]
fn a_file_that_was_cut_off_is_refused() {
    for eighths in 1..8 {
        let cut = &MP4[..MP4.len() * eighths / 8];
        assert_eq!(looked(cut), Err(NotARecording), "{eighths}/8");
    }
}

/// A file of two GiB, most of it nothing, of which nobody has to hold anything.
struct Vast {
    head: Vec<u8>,
    at: u64,
}

const VAST: u64 = 2 * 1024 * 1024 * 1024;

impl Read for Vast {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(VAST.saturating_sub(self.at)).unwrap();
        let n = out.len().min(left);
        for (place, byte) in (self.at..).zip(&mut out[..n]) {
            let place = usize::try_from(place).unwrap();
            *byte = self.head.get(place).copied().unwrap_or_default();
        }
        self.at += n as u64;
        Ok(n)
    }
}

impl Seek for Vast {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = match to {
            SeekFrom::Start(at) => at,
            SeekFrom::End(by) => VAST.saturating_add_signed(by),
            SeekFrom::Current(by) => self.at.saturating_add_signed(by),
        };
        Ok(self.at)
    }
}

/// Beginnings of files that promise too much.
fn boasts() -> Vec<Vec<u8>> {
    let mp4 = |rest: &[u8]| [b"\0\0\0\x10ftypisom\0\0\0\0", rest].concat();
    let all = (u32::try_from(VAST).unwrap() - 16).to_be_bytes();
    let inside = (u32::try_from(VAST).unwrap() - 24).to_be_bytes();
    let table = |name: &[u8]| {
        let mut bytes = mp4(&[&all[..], b"moov", &inside, name].concat());
        bytes.extend(b"\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff");
        bytes
    };
    vec![
        mp4(&[&all[..], b"moov"].concat()),
        mp4(&[&all[..], b"mdat"].concat()),
        mp4(b"\0\0\0\x01moov\0\0\0\0\x7f\xff\xff\xf0"),
        table(b"stsz"),
        table(b"udta"),
        table(b"meta"),
        table(b"trak"),
        // An EBML head and a segment of unknown size, a tag of a GiB, a cluster without end.
        b"\x1a\x45\xdf\xa3\x8b\x42\x82\x84webm\x42\x87\x81\x02\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff\x12\x54\xc3\x67\x08\x40\0\0\0\0".to_vec(),
        b"\x1a\x45\xdf\xa3\x01\xff\xff\xff\xff\xff\xff\xffwebm".to_vec(),
        b"ID3\x04\0\0\x7f\x7f\x7f\x7fAPIC\x7f\x7f\x7f\x7f".to_vec(),
        b"OggS\0\x02\0\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\xff".to_vec(),
        b"fLaC\x04\xff\xff\xff\xff\xff\xff\xff\xff".to_vec(),
        b"RIFF\xff\xff\xff\x7fWAVELIST\xff\xff\xff\x7fINFO".to_vec(),
        b"\xff\xfb\x90\0".to_vec(),
        b"\xff\xf1\x50\x80".to_vec(),
    ]
}

#[test]
fn files_that_promise_too_much_are_refused_within_two_seconds_and_64_mib() {
    let before = peak_memory();
    for (n, head) in boasts().into_iter().enumerate() {
        let begun = Instant::now();
        let looked = look(Vast { head, at: 0 }, VAST);
        let took = begun.elapsed();
        assert!(took < Duration::from_millis(2_300), "{n} took {took:?}");
        assert!(looked.is_err(), "{n}: {looked:?}");
    }
    // Other tests of this process take some too, and all together no more than this.
    let grown = peak_memory()
        .zip(before)
        .map(|(after, before)| after - before);
    assert!(grown.is_none_or(|kib| kib < 64 * 1024), "{grown:?} KiB");
}

/// The most memory that this process had so far, in KiB, where the system tells.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[test]
fn no_number_in_a_file_makes_reading_it_long() {
    let begun = Instant::now();
    for file in [MP4, WEBM, SOUND_WEBM, &wav(1)[..200]] {
        for at in (0..file.len().min(1600) - 4).step_by(2) {
            for lie in [[0xff; 4], [0; 4], [0x7f, 0xff, 0xff, 0xff], [0, 0, 0, 8]] {
                let mut bytes = file.to_vec();
                bytes[at..at + 4].copy_from_slice(&lie);
                let size = bytes.len() as u64;
                let _ = look(Cursor::new(bytes.clone()), size);
                let _ = listen(Cursor::new(bytes), size, 1000);
            }
        }
    }
    assert!(
        begun.elapsed() < Duration::from_secs(60),
        "{:?}",
        begun.elapsed()
    );
}
