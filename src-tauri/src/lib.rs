//! The desktop shell: the window, its menus, files from outside and the one command by which the
//! page speaks to the studio. Adapters only; what a command does is decided in the studio.

mod actions;
mod boot;
mod clock;
mod commands;
mod editing;
mod events;
mod folders;
mod links;
#[cfg(target_os = "linux")]
mod linux;
mod log;
mod media;
mod menu;
mod open_files;
#[cfg(target_os = "linux")]
mod players;
mod quit;
mod save_files;
mod shell;
mod window;

use std::{env, sync::Arc};

use anyhow::{Context, Result, ensure};
use stoa_studio::{BuildKind, Studio, StudioOptions};
use tauri::{App, AppHandle, Manager, RunEvent, Wry, async_runtime, plugin::TauriPlugin};

use folders::Folders;
use shell::Shell;

/// Runs the program until the user leaves it.
pub fn run() -> Result<()> {
    rustls::crypto::ring::default_provider()
        .install_default()
        .map_err(|_| anyhow::anyhow!("two crypto providers in one program"))?;
    refuse_automation()?;
    let folders = Folders::find()?;
    log::start(&folders.logs())?;
    tracing::info!(version = env!("CARGO_PKG_VERSION"), "start");
    let context = tauri::generate_context!();
    let instance = folders.instance_name(&context.config().identifier);
    let app = tauri::Builder::default()
        .plugin(single_instance(instance))
        .plugin(remembering(&folders))
        .plugin(tauri_plugin_dialog::init())
        .manage(open_files::Waiting::default())
        .register_asynchronous_uri_scheme_protocol(media::SCHEME, |context, request, responder| {
            media::answer(&context, &request, responder);
        })
        .invoke_handler(tauri::generate_handler![commands::rpc])
        .on_menu_event(|app, event| menu::chosen(app, &event))
        .setup(move |app| Ok(set_up(app, &folders)?))
        .build(context)
        .context("cannot start the window system")?;
    app.run(on_event);
    Ok(())
}

/// Tests drive development builds. What people use cannot be remote-controlled.
fn refuse_automation() -> Result<()> {
    let is_asked = env::var_os("TAURI_WEBVIEW_AUTOMATION").is_some();
    let is_allowed = cfg!(debug_assertions) || cfg!(feature = "automation");
    ensure!(
        !is_asked || is_allowed,
        "this build cannot be driven by a test"
    );
    Ok(())
}

/// Has to be the first: a second program hands over its files and ends before it touches anything.
fn single_instance(name: String) -> TauriPlugin<Wry> {
    let builder = tauri_plugin_single_instance::Builder::new().callback(
        |app: &AppHandle, arguments, folder| {
            window::bring_forward(app);
            open_files::open(app, open_files::among(&arguments, folder.as_ref()));
        },
    );
    builder.dbus_id(name).build()
}

fn remembering(folders: &Folders) -> TauriPlugin<Wry> {
    tauri_plugin_window_state::Builder::new()
        .with_state_flags(window::REMEMBERED)
        .with_filename(folders.window_state().to_string_lossy())
        .build()
}

fn set_up(app: &App, folders: &Folders) -> Result<()> {
    let arguments: Vec<String> = env::args_os()
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    let folder = env::current_dir().unwrap_or_default();
    app.state::<open_files::Waiting>()
        .add(open_files::among(&arguments, &folder));

    let studio = async_runtime::block_on(async { start_studio(folders) });
    let preferences = studio.preferences_now();
    let events = studio.events();
    let handle = app.handle().clone();
    app.manage(Shell::new(studio, folders.clone()));
    menu::follow(&handle, &preferences);
    window::open(app, folders, &preferences)?;
    events::follow(&handle, events);
    #[cfg(unix)]
    quit::on_signals(&handle);
    Ok(())
}

/// Has to run inside the async runtime.
fn start_studio(folders: &Folders) -> Studio {
    #[cfg(target_os = "linux")]
    let players = players::listen();
    let build = BuildKind::of_this_build();
    let mut options = StudioOptions::new(folders.data.clone(), build, Arc::new(clock::SystemClock));
    options.documents_dir = dirs::document_dir();
    options.system_language = boot::system_language();
    #[cfg(target_os = "linux")]
    {
        options.player = players.as_ref().map(stoa_playback::Listening::base);
    }
    let studio = Studio::start(options);
    #[cfg(target_os = "linux")]
    players::serve(players, &studio);
    studio
}

fn on_event(app: &AppHandle, event: RunEvent) {
    match event {
        // Something else than our own quitting wants to end the program.
        RunEvent::ExitRequested {
            code: None, api, ..
        } => {
            api.prevent_exit();
            quit::quit(app);
        }
        #[cfg(target_os = "macos")]
        RunEvent::Opened { urls } => {
            let paths = urls
                .iter()
                .filter_map(|url| url.to_file_path().ok())
                .collect();
            open_files::open(app, paths);
        }
        _ => {}
    }
}
