//! What was changed here and elsewhere, and waits for a decision.

use stoa_ipc::{
    Conflict, ConflictAbout, ConflictText, Decision, GetConflict, ListConflicts, Piece,
    ResolveConflict, Stretch,
};
use stoa_studio::Studio;

use crate::arguments::{ConflictsCommand, Resolution};
use crate::exit::End;
use crate::output::{Output, Problem};

const MAX_ROWS: u32 = 1_000;

pub(super) async fn carry_out(
    studio: &Studio,
    command: &ConflictsCommand,
    output: &Output,
) -> Result<End, Problem> {
    match command {
        ConflictsCommand::List { settled } => {
            let request = ListConflicts {
                settled: *settled,
                limit: MAX_ROWS,
            };
            let found = studio.run(request).await?;
            output.answer(&found, |output| {
                found.iter().map(|one| line(one, output)).collect()
            });
        }
        ConflictsCommand::Show { id } => {
            let found = studio.run(GetConflict { id: *id }).await?;
            output.answer(&found, |output| whole(&found, output));
        }
        ConflictsCommand::Resolve { id, with, alike } => {
            let request = ResolveConflict {
                id: *id,
                decision: decision(with),
                alike: *alike,
            };
            let done = studio.run(request).await?;
            output.answer(&done, |output| {
                vec![output.text_with("cli-settled", &[("n", done.n.into())])]
            });
        }
    }
    Ok(End::Done)
}

fn decision(with: &Resolution) -> Decision {
    match &with.write {
        Some(text) => Decision::Written { text: text.clone() },
        None if with.mine => Decision::Mine,
        None => Decision::Theirs,
    }
}

/// Number, what it is about and the draft's title: one line, apart by tabs.
fn line(found: &Conflict, output: &Output) -> String {
    let about = match &found.about {
        ConflictAbout::Field { .. } => output.text("cli-conflict-field"),
        ConflictAbout::Text { n_clashes } => {
            output.text_with("cli-conflict-text", &[("n", (*n_clashes).into())])
        }
    };
    format!("{}\t{about}\t{}", found.id, found.title)
}

/// Both versions of what has to be decided.
fn whole(found: &ConflictText, output: &Output) -> Vec<String> {
    let mut lines = vec![line(&found.conflict, output)];
    let mut say = |key: &str, text: &str| lines.push(format!("{}\t{text}", output.text(key)));
    if let ConflictAbout::Field {
        base, mine, theirs, ..
    } = &found.conflict.about
    {
        say("cli-base", base);
        say("cli-mine", mine);
        say("cli-theirs", theirs.as_deref().unwrap_or_default());
    }
    for stretch in &found.stretches {
        if let Stretch::Clash { base, mine, theirs } = stretch {
            say("cli-base", base);
            say("cli-mine", &after(mine));
            say("cli-theirs", &after(theirs));
        }
    }
    lines
}

fn after(pieces: &[Piece]) -> String {
    let kept = pieces.iter().map(|piece| match piece {
        Piece::Same(text) | Piece::New(text) => text.as_str(),
        Piece::Gone(_) => "",
    });
    kept.collect()
}
