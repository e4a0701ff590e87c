use std::collections::BTreeMap;
use std::path::Path;

use stoa_store::test_support::Profile;

use super::{at, create, write};

fn contents(folder: &Path) -> BTreeMap<String, String> {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, std::fs::read_to_string(path).unwrap())
        })
        .collect()
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
        ["everything.json", "同名_稿 2.md", "同名_稿.md"]
    );
    let markdown = &files["同名_稿.md"];
    assert!(markdown.starts_with("---\nid: "), "{markdown}");
    assert!(
        markdown.contains("title: \"同名/稿\"\ncreated: 2023-11-14T22:13:20.001Z"),
        "{markdown}"
    );
    assert!(
        markdown.contains("\nbinned: ") && markdown.ends_with("---\n\n# 题\n\n正文"),
        "{markdown}"
    );
    let json: serde_json::Value = serde_json::from_str(&files["everything.json"]).unwrap();
    assert_eq!(json["kept_texts"][0]["markdown"], "留下的字");
    assert_eq!(json["drafts"].as_array().unwrap().len(), 2);
    assert_eq!(json["waiting"].as_array().unwrap().len(), 4);
}
