//! Whether a request was signed by who holds the secret, for what it asks, now.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::{Asked, KEY, REGION, Refusal, SECRET};

/// How far the clock of who asks may be off.
const SKEW_MILLIS: i64 = 15 * 60_000;

/// Signature version 4 in the query, as AWS describes it, computed from the beginning.
pub(super) fn check(asked: &Asked, now: i64) -> Result<(), Refusal> {
    const BAD: Refusal = (400, "AuthorizationQueryParametersError");
    let query = decoded(&asked.query);
    let value = |name: &str| {
        query
            .get(name)
            .map(String::as_str)
            .ok_or((403, "AccessDenied"))
    };
    if value("X-Amz-Algorithm")? != "AWS4-HMAC-SHA256" {
        return Err(BAD);
    }
    let credential: Vec<&str> = value("X-Amz-Credential")?.split('/').collect();
    let [key, day, region, service, end] = credential[..] else {
        return Err(BAD);
    };
    if key != KEY {
        return Err((403, "InvalidAccessKeyId"));
    }
    let at = value("X-Amz-Date")?;
    if region != REGION || service != "s3" || end != "aws4_request" || !at.starts_with(day) {
        return Err(BAD);
    }
    check_time(at, value("X-Amz-Expires")?, now)?;
    let names = value("X-Amz-SignedHeaders")?;
    let canonical = canonical(asked, &query, names)?;
    let scope = format!("{day}/{region}/{service}/{end}");
    let digest = hex(&Sha256::digest(canonical.as_bytes()));
    let to_sign = format!("AWS4-HMAC-SHA256\n{at}\n{scope}\n{digest}");
    let signing_key = [day, region, service, end]
        .iter()
        .fold(format!("AWS4{SECRET}").into_bytes(), |key, step| {
            hmac(&key, step)
        });
    if hex(&hmac(&signing_key, &to_sign)) == value("X-Amz-Signature")? {
        Ok(())
    } else {
        Err((403, "SignatureDoesNotMatch"))
    }
}

fn check_time(at: &str, expires: &str, now: i64) -> Result<(), Refusal> {
    const BAD: Refusal = (400, "AuthorizationQueryParametersError");
    let at = NaiveDateTime::parse_from_str(at, "%Y%m%dT%H%M%SZ").map_err(|_| BAD)?;
    let at = at.and_utc().timestamp_millis();
    let seconds: i64 = expires.parse().map_err(|_| BAD)?;
    if !(1..=604_800).contains(&seconds) {
        return Err(BAD);
    }
    if at > now + SKEW_MILLIS {
        Err((403, "RequestTimeTooSkewed"))
    } else if now > at + seconds * 1_000 {
        Err((403, "RequestExpired"))
    } else {
        Ok(())
    }
}

fn canonical(
    asked: &Asked,
    query: &BTreeMap<String, String>,
    names: &str,
) -> Result<String, Refusal> {
    let mut signed = names.split(';');
    let amazons = asked
        .headers
        .keys()
        .filter(|name| name.as_str().starts_with("x-amz-"));
    let mut needed = amazons.map(|name| name.as_str()).chain(["host"]);
    if needed.any(|needed| !names.split(';').any(|name| name == needed)) {
        return Err((403, "AccessDenied"));
    }
    let query: Vec<String> = query
        .iter()
        .filter(|(name, _)| *name != "X-Amz-Signature")
        .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
        .collect();
    let headers = signed.try_fold(String::new(), |all, name| {
        let value = asked.header(name).ok_or((403, "SignatureDoesNotMatch"))?;
        Ok::<_, Refusal>(format!("{all}{name}:{}\n", value.trim()))
    })?;
    let Asked { method, path, .. } = asked;
    Ok(format!(
        "{method}\n{path}\n{}\n{headers}\n{names}\nUNSIGNED-PAYLOAD",
        query.join("&")
    ))
}

fn decoded(query: &str) -> BTreeMap<String, String> {
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    pairs.into_owned().collect()
}

/// All but letters, digits and four signs, as the signature wants it.
fn encoded(text: &str) -> String {
    let one = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(one).collect()
}

fn hmac(key: &[u8], message: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length is one");
    mac.update(message.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
