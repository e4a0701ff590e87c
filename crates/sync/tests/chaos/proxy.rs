//! A way between computers and their server on which anything can happen. It ends the TLS of both
//! sides, so that it knows requests from answers, and decides by a seed what becomes of each.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use rustls::crypto::ring;
use rustls::pki_types::ServerName;
use stoa_sync::tls::{Trust, client_config};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use tokio_rustls::{TlsAcceptor, TlsConnector, client, server};

use crate::certificates::Authority;

/// What can become of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mishap {
    /// It takes long, there and back.
    Latency,
    /// The line breaks in the midst of the request.
    CutRequest,
    /// The line breaks in the midst of the answer.
    CutAnswer,
    /// The server has done it, and the line is reset before its answer comes.
    LostAnswer,
    /// The server gets it twice, one after the other.
    Twice,
    /// The server gets it twice at once.
    TwiceAtOnce,
    /// The server gets it later, when nobody waits for it any more.
    Late,
    /// The answer comes in drops.
    Drip,
    /// It is taken and never answered, until the line is reset.
    BlackHole,
}

pub(crate) const MISHAPS: [Mishap; 9] = [
    Mishap::Latency,
    Mishap::CutRequest,
    Mishap::CutAnswer,
    Mishap::LostAnswer,
    Mishap::Twice,
    Mishap::TwiceAtOnce,
    Mishap::Late,
    Mishap::Drip,
    Mishap::BlackHole,
];

/// Latency, and how long a black hole holds: short, so that a run has many.
const LONGEST_MS: u64 = 120;
const DROPS: usize = 24;

#[derive(Clone)]
pub(crate) struct Plan(Arc<Mutex<Inner>>);

struct Inner {
    random: ChaCha8Rng,
    is_calm: bool,
    counts: BTreeMap<Mishap, usize>,
    /// Requests the server is to get later.
    late: Vec<Vec<u8>>,
}

impl Plan {
    fn inner(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on this seed decides.
    pub(crate) fn rage(&self, seed: u64) {
        let mut inner = self.inner();
        inner.random = ChaCha8Rng::seed_from_u64(seed);
        inner.is_calm = false;
    }

    /// From now on nothing happens any more.
    pub(crate) fn calm(&self) {
        self.inner().is_calm = true;
    }

    /// How often each mishap happened.
    pub(crate) fn counts(&self) -> BTreeMap<Mishap, usize> {
        self.inner().counts.clone()
    }

    /// What becomes of the next request: of three, one arrives as it should.
    fn next(&self) -> Option<Mishap> {
        let mut inner = self.inner();
        if inner.is_calm || inner.random.next_u64().is_multiple_of(3) {
            return None;
        }
        let mishap = MISHAPS[below(&mut inner.random, MISHAPS.len())];
        *inner.counts.entry(mishap).or_default() += 1;
        Some(mishap)
    }

    fn below(&self, n: usize) -> usize {
        below(&mut self.inner().random, n)
    }

    fn pause(&self) -> Duration {
        Duration::from_millis(1 + self.below(LONGEST_MS as usize) as u64)
    }

    fn is_calm(&self) -> bool {
        self.inner().is_calm
    }
}

fn below(random: &mut ChaCha8Rng, n: usize) -> usize {
    (random.next_u64() % n.max(1) as u64) as usize
}

/// The way itself, as long as it lives.
pub(crate) struct Proxy {
    pub(crate) plan: Plan,
    pub(crate) url: String,
    /// The authority of its certificate.
    pub(crate) ca_pem: String,
    task: JoinHandle<()>,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The server behind it.
#[derive(Clone)]
struct Far {
    port: u16,
    connector: TlsConnector,
}

type Near = server::TlsStream<TcpStream>;

impl Proxy {
    pub(crate) async fn before(port: u16, server_ca: &str) -> Self {
        let authority = Authority::named("the way");
        let identity = authority.good();
        let config =
            rustls::ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
                .with_safe_default_protocol_versions()
                .unwrap()
                .with_no_client_auth()
                .with_single_cert(identity.chain, identity.key)
                .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let trust = client_config(Trust::Only(server_ca)).unwrap();
        let far = Far {
            port,
            connector: TlsConnector::from(Arc::new(trust)),
        };
        let plan = Plan(Arc::new(Mutex::new(Inner {
            random: ChaCha8Rng::seed_from_u64(0),
            is_calm: true,
            counts: BTreeMap::new(),
            late: Vec::new(),
        })));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let own_port = listener.local_addr().unwrap().port();
        let way = plan.clone();
        let task = tokio::spawn(async move {
            while let Ok((tcp, _)) = listener.accept().await {
                let (acceptor, far, plan) = (acceptor.clone(), far.clone(), way.clone());
                // How a line ends is what this is about; nobody is told.
                tokio::spawn(async move {
                    let near = acceptor.accept(tcp).await?;
                    serve(near, &far, &plan).await
                });
            }
        });
        Self {
            plan,
            url: format!("https://127.0.0.1:{own_port}"),
            ca_pem: authority.pem(),
            task,
        }
    }
}

impl Far {
    async fn connect(&self) -> io::Result<client::TlsStream<TcpStream>> {
        let tcp = TcpStream::connect(("127.0.0.1", self.port)).await?;
        tcp.set_nodelay(true)?;
        let name = ServerName::try_from("127.0.0.1").map_err(io::Error::other)?;
        self.connector.connect(name, tcp).await
    }

