//! `cargo xtask dist`: installable packages of the studio for this system, by
//! the Tauri bundler at a locked version, and the backend beside them.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use crate::{
    args::Args,
    place::Place,
    progress,
    setup::{self, Purpose},
    step, ui,
};

pub(crate) fn command(place: &Place, mut args: Args) -> Result<()> {
    let appimage = args.flag("--appimage");
    args.end()?;
    setup::packages(Purpose::Build)?;
    ui::build(place, true)?;
    let tools = place.root.join("xtask/tauri-cli");
    ui::install_packages("Fetching the Tauri bundler", &tools)?;
    build(place)?;
    let mut tauri = step::command(setup::program("node"), &place.root);
    tauri
        .arg(tools.join("node_modules/@tauri-apps/cli/tauri.js"))
        .args(["bundle", "--bundles", &kinds(appimage)])
        // The bundler looks for the program where cargo puts it.
        .env("CARGO_TARGET_DIR", &place.target);
    step::run("Packaging", &mut tauri)?;
    archive_backend(place)?;
    report(place)
}

/// The backend and the terminal program, which need no installer.
fn archive_backend(place: &Place) -> Result<()> {
    let folder = place.target.join("release/bundle/server");
    fs::create_dir_all(&folder)?;
    let name = format!(
        "stoa-server_{}_{}-{}.tar.gz",
        env!("CARGO_PKG_VERSION"),
        env::consts::OS,
        env::consts::ARCH
    );
    let mut tar = step::command("tar", &place.binaries(true));
    tar.arg("-czf").arg(folder.join(name));
    for program in ["stoa-server", "stoa-cli"] {
        tar.arg(format!("{program}{}", env::consts::EXE_SUFFIX));
    }
    step::run("Packing the backend", &mut tar)
}

/// The studio as the bundler expects it, and the two programs without a window. All at once: what
/// they share would be compiled twice otherwise.
fn build(place: &Place) -> Result<()> {
    let mut cargo = step::command("cargo", &place.root);
    cargo.args(["build", "--release", "--package", "stoa"]);
    cargo.args(["--package", "stoa-server", "--package", "stoa-cli"]);
    cargo.args(["--features", "stoa/custom-protocol"]);
    progress::cargo("Building the programs", "dist", place, &mut cargo)
}

/// What can be packaged on this system. An AppImage needs a tool that its
/// bundler fetches, so it is made only when asked for.
fn kinds(appimage: bool) -> String {
    let kinds = if cfg!(target_os = "macos") {
        "app,dmg"
    } else if cfg!(target_os = "windows") {
        "msi,nsis"
    } else if appimage {
        "deb,rpm,appimage"
    } else {
        "deb,rpm"
    };
    kinds.to_owned()
}

fn report(place: &Place) -> Result<()> {
    let folder = place.target.join("release/bundle");
    let packages = packages(&folder)?;
    if packages.is_empty() {
        bail!("the bundler left nothing in {}", folder.display());
    }
    for package in packages {
        let megabytes = fs::metadata(&package)?.len() / 1_000_000;
        println!("{}  {megabytes} MB", package.display());
    }
    Ok(())
}

/// The packages, one folder a kind.
fn packages(bundle: &Path) -> Result<Vec<PathBuf>> {
    const ENDINGS: [&str; 7] = ["deb", "rpm", "AppImage", "dmg", "msi", "exe", "gz"];
    let mut found = Vec::new();
    let kinds =
        fs::read_dir(bundle).with_context(|| format!("there is no {}", bundle.display()))?;
    for kind in kinds.flatten() {
        let files = fs::read_dir(kind.path()).into_iter().flatten().flatten();
        found.extend(files.map(|file| file.path()).filter(|file| {
            let ending = file.extension().unwrap_or_default().to_string_lossy();
            ENDINGS.contains(&ending.as_ref())
        }));
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_packages_are_reported() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("deb/stoa")).unwrap();
        fs::write(folder.path().join("deb/stoa.deb"), "").unwrap();
        fs::write(folder.path().join("deb/notes.txt"), "").unwrap();
        let found = packages(folder.path()).unwrap();
        assert_eq!(found, [folder.path().join("deb/stoa.deb")]);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn an_appimage_is_made_only_when_asked_for() {
        assert_eq!(kinds(false), "deb,rpm");
        assert!(kinds(true).contains("appimage"));
    }
}
