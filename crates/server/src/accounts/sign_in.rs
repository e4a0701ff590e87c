//! Signing in with a password.

use stoa_domain::UserId;
use stoa_protocol::account::{NewDevice, Secret, Session, SignIn};
use stoa_protocol::error::ApiErrorCode;

use super::session::{self, FreshTokens};
use super::{account_of, rules, wipe};
use crate::app::App;
use crate::db::Tx;
use crate::refusal::Refusal;
use crate::tables::{account, device};

/// Opens a session of somebody who knows the password.
pub(crate) async fn sign_in(app: &App, request: &SignIn) -> Result<Session, Refusal> {
    rules::device(&request.device)?;
    let user = known(app, &request.email, &request.password).await?;
    open(app, user, &request.device).await
}

/// Who it is, or the same answer in the same time whether there is such an account or not.
pub(crate) async fn known(app: &App, email: &str, password: &Secret) -> Result<UserId, Refusal> {
    let wrong = || {
        Refusal::new(
            ApiErrorCode::WrongPassword,
            "e-mail or password do not match",
        )
    };
    let email = rules::email(email).map_err(|_| wrong())?;
    let found = app
        .db
        .read(move |tx| Ok(account::credentials(tx, &email)?))
        .await?
        .filter(|found| found.password_hash != account::NO_PASSWORD);
    let typed = rules::typed_password(password).unwrap_or_default();
    let hash = found.as_ref().map(|found| found.password_hash.clone());
    if !app.passwords.verify(typed, hash).await? {
        return Err(wrong());
    }
    Ok(found.ok_or_else(wrong)?.user)
}

/// Opens a session for somebody who has shown who they are.
pub(super) async fn open(app: &App, user: UserId, device: &NewDevice) -> Result<Session, Refusal> {
    let (name, public_key) = rules::device(device)?;
    let new = device::NewDevice {
        user,
        id: device.id,
        name,
        public_key,
        now: app.now(),
    };
    let opening = Opening::new(app);
    app.db
        .write(move |tx| {
            let is_revoked =
                device::find(tx, user, new.id)?.is_some_and(|known| known.revoked_at.is_some());
            if is_revoked {
                return Err(wipe::revoked(tx, user, new.id)?);
            }
            opening.open(tx, &new)
        })
        .await
}

/// Opens a session of a program that has no key: it ends with its access token. It stands in the
/// list of devices, where one whose session has ended is taken again before another is added.
pub(crate) async fn open_without_key(
    app: &App,
    user: UserId,
    device_name: &str,
) -> Result<Session, Refusal> {
    let name = rules::name("device_name", device_name)?;
    let new = device::NewDevice {
        user,
        id: app.new_device(),
        name,
        public_key: device::NO_KEY,
        now: app.now(),
    };
    let opening = Opening::new(app);
    app.db
        .write(move |tx| {
            let idle = device::idle_without_key(tx, user, &new.name, new.now)?;
            let id = idle.unwrap_or(new.id);
            opening.open(tx, &device::NewDevice { id, ..new.clone() })
        })
        .await
}

/// What a session is opened with, made before the transaction.
struct Opening {
    session: [u8; 16],
    fresh: FreshTokens,
}

impl Opening {
    fn new(app: &App) -> Self {
        Self {
            session: app.new_session(),
            fresh: FreshTokens::new(&app.entropy),
        }
    }

    fn open(&self, tx: &mut dyn Tx, new: &device::NewDevice) -> Result<Session, Refusal> {
        device::put(tx, new)?;
        let of = (new.user, new.id);
        Ok(Session {
            tokens: session::open(tx, self.session, of, &self.fresh, new.now)?,
            account: account_of(tx, new.user)?,
        })
    }
}
