//! A course is put together in the window: sections, lessons, their order by keyboard, and when
//! each opens. A member of its tier is shown the outline and reads what is open already; another
//! one does not.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use fantoccini::key::Key;
use serde_json::json;
use stoa_protocol::member::{Article, CourseLesson};
use stoa_tests::backend::Backend;
use stoa_tests::device::off_thread;
use stoa_tests::page::Page;
use stoa_tests::reader::Reader;
use stoa_tests::screens::wait_for;

use crate::accessibility::check_looks;
use crate::first_light::sign_in_on_first_run;
use crate::surface::{Computer, Kind};

const COURSE: &str = "定价课";
const VIP: &str = "vip@stoa.example";
const OTHER: &str = "other@stoa.example";
const LOOK_EVERY: Duration = Duration::from_millis(200);
const LOOKS: usize = 200;

#[tokio::test(flavor = "multi_thread")]
async fn a_course_is_put_together_and_opens_lesson_by_lesson_in_the_real_window() -> Result<()> {
    journey(Kind::Window).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_course_is_put_together_and_opens_lesson_by_lesson_in_chromium() -> Result<()> {
    journey(Kind::Chromium).await
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
        begin(page).await?;
        put_together(page).await?;
        put_in_order(page).await?;
        open_later(page).await?;
        if kind == Kind::Chromium {
            check_looks(page).await?;
        }
        publish_all(page).await?;
        read(&backend).await
    };
    let result = result.await;
    if result.is_err() {
        let picture = computer.keep_evidence(&format!("courses-{kind:?}")).await?;
        eprintln!("what was to be seen: {}", picture.display());
    }
    result
}

/// Chooses a value of a list, as a person does.
async fn choose(page: &Page, id: &str, value: &str) -> Result<()> {
    page.see(id).await?;
    let script = "const list=document.querySelector(`[data-testid=\"${arguments[0]}\"]`);\
        list.value=arguments[1];list.dispatchEvent(new Event('change',{bubbles:true}));return true";
    page.run(script, vec![json!(id), json!(value)]).await?;
    Ok(())
}

/// A draft becomes a course for one tier.
async fn begin(page: &Page) -> Result<()> {
    page.click("draft-new-other").await?;
    page.click("draft-new-course").await?;
    page.see("course-none").await?;
    page.fill("draft-title", COURSE).await?;
    page.write("从零开始定价。").await?;
    saved(page).await?;
    page.click("draft-publish").await?;
    page.click("access-paid").await?;
    page.click("tier-vip").await?;
    page.click("publish-keep").await?;
    Ok(())
}

async fn saved(page: &Page) -> Result<()> {
    page.wait_text("saved-state", |text| text.contains("已同步"))
        .await?;
    Ok(())
}

/// Two sections, two lessons in the first and one in the second.
async fn put_together(page: &Page) -> Result<()> {
    for name in ["第一章", "第二章"] {
        page.click("section-new").await?;
        page.fill("section-name", name).await?;
        page.click("section-confirm").await?;
        page.wait_text("course-panel", |text| text.contains(name))
            .await?;
    }
    for (button, title) in [
        ("lesson-new-in", "甲课"),
        ("lesson-new-in", "乙课"),
        ("lesson-new", "丙课"),
    ] {
        page.click(button).await?;
        page.see("lesson-line").await?;
        page.fill("draft-title", title).await?;
        page.write(&format!("{title}的正文。")).await?;
        saved(page).await?;
        page.wait_text("lesson-line", |text| text.contains(COURSE))
            .await?;
        page.click("lesson-course").await?;
        page.wait_text("course-panel", |text| text.contains(title))
            .await?;
    }
    ordered(page, &["甲课", "乙课", "丙课"]).await
}

/// Waits until the lessons stand in this order.
async fn ordered(page: &Page, titles: &[&str]) -> Result<()> {
    let script = "return JSON.stringify([...document.querySelectorAll('[data-testid=\"lesson-open\"]')]\
        .map(one=>one.innerText.trim()))===JSON.stringify(arguments[0])";
    wait_for(page, script, vec![json!(titles)]).await
}

/// By keyboard: a lesson upwards, and one out of its section; what happened is said.
async fn put_in_order(page: &Page) -> Result<()> {
    let focus = "document.querySelectorAll('[data-testid=\"lesson\"] .grip')[arguments[0]].focus();\
        return true";
    page.run(focus, vec![json!(1)]).await?;
    press(page, Key::Up).await?;
    page.wait_text("course-said", |said| {
        said.contains("乙课") && said.contains('1')
    })
    .await?;
    ordered(page, &["乙课", "甲课", "丙课"]).await?;
    // The focus went along, so the next key moves the same lesson.
    press(page, Key::Down).await?;
    press(page, Key::Down).await?;
    page.wait_text("course-said", |said| {
        said.contains("乙课") && said.contains("第二章")
    })
    .await?;
    press(page, Key::Up).await?;
    page.wait_text("course-said", |said| {
        said.contains("乙课") && said.contains("第一章")
    })
    .await?;
    ordered(page, &["甲课", "乙课", "丙课"]).await
}

