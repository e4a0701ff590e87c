//! What waits for a word, what was put aside, and what is gone: the brake, files, archives, a wipe.

use std::path::Path;

use anyhow::{Context, Result};
use stoa_domain::DraftId;
use stoa_store::{NewFile, OsRandom, Store};
use stoa_sync::Clock as _;
use stoa_tests::backend::{Backend, EMAIL, PASSWORD};
use stoa_tests::device::{SystemClock, catch_up, delete_all_but, linked, off_thread, write_drafts};
use stoa_tests::page::Page;
use stoa_tests::screens::{Step, dress, go, wait_for};
use stoa_tests::terminal::Terminal;
use tokio::runtime::Runtime;

use crate::Album;
use crate::connected::{begin_sign_in, confirm_recovery};

use Step::{Click, See, Shortcut};

const EDITOR: &str = "he@stoa.example";
const N_DRAFTS: usize = 120;
const N_LEFT: usize = 5;

pub(crate) async fn take(album: &Album, server: &Path) -> Result<()> {
    let backend = Backend::start(server)?;
    backend.admit(EDITOR, "何田", "editor")?;
    let url = backend.url();
    let folder = server.join("other");
    let other = off_thread(move || written(&url, &folder)).await?;
    let window = album.open().await?;
    let page = &window.page;
    begin_sign_in(page, &backend.url()).await?;
    page.click("fingerprint-agree").await?;
    confirm_recovery(page).await?;
    page.see("draft-row").await?;

    go(page, &[Shortcut("Mod+Shift+Y"), Click("sync-tab-storage")]).await?;
    scroll_to(page, "files").await?;
    album.every_look(&window, "files").await?;

    off_thread(move || delete_all_but(&other, N_LEFT)).await?;
    go(page, &[Click("sync-tab-waiting"), See("held-look")]).await?;
    album.every_look(&window, "held").await?;
    go(page, &[Click("held-look"), See("held-dialog")]).await?;
    album.every_look(&window, "held-ask").await?;
    page.click("held-agree").await?;

    change_account(album, &window).await?;
    scroll_to(page, "archives").await?;
    album.every_look(&window, "archives").await?;
    go(page, &[Click("archive-put-back"), See("draft-row")]).await?;
    wipe(&backend, server, page).await?;
    album.every_look(&window, "wiped").await?;
    window.page.close().await
}

/// Another device of the same person, with many drafts and some files that the server has.
fn written(url: &str, folder: &Path) -> Result<Store> {
    let runtime = Runtime::new()?;
    let store = linked(&runtime, (url, EMAIL), folder)?;
    let titles = (0..N_DRAFTS).map(|n| format!("第 {} 课 讲义", N_DRAFTS - n));
    let drafts = write_drafts(&store, titles)?;
    for (name, n_bytes) in [("课程大纲.pdf", 482_133), ("开场音乐.mp3", 3_911_870)] {
        add(&store, drafts[0], name, n_bytes)?;
    }
    catch_up(&runtime, &store)?;
    Ok(store)
}

fn add(store: &Store, draft: DraftId, name: &str, n_bytes: usize) -> Result<()> {
    let new = NewFile {
        draft,
        name: name.to_owned(),
        must_be_image: false,
    };
    let bytes = vec![7; n_bytes];
    store.add_file(&new, &mut bytes.as_slice(), SystemClock.now(), &OsRandom)?;
    Ok(())
}

async fn change_account(album: &Album, window: &stoa_tests::window::Window) -> Result<()> {
    let page = &window.page;
    dress(page, "light", "zh-CN").await?;
    go(page, &[Shortcut("Mod+,"), Click("sign-out")]).await?;
    go(page, &[Click("sign-out-confirm"), Click("connect")]).await?;
    page.fill("connect-email", EDITOR).await?;
    page.fill("connect-password", PASSWORD).await?;
    go(page, &[Click("connect-submit"), See("archive-dialog")]).await?;
    album.every_look(window, "archive-ask").await?;
    page.click("archive-confirm").await?;
    confirm_recovery(page).await?;
    let way = [See("draft-new"), Click("place-settings"), See("archives")];
    go(page, &way).await
}

/// The owner has lost this computer, says so at another one, and it is told so.
async fn wipe(backend: &Backend, server: &Path, page: &Page) -> Result<()> {
    go(page, &[Click("place-settings"), Click("connect")]).await?;
    page.fill("connect-email", EMAIL).await?;
    page.fill("connect-password", PASSWORD).await?;
    go(page, &[Click("connect-submit"), See("sign-out")]).await?;
    let terminal = Terminal::sign_in(server.join("terminal"), backend)?;
    let listed = terminal.run(&["device", "list"])?;
    let password = server.join("password.txt").display().to_string();
    for device in listed.as_array().context("a list")? {
        let id = device["id"].as_str().context("an id")?;
        let order = ["device", "wipe", id, "--password-file", &password];
        // The terminal's own is refused, and that is fine.
        drop(terminal.run(&order));
    }
    go(page, &[Shortcut("Mod+S"), See("wiped")]).await
}

async fn scroll_to(page: &Page, id: &str) -> Result<()> {
    let script = "const e = document.querySelector(`[data-testid=${arguments[0]}]`);\
        e?.scrollIntoView({ block: 'center' }); return Boolean(e)";
    wait_for(page, script, vec![serde_json::json!(id)]).await
}
