//! A text that two devices wrote at the same time: paragraph beside paragraph, a choice for each.

use std::rc::Rc;

use stoa_ipc::{
    ConflictText, Decision, DraftSummary, GetConflict, KeepVersion, ParagraphChoice, Piece,
    ResolveConflict, Stretch,
};
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::conflicts::{about, use_resolve};
use crate::host::use_host;
use crate::parts::{Button, ButtonKind, Loaded, Remote};
use crate::t;
use crate::tell::use_tell;
use crate::texts::use_words;
use crate::view::{Step, use_view};

#[derive(Properties, PartialEq)]
pub(super) struct ConflictTextProps {
    pub(super) id: i64,
    pub(super) onback: Callback<()>,
}

#[component]
pub(super) fn ConflictTextView(props: &ConflictTextProps) -> Html {
    let host = use_host();
    let text = use_state(|| Remote::Coming);
    let again = {
        let (text, id) = (text.clone(), props.id);
        Callback::from(move |()| {
            let (host, text) = (host.clone(), text.clone());
            spawn_local(async move {
                let answer = host.call(GetConflict { id }).await;
                text.set(answer.map(Rc::new).into());
            });
        })
    };
    {
        let again = again.clone();
        use_effect_with((), move |()| again.emit(()));
    }
    let onback = props.onback.clone();
    let show = Callback::from(
        move |text: Rc<ConflictText>| html! { <Comparison {text} onback={onback.clone()} /> },
    );
    html! { <Loaded<Rc<ConflictText>> value={(*text).clone()} {show} onretry={again} n_bones=4 /> }
}

/// What was chosen so far, one for each clash.
type Choices = Vec<Option<ParagraphChoice>>;

#[derive(Clone, PartialEq)]
struct Chosen(Choices);

enum Choose {
    One(usize, ParagraphChoice),
    /// All the same.
    All(ParagraphChoice),
}

impl Reducible for Chosen {
    type Action = Choose;

    fn reduce(self: Rc<Self>, choose: Choose) -> Rc<Self> {
        let mut choices = self.0.clone();
        match choose {
            Choose::One(at, choice) => {
                if let Some(place) = choices.get_mut(at) {
                    *place = Some(choice);
                }
            }
            Choose::All(choice) => choices.fill(Some(choice)),
        }
        Rc::new(Self(choices))
    }
}

impl Chosen {
    /// The decision, once there is a choice for each.
    fn decision(&self) -> Option<Decision> {
        let choices = self.0.iter().cloned().collect::<Option<Vec<_>>>()?;
        Some(Decision::Paragraphs { choices })
    }

    fn n_chosen(&self) -> usize {
        self.0.iter().flatten().count()
    }
}

#[derive(Properties, PartialEq)]
struct ComparisonProps {
    text: Rc<ConflictText>,
    onback: Callback<()>,
}

#[component]
fn Comparison(props: &ComparisonProps) -> Html {
    let words = use_words();
    let found = &props.text.conflict;
    let is_clash = |stretch: &&Stretch| matches!(stretch, Stretch::Clash { .. });
    let n = props.text.stretches.iter().filter(is_clash).count();
    let chosen = use_reducer_eq(|| Chosen(vec![None; n]));
    let is_open = found.settled.is_none();
    let mut number = 0;
    let stretch = |stretch: &Stretch| match stretch {
        Stretch::Same { text } => html! { <p class="context">{ text }</p> },
        Stretch::Merged { mine, text } => {
            let whose = if *mine {
                t!(words, "merged-mine")
            } else {
                t!(words, "merged-theirs")
            };
            html! { <p class="context merged"><span class="chip">{ whose }</span>{ text }</p> }
        }
        Stretch::Clash { mine, theirs, .. } => {
            let at = number;
            number += 1;
            let onchoose = {
                let chosen = chosen.dispatcher();
                Callback::from(move |choice| chosen.dispatch(Choose::One(at, choice)))
            };
            html! {
                <Clash {at} {n} mine={mine.clone()} theirs={theirs.clone()} choice={chosen.0.get(at).cloned().flatten()}
                    onchoose={is_open.then_some(onchoose)} />
            }
        }
    };
    let stretches: Vec<Html> = props.text.stretches.iter().map(stretch).collect();
    html! {
        <section class="comparison" aria-label={about(&words, found)} data-testid="comparison">
            <div class="comparison-head">
                <Button kind={ButtonKind::Quiet} icon="arrow-left" label={t!(words, "conflicts-back")} onclick={props.onback.reform(|_: MouseEvent| ())} testid="comparison-back" />
                <p class="sentence">{ about(&words, found) }</p>
            </div>
            <div class="sides" aria-hidden="true"><span>{ t!(words, "version-mine") }</span><span>{ t!(words, "version-theirs") }</span></div>
            <div class="stretches">{ for stretches }</div>
            if is_open { <Deciding id={found.id} n_alike={found.n_alike} chosen={(*chosen).clone()} onall={all(&chosen)} onback={props.onback.clone()} /> }
            <Keeping id={found.id} />
        </section>
    }
}

