//! Objects in a bucket of an S3 service, by presigned requests.

mod answer;
mod client;
mod trouble;

use std::fs::File;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures_util::stream::{self, StreamExt, TryStreamExt};
use md5::{Digest, Md5};
use reqwest::header::{CONTENT_LENGTH, RANGE};
use reqwest::{Body, Client, RequestBuilder, Response};
use rusty_s3::{Bucket, Credentials, S3Action, UrlStyle};
use thiserror::Error;

use super::folder::{file_pieces, read_piece};
use super::media::{Media, MediaKeys};
use super::{Contents, Object, ObjectError, Spooled, blocking};
use crate::config::Clock;
use crate::tables::blob::Place;
use answer::{Given, pieces, whole};
pub(crate) use trouble::Trouble;

/// How long a signature holds; a request begins at once.
const SIGNED_FOR: Duration = Duration::from_secs(300);
const PATIENCE: Patience = Patience {
    silence: Duration::from_secs(30),
    // All tries together end before the request that brought the part does.
    upload: Duration::from_secs(150),
};
/// So often is asked what the service could not answer.
const TRIES: u32 = 3;
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const DELETES_AT_ONCE: usize = 8;
const CONTENT_MD5: &str = "content-md5";

/// Why a bucket cannot be used at all.
#[derive(Debug, Error)]
pub enum BucketError {
    #[error("its address cannot be used: {0}")]
    Address(String),
    #[error(
        "its keys are missing: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or media_key and media_secret in the settings file"
    )]
    NoKeys,
    #[error("the certificate of its authority cannot be read: {0}")]
    Authority(String),
}

/// A bucket of objects.
#[derive(Clone)]
pub(crate) struct S3(Arc<Inner>);

struct Inner {
    bucket: Bucket,
    prefix: String,
    credentials: Credentials,
    client: Client,
    clock: Clock,
    patience: Patience,
}

/// How long a service is waited for.
#[derive(Debug, Clone, Copy)]
struct Patience {
    /// Until it says something.
    silence: Duration,
    /// Until it has taken a whole part.
    upload: Duration,
}

/// What is asked of an object.
enum Ask<'a> {
    Put { bytes: &'a Spooled, md5: String },
    Get(Range<u64>),
    Delete,
}

impl S3 {
    /// A bucket with its keys. Nothing is asked of it yet.
    pub(crate) fn open(
        media: &Media,
        keys: Option<&MediaKeys>,
        clock: Clock,
    ) -> Result<Self, BucketError> {
        let style = if media.is_virtual_host {
            UrlStyle::VirtualHost
        } else {
            UrlStyle::Path
        };
        let bucket = Bucket::new(
            media.endpoint.clone(),
            style,
            media.bucket.clone(),
            media.region.clone(),
        )
        .map_err(|error| BucketError::Address(error.to_string()))?;
        Ok(Self(Arc::new(Inner {
            client: client::client(bucket.base_url(), media.ca.as_deref())?,
            bucket,
            prefix: media.prefix.clone(),
            credentials: keys.ok_or(BucketError::NoKeys)?.0.clone(),
            clock,
            patience: PATIENCE,
        })))
    }

    #[cfg(test)]
    pub(super) fn with_patience(mut self, patience: Duration) -> Self {
        let inner = Arc::get_mut(&mut self.0).expect("nobody else has it yet");
        inner.patience = Patience {
            silence: patience,
            upload: patience,
        };
        self
    }

    fn key(&self, object: Object) -> String {
        let Place { community, id } = object.place;
        let place: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{}{community}/{place}/{}", self.0.prefix, object.n)
    }

    pub(super) async fn put(&self, object: Object, bytes: Spooled) -> Result<(), ObjectError> {
        Ok(self.put_at(&self.key(object), &bytes).await?)
    }

    async fn put_at(&self, key: &str, bytes: &Spooled) -> Result<(), Trouble> {
        let md5 = md5(bytes).await?;
        self.ask(key, &Ask::Put { bytes, md5 }).await?;
        Ok(())
    }

    pub(super) async fn read(
        &self,
        object: Object,
        range: Range<u64>,
    ) -> Result<Contents, ObjectError> {
        Ok(self.read_at(&self.key(object), range).await?)
    }

    async fn read_at(&self, key: &str, range: Range<u64>) -> Result<Contents, Trouble> {
        let response = self.ask(key, &Ask::Get(range.clone())).await?;
        let given = Given::read(&response)?.range;
        if given != range {
            let why = format!("it gives bytes {given:?} where {range:?} were asked for");
            return Err(Trouble::Other(why));
        }
        let pieces = pieces(response, self.0.patience.silence);
        Ok(whole(pieces, range.end - range.start))
    }

    /// Whether an object is there, whole. By its first byte: an answer without a body could not tell
    /// an object that is missing from a bucket that is.
    pub(super) async fn has(&self, object: Object, size: u64) -> Result<bool, ObjectError> {
        let response = match self.ask(&self.key(object), &Ask::Get(0..1)).await {
            Err(trouble) if trouble.is_a_missing_object() || trouble.is_an_empty_object() => {
                return Ok(false);
            }
            other => other?,
        };
        Ok(Given::read(&response)?.total == size)
    }

