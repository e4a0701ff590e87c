//! Texts of drafts: in the editor, as their readers would see them, as source, beside what they were
//! before, and as they are copied for elsewhere.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use stoa_tests::page::Page;
use stoa_tests::screens::{ask, painted, wait_for};

use super::payloads::{Payload, written};
use super::watch::{nothing_happened, trespasses, would_be_noticed};

/// The places where a text is shown, and what they are called in a failure.
const EDITOR: (&str, &str) = ("[data-testid=editor]", "the editor");
const PREVIEW: (&str, &str) = ("[data-testid=preview]", "the preview");
const SOURCE: (&str, &str) = ("[data-testid=editor]", "the source");
pub(super) const VERSIONS: (&str, &str) = ("[data-testid=compared]", "the versions");

/// What stands behind all payloads of a draft, to be sure that they were drawn.
fn end(first: usize) -> String {
    format!("尾声{first}号")
}

/// A draft with payloads, whose version before had the same without a change in each.
#[derive(Debug)]
pub(super) struct Made {
    id: Value,
    title: String,
    end: String,
}

/// Writes a draft, and then every paragraph of it anew.
pub(super) async fn make(page: &Page, payloads: &[Payload], turn: usize) -> Result<Made> {
    let first = payloads.first().map_or(0, |(n, _)| *n);
    let title = format!("敌意 {first} <img src=x onerror=alert(1)>");
    let draft = asked(page, "draft.create", json!({ "title": title })).await?;
    let made = Made {
        id: draft["id"].clone(),
        title,
        end: end(first),
    };
    let text = written(payloads, turn) + &made.end;
    write(page, &made.id, 0, &text).await?;
    let name = json!({ "id": made.id, "name": "<svg/onload=alert(1)>" });
    asked(page, "version.name", name).await?;
    // A word at the end of each paragraph, so that both sides of a comparison hold each of them.
    let changed = text.replace("\n\n", " 改\n\n");
    write(page, &made.id, text.encode_utf16().count(), &changed).await?;
    Ok(made)
}

/// Puts a text in the place of so many code units of a draft.
pub(super) async fn write(page: &Page, id: &Value, delete: usize, text: &str) -> Result<()> {
    let opened = asked(page, "draft.open", json!({ "id": id })).await?;
    let session = &opened["session"];
    let splices = json!([{ "at": 0, "delete": delete, "insert": text }]);
    let edit = json!({ "session": session, "splices": splices });
    asked(page, "draft.edit", edit).await?;
    asked(page, "draft.close", json!({ "session": session })).await?;
    Ok(())
}

/// Chooses a draft in the list, and waits until the editor has it.
pub(super) async fn open(page: &Page, id: &Value, title: &str) -> Result<()> {
    let row = format!("[data-draft=\"{}\"]", id.as_str().unwrap_or_default());
    let script = "const row = document.querySelector(arguments[0]); row?.click(); return !!row";
    wait_for(page, script, vec![json!(row)]).await?;
    let is_shown = "return document.querySelector('[data-testid=\"draft-title\"]')?.value === arguments[0] \
        && !!document.querySelector('[data-testid=\"editor\"]')";
    wait_for(page, is_shown, vec![json!(title)]).await
}

/// Looks at a draft in every place; the first thing that is amiss, and where.
pub(super) async fn look_at(page: &Page, made: &Made, with_controls: bool) -> Result<()> {
    open(page, &made.id, &made.title).await?;
    seen(page, EDITOR, &made.end, with_controls).await?;
    page.click("preview-button").await?;
    // The page is drawn anew for each reader: only a script sees it all the time.
    let is_drawn = "return !!document.querySelector('[data-testid=\"preview-page\"]')";
    until(page, is_drawn, &[]).await?;
    nothing_happened(page, PREVIEW.0, PREVIEW.1).await?;
    page.click("reader-5").await?;
    seen(page, PREVIEW, &made.end, with_controls).await?;
    let close = "document.querySelector('[data-testid=\"preview\"] .dialog-head button').click()";
    page.run(close, vec![]).await?;
    page.click("source-mode").await?;
    painted(page).await?;
    nothing_happened(page, SOURCE.0, SOURCE.1).await?;
    page.click("source-mode").await?;
    page.click("draft-versions").await?;
    page.see("versions").await?;
    whole_comparison(page, VERSIONS.0, &made.end).await?;
    seen(page, VERSIONS, &made.end, with_controls).await?;
    page.click("versions-back").await?;
    page.see("editor").await?;
    Ok(())
}

/// Waits for a comparison, and has all of its rows drawn.
pub(super) async fn whole_comparison(page: &Page, place: &str, end: &str) -> Result<()> {
    let script = "const place = document.querySelector(arguments[0]); \
        const more = place?.querySelector('[data-testid=compare-more]'); more?.click(); \
        return !!place && !more && place.textContent.includes(arguments[1]) && !!place.querySelector('ins')";
    until(page, script, &[json!(place), json!(end)])
        .await
        .context("the comparison was never drawn to its end")
}

/// Waits until the payloads are drawn to the last one, and looks whether anything came of it.
pub(super) async fn seen(
    page: &Page,
    (place, path): (&str, &str),
    end: &str,
    with_controls: bool,
) -> Result<()> {
    let script =
        "return !!document.querySelector(arguments[0])?.textContent.includes(arguments[1])";
    until(page, script, &[json!(place), json!(end)])
        .await
        .with_context(|| format!("{path}: the texts were never drawn to their end"))?;
    nothing_happened(page, place, path).await?;
    if with_controls {
        would_be_noticed(page, place, path).await?;
    }
    Ok(())
}

/// WebKit's driver does not always have an answer while a large page is drawn; it is asked again.
async fn until(page: &Page, script: &str, args: &[Value]) -> Result<()> {
    let mut last = Ok(json!(false));
    for _ in 0..200 {
        last = page.run(script, args.to_vec()).await;
        if matches!(&last, Ok(answer) if *answer == json!(true)) {
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    anyhow::bail!("in vain: {last:?}")
}

/// What is put on the clipboard for a 公众号 and for any page.
pub(super) async fn copies(page: &Page, made: &Made) -> Result<Vec<String>> {
    let mut copies = Vec::new();
    for form in ["we_chat", "page"] {
        let request = json!({ "id": made.id, "form": form, "references": "链接" });
        let copy = asked(page, "draft.copy", request).await?;
        let html = copy["html"].as_str().unwrap_or_default();
        ensure!(html.contains(&made.end), "{form}: the copy ends too early");
        copies.push(html.to_owned());
    }
    Ok(copies)
}

/// Draws copies in a page that has no policy and would run what it is given.
pub(super) async fn draw_copies(page: &Page, copies: &[String]) -> Result<()> {
    let place = "main";
    for (n, html) in copies.iter().enumerate() {
        let draw = "document.querySelector('main').innerHTML = arguments[0]";
        page.run(draw, vec![json!(html)]).await?;
        let found = trespasses(page, place).await?;
        ensure!(found.is_empty(), "the copy {n}: {found:#?}");
    }
    let escape =
        "document.querySelector('main').innerHTML = '<img src=\"/x\" onerror=\"alert(1)\">'";
    page.run(escape, vec![]).await?;
    let ran = "return window.trespasses.includes('ran alert')";
    wait_for(page, ran, vec![])
        .await
        .context("in a page without a policy a handler was not noticed")
}

pub(super) async fn asked(page: &Page, command: &str, payload: Value) -> Result<Value> {
    ask(page, command, payload)
        .await?
        .map_err(|failure| anyhow::anyhow!("{command}: {failure}"))
}
