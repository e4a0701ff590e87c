//! Bytes as text: UTF-8, UTF-16, GB18030, and whatever an HTML page says of itself.

use std::borrow::Cow;

use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

/// UTF-8, UTF-16 or GB18030; `None` for what is no text. Line breaks become `\n`.
pub(crate) fn text(bytes: &[u8]) -> Option<String> {
    let text = decode(bytes, None)?;
    let n_control = text
        .chars()
        .filter(|c| c.is_control() && !c.is_whitespace())
        .count();
    let is_binary = text.contains('\0') || n_control * 32 > text.len();
    (!is_binary).then(|| stoa_domain::clean(&text))
}

/// Like [`text`], in the encoding the page names if it is in none of ours. Control characters are
/// left out rather than refused.
pub(crate) fn html(bytes: &[u8]) -> Option<String> {
    let named = declared(bytes);
    let text = decode(bytes, named).or_else(|| {
        let (text, _, _) = named?.decode(bytes);
        Some(text.into_owned())
    })?;
    Some(stoa_domain::clean(&text))
}

fn decode(bytes: &[u8], named: Option<&'static Encoding>) -> Option<String> {
    if let Some((encoding, skip)) = Encoding::for_bom(bytes) {
        return strict(encoding, &bytes[skip..]);
    }
    if let Some(encoding) = unmarked_utf16(bytes) {
        return strict(encoding, bytes);
    }
    strict(UTF_8, bytes)
        .or_else(|| strict(named?, bytes))
        .or_else(|| strict(GB18030, bytes))
}

fn strict(encoding: &'static Encoding, bytes: &[u8]) -> Option<String> {
    encoding
        .decode_without_bom_handling_and_without_replacement(bytes)
        .map(Cow::into_owned)
}

/// UTF-16 without a mark shows in its zero bytes: markup and line breaks are ASCII.
fn unmarked_utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(512)];
    let (pairs, _) = head.as_chunks::<2>();
    let big = pairs.iter().filter(|pair| pair[0] == 0).count();
    let little = pairs.iter().filter(|pair| pair[1] == 0).count();
    match (big * 4 > pairs.len(), little * 4 > pairs.len()) {
        (true, false) => Some(UTF_16BE),
        (false, true) => Some(UTF_16LE),
        _ => None,
    }
}

/// The encoding named in the first kilobyte of a page.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]).to_ascii_lowercase();
    let (_, rest) = head.split_once("charset=")?;
    let rest = rest.trim_start_matches(['"', '\'', ' ']);
    let end = rest
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':')))
        .unwrap_or(rest.len());
    Encoding::for_label(&rest.as_bytes()[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_text_is_read_in_each_of_its_encodings() {
        let words = "标题\n第一行，第二行。ascii";
        let (gb, _, _) = GB18030.encode(words);
        let little: Vec<u8> = words.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = words.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let marked = [&[0xFF, 0xFE], &little[..]].concat();
        let utf8 = ["\u{feff}".as_bytes(), words.as_bytes()].concat();
        for bytes in [words.as_bytes(), &gb, &little, &big, &marked, &utf8] {
            assert_eq!(text(bytes).as_deref(), Some(words));
        }
    }

    #[test]
    fn a_page_is_read_as_it_says() {
        let page = b"<meta charset=\"windows-1252\"><p>caf\xe9 \x93x\x94</p>";
        assert!(html(page).unwrap().contains("café “x”"));
    }

    #[test]
    fn a_picture_is_no_text() {
        assert_eq!(text(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), None);
    }
}
