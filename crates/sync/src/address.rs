//! Addresses of servers as people type them.

use thiserror::Error;
use url::Url;

/// The text is not the address of a server.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum AddressError {
    #[error("not an address: {0}")]
    Unreadable(String),
    #[error("only https is spoken, not `{0}`")]
    Scheme(String),
    #[error("an address has no name and password")]
    Credentials,
}

/// The standard form of an address: `https`, host, port if it is not 443. A path is dropped: a
/// server lives at the root.
pub(crate) fn normalise(input: &str) -> Result<String, AddressError> {
    let input = input.trim();
    let text = match input.contains("://") {
        true => input.to_owned(),
        false => format!("https://{input}"),
    };
    let url = Url::parse(&text).map_err(|e| AddressError::Unreadable(e.to_string()))?;
    if url.scheme() != "https" {
        return Err(AddressError::Scheme(url.scheme().to_owned()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(AddressError::Credentials);
    }
    Ok(url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_one_form() {
        let cases = [
            ("stoa.example.com", "https://stoa.example.com"),
            (" https://Stoa.Example.com/ ", "https://stoa.example.com"),
            ("localhost:8443", "https://localhost:8443"),
            ("https://127.0.0.1:443/v1?x#y", "https://127.0.0.1"),
            ("[::1]:8443", "https://[::1]:8443"),
            ("https://社群.example", "https://xn--fiz04k.example"),
        ];
        for (input, form) in cases {
            assert_eq!(normalise(input).as_deref(), Ok(form), "{input}");
        }
    }

    #[test]
    fn what_is_no_https_address_is_refused() {
        for input in [
            "",
            "http://localhost",
            "http://stoa.example.com",
            "ftp://x",
            "https://",
            "https://lin:secret@example.com",
            "two words",
            "javascript:alert(1)",
        ] {
            assert!(normalise(input).is_err(), "{input}");
        }
    }
}
