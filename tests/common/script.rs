//! Plays a script against a session and writes down what it does: a step a line, its effects indented below.
//!
//! Steps: `start [plain] [name=N] [login=L] [take-over] [code=C] [others=URL,URL] [key-given]` (with plain also `text`: slashes are text; `json`, `to=`, `tail=`, `wait=`, `timeout=`; `file=F`, `KEY=VALUE` of a setting in the file, `env:KEY=VALUE`, `option:KEY=VALUE`; `opens-links`; last `unsent=[?+]PLACE:TEXT`), `met WORDS`, `distrusted WHY`, `size 80x24`, `key Ctrl-N`, `type TEXT`, `say TEXT` (type and Enter),
//! `paste TEXT` and `edited TEXT` (with \n), `unedited WHY`, `click 20 3` (column and row from 0; also `middle-click`, `right-click`, `wheel-up`, `wheel-down`), `line TEXT`, `rest TEXT`, `eof`, `focus on`, `focus off`, `traffic RECEIVED SENT SHOWN`, `kept KEY [PATH]`, `unkept KEY WHY`, `arrangement PLACES…` (as known from before), `hangup`, `continued`, `connected 2.26`, `server-key KEY`, `vouched-key KEY`, `lost WHY`, `failed [CLASS] WHY`, `server FRAME`
//! (parsed by the real protocol), `online NAMES…` (connects, greets, welcomes, lists), `back NAMES…` (the same, with a server
//! that keeps history; what is asked of it is written down), `rooms NAMES…` (with one that has rooms), `verified NAMES…` (the same, and it knows who the person is), `+3s`, `+250ms`, `tick` (to the
//! `calls NAMES…` (the same with calls), `rings NAME KEY [verified] [WHAT]` (a user calls, with the key of 32 such bytes), `channel WHAT …` (see `channel_news`;
//! ID stands for the number of the last call, in steps and effects), `in-call #ROOM [MEMBERS…]` (who is in the call of a
//! room; see `member`), `conference WHAT …` (see `conference_news`),
//! deadline), `wall -1h` (the wall clock is set), `zone +2` (hours from UTC; `zone summer` is +2 until 25 October 2026), `packet TR2.23` (with \e and \a), `screen`, `status`, `many N` (N messages from bob), `fill N` (as many while bounded).
//!
//! Must not know: what a session is made of.

use std::sync::Arc;
use std::time::Duration;

use tr2::client::camera::feed::CameraNews;
use tr2::client::destination::Proved;
use tr2::client::direct::conference::orders::{ConferenceNews, ConferenceOrder};
use tr2::client::direct::known_people::KnownPerson;
use tr2::client::direct::orders::{
    ChannelNews, ChannelOrder, ChannelWay, FileEnd, FileKey, FileProgress, FileStep, OfferedFile,
};
use tr2::client::direct::talk::{DirectEnd, SayRefusal};
use tr2::client::key::Key;
use tr2::client::msg::{Effect, MouseAction, MouseEvent, Msg, Net, Printed, Unsent};
use tr2::client::session::{Mode, PlainOptions, Session, Start};
use tr2::client::settings::{SettingKey, SettingSource, Settings, typed};
use tr2::client::text::{json, print};
use tr2::client::traffic::Traffic;
use tr2::media::picture::{Picture, PictureSize};
use tr2::model::file_name::FileName;
use tr2::model::{Fingerprint, Name, Now, RoomName, Target, Text, Timestamp, Zone};
use tr2::net::dial_failure::{DialFailure, DialFault};
use tr2::net::peer::events::ChannelEnd;
use tr2::protocol::beacon::NearbyServer;
use tr2::protocol::conference::{ConferenceCommand, ConferenceMember, MemberNumber};
use tr2::protocol::packet;
use tr2::protocol::{CallCommand, CallId, Command, Dialect, Envelope, Request, SessionToken};

/// A session, its clock, and what it did.
pub struct Play {
    pub session: Session,
    pub now: Now,
    pub written: String,
    name: String,
    plain: bool,
    json: bool,
    zone: Zone,
    /// The last call.
    call: CallId,
}

