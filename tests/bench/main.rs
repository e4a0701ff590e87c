//! `cargo xtask bench [--json] [FILTER]`: what the program takes, each figure beside a baseline of
//! the same run on the same machine, and beside the figure to reach.

mod accounts;
mod content;
mod corpus;
mod drafts;
mod exchange;
mod files;
mod first_sync;
mod intake;
mod merge;
mod peers;
mod table;
mod window;

use anyhow::Result;
use table::Table;

type Group = (&'static str, fn(&mut Table) -> Result<()>);

const GROUPS: &[Group] = &[
    ("drafts", drafts::measure),
    ("content", content::measure),
    ("exchange", exchange::measure),
    ("intake", intake::measure),
    ("first-sync", first_sync::measure),
    ("merge", merge::measure),
    ("files", files::measure),
    ("accounts", accounts::measure),
    ("peers", peers::measure),
    ("window", window::measure),
];

/// Those that take minutes: only by their whole name.
const LONG: &[Group] = &[("million", first_sync::measure_million)];

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let is_json = words.iter().any(|word| word == "--json");
    let filter = words.iter().find(|word| !word.starts_with("--"));
    let mut table = Table::default();
    let mut failed = Vec::new();
    let usual = GROUPS
        .iter()
        .filter(|(name, _)| filter.is_none_or(|filter| name.contains(filter.as_str())));
    let long = LONG
        .iter()
        .filter(|(name, _)| filter.is_some_and(|filter| filter == name));
    for (name, measure) in usual.chain(long) {
        eprintln!("measuring {name} …");
        if let Err(error) = measure(&mut table) {
            failed.push(error.context(*name));
        }
    }
    table.print(is_json)?;
    // What was measured is not lost with what was not.
    failed.into_iter().next().map_or(Ok(()), Err)
}
