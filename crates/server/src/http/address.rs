//! Where a request comes from, and by which address it came.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::extract::{ConnectInfo, Request};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Uri};
use stoa_protocol::error::ApiErrorCode;
use url::Url;

use crate::app::App;
use crate::refusal::Refusal;

/// The header in which a proxy says whom it speaks for.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// The header in which a proxy says how it was spoken to.
const FORWARDED_PROTO: &str = "x-forwarded-proto";

/// The client's address. Only a proxy on this machine is believed about others.
pub(crate) fn of(request: &Request, is_behind_proxy: bool) -> IpAddr {
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(peer)| {
            peer.ip()
        });
    if !is_behind_proxy || !peer.is_loopback() {
        return peer;
    }
    // The last entry is the one the proxy itself has seen.
    request
        .headers()
        .get_all(FORWARDED_FOR)
        .iter()
        .next_back()
        .and_then(|value| value.to_str().ok())
        .and_then(|list| list.rsplit(',').next())
        .and_then(|last| last.trim().parse().ok())
        .unwrap_or(peer)
}

/// This server's own address: the one it was told, or the one by which this request came.
pub(crate) fn origin(app: &App, uri: &Uri, headers: &HeaderMap) -> Result<String, Refusal> {
    if let Some(told) = &app.public_url {
        return Ok(told.clone());
    }
    let text_of = |name: &str| headers.get(name)?.to_str().ok();
    let host = uri.authority().map(Authority::as_str);
    let host = host.or_else(|| text_of("host")).unwrap_or_default();
    let is_http = app.is_behind_proxy && text_of(FORWARDED_PROTO) == Some("http");
    let scheme = if is_http { "http" } else { "https" };
    origin_of(&format!("{scheme}://{host}"))
        .ok_or_else(|| Refusal::new(ApiErrorCode::Malformed, "the request names no host"))
}

/// An address without anything behind the host and its port; `None` for anything else.
pub(crate) fn origin_of(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let is_web = matches!(url.scheme(), "http" | "https");
    let is_bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    let is_nobodys = url.username().is_empty() && url.password().is_none();
    (is_web && is_bare && is_nobodys).then(|| url.origin().ascii_serialization())
}

/// The part of an address that stands for one customer: IPv4 whole, IPv6 by /64.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn request(peer: &str, forwarded: &[&str]) -> Request {
        let mut builder = Request::builder();
        for value in forwarded {
            builder = builder.header(FORWARDED_FOR, *value);
        }
        let mut request = builder.body(Body::empty()).unwrap();
        let peer: SocketAddr = peer.parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(peer));
        request
    }

    #[test]
    fn only_a_proxy_on_this_machine_is_believed() {
        let cases = [
            ("203.0.113.9:1", &["198.51.100.1"][..], true, "203.0.113.9"),
            ("127.0.0.1:1", &["198.51.100.1"][..], false, "127.0.0.1"),
            (
                "127.0.0.1:1",
                &["10.0.0.1, 198.51.100.1"][..],
                true,
                "198.51.100.1",
            ),
            (
                "127.0.0.1:1",
                &["198.51.100.2", "198.51.100.1"][..],
                true,
                "198.51.100.1",
            ),
            ("127.0.0.1:1", &["nonsense"][..], true, "127.0.0.1"),
        ];
        for (peer, forwarded, is_behind_proxy, expected) in cases {
            let address = of(&request(peer, forwarded), is_behind_proxy);
            assert_eq!(address.to_string(), expected, "{peer} {forwarded:?}");
        }
    }

    #[test]
    fn an_origin_is_a_host_and_nothing_else() {
        for (address, origin) in [
            ("https://Stoa.Example", Some("https://stoa.example")),
            ("https://stoa.example:443/", Some("https://stoa.example")),
            ("http://127.0.0.1:8443", Some("http://127.0.0.1:8443")),
            ("https://", None),
            ("https://a@stoa.example", None),
            ("https://stoa.example/x", None),
            ("https://stoa.example?x", None),
            ("javascript:alert(1)", None),
            ("https://a b", None),
        ] {
            assert_eq!(origin_of(address).as_deref(), origin, "{address}");
        }
    }

    #[test]
    fn ipv6_counts_by_the_first_half() {
        let network = |text: &str| super::network(text.parse().unwrap()).to_string();
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(network("::ffff:203.0.113.9"), "203.0.113.9");
    }
}