/// When the steady clock is read first: nowhere near the wall clock.
const STEADY: Timestamp = Timestamp(5000);

/// Sunday 22 November 2026, 12:00 in UTC.
pub fn noon() -> Timestamp {
    Timestamp::parse("2026-11-22T12:00:00Z").unwrap()
}

/// What a script leads to.
pub fn play(script: &str) -> String {
    let mut play = Play::new("start name=alice");
    for step in script.lines().map(str::trim).filter(|step| !step.is_empty() && !step.starts_with('#')) {
        play.step(step);
    }
    play.written
}

impl Play {
    pub fn new(start: &str) -> Self {
        let option = |key: &str| start.split(' ').find_map(|word| word.strip_prefix(key));
        let plain = start.contains(" plain");
        let session = Session::new(Start {
            take_over: start.contains(" take-over"),
            code: option("code=").map(str::to_owned),
            name: option("name=").map(|name| Name::parse(name).unwrap()),
            login: option("login=").unwrap_or("alice").to_owned(),
            server: option("server=").unwrap_or("tcp://localhost").parse().unwrap(),
            others: option("others=")
                .map_or_else(Vec::new, |others| others.split(',').map(|url| url.parse().unwrap()).collect()),
            key_given: start.contains(" key-given"),
            server_named: !start.contains(" server-found"),
            zone: Zone::default(),
            seed: option("seed=").map_or(5, |seed| seed.parse().unwrap()),
            token: SessionToken([7; 16]),
            mode: if plain { Mode::Plain } else { Mode::Screen },
            backlog: start.contains(" backlog"),
            sent: Vec::new(),
            own_key: (!start.contains(" no-key")).then_some(Fingerprint([1; 32])),
            known_people: start.split(" known=").skip(1).map(known).collect(),
            confined: start.contains(" confined"),
            opens_links: start.contains(" opens-links"),
            unsent: start.split(" unsent=").skip(1).map(unsent).collect(),
            plain: PlainOptions {
                commands: !start.contains(" text"),
                json: start.contains(" json"),
                to: option("to=").map(|to| match to {
                    "everyone" => Target::Everyone,
                    room if room.starts_with('#') => Target::Room(RoomName::parse(room).unwrap()),
                    name => Target::User(Name::parse(name).unwrap()),
                }),
                tail: option("tail=").map(|count| count.parse().unwrap()),
                wait: option("wait=").map(str::to_owned),
                timeout: option("timeout=").map(|seconds| Duration::from_secs(seconds.parse().unwrap())),
            },
            settings: settings(start),
        });
        let name = option("name=").or(option("login=")).unwrap_or("alice").to_owned();
        Self {
            session,
            now: Now { wall: noon(), steady: STEADY },
            written: String::new(),
            name,
            plain,
            json: start.contains(" json"),
            zone: Zone::default(),
            call: CallId([0; 16]),
        }
    }

    /// The last call.
    pub fn call(&self) -> CallId {
        self.call
    }

