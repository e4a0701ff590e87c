//! A small S3 that believes nothing: it checks every signature from the beginning, and refuses what
//! S3 refuses. Keeps its objects in memory, and can stumble, be full, fall silent, damage what it is
//! given, or lose its bucket.

#[cfg(test)]
mod refusals;
mod signature;

use std::collections::BTreeMap;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures_util::{StreamExt, stream};
use md5::{Digest, Md5};
use tokio::task::JoinHandle;

use super::postgres::certificates;
use crate::config::Clock;
use crate::objects::MediaKeys;
use crate::tls;

const KEY: &str = "AKIASTOATEST";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const REGION: &str = "us-east-1";
const BUCKET: &str = "stoa-media";
const MAX_BYTES: usize = 64 * 1024 * 1024;

/// The service, for as long as this is held.
pub struct FakeS3 {
    url: String,
    shelf: Arc<Mutex<Shelf>>,
    handle: Handle<SocketAddr>,
    serving: JoinHandle<io::Result<()>>,
}

struct Shelf {
    clock: Clock,
    has_bucket: bool,
    may_list: bool,
    is_silent: bool,
    is_full: bool,
    objects: BTreeMap<String, Bytes>,
    n_refused: u64,
    n_stumbles: u32,
    n_damaged: u32,
    cut: Option<usize>,
}

/// A refusal: its status and S3's code.
type Refusal = (u16, &'static str);

impl FakeS3 {
    /// Starts on a free port of this machine, with a clock of its own.
    ///
    /// # Panics
    /// When there is no free port.
    pub async fn start(clock: Clock) -> Self {
        Self::serving(clock, None)
    }

    /// The same over HTTPS. The certificate of its authority is `ca.pem` in the folder.
    ///
    /// # Panics
    /// When there is no free port, or the folder cannot be written to.
    pub async fn start_over_tls(clock: Clock, folder: &Path) -> Self {
        certificates(folder).expect("the folder can be written to");
        let (cert, key) = (folder.join("server.pem"), folder.join("server.key"));
        let config = tls::server_config(&cert, &key).expect("these were just made");
        Self::serving(clock, Some(RustlsConfig::from_config(config)))
    }

    fn serving(clock: Clock, tls: Option<RustlsConfig>) -> Self {
        let shelf = Arc::new(Mutex::new(Shelf {
            clock,
            has_bucket: true,
            may_list: true,
            is_silent: false,
            is_full: false,
            objects: BTreeMap::new(),
            n_refused: 0,
            n_stumbles: 0,
            n_damaged: 0,
            cut: None,
        }));
        let router = Router::new().fallback(answer).with_state(shelf.clone());
        let service = router.into_make_service();
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("this machine has a free port");
        let address = listener.local_addr().expect("it is bound");
        let listening = "a bound port can be listened on";
        let handle = Handle::new();
        let (scheme, serving) = match tls {
            None => {
                let server = axum_server::from_tcp(listener).expect(listening);
                let serving = server.handle(handle.clone()).serve(service);
                ("http", tokio::spawn(serving))
            }
            Some(tls) => {
                let server = axum_server::from_tcp_rustls(listener, tls).expect(listening);
                let serving = server.handle(handle.clone()).serve(service);
                ("https", tokio::spawn(serving))
            }
        };
        Self {
            url: format!("{scheme}://{address}"),
            shelf,
            handle,
            serving,
        }
    }

    /// Where it is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its one bucket.
    pub fn bucket(&self) -> &'static str {
        BUCKET
    }

    /// The name of the key it knows.
    pub fn key(&self) -> &'static str {
        KEY
    }

    /// The key it knows.
    pub fn keys(&self) -> MediaKeys {
        MediaKeys::new(KEY, SECRET)
    }

    /// What its objects are called.
    pub fn keys_of_objects(&self) -> Vec<String> {
        self.shelf().objects.keys().cloned().collect()
    }

    /// How many objects it has.
    pub fn n_objects(&self) -> usize {
        self.shelf().objects.len()
    }

    /// How often it said no.
    pub fn n_refused(&self) -> u64 {
        self.shelf().n_refused
    }

    /// The next requests are answered that it is too busy.
    pub fn stumble(&self, n: u32) {
        self.shelf().n_stumbles = n;
    }

    /// Whether it takes no more objects.
    pub fn set_full(&self, is_full: bool) {
        self.shelf().is_full = is_full;
    }

    /// Whether its bucket is there.
    pub fn set_bucket(&self, is_there: bool) {
        self.shelf().has_bucket = is_there;
    }

    /// Its keys are not told any more that an object is missing.
    pub fn forbid_listing(&self) {
        self.shelf().may_list = false;
    }

    /// The next uploads arrive with one byte changed.
    pub fn damage_uploads(&self, n: u32) {
        self.shelf().n_damaged = n;
    }

    /// What was kept is something else now; an object that becomes `None` is gone.
    pub fn change_objects(&self, mut change: impl FnMut(&[u8]) -> Option<Vec<u8>>) {
        let mut shelf = self.shelf();
        let objects = std::mem::take(&mut shelf.objects);
        let changed = |(key, bytes): (String, Bytes)| Some((key, change(&bytes)?.into()));
        shelf.objects = objects.into_iter().filter_map(changed).collect();
    }

    /// Takes requests and does not answer them.
    pub fn fall_silent(&self) {
        self.shelf().is_silent = true;
    }

    /// Objects break off after so many bytes on their way, or do so no more.
    pub fn cut_answers_at(&self, n_bytes: Option<usize>) {
        self.shelf().cut = n_bytes;
    }

    /// Nobody answers any more.
    pub async fn stop(self) {
        self.handle.shutdown();
        let _ = self.serving.await;
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        lock(&self.shelf)
    }
}

