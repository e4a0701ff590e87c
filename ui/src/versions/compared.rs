//! Two texts side by side: paragraph beside paragraph, words that differ marked, long stretches
//! without a difference folded, and a way from change to change.

use std::collections::BTreeSet;
use std::ops::Range;
use std::rc::Rc;

use stoa_ipc::{ComparedRow, ComparedSpan, Comparison};
use wasm_bindgen::JsCast;
use yew::prelude::*;

use crate::commands::use_command;
use crate::parts::{Button, ButtonKind};
use crate::t;
use crate::texts::use_words;

/// So many paragraphs around a change are shown.
const CONTEXT: usize = 2;
/// So many rows are drawn before somebody asks for more.
const AT_ONCE: usize = 400;

#[derive(Properties, PartialEq)]
pub(crate) struct ComparedProps {
    pub(crate) comparison: Rc<Comparison>,
    /// What stands on the left, and on the right.
    pub(crate) old: AttrValue,
    pub(crate) new: AttrValue,
}

#[component]
pub(crate) fn Compared(props: &ComparedProps) -> Html {
    let words = use_words();
    let stretches = use_memo(props.comparison.clone(), |c| stretches(&c.rows));
    let n = stretches.iter().filter(|s| s.change.is_some()).count();
    let unfolded = use_state_eq(BTreeSet::<usize>::new);
    let most = use_state_eq(|| AT_ONCE);
    let (at, go) = use_changes(n, &props.comparison);
    let unfold = {
        let unfolded = unfolded.clone();
        Callback::from(move |start: usize| {
            let mut all = (*unfolded).clone();
            all.insert(start);
            unfolded.set(all);
        })
    };
    let shown = visible(&stretches, &unfolded, *most);
    let more = {
        let (most, wanted) = (most.clone(), *most + AT_ONCE);
        Callback::from(move |_: MouseEvent| most.set(wanted))
    };
    html! {
        <div class="compared" data-testid="compared">
            <ChangesHead {n} {at} {go} />
            <div class="compared-rows" role="table" aria-label={t!(words, "compare-changes", n = n)}>
                <div class="compared-row sides" role="row">
                    <span role="columnheader">{ props.old.clone() }</span>
                    <span role="columnheader">{ props.new.clone() }</span>
                </div>
                { for shown.parts.iter().map(|part| drawn(part, &props.comparison.rows, (n, at), &unfold)) }
            </div>
            if shown.n_left > 0 {
                <Button kind={ButtonKind::Quiet} label={t!(words, "compare-more", n = shown.n_left)} onclick={more} testid="compare-more" />
            }
        </div>
    }
}

/// Rows that belong together.
#[derive(Debug, Clone, PartialEq)]
struct Stretch {
    rows: Range<usize>,
    /// Which change it is, counted from 0; absent where both texts say the same.
    change: Option<usize>,
}

fn stretches(rows: &[ComparedRow]) -> Vec<Stretch> {
    let mut found: Vec<Stretch> = Vec::new();
    let mut n_changes = 0;
    for (at, row) in rows.iter().enumerate() {
        let differs = !row.is_unchanged();
        match found.last_mut() {
            Some(last) if last.change.is_some() == differs => last.rows.end = at + 1,
            _ => {
                let change = differs.then_some(n_changes);
                n_changes += usize::from(differs);
                let rows = at..at + 1;
                found.push(Stretch { rows, change });
            }
        }
    }
    found
}

/// What is drawn.
#[derive(Debug, Clone, PartialEq)]
enum Part {
    Same(Range<usize>),
    Changed(Range<usize>, usize),
    /// What is folded, and where its stretch begins.
    Folded(Range<usize>, usize),
}

impl Part {
    fn n_rows(&self) -> usize {
        match self {
            Self::Same(rows) | Self::Changed(rows, _) => rows.len(),
            Self::Folded(..) => 1,
        }
    }
}

struct Shown {
    parts: Vec<Part>,
    /// Rows that are not drawn yet.
    n_left: usize,
}

fn visible(stretches: &[Stretch], unfolded: &BTreeSet<usize>, most: usize) -> Shown {
    let last = stretches.len().saturating_sub(1);
    let all = stretches.iter().enumerate().flat_map(|(n, stretch)| {
        let rows = stretch.rows.clone();
        match stretch.change {
            Some(change) => vec![Part::Changed(rows, change)],
            None => folded(rows, (n == 0, n == last), unfolded),
        }
    });
    let mut room = most;
    let (mut parts, mut n_left) = (Vec::new(), 0);
    for part in all {
        let n_rows = part.n_rows();
        // A long change is drawn as far as there is room for it.
        match part {
            _ if room == 0 => n_left += n_rows,
            Part::Changed(rows, change) if n_rows > room => {
                n_left += n_rows - room;
                parts.push(Part::Changed(rows.start..rows.start + room, change));
                room = 0;
            }
            Part::Same(rows) if n_rows > room => {
                n_left += n_rows - room;
                parts.push(Part::Same(rows.start..rows.start + room));
                room = 0;
            }
            part => {
                room -= n_rows;
                parts.push(part);
            }
        }
    }
    Shown { parts, n_left }
}

