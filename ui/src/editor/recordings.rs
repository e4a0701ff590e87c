//! Sounds and films of a text: how new ones come in, and what belongs to them.

use std::rc::Rc;

use stoa_domain::{BlobHash, FileAddress, Recording};
use stoa_ipc::{
    AddDroppedRecording, AddTrack, AddedRecording, AddingFile, Failure, GetTrack, StopAdding,
    TrackCue,
};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::File;

use super::images::Images;
use super::sending::send_recording;

/// What a recording's name ends in; what it is, the studio says.
const ENDINGS: [&str; 17] = [
    "mp3", "m4a", "m4b", "aac", "ogg", "oga", "opus", "wav", "flac", "mp4", "m4v", "mov", "webm",
    "mkv", "ogv", "weba", "mka",
];

/// A sound, a film or another file that is being taken in.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Adding {
    pub(crate) name: String,
    /// Bytes.
    pub(crate) n_done: u64,
    pub(crate) n_total: u64,
}

impl Adding {
    /// From 0 to 100; at the end it is still looked at.
    pub(crate) fn percent(&self) -> u64 {
        (self.n_done * 100)
            .checked_div(self.n_total)
            .unwrap_or(0)
            .min(100)
    }
}

/// Whether a file is to be taken in as a recording, by its name.
pub(crate) fn is_recording(name: &str) -> bool {
    let end = name.rsplit_once('.').map(|(_, end)| end.to_lowercase());
    end.is_some_and(|end| ENDINGS.contains(&end.as_str()))
}

/// Which file of a recording another one becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Belonging {
    Poster,
    Chapters,
    Transcript,
}

/// The address of a recording with another file that belongs to it.
pub(super) fn with(source: &str, belonging: Belonging, b3: BlobHash) -> Option<String> {
    let mut address: FileAddress = source.parse().ok()?;
    let recording = address.recording.as_mut()?;
    match belonging {
        Belonging::Poster => recording.poster = Some(b3),
        Belonging::Chapters => recording.chapters = Some(b3),
        Belonging::Transcript => recording.transcript = Some(b3),
    }
    Some(address.to_string())
}

pub(super) fn recording_in(source: &str) -> Option<Recording> {
    let address: FileAddress = source.parse().ok()?;
    address.recording
}

impl Images {
    fn is_stopped(&self, upload: u32) -> bool {
        self.under_way.get() != Some(upload)
    }

    /// Something comes in that can be stopped: the number that tells it from others.
    pub(super) fn begins(&self, name: &str) -> u32 {
        let upload = self.next_upload();
        self.under_way.set(Some(upload));
        self.tells_adding(Some(Adding {
            name: name.to_owned(),
            n_done: 0,
            n_total: 0,
        }));
        upload
    }

    /// Tells how far it is, and says whether it is still wanted.
    pub(super) fn goes_on(&self, upload: u32, name: String) -> impl Fn(u64, u64) -> bool {
        move |n_done, n_total| {
            if self.is_stopped(upload) {
                return false;
            }
            self.tells_adding(Some(Adding {
                name: name.clone(),
                n_done,
                n_total,
            }));
            true
        }
    }

    pub(super) fn is_over(&self) {
        self.under_way.set(None);
        self.tells_adding(None);
    }

    fn tells_adding(&self, adding: Option<Adding>) {
        self.news.adding.emit(adding);
    }

    /// Hands a recording over, and tells how far it is.
    pub(super) async fn send_recording(&self, file: &File) -> Result<AddedRecording, Failure> {
        let upload = self.begins(&file.name());
        let goes_on = self.goes_on(upload, file.name());
        let sent = send_recording(self.host(), (self.draft(), upload), file, goes_on).await;
        self.is_over();
        sent
    }

    /// Has the studio take in one of the files that were dropped outside the page.
    pub(super) async fn take_dropped_recording(
        &self,
        (drop, index): (u64, u32),
        name: &str,
    ) -> Result<AddedRecording, Failure> {
        let upload = self.begins(name);
        let added = self.host().call(AddDroppedRecording {
            drop,
            index,
            draft: self.draft(),
            upload,
        });
        let added = added.await;
        self.is_over();
        added
    }

