//! PostgreSQL: pooled connections, news through LISTEN/NOTIFY.

mod together;

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod};
use futures_util::TryStreamExt;
use futures_util::future::maybe_done;
use stoa_domain::{CommunityId, Timestamp};
use tokio::runtime::Handle;
use tokio::sync::{broadcast, watch};
use tokio_postgres::Row;
use tokio_postgres::types::{ToSql, Type};

use super::job::job;
use super::news::{CHANNEL, listen_for_ever};
use super::secured::Secured;
use super::statement::Statement;
use super::{DbError, News, Params, Record, Tx, Value, migrate};
use crate::refusal::Refusal;
use together::Waiting;

const CONNECTIONS: usize = 16;
/// How often a job is run again when PostgreSQL asks for it.
const RETRIES: usize = 5;
/// Any number will do, as long as every process of this program takes the same.
const MIGRATION_LOCK: i64 = 0x73_74_6f_61;

#[derive(Clone)]
pub(crate) struct Postgres {
    pool: Pool,
    waiting: Waiting,
    news: broadcast::Sender<News>,
    closing: Arc<watch::Sender<bool>>,
}

impl Postgres {
    pub(super) async fn open(secured: Secured, now: Timestamp) -> Result<Self, DbError> {
        let manager = Manager::from_config(
            secured.config.clone(),
            secured.tls.clone(),
            ManagerConfig {
                recycling_method: RecyclingMethod::Fast,
            },
        );
        let pool = Pool::builder(manager)
            .max_size(CONNECTIONS)
            .wait_timeout(Some(Duration::from_secs(10)))
            .create_timeout(Some(Duration::from_secs(10)))
            .runtime(deadpool_postgres::Runtime::Tokio1)
            .build()
            .map_err(|error| DbError::Connect(Box::new(error)))?;
        migrate_schema(&connection(&pool).await?, now).await?;
        let (news, _) = broadcast::channel(1024);
        let (closing, closed) = watch::channel(false);
        tokio::spawn(listen_for_ever(secured, news.clone(), closed));
        Ok(Self {
            pool,
            waiting: Waiting::default(),
            news,
            closing: Arc::new(closing),
        })
    }

    pub(super) async fn write<T, F>(&self, job: F) -> Result<T, Refusal>
    where
        T: Send + 'static,
        F: FnMut(&mut dyn Tx) -> Result<T, Refusal> + Send + 'static,
    {
        self.run("begin", "commit", job).await
    }

    /// Like [`Self::write`], together with others that wait for the same community.
    pub(super) async fn write_in<T, F>(&self, community: CommunityId, work: F) -> Result<T, Refusal>
    where
        T: Send + 'static,
        F: FnMut(&mut dyn Tx) -> Result<T, Refusal> + Send + 'static,
    {
        let (job, answer) = job(work);
        if self.waiting.join(community, job) {
            // Others may wait for it: it goes on when this caller is gone.
            tokio::spawn(self.clone().work_for(community));
        }
        answer.await.map_err(|_| DbError::Stopped)?
    }

    async fn transaction(&self) -> Result<PostgresTx, DbError> {
        Ok(PostgresTx {
            client: connection(&self.pool).await?,
            runtime: Handle::current(),
            pending: Vec::new(),
            ahead: Vec::new(),
        })
    }

    pub(super) async fn read<T, F>(&self, job: F) -> Result<T, Refusal>
    where
        T: Send + 'static,
        F: FnMut(&mut dyn Tx) -> Result<T, Refusal> + Send + 'static,
    {
        let begin = "begin isolation level repeatable read read only";
        self.run(begin, "rollback", job).await
    }

    async fn run<T, F>(
        &self,
        begin: &'static str,
        end: &'static str,
        mut job: F,
    ) -> Result<T, Refusal>
    where
        T: Send + 'static,
        F: FnMut(&mut dyn Tx) -> Result<T, Refusal> + Send + 'static,
    {
        let mut tx = self.transaction().await?;
        tokio::task::spawn_blocking(move || tx.run(begin, end, &mut job))
            .await
            .map_err(|_| DbError::Panicked)?
    }

