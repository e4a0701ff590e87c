//! The calendar date of an instant, for names of folders and reports.

use stoa_domain::Timestamp;

const DAY_MILLIS: i64 = 86_400_000;

/// `2026-03-09`, in UTC.
pub(crate) fn date(at: Timestamp) -> String {
    let (year, month, day) = civil(at.millis().div_euclid(DAY_MILLIS));
    format!("{year:04}-{month:02}-{day:02}")
}

/// `2026-03-09T08:07:06Z`.
pub(crate) fn moment(at: Timestamp) -> String {
    let second = at.millis().rem_euclid(DAY_MILLIS) / 1_000;
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{}T{hour:02}:{minute:02}:{second:02}Z", date(at))
}

/// Year, month and day of a number of days since 1970-01-01, counting years from 1 March so that
/// the leap day comes last (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_have_their_dates() {
        let cases = [
            (0, "1970-01-01"),
            (-1, "1969-12-31"),
            (951_782_400_000, "2000-02-29"),
            (1_709_251_199_999, "2024-02-29"),
            (1_709_251_200_000, "2024-03-01"),
            (1_798_761_600_000, "2027-01-01"),
        ];
        for (millis, expected) in cases {
            assert_eq!(date(Timestamp::from_millis(millis)), expected);
        }
        assert_eq!(moment(Timestamp::from_millis(-1)), "1969-12-31T23:59:59Z");
    }
}
