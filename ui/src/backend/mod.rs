//! The studio as the window reaches it: one question at a time, and events without asking.
//!
//! Two hosts answer: the desktop shell over IPC, and the studio behind a loopback address for
//! browsers. Outside this module nothing knows which.

#[cfg(test)]
pub(crate) mod fake;
mod loopback;
mod tauri;

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use stoa_domain::BlobHash;
use stoa_ipc::{Command, ErrorCode, Event, Failure};
use yew::Callback;

/// An answer that is still on its way.
pub(crate) type Answer<T> = Pin<Box<dyn Future<Output = T>>>;

/// A host: commands in, replies and events out, all as JSON texts.
pub(crate) trait Backend {
    fn rpc(&self, name: &'static str, payload: String) -> Answer<Result<String, Failure>>;

    /// Hands every event of the studio to `on_event`, for as long as the window lives.
    fn listen(&self, on_event: Callback<Event>);

    /// Where the page finds an image that is on this computer, by the digits of its hash.
    fn media(&self, _b3: String) -> Answer<Option<String>> {
        Box::pin(std::future::ready(None))
    }

    /// Tells the host that the first themed frame is on the screen.
    fn painted(&self) {}

    /// Whether the host draws the window at the chosen zoom by itself.
    fn zooms(&self) -> bool {
        false
    }

    /// Whether the host carries out commands of the window itself (quit, close, minimise).
    fn has_window_commands(&self) -> bool {
        false
    }

    /// Asks the host to carry out a command of its own.
    fn window_command(&self, _id: &'static str) {}

    /// Asks the host to show the folder of an archive, where [`Backend::has_window_commands`].
    fn show_archive(&self, _id: &str) {}

    /// Asks where a file of a draft is to be written, and writes it, where
    /// [`Backend::has_window_commands`]. Answers the name it got, or none where no place was chosen.
    fn save_file(&self, _b3: BlobHash) -> Answer<Result<Option<String>, Failure>> {
        Box::pin(std::future::ready(Ok(None)))
    }

    /// Tells the host's menu which commands can be run now.
    fn able_to(&self, _ids: &[&'static str]) {}
}

/// The host of this page.
pub(crate) fn connect() -> Rc<dyn Backend> {
    if tauri::is_here() {
        Rc::new(tauri::Shell)
    } else {
        Rc::new(loopback::Loopback::from_address())
    }
}

/// Asks the studio.
///
/// # Errors
/// The studio's own failure, or `Internal` when an answer cannot be understood.
pub(crate) async fn call<C: Command>(
    backend: &Rc<dyn Backend>,
    request: &C,
) -> Result<C::Reply, Failure> {
    let payload = serde_json::to_string(request).map_err(|error| not_understood(&error))?;
    let answer = backend.rpc(C::NAME, payload).await?;
    serde_json::from_str(&answer).map_err(|error| not_understood(&error))
}

fn not_understood(error: &serde_json::Error) -> Failure {
    Failure::new(ErrorCode::Internal, error.to_string())
}

/// A failure as it travels; anything else is a defect, kept as the message.
fn failure_from(text: &str) -> Failure {
    serde_json::from_str(text).unwrap_or_else(|_| Failure::new(ErrorCode::Internal, text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use stoa_ipc::GetSync;

    #[test]
    fn a_failure_keeps_its_code_on_the_way() {
        let failure = Failure::field("email", "not-an-email");
        let text = serde_json::to_string(&failure).unwrap();
        assert_eq!(failure_from(&text), failure);
        assert_eq!(failure_from("panicked").code, ErrorCode::Internal);
    }

    #[test]
    fn an_answer_nobody_understands_is_a_failure_and_not_a_panic() {
        let host: Rc<dyn Backend> = Rc::new(fake::Fake::answering("sync.status", "[1,2]"));
        let reply = pollster::block_on(call(&host, &GetSync {}));
        assert_eq!(reply.unwrap_err().code, ErrorCode::Internal);
    }
}
