//! What was changed here and elsewhere: the versions side by side, and the decision.

use std::rc::Rc;

use stoa_ipc::{Conflict, ConflictAbout, Decision, ListConflicts, ResolveConflict, Resolved};
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::conflict_text::ConflictTextView;
use super::sentence::{titled, use_listed};
use crate::format::relative;
use crate::host::{use_host, use_now};
use crate::parts::{Button, ButtonKind, Loaded, RowOf, Rows};
use crate::t;
use crate::tell::use_tell;
use crate::texts::{Words, use_words};
use crate::view::{Step, Toast, use_view};

#[component]
pub(super) fn Conflicts() -> Html {
    let words = use_words();
    let open = use_state(|| None::<i64>);
    let (found, again) = use_listed(ListConflicts {
        settled: false,
        limit: 1_000,
    });
    let onopen = {
        let open = open.clone();
        Callback::from(move |id: i64| open.set(Some(id)))
    };
    let onback = {
        let open = open.clone();
        Callback::from(move |()| open.set(None))
    };
    if let Some(id) = *open {
        return html! { <ConflictTextView key={id} {id} {onback} /> };
    }
    let is_empty = found.here().is_some_and(|found| found.is_empty());
    let show = {
        let onopen = onopen.clone();
        Callback::from(
            move |found: Rc<Vec<Conflict>>| html! { <ConflictRows {found} onopen={onopen.clone()} /> },
        )
    };
    html! {
        <>
            <Loaded<Rc<Vec<Conflict>>> value={found} {show} onretry={again} n_bones=3 {is_empty}
                empty={html! { <div class="empty" data-testid="no-conflicts"><p>{ t!(words, "sync-none-conflicts") }</p></div> }} />
            <SettledConflicts {onopen} />
        </>
    }
}

#[derive(Properties, PartialEq)]
struct ConflictRowsProps {
    found: Rc<Vec<Conflict>>,
    onopen: Callback<i64>,
}

#[component]
fn ConflictRows(props: &ConflictRowsProps) -> Html {
    let words = use_words();
    let row = |found: &Conflict| RowOf {
        key: AttrValue::from(found.id.to_string()),
        label: about(&words, found),
        class: "conflict",
        content: match &found.about {
            ConflictAbout::Field { .. } => html! { <FieldConflict found={found.clone()} /> },
            ConflictAbout::Text { .. } => {
                html! { <TextConflict found={found.clone()} onopen={props.onopen.clone()} /> }
            }
        },
    };
    let rows: Vec<RowOf> = props.found.iter().map(row).collect();
    let onkey = {
        let (found, onopen) = (props.found.clone(), props.onopen.clone());
        Callback::from(move |(at, key): (usize, String)| {
            let text = |found: &&Conflict| matches!(found.about, ConflictAbout::Text { .. });
            if let (Some(found), "Enter") = (found.get(at).filter(text), key.as_str()) {
                onopen.emit(found.id);
            }
        })
    };
    html! { <Rows label={t!(words, "sync-conflicts")} {rows} {onkey} testid="sync-conflict-row" /> }
}

/// What a conflict is about, in a sentence.
pub(super) fn about(words: &Words, found: &Conflict) -> AttrValue {
    let title = titled(words, &found.title);
    match &found.about {
        ConflictAbout::Field { .. } => t!(words, "conflict-title", title = title.as_str()),
        ConflictAbout::Text { n_clashes } => {
            t!(
                words,
                "conflict-text",
                title = title.as_str(),
                n = *n_clashes
            )
        }
    }
}

/// Settles a conflict and says so.
#[hook]
pub(super) fn use_resolve() -> Callback<ResolveConflict> {
    let (host, tell, view, words) = (use_host(), use_tell(), use_view(), use_words());
    Callback::from(move |request: ResolveConflict| {
        let (host, tell, view, words) = (host.clone(), tell.clone(), view.clone(), words.clone());
        spawn_local(async move {
            match host.call(request).await {
                Ok(Resolved { n }) => {
                    view.dispatch(Step::Say(Toast::said(t!(words, "conflict-settled", n = n))))
                }
                Err(failure) => tell.emit(failure),
            }
        });
    })
}

#[derive(Properties, PartialEq)]
struct FieldConflictProps {
    found: Conflict,
}

