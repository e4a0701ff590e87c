//! The demo community.

use loro::LoroDoc;
use stoa_domain::Role;
use stoa_server::{SeedDemo, seed};

use crate::support::{PASSWORD, Pulled, World, on_both_databases};

fn demo(folder: &std::path::Path, seed: u64) -> SeedDemo {
    let password_file = folder.join("password");
    std::fs::write(&password_file, PASSWORD).unwrap();
    SeedDemo {
        members: 12,
        drafts: 40,
        seed,
        password_file: Some(password_file),
    }
}

async fn seeded(world: &World, with: u64) -> Pulled {
    let folder = tempfile::tempdir().unwrap();
    let seeded = seed(&world.config, demo(folder.path(), with))
        .await
        .unwrap();
    assert_eq!(seeded.password.as_deref(), Some(PASSWORD));
    let again = seed(&world.config, demo(folder.path(), with))
        .await
        .unwrap();
    assert_eq!((again.community, again.password), (seeded.community, None));
    let mut device = world.sign_in(&seeded.email).await;
    device.community = seeded.community;
    assert_eq!(device.hello().await.communities[0].role, Role::Owner);
    device.pull(0, 1000).await
}

on_both_databases! {
    async fn the_demo_community_has_readable_texts(world: &World) {
        let pulled = seeded(world, 1).await;
        assert_eq!((pulled.upto, pulled.rows.len(), pulled.people.len()), (93, 80, 13));
        assert_eq!(pulled.sums.iter().map(|sum| sum.n).collect::<Vec<_>>(), [13, 40, 40]);
        let mut n_chinese = 0;
        for (.., columns) in pulled.rows.iter().filter(|row| row.0 == "doc_update") {
            use base64::Engine;
            let bytes = base64::engine::general_purpose::STANDARD
                .decode(columns["bytes"].as_str().unwrap())
                .unwrap();
            let doc = LoroDoc::new();
            doc.import(&bytes).unwrap();
            let text = doc.get_text("body").to_string();
            assert!(text.chars().count() > 60, "{text}");
            n_chinese += usize::from(text.contains('，') || text.contains('。'));
        }
        assert!((15..40).contains(&n_chinese), "{n_chinese}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_seed_makes_the_same_rows_everywhere() {
    let (one, two) = (World::sqlite().await, World::postgres().await);
    let other = World::sqlite().await;
    let (one, two, other) = (
        seeded(&one, 7).await,
        seeded(&two, 7).await,
        seeded(&other, 8).await,
    );
    assert_eq!(one.rows, two.rows);
    assert_eq!(one.sums, two.sums);
    assert_ne!(one.rows, other.rows);
}
