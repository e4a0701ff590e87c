//! Images of drafts for the page, under a scheme of their own: `stoa-media://localhost/<b3>`. The
//! address names contents, never a path; what no draft uses is not there.

use stoa_studio::Media;
use tauri::http::{Request, Response, StatusCode, header};
use tauri::{AppHandle, Manager, UriSchemeContext, UriSchemeResponder, Wry, async_runtime};

use crate::{shell::Shell, window};

pub(crate) const SCHEME: &str = "stoa-media";

/// Answers the page, and nobody else, off the window's thread.
pub(crate) fn answer(
    context: &UriSchemeContext<'_, Wry>,
    request: &Request<Vec<u8>>,
    responder: UriSchemeResponder,
) {
    let app = context.app_handle().clone();
    let is_own = context.webview_label() == window::LABEL;
    let path = request.uri().path().to_owned();
    async_runtime::spawn(async move {
        let image = match is_own {
            true => image(&app, &path).await,
            false => None,
        };
        responder.respond(response(image));
    });
}

async fn image(app: &AppHandle, path: &str) -> Option<Media> {
    let studio = app.try_state::<Shell>()?.studio().clone();
    studio.media(path.trim_start_matches('/')).await
}

fn response(image: Option<Media>) -> Response<Vec<u8>> {
    let (status, media_type, bytes) = match image {
        Some(image) => (StatusCode::OK, image.media_type, image.bytes),
        None => (StatusCode::NOT_FOUND, "text/plain", Vec::new()),
    };
    let response = Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, media_type)
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; sandbox",
        )
        .header(header::CACHE_CONTROL, "no-store")
        .body(bytes);
    response.unwrap_or_default()
}
