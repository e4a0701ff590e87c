//! The posts of an export and its problems, a row each.

use std::rc::Rc;

use stoa_domain::Access;
use stoa_ipc::{ImportAction, ImportMapping, ImportPlan, ImportProblem, ImportProblems, ImportRow};
use yew::prelude::*;

use crate::format::moment;
use crate::parts::{Button, ButtonKind};
use crate::t;
use crate::texts::{Words, use_words};
use crate::zone::{Zone, use_zone};

#[derive(Properties, PartialEq)]
pub(super) struct RowsProps {
    pub(super) plan: Rc<ImportPlan>,
    pub(super) mapping: Rc<ImportMapping>,
    pub(super) change: Callback<ImportMapping>,
    pub(super) more: Callback<()>,
}

#[component]
pub(super) fn Rows(props: &RowsProps) -> Html {
    let words = use_words();
    let row = |row: &ImportRow| {
        let toggle = {
            let (mapping, change) = (props.mapping.clone(), props.change.clone());
            let id = row.source_id.clone();
            Callback::from(move |_: Event| {
                let mut mapping = (*mapping).clone();
                if !mapping.skipped.remove(&id) {
                    mapping.skipped.insert(id.clone());
                }
                change.emit(mapping);
            })
        };
        html! { <Row key={row.source_id.clone()} row={row.clone()} {toggle} /> }
    };
    let n_shown = props.plan.rows.len() as u64;
    html! {
        <section aria-label={t!(words, "import-posts")}>
            <ul class="import-rows" data-testid="import-rows">{ for props.plan.rows.iter().map(row) }</ul>
            if props.plan.n_rows > n_shown {
                <Button kind={ButtonKind::Quiet} label={t!(words, "import-more-rows", n = props.plan.n_rows - n_shown)} onclick={props.more.reform(|_| ())} testid="import-more" />
            }
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct RowProps {
    row: ImportRow,
    toggle: Callback<Event>,
}

#[component]
fn Row(props: &RowProps) -> Html {
    let words = use_words();
    let zone = use_zone();
    let row = &props.row;
    let title = match row.title.as_str() {
        "" => t!(words, "import-untitled"),
        title => AttrValue::from(title.to_owned()),
    };
    let is_in = row.action != ImportAction::Skip;
    let (action, look) = action(row.action);
    html! {
        <li class={classes!("import-row", (!is_in).then_some("off"))} data-testid="import-row">
            <label class="check">
                <input type="checkbox" checked={is_in} onchange={props.toggle.clone()} aria-label={t!(words, "import-include", title = title.as_str())} />
                <span class="what" dir="auto"><strong>{ title.clone() }</strong><small class="quiet">{ more(&words, &zone, row) }</small></span>
            </label>
            <span class={classes!("chip", look)}>{ words.get(action) }</span>
        </li>
    }
}

/// Kind, readers, date, files and problems, as far as there is something to say.
fn more(words: &Words, zone: &Zone, row: &ImportRow) -> String {
    let mut parts = vec![
        words
            .get(&format!("kind-{}", row.kind.as_str()))
            .to_string(),
        words.get(access(&row.access)).to_string(),
    ];
    if let Some(at) = row.published_at {
        let when = moment(words.tag(), at);
        parts.push(t!(words, "import-was-published", when = when).to_string());
    }
    if let Some(at) = row.scheduled_at {
        let when = zone.moment(words.tag(), at);
        parts.push(t!(words, "import-was-scheduled", when = when).to_string());
    }
    if row.n_files > 0 {
        parts.push(t!(words, "import-n-files", n = row.n_files).to_string());
    }
    if row.n_problems > 0 {
        parts.push(t!(words, "import-n-problems", n = row.n_problems).to_string());
    }
    parts.join(" · ")
}

fn access(access: &Access) -> &'static str {
    match access {
        Access::Public => "access-public",
        Access::Registered => "access-registered",
        Access::Paid { .. } => "access-paid",
    }
}

fn action(action: ImportAction) -> (&'static str, Option<&'static str>) {
    match action {
        ImportAction::Create => ("import-action-create", Some("ok")),
        ImportAction::Update => ("import-action-update", Some("warn")),
        ImportAction::Keep => ("import-action-keep", None),
        ImportAction::Skip => ("import-action-skip", None),
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct ProblemsProps {
    pub(super) problems: Rc<ImportProblems>,
}

#[component]
pub(super) fn Problems(props: &ProblemsProps) -> Html {
    let words = use_words();
    let row = |problem: &ImportProblem| {
        let what = words.get(&format!("import-problem-{}", problem.code));
        let chip = problem.is_error.then_some("danger");
        html! {
            <li class="import-problem">
                <strong class={classes!(chip)}>{ what }</strong>
                <small class="quiet" dir="auto" title={problem.detail.clone()}>{ place(&words, problem) }</small>
            </li>
        }
    };
    html! { <ul class="import-rows plain">{ for props.problems.rows.iter().map(row) }</ul> }
}

/// The post, else the file, with the line.
fn place(words: &Words, problem: &ImportProblem) -> String {
    let place = problem.post.as_ref().or(problem.file.as_ref());
    let line = problem
        .line
        .map(|line| t!(words, "import-problem-place", line = line).to_string());
    let parts = place.cloned().into_iter().chain(line);
    let detail = Some(problem.detail.clone()).filter(|detail| !detail.is_empty());
    parts.chain(detail).collect::<Vec<_>>().join(" · ")
}
