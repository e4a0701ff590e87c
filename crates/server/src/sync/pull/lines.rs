//! Rows as lines, one by one from the database to wherever they go.

use std::io::Write;

use serde::Serialize;
use stoa_domain::{Attachment, CommunityId, Draft, Person, TagEntry};
use stoa_mutators::{DocUpdate, Table};
use stoa_protocol::sync::PullLine;
use uuid::Uuid;

use crate::db::{DbError, Tx};
use crate::sync::tables_of;
use crate::tables::{attachment, doc_update, draft, person, tag, tombstone};

/// Writes one line.
pub(crate) fn line<T: Serialize>(out: &mut dyn Write, line: &T) -> Result<(), DbError> {
    serde_json::to_writer(&mut *out, line).map_err(|error| DbError::Stored(error.to_string()))?;
    out.write_all(b"\n")
        .map_err(|error| DbError::Stored(error.to_string()))
}

/// Writes the rows of a bucket whose last change lies between two sequence numbers, without the
/// first. Answers how many.
pub(crate) fn rows(
    tx: &mut dyn Tx,
    out: &mut dyn Write,
    community: CommunityId,
    (bucket, span): (&str, (i64, i64)),
) -> Result<u64, DbError> {
    let mut n = 0;
    for table in tables_of(bucket) {
        let mut count = |result: Result<(), DbError>| {
            n += 1;
            result
        };
        match table {
            Table::Person => {
                person::visit_between(tx, community, span, &mut |(person, version, seq)| {
                    let id = person.id.to_string();
                    count(put(out, &PutPerson("person", id, version, seq, &person)))
                })?;
            }
            Table::Draft => {
                draft::visit_between(tx, community, span, &mut |(draft, version, seq)| {
                    let id = draft.id.to_string();
                    count(put(out, &PutDraft("draft", id, version, seq, &draft)))
                })?;
            }
            Table::Attachment => {
                attachment::visit_between(tx, community, span, &mut |(row, version, seq)| {
                    let id = row.id.to_string();
                    count(put(
                        out,
                        &PutAttachment("attachment", id, version, seq, &row),
                    ))
                })?;
            }
            Table::Tag => {
                tag::visit_between(tx, community, span, &mut |(entry, version, seq)| {
                    let id = entry.id.to_string();
                    count(put(out, &PutTag("tag", id, version, seq, &entry)))
                })?;
            }
            Table::DocUpdate => {
                doc_update::visit_between(tx, community, span, &mut |(update, version, seq)| {
                    let id = update.id.to_string();
                    count(put(
                        out,
                        &PutUpdate("doc_update", id, version, seq, &update),
                    ))
                })?;
            }
        }
    }
    Ok(n)
}

/// Writes what was deleted in a bucket between two sequence numbers, without the first.
pub(crate) fn deletions(
    tx: &mut dyn Tx,
    out: &mut dyn Write,
    bucket: (CommunityId, &str),
    span: (i64, i64),
) -> Result<(), DbError> {
    tombstone::visit_between(tx, bucket, span, &mut |(table, id, seq)| {
        let id = Uuid::from_bytes(id).to_string();
        line(out, &PullLine::Delete(table, id, seq))
    })
}

/// [`stoa_protocol::sync::PullLine::Put`] without the detour over a map of columns.
#[derive(Serialize)]
struct PutPerson<'a>(&'static str, String, i64, i64, &'a Person);

#[derive(Serialize)]
struct PutDraft<'a>(&'static str, String, i64, i64, &'a Draft);

#[derive(Serialize)]
struct PutAttachment<'a>(&'static str, String, i64, i64, &'a Attachment);

#[derive(Serialize)]
struct PutTag<'a>(&'static str, String, i64, i64, &'a TagEntry);

#[derive(Serialize)]
struct PutUpdate<'a>(&'static str, String, i64, i64, &'a DocUpdate);

fn put<T: Serialize>(out: &mut dyn Write, row: &T) -> Result<(), DbError> {
    #[derive(Serialize)]
    struct Put<'a, T> {
        p: &'a T,
    }
    line(out, &Put { p: row })
}
