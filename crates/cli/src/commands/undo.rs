//! Taking the latest step back and doing it again.

use stoa_ipc::{Redo, Turned, Undo};
use stoa_studio::Studio;

use crate::exit::End;
use crate::output::{Output, Problem};

pub(super) async fn undo(studio: &Studio, output: &Output) -> Result<End, Problem> {
    Ok(said(
        studio.run(Undo {}).await?.as_ref(),
        "cli-undone",
        output,
    ))
}

pub(super) async fn redo(studio: &Studio, output: &Output) -> Result<End, Problem> {
    Ok(said(
        studio.run(Redo {}).await?.as_ref(),
        "cli-redone",
        output,
    ))
}

fn said(turned: Option<&Turned>, key: &str, output: &Output) -> End {
    let passed_over = turned.and_then(|turned| turned.passed_over);
    output.answer(&turned, |output| {
        let Some(turned) = turned else {
            return vec![output.text("cli-nothing-to-turn")];
        };
        let step = step(turned, output);
        vec![match passed_over {
            Some(why) => output.text_with(why.text_key(), &[("step", step.into())]),
            None => output.text_with(key, &[("step", step.into())]),
        }]
    });
    match passed_over {
        Some(_) => End::Refused,
        None => End::Done,
    }
}

fn step(turned: &Turned, output: &Output) -> String {
    let untitled = output.text("cli-untitled");
    let title = match turned.text.title.as_str() {
        "" => untitled,
        title => title.to_owned(),
    };
    let values = [("title", title.into()), ("n", turned.text.n_of.into())];
    output.text_with(&format!("step-{}", turned.text.kind), &values)
}
