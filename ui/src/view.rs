//! What the window shows: the place, the open draft, dialogs, toasts, what can be undone.

use std::rc::Rc;

use stoa_domain::{DraftId, ListLook, NamedVersion, SavedView, Shelf, TextVersion};
use stoa_ipc::{DraftPlace, ErrorCode, UndoState};
use yew::prelude::*;

use crate::failures::Severity;

/// Where one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Route {
    Content,
    Bin,
    Tags,
    Sync(SyncTab),
    Settings,
}

/// The parts of the sync centre.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SyncTab {
    Waiting,
    Conflicts,
    Failed,
    History,
    Storage,
}

/// A dialog above the window. There is never more than one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Overlay {
    Palette,
    Shortcuts,
    Connect,
    Passphrase,
    SignOut,
    ClearDemo,
    /// A draft in the bin is to be deleted for good.
    DeleteDraft {
        id: DraftId,
        title: AttrValue,
    },
    /// All of so many drafts in the bin are.
    EmptyBin(usize),
    /// A draft is to go to members.
    Publish(DraftId),
    /// Another publication is to take the place of one that waits or was refused.
    Republish {
        id: DraftId,
        lid: i64,
    },
    /// What was seen by whoever wanted to publish and was refused stands beside what there is now.
    CompareRefused {
        lid: i64,
    },
    /// A draft as its readers will see it.
    Preview(DraftId),
    Import,
    /// What members see stands beside what there is now.
    ComparePost(DraftId),
    /// Somebody is to be asked to review a draft.
    AskReview {
        id: DraftId,
        title: AttrValue,
    },
    /// What was handed over for review stands beside what there is now.
    CompareReview {
        id: DraftId,
        text_at: TextVersion,
    },
    /// The text as it is now gets a name, or a version another one.
    NameVersion {
        id: DraftId,
        named: Option<NamedVersion>,
    },
    /// The list as it is now is kept under a name, or a view that is kept is changed.
    SavedView(Option<SavedView>),
}

/// What a toast's button does.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ToastAction {
    /// Takes back the latest thing that can be taken back.
    Undo,
    /// Runs a command; the label is a text.
    Command(&'static str, AttrValue),
    /// Does something that is no command.
    Do(Callback<()>, AttrValue),
}

/// A short word about what was just done.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Toast {
    pub(crate) text: AttrValue,
    pub(crate) severity: Option<Severity>,
    pub(crate) action: Option<ToastAction>,
    /// The failure it tells of; one code is shown once.
    pub(crate) code: Option<ErrorCode>,
}

impl Toast {
    pub(crate) fn said(text: AttrValue) -> Self {
        Self {
            text,
            severity: None,
            action: None,
            code: None,
        }
    }
}

/// What the window shows.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct View {
    pub(crate) route: Route,
    pub(crate) open_draft: Option<DraftId>,
    /// Whether its versions are shown instead of its text.
    pub(crate) versions_shown: bool,
    /// A draft that was just made: the cursor belongs into its title.
    pub(crate) fresh_draft: Option<DraftId>,
    pub(crate) overlay: Option<Overlay>,
    /// A place in the text of the open draft to be shown, in UTF-16 units; with a number, so that
    /// the same place twice is shown twice.
    pub(crate) place: Option<(u32, u32)>,
    /// With a number, so that the same words twice are two toasts.
    pub(crate) toast: Option<(u32, Toast)>,
    /// What undo and redo would do.
    pub(crate) can_turn: Rc<UndoState>,
    n_toasts: u32,
    /// How the list of drafts is narrowed, ordered and laid out, and that of the bin.
    pub(crate) look: Rc<ListLook>,
    pub(crate) bin_look: Rc<ListLook>,
    /// Counts the views that were shown: each begins with a list of its own.
    pub(crate) n_shown: u32,
    /// The views that are kept.
    pub(crate) views: Rc<Vec<SavedView>>,
    /// In a narrow window: the sidebar lies above the page.
    pub(crate) side_over: bool,
}

impl Default for View {
    fn default() -> Self {
        Self {
            route: Route::Content,
            open_draft: None,
            versions_shown: false,
            fresh_draft: None,
            overlay: None,
            place: None,
            toast: None,
            can_turn: Rc::default(),
            n_toasts: 0,
            look: Rc::default(),
            bin_look: Rc::new(ListLook {
                shelf: Shelf::Bin,
                ..ListLook::default()
            }),
            n_shown: 0,
            views: Rc::default(),
            side_over: false,
        }
    }
}

