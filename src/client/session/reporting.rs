//! `/status`: how the connection is, and how much went over it.
//!
//! Must not know: who counts bytes.

use super::Session;
use super::notice::Notice;
use crate::client::link::state::Connection;
use crate::client::traffic::Traffic;
use crate::model::{Name, period};
use crate::protocol::Dialect;

impl Session {
    /// Says how things are; the shell has counted the bytes.
    pub(super) fn tell_status(&mut self, traffic: Traffic) {
        let mut lines = vec![self.connection_words()];
        lines.extend(self.standing_words());
        lines.extend(self.waiting_words());
        lines.push(traffic_words(traffic, self.out.is_plain()));
        self.tell(Notice::News(lines.join("\n")));
    }

    fn connection_words(&self) -> String {
        let now = self.out.steady();
        let (server, name) = (self.link.server(), self.link.me().name().map_or("?", Name::as_str));
        let state = match self.link.connection() {
            Connection::Idle => "offline".to_owned(),
            Connection::Dialing => "connecting".to_owned(),
            Connection::Handshaking(_) => "joining".to_owned(),
            Connection::Waiting { .. } => format!("reconnecting in {} s", self.link.countdown(now).unwrap_or(0)),
            Connection::Online(online) => {
                let since = period::shown(now.since(online.since));
                match (online.dialect, online.round_trip) {
                    (Dialect::Tr223, _) => format!("online for {since}, {}", Dialect::Tr223),
                    (Dialect::Tr226, Some(took)) => {
                        format!("online for {since}, round trip {} ms", took.as_millis())
                    }
                    (Dialect::Tr226, None) => format!("online for {since}"),
                }
            }
        };
        format!("{name} on {server}: {state}.")
    }

    /// What the person is there.
    fn standing_words(&self) -> Option<String> {
        let online = self.link.is_online() && self.link.dialect() == Some(Dialect::Tr226);
        let verified = if self.link.me().is_verified() { "verified" } else { "unverified" };
        let moderator = if self.link.is_moderator() { " and a moderator" } else { "" };
        let away = self.chat.away().map(|text| format!(", away: {text}")).unwrap_or_default();
        online.then(|| format!("You are {verified}{moderator}{away}."))
    }

    /// What is not sent yet.
    fn waiting_words(&self) -> Option<String> {
        let (pending, failed) = (self.outbound.pending(), self.chat.not_sent());
        let waits =
            |count: usize| if count == 1 { "1 message waits".to_owned() } else { format!("{count} messages wait") };
        match (pending, failed) {
            (0, 0) => None,
            (pending, 0) => Some(format!("{} to be accepted.", waits(pending))),
            (0, failed) => Some(format!("{} to be sent again with /resend.", waits(failed))),
            (pending, failed) => Some(format!("{} to be accepted, {failed} to be sent again.", waits(pending))),
        }
    }
}

fn traffic_words(traffic: Traffic, plain: bool) -> String {
    let Traffic { received, sent, shown } = traffic;
    let shown = if plain { format!("{} printed", bytes(shown)) } else { format!("{} to the terminal", bytes(shown)) };
    format!("In the last minute: {} received, {} sent, {shown}.", bytes(received), bytes(sent))
}

/// A number of bytes for people.
fn bytes(count: u64) -> String {
    let tenths = |unit: u64| format!("{}.{}", count / unit, count % unit * 10 / unit);
    match count {
        1 => "1 byte".to_owned(),
        0..1000 => format!("{count} bytes"),
        1000..1_000_000 => format!("{} kB", tenths(1000)),
        _ => format!("{} MB", tenths(1_000_000)),
    }
}
