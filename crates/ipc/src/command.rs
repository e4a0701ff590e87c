//! The list of commands.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// A request that the studio answers.
pub trait Command: Serialize + DeserializeOwned {
    /// The name that travels.
    const NAME: &'static str;
    /// What comes back.
    type Reply: Serialize + DeserializeOwned;
}

/// Hands the list of commands, `"name" => handler(Request) -> Reply`, to `$callback!`.
#[macro_export]
macro_rules! with_commands {
    ($callback:ident) => {
        $callback! {
            "app.state" => app_state($crate::GetState) -> $crate::AppState,
            "app.set_preferences" => set_preferences($crate::SetPreferences) -> $crate::Preferences,
            "app.export" => export_everything($crate::ExportEverything) -> $crate::Exported,
            "profile.create" => create_profile($crate::CreateProfile) -> $crate::ProfileCreated,
            "profile.confirm_recovery" => confirm_recovery($crate::ConfirmRecovery) -> $crate::AppState,
            "profile.open" => open_profile($crate::OpenProfile) -> $crate::AppState,
            "profile.clear_demo" => clear_demo($crate::ClearDemo) -> $crate::AppState,
            "profile.unlock" => unlock($crate::Unlock) -> $crate::AppState,
            "profile.close_wiped" => close_wiped($crate::CloseWiped) -> $crate::AppState,
            "profile.add_passphrase" => add_passphrase($crate::AddPassphrase) -> (),
            "account.probe" => probe_server($crate::ProbeServer) -> $crate::ServerInfo,
            "account.sign_in" => sign_in($crate::SignIn) -> $crate::Account,
            "account.sign_out" => sign_out($crate::SignOut) -> (),
            "device.list" => list_devices($crate::ListDevices) -> Vec<$crate::DeviceInfo>,
            "device.rename" => rename_device($crate::RenameDevice) -> Vec<$crate::DeviceInfo>,
            "device.revoke" => revoke_device($crate::RevokeDevice) -> Vec<$crate::DeviceInfo>,
            "device.revoke_others" => revoke_other_devices($crate::RevokeOtherDevices) -> Vec<$crate::DeviceInfo>,
            "device.wipe" => wipe_device($crate::WipeDevice) -> Vec<$crate::DeviceInfo>,
            "device.away_lock" => away_lock($crate::GetAwayLock) -> $crate::AwayLock,
            "device.set_away_lock" => set_away_lock($crate::SetAwayLock) -> $crate::AwayLock,
            "archive.make" => archive_profile($crate::ArchiveProfile) -> $crate::AppState,
            "archive.list" => list_archives($crate::ListArchives) -> Vec<$crate::ArchiveInfo>,
            "archive.put_back" => put_back_archive($crate::PutBackArchive) -> $crate::AppState,
            "archive.export" => export_archive($crate::ExportArchive) -> $crate::Exported,
            "draft.list" => list_drafts($crate::ListDrafts) -> $crate::DraftPage,
            "draft.get" => get_draft($crate::GetDraft) -> $crate::DraftSummary,
            "draft.create" => create_draft($crate::CreateDraft) -> $crate::DraftSummary,
            "draft.open" => open_draft($crate::OpenDraft) -> $crate::OpenedDraft,
            "draft.edit" => edit_draft($crate::EditDraft) -> $crate::EditReply,
            "draft.close" => close_draft($crate::CloseDraft) -> (),
            "draft.rename" => rename_draft($crate::RenameDraft) -> $crate::DraftSummary,
            "draft.duplicate" => duplicate_draft($crate::DuplicateDraft) -> $crate::DraftSummary,
            "draft.bin" => bin_draft($crate::BinDraft) -> (),
            "draft.restore" => restore_draft($crate::RestoreDraft) -> (),
            "draft.delete" => delete_drafts($crate::DeleteDrafts) -> (),
            "draft.empty_bin" => empty_bin($crate::EmptyBin) -> $crate::BinEmptied,
            "draft.describe" => describe_draft($crate::DescribeDraft) -> $crate::DraftSummary,
            "draft.preview" => preview_draft($crate::PreviewDraft) -> $crate::DraftPreview,
            "draft.check" => check_draft($crate::CheckDraft) -> $crate::DraftCheck,
            "draft.copy" => copy_draft($crate::CopyDraft) -> $crate::DraftCopy,
            "draft.archive" => archive_draft($crate::ArchiveDraft) -> $crate::DraftSummary,
            "draft.unarchive" => unarchive_draft($crate::UnarchiveDraft) -> $crate::DraftSummary,
            "drafts.facets" => get_facets($crate::GetFacets) -> $crate::Facets,
            "drafts.change" => change_drafts($crate::ChangeDrafts) -> $crate::DraftsChanged,
            "tag.list" => list_tags($crate::ListTags) -> $crate::TagList,
            "tag.synonyms" => change_synonyms($crate::ChangeSynonyms) -> $crate::SynonymsChanged,
            "tag.rename" => rename_tag($crate::RenameTag) -> $crate::TagRenamed,
            "view.list" => list_views($crate::ListViews) -> Vec<::stoa_domain::SavedView>,
            "view.save" => save_view($crate::SaveView) -> Vec<::stoa_domain::SavedView>,
            "view.change" => change_view($crate::ChangeView) -> Vec<::stoa_domain::SavedView>,
            "view.delete" => delete_view($crate::DeleteView) -> Vec<::stoa_domain::SavedView>,
            "view.put_back" => put_back_view($crate::PutBackView) -> Vec<::stoa_domain::SavedView>,
            "post.publish" => publish_post($crate::PublishPost) -> $crate::DraftSummary,
            "post.withdraw" => withdraw_post($crate::WithdrawPost) -> $crate::DraftSummary,
            "post.compare" => compare_post($crate::ComparePost) -> $crate::PostCompared,
            "version.list" => list_versions($crate::ListVersions) -> Vec<$crate::VersionInfo>,
            "version.open" => open_version($crate::OpenVersion) -> $crate::VersionText,
            "version.compare" => compare_versions($crate::CompareVersions) -> $crate::Comparison,
            "version.name" => name_version($crate::NameVersion) -> ::stoa_domain::NamedVersion,
            "version.rename" => rename_version($crate::RenameVersion) -> (),
            "version.drop" => drop_version($crate::DropVersion) -> (),
            "version.restore" => restore_version($crate::RestoreVersion) -> $crate::DraftSummary,
            "review.reviewers" => list_reviewers($crate::ListReviewers) -> Vec<$crate::ReviewerInfo>,
            "review.get" => get_reviews($crate::GetReviews) -> $crate::DraftReviews,
            "review.request" => request_review($crate::RequestReview) -> $crate::DraftSummary,
            "review.withdraw" => withdraw_review($crate::WithdrawReview) -> $crate::DraftSummary,
            "review.check" => check_item($crate::CheckItem) -> (),
            "review.decide" => decide_review($crate::DecideReview) -> $crate::DraftSummary,
            "review.comment" => write_comment($crate::WriteComment) -> ::stoa_domain::ReviewCommentId,
            "review.comment_edit" => edit_comment($crate::EditComment) -> (),
            "review.comment_drop" => drop_comment($crate::DropComment) -> (),
            "review.resolve" => resolve_comment($crate::ResolveComment) -> (),
            "course.get" => get_course($crate::GetCourse) -> $crate::CourseOutline,
            "course.place" => get_lesson_place($crate::GetLessonPlace) -> Option<$crate::LessonPlace>,
            "section.create" => create_section($crate::CreateSection) -> $crate::CourseOutline,
            "section.rename" => rename_section($crate::RenameSection) -> $crate::CourseOutline,
            "section.move" => move_section($crate::MoveSection) -> $crate::CourseOutline,
            "section.delete" => delete_section($crate::DeleteSection) -> $crate::CourseOutline,
            "lesson.add" => add_lesson($crate::AddLesson) -> $crate::CourseOutline,
            "lesson.move" => move_lesson($crate::MoveLesson) -> $crate::CourseOutline,
            "lesson.remove" => remove_lesson($crate::RemoveLesson) -> $crate::CourseOutline,
            "lesson.describe" => describe_lesson($crate::DescribeLesson) -> $crate::CourseOutline,
            "lesson.create" => create_lesson($crate::CreateLesson) -> $crate::DraftSummary,
            "draft.import" => import_files($crate::ImportFiles) -> $crate::ImportReply,
            "import.look" => look_at_import($crate::LookAtImport) -> Option<$crate::ImportStatus>,
            "import.look_at_dropped" => look_at_dropped($crate::LookAtDropped) -> Option<$crate::ImportStatus>,
            "import.get" => get_import($crate::GetImport) -> Option<$crate::ImportStatus>,
            "import.plan" => plan_import($crate::PlanImport) -> $crate::ImportPlan,
            "import.problems" => list_import_problems($crate::ListImportProblems) -> $crate::ImportProblems,
            "import.run" => run_import($crate::RunImport) -> Option<$crate::ImportStatus>,
            "import.cancel" => cancel_import($crate::CancelImport) -> (),
            "import.close" => close_import($crate::CloseImport) -> (),
            "import.planned" => get_planned($crate::GetPlanned) -> $crate::Planned,
            "import.undo" => undo_import($crate::UndoImport) -> Option<$crate::Turned>,
            "file.add_image" => add_image($crate::AddImage) -> $crate::ImageAdded,
            "file.add" => add_file($crate::AddFile) -> $crate::AttachedFile,
            "file.add_dropped" => add_dropped($crate::AddDropped) -> $crate::AttachedFile,
            "file.add_recording" => add_recording($crate::AddRecording) -> $crate::RecordingAdded,
            "file.add_dropped_recording" => add_dropped_recording($crate::AddDroppedRecording) -> $crate::AddedRecording,
            "file.attach" => attach_file($crate::AttachFile) -> $crate::FileAttached,
            "file.attach_dropped" => attach_dropped($crate::AttachDropped) -> $crate::AttachedFile,
            "file.recordings" => list_recordings($crate::ListRecordings) -> Vec<$crate::AddedRecording>,
            "file.stop_adding" => stop_adding($crate::StopAdding) -> (),
            "file.play" => play_recording($crate::PlayRecording) -> $crate::PlayerAddress,
            "file.add_track" => add_track($crate::AddTrack) -> $crate::AttachedFile,
            "file.track" => get_track($crate::GetTrack) -> Vec<$crate::TrackCue>,
            "file.try_image" => try_image($crate::TryImage) -> $crate::TriedImage,
            "file.change_image" => change_image($crate::ChangeImage) -> $crate::AttachedFile,
            "file.import_dropped" => import_dropped($crate::ImportDropped) -> (),
            "file.remove" => remove_file($crate::RemoveFile) -> (),
            "file.list" => list_files($crate::ListFiles) -> Vec<$crate::AttachedFile>,
            "file.show" => show_file($crate::ShowFile) -> $crate::AttachedFile,
            "file.save" => save_file($crate::SaveFile) -> (),
            "file.keep" => keep_file($crate::KeepFile) -> (),
            "file.keep_all" => keep_all_files($crate::KeepAllFiles) -> (),
            "file.evict" => evict_file($crate::EvictFile) -> (),
            "file.evict_all" => evict_files($crate::EvictFiles) -> $crate::EvictedFiles,
            "file.used" => list_used_files($crate::ListUsedFiles) -> Vec<$crate::UsedFile>,
            "file.status" => get_files($crate::GetFiles) -> $crate::FilesStatus,
            "file.limit" => limit_files($crate::LimitFiles) -> $crate::FilesStatus,
            "file.pause" => pause_files($crate::PauseFiles) -> $crate::FilesStatus,
            "file.retry" => retry_files($crate::RetryFiles) -> $crate::FilesStatus,
            "sync.status" => sync_status($crate::GetSync) -> $crate::SyncStatus,
            "sync.now" => sync_now($crate::SyncNow) -> (),
            "sync.pause" => pause_sync($crate::PauseSync) -> $crate::SyncStatus,
            "sync.allow_removal" => allow_removal($crate::AllowRemoval) -> $crate::SyncStatus,
            "sync.changes" => list_changes($crate::ListChanges) -> Vec<$crate::Change>,
            "sync.history" => list_history($crate::ListHistory) -> Vec<$crate::HistoryEntry>,
            "sync.discard" => discard_change($crate::DiscardChange) -> (),
            "sync.retry" => retry_change($crate::RetryChange) -> (),
            "sync.keep_back" => keep_back($crate::KeepBack) -> (),
            "sync.release" => release_change($crate::ReleaseChange) -> (),
            "sync.publication" => get_publication($crate::GetPublication) -> $crate::Publication,
            "sync.republish" => republish($crate::Republish) -> $crate::DraftSummary,
            "sync.compare_refused" => compare_refused($crate::CompareRefused) -> $crate::RefusedCompared,
            "sync.send_first" => send_first($crate::SendFirst) -> (),
            "sync.conflicts" => list_conflicts($crate::ListConflicts) -> Vec<$crate::Conflict>,
            "sync.conflict" => get_conflict($crate::GetConflict) -> $crate::ConflictText,
            "sync.resolve" => resolve_conflict($crate::ResolveConflict) -> $crate::Resolved,
            "sync.keep_version" => keep_version($crate::KeepVersion) -> $crate::DraftSummary,
            "sync.keep_as_new" => keep_as_new($crate::KeepAsNew) -> $crate::DraftSummary,
            "sync.storage" => get_storage($crate::GetStorage) -> $crate::Storage,
            "sync.back_up" => back_up_now($crate::BackUpNow) -> $crate::Storage,
            "sync.export_history" => export_history($crate::ExportHistory) -> $crate::WrittenFile,
            "rescue.backups" => list_backups($crate::ListBackups) -> Vec<$crate::Backup>,
            "rescue.restore" => restore_backup($crate::RestoreBackup) -> $crate::Restored,
            "rescue.salvage" => salvage($crate::Salvage) -> $crate::Salvaged,
            "undo.state" => undo_state($crate::GetUndo) -> $crate::UndoState,
            "undo.undo" => undo($crate::Undo) -> Option<$crate::Turned>,
            "undo.step" => undo_step($crate::UndoStep) -> Option<$crate::Turned>,
            "undo.redo" => redo($crate::Redo) -> Option<$crate::Turned>,
            "proposal.list" => list_proposals($crate::ListProposals) -> Vec<$crate::ProposedBy>,
            "proposal.decide" => decide_proposals($crate::DecideProposals) -> $crate::ProposalsDecided,
            "text.mentions" => find_mentions($crate::FindMentions) -> $crate::Mentionable,
            "text.pinyin" => pinyin_keys($crate::PinyinKeys) -> Vec<Vec<String>>,
        }
    };
}

macro_rules! implement {
    ($($name:literal => $handler:ident($request:ty) -> $reply:ty,)+) => {
        $(impl Command for $request {
            const NAME: &'static str = $name;
            type Reply = $reply;
        })+

        /// The names of all commands.
        pub const COMMAND_NAMES: &[&str] = &[$($name),+];
    };
}

with_commands!(implement);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_commands_share_a_name() {
        let mut names = COMMAND_NAMES.to_vec();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), COMMAND_NAMES.len());
    }
}
