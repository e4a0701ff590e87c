//! SQL text understood just enough to run on both databases: `:name` becomes `$1` for PostgreSQL.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use super::{DbError, Params, Value};

/// A statement with its parameters' names, in the order of their numbers.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Statement {
    pub(super) postgres: String,
    names: Vec<String>,
}

impl Statement {
    /// Every statement is a constant of the program, so each is read once.
    pub(super) fn of(sql: &'static str) -> Arc<Self> {
        static KNOWN: LazyLock<Mutex<HashMap<&'static str, Arc<Statement>>>> =
            LazyLock::new(Mutex::default);
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(
            known
                .entry(sql)
                .or_insert_with(|| Arc::new(Self::read(sql))),
        )
    }

    /// Quoted text, quoted names, comments and `::` casts are left as they are.
    fn read(sql: &str) -> Self {
        let mut postgres = String::with_capacity(sql.len());
        let mut names: Vec<String> = Vec::new();
        let mut rest = sql;
        while let Some(c) = rest.chars().next() {
            let taken = match c {
                '\'' | '"' => rest[1..].find(c).map_or(rest.len(), |end| end + 2),
                '-' if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
                ':' if rest.starts_with("::") => 2,
                ':' => {
                    let name = name_at(&rest[1..]);
                    postgres.push_str(&format!("${}", number_of(&mut names, name)));
                    rest = &rest[1 + name.len()..];
                    continue;
                }
                c => c.len_utf8(),
            };
            postgres.push_str(&rest[..taken]);
            rest = &rest[taken..];
        }
        Self { postgres, names }
    }

    /// The values in the order of their numbers.
    pub(super) fn bind<'p>(&self, params: &'p Params) -> Result<Vec<&'p Value>, DbError> {
        self.names
            .iter()
            .map(|wanted| {
                params
                    .iter()
                    .find(|(name, _)| name == wanted)
                    .map(|(_, value)| value)
                    .ok_or_else(|| DbError::Stored(format!("no parameter `{wanted}`")))
            })
            .collect()
    }
}

fn name_at(text: &str) -> &str {
    let end = text
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .unwrap_or(text.len());
    &text[..end]
}

fn number_of(names: &mut Vec<String>, name: &str) -> usize {
    match names.iter().position(|known| known == name) {
        Some(index) => index + 1,
        None => {
            names.push(name.to_owned());
            names.len()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sql: &str, postgres: &str, names: &[&str]) {
        let statement = Statement::read(sql);
        assert_eq!(statement.postgres, postgres);
        assert_eq!(statement.names, names);
    }

    #[test]
    fn names_become_numbers_and_a_repeated_name_keeps_its_number() {
        check(
            "select a from t where id = :id and b > :b or id = :id",
            "select a from t where id = $1 and b > $2 or id = $1",
            &["id", "b"],
        );
    }

    #[test]
    fn quotes_comments_and_casts_are_left_alone() {
        check(
            "select ':a', \":b\" -- :c\nfrom t",
            "select ':a', \":b\" -- :c\nfrom t",
            &[],
        );
        check(
            "select 'it''s :a', :x::bigint",
            "select 'it''s :a', $1::bigint",
            &["x"],
        );
    }

    #[test]
    fn a_missing_parameter_is_an_error_not_a_null() {
        let statement = Statement::read("select :a");
        assert!(statement.bind(&vec![("b", Value::Null)]).is_err());
    }
}
