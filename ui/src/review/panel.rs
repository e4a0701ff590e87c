//! The panel beside the text: how the review stands, the checklist, the verdict, the comments.

use std::rc::Rc;

use stoa_domain::DraftId;
use stoa_ipc::{DraftReviews, ProfileKind};
use yew::prelude::*;

use super::comments::Comments;
use super::margin::MarginState;
use super::standing::ReviewStands;
use super::state::use_reviews;
use super::verdict::VerdictForm;
use crate::commands::use_commands;
use crate::editor::{Remark, SharedSession};
use crate::host::use_app;
use crate::parts::{Button, ButtonKind, Loaded};
use crate::t;
use crate::texts::use_words;

#[derive(Properties, PartialEq)]
pub(crate) struct ReviewPanelProps {
    pub(crate) id: DraftId,
    pub(crate) session: SharedSession,
    pub(crate) margin: MarginState,
    /// Whether the editor is there.
    pub(crate) is_ready: bool,
    /// Whether who works here may change the draft.
    pub(crate) editable: bool,
    /// Whether the draft is there to be changed by anybody.
    pub(crate) writable: bool,
}

#[component]
pub(crate) fn ReviewPanel(props: &ReviewPanelProps) -> Html {
    let words = use_words();
    let (known, ask) = use_reviews(props.id, &props.session);
    use_marks(props, known.here());
    let close = {
        let margin = props.margin.clone();
        Callback::from(move |_: MouseEvent| margin.show(false))
    };
    let show = {
        let (id, session, margin) = (props.id, props.session.clone(), props.margin.clone());
        let (editable, writable) = (props.editable, props.writable);
        Callback::from(move |reviews: Rc<DraftReviews>| {
            html! { <Parts {id} {reviews} session={session.clone()} margin={margin.clone()} {editable} {writable} /> }
        })
    };
    html! {
        <aside class="review-panel" aria-label={t!(words, "review")} data-testid="review-panel">
            <header class="review-head">
                <h2>{ t!(words, "review") }</h2>
                <Button kind={ButtonKind::Quiet} icon="x" icon_only=true label={t!(words, "close")} onclick={close} testid="review-close" />
            </header>
            <Loaded<Rc<DraftReviews>> value={known.clone()} {show} onretry={ask} n_bones=3 />
        </aside>
    }
}

/// Marks the passages in the editor, for as long as the panel is there.
#[hook]
fn use_marks(props: &ReviewPanelProps, reviews: Option<&Rc<DraftReviews>>) {
    let current = props.margin.now().current.clone();
    let remarks: Vec<Remark> = reviews.map_or_else(Vec::new, |reviews| {
        let comments = reviews.comments.iter();
        let mark = |comment: &stoa_ipc::CommentInfo| {
            let id = comment.id.to_string();
            Some(Remark {
                at: comment.passage?,
                is_current: current.as_ref() == Some(&id),
                id,
            })
        };
        comments.filter_map(mark).collect()
    });
    let session = props.session.clone();
    use_effect_with((remarks, props.is_ready), move |(remarks, _)| {
        session.with(|session| session.with_editor(|editor| editor.remark(remarks)));
    });
    let session = props.session.clone();
    use_effect_with((), move |()| {
        move || {
            session.with(|session| session.with_editor(|editor| editor.remark(&[])));
        }
    });
}

#[derive(Properties, PartialEq)]
struct PartsProps {
    id: DraftId,
    reviews: Rc<DraftReviews>,
    session: SharedSession,
    margin: MarginState,
    editable: bool,
    writable: bool,
}

#[component]
fn Parts(props: &PartsProps) -> Html {
    let words = use_words();
    let reviews = &props.reviews;
    let may_decide = reviews.may_decide && props.writable;
    let mut all = reviews.reviews.iter();
    let latest = all.next();
    let earlier: Vec<_> = all.collect();
    let stands = |review: &stoa_ipc::ReviewInfo, is_latest: bool| {
        html! {
            <ReviewStands key={review.id.to_string()} id={props.id} review={review.clone()}
                may_withdraw={is_latest && props.editable} may_check={is_latest && may_decide} />
        }
    };
    html! {
        <div class="review-body">
            if let Some(latest) = latest { { stands(latest, true) } }
            if reviews.open().is_none() { <AskForReview may_ask={reviews.may_ask && props.writable} is_first={latest.is_none()} /> }
            if may_decide { <VerdictForm id={props.id} /> }
            <Comments id={props.id} reviews={reviews.clone()} session={props.session.clone()} margin={props.margin.clone()} writable={props.writable} />
            if !earlier.is_empty() {
                <details class="more">
                    <summary>{ t!(words, "review-earlier", n = earlier.len()) }</summary>
                    { for earlier.into_iter().map(|review| stands(review, false)) }
                </details>
            }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct AskForReviewProps {
    may_ask: bool,
    is_first: bool,
}

/// No review is open: what that means, and how one is asked for.
#[component]
fn AskForReview(props: &AskForReviewProps) -> Html {
    let words = use_words();
    let commands = use_commands();
    let is_connected = use_app().kind() == Some(ProfileKind::Connected);
    let ask = Callback::from(move |_: MouseEvent| {
        commands.run("review.ask");
    });
    html! {
        <section class="review-part">
            if props.is_first { <p class="quiet" data-testid="review-none">{ t!(words, "review-none") }</p> }
            if !is_connected { <p class="quiet">{ t!(words, "review-only-connected") }</p> }
            if props.may_ask {
                <div class="buttons"><Button label={t!(words, "review-ask")} onclick={ask} testid="review-ask" /></div>
            }
        </section>
    }
}
