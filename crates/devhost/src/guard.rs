//! Who may ask: this computer, a page of this host, and whoever knows the token.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use subtle::ConstantTimeEq;

use crate::Shared;

const TOKEN: HeaderName = HeaderName::from_static("stoa-token");
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
/// How a WebSocket brings the token, as browsers let it set no header.
const PROTOCOL_PREFIX: &str = "token.";

/// Refuses names other than this computer's (a foreign name that resolves here is an attack called
/// DNS rebinding) and pages of other origins.
pub(crate) async fn place(
    State(shared): State<Arc<Shared>>,
    request: Request,
    next: Next,
) -> Response {
    let headers = request.headers();
    if !is_own_host(headers, shared.port) {
        return (StatusCode::MISDIRECTED_REQUEST, "not this host").into_response();
    }
    if !is_own_origin(headers, shared.port) {
        return (StatusCode::FORBIDDEN, "not this origin").into_response();
    }
    next.run(request).await
}

/// Refuses whoever does not know the token.
pub(crate) async fn token(
    State(shared): State<Arc<Shared>>,
    request: Request,
    next: Next,
) -> Response {
    let known = shared.token.as_bytes();
    let is_known =
        offered(request.headers()).is_some_and(|token| bool::from(token.as_bytes().ct_eq(known)));
    if !is_known {
        return (StatusCode::UNAUTHORIZED, "no token").into_response();
    }
    next.run(request).await
}

fn is_own_host(headers: &HeaderMap, port: u16) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(host), None) => own_names(port).iter().any(|own| host == own.as_str()),
        _ => false,
    }
}

/// Programs send no origin; browsers do with every command and every WebSocket.
fn is_own_origin(headers: &HeaderMap, port: u16) -> bool {
    let mut origins = headers.get_all(header::ORIGIN).iter();
    let is_own = origins.all(|origin| {
        own_names(port)
            .iter()
            .any(|own| origin == format!("http://{own}").as_str())
    });
    let mut sites = headers.get_all(FETCH_SITE).iter();
    is_own && sites.all(|site| site == "same-origin" || site == "none")
}

fn own_names(port: u16) -> [String; 2] {
    [format!("127.0.0.1:{port}"), format!("localhost:{port}")]
}

fn offered(headers: &HeaderMap) -> Option<&str> {
    if let Some(token) = headers.get(TOKEN) {
        return token.to_str().ok();
    }
    let protocols = headers.get(header::SEC_WEBSOCKET_PROTOCOL)?.to_str().ok()?;
    protocols
        .split(',')
        .find_map(|protocol| protocol.trim().strip_prefix(PROTOCOL_PREFIX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn only_this_computers_names_are_taken() {
        for own in ["127.0.0.1:7000", "localhost:7000"] {
            assert!(is_own_host(&headers(&[("host", own)]), 7000), "{own}");
        }
        for foreign in [
            "127.0.0.1",
            "127.0.0.1:7001",
            "evil.example:7000",
            "localhost.evil:7000",
        ] {
            assert!(
                !is_own_host(&headers(&[("host", foreign)]), 7000),
                "{foreign}"
            );
        }
        assert!(!is_own_host(&HeaderMap::new(), 7000));
    }

    #[test]
    fn pages_of_other_origins_are_refused() {
        let own = [("origin", "http://127.0.0.1:7000")];
        assert!(is_own_origin(&headers(&own), 7000));
        assert!(is_own_origin(&HeaderMap::new(), 7000));
        let foreign: [&[(&'static str, &'static str)]; 5] = [
            &[("origin", "http://evil.example")],
            &[("origin", "null")],
            &[("origin", "https://127.0.0.1:7000")],
            &[("origin", "http://127.0.0.1:7001")],
            &[("sec-fetch-site", "cross-site")],
        ];
        for pairs in foreign {
            assert!(!is_own_origin(&headers(pairs), 7000), "{pairs:?}");
        }
    }

    #[test]
    fn the_token_comes_by_header_or_by_protocol() {
        assert_eq!(offered(&headers(&[("stoa-token", "abc")])), Some("abc"));
        let protocols = [("sec-websocket-protocol", "stoa, token.abc")];
        assert_eq!(offered(&headers(&protocols)), Some("abc"));
        assert_eq!(offered(&HeaderMap::new()), None);
    }
}
