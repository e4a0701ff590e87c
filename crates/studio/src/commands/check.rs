//! Checks of what somebody typed into a form.

use stoa_domain::{Title, clean};
use stoa_ipc::{ErrorCode, Failure};

/// Passphrases are guessed offline, so short ones are no lock.
const MIN_PASSPHRASE_CHARS: usize = 8;
const MAX_PASSPHRASE_BYTES: usize = 1_024;
const MAX_NAME_CHARS: usize = 80;

pub(super) fn title(text: &str) -> Result<Title, Failure> {
    Title::parse(text).map_err(|_| Failure::field("title", "too-long"))
}

/// The name of a community: one line, not empty.
pub(super) fn name(text: &str) -> Result<String, Failure> {
    let name = clean(text).replace('\n', " ").trim().to_owned();
    match name.chars().count() {
        0 => Err(Failure::field("name", "required")),
        n if n > MAX_NAME_CHARS => Err(Failure::field("name", "too-long")),
        _ => Ok(name),
    }
}

pub(super) fn passphrase(text: &str) -> Result<(), Failure> {
    if text.chars().count() < MIN_PASSPHRASE_CHARS {
        return Err(Failure::field("passphrase", "too-short"));
    }
    if text.len() > MAX_PASSPHRASE_BYTES {
        return Err(Failure::field("passphrase", "too-long"));
    }
    Ok(())
}

pub(super) fn email(text: &str) -> Result<String, Failure> {
    let email = text.trim();
    let is_like_one = email
        .split_once('@')
        .is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty());
    if is_like_one && !email.contains(char::is_whitespace) && email.len() <= 254 {
        Ok(email.to_owned())
    } else {
        Err(Failure::field("email", "not-an-email"))
    }
}

pub(super) fn required(field: &str, text: &str) -> Result<(), Failure> {
    if text.is_empty() {
        return Err(Failure::field(field, "required"));
    }
    Ok(())
}

/// At most so many rows of a list.
pub(super) fn limit(asked: u32, most: u32) -> Result<u32, Failure> {
    if asked == 0 || asked > most {
        return Err(Failure::new(
            ErrorCode::InvalidInput,
            "the limit is out of range",
        ));
    }
    Ok(asked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_checked_field_by_field() {
        let reason = |failure: Failure| failure.fields[0].reason.clone();
        assert_eq!(name("  知行社\n").unwrap(), "知行社");
        assert_eq!(reason(name(" \n").unwrap_err()), "required");
        assert_eq!(reason(name(&"长".repeat(81)).unwrap_err()), "too-long");
        assert_eq!(reason(passphrase("短口令").unwrap_err()), "too-short");
        assert!(passphrase("八个字的口令也可以").is_ok());
        assert_eq!(email(" lin@example.com ").unwrap(), "lin@example.com");
        for wrong in ["", "lin", "@example.com", "lin@", "a b@c.d"] {
            assert_eq!(reason(email(wrong).unwrap_err()), "not-an-email", "{wrong}");
        }
        assert!(limit(0, 10).is_err() && limit(11, 10).is_err() && limit(10, 10).is_ok());
    }
}
