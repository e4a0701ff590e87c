//! Where `--media` says that the contents of attachments are kept.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;

use rusty_s3::Credentials;
use thiserror::Error;
use url::{Host, Url};

/// A bucket of an S3 service: `s3://bucket/prefix?endpoint=…&region=…`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    pub(crate) bucket: String,
    /// Before every key; empty, or with a slash at its end.
    pub(crate) prefix: String,
    pub(crate) endpoint: Url,
    pub(crate) region: String,
    /// The bucket stands in the host's name and not in the path.
    pub(crate) is_virtual_host: bool,
    /// The authority behind the endpoint's certificate, when it is none of the public ones.
    pub(crate) ca: Option<PathBuf>,
}

/// What opens a bucket. Never shown.
#[derive(Clone)]
pub struct MediaKeys(pub(super) Credentials);

impl MediaKeys {
    /// From `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and, where there is one,
    /// `AWS_SESSION_TOKEN`; absent when one of the first two is.
    pub fn from_env() -> Option<Self> {
        Credentials::from_env().map(Self)
    }

    /// A key and its secret.
    pub fn new(key: &str, secret: &str) -> Self {
        Self(Credentials::new(key, secret))
    }
}

/// What is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MediaError {
    #[error("`{0}` is not the address of a bucket, which looks like s3://bucket/prefix?region=…")]
    NoBucket(String),
    #[error("the bucket's settings have no `{0}`; there are endpoint, region, style and ca")]
    UnknownSetting(String),
    #[error("`{0}` is not an address that starts with https://")]
    NoEndpoint(String),
    #[error("the endpoint {0} is not encrypted; http:// is taken only on this machine")]
    Unencrypted(String),
    #[error("without an endpoint the region has to be named: region=…")]
    NoRegion,
    #[error("`{0}` is no style; there are `path` and `virtual`")]
    UnknownStyle(String),
    #[error("the bucket's name cannot stand before {0}; style=path puts it behind")]
    NotBefore(String),
    #[error("keys belong into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, not into an address")]
    KeysInAddress,
}

impl Media {
    /// Reads the address of a bucket.
    ///
    /// # Errors
    /// [`MediaError`] says in a sentence what is wrong.
    pub fn parse(text: &str) -> Result<Self, MediaError> {
        let no_bucket = || MediaError::NoBucket(text.to_owned());
        let url = Url::parse(text).map_err(|_| no_bucket())?;
        refuse_keys(&url)?;
        let is_s3 = url.scheme() == "s3" && url.port().is_none() && url.fragment().is_none();
        let bucket = url.host_str().filter(|name| is_s3 && is_bucket(name));
        let bucket = bucket.ok_or_else(no_bucket)?;
        let prefix = prefix(url.path()).ok_or_else(no_bucket)?;
        let settings = Settings::read(&url)?;
        let endpoint = settings.endpoint()?;
        let is_virtual_host = settings.is_virtual_host(bucket);
        if is_virtual_host && endpoint.domain().is_none() {
            return Err(MediaError::NotBefore(endpoint.to_string()));
        }
        Ok(Self {
            bucket: bucket.to_owned(),
            prefix,
            endpoint,
            region: settings.region.unwrap_or_else(|| "us-east-1".to_owned()),
            is_virtual_host,
            ca: settings.ca,
        })
    }
}

impl fmt::Display for Media {
    /// Without anything that is secret: there is nothing of that kind in it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "s3://{}/{} at {}",
            self.bucket, self.prefix, self.endpoint
        )
    }
}

#[derive(Default)]
struct Settings {
    endpoint: Option<String>,
    region: Option<String>,
    style: Option<Style>,
    ca: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq)]
enum Style {
    Path,
    Virtual,
}

impl Settings {
    fn read(url: &Url) -> Result<Self, MediaError> {
        let mut settings = Self::default();
        for (name, value) in url.query_pairs() {
            let value = value.into_owned();
            match &*name {
                "endpoint" => settings.endpoint = Some(value),
                "region" => settings.region = Some(value),
                "style" => {
                    settings.style = Some(match &*value {
                        "path" => Style::Path,
                        "virtual" => Style::Virtual,
                        _ => return Err(MediaError::UnknownStyle(value)),
                    });
                }
                "ca" => settings.ca = Some(value.into()),
                _ => return Err(MediaError::UnknownSetting(name.into_owned())),
            }
        }
        Ok(settings)
    }

    /// AWS wants the bucket in the host's name, where its certificate allows no further dot; most
    /// others want it in the path.
    fn is_virtual_host(&self, bucket: &str) -> bool {
        match self.style {
            Some(style) => style == Style::Virtual,
            None => self.endpoint.is_none() && !bucket.contains('.'),
        }
    }

