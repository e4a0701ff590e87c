//! The question before a draft goes to members: for whom, as what, from when on.

use stoa_domain::{DraftId, Kind, ReviewStatus, TierKey};
use stoa_ipc::{DescribeDraft, DraftSummary, Failure, ProfileKind, PublishPost};
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::cover::CoverField;
use super::form::{Audience, Form, When, Wrong};
use super::state::{review_stands, use_summary};
use super::tags::TagOffers;
use crate::format::now;
use crate::host::{Host, use_app, use_host};
use crate::parts::{Button, ButtonKind, Choice, Choices, Dialog, Field, Icon};
use crate::preview::Checks;
use crate::t;
use crate::tell::use_tell;
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
struct AskProps {
    draft: DraftSummary,
    onclose: Callback<()>,
}

#[component]
fn Ask(props: &AskProps) -> Html {
    let words = use_words();
    let form = use_state(|| Form::of(&props.draft.content));
    // Alone: an image comes in while something else is typed.
    let cover = use_state_eq(|| props.draft.content.cover);
    let wrong = use_state_eq(|| None::<Wrong>);
    let is_busy = use_state_eq(|| false);
    let send = use_sending(&props.draft, &props.onclose, is_busy.clone(), wrong.clone());
    let change = {
        let (form, wrong) = (form.clone(), wrong.clone());
        Callback::from(move |new: Form| {
            wrong.set(None);
            form.set(new);
        })
    };
    let onchoosecover = {
        let cover = cover.setter();
        Callback::from(move |chosen| cover.set(chosen))
    };
    let is_update = props.draft.post.is_some();
    let title = match (is_update, props.draft.title.as_str()) {
        (false, "") => t!(
            words,
            "publish-title",
            title = t!(words, "untitled").as_str()
        ),
        (false, title) => t!(words, "publish-title", title = title),
        (true, title) => t!(words, "publish-update-title", title = title),
    };
    let with = |is_publishing: bool| {
        let (send, cover) = (send.clone(), *cover);
        let form = Form {
            cover,
            ..(*form).clone()
        };
        move || send.emit((form.clone(), is_publishing))
    };
    let keep = {
        let keep = with(false);
        Callback::from(move |_: MouseEvent| keep())
    };
    let publish = with(true);
    let onsubmit = Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        publish();
    });
    let ongo = {
        let view = use_view().dispatcher();
        Callback::from(move |at| view.dispatch(Step::GoToPlace(at)))
    };
    let warning = review_warning(&words, &props.draft);
    let label = match (form.when, is_update) {
        _ if warning.is_some() => t!(words, "publish-anyway"),
        (When::Later, _) => t!(words, "publish-schedule"),
        (When::Now, true) => t!(words, "publish-update"),
        (When::Now, false) => t!(words, "publish"),
    };
    html! {
        <Dialog {title} wide=true onclose={props.onclose.clone()} testid="publish-dialog">
            <form class="form" {onsubmit}>
                <Standing draft={props.draft.clone()} />
                if let Some(warning) = warning {
                    <p class="review-changed" role="alert" data-testid="publish-review"><Icon name="triangle-alert" /><span>{ warning }</span></p>
                }
                <Checks id={props.draft.id} {ongo} />
                <AudienceFields form={(*form).clone()} change={change.clone()} wrong={*wrong} />
                <AboutFields form={(*form).clone()} change={change.clone()} wrong={*wrong} />
                <CoverField draft={props.draft.id} chosen={*cover} onchoose={onchoosecover} />
                <TimeFields form={(*form).clone()} change={change.clone()} wrong={*wrong} />
                <MoreFields form={(*form).clone()} {change} wrong={*wrong} />
                <div class="buttons end">
                    <Button kind={ButtonKind::Quiet} label={t!(words, "publish-keep")} onclick={keep} disabled={*is_busy} testid="publish-keep" />
                    <Button label={t!(words, "cancel")} onclick={props.onclose.reform(|_| ())} />
                    <Button kind={ButtonKind::Main} submit=true {label} disabled={*is_busy} testid="publish-confirm" />
                </div>
            </form>
        </Dialog>
    }
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

#[derive(Properties, PartialEq)]
struct FieldsProps {
    form: Form,
    change: Callback<Form>,
    wrong: Option<Wrong>,
}

impl FieldsProps {
    /// What is wrong with a field.
    fn wrong(&self, words: &Words, field: &str) -> Option<AttrValue> {
        let (place, key) = self.wrong?;
        (place == field).then(|| words.get(key))
    }

    fn set<T: 'static>(&self, set: fn(&mut Form, T)) -> Callback<T> {
        let (form, change) = (self.form.clone(), self.change.clone());
        Callback::from(move |value: T| {
            let mut form = form.clone();
            set(&mut form, value);
            change.emit(form);
        })
    }
}

