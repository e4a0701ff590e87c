//! A live session is planned by keyboard and published for one tier: the member of that tier is told
//! where to join and, once it is over, has the recording; another knows when it is and no more.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::key::Key;
use serde_json::json;
use stoa_protocol::member::{Article, Live};
use stoa_tests::backend::Backend;
use stoa_tests::device::off_thread;
use stoa_tests::page::Page;
use stoa_tests::programs::root;
use stoa_tests::reader::Reader;
use stoa_tests::screens::wait_for;

use crate::accessibility::check_looks;
use crate::first_light::sign_in_on_first_run;
use crate::surface::{Computer, Kind};

const TITLE: &str = "直播答疑";
const LINK: &str = "https://meet.example/j/8?pwd=a&x=1";
const SEARCH_TITLE: &str = "会员定价怎么做：直播答疑";
const SEARCH_DESCRIPTION: &str = "三步、一张表，现场回答问题。";
const VIP: &str = "vip@stoa.example";
const OTHER: &str = "other@stoa.example";
/// In the field's own form; 2035-01-05T10:00Z where people are eight hours ahead.
const EVENING: &str = "2035-01-05T18:00";
const EVENING_MILLIS: i64 = 2_051_604_000_000;
const LONG_AGO: &str = "2020-01-05T18:00";
/// What drivers cannot type in one way everywhere.
const SET: &str = "const [id,value,event]=arguments;\
    const field=document.querySelector(`[data-testid=\"${id}\"]`);\
    field.value=value;field.dispatchEvent(new Event(event,{bubbles:true}));";
/// Chooses a film as the system's dialog would.
const CHOOSE: &str = "const [base64,name]=arguments;\
    const bytes=Uint8Array.from(atob(base64),c=>c.charCodeAt(0));\
    const held=new DataTransfer();held.items.add(new File([bytes],name,{type:'video/webm'}));\
    const input=document.querySelector('[data-testid=\"choose-recording\"]');\
    input.files=held.files;input.dispatchEvent(new Event('change',{bubbles:true}));";
const FOCUSED: &str = "return document.activeElement?.dataset.testid===arguments[0]";
const SAYS: &str = "return document.querySelector('[data-testid=\"checks\"]')?.textContent.includes(arguments[0])??false";
const LOOK_EVERY: Duration = Duration::from_millis(200);
const LOOKS: usize = 200;
/// More than a dialog has places of the Tab key.
const TABS: usize = 80;

#[tokio::test(flavor = "multi_thread")]
async fn a_session_reaches_its_tier_and_its_recording_too_in_chromium() -> Result<()> {
    journey(Kind::Chromium).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_reaches_its_tier_and_its_recording_too_in_the_real_window() -> Result<()> {
    journey(Kind::Window).await
}

async fn journey(kind: Kind) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let backend = Backend::start(&folder.path().join("server"))?;
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
        plan(page, kind).await?;
        before(&backend).await?;
        afterwards(page, &backend).await
    };
    let result = result.await;
    if result.is_err() {
        let picture = computer.keep_evidence(&format!("live-{kind:?}")).await?;
        eprintln!("what was to be seen: {}", picture.display());
    }
    result
}

/// Goes on with the Tab key until something has the focus.
async fn tab_to(page: &Page, id: &str) -> Result<()> {
    // Keys for an element put the focus on it first: a field of several parts would never be left.
    let value = char::from(Key::Tab);
    let tab = KeyActions::new("keyboard".to_owned())
        .then(KeyAction::Down { value })
        .then(KeyAction::Up { value });
    for _ in 0..TABS {
        if page.run(FOCUSED, vec![json!(id)]).await? == json!(true) {
            return Ok(());
        }
        page.client().perform_actions(tab.clone()).await?;
    }
    anyhow::bail!("the Tab key does not lead to `{id}`")
}

/// Presses keys where the focus is.
async fn press(page: &Page, keys: &str) -> Result<()> {
    let focused = page.client().active_element().await?;
    focused.send_keys(keys).await.context("press")
}

/// Types into the field that the Tab key leads to, over what is there.
async fn put(page: &Page, id: &str, text: &str) -> Result<()> {
    tab_to(page, id).await?;
    let (control, end) = (char::from(Key::Control), char::from(Key::Null));
    press(page, &format!("{control}a{end}")).await?;
    press(page, text).await
}

async fn set(page: &Page, id: &str, value: &str, event: &str) -> Result<()> {
    let args = vec![json!(id), json!(value), json!(event)];
    page.run(SET, args).await?;
    Ok(())
}

