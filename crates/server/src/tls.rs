//! Certificates: an authority made on the first run, a server certificate renewed before its end.

use std::fs;
use std::io::{self, Write};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, SerialNumber, date_time_ymd,
};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use sha2::{Digest, Sha256};
use stoa_domain::Timestamp;
use thiserror::Error;

use crate::Entropy;

const CA_DAYS: u64 = 3650;
/// Browsers and systems refuse more than 398.
const LEAF_DAYS: u64 = 390;
/// A certificate with less than this left is replaced.
const RENEW_DAYS: u64 = 30;

#[derive(Debug, Error)]
pub enum TlsError {
    #[error("{path} cannot be read or written")]
    File { path: PathBuf, source: io::Error },
    #[error("{path} holds no usable certificate or key: {reason}")]
    Pem { path: PathBuf, reason: String },
    #[error("a certificate cannot be made")]
    Make(#[from] rcgen::Error),
    #[error("certificate and key do not work together")]
    Use(#[from] rustls::Error),
}

/// Where the certificates of a self-signed server are, and for whom they are made.
#[derive(Debug, Clone)]
pub(crate) struct OwnAuthority {
    folder: PathBuf,
    names: Vec<String>,
}

/// What a server shows and what a desktop is to trust.
#[derive(Clone)]
pub(crate) struct Shown {
    pub(crate) config: Arc<ServerConfig>,
    pub(crate) ca_pem: String,
    pub(crate) fingerprint: String,
    pub(crate) ca_file: PathBuf,
}

impl OwnAuthority {
    /// `listen` is among the names unless it stands for every address.
    pub(crate) fn new(data: &Path, listen: IpAddr) -> Self {
        let mut names = vec!["localhost".into(), "127.0.0.1".into(), "::1".into()];
        if !listen.is_unspecified() && !listen.is_loopback() {
            names.push(listen.to_string());
        }
        names.extend(host_name());
        Self {
            folder: data.join("tls"),
            names,
        }
    }

    /// The authority's certificate, if one has been made.
    pub(crate) fn ca_file(&self) -> PathBuf {
        self.folder.join("ca.pem")
    }

    /// Opens the authority or makes it, and the server's certificate if there is none that lasts.
    pub(crate) fn open(&self, now: Timestamp, entropy: &Entropy) -> Result<Shown, TlsError> {
        private_folder(&self.folder)?;
        let ca_key = self.key("ca.key")?;
        let params = ca_params(&ca_key, now);
        if !self.ca_file().exists() {
            write_private(
                &self.ca_file(),
                params.self_signed(&ca_key)?.pem().as_bytes(),
            )?;
        }
        if !self.has_lasting_leaf(now) {
            self.make_leaf(&Issuer::from_params(&params, &ca_key), now, entropy)?;
        }
        let ca_pem = read(&self.ca_file())?;
        let config = server_config(
            &self.folder.join("server.pem"),
            &self.folder.join("server.key"),
        )?;
        Ok(Shown {
            config,
            fingerprint: fingerprint(&self.ca_file())?,
            ca_file: self.ca_file(),
            ca_pem,
        })
    }

    fn key(&self, name: &str) -> Result<KeyPair, TlsError> {
        let path = self.folder.join(name);
        if path.exists() {
            return Ok(KeyPair::from_pem(&read(&path)?)?);
        }
        let key = KeyPair::generate()?;
        write_private(&path, key.serialize_pem().as_bytes())?;
        Ok(key)
    }

    /// The end and the names of the certificate are noted beside it.
    fn note(&self, ends_at: Timestamp) -> String {
        format!("{}\n{}\n", ends_at.millis(), self.names.join("\n"))
    }

    fn has_lasting_leaf(&self, now: Timestamp) -> bool {
        let Ok(note) = fs::read_to_string(self.folder.join("server.txt")) else {
            return false;
        };
        let ends_at = note.lines().next().and_then(|line| line.parse().ok());
        let ends_at = Timestamp::from_millis(ends_at.unwrap_or_default());
        let lasts = ends_at.millis_since(now) > days(RENEW_DAYS);
        lasts && note == self.note(ends_at) && self.folder.join("server.pem").exists()
    }

    fn make_leaf(
        &self,
        issuer: &Issuer<'_, &KeyPair>,
        now: Timestamp,
        entropy: &Entropy,
    ) -> Result<(), TlsError> {
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::new(self.names.clone())?;
        params
            .distinguished_name
            .push(DnType::CommonName, "Stoa server");
        params.serial_number = Some(SerialNumber::from_slice(&entropy.bytes::<16>()));
        params.use_authority_key_identifier_extension = true;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.insert_extended_key_usage(ExtendedKeyUsagePurpose::ServerAuth);
        set_lifetime(&mut params, now, LEAF_DAYS);
        let pem = params.signed_by(&key, issuer)?.pem();
        write_private(
            &self.folder.join("server.key"),
            key.serialize_pem().as_bytes(),
        )?;
        write_private(&self.folder.join("server.pem"), pem.as_bytes())?;
        let note = self.note(now.plus_millis(days(LEAF_DAYS)));
        write_private(&self.folder.join("server.txt"), note.as_bytes())
    }
}

/// The same for the same key, apart from the dates, so that it can be built again as issuer.
fn ca_params(key: &KeyPair, now: Timestamp) -> CertificateParams {
    let mut params = CertificateParams::default();
    let id: String = Sha256::digest(key.public_key_raw())[..4]
        .iter()
        .map(|byte| format!("{byte:02X}"))
        .collect();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params
        .distinguished_name
        .push(DnType::CommonName, format!("Stoa server authority {id}"));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    set_lifetime(&mut params, now, CA_DAYS);
    params
}

/// From yesterday, so that clocks may differ a little.
fn set_lifetime(params: &mut CertificateParams, now: Timestamp, days: u64) {
    let today = DateTime::<Utc>::from_timestamp_millis(now.millis())
        .unwrap_or_default()
        .date_naive();
    let first = today.checked_sub_days(Days::new(1)).unwrap_or(today);
    let last = today.checked_add_days(Days::new(days)).unwrap_or(today);
    let moment = |date: NaiveDate| {
        let small = |number: u32| u8::try_from(number).unwrap_or(1);
        date_time_ymd(date.year(), small(date.month()), small(date.day()))
    };
    params.not_before = moment(first);
    params.not_after = moment(last);
}

fn days(days: u64) -> i64 {
    i64::try_from(days).unwrap_or(0) * 86_400_000
}

/// The certificate of a server with files of its own.
pub(crate) fn server_config(cert: &Path, key: &Path) -> Result<Arc<ServerConfig>, TlsError> {
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(cert)
        .and_then(Iterator::collect)
        .map_err(|error| pem_error(cert, &error))?;
    let key = PrivateKeyDer::from_pem_file(key).map_err(|error| pem_error(key, &error))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

fn pem_error(path: &Path, error: &rustls::pki_types::pem::Error) -> TlsError {
    TlsError::Pem {
        path: path.to_owned(),
        reason: error.to_string(),
    }
}

/// SHA-256 of the first certificate in a file: upper-case hex in groups of four.
pub(crate) fn fingerprint(pem: &Path) -> Result<String, TlsError> {
    let cert = CertificateDer::from_pem_file(pem).map_err(|error| pem_error(pem, &error))?;
    let hex: Vec<String> = Sha256::digest(&cert)
        .chunks(2)
        .map(|pair| pair.iter().map(|byte| format!("{byte:02X}")).collect())
        .collect();
    Ok(hex.join(" "))
}

fn host_name() -> Option<String> {
    let name = fs::read_to_string("/proc/sys/kernel/hostname")
        .or_else(|_| std::env::var("COMPUTERNAME"))
        .or_else(|_| std::env::var("HOSTNAME"))
        .ok()?;
    let name = name.trim().to_ascii_lowercase();
    let is_name = !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-.".contains(c));
    (is_name && name != "localhost").then_some(name)
}

fn read(path: &Path) -> Result<String, TlsError> {
    fs::read_to_string(path).map_err(|source| TlsError::File {
        path: path.to_owned(),
        source,
    })
}

/// Makes a folder that only the server's user may look into.
pub(crate) fn private_folder(path: &Path) -> Result<(), TlsError> {
    let make = || {
        fs::create_dir_all(path)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(path, fs::Permissions::from_mode(0o700))?;
        }
        Ok(())
    };
    make().map_err(|source| TlsError::File {
        path: path.to_owned(),
        source,
    })
}

fn write_private(path: &Path, bytes: &[u8]) -> Result<(), TlsError> {
    let write = || {
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        let mut file = options.open(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    write().map_err(|source| TlsError::File {
        path: path.to_owned(),
        source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_800_000_000_000;

    fn authority(folder: &Path) -> OwnAuthority {
        OwnAuthority::new(folder, IpAddr::from([127, 0, 0, 1]))
    }

    fn opened(authority: &OwnAuthority, after_days: u64) -> (String, String) {
        let now = Timestamp::from_millis(NOW).plus_millis(days(after_days));
        let shown = authority.open(now, &Entropy::from_system()).unwrap();
        let leaf = read(&authority.folder.join("server.pem")).unwrap();
        (shown.fingerprint, leaf)
    }

    #[test]
    fn a_certificate_is_renewed_before_its_end_by_the_same_authority() {
        let folder = tempfile::tempdir().unwrap();
        let authority = authority(folder.path());
        let (fingerprint, first) = opened(&authority, 0);
        let early = LEAF_DAYS - RENEW_DAYS - 1;
        assert_eq!(
            opened(&authority, early),
            (fingerprint.clone(), first.clone())
        );
        let (same, renewed) = opened(&authority, early + 1);
        assert_eq!(same, fingerprint, "desktops go on trusting the authority");
        assert_ne!(renewed, first);
    }

    #[test]
    fn a_renewal_that_was_cut_short_is_done_again() {
        let folder = tempfile::tempdir().unwrap();
        let authority = authority(folder.path());
        opened(&authority, 0);
        let late = LEAF_DAYS - 1;
        // The new key was written, its certificate not.
        let key = KeyPair::generate().unwrap().serialize_pem();
        write_private(&authority.folder.join("server.key"), key.as_bytes()).unwrap();
        let (_, renewed) = opened(&authority, late);
        assert_eq!(opened(&authority, late).1, renewed);
    }

    #[test]
    fn another_name_asks_for_another_certificate() {
        let folder = tempfile::tempdir().unwrap();
        let (fingerprint, first) = opened(&authority(folder.path()), 0);
        let elsewhere = OwnAuthority::new(folder.path(), IpAddr::from([10, 0, 0, 7]));
        let (same, second) = opened(&elsewhere, 0);
        assert_eq!(same, fingerprint);
        assert_ne!(second, first);
    }
}