#[component]
fn AudienceFields(props: &FieldsProps) -> Html {
    let words = use_words();
    let choice = |value, label| Choice {
        value,
        label: words.get(label),
        lang: None,
    };
    let choices = vec![
        choice(Audience::Public, "access-public"),
        choice(Audience::Registered, "access-registered"),
        choice(Audience::Paid, "access-paid"),
    ];
    let tier = |key: &'static str| {
        let tier = TierKey::parse(key).expect("the presets are keys");
        let toggle = {
            let tier = tier.clone();
            props.set(move_tier).reform(move |_: Event| tier.clone())
        };
        let label = words.get(&format!("tier-{key}"));
        html! {
            <label class="check"><input type="checkbox" checked={props.form.tiers.contains(&tier)} onchange={toggle} data-testid={format!("tier-{key}")} />{ label }</label>
        }
    };
    let singly = !props.form.singly;
    let toggle_singly = props
        .set(|form, on| form.singly = on)
        .reform(move |_: Event| singly);
    let wrong = props.wrong(&words, "access");
    html! {
        <div class="field">
            <span class="field-name">{ t!(words, "publish-access") }</span>
            <Choices<Audience> label={t!(words, "publish-access")} name="access" {choices} chosen={props.form.audience}
                onchoose={props.set(|form, audience| form.audience = audience)} />
            if props.form.audience == Audience::Paid {
                <div class="checks" role="group" aria-label={t!(words, "access-paid")}>
                    { for TierKey::PRESETS.into_iter().map(tier) }
                    <label class="check"><input type="checkbox" checked={props.form.singly} onchange={toggle_singly} data-testid="access-singly" />{ t!(words, "access-singly") }</label>
                </div>
                <p class="hint">{ t!(words, "access-paid-hint") }</p>
            }
            if let Some(wrong) = wrong { <p class="wrong" role="alert">{ wrong }</p> }
        </div>
    }
}

fn move_tier(form: &mut Form, tier: TierKey) {
    if !form.tiers.remove(&tier) {
        form.tiers.insert(tier);
    }
}

#[component]
fn AboutFields(props: &FieldsProps) -> Html {
    let words = use_words();
    let kind = {
        let set = props.set(|form, kind| form.kind = kind);
        Callback::from(move |event: Event| {
            let select: HtmlSelectElement = event.target_unchecked_into();
            if let Some(kind) = Kind::parse(&select.value()) {
                set.emit(kind);
            }
        })
    };
    let excerpt = props
        .set(|form, excerpt| form.excerpt = excerpt)
        .reform(|event: InputEvent| event.target_unchecked_into::<HtmlTextAreaElement>().value());
    let option = |kind: Kind| {
        html! { <option value={kind.as_str()} selected={kind == props.form.kind}>{ words.get(&format!("kind-{}", kind.as_str())) }</option> }
    };
    let wrong = props.wrong(&words, "publish-excerpt");
    html! {
        <>
            <div class="pair">
            <div class="field">
                <label for="publish-kind">{ t!(words, "publish-kind") }</label>
                <select id="publish-kind" class="input" onchange={kind} data-testid="publish-kind">{ for Kind::ALL.into_iter().map(option) }</select>
            </div>
            <div class="field-offers">
                <Field name="publish-tags" label={t!(words, "publish-tags")} value={props.form.tags.clone()} hint={t!(words, "publish-tags-hint")}
                    oninput={props.set(|form, tags| form.tags = tags)} wrong={props.wrong(&words, "publish-tags")} />
                <TagOffers text={props.form.tags.clone()} onchange={props.set(|form, tags| form.tags = tags)} />
            </div>
            </div>
            <div class="field">
                <label for="publish-excerpt">{ t!(words, "publish-excerpt") }</label>
                <textarea id="publish-excerpt" class="input prose" rows="2" value={props.form.excerpt.clone()} oninput={excerpt}
                    aria-invalid={wrong.is_some().to_string()} data-testid="publish-excerpt" />
                if let Some(wrong) = wrong { <p class="wrong" role="alert">{ wrong }</p> } else { <p class="hint">{ t!(words, "publish-excerpt-hint") }</p> }
            </div>
        </>
    }
}

/// What is seldom said; open when something in it is wrong.
#[component]
fn MoreFields(props: &FieldsProps) -> Html {
    let words = use_words();
    let is_wrong = props
        .wrong
        .is_some_and(|(place, _)| matches!(place, "publish-canonical" | "publish-unless-after"));
    html! {
        <details class="more" open={is_wrong}>
            <summary>{ t!(words, "publish-more") }</summary>
            <div class="pair">
                <Field name="publish-slug" label={t!(words, "publish-slug")} value={props.form.slug.clone()} hint={t!(words, "publish-slug-hint")}
                    oninput={props.set(|form, slug| form.slug = slug)} is_code=true />
                <Field name="publish-canonical" label={t!(words, "publish-canonical")} value={props.form.canonical.clone()} hint={t!(words, "publish-canonical-hint")}
                    oninput={props.set(|form, canonical| form.canonical = canonical)} is_code=true wrong={props.wrong(&words, "publish-canonical")} />
            </div>
            <Field name="publish-unless-after" kind="datetime-local" label={t!(words, "publish-unless-after")} value={props.form.unless_after.clone()}
                hint={t!(words, "publish-unless-after-hint")} oninput={props.set(|form, at| form.unless_after = at)} wrong={props.wrong(&words, "publish-unless-after")} />
        </details>
    }
}

