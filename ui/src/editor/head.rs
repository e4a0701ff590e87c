//! Above the title: how far it is saved, the outline, source or text, and what can be done.

use stoa_domain::ReviewStatus;
use stoa_ipc::DraftSummary;
use yew::prelude::*;

use super::bridge::Heading;
use super::outline::Outline;
use super::pane::{SharedSession, toggled_source};
use super::saved::{SavedLabel, Saving};
use crate::actions::use_set_preferences;
use crate::commands::{use_command, use_commands};
use crate::drafts::use_deeds;
use crate::parts::{Button, ButtonKind};
use crate::publish::{StateChip, use_summary};
use crate::t;
use crate::texts::use_words;
use crate::view::{Step, use_view};

#[derive(Properties, PartialEq)]
pub(crate) struct HeadProps {
    pub(crate) session: SharedSession,
    pub(crate) saving: Saving,
    pub(crate) summary: DraftSummary,
    pub(crate) editable: bool,
    pub(crate) source: bool,
}

#[component]
pub(crate) fn Head(props: &HeadProps) -> Html {
    let words = use_words();
    let view = use_view();
    let set = use_set_preferences();
    let back = Callback::from(move |_: MouseEvent| view.dispatch(Step::CloseDraft));
    let source = props.source;
    let now = use_summary(props.summary.id).unwrap_or_else(|| props.summary.clone());
    use_way_to_members(&now, props.editable);
    use_place(&props.session);
    let commands = use_commands();
    let preview = Callback::from(move |_: MouseEvent| {
        commands.run("draft.preview");
    });
    let review = {
        let commands = use_commands();
        Callback::from(move |_: MouseEvent| {
            commands.run("review.show");
        })
    };
    let toggle = set.reform(move |_: MouseEvent| toggled_source(source));
    html! {
        <header class="writing-head">
            <span class="narrow-only">
                <Button kind={ButtonKind::Quiet} icon="arrow-left" icon_only=true label={t!(words, "back")} onclick={back} testid="draft-back" />
            </span>
            <SavedLabel saving={props.saving.clone()} editable={props.editable} />
            <StateChip draft={now.clone()} />
            <CompareButton draft={now.clone()} />
            <div class="buttons">
                <Button kind={ButtonKind::Quiet} icon="book-open" icon_only=true label={t!(words, "preview")} onclick={preview} testid="preview-button" />
                <Button kind={ButtonKind::Quiet} icon="message-square" icon_only=true label={t!(words, "review")} onclick={review} testid="review-button" />
                <CourseButton draft={now.clone()} />
                <OutlineButton session={props.session.clone()} />
                <Button kind={ButtonKind::Quiet} icon="file-code" icon_only=true pressed={Some(source)}
                    label={t!(words, "source-mode")} onclick={toggle} testid="source-mode" />
                <Deeds draft={now} />
            </div>
        </header>
    }
}

/// Shows a place that a dialog spoke of; not one that was spoken of before the draft was opened.
#[hook]
fn use_place(session: &SharedSession) {
    let (session, place) = (session.clone(), use_view().place);
    let shown = use_mut_ref(|| place);
    use_effect_with(place, move |place| {
        if let Some((_, at)) = place.filter(|place| *shown.borrow() != Some(*place)) {
            session.with(|session| session.with_editor(|editor| editor.reveal(at)));
        }
        *shown.borrow_mut() = *place;
    });
}

/// The commands that lead to members and back, for a draft that is on another shelf than the list
/// shows.
#[hook]
fn use_way_to_members(draft: &DraftSummary, editable: bool) {
    let deeds = use_deeds();
    let with = |deed: &Callback<DraftSummary>| {
        let (deed, draft) = (deed.clone(), draft.clone());
        Callback::from(move |()| deed.emit(draft.clone()))
    };
    let is_offered = draft.post.is_some();
    use_command("draft.preview", true, with(&deeds.preview));
    use_command("post.publish", editable, with(&deeds.publish));
    let is_open = draft
        .review
        .is_some_and(|review| review.status == ReviewStatus::Requested);
    let may_ask = editable && !is_open && draft.archived_at.is_none();
    use_command("review.ask", may_ask, with(&deeds.ask_review));
    use_command("version.list", true, with(&deeds.versions));
    use_command("version.save", editable, with(&deeds.save_version));
    use_command("post.compare", is_offered, with(&deeds.compare));
    use_command(
        "post.withdraw",
        editable && is_offered,
        with(&deeds.withdraw),
    );
}

