//! What is said to each kind of server: bytes to join, to tell everyone else, to tell one.

/// Begins each text, and comes up nowhere else: what is delivered is counted by it, in every dialect. IRC has other uses
/// for most of the rare characters.
pub const MARK: u8 = b'%';

/// Digits of the moment behind the mark, in nanoseconds.
pub const DIGITS: usize = 15;

/// Bytes of each text.
pub const TEXT: usize = 100;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// TR2.26, which the limit is spoken to in as well.
    Tr2,
    Irc,
    Nats,
    /// MQTT 5: before it, nobody could leave out their own messages.
    Mqtt,
}

/// One exchange of joining: what is said, and what the answer to it holds.
pub struct Step {
    pub say: Vec<u8>,
    pub until: Vec<u8>,
}

/// The text of a message of this moment.
pub fn text(moment: u64) -> String {
    format!("{}{moment:0>DIGITS$}{:.<width$}", char::from(MARK), "", width = TEXT - DIGITS - 1)
}

pub fn name(at: usize) -> String {
    format!("u{at}")
}

impl Dialect {
    /// How this person joins, and is in the room that everyone is in.
    pub fn join(self, at: usize) -> Vec<Step> {
        let name = name(at);
        let step = |say: String, until: &str| Step { say: say.into_bytes(), until: until.as_bytes().to_vec() };
        match self {
            Self::Tr2 => vec![step(format!("{name} | server | name | {name}\n"), " | connection_confirmation")],
            Self::Irc => vec![
                step(format!("NICK {name}\r\nUSER {name} 0 * :{name}\r\n"), " 001 "),
                step("JOIN #all\r\n".into(), " 366 "),
            ],
            Self::Nats => {
                let options = "{\"verbose\":false,\"pedantic\":false,\"echo\":false}";
                vec![step(format!("CONNECT {options}\r\nSUB all 1\r\nSUB {name} 2\r\nPING\r\n"), "PONG")]
            }
            Self::Mqtt => {
                // Protocol 5, a clean start, never asked whether it is there; no properties.
                let hello = [[0, 4].as_slice(), b"MQTT", &[5, 2, 0, 0, 0], &prefixed(&name)].concat();
                // Not to be told what it said itself.
                let subscriptions = [prefixed("all"), vec![4], prefixed(&name), vec![4]].concat();
                let subscribe = [[0, 1, 0].as_slice(), &subscriptions].concat();
                let say = [packet(0x10, &hello), packet(0x82, &subscribe)].concat();
                vec![Step { say, until: vec![0x90, 5, 0, 1] }]
            }
        }
    }

    /// A message to everyone but its sender.
    pub fn to_all(self, from: usize, text: &str) -> Vec<u8> {
        match self {
            Self::Tr2 => format!("{} | all clients | broadcast_not_me | {text}\n", name(from)).into_bytes(),
            Self::Irc => format!("PRIVMSG #all :{text}\r\n").into_bytes(),
            Self::Nats | Self::Mqtt => self.publish("all", text),
        }
    }

    /// A message to one.
    pub fn to_one(self, from: usize, to: usize, text: &str) -> Vec<u8> {
        let to = name(to);
        match self {
            Self::Tr2 => format!("{} | {to} | private_message | {text}\n", name(from)).into_bytes(),
            Self::Irc => format!("PRIVMSG {to} :{text}\r\n").into_bytes(),
            Self::Nats | Self::Mqtt => self.publish(&to, text),
        }
    }

    fn publish(self, topic: &str, text: &str) -> Vec<u8> {
        if self == Self::Nats {
            return format!("PUB {topic} {}\r\n{text}\r\n", text.len()).into_bytes();
        }
        packet(0x30, &[prefixed(topic).as_slice(), &[0], text.as_bytes()].concat())
    }
}

fn prefixed(text: &str) -> Vec<u8> {
    let length = u16::try_from(text.len()).unwrap().to_be_bytes();
    [length.as_slice(), text.as_bytes()].concat()
}

/// A packet of MQTT that is shorter than 128 bytes, so that its length is one byte.
fn packet(kind: u8, body: &[u8]) -> Vec<u8> {
    let length = u8::try_from(body.len()).ok().filter(|length| *length < 128 && *length != MARK).unwrap();
    [[kind, length].as_slice(), body].concat()
}
