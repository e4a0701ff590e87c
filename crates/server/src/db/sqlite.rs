//! SQLite: one writer thread that commits groups of jobs together, and a few read connections.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use stoa_domain::{CommunityId, Timestamp};
use tokio::sync::{Semaphore, broadcast};

use super::job::{Job, job};
use super::statement::Statement;
use super::{DbError, News, Params, Record, Tx, Value, migrate};
use crate::refusal::Refusal;

const READERS: usize = 4;
/// The most jobs that share one commit.
const GROUP: usize = 64;

#[derive(Clone)]
pub(crate) struct Sqlite {
    inner: Arc<Inner>,
}

struct Inner {
    jobs: Mutex<Option<mpsc::Sender<Box<dyn Job>>>>,
    writer: Mutex<Option<JoinHandle<()>>>,
    path: PathBuf,
    idle_readers: Mutex<Vec<Connection>>,
    readers: Semaphore,
    news: broadcast::Sender<News>,
}

impl Sqlite {
    pub(super) fn open(path: &Path, now: Timestamp) -> Result<Self, DbError> {
        let mut writer = connect(
            path,
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
        )
        .map_err(DbError::OpenSqlite)?;
        writer
            .pragma_update(None, "journal_mode", "wal")
            .map_err(DbError::OpenSqlite)?;
        migrate_schema(&mut writer, now)?;
        let (jobs, queue) = mpsc::channel();
        let (news, _) = broadcast::channel(1024);
        let announcer = news.clone();
        let thread = std::thread::Builder::new()
            .name("sqlite-writer".into())
            .spawn(move || write_jobs(&writer, &queue, &announcer))
            .map_err(|error| DbError::Connect(Box::new(error)))?;
        Ok(Self {
            inner: Arc::new(Inner {
                jobs: Mutex::new(Some(jobs)),
                writer: Mutex::new(Some(thread)),
                path: path.to_owned(),
                idle_readers: Mutex::new(Vec::new()),
                readers: Semaphore::new(READERS),
                news,
            }),
        })
    }

    pub(super) async fn write<T, F>(&self, work: F) -> Result<T, Refusal>
    where
        T: Send + 'static,
        F: FnMut(&mut dyn Tx) -> Result<T, Refusal> + Send + 'static,
    {
        let (job, answer) = job(work);
        let jobs = lock(&self.inner.jobs).clone();
        jobs.and_then(|jobs| jobs.send(job).ok())
            .ok_or(DbError::Stopped)?;
        answer.await.map_err(|_| DbError::Stopped)?
    }

    pub(super) async fn read<T, F>(&self, mut job: F) -> Result<T, Refusal>
    where
        T: Send + 'static,
        F: FnMut(&mut dyn Tx) -> Result<T, Refusal> + Send + 'static,
    {
        let permit = self
            .inner
            .readers
            .acquire()
            .await
            .map_err(|_| DbError::Stopped)?;
        let inner = Arc::clone(&self.inner);
        let outcome = tokio::task::spawn_blocking(move || inner.read(&mut job))
            .await
            .map_err(|_| DbError::Panicked)?;
        drop(permit);
        outcome
    }

    pub(super) fn news(&self) -> broadcast::Receiver<News> {
        self.inner.news.subscribe()
    }

    pub(super) async fn close(&self) {
        lock(&self.inner.jobs).take();
        self.inner.readers.close();
        lock(&self.inner.idle_readers).clear();
        let thread = lock(&self.inner.writer).take();
        if let Some(thread) = thread {
            // A panic of the writer thread was reported where it happened.
            let _ = tokio::task::spawn_blocking(move || thread.join()).await;
        }
    }
}

impl Inner {
    fn read<T>(
        &self,
        job: &mut dyn FnMut(&mut dyn Tx) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let idle = lock(&self.idle_readers).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => connect(&self.path, OpenFlags::SQLITE_OPEN_READ_ONLY)
                .map_err(DbError::OpenSqlite)?,
        };
        connection.execute_batch("begin").map_err(DbError::from)?;
        let outcome = job(&mut SqliteTx {
            connection: &connection,
            news: Vec::new(),
        });
        connection
            .execute_batch("rollback")
            .map_err(DbError::from)?;
        lock(&self.idle_readers).push(connection);
        outcome
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn connect(path: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.set_prepared_statement_cache_capacity(128);
    for (name, value) in [
        ("foreign_keys", "on"),
        ("synchronous", "full"),
        ("fullfsync", "on"),
        ("checkpoint_fullfsync", "on"),
        ("trusted_schema", "off"),
        ("cell_size_check", "on"),
        ("mmap_size", "0"),
        ("temp_store", "memory"),
        ("cache_size", "-8192"),
    ] {
        connection.pragma_update(None, name, value)?;
    }
    Ok(connection)
}

fn migrate_schema(connection: &mut Connection, now: Timestamp) -> Result<(), DbError> {
    connection.execute_batch(
        "create table if not exists schema_migration (
            version    integer primary key,
            name       text    not null,
            applied_at integer not null
        ) strict",
    )?;
    let found: i64 = connection.query_row(
        "select coalesce(max(version), 0) from schema_migration",
        [],
        |row| row.get(0),
    )?;
    for migration in migrate::needed(found)? {
        let apply = || {
            let tx = connection.transaction()?;
            tx.execute_batch(migration.sqlite)?;
            tx.execute(
                "insert into schema_migration (version, name, applied_at) values (?1, ?2, ?3)",
                (migration.version, migration.name, now.millis()),
            )?;
            tx.commit()
        };
        let mut apply = apply;
        apply().map_err(|error| migrate::failed(migration, error))?;
    }
    Ok(())
}

