//! Files over HTTPS.

use std::ops::Range;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::stream::{BoxStream, StreamExt, TryStreamExt};
use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE, RANGE};
use reqwest::{Body, Method, RequestBuilder, StatusCode};
use stoa_domain::BlobHash;
use stoa_protocol::blob::{BlobParts, MissingBlobs, MissingParts, OfferBlob, WhichBlobs};

use super::{HttpTransport, accepted, as_caller, coding::unreadable, transport_error, with_body};
use crate::files::PartBody;
use crate::transport::{Caller, FileTransport, TransportError};

impl HttpTransport {
    fn file_request(
        &self,
        method: Method,
        caller: &Caller,
        rest: &str,
    ) -> Result<RequestBuilder, TransportError> {
        let path = format!("/v1/blobs/{}{rest}", caller.community);
        as_caller(self.request(method, &path)?, caller)
    }
}

#[async_trait]
impl FileTransport for HttpTransport {
    async fn offer(
        &self,
        caller: &Caller,
        offer: &OfferBlob,
    ) -> Result<MissingParts, TransportError> {
        let request = self.file_request(Method::POST, caller, "")?;
        self.call(with_body(request, offer)?).await
    }

    async fn put_part(
        &self,
        caller: &Caller,
        (b3, n): (BlobHash, u32),
        size: u64,
        body: PartBody,
    ) -> Result<(), TransportError> {
        let path = format!("/v1/blobs/{}/{b3}/parts/{n}", caller.community);
        let url = self.base.join(&path);
        let url = url.map_err(|e| TransportError::Address(e.to_string()))?;
        // A part over a slow line takes longer than any answer may.
        let request = as_caller(self.patient.put(url), caller)?
            .header(CONTENT_LENGTH, size)
            .header(CONTENT_TYPE, "application/octet-stream")
            .body(Body::wrap_stream(body));
        self.tell(request).await
    }

    async fn complete(
        &self,
        caller: &Caller,
        b3: BlobHash,
    ) -> Result<MissingParts, TransportError> {
        let path = format!("/{b3}/complete");
        self.call(self.file_request(Method::POST, caller, &path)?)
            .await
    }

    async fn parts(&self, caller: &Caller, b3: BlobHash) -> Result<BlobParts, TransportError> {
        let path = format!("/{b3}/parts");
        self.call(self.file_request(Method::GET, caller, &path)?)
            .await
    }

    async fn part(
        &self,
        caller: &Caller,
        b3: BlobHash,
        range: Range<u64>,
    ) -> Result<BoxStream<'static, Result<Bytes, TransportError>>, TransportError> {
        let shown = format!("bytes={}-{}", range.start, range.end.saturating_sub(1));
        let request = self.file_request(Method::GET, caller, &format!("/{b3}"))?;
        let response = accepted(self.send(request.header(RANGE, shown)).await?).await?;
        if response.status() != StatusCode::PARTIAL_CONTENT {
            return Err(unreadable("a whole file in the place of a part"));
        }
        let bytes = response.bytes_stream().map_err(|e| transport_error(&e));
        Ok(bytes.boxed())
    }

    async fn missing(
        &self,
        caller: &Caller,
        asked: &WhichBlobs,
    ) -> Result<MissingBlobs, TransportError> {
        let request = self.file_request(Method::POST, caller, "/missing")?;
        self.call(with_body(request, asked)?).await
    }
}
