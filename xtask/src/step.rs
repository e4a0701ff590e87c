//! Running one outside command at a time: say what, run it, and when it fails
//! end with the line to type.

use std::{
    io::Read,
    path::Path,
    process::{Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, anyhow, bail};

/// Says what is going on, on a line of its own.
pub(crate) fn say(what: &str) {
    eprintln!("• {what}");
}

/// Announces and runs `command` with the terminal as its own.
pub(crate) fn run(what: &str, command: &mut Command) -> Result<()> {
    say(what);
    let status = command
        .status()
        .with_context(|| format!("cannot start `{}`", program(command)))?;
    if status.success() {
        return Ok(());
    }
    Err(failed(what, command))
}

/// Announces and runs `command`; its output is shown only when it fails.
pub(crate) fn run_quietly(what: &str, command: &mut Command) -> Result<()> {
    say(what);
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start `{}`", program(command)))?;
    if output.status.success() {
        return Ok(());
    }
    show(&output);
    Err(failed(what, command))
}

/// What `command` prints, trimmed; `None` when it is missing or fails.
pub(crate) fn probe(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    output.status.success().then_some(text)
}

/// Runs `command` for at most `limit`, then stops it.
pub(crate) fn run_within(what: &str, command: &mut Command, limit: Duration) -> Result<()> {
    say(what);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start `{}`", program(command)))?;
    let mut stderr = child.stderr.take().context("stderr was asked for")?;
    let reader = thread::spawn(move || {
        let mut text = String::new();
        stderr.read_to_string(&mut text).map(|_| text)
    });
    let started = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if started.elapsed() > limit {
            child.kill()?;
            child.wait()?;
            bail!("{what}: no answer within {} s", limit.as_secs());
        }
        thread::sleep(Duration::from_millis(50));
    };
    if status.success() {
        return Ok(());
    }
    let said = reader
        .join()
        .map_err(|_| anyhow!("reading the output failed"))??;
    let last = said.lines().rev().find(|line| !line.trim().is_empty());
    bail!("{what}: {}", last.unwrap_or("it failed without a word"))
}

/// The error every failing step ends with: what failed and the line to type.
pub(crate) fn failed(what: &str, command: &Command) -> anyhow::Error {
    anyhow!(
        "{what} failed; to see it alone, type\n\n    {}\n",
        line(command)
    )
}

/// `command` as one would type it.
pub(crate) fn line(command: &Command) -> String {
    let folder = command
        .get_current_dir()
        .filter(|folder| std::env::current_dir().ok().as_deref() != Some(*folder))
        .map(|folder| format!("cd {} && ", quoted(&folder.to_string_lossy())));
    let variables = command.get_envs().filter_map(|(name, value)| {
        let value = quoted(&value?.to_string_lossy());
        Some(format!("{}={value}", name.to_string_lossy()))
    });
    let words = std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| quoted(&word.to_string_lossy()));
    let typed: Vec<String> = variables.chain(words).collect();
    folder.unwrap_or_default() + &typed.join(" ")
}

/// A command in `folder` without what cargo told this program about itself:
/// an inner cargo would take it for its own and build everything anew.
pub(crate) fn command(program: impl AsRef<std::ffi::OsStr>, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder);
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        if is_cargos_own(&name) {
            command.env_remove(name);
        }
    }
    command
}

fn is_cargos_own(name: &str) -> bool {
    name.starts_with("CARGO_PKG_")
        || name.starts_with("CARGO_MANIFEST_")
        || matches!(
            name,
            "CARGO" | "CARGO_PRIMARY_PACKAGE" | "LD_LIBRARY_PATH" | "DYLD_FALLBACK_LIBRARY_PATH"
        )
}

fn program(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}

fn show(output: &Output) {
    eprint!("{}", String::from_utf8_lossy(&output.stdout));
    eprint!("{}", String::from_utf8_lossy(&output.stderr));
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@,+%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_to_type_can_be_pasted_into_a_shell() {
        let mut command = Command::new("cargo");
        command.args(["test", "--", "it's here"]).env("A_B", "x y");
        assert_eq!(line(&command), r"A_B='x y' cargo test -- 'it'\''s here'");
    }

    #[test]
    fn a_failing_step_names_the_line_to_type() {
        let mut command = Command::new("false");
        let error = run("Failing on purpose", &mut command).unwrap_err();
        assert!(error.to_string().contains("    false\n"), "{error}");
    }

    #[test]
    fn a_missing_program_is_named() {
        let error = run("Nothing", &mut Command::new("no-such-program")).unwrap_err();
        assert!(error.to_string().contains("no-such-program"), "{error}");
    }

    #[test]
    #[cfg(unix)]
    fn a_step_without_an_answer_is_stopped() {
        let mut command = Command::new("sleep");
        command.arg("60");
        let limit = Duration::from_millis(100);
        let error = run_within("Waiting", &mut command, limit).unwrap_err();
        assert!(error.to_string().contains("no answer"), "{error}");
    }

    #[test]
    fn what_cargo_says_about_xtask_is_not_passed_on() {
        assert!(is_cargos_own("CARGO_PKG_NAME"));
        assert!(!is_cargos_own("CARGO_TARGET_DIR"));
        assert!(!is_cargos_own("CARGO_HOME"));
    }
}
