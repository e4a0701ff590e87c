//! The studio behind a loopback address, so that a browser can be its window.
//!
//! Real browsers drive the real interface with the real studio this way, in tests and on machines
//! without a display. Only this computer reaches it; commands and events ask for a random token
//! that stands in the fragment of the printed address, which never travels in a request.

mod events;
mod guard;
mod media;
mod page;
mod rpc;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::{get, post};
use stoa_studio::Studio;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// What stands before a ticket in the address of a player, for the studio that is served.
pub const PLAYER: &str = "/play/";
/// The largest command, in bytes of JSON.
const MAX_COMMAND_BYTES: usize = 8 * 1024 * 1024;

/// What to serve.
pub struct Options {
    pub studio: Studio,
    /// The folder with the built interface.
    pub ui: PathBuf,
    /// Port 0 takes any free one. Only loopback addresses are taken.
    pub listen: SocketAddr,
    /// 32 random bytes.
    pub token: [u8; 32],
}

/// A host that serves until it is stopped or dropped.
pub struct Host {
    address: SocketAddr,
    token: String,
    stop: Option<oneshot::Sender<()>>,
    served: JoinHandle<()>,
}

pub(crate) struct Shared {
    pub(crate) studio: Studio,
    pub(crate) port: u16,
    pub(crate) token: String,
}

/// Starts to serve.
///
/// # Errors
/// When the address is not on this computer alone, or cannot be listened on.
pub async fn serve(options: Options) -> std::io::Result<Host> {
    if !options.listen.ip().is_loopback() {
        return Err(std::io::Error::new(
            std::io::ErrorKind::InvalidInput,
            "only an address of this computer alone can be served",
        ));
    }
    let listener = TcpListener::bind(options.listen).await?;
    let address = listener.local_addr()?;
    let token = hex(&options.token);
    let shared = Arc::new(Shared {
        studio: options.studio,
        port: address.port(),
        token: token.clone(),
    });
    let (stop, stopped) = oneshot::channel();
    let app = router(shared, &options.ui);
    let served = tokio::spawn(async move {
        let until = async {
            let _ = stopped.await;
        };
        if let Err(error) = axum::serve(listener, app)
            .with_graceful_shutdown(until)
            .await
        {
            tracing::error!(%error, "serving ended");
        }
    });
    Ok(Host {
        address,
        token,
        stop: Some(stop),
        served,
    })
}

fn router(shared: Arc<Shared>, ui: &std::path::Path) -> Router {
    let players = stoa_playback::routes(shared.studio.clone());
    let secret = Router::new()
        .route("/rpc/{name}", post(rpc::call))
        .route("/media/{b3}", get(media::image))
        .route("/events", get(events::listen))
        .layer(DefaultBodyLimit::max(MAX_COMMAND_BYTES))
        .route_layer(middleware::from_fn_with_state(shared.clone(), guard::token));
    secret
        .merge(players)
        .fallback_service(page::files(ui))
        .layer(middleware::from_fn_with_state(
            shared.clone(),
            page::headers,
        ))
        .layer(middleware::from_fn_with_state(shared.clone(), guard::place))
        .with_state(shared)
}

impl Host {
    /// The address to open, with the token.
    pub fn url(&self) -> String {
        let port = self.address.port();
        format!(
            "http://{}:{port}/#token={}",
            Ipv4Addr::LOCALHOST,
            self.token
        )
    }

    /// The port that is listened on.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// The token that commands and events ask for.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Takes no more requests. Open event connections are cut.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        self.served.abort();
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.end();
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
