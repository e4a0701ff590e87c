//! The first run, and the studio with the example community.

use anyhow::{Context, Result};
use serde_json::json;
use stoa_tests::screens::{LOOKS, STUDIO, Screen, Step, ask, dress, go, wait_for};
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
    tag_some(&window).await?;
    for (theme, language) in LOOKS {
        dress(&window.page, theme, language).await?;
        for screen in STUDIO.iter().chain(TAGS) {
            go(&window.page, screen.way).await.context(screen.name)?;
            album.take(&window, screen.name, theme, language).await?;
            go(&window.page, screen.leave).await.context(screen.name)?;
        }
    }
    sizes(album, &window).await?;
    window.page.close().await
}

/// What is asked about a tag.
const TAGS: &[Screen] = &[
    Screen {
        name: "tag-synonyms",
        way: &[
            Step::Click("place-content"),
            Step::Click("tags-open"),
            Step::Click("tag-synonym-add"),
            Step::See("tag-words"),
        ],
        leave: &[Step::Escape],
    },
    Screen {
        name: "tag-rename",
        way: &[Step::Click("tag-rename"), Step::See("tag-keep")],
        leave: &[Step::Escape],
    },
    Screen {
        name: "tag-merge",
        way: &[Step::Click("tag-merge"), Step::See("tag-offer")],
        leave: &[
            Step::Escape,
            Step::Click("tags-back"),
            Step::See("draft-row"),
        ],
    },
];

/// Tags with other words for them, and one that is written in two ways.
async fn tag_some(window: &Window) -> Result<()> {
    let told = async |command: &str, request: serde_json::Value| {
        let answer = ask(&window.page, command, request).await?;
        answer.map_err(|failure| anyhow::anyhow!("{command}: {failure}"))
    };
    let drafts = told("draft.list", json!({ "limit": 4 })).await?;
    let tags = [
        vec!["人工智能", "社群运营"],
        vec!["AI", "会员定价"],
        vec!["ai", "社群运营"],
        vec!["Pricing", "新手必读"],
    ];
    let drafts = drafts["drafts"].as_array().into_iter().flatten();
    for (draft, tags) in drafts.zip(tags) {
        let values = json!({ "id": draft["id"], "values": { "tags": tags } });
        told("draft.describe", values).await?;
    }
    for (tag, words) in [
        ("人工智能", vec!["AI", "Artificial Intelligence"]),
        ("会员定价", vec!["Pricing", "定价", "价格"]),
    ] {
        told("tag.synonyms", json!({ "tag": tag, "add": words })).await?;
    }
    Ok(())
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