/// What changes a view.
pub(crate) enum Step {
    Go(Route),
    Open(DraftId),
    /// One has stayed on a draft in the list for a moment: it is opened behind whatever was begun
    /// in that moment.
    StayOn(DraftId),
    OpenFresh(DraftId),
    CloseDraft,
    /// Opens a draft at its versions.
    ShowVersions(DraftId),
    /// Back from the versions to the text.
    HideVersions,
    /// A draft is no longer in the list it was opened from.
    Gone(DraftId),
    Show(Overlay),
    /// This dialog is done. One that came after it stays.
    Hide(Overlay),
    Say(Toast),
    /// Said, and can be taken back.
    SayUndoable(AttrValue),
    HideToast,
    /// The place in the open draft that a dialog spoke of.
    GoToPlace(u32),
    /// What undo and redo would do now.
    CanTurn(Rc<UndoState>),
    /// A step about this draft was taken back or done again.
    Turned(DraftId, DraftPlace),
    /// The list that one looks at is narrowed, ordered or laid out otherwise.
    Look(ListLook),
    /// A view that is kept is shown.
    ShowView(ListLook),
    /// The views that are kept now.
    Views(Vec<SavedView>),
    ToggleSide,
}

impl View {
    /// A view that begins with a list as it was laid out last.
    pub(crate) fn looking(look: ListLook) -> Self {
        Self {
            look: Rc::new(look),
            ..Self::default()
        }
    }

    fn say(&mut self, toast: Toast) {
        let is_same = |(_, shown): &(u32, Toast)| toast.code.is_some() && shown.code == toast.code;
        if self.toast.as_ref().is_some_and(is_same) {
            return;
        }
        self.n_toasts += 1;
        self.toast = Some((self.n_toasts, toast));
    }

    fn go(&mut self, route: Route) {
        if self.route != route {
            self.open_draft = None;
        }
        self.versions_shown = false;
        self.route = route;
        self.side_over = false;
        self.overlay = None;
    }

    fn show(&mut self, look: ListLook) {
        self.go(Route::Content);
        self.open_draft = None;
        self.look = Rc::new(look);
        self.n_shown += 1;
    }

    /// The view that is kept and is just what one looks at.
    pub(crate) fn kept(&self) -> Option<&SavedView> {
        let is_it = |view: &&SavedView| view.look == *self.look;
        self.views
            .iter()
            .find(is_it)
            .filter(|_| self.route == Route::Content)
    }

    /// Shows a draft that came back to the list one looks at, and closes one that left it.
    fn turned(&mut self, id: DraftId, place: DraftPlace) {
        let in_bin = match self.route {
            Route::Content => false,
            Route::Bin => true,
            Route::Tags | Route::Sync(_) | Route::Settings => return,
        };
        if crate::undo::follows(place, in_bin) {
            self.open_draft = Some(id);
        } else if self.open_draft == Some(id) {
            self.open_draft = None;
        }
    }

    fn stay_on(&mut self, id: DraftId) {
        if matches!(self.route, Route::Content | Route::Bin) && self.open_draft != Some(id) {
            self.open_draft = Some(id);
            self.fresh_draft = None;
            self.versions_shown = false;
        }
    }

    fn open(&mut self, id: DraftId) {
        if self.route != Route::Bin {
            self.route = Route::Content;
        }
        self.open_draft = Some(id);
        self.versions_shown = false;
        self.side_over = false;
        self.overlay = None;
    }
}

impl Reducible for View {
    type Action = Step;

    fn reduce(self: Rc<Self>, step: Step) -> Rc<Self> {
        let mut view = (*self).clone();
        match step {
            Step::Go(route) => view.go(route),
            Step::Open(id) => {
                view.open(id);
                view.fresh_draft = None;
            }
            Step::StayOn(id) => view.stay_on(id),
            Step::OpenFresh(id) => {
                view.route = Route::Content;
                view.open(id);
                view.fresh_draft = Some(id);
            }
            Step::CloseDraft => view.open_draft = None,
            Step::ShowVersions(id) => {
                view.open(id);
                view.versions_shown = true;
            }
            Step::HideVersions => view.versions_shown = false,
            Step::Gone(id) => {
                if view.open_draft == Some(id) {
                    view.open_draft = None;
                }
            }
            Step::Show(overlay) => view.overlay = Some(overlay),
            Step::Hide(done) => view.overlay = view.overlay.filter(|shown| *shown != done),
            Step::Say(toast) => view.say(toast),
            Step::SayUndoable(text) => view.say(Toast {
                action: Some(ToastAction::Undo),
                ..Toast::said(text)
            }),
            Step::HideToast => view.toast = None,
            Step::GoToPlace(at) => {
                view.overlay = None;
                view.place = Some((view.place.map_or(0, |(n, _)| n + 1), at));
            }
            Step::CanTurn(can_turn) => view.can_turn = can_turn,
            Step::Turned(id, place) => view.turned(id, place),
            Step::Look(look) if look.shelf == Shelf::Bin => view.bin_look = Rc::new(look),
            Step::Look(look) => view.look = Rc::new(look),
            Step::ShowView(look) => view.show(look),
            Step::Views(views) => view.views = Rc::new(views),
            Step::ToggleSide => view.side_over = !view.side_over,
        }
        Rc::new(view)
    }
}

/// The window's view, to read and to change.
pub(crate) type ViewHandle = UseReducerHandle<View>;

