//! What two clients say and send directly, over the channel and a virtual line; and the frames beneath.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use tr2::client::direct::talk::{DirectEnd, MAX_WAITING, SayRefusal, Side, Talk, TalkEvent};
use tr2::client::direct::transfers::{MAX_TRANSFERS, OfferRefusal};
use tr2::client::direct::verification::{Ingredients, words};
use tr2::model::{Fingerprint, Text};
use tr2::net::peer::channel::Channel;
use tr2::net::peer::events::{ChannelEvent, ChannelStream};
use tr2::protocol::peer::{
    FileOffer, MAX_DIRECT_TEXT, MAX_FILE, PeerFrame, PeerFrameError, PeerFrames, PictureNote, VoiceNote,
};

use crate::peer::credential;
use crate::virtual_line::{Conditions, End, Line};

/// One end, with a disk of its own: the files that it sends, and those that it gets.
struct Person {
    channel: Channel,
    talk: Talk,
    events: Vec<TalkEvent>,
    sends: Vec<(u32, Vec<u8>)>,
    gets: Vec<(u32, Vec<u8>)>,
    /// Whether it takes what it is sent.
    takes: bool,
    /// Whether its program does as it likes.
    rogue: bool,
}

impl End for Person {
    fn receive(&mut self, packet: &[u8], now: Instant) {
        self.channel.receive(packet, now);
        self.go_on();
    }

    fn transmit(&mut self, now: Instant) -> Option<Vec<u8>> {
        self.go_on();
        self.channel.transmit(now)
    }

    fn deadline(&mut self) -> Option<Instant> {
        self.channel.deadline()
    }

    fn tick(&mut self, now: Instant) {
        self.channel.tick(now);
        self.go_on();
    }
}

impl Person {
    fn go_on(&mut self) {
        if self.rogue {
            return;
        }
        while let Some(event) = self.channel.event() {
            self.talk.take(event, &mut self.channel);
        }
        while let Some(wanted) = self.talk.wanted() {
            let at = usize::try_from(wanted.at).unwrap();
            let (_, file) = self.sends.iter().find(|(number, _)| *number == wanted.number).unwrap();
            let piece = file[at..(at + wanted.most).min(file.len())].to_vec();
            self.talk.give(wanted.number, &piece, &mut self.channel);
        }
        while self.takes
            && let Some((number, at, bytes)) = self.talk.piece(&mut self.channel)
        {
            let file = match self.gets.iter_mut().position(|(known, _)| *known == number) {
                Some(place) => &mut self.gets[place].1,
                None => {
                    self.gets.push((number, Vec::new()));
                    &mut self.gets.last_mut().unwrap().1
                }
            };
            assert_eq!(file.len() as u64, at);
            file.extend(bytes);
        }
        self.events.extend(std::iter::from_fn(|| self.talk.event()));
    }

    fn say(&mut self, text: &str) -> Result<(), SayRefusal> {
        self.talk.say(Text::block(text), &mut self.channel)
    }

    fn offer(&mut self, name: &str, file: &[u8]) -> Result<u32, OfferRefusal> {
        let number = self.talk.offer(file.len() as u64, digest(file), name.to_owned(), &mut self.channel).unwrap()?;
        self.sends.push((number, file.to_vec()));
        Ok(number)
    }
}

fn digest(bytes: &[u8]) -> [u8; 32] {
    // Any function of the bytes does for these tests.
    let mut sum = [0_u8; 32];
    for (at, byte) in bytes.iter().enumerate() {
        sum[at % 32] = u8::wrapping_mul(sum[at % 32], 31).wrapping_add(*byte);
    }
    sum
}

fn line(conditions: Conditions) -> Line<Person> {
    let keys = [credential(), credential()];
    Line::new(1, conditions, |now| {
        let [ours, theirs] = [keys[0].fingerprint, keys[1].fingerprint];
        let person = |channel, talk| Person {
            channel,
            talk,
            events: Vec::new(),
            sends: Vec::new(),
            gets: Vec::new(),
            takes: true,
            rogue: false,
        };
        [
            person(Channel::call(&keys[0], theirs, now).unwrap(), Talk::new(Side::Caller, ours, theirs, [1; 16])),
            person(Channel::answer(&keys[1], ours, now).unwrap(), Talk::new(Side::Callee, theirs, ours, [2; 16])),
        ]
    })
}

/// Runs until nothing happens for a second.
fn settle(line: &mut Line<Person>) {
    line.run(line.elapsed() + Duration::from_secs(1), |_, _| false);
}

