//! Input that nobody expects: each has one clear message or is taken as it can be, and nothing that
//! was there before is lost.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use stoa_domain::MAX_BODY_BYTES;
use stoa_tests::driver::{Driver, chromium_capabilities};
use stoa_tests::host::Host;
use stoa_tests::page::Page;
use stoa_tests::screens::{ask, ask_raw, wait_for};

const MEBIBYTE: usize = 1024 * 1024;
const BEFORE: &str = "这一句在前。";

/// A browser on a studio with the example community, which needs no keyring.
struct Desk {
    page: Page,
    host: Host,
    _driver: Driver,
}

impl Desk {
    async fn open(folder: &Path) -> Result<Self> {
        let host = Host::start(&folder.join("data"), &[])?;
        let driver = Driver::chromium().await?;
        let client = driver
            .session(chromium_capabilities(&folder.join("browser")))
            .await?;
        client.goto(host.url()).await?;
        Ok(Self {
            page: Page::new(client),
            host,
            _driver: driver,
        })
    }

    async fn first_run(&self) -> Result<()> {
        self.page.click("first-run-zh").await?;
        self.page.click("first-run-demo").await?;
        self.page.see("demo-strip").await?;
        Ok(())
    }

    /// Makes a draft in the page with one sentence in it, and tells which it is.
    async fn draft(&self, title: &str) -> Result<Value> {
        self.page.click("draft-new").await?;
        self.page.wait_text("draft-title", str::is_empty).await?;
        self.page.fill("draft-title", title).await?;
        wait_for(
            &self.page,
            "return document.querySelector('[data-testid=draft-row][aria-selected=true]')?.innerText.includes(arguments[0]) ?? false",
            vec![json!(title)],
        )
        .await?;
        self.page.write(BEFORE).await?;
        let id = self
            .page
            .run("return document.querySelector('[data-testid=draft-row][aria-selected=true]').dataset.draft", vec![])
            .await?;
        self.stored(&id, |text| text == BEFORE).await?;
        Ok(id)
    }

    async fn ask(&self, command: &str, request: Value) -> Result<Value> {
        let answer = ask(&self.page, command, request).await?;
        answer.map_err(|failure| anyhow::anyhow!("{command}: {failure}"))
    }

    async fn refused(&self, command: &str, request: Value) -> Result<Value> {
        let answer = ask(&self.page, command, request).await?;
        answer
            .err()
            .with_context(|| format!("{command} was not refused"))
    }

