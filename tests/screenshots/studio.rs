//! The first run, and the studio with the example community.

use anyhow::{Context, Result};
use serde_json::json;
use stoa_tests::screens::{LOOKS, STUDIO, Step, ask, dress, go, wait_for};
use stoa_tests::window::Window;

use crate::Album;

pub(crate) async fn take(album: &mut Album) -> Result<()> {
    let window = album.open().await?;
    first_run(album, &window).await?;
    go(
        &window.page,
        &[Step::Click("first-run-demo"), Step::See("draft-row")],
    )
    .await?;
    for (theme, language) in LOOKS {
        dress(&window.page, theme, language).await?;
        for screen in STUDIO {
            go(&window.page, screen.way).await.context(screen.name)?;
            album.take(&window, screen.name, theme, language).await?;
            go(&window.page, screen.leave).await.context(screen.name)?;
        }
    }
    sizes(album, &window).await?;
    window.page.close().await
}

async fn first_run(album: &Album, window: &Window) -> Result<()> {
    let page = &window.page;
    page.see("first-run-zh").await?;
    album.every_look(window, "first-run-language").await?;
    go(
        page,
        &[Step::Click("first-run-zh"), Step::See("first-run-connect")],
    )
    .await?;
    album.every_look(window, "first-run-begin").await?;
    go(
        page,
        &[Step::Click("first-run-connect"), Step::See("connect-url")],
    )
    .await?;
    album.every_look(window, "first-run-connect").await?;
    go(
        page,
        &[
            Step::Click("first-run-back"),
            Step::Click("first-run-local"),
        ],
    )
    .await?;
    album.every_look(window, "first-run-local").await?;
    go(
        page,
        &[Step::Click("first-run-back"), Step::See("first-run-demo")],
    )
    .await
}

/// The other densities, the contrast theme and a doubled zoom, of the screen one works on most.
async fn sizes(album: &Album, window: &Window) -> Result<()> {
    dress(&window.page, "light", "zh-CN").await?;
    go(
        &window.page,
        &[Step::Click("draft-row"), Step::See("tool-bold")],
    )
    .await?;
    for density in ["compact", "comfortable"] {
        set(window, json!({ "density": density })).await?;
        let worn = "return document.documentElement.dataset.density === arguments[0]";
        wait_for(&window.page, worn, vec![json!(density)]).await?;
        album
            .take(window, &format!("draft-{density}"), "light", "zh-CN")
            .await?;
    }
    set(window, json!({ "density": "regular" })).await?;
    dress(&window.page, "contrast", "zh-CN").await?;
    album.take(window, "draft", "contrast", "zh-CN").await?;
    dress(&window.page, "light", "zh-CN").await?;
    let before = window.page.run("return innerWidth", vec![]).await?;
    set(window, json!({ "zoom": 200 })).await?;
    wait_for(
        &window.page,
        "return innerWidth < arguments[0]",
        vec![before],
    )
    .await?;
    album.take(window, "draft-zoom-200", "light", "zh-CN").await
}

async fn set(window: &Window, change: serde_json::Value) -> Result<()> {
    let answer = ask(&window.page, "app.set_preferences", change).await?;
    answer.map_err(|failure| anyhow::anyhow!("{failure}"))?;
    Ok(())
}
