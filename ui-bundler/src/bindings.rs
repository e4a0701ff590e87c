//! The wasm and the JavaScript that connects it to the browser.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::dist::Dist;

const NAME: &str = "stoa-ui";

/// The two files the page starts with.
pub(crate) struct Program {
    pub(crate) glue: String,
    pub(crate) wasm: String,
}

/// Makes the bindings for `wasm`, optimises it when there is an optimiser, and
/// adds everything to `dist`.
pub(crate) fn add(dist: &mut Dist, wasm: &Path, wasm_opt: Option<&Path>) -> Result<Program> {
    let work = tempfile::tempdir()?;
    bind(wasm, work.path(), wasm_opt.is_some())?;
    let bound = work.path().join(format!("{NAME}_bg.wasm"));
    let ready = match wasm_opt {
        Some(program) => optimised(program, &bound)?,
        None => bound,
    };
    add_snippets(dist, &work.path().join("snippets"), "snippets")?;
    Ok(Program {
        glue: dist.add_file(&work.path().join(format!("{NAME}.js")), "stoa-ui.js")?,
        wasm: dist.add_file(&ready, "stoa-ui.wasm")?,
    })
}

fn bind(wasm: &Path, to: &Path, smallest: bool) -> Result<()> {
    Bindgen::new()
        .input_path(wasm)
        .web(true)?
        .out_name(NAME)
        .typescript(false)
        .remove_producers_section(smallest)
        .generate(to)
        .with_context(|| format!("cannot make the bindings of {}", wasm.display()))
}

/// Smallest file wins; names are stripped, and the features stay those the
/// compiler wrote into the file.
fn optimised(program: &Path, wasm: &Path) -> Result<PathBuf> {
    let smaller = wasm.with_extension("opt.wasm");
    let status = Command::new("node")
        .arg(program)
        .args(["-Oz", "--strip-debug"])
        .arg(wasm)
        .arg("-o")
        .arg(&smaller)
        .status()
        .context("cannot start node")?;
    if !status.success() {
        bail!("wasm-opt refused {}", wasm.display());
    }
    Ok(smaller)
}

/// JavaScript that crates bring along; the glue imports it by these very paths,
/// which already carry a hash.
fn add_snippets(dist: &mut Dist, folder: &Path, name: &str) -> Result<()> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Ok(());
    };
    for entry in entries {
        let entry = entry?;
        let name = format!("{name}/{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            add_snippets(dist, &entry.path(), &name)?;
        } else {
            dist.add_as(&name, &fs::read(entry.path())?)?;
        }
    }
    Ok(())
}
