//! Work of people who have lost the right to it: an owner accepts or discards it, one by one or all
//! at once. Shown only when there is some.

use stoa_ipc::{DecideProposals, Event, ListProposals, Proposal, ProposedBy};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::sentence::sentence;
use crate::format::{relative, size};
use crate::host::{use_events, use_host, use_now};
use crate::parts::{Button, ButtonKind};
use crate::t;
use crate::tell::use_tell;
use crate::texts::use_words;
use crate::view::{Step, Toast, use_view};

/// Ids and whether they are accepted.
type Decision = (Vec<String>, bool);

#[component]
pub(crate) fn Proposals() -> Html {
    let words = use_words();
    let (people, again) = use_proposals();
    let decide = use_decision(again);
    if people.is_empty() {
        return Html::default();
    }
    html! {
        <section class="proposals" aria-label={t!(words, "proposals-title")} data-testid="proposals">
            <h2>{ t!(words, "proposals-title") }</h2>
            <p>{ t!(words, "proposals-lead") }</p>
            { for people.iter().map(|person| html! { <Person person={person.clone()} decide={decide.clone()} /> }) }
        </section>
    }
}

/// What waits, asked for again when something was synced. Whoever may not know is told nothing.
#[hook]
fn use_proposals() -> (Vec<ProposedBy>, Callback<()>) {
    let host = use_host();
    let people = use_state(Vec::new);
    let again = {
        let people = people.clone();
        Callback::from(move |()| {
            let (host, people) = (host.clone(), people.clone());
            spawn_local(async move {
                people.set(host.call(ListProposals {}).await.unwrap_or_default());
            });
        })
    };
    {
        let again = again.clone();
        use_effect_with((), move |()| again.emit(()));
    }
    {
        let again = again.clone();
        use_events(Callback::from(move |event: Event| {
            if matches!(event, Event::State(_) | Event::Drafts(_)) {
                again.emit(());
            }
        }));
    }
    ((*people).clone(), again)
}

#[hook]
fn use_decision(again: Callback<()>) -> Callback<Decision> {
    let (host, tell, view, words) = (use_host(), use_tell(), use_view(), use_words());
    Callback::from(move |(ids, accept): Decision| {
        let (host, tell, again) = (host.clone(), tell.clone(), again.clone());
        let (view, words) = (view.clone(), words.clone());
        spawn_local(async move {
            match host.call(DecideProposals { ids, accept }).await {
                Ok(decided) => {
                    if decided.n_failed > 0 {
                        let said = t!(words, "proposals-failed", n = decided.n_failed);
                        view.dispatch(Step::Say(Toast::said(said)));
                    }
                    again.emit(());
                }
                Err(failure) => tell.emit(failure),
            }
        });
    })
}

#[derive(Properties, PartialEq)]
struct PersonProps {
    person: ProposedBy,
    decide: Callback<Decision>,
}

#[component]
fn Person(props: &PersonProps) -> Html {
    let words = use_words();
    let person = &props.person;
    let key = format!("proposed-{}", person.reason.replace('_', "-"));
    let said = words.with(
        &key,
        &[
            ("name", person.name.as_str().into()),
            ("n", person.n.into()),
        ],
    );
    let ids: Vec<String> = person
        .proposals
        .iter()
        .flat_map(|one| one.ids.clone())
        .collect();
    let all = |accept| {
        let ids = ids.clone();
        props
            .decide
            .reform(move |_: MouseEvent| (ids.clone(), accept))
    };
    html! {
        <div class="proposed" data-testid="proposed-by">
            <div class="beside">
                <p class="sentence">{ said }</p>
                <div class="buttons">
                    <Button label={t!(words, "proposals-accept-all")} onclick={all(true)} testid="proposals-accept-all" />
                    <Button kind={ButtonKind::Quiet} label={t!(words, "proposals-discard-all")} onclick={all(false)} testid="proposals-discard-all" />
                </div>
            </div>
            <ul class="changes">
                { for person.proposals.iter().map(|one| html! { <Row proposal={one.clone()} decide={props.decide.clone()} /> }) }
            </ul>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct RowProps {
    proposal: Proposal,
    decide: Callback<Decision>,
}

#[component]
fn Row(props: &RowProps) -> Html {
    let words = use_words();
    let now = use_now();
    let proposal = &props.proposal;
    let age = relative(words.tag(), now, proposal.made_at);
    let one = |accept| {
        let ids = proposal.ids.clone();
        props
            .decide
            .reform(move |_: MouseEvent| (ids.clone(), accept))
    };
    html! {
        <li class="change" data-testid="proposal-row">
            <p class="sentence">{ sentence(&words, &proposal.text) }</p>
            <p class="about">{ t!(words, "change-about", age = age, size = size(proposal.size)) }</p>
            <div class="buttons">
                <Button label={t!(words, "proposal-accept")} onclick={one(true)} testid="proposal-accept" />
                <Button kind={ButtonKind::Quiet} label={t!(words, "change-discard")} onclick={one(false)} testid="proposal-discard" />
            </div>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use crate::texts::Words;

    #[test]
    fn who_proposes_how_much_and_why_is_said() {
        for language in ["zh-CN", "en"] {
            let words = Words::new(language);
            for reason in ["role-lowered", "membership-ended"] {
                let key = format!("proposed-{reason}");
                let said = words.with(&key, &[("name", "林".into()), ("n", 3_u64.into())]);
                assert!(
                    said.contains('林') && said.contains('3'),
                    "{language}: {said}"
                );
            }
        }
    }
}
