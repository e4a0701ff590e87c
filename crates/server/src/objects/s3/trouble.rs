//! What goes wrong between the server and a bucket, told without the address, in which a signature
//! stands.

use std::error::Error;

use futures_util::StreamExt;
use reqwest::StatusCode;
use thiserror::Error;

use super::answer::Pieces;
use crate::objects::ObjectError;

/// So much of a refusal is read.
const MAX_REFUSAL: usize = 64 * 1024;
/// Refusals of a moment, and those of bytes that were damaged on their way.
const PASSING: &[&str] = &["RequestTimeout", "SlowDown", "BadDigest"];
const FULL: &[&str] = &["XMinioStorageFull", "QuotaExceeded"];
/// What the refusals of a bucket that was set up wrongly mean.
const MEANINGS: &[(&str, &str)] = &[
    (
        "AccessDenied",
        "its keys may not read, write and delete objects there",
    ),
    (
        "InvalidAccessKeyId",
        "it does not know the key in AWS_ACCESS_KEY_ID",
    ),
    (
        "SignatureDoesNotMatch",
        "the secret in AWS_SECRET_ACCESS_KEY is not the one of the key",
    ),
    ("NoSuchBucket", "there is no bucket of this name"),
    ("PermanentRedirect", "it is in another region"),
    (
        "AuthorizationQueryParametersError",
        "it is in another region",
    ),
    ("RequestTimeTooSkewed", "the clock of this machine is wrong"),
    ("RequestExpired", "the clock of this machine is wrong"),
];

/// Why a bucket did not do what it was asked.
#[derive(Debug, Error)]
pub(crate) enum Trouble {
    /// The service said no. Its code is empty when it gave none.
    #[error("{} {code}", .status.as_u16())]
    Refused { status: StatusCode, code: String },
    #[error("it cannot be reached: {0}")]
    Unreached(String),
    #[error("it says nothing")]
    Silent,
    #[error("its keys may not list it, so that a missing object looks like a forbidden one")]
    Unlisted,
    /// Its answer is none, or it could not be asked.
    #[error("{0}")]
    Other(String),
}

impl Trouble {
    /// Reads what a service says to a request that it does not do.
    pub(super) async fn refused(status: StatusCode, mut body: Pieces) -> Self {
        let mut text = Vec::new();
        // What cannot be read of a refusal says no more than its status.
        while let Some(Ok(piece)) = body.next().await {
            text.extend(piece);
            if text.len() > MAX_REFUSAL {
                break;
            }
        }
        let text = String::from_utf8_lossy(&text);
        let code = text
            .split_once("<Code>")
            .and_then(|(_, rest)| rest.split_once("</Code>"))
            .map_or("", |(code, _)| code);
        Self::Refused {
            status,
            code: code
                .chars()
                .filter(char::is_ascii_alphanumeric)
                .take(60)
                .collect(),
        }
    }

    /// Asked again, it may be done.
    pub(super) fn passes(&self) -> bool {
        match self {
            Self::Refused { status, code } => {
                let is_the_services = status.is_server_error()
                    && *status != StatusCode::INSUFFICIENT_STORAGE
                    && *status != StatusCode::NOT_IMPLEMENTED;
                is_the_services
                    || *status == StatusCode::TOO_MANY_REQUESTS
                    || PASSING.contains(&code.as_str())
            }
            Self::Unreached(_) | Self::Silent => true,
            Self::Unlisted | Self::Other(_) => false,
        }
    }

    /// A bucket that is not there, or that says nothing about itself, says nothing about an object.
    pub(super) fn is_a_missing_object(&self) -> bool {
        matches!(self, Self::Refused { code, .. } if code == "NoSuchKey")
    }

    /// There is an object without a single byte.
    pub(super) fn is_an_empty_object(&self) -> bool {
        matches!(self, Self::Refused { code, .. } if code == "InvalidRange")
    }

    /// Keys that may not list a bucket are not told that an object is missing.
    pub(super) fn of_a_missing_object(self) -> Self {
        match self {
            Self::Refused { code, .. } if code == "AccessDenied" => Self::Unlisted,
            other => other,
        }
    }

    fn is_full(&self) -> bool {
        match self {
            Self::Refused { status, code } => {
                *status == StatusCode::INSUFFICIENT_STORAGE || FULL.contains(&code.as_str())
            }
            _ => false,
        }
    }

    /// What it means for whoever set the bucket up.
    pub(crate) fn meaning(&self) -> String {
        let known = MEANINGS
            .iter()
            .find(|(known, _)| matches!(self, Self::Refused { code, .. } if code == known));
        known.map_or_else(|| self.to_string(), |(_, means)| (*means).to_owned())
    }
}

impl From<reqwest::Error> for Trouble {
    fn from(error: reqwest::Error) -> Self {
        let error = error.without_url();
        let mut why = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            why = format!("{why}: {error}");
            cause = error.source();
        }
        Self::Unreached(why)
    }
}

impl From<ObjectError> for Trouble {
    fn from(error: ObjectError) -> Self {
        Self::Other(error.to_string())
    }
}

impl From<Trouble> for ObjectError {
    fn from(trouble: Trouble) -> Self {
        if trouble.is_a_missing_object() {
            Self::NotFound
        } else if trouble.is_full() {
            Self::NoRoom
        } else {
            Self::Failed(trouble.to_string())
        }
    }
}
