//! Addresses that leave the program.

use tauri::Url;

/// Whether the page may go there: only to itself.
pub(crate) fn is_own_page(url: &Url) -> bool {
    let is_own_scheme = url.scheme() == "tauri" && url.host_str() == Some("localhost");
    // Windows knows custom schemes only as host names.
    let is_own_host = cfg!(windows)
        && matches!(url.scheme(), "http" | "https")
        && url.host_str() == Some("tauri.localhost")
        && url.port().is_none();
    is_own_scheme || is_own_host
}

/// Opens a web or mail address in the program that the system has for it; refuses all others.
pub(crate) fn open(url: &Url) {
    if !is_safe_to_hand_out(url) {
        tracing::warn!(scheme = url.scheme(), "an address was not opened");
        return;
    }
    if let Err(error) = tauri_plugin_opener::open_url(url.as_str(), None::<&str>) {
        tracing::warn!(%error, "the system could not open an address");
    }
}

fn is_safe_to_hand_out(url: &Url) -> bool {
    match url.scheme() {
        "http" | "https" => url.has_host() && url.username().is_empty() && url.password().is_none(),
        "mailto" => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        text.parse().expect("a well-formed address")
    }

    #[test]
    fn the_page_stays_where_it_is() {
        assert!(is_own_page(&url("tauri://localhost/index.html")));
        for other in [
            "tauri://evil.example/",
            "https://localhost/",
            "http://tauri.localhost.evil.example/",
            "http://tauri.evil.example/",
            "file:///etc/passwd",
            "about:blank",
            "data:text/html,x",
            "javascript:alert(1)",
        ] {
            assert!(!is_own_page(&url(other)), "{other}");
        }
    }

    #[test]
    fn only_web_and_mail_addresses_are_handed_out() {
        for good in [
            "https://example.com/a?b#c",
            "http://example.com",
            "mailto:a@example.com",
        ] {
            assert!(is_safe_to_hand_out(&url(good)), "{good}");
        }
        for bad in [
            "file:///etc/passwd",
            "smb://host/share",
            "javascript:alert(1)",
            "data:text/html,x",
            "https://bank.example@evil.example/",
            "ms-settings:privacy",
        ] {
            assert!(!is_safe_to_hand_out(&url(bad)), "{bad}");
        }
    }
}
