//! A relay in front of a server that counts what travels through it, as the network sees it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Result;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

/// Bytes in both directions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Travelled {
    /// To the server.
    pub up: u64,
    /// From the server.
    pub down: u64,
}

#[derive(Default)]
struct Counts {
    up: AtomicU64,
    down: AtomicU64,
}

/// Passes connections on to a loopback port. Ends with its handle.
pub struct Relay {
    port: u16,
    counts: Arc<Counts>,
    task: JoinHandle<()>,
}

impl Relay {
    /// Listens on a port of its own, in front of another one.
    pub async fn before(port: u16) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let counts = Arc::new(Counts::default());
        let own_port = listener.local_addr()?.port();
        let task = Handle::current().spawn(accept(listener, port, counts.clone()));
        Ok(Self {
            port: own_port,
            counts,
            task,
        })
    }

    /// The server's address by way of the relay.
    pub fn url(&self) -> String {
        format!("https://127.0.0.1:{}", self.port)
    }

    /// What has travelled so far.
    pub fn travelled(&self) -> Travelled {
        Travelled {
            up: self.counts.up.load(Ordering::SeqCst),
            down: self.counts.down.load(Ordering::SeqCst),
        }
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(listener: TcpListener, port: u16, counts: Arc<Counts>) {
    while let Ok((device, _)) = listener.accept().await {
        let counts = counts.clone();
        tokio::spawn(async move {
            let Ok(server) = TcpStream::connect(("127.0.0.1", port)).await else {
                return;
            };
            // Small pieces go on at once, as they would without a relay.
            let _ = (device.set_nodelay(true), server.set_nodelay(true));
            let (from_device, to_device) = device.into_split();
            let (from_server, to_server) = server.into_split();
            tokio::join!(
                pass_on(from_device, to_server, &counts.up),
                pass_on(from_server, to_device, &counts.down),
            );
        });
    }
}

async fn pass_on(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    count: &AtomicU64,
) {
    let mut piece = vec![0; 64 * 1024];
    while let Ok(n) = from.read(&mut piece).await {
        count.fetch_add(n as u64, Ordering::SeqCst);
        if n == 0 || to.write_all(&piece[..n]).await.is_err() {
            break;
        }
    }
    // Who is gone on one side is told on the other; that it is gone there too does no harm.
    let _ = to.shutdown().await;
}
