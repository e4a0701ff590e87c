//! Backup and restore.

use stoa_domain::Role;
use stoa_protocol::error::ApiErrorCode;
use stoa_server::{BackupError, backup, restore};

use crate::support::{World, create, new_draft_id, refused_with};

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_server_has_a_new_epoch_and_the_old_database_is_kept() {
    let world = World::sqlite().await;
    let email = world.person(Role::Owner).await;
    let mut device = world.sign_in(&email).await;
    device.push(&[create(new_draft_id(), "备份前")]).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup.sqlite");
    backup(&world.config, &file).unwrap();
    assert!(matches!(
        backup(&world.config, &file),
        Err(BackupError::Exists(_))
    ));
    device.push(&[create(new_draft_id(), "备份后")]).await;
    let config = world.config.clone();
    world.server.stop().await;

    let kept = restore(&config, &file).await.unwrap().unwrap();
    assert!(kept.exists(), "{}", kept.display());
    let server = stoa_server::start(config).await.unwrap();
    device.url = server.url();
    let mut push = device.number(&[create(new_draft_id(), "恢复后")]);
    let error = refused_with(device.try_push(&push).await, ApiErrorCode::EpochChanged).await;
    device.epoch = error.epoch.unwrap();
    push.epoch.clone_from(&device.epoch);
    let error = refused_with(device.try_push(&push).await, ApiErrorCode::OutOfOrder).await;
    assert_eq!(error.expected, Some(2));
    let pulled = device.pull(0, 10).await;
    assert_eq!((pulled.rows.len(), pulled.lmid), (1, 1));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn something_else_is_not_restored() {
    let world = World::sqlite().await;
    let config = world.config.clone();
    world.server.stop().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("letter.txt");
    std::fs::write(&file, "这不是数据库".repeat(100)).unwrap();
    let before = std::fs::read(config.data.join("stoa.sqlite")).unwrap();
    assert!(matches!(
        restore(&config, &file).await,
        Err(BackupError::NotABackup(_))
    ));
    assert_eq!(
        std::fs::read(config.data.join("stoa.sqlite")).unwrap(),
        before
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_is_left_to_its_own_tools() {
    let world = World::sqlite().await;
    let mut config = world.config;
    config.database = Some("postgres://stoa@localhost/stoa".into());
    let file = config.data.join("x");
    assert!(matches!(backup(&config, &file), Err(BackupError::Postgres)));
}