#[hook]
pub(crate) fn use_view() -> ViewHandle {
    use_context::<ViewHandle>().expect("every component stands inside the window's contexts")
}

#[cfg(test)]
mod tests {
    use super::*;
    use stoa_domain::Timestamp;

    fn after(steps: Vec<Step>) -> View {
        let mut view = Rc::new(View::default());
        for step in steps {
            view = view.reduce(step);
        }
        (*view).clone()
    }

    fn draft(n: u8) -> DraftId {
        DraftId::new(Timestamp::from_millis(1), [n; 10])
    }

    #[test]
    fn going_somewhere_else_closes_the_draft_and_any_dialog() {
        let view = after(vec![
            Step::Open(draft(1)),
            Step::Show(Overlay::Palette),
            Step::Go(Route::Settings),
        ]);
        assert_eq!((view.open_draft, view.overlay), (None, None));
    }

    #[test]
    fn what_was_begun_while_one_came_to_a_row_stays() {
        let asked = after(vec![Step::Show(Overlay::Palette), Step::StayOn(draft(1))]);
        assert_eq!(
            (asked.open_draft, asked.overlay),
            (Some(draft(1)), Some(Overlay::Palette))
        );
        let versions = after(vec![Step::ShowVersions(draft(1)), Step::StayOn(draft(1))]);
        assert!(versions.versions_shown);
        let left = after(vec![Step::Go(Route::Settings), Step::StayOn(draft(1))]);
        assert_eq!((left.route, left.open_draft), (Route::Settings, None));
    }

    #[test]
    fn a_dialog_that_is_done_late_leaves_the_one_that_came_after_it() {
        let connecting = after(vec![
            Step::Show(Overlay::SignOut),
            Step::Show(Overlay::Connect),
            Step::Hide(Overlay::SignOut),
        ]);
        assert_eq!(connecting.overlay, Some(Overlay::Connect));
        let done = after(vec![
            Step::Show(Overlay::Connect),
            Step::Hide(Overlay::Connect),
        ]);
        assert_eq!(done.overlay, None);
    }

    #[test]
    fn versions_are_those_of_the_draft_that_is_open_and_go_with_it() {
        let shown = after(vec![Step::ShowVersions(draft(1))]);
        assert_eq!(
            (shown.open_draft, shown.versions_shown),
            (Some(draft(1)), true)
        );
        let others: [fn() -> Step; 3] = [
            || Step::HideVersions,
            || Step::Open(draft(2)),
            || Step::Go(Route::Settings),
        ];
        for other in others {
            let left = after(vec![Step::ShowVersions(draft(1)), other()]);
            assert!(!left.versions_shown);
        }
    }

    #[test]
    fn a_draft_that_went_is_closed_and_another_one_stays() {
        let view = after(vec![Step::Open(draft(1)), Step::Gone(draft(2))]);
        assert_eq!(view.open_draft, Some(draft(1)));
        let view = after(vec![Step::Open(draft(1)), Step::Gone(draft(1))]);
        assert_eq!(view.open_draft, None);
    }

    #[test]
    fn a_draft_that_came_back_is_shown_where_one_looks_and_one_that_left_is_closed() {
        let back = after(vec![Step::Turned(draft(1), DraftPlace::List)]);
        assert_eq!(back.open_draft, Some(draft(1)));
        for gone in [DraftPlace::Bin, DraftPlace::Nowhere] {
            let view = after(vec![Step::Open(draft(1)), Step::Turned(draft(1), gone)]);
            assert_eq!(view.open_draft, None);
        }
        let elsewhere = after(vec![
            Step::Go(Route::Settings),
            Step::Turned(draft(1), DraftPlace::List),
        ]);
        assert_eq!(
            (elsewhere.open_draft, elsewhere.route),
            (None, Route::Settings)
        );
    }

    #[test]
    fn a_view_that_is_shown_is_the_one_that_is_kept_until_the_list_looks_otherwise() {
        let look = ListLook {
            shelf: Shelf::Published,
            ..ListLook::default()
        };
        let kept = SavedView {
            id: 3,
            name: stoa_domain::ViewName::parse("已发布").unwrap(),
            look: look.clone(),
        };
        let shown = || {
            vec![
                Step::Views(vec![kept.clone()]),
                Step::Open(draft(1)),
                Step::Go(Route::Settings),
                Step::ShowView(look.clone()),
            ]
        };
        let view = after(shown());
        assert_eq!((view.route, view.open_draft), (Route::Content, None));
        assert_eq!(view.kept().map(|view| view.id), Some(3));
        let mut steps = shown();
        steps.push(Step::Look(ListLook::default()));
        assert_eq!(after(steps).kept(), None);
    }

    #[test]
    fn the_same_failure_is_said_once() {
        let failed = || Toast {
            code: Some(ErrorCode::DiskFull),
            ..Toast::said("full".into())
        };
        let once = after(vec![Step::Say(failed())]);
        let twice = after(vec![Step::Say(failed()), Step::Say(failed())]);
        assert_eq!(once.toast, twice.toast);
    }
}
