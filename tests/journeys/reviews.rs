//! A draft is handed over for review. The expert works without a network; comments and verdict come
//! to the author in the window. And the other way round: the expert has the window.

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use stoa_tests::backend::{Backend, EMAIL};
use stoa_tests::page::Page;
use stoa_tests::screens::{press, wait_for};
use stoa_tests::terminal::Terminal;

use crate::accessibility::check_looks;
use crate::first_light::sign_in_on_first_run;
use crate::surface::{Computer, Kind};

const OTHER: &str = "he@stoa.example";
const TITLE: &str = "会员定价";
const TEXT: &str = "先说价格，再说权益。年度会员打九折。";
const PASSAGE: &str = "年度会员打九折";
const REMARK: &str = "这个折扣有出处吗？";
const REASON: &str = "折扣的依据要写清楚";

#[tokio::test(flavor = "multi_thread")]
async fn an_experts_offline_review_reaches_the_author_in_the_real_window() -> Result<()> {
    as_author(Kind::Window).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_experts_offline_review_reaches_the_author_in_chromium() -> Result<()> {
    as_author(Kind::Chromium).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expert_reviews_offline_in_the_real_window() -> Result<()> {
    as_expert(Kind::Window).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expert_reviews_offline_in_chromium() -> Result<()> {
    as_expert(Kind::Chromium).await
}

async fn as_author(kind: Kind) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut backend = Backend::start(&folder.path().join("server"))?;
    backend.admit(OTHER, "何田", "expert")?;
    let expert = Terminal::sign_in_as(OTHER, folder.path().join("expert"), &backend)?;
    let mut computer = Computer::new(kind, &folder.path().join("here"))?;
    let page = computer.start().await?;
    let with_checker = kind == Kind::Chromium;
    let result = async {
        sign_in_on_first_run(page, &backend.url()).await?;
        hand_over(page, with_checker).await?;
        review_from_the_terminal(&mut backend, &expert)?;
        read_the_verdict(page, with_checker).await?;
        publish_all_the_same(page).await
    };
    let result = result.await;
    if result.is_err() {
        let picture = computer.keep_evidence(&format!("author-{kind:?}")).await?;
        eprintln!("what was to be seen: {}", picture.display());
    }
    result
}

/// The author writes a draft and asks for a review of it.
async fn hand_over(page: &Page, with_checker: bool) -> Result<()> {
    page.click("draft-new").await?;
    page.fill("draft-title", TITLE).await?;
    page.write(TEXT).await?;
    page.wait_text("saved-state", |text| text.contains("已同步"))
        .await?;
    page.click("review-button").await?;
    page.see("review-none").await?;
    page.click("review-ask").await?;
    page.see("review-reviewer").await?;
    if with_checker {
        check_looks(page).await?;
    }
    page.click("review-send").await?;
    page.wait_text("toast", |text| text.contains("何田"))
        .await?;
    page.wait_text("review-chip", |text| text.contains("审稿中"))
        .await?;
    page.wait_text("shelf-tab-in-review", |text| text.contains('1'))
        .await?;
    page.wait_text("saved-state", |text| text.contains("已同步"))
        .await?;
    Ok(())
}

/// The expert reads, loses the network, and says what there is to say.
fn review_from_the_terminal(backend: &mut Backend, expert: &Terminal) -> Result<()> {
    expert.run(&["sync"])?;
    let found = expert.run(&["review", "list"])?;
    let id = found["drafts"][0]["id"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    ensure!(!id.is_empty(), "nothing to review: {found}");
    backend.take_away();
    let comment = [
        "review", "comment", &id, "--body", REMARK, "--quote", PASSAGE,
    ];
    expert.run(&comment)?;
    expert.run(&["review", "check", &id, "1", "wanting"])?;
    expert.run(&["review", "decide", &id, "changes", "--reason", REASON])?;
    backend.bring_back()?;
    expert.run(&["sync"])?;
    let shown = expert.run(&["review", "show", &id])?;
    let status = &shown["reviews"][0]["status"];
    ensure!(*status == json!("changes_wanted"), "{shown}");
    Ok(())
}

/// What was said stands beside the text, and leads to the words and back.
async fn read_the_verdict(page: &Page, with_checker: bool) -> Result<()> {
    page.wait_text("review-chip", |text| text.contains("要求修改"))
        .await?;
    page.wait_text("review-reason", |text| text.contains(REASON))
        .await?;
    page.wait_text("comment", |text| {
        text.contains(REMARK) && text.contains("何田")
    })
    .await?;
    let marked = "return document.querySelector('.editor-remark')?.innerText.includes(arguments[0]) === true";
    wait_for(page, marked, vec![json!("打九折")]).await?;
    page.click("comment-show").await?;
    let selected = "return String(getSelection()).includes(arguments[0])";
    wait_for(page, selected, vec![json!("打九折")]).await?;
    run(
        page,
        "document.querySelector('.editor-remark').click(); return true",
    )
    .await?;
    let at_comment = "return document.activeElement?.dataset.testid === 'comment'";
    wait_for(page, at_comment, vec![]).await?;
    if with_checker {
        check_looks(page).await?;
    }
    page.click("comment-resolve").await?;
    page.wait_text("n-comments", |text| text.contains("没有未处理"))
        .await?;
    Ok(())
}

/// The author is warned and insists.
async fn publish_all_the_same(page: &Page) -> Result<()> {
    page.click("draft-publish").await?;
    page.wait_text("publish-review", |text| text.contains("要求修改"))
        .await?;
    page.wait_text("publish-confirm", |text| text.contains("仍然发布"))
        .await?;
    page.click("publish-confirm").await?;
    page.wait_text("toast", |text| text.contains("即将发布"))
        .await?;
    Ok(())
}

async fn as_expert(kind: Kind) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut backend = Backend::start(&folder.path().join("server"))?;
    backend.admit(OTHER, "何田", "owner")?;
    backend.set_role(EMAIL, "expert")?;
    let author = Terminal::sign_in_as(OTHER, folder.path().join("author"), &backend)?;
    let draft = author.write_new(TITLE, TEXT)?;
    author.run(&["sync"])?;
    author.run(&[
        "review",
        "request",
        &draft,
        "--reviewer",
        "林未央",
        "--check",
        "折扣有出处",
    ])?;
    author.run(&["sync"])?;
    let mut computer = Computer::new(kind, &folder.path().join("here"))?;
    let page = computer.start().await?;
    let result = async {
        sign_in_on_first_run(page, &backend.url()).await?;
        review_in_the_window(page, &mut backend, kind == Kind::Chromium).await?;
        author_knows(&author, &draft).await
    };
    let result = result.await;
    if result.is_err() {
        let picture = computer.keep_evidence(&format!("expert-{kind:?}")).await?;
        eprintln!("what was to be seen: {}", picture.display());
    }
    result
}

async fn review_in_the_window(
    page: &Page,
    backend: &mut Backend,
    with_checker: bool,
) -> Result<()> {
    page.click("shelf-tab-in-review").await?;
    page.click("draft-row").await?;
    page.wait_text("editor", |text| text.contains(PASSAGE))
        .await?;
    page.wait_text("review-chip", |text| text.contains("等你审稿"))
        .await?;
    backend.take_away();
    select(page, PASSAGE).await?;
    press(page, "Mod+Shift+K").await?;
    page.fill("comment-body", REMARK).await?;
    page.click("comment-save").await?;
    page.wait_text("comment", |text| {
        text.contains(REMARK) && text.contains(PASSAGE)
    })
    .await?;
    page.click("check-wanting-0").await?;
    page.wait_text("check-row", |text| text.contains("有欠缺"))
        .await?;
    if with_checker {
        check_looks(page).await?;
    }
    page.click("verdict-changes").await?;
    page.wait_text("verdict", |text| text.contains("请填写"))
        .await?;
    page.fill("verdict-reason", REASON).await?;
    page.click("verdict-changes").await?;
    page.wait_text("review-stands", |text| text.contains("要求修改"))
        .await?;
    press(page, "Mod+Shift+Y").await?;
    page.wait_text("sync-waiting-row", |row| row.contains(TITLE))
        .await?;
    backend.bring_back()?;
    page.wait_text("connection", |text| text.contains("已同步"))
        .await?;
    Ok(())
}

async fn author_knows(author: &Terminal, draft: &str) -> Result<()> {
    for _ in 0..60 {
        author.run(&["sync"])?;
        let shown = author.run(&["review", "show", draft])?;
        if shown["reviews"][0]["status"] == json!("changes_wanted") {
            ensure!(shown["comments"][0]["body"] == json!(REMARK), "{shown}");
            ensure!(shown["comments"][0]["quote"] == json!(PASSAGE), "{shown}");
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    }
    anyhow::bail!("the verdict has not come")
}

/// Selects words of the text as a person with a mouse does.
async fn select(page: &Page, words: &str) -> Result<()> {
    let script = "const walker = document.createTreeWalker(document.querySelector('.editor-rich'), NodeFilter.SHOW_TEXT);\
        for (let node; (node = walker.nextNode()); ) {\
            const at = node.data.indexOf(arguments[0]);\
            if (at < 0) continue;\
            document.querySelector('.editor-rich').focus();\
            const range = document.createRange();\
            range.setStart(node, at); range.setEnd(node, at + arguments[0].length);\
            getSelection().removeAllRanges(); getSelection().addRange(range);\
            return true;\
        }\
        return false";
    wait_for(page, script, vec![json!(words)]).await
}

async fn run(page: &Page, script: &str) -> Result<Value> {
    page.run(script, vec![]).await
}
