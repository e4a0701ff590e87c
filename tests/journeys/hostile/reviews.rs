//! Texts as the words of a review: what is to be checked, notes, comments, the name of who reviews;
//! and a text that went on since, beside what was handed over.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use stoa_tests::backend::Backend;
use stoa_tests::page::Page;
use stoa_tests::screens::wait_for;

use super::payloads::{Payload, lines, payloads, written};
use super::texts::{asked, open, seen, whole_comparison, write};
use super::watch::watch;
use crate::first_light::sign_in_on_first_run;
use crate::surface::{Computer, Kind};

const OTHER: &str = "he@stoa.example";
/// The name of who reviews.
const NAME: &str = "<img src=x onerror=alert(1)>";
const PANEL: (&str, &str) = ("[data-testid=review-panel]", "the panel of a review");
const COMPARED: (&str, &str) = ("[data-testid=compare-review]", "a review's comparison");
/// Characters of a comment, and of all comments of one draft, a little below what may be.
const IN_A_COMMENT: usize = 1_900;
const COMMENTS: usize = 18;
/// Lines that are to be checked, and their characters.
const CHECKS: usize = 30;
const IN_A_CHECK: usize = 190;
const END: &str = "尾声号";

#[tokio::test(flavor = "multi_thread")]
async fn no_word_of_a_review_is_run_or_loads_anything_in_chromium() -> Result<()> {
    journey(Kind::Chromium).await
}

#[tokio::test(flavor = "multi_thread")]
async fn no_word_of_a_review_is_run_or_loads_anything_in_the_real_window() -> Result<()> {
    journey(Kind::Window).await
}

async fn journey(kind: Kind) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let backend = Backend::start(&folder.path().join("server"))?;
    backend.admit(OTHER, NAME, "expert")?;
    let mut computer = Computer::new(kind, &folder.path().join("here"))?;
    let page = computer.start().await?;
    let result = async {
        sign_in_on_first_run(page, &backend.url()).await?;
        watch(page).await?;
        reviews(page, &payloads()?).await
    };
    let result = result.await;
    if result.is_err() {
        let picture = computer
            .keep_evidence(&format!("hostile-review-{kind:?}"))
            .await?;
        eprintln!("what was to be seen: {}", picture.display());
    }
    result
}

/// As many drafts as it takes until every text is in a comment; their texts hold them all as well.
async fn reviews(page: &Page, payloads: &[Payload]) -> Result<()> {
    let comments = lines(payloads, IN_A_COMMENT);
    let n = comments.len().div_ceil(COMMENTS);
    let texts: Vec<&[Payload]> = payloads.chunks(payloads.len().div_ceil(n)).collect();
    for (nth, comments) in comments.chunks(COMMENTS).enumerate() {
        let text = texts.get(nth).copied().unwrap_or_default();
        review(page, nth, comments, text).await.with_context(|| {
            format!("the {nth}th draft in review, texts from {:?}", text.first())
        })?;
    }
    Ok(())
}

async fn review(page: &Page, nth: usize, comments: &[String], text: &[Payload]) -> Result<()> {
    let title = format!("审稿 {nth} <svg/onload=alert(1)>");
    let draft = asked(page, "draft.create", json!({ "title": title })).await?;
    let id = &draft["id"];
    let handed_over = written(text, 1) + END;
    write(page, id, 0, &handed_over).await?;
    let checks = lines(text, IN_A_CHECK);
    let request = json!({
        "id": id,
        "reviewer": reviewer(page, id).await?,
        "checks": checks.into_iter().filter(|check| !check.is_empty()).take(CHECKS).collect::<Vec<_>>(),
        "note": comments.first(),
    });
    asked(page, "review.request", request).await?;
    for comment in comments.iter().map(String::as_str).chain([END]) {
        asked(page, "review.comment", json!({ "id": id, "body": comment })).await?;
    }
    let length = handed_over.encode_utf16().count();
    let changed = handed_over.replace("\n\n", " 改\n\n");
    write(page, id, length, &changed).await?;
    page.click("shelf-tab-in-review").await?;
    open(page, id, &title).await?;
    look_at(page, nth == 0).await
}

/// Who can be asked is known when the community has come from the server.
async fn reviewer(page: &Page, id: &Value) -> Result<Value> {
    for _ in 0..200 {
        let found = asked(page, "review.reviewers", json!({ "id": id })).await?;
        let named = found.as_array().into_iter().flatten();
        if let Some(one) = named.into_iter().find(|one| one["name"] == NAME) {
            return Ok(one["id"].clone());
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    anyhow::bail!("nobody can be asked for a review")
}

async fn look_at(page: &Page, with_controls: bool) -> Result<()> {
    let shown = "if (document.querySelector('[data-testid=review-panel]')) return true; \
        document.querySelector('[data-testid=review-button]')?.click(); return false";
    wait_for(page, shown, vec![]).await?;
    seen(page, PANEL, END, with_controls).await?;
    let comments = page
        .run(
            "return document.querySelectorAll('[data-testid=comment]').length",
            vec![],
        )
        .await?;
    ensure!(comments.as_u64() > Some(1), "{comments} comments");
    page.click("review-compare").await?;
    page.see("compare-review").await?;
    whole_comparison(page, COMPARED.0, END).await?;
    seen(page, COMPARED, END, with_controls).await?;
    let close = "document.querySelector('[data-testid=\"compare-review\"] .dialog-head button').click(); \
        return true";
    page.run(close, vec![]).await?;
    let is_gone = "return !document.querySelector('[data-testid=compare-review]')";
    wait_for(page, is_gone, vec![]).await
}
