//! Two sessions that call each other, with a server between them that passes calls on as tr2-protocol(7) says, and a channel
//! that the server never sees. What the server hears is kept, to be searched for what it must not hear.

use std::collections::VecDeque;

use tr2::client::camera::feed::CameraNews;
use tr2::client::direct::orders::{
    ChannelNews, ChannelOrder, ChannelWay, FileEnd, FileKey, FileProgress, FileStep, OfferedFile,
};
use tr2::client::direct::talk::{DirectEnd, Side};
use tr2::client::key::Key;
use tr2::client::msg::{Effect, Msg, Net};
use tr2::client::view::DialogRow;
use tr2::model::file_name::FileName;
use tr2::model::{Fingerprint, Name, Text};
use tr2::net::peer::events::ChannelEnd;
use tr2::protocol::leg::LegToken;
use tr2::protocol::{CallAnswer, CallCommand, CallEvent, CallId, Code, Command, Envelope, Event, RelayGrant, Request};

use crate::script::{Play, picture};

const WORDS: &str = "lusab-babad-gutih-tugad";
const NAMES: [&str; 2] = ["alice", "bob"];

/// Two people, 0 and 1, and what is between them.
struct Pair {
    people: [Play; 2],
    /// What the shells are to do, by person.
    effects: VecDeque<(usize, Effect)>,
    /// The ends of the channel that were made.
    made: Vec<(usize, CallId, Side)>,
    /// Whether a call rings: the server lets one of a pair ring at a time.
    rings: bool,
    /// Who wants packets to bypass the server, and whether they do.
    wants: ([bool; 2], bool),
    /// How wide each shows the other's pictures, and whether each one's camera runs.
    watches: [u16; 2],
    cameras: [bool; 2],
    /// Whether cameras that are started have pictures.
    has_camera: bool,
    /// Whether each one's sound runs, and whether sound that is started does.
    sounds: [bool; 2],
    has_sound: bool,
    /// All that the server heard.
    heard: String,
}

impl Pair {
    fn new() -> Self {
        let people = [("alice", "bob"), ("bob", "alice")].map(|(me, other)| {
            let mut play = Play::new("start");
            for step in [&*format!("start name={me} seed={}", me.len()), "size 80x24", &format!("calls {other}")] {
                play.step(step);
            }
            play
        });
        let wants = ([false; 2], false);
        let (watches, cameras) = ([0; 2], [false; 2]);
        let (effects, made, heard) = (VecDeque::new(), Vec::new(), String::new());
        Self {
            people,
            effects,
            made,
            rings: false,
            wants,
            watches,
            cameras,
            has_camera: true,
            sounds: [false; 2],
            has_sound: true,
            heard,
        }
    }

    fn tell(&mut self, who: usize, msg: Msg) {
        let effects = self.people[who].update(msg);
        self.effects.extend(effects.into_iter().map(|effect| (who, effect)));
    }

    fn hear(&mut self, who: usize, reference: Option<String>, event: CallEvent) {
        let envelope = Envelope { reference, ..Envelope::from(Event::Call(event)) };
        self.tell(who, Msg::Net(Net::Said(envelope)));
    }

    fn news(&mut self, who: usize, news: ChannelNews) {
        self.tell(who, Msg::Channel(news));
    }

    /// Enters a line, and carries out all that follows.
    fn says(&mut self, who: usize, text: &str) {
        for key in text.chars().map(Key::Char).chain([Key::Enter]) {
            self.tell(who, Msg::Key(key));
        }
        self.settle();
    }

    fn presses(&mut self, who: usize, keys: &[Key]) {
        keys.iter().for_each(|key| self.tell(who, Msg::Key(*key)));
        self.settle();
    }

    /// The dialog that has come by itself takes keys from now on.
    fn waits(&mut self) {
        for who in [0, 1] {
            self.people[who].wait(std::time::Duration::from_secs(1));
            self.tell(who, Msg::Tick);
        }
        self.settle();
    }

