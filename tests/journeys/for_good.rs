//! What cannot be taken back: a lost computer is wiped from afar, a draft is deleted for good, and a
//! backup takes the place of the database. Each is asked for in the window; wipe and deletion are
//! checked from another computer.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use stoa_tests::backend::{Backend, PASSWORD};
use stoa_tests::page::Page;
use stoa_tests::terminal::Terminal;

use crate::accessibility::check_looks;
use crate::first_light::sign_in_on_first_run;
use crate::surface::{Computer, Kind};

const KEPT: &str = "每月的读书会";
const DELETED: &str = "不该留着的草稿";
const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_taken_back_is_done_in_the_real_window() -> Result<()> {
    journey(Kind::Window).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_taken_back_is_done_in_chromium() -> Result<()> {
    journey(Kind::Chromium).await
}

async fn journey(kind: Kind) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let backend = Backend::start(&folder.path().join("server"))?;
    let lost = Terminal::sign_in(folder.path().join("lost"), &backend)?;
    let other = Terminal::sign_in(folder.path().join("other"), &backend)?;
    other.write_new(KEPT, "这个月读一本旧书。")?;
    let deleted = other.write_new(DELETED, "删掉以后，哪里都不该再有。")?;
    other.run(&["sync"])?;
    lost.run(&["sync"])?;
    let mut computer = Computer::new(kind, &folder.path().join("here"))?;
    let page = computer.start().await?;
    sign_in_on_first_run(page, &backend.url()).await?;
    let with_checker = kind == Kind::Chromium;
    let result = async {
        wipe(page, &lost, with_checker).await?;
        delete(page, (&other, &deleted), with_checker).await?;
        restore(page, with_checker).await
    };
    let result = result.await;
    if result.is_err() {
        let picture = computer
            .keep_evidence(&format!("for-good-{kind:?}"))
            .await?;
        eprintln!("what was to be seen: {}", picture.display());
    }
    result
}

/// The computer that signed in first is lost.
async fn wipe(page: &Page, lost: &Terminal, with_checker: bool) -> Result<()> {
    page.click("place-settings").await?;
    page.see("device-wipe").await?;
    let script = "const rows = [...document.querySelectorAll('[data-testid=device-wipe]')];\
        rows[rows.length - 1].click(); return rows.length";
    let n_others = page.run(script, vec![]).await?;
    ensure!(n_others == 2, "this computer is not offered: {n_others}");
    page.see("device-dialog").await?;
    if with_checker {
        check_looks(page).await?;
    }
    has_focus(page, "device-password").await?;
    page.fill("device-password", PASSWORD).await?;
    page.click("device-confirm").await?;
    page.wait_text("devices", |text| text.contains("等待清除"))
        .await?;
    ensure!(lost.run(&["sync"]).is_err(), "it obeys at its next contact");
    ensure!(
        lost.run(&["draft", "list"]).is_err(),
        "nothing is left of it"
    );
    page.click("place-content").await?;
    page.click("place-settings").await?;
    page.wait_text("devices", |text| text.contains("已清除"))
        .await?;
    Ok(())
}

/// A draft goes from the bin, from the server and from the other computer.
async fn delete(page: &Page, (other, draft): (&Terminal, &str), with_checker: bool) -> Result<()> {
    page.click("place-content").await?;
    click_row(page, DELETED).await?;
    page.click("draft-bin").await?;
    page.wait_text("draft-list", |text| !text.contains(DELETED))
        .await?;
    page.click("place-bin").await?;
    click_row(page, DELETED).await?;
    page.click("draft-delete").await?;
    page.see("delete-dialog").await?;
    if with_checker {
        check_looks(page).await?;
    }
    has_focus(page, "delete-word").await?;
    page.fill("delete-word", "删除").await?;
    page.click("delete-confirm").await?;
    let begun = Instant::now();
    loop {
        other.run(&["sync"])?;
        let titles = other.run(&["draft", "list"])?.to_string();
        ensure!(titles.contains(KEPT), "the other one stays: {titles}");
        if other.run(&["draft", "show", draft]).is_err() {
            return Ok(());
        }
        ensure!(begun.elapsed() < PATIENCE, "it is still there");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

/// A backup takes the place of the database, which is put aside.
async fn restore(page: &Page, with_checker: bool) -> Result<()> {
    page.click("place-sync").await?;
    page.click("sync-tab-storage").await?;
    page.click("backup-now").await?;
    page.click("restore-backup").await?;
    page.see("restore-dialog").await?;
    if with_checker {
        check_looks(page).await?;
    }
    has_focus(page, "restore-word").await?;
    page.fill("restore-word", "恢复").await?;
    page.click("restore-agree").await?;
    // One is where one was, and sees what was put aside.
    page.wait_text("storage", |text| text.contains("replaced"))
        .await?;
    page.click("place-content").await?;
    page.wait_text("draft-list", |text| {
        text.contains(KEPT) && !text.contains(DELETED)
    })
    .await?;
    Ok(())
}

/// Whoever opens a dialog can type at once.
async fn has_focus(page: &Page, id: &str) -> Result<()> {
    let script = "return document.activeElement?.dataset.testid === arguments[0]";
    stoa_tests::screens::wait_for(page, script, vec![serde_json::json!(id)]).await
}

async fn click_row(page: &Page, title: &str) -> Result<()> {
    let script = "const row = [...document.querySelectorAll('[data-testid=draft-row]')]\
        .find(row => row.innerText.includes(arguments[0])); row?.click(); return Boolean(row)";
    stoa_tests::screens::wait_for(page, script, vec![serde_json::json!(title)]).await
}
