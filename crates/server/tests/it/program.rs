//! The program itself: arguments in, one line out, exit codes.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;

use serde_json::Value;
use stoa_domain::Timestamp;
use stoa_server::test_support::FakeS3;

fn program(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stoa-server"));
    command.env_clear().env("STOA_SERVER_DATA", data);
    command
}

fn run(data: &Path, arguments: &[&str], input: &str) -> Output {
    let mut child = program(data)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    child.wait_with_output().unwrap()
}

fn json(output: &Output) -> Value {
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

fn serve(data: &Path) -> (Child, Value) {
    let mut child = program(data)
        .args(["serve", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap())
        .read_line(&mut line)
        .unwrap();
    let line = serde_json::from_str(&line).unwrap();
    (child, line)
}

#[tokio::test(flavor = "multi_thread")]
async fn check_says_what_is_wrong_with_a_bucket_in_a_line_without_secrets() {
    let folder = tempfile::tempdir().unwrap();
    // Its clock stands where the program's does not.
    let fake = FakeS3::start(Arc::new(|| Timestamp::from_millis(0))).await;
    let media = format!("s3://{}/x?endpoint={}", fake.bucket(), fake.url());
    let findings = |media: &str, keys: &[(&str, &str)]| {
        let output = program(folder.path())
            .args(["check", "--listen", "127.0.0.1:0", "--media", media])
            .envs(keys.iter().copied())
            .output()
            .unwrap();
        assert!(!output.status.success());
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert!(
            said.lines().count() == 1 && !said.contains("geheim"),
            "{said}"
        );
        said
    };
    let keys = [
        ("AWS_ACCESS_KEY_ID", fake.key()),
        ("AWS_SECRET_ACCESS_KEY", "geheim-geheim"),
    ];
    assert!(findings("s3://x", &[]).contains("is not the address of a bucket"));
    assert!(findings("s3://media", &[]).contains("the region has to be named"));
    assert!(findings(&media, &[]).contains("AWS_ACCESS_KEY_ID"));
    assert!(findings(&media, &keys).contains("the clock of this machine is wrong"));
    let url = fake.url().to_owned();
    fake.stop().await;
    let said = findings(&media, &keys);
    assert!(
        said.contains(&format!(
            "s3://stoa-media/x/ at {url}/ cannot be used: it cannot be reached"
        )),
        "{said}"
    );
    assert!(!folder.path().join(".check-media").exists());
}

#[test]
fn the_keys_of_a_bucket_come_from_the_settings_file_and_never_out_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("stoa.toml");
    let arguments = ["check", "--config", file.to_str().unwrap()];
    let settings = "listen = \"127.0.0.1:0\"\nmedia = \"s3://media?endpoint=http://127.0.0.1:1\"\n";
    let keys = "media_key = \"AKIA\"\nmedia_secret = \"geheim\"\n";
    std::fs::write(&file, format!("{settings}{keys}")).unwrap();
    let said = String::from_utf8(run(folder.path(), &arguments, "").stdout).unwrap();
    assert!(
        said.contains("it cannot be reached") && !said.contains("geheim"),
        "{said}"
    );
    std::fs::write(&file, format!("{settings}media_secret = geheim\n")).unwrap();
    let said = String::from_utf8(run(folder.path(), &arguments, "").stderr).unwrap();
    assert!(
        said.contains("line 3") && !said.contains("geheim"),
        "{said}"
    );
    let output = run(folder.path(), &["check", "--media-secret", "geheim"], "");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_backup_says_where_the_attachments_stay() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("server");
    json(&run(
        &data,
        &["admin", "create-community", "--name", "x"],
        "",
    ));
    let file = folder.path().join("copy.sqlite");
    let media = "s3://media/team?region=eu-central-1";
    let arguments = ["backup", "--media", media, "--to", file.to_str().unwrap()];
    let said = json(&run(&data, &arguments, ""))["attachments"].to_string();
    assert!(
        said.contains("not in the backup") && said.contains("s3://media/team/"),
        "{said}"
    );
    let arguments = ["restore", "--from", file.to_str().unwrap()];
    let said = json(&run(&data, &arguments, ""))["attachments"].to_string();
    let blobs = data.join("blobs").display().to_string();
    assert!(
        said.contains("not touched") && said.contains(&blobs),
        "{said}"
    );
}

#[test]
fn a_server_is_set_up_and_served_from_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("server");
    let check = run(&data, &["check", "--listen", "127.0.0.1:0"], "");
    assert!(!check.status.success());
    let findings: Value = serde_json::from_slice(&check.stdout).unwrap();
    assert!(
        findings["findings"][0]
            .as_str()
            .unwrap()
            .contains("is not there")
    );

    let made = json(&run(
        &data,
        &["admin", "create-community", "--name", "知行社"],
        "",
    ));
    let arguments = [
        "admin",
        "create-user",
        "--community",
        "知行社",
        "--email",
        "lin@example.com",
        "--role",
        "owner",
        "--name",
        "林",
        "--password-stdin",
    ];
    let user = json(&run(&data, &arguments, "correct horse battery\n"));
    assert_eq!(user["community"], made["community"]);
    let again = run(&data, &arguments, "correct horse battery\n");
    assert!(String::from_utf8_lossy(&again.stderr).contains("email: there is an account"));
    assert_eq!(
        json(&run(&data, &["check", "--listen", "127.0.0.1:0"], ""))["ok"],
        true
    );

    let (mut child, line) = serve(&data);
    assert!(
        line["listening"]
            .as_str()
            .unwrap()
            .starts_with("https://127.0.0.1:")
    );
    let fingerprint = line["ca_sha256"].as_str().unwrap();
    assert_eq!(fingerprint.split(' ').count(), 16);
    let stop = Command::new("kill")
        .arg(child.id().to_string())
        .status()
        .unwrap();
    assert!(stop.success());
    assert!(child.wait().unwrap().success());
    let (mut child, second) = serve(&data);
    assert_eq!(
        second["ca_sha256"], line["ca_sha256"],
        "the authority stays the same"
    );
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn keys_are_closed_to_others() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("server");
    let (mut child, _) = serve(&data);
    child.kill().unwrap();
    child.wait().unwrap();
    let mode = |name: &str| {
        std::fs::metadata(data.join(name))
            .unwrap()
            .permissions()
            .mode()
            & 0o777
    };
    assert_eq!(
        (
            mode(""),
            mode("tls"),
            mode("tls/ca.key"),
            mode("tls/server.key")
        ),
        (0o700, 0o700, 0o600, 0o600)
    );
    std::fs::set_permissions(
        data.join("tls/ca.key"),
        std::fs::Permissions::from_mode(0o644),
    )
    .unwrap();
    let check = run(&data, &["check", "--listen", "127.0.0.1:0"], "");
    let said = String::from_utf8_lossy(&check.stdout).into_owned();
    assert!(said.contains("chmod 600"), "{said}");
}

