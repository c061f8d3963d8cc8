//! Logins: whose a name is, however it is spelled, whatever the system's directory of users does; and what the kernel's
//! numbers of users tell.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use tr2::model::Name;
use tr2::server::broker::access::name_policy::Login;
use tr2::server::limits::{LOOKUPS, MAX_LOOKUP_THREADS, MAX_REMEMBERED_NAMES, MAX_REMEMBERED_USERS};
use tr2::server::transport::logins::Logins;
use tr2::sys::directory::{Account, Directory, FileStamp};
use tr2::sys::user_numbers::UserNumbers;

use crate::serving::{Peer, Server};

/// How a directory answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mood {
    Answers,
    Hangs,
    Fails(i32),
}

/// A directory that has one user, `far` with the number 5000, and answers as it is told to.
#[derive(Clone)]
struct Moody(Arc<(Mutex<(Mood, usize)>, Condvar)>);

impl Moody {
    fn new() -> Self {
        Self(Arc::new((Mutex::new((Mood::Answers, 0)), Condvar::new())))
    }

    fn be(&self, mood: Mood) {
        self.0.0.lock().unwrap().0 = mood;
        self.0.1.notify_all();
    }

    /// How many threads hang in it.
    fn hanging(&self) -> usize {
        self.0.0.lock().unwrap().1
    }

    fn answer(&self, account: Option<Account>) -> io::Result<Option<Account>> {
        let mut state = self.0.0.lock().unwrap();
        state.1 += 1;
        while state.0 == Mood::Hangs {
            state = self.0.1.wait(state).unwrap();
        }
        state.1 -= 1;
        match state.0 {
            Mood::Fails(errno) => Err(io::Error::from_raw_os_error(errno)),
            Mood::Answers | Mood::Hangs => Ok(account),
        }
    }
}

impl Directory for Moody {
    fn stamp(&self) -> FileStamp {
        None
    }

    fn file(&self, _: usize) -> io::Result<Vec<Account>> {
        Ok(vec![Account { login: "near".to_owned(), uid: 4000 }])
    }

    fn list(&self, _: usize, _: Duration) -> Vec<Account> {
        vec![Account { login: "Listed".to_owned(), uid: 4500 }]
    }

    fn by_uid(&self, uid: u32) -> io::Result<Option<Account>> {
        self.answer((uid == 5000).then(|| Account { login: "far".to_owned(), uid }))
    }

    fn by_login(&self, login: &str) -> io::Result<Option<Account>> {
        self.answer((login == "far").then(|| Account { login: "far".to_owned(), uid: 5000 }))
    }
}

fn asked(logins: &Logins, uid: u32, name: &str) -> Login {
    async_std::task::block_on(logins.look_up(Some(uid), Name::parse(name).unwrap()))
}

#[test]
fn a_directory_that_hangs_or_fails_never_says_that_a_name_is_free() {
    // EIO, ENOENT and ESRCH (as modules that are broken give), EMFILE.
    for mood in [Mood::Hangs, Mood::Fails(5), Mood::Fails(2), Mood::Fails(3), Mood::Fails(24)] {
        let directory = Moody::new();
        let logins = Logins::new(directory.clone(), Duration::from_millis(50));
        assert_eq!(asked(&logins, 5000, "far"), Login::Own);
        assert_eq!(asked(&logins, 5001, "Far"), Login::Others);
        assert_eq!(asked(&logins, 5001, "f.ar_"), Login::Alike);
        assert_eq!(asked(&logins, 5001, "free"), Login::Nobodys);
        logins.list();
        directory.be(mood);
        // What was found lately still holds, and what is in memory needs no directory.
        assert_eq!(asked(&logins, 5000, "FAR"), Login::Own, "{mood:?}");
        assert_eq!(asked(&logins, 5001, "far"), Login::Others, "{mood:?}");
        assert_eq!([asked(&logins, 4000, "near"), asked(&logins, 1, "near")], [Login::Own, Login::Others]);
        assert_eq!([asked(&logins, 4500, "listed"), asked(&logins, 1, "LISTED")], [Login::Own, Login::Others]);
        // Anything else is unknown.
        let began = Instant::now();
        for number in 0..2 * LOOKUPS {
            assert_eq!(asked(&logins, 7, &format!("new{number}x")), Login::Unknown, "{mood:?}");
        }
        assert!(began.elapsed() < Duration::from_secs(10), "{mood:?}: {:?}", began.elapsed());
        assert!(directory.hanging() <= LOOKUPS && LOOKUPS <= MAX_LOOKUP_THREADS, "{mood:?}");
        directory.be(Mood::Answers);
        let again = || asked(&logins, 7, "new0x") == Login::Nobodys;
        while !again() {
            assert!(began.elapsed() < Duration::from_secs(20), "{mood:?}: it works again");
            std::thread::yield_now();
        }
        // The others that hung are answered too.
        while directory.hanging() > 0 {
            assert!(began.elapsed() < Duration::from_secs(20), "{mood:?}: {} still hang", directory.hanging());
            std::thread::yield_now();
        }
    }
}

