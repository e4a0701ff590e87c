//! The images of a text: which are on this computer, how they are shown, how new ones come in.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use stoa_domain::{BlobHash, DraftId, MAX_IMAGE_BYTES};
use stoa_ipc::{AddImage, AttachedFile, Failure, IMAGE_PIECE_BYTES, ShowFile};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::File;
use yew::Callback;

use super::pane::SharedSession;
use crate::host::Host;
use crate::texts::Words;

/// What a text calls a file of its draft.
const SCHEME: &str = "attachment:";

/// The images of one open draft.
pub(crate) struct Images {
    host: Host,
    session: SharedSession,
    draft: DraftId,
    known: RefCell<HashMap<BlobHash, Known>>,
    n_uploads: Cell<u32>,
    /// Says why an image was not taken.
    refused: Callback<Failure>,
}

/// What is known of one image.
#[derive(Default)]
struct Known {
    /// Where the page finds it, once it is here.
    address: Option<String>,
    /// Whether the server has it too.
    is_on_server: bool,
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
    pub(crate) fn new(
        host: Host,
        session: SharedSession,
        draft: DraftId,
        refused: Callback<Failure>,
    ) -> Self {
        Self {
            host,
            session,
            draft,
            known: RefCell::default(),
            n_uploads: Cell::new(0),
            refused,
        }
    }

    /// Where the page finds an image; one that is not known yet is asked for.
    pub(crate) fn address(self: &Rc<Self>, source: &str) -> Option<String> {
        let b3 = hash_in(source)?;
        if let Some(known) = self.known.borrow().get(&b3) {
            return known.address.clone();
        }
        self.known.borrow_mut().insert(b3, Known::default());
        self.ask(b3);
        None
    }

    /// What is said at an image: that it is on this computer only.
    pub(crate) fn note(&self, source: &str, words: &Words) -> Option<String> {
        let b3 = hash_in(source)?;
        let known = self.known.borrow();
        let is_only_here = known
            .get(&b3)
            .is_some_and(|known| known.address.is_some() && !known.is_on_server);
        is_only_here.then(|| words.get("image-only-here").to_string())
    }

    /// Something came or went: asks again about all that is not settled.
    pub(crate) fn look_again(self: &Rc<Self>) {
        let unsettled: Vec<BlobHash> = self
            .known
            .borrow()
            .iter()
            .filter(|(_, known)| known.address.is_none() || !known.is_on_server)
            .map(|(b3, _)| *b3)
            .collect();
        for b3 in unsettled {
            self.ask(b3);
        }
    }

    fn ask(self: &Rc<Self>, b3: BlobHash) {
        let images = self.clone();
        spawn_local(async move {
            // What no draft uses stays a card with its description.
            if let Ok(file) = images.host.call(ShowFile { b3 }).await {
                images.learn(&file).await;
            }
        });
    }

    async fn learn(self: &Rc<Self>, file: &AttachedFile) {
        let has_address = |known: &Known| known.address.is_some();
        let is_shown = self.known.borrow().get(&file.b3).is_some_and(has_address);
        let address = match file.is_here && !is_shown {
            true => self.host.backend().media(file.b3.to_string()).await,
            false => None,
        };
        let changed = {
            let mut all = self.known.borrow_mut();
            let known = all.entry(file.b3).or_default();
            let changed = address.is_some() || known.is_on_server != file.is_on_server;
            known.is_on_server = file.is_on_server;
            known.address = address.or(known.address.take());
            changed
        };
        if changed {
            self.session
                .with(|session| session.with_editor(super::bridge::Editor::show_images));
        }
    }

    /// Takes images in, one after the other, and puts each where the cursor is.
    pub(crate) fn take(self: &Rc<Self>, files: Vec<File>) {
        let images = self.clone();
        spawn_local(async move {
            for file in files {
                match images.send(&file).await {
                    Ok(Some(added)) => {
                        images.learn(&added).await;
                        let address = format!("{SCHEME}{}", added.b3);
                        super::run::put_image(
                            &images.session,
                            &address,
                            &description(&file.name()),
                        );
                    }
                    Ok(None) => {}
                    Err(failure) => images.refused.emit(failure),
                }
            }
        });
    }

    /// Hands an image over piece by piece.
    async fn send(&self, file: &File) -> Result<Option<AttachedFile>, Failure> {
        #[allow(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss
        )]
        // a size is a whole number far below 2^53
        let size = file.size() as u64;
        if size > MAX_IMAGE_BYTES {
            return Err(Failure::field("file", "image-too-large"));
        }
        let upload = self.n_uploads.get();
        self.n_uploads.set(upload.wrapping_add(1));
        let mut at = 0;
        loop {
            let end = size.min(at + IMAGE_PIECE_BYTES as u64);
            let bytes = piece(file, at, end).await;
            let bytes = bytes.map_err(|_| Failure::field("file", "image-broken"))?;
            let request = AddImage {
                draft: self.draft,
                name: file.name(),
                upload,
                at,
                bytes: STANDARD.encode(bytes),
                is_last: end == size,
            };
            let added = self.host.call(request).await?.file;
            if end == size {
                return Ok(added);
            }
            at = end;
        }
    }
}

async fn piece(file: &File, from: u64, to: u64) -> Result<Vec<u8>, JsValue> {
    #[allow(clippy::cast_precision_loss)] // the limit is far below 2^53
    let slice = file.slice_with_f64_and_f64(from as f64, to as f64)?;
    let buffer = JsFuture::from(slice.array_buffer()).await?;
    Ok(js_sys::Uint8Array::new(&buffer).to_vec())
}

/// The hash in `attachment:<64 digits>`.
fn hash_in(source: &str) -> Option<BlobHash> {
    source.strip_prefix(SCHEME)?.parse().ok()
}

/// What an image is called in the text: its file's name, unless a clipboard made that up.
fn description(name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    match stem {
        "image" | "unknown" => String::new(),
        stem => stem.replace(['[', ']', '\n'], " "),
    }
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

    #[test]
    fn a_made_up_name_is_no_description() {
        assert_eq!(description("image.png"), "");
        assert_eq!(description("封面[1].final.png"), "封面 1 .final");
    }
}
