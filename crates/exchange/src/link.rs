//! Placeholders for what an importer has yet to give an address: other posts and files of the
//! same source.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use stoa_domain::MediaForm;

const FILE: &str = "stoa:file/";
const POST: &str = "stoa:post/";

/// Everything that could end a Markdown destination or be taken for markup is encoded.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'/');

/// The destination that stands for a file of the source.
pub fn file_link(path: &str) -> String {
    format!("{FILE}{}", encode_path(path))
}

/// The destination that stands for another post of the source.
pub fn post_link(source_id: &str) -> String {
    format!("{POST}{}", encode_path(source_id))
}

/// The path of a file that a destination stands for.
pub fn linked_file(destination: &str) -> Option<String> {
    destination.strip_prefix(FILE).and_then(decode)
}

/// The source id of the post that a destination stands for.
pub fn linked_post(destination: &str) -> Option<String> {
    destination.strip_prefix(POST).and_then(decode)
}

/// Behind `#` the address of a recording names the files that belong to it: each gets its new
/// address. Any other address is given a new one as a whole.
pub(crate) fn each_file(
    address: &str,
    new: &mut dyn FnMut(&str) -> Option<String>,
) -> Option<String> {
    let Some((file, parts)) = recording(address) else {
        return new(address);
    };
    let mut out = new(file)?;
    let mut before = '#';
    for part in parts.split(';') {
        out.push(before);
        before = ';';
        let named = part.split_once('=');
        let named = named.filter(|(name, _)| matches!(*name, "poster" | "chapters" | "transcript"));
        match named.and_then(|(name, file)| Some(format!("{name}={}", new(file)?))) {
            Some(part) => out.push_str(&part),
            None => out.push_str(part),
        }
    }
    Some(out)
}

/// The file of a recording, and what is said of it.
fn recording(address: &str) -> Option<(&str, &str)> {
    let (file, parts) = address.split_once('#')?;
    MediaForm::parse(parts.split(';').next()?)?;
    Some((file, parts))
}

pub(crate) fn encode_path(path: &str) -> String {
    utf8_percent_encode(path, ENCODED).to_string()
}

pub(crate) fn decode(encoded: &str) -> Option<String> {
    let decoded = percent_decode_str(encoded).decode_utf8().ok()?;
    Some(decoded.into_owned())
}

/// Only what a reader can follow: `http`, `https` and `mailto`.
pub(crate) fn is_safe_url(url: &str) -> bool {
    url::Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https" | "mailto"))
}

pub(crate) fn is_remote(url: &str) -> bool {
    url::Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

/// Whether it names a scheme or a host, and so no file beside the text.
pub(crate) fn is_absolute(url: &str) -> bool {
    url.starts_with("//")
        || url.split_once(':').is_some_and(|(scheme, _)| {
            scheme.starts_with(|c: char| c.is_ascii_alphabetic())
                && scheme
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placeholder_leads_back_to_its_name() {
        for name in ["图/猫 (1).png", "a%20b", "x)y\"z", "ghost:12"] {
            assert_eq!(linked_file(&file_link(name)).as_deref(), Some(name));
            assert_eq!(linked_post(&post_link(name)).as_deref(), Some(name));
            assert_eq!(linked_post(&file_link(name)), None);
        }
    }

    #[test]
    fn only_what_a_reader_can_follow_is_a_safe_url() {
        for url in ["https://a.b/c", "HTTP://a", "mailto:a@b.c"] {
            assert!(is_safe_url(url), "{url}");
        }
        for url in [
            "javascript:alert(1)",
            "java\nscript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "smb://a",
            "//a.b",
            "a.png",
        ] {
            assert!(!is_safe_url(url), "{url}");
        }
    }
}
