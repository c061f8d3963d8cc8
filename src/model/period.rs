//! Lengths of time as people write and read them: `90s`, `10m`, `2h`, `7d`; "10 minutes".
//!
//! Must not know: what time it is.

use std::time::Duration;

/// The longest length that is accepted: ten years.
pub const MAX_PERIOD: Duration = Duration::from_secs(10 * 365 * DAY);

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// The units, largest first.
const UNITS: [(char, u64, &str); 4] =
    [('d', DAY, "day"), ('h', HOUR, "hour"), ('m', MINUTE, "minute"), ('s', 1, "second")];

/// Reads one or more numbers with their units, as in `1h30m`; `None` if the text is empty or anything else, or the
/// length is zero or over [`MAX_PERIOD`].
#[must_use]
pub fn parse(text: &str) -> Option<Duration> {
    let mut rest = text;
    let mut all = 0_u64;
    while !rest.is_empty() {
        let (number, tail) = rest.split_at(rest.find(|c: char| !c.is_ascii_digit())?);
        let unit = tail.chars().next()?;
        let (_, seconds, _) = UNITS.iter().find(|(letter, ..)| letter.eq_ignore_ascii_case(&unit))?;
        all = all.checked_add(number.parse::<u64>().ok()?.checked_mul(*seconds)?)?;
        rest = tail.get(unit.len_utf8()..)?;
    }
    let period = Duration::from_secs(all);
    (all > 0 && period <= MAX_PERIOD).then_some(period)
}

/// A length of time for people, in its largest units, two at most: `1 hour 30 minutes`.
#[must_use]
pub fn shown(period: Duration) -> String {
    let mut left = period.as_secs();
    let mut words = Vec::new();
    for (_, seconds, name) in UNITS {
        let count = left / seconds;
        if count > 0 && words.len() < 2 {
            words.push(format!("{count} {name}{}", if count == 1 { "" } else { "s" }));
            left %= seconds;
        } else if !words.is_empty() {
            break;
        }
    }
    if words.is_empty() { "0 seconds".to_owned() } else { words.join(" ") }
}
