//! Checks and embeds what `tauri.conf.json` names.

use std::{fs, path::Path};

/// Shown when the shell was built before the window's content.
const NOTICE: &str = "<!doctype html>
<html lang=\"en\">
<head><meta charset=\"utf-8\"><meta name=\"color-scheme\" content=\"light dark\"><title>Stoa</title></head>
<body>
<h1>The window's content has not been built</h1>
<p>Run <code>cargo xtask ui</code>, then build Stoa again; or <code>cargo xtask run</code>, which does both.</p>
<h1 lang=\"zh-CN\">窗口内容尚未构建</h1>
<p lang=\"zh-CN\">请先运行 <code>cargo xtask ui</code>，再重新构建 Stoa；或者直接运行 <code>cargo xtask run</code>。</p>
</body>
</html>
";

fn main() {
    let dist = Path::new("ui/dist");
    if !dist.join("index.html").is_file() {
        fs::create_dir_all(dist).expect("the folder of the build can be written");
        fs::write(dist.join("index.html"), NOTICE).expect("the folder of the build can be written");
    }
    println!("cargo:rerun-if-changed=ui/dist");
    println!("cargo:rerun-if-changed=src-tauri/permissions");
    let manifest =
        tauri_build::AppManifest::new().permissions_path_pattern("src-tauri/permissions/**/*.toml");
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest))
        .expect("tauri.conf.json and what it names are in order");
}
