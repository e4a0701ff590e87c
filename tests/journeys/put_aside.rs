//! What leaves this computer only when somebody agrees, and what stays aside when another account
//! takes the place: the brake on mass deletions, and archives.

use std::path::Path;

use anyhow::Result;
use stoa_store::Store;
use stoa_tests::backend::{Backend, EMAIL, PASSWORD};
use stoa_tests::device::{delete_all_but, linked, off_thread, write_drafts};
use stoa_tests::page::Page;
use stoa_tests::terminal::Terminal;
use tokio::runtime::Runtime;

use crate::accessibility::check_looks;
use crate::first_light::{keep_recovery_key, sign_in_on_first_run};
use crate::surface::{Computer, Kind};

const EDITOR: &str = "he@stoa.example";
const OWN: &str = "林未央的开学信";
const N_DRAFTS: usize = 120;
const N_LEFT: usize = 5;

#[tokio::test(flavor = "multi_thread")]
async fn a_mass_deletion_elsewhere_waits_for_a_word_in_the_real_window() -> Result<()> {
    brake(Kind::Window).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mass_deletion_elsewhere_waits_for_a_word_in_chromium() -> Result<()> {
    brake(Kind::Chromium).await
}

#[tokio::test(flavor = "multi_thread")]
async fn another_account_puts_aside_what_comes_back_whole_in_the_real_window() -> Result<()> {
    archive(Kind::Window).await
}

#[tokio::test(flavor = "multi_thread")]
async fn another_account_puts_aside_what_comes_back_whole_in_chromium() -> Result<()> {
    archive(Kind::Chromium).await
}

async fn brake(kind: Kind) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let backend = Backend::start(&folder.path().join("server"))?;
    let (url, other) = (backend.url(), folder.path().join("other"));
    let other = off_thread(move || written(&url, &other)).await?;
    let mut computer = Computer::new(kind, &folder.path().join("here"))?;
    let page = computer.start().await?;
    let result = async {
        sign_in_on_first_run(page, &backend.url()).await?;
        sees_n(page, N_DRAFTS).await?;
        off_thread(move || delete_all_but(&other, N_LEFT)).await?;
        hold_and_agree(page, kind == Kind::Chromium).await
    };
    with_evidence(result.await, &computer, "brake").await
}

/// A device of the same person, with many drafts that the server has.
fn written(url: &str, folder: &Path) -> Result<Store> {
    let store = linked(&Runtime::new()?, (url, EMAIL), folder)?;
    write_drafts(&store, (0..N_DRAFTS).map(|n| format!("第 {n} 课")))?;
    Ok(store)
}

async fn hold_and_agree(page: &Page, with_checker: bool) -> Result<()> {
    page.click("place-sync").await?;
    page.click("held-look").await?;
    page.wait_text("held-dialog", |text| {
        text.contains(&(N_DRAFTS - N_LEFT).to_string()) && text.contains(&N_DRAFTS.to_string())
    })
    .await?;
    if with_checker {
        check_looks(page).await?;
    }
    page.click("held-agree").await?;
    page.click("place-content").await?;
    sees_n(page, N_LEFT).await
}

async fn sees_n(page: &Page, n: usize) -> Result<()> {
    let wanted = format!("{n} 篇");
    page.wait_text("n-drafts", |text| text == wanted).await?;
    Ok(())
}

async fn archive(kind: Kind) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let backend = Backend::start(&folder.path().join("server"))?;
    backend.admit(EDITOR, "何田", "editor")?;
    let other = Terminal::sign_in(folder.path().join("other"), &backend)?;
    other.write_new(OWN, "欢迎回来。")?;
    other.run(&["sync"])?;
    let mut computer = Computer::new(kind, &folder.path().join("here"))?;
    let page = computer.start().await?;
    let result = async {
        sign_in_on_first_run(page, &backend.url()).await?;
        page.wait_text("draft-list", |text| text.contains(OWN))
            .await?;
        change_account(page, kind == Kind::Chromium).await?;
        come_back(page).await
    };
    with_evidence(result.await, &computer, "archive").await
}

/// Signs out and in as somebody else.
async fn change_account(page: &Page, with_checker: bool) -> Result<()> {
    page.click("place-settings").await?;
    page.click("sign-out").await?;
    page.click("sign-out-confirm").await?;
    page.click("connect").await?;
    page.fill("connect-email", EDITOR).await?;
    page.fill("connect-password", PASSWORD).await?;
    page.click("connect-submit").await?;
    page.see("archive-dialog").await?;
    if with_checker {
        check_looks(page).await?;
    }
    page.click("archive-confirm").await?;
    keep_recovery_key(page).await?;
    page.see("draft-new").await?;
    page.click("place-settings").await?;
    // The server is known, so the account is signed in without another word.
    page.see("sign-out").await?;
    page.wait_text("archives", |text| text.contains(EMAIL))
        .await?;
    if with_checker {
        check_looks(page).await?;
    }
    Ok(())
}

/// What was put aside is what it was.
async fn come_back(page: &Page) -> Result<()> {
    page.click("archive-put-back").await?;
    page.see("draft-new").await?;
    page.wait_text("draft-list", |text| text.contains(OWN))
        .await?;
    Ok(())
}

async fn with_evidence(result: Result<()>, computer: &Computer, name: &str) -> Result<()> {
    if result.is_err() {
        let picture = computer.keep_evidence(name).await?;
        eprintln!("what was to be seen: {}", picture.display());
    }
    result
}
