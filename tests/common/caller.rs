//! A client as far as calls need one: its connection to the server, and the shell that holds its channels.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, sync_channel};
use std::time::{Duration, Instant};

use async_std::channel::{Sender, bounded};
use async_std::task;
use tr2::client::channels::handle::{ChannelTools, Channels};
use tr2::client::direct::orders::{ChannelNews, ChannelOrder, ChannelWay, FileEnd, FileKey, OfferedFile};
use tr2::client::direct::talk::{DirectEnd, Side};
use tr2::client::link::dialer::Dialer;
use tr2::client::link::driver::{DriverOrder, drive};
use tr2::client::link::keyring::Keyring;
use tr2::client::link::outlet::Outlet;
use tr2::client::link::own_key::OwnKey;
use tr2::client::msg::{Effect, Msg, Net};
use tr2::client::traffic_meter::TrafficMeter;
use tr2::model::{Fingerprint, Text, Url};
use tr2::protocol::{
    CallAnswer, CallCommand, CallEvent, CallId, CallOffer, CallWants, Command, Event, RelayGrant, Request,
    SessionCommand,
};
use tr2::sys::clock::Clock;

use crate::serving::{Folder, PATIENCE};

/// A client.
pub(crate) struct Caller {
    pub(crate) channels: Channels,
    inbox: Receiver<Msg>,
    orders: Sender<DriverOrder>,
    heard: Receiver<Net>,
    pub(crate) own_key: OwnKey,
    pub(crate) home: Folder,
    /// What was passed over while something else was awaited.
    pub(crate) passed: Vec<ChannelNews>,
}

impl Caller {
    /// Joins a server.
    pub(crate) fn join(url: &Url, name: &str) -> Self {
        let home = Folder::new();
        let own_key = OwnKey::at(home.path().join("identity"));
        let known_servers = home.path().join("known_servers");
        let dialer = Dialer::new(Keyring { identity: own_key.clone(), known_servers, pin: None });
        let (orders, taken) = bounded(100);
        let (said, heard) = mpsc::channel();
        let (of_driver, meter) = (dialer.clone(), TrafficMeter::new(Clock::start()));
        task::spawn(async move {
            let said = &said;
            drive(of_driver, taken, meter, |net| async move { drop(said.send(net)) }).await;
        });
        let (news, inbox) = sync_channel(1024);
        let downloads = home.path().join("in");
        std::fs::create_dir(&downloads).unwrap();
        let tools = ChannelTools {
            dialer,
            own_key: own_key.clone(),
            downloads,
            home: Some(home.path().to_owned()),
            no_camera: "There is no camera.".to_owned(),
        };
        let mut channels = Channels::new(tools, Outlet::new(news, || ()));
        channels.act(&Effect::Dial(url.clone().into()));
        task::block_on(orders.send(DriverOrder::Dial(url.clone().into()))).unwrap();
        let caller = Self { channels, inbox, orders, heard, own_key, home, passed: Vec::new() };
        caller.send(Command::Session(SessionCommand::Capabilities(Text::line("reply edit react calls"))));
        caller.send(Command::Session(SessionCommand::Name(name.to_owned())));
        caller.until(|event| matches!(event, Event::Welcome(_)).then_some(()));
        caller
    }

    pub(crate) fn send(&self, command: Command) {
        // Nothing can be sent before there is a connection.
        if let Command::Session(SessionCommand::Capabilities(_)) = &command {
            while !matches!(self.heard.recv_timeout(PATIENCE).unwrap(), Net::Connected(_)) {}
        }
        task::block_on(self.orders.send(DriverOrder::Send(Request::bare(command)))).unwrap();
    }

    /// Waits for an event of the server.
    pub(crate) fn until<T>(&self, mut wanted: impl FnMut(&Event) -> Option<T>) -> T {
        loop {
            if let Net::Said(envelope) = self.heard.recv_timeout(PATIENCE).expect("an event of the server") {
                if let Event::Refused(code, text) = &envelope.event {
                    panic!("{code} {text}");
                }
                if let Some(found) = wanted(&envelope.event) {
                    return found;
                }
            }
        }
    }

    fn grant(&self) -> RelayGrant {
        self.until(|event| match event {
            Event::Call(CallEvent::Relay(grant)) => Some(*grant),
            _ => None,
        })
    }

    /// Waits for news of channels.
    #[track_caller]
    pub(crate) fn news<T>(&mut self, what: &str, mut wanted: impl FnMut(&ChannelNews) -> Option<T>) -> T {
        let began = Instant::now();
        loop {
            let left = (PATIENCE * 2).saturating_sub(began.elapsed());
            let Ok(msg) = self.inbox.recv_timeout(left) else { panic!("no {what}: {:?}", self.passed) };
            let Msg::Channel(news) = msg else { panic!("{msg:?}") };
            let found = wanted(&news);
            self.passed.push(news);
            if let Some(found) = found {
                return found;
            }
        }
    }