    /// How far the studio is with a file of the disk.
    pub(crate) fn adding_stands(&self, told: &AddingFile, before: Option<Adding>) {
        if told.draft == self.draft()
            && let Some(adding) = before
        {
            self.tells_adding(Some(Adding {
                n_done: told.n_done,
                n_total: told.n_total,
                ..adding
            }));
        }
    }

    /// Somebody does not want what is being taken in.
    pub(crate) fn stop_adding(self: &Rc<Self>) {
        let Some(upload) = self.under_way.take() else {
            return;
        };
        let images = self.clone();
        spawn_local(async move {
            let draft = images.draft();
            // What was through before is in the text, and can be taken out there.
            let _ = images.host().call(StopAdding { draft, upload }).await;
        });
    }

    /// Adds chapters or a transcript to a recording of the text.
    pub(super) async fn add_track(
        &self,
        source: &str,
        belonging: Belonging,
        file: &File,
    ) -> Result<String, Failure> {
        let unreadable = |_| Failure::field("file", "cannot-be-read");
        let text = JsFuture::from(file.text()).await.map_err(unreadable)?;
        let added = self.host().call(AddTrack {
            draft: self.draft(),
            name: file.name(),
            text: text.as_string().unwrap_or_default(),
        });
        let added = added.await?;
        with(source, belonging, added.b3).ok_or_else(|| Failure::field("file", "not-a-recording"))
    }

    /// Chapters and transcript of a recording as the editor wants them; what is not known yet is
    /// asked for.
    pub(super) fn track(self: &Rc<Self>, source: &str) -> Option<String> {
        let recording = recording_in(source)?;
        let cues = |b3: Option<BlobHash>| {
            let known = self.cues(b3?);
            let told = |cue: &TrackCue| serde_json::json!([cue.from, cue.text]);
            known.map(|cues| cues.iter().map(told).collect::<Vec<_>>())
        };
        let (chapters, transcript) = (cues(recording.chapters), cues(recording.transcript));
        if chapters.is_none() && transcript.is_none() {
            return None;
        }
        let told = serde_json::json!({
            "chapters": chapters.unwrap_or_default(),
            "transcript": transcript.unwrap_or_default(),
        });
        Some(told.to_string())
    }

    fn cues(self: &Rc<Self>, b3: BlobHash) -> Option<Rc<Vec<TrackCue>>> {
        if let Some(known) = self.tracks.borrow().get(&b3) {
            return known.clone();
        }
        self.tracks.borrow_mut().insert(b3, None);
        let images = self.clone();
        spawn_local(async move {
            // One that is not here is asked for again when files have come.
            if let Ok(cues) = images.host().call(GetTrack { b3 }).await {
                let known = Some(Rc::new(cues));
                images.tracks.borrow_mut().insert(b3, known);
                images.show();
            }
        });
        None
    }
}

#[cfg(test)]
mod tests {
    use stoa_domain::MediaForm;

    use super::*;

    #[test]
    fn recordings_are_known_by_their_endings() {
        for name in ["第一讲.MP4", "a.mp3", "b.c.webm"] {
            assert!(is_recording(name), "{name}");
        }
        for name in ["a.png", "mp4", "a.vtt", ""] {
            assert!(!is_recording(name), "{name}");
        }
    }

    #[test]
    fn what_belongs_to_a_recording_stands_in_its_address() {
        let b3 = |byte| BlobHash::from_bytes([byte; 32]);
        let source = FileAddress {
            b3: b3(1),
            recording: Some(Recording::of(MediaForm::Mp4)),
        };
        let with_poster = with(&source.to_string(), Belonging::Poster, b3(2)).unwrap();
        let both = with(&with_poster, Belonging::Chapters, b3(3)).unwrap();
        let recording = recording_in(&both).unwrap();
        assert_eq!(
            (recording.poster, recording.chapters, recording.transcript),
            (Some(b3(2)), Some(b3(3)), None)
        );
        let image = FileAddress::of(b3(1)).to_string();
        assert_eq!(with(&image, Belonging::Poster, b3(2)), None);
    }

    #[test]
    fn how_far_it_is_never_passes_the_whole() {
        let adding = |n_done, n_total| Adding {
            name: String::new(),
            n_done,
            n_total,
        };
        assert_eq!(adding(0, 0).percent(), 0);
        assert_eq!(adding(5, 10).percent(), 50);
        assert_eq!(adding(11, 10).percent(), 100);
    }
}
