//! Reading what a bucket gives: exactly the bytes that were asked for, or an error.

use std::ops::Range;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::{self, BoxStream, StreamExt, TryStreamExt};
use reqwest::header::CONTENT_RANGE;
use reqwest::{Response, StatusCode};

use super::Trouble;
use crate::objects::{Contents, ObjectError};

/// What an answer says that it holds.
pub(super) struct Given {
    pub(super) range: Range<u64>,
    pub(super) total: u64,
}

impl Given {
    pub(super) fn read(response: &Response) -> Result<Self, Trouble> {
        let range = response.headers().get(CONTENT_RANGE);
        range
            .filter(|_| response.status() == StatusCode::PARTIAL_CONTENT)
            .and_then(|range| Self::parse(range.to_str().ok()?))
            .ok_or_else(|| Trouble::Other("it does not give parts of objects".to_owned()))
    }

    /// Reads `bytes 0-9/100`.
    fn parse(text: &str) -> Option<Self> {
        let (range, total) = text.strip_prefix("bytes ")?.split_once('/')?;
        let (first, last) = range.split_once('-')?;
        Some(Self {
            range: first.parse().ok()?..last.parse::<u64>().ok()?.checked_add(1)?,
            total: total.parse().ok()?,
        })
    }
}

pub(super) type Pieces = BoxStream<'static, Result<Bytes, Trouble>>;

/// An answer's body. Only while somebody waits for the next piece is a silence one.
pub(super) fn pieces(response: Response, silence: Duration) -> Pieces {
    let pieces = stream::try_unfold(response, move |mut response| async move {
        let piece = tokio::time::timeout(silence, response.chunk()).await;
        let piece = piece.map_err(|_| Trouble::Silent)?.map_err(Trouble::from)?;
        Ok(piece.map(|piece| (piece, response)))
    });
    pieces.boxed()
}

/// Fails where the bytes end before they should, or go on after it.
pub(super) fn whole(pieces: Pieces, expected: u64) -> Contents {
    let counted = stream::try_unfold((pieces, expected), |(mut pieces, left)| async move {
        match pieces.try_next().await? {
            Some(piece) => {
                let left = left
                    .checked_sub(piece.len() as u64)
                    .ok_or_else(|| ObjectError::Failed("more bytes than asked for".to_owned()))?;
                Ok(Some((piece, (pieces, left))))
            }
            None if left == 0 => Ok(None),
            None => Err(ObjectError::Failed(format!("{left} bytes are missing"))),
        }
    });
    counted.boxed()
}
