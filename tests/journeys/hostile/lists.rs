//! Texts as titles, tags, excerpts and names of files that are missing: in the dialog of an import, in
//! its report, in the list of drafts and in that of the tags.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use stoa_tests::page::Page;
use stoa_tests::screens::{ask, wait_for};

use super::payloads::{Payload, lines};
use super::texts::asked;
use super::watch::{nothing_happened, would_be_noticed};
use crate::surface::{Computer, Kind};

const DIALOG: (&str, &str) = ("[data-testid=import-dialog]", "the dialog of an import");
const REPORT: (&str, &str) = ("[data-testid=import-dialog]", "the report of an import");
const LIST: (&str, &str) = ("[data-testid=draft-list]", "the list of drafts");
const TAGS: (&str, &str) = ("[data-testid=tags]", "the tags");
/// Characters of a title, and posts that the dialog shows at most.
const IN_A_TITLE: usize = 190;
const IN_A_FOLDER: usize = 450;
const LOOKS: usize = 400;
const LOOK_EVERY: Duration = Duration::from_millis(150);

/// Goes on through the list, for less time than a driver gives a script, and counts the drafts that
/// were drawn so far.
const SCROLL: &str = r"
    const done = arguments[0];
    const list = document.querySelector('[data-testid=draft-list]');
    const frame = () => new Promise((drawn) => requestAnimationFrame(drawn));
    window.seenDrafts ??= new Set();
    const all = async () => {
        const until = performance.now() + 10000;
        for (let top = window.scrolledTo ?? 0; performance.now() < until; top += Math.max(100, list.clientHeight * 0.8)) {
            if (top >= list.scrollHeight) { window.scrolledTo = 0; break; }
            list.scrollTop = window.scrolledTo = top;
            await frame(); await frame(); await frame();
            for (const row of document.querySelectorAll('[data-testid=draft-row]')) window.seenDrafts.add(row.dataset.draft);
        }
        return window.seenDrafts.size;
    };
    all().then(done, (error) => done(String(error)));";

/// Imports the payloads and looks at every place where something of them is listed.
pub(super) async fn look_at_lists(
    computer: &Computer,
    kind: Kind,
    folder: &Path,
    payloads: &[Payload],
) -> Result<()> {
    let page = computer.page()?;
    let lines = lines(payloads, IN_A_TITLE);
    let before = n_drafts(page).await?;
    for (nth, lines) in lines.chunks(IN_A_FOLDER).enumerate() {
        let notes = folder.join(format!("{nth} <img src=x onerror=alert(1)>"));
        write_notes(&notes, lines)?;
        choose(computer, kind, &notes).await?;
        import(page, lines.len(), nth == 0)
            .await
            .with_context(|| format!("the {nth}th folder of notes"))?;
    }
    let n = n_drafts(page).await?;
    ensure!(n == before + lines.len() as u64, "{n} drafts");
    scroll_through(page, n).await?;
    look_at_tags(page).await
}

/// Each line is a title, an excerpt, a text, the name of a file that is missing, and cut to some
/// tags.
fn write_notes(folder: &Path, lines: &[String]) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    for (n, line) in lines.iter().enumerate() {
        let characters: Vec<char> = line.chars().collect();
        let tags: Vec<String> = characters
            .chunks(38)
            .map(|tag| tag.iter().collect())
            .collect();
        let address = line.replace(['<', '>', '\\'], "");
        let text = format!(
            "---\ntitle: {}\nexcerpt: {}\ntags: {}\n---\n{line}\n\n![a](<{address}.png>)\n",
            json!(line),
            json!(line),
            json!(tags)
        );
        std::fs::write(folder.join(format!("{n:04}.md")), text)?;
    }
    Ok(())
}

/// A page names no folder; the window is given it by a second start of the program.
async fn choose(computer: &Computer, kind: Kind, folder: &Path) -> Result<()> {
    if kind == Kind::Window {
        return computer.open_with(folder);
    }
    let look = json!({ "path": folder.display().to_string(), "is_folder": true });
    asked(computer.page()?, "import.look", look).await?;
    Ok(())
}

async fn import(page: &Page, n: usize, with_controls: bool) -> Result<()> {
    page.see("import-ready").await?;
    let open = "document.querySelector('[data-testid=\"import-problems\"] summary')?.click()";
    page.run(open, vec![]).await?;
    let all_rows = "document.querySelector('[data-testid=import-more]')?.click(); \
        return document.querySelectorAll('[data-testid=import-row]').length >= arguments[0] \
            && document.querySelectorAll('.import-problem').length > 0";
    wait_for(page, all_rows, vec![json!(n)])
        .await
        .context("not all posts and problems are shown")?;
    nothing_happened(page, DIALOG.0, DIALOG.1).await?;
    if with_controls {
        would_be_noticed(page, DIALOG.0, DIALOG.1).await?;
    }
    page.click("import-run").await?;
    for look in 0.. {
        let status = ask(page, "import.get", json!({})).await?;
        if status.is_ok_and(|status| status["stage"] == "ended") {
            break;
        }
        ensure!(look < LOOKS, "the import does not end");
        tokio::time::sleep(LOOK_EVERY).await;
    }
    let has_all = |text: &str| text.replace(',', "").contains(&n.to_string());
    page.wait_text("import-report", has_all).await?;
    nothing_happened(page, REPORT.0, REPORT.1).await?;
    page.click("import-close").await?;
    page.see("draft-row").await?;
    Ok(())
}

async fn n_drafts(page: &Page) -> Result<u64> {
    let listed = asked(page, "draft.list", json!({ "limit": 1 })).await?;
    listed["n_total"].as_u64().context("the drafts are counted")
}

/// A page of rows may be late, and is there when the list is gone through once more.
async fn scroll_through(page: &Page, n: u64) -> Result<()> {
    let mut seen = Value::Null;
    for _ in 0..24 {
        seen = page.client().execute_async(SCROLL, vec![]).await?;
        nothing_happened(page, LIST.0, LIST.1).await?;
        if seen.as_u64().is_some_and(|seen| seen >= n) {
            return would_be_noticed(page, LIST.0, LIST.1).await;
        }
    }
    anyhow::bail!("of {n} drafts in the list {seen} were ever drawn")
}

async fn look_at_tags(page: &Page) -> Result<()> {
    page.click("tags-open").await?;
    page.see("tag-row").await?;
    nothing_happened(page, TAGS.0, TAGS.1).await?;
    would_be_noticed(page, TAGS.0, TAGS.1).await?;
    page.click("tags-back").await?;
    page.see("draft-row").await?;
    Ok(())
}