    fn settle(&mut self) {
        while let Some((who, effect)) = self.effects.pop_front() {
            match effect {
                Effect::Send(request) => self.server(who, request),
                Effect::Channel(order) => self.channel(who, order),
                Effect::Sound(name) => {
                    self.sounds[who] = name.is_some();
                    if name.is_some() {
                        let outcome = if self.has_sound { Ok(None) } else { Err("There is no sound.".to_owned()) };
                        self.tell(who, Msg::Sound(outcome));
                    }
                }
                Effect::Camera(name) => {
                    self.cameras[who] = name.is_some();
                    if name.is_some() && self.has_camera {
                        self.tell(who, Msg::Camera(CameraNews::Picture(picture())));
                    }
                }
                Effect::CheckFile(name, path) => self.tell(who, Msg::FileChecked(name, path, Ok(()))),
                _ => {}
            }
        }
    }

    fn server(&mut self, who: usize, request: Request) {
        let mut line = Vec::new();
        request.write(&mut line, NAMES[who]);
        self.heard.push_str(&String::from_utf8(line).unwrap());
        let name = |who: usize| Name::parse(NAMES[who]).unwrap();
        let other = 1 - who;
        match request.command {
            Command::Call(CallCommand::Ring { .. }) if self.rings => {
                let text = Text::line("A call between you rings already.");
                let refused = Envelope::answer(request.reference, Event::Refused(Code::Busy, text));
                self.tell(who, Msg::Net(Net::Said(refused)));
            }
            Command::Call(CallCommand::Ring { offer, .. }) => {
                self.rings = true;
                self.hear(other, None, CallEvent::Rings { from: name(who), to: name(other), offer });
                self.hear(who, request.reference, CallEvent::Ringing(offer.id));
            }
            Command::Call(CallCommand::Answer { id, answer, .. }) => {
                self.hear(other, None, CallEvent::Answered { by: name(who), to: name(other), id, answer });
                if matches!(answer, CallAnswer::Yes(_)) {
                    for who in [0, 1] {
                        let leg = LegToken([u8::try_from(who).unwrap(); 16]);
                        self.hear(who, None, CallEvent::Relay(RelayGrant { id, leg, port: 0, rate: 65536 }));
                    }
                }
            }
            Command::Call(CallCommand::HangUp { id, why, .. }) => {
                self.hear(other, None, CallEvent::HungUp { by: Some(name(who)), id, why });
            }
            _ => {}
        }
    }

    fn channel(&mut self, who: usize, order: ChannelOrder) {
        let other = 1 - who;
        match order {
            ChannelOrder::Open { id, side, theirs, .. } => {
                assert_eq!(theirs, Fingerprint([1; 32]), "both have the same key in these scripts");
                self.made.push((who, id, side));
                if let Some((.., theirs)) = self.made.iter().find(|(whose, made, _)| (*whose, *made) == (other, id)) {
                    assert_ne!(*theirs, side);
                    for who in [0, 1] {
                        self.news(who, ChannelNews::Ready(id, WORDS.to_owned()));
                        self.news(who, ChannelNews::Goes(id, ChannelWay::RelayStream));
                    }
                }
            }
            ChannelOrder::Say(id, text) => self.news(other, ChannelNews::Said(id, text)),
            ChannelOrder::Offer(id, _) => {
                let name = FileName::harmless("notes.txt");
                let file = OfferedFile { number: 1, name, size: 10, digest: [7; 32], here: 0 };
                self.news(other, ChannelNews::Offered(id, file));
            }
            ChannelOrder::Accept(id, number) => {
                let files = [(who, FileKey::Theirs(number)), (other, FileKey::Ours("/tmp/notes.txt".into()))];
                for (who, file) in files {
                    let progress = FileProgress { file: file.clone(), step: FileStep::Moving, done: 10, size: 10 };
                    self.news(who, ChannelNews::Progress(id, progress));
                    let end = match &file {
                        FileKey::Ours(_) => FileEnd::Sent,
                        FileKey::Theirs(_) => FileEnd::Saved("/home/bob/Downloads/notes.txt".into()),
                    };
                    self.news(who, ChannelNews::FileEnded(id, file, end));
                }
            }
            ChannelOrder::Decline(id, _) => {
                let file = FileKey::Ours("/tmp/notes.txt".into());
                self.news(other, ChannelNews::FileEnded(id, file, FileEnd::Declined));
            }
            ChannelOrder::Withdraw(id, _) => {
                self.news(other, ChannelNews::FileEnded(id, FileKey::Theirs(1), FileEnd::Withdrawn));
            }
            ChannelOrder::Bypass(id, wanted) => {
                self.wants.0[who] = wanted;
                self.news(other, ChannelNews::WantsBypass(id, wanted));
                let agreed = self.wants.0 == [true, true];
                if agreed != std::mem::replace(&mut self.wants.1, agreed) {
                    let address = "203.0.113.3:40001".parse().unwrap();
                    let way = if agreed { ChannelWay::Direct(address) } else { ChannelWay::RelayStream };
                    (0..2).for_each(|who| self.news(who, ChannelNews::Goes(id, way)));
                }
            }
            ChannelOrder::Camera(id, on) => {
                self.news(other, ChannelNews::Camera(id, on));
                if on && self.watches[other] > 0 {
                    self.news(other, ChannelNews::Picture(id, picture()));
                }
            }
            ChannelOrder::Watch(id, width) => {
                self.watches[who] = width;
                self.news(other, ChannelNews::Watched(id, width > 0));
            }
            ChannelOrder::Hear(id, on) => self.news(other, ChannelNews::Hears(id, on)),
            ChannelOrder::Talk(id, on) => self.news(other, ChannelNews::Speaks(id, on)),
            ChannelOrder::Close(id) => {
                self.made.retain(|(_, made, _)| *made != id);
                self.news(who, ChannelNews::Ended(id, DirectEnd::Channel(ChannelEnd::Closed)));
                self.news(other, ChannelNews::Ended(id, DirectEnd::Channel(ChannelEnd::ClosedByPeer)));
            }
        }
    }

