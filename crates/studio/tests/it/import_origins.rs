//! Notes are known by the folder they came from: two folders may have notes of the same name.

use std::fs;
use std::path::Path;

use stoa_domain::Shelf;
use stoa_ipc::Undo;

use crate::imports::{draft, drafts, import, open, text};

fn note(folder: &Path, title: &str, body: &str) {
    let text = format!("---\ntitle: {title}\n---\n{body}\n");
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join("README.md"), text).unwrap();
}

#[test]
fn notes_of_one_name_in_two_folders_are_two_drafts() {
    let (_computer, program) = open();
    let dir = tempfile::tempdir().unwrap();
    let [one, other] = ["一", "二"].map(|name| dir.path().join(name));
    note(&one, "第一个文件夹", "甲");
    note(&other, "第二个文件夹", "乙");
    import(&program, &one);
    let second = import(&program, &other);
    assert_eq!((second.n_new, second.n_changed), (1, 0), "{second:?}");
    note(&one, "第一个文件夹", "甲，改过");
    let again = import(&program, &one);
    assert_eq!((again.n_new, again.n_changed), (0, 1), "{again:?}");
    assert_eq!(drafts(&program, Shelf::Drafts).len(), 2);
    let first = text(&program, draft(&program, "第一个文件夹").id);
    let other = text(&program, draft(&program, "第二个文件夹").id);
    assert_eq!((first.as_str(), other.as_str()), ("甲，改过\n", "乙\n"));
}

#[test]
fn a_folder_that_was_moved_brings_only_what_is_another_there() {
    let (_computer, program) = open();
    let dir = tempfile::tempdir().unwrap();
    let [before, after] = ["从前", "现在"].map(|name| dir.path().join(name));
    note(&before, "笔记", "甲");
    import(&program, &before);
    fs::rename(&before, &after).unwrap();
    let same = import(&program, &after);
    assert_eq!((same.n_new, same.n_unchanged), (0, 1), "{same:?}");
    fs::write(after.join("链接.md"), "见 [[README]]。\n").unwrap();
    import(&program, &after);
    let (link, target) = (draft(&program, "链接").id, draft(&program, "笔记").id);
    assert!(text(&program, link).contains(&target.to_string()));
    note(&after, "笔记", "乙");
    let changed = import(&program, &after);
    assert_eq!((changed.n_new, changed.n_changed), (1, 0), "{changed:?}");
    assert_eq!(drafts(&program, Shelf::Drafts).len(), 3);
    program.run(Undo {}).unwrap().unwrap();
    assert_eq!(text(&program, target), "甲\n");
}
