//! A real server and computers that sync with it.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::time::Duration;

use stoa_domain::{CommunityId, DraftId, Role, Splice, Timestamp, Title};
use stoa_protocol::account::Secret;
use stoa_server::admin::{self, NewUser};
use stoa_server::{Config, Rates, RunningServer};
use stoa_store::{
    DraftFilter, DraftListing, Link, NewVault, OsRandom, PassphraseCost, Store, create_vault,
};
use stoa_sync::account::{Credentials, Device, ServerChoice, sign_in};
use stoa_sync::transport::Transport;
use stoa_sync::{AccountError, Clock, SyncHandle, SyncOptions, SyncState, start};
use tempfile::TempDir;
use tokio::sync::watch;

/// 2026-09-01T08:00:00Z.
const BEGIN: i64 = 1_788_249_600_000;
/// Long enough for the slowest computer; a test that waits this long has failed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);
pub(crate) const PASSWORD: &str = "correct horse battery";

/// The same, or as many seconds as who sends a very large file asks for.
fn patience() -> Duration {
    let asked = std::env::var("STOA_PATIENCE").ok();
    let asked = asked.and_then(|seconds| seconds.parse().ok());
    asked.map_or(PATIENCE, Duration::from_secs)
}

/// A clock that a test moves.
#[derive(Clone)]
pub(crate) struct Hands(Arc<AtomicI64>);

impl Hands {
    pub(crate) fn pass_minutes(&self, minutes: i64) {
        self.0.fetch_add(minutes * 60_000, Ordering::SeqCst);
    }
}

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

pub(crate) struct Place {
    pub(crate) config: Config,
    server: Option<RunningServer>,
    community: CommunityId,
    pub(crate) clock: Hands,
    n_people: AtomicU32,
    folder: TempDir,
}

impl Place {
    pub(crate) async fn new() -> Self {
        Self::with_rates(Rates::generous()).await
    }

    pub(crate) async fn with_rates(rates: Rates) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Hands(Arc::new(AtomicI64::new(BEGIN)));
        let time = clock.clone();
        let mut config = Config::new(folder.path().join("server"), Arc::new(move || time.now()));
        config.rates = rates;
        let community = admin::create_community(&config, "知行社", "Asia/Shanghai")
            .await
            .unwrap();
        let server = stoa_server::start(config.clone()).await.unwrap();
        config.listen = server.addr;
        Self {
            config,
            server: Some(server),
            community,
            clock,
            n_people: AtomicU32::new(0),
            folder,
        }
    }

    pub(crate) fn server(&self) -> &RunningServer {
        self.server.as_ref().expect("the server runs")
    }

    pub(crate) fn url(&self) -> String {
        format!("https://{}", self.config.listen)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The community's id, as an administrator types it.
    pub(crate) fn community(&self) -> String {
        self.community.to_string()
    }

    pub(crate) async fn stop(&mut self) {
        if let Some(server) = self.server.take() {
            server.stop().await;
        }
    }

    pub(crate) async fn start(&mut self) {
        self.server = Some(stoa_server::start(self.config.clone()).await.unwrap());
    }

    /// Makes an account and answers its e-mail.
    pub(crate) async fn person(&self, role: Role) -> String {
        let n = self.n_people.fetch_add(1, Ordering::SeqCst);
        let email = format!("{}{n}@example.com", role.as_str());
        let new = NewUser {
            community: self.community.to_string(),
            email: email.clone(),
            role,
            name: "林".to_owned(),
            password: Secret(PASSWORD.to_owned()),
        };
        admin::create_user(&self.config, &new).await.unwrap();
        email
    }

    pub(crate) async fn sign_in(
        &self,
        email: &str,
        password: &str,
        device: &Device,
    ) -> Result<Link, AccountError> {
        let url = self.url();
        let choice = ServerChoice {
            url: &url,
            trust: self.server().ca_fingerprint.as_deref(),
        };
        let credentials = Credentials {
            email: email.to_owned(),
            password: Secret(password.to_owned()),
        };
        sign_in(&choice, &credentials, device, self.clock.now()).await
    }

    /// A computer of this person, signed in, not syncing yet.
    pub(crate) async fn computer(&self, email: &str) -> Computer {
        let device = Device::new("书房的电脑", self.clock.now(), &OsRandom);
        let link = self.sign_in(email, PASSWORD, &device).await.unwrap();
        Computer::new(&link, self.clock.clone())
    }
}

