//! **Members get what somebody saw and no mixture**: every post has the title and the text that a
//! person had before them when they published it, whatever others wrote meanwhile.

use super::super::world::World;

pub(super) fn check(world: &World) {
    let held = world
        .rt
        .block_on(async { world.far.server.lock().await.holdings().await });
    for post in held.posts {
        let seen = (post.draft, post.title.clone(), post.text.clone());
        if !world.record.published.contains(&seen) {
            world.fail(&format!("members see what nobody saw: {post:?}"));
        }
    }
}
