//! The figures and how they are shown.

use std::time::{Duration, Instant};

use anyhow::Result;
use serde::Serialize;

/// One figure.
#[derive(Serialize)]
struct Row {
    name: String,
    value: f64,
    unit: &'static str,
    /// What it is compared with, measured in the same run.
    baseline: Option<Baseline>,
    /// The figure to reach, in the same unit.
    target: Option<f64>,
    is_reached: Option<bool>,
}

#[derive(Serialize)]
struct Baseline {
    name: &'static str,
    value: f64,
    ratio: f64,
}

/// All figures of a run.
#[derive(Default)]
pub(crate) struct Table {
    rows: Vec<Row>,
}

/// A figure that is to be small (a time, a size) or large (a rate).
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Better {
    Small,
    Large,
}

impl Table {
    /// Adds a figure.
    pub(crate) fn add(
        &mut self,
        name: impl Into<String>,
        (value, unit): (f64, &'static str),
        baseline: Option<(&'static str, f64)>,
        target: Option<(Better, f64)>,
    ) {
        self.rows.push(Row {
            name: name.into(),
            value,
            unit,
            baseline: baseline.map(|(name, base)| Baseline {
                name,
                value: base,
                ratio: value / base,
            }),
            target: target.map(|(_, figure)| figure),
            is_reached: target.map(|(better, figure)| match better {
                Better::Small => value <= figure,
                Better::Large => value >= figure,
            }),
        });
    }

    /// Adds the processor time that each of a figure before took, on the device and on the server.
    pub(crate) fn add_processor_time(&mut self, of_what: &str, (device, server): (f64, f64)) {
        for (side, each) in [("device", device), ("server", server)] {
            self.add(
                format!("  processor time of the {side} for each {of_what}"),
                (each, "µs"),
                None,
                None,
            );
        }
    }

    /// A figure that was added, by how its name begins.
    pub(crate) fn figure(&self, name: &str) -> Option<f64> {
        let row = self.rows.iter().find(|row| row.name.starts_with(name));
        row.map(|row| row.value)
    }

    /// Writes the table, or JSON.
    #[expect(clippy::print_stdout, reason = "the table is what the program is for")]
    pub(crate) fn print(&self, is_json: bool) -> Result<()> {
        if is_json {
            println!("{}", serde_json::to_string_pretty(&self.rows)?);
            return Ok(());
        }
        println!(
            "{:<52} {:>12} {:<7} {:>8} {:<34} {:>10}",
            "what", "figure", "", "ratio", "to", "to reach"
        );
        for row in &self.rows {
            let (ratio, to) = row
                .baseline
                .as_ref()
                .map_or((String::new(), String::new()), |b| {
                    (
                        format!("{:.2}×", b.ratio),
                        format!("{} ({:.2})", b.name, b.value),
                    )
                });
            let target = row.target.map_or(String::new(), |figure| {
                let mark = if row.is_reached == Some(true) {
                    "✓"
                } else {
                    "✗"
                };
                format!("{figure} {mark}")
            });
            println!(
                "{:<52} {:>12.2} {:<7} {:>8} {:<34} {:>10}",
                row.name, row.value, row.unit, ratio, to, target
            );
        }
        Ok(())
    }
}

/// Runs something `n` times and gives the sorted times in milliseconds.
pub(crate) fn times(n: usize, mut run: impl FnMut(usize) -> Result<()>) -> Result<Vec<f64>> {
    let mut times = Vec::with_capacity(n);
    for i in 0..n {
        let start = Instant::now();
        run(i)?;
        times.push(millis(start.elapsed()));
    }
    times.sort_by(f64::total_cmp);
    Ok(times)
}

/// A percentile of sorted times.
pub(crate) fn percentile(sorted: &[f64], percent: usize) -> f64 {
    sorted[(sorted.len() * percent / 100).min(sorted.len() - 1)]
}

/// A duration in milliseconds.
pub(crate) fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
