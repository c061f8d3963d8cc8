//! Channels between two clients over the real server: words and files over every kind of leg, and legs that are lost.

use std::fs;
use std::net::{Shutdown, SocketAddr, UdpSocket};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use tr2::client::channels::handle::MAX_CHANNELS;
use tr2::client::direct::orders::{ChannelNews, ChannelOrder, ChannelWay, FileEnd, FileKey};
use tr2::client::direct::talk::{DirectEnd, SayRefusal};
use tr2::client::msg::{Effect, Msg};
use tr2::model::{Text, Url};
use tr2::net::peer::events::ChannelEnd;
use tr2::protocol::{CallCommand, CallEvent, CallId, Command, Event, HangUp};

use crate::alone::is_alone;
use crate::caller::{Called, Caller, call, channel_between, names_in};
use crate::person::Person;
use crate::secure::tls_of;
use crate::serving::{Folder, PATIENCE, Server};
use crate::ssh::Sshd;

fn bytes(count: usize) -> Vec<u8> {
    (0..count).map(|at| (at * 7 % 251) as u8).collect()
}

/// A server over everything; its addresses by transport.
fn serve() -> (Server, Folder, [(Url, ChannelWay); 3]) {
    let folder = Folder::new();
    let path = folder.path().join("s");
    let listen = format!("unix:{}", path.display());
    let server = Server::start(&["--listen", "tls://127.0.0.1:0", "--listen", &listen, "--log", "debug"]);
    let tls = tls_of(&server).0;
    let urls = [
        (format!("tcp://{}", server.address), ChannelWay::RelayUdp),
        (format!("tls://{tls}"), ChannelWay::RelayUdp),
        (listen, ChannelWay::RelayStream),
    ];
    (server, folder, urls.map(|(url, way)| (url.parse().unwrap(), way)))
}

