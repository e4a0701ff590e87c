//! The window of the studio: Yew components over the commands of the studio.
//!
//! Start reading at [`app`]; [`backend`] is the only module that knows who answers.

mod actions;
mod app;
mod backend;
mod boot;
mod commands;
mod course;
mod drafts;
mod editor;
mod failures;
mod files;
mod format;
mod help;
mod host;
mod import;
mod keys;
mod listen_keys;
mod palette;
mod panes;
mod parts;
mod preview;
mod publish;
mod rescue;
mod review;
mod save_file;
mod settings;
mod shell;
#[cfg(test)]
mod sources;
mod stages;
mod sync;
mod tags;
mod tell;
#[cfg(test)]
mod testing;
mod texts;
mod undo;
mod versions;
mod view;
mod zone;

use boot::Boot;

fn main() {
    console_error_panic_hook::set_once();
    let boot = Boot::read();
    let language = boot
        .preferences
        .language
        .unwrap_or(stoa_ipc::Language::Chinese);
    boot::dress(&boot.preferences, language, false);
    let document = web_sys::window().and_then(|window| window.document());
    let root = document.and_then(|document| document.get_element_by_id("app"));
    if let Some(root) = root {
        yew::Renderer::<app::Window>::with_root_and_props(root, app::WindowProps { boot }).render();
    }
}