    /// One request and its whole answer.
    async fn ask(&self, request: &[u8]) -> io::Result<Vec<u8>> {
        let mut far = self.connect().await?;
        far.write_all(request).await?;
        let mut answer = Vec::new();
        match far.read_to_end(&mut answer).await {
            // The end of a connection is not always announced.
            Err(error) if error.kind() != io::ErrorKind::UnexpectedEof => Err(error),
            _ => Ok(answer),
        }
    }
}

/// One request of a computer, and what becomes of it.
async fn serve(mut near: Near, far: &Far, plan: &Plan) -> io::Result<()> {
    let (request, is_live) = read_request(&mut near).await?;
    if is_live {
        return pass_on(near, far, plan, &request).await;
    }
    let late = std::mem::take(&mut plan.inner().late);
    for request in late {
        far.ask(&request).await?;
    }
    match plan.next() {
        None => answer(near, &far.ask(&request).await?).await,
        Some(Mishap::Latency) => {
            sleep(plan.pause()).await;
            let said = far.ask(&request).await?;
            sleep(plan.pause()).await;
            answer(near, &said).await
        }
        Some(Mishap::CutRequest) => {
            let mut cut = far.connect().await?;
            cut.write_all(&request[..plan.below(request.len())]).await?;
            cut.flush().await?;
            reset(near)
        }
        Some(Mishap::CutAnswer) => {
            let said = far.ask(&request).await?;
            near.write_all(&said[..plan.below(said.len())]).await?;
            near.flush().await?;
            reset(near)
        }
        Some(Mishap::LostAnswer) => {
            far.ask(&request).await?;
            reset(near)
        }
        Some(Mishap::Twice) => {
            far.ask(&request).await?;
            answer(near, &far.ask(&request).await?).await
        }
        Some(Mishap::TwiceAtOnce) => {
            let (one, other) = tokio::join!(far.ask(&request), far.ask(&request));
            let said = if plan.below(2) == 0 { one } else { other };
            answer(near, &said?).await
        }
        Some(Mishap::Late) => {
            plan.inner().late.push(request);
            reset(near)
        }
        Some(Mishap::Drip) => drip(near, &far.ask(&request).await?).await,
        Some(Mishap::BlackHole) => {
            sleep(plan.pause() * 2).await;
            reset(near)
        }
    }
}

async fn answer(mut near: Near, said: &[u8]) -> io::Result<()> {
    near.write_all(said).await?;
    near.shutdown().await
}

async fn drip(mut near: Near, said: &[u8]) -> io::Result<()> {
    for drop in said.chunks(said.len().div_ceil(DROPS).max(1)) {
        near.write_all(drop).await?;
        near.flush().await?;
        sleep(Duration::from_millis(1)).await;
    }
    near.shutdown().await
}

/// The line is gone, without a word.
fn reset(near: Near) -> io::Result<()> {
    near.get_ref().0.set_zero_linger()?;
    drop(near);
    Ok(())
}

/// Pokes: the line is passed through as it is, until it breaks.
async fn pass_on(mut near: Near, far: &Far, plan: &Plan, request: &[u8]) -> io::Result<()> {
    let mut through = far.connect().await?;
    through.write_all(request).await?;
    let passing = copy_bidirectional(&mut near, &mut through);
    if plan.is_calm() {
        return passing.await.map(drop);
    }
    let _ = timeout(plan.pause() * 3, passing).await;
    reset(near)
}

/// Reads a request with its body; the server is asked to answer it alone and then close, which
/// tells where its answer ends.
async fn read_request(near: &mut Near) -> io::Result<(Vec<u8>, bool)> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|end| end == b"\r\n\r\n") {
            break at;
        }
        if near.read_buf(&mut bytes).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let named = |name: &str| {
        let mut lines = head.lines().filter_map(|line| line.split_once(':'));
        lines
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
    };
    if named("upgrade").is_some() {
        return Ok((bytes, true));
    }
    assert!(
        named("transfer-encoding").is_none(),
        "lengths are told: {head}"
    );
    let length = named("content-length").map_or(0, |n| n.parse().unwrap());
    while bytes.len() < end + 4 + length {
        if near.read_buf(&mut bytes).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    let mut request = format!("{head}\r\nconnection: close\r\n\r\n").into_bytes();
    request.extend_from_slice(&bytes[end + 4..]);
    Ok((request, false))
}
