//! The shell's configuration: no white flash, no way out of the page, no foreign code.

use serde_json::Value;
use stoa_tests::programs::root;

fn configs() -> Vec<(String, Value)> {
    let mut found: Vec<(String, Value)> = std::fs::read_dir(root())
        .unwrap()
        .filter_map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name()?.to_str()?.to_owned();
            (name.starts_with("tauri.") && name.ends_with("conf.json")).then(|| {
                (
                    name,
                    serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap(),
                )
            })
        })
        .collect();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    assert!(found.iter().any(|(name, _)| name == "tauri.conf.json"));
    found
}

fn main_config() -> Value {
    configs()
        .into_iter()
        .find(|(name, _)| name == "tauri.conf.json")
        .unwrap()
        .1
}

#[test]
fn every_window_starts_hidden_on_a_coloured_ground_and_has_a_smallest_size() {
    let mut n_windows = 0;
    for (name, config) in configs() {
        for window in config["app"]["windows"].as_array().into_iter().flatten() {
            n_windows += 1;
            assert_eq!(window["visible"], false, "{name}");
            assert!(window["backgroundColor"].is_string(), "{name}");
            assert_eq!(window["minWidth"], 880, "{name}");
            assert_eq!(window["minHeight"], 600, "{name}");
        }
    }
    assert!(n_windows > 0, "no window is configured");
}

#[test]
fn the_content_policy_allows_wasm_and_nothing_inline_or_foreign() {
    let config = main_config();
    let policy = config["app"]["security"]["csp"]
        .as_str()
        .expect("a policy is set")
        .to_owned();
    for needed in [
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self'",
        "connect-src 'self' ipc: http://ipc.localhost",
        "frame-src 'none'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
    ] {
        assert!(policy.contains(needed), "{needed} is missing from {policy}");
    }
    for refused in ["unsafe-inline", "'unsafe-eval'", "https:", " *"] {
        assert!(!policy.contains(refused), "{refused} stands in {policy}");
    }
}

#[test]
fn the_page_gets_no_global_tauri_no_remote_pages_and_few_permissions() {
    let config = main_config();
    assert_eq!(config["app"]["withGlobalTauri"], false);
    assert_eq!(config["app"]["security"]["freezePrototype"], true);
    let capabilities = config["app"]["security"]["capabilities"]
        .as_array()
        .unwrap();
    for capability in capabilities {
        assert!(capability.get("remote").is_none());
        for permission in capability["permissions"].as_array().unwrap() {
            let name = permission.as_str().expect("permissions are plain names");
            let allowed = name == "rpc"
                || name.starts_with("allow-rpc")
                || name.starts_with("core:event:")
                || name.starts_with("core:window:")
                || name.starts_with("dialog:allow-");
            assert!(allowed, "{name}");
        }
    }
}
