//! An image is pasted into a draft: it is shown at once, reaches the server, and another computer
//! has it, byte for byte.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use stoa_tests::backend::{Backend, EMAIL, PASSWORD};
use stoa_tests::page::Page;
use stoa_tests::programs::program;

use crate::first_light::sign_in_on_first_run;
use crate::surface::{Computer, Kind};

/// A PNG of one pixel.
pub(crate) const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const PATIENCE: Duration = Duration::from_secs(30);

/// Pastes a file into the text, as a clipboard would hand it over.
const PASTE: &str = "const [base64,name,type]=arguments;\
    const bytes=Uint8Array.from(atob(base64),c=>c.charCodeAt(0));\
    const held=new DataTransfer();held.items.add(new File([bytes],name,{type}));\
    const event=new Event('paste',{bubbles:true,cancelable:true});\
    Object.defineProperty(event,'clipboardData',{value:held});\
    document.querySelector('[data-testid=\"editor\"] [contenteditable=\"true\"]').dispatchEvent(event);";

#[tokio::test(flavor = "multi_thread")]
async fn a_pasted_image_is_shown_in_chromium_and_reaches_a_second_device() -> Result<()> {
    journey(Kind::Chromium).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pasted_image_is_shown_in_webkit_and_reaches_a_second_device() -> Result<()> {
    journey(Kind::WebKit).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pasted_image_is_shown_in_the_real_window_and_reaches_a_second_device() -> Result<()> {
    journey(Kind::Window).await
}

async fn journey(kind: Kind) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut backend = Backend::start(&folder.path().join("server"))?;
    let mut computer = Computer::new(kind, &folder.path().join("first"))?;
    let result = paste_and_fetch(folder.path(), &mut backend, &mut computer).await;
    if result.is_err() {
        let picture = computer.keep_evidence(&format!("image-{kind:?}")).await?;
        eprintln!("what was to be seen: {}", picture.display());
    }
    result
}

async fn paste_and_fetch(
    folder: &Path,
    backend: &mut Backend,
    computer: &mut Computer,
) -> Result<()> {
    let page = computer.start().await?;
    sign_in_on_first_run(page, &backend.url()).await?;
    page.click("draft-new").await?;
    page.fill("draft-title", "有图").await?;
    page.write("图在下面。").await?;
    page.wait_text("saved-state", |text| text.contains("已同步"))
        .await?;

    backend.take_away();
    paste(page, b"", "空.png", "image/png").await?;
    page.wait_text("toast", |text| text.contains("空.png"))
        .await?;
    ensure!(!is_shown(page).await?, "what is refused leaves no trace");
    paste(page, &STANDARD.decode(PNG)?, "封面.png", "image/png").await?;
    until_shown(page).await?;
    until(
        page,
        "return !!document.querySelector('.editor-image-note')",
    )
    .await?;

    backend.bring_back()?;
    page.press_control("draft-title", "s").await?;
    page.wait_text("saved-state", |text| text.contains("已同步"))
        .await?;
    until(page, "return !document.querySelector('.editor-image-note')").await?;
    second_device(&folder.join("second"), backend)
}

/// Pastes a file into the text that is open.
pub(crate) async fn paste(page: &Page, bytes: &[u8], name: &str, media_type: &str) -> Result<()> {
    let args = vec![
        json!(STANDARD.encode(bytes)),
        json!(name),
        json!(media_type),
    ];
    until(page, EDITABLE).await?;
    page.run(PASTE, args).await?;
    Ok(())
}

/// Whether the text takes what is pasted, and not its source.
const EDITABLE: &str =
    "return !!document.querySelector('[data-testid=\"editor\"] [contenteditable=\"true\"]')";

/// Whether the picture is drawn, not only named.
const DRAWN: &str =
    "const i=document.querySelector('.editor-picture');return !!i&&i.complete&&i.naturalWidth===1";

async fn is_shown(page: &Page) -> Result<bool> {
    Ok(page.run(DRAWN, vec![]).await? == json!(true))
}

/// Waits until the picture is drawn.
pub(crate) async fn until_shown(page: &Page) -> Result<()> {
    until(page, DRAWN).await
}

async fn until(page: &Page, script: &str) -> Result<()> {
    let start = tokio::time::Instant::now();
    while start.elapsed() < PATIENCE {
        if page.run(script, vec![]).await? == json!(true) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    anyhow::bail!("in vain: {script}")
}

/// Signs in on another computer, from a terminal, and fetches the image there.
fn second_device(folder: &Path, backend: &Backend) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    let (passphrase, password) = (folder.join("passphrase.txt"), folder.join("password.txt"));
    std::fs::write(&passphrase, "a second computer's passphrase")?;
    std::fs::write(&password, PASSWORD)?;
    let cli = |args: &[&str]| -> Result<Value> {
        let output = Command::new(program("stoa-cli"))
            .args(["--json", "--profile"])
            .arg(folder.join("profile"))
            .arg("--passphrase-file")
            .arg(&passphrase)
            .args(args)
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .output()?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        ensure!(output.status.success(), "stoa-cli {args:?}: {said}");
        Ok(serde_json::from_slice(&output.stdout).unwrap_or(Value::Null))
    };
    cli(&["profile", "new", "--name", "第二台电脑"])?;
    let (ca, url) = (backend.ca_file().display().to_string(), backend.url());
    let password = password.display().to_string();
    let server = ["sign-in", "--server", &url, "--email", EMAIL];
    let trust = ["--password-file", &password, "--ca", &ca];
    cli(&[&server[..], &trust].concat())?;
    cli(&["sync"])?;
    let files = cli(&["attachment", "list"])?;
    ensure!(files[0]["name"] == "封面.png", "{files}");
    ensure!(
        files[0]["is_here"] == false,
        "it is fetched when it is wanted"
    );
    let b3 = files[0]["b3"].as_str().context("a file has a hash")?;
    let to = folder.join("fetched.png");
    cli(&["attachment", "get", b3, "--to", &to.display().to_string()])?;
    ensure!(
        std::fs::read(&to)? == STANDARD.decode(PNG)?,
        "byte for byte"
    );
    let drafts = cli(&["draft", "list"])?;
    let id = drafts["drafts"][0]["id"].as_str().context("a draft")?;
    let text = cli(&["draft", "show", id])?.to_string();
    ensure!(
        text.contains(&format!("![封面](attachment:{b3})")),
        "{text}"
    );
    Ok(())
}