fn all(chosen: &UseReducerHandle<Chosen>) -> Callback<ParagraphChoice> {
    let chosen = chosen.dispatcher();
    Callback::from(move |choice| chosen.dispatch(Choose::All(choice)))
}

#[derive(Properties, PartialEq)]
struct ClashProps {
    at: usize,
    n: usize,
    mine: Vec<Piece>,
    theirs: Vec<Piece>,
    choice: Option<ParagraphChoice>,
    /// Absent once it is settled.
    onchoose: Option<Callback<ParagraphChoice>>,
}

#[component]
fn Clash(props: &ClashProps) -> Html {
    let words = use_words();
    let legend = t!(words, "clash-of", at = props.at + 1, n = props.n);
    let side =
        |name: AttrValue, pieces: &[Piece], choice: ParagraphChoice, testid: &'static str| {
            let chosen = props.choice.as_ref() == Some(&choice);
            html! {
                <div class={classes!("version", chosen.then_some("chosen"))} data-testid={testid}>
                    <span class="unseen">{ name }</span>
                    <p class="prose" lang="">{ marked(pieces, &t!(words, "version-nothing")) }</p>
                </div>
            }
        };
    html! {
        <fieldset class="clash">
            <legend>{ legend }</legend>
            <div class="both">
                { side(t!(words, "version-mine"), &props.mine, ParagraphChoice::Mine, "clash-mine") }
                { side(t!(words, "version-theirs"), &props.theirs, ParagraphChoice::Theirs, "clash-theirs") }
            </div>
            if let Some(onchoose) = props.onchoose.clone() {
                <ClashChoices at={props.at} choice={props.choice.clone()} mine={after(&props.mine)} {onchoose} />
            }
        </fieldset>
    }
}

/// A version with what is new in it marked, and what is gone.
fn marked(pieces: &[Piece], nothing: &AttrValue) -> Html {
    if after(pieces).is_empty() {
        return html! { <span class="quiet">{ nothing }</span> };
    }
    let piece = |piece: &Piece| match piece {
        Piece::Same(text) => html! { { text } },
        Piece::Gone(text) => html! { <del>{ text }</del> },
        Piece::New(text) => html! { <ins>{ text }</ins> },
    };
    html! { { for pieces.iter().map(piece) } }
}

/// The text of a version.
fn after(pieces: &[Piece]) -> String {
    let kept = pieces.iter().map(|piece| match piece {
        Piece::Same(text) | Piece::New(text) => text.as_str(),
        Piece::Gone(_) => "",
    });
    kept.collect()
}

#[derive(Properties, PartialEq)]
struct ClashChoicesProps {
    at: usize,
    choice: Option<ParagraphChoice>,
    mine: String,
    onchoose: Callback<ParagraphChoice>,
}

