//! Debian's way to the wasm32 target: its compiler comes without a std for the
//! browser but with the source of one. The std is built once into the cache
//! folder and laid out there as a toolchain that rustup can link; nothing
//! under `/usr` is touched.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use super::wasm_target::{LINKED, TARGET};
use crate::{place::Place, step};

pub(crate) const PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld-22"];
/// Older ones refuse this workspace.
const OLDEST_MINOR: u32 = 95;
const RUSTC: &str = "/usr/bin/rustc";
const CARGO: &str = "/usr/bin/cargo";

/// Debian's compiler as installed.
pub(crate) struct Compiler {
    /// `rustc 1.96.0 (…)`, whole: a std fits only the compiler that built it.
    version: String,
    host: String,
    linker: PathBuf,
}

impl Compiler {
    /// The installed compiler, when all of its four parts are there.
    pub(crate) fn find() -> Option<Self> {
        let about = step::probe(Command::new(RUSTC).arg("-vV"))?;
        let version = about.lines().next()?.to_owned();
        let host = about.lines().find_map(|line| line.strip_prefix("host: "))?;
        let source = Path::new("/usr/lib/rustlib/src/rust/library/Cargo.lock");
        let complete = Path::new(CARGO).is_file() && source.is_file() && is_new_enough(&version);
        complete.then_some(())?;
        Some(Self {
            host: host.to_owned(),
            linker: linker(Path::new("/usr/bin"))?,
            version,
        })
    }

    /// Whether the cache holds a std that this very compiler built.
    pub(crate) fn std_is_built(&self, place: &Place) -> bool {
        let home = home(place);
        let built_by = fs::read_to_string(home.join("built-by")).unwrap_or_default();
        built_by == self.version && has_libraries(&libraries(&home))
    }
}

/// Builds the std and lays the toolchain out; the last thing written is the
/// version, so that an interrupted build is not mistaken for a finished one.
pub(crate) fn build(place: &Place) -> Result<()> {
    let compiler = Compiler::find().context("Debian's compiler has gone")?;
    let home = home(place);
    let work = place.cache.join("wasm-std-build");
    clear(&home)?;
    clear(&work)?;
    write_empty_crate(&work)?;
    step::run(
        "Building the library for the browser from Debian's source (once, about two minutes)",
        &mut build_command(&work),
    )?;
    lay_out(&home, &compiler)?;
    copy_libraries(&work, &libraries(&home))?;
    fs::write(home.join("built-by"), &compiler.version)?;
    clear(&work)
}

/// Makes the toolchain known to rustup as [`LINKED`].
pub(crate) fn link(place: &Place) -> Result<()> {
    let mut command = Command::new("rustup");
    command.args(["toolchain", "link", LINKED]).arg(home(place));
    step::run_quietly("Linking it as the toolchain `stoa-wasm`", &mut command)
}

/// Whether rustup's [`LINKED`] is the toolchain in our cache.
pub(crate) fn is_linked(place: &Place) -> bool {
    let mut command = Command::new("rustup");
    let sysroot = step::probe(command.args(["run", LINKED, "rustc", "--print", "sysroot"]));
    sysroot.is_some_and(|sysroot| Path::new(&sysroot) == home(place))
}

/// Whether a folder of target libraries holds a std.
pub(crate) fn has_libraries(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|files| {
        files.flatten().any(|file| {
            let name = file.file_name().to_string_lossy().into_owned();
            name.starts_with("libstd-") && name.ends_with(".rlib")
        })
    })
}

fn home(place: &Place) -> PathBuf {
    place.cache.join("wasm-toolchain")
}

fn libraries(home: &Path) -> PathBuf {
    home.join("lib/rustlib").join(TARGET).join("lib")
}

fn write_empty_crate(folder: &Path) -> Result<()> {
    const MANIFEST: &str = "[package]\nname = \"empty\"\nedition = \"2024\"\n\n[workspace]\n\n\
        [profile.release]\npanic = \"abort\"\n";
    fs::create_dir_all(folder.join("src"))?;
    fs::write(folder.join("Cargo.toml"), MANIFEST)?;
    fs::write(folder.join("src/lib.rs"), "#![no_std]\n")?;
    Ok(())
}

fn build_command(work: &Path) -> Command {
    let mut command = step::command(CARGO, work);
    command
        .args(["build", "--release", "-Z", "build-std=std,panic_abort"])
        .args(["--target", TARGET, "--target-dir"])
        .arg(work.join("target"))
        .env("RUSTC", RUSTC)
        .env("RUSTC_BOOTSTRAP", "1")
        // Without it, optimising across crates fails: "can't find section .llvmbc".
        .env("RUSTFLAGS", "-C embed-bitcode=yes")
        .env_remove("RUSTUP_TOOLCHAIN");
    command
}

