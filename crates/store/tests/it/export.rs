use std::collections::BTreeMap;
use std::path::Path;

use stoa_store::test_support::Profile;

use super::{at, create, write};

/// Every file below a folder, by its path there.
fn contents(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            let inside = contents(&path).into_iter();
            found.extend(inside.map(|(inner, text)| (format!("{name}/{inner}"), text)));
        } else {
            found.insert(name, std::fs::read_to_string(path).unwrap());
        }
    }
    found
}

#[test]
fn everything_is_written_out_and_twice_the_same() {
    let profile = Profile::new(120);
    let store = profile.open();
    let first = create(&store, "同名/稿", 1, &profile.random);
    write(&store, first, "# 题\n\n正文", 2, &profile.random);
    create(&store, "同名_稿", 3, &profile.random);
    let gone = create(&store, "\"引号\": 稿", 4, &profile.random);
    write(&store, gone, "留下的字", 5, &profile.random);
    let lid = store
        .waiting(10)
        .unwrap()
        .iter()
        .find(|e| e.draft == gone)
        .unwrap()
        .lid;
    store.discard(lid, at(6)).unwrap();
    store.bin_draft(first, at(7)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (folder.path().join("one"), folder.path().join("two"));
    assert_eq!(store.export(&one).unwrap(), 2);
    assert_eq!(store.export(&two).unwrap(), 2);
    let files = contents(&one);
    assert_eq!(files, contents(&two));
    assert_eq!(
        files.keys().collect::<Vec<_>>(),
        ["everything.json", "posts/同名_稿.md", "stoa.json"]
    );
    let json: serde_json::Value = serde_json::from_str(&files["everything.json"]).unwrap();
    assert_eq!(json["kept_texts"][0]["markdown"], "留下的字");
    assert_eq!(json["drafts"].as_array().unwrap().len(), 2);
    assert_eq!(json["waiting"].as_array().unwrap().len(), 4);
}