    /// What somebody sees of the conversation in view.
    fn sees(&self, who: usize) -> String {
        let view = self.people[who].session.view();
        let rows = view.messages.lines.iter().map(|row| row.line.text());
        let dialog = view.dialog.into_iter().flat_map(|dialog| dialog.rows).filter_map(|row| match row {
            DialogRow::Text(line) => Some(line.text()),
            _ => None,
        });
        rows.chain(dialog).map(|row| format!("{}\n", row.trim_end())).collect()
    }

    #[track_caller]
    fn both_see(&self, words: &str) {
        (0..2).for_each(|who| {
            assert!(self.sees(who).contains(words), "{words}: {} sees\n{}", NAMES[who], self.sees(who))
        });
    }
}

/// Alice calls bob, who answers.
fn open() -> Pair {
    let mut pair = Pair::new();
    pair.says(0, "/direct bob");
    assert!(pair.sees(1).contains("alice calls to talk directly."), "{}", pair.sees(1));
    pair.waits();
    pair.presses(1, &[Key::Right, Key::Enter]);
    pair.both_see("is open");
    pair
}

#[test]
fn two_people_talk_and_the_server_hears_nothing_of_it() {
    let mut pair = open();
    pair.says(0, "the password is swordfish");
    pair.says(1, "thank you");
    pair.both_see("the password is swordfish");
    pair.both_see("thank you");
    pair.says(1, "/hangup");
    pair.says(0, "swordfish, did you get it?");
    assert!(pair.sees(0).contains("bob hung up."), "{}", pair.sees(0));
    assert!(!pair.heard.contains("swordfish") && !pair.heard.contains("thank"), "{}", pair.heard);
    assert_eq!(pair.people[0].session.view().composer.lines[0].text(), "swordfish, did you get it?");
}

#[test]
fn packets_bypass_the_server_once_both_have_said_so() {
    // However the rows are broken.
    let see = |pair: &Pair, who: usize| pair.sees(who).split_whitespace().collect::<Vec<_>>().join(" ");
    let mut pair = open();
    pair.says(0, "/bypass");
    assert!(see(&pair, 0).contains("bob is asked whether packets may bypass the server."), "{}", pair.sees(0));
    assert!(see(&pair, 1).contains("alice wants packets to bypass the server"), "{}", pair.sees(1));
    assert!(!see(&pair, 1).contains("It goes direct"), "{}", pair.sees(1));
    // Said again, it changes nothing.
    pair.says(0, "/bypass on");
    assert_eq!(see(&pair, 0).matches("is asked whether").count(), 1);
    pair.says(1, "/bypass");
    for who in 0..2 {
        assert!(see(&pair, who).contains("both want packets to bypass the server"), "{}", pair.sees(who));
        assert!(see(&pair, who).contains("It goes direct to 203.0.113.3 now."), "{}", pair.sees(who));
    }
    pair.says(1, "/bypass off");
    for who in 0..2 {
        assert!(see(&pair, who).contains("It goes by the server now."), "{}", pair.sees(who));
    }
    assert!(see(&pair, 0).contains("bob no longer wants packets to bypass the server"), "{}", pair.sees(0));
    assert!(!pair.heard.contains("203.0.113.3"), "the server hears of no address");
}

