//! A community on a real backend: connecting, the sync centre with entries, and the locked profile.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::json;
use stoa_tests::backend::{Backend, EMAIL, PASSWORD};
use stoa_tests::page::Page;
use stoa_tests::screens::{LOOKS, Screen, Step, dress, go, press, wait_for};
use stoa_tests::window::Window;

use crate::Album;

use Step::{Click, Escape, See, Shortcut};

/// While the server is away.
const AWAY: &[Screen] = &[
    Screen {
        name: "drafts-offline",
        way: &[Click("place-content"), Click("draft-row"), See("tool-bold")],
        leave: &[],
    },
    Screen {
        name: "changes-waiting",
        way: &[
            Shortcut("Mod+Shift+Y"),
            Click("sync-tab-waiting"),
            See("sync-waiting-row"),
        ],
        leave: &[],
    },
    Screen {
        name: "settings-connected",
        way: &[Shortcut("Mod+,"), See("devices-offline")],
        leave: &[],
    },
    Screen {
        name: "passphrase",
        way: &[Click("passphrase"), See("passphrase-new")],
        leave: &[Escape],
    },
    Screen {
        name: "sign-out",
        way: &[Click("sign-out"), See("sign-out-dialog")],
        leave: &[Escape],
    },
];

/// After it has refused something.
const REFUSED: &[Screen] = &[
    Screen {
        name: "changes-failed",
        way: &[
            Shortcut("Mod+Shift+Y"),
            Click("sync-tab-failed"),
            See("sync-failed-row"),
        ],
        leave: &[],
    },
    Screen {
        name: "discard",
        way: &[Click("change-discard"), See("toast")],
        // Back it comes, and is refused once more.
        leave: &[Shortcut("Mod+Z"), See("sync-failed-row")],
    },
    Screen {
        name: "changes-history",
        way: &[Click("sync-tab-history"), See("history-row")],
        leave: &[],
    },
    Screen {
        name: "devices",
        way: &[Shortcut("Mod+,"), See("devices")],
        leave: &[],
    },
    Screen {
        name: "device-rename",
        way: &[Click("device-rename"), See("device-name")],
        leave: &[Escape],
    },
];

pub(crate) async fn take(album: &mut Album, server: &Path) -> Result<()> {
    let mut backend = Backend::start(server)?;
    let window = album.open().await?;
    sign_in(album, &window, &backend.url()).await?;
    write_and_lose_network(&window, &mut backend).await?;
    walk(album, &window, AWAY).await?;
    be_refused(&window, &mut backend).await?;
    walk(album, &window, REFUSED).await?;
    window.page.close().await?;
    locked(album).await
}

pub(crate) async fn sign_in(album: &Album, window: &Window, url: &str) -> Result<()> {
    let page = &window.page;
    begin_sign_in(page, url).await?;
    album.every_look(window, "fingerprint").await?;
    go(page, &[Click("fingerprint-agree"), See("recovery-key")]).await?;
    album.every_look(window, "recovery").await?;
    confirm_recovery(page).await
}

/// As far as the fingerprint.
pub(crate) async fn begin_sign_in(page: &Page, url: &str) -> Result<()> {
    go(page, &[Click("first-run-zh"), Click("first-run-connect")]).await?;
    page.fill("connect-url", url).await?;
    page.fill("connect-email", EMAIL).await?;
    page.fill("connect-password", PASSWORD).await?;
    go(page, &[Click("connect-submit"), See("fingerprint")]).await
}

/// Types the group of the recovery key that is asked for.
pub(crate) async fn confirm_recovery(page: &Page) -> Result<()> {
    page.see("recovery-key").await?;
    let group = "return document.querySelectorAll('[data-testid=recovery-key] li')[6].lastChild.textContent";
    let group = page.run(group, vec![]).await?;
    page.fill(
        "recovery-group",
        group.as_str().context("the seventh group")?,
    )
    .await?;
    go(page, &[Click("recovery-confirm"), See("draft-new")]).await
}

async fn walk(album: &Album, window: &Window, screens: &[Screen]) -> Result<()> {
    for (theme, language) in LOOKS {
        dress(&window.page, theme, language).await?;
        for screen in screens {
            go(&window.page, screen.way).await.context(screen.name)?;
            album.take(window, screen.name, theme, language).await?;
            go(&window.page, screen.leave).await.context(screen.name)?;
        }
    }
    Ok(())
}

/// Some drafts that arrive, and some that wait.
async fn write_and_lose_network(window: &Window, backend: &mut Backend) -> Result<()> {
    dress(&window.page, "light", "zh-CN").await?;
    for title in [
        "会员定价：三个档位怎么分",
        "第 12 期答疑整理",
        "Notes on refunds",
    ] {
        draft(window, title, "先把读者会问的写下来，再回答。").await?;
    }
    connection_is(window, "synced").await?;
    backend.take_away();
    draft(window, "线下活动的三点想法", "地方要小，人要熟。").await?;
    draft(
        window,
        "专栏的第四讲",
        "火车进了隧道，网络没有了，但是字还在。",
    )
    .await?;
    connection_is(window, "offline").await
}

/// The server is back, and has taken the right to write away meanwhile.
async fn be_refused(window: &Window, backend: &mut Backend) -> Result<()> {
    backend.set_role(EMAIL, "analyst")?;
    backend.bring_back()?;
    go(&window.page, &[Shortcut("Mod+S"), See("n-failed")]).await
}

pub(crate) async fn connection_is(window: &Window, wanted: &str) -> Result<()> {
    let script = "return document.querySelector('[data-testid=connection]').dataset.connection === arguments[0]";
    press(&window.page, "Mod+S").await?;
    wait_for(&window.page, script, vec![json!(wanted)]).await
}

async fn draft(window: &Window, title: &str, text: &str) -> Result<()> {
    let page = &window.page;
    page.click("draft-new").await?;
    page.wait_text("draft-title", str::is_empty).await?;
    page.fill("draft-title", title).await?;
    page.write(text).await?;
    let saved = "return [...document.querySelectorAll('[data-testid=draft-row]')]\
        .some(row => row.innerText.includes(arguments[0]) && row.innerText.includes(arguments[1]))";
    wait_for(page, saved, vec![json!(title), json!(text)]).await
}

/// The same computer, started again without its keyring.
async fn locked(album: &mut Album) -> Result<()> {
    album.lose_keyring()?;
    let window = album.open().await?;
    window.page.see("unlock-keychain").await?;
    album.every_look(&window, "locked").await?;
    window.page.close().await
}
