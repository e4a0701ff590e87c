//! The program is killed or the power goes while an older program's profile is brought to today's
//! schema: it is at the version before or the one after, nothing is lost, and the next start goes
//! on.

use super::golden;
use super::image::check_all;
use super::killed::every_point;
use super::play::{record, views};
use super::power_cut::Cuts;
use super::replay::Disk;
use super::scenario::migrate;
use super::times;

/// Of each version; `STOA_FAULTS` multiplies them.
const N_POINTS: usize = 24;
const N_CUTS: usize = 24;

/// The versions there is something to bring to today's schema from.
pub(crate) fn older() -> Vec<u32> {
    let mut versions: Vec<u32> = golden::all().iter().map(|golden| golden.version).collect();
    versions.pop();
    versions
}

#[test]
fn a_migration_that_is_killed_at_any_change_loses_nothing_and_goes_on() {
    for version in older() {
        let scenario = migrate(version);
        let Some(recording) = record(scenario, None) else {
            return;
        };
        let verdict = check_all(&views(scenario), |offer| {
            every_point(scenario.name, &recording, N_POINTS * times(), offer);
        });
        println!("{}: {} points", scenario.name, verdict.n_images);
        verdict.expect(N_POINTS * 2 / 3);
    }
}

#[test]
fn a_migration_during_which_the_power_goes_loses_nothing_and_goes_on() {
    for version in older() {
        let scenario = migrate(version);
        let Some(recording) = record(scenario, None) else {
            return;
        };
        let verdict = check_all(&views(scenario), |offer| {
            let cuts = Cuts {
                name: scenario.name,
                entries: &recording.entries,
                n_images: N_CUTS * times(),
            };
            cuts.make(&Disk::of(&recording.before), 0, offer);
        });
        println!("{}: {} images", scenario.name, verdict.n_images);
        verdict.expect(N_CUTS * 2 / 3);
    }
}
