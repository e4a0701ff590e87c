//! The address of a link: asked for in a dialog, put on what is selected, or on a line of its own.

use stoa_domain::BlobHash;
use yew::prelude::*;

use super::pane::SharedSession;
use super::run::{put_card, set_link};
use crate::parts::{Button, ButtonKind, Dialog, Field};
use crate::save_file::use_save_file;
use crate::t;
use crate::texts::use_words;

/// What becomes of the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LinkForm {
    Words,
    Card,
}

#[derive(Properties, PartialEq)]
pub(crate) struct LinkDialogProps {
    pub(crate) session: SharedSession,
    pub(crate) form: LinkForm,
    /// The address the link has now.
    pub(crate) address: Option<String>,
    pub(crate) onclose: Callback<()>,
}

#[component]
pub(crate) fn LinkDialog(props: &LinkDialogProps) -> Html {
    let words = use_words();
    let address = use_state(|| match props.form {
        LinkForm::Words => props.address.clone().unwrap_or_default(),
        LinkForm::Card => String::new(),
    });
    let oninput = {
        let address = address.clone();
        Callback::from(move |text| address.set(text))
    };
    let put = {
        let (session, onclose, form) = (props.session.clone(), props.onclose.clone(), props.form);
        Callback::from(move |address: String| {
            onclose.emit(());
            match form {
                LinkForm::Words => set_link(&session, address.trim()),
                LinkForm::Card => put_card(&session, address.trim()),
            }
        })
    };
    let onsubmit = {
        let (put, address) = (put.clone(), address.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            put.emit((*address).clone());
        })
    };
    let (title, hint) = match props.form {
        LinkForm::Words => (t!(words, "link-title"), None),
        LinkForm::Card => (
            t!(words, "link-card-title"),
            Some(t!(words, "link-card-hint")),
        ),
    };
    let is_usable = match props.form {
        LinkForm::Words => !address.trim().is_empty(),
        LinkForm::Card => is_web(address.trim()),
    };
    let file = props.address.as_deref().and_then(file_of);
    if let Some(b3) = file.filter(|_| props.form == LinkForm::Words) {
        let remove = put.reform(|()| String::new());
        return html! { <FileDialog {b3} onclose={props.onclose.clone()} onremove={remove} /> };
    }
    html! {
        <Dialog {title} onclose={props.onclose.clone()} testid="link-dialog">
            <form class="form" {onsubmit}>
                <Field name="link-address" label={t!(words, "link-address")} value={(*address).clone()} is_code=true focused=true
                    placeholder="https://" {hint} {oninput} />
                <div class="buttons end">
                    if props.form == LinkForm::Words && props.address.is_some() {
                        <Button kind={ButtonKind::Quiet} label={t!(words, "link-remove")} onclick={put.reform(|_: MouseEvent| String::new())} />
                    }
                    <Button kind={ButtonKind::Main} submit=true disabled={!is_usable} label={t!(words, "link-set")} testid="link-set" />
                </div>
            </form>
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
struct FileDialogProps {
    b3: BlobHash,
    onclose: Callback<()>,
    onremove: Callback<()>,
}

/// A link to a file of the draft: its address says nothing to anybody.
#[component]
fn FileDialog(props: &FileDialogProps) -> Html {
    let words = use_words();
    let b3 = props.b3;
    let save = use_save_file().map(|save| {
        let onclose = props.onclose.clone();
        Callback::from(move |_: MouseEvent| {
            onclose.emit(());
            save.emit(b3);
        })
    });
    html! {
        <Dialog title={t!(words, "link-file-title")} onclose={props.onclose.clone()} testid="link-dialog">
            <div class="buttons end">
                <Button kind={ButtonKind::Quiet} label={t!(words, "link-remove")} onclick={props.onremove.reform(|_: MouseEvent| ())} />
                if let Some(onclick) = save {
                    <Button kind={ButtonKind::Main} icon="file-down" label={t!(words, "file-save")} {onclick} testid="file-save" />
                }
            </div>
        </Dialog>
    }
}

/// The file that a link leads to.
fn file_of(address: &str) -> Option<BlobHash> {
    address.strip_prefix("attachment:")?.parse().ok()
}

/// Whether the editor makes a card of it: the address of a page, with or without its scheme.
fn is_web(address: &str) -> bool {
    let lower = address.to_lowercase();
    let rest = ["https://", "http://"]
        .iter()
        .find_map(|scheme| lower.strip_prefix(scheme));
    let rest = rest.or_else(|| lower.starts_with("www.").then_some(&*lower));
    rest.is_some_and(|rest| {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let has_dot = host
            .split_once('.')
            .is_some_and(|(site, end)| !site.is_empty() && !end.is_empty());
        has_dot && !address.contains(char::is_whitespace)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_to_a_file_shows_no_address() {
        let address = format!("attachment:{}", BlobHash::from_bytes([7; 32]));
        assert_eq!(file_of(&address), Some(BlobHash::from_bytes([7; 32])));
        for other in ["attachment:7", "https://x.example/", "attachment:"] {
            assert_eq!(file_of(other), None, "{other}");
        }
    }

    #[test]
    fn only_the_address_of_a_page_becomes_a_card() {
        for address in ["https://x.example/a", "HTTP://x.example", "www.x.example"] {
            assert!(is_web(address), "{address}");
        }
        for other in [
            "",
            "x",
            "https://",
            "https://x",
            "a@b.example",
            "javascript:1",
            "https://x.example/a b",
        ] {
            assert!(!is_web(other), "{other}");
        }
    }
}
