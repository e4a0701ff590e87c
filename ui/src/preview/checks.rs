//! What to look at before a draft goes to members, and how long it is.

use std::rc::Rc;

use stoa_domain::DraftId;
use stoa_ipc::{CheckDraft, DraftCheck, DraftFinding};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::format::grouped;
use crate::host::use_host;
use crate::parts::{Icon, Loaded, Remote};
use crate::t;
use crate::texts::{Words, use_words};

#[derive(Properties, PartialEq)]
pub(crate) struct ChecksProps {
    pub(crate) id: DraftId,
    /// What is to be looked at beside the text.
    #[prop_or_default]
    pub(crate) fields: Vec<FieldFinding>,
    /// Where in the text to look: in UTF-16 units.
    pub(crate) ongo: Callback<u32>,
}

/// Something to look at in a field of the same page.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FieldFinding {
    /// The text `finding-<code>` says it.
    pub(crate) code: &'static str,
    /// The id of the field, and the key of what it is called.
    pub(crate) field: &'static str,
}

#[component]
pub(crate) fn Checks(props: &ChecksProps) -> Html {
    let host = use_host();
    let found = use_state(|| Remote::<Rc<DraftCheck>>::Coming);
    let ask = {
        let (setter, id) = (found.setter(), props.id);
        Callback::from(move |()| {
            let (host, setter) = (host.clone(), setter.clone());
            spawn_local(async move {
                let answer = host.call(CheckDraft { id }).await;
                setter.set(answer.map(Rc::new).into());
            });
        })
    };
    {
        let ask = ask.clone();
        use_effect_with(props.id, move |_| ask.emit(()));
    }
    let (ongo, fields) = (props.ongo.clone(), props.fields.clone());
    let show = Callback::from(move |check: Rc<DraftCheck>| {
        html! { <Found {check} fields={fields.clone()} ongo={ongo.clone()} /> }
    });
    html! { <Loaded<Rc<DraftCheck>> value={(*found).clone()} {show} onretry={ask} n_bones=1 /> }
}

#[derive(Properties, PartialEq)]
struct FoundProps {
    check: Rc<DraftCheck>,
    #[prop_or_default]
    fields: Vec<FieldFinding>,
    ongo: Callback<u32>,
}

#[component]
fn Found(props: &FoundProps) -> Html {
    let words = use_words();
    let check = &props.check;
    let length = t!(
        words,
        "check-length",
        words = grouped(check.n_words),
        minutes = check.reading_seconds.div_ceil(60),
        images = check.n_images
    );
    let line = |finding: &DraftFinding| {
        let (at, ongo) = (finding.at, props.ongo.clone());
        let said = words.get(&format!("finding-{}", finding.code));
        html! {
            <li>
                <button type="button" class="check-line" onclick={move |_| ongo.emit(at)} data-testid="finding">
                    <span class="check-said">{ said }</span>
                    <span class="check-where">{ t!(words, "check-line", n = finding.line) }</span>
                    <span class="check-quote">{ finding.quote.clone() }</span>
                </button>
            </li>
        }
    };
    let n = check.findings.len() + props.fields.len();
    html! {
        <div class="checks-box" data-testid="checks">
            <p class="quiet">{ length }</p>
            if n == 0 {
                <p class="check-fine"><Icon name="check" />{ t!(words, "check-fine") }</p>
            } else {
                <details class="more">
                    <summary data-testid="checks-found"><Icon name="triangle-alert" />{ t!(words, "check-found", n = n) }</summary>
                    <ul class="check-list">{ for props.fields.iter().map(|finding| field_line(&words, finding)) }{ for check.findings.iter().map(line) }</ul>
                </details>
            }
        </div>
    }
}

fn field_line(words: &Words, finding: &FieldFinding) -> Html {
    let field = finding.field;
    let onclick = Callback::from(move |_: MouseEvent| focus(field));
    html! {
        <li key={finding.code}>
            <button type="button" class="check-line" {onclick} data-testid="finding">
                <span class="check-said">{ words.get(&format!("finding-{}", finding.code)) }</span>
                <span class="check-where">{ words.get(field) }</span>
            </button>
        </li>
    }
}

fn focus(id: &str) {
    let document = web_sys::window().and_then(|window| window.document());
    let field = document.and_then(|document| document.get_element_by_id(id));
    if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlElement>().ok()) {
        // Fails only for an element that is going away.
        let _ = field.focus();
    }
}

#[cfg(test)]
mod tests {
    use stoa_domain::LiveFinding;

    use super::*;
    use crate::testing::drawn;

    fn check(findings: Vec<DraftFinding>) -> Html {
        let check = Rc::new(DraftCheck {
            n_words: 1_234,
            n_chars: 2_000,
            n_images: 1,
            reading_seconds: 61,
            findings,
        });
        html! { <Found {check} ongo={Callback::noop()} /> }
    }

    const CODES: [&str; 11] = [
        "empty-text",
        "image-without-alt",
        "link-without-text",
        "refused-link",
        "doubtful-link",
        "skipped-level",
        "paywall-first",
        "paywall-last",
        "paywall-twice",
        "missing-footnote",
        "too-much",
    ];

    fn all() -> Html {
        let finding = |code: &str| DraftFinding {
            at: 7,
            line: 1_203,
            code: code.to_owned(),
            quote: "![](a.png)".to_owned(),
        };
        check(CODES.into_iter().map(finding).collect())
    }

    #[test]
    fn every_finding_has_words_in_both_languages_and_says_where() {
        for language in ["zh-CN", "en"] {
            let markup = drawn(language, all);
            assert!(!markup.contains(">finding-"), "{markup}");
            for part in ["![](a.png)", "1203"] {
                let n = markup.matches(part).count();
                assert_eq!(n, CODES.len(), "{part}: {markup}");
            }
        }
    }

    #[test]
    fn what_is_found_in_a_field_is_counted_and_named() {
        fn live() -> Html {
            let check = Rc::new(DraftCheck {
                n_words: 1,
                n_chars: 2,
                n_images: 0,
                reading_seconds: 1,
                findings: Vec::new(),
            });
            let fields = LiveFinding::ALL.map(|finding| FieldFinding {
                code: finding.code(),
                field: "publish-starts-at",
            });
            html! { <Found {check} fields={fields.to_vec()} ongo={Callback::noop()} /> }
        }
        for language in ["zh-CN", "en"] {
            let markup = drawn(language, live);
            assert!(!markup.contains(">finding-"), "{markup}");
            assert!(markup.contains('3'), "{markup}");
            assert_eq!(
                markup.matches("data-testid=\"finding\"").count(),
                3,
                "{markup}"
            );
        }
    }

    #[test]
    fn a_minute_that_has_begun_counts_and_nothing_found_is_said() {
        let markup = drawn("en", || check(Vec::new()));
        assert!(
            markup.contains("1,234") && markup.contains("2 min"),
            "{markup}"
        );
        assert!(!markup.contains("<ul"), "{markup}");
    }
}
