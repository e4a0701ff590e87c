//! Sounds and films of drafts, what belongs to them, and images cut to size.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Cursor, Read};
use std::sync::atomic::Ordering;
use std::time::Instant;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use stoa_domain::{
    BlobHash, DraftId, FileAddress, HEAD_BYTES, MAX_IMAGE_BYTES, MediaForm, MediaKind, Recording,
};
use stoa_ipc::{
    AddDroppedRecording, AddRecording, AddTrack, AddedRecording, AttachedFile, ChangeImage,
    ErrorCode, Failure, GetTrack, IMAGE_PIECE_BYTES, ImageChange, ImageSaved, ListRecordings,
    PlayRecording, PlayerAddress, RecordingAdded, ShowFile, StopAdding, TrackCue, TriedImage,
    TryImage,
};
use stoa_markdown::{BlockKind, MAX_TRACK_BYTES, read_track};
use stoa_store::{FileRefusal, NewFile, Store, StoreError};

use super::file::{add, of_draft, show_file, told, unreadable};
use crate::failure::OrFailure;
use crate::intake::Kept;
use crate::media::{self, Change, Crop, PictureError, Saved, Stored};
use crate::options::StudioOptions;
use crate::studio::{Studio, blocking};

pub(super) async fn add_recording(
    studio: &Studio,
    request: AddRecording,
) -> Result<RecordingAdded, Failure> {
    let bytes = STANDARD.decode(&request.bytes);
    let bytes = bytes.map_err(|_| Failure::field("bytes", "invalid"))?;
    if bytes.len() > IMAGE_PIECE_BYTES {
        return Err(Failure::new(ErrorCode::TooLarge, "too large a piece"));
    }
    let key = (request.draft, request.upload);
    if request.at == 0 {
        // What it is not is known by its beginning.
        if MediaForm::sniff(&bytes).is_none() {
            return Err(not_a_recording());
        }
        let store = studio.profile()?.store.clone();
        let options = studio.inner.options.clone();
        let new = new_file(request.draft, request.name);
        studio.begin_pieces(key, move |mut pieces| {
            keep(&store, &options, &new, &mut pieces).or_failure()
        })?;
    }
    let piece = (request.at, bytes);
    let kept = studio.hand_over(key, piece, request.is_last).await?;
    let recording = kept.map(told_recording).transpose()?;
    Ok(RecordingAdded { recording })
}

fn told_recording(kept: Kept) -> Result<AddedRecording, Failure> {
    let recording = kept.recording.ok_or_else(not_a_recording)?;
    let address = FileAddress {
        b3: kept.file.b3,
        recording: Some(recording.clone()),
    };
    Ok(AddedRecording {
        file: kept.file,
        address: address.to_string(),
        plays_everywhere: recording.plays_everywhere(),
    })
}

pub(super) async fn add_dropped_recording(
    studio: &Studio,
    request: AddDroppedRecording,
) -> Result<AddedRecording, Failure> {
    let path = studio.inner.drops.path(request.drop, request.index);
    let path = path.ok_or_else(|| Failure::new(ErrorCode::NotFound, "no such drop"))?;
    let name = path.file_name().unwrap_or_default();
    let new = new_file(request.draft, name.to_string_lossy().into_owned());
    let store = studio.profile()?.store.clone();
    let (studio, key) = (studio.clone(), (request.draft, request.upload));
    let kept = blocking(move || {
        let open = || File::open(&path).map_err(|error| unreadable(&error));
        let size = open()?.metadata().map_or(0, |metadata| metadata.len());
        // Before a large file is read, so that it is said at once.
        media::look(open()?, size).map_err(|_| FileRefusal::NotARecording)?;
        let mut source = studio.watched(key, open()?, size);
        let stop_sign = source.stop_sign();
        let kept = keep(&store, &studio.inner.options, &new, &mut source);
        let is_stopped = stop_sign.load(Ordering::Relaxed);
        studio.stop_intake(key);
        Ok::<_, StoreError>((kept, is_stopped))
    });
    let (kept, is_stopped) = kept.await?.or_failure()?;
    match kept {
        Err(_) if is_stopped => Err(Failure::field("file", "adding-stopped")),
        kept => told_recording(kept.or_failure()?),
    }
}

/// The most files of one draft that are looked at to learn what they are.
const MOST_LOOKED_AT: usize = 12;

