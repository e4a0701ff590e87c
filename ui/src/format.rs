//! Times, sizes and lengths as people read them. What to say is decided here; the browser's `Intl`
//! says it in the language.

use stoa_domain::Timestamp;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Han characters that one reads in a minute, and words of other scripts.
const HAN_PER_MINUTE: u64 = 350;
const WORDS_PER_MINUTE: u64 = 220;

/// How a moment in the past is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ago {
    Now,
    Minutes(i64),
    Hours(i64),
    Days(i64),
    /// Longer ago than a week: the date says more.
    Date,
}

/// Decides how `then` is said at `now`. A clock that runs ahead never makes a negative time.
pub(crate) fn ago(now: Timestamp, then: Timestamp) -> Ago {
    let passed = now.millis_since(then).max(0);
    match passed {
        p if p < MINUTE => Ago::Now,
        p if p < HOUR => Ago::Minutes(p / MINUTE),
        p if p < DAY => Ago::Hours(p / HOUR),
        p if p < 7 * DAY => Ago::Days(p / DAY),
        _ => Ago::Date,
    }
}

/// Whole minutes that reading takes, at least one for any text; `n_words` counts the Han, too.
pub(crate) fn reading_minutes(n_words: u64, n_han: u64) -> u64 {
    let n_others = n_words.saturating_sub(n_han);
    let shares = n_han * WORDS_PER_MINUTE + n_others * HAN_PER_MINUTE;
    shares.div_ceil(HAN_PER_MINUTE * WORDS_PER_MINUTE)
}

/// A size in bytes, with one digit after the point where it helps.
pub(crate) fn size(bytes: u64) -> String {
    #[allow(clippy::cast_precision_loss)] // a size for reading, not for counting
    let value = bytes as f64;
    let (value, unit) = match bytes {
        0..1_000 => (value, "B"),
        1_000..1_000_000 => (value / 1e3, "KB"),
        _ => (value / 1e6, "MB"),
    };
    let digits = format!("{value:.1}");
    format!("{} {unit}", digits.strip_suffix(".0").unwrap_or(&digits))
}

/// How long something lasts, to the second: `1:23:45`, or `3:05` below an hour.
pub(crate) fn duration(millis: u64) -> String {
    let seconds = millis / 1000;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

/// Digits in groups of three.
pub(crate) fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(target_arch = "wasm32")]
mod spoken {
    use std::cell::RefCell;

    use js_sys::{Array, Date, Intl, Object, Reflect};
    use stoa_domain::Timestamp;
    use wasm_bindgen::JsValue;

    use super::{Ago, ago};

    /// The moment this is called.
    pub(crate) fn now() -> Timestamp {
        #[allow(clippy::cast_possible_truncation)] // milliseconds since 1970 fit
        Timestamp::from_millis(Date::now() as i64)
    }

    /// "3 minutes ago", "yesterday", or the date.
    pub(crate) fn relative(tag: &str, now: Timestamp, then: Timestamp) -> String {
        match ago(now, then) {
            Ago::Now => just_now(tag),
            Ago::Minutes(n) => in_words(tag, -n, "minute"),
            Ago::Hours(n) => in_words(tag, -n, "hour"),
            Ago::Days(n) => in_words(tag, -n, "day"),
            Ago::Date => date(tag, now, then),
        }
    }

    thread_local! {
        /// The words of the language they were last asked for in: lists ask for each row.
        static JUST_NOW: RefCell<(String, String)> = RefCell::default();
    }

    fn just_now(tag: &str) -> String {
        JUST_NOW.with_borrow_mut(|(known, text)| {
            if known != tag {
                *text = crate::texts::Words::new(tag).get("just-now").to_string();
                tag.clone_into(known);
            }
            text.clone()
        })
    }

    /// The time of day, `09:42`.
    pub(crate) fn time_of_day(tag: &str, at: Timestamp) -> String {
        formatted(
            tag,
            at,
            &[
                ("hour", "2-digit"),
                ("minute", "2-digit"),
                ("hourCycle", "h23"),
            ],
        )
    }

    /// The moment that a field for date and time names, in the time zone of this computer.
    pub(crate) fn read_local(text: &str) -> Option<Timestamp> {
        let millis = Date::parse(text);
        #[allow(clippy::cast_possible_truncation)] // milliseconds since 1970 fit
        millis
            .is_finite()
            .then(|| Timestamp::from_millis(millis as i64))
    }

