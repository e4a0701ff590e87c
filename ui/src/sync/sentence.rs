//! Changes as sentences, and lists of them that stay up to date.

use std::rc::Rc;

use stoa_ipc::{Change, ChangeText, Command, Event, NeededFile};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::format::size;
use crate::host::{use_events, use_host};
use crate::parts::Remote;
use crate::t;
use crate::tell::use_tell;
use crate::texts::Words;
use crate::view::{Route, Step};
use crate::zone::Zone;

/// A change as a sentence.
pub(super) fn sentence(words: &Words, text: &ChangeText) -> AttrValue {
    words.with(
        &format!("change-{}", text.kind),
        &[("title", titled(words, &text.title).as_str().into())],
    )
}

/// The same with the times of a publication.
pub(super) fn intent(words: &Words, change: &Change, zone: &Zone) -> AttrValue {
    let said = sentence(words, &change.text);
    let with = |key: &str, said: &AttrValue, at| {
        let when = zone.moment(words.tag(), at);
        words.with(
            key,
            &[("change", said.as_str().into()), ("when", when.into())],
        )
    };
    let said = match change.live_at {
        Some(at) => with("change-from", &said, at),
        None => said,
    };
    match change.unless_after {
        Some(at) => with("change-until", &said, at),
        None => said,
    }
}

/// The files that a change waits for: the first by name, how many others.
pub(super) fn needed(words: &Words, change: &Change) -> AttrValue {
    if change.needs.is_empty() {
        return t!(words, "change-needs", n = change.n_needs);
    }
    let told = |file: &NeededFile| {
        let (name, bytes) = (file.name.as_str(), size(file.size));
        match file.is_travelling {
            true => t!(words, "change-file-travelling", name = name, size = bytes),
            false => t!(words, "change-file", name = name, size = bytes),
        }
    };
    let names: Vec<AttrValue> = change.needs.iter().map(told).collect();
    let names = names.join(&t!(words, "change-file-and"));
    match change.n_needs.saturating_sub(change.needs.len() as u64) {
        0 => t!(words, "change-needs-named", files = names),
        n => t!(words, "change-needs-more", files = names, n = n),
    }
}

/// Where what a change is about is looked at.
pub(super) fn place_of(change: &Change) -> Step {
    match change.text.kind.as_str() {
        "tag-synonyms" | "move-tag" => Step::Go(Route::Tags),
        _ => Step::Open(change.draft),
    }
}

/// A draft's title, or that it has none.
pub(super) fn titled(words: &Words, title: &str) -> AttrValue {
    if title.is_empty() {
        t!(words, "untitled")
    } else {
        AttrValue::from(title.to_owned())
    }
}

/// What a request answers, asked again whenever the outbox, a draft or a file changes.
#[hook]
pub(super) fn use_listed<C>(request: C) -> (Remote<Rc<C::Reply>>, Callback<()>)
where
    C: Command + Clone + PartialEq + 'static,
    C::Reply: 'static,
{
    let host = use_host();
    let listed = use_state(|| Remote::Coming);
    let n_asked = use_mut_ref(|| 0_u64);
    let again = {
        let (listed, request) = (listed.clone(), request.clone());
        Callback::from(move |()| {
            let (host, listed, request) = (host.clone(), listed.clone(), request.clone());
            let n_asked = n_asked.clone();
            *n_asked.borrow_mut() += 1;
            let mine = *n_asked.borrow();
            spawn_local(async move {
                let answer = host.call(request).await;
                // An answer that was overtaken by a newer question is out of date.
                if *n_asked.borrow() == mine {
                    listed.set(answer.map(Rc::new).into());
                }
            });
        })
    };
    {
        let again = again.clone();
        use_effect_with(request, move |_| again.emit(()));
    }
    {
        let again = again.clone();
        use_events(Callback::from(move |event: Event| {
            if matches!(
                event,
                Event::Sync(_) | Event::Drafts(_) | Event::Files | Event::Undo(_)
            ) {
                again.emit(());
            }
        }));
    }
    ((*listed).clone(), again)
}

/// Sends a request; what fails is told.
#[hook]
pub(super) fn use_send<C>() -> Callback<C>
where
    C: Command + 'static,
{
    let (host, tell) = (use_host(), use_tell());
    Callback::from(move |request: C| {
        let (host, tell) = (host.clone(), tell.clone());
        spawn_local(async move {
            if let Err(failure) = host.call(request).await {
                tell.emit(failure);
            }
        });
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_change_is_a_sentence_with_its_title() {
        for language in ["zh-CN", "en"] {
            let words = Words::new(language);
            for kind in ["create", "rename", "bin", "restore", "delete", "write"] {
                let text = ChangeText {
                    kind: kind.to_owned(),
                    title: "会员定价".to_owned(),
                };
                let said = sentence(&words, &text);
                assert!(said.contains("会员定价"), "{language} {kind}: {said}");
            }
        }
    }
}
