//! Signing in with a password.

use stoa_domain::UserId;
use stoa_protocol::account::{NewDevice, Session, SignIn};
use stoa_protocol::error::ApiErrorCode;

use super::session::{self, FreshTokens};
use super::{account_of, rules, wipe};
use crate::app::App;
use crate::refusal::Refusal;
use crate::tables::{account, device};

/// Opens a session, or answers the same in the same time whether there is such an account or not.
pub(crate) async fn sign_in(app: &App, request: &SignIn) -> Result<Session, Refusal> {
    rules::device(&request.device)?;
    let wrong = || {
        Refusal::new(
            ApiErrorCode::WrongPassword,
            "e-mail or password do not match",
        )
    };
    let email = rules::email(&request.email).map_err(|_| wrong())?;
    let found = app
        .db
        .read(move |tx| Ok(account::credentials(tx, &email)?))
        .await?
        .filter(|found| found.password_hash != account::NO_PASSWORD);
    let typed = rules::typed_password(&request.password).unwrap_or_default();
    let hash = found.as_ref().map(|found| found.password_hash.clone());
    if !app.passwords.verify(typed, hash).await? {
        return Err(wrong());
    }
    let user = found.ok_or_else(wrong)?.user;
    open(app, user, &request.device).await
}

/// Opens a session for somebody who has shown who they are.
pub(super) async fn open(app: &App, user: UserId, device: &NewDevice) -> Result<Session, Refusal> {
    let now = app.now();
    let (name, public_key) = rules::device(device)?;
    let new = device::NewDevice {
        user,
        id: device.id,
        name,
        public_key,
        now,
    };
    let fresh = FreshTokens::new(&app.entropy);
    let session = app.new_session();
    app.db
        .write(move |tx| {
            let is_revoked =
                device::find(tx, user, new.id)?.is_some_and(|known| known.revoked_at.is_some());
            if is_revoked {
                return Err(wipe::revoked(tx, user, new.id)?);
            }
            device::put(tx, &new)?;
            Ok(Session {
                tokens: session::open(tx, session, (user, new.id), &fresh, now)?,
                account: account_of(tx, user)?,
            })
        })
        .await
}
