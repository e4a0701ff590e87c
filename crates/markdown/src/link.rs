//! Which addresses a link may have, and what about one should be said before it is followed.

use thiserror::Error;

/// The check of an address.
#[derive(Debug, Clone, Copy)]
pub struct Link;

/// An address that may be followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    href: String,
    host: Option<String>,
    doubt: Option<Doubt>,
}

/// Why a person should look twice at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// The host is spelled in Punycode, which hides its letters.
    Punycode,
    /// A label of the host mixes scripts that look alike, or has full-width forms of other letters.
    MixedScript,
    /// Something stands before the host that could be taken for it.
    UserInfo,
}

/// Why an address is not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum LinkTrouble {
    #[error("the address is empty")]
    Empty,
    #[error("the address leads nowhere outside this text")]
    Relative,
    #[error("only http, https and mailto are followed")]
    Scheme,
    #[error("the address holds characters that cannot be seen")]
    Hidden,
    #[error("the address names no host")]
    Host,
    #[error("the address is longer than {LONGEST} bytes")]
    TooLong,
}

/// Browsers and servers give up about here.
const LONGEST: usize = 2_048;

impl Checked {
    /// The address as written.
    pub fn href(&self) -> &str {
        &self.href
    }

    /// The host, to be shown beside the link; `None` for mail.
    pub fn host(&self) -> Option<&str> {
        self.host.as_deref()
    }

    pub fn doubt(&self) -> Option<Doubt> {
        self.doubt
    }
}

impl Link {
    /// Lets through `http`, `https` and `mailto` with nothing invisible inside.
    ///
    /// # Errors
    /// [`LinkTrouble`], named for the rule that is broken.
    pub fn check(address: &str) -> Result<Checked, LinkTrouble> {
        if address.is_empty() {
            return Err(LinkTrouble::Empty);
        }
        if address.len() > LONGEST {
            return Err(LinkTrouble::TooLong);
        }
        if address.chars().any(is_hidden) {
            return Err(LinkTrouble::Hidden);
        }
        let (scheme, rest) = scheme_of(address).ok_or(LinkTrouble::Relative)?;
        if scheme.eq_ignore_ascii_case("mailto") {
            return mail(address, rest);
        }
        if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
            return Err(LinkTrouble::Scheme);
        }
        web(address, rest.strip_prefix("//").ok_or(LinkTrouble::Host)?)
    }
}

fn scheme_of(address: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = address.split_once(':')?;
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    is_scheme.then_some((scheme, rest))
}

fn mail(address: &str, rest: &str) -> Result<Checked, LinkTrouble> {
    if rest.is_empty() {
        return Err(LinkTrouble::Empty);
    }
    Ok(Checked {
        href: address.to_owned(),
        host: None,
        doubt: None,
    })
}

fn web(address: &str, rest: &str) -> Result<Checked, LinkTrouble> {
    // Browsers take a backslash for a slash.
    let authority = rest.split(['/', '\\', '?', '#']).next().unwrap_or_default();
    let (user, place) = authority
        .rsplit_once('@')
        .map_or((None, authority), |(user, place)| (Some(user), place));
    let host = without_port(place).ok_or(LinkTrouble::Host)?;
    let host = host.to_lowercase();
    let doubt = match user {
        Some(_) => Some(Doubt::UserInfo),
        None => doubt_of(&host),
    };
    Ok(Checked {
        href: address.to_owned(),
        host: Some(host),
        doubt,
    })
}

fn without_port(place: &str) -> Option<&str> {
    let is_v6 = |c: char| c.is_ascii_hexdigit() || matches!(c, ':' | '.');
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let (host, port) = match place.strip_prefix('[').and_then(|v6| v6.find(']')) {
        Some(end) if place[1..=end].chars().all(is_v6) => place.split_at(end + 2),
        Some(_) => return None,
        None => {
            let end = place.find(':').unwrap_or(place.len());
            let is_host =
                place[..end].chars().all(is_name) && place.starts_with(char::is_alphanumeric);
            is_host.then(|| place.split_at(end))?
        }
    };
    let digits = port.strip_prefix(':').unwrap_or(port);
    let is_port =
        digits.chars().all(|c| c.is_ascii_digit()) && (port.is_empty() || port.starts_with(':'));
    is_port.then_some(host)
}