#[derive(Properties, PartialEq)]
struct CompareButtonProps {
    draft: DraftSummary,
}

/// Beside “unpublished changes”: which ones.
#[component]
fn CompareButton(props: &CompareButtonProps) -> Html {
    let words = use_words();
    let commands = use_commands();
    let is_changed = props
        .draft
        .post
        .as_ref()
        .is_some_and(|post| post.is_changed);
    if !is_changed {
        return Html::default();
    }
    let onclick = Callback::from(move |_: MouseEvent| {
        commands.run("post.compare");
    });
    html! {
        <Button kind={ButtonKind::Quiet} icon="git-compare-arrows" icon_only=true label={t!(words, "compare-post")} {onclick} testid="post-compare" />
    }
}

#[derive(Properties, PartialEq)]
struct CourseButtonProps {
    draft: DraftSummary,
}

/// For a course or column: shows and hides its lessons.
#[component]
fn CourseButton(props: &CourseButtonProps) -> Html {
    let words = use_words();
    let commands = use_commands();
    if !props.draft.content.kind.has_lessons() {
        return Html::default();
    }
    let onclick = Callback::from(move |_: MouseEvent| {
        commands.run("course.outline");
    });
    html! {
        <Button kind={ButtonKind::Quiet} icon="list-ordered" icon_only=true label={t!(words, "outline-open")} {onclick} testid="course-button" />
    }
}

#[derive(Properties, PartialEq)]
struct OutlineButtonProps {
    session: SharedSession,
}

#[component]
fn OutlineButton(props: &OutlineButtonProps) -> Html {
    let words = use_words();
    let headings = use_state(|| None::<Vec<Heading>>);
    let toggle = {
        let (headings, session) = (headings.clone(), props.session.clone());
        Callback::from(move |_: MouseEvent| {
            let found = session
                .with(|session| session.with_editor(super::bridge::Editor::outline))
                .flatten();
            headings.set(if headings.is_some() { None } else { found });
        })
    };
    let close = {
        let headings = headings.clone();
        Callback::from(move |()| headings.set(None))
    };
    let jump = {
        let (session, close) = (props.session.clone(), close.clone());
        Callback::from(move |heading: Heading| {
            close.emit(());
            session.with(|session| session.with_editor(|editor| editor.reveal(heading.at)));
        })
    };
    html! {
        <>
            <Button kind={ButtonKind::Quiet} icon="list-tree" icon_only=true pressed={Some(headings.is_some())}
                label={t!(words, "outline")} onclick={toggle} testid="outline-button" />
            if let Some(headings) = (*headings).clone() { <Outline {headings} onjump={jump} onclose={close} /> }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct DeedsProps {
    draft: DraftSummary,
}

/// The commands of the chosen draft that belong beside it.
#[component]
fn Deeds(props: &DeedsProps) -> Html {
    let words = use_words();
    let commands = use_commands();
    let run = |id: &'static str| {
        let commands = commands.clone();
        Callback::from(move |_: MouseEvent| {
            commands.run(id);
        })
    };
    if props.draft.binned_at.is_some() {
        return html! {
            <>
                <Button icon="archive-restore" label={t!(words, "draft-restore")} onclick={run("draft.restore")} testid="draft-restore" />
                <Button kind={ButtonKind::Quiet} icon="trash-2" label={t!(words, "draft-delete")} onclick={run("draft.delete")} testid="draft-delete" />
            </>
        };
    }
    let is_offered = props.draft.post.is_some();
    let publish = match is_offered {
        true => t!(words, "publish-update"),
        false => t!(words, "publish"),
    };
    html! {
        <>
            <Button kind={ButtonKind::Main} label={publish} onclick={run("post.publish")} testid="draft-publish" />
            <Button kind={ButtonKind::Quiet} icon="history" icon_only=true label={t!(words, "versions")} onclick={run("version.list")} testid="draft-versions" />
            <Button kind={ButtonKind::Quiet} icon="copy" icon_only=true label={t!(words, "draft-duplicate")} onclick={run("draft.duplicate")} testid="draft-duplicate" />
            if is_offered {
                <Button kind={ButtonKind::Quiet} label={t!(words, "withdraw")} onclick={run("post.withdraw")} testid="draft-withdraw" />
            } else {
            <Button kind={ButtonKind::Quiet} icon="trash-2" icon_only=true label={t!(words, "draft-bin")} onclick={run("draft.bin")} testid="draft-bin" />
            }
        </>
    }
}
