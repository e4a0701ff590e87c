//! Programs that run beside us and are stopped, by their process id, when we
//! end: at the end of the command, after an error, and on Ctrl-C.

use std::{
    fs::File,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use crate::step;

/// Time for an orderly end before it is ended.
const PATIENCE: Duration = Duration::from_secs(5);
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// A running program that does not outlive this value.
pub(crate) struct Running {
    name: String,
    child: Child,
}

impl Running {
    /// Starts `command` in a process group of its own, so that Ctrl-C reaches
    /// only us and the order of stopping is ours.
    pub(crate) fn start(name: &str, command: &mut Command) -> Result<Self> {
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        let child = command
            .stdin(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start `{}`", step::line(command)))?;
        Ok(Self {
            name: name.to_owned(),
            child,
        })
    }

    /// Starts `command`, keeping all it prints in `log`, and waits until
    /// `wanted` finds what it looks for in a printed line.
    pub(crate) fn start_until<T: Send + 'static>(
        name: &str,
        command: &mut Command,
        log: &Path,
        wanted: fn(&str) -> Option<T>,
    ) -> Result<(Self, T)> {
        let file = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
        command.stdout(Stdio::piped()).stderr(file.try_clone()?);
        let mut running = Self::start(name, command)?;
        let stdout = running
            .child
            .stdout
            .take()
            .context("stdout was asked for")?;
        let (found, finding) = mpsc::channel();
        thread::spawn(move || {
            let mut file = file;
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                writeln!(file, "{line}").ok();
                if let Some(value) = wanted(&line) {
                    found.send(value).ok();
                }
            }
        });
        let value = running.wait_for(&finding, log)?;
        Ok((running, value))
    }

    /// Whether it has ended by itself.
    pub(crate) fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    fn wait_for<T>(&mut self, finding: &Receiver<T>, log: &Path) -> Result<T> {
        const LIMIT: Duration = Duration::from_secs(60);
        let started = Instant::now();
        let name = self.name.clone();
        loop {
            if let Ok(value) = finding.recv_timeout(LOOK_EVERY) {
                return Ok(value);
            }
            if let Some(status) = self.ended()? {
                bail!(
                    "{name} ended with {status}; its words are in {}",
                    log.display()
                );
            }
            if started.elapsed() > LIMIT {
                bail!(
                    "{name} does not get ready; its words are in {}",
                    log.display()
                );
            }
        }
    }

    fn stop(&mut self) {
        if matches!(self.ended(), Ok(Some(_))) {
            return;
        }
        ask_to_end(self.child.id());
        let started = Instant::now();
        while started.elapsed() < PATIENCE {
            if matches!(self.ended(), Ok(Some(_))) {
                return;
            }
            thread::sleep(LOOK_EVERY);
        }
        // It is ended below whatever these two answer.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop();
    }
}

#[cfg(unix)]
fn ask_to_end(id: u32) {
    let id = id.to_string();
    Command::new("kill").args(["-TERM", &id]).status().ok();
}

#[cfg(not(unix))]
fn ask_to_end(_id: u32) {}

/// Hears Ctrl-C and the system's wish that we end.
pub(crate) struct Interrupts {
    heard: Receiver<()>,
}

impl Interrupts {
    pub(crate) fn listen() -> Result<Self> {
        let (tell, heard) = mpsc::channel();
        ctrlc::set_handler(move || {
            tell.send(()).ok();
        })?;
        Ok(Self { heard })
    }

    /// Waits until one of `running` has ended by itself, and tells which and
    /// how; `None` when we are to end.
    pub(crate) fn wait(&self, running: &mut [Running]) -> Result<Option<(usize, ExitStatus)>> {
        loop {
            if self.heard.recv_timeout(LOOK_EVERY).is_ok() {
                return Ok(None);
            }
            for (index, program) in running.iter_mut().enumerate() {
                if let Some(status) = program.ended()? {
                    return Ok(Some((index, status)));
                }
            }
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    fn is_alive(id: u32) -> bool {
        let check = shell(&format!("kill -0 {id}"))
            .stderr(Stdio::null())
            .status();
        check.is_ok_and(|status| status.success())
    }

    #[test]
    fn a_program_does_not_outlive_its_owner() {
        let running = Running::start("sleep", Command::new("sleep").arg("60")).unwrap();
        let id = running.child.id();
        assert!(is_alive(id));
        drop(running);
        assert!(!is_alive(id));
    }

    #[test]
    fn what_it_says_is_waited_for_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let mut command = shell("echo starting; echo listening on 4711; exec sleep 60");
        let port = |line: &str| line.strip_prefix("listening on ").map(str::to_owned);
        let (_running, port) = Running::start_until("server", &mut command, &log, port).unwrap();
        assert_eq!(port, "4711");
        let kept = std::fs::read_to_string(&log).unwrap();
        assert!(kept.starts_with("starting\n"), "{kept}");
    }

    #[test]
    fn a_program_that_ends_at_once_is_reported_with_its_log() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let never = |_: &str| None::<String>;
        let result = Running::start_until("server", &mut shell("exit 3"), &log, never);
        let error = result.err().unwrap().to_string();
        assert!(
            error.contains("server ended") && error.contains("log"),
            "{error}"
        );
    }
}
