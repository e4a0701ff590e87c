//! A file of a draft, written to the disk where the user says.

use stoa_domain::BlobHash;
use stoa_ipc::ErrorCode;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::host::use_host;
use crate::t;
use crate::tell::use_tell;
use crate::texts::use_words;
use crate::view::{Step, Toast, use_view};

/// What saves a file, in a host that can ask where to.
#[hook]
pub(crate) fn use_save_file() -> Option<Callback<BlobHash>> {
    let (host, words, tell) = (use_host(), use_words(), use_tell());
    let view = use_view().dispatcher();
    let can_save = host.backend().has_window_commands();
    can_save.then(|| {
        Callback::from(move |b3: BlobHash| {
            let (host, words, tell) = (host.clone(), words.clone(), tell.clone());
            let view = view.clone();
            spawn_local(async move {
                let say = |text| view.dispatch(Step::Say(Toast::said(text)));
                match host.backend().save_file(b3).await {
                    Ok(Some(name)) => say(t!(words, "file-saved", name = name.as_str())),
                    Ok(None) => {}
                    Err(failure) if failure.code == ErrorCode::Offline => {
                        say(t!(words, "file-save-offline"));
                    }
                    Err(failure) => tell.emit(failure),
                }
            });
        })
    })
}
