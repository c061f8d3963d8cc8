//! `kill -9` on the real server while a moderator acts: what was answered holds in the next life, and every act that was
//! answered is in the moderation log once, in its order.

use std::collections::BTreeMap;
use std::process::Command;

use rustix::process::Signal;

use super::serving::{Folder, Peer, Server, TR2};
use crate::chance::Chance;

const LIVES: usize = 12;
const LONG_LIVES: usize = 100;
/// Acts that are answered in one life of the server, at most.
const ANSWERED: usize = 40;
/// Users who are banned and muted.
const TARGETS: usize = 6;
/// Acts under way at once.
const PIPELINE: usize = 4;
/// Reactions that are put on a message and removed.
const REACTIONS: usize = 4;

/// What the moderator was told, across all lives.
#[derive(Default)]
struct Book {
    /// Everything that can be asked for, by what it is about: the value that was answered last, and the values of acts
    /// without an answer, any of which may hold too.
    holds: BTreeMap<String, (String, Vec<String>)>,
    /// The reasons of the acts that were answered, in order, for each place.
    logged: BTreeMap<String, Vec<String>>,
    acts: usize,
    /// The message that is reacted to.
    message: u64,
}

/// An act: what it is about, the value that it gives to it, and its frame.
struct Act {
    subject: String,
    value: String,
    frame: String,
    reason: String,
}

impl Act {
    fn is_about_message(&self) -> bool {
        self.subject.starts_with("reaction")
    }
}

impl Book {
    fn next(&mut self, chance: &mut Chance) -> Act {
        self.acts += 1;
        let (number, reason) = (self.acts, format!("because{}", self.acts));
        let whom = format!("bad{}", chance.below(TARGETS));
        let (word, message) = (chance.below(REACTIONS), self.message);
        let (subject, value, data) = match chance.below(9) {
            6 => (format!("reaction r{word}"), "yes".to_owned(), format!("all clients | react | {message} r{word}")),
            7 | 8 => (
                format!("reaction r{word}"),
                "no".to_owned(),
                format!("all clients | remove_reaction | {message} r{word} - {reason}"),
            ),
            0 => (format!("ban {whom}"), "yes".to_owned(), format!("all clients | ban | {whom} {reason}")),
            1 => (format!("ban {whom}"), "no".to_owned(), format!("all clients | unban | {whom} {reason}")),
            2 => (format!("mute {whom}"), "yes".to_owned(), format!("all clients | mute | {whom} {reason}")),
            3 => (format!("mute {whom}"), "no".to_owned(), format!("all clients | unmute | {whom} {reason}")),
            4 => (
                "slow".to_owned(),
                format!("{}", number % 50 + 1),
                format!("#ops | slow_mode | {} {reason}", number % 50 + 1),
            ),
            _ => ("topic".to_owned(), format!("topic {number}"), format!("#ops | topic | topic {number}")),
        };
        Act { subject, value, frame: format!("@ref=a{number} keeper | {data}"), reason }
    }

    fn answered(&mut self, act: Act, line: &str) {
        if line.contains("| refused |") {
            // It may not be lifted, because it does not hold: what is sure says the same.
            assert!(line.contains(" no_such_ban ") || line.contains(" no_such_reaction "), "{line}");
            return;
        }
        if act.subject != "topic" && !act.frame.contains("| react |") {
            let place = if act.subject == "slow" { "#ops" } else { "all clients" };
            self.logged.entry(place.to_owned()).or_default().push(act.reason);
        }
        self.holds.insert(act.subject, (act.value, Vec::new()));
    }

    fn unanswered(&mut self, act: Act) {
        let (_, perhaps) = self.holds.entry(act.subject).or_insert_with(|| ("no".to_owned(), Vec::new()));
        perhaps.push(act.value);
    }

