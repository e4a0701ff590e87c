//! The comments on a draft, in the order of its text.

use std::rc::Rc;

use stoa_domain::DraftId;
use stoa_ipc::{CommentInfo, DraftReviews, DropComment, EditComment, ResolveComment};
use yew::prelude::*;

use super::compose::Compose;
use super::margin::{MarginState, Writing};
use super::new_comment::{CommentButtons, NewComment};
use super::state::use_doing;
use crate::editor::SharedSession;
use crate::format::relative;
use crate::host::use_now;
use crate::parts::{Button, ButtonKind};
use crate::t;
use crate::texts::{Words, use_words};

#[derive(Properties, PartialEq)]
pub(super) struct CommentsProps {
    pub(super) id: DraftId,
    pub(super) reviews: Rc<DraftReviews>,
    pub(super) session: SharedSession,
    pub(super) margin: MarginState,
    /// Whether anything may be changed here.
    pub(super) writable: bool,
}

#[component]
pub(super) fn Comments(props: &CommentsProps) -> Html {
    let words = use_words();
    let (open, done): (Vec<_>, Vec<_>) = props
        .reviews
        .comments
        .iter()
        .partition(|comment| !comment.is_resolved);
    let may_write = props.writable && props.reviews.may_comment;
    let list = |comments: Vec<&CommentInfo>| {
        let card = |comment: &CommentInfo| {
            html! {
                <Card key={comment.id.to_string()} id={props.id} comment={comment.clone()} {may_write}
                    session={props.session.clone()} margin={props.margin.clone()} />
            }
        };
        html! { <ul class="comment-list">{ for comments.into_iter().map(card) }</ul> }
    };
    html! {
        <section class="review-part" aria-labelledby="comments-head" data-testid="comments">
            <h3 id="comments-head">{ t!(words, "comments") }</h3>
            <p class="quiet" role="status" data-testid="n-comments">{ t!(words, "comments-n", n = open.len()) }</p>
            if may_write { <CommentButtons margin={props.margin.clone()} /> }
            if may_write { <NewComment id={props.id} session={props.session.clone()} margin={props.margin.clone()} /> }
            if !open.is_empty() { { list(open) } }
            if !done.is_empty() {
                <details class="more" data-testid="comments-done">
                    <summary>{ t!(words, "comments-resolved", n = done.len()) }</summary>
                    { list(done) }
                </details>
            }
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct CardProps {
    id: DraftId,
    comment: CommentInfo,
    may_write: bool,
    session: SharedSession,
    margin: MarginState,
}

#[component]
fn Card(props: &CardProps) -> Html {
    let words = use_words();
    let now = use_now();
    let comment = &props.comment;
    let name = comment.id.to_string();
    let is_current = props.margin.now().current.as_deref() == Some(name.as_str());
    let is_changing = props.margin.now().writing == Some(Writing::Other(comment.id));
    let body = match is_changing && comment.is_own && props.may_write {
        true => {
            html! { <Change ..CardProps { id: props.id, comment: comment.clone(), may_write: true, session: props.session.clone(), margin: props.margin.clone() } /> }
        }
        false => html! { <p class="comment-body">{ comment.body.clone() }</p> },
    };
    html! {
        <li class={classes!("comment", is_current.then_some("current"), comment.is_resolved.then_some("done"))}
            tabindex="-1" aria-current={is_current.then_some("true")} data-comment={name} data-testid="comment">
            <Quoted ..CardProps { id: props.id, comment: comment.clone(), may_write: props.may_write, session: props.session.clone(), margin: props.margin.clone() } />
            { body }
            <p class="line">{ by(&words, comment, now) }</p>
            if props.may_write && !is_changing {
                <CardButtons id={props.id} comment={comment.clone()} margin={props.margin.clone()} />
            }
        </li>
    }
}

fn by(words: &Words, comment: &CommentInfo, now: stoa_domain::Timestamp) -> AttrValue {
    let who = match (comment.is_own, comment.by_name.as_str()) {
        (true, _) => t!(words, "review-you"),
        (false, "") => t!(words, "review-someone"),
        (false, name) => name.to_owned().into(),
    };
    let when = relative(words.tag(), now, comment.at);
    t!(words, "comment-by", by = who.as_str(), when = when)
}

/// The passage it is about: pressed, it is shown in the text.
#[component]
fn Quoted(props: &CardProps) -> Html {
    let words = use_words();
    let comment = &props.comment;
    let Some(quote) = comment.quote.clone() else {
        return html! { <p class="quiet">{ t!(words, "comment-about-whole") }</p> };
    };
    if comment.passage.is_none() {
        return html! {
            <>
                <p class="comment-quote">{ quote }</p>
                if !comment.is_resolved { <p class="quiet">{ t!(words, "comment-gone") }</p> }
            </>
        };
    }
    let show = {
        let (session, margin) = (props.session.clone(), props.margin.clone());
        let name = comment.id.to_string();
        Callback::from(move |_: MouseEvent| {
            margin.look_at(&name);
            session.with(|session| session.with_editor(|editor| editor.reveal_remark(&name)));
        })
    };
    html! {
        <button type="button" class="comment-quote" onclick={show} title={t!(words, "comment-show")} data-testid="comment-show">{ quote }</button>
    }
}

/// Other words for a comment.
#[component]
fn Change(props: &CardProps) -> Html {
    let words = use_words();
    let doing = use_doing();
    let close = {
        let margin = props.margin.clone();
        Callback::from(move |()| margin.write(None))
    };
    let onsave = {
        let (id, comment, close) = (props.id, props.comment.id, close.clone());
        Callback::from(move |body: String| {
            let edit = EditComment { id, comment, body };
            doing.run(edit, "comment-edited", close.clone());
        })
    };
    let about = match &props.comment.quote {
        Some(quote) => t!(words, "comment-about", quote = quote.as_str()),
        None => t!(words, "comment-about-whole"),
    };
    html! { <Compose body={props.comment.body.clone()} {about} {onsave} oncancel={close} /> }
}

#[derive(Properties, PartialEq)]
struct CardButtonsProps {
    id: DraftId,
    comment: CommentInfo,
    margin: MarginState,
}

#[component]
fn CardButtons(props: &CardButtonsProps) -> Html {
    let words = use_words();
    let doing = use_doing();
    let (id, comment) = (props.id, props.comment.id);
    let is_resolved = props.comment.is_resolved;
    let resolve = {
        let doing = doing.clone();
        Callback::from(move |_: MouseEvent| {
            let said = match is_resolved {
                true => "comment-reopened",
                false => "comment-resolved",
            };
            let request = ResolveComment {
                id,
                comment,
                is_resolved: !is_resolved,
            };
            doing.run(request, said, Callback::noop());
        })
    };
    let change = {
        let margin = props.margin.clone();
        Callback::from(move |_: MouseEvent| margin.write(Some(Writing::Other(comment))))
    };
    let drop_it = Callback::from(move |_: MouseEvent| {
        let request = DropComment { id, comment };
        doing.run(request, "comment-dropped", Callback::noop());
    });
    let label = match is_resolved {
        true => t!(words, "comment-reopen"),
        false => t!(words, "comment-resolve"),
    };
    html! {
        <div class="buttons">
            <Button kind={ButtonKind::Quiet} icon={if is_resolved { "undo" } else { "check" }} {label} onclick={resolve} testid="comment-resolve" />
            if props.comment.is_own {
                <Button kind={ButtonKind::Quiet} icon="pencil" icon_only=true label={t!(words, "comment-edit")} onclick={change} testid="comment-edit" />
                <Button kind={ButtonKind::Quiet} icon="trash-2" icon_only=true label={t!(words, "comment-drop")} onclick={drop_it} testid="comment-drop" />
            }
        </div>
    }
}