    pub fn step(&mut self, step: &str) {
        let (word, rest) = step.split_once(' ').unwrap_or((step, ""));
        match word {
            "start" => {
                *self = Self { written: std::mem::take(&mut self.written), ..Self::new(step) };
                self.note(step);
                let effects = self.session.start(self.now);
                self.effects(&effects);
            }
            "packet" => {
                let raw = rest.replace("\\e", "\u{1b}").replace("\\a", "\u{7}");
                for envelope in packet::read_events(raw.as_bytes(), Some(&self.name), &["bob"]) {
                    self.update(Msg::Net(Net::Said(envelope)));
                }
            }
            "screen" => self.written.push_str(&crate::paint::paint(&self.session.view())),
            "status" => {
                let status = self.session.view().status;
                self.note(&format!("  [{}|{}]", status.left.text(), status.right.text()));
            }
            "online" | "back" | "rooms" | "unedited-rooms" | "verified" | "calls" => {
                self.update(Msg::Net(Net::Connected(Dialect::Tr226)));
                let more = match word {
                    "back" => " history read search",
                    "rooms" | "verified" => " rooms moderation away reply edit react",
                    "unedited-rooms" => " rooms moderation away reply react",
                    "calls" => " history rooms moderation away reply edit react identity calls",
                    _ => "",
                };
                self.update(server(&format!("server | client | name | TR2.26 accepted presence ping moderator{more}")));
                let tag = if word == "verified" { "@verified=yes " } else { "" };
                let confirmed = format!("{tag}server | {} | connection_confirmation | hi", self.name);
                let effects = self.update(server(&confirmed));
                let list = effects.iter().find_map(|effect| match effect {
                    Effect::Send(request) => request.reference.clone(),
                    _ => None,
                });
                let list = list.unwrap();
                let names = format!("{} {rest}", self.name).trim().replace(' ', " ,");
                let frame = format!("@ref={list} server | you | list_clients | clients connected: {names}");
                self.update(server(&frame));
                self.update(server(&format!("@ref={list} server | you | list_end")));
                self.update(server("server | you | pong | 3"));
            }
            "many" => {
                for id in 1..=rest.parse().unwrap() {
                    let time = noon().rfc3339();
                    let frame = format!("@id={id};time={time} bob | all clients | broadcast_not_me | message {id}");
                    self.update(server(&frame));
                }
            }
            "rings" => {
                let mut words = rest.split(' ');
                let (name, key) = (words.next().unwrap(), words.next().unwrap());
                let verified = if rest.contains(" verified") { "verified=yes" } else { "time=2026-11-22T12:00:00Z" };
                let what = words.rfind(|word| *word != "verified").unwrap_or("chat");
                self.call.0[0] += 1;
                let key = Fingerprint([key.parse().unwrap(); 32]);
                let frame =
                    format!("@{verified} {name} | {} | call | id={} what={what} key={key}", self.name, self.call);
                self.told(step, server(&frame));
            }
            "in-call" => {
                let (room, members) = rest.split_once(' ').unwrap_or((rest, ""));
                let data = match members {
                    "" => "no data".to_owned(),
                    members => {
                        format!("id={} {}", self.call, members.split(' ').map(member).collect::<Vec<_>>().join(" "))
                    }
                };
                self.told(step, server(&format!("server | {room} | in_call | {data}")));
            }
            "conference" => {
                let news = conference_news(self.call, rest);
                self.told(step, Msg::Conference(news));
            }
            "channel" => {
                let news = channel_news(self.call, rest);
                self.told(step, Msg::Channel(news));
            }
            "server" => self.told(step, server(&rest.replace("ID", &self.call.to_string()))),
            "type" => rest.chars().for_each(|c| drop(self.update(Msg::Key(Key::Char(c))))),
            "say" => {
                rest.chars().for_each(|c| drop(self.update(Msg::Key(Key::Char(c)))));
                self.told(step, Msg::Key(Key::Enter));
            }
            "tick" => {
                let pause = self.session.deadline().unwrap().since(self.now.steady);
                self.wait(pause);
                let after = self.now.steady.since(STEADY);
                self.told(&format!("tick at {after:?}"), Msg::Tick);
            }
            "zone" => {
                self.zone = zone(rest);
                self.told(step, Msg::Zone(zone(rest)));
            }
            "wall" => {
                let hours: i64 = rest.trim_end_matches('h').parse().unwrap();
                self.now.wall.0 += hours * 3_600_000;
                self.note(step);
            }
            _ if step.starts_with('+') => {
                let number: u64 = step.trim_matches(|c: char| !c.is_ascii_digit()).parse().unwrap();
                let millis = if step.ends_with("ms") { number } else { number * 1000 };
                self.wait(Duration::from_millis(millis));
                self.told(step, Msg::Tick);
            }
            _ => {
                let msg = message(word, rest);
                self.told(step, msg);
            }
        }
    }

