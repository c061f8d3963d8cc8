//! What a disk and its files tell without being read. A disk over a network may hang: none of this is for a thread that
//! others wait for.
//!
//! Must not know: what the files are.

use std::fs;
use std::path::Path;
use std::time::UNIX_EPOCH;

use crate::model::Timestamp;

/// How many bytes this user can still write on the disk of a folder; `None` if it cannot be told.
#[must_use]
pub(crate) fn free(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    disk.f_bavail.checked_mul(disk.f_frsize)
}

/// What kind of disk over a network a folder is on, if it is; nothing if that cannot be told.
#[must_use]
pub(crate) fn network(folder: &Path) -> Option<&'static str> {
    network_of(rustix::fs::statfs(folder).ok()?.f_type.cast_unsigned())
}

/// The same by the number of a file system (statfs(2)).
fn network_of(kind: u64) -> Option<&'static str> {
    // Some systems give the number with a sign.
    match kind & u64::from(u32::MAX) {
        0x6969 => Some("NFS"),
        0x517b | 0xff53_4d42 | 0xfe53_4d42 => Some("SMB"),
        0x5346_414f | 0x6b41_4653 => Some("AFS"),
        0x00c3_6400 => Some("Ceph"),
        _ => None,
    }
}

/// The length of a file in bytes: 0 if it does not exist, `None` if it cannot be told.
#[must_use]
pub(crate) fn length(file: &Path) -> Option<u64> {
    match fs::symlink_metadata(file) {
        Ok(found) => Some(found.len()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Some(0),
        Err(_) => None,
    }
}

/// When a file was last changed: the beginning of time if it does not exist, `None` if it cannot be told.
#[must_use]
pub(crate) fn changed(file: &Path) -> Option<Timestamp> {
    match fs::symlink_metadata(file) {
        Ok(found) => {
            let since = found.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
            i64::try_from(since.as_millis()).ok().map(Timestamp)
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Some(Timestamp(0)),
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{network, network_of};

    #[test]
    fn disks_over_a_network_are_told_from_those_of_the_machine() {
        // ext, XFS, Btrfs, tmpfs, overlay.
        for here in [0xef53, 0x5846_5342, 0x9123_683e, 0x0102_1994, 0x794c_7630] {
            assert_eq!(network_of(here), None, "{here:#x}");
        }
        // A 32-bit system reads SMB's number as a negative one.
        for (kind, name) in
            [(0x6969, "NFS"), (0xff53_4d42, "SMB"), (0xffff_ffff_fe53_4d42, "SMB"), (0x6b41_4653, "AFS")]
        {
            assert_eq!(network_of(kind), Some(name), "{kind:#x}");
        }
        assert_eq!(network(std::path::Path::new("/proc")), None);
        assert_eq!(network(std::path::Path::new("/there/is/no/such/folder")), None);
    }
}