    pub(super) async fn delete(&self, place: Place, n_parts: u32) -> Result<(), ObjectError> {
        let delete = |n: u32| {
            let (store, key) = (self.clone(), self.key(Object { place, n }));
            async move { Ok(store.delete_at(&key).await?) }
        };
        let deletes: Vec<_> = (0..n_parts).map(delete).collect();
        stream::iter(deletes)
            .buffer_unordered(DELETES_AT_ONCE)
            .try_collect()
            .await
    }

    async fn delete_at(&self, key: &str) -> Result<(), Trouble> {
        match self.ask(key, &Ask::Delete).await {
            Err(trouble) if !trouble.is_a_missing_object() => Err(trouble),
            _ => Ok(()),
        }
    }

    /// Asks, and asks again what a moment later may be answered.
    async fn ask(&self, key: &str, what: &Ask<'_>) -> Result<Response, Trouble> {
        let mut pause = FIRST_PAUSE;
        for _ in 1..TRIES {
            match self.ask_once(key, what).await {
                Err(trouble) if trouble.passes() => {
                    tracing::warn!(%trouble, "the object store is asked again");
                }
                answer => return answer,
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
        self.ask_once(key, what).await
    }

    async fn ask_once(&self, key: &str, what: &Ask<'_>) -> Result<Response, Trouble> {
        let Patience { silence, upload } = self.0.patience;
        let patience = match what {
            Ask::Put { .. } => upload,
            Ask::Get(_) | Ask::Delete => silence,
        };
        let request = self.request(key, what).await?;
        let sent = tokio::time::timeout(patience, request.send()).await;
        let response = sent.map_err(|_| Trouble::Silent)?.map_err(Trouble::from)?;
        if response.status().is_success() {
            return Ok(response);
        }
        let refused = Trouble::refused(response.status(), pieces(response, silence));
        let refused = tokio::time::timeout(silence, refused).await;
        Err(refused.unwrap_or(Trouble::Silent))
    }

    async fn request(&self, key: &str, what: &Ask<'_>) -> Result<RequestBuilder, Trouble> {
        let Inner {
            bucket,
            credentials,
            client,
            clock,
            ..
        } = &*self.0;
        let now = jiff::Timestamp::from_millisecond(clock().millis())
            .map_err(|error| Trouble::Other(error.to_string()))?;
        let keys = Some(credentials);
        Ok(match what {
            Ask::Put { bytes, md5 } => {
                let mut put = bucket.put_object(keys, key);
                put.headers_mut().insert(CONTENT_MD5, md5.as_str());
                client
                    .put(put.sign_with_time(SIGNED_FOR, &now))
                    .header(CONTENT_MD5, md5)
                    .header(CONTENT_LENGTH, bytes.n_bytes)
                    .body(body(bytes).await?)
            }
            Ask::Get(range) => {
                let get = bucket.get_object(keys, key);
                let shown = format!("bytes={}-{}", range.start, range.end.saturating_sub(1));
                client
                    .get(get.sign_with_time(SIGNED_FOR, &now))
                    .header(RANGE, shown)
            }
            Ask::Delete => {
                let delete = bucket.delete_object(keys, key);
                client.delete(delete.sign_with_time(SIGNED_FOR, &now))
            }
        })
    }

    /// Writes, reads and deletes a small object, and asks for it once more.
    pub(crate) async fn try_out(&self, bytes: Spooled) -> Result<(), Trouble> {
        let key = format!("{}.check", self.0.prefix);
        self.put_at(&key, &bytes).await?;
        let back = self.read_at(&key, 0..bytes.n_bytes).await?;
        let back: Vec<Bytes> = back.try_collect().await?;
        let is_same = *blake3::hash(&back.concat()).as_bytes() == bytes.b3;
        self.delete_at(&key).await?;
        if !is_same {
            return Err(Trouble::Other("it gives back other bytes".to_owned()));
        }
        match self.ask(&key, &Ask::Get(0..1)).await {
            Ok(_) => Err(Trouble::Other("what is deleted stays there".to_owned())),
            Err(trouble) if trouble.is_a_missing_object() => Ok(()),
            Err(trouble) => Err(trouble.of_a_missing_object()),
        }
    }
}

/// By which the service finds out whether all of it arrived as it was sent.
async fn md5(spooled: &Spooled) -> Result<String, ObjectError> {
    let (path, mut left) = (spooled.path().to_owned(), spooled.n_bytes);
    blocking(move || {
        let (mut file, mut md5) = (File::open(path)?, Md5::new());
        while left > 0 {
            let piece;
            (file, piece) = read_piece(file, left)?;
            md5.update(&piece);
            left -= piece.len() as u64;
        }
        Ok(STANDARD.encode(md5.finalize()))
    })
    .await
}

/// The spooled bytes from the beginning, read as they are sent.
async fn body(spooled: &Spooled) -> Result<Body, ObjectError> {
    let path = spooled.path().to_owned();
    let file = blocking(move || File::open(path)).await?;
    Ok(Body::wrap_stream(file_pieces(file, spooled.n_bytes)))
}
