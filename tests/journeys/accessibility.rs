//! No screen breaks a rule of WCAG 2.2 AA or of good practice that a program can check, in either
//! theme and either language. Theme and language change in the running studio, as a person does it.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::json;
use stoa_tests::driver::{Driver, chromium_capabilities};
use stoa_tests::host::Host;
use stoa_tests::keyring::Bus;
use stoa_tests::page::Page;
use stoa_tests::programs::root;
use stoa_tests::screens::{LOOKS, STUDIO, Step, ask, dress, go, painted};

use crate::first_light::keep_recovery_key;

const PASSPHRASE: &str = "a passphrase for 这台电脑";

#[tokio::test(flavor = "multi_thread")]
async fn no_screen_breaks_an_accessibility_rule_in_any_theme_or_language() -> Result<()> {
    let folder = tempfile::tempdir()?;
    // Without a keyring the forms that ask for a passphrase are on the way.
    let bus = Bus::without_keyring(&folder.path().join("home"))?;
    let host = Host::start(&folder.path().join("data"), &bus.env())?;
    let driver = Driver::chromium().await?;
    let client = driver
        .session(chromium_capabilities(&folder.path().join("browser")))
        .await?;
    client.goto(host.url()).await?;
    let mut inspection = Inspection::new(Page::new(client))?;
    if let Err(error) = inspection.everywhere().await {
        let picture = std::env::temp_dir().join("stoa-journey-accessibility.png");
        std::fs::write(&picture, inspection.page.client().screenshot().await?)?;
        return Err(error.context(format!("what was to be seen: {}", picture.display())));
    }
    let Inspection {
        page,
        found,
        n_looked,
        ..
    } = inspection;
    page.close().await?;
    ensure!(n_looked >= 100, "only {n_looked} screens were looked at");
    ensure!(
        found.is_empty(),
        "{} violations:\n{}",
        found.len(),
        found.join("\n")
    );
    Ok(())
}

struct Inspection {
    page: Page,
    axe: String,
    found: Vec<String>,
    n_looked: usize,
}

impl Inspection {
    fn new(page: Page) -> Result<Self> {
        let axe = checker()?;
        Ok(Self {
            page,
            axe,
            found: Vec::new(),
            n_looked: 0,
        })
    }

    async fn everywhere(&mut self) -> Result<()> {
        self.first_run().await?;
        self.studio("local").await?;
        let demo = json!({ "kind": "demo", "name": "", "passphrase": null });
        let refused = ask(&self.page, "profile.create", demo).await?.err();
        ensure!(refused.is_none(), "no demo: {refused:?}");
        self.page.see("demo-strip").await?;
        self.studio("demo").await?;
        self.locked().await
    }

    async fn first_run(&mut self) -> Result<()> {
        self.page.see("first-run-zh").await?;
        self.in_every_look("first-run-language").await?;
        self.page.click("first-run-zh").await?;
        self.page.see("first-run-connect").await?;
        self.in_every_look("first-run-begin").await?;
        go(
            &self.page,
            &[Step::Click("first-run-connect"), Step::See("connect-url")],
        )
        .await?;
        self.in_every_look("connect").await?;
        go(
            &self.page,
            &[
                Step::Click("first-run-back"),
                Step::Click("first-run-local"),
            ],
        )
        .await?;
        self.page.fill("first-run-name", "知行社").await?;
        self.in_every_look("local").await?;
        self.page.click("first-run-create").await?;
        self.page.fill("first-run-passphrase", PASSPHRASE).await?;
        self.in_every_look("local-passphrase").await?;
        self.page.click("first-run-create").await?;
        self.page.see("recovery-key").await?;
        self.in_every_look("recovery").await?;
        keep_recovery_key(&self.page).await?;
        self.page.click("draft-new").await?;
        self.page.fill("draft-title", "第一篇").await?;
        Ok(())
    }

    async fn studio(&mut self, profile: &str) -> Result<()> {
        for (theme, language) in LOOKS {
            dress(&self.page, theme, language).await?;
            for screen in STUDIO {
                let name = format!("{profile} {} {theme} {language}", screen.name);
                go(&self.page, screen.way)
                    .await
                    .with_context(|| name.clone())?;
                self.look(&name).await?;
                go(&self.page, screen.leave).await.context(name)?;
            }
        }
        Ok(())
    }

    /// The local profile, opened again: without a keychain it asks for its passphrase.
    async fn locked(&mut self) -> Result<()> {
        let state = ask(&self.page, "app.state", json!({})).await?;
        let state = state.map_err(|failure| anyhow::anyhow!("no state: {failure}"))?;
        let profiles = state["profiles"].as_array().context("a list of profiles")?;
        let local = profiles.iter().find(|profile| profile["kind"] == "local");
        let id = local.context("the local profile")?["id"].clone();
        // The answer is the stage, whichever it is; the page tells which.
        let _ = ask(&self.page, "profile.open", json!({ "id": id })).await?;
        self.page.see("unlock-passphrase").await?;
        self.page.see("unlock-keychain").await?;
        self.in_every_look("locked").await
    }

    async fn in_every_look(&mut self, name: &str) -> Result<()> {
        for (theme, language) in LOOKS {
            dress(&self.page, theme, language).await?;
            painted(&self.page).await?;
            self.look(&format!("{name} {theme} {language}")).await?;
        }
        Ok(())
    }

    async fn look(&mut self, name: &str) -> Result<()> {
        let violations = violations(&self.page, &self.axe).await;
        for violation in violations.with_context(|| name.to_owned())? {
            self.found.push(format!("{name}: {violation}"));
        }
        self.n_looked += 1;
        Ok(())
    }
}

/// The checker's program, to be run in a page.
pub(crate) fn checker() -> Result<String> {
    read(&root().join("tests/web/node_modules/axe-core/axe.min.js"))
}

/// Nothing a program can check is wrong for assistive technology, in either theme and language;
/// Chinese in the light again afterwards.
pub(crate) async fn check_looks(page: &Page) -> Result<()> {
    let axe = checker()?;
    for (theme, language) in LOOKS {
        dress(page, theme, language).await?;
        let found = violations(page, &axe).await?;
        ensure!(found.is_empty(), "{theme} {language}: {}", found.join("\n"));
    }
    dress(page, "light", "zh-CN").await
}

/// What the checker finds wrong with the page as it is.
pub(crate) async fn violations(page: &Page, axe: &str) -> Result<Vec<String>> {
    if page.run("return typeof axe", vec![]).await? == json!("undefined") {
        page.run(axe, vec![]).await?;
    }
    let found = page.client().execute_async(LOOK, vec![]).await?;
    let found = found.as_array().with_context(|| found.to_string())?;
    let texts = found.iter().map(|one| one.as_str().unwrap_or_default());
    Ok(texts.map(str::to_owned).collect())
}

const LOOK: &str = r"
    const done = arguments[0];
    const values = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const place = node => node.target.join(' ') + ' ' + node.html.slice(0, 160) + ' ' + node.failureSummary.replaceAll('\n', ' ');
    axe.run(document, { runOnly: { type: 'tag', values }, resultTypes: ['violations'] }).then(
        results => done(results.violations.flatMap(({ id, nodes }) => nodes.map(node => id + ': ' + place(node)))),
        error => done(String(error)),
    );";

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path)
        .with_context(|| format!("{} is missing; run `cargo xtask test`", path.display()))
}