#[test]
fn wrong_arguments_end_with_two_and_a_password_is_never_one() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), &["serve", "--nonsense"], "");
    assert_eq!(output.status.code(), Some(2));
    let output = run(
        folder.path(),
        &[
            "admin",
            "reset-password",
            "--email",
            "x@y",
            "--password",
            "z",
        ],
        "",
    );
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_settings_file_is_read_and_checked() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("stoa.toml");
    std::fs::write(&file, "listen = \"127.0.0.1:0\"\nlisten_on = 1\n").unwrap();
    let arguments = ["check", "--config", file.to_str().unwrap()];
    let output = run(folder.path(), &arguments, "");
    assert!(String::from_utf8_lossy(&output.stderr).contains("listen_on"));
    std::fs::write(&file, "listen = \"192.0.2.1:1\"\nbehind_proxy = true\n").unwrap();
    let output = run(folder.path(), &arguments, "");
    assert!(String::from_utf8_lossy(&output.stdout).contains("only listens on this machine"));
}

#[test]
fn a_database_of_a_newer_program_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("server");
    json(&run(
        &data,
        &["admin", "create-community", "--name", "x"],
        "",
    ));
    let connection = rusqlite::Connection::open(data.join("stoa.sqlite")).unwrap();
    connection
        .execute("insert into schema_migration values (999, 'later', 0)", [])
        .unwrap();
    let output = run(&data, &["admin", "create-community", "--name", "y"], "");
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("version 999"));
}

#[test]
fn the_demo_prints_whom_to_sign_in_as_once() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("server");
    let arguments = ["seed-demo", "--members", "3", "--drafts", "2"];
    let first = json(&run(&data, &arguments, ""));
    assert_eq!(first["email"], "demo@stoa.example");
    assert!(first["password"].as_str().unwrap().len() >= 40);
    let second = json(&run(&data, &arguments, ""));
    assert_eq!(second["community"], first["community"]);
    assert_eq!(second["password"], Value::Null);
}