    /// Time goes by, on both clocks.
    pub fn wait(&mut self, pause: Duration) {
        self.now = Now { wall: self.now.wall.after(pause), steady: self.now.steady.after(pause) };
    }

    pub fn update(&mut self, msg: Msg) -> Vec<Effect> {
        self.session.update(self.now, msg)
    }

    fn told(&mut self, step: &str, msg: Msg) {
        self.note(step);
        let effects = self.update(msg);
        self.effects(&effects);
    }

    fn note(&mut self, line: &str) {
        self.written.push_str(line);
        self.written.push('\n');
    }

    fn effects(&mut self, effects: &[Effect]) {
        for effect in effects {
            // A file can be sent unless its name says otherwise.
            if let Effect::CheckFile(name, path) = effect {
                let is_missing = path.to_string_lossy().contains("missing");
                let outcome = if is_missing { Err(format!("There is no {}.", path.display())) } else { Ok(()) };
                let more = self.update(Msg::FileChecked(name.clone(), path.clone(), outcome));
                self.effects(&more);
                continue;
            }
            if let Effect::Send(Request { command: Command::Call(CallCommand::Ring { offer, .. }), .. }) = effect {
                self.call = offer.id;
            }
            if let Effect::Send(Request {
                command: Command::Conference(ConferenceCommand::Join { offer, .. }), ..
            }) = effect
            {
                self.call = offer.id;
            }
            let shown = match effect {
                Effect::Send(request) => format!("send {}", frame(request, &self.name)),
                Effect::Print(printed) => {
                    assert!(self.plain, "only plain mode prints");
                    if self.json {
                        self.note(&format!("    {}", json::line(printed)));
                        continue;
                    }
                    let to = if matches!(printed, Printed::Error(_)) { "stderr" } else { "stdout" };
                    format!("{to} {}", print::line(printed, &self.zone, self.session.times()))
                }
                // Every sent text is kept; the tests of that look for themselves.
                Effect::Remember(_) | Effect::RecallArrangement { .. } | Effect::KeepArrangement(_) => continue,
                Effect::Channel(order) => format!("channel {}", channel_order(order)),
                Effect::Conference(order) => format!("conference {}", conference_order(order)),
                other => format!("{other:?}"),
            };
            self.note(&format!("    {}", shown.replace(&self.call.to_string(), "ID")));
            // A camera that is started has a picture at once, but for the one that is named so.
            if matches!(effect, Effect::Camera(Some(name)) if name != "broken") {
                let more = self.update(Msg::Camera(CameraNews::Picture(picture())));
                self.effects(&more);
            }
        }
    }
}

/// A known person as a start step writes it: `bob:2`, or `bob:2+` if words were compared.
fn known(words: &str) -> KnownPerson {
    let (name, key) = words.split(' ').next().unwrap().split_once(':').unwrap();
    let key = key.trim_end_matches('+').parse().unwrap();
    KnownPerson { name: Name::parse(name).unwrap(), key: Fingerprint([key; 32]), verified: words.contains('+') }
}

