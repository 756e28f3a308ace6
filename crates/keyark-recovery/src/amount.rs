//! Numbers and times for people.

use std::time::Duration;

/// `262,144`; from a million million on `5.0 × 10^17`.
pub(crate) fn counted(number: u128) -> String {
    if number >= 1_000_000_000_000 {
        return format!("{:.1e}", number as f64).replace('e', " × 10^");
    }
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `40 seconds`, `3 hours`, `7.1 × 10^12 years`.
pub(crate) fn lasting(time: Duration) -> String {
    const UNITS: [(u64, &str); 4] = [(365 * 86_400, "years"), (86_400, "days"), (3_600, "hours"), (60, "minutes")];
    let seconds = time.as_secs();
    for (unit, name) in UNITS {
        if seconds >= 2 * unit {
            return format!("{} {name}", counted(u128::from(seconds / unit)));
        }
    }
    match seconds {
        0 => "less than a second".to_owned(),
        1 => "1 second".to_owned(),
        _ => format!("{seconds} seconds"),
    }
}

/// A time from seconds that may be beyond all bounds.
pub(crate) fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_at_a_glance() {
        for (number, text) in [
            (0, "0"),
            (2048, "2,048"),
            (999_999, "999,999"),
            (5_444_517_870_735_015_415_413_993, "5.4 × 10^24"),
            (1 << 40, "1.1 × 10^12"),
        ] {
            assert_eq!(counted(number), text);
        }
        for (time, text) in [
            (0.4, "less than a second"),
            (1.0, "1 second"),
            (119.0, "119 seconds"),
            (120.0, "2 minutes"),
            (1e9, "31 years"),
        ] {
            assert_eq!(lasting(seconds(time)), text);
        }
        assert_eq!(seconds(f64::INFINITY), Duration::MAX);
        assert_eq!(seconds(1e300), Duration::MAX);
    }
}
