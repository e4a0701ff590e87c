//! A creator signs in, writes, loses the network, goes on writing, the program is killed, nothing
//! is missing, the network returns, and a second device shows the draft.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use stoa_tests::backend::{Backend, EMAIL, PASSWORD};
use stoa_tests::page::Page;
use stoa_tests::programs::program;

use crate::surface::{Computer, Kind};

const TITLE: &str = "怎样写好专栏的第一篇";
const ONLINE: &str = "先让读者知道，读完之后自己会多会一件什么事。";
const OFFLINE: &str = "火车进了隧道，网络没有了，但是字还在。";

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_survives_in_the_real_window_and_reaches_a_second_device() -> Result<()> {
    journey(Kind::Window).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_survives_in_chromium_and_reaches_a_second_device() -> Result<()> {
    journey(Kind::Chromium).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_survives_in_webkit_and_reaches_a_second_device() -> Result<()> {
    journey(Kind::WebKit).await
}

async fn journey(kind: Kind) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut backend = Backend::start(&folder.path().join("server"))?;
    let mut computer = Computer::new(kind, &folder.path().join("first"))?;
    let result = first_light(folder.path(), &mut backend, &mut computer).await;
    if result.is_err() {
        let picture = computer.keep_evidence(&format!("{kind:?}")).await?;
        eprintln!("what was to be seen: {}", picture.display());
    }
    result
}

async fn first_light(folder: &Path, backend: &mut Backend, computer: &mut Computer) -> Result<()> {
    let page = computer.start().await?;
    sign_in_on_first_run(page, &backend.url()).await?;
    write_draft(page).await?;
    page.wait_text("saved-state", |text| text.contains("已同步"))
        .await?;

    backend.take_away();
    write(page, OFFLINE).await?;
    page.wait_text("saved-state", |text| text.contains("已存本机"))
        .await?;
    page.wait_text("n-waiting", |text| text.contains("待同步"))
        .await?;
    computer.kill().await?;

    let page = computer.start().await?;
    open_draft(page).await?;
    let text = page
        .wait_text("editor", |text| text.contains(OFFLINE))
        .await?;
    ensure!(
        text.contains(ONLINE),
        "what was written online is there too: {text}"
    );

    backend.bring_back()?;
    page.press_control("draft-title", "s").await?;
    page.wait_text("saved-state", |text| text.contains("已同步"))
        .await?;
    let second = second_device(&folder.join("second"), backend)?;
    ensure!(
        second.contains(ONLINE) && second.contains(OFFLINE),
        "the second device has: {second}"
    );
    Ok(())
}

/// Language, connecting, comparing the fingerprint, signing in, keeping the recovery key.
pub(crate) async fn sign_in_on_first_run(page: &Page, url: &str) -> Result<()> {
    page.click("first-run-zh").await?;
    page.click("first-run-connect").await?;
    page.fill("connect-url", url).await?;
    page.fill("connect-email", EMAIL).await?;
    page.fill("connect-password", PASSWORD).await?;
    page.click("connect-submit").await?;
    let fingerprint = page.text("fingerprint").await?;
    ensure!(
        fingerprint.split_whitespace().count() >= 16,
        "a fingerprint is shown: {fingerprint}"
    );
    page.click("fingerprint-agree").await?;
    keep_recovery_key(page).await?;
    page.see("draft-new").await?;
    Ok(())
}

/// Reads the recovery key from the screen and types the group that is asked for.
pub(crate) async fn keep_recovery_key(page: &Page) -> Result<()> {
    page.see("recovery-key").await?;
    page.see("recovery-group").await?;
    let wanted = page
        .run(
            "const groups=[...document.querySelectorAll('[data-testid=\"recovery-key\"] li')];\
             const label=document.querySelector('[data-testid=\"recovery-group\"]').labels[0];\
             const n=Number(label.innerText.match(/\\d+/)[0]);\
             return groups[n-1].innerText.trim().slice(-4)",
            vec![],
        )
        .await?;
    let group = wanted.as_str().context("the group was shown")?;
    page.fill("recovery-group", group).await?;
    page.click("recovery-confirm").await
}

async fn write_draft(page: &Page) -> Result<()> {
    page.click("draft-new").await?;
    page.fill("draft-title", TITLE).await?;
    write(page, ONLINE).await
}

/// Types at the end of the text.
async fn write(page: &Page, text: &str) -> Result<()> {
    page.write(text).await?;
    page.wait_text("editor", |shown| shown.contains(text))
        .await?;
    Ok(())
}

async fn open_draft(page: &Page) -> Result<()> {
    page.click("draft-row").await?;
    page.wait_text("draft-title", |title| title == TITLE)
        .await?;
    Ok(())
}

/// Signs in on another computer, from a terminal, and reads the draft there.
fn second_device(folder: &Path, backend: &Backend) -> Result<String> {
    std::fs::create_dir_all(folder)?;
    let passphrase = folder.join("passphrase.txt");
    let password = folder.join("password.txt");
    std::fs::write(&passphrase, "a second computer's passphrase")?;
    std::fs::write(&password, PASSWORD)?;
    let profile = folder.join("profile");
    let cli = |args: &[&str]| -> Result<Value> {
        let output = Command::new(program("stoa-cli"))
            .arg("--profile")
            .arg(&profile)
            .arg("--json")
            .arg("--passphrase-file")
            .arg(&passphrase)
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
    };
    cli(&["profile", "new", "--name", "第二台电脑"])?;
    let ca = backend.ca_file().display().to_string();
    let password = password.display().to_string();
    let url = backend.url();
    cli(&[
        "sign-in",
        "--server",
        &url,
        "--email",
        EMAIL,
        "--password-file",
        &password,
        "--ca",
        &ca,
    ])?;
    cli(&["sync"])?;
    let list = cli(&["draft", "list"])?;
    let draft = &list["drafts"][0];
    ensure!(
        draft["title"] == TITLE,
        "the list of the second device: {list}"
    );
    let id = draft["id"].as_str().context("a draft has an id")?;
    Ok(cli(&["draft", "show", id])?.to_string())
}