    /// Whether there is news of channels within a time.
    pub(crate) fn news_within(&mut self, time: Duration) -> Option<ChannelNews> {
        match self.inbox.recv_timeout(time).ok()? {
            Msg::Channel(news) => Some(news),
            msg => panic!("{msg:?}"),
        }
    }

    #[track_caller]
    pub(crate) fn order(&mut self, order: ChannelOrder) {
        assert_eq!(self.channels.act(&Effect::Channel(order)), None);
    }

    pub(crate) fn way(&mut self) -> ChannelWay {
        self.news("way", |news| match news {
            ChannelNews::Goes(_, way) => Some(*way),
            _ => None,
        })
    }

    /// Waits until packets go this way. Stream and UDP are tried at once, and words go over whichever is there: on a busy
    /// machine the stream is first, and all is said before UDP is bound. A stream that is shown after that takes the leg
    /// until UDP is bound once more.
    #[track_caller]
    pub(crate) fn settles_on(&mut self, way: ChannelWay) {
        let last = self.passed.iter().rev().find_map(|news| match news {
            ChannelNews::Goes(_, way) => Some(*way),
            _ => None,
        });
        let mut is_there = last == Some(way);
        while !is_there {
            is_there = self.way() == way;
        }
    }

    pub(crate) fn words(&mut self) -> String {
        self.news("words", |news| match news {
            ChannelNews::Ready(_, words) => Some(words.clone()),
            _ => None,
        })
    }

    pub(crate) fn said(&mut self) -> String {
        self.news("text", |news| match news {
            ChannelNews::Said(_, text) => Some(text.to_string()),
            _ => None,
        })
    }

    pub(crate) fn offered(&mut self) -> OfferedFile {
        self.news("offer", |news| match news {
            ChannelNews::Offered(_, file) => Some(file.clone()),
            _ => None,
        })
    }

    pub(crate) fn file_ended(&mut self) -> (FileKey, FileEnd) {
        self.news("end of a file", |news| match news {
            ChannelNews::FileEnded(_, key, end) => Some((key.clone(), end.clone())),
            _ => None,
        })
    }

    pub(crate) fn ended(&mut self) -> DirectEnd {
        self.news("end", |news| match news {
            ChannelNews::Ended(_, how) => Some(how.clone()),
            _ => None,
        })
    }

    pub(crate) fn say(&mut self, id: CallId, text: &str) {
        self.order(ChannelOrder::Say(id, Text::line(text)));
    }

    pub(crate) fn key(&self) -> Fingerprint {
        self.own_key.announce().unwrap()
    }

    /// A file of this client.
    pub(crate) fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.home.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// The folder for downloads.
    pub(crate) fn downloads(&self) -> PathBuf {
        self.home.path().join("in")
    }
}

/// A call that was answered: what each side needs to open the channel.
pub(crate) struct Called {
    pub(crate) id: CallId,
    pub(crate) grants: [RelayGrant; 2],
    /// Whom each side expects.
    pub(crate) theirs: [Fingerprint; 2],
}

impl Called {
    /// The order of a side.
    pub(crate) fn open(&self, side: usize) -> ChannelOrder {
        let (grant, theirs) = (self.grants[side], self.theirs[side]);
        ChannelOrder::Open { id: self.id, side: [Side::Caller, Side::Callee][side], grant, theirs }
    }
}

/// Has one call another, and be answered.
pub(crate) fn call(one: &Caller, other: &Caller, names: [&str; 2], id: u8) -> Called {
    let id = CallId([id; 16]);
    let wants = CallWants { chat: true, file: true, ..CallWants::default() };
    let offer = CallOffer { id, wants, key: one.key() };
    one.send(Command::Call(CallCommand::Ring { to: names[1].to_owned(), offer }));
    let heard = other.until(|event| match event {
        Event::Call(CallEvent::Rings { offer, .. }) => Some(*offer),
        _ => None,
    });
    assert_eq!(heard, offer);
    let answer = CallAnswer::Yes(other.key());
    other.send(Command::Call(CallCommand::Answer { to: names[0].to_owned(), id, answer }));
    let theirs = one.until(|event| match event {
        Event::Call(CallEvent::Answered { answer: CallAnswer::Yes(key), .. }) => Some(*key),
        _ => None,
    });
    Called { id, grants: [one.grant(), other.grant()], theirs: [theirs, offer.key] }
}

/// The same, with a channel on both sides.
pub(crate) fn channel_between(one: &mut Caller, other: &mut Caller, names: [&str; 2], id: u8) -> CallId {
    let called = call(one, other, names, id);
    one.order(called.open(0));
    other.order(called.open(1));
    called.id
}

/// The names of the files in a folder, hidden ones included.
pub(crate) fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}
