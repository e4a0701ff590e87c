//! Taking out of a profile that does not open what can be read.

use stoa_ipc::{Salvage, Salvaged};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::host::use_host;
use crate::parts::Button;
use crate::t;
use crate::tell::use_tell;
use crate::texts::{Words, use_words};

#[component]
pub(crate) fn SalvageSetting() -> Html {
    let (words, host, tell) = (use_words(), use_host(), use_tell());
    let busy = use_state(|| false);
    let read = use_state(|| None::<Salvaged>);
    let onclick = {
        let (busy, read) = (busy.clone(), read.clone());
        Callback::from(move |_: MouseEvent| {
            let (host, tell) = (host.clone(), tell.clone());
            let (busy, read) = (busy.clone(), read.clone());
            busy.set(true);
            spawn_local(async move {
                match host.call(Salvage { folder: None }).await {
                    Ok(salvaged) => read.set(Some(salvaged)),
                    Err(failure) => tell.emit(failure),
                }
                busy.set(false);
            });
        })
    };
    let label = match *busy {
        true => t!(words, "salvage-under-way"),
        false => t!(words, "salvage"),
    };
    html! {
        <div class="setting">
            <div class="what">
                <strong>{ t!(words, "salvage-title") }</strong>
                <span role="status" data-testid="salvaged">{ said(&words, read.as_ref()) }</span>
            </div>
            <Button icon="download" {label} disabled={*busy} {onclick} testid="salvage" />
        </div>
    }
}

/// What it will do, or what could be read.
fn said(words: &Words, read: Option<&Salvaged>) -> AttrValue {
    match read {
        None => t!(words, "salvage-more"),
        Some(read) => t!(
            words,
            "salvaged",
            drafts = read.n_drafts,
            unsent = read.n_unsent,
            damaged = read.n_damaged_pages,
            path = read.path.as_str()
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::drawn;

    #[test]
    fn the_way_out_is_a_button_with_a_name() {
        for language in ["zh-CN", "en"] {
            let markup = drawn(language, || html! { <SalvageSetting /> });
            assert!(markup.contains("data-testid=\"salvage\""), "{markup}");
        }
    }

    #[test]
    fn what_could_be_read_is_told_with_its_place() {
        let read = Salvaged {
            path: "/home/lin/out".to_owned(),
            n_drafts: 12,
            n_unsent: 3,
            n_damaged_pages: 2,
            ..Salvaged::default()
        };
        for language in ["zh-CN", "en"] {
            let text = said(&Words::new(language), Some(&read));
            for part in ["12", "3", "2", "/home/lin/out"] {
                assert!(text.contains(part), "{text}");
            }
        }
    }
}
