//! Images and recordings of drafts for the page, under a scheme of their own:
//! `stoa-media://localhost/<b3>`. The address names contents, never a path; what no draft uses is
//! not there. Of a recording at most one MiB is given at a time, as a range.

use stoa_studio::{Playable, Studio, Wanted, wanted};
use tauri::http::{Request, Response, StatusCode, header};
use tauri::{AppHandle, Manager, UriSchemeContext, UriSchemeResponder, Wry, async_runtime};

use crate::{shell::Shell, window};

pub(crate) const SCHEME: &str = "stoa-media";
/// The most of a recording in one answer, in bytes.
const MOST: u64 = 1024 * 1024;

/// Answers the page, and nobody else, off the window's thread.
pub(crate) fn answer(
    context: &UriSchemeContext<'_, Wry>,
    request: &Request<Vec<u8>>,
    responder: UriSchemeResponder,
) {
    let app = context.app_handle().clone();
    let is_own = context.webview_label() == window::LABEL;
    let b3 = request.uri().path().trim_start_matches('/').to_owned();
    let range = request.headers().get(header::RANGE);
    let range = range
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned);
    async_runtime::spawn(async move {
        let found = match is_own {
            true => found(&app, &b3, range.as_deref()).await,
            false => None,
        };
        responder.respond(response(found));
    });
}

/// What is given to the page.
struct Found {
    media_type: &'static str,
    bytes: Vec<u8>,
    /// Of a recording: `bytes 0-1/2`.
    range: Option<String>,
}

async fn found(app: &AppHandle, b3: &str, range: Option<&str>) -> Option<Found> {
    let studio: Studio = app.try_state::<Shell>()?.studio().clone();
    if let Some(image) = studio.media(b3).await {
        return Some(Found {
            media_type: image.media_type,
            bytes: image.bytes,
            range: None,
        });
    }
    part(studio.recording(b3).await?, range).await
}

async fn part(playable: Playable, range: Option<&str>) -> Option<Found> {
    let (media_type, size) = (playable.media_type, playable.size);
    let start = match wanted(range, size) {
        Wanted::Whole => 0..size,
        Wanted::Part(range) => range,
        Wanted::Nothing => return None,
    };
    let given = start.start..start.end.min(start.start + MOST);
    let named = format!("bytes {}-{}/{size}", given.start, given.end - 1);
    let (_, bytes) = playable.read(given).await.ok()?;
    Some(Found {
        media_type,
        bytes,
        range: Some(named),
    })
}

fn response(found: Option<Found>) -> Response<Vec<u8>> {
    let (status, media_type, bytes, range) = match found {
        Some(Found {
            media_type,
            bytes,
            range,
        }) => {
            let status = match range {
                Some(_) => StatusCode::PARTIAL_CONTENT,
                None => StatusCode::OK,
            };
            (status, media_type, bytes, range)
        }
        None => (StatusCode::NOT_FOUND, "text/plain", Vec::new(), None),
    };
    let mut response = Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, media_type)
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; sandbox",
        )
        .header(header::CACHE_CONTROL, "no-store");
    if let Some(range) = range {
        response = response
            .header(header::ACCEPT_RANGES, "bytes")
            .header(header::CONTENT_RANGE, range);
    }
    response.body(bytes).unwrap_or_default()
}
