//! What to look at before a draft goes to members, and copies of it for elsewhere.

use stoa_domain::DraftId;
use stoa_ipc::{CheckDraft, CopyDraft, CopyForm, DraftCheck};
use stoa_studio::Studio;

use crate::exit::End;
use crate::output::{Output, Problem};

pub(super) async fn check(studio: &Studio, id: DraftId, output: &Output) -> Result<End, Problem> {
    let check = studio.run(CheckDraft { id }).await?;
    output.answer(&check, |output| lines(&check, output));
    Ok(End::Done)
}

/// The length, then a line for each finding: its line in the text, what it is, what stands there.
fn lines(check: &DraftCheck, output: &Output) -> Vec<String> {
    let minutes = check.reading_seconds.div_ceil(60);
    let length = output.text_with(
        "check-length",
        &[
            ("words", check.n_words.into()),
            ("minutes", minutes.into()),
            ("images", check.n_images.into()),
        ],
    );
    let found = check.findings.iter().map(|finding| {
        let said = output.text(&format!("finding-{}", finding.code));
        format!("{}\t{said}\t{}", finding.line, finding.quote)
    });
    std::iter::once(length).chain(found).collect()
}

pub(super) async fn html(
    studio: &Studio,
    id: DraftId,
    wechat: bool,
    output: &Output,
) -> Result<End, Problem> {
    let copy = CopyDraft {
        id,
        form: match wechat {
            true => CopyForm::WeChat,
            false => CopyForm::Page,
        },
        references: output.text("copy-references"),
    };
    let copy = studio.run(copy).await?;
    if output.is_json() {
        output.answer(&copy, |_| Vec::new());
    } else {
        output.raw(&copy.html);
    }
    Ok(End::Done)
}
