//! The program as scripts use it: its output, its exit codes, a real server.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

use serde_json::Value;
use stoa_domain::Role;
use stoa_protocol::account::Secret;
use stoa_server::admin::{NewUser, create_community, create_user};
use stoa_server::{Config, Rates, RunningServer};
use stoa_studio::Timestamp;
use tokio::runtime::Runtime;

const PASSPHRASE: &str = "一个足够长的口令";

/// A folder with the files that secrets come from, and profiles in it.
struct Place {
    dir: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let place = Self {
            dir: tempfile::tempdir().unwrap(),
        };
        place.file("passphrase", &format!("{PASSPHRASE}\n"));
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    /// The program on a profile, with the passphrase and without a keychain.
    fn cli(&self, profile: &str, arguments: &[&str]) -> Output {
        let passphrase = self.path("passphrase");
        self.cli_with(profile, &passphrase, arguments)
    }

    fn cli_with(&self, profile: &str, passphrase: &Path, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_stoa-cli"))
            .args(["--json", "--no-keychain", "--language", "en", "--profile"])
            .arg(self.path(profile))
            .args(arguments)
            .env("STOA_PASSPHRASE_FILE", passphrase)
            .output()
            .unwrap()
    }

    #[track_caller]
    fn ok(&self, profile: &str, arguments: &[&str]) -> Value {
        let output = self.cli(profile, arguments);
        let problem = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {problem}");
        serde_json::from_slice(&output.stdout).unwrap_or(Value::Null)
    }

    /// The exit code and the error's code.
    #[track_caller]
    fn refused(output: &Output) -> (i32, String) {
        let error: Value = serde_json::from_slice(&output.stderr).unwrap();
        assert!(error["error"]["text"].as_str().unwrap().len() > 10);
        let code = error["error"]["code"].as_str().unwrap().to_owned();
        (output.status.code().unwrap(), code)
    }
}

fn new_profile(place: &Place, profile: &str) -> String {
    let made = place.ok(profile, &["profile", "new", "--name", "知行社"]);
    made["recovery"].as_str().unwrap().to_owned()
}

#[test]
fn a_draft_is_written_shown_found_and_exported() {
    let place = Place::new();
    new_profile(&place, "p");
    let body = place.file("body.md", "知识付费的第一课\n");
    let body = body.to_str().unwrap();
    let draft = place.ok(
        "p",
        &["draft", "new", "--title", "初稿", "--body-file", body],
    );
    let id = draft["id"].as_str().unwrap();
    assert_eq!(draft["n_words"], 8);
    let shown = place.ok("p", &["draft", "show", id]);
    assert_eq!(shown["markdown"], "知识付费的第一课\n");
    let found = place.ok("p", &["search", "付费"]);
    assert_eq!(found["n_total"], 1);
    let second = place.file("second.md", "知识付费的第二课\n");
    place.ok(
        "p",
        &["draft", "edit", id, "--body-file", second.to_str().unwrap()],
    );
    place.ok("p", &["draft", "rename", id, "--title", "二稿"]);
    place.ok("p", &["draft", "bin", id]);
    assert_eq!(place.ok("p", &["draft", "list"])["n_total"], 0);
    assert_eq!(place.ok("p", &["draft", "list", "--bin"])["n_total"], 1);
    // Steps outlast the program.
    let undone = place.ok("p", &["undo"]);
    assert_eq!(
        (&undone["text"]["kind"], &undone["place"]),
        (&"bin".into(), &"list".into())
    );
    assert_eq!(place.ok("p", &["redo"])["place"], "bin");
    assert_eq!(place.ok("p", &["redo"]), Value::Null);
    place.ok("p", &["draft", "restore", id]);
    assert_eq!(
        place.ok("p", &["draft", "list"])["drafts"][0]["title"],
        "二稿"
    );
    let folder = place.dir.path().to_str().unwrap();
    let exported = place.ok("p", &["export", "--folder", folder]);
    assert_eq!(exported["n_drafts"], 1);
    assert_eq!(
        place.ok("p", &["verify"])["damage"],
        Value::Array(Vec::new())
    );
}