/// Everything but the two fields that every system types into differently is done by keyboard.
async fn plan(page: &Page, kind: Kind) -> Result<()> {
    page.click("draft-new").await?;
    page.fill("draft-title", TITLE).await?;
    page.write("提纲：定价的三步。").await?;
    page.wait_text("saved-state", |text| text.contains("已"))
        .await?;
    page.click("draft-publish").await?;
    page.see("publish-dialog").await?;
    tab_to(page, "access-registered").await?;
    press(page, &char::from(Key::Right).to_string()).await?;
    tab_to(page, "tier-vip").await?;
    press(page, " ").await?;
    tab_to(page, "publish-kind").await?;
    match kind {
        Kind::Chromium => press(page, &char::from(Key::End).to_string()).await?,
        Kind::Window | Kind::WebKit => set(page, "publish-kind", "live", "change").await?,
    }
    page.see("publish-session").await?;
    wait_for(page, SAYS, vec![json!("直播还没有定开播时间")]).await?;
    tab_to(page, "publish-starts-at").await?;
    set(page, "publish-starts-at", EVENING, "input").await?;
    wait_for(page, SAYS, vec![json!("直播还没有参加链接")]).await?;
    put(page, "publish-lasts", "90").await?;
    put(page, "publish-join-link", LINK).await?;
    page.wait_text("publish-session", |text| text.contains("Asia/Shanghai"))
        .await?;
    add_film(page).await?;
    tab_to(page, "publish-search").await?;
    press(page, &char::from(Key::Enter).to_string()).await?;
    put(page, "publish-search-title", SEARCH_TITLE).await?;
    put(page, "publish-search-description", SEARCH_DESCRIPTION).await?;
    page.wait_text("search-result", |text| {
        text.contains(SEARCH_TITLE) && text.contains(SEARCH_DESCRIPTION)
    })
    .await?;
    if kind == Kind::Chromium {
        check_looks(page).await?;
    }
    tab_to(page, "publish-confirm").await?;
    press(page, &char::from(Key::Enter).to_string()).await?;
    page.wait_text("live-chip", |text| text.contains("18:00"))
        .await?;
    Ok(())
}

async fn add_film(page: &Page) -> Result<()> {
    let film = std::fs::read(root().join("crates/studio/tests/data/film.webm"))?;
    let args = vec![json!(STANDARD.encode(film)), json!("回放.webm")];
    page.run(CHOOSE, args).await?;
    let chosen = "return document.querySelector('[data-testid=\"publish-recording\"] input:checked')\
        ?.closest('label').textContent.includes('回放.webm')??false";
    wait_for(page, chosen, vec![]).await
}

async fn reader(backend: &Backend, email: &'static str) -> Result<Reader> {
    let (url, ca) = (backend.url(), backend.ca_file());
    off_thread(move || Reader::sign_in((&url, &ca), email)).await
}

/// The session as somebody is told of it, once that is as it should be: what goes to members is held
/// for some seconds.
async fn told(reader: &Reader, is_it: impl Fn(&Live) -> bool) -> Result<Article> {
    let mut seen = None;
    for _ in 0..LOOKS {
        if let Ok(article) = reader.article(TITLE).await {
            if article.summary.live.as_ref().is_some_and(&is_it) {
                return Ok(article);
            }
            seen = Some(article);
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    anyhow::bail!("members are told {seen:?}")
}

async fn before(backend: &Backend) -> Result<()> {
    let vip = reader(backend, VIP).await?;
    let article = told(&vip, |live| live.starts_at.millis() == EVENING_MILLIS).await?;
    ensure!(article.seo.title == SEARCH_TITLE, "{article:?}");
    ensure!(article.seo.description == SEARCH_DESCRIPTION, "{article:?}");
    let live = article.summary.live.context("a session")?;
    ensure!(live.join_link.as_deref() == Some(LINK), "{live:?}");
    ensure!(
        live.lasts_minutes == 90 && live.recording.is_none(),
        "{live:?}"
    );
    let other = reader(backend, OTHER).await?;
    let article = other.article(TITLE).await?;
    let said = format!("{article:?}");
    ensure!(!said.contains("meet.example"), "{said}");
    let live = article.summary.live.context("a session")?;
    ensure!(live.starts_at.millis() == EVENING_MILLIS, "{live:?}");
    Ok(())
}

/// Once it is over, there is the recording.
async fn afterwards(page: &Page, backend: &Backend) -> Result<()> {
    page.click("draft-publish").await?;
    page.see("publish-session").await?;
    set(page, "publish-starts-at", LONG_AGO, "input").await?;
    let fine = "return document.querySelectorAll('[data-testid=\"finding\"]').length===0";
    wait_for(page, fine, vec![]).await?;
    page.click("publish-confirm").await?;
    let vip = reader(backend, VIP).await?;
    let article = told(&vip, |live| live.recording.is_some()).await?;
    let live = article.summary.live.context("a session")?;
    ensure!(live.join_link.is_none(), "{live:?}");
    let path = live.recording.context("a recording")?.path;
    ensure!(vip.status(&path).await? == 200, "{path}");
    let other = reader(backend, OTHER).await?;
    let live = other.article(TITLE).await?.summary.live;
    let live = live.context("a session")?;
    ensure!(
        live.recording.is_none() && live.join_link.is_none(),
        "{live:?}"
    );
    ensure!(other.status(&path).await? == 404, "{path}");
    Ok(())
}
