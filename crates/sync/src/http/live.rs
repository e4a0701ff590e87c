//! Pokes over a WebSocket, on the same TLS settings as everything else.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::{SinkExt, StreamExt};
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use stoa_domain::CommunityId;
use stoa_protocol::sync::{LiveTicket, Poke};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};
use url::Url;

use super::{CONNECT_TIMEOUT, certificate_error, unreadable};
use crate::transport::{Pokes, TransportError};

/// After this much silence a ping asks whether the other end is still there.
const PING_AFTER: Duration = Duration::from_secs(25);
/// After this much more silence it is not.
const GIVE_UP_AFTER: Duration = Duration::from_secs(20);
/// A poke is a few bytes.
const MAX_MESSAGE_BYTES: usize = 64 * 1024;

struct LiveSocket {
    socket: WebSocketStream<TlsStream<TcpStream>>,
}

/// Opens the connection that a ticket was given for. The ticket is used up by it.
pub(super) async fn open(
    base: &Url,
    tls: &ClientConfig,
    community: CommunityId,
    ticket: LiveTicket,
) -> Result<Box<dyn Pokes>, TransportError> {
    let connected = timeout(CONNECT_TIMEOUT, connect(base, tls, community, ticket)).await;
    let socket = connected.map_err(|_| unreachable("no connection in time"))??;
    Ok(Box::new(LiveSocket { socket }))
}

async fn connect(
    base: &Url,
    tls: &ClientConfig,
    community: CommunityId,
    ticket: LiveTicket,
) -> Result<WebSocketStream<TlsStream<TcpStream>>, TransportError> {
    let host = base
        .host_str()
        .ok_or_else(|| TransportError::Address("no host".to_owned()))?;
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let port = base.port_or_known_default().unwrap_or(443);
    let name = ServerName::try_from(bare.to_owned())
        .map_err(|e| TransportError::Address(e.to_string()))?;
    let tcp = TcpStream::connect((bare, port))
        .await
        .map_err(unreachable)?;
    tcp.set_nodelay(true).map_err(unreachable)?;
    let stream = TlsConnector::from(Arc::new(tls.clone()))
        .connect(name, tcp)
        .await
        .map_err(|e| tls_error(&e))?;
    let mut url =
        Url::parse(&format!("wss://{host}:{port}/v1/sync/{community}/live")).map_err(unreadable)?;
    url.query_pairs_mut().append_pair("ticket", &ticket.ticket);
    let limits = WebSocketConfig::default()
        .max_message_size(Some(MAX_MESSAGE_BYTES))
        .max_frame_size(Some(MAX_MESSAGE_BYTES));
    let (socket, _) = client_async_with_config(url.as_str(), stream, Some(limits))
        .await
        .map_err(|_| unreachable("the server opened no live connection"))?;
    Ok(socket)
}

#[async_trait]
impl Pokes for LiveSocket {
    async fn next(&mut self) -> Result<i64, TransportError> {
        let mut is_asked = false;
        let mut deadline = Instant::now() + PING_AFTER;
        loop {
            let Ok(message) = timeout_at(deadline, self.socket.next()).await else {
                if is_asked {
                    return Err(unreachable("the live connection fell silent"));
                }
                is_asked = true;
                deadline = Instant::now() + GIVE_UP_AFTER;
                let ping = self.socket.send(Message::Ping(Vec::new().into()));
                ping.await.map_err(unreachable)?;
                continue;
            };
            is_asked = false;
            deadline = Instant::now() + PING_AFTER;
            match message {
                Some(Ok(Message::Text(text))) => {
                    let poke: Poke = serde_json::from_str(&text).map_err(unreadable)?;
                    return Ok(poke.head);
                }
                Some(Ok(Message::Close(_))) | None => {
                    return Err(unreachable("the live connection was closed"));
                }
                Some(Ok(_)) => {}
                Some(Err(e)) => return Err(unreachable(e)),
            }
        }
    }
}

fn tls_error(error: &std::io::Error) -> TransportError {
    match certificate_error(error) {
        Some(why) => TransportError::Untrusted(why),
        None => unreachable(error),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
fn unreachable(why: impl ToString) -> TransportError {
    TransportError::Unreachable(why.to_string())
}
