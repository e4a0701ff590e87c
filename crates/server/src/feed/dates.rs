//! Times as feeds and headers write them.

use jiff::fmt::rfc2822::DateTimePrinter;
use stoa_domain::Timestamp;

/// `2026-09-01T08:00:00Z`, as RFC 3339 has it.
pub(super) fn rfc3339(at: Timestamp) -> String {
    jiff_of(at).to_string()
}

/// `Tue, 01 Sep 2026 08:00:00 GMT`, as RFC 822 and HTTP have it.
pub(crate) fn http_date(at: Timestamp) -> String {
    let written = DateTimePrinter::new().timestamp_to_rfc9110_string(&jiff_of(at));
    written.unwrap_or_default()
}

/// The years 1 to 9999; a time that lies beyond, which only a device can have told, is 1970.
fn jiff_of(at: Timestamp) -> jiff::Timestamp {
    let read = jiff::Timestamp::from_millisecond(at.millis()).ok();
    let has_a_written_form = |at: &jiff::Timestamp| at.as_millisecond() >= FIRST_WRITTEN_MILLIS;
    read.filter(has_a_written_form).unwrap_or_default()
}

/// 0001-01-01T00:00:00Z: years before it have no form of four digits.
const FIRST_WRITTEN_MILLIS: i64 = -62_135_596_800_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_the_forms_of_their_standards() {
        let at = Timestamp::from_millis(1_788_249_600_000);
        assert_eq!(rfc3339(at), "2026-09-01T08:00:00Z");
        assert_eq!(http_date(at), "Tue, 01 Sep 2026 08:00:00 GMT");
    }

    #[test]
    fn a_time_that_no_calendar_has_is_written_all_the_same() {
        for millis in [i64::MIN, -70_000_000_000_000, i64::MAX] {
            let at = Timestamp::from_millis(millis);
            assert_eq!(rfc3339(at), "1970-01-01T00:00:00Z");
            assert_eq!(http_date(at), "Thu, 01 Jan 1970 00:00:00 GMT");
        }
    }
}
