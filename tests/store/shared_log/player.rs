//! Plays a transcript of one handle of a stream.
//!
//! A line at the margin is what happens, an indented one is what follows: `>` goes to the server, `tail:` to the reader of
//! the tail. The helper plays what happens, and compares all that follows.
//!
//! | happens                        | which is                                                          |
//! | ------------------------------ | ----------------------------------------------------------------- |
//! | `+1.5s`                        | time passes                                                       |
//! | `connected`, `lost WHY`        | the connection                                                    |
//! | `append TEXT`, `keep N`        | a wish of the appender                                            |
//! | `pong`, `ping`, `error TEXT`   | the server says                                                   |
//! | `stream A 1..5`, `no stream`   | it answers about the stream: when it was made, first, last        |
//! | `live 3 TEXT`                  | the stream publishes an entry                                     |
//! | `taken 1 at 3`, `refused 1 WHY`| the stream answers an append; `unheard 1`: nobody does            |
//! | `entry 3 TEXT`, `end`          | a replica answers a request for entries                           |
//! | `leader 3 TEXT`, `leader has none` | the leader answers a request for one                          |

use std::fmt::Write as _;
use std::time::Duration;

use base64ct::{Base64, Encoding as _};
use bytes::Bytes;
use expect_test::Expect;
use tr2::server::log::nats::core::{LogWish, NatsCore};
use tr2::server::log::nats::frames::{Delivery, ServerFrame};
use tr2::server::log::nats::stream::StreamNames;
use tr2::server::log::{AppendId, LogPosition, Tailed};

pub(crate) struct Player {
    core: NatsCore,
    now: Duration,
    appends: u64,
    /// The subjects to which the last requests are to be answered.
    look: String,
    fetch: String,
    script: String,
}

/// Plays a transcript of a handle that begins after a position.
#[track_caller]
pub(crate) fn plays(after: u64, transcript: Expect) {
    let lines = || transcript.data().lines().filter(|line| !line.trim().is_empty());
    let margin = lines().map(|line| line.len() - line.trim_start().len()).min().unwrap();
    let mut player = Player::new(after);
    for line in lines().map(|line| &line[margin..]).filter(|line| !line.starts_with(' ')) {
        player.happens(line);
    }
    transcript.assert_eq(&player.script);
}

impl Player {
    pub(crate) fn new(after: u64) -> Self {
        let names = StreamNames::of("x").unwrap();
        let core = NatsCore::new(Duration::ZERO, names, "_INBOX.me".to_owned(), LogPosition(after));
        let [look, fetch, script] = [const { String::new() }; 3];
        Self { core, now: Duration::ZERO, appends: 0, look, fetch, script }
    }

    /// What a line says happens.
    pub(crate) fn happens(&mut self, line: &str) {
        writeln!(self.script, "{line}").unwrap();
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let (first, text) = rest.split_once(' ').unwrap_or((rest, ""));
        match word {
            "connected" => self.core.begin(self.now, "{}"),
            "lost" => self.core.lost(rest),
            "append" => {
                self.appends += 1;
                let wish = LogWish::Append(AppendId(self.appends), Bytes::copy_from_slice(rest.as_bytes()));
                self.core.wish(self.now, wish);
            }
            "keep" => self.core.wish(self.now, LogWish::Keep(LogPosition(rest.parse().unwrap()))),
            "pong" => self.says(ServerFrame::Pong),
            "ping" => self.says(ServerFrame::Ping),
            "error" => self.says(ServerFrame::Fault(rest.to_owned())),
            "leaving" => self.says(ServerFrame::Info("{\"ldm\":true}".into())),
            "stream" => {
                let (first_seq, last_seq) = text.split_once("..").unwrap();
                let state = format!("{{\"first_seq\":{first_seq},\"last_seq\":{last_seq},\"bytes\":0}}");
                self.answers_look(&format!("{{\"created\":\"{first}\",\"state\":{state}}}"));
            }
            "no" => {
                self.answers_look("{\"error\":{\"code\":404,\"err_code\":10059,\"description\":\"stream not found\"}}")
            }
            "live" => {
                let headers = format!("NATS/1.0\r\nNats-Stream: tr2-x\r\nNats-Sequence: {first}\r\n\r\n");
                self.delivers("tr2.x.live", 2, &headers, text);
            }
            "foreign" => {
                let headers = format!("NATS/1.0\r\nNats-Stream: other\r\nNats-Sequence: {first}\r\n\r\n");
                self.delivers("tr2.x.live", 2, &headers, text);
            }
            "taken" => {
                let place = text.strip_prefix("at ").unwrap();
                let json = format!("{{\"stream\":\"tr2-x\",\"seq\":{place}}}");
                self.delivers(&format!("_INBOX.me.a{first}"), 1, "", &json);
            }
            "refused" => {
                let json = format!("{{\"error\":{{\"code\":400,\"err_code\":1,\"description\":\"{text}\"}}}}");
                self.delivers(&format!("_INBOX.me.a{first}"), 1, "", &json);
            }
            "unheard" => self.delivers(&format!("_INBOX.me.a{first}"), 1, "NATS/1.0 503\r\n\r\n", ""),
            "entry" => {
                let headers = format!("NATS/1.0\r\nNats-Stream: tr2-x\r\nNats-Sequence: {first}\r\n\r\n");
                self.delivers(&self.fetch.clone(), 1, &headers, text);
            }
            "end" => self.delivers(&self.fetch.clone(), 1, "NATS/1.0 204 EOB\r\n\r\n", ""),
            "leader" if rest == "has none" => {
                let json = "{\"error\":{\"code\":404,\"err_code\":10037,\"description\":\"no message found\"}}";
                self.delivers(&self.fetch.clone(), 1, "", json);
            }
            "leader" => {
                let data = Base64::encode_string(text.as_bytes());
                let json = format!("{{\"message\":{{\"seq\":{first},\"data\":\"{data}\"}}}}");
                self.delivers(&self.fetch.clone(), 1, "", &json);
            }
            time => {
                let seconds = time.strip_prefix('+').and_then(|time| time.strip_suffix('s')).expect(line);
                self.passes(Duration::from_secs_f64(seconds.parse().unwrap()));
            }
        }
        self.ticks();
    }

