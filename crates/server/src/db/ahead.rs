//! Asking before the answer is wanted.

use stoa_domain::CommunityId;

use super::{DbError, Params, Record, Tx};

/// Only says what will be asked: whatever is read through it looks empty, and is read again from
/// the transaction itself. So several questions that do not build on each other travel together.
pub(crate) struct Ahead<'t>(pub(crate) &'t mut dyn Tx);

impl Tx for Ahead<'_> {
    fn query(&mut self, sql: &'static str, params: &Params) -> Result<Vec<Record>, DbError> {
        self.0.ask_ahead(sql, params)?;
        Ok(Vec::new())
    }

    fn query_each(
        &mut self,
        sql: &'static str,
        sets: &[Params],
    ) -> Result<Vec<Vec<Record>>, DbError> {
        for params in sets {
            self.0.ask_ahead(sql, params)?;
        }
        Ok(vec![Vec::new(); sets.len()])
    }

    fn visit(
        &mut self,
        sql: &'static str,
        _: &Params,
        _: &mut dyn FnMut(&Record) -> Result<(), DbError>,
    ) -> Result<(), DbError> {
        Err(only_asks(sql))
    }

    fn execute(&mut self, sql: &'static str, _: &Params) -> Result<u64, DbError> {
        Err(only_asks(sql))
    }

    fn execute_each(&mut self, sql: &'static str, _: &[Params]) -> Result<(), DbError> {
        Err(only_asks(sql))
    }

    fn announce(&mut self, _: CommunityId, _: i64) -> Result<(), DbError> {
        Err(only_asks("announce"))
    }
}

fn only_asks(sql: &str) -> DbError {
    DbError::Stored(format!("not a question to ask ahead: {sql}"))
}
