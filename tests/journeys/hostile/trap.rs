//! Where a browser's requests to other computers end: a proxy that answers nobody and notes who was
//! asked for. It also serves one page that has no policy, in which a script that got through runs.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Result, ensure};
use stoa_tests::page::Page;

const PAGE: &str = "<!doctype html><meta charset=utf-8><title>x</title><body><main></main>";
/// What a browser asks of its makers by itself, whatever it shows.
const OF_THE_MAKER: [&str; 5] = [
    "google.com",
    "googleapis.com",
    "gstatic.com",
    "gvt1.com",
    "duckduckgo.com",
];
/// How long something that is asked for may take to get here.
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) struct Trap {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Trap {
    pub(super) fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let port = listener.local_addr()?.port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let notes = Arc::clone(&asked);
        // It ends with the process of the tests.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let notes = Arc::clone(&notes);
                std::thread::spawn(move || drop(answer(stream, &notes)));
            }
        });
        Ok(Self { port, asked })
    }

    /// What is set as a proxy.
    pub(super) fn proxy(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The page without a policy.
    pub(super) fn page(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    fn asked(&self) -> Vec<String> {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let is_strange = |line: &&String| !OF_THE_MAKER.iter().any(|host| line.contains(host));
        asked.iter().filter(is_strange).cloned().collect()
    }

    /// Nobody was asked for anything so far.
    pub(super) fn is_empty(&self) -> Result<()> {
        let asked = self.asked();
        ensure!(asked.is_empty(), "asked of other computers: {asked:#?}");
        Ok(())
    }

    /// Forgets who was asked, after it was meant to be.
    pub(super) fn forget(&self) {
        let asked = self.asked.lock();
        asked.unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// From a page without a policy something gets here: the browser does go this way.
    pub(super) async fn would_notice(&self, page: &Page) -> Result<()> {
        let ask = "new Image().src = 'http://control.example/trap.png'";
        page.run(ask, vec![]).await?;
        let start = tokio::time::Instant::now();
        while start.elapsed() < PATIENCE {
            if self
                .asked()
                .iter()
                .any(|line| line.contains("control.example"))
            {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        anyhow::bail!("what a page asked for did not come by")
    }
}

/// A request whose address names no host is for this computer; any other is for another one.
fn answer(mut stream: TcpStream, asked: &Mutex<Vec<String>>) -> std::io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut first = String::new();
    BufReader::new(stream.try_clone()?).read_line(&mut first)?;
    if first.starts_with("GET /") {
        let length = PAGE.len();
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
        );
        return stream.write_all(format!("{head}{PAGE}").as_bytes());
    }
    if !first.trim().is_empty() {
        let mut asked = asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.push(first.trim().to_owned());
    }
    stream.write_all(b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
}
