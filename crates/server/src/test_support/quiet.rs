//! A server without sockets: the same routes over the same database, asked one request at a time.
//! For simulations, in which time and the network belong to the test.

use std::sync::{Arc, OnceLock};

pub use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{self, header};
use stoa_domain::{CommunityId, DeviceId, Role, UserId};
use stoa_protocol::account::Tokens;
use stoa_protocol::header as stoa_header;
use tokio::sync::{broadcast, watch};
use tower::ServiceExt;

use crate::Entropy;
use crate::accounts::password::Passwords;
use crate::accounts::session::{self, FreshTokens};
use crate::app::App;
use crate::config::Config;
use crate::db::{DbError, News, Tx};
use crate::http::router;
use crate::objects::Objects;
use crate::refusal::Refusal;
use crate::running::{open_database, tidy};
use crate::sync::people;
use crate::tables::membership::NewMembership;
use crate::tables::{community, device, oracle, server};

pub use crate::tables::oracle::{Decision, DraftRow, PostRow};

const MAX_ANSWER: usize = 64 * 1024 * 1024;

/// A request as a studio would send it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub method: &'static str,
    pub path: String,
    pub access: Option<String>,
    pub device: Option<DeviceId>,
    pub proto: u32,
    pub schema: u32,
    pub body: Vec<u8>,
}

/// What the server answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
}

/// A device that has signed in.
#[derive(Debug, Clone)]
pub struct NewDevice {
    pub user: UserId,
    pub id: DeviceId,
    pub public_key: [u8; 32],
}

/// Everything a check wants to compare with what the devices show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Holdings {
    pub head: i64,
    pub epoch: String,
    pub drafts: Vec<DraftRow>,
    pub posts: Vec<PostRow>,
    /// Ids of drafts of which a tombstone is kept.
    pub deleted: Vec<String>,
    /// Ids of the text updates.
    pub updates: Vec<String>,
    /// Values of the field history, as JSON.
    pub overridden: Vec<String>,
    /// Every mutation that was looked at.
    pub decisions: Vec<Decision>,
}

/// The routes over an open database.
pub struct QuietServer {
    app: Arc<App>,
    router: Router,
    news: broadcast::Receiver<News>,
    _stopping: watch::Sender<bool>,
}

impl QuietServer {
    /// Opens the database of a configuration. Its address and its certificates are not looked at.
    ///
    /// # Errors
    /// [`DbError`] when the database cannot be opened.
    pub async fn open(config: &Config) -> Result<Self, DbError> {
        let db = open_database(config).await?;
        let (stopping, stopped) = watch::channel(false);
        let objects = Objects::in_folder(config.data.join("blobs"));
        let app = App::new(config, db.clone(), passwords()?, objects, stopped);
        let app = Arc::new(app);
        Ok(Self {
            router: router::router(Arc::clone(&app)),
            news: db.news(),
            app,
            _stopping: stopping,
        })
    }

    /// The routes, to be asked by [`ask`] without holding on to the server.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// Waits until the live connections were told of this head.
    pub async fn told(&mut self, head: i64) {
        while let Ok(news) = self.news.recv().await {
            if matches!(news, News::Head { head: told, .. } if told >= head) {
                return;
            }
        }
    }

    /// The name this database keeps for ever.
    ///
    /// # Errors
    /// [`DbError`]
    pub async fn server_id(&self) -> Result<String, DbError> {
        let read = self.app.db.read(|tx| {
            Ok(server::identity(tx)?
                .map(|i| i.server_id)
                .unwrap_or_default())
        });
        read.await.map_err(database)
    }

    /// Forgets what has ended and lets go of what nothing needs; a server that runs does so once an
    /// hour.
    pub async fn tidy(&self) {
        tidy(&self.app).await;
    }

    /// Waits for what is running and closes the database.
    pub async fn close(self) {
        self.app.db.close().await;
    }

    /// Gives a person a role.
    ///
    /// # Errors
    /// [`DbError`]
    pub async fn set_role(
        &self,
        community: CommunityId,
        user: UserId,
        role: Role,
    ) -> Result<(), DbError> {
        let joined_at = self.app.now();
        let member = NewMembership {
            community,
            user,
            role,
            joined_at,
        };
        self.write(move |tx| people::join(tx, &member)).await
    }

    /// A new session of a device, as after a password.
    ///
    /// # Errors
    /// [`DbError`]
    pub async fn sign_in(&self, new: &NewDevice) -> Result<Tokens, DbError> {
        let (id, now) = (self.app.new_session(), self.app.now());
        let fresh = FreshTokens::new(&self.app.entropy);
        let row = device::NewDevice {
            user: new.user,
            id: new.id,
            name: "书房的电脑".to_owned(),
            public_key: new.public_key,
            now,
        };
        let outcome = self.app.db.write(move |tx| {
            device::put(tx, &row)?;
            session::open(tx, id, (row.user, row.id), &fresh, now)
        });
        outcome.await.map_err(database)
    }

    /// What the database holds of a community.
    ///
    /// # Errors
    /// [`DbError`]
    pub async fn holdings(&self, community: CommunityId) -> Result<Holdings, DbError> {
        let read = self.app.db.read(move |tx| {
            Ok(Holdings {
                head: community::head(tx, community)?.unwrap_or_default(),
                epoch: server::identity(tx)?.map(|i| i.epoch).unwrap_or_default(),
                drafts: oracle::drafts(tx, community)?,
                posts: oracle::posts(tx, community)?,
                deleted: oracle::deleted(tx, community)?,
                updates: oracle::updates(tx, community)?,
                overridden: oracle::overridden(tx, community)?,
                decisions: oracle::decisions(tx, community)?,
            })
        });
        read.await.map_err(database)
    }

    async fn write(
        &self,
        mut job: impl FnMut(&mut dyn Tx) -> Result<(), DbError> + Send + 'static,
    ) -> Result<(), DbError> {
        let done = self.app.db.write(move |tx| Ok(job(tx)?));
        done.await.map_err(database)
    }
}

/// Sends one request into the routes and waits for the whole answer.
pub async fn ask(router: Router, request: &Request) -> Answer {
    let mut builder = http::Request::builder()
        .method(request.method)
        .uri(request.path.as_str())
        .header(header::CONTENT_TYPE, "application/json")
        .header(stoa_header::PROTO, request.proto)
        .header(stoa_header::SCHEMA, request.schema);
    if let Some(access) = &request.access {
        builder = builder.header(header::AUTHORIZATION, format!("Bearer {access}"));
    }
    if let Some(device) = request.device {
        builder = builder.header(stoa_header::DEVICE, device.to_string());
    }
    let request = builder
        .body(Body::from(request.body.clone()))
        .expect("a request of plain parts");
    let response = match router.oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    };
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), MAX_ANSWER).await;
    Answer {
        status,
        body: body.map(|bytes| bytes.to_vec()).unwrap_or_default(),
    }
}

fn database(refusal: Refusal) -> DbError {
    match refusal {
        Refusal::Database(error) => error,
        Refusal::Said(said) => DbError::Stored(said.message),
    }
}

/// Hashing takes long on purpose; one place serves every server of the process.
fn passwords() -> Result<Passwords, DbError> {
    static ONE: OnceLock<Passwords> = OnceLock::new();
    if let Some(one) = ONE.get() {
        return Ok(one.clone());
    }
    let made = Passwords::new(Entropy::from_seed(1))?;
    Ok(ONE.get_or_init(|| made).clone())
}
