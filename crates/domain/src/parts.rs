//! What belongs to a draft and goes with it: the updates to its text and its files.

use serde::{Deserialize, Serialize};

/// Which rows belong to a draft, as a number and a sum: equal where the same ones are known,
/// whatever the order they came in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Travelling", into = "Travelling")]
pub struct Parts {
    n: u64,
    sum: u128,
}

/// The form that travels: the sum as 32 hex digits.
#[derive(Serialize, Deserialize)]
struct Travelling {
    n: u64,
    x: String,
}

impl Parts {
    /// One more row. Its id has 74 random bits, so the sum of some does not become that of others
    /// by chance.
    pub fn add(&mut self, id: &[u8; 16]) {
        self.n += 1;
        self.sum = self.sum.wrapping_add(u128::from_be_bytes(*id));
    }
}

impl<'a> FromIterator<&'a [u8; 16]> for Parts {
    fn from_iter<I: IntoIterator<Item = &'a [u8; 16]>>(ids: I) -> Self {
        let mut parts = Self::default();
        ids.into_iter().for_each(|id| parts.add(id));
        parts
    }
}

impl From<Parts> for Travelling {
    fn from(parts: Parts) -> Self {
        Self {
            n: parts.n,
            x: format!("{:032x}", parts.sum),
        }
    }
}

impl TryFrom<Travelling> for Parts {
    type Error = &'static str;

    fn try_from(came: Travelling) -> Result<Self, Self::Error> {
        let is_hex = came.x.len() == 32 && came.x.bytes().all(|b| b.is_ascii_hexdigit());
        let sum = u128::from_str_radix(&came.x, 16).ok().filter(|_| is_hex);
        Ok(Self {
            n: came.n,
            sum: sum.ok_or("not 32 hex digits")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_does_not_matter_and_every_row_does() {
        let (one, two) = ([1; 16], [0xff; 16]);
        let both: Parts = [&one, &two].into_iter().collect();
        assert_eq!(both, [&two, &one].into_iter().collect());
        assert_ne!(both, [&one].into_iter().collect());
        assert_ne!(Parts::default(), [&[0; 16]].into_iter().collect());
    }

    #[test]
    fn only_its_own_form_is_read() {
        let parts: Parts = [&[0xab; 16]].into_iter().collect();
        let json = serde_json::to_string(&parts).unwrap();
        assert_eq!(json, format!(r#"{{"n":1,"x":"{}"}}"#, "ab".repeat(16)));
        assert_eq!(serde_json::from_str::<Parts>(&json).unwrap(), parts);
        for wrong in ["", "ab", &"g".repeat(32), &format!("+{}", "a".repeat(31))] {
            let json = format!(r#"{{"n":1,"x":"{wrong}"}}"#);
            assert!(serde_json::from_str::<Parts>(&json).is_err(), "{wrong}");
        }
    }
}
