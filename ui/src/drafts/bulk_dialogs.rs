//! What is asked before many drafts are changed: which tag, or who may read them.

use std::collections::BTreeSet;

use stoa_domain::{Access, AccessKind, TierKey};
use stoa_ipc::DraftsChange;
use yew::prelude::*;

use super::filters::{tier_name, typed_tag, use_facets};
use crate::parts::{Button, ButtonKind, Choice, Choices, Dialog, Field};
use crate::t;
use crate::texts::use_words;

/// So many tags are offered.
const MOST_TAGS: usize = 12;

#[derive(Properties, PartialEq)]
pub(super) struct TagDialogProps {
    /// Whether it is taken from the drafts instead of given to them.
    #[prop_or_default]
    pub(super) is_removed: bool,
    /// How many drafts it is about.
    pub(super) n: usize,
    pub(super) onclose: Callback<()>,
    pub(super) onchosen: Callback<DraftsChange>,
}

#[component]
pub(super) fn TagDialog(props: &TagDialogProps) -> Html {
    let words = use_words();
    let typed = use_state(String::new);
    let wrong = use_state_eq(|| None::<AttrValue>);
    let facets = use_facets(true);
    let oninput = {
        let (typed, wrong) = (typed.setter(), wrong.setter());
        Callback::from(move |text: String| {
            wrong.set(None);
            typed.set(text);
        })
    };
    let onsubmit = {
        let (typed, wrong, words) = (typed.clone(), wrong.setter(), words.clone());
        let (is_removed, onchosen) = (props.is_removed, props.onchosen.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            match typed_tag(&typed) {
                None => wrong.set(Some(t!(words, "bulk-tag-wrong"))),
                Some(tag) if is_removed => onchosen.emit(DraftsChange::RemoveTag(tag)),
                Some(tag) => onchosen.emit(DraftsChange::AddTag(tag)),
            }
        })
    };
    let offer = |tag: &str| {
        let label = tag.to_owned();
        let onclick = {
            let (oninput, tag) = (oninput.clone(), tag.to_owned());
            Callback::from(move |_: MouseEvent| oninput.emit(tag.clone()))
        };
        html! { <button type="button" class="chip removable" {onclick} data-testid="bulk-tag-offer">{ label }</button> }
    };
    let title = match props.is_removed {
        true => t!(words, "bulk-untag-title", n = props.n),
        false => t!(words, "bulk-tag-title", n = props.n),
    };
    let label = match props.is_removed {
        true => t!(words, "bulk-untag"),
        false => t!(words, "bulk-tag"),
    };
    html! {
        <Dialog {title} onclose={props.onclose.clone()} testid="bulk-tag-dialog">
            <form class="form" {onsubmit}>
                <Field name="bulk-tag-name" label={t!(words, "bulk-tag-name")} value={(*typed).clone()} oninput={oninput.clone()} wrong={(*wrong).clone()} focused=true />
                <div class="chips">{ for facets.tags.iter().take(MOST_TAGS).map(|count| offer(count.tag.as_str())) }</div>
                <div class="buttons end">
                    <Button label={t!(words, "cancel")} onclick={props.onclose.reform(|_| ())} />
                    <Button kind={ButtonKind::Main} submit=true {label} testid="bulk-tag-confirm" />
                </div>
            </form>
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct AccessDialogProps {
    pub(super) n: usize,
    pub(super) onclose: Callback<()>,
    pub(super) onchosen: Callback<DraftsChange>,
}

/// What was chosen so far.
#[derive(Debug, Clone, PartialEq)]
struct Chosen {
    access: AccessKind,
    tiers: BTreeSet<TierKey>,
    is_singly: bool,
}

impl Chosen {
    fn access(&self) -> Access {
        match self.access {
            AccessKind::Public => Access::Public,
            AccessKind::Registered => Access::Registered,
            AccessKind::Paid | AccessKind::Singly => Access::Paid {
                tiers: self.tiers.clone(),
                singly: self.is_singly,
            },
        }
    }
}

#[component]
pub(super) fn AccessDialog(props: &AccessDialogProps) -> Html {
    let words = use_words();
    let chosen = use_state_eq(|| Chosen {
        access: AccessKind::Registered,
        tiers: BTreeSet::new(),
        is_singly: false,
    });
    let is_wrong = use_state_eq(|| false);
    let onsubmit = {
        let (chosen, is_wrong, onchosen) =
            (chosen.clone(), is_wrong.setter(), props.onchosen.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let access = chosen.access();
            match access.is_sound() {
                true => onchosen.emit(DraftsChange::SetAccess(access)),
                false => is_wrong.set(true),
            }
        })
    };
    html! {
        <Dialog title={t!(words, "bulk-access-title", n = props.n)} onclose={props.onclose.clone()} testid="bulk-access-dialog">
            <form class="form" {onsubmit}>
                <Audience {chosen} />
                if *is_wrong { <p class="wrong" role="alert">{ t!(words, "publish-nobody") }</p> }
                <p class="hint">{ t!(words, "bulk-access-hint") }</p>
                <div class="buttons end">
                    <Button label={t!(words, "cancel")} onclick={props.onclose.reform(|_| ())} />
                    <Button kind={ButtonKind::Main} submit=true label={t!(words, "bulk-access")} testid="bulk-access-confirm" />
                </div>
            </form>
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
struct AudienceProps {
    chosen: UseStateHandle<Chosen>,
}

/// Everybody, everybody registered, or those who pay, and how.
#[component]
fn Audience(props: &AudienceProps) -> Html {
    let words = use_words();
    let chosen = &props.chosen;
    let facets = use_facets(true);
    let choice = |value, key: &str| Choice {
        value,
        label: words.get(key),
        lang: None,
    };
    let choices = vec![
        choice(AccessKind::Public, "access-public"),
        choice(AccessKind::Registered, "access-registered"),
        choice(AccessKind::Paid, "access-paid"),
    ];
    let onchoose = {
        let chosen = chosen.clone();
        Callback::from(move |access| {
            chosen.set(Chosen {
                access,
                ..(*chosen).clone()
            })
        })
    };
    let tier = |tier: &TierKey| {
        let (chosen, tier) = (chosen.clone(), tier.clone());
        let label = tier_name(&words, &tier);
        let checked = chosen.tiers.contains(&tier);
        let testid = format!("bulk-tier-{}", tier.as_str());
        let onchange = Callback::from(move |_: Event| {
            let mut next = (*chosen).clone();
            if !next.tiers.remove(&tier) {
                next.tiers.insert(tier.clone());
            }
            chosen.set(next);
        });
        html! { <label class="check"><input type="checkbox" {checked} {onchange} data-testid={testid} />{ label }</label> }
    };
    let singly = {
        let chosen = chosen.clone();
        Callback::from(move |_: Event| {
            chosen.set(Chosen {
                is_singly: !chosen.is_singly,
                ..(*chosen).clone()
            })
        })
    };
    html! {
        <div class="field">
            <span class="field-name">{ t!(words, "publish-access") }</span>
            <Choices<AccessKind> label={t!(words, "publish-access")} name="bulk-access" {choices} chosen={chosen.access} {onchoose} />
            if chosen.access == AccessKind::Paid {
                <div class="checks" role="group" aria-label={t!(words, "access-paid")}>
                    { for facets.tiers.iter().map(tier) }
                    <label class="check"><input type="checkbox" checked={chosen.is_singly} onchange={singly} data-testid="bulk-singly" />{ t!(words, "access-singly") }</label>
                </div>
            }
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_who_pay_are_those_with_a_tier_or_a_purchase() {
        let mut chosen = Chosen {
            access: AccessKind::Paid,
            tiers: BTreeSet::new(),
            is_singly: false,
        };
        assert!(!chosen.access().is_sound());
        chosen.is_singly = true;
        assert!(chosen.access().is_sound());
        chosen.access = AccessKind::Public;
        assert_eq!(chosen.access(), Access::Public);
    }
}
