//! What importing would do, and the button that does it.

use std::collections::BTreeMap;
use std::rc::Rc;

use stoa_ipc::{
    ImportFound, ImportMapping, ImportPlan, ImportStatus, ListImportProblems, PlanImport, RunImport,
};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::options::Options;
use super::rows::{Problems, Rows};
use crate::host::use_host;
use crate::parts::{Button, ButtonKind};
use crate::t;
use crate::tell::use_tell;
use crate::texts::{Words, use_words};

/// Rows that are shown at first, and with each “more”.
const PAGE: u32 = 100;

#[derive(Properties, PartialEq)]
pub(super) struct ReadyProps {
    pub(super) status: ImportStatus,
}

#[component]
pub(super) fn Ready(props: &ReadyProps) -> Html {
    let words = use_words();
    let import = props.status.import;
    let mapping = use_state(|| {
        Rc::new(ImportMapping {
            tiers: BTreeMap::new(),
            ..ImportMapping::default()
        })
    });
    let n_shown = use_state(|| PAGE);
    let plan = use_plan(import, &mapping, *n_shown);
    let Some(found) = &props.status.found else {
        return Html::default();
    };
    let change = {
        let mapping = mapping.clone();
        Callback::from(move |new: ImportMapping| mapping.set(Rc::new(new)))
    };
    let more = Callback::from(move |()| n_shown.set(*n_shown + PAGE));
    html! {
        <div class="import-ready" data-testid="import-ready">
            <p class="import-found"><strong>{ props.status.name.as_str() }</strong>{ " · " }{ in_it(&words, found) }</p>
            if let Some(plan) = plan.as_ref() { <Would plan={plan.clone()} /> }
            <Options found={found.clone()} mapping={(*mapping).clone()} change={change.clone()} />
            if let Some(plan) = plan.as_ref() {
                <Rows plan={plan.clone()} mapping={(*mapping).clone()} {change} {more} />
            }
            if found.n_errors + found.n_warnings > 0 {
                <ProblemList {import} n={found.n_errors + found.n_warnings} />
            }
            <Go {import} mapping={(*mapping).clone()} plan={plan.clone()} />
        </div>
    }
}

fn in_it(words: &Words, found: &ImportFound) -> AttrValue {
    let format = found.format.map_or_else(AttrValue::default, |format| {
        words.get(&format!("import-format-{}", format.as_str()))
    });
    t!(
        words,
        "import-found",
        format = format.as_str(),
        n = found.n_posts,
        files = found.n_files
    )
}

/// What would happen with this mapping; the last answer counts.
#[hook]
fn use_plan(import: u64, mapping: &Rc<ImportMapping>, limit: u32) -> Option<Rc<ImportPlan>> {
    let (host, tell) = (use_host(), use_tell());
    let plan = use_state_eq(|| None::<Rc<ImportPlan>>);
    let asked = use_mut_ref(|| 0_u32);
    {
        let plan = plan.clone();
        use_effect_with(
            (import, mapping.clone(), limit),
            move |(import, mapping, limit)| {
                let request = PlanImport {
                    import: *import,
                    mapping: (**mapping).clone(),
                    from: 0,
                    limit: *limit,
                };
                *asked.borrow_mut() += 1;
                let turn = *asked.borrow();
                spawn_local(async move {
                    match host.call(request).await {
                        _ if *asked.borrow() != turn => {}
                        Ok(found) => plan.set(Some(Rc::new(found))),
                        Err(failure) => tell.emit(failure),
                    }
                });
            },
        );
    }
    (*plan).clone()
}

#[derive(Properties, PartialEq)]
struct WouldProps {
    plan: Rc<ImportPlan>,
}

#[component]
fn Would(props: &WouldProps) -> Html {
    let words = use_words();
    let plan = &props.plan;
    let lines = [
        ("import-would-new", plan.n_new),
        ("import-would-publish", plan.n_publish),
        ("import-would-changed", plan.n_changed),
        ("import-would-unchanged", plan.n_unchanged),
        ("import-would-skipped", plan.n_skipped),
    ];
    let shown = lines.into_iter().filter(|(_, n)| *n > 0);
    html! {
        <section class="import-would" aria-label={t!(words, "import-would")}>
            <h3>{ t!(words, "import-would") }</h3>
            if plan.n_new + plan.n_changed == 0 { <p role="status">{ t!(words, "import-nothing-to-do") }</p> }
            <div role="status" data-testid="import-counts"><ul>{ for shown.map(|(key, n)| html! { <li>{ words.with(key, &[("n", n.into())]) }</li> }) }</ul></div>
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct ProblemListProps {
    import: u64,
    n: u64,
}

/// The problems, asked for when somebody wants to see them.
#[component]
fn ProblemList(props: &ProblemListProps) -> Html {
    let words = use_words();
    let (host, tell) = (use_host(), use_tell());
    let problems = use_state_eq(|| None);
    let onclick = {
        let (problems, import) = (problems.clone(), props.import);
        Callback::from(move |_: MouseEvent| {
            if problems.is_some() {
                return;
            }
            let (host, tell, problems) = (host.clone(), tell.clone(), problems.clone());
            spawn_local(async move {
                let list = ListImportProblems {
                    import,
                    from: 0,
                    limit: 200,
                };
                match host.call(list).await {
                    Ok(found) => problems.set(Some(Rc::new(found))),
                    Err(failure) => tell.emit(failure),
                }
            });
        })
    };
    html! {
        <details class="more" data-testid="import-problems">
            <summary {onclick}>{ t!(words, "import-problems", n = props.n) }{ " " }<span class="quiet">{ t!(words, "import-problems-hint") }</span></summary>
            if let Some(problems) = problems.as_ref() { <Problems problems={problems.clone()} /> }
        </details>
    }
}

#[derive(Properties, PartialEq)]
struct GoProps {
    import: u64,
    mapping: Rc<ImportMapping>,
    plan: Option<Rc<ImportPlan>>,
}

#[component]
fn Go(props: &GoProps) -> Html {
    let words = use_words();
    let (host, tell) = (use_host(), use_tell());
    let n = props
        .plan
        .as_ref()
        .map_or(0, |plan| plan.n_new + plan.n_changed);
    let run = {
        let (import, mapping) = (props.import, props.mapping.clone());
        Callback::from(move |_: MouseEvent| {
            let (host, tell, mapping) = (host.clone(), tell.clone(), (*mapping).clone());
            spawn_local(async move {
                if let Err(failure) = host.call(RunImport { import, mapping }).await {
                    tell.emit(failure);
                }
            });
        })
    };
    html! {
        <div class="buttons end">
            <Button kind={ButtonKind::Main} label={t!(words, "import-run", n = n)} onclick={run} disabled={n == 0} testid="import-run" />
        </div>
    }
}
