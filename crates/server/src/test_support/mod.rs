//! For tests, of this crate and of others: a PostgreSQL cluster that is thrown away, and a server
//! without sockets whose database can be looked into.

mod postgres;
mod quiet;

pub use postgres::{NoPostgres, OverTls, new_database, new_database_over_tls};
pub use quiet::{
    Answer, Decision, DraftRow, Holdings, NewDevice, QuietServer, Request, Router, ask,
};
