//! The fields of the question: for whom, as what, from when on, and what is seldom said.

use stoa_domain::{Kind, TierKey};
use web_sys::{HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::form::{Audience, Form, When, Wrong};
use super::tags::TagOffers;
use crate::parts::{Choice, Choices, Field};
use crate::t;
use crate::texts::{Words, use_words};
use crate::zone::use_zone;

#[derive(Properties, PartialEq)]
pub(super) struct FieldsProps {
    pub(super) form: Form,
    pub(super) change: Callback<Form>,
    pub(super) wrong: Option<Wrong>,
}

impl FieldsProps {
    /// What is wrong with a field.
    pub(super) fn wrong(&self, words: &Words, field: &str) -> Option<AttrValue> {
        let (place, key) = self.wrong?;
        (place == field).then(|| words.get(key))
    }

    pub(super) fn set<T: 'static>(&self, set: fn(&mut Form, T)) -> Callback<T> {
        let (form, change) = (self.form.clone(), self.change.clone());
        Callback::from(move |value: T| {
            let mut form = form.clone();
            set(&mut form, value);
            change.emit(form);
        })
    }
}

#[component]
pub(super) fn AudienceFields(props: &FieldsProps) -> Html {
    let words = use_words();
    let choice = |value, label| Choice {
        value,
        label: words.get(label),
        lang: None,
    };
    let choices = vec![
        choice(Audience::Public, "access-public"),
        choice(Audience::Registered, "access-registered"),
        choice(Audience::Paid, "access-paid"),
    ];
    let tier = |key: &'static str| {
        let tier = TierKey::parse(key).expect("the presets are keys");
        let toggle = {
            let tier = tier.clone();
            props.set(move_tier).reform(move |_: Event| tier.clone())
        };
        let label = words.get(&format!("tier-{key}"));
        html! {
            <label class="check"><input type="checkbox" checked={props.form.tiers.contains(&tier)} onchange={toggle} data-testid={format!("tier-{key}")} />{ label }</label>
        }
    };
    let singly = !props.form.singly;
    let toggle_singly = props
        .set(|form, on| form.singly = on)
        .reform(move |_: Event| singly);
    let wrong = props.wrong(&words, "access");
    html! {
        <div class="field">
            <span class="field-name">{ t!(words, "publish-access") }</span>
            <Choices<Audience> label={t!(words, "publish-access")} name="access" {choices} chosen={props.form.audience}
                onchoose={props.set(|form, audience| form.audience = audience)} />
            if props.form.audience == Audience::Paid {
                <div class="checks" role="group" aria-label={t!(words, "access-paid")}>
                    { for TierKey::PRESETS.into_iter().map(tier) }
                    <label class="check"><input type="checkbox" checked={props.form.singly} onchange={toggle_singly} data-testid="access-singly" />{ t!(words, "access-singly") }</label>
                </div>
                <p class="hint">{ t!(words, "access-paid-hint") }</p>
            }
            if let Some(wrong) = wrong { <p class="wrong" role="alert">{ wrong }</p> }
        </div>
    }
}

fn move_tier(form: &mut Form, tier: TierKey) {
    if !form.tiers.remove(&tier) {
        form.tiers.insert(tier);
    }
}

#[component]
pub(super) fn AboutFields(props: &FieldsProps) -> Html {
    let words = use_words();
    let kind = {
        let set = props.set(|form, kind| form.kind = kind);
        Callback::from(move |event: Event| {
            let select: HtmlSelectElement = event.target_unchecked_into();
            if let Some(kind) = Kind::parse(&select.value()) {
                set.emit(kind);
            }
        })
    };
    let excerpt = props
        .set(|form, excerpt| form.excerpt = excerpt)
        .reform(|event: InputEvent| event.target_unchecked_into::<HtmlTextAreaElement>().value());
    let option = |kind: Kind| {
        html! { <option value={kind.as_str()} selected={kind == props.form.kind}>{ words.get(&format!("kind-{}", kind.as_str())) }</option> }
    };
    let wrong = props.wrong(&words, "publish-excerpt");
    html! {
        <>
            <div class="pair">
            <div class="field">
                <label for="publish-kind">{ t!(words, "publish-kind") }</label>
                <select id="publish-kind" class="input" onchange={kind} data-testid="publish-kind">{ for Kind::ALL.into_iter().map(option) }</select>
            </div>
            <div class="field-offers">
                <Field name="publish-tags" label={t!(words, "publish-tags")} value={props.form.tags.clone()} hint={t!(words, "publish-tags-hint")}
                    oninput={props.set(|form, tags| form.tags = tags)} wrong={props.wrong(&words, "publish-tags")} />
                <TagOffers text={props.form.tags.clone()} onchange={props.set(|form, tags| form.tags = tags)} />
            </div>
            </div>
            <div class="field">
                <label for="publish-excerpt">{ t!(words, "publish-excerpt") }</label>
                <textarea id="publish-excerpt" class="input prose" rows="2" value={props.form.excerpt.clone()} oninput={excerpt}
                    aria-invalid={wrong.is_some().to_string()} data-testid="publish-excerpt" />
                if let Some(wrong) = wrong { <p class="wrong" role="alert">{ wrong }</p> } else { <p class="hint">{ t!(words, "publish-excerpt-hint") }</p> }
            </div>
        </>
    }
}

/// What is seldom said; open when something in it is wrong.
#[component]
pub(super) fn MoreFields(props: &FieldsProps) -> Html {
    let words = use_words();
    let is_wrong = props
        .wrong
        .is_some_and(|(place, _)| matches!(place, "publish-canonical" | "publish-unless-after"));
    html! {
        <details class="more" open={is_wrong}>
            <summary>{ t!(words, "publish-more") }</summary>
            <div class="pair">
                <Field name="publish-slug" label={t!(words, "publish-slug")} value={props.form.slug.clone()} hint={t!(words, "publish-slug-hint")}
                    oninput={props.set(|form, slug| form.slug = slug)} is_code=true />
                <Field name="publish-canonical" label={t!(words, "publish-canonical")} value={props.form.canonical.clone()} hint={t!(words, "publish-canonical-hint")}
                    oninput={props.set(|form, canonical| form.canonical = canonical)} is_code=true wrong={props.wrong(&words, "publish-canonical")} />
            </div>
            <Field name="publish-unless-after" kind="datetime-local" label={t!(words, "publish-unless-after")} value={props.form.unless_after.clone()}
                hint={t!(words, "publish-unless-after-hint")} oninput={props.set(|form, at| form.unless_after = at)} wrong={props.wrong(&words, "publish-unless-after")} />
        </details>
    }
}

#[component]
pub(super) fn TimeFields(props: &FieldsProps) -> Html {
    let words = use_words();
    let choice = |value, label| Choice {
        value,
        label: words.get(label),
        lang: None,
    };
    let choices = vec![
        choice(When::Now, "publish-now"),
        choice(When::Later, "publish-later"),
    ];
    let hint = use_zone().hint(&words, &props.form.live_at);
    html! {
        <div class="pair">
            <div class="field">
                <span class="field-name">{ t!(words, "publish-when") }</span>
                <Choices<When> label={t!(words, "publish-when")} name="when" {choices} chosen={props.form.when} onchoose={props.set(|form, when| form.when = when)} />
            </div>
            if props.form.when == When::Later {
                <Field name="publish-live-at" kind="datetime-local" label={t!(words, "publish-live-at")} value={props.form.live_at.clone()}
                    hint={hint} oninput={props.set(|form, at| form.live_at = at)} wrong={props.wrong(&words, "publish-live-at")} />
            }
        </div>
    }
}
