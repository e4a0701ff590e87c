//! A running server with people, and devices that talk to it the way a desktop does.

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use ed25519_dalek::{Signer, SigningKey};
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use stoa_domain::{CommunityId, DeviceId, Role, Timestamp, Title};
use stoa_mutators::{AppendDoc, CreateDraft, Mutation, RenameDraft};
use stoa_protocol::account::{NewDevice, Refresh, Secret, Session, Tokens, refresh_message};
use stoa_protocol::error::{ApiError, ApiErrorCode};
use stoa_protocol::sync::{
    BucketCursor, Hello, MutationOutcome, Pull, PullLine, Push, PushAnswer, PushedMutation,
};
use stoa_server::admin::{self, NewUser};
use stoa_server::test_support::FakeS3;
use stoa_server::{Config, Entropy, Rates, RunningServer};
use tempfile::TempDir;

pub(crate) use crate::databases::on_both_databases;

pub(crate) const PASSWORD: &str = "correct horse battery";
/// The time in every test: 2026-09-01T08:00:00Z.
pub(crate) const NOW: i64 = 1_788_249_600_000;

/// A server, its folder, and a clock that the test moves.
pub(crate) struct World {
    pub(crate) config: Config,
    pub(crate) server: RunningServer,
    pub(crate) community: CommunityId,
    clock: Arc<AtomicI64>,
    n_people: AtomicU64,
    /// Where attachments are, if not in the folder.
    pub(crate) bucket: Option<FakeS3>,
    _folder: TempDir,
}

impl World {
    pub(crate) async fn sqlite() -> Self {
        Self::start(None, Rates::generous()).await
    }

    pub(crate) async fn postgres() -> Self {
        let url = stoa_server::test_support::new_database().await.unwrap();
        Self::start(Some(url), Rates::generous()).await
    }

    pub(crate) async fn start(database: Option<String>, rates: Rates) -> Self {
        // Another test of this process may have been first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(AtomicI64::new(NOW));
        let time = Arc::clone(&clock);
        let mut config = Config::new(
            folder.path().join("server"),
            Arc::new(move || Timestamp::from_millis(time.load(Ordering::SeqCst))),
        );
        config.database = database;
        config.rates = rates;
        config.entropy = Entropy::from_system();
        let community = admin::create_community(&config, "知行社", "Asia/Shanghai")
            .await
            .unwrap();
        let server = stoa_server::start(config.clone()).await.unwrap();
        Self {
            config,
            server,
            community,
            clock,
            n_people: AtomicU64::new(0),
            bucket: None,
            _folder: folder,
        }
    }