#[test]
fn a_damaged_profile_is_read_out_and_a_backup_put_in_its_place() {
    let place = Place::new();
    new_profile(&place, "p");
    place.ok("p", &["draft", "new", "--title", "备份前"]);
    place.ok("p", &["backup", "now"]);
    place.ok("p", &["draft", "new", "--title", "备份后"]);
    let backups = place.ok("p", &["backup", "list"]);
    assert_eq!(backups[0]["kind"], "rolling");
    let database = place.path("p").join("studio.db");
    let mut bytes = std::fs::read(&database).unwrap();
    bytes[100] ^= 1;
    std::fs::write(&database, &bytes).unwrap();
    let output = place.cli("p", &["draft", "list"]);
    assert_eq!(Place::refused(&output), (6, "store_damaged".to_owned()));
    let out = place.path("out");
    let salvaged = place.ok("p", &["export", "--salvage", out.to_str().unwrap()]);
    assert_eq!(salvaged["n_drafts"], 2);
    let report = Path::new(salvaged["path"].as_str().unwrap()).join("report.json");
    assert!(report.exists());
    let output = place.cli("p", &["backup", "restore", "--latest"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(std::fs::read(&database).unwrap() == bytes);
    let restored = place.ok("p", &["backup", "restore", "--latest", "--yes"]);
    let aside = Path::new(restored["set_aside"].as_str().unwrap()).join("studio.db");
    assert!(std::fs::read(aside).unwrap() == bytes);
    assert_eq!(place.ok("p", &["draft", "list"])["n_total"], 2);
    let output = place.cli("p", &["backup", "restore", "studio-none.db", "--yes"]);
    assert_eq!(Place::refused(&output), (1, "not_found".to_owned()));
}

#[test]
fn a_draft_in_the_bin_is_deleted_for_good_and_only_when_that_is_said() {
    let place = Place::new();
    new_profile(&place, "p");
    let made = |title| {
        let draft = place.ok("p", &["draft", "new", "--title", title]);
        draft["id"].as_str().unwrap().to_owned()
    };
    let (first, second, third) = (made("一"), made("二"), made("三"));
    let early = place.cli("p", &["draft", "delete", &first, "--yes"]);
    assert!(!early.status.success(), "it is not in the bin");
    for id in [&first, &second, &third] {
        place.ok("p", &["draft", "bin", id]);
    }
    let unsaid = place.cli("p", &["draft", "delete", &first]);
    assert!(!unsaid.status.success(), "nobody said that it is meant");
    assert_eq!(place.ok("p", &["draft", "list", "--bin"])["n_total"], 3);
    place.ok("p", &["draft", "delete", &first, "--yes"]);
    assert_eq!(place.ok("p", &["draft", "list", "--bin"])["n_total"], 2);
    let emptied = place.ok("p", &["draft", "delete", "--all-in-bin", "--yes"]);
    assert_eq!(
        (&emptied["n_deleted"], &emptied["n_left"]),
        (&2.into(), &0.into())
    );
    assert_eq!(place.ok("p", &["draft", "list", "--bin"])["n_total"], 0);
    assert_eq!(place.ok("p", &["outbox", "list"]), Value::Array(Vec::new()));
}

#[test]
fn the_outbox_is_listed_and_a_change_taken_back() {
    let place = Place::new();
    new_profile(&place, "p");
    place.ok("p", &["draft", "new", "--title", "不要了"]);
    let waiting = place.ok("p", &["outbox", "list"]);
    let lid = waiting[0]["lid"].to_string();
    place.ok("p", &["outbox", "discard", &lid]);
    assert_eq!(place.ok("p", &["draft", "list"])["n_total"], 0);
}

#[test]
fn comments_are_written_on_words_and_said_to_be_done() {
    let place = Place::new();
    new_profile(&place, "one");
    let body = place.file("body.md", "按月付费，或者按年。\n");
    let body = body.to_str().unwrap();
    let made = place.ok(
        "one",
        &["draft", "new", "--title", "定价", "--body-file", body],
    );
    let id = made["id"].as_str().unwrap();
    let on_words = [
        "review",
        "comment",
        id,
        "--body",
        "省多少？",
        "--quote",
        "按年",
    ];
    let comment = place.ok("one", &on_words);
    let comment = comment.as_str().unwrap();
    let shown = place.ok("one", &["review", "show", id]);
    assert_eq!(shown["comments"][0]["quote"], "按年");
    assert_eq!(shown["comments"][0]["passage"]["from"], 7);
    place.ok("one", &["review", "resolve", id, comment]);
    let shown = place.ok("one", &["review", "show", id]);
    assert_eq!(shown["comments"][0]["is_resolved"], true);
    for wrong in [
        &[
            "review",
            "comment",
            id,
            "--body",
            "无",
            "--quote",
            "没有的字",
        ][..],
        &["review", "decide", id, "changes"],
        &["review", "request", id, "--reviewer", "无人"],
        &["review", "check", id, "0", "fine"],
    ] {
        assert_eq!(place.cli("one", wrong).status.code(), Some(2), "{wrong:?}");
    }
}

#[test]
fn versions_are_listed_named_compared_and_restored() {
    let place = Place::new();
    new_profile(&place, "one");
    let body = place.file("body.md", "九折。\n");
    let body = body.to_str().unwrap();
    let made = place.ok(
        "one",
        &["draft", "new", "--title", "定价", "--body-file", body],
    );
    let id = made["id"].as_str().unwrap();
    let named = place.ok("one", &["draft", "version", "name", id, "一审稿"]);
    let (state, version) = (
        named["text_at"].as_str().unwrap(),
        named["id"].as_str().unwrap(),
    );
    let later = place.file("later.md", "八折。\n");
    place.ok(
        "one",
        &["draft", "edit", id, "--body-file", later.to_str().unwrap()],
    );
    let compared = place.ok("one", &["draft", "version", "compare", id, state]);
    assert_eq!(compared["rows"][0]["old"][0]["text"], "九");
    let shown = place.ok("one", &["draft", "version", "show", id, state]);
    assert_eq!(shown["markdown"], "九折。\n");
    place.ok("one", &["draft", "version", "restore", id, state]);
    assert_eq!(
        place.ok("one", &["draft", "show", id])["markdown"],
        "九折。\n"
    );
    place.ok("one", &["undo"]);
    assert_eq!(
        place.ok("one", &["draft", "show", id])["markdown"],
        "八折。\n"
    );
    place.ok(
        "one",
        &["draft", "version", "rename", id, version, "--name", "终稿"],
    );
    let versions = place.ok("one", &["draft", "versions", id]);
    assert!(versions.to_string().contains("终稿"), "{versions}");
    place.ok("one", &["draft", "version", "drop", id, version]);
    let unknown = place.cli("one", &["draft", "version", "show", id, "no version"]);
    assert_eq!(unknown.status.code(), Some(2));
    let missing = place.cli(
        "one",
        &["draft", "version", "show", id, "AQLMzMzMzMzMzMwBAA=="],
    );
    assert_eq!(Place::refused(&missing), (1, "not_found".to_owned()));
}

#[test]
fn each_way_to_fail_has_its_exit_code() {
    let place = Place::new();
    let recovery = new_profile(&place, "p");
    let wrong = place.file("wrong", "ein anderes Passwort\n");
    let output = place.cli_with("p", &wrong, &["draft", "list"]);
    assert_eq!(Place::refused(&output), (3, "wrong_passphrase".to_owned()));
    let output = place.cli("empty", &["draft", "list"]);
    assert_eq!(Place::refused(&output), (2, "invalid_input".to_owned()));
    let output = place.cli("p", &["profile", "new", "--name", "again"]);
    assert_eq!(Place::refused(&output), (2, "invalid_input".to_owned()));
    let unknown = "00000000-0000-7000-8000-000000000000";
    let output = place.cli("p", &["draft", "show", unknown]);
    assert_eq!(Place::refused(&output), (1, "not_found".to_owned()));
    let output = place.cli("p", &["sync"]);
    assert_eq!(Place::refused(&output), (5, "sign_in_again".to_owned()));
    let usage = place.cli("p", &["draft", "show", "not-an-id"]);
    assert_eq!(usage.status.code(), Some(2));
    std::fs::remove_file(place.path("p").join("studio.db")).unwrap();
    let output = place.cli("p", &["draft", "list"]);
    assert_eq!(Place::refused(&output), (6, "store_missing".to_owned()));
    assert_eq!(recovery.split('-').count(), 13);
}

#[test]
fn the_recovery_key_opens_without_a_passphrase() {
    let place = Place::new();
    let recovery = new_profile(&place, "p");
    let file = place.file("recovery", &recovery.to_lowercase());
    let unlock = [
        "profile",
        "unlock",
        "--recovery-file",
        file.to_str().unwrap(),
    ];
    let info = place.ok("p", &unlock);
    assert_eq!(info["stage"]["is"], "open");
    assert_eq!(info["profile"]["name"], "知行社");
}

#[test]
fn people_read_lines_in_their_language() {
    let place = Place::new();
    new_profile(&place, "p");
    place.ok("p", &["draft", "new"]);
    let output = Command::new(env!("CARGO_BIN_EXE_stoa-cli"))
        .args(["--no-keychain", "--language", "zh-CN", "--profile"])
        .arg(place.path("p"))
        .args(["draft", "list"])
        .env("STOA_PASSPHRASE_FILE", place.path("passphrase"))
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains("已存本机") && text.contains("未命名"),
        "{text}"
    );
}

/// A server with one editor.
fn server(dir: &Path) -> (Runtime, RunningServer) {
    server_with(dir, |_| {})
}

fn server_with(dir: &Path, change: impl FnOnce(&mut Config)) -> (Runtime, RunningServer) {
    let runtime = Runtime::new().unwrap();
    let clock = Arc::new(|| Timestamp::from_millis(1_790_000_000_000));
    let mut config = Config::new(dir, clock);
    config.rates = Rates::generous();
    change(&mut config);
    let server = runtime.block_on(async {
        create_community(&config, "知行社", "Asia/Shanghai")
            .await
            .unwrap();
        let user = NewUser {
            community: "知行社".to_owned(),
            email: "lin@example.com".to_owned(),
            role: Role::Editor,
            name: "林".to_owned(),
            password: Secret("correct horse battery".to_owned()),
        };
        create_user(&config, &user).await.unwrap();
        stoa_server::start(config).await.unwrap()
    });
    (runtime, server)
}

#[test]
fn two_profiles_meet_on_a_server() {
    let place = Place::new();
    let (runtime, server) = server(&place.path("server"));
    let url = server.url();
    let ca = place.file("ca.pem", server.ca_pem.as_ref().unwrap());
    let print = server.ca_fingerprint.as_deref().unwrap();
    let password = place.file("password", "correct horse battery\n");
    let password = password.to_str().unwrap();
    let base = [
        "sign-in",
        "--server",
        &url,
        "--email",
        "lin@example.com",
        "--password-file",
        password,
    ];
    let sign_in = |profile: &str, trust: &[&str]| {
        new_profile(&place, profile);
        place.cli(profile, &[&base[..], trust].concat())
    };
    let untrusted = sign_in("third", &[]);
    assert_eq!(
        Place::refused(&untrusted),
        (5, "untrusted_server".to_owned())
    );
    assert!(String::from_utf8_lossy(&untrusted.stderr).contains(print));
    assert!(
        sign_in("one", &["--ca", ca.to_str().unwrap()])
            .status
            .success()
    );
    assert!(sign_in("two", &["--trust", print]).status.success());
    place.ok("one", &["draft", "new", "--title", "两边都有"]);
    assert_eq!(place.ok("one", &["sync"])["connection"], "synced");
    assert_eq!(place.ok("two", &["sync"])["connection"], "synced");
    let list = place.ok("two", &["draft", "list"]);
    assert_eq!(list["drafts"][0]["title"], "两边都有");
    assert_eq!(list["drafts"][0]["saved"], "synced");
    runtime.block_on(server.stop());
    let output = place.cli("one", &["sync"]);
    assert_eq!(Place::refused(&output), (4, "offline".to_owned()));
}

#[test]
fn devices_are_listed_renamed_and_wiped() {
    let place = Place::new();
    let (_runtime, server) = server(&place.path("server"));
    let url = server.url();
    let print = server.ca_fingerprint.as_deref().unwrap();
    let password = place.file("password", "correct horse battery\n");
    let password = password.to_str().unwrap();
    let wrong = place.file("guess", "guessed wrongly\n");
    for profile in ["one", "two"] {
        new_profile(&place, profile);
        let email = ["--email", "lin@example.com", "--password-file", password];
        let to = ["sign-in", "--server", &url, "--trust", print];
        place.ok(profile, &[&to[..], &email[..]].concat());
    }
    place.ok("two", &["draft", "new", "--title", "没有发出的"]);
    let devices = place.ok("one", &["device", "list"]);
    assert_eq!(
        (&devices[0]["is_this"], &devices[1]["is_this"]),
        (&true.into(), &false.into())
    );
    let id = devices[1]["id"].as_str().unwrap();
    let renamed = place.ok("one", &["device", "rename", id, "--name", "丢了的"]);
    assert_eq!(renamed[1]["name"], "丢了的");
    let guess = ["--password-file", wrong.to_str().unwrap()];
    let output = place.cli(
        "one",
        &[&["device", "revoke", "--others"][..], &guess].concat(),
    );
    assert_eq!(Place::refused(&output), (5, "wrong_password".to_owned()));
    let output = place.cli("one", &["device", "revoke", "--password-file", password]);
    assert_eq!(output.status.code(), Some(2), "which one is to be said");
    let wiping = ["device", "wipe", id, "--password-file", password];
    assert_eq!(place.ok("one", &wiping)[1]["access"]["is"], "wipe_ordered");

    let output = place.cli("two", &["sync"]);
    assert_eq!(Place::refused(&output), (6, "wiped".to_owned()));
    let left: Vec<_> = std::fs::read_dir(place.path("two"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(left, ["wipe.toml"]);
    let output = place.cli("two", &["draft", "list"]);
    assert_eq!(Place::refused(&output), (6, "wiped".to_owned()));
    let devices = place.ok("one", &["device", "list"]);
    assert_eq!(devices[1]["access"]["is"], "wiped");
}

/// A new profile of the editor.
fn signed_in(place: &Place, profile: &str, server: &RunningServer) {
    new_profile(place, profile);
    sign_in(place, profile, server);
}

fn sign_in(place: &Place, profile: &str, server: &RunningServer) {
    let ca = place.file("ca.pem", server.ca_pem.as_ref().unwrap());
    let password = place.file("password", "correct horse battery\n");
    let url = server.url();
    let sign_in = [
        "sign-in",
        "--server",
        &url,
        "--email",
        "lin@example.com",
        "--password-file",
        password.to_str().unwrap(),
        "--ca",
        ca.to_str().unwrap(),
    ];
    place.ok(profile, &sign_in);
}

#[test]
fn a_file_the_server_has_no_room_for_ends_the_sync_and_is_named_and_the_rest_is_sent() {
    let place = Place::new();
    let (runtime, server) = server_with(&place.path("server"), |config| config.files_quota = 5_000);
    signed_in(&place, "one", &server);
    let file = |name: &str, n: usize| place.file(name, &name.repeat(n / name.len()));
    let (fits, large) = (file("fits.csv", 4_000), file("large.csv", 6_000));
    let draft = |title: &str, file: Option<&Path>| {
        let draft = place.ok("one", &["draft", "new", "--title", title]);
        let id = draft["id"].as_str().unwrap().to_owned();
        if let Some(file) = file {
            place.ok("one", &["attachment", "add", &id, file.to_str().unwrap()]);
        }
    };
    draft("附件太大", Some(&large));
    draft("附件正好", Some(&fits));
    draft("没有附件", None);
    let output = place.cli("one", &["sync"]);
    assert_eq!(Place::refused(&output), (5, "no_room".to_owned()));
    let error: Value = serde_json::from_slice(&output.stderr).unwrap();
    let not_sent = error["error"]["not_sent"].as_array().unwrap();
    assert_eq!(not_sent.len(), 1, "{error}");
    assert_eq!(
        (
            &not_sent[0]["name"],
            &not_sent[0]["title"],
            &not_sent[0]["trouble"]
        ),
        (
            &"large.csv".into(),
            &"附件太大".into(),
            &"over_quota".into()
        )
    );
    // The others are on the server; only what needs the file waits.
    let waiting = place.ok("one", &["outbox", "list"]);
    let waiting = waiting.as_array().unwrap();
    assert!(
        waiting
            .iter()
            .all(|change| change["text"]["title"] == "附件太大"),
        "{waiting:?}"
    );
    let files = place.ok("one", &["attachment", "list"]);
    let on_server = files.as_array().unwrap().iter();
    let on_server = on_server.filter(|file| file["is_on_server"] == true);
    assert_eq!(on_server.count(), 1);
    runtime.block_on(server.stop());
}

#[test]
fn what_is_kept_back_by_hand_is_not_waited_for() {
    let place = Place::new();
    let (runtime, server) = server(&place.path("server"));
    new_profile(&place, "one");
    place.ok("one", &["draft", "new", "--title", "先留着"]);
    let waiting = place.ok("one", &["outbox", "list"]);
    let lid = waiting[0]["lid"].to_string();
    place.ok("one", &["outbox", "hold", &lid]);
    sign_in(&place, "one", &server);
    let status = place.ok("one", &["sync"]);
    assert_eq!(
        (&status["connection"], &status["n_waiting"]),
        (&"synced".into(), &1.into())
    );
    runtime.block_on(server.stop());
}