    fn endpoint(&self) -> Result<Url, MediaError> {
        let text = match (&self.endpoint, &self.region) {
            (Some(endpoint), _) => endpoint.clone(),
            (None, Some(region)) => format!("https://s3.{region}.amazonaws.com"),
            (None, None) => return Err(MediaError::NoRegion),
        };
        let url = Url::parse(&text).ok().filter(Url::has_host);
        let url = url.ok_or_else(|| MediaError::NoEndpoint(text.clone()))?;
        refuse_keys(&url)?;
        match url.scheme() {
            "https" => Ok(url),
            "http" if is_this_machine(&url) => Ok(url),
            "http" => Err(MediaError::Unencrypted(text)),
            _ => Err(MediaError::NoEndpoint(text)),
        }
    }
}

fn refuse_keys(url: &Url) -> Result<(), MediaError> {
    if url.username().is_empty() && url.password().is_none() {
        Ok(())
    } else {
        Err(MediaError::KeysInAddress)
    }
}

/// A path without its slashes at both ends; nothing in it needs to be written otherwise in a URL.
fn prefix(path: &str) -> Option<String> {
    let path = path.trim_matches('/');
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
    match path {
        "" => Some(String::new()),
        path => path.chars().all(is_plain).then(|| format!("{path}/")),
    }
}

fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => IpAddr::V4(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::V6(address).is_loopback(),
        None => false,
    }
}

/// What S3 takes for the name of a bucket.
fn is_bucket(name: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c);
    let ends_plain = |c: char| c.is_ascii_alphanumeric();
    (3..=63).contains(&name.len())
        && name.chars().all(is_plain)
        && name.starts_with(ends_plain)
        && name.ends_with(ends_plain)
        && !name.contains("..")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_is_named_with_all_that_is_needed() {
        let aws = Media::parse("s3://stoa-media?region=eu-central-1").unwrap();
        assert_eq!(
            aws.endpoint.as_str(),
            "https://s3.eu-central-1.amazonaws.com/"
        );
        assert!(aws.is_virtual_host && aws.prefix.is_empty());
        let own = "s3://media/community/a/?endpoint=https://minio.example:9000&ca=/etc/ca.pem";
        let own = Media::parse(own).unwrap();
        assert_eq!((&*own.prefix, &*own.region), ("community/a/", "us-east-1"));
        assert!(!own.is_virtual_host && own.ca == Some("/etc/ca.pem".into()));
        let here = Media::parse("s3://media?endpoint=http://localhost:9000&style=virtual");
        assert!(here.unwrap().is_virtual_host);
        let dotted = Media::parse("s3://media.example?region=eu-central-1").unwrap();
        assert!(!dotted.is_virtual_host);
    }

    #[test]
    fn what_is_wrong_is_said() {
        use MediaError as E;
        let text = str::to_owned;
        let cases = [
            ("media", E::NoBucket(text("media"))),
            ("https://media", E::NoBucket(text("https://media"))),
            ("s3://Me?region=x", E::NoBucket(text("s3://Me?region=x"))),
            ("s3://media", E::NoRegion),
            ("s3://media?regoin=x", E::UnknownSetting(text("regoin"))),
            (
                "s3://media?region=x&style=host",
                E::UnknownStyle(text("host")),
            ),
            ("s3://media?endpoint=minio", E::NoEndpoint(text("minio"))),
            (
                "s3://media?endpoint=http://10.0.0.1",
                E::Unencrypted(text("http://10.0.0.1")),
            ),
            (
                "s3://media?endpoint=https://10.0.0.1&style=virtual",
                E::NotBefore(text("https://10.0.0.1/")),
            ),
            ("s3://key:secret@media?region=x", E::KeysInAddress),
            (
                "s3://media?endpoint=https://key:secret@minio",
                E::KeysInAddress,
            ),
            (
                "s3://media?secret=geheim",
                E::UnknownSetting(text("secret")),
            ),
            (
                "s3://media:9000?region=x",
                E::NoBucket(text("s3://media:9000?region=x")),
            ),
            (
                "s3://media/%41?region=x",
                E::NoBucket(text("s3://media/%41?region=x")),
            ),
            (
                "s3://-media?region=x",
                E::NoBucket(text("s3://-media?region=x")),
            ),
        ];
        for (address, expected) in cases {
            assert_eq!(Media::parse(address).unwrap_err(), expected, "{address}");
        }
    }
}
