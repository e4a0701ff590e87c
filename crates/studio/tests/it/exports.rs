//! What is taken out can be brought in again.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use stoa_domain::{Access, ContentValues, Excerpt, Kind, Shelf, TierKey};
use stoa_ipc::{BinDraft, DescribeDraft, ExportEverything, ListFiles};

use crate::imports::{draft, drafts, import, open, text, vault};
use crate::support::Program;

fn exported(program: &Program, folder: &Path) -> String {
    let folder = Some(folder.display().to_string());
    program.run(ExportEverything { folder }).unwrap().path
}

fn bytes(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            let inside = bytes(&path).into_iter();
            found.extend(inside.map(|(inner, bytes)| (format!("{name}/{inner}"), bytes)));
        } else {
            found.insert(name, fs::read(path).unwrap());
        }
    }
    found
}

#[test]
fn an_export_comes_back_on_another_computer_with_texts_links_pictures_and_fields() {
    let (computer, program) = open();
    import(&program, vault().path());
    let pricing = draft(&program, "定价");
    let values = ContentValues {
        kind: Some(Kind::Course),
        access: Some(Access::Paid {
            tiers: [TierKey::parse("premium").unwrap()].into(),
            singly: false,
        }),
        excerpt: Some(Excerpt::parse("三个数字").unwrap()),
        ..ContentValues::default()
    };
    let id = pricing.id;
    let described = program.run(DescribeDraft { id, values }).unwrap();
    program
        .run(BinDraft {
            id: draft(&program, "坏").id,
        })
        .unwrap();
    let folder = exported(&program, computer.path());

    let (_other, there) = open();
    let report = import(&there, Path::new(&folder));
    assert_eq!((report.n_new, report.n_files_missing), (2, 0), "{report:?}");
    assert_eq!(
        drafts(&there, Shelf::Drafts).len(),
        2,
        "the bin stays behind"
    );
    let came = draft(&there, "定价");
    assert_eq!(came.content.kind, Kind::Course);
    assert_eq!(came.content.access, described.content.access);
    assert_eq!(came.content.excerpt, described.content.excerpt);
    assert_eq!(came.content.tags, described.content.tags);
    assert_eq!(came.content.slug, described.content.slug);
    let (here, moved) = (text(&program, id), text(&there, came.id));
    let community = |program: &Program| draft(program, "社群").id.to_string();
    assert_eq!(
        here.replace(&community(&program), &community(&there)),
        moved
    );
    let picture = |program: &Program, id| {
        let draft = Some(id);
        program.run(ListFiles { draft }).unwrap()[0].b3
    };
    assert_eq!(picture(&program, id), picture(&there, came.id));
}

#[test]
fn the_same_drafts_are_exported_as_the_same_bytes() {
    let (computer, program) = open();
    import(&program, vault().path());
    let first = exported(&program, computer.path());
    let second = exported(&program, computer.path());
    assert_ne!(first, second);
    let files = bytes(Path::new(&first));
    assert_eq!(files, bytes(Path::new(&second)));
    let media = files.keys().filter(|path| path.starts_with("media/"));
    assert_eq!(media.count(), 1, "{:?}", files.keys());
}