/// The life of the writer thread: take what waits, run it, commit once, answer all.
fn write_jobs(
    connection: &Connection,
    queue: &mpsc::Receiver<Box<dyn Job>>,
    news: &broadcast::Sender<News>,
) {
    while let Ok(first) = queue.recv() {
        let mut group = vec![first];
        group.extend(queue.try_iter().take(GROUP - 1));
        match run_group(connection, &mut group) {
            Ok((outcomes, announced)) => {
                for (job, outcome) in group.into_iter().zip(outcomes) {
                    job.finish(outcome);
                }
                for item in announced {
                    // No receiver means nobody is connected.
                    let _ = news.send(item);
                }
            }
            Err(error) => {
                tracing::error!(%error, jobs = group.len(), "a group of writes was rolled back");
                if !connection.is_autocommit() {
                    let _ = connection.execute_batch("rollback");
                }
                for job in group {
                    job.finish(Err(Refusal::Database(DbError::Stopped)));
                }
            }
        }
    }
}

type Outcomes = Vec<Result<(), Refusal>>;

fn run_group(
    connection: &Connection,
    group: &mut [Box<dyn Job>],
) -> Result<(Outcomes, Vec<News>), DbError> {
    let (mut outcomes, mut announced) = (Vec::new(), Vec::new());
    connection.execute_batch("begin immediate")?;
    for job in group {
        connection.execute_batch("savepoint job")?;
        let mut tx = SqliteTx {
            connection,
            news: Vec::new(),
        };
        let outcome = job.run(&mut tx);
        if outcome.is_ok() {
            announced.append(&mut tx.news);
            connection.execute_batch("release job")?;
        } else {
            connection.execute_batch("rollback to job; release job")?;
        }
        outcomes.push(outcome);
    }
    connection.execute_batch("commit")?;
    Ok((outcomes, announced))
}

struct SqliteTx<'c> {
    connection: &'c Connection,
    news: Vec<News>,
}

impl SqliteTx<'_> {
    fn each_row(
        &self,
        sql: &'static str,
        params: &Params,
        mut each: impl FnMut(Record) -> Result<(), DbError>,
    ) -> Result<(), DbError> {
        let values = Statement::of(sql).bind(params)?;
        let mut prepared = self.connection.prepare_cached(sql)?;
        visit(&mut prepared, values, &mut each)
    }
}

fn visit(
    prepared: &mut rusqlite::Statement<'_>,
    values: Vec<&Value>,
    each: &mut dyn FnMut(Record) -> Result<(), DbError>,
) -> Result<(), DbError> {
    let columns = prepared.column_count();
    let mut rows = prepared.query(rusqlite::params_from_iter(values))?;
    while let Some(row) = rows.next()? {
        let values = (0..columns).map(|column| value_at(row, column));
        each(Record(values.collect::<Result<_, _>>()?))?;
    }
    Ok(())
}

fn value_at(row: &rusqlite::Row<'_>, column: usize) -> Result<Value, DbError> {
    use rusqlite::types::ValueRef;
    Ok(match row.get_ref(column)? {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Int(number),
        ValueRef::Text(text) => {
            Value::Text(String::from_utf8(text.to_vec()).map_err(|_| DbError::Column { column })?)
        }
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
        ValueRef::Real(_) => return Err(DbError::Column { column }),
    })
}

impl Tx for SqliteTx<'_> {
    fn query(&mut self, sql: &'static str, params: &Params) -> Result<Vec<Record>, DbError> {
        let mut records = Vec::new();
        self.each_row(sql, params, |record| {
            records.push(record);
            Ok(())
        })?;
        Ok(records)
    }

    fn query_each(
        &mut self,
        sql: &'static str,
        sets: &[Params],
    ) -> Result<Vec<Vec<Record>>, DbError> {
        let statement = Statement::of(sql);
        let mut prepared = self.connection.prepare_cached(sql)?;
        let answer = |params| {
            let mut records = Vec::new();
            visit(&mut prepared, statement.bind(params)?, &mut |record| {
                records.push(record);
                Ok(())
            })?;
            Ok(records)
        };
        sets.iter().map(answer).collect()
    }

    fn visit(
        &mut self,
        sql: &'static str,
        params: &Params,
        each: &mut dyn FnMut(&Record) -> Result<(), DbError>,
    ) -> Result<(), DbError> {
        self.each_row(sql, params, |record| each(&record))
    }

    fn execute(&mut self, sql: &'static str, params: &Params) -> Result<u64, DbError> {
        let values = Statement::of(sql).bind(params)?;
        let mut prepared = self.connection.prepare_cached(sql)?;
        let changed = prepared.execute(rusqlite::params_from_iter(values))?;
        Ok(changed as u64)
    }

    fn execute_each(&mut self, sql: &'static str, sets: &[Params]) -> Result<(), DbError> {
        let statement = Statement::of(sql);
        let mut prepared = self.connection.prepare_cached(sql)?;
        for params in sets {
            prepared.execute(rusqlite::params_from_iter(statement.bind(params)?))?;
        }
        Ok(())
    }

    fn announce(&mut self, community: CommunityId, head: i64) -> Result<(), DbError> {
        self.news.push(News::Head { community, head });
        Ok(())
    }
}

/// Copies a database that may be in use into one new file.
pub(crate) fn copy_to(from: &Path, to: &Path) -> Result<(), DbError> {
    let source = connect(from, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(DbError::OpenSqlite)?;
    let to = to
        .to_str()
        .ok_or_else(|| DbError::Address(to.display().to_string()))?;
    source.execute("vacuum into ?1", [to])?;
    Ok(())
}
