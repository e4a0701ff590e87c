//! When a live session is, where one joins, and what is left of it.

use stoa_domain::{DraftId, MAX_MINUTES, RecordingLink};
use yew::prelude::*;

use super::fields::FieldsProps;
use super::form::{Form, Wrong};
use super::recording::RecordingField;
use crate::host::use_app;
use crate::parts::Field;
use crate::t;
use crate::texts::use_words;
use crate::zone::use_zone;

#[derive(Properties, PartialEq)]
pub(super) struct LiveFieldsProps {
    pub(super) draft: DraftId,
    pub(super) form: Form,
    pub(super) change: Callback<Form>,
    pub(super) wrong: Option<Wrong>,
    pub(super) onchoose: Callback<RecordingLink>,
}

#[component]
pub(super) fn LiveFields(props: &LiveFieldsProps) -> Html {
    let words = use_words();
    let (app, zone) = (use_app(), use_zone());
    let fields = FieldsProps {
        form: props.form.clone(),
        change: props.change.clone(),
        wrong: props.wrong,
    };
    let session = &props.form.session;
    // The zone is named also where it is that of this computer: others read it elsewhere.
    let own = app.profile().and_then(|profile| profile.timezone.as_ref());
    let named = || own.map(|zone| t!(words, "zone", zone = zone.as_str()));
    let hint = zone.hint(&words, &session.starts_at).or_else(named);
    html! {
        <fieldset class="group" data-testid="publish-session">
            <legend class="field-name">{ t!(words, "kind-live") }</legend>
            <div class="pair">
                <Field name="publish-starts-at" kind="datetime-local" label={t!(words, "publish-starts-at")} value={session.starts_at.clone()} {hint}
                    oninput={fields.set(|form, at| form.session.starts_at = at)} wrong={fields.wrong(&words, "publish-starts-at")} />
                <Field name="publish-lasts" label={t!(words, "publish-lasts")} value={session.lasts.clone()}
                    hint={t!(words, "publish-lasts-hint", most = MAX_MINUTES)}
                    oninput={fields.set(|form, minutes| form.session.lasts = minutes)} wrong={fields.wrong(&words, "publish-lasts")} />
            </div>
            <Field name="publish-join-link" label={t!(words, "publish-join-link")} value={session.join_link.clone()} placeholder="https://" is_code=true
                hint={t!(words, "publish-join-link-hint")} oninput={fields.set(|form, link| form.session.join_link = link)} wrong={fields.wrong(&words, "publish-join-link")} />
            <RecordingField draft={props.draft} chosen={session.recording.clone()} onchoose={props.onchoose.clone()} />
        </fieldset>
    }
}
