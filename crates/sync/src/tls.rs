//! Whom a connection trusts: the system, one private authority, or, to look at a server that
//! nobody trusts yet, nobody.

use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use rustls_platform_verifier::Verifier;
use sha2::{Digest, Sha256};
use thiserror::Error as ThisError;

/// A certificate or its authority cannot be used.
#[derive(Debug, Clone, ThisError)]
pub enum TrustError {
    #[error("the text holds no certificate")]
    NoCertificate,
    #[error("the certificate cannot be used: {0}")]
    Unusable(String),
    #[error("the system's certificates cannot be read: {0}")]
    System(String),
}

/// Whom to trust.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust<'a> {
    /// What the operating system trusts.
    System,
    /// Only this authority, as PEM: pinned for one server.
    Only(&'a str),
}

/// The TLS settings for a trust: version 1.2 or newer.
pub fn client_config(trust: Trust<'_>) -> Result<ClientConfig, TrustError> {
    match trust {
        Trust::System => {
            let verifier =
                Verifier::new(provider()).map_err(|e| TrustError::System(e.to_string()))?;
            with_verifier(Arc::new(verifier))
        }
        Trust::Only(ca_pem) => with_verifier(verifier_for(&authority(ca_pem)?)?),
    }
}

/// The first certificate of a PEM text.
pub fn authority(pem: &str) -> Result<CertificateDer<'static>, TrustError> {
    CertificateDer::from_pem_slice(pem.as_bytes()).map_err(|_| TrustError::NoCertificate)
}

/// SHA-256 of a certificate: 64 upper-case hex digits in groups of four.
pub fn fingerprint(certificate: &CertificateDer<'_>) -> String {
    let digest = Sha256::digest(certificate.as_ref());
    let groups: Vec<String> = digest
        .chunks(2)
        .map(|pair| pair.iter().map(|byte| format!("{byte:02X}")).collect())
        .collect();
    groups.join(" ")
}

/// Whether two fingerprints are the same, however they are grouped or written.
pub fn same_fingerprint(one: &str, other: &str) -> bool {
    let digits = |text: &str| -> String {
        text.chars()
            .filter(char::is_ascii_hexdigit)
            .map(|c| c.to_ascii_uppercase())
            .collect()
    };
    digits(one).len() == 64 && digits(one) == digits(other)
}

/// A verifier that lets any certificate pass and remembers it. Over such a connection nothing of
/// the user may travel: it only serves to learn which authority stands behind a server.
#[derive(Debug)]
pub struct Recorder {
    seen: Mutex<Option<Seen>>,
}

/// The certificates a server showed.
#[derive(Debug, Clone)]
pub struct Seen {
    leaf: CertificateDer<'static>,
    intermediates: Vec<CertificateDer<'static>>,
    name: ServerName<'static>,
    at: UnixTime,
}

impl Recorder {
    /// TLS settings that record, and where the record is.
    pub fn config() -> Result<(ClientConfig, Arc<Recorder>), TrustError> {
        let recorder = Arc::new(Recorder {
            seen: Mutex::new(None),
        });
        Ok((with_verifier(recorder.clone())?, recorder))
    }

    /// What the server showed.
    pub fn seen(&self) -> Option<Seen> {
        self.seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Seen {
    /// Checks that the server's certificate is valid now, for its name, under this authority.
    pub fn check_under(&self, authority: &CertificateDer<'_>) -> Result<(), TrustError> {
        verifier_for(authority)?
            .verify_server_cert(&self.leaf, &self.intermediates, &self.name, &[], self.at)
            .map(|_| ())
            .map_err(|e| TrustError::Unusable(e.to_string()))
    }
}

impl ServerCertVerifier for Recorder {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        _ocsp: &[u8],
        at: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let seen = Seen {
            leaf: leaf.clone().into_owned(),
            intermediates: intermediates
                .iter()
                .map(|c| c.clone().into_owned())
                .collect(),
            name: name.to_owned(),
            at,
        };
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(seen);
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let provider = provider();
        verify_tls12_signature(
            message,
            cert,
            signed,
            &provider.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let provider = provider();
        verify_tls13_signature(
            message,
            cert,
            signed,
            &provider.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        provider()
            .signature_verification_algorithms
            .supported_schemes()
    }
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

fn verifier_for(authority: &CertificateDer<'_>) -> Result<Arc<WebPkiServerVerifier>, TrustError> {
    let unusable = |e: String| TrustError::Unusable(e);
    let mut roots = RootCertStore::empty();
    roots
        .add(authority.clone().into_owned())
        .map_err(|e| unusable(e.to_string()))?;
    WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider())
        .build()
        .map_err(|e| unusable(e.to_string()))
}

fn with_verifier(verifier: Arc<dyn ServerCertVerifier>) -> Result<ClientConfig, TrustError> {
    let config = ClientConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
        .map_err(|e| TrustError::Unusable(e.to_string()))?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_sixteen_groups_of_four() {
        let print = fingerprint(&CertificateDer::from(vec![1, 2, 3]));
        let groups: Vec<&str> = print.split(' ').collect();
        assert_eq!(groups.len(), 16);
        assert!(groups.iter().all(|group| group.len() == 4));
        assert!(same_fingerprint(
            &print,
            &print.replace(' ', "").to_lowercase()
        ));
        assert!(!same_fingerprint(&print, &print[5..]));
        assert!(!same_fingerprint("", ""));
    }
}
