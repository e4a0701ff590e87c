//! Files over real sockets: sent in parts, cut, gone on with, fetched, asked for again.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::stream::{BoxStream, StreamExt};
use stoa_domain::{BlobHash, DraftId, PART_BYTES, Role};
use stoa_protocol::account::{Account, Refresh, Register, Secret, Session, SignIn, Tokens};
use stoa_protocol::blob::{BlobParts, MissingBlobs, MissingParts, OfferBlob, WhichBlobs};
use stoa_protocol::device::Device;
use stoa_protocol::sync::{Hello, Pull, Push, PushAnswer};
use stoa_store::{FilesControls, NewFile, OsRandom, Where};
use stoa_sync::http::HttpTransport;
use stoa_sync::tls::Trust;
use stoa_sync::transport::{Caller, FileTransport, Pokes, PullLines, Transport, TransportError};
use stoa_sync::{Clock, FileTrouble, FilesHandle, FilesState, PartBody};

use crate::place::{Computer, PATIENCE, Place, until_state};

/// How large the file is that is cut, in MiB; `cargo xtask soak` sends one of a GiB.
const MIB_OF_THE_LARGE_ONE: u64 = 64;

fn mib_of_the_large_one() -> u64 {
    let asked = std::env::var("STOA_FILE_MIB").ok();
    let asked = asked.map(|mib| mib.parse().expect("a number of MiB"));
    asked.unwrap_or(MIB_OF_THE_LARGE_ONE)
}

/// Bytes that no other seed makes, one after the other, so that nobody has to hold them.
fn endless(seed: u8) -> impl Read {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&[seed]);
    hasher.finalize_xof()
}

/// Whether a file is what was made of a seed, read piece by piece.
fn is_made_of(computer: &Computer, b3: BlobHash, (seed, size): (u8, u64)) -> bool {
    let mut reader = computer.store.open_file(b3).unwrap().unwrap();
    let mut expected = endless(seed).take(size);
    let mut at = 0;
    while at < size {
        let found = reader.read(at..at + PART_BYTES).unwrap();
        let mut piece = vec![0; found.len()];
        expected.read_exact(&mut piece).unwrap();
        if found.is_empty() || found != piece {
            return false;
        }
        at += found.len() as u64;
    }
    reader.size() == size
}

/// Bytes that no other call makes.
pub(crate) fn noise(n: usize, seed: u8) -> Vec<u8> {
    let mut bytes = vec![0; n];
    let mut hasher = blake3::Hasher::new();
    hasher.update(&[seed]);
    hasher.finalize_xof().fill(&mut bytes);
    bytes
}

pub(crate) fn add(computer: &Computer, draft: DraftId, bytes: &[u8]) -> BlobHash {
    add_from(computer, draft, &mut Cursor::new(bytes))
}

fn add_from(computer: &Computer, draft: DraftId, bytes: &mut dyn Read) -> BlobHash {
    let new = NewFile {
        draft,
        name: "附件.bin".to_owned(),
        must_be_image: false,
    };
    let now = computer.clock.now();
    let added = computer.store.add_file(&new, bytes, now, &OsRandom);
    added.unwrap().b3
}

pub(crate) fn contents(computer: &Computer, b3: BlobHash) -> Option<Vec<u8>> {
    let mut reader = computer.store.open_file(b3).unwrap()?;
    let size = reader.size();
    Some(reader.read(0..size).unwrap())
}

pub(crate) fn is_sent(computer: &Computer) -> bool {
    computer.store.files_to_send(9).unwrap().is_empty() && computer.n_waiting() == 0
}

pub(crate) fn paused(is_paused: bool) -> FilesControls {
    FilesControls {
        is_paused,
        ..FilesControls::default()
    }
}

pub(crate) async fn until_files(
    handle: &FilesHandle,
    what: &str,
    holds: impl FnMut(&FilesState) -> bool,
) {
    let mut states = handle.subscribe();
    let waiting = states.wait_for(holds);
    if tokio::time::timeout(PATIENCE, waiting).await.is_err() {
        panic!("waited in vain: {what}; {:?}", handle.state());
    }
}

