//! Nothing of the program reaches a peer whose certificate is not trusted.

use stoa_domain::{CommunityId, DeviceId, Timestamp};
use stoa_protocol::account::Secret;
use stoa_store::OsRandom;
use stoa_sync::AccountError;
use stoa_sync::account::{Credentials, Device, ServerChoice, probe, register, sign_in};
use stoa_sync::http::HttpTransport;
use stoa_sync::tls::Trust;
use stoa_sync::transport::{Caller, Transport, TransportError};

use crate::certificates::{
    Authority, Identity, expired, for_clients_only, not_yet_valid, self_signed,
};
use crate::listener::{Listener, ok};

fn caller() -> Caller {
    Caller {
        access: Secret("an access token".to_owned()),
        device: DeviceId::from_bytes([1; 16]),
        community: CommunityId::from_bytes([2; 16]),
    }
}

fn credentials() -> Credentials {
    Credentials {
        email: "lin@example.com".to_owned(),
        password: Secret("a password".to_owned()),
    }
}

fn device() -> Device {
    Device::new("书房的电脑", Timestamp::from_millis(0), &OsRandom)
}

#[track_caller]
fn untrusted<T>(result: Result<T, TransportError>, what: &str) {
    match result {
        Err(TransportError::Untrusted(_)) => {}
        Err(other) => panic!("{what}: {other}"),
        Ok(_) => panic!("{what} was trusted"),
    }
}

#[tokio::test]
async fn a_certificate_that_is_not_right_gets_no_byte() {
    let trusted = Authority::named("Stoa");
    let foreign = Authority::named("Somebody");
    let same_name = Authority::named("Stoa");
    let names = ["localhost", "127.0.0.1"];
    let cases: Vec<(&str, Identity)> = vec![
        ("signed by itself", self_signed()),
        ("of a foreign authority", foreign.good()),
        ("of a new authority of the same name", same_name.good()),
        (
            "for another host",
            trusted.issue(&["elsewhere.example"], |_| {}),
        ),
        ("for another address", trusted.issue(&["127.0.0.2"], |_| {})),
        (
            "for a name when an address was asked for",
            trusted.issue(&["localhost"], |_| {}),
        ),
        ("for nobody", trusted.issue(&[], |_| {})),
        ("expired", trusted.issue(&names, expired)),
        ("not yet valid", trusted.issue(&names, not_yet_valid)),
        ("for clients only", trusted.issue(&names, for_clients_only)),
    ];
    for (what, identity) in cases {
        let listener = Listener::start(identity, vec![]).await;
        let pem = trusted.pem();
        for trust in [Trust::Only(&pem), Trust::System] {
            let Ok(server) = HttpTransport::new(&listener.url(), trust) else {
                continue;
            };
            untrusted(server.hello(&caller()).await, what);
            untrusted(server.live(&caller()).await.map(|_| ()), what);
        }
        assert_eq!(listener.n_bytes(), 0, "a certificate {what}");
    }
}

#[tokio::test]
async fn the_authority_that_was_compared_is_enough() {
    let authority = Authority::named("Stoa");
    let listener = Listener::start(authority.good(), vec![]).await;
    let pem = authority.pem();
    let server = HttpTransport::new(&listener.url(), Trust::Only(&pem)).unwrap();
    let answer = server.hello(&caller()).await;
    assert!(
        matches!(answer, Err(TransportError::Unreadable(_))),
        "{answer:?}"
    );
    assert!(listener.n_bytes() > 0);
}

#[tokio::test]
async fn a_probe_answers_the_fingerprint_and_says_nothing_of_the_user() {
    let authority = Authority::named("Stoa");
    let answers = vec![("/v1/ca.pem", ok(&authority.pem()))];
    let listener = Listener::start(authority.good(), answers).await;
    let server = probe(&format!("127.0.0.1:{}/anything", listener.port))
        .await
        .unwrap();
    assert_eq!(server.url, listener.url());
    assert!(!server.trusted);
    assert_eq!(server.fingerprint, Some(authority.fingerprint()));
    assert_eq!(server.ca_pem, Some(authority.pem()));
}

