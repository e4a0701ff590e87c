//! Communities and accounts from the command line.

use std::fs;
use std::io::Read;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde_json::json;
use stoa_domain::{CommunityId, Role, UserId};
use stoa_protocol::account::Secret;

use super::settings::Place;
use super::{CliError, print_json};
use crate::accounts::{password, rules};
use crate::app::new_community;
use crate::config::{Clock, Config};
use crate::db::{Db, Tx};
use crate::refusal::Refusal;
use crate::running::open_database;
use crate::tables::account::{self, NewAccount};
use crate::tables::community::{self, NewCommunity};
use crate::tables::membership::{self, NewMembership};
use crate::tables::session;

#[derive(Debug, Subcommand)]
pub(crate) enum Admin {
    /// Make a community; the first one is the one that people who register join.
    CreateCommunity(CreateCommunity),
    /// Make an account in a community.
    CreateUser(CreateUser),
    /// Set a new password; every session of the account ends.
    ResetPassword(ResetPassword),
    /// Tell every device that this database was replaced (after a restore of PostgreSQL).
    NewEpoch {
        #[command(flatten)]
        place: Place,
    },
}

#[derive(Debug, Args)]
pub(crate) struct CreateCommunity {
    #[command(flatten)]
    place: Place,
    #[arg(long)]
    name: String,
    /// IANA name of the community's time zone.
    #[arg(long, default_value = "Asia/Shanghai")]
    timezone: String,
}

#[derive(Debug, Args)]
pub(crate) struct CreateUser {
    #[command(flatten)]
    place: Place,
    /// Id or name of the community.
    #[arg(long)]
    community: String,
    #[arg(long)]
    email: String,
    /// owner, admin, editor, expert, moderator, analyst or member.
    #[arg(long, value_parser = read_role)]
    role: Role,
    #[arg(long)]
    name: String,
    #[command(flatten)]
    password: PasswordFrom,
}

#[derive(Debug, Args)]
pub(crate) struct ResetPassword {
    #[command(flatten)]
    place: Place,
    #[arg(long)]
    email: String,
    #[command(flatten)]
    password: PasswordFrom,
}

/// Passwords are never arguments: other programs can read those.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct PasswordFrom {
    /// A file whose first line is the password.
    #[arg(long)]
    password_file: Option<PathBuf>,
    /// Read the password from standard input.
    #[arg(long)]
    password_stdin: bool,
}

impl PasswordFrom {
    fn read(&self) -> Result<Secret, CliError> {
        let mut text = String::new();
        match &self.password_file {
            Some(path) => text = fs::read_to_string(path)?,
            None => {
                std::io::stdin().read_to_string(&mut text)?;
            }
        }
        Ok(Secret(text.lines().next().unwrap_or_default().to_owned()))
    }
}

fn read_role(name: &str) -> Result<Role, String> {
    Role::parse(name).ok_or_else(|| format!("`{name}` is not a role"))
}

pub(super) async fn execute(admin: Admin, clock: Clock) -> Result<ExitCode, CliError> {
    match admin {
        Admin::CreateCommunity(command) => create_community(command, clock).await,
        Admin::CreateUser(command) => create_user(command, clock).await,
        Admin::ResetPassword(command) => reset_password(command, clock).await,
        Admin::NewEpoch { place } => {
            let (config, db) = open(&place, clock).await?;
            let epoch = config.entropy.token();
            db.write(move |tx| Ok(crate::tables::server::set_epoch(tx, &epoch)?))
                .await?;
            db.close().await;
            Ok(ExitCode::SUCCESS)
        }
    }
}

pub(super) async fn open(place: &Place, clock: Clock) -> Result<(Config, Db), CliError> {
    let config = place.config(clock)?;
    crate::tls::private_folder(&config.data)?;
    let db = open_database(&config).await?;
    Ok((config, db))
}

async fn create_community(command: CreateCommunity, clock: Clock) -> Result<ExitCode, CliError> {
    let (config, db) = open(&command.place, clock).await?;
    let new = NewCommunity {
        id: new_community(config.now(), &config.entropy),
        name: rules::name("name", &command.name)?,
        timezone: timezone(&command.timezone)?,
        created_at: config.now(),
    };
    let id = new.id;
    db.write(move |tx| Ok(community::insert(tx, &new)?)).await?;
    db.close().await;
    print_json(&json!({ "community": id }))?;
    Ok(ExitCode::SUCCESS)
}

/// The form of an IANA name. Which names there are is the system's business.
fn timezone(name: &str) -> Result<String, Refusal> {
    let is_fine = name == "UTC"
        || name.split('/').count() >= 2
            && name.split('/').all(|part| {
                !part.is_empty()
                    && part
                        .chars()
                        .all(|c| c.is_ascii_alphanumeric() || "_+-".contains(c))
            });
    if is_fine {
        Ok(name.to_owned())
    } else {
        Err(Refusal::field(
            "timezone",
            "give a name such as Asia/Shanghai",
        ))
    }
}

async fn create_user(command: CreateUser, clock: Clock) -> Result<ExitCode, CliError> {
    let (config, db) = open(&command.place, clock).await?;
    let email = rules::email(&command.email)?;
    let password = rules::new_password(&command.password.read()?, &email)?;
    let now = config.now();
    let new = NewAccount {
        id: UserId::new(now, config.entropy.bytes()),
        email,
        name: rules::name("name", &command.name)?,
        password_hash: password::hash(&password, &config.entropy)?,
        created_at: now,
    };
    let (user, role) = (new.id, command.role);
    let community = db
        .write(move |tx| {
            let community = find_community(tx, &command.community)?;
            if !account::insert(tx, &new)? {
                return Err(Refusal::field(
                    "email",
                    "there is an account with this e-mail",
                ));
            }
            let member = NewMembership {
                community,
                user,
                role,
                joined_at: now,
            };
            membership::put(tx, &member)?;
            Ok(community)
        })
        .await?;
    db.close().await;
    print_json(&json!({ "user": user, "community": community, "role": role }))?;
    Ok(ExitCode::SUCCESS)
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

async fn reset_password(command: ResetPassword, clock: Clock) -> Result<ExitCode, CliError> {
    let (config, db) = open(&command.place, clock).await?;
    let email = rules::email(&command.email)?;
    let password = rules::new_password(&command.password.read()?, &email)?;
    let hash = password::hash(&password, &config.entropy)?;
    let now = config.now();
    let ended = db
        .write(move |tx| {
            let user = account::credentials(tx, &email)?
                .ok_or_else(|| Refusal::field("email", "there is no such account"))?
                .user;
            account::set_password(tx, user, &hash)?;
            Ok(session::end_all(tx, user, now)?)
        })
        .await?;
    db.close().await;
    print_json(&json!({ "ended_sessions": ended }))?;
    Ok(ExitCode::SUCCESS)
}
