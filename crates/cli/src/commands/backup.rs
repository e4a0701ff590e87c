//! Listing, making and restoring backups.

use serde_json::json;
use stoa_ipc::{BackUpNow, Backup, Failure, ListBackups, RestoreBackup, RestoreFrom};
use stoa_studio::Studio;

use crate::arguments::{BackupCommand, RestoreSource};
use crate::exit::End;
use crate::output::{Output, Problem};

pub(super) async fn carry_out(
    studio: &Studio,
    command: &BackupCommand,
    output: &Output,
) -> Result<End, Problem> {
    match command {
        BackupCommand::List => list(studio, output).await,
        BackupCommand::Now => {
            let storage = studio.run(BackUpNow {}).await?;
            output.answer(&storage, |output| vec![output.text("cli-done")]);
            Ok(End::Done)
        }
        BackupCommand::Restore { from, yes } => restore(studio, (from, *yes), output).await,
    }
}

async fn list(studio: &Studio, output: &Output) -> Result<End, Problem> {
    let backups = studio.run(ListBackups {}).await?;
    output.answer(&backups, |output| {
        backups.iter().map(|backup| line(backup, output)).collect()
    });
    Ok(End::Done)
}

fn line(backup: &Backup, output: &Output) -> String {
    let schema = match backup.schema {
        Some(schema) => schema.to_string(),
        None => output.text("backup-unreadable"),
    };
    let kind = output.text(backup.kind.text_key());
    format!("{}\t{kind}\t{}\t{schema}", backup.name, backup.bytes)
}

async fn restore(
    studio: &Studio,
    (source, is_agreed): (&RestoreSource, bool),
    output: &Output,
) -> Result<End, Problem> {
    let from = chosen(studio, source).await?;
    if !is_agreed {
        output.answer(&json!({ "would_restore": from }), |output| {
            vec![output.text("restore-what"), output.text("cli-restore-yes")]
        });
        return Ok(End::Usage);
    }
    let restored = studio.run(RestoreBackup { from }).await?;
    output.answer(&restored, |output| {
        let values = [("path", restored.set_aside.clone().into())];
        vec![output.text_with("restore-done", &values)]
    });
    Ok(End::Done)
}

async fn chosen(studio: &Studio, source: &RestoreSource) -> Result<RestoreFrom, Problem> {
    if source.empty {
        return Ok(RestoreFrom::Nothing);
    }
    if let Some(name) = &source.name {
        return Ok(RestoreFrom::Backup { name: name.clone() });
    }
    let backups = studio.run(ListBackups {}).await?;
    let latest = backups.into_iter().find(|backup| backup.schema.is_some());
    match latest {
        Some(backup) => Ok(RestoreFrom::Backup { name: backup.name }),
        None => Err(Failure::field("latest", "no-backup").into()),
    }
}