#[component]
fn TimeFields(props: &FieldsProps) -> Html {
    let words = use_words();
    let choice = |value, label| Choice {
        value,
        label: words.get(label),
        lang: None,
    };
    let choices = vec![
        choice(When::Now, "publish-now"),
        choice(When::Later, "publish-later"),
    ];
    let hint = use_zone().hint(&words, &props.form.live_at);
    html! {
        <div class="pair">
            <div class="field">
                <span class="field-name">{ t!(words, "publish-when") }</span>
                <Choices<When> label={t!(words, "publish-when")} name="when" {choices} chosen={props.form.when} onchoose={props.set(|form, when| form.when = when)} />
            </div>
            if props.form.when == When::Later {
                <Field name="publish-live-at" kind="datetime-local" label={t!(words, "publish-live-at")} value={props.form.live_at.clone()}
                    hint={hint} oninput={props.set(|form, at| form.live_at = at)} wrong={props.wrong(&words, "publish-live-at")} />
            }
        </div>
    }
}

/// Keeps what was chosen and, if that is wanted, publishes; then closes and says so.
#[hook]
fn use_sending(
    draft: &DraftSummary,
    onclose: &Callback<()>,
    is_busy: UseStateHandle<bool>,
    wrong: UseStateHandle<Option<Wrong>>,
) -> Callback<(Form, bool)> {
    let (host, words, tell, zone) = (use_host(), use_words(), use_tell(), use_zone());
    let view = use_view().dispatcher();
    let (draft, onclose) = (draft.clone(), onclose.clone());
    Callback::from(move |(form, is_publishing): (Form, bool)| {
        let asked = match requests(&draft, &form, is_publishing.then_some(&zone)) {
            Ok(asked) => asked,
            Err(found) => {
                wrong.set(Some(found));
                return;
            }
        };
        let (host, words, tell) = (host.clone(), words.clone(), tell.clone());
        let zone = zone.clone();
        let (view, onclose, is_busy) = (view.clone(), onclose.clone(), is_busy.clone());
        is_busy.set(true);
        spawn_local(async move {
            match send(&host, asked).await {
                Err(failure) => {
                    is_busy.set(false);
                    tell.emit(failure);
                }
                Ok(done) => {
                    onclose.emit(());
                    if let Some(said) = said(&words, &zone, done.as_ref()) {
                        view.dispatch(Step::SayUndoable(said));
                    }
                }
            }
        });
    })
}

type Requests = (Option<DescribeDraft>, Option<PublishPost>);

/// What is asked of the studio; published, in the zone by which its times are told, when there is one.
fn requests(
    draft: &DraftSummary,
    form: &Form,
    published: Option<&Zone>,
) -> Result<Requests, Wrong> {
    let id = draft.id;
    let values = form.changes(&draft.content)?;
    let describe = (!values.names().is_empty()).then_some(DescribeDraft { id, values });
    let publish = match published {
        None => None,
        Some(zone) => {
            let (live_at, unless_after) = form.times(now(), |text| zone.read(text))?;
            Some(PublishPost {
                id,
                live_at,
                unless_after,
            })
        }
    };
    Ok((describe, publish))
}

async fn send(host: &Host, (describe, publish): Requests) -> Result<Option<DraftSummary>, Failure> {
    if let Some(describe) = describe {
        host.call(describe).await?;
    }
    match publish {
        Some(publish) => host.call(publish).await.map(Some),
        None => Ok(None),
    }
}

/// What is said of a draft that was published.
fn said(words: &Words, zone: &Zone, done: Option<&DraftSummary>) -> Option<AttrValue> {
    let draft = done?;
    let untitled = t!(words, "untitled");
    let title = match draft.title.as_str() {
        "" => untitled.as_str(),
        title => title,
    };
    let live_at = draft.post.as_ref()?.live_at;
    Some(match live_at > now() {
        true => t!(
            words,
            "scheduled",
            title = title,
            when = zone.moment(words.tag(), live_at)
        ),
        false => t!(words, "published", title = title),
    })
}

#[cfg(test)]
mod tests {
    use stoa_domain::{Access, ZoneName};

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

    #[test]
    fn a_time_is_that_of_the_community() {
        let name = ZoneName::parse("Asia/Shanghai").unwrap();
        let zone = Zone::of(Some(&name));
        let later = Form {
            when: When::Later,
            live_at: "28800001".to_owned(),
            ..Form::of(&paid().content)
        };
        let (_, publish) = requests(&paid(), &later, Some(&zone)).unwrap();
        let live_at = publish.unwrap().live_at;
        assert_eq!(live_at.map(stoa_domain::Timestamp::millis), Some(1));
    }

    #[test]
    fn what_was_not_changed_is_not_sent_and_a_publication_is() {
        let draft = crate::testing::draft("会员定价");
        let form = Form::of(&draft.content);
        let (describe, publish) = requests(&draft, &form, Some(&Zone::default())).unwrap();
        assert_eq!(describe, None);
        assert_eq!(publish.map(|publish| publish.id), Some(draft.id));
        assert_eq!(requests(&draft, &form, None), Ok((None, None)));
    }
}