/// A line on which both are ready.
fn ready(conditions: Conditions) -> Line<Person> {
    let mut line = line(conditions);
    settle(&mut line);
    let words = line.ends.each_mut().map(|end| match end.events.drain(..).collect::<Vec<_>>().as_slice() {
        [TalkEvent::Ready(words)] => words.clone(),
        other => panic!("{other:?}"),
    });
    assert_eq!(words[0], words[1]);
    assert_eq!(words[0].split('-').filter(|word| word.len() == 5).count(), 4, "{}", words[0]);
    line
}

fn events(line: &mut Line<Person>, end: usize) -> Vec<TalkEvent> {
    std::mem::take(&mut line.ends[end].events)
}

#[test]
fn words_come_in_order_and_whole_whatever_the_line_does() {
    let mut line = ready(Conditions::of(20).jitter(30).loss(100));
    for at in 0..50 {
        line.ends[at % 2].say(&format!("number {at}\nof fifty ✓")).unwrap();
    }
    line.run(line.elapsed() + Duration::from_secs(10), |_, _| false);
    for end in 0..2 {
        let said: Vec<_> = (0..50)
            .filter(|at| at % 2 != end)
            .map(|at| TalkEvent::Said(Text::block(&format!("number {at}\nof fifty ✓"))))
            .collect();
        assert_eq!(events(&mut line, end), said);
    }
}

#[test]
fn what_is_said_is_made_harmless_by_whoever_hears_it() {
    let mut line = ready(Conditions::of(1));
    // Another program may send anything.
    let mut raw = Vec::new();
    PeerFrame::Text(Text::block("clean")).write(&mut raw);
    let evil = "\u{1b}]0;x\u{7}\u{202e}";
    raw.truncate(3);
    raw[..2].copy_from_slice(&u16::try_from(evil.len() + 1).unwrap().to_be_bytes());
    raw.extend(evil.bytes());
    let mut frames = PeerFrames::default();
    frames.feed(&raw);
    assert_eq!(frames.frame(), Ok(Some(PeerFrame::Text(Text::block(evil)))));
    line.ends[0].say(evil).unwrap();
    settle(&mut line);
    let [TalkEvent::Said(text)] = &*events(&mut line, 1) else { panic!() };
    assert!(!text.as_str().chars().any(|c| c.is_control() || c == '\u{202e}'));
}

#[test]
fn nothing_is_said_too_early_too_long_or_without_end() {
    let mut line = line(Conditions::of(10));
    assert_eq!(line.ends[0].say("hello"), Err(SayRefusal::NotReady));
    let Person { talk, channel, .. } = &mut line.ends[0];
    assert_eq!(talk.offer(1, [0; 32], "x".into(), channel), None);
    let mut line = ready(Conditions::of(10));
    assert_eq!(line.ends[0].say(" \n "), Err(SayRefusal::Length));
    assert_eq!(line.ends[0].say(&"x".repeat(MAX_DIRECT_TEXT + 1)), Err(SayRefusal::Length));
    assert_eq!(line.ends[0].say(&"x".repeat(MAX_DIRECT_TEXT)), Ok(()));
    line.conditions = [Conditions::of(10).loss(1000); 2];
    let said = (0..1000).take_while(|_| line.ends[0].say(&"y".repeat(1000)) == Ok(())).count();
    assert_eq!(line.ends[0].say("one more"), Err(SayRefusal::Full));
    assert!((MAX_WAITING / 1003..1000).contains(&said), "{said}");
}

#[test]
fn a_file_is_offered_accepted_sent_and_checked() {
    let mut line = ready(Conditions::of(20).jitter(10).loss(50).rate(500_000));
    let file: Vec<u8> = (0..300_000_u32).map(|at| (at * 7 % 251) as u8).collect();
    let number = line.ends[0].offer("backup.tar", &file).unwrap();
    settle(&mut line);
    let offer = FileOffer { number, size: 300_000, digest: digest(&file), name: "backup.tar".into() };
    assert_eq!(events(&mut line, 1), [TalkEvent::Offered(offer)]);
    let Person { talk, channel, .. } = &mut line.ends[1];
    assert!(talk.accept(number, 0, channel));
    assert!(!talk.accept(number, 0, channel), "once");
    line.run(line.elapsed() + Duration::from_secs(5), |_, _| false);
    assert_eq!(events(&mut line, 0), [TalkEvent::Accepted(number, 0)]);
    assert_eq!(events(&mut line, 1), [TalkEvent::Whole(number)]);
    assert_eq!(line.ends[1].gets, [(number, file.clone())]);
    assert_eq!(line.ends[0].talk.progress(true, number), Some((300_000, 300_000)));
    let Person { talk, channel, .. } = &mut line.ends[1];
    assert!(talk.checked(number, digest(&file), channel));
    settle(&mut line);
    assert_eq!(events(&mut line, 0), [TalkEvent::Checked(number, true)]);
    assert_eq!(line.ends[0].talk.progress(true, number), None);
}

