use std::collections::BTreeMap;

use stoa_exchange::{
    Access, Action, Counts, Existing, Format, Imported, ImportedPost, Kind, Mapping, Readers,
    Status, map_post, plan,
};

use crate::{files, import};

fn imported() -> Imported {
    let mut source = files(&[
        (
            "new.md",
            "---\ndate: 2024-01-02\ntags: [a, b, c]\nauthor: X\ntiers: [gold]\n---\nn",
        ),
        (
            "old.md",
            "---\ndate: 2024-01-01\ndraft: false\n---\no ![](gone.png)",
        ),
        ("skip.md", "s"),
    ]);
    import(&mut source, Format::Markdown)
}

fn known(imported: &Imported, mapping: &Mapping) -> Existing {
    let steps = plan(imported, &Existing::new(), mapping).steps;
    steps
        .into_iter()
        .map(|step| (step.source_id, step.hash))
        .collect()
}

#[test]
fn a_first_import_makes_everything_oldest_first() {
    let mapping = Mapping {
        skipped: ["skip.md".to_owned()].into(),
        ..Mapping::default()
    };
    let plan = plan(&imported(), &Existing::new(), &mapping);
    let steps: Vec<_> = plan
        .steps
        .iter()
        .map(|step| (step.source_id.as_str(), step.action))
        .collect();
    assert_eq!(
        steps,
        [
            ("old.md", Action::Create),
            ("new.md", Action::Create),
            ("skip.md", Action::Skip)
        ]
    );
    let counts = Counts {
        new: 2,
        skipped: 1,
        warnings: 1,
        ..Counts::default()
    };
    assert_eq!(plan.counts, counts);
}

#[test]
fn a_second_import_of_the_same_does_nothing() {
    let (imported, mapping) = (imported(), Mapping::default());
    let counts = plan(&imported, &known(&imported, &mapping), &mapping).counts;
    assert_eq!((counts.new, counts.changed, counts.unchanged), (0, 0, 3));
}

#[test]
fn what_has_changed_since_is_an_update() {
    let (mut imported, mapping) = (imported(), Mapping::default());
    let known = known(&imported, &mapping);
    imported.posts[0].title.push('!');
    let counts = plan(&imported, &known, &mapping).counts;
    assert_eq!((counts.new, counts.changed, counts.unchanged), (0, 1, 2));
}

#[test]
fn names_become_those_of_the_community() {
    let names = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
        pairs
            .iter()
            .map(|(from, to)| ((*from).to_owned(), (*to).to_owned()))
            .collect()
    };
    let mapping = Mapping {
        as_drafts: true,
        tags: names(&[("a", "甲"), ("b", "甲"), ("c", "")]),
        tiers: names(&[("gold", "VIP")]),
        authors: names(&[("X", "Ann")]),
        ..Mapping::default()
    };
    let imported = imported();
    let post = map_post(&imported.posts[0], &mapping);
    assert_eq!(
        (&post.tags[..], &post.authors[..]),
        (&["甲".to_owned()][..], &["Ann".to_owned()][..])
    );
    assert_eq!(post.access, Access::Tiers(vec!["VIP".to_owned()]));
    assert_eq!(map_post(&imported.posts[1], &mapping).status, Status::Draft);
    let counts = plan(&imported, &known(&imported, &Mapping::default()), &mapping).counts;
    assert_eq!(counts.changed, 2);
}

#[test]
fn kinds_become_what_they_are_here_and_readers_without_a_name_get_a_tier() {
    let post = |kind, access| ImportedPost {
        kind,
        access,
        ..ImportedPost::default()
    };
    let mapping = Mapping {
        kinds: [(Kind::Page, Kind::Column)].into(),
        readers: [
            (Readers::Paid, "basic".to_owned()),
            (Readers::Nobody, "premium".to_owned()),
        ]
        .into(),
        tiers: [("basic".to_owned(), "vip".to_owned())].into(),
        ..Mapping::default()
    };
    let tier = |name: &str| Access::Tiers(vec![name.to_owned()]);
    let cases = [
        (Kind::Page, Kind::Column, Access::Public, Access::Public),
        (Kind::Audio, Kind::Audio, Access::Paid, tier("basic")),
        (
            Kind::Article,
            Kind::Article,
            Access::Nobody,
            tier("premium"),
        ),
        (
            Kind::Article,
            Kind::Article,
            Access::Registered,
            Access::Registered,
        ),
        (Kind::Page, Kind::Column, tier("basic"), tier("vip")),
    ];
    for (there, here, access_there, access_here) in cases {
        let mapped = map_post(&post(there, access_there), &mapping);
        assert_eq!((mapped.kind, mapped.access), (here, access_here));
    }
}
