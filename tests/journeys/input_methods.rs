//! While an input method composes, no key means anything to the studio: no command, no submit, no
//! choice in a list, in no field, in whichever order a browser tells of the last key and of the end
//! of composing. Afterwards the same keys work.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use stoa_ipc::commands;
use stoa_tests::display::Display;
use stoa_tests::driver::{Driver, chromium_capabilities, minibrowser_capabilities};
use stoa_tests::host::Host;
use stoa_tests::keyring::Bus;
use stoa_tests::page::Page;
use stoa_tests::screens::{Step, ask, fill, go, painted, parts, press, wait_for};

use crate::first_light::keep_recovery_key;

const PASSPHRASE: &str = "a passphrase for 这台电脑";

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_triggered_while_composing_in_chromium() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let driver = Driver::chromium().await?;
    let capabilities = chromium_capabilities(&folder.path().join("browser"));
    in_every_field(folder.path(), &driver, capabilities, "chromium").await
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_triggered_while_composing_in_webkit() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let display = Display::start()?;
    let driver = Driver::webkit(display.name(), &[]).await?;
    in_every_field(folder.path(), &driver, minibrowser_capabilities(), "webkit").await
}

async fn in_every_field(
    folder: &Path,
    driver: &Driver,
    capabilities: Value,
    name: &str,
) -> Result<()> {
    // Without a keyring the fields for passphrases are on the way.
    let bus = Bus::without_keyring(&folder.join("home"))?;
    let host = Host::start(&folder.join("data"), &bus.env())?;
    let client = driver.session(capabilities).await?;
    client.goto(host.url()).await?;
    let page = Page::new(client);
    let result = walk(&page).await;
    if result.is_err() {
        let picture = std::env::temp_dir().join(format!("stoa-journey-composing-{name}.png"));
        std::fs::write(&picture, page.client().screenshot().await?)?;
        eprintln!("what was to be seen: {}", picture.display());
    }
    page.close().await?;
    result
}

async fn walk(page: &Page) -> Result<()> {
    page.run(WATCH, vec![]).await?;
    first_run(page).await?;
    studio(page).await?;
    keys_of_the_list(page).await?;
    keys_of_the_fields(page).await?;
    locked(page).await
}

async fn first_run(page: &Page) -> Result<()> {
    use Step::{Click, Fill};
    let first_run = [
        Click("first-run-zh"),
        Click("first-run-connect"),
        Fill("connect-url", "stoa.example"),
        Fill("connect-email", "lin@stoa.example"),
        Fill("connect-password", "x"),
    ];
    go(page, &first_run).await?;
    check(page, &["connect-url", "connect-email", "connect-password"]).await?;
    go(
        page,
        &[
            Click("first-run-back"),
            Click("first-run-local"),
            Fill("first-run-name", "知行社"),
        ],
    )
    .await?;
    check(page, &["first-run-name"]).await?;
    page.click("first-run-create").await?;
    page.fill("first-run-passphrase", PASSPHRASE).await?;
    check(page, &["first-run-passphrase"]).await?;
    page.click("first-run-create").await?;
    page.see("recovery-group").await?;
    check(page, &["recovery-group"]).await?;
    keep_recovery_key(page).await
}

async fn studio(page: &Page) -> Result<()> {
    use Step::{Click, See, Shortcut};
    for title in ["第一篇", "第二篇"] {
        page.click("draft-new").await?;
        page.wait_text("draft-title", str::is_empty).await?;
        page.fill("draft-title", title).await?;
        wait_for(page, HAS_ROW, vec![json!(title)]).await?;
    }
    page.write("写作先于一切。").await?;
    check(page, &["draft-search", "draft-title", "editor"]).await?;
    go(page, &[Click("source-mode"), See("editor")]).await?;
    wait_for(
        page,
        "return !document.querySelector('[data-testid=tool-bold]')",
        vec![],
    )
    .await?;
    check(page, &["editor"]).await?;
    go(page, &[Click("source-mode"), See("tool-bold")]).await?;
    go(page, &[Shortcut("Mod+K"), See("palette-option")]).await?;
    check(page, &["palette-input"]).await?;
    go(page, &[Step::Escape, Shortcut("Mod+/"), See("help-search")]).await?;
    check(page, &["help-search"]).await?;
    go(
        page,
        &[
            Step::Escape,
            Shortcut("Mod+,"),
            Click("passphrase"),
            See("passphrase-new"),
        ],
    )
    .await?;
    check(page, &["passphrase-new", "passphrase-again"]).await?;
    go(
        page,
        &[Step::Escape, Click("place-content"), See("draft-row")],
    )
    .await?;
    Ok(())
}

/// Every key of every command, and those that fields, lists and forms know.
fn keys() -> Value {
    let registry = commands().iter().flat_map(|command| command.keys);
    let single = |key: &str| json!({ "key": key });
    let mut keys: Vec<Value> = registry
        .flat_map(|shortcut| {
            let single = shortcut.0.split(' ').collect::<Vec<_>>();
            single.into_iter().map(|text| {
                let (key, command, shift) = parts(text);
                json!({ "key": key, "ctrlKey": command, "shiftKey": shift })
            })
        })
        .collect();
    keys.extend(
        [
            "Enter",
            "Escape",
            " ",
            "Tab",
            "j",
            "k",
            "x",
            "J",
            "ArrowRight",
            "Home",
            "PageDown",
        ]
        .map(single),
    );
    Value::Array(keys)
}