    pub(super) fn news(&self) -> broadcast::Receiver<News> {
        self.news.subscribe()
    }

    pub(super) fn close(&self) {
        self.closing.send_replace(true);
        self.pool.close();
    }
}

async fn connection(pool: &Pool) -> Result<Object, DbError> {
    pool.get()
        .await
        .map_err(|error| DbError::Connect(Box::new(error)))
}

async fn migrate_schema(client: &Object, now: Timestamp) -> Result<(), DbError> {
    client.batch_execute("begin").await?;
    let outcome = migrate_locked(client, now).await;
    let end = if outcome.is_ok() {
        "commit"
    } else {
        "rollback"
    };
    client.batch_execute(end).await?;
    outcome
}

/// Several processes may start at once: one migrates, the others wait and find nothing to do.
async fn migrate_locked(client: &Object, now: Timestamp) -> Result<(), DbError> {
    client
        .execute("select pg_advisory_xact_lock($1)", &[&MIGRATION_LOCK])
        .await?;
    client
        .batch_execute(
            "create table if not exists schema_migration (
                version    bigint primary key,
                name       text   not null,
                applied_at bigint not null
            )",
        )
        .await?;
    let found: i64 = client
        .query_one(
            "select coalesce(max(version), 0) from schema_migration",
            &[],
        )
        .await?
        .get(0);
    for migration in migrate::needed(found)? {
        client
            .batch_execute(migration.postgres)
            .await
            .map_err(|error| migrate::failed(migration, error))?;
        client
            .execute(
                "insert into schema_migration (version, name, applied_at) values ($1, $2, $3)",
                &[&migration.version, &migration.name, &now.millis()],
            )
            .await?;
    }
    Ok(())
}

/// Every question is a way to the database and back, while the community's row is locked. What
/// asks nothing travels together with the next question, or with the commit.
struct PostgresTx {
    client: Object,
    runtime: Handle,
    pending: Vec<Pending>,
    /// Answers that nobody has wanted yet.
    ahead: Vec<(Asked, Vec<Row>)>,
}

/// What was not sent yet.
enum Pending {
    Plain(&'static str),
    Write(Arc<Statement>, Vec<Value>),
    Ask(Asked),
}

/// A question that was asked ahead.
struct Asked {
    statement: Arc<Statement>,
    values: Vec<Value>,
}

impl Asked {
    fn is(&self, statement: &Arc<Statement>, values: &[&Value]) -> bool {
        Arc::ptr_eq(&self.statement, statement) && self.values.iter().eq(values.iter().copied())
    }
}

impl PostgresTx {
    fn run<T>(
        &mut self,
        begin: &'static str,
        end: &'static str,
        job: &mut dyn FnMut(&mut dyn Tx) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let mut left = RETRIES;
        loop {
            match self.run_once(begin, end, job) {
                Err(Refusal::Database(error)) if error.wants_retry() && left > 0 => left -= 1,
                outcome => return outcome,
            }
        }
    }

    fn run_once<T>(
        &mut self,
        begin: &'static str,
        end: &'static str,
        job: &mut dyn FnMut(&mut dyn Tx) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        self.ahead.clear();
        self.pending.push(Pending::Plain(begin));
        let outcome = catch_unwind(AssertUnwindSafe(|| job(self)))
            .unwrap_or(Err(Refusal::Database(DbError::Panicked)));
        match outcome {
            Ok(answer) => {
                self.pending.push(Pending::Plain(end));
                self.ask(None)?;
                Ok(answer)
            }
            Err(refusal) => {
                self.pending = vec![Pending::Plain("rollback")];
                self.ask(None)?;
                Err(refusal)
            }
        }
    }