#[test]
fn a_file_goes_on_where_it_was_cut_and_an_empty_one_arrives() {
    let mut line = ready(Conditions::of(5));
    for (file, from) in [(vec![5; 100_000], 60_000), (vec![], 0), (vec![1], 1), (vec![1, 2, 3], 0)] {
        let number = line.ends[0].offer("x", &file).unwrap();
        settle(&mut line);
        line.ends[1].gets.push((number, file[..from].to_vec()));
        let Person { talk, channel, .. } = &mut line.ends[1];
        assert!(!talk.accept(number, file.len() as u64 + 1, channel), "more than there is");
        assert!(talk.accept(number, from as u64, channel));
        settle(&mut line);
        assert_eq!(line.ends[1].gets.pop(), Some((number, file.clone())));
        let Person { talk, channel, .. } = &mut line.ends[1];
        assert!(talk.checked(number, digest(&file), channel));
        settle(&mut line);
    }
    let told = events(&mut line, 0);
    assert_eq!(told.iter().filter(|event| matches!(event, TalkEvent::Checked(_, true))).count(), 4, "{told:?}");
}

#[test]
fn offers_are_declined_withdrawn_and_limited() {
    let mut line = ready(Conditions::of(5));
    let file = vec![9; 1_000_000];
    let first = line.ends[0].offer("a", &file).unwrap();
    assert_eq!(line.ends[0].offer("b", &file), Err(OfferRefusal::OneWaits));
    settle(&mut line);
    let Person { talk, channel, .. } = &mut line.ends[1];
    assert!(talk.decline(first, channel) && !talk.decline(first, channel));
    settle(&mut line);
    assert_eq!(events(&mut line, 0), [TalkEvent::Declined(first)]);
    let second = line.ends[0].offer("b", &file).unwrap();
    settle(&mut line);
    let Person { talk, channel, .. } = &mut line.ends[0];
    assert!(talk.withdraw(second, channel));
    settle(&mut line);
    assert_eq!(events(&mut line, 1).last(), Some(&TalkEvent::Withdrawn(second)));
    let Person { talk, channel, .. } = &mut line.ends[0];
    assert_eq!(talk.offer(MAX_FILE + 1, [0; 32], "c".into(), channel), Some(Err(OfferRefusal::TooLarge)));
    // As many as may be on their way; the receiver takes nothing, so that none ends.
    line.ends[1].takes = false;
    for _ in 0..MAX_TRANSFERS {
        let number = line.ends[0].offer("d", &file).unwrap();
        settle(&mut line);
        let Person { talk, channel, .. } = &mut line.ends[1];
        assert!(talk.accept(number, 0, channel));
        settle(&mut line);
    }
    assert_eq!(line.ends[0].offer("e", &file), Err(OfferRefusal::TooMany));
    // In the middle of it, either side may stop.
    let numbers: Vec<u32> = line.ends[0].sends.iter().rev().take(2).map(|(number, _)| *number).collect();
    let Person { talk, channel, .. } = &mut line.ends[1];
    assert!(talk.decline(numbers[0], channel));
    let Person { talk, channel, .. } = &mut line.ends[0];
    assert!(talk.withdraw(numbers[1], channel));
    settle(&mut line);
    assert!(events(&mut line, 0).contains(&TalkEvent::Declined(numbers[0])));
    assert!(events(&mut line, 1).contains(&TalkEvent::Withdrawn(numbers[1])));
    // Words get through all the same.
    line.ends[0].say("still there?").unwrap();
    settle(&mut line);
    assert_eq!(events(&mut line, 1), [TalkEvent::Said(Text::line("still there?"))]);
}

/// A channel to somebody whose program does as it likes, after the greeting; and its first stream.
fn rogue() -> (Line<Person>, ChannelStream) {
    let mut line = line(Conditions::of(5));
    line.ends[0].rogue = true;
    let mut control = None;
    line.run(Duration::from_secs(1), |[rogue, _], _| {
        if control.is_none() && rogue.channel.shared_secret(b"").is_some() {
            control = rogue.channel.open(0);
        }
        false
    });
    (line, control.unwrap())
}

fn end_after(frames: &[PeerFrame], raw: &[u8]) -> Vec<TalkEvent> {
    let (mut line, control) = rogue();
    let mut bytes = Vec::new();
    frames.iter().for_each(|frame| frame.write(&mut bytes));
    bytes.extend_from_slice(raw);
    assert_eq!(line.ends[0].channel.write(control, &bytes), Some(bytes.len()));
    settle(&mut line);
    events(&mut line, 1)
}

