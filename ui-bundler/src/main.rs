//! Makes `ui/dist` out of the compiled window: the wasm and its bindings, the
//! style sheet, the fonts, the icons, the editor and the page that starts them.
//!
//! `stoa-ui-bundler WASM REPOSITORY DIST [WASM_OPT]`; called by `cargo xtask ui`.
//!
//! Every file but the page carries a hash of its content in its name. There is
//! no inline script: the page's policy allows scripts from its own address only.

mod bindings;
mod dist;
mod page;
mod sprite;
mod styles;

use std::{
    env,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, Result};
use dist::Dist;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let mut words = env::args_os().skip(1).map(PathBuf::from);
    let mut word = |what: &str| words.next().with_context(|| format!("{what} is missing"));
    let wasm = word("the compiled wasm")?;
    let repository = word("the repository")?;
    let folder = word("the folder to fill")?;
    let wasm_opt = words.next();
    bundle(&wasm, &repository, &folder, wasm_opt.as_deref())
}

fn bundle(wasm: &Path, repository: &Path, folder: &Path, wasm_opt: Option<&Path>) -> Result<()> {
    let mut dist = Dist::open(folder)?;
    let program = bindings::add(&mut dist, wasm, wasm_opt)?;
    let editor = repository.join("web/editor/dist/editor.js");
    let editor = dist.add_file(&editor, "editor.js")?;
    let script = dist.add("boot.js", page::boot(&program, &editor).as_bytes())?;
    let fonts = styles::add_fonts(&mut dist, &repository.join("assets/fonts"))?;
    let css = styles::concatenated(&repository.join("ui/styles"), &fonts)?;
    let css = css + &styles::read(&repository.join("web/editor/editor.css"))?;
    let style = dist.add("style.css", css.as_bytes())?;
    let icons = sprite::of(&repository.join("assets/icons/ui"))?;
    let page = page::Page {
        script: &script,
        style: &style,
        icons: &icons,
    };
    dist.finish(&page.fill(&repository.join("ui/index.html"))?)
}
