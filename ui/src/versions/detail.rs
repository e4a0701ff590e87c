//! One version: who wrote it when, its names, what can be done with it, and how it differs.

use std::rc::Rc;

use stoa_domain::{DraftId, NamedVersion, TextVersion};
use stoa_ipc::{
    CompareVersions, Comparison, DropVersion, OpenVersion, RestoreVersion, VersionInfo,
};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::compared::Compared;
use super::list::{span_of, who};
use crate::editor::copy;
use crate::format::moment;
use crate::host::use_host;
use crate::parts::{Button, ButtonKind, Loaded, Remote};
use crate::t;
use crate::tell::use_tell;
use crate::texts::use_words;
use crate::view::{Overlay, Step, Toast, use_view};

#[derive(Properties, PartialEq)]
pub(super) struct DetailProps {
    pub(super) id: DraftId,
    pub(super) version: VersionInfo,
    /// Counts how often the versions were asked for: the present text may be another one.
    pub(super) revision: u32,
    /// Whether the draft may be changed.
    pub(super) editable: bool,
}

/// What a version is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Against {
    Now,
    Before,
}

#[component]
pub(super) fn Detail(props: &DetailProps) -> Html {
    let words = use_words();
    let against = use_state_eq(|| Against::Now);
    let version = &props.version;
    let may_be_now = !version.is_present;
    let shown = if may_be_now {
        *against
    } else {
        Against::Before
    };
    if !version.is_here {
        return html! { <div class="past-detail"><p class="quiet">{ t!(words, "version-not-here") }</p></div> };
    }
    let choose = |wanted: Against| {
        let against = against.setter();
        Callback::from(move |_: MouseEvent| against.set(wanted))
    };
    let (old, new) = match shown {
        Against::Now => (Some(version.text_at.clone()), None),
        Against::Before => (version.before.clone(), Some(version.text_at.clone())),
    };
    let this = moment(words.tag(), version.at);
    let sides: (AttrValue, AttrValue) = match shown {
        Against::Now => (this.into(), t!(words, "compare-now")),
        Against::Before => (t!(words, "compare-before"), this.into()),
    };
    html! {
        <div class="past-detail" data-pane="comparison">
            <DetailHead id={props.id} version={version.clone()} editable={props.editable} />
            <div class="buttons" role="group" aria-label={t!(words, "compare-with")}>
                <span class="quiet">{ t!(words, "compare-with") }</span>
                <Button kind={ButtonKind::Quiet} label={t!(words, "compare-now")} pressed={Some(shown == Against::Now)}
                    disabled={!may_be_now} onclick={choose(Against::Now)} testid="compare-now" />
                <Button kind={ButtonKind::Quiet} label={t!(words, "compare-before")} pressed={Some(shown == Against::Before)}
                    onclick={choose(Against::Before)} testid="compare-before" />
            </div>
            if let Some(old) = old {
                <Asked id={props.id} {old} {new} revision={props.revision} {sides} />
            }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct AskedProps {
    id: DraftId,
    old: TextVersion,
    new: Option<TextVersion>,
    revision: u32,
    sides: (AttrValue, AttrValue),
}

/// The comparison, asked for anew whenever one of the two is another.
#[component]
fn Asked(props: &AskedProps) -> Html {
    let host = use_host();
    let found = use_state(|| Remote::<Rc<Comparison>>::Coming);
    let latest = use_mut_ref(|| 0_u32);
    let ask = {
        let found = found.clone();
        let request = CompareVersions {
            id: props.id,
            old: props.old.clone(),
            new: props.new.clone(),
        };
        Callback::from(move |()| {
            let (host, found, latest) = (host.clone(), found.clone(), latest.clone());
            let request = request.clone();
            let number = {
                let mut latest = latest.borrow_mut();
                *latest += 1;
                *latest
            };
            spawn_local(async move {
                let answer = host.call(request).await;
                // Of two that were asked for, the later one counts.
                if *latest.borrow() == number {
                    found.set(answer.map(Rc::new).into());
                }
            });
        })
    };
    {
        let ask = ask.clone();
        let of = (props.old.clone(), props.new.clone(), props.revision);
        use_effect_with(of, move |_| ask.emit(()));
    }
    let sides = props.sides.clone();
    let show = Callback::from(move |comparison: Rc<Comparison>| {
        let (old, new) = sides.clone();
        html! { <Compared {comparison} {old} {new} /> }
    });
    html! { <Loaded<Rc<Comparison>> value={(*found).clone()} {show} onretry={ask} n_bones=4 /> }
}

#[derive(Properties, PartialEq)]
struct DetailHeadProps {
    id: DraftId,
    version: VersionInfo,
    editable: bool,
}

#[component]
fn DetailHead(props: &DetailHeadProps) -> Html {
    let words = use_words();
    let version = &props.version;
    let (copy, restore) = use_deeds(props.id, version);
    let what = [
        moment(words.tag(), version.began_at),
        span_of(&words, version),
        who(&words, version),
        words.get(version.kind.text_key()).to_string(),
    ];
    let what: Vec<String> = what.into_iter().filter(|part| !part.is_empty()).collect();
    html! {
        <header class="past-about">
            <p class="line">{ what.join(" · ") }</p>
            if !version.named.is_empty() {
                <ul class="past-names">
                    { for version.named.iter().map(|named| html! { <Name id={props.id} named={named.clone()} editable={props.editable} /> }) }
                </ul>
            }
            <div class="buttons">
                if version.is_present {
                    <span class="quiet">{ t!(words, "version-same-as-now") }</span>
                } else if props.editable {
                    <Button kind={ButtonKind::Main} icon="history" label={t!(words, "version-restore")} onclick={restore} testid="version-restore" />
                }
                <Button kind={ButtonKind::Quiet} icon="copy" label={t!(words, "version-copy")} onclick={copy} testid="version-copy" />
            </div>
        </header>
    }
}

/// Copying a version out, and putting it in the place of the present text.
#[hook]
fn use_deeds(id: DraftId, version: &VersionInfo) -> (Callback<MouseEvent>, Callback<MouseEvent>) {
    let (host, tell, words, view) = (use_host(), use_tell(), use_words(), use_view());
    let dispatcher = view.dispatcher();
    let (text_at, when) = (version.text_at.clone(), moment(words.tag(), version.at));
    let copying = {
        let (host, tell, words) = (host.clone(), tell.clone(), words.clone());
        let (dispatcher, text_at) = (dispatcher.clone(), text_at.clone());
        Callback::from(move |_: MouseEvent| {
            let request = OpenVersion {
                id,
                text_at: text_at.clone(),
            };
            let (host, tell, words) = (host.clone(), tell.clone(), words.clone());
            let dispatcher = dispatcher.clone();
            spawn_local(async move {
                match host.call(request).await {
                    Err(failure) => tell.emit(failure),
                    Ok(opened) => {
                        copy(&opened.markdown);
                        let said = Toast::said(t!(words, "version-copied"));
                        dispatcher.dispatch(Step::Say(said));
                    }
                }
            });
        })
    };
    let restoring = Callback::from(move |_: MouseEvent| {
        let request = RestoreVersion {
            id,
            text_at: text_at.clone(),
        };
        let (host, tell, words) = (host.clone(), tell.clone(), words.clone());
        let (dispatcher, when) = (dispatcher.clone(), when.clone());
        spawn_local(async move {
            match host.call(request).await {
                Err(failure) => tell.emit(failure),
                Ok(_) => {
                    let said = t!(words, "version-restored-said", when = when.as_str());
                    dispatcher.dispatch(Step::SayUndoable(said));
                }
            }
        });
    });
    (copying, restoring)
}

#[derive(Properties, PartialEq)]
struct NameProps {
    id: DraftId,
    named: NamedVersion,
    editable: bool,
}

/// A name of the version, to be changed or taken off.
#[component]
fn Name(props: &NameProps) -> Html {
    let words = use_words();
    let (host, tell, view) = (use_host(), use_tell(), use_view());
    let rename = {
        let (dispatcher, id, named) = (view.dispatcher(), props.id, props.named.clone());
        Callback::from(move |_: MouseEvent| {
            let named = Some(named.clone());
            dispatcher.dispatch(Step::Show(Overlay::NameVersion { id, named }));
        })
    };
    let remove = {
        let (dispatcher, words) = (view.dispatcher(), words.clone());
        let (id, named) = (props.id, props.named.clone());
        Callback::from(move |_: MouseEvent| {
            let request = DropVersion {
                id,
                version: named.id,
            };
            let (host, tell) = (host.clone(), tell.clone());
            let said = t!(words, "version-dropped", name = named.name.as_str());
            let dispatcher = dispatcher.clone();
            spawn_local(async move {
                match host.call(request).await {
                    Err(failure) => tell.emit(failure),
                    Ok(()) => dispatcher.dispatch(Step::SayUndoable(said)),
                }
            });
        })
    };
    html! {
        <li class="past-name-line">
            <bdi class="past-name">{ props.named.name.as_str() }</bdi>
            if props.editable {
                <Button kind={ButtonKind::Quiet} icon="pencil" icon_only=true label={t!(words, "version-rename")} onclick={rename} testid="version-rename" />
                <Button kind={ButtonKind::Quiet} icon="x" icon_only=true label={t!(words, "version-drop")} onclick={remove} testid="version-drop" />
            }
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{drawn, version};

    fn detail(version: VersionInfo, editable: bool) -> Html {
        let id = crate::testing::draft("会员定价").id;
        html! { <Detail {id} {version} revision=1 {editable} /> }
    }

    #[test]
    fn an_earlier_version_can_be_restored_where_one_may_write() {
        let may = drawn("en", || detail(version(5), true));
        assert!(may.contains("version-restore") && may.contains("version-copy"));
        let may_not = drawn("en", || detail(version(5), false));
        assert!(!may_not.contains("version-restore") && may_not.contains("version-copy"));
    }

    #[test]
    fn the_present_text_is_compared_with_what_was_before_and_not_restored() {
        let markup = drawn("zh-CN", || {
            let mut present = version(5);
            present.is_present = true;
            detail(present, true)
        });
        assert!(markup.contains("这就是现在的文字") && !markup.contains("version-restore"));
    }

    #[test]
    fn a_version_that_is_not_here_offers_nothing() {
        let markup = drawn("en", || {
            let mut away = version(5);
            away.is_here = false;
            detail(away, true)
        });
        assert!(markup.contains("Not on this computer yet") && !markup.contains("<button"));
    }
}