#[test]
fn whoever_does_not_keep_to_the_protocol_ends_the_talk() {
    use tr2::client::direct::verification::commitment;
    let hello = PeerFrame::Hello { version: 1, commitment: commitment(&[7; 16]) };
    let reveal = |nonce| PeerFrame::Reveal { nonce };
    let fault = |words: &str| TalkEvent::End(DirectEnd::Fault(words.to_owned()));
    let text = PeerFrame::Text(Text::line("hi"));
    assert_eq!(end_after(std::slice::from_ref(&text), b""), [fault("something else before the greeting")]);
    assert_eq!(end_after(&[hello.clone(), text.clone()], b""), [fault("something else before the greeting")]);
    assert_eq!(end_after(&[hello.clone(), hello.clone()], b""), [fault("something else before the greeting")]);
    assert_eq!(end_after(&[hello.clone(), reveal([8; 16])], b""), [TalkEvent::End(DirectEnd::Commitment)]);
    let other = PeerFrame::Hello { version: 9, commitment: [0; 32] };
    assert_eq!(end_after(&[other], b""), [TalkEvent::End(DirectEnd::Version(9))]);
    let greeted = [hello.clone(), reveal([7; 16])];
    let after = |frames: &[PeerFrame], raw: &[u8]| {
        let told = end_after(&[&greeted, frames].concat(), raw);
        assert!(matches!(told[0], TalkEvent::Ready(_)), "{told:?}");
        told[1..].to_vec()
    };
    assert_eq!(after(&[hello], b""), [fault("a second greeting")]);
    assert_eq!(after(&[], &[0, 0]), [fault("a frame of 0 bytes")]);
    assert_eq!(after(&[], &[0xff, 0xff, 1]), [fault("a frame of 65535 bytes")]);
    assert_eq!(after(&[], &[0, 3, 4, 0xc3, 0x28]), [fault("a frame of kind 4 with another body")]);
    assert_eq!(after(&[], &[0, 2, 16, 2]), [fault("a frame of kind 16 with another body")]);
    assert_eq!(after(&[], &[0, 2, 17, 2]), [fault("a frame of kind 17 with another body")]);
    // A kind of later programs is passed over; what nobody offered is nothing.
    assert_eq!(after(&[text], &[0, 2, 200, 1]), [TalkEvent::Said(Text::line("hi"))]);
    let nothing = [
        PeerFrame::Decline { number: 1 },
        PeerFrame::Withdraw { number: 2 },
        PeerFrame::Accept { number: 3, from: 4 },
        PeerFrame::Checked { number: 4, right: true },
    ];
    assert_eq!(after(&nothing, b""), []);
}

#[test]
fn a_second_offer_before_the_first_is_answered_is_declined_and_streams_for_no_file_are_given_up() {
    let (mut line, control) = rogue();
    let hello = PeerFrame::Hello { version: 1, commitment: tr2::client::direct::verification::commitment(&[7; 16]) };
    let offer =
        |number, size| PeerFrame::Offer(FileOffer { number, size, digest: [0; 32], name: "../../etc/passwd".into() });
    let mut bytes = Vec::new();
    for frame in [hello, PeerFrame::Reveal { nonce: [7; 16] }, offer(1, 10), offer(2, 10), offer(1, 10)] {
        frame.write(&mut bytes);
    }
    let rogue = &mut line.ends[0].channel;
    assert_eq!(rogue.write(control, &bytes), Some(bytes.len()));
    let unwanted = rogue.open(0).unwrap();
    assert_eq!(rogue.write(unwanted, &[0, 0, 0, 1, 9, 9]), Some(6));
    settle(&mut line);
    let told = events(&mut line, 1);
    assert_eq!(told.iter().filter(|event| matches!(event, TalkEvent::Offered(_))).count(), 1);
    assert_eq!(line.ends[0].channel.write(unwanted, b"x"), None, "it was given up");
    // More bytes than were offered: the file is cut, and none of the rest is taken.
    let Person { talk, channel, .. } = &mut line.ends[1];
    assert!(talk.accept(1, 0, channel));
    let stream = line.ends[0].channel.open(0).unwrap();
    assert_eq!(line.ends[0].channel.write(stream, &[0, 0, 0, 1]), Some(4));
    assert_eq!(line.ends[0].channel.write(stream, &[1; 11]), Some(11));
    settle(&mut line);
    assert_eq!(events(&mut line, 1), [TalkEvent::Withdrawn(1)]);
    assert!(line.ends[1].gets.iter().all(|(_, bytes)| bytes.len() <= 10));
}

