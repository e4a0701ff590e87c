//! The real window: how soon it is usable, how it echoes keys, what it holds.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use fantoccini::Locator;
use serde_json::json;
use stoa_tests::display::Display;
use stoa_tests::driver::{Driver, minibrowser_capabilities};
use stoa_tests::keyring::Bus;
use stoa_tests::page::Page;
use stoa_tests::programs::program;
use stoa_tests::window::Window;
use tokio::runtime::Runtime;

use crate::corpus;
use crate::table::{Better, Table, millis, percentile};

/// Types one character at a time and tells how long each took until it was painted.
const TYPE: &str = "
const done = arguments[arguments.length - 1];
const surface = document.querySelector('[data-testid=\"editor\"] [contenteditable=\"true\"]');
surface.focus();
const selection = getSelection();
selection.selectAllChildren(surface.children[Math.floor(surface.children.length / 2)]);
selection.collapseToEnd();
const times = [];
const type = () => {
  const start = performance.now();
  document.execCommand('insertText', false, '字');
  surface.getBoundingClientRect();
  times.push(performance.now() - start);
  if (times.length === 200) done(times);
  else requestAnimationFrame(() => setTimeout(type));
};
type();
";

/// Measures cold start, key echo and memory.
pub(crate) fn measure(table: &mut Table) -> Result<()> {
    Runtime::new()?.block_on(measure_window(table))
}

async fn measure_window(table: &mut Table) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let display = Display::start()?;
    let bus = Bus::with_keyring(&folder.path().join("home"))?;
    let data = folder.path().join("data");
    let window = Window::open(&display, &data, &bus.env()).await?;
    window.page.click("first-run-en").await?;
    window.page.click("first-run-demo").await?;
    window.page.see("draft-row").await?;
    window.page.close().await?;

    let empty = empty_page(&display).await?;
    let mut starts = Vec::new();
    let mut frames = Vec::new();
    for _ in 0..5 {
        let driver = Window::driver(&display, &data, &bus.env()).await?;
        let start = Instant::now();
        let window = Window::open_with(driver).await?;
        window.page.see("draft-row").await?;
        starts.push(millis(start.elapsed()));
        window.page.close().await?;
        frames.push(first_frame(&data.join("logs"))?);
    }
    starts.sort_by(f64::total_cmp);
    frames.sort_by(f64::total_cmp);
    table.add(
        "cold start until the drafts are listed, through WebDriver, p50",
        (percentile(&starts, 50), "ms"),
        Some(("an empty page in MiniBrowser, ms", empty)),
        Some((Better::Small, 1000.0)),
    );

    table.add(
        "  of that: from the program's start to the window with its first frame",
        (percentile(&frames, 50), "ms"),
        None,
        None,
    );

    let window = Window::open(&display, &data, &bus.env()).await?;
    echo(table, &window.page).await?;
    let memory = memory_of_tree_mib(process_of(&program("stoa"), &data)?)?;
    table.add(
        "memory of the studio with its web view",
        (memory, "MiB"),
        None,
        None,
    );
    window.page.close().await
}

/// How long the latest start took until the window was shown, in ms, from the program's own log.
fn first_frame(logs: &Path) -> Result<f64> {
    let mut log = String::new();
    for entry in std::fs::read_dir(logs)? {
        log.push_str(&std::fs::read_to_string(entry?.path())?);
    }
    let time_of = |line: &str| -> Result<jiff::Timestamp> {
        Ok(line.split_whitespace().next().context("a time")?.parse()?)
    };
    let latest = |what: &str| {
        let lines = log.lines().filter(|line| line.contains(what));
        lines
            .map(time_of)
            .collect::<Result<Vec<_>>>()?
            .into_iter()
            .max()
            .context("it is in the log")
    };
    let took = latest("window shown")?.duration_since(latest(": start version")?);
    Ok(took.as_secs_f64() * 1000.0)
}

async fn empty_page(display: &Display) -> Result<f64> {
    let driver = Driver::webkit(display.name(), &[]).await?;
    let start = Instant::now();
    let client = driver.session(minibrowser_capabilities()).await?;
    client.goto("about:blank").await?;
    client.find(Locator::Css("body")).await?;
    let took = millis(start.elapsed());
    client.close().await?;
    Ok(took)
}

async fn echo(table: &mut Table, page: &Page) -> Result<()> {
    page.click("draft-new").await?;
    page.write("正文").await?;
    let fill = "const surface=document.querySelector('[data-testid=\"editor\"] [contenteditable=\"true\"]');\
                surface.focus();\
                for(const part of arguments[0].split('\\n\\n')){\
                  document.execCommand('insertText',false,part);\
                  document.execCommand('insertParagraph');}";
    page.run(fill, vec![json!(corpus::text(3, 10_000))]).await?;
    let times = page.client().execute_async(TYPE, vec![]).await?;
    let mut times: Vec<f64> = serde_json::from_value(times).context("times are numbers")?;
    times.sort_by(f64::total_cmp);
    let median = percentile(&times, 50);
    table.add(
        "key echo in a 10,000-character draft, p95, with layout",
        (percentile(&times, 95), "ms"),
        Some(("its median, ms", median)),
        Some((Better::Small, 16.0)),
    );
    Ok(())
}

/// The process of a program that works on this data folder.
fn process_of(program: &Path, data: &Path) -> Result<u32> {
    let data = data.display().to_string();
    for entry in std::fs::read_dir("/proc")? {
        let path = entry?.path();
        let is_it = std::fs::read_link(path.join("exe")).is_ok_and(|exe| exe == program)
            && std::fs::read(path.join("environ"))
                .is_ok_and(|env| String::from_utf8_lossy(&env).contains(&data));
        if is_it && let Some(id) = path.file_name().and_then(|name| name.to_str()) {
            return Ok(id.parse()?);
        }
    }
    anyhow::bail!("{} does not run", program.display())
}

/// What a process and all that it started hold, shared memory counted in parts.
fn memory_of_tree_mib(root: u32) -> Result<f64> {
    let mut members = vec![root];
    let mut kib = 0.0;
    while let Some(id) = members.pop() {
        let rollup = std::fs::read_to_string(format!("/proc/{id}/smaps_rollup"))?;
        let pss = rollup
            .lines()
            .find(|line| line.starts_with("Pss:"))
            .context("Pss is there")?;
        kib += pss
            .split_whitespace()
            .nth(1)
            .context("Pss has a number")?
            .parse::<f64>()?;
        for thread in std::fs::read_dir(format!("/proc/{id}/task"))? {
            let children = std::fs::read_to_string(thread?.path().join("children"))?;
            members.extend(
                children
                    .split_whitespace()
                    .filter_map(|child| child.parse::<u32>().ok()),
            );
        }
    }
    Ok(kib / 1024.0)
}
