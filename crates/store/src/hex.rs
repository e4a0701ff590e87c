//! Bytes as lower-case hex digits, for the manifest and for keys of a database.

use std::fmt::Write;

pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        write!(out, "{byte:02x}").expect("writing to a string does not fail");
    }
    out
}

pub(crate) fn decode<const N: usize>(text: &str) -> Option<[u8; N]> {
    let bytes = decode_all(text)?;
    bytes.try_into().ok()
}

pub(crate) fn decode_all(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok())
        .collect()
}
