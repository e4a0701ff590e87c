//! Building the recorder, starting programs with it, and steering it from inside.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

const SOURCE: &str = include_str!("disk.c");

/// The built recorder; `None` where there is no C compiler.
pub(crate) fn library() -> Option<&'static Path> {
    static BUILT: OnceLock<Option<PathBuf>> = OnceLock::new();
    BUILT.get_or_init(build).as_deref()
}

fn build() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let hash = blake3::hash(SOURCE.as_bytes()).to_hex();
    let built = folder.join(format!("faults-{}.so", &hash[..16]));
    if built.exists() {
        return Some(built);
    }
    let scratch = tempfile::tempdir_in(folder).unwrap();
    let source = scratch.path().join("disk.c");
    std::fs::write(&source, SOURCE).unwrap();
    let library = scratch.path().join("disk.so");
    let status = Command::new("cc")
        .args(["-O1", "-shared", "-fPIC", "-o"])
        .args([&library, &source])
        .arg("-ldl")
        .status();
    match status {
        Ok(status) => assert!(status.success(), "the recorder does not compile"),
        Err(_) => {
            println!("there is no C compiler: nothing was tested");
            return None;
        }
    }
    std::fs::rename(&library, &built).unwrap();
    Some(built)
}

/// This test program again, to run one of its tests with the recorder on a folder.
pub(crate) fn again(test: &str, root: &Path) -> Option<Command> {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env("LD_PRELOAD", library()?)
        .env("STOA_FAULTS_ROOT", root);
    Some(command)
}

/// Which calls fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    Change,
    /// A write takes only a part.
    Short,
}

/// How often they fail, beginning with the n-th.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Often {
    Once,
    Ever,
    /// Every n-th.
    Each,
}

pub(crate) const EINTR: i32 = 4;
pub(crate) const EIO: i32 = 5;
pub(crate) const ENOSPC: i32 = 28;

/// From the n-th such call on, the disk of this process fails.
pub(crate) fn arm(what: What, errno: i32, n: usize, often: Often) {
    let what = format!("{what:?}").to_lowercase();
    let often = format!("{often:?}").to_lowercase();
    steer(&format!("arm/{what}/{errno}/{n}/{often}")).unwrap();
}

/// The disk is well again; whether anything failed since.
pub(crate) fn disarm() -> bool {
    match steer("disarm") {
        Ok(()) => true,
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        Err(error) => panic!("{error}"),
    }
}

/// Puts a line into the diary: this much is done.
pub(crate) fn note(n_done: usize) {
    // Without the recorder there is no such file, and nobody to tell.
    let _ = steer(&format!("note/{n_done}"));
}

fn steer(order: &str) -> io::Result<()> {
    std::fs::remove_file(format!("/stoa-faults/{order}"))
}
