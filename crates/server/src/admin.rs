//! What whoever runs a server may do: communities, accounts, roles, passwords, a new epoch.

use stoa_domain::{CommunityId, DraftId, Product, Role, TierKey, UserId, ZoneName};
use stoa_protocol::account::Secret;
use thiserror::Error;

use crate::accounts::{password, rules};
use crate::app::{new_community, new_entitlement};
use crate::config::Config;
use crate::db::{Db, DbError, Tx};
use crate::refusal::Refusal;
use crate::running::open_database;
use crate::sync::people;
use crate::tables::account::{self, NewAccount};
use crate::tables::community::{self, NewCommunity};
use crate::tables::entitlement::{self, NewEntitlement};
use crate::tables::membership::{self, NewMembership};
use crate::tables::{draft, server, session};
use crate::tls::{self, TlsError};

const DAY_MILLIS: i64 = 86_400_000;

/// Why something was not done.
#[derive(Debug, Error)]
pub enum AdminError {
    #[error("{0}")]
    Refused(String),
    #[error(transparent)]
    Database(#[from] DbError),
    #[error(transparent)]
    Folder(#[from] TlsError),
}

impl From<Refusal> for AdminError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Said(error) => match error.field {
                Some(field) => Self::Refused(format!("{field}: {}", error.message)),
                None => Self::Refused(error.message),
            },
            Refusal::Database(error) => Self::Database(error),
        }
    }
}

/// An account to make, in one community.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// Id or name.
    pub community: String,
    pub email: String,
    pub role: Role,
    pub name: String,
    pub password: Secret,
}

/// Opens the database of a server that may be running.
pub(crate) async fn open(config: &Config) -> Result<Db, AdminError> {
    tls::private_folder(&config.data)?;
    Ok(open_database(config).await?)
}

/// Makes a community; the first one is the one that people who register join.
///
/// # Errors
/// A name or time zone that cannot be one, or the database.
pub async fn create_community(
    config: &Config,
    name: &str,
    timezone: &str,
) -> Result<CommunityId, AdminError> {
    let db = open(config).await?;
    let new = NewCommunity {
        id: new_community(config.now(), &config.entropy),
        name: rules::name("name", name)?,
        timezone: read_timezone(timezone)?,
        created_at: config.now(),
    };
    let id = new.id;
    db.write(move |tx| Ok(community::insert(tx, &new)?)).await?;
    db.close().await;
    Ok(id)
}

pub(crate) fn read_timezone(name: &str) -> Result<ZoneName, Refusal> {
    ZoneName::parse(name)
        .map_err(|_| Refusal::field("timezone", "give a name such as Asia/Shanghai"))
}

/// Makes an account.
///
/// # Errors
/// An e-mail that is taken, a community that is not there, a password that is too short.
pub async fn create_user(
    config: &Config,
    user: &NewUser,
) -> Result<(UserId, CommunityId), AdminError> {
    let db = open(config).await?;
    let email = rules::email(&user.email)?;
    let password = rules::new_password(&user.password, &email)?;
    let now = config.now();
    let new = NewAccount {
        id: UserId::new(now, config.entropy.bytes()),
        email,
        name: rules::name("name", &user.name)?,
        password_hash: password::hash(&password, &config.entropy)?,
        created_at: now,
    };
    let (id, role, wanted) = (new.id, user.role, user.community.clone());
    let community = db
        .write(move |tx| {
            let community = find_community(tx, &wanted)?;
            if !account::insert(tx, &new)? {
                return Err(Refusal::field(
                    "email",
                    "there is an account with this e-mail",
                ));
            }
            let member = NewMembership {
                community,
                user: id,
                role,
                joined_at: now,
            };
            people::join(tx, &member)?;
            Ok(community)
        })
        .await?;
    db.close().await;
    Ok((id, community))
}

/// Gives an account a role in a community, whether it belonged to it before or not.
///
/// # Errors
/// An account or a community that is not there.
pub async fn set_role(
    config: &Config,
    community: &str,
    email: &str,
    role: Role,
) -> Result<(), AdminError> {
    let db = open(config).await?;
    let (community, email) = (community.to_owned(), rules::email(email)?);
    let now = config.now();
    db.write(move |tx| {
        let member = NewMembership {
            community: find_community(tx, &community)?,
            user: find_account(tx, &email)?,
            role,
            joined_at: now,
        };
        Ok(people::join(tx, &member)?)
    })
    .await?;
    db.close().await;
    Ok(())
}

/// Somebody who is given something without payment.
#[derive(Debug, Clone, Copy)]
pub struct Gift<'a> {
    /// Id or name.
    pub community: &'a str,
    pub email: &'a str,
    /// For so many days from now; for ever without a number.
    pub days: Option<u32>,
}

/// Gives somebody a tier without payment.
///
/// # Errors
/// An account or a community that is not there, somebody who does not belong to it.
pub async fn grant_tier(config: &Config, gift: Gift<'_>, tier: TierKey) -> Result<(), AdminError> {
    grant(config, gift, Product::Tier(tier)).await
}

