//! What a recording is: its container, how long it is, how large its picture, by which codecs.

use std::io::{Read, Seek, SeekFrom};
use std::time::Duration;

use stoa_domain::{MediaForm, MediaKind, Recording};
use symphonia::core::codecs::CodecParameters;
use symphonia::core::codecs::audio::AudioCodecId;
use symphonia::core::codecs::audio::well_known as audio;
use symphonia::core::codecs::video::VideoCodecId;
use symphonia::core::codecs::video::well_known as video;
use symphonia::core::common::Limit;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, Track, TrackType};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::MetadataOptions;
use symphonia::core::units::Time;

use super::bounded::{Bounded, Budget};
use super::{NotARecording, Source};

/// The index of a film of some hours has 10 MiB.
const LOOK: Budget = Budget {
    bytes: 24 * 1024 * 1024,
    time: Duration::from_secs(2),
};
/// A cover inside a sound is not kept.
const MOST_TAG: usize = 64 * 1024;
const MOST_COVER: usize = 8 * 1024 * 1024;
const HEAD: u64 = 4096;
/// The most boxes that stand in a row in an MP4 file; one that streams has two for each second.
const MOST_BOXES: u32 = 100_000;
/// The most codecs that are told.
const MOST_CODECS: usize = 4;

pub(super) fn look(mut source: Box<dyn Source>, size: u64) -> Result<Recording, NotARecording> {
    let refused = |_| NotARecording;
    let mut head = Vec::new();
    source
        .by_ref()
        .take(HEAD)
        .read_to_end(&mut head)
        .map_err(refused)?;
    let form = MediaForm::sniff(&head).ok_or(NotARecording)?;
    let mut bounded = Bounded::new(source, size, LOOK);
    if matches!(form, MediaForm::Mp4 | MediaForm::Mov | MediaForm::M4a) {
        boxes_fit(&mut bounded, size)?;
    }
    bounded.seek(SeekFrom::Start(0)).map_err(refused)?;
    let format = open(bounded).ok_or(NotARecording)?;
    told(form, &*format).ok_or(NotARecording)
}

/// A reader of the container, whichever it is.
pub(super) fn open(source: Bounded) -> Option<Box<dyn FormatReader>> {
    let stream = MediaSourceStream::new(Box::new(source), Default::default());
    let meta = MetadataOptions::default()
        .limit_tag_bytes(Limit::Maximum(MOST_TAG))
        .limit_visual_bytes(Limit::Maximum(MOST_COVER));
    let probe = symphonia::default::get_probe();
    probe
        .probe(&Hint::new(), stream, FormatOptions::default(), meta)
        .ok()
}

/// Whether the outermost boxes end where the file does: one that was cut off lies about its last.
fn boxes_fit(source: &mut (impl Read + Seek), size: u64) -> Result<(), NotARecording> {
    let refused = |_| NotARecording;
    let mut at = 0;
    for _ in 0..MOST_BOXES {
        if at == size {
            return Ok(());
        }
        source.seek(SeekFrom::Start(at)).map_err(refused)?;
        let mut head = [0; 16];
        let wanted = usize::try_from((size - at).min(16)).map_err(|_| NotARecording)?;
        source.read_exact(&mut head[..wanted]).map_err(refused)?;
        let [a, b, c, d, _, _, _, _, large @ ..] = head;
        let length = match u32::from_be_bytes([a, b, c, d]) {
            0 => size - at,
            1 => u64::from_be_bytes(large),
            short => u64::from(short),
        };
        at = at
            .checked_add(length)
            .filter(|_| length >= 8)
            .ok_or(NotARecording)?;
        if at > size {
            return Err(NotARecording);
        }
    }
    Err(NotARecording)
}

fn told(form: MediaForm, format: &dyn FormatReader) -> Option<Recording> {
    let tracks = format.tracks();
    let is_known = |track: &Track| track.track_type().is_some();
    if !tracks.iter().any(is_known) {
        return None;
    }
    let film = format.default_track(TrackType::Video);
    // Of what is not known it is not known either whether it is a picture.
    let has_picture =
        film.is_some() || (form.kind() == MediaKind::Video && !tracks.iter().all(is_known));
    let mut recording = Recording::of(form.with_picture(has_picture));
    recording.millis = millis(format);
    recording.size = film.and_then(size);
    for track in tracks {
        let codec = codec(track);
        if let Some(codec) = codec
            && recording.codecs.len() < MOST_CODECS
            && !recording.codecs.iter().any(|known| known == codec)
        {
            recording.codecs.push(codec.to_owned());
        }
    }
    Some(recording)
}

fn size(track: &Track) -> Option<(u32, u32)> {
    let film = track.codec_params.as_ref()?.video()?;
    let (width, height) = (film.width?.into(), film.height?.into());
    (width > 0 && height > 0).then_some((width, height))
}

/// The length by the container, or that of its longest track.
fn millis(format: &dyn FormatReader) -> Option<u64> {
    let media = format.media_info();
    let whole = media.time_base.zip(media.duration);
    let tracks = format.tracks().iter();
    let of_tracks = tracks.filter_map(|track| track.time_base.zip(track.duration));
    let times = whole.into_iter().chain(of_tracks);
    let times = times.filter_map(|(base, duration)| base.calc_duration(duration));
    times.filter_map(in_millis).find(|millis| *millis > 0)
}

fn in_millis(time: Time) -> Option<u64> {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // at most ten days
    let millis = (time.as_secs_f64() * 1000.0).round() as u64;
    (millis <= 10 * 24 * 60 * 60 * 1000).then_some(millis)
}

fn codec(track: &Track) -> Option<&'static str> {
    match &track.codec_params {
        Some(CodecParameters::Audio(sound)) => Some(of_sound(sound.codec)),
        Some(CodecParameters::Video(film)) => Some(of_film(film.codec)),
        Some(_) => None,
        None => Some("other"),
    }
}

fn of_sound(codec: AudioCodecId) -> &'static str {
    const PCM: [AudioCodecId; 8] = [
        audio::CODEC_ID_PCM_S16LE,
        audio::CODEC_ID_PCM_S24LE,
        audio::CODEC_ID_PCM_S32LE,
        audio::CODEC_ID_PCM_F32LE,
        audio::CODEC_ID_PCM_U8,
        audio::CODEC_ID_PCM_S16BE,
        audio::CODEC_ID_PCM_ALAW,
        audio::CODEC_ID_PCM_MULAW,
    ];
    match codec {
        audio::CODEC_ID_AAC => "aac",
        audio::CODEC_ID_MP3 => "mp3",
        audio::CODEC_ID_OPUS => "opus",
        audio::CODEC_ID_VORBIS => "vorbis",
        audio::CODEC_ID_FLAC => "flac",
        audio::CODEC_ID_ALAC => "alac",
        audio::CODEC_ID_AC3 => "ac3",
        audio::CODEC_ID_EAC3 => "eac3",
        pcm if PCM.contains(&pcm) => "pcm",
        _ => "other",
    }
}

fn of_film(codec: VideoCodecId) -> &'static str {
    match codec {
        video::CODEC_ID_H264 => "h264",
        video::CODEC_ID_HEVC => "hevc",
        video::CODEC_ID_VP8 => "vp8",
        video::CODEC_ID_VP9 => "vp9",
        video::CODEC_ID_AV1 => "av1",
        video::CODEC_ID_THEORA => "theora",
        _ => "other",
    }
}