#[test]
fn the_words_depend_on_everything() {
    let from = Ingredients {
        caller: Fingerprint([1; 32]),
        callee: Fingerprint([2; 32]),
        secret: [3; 32],
        caller_nonce: [4; 16],
        callee_nonce: [5; 16],
    };
    let others = [
        Ingredients { caller: Fingerprint([9; 32]), ..from },
        Ingredients { callee: Fingerprint([9; 32]), ..from },
        Ingredients { caller: from.callee, callee: from.caller, ..from },
        Ingredients { secret: [9; 32], ..from },
        Ingredients { caller_nonce: [9; 16], ..from },
        Ingredients { callee_nonce: [9; 16], ..from },
    ];
    assert_eq!(words(&from), words(&from));
    assert!(others.iter().all(|other| words(other) != words(&from)));
}

#[test]
fn notes_about_pictures_come_in_their_order_and_do_not_queue_up() {
    use PictureNote::{Camera, Wanted};
    let mut line = line(Conditions::of(10));
    let Person { talk, channel, .. } = &mut line.ends[0];
    assert!(!talk.note(Camera(true), channel), "before the greeting");
    let mut line = ready(Conditions::of(10));
    for note in [Camera(true), Wanted(80), Camera(false)] {
        let Person { talk, channel, .. } = &mut line.ends[0];
        assert!(talk.note(note, channel));
    }
    settle(&mut line);
    assert_eq!(events(&mut line, 1), [Camera(true), Wanted(80), Camera(false)].map(TalkEvent::Pictures));
    // Behind words that wait there is no place for them.
    line.conditions = [Conditions::of(10).loss(1000); 2];
    while line.ends[0].say(&"y".repeat(1000)) == Ok(()) {}
    let Person { talk, channel, .. } = &mut line.ends[0];
    assert!(!talk.note(Wanted(1), channel) && !talk.note_voice(VoiceNote::Hears(true), channel));
}

#[test]
fn what_ends_the_channel_ends_the_talk_once() {
    let mut line = ready(Conditions::of(5));
    let now = line.now();
    line.ends[0].channel.close(now);
    settle(&mut line);
    for end in 0..2 {
        let told = events(&mut line, end);
        assert!(matches!(told.as_slice(), [TalkEvent::End(DirectEnd::Channel(_))]), "{told:?}");
        assert_eq!(line.ends[end].say("hello?"), Err(SayRefusal::NotReady));
    }
}

proptest! {
    #[test]
    fn frames_survive_being_written_and_cut_anywhere(text in "\\PC{1,60}", number: u32, cut in 1_usize..40) {
        let frames = [
            PeerFrame::Hello { version: 1, commitment: [number as u8; 32] },
            PeerFrame::Text(Text::block(&text)),
            PeerFrame::Offer(FileOffer { number, size: u64::from(number), digest: [3; 32], name: text.clone() }),
            PeerFrame::Accept { number, from: 1 << 33 },
            PeerFrame::Checked { number, right: number % 2 == 0 },
            PeerFrame::Pictures(PictureNote::Camera(number % 2 == 0)),
            PeerFrame::Pictures(PictureNote::Wanted(number as u16)),
            PeerFrame::Voice(VoiceNote::Hears(number % 2 == 0)),
        ];
        prop_assume!(!Text::block(&text).as_str().is_empty());
        let mut bytes = Vec::new();
        frames.iter().for_each(|frame| frame.write(&mut bytes));
        let (mut reader, mut read) = (PeerFrames::default(), Vec::new());
        for piece in bytes.chunks(cut) {
            reader.feed(piece);
            while let Some(frame) = reader.frame().unwrap() {
                read.push(frame);
            }
        }
        prop_assert_eq!(read, frames);
    }

    #[test]
    fn any_bytes_are_frames_or_a_fault(bytes: Vec<u8>) {
        let mut reader = PeerFrames::default();
        reader.feed(&bytes);
        // It ends, and never panics.
        while let Ok(Some(_)) = reader.frame() {}
        let after: Result<_, PeerFrameError> = reader.frame();
        prop_assert!(!matches!(after, Ok(Some(_))));
    }
}

#[test]
fn events_of_a_channel_that_are_not_the_talks_change_nothing() {
    let mut line = ready(Conditions::of(5));
    let Person { talk, channel, .. } = &mut line.ends[0];
    talk.take(ChannelEvent::Datagram(vec![1, 2, 3]), channel);
    settle(&mut line);
    assert_eq!(events(&mut line, 0), []);
}
