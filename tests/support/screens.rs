//! The screens of the studio and the way to each: for whatever has to be looked at on all of them.

use anyhow::{Context, Result, ensure};
use fantoccini::key::Key;
use serde_json::{Value, json};

use crate::page::Page;

/// The looks of which every screen has to be good: theme and language.
pub const LOOKS: [(&str, &str); 4] = [
    ("light", "zh-CN"),
    ("light", "en"),
    ("dark", "zh-CN"),
    ("dark", "en"),
];

/// One thing a person does on the way to a screen.
#[derive(Debug, Clone, Copy)]
pub enum Step {
    Click(&'static str),
    Fill(&'static str, &'static str),
    /// Gives a list or a field for date and time a value, which drivers type in ways of their own.
    Set(&'static str, &'static str),
    /// A shortcut in the notation of the command registry.
    Shortcut(&'static str),
    /// The real Escape key, where the focus is.
    Escape,
    See(&'static str),
}

/// A screen, the way to it from any other, and what has to be undone afterwards.
#[derive(Debug)]
pub struct Screen {
    pub name: &'static str,
    pub way: &'static [Step],
    pub leave: &'static [Step],
}

const fn screen(name: &'static str, way: &'static [Step], leave: &'static [Step]) -> Screen {
    Screen { name, way, leave }
}

use Step::{Click, Escape, Fill, See, Set, Shortcut};

/// The screens of an open profile that has a draft and an empty bin.
pub const STUDIO: &[Screen] = &[
    screen("draft", &[Click("draft-row"), See("tool-bold")], &[]),
    screen(
        "draft-source",
        &[Click("source-mode"), See("editor")],
        &[Click("source-mode"), See("tool-bold")],
    ),
    screen(
        "publish",
        &[
            Click("draft-publish"),
            Click("access-paid"),
            Click("when-later"),
            See("publish-live-at"),
        ],
        &[Escape],
    ),
    screen(
        "publish-live",
        &[
            Click("draft-publish"),
            Set("publish-kind", "live"),
            Set("publish-starts-at", "2035-01-05T18:00"),
            Click("checks-found"),
            Fill("publish-join-link", "https://meet.example/j/8"),
            Click("recording-none"),
        ],
        &[Escape],
    ),
    screen(
        "publish-search",
        &[
            Click("draft-publish"),
            Click("publish-search"),
            Fill("publish-search-title", "会员定价怎么做：三个数字"),
            Click("publish-search-description"),
        ],
        &[Escape],
    ),
    screen(
        "preview",
        &[Click("preview-button"), See("preview-page")],
        &[Escape],
    ),
    screen(
        "published-none",
        &[Click("shelf-tab-published"), See("shelf-empty")],
        &[Click("shelf-tab-drafts"), See("draft-row")],
    ),
    screen(
        "filters",
        &[
            Click("filters-button"),
            Click("filter-kind-article"),
            See("filter-chip"),
        ],
        &[Click("filters-clear"), Click("filters-button")],
    ),
    screen(
        "marked",
        &[Click("row-check"), See("bulk-n")],
        &[Click("bulk-clear")],
    ),
    screen(
        "save-view",
        &[Click("view-save"), See("view-name")],
        &[Escape],
    ),
    screen(
        "board",
        &[Click("layout-board"), See("board-card")],
        &[Click("layout-board"), See("draft-row")],
    ),
    screen(
        "tags",
        &[Click("tags-open"), See("tags-back")],
        &[Click("tags-back"), See("draft-row")],
    ),
    screen(
        "palette",
        &[Shortcut("Mod+K"), See("palette-option")],
        &[Escape],
    ),
    screen("help", &[Shortcut("Mod+/"), See("help-search")], &[Escape]),
    screen(
        "search-nothing",
        &[Fill("draft-search", "鲸落星图"), See("nothing-found")],
        &[Escape, See("draft-row")],
    ),
    screen("bin-empty", &[Click("place-bin"), See("bin-empty")], &[]),
    screen(
        "sync-waiting",
        &[
            Shortcut("Mod+Shift+Y"),
            Click("sync-tab-waiting"),
            See("sync-now-card"),
        ],
        &[],
    ),
    screen(
        "sync-conflicts",
        &[Click("sync-tab-conflicts"), See("no-conflicts")],
        &[],
    ),
    screen("sync-failed", &[Click("sync-tab-failed")], &[]),
    screen(
        "sync-history",
        &[Click("sync-tab-history"), See("history-export")],
        &[],
    ),
    screen(
        "sync-storage",
        &[Click("sync-tab-storage"), See("storage")],
        &[],
    ),
    screen("settings", &[Shortcut("Mod+,"), See("settings")], &[]),
    screen(
        "bin",
        &[
            Click("place-content"),
            Click("draft-row"),
            Click("draft-bin"),
            Click("place-bin"),
            Click("draft-row"),
            See("draft-restore"),
        ],
        &[],
    ),
    screen(
        "delete-for-good",
        &[Click("draft-delete"), See("delete-word")],
        &[Escape, Click("draft-restore"), Click("place-content")],
    ),
    screen("drafts", &[Click("place-content"), See("draft-row")], &[]),
];

/// Sends a command to the studio as the page's own program does; works in the window and over the
/// loopback host. `Ok(Err)` is the failure with which the studio refused.
pub async fn ask(page: &Page, command: &str, request: Value) -> Result<Result<Value, Value>> {
    let args = vec![json!(command), json!(request.to_string())];
    send(page, args).await
}

/// The same with a request that need not be good JSON.
pub async fn ask_raw(page: &Page, command: &str, request: &str) -> Result<Result<Value, Value>> {
    send(page, vec![json!(command), json!(request)]).await
}

async fn send(page: &Page, args: Vec<Value>) -> Result<Result<Value, Value>> {
    const SEND: &str = r"
        const [name, payload, done] = arguments;
        const read = text => { try { return JSON.parse(text) } catch { return text } };
        const shell = window.__TAURI_INTERNALS__;
        const headers = { 'stoa-token': sessionStorage.getItem('stoa-token'), 'content-type': 'application/json' };
        const answer = shell
            ? shell.invoke('rpc', { name, payload })
            : fetch('/rpc/' + name, { method: 'POST', body: payload, headers })
                .then(async response => { const text = await response.text(); if (response.ok) return text; throw text; });
        answer.then(text => done({ ok: read(text) }), error => done({ refused: read(error) }));";
    let answer = page.client().execute_async(SEND, args).await?;
    match (answer.get("ok"), answer.get("refused")) {
        (Some(reply), _) => Ok(Ok(reply.clone())),
        (None, Some(failure)) => Ok(Err(failure.clone())),
        _ => anyhow::bail!("no answer: {answer}"),
    }
}

/// Gives the studio a theme and a language while it runs, and waits until the page wears them.
pub async fn dress(page: &Page, theme: &str, language: &str) -> Result<()> {
    let wanted = json!({ "theme": theme, "language": language });
    let refused = ask(page, "app.set_preferences", wanted).await?.err();
    ensure!(refused.is_none(), "the looks were refused: {refused:?}");
    wait_for(
        page,
        "const root = document.documentElement; \
         return root.dataset.theme === arguments[0] && root.lang === arguments[1]",
        vec![json!(theme), json!(language)],
    )
    .await
    .with_context(|| format!("the page does not wear {theme} {language}"))?;
    painted(page).await
}

/// Waits until a script is true.
pub async fn wait_for(page: &Page, script: &str, args: Vec<Value>) -> Result<()> {
    for _ in 0..400 {
        if page.run(script, args.clone()).await? == json!(true) {
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    anyhow::bail!("never true: {script}")
}

/// Goes along some steps.
pub async fn go(page: &Page, steps: &[Step]) -> Result<()> {
    for step in steps {
        take(page, step)
            .await
            .with_context(|| format!("{step:?}"))?;
    }
    painted(page).await
}

async fn take(page: &Page, step: &Step) -> Result<()> {
    match *step {
        Click(id) => page.click(id).await?,
        Fill(id, text) => fill(page, id, text).await?,
        Set(id, value) => set(page, id, value).await?,
        Shortcut(keys) => press(page, keys).await?,
        Escape => {
            let focused = page.client().active_element().await?;
            let escape = char::from(Key::Escape).to_string();
            focused.send_keys(&escape).await?;
        }
        See(id) => drop(page.see(id).await?),
    }
    Ok(())
}

async fn set(page: &Page, id: &str, value: &str) -> Result<()> {
    const SET: &str = "const [id, value] = arguments; \
        const field = document.querySelector(`[data-testid=\"${id}\"]`); \
        field.value = value; field.focus(); \
        for (const name of ['input', 'change']) field.dispatchEvent(new Event(name, { bubbles: true }))";
    page.see(id).await?;
    page.run(SET, vec![json!(id), json!(value)]).await?;
    Ok(())
}

/// Types into a field over what is there. WebKit's driver cannot clear a field for searching.
pub async fn fill(page: &Page, id: &str, text: &str) -> Result<()> {
    page.click(id).await?;
    page.run("document.activeElement.select?.()", vec![])
        .await?;
    page.see(id).await?.send_keys(text).await?;
    Ok(())
}

/// Presses a shortcut of the registry on the page.
pub async fn press(page: &Page, shortcut: &str) -> Result<()> {
    let script = "const [key, ctrlKey, shiftKey] = arguments; \
        document.body.dispatchEvent(new KeyboardEvent('keydown', { key, ctrlKey, shiftKey, bubbles: true, cancelable: true }))";
    let (key, command, shift) = parts(shortcut);
    page.run(script, vec![json!(key), json!(command), json!(shift)])
        .await?;
    Ok(())
}

/// The key of a shortcut, and whether `Mod` and Shift are held.
pub fn parts(shortcut: &str) -> (String, bool, bool) {
    let (rest, command) = match shortcut.strip_prefix("Mod+") {
        Some(rest) => (rest, true),
        None => (shortcut, false),
    };
    let (rest, shift) = match rest.strip_prefix("Shift+") {
        Some(rest) => (rest, true),
        None => (rest, false),
    };
    let key = match rest {
        "Up" | "Down" => format!("Arrow{rest}"),
        letter if letter.len() == 1 && !shift => letter.to_ascii_lowercase(),
        other => other.to_owned(),
    };
    (key, command, shift)
}

/// Waits until what was asked for is drawn, fonts included, and nothing is on its way from one
/// colour to another. What turns for ever is not waited for.
pub async fn painted(page: &Page) -> Result<()> {
    let script = "const done = arguments[0]; \
        const frame = () => new Promise(drawn => requestAnimationFrame(drawn)); \
        const settled = () => Promise.allSettled(document.getAnimations() \
            .filter(one => Number.isFinite(one.effect.getComputedTiming().endTime)) \
            .map(one => one.finished)); \
        document.fonts.ready.then(frame).then(frame).then(settled).then(frame) \
            .then(() => setTimeout(() => done(true)))";
    page.client().execute_async(script, vec![]).await?;
    Ok(())
}
