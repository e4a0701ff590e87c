//! PostgreSQL over the network: only with a certificate of an authority that is known.

use std::sync::Arc;

use stoa_domain::Timestamp;
use stoa_server::test_support::new_database_over_tls;
use stoa_server::{Config, admin};

fn config(folder: &std::path::Path, url: String) -> Config {
    let mut config = Config::new(
        folder,
        Arc::new(|| Timestamp::from_millis(1_800_000_000_000)),
    );
    config.database = Some(url);
    config
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_with_a_private_authority_is_used_over_tls() {
    let folder = tempfile::tempdir().unwrap();
    let database = new_database_over_tls().await.unwrap();
    let mut config = config(folder.path(), database.url);
    config.database_ca = Some(database.ca);
    let made = admin::create_community(&config, "知行社", "Asia/Shanghai").await;
    assert!(made.is_ok(), "{made:?}");
    let server = stoa_server::start(config).await.unwrap();
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_nobody_vouches_for_is_told_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let database = new_database_over_tls().await.unwrap();
    let stranger = folder.path().join("stranger.pem");
    let key = rcgen::KeyPair::generate().unwrap();
    let params = rcgen::CertificateParams::new(vec!["127.0.0.1".into()]).unwrap();
    std::fs::write(&stranger, params.self_signed(&key).unwrap().pem()).unwrap();
    for ca in [None, Some(stranger)] {
        let mut config = config(folder.path(), database.url.clone());
        config.database_ca = ca.clone();
        let refused = admin::create_community(&config, "知行社", "Asia/Shanghai").await;
        let said = with_causes(&refused.unwrap_err());
        assert!(said.contains("certificate"), "{ca:?}: {said}");
    }
}

fn with_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}
