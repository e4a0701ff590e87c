//! The images and other files of a text: which are on this computer, and how they are shown.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::rc::Rc;

use stoa_domain::{BlobHash, DraftId, FileAddress};
use stoa_ipc::{
    AttachedFile, Connection, Failure, FilesStatus, GetFiles, ListFiles, PlayRecording, RetryFiles,
    ShowFile, SyncNow, TrackCue,
};
use wasm_bindgen_futures::spawn_local;
use yew::Callback;

use super::away::{Away, Standing, is_out_of_reach};
use super::bridge::Editor;
use super::calls::{ImageQuestions, Place};
use super::known::Known;
use super::pane::SharedSession;
use super::recordings::{Adding, recording_in};
use super::run::{Put, put_images, readdress};
use super::taken::{Arrived, Refused, Taken};
use crate::host::Host;
use crate::texts::Words;

/// How often it is tried to put images into a text that an input method has.
const TRIES: u32 = 40;
const TRY_AGAIN_MS: u32 = 250;
/// An address of a player is good for ten minutes after its last use; when it fails after this time
/// it is asked for anew, before that the recording cannot be played here.
const RENEW_AFTER_MS: f64 = 9.0 * 60.0 * 1000.0;

/// The images and other files of one open draft.
pub(crate) struct Images {
    host: Host,
    session: SharedSession,
    draft: DraftId,
    known: RefCell<HashMap<BlobHash, Known>>,
    n_uploads: Cell<u32>,
    /// What keeps images from coming.
    standing: RefCell<Standing>,
    pub(super) tracks: RefCell<HashMap<BlobHash, Option<Rc<Vec<TrackCue>>>>>,
    /// The recording that is being taken in, until somebody stops it.
    pub(super) under_way: Cell<Option<u32>>,
    pub(super) news: ImageNews,
}

/// What the images of a draft tell.
#[derive(Clone)]
pub(crate) struct ImageNews {
    /// Which files were not taken, and why.
    pub(crate) refused: Callback<Vec<Refused>>,
    /// A recording is being taken in; `None` when it is through.
    pub(crate) adding: Callback<Option<Adding>>,
}

/// The same images as before.
#[derive(Clone)]
pub(crate) struct SharedImages(pub(crate) Rc<Images>);

impl PartialEq for SharedImages {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Images {
    pub(crate) fn new(host: Host, session: SharedSession, draft: DraftId, news: ImageNews) -> Self {
        Self {
            host,
            session,
            draft,
            known: RefCell::default(),
            n_uploads: Cell::new(0),
            standing: RefCell::default(),
            tracks: RefCell::default(),
            under_way: Cell::new(None),
            news,
        }
    }

    pub(super) fn host(&self) -> &Host {
        &self.host
    }

    pub(super) fn session(&self) -> &SharedSession {
        &self.session
    }

    pub(super) fn draft(&self) -> DraftId {
        self.draft
    }

    pub(super) fn next_upload(&self) -> u32 {
        let upload = self.n_uploads.get();
        self.n_uploads.set(upload.wrapping_add(1));
        upload
    }

    /// Where the page finds an image; one that is not known yet is asked for.
    pub(super) fn address(self: &Rc<Self>, source: &str) -> Option<String> {
        let b3 = hash_in(source)?;
        match self.known.borrow_mut().entry(b3) {
            Entry::Occupied(mut known) => {
                // One that the text both links to and shows is asked about once more.
                let known = known.get_mut();
                if !std::mem::take(&mut known.is_linked) {
                    return known.address.clone();
                }
                known.is_large = recording_in(source).is_some();
            }
            Entry::Vacant(place) => {
                place.insert(Known {
                    is_large: recording_in(source).is_some(),
                    ..Known::default()
                });
            }
        }
        self.ask(b3);
        None
    }

    /// What kind of file it is that the text links to, and its size; one that is not known yet is asked
    /// for.
    fn about(self: &Rc<Self>, source: &str) -> Option<String> {
        let b3 = hash_in(source)?;
        if let Some(known) = self.known.borrow().get(&b3) {
            return known.about.clone();
        }
        self.known.borrow_mut().insert(b3, Known::linked());
        self.ask(b3);
        None
    }

    /// What the editor asks about images, in a language.
    pub(crate) fn questions(self: &Rc<Self>, words: &Words) -> ImageQuestions {
        let (address, note, retry) = (self.clone(), self.clone(), self.clone());
        let (track, about) = (self.clone(), self.clone());
        let (note_words, retry_words) = (words.clone(), words.clone());
        ImageQuestions {
            address: Rc::new(move |source| address.address(&source)),
            note: Rc::new(move |source| note.note(&source, &note_words)),
            retry: Rc::new(move |source| retry.retry_label(&source, &retry_words)),
            track: Rc::new(move |source| track.track(&source)),
            about: Rc::new(move |source| about.about(&source)),
        }
    }

