//! A version is saved under a name, written over, compared, brought back, and the bringing back is
//! taken back: in the real window and in a browser.

use anyhow::{Result, ensure};
use fantoccini::key::Key;
use serde_json::json;
use stoa_tests::page::Page;
use stoa_tests::screens::{dress, wait_for};

use crate::accessibility::{checker, violations};
use crate::surface::{Computer, Kind};

const FIRST: &str = "九折只给年付的会员。";
const LATER: &str = "后来又改了主意。";
const NAME: &str = "一审稿";

#[tokio::test(flavor = "multi_thread")]
async fn a_version_is_named_compared_and_restored_in_the_real_window() -> Result<()> {
    journey(Kind::Window).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_is_named_compared_and_restored_in_chromium() -> Result<()> {
    journey(Kind::Chromium).await
}

async fn journey(kind: Kind) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut computer = Computer::new(kind, &folder.path().join("here"))?;
    let page = computer.start().await?;
    let result = async {
        begin(page).await?;
        name_a_version(page).await?;
        compare(page, kind == Kind::Chromium).await?;
        restore(page).await
    };
    let result = result.await;
    if result.is_err() {
        let picture = computer
            .keep_evidence(&format!("versions-{kind:?}"))
            .await?;
        eprintln!("what was to be seen: {}", picture.display());
    }
    result
}

/// The demo's community, and a draft in it.
async fn begin(page: &Page) -> Result<()> {
    page.click("first-run-zh").await?;
    page.click("first-run-demo").await?;
    page.click("draft-new").await?;
    page.fill("draft-title", "会员定价").await?;
    page.click("source-mode").await?;
    page.write_source(FIRST).await
}

/// By the key, from within the text; what was typed a moment ago is part of it.
async fn name_a_version(page: &Page) -> Result<()> {
    press_in_text(page, &control("s")).await?;
    page.see("version-dialog").await?;
    page.click("version-confirm").await?;
    page.wait_text("version-dialog", |text| text.contains("请填写"))
        .await?;
    page.fill("version-name", NAME).await?;
    page.click("version-confirm").await?;
    page.wait_text("toast", |text| text.contains(NAME)).await?;
    page.write_source(&format!("\n\n{LATER}")).await
}

async fn compare(page: &Page, with_checker: bool) -> Result<()> {
    let shift = char::from(Key::Shift);
    press_in_text(page, &control(&format!("{shift}s"))).await?;
    page.see("versions").await?;
    page.wait_text("version-list", |text| {
        text.contains(NAME) && text.contains("现在")
    })
    .await?;
    // The present text beside what stood before it: only the later sentence came.
    page.wait_text("compared", |text| {
        text.contains(LATER) && text.contains(FIRST)
    })
    .await?;
    // The list has the focus; one version further back is the named one.
    let list = page.see("version-list").await?;
    list.send_keys(&char::from(Key::Down).to_string()).await?;
    page.see("version-restore").await?;
    page.wait_text("n-changes", |text| text.contains("1 处"))
        .await?;
    let key = char::from(Key::F7).to_string();
    page.see("version-list").await?.send_keys(&key).await?;
    page.wait_text("n-changes", |text| text.contains("第 1 处"))
        .await?;
    let focused = page
        .run("return document.activeElement.dataset.testid;", vec![])
        .await?;
    ensure!(focused == json!("change"), "the focus went to {focused}");
    if with_checker {
        let axe = checker()?;
        for theme in ["dark", "light"] {
            dress(page, theme, "zh-CN").await?;
            let found = violations(page, &axe).await?;
            ensure!(found.is_empty(), "versions {theme}: {}", found.join("\n"));
        }
    }
    Ok(())
}

async fn restore(page: &Page) -> Result<()> {
    page.click("version-restore").await?;
    page.wait_text("toast", |text| text.contains("已恢复"))
        .await?;
    page.wait_text("version-list", |text| text.contains("恢复"))
        .await?;
    page.click("versions-back").await?;
    stands(page, true, false).await?;
    page.click("toast-action").await?;
    stands(page, true, true).await
}

/// Waits until the text has the first sentence, the later one, or both.
async fn stands(page: &Page, first: bool, later: bool) -> Result<()> {
    let script = "const field = document.querySelector('[data-testid=\"editor\"] textarea'); \
         return !!field && field.value.includes(arguments[0]) === arguments[2] \
             && field.value.includes(arguments[1]) === arguments[3]";
    let args = vec![json!(FIRST), json!(LATER), json!(first), json!(later)];
    wait_for(page, script, args).await
}

fn control(key: &str) -> String {
    format!("{}{key}{}", char::from(Key::Control), char::from(Key::Null))
}

async fn press_in_text(page: &Page, keys: &str) -> Result<()> {
    page.see("editor").await?;
    let field = fantoccini::Locator::Css("[data-testid=\"editor\"] textarea");
    page.client().find(field).await?.send_keys(keys).await?;
    Ok(())
}
