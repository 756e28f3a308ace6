//! Points in time, as the vault writes them.

use std::fmt;
use std::str::FromStr;

use keyark_core::{Error, Result};

/// A point in time, to the second, in UTC. Its text is RFC 3339's: `2026-11-21T12:00:00Z`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(jiff::Timestamp);

impl Timestamp {
    /// What the computer's clock says.
    pub fn now() -> Self {
        Self::from_unix(jiff::Timestamp::now().as_second())
    }

    /// So many seconds after 1970 began. Times that no calendar of four-digit years has become 1970.
    pub fn from_unix(seconds: i64) -> Self {
        Self(jiff::Timestamp::from_second(seconds).unwrap_or_default())
    }

    /// The seconds since 1970 began.
    pub fn as_unix(self) -> i64 {
        self.0.as_second()
    }

    /// The seconds from `earlier` to this; fewer than 0 where this is the earlier one.
    pub fn seconds_since(self, earlier: Self) -> i64 {
        self.as_unix().saturating_sub(earlier.as_unix())
    }

    /// The date in UTC: `2026-11-21`.
    pub fn date(self) -> String {
        self.to_string().chars().take(10).collect()
    }
}

impl FromStr for Timestamp {
    type Err = Error;

    /// Reads RFC 3339; what is finer than a second is left away.
    ///
    /// # Errors
    /// [`Malformed`](keyark_core::ErrorKind::Malformed) for anything else.
    fn from_str(text: &str) -> Result<Self> {
        let parsed: Result<jiff::Timestamp, _> = text.parse();
        parsed.map(|time| Self::from_unix(time.as_second())).map_err(|_| {
            Error::malformed("this is not a point in time", "write it as in RFC 3339: 2026-11-21T12:00:00Z")
        })
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Timestamp({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_rfc_3339_to_the_second() {
        let time: Timestamp = "2026-11-21T13:00:00.75+01:00".parse().unwrap();
        assert_eq!((time.to_string().as_str(), time.date().as_str()), ("2026-11-21T12:00:00Z", "2026-11-21"));
        assert_eq!(Timestamp::from_unix(time.as_unix()), time);
        assert_eq!(Timestamp::from_unix(0).to_string(), "1970-01-01T00:00:00Z");
        assert_eq!(Timestamp::from_unix(i64::MAX).as_unix(), 0);
        let later = Timestamp::from_unix(time.as_unix() + 90);
        assert_eq!((later.seconds_since(time), time.seconds_since(later), time.seconds_since(time)), (90, -90, 0));
        for bad in ["", "2026-11-21", "2026-13-21T12:00:00Z", "now"] {
            assert!(bad.parse::<Timestamp>().is_err(), "{bad}");
        }
    }
}
