//! Exports of other programs are looked at, imported and taken back: in the real window a Ghost
//! export and a folder of 2,000 notes that are opened with Stoa, in a browser a small folder.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use std::time::Duration;

use anyhow::{Result, ensure};
use flate2::read::GzDecoder;
use serde_json::json;
use stoa_tests::page::Page;
use stoa_tests::programs::root;
use stoa_tests::screens::{ask, dress};

use crate::accessibility::{checker, violations};
use crate::first_light::keep_recovery_key;
use crate::surface::{Computer, Kind};

#[tokio::test(flavor = "multi_thread")]
async fn importing_from_another_program_is_offered_in_the_real_window() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut computer = Computer::new(Kind::Window, &folder.path().join("here"))?;
    let page = computer.start().await?;
    begin(page).await?;
    page.click("start-import-open").await?;
    page.see("import-choose-folder").await?;
    page.see("import-choose-file").await?;
    Ok(())
}

/// How often it is looked whether an import has ended, and how many times.
const LOOK_EVERY: Duration = Duration::from_millis(500);
const LOOKS: usize = 240;
/// Notes of the large folder.
const N_NOTES: usize = 2_000;

#[tokio::test(flavor = "multi_thread")]
async fn exports_that_are_opened_with_the_program_come_and_go_in_the_real_window() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let notes = folder.path().join("我的知识库");
    write_notes(&notes)?;
    let ghost = folder.path().join("my-site.ghost.json");
    let packed = File::open(root().join("crates/exchange/tests/data/ghost.json.gz"))?;
    let mut json = Vec::new();
    GzDecoder::new(packed).read_to_end(&mut json)?;
    fs::write(&ghost, json)?;
    let mut computer = Computer::new(Kind::Window, &folder.path().join("here"))?;
    computer.start().await?;
    let result = async {
        begin(computer.page()?).await?;
        for (export, n_posts) in [(&ghost, 60), (&notes, N_NOTES)] {
            computer.open_with(export)?;
            come_and_go(computer.page()?, n_posts).await?;
        }
        anyhow::Ok(())
    };
    let result = result.await;
    if result.is_err() {
        let picture = computer.keep_evidence("importing-window").await?;
        eprintln!("what was to be seen: {}", picture.display());
    }
    result
}

/// Notes in folders, each with fields, a tag and a link to another one.
fn write_notes(folder: &Path) -> Result<()> {
    for n in 0..N_NOTES {
        let place = folder.join(format!("第 {} 卷", n / 200));
        fs::create_dir_all(&place)?;
        let paragraph =
            "社群靠一条条小承诺长大。Members stay for people, not for content.\n\n".repeat(8);
        let next = (n + 1) % N_NOTES;
        let text = format!(
            "---\ntags: [社群, 卷{}]\ncreated: 2024-05-01\n---\n# 笔记 {n}\n\n{paragraph}见 [[笔记 {next}]]。\n",
            n / 200
        );
        fs::write(place.join(format!("笔记 {n}.md")), text)?;
    }
    Ok(())
}

/// Waits for the end of an import, however slow the machine is.
async fn ended(page: &Page) -> Result<()> {
    for _ in 0..LOOKS {
        let status = ask(page, "import.get", json!({})).await?;
        if status.is_ok_and(|status| status["stage"] == "ended") {
            return Ok(());
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    anyhow::bail!("the import does not end")
}

/// Imports what was opened and takes it back: nothing of it is left.
async fn come_and_go(page: &Page, n_posts: usize) -> Result<()> {
    page.see("import-ready").await?;
    let n = n_posts.to_string();
    let has_all = |text: &str| text.replace(',', "").contains(&n);
    page.wait_text("import-counts", has_all).await?;
    page.click("import-run").await?;
    ended(page).await?;
    page.wait_text("import-report", has_all).await?;
    let request = json!({ "limit": 1 });
    let listed = ask(page, "draft.list", request.clone()).await?;
    let listed = listed.map_err(|failure| anyhow::anyhow!("{failure}"))?;
    ensure!(listed["n_total"] == json!(n_posts), "{}", listed["n_total"]);
    page.click("import-undo").await?;
    page.see("drafts-empty").await?;
    let listed = ask(page, "draft.list", request).await?;
    ensure!(listed.is_ok_and(|listed| listed["n_total"] == 0));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_of_notes_is_imported_and_taken_back_in_chromium() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let notes = folder.path().join("我的笔记");
    fs::create_dir(&notes)?;
    for n in 1..=30 {
        let text = format!(
            "---\ntags: [社群]\n---\n第 {n} 篇，见 [[笔记 {}]]。\n",
            n % 30 + 1
        );
        fs::write(notes.join(format!("笔记 {n}.md")), text)?;
    }
    fs::write(notes.join("缺图.md"), "![没有](没有.png)\n")?;
    let mut computer = Computer::new(Kind::Chromium, &folder.path().join("here"))?;
    let page = computer.start().await?;
    let result = async {
        begin(page).await?;
        // A page names no folder; the system's dialog or a drop does.
        let look = json!({ "path": notes.display().to_string(), "is_folder": true });
        let refused = ask(page, "import.look", look).await?.err();
        ensure!(refused.is_none(), "refused: {refused:?}");
        import(page).await
    };
    let result = result.await;
    if result.is_err() {
        let picture = computer.keep_evidence("importing").await?;
        eprintln!("what was to be seen: {}", picture.display());
    }
    result
}

async fn begin(page: &Page) -> Result<()> {
    page.click("first-run-zh").await?;
    page.click("first-run-local").await?;
    page.fill("first-run-name", "我的社群").await?;
    page.click("first-run-create").await?;
    keep_recovery_key(page).await?;
    page.see("drafts-empty").await?;
    Ok(())
}

async fn import(page: &Page) -> Result<()> {
    page.see("import-ready").await?;
    page.wait_text("import-counts", |text| text.contains("31"))
        .await?;
    let open = "document.querySelector('[data-testid=\"import-problems\"] summary').click()";
    page.run(open, vec![]).await?;
    page.wait_text("import-problems", |text| text.contains("不在里面"))
        .await?;
    let axe = checker()?;
    for (theme, language) in [("dark", "en"), ("light", "zh-CN")] {
        dress(page, theme, language).await?;
        let found = violations(page, &axe).await?;
        ensure!(found.is_empty(), "import {theme}: {}", found.join("\n"));
    }
    page.click("import-run").await?;
    page.wait_text("import-report", |text| text.contains("31"))
        .await?;
    page.click("import-undo").await?;
    page.wait_text("toast", |text| text.contains("已撤销"))
        .await?;
    page.see("drafts-empty").await?;
    Ok(())
}
