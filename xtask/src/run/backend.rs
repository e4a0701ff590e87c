//! The local backend of `cargo xtask run`, with its demo community.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use anyhow::Result;

use super::home::Home;
use crate::{child::Running, step};

/// The local backend, and what one types to sign in.
pub(super) struct Backend {
    pub(super) program: Running,
    pub(super) url: String,
    fingerprint: String,
    pub(super) email: String,
    password: String,
}

impl Backend {
    pub(super) fn introduce(&self) {
        step::say(&format!(
            "The local backend: {}\n    account      {}\n    password     {}\n    fingerprint  {}",
            self.url, self.email, self.password, self.fingerprint
        ));
    }

    pub(super) fn start(binary: &Path, home: &Home) -> Result<Self> {
        let account = seed(binary, home)?;
        let mut serve = Command::new(binary);
        serve
            .args(["serve", "--data"])
            .arg(home.server())
            .args(["--listen", &format!("127.0.0.1:{}", home.port()?)]);
        step::say("Starting the local backend");
        let log = home.log("server");
        let (program, (url, fingerprint)) =
            Running::start_until("the backend", &mut serve, &log, listening)?;
        if let Some((_, port)) = url.trim_end_matches('/').rsplit_once(':') {
            home.keep_port(port)?;
        }
        let said = |name| field(&account, name).unwrap_or_default();
        Ok(Self {
            program,
            url,
            fingerprint,
            email: said("email"),
            password: said("password"),
        })
    }
}

/// Makes the demo community, once, and tells what was said about its account.
fn seed(binary: &Path, home: &Home) -> Result<String> {
    if let Ok(account) = fs::read_to_string(home.seeded()) {
        return Ok(account);
    }
    step::say("Making the demo community");
    let mut seed = Command::new(binary);
    seed.args(["seed-demo", "--data"]).arg(home.server());
    let output = seed.stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        return Err(step::failed("Making the demo community", &seed));
    }
    let account = String::from_utf8_lossy(&output.stdout).into_owned();
    fs::write(home.seeded(), &account)?;
    Ok(account)
}

/// The address and the authority's fingerprint in the backend's first line.
fn listening(line: &str) -> Option<(String, String)> {
    let fingerprint = field(line, "ca_sha256").unwrap_or_default();
    Some((field(line, "listening")?, fingerprint))
}

/// The text called `name` in a line of JSON; texts with escapes do not occur here.
fn field(json: &str, name: &str) -> Option<String> {
    let (_, after) = json.split_once(&format!("\"{name}\":"))?;
    let text = after.trim_start().strip_prefix('"')?;
    text.split('"').next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_backends_first_line_is_understood() {
        let line =
            r#"{"ca_pem":"/d/ca.pem","ca_sha256":"AB:CD","listening":"https://127.0.0.1:4433"}"#;
        let expected = ("https://127.0.0.1:4433".to_owned(), "AB:CD".to_owned());
        assert_eq!(listening(line), Some(expected));
        assert_eq!(listening("starting"), None);
        assert_eq!(listening(r#"{"listening": null}"#), None);
    }
}
