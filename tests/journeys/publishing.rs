//! Written, illustrated, scheduled and published without a network, for one tier: when the network is
//! back, the member of that tier reads it, picture and all, and another does not. What is scheduled is
//! scheduled by the community's clock.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use stoa_domain::Timestamp;
use stoa_sync::Clock as _;
use stoa_tests::backend::Backend;
use stoa_tests::device::{SystemClock, off_thread};
use stoa_tests::page::Page;
use stoa_tests::reader::Reader;
use stoa_tests::screens::{ask, dress, wait_for};

use crate::accessibility::{checker, violations};
use crate::first_light::sign_in_on_first_run;
use crate::images::{PNG, paste, until_shown};
use crate::surface::{Computer, Kind};

const TITLE: &str = "为什么留下来";
const OPEN: &str = "先说一个故事。";
const CLOSED: &str = "答案只给会员。";
const DUE: &str = "到点才有";
const LATER: &str = "发布之后才写的。";
const VIP: &str = "vip@stoa.example";
const OTHER: &str = "other@stoa.example";
/// In the field's own form; 2035-01-05T10:00Z where people are eight hours ahead.
const EVENING: &str = "2035-01-05T18:00";
const MINUTE: i64 = 60 * 1_000;
const EVENING_MILLIS: i64 = 2_051_604_000_000;
/// Drivers type into a field for date and time in forms of their own.
const TYPE_TIME: &str = "const [id,text]=arguments;\
    const field=document.querySelector(`[data-testid=\"${id}\"]`);\
    field.value=text;field.dispatchEvent(new Event('input',{bubbles:true}));";
/// How often it is looked whether something has arrived, and how many times.
const LOOK_EVERY: Duration = Duration::from_millis(200);
const LOOKS: usize = 150;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_published_offline_reaches_its_tier_alone_in_the_real_window() -> Result<()> {
    journey(Kind::Window).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_published_offline_reaches_its_tier_alone_in_chromium() -> Result<()> {
    journey(Kind::Chromium).await
}

async fn journey(kind: Kind) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut backend = Backend::start(&folder.path().join("server"))?;
    for (email, name) in [(VIP, "贵宾"), (OTHER, "过客")] {
        backend.admit(email, name, "member")?;
    }
    backend.grant_tier(VIP, "vip")?;
    let mut computer = Computer::new(kind, &folder.path().join("here"))?;
    let page = computer.start().await?;
    let result = async {
        sign_in_on_first_run(page, &backend.url()).await?;
        page.wait_text("connection", |text| text.contains("已同步"))
            .await?;
        backend.take_away();
        publish(page, kind == Kind::Chromium).await?;
        write_on(page).await?;
        // A time to wait for is waited for once.
        let due = match kind {
            Kind::Window => Some(plan(page).await?),
            _ => None,
        };
        backend.bring_back()?;
        page.wait_text("connection", |text| text.contains("已同步"))
            .await?;
        read(&backend).await?;
        if let Some(due) = due {
            come_due(&backend, due).await?;
            page.click("shelf-tab-published").await?;
            click_row(page, TITLE).await?;
        }
        update(page, &backend).await?;
        withdraw(page, &backend).await?;
        schedule(page).await
    };
    let result = result.await;
    if result.is_err() {
        let picture = computer
            .keep_evidence(&format!("publishing-{kind:?}"))
            .await?;
        eprintln!("what was to be seen: {}", picture.display());
    }
    result
}

