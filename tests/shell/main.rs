//! The real window: how it opens, what it refuses, how it ends.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use stoa_tests::child::Running;
use stoa_tests::display::Display;
use stoa_tests::keyring::Bus;
use stoa_tests::programs::program;
use stoa_tests::window::Window;

/// Sends a command as the page's program does, and answers with the reply or the failure.
const RPC: &str = "const done = arguments[2]; \
    window.__TAURI_INTERNALS__.invoke('rpc', { name: arguments[0], payload: arguments[1] }) \
        .then(text => done({ ok: JSON.parse(text) }), error => done({ error }));";

async fn rpc(window: &Window, name: &str, payload: Value) -> Result<Value> {
    let args = vec![json!(name), json!(payload.to_string())];
    let answer = window.page.client().execute_async(RPC, args).await?;
    match answer.get("ok") {
        Some(reply) => Ok(reply.clone()),
        None => anyhow::bail!("{name}: {answer}"),
    }
}

struct Stage {
    display: Display,
    bus: Bus,
    folder: tempfile::TempDir,
}

impl Stage {
    fn set() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        Ok(Self {
            display: Display::start()?,
            bus: Bus::with_keyring(&folder.path().join("home"))?,
            folder,
        })
    }

    fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    async fn open(&self) -> Result<Window> {
        Window::open(&self.display, &self.data(), &self.bus.env()).await
    }

    /// A second start of the program, with a file.
    fn start_again(&self, file: &Path) -> Result<Command> {
        let mut command = Command::new(program("stoa"));
        command
            .arg(file)
            .env("DISPLAY", self.display.name())
            .env("STOA_DATA_DIR", self.data())
            .env_remove("WAYLAND_DISPLAY")
            .envs(self.bus.env());
        Ok(command)
    }
}

/// Makes a profile that is open for work.
async fn open_profile(window: &Window) -> Result<()> {
    let request = json!({ "kind": "local", "name": "知行社", "passphrase": null });
    let created = rpc(window, "profile.create", request).await?;
    let group = created["recovery"]["groups"][2].clone();
    rpc(
        window,
        "profile.confirm_recovery",
        json!({ "index": 2, "group": group }),
    )
    .await?;
    Ok(())
}

