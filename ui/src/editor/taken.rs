//! What became of several files that were pasted, chosen or dropped.

use stoa_domain::FileAddress;
use stoa_ipc::{AddedRecording, AttachedFile, Failure};

use super::run::Put;

use crate::failures::text_key;
use crate::t;
use crate::texts::Words;

/// So many refusals are told one by one.
const SHOWN_REFUSALS: usize = 3;

/// A file that was not taken.
pub(crate) struct Refused {
    pub(crate) name: String,
    pub(crate) why: Failure,
}

/// A file that belongs to the draft now.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Arrived {
    pub(super) file: AttachedFile,
    address: String,
    description: String,
    plays_everywhere: bool,
    /// Whether the text links to it and does not show it.
    pub(super) is_linked: bool,
}

impl Arrived {
    /// An image, after its last piece.
    pub(super) fn image(file: Option<AttachedFile>) -> Result<Self, Failure> {
        let file = file.ok_or_else(|| Failure::field("file", "image-broken"))?;
        Ok(Self {
            address: FileAddress::of(file.b3).to_string(),
            description: description(&file.name),
            plays_everywhere: true,
            is_linked: false,
            file,
        })
    }

    /// A recording keeps the whole name: by its end programs know that do not know addresses.
    pub(super) fn recording(added: AddedRecording) -> Self {
        Self {
            address: added.address,
            description: plain(&added.file.name),
            plays_everywhere: added.plays_everywhere,
            is_linked: false,
            file: added.file,
        }
    }

    /// A file that readers keep goes by its whole name.
    pub(super) fn file(file: AttachedFile) -> Self {
        Self {
            address: FileAddress::of(file.b3).to_string(),
            description: plain(&file.name),
            plays_everywhere: true,
            is_linked: true,
            file,
        }
    }

    pub(super) fn put(&self) -> Put {
        Put {
            address: self.address.clone(),
            description: self.description.clone(),
            is_linked: self.is_linked,
        }
    }
}

/// What became of several files, in their order.
#[derive(Default)]
pub(super) struct Taken {
    pub(super) files: Vec<Arrived>,
    pub(super) refused: Vec<Refused>,
}

impl Taken {
    pub(super) fn add(&mut self, name: String, sent: Result<Arrived, Failure>) {
        match sent {
            Ok(arrived) => self.files.push(arrived),
            Err(why) => self.refused.push(Refused { name, why }),
        }
    }

    /// They belong to the draft, and could not be put into its text.
    pub(super) fn were_not_put(&mut self) {
        let not_put = self.files.iter().map(|file| Refused {
            name: file.file.name.clone(),
            why: Failure::field("file", "not-put"),
        });
        self.refused.extend(not_put);
    }

    /// Says of recordings that came in that not everybody can play them.
    pub(super) fn note_what_not_all_play(&mut self) {
        let some = self.files.iter().filter(|file| !file.plays_everywhere);
        let noted = some.map(|file| Refused {
            name: file.file.name.clone(),
            why: Failure::field("file", "not-everywhere"),
        });
        self.refused.extend(noted);
    }
}

/// The places of texts among dropped files, and the others with their names.
pub(super) fn parted(names: &[String]) -> (Vec<u32>, Vec<(u32, String)>) {
    let (mut texts, mut others) = (Vec::new(), Vec::new());
    for (index, name) in (0..).zip(names) {
        let end = name.rsplit_once('.').map(|(_, end)| end.to_lowercase());
        match end.as_deref() {
            Some("md" | "markdown" | "txt") => texts.push(index),
            _ => others.push((index, name.clone())),
        }
    }
    (texts, others)
}

/// Which files were not taken, and why, in one text.
pub(crate) fn refusal(words: &Words, refused: &[Refused]) -> String {
    let one = |refused: &Refused| {
        let why = match refused.why.fields.first() {
            Some(blamed) => words.get(&format!("field-{}", blamed.reason)),
            None => words.get(&text_key(refused.why.code)),
        };
        let key = match refused.why.fields.first() {
            // These are in the text.
            Some(blamed) if blamed.reason == "not-everywhere" => "media-noted",
            _ => "image-refused",
        };
        words
            .with(
                key,
                &[
                    ("name", refused.name.as_str().into()),
                    ("why", why.as_str().into()),
                ],
            )
            .to_string()
    };
    let shown = refused.iter().take(SHOWN_REFUSALS).map(one);
    let mut lines: Vec<String> = shown.collect();
    let more = refused.len().saturating_sub(SHOWN_REFUSALS);
    if more > 0 {
        lines.push(t!(words, "images-refused-more", n = more).to_string());
    }
    lines.join("\n")
}

/// What an image is called in the text: its file's name, unless a clipboard made that up.
pub(super) fn description(name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    match stem {
        "image" | "unknown" => String::new(),
        stem => plain(stem),
    }
}

/// A name without what would end a description.
fn plain(name: &str) -> String {
    name.replace(['[', ']', '\n'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_among_dropped_files_become_drafts_and_the_rest_keeps_its_order() {
        let names = ["b.png", "笔记.MD", "a.jpg", "c.pdf", "d.txt"].map(str::to_owned);
        let (texts, others) = parted(&names);
        assert_eq!(texts, [1, 4]);
        let others: Vec<(u32, &str)> = others.iter().map(|(n, name)| (*n, &**name)).collect();
        assert_eq!(others, [(0, "b.png"), (2, "a.jpg"), (3, "c.pdf")]);
    }

    #[test]
    fn each_file_that_was_not_taken_is_named_with_its_reason() {
        let refused = |name: &str, reason: &str| Refused {
            name: name.to_owned(),
            why: Failure::field("file", reason),
        };
        let all: Vec<Refused> = ["a.pdf", "b.pdf", "c.pdf", "d.pdf", "e.pdf"]
            .map(|name| refused(name, "not-an-image"))
            .into();
        for language in ["en", "zh-CN"] {
            let words = Words::new(language);
            let text = refusal(&words, &all);
            assert!(text.contains("a.pdf") && text.contains("PNG"), "{text}");
            assert!(!text.contains("d.pdf") && text.contains('2'), "{text}");
            let one = refusal(&words, &[refused("large.png", "image-too-large")]);
            assert!(one.contains("large.png") && one.contains("20"), "{one}");
        }
    }

    #[test]
    fn a_folder_is_told_what_to_do_with_it() {
        for language in ["en", "zh-CN"] {
            let words = Words::new(language);
            let why = Failure::field("file", "is-a-folder");
            let name = "讲义".to_owned();
            let text = refusal(&words, &[Refused { name, why }]);
            assert!(
                text.contains("讲义") && text.contains("ZIP"),
                "{language}: {text}"
            );
        }
    }

    #[test]
    fn a_made_up_name_is_no_description() {
        assert_eq!(description("image.png"), "");
        assert_eq!(description("封面[1].final.png"), "封面 1 .final");
    }
}
