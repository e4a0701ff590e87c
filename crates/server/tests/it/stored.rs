//! What lies in a server's object store, seen and changed behind its back.

use stoa_server::test_support::FakeS3;

use crate::support::World;

/// How many files there are in the bucket and below the server's folder of attachments.
pub(crate) fn n_objects(world: &World) -> usize {
    fn count(folder: &std::path::Path) -> usize {
        let entries = std::fs::read_dir(folder).unwrap();
        let counted = entries.map(|entry| {
            let path = entry.unwrap().path();
            if path.is_dir() { count(&path) } else { 1 }
        });
        counted.sum()
    }
    let in_bucket = world.bucket.as_ref().map_or(0, FakeS3::n_objects);
    in_bucket + count(&world.config.data.join("blobs"))
}

/// Does something to the objects of a community behind the database's back; `None` takes one away.
pub(crate) fn change_objects(world: &World, change: impl Fn(&[u8]) -> Option<Vec<u8>>) {
    if let Some(bucket) = &world.bucket {
        bucket.change_objects(change);
        return;
    }
    let folder = world
        .config
        .data
        .join("blobs")
        .join(world.community.to_string());
    for place in std::fs::read_dir(folder).unwrap() {
        for part in std::fs::read_dir(place.unwrap().path()).unwrap() {
            let part = part.unwrap().path();
            match change(&std::fs::read(&part).unwrap()) {
                Some(changed) => std::fs::write(&part, changed).unwrap(),
                None => std::fs::remove_file(&part).unwrap(),
            }
        }
    }
}