pub(super) async fn list_recordings(
    studio: &Studio,
    request: ListRecordings,
) -> Result<Vec<AddedRecording>, Failure> {
    let list = move |store: &Store| {
        let chosen = store.draft(request.draft)?.content.recording;
        let mut known = named_in(&store.markdown(request.draft)?);
        known.extend(chosen.address().map(|address| (address.b3, address)));
        let mut n_looked = 0;
        let mut found: Vec<AddedRecording> = Vec::new();
        for file in store.files(Some(request.draft))? {
            let b3 = file.attachment.b3;
            let is_image = file.attachment.media_type.is_image();
            if is_image || found.iter().any(|one| one.file.b3 == b3) {
                continue;
            }
            let address = match known.remove(&b3) {
                Some(address) => Some(address),
                None if n_looked < MOST_LOOKED_AT => looked_at(store, b3, &mut n_looked)?,
                None => None,
            };
            if let Some(address) = address {
                let recording = address.recording.as_ref();
                found.push(AddedRecording {
                    file: told(file),
                    plays_everywhere: recording.is_some_and(Recording::plays_everywhere),
                    address: address.to_string(),
                });
            }
        }
        Ok(found)
    };
    studio.ask(list).await
}

/// The recordings that a text names, by their files.
fn named_in(markdown: &str) -> BTreeMap<BlobHash, FileAddress> {
    let mut named = BTreeMap::new();
    let Ok(document) = stoa_markdown::read(markdown) else {
        return named;
    };
    document.visit(&mut |block| {
        if let BlockKind::Media { image, .. } = &block.kind
            && let Ok(address) = image.src.parse::<FileAddress>()
            && address.recording.is_some()
        {
            named.insert(address.b3, address);
        }
    });
    named
}

/// What a file is of which no text says it, where it is here. Whether it begins like a recording
/// costs nothing.
fn looked_at(
    store: &Store,
    b3: BlobHash,
    n_looked: &mut usize,
) -> Result<Option<FileAddress>, StoreError> {
    let Some(mut reader) = store.open_file(b3)? else {
        return Ok(None);
    };
    let size = reader.size();
    let head = reader
        .read(0..size.min(HEAD_BYTES as u64))
        .unwrap_or_default();
    if MediaForm::sniff(&head).is_none() {
        return Ok(None);
    }
    *n_looked += 1;
    let seen = media::look(Stored::new(reader), size).ok();
    Ok(seen.map(|recording| FileAddress {
        b3,
        recording: Some(recording),
    }))
}

pub(super) async fn stop_adding(studio: &Studio, request: StopAdding) -> Result<(), Failure> {
    studio.stop_intake((request.draft, request.upload));
    Ok(())
}

fn new_file(draft: DraftId, name: String) -> NewFile {
    NewFile {
        draft,
        name,
        must_be_image: false,
    }
}

fn not_a_recording() -> Failure {
    Failure::field("file", "not-a-recording")
}

/// Takes a recording in, looks at it where it lies, and listens to it.
fn keep(
    store: &Store,
    options: &StudioOptions,
    new: &NewFile,
    source: &mut dyn Read,
) -> Result<Kept, StoreError> {
    let mut seen = None;
    let mut fits = |reader: stoa_store::FileReader| {
        let size = reader.size();
        seen = media::look(Stored::new(reader), size).ok();
        seen.is_some()
    };
    let at = (options.clock.now(), &*options.random);
    let added = store.add_file_that(new, source, at, &mut fits)?;
    let mut recording = seen.ok_or(FileRefusal::NotARecording)?;
    if let (MediaKind::Audio, Some(millis)) = (recording.form.kind(), recording.millis)
        && let Some(reader) = store.open_file(added.b3)?
    {
        recording.peaks = media::listen(Stored::new(reader), added.size, millis);
    }
    Ok(Kept {
        file: of_draft(store, new.draft, added.b3)?,
        recording: Some(recording),
    })
}

pub(super) async fn play_recording(
    studio: &Studio,
    request: PlayRecording,
) -> Result<PlayerAddress, Failure> {
    let playable = studio.playable(request.b3).await;
    if playable.is_none() {
        return Err(Failure::new(ErrorCode::NotFound, "nothing to be played"));
    }
    let base = studio.inner.options.player.as_ref();
    let address =
        base.map(|base| format!("{base}{}", studio.new_ticket(request.b3, Instant::now())));
    Ok(PlayerAddress { address })
}

