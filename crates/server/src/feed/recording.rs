//! Recordings in a text, as a feed offers them to be fetched.

use std::collections::BTreeSet;

use stoa_domain::{BlobHash, FileAddress};
use stoa_markdown::{Block, BlockKind, Document};

/// The most recordings that one article offers.
const MOST: usize = 50;

/// What a reader of podcasts fetches.
pub(super) struct Recording {
    pub(super) address: String,
    pub(super) media_type: &'static str,
    pub(super) size: u64,
}

/// The files of this server that a text plays, each once, with what they are.
pub(super) fn recordings_in(document: &Document) -> Vec<(BlobHash, &'static str)> {
    let (mut found, mut known) = (Vec::new(), BTreeSet::new());
    document.visit(&mut |block: &Block| {
        if let BlockKind::Media { image, .. } = &block.kind
            && let Ok(address) = image.src.parse::<FileAddress>()
            && let Some(media_type) = media_type(&address, &image.alt)
            && found.len() < MOST
            && known.insert(address.b3)
        {
            found.push((address.b3, media_type));
        }
    });
    found
}

/// What a file is by its address, or by the end of its name.
fn media_type(address: &FileAddress, name: &str) -> Option<&'static str> {
    match &address.recording {
        Some(recording) => Some(recording.form.as_str()),
        None => by_name(name),
    }
}

fn by_name(name: &str) -> Option<&'static str> {
    let (_, ending) = name.rsplit_once('.')?;
    Some(match ending.to_lowercase().as_str() {
        "mp3" => "audio/mpeg",
        "m4a" => "audio/mp4",
        "aac" => "audio/aac",
        "ogg" | "oga" | "opus" => "audio/ogg",
        "wav" => "audio/wav",
        "flac" => "audio/flac",
        "mp4" | "m4v" => "video/mp4",
        "mov" => "video/quicktime",
        "webm" => "video/webm",
        "mkv" => "video/matroska",
        "ogv" => "video/ogg",
        _ => return None,
    })
}