#[component]
fn ClashChoices(props: &ClashChoicesProps) -> Html {
    let words = use_words();
    let name = format!("clash-{}", props.at);
    let written = match &props.choice {
        Some(ParagraphChoice::Written { text }) => Some(text.clone()),
        _ => None,
    };
    let own = ParagraphChoice::Written {
        text: written.clone().unwrap_or_else(|| props.mine.clone()),
    };
    let options = [
        (ParagraphChoice::Mine, t!(words, "choose-mine"), "mine"),
        (
            ParagraphChoice::Theirs,
            t!(words, "choose-theirs"),
            "theirs",
        ),
        (ParagraphChoice::Both, t!(words, "choose-both"), "both"),
        (own, t!(words, "choose-own"), "own"),
    ];
    let option = |(choice, label, id): (ParagraphChoice, AttrValue, &'static str)| {
        let checked = props.choice.as_ref() == Some(&choice);
        let onchange = props.onchoose.reform(move |_: Event| choice.clone());
        html! {
            <label class="choice"><input type="radio" name={name.clone()} {checked} {onchange} data-testid={format!("choose-{id}")} />{ label }</label>
        }
    };
    let oninput = props
        .onchoose
        .reform(|event: InputEvent| ParagraphChoice::Written {
            text: event
                .target_dyn_into::<HtmlTextAreaElement>()
                .map(|area| area.value())
                .unwrap_or_default(),
        });
    html! {
        <>
            <div class="choices">{ for options.map(option) }</div>
            if let Some(text) = written {
                <textarea class="input prose" rows="3" value={text} {oninput} aria-label={t!(words, "choose-own")} data-testid="own-words" />
            }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct DecidingProps {
    id: i64,
    n_alike: u64,
    chosen: Chosen,
    onall: Callback<ParagraphChoice>,
    onback: Callback<()>,
}

#[component]
fn Deciding(props: &DecidingProps) -> Html {
    let words = use_words();
    let resolve = use_resolve();
    let alike = use_state(|| false);
    let uniform = uniform(&props.chosen);
    let decision = match (*alike, uniform.clone()) {
        (true, Some(decision)) => Some(decision),
        _ => props.chosen.decision(),
    };
    let settle = {
        let (id, onback, decision, alike) = (
            props.id,
            props.onback.clone(),
            decision.clone(),
            *alike && uniform.is_some(),
        );
        Callback::from(move |_: MouseEvent| {
            if let Some(decision) = decision.clone() {
                resolve.emit(ResolveConflict {
                    id,
                    decision,
                    alike,
                });
                onback.emit(());
            }
        })
    };
    let every = |choice: ParagraphChoice| props.onall.reform(move |_: MouseEvent| choice.clone());
    let onalike = {
        let alike = alike.clone();
        Callback::from(move |_: Event| alike.set(!*alike))
    };
    html! {
        <div class="deciding">
            <span class="chosen-of" role="status">{ t!(words, "chosen-of", done = props.chosen.n_chosen(), n = props.chosen.0.len()) }</span>
            <Button kind={ButtonKind::Quiet} label={t!(words, "all-mine")} onclick={every(ParagraphChoice::Mine)} testid="all-mine" />
            <Button kind={ButtonKind::Quiet} label={t!(words, "all-theirs")} onclick={every(ParagraphChoice::Theirs)} testid="all-theirs" />
            if props.n_alike > 0 && uniform.is_some() {
                <label class="check"><input type="checkbox" checked={*alike} onchange={onalike} data-testid="same-for-others" />{ t!(words, "same-for-others", n = props.n_alike) }</label>
            }
            <Button kind={ButtonKind::Main} label={t!(words, "use-chosen")} disabled={decision.is_none()} onclick={settle} testid="use-chosen" />
        </div>
    }
}

/// One decision for the whole, where every paragraph has the same choice.
fn uniform(chosen: &Chosen) -> Option<Decision> {
    let is_all = |choice: ParagraphChoice| chosen.0.iter().all(|one| one.as_ref() == Some(&choice));
    if is_all(ParagraphChoice::Mine) {
        Some(Decision::Mine)
    } else if is_all(ParagraphChoice::Theirs) {
        Some(Decision::Theirs)
    } else {
        None
    }
}

#[derive(Properties, PartialEq)]
struct KeepingProps {
    id: i64,
}

/// Either version as a draft of its own.
#[component]
fn Keeping(props: &KeepingProps) -> Html {
    let words = use_words();
    let (host, tell, view) = (use_host(), use_tell(), use_view());
    let id = props.id;
    let keep = |mine: bool| {
        let (host, tell, view) = (host.clone(), tell.clone(), view.clone());
        Callback::from(move |_: MouseEvent| {
            let (host, tell, view) = (host.clone(), tell.clone(), view.clone());
            spawn_local(async move {
                let kept: Result<DraftSummary, _> = host.call(KeepVersion { id, mine }).await;
                match kept {
                    Ok(draft) => view.dispatch(Step::Open(draft.id)),
                    Err(failure) => tell.emit(failure),
                }
            });
        })
    };
    html! {
        <p class="keeping">
            { t!(words, "versions-stay") }{ " " }
            <button type="button" class="link" onclick={keep(true)} data-testid="save-mine">{ t!(words, "save-mine") }</button>
            { " · " }
            <button type="button" class="link" onclick={keep(false)} data-testid="save-theirs">{ t!(words, "save-theirs") }</button>
        </p>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after_choosing(n: usize, steps: Vec<Choose>) -> Chosen {
        let mut chosen = Rc::new(Chosen(vec![None; n]));
        for step in steps {
            chosen = chosen.reduce(step);
        }
        (*chosen).clone()
    }

    #[test]
    fn there_is_no_decision_before_every_paragraph_has_a_choice() {
        let one = after_choosing(2, vec![Choose::One(0, ParagraphChoice::Mine)]);
        assert_eq!((one.decision(), one.n_chosen()), (None, 1));
        let both = after_choosing(
            2,
            vec![
                Choose::One(0, ParagraphChoice::Mine),
                Choose::One(1, ParagraphChoice::Both),
                Choose::One(9, ParagraphChoice::Both),
            ],
        );
        let choices = vec![ParagraphChoice::Mine, ParagraphChoice::Both];
        assert_eq!(both.decision(), Some(Decision::Paragraphs { choices }));
        assert_eq!(uniform(&both), None);
    }

    #[test]
    fn all_of_one_side_can_be_carried_over_to_others() {
        let all = after_choosing(3, vec![Choose::All(ParagraphChoice::Theirs)]);
        assert_eq!(uniform(&all), Some(Decision::Theirs));
    }

    #[test]
    fn a_version_is_read_without_what_is_gone() {
        let pieces = [
            Piece::Same("会员价".into()),
            Piece::Gone("九".into()),
            Piece::New("八".into()),
            Piece::Same("折".into()),
        ];
        assert_eq!(after(&pieces), "会员价八折");
    }
}
