//! Fingerprints of certificate authorities, for comparing by eye.

use stoa_sync::tls::{authority, fingerprint};

/// SHA-256 of the first certificate of a PEM text, in groups of four; `None` when it holds none.
pub fn fingerprint_of(pem: &str) -> Option<String> {
    authority(pem)
        .ok()
        .map(|certificate| fingerprint(&certificate))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_without_a_certificate_has_no_fingerprint() {
        assert_eq!(fingerprint_of("hello"), None);
    }
}
