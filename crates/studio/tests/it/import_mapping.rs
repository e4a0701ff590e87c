//! What another program names becomes what somebody chose for it.

use std::fs;

use stoa_domain::{Access, Kind, TierKey};
use stoa_ipc::{ImportKind, ImportMapping, ImportReaders};

use crate::imports::{draft, look, open, run};

#[test]
fn kinds_and_readers_without_a_name_become_what_was_chosen() {
    let (_computer, program) = open();
    let dir = tempfile::tempdir().unwrap();
    let post = |id: &str, kind: &str, visibility: &str| {
        format!(
            r#"{{"id":"{id}","title":"{id}","slug":"{id}","html":"<p>正文</p>","status":"draft","visibility":"{visibility}","type":"{kind}"}}"#
        )
    };
    let posts = [
        post("about", "page", "public"),
        post("inner", "post", "members"),
        post("sold", "post", "paid"),
    ];
    let json = format!(
        r#"{{"db":[{{"meta":{{"version":"5.0.0"}},"data":{{"posts":[{}]}}}}]}}"#,
        posts.join(",")
    );
    let path = dir.path().join("my-site.ghost.json");
    fs::write(&path, json).unwrap();
    let status = look(&program, &path);
    let found = status.found.clone().unwrap();
    let kinds: Vec<_> = found.kinds.iter().map(|one| (one.kind, one.n)).collect();
    assert_eq!(kinds, [(ImportKind::Article, 2), (ImportKind::Page, 1)]);
    let readers: Vec<_> = found.readers.iter().map(|one| one.readers).collect();
    assert_eq!(readers, [ImportReaders::Registered, ImportReaders::Paid]);
    let mapping = ImportMapping {
        kinds: [(ImportKind::Page, Kind::Column)].into(),
        readers: [(ImportReaders::Paid, "premium".to_owned())].into(),
        ..ImportMapping::default()
    };
    run(&program, status.import, mapping);
    assert_eq!(draft(&program, "about").content.kind, Kind::Column);
    assert_eq!(draft(&program, "inner").content.access, Access::Registered);
    let premium = Access::Paid {
        tiers: [TierKey::parse("premium").unwrap()].into(),
        singly: false,
    };
    assert_eq!(draft(&program, "sold").content.access, premium);
    program.stop();
}