pub(crate) struct Computer {
    pub(crate) store: Store,
    pub(crate) clock: Hands,
    changed: watch::Receiver<()>,
    folder: TempDir,
}

impl Computer {
    fn new(link: &Link, clock: Hands) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let vault = NewVault {
            secrets: None,
            passphrase: Some("correct horse"),
            cost: PassphraseCost {
                memory_kib: 8,
                passes: 1,
                lanes: 1,
            },
        };
        let now = clock.now();
        let (key, _) = create_vault(folder.path(), &vault, now, &OsRandom).unwrap();
        let store = Store::create(folder.path(), &key, now, &OsRandom).unwrap();
        store.set_link(link).unwrap();
        let (tell, changed) = watch::channel(());
        store.subscribe(Box::new(move |_| {
            tell.send_replace(());
        }));
        Self {
            store,
            clock,
            changed,
            folder,
        }
    }

    /// How many copies of this kind lie beside the database.
    pub(crate) fn copies(&self, kind: &str) -> usize {
        let copies = std::fs::read_dir(self.folder.path().join("backups")).unwrap();
        let names = copies.map(|copy| copy.unwrap().file_name());
        names
            .filter(|name| name.to_string_lossy().starts_with(kind))
            .count()
    }

    pub(crate) fn sync(&self) -> SyncHandle {
        self.sync_over(None)
    }

    pub(crate) fn sync_over(&self, transport: Option<Arc<dyn Transport>>) -> SyncHandle {
        let options = SyncOptions {
            clock: Arc::new(self.clock.clone()),
            random: Arc::new(OsRandom),
            transport,
        };
        start(self.store.clone(), options)
    }

    pub(crate) fn create(&self, title: &str) -> DraftId {
        let title = Title::parse(title).unwrap();
        let draft = self.store.create_draft(title, self.clock.now(), &OsRandom);
        draft.unwrap().id
    }

    pub(crate) fn rename(&self, id: DraftId, title: &str) {
        let title = Title::parse(title).unwrap();
        self.store
            .rename_draft(id, title, self.clock.now())
            .unwrap();
    }

    pub(crate) fn write(&self, id: DraftId, text: &str) {
        let opened = self.store.open_text(id, &OsRandom).unwrap();
        let splice = Splice {
            at: 0,
            delete: 0,
            insert: text.to_owned(),
        };
        let now = self.clock.now();
        self.store
            .edit_text(opened.session, None, &[splice], now, &OsRandom)
            .unwrap();
        self.store.close_text(opened.session).unwrap();
    }

    pub(crate) fn drafts(&self) -> Vec<DraftListing> {
        let filter = DraftFilter {
            limit: 500,
            ..DraftFilter::default()
        };
        self.store.list_drafts(&filter).unwrap().drafts
    }

    pub(crate) fn titles(&self) -> Vec<String> {
        let mut titles: Vec<String> = self.drafts().into_iter().map(|d| d.title).collect();
        titles.sort();
        titles
    }

    pub(crate) fn text(&self, id: DraftId) -> String {
        self.store.markdown(id).unwrap()
    }

    pub(crate) fn n_waiting(&self) -> u64 {
        self.store.counts().unwrap().n_waiting
    }

    /// Waits until the store looks like this.
    pub(crate) async fn until(&self, what: &str, mut holds: impl FnMut(&Self) -> bool) {
        let mut changed = self.changed.clone();
        let waiting = async {
            while !holds(self) {
                changed.changed().await.unwrap();
            }
        };
        if tokio::time::timeout(patience(), waiting).await.is_err() {
            panic!("waited in vain: {what}");
        }
    }
}

/// Waits until sync stands like this.
pub(crate) async fn until_state(
    handle: &SyncHandle,
    what: &str,
    holds: impl FnMut(&SyncState) -> bool,
) -> SyncState {
    let mut states = handle.subscribe();
    let waiting = states.wait_for(holds);
    match tokio::time::timeout(PATIENCE, waiting).await {
        Ok(state) => state.unwrap().clone(),
        Err(_) => panic!("waited in vain: {what}; {:?}", handle.status()),
    }
}