/// Writes a draft with a paywall and publishes it for one tier.
async fn publish(page: &Page, with_checker: bool) -> Result<()> {
    page.click("draft-new").await?;
    page.fill("draft-title", TITLE).await?;
    page.click("source-mode").await?;
    let text = format!("{OPEN}\n\n<!-- paywall -->\n\n{CLOSED}");
    page.write_source(&text).await?;
    page.click("source-mode").await?;
    paste(page, &STANDARD.decode(PNG)?, "答案.png", "image/png").await?;
    until_shown(page).await?;
    page.wait_text("saved-state", |text| text.contains("已存本机"))
        .await?;
    page.click("draft-publish").await?;
    page.see("publish-dialog").await?;
    page.click("access-paid").await?;
    page.click("publish-confirm").await?;
    page.wait_text("publish-dialog", |text| text.contains("至少选一个"))
        .await?;
    page.click("tier-vip").await?;
    page.fill("publish-tags", "留存, 会员").await?;
    if with_checker {
        check(page).await?;
    }
    page.click("publish-confirm").await?;
    page.wait_text("state-chip", |text| text.contains("已发布"))
        .await?;
    page.click("shelf-tab-published").await?;
    page.wait_text("draft-row", |row| row.contains(TITLE))
        .await?;
    Ok(())
}

/// What is written now is not published.
async fn write_on(page: &Page) -> Result<()> {
    page.click("source-mode").await?;
    page.write_source(&format!("\n\n{LATER}")).await?;
    page.wait_text("state-chip", |text| text.contains("未发布的修改"))
        .await?;
    Ok(())
}

/// Another draft is to come out at the next full minute by the community's clock, which is also the
/// moment this answers.
async fn plan(page: &Page) -> Result<Timestamp> {
    page.click("shelf-tab-drafts").await?;
    page.click("draft-new").await?;
    // The draft before makes room.
    page.wait_text("draft-title", str::is_empty).await?;
    page.fill("draft-title", DUE).await?;
    page.write_source(CLOSED).await?;
    page.wait_text("saved-state", |text| text.contains("已存本机"))
        .await?;
    page.click("draft-publish").await?;
    page.see("publish-dialog").await?;
    page.click("access-paid").await?;
    page.click("tier-vip").await?;
    page.click("when-later").await?;
    let due = (SystemClock.now().millis() + 30 * 1_000) / MINUTE * MINUTE + MINUTE;
    let shown = "const [id,at]=arguments;const field=document.querySelector(`[data-testid=\"${id}\"]`);\
        field.value=new Date(at).toISOString().slice(0,16);\
        field.dispatchEvent(new Event('input',{bubbles:true}));";
    let in_shanghai = due + 8 * 60 * MINUTE;
    page.run(shown, vec![json!("publish-live-at"), json!(in_shanghai)])
        .await?;
    page.click("publish-confirm").await?;
    page.wait_text("state-chip", |text| text.contains("定时"))
        .await?;
    Ok(Timestamp::from_millis(due))
}

/// Nobody reads it before its time, and then its tier does.
async fn come_due(backend: &Backend, due: Timestamp) -> Result<()> {
    let (vip, other) = (reader(backend, VIP).await?, reader(backend, OTHER).await?);
    loop {
        let found = vip.article(DUE).await;
        if let Ok(article) = found {
            ensure!(SystemClock.now() >= due, "it came before its time");
            ensure!(article.markdown.contains(CLOSED), "{article:?}");
            break;
        }
        let latest = due.plus_millis(MINUTE / 2);
        ensure!(SystemClock.now() < latest, "it did not come");
        tokio::time::sleep(LOOK_EVERY).await;
    }
    let part = other.article(DUE).await?;
    ensure!(!format!("{part:?}").contains(CLOSED), "{part:?}");
    Ok(())
}

async fn click_row(page: &Page, title: &str) -> Result<()> {
    let script = "const row=[...document.querySelectorAll('[data-testid=draft-row]')]\
        .find(row=>row.innerText.includes(arguments[0]));row?.click();return Boolean(row)";
    wait_for(page, script, vec![json!(title)]).await
}

async fn reader(backend: &Backend, email: &'static str) -> Result<Reader> {
    let (url, ca) = (backend.url(), backend.ca_file());
    off_thread(move || Reader::sign_in((&url, &ca), email)).await
}

