//! The versions of a draft from the terminal.

use stoa_domain::{DraftId, Timestamp};
use stoa_ipc::{
    CompareVersions, ComparedRow, ComparedSpan, DropVersion, ListVersions, NameVersion,
    OpenVersion, RenameVersion, RestoreVersion, VersionInfo,
};
use stoa_studio::Studio;

use crate::arguments::VersionCommand;
use crate::exit::End;
use crate::output::{Output, Problem};

pub(super) async fn list(studio: &Studio, id: DraftId, output: &Output) -> Result<End, Problem> {
    let versions = studio.run(ListVersions { id }).await?;
    output.answer(&versions, |output| {
        versions.iter().map(|one| line(one, output)).collect()
    });
    Ok(End::Done)
}

pub(super) async fn carry_out(
    studio: &Studio,
    command: &VersionCommand,
    output: &Output,
) -> Result<End, Problem> {
    match command.clone() {
        VersionCommand::Show { id, version } => show(studio, id, version, output).await?,
        VersionCommand::Compare { id, version, with } => {
            let compare = CompareVersions {
                id,
                old: version,
                new: with,
            };
            let found = studio.run(compare).await?;
            output.answer(&found, |_| found.rows.iter().flat_map(differing).collect());
        }
        VersionCommand::Name { id, name } => {
            let named = studio.run(NameVersion { id, name }).await?;
            output.answer(&named, |_| {
                vec![format!("{}\t{}", named.id, named.name.as_str())]
            });
        }
        VersionCommand::Rename { id, named, name } => {
            let version = named;
            studio.run(RenameVersion { id, version, name }).await?;
            done(output);
        }
        VersionCommand::Drop { id, named } => {
            let version = named;
            studio.run(DropVersion { id, version }).await?;
            done(output);
        }
        VersionCommand::Restore { id, version } => {
            let text_at = version;
            let draft = studio.run(RestoreVersion { id, text_at }).await?;
            output.answer(&draft, |output| vec![output.text("cli-done")]);
        }
    }
    Ok(End::Done)
}

async fn show(
    studio: &Studio,
    id: DraftId,
    text_at: stoa_domain::TextVersion,
    output: &Output,
) -> Result<(), Problem> {
    let opened = studio.run(OpenVersion { id, text_at }).await?;
    if output.is_json() {
        output.answer(&opened, |_| Vec::new());
    } else {
        output.raw(&opened.markdown);
    }
    Ok(())
}

fn done(output: &Output) {
    output.answer(&(), |output| vec![output.text("cli-done")]);
}

/// State, time, how it came about, by whom, what came and went, and its names: apart by tabs.
fn line(version: &VersionInfo, output: &Output) -> String {
    let who = match (&version.by_name, version.is_own) {
        (Some(name), _) => name.clone(),
        (None, true) => output.text("version-by-you"),
        (None, false) => String::new(),
    };
    let mut labels: Vec<String> = version
        .posts
        .iter()
        .map(|n| output.text_with("version-post", &[("n", (*n).into())]))
        .collect();
    labels.extend(version.named.iter().map(|named| {
        let name = named.name.as_str();
        format!("{name} ({})", named.id)
    }));
    format!(
        "{}\t{}\t{}\t{who}\t+{} -{}\t{}",
        version.text_at.as_str(),
        time(version.at),
        output.text(version.kind.text_key()),
        version.n_added,
        version.n_removed,
        labels.join(", ")
    )
}

fn time(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.millis())
        .map(|time| time.to_string())
        .unwrap_or_default()
}

/// A paragraph that differs, as it was and as it is.
fn differing(row: &ComparedRow) -> Vec<String> {
    if row.is_unchanged() {
        return Vec::new();
    }
    let side = |sign: &str, spans: &[ComparedSpan]| {
        let text: String = spans.iter().map(|span| span.text.as_str()).collect();
        (!text.is_empty()).then(|| format!("{sign}{text}"))
    };
    let sides = [side("-", &row.old), side("+", &row.new)];
    sides.into_iter().flatten().collect()
}
