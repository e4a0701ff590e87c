//! What an e-mail, a name, a password and a device may be.

use stoa_protocol::account::{NewDevice, Secret};

use crate::refusal::Refusal;

const MIN_PASSWORD_CHARS: usize = 10;
const MAX_PASSWORD_BYTES: usize = 1024;
const MAX_EMAIL_BYTES: usize = 254;
const MAX_NAME_CHARS: usize = 80;

/// The form in which an e-mail is stored and compared.
pub(crate) fn email(input: &str) -> Result<String, Refusal> {
    let email = input.trim().to_lowercase();
    let is_fine = email.len() <= MAX_EMAIL_BYTES
        && !email.chars().any(|c| c.is_whitespace() || c.is_control())
        && email
            .split_once('@')
            .is_some_and(|(who, host)| !who.is_empty() && !host.is_empty() && !host.contains('@'));
    if is_fine {
        Ok(email)
    } else {
        Err(Refusal::field("email", "this is no e-mail address"))
    }
}

/// The name of a person, a device or a community: one line.
pub(crate) fn name(field: &str, input: &str) -> Result<String, Refusal> {
    let name = input.trim();
    let n_chars = name.chars().count();
    if n_chars == 0 || n_chars > MAX_NAME_CHARS || name.chars().any(char::is_control) {
        let message = format!("1 to {MAX_NAME_CHARS} characters on one line");
        return Err(Refusal::field(field, message));
    }
    Ok(name.to_owned())
}

/// A new password: long enough, and not the e-mail.
pub(crate) fn new_password(password: &Secret, email: &str) -> Result<String, Refusal> {
    let Secret(password) = password;
    if password.chars().count() < MIN_PASSWORD_CHARS {
        let message = format!("at least {MIN_PASSWORD_CHARS} characters");
        return Err(Refusal::field("password", message));
    }
    if password.len() > MAX_PASSWORD_BYTES || password.contains('\0') {
        return Err(Refusal::field("password", "too long, or not text"));
    }
    if password.trim().to_lowercase() == email {
        return Err(Refusal::field("password", "the e-mail is no password"));
    }
    Ok(password.clone())
}

/// A password as somebody typed it to sign in; longer than any that could have been set is wrong.
pub(crate) fn typed_password(password: &Secret) -> Option<String> {
    (password.0.len() <= MAX_PASSWORD_BYTES).then(|| password.0.clone())
}

/// The device's name and its public key.
pub(crate) fn device(device: &NewDevice) -> Result<(String, [u8; 32]), Refusal> {
    let name = name("device.name", &device.name)?;
    let key = hex_bytes::<32>(&device.public_key)
        .filter(|key| ed25519_dalek::VerifyingKey::from_bytes(key).is_ok_and(|key| !key.is_weak()))
        .ok_or_else(|| Refusal::field("device.public_key", "not an Ed25519 public key"))?;
    Ok((name, key))
}

/// Reads exactly `N` bytes of lower-case hex.
pub(crate) fn hex_bytes<const N: usize>(hex: &str) -> Option<[u8; N]> {
    let digits = hex.as_bytes();
    let mut bytes = [0; N];
    if digits.len() != 2 * N {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = hex_digit(pair[0])? << 4 | hex_digit(pair[1])?;
    }
    Some(bytes)
}

fn hex_digit(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_email_is_lower_case_and_has_one_at() {
        assert_eq!(
            email(" Lin@Example.com ").ok().as_deref(),
            Some("lin@example.com")
        );
        for wrong in ["", "lin", "@x", "lin@", "a@b@c", "a b@c", "a@\u{0}c"] {
            assert!(email(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_password_is_long_and_not_the_email() {
        let check = |text: &str| new_password(&Secret(text.into()), "lin@example.com").is_ok();
        assert!(check("correct horse"));
        assert!(check("十个汉字就已经够长了"));
        assert!(!check("短密码"));
        assert!(!check("LIN@example.com"));
        assert!(!check(&"x".repeat(1025)));
    }

    #[test]
    fn hex_is_exact() {
        assert_eq!(hex_bytes::<2>("0aff"), Some([10, 255]));
        assert_eq!(hex_bytes::<2>("0AFF"), None);
        assert_eq!(hex_bytes::<2>("0aff0"), None);
        assert_eq!(hex_bytes::<2>("知"), None);
    }
}