/// What lies between two changes, with what is far from both folded.
fn folded(
    rows: Range<usize>,
    (is_first, is_last): (bool, bool),
    unfolded: &BTreeSet<usize>,
) -> Vec<Part> {
    let before = if is_first { 0 } else { CONTEXT };
    let after = if is_last { 0 } else { CONTEXT };
    let is_whole = is_first && is_last;
    if is_whole || rows.len() <= before + after + 1 || unfolded.contains(&rows.start) {
        return vec![Part::Same(rows)];
    }
    let (from, to) = (rows.start + before, rows.end - after);
    let parts = [
        Part::Same(rows.start..from),
        Part::Folded(from..to, rows.start),
        Part::Same(to..rows.end),
    ];
    parts.into_iter().filter(|part| part.n_rows() > 0).collect()
}

fn drawn(
    part: &Part,
    rows: &[ComparedRow],
    (n, at): (usize, Option<usize>),
    unfold: &Callback<usize>,
) -> Html {
    match part {
        Part::Same(range) => html! { { for rows[range.clone()].iter().map(row) } },
        Part::Folded(range, start) => {
            html! { <Fold n={range.len()} start={*start} unfold={unfold.clone()} /> }
        }
        Part::Changed(range, change) => {
            let is_here = at == Some(*change);
            html! {
                <ChangedRows rows={rows[range.clone()].to_vec()} change={*change} {n} {is_here} />
            }
        }
    }
}

#[derive(Properties, PartialEq)]
struct FoldProps {
    n: usize,
    start: usize,
    unfold: Callback<usize>,
}

#[component]
fn Fold(props: &FoldProps) -> Html {
    let words = use_words();
    let starts = props.start;
    let onclick = props.unfold.reform(move |_: MouseEvent| starts);
    html! {
        <div class="compared-fold" role="row"><span role="cell">
            <button type="button" class="link" {onclick} data-testid="compare-unfold">{ t!(words, "compare-unchanged", n = props.n) }</button>
        </span></div>
    }
}

#[derive(Properties, PartialEq)]
struct ChangedRowsProps {
    rows: Vec<ComparedRow>,
    change: usize,
    n: usize,
    is_here: bool,
}

#[component]
fn ChangedRows(props: &ChangedRowsProps) -> Html {
    let words = use_words();
    let label = t!(words, "compare-at", at = props.change + 1, n = props.n);
    html! {
        <div role="rowgroup" id={change_id(props.change)} tabindex="-1" aria-label={label} data-testid="change"
            class={classes!("compared-change", props.is_here.then_some("here"))}>
            { for props.rows.iter().map(row) }
        </div>
    }
}

