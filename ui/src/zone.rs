//! The time zone in which a community tells time: what is to happen at six in the evening happens
//! then for its people, wherever the computer is.

use stoa_domain::{Timestamp, ZoneName};
use yew::prelude::*;

use crate::format::{
    moment, moment_in, offset_in, own_zone, read_local, wall_clock, write_local, write_wall,
};
use crate::host::use_app;
use crate::t;
use crate::texts::Words;

const DAY: i64 = 24 * 60 * 60 * 1000;

/// The community's time zone, where it is another than the computer's.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Zone(Option<ZoneName>);

impl Zone {
    /// A zone that this computer does not know is as good as none.
    pub(crate) fn of(name: Option<&ZoneName>) -> Self {
        let is_other = |name: &&ZoneName| {
            own_zone().as_deref() != Some(name.as_str())
                && offset_in(name.as_str(), Timestamp::default()).is_some()
        };
        Self(name.filter(is_other).cloned())
    }

    /// Its name, when it is not the computer's.
    pub(crate) fn name(&self) -> Option<&str> {
        self.0.as_ref().map(ZoneName::as_str)
    }

    /// Date and time to the minute; with the zone when it is not the computer's.
    pub(crate) fn moment(&self, tag: &str, at: Timestamp) -> String {
        match self.name() {
            Some(zone) => moment_in(tag, at, zone),
            None => moment(tag, at),
        }
    }

    /// A moment as a field for date and time has it.
    pub(crate) fn write(&self, at: Timestamp) -> String {
        let offset = self.name().and_then(|zone| offset_in(zone, at));
        match offset {
            Some(offset) => write_wall(at.plus_millis(offset)),
            None => write_local(at),
        }
    }

    /// What is said below a field for date and time: which zone is meant, and what this computer's
    /// clock shows then; nothing where the two are one.
    pub(crate) fn hint(&self, words: &Words, typed: &str) -> Option<AttrValue> {
        let name = self.name()?;
        Some(match self.read(typed) {
            Some(at) => t!(
                words,
                "zone-here",
                zone = name,
                here = moment(words.tag(), at)
            ),
            None => t!(words, "zone", zone = name),
        })
    }

    /// The moment that a field for date and time names.
    pub(crate) fn read(&self, text: &str) -> Option<Timestamp> {
        let Some(zone) = self.name() else {
            return read_local(text);
        };
        let wall = wall_clock(text)?.millis();
        let offset = |at| offset_in(zone, Timestamp::from_millis(at));
        instant(wall, offset).map(Timestamp::from_millis)
    }
}

/// The zone of the community that is open.
#[hook]
pub(crate) fn use_zone() -> Zone {
    let app = use_app();
    let timezone = app.profile().and_then(|profile| profile.timezone.clone());
    (*use_memo(timezone, |name| Zone::of(name.as_ref()))).clone()
}

/// When clocks that are `offset` ahead of UTC show `wall`, both in milliseconds. Of an hour that
/// they show twice the first is meant; one that they leave out is read as if they had not been
/// put forward yet, as RFC 5545 has it (3.3.5, form 3).
fn instant(wall: i64, offset: impl Fn(i64) -> Option<i64>) -> Option<i64> {
    let before = offset(wall - DAY)?;
    let after = offset(wall + DAY)?;
    let shows = |at: &i64| offset(*at).is_some_and(|offset| at + offset == wall);
    let mut candidates = [wall - before, wall - after];
    candidates.sort_unstable();
    candidates.into_iter().find(shows).or(Some(wall - before))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 60 * 60 * 1000;

    #[test]
    fn a_time_of_day_is_that_of_the_zone() {
        let shanghai = |_| Some(8 * HOUR);
        assert_eq!(
            instant(100 * DAY + 18 * HOUR, shanghai),
            Some(100 * DAY + 10 * HOUR)
        );
    }

    #[test]
    fn clocks_that_are_put_forward_or_back_name_one_moment() {
        // Put forward at 01:00 UTC of day 100 from UTC+1 to UTC+2, and back at 01:00 of day 200.
        let (spring, autumn) = (100 * DAY + HOUR, 200 * DAY + HOUR);
        let offset = |at| {
            Some(if (spring..autumn).contains(&at) {
                2 * HOUR
            } else {
                HOUR
            })
        };
        let at = |wall| instant(wall, offset).unwrap();
        assert_eq!(at(100 * DAY + 90 * HOUR / 60), 100 * DAY + HOUR / 2);
        assert_eq!(at(100 * DAY + 4 * HOUR), 100 * DAY + 2 * HOUR);
        // 02:30 is left out on day 100 and is shown twice on day 200.
        assert_eq!(at(100 * DAY + 5 * HOUR / 2), 100 * DAY + 3 * HOUR / 2);
        assert_eq!(at(200 * DAY + 5 * HOUR / 2), 200 * DAY + HOUR / 2);
    }

    #[test]
    fn a_field_shows_what_was_read_from_it_and_says_which_clock_is_meant() {
        let words = Words::new("en");
        let name = ZoneName::parse("Asia/Shanghai").unwrap();
        let zone = Zone::of(Some(&name));
        let at = zone.read("28800001").unwrap();
        assert_eq!((at.millis(), zone.write(at).as_str()), (1, "28800001"));
        let hint = |typed| zone.hint(&words, typed).unwrap().to_string();
        assert!(hint("").contains("Asia/Shanghai"));
        assert!(hint("28800001").ends_with("on this computer 1"));
        assert_eq!(Zone::default().hint(&words, ""), None);
    }

    #[test]
    fn a_zone_that_nobody_knows_is_as_good_as_none() {
        let unknown = ZoneName::parse("Mars/Olympus_Mons").unwrap();
        assert_eq!(Zone::of(Some(&unknown)), Zone::default());
        assert_eq!(
            Zone::default().read("1200"),
            Some(Timestamp::from_millis(1200))
        );
    }
}
