//! PostgreSQL: pooled connections, news through LISTEN/NOTIFY.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod};
use futures_util::TryStreamExt;
use futures_util::future::try_join_all;
use stoa_domain::{CommunityId, Timestamp};
use tokio::runtime::Handle;
use tokio::sync::{broadcast, watch};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{AsyncMessage, Row};

use super::secured::Secured;
use super::statement::Statement;
use super::{DbError, News, Params, Record, Tx, Value, migrate};
use crate::refusal::Refusal;

const CONNECTIONS: usize = 16;
/// How often a job is run again when PostgreSQL asks for it.
const RETRIES: usize = 5;
const CHANNEL: &str = "stoa_news";
/// Any number will do, as long as every process of this program takes the same.
const MIGRATION_LOCK: i64 = 0x73_74_6f_61;

#[derive(Clone)]
pub(crate) struct Postgres {
    pool: Pool,
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
        let client = connection(&self.pool).await?;
        let mut tx = PostgresTx {
            client,
            runtime: Handle::current(),
        };
        tokio::task::spawn_blocking(move || {
            let mut left = RETRIES;
            loop {
                match tx.run_once(begin, end, &mut job) {
                    Err(Refusal::Database(error)) if error.wants_retry() && left > 0 => left -= 1,
                    outcome => return outcome,
                }
            }
        })
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

struct PostgresTx {
    client: Object,
    runtime: Handle,
}

impl PostgresTx {
    fn run_once<T>(
        &mut self,
        begin: &str,
        end: &str,
        job: &mut dyn FnMut(&mut dyn Tx) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        self.batch(begin)?;
        let outcome = catch_unwind(AssertUnwindSafe(|| job(self)))
            .unwrap_or(Err(Refusal::Database(DbError::Panicked)));
        match outcome {
            Ok(answer) => {
                self.batch(end)?;
                Ok(answer)
            }
            Err(refusal) => {
                self.batch("rollback")?;
                Err(refusal)
            }
        }
    }

    fn batch(&self, sql: &str) -> Result<(), DbError> {
        Ok(self.runtime.block_on(self.client.batch_execute(sql))?)
    }
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
        let rows = self.runtime.block_on(async {
            let prepared = self.client.prepare_cached(&statement.postgres).await?;
            self.client.query(&prepared, &as_parameters(&values)).await
        })?;
        rows.iter().map(record).collect()
    }

    /// All are sent before the first answer is waited for.
    fn query_each(
        &mut self,
        sql: &'static str,
        sets: &[Params],
    ) -> Result<Vec<Vec<Record>>, DbError> {
        let statement = Statement::of(sql);
        let bound: Vec<_> = sets
            .iter()
            .map(|params| statement.bind(params))
            .collect::<Result<_, _>>()?;
        let answers = self.runtime.block_on(async {
            let prepared = self.client.prepare_cached(&statement.postgres).await?;
            try_join_all(bound.iter().map(|values| {
                let parameters = as_parameters(values);
                let prepared = &prepared;
                let client = &self.client;
                async move { client.query(prepared, &parameters).await }
            }))
            .await
        })?;
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
        self.query_each(sql, sets).map(drop)
    }

    fn announce(&mut self, community: CommunityId, head: i64) -> Result<(), DbError> {
        let text = format!("{community} {head}");
        self.execute(
            "select pg_notify('stoa_news', :text)",
            &super::params!["text" => text],
        )?;
        Ok(())
    }
}

/// Keeps one connection that listens; after each break everybody looks again.
async fn listen_for_ever(
    secured: Secured,
    news: broadcast::Sender<News>,
    mut closed: watch::Receiver<bool>,
) {
    let mut pause = Duration::from_millis(200);
    loop {
        tokio::select! {
            _ = closed.changed() => return,
            outcome = listen(&secured, &news) => if let Err(error) = outcome {
                tracing::warn!(%error, "listening for news was interrupted");
            },
        }
        tokio::select! {
            _ = closed.changed() => return,
            () = tokio::time::sleep(pause) => {}
        }
        pause = (pause * 2).min(Duration::from_secs(10));
    }
}

async fn listen(
    secured: &Secured,
    news: &broadcast::Sender<News>,
) -> Result<(), tokio_postgres::Error> {
    let (client, mut connection) = secured.config.connect(secured.tls.clone()).await?;
    let subscribe = async {
        client.batch_execute(&format!("listen {CHANNEL}")).await?;
        // What happened while nobody listened is found by looking.
        let _ = news.send(News::LookAgain);
        std::future::pending::<()>().await;
        Ok::<(), tokio_postgres::Error>(())
    };
    let forward: Pin<Box<dyn Future<Output = Result<(), tokio_postgres::Error>> + Send>> =
        Box::pin(async {
            while let Some(message) = poll_fn(|cx| connection.poll_message(cx)).await {
                if let AsyncMessage::Notification(notification) = message?
                    && let Some(item) = read_news(notification.payload())
                {
                    let _ = news.send(item);
                }
            }
            Ok(())
        });
    tokio::select! {
        outcome = forward => outcome,
        outcome = subscribe => outcome,
    }
}

fn read_news(payload: &str) -> Option<News> {
    let (community, head) = payload.split_once(' ')?;
    Some(News::Head {
        community: community.parse().ok()?,
        head: head.parse().ok()?,
    })
}
