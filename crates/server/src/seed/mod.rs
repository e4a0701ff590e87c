//! A believable community, the same for the same seed.

mod phrases;
mod topics;
mod write;

pub use write::{SeedDemo, Seeded, seed};
