//! Hearing from the other processes on a PostgreSQL database what has changed.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::time::Duration;

use tokio::sync::{broadcast, watch};
use tokio_postgres::AsyncMessage;

use super::News;
use super::secured::Secured;

pub(super) const CHANNEL: &str = "stoa_news";

/// Keeps one connection that listens; after each break everybody looks again.
pub(super) async fn listen_for_ever(
    secured: Secured,
    news: broadcast::Sender<News>,
    mut closed: watch::Receiver<bool>,
) {
    let mut pause = Duration::from_millis(200);
    loop {
        tokio::select! {
            _ = closed.changed() => return,
            outcome = listen(&secured, &news) => if let Err(error) = outcome {
                tracing::warn!(%error, "listening for news was interrupted");
            },
        }
        tokio::select! {
            _ = closed.changed() => return,
            () = tokio::time::sleep(pause) => {}
        }
        pause = (pause * 2).min(Duration::from_secs(10));
    }
}

async fn listen(
    secured: &Secured,
    news: &broadcast::Sender<News>,
) -> Result<(), tokio_postgres::Error> {
    let (client, mut connection) = secured.config.connect(secured.tls.clone()).await?;
    let subscribe = async {
        client.batch_execute(&format!("listen {CHANNEL}")).await?;
        // What happened while nobody listened is found by looking.
        let _ = news.send(News::LookAgain);
        std::future::pending::<()>().await;
        Ok::<(), tokio_postgres::Error>(())
    };
    let forward: Pin<Box<dyn Future<Output = Result<(), tokio_postgres::Error>> + Send>> =
        Box::pin(async {
            while let Some(message) = poll_fn(|cx| connection.poll_message(cx)).await {
                if let AsyncMessage::Notification(notification) = message?
                    && let Some(item) = read_news(notification.payload())
                {
                    let _ = news.send(item);
                }
            }
            Ok(())
        });
    tokio::select! {
        outcome = forward => outcome,
        outcome = subscribe => outcome,
    }
}

fn read_news(payload: &str) -> Option<News> {
    let (community, head) = payload.split_once(' ')?;
    Some(News::Head {
        community: community.parse().ok()?,
        head: head.parse().ok()?,
    })
}