#[test]
fn a_file_is_offered_with_a_call_and_arrives() {
    let mut pair = Pair::new();
    pair.says(0, "/send bob /tmp/notes.txt");
    assert!(pair.sees(1).contains("alice calls to send a file."), "{}", pair.sees(1));
    pair.waits();
    pair.presses(1, &[Key::Right, Key::Enter]);
    assert!(pair.sees(1).contains("alice offers a file: notes.txt, 10 bytes."), "{}", pair.sees(1));
    pair.waits();
    pair.presses(1, &[Key::Right, Key::Enter]);
    assert!(pair.sees(0).contains("bob has all of notes.txt, checked."), "{}", pair.sees(0));
    assert!(pair.sees(1).contains("/home/bob/Downloads/notes.txt"), "{}", pair.sees(1));
    assert!(!pair.heard.contains("notes.txt"), "{}", pair.heard);
}

#[test]
fn words_that_differ_end_it_for_both() {
    let mut pair = open();
    pair.says(1, "/verify");
    assert!(pair.sees(1).contains("lusab  babad  gutih  tugad"), "{}", pair.sees(1));
    pair.presses(1, &[Key::Right, Key::Right, Key::Enter]);
    assert!(pair.sees(1).contains("The words differed"), "{}", pair.sees(1));
    assert!(
        pair.sees(0).contains("There is no channel to bob") || pair.sees(0).contains("bob hung up"),
        "{}",
        pair.sees(0)
    );
    pair.says(1, "into the void");
    assert!(!pair.sees(0).contains("into the void"));
    assert_eq!(pair.people[1].session.view().composer.lines[0].text(), "into the void");
}

#[test]
fn both_call_at_once_and_have_one_channel() {
    let mut pair = Pair::new();
    for (who, line) in [(0, "/direct bob"), (1, "/direct alice")] {
        let keys = line.chars().map(Key::Char).chain([Key::Enter]);
        keys.for_each(|key| pair.tell(who, Msg::Key(key)));
    }
    pair.settle();
    pair.both_see("is open");
    assert_eq!(pair.made.len(), 2, "{:?}", pair.made);
    pair.says(0, "you too?");
    pair.both_see("you too?");
}

/// Alice calls bob for pictures, who answers with this button.
fn seeing(button: usize) -> Pair {
    let mut pair = Pair::new();
    pair.says(0, "/call bob");
    assert!(pair.sees(1).contains("alice calls to see each other, to talk directly."), "{}", pair.sees(1));
    pair.waits();
    let right = vec![Key::Right; button];
    pair.presses(1, &[right, vec![Key::Enter]].concat());
    pair.both_see("is open");
    pair
}

/// How many pictures of the other one are on somebody's screen.
fn pictures_of(pair: &Pair, who: usize) -> usize {
    pair.people[who].session.view().tiles.iter().take(1).filter(|tile| tile.picture.is_some()).count()
}

#[test]
fn nobody_is_seen_before_they_turn_their_camera_on() {
    let mut pair = seeing(2);
    assert_eq!(pair.cameras, [false, false]);
    assert_eq!([pictures_of(&pair, 0), pictures_of(&pair, 1)], [0, 0]);
    assert!(pair.watches.iter().all(|width| *width >= 80), "{:?}", pair.watches);
    pair.presses(0, &[Key::F(7)]);
    assert_eq!(pair.cameras, [true, false]);
    assert!(pair.sees(1).contains("alice's camera is on."), "{}", pair.sees(1));
    assert_eq!([pictures_of(&pair, 0), pictures_of(&pair, 1)], [0, 1]);
    // The light of the camera, on the screen of whoever is seen.
    let light = |pair: &Pair, who: usize| pair.people[who].session.view().status.left.text().contains("● camera");
    assert_eq!([light(&pair, 0), light(&pair, 1)], [true, false]);
    pair.says(0, "/camera off");
    assert_eq!(pair.cameras, [false, false]);
    assert_eq!([pictures_of(&pair, 0), pictures_of(&pair, 1)], [0, 0], "the last picture does not stay");
    assert_eq!([light(&pair, 0), light(&pair, 1)], [false, false]);
    assert!(!pair.heard.contains("camera"), "{}", pair.heard);
}

