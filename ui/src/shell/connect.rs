//! Connecting to a server: its address, its fingerprint, e-mail and password.
//!
//! First the server is looked at without sending anything. If the system does not know its
//! certificate, the fingerprint is compared before a password leaves the window.

use stoa_ipc::{Account, Failure, ProbeServer, ServerInfo, SignIn};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::host::{Host, use_app, use_host};
use crate::parts::{Button, ButtonKind, Field, Notice};
use crate::t;
use crate::texts::{Words, use_words};

/// What was entered, and the account it led to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Connected {
    pub(crate) account: Account,
}

/// What is in the fields.
#[derive(Debug, Clone, PartialEq, Default)]
struct Entered {
    url: String,
    email: String,
    password: String,
}

impl Entered {
    fn to_request(&self, trust: Option<String>) -> SignIn {
        SignIn {
            url: self.url.trim().to_owned(),
            email: self.email.trim().to_owned(),
            password: self.password.clone(),
            trust,
        }
    }

    fn is_complete(&self) -> bool {
        !self.url.trim().is_empty() && !self.email.trim().is_empty() && !self.password.is_empty()
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Progress {
    Filling(Option<Failure>),
    Asking,
    /// The server's fingerprint is to be compared.
    Comparing(ServerInfo),
}

#[derive(Properties, PartialEq)]
pub(crate) struct ConnectFormProps {
    pub(crate) done: Callback<Connected>,
    /// Made ready before signing in, where there is no open profile yet.
    #[prop_or_default]
    pub(crate) prepare: Option<Callback<Prepare>>,
    /// Told when the profile holds the work of another account or server.
    #[prop_or_default]
    pub(crate) other: Option<Callback<SignIn>>,
}

/// Hands a sign-in to somebody who has to do something first.
pub(crate) struct Prepare {
    pub(crate) request: SignIn,
    pub(crate) failed: Callback<Failure>,
}

#[component]
pub(crate) fn ConnectForm(props: &ConnectFormProps) -> Html {
    let app = use_app();
    let host = use_host();
    let entered = use_state(|| suggested(&app));
    let progress = use_state_eq(|| Progress::Filling(None));
    let sign_in = signing_in(host.clone(), props, entered.clone(), progress.clone());
    let probe = probing(host, entered.clone(), progress.clone(), sign_in.clone());
    let back = {
        let progress = progress.clone();
        Callback::from(move |()| progress.set(Progress::Filling(None)))
    };
    match &*progress {
        Progress::Comparing(server) => {
            html! { <CompareFingerprint server={server.clone()} {back} agree={sign_in} /> }
        }
        Progress::Filling(failure) => {
            html! { <Fields {entered} {probe} failure={failure.clone()} busy=false /> }
        }
        Progress::Asking => {
            html! { <Fields {entered} {probe} failure={None::<Failure>} busy=true /> }
        }
    }
}

fn suggested(app: &crate::host::App) -> Entered {
    let profile = app.profile();
    let local = app.0.local_server.as_ref();
    let known_url = profile.and_then(|profile| profile.server.clone());
    let known_email = profile.and_then(|profile| profile.email.clone());
    Entered {
        url: known_url
            .or_else(|| local.map(|local| local.url.clone()))
            .unwrap_or_default(),
        email: known_email
            .or_else(|| local.map(|local| local.email.clone()))
            .unwrap_or_default(),
        password: String::new(),
    }
}

type Probing = Callback<()>;

fn probing(
    host: Host,
    entered: UseStateHandle<Entered>,
    progress: UseStateHandle<Progress>,
    sign_in: Callback<Option<String>>,
) -> Probing {
    Callback::from(move |()| {
        let (host, progress, sign_in) = (host.clone(), progress.clone(), sign_in.clone());
        let url = entered.url.trim().to_owned();
        progress.set(Progress::Asking);
        spawn_local(async move {
            match host.call(ProbeServer { url }).await {
                // Trusted here already: so it is by a profile that begins anew with this account.
                Ok(server) if server.trusted => sign_in.emit(server.fingerprint),
                Ok(server) => progress.set(Progress::Comparing(server)),
                Err(failure) => progress.set(Progress::Filling(Some(failure))),
            }
        });
    })
}

fn signing_in(
    host: Host,
    props: &ConnectFormProps,
    entered: UseStateHandle<Entered>,
    progress: UseStateHandle<Progress>,
) -> Callback<Option<String>> {
    let (done, prepare) = (props.done.clone(), props.prepare.clone());
    let other = props.other.clone();
    Callback::from(move |trust: Option<String>| {
        let request = entered.to_request(trust);
        let failed = {
            let progress = progress.clone();
            Callback::from(move |failure| progress.set(Progress::Filling(Some(failure))))
        };
        progress.set(Progress::Asking);
        if let Some(prepare) = &prepare {
            prepare.emit(Prepare { request, failed });
            return;
        }
        let (host, done, other) = (host.clone(), done.clone(), other.clone());
        spawn_local(async move {
            match host.call(request.clone()).await {
                Ok(account) => done.emit(Connected { account }),
                Err(failure) => match other.filter(|_| is_other_account(&failure)) {
                    Some(other) => other.emit(request),
                    None => failed.emit(failure),
                },
            }
        });
    })
}

/// Whether the profile belongs to somebody else.
fn is_other_account(failure: &Failure) -> bool {
    let mut fields = failure.fields.iter();
    fields.any(|field| field.reason == "other-account")
}

#[derive(Properties, PartialEq)]
struct FieldsProps {
    entered: UseStateHandle<Entered>,
    probe: Probing,
    failure: Option<Failure>,
    busy: bool,
}

#[component]
fn Fields(props: &FieldsProps) -> Html {
    let words = use_words();
    // Where to begin is decided once: the focus must not wander while the address is typed.
    let begins_with_address = *use_state(|| props.entered.url.is_empty());
    let change = |set: fn(&mut Entered, String)| {
        let entered = props.entered.clone();
        Callback::from(move |text: String| {
            let mut next = (*entered).clone();
            set(&mut next, text);
            entered.set(next);
        })
    };
    let onsubmit = props
        .probe
        .reform(|event: SubmitEvent| event.prevent_default());
    let entered = &props.entered;
    let general = props
        .failure
        .clone()
        .filter(|failure| failure.fields.is_empty());
    let wrong = |field: &str| wrong_text(&words, props.failure.as_ref(), field);
    let ready = entered.is_complete() && !props.busy;
    let submit = if props.busy {
        t!(words, "connect-asking")
    } else {
        t!(words, "connect-submit")
    };
    html! {
        <form class="form" {onsubmit}>
            if let Some(failure) = general { <Notice {failure} /> }
            <Field name="connect-url" label={t!(words, "connect-url")} value={entered.url.clone()} kind="text" is_code=true
                placeholder={t!(words, "connect-url-example")} wrong={wrong("url")} autocomplete="url"
                oninput={change(|entered, text| entered.url = text)} focused={begins_with_address} />
            <Field name="connect-email" label={t!(words, "connect-email")} value={entered.email.clone()} kind="email"
                wrong={wrong("email")} autocomplete="username" oninput={change(|entered, text| entered.email = text)} />
            <Field name="connect-password" label={t!(words, "connect-password")} value={entered.password.clone()} kind="password"
                wrong={wrong("password")} autocomplete="current-password" focused={!begins_with_address}
                oninput={change(|entered, text| entered.password = text)} />
            <div class="buttons end">
                <Button kind={ButtonKind::Main} submit=true disabled={!ready} label={submit} testid="connect-submit" />
            </div>
        </form>
    }
}

/// What is wrong with one field, in words.
pub(crate) fn wrong_text(
    words: &Words,
    failure: Option<&Failure>,
    field: &str,
) -> Option<AttrValue> {
    let blamed = failure?.fields.iter().find(|wrong| wrong.field == field)?;
    Some(words.get(&format!("field-{}", blamed.reason)))
}

#[derive(Properties, PartialEq)]
struct CompareFingerprintProps {
    server: ServerInfo,
    back: Callback<()>,
    agree: Callback<Option<String>>,
}

#[component]
fn CompareFingerprint(props: &CompareFingerprintProps) -> Html {
    let words = use_words();
    let fingerprint = props.server.fingerprint.clone();
    let trusted = fingerprint.clone();
    let agree = props.agree.reform(move |_: MouseEvent| trusted.clone());
    html! {
        <div class="form" role="group" aria-label={t!(words, "fingerprint-title")}>
            <h2>{ t!(words, "fingerprint-title") }</h2>
            <p>{ t!(words, "fingerprint-lead", server = props.server.url.as_str()) }</p>
            <p class="fingerprint" data-testid="fingerprint">{ fingerprint.unwrap_or_default() }</p>
            <p>{ t!(words, "fingerprint-if-not") }</p>
            <div class="buttons end">
                <Button label={t!(words, "cancel")} onclick={props.back.reform(|_| ())} />
                <Button kind={ButtonKind::Main} label={t!(words, "fingerprint-agree")} onclick={agree} testid="fingerprint-agree" />
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_that_is_blamed_says_why() {
        let words = Words::new("en");
        let failure = Failure::field("email", "not-an-email");
        assert_eq!(
            wrong_text(&words, Some(&failure), "email"),
            Some(words.get("field-not-an-email"))
        );
        assert_eq!(wrong_text(&words, Some(&failure), "url"), None);
    }

    #[test]
    fn spaces_around_address_and_email_are_not_sent_but_those_of_a_password_are() {
        let entered = Entered {
            url: " a.example ".into(),
            email: " a@b.c ".into(),
            password: " x ".into(),
        };
        let request = entered.to_request(None);
        assert_eq!(
            (
                request.url.as_str(),
                request.email.as_str(),
                request.password.as_str()
            ),
            ("a.example", "a@b.c", " x ")
        );
    }
}
