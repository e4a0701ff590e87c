//! What is known of one file of a text: whether it is here, what it is called, where the page finds it.

use stoa_ipc::AttachedFile;

use crate::format::size;

/// What is known of one file.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Where the page finds it, once it is here.
    pub(super) address: Option<String>,
    /// When the page learned it, in milliseconds.
    pub(super) since: f64,
    /// One that may be large, a recording or a file to be kept, is fetched only when somebody asks.
    pub(super) is_large: bool,
    /// Whether the text only links to it, so that the page needs no address.
    pub(super) is_linked: bool,
    pub(super) is_wanted: bool,
    /// Whether the player could not play it.
    pub(super) is_unplayable: bool,
    pub(super) is_on_computer: bool,
    /// Whether the server has it too.
    pub(super) is_on_server: bool,
    /// Whether the studio has answered what it is.
    pub(super) is_answered: bool,
    /// What kind of file it is, by its name, and how large.
    pub(super) about: Option<String>,
}

impl Known {
    /// A file that the text only links to.
    pub(super) fn linked() -> Self {
        Self {
            is_large: true,
            is_linked: true,
            ..Self::default()
        }
    }

    /// Whether all that the text needs of it is there.
    pub(super) fn is_here(&self) -> bool {
        self.address.is_some() || (self.is_linked && self.is_on_computer)
    }

    /// Whether nothing about it changes any more.
    pub(super) fn is_settled(&self) -> bool {
        self.is_here() && self.is_on_server
    }

    /// Whether nobody has asked for its contents yet.
    pub(super) fn is_left_away(&self) -> bool {
        self.is_large && !self.is_wanted && !self.is_here()
    }

    /// Takes in what the studio says, with the address that was found meanwhile; whether that is news.
    pub(super) fn learn(&mut self, file: &AttachedFile, address: Option<String>, now: f64) -> bool {
        let is_news = address.is_some()
            || !self.is_answered
            || self.is_on_server != file.is_on_server
            || self.is_on_computer != file.is_here;
        self.is_on_server = file.is_on_server;
        self.is_on_computer = file.is_here;
        self.is_answered = true;
        self.about = Some(about(&file.name, file.size));
        if address.is_some() {
            self.since = now;
        }
        self.address = address.or(self.address.take());
        is_news
    }
}

/// So many letters behind the last point say what kind of file it is.
const MOST_LETTERS: usize = 5;

/// The kind of a file by the end of its name, and its size.
fn about(name: &str, bytes: u64) -> String {
    let end = name.rsplit_once('.').map(|(_, end)| end);
    let is_kind = |end: &&str| {
        (1..=MOST_LETTERS).contains(&end.len()) && end.chars().all(|c| c.is_ascii_alphanumeric())
    };
    match end.filter(is_kind) {
        Some(end) => format!("{} · {}", end.to_ascii_uppercase(), size(bytes)),
        None => size(bytes),
    }
}

#[cfg(test)]
mod tests {
    use stoa_domain::{AttachmentId, BlobHash, DraftId, MediaType};

    use super::*;

    fn file(is_here: bool, is_on_server: bool) -> AttachedFile {
        AttachedFile {
            id: AttachmentId::from_bytes([1; 16]),
            draft: DraftId::from_bytes([2; 16]),
            b3: BlobHash::from_bytes([3; 32]),
            name: "讲义.pdf".to_owned(),
            media_type: MediaType::Bytes,
            size: 2_340_000,
            width: None,
            height: None,
            is_here,
            is_on_server,
            is_kept: false,
        }
    }

    #[test]
    fn a_file_says_its_kind_and_size() {
        let cases = [
            ("讲义.pdf", "PDF · 2.3 MB"),
            ("a.tar.gz", "GZ · 2.3 MB"),
            ("README", "2.3 MB"),
            ("第 1.课程讲义", "2.3 MB"),
            ("a.", "2.3 MB"),
        ];
        for (name, said) in cases {
            assert_eq!(about(name, 2_340_000), said, "{name}");
        }
    }

    #[test]
    fn a_linked_file_is_settled_without_an_address_and_an_image_is_not() {
        let mut linked = Known::linked();
        assert!(linked.learn(&file(true, false), None, 1.0));
        assert!(linked.is_here() && !linked.is_settled());
        assert!(!linked.learn(&file(true, false), None, 2.0), "no news");
        assert!(linked.learn(&file(true, true), None, 3.0));
        assert!(linked.is_settled());
        let mut image = Known::default();
        image.learn(&file(true, true), None, 1.0);
        assert!(!image.is_settled());
        image.learn(&file(true, true), Some("blob:1".to_owned()), 1.0);
        assert!(image.is_settled());
    }

    #[test]
    fn a_linked_file_that_is_elsewhere_is_fetched_only_when_somebody_asks() {
        let mut linked = Known::linked();
        linked.learn(&file(false, true), None, 1.0);
        assert!(linked.is_left_away());
        linked.is_wanted = true;
        assert!(!linked.is_left_away());
    }
}