/// What happens on a channel: `ready WORDS`, `goes server|ADDRESS`, `no-bypass`, `said TEXT`, `unsaid full|length|early TEXT`,
/// `offered NUMBER SIZE NAME`, `progress FILE digest|waiting|moving DONE SIZE`, `file FILE HOW [WORDS]`, `ended HOW`; a file
/// is a number if it is theirs, else a path. `camera on|off` and `picture` are the other one's; `watched on|off` says whether
/// ours are shown there. `speaks on|off`, `hears on|off` and `arrives on|off` are of voices.
pub fn channel_news(id: CallId, words: &str) -> ChannelNews {
    let (what, rest) = words.split_once(' ').unwrap_or((words, ""));
    let parts: Vec<&str> = rest.split(' ').collect();
    let file = |word: &str| word.parse().map_or_else(|_| FileKey::Ours(word.into()), FileKey::Theirs);
    match what {
        "ready" => ChannelNews::Ready(id, rest.to_owned()),
        "no-bypass" => ChannelNews::NoBypass(id),
        "goes" => ChannelNews::Goes(
            id,
            match rest {
                "server" => ChannelWay::RelayStream,
                "udp" => ChannelWay::RelayUdp,
                address => ChannelWay::Direct(address.parse().unwrap()),
            },
        ),
        "camera" => ChannelNews::Camera(id, rest == "on"),
        "watched" => ChannelNews::Watched(id, rest == "on"),
        "picture" => ChannelNews::Picture(id, picture()),
        "speaks" => ChannelNews::Speaks(id, rest == "on"),
        "hears" => ChannelNews::Hears(id, rest == "on"),
        "arrives" => ChannelNews::Arrives(id, rest == "on"),
        "said" => ChannelNews::Said(id, Text::block(&rest.replace("\\n", "\n"))),
        "unsaid" => {
            let (why, text) = rest.split_once(' ').unwrap();
            let why = match why {
                "full" => SayRefusal::Full,
                "length" => SayRefusal::Length,
                _ => SayRefusal::NotReady,
            };
            ChannelNews::NotSaid(id, Text::block(text), why)
        }
        "offered" => ChannelNews::Offered(
            id,
            OfferedFile {
                number: parts[0].parse().unwrap(),
                size: parts[1].parse().unwrap(),
                name: FileName::harmless(parts[2]),
                digest: [0xd1; 32],
                here: parts.get(3).map_or(0, |here| here.parse().unwrap()),
            },
        ),
        "progress" => {
            let step = match parts[1] {
                "digest" => FileStep::Digest,
                "waiting" => FileStep::Waiting,
                _ => FileStep::Moving,
            };
            let (done, size) = (parts[2].parse().unwrap(), parts[3].parse().unwrap());
            ChannelNews::Progress(id, FileProgress { file: file(parts[0]), step, done, size })
        }
        "file" => {
            let end = match parts[1] {
                "sent" => FileEnd::Sent,
                "saved" => FileEnd::Saved(parts[2].into()),
                "declined" => FileEnd::Declined,
                "withdrawn" => FileEnd::Withdrawn,
                "wrong" => FileEnd::Wrong,
                "failed" => FileEnd::Failed(parts[2..].join(" ")),
                "cut" => FileEnd::Cut,
                other => panic!("no end {other}"),
            };
            ChannelNews::FileEnded(id, file(parts[0]), end)
        }
        "ended" => ChannelNews::Ended(
            id,
            match rest {
                "closed" => DirectEnd::Channel(ChannelEnd::Closed),
                "by-peer" => DirectEnd::Channel(ChannelEnd::ClosedByPeer),
                "wrong-key" => DirectEnd::Channel(ChannelEnd::WrongKey),
                "silent" => DirectEnd::Channel(ChannelEnd::Silent),
                "commitment" => DirectEnd::Commitment,
                "version" => DirectEnd::Version(9),
                "no-way" => DirectEnd::NoWay("no packet got through.".to_owned()),
                fault => DirectEnd::Fault(fault.to_owned()),
            },
        ),
        other => panic!("no news {other}"),
    }
}

/// A member of a room's call as a step writes it: `1:bob:2`, or `1:bob:2+` if the server has verified bob; the last number
/// is that of the key.
fn member(words: &str) -> String {
    let parts: Vec<&str> = words.split(':').collect();
    let key = Fingerprint([parts[2].trim_end_matches('+').parse().unwrap(); 32]);
    format!("{},{key},{}{}", parts[0], parts[1], if words.ends_with('+') { ",verified" } else { "" })
}

