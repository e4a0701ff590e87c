//! What a person does with a page: find, click, type, wait for what they expect to see.

use std::time::Duration;

use anyhow::{Context, Result};
use fantoccini::elements::Element;
use fantoccini::key::Key;
use fantoccini::{Client, Locator};
use serde_json::{Value, json};

/// How long anything may take to appear.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often is looked.
const LOOK_EVERY: Duration = Duration::from_millis(25);

/// The page in a window or a browser.
pub struct Page {
    client: Client,
}

impl Page {
    /// The page of an open session.
    pub fn new(client: Client) -> Self {
        Self { client }
    }

    /// The session itself.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Waits for the thing with this test id.
    pub async fn see(&self, id: &str) -> Result<Element> {
        let css = format!("[data-testid=\"{id}\"]");
        self.client
            .wait()
            .at_most(PATIENCE)
            .every(LOOK_EVERY)
            .for_element(Locator::Css(&css))
            .await
            .with_context(|| format!("`{id}` did not appear"))
    }

    /// Waits for a test id and clicks it.
    pub async fn click(&self, id: &str) -> Result<()> {
        // Found and clicked in one step: what is drawn anew meanwhile is not a failure of the page.
        let script = "const e=document.querySelector(arguments[0]);if(!e)return false;e.focus();e.click();return true;";
        let css = format!("[data-testid=\"{id}\"]");
        let start = tokio::time::Instant::now();
        while start.elapsed() < PATIENCE {
            if self.client.execute(script, vec![json!(css)]).await? == json!(true) {
                return Ok(());
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        anyhow::bail!("`{id}` did not appear")
    }

    /// Puts text into a field, replacing what is there. A field that is drawn again while it is emptied
    /// has its old value back: then it is tried once more.
    pub async fn fill(&self, id: &str, text: &str) -> Result<()> {
        for _ in 0..3 {
            let field = self.see(id).await?;
            field.clear().await?;
            field
                .send_keys(text)
                .await
                .with_context(|| format!("type into `{id}`"))?;
            if field.prop("value").await?.is_none_or(|now| now == text) {
                break;
            }
        }
        Ok(())
    }

    /// Types at the end of the text that is open in the editor.
    pub async fn write(&self, text: &str) -> Result<()> {
        self.write_in("[contenteditable=\"true\"]", text).await
    }

    /// Types at the end of the Markdown that is open in the editor.
    pub async fn write_source(&self, markdown: &str) -> Result<()> {
        self.write_in("textarea", markdown).await
    }

    async fn write_in(&self, surface: &str, text: &str) -> Result<()> {
        self.see("editor").await?;
        let surface = format!("[data-testid=\"editor\"] {surface}");
        let surface = self
            .client
            .wait()
            .at_most(PATIENCE)
            .every(LOOK_EVERY)
            .for_element(Locator::Css(&surface))
            .await
            .context("the writing surface did not appear")?;
        let end = format!(
            "{}{}{}",
            char::from(Key::Control),
            char::from(Key::End),
            char::from(Key::Null)
        );
        surface.send_keys(&end).await?;
        // One of the drivers types no line break that is not a key.
        let keys = text.replace('\n', &char::from(Key::Return).to_string());
        surface.send_keys(&keys).await.context("write")
    }

    /// Presses a key with Control held.
    pub async fn press_control(&self, id: &str, key: &str) -> Result<()> {
        let keys = format!("{}{key}{}", char::from(Key::Control), char::from(Key::Null));
        self.see(id).await?.send_keys(&keys).await?;
        Ok(())
    }

    /// The text of the thing with this test id.
    pub async fn text(&self, id: &str) -> Result<String> {
        Ok(self.see(id).await?.text().await?)
    }

    /// Waits until the text of a thing is as wanted, and says what it was when it never is.
    pub async fn wait_text(&self, id: &str, wanted: impl Fn(&str) -> bool) -> Result<String> {
        let script = "const e=document.querySelector(arguments[0]);return e?(e.matches('input,textarea')?e.value:e.innerText):null;";
        let css = format!("[data-testid=\"{id}\"]");
        let mut last = Value::Null;
        let start = tokio::time::Instant::now();
        while start.elapsed() < PATIENCE {
            last = self.client.execute(script, vec![json!(css)]).await?;
            if let Some(text) = last.as_str()
                && wanted(text)
            {
                return Ok(text.to_owned());
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        anyhow::bail!("`{id}` stayed {last}")
    }

    /// Whether the thing is there at this moment.
    pub async fn has(&self, id: &str) -> Result<bool> {
        let css = format!("[data-testid=\"{id}\"]");
        Ok(!self.client.find_all(Locator::Css(&css)).await?.is_empty())
    }

    /// Runs a script in the page.
    pub async fn run(&self, script: &str, args: Vec<Value>) -> Result<Value> {
        Ok(self.client.execute(script, args).await?)
    }

    /// Ends the session and with it the browser or the window.
    pub async fn close(self) -> Result<()> {
        Ok(self.client.close().await?)
    }
}
