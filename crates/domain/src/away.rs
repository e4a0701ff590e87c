//! How long a computer may be away from its server before what is on it is locked.

use crate::Timestamp;

const DAY_MILLIS: i64 = 86_400_000;

/// After how many days without contact a profile locks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LockAfter {
    #[default]
    Never,
    Week,
    Month,
    Quarter,
}

impl LockAfter {
    /// Every choice, the shortest last.
    pub const ALL: [Self; 4] = [Self::Never, Self::Quarter, Self::Month, Self::Week];

    /// The days; 0 is never.
    pub fn days(self) -> u32 {
        match self {
            Self::Never => 0,
            Self::Week => 7,
            Self::Month => 30,
            Self::Quarter => 90,
        }
    }

    /// The choice of so many days, if it is one.
    pub fn of_days(days: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.days() == days)
    }
}

/// When the server was last spoken with, and the latest this computer's clock has shown since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contact {
    at: Timestamp,
    latest: Timestamp,
}

impl Contact {
    /// A contact now, whatever the clock showed before.
    pub fn made(now: Timestamp) -> Self {
        Self {
            at: now,
            latest: now,
        }
    }

    /// As it was kept.
    pub fn kept(at: Timestamp, latest: Timestamp) -> Self {
        Self { at, latest }
    }

    pub fn at(self) -> Timestamp {
        self.at
    }

    pub fn latest(self) -> Timestamp {
        self.latest
    }

    /// The clock was looked at; what it showed once is not taken back.
    #[must_use]
    pub fn looked(self, now: Timestamp) -> Self {
        Self {
            latest: self.latest.max(now),
            ..self
        }
    }

    /// Whether the profile is to be locked. A clock that stands a day before the contact was set
    /// back, and tells nothing: that locks too, since a lock costs no data and the next contact
    /// opens it.
    pub fn is_too_long_ago(self, now: Timestamp, after: LockAfter) -> bool {
        if after == LockAfter::Never {
            return false;
        }
        let away = self.looked(now).latest.millis_since(self.at);
        let was_set_back = self.at.millis_since(now) > DAY_MILLIS;
        was_set_back || away >= i64::from(after.days()) * DAY_MILLIS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTACT: i64 = 1_788_249_600_000;

    fn day(n: i64) -> Timestamp {
        Timestamp::from_millis(CONTACT + n * DAY_MILLIS)
    }

    #[test]
    fn it_locks_when_the_days_are_over_and_not_before() {
        let contact = Contact::made(day(0));
        for choice in [LockAfter::Week, LockAfter::Month, LockAfter::Quarter] {
            let days = i64::from(choice.days());
            assert!(!contact.is_too_long_ago(day(days).plus_millis(-1), choice));
            assert!(contact.is_too_long_ago(day(days), choice));
        }
        assert!(!contact.is_too_long_ago(day(100_000), LockAfter::Never));
    }

    #[test]
    fn setting_the_clock_back_does_not_unlock() {
        let contact = Contact::made(day(0)).looked(day(8));
        for now in [day(8), day(1), day(0), day(-400)] {
            assert!(contact.is_too_long_ago(now, LockAfter::Week), "{now:?}");
        }
    }

    #[test]
    fn a_clock_that_stands_before_the_contact_locks() {
        let contact = Contact::made(day(0));
        assert!(contact.is_too_long_ago(day(-2), LockAfter::Quarter));
        let an_hour_before = day(0).plus_millis(-3_600_000);
        assert!(!contact.is_too_long_ago(an_hour_before, LockAfter::Quarter));
    }

    #[test]
    fn a_contact_heals_whatever_the_clock_has_shown() {
        let in_ten_years = Contact::made(day(0)).looked(day(3_652));
        assert!(in_ten_years.is_too_long_ago(day(1), LockAfter::Quarter));
        assert!(!Contact::made(day(1)).is_too_long_ago(day(2), LockAfter::Week));
    }

    #[test]
    fn days_name_a_choice_or_none() {
        for choice in LockAfter::ALL {
            assert_eq!(LockAfter::of_days(choice.days()), Some(choice));
        }
        assert_eq!(LockAfter::of_days(8), None);
    }
}
