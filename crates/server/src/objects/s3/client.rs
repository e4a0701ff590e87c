//! The HTTP client that asks a bucket.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Client;
use reqwest::redirect::Policy;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use url::{Host, Url};

use super::BucketError;

const CONNECT: Duration = Duration::from_secs(10);

/// A client for a bucket's address that trusts the public authorities, or only the one in `ca`.
pub(super) fn client(bucket: &Url, ca: Option<&Path>) -> Result<Client, BucketError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| BucketError::Authority(error.to_string()))?
        .with_root_certificates(roots(ca)?)
        .with_no_client_auth();
    let mut client = Client::builder()
        .tls_backend_preconfigured(tls)
        .http1_only()
        .no_proxy()
        .redirect(Policy::none())
        .connect_timeout(CONNECT);
    if let (Some(Host::Domain(name)), "http") = (bucket.host(), bucket.scheme()) {
        // Plain HTTP stays on this machine whatever a name server says; port 0 is the address's own.
        let here = [
            SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            SocketAddr::from((Ipv6Addr::LOCALHOST, 0)),
        ];
        client = client.resolve_to_addrs(name, &here);
    }
    client
        .build()
        .map_err(|error| BucketError::Address(error.without_url().to_string()))
}

fn roots(ca: Option<&Path>) -> Result<RootCertStore, BucketError> {
    let Some(path) = ca else {
        return Ok(RootCertStore {
            roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
        });
    };
    let unfit = |reason: String| BucketError::Authority(format!("{}: {reason}", path.display()));
    let mut roots = RootCertStore::empty();
    for certificate in
        CertificateDer::pem_file_iter(path).map_err(|error| unfit(error.to_string()))?
    {
        let certificate = certificate.map_err(|error| unfit(error.to_string()))?;
        roots
            .add(certificate)
            .map_err(|error| unfit(error.to_string()))?;
    }
    if roots.is_empty() {
        return Err(unfit("no certificate is in it".to_owned()));
    }
    Ok(roots)
}
