//! Looks up whose login a name is, within a bounded time, whatever the system's directory of users does.
//!
//! The logins in the system's own file, and those that directories list, are in memory. Everything else is asked of the
//! directories, by threads of which only so many may hang. What is not known is [`Login::Unknown`], never nobody's.
//!
//! - `table`: the known logins, and whose login a name is.
//!
//! Must not know: what follows for the name.

mod table;

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_std::task;
use futures_lite::future;

use self::table::{LoginTable, spellings, whose};
use crate::model::{FoldedName, Name};
use crate::server::broker::access::name_policy::Login;
use crate::server::limits::{
    LOGIN_MEMORY, LOGIN_REFRESH, LOOKUP_PATIENCE, LOOKUP_RETRY, LOOKUPS, MAX_LISTED_LOGINS, MAX_LOOKUP_THREADS,
    MAX_REMEMBERED_NAMES, MAX_REMEMBERED_USERS,
};
use crate::sys::clock::Clock;
use crate::sys::directory::{Account, Directory, FileStamp};

/// Looks up logins.
#[derive(Clone)]
pub struct Logins(Arc<Shared>);

struct Shared {
    directory: Box<dyn Directory>,
    /// How long a directory may take to answer.
    patience: Duration,
    clock: Clock,
    state: Mutex<LoginState>,
}

#[derive(Debug, Default)]
struct LoginState {
    /// The logins in the system's own file, and what the file was like when it was read.
    file: LoginTable,
    stamp: Option<FileStamp>,
    /// The logins that directories list.
    listed: LoginTable,
    /// What was found lately, for the time in which directories do not answer.
    found: HashMap<Option<u32>, VecDeque<(FoldedName, Login, Duration)>>,
    /// Threads that look something up, or hang.
    running: usize,
    /// Since when directories fail or do not answer.
    failing: Option<Duration>,
}

impl Logins {
    /// Looks up logins in a directory, which may take `patience` to answer.
    #[must_use]
    pub fn new(directory: impl Directory, patience: Duration) -> Self {
        let state = Mutex::new(LoginState::default());
        Self(Arc::new(Shared { directory: Box::new(directory), patience, clock: Clock::start(), state }))
    }

    /// Looks up logins in this system's directory, and has those that are listed read now and then.
    pub(in crate::server) fn start(directory: impl Directory) -> Self {
        let logins = Self::new(directory, LOOKUP_PATIENCE);
        let lister = logins.clone();
        // A permanent thread of its own, as the directories may take their time.
        task::spawn_blocking(move || {
            loop {
                lister.list();
                future::block_on(task::sleep(LOGIN_REFRESH));
            }
        });
        logins
    }

    /// Reads the logins that directories list.
    pub fn list(&self) {
        let listed = self.0.directory.list(MAX_LISTED_LOGINS, LOOKUP_RETRY);
        let table = LoginTable::of(listed);
        let before = std::mem::replace(&mut self.0.state().listed, table);
        // Freed without the lock, as it may be large.
        drop(before);
    }

    /// Whose login a name is, as seen by the user with this number, or by one whom the kernel cannot tell.
    pub async fn look_up(&self, uid: Option<u32>, name: Name) -> Login {
        self.identify(uid, name).await.1
    }

