//! A draft that is open: editor, queue and studio brought together.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use stoa_domain::{DraftId, Splice};
use stoa_ipc::{CloseDraft, EditReply, ErrorCode, Failure, OpenDraft, OpenedDraft};
use wasm_bindgen_futures::spawn_local;
use yew::Callback;

use super::bridge::Editor;
use super::queue::Queue;
use crate::failures::surely_not_done;
use crate::host::Host;

/// First and longest wait before a failed save is tried again.
const RETRY_MS: (u32, u32) = (1_000, 30_000);

/// What a session has to tell.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum News {
    Opened(Box<OpenedDraft>),
    NotOpened(Failure),
    /// Something is not saved yet.
    Writing,
    Saved(EditReply),
    /// The text is kept in the window and saving is tried again.
    NotSaved(Failure),
    /// The draft is not there any more; the text is in the window and nowhere else.
    Deleted,
}

pub(crate) struct Session {
    host: Host,
    id: DraftId,
    news: Callback<News>,
    queue: RefCell<Option<Queue>>,
    editor: RefCell<Option<Editor>>,
    retry: RefCell<Option<Timeout>>,
    wait_ms: Cell<u32>,
    is_closed: Cell<bool>,
}

impl Session {
    /// Opens a draft; the answer comes as news.
    pub(crate) fn open(host: Host, id: DraftId, news: Callback<News>) -> Rc<Self> {
        let session = Rc::new(Self {
            host,
            id,
            news,
            queue: RefCell::default(),
            editor: RefCell::default(),
            retry: RefCell::default(),
            wait_ms: Cell::new(RETRY_MS.0),
            is_closed: Cell::new(false),
        });
        session.clone().begin();
        session
    }

    fn begin(self: Rc<Self>) {
        spawn_local(async move {
            match self.host.call(OpenDraft { id: self.id }).await {
                Ok(opened) => {
                    let queue = Queue::new(opened.session, opened.markdown.clone());
                    self.queue.replace(Some(queue));
                    if self.is_closed.get() {
                        self.end();
                    } else {
                        self.news.emit(News::Opened(Box::new(opened)));
                    }
                }
                Err(failure) => self.news.emit(News::NotOpened(failure)),
            }
        });
    }

    /// The editor that shows the text.
    pub(crate) fn shown_by(&self, editor: Editor) {
        self.editor.replace(Some(editor));
    }

    pub(crate) fn with_editor<T>(&self, ask: impl FnOnce(&Editor) -> T) -> Option<T> {
        self.editor.borrow().as_ref().map(ask)
    }

    /// The editor changed.
    pub(crate) fn told(self: &Rc<Self>, splices: Vec<Splice>) {
        if let Some(queue) = self.queue.borrow_mut().as_mut() {
            queue.told(splices);
        }
        self.news.emit(News::Writing);
        self.pump();
    }

    /// Another device, or another window, changed drafts.
    pub(crate) fn look_elsewhere(self: &Rc<Self>) {
        if let Some(queue) = self.queue.borrow_mut().as_mut() {
            queue.look_elsewhere();
        }
        self.pump();
    }

    /// Tells everything now, for example because the window loses the focus.
    pub(crate) fn flush(&self) {
        self.with_editor(Editor::flush);
    }

    /// Tries to save again at once.
    pub(crate) fn try_again(self: &Rc<Self>) {
        self.retry.replace(None);
        self.pump();
    }

    /// Saves the rest and ends the session.
    pub(crate) fn close(self: &Rc<Self>) {
        self.flush();
        self.is_closed.set(true);
        if let Some(editor) = self.editor.take() {
            editor.destroy();
        }
        if self.is_all_saved() {
            self.clone().end();
        } else {
            self.pump();
        }
    }

    /// The number of the session, while there is one.
    pub(crate) fn number(&self) -> Option<u64> {
        self.queue.borrow().as_ref().map(Queue::session)
    }

    /// Whether everything that was told is saved.
    pub(crate) fn is_all_saved(&self) -> bool {
        self.queue.borrow().as_ref().is_none_or(Queue::is_saved)
    }

    fn end(self: Rc<Self>) {
        let Some(queue) = self.queue.take() else {
            return;
        };
        spawn_local(async move {
            // The studio closes forgotten sessions by itself.
            let _ = self
                .host
                .call(CloseDraft {
                    session: queue.session(),
                })
                .await;
        });
    }

    /// Sends what waits, one request after the other.
    fn pump(self: &Rc<Self>) {
        if self.retry.borrow().is_some() {
            return;
        }
        let request = self.queue.borrow_mut().as_mut().and_then(Queue::next);
        let Some(request) = request else { return };
        let session = self.clone();
        spawn_local(async move {
            match session.host.call(request).await {
                Ok(reply) => session.carried_out(&reply),
                Err(failure) => session.failed(failure).await,
            }
        });
    }

    fn carried_out(self: &Rc<Self>, reply: &EditReply) {
        self.wait_ms.set(RETRY_MS.0);
        let patch = self
            .queue
            .borrow_mut()
            .as_mut()
            .and_then(|queue| queue.carried_out(reply));
        if let Some(patch) = patch {
            let shown = self.with_editor(|editor| editor.patch(&patch.splices)) == Some(true);
            if let (true, Some(queue)) = (shown, self.queue.borrow_mut().as_mut()) {
                queue.patched(&patch);
            }
        }
        if self.is_all_saved() {
            self.news.emit(News::Saved(reply.clone()));
            if self.is_closed.get() {
                self.clone().end();
                return;
            }
        }
        self.pump();
    }

    async fn failed(self: Rc<Self>, failure: Failure) {
        if failure.code == ErrorCode::SessionEnded || !surely_not_done(failure.code) {
            match self.open_again().await {
                Ok(()) => return self.pump(),
                Err(ErrorCode::NotFound) => return self.news.emit(News::Deleted),
                Err(_) => {}
            }
        } else if let Some(queue) = self.queue.borrow_mut().as_mut() {
            queue.refused();
        }
        self.news.emit(News::NotSaved(failure));
        self.wait();
    }

    /// Opens the draft anew and brings both texts together.
    async fn open_again(self: &Rc<Self>) -> Result<(), ErrorCode> {
        let opened = match self.host.call(OpenDraft { id: self.id }).await {
            Ok(opened) => opened,
            Err(failure) => {
                if let Some(queue) = self.queue.borrow_mut().as_mut() {
                    queue.refused();
                }
                return Err(failure.code);
            }
        };
        let change = match self.queue.borrow_mut().as_mut() {
            Some(queue) => queue.opened_again(opened.session, opened.markdown),
            None => None,
        };
        if let Some(splice) = change {
            self.with_editor(|editor| editor.patch(&[splice]));
        }
        Ok(())
    }

    fn wait(self: &Rc<Self>) {
        let wait_ms = self.wait_ms.get();
        self.wait_ms.set((wait_ms * 2).min(RETRY_MS.1));
        let session = self.clone();
        let timer = Timeout::new(wait_ms, move || session.try_again());
        self.retry.replace(Some(timer));
    }
}
