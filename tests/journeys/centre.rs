//! The sync centre, clicked through: a publication that came too late for what it had seen, one
//! that is changed while it waits, titles in conflict, files, the history and the device's name.

use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use stoa_tests::backend::Backend;
use stoa_tests::page::Page;
use stoa_tests::screens::{ask, press, wait_for};
use stoa_tests::terminal::Terminal;

use crate::accessibility::check_looks;
use crate::first_light::sign_in_on_first_run;
use crate::images::{PNG, paste};
use crate::surface::{Computer, Kind};

const TITLE: &str = "会员定价";
const BEFORE: &str = "年度会员打九折。";
const ELSEWHERE: &str = "年度会员打七折。";
const TITLES: [&str; 5] = ["第一篇", "第二篇", "第三篇", "第四篇", "第五篇"];
/// In the field's own form; 2035-01-05T10:00Z where people are eight hours ahead.
const EVENING: &str = "2035-01-05T18:00";
/// Drivers type into a field for date and time in forms of their own.
const TYPE_TIME: &str = "const [id,text]=arguments;\
    const field=document.querySelector(`[data-testid=\"${id}\"]`);\
    field.value=text;field.dispatchEvent(new Event('input',{bubbles:true}));";
/// Presses a button in the row that holds a text; whether both are there.
const PRESS_IN_ROW: &str = "const [text,id]=arguments;\
    const button=[...document.querySelectorAll(`[data-testid=\"${id}\"]`)]\
    .find(b=>b.closest('li').textContent.includes(text));\
    if(!button||button.disabled)return false;button.focus();button.click();return true;";
const FIRST_TEXT: &str = "return document.querySelector(`[data-testid=\"${arguments[0]}\"]`)\
    ?.textContent.includes(arguments[1])===true";

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_publication_shows_what_changed_and_is_published_again_in_chromium() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut backend = Backend::start(&folder.path().join("server"))?;
    let elsewhere = Terminal::sign_in(folder.path().join("elsewhere"), &backend)?;
    let mut computer = Computer::new(Kind::Chromium, &folder.path().join("here"))?;
    let result = stale(&mut backend, &elsewhere, &mut computer).await;
    if result.is_err() {
        let picture = computer.keep_evidence("centre-stale").await?;
        eprintln!("what was to be seen: {}", picture.display());
    }
    result
}

async fn stale(backend: &mut Backend, elsewhere: &Terminal, computer: &mut Computer) -> Result<()> {
    let draft = elsewhere.write_new(TITLE, BEFORE)?;
    elsewhere.run(&["sync"])?;
    let page = computer.start().await?;
    sign_in_on_first_run(page, &backend.url()).await?;
    hold(page, 30).await?;
    page.click("draft-row").await?;
    page.wait_text("editor", |text| text.contains(BEFORE))
        .await?;
    backend.take_away();
    elsewhere.rewrite(&draft, ELSEWHERE)?;
    page.click("draft-publish").await?;
    page.see("publish-dialog").await?;
    page.click("publish-confirm").await?;
    page.wait_text("state-chip", |text| text.contains("已发布"))
        .await?;
    edit_what_waits(page).await?;
    // The other device arrives first: this one is paused until then.
    page.click("sync-pause").await?;
    backend.bring_back()?;
    elsewhere.run(&["sync"])?;
    page.click("sync-pause").await?;
    page.click("sync-tab-failed").await?;
    page.wait_text("sync-failed-row", |row| row.contains(TITLE))
        .await?;
    page.click("change-compare").await?;
    page.wait_text("changed-since", |text| text.contains("正文"))
        .await?;
    page.wait_text("compared", |text| {
        text.contains('七') && text.contains('九')
    })
    .await?;
    check_looks(page).await?;
    page.click("refused-republish").await?;
    page.see("publish-dialog").await?;
    page.wait_text("republish-lead", |text| text.contains("取代"))
        .await?;
    page.click("publish-confirm").await?;
    page.click("sync-tab-waiting").await?;
    send_now(page).await?;
    page.wait_text("connection", |text| text.contains("已同步"))
        .await?;
    elsewhere.run(&["sync"])?;
    let text = elsewhere.run(&["draft", "show", &draft])?.to_string();
    ensure!(text.contains(ELSEWHERE), "{text}");
    Ok(())
}

