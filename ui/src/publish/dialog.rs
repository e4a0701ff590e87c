//! The question before a draft goes to members: for whom, as what, from when on.

use stoa_domain::{DraftId, Kind, ReviewStatus, TierKey};
use stoa_ipc::{DraftSummary, ProfileKind};
use web_sys::{HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::cover::CoverField;
use super::editing::{Editing, Lead};
use super::form::{Audience, Form, When, Wrong};
use super::sending::{Then, use_sending};
use super::state::{review_stands, use_summary};
use crate::format::now;
use crate::host::use_app;
use crate::parts::{Button, ButtonKind, Choice, Choices, Dialog, Field, Icon};
use crate::preview::Checks;
use crate::t;
use crate::texts::{Words, use_words};
use crate::view::{Step, use_view};
use crate::zone::use_zone;

#[derive(Properties, PartialEq)]
pub(crate) struct PublishDialogProps {
    pub(crate) id: DraftId,
    pub(crate) onclose: Callback<()>,
}

#[component]
pub(crate) fn PublishDialog(props: &PublishDialogProps) -> Html {
    match use_summary(props.id) {
        Some(draft) => html! { <Ask {draft} onclose={props.onclose.clone()} /> },
        None => Html::default(),
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct AskProps {
    pub(super) draft: DraftSummary,
    /// The publication whose place is to be taken.
    #[prop_or_default]
    pub(super) editing: Option<Editing>,
    pub(super) onclose: Callback<()>,
}

impl AskProps {
    fn title(&self, words: &Words) -> AttrValue {
        let untitled = t!(words, "untitled");
        let title = match self.draft.title.as_str() {
            "" => untitled.as_str(),
            title => title,
        };
        let is_waiting = |editing: &Editing| !editing.publication.is_refused;
        match &self.draft.post {
            _ if self.editing.as_ref().is_some_and(is_waiting) => {
                t!(words, "republish-title", title = title)
            }
            None => t!(words, "publish-title", title = title),
            Some(_) => t!(words, "publish-update-title", title = title),
        }
    }

    /// What the button does, where nothing speaks against it.
    fn label(&self, words: &Words, when: When) -> AttrValue {
        match (when, self.draft.post.is_some(), &self.editing) {
            (_, _, Some(editing)) if !editing.publication.is_refused => {
                t!(words, "republish-save")
            }
            (When::Later, _, _) => t!(words, "publish-schedule"),
            (When::Now, true, _) => t!(words, "publish-update"),
            (When::Now, false, _) => t!(words, "publish"),
        }
    }
}

#[component]
pub(super) fn Ask(props: &AskProps) -> Html {
    let words = use_words();
    let zone = use_zone();
    let begun = || match &props.editing {
        Some(editing) => editing.form(&props.draft, &zone),
        None => Form::of(&props.draft.content),
    };
    let form = use_state(begun);
    // Alone: an image comes in while something else is typed.
    let cover = use_state_eq(|| form.cover);
    let wrong = use_state_eq(|| None::<Wrong>);
    let is_busy = use_state_eq(|| false);
    let send = use_sending(&props.draft, &props.onclose, is_busy.clone(), wrong.clone());
    let change = {
        let (form, wrong) = (form.clone(), wrong.clone());
        Callback::from(move |new: Form| {
            wrong.set(None);
            form.set(new);
        })
    };
    let onchoosecover = {
        let cover = cover.setter();
        Callback::from(move |chosen| cover.set(chosen))
    };
    let title = props.title(&words);
    let with = |then: Then| {
        let (send, cover) = (send.clone(), *cover);
        let form = Form {
            cover,
            ..(*form).clone()
        };
        move || send.emit((form.clone(), then))
    };
    let keep = {
        let keep = with(Then::Keep);
        Callback::from(move |_: MouseEvent| keep())
    };
    let publish = with(match &props.editing {
        Some(editing) => Then::Replace(editing.lid),
        None => Then::Publish,
    });
    let onsubmit = Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        publish();
    });
    let ongo = {
        let view = use_view().dispatcher();
        Callback::from(move |at| view.dispatch(Step::GoToPlace(at)))
    };
    let warning = review_warning(&words, &props.draft);
    let label = match warning {
        Some(_) if props.editing.is_none() => t!(words, "publish-anyway"),
        _ => props.label(&words, form.when),
    };
    html! {
        <Dialog {title} wide=true onclose={props.onclose.clone()} testid="publish-dialog">
            <form class="form" {onsubmit}>
                if let Some(editing) = &props.editing {
                    <Lead editing={editing.clone()} />
                } else {
                    <Standing draft={props.draft.clone()} />
                }
                if let Some(warning) = warning {
                    <p class="review-changed" role="alert" data-testid="publish-review"><Icon name="triangle-alert" /><span>{ warning }</span></p>
                }
                <Checks id={props.draft.id} {ongo} />
                <AudienceFields form={(*form).clone()} change={change.clone()} wrong={*wrong} />
                <AboutFields form={(*form).clone()} change={change.clone()} wrong={*wrong} />
                <CoverField draft={props.draft.id} chosen={*cover} onchoose={onchoosecover} />
                <TimeFields form={(*form).clone()} change={change.clone()} wrong={*wrong} />
                <MoreFields form={(*form).clone()} {change} wrong={*wrong} />
                <div class="buttons end">
                    if props.editing.is_none() {
                        <Button kind={ButtonKind::Quiet} label={t!(words, "publish-keep")} onclick={keep} disabled={*is_busy} testid="publish-keep" />
                    }
                    <Button label={t!(words, "cancel")} onclick={props.onclose.reform(|_| ())} />
                    <Button kind={ButtonKind::Main} submit=true {label} disabled={*is_busy} testid="publish-confirm" />
                </div>
            </form>
        </Dialog>
    }
}

/// What speaks against it: a review that is not finished, or one that asked for changes.
fn review_warning(words: &Words, draft: &DraftSummary) -> Option<AttrValue> {
    review_stands(words, draft)?;
    match draft.review?.status {
        ReviewStatus::Requested => Some(t!(words, "review-publish-open")),
        ReviewStatus::ChangesWanted => Some(t!(words, "review-publish-changes")),
        ReviewStatus::Approved | ReviewStatus::Withdrawn => None,
    }
}

#[derive(Properties, PartialEq)]
struct StandingProps {
    draft: DraftSummary,
}

/// What of it members see now, and that nobody does before there is a community.
#[component]
fn Standing(props: &StandingProps) -> Html {
    let words = use_words();
    let zone = use_zone();
    let is_connected = use_app().kind() == Some(ProfileKind::Connected);
    if !is_connected {
        return html! { <p class="quiet">{ t!(words, "publish-no-community") }</p> };
    }
    match &props.draft.post {
        Some(post) if post.live_at > now() => {
            let when = zone.moment(words.tag(), post.live_at);
            html! { <p class="quiet">{ t!(words, "publish-stands-scheduled", when = when) }</p> }
        }
        Some(post) if !post.is_changed => {
            html! { <p class="quiet">{ t!(words, "publish-stands-same") }</p> }
        }
        Some(_) => html! { <p class="quiet">{ t!(words, "publish-stands-changed") }</p> },
        None => html! { <p class="quiet">{ t!(words, "publish-lead") }</p> },
    }
}

#[derive(Properties, PartialEq)]
struct FieldsProps {
    form: Form,
    change: Callback<Form>,
    wrong: Option<Wrong>,
}

impl FieldsProps {
    /// What is wrong with a field.
    fn wrong(&self, words: &Words, field: &str) -> Option<AttrValue> {
        let (place, key) = self.wrong?;
        (place == field).then(|| words.get(key))
    }

    fn set<T: 'static>(&self, set: fn(&mut Form, T)) -> Callback<T> {
        let (form, change) = (self.form.clone(), self.change.clone());
        Callback::from(move |value: T| {
            let mut form = form.clone();
            set(&mut form, value);
            change.emit(form);
        })
    }
}

