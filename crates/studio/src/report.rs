//! The history as a text file for whoever helps: what happened when and how often, and nothing
//! that anybody wrote, no names, no addresses.

use std::fmt::Write;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use stoa_domain::Timestamp;
use stoa_ipc::SyncStatus;
use stoa_store::HistoryEntry;

use crate::dates::{date, moment};

/// The report, newest line first.
pub(crate) fn text(status: &SyncStatus, lines: &[HistoryEntry], now: Timestamp) -> String {
    let mut text = format!(
        "Stoa {} · sync history · {}\nconnection {:?} · waiting {} · failed {} · conflicts {}\n\n",
        env!("CARGO_PKG_VERSION"),
        moment(now),
        status.connection,
        status.n_waiting,
        status.n_failed,
        status.n_conflicts,
    );
    for line in lines {
        let about = line.text.as_ref().map_or("", |text| text.kind.as_str());
        // Writing into a text cannot fail.
        let _ = writeln!(
            text,
            "{}\t{}\t{}\t{about}",
            moment(line.at),
            line.kind.as_str(),
            line.n
        );
    }
    text
}

/// Writes it under a name that was not there before.
pub(crate) fn write(folder: &Path, text: &str, now: Timestamp) -> io::Result<PathBuf> {
    std::fs::create_dir_all(folder)?;
    let day = format!("stoa-sync-history-{}", date(now));
    let later = (2..1_000).map(|n| format!("{day}-{n}"));
    for name in std::iter::once(day.clone()).chain(later) {
        let path = folder.join(format!("{name}.txt"));
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(mut file) => {
                file.write_all(text.as_bytes())?;
                file.sync_all()?;
                return Ok(path);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}