/// Gives somebody a single post without payment; with a course or a column, what is in it.
///
/// # Errors
/// A post, an account or a community that is not there, somebody who does not belong to it.
pub async fn grant_post(config: &Config, gift: Gift<'_>, post: DraftId) -> Result<(), AdminError> {
    grant(config, gift, Product::Post(post)).await
}

async fn grant(config: &Config, gift: Gift<'_>, product: Product) -> Result<(), AdminError> {
    let db = open(config).await?;
    let (community, email) = (gift.community.to_owned(), rules::email(gift.email)?);
    let (now, days) = (config.now(), gift.days);
    let id = new_entitlement(now, &config.entropy);
    db.write(move |tx| {
        let community = find_community(tx, &community)?;
        let user = find_account(tx, &email)?;
        if membership::role(tx, community, user)?.is_none() {
            return Err(Refusal::field("email", "does not belong to the community"));
        }
        if let Product::Post(post) = &product
            && draft::find(tx, community, *post)?.is_none()
        {
            return Err(Refusal::field("post", "is not in the community"));
        }
        let new = NewEntitlement {
            id,
            community,
            user,
            product: product.clone(),
            source: "comp",
            from: now,
            until: days.map(|days| now.plus_millis(i64::from(days) * DAY_MILLIS)),
            made_at: now,
        };
        Ok(entitlement::insert(tx, &new)?)
    })
    .await?;
    db.close().await;
    Ok(())
}

/// Gives a community another time zone. Times that were set stay the moments they are; devices are
/// told when they next connect.
///
/// # Errors
/// A community that is not there, a name that is no time zone.
pub async fn set_timezone(
    config: &Config,
    community: &str,
    timezone: &str,
) -> Result<(), AdminError> {
    let db = open(config).await?;
    let (community, timezone) = (community.to_owned(), read_timezone(timezone)?);
    db.write(move |tx| {
        let community = find_community(tx, &community)?;
        Ok(community::set_timezone(tx, community, &timezone)?)
    })
    .await?;
    db.close().await;
    Ok(())
}

/// Ends a membership. What the person wrote stays; what they still hand in waits for a decision.
///
/// # Errors
/// An account or a community that is not there, somebody who does not belong to it.
pub async fn end_membership(
    config: &Config,
    community: &str,
    email: &str,
) -> Result<(), AdminError> {
    let db = open(config).await?;
    let (community, email) = (community.to_owned(), rules::email(email)?);
    let now = config.now();
    db.write(move |tx| {
        let community = find_community(tx, &community)?;
        let user = find_account(tx, &email)?;
        if people::leave(tx, community, user, now)? {
            Ok(())
        } else {
            Err(Refusal::field("email", "does not belong to the community"))
        }
    })
    .await?;
    db.close().await;
    Ok(())
}

/// Sets a new password and answers how many sessions that ended.
///
/// # Errors
/// An account that is not there, a password that is too short.
pub async fn reset_password(
    config: &Config,
    email: &str,
    password: &Secret,
) -> Result<u64, AdminError> {
    let db = open(config).await?;
    let email = rules::email(email)?;
    let password = rules::new_password(password, &email)?;
    let hash = password::hash(&password, &config.entropy)?;
    let now = config.now();
    let ended = db
        .write(move |tx| {
            let user = find_account(tx, &email)?;
            account::set_password(tx, user, &hash)?;
            Ok(session::end_all(tx, user, now)?)
        })
        .await?;
    db.close().await;
    Ok(ended)
}

/// Announces to every device that much of a community will be taken away on purpose, so that they
/// do not stop to ask. Holds for so many hours.
///
/// # Errors
/// A community that is not there, or the database.
pub async fn allow_reset(config: &Config, community: &str, hours: u32) -> Result<(), AdminError> {
    let db = open(config).await?;
    let token = config.entropy.token();
    let until = config.now().plus_millis(i64::from(hours) * 3_600_000);
    let community = community.to_owned();
    db.write(move |tx| {
        let community = find_community(tx, &community)?;
        Ok(server::allow_reset(tx, community, &token, until)?)
    })
    .await?;
    db.close().await;
    Ok(())
}

/// Tells every device that this database was replaced.
///
/// # Errors
/// The database.
pub async fn new_epoch(config: &Config) -> Result<(), AdminError> {
    let db = open(config).await?;
    let epoch = config.entropy.token();
    db.write(move |tx| Ok(server::set_epoch(tx, &epoch)?))
        .await?;
    db.close().await;
    Ok(())
}

fn find_account(tx: &mut dyn Tx, email: &str) -> Result<UserId, Refusal> {
    account::credentials(tx, email)?
        .map(|found| found.user)
        .ok_or_else(|| Refusal::field("email", "there is no such account"))
}

/// By id, or by name when only one has it.
fn find_community(tx: &mut dyn Tx, text: &str) -> Result<CommunityId, Refusal> {
    if let Ok(id) = text.parse::<CommunityId>()
        && community::head(tx, id)?.is_some()
    {
        return Ok(id);
    }
    match community::named(tx, text)?.as_slice() {
        [one] => Ok(*one),
        [] => Err(Refusal::field("community", "there is no such community")),
        _ => Err(Refusal::field(
            "community",
            "several have this name; give the id",
        )),
    }
}
