//! JSON that somebody else wrote.

use serde_json::Value;

/// More values than these would take far more memory than their text.
const MAX_VALUES: usize = 500_000;

pub(crate) fn parse(bytes: &[u8]) -> Result<Value, String> {
    if count_values(bytes) > MAX_VALUES {
        return Err(format!("more than {MAX_VALUES} values"));
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    serde_json::from_slice(bytes).map_err(|error| error.to_string())
}

fn count_values(bytes: &[u8]) -> usize {
    let mut n = 0;
    let mut in_text = false;
    let mut is_escaped = false;
    for byte in bytes {
        match (in_text, byte) {
            (true, _) if is_escaped => is_escaped = false,
            (true, b'\\') => is_escaped = true,
            (_, b'"') => in_text = !in_text,
            (false, b',' | b'[' | b'{') => n += 1,
            _ => {}
        }
    }
    n
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_many_or_too_deep_values_are_refused() {
        assert!(parse(b"{\"a\": \"[[[,,,\\\"[\"}").is_ok());
        assert!(parse(&b"[".repeat(1_000_000)).is_err());
        assert!(parse(&b"[".repeat(10_000)).is_err());
        let many = [b"[".as_slice(), &b"0,".repeat(600_000), b"0]"].concat();
        assert!(parse(&many).is_err());
    }
}
