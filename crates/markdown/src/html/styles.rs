//! How a 公众号 shows things: it keeps no classes, so every element brings its own style.

use crate::document::CalloutKind;

/// The style of an element; empty where that of the reader's page will do.
pub(super) fn of(tag: &str) -> &'static str {
    match tag {
        "h1" => "font-size:24px;font-weight:bold;line-height:1.4;margin:32px 0 16px",
        "h2" => "font-size:20px;font-weight:bold;line-height:1.4;margin:28px 0 14px",
        "h3" => "font-size:18px;font-weight:bold;line-height:1.5;margin:24px 0 12px",
        "h4" | "h5" | "h6" => "font-size:16px;font-weight:bold;line-height:1.5;margin:20px 0 10px",
        "p" => "font-size:16px;line-height:1.8;margin:16px 0",
        "blockquote" => {
            "border-left:3px solid #b8b2a5;padding:2px 0 2px 14px;margin:16px 0;color:#696357"
        }
        "pre" => {
            "background:#f5f3ee;border-radius:6px;padding:12px 14px;margin:16px 0;white-space:pre-wrap"
        }
        "code" => {
            "font-family:Menlo,Consolas,monospace;font-size:14px;line-height:1.6;word-break:break-all"
        }
        "ul" | "ol" => "font-size:16px;line-height:1.8;margin:16px 0;padding:0 0 0 24px",
        "table" => "border-collapse:collapse;margin:16px 0;font-size:15px;line-height:1.6",
        "th" | "td" => "border:1px solid #dfdad0;padding:6px 10px",
        "hr" => "border:0;border-top:1px solid #dfdad0;margin:28px 0",
        "img" => "max-width:100%;display:block;margin:0 auto",
        "sup" => "font-size:12px;color:#1e5c68",
        _ => "",
    }
}

/// Below an image.
pub(super) const CAPTION: &str =
    "font-size:14px;line-height:1.6;color:#696357;text-align:center;margin:8px 0 16px";
/// Emphasis of Han, which is not written slanted.
pub(super) const WEIGHT: &str = "font-style:normal;font-weight:bold";
/// The list of references.
pub(super) const REFERENCE: &str =
    "font-size:14px;line-height:1.6;color:#696357;margin:4px 0;word-break:break-all";

/// The box of a callout.
pub(super) fn callout(kind: CalloutKind) -> String {
    let colour = match kind {
        CalloutKind::Note => "#1e5c68",
        CalloutKind::Tip => "#2c673a",
        CalloutKind::Important => "#5d3f59",
        CalloutKind::Warning => "#7f5200",
        CalloutKind::Caution => "#a32f1d",
    };
    format!("border-left:3px solid {colour};background:#f5f3ee;padding:4px 14px;margin:16px 0")
}
