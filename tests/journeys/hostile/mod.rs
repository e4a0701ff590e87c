//! Texts that want to be run, in every place of the real window and of a browser that shows them:
//! none of them is, and nothing is loaded from anywhere for them.

mod lists;
mod paste;
mod payloads;
mod reviews;
mod texts;
mod trap;
mod watch;

use anyhow::{Context, Result};
use stoa_tests::display::Display;
use stoa_tests::driver::{Driver, minibrowser_capabilities};
use stoa_tests::page::Page;

use crate::surface::{Computer, Kind, through};
use payloads::{Payload, payloads};
use trap::Trap;
use watch::watch;

/// So many of them are in one draft.
const TOGETHER: usize = 250;
/// So many drafts in one sitting: WebKit's process ends in the midst of one after some 750 texts,
/// whichever they are.
const IN_A_SITTING: usize = 2;

#[tokio::test(flavor = "multi_thread")]
async fn no_text_is_run_or_loads_anything_in_chromium() -> Result<()> {
    let stage = Stage::new(Kind::Chromium)?;
    stage.perform(shown_in_chromium).await
}

#[tokio::test(flavor = "multi_thread")]
async fn no_text_is_run_or_loads_anything_in_the_real_window() -> Result<()> {
    let stage = Stage::new(Kind::Window)?;
    stage.perform(shown_in_the_window).await
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_is_pasted_is_run_or_loads_anything_in_chromium() -> Result<()> {
    let stage = Stage::new(Kind::Chromium)?;
    stage.perform(pasted).await
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_is_pasted_is_run_or_loads_anything_in_the_real_window() -> Result<()> {
    let stage = Stage::new(Kind::Window)?;
    stage.perform(pasted).await
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_in_a_list_is_run_or_loads_anything_in_chromium() -> Result<()> {
    let stage = Stage::new(Kind::Chromium)?;
    stage.perform(listed).await
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_in_a_list_is_run_or_loads_anything_in_the_real_window() -> Result<()> {
    let stage = Stage::new(Kind::Window)?;
    stage.perform(listed).await
}

/// A computer whose way to other computers ends in a trap.
struct Stage {
    kind: Kind,
    folder: tempfile::TempDir,
    computer: Computer,
    trap: Trap,
    payloads: Vec<Payload>,
}

impl Stage {
    fn new(kind: Kind) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let trap = Trap::start()?;
        let computer = Computer::new(kind, &folder.path().join("here"))?.behind(trap.proxy());
        Ok(Self {
            kind,
            folder,
            computer,
            trap,
            payloads: payloads()?,
        })
    }

    /// Opens the example community, does what is to be done there, and keeps a picture when it
    /// fails.
    async fn perform(mut self, act: impl AsyncFn(&mut Self) -> Result<()>) -> Result<()> {
        let page = self.computer.start().await?;
        page.click("first-run-zh").await?;
        page.click("first-run-demo").await?;
        page.see("draft-new").await?;
        watch(page).await?;
        let done = act(&mut self).await.and_then(|()| self.trap.is_empty());
        if done.is_err() {
            let name = format!("hostile-{:?}", self.kind);
            let picture = self.computer.keep_evidence(&name).await?;
            eprintln!("what was to be seen: {}", picture.display());
        }
        done
    }
}

async fn shown_in_chromium(stage: &mut Stage) -> Result<()> {
    let page = stage.computer.page()?;
    let mut copies = Vec::new();
    for (nth, together) in stage.payloads.chunks(TOGETHER).enumerate() {
        copies.extend(show(page, together, 0, nth == 0).await?);
    }
    page.client().goto(&stage.trap.page()).await?;
    draw(page, &stage.trap, &copies).await
}

async fn shown_in_the_window(stage: &mut Stage) -> Result<()> {
    let mut copies = Vec::new();
    let all = std::mem::take(&mut stage.payloads);
    for (nth, sitting) in all.chunks(TOGETHER * IN_A_SITTING).enumerate() {
        if nth > 0 {
            stage.computer.kill().await?;
            let page = stage.computer.start().await?;
            page.see("draft-row").await?;
            watch(page).await?;
        }
        let page = stage.computer.page()?;
        for together in sitting.chunks(TOGETHER) {
            let is_first = nth == 0 && copies.is_empty();
            copies.extend(show(page, together, 2, is_first).await?);
        }
    }
    let display = Display::start()?;
    let driver = Driver::webkit(display.name(), &through(&stage.trap.proxy())).await?;
    let client = driver.session(minibrowser_capabilities()).await?;
    client.goto(&stage.trap.page()).await?;
    let page = Page::new(client);
    draw(&page, &stage.trap, &copies).await?;
    page.close().await
}

/// Draws what is copied for elsewhere in a page of the trap, which has no policy, as the editors of
/// other programs may have none. From there, and only there, something gets into the trap.
async fn draw(page: &Page, trap: &Trap, copies: &[String]) -> Result<()> {
    trap.is_empty()?;
    watch(page).await?;
    texts::draw_copies(page, copies)
        .await
        .context("what is copied for elsewhere, in a page without a policy")?;
    trap.is_empty()?;
    trap.would_notice(page).await?;
    trap.forget();
    Ok(())
}

/// Shows some texts in every place that shows a draft; what is copied of it.
async fn show(
    page: &Page,
    payloads: &[Payload],
    turn: usize,
    with_controls: bool,
) -> Result<Vec<String>> {
    let shown = async {
        let made = texts::make(page, payloads, turn).await?;
        texts::look_at(page, &made, with_controls).await?;
        texts::copies(page, &made).await
    };
    match shown.await {
        Ok(copies) => Ok(copies),
        Err(why) => {
            let first = payloads.first().map_or(0, |(n, _)| *n);
            let culprit = culprit(page, payloads, turn).await;
            Err(why.context(format!("payloads from {first}; it is {culprit:?}")))
        }
    }
}

/// Which of some texts it was: of each half it is looked whether it does it alone.
async fn culprit(page: &Page, payloads: &[Payload], turn: usize) -> Result<Payload> {
    let mut rest = payloads;
    while rest.len() > 1 {
        page.client().refresh().await?;
        page.see("draft-new").await?;
        watch(page).await?;
        let (one, other) = rest.split_at(rest.len() / 2);
        let alone = async {
            let made = texts::make(page, one, turn).await?;
            texts::look_at(page, &made, false).await
        };
        rest = match alone.await {
            Ok(()) => other,
            Err(_) => one,
        };
    }
    rest.first().cloned().context("there are texts")
}

async fn pasted(stage: &mut Stage) -> Result<()> {
    let all = std::mem::take(&mut stage.payloads);
    for (nth, sitting) in all.chunks(TOGETHER * IN_A_SITTING).enumerate() {
        if nth > 0 && stage.kind == Kind::Window {
            stage.computer.kill().await?;
            stage.computer.start().await?.see("draft-row").await?;
        }
        paste::paste_all(stage.computer.page()?, sitting).await?;
    }
    Ok(())
}

async fn listed(stage: &mut Stage) -> Result<()> {
    let folder = stage.folder.path();
    lists::look_at_lists(&stage.computer, stage.kind, folder, &stage.payloads).await
}
