//! A real backend in a process of its own, which can be taken away and brought back.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::child::{Running, free_port};
use crate::programs::program;

/// The owner's address on every test backend.
pub const EMAIL: &str = "lin@stoa.example";
/// The owner's password on every test backend.
pub const PASSWORD: &str = "correct horse 电池";
/// The address of the owner of the demo community, with the same password.
pub const DEMO_EMAIL: &str = "demo@stoa.example";

/// The name of the community on every test backend.
const COMMUNITY: &str = "知行社";

/// `stoa-server` with one community and its owner.
pub struct Backend {
    folder: PathBuf,
    port: u16,
    /// PostgreSQL in place of a file.
    database: Option<String>,
    running: Option<Running>,
}

impl Backend {
    /// Makes a database in `folder` and serves it over HTTPS on loopback.
    pub fn start(folder: &Path) -> Result<Self> {
        Self::start_over(folder, None)
    }

    /// The same over a PostgreSQL database.
    pub fn start_over(folder: &Path, database: Option<String>) -> Result<Self> {
        let mut backend = Self {
            folder: folder.to_owned(),
            port: free_port()?,
            database,
            running: None,
        };
        let password = folder.join("password.txt");
        std::fs::create_dir_all(folder)?;
        std::fs::write(&password, PASSWORD)?;
        backend.admin(&[
            "create-community",
            "--name",
            COMMUNITY,
            "--timezone",
            "Asia/Shanghai",
        ])?;
        backend.admit(EMAIL, "林未央", "owner")?;
        backend.bring_back()?;
        Ok(backend)
    }

    /// Makes an account in the community, with the password that all have.
    pub fn admit(&self, email: &str, name: &str, role: &str) -> Result<()> {
        let password = self.folder.join("password.txt").display().to_string();
        self.admin(&[
            "create-user",
            "--community",
            COMMUNITY,
            "--email",
            email,
            "--name",
            name,
            "--role",
            role,
            "--password-file",
            &password,
        ])
    }

    /// Gives somebody another role.
    pub fn set_role(&self, email: &str, role: &str) -> Result<()> {
        let who = ["--community", COMMUNITY, "--email", email];
        self.admin(&[&["set-role"], &who[..], &["--role", role]].concat())
    }

    /// Gives a member a tier.
    pub fn grant_tier(&self, email: &str, tier: &str) -> Result<()> {
        let who = ["--community", COMMUNITY, "--email", email];
        self.admin(&[&["grant-tier"], &who[..], &["--tier", tier]].concat())
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("https://127.0.0.1:{}", self.port)
    }

    /// Its port on loopback.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The certificate authority's certificate that it made.
    pub fn ca_file(&self) -> PathBuf {
        self.folder.join("data/tls/ca.pem")
    }

    /// The process id of the server.
    pub fn id(&self) -> Option<u32> {
        self.running.as_ref().map(Running::id)
    }

    /// Takes the server away, as if the network were gone.
    pub fn take_away(&mut self) {
        self.running = None;
    }

    /// Brings the server back on the same address.
    pub fn bring_back(&mut self) -> Result<()> {
        let (running, ()) = Running::start_until(
            Command::new(program("stoa-server"))
                .args([
                    "serve",
                    "--listen",
                    &format!("127.0.0.1:{}", self.port),
                    "--data",
                ])
                .arg(self.folder.join("data"))
                .args(self.database_words())
                .stderr(Stdio::null()),
            |line| line.contains("127.0.0.1").then_some(()),
        )?;
        self.running = Some(running);
        Ok(())
    }

    fn database_words(&self) -> Vec<&str> {
        match &self.database {
            Some(url) => vec!["--database", url],
            None => Vec::new(),
        }
    }

    /// Fills the demo community, whose owner is [`DEMO_EMAIL`].
    pub fn seed_demo(&self, n_members: usize, n_drafts: usize) -> Result<()> {
        let (members, drafts) = (n_members.to_string(), n_drafts.to_string());
        let password = self.folder.join("password.txt").display().to_string();
        self.run(&[
            "seed-demo",
            "--members",
            &members,
            "--drafts",
            &drafts,
            "--password-file",
            &password,
        ])
    }

    /// Runs `stoa-server admin …` on its database.
    pub fn admin(&self, args: &[&str]) -> Result<()> {
        let words: Vec<&str> = std::iter::once("admin")
            .chain(args.iter().copied())
            .collect();
        self.run(&words)
    }

    fn run(&self, words: &[&str]) -> Result<()> {
        let output = Command::new(program("stoa-server"))
            .args(words)
            .arg("--data")
            .arg(self.folder.join("data"))
            .args(self.database_words())
            .output()
            .context("run stoa-server")?;
        ensure!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(())
    }
}