    /// Sends what is pending, and behind it a question with each set of parameters; answers the
    /// rows of each. When anything fails, the transaction has failed, and a commit behind it has
    /// committed nothing.
    fn ask(
        &mut self,
        question: Option<(&Statement, Vec<Vec<&Value>>)>,
    ) -> Result<Vec<Vec<Row>>, DbError> {
        let pending = std::mem::take(&mut self.pending);
        let client = &self.client;
        let answers = self.runtime.block_on(async {
            let mut sending: Vec<Sending<'_>> = Vec::new();
            for one in &pending {
                match one {
                    Pending::Plain(sql) => sending.push(Box::pin(async move {
                        client.batch_execute(sql).await?;
                        Ok(Vec::new())
                    })),
                    Pending::Write(statement, values) => {
                        let prepared = client.prepare_cached(&statement.postgres).await?;
                        sending.push(Box::pin(async move {
                            client
                                .execute(
                                    &prepared,
                                    &as_parameters(&values.iter().collect::<Vec<_>>()),
                                )
                                .await?;
                            Ok(Vec::new())
                        }));
                    }
                    Pending::Ask(asked) => {
                        let prepared = client.prepare_cached(&asked.statement.postgres).await?;
                        sending.push(Box::pin(async move {
                            let values: Vec<_> = asked.values.iter().collect();
                            client.query(&prepared, &as_parameters(&values)).await
                        }));
                    }
                }
            }
            if let Some((statement, sets)) = question {
                let prepared = client.prepare_cached(&statement.postgres).await?;
                sending.extend(sets.into_iter().map(|values| -> Sending<'_> {
                    let prepared = prepared.clone();
                    Box::pin(async move { client.query(&prepared, &as_parameters(&values)).await })
                }));
            }
            in_order(sending).await
        })?;
        let mut answers = answers.into_iter();
        for (one, rows) in pending.into_iter().zip(&mut answers) {
            if let Pending::Ask(asked) = one {
                self.ahead.push((asked, rows));
            }
        }
        Ok(answers.collect())
    }

    /// The answer to what was asked ahead, once.
    fn answered(
        &mut self,
        statement: &Arc<Statement>,
        values: &[&Value],
    ) -> Result<Option<Vec<Row>>, DbError> {
        let is_on_its_way =
            |one: &Pending| matches!(one, Pending::Ask(asked) if asked.is(statement, values));
        if self.pending.iter().any(is_on_its_way) {
            self.ask(None)?;
        }
        let found = self
            .ahead
            .iter()
            .position(|(asked, _)| asked.is(statement, values));
        Ok(found.map(|at| self.ahead.swap_remove(at).1))
    }
}

type Sending<'c> = Pin<Box<dyn Future<Output = Result<Vec<Row>, tokio_postgres::Error>> + 'c>>;

/// Begins all in their order, so that they are sent in it, before the first answer is waited for.
async fn in_order(sending: Vec<Sending<'_>>) -> Result<Vec<Vec<Row>>, tokio_postgres::Error> {
    let mut sent: Vec<_> = sending.into_iter().map(maybe_done).collect();
    poll_fn(|cx| {
        for one in &mut sent {
            // Its answer is waited for below.
            let _ = Pin::new(one).poll(cx);
        }
        Poll::Ready(())
    })
    .await;
    let mut answers = Vec::with_capacity(sent.len());
    for one in &mut sent {
        Pin::new(&mut *one).await;
        let answer = Pin::new(one).take_output();
        answers.push(answer.expect("it was waited for"));
    }
    answers.into_iter().collect()
}

fn as_parameters<'p>(values: &[&'p Value]) -> Vec<&'p (dyn ToSql + Sync)> {
    values
        .iter()
        .map(|value| *value as &(dyn ToSql + Sync))
        .collect()
}