    /// A moment as a field for date and time has it, in the time zone of this computer.
    pub(crate) fn write_local(at: Timestamp) -> String {
        let date = Date::new(&JsValue::from_f64(millis(at)));
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}",
            date.get_full_year(),
            date.get_month() + 1,
            date.get_date(),
            date.get_hours(),
            date.get_minutes()
        )
    }

    const MOMENT: [(&str, &str); 5] = [
        ("month", "short"),
        ("day", "numeric"),
        ("hour", "2-digit"),
        ("minute", "2-digit"),
        ("hourCycle", "h23"),
    ];

    /// Date and time to the minute; with the year when it is not this one.
    pub(crate) fn moment(tag: &str, at: Timestamp) -> String {
        formatted(tag, at, &fields_of_moment(at))
    }

    fn fields_of_moment(at: Timestamp) -> Vec<(&'static str, &'static str)> {
        let mut fields = MOMENT.to_vec();
        if year(at) != year(now()) {
            fields.push(("year", "numeric"));
        }
        fields
    }

    /// Date and time to the minute in a time zone, with how that differs from UTC.
    pub(crate) fn moment_in(tag: &str, at: Timestamp, zone: &str) -> String {
        let mut fields: Vec<(&str, &str)> = fields_of_moment(at);
        fields.extend([("timeZone", zone), ("timeZoneName", "short")]);
        formatted(tag, at, &fields)
    }

    /// What the clocks of UTC would show as a field for date and time has it.
    pub(crate) fn wall_clock(text: &str) -> Option<Timestamp> {
        read_local(&format!("{text}Z"))
    }

    /// A moment as a field for date and time of UTC would have it.
    pub(crate) fn write_wall(at: Timestamp) -> String {
        let text = Date::new(&JsValue::from_f64(millis(at))).to_iso_string();
        text.substring(0, 16).into()
    }

    /// The time zone of this computer, by its IANA name.
    pub(crate) fn own_zone() -> Option<String> {
        let own = Intl::DateTimeFormat::new(&Array::new(), &Object::new()).resolved_options();
        Reflect::get(&own, &"timeZone".into()).ok()?.as_string()
    }

    /// How far the clocks of a time zone are ahead of UTC at a moment, in milliseconds; nothing when
    /// the browser does not know the zone.
    pub(crate) fn offset_in(zone: &str, at: Timestamp) -> Option<i64> {
        // Years of four digits, months and days of two, as ISO 8601 has them.
        let fields = [
            ("timeZone", zone),
            ("year", "numeric"),
            ("month", "2-digit"),
            ("day", "2-digit"),
            ("hour", "2-digit"),
            ("minute", "2-digit"),
            ("second", "2-digit"),
            ("hourCycle", "h23"),
        ];
        let arguments = Array::of2(&"sv-SE".into(), options(&fields).as_ref());
        // The constructor throws for a zone that it does not know.
        let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
        let class = Reflect::get(&intl, &"DateTimeFormat".into()).ok()?;
        let format = Reflect::construct(&class.into(), &arguments).ok()?;
        let format: Intl::DateTimeFormat = format.into();
        let date = Date::new(&JsValue::from_f64(millis(at)));
        let shown = format.format().call1(&JsValue::NULL, &date).ok()?;
        let shown = wall_clock(&shown.as_string()?.replacen(' ', "T", 1))?;
        Some(shown.millis() - at.millis().div_euclid(1000) * 1000)
    }

    /// The day: "today", "yesterday", or its date.
    pub(crate) fn day(tag: &str, now: Timestamp, at: Timestamp) -> String {
        let midnight = |at: Timestamp| {
            let date = Date::new(&JsValue::from_f64(millis(at)));
            date.set_hours(12);
            (date.get_time() / 86_400_000.0).floor()
        };
        #[allow(clippy::cast_possible_truncation)] // days since 1970 fit
        let n = (midnight(now) - midnight(at)) as i64;
        match n {
            0 | 1 => in_words(tag, -n, "day"),
            _ => date(tag, now, at),
        }
    }

    fn date(tag: &str, now: Timestamp, then: Timestamp) -> String {
        if year(now) == year(then) {
            formatted(tag, then, &[("month", "short"), ("day", "numeric")])
        } else {
            formatted(
                tag,
                then,
                &[("year", "numeric"), ("month", "short"), ("day", "numeric")],
            )
        }
    }

    fn year(at: Timestamp) -> u32 {
        Date::new(&JsValue::from_f64(millis(at))).get_full_year()
    }

    #[allow(clippy::cast_precision_loss)] // milliseconds since 1970 are far below 2^53
    fn millis(at: Timestamp) -> f64 {
        at.millis() as f64
    }

    #[allow(clippy::cast_precision_loss)] // at most some hundreds
    fn in_words(tag: &str, n: i64, unit: &str) -> String {
        let options = options(&[("numeric", "auto"), ("style", "short")]);
        let locales = Array::of1(&JsValue::from(tag));
        let format = Reflect::get(&js_sys::global(), &"Intl".into())
            .and_then(|intl| Reflect::get(&intl, &"RelativeTimeFormat".into()))
            .and_then(|class| Reflect::construct(&class.into(), &Array::of2(&locales, &options)));
        let Ok(format) = format else {
            return String::new();
        };
        let say = Reflect::get(&format, &"format".into()).map(js_sys::Function::from);
        say.and_then(|say| say.call2(&format, &JsValue::from_f64(n as f64), &unit.into()))
            .ok()
            .and_then(|text| text.as_string())
            .unwrap_or_default()
    }

    fn formatted(tag: &str, at: Timestamp, fields: &[(&str, &str)]) -> String {
        let locales = Array::of1(&JsValue::from(tag));
        let format = Intl::DateTimeFormat::new(&locales, options(fields).as_ref());
        let date = Date::new(&JsValue::from_f64(millis(at)));
        format
            .format()
            .call1(&JsValue::NULL, &date)
            .ok()
            .and_then(|text| text.as_string())
            .unwrap_or_default()
    }

    fn options(fields: &[(&str, &str)]) -> Object {
        let options = Object::new();
        for (name, value) in fields {
            // Setting a field of a fresh object cannot fail.
            let _ = Reflect::set(&options, &(*name).into(), &(*value).into());
        }
        options
    }
}

