//! A tag gets another word, a list is narrowed by it, the tag is renamed wherever it is written, and
//! one undo takes that back; all of it without a network.

use std::time::Duration;

use anyhow::{Result, anyhow, ensure};
use serde_json::{Value, json};
use stoa_tests::backend::Backend;
use stoa_tests::page::Page;
use stoa_tests::screens::{ask, fill};

use crate::accessibility::check_looks;
use crate::first_light::sign_in_on_first_run;
use crate::surface::{Computer, Kind};

const LOOK_EVERY: Duration = Duration::from_millis(100);
const LOOKS: usize = 200;

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_is_looked_after_in_the_real_window() -> Result<()> {
    journey(Kind::Window).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_is_looked_after_in_chromium() -> Result<()> {
    journey(Kind::Chromium).await
}

async fn journey(kind: Kind) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut backend = Backend::start(&folder.path().join("server"))?;
    let mut computer = Computer::new(kind, &folder.path().join("here"))?;
    let result = walk(&mut computer, &mut backend, kind == Kind::Chromium).await;
    if result.is_err() {
        let picture = computer.keep_evidence(&format!("tags-{kind:?}")).await?;
        eprintln!("what was to be seen: {}", picture.display());
    }
    result
}

async fn walk(computer: &mut Computer, backend: &mut Backend, with_checker: bool) -> Result<()> {
    let page = computer.start().await?;
    sign_in_on_first_run(page, &backend.url()).await?;
    page.see("draft-new").await?;
    page.click("tags-open").await?;
    page.see("tags-empty").await?;
    if with_checker {
        check_looks(page).await?;
    }
    page.click("tags-back").await?;
    for (title, tag) in [("写作工具", "人工智能"), ("提示词", "AI"), ("套餐", "定价")]
    {
        let draft = told(page, "draft.create", json!({ "title": title })).await?;
        let values = json!({ "id": draft["id"], "values": { "tags": [tag] } });
        told(page, "draft.describe", values).await?;
    }
    backend.take_away();
    give_a_synonym(page, with_checker).await?;
    find_by_it(page, with_checker).await?;
    rename(page, with_checker).await?;
    take_it_back(page).await?;
    merge_by_another_word(page).await?;
    publish_with_it(page, with_checker).await
}

/// A tag gets another word, but not itself.
async fn give_a_synonym(page: &Page, with_checker: bool) -> Result<()> {
    page.click("tags-open").await?;
    page.wait_text("tags-n", |text| text.contains('3')).await?;
    fill(page, "tags-search", "人工").await?;
    page.wait_text("tags-n", |text| text.contains('1')).await?;
    page.click("tag-synonym-add").await?;
    page.fill("tag-words", "人工智能").await?;
    page.click("tag-words-confirm").await?;
    page.wait_text("tag-synonyms-dialog", |text| text.contains("就是标签本身"))
        .await?;
    if with_checker {
        check_looks(page).await?;
    }
    page.fill("tag-words", "AI").await?;
    page.click("tag-words-confirm").await?;
    page.wait_text("toast", |text| text.contains("同义词"))
        .await?;
    page.wait_text("tag-drafts", |text| text.contains('2'))
        .await?;
    page.wait_text("tag-synonym-remove", |text| text.contains("AI"))
        .await?;
    if with_checker {
        check_looks(page).await?;
    }
    Ok(())
}

/// What has the tag is shown with what has its other word.
async fn find_by_it(page: &Page, with_checker: bool) -> Result<()> {
    page.click("tag-drafts").await?;
    page.wait_text("board-drafts", |text| {
        text.contains("写作工具") && text.contains("提示词") && !text.contains("套餐")
    })
    .await?;
    if with_checker {
        check_looks(page).await?;
    }
    page.click("layout-board").await?;
    page.wait_text("n-drafts", |text| text.contains('2'))
        .await?;
    page.click("filters-clear").await?;
    fill(page, "draft-search", "ai").await?;
    page.wait_text("n-drafts", |text| text.contains('2'))
        .await?;
    fill(page, "draft-search", " ").await?;
    Ok(())
}

