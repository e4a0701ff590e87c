//! People with an account on this server.

use stoa_domain::{Timestamp, UserId};

use crate::db::{DbError, Tx, params};

/// The hash of an account that nobody can sign in to.
pub(crate) const NO_PASSWORD: &str = "!";

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewAccount {
    pub(crate) id: UserId,
    /// Lower case, trimmed.
    pub(crate) email: String,
    pub(crate) name: String,
    pub(crate) password_hash: String,
    pub(crate) created_at: Timestamp,
}

/// What signing in looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Credentials {
    pub(crate) user: UserId,
    pub(crate) password_hash: String,
}

/// Whether it was inserted; an e-mail that is taken changes nothing.
pub(crate) fn insert(tx: &mut dyn Tx, new: &NewAccount) -> Result<bool, DbError> {
    let inserted = tx.execute(
        "
        insert into account (id, email, name, password_hash, created_at)
        values (:id, :email, :name, :password_hash, :created_at)
        on conflict do nothing",
        &params![
            "id" => new.id,
            "email" => new.email.as_str(),
            "name" => new.name.as_str(),
            "password_hash" => new.password_hash.as_str(),
            "created_at" => new.created_at,
        ],
    )?;
    Ok(inserted == 1)
}

pub(crate) fn credentials(tx: &mut dyn Tx, email: &str) -> Result<Option<Credentials>, DbError> {
    let rows = tx.query(
        "select id, password_hash from account where email = :email",
        &params!["email" => email],
    )?;
    rows.first()
        .map(|row| {
            Ok(Credentials {
                user: UserId::from_bytes(row.id(0)?),
                password_hash: row.text(1)?.to_owned(),
            })
        })
        .transpose()
}

/// E-mail and name.
pub(crate) fn find(tx: &mut dyn Tx, id: UserId) -> Result<Option<(String, String)>, DbError> {
    let rows = tx.query(
        "select email, name from account where id = :id",
        &params!["id" => id],
    )?;
    rows.first()
        .map(|row| Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned())))
        .transpose()
}

pub(crate) fn set_password(tx: &mut dyn Tx, id: UserId, hash: &str) -> Result<(), DbError> {
    tx.execute(
        "update account set password_hash = :hash where id = :id",
        &params!["id" => id, "hash" => hash],
    )?;
    Ok(())
}
