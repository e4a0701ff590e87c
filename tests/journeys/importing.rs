//! A folder of notes is looked at, imported and taken back in a browser; the real window offers it.

use std::fs;

use anyhow::{Result, ensure};
use serde_json::json;
use stoa_tests::page::Page;
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
