//! Files that were chosen, pasted or dropped: as what each comes into the text, and how.

use std::rc::Rc;

use stoa_ipc::{AddDropped, AttachDropped, AttachedFile, DroppedFiles, Failure, ImportDropped};
use wasm_bindgen_futures::spawn_local;
use web_sys::File;

use super::calls::Place;
use super::images::Images;
use super::recordings::is_recording;
use super::run::{is_on_text, place_at};
use super::sending::send_file;
use super::taken::{Arrived, Taken, parted};

/// As what a file comes into a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ComesAs {
    Image,
    Recording,
    /// A link for readers to keep it by.
    File,
}

/// What the names of images end in that a text shows.
const IMAGES: [&str; 6] = ["png", "jpg", "jpeg", "gif", "webp", "avif"];

impl ComesAs {
    /// By the end of the name; where that says nothing, by what the system takes the file for.
    pub(super) fn of(name: &str, media_type: &str) -> Self {
        let end = name.rsplit_once('.').map(|(_, end)| end.to_lowercase());
        let is_shown = |kind: &str| IMAGES.contains(&kind);
        match end.as_deref() {
            _ if is_recording(name) => Self::Recording,
            Some(end) if is_shown(end) => Self::Image,
            _ if media_type.strip_prefix("image/").is_some_and(is_shown) => Self::Image,
            _ => Self::File,
        }
    }
}

impl Images {
    /// Takes files in, one after the other, and puts them in one step where they were dropped, or else
    /// below the cursor.
    pub(crate) fn take(self: &Rc<Self>, files: Vec<File>, place: Option<Place>) {
        let chosen = files.into_iter().map(|file| {
            let comes_as = ComesAs::of(&file.name(), &file.type_());
            (file, comes_as)
        });
        self.take_each(chosen.collect(), place);
    }

    /// Takes files in that readers are to keep, whatever is in them.
    pub(crate) fn take_to_keep(self: &Rc<Self>, files: Vec<File>) {
        let chosen = files.into_iter().map(|file| (file, ComesAs::File));
        self.take_each(chosen.collect(), None);
    }

    fn take_each(self: &Rc<Self>, files: Vec<(File, ComesAs)>, place: Option<Place>) {
        let images = self.clone();
        spawn_local(async move {
            let mut taken = Taken::default();
            for (file, comes_as) in files {
                let sent = match comes_as {
                    ComesAs::Recording => {
                        images.send_recording(&file).await.map(Arrived::recording)
                    }
                    ComesAs::Image => images.send(&file).await.and_then(Arrived::image),
                    ComesAs::File => images.send_file(&file).await.map(Arrived::file),
                };
                taken.add(file.name(), sent);
            }
            images.put(taken, place).await;
        });
    }

    /// Files were dropped on the window: those on the text belong to the draft, and texts become drafts
    /// as everywhere else.
    pub(crate) fn dropped(self: &Rc<Self>, files: DroppedFiles) {
        if !is_on_text(files.x, files.y) {
            return;
        }
        let place = place_at(self.session(), files.x, files.y);
        let images = self.clone();
        spawn_local(async move {
            let (texts, others) = parted(&files.names);
            let mut taken = Taken::default();
            for (index, name) in others {
                let added = images.take_dropped((files.drop, index), &name).await;
                taken.add(name, added);
            }
            images.put(taken, place).await;
            if !texts.is_empty() {
                let request = ImportDropped {
                    drop: files.drop,
                    indexes: texts,
                };
                // What could not be read is told by the event that tells of the drafts.
                let _ = images.host().call(request).await;
            }
        });
    }

    async fn take_dropped(
        &self,
        (drop, index): (u64, u32),
        name: &str,
    ) -> Result<Arrived, Failure> {
        match ComesAs::of(name, "") {
            ComesAs::Recording => {
                let added = self.take_dropped_recording((drop, index), name).await;
                added.map(Arrived::recording)
            }
            ComesAs::Image => {
                let draft = self.draft();
                let request = AddDropped { drop, index, draft };
                let added = self.host().call(request).await;
                added.and_then(|file| Arrived::image(Some(file)))
            }
            ComesAs::File => {
                let added = self.attach_dropped((drop, index), name).await;
                added.map(Arrived::file)
            }
        }
    }

    /// Hands a file over, and tells how far it is.
    async fn send_file(&self, file: &File) -> Result<AttachedFile, Failure> {
        let upload = self.begins(&file.name());
        let goes_on = self.goes_on(upload, file.name());
        let sent = send_file(self.host(), (self.draft(), upload), file, goes_on).await;
        self.is_over();
        sent
    }

    /// Has the studio take in one of the files that were dropped outside the page.
    async fn attach_dropped(
        &self,
        (drop, index): (u64, u32),
        name: &str,
    ) -> Result<AttachedFile, Failure> {
        let upload = self.begins(name);
        let added = self.host().call(AttachDropped {
            drop,
            index,
            draft: self.draft(),
            upload,
        });
        let added = added.await;
        self.is_over();
        added
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_and_recordings_are_shown_and_everything_else_is_a_file() {
        let cases = [
            ("封面.PNG", "", ComesAs::Image),
            ("image", "image/png", ComesAs::Image),
            ("photo.jfif", "image/jpeg", ComesAs::Image),
            ("第一讲.mp4", "video/mp4", ComesAs::Recording),
            ("讲义.pdf", "application/pdf", ComesAs::File),
            ("书.epub", "", ComesAs::File),
            ("logo.svg", "image/svg+xml", ComesAs::File),
            ("IMG_1.HEIC", "image/heic", ComesAs::File),
            ("page.html", "text/html", ComesAs::File),
            ("Makefile", "", ComesAs::File),
        ];
        for (name, media_type, comes_as) in cases {
            assert_eq!(ComesAs::of(name, media_type), comes_as, "{name}");
        }
    }
}
