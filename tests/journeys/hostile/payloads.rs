//! The texts that want to be run, and the forms in which they are handed to the studio.

use std::path::PathBuf;

use anyhow::Result;

/// Some that the collection has not, where it is not there.
const OWN: [&str; 6] = [
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "![x](https://evil.example/p.png)",
    "<svg/onload=alert(1)>",
    "https://evil.example/embed",
    "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
];
/// Ends whatever raw HTML a text has begun, so that the texts behind it are read as what they are.
const CLOSED: &str = "--></script></pre></style></textarea>]]>?>";

/// A text, and its place in the collection, by which it is named when it does something.
pub(super) type Payload = (usize, String);

/// The collection beside the project, where it is there, and our own.
pub(super) fn payloads() -> Result<Vec<Payload>> {
    let data = std::env::var_os("STOA_DATA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"),
        PathBuf::from,
    );
    let mut payloads: Vec<String> = OWN.map(str::to_owned).into();
    if let Ok(text) = std::fs::read_to_string(data.join("xss-payloads.json")) {
        payloads.extend(serde_json::from_str::<Vec<String>>(&text)?);
    }
    // What no text of the studio can have is looked at with other input.
    let clean = |text: String| text.replace('\0', "");
    Ok(payloads.into_iter().map(clean).enumerate().collect())
}

/// Each as a paragraph, or in the place of a link, an image or a heading; in another one of the
/// four when `turn` is another.
pub(super) fn written(payloads: &[Payload], turn: usize) -> String {
    let each = payloads.iter().map(|(n, payload)| {
        let line = payload.replace(['\n', '\r'], " ");
        // A fence would take in all that follows, and ends with the quote that it is in.
        let is_fence = ["```", "~~~"]
            .iter()
            .any(|fence| line.trim().starts_with(fence));
        match (n + turn) % 4 {
            _ if is_fence => format!("> {line}\n\n"),
            0 => format!("{line}\n{CLOSED}\n\n"),
            1 => format!("[词]({line})\n\n"),
            2 => format!("![{line}]({line} \"{line}\")\n\n"),
            _ => format!("> # {line}\n\n"),
        }
    });
    each.collect()
}

/// All of them in lines of at most so many characters. One that is longer is cut.
pub(super) fn lines(payloads: &[Payload], most: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for (_, payload) in payloads {
        let line = payload.replace(|c: char| c.is_control(), " ");
        let piece: String = line.trim().chars().take(most).collect();
        let last = lines.last_mut().filter(|last| {
            last.is_empty() || last.chars().count() + 1 + piece.chars().count() <= most
        });
        match last {
            Some(last) if last.is_empty() => *last = piece,
            Some(last) => *last = format!("{last} {piece}"),
            None => lines.push(piece),
        }
    }
    lines
}