fn row(row: &ComparedRow) -> Html {
    html! {
        <div class="compared-row" role="row">
            <Side spans={row.old.clone()} is_old=true is_missing={row.old.is_empty()} />
            <Side spans={row.new.clone()} is_old=false is_missing={row.new.is_empty()} />
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct SideProps {
    spans: Vec<ComparedSpan>,
    is_old: bool,
    is_missing: bool,
}

#[component]
fn Side(props: &SideProps) -> Html {
    let words = use_words();
    let span = |span: &ComparedSpan| match (span.differs, props.is_old) {
        (false, _) => html! { { &span.text } },
        (true, true) => html! { <del>{ &span.text }</del> },
        (true, false) => html! { <ins>{ &span.text }</ins> },
    };
    if props.is_missing {
        let said = match props.is_old {
            true => t!(words, "compare-new-only"),
            false => t!(words, "compare-old-only"),
        };
        return html! { <div role="cell" class="prose missing"><span class="unseen">{ said }</span></div> };
    }
    html! { <div role="cell" class="prose" lang="" dir="auto">{ for props.spans.iter().map(span) }</div> }
}

#[derive(Properties, PartialEq)]
struct ChangesHeadProps {
    n: usize,
    at: Option<usize>,
    go: Callback<bool>,
}

/// How many changes there are, and the way from one to the next.
#[component]
fn ChangesHead(props: &ChangesHeadProps) -> Html {
    let words = use_words();
    let said = match props.at {
        Some(at) => t!(words, "compare-at", at = at + 1, n = props.n),
        None => t!(words, "compare-changes", n = props.n),
    };
    let go = |forward: bool| props.go.reform(move |_: MouseEvent| forward);
    html! {
        <div class="changes-head">
            <span class="line" role="status" data-testid="n-changes">{ said }</span>
            <Button kind={ButtonKind::Quiet} icon="chevron-up" icon_only=true label={t!(words, "compare-previous")}
                disabled={props.n == 0} onclick={go(false)} testid="change-previous" />
            <Button kind={ButtonKind::Quiet} icon="chevron-down" icon_only=true label={t!(words, "compare-next")}
                disabled={props.n == 0} onclick={go(true)} testid="change-next" />
        </div>
    }
}

/// The change one stands on, and the way to the next or the one before.
#[hook]
fn use_changes(n: usize, comparison: &Rc<Comparison>) -> (Option<usize>, Callback<bool>) {
    let at = use_state_eq(|| None::<usize>);
    {
        let setter = at.setter();
        use_effect_with(comparison.clone(), move |_| setter.set(None));
    }
    let go = {
        let at = at.clone();
        Callback::from(move |forward: bool| {
            if let Some(to) = moved(*at, n, forward) {
                at.set(Some(to));
                show_change(to);
            }
        })
    };
    use_command("change.next", n > 0, go.reform(|()| true));
    use_command("change.previous", n > 0, go.reform(|()| false));
    (at.filter(|at| *at < n), go)
}

fn moved(at: Option<usize>, n: usize, forward: bool) -> Option<usize> {
    let last = n.checked_sub(1)?;
    Some(match (at, forward) {
        (None, true) => 0,
        (None, false) => last,
        (Some(at), true) => (at + 1).min(last),
        (Some(at), false) => at.saturating_sub(1),
    })
}

fn change_id(change: usize) -> String {
    format!("change-{change}")
}

/// Brings a change into sight; the focus goes to it, so that it is read out.
fn show_change(change: usize) {
    let document = web_sys::window().and_then(|window| window.document());
    let found = document.and_then(|document| document.get_element_by_id(&change_id(change)));
    if let Some(element) = found.and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok()) {
        // Fails only for an element that is going away.
        let _ = element.focus();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::drawn as drawn_in;

    fn span(text: &str, differs: bool) -> Vec<ComparedSpan> {
        vec![ComparedSpan {
            text: text.to_owned(),
            differs,
        }]
    }

    fn same(text: &str) -> ComparedRow {
        ComparedRow {
            old: span(text, false),
            new: span(text, false),
        }
    }

    fn new_only(text: &str) -> ComparedRow {
        ComparedRow {
            old: Vec::new(),
            new: span(text, true),
        }
    }

    fn rows(pattern: &str) -> Vec<ComparedRow> {
        let row = |c: char| match c {
            '=' => same("同"),
            _ => new_only("新"),
        };
        pattern.chars().map(row).collect()
    }

    fn shown(pattern: &str, most: usize) -> Shown {
        visible(&stretches(&rows(pattern)), &BTreeSet::new(), most)
    }

    #[test]
    fn neighbouring_paragraphs_that_differ_are_one_change() {
        let found = stretches(&rows("=++==+"));
        let changes: Vec<_> = found.iter().map(|s| (s.rows.clone(), s.change)).collect();
        assert_eq!(
            changes,
            [(0..1, None), (1..3, Some(0)), (3..5, None), (5..6, Some(1))]
        );
    }

    #[test]
    fn what_is_far_from_every_change_is_folded() {
        let parts = shown("+==========+", AT_ONCE).parts;
        assert_eq!(
            parts,
            [
                Part::Changed(0..1, 0),
                Part::Same(1..3),
                Part::Folded(3..9, 1),
                Part::Same(9..11),
                Part::Changed(11..12, 1),
            ]
        );
        // Texts that are the same are shown whole, and a fold of one line would save nothing.
        assert_eq!(shown("==========", AT_ONCE).parts, [Part::Same(0..10)]);
        assert_eq!(shown("+=====+", AT_ONCE).parts[1], Part::Same(1..6));
        let at_the_ends = shown("======+======", AT_ONCE).parts;
        assert_eq!(at_the_ends[0], Part::Folded(0..4, 0));
        assert_eq!(at_the_ends.last(), Some(&Part::Folded(9..13, 7)));
    }

    #[test]
    fn a_long_difference_is_drawn_in_portions() {
        let long = "+".repeat(1_000);
        let first = shown(&long, AT_ONCE);
        assert_eq!((first.parts.len(), first.n_left), (1, 600));
        assert_eq!(shown(&long, 1_200).n_left, 0);
    }

    #[test]
    fn one_goes_from_change_to_change_and_stays_at_the_ends() {
        assert_eq!(moved(None, 3, true), Some(0));
        assert_eq!(moved(None, 3, false), Some(2));
        assert_eq!(moved(Some(2), 3, true), Some(2));
        assert_eq!(moved(Some(0), 3, false), Some(0));
        assert_eq!(moved(None, 0, true), None);
    }

    #[test]
    fn words_that_went_and_came_are_marked_and_an_empty_side_says_so() {
        let markup = drawn_in("en", || {
            let changed = ComparedRow {
                old: span("九折", true),
                new: span("八折", true),
            };
            let comparison = Rc::new(Comparison {
                rows: vec![changed, new_only("<b>新</b>")],
            });
            html! { <Compared {comparison} old="then" new="now" /> }
        });
        for part in [
            "<del>九折</del>",
            "<ins>八折</ins>",
            "Only on the right",
            "1 change",
        ] {
            assert!(markup.contains(part), "{part}: {markup}");
        }
        assert!(!markup.contains("<b>新"), "{markup}");
    }
}
