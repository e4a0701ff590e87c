//! Connecting the open profile to a server.

use stoa_ipc::{
    Account, ErrorCode, Failure, Language, ProbeServer, ProfileKind, ServerInfo, SignIn, SignOut,
};
use stoa_protocol::account::Secret;
use stoa_store::{HistoryKind, Link, Store};
use stoa_sync::AccountError;
use stoa_sync::account::{self, Credentials, Device, ServerChoice};
use stoa_sync::tls::same_fingerprint;

use super::check;
use crate::failure::OrFailure;
use crate::open_profile::OpenProfile;
use crate::options::unnamed_device;
use crate::studio::{News, Studio, blocking};
use crate::trust::fingerprint_of;

pub(super) async fn probe_server(
    studio: &Studio,
    request: ProbeServer,
) -> Result<ServerInfo, Failure> {
    check::required("url", request.url.trim())?;
    let probe = account::probe(request.url.trim()).await.or_failure()?;
    let known = known_fingerprint(link(studio).await.as_ref(), &probe.url);
    let is_known = match (&known, &probe.fingerprint) {
        (Some(known), Some(shown)) => same_fingerprint(known, shown),
        _ => false,
    };
    Ok(ServerInfo {
        url: probe.url,
        trusted: probe.trusted || is_known,
        fingerprint: probe.fingerprint,
    })
}

pub(super) async fn sign_in(studio: &Studio, request: SignIn) -> Result<Account, Failure> {
    let open = writable(studio)?;
    let email = check::email(&request.email)?;
    check::required("password", &request.password)?;
    check::required("url", request.url.trim())?;
    let before = link(studio).await;
    refuse_another_account(studio, before.as_ref(), &email).await?;
    let trust = request
        .trust
        .or_else(|| known_fingerprint(before.as_ref(), request.url.trim()));
    let server = ServerChoice {
        url: request.url.trim(),
        trust: trust.as_deref(),
    };
    let credentials = Credentials {
        email,
        password: Secret(request.password),
    };
    let known = device(studio, before.as_ref());
    let now = studio.now();
    let signed_in = match account::sign_in(&server, &credentials, &known, now).await {
        Err(AccountError::WipeOrdered(order)) => {
            studio.wipe(&open.id, *order).await?;
            // Still there, when the order did not prove itself.
            studio.profile()?;
            Err(AccountError::DeviceRevoked)
        }
        signed_in => signed_in,
    };
    let link = match signed_in {
        // A removed device stays removed; whoever knows the password comes back as a new one.
        Err(AccountError::DeviceRevoked) => {
            let new = device(studio, None);
            account::sign_in(&server, &credentials, &new, now).await
        }
        signed_in => signed_in,
    };
    adopt(studio, &open, link.or_failure()?).await
}

/// A profile with somebody's work is not handed to another account. This is told before anything is
/// sent, so that the other account's list of devices does not name this computer for nothing.
async fn refuse_another_account(
    studio: &Studio,
    link: Option<&Link>,
    email: &str,
) -> Result<(), Failure> {
    let is_other = link.is_some_and(|link| !link.email.eq_ignore_ascii_case(email));
    if is_other && studio.ask(Store::holds_work).await? {
        return Err(Failure::field("email", "other-account"));
    }
    Ok(())
}

/// The profile has a new session: it is kept, and sync begins with it.
async fn adopt(studio: &Studio, open: &OpenProfile, link: Link) -> Result<Account, Failure> {
    if !link.role.writes_drafts() {
        return Err(Failure::new(
            ErrorCode::NotAllowed,
            "this role does not work in a studio",
        ));
    }
    let now = studio.now();
    let kept = link.clone();
    let keep = move |store: &Store| {
        store.set_link(&kept)?;
        store.record(HistoryKind::SignedIn, 0, None, now)
    };
    studio.ask(keep).await?;
    studio.describe(open, Some(&link));
    open.link_changed(studio, &link);
    studio.tell(News::State);
    Ok(Account {
        name: link.name,
        email: link.email,
        community: link.community_name,
        role: link.role,
    })
}

/// The open profile, if it may have a server.
fn writable(studio: &Studio) -> Result<std::sync::Arc<OpenProfile>, Failure> {
    let open = studio.profile()?;
    if open.is_read_only {
        return Err(Failure::new(
            ErrorCode::StoreTooNew,
            "open for reading only",
        ));
    }
    if open.kind() == ProfileKind::Demo {
        return Err(Failure::field("profile", "demo"));
    }
    Ok(open)
}

pub(super) async fn sign_out(studio: &Studio, _: SignOut) -> Result<(), Failure> {
    let open = studio.profile()?;
    let Some(sync) = open.sync() else {
        return Ok(());
    };
    sync.sign_out().await.or_failure()?;
    let now = studio.now();
    let recorded = studio.ask(move |store| store.record(HistoryKind::SignedOut, 0, None, now));
    recorded.await?;
    studio.describe(&open, link(studio).await.as_ref());
    studio.tell(News::State);
    Ok(())
}

/// A profile that signs in again stays the same device.
fn device(studio: &Studio, link: Option<&Link>) -> Device {
    let options = &studio.inner.options;
    let language = studio
        .preferences_now()
        .language
        .unwrap_or_else(|| Language::from_system_tag(&options.system_language));
    let name = options.device_name.as_deref();
    let name = name.unwrap_or_else(|| unnamed_device(language));
    match link {
        Some(link) => Device::of(link, name),
        None => Device::new(name, options.clock.now(), &*options.random),
    }
}

async fn link(studio: &Studio) -> Option<Link> {
    let store = studio.profile().ok()?.store.clone();
    let link = blocking(move || store.link()).await.ok()?;
    link.ok().flatten()
}

/// The fingerprint that was compared when this profile was linked with this server.
fn known_fingerprint(link: Option<&Link>, url: &str) -> Option<String> {
    let link = link?;
    let is_same = link.server_url.trim_end_matches('/') == url.trim_end_matches('/');
    if is_same {
        fingerprint_of(link.ca_pem.as_deref()?)
    } else {
        None
    }
}
