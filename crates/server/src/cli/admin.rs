//! Communities and accounts from the command line.

use std::fs;
use std::io::Read;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde_json::json;
use stoa_domain::{DraftId, Role, TierKey};
use stoa_protocol::account::Secret;

use super::settings::Place;
use super::{CliError, print_json};
use crate::admin::{self, Gift, NewUser};
use crate::config::Clock;
use crate::seed::{self, SeedDemo};

#[derive(Debug, Subcommand)]
pub(crate) enum Admin {
    /// Make a community; the first one is the one that people who register join.
    CreateCommunity(CreateCommunity),
    /// Make an account in a community.
    CreateUser(CreateUser),
    /// Give an account a role in a community.
    SetRole(SetRole),
    /// Give a community another time zone; times that were set stay the moments they are.
    SetTimezone(SetTimezone),
    /// Give somebody a tier without payment.
    GrantTier(GrantTier),
    /// Give somebody a single post, course or column without payment.
    GrantPost(GrantPost),
    /// End somebody's membership; what they still hand in waits for an owner's decision.
    EndMembership(EndMembership),
    /// Set a new password; every session of the account ends.
    ResetPassword(ResetPassword),
    /// Announce that much will be taken away on purpose, so that devices do not stop to ask.
    AllowReset(AllowReset),
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
pub(crate) struct SetRole {
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
}

#[derive(Debug, Args)]
pub(crate) struct SetTimezone {
    #[command(flatten)]
    place: Place,
    /// Id or name of the community.
    #[arg(long)]
    community: String,
    /// IANA name of the time zone, for example Asia/Shanghai.
    #[arg(long)]
    timezone: String,
}

#[derive(Debug, Args)]
pub(crate) struct GrantTier {
    #[command(flatten)]
    whom: Whom,
    /// Key of the tier: basic, premium, vip or another.
    #[arg(long, value_parser = read_tier)]
    tier: TierKey,
}

#[derive(Debug, Args)]
pub(crate) struct GrantPost {
    #[command(flatten)]
    whom: Whom,
    /// Id of the post.
    #[arg(long)]
    post: DraftId,
}

/// Who is given something, and for how long.
#[derive(Debug, Args)]
pub(crate) struct Whom {
    #[command(flatten)]
    place: Place,
    /// Id or name of the community.
    #[arg(long)]
    community: String,
    #[arg(long)]
    email: String,
    /// For how many days from now; for ever unless it is said.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=36_500))]
    days: Option<u32>,
}

#[derive(Debug, Args)]
pub(crate) struct EndMembership {
    #[command(flatten)]
    place: Place,
    /// Id or name of the community.
    #[arg(long)]
    community: String,
    #[arg(long)]
    email: String,
}

#[derive(Debug, Args)]
pub(crate) struct AllowReset {
    #[command(flatten)]
    place: Place,
    /// Id or name of the community.
    #[arg(long)]
    community: String,
    /// For how many hours it holds.
    #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u32).range(1..=720))]
    hours: u32,
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

impl Whom {
    fn gift(&self) -> Gift<'_> {
        Gift {
            community: &self.community,
            email: &self.email,
            days: self.days,
        }
    }
}

fn read_tier(key: &str) -> Result<TierKey, String> {
    TierKey::parse(key).map_err(|error| error.to_string())
}

fn read_role(name: &str) -> Result<Role, String> {
    Role::parse(name).ok_or_else(|| format!("`{name}` is not a role"))
}

pub(super) async fn execute(command: Admin, clock: Clock) -> Result<ExitCode, CliError> {
    match command {
        Admin::CreateCommunity(command) => {
            let config = command.place.config(clock)?;
            let id = admin::create_community(&config, &command.name, &command.timezone).await?;
            print_json(&json!({ "community": id }))?;
        }
        Admin::CreateUser(command) => create_user(command, clock).await?,
        Admin::SetRole(command) => {
            let config = command.place.config(clock)?;
            admin::set_role(&config, &command.community, &command.email, command.role).await?;
            print_json(&json!({ "role": command.role }))?;
        }
        Admin::SetTimezone(command) => {
            let config = command.place.config(clock)?;
            admin::set_timezone(&config, &command.community, &command.timezone).await?;
            print_json(&json!({ "timezone": command.timezone }))?;
        }
        Admin::GrantTier(GrantTier { whom, tier }) => {
            let config = whom.place.config(clock)?;
            admin::grant_tier(&config, whom.gift(), tier.clone()).await?;
            print_json(&json!({ "tier": tier, "days": whom.days }))?;
        }
        Admin::GrantPost(GrantPost { whom, post }) => {
            let config = whom.place.config(clock)?;
            admin::grant_post(&config, whom.gift(), post).await?;
            print_json(&json!({ "post": post, "days": whom.days }))?;
        }
        Admin::EndMembership(command) => {
            let config = command.place.config(clock)?;
            admin::end_membership(&config, &command.community, &command.email).await?;
            print_json(&json!({ "ended": true }))?;
        }
        Admin::ResetPassword(command) => {
            let config = command.place.config(clock)?;
            let password = command.password.read()?;
            let ended = admin::reset_password(&config, &command.email, &password).await?;
            print_json(&json!({ "ended_sessions": ended }))?;
        }
        Admin::AllowReset(command) => {
            let config = command.place.config(clock)?;
            admin::allow_reset(&config, &command.community, command.hours).await?;
            print_json(&json!({ "hours": command.hours }))?;
        }
        Admin::NewEpoch { place } => admin::new_epoch(&place.config(clock)?).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn create_user(command: CreateUser, clock: Clock) -> Result<(), CliError> {
    let config = command.place.config(clock)?;
    let new = NewUser {
        community: command.community,
        email: command.email,
        role: command.role,
        name: command.name,
        password: command.password.read()?,
    };
    let (user, community) = admin::create_user(&config, &new).await?;
    print_json(&json!({ "user": user, "community": community, "role": new.role }))
}

pub(super) async fn seed_demo(
    place: &Place,
    demo: SeedDemo,
    clock: Clock,
) -> Result<ExitCode, CliError> {
    let config = place.config(clock)?;
    let seeded = seed::seed(&config, demo).await?;
    print_json(&json!(seeded))?;
    Ok(ExitCode::SUCCESS)
}