    /// Compares what a new life of the server says with what was answered.
    fn check(&mut self, keeper: &mut Peer) {
        let mut said: BTreeMap<String, String> = BTreeMap::new();
        keeper.say("@ref=bans keeper | all clients | bans");
        for line in std::iter::from_fn(|| Some(keeper.until("ref=bans"))).take_while(|line| !line.contains("bans_end"))
        {
            let mut words = line.split(" | banned | ").nth(1).unwrap().split(' ');
            let (kind, whom) = (words.next().unwrap(), words.next().unwrap());
            said.insert(format!("{kind} {whom}"), "yes".to_owned());
        }
        keeper.say("keeper | server | capabilities | reply edit react");
        keeper.say("@ref=page keeper | all clients | history | limit=1000");
        for line in
            std::iter::from_fn(|| Some(keeper.until("ref=page"))).take_while(|line| !line.contains("history_end"))
        {
            for reaction in line.split_once("| reactions | ").map_or("", |it| it.1).split_whitespace() {
                let (count, word) = reaction.split_once(':').unwrap();
                assert_eq!(count, "1!", "{line}");
                said.insert(format!("reaction {word}"), "yes".to_owned());
            }
        }
        keeper.say("@ref=room keeper | #ops | join_room");
        let line = keeper.until("ref=room");
        let slow = line.split("slow=").nth(1).map_or("no", |rest| rest.split(' ').next().unwrap());
        said.insert("slow".to_owned(), slow.to_owned());
        said.insert("topic".to_owned(), line.rsplit_once("topic=").unwrap().1.to_owned());
        for (subject, (sure, perhaps)) in &mut self.holds {
            let now = said.get(subject).map_or("no", String::as_str);
            let fits = now == *sure || perhaps.iter().any(|value| value == now);
            assert!(fits, "{subject} is {now}, after the answer {sure} (and perhaps {perhaps:?})");
            (*sure, *perhaps) = (now.to_owned(), Vec::new());
        }
        for (place, reasons) in &self.logged {
            let logged = read_log(keeper, place);
            let mut rest = logged.iter();
            for reason in reasons {
                assert!(
                    rest.any(|other| other == reason),
                    "{reason} is not in the log, or not in its place: {logged:?}"
                );
            }
            let mut once = logged.clone();
            once.sort();
            once.dedup();
            assert_eq!(once.len(), logged.len(), "an act is in the log twice");
        }
    }
}

/// The reasons of all acts in the moderation log of a place, in order.
fn read_log(keeper: &mut Peer, place: &str) -> Vec<String> {
    let (mut acts, mut since) = (Vec::new(), 0);
    loop {
        keeper.say(&format!("@ref=log keeper | {place} | modlog | limit=1000 since={since}"));
        let end = loop {
            let line = keeper.until("ref=log");
            if line.contains("| modlog_end") {
                break line;
            }
            since = super::serving::tag(&line, "id").parse().unwrap();
            acts.push(line.rsplit(' ').next().unwrap().to_owned());
        };
        if !end.ends_with("more") {
            return acts;
        }
    }
}

fn serve(data: Folder) -> Server {
    let mut command = Command::new(TR2);
    command.arg("serve");
    Server::run(command, data, &["--flood", "off", "--log", "error", "--moderator", "keeper", "--trust-names"])
}

#[test]
fn what_a_moderator_was_told_holds_after_kill_9() {
    let seed = 20_261_128;
    let mut chance = Chance(seed);
    let (mut book, mut data) = (Book::default(), Folder::new());
    let lives = if super::long() { LONG_LIVES } else { LIVES };
    for life in 0..=lives {
        let mut server = serve(data);
        let mut keeper = Peer::join(server.address, "keeper");
        keeper.say("@ref=made keeper | #ops | join_room");
        keeper.until("ref=made");
        if life > 0 {
            book.check(&mut keeper);
        } else {
            // They have to be known.
            keeper.say("@ref=said keeper | all clients | broadcast | hello");
            book.message = super::serving::tag(&keeper.until("ref=said"), "id").parse().unwrap();
            (0..TARGETS).for_each(|at| drop(Peer::join(server.address, &format!("bad{at}"))));
        }
        if life < lives {
            let mut open: std::collections::VecDeque<Act> = std::collections::VecDeque::new();
            let mut answered = 0;
            let most = 1 + chance.below(ANSWERED);
            while answered < most {
                while open.len() < PIPELINE {
                    let act = book.next(&mut chance);
                    keeper.say(&act.frame);
                    open.push_back(act);
                }
                // Answers come in the order of the requests, except those about messages.
                let line = keeper.until("@ref=a");
                let label = format!("@ref={} ", super::serving::tag(&line, "ref"));
                let at = open.iter().position(|act| act.frame.starts_with(&label)).unwrap();
                let act = open.remove(at).unwrap();
                let in_order = open.iter().take(at).all(Act::is_about_message) || act.is_about_message();
                assert!(in_order, "{line} before {:?}", open.iter().map(|act| &act.frame).collect::<Vec<_>>());
                book.answered(act, &line);
                answered += 1;
            }
            server.signal(Signal::KILL);
            open.into_iter().for_each(|act| book.unanswered(act));
        } else {
            server.signal(Signal::TERM);
        }
        server.end();
        data = std::mem::replace(&mut server.data, Folder::new());
    }
    let count: usize = book.logged.values().map(Vec::len).sum();
    println!("{count} acts answered in {lives} lives");
    assert!(count > lives);
}