async fn read(backend: &Backend) -> Result<()> {
    let vip = reader(backend, VIP).await?;
    let mut found = vip.article(TITLE).await;
    for _ in 0..LOOKS {
        if found.is_ok() {
            break;
        }
        // It is held for some seconds, in case somebody thinks again.
        tokio::time::sleep(LOOK_EVERY).await;
        found = vip.article(TITLE).await;
    }
    let whole = found?;
    ensure!(
        whole.summary.is_open && whole.markdown.contains(CLOSED),
        "{whole:?}"
    );
    ensure!(!whole.markdown.contains(LATER), "{whole:?}");
    ensure!(whole.html.as_ref().is_some_and(|html| html.contains(OPEN)));
    let part = reader(backend, OTHER).await?.article(TITLE).await?;
    ensure!(
        !part.summary.is_open && part.markdown.contains(OPEN),
        "{part:?}"
    );
    ensure!(!format!("{part:?}").contains(CLOSED), "{part:?}");
    let (_, rest) = whole
        .markdown
        .split_once("attachment:")
        .context("a picture")?;
    let b3 = rest.get(..64).context("its hash")?;
    ensure!(
        vip.file_status(&whole, b3).await? == 200,
        "its tier sees it"
    );
    let other = reader(backend, OTHER).await?;
    ensure!(other.file_status(&whole, b3).await? == 404, "others do not");
    Ok(())
}

/// What was written since goes to its readers as well, and is no newer in the list for it.
async fn update(page: &Page, backend: &Backend) -> Result<()> {
    let vip = reader(backend, VIP).await?;
    let before = vip.article(TITLE).await?.summary;
    page.click("draft-publish").await?;
    page.see("publish-dialog").await?;
    page.click("publish-confirm").await?;
    for _ in 0..LOOKS {
        let article = vip.article(TITLE).await?;
        if article.markdown.contains(LATER) {
            let now = article.summary;
            ensure!(now.published_at == before.published_at, "{now:?}");
            ensure!(now.updated_at > before.updated_at, "{now:?}");
            return Ok(());
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    anyhow::bail!("the update did not arrive")
}

async fn withdraw(page: &Page, backend: &Backend) -> Result<()> {
    page.click("draft-withdraw").await?;
    page.click("shelf-tab-drafts").await?;
    page.wait_text("draft-row", |row| row.contains(TITLE))
        .await?;
    let vip = reader(backend, VIP).await?;
    for _ in 0..LOOKS {
        let left = vip.articles().await?.articles;
        if left.iter().all(|article| article.title != TITLE) {
            return Ok(());
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    anyhow::bail!("members still see what was taken back")
}

/// Six in the evening is that of the community, whose people are in Shanghai, and not that of this
/// computer.
async fn schedule(page: &Page) -> Result<()> {
    page.click("draft-publish").await?;
    page.see("publish-dialog").await?;
    page.click("when-later").await?;
    page.run(TYPE_TIME, vec![json!("publish-live-at"), json!(EVENING)])
        .await?;
    page.wait_text("publish-dialog", |text| text.contains("Asia/Shanghai"))
        .await?;
    page.click("publish-confirm").await?;
    page.wait_text("state-chip", |text| {
        text.contains("GMT+8") && text.contains("18:00")
    })
    .await?;
    let request = json!({ "shelf": "scheduled", "limit": 10 });
    let listed = ask(page, "draft.list", request).await?;
    let listed = listed.map_err(|failure| anyhow::anyhow!("{failure}"))?;
    let live_at = &listed["drafts"][0]["post"]["live_at"];
    ensure!(*live_at == json!(EVENING_MILLIS), "{live_at}");
    Ok(())
}

/// Nothing a program can check is wrong for assistive technology, in either theme.
async fn check(page: &Page) -> Result<()> {
    let axe = checker()?;
    for theme in ["dark", "light"] {
        dress(page, theme, "zh-CN").await?;
        let found = violations(page, &axe).await?;
        ensure!(found.is_empty(), "publishing {theme}: {}", found.join("\n"));
    }
    Ok(())
}