fn lock(shelf: &Mutex<Shelf>) -> MutexGuard<'_, Shelf> {
    shelf.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn answer(State(shelf): State<Arc<Mutex<Shelf>>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = to_bytes(body, MAX_BYTES).await;
    if lock(&shelf).is_silent {
        return std::future::pending().await;
    }
    let mut shelf = lock(&shelf);
    let asked = Asked {
        method: head.method,
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers: head.headers,
    };
    let answered = body
        .map_err(|_| (400, "IncompleteBody"))
        .and_then(|body| shelf.answer(&asked, body));
    answered.unwrap_or_else(|(status, code)| {
        shelf.n_refused += 1;
        let text = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>no</Message></Error>"
        );
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, [(header::CONTENT_TYPE, "application/xml")], text).into_response()
    })
}

struct Asked {
    method: Method,
    path: String,
    query: String,
    headers: HeaderMap,
}

impl Asked {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The bucket stands in the path, or before `localhost`.
    fn bucket_and_key(&self) -> (&str, &str) {
        let path = self.path.trim_start_matches('/');
        let host = self.header("host").unwrap_or_default();
        match host.split_once(".localhost") {
            Some((bucket, _)) => (bucket, path),
            None => path.split_once('/').unwrap_or_default(),
        }
    }
}

impl Shelf {
    fn answer(&mut self, asked: &Asked, body: Bytes) -> Result<Response, Refusal> {
        if self.n_stumbles > 0 {
            self.n_stumbles -= 1;
            return Err((503, "SlowDown"));
        }
        signature::check(asked, (self.clock)().millis())?;
        let (bucket, key) = asked.bucket_and_key();
        if bucket != BUCKET || !self.has_bucket {
            return Err((404, "NoSuchBucket"));
        }
        match asked.method {
            Method::PUT => self.put(asked, key, body),
            Method::GET => self.get(asked, key),
            Method::DELETE => {
                self.objects.remove(key);
                Ok(StatusCode::NO_CONTENT.into_response())
            }
            _ => Err((405, "MethodNotAllowed")),
        }
    }

    fn put(&mut self, asked: &Asked, key: &str, body: Bytes) -> Result<Response, Refusal> {
        if asked.headers.contains_key(header::TRANSFER_ENCODING) {
            return Err((501, "NotImplemented"));
        }
        let length = asked
            .header("content-length")
            .and_then(|n| n.parse::<usize>().ok());
        if length.ok_or((411, "MissingContentLength"))? != body.len() {
            return Err((400, "IncompleteBody"));
        }
        let body = self.arrived(body);
        if let Some(md5) = asked.header("content-md5") {
            let md5 = STANDARD.decode(md5).map_err(|_| (400, "InvalidDigest"))?;
            if md5 != Md5::digest(&body).to_vec() {
                return Err((400, "BadDigest"));
            }
        }
        if self.is_full {
            return Err((507, "XMinioStorageFull"));
        }
        self.objects.insert(key.to_owned(), body);
        Ok(StatusCode::OK.into_response())
    }

    fn arrived(&mut self, body: Bytes) -> Bytes {
        if self.n_damaged == 0 {
            return body;
        }
        self.n_damaged -= 1;
        let mut body = body.to_vec();
        if let Some(byte) = body.first_mut() {
            *byte ^= 1;
        }
        body.into()
    }

    fn get(&self, asked: &Asked, key: &str) -> Result<Response, Refusal> {
        let missing = if self.may_list {
            (404, "NoSuchKey")
        } else {
            (403, "AccessDenied")
        };
        let object = self.objects.get(key).ok_or(missing)?;
        let Some(range) = asked.header("range") else {
            return Ok(object.clone().into_response());
        };
        let range = range
            .strip_prefix("bytes=")
            .and_then(|range| range.split_once('-'));
        let range = range.and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
        let (from, to): (usize, usize) = range.ok_or((400, "InvalidArgument"))?;
        let to = to.saturating_add(1).min(object.len());
        if from >= to {
            return Err((416, "InvalidRange"));
        }
        let shown = format!("bytes {from}-{}/{}", to - 1, object.len());
        let bytes = object.slice(from..to);
        let length = bytes.len();
        let body = match self.cut {
            Some(cut) if cut < length => cut_off(bytes.slice(..cut)),
            _ => Body::from(bytes),
        };
        let headers = [
            (header::CONTENT_RANGE, shown),
            (header::CONTENT_LENGTH, length.to_string()),
        ];
        Ok((StatusCode::PARTIAL_CONTENT, headers, body).into_response())
    }
}

fn cut_off(bytes: Bytes) -> Body {
    let broken = async {
        // What came before is sent first.
        tokio::task::yield_now().await;
        Err(io::Error::other("the line broke"))
    };
    Body::from_stream(stream::iter([Ok(bytes)]).chain(stream::once(broken)))
}
