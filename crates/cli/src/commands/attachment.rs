//! Files of drafts.

use std::path::Path;

use stoa_ipc::{AddFile, AttachedFile, EvictFile, KeepFile, ListFiles, RemoveFile, SaveFile};
use stoa_studio::Studio;

use crate::arguments::AttachmentCommand;
use crate::exit::End;
use crate::output::{Output, Problem};

pub(super) async fn carry_out(
    studio: &Studio,
    command: &AttachmentCommand,
    output: &Output,
) -> Result<End, Problem> {
    match command {
        AttachmentCommand::Add { draft, file, image } => {
            let request = AddFile {
                draft: *draft,
                path: whole(file),
                must_be_image: *image,
            };
            let added = studio.run(request).await?;
            output.answer(&added, |_| vec![line(&added)]);
            return Ok(End::Done);
        }
        AttachmentCommand::List { draft } => {
            let files = studio.run(ListFiles { draft: *draft }).await?;
            output.answer(&files, |_| files.iter().map(line).collect());
            return Ok(End::Done);
        }
        AttachmentCommand::Get { b3, to } => {
            let request = SaveFile {
                b3: *b3,
                path: whole(to),
                replaces: false,
            };
            studio.run(request).await?;
        }
        AttachmentCommand::Remove { id } => studio.run(RemoveFile { id: *id }).await?,
        AttachmentCommand::Keep { b3, no } => {
            let request = KeepFile { b3: *b3, keep: !no };
            studio.run(request).await?;
        }
        AttachmentCommand::Evict { b3 } => studio.run(EvictFile { b3: *b3 }).await?,
    }
    output.answer(&(), |output| vec![output.text("cli-done")]);
    Ok(End::Done)
}

fn whole(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// Hash, id, bytes, where it is, name: one line, apart by tabs.
fn line(file: &AttachedFile) -> String {
    let place = match (file.is_here, file.is_on_server) {
        (true, true) => "here+server",
        (true, false) => "here",
        (false, _) => "server",
    };
    format!(
        "{}\t{}\t{}\t{place}\t{}",
        file.b3, file.id, file.size, file.name
    )
}
