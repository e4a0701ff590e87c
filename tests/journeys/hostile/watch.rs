//! What notices when a text is run or asks for something: what the page itself sees, what stands in
//! its tree that never may, and what leaves the computer. Each is shown to notice, at each place.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use stoa_tests::page::Page;
use stoa_tests::screens::{painted, wait_for};

/// Counts what is run, what the policy has to stop, and what is asked of other hosts. `showing`
/// says which text is on its way.
const WATCH: &str = r"
    window.trespasses = [];
    window.showing = '';
    const note = (what) => { if (window.trespasses.length < 500) window.trespasses.push(`${window.showing} ${what}`.trim()); };
    for (const name of ['alert', 'confirm', 'prompt', 'print', 'open'])
        window[name] = () => note(`ran ${name}`);
    document.addEventListener('securitypolicyviolation', (event) =>
        note(`stopped ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
    window.addEventListener('error', (event) => note(`error ${event.message}`));
    const say = console.error;
    console.error = (...words) => {
        const said = words.join(' ');
        if (said.includes('panicked')) note(said.slice(0, 400));
        say(...words);
    };
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
            const url = new URL(entry.name, location.href);
            if (url.protocol.startsWith('http') && url.host !== location.host && !url.hostname.endsWith('localhost'))
                note(`asked for ${entry.name}`);
        }
    }).observe({ type: 'resource', buffered: false });";

/// What of a tree may be in no text: elements that run or load, handlers, and addresses that are
/// neither a page's, a file's of the studio, nor one that only the system opens.
const STRANGERS: &str = r"
    window.strangers = (root) => {
        const found = [];
        const never = ['script', 'iframe', 'frame', 'object', 'embed', 'applet', 'base', 'meta', 'link', 'style', 'animate', 'set', 'foreignobject', 'portal'];
        const own = (url) => url.host === location.host || ['blob:', 'stoa-media:'].includes(url.protocol) || url.hostname.endsWith('localhost') || url.hostname === '127.0.0.1';
        const parsed = (value) => { try { return new URL(value, document.baseURI); } catch { return null; } };
        const isLink = (url) => ['http:', 'https:', 'mailto:', 'stoa:', location.protocol].includes(url.protocol);
        for (const element of root.querySelectorAll('*')) {
            if (never.includes(element.localName)) found.push(element.outerHTML.slice(0, 200));
            for (const { name, value } of element.attributes) {
                const url = ['href', 'xlink:href', 'action', 'formaction', 'src', 'poster', 'data', 'background'].includes(name) ? parsed(value) : null;
                const loads = ['src', 'poster', 'data', 'background'].includes(name);
                if (/^on/i.test(name) || ['srcdoc', 'srcset', 'ping'].includes(name) || (url && !(loads ? own(url) : isLink(url))))
                    found.push(`${element.localName} ${name}=${value.slice(0, 150)}`);
            }
        }
        return found.slice(0, 20);
    };";

/// Puts a text that has to be noticed beside what is shown, as if something had let it through.
const LET_THROUGH: &str = r#"
    const place = document.querySelector(arguments[0]);
    if (!place) return false;
    const probe = document.createElement('div');
    probe.id = 'let-through';
    place.append(probe);
    probe.innerHTML = '<img src="/nowhere.png" onerror="alert(1)"><img src="https://control.example/p.png"><a href="javascript:alert(1)">x</a>';
    return true;"#;
const TAKE_OUT: &str = "document.getElementById('let-through')?.remove(); \
    window.trespasses = []; return true";

/// Begins to watch a page.
pub(super) async fn watch(page: &Page) -> Result<()> {
    page.run(WATCH, vec![]).await?;
    page.run(STRANGERS, vec![]).await?;
    Ok(())
}

/// Leaves out what the policy stops in the page of its own in which what is pasted as HTML is read:
/// Chromium tells of handlers, styles and bases there although none could ever count.
pub(super) async fn forget_what_was_only_read(page: &Page) -> Result<()> {
    let script = "window.trespasses = window.trespasses.filter((what) => \
        !/pasted as HTML: stopped ((script|style)-src(-attr|-elem)? inline|base-uri)/.test(what)); return true";
    page.run(script, vec![]).await?;
    Ok(())
}

/// What has happened in a page, and what stands in a part of it that may not.
pub(super) async fn trespasses(page: &Page, place: &str) -> Result<Vec<String>> {
    painted(page).await?;
    let script = "const place = document.querySelector(arguments[0]); \
        return [!!place, [...window.trespasses, ...(place ? window.strangers(place) : [])]]";
    let found = page.run(script, vec![json!(place)]).await?;
    ensure!(found[0] == json!(true), "`{place}` is not there");
    let found = found[1].as_array().context("a page that is watched")?;
    let text = |what: &Value| what.as_str().unwrap_or_default().to_owned();
    Ok(found.iter().map(text).collect())
}

/// Nothing was run, asked for or left in a part of the page.
pub(super) async fn nothing_happened(page: &Page, place: &str, path: &str) -> Result<()> {
    let found = trespasses(page, place).await?;
    ensure!(found.is_empty(), "{path}: {found:#?}");
    Ok(())
}

/// What got through at this place would be noticed: a watch that sees nothing proves nothing. The
/// policy of the product stops it, which is noticed, too.
pub(super) async fn would_be_noticed(page: &Page, place: &str, path: &str) -> Result<()> {
    let is_there = page.run(LET_THROUGH, vec![json!(place)]).await?;
    ensure!(is_there == json!(true), "{path}: `{place}` is not there");
    let noticed = "const seen = window.trespasses.join('\\n'); \
        const strange = window.strangers(document.querySelector(arguments[0])).join('\\n'); \
        return /ran alert|stopped script-src/.test(seen) && seen.includes('control.example') \
            && strange.includes('onerror') && strange.includes('javascript:')";
    let seen = wait_for(page, noticed, vec![json!(place)]).await;
    let trespasses = page.run("return window.trespasses", vec![]).await?;
    seen.with_context(|| format!("{path}: what was let through went by: {trespasses}"))?;
    page.run(TAKE_OUT, vec![]).await?;
    // A script that is called is noticed as one.
    page.run("window.alert(1)", vec![]).await?;
    let called = page.run("return window.trespasses", vec![]).await?;
    ensure!(called == json!(["ran alert"]), "{path}: {called}");
    // Whatever was still on its way arrives before it is looked again.
    painted(page).await?;
    page.run(TAKE_OUT, vec![]).await?;
    Ok(())
}
