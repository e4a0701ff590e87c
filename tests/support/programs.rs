//! Where the built programs are.

use std::path::PathBuf;

/// The path of a program of this workspace, as `cargo xtask test` has built it.
///
/// # Panics
/// When it is not there, with the line to type.
pub fn program(name: &str) -> PathBuf {
    let folder = std::env::var_os("STOA_BIN_DIR")
        .map(PathBuf::from)
        .unwrap_or_else(beside_tests);
    let path = folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    assert!(
        path.is_file(),
        "{} is missing; run `cargo xtask test`",
        path.display()
    );
    path
}

/// The folder of the built window content.
pub fn ui_dist() -> PathBuf {
    std::env::var_os("STOA_UI_DIST")
        .map(PathBuf::from)
        .unwrap_or_else(|| root().join("ui/dist"))
}

/// The folder of the workspace.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("tests lies in the workspace")
        .into()
}

fn beside_tests() -> PathBuf {
    let test = std::env::current_exe().expect("a test has a path");
    test.ancestors()
        .nth(2)
        .expect("tests lie in target/<profile>/deps")
        .into()
}
