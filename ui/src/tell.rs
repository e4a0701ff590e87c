//! Telling the user what failed, by the table of failures.

use stoa_ipc::Failure;
use yew::prelude::*;

use crate::failures::{Severity, action_key, text_key, treatment};
use crate::texts::{Words, use_words};
use crate::view::{Step, Toast, ToastAction, use_view};

/// The toast for a failure; none for those that the status bar tells.
pub(crate) fn toast_for(words: &Words, failure: &Failure) -> Option<Toast> {
    let (severity, command) = treatment(failure.code);
    if severity == Severity::Silent {
        return None;
    }
    let label = action_key(failure.code);
    let action = command
        .filter(|_| words.has(&label))
        .map(|id| ToastAction::Command(id, words.get(&label)));
    Some(Toast {
        text: words.get(&text_key(failure.code)),
        severity: Some(severity),
        action,
        code: Some(failure.code),
    })
}

/// The same where there is no form: what is wrong with what was asked for is said itself.
pub(crate) fn refusal_for(words: &Words, failure: &Failure) -> Option<Toast> {
    let known = failure.fields.iter().find_map(|field| {
        let key = format!("field-{}", field.reason);
        words.has(&key).then(|| words.get(&key))
    });
    match known {
        Some(text) => Some(Toast::said(text)),
        None => toast_for(words, failure),
    }
}

/// A callback that tells of a failure.
#[hook]
pub(crate) fn use_tell() -> Callback<Failure> {
    let (words, view) = (use_words(), use_view());
    let dispatcher = view.dispatcher();
    use_callback(words, move |failure: Failure, words| {
        if let Some(toast) = toast_for(words, &failure) {
            dispatcher.dispatch(Step::Say(toast));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use stoa_ipc::ErrorCode;

    #[test]
    fn a_session_that_ended_offers_to_sign_in_and_the_network_says_nothing() {
        let words = Words::new("en");
        let ended = Failure::new(ErrorCode::SignInAgain, "token 9f3 expired");
        let toast = toast_for(&words, &ended).unwrap();
        assert!(matches!(
            toast.action,
            Some(ToastAction::Command("account.connect", _))
        ));
        assert!(!toast.text.contains("9f3"), "the message stays in the log");
        let offline = Failure::new(ErrorCode::Offline, "");
        assert_eq!(toast_for(&words, &offline), None);
    }
}
