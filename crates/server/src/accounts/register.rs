//! New accounts.

use stoa_domain::{Role, UserId};
use stoa_protocol::account::{Register, Secret, Session};
use stoa_protocol::error::ApiErrorCode;

use super::{rules, sign_in};
use crate::app::App;
use crate::refusal::Refusal;
use crate::sync::people;
use crate::tables::account::{self, NewAccount};
use crate::tables::community;
use crate::tables::membership::NewMembership;

/// Makes an account that joins the server's community as a member, and signs it in.
pub(crate) async fn register(app: &App, request: &Register) -> Result<Session, Refusal> {
    rules::device(&request.device)?;
    let user = account(app, &request.email, &request.name, &request.password).await?;
    sign_in::open(app, user, &request.device).await
}

/// Makes an account that joins the server's community as a member.
pub(crate) async fn account(
    app: &App,
    email: &str,
    name: &str,
    password: &Secret,
) -> Result<UserId, Refusal> {
    let email = rules::email(email)?;
    let name = rules::name("name", name)?;
    let password = rules::new_password(password, &email)?;
    let now = app.now();
    let new = NewAccount {
        id: app.new_user(),
        email,
        name,
        password_hash: app.passwords.hash(password).await?,
        created_at: now,
    };
    let user = new.id;
    app.db
        .write(move |tx| {
            if !account::insert(tx, &new)? {
                return Err(Refusal::new(
                    ApiErrorCode::AlreadyExists,
                    "the e-mail is taken",
                ));
            }
            if let Some(community) = community::first(tx)? {
                let member = NewMembership {
                    community,
                    user,
                    role: Role::Member,
                    joined_at: now,
                };
                people::join(tx, &member)?;
            }
            Ok(())
        })
        .await?;
    Ok(user)
}
