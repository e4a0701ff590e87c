//! `stoa-devhost`: the studio for a browser on this computer.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Parser;
use stoa_devhost::{Options, serve};
use stoa_studio::{BuildKind, Clock, OsRandom, Random, Studio, StudioOptions, Timestamp};
use tracing_subscriber::EnvFilter;

/// Serves the studio and its interface to browsers on this computer. Prints one line: the address
/// to open.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The data folder; made when missing
    #[arg(long)]
    data: PathBuf,
    /// The folder with the built interface
    #[arg(long)]
    ui: PathBuf,
    /// Where to listen; port 0 takes any free one
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
}

struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "this is the program's edge")]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt()
        .with_env_filter(
            EnvFilter::try_from_env("STOA_LOG")
                .unwrap_or(EnvFilter::new("info,loro_internal=warn")),
        )
        .with_writer(std::io::stderr)
        .init();
    let arguments = Arguments::parse();
    let documents = arguments.data.join("documents");
    let mut options = StudioOptions::new(
        arguments.data,
        BuildKind::Development,
        Arc::new(SystemClock),
    );
    options.documents_dir = Some(documents);
    options.player = Some(stoa_devhost::PLAYER.to_owned());
    let studio = Studio::start(options);
    let mut token = [0; 32];
    OsRandom.fill(&mut token);
    let host = serve(Options {
        studio: studio.clone(),
        ui: arguments.ui,
        listen: arguments.listen,
        token,
    })
    .await?;
    announce(&host.url());
    until_asked_to_end().await;
    host.stop();
    studio.stop().await;
    Ok(())
}

#[allow(clippy::print_stdout, reason = "the address is this program's output")]
fn announce(url: &str) {
    println!("{url}");
}

/// Until the terminal or the system asks the program to end.
async fn until_asked_to_end() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut end) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = end.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
