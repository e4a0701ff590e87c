//! `check`: what is wrong, in plain sentences.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::ExitCode;

use serde_json::json;

use super::settings::Serve;
use super::{CliError, print_json, with_causes};
use crate::config::{Clock, Config, Tls};
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
