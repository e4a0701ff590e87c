//! Every text is pasted into the editor, as a page and as plain text.

use anyhow::{Context, Result, ensure};
use serde_json::json;
use stoa_tests::page::Page;
use stoa_tests::screens::wait_for;

use super::payloads::Payload;
use super::texts::{asked, open, seen};
use super::watch::{forget_what_was_only_read, watch, would_be_noticed};

const PLACE: (&str, &str) = ("[data-testid=editor]", "what was pasted");
/// So many in one draft, and in one call of a driver, which gives up after half a minute.
const TOGETHER: usize = 125;

/// Pastes each in two forms. What happens meanwhile is noted with the text that was on its way; the
/// next one waits until the page has done what is at hand.
const PASTE: &str = r"
    const [payloads, done] = arguments;
    const surface = document.querySelector('[data-testid=editor] [contenteditable=true]');
    const turn = () => new Promise((go) => { const both = new MessageChannel(); both.port1.onmessage = go; both.port2.postMessage(0); });
    const paste = (html, plain) => {
        const kinds = { 'text/html': html, 'text/plain': plain };
        const held = { files: [], items: [], types: Object.keys(kinds).filter((kind) => kinds[kind]), getData: (kind) => kinds[kind] ?? '' };
        const event = new Event('paste', { bubbles: true, cancelable: true });
        Object.defineProperty(event, 'clipboardData', { value: held });
        surface.dispatchEvent(event);
    };
    const all = async () => {
        surface.focus();
        let taken = 0;
        for (const [n, payload] of payloads) {
            for (const [form, html, plain] of [['HTML', payload, ''], ['plain text', '', payload]]) {
                window.showing = `payload ${n} pasted as ${form}:`;
                const before = surface.textContent.length;
                paste(html, plain);
                await turn();
                if (surface.textContent.length > before) taken += 1;
            }
        }
        window.showing = '';
        paste('', arguments[0].at(-1)[2] ?? '');
        await turn();
        return taken;
    };
    all().then(done, (error) => done(String(error)));";

/// In drafts of their own, one after the other, and with a watch of their own.
pub(super) async fn paste_all(page: &Page, payloads: &[Payload]) -> Result<()> {
    watch(page).await?;
    for (nth, together) in payloads.chunks(TOGETHER).enumerate() {
        let first = together.first().map_or(0, |(n, _)| *n);
        paste(page, together, nth == 0)
            .await
            .with_context(|| format!("payloads from {first}"))?;
    }
    Ok(())
}

async fn paste(page: &Page, payloads: &[Payload], with_controls: bool) -> Result<()> {
    let first = payloads.first().map_or(0, |(n, _)| *n);
    let title = format!("粘贴 {first}");
    let draft = asked(page, "draft.create", json!({ "title": title })).await?;
    open(page, &draft["id"], &title).await?;
    let editable = "[data-testid=editor] [contenteditable=true]";
    let is_there = "return !!document.querySelector(arguments[0])";
    wait_for(page, is_there, vec![json!(editable)]).await?;
    if with_controls {
        would_be_noticed(page, PLACE.0, PLACE.1).await?;
    }
    let end = format!("尾声{first}号");
    let mut handed: Vec<_> = payloads.iter().map(|(n, text)| json!([n, text])).collect();
    if let Some(last) = handed.last_mut().and_then(|last| last.as_array_mut()) {
        last.push(json!(end));
    }
    let taken = page
        .client()
        .execute_async(PASTE, vec![json!(handed)])
        .await?;
    // The plain form of nearly all of them is text that has to be there afterwards.
    let n_taken = taken
        .as_u64()
        .with_context(|| format!("pasting broke off: {taken}"))?;
    ensure!(
        n_taken >= payloads.len() as u64,
        "of {} texts in two forms only {n_taken} came in",
        payloads.len()
    );
    forget_what_was_only_read(page).await?;
    seen(page, PLACE, &end, false).await
}
