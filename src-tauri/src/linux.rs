//! What WebKitGTK needs on top.

use gtk::{glib::Propagation, prelude::*};
use tauri::WebviewWindow;
use webkit2gtk::{InputMethodContextExt, WebViewExt};

/// Lets input methods write into the page, and the page have its keys first.
pub(crate) fn prepare(window: &WebviewWindow) -> tauri::Result<()> {
    show_preedit(window)?;
    come_back(window)?;
    let native = window.gtk_window()?;
    native.connect_key_press_event(|window, event| {
        // GTK would look at the menus' keys first, and so take them from an input method that is
        // composing and from an editor. The page, and in it the input method, is asked first;
        // what it leaves comes back here and goes to the menus. Nothing goes on from here: the
        // page would be asked again, and again.
        if !window.propagate_key_event(event) {
            window.activate_key(event);
        }
        Propagation::Stop
    });
    Ok(())
}

/// The engine draws in a process of its own. When that is gone the window would stand still for
/// ever; the page is loaded again, and finds in the studio all that was saved.
fn come_back(window: &WebviewWindow) -> tauri::Result<()> {
    window.with_webview(|webview| {
        webview
            .inner()
            .connect_web_process_terminated(|view, reason| {
                tracing::error!(
                    ?reason,
                    "the engine's process ended; the page is loaded again"
                );
                view.reload();
            });
    })
}

/// The engine's wrapper switches the text being composed off; without it Chinese is typed blind.
fn show_preedit(window: &WebviewWindow) -> tauri::Result<()> {
    window.with_webview(|webview| {
        if let Some(context) = webview.inner().input_method_context() {
            context.set_enable_preedit(true);
        }
    })
}

/// Cut, copy, paste and the like, on whatever has the focus in the page.
pub(crate) fn edit(window: &WebviewWindow, command: &'static str) -> tauri::Result<()> {
    window.with_webview(move |webview| webview.inner().execute_editing_command(command))
}

/// Whether the desktop is dark, asked before there is a window.
pub(crate) fn system_theme() -> tauri::Theme {
    let is_dark = gtk::Settings::default().is_some_and(|settings| {
        settings.is_gtk_application_prefer_dark_theme()
            || settings
                .gtk_theme_name()
                .is_some_and(|name| name.to_lowercase().contains("dark"))
    });
    if is_dark {
        tauri::Theme::Dark
    } else {
        tauri::Theme::Light
    }
}
