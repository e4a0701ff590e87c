//! The recovery key: 256 bits in characters that are hard to mistake for each other.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;
use zeroize::Zeroizing;

use super::key::{Secret, derive};
use crate::{Random, random};

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const N_CHARS: usize = 52;
const GROUP: usize = 4;

/// The key a person writes down: 13 groups of four characters, the last four bits a checksum.
pub struct RecoveryKey(Secret);

/// What was typed is no recovery key: too short or long, a wrong character, or a slip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("this is no recovery key")]
pub struct RecoveryKeyError;

impl RecoveryKey {
    pub(super) fn generate(random: &dyn Random) -> Self {
        Self(Zeroizing::new(random::bytes(random)))
    }

    pub(super) fn wrapping_key(&self, vault_id: &str) -> Secret {
        derive(self.0.as_ref(), vault_id.as_bytes(), "recovery")
    }

    /// The groups, in order.
    pub fn groups(&self) -> Vec<String> {
        let mut chars = String::with_capacity(N_CHARS);
        for at in 0..N_CHARS {
            let bits = (0..5).fold(0, |bits, i| bits << 1 | self.bit(at * 5 + i));
            chars.push(char::from(ALPHABET[usize::from(bits)]));
        }
        let chars = Zeroizing::new(chars);
        (0..N_CHARS)
            .step_by(GROUP)
            .map(|at| chars[at..at + GROUP].to_owned())
            .collect()
    }

    /// One of the 256 bits of the key or of the four of its checksum.
    fn bit(&self, at: usize) -> u8 {
        match self.0.get(at / 8) {
            Some(byte) => byte >> (7 - at % 8) & 1,
            None => checksum(&self.0) >> (259 - at) & 1,
        }
    }
}

fn checksum(key: &Secret) -> u8 {
    blake3::hash(key.as_ref()).as_bytes()[0] & 0x0f
}

impl fmt::Display for RecoveryKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.groups().join("-"))
    }
}

impl FromStr for RecoveryKey {
    type Err = RecoveryKeyError;

    /// Case, spaces and dashes do not matter; `O` is read as zero, `I` and `L` as one.
    fn from_str(text: &str) -> Result<Self, RecoveryKeyError> {
        let mut key = Zeroizing::new([0_u8; 32]);
        let mut check = 0;
        let mut n_chars = 0;
        for c in text.chars().filter(|c| !c.is_whitespace() && *c != '-') {
            let value = value_of(c)?;
            if n_chars == N_CHARS {
                return Err(RecoveryKeyError);
            }
            for i in 0..5 {
                let (at, bit) = (n_chars * 5 + i, value >> (4 - i) & 1);
                match key.get_mut(at / 8) {
                    Some(byte) => *byte |= bit << (7 - at % 8),
                    None => check = check << 1 | bit,
                }
            }
            n_chars += 1;
        }
        if n_chars != N_CHARS || check != checksum(&key) {
            return Err(RecoveryKeyError);
        }
        Ok(Self(key))
    }
}

fn value_of(c: char) -> Result<u8, RecoveryKeyError> {
    let c = match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        c => c,
    };
    let at = ALPHABET.iter().position(|a| char::from(*a) == c);
    at.and_then(|at| u8::try_from(at).ok())
        .ok_or(RecoveryKeyError)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::OsRandom;

    #[test]
    fn a_key_reads_back_however_it_is_typed() {
        let key = RecoveryKey::generate(&OsRandom);
        let written = key.to_string();
        assert_eq!(key.groups().len(), 13);
        for typed in [
            written.clone(),
            written.to_lowercase(),
            written.replace('-', " "),
            written.replace('0', "o").replace('1', "l"),
        ] {
            let read: RecoveryKey = typed.parse().unwrap();
            assert_eq!(read.to_string(), written);
        }
    }

    #[test]
    fn a_key_with_a_piece_missing_is_no_key() {
        let written = RecoveryKey::generate(&OsRandom).to_string();
        assert!(written[1..].parse::<RecoveryKey>().is_err());
        assert!(format!("{written}0").parse::<RecoveryKey>().is_err());
        assert!(
            written
                .replacen('-', "U", 1)
                .parse::<RecoveryKey>()
                .is_err()
        );
        assert!("".parse::<RecoveryKey>().is_err());
    }

    #[test]
    fn most_slips_of_one_character_are_noticed() {
        let written = RecoveryKey(Zeroizing::new([7; 32])).to_string();
        let (first, rest) = written.split_at(1);
        let noticed = ALPHABET
            .iter()
            .map(|c| char::from(*c).to_string())
            .filter(|c| c != first)
            .filter(|c| format!("{c}{rest}").parse::<RecoveryKey>().is_err())
            .count();
        assert!(noticed >= 24, "{noticed} of 31");
    }
}
