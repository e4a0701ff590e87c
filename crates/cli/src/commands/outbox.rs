//! What the server has not accepted.

use stoa_ipc::{
    Change, ChangeState, DiscardChange, Failure, KeepAsNew, KeepBack, ListChanges, RetryChange,
    SendFirst,
};
use stoa_studio::Studio;

use crate::arguments::OutboxCommand;
use crate::exit::End;
use crate::output::{Output, Problem};

const MAX_ROWS: u32 = 1_000;

pub(super) async fn carry_out(
    studio: &Studio,
    command: &OutboxCommand,
    output: &Output,
) -> Result<End, Problem> {
    match command {
        OutboxCommand::List { failed } => {
            let request = ListChanges {
                failed: *failed,
                limit: MAX_ROWS,
            };
            let changes = studio.run(request).await?;
            output.answer(&changes, |output| {
                changes.iter().map(|change| line(change, output)).collect()
            });
            return Ok(End::Done);
        }
        OutboxCommand::Discard { lid } => studio.run(DiscardChange { lid: *lid }).await?,
        OutboxCommand::KeepAsNew { draft } => {
            let kept = studio.run(KeepAsNew { draft: *draft }).await?;
            output.answer(&kept, |_| vec![format!("{}\t{}", kept.id, kept.title)]);
            return Ok(End::Done);
        }
        OutboxCommand::Retry { lid } => studio.run(RetryChange { lid: *lid }).await?,
        OutboxCommand::Hold { lid } => keep_back(studio, *lid, true).await?,
        OutboxCommand::Release { lid } => keep_back(studio, *lid, false).await?,
        OutboxCommand::First { lid } => studio.run(SendFirst { lid: *lid }).await?,
    }
    output.answer(&(), |output| vec![output.text("cli-done")]);
    Ok(End::Done)
}

async fn keep_back(studio: &Studio, lid: i64, kept_back: bool) -> Result<(), Failure> {
    studio.run(KeepBack { lid, kept_back }).await
}

/// Number, sentence, bytes and, when it was refused, why: one line, apart by tabs.
fn line(change: &Change, output: &Output) -> String {
    let title = match change.text.title.as_str() {
        "" => output.text("cli-untitled"),
        title => title.to_owned(),
    };
    let sentence = output.text_with(
        &format!("cli-change-{}", change.text.kind),
        &[("title", title.into())],
    );
    let mut line = format!("{}\t{sentence}\t{}", change.lid, change.size);
    if change.kept_back {
        line.push('\t');
        line.push_str(&output.text("cli-held"));
    }
    if let ChangeState::Rejected { code } = &change.state {
        let code = match (change.text.kind.as_str(), code.as_str()) {
            ("delete", "conflict") => "delete-conflict".to_owned(),
            ("publish" | "withdraw", "conflict") => "publish-conflict".to_owned(),
            ("request-review", "already_exists") => "review-open".to_owned(),
            ("add-lesson", "already_exists") => "lesson-elsewhere".to_owned(),
            ("decide-review", "already_decided") => "verdict-late".to_owned(),
            (_, code) => code.replace('_', "-"),
        };
        let why = output.text(&format!("reject-{code}"));
        line.push_str(&format!("\t{why}"));
    }
    line
}