async fn rename(page: &Page, with_checker: bool) -> Result<()> {
    page.click("tags-open").await?;
    fill(page, "tags-search", "ai").await?;
    page.wait_text("tags-n", |text| text.contains('1')).await?;
    page.click("tag-rename").await?;
    page.fill("tag-name", "定价").await?;
    page.wait_text("tag-becomes", |text| text.contains("并入“定价”"))
        .await?;
    page.fill("tag-name", "智能").await?;
    page.wait_text("tag-becomes", |text| text.contains("1 篇"))
        .await?;
    if with_checker {
        check_looks(page).await?;
    }
    page.click("tag-name-confirm").await?;
    page.wait_text("toast", |text| text.contains("已改为“智能”"))
        .await?;
    has_tagged(page, "人工智能", 2).await?;
    let tags = told(page, "tag.list", json!({})).await?;
    let synonyms = &tags["tags"][0]["synonyms"];
    ensure!(*synonyms == json!(["AI", "人工智能"]), "{tags}");
    Ok(())
}

async fn take_it_back(page: &Page) -> Result<()> {
    page.click("toast-action").await?;
    for _ in 0..LOOKS {
        let tags = told(page, "tag.list", json!({})).await?;
        let first = &tags["tags"][0];
        if first["name"] == "人工智能" && first["synonyms"] == json!(["AI"]) {
            return Ok(());
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    Err(anyhow!("the old name is not back"))
}

/// Another word for a tag, in whatever spelling, asks for that tag.
async fn merge_by_another_word(page: &Page) -> Result<()> {
    fill(page, "tags-search", "定价").await?;
    page.wait_text("tags-n", |text| text.contains('1')).await?;
    page.click("tag-rename").await?;
    page.fill("tag-name", "ａｉ").await?;
    page.wait_text("tag-becomes", |text| text.contains("并入“人工智能”"))
        .await?;
    page.click("tag-name-confirm").await?;
    page.wait_text("toast", |text| text.contains("已改为“人工智能”"))
        .await?;
    has_tagged(page, "人工智能", 3).await?;
    page.click("toast-action").await?;
    has_tagged(page, "人工智能", 2).await
}

/// A word that means a tag is offered with it, and one that was written stays until somebody
/// replaces it.
async fn publish_with_it(page: &Page, with_checker: bool) -> Result<()> {
    page.click("tags-back").await?;
    fill(page, "draft-search", "提示词").await?;
    page.wait_text("n-drafts", |text| text.contains('1'))
        .await?;
    page.click("draft-row").await?;
    page.click("draft-publish").await?;
    page.wait_text("publish-tag-synonym", |text| {
        text.contains("“人工智能”的同义词")
    })
    .await?;
    if with_checker {
        check_looks(page).await?;
    }
    page.click("publish-tag-replace").await?;
    holds(page, "publish-tags", "人工智能").await?;
    page.fill("publish-tags", "定价, a").await?;
    page.wait_text("publish-tag-offer", |text| text.contains("人工智能（AI）"))
        .await?;
    page.click("publish-tag-offer").await?;
    holds(page, "publish-tags", "定价, 人工智能, ").await?;
    page.click("publish-keep").await?;
    has_tagged(page, "定价", 2).await
}

/// Waits until a field has a value.
async fn holds(page: &Page, id: &str, value: &str) -> Result<()> {
    let script = "return document.querySelector(`[data-testid='${arguments[0]}']`).value";
    let mut last = Value::Null;
    for _ in 0..LOOKS {
        last = page.run(script, vec![json!(id)]).await?;
        if last == json!(value) {
            return Ok(());
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    Err(anyhow!("{id} holds {last}"))
}

async fn told(page: &Page, command: &str, request: Value) -> Result<Value> {
    let answer = ask(page, command, request).await?;
    answer.map_err(|failure| anyhow!("{command}: {failure}"))
}

/// Waits until so many drafts have the tag.
async fn has_tagged(page: &Page, tag: &str, n: u64) -> Result<()> {
    let request = json!({ "limit": 10, "filter": { "tags": [tag] } });
    let mut last = Value::Null;
    for _ in 0..LOOKS {
        last = told(page, "draft.list", request.clone()).await?["n_total"].clone();
        if last == json!(n) {
            return Ok(());
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    Err(anyhow!("{last} drafts have the tag"))
}