    /// A server over a database that is there, with a community of it.
    pub(crate) async fn over(config: Config, community: CommunityId) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self {
            server: stoa_server::start(config.clone()).await.unwrap(),
            config,
            community,
            clock: Arc::new(AtomicI64::new(NOW)),
            n_people: AtomicU64::new(0),
            bucket: None,
            _folder: tempfile::tempdir().unwrap(),
        }
    }

    /// A second process on the same PostgreSQL, with the same community.
    pub(crate) async fn second_server(&self) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = self.config.clone();
        config.data = folder.path().join("server");
        let server = stoa_server::start(config.clone()).await.unwrap();
        Self {
            config,
            server,
            community: self.community,
            clock: Arc::clone(&self.clock),
            n_people: AtomicU64::new(1_000),
            bucket: None,
            _folder: folder,
        }
    }

    /// The same server, stopped and started with the settings as they are now.
    pub(crate) async fn started_again(self) -> Self {
        self.server.stop().await;
        let server = stoa_server::start(self.config.clone()).await.unwrap();
        Self { server, ..self }
    }

    /// The same kind of world once more, for a test that changes its server.
    pub(crate) async fn again(&self) -> Self {
        match self.config.database {
            Some(_) => Self::postgres().await,
            None => Self::sqlite().await,
        }
    }

    /// Starts the server anew over the same database, with other rules for snapshots.
    pub(crate) async fn restart_with(&mut self, snapshots: stoa_server::Snapshots) {
        self.config.snapshots = snapshots;
        let server = stoa_server::start(self.config.clone()).await.unwrap();
        std::mem::replace(&mut self.server, server).stop().await;
    }

    pub(crate) fn pass_millis(&self, millis: i64) {
        self.clock.fetch_add(millis, Ordering::SeqCst);
    }

    pub(crate) fn client(&self) -> Client {
        client_for(&self.server)
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.server.url())
    }

    /// Makes an account and answers its e-mail.
    pub(crate) async fn person(&self, role: Role) -> String {
        let community = self.community.to_string();
        self.person_in(&community, role).await
    }

    pub(crate) async fn person_in(&self, community: &str, role: Role) -> String {
        let n = self.n_people.fetch_add(1, Ordering::SeqCst);
        let email = format!("{}{n}@example.com", role.as_str());
        let new = NewUser {
            community: community.into(),
            email: email.clone(),
            role,
            name: "林".into(),
            password: Secret(PASSWORD.into()),
        };
        admin::create_user(&self.config, &new).await.unwrap();
        email
    }

    /// A new person's device, signed in.
    pub(crate) async fn device(&self, role: Role) -> Device {
        let email = self.person(role).await;
        self.sign_in(&email).await
    }

    /// A new device of a person.
    pub(crate) async fn sign_in(&self, email: &str) -> Device {
        let key = new_key();
        let id = new_device_id();
        let body = sign_in_body(email, PASSWORD, &new_device(id, &key));
        let answer = self
            .client()
            .post(self.url("/v1/accounts/sign-in"))
            .json(&body)
            .send()
            .await
            .unwrap();
        let session: Session = expect(answer).await;
        let mut device = Device {
            client: self.client(),
            url: self.server.url(),
            community: self.community,
            id,
            key,
            tokens: session.tokens,
            epoch: String::new(),
            next_mid: 1,
        };
        device.epoch = device.hello().await.epoch;
        device
    }
}

pub(crate) fn client_for(server: &RunningServer) -> Client {
    let pem = server.ca_pem.as_deref().unwrap();
    Client::builder()
        .tls_certs_only([reqwest::Certificate::from_pem(pem.as_bytes()).unwrap()])
        .https_only(true)
        .build()
        .unwrap()
}

pub(crate) fn sign_in_body(email: &str, password: &str, device: &NewDevice) -> Value {
    json!({ "email": email, "password": password, "device": device })
}

pub(crate) fn new_device(id: DeviceId, key: &SigningKey) -> NewDevice {
    NewDevice {
        id,
        name: "书房的电脑".into(),
        public_key: hex(key.verifying_key().as_bytes()),
    }
}

pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::fill(&mut bytes);
    bytes
}

pub(crate) fn new_key() -> SigningKey {
    SigningKey::from_bytes(&random())
}