    /// Waits until the text on disk is as wanted.
    async fn stored(&self, id: &Value, wanted: impl Fn(&str) -> bool) -> Result<()> {
        let mut last = Value::Null;
        for _ in 0..300 {
            let opened = self.ask("draft.open", json!({ "id": id })).await?;
            self.ask("draft.close", json!({ "session": opened["session"] }))
                .await?;
            last = opened["markdown"].clone();
            if last.as_str().is_some_and(&wanted) {
                return Ok(());
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        let text = last.as_str().unwrap_or_default();
        let start: String = text.chars().take(80).collect();
        anyhow::bail!("{} bytes are stored: {start}", text.len())
    }

    /// Pastes at the end of the open text.
    async fn paste(&self, text: &str) -> Result<()> {
        self.paste_script("arguments[0]", vec![json!(text)]).await
    }

    /// The same with a text that only a script can have.
    async fn paste_script(&self, text: &str, args: Vec<Value>) -> Result<()> {
        let surface = "[data-testid=editor] [contenteditable=true]";
        let there = format!("return Boolean(document.querySelector('{surface}'))");
        wait_for(&self.page, &there, vec![]).await?;
        let script = format!(
            "const text = {text}; const surface = document.querySelector('{surface}'); \
             surface.focus(); \
             getSelection().selectAllChildren(surface); getSelection().collapseToEnd(); \
             const clipboardData = new DataTransfer(); clipboardData.setData('text/plain', text); \
             surface.dispatchEvent(new ClipboardEvent('paste', {{ clipboardData, bubbles: true, cancelable: true }}));"
        );
        self.page.run(&script, args).await?;
        Ok(())
    }

    async fn n_messages(&self) -> Result<Value> {
        let script = "return document.querySelectorAll('[role=alert],[data-testid=toast]').length";
        self.page.run(script, vec![]).await
    }
}

/// Chinese in paragraphs, at most so many bytes, with a beginning and an end of their own.
fn long_text(bytes: usize) -> String {
    let paragraph = "知识付费不是卖焦虑，而是替读者省下时间。".repeat(8) + "\n\n";
    let ends = "起点。终点。".len();
    let n = (bytes - ends) / paragraph.len();
    format!("起点。{}终点。", paragraph.repeat(n))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paste_of_a_mebibyte_is_kept_whole_through_a_kill_and_a_larger_one_is_refused()
-> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut desk = Desk::open(folder.path()).await?;
    desk.first_run().await?;
    let id = desk.draft("一兆字节").await?;
    desk.paste(&(long_text(MEBIBYTE) + &"满".repeat(200)))
        .await?;
    desk.page.see("toast").await?;
    ensure!(desk.n_messages().await? == json!(1), "one message");
    desk.stored(&id, |text| text == BEFORE).await?;

    desk.paste(&long_text(MEBIBYTE)).await?;
    let whole = |text: &str| {
        text.len() > 1_000_000
            && text.starts_with(BEFORE)
            && text.contains("起点。")
            && text.trim_end().ends_with("终点。")
    };
    desk.stored(&id, whole).await?;
    desk.host.kill();
    desk.page.close().await?;

    let desk = Desk::open(folder.path()).await?;
    desk.page.see("draft-row").await?;
    desk.stored(&id, whole).await?;
    desk.page.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_fits_is_refused_with_one_message_and_the_text_before_stays() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let desk = Desk::open(folder.path()).await?;
    desk.first_run().await?;
    let made = desk
        .ask("draft.create", json!({ "title": "放不下" }))
        .await?;
    let id = &made["id"];
    let opened = desk.ask("draft.open", json!({ "id": id })).await?;
    let session = &opened["session"];
    let edit = |insert: &str| json!({ "session": session, "splices": [{ "at": 0, "delete": 0, "insert": insert }] });
    desk.ask("draft.edit", edit(BEFORE)).await?;
    let failure = desk
        .refused("draft.edit", edit(&"字".repeat(MAX_BODY_BYTES / 3)))
        .await?;
    ensure!(failure["code"] == "too_large", "{failure}");
    desk.stored(id, |text| text == BEFORE).await?;
    // The session goes on, up to what fits.
    let most = long_text(MAX_BODY_BYTES - MEBIBYTE / 2);
    desk.ask("draft.edit", edit(&most)).await?;
    let before = format!("{most}{BEFORE}");
    desk.stored(id, |text| text == before).await?;

    desk.page.click("draft-row").await?;
    desk.page
        .wait_text("draft-title", |title| title == "放不下")
        .await?;
    desk.paste(&format!("{}尽头。", long_text(MEBIBYTE - 100)))
        .await?;
    desk.page.see("failure-too_large").await?;
    ensure!(desk.n_messages().await? == json!(1), "one message");
    let shown =
        "return document.querySelector('[data-testid=editor]').innerText.includes('尽头。')";
    wait_for(&desk.page, shown, vec![])
        .await
        .context("what was pasted is still in the window")?;
    desk.stored(id, |text| text == before).await?;
    desk.page.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn nul_and_half_characters_never_get_into_title_or_text() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let desk = Desk::open(folder.path()).await?;
    desk.first_run().await?;
    let id = desk.draft("半个字").await?;

    // Typed by a script, as a broken extension or input method would.
    desk.page
        .run(
            r"const field = document.querySelector('[data-testid=draft-title]');
            field.focus(); field.value = '半\uD83D个\u0000字';
            field.dispatchEvent(new InputEvent('input', { bubbles: true }));",
            vec![],
        )
        .await?;
    let title = "半\u{FFFD}个字";
    wait_for(
        &desk.page,
        "return [...document.querySelectorAll('[data-testid=draft-row]')].some(row => row.innerText.includes(arguments[0]))",
        vec![json!(title)],
    )
    .await?;
    desk.paste_script(r"'甲\u0000乙\uDE00丙'", vec![]).await?;
    desk.stored(&id, |text| {
        text.starts_with(BEFORE) && text.contains("甲乙\u{FFFD}丙")
    })
    .await?;
    ensure!(
        desk.n_messages().await? == json!(0),
        "what can be put right needs no message"
    );

    let renamed = desk
        .ask("draft.rename", json!({ "id": id, "title": "空\0字" }))
        .await?;
    ensure!(renamed["title"] == "空字", "{renamed}");
    let half = format!(r#"{{"id":{id},"title":"\ud83d"}}"#);
    let answer = ask_raw(&desk.page, "draft.rename", &half).await?;
    let failure = answer.err().context("half a character in JSON was taken")?;
    ensure!(failure["code"] == "invalid_input", "{failure}");
    let list = desk
        .ask("draft.list", json!({ "query": "空字", "limit": 5 }))
        .await?;
    ensure!(
        list["drafts"][0]["id"] == id,
        "the draft is what it was: {list}"
    );
    desk.page.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_title_that_is_too_long_blames_one_field_and_the_old_title_stays() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let desk = Desk::open(folder.path()).await?;
    desk.first_run().await?;
    let id = desk.draft("短").await?;
    let long = "长".repeat(201);
    for (command, request) in [
        ("draft.rename", json!({ "id": id, "title": long })),
        ("draft.create", json!({ "title": long })),
        ("draft.duplicate", json!({ "id": id, "title": long })),
    ] {
        let failure = desk.refused(command, request).await?;
        ensure!(failure["code"] == "invalid_input", "{command}: {failure}");
        let fields = failure["fields"].as_array().map(Vec::len);
        ensure!(
            fields == Some(1) && failure["fields"][0]["field"] == "title",
            "{command}: {failure}"
        );
        ensure!(
            !failure.to_string().contains('长'),
            "{command}: the message quotes what was typed"
        );
    }
    let list = desk
        .ask("draft.list", json!({ "query": "短", "limit": 5 }))
        .await?;
    ensure!(list["drafts"][0]["title"] == "短", "{list}");
    // The page lets nobody type that far.
    desk.page.fill("draft-title", &long).await?;
    desk.page
        .wait_text("draft-title", |title| title == "长".repeat(200))
        .await?;
    ensure!(
        desk.n_messages().await? == json!(0),
        "200 characters are fine"
    );
    desk.page.close().await
}
