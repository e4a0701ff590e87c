//! An editor writes without a network and loses the role meanwhile. The work arrives, and the
//! owner decides in the window what of it is taken.

use anyhow::Result;
use serde_json::json;
use stoa_tests::backend::Backend;
use stoa_tests::page::Page;
use stoa_tests::screens::wait_for;
use stoa_tests::terminal::Terminal;

use crate::accessibility::check_looks;
use crate::first_light::sign_in_on_first_run;
use crate::surface::{Computer, Kind};

const EDITOR: &str = "he@stoa.example";
const GOOD: &str = "会员权益说明";
const POOR: &str = "没写完的想法";

#[tokio::test(flavor = "multi_thread")]
async fn work_of_a_lowered_role_is_decided_by_the_owner_in_the_real_window() -> Result<()> {
    journey(Kind::Window).await
}

#[tokio::test(flavor = "multi_thread")]
async fn work_of_a_lowered_role_is_decided_by_the_owner_in_chromium() -> Result<()> {
    journey(Kind::Chromium).await
}

async fn journey(kind: Kind) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut backend = Backend::start(&folder.path().join("server"))?;
    backend.admit(EDITOR, "何田", "editor")?;
    let editor = Terminal::sign_in_as(EDITOR, folder.path().join("editor"), &backend)?;
    editor.run(&["sync"])?;
    backend.take_away();
    editor.write_new(GOOD, "每一档有什么，一张表说清楚。")?;
    editor.write_new(POOR, "先占个位置。")?;
    backend.set_role(EDITOR, "analyst")?;
    backend.bring_back()?;
    // What was refused is told by the exit code; here it is what was wanted.
    drop(editor.run(&["sync"]));
    let mut computer = Computer::new(kind, &folder.path().join("here"))?;
    let page = computer.start().await?;
    sign_in_on_first_run(page, &backend.url()).await?;
    let result = decide(page, kind == Kind::Chromium).await;
    if result.is_err() {
        let picture = computer
            .keep_evidence(&format!("proposals-{kind:?}"))
            .await?;
        eprintln!("what was to be seen: {}", picture.display());
    }
    result
}

async fn decide(page: &Page, with_checker: bool) -> Result<()> {
    page.click("place-sync").await?;
    page.wait_text("proposals", |text| {
        text.contains("何田") && text.contains(GOOD) && text.contains(POOR)
    })
    .await?;
    count(page, "proposals", 1).await?;
    if with_checker {
        check_looks(page).await?;
    }
    click_in_row(page, GOOD, "proposal-accept").await?;
    page.wait_text("proposals", |text| !text.contains(GOOD))
        .await?;
    click_in_row(page, POOR, "proposal-discard").await?;
    count(page, "proposals", 0).await?;
    page.click("place-content").await?;
    page.wait_text("draft-row", |row| row.contains(GOOD))
        .await?;
    count(page, "draft-row", 1).await
}

/// How many of a thing are to be there.
async fn count(page: &Page, id: &str, wanted: u32) -> Result<()> {
    let script = "return document.querySelectorAll(`[data-testid=\"${arguments[0]}\"]`).length === arguments[1]";
    wait_for(page, script, vec![json!(id), json!(wanted)]).await
}

async fn click_in_row(page: &Page, title: &str, button: &str) -> Result<()> {
    let script = "const row = [...document.querySelectorAll('[data-testid=proposal-row]')]\
        .find(row => row.innerText.includes(arguments[0]));\
        const button = row?.querySelector(`[data-testid=\"${arguments[1]}\"]`);\
        button?.click(); return Boolean(button)";
    wait_for(page, script, vec![json!(title), json!(button)]).await
}