pub(crate) fn new_device_id() -> DeviceId {
    DeviceId::new(Timestamp::from_millis(NOW), random())
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The body of a good answer.
pub(crate) async fn expect<T: DeserializeOwned>(answer: reqwest::Response) -> T {
    let status = answer.status();
    let text = answer.text().await.unwrap();
    assert!(status.is_success(), "{status}: {text}");
    serde_json::from_str(&text).unwrap()
}

/// The error of an answer that is none; its status belongs to its code.
pub(crate) async fn refused(answer: reqwest::Response) -> ApiError {
    let status = answer.status();
    let retry_after = answer.headers().get("retry-after").cloned();
    let text = answer.text().await.unwrap();
    let error: ApiError =
        serde_json::from_str(&text).unwrap_or_else(|_| panic!("{status}: {text}"));
    assert_eq!(StatusCode::from_u16(error.code.status()).unwrap(), status);
    assert_eq!(error.retry_after.is_some(), retry_after.is_some());
    error
}

/// An installation with a session.
pub(crate) struct Device {
    pub(crate) client: Client,
    pub(crate) url: String,
    pub(crate) community: CommunityId,
    pub(crate) id: DeviceId,
    pub(crate) key: SigningKey,
    pub(crate) tokens: Tokens,
    pub(crate) epoch: String,
    pub(crate) next_mid: i64,
}

/// Table, id, version, sequence number, columns.
pub(crate) type PulledRow = (String, String, i64, i64, Value);

/// Where a device stands in each bucket.
pub(crate) fn cursors(cursors: &[(&str, i64)]) -> Vec<BucketCursor> {
    let cursor = |(bucket, cursor): &(&str, i64)| BucketCursor {
        bucket: (*bucket).to_owned(),
        cursor: *cursor,
        began: 0,
    };
    cursors.iter().map(cursor).collect()
}

/// A pull, read.
#[derive(Debug, Default)]
pub(crate) struct Pulled {
    pub(crate) upto: i64,
    pub(crate) more: bool,
    pub(crate) buckets: Vec<String>,
    pub(crate) cursors: Vec<BucketCursor>,
    pub(crate) snapshots: Vec<String>,
    /// The rows of people, apart from all others.
    pub(crate) people: Vec<PulledRow>,
    pub(crate) rows: Vec<PulledRow>,
    /// What was deleted: table, id, sequence number.
    pub(crate) deleted: Vec<(String, String, i64)>,
    pub(crate) lmid: i64,
    pub(crate) results: Vec<stoa_protocol::sync::MutationResult>,
    pub(crate) sums: Vec<stoa_protocol::sync::BucketSum>,
}

impl Device {
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("{}{path}", self.url))
            .bearer_auth(&self.tokens.access_token.0)
            .header("stoa-proto", "1")
            .header("stoa-schema", "1")
            .header("stoa-device", self.id.to_string())
    }

    pub(crate) fn sync_request(&self, path: &str) -> RequestBuilder {
        self.request(Method::POST, &format!("/v1/sync/{}/{path}", self.community))
    }

    pub(crate) async fn hello(&self) -> Hello {
        let answer = self.request(Method::GET, "/v1/sync/hello").send().await;
        expect(answer.unwrap()).await
    }

    /// Gives mutations the next numbers.
    pub(crate) fn number(&mut self, mutations: &[Mutation]) -> Push {
        let pushed = mutations.iter().map(|mutation| {
            let mid = self.next_mid;
            self.next_mid += 1;
            pushed(mid, mutation)
        });
        Push {
            mutations: pushed.collect(),
            epoch: self.epoch.clone(),
        }
    }

    pub(crate) async fn try_push(&self, push: &Push) -> reqwest::Response {
        self.sync_request("push").json(push).send().await.unwrap()
    }

    pub(crate) async fn push(&mut self, mutations: &[Mutation]) -> PushAnswer {
        let push = self.number(mutations);
        expect(self.try_push(&push).await).await
    }

    /// From the same number in every bucket.
    pub(crate) fn pull_from(&self, cursor: i64, limit: usize) -> Pull {
        let buckets = ["core", "content", "texts"].map(|bucket| BucketCursor {
            bucket: bucket.into(),
            cursor,
            began: 0,
        });
        self.pull_after(buckets.into(), limit)
    }

    pub(crate) fn pull_after(&self, buckets: Vec<BucketCursor>, limit: usize) -> Pull {
        Pull {
            epoch: self.epoch.clone(),
            buckets,
            limit,
            snapshots: false,
        }
    }

    pub(crate) async fn try_pull(&self, pull: &Pull) -> reqwest::Response {
        self.sync_request("pull").json(pull).send().await.unwrap()
    }

    pub(crate) async fn pull(&self, cursor: i64, limit: usize) -> Pulled {
        self.expect_pull(&self.pull_from(cursor, limit)).await
    }

    pub(crate) async fn expect_pull(&self, pull: &Pull) -> Pulled {
        let answer = self.try_pull(pull).await;
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert!(status.is_success(), "{status}: {text}");
        read_pull(&text)
    }

    pub(crate) async fn refresh(&self, tokens: &Tokens) -> reqwest::Response {
        let message = refresh_message(self.id, &tokens.refresh_token, &tokens.nonce);
        let request = Refresh {
            device: self.id,
            refresh_token: tokens.refresh_token.clone(),
            signature: hex(&self.key.sign(&message).to_bytes()),
        };
        let url = format!("{}/v1/accounts/refresh", self.url);
        self.client.post(url).json(&request).send().await.unwrap()
    }
}

