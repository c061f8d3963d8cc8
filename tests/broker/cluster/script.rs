//! Plays the transcript of a log, as one node reads it. Lines with `>` are what happens; below each stands what it means.
//!
//! ```text
//! > a.7 0 at 12.5 hello versions=1-2 settings=x     an entry: node, epoch, number, stamp in seconds, purpose
//! > a.7 1 at 12.5 says 4:hi 5:ho claims=1 digest=1:9   commands by connection; what the node had applied
//! > a.7 2 at 13 farewell                            or `alarm`, or `settings y`; founding=2
//! > junk                                            bytes that are no entry
//! > position 9                                      the next entry comes at this position
//! > decided 9                                       this node's sum over its decisions so far; also `decided 2 9`, up to 2
//! > ends at 3                                       what the log says is its last position
//! > connects                                        it connects again, and the log has the entry that it read last;
//! > connects junk                                   or another one
//! > forget                                          this node starts again from what it kept
//! ```
//! `claims=1!` claims another chain than this node's. Without, an entry claims what its node can have read last.

use std::fmt::Write as _;

use bytes::Bytes;
use tr2::model::time::Timestamp;
use tr2::server::cluster::chain::ChainValue;
use tr2::server::cluster::entry::{
    Applied, Digest, EntryKey, Hello, LogCommand, LogEntry, NodeId, Purpose, SettingsHash, Versions,
};
use tr2::server::cluster::fault::Fault;
use tr2::server::cluster::step::{EntrySender, LogStep, TurnState, Verdict};
use tr2::server::cluster::turn::Turn;

struct Player {
    turn: Turn,
    /// The chain's values, from position 0 on.
    chain: Vec<ChainValue>,
    position: Option<u64>,
    last: Bytes,
}

pub fn key() -> EntryKey {
    EntryKey::derived(b"secret")
}

pub fn node(name: &str) -> NodeId {
    NodeId::parse(name).unwrap()
}

/// Settings by one letter.
pub fn settings(text: &str) -> SettingsHash {
    [text.as_bytes()[0]; 32]
}

fn seconds(text: &str) -> Timestamp {
    Timestamp((text.parse::<f64>().unwrap() * 1000.0).round() as i64)
}

fn resumed(state: TurnState) -> Turn {
    Turn::resumed(node("a"), state, key(), Versions { lowest: 1, highest: 3 })
}

/// Plays what happens in a transcript, read by node `a`, and returns it with what it means.
pub fn play(transcript: &str) -> String {
    let state = TurnState::founded("chat");
    let mut player = Player { chain: vec![state.chain], turn: resumed(state), position: None, last: Bytes::new() };
    let mut out = String::new();
    for line in transcript.lines().map(str::trim) {
        let Some(event) = line.strip_prefix("> ") else {
            if line.starts_with('#') {
                out += &format!("{line}\n");
            }
            continue;
        };
        writeln!(out, "> {event}").unwrap();
        player.play(event, &mut out);
    }
    out
}

impl Player {
    fn play(&mut self, event: &str, out: &mut String) {
        let words: Vec<&str> = event.split(' ').collect();
        match words[..] {
            ["junk"] => self.take(&Bytes::from_static(b"junk"), out),
            ["position", position] => self.position = Some(position.parse().unwrap()),
            ["decided", sum] => self.turn.decided(self.turn.state().position, sum.parse().unwrap()),
            ["decided", position, sum] => self.turn.decided(position.parse().unwrap(), sum.parse().unwrap()),
            ["connects", ref other @ ..] => {
                let last = if other.is_empty() { self.last.clone() } else { Bytes::from_static(b"junk") };
                let told = self.turn.reconnected(self.turn.state().position, Some(&last));
                writeln!(out, "  {}", told.map_or_else(|fault| stopped(&fault), |()| "fine".to_owned())).unwrap();
            }
            ["forget"] => {
                // As the store has it.
                let kept = serde_json::to_string(&**self.turn.state()).unwrap();
                self.turn = resumed(serde_json::from_str(&kept).unwrap());
            }
            ["found", "anew"] => self.turn = resumed(self.turn.state().founded_anew()),
            ["ends", "at", newest] => {
                let told = self.turn.ends_at(self.turn.state().position, newest.parse().unwrap());
                writeln!(out, "  {}", told.map_or_else(|fault| stopped(&fault), |()| "fine".to_owned())).unwrap();
            }
            [who, n, "at", stamp, ref rest @ ..] => {
                let known = |position: u64| self.chain.get(usize::try_from(position).unwrap()).copied();
                let entry = entry(&known, self.turn.state().position, [who, n, stamp], rest);
                let bytes = entry.write(&key()).unwrap();
                self.take(&bytes, out);
            }
            _ => panic!("what is {event:?}?"),
        }
    }

