//! The desktop shell: one command, `rpc`, and one event, `stoa-event`.

use js_sys::{Function, Object, Promise, Reflect};
use stoa_domain::BlobHash;
use stoa_ipc::{ErrorCode, Event, Failure};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use yew::Callback;

use super::{Answer, Backend, failure_from};

/// The window of the desktop shell.
pub(crate) struct Shell;

impl Backend for Shell {
    fn rpc(&self, name: &'static str, payload: String) -> Answer<Result<String, Failure>> {
        Box::pin(async move {
            rpc(name, &payload)
                .await
                .map_err(|error| failure_of(&error))
        })
    }

    fn media(&self, b3: String) -> Answer<Option<String>> {
        Box::pin(std::future::ready(media_address(&b3).ok()))
    }

    fn listen(&self, on_event: Callback<Event>) {
        spawn_local(async move {
            // Without events the window still works; it then shows changes when it asks next.
            let _ = listen(on_event).await;
        });
    }

    fn painted(&self) {
        spawn_local(async {
            // A shell that shows its window by itself does not know this name.
            let _ = rpc("window.ready", "{}").await;
        });
    }

    fn zooms(&self) -> bool {
        true
    }

    fn has_window_commands(&self) -> bool {
        true
    }

    fn able_to(&self, ids: &[&'static str]) {
        let payload = serde_json::json!({ "ids": ids }).to_string();
        spawn_local(async move {
            // A menu that offers too much is no harm: a command that cannot be run is not run.
            let _ = rpc("window.commands", &payload).await;
        });
    }

    fn show_archive(&self, id: &str) {
        let payload = serde_json::json!({ "id": id }).to_string();
        spawn_local(async move {
            // The path stands beside the button: whoever sees no folder can go there by hand.
            let _ = rpc("window.show_archive", &payload).await;
        });
    }

    fn save_file(&self, b3: BlobHash) -> Answer<Result<Option<String>, Failure>> {
        Box::pin(async move {
            let payload = serde_json::json!({ "b3": b3 }).to_string();
            let saved = rpc("window.save_file", &payload).await;
            let saved = saved.map_err(|error| failure_of(&error))?;
            Ok(serde_json::from_str(&saved).unwrap_or_default())
        })
    }

    fn window_command(&self, id: &'static str) {
        spawn_local(async move {
            let payload = format!("{{\"id\":\"{id}\"}}");
            // The menu offers the same; a shell that refuses leaves nothing half done.
            let _ = rpc("window.command", &payload).await;
        });
    }
}

/// Whether this page lives in the desktop shell.
pub(super) fn is_here() -> bool {
    internals().is_some()
}

fn internals() -> Option<Object> {
    let window = web_sys::window()?;
    let object = Reflect::get(&window, &"__TAURI_INTERNALS__".into()).ok()?;
    object.dyn_into().ok()
}

/// The address of an image under the shell's scheme, which systems spell differently.
fn media_address(b3: &str) -> Result<String, JsValue> {
    let shell = internals().ok_or("not in the shell")?;
    let spell: Function = Reflect::get(&shell, &"convertFileSrc".into())?.dyn_into()?;
    let address = spell.call2(&shell, &b3.into(), &"stoa-media".into())?;
    address.as_string().ok_or_else(|| "no address".into())
}

async fn rpc(name: &str, payload: &str) -> Result<String, JsValue> {
    let args = object(&[("name", name.into()), ("payload", payload.into())])?;
    let answer = invoke("rpc", &args).await?;
    answer
        .as_string()
        .ok_or_else(|| "the answer is not a text".into())
}

async fn listen(on_event: Callback<Event>) -> Result<(), JsValue> {
    let told = Closure::<dyn Fn(JsValue)>::new(move |message: JsValue| {
        if let Some(event) = event_of(&message) {
            on_event.emit(event);
        }
    });
    let shell = internals().ok_or("not in the shell")?;
    let transform: Function = Reflect::get(&shell, &"transformCallback".into())?.dyn_into()?;
    let handler = transform.call1(&shell, told.as_ref())?;
    // The window listens for as long as it lives.
    told.forget();
    let target = object(&[("kind", "Any".into())])?;
    let event = JsValue::from("stoa-event");
    let args = object(&[
        ("event", event),
        ("target", target.into()),
        ("handler", handler),
    ])?;
    invoke("plugin:event|listen", &args).await.map(|_| ())
}

fn event_of(message: &JsValue) -> Option<Event> {
    let payload = Reflect::get(message, &"payload".into()).ok()?;
    let text = match payload.as_string() {
        Some(text) => text,
        None => js_sys::JSON::stringify(&payload).ok()?.into(),
    };
    serde_json::from_str(&text).ok()
}

async fn invoke(command: &str, args: &Object) -> Result<JsValue, JsValue> {
    let shell = internals().ok_or("not in the shell")?;
    let invoke: Function = Reflect::get(&shell, &"invoke".into())?.dyn_into()?;
    let promise: Promise = invoke.call2(&shell, &command.into(), args)?.dyn_into()?;
    JsFuture::from(promise).await
}

fn object(fields: &[(&str, JsValue)]) -> Result<Object, JsValue> {
    let object = Object::new();
    for (name, value) in fields {
        Reflect::set(&object, &(*name).into(), value)?;
    }
    Ok(object)
}

fn failure_of(error: &JsValue) -> Failure {
    if let Some(text) = error.as_string() {
        return failure_from(&text);
    }
    match js_sys::JSON::stringify(error) {
        Ok(text) => failure_from(&String::from(text)),
        Err(_) => Failure::new(ErrorCode::Internal, "the shell failed without a word"),
    }
}
