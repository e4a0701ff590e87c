//! The same tests on every database, and on every place where files are kept.

/// Runs a test on SQLite and on PostgreSQL.
macro_rules! on_both_databases {
    ($($(#[$meta:meta])* async fn $name:ident($world:ident: &World) $body:block)+) => {
        $(async fn $name($world: &crate::support::World) $body)+

        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                super::$name(&crate::support::World::sqlite().await).await;
            })+
        }

        mod postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                super::$name(&crate::support::World::postgres().await).await;
            })+
        }
    };
}
pub(crate) use on_both_databases;

/// Runs a test on both databases, each with files in a folder and in a bucket.
macro_rules! on_both_databases_and_stores {
    ($($(#[$meta:meta])* async fn $name:ident($world:ident: &World) $body:block)+) => {
        crate::databases::on_both_databases! {
            $($(#[$meta])* async fn $name($world: &World) $body)+
        }

        mod sqlite_and_bucket {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                let world = crate::support::World::sqlite().await;
                super::$name(&world.with_bucket().await).await;
            })+
        }

        mod postgres_and_bucket {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                let world = crate::support::World::postgres().await;
                super::$name(&world.with_bucket().await).await;
            })+
        }
    };
}
pub(crate) use on_both_databases_and_stores;
