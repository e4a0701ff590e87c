//! The interface's files, with the product's content security policy.

use std::path::Path;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use tower_http::services::{ServeDir, ServeFile};

use crate::Shared;

/// The files of a folder; the page itself for every path that is none.
pub(crate) fn files(ui: &Path) -> ServeDir<ServeFile> {
    ServeDir::new(ui).fallback(ServeFile::new(ui.join("index.html")))
}

/// Says with every answer what the page may do.
pub(crate) async fn headers(
    State(shared): State<Arc<Shared>>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::CACHE_CONTROL, "no-store"),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
    ];
    let headers = response.headers_mut();
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(policy) = policy(shared.port).parse() {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// The policy of the product, but that commands go to this host instead of into the program.
fn policy(port: u16) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' blob:; media-src 'self'; font-src 'self'; \
         connect-src 'self' ws://127.0.0.1:{port} ws://localhost:{port}; \
         frame-src 'none'; frame-ancestors 'none'; object-src 'none'; base-uri 'none'; \
         form-action 'none'; worker-src 'self'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_lets_nothing_in_from_outside() {
        let policy = policy(7000);
        assert!(policy.contains("default-src 'none'"));
        assert!(policy.contains("connect-src 'self' ws://127.0.0.1:7000 ws://localhost:7000;"));
        assert!(!policy.contains("unsafe-inline") && !policy.contains('*'));
    }
}