/// How long what goes out is held, chosen in the settings.
async fn hold(page: &Page, seconds: u8) -> Result<()> {
    press(page, "Mod+,").await?;
    page.click(&format!("hold-{seconds}")).await?;
    wait_for(
        page,
        "return document.querySelector(`[data-testid=\"${arguments[0]}\"]`)?.checked===true",
        vec![json!(format!("hold-{seconds}"))],
    )
    .await?;
    press(page, "Mod+3").await
}

/// What waits counts down, gets another time, and lets itself be sent at once.
async fn edit_what_waits(page: &Page) -> Result<()> {
    press(page, "Mod+Shift+Y").await?;
    page.click("sync-tab-waiting").await?;
    page.wait_text("change-held", |text| text.contains("秒后发送"))
        .await?;
    check_looks(page).await?;
    page.click("change-edit").await?;
    page.see("publish-dialog").await?;
    page.click("when-later").await?;
    page.run(TYPE_TIME, vec![json!("publish-live-at"), json!(EVENING)])
        .await?;
    page.click("publish-confirm").await?;
    page.wait_text("sync-waiting-row", |row| {
        row.contains(TITLE) && row.contains("2035")
    })
    .await?;
    send_now(page).await?;
    page.wait_text("sync-waiting-row", |row| row.contains("联网后发送"))
        .await?;
    Ok(())
}

async fn send_now(page: &Page) -> Result<()> {
    page.click("change-send-now").await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_part_of_the_centre_does_what_its_buttons_say_in_chromium() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut backend = Backend::start(&folder.path().join("server"))?;
    let elsewhere = Terminal::sign_in(folder.path().join("elsewhere"), &backend)?;
    let mut computer = Computer::new(Kind::Chromium, &folder.path().join("here"))?;
    let result = every_part(&mut backend, &elsewhere, &mut computer).await;
    if result.is_err() {
        let picture = computer.keep_evidence("centre-parts").await?;
        eprintln!("what was to be seen: {}", picture.display());
    }
    result
}

async fn every_part(
    backend: &mut Backend,
    elsewhere: &Terminal,
    computer: &mut Computer,
) -> Result<()> {
    let mut drafts = Vec::new();
    for title in TITLES {
        drafts.push(elsewhere.write_new(title, BEFORE)?);
    }
    elsewhere.run(&["sync"])?;
    let page = computer.start().await?;
    sign_in_on_first_run(page, &backend.url()).await?;
    page.wait_text("draft-row", |row| row.contains("篇"))
        .await?;
    backend.take_away();
    for (draft, title) in drafts.iter().zip(TITLES) {
        let mine = format!("{title}甲");
        answered(page, "draft.rename", json!({ "id": draft, "title": mine })).await?;
        elsewhere.run(&["draft", "rename", draft, "--title", &format!("{title}乙")])?;
    }
    waiting(page).await?;
    page.click("sync-pause").await?;
    backend.bring_back()?;
    elsewhere.run(&["sync"])?;
    page.click("sync-pause").await?;
    conflicts(page).await?;
    elsewhere.run(&["sync"])?;
    let titles = elsewhere.run(&["draft", "list"])?.to_string();
    for title in ["第一篇甲", "第二篇甲", "第三篇乙", "都不要", "第五篇乙"] {
        ensure!(titles.contains(title), "{title}: {titles}");
    }
    files(page).await?;
    history(page).await?;
    device(page).await
}

async fn answered(page: &Page, command: &str, request: Value) -> Result<Value> {
    let answer = ask(page, command, request).await?;
    answer.map_err(|failure| anyhow::anyhow!("{command}: {failure}"))
}

async fn press_in_row(page: &Page, text: &str, button: &str) -> Result<()> {
    wait_for(page, PRESS_IN_ROW, vec![json!(text), json!(button)])
        .await
        .with_context(|| format!("`{button}` of {text}"))
}

/// Kept back and let go, sent first, discarded and put back.
async fn waiting(page: &Page) -> Result<()> {
    press(page, "Mod+Shift+Y").await?;
    page.click("sync-tab-waiting").await?;
    press_in_row(page, "第二篇甲", "change-keep-back").await?;
    kept(page, "第二篇甲", 1).await?;
    press_in_row(page, "第二篇甲", "change-keep-back").await?;
    kept(page, "第二篇甲", 0).await?;
    press_in_row(page, "第三篇甲", "change-first").await?;
    press_in_row(page, "第五篇甲", "change-discard").await?;
    page.wait_text("toast", |text| text.contains("丢弃"))
        .await?;
    n_waiting(page, 4).await?;
    press(page, "Mod+Z").await?;
    n_waiting(page, 5).await?;
    press_in_row(page, "第五篇甲", "change-discard").await?;
    n_waiting(page, 4).await
}

