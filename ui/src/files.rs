//! A Markdown or text file chosen in the window becomes a draft.

use stoa_domain::{DraftId, MAX_BODY_BYTES, Splice};
use stoa_ipc::{CloseDraft, CreateDraft, EditDraft, Failure, OpenDraft};
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

use crate::host::Host;

/// Why a file did not become a draft.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Refused {
    /// A text key `import-<reason>`.
    File(&'static str),
    Studio(Failure),
}

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        Refused::Studio(failure)
    }
}

/// Reads a file and makes a draft of it.
pub(crate) async fn import(host: &Host, file: File) -> Result<DraftId, Refused> {
    #[allow(clippy::cast_precision_loss)] // the limit is far below 2^53
    if file.size() > MAX_BODY_BYTES as f64 {
        return Err(Refused::File("import-too-large"));
    }
    let read = JsFuture::from(file.text()).await;
    let text = read
        .ok()
        .and_then(|text| text.as_string())
        .ok_or(Refused::File("import-unreadable"))?;
    // What is not UTF-8 comes with this mark in it; a text of another kind would be garbled.
    if text.contains(['\u{FFFD}', '\0']) {
        return Err(Refused::File("import-not-text"));
    }
    let (title, body) = title_and_body(&file.name(), &stoa_domain::clean(&text));
    make(host, title, body).await.map_err(Refused::from)
}

/// Makes a draft of a title and a text.
pub(crate) async fn make(host: &Host, title: String, body: String) -> Result<DraftId, Failure> {
    let draft = host.call(CreateDraft::article(title)).await?;
    let session = host.call(OpenDraft { id: draft.id }).await?.session;
    let splice = Splice {
        at: 0,
        delete: 0,
        insert: body,
    };
    let edit = EditDraft {
        session,
        applied: None,
        splices: vec![splice],
    };
    let edited = host.call(edit).await;
    host.call(CloseDraft { session }).await?;
    edited.map(|_| draft.id)
}

/// The first heading is the title, or else the file's name.
fn title_and_body(file_name: &str, text: &str) -> (String, String) {
    let text = text.trim_start_matches('\u{FEFF}').trim_start();
    if let Some(rest) = text.strip_prefix("# ") {
        let (title, body) = rest.split_once('\n').unwrap_or((rest, ""));
        return (short(title), body.trim_start().to_owned());
    }
    let name = file_name
        .rsplit_once('.')
        .map_or(file_name, |(stem, _)| stem);
    (short(name), text.to_owned())
}

fn short(title: &str) -> String {
    title
        .trim()
        .chars()
        .take(stoa_domain::MAX_TITLE_CHARS)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::title_and_body;

    #[test]
    fn the_first_heading_or_the_file_name_becomes_the_title() {
        let cases = [
            ("a.md", "# 标题\n\n正文", "标题", "正文"),
            ("会员笔记.txt", "正文", "会员笔记", "正文"),
            ("a.b.md", "## two\n", "a.b", "## two\n"),
            ("none", "", "none", ""),
            ("bom.md", "\u{FEFF}# T", "T", ""),
        ];
        for (name, text, title, body) in cases {
            assert_eq!(
                title_and_body(name, text),
                (title.to_owned(), body.to_owned())
            );
        }
    }
}