/// The shape rustup and rustc expect: programs, the host's libraries by link,
/// the linker under the name rustc looks for.
fn lay_out(home: &Path, compiler: &Compiler) -> Result<()> {
    let host = home.join("lib/rustlib").join(&compiler.host);
    let system_host = Path::new("/usr/lib/rustlib").join(&compiler.host);
    fs::create_dir_all(home.join("bin"))?;
    fs::create_dir_all(host.join("bin"))?;
    fs::create_dir_all(libraries(home))?;
    link_to(&system_host.join("lib"), &host.join("lib"))?;
    link_to(&compiler.linker, &host.join("bin/rust-lld"))?;
    link_to(Path::new(CARGO), &home.join("bin/cargo"))?;
    let rustc = home.join("bin/rustc");
    fs::write(&rustc, wrapper(home))?;
    make_executable(&rustc)
}

#[cfg(unix)]
fn link_to(original: &Path, link: &Path) -> Result<()> {
    Ok(std::os::unix::fs::symlink(original, link)?)
}

#[cfg(not(unix))]
fn link_to(original: &Path, _link: &Path) -> Result<()> {
    bail!("{} is Debian's, and this is not Debian", original.display())
}

#[cfg(unix)]
fn make_executable(file: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    Ok(fs::set_permissions(
        file,
        fs::Permissions::from_mode(0o755),
    )?)
}

#[cfg(not(unix))]
fn make_executable(_file: &Path) -> Result<()> {
    Ok(())
}

/// Debian's compiler, told to look for libraries in `home`.
fn wrapper(home: &Path) -> String {
    let sysroot = home.to_string_lossy().replace('\'', r"'\''");
    format!("#!/bin/sh\nexec {RUSTC} --sysroot '{sysroot}' \"$@\"\n")
}

/// Takes over every built library but the empty crate's own.
fn copy_libraries(work: &Path, to: &Path) -> Result<()> {
    let from = work.join("target").join(TARGET).join("release/deps");
    for file in fs::read_dir(&from).with_context(|| format!("no {}", from.display()))? {
        let file = file?;
        let name = file.file_name().to_string_lossy().into_owned();
        if name.ends_with(".rlib") && !name.starts_with("libempty-") {
            fs::write(to.join(&name), fs::read(file.path())?)?;
        }
    }
    if has_libraries(to) {
        return Ok(());
    }
    bail!("the build ended well but left no std in {}", from.display())
}

fn clear(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", folder.display()))
        }
        _ => Ok(()),
    }
}

fn is_new_enough(version: &str) -> bool {
    let number = version.split_whitespace().nth(1).unwrap_or_default();
    let mut parts = number.split('.').map(str::parse::<u32>);
    match (parts.next(), parts.next()) {
        (Some(Ok(1)), Some(Ok(minor))) => minor >= OLDEST_MINOR,
        (Some(Ok(major)), _) => major > 1,
        _ => false,
    }
}

/// The newest `wasm-ld-N` in `folder`.
fn linker(folder: &Path) -> Option<PathBuf> {
    let files = fs::read_dir(folder).ok()?.flatten();
    let numbered = files.filter_map(|file| {
        let name = file.file_name().to_string_lossy().into_owned();
        let number: u32 = name.strip_prefix("wasm-ld-")?.parse().ok()?;
        Some((number, file.path()))
    });
    numbered.max().map(|(_, path)| path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_compiler_does_not_count() {
        assert!(is_new_enough("rustc 1.96.0 (ac68faa20 2026-05-25)"));
        assert!(is_new_enough("rustc 2.0.0"));
        assert!(!is_new_enough("rustc 1.63.0"));
        assert!(!is_new_enough("gibberish"));
    }

    #[test]
    fn the_newest_linker_wins() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["wasm-ld-9", "wasm-ld-22", "wasm-ld-14", "wasm-ld"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        let found = linker(folder.path()).unwrap();
        assert_eq!(found, folder.path().join("wasm-ld-22"));
    }

    #[test]
    fn only_the_libraries_are_taken_over() {
        let work = tempfile::tempdir().unwrap();
        let deps = work.path().join("target").join(TARGET).join("release/deps");
        fs::create_dir_all(&deps).unwrap();
        for name in [
            "libstd-1.rlib",
            "libcore-2.rlib",
            "libempty-3.rlib",
            "std-1.d",
        ] {
            fs::write(deps.join(name), "").unwrap();
        }
        let to = tempfile::tempdir().unwrap();
        copy_libraries(work.path(), to.path()).unwrap();
        assert!(to.path().join("libcore-2.rlib").is_file());
        assert!(!to.path().join("libempty-3.rlib").exists());
        assert!(!to.path().join("std-1.d").exists());
    }

    #[test]
    fn a_build_that_left_nothing_is_an_error() {
        let work = tempfile::tempdir().unwrap();
        let deps = work.path().join("target").join(TARGET).join("release/deps");
        fs::create_dir_all(deps).unwrap();
        let to = tempfile::tempdir().unwrap();
        assert!(copy_libraries(work.path(), to.path()).is_err());
    }

    #[test]
    fn the_wrapper_survives_an_apostrophe_in_the_path() {
        let text = wrapper(Path::new("/home/o'neil/x"));
        assert!(text.contains(r"--sysroot '/home/o'\''neil/x'"), "{text}");
    }
}
