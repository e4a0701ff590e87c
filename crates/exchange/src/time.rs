//! Points in time as exports write them.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, fmt::rfc2822};

/// Milliseconds since 1970 in UTC. A time without a zone is taken to be UTC.
pub(crate) fn parse(text: &str) -> Option<i64> {
    let text = text.trim();
    if text.starts_with("0000-") {
        return None;
    }
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some(time.as_millisecond());
    }
    if let Ok(time) = rfc2822::parse(text) {
        return Some(time.timestamp().as_millisecond());
    }
    let text = text.replace('/', "-");
    let time = match text.parse::<DateTime>() {
        Ok(time) => time,
        Err(_) => chinese(&text)?.to_datetime(jiff::civil::Time::midnight()),
    };
    let zoned = TimeZone::UTC.to_timestamp(time).ok()?;
    Some(zoned.as_millisecond())
}

/// `2024年3月1日`
fn chinese(text: &str) -> Option<Date> {
    let (year, rest) = text.split_once('年')?;
    let (month, rest) = rest.split_once('月')?;
    let (day, _) = rest.split_once('日')?;
    Date::new(
        year.trim().parse().ok()?,
        month.trim().parse().ok()?,
        day.trim().parse().ok()?,
    )
    .ok()
}

/// The time as text, to the millisecond; `None` for one that no calendar has.
pub(crate) fn format(ms: i64) -> Option<String> {
    Some(Timestamp::from_millisecond(ms).ok()?.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_moment_is_read_from_each_of_its_forms() {
        for text in [
            "2024-03-01T00:00:00Z",
            "2024-03-01T08:00:00+08:00",
            "2024-03-01 00:00:00",
            "2024-03-01T00:00:00.000Z",
            "2024-03-01",
            "2024/03/01",
            "2024年3月1日",
            "Fri, 01 Mar 2024 00:00:00 +0000",
        ] {
            assert_eq!(parse(text), Some(1_709_251_200_000), "{text}");
        }
        for text in ["", "yesterday", "0000-00-00 00:00:00", "2024-13-01"] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(
            format(1_709_251_200_001).as_deref(),
            Some("2024-03-01T00:00:00.001Z")
        );
    }
}
