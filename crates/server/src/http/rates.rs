//! How many requests are taken from whom.

use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::{address, caller};
use crate::app::App;
use crate::config::{Rate, Rates};
use crate::refusal::Refusal;
use crate::tables::token;

/// The client's address, found once for each request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ClientAddress(pub(crate) IpAddr);

/// One counter for each key.
struct Keyed<K: Hash + Eq + Clone>(DefaultKeyedRateLimiter<K>);

impl<K: Hash + Eq + Clone> Keyed<K> {
    fn new(rate: Rate) -> Self {
        let burst = NonZeroU32::new(rate.requests).unwrap_or(NonZeroU32::MIN);
        let period = Duration::from_secs(rate.seconds.into()) / burst.get();
        let quota = Quota::with_period(period.max(Duration::from_nanos(1)))
            .unwrap_or(Quota::per_second(NonZeroU32::MIN))
            .allow_burst(burst);
        Self(RateLimiter::keyed(quota))
    }

    fn take(&self, key: &K) -> Result<(), Refusal> {
        self.0.check_key(key).map_err(|not_until| {
            let wait = not_until.wait_time_from(DefaultClock::default().now());
            Refusal::slow_down(wait.as_secs() + 1)
        })
    }
}

/// Every limit of a server.
pub(crate) struct Limits {
    token: Keyed<[u8; 32]>,
    sync: Keyed<[u8; 32]>,
    files: Keyed<[u8; 32]>,
    anonymous: Keyed<IpAddr>,
    sign_in_address: Keyed<IpAddr>,
    sign_in_email: Keyed<String>,
    register: Keyed<IpAddr>,
}

impl Limits {
    pub(crate) fn new(rates: &Rates) -> Self {
        Self {
            token: Keyed::new(rates.token),
            sync: Keyed::new(rates.sync),
            files: Keyed::new(rates.files),
            anonymous: Keyed::new(rates.anonymous),
            sign_in_address: Keyed::new(rates.sign_in_address),
            sign_in_email: Keyed::new(rates.sign_in_email),
            register: Keyed::new(rates.register),
        }
    }

    /// One try to sign in.
    pub(crate) fn sign_in(&self, from: ClientAddress, email: &str) -> Result<(), Refusal> {
        self.sign_in_address.take(&address::network(from.0))?;
        let email: String = email.trim().to_lowercase().chars().take(254).collect();
        self.sign_in_email.take(&email)
    }

    /// One new account.
    pub(crate) fn register(&self, from: ClientAddress) -> Result<(), Refusal> {
        self.register.take(&address::network(from.0))
    }

    /// Forgets keys that are back at their full number.
    pub(crate) fn forget_idle(&self) {
        self.token.0.retain_recent();
        self.sync.0.retain_recent();
        self.files.0.retain_recent();
        self.anonymous.0.retain_recent();
        self.sign_in_address.0.retain_recent();
        self.sign_in_email.0.retain_recent();
        self.register.0.retain_recent();
    }
}

/// Counts a request before anything else looks at it.
pub(crate) async fn count(
    State(app): State<Arc<App>>,
    mut request: Request,
    next: Next,
) -> Result<Response, Refusal> {
    let from = address::of(&request, app.is_behind_proxy);
    match caller::bearer(request.headers()).map(token::hash) {
        Some(token) if request.uri().path().starts_with("/v1/sync/") => {
            app.limits.sync.take(&token)?;
        }
        Some(token) if request.uri().path().starts_with("/v1/blobs/") => {
            app.limits.files.take(&token)?;
        }
        Some(token) => app.limits.token.take(&token)?,
        None => app.limits.anonymous.take(&address::network(from))?,
    }
    request.extensions_mut().insert(ClientAddress(from));
    Ok(next.run(request).await)
}