#[component]
fn FieldConflict(props: &FieldConflictProps) -> Html {
    let words = use_words();
    let now = use_now();
    let resolve = use_resolve();
    let alike = use_state(|| false);
    let found = &props.found;
    let ConflictAbout::Field {
        field,
        base,
        mine,
        theirs,
    } = &found.about
    else {
        return Html::default();
    };
    let id = found.id;
    let third = use_state(|| None::<String>);
    let decide = |decision: Decision| {
        let alike = *alike && !matches!(decision, Decision::Written { .. });
        let request = ResolveConflict {
            id,
            decision,
            alike,
        };
        resolve.reform(move |_: MouseEvent| request.clone())
    };
    let value = |value: &str| html! { <span class="value">{ titled(&words, value) }</span> };
    let theirs_shown = match theirs {
        Some(theirs) => value(theirs),
        None => html! { <span class="quiet">{ t!(words, "conflict-coming") }</span> },
    };
    let onalike = {
        let alike = alike.clone();
        Callback::from(move |_: Event| alike.set(!*alike))
    };
    let write = {
        let (third, mine) = (third.clone(), mine.clone());
        Callback::from(move |_: MouseEvent| third.set(Some(mine.clone())))
    };
    let no_third = {
        let third = third.clone();
        Callback::from(move |()| third.set(None))
    };
    html! {
        <>
            <p class="sentence">{ about(&words, found) }<span class="when">{ relative(words.tag(), now, found.seen_at) }</span></p>
            <table class="versions">
                <thead><tr>
                    <th scope="col"><span class="unseen">{ t!(words, "conflict-field") }</span></th>
                    <th scope="col">{ t!(words, "version-base") }</th><th scope="col">{ t!(words, "version-mine") }</th><th scope="col">{ t!(words, "version-theirs") }</th>
                </tr></thead>
                <tbody><tr>
                    <th scope="row">{ words.get(&format!("column-{field}")) }</th>
                    <td>{ value(base) }</td><td>{ value(mine) }</td><td>{ theirs_shown }</td>
                </tr></tbody>
            </table>
            if let Some(text) = (*third).clone() {
                <ThirdValue {id} {text} onclose={no_third} />
            } else {
                <div class="buttons">
                    <Button label={t!(words, "keep-mine")} onclick={decide(Decision::Mine)} testid="keep-mine" />
                    <Button label={t!(words, "keep-theirs")} disabled={theirs.is_none()} onclick={decide(Decision::Theirs)} testid="keep-theirs" />
                    <Button kind={ButtonKind::Quiet} label={t!(words, "write-third")} onclick={write} testid="write-third" />
                    if found.n_alike > 0 {
                        <label class="check"><input type="checkbox" checked={*alike} onchange={onalike} data-testid="same-for-others" />{ t!(words, "same-for-others", n = found.n_alike) }</label>
                    }
                </div>
            }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct ThirdValueProps {
    id: i64,
    text: String,
    onclose: Callback<()>,
}

/// A third value, beginning with one's own.
#[component]
fn ThirdValue(props: &ThirdValueProps) -> Html {
    let words = use_words();
    let resolve = use_resolve();
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with((), move |()| {
            if let Some(input) = node.cast::<HtmlInputElement>() {
                // Fails only for an element that is going away.
                let _ = input.focus();
            }
        });
    }
    let onsubmit = {
        let (node, id) = (node.clone(), props.id);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if let Some(input) = node.cast::<HtmlInputElement>() {
                let text = input.value();
                resolve.emit(ResolveConflict {
                    id,
                    decision: Decision::Written { text },
                    alike: false,
                });
            }
        })
    };
    html! {
        <form class="third" {onsubmit}>
            <input ref={node} class="input" value={props.text.clone()} aria-label={t!(words, "write-third")} data-testid="third-value" />
            <Button kind={ButtonKind::Main} submit=true label={t!(words, "third-use")} testid="third-use" />
            <Button kind={ButtonKind::Quiet} label={t!(words, "back")} onclick={props.onclose.reform(|_: MouseEvent| ())} />
        </form>
    }
}

#[derive(Properties, PartialEq)]
struct TextConflictProps {
    found: Conflict,
    onopen: Callback<i64>,
}

#[component]
fn TextConflict(props: &TextConflictProps) -> Html {
    let words = use_words();
    let now = use_now();
    let id = props.found.id;
    html! {
        <div class="beside">
            <div>
                <p class="sentence">{ about(&words, &props.found) }<span class="when">{ relative(words.tag(), now, props.found.seen_at) }</span></p>
                <p class="about">{ t!(words, "conflict-text-more") }</p>
            </div>
            <Button label={t!(words, "conflict-review")} onclick={props.onopen.reform(move |_: MouseEvent| id)} testid="conflict-review" />
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct SettledConflictsProps {
    onopen: Callback<i64>,
}

/// What was settled, with both versions within reach.
#[component]
fn SettledConflicts(props: &SettledConflictsProps) -> Html {
    let words = use_words();
    let now = use_now();
    let (found, _) = use_listed(ListConflicts {
        settled: true,
        limit: 100,
    });
    let Some(found) = found.here().filter(|found| !found.is_empty()).cloned() else {
        return Html::default();
    };
    let line = |one: &Conflict| {
        let id = one.id;
        let settled = one.settled.as_ref();
        let how = settled.map(|settled| words.get(&format!("settled-{}", settled.by)));
        let at = settled.map(|settled| relative(words.tag(), now, settled.at));
        let is_text = matches!(one.about, ConflictAbout::Text { .. });
        html! {
            <li class="history-entry" data-testid="settled-conflict">
                <time>{ at.unwrap_or_default() }</time>
                <span>{ about(&words, one) }<span class="quiet">{ " · " }{ how.unwrap_or_default() }</span></span>
                if is_text { <button type="button" class="link" onclick={props.onopen.reform(move |_: MouseEvent| id)} data-testid="see-versions">{ t!(words, "see-versions") }</button> }
            </li>
        }
    };
    html! {
        <section class="settled" aria-label={t!(words, "conflicts-settled")}>
            <h2>{ t!(words, "conflicts-settled") }</h2>
            <ul class="changes">{ for found.iter().map(line) }</ul>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use stoa_domain::{DraftId, Timestamp};

    use super::*;

    #[test]
    fn a_conflict_says_what_it_is_about() {
        for language in ["zh-CN", "en"] {
            let words = Words::new(language);
            let mut found = Conflict {
                id: 1,
                draft: DraftId::from_bytes([1; 16]),
                title: "会员定价".to_owned(),
                about: ConflictAbout::Text { n_clashes: 3 },
                seen_at: Timestamp::default(),
                settled: None,
                n_alike: 0,
            };
            let said = about(&words, &found);
            assert!(said.contains("会员定价") && said.contains('3'), "{said}");
            found.title.clear();
            assert!(about(&words, &found).contains(words.get("untitled").as_str()));
            for by in ["mine", "theirs", "written", "same"] {
                assert!(words.has(&format!("settled-{by}")), "{language} {by}");
            }
            assert!(words.has("column-title"), "{language}");
        }
    }
}