fn record(row: &Row) -> Result<Record, DbError> {
    let values = row.columns().iter().enumerate().map(|(column, about)| {
        Ok(match *about.type_() {
            Type::INT8 => row.try_get::<_, Option<i64>>(column)?.map(Value::Int),
            Type::INT4 => row
                .try_get::<_, Option<i32>>(column)?
                .map(|number| Value::Int(number.into())),
            Type::TEXT | Type::VARCHAR => {
                row.try_get::<_, Option<String>>(column)?.map(Value::Text)
            }
            Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(column)?.map(Value::Bytes),
            Type::UUID => row
                .try_get::<_, Option<uuid::Uuid>>(column)?
                .map(|id| Value::Id(id.into_bytes())),
            _ => return Err(DbError::Column { column }),
        }
        .unwrap_or(Value::Null))
    });
    values.collect::<Result<_, _>>().map(Record)
}

impl Tx for PostgresTx {
    fn query(&mut self, sql: &'static str, params: &Params) -> Result<Vec<Record>, DbError> {
        let statement = Statement::of(sql);
        let values = statement.bind(params)?;
        if let Some(rows) = self.answered(&statement, &values)? {
            return rows.iter().map(record).collect();
        }
        let answers = self.ask(Some((&statement, vec![values])))?;
        answers.iter().flatten().map(record).collect()
    }

    /// All are sent before the first answer is waited for.
    fn query_each(
        &mut self,
        sql: &'static str,
        sets: &[Params],
    ) -> Result<Vec<Vec<Record>>, DbError> {
        if sets.is_empty() {
            return Ok(Vec::new());
        }
        let statement = Statement::of(sql);
        let bound = sets.iter().map(|params| statement.bind(params));
        let bound = bound.collect::<Result<Vec<_>, _>>()?;
        let mut answers = Vec::with_capacity(bound.len());
        for values in &bound {
            match self.answered(&statement, values)? {
                Some(rows) => answers.push(rows),
                None => break,
            }
        }
        let rest = bound.into_iter().skip(answers.len()).collect::<Vec<_>>();
        if !rest.is_empty() {
            answers.extend(self.ask(Some((&statement, rest)))?);
        }
        answers
            .iter()
            .map(|rows| rows.iter().map(record).collect())
            .collect()
    }

    fn visit(
        &mut self,
        sql: &'static str,
        params: &Params,
        each: &mut dyn FnMut(&Record) -> Result<(), DbError>,
    ) -> Result<(), DbError> {
        self.ask(None)?;
        let statement = Statement::of(sql);
        let values = statement.bind(params)?;
        let mut rows = self.runtime.block_on(async {
            let prepared = self.client.prepare_cached(&statement.postgres).await?;
            let rows = self.client.query_raw(&prepared, as_parameters(&values));
            rows.await.map(Box::pin)
        })?;
        while let Some(row) = self.runtime.block_on(rows.try_next())? {
            each(&record(&row)?)?;
        }
        Ok(())
    }

    fn execute(&mut self, sql: &'static str, params: &Params) -> Result<u64, DbError> {
        self.ask(None)?;
        let statement = Statement::of(sql);
        let values = statement.bind(params)?;
        Ok(self.runtime.block_on(async {
            let prepared = self.client.prepare_cached(&statement.postgres).await?;
            self.client
                .execute(&prepared, &as_parameters(&values))
                .await
        })?)
    }

    fn execute_each(&mut self, sql: &'static str, sets: &[Params]) -> Result<(), DbError> {
        let statement = Statement::of(sql);
        for params in sets {
            let values = statement.bind(params)?.into_iter().cloned().collect();
            self.pending
                .push(Pending::Write(Arc::clone(&statement), values));
        }
        Ok(())
    }

    fn ask_ahead(&mut self, sql: &'static str, params: &Params) -> Result<(), DbError> {
        let statement = Statement::of(sql);
        let values = statement.bind(params)?.into_iter().cloned().collect();
        let asked = Asked { statement, values };
        self.pending.push(Pending::Ask(asked));
        Ok(())
    }

    fn announce(&mut self, community: CommunityId, head: i64) -> Result<(), DbError> {
        let text = format!("{community} {head}");
        self.write(
            "select pg_notify(:channel, :text)",
            super::params!["channel" => CHANNEL, "text" => text],
        )
    }
}
