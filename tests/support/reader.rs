//! Somebody who reads what a community has published, as a member's browser would.

use std::path::Path;

use anyhow::{Context, Result};
use reqwest::Client;
use stoa_protocol::member::{Article, Articles};
use stoa_protocol::sync::Hello;
use stoa_sync::tls::{Trust, client_config};
use tokio::runtime::Runtime;

use crate::device::signed_in;

pub struct Reader {
    client: Client,
    url: String,
    token: String,
    community: String,
}

impl Reader {
    /// Signs somebody in who belongs to the community.
    pub fn sign_in((url, ca): (&str, &Path), email: &str) -> Result<Self> {
        let runtime = Runtime::new()?;
        let link = signed_in(&runtime, url, email)?;
        let tokens = link.tokens.context("signed in")?;
        let authority = std::fs::read_to_string(ca)?;
        let client = Client::builder()
            .tls_backend_preconfigured(client_config(Trust::Only(&authority))?)
            .build()?;
        let mut reader = Self {
            client,
            url: url.to_owned(),
            token: tokens.access.to_string(),
            community: String::new(),
        };
        let hello: Hello = runtime.block_on(reader.get("/v1/sync/hello"))?;
        let first = hello.communities.first().context("a community")?;
        reader.community = first.id.to_string();
        Ok(reader)
    }

    async fn get<T: serde::de::DeserializeOwned>(&self, path: &str) -> Result<T> {
        let request = self.client.get(format!("{}{path}", self.url));
        let answer = request.bearer_auth(&self.token).send().await?;
        Ok(answer.error_for_status()?.json().await?)
    }

    /// With what status a path of the server answers this reader.
    pub async fn status(&self, path: &str) -> Result<u16> {
        let request = self.client.get(format!("{}{path}", self.url));
        let answer = request.bearer_auth(&self.token).send().await?;
        Ok(answer.status().as_u16())
    }

    /// With what status a file of an article is answered.
    pub async fn file_status(&self, article: &Article, b3: &str) -> Result<u16> {
        let (community, id) = (&self.community, article.summary.id);
        let path = format!("/v1/communities/{community}/articles/{id}/files/{b3}");
        self.status(&path).await
    }

    /// What is published, the newest first.
    pub async fn articles(&self) -> Result<Articles> {
        self.get(&format!("/v1/communities/{}/articles", self.community))
            .await
    }

    /// The article with this title, with as much of its text as this reader may read.
    pub async fn article(&self, title: &str) -> Result<Article> {
        let list = self.articles().await?.articles;
        let found = list.iter().find(|article| article.title == title);
        let id = found.context("no such article is published")?.id;
        self.get(&format!("/v1/communities/{}/articles/{id}", self.community))
            .await
    }
}