#[test]
fn who_answers_with_the_camera_is_seen_at_once_and_never_after_the_call() {
    let mut pair = seeing(1);
    assert_eq!(pair.cameras, [false, true]);
    assert_eq!([pictures_of(&pair, 0), pictures_of(&pair, 1)], [1, 0]);
    // Their own picture, too, so that they see what is seen.
    assert!(pair.people[1].session.view().tiles[1].picture.is_some());
    pair.says(0, "/hangup");
    assert_eq!(pair.cameras, [false, false]);
    assert_eq!([pictures_of(&pair, 0), pictures_of(&pair, 1)], [0, 0]);
}

#[test]
fn pictures_are_asked_for_only_while_they_are_in_view_and_as_large_as_they_are() {
    let mut pair = seeing(1);
    let small = pair.watches[0];
    pair.presses(0, &[Key::F(5)]);
    assert!(pair.watches[0] > small, "{} after {small}", pair.watches[0]);
    pair.presses(0, &[Key::Esc]);
    assert_eq!(pair.watches[0], small);
    // Another conversation is in view.
    pair.presses(0, &[Key::Alt('1')]);
    assert_eq!(pair.watches[0], 0);
    pair.says(0, "/call bob");
    assert_eq!(pair.watches[0], small);
    // There is no room, or nothing is to be drawn.
    pair.tell(0, Msg::Resize { cols: 59, rows: 24 });
    pair.settle();
    assert_eq!(pair.watches[0], 0);
    pair.tell(0, Msg::Resize { cols: 120, rows: 40 });
    pair.settle();
    assert!(pair.watches[0] > small, "{} after {small}", pair.watches[0]);
    pair.says(0, "/set video off");
    assert_eq!(pair.watches[0], 0);
}

#[test]
fn a_camera_that_ends_is_off_in_every_call_and_says_why() {
    let mut pair = seeing(1);
    pair.tell(1, Msg::Camera(CameraNews::Ended("The lens cap is on.".to_owned())));
    pair.settle();
    assert_eq!(pair.cameras, [false, false]);
    assert_eq!(pictures_of(&pair, 0), 0);
    let notes = pair.people[1].session.view().panel.map(|panel| panel.rows).unwrap_or_default();
    let status = pair.people[1].session.view().status.left.text();
    let said = notes.iter().any(|row| row.text().contains("lens cap")) || status.contains("lens cap");
    assert!(said, "{notes:?} {status}");
    // And it can be tried again.
    pair.says(1, "/camera");
    assert_eq!(pair.cameras, [false, true]);
}

#[test]
fn by_the_rule_of_the_person_packets_bypass_the_server_with_known_people_at_once_or_never() {
    let see = |pair: &Pair, who: usize| pair.sees(who).split_whitespace().collect::<Vec<_>>().join(" ");
    let mut pair = open();
    pair.says(0, "/set direct known");
    pair.says(1, "/set direct known");
    pair.says(0, "/verify match");
    assert!(see(&pair, 1).contains("alice wants packets to bypass the server"), "{}", pair.sees(1));
    pair.says(1, "/verify match");
    assert!(see(&pair, 0).contains("It goes direct to 203.0.113.3 now."), "{}", pair.sees(0));
    // From now on, at once.
    pair.says(0, "/hangup");
    (pair.rings, pair.wants) = (false, ([false; 2], false));
    pair.says(0, "/direct bob");
    pair.waits();
    pair.presses(1, &[Key::Right, Key::Enter]);
    assert_eq!(see(&pair, 0).matches("It goes direct to 203.0.113.3 now.").count(), 2, "{}", pair.sees(0));

    let mut pair = open();
    pair.says(1, "/set direct never");
    pair.says(0, "/bypass");
    assert!(see(&pair, 1).contains("your setting direct is never, so they go through it"), "{}", pair.sees(1));
    pair.says(1, "/bypass");
    assert_eq!(pair.wants, ([true, false], false));
    assert!(!see(&pair, 0).contains("It goes direct"));
}

