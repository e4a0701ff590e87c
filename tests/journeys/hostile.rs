//! Texts that want to be run, in the editor, in its source and in the preview of the real window
//! and of a browser: none of them is, and nothing is loaded from anywhere for them.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use stoa_tests::page::Page;
use stoa_tests::screens::{ask, painted, wait_for};

use crate::surface::{Computer, Kind};

/// So many of them are in one draft.
const TOGETHER: usize = 250;
/// Some that the collection has not, where it is not there.
const OWN: [&str; 6] = [
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "![x](https://evil.example/p.png)",
    "<svg/onload=alert(1)>",
    "https://evil.example/embed",
    "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
];

/// The whole collection in a browser. The engine of the real window ends in the midst of it, after
/// some 750 texts in one sitting, whichever they are; it has those of our own and the first of the
/// collection.
#[tokio::test(flavor = "multi_thread")]
async fn no_text_is_run_or_loads_anything_in_chromium() -> Result<()> {
    journey(Kind::Chromium, payloads()?).await
}

#[tokio::test(flavor = "multi_thread")]
async fn no_text_is_run_or_loads_anything_in_the_real_window() -> Result<()> {
    let mut payloads = payloads()?;
    payloads.truncate(2 * TOGETHER);
    journey(Kind::Window, payloads).await
}

async fn journey(kind: Kind, payloads: Vec<String>) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut computer = Computer::new(kind, &folder.path().join("here"))?;
    let page = computer.start().await?;
    page.click("first-run-zh").await?;
    page.click("first-run-demo").await?;
    page.see("draft-new").await?;
    watch(page).await?;
    let result = look_at_all(page, &payloads).await;
    if result.is_err() {
        let picture = computer.keep_evidence(&format!("hostile-{kind:?}")).await?;
        eprintln!("what was to be seen: {}", picture.display());
    }
    result
}

async fn look_at_all(page: &Page, payloads: &[String]) -> Result<()> {
    for (n, together) in payloads.chunks(TOGETHER).enumerate() {
        look_at(page, n, &written(together))
            .await
            .with_context(|| format!("payloads from {}", n * TOGETHER))?;
    }
    println!("{} texts", payloads.len());
    Ok(())
}

/// The collection beside the project, where it is there, and our own.
fn payloads() -> Result<Vec<String>> {
    let data = std::env::var_os("STOA_DATA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"),
        PathBuf::from,
    );
    let mut payloads: Vec<String> = OWN.map(str::to_owned).into();
    if let Ok(text) = std::fs::read_to_string(data.join("xss-payloads.json")) {
        payloads.extend(serde_json::from_str::<Vec<String>>(&text)?);
    }
    Ok(payloads)
}

/// Each as a paragraph, and in the places of a link, an image and a title.
fn written(payloads: &[String]) -> String {
    let each = payloads.iter().enumerate().map(|(n, payload)| {
        let line = payload.replace(['\n', '\r'], " ");
        match n % 4 {
            0 => format!("{line}\n\n"),
            1 => format!("[词]({line})\n\n"),
            2 => format!("![{line}]({line} \"{line}\")\n\n"),
            _ => format!("> # {line}\n\n"),
        }
    });
    each.collect()
}

/// Counts what is run, what the policy has to stop, and what is asked of other hosts.
async fn watch(page: &Page) -> Result<()> {
    let script = r"
        window.trespasses = [];
        const note = (what) => { if (window.trespasses.length < 20) window.trespasses.push(what); };
        for (const name of ['alert', 'confirm', 'prompt', 'print', 'open'])
            window[name] = () => note(`ran ${name}`);
        document.addEventListener('securitypolicyviolation', (event) =>
            note(`stopped ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
        window.addEventListener('error', (event) => note(`error ${event.message}`));
        new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) {
                const url = new URL(entry.name, location.href);
                if (url.protocol.startsWith('http') && url.host !== location.host && !url.hostname.endsWith('localhost'))
                    note(`asked for ${entry.name}`);
            }
        }).observe({ type: 'resource', buffered: false });";
    page.run(script, vec![]).await?;
    Ok(())
}

/// In the editor, then as its readers would see it, then as source.
async fn look_at(page: &Page, n: usize, text: &str) -> Result<()> {
    let title = format!("敌意 {n} <img src=x onerror=alert(1)>");
    let draft = asked(page, "draft.create", json!({ "title": title })).await?;
    let id = draft["id"].clone();
    let opened = asked(page, "draft.open", json!({ "id": id })).await?;
    let session = opened["session"].clone();
    let splice = json!([{ "at": 0, "delete": 0, "insert": text }]);
    asked(
        page,
        "draft.edit",
        json!({ "session": session, "splices": splice }),
    )
    .await?;
    asked(page, "draft.close", json!({ "session": session })).await?;
    let row = format!("[data-draft=\"{}\"]", id.as_str().unwrap_or_default());
    let script = "const row = document.querySelector(arguments[0]); row?.click(); return !!row";
    wait_for(page, script, vec![json!(row)]).await?;
    let is_shown = "return document.querySelector('[data-testid=\"draft-title\"]')?.value === arguments[0] \
        && !!document.querySelector('[data-testid=\"editor\"]')";
    wait_for(page, is_shown, vec![json!(title)]).await?;
    painted(page).await?;
    page.click("preview-button").await?;
    // The page is drawn anew for each reader: only a script sees it all the time.
    let is_drawn = "return !!document.querySelector('[data-testid=\"preview-page\"]')";
    until_drawn(page, is_drawn).await?;
    painted(page).await?;
    page.click("reader-5").await?;
    until_drawn(page, is_drawn).await?;
    painted(page).await?;
    page.run(
        "document.querySelector('[data-testid=\"preview\"] .dialog-head button').click()",
        vec![],
    )
    .await?;
    page.click("source-mode").await?;
    painted(page).await?;
    page.click("source-mode").await?;
    let trespasses = page.run("return window.trespasses", vec![]).await?;
    ensure!(trespasses == json!([]), "{trespasses}");
    Ok(())
}

/// WebKit's driver does not always have an answer while a large page is drawn; it is asked again.
async fn until_drawn(page: &Page, script: &str) -> Result<()> {
    let mut last = Ok(json!(false));
    for _ in 0..200 {
        last = page.run(script, vec![]).await;
        if matches!(&last, Ok(answer) if *answer == json!(true)) {
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    anyhow::bail!("the preview was never drawn: {last:?}")
}

async fn asked(page: &Page, command: &str, payload: Value) -> Result<Value> {
    ask(page, command, payload)
        .await?
        .map_err(|failure| anyhow::anyhow!("{command}: {failure}"))
}
