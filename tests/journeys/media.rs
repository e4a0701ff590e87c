//! A sound and a film are added to a draft and played; the film gets chapters and a cover, an image
//! is cut to size. Nobody needs a network for it; afterwards the server has all of it.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fantoccini::Locator;
use serde_json::{Value, json};
use stoa_tests::backend::Backend;
use stoa_tests::page::Page;
use stoa_tests::programs::root;

use crate::accessibility::{check_looks, checker, violations};
use crate::first_light::sign_in_on_first_run;
use crate::surface::{Computer, Kind};

const PATIENCE: Duration = Duration::from_secs(40);

/// Pastes a file into the text, as a clipboard would hand it over.
const PASTE: &str = "const [base64,name,type]=arguments;\
    const bytes=Uint8Array.from(atob(base64),c=>c.charCodeAt(0));\
    const held=new DataTransfer();held.items.add(new File([bytes],name,{type}));\
    const event=new Event('paste',{bubbles:true,cancelable:true});\
    Object.defineProperty(event,'clipboardData',{value:held});\
    document.querySelector('[data-testid=\"editor\"] [contenteditable=\"true\"]').dispatchEvent(event);";
/// Presses a tool of the block of one kind, which is selected first.
const TOOL: &str = "const [kind,tool]=arguments;\
    const block=document.querySelector(`.editor-figure[data-kind=\"${kind}\"]`);\
    block.querySelector('.editor-media-open')?.click();\
    const button=block.querySelector(`[data-tool=\"${tool}\"]`);\
    if(!button)return false;button.click();return true;";
/// Chooses a file as the system's dialog would.
const CHOOSE: &str = "const [id,text,name]=arguments;\
    const held=new DataTransfer();held.items.add(new File([text],name));\
    const input=document.querySelector(`[data-testid=\"${id}\"]`);\
    input.files=held.files;input.dispatchEvent(new Event('change',{bubbles:true}));";
const PICTURE: &str = "const c=document.createElement('canvas');c.width=120;c.height=80;\
    const x=c.getContext('2d');x.fillStyle='#7a5c2e';x.fillRect(0,0,120,80);\
    return c.toDataURL('image/png').split(',')[1];";
const CHAPTERS: &str =
    "WEBVTT\n\n00:00.000 --> 00:00.500\n开场\n\n00:00.500 --> 00:01.200\n<b>正题</b>\n";
/// Whether the film plays, or the window says that it cannot.
const PLAYED: &str = "const v=document.querySelector('video.editor-player');\
    return v.currentTime>0?'plays':v.closest('.editor-figure').querySelector('.editor-image-note')?.textContent.includes('无法播放')?'said':'';";

