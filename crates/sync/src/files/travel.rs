//! One file on its way out or in: four parts at a time, each checked on its own.

use std::io;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::{self, StreamExt, TryStreamExt};
use stoa_domain::{BlobHash, PART_BYTES, part_size};
use stoa_protocol::blob::{OfferBlob, PARALLEL_PARTS};
use stoa_protocol::error::ApiErrorCode as Code;
use stoa_store::{FileReader, FileToSend, StoreError};

use super::asking::{Failed, ask};
use super::lane::Lane;
use super::progress::Progress;
use super::throttle::Throttle;
use super::{FileTrouble, PartBody};
use crate::session::{Session, SessionError};
use crate::transport::TransportError;

/// So much is decrypted and handed on at a time.
const PIECE_BYTES: u64 = 256 * 1024;

impl Lane {
    /// Sends what the server does not have of a file.
    pub(super) async fn send(
        &self,
        session: &Arc<Session>,
        file: &FileToSend,
    ) -> Result<(), Failed> {
        let b3 = file.b3;
        let offer = OfferBlob {
            b3,
            size: file.size,
            parts: file.parts.clone(),
        };
        let offer = &offer;
        let wanted = ask(session, |way, caller| async move {
            way.files()?.offer(&caller, offer).await
        });
        let missing = wanted.await?.missing;
        self.skip(file.size, &missing);
        let sending = stream::iter(missing.into_iter().map(Ok))
            .try_for_each_concurrent(PARALLEL_PARTS, |n| self.send_part(session, file, n));
        self.telling(sending).await?;
        let complete = ask(session, |way, caller| async move {
            way.files()?.complete(&caller, b3).await
        });
        if complete.await?.missing.is_empty() {
            self.ask_store(move |store| store.file_was_sent(b3)).await?;
        }
        Ok(())
    }

    /// Counts the parts that are through already.
    fn skip(&self, size: u64, missing: &[u32]) {
        let left: u64 = missing.iter().filter_map(|n| part_size(size, *n)).sum();
        let n_done = self.progress.n_done();
        self.progress.set(n_done + size.saturating_sub(left));
    }

    async fn send_part(
        &self,
        session: &Arc<Session>,
        file: &FileToSend,
        n: u32,
    ) -> Result<(), Failed> {
        let b3 = file.b3;
        let Some(size) = part_size(file.size, n) else {
            return Ok(());
        };
        let start = u64::from(n) * PART_BYTES;
        let reader = self.ask_store(move |store| store.open_file(b3)).await?;
        let is_gone = || Failed::File(FileTrouble::Disk, "it is not here".to_owned());
        let reader = reader.ok_or_else(is_gone)?;
        let counted = (&self.throttle, &self.progress);
        let mut body = Some(pieces(reader, start..start + size, counted));
        let sent = ask(session, |way, caller| {
            let body = body.take();
            async move {
                // A second try begins from the start, with the next round.
                let again = || TransportError::Unreachable("signed in anew".to_owned());
                let body = body.ok_or_else(again)?;
                way.files()?.put_part(&caller, (b3, n), size, body).await
            }
        });
        Ok(sent.await?)
    }

    /// Fetches what is not here of a file.
    pub(super) async fn fetch(&self, session: &Arc<Session>, b3: BlobHash) -> Result<(), Failed> {
        let parts = ask(session, |way, caller| async move {
            way.files()?.parts(&caller, b3).await
        })
        .await;
        let parts = match parts {
            Err(SessionError::Transport(error)) if error.code() == Some(Code::NotFound) => {
                self.ask_store(move |store| store.give_up_file(b3)).await?;
                let why = "the server does not have it".to_owned();
                return Err(Failed::File(FileTrouble::Lost, why));
            }
            other => other?,
        };
        let (size, random) = (parts.size, self.random.clone());
        let begun =
            self.ask_store(move |store| store.begin_fetch(b3, size, &parts.parts, &*random));
        let missing = begun.await?;
        self.skip(size, &missing);
        if missing.is_empty() {
            return Ok(());
        }
        let fetching = stream::iter(missing.into_iter().map(Ok))
            .try_for_each_concurrent(PARALLEL_PARTS, |n| self.fetch_part(session, (b3, size), n));
        self.telling(fetching).await?;
        self.ask_store(move |store| store.finish_fetch(b3)).await
    }

    async fn fetch_part(
        &self,
        session: &Arc<Session>,
        (b3, size): (BlobHash, u64),
        n: u32,
    ) -> Result<(), Failed> {
        let Some(length) = part_size(size, n) else {
            return Ok(());
        };
        let start = u64::from(n) * PART_BYTES;
        let (throttle, progress) = (&self.throttle, &self.progress);
        let part = ask(session, |way, caller| async move {
            let mut pieces = way
                .files()?
                .part(&caller, b3, start..start + length)
                .await?;
            let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
            while let Some(piece) = pieces.try_next().await? {
                throttle.take(piece.len()).await;
                progress.add(piece.len());
                bytes.extend_from_slice(&piece);
                if bytes.len() as u64 > length {
                    return Err(TransportError::Unreadable(
                        "more than was asked for".to_owned(),
                    ));
                }
            }
            Ok(bytes)
        });
        let bytes = part.await?;
        let taken = tokio::task::spawn_blocking({
            let store = self.store.clone();
            move || store.take_part(b3, n, &bytes)
        });
        match taken.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(StoreError::Internal(why))) => Err(Failed::File(FileTrouble::Refused, why)),
            Ok(Err(error)) => Err(error.into()),
            Err(error) => Err(Failed::Lane(FileTrouble::Disk, error.to_string())),
        }
    }
}

/// The bytes of a part, decrypted as they are sent.
fn pieces(
    reader: FileReader,
    range: Range<u64>,
    (throttle, progress): (&Arc<Throttle>, &Arc<Progress>),
) -> PartBody {
    let (throttle, progress) = (throttle.clone(), progress.clone());
    let pieces = stream::try_unfold((reader, range), |(reader, left)| async move {
        if left.is_empty() {
            return Ok(None);
        }
        let end = left.end.min(left.start + PIECE_BYTES);
        let read = tokio::task::spawn_blocking(move || {
            let mut reader = reader;
            let piece = reader.read(left.start..end)?;
            Ok::<_, io::Error>((reader, piece))
        });
        let (reader, piece) = read.await.map_err(io::Error::other)??;
        Ok(Some((Bytes::from(piece), (reader, end..left.end))))
    });
    pieces
        .and_then(move |piece: Bytes| {
            let (throttle, progress) = (throttle.clone(), progress.clone());
            async move {
                throttle.take(piece.len()).await;
                progress.add(piece.len());
                Ok(piece)
            }
        })
        .boxed()
}