fn doubt_of(host: &str) -> Option<Doubt> {
    if host.split('.').any(|label| label.starts_with("xn--")) {
        Some(Doubt::Punycode)
    } else if host.split('.').any(is_mixed)
        || host.contains(|c| matches!(c, '\u{ff00}'..='\u{ffef}'))
    {
        Some(Doubt::MixedScript)
    } else {
        None
    }
}

/// Latin beside Han, kana or hangul is everyday; every other mixture is a trick.
fn is_mixed(label: &str) -> bool {
    let mut scripts = label.chars().filter(|c| c.is_alphabetic()).map(script);
    let Some(first) = scripts.next() else {
        return false;
    };
    let mut seen = first;
    scripts.any(|script| match (seen, script) {
        (a, b) if a == b => false,
        (Script::Latin, Script::EastAsian) | (Script::EastAsian, Script::Latin) => {
            seen = Script::EastAsian;
            false
        }
        _ => true,
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    Latin,
    Greek,
    Cyrillic,
    EastAsian,
    Other,
}

fn script(c: char) -> Script {
    match c {
        'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => Script::Latin,
        '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => Script::Greek,
        '\u{400}'..='\u{52f}' => Script::Cyrillic,
        c if crate::script::is_east_asian(c) => Script::EastAsian,
        _ => Script::Other,
    }
}

/// Control, format and space characters hide what an address really is.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || c.is_whitespace()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_and_mail_addresses_are_followed() {
        let cases = [
            ("", LinkTrouble::Empty),
            ("mailto:", LinkTrouble::Empty),
            ("../a.md", LinkTrouble::Relative),
            ("//x.example", LinkTrouble::Relative),
            ("#h", LinkTrouble::Relative),
            ("javascript:alert(1)", LinkTrouble::Scheme),
            ("JavaScript:alert(1)", LinkTrouble::Scheme),
            ("data:text/html,x", LinkTrouble::Scheme),
            ("file:///etc/passwd", LinkTrouble::Scheme),
            ("smb://x/y", LinkTrouble::Scheme),
            ("vbscript:x", LinkTrouble::Scheme),
            ("java\tscript:alert(1)", LinkTrouble::Hidden),
            ("https://x.example/\u{202e}gpj.exe", LinkTrouble::Hidden),
            ("https://pay\u{200b}pal.example", LinkTrouble::Hidden),
            ("https:x.example", LinkTrouble::Host),
            ("https://", LinkTrouble::Host),
            ("https:///x", LinkTrouble::Host),
            ("https://a%2eb/", LinkTrouble::Host),
            ("https://x.example:80a/", LinkTrouble::Host),
        ];
        for (address, trouble) in cases {
            assert_eq!(Link::check(address), Err(trouble), "{address:?}");
        }
        let long = format!("https://x.example/{}", "a".repeat(LONGEST));
        assert_eq!(Link::check(&long), Err(LinkTrouble::TooLong));
    }

    #[test]
    fn the_host_is_told_and_doubted() {
        let cases = [
            ("https://example.com/a?b#c", Some("example.com"), None),
            ("HTTP://Example.COM:8080", Some("example.com"), None),
            ("https://[::1]:80/", Some("[::1]"), None),
            ("https://知识abc.中国/", Some("知识abc.中国"), None),
            ("https://пример.рф", Some("пример.рф"), None),
            (
                "https://xn--pypal-4ve.com",
                Some("xn--pypal-4ve.com"),
                Some(Doubt::Punycode),
            ),
            (
                "https://pаypal.com",
                Some("pаypal.com"),
                Some(Doubt::MixedScript),
            ),
            (
                "https://bank.com@evil.example",
                Some("evil.example"),
                Some(Doubt::UserInfo),
            ),
            (
                r"https://evil.example\@bank.com",
                Some("evil.example"),
                None,
            ),
            ("mailto:a@b.example", None, None),
        ];
        for (address, host, doubt) in cases {
            let checked = Link::check(address).unwrap();
            assert_eq!(
                (checked.host(), checked.doubt()),
                (host, doubt),
                "{address}"
            );
            assert_eq!(checked.href(), address);
        }
    }
}