/// What happens in a room's call: `reached NUMBER`, `lost NUMBER [wrong-key]`, `camera NUMBER on|off`,
/// `picture NUMBER`, `speaks NUMBER on|off`, `heard on|off`, `watched on|off`, `unsealed`, `ended WHY`.
fn conference_news(id: CallId, words: &str) -> ConferenceNews {
    let (what, rest) = words.split_once(' ').unwrap_or((words, ""));
    let number = || MemberNumber(rest.split(' ').next().unwrap().parse().unwrap());
    match what {
        "reached" => ConferenceNews::Reached(id, number()),
        "lost" => {
            let end = if rest.ends_with("wrong-key") { ChannelEnd::WrongKey } else { ChannelEnd::Silent };
            ConferenceNews::Lost(id, number(), end)
        }
        "camera" => ConferenceNews::Camera(id, number(), rest.ends_with("on")),
        "picture" => ConferenceNews::Picture(id, number(), picture()),
        "watched" => ConferenceNews::Watched(id, rest == "on"),
        "speaks" => ConferenceNews::Speaks(id, number(), rest.ends_with("on")),
        "heard" => ConferenceNews::Heard(id, rest == "on"),
        "unsealed" => ConferenceNews::Unsealed(id),
        "ended" => ConferenceNews::Ended(id, rest.to_owned()),
        other => panic!("no news {other}"),
    }
}

/// What the shell is to do in a room's call.
fn conference_order(order: &ConferenceOrder) -> String {
    let names = |members: &[ConferenceMember]| -> String {
        members.iter().map(|member| format!(" {}:{}", member.number.0, member.name)).collect()
    };
    match order {
        ConferenceOrder::Attend { own, members, .. } => format!("attend as {} with{}", own.0, names(members)),
        ConferenceOrder::Members(_, members) => format!("members{}", names(members)),
        ConferenceOrder::Show(_, shown) => {
            format!("show{}", shown.iter().map(|(of, size)| format!(" {}:{size:?}", of.0)).collect::<String>())
        }
        ConferenceOrder::Camera(_, on) => format!("camera {on}"),
        ConferenceOrder::Hear(_, on) => format!("hear {on}"),
        ConferenceOrder::Talk(_, on) => format!("talk {on}"),
        ConferenceOrder::Leave(_) => "leave".to_owned(),
    }
}

/// A picture.
pub fn picture() -> Arc<Picture> {
    Arc::new(Picture::filled(PictureSize::new(80, 48).unwrap(), 100))
}

/// What the shell is to do on a channel.
fn channel_order(order: &ChannelOrder) -> String {
    match order {
        ChannelOrder::Open { id, side, theirs, .. } => format!("open {id} {side:?} {}", theirs.0[0]),
        ChannelOrder::Say(_, text) => format!("say {text:?}"),
        ChannelOrder::Offer(_, path) => format!("offer {}", path.display()),
        ChannelOrder::Accept(_, number) => format!("accept {number}"),
        ChannelOrder::Decline(_, number) => format!("decline {number}"),
        ChannelOrder::Withdraw(_, path) => format!("withdraw {}", path.display()),
        ChannelOrder::Bypass(_, wanted) => format!("bypass {wanted}"),
        ChannelOrder::Camera(_, on) => format!("camera {on}"),
        ChannelOrder::Watch(_, width) => format!("watch {width}"),
        ChannelOrder::Hear(_, on) => format!("hear {on}"),
        ChannelOrder::Talk(_, on) => format!("talk {on}"),
        ChannelOrder::Close(id) => format!("close {id}"),
    }
}

/// A zone by its hours from UTC, or one with summer time until 25 October 2026.
fn zone(name: &str) -> Zone {
    let autumn = Timestamp::parse("2026-10-25T01:00:00Z").unwrap();
    match name {
        "summer" => Zone::find(|time| if time < autumn { 7200 } else { 3600 }),
        hours => Zone::fixed(hours.parse::<i32>().unwrap() * 3600),
    }
}

/// The settings of a start step, those that it names as if a file had them.
fn settings(start: &str) -> Settings {
    let mut settings = Settings::default();
    for (name, value) in start.split(' ').filter_map(|word| word.split_once('=')) {
        let taken = ["name", "login", "code"].contains(&name);
        let (source, name) = match name.split_once(':') {
            Some(("env", name)) => (SettingSource::Environment("TR2_TEST"), name),
            Some((_, name)) => (SettingSource::Option, name),
            None => (SettingSource::File, name),
        };
        if name == "file" {
            settings.file = Some(value.to_owned());
        } else if let Some(key) = SettingKey::parse(name).ok().filter(|_| !taken) {
            settings.set(&key, &typed(&key, value)).unwrap();
            settings.note_source(&key, source);
        }
    }
    settings
}