/// Waits until the server was asked about all files, which nobody is told of.
pub(crate) async fn until_audited(one: &Computer) {
    let audited = async {
        while one.store.files_audit_due().unwrap().is_some() {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    let audited = tokio::time::timeout(PATIENCE, audited).await;
    audited.expect("the server is asked");
}

/// The way to a real server, which breaks when so many bytes have gone over it.
struct Breaking {
    inner: HttpTransport,
    cuts: Mutex<Vec<u64>>,
    n_sent: Arc<AtomicU64>,
    n_fetched: AtomicU64,
    /// How often the server took a part.
    taken: Mutex<BTreeMap<u32, u32>>,
}

impl Breaking {
    fn of(computer: &Computer, cuts: &[u64]) -> Arc<Self> {
        let link = computer.store.link().unwrap().unwrap();
        let trust = link.ca_pem.as_deref().map_or(Trust::System, Trust::Only);
        Arc::new(Self {
            inner: HttpTransport::new(&link.server_url, trust).unwrap(),
            cuts: Mutex::new(cuts.to_vec()),
            n_sent: Arc::default(),
            n_fetched: AtomicU64::new(0),
            taken: Mutex::default(),
        })
    }

    /// Whether the line breaks now; the cut is used up with it.
    fn breaks(&self, n: u64) -> bool {
        let mut cuts = self.cuts.lock().unwrap();
        let is_due = cuts.first().is_some_and(|cut| n >= *cut);
        if is_due {
            cuts.remove(0);
        }
        is_due
    }
}

/// Breaks every transfer that is under way, as a line does.
fn broken() -> std::io::Error {
    std::io::Error::other("the line broke")
}

#[async_trait]
impl FileTransport for Breaking {
    async fn offer(
        &self,
        caller: &Caller,
        offer: &OfferBlob,
    ) -> Result<MissingParts, TransportError> {
        self.inner.offer(caller, offer).await
    }

    async fn put_part(
        &self,
        caller: &Caller,
        part: (BlobHash, u32),
        size: u64,
        body: PartBody,
    ) -> Result<(), TransportError> {
        let (n_sent, (tell, told)) = (self.n_sent.clone(), tokio::sync::watch::channel(()));
        let counted = body.map(move |piece| {
            let piece = piece?;
            n_sent.fetch_add(piece.len() as u64, Ordering::SeqCst);
            tell.send_replace(());
            Ok(piece)
        });
        let mut told = told;
        let cut = async {
            while told.changed().await.is_ok() {
                if self.breaks(self.n_sent.load(Ordering::SeqCst)) {
                    return;
                }
            }
            std::future::pending().await
        };
        tokio::select! {
            sent = self.inner.put_part(caller, part, size, counted.boxed()) => {
                if sent.is_ok() {
                    *self.taken.lock().unwrap().entry(part.1).or_default() += 1;
                }
                sent
            }
            () = cut => Err(TransportError::Unreachable("the line broke".to_owned())),
        }
    }

    async fn complete(
        &self,
        caller: &Caller,
        b3: BlobHash,
    ) -> Result<MissingParts, TransportError> {
        self.inner.complete(caller, b3).await
    }

    async fn parts(&self, caller: &Caller, b3: BlobHash) -> Result<BlobParts, TransportError> {
        self.inner.parts(caller, b3).await
    }

    async fn part(
        &self,
        caller: &Caller,
        b3: BlobHash,
        range: Range<u64>,
    ) -> Result<BoxStream<'static, Result<Bytes, TransportError>>, TransportError> {
        let length = range.end - range.start;
        let n = self.n_fetched.fetch_add(length, Ordering::SeqCst) + length;
        let bytes = self.inner.part(caller, b3, range).await?;
        if self.breaks(n) {
            let half = bytes.take(1).chain(futures_util::stream::iter([Err(
                TransportError::Unreachable(broken().to_string()),
            )]));
            return Ok(half.boxed());
        }
        Ok(bytes)
    }

    async fn missing(
        &self,
        caller: &Caller,
        asked: &WhichBlobs,
    ) -> Result<MissingBlobs, TransportError> {
        self.inner.missing(caller, asked).await
    }
}

#[async_trait]
impl Transport for Breaking {
    fn files(&self) -> Option<&dyn FileTransport> {
        Some(self)
    }
    async fn hello(&self, caller: &Caller) -> Result<Hello, TransportError> {
        self.inner.hello(caller).await
    }
    async fn push(&self, caller: &Caller, push: &Push) -> Result<PushAnswer, TransportError> {
        self.inner.push(caller, push).await
    }
    async fn pull(
        &self,
        caller: &Caller,
        pull: &Pull,
    ) -> Result<Box<dyn PullLines>, TransportError> {
        self.inner.pull(caller, pull).await
    }
    async fn ack_results(&self, caller: &Caller, mid: i64) -> Result<(), TransportError> {
        self.inner.ack_results(caller, mid).await
    }
    async fn live(&self, caller: &Caller) -> Result<Box<dyn Pokes>, TransportError> {
        self.inner.live(caller).await
    }
    async fn register(&self, account: &Register) -> Result<Session, TransportError> {
        self.inner.register(account).await
    }
    async fn sign_in(&self, account: &SignIn) -> Result<Session, TransportError> {
        self.inner.sign_in(account).await
    }
    async fn refresh(&self, refresh: &Refresh) -> Result<Tokens, TransportError> {
        self.inner.refresh(refresh).await
    }
    async fn sign_out(&self, access: &Secret) -> Result<(), TransportError> {
        self.inner.sign_out(access).await
    }
    async fn me(&self, access: &Secret) -> Result<Account, TransportError> {
        self.inner.me(access).await
    }
    async fn devices(&self, access: &Secret) -> Result<Vec<Device>, TransportError> {
        self.inner.devices(access).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_is_cut_three_times_goes_on_where_it_was() {
    let place = Place::new().await;
    let email = place.person(Role::Editor).await;
    let one = place.computer(&email).await;
    let draft = one.create("大文件");
    let size = mib_of_the_large_one() * 1024 * 1024 + 4321;
    let b3 = add_from(&one, draft, &mut endless(1).take(size));
    let line = Breaking::of(&one, &[size / 6, size / 2, size * 5 / 6]);
    let sync = one.sync_over(Some(line.clone()));
    one.until("the file is sent", is_sent).await;
    assert!(line.cuts.lock().unwrap().is_empty(), "all three cuts came");
    let n_sent = line.n_sent.load(Ordering::SeqCst);
    let again = n_sent - size;
    // Four parts travel at once; each cut costs at most what was on its way.
    assert!(again <= 3 * 4 * PART_BYTES, "{again} bytes were sent again");
    let taken = line.taken.lock().unwrap().clone();
    assert!(
        taken.len() as u64 == size.div_ceil(PART_BYTES) && taken.values().all(|n| *n == 1),
        "{taken:?}"
    );
    sync.stop().await;

    // Another computer sees the row at once, and the file when somebody wants it.
    let two = place.computer(&email).await;
    let line = Breaking::of(&two, &[size / 3]);
    let sync = two.sync_over(Some(line.clone()));
    two.until("the row arrives", |two| two.store.file(b3).is_ok())
        .await;
    assert_eq!(two.store.file(b3).unwrap().here, Where::Away);
    two.store.want_file(b3, two.clock.now()).unwrap();
    two.until("the file arrives", |two| {
        two.store
            .file(b3)
            .is_ok_and(|file| file.here == Where::Whole)
    })
    .await;
    assert!(is_made_of(&two, b3, (1, size)), "not a byte is another one");
    assert!(line.cuts.lock().unwrap().is_empty());
    let again = line.n_fetched.load(Ordering::SeqCst) - size;
    assert!(again <= 4 * PART_BYTES, "{again} bytes were fetched again");
    sync.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_studio_sends_only_what_the_server_does_not_have() {
    let place = Place::new().await;
    let email = place.person(Role::Editor).await;
    let one = place.computer(&email).await;
    let draft = one.create("稿");
    let bytes = noise(4 * PART_BYTES as usize, 2);
    add(&one, draft, &bytes);
    let line = Breaking::of(&one, &[]);
    let sync = one.sync_over(Some(line.clone()));
    let files = sync.files().unwrap();
    until_files(files, "something is through", |state| state.n_done > 0).await;
    // Dropped as it stands, like a process that is killed.
    drop(sync);
    let second = Breaking::of(&one, &[]);
    let sync = one.sync_over(Some(second.clone()));
    one.until("the file is sent", is_sent).await;
    let n_first = line.n_sent.load(Ordering::SeqCst);
    let n_second = second.n_sent.load(Ordering::SeqCst);
    let again = (n_first + n_second).saturating_sub(bytes.len() as u64);
    assert!(again <= 4 * PART_BYTES, "{again} bytes were sent again");
    sync.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn work_that_needs_no_file_goes_past_one_that_does() {
    let place = Place::new().await;
    let email = place.person(Role::Editor).await;
    let one = place.computer(&email).await;
    let sync = one.sync();
    let files = sync.files().unwrap();
    until_state(&sync, "at rest", |state| state.last_synced_at.is_some()).await;
    files.control(paused(true));
    until_files(files, "paused", |state| state.is_paused).await;
    let with_file = one.create("有附件");
    add(&one, with_file, &noise(2000, 3));
    let other = one.create("别的");
    one.write(other, "正文");
    one.until("only the file waits", |one| one.n_waiting() == 1)
        .await;
    assert_eq!(one.store.waiting(9).unwrap()[0].draft, with_file);
    files.control(paused(false));
    one.until("the file is sent", is_sent).await;
    sync.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_without_room_does_not_hold_others_up() {
    let mut place = Place::new().await;
    place.stop().await;
    place.config.files_quota = 5_000;
    place.start().await;
    let email = place.person(Role::Editor).await;
    let one = place.computer(&email).await;
    let draft = one.create("稿");
    let large = add(&one, draft, &noise(4_000, 4));
    one.clock.pass_minutes(1);
    let too_much = add(&one, draft, &noise(4_001, 5));
    one.clock.pass_minutes(1);
    let small = add(&one, draft, &noise(100, 6));
    let sync = one.sync();
    one.until("what fits is sent", |one| {
        let left = one.store.files_to_send(9).unwrap();
        left.len() == 1 && left[0].b3 == too_much
    })
    .await;
    let files = sync.files().unwrap();
    until_files(files, "it says why", |state| {
        state.trouble == Some(FileTrouble::OverQuota)
    })
    .await;
    for b3 in [large, small] {
        assert!(one.store.file(b3).unwrap().is_on_server);
    }
    sync.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_lost_is_sent_again_after_fetching_anew() {
    let place = Place::new().await;
    let email = place.person(Role::Editor).await;
    let one = place.computer(&email).await;
    let draft = one.create("稿");
    let bytes = noise(3_000, 7);
    let b3 = add(&one, draft, &bytes);
    let sync = one.sync();
    one.until("the file is sent", is_sent).await;
    // The server's disk loses it, and another computer's asking brings that to light.
    let folder = place.config.data.join("blobs");
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if !path.ends_with("incoming") {
            std::fs::remove_dir_all(path).unwrap();
        }
    }
    let two = place.computer(&email).await;
    let second = two.sync();
    two.until("the row arrives", |two| two.store.file(b3).is_ok())
        .await;
    two.store.want_file(b3, two.clock.now()).unwrap();
    let files = second.files().unwrap();
    until_files(files, "it does not come", |state| state.trouble.is_some()).await;
    one.store.reset_bucket("content").unwrap();
    sync.now();
    one.until("everything was fetched anew", |one| {
        one.store.cursor("content").unwrap() > 0
    })
    .await;
    until_audited(&one).await;
    one.until("it is sent again", is_sent).await;
    two.store.want_file(b3, two.clock.now()).unwrap();
    second.stop().await;
    let second = two.sync();
    two.until("the file arrives", |two| {
        two.store
            .file(b3)
            .is_ok_and(|file| file.here == Where::Whole)
    })
    .await;
    assert!(contents(&two, b3).unwrap() == bytes);
    second.stop().await;
    sync.stop().await;
}