    /// What is said at an image: that it is on this computer only, or why it is not on it.
    fn note(&self, source: &str, words: &Words) -> Option<String> {
        let b3 = hash_in(source)?;
        let known = self.known.borrow();
        let known = known.get(&b3)?;
        if known.is_unplayable {
            return Some(words.get("media-not-playable").to_string());
        }
        match (known.is_here(), known.is_on_server) {
            (true, true) => None,
            (true, false) => Some(self.outgoing(words)),
            (false, is_on_server) => {
                let away = known
                    .is_answered
                    .then(|| self.standing.borrow().away(b3, is_on_server))?;
                let key = match (away, known.is_left_away()) {
                    (Away::Coming, true) => "media-only-on-server",
                    _ => away.key(),
                };
                Some(words.get(key).to_string())
            }
        }
    }

    /// That a file is on this computer only, or on its way to the server.
    fn outgoing(&self, words: &Words) -> String {
        match self.standing.borrow().sent {
            Some(percent) => words
                .with("media-sending", &[("percent", percent.into())])
                .to_string(),
            None => words.get("image-only-here").to_string(),
        }
    }

    /// A player could not play what it was given.
    pub(crate) fn not_played(self: &Rc<Self>, source: &str) {
        let Some(b3) = hash_in(source) else { return };
        let is_old = {
            let mut all = self.known.borrow_mut();
            let known = all.entry(b3).or_default();
            let is_old = js_sys::Date::now() - known.since > RENEW_AFTER_MS;
            match is_old {
                true => known.address = None,
                false => known.is_unplayable = true,
            }
            is_old
        };
        match is_old {
            true => self.ask(b3),
            false => self.show(),
        }
    }

    /// What the button at an image is called that does not come by itself soon.
    fn retry_label(&self, source: &str, words: &Words) -> Option<String> {
        let b3 = hash_in(source)?;
        let known = self.known.borrow();
        let known = known.get(&b3).filter(|known| known.is_answered)?;
        let away = self.standing.borrow().away(b3, known.is_on_server);
        match away {
            Away::Coming if known.is_left_away() => Some(words.get("media-fetch").to_string()),
            Away::Coming | Away::Paused => None,
            Away::OutOfReach | Away::Lost | Away::Refused => {
                Some(words.get("try-again").to_string())
            }
        }
    }

    /// Somebody wants an image to be tried again now.
    pub(crate) fn retry(self: &Rc<Self>, source: &str) {
        let Some(b3) = hash_in(source) else { return };
        self.known.borrow_mut().entry(b3).or_default().is_wanted = true;
        self.show();
        let images = self.clone();
        spawn_local(async move {
            // What still keeps it is said at the image.
            let _ = images.host.call(SyncNow {}).await;
            let _ = images.host.call(RetryFiles {}).await;
            images.ask(b3);
        });
    }

    /// Asks how files travel, before anything is told of it.
    pub(crate) fn ask_standing(self: &Rc<Self>) {
        let images = self.clone();
        spawn_local(async move {
            // What fails is told again by the first event.
            if let Ok(status) = images.host.call(GetFiles {}).await {
                images.files_stand(&status);
            }
        });
    }

    /// How files travel now.
    pub(crate) fn files_stand(&self, status: &FilesStatus) {
        let stuck = status.stuck.iter().filter(|file| !file.is_outgoing);
        let stuck = stuck.map(|file| (file.b3, file.trouble)).collect();
        let sent = (status.to_send > 0 && status.trouble.is_none() && status.n_total > 0)
            .then(|| (status.n_done * 100 / status.n_total).min(100));
        self.stands(|standing| {
            standing.sent = sent;
            standing.is_paused = status.is_paused;
            standing.stuck = stuck;
        });
    }

    /// How the studio stands with its server now.
    pub(crate) fn connection_is(&self, connection: Connection) {
        self.stands(|standing| standing.is_out_of_reach = is_out_of_reach(connection));
    }

    fn stands(&self, change: impl FnOnce(&mut Standing)) {
        let before = self.standing.borrow().clone();
        change(&mut self.standing.borrow_mut());
        let is_away = |known: &Known| known.is_answered && !known.is_settled();
        if *self.standing.borrow() != before && self.known.borrow().values().any(is_away) {
            self.show();
        }
    }

    pub(super) fn show(&self) {
        self.session
            .with(|session| session.with_editor(Editor::show_images));
    }