    fn take(&mut self, bytes: &Bytes, out: &mut String) {
        self.last = bytes.clone();
        let before = self.turn.state().version;
        let doubted = self.turn.doubt().is_some();
        let position = self.position.take().unwrap_or(self.turn.state().position + 1);
        match self.turn.take(position, bytes) {
            Ok(step) => {
                self.chain.push(step.state.chain);
                out.push_str(&told(&step));
                if step.state.version != before {
                    writeln!(out, "     version {}", step.state.version).unwrap();
                }
                if self.turn.doubt().is_some() != doubted {
                    writeln!(out, "     {}", if doubted { "sure" } else { "in doubt" }).unwrap();
                }
            }
            Err(fault) => writeln!(out, "  {}", stopped(&fault)).unwrap(),
        }
    }
}

/// The entry of a line: who says it, its number and stamp, and the rest.
pub fn entry(
    known: &dyn Fn(u64) -> Option<ChainValue>,
    last: u64,
    [who, n, stamp]: [&str; 3],
    rest: &[&str],
) -> LogEntry {
    let (name, epoch) = who.split_once('.').unwrap();
    let option = |name: &str| rest.iter().find_map(|word| word.strip_prefix(name)?.strip_prefix('='));
    let claims = option("claims").map_or_else(|| last.to_string(), str::to_owned);
    let (position, is_true) = claims.strip_suffix('!').map_or((&*claims, true), |position| (position, false));
    let position: u64 = position.parse().unwrap();
    let chain = known(position).filter(|_| is_true).unwrap_or_else(|| ChainValue::founded("lie"));
    let digest = option("digest").map(|digest| {
        let (position, sum) = digest.split_once(':').unwrap();
        Digest { position: position.parse().unwrap(), sum: sum.parse().unwrap() }
    });
    let versions = option("versions").unwrap_or("1-1").split_once('-').unwrap();
    let purpose = match rest[0] {
        "hello" => Purpose::Hello(Hello {
            life: option("life").unwrap_or("1").parse().unwrap(),
            versions: Versions { lowest: versions.0.parse().unwrap(), highest: versions.1.parse().unwrap() },
            settings: settings(option("settings").unwrap_or("x")),
            url: format!("tls://{name}"),
        }),
        "says" => Purpose::Commands,
        "farewell" => Purpose::Farewell,
        "alarm" => Purpose::Alarm,
        "settings" => Purpose::Settings(settings(rest[1])),
        other => panic!("what is {other:?}?"),
    };
    let commands = rest.iter().filter_map(|word| {
        let (conn, text) = word.split_once(':').filter(|_| !word.contains('='))?;
        Some(LogCommand { conn: conn.parse().unwrap(), bytes: Bytes::copy_from_slice(text.as_bytes()) })
    });
    LogEntry {
        founding: option("founding").unwrap_or("1").parse().unwrap(),
        node: node(name),
        epoch: epoch.parse().unwrap(),
        n: n.parse().unwrap(),
        stamp: seconds(stamp),
        applied: Applied { position, chain, digest },
        purpose,
        commands: commands.collect(),
    }
}

fn stopped(fault: &Fault) -> String {
    format!("STOPS: {fault}")
}

fn sent_by(sender: &EntrySender) -> String {
    format!("{}.{} {}", sender.node, sender.epoch, sender.n)
}

/// A step in words.
pub fn told(step: &LogStep) -> String {
    let mut out = String::new();
    let time = step.time.0;
    write!(out, "  {}: {}.{}", step.position, time / 1000, time % 1000 / 100).unwrap();
    if step.tick {
        out += " tick";
    }
    for ended in &step.ended {
        write!(out, ", {}.{} ends: {:?}", ended.node, ended.epoch, ended.why).unwrap();
    }
    match &step.verdict {
        Verdict::Counts { sender, commands, .. } => {
            write!(out, ", {} counts", sent_by(sender)).unwrap();
            for command in commands {
                write!(out, " {}:{}", command.conn, String::from_utf8_lossy(&command.bytes)).unwrap();
            }
        }
        Verdict::CameIn { sender, seat, .. } => write!(out, ", {} comes in, seat {seat}", sent_by(sender)).unwrap(),
        Verdict::Left { sender } => write!(out, ", {} leaves", sent_by(sender)).unwrap(),
        Verdict::TurnedAway { sender, why } => write!(out, ", {} turned away: {why:?}", sent_by(sender)).unwrap(),
        Verdict::Nothing { sender, why } => {
            let sender = sender.as_ref().map_or_else(|| "-".to_owned(), sent_by);
            write!(out, ", {sender} does not count: {why:?}").unwrap();
        }
    }
    out + "\n"
}
