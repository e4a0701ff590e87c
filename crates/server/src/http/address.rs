//! Where a request comes from.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::extract::{ConnectInfo, Request};

/// The header in which a proxy says whom it speaks for.
const FORWARDED_FOR: &str = "x-forwarded-for";

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
    fn ipv6_counts_by_the_first_half() {
        let network = |text: &str| super::network(text.parse().unwrap()).to_string();
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(network("::ffff:203.0.113.9"), "203.0.113.9");
    }
}
