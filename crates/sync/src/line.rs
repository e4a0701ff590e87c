//! Rows on their way in: lines cut at their places, without reading the columns. The store does
//! that, once.

use stoa_store::SnapshotRow;

use crate::transport::{PulledLine, PulledRow};

/// Reads a line of a pull.
pub(crate) fn read(line: &[u8]) -> Result<PulledLine, serde_json::Error> {
    let row = std::str::from_utf8(line).ok().and_then(split);
    match row {
        Some(row) => Ok(PulledLine::Row(PulledRow {
            table: row.table.to_owned(),
            pk: row.pk.to_owned(),
            version: row.version,
            seq: row.seq,
            columns: row.columns.to_owned(),
        })),
        None => serde_json::from_slice(line).map(PulledLine::Said),
    }
}

/// Cuts a row's line as the server writes it; nothing where it is written otherwise.
pub(crate) fn split(line: &str) -> Option<SnapshotRow<'_>> {
    let rest = line.strip_prefix("{\"p\":[\"")?;
    let (table, rest) = rest.split_once("\",\"")?;
    let (pk, rest) = rest.split_once("\",")?;
    let (version, rest) = rest.split_once(',')?;
    let (seq, rest) = rest.split_once(',')?;
    Some(SnapshotRow {
        table: (!table.contains('\\')).then_some(table)?,
        pk,
        version: version.parse().ok()?,
        seq: seq.parse().ok()?,
        columns: rest.strip_suffix("]}")?,
    })
}

#[cfg(test)]
mod tests {
    use stoa_protocol::sync::PullLine;

    use super::*;

    #[test]
    fn a_row_is_cut_and_everything_else_is_read() {
        let row = |table: &str, columns: &str| {
            PulledLine::Row(PulledRow {
                table: table.to_owned(),
                pk: "id".to_owned(),
                version: 2,
                seq: 7,
                columns: columns.to_owned(),
            })
        };
        let cases = [
            ("{\"p\":[\"draft\",\"id\",2,7,{}]}", row("draft", "{}")),
            (
                "{\"p\":[\"draft\",\"id\",2,7,{\"a\":\"],}\"}]}",
                row("draft", "{\"a\":\"],}\"}"),
            ),
            ("{\"ok\":7}", PulledLine::Said(PullLine::Ok(7))),
            (
                "{ \"p\": [\"draft\", \"id\", 2, 7, {}] }",
                PulledLine::Said(PullLine::Put(
                    "draft".to_owned(),
                    "id".to_owned(),
                    2,
                    7,
                    serde_json::Map::new(),
                )),
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text.as_bytes()).unwrap(), expected, "{text}");
        }
        for wrong in [
            "{\"p\":[\"draft\",\"id\",2]}",
            "",
            "row",
            "{\"p\":[1,2,3,4,5]}",
        ] {
            assert!(read(wrong.as_bytes()).is_err(), "{wrong}");
        }
        assert!(read(&[0xff]).is_err());
    }
}
