//! JSON that somebody else wrote.

use serde_json::Value;

/// More values than these would take far more memory than their text.
const MAX_VALUES: usize = 500_000;
/// An object takes hundreds of bytes, however little is in it. Where there are more than these, each
/// has to be so many bytes long on average, as the rows of an export are.
const MAX_SMALL_OBJECTS: usize = 60_000;
const LEAST_BYTES: usize = 100;

pub(crate) fn parse(bytes: &[u8]) -> Result<Value, String> {
    let (n_values, n_objects) = count(bytes);
    if n_values > MAX_VALUES {
        return Err(format!("more than {MAX_VALUES} values"));
    }
    if n_objects > MAX_SMALL_OBJECTS && bytes.len() / n_objects < LEAST_BYTES {
        return Err(format!("more than {MAX_SMALL_OBJECTS} small objects"));
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    serde_json::from_slice(bytes).map_err(|error| error.to_string())
}

/// Values, and how many of them are objects.
fn count(bytes: &[u8]) -> (usize, usize) {
    let (mut n, mut n_objects) = (0, 0);
    let mut in_text = false;
    let mut is_escaped = false;
    for byte in bytes {
        match (in_text, byte) {
            (true, _) if is_escaped => is_escaped = false,
            (true, b'\\') => is_escaped = true,
            (_, b'"') => in_text = !in_text,
            (false, b'{') => {
                n += 1;
                n_objects += 1;
            }
            (false, b',' | b'[') => n += 1,
            _ => {}
        }
    }
    (n, n_objects)
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
        let objects = |n: usize| [b"[".as_slice(), &b"{},".repeat(n), b"0]"].concat();
        assert!(parse(&objects(60_000)).is_ok());
        assert!(parse(&objects(60_001)).is_err());
        let row = format!("{{\"a\": \"{}\"}},", "x".repeat(LEAST_BYTES));
        let rows = [b"[".as_slice(), &row.as_bytes().repeat(60_001), b"0]"].concat();
        assert!(parse(&rows).is_ok());
    }
}
