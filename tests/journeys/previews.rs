//! A draft is seen as its readers will see it, copied for elsewhere, and looked through before it
//! is published: in the real window and in a browser.

use anyhow::{Result, ensure};
use fantoccini::key::Key;
use serde_json::json;
use stoa_tests::page::Page;
use stoa_tests::screens::{dress, wait_for};

use crate::accessibility::{checker, violations};
use crate::surface::{Computer, Kind};

const TEXT: &str = "## 定价\n\n免费的开头，见[官网](https://zhixing.example/)。\n\n![](a.png)\n\n<!-- paywall -->\n\n付费的**正文**。\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_seen_as_its_readers_will_in_the_real_window() -> Result<()> {
    journey(Kind::Window).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_seen_as_its_readers_will_in_chromium() -> Result<()> {
    journey(Kind::Chromium).await
}

async fn journey(kind: Kind) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut computer = Computer::new(kind, &folder.path().join("here"))?;
    let page = computer.start().await?;
    let result = async {
        begin(page).await?;
        preview(page, kind == Kind::Chromium).await?;
        copy(page).await?;
        check(page, kind == Kind::Chromium).await
    };
    let result = result.await;
    if result.is_err() {
        let picture = computer
            .keep_evidence(&format!("previews-{kind:?}"))
            .await?;
        eprintln!("what was to be seen: {}", picture.display());
    }
    result
}

/// A draft for one tier.
async fn begin(page: &Page) -> Result<()> {
    page.click("first-run-zh").await?;
    page.click("first-run-demo").await?;
    page.click("draft-new").await?;
    page.fill("draft-title", "会员定价").await?;
    page.click("source-mode").await?;
    page.write_source(TEXT).await?;
    page.click("draft-publish").await?;
    page.click("access-paid").await?;
    page.click("tier-vip").await?;
    page.click("publish-keep").await?;
    gone(page, "publish-dialog").await
}

async fn preview(page: &Page, has_checker: bool) -> Result<()> {
    page.click("preview-button").await?;
    page.wait_text("preview-page", |text| {
        text.contains("免费的开头") && !text.contains("付费的")
    })
    .await?;
    page.see("preview-wall").await?;
    if has_checker {
        let checker = checker()?;
        for (theme, language) in [("dark", "en"), ("light", "zh-CN")] {
            dress(page, theme, language).await?;
            let found = violations(page, &checker).await?;
            ensure!(found.is_empty(), "{theme} {language}: {}", found.join("\n"));
        }
    }
    page.click("reader-4").await?;
    page.wait_text("preview-page", |text| text.contains("付费的正文"))
        .await?;
    Ok(())
}

/// What was copied is formatted where it is pasted.
async fn copy(page: &Page) -> Result<()> {
    let is_ready = "return !document.querySelector('[data-testid=\"copy-wechat\"]').disabled";
    wait_for(page, is_ready, vec![]).await?;
    // A real key: what a script presses opens no clipboard.
    let enter = char::from(Key::Enter).to_string();
    page.see("copy-wechat").await?.send_keys(&enter).await?;
    page.wait_text("toast", |text| text.contains("已复制"))
        .await?;
    let escape = char::from(Key::Escape).to_string();
    page.see("preview-page").await?.send_keys(&escape).await?;
    gone(page, "preview").await?;
    page.run(
        "document.addEventListener('paste', (event) => { window.pasted = event.clipboardData.getData('text/html'); }, true)",
        vec![],
    )
    .await?;
    page.press_control("draft-search", "v").await?;
    wait_for(
        page,
        "return (window.pasted ?? '').includes('style=') && window.pasted.includes('免费的开头')",
        vec![],
    )
    .await
}

/// A finding leads to its place in the text.
async fn check(page: &Page, has_checker: bool) -> Result<()> {
    page.click("draft-publish").await?;
    page.click("checks-found").await?;
    page.wait_text("finding", |text| text.contains("图片缺少描述"))
        .await?;
    if has_checker {
        let found = violations(page, &checker()?).await?;
        ensure!(found.is_empty(), "{}", found.join("\n"));
    }
    page.click("finding").await?;
    gone(page, "publish-dialog").await?;
    wait_for(
        page,
        "const field = document.querySelector('[data-testid=\"editor\"] textarea'); \
         return field.value.slice(field.selectionStart).startsWith('![](a.png)')",
        vec![],
    )
    .await
}

async fn gone(page: &Page, id: &str) -> Result<()> {
    let script = "return !document.querySelector('[data-testid=\"' + arguments[0] + '\"]')";
    wait_for(page, script, vec![json!(id)]).await
}
