//! What each command does. A handler checks, makes one call below and answers.

mod account;
mod app;
mod archive;
mod attaching;
mod centre;
mod check;
mod course;
mod device;
mod draft;
mod file;
mod import;
mod listing;
mod media;
mod mention;
mod post;
mod preview;
mod profile;
mod proposal;
mod publication;
mod rescue;
mod review;
mod sync;
mod tag;
mod text;
mod transfer;
mod undo;
mod version;

use std::future::Future;

use serde::Serialize;
use serde::de::DeserializeOwned;
use stoa_ipc::{Command, ErrorCode, Failure};

use crate::studio::Studio;
use account::{probe_server, sign_in, sign_out};
use app::{app_state, export_everything, set_preferences};
use archive::{archive_profile, export_archive, list_archives, put_back_archive};
use attaching::{attach_dropped, attach_file};
use centre::{
    back_up_now, export_history, get_conflict, get_storage, keep_as_new, keep_back, keep_version,
    list_conflicts, release_change, resolve_conflict, send_first,
};
use course::{
    add_lesson, create_lesson, create_section, delete_section, describe_lesson, get_course,
    get_lesson_place, move_lesson, move_section, remove_lesson, rename_section,
};
use device::{
    away_lock, close_wiped, list_devices, rename_device, revoke_device, revoke_other_devices,
    set_away_lock, wipe_device,
};
use draft::{
    bin_draft, close_draft, create_draft, delete_drafts, duplicate_draft, edit_draft, empty_bin,
    get_draft, import_files, list_drafts, open_draft, rename_draft, restore_draft,
};
pub use file::Media;
use file::{
    add_dropped, add_file, add_image, import_dropped, list_files, remove_file, save_file, show_file,
};
use import::{
    cancel_import, close_import, get_import, get_planned, list_import_problems, look_at_dropped,
    look_at_import, plan_import, run_import, undo_import,
};
use listing::{
    change_drafts, change_view, delete_view, get_facets, list_views, put_back_view, save_view,
};
use media::{
    add_dropped_recording, add_recording, add_track, change_image, get_track, list_recordings,
    play_recording, stop_adding, try_image,
};
use mention::find_mentions;
use post::{
    archive_draft, compare_post, describe_draft, publish_post, unarchive_draft, withdraw_post,
};
use preview::{check_draft, copy_draft, preview_draft};
use profile::{add_passphrase, clear_demo, confirm_recovery, create_profile, open_profile, unlock};
use proposal::{decide_proposals, list_proposals};
use publication::{compare_refused, get_publication, republish};
use rescue::{list_backups, restore_backup, salvage};
use review::{
    check_item, decide_review, drop_comment, edit_comment, get_reviews, list_reviewers,
    request_review, resolve_comment, withdraw_review, write_comment,
};
use sync::{
    allow_removal, discard_change, list_changes, list_history, pause_sync, retry_change, sync_now,
    sync_status,
};
use tag::{change_synonyms, list_tags, rename_tag};
use text::pinyin_keys;
pub(crate) use transfer::get_files;
pub(crate) use transfer::trouble as files_trouble;
use transfer::{
    evict_file, evict_files, keep_all_files, keep_file, limit_files, list_used_files, pause_files,
    retry_files,
};
use undo::{redo, undo, undo_state, undo_step};
use version::{
    compare_versions, drop_version, list_versions, name_version, open_version, rename_version,
    restore_version,
};

/// A command with its handler.
pub trait Answer: Command {
    /// Carries the command out.
    fn answer(self, studio: &Studio) -> impl Future<Output = Result<Self::Reply, Failure>> + Send;
}

macro_rules! answer {
    ($($name:literal => $handler:ident($request:ty) -> $reply:ty,)+) => {
        $(impl Answer for $request {
            async fn answer(self, studio: &Studio) -> Result<$reply, Failure> {
                $handler(studio, self).await
            }
        })+

        impl Studio {
            async fn dispatch(&self, name: &str, payload: &str) -> Result<String, Failure> {
                match name {
                    $($name => encode(&self.run(decode::<$request>(payload)?).await?),)+
                    _ => Err(Failure::new(ErrorCode::Internal, "there is no such command")),
                }
            }
        }
    };
}

stoa_ipc::with_commands!(answer);

impl Studio {
    /// Carries out a command that came as text.
    ///
    /// # Errors
    /// What went wrong, for the window; its message goes to the log only.
    pub async fn call(&self, name: &str, payload: &str) -> Result<String, Failure> {
        self.dispatch(name, payload).await
    }

    /// Carries out a command.
    ///
    /// # Errors
    /// What went wrong, for the window; its message goes to the log only.
    pub async fn run<C: Answer>(&self, command: C) -> Result<C::Reply, Failure> {
        let reply = command.answer(self).await;
        if let Err(failure) = &reply {
            tracing::info!(command = C::NAME, code = failure.code.as_str(), message = %failure.message, "refused");
        }
        reply
    }
}

/// Reads a request. What the reader says may quote what somebody typed, so only the place counts.
fn decode<T: DeserializeOwned>(payload: &str) -> Result<T, Failure> {
    serde_json::from_str(payload).map_err(|error| {
        let place = format!(
            "unreadable at line {} column {}",
            error.line(),
            error.column()
        );
        Failure::new(ErrorCode::InvalidInput, place)
    })
}

fn encode<T: Serialize>(reply: &T) -> Result<String, Failure> {
    serde_json::to_string(reply)
        .map_err(|_| Failure::new(ErrorCode::Internal, "the reply cannot be written"))
}
