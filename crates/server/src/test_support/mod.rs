//! For tests, of this crate and of others: a PostgreSQL cluster that is thrown away, a strict S3 in
//! memory, and a server without sockets whose database can be looked into.

mod postgres;
mod quiet;
mod s3;

pub use postgres::{NoPostgres, OverTls, new_database, new_database_over_tls};
pub use quiet::{
    Answer, Decision, DraftRow, Holdings, NewDevice, PostRow, QuietServer, Request, Router, ask,
};
pub use s3::FakeS3;
