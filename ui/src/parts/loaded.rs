//! One way to show what has to be fetched: bones while it comes, the failure if it does not.

use stoa_ipc::Failure;
use yew::prelude::*;

use super::Notice;

/// A value from the studio.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Remote<T> {
    Coming,
    Here(T),
    Failed(Failure),
}

impl<T> Remote<T> {
    pub(crate) fn here(&self) -> Option<&T> {
        match self {
            Remote::Here(value) => Some(value),
            Remote::Coming | Remote::Failed(_) => None,
        }
    }
}

impl<T> From<Result<T, Failure>> for Remote<T> {
    fn from(result: Result<T, Failure>) -> Self {
        match result {
            Ok(value) => Remote::Here(value),
            Err(failure) => Remote::Failed(failure),
        }
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct LoadedProps<T: PartialEq> {
    pub(crate) value: Remote<T>,
    /// Draws the value.
    pub(crate) show: Callback<T, Html>,
    /// What stands there when there is nothing to draw.
    #[prop_or_default]
    pub(crate) empty: Html,
    /// Whether the value has nothing in it.
    #[prop_or_default]
    pub(crate) is_empty: bool,
    pub(crate) onretry: Callback<()>,
    /// How many rows of bones.
    #[prop_or(5)]
    pub(crate) n_bones: usize,
}

#[component]
pub(crate) fn Loaded<T: Clone + PartialEq + 'static>(props: &LoadedProps<T>) -> Html {
    match &props.value {
        Remote::Coming => html! { <Bones n={props.n_bones} /> },
        Remote::Failed(failure) => {
            html! { <div class="empty"><Notice failure={failure.clone()} onretry={props.onretry.clone()} /></div> }
        }
        Remote::Here(_) if props.is_empty => props.empty.clone(),
        Remote::Here(value) => props.show.emit(value.clone()),
    }
}

#[derive(Properties, PartialEq)]
struct BonesProps {
    n: usize,
}

#[component]
fn Bones(props: &BonesProps) -> Html {
    html! {
        <div class="skeleton" aria-busy="true">
            { for (0..props.n).map(|_| html! {
                <div class="skeleton-row"><div class="bone long"></div><div class="bone short"></div></div>
            }) }
        </div>
    }
}
