//! Drafts from the terminal.

use std::io::Read;
use std::path::Path;

use stoa_domain::{ContentValues, DraftId, Shelf, Timestamp, clean, diff};
use stoa_ipc::{
    ArchiveDraft, BinDraft, CloseDraft, CreateDraft, DeleteDrafts, DescribeDraft, DraftPage,
    DraftSummary, EditDraft, EmptyBin, Failure, GetDraft, ListDrafts, OpenDraft, OpenedDraft,
    PublishPost, RenameDraft, RestoreDraft, SavedState, UnarchiveDraft, WithdrawPost,
};
use stoa_studio::{Clock, Studio};

use crate::SystemClock;
use crate::arguments::DraftCommand;
use crate::exit::End;
use crate::output::{Output, Problem};

pub(super) async fn carry_out(
    studio: &Studio,
    command: &DraftCommand,
    output: &Output,
) -> Result<End, Problem> {
    match command {
        DraftCommand::New { title, body_file } => {
            new(studio, title, body_file.as_deref(), output).await
        }
        DraftCommand::List {
            bin,
            shelf,
            limit,
            after,
        } => {
            let listed = if *bin { Some(Shelf::Bin) } else { *shelf };
            let request = ListDrafts {
                shelf: listed.unwrap_or_default(),
                limit: *limit,
                after: after.clone(),
                ..ListDrafts::default()
            };
            list(studio, request, output).await
        }
        DraftCommand::Show { id } => show(studio, *id, output).await,
        DraftCommand::Edit { id, body_file } => {
            let summary = edit(studio, *id, &body(body_file)?).await?;
            Ok(one(&summary, output))
        }
        DraftCommand::Rename { id, title } => {
            let title = title.clone();
            let summary = studio.run(RenameDraft { id: *id, title }).await?;
            Ok(one(&summary, output))
        }
        DraftCommand::Access { .. }
        | DraftCommand::Publish { .. }
        | DraftCommand::Withdraw { .. }
        | DraftCommand::Archive { .. }
        | DraftCommand::Unarchive { .. } => Ok(one(&to_members(studio, command).await?, output)),
        DraftCommand::Check { id } => super::preview::check(studio, *id, output).await,
        DraftCommand::Html { id, wechat } => {
            super::preview::html(studio, *id, *wechat, output).await
        }
        DraftCommand::Versions { id } => super::version::list(studio, *id, output).await,
        DraftCommand::Version(command) => super::version::carry_out(studio, command, output).await,
        DraftCommand::Bin { id } => {
            studio.run(BinDraft { id: *id }).await?;
            Ok(done(output))
        }
        DraftCommand::Restore { id } => {
            studio.run(RestoreDraft { id: *id }).await?;
            Ok(done(output))
        }
        DraftCommand::Delete {
            ids, all_in_bin, ..
        } => delete(studio, (ids, *all_in_bin), output).await,
    }
}

/// Deletes drafts in the bin for good: those that are named, or all.
async fn delete(
    studio: &Studio,
    (ids, all_in_bin): (&[DraftId], bool),
    output: &Output,
) -> Result<End, Problem> {
    if !all_in_bin {
        studio.run(DeleteDrafts { ids: ids.to_vec() }).await?;
        return Ok(done(output));
    }
    let emptied = studio.run(EmptyBin {}).await?;
    let n = emptied.n_deleted.to_string();
    output.answer(&emptied, |output| {
        vec![output.text_with("cli-deleted", &[("n", n.into())])]
    });
    Ok(End::Done)
}

/// The way of a draft to members and back, and into the archive.
async fn to_members(studio: &Studio, command: &DraftCommand) -> Result<DraftSummary, Problem> {
    let summary = match command {
        DraftCommand::Access { id, access } => {
            let values = ContentValues {
                access: Some(access.clone()),
                ..ContentValues::default()
            };
            studio.run(DescribeDraft { id: *id, values }).await?
        }
        DraftCommand::Publish {
            id,
            at,
            now,
            unless_after,
        } => {
            let post = studio.run(GetDraft { id: *id }).await?.post;
            // What is scheduled stays so, unless somebody says otherwise.
            let to_come = |at: &Timestamp| *at > SystemClock.now();
            let scheduled = post.map(|post| post.live_at).filter(to_come);
            let publish = PublishPost {
                id: *id,
                live_at: at.or(scheduled.filter(|_| !*now)),
                unless_after: *unless_after,
            };
            studio.run(publish).await?
        }
        DraftCommand::Withdraw { id } => studio.run(WithdrawPost { id: *id }).await?,
        DraftCommand::Archive { id } => studio.run(ArchiveDraft { id: *id }).await?,
        DraftCommand::Unarchive { id } => studio.run(UnarchiveDraft { id: *id }).await?,
        _ => unreachable!("the others are carried out above"),
    };
    Ok(summary)
}

