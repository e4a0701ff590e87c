//! A child process that ends with its handle.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use anyhow::{Context, Result};

/// A running program. Dropping it kills it and waits for its end.
pub struct Running {
    child: Child,
    name: String,
}

impl Running {
    /// Starts a program whose output does not matter.
    pub fn start(command: &mut Command) -> Result<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .with_context(|| format!("start {name}"))?;
        Ok(Self { child, name })
    }

    /// Starts a program and waits, at most a minute, for the first line of its output that
    /// `wanted` takes.
    pub fn start_until<T: Send + 'static>(
        command: &mut Command,
        wanted: impl Fn(&str) -> Option<T> + Send + 'static,
    ) -> Result<(Self, T)> {
        let name = command.get_program().to_string_lossy().into_owned();
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("start {name}"))?;
        let output = child.stdout.take().context("the output is piped")?;
        let (found, answer) = mpsc::channel();
        std::thread::spawn(move || {
            let mut lines = BufReader::new(output);
            let mut line = String::new();
            while lines.read_line(&mut line).is_ok_and(|n| n > 0) {
                if let Some(value) = wanted(&line)
                    && found.send(value).is_err()
                {
                    break;
                }
                line.clear();
            }
            let _ = lines.read_to_end(&mut Vec::new());
        });
        let running = Self { child, name };
        let value = answer
            .recv_timeout(Duration::from_secs(60))
            .with_context(|| format!("{} did not say that it is ready", running.name))?;
        Ok((running, value))
    }

    /// Takes over a process that was started elsewhere.
    pub fn adopt(child: Child, name: &str) -> Self {
        Self {
            child,
            name: name.to_owned(),
        }
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends what it started itself, without warning: a browser outlives its driver.
    pub fn kill_children(&self) {
        let threads = std::fs::read_dir(format!("/proc/{}/task", self.id()));
        for thread in threads.into_iter().flatten().flatten() {
            let children = std::fs::read_to_string(thread.path().join("children"));
            for child in children.unwrap_or_default().split_whitespace() {
                let _ = Command::new("kill").args(["-9", child]).status();
            }
        }
    }

    /// Ends it without warning, like a power cut for the process.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A loopback port that nobody listens on.
pub fn free_port() -> Result<u16> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?
        .local_addr()?
        .port())
}