pub(super) async fn add_track(studio: &Studio, request: AddTrack) -> Result<AttachedFile, Failure> {
    if request.text.len() > MAX_TRACK_BYTES {
        return Err(Failure::field("file", "track-too-large"));
    }
    read_track(&request.text).map_err(|_| Failure::field("file", "not-a-track"))?;
    let new = new_file(request.draft, request.name);
    let bytes = request.text.into_bytes();
    add(studio, new, move || Ok(Cursor::new(bytes))).await
}

pub(super) async fn get_track(
    studio: &Studio,
    request: GetTrack,
) -> Result<Vec<TrackCue>, Failure> {
    // What is not here is fetched, and asked for again when it has come.
    show_file(studio, ShowFile { b3: request.b3 }).await?;
    let bytes = whole(studio, request.b3, MAX_TRACK_BYTES as u64).await?;
    let text = String::from_utf8(bytes).map_err(|_| Failure::field("file", "not-a-track"))?;
    let cues = read_track(&text).map_err(|_| Failure::field("file", "not-a-track"))?;
    let told = |cue: stoa_markdown::Cue| TrackCue {
        from: cue.from,
        to: cue.to,
        text: cue.text,
    };
    Ok(cues.into_iter().map(told).collect())
}

pub(super) async fn try_image(studio: &Studio, request: TryImage) -> Result<TriedImage, Failure> {
    let before = whole(studio, request.b3, MAX_IMAGE_BYTES).await?;
    let size_before = before.len() as u64;
    let made = made(before, request.change).await?;
    Ok(TriedImage {
        size_before,
        size: made.bytes.len() as u64,
        width: made.width,
        height: made.height,
    })
}

pub(super) async fn change_image(
    studio: &Studio,
    request: ChangeImage,
) -> Result<AttachedFile, Failure> {
    let file = studio.ask(move |store| store.file(request.b3)).await?;
    let name = String::from(file.attachment.name);
    let stem = name
        .rsplit_once('.')
        .map_or(name.as_str(), |(stem, _)| stem);
    let end = match request.change.saved {
        ImageSaved::Jpeg { .. } => "jpg",
        ImageSaved::Png => "png",
        ImageSaved::Webp => "webp",
    };
    let new = NewFile {
        draft: request.draft,
        name: format!("{stem}.{end}"),
        must_be_image: true,
    };
    let before = whole(studio, request.b3, MAX_IMAGE_BYTES).await?;
    let made = made(before, request.change).await?;
    add(studio, new, move || Ok(Cursor::new(made.bytes))).await
}

/// All of a file that is here and not too large.
async fn whole(studio: &Studio, b3: BlobHash, most: u64) -> Result<Vec<u8>, Failure> {
    let read = studio.ask(move |store| {
        // What no draft uses is nobody's business.
        store.file(b3)?;
        let mut reader = store.open_file(b3)?.ok_or(StoreError::NotFound)?;
        let size = reader.size();
        if size > most {
            return Err(FileRefusal::TooLarge { limit: most }.into());
        }
        Ok(reader.read(0..size))
    });
    let read = read.await?;
    read.map_err(|_| Failure::new(ErrorCode::DiskFailed, "a file cannot be read"))
}

struct Made {
    bytes: Vec<u8>,
    width: u32,
    height: u32,
}

async fn made(before: Vec<u8>, wanted: ImageChange) -> Result<Made, Failure> {
    let crop = wanted.crop.map(|crop| Crop {
        x: crop.x,
        y: crop.y,
        width: crop.width,
        height: crop.height,
    });
    let change = Change {
        crop,
        most_side: wanted.most_side,
        saved: match wanted.saved {
            ImageSaved::Jpeg { quality } => Saved::Jpeg { quality },
            ImageSaved::Png => Saved::Png,
            ImageSaved::Webp => Saved::Webp,
        },
    };
    let made = blocking(move || {
        let image = media::change(&before, &change)?;
        let bytes = media::encode(&image, change.saved)?;
        Ok(Made {
            bytes,
            width: image.width(),
            height: image.height(),
        })
    });
    made.await?.map_err(|why| match why {
        PictureError::NotChangeable => Failure::field("file", "image-not-changeable"),
        PictureError::Broken => Failure::field("file", "image-broken"),
        PictureError::TooManyPixels => Failure::field("file", "too-many-pixels"),
        PictureError::Outside => Failure::field("crop", "out-of-range"),
    })
}
