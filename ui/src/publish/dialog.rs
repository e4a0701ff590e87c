//! The question before a draft goes to members: for whom, as what, from when on.

use stoa_domain::{AttachmentId, DraftId, Kind, LiveFinding, RecordingLink, ReviewStatus};
use stoa_ipc::{DraftSummary, ProfileKind};
use yew::prelude::*;

use super::cover::CoverField;
use super::editing::{Editing, Lead};
use super::fields::{AboutFields, AudienceFields, MoreFields, TimeFields};
use super::form::{Form, When, Wrong};
use super::live::LiveFields;
use super::planned::PlannedTime;
use super::search::SearchFields;
use super::sending::{Then, use_sending};
use super::session::{SessionForm, field_of};
use super::state::{review_stands, use_summary};
use crate::format::now;
use crate::host::use_app;
use crate::parts::{Button, ButtonKind, Dialog, Icon};
use crate::preview::{Checks, FieldFinding};
use crate::t;
use crate::texts::{Words, use_words};
use crate::view::{Step, use_view};
use crate::zone::{Zone, use_zone};

#[derive(Properties, PartialEq)]
pub(crate) struct PublishDialogProps {
    pub(crate) id: DraftId,
    pub(crate) onclose: Callback<()>,
}

#[component]
pub(crate) fn PublishDialog(props: &PublishDialogProps) -> Html {
    match use_summary(props.id) {
        Some(draft) => html! { <Ask {draft} onclose={props.onclose.clone()} /> },
        None => Html::default(),
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct AskProps {
    pub(super) draft: DraftSummary,
    /// The publication whose place is to be taken.
    #[prop_or_default]
    pub(super) editing: Option<Editing>,
    pub(super) onclose: Callback<()>,
}

impl AskProps {
    fn title(&self, words: &Words) -> AttrValue {
        let untitled = t!(words, "untitled");
        let title = match self.draft.title.as_str() {
            "" => untitled.as_str(),
            title => title,
        };
        let is_waiting = |editing: &Editing| !editing.publication.is_refused;
        match &self.draft.post {
            _ if self.editing.as_ref().is_some_and(is_waiting) => {
                t!(words, "republish-title", title = title)
            }
            None => t!(words, "publish-title", title = title),
            Some(_) => t!(words, "publish-update-title", title = title),
        }
    }

    /// What the button does, where nothing speaks against it.
    fn label(&self, words: &Words, when: When) -> AttrValue {
        let post = self.draft.post.as_ref();
        let is_seen = post.is_some_and(|post| post.live_at <= now());
        match (when, is_seen, &self.editing) {
            (_, _, Some(editing)) if !editing.publication.is_refused => {
                t!(words, "republish-save")
            }
            (When::Later, _, _) => t!(words, "publish-schedule"),
            (When::Now, true, _) => t!(words, "publish-update"),
            (When::Now, false, _) => t!(words, "publish"),
        }
    }
}

/// What the dialog begins with: what is scheduled stays so, unless somebody says otherwise.
fn begun(draft: &DraftSummary, zone: &Zone) -> Form {
    let post = draft.post.as_ref();
    let live_at = post.map(|post| post.live_at).filter(|at| *at > now());
    let form = Form::of(&draft.content, |at| zone.write(at));
    form.at(live_at.map(|at| zone.write(at)), None)
}

/// What is typed, and ways to change it.
struct Typed {
    form: Form,
    wrong: UseStateHandle<Option<Wrong>>,
    change: Callback<Form>,
    onchoosecover: Callback<Option<AttachmentId>>,
    onchooserecording: Callback<RecordingLink>,
}

#[hook]
fn use_typed(begun: impl FnOnce() -> Form) -> Typed {
    let form = use_state(begun);
    // Alone: files come in while something else is typed.
    let cover = use_state_eq(|| form.cover);
    let recording = use_state_eq(|| form.session.recording.clone());
    let wrong = use_state_eq(|| None::<Wrong>);
    let change = {
        let (form, wrong) = (form.clone(), wrong.clone());
        Callback::from(move |new: Form| {
            wrong.set(None);
            form.set(new);
        })
    };
    let typed = Form {
        cover: *cover,
        session: SessionForm {
            recording: (*recording).clone(),
            ..form.session.clone()
        },
        ..(*form).clone()
    };
    Typed {
        form: typed,
        wrong,
        change,
        onchoosecover: set_to(&cover),
        onchooserecording: set_to(&recording),
    }
}

#[component]
pub(super) fn Ask(props: &AskProps) -> Html {
    let words = use_words();
    let zone = use_zone();
    let typed = use_typed(|| match &props.editing {
        Some(editing) => editing.form(&props.draft, &zone),
        None => begun(&props.draft, &zone),
    });
    let is_busy = use_state_eq(|| false);
    let wrong = typed.wrong.clone();
    let send = use_sending(&props.draft, &props.onclose, is_busy.clone(), wrong.clone());
    let keep = send.reform({
        let form = typed.form.clone();
        move |_: MouseEvent| (form.clone(), Then::Keep)
    });
    let onsubmit = {
        let form = typed.form.clone();
        let then = match &props.editing {
            Some(editing) => Then::Replace(editing.lid),
            None => Then::Publish,
        };
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            send.emit((form.clone(), then));
        })
    };
    let warning = review_warning(&words, &props.draft);
    let label = match warning {
        Some(_) if props.editing.is_none() => t!(words, "publish-anyway"),
        _ => props.label(&words, typed.form.when),
    };
    html! {
        <Dialog title={props.title(&words)} wide=true onclose={props.onclose.clone()} testid="publish-dialog">
            <form class="form" {onsubmit}>
                if let Some(editing) = &props.editing {
                    <Lead editing={editing.clone()} />
                } else {
                    <Standing draft={props.draft.clone()} />
                }
                if let Some(warning) = warning {
                    <p class="review-changed" role="alert" data-testid="publish-review"><Icon name="triangle-alert" /><span>{ warning }</span></p>
                }
                <Fields draft={props.draft.clone()} form={typed.form} change={typed.change} wrong={*wrong} is_first={props.editing.is_none() && props.draft.post.is_none()}
                    onchoosecover={typed.onchoosecover} onchooserecording={typed.onchooserecording} />
                <div class="buttons end">
                    if props.editing.is_none() {
                        <Button kind={ButtonKind::Quiet} label={t!(words, "publish-keep")} onclick={keep} disabled={*is_busy} testid="publish-keep" />
                    }
                    <Button label={t!(words, "cancel")} onclick={props.onclose.reform(|_| ())} />
                    <Button kind={ButtonKind::Main} submit=true {label} disabled={*is_busy} testid="publish-confirm" />
                </div>
            </form>
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
struct AllFieldsProps {
    draft: DraftSummary,
    /// Nothing of it was published, and nothing of that waits.
    is_first: bool,
    form: Form,
    change: Callback<Form>,
    wrong: Option<Wrong>,
    onchoosecover: Callback<Option<AttachmentId>>,
    onchooserecording: Callback<RecordingLink>,
}

/// What stands against it, and everything that is asked.
#[component]
fn Fields(props: &AllFieldsProps) -> Html {
    let zone = use_zone();
    let view = use_view().dispatcher();
    let ongo = Callback::from(move |at| view.dispatch(Step::GoToPlace(at)));
    let (id, form, wrong) = (props.draft.id, props.form.clone(), props.wrong);
    let change = props.change.clone();
    let found = findings(&form, &zone);
    html! {
        <>
            <Checks {id} fields={found} {ongo} />
            <AudienceFields form={form.clone()} change={change.clone()} {wrong} />
            <AboutFields form={form.clone()} change={change.clone()} {wrong} />
            if form.kind == Kind::Live {
                <LiveFields draft={id} form={form.clone()} change={change.clone()} {wrong} onchoose={props.onchooserecording.clone()} />
            }
            <CoverField draft={id} chosen={form.cover} onchoose={props.onchoosecover.clone()} />
            if props.is_first {
                <PlannedTime draft={id} form={form.clone()} change={change.clone()} />
            }
            <TimeFields form={form.clone()} change={change.clone()} {wrong} />
            <SearchFields draft={props.draft.clone()} form={form.clone()} change={change.clone()} {wrong} />
            <MoreFields {form} {change} {wrong} />
        </>
    }
}

fn set_to<T: PartialEq + 'static>(state: &UseStateHandle<T>) -> Callback<T> {
    let setter = state.setter();
    Callback::from(move |value| setter.set(value))
}

/// What is to be looked at in the fields.
fn findings(form: &Form, zone: &Zone) -> Vec<FieldFinding> {
    if form.kind != Kind::Live {
        return Vec::new();
    }
    let found = form.session.findings(now(), |text| zone.read(text));
    let told = |finding: LiveFinding| FieldFinding {
        code: finding.code(),
        field: field_of(finding),
    };
    found.into_iter().map(told).collect()
}

/// What speaks against it: a review that is not finished, or one that asked for changes.
fn review_warning(words: &Words, draft: &DraftSummary) -> Option<AttrValue> {
    review_stands(words, draft)?;
    match draft.review?.status {
        ReviewStatus::Requested => Some(t!(words, "review-publish-open")),
        ReviewStatus::ChangesWanted => Some(t!(words, "review-publish-changes")),
        ReviewStatus::Approved | ReviewStatus::Withdrawn => None,
    }
}

#[derive(Properties, PartialEq)]
struct StandingProps {
    draft: DraftSummary,
}

/// What of it members see now, and that nobody does before there is a community.
#[component]
fn Standing(props: &StandingProps) -> Html {
    let words = use_words();
    let zone = use_zone();
    let is_connected = use_app().kind() == Some(ProfileKind::Connected);
    if !is_connected {
        return html! { <p class="quiet">{ t!(words, "publish-no-community") }</p> };
    }
    match &props.draft.post {
        Some(post) if post.live_at > now() => {
            let when = zone.moment(words.tag(), post.live_at);
            html! { <p class="quiet">{ t!(words, "publish-stands-scheduled", when = when) }</p> }
        }
        Some(post) if !post.is_changed => {
            html! { <p class="quiet">{ t!(words, "publish-stands-same") }</p> }
        }
        Some(_) => html! { <p class="quiet">{ t!(words, "publish-stands-changed") }</p> },
        None => html! { <p class="quiet">{ t!(words, "publish-lead") }</p> },
    }
}

#[cfg(test)]
mod tests {
    use stoa_domain::{Access, TierKey, Timestamp};

    use super::*;
    use crate::testing::drawn;

    fn paid() -> DraftSummary {
        let mut draft = crate::testing::draft("会员定价");
        draft.content.access = Access::Paid {
            tiers: [TierKey::parse("vip").unwrap()].into(),
            singly: false,
        };
        draft
    }

    #[test]
    fn a_draft_that_is_paid_for_shows_the_tiers_and_others_do_not() {
        for language in ["zh-CN", "en"] {
            let markup = drawn(language, || {
                html! { <Ask draft={crate::testing::draft("会员定价")} onclose={Callback::noop()} /> }
            });
            assert!(!markup.contains("tier-vip"), "{markup}");
            let markup = drawn(language, || {
                html! { <Ask draft={paid()} onclose={Callback::noop()} /> }
            });
            assert!(
                markup.contains("tier-vip") && markup.contains("VIP"),
                "{markup}"
            );
        }
    }

    fn posted(live_at: i64) -> DraftSummary {
        let post = stoa_ipc::PostState {
            version: 1,
            live_at: Timestamp::from_millis(live_at),
            at: Timestamp::from_millis(5),
            is_changed: true,
        };
        DraftSummary {
            post: Some(post),
            ..crate::testing::draft("会员定价")
        }
    }

    #[test]
    fn what_is_scheduled_stays_so_and_what_is_seen_is_updated() {
        let scheduled = drawn("en", || {
            html! { <Ask draft={posted(4_000_000_000_000)} onclose={Callback::noop()} /> }
        });
        assert!(scheduled.contains("value=\"4000000000000\""), "{scheduled}");
        assert!(scheduled.contains("Schedule"), "{scheduled}");
        let seen = drawn("en", || {
            html! { <Ask draft={posted(-5)} onclose={Callback::noop()} /> }
        });
        assert!(!seen.contains("publish-live-at"), "{seen}");
        assert!(seen.contains("Update"), "{seen}");
    }

    fn live() -> DraftSummary {
        let mut draft = crate::testing::draft("直播答疑");
        draft.content.kind = Kind::Live;
        draft.content.starts_at = Some(Timestamp::from_millis(7));
        draft
    }

    #[test]
    fn only_a_live_session_is_asked_when_and_where() {
        for language in ["zh-CN", "en"] {
            let markup = drawn(language, || {
                html! { <Ask draft={live()} onclose={Callback::noop()} /> }
            });
            for field in ["publish-starts-at", "publish-lasts", "publish-join-link"] {
                assert!(
                    markup.contains(&format!("for=\"{field}\"")),
                    "{field}: {markup}"
                );
            }
            assert!(markup.contains("value=\"60\""), "{markup}");
            let markup = drawn(language, || {
                html! { <Ask draft={paid()} onclose={Callback::noop()} /> }
            });
            assert!(!markup.contains("publish-join-link"), "{markup}");
        }
    }

    #[test]
    fn what_is_found_names_a_field_and_nothing_is_found_in_an_article() {
        let zone = Zone::default();
        let of = |draft: &DraftSummary| Form::of(&draft.content, |at| zone.write(at));
        assert_eq!(findings(&of(&paid()), &zone), []);
        let mut untimed = live();
        untimed.content.starts_at = None;
        let found = findings(&of(&untimed), &zone);
        assert_eq!(found[0].field, "publish-starts-at");
    }
}
