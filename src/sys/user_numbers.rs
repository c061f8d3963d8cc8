//! Which of the user numbers that the kernel reports tell who somebody is.
//!
//! Within a user namespace the kernel reports everybody from outside it under one number, the overflow number, so that
//! this number tells nothing there: see user_namespaces(7).
//!
//! Must not know: sockets, or what follows from a number.

use std::fs;

/// The overflow number where the kernel does not say another.
const USUAL_OVERFLOW: u32 = 65_534;
/// The number that no user has.
pub const NO_USER: u32 = u32::MAX;
/// How many user numbers there are; the last of the 2^32 means "no number".
const ALL_NUMBERS: u64 = u32::MAX as u64;

/// What is known of this process's user namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UserNumbers {
    /// The number under which the kernel reports users without a number here.
    overflow: u32,
    /// Whether every user of the system has a number here.
    whole: bool,
}

impl UserNumbers {
    /// Those of this process. Where the system does not say, the overflow number tells nothing.
    #[must_use]
    pub fn read() -> Self {
        let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
        Self::of(&read("/proc/sys/kernel/overflowuid"), &read("/proc/self/uid_map"))
    }

    /// From the text of `/proc/sys/kernel/overflowuid` and `/proc/self/uid_map`, whose lines are a number here, one
    /// outside, and how many follow.
    #[must_use]
    pub fn of(overflow: &str, map: &str) -> Self {
        let length = |line: &str| line.split_whitespace().nth(2).and_then(|length| length.parse::<u64>().ok());
        let mapped: u64 = map.lines().filter_map(length).fold(0, u64::saturating_add);
        Self { overflow: overflow.trim().parse().unwrap_or(USUAL_OVERFLOW), whole: mapped >= ALL_NUMBERS }
    }

    /// The number of a user who is somebody, and not `nobody`, as whom anything may run.
    #[must_use]
    pub fn somebody(self, uid: u32) -> u32 {
        if uid == self.overflow { NO_USER } else { uid }
    }

    /// Whether a number that the kernel reports tells which user it is.
    #[must_use]
    pub fn tell(self, uid: u32) -> bool {
        uid != NO_USER && (uid != self.overflow || self.whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_overflow_number_tells_something_only_where_everybody_has_a_number() {
        let first = UserNumbers::of("65534\n", "         0          0 4294967295\n");
        assert!([0, 1000, 65_534].into_iter().all(|uid| first.tell(uid)));
        assert!(!first.tell(u32::MAX));
        let rootless = "0 1000 1\n1 100000 65536\n";
        for map in [rootless, "0 1000 1\n", "65534 1000 1\n", ""] {
            let inner = UserNumbers::of("65534\n", map);
            assert!(inner.tell(0) && inner.tell(1000), "{map}");
            assert!(!inner.tell(65_534), "{map}");
        }
        let parts = UserNumbers::of("65534", "0 0 1000\n1000 1000 4294966295\n");
        assert!(parts.tell(65_534));
    }

    #[test]
    fn nobody_is_not_the_user_that_a_server_belongs_to() {
        let first = UserNumbers::of("65534\n", "0 0 4294967295\n");
        assert_eq!([0, 1000, 65_534].map(|uid| first.somebody(uid)), [0, 1000, NO_USER]);
        assert!(!first.tell(NO_USER));
    }

    #[test]
    fn the_overflow_number_is_the_kernel_s() {
        let other = UserNumbers::of("60001\n", "0 1000 65536\n");
        assert!(other.tell(65_534) && !other.tell(60_001));
        assert!(!UserNumbers::of("", "").tell(USUAL_OVERFLOW));
    }
}