#[tokio::test]
async fn an_authority_that_does_not_stand_behind_the_certificate_is_not_shown() {
    let named = Authority::named("Stoa");
    let names = ["127.0.0.1"];
    for identity in [
        self_signed(),
        Authority::named("Stoa").good(),
        named.issue(&names, expired),
        named.issue(&["elsewhere.example"], |_| {}),
    ] {
        let answers = vec![("/v1/ca.pem", ok(&named.pem()))];
        let listener = Listener::start(identity, answers).await;
        let error = probe(&listener.url()).await.unwrap_err();
        assert!(matches!(error, AccountError::UntrustedServer(_)), "{error}");
    }
}

/// What a peer saw when somebody signs in there.
async fn told(listener: &Listener, trust: Option<&str>) -> (AccountError, AccountError) {
    let url = listener.url();
    let server = ServerChoice { url: &url, trust };
    let now = Timestamp::from_millis(0);
    let signed_in = sign_in(&server, &credentials(), &device(), now).await;
    let registered = register(&server, &credentials(), "林", &device(), now).await;
    match (signed_in, registered) {
        (Err(one), Err(other)) => (one, other),
        _ => panic!("signed in"),
    }
}

#[tokio::test]
async fn no_credential_goes_to_a_server_nobody_vouches_for() {
    let authority = Authority::named("Stoa");
    let answers = vec![("/v1/ca.pem", ok(&authority.pem()))];
    let listener = Listener::start(authority.good(), answers).await;
    let (one, other) = told(&listener, None).await;
    assert!(matches!(one, AccountError::UntrustedServer(_)), "{one}");
    assert!(matches!(other, AccountError::UntrustedServer(_)), "{other}");
    assert_eq!(listener.n_bytes(), 0);
}

#[tokio::test]
async fn no_credential_goes_to_a_server_that_changed() {
    let compared = Authority::named("Stoa");
    let now = Authority::named("Stoa");
    let answers = vec![("/v1/ca.pem", ok(&now.pem()))];
    let listener = Listener::start(now.good(), answers).await;
    let _ = probe(&listener.url()).await;
    let before = listener.n_bytes();
    let (one, other) = told(&listener, Some(&compared.fingerprint())).await;
    assert!(matches!(one, AccountError::ServerChanged), "{one}");
    assert!(matches!(other, AccountError::ServerChanged), "{other}");
    // Each asked for the authority, and for nothing else: no more than the probe did.
    assert!(listener.n_bytes() - before <= 2 * before);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let authority = Authority::named("Stoa");
    let elsewhere = Listener::start(authority.good(), vec![]).await;
    let moved =
        |to: &str| format!("HTTP/1.1 307 Moved\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n");
    for to in [elsewhere.url(), "http://127.0.0.1:1/".to_owned()] {
        let answers = vec![("/v1/sync/hello", moved(&to))];
        let listener = Listener::start(authority.good(), answers).await;
        let pem = authority.pem();
        let server = HttpTransport::new(&listener.url(), Trust::Only(&pem)).unwrap();
        let answer = server.hello(&caller()).await;
        assert!(
            matches!(answer, Err(TransportError::Unreadable(_))),
            "{answer:?}"
        );
    }
    assert_eq!(elsewhere.n_bytes(), 0);
}

#[tokio::test]
async fn nothing_but_https_is_spoken() {
    for url in [
        "http://127.0.0.1:1",
        "http://localhost:1",
        "ftp://x",
        "nonsense",
    ] {
        let server = HttpTransport::new(url, Trust::System);
        assert!(
            matches!(server.err(), Some(TransportError::Address(_))),
            "{url}"
        );
    }
}

#[tokio::test]
async fn a_peer_that_is_no_stoa_is_told_apart_from_no_peer() {
    let authority = Authority::named("Stoa");
    let listener = Listener::start(authority.good(), vec![]).await;
    let error = probe(&listener.url()).await.unwrap_err();
    assert!(matches!(error, AccountError::UntrustedServer(_)), "{error}");
    let url = listener.url();
    drop(listener);
    tokio::task::yield_now().await;
    let error = probe(&url).await.unwrap_err();
    assert!(matches!(error, AccountError::Offline(_)), "{error}");
    let error = probe("http://example.com").await.unwrap_err();
    assert!(matches!(error, AccountError::NotAServer(_)), "{error}");
}
