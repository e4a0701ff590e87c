//! Class F: places between places, as fractional indices.
//!
//! A key is a fraction between 0 and 1 written in 62 digits; comparing two keys byte by byte
//! compares the fractions. The device stands at the end, so that two devices that put something
//! into the same place make two keys and both things stay.

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// Ends every key: no key ends with the lowest digit, below which there is no room.
const END: char = 'V';

/// A key behind `before` and in front of `after`, where these are given, with the device's own
/// digits in it. `None` when the two are not keys in this order, or `device` is not made of
/// digits and letters.
pub fn key_between(before: Option<&str>, after: Option<&str>, device: &str) -> Option<String> {
    let low = fraction(before.unwrap_or_default())?;
    let high = match after {
        Some(after) => Some(fraction(after)?),
        None => None,
    };
    if high.as_ref().is_some_and(|high| *high <= low) {
        return None;
    }
    digits(device)?;
    let middle = midpoint(&low, high.as_deref());
    let middle = middle.into_iter().map(|digit| char::from(DIGITS[digit]));
    // The middle differs from both ends in its last digit, so whatever follows it stays between.
    Some(middle.chain(device.chars()).chain([END]).collect())
}

fn digits(text: &str) -> Option<Vec<usize>> {
    text.bytes()
        .map(|byte| DIGITS.iter().position(|digit| *digit == byte))
        .collect()
}

/// The digits without lowest ones at the end, which say nothing.
fn fraction(key: &str) -> Option<Vec<usize>> {
    digits(key.trim_end_matches('0'))
}

/// A fraction strictly between two, as short as it can be. Behind the last and in front of the first
/// it keeps close to that one: what is put there is mostly followed by more.
fn midpoint(low: &[usize], high: Option<&[usize]>) -> Vec<usize> {
    let mut middle = Vec::new();
    let (is_last, is_first) = (high.is_none(), low.is_empty());
    let mut high = high;
    for at in 0.. {
        let from = low.get(at).copied().unwrap_or(0);
        let to = high.map_or(DIGITS.len(), |high| high.get(at).copied().unwrap_or(0));
        if to > from + 1 {
            middle.push(match (is_first, is_last) {
                (false, true) => from + 1,
                (true, false) => to - 1,
                _ => from.midpoint(to),
            });
            return middle;
        }
        middle.push(from);
        if to > from {
            // Below the upper end from here on.
            high = None;
        }
    }
    middle
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn two_devices_in_one_place_make_two_keys() {
        let one = key_between(Some("V"), Some("W"), "a1").unwrap();
        let two = key_between(Some("V"), Some("W"), "b2").unwrap();
        assert!(
            "V" < one.as_str() && one < two && two.as_str() < "W",
            "{one} {two}"
        );
    }

    #[test]
    fn what_is_no_order_makes_no_key() {
        for (before, after) in [("W", "V"), ("V", "V"), ("V", "V00"), ("V", ""), ("稿", "W")] {
            assert_eq!(
                key_between(Some(before), Some(after), "a"),
                None,
                "{before} {after}"
            );
        }
        assert_eq!(key_between(None, None, "?"), None);
    }

    #[test]
    fn a_long_row_one_behind_the_other_has_short_keys() {
        for is_behind in [true, false] {
            let mut key = key_between(None, None, "a1b2").unwrap();
            for _ in 0..2_000 {
                let (before, after) = match is_behind {
                    true => (Some(key.as_str()), None),
                    false => (None, Some(key.as_str())),
                };
                key = key_between(before, after, "a1b2").unwrap();
            }
            assert!(key.len() < 100, "{key}");
        }
    }

    proptest! {
        #[test]
        fn wherever_something_is_put_the_order_is_kept(places in prop::collection::vec((0..64_usize, "[0-9a-f]{1,6}"), 1..60)) {
            let mut keys: Vec<String> = Vec::new();
            for (place, device) in places {
                let at = place % (keys.len() + 1);
                let before = at.checked_sub(1).map(|i| keys[i].as_str());
                let key = key_between(before, keys.get(at).map(String::as_str), &device);
                keys.insert(at, key.expect("the ends are in order"));
                prop_assert!(keys.is_sorted_by(|a, b| a < b), "{keys:?}");
            }
        }
    }
}
