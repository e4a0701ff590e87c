//! What to look at before a draft goes to members, and how long it is.

use std::rc::Rc;

use stoa_domain::DraftId;
use stoa_ipc::{CheckDraft, DraftCheck, DraftFinding};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::format::grouped;
use crate::host::use_host;
use crate::parts::{Icon, Loaded, Remote};
use crate::t;
use crate::texts::use_words;

#[derive(Properties, PartialEq)]
pub(crate) struct ChecksProps {
    pub(crate) id: DraftId,
    /// Where in the text to look: in UTF-16 units.
    pub(crate) ongo: Callback<u32>,
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
    let ongo = props.ongo.clone();
    let show = Callback::from(move |check: Rc<DraftCheck>| {
        html! { <Found {check} ongo={ongo.clone()} /> }
    });
    html! { <Loaded<Rc<DraftCheck>> value={(*found).clone()} {show} onretry={ask} n_bones=1 /> }
}

#[derive(Properties, PartialEq)]
struct FoundProps {
    check: Rc<DraftCheck>,
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
    let n = check.findings.len();
    html! {
        <div class="checks-box" data-testid="checks">
            <p class="quiet">{ length }</p>
            if n == 0 {
                <p class="check-fine"><Icon name="check" />{ t!(words, "check-fine") }</p>
            } else {
                <details class="more">
                    <summary data-testid="checks-found"><Icon name="triangle-alert" />{ t!(words, "check-found", n = n) }</summary>
                    <ul class="check-list">{ for check.findings.iter().map(line) }</ul>
                </details>
            }
        </div>
    }
}

#[cfg(test)]
mod tests {
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
    fn a_minute_that_has_begun_counts_and_nothing_found_is_said() {
        let markup = drawn("en", || check(Vec::new()));
        assert!(
            markup.contains("1,234") && markup.contains("2 min"),
            "{markup}"
        );
        assert!(!markup.contains("<ul"), "{markup}");
    }
}
