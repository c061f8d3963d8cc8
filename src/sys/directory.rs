//! The system's directory of users: its own file, and whatever else nsswitch.conf(5) names, such as LDAP.
//!
//! Only the file answers at once. The others may be on another machine, hang, or fail.
//!
//! Must not know: what a login means for a name.

use std::fs;
use std::io::{self, Read as _};
use std::os::unix::fs::MetadataExt as _;
use std::process::{ChildStdout, Command, Stdio};
use std::time::Duration;

use nix::errno::Errno;
use nix::unistd::{Uid, User};
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::clock::Clock;

/// The system's own file of users.
const FILE: &str = "/etc/passwd";
/// Programs that list the users of all directories (getent(1)). A process of its own can be ended if it hangs.
const LISTERS: [&str; 2] = ["/usr/bin/getent", "/bin/getent"];

/// A login of the system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The login, as the system spells it.
    pub login: String,
    /// Its user's number.
    pub uid: u32,
}

/// Where logins are looked up.
pub trait Directory: Send + Sync + 'static {
    /// What tells a changed [`Directory::file`] from the one before.
    fn stamp(&self) -> FileStamp;

    /// The users in the system's own file, at most so many.
    ///
    /// # Errors
    /// The file is there, but cannot be read.
    fn file(&self, most: usize) -> io::Result<Vec<Account>>;

    /// The users of all directories that list theirs, at most so many; takes `patience` at most.
    fn list(&self, most: usize, patience: Duration) -> Vec<Account>;

    /// The user with this number.
    ///
    /// # Errors
    /// The directory does not answer, so that nobody knows.
    fn by_uid(&self, uid: u32) -> io::Result<Option<Account>>;

    /// The user with this login.
    ///
    /// # Errors
    /// As for [`Directory::by_uid`].
    fn by_login(&self, login: &str) -> io::Result<Option<Account>>;
}

/// Device, inode, size and time of change (seconds, nanoseconds) of a file; `None` if there is none.
pub type FileStamp = Option<(u64, u64, u64, i64, i64)>;

/// The directory of this system.
#[derive(Clone, Copy, Debug)]
pub struct SystemDirectory;

impl Directory for SystemDirectory {
    fn stamp(&self) -> FileStamp {
        let seen = fs::metadata(FILE).ok()?;
        Some((seen.dev(), seen.ino(), seen.size(), seen.ctime(), seen.ctime_nsec()))
    }

    fn file(&self, most: usize) -> io::Result<Vec<Account>> {
        match fs::read(FILE) {
            Ok(text) => Ok(accounts(&text, most)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    fn list(&self, most: usize, patience: Duration) -> Vec<Account> {
        let start = |program: &&str| {
            let mut command = Command::new(program);
            command.arg("passwd").env_clear().stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
            command.spawn().ok()
        };
        let Some(mut lister) = LISTERS.iter().find_map(start) else { return Vec::new() };
        let text = lister.stdout.take().map(|mut out| read_within(&mut out, patience));
        // It has ended, or hangs; in both cases nothing more is wanted from it.
        let _ = lister.kill();
        let _ = lister.wait();
        accounts(&text.unwrap_or_default(), most)
    }

    fn by_uid(&self, uid: u32) -> io::Result<Option<Account>> {
        known(User::from_uid(Uid::from_raw(uid)))
    }

    fn by_login(&self, login: &str) -> io::Result<Option<Account>> {
        known(User::from_name(login))
    }
}

/// The answer of a directory. An error never means that there is no such user: only where no directory exists at all,
/// not even the file, is there none.
fn known(answer: nix::Result<Option<User>>) -> io::Result<Option<Account>> {
    match answer {
        Ok(user) => Ok(user.map(|user| Account { login: user.name, uid: user.uid.as_raw() })),
        Err(Errno::ENOENT) if !fs::exists(FILE).unwrap_or(true) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The accounts in the text of a file in the form of passwd(5).
fn accounts(text: &[u8], most: usize) -> Vec<Account> {
    let account = |line: &[u8]| {
        let line = String::from_utf8_lossy(line);
        let mut fields = line.split(':');
        let (login, uid) = (fields.next()?.trim(), fields.nth(1)?.trim().parse().ok()?);
        (!login.is_empty() && !login.starts_with('#')).then(|| Account { login: login.to_owned(), uid })
    };
    text.split(|byte| *byte == b'\n').filter_map(account).take(most).collect()
}

/// What a process writes until it ends, or within some time.
fn read_within(out: &mut ChildStdout, patience: Duration) -> Vec<u8> {
    /// The most that is read, in bytes.
    const MOST: usize = 32 * 1024 * 1024;
    let clock = Clock::start();
    let (mut text, mut piece) = (Vec::new(), vec![0; 64 * 1024]);
    while text.len() < MOST {
        let left = Timespec::try_from(patience.saturating_sub(clock.elapsed())).ok();
        let ready = poll(&mut [PollFd::new(&*out, PollFlags::IN)], left.as_ref());
        match ready {
            Ok(0) => break,
            Err(rustix::io::Errno::INTR) => continue,
            Err(_) => break,
            Ok(_) => {}
        }
        match out.read(&mut piece) {
            Ok(0) | Err(_) => break,
            Ok(read) => text.extend_from_slice(piece.get(..read).unwrap_or_default()),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_users_is_read_whatever_its_logins_look_like() {
        let text = b"root:x:0:0:root:/root:/bin/sh\nBbUpper:x:1001:1001::/:/bin/sh\nbb$:x:1002:1002::/:\n\n#x:y:3:\n\
                     1234567:x:1003:::\n\xff\xfe:x:1004:::\nbroken\n+::::::\nj\xc3\xb6rg:x:1005:::\n";
        let found = accounts(text, 100);
        let logins: Vec<&str> = found.iter().map(|account| account.login.as_str()).collect();
        assert_eq!(logins, ["root", "BbUpper", "bb$", "1234567", "\u{fffd}\u{fffd}", "jörg"]);
        assert_eq!(found[1].uid, 1001);
        assert_eq!(accounts(text, 2).len(), 2);
    }

    #[test]
    fn the_system_lists_its_users() {
        let file = SystemDirectory.file(10_000).unwrap();
        assert!(file.iter().any(|account| account.uid == 0), "{file:?}");
        let listed = SystemDirectory.list(10_000, Duration::from_secs(20));
        assert!(listed.is_empty() || listed.iter().any(|account| account.uid == 0), "{listed:?}");
        assert_eq!(SystemDirectory.by_login("no-such-login-here").unwrap(), None);
    }
}
