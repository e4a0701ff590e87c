//! What can be typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use stoa_domain::{
    Access, AttachmentId, BlobHash, CheckState, DeviceId, DraftId, ReviewCommentId, ReviewVerdict,
    SectionId, Shelf, TextVersion, TierKey, Timestamp, VersionId,
};
use stoa_ipc::Language;

/// The Stoa studio without a window: one profile, one command
#[derive(Parser)]
#[command(name = "stoa-cli", version)]
pub(crate) struct Arguments {
    /// The profile's folder
    #[arg(long, global = true, env = "STOA_PROFILE", default_value = ".")]
    pub(crate) profile: PathBuf,
    /// Answers and errors as JSON
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) key: Key,
    /// zh-CN or en; otherwise the language of the terminal
    #[arg(long, global = true)]
    language: Option<String>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What opens the profile. Without any, the keychain is asked.
#[derive(Args)]
pub(crate) struct Key {
    /// A file with the passphrase on its first line
    #[arg(long, global = true, env = "STOA_PASSPHRASE_FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// A file with the recovery key
    #[arg(long, global = true)]
    pub(crate) recovery_file: Option<PathBuf>,
    /// Never asks the keychain
    #[arg(long, global = true)]
    pub(crate) no_keychain: bool,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Makes, unlocks or describes the profile
    #[command(subcommand)]
    Profile(ProfileCommand),
    /// Connects the profile with a server
    SignIn(SignIn),
    /// Ends the session; everything on this computer stays
    SignOut,
    /// Lists, renames, revokes and wipes the account's devices
    #[command(subcommand)]
    Device(DeviceCommand),
    /// Works on drafts
    #[command(subcommand)]
    Draft(DraftCommand),
    /// Sends and receives until both sides agree
    Sync {
        /// Goes on until it is interrupted, and says what changes
        #[arg(long)]
        watch: bool,
    },
    /// Shows and decides about changes that the server has not accepted
    #[command(subcommand)]
    Outbox(OutboxCommand),
    /// Shows and decides about what was changed here and elsewhere
    #[command(subcommand)]
    Conflicts(ConflictsCommand),
    /// Takes the latest step back
    Undo,
    /// Does the step again that was taken back last
    Redo,
    /// Shows and changes the outline of a course or column
    #[command(subcommand)]
    Course(CourseCommand),
    /// Asks for reviews of drafts, comments on them and decides
    #[command(subcommand)]
    Review(ReviewCommand),
    /// Adds, lists, fetches and lets go of files of drafts
    #[command(subcommand)]
    Attachment(AttachmentCommand),
    /// Finds drafts by words of title and text
    Search {
        words: String,
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
    /// Brings posts in from another program's export: Markdown, Ghost, WordPress, HTML, Word
    Import(Import),
    /// Writes every draft as Markdown, and everything as JSON, into a new folder
    Export {
        /// The folder to make the new one in
        #[arg(long, default_value = ".")]
        folder: PathBuf,
        /// Reads the files of a damaged profile page by page, whatever is left of it
        #[arg(long, value_name = "DIR", conflicts_with = "folder")]
        salvage: Option<PathBuf>,
    },
    /// Lists, makes and restores backups
    #[command(subcommand)]
    Backup(BackupCommand),
    /// Reads everything once and says what is damaged
    Verify,
}

#[derive(Args)]
pub(crate) struct Import {
    /// A folder, a .zip or one file
    pub(crate) path: PathBuf,
    /// Says what would happen; nothing is done
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Publishes what members see there
    #[arg(long)]
    pub(crate) publish: bool,
    /// Keeps fields that have no place here at the end of the texts
    #[arg(long)]
    pub(crate) keep_fields: bool,
    /// The name that a tag has here; an empty one drops it
    #[arg(long, value_name = "THERE=HERE", value_parser = read_pair)]
    pub(crate) tag: Vec<(String, String)>,
    /// The key of the tier here that a tier there becomes
    #[arg(long, value_name = "THERE=HERE", value_parser = read_pair)]
    pub(crate) tier: Vec<(String, String)>,
}

fn read_pair(text: &str) -> Result<(String, String), String> {
    let (there, here) = text.split_once('=').ok_or("not THERE=HERE")?;
    Ok((there.to_owned(), here.to_owned()))
}

#[derive(Subcommand)]
pub(crate) enum ProfileCommand {
    /// Makes a profile in the folder and shows its recovery key, this once
    New {
        /// The community's name
        #[arg(long)]
        name: String,
    },
    /// Opens the profile; with a recovery key the keychain gets its key back
    Unlock,
    /// Says what the profile is and whether it opens
    Info,
}

#[derive(Args)]
pub(crate) struct SignIn {
    /// The server's address
    #[arg(long)]
    pub(crate) server: String,
    #[arg(long)]
    pub(crate) email: String,
    /// A file with the password on its first line
    #[arg(long)]
    pub(crate) password_file: PathBuf,
    /// The certificate authority to trust, as a PEM file
    #[arg(long, conflicts_with = "trust")]
    pub(crate) ca: Option<PathBuf>,
    /// The fingerprint of the certificate authority to trust
    #[arg(long)]
    pub(crate) trust: Option<String>,
}

#[derive(Subcommand)]
pub(crate) enum DeviceCommand {
    /// Lists them: this one first, then those with access
    List,
    /// Gives a device another name
    Rename {
        id: DeviceId,
        #[arg(long)]
        name: String,
    },
    /// Takes a device's access away
    Revoke {
        #[arg(required_unless_present = "others")]
        id: Option<DeviceId>,
        /// All but this one instead
        #[arg(long, conflicts_with = "id")]
        others: bool,
        /// A file with the account's password on its first line
        #[arg(long)]
        password_file: PathBuf,
    },
    /// Has everything of the account wiped from a device when it next meets the server
    Wipe {
        id: DeviceId,
        /// A file with the account's password on its first line
        #[arg(long)]
        password_file: PathBuf,
    },
}

#[derive(Subcommand)]
pub(crate) enum DraftCommand {
    /// Makes a draft
    New {
        #[arg(long, default_value = "")]
        title: String,
        /// A file with its text; `-` reads the standard input
        #[arg(long)]
        body_file: Option<PathBuf>,
    },
    /// Lists drafts, newest first
    List {
        /// Those in the bin instead
        #[arg(long)]
        bin: bool,
        /// drafts, in-review, scheduled, published, archived or bin
        #[arg(long, conflicts_with = "bin", value_parser = read_shelf)]
        shelf: Option<Shelf>,
        #[arg(long, default_value_t = 50)]
        limit: u32,
        /// `next` of the page before
        #[arg(long)]
        after: Option<String>,
    },
    /// Writes a draft's text to the standard output
    Show { id: DraftId },
    /// Replaces a draft's text
    Edit {
        id: DraftId,
        /// A file with the text; `-` reads the standard input
        #[arg(long)]
        body_file: PathBuf,
    },
    Rename {
        id: DraftId,
        #[arg(long)]
        title: String,
    },
    /// Says who may read it once it is published
    Access {
        id: DraftId,
        /// public, registered, or what it is sold for: tiers apart by commas, `singly` among them
        #[arg(value_parser = read_access)]
        access: Access,
    },
    /// Offers a draft to members as it is now
    Publish {
        id: DraftId,
        /// From when on they see it, such as 2026-12-24T18:00:00+08:00; else at once, or at the time it
        /// is scheduled for already
        #[arg(long, value_parser = read_time)]
        at: Option<Timestamp>,
        /// At once, also when it is scheduled
        #[arg(long, conflicts_with = "at")]
        now: bool,
        /// Not any more when the server hears of it later than this
        #[arg(long, value_parser = read_time)]
        unless_after: Option<Timestamp>,
    },
    /// Says how long a draft is and what to look at before it is published
    Check { id: DraftId },
    /// Writes a draft as HTML to the standard output, to be pasted elsewhere
    Html {
        id: DraftId,
        /// In the form that the editor of a 公众号 keeps
        #[arg(long)]
        wechat: bool,
    },
    /// Lists the versions of a draft, the latest first
    Versions { id: DraftId },
    /// Shows, compares, names and restores one of its versions
    #[command(subcommand)]
    Version(VersionCommand),
    /// Takes a post back from members
    Withdraw { id: DraftId },
    /// Puts a draft away
    Archive { id: DraftId },
    /// Takes a draft out of the archive
    Unarchive { id: DraftId },
    /// Puts a draft into the bin
    Bin { id: DraftId },
    /// Takes a draft out of the bin
    Restore { id: DraftId },
    /// Deletes drafts in the bin for good; nothing brings them back
    Delete {
        #[arg(required_unless_present = "all_in_bin")]
        ids: Vec<DraftId>,
        /// Every draft in the bin
        #[arg(long, conflicts_with = "ids")]
        all_in_bin: bool,
        /// Says that this is meant
        #[arg(long, required = true)]
        yes: bool,
    },
}

#[derive(Clone, Subcommand)]
pub(crate) enum VersionCommand {
    /// Writes the text of a version to the standard output
    Show {
        id: DraftId,
        /// The first column of `draft versions`
        #[arg(value_parser = read_version)]
        version: TextVersion,
    },
    /// Shows the paragraphs in which a version differs from the present text
    Compare {
        id: DraftId,
        #[arg(value_parser = read_version)]
        version: TextVersion,
        /// Another version instead of the present text
        #[arg(long, value_parser = read_version)]
        with: Option<TextVersion>,
    },
    /// Gives the present text a name
    Name { id: DraftId, name: String },
    /// Gives a named version another name
    Rename {
        id: DraftId,
        named: VersionId,
        #[arg(long)]
        name: String,
    },
    /// Takes a name off; the text of the version stays
    Drop { id: DraftId, named: VersionId },
    /// Puts the text of a version in the place of the present one, which stays a version
    Restore {
        id: DraftId,
        #[arg(value_parser = read_version)]
        version: TextVersion,
    },
}

#[derive(Clone, Subcommand)]
pub(crate) enum CourseCommand {
    /// Shows the sections and lessons in their order
    Show { id: DraftId },
    /// Adds a section at the end of a course
    Section { id: DraftId, title: String },
    /// Puts a draft into a course, at the end
    Add {
        id: DraftId,
        draft: DraftId,
        /// At the end of this section instead
        #[arg(long)]
        section: Option<SectionId>,
    },
    /// Takes a draft out of a course; the draft stays
    Remove { id: DraftId, draft: DraftId },
}

#[derive(Clone, Subcommand)]
pub(crate) enum ReviewCommand {
    /// Lists the drafts that wait for a verdict
    List {
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
    /// Shows the reviews of a draft and all comments
    Show { id: DraftId },
    /// Lists who can be asked
    Reviewers { id: DraftId },
    /// Hands a draft over as it is now
    Request {
        id: DraftId,
        /// The id or the name of who is asked
        #[arg(long)]
        reviewer: String,
        /// What is to be looked at; once for each point
        #[arg(long)]
        check: Vec<String>,
        #[arg(long, default_value = "")]
        note: String,
    },
    /// Takes the open request back
    Withdraw { id: DraftId },
    /// Says what was found of a point of the checklist
    Check {
        id: DraftId,
        /// Counted from 1
        #[arg(value_parser = clap::value_parser!(u8).range(1..=30))]
        item: u8,
        state: Found,
    },
    /// Writes a comment
    Comment {
        id: DraftId,
        #[arg(long)]
        body: String,
        /// The words that it is about, where they stand first; otherwise it is about the whole text
        #[arg(long)]
        quote: Option<String>,
    },
    /// Gives a comment of one's own other words
    EditComment {
        id: DraftId,
        comment: ReviewCommentId,
        #[arg(long)]
        body: String,
    },
    /// Takes a comment of one's own away
    DropComment {
        id: DraftId,
        comment: ReviewCommentId,
    },
    /// Says that a comment is dealt with
    Resolve {
        id: DraftId,
        comment: ReviewCommentId,
        /// That it is not, after all
        #[arg(long)]
        reopen: bool,
    },
    /// Gives the verdict, held for a moment and final then
    Decide {
        id: DraftId,
        verdict: Verdict,
        /// Needed when changes are wanted
        #[arg(long, default_value = "")]
        reason: String,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Verdict {
    Approve,
    Changes,
}

impl From<Verdict> for ReviewVerdict {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Approve => ReviewVerdict::Approved,
            Verdict::Changes => ReviewVerdict::ChangesWanted,
        }
    }
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Found {
    Open,
    Fine,
    Wanting,
}

impl From<Found> for CheckState {
    fn from(found: Found) -> Self {
        match found {
            Found::Open => CheckState::Open,
            Found::Fine => CheckState::Fine,
            Found::Wanting => CheckState::Wanting,
        }
    }
}

fn read_version(text: &str) -> Result<TextVersion, String> {
    TextVersion::parse(text).ok_or_else(|| format!("`{text}` is not a version"))
}

fn read_shelf(name: &str) -> Result<Shelf, String> {
    let shelf = Shelf::ALL.into_iter().find(|shelf| shelf.as_str() == name);
    shelf.ok_or_else(|| format!("`{name}` is not a list"))
}

fn read_access(text: &str) -> Result<Access, String> {
    match text {
        "public" => Ok(Access::Public),
        "registered" => Ok(Access::Registered),
        sold => {
            let (singly, tiers): (Vec<_>, Vec<_>) =
                sold.split(',').partition(|part| *part == "singly");
            let tiers = tiers.into_iter().map(TierKey::parse);
            let tiers = tiers
                .collect::<Result<_, _>>()
                .map_err(|error| error.to_string())?;
            Ok(Access::Paid {
                tiers,
                singly: !singly.is_empty(),
            })
        }
    }
}

fn read_time(text: &str) -> Result<Timestamp, String> {
    let time: jiff::Timestamp = text
        .parse()
        .map_err(|error: jiff::Error| error.to_string())?;
    Ok(Timestamp::from_millis(time.as_millisecond()))
}

#[derive(Subcommand)]
pub(crate) enum AttachmentCommand {
    /// Adds a file to a draft
    Add {
        draft: DraftId,
        file: PathBuf,
        /// Refuses anything but an image
        #[arg(long)]
        image: bool,
    },
    /// Lists the files of a draft, or of all
    List { draft: Option<DraftId> },
    /// Writes a file's contents to the disk, fetching them first if need be
    Get {
        b3: BlobHash,
        /// The file to make
        #[arg(long)]
        to: PathBuf,
    },
    /// Takes a file out of its draft
    Remove { id: AttachmentId },
    /// Has a file stay on this computer
    Keep {
        b3: BlobHash,
        /// Lets it go again
        #[arg(long)]
        no: bool,
    },
    /// Takes a file's contents off this computer; the server keeps them
    Evict { b3: BlobHash },
}

#[derive(Subcommand)]
pub(crate) enum BackupCommand {
    /// Lists the backups, newest first
    List,
    /// Makes one
    Now,
    /// Puts one in the place of the database, which is kept aside
    Restore {
        #[command(flatten)]
        from: RestoreSource,
        /// Agrees: without it, nothing is done
        #[arg(long)]
        yes: bool,
    },
}

/// What is restored.
#[derive(clap::Args)]
#[group(required = true, multiple = false)]
pub(crate) struct RestoreSource {
    /// The backup's name
    pub(crate) name: Option<String>,
    /// The newest that can be read
    #[arg(long)]
    pub(crate) latest: bool,
    /// No backup: an empty database that gets what was never sent, and the rest from the server
    #[arg(long)]
    pub(crate) empty: bool,
}

#[derive(Subcommand)]
pub(crate) enum OutboxCommand {
    /// Lists what waits
    List {
        /// Those that were refused instead
        #[arg(long)]
        failed: bool,
    },
    /// Takes a change back
    Discard { lid: i64 },
    /// Makes a new draft of the refused work on a draft that was deleted elsewhere
    KeepAsNew { draft: DraftId },
    /// Sends a refused change again
    Retry { lid: i64 },
    /// Keeps a change that waits on this computer
    Hold { lid: i64 },
    /// Lets a change go that was kept
    Release { lid: i64 },
    /// Sends a change's draft before all others
    First { lid: i64 },
}

#[derive(Subcommand)]
pub(crate) enum ConflictsCommand {
    /// Lists what waits for a decision
    List {
        /// Those that are settled instead
        #[arg(long)]
        settled: bool,
    },
    /// Shows one with both versions
    Show { id: i64 },
    /// Settles one; both versions stay in the record
    Resolve {
        id: i64,
        #[command(flatten)]
        with: Resolution,
        /// The same for all others of its kind
        #[arg(long, conflicts_with = "write")]
        alike: bool,
    },
}

/// Which version is kept.
#[derive(clap::Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Resolution {
    #[arg(long)]
    pub(crate) mine: bool,
    #[arg(long)]
    pub(crate) theirs: bool,
    /// The whole value or text instead of both
    #[arg(long)]
    pub(crate) write: Option<String>,
}

impl Arguments {
    /// The language to answer in.
    pub(crate) fn language(&self) -> Language {
        let of_terminal = || {
            ["LC_ALL", "LC_MESSAGES", "LANG"]
                .iter()
                .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
        };
        let tag = self.language.clone().or_else(of_terminal);
        Language::from_system_tag(&tag.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_arguments_do_not_contradict_each_other() {
        Arguments::command().debug_assert();
    }
}
