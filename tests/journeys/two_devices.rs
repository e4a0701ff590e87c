//! Two devices change the same paragraph offline. Both sync; the second is asked, decides
//! paragraph by paragraph, and both versions stay within reach.

use anyhow::{Result, ensure};
use stoa_tests::backend::Backend;
use stoa_tests::page::Page;
use stoa_tests::screens::{dress, press};
use stoa_tests::terminal::Terminal;

use crate::accessibility::{checker, violations};
use crate::first_light::sign_in_on_first_run;
use crate::surface::{Computer, Kind};

const TITLE: &str = "会员定价";
const HEAD: &str = "先说价格，再说权益。";
const BEFORE: &str = "年度会员打九折。";
const ELSEWHERE: &str = "年度会员打七折。";
const ADDED: &str = "仅限本月。";

#[tokio::test(flavor = "multi_thread")]
async fn one_paragraph_of_two_devices_is_decided_in_the_real_window() -> Result<()> {
    journey(Kind::Window).await
}

#[tokio::test(flavor = "multi_thread")]
async fn one_paragraph_of_two_devices_is_decided_in_chromium() -> Result<()> {
    journey(Kind::Chromium).await
}

#[tokio::test(flavor = "multi_thread")]
async fn one_paragraph_of_two_devices_is_decided_in_webkit() -> Result<()> {
    journey(Kind::WebKit).await
}

async fn journey(kind: Kind) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut backend = Backend::start(&folder.path().join("server"))?;
    let elsewhere = Terminal::sign_in(folder.path().join("elsewhere"), &backend)?;
    let mut computer = Computer::new(kind, &folder.path().join("here"))?;
    let result = two_devices(kind, &mut backend, &elsewhere, &mut computer).await;
    if result.is_err() {
        let picture = computer.keep_evidence(&format!("two-{kind:?}")).await?;
        eprintln!("what was to be seen: {}", picture.display());
    }
    result
}

async fn two_devices(
    kind: Kind,
    backend: &mut Backend,
    elsewhere: &Terminal,
    computer: &mut Computer,
) -> Result<()> {
    let draft = elsewhere.write_new(TITLE, &format!("{HEAD}\n\n{BEFORE}"))?;
    elsewhere.run(&["sync"])?;
    let page = computer.start().await?;
    sign_in_on_first_run(page, &backend.url()).await?;
    page.click("draft-row").await?;
    page.wait_text("editor", |text| text.contains(BEFORE))
        .await?;

    apart(page, backend, elsewhere, &draft).await?;
    meet(page, backend, elsewhere).await?;
    // The checker runs in one of the browsers; the page is the same in all.
    decide(page, kind == Kind::Chromium).await?;
    both_are_there(page, elsewhere, &draft).await
}

/// Without a network, each changes the last paragraph.
async fn apart(
    page: &Page,
    backend: &mut Backend,
    elsewhere: &Terminal,
    draft: &str,
) -> Result<()> {
    backend.take_away();
    page.write(ADDED).await?;
    page.wait_text("saved-state", |text| text.contains("已存本机"))
        .await?;
    elsewhere.rewrite(draft, &format!("{HEAD}\n\n{ELSEWHERE}"))?;
    press(page, "Mod+Shift+Y").await?;
    page.wait_text("sync-waiting-row", |row| row.contains(TITLE))
        .await?;
    Ok(())
}

/// The other device arrives first: this one is paused until then.
async fn meet(page: &Page, backend: &mut Backend, elsewhere: &Terminal) -> Result<()> {
    page.click("sync-pause").await?;
    page.wait_text("connection", |text| text.contains("已暂停"))
        .await?;
    backend.bring_back()?;
    elsewhere.run(&["sync"])?;
    page.click("sync-pause").await?;
    page.wait_text("n-conflicts", |text| text.contains('1'))
        .await?;
    page.wait_text("connection", |text| text.contains("冲突"))
        .await?;
    Ok(())
}

async fn decide(page: &Page, with_checker: bool) -> Result<()> {
    page.click("n-conflicts").await?;
    page.wait_text("sync-conflict-row", |row| row.contains(TITLE))
        .await?;
    if with_checker {
        check(page, "conflicts").await?;
    }
    page.click("conflict-review").await?;
    page.wait_text("clash-mine", |text| text.contains(ADDED))
        .await?;
    page.wait_text("clash-theirs", |text| text.contains('七'))
        .await?;
    page.click("choose-both").await?;
    page.wait_text("comparison", |text| text.contains("1/1"))
        .await?;
    if with_checker {
        check(page, "comparison").await?;
    }
    page.click("use-chosen").await?;
    page.see("no-conflicts").await?;
    Ok(())
}

/// Nothing a program can check is wrong for assistive technology, in either theme.
async fn check(page: &Page, name: &str) -> Result<()> {
    let axe = checker()?;
    for theme in ["dark", "light"] {
        dress(page, theme, "zh-CN").await?;
        let found = violations(page, &axe).await?;
        ensure!(found.is_empty(), "{name} {theme}: {}", found.join("\n"));
    }
    Ok(())
}

async fn both_are_there(page: &Page, elsewhere: &Terminal, draft: &str) -> Result<()> {
    page.wait_text("connection", |text| text.contains("已同步"))
        .await?;
    elsewhere.run(&["sync"])?;
    let text = elsewhere.run(&["draft", "show", draft])?.to_string();
    let mine = format!("{BEFORE}{ADDED}");
    ensure!(
        text.contains(&mine) && text.contains(ELSEWHERE),
        "the other device has both paragraphs: {text}"
    );
    page.click("see-versions").await?;
    page.click("save-mine").await?;
    let kept = page
        .wait_text("editor", |text| text.contains(&mine))
        .await?;
    ensure!(
        !kept.contains(ELSEWHERE),
        "the version of this device for itself: {kept}"
    );
    Ok(())
}
