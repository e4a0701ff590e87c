//! After how many days without its server this computer locks the community.

use stoa_ipc::{AwayLock, GetAwayLock, SetAwayLock};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::page::Setting;
use crate::host::use_host;
use crate::parts::{Choice, Choices, Loaded, Remote};
use crate::t;
use crate::tell::use_tell;
use crate::texts::{Words, use_words};

#[component]
pub(crate) fn AwayLockSetting() -> Html {
    let words = use_words();
    let (host, tell) = (use_host(), use_tell());
    let lock = use_state(|| Remote::<AwayLock>::Coming);
    let again = {
        let (host, lock) = (host.clone(), lock.clone());
        Callback::from(move |()| {
            let (host, lock) = (host.clone(), lock.clone());
            spawn_local(async move { lock.set(host.call(GetAwayLock {}).await.into()) });
        })
    };
    {
        let again = again.clone();
        use_effect_with((), move |()| again.emit(()));
    }
    let choose = {
        let lock = lock.clone();
        Callback::from(move |days: u32| {
            let (host, tell, lock) = (host.clone(), tell.clone(), lock.clone());
            spawn_local(async move {
                match host.call(SetAwayLock { days }).await {
                    Ok(set) => lock.set(Remote::Here(set)),
                    Err(failure) => tell.emit(failure),
                }
            });
        })
    };
    let show = Callback::from(move |lock: AwayLock| shown(&words, &lock, choose.clone()));
    html! { <Loaded<AwayLock> value={(*lock).clone()} {show} onretry={again} n_bones=1 /> }
}

/// The choices, and what opens the community then.
fn shown(words: &Words, lock: &AwayLock, choose: Callback<u32>) -> Html {
    let more = match lock.has_passphrase {
        true => t!(words, "away-lock-more"),
        false => t!(words, "away-lock-more-no-passphrase"),
    };
    let label = t!(words, "away-lock");
    html! {
        <Setting name={label.clone()} more={html! { { more } }}>
            <Choices<u32> {label} name="away-lock" choices={choices(words)} chosen={lock.days} onchoose={choose} />
        </Setting>
    }
}

fn choices(words: &Words) -> Vec<Choice<u32>> {
    let choice = |value, label| Choice {
        value,
        label,
        lang: None,
    };
    let days = |n: u32| choice(n, t!(words, "away-lock-days", n = n));
    let never = choice(0, t!(words, "away-lock-never"));
    vec![never, days(7), days(30), days(90)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::drawn;

    fn without_passphrase() -> Html {
        let lock = AwayLock {
            days: 30,
            has_passphrase: false,
        };
        shown(&Words::new("en"), &lock, Callback::noop())
    }

    #[test]
    fn the_choices_stand_in_a_named_group_and_say_what_opens_then() {
        let markup = drawn("en", without_passphrase);
        assert!(markup.contains("role=\"radiogroup\""), "{markup}");
        for days in ["away-lock-0", "away-lock-7", "away-lock-30", "away-lock-90"] {
            assert!(markup.contains(days), "{days}: {markup}");
        }
        assert!(markup.contains("no passphrase"), "{markup}");
    }
}