/// Reads the lines of a pull and checks their order.
pub(crate) fn read_pull(text: &str) -> Pulled {
    let mut pulled = Pulled::default();
    let mut ok = None;
    for (index, line) in text.lines().enumerate() {
        assert!(ok.is_none(), "nothing comes after ok");
        match serde_json::from_str(line).unwrap() {
            PullLine::Head(head) => {
                assert_eq!(index, 0);
                pulled.upto = head.upto;
                pulled.more = head.more;
                pulled.buckets = head.buckets;
                pulled.cursors = head.cursors;
                pulled.snapshots = head.snapshots;
            }
            PullLine::Put(table, id, version, seq, columns) => {
                let rows = match table.as_str() {
                    "person" => &mut pulled.people,
                    _ => &mut pulled.rows,
                };
                rows.push((table, id, version, seq, columns.into()));
            }
            PullLine::Delete(table, id, seq) => pulled.deleted.push((table, id, seq)),
            PullLine::Results(results) => {
                pulled.lmid = results.lmid;
                pulled.results = results.results;
            }
            PullLine::Sum(sum) => pulled.sums.push(sum),
            PullLine::Ok(upto) => ok = Some(upto),
        }
    }
    assert_eq!(ok, Some(pulled.upto), "a pull ends with ok");
    pulled
}

pub(crate) fn pushed(mid: i64, mutation: &Mutation) -> PushedMutation {
    PushedMutation {
        mid,
        name: mutation.name().into(),
        version: mutation.version(),
        args: mutation.args(),
        base: Vec::new(),
        made_at: Timestamp::from_millis(NOW),
    }
}

pub(crate) fn title(text: &str) -> Title {
    Title::parse(text).unwrap()
}

pub(crate) fn new_draft_id() -> stoa_domain::DraftId {
    stoa_domain::DraftId::new(Timestamp::from_millis(NOW), random())
}

pub(crate) fn create(id: stoa_domain::DraftId, text: &str) -> Mutation {
    Mutation::CreateDraft(CreateDraft {
        id,
        title: title(text),
    })
}

pub(crate) fn rename(id: stoa_domain::DraftId, text: &str) -> Mutation {
    Mutation::RenameDraft(RenameDraft {
        was: None,
        id,
        title: title(text),
    })
}

pub(crate) fn append(doc: stoa_domain::DraftId, bytes: &[u8]) -> Mutation {
    use base64::Engine;
    Mutation::AppendDoc(AppendDoc {
        id: stoa_domain::UpdateId::new(Timestamp::from_millis(NOW), random()),
        doc,
        bytes: base64::engine::general_purpose::STANDARD.encode(bytes),
        b3: blake3::hash(bytes).to_hex().to_string(),
    })
}

/// What became of each mutation, as one word each.
pub(crate) fn words(answer: &PushAnswer) -> Vec<String> {
    let word = |outcome: &MutationOutcome| match outcome {
        MutationOutcome::Applied { seq } => format!("applied {seq}"),
        MutationOutcome::Merged { seq, .. } => format!("merged {seq}"),
        MutationOutcome::Duplicate { seq } => format!("duplicate {seq:?}"),
        MutationOutcome::Rejected { code, field } => match field {
            Some(field) => format!("rejected {code} {field}"),
            None => format!("rejected {code}"),
        },
        MutationOutcome::Deferred { .. } => "deferred".into(),
    };
    answer.results.iter().map(|r| word(&r.outcome)).collect()
}

pub(crate) async fn refused_with(answer: reqwest::Response, code: ApiErrorCode) -> ApiError {
    let error = refused(answer).await;
    assert_eq!(error.code, code, "{}", error.message);
    error
}

pub(crate) fn unzstd(bytes: &[u8]) -> String {
    let mut text = String::new();
    zstd::stream::read::Decoder::new(bytes)
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    text
}