/// Composes in some fields of the screen: nothing happens; then the window's keys work again.
async fn check(page: &Page, fields: &[&str]) -> Result<()> {
    for field in fields {
        let before = outcome(page, field).await?;
        let acted = page
            .run(&script(COMPOSE), vec![json!(field), keys()])
            .await?;
        // The editor takes the late Enter away, so that it does not break the line.
        let kept_from_text = *field == "editor" && acted == json!(["Enter"]);
        ensure!(
            acted == json!([]) || kept_from_text,
            "`{field}`: while composing these were taken: {acted}"
        );
        painted(page).await?;
        let after = outcome(page, field).await?;
        ensure!(
            before == after,
            "`{field}`: composing changed\n{before}\nto\n{after}"
        );
        letters(page, field).await?;
        composed_long_ago(page).await?;
        for (keys, zoom) in [("=", 110), ("0", 100)] {
            let key = json!([{ "key": keys, "ctrlKey": true }]);
            let acted = page.run(&script(PRESS), vec![json!(field), key]).await?;
            ensure!(
                acted == json!([keys]),
                "`{field}`: Ctrl+{keys} is dead after composing"
            );
            zoomed(page, zoom)
                .await
                .with_context(|| format!("Ctrl+{keys} in `{field}`"))?;
        }
    }
    Ok(())
}

/// The letters that lead through a list are only letters in a field.
async fn letters(page: &Page, field: &str) -> Result<()> {
    let letters = json!([{ "key": "j" }, { "key": "k" }, { "key": "x" }, { "key": "g" }, { "key": "s" }, { "key": "/" }]);
    let before = outcome(page, field).await?;
    let acted = page
        .run(&script(PRESS), vec![json!(field), letters])
        .await?;
    // The slash is the source's and the rich text's own; no command takes it either.
    ensure!(acted == json!([]), "`{field}` lost its letters {acted}");
    painted(page).await?;
    let after = outcome(page, field).await?;
    ensure!(
        before == after,
        "`{field}`: letters changed\n{before}\nto\n{after}"
    );
    Ok(())
}

/// A list takes J and K, unless an input method has them.
async fn keys_of_the_list(page: &Page) -> Result<()> {
    page.click("draft-row").await?;
    let before = chosen(page).await?;
    let acted = page
        .run(&script(COMPOSE), vec![json!("draft-list"), keys()])
        .await?;
    ensure!(
        acted == json!([]),
        "the list took {acted} from the input method"
    );
    painted(page).await?;
    ensure!(chosen(page).await? == before, "composing moved the list");
    composed_long_ago(page).await?;
    let acted = page
        .run(
            &script(PRESS),
            vec![json!("draft-list"), json!([{ "key": "j" }])],
        )
        .await?;
    ensure!(acted == json!(["j"]), "J is dead in the list: {acted}");
    wait_for(
        page,
        &format!("return ({CHOSEN}) !== arguments[0]"),
        vec![before],
    )
    .await
}

/// What Enter and Escape are for, where they are for something.
async fn keys_of_the_fields(page: &Page) -> Result<()> {
    let enter = json!([{ "key": "Enter" }]);
    // The draft that was chosen last is the one that is open now.
    let is_open = "const title = document.querySelector('[data-testid=\"draft-title\"]');\
         const row = document.querySelector('[data-testid=\"draft-row\"][aria-selected=\"true\"]');\
         const text = document.querySelector('[data-testid=\"editor\"] [contenteditable=\"true\"]');\
         return Boolean(title && row && text) && row.innerText.startsWith(title.value)";
    wait_for(page, is_open, vec![])
        .await
        .context("the chosen draft is open")?;
    page.click("draft-title").await?;
    page.run(&script(PRESS), vec![json!("draft-title"), enter.clone()])
        .await?;
    let in_text = "return document.activeElement?.isContentEditable === true";
    wait_for(page, in_text, vec![])
        .await
        .context("Enter leads from the title to the text")?;

    fill(page, "draft-search", "第一").await?;
    page.run(
        &script(PRESS),
        vec![json!("draft-search"), json!([{ "key": "Escape" }])],
    )
    .await?;
    page.wait_text("draft-search", str::is_empty).await?;

    page.run(
        &script(PRESS),
        vec![json!("draft-list"), json!([{ "key": "F2" }])],
    )
    .await?;
    page.see("draft-rename").await?;
    check(page, &["draft-rename"]).await?;
    fill(page, "draft-rename", "改了名").await?;
    page.run(&script(PRESS), vec![json!("draft-rename"), enter.clone()])
        .await?;
    wait_for(page, HAS_ROW, vec![json!("改了名")]).await?;

    press(page, "Mod+K").await?;
    page.see("palette-option").await?;
    fill(page, "palette-input", "设置").await?;
    painted(page).await?;
    page.run(&script(PRESS), vec![json!("palette-input"), enter])
        .await?;
    page.see("settings").await?;
    Ok(())
}