#[component]
fn AudienceFields(props: &FieldsProps) -> Html {
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
fn AboutFields(props: &FieldsProps) -> Html {
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
            <Field name="publish-tags" label={t!(words, "publish-tags")} value={props.form.tags.clone()} hint={t!(words, "publish-tags-hint")}
                oninput={props.set(|form, tags| form.tags = tags)} wrong={props.wrong(&words, "publish-tags")} />
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
fn MoreFields(props: &FieldsProps) -> Html {
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
fn TimeFields(props: &FieldsProps) -> Html {
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

#[cfg(test)]
mod tests {
    use stoa_domain::Access;

    use super::*;
    use crate::testing::drawn;

    fn paid() -> DraftSummary {
        let mut draft = crate::testing::draft("会员定价");
        draft.content.access = Access::Paid {
            tiers: [TierKey::parse("vip").unwrap()].into(),
            singly: false,
        };
        draft
    }

    #[test]
    fn a_draft_that_is_paid_for_shows_the_tiers_and_others_do_not() {
        for language in ["zh-CN", "en"] {
            let markup = drawn(language, || {
                html! { <Ask draft={crate::testing::draft("会员定价")} onclose={Callback::noop()} /> }
            });
            assert!(!markup.contains("tier-vip"), "{markup}");
            let markup = drawn(language, || {
                html! { <Ask draft={paid()} onclose={Callback::noop()} /> }
            });
            assert!(
                markup.contains("tier-vip") && markup.contains("VIP"),
                "{markup}"
            );
        }
    }
}