fn frame(request: &Request, sender: &str) -> String {
    let mut bytes = Vec::new();
    request.write(&mut bytes, sender);
    String::from_utf8(bytes).unwrap().trim_end().to_owned()
}

pub fn server(frame: &str) -> Msg {
    Msg::Net(Net::Said(Envelope::parse(frame.as_bytes()).unwrap()))
}

fn message(word: &str, rest: &str) -> Msg {
    match word {
        "key" => Msg::Key(key(rest)),
        "paste" => Msg::Paste(rest.replace("\\n", "\n")),
        "line" => Msg::Line(rest.to_owned()),
        "rest" => Msg::Rest(rest.to_owned()),
        "eof" => Msg::EndOfInput,
        "input-failed" => Msg::InputFailed(rest.to_owned()),
        "output-ended" => Msg::OutputEnded((!rest.is_empty()).then(|| rest.to_owned())),
        "edited" => Msg::Edited(Ok(rest.replace("\\n", "\n"))),
        "unedited" => Msg::Edited(Err(rest.to_owned())),
        "click" | "middle-click" | "right-click" | "wheel-up" | "wheel-down" => mouse(word, rest),
        "focus" => Msg::Focus(rest == "on"),
        "traffic" => {
            let mut numbers = rest.split(' ').map(|number| number.parse().unwrap());
            let mut next = || numbers.next().unwrap();
            Msg::Traffic(Traffic { received: next(), sent: next(), shown: next() })
        }
        "kept" => {
            let (key, path) = rest.split_once(' ').unwrap_or((rest, "/c/join.toml"));
            Msg::SettingSaved { key: key.to_owned(), outcome: Ok(path.to_owned()) }
        }
        "unkept" => {
            let (key, why) = rest.split_once(' ').unwrap();
            Msg::SettingSaved { key: key.to_owned(), outcome: Err(why.to_owned()) }
        }
        "known-people" => {
            let (server, people) = rest.split_once(' ').unwrap();
            Msg::KnownPeople(server.parse().unwrap(), people.split(' ').map(known).collect())
        }
        "camera" if rest == "picture" => Msg::Camera(CameraNews::Picture(picture())),
        "camera" => Msg::Camera(CameraNews::Ended(rest.to_owned())),
        "sound" if rest == "runs" => Msg::Sound(Ok(None)),
        "sound" if rest.starts_with("runs ") => Msg::Sound(Ok(Some(rest[5..].to_owned()))),
        "sound" => Msg::Sound(Err(rest.to_owned())),
        "arrangement" => Msg::Arrangement(rest.split_whitespace().filter_map(Target::restored).collect()),
        "hangup" => Msg::Hangup,
        "continued" => Msg::Continued,
        "size" => {
            let (cols, rows) = rest.split_once('x').unwrap();
            Msg::Resize { cols: cols.parse().unwrap(), rows: rows.parse().unwrap() }
        }
        "connected" if rest == "2.26" => Msg::Net(Net::Connected(Dialect::Tr226)),
        "connected" => Msg::Net(Net::Connected(Dialect::Tr223)),
        "lost" => Msg::Net(Net::Lost(rest.to_owned())),
        "failed" => Msg::Net(Net::Failed(failure(rest))),
        "nearby" => {
            let (name, url) = rest.split_once(' ').unwrap();
            Msg::Nearby(NearbyServer { name: Text::line(name), url: url.parse().unwrap(), key: None })
        }
        "server-key" => Msg::Net(Net::Proved(Proved { key: rest.parse().unwrap(), vouched: false })),
        "vouched-key" => Msg::Net(Net::Proved(Proved { key: rest.parse().unwrap(), vouched: true })),
        "met" => Msg::Net(Net::Met(rest.to_owned())),
        "distrusted" => Msg::Net(Net::Distrusted(rest.to_owned())),
        "server" => server(rest),
        other => panic!("no step {other}"),
    }
}