async fn quit(window: &Window) -> Result<Duration> {
    let start = Instant::now();
    // The window is gone before the answer comes, or after it: both are fine.
    let _ = rpc(window, "window.command", json!({ "id": "app.quit" })).await;
    while window.page.client().current_url().await.is_ok() {
        ensure!(
            start.elapsed() < Duration::from_secs(10),
            "the program did not end"
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Ok(start.elapsed())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_cannot_leave_open_windows_or_run_foreign_code() -> Result<()> {
    let stage = Stage::set()?;
    let window = stage.open().await?;
    let page = &window.page;
    page.run("location.href = 'https://example.com/'", vec![])
        .await?;
    page.run("window.open('file:///etc/passwd')", vec![])
        .await?;
    let eval = "try { return new Function('return 1')() } catch (e) { return 'refused' }";
    assert_eq!(page.run(eval, vec![]).await?, "refused");
    let inline = "const s = document.createElement('script'); s.textContent = 'window.foreign = 1'; \
        document.head.append(s); return window.foreign === undefined";
    assert_eq!(page.run(inline, vec![]).await?, true);
    assert!(page.run("return location.protocol", vec![]).await?.as_str() == Some("tauri:"));
    let denied = "const done = arguments[0]; \
        window.__TAURI_INTERNALS__.invoke('plugin:dialog|open', { options: {} }) \
            .then(() => done('allowed'), () => done('denied'))";
    assert_eq!(page.client().execute_async(denied, vec![]).await?, "denied");
    assert_eq!(
        page.run("return typeof window.__TAURI__", vec![]).await?,
        "undefined"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_start_hands_its_file_to_the_first_and_ends() -> Result<()> {
    let stage = Stage::set()?;
    let window = stage.open().await?;
    open_profile(&window).await?;
    let file = stage.folder.path().join("笔记.md");
    std::fs::write(&file, "# 社群笔记\n\n正文\n")?;
    let status = stage.start_again(&file)?.status().context("start again")?;
    assert!(status.success());
    let start = Instant::now();
    loop {
        let page = rpc(&window, "draft.list", json!({ "limit": 10 })).await?;
        if page["drafts"][0]["title"] == "社群笔记" {
            return Ok(());
        }
        ensure!(
            start.elapsed() < Duration::from_secs(10),
            "no draft came: {page}"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_given_before_a_profile_is_open_waits_for_it() -> Result<()> {
    let stage = Stage::set()?;
    let window = stage.open().await?;
    let file = stage.folder.path().join("early.md");
    std::fs::write(&file, "早到的文件\n")?;
    assert!(stage.start_again(&file)?.status()?.success());
    open_profile(&window).await?;
    let start = Instant::now();
    loop {
        let page = rpc(&window, "draft.list", json!({ "limit": 10 })).await?;
        if page["drafts"][0]["title"] == "early" {
            return Ok(());
        }
        ensure!(
            start.elapsed() < Duration::from_secs(10),
            "no draft came: {page}"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_window_remembers_its_size_and_quitting_keeps_the_preferences() -> Result<()> {
    let stage = Stage::set()?;
    let window = stage.open().await?;
    window.page.client().set_window_size(1000, 720).await?;
    rpc(
        &window,
        "app.set_preferences",
        json!({ "theme": "dark", "language": "zh-CN" }),
    )
    .await?;
    let width = wait_width(&window, |width| width <= 1000).await?;
    assert!(quit(&window).await? < Duration::from_secs(2));
    drop(window);

    let window = stage.open().await?;
    assert_eq!(wait_width(&window, |now| now == width).await?, width);
    let theme = window
        .page
        .run("return __STOA_BOOT__.theme", vec![])
        .await?;
    let lang = window.page.run("return __STOA_BOOT__.lang", vec![]).await?;
    assert_eq!((theme, lang), (json!("dark"), json!("zh-CN")));
    Ok(())
}

async fn wait_width(window: &Window, wanted: impl Fn(i64) -> bool) -> Result<i64> {
    let start = Instant::now();
    loop {
        let width = window.page.run("return innerWidth", vec![]).await?;
        let width = width.as_i64().context("a width is a number")?;
        if wanted(width) {
            return Ok(width);
        }
        ensure!(
            start.elapsed() < Duration::from_secs(10),
            "the width stayed {width}"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// The colour in the middle of the display.
fn middle(display: &Display) -> Result<[u8; 3]> {
    let output = Command::new("import")
        .args([
            "-display",
            display.name(),
            "-window",
            "root",
            "-crop",
            "1x1+500+400",
        ])
        .args(["-depth", "8", "rgb:-"])
        .output()?;
    output.stdout.try_into().ok().context("one pixel")
}

#[tokio::test(flavor = "multi_thread")]
async fn no_white_frame_is_seen_while_a_dark_window_starts() -> Result<()> {
    let stage = Stage::set()?;
    std::fs::create_dir_all(stage.data())?;
    std::fs::write(
        stage.data().join("studio.toml"),
        "[preferences]\ntheme = \"dark\"\n",
    )?;
    let mut command = Command::new(program("stoa"));
    command
        .env("DISPLAY", stage.display.name())
        .env("STOA_DATA_DIR", stage.data())
        .env_remove("WAYLAND_DISPLAY")
        .envs(stage.bus.env());
    let _program = Running::start(&mut command)?;
    let start = Instant::now();
    let mut seen = Vec::new();
    let mut window_since = None;
    while window_since.is_none_or(|since: Instant| since.elapsed() < Duration::from_secs(2)) {
        ensure!(start.elapsed() < Duration::from_secs(30), "no window came");
        let colour = middle(&stage.display)?;
        // The empty display is pure black.
        if colour != [0, 0, 0] && window_since.is_none() {
            window_since = Some(Instant::now());
        }
        if seen.last() != Some(&colour) {
            seen.push(colour);
        }
    }
    let is_bright = |colour: &&[u8; 3]| colour.iter().all(|part| *part > 0xB0);
    assert_eq!(seen.iter().find(is_bright), None, "seen: {seen:?}");
    Ok(())
}
