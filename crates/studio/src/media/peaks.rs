//! How loud a sound is: the loudest of each of equally long stretches. A short one is heard from
//! end to end, of a long one some moments of each stretch.

use std::time::{Duration, Instant};

use stoa_domain::MAX_PEAKS;
use symphonia::core::codecs::audio::{AudioDecoder, AudioDecoderOptions};
use symphonia::core::formats::{FormatReader, SeekMode, SeekTo, TrackType};
use symphonia::core::packet::Packet;
use symphonia::core::units::{Time, TimeBase};

use super::Source;
use super::bounded::{Bounded, Budget};
use super::probe;

const LISTEN: Budget = Budget {
    bytes: 256 * 1024 * 1024,
    time: Duration::from_secs(4),
};
/// A sound up to this long is heard whole, in milliseconds.
const WHOLE: u64 = 5 * 60 * 1000;
/// Packets that are heard of a stretch of a longer one.
const PACKETS: usize = 6;

pub(super) fn listen(source: Box<dyn Source>, size: u64, millis: u64) -> Option<Vec<u8>> {
    let until = Instant::now() + LISTEN.time;
    let format = probe::open(Bounded::new(source, size, LISTEN))?;
    let mut ear = Ear::new(format, millis, until)?;
    let heard = match millis <= WHOLE {
        true => ear.whole(),
        false => ear.moments(),
    };
    heard?;
    Some(levels(&ear.loudest))
}

/// From 0 to 15, by the loudest of all.
fn levels(loudest: &[f32]) -> Vec<u8> {
    let most = loudest.iter().copied().fold(0.0, f32::max);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 0 to 15
    let level = |one: &f32| match most > 0.0 {
        true => (one / most * 15.0).round() as u8,
        false => 0,
    };
    loudest.iter().map(level).collect()
}

struct Ear {
    format: Box<dyn FormatReader>,
    decoder: Box<dyn AudioDecoder>,
    track: u32,
    base: TimeBase,
    millis: u64,
    until: Instant,
    loudest: Vec<f32>,
    samples: Vec<f32>,
}

impl Ear {
    fn new(format: Box<dyn FormatReader>, millis: u64, until: Instant) -> Option<Self> {
        let track = format.default_track(TrackType::Audio)?;
        let (id, base) = (track.id, track.time_base?);
        let sound = track.codec_params.as_ref()?.audio()?;
        let codecs = symphonia::default::get_codecs();
        let decoder = codecs
            .make_audio_decoder(sound, &AudioDecoderOptions::default())
            .ok()?;
        Some(Self {
            decoder,
            track: id,
            base,
            millis: millis.max(1),
            until,
            loudest: vec![0.0; MAX_PEAKS],
            samples: Vec::new(),
            format,
        })
    }

    fn whole(&mut self) -> Option<()> {
        while let Some(packet) = self.next()? {
            let begun = self.base.calc_time(packet.pts)?.as_secs_f64();
            let Some((rate, n_channels)) = self.decode(&packet) else {
                continue;
            };
            // A packet of a short sound is longer than a stretch.
            for (n, sample) in self.samples.iter().enumerate() {
                #[allow(clippy::cast_precision_loss)] // some thousand samples
                let seconds = begun + (n / n_channels) as f64 / rate;
                let place = place_of(seconds * 1000.0, self.millis);
                self.loudest[place] = self.loudest[place].max(sample.abs().min(1.0));
            }
        }
        Some(())
    }

    fn moments(&mut self) -> Option<()> {
        for place in 0..MAX_PEAKS {
            let at = self.millis * (2 * place as u64 + 1) / (2 * MAX_PEAKS as u64);
            #[allow(clippy::cast_precision_loss)] // at most ten days
            let time = Time::try_from_secs_f64(at as f64 / 1000.0)?;
            let to = SeekTo::Time {
                time,
                track_id: Some(self.track),
            };
            // The end may lie before what the container says.
            if self.format.seek(SeekMode::Coarse, to).is_err() {
                continue;
            }
            self.decoder.reset();
            for _ in 0..PACKETS {
                match self.next()? {
                    Some(packet) => self.hear(&packet, place),
                    None => break,
                }
            }
        }
        Some(())
    }

    /// The next packet of the sound; `None` inside at the end, outside when it takes too long.
    fn next(&mut self) -> Option<Option<Packet>> {
        loop {
            if Instant::now() > self.until {
                return None;
            }
            match self.format.next_packet() {
                Ok(Some(packet)) if packet.track_id != self.track => {}
                Ok(packet) => return Some(packet),
                Err(_) => return Some(None),
            }
        }
    }

    fn hear(&mut self, packet: &Packet, place: usize) {
        if self.decode(packet).is_some() {
            let loudest = self.samples.iter().map(|sample| sample.abs().min(1.0));
            self.loudest[place] = loudest.fold(self.loudest[place], f32::max);
        }
    }

    /// Fills the samples; how many a second, and of how many channels in turn. What cannot be
    /// decoded is silence.
    fn decode(&mut self, packet: &Packet) -> Option<(f64, usize)> {
        let sound = self.decoder.decode(packet).ok()?;
        sound.copy_to_vec_interleaved(&mut self.samples);
        let spec = sound.spec();
        Some((
            f64::from(spec.rate().max(1)),
            spec.channels().count().max(1),
        ))
    }
}

#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss
)] // a place among 96
fn place_of(at: f64, millis: u64) -> usize {
    let place = (at / millis as f64 * MAX_PEAKS as f64).max(0.0) as usize;
    place.min(MAX_PEAKS - 1)
}