pub(super) async fn search(
    studio: &Studio,
    words: &str,
    limit: u32,
    output: &Output,
) -> Result<End, Problem> {
    let mut found: Option<DraftPage> = None;
    for shelf in Shelf::ALL.into_iter().filter(|shelf| *shelf != Shelf::Bin) {
        let page = studio
            .run(ListDrafts {
                query: words.to_owned(),
                shelf,
                limit,
                ..ListDrafts::default()
            })
            .await?;
        match &mut found {
            None => found = Some(page),
            Some(found) => {
                found.n_total += page.n_total;
                found.drafts.extend(page.drafts);
            }
        }
    }
    let Some(mut page) = found else {
        return Ok(End::Done);
    };
    page.drafts
        .sort_by_key(|draft| std::cmp::Reverse(draft.edited_at));
    page.drafts.truncate(limit as usize);
    // A place in one list is none in the others.
    page.next = None;
    output.answer(&page, |output| lines(&page, output));
    Ok(End::Done)
}

async fn new(
    studio: &Studio,
    title: &str,
    body_file: Option<&Path>,
    output: &Output,
) -> Result<End, Problem> {
    // Read first, so that a wrong path leaves no empty draft behind.
    let text = body_file.map(body).transpose()?;
    let title = title.to_owned();
    let mut summary = studio.run(CreateDraft::article(title)).await?;
    if let Some(text) = text {
        summary = edit(studio, summary.id, &text).await?;
    }
    Ok(one(&summary, output))
}

pub(super) async fn list(
    studio: &Studio,
    request: ListDrafts,
    output: &Output,
) -> Result<End, Problem> {
    let page = studio.run(request).await?;
    output.answer(&page, |output| lines(&page, output));
    Ok(End::Done)
}

fn lines(page: &DraftPage, output: &Output) -> Vec<String> {
    let mut lines: Vec<String> = page.drafts.iter().map(|d| line(d, output)).collect();
    lines.extend(page.next.as_ref().map(|next| format!("… --after {next}")));
    lines
}

/// Id, state, words, title: one line, apart by tabs.
fn line(draft: &DraftSummary, output: &Output) -> String {
    let saved = match draft.saved {
        SavedState::OnThisComputer => "cli-saved-here",
        SavedState::Synced => "cli-saved-synced",
        SavedState::NeedsAttention => "cli-saved-attention",
    };
    let title = match draft.title.as_str() {
        "" => output.text("cli-untitled"),
        title => title.to_owned(),
    };
    format!(
        "{}\t{}\t{}\t{title}",
        draft.id,
        output.text(saved),
        draft.n_words
    )
}

pub(super) fn one(draft: &DraftSummary, output: &Output) -> End {
    output.answer(draft, |output| vec![line(draft, output)]);
    End::Done
}

fn done(output: &Output) -> End {
    output.answer(&(), |output| vec![output.text("cli-done")]);
    End::Done
}

async fn show(studio: &Studio, id: DraftId, output: &Output) -> Result<End, Problem> {
    let opened = opened(studio, id).await?;
    if output.is_json() {
        output.answer(&opened, |_| Vec::new());
    } else {
        output.raw(&opened.markdown);
    }
    Ok(End::Done)
}

/// The draft as it is; the session is closed at once.
async fn opened(studio: &Studio, id: DraftId) -> Result<OpenedDraft, Failure> {
    let opened = studio.run(OpenDraft { id }).await?;
    let session = opened.session;
    studio.run(CloseDraft { session }).await?;
    Ok(opened)
}

/// Replaces the text by the smallest change, so that what others wrote elsewhere in it stays.
async fn edit(studio: &Studio, id: DraftId, text: &str) -> Result<DraftSummary, Failure> {
    let open = studio.run(OpenDraft { id }).await?;
    let session = open.session;
    let splices: Vec<_> = diff(&open.markdown, text).into_iter().collect();
    let edited = studio.run(EditDraft {
        session,
        applied: None,
        splices,
    });
    let edited = edited.await;
    studio.run(CloseDraft { session }).await?;
    edited?;
    Ok(opened(studio, id).await?.summary)
}

fn body(path: &Path) -> Result<String, Failure> {
    let text = if path == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        std::fs::read_to_string(path)
    };
    let text = text.map_err(|_| Failure::field("body-file", "unreadable"))?;
    Ok(clean(&text))
}