#[test]
fn nobody_is_told_of_a_camera_that_does_not_start() {
    let mut pair = seeing(2);
    pair.has_camera = false;
    pair.presses(0, &[Key::F(7)]);
    assert_eq!(pair.cameras, [true, false]);
    let caption = |pair: &Pair| {
        pair.people[0].session.view().tiles[0].caption.iter().map(|line| line.text() + "\n").collect::<String>()
    };
    assert!(caption(&pair).contains("your camera starts…"), "{}", caption(&pair));
    assert!(!pair.sees(0).contains("Your camera is on") && !pair.sees(1).contains("camera is on"), "{}", pair.sees(1));
    pair.tell(0, Msg::Camera(CameraNews::Ended("No camera was found.".to_owned())));
    pair.settle();
    assert_eq!(pair.cameras, [false, false]);
    assert!(!pair.sees(1).contains("alice's camera"), "{}", pair.sees(1));
    assert!(caption(&pair).contains("your camera is off"), "{}", caption(&pair));
}

#[test]
fn a_call_has_sound_and_who_holds_the_key_is_heard() {
    let status = |pair: &Pair, who: usize| pair.people[who].session.view().status.left.text();
    let title = |pair: &Pair, who: usize| {
        let view = pair.people[who].session.view();
        let captions = view.tiles.into_iter().flat_map(|tile| tile.caption).map(|line| line.text());
        let places = captions.chain([view.messages.title_right.text(), view.status.left.text()]);
        let all = places.collect::<Vec<_>>().join(" ");
        assert!(all.matches("speaks").count() <= 1, "it is said once: {all}");
        all
    };
    let mut pair = seeing(2);
    assert_eq!(pair.sounds, [true, true]);
    // Pressed once, it stays on; pressed again after a while, it is off.
    pair.presses(0, &[Key::F(8)]);
    assert!(status(&pair, 0).contains("● voice"), "{}", status(&pair, 0));
    assert!(title(&pair, 1).contains("speaks"), "{}", title(&pair, 1));
    pair.waits();
    assert!(status(&pair, 0).contains("● voice"));
    pair.presses(0, &[Key::F(8)]);
    assert!(!status(&pair, 0).contains("● voice") && !title(&pair, 1).contains("speaks"));
    // Held, it comes again and again, and is off soon after the last time.
    pair.waits();
    for pause in [0, 500, 30, 30, 30] {
        pair.people[0].wait(std::time::Duration::from_millis(pause));
        pair.presses(0, &[Key::F(8)]);
        assert!(title(&pair, 1).contains("speaks"), "{pause}");
    }
    pair.people[0].wait(std::time::Duration::from_millis(399));
    pair.tell(0, Msg::Tick);
    pair.settle();
    assert!(title(&pair, 1).contains("speaks"));
    pair.people[0].wait(std::time::Duration::from_millis(1));
    pair.tell(0, Msg::Tick);
    pair.settle();
    assert!(!title(&pair, 1).contains("speaks") && !status(&pair, 0).contains("● voice"));
    // What a line that stalled brings late does not begin to speak for good.
    for (late, presses) in [(600, 1), (4_900, 1), (6_000, 3)] {
        pair.waits();
        for pause in [0, 500, 30, 30] {
            pair.people[0].wait(std::time::Duration::from_millis(pause));
            pair.presses(0, &[Key::F(8)]);
        }
        pair.people[0].wait(std::time::Duration::from_millis(400));
        pair.tell(0, Msg::Tick);
        pair.settle();
        assert!(!status(&pair, 0).contains("● voice"));
        pair.people[0].wait(std::time::Duration::from_millis(late));
        (0..presses).for_each(|_| pair.presses(0, &[Key::F(8)]));
        pair.people[0].wait(std::time::Duration::from_millis(400));
        pair.tell(0, Msg::Tick);
        pair.settle();
        assert!(!status(&pair, 0).contains("● voice"), "{late} ms late: {}", status(&pair, 0));
        (0..6).for_each(|_| pair.waits());
    }
    // Nothing runs without a call.
    pair.presses(0, &[Key::F(8)]);
    pair.says(1, "/hangup");
    assert_eq!(pair.sounds, [false, false]);
    assert!(!status(&pair, 0).contains("● voice"));
    assert!(!pair.heard.contains("speak"), "{}", pair.heard);
}