/// What the mouse did, at a column and a row from 0, as in `click 20 3`.
fn mouse(word: &str, at: &str) -> Msg {
    let (x, y) = at.split_once(' ').unwrap();
    let action = match word {
        "click" => MouseAction::Click,
        "middle-click" => MouseAction::MiddleClick,
        "right-click" => MouseAction::RightClick,
        "wheel-up" => MouseAction::WheelUp,
        _ => MouseAction::WheelDown,
    };
    Msg::Mouse(MouseEvent { action, x: x.parse().unwrap(), y: y.parse().unwrap() })
}

/// A text that was not sent last time: `#ops:TEXT`, with `?` in front if it may have arrived, `+` if it is a draft.
fn unsent(words: &str) -> Unsent {
    let (to, text) = words.split_once(':').unwrap();
    let (unsure, draft) = (to.starts_with('?'), to.starts_with('+'));
    let to = match to.trim_start_matches(['?', '+']) {
        "everyone" => Target::Everyone,
        room if room.starts_with('#') => Target::Room(RoomName::parse(room).unwrap()),
        name => Target::User(Name::parse(name).unwrap()),
    };
    Unsent { to, text: Text::block(text), unsure, draft }
}

/// A failure to dial: a class such as `name`, and why; without a class, nobody listens.
fn failure(words: &str) -> DialFailure {
    let classes = [
        ("own-file", DialFault::OwnFile),
        ("name", DialFault::Name),
        ("forbidden", DialFault::Forbidden),
        ("timed-out", DialFault::TimedOut),
        ("unreachable", DialFault::Unreachable),
        ("tls", DialFault::Tls),
        ("not-tr2", DialFault::NotTr2),
        ("other", DialFault::Other),
    ];
    let (word, why) = words.split_once(' ').unwrap_or((words, ""));
    let class = classes.iter().find(|(name, _)| *name == word);
    class.map_or_else(|| DialFailure::new(DialFault::NotListening, words), |(_, fault)| DialFailure::new(*fault, why))
}

/// A key by the name that it shows.
pub fn key(name: &str) -> Key {
    keys().into_iter().find(|key| key.to_string() == name).unwrap_or_else(|| panic!("no key {name}"))
}

/// Every key but most characters.
pub fn keys() -> Vec<Key> {
    let letters = || ('a'..='z').chain('0'..='9').chain(['/', ' ', '_']);
    let named = [
        Key::Enter,
        Key::AltEnter,
        Key::Tab,
        Key::BackTab,
        Key::Esc,
        Key::Up,
        Key::Down,
        Key::Left,
        Key::Right,
        Key::CtrlUp,
        Key::CtrlDown,
        Key::AltShiftUp,
        Key::AltShiftDown,
        Key::CtrlLeft,
        Key::CtrlRight,
        Key::Home,
        Key::End,
        Key::CtrlHome,
        Key::CtrlEnd,
        Key::PageUp,
        Key::PageDown,
        Key::Backspace,
        Key::AltBackspace,
        Key::Delete,
        Key::Insert,
        Key::ShiftUp,
        Key::ShiftDown,
        Key::CtrlUp,
        Key::CtrlDown,
        Key::AltUp,
        Key::AltDown,
        Key::AltLeft,
        Key::AltRight,
        Key::AltShiftUp,
        Key::AltShiftDown,
        Key::AltHome,
        Key::AltEnd,
        Key::ShiftPageUp,
        Key::ShiftPageDown,
    ];
    letters()
        .chain(['.', '+'])
        .flat_map(|c| [Key::Char(c), Key::Ctrl(c), Key::Alt(c)])
        .chain((1..=12).map(Key::F))
        .chain(named)
        .collect()
}
