//! Two devices change the same paragraph offline. Both sync; the second is asked, decides
//! paragraph by paragraph, and both versions stay within reach.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use stoa_tests::backend::{Backend, EMAIL, PASSWORD};
use stoa_tests::page::Page;
use stoa_tests::programs::program;
use stoa_tests::screens::press;

use crate::first_light::sign_in_on_first_run;
use crate::surface::{Computer, Kind};

const TITLE: &str = "会员定价";
const HEAD: &str = "先说价格，再说权益。";
const BEFORE: &str = "年度会员打九折。";
const ELSEWHERE: &str = "年度会员打七折。";
const ADDED: &str = "仅限本月。";

#[tokio::test(flavor = "multi_thread")]
async fn one_paragraph_of_two_devices_is_decided_in_the_real_window() -> Result<()> {
    journey(Kind::Window).await
}

#[tokio::test(flavor = "multi_thread")]
async fn one_paragraph_of_two_devices_is_decided_in_chromium() -> Result<()> {
    journey(Kind::Chromium).await
}

#[tokio::test(flavor = "multi_thread")]
async fn one_paragraph_of_two_devices_is_decided_in_webkit() -> Result<()> {
    journey(Kind::WebKit).await
}

async fn journey(kind: Kind) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut backend = Backend::start(&folder.path().join("server"))?;
    let elsewhere = Terminal::sign_in(folder.path().join("elsewhere"), &backend)?;
    let mut computer = Computer::new(kind, &folder.path().join("here"))?;
    let result = two_devices(&mut backend, &elsewhere, &mut computer).await;
    if result.is_err() {
        let picture = computer.keep_evidence(&format!("two-{kind:?}")).await?;
        eprintln!("what was to be seen: {}", picture.display());
    }
    result
}

async fn two_devices(
    backend: &mut Backend,
    elsewhere: &Terminal,
    computer: &mut Computer,
) -> Result<()> {
    let draft = elsewhere.write_new(&format!("{HEAD}\n\n{BEFORE}"))?;
    elsewhere.run(&["sync"])?;
    let page = computer.start().await?;
    sign_in_on_first_run(page, &backend.url()).await?;
    page.click("draft-row").await?;
    page.wait_text("editor", |text| text.contains(BEFORE))
        .await?;

    apart(page, backend, elsewhere, &draft).await?;
    meet(page, backend, elsewhere).await?;
    decide(page).await?;
    both_are_there(page, elsewhere, &draft).await
}

/// Without a network, each changes the last paragraph.
async fn apart(
    page: &Page,
    backend: &mut Backend,
    elsewhere: &Terminal,
    draft: &str,
) -> Result<()> {
    backend.take_away();
    page.write(ADDED).await?;
    page.wait_text("saved-state", |text| text.contains("已存本机"))
        .await?;
    elsewhere.rewrite(draft, &format!("{HEAD}\n\n{ELSEWHERE}"))?;
    press(page, "Mod+Shift+Y").await?;
    page.wait_text("sync-waiting-row", |row| row.contains(TITLE))
        .await?;
    Ok(())
}

/// The other device arrives first: this one is paused until then.
async fn meet(page: &Page, backend: &mut Backend, elsewhere: &Terminal) -> Result<()> {
    page.click("sync-pause").await?;
    page.wait_text("connection", |text| text.contains("已暂停"))
        .await?;
    backend.bring_back()?;
    elsewhere.run(&["sync"])?;
    page.click("sync-pause").await?;
    page.wait_text("n-conflicts", |text| text.contains('1'))
        .await?;
    page.wait_text("connection", |text| text.contains("冲突"))
        .await?;
    Ok(())
}

async fn decide(page: &Page) -> Result<()> {
    page.click("n-conflicts").await?;
    page.wait_text("sync-conflict-row", |row| row.contains(TITLE))
        .await?;
    page.click("conflict-review").await?;
    page.wait_text("clash-mine", |text| text.contains(ADDED))
        .await?;
    page.wait_text("clash-theirs", |text| text.contains('七'))
        .await?;
    page.click("choose-both").await?;
    page.wait_text("comparison", |text| text.contains("1/1"))
        .await?;
    page.click("use-chosen").await?;
    page.see("no-conflicts").await?;
    Ok(())
}

async fn both_are_there(page: &Page, elsewhere: &Terminal, draft: &str) -> Result<()> {
    page.wait_text("connection", |text| text.contains("已同步"))
        .await?;
    elsewhere.run(&["sync"])?;
    let text = elsewhere.run(&["draft", "show", draft])?.to_string();
    let mine = format!("{BEFORE}{ADDED}");
    ensure!(
        text.contains(&mine) && text.contains(ELSEWHERE),
        "the other device has both paragraphs: {text}"
    );
    page.click("see-versions").await?;
    page.click("save-mine").await?;
    let kept = page
        .wait_text("editor", |text| text.contains(&mine))
        .await?;
    ensure!(
        !kept.contains(ELSEWHERE),
        "the version of this device for itself: {kept}"
    );
    Ok(())
}

/// A device without a window.
struct Terminal {
    folder: PathBuf,
}

impl Terminal {
    fn sign_in(folder: PathBuf, backend: &Backend) -> Result<Self> {
        std::fs::create_dir_all(&folder)?;
        std::fs::write(folder.join("passphrase.txt"), "a passphrase for elsewhere")?;
        let password = folder.join("password.txt");
        std::fs::write(&password, PASSWORD)?;
        let terminal = Self { folder };
        terminal.run(&["profile", "new", "--name", "别处"])?;
        let (url, ca) = (backend.url(), backend.ca_file());
        terminal.run(&[
            "sign-in",
            "--server",
            &url,
            "--email",
            EMAIL,
            "--password-file",
            text(&password)?,
            "--ca",
            text(&ca)?,
        ])?;
        Ok(terminal)
    }

    fn run(&self, args: &[&str]) -> Result<Value> {
        let output = Command::new(program("stoa-cli"))
            .arg("--profile")
            .arg(self.folder.join("profile"))
            .arg("--json")
            .arg("--passphrase-file")
            .arg(self.folder.join("passphrase.txt"))
            .args(args)
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .output()?;
        ensure!(
            output.status.success(),
            "stoa-cli {args:?}: {}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(serde_json::from_slice(&output.stdout).unwrap_or(Value::Null))
    }

    /// A new draft; its id.
    fn write_new(&self, body: &str) -> Result<String> {
        let file = self.file(body)?;
        let draft = self.run(&[
            "draft",
            "new",
            "--title",
            TITLE,
            "--body-file",
            text(&file)?,
        ])?;
        let id = draft["id"].as_str().context("a draft has an id")?;
        Ok(id.to_owned())
    }

    fn rewrite(&self, draft: &str, body: &str) -> Result<()> {
        let file = self.file(body)?;
        self.run(&["draft", "edit", draft, "--body-file", text(&file)?])?;
        Ok(())
    }

    fn file(&self, body: &str) -> Result<PathBuf> {
        let file = self.folder.join("body.md");
        std::fs::write(&file, body)?;
        Ok(file)
    }
}

fn text(path: &Path) -> Result<&str> {
    path.to_str().context("a path that can be read")
}