#[test]
fn words_alone_have_no_sound_until_somebody_speaks_and_no_sound_is_said_to_who_would_speak() {
    let mut pair = open();
    assert_eq!(pair.sounds, [false, false]);
    pair.presses(0, &[Key::F(8)]);
    assert_eq!(pair.sounds, [true, false]);
    let status = pair.people[0].session.view().status.left.text();
    assert!(status.contains("bob does not hear you"), "{status}");
    pair.says(1, "/sound on");
    assert!(pair.sees(1).contains("Sound is on: you hear alice."), "{}", pair.sees(1));
    assert_eq!(pair.sounds, [true, true]);
    pair.says(0, "/talk off");
    pair.says(0, "/sound off");
    assert_eq!(pair.sounds, [false, true]);
    // A machine without sound says so to whoever would speak, and to nobody else.
    let mut pair = Pair::new();
    pair.has_sound = false;
    pair.says(0, "/call bob");
    pair.waits();
    pair.presses(1, &[Key::Right, Key::Right, Key::Enter]);
    assert_eq!([pair.people[0].session.view().panel, pair.people[1].session.view().panel], [None, None]);
    pair.presses(0, &[Key::F(8)]);
    let status = pair.people[0].session.view().status.left.text();
    assert!(status.contains("There is no sound."), "{status}");
    assert!(!status.contains("● voice"), "{status}");
    // So it does to whoever asks to hear.
    pair.says(1, "/sound on");
    let status = pair.people[1].session.view().status.left.text();
    assert!(status.contains("There is no sound."), "{status}");
}

#[test]
fn cameras_and_sound_go_on_only_where_they_are_meant_and_off_wherever_they_are_on() {
    let says = |pair: &Pair, who: usize| {
        let view = pair.people[who].session.view();
        let panel = view.panel.map(|panel| panel.rows).unwrap_or_default();
        panel.iter().map(|row| row.text()).chain([view.status.left.text()]).collect::<Vec<_>>().join(" ")
    };
    // Nothing goes on in a call that is out of view, unless it is named.
    let mut pair = seeing(2);
    pair.presses(0, &[Key::Alt('1'), Key::F(7)]);
    assert_eq!(pair.cameras, [false, false]);
    assert!(says(&pair, 0).contains("The call is not in view: /camera bob"), "{}", says(&pair, 0));
    pair.says(0, "/camera bob on");
    assert_eq!(pair.cameras, [true, false]);
    pair.presses(0, &[Key::F(8)]);
    assert!(says(&pair, 0).contains("The call is not in view: /talk bob"), "{}", says(&pair, 0));
    assert!(!says(&pair, 0).contains("● voice"));
    pair.says(0, "/talk bob on");
    assert!(says(&pair, 0).contains("● voice"), "{}", says(&pair, 0));
    pair.presses(0, &[Key::F(8)]);
    assert!(!says(&pair, 0).contains("● voice"), "{}", says(&pair, 0));
    // The key turns off what is on, from anywhere, and so does leaving to the shell, which takes another press.
    pair.presses(0, &[Key::F(7)]);
    assert_eq!(pair.cameras, [false, false]);
    pair.says(0, "/camera bob on");
    pair.presses(0, &[Key::Ctrl('z')]);
    assert_eq!((pair.cameras, pair.sounds), ([false, false], [false, true]));
    assert!(says(&pair, 0).contains("Camera and sound are off now."), "{}", says(&pair, 0));
    pair.tell(0, Msg::Key(Key::Ctrl('z')));
    assert!(pair.effects.contains(&(0, Effect::Suspend)), "{:?}", pair.effects);
}

#[test]
fn the_light_of_the_camera_stays_whatever_is_said() {
    let mut pair = seeing(1);
    for size in [(80, 24), (120, 40), (60, 16)] {
        pair.tell(1, Msg::Resize { cols: size.0, rows: size.1 });
        pair.settle();
        for line in ["/nosuchcommand with a long sentence behind it", "/msg nobody-of-that-name hello", "/camera on"] {
            pair.says(1, line);
            let status = pair.people[1].session.view().status.left.text();
            assert!(status.contains("● camera"), "{size:?} {line}: {status}");
        }
    }
}

#[test]
fn where_two_call_each_other_at_once_no_microphone_runs_that_its_person_did_not_ask_for() {
    for (voice, runs) in [("/call bob", true), ("/direct bob", false)] {
        let mut pair = Pair::new();
        for key in voice.chars().map(Key::Char).chain([Key::Enter]) {
            pair.tell(0, Msg::Key(key));
        }
        // Bob's comes before alice's has reached the server, and rings at her.
        pair.effects.clear();
        pair.says(1, "/call alice");
        assert_eq!(pair.made.len(), 2, "{}", pair.heard);
        assert_eq!(pair.sounds, [runs, true], "{voice}");
    }
}
