//! The shell: what the page is allowed, which plugins are there, whose paths stand in the sources.

use std::fs;

use serde_json::{Value, json};
use stoa_tests::programs::root;

fn config() -> Value {
    let text = fs::read_to_string(root().join("tauri.conf.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn shell_sources() -> String {
    let mut folders = vec![root().join("src-tauri/src")];
    let mut all = String::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                all.push_str(&fs::read_to_string(path).unwrap());
            }
        }
    }
    all
}

#[test]
fn the_page_may_send_commands_hear_events_and_be_dragged_and_nothing_else() {
    let capabilities = &config()["app"]["security"]["capabilities"];
    assert_eq!(capabilities.as_array().unwrap().len(), 1);
    assert_eq!(capabilities[0]["windows"], json!(["main"]));
    assert_eq!(
        capabilities[0]["permissions"],
        json!([
            "allow-rpc",
            "core:event:allow-listen",
            "core:event:allow-unlisten",
            "core:window:allow-start-dragging",
            "core:window:allow-internal-toggle-maximize",
        ])
    );
}

#[test]
fn the_whole_content_policy_is_the_agreed_one() {
    // Written out, because a directive that is missing fails silently on some systems.
    let agreed = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
        img-src 'self' stoa-media: http://stoa-media.localhost blob:; \
        media-src stoa-media: http://stoa-media.localhost http://127.0.0.1:*; font-src 'self'; \
        connect-src 'self' ipc: http://ipc.localhost; frame-src 'none'; object-src 'none'; \
        base-uri 'none'; form-action 'none'; worker-src 'self'";
    assert_eq!(config()["app"]["security"]["csp"], agreed);
}

#[test]
fn the_window_is_made_by_the_program_and_one_program_runs() {
    let window = &config()["app"]["windows"][0];
    assert_eq!(window["create"], false);
    assert_eq!(window["label"], "main");
    let sources = shell_sources();
    for needed in [
        "single_instance(",
        "on_navigation(",
        "on_new_window(",
        "NewWindowResponse::Deny",
    ] {
        assert!(sources.contains(needed), "{needed}");
    }
}

#[test]
fn no_plugin_gives_the_page_files_programs_or_the_network() {
    let sources = shell_sources();
    for refused in [
        "tauri_plugin_fs::",
        "tauri_plugin_http::",
        "tauri_plugin_shell::",
        "tauri_plugin_opener::init",
        "NewWindowResponse::Allow",
        "PredefinedMenuItem::quit",
    ] {
        assert!(!sources.contains(refused), "{refused}");
    }
}

#[test]
fn every_icon_is_there() {
    for icon in config()["bundle"]["icon"].as_array().unwrap() {
        let path = root().join(icon.as_str().unwrap());
        assert!(path.is_file(), "{}", path.display());
    }
}

#[test]
fn no_path_of_the_machine_it_was_made_on_stands_in_the_sources() {
    // Put together here, so that this file does not contain it.
    let here = root();
    let here = here.to_str().unwrap();
    let output = std::process::Command::new("git")
        .args(["grep", "-lF", here])
        .current_dir(root())
        .output()
        .expect("git runs");
    let found = String::from_utf8_lossy(&output.stdout);
    assert!(found.is_empty(), "{here} stands in:\n{found}");
}
