//! How a connection to PostgreSQL is protected: whatever leaves this machine travels by TLS, and the
//! other side has to show a certificate of a known authority.

use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::DbError;

/// Where a PostgreSQL is, and how to speak to it.
#[derive(Clone)]
pub(super) struct Secured {
    pub(super) config: Config,
    pub(super) tls: MakeRustlsConnect,
}

impl Secured {
    /// Reads `postgres://…`. An authority that is given takes the place of the public ones.
    ///
    /// # Errors
    /// [`DbError::Address`] and [`DbError::Authority`].
    pub(super) fn read(url: &str, ca: Option<&Path>) -> Result<Self, DbError> {
        let mut config: Config = url
            .parse()
            .map_err(|error: tokio_postgres::Error| DbError::Address(error.to_string()))?;
        config.ssl_mode(mode(&config));
        let roots = match ca {
            Some(path) => private_authority(path)?,
            None => RootCertStore {
                roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
            },
        };
        Ok(Self {
            config,
            tls: tls(roots)?,
        })
    }
}

/// `prefer` stands for an address that says nothing. Over a network it would let anybody on the way
/// talk both sides out of TLS; on this machine it would fail at a certificate that nobody needs.
fn mode(config: &Config) -> SslMode {
    match config.get_ssl_mode() {
        SslMode::Prefer if config.get_hosts().iter().all(is_here) => SslMode::Disable,
        SslMode::Prefer => SslMode::Require,
        said => said,
    }
}

fn is_here(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

fn private_authority(path: &Path) -> Result<RootCertStore, DbError> {
    let unfit = |reason: String| DbError::Authority {
        path: path.to_owned(),
        reason,
    };
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
        return Err(unfit("there is none in it".into()));
    }
    Ok(roots)
}

fn tls(roots: RootCertStore) -> Result<MakeRustlsConnect, DbError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| DbError::Connect(Box::new(error)))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leaves_this_machine_is_never_sent_in_the_clear_unasked() {
        let cases = [
            ("postgres://stoa@db.example/stoa", SslMode::Require),
            ("postgres://stoa@10.0.0.7/stoa", SslMode::Require),
            (
                "postgres://stoa@localhost,db.example/stoa",
                SslMode::Require,
            ),
            (
                "postgres://stoa@db.example/stoa?sslmode=disable",
                SslMode::Disable,
            ),
            ("postgres://stoa@localhost/stoa", SslMode::Disable),
            ("postgres://stoa@[::1]/stoa", SslMode::Disable),
            ("postgres://stoa@%2Frun%2Fpostgresql/stoa", SslMode::Disable),
            (
                "postgres://stoa@127.0.0.1/stoa?sslmode=require",
                SslMode::Require,
            ),
        ];
        for (url, expected) in cases {
            let secured = Secured::read(url, None).unwrap();
            assert_eq!(secured.config.get_ssl_mode(), expected, "{url}");
        }
    }

    #[test]
    fn a_file_without_a_certificate_is_no_authority() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ca.pem");
        std::fs::write(&file, "not a certificate").unwrap();
        for path in [file.as_path(), Path::new("absent.pem")] {
            let refused = Secured::read("postgres://stoa@db.example/stoa", Some(path));
            assert!(
                matches!(refused, Err(DbError::Authority { .. })),
                "{path:?}"
            );
        }
    }
}