async fn locked(page: &Page) -> Result<()> {
    let demo = json!({ "kind": "demo", "name": "", "passphrase": null });
    let made = ask(page, "profile.create", demo).await?;
    let made = made.map_err(|failure| anyhow::anyhow!("no demo: {failure}"))?;
    let profiles = made["state"]["profiles"]
        .as_array()
        .context("a list of profiles")?;
    let local = profiles.iter().find(|profile| profile["kind"] == "local");
    let id = local.context("the local profile")?["id"].clone();
    // The answer is the stage, whichever it is; the page tells which.
    let _ = ask(page, "profile.open", json!({ "id": id })).await?;
    page.see("unlock-keychain").await?;
    check(page, &["unlock-passphrase", "unlock-recovery"]).await
}

/// All that a key could have changed.
async fn outcome(page: &Page, field: &str) -> Result<Value> {
    let seen = page.run(SEEN, vec![json!(field)]).await?;
    let preferences = ask(page, "app.state", json!({})).await?;
    let preferences = preferences.map(|state| state["preferences"].clone());
    Ok(json!([seen, preferences.unwrap_or_default()]))
}

async fn chosen(page: &Page) -> Result<Value> {
    page.run(&format!("return {CHOSEN}"), vec![]).await
}

async fn zoomed(page: &Page, percent: u64) -> Result<()> {
    let script = "return Math.round(Number(document.documentElement.style.zoom || 1) * 100) === arguments[0]";
    wait_for(page, script, vec![json!(percent)]).await
}

/// A key directly after a composition may still be the input method's; a person takes longer.
async fn composed_long_ago(page: &Page) -> Result<()> {
    wait_for(
        page,
        "return performance.now() - (window.composedAt ?? 0) > 100",
        vec![],
    )
    .await
}

fn script(what: &str) -> String {
    format!("{KEYS}{what}")
}

const HAS_ROW: &str = "return [...document.querySelectorAll('[data-testid=draft-row]')]\
    .some(row => row.innerText.includes(arguments[0]))";

const CHOSEN: &str =
    "document.querySelector('[data-testid=draft-row][aria-selected=true]')?.dataset.draft ?? null";

/// Forms that are sent are counted.
const WATCH: &str =
    "window.sent = 0; window.addEventListener('submit', () => { window.sent += 1 }, true)";

const SEEN: &str = r#"
    const field = document.querySelector(`[data-testid="${arguments[0]}"]`);
    (field?.querySelector('[contenteditable=true],textarea') ?? field)?.focus();
    const root = document.documentElement;
    return JSON.stringify({
        sent: window.sent,
        page: [...document.querySelectorAll('h1')].map(title => title.innerText),
        dialogs: [...document.querySelectorAll('dialog[open]')].map(dialog => dialog.dataset.testid),
        toasts: document.querySelectorAll('[data-testid=toast]').length,
        drafts: document.querySelectorAll('[data-testid=draft-row]').length,
        option: document.querySelector('[role=option][aria-selected=true]')?.id,
        focus: field?.contains(document.activeElement),
        text: field?.value ?? field?.innerText,
        side: Boolean(document.querySelector('[data-testid=palette-open]')),
        looks: [root.lang, root.dataset.theme, root.dataset.density, root.style.zoom],
    });"#;

/// How keys and compositions are told to the element of a test id.
const KEYS: &str = r#"
    const [id, keys] = arguments;
    const field = document.querySelector(`[data-testid="${id}"]`);
    const target = field.querySelector('[contenteditable=true],textarea') ?? field;
    target.focus();
    const taken = [];
    const press = (key, how) => {
        const event = new KeyboardEvent('keydown', { ...key, ...how, bubbles: true, cancelable: true });
        if (event.keyCode !== how.keyCode) Object.defineProperty(event, 'keyCode', { value: how.keyCode });
        target.dispatchEvent(event);
        if (event.defaultPrevented) taken.push(key.key);
    };
    const compose = (type, data) => {
        target.dispatchEvent(new CompositionEvent(type, { data, bubbles: true, cancelable: true }));
        window.composedAt = performance.now();
    };"#;

/// Keys during a composition; the key that ends it before and, as WebKit has it, after its end.
const COMPOSE: &str = r"
    const composing = { keyCode: 229, isComposing: true };
    compose('compositionstart', ''); compose('compositionupdate', 'ni');
    // WebKit closes a dialog on an Escape that a script makes; a real one stays with the input method.
    const foreign = key => key.key === 'Escape' && target.closest('dialog');
    for (const key of keys.filter(key => !foreign(key))) press(key, composing);
    press({ key: 'Enter' }, composing); compose('compositionend', '');
    compose('compositionstart', ''); compose('compositionupdate', 'hao'); compose('compositionend', '');
    press({ key: 'Enter' }, { keyCode: 229, isComposing: false });
    return taken;";

const PRESS: &str = r"
    for (const key of keys) press(key, { keyCode: key.key.length === 1 ? key.key.toUpperCase().charCodeAt(0) : 13, isComposing: false });
    return taken;";