async fn n_waiting(page: &Page, n: usize) -> Result<()> {
    let counted = "return document.querySelectorAll('[data-testid=\"sync-waiting-row\"]').length===arguments[0]";
    wait_for(page, counted, vec![json!(n)]).await
}

/// Whether so many rows about a draft are kept back, by the button's own word.
async fn kept(page: &Page, title: &str, n: usize) -> Result<()> {
    let counted = "return [...document.querySelectorAll('[data-testid=\"sync-waiting-row\"]')]\
        .filter(r=>r.textContent.includes(arguments[0])&&r.querySelector('.chip.warn')).length===arguments[1]";
    wait_for(page, counted, vec![json!(title), json!(n)]).await
}

/// Mine for two that are alike is not wanted: one mine, one theirs, one in third words, then mine
/// for what is left.
async fn conflicts(page: &Page) -> Result<()> {
    page.click("sync-tab-conflicts").await?;
    n_conflicts(page, 4).await?;
    press_in_row(page, "第三篇", "keep-theirs").await?;
    n_conflicts(page, 3).await?;
    press_in_row(page, "第四篇", "write-third").await?;
    page.fill("third-value", "都不要").await?;
    page.click("third-use").await?;
    n_conflicts(page, 2).await?;
    check_looks(page).await?;
    press_in_row(page, "第一篇", "same-for-others").await?;
    press_in_row(page, "第一篇", "keep-mine").await?;
    page.see("no-conflicts").await?;
    page.wait_text("connection", |text| text.contains("已同步"))
        .await?;
    Ok(())
}

async fn n_conflicts(page: &Page, n: usize) -> Result<()> {
    let counted = "return document.querySelectorAll('[data-testid=\"sync-conflict-row\"]').length===arguments[0]";
    wait_for(page, counted, vec![json!(n)])
        .await
        .with_context(|| format!("{n} conflicts"))
}

/// A file waits while files are paused, travels with a limit, is kept here and taken away.
async fn files(page: &Page) -> Result<()> {
    page.click("sync-tab-storage").await?;
    page.click("files-pause").await?;
    page.see("files-resume").await?;
    let draft =
        answered(page, "draft.list", json!({ "limit": 1 })).await?["drafts"][0]["id"].clone();
    ensure!(draft.is_string(), "a draft: {draft}");
    press(page, "Mod+3").await?;
    page.click("draft-row").await?;
    paste(page, &STANDARD.decode(PNG)?, "封面.png", "image/png").await?;
    wait_for(
        page,
        "return !!document.querySelector('.editor-picture')",
        vec![],
    )
    .await?;
    press(page, "Mod+Shift+Y").await?;
    page.click("sync-tab-waiting").await?;
    page.see("sync-waiting-row").await?;
    page.click("sync-tab-storage").await?;
    let limit = "const second=document.querySelectorAll('input[name=\"files-cap\"]')[1];\
        second?.click();return second?.checked===true";
    wait_for(page, limit, vec![])
        .await
        .context("a speed limit")?;
    page.click("files-resume").await?;
    page.see("files-pause").await?;
    page.wait_text("connection", |text| text.contains("已同步"))
        .await?;
    page.click("file-keep").await?;
    wait_for(
        page,
        "return !document.querySelector('[data-testid=\"file-evict\"]')",
        vec![],
    )
    .await?;
    page.click("file-keep").await?;
    page.click("file-evict").await?;
    page.wait_text("toast", |text| text.contains("移除"))
        .await?;
    Ok(())
}

async fn history(page: &Page) -> Result<()> {
    page.click("sync-tab-history").await?;
    page.see("history-undo").await?;
    check_looks(page).await?;
    page.click("history-export").await?;
    page.wait_text("toast", |text| text.contains("已写入"))
        .await?;
    page.click("history-done").await?;
    press_in_row(page, "第一篇甲", "history-undo").await?;
    wait_for(page, FIRST_TEXT, vec![json!("toast"), json!("第一篇")]).await
}

async fn device(page: &Page) -> Result<()> {
    press(page, "Mod+,").await?;
    page.click("device-rename").await?;
    page.fill("device-name", "书房的电脑").await?;
    page.click("device-confirm").await?;
    page.wait_text("devices", |text| text.contains("书房的电脑"))
        .await?;
    Ok(())
}
