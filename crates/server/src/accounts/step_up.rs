//! The password once more, before something that cannot be taken back: an open window is not
//! enough to throw others out.

use stoa_protocol::device::StepUp;
use stoa_protocol::error::ApiErrorCode;

use super::{rules, session::sign_in_again};
use crate::app::App;
use crate::http::caller::Caller;
use crate::http::rates::ClientAddress;
use crate::refusal::Refusal;
use crate::tables::account;

/// Checks the caller's password; tries count with those of signing in.
pub(crate) async fn check(
    app: &App,
    from: ClientAddress,
    caller: Caller,
    request: &StepUp,
) -> Result<(), Refusal> {
    let (email, hash) = app
        .db
        .read(move |tx| {
            let (email, _) = account::find(tx, caller.user)?
                .ok_or_else(|| sign_in_again("the account is gone"))?;
            let found = account::credentials(tx, &email)?;
            Ok((email, found.map(|found| found.password_hash)))
        })
        .await?;
    app.limits.sign_in(from, &email)?;
    let typed = rules::typed_password(&request.password).unwrap_or_default();
    let hash = hash.filter(|hash| hash != account::NO_PASSWORD);
    if app.passwords.verify(typed, hash).await? {
        return Ok(());
    }
    Err(Refusal::new(
        ApiErrorCode::WrongPassword,
        "the password does not match",
    ))
}
