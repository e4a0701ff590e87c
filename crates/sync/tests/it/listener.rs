//! A server that shows a certificate, counts what it can decrypt, and answers fixed texts.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustls::ServerConfig;
use rustls::crypto::ring;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use crate::certificates::Identity;

/// Paths and the whole HTTP answers to them.
pub(crate) type Answers = Vec<(&'static str, String)>;

pub(crate) struct Listener {
    pub(crate) port: u16,
    n_bytes: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Listener {
    pub(crate) async fn start(identity: Identity, answers: Answers) -> Self {
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(identity.chain, identity.key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let n_bytes = Arc::new(AtomicUsize::new(0));
        let counter = n_bytes.clone();
        let answers = Arc::new(answers);
        let task = tokio::spawn(async move {
            while let Ok((tcp, _)) = listener.accept().await {
                let (acceptor, counter, answers) =
                    (acceptor.clone(), counter.clone(), answers.clone());
                tokio::spawn(async move {
                    if let Ok(mut tls) = acceptor.accept(tcp).await {
                        serve(&mut tls, &counter, &answers).await;
                    }
                });
            }
        });
        Self {
            port,
            n_bytes,
            task,
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("https://127.0.0.1:{}", self.port)
    }

    /// Bytes of the program that reached this peer.
    pub(crate) fn n_bytes(&self) -> usize {
        self.n_bytes.load(Ordering::SeqCst)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(
    tls: &mut tokio_rustls::server::TlsStream<tokio::net::TcpStream>,
    counter: &AtomicUsize,
    answers: &Answers,
) {
    let mut request = Vec::new();
    let mut piece = [0; 4096];
    while let Ok(n) = tls.read(&mut piece).await {
        if n == 0 {
            return;
        }
        counter.fetch_add(n, Ordering::SeqCst);
        request.extend_from_slice(&piece[..n]);
        if !request.windows(4).any(|end| end == b"\r\n\r\n") {
            continue;
        }
        let head = String::from_utf8_lossy(&request).into_owned();
        let path = head.split_whitespace().nth(1).unwrap_or_default();
        let answer = answers.iter().find(|(known, _)| *known == path);
        let answer = answer.map_or("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n", |a| {
            a.1.as_str()
        });
        if tls.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
        request.clear();
    }
}

/// A whole answer of 200 with a body.
pub(crate) fn ok(body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{body}")
}