    /// The same, and the user's own login before it, if directories say so now.
    pub async fn identify(&self, uid: Option<u32>, name: Name) -> (Option<String>, Login) {
        if !self.0.begin() {
            return (None, self.0.recall(uid, &name));
        }
        let (shared, asked) = (Arc::clone(&self.0), name.clone());
        let answer = task::spawn_blocking(move || shared.answer(uid, &asked));
        match async_std::future::timeout(self.0.patience, answer).await {
            Ok(Ok(found)) => found,
            Ok(Err(error)) => {
                self.0.fails(&error);
                (None, self.0.recall(uid, &name))
            }
            Err(_) => {
                self.0.fails(&format_args!("no answer within {} s", self.0.patience.as_secs_f32()));
                (None, self.0.recall(uid, &name))
            }
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, LoginState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a thread in, unless as many hang as may. While they do, one more may try now and then.
    fn begin(&self) -> bool {
        let mut state = self.state();
        let waited = state.failing.map_or(Duration::ZERO, |since| self.clock.elapsed().saturating_sub(since));
        let tries = usize::try_from(waited.as_secs() / LOOKUP_RETRY.as_secs()).unwrap_or(usize::MAX);
        let may = state.running < LOOKUPS.saturating_add(tries).min(MAX_LOOKUP_THREADS);
        state.running += usize::from(may);
        may
    }

    /// Asks the directory, however long that takes.
    fn answer(&self, uid: Option<u32>, name: &Name) -> io::Result<(Option<String>, Login)> {
        let began = self.clock.elapsed();
        let mut answer = self.ask(uid, name);
        if self.is_slow(began) {
            // Nobody waits for this answer any more, but others will ask.
            let again = self.clock.elapsed();
            answer = answer.and_then(|(own, login, _)| self.directory.by_uid(0).map(|_| (own, login, true)));
            answer = answer.and_then(|found| if self.is_slow(again) { Err(slow()) } else { Ok(found) });
        }
        let mut state = self.state();
        state.running = state.running.saturating_sub(1);
        let (own, login, asked) = answer?;
        state.remember(uid, name, (login, self.clock.elapsed()));
        if asked && state.failing.take().is_some() {
            log::info!("logins_work");
        }
        Ok((own, login))
    }

    /// A user's own login, whose login a name is, and whether the directory had to say so.
    fn ask(&self, uid: Option<u32>, name: &Name) -> io::Result<(Option<String>, Login, bool)> {
        self.read_file()?;
        let mut known = self.state().known(name);
        let in_file = uid.and_then(|uid| self.state().file.login_of(uid));
        // What the system's own file says needs no other directory.
        let login = whose(name, uid, &known);
        if login != Login::Nobodys && (in_file.is_some() || uid.is_none()) {
            return Ok((in_file, login, false));
        }
        let own = uid.map(|uid| self.directory.by_uid(uid)).transpose()?.flatten();
        let own_login = in_file.or_else(|| own.as_ref().map(|own| own.login.clone()));
        if login != Login::Nobodys {
            return Ok((own_login, login, true));
        }
        known.extend(own);
        for spelling in spellings(name) {
            known.extend(
                self.directory.by_login(&spelling)?.map(|found| found_as(found, &spelling)).into_iter().flatten(),
            );
        }
        Ok((own_login, whose(name, uid, &known), true))
    }

    /// Reads the system's own file again if it has changed.
    fn read_file(&self) -> io::Result<()> {
        let stamp = self.directory.stamp();
        if self.state().stamp == Some(stamp) {
            return Ok(());
        }
        let accounts = self.directory.file(MAX_LISTED_LOGINS)?;
        if accounts.len() >= MAX_LISTED_LOGINS {
            log::warn!(count = MAX_LISTED_LOGINS; "logins_too_many");
        }
        let table = LoginTable::of(accounts);
        let mut state = self.state();
        (state.file, state.stamp) = (table, Some(stamp));
        Ok(())
    }

    /// What is known without asking: what the tables say, or what was found lately.
    fn recall(&self, uid: Option<u32>, name: &Name) -> Login {
        let state = self.state();
        let login = whose(name, uid, &state.known(name));
        if login != Login::Nobodys {
            return login;
        }
        let (folded, now) = (name.folded(), self.clock.elapsed());
        let mut found = state.found.get(&uid).into_iter().flatten();
        let lately = found.find(|(name, _, when)| *name == folded && now.saturating_sub(*when) < LOGIN_MEMORY);
        lately.map_or(Login::Unknown, |(_, login, _)| *login)
    }

    /// Whether the directory has taken too long since this point in time.
    fn is_slow(&self, since: Duration) -> bool {
        self.clock.elapsed().saturating_sub(since) >= self.patience
    }

    /// Notes that the directory fails, and logs it once.
    fn fails(&self, why: &dyn fmt::Display) {
        let mut state = self.state();
        if state.failing.is_none() {
            state.failing = Some(self.clock.elapsed());
            log::error!(reason:% = why; "logins_fail");
        }
    }
}

impl LoginState {
    /// The logins in memory that are this name or look like it.
    fn known(&self, name: &Name) -> Vec<Account> {
        let mut known = self.file.near(name);
        known.extend(self.listed.near(name));
        known
    }

    /// Remembers what was found, for a while. Nobody takes the room of others with many names.
    fn remember(&mut self, uid: Option<u32>, name: &Name, (login, now): (Login, Duration)) {
        let folded = name.folded();
        let of_one = self.found.entry(uid).or_default();
        of_one.retain(|(other, ..)| *other != folded);
        of_one.push_back((folded, login, now));
        if of_one.len() > MAX_REMEMBERED_NAMES {
            of_one.pop_front();
        }
        if self.found.len() > MAX_REMEMBERED_USERS {
            let asked = |names: &VecDeque<(FoldedName, Login, Duration)>| names.back().map(|(.., when)| *when);
            let first = self.found.iter().min_by_key(|(uid, names)| (asked(names), **uid)).map(|(uid, _)| *uid);
            first.map(|uid| self.found.remove(&uid));
        }
    }
}

/// An account under its own login, and under the spelling that the directory took for it: it may know one user by
/// several, such as with and without a domain.
fn found_as(account: Account, spelling: &str) -> [Account; 2] {
    [Account { login: spelling.to_owned(), uid: account.uid }, account]
}

fn slow() -> io::Error {
    io::Error::from(io::ErrorKind::TimedOut)
}

impl fmt::Debug for Logins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Logins").field("state", &*self.0.state()).finish_non_exhaustive()
    }
}