    /// Something came or went: asks again about all that is not settled.
    pub(crate) fn look_again(self: &Rc<Self>) {
        let unsettled: Vec<BlobHash> = self
            .known
            .borrow()
            .iter()
            .filter(|(_, known)| !known.is_settled())
            .map(|(b3, _)| *b3)
            .collect();
        for b3 in unsettled {
            self.ask(b3);
        }
        let n_before = self.tracks.borrow().len();
        self.tracks.borrow_mut().retain(|_, cues| cues.is_some());
        if self.tracks.borrow().len() < n_before {
            self.show();
        }
    }

    fn ask(self: &Rc<Self>, b3: BlobHash) {
        let images = self.clone();
        spawn_local(async move {
            // What no draft uses stays a card with its description.
            if let Ok(file) = images.asked(b3).await {
                images.learn(&file).await;
            }
        });
    }

    /// How a file stands; asking for one by itself has it fetched.
    async fn asked(&self, b3: BlobHash) -> Result<AttachedFile, Failure> {
        let is_left_away = self
            .known
            .borrow()
            .get(&b3)
            .is_some_and(Known::is_left_away);
        if is_left_away {
            let draft = Some(self.draft);
            let files = self.host.call(ListFiles { draft }).await?;
            if let Some(file) = files.into_iter().find(|file| file.b3 == b3) {
                return Ok(file);
            }
        }
        self.host.call(ShowFile { b3 }).await
    }

    async fn learn(self: &Rc<Self>, file: &AttachedFile) {
        let needs_address = |known: &Known| known.address.is_none() && !known.is_linked;
        let is_needed = match self.known.borrow().get(&file.b3) {
            Some(known) => needs_address(known),
            None => true,
        };
        let address = match file.is_here && is_needed {
            true => self.found_at(file).await,
            false => None,
        };
        let is_news = {
            let mut all = self.known.borrow_mut();
            let known = all.entry(file.b3).or_default();
            known.learn(file, address, js_sys::Date::now())
        };
        if is_news {
            self.show();
        }
    }

    /// Where the page finds a file that is on this computer.
    async fn found_at(&self, file: &AttachedFile) -> Option<String> {
        let b3 = file.b3;
        if !file.media_type.is_image() {
            // What cannot be played stays a card.
            let player = self.host.call(PlayRecording { b3 }).await.ok()?;
            if player.address.is_some() {
                return player.address;
            }
        }
        self.host.backend().media(b3.to_string()).await
    }

    pub(super) async fn put(self: &Rc<Self>, mut taken: Taken, place: Option<Place>) {
        for arrived in &taken.files {
            self.expect(arrived);
            self.learn(&arrived.file).await;
        }
        if !taken.files.is_empty() && !self.is_put(&taken.files, place).await {
            taken.were_not_put();
        }
        taken.note_what_not_all_play();
        if !taken.refused.is_empty() {
            self.news.refused.emit(taken.refused);
        }
    }

    /// What comes as a link needs no address, unless the text shows it too.
    fn expect(&self, arrived: &Arrived) {
        if arrived.is_linked {
            let mut all = self.known.borrow_mut();
            all.entry(arrived.file.b3).or_insert_with(Known::linked);
        }
    }

    /// Puts images into the text; while an input method composes, the text is its own.
    async fn is_put(&self, files: &[Arrived], place: Option<Place>) -> bool {
        let images: Vec<Put> = files.iter().map(Arrived::put).collect();
        self.until_done(|session| put_images(session, &images, place))
            .await
    }

    /// Gives what has one address in the text another one; whether it could be done.
    pub(super) async fn is_readdressed(&self, from: &str, to: &str) -> bool {
        self.until_done(|session| readdress(session, from, to))
            .await
    }

    async fn until_done(&self, change: impl Fn(&SharedSession) -> bool) -> bool {
        for _ in 0..TRIES {
            if change(&self.session) {
                return true;
            }
            gloo_timers::future::TimeoutFuture::new(TRY_AGAIN_MS).await;
        }
        false
    }

    /// Says why a file was not taken.
    pub(super) fn refuse(&self, name: String, why: Failure) {
        self.news.refused.emit(vec![Refused { name, why }]);
    }
}

/// The hash in the address of a file.
pub(super) fn hash_in(source: &str) -> Option<BlobHash> {
    let address: FileAddress = source.parse().ok()?;
    Some(address.b3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_hashes_are_images_of_the_draft() {
        let digits = "0a".repeat(32);
        assert!(hash_in(&format!("attachment:{digits}")).is_some());
        for other in ["attachment:", "https://x.example/a.png", &digits] {
            assert!(hash_in(other).is_none(), "{other}");
        }
    }
}