/// Presses a key on the handle that has the focus, once it has gone along with what was moved.
async fn press(page: &Page, key: Key) -> Result<()> {
    let has_focus = "return document.activeElement?.classList.contains('grip')===true";
    wait_for(page, has_focus, vec![]).await?;
    let at = page.client().active_element().await?;
    at.send_keys(&char::from(key).to_string()).await?;
    Ok(())
}

/// The second lesson opens a week after somebody joined, and wants the first one finished.
async fn open_later(page: &Page) -> Result<()> {
    let open =
        "document.querySelectorAll('[data-testid=\"lesson-settings\"]')[1].click();return true";
    page.run(open, vec![]).await?;
    choose(page, "lesson-opens", "after-days").await?;
    page.fill("lesson-days", "0").await?;
    page.click("lesson-save").await?;
    page.wait_text("lesson-form", |text| text.contains("范围"))
        .await?;
    page.fill("lesson-days", "7").await?;
    let first = "return document.querySelector('[data-testid=\"lesson\"]').dataset.lesson";
    let first = page.run(first, vec![]).await?;
    let first = first.as_str().context("the first lesson has an id")?;
    choose(page, "lesson-requires", first).await?;
    page.click("lesson-save").await?;
    page.wait_text("lesson-terms", |text| {
        text.contains('7') && text.contains("甲课")
    })
    .await?;
    Ok(())
}

/// The course and its first two lessons.
async fn publish_all(page: &Page) -> Result<()> {
    publish(page).await?;
    for n in [0, 1] {
        let open = "const one=document.querySelectorAll('[data-testid=\"lesson-open\"]')[arguments[0]];\
            one?.click();return !!one";
        wait_for(page, open, vec![json!(n)]).await?;
        page.see("lesson-line").await?;
        publish(page).await?;
        page.click("lesson-course").await?;
        page.see("course-panel").await?;
    }
    let published = "return [...document.querySelectorAll('[data-testid=\"lesson\"]')]\
        .filter(one=>one.innerText.includes('已发布')).length===2";
    wait_for(page, published, vec![]).await
}

async fn publish(page: &Page) -> Result<()> {
    page.click("draft-publish").await?;
    page.click("publish-confirm").await?;
    page.wait_text("state-chip", |text| text.contains("已发布"))
        .await?;
    Ok(())
}

async fn reader(backend: &Backend, email: &'static str) -> Result<Reader> {
    let (url, ca) = (backend.url(), backend.ca_file());
    off_thread(move || Reader::sign_in((&url, &ca), email)).await
}

fn lessons(course: &Article) -> Vec<&CourseLesson> {
    let sections = course.outline.iter().flat_map(|outline| &outline.sections);
    sections.flat_map(|section| &section.lessons).collect()
}

async fn read(backend: &Backend) -> Result<()> {
    let vip = reader(backend, VIP).await?;
    let mut found = vip.article(COURSE).await;
    for _ in 0..LOOKS {
        if found
            .as_ref()
            .is_ok_and(|course| lessons(course).len() == 2)
        {
            break;
        }
        tokio::time::sleep(LOOK_EVERY).await;
        found = vip.article(COURSE).await;
    }
    let course = found?;
    let told = lessons(&course);
    let titles: Vec<&str> = told.iter().map(|lesson| lesson.title.as_str()).collect();
    ensure!(titles == ["甲课", "乙课"], "{course:?}");
    ensure!(told[0].is_open && !told[1].is_open, "{course:?}");
    let after = told[1].opens_after.as_ref().map(|after| after.id);
    ensure!(after == Some(told[0].id), "{course:?}");
    ensure!(told[1].requires == Some(told[0].id), "{course:?}");
    ensure!(vip.article("甲课").await?.markdown.contains("正文"));
    let waits = vip.article("乙课").await?;
    ensure!(waits.markdown.is_empty(), "{waits:?}");
    ensure!(waits.lesson.is_some_and(|place| place.number == 2));
    let other = reader(backend, OTHER).await?;
    let closed = other.article("甲课").await?;
    ensure!(
        !closed.summary.is_open && closed.markdown.is_empty(),
        "{closed:?}"
    );
    ensure!(lessons(&other.article(COURSE).await?).len() == 2);
    Ok(())
}