/// Without a browser (in tests) times are said plainly, and now is 1970.
#[cfg(not(target_arch = "wasm32"))]
mod spoken {
    use stoa_domain::Timestamp;

    use super::ago;

    pub(crate) fn now() -> Timestamp {
        Timestamp::from_millis(0)
    }

    pub(crate) fn relative(_tag: &str, now: Timestamp, then: Timestamp) -> String {
        format!("{:?}", ago(now, then))
    }

    pub(crate) fn time_of_day(_tag: &str, at: Timestamp) -> String {
        at.millis().to_string()
    }

    pub(crate) fn moment(_tag: &str, at: Timestamp) -> String {
        at.millis().to_string()
    }

    pub(crate) fn day(_tag: &str, _now: Timestamp, at: Timestamp) -> String {
        format!("day {}", at.millis() / super::DAY)
    }

    pub(crate) fn moment_in(tag: &str, at: Timestamp, zone: &str) -> String {
        format!("{} {zone}", moment(tag, at))
    }

    pub(crate) fn wall_clock(text: &str) -> Option<Timestamp> {
        read_local(text)
    }

    pub(crate) fn write_wall(at: Timestamp) -> String {
        write_local(at)
    }

    pub(crate) fn own_zone() -> Option<String> {
        None
    }

    pub(crate) fn offset_in(zone: &str, _at: Timestamp) -> Option<i64> {
        (zone == "Asia/Shanghai").then_some(8 * super::HOUR)
    }

    pub(crate) fn write_local(at: Timestamp) -> String {
        at.millis().to_string()
    }

    pub(crate) fn read_local(text: &str) -> Option<Timestamp> {
        text.parse().ok().map(Timestamp::from_millis)
    }
}

pub(crate) use spoken::{
    day, moment, moment_in, now, offset_in, own_zone, read_local, relative, time_of_day,
    wall_clock, write_local, write_wall,
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_past_is_said_in_the_largest_unit_that_fits() {
        let now = Timestamp::from_millis(100 * DAY);
        let cases = [
            (0, Ago::Now),
            (59_999, Ago::Now),
            (MINUTE, Ago::Minutes(1)),
            (59 * MINUTE, Ago::Minutes(59)),
            (HOUR, Ago::Hours(1)),
            (23 * HOUR, Ago::Hours(23)),
            (DAY, Ago::Days(1)),
            (7 * DAY, Ago::Date),
            (-HOUR, Ago::Now),
        ];
        for (passed, expected) in cases {
            assert_eq!(ago(now, now.plus_millis(-passed)), expected, "{passed}");
        }
    }

    #[test]
    fn reading_time_is_rounded_up() {
        let cases = [
            (0, 0, 0),
            (1, 1, 1),
            (350, 350, 1),
            (351, 351, 2),
            (220, 0, 1),
            (221, 0, 2),
            (570, 350, 2),
            (3_500, 3_500, 10),
        ];
        for (words, han, minutes) in cases {
            assert_eq!(reading_minutes(words, han), minutes, "{words} {han}");
        }
    }

    #[test]
    fn sizes_and_counts_are_short() {
        assert_eq!(size(999), "999 B");
        assert_eq!(size(1_234), "1.2 KB");
        assert_eq!(size(250_000), "250 KB");
        assert_eq!(size(2_500_000), "2.5 MB");
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_234_567), "1,234,567");
    }
}
