//! A list is narrowed and kept under a name; after a restart it is shown again, all of it is
//! changed at once, and one undo takes that back.

use std::time::Duration;

use anyhow::{Result, anyhow, ensure};
use serde_json::{Value, json};
use stoa_tests::backend::Backend;
use stoa_tests::page::Page;
use stoa_tests::screens::ask;

use crate::accessibility::check_looks;
use crate::first_light::sign_in_on_first_run;
use crate::surface::{Computer, Kind};

const VIEW: &str = "要更新的课程";
const TAG: &str = "旧文";
const LOOK_EVERY: Duration = Duration::from_millis(100);
const LOOKS: usize = 200;

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_kept_and_all_of_it_is_changed_in_the_real_window() -> Result<()> {
    journey(Kind::Window).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_kept_and_all_of_it_is_changed_in_chromium() -> Result<()> {
    journey(Kind::Chromium).await
}

async fn journey(kind: Kind) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let backend = Backend::start(&folder.path().join("server"))?;
    let mut computer = Computer::new(kind, &folder.path().join("here"))?;
    let result = walk(&mut computer, &backend, kind == Kind::Chromium).await;
    if result.is_err() {
        let picture = computer.keep_evidence(&format!("listing-{kind:?}")).await?;
        eprintln!("what was to be seen: {}", picture.display());
    }
    result
}

async fn walk(computer: &mut Computer, backend: &Backend, with_checker: bool) -> Result<()> {
    let page = computer.start().await?;
    sign_in_on_first_run(page, &backend.url()).await?;
    page.see("draft-new").await?;
    for n in 0..6 {
        let title = format!("第{n}课");
        let draft = told(page, "draft.create", json!({ "title": title })).await?;
        if n % 2 == 0 {
            let values = json!({ "id": draft["id"], "values": { "kind": "course" } });
            told(page, "draft.describe", values).await?;
        }
    }
    narrow(page, with_checker).await?;
    keep(page, with_checker).await?;
    computer.kill().await?;
    let page = computer.start().await?;
    page.click("saved-view").await?;
    page.wait_text("n-drafts", |text| text.contains('3'))
        .await?;
    change_all(page, with_checker).await?;
    show_the_board(page, with_checker).await?;
    forget(page).await
}

/// Narrows the list to courses.
async fn narrow(page: &Page, with_checker: bool) -> Result<()> {
    page.wait_text("n-drafts", |text| text.contains('6'))
        .await?;
    page.click("filters-button").await?;
    page.click("filter-kind-live").await?;
    page.see("nothing-fits").await?;
    page.click("nothing-fits-clear").await?;
    page.click("filter-kind-course").await?;
    page.wait_text("n-drafts", |text| text.contains('3'))
        .await?;
    if with_checker {
        check_looks(page).await?;
    }
    page.click("filters-button").await?;
    page.wait_text("filter-chip", |text| text.contains("课程"))
        .await?;
    Ok(())
}

/// Keeps what one sees under a name.
async fn keep(page: &Page, with_checker: bool) -> Result<()> {
    page.click("view-save").await?;
    page.see("view-dialog").await?;
    page.click("view-confirm").await?;
    page.wait_text("view-dialog", |text| text.contains("请填写"))
        .await?;
    page.fill("view-name", VIEW).await?;
    if with_checker {
        check_looks(page).await?;
    }
    page.click("view-confirm").await?;
    page.wait_text("saved-view", |text| text.contains(VIEW))
        .await?;
    Ok(())
}

/// Marks all of the list by keyboard, gives all of them a tag, and takes that back.
async fn change_all(page: &Page, with_checker: bool) -> Result<()> {
    page.press_control("draft-list", "a").await?;
    page.wait_text("bulk-n", |text| text.contains('3')).await?;
    if with_checker {
        check_looks(page).await?;
    }
    page.click("bulk-tag").await?;
    page.fill("bulk-tag-name", TAG).await?;
    page.click("bulk-tag-confirm").await?;
    page.wait_text("toast", |text| text.contains("已修改 3 篇"))
        .await?;
    has_tagged(page, 3).await?;
    page.click("toast-action").await?;
    has_tagged(page, 0).await
}

/// The same drafts stand in columns, and a card leads to its draft.
async fn show_the_board(page: &Page, with_checker: bool) -> Result<()> {
    page.click("layout-board").await?;
    page.wait_text("board-drafts", |text| text.contains("第4课"))
        .await?;
    if with_checker {
        check_looks(page).await?;
    }
    page.click("board-card").await?;
    page.wait_text("draft-title", |text| text.contains("第"))
        .await?;
    page.click("layout-board").await?;
    page.see("board-card").await?;
    page.click("layout-board").await?;
    page.see("draft-row").await?;
    Ok(())
}

/// A view that is deleted is back at once when that was a mistake.
async fn forget(page: &Page) -> Result<()> {
    page.click("saved-view-edit").await?;
    page.click("view-delete").await?;
    page.wait_text("toast", |text| text.contains("已删除"))
        .await?;
    ensure!(!page.has("saved-view").await?, "it is gone");
    page.click("toast-action").await?;
    page.wait_text("saved-view", |text| text.contains(VIEW))
        .await?;
    Ok(())
}

async fn told(page: &Page, command: &str, request: Value) -> Result<Value> {
    let answer = ask(page, command, request).await?;
    answer.map_err(|failure| anyhow!("{command}: {failure}"))
}

/// Waits until so many drafts have the tag.
async fn has_tagged(page: &Page, n: u64) -> Result<()> {
    let request = json!({ "limit": 10, "filter": { "tags": [TAG] } });
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
