//! First run: the language, then how to begin, then the one form that way needs.

use stoa_ipc::{CreateProfile, Failure, Language, ProfileKind, SetPreferences, SignIn};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::door::Door;
use super::local::LocalForm;
use super::recovery::{keep_recovery_key, keep_sign_in};
use super::stage::StagePage;
use crate::actions::use_set_preferences;
use crate::host::{Host, use_app, use_host};
use crate::parts::Notice;
use crate::settings::Archives;
use crate::shell::{ConnectForm, Prepare};
use crate::t;
use crate::texts::use_words;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Step {
    Language,
    Begin,
    Connect,
    Local,
}

#[component]
pub(crate) fn FirstRun() -> Html {
    let chosen = use_app().preferences().language.is_some();
    let step = use_state_eq(|| if chosen { Step::Begin } else { Step::Language });
    let go = {
        let step = step.clone();
        Callback::from(move |to| step.set(to))
    };
    let back = go.reform(|()| Step::Begin);
    match *step {
        Step::Language => html! { <ChooseLanguage done={go.reform(|()| Step::Begin)} /> },
        Step::Begin => html! { <Begin {go} /> },
        Step::Connect => html! { <Connect {back} /> },
        Step::Local => html! { <Local {back} /> },
    }
}

#[derive(Properties, PartialEq)]
struct ChooseLanguageProps {
    done: Callback<()>,
}

/// Both languages speak: nobody has chosen yet.
#[component]
fn ChooseLanguage(props: &ChooseLanguageProps) -> Html {
    let words = use_words();
    let set = use_set_preferences();
    let choose = |language: Language| {
        let (set, done) = (set.clone(), props.done.clone());
        Callback::from(move |()| {
            set.emit(SetPreferences {
                language: Some(language),
                ..SetPreferences::default()
            });
            done.emit(());
        })
    };
    html! {
        <StagePage title={t!(words, "first-run-language")} lead={t!(words, "first-run-language-lead")} testid="first-run">
            <div class="doors">
                <Door icon="languages" title="简体中文" onopen={choose(Language::Chinese)} testid="first-run-zh" lang="zh-CN" />
                <Door icon="languages" title="English" onopen={choose(Language::English)} testid="first-run-en" lang="en" />
            </div>
        </StagePage>
    }
}

#[derive(Properties, PartialEq)]
struct BeginProps {
    go: Callback<Step>,
}

#[component]
fn Begin(props: &BeginProps) -> Html {
    let words = use_words();
    let host = use_host();
    let failure = use_state(|| None::<Failure>);
    let busy = use_state_eq(|| false);
    let demo = {
        let (failure, busy) = (failure.clone(), busy.clone());
        Callback::from(move |()| {
            let (host, failure, busy) = (host.clone(), failure.clone(), busy.clone());
            busy.set(true);
            let request = CreateProfile {
                kind: ProfileKind::Demo,
                name: String::new(),
                passphrase: None,
            };
            spawn_local(async move {
                match host.call(request).await {
                    Ok(created) => host.state_changed(created.state),
                    Err(refused) => failure.set(Some(refused)),
                }
                busy.set(false);
            });
        })
    };
    let busy = *busy;
    html! {
        <StagePage title={t!(words, "first-run-begin")} lead={t!(words, "first-run-begin-lead")} testid="first-run">
            if let Some(failure) = (*failure).clone() { <Notice {failure} /> }
            <div class="doors">
                <Door icon="globe" title={t!(words, "first-run-connect")} more={t!(words, "first-run-connect-more")} {busy}
                    onopen={props.go.reform(|()| Step::Connect)} testid="first-run-connect" />
                <Door icon="monitor" title={t!(words, "first-run-local")} more={t!(words, "first-run-local-more")} {busy}
                    onopen={props.go.reform(|()| Step::Local)} testid="first-run-local" />
                <Door icon="book-open" title={t!(words, "first-run-demo")} more={t!(words, "first-run-demo-more")} {busy}
                    onopen={demo} testid="first-run-demo" />
            </div>
            <Archives />
        </StagePage>
    }
}

#[derive(Properties, PartialEq)]
struct BackProps {
    back: Callback<()>,
}

#[component]
fn Local(props: &BackProps) -> Html {
    let words = use_words();
    html! {
        <StagePage title={t!(words, "first-run-local")} lead={t!(words, "first-run-local-lead")} testid="first-run" onback={props.back.clone()}>
            <LocalForm />
        </StagePage>
    }
}

/// Connecting makes a profile, shows its recovery key, and signs in meanwhile.
#[component]
fn Connect(props: &BackProps) -> Html {
    let words = use_words();
    let host = use_host();
    let prepare = Callback::from(move |Prepare { request, failed }: Prepare| {
        let host = host.clone();
        spawn_local(async move {
            if let Err(refused) = begin_connected(&host, request).await {
                failed.emit(refused);
            }
        });
    });
    html! {
        <StagePage title={t!(words, "connect-title")} lead={t!(words, "connect-lead")} testid="first-run" onback={props.back.clone()}>
            <ConnectForm done={Callback::noop()} {prepare} />
        </StagePage>
    }
}

/// Makes a profile for an account and signs in once its recovery key is written down.
pub(crate) async fn begin_connected(host: &Host, request: SignIn) -> Result<(), Failure> {
    let create = CreateProfile {
        kind: ProfileKind::Connected,
        name: host_name(&request.url),
        passphrase: None,
    };
    let created = host.call(create).await?;
    keep_recovery_key(created.recovery);
    // A wrong password keeps nobody out: the profile is made, and the window asks again.
    keep_sign_in(host.call(request.clone()).await.err().map(|_| request));
    host.state_changed(created.state);
    Ok(())
}

/// The community is called like its server until the server has told its name.
fn host_name(url: &str) -> String {
    let without_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    let name = without_scheme.split(['/', ':']).next().unwrap_or_default();
    (if name.is_empty() { "Stoa" } else { name }).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{drawn_with, state};
    use stoa_ipc::Stage;

    #[test]
    fn a_server_s_name_is_taken_from_its_address() {
        let cases = [
            ("https://zhixing.example/path", "zhixing.example"),
            ("localhost:8443", "localhost"),
            ("", "Stoa"),
        ];
        for (url, name) in cases {
            assert_eq!(host_name(url), name);
        }
    }

    #[test]
    fn the_first_question_is_the_language_in_both_of_them() {
        let markup = drawn_with("zh-CN", state(Stage::FirstRun), || html! { <FirstRun /> });
        assert!(
            markup.contains("简体中文") && markup.contains("English"),
            "{markup}"
        );
    }

    #[test]
    fn there_are_three_ways_to_begin() {
        let mut chosen = state(Stage::FirstRun);
        chosen.preferences.language = Some(Language::English);
        let markup = drawn_with("en", chosen, || html! { <FirstRun /> });
        for door in ["first-run-connect", "first-run-local", "first-run-demo"] {
            assert!(markup.contains(door), "{door}: {markup}");
        }
    }
}