#[tokio::test(flavor = "multi_thread")]
async fn a_sound_and_a_film_are_added_and_played_in_chromium() -> Result<()> {
    journey(Kind::Chromium).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sound_and_a_film_are_added_and_played_in_webkit() -> Result<()> {
    journey(Kind::WebKit).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sound_and_a_film_are_added_and_played_in_the_real_window() -> Result<()> {
    journey(Kind::Window).await
}

async fn journey(kind: Kind) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let backend = Backend::start(&folder.path().join("server"))?;
    let mut computer = Computer::new(kind, &folder.path().join("first"))?;
    let result = add_and_play(kind, &backend, &mut computer).await;
    if result.is_err() {
        let picture = computer.keep_evidence(&format!("media-{kind:?}")).await?;
        eprintln!("what was to be seen: {}", picture.display());
    }
    result
}

async fn add_and_play(kind: Kind, backend: &Backend, computer: &mut Computer) -> Result<()> {
    let page = computer.start().await?;
    sign_in_on_first_run(page, &backend.url()).await?;
    page.click("draft-new").await?;
    page.fill("draft-title", "第一讲").await?;
    page.write("听一听，看一看。").await?;

    paste(page, b"<html>not a film</html>", "假的.mp4", "video/mp4").await?;
    page.wait_text("toast", |text| text.contains("假的.mp4"))
        .await?;
    paste(page, &wav(), "访谈.wav", "audio/wav").await?;
    until(
        page,
        "return document.querySelectorAll('.editor-wave rect').length===96",
    )
    .await?;
    let film = std::fs::read(root().join("crates/studio/tests/data/film.webm"))?;
    paste(page, &film, "第一讲.webm", "video/webm").await?;
    until(
        page,
        "return !!document.querySelector('video.editor-player')",
    )
    .await?;
    let plays = play(kind, page).await?;
    chapters(page, plays).await?;
    if kind == Kind::Chromium {
        tool(page, "video", "frame").await?;
        until(
            page,
            "return !!document.querySelector('video.editor-player').poster",
        )
        .await?;
        check_looks(page).await?;
    }
    crop(kind, page).await?;
    page.press_control("draft-title", "s").await?;
    until(page, "return !document.querySelector('.editor-image-note')||document.querySelector('.editor-image-note').textContent.includes('无法播放')").await
}

/// Plays the film. A webview without the codecs says so at its place.
async fn play(kind: Kind, page: &Page) -> Result<bool> {
    let begin = "const v=document.querySelector('video.editor-player');v.muted=true;v.play().catch(()=>{});return true";
    page.run(begin, vec![]).await?;
    let start = tokio::time::Instant::now();
    while start.elapsed() < PATIENCE {
        match page.run(PLAYED, vec![]).await?.as_str() {
            Some("plays") => return Ok(true),
            Some("said") => {
                ensure!(kind != Kind::Chromium, "Chromium plays WebM");
                return Ok(false);
            }
            _ => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
    anyhow::bail!("the film neither plays nor says why it does not")
}

async fn chapters(page: &Page, plays: bool) -> Result<()> {
    tool(page, "video", "chapters").await?;
    let args = |text: &str| vec![json!("choose-track"), json!(text), json!("章节.vtt")];
    page.run(CHOOSE, args("no chapters")).await?;
    page.wait_text("toast", |text| text.contains("WebVTT"))
        .await?;
    tool(page, "video", "chapters").await?;
    page.run(CHOOSE, args(CHAPTERS)).await?;
    until(
        page,
        "return document.querySelectorAll('.editor-chapters .editor-cue').length===2",
    )
    .await?;
    let bold = "return !!document.querySelector('.editor-chapters b')";
    ensure!(
        page.run(bold, vec![]).await? == json!(false),
        "a cue is text"
    );
    if plays {
        let press =
            "document.querySelectorAll('.editor-chapters .editor-cue')[1].click();return true";
        page.run(press, vec![]).await?;
        until(
            page,
            "return document.querySelector('video.editor-player').currentTime>=0.4",
        )
        .await?;
    }
    Ok(())
}

async fn crop(kind: Kind, page: &Page) -> Result<()> {
    let picture = page.run(PICTURE, vec![]).await?;
    let picture = STANDARD.decode(picture.as_str().context("a picture")?)?;
    paste(page, &picture, "封面.png", "image/png").await?;
    until(
        page,
        "return document.querySelector('.editor-picture')?.naturalWidth===120",
    )
    .await?;
    select_picture(page).await?;
    tool(page, "image", "crop").await?;
    page.see("crop-dialog").await?;
    page.fill("crop-width", "60").await?;
    page.wait_text("crop-size", |text| text.contains("60 × 80"))
        .await?;
    if kind == Kind::Chromium {
        let found = violations(page, &checker()?).await?;
        ensure!(found.is_empty(), "{}", found.join("\n"));
    }
    page.click("crop-use").await?;
    until(
        page,
        "return document.querySelector('.editor-picture')?.naturalWidth===60",
    )
    .await
}

/// The picture is drawn anew whenever more is known of it, so the one that was found may be gone.
async fn select_picture(page: &Page) -> Result<()> {
    let start = tokio::time::Instant::now();
    while start.elapsed() < PATIENCE {
        let found = page.client().find(Locator::Css(".editor-picture")).await?;
        let has_tool = "return !!document.querySelector('[data-tool=\"crop\"]')";
        if found.click().await.is_ok() && page.run(has_tool, vec![]).await? == json!(true) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    anyhow::bail!("the picture cannot be selected")
}

async fn tool(page: &Page, kind: &str, name: &str) -> Result<()> {
    let pressed = page.run(TOOL, vec![json!(kind), json!(name)]).await?;
    ensure!(
        pressed == json!(true),
        "there is no tool {name} at the {kind}"
    );
    Ok(())
}

async fn paste(page: &Page, bytes: &[u8], name: &str, media_type: &str) -> Result<()> {
    let args = vec![
        json!(STANDARD.encode(bytes)),
        json!(name),
        json!(media_type),
    ];
    page.run(PASTE, args).await?;
    Ok(())
}

async fn until(page: &Page, script: &str) -> Result<()> {
    let start = tokio::time::Instant::now();
    while start.elapsed() < PATIENCE {
        if page.run(script, vec![]).await? == Value::Bool(true) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    anyhow::bail!("in vain: {script}")
}

/// A tone of three seconds.
fn wav() -> Vec<u8> {
    let n: u32 = 24_000;
    let mut bytes = b"RIFF".to_vec();
    bytes.extend((36 + n).to_le_bytes());
    bytes.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    bytes.extend(8000_u32.to_le_bytes());
    bytes.extend(8000_u32.to_le_bytes());
    bytes.extend(b"\x01\0\x08\0data");
    bytes.extend(n.to_le_bytes());
    bytes.extend((0..n).map(|at| if at / 9 % 2 == 0 { 90_u8 } else { 166 }));
    bytes
}
