//! `check`: what is wrong, in plain sentences.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::ExitCode;

use serde_json::json;

use super::settings::Serve;
use super::{CliError, print_json, with_causes};
use crate::config::{Clock, Config, Tls};
use crate::objects::{Media, S3, Spool};
use crate::running::open_database;
use crate::tables::{community, server};
use crate::tls;

/// Prints every finding; the exit code is 1 when there is one.
pub(super) async fn check(serve: &Serve, clock: Clock) -> Result<ExitCode, CliError> {
    let config = serve.config(clock)?;
    let mut findings = Vec::new();
    check_folder(&config.data, &mut findings);
    check_tls(&config, &mut findings);
    check_address(&config, &mut findings);
    check_media(&config, &mut findings).await;
    if findings.is_empty() || config.database.is_some() {
        check_database(&config, &mut findings).await;
    }
    let is_fine = findings.is_empty();
    print_json(&json!({ "ok": is_fine, "findings": findings }))?;
    Ok(if is_fine {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn check_folder(data: &Path, findings: &mut Vec<String>) {
    let Ok(about) = fs::metadata(data) else {
        findings.push(format!(
            "The folder {} is not there; `serve` makes it, but no database is in it yet.",
            data.display()
        ));
        return;
    };
    if !about.is_dir() {
        findings.push(format!("{} is not a folder.", data.display()));
        return;
    }
    let probe = data.join(".check");
    if fs::write(&probe, b"")
        .and_then(|()| fs::remove_file(&probe))
        .is_err()
    {
        findings.push(format!(
            "The folder {} cannot be written to.",
            data.display()
        ));
    }
    #[cfg(unix)]
    check_permissions(data, &about, findings);
}

#[cfg(unix)]
fn check_permissions(data: &Path, about: &fs::Metadata, findings: &mut Vec<String>) {
    use std::os::unix::fs::PermissionsExt;
    if about.permissions().mode() & 0o077 != 0 {
        findings.push(format!(
            "The folder {} is open to other users of this machine; `chmod 700` closes it.",
            data.display()
        ));
    }
    for key in ["ca.key", "server.key"] {
        let path = data.join("tls").join(key);
        if fs::metadata(&path).is_ok_and(|about| about.permissions().mode() & 0o077 != 0) {
            findings.push(format!(
                "The key {} is open to other users of this machine; `chmod 600` closes it.",
                path.display()
            ));
        }
    }
}

fn check_tls(config: &Config, findings: &mut Vec<String>) {
    let outcome = match &config.tls {
        Tls::Files { cert, key } => tls::server_config(cert, key).map(drop),
        Tls::SelfSigned => {
            let folder = config.data.join("tls");
            if folder.join("server.pem").exists() {
                tls::server_config(&folder.join("server.pem"), &folder.join("server.key")).map(drop)
            } else {
                Ok(())
            }
        }
        Tls::BehindProxy if !config.listen.ip().is_loopback() => {
            findings.push(format!(
                "Behind a proxy the server only listens on this machine, not on {}.",
                config.listen
            ));
            Ok(())
        }
        Tls::BehindProxy => Ok(()),
    };
    if let Err(error) = outcome {
        findings.push(format!(
            "The certificate cannot be used: {}.",
            with_causes(&error)
        ));
    }
}

fn check_address(config: &Config, findings: &mut Vec<String>) {
    if let Err(error) = TcpListener::bind(config.listen) {
        findings.push(format!(
            "The address {} cannot be listened on: {error}.",
            config.listen
        ));
    }
}

async fn check_media(config: &Config, findings: &mut Vec<String>) {
    // A folder that is not there is a finding of its own, and the probe lies in it.
    let Some(media) = config.media.as_ref().filter(|_| config.data.is_dir()) else {
        return;
    };
    if let Err(why) = try_out(config, media).await {
        findings.push(format!("The bucket {media} cannot be used: {why}."));
    }
}

/// Has a small object written, read and deleted; says what does not work.
async fn try_out(config: &Config, media: &Media) -> Result<(), String> {
    let keys = config.media_keys.as_ref();
    let bucket = S3::open(media, keys, config.clock.clone()).map_err(|error| error.to_string())?;
    // Not where a running server receives parts.
    let folder = config.data.join(".check-media");
    let probe = async {
        let mut spool = Spool::begin(&folder, config.entropy.bytes()).await?;
        spool.write(&config.entropy.bytes::<64>()).await?;
        spool.finish().await
    };
    let tried = match probe.await {
        Ok(probe) => bucket
            .try_out(probe)
            .await
            .map_err(|trouble| trouble.meaning()),
        Err(error) => Err(error.to_string()),
    };
    let emptied = fs::remove_dir(&folder).map_err(|error| error.to_string());
    tried.and(emptied)
}

async fn check_database(config: &Config, findings: &mut Vec<String>) {
    let db = match open_database(config).await {
        Ok(db) => db,
        Err(error) => {
            findings.push(format!(
                "The database cannot be used: {}.",
                with_causes(&error)
            ));
            return;
        }
    };
    let looked = db
        .read(|tx| Ok((server::identity(tx)?.is_some(), community::heads(tx)?.len())))
        .await;
    match looked {
        Ok((true, 0)) => findings.push(
            "There is no community yet; `stoa-server admin create-community` makes one.".into(),
        ),
        Ok((true, _)) => {}
        Ok((false, _)) | Err(_) => findings.push("The database cannot be read.".into()),
    }
    db.close().await;
}
