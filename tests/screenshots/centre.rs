//! The sync centre with something in every tab, also narrow and enlarged.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::json;
use stoa_tests::backend::Backend;
use stoa_tests::screens::{LOOKS, Screen, Step, ask, dress, go, wait_for};
use stoa_tests::terminal::Terminal;
use stoa_tests::window::Window;

use crate::Album;
use crate::connected::{connection_is, sign_in};

use Step::{Click, Escape, See, Shortcut};

const TABS: &[Screen] = &[
    Screen {
        name: "centre-waiting",
        way: &[
            Shortcut("Mod+Shift+Y"),
            Click("sync-tab-waiting"),
            See("sync-waiting-row"),
        ],
        leave: &[],
    },
    Screen {
        name: "centre-conflicts",
        way: &[Click("sync-tab-conflicts"), See("sync-conflict-row")],
        leave: &[],
    },
    Screen {
        name: "centre-comparison",
        way: &[
            Click("conflict-review"),
            See("comparison"),
            Click("choose-theirs"),
        ],
        leave: &[Click("comparison-back")],
    },
    Screen {
        name: "centre-history",
        way: &[Click("sync-tab-history"), See("history-row")],
        leave: &[],
    },
    Screen {
        name: "centre-storage",
        way: &[Click("sync-tab-storage"), See("storage")],
        leave: &[],
    },
    Screen {
        name: "centre-restore",
        way: &[
            Click("backup-now"),
            See("restore-backup"),
            Click("restore-backup"),
            See("restore-dialog"),
        ],
        leave: &[Escape],
    },
];

const BEFORE: &str = "先说价格，再说权益：读者先问的，永远是多少钱。\n\n年度会员打九折，赠送一次答疑。\n\n我们每个季度看一次续费率，低于六成就回头看内容。\n\n季度会员不打折。";
const ELSEWHERE: &str = "先说价格，再说权益：读者先问的，永远是多少钱。\n\n年度会员打七折，赠送两次答疑，仅限本月。\n\n我们每个季度看一次续费率，低于六成就回头看内容。\n\n季度会员不打折。";
const HERE: &str = "先说价格，再说权益：读者先问的，永远是多少钱。\n\n年度会员打八折，赠送一次答疑和一本小册子。\n\n我们每个季度看一次续费率，低于六成就回头看内容。\n\n季度会员不打折，但可以随时升级。";

pub(crate) async fn take(album: &mut Album, folder: &Path) -> Result<()> {
    let mut backend = Backend::start(&folder.join("backend"))?;
    let elsewhere = Terminal::sign_in(folder.join("elsewhere"), &backend)?;
    let text = elsewhere.write_new("会员定价：三个档位怎么分", BEFORE)?;
    let mut titled = Vec::new();
    for title in ["第 12 期答疑整理", "线下活动的三点想法", "Notes on refunds"] {
        titled.push(elsewhere.write_new(title, "先把读者会问的写下来，再回答。")?);
    }
    elsewhere.run(&["sync"])?;
    let window = album.open().await?;
    sign_in(album, &window, &backend.url()).await?;
    connection_is(&window, "synced").await?;
    backend.take_away();
    elsewhere.rewrite(&text, ELSEWHERE)?;
    for (id, title) in titled.iter().zip([
        "第 12 期答疑（已校对）",
        "线下活动：地方要小",
        "Refunds, in plain words",
    ]) {
        elsewhere.run(&["draft", "rename", id, "--title", title])?;
    }
    rewrite_here(&window, &text).await?;
    for (id, title) in
        titled
            .iter()
            .zip(["第十二期答疑精选", "办线下活动的三件事", "How refunds work"])
    {
        call(&window, "draft.rename", json!({ "id": id, "title": title })).await?;
    }
    call(&window, "sync.pause", json!({ "paused": true })).await?;
    backend.bring_back()?;
    elsewhere.run(&["sync"])?;
    call(&window, "sync.pause", json!({ "paused": false })).await?;
    connection_is(&window, "conflict").await?;
    backend.take_away();
    wait_here(&window).await?;
    for (theme, language) in LOOKS {
        dress(&window.page, theme, language).await?;
        walk(album, &window, theme, language, "").await?;
    }
    for (zoom, name) in [(163, "-880px"), (200, "-zoom-200")] {
        dress(&window.page, "light", "zh-CN").await?;
        call(&window, "app.set_preferences", json!({ "zoom": zoom })).await?;
        walk(album, &window, "light", "zh-CN", name).await?;
    }
    window.page.close().await
}

async fn walk(
    album: &Album,
    window: &Window,
    theme: &str,
    language: &str,
    end: &str,
) -> Result<()> {
    for screen in TABS {
        go(&window.page, screen.way).await.context(screen.name)?;
        let name = format!("{}{end}", screen.name);
        album.take(window, &name, theme, language).await?;
        go(&window.page, screen.leave).await.context(screen.name)?;
    }
    Ok(())
}

async fn call(
    window: &Window,
    name: &str,
    request: serde_json::Value,
) -> Result<serde_json::Value> {
    let answer = ask(&window.page, name, request).await?;
    answer.map_err(|failure| anyhow::anyhow!("{name}: {failure}"))
}

/// Writes another version of the text here.
async fn rewrite_here(window: &Window, id: &str) -> Result<()> {
    let opened = call(window, "draft.open", json!({ "id": id })).await?;
    let session = &opened["session"];
    let splice = json!([{ "at": 0, "delete": BEFORE.encode_utf16().count(), "insert": HERE }]);
    let edit = json!({ "session": session, "applied": null, "splices": splice });
    call(window, "draft.edit", edit).await?;
    call(window, "draft.close", json!({ "session": session })).await?;
    Ok(())
}

/// Something that waits, one of it kept back.
async fn wait_here(window: &Window) -> Result<()> {
    for title in [
        "专栏的第四讲",
        "给新会员的一封信",
        "Office hours in December",
    ] {
        call(window, "draft.create", json!({ "title": title })).await?;
    }
    let waiting = call(
        window,
        "sync.changes",
        json!({ "failed": false, "limit": 10 }),
    )
    .await?;
    let lid = waiting[1]["lid"].clone();
    call(
        window,
        "sync.keep_back",
        json!({ "lid": lid, "kept_back": true }),
    )
    .await?;
    let three = "return document.querySelector('[data-testid=n-waiting]')?.innerText.includes('3') ?? false";
    wait_for(&window.page, three, vec![]).await
}