    /// Lets time pass, with everything done when it is due.
    fn passes(&mut self, time: Duration) {
        let end = self.now + time;
        while let Some(due) = self.core.wake_at().filter(|due| *due <= end) {
            assert!(due > self.now || self.now == Duration::ZERO, "nothing keeps being due");
            self.now = due.max(self.now + Duration::from_nanos(1));
            self.ticks();
        }
        self.now = end;
    }

    fn answers_look(&mut self, json: &str) {
        self.delivers(&self.look.clone(), 1, "", json);
    }

    fn delivers(&mut self, subject: &str, sid: u64, headers: &str, payload: &str) {
        let [headers, payload] = [headers, payload].map(|text| Bytes::copy_from_slice(text.as_bytes()));
        self.says(ServerFrame::Message(Delivery { subject: subject.to_owned(), sid, headers, payload }));
    }

    fn says(&mut self, frame: ServerFrame) {
        if let Err(why) = self.core.take(self.now, frame) {
            self.gives_up(&why);
        }
    }

    fn gives_up(&mut self, why: &str) {
        writeln!(self.script, "    gives up: {why}").unwrap();
        self.core.lost(why);
    }

    fn ticks(&mut self) {
        if let Err(why) = self.core.tick(self.now) {
            self.gives_up(&why);
            self.core.tick(self.now).unwrap();
        }
        let out = self.core.out().split();
        self.sent(std::str::from_utf8(&out).unwrap());
        while let Some(tailed) = self.core.pop() {
            let said = match tailed {
                Tailed::Entry { position, bytes } => format!("entry {position} {}", String::from_utf8_lossy(&bytes)),
                Tailed::Taken { append, position } => format!("taken {} at {position}", append.0),
                Tailed::NotTaken { append, why } => format!("not taken {}: {why}", append.0),
                Tailed::Silent(why) => format!("silent: {why}"),
                Tailed::Heard => "heard".to_owned(),
                Tailed::Ended(end) => format!("ended: {end}"),
            };
            writeln!(self.script, "    tail: {said}").unwrap();
        }
    }

    fn sent(&mut self, out: &str) {
        let mut lines = out.split("\r\n");
        while let Some(line) = lines.next() {
            let words: Vec<&str> = line.split(' ').collect();
            let (Some(verb), subject, answer_to) = (words.first(), words.get(1), words.get(2)) else { continue };
            let said = match (*verb, subject.copied()) {
                ("PING", _) => "ping".to_owned(),
                ("PONG", _) => "pong".to_owned(),
                ("CONNECT", _) => "connect".to_owned(),
                ("SUB", Some(subject)) => format!("subscribe {subject}"),
                ("HPUB", Some("tr2.x.log")) => {
                    let [_, expected, _] = [lines.next(), lines.next(), lines.next()];
                    assert_eq!(expected, Some("Nats-Expected-Stream: tr2-x"));
                    let id = answer_to.unwrap().strip_prefix("_INBOX.me.a").unwrap();
                    format!("append {id} {}", lines.next().unwrap())
                }
                ("PUB", Some(subject)) => {
                    let (answer_to, body) = (answer_to.unwrap().to_owned().to_owned(), lines.next().unwrap());
                    match subject {
                        "$JS.API.STREAM.INFO.tr2-x" => {
                            self.look = answer_to;
                            "look".to_owned()
                        }
                        "$JS.API.DIRECT.GET.tr2-x" => {
                            self.fetch = answer_to;
                            format!("fetch {body}")
                        }
                        "$JS.API.STREAM.MSG.GET.tr2-x" => {
                            self.fetch = answer_to;
                            format!("ask the leader {body}")
                        }
                        "$JS.API.STREAM.PURGE.tr2-x" => format!("purge {body}"),
                        other => panic!("who is {other}?"),
                    }
                }
                ("", _) => continue,
                _ => panic!("what is {line:?}?"),
            };
            writeln!(self.script, "    > {said}").unwrap();
        }
    }
}
