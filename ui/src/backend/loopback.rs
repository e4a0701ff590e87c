//! The studio behind a loopback address: `POST /rpc/<name>` and a WebSocket of events.
//!
//! The token comes in the address as `#token=…` and is taken out of it at once, so that it is in
//! no history and no screenshot.

use std::rc::Rc;

use stoa_ipc::{ErrorCode, Event, Failure};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, MessageEvent, Request, RequestInit, Response, Url, WebSocket};
use yew::Callback;

use super::{Answer, Backend, failure_from};

/// How long the window waits before it opens a broken event stream again.
const REOPEN_AFTER_MS: u32 = 1_000;

pub(crate) struct Loopback {
    token: Rc<str>,
}

impl Loopback {
    /// Takes the token out of the page's address.
    pub(crate) fn from_address() -> Self {
        let token = take_token().unwrap_or_default();
        Self {
            token: token.into(),
        }
    }
}

impl Backend for Loopback {
    fn rpc(&self, name: &'static str, payload: String) -> Answer<Result<String, Failure>> {
        let token = self.token.clone();
        Box::pin(async move {
            match post(&token, name, &payload).await {
                Ok((true, text)) => Ok(text),
                Ok((false, text)) => Err(failure_from(&text)),
                Err(error) => Err(Failure::new(ErrorCode::Internal, format!("{error:?}"))),
            }
        })
    }

    fn media(&self, b3: String) -> Answer<Option<String>> {
        let token = self.token.clone();
        Box::pin(async move { image(&token, &b3).await.ok() })
    }

    fn listen(&self, on_event: Callback<Event>) {
        let token = self.token.clone();
        spawn_local(async move {
            if open(&token, &on_event).is_err() {
                reopen(token, on_event);
            }
        });
    }
}

/// Reads `#token=…` or `#…` once; it is kept for reloads of this tab only.
fn take_token() -> Option<String> {
    let window = web_sys::window()?;
    let storage = window.session_storage().ok()??;
    let hash = window.location().hash().ok()?;
    let given = token_in(&hash);
    match given {
        Some(token) => {
            let path = window.location().pathname().ok()?;
            let history = window.history().ok()?;
            history
                .replace_state_with_url(&JsValue::NULL, "", Some(&path))
                .ok()?;
            storage.set_item("stoa-token", token).ok()?;
            Some(token.to_owned())
        }
        None => storage.get_item("stoa-token").ok()?,
    }
}

fn token_in(hash: &str) -> Option<&str> {
    let text = hash.trim_start_matches('#');
    let token = text.strip_prefix("token=").unwrap_or(text);
    let token = token.split('&').next()?;
    (!token.is_empty()).then_some(token)
}

async fn post(token: &str, name: &str, payload: &str) -> Result<(bool, String), JsValue> {
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(&payload.into());
    let request = Request::new_with_str_and_init(&format!("/rpc/{name}"), &init)?;
    request.headers().set("stoa-token", token)?;
    request.headers().set("content-type", "application/json")?;
    let window = web_sys::window().ok_or("no window")?;
    let response: Response = JsFuture::from(window.fetch_with_request(&request))
        .await?
        .dyn_into()?;
    let text = JsFuture::from(response.text()?).await?;
    Ok((response.ok(), text.as_string().unwrap_or_default()))
}

/// Fetches an image with the token; the page shows it from its own memory.
async fn image(token: &str, b3: &str) -> Result<String, JsValue> {
    let request = Request::new_with_str(&format!("/media/{b3}"))?;
    request.headers().set("stoa-token", token)?;
    let window = web_sys::window().ok_or("no window")?;
    let response: Response = JsFuture::from(window.fetch_with_request(&request))
        .await?
        .dyn_into()?;
    if !response.ok() {
        return Err("no such image".into());
    }
    let blob: Blob = JsFuture::from(response.blob()?).await?.dyn_into()?;
    Url::create_object_url_with_blob(&blob)
}

fn open(token: &Rc<str>, on_event: &Callback<Event>) -> Result<(), JsValue> {
    let location = web_sys::window().ok_or("no window")?.location();
    let address = format!("ws://{}/events", location.host()?);
    // A browser sets no header here; the token travels beside the name of the protocol.
    let offered = format!("token.{token}");
    let protocols = js_sys::Array::of2(&"stoa".into(), &offered.into());
    let socket = WebSocket::new_with_str_sequence(&address, &protocols)?;
    let told = {
        let on_event = on_event.clone();
        Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
            let text = message.data().as_string().unwrap_or_default();
            if let Ok(event) = serde_json::from_str(&text) {
                on_event.emit(event);
            }
        })
    };
    socket.set_onmessage(Some(told.as_ref().unchecked_ref()));
    let (token, on_event) = (token.clone(), on_event.clone());
    let closed = Closure::once_into_js(move || reopen(token, on_event));
    socket.set_onclose(Some(closed.unchecked_ref()));
    // The socket lives until it closes; a new one then takes its place.
    told.forget();
    Ok(())
}

fn reopen(token: Rc<str>, on_event: Callback<Event>) {
    spawn_local(async move {
        gloo_timers::future::TimeoutFuture::new(REOPEN_AFTER_MS).await;
        if open(&token, &on_event).is_err() {
            reopen(token, on_event);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::token_in;

    #[test]
    fn the_token_is_found_in_both_spellings() {
        let cases = [
            ("#token=abc", Some("abc")),
            ("#abc", Some("abc")),
            ("#token=abc&lang=en", Some("abc")),
            ("", None),
            ("#", None),
        ];
        for (hash, token) in cases {
            assert_eq!(token_in(hash), token, "{hash}");
        }
    }
}