// What was found lately is remembered for each user's newest names, and for the users who asked last.
#[test]
fn nobody_takes_the_room_of_others_in_what_is_remembered() {
    let directory = Moody::new();
    let logins = Logins::new(directory.clone(), Duration::from_secs(20));
    assert_eq!(asked(&logins, 1, "honest"), Login::Nobodys);
    for number in 0..=MAX_REMEMBERED_NAMES {
        assert_eq!(asked(&logins, 2, &format!("greedy{number}x")), Login::Nobodys);
    }
    directory.be(Mood::Fails(5));
    assert_eq!(asked(&logins, 1, "honest"), Login::Nobodys);
    let known: Vec<Login> = (0..=MAX_REMEMBERED_NAMES).map(|n| asked(&logins, 2, &format!("greedy{n}x"))).collect();
    assert_eq!(known[0], Login::Unknown, "the oldest made room");
    assert!(known[1..].iter().all(|login| *login == Login::Nobodys), "{known:?}");
    directory.be(Mood::Answers);
    for uid in 3..=u32::try_from(MAX_REMEMBERED_USERS).unwrap() + 1 {
        asked(&logins, uid, "crowd");
    }
    directory.be(Mood::Fails(5));
    assert_eq!(asked(&logins, 1, "honest"), Login::Unknown, "who asked longest ago made room");
    assert_eq!(asked(&logins, 3, "crowd"), Login::Nobodys);
}

#[test]
fn a_login_is_its_user_s_in_every_spelling_and_what_looks_like_it_is_nobody_else_s() {
    let logins = Logins::new(Moody::new(), Duration::from_secs(20));
    logins.list();
    for name in ["listed", "LISTED", "Listed", "lIsTeD", "far", "FAR", "near", "NEAR"] {
        let uid = [("l", 4500), ("f", 5000), ("n", 4000)].into_iter().find(|(c, _)| name.to_lowercase().starts_with(c));
        assert_eq!(asked(&logins, uid.unwrap().1, name), Login::Own, "{name}");
        assert_eq!(asked(&logins, 1, name), Login::Others, "{name}");
        for alike in
            [format!("{name}."), format!("_{name}"), format!(".{name}-"), format!("{}-{}", &name[..1], &name[1..])]
        {
            assert_eq!(asked(&logins, 1, &alike), Login::Alike, "{alike}");
            assert_eq!(asked(&logins, uid.unwrap().1, &alike), Login::Nobodys, "{alike}");
        }
    }
}

#[test]
fn the_overflow_number_proves_nothing_within_a_user_namespace() {
    for map in ["0 1000 1\n", "0 1000 1\n1 100000 65536\n", "65534 1000 1\n", ""] {
        assert!(!UserNumbers::of("65534\n", map).tell(65_534), "{map}");
        assert!(!UserNumbers::of("7\n", map).tell(7), "{map}");
        assert!(UserNumbers::of("65534\n", map).tell(1000), "{map}");
    }
    assert!(UserNumbers::of("65534\n", "0 0 4294967295\n").tell(65_534));
}

#[test]
fn a_name_is_not_given_with_a_dot_or_a_dash_more() {
    let server = Server::start(&[]);
    let _bob = Peer::join(server.address, "bob");
    for name in ["bob.", "bob_", "-bob", "b.o.b", "BOB_"] {
        let mut eve = Peer::connect(server.address);
        eve.say(&format!("{name} | server | name | {name}"));
        eve.until("refused | name_taken");
    }
    let _other = Peer::join(server.address, "bobby");
}

// F11: whoever has 127.0.0.0/8, or many users of one host, has no more tries of the passphrase than one address.
#[test]
fn all_loopback_addresses_are_one_place_for_guessing() {
    use rustix::net::{AddressFamily, SocketType, bind, connect, socket};
    let server = Server::start(&[]);
    let guess = |number: u8| {
        let line = socket(AddressFamily::INET, SocketType::STREAM, None).unwrap();
        bind(&line, &std::net::SocketAddr::from(([127, number, 0, 1], 0))).unwrap();
        connect(&line, &server.address).unwrap();
        let mut stream = std::net::TcpStream::from(line);
        stream.write_all(b"@ref=1 x | server | moderator | guess\n").unwrap();
        let mut heard = BufReader::new(stream).lines().map(Result::unwrap);
        heard.find(|line| line.contains("ref=1 ")).unwrap()
    };
    for number in 1..=3 {
        assert!(guess(number).contains("refused | wrong_passphrase"), "{number}");
    }
    assert!(guess(4).contains("refused | too_many_tries"));
}