/// Words both ways, and a file; the ways that they went.
fn exchange(alice: &mut Caller, bob: &mut Caller, id: CallId) {
    assert_eq!(alice.words(), bob.words());
    for round in 0..5 {
        alice.say(id, &format!("to bob {round}"));
        assert_eq!(bob.said(), format!("to bob {round}"));
        bob.say(id, &format!("to alice {round}"));
        assert_eq!(alice.said(), format!("to alice {round}"));
    }
    let file = bytes(300_000);
    let path = alice.file("../in.tar.gz", &file).canonicalize().unwrap();
    alice.order(ChannelOrder::Offer(id, path.clone()));
    let offered = bob.offered();
    assert_eq!((offered.name.as_str(), offered.size, offered.here), ("in.tar.gz", 300_000, 0));
    bob.order(ChannelOrder::Accept(id, offered.number));
    let saved = bob.downloads().join("in.tar.gz");
    assert_eq!(bob.file_ended(), (FileKey::Theirs(offered.number), FileEnd::Saved(saved.clone())));
    assert_eq!(alice.file_ended(), (FileKey::Ours(path.clone()), FileEnd::Sent));
    assert_eq!(fs::read(&saved).unwrap(), file);
    assert_eq!(fs::metadata(&saved).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(names_in(&bob.downloads()), ["in.tar.gz"]);
    fs::remove_file(path).unwrap();
    fs::remove_file(saved).unwrap();
}

/// One closes, and both are told.
fn close(alice: &mut Caller, bob: &mut Caller, id: CallId) {
    alice.order(ChannelOrder::Close(id));
    assert_eq!(alice.ended(), DirectEnd::Channel(ChannelEnd::Closed));
    assert_eq!(bob.ended(), DirectEnd::Channel(ChannelEnd::ClosedByPeer));
}

#[test]
fn two_clients_exchange_words_and_a_file_over_every_transport() {
    let (_server, _folder, urls) = serve();
    for (at, (url, way)) in urls.iter().enumerate() {
        let other = &urls[(at + 1) % urls.len()];
        let names = [format!("ann{at}"), format!("bob{at}")];
        let (mut alice, mut bob) = (Caller::join(url, &names[0]), Caller::join(&other.0, &names[1]));
        let id = channel_between(&mut alice, &mut bob, [&names[0], &names[1]], at as u8);
        exchange(&mut alice, &mut bob, id);
        alice.settles_on(*way);
        bob.settles_on(other.1);
        close(&mut alice, &mut bob, id);
        // It is told of the end once, and no task stays.
        assert_eq!(alice.news_within(Duration::from_millis(100)), None);
        let began = Instant::now();
        alice.channels.end(PATIENCE);
        bob.channels.end(PATIENCE);
        assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    }
}

const SSH_URL: &str = "TR2_TEST_SSH_URL";
const SSH_SERVER: &str = "TR2_TEST_SSH_SERVER";

#[test]
fn two_clients_exchange_words_and_a_file_over_ssh() {
    let Ok(url) = std::env::var(SSH_URL) else {
        let Some(sshd) = Sshd::start() else { return };
        let (server, folder, _) = serve();
        let url = sshd.url(folder.path().join("s").to_str().unwrap());
        let first = format!(
            "{SSH_URL}='{url}'; {SSH_SERVER}='tcp://{}'; export {SSH_URL} {SSH_SERVER}\n{}",
            server.address,
            sshd.environment("bin")
        );
        assert!(!is_alone("channels::two_clients_exchange_words_and_a_file_over_ssh", &first));
        assert_eq!(sshd.leftovers(), Vec::<PathBuf>::new());
        return;
    };
    let tcp = std::env::var(SSH_SERVER).unwrap();
    let (mut alice, mut bob) = (Caller::join(&url.parse().unwrap(), "ann"), Caller::join(&tcp.parse().unwrap(), "bob"));
    let id = channel_between(&mut alice, &mut bob, ["ann", "bob"], 1);
    exchange(&mut alice, &mut bob, id);
    assert!(alice.passed.contains(&ChannelNews::Goes(id, ChannelWay::RelayStream)));
    close(&mut alice, &mut bob, id);
    alice.channels.end(PATIENCE);
    bob.channels.end(PATIENCE);
}

#[test]
fn a_client_that_leaves_says_its_last_words_and_the_other_one_is_told() {
    let (_server, _folder, urls) = serve();
    let (mut alice, mut bob) = (Caller::join(&urls[0].0, "ann"), Caller::join(&urls[2].0, "bob"));
    let id = channel_between(&mut alice, &mut bob, ["ann", "bob"], 1);
    assert_eq!(alice.words(), bob.words());
    alice.say(id, "bye");
    let began = Instant::now();
    alice.channels.end(PATIENCE);
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    assert_eq!(bob.said(), "bye");
    assert_eq!(bob.ended(), DirectEnd::Channel(ChannelEnd::ClosedByPeer));
}

#[test]
fn a_key_that_is_not_the_expected_one_ends_the_channel_at_both_ends() {
    let (_server, _folder, urls) = serve();
    let url = &urls[2].0;
    let (mut alice, mut bob, eve) = (Caller::join(url, "ann"), Caller::join(url, "bob"), Caller::join(url, "eve"));
    let called = call(&alice, &bob, ["ann", "bob"], 1);
    let called = Called { theirs: [called.theirs[0], eve.key()], ..called };
    alice.order(called.open(0));
    bob.order(called.open(1));
    assert_eq!(bob.ended(), DirectEnd::Channel(ChannelEnd::WrongKey));
    assert_eq!(alice.ended(), DirectEnd::Channel(ChannelEnd::WrongKey));
    // Another program has made another key meanwhile: none is proved that was not told.
    let mut carol = Caller::join(url, "carol");
    carol.key();
    eve.own_key.credential().unwrap();
    fs::copy(eve.home.path().join("identity"), carol.home.path().join("identity")).unwrap();
    let answer = carol.channels.act(&Effect::Channel(called.open(0)));
    let Some(Msg::Channel(ChannelNews::Ended(_, DirectEnd::NoWay(why)))) = answer else { panic!("{answer:?}") };
    assert!(why.contains("another one than when you joined"), "{why}");
}

#[test]
fn a_leg_for_a_call_that_is_over_is_refused_in_the_servers_words() {
    let (_server, _folder, urls) = serve();
    let (mut alice, bob) = (Caller::join(&urls[2].0, "ann"), Caller::join(&urls[2].0, "bob"));
    let called = call(&alice, &bob, ["ann", "bob"], 1);
    let (id, why) = (called.id, HangUp::Done);
    bob.send(Command::Call(CallCommand::HangUp { to: "ann".to_owned(), id, why }));
    alice.until(|event| matches!(event, Event::Call(CallEvent::HungUp { .. })).then_some(()));
    alice.order(called.open(0));
    assert_eq!(alice.ended(), DirectEnd::NoWay("There is no such call, or it is over.".to_owned()));
    assert_eq!(alice.passed.len(), 1);
    // What is ordered of a channel that is over is answered.
    alice.channels.act(&Effect::Channel(ChannelOrder::Accept(id, 1)));
    let (text, path) = (Text::line("hello?"), PathBuf::from("/etc/passwd"));
    let answer = |alice: &mut Caller, order| match alice.channels.act(&Effect::Channel(order)) {
        Some(Msg::Channel(news)) => Some(news),
        Some(other) => panic!("{other:?}"),
        None => alice.news_within(PATIENCE),
    };
    // Whether its task is still there or not.
    for wait in [Duration::ZERO, Duration::from_millis(1500)] {
        thread::sleep(wait);
        let said = answer(&mut alice, ChannelOrder::Say(id, text.clone()));
        assert_eq!(said, Some(ChannelNews::NotSaid(id, text.clone(), SayRefusal::NotReady)));
        let offered = answer(&mut alice, ChannelOrder::Offer(id, path.clone()));
        assert_eq!(offered, Some(ChannelNews::FileEnded(id, FileKey::Ours(path.clone()), FileEnd::Cut)));
    }
    // One too many at once, while a server takes its time.
    let folder = Folder::new();
    let slow = folder.path().join("s");
    let _listener = UnixListener::bind(&slow).unwrap();
    alice.channels.act(&Effect::Dial(Url::Unix(slow.display().to_string()).into()));
    for number in 0..=MAX_CHANNELS {
        let id = CallId([100 + number as u8; 16]);
        let called = Called { id, grants: called.grants, theirs: called.theirs };
        let answer = alice.channels.act(&Effect::Channel(called.open(1)));
        assert_eq!(answer.is_some(), number == MAX_CHANNELS, "{answer:?}");
    }
}

/// Forwards what comes to a socket file, and cuts it when it is told to.
struct StreamProxy {
    url: Url,
    streams: Arc<Mutex<Vec<UnixStream>>>,
    _folder: Folder,
}

impl StreamProxy {
    fn to(server: &Url) -> Self {
        let Url::Unix(server) = server.clone() else { panic!() };
        let folder = Folder::new();
        let path = folder.path().join("p");
        let listener = UnixListener::bind(&path).unwrap();
        let streams = Arc::<Mutex<Vec<UnixStream>>>::default();
        let kept = Arc::clone(&streams);
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let server = UnixStream::connect(&server).unwrap();
                for (mut from, mut to) in [(&client, &server), (&server, &client)]
                    .map(|(from, to)| (from.try_clone().unwrap(), to.try_clone().unwrap()))
                {
                    thread::spawn(move || {
                        let _ = std::io::copy(&mut from, &mut to);
                        let _ = to.shutdown(Shutdown::Both);
                    });
                }
                kept.lock().unwrap().extend([client, server]);
            }
        });
        Self { url: Url::Unix(path.display().to_string()), streams, _folder: folder }
    }

    fn cut(&self) {
        for stream in self.streams.lock().unwrap().drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

#[test]
fn a_stream_that_is_cut_is_dialed_again_and_a_file_goes_on() {
    let (_server, _folder, urls) = serve();
    let (mut alice, mut bob) = (Caller::join(&urls[2].0, "ann"), Caller::join(&urls[2].0, "bob"));
    let proxy = StreamProxy::to(&urls[2].0);
    alice.channels.act(&Effect::Dial(proxy.url.clone().into()));
    let id = channel_between(&mut alice, &mut bob, ["ann", "bob"], 1);
    assert_eq!(alice.words(), bob.words());
    let file = bytes(3_000_000);
    let path = alice.file("big", &file);
    alice.order(ChannelOrder::Offer(id, path));
    let number = bob.offered().number;
    bob.order(ChannelOrder::Accept(id, number));
    for _ in 0..3 {
        let moved = |news: &ChannelNews| matches!(news, ChannelNews::Progress(..)).then_some(());
        bob.news("progress", moved);
        proxy.cut();
        alice.say(id, "after the cut");
        assert_eq!(bob.said(), "after the cut");
    }
    assert_eq!(bob.file_ended().1, FileEnd::Saved(bob.downloads().join("big")));
    assert_eq!(fs::read(bob.downloads().join("big")).unwrap(), file);
    close(&mut alice, &mut bob, id);
}

/// Forwards packets over UDP to a port of this machine, and drops them when it is told to.
struct UdpProxy {
    port: u16,
    drops: Arc<AtomicBool>,
}

impl UdpProxy {
    fn to(port: u16) -> Self {
        let [outside, inside] = [(); 2].map(|()| UdpSocket::bind("127.0.0.1:0").unwrap());
        inside.connect(("127.0.0.1", port)).unwrap();
        let proxy = Self { port: outside.local_addr().unwrap().port(), drops: Arc::default() };
        let client = Arc::<Mutex<Option<SocketAddr>>>::default();
        let (known, drops) = (Arc::clone(&client), Arc::clone(&proxy.drops));
        let [outside_2, inside_2] = [outside.try_clone().unwrap(), inside.try_clone().unwrap()];
        thread::spawn(move || {
            let mut buffer = [0; 2048];
            while let Ok((length, from)) = outside.recv_from(&mut buffer) {
                *known.lock().unwrap() = Some(from);
                if !drops.load(Ordering::Relaxed) {
                    let _ = inside.send(&buffer[..length]);
                }
            }
        });
        let drops = Arc::clone(&proxy.drops);
        thread::spawn(move || {
            let mut buffer = [0; 2048];
            while let Ok(length) = inside_2.recv(&mut buffer) {
                let client = client.lock().unwrap().filter(|_| !drops.load(Ordering::Relaxed));
                client.map(|client| outside_2.send_to(&buffer[..length], client));
            }
        });
        proxy
    }
}

#[test]
fn udp_that_falls_silent_is_replaced_by_a_stream_and_words_go_on() {
    let (_server, _folder, urls) = serve();
    let (mut alice, mut bob) = (Caller::join(&urls[0].0, "ann"), Caller::join(&urls[2].0, "bob"));
    let mut called = call(&alice, &bob, ["ann", "bob"], 1);
    let proxy = UdpProxy::to(called.grants[0].port);
    called.grants[0].port = proxy.port;
    alice.order(called.open(0));
    bob.order(called.open(1));
    let id = called.id;
    let mut ways = Vec::new();
    while ways.last() != Some(&ChannelWay::RelayUdp) {
        ways.push(alice.way());
    }
    bob.words();
    proxy.drops.store(true, Ordering::Relaxed);
    let began = Instant::now();
    alice.say(id, "into the silence");
    assert_eq!(bob.said(), "into the silence");
    assert!(began.elapsed() < Duration::from_secs(15), "{:?}", began.elapsed());
    assert!(alice.passed.is_empty() || alice.way() == ChannelWay::RelayStream);
    bob.say(id, "and back");
    assert_eq!(alice.said(), "and back");
    close(&mut alice, &mut bob, id);
}

#[test]
fn what_is_here_of_a_file_is_gone_on_with_and_nothing_is_overwritten() {
    let (_server, _folder, urls) = serve();
    let (mut alice, mut bob) = (Caller::join(&urls[2].0, "ann"), Caller::join(&urls[2].0, "bob"));
    let id = channel_between(&mut alice, &mut bob, ["ann", "bob"], 1);
    let file = bytes(4_000_000);
    let path = alice.file("big", &file);
    alice.order(ChannelOrder::Offer(id, path.clone()));
    let number = bob.offered().number;
    bob.order(ChannelOrder::Accept(id, number));
    let moved = |least: u64| {
        move |news: &ChannelNews| match news {
            ChannelNews::Progress(_, progress) if progress.done > least => Some(progress.done),
            _ => None,
        }
    };
    bob.news("progress", moved(500_000));
    alice.order(ChannelOrder::Withdraw(id, path.clone()));
    assert_eq!(bob.file_ended(), (FileKey::Theirs(number), FileEnd::Withdrawn));
    let parts = names_in(&bob.downloads());
    assert!(parts.len() == 1 && parts[0].starts_with(".big.") && parts[0].ends_with(".part"), "{parts:?}");
    fs::write(bob.downloads().join("big"), "mine").unwrap();
    alice.order(ChannelOrder::Offer(id, path));
    let again = bob.offered();
    assert!(again.here > 400_000, "{}", again.here);
    bob.order(ChannelOrder::Accept(id, again.number));
    assert_eq!(bob.file_ended().1, FileEnd::Saved(bob.downloads().join("big (2)")));
    assert_eq!(fs::read(bob.downloads().join("big (2)")).unwrap(), file);
    assert_eq!(fs::read(bob.downloads().join("big")).unwrap(), b"mine");
    assert_eq!(names_in(&bob.downloads()), ["big", "big (2)"]);
}

const FILE: &str = "TR2_TEST_FILE";

#[test]
fn a_file_that_the_disk_has_no_room_for_is_given_up_in_a_sentence() {
    let folder = Folder::new();
    let file = std::env::var(FILE).unwrap_or_else(|_| folder.path().join("big").display().to_string());
    // The process may write files of at most 1 MiB; that is an error and not its end.
    let first =
        format!("head -c 3000000 /dev/zero >'{file}'; {FILE}='{file}'; export {FILE}; trap '' XFSZ; ulimit -f 2048");
    if !is_alone("channels::a_file_that_the_disk_has_no_room_for_is_given_up_in_a_sentence", &first) {
        return;
    }
    let (_server, _folder, urls) = serve();
    let (mut alice, mut bob) = (Caller::join(&urls[2].0, "ann"), Caller::join(&urls[2].0, "bob"));
    let id = channel_between(&mut alice, &mut bob, ["ann", "bob"], 1);
    alice.order(ChannelOrder::Offer(id, file.clone().into()));
    let number = bob.offered().number;
    bob.order(ChannelOrder::Accept(id, number));
    let (_, FileEnd::Failed(why)) = bob.file_ended() else { panic!("{:?}", bob.passed) };
    let folder = bob.downloads();
    assert!(why.contains(&format!("cannot be saved in {}: File too large", folder.display())), "{why}");
    assert_eq!(alice.file_ended(), (FileKey::Ours(file.into()), FileEnd::Declined));
    bob.say(id, "sorry");
    assert_eq!(alice.said(), "sorry");
}

#[test]
fn a_client_that_starts_deletes_what_was_left_of_files_a_week_ago() {
    let server = Server::start(&[]);
    let folder = Folder::new();
    let part = |days: u64, name: &str| {
        let path = folder.path().join(format!(".{name}.0123456789abcdef0123456789abcdef.part"));
        let file = fs::File::create(&path).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(days * 24 * 60 * 60)).unwrap();
        path
    };
    let (old, new) = (part(8, "old"), part(6, "new"));
    let url = format!("tcp://{}", server.address);
    let downloads = folder.path().to_str().unwrap();
    let arguments = ["join", "--name", "ann", "--server", &url, "--downloads", downloads];
    let mut ann = Person::with(&arguments, "xterm-256color", 24, 80);
    ann.sees("ann");
    let until = Instant::now() + PATIENCE;
    while old.exists() {
        assert!(Instant::now() < until, "it stays");
        thread::sleep(Duration::from_millis(10));
    }
    assert!(new.exists());
}
