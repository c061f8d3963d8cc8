//! `/status`: how the connection is, and how much went over it.
//!
//! Must not know: who counts bytes.

use crate::client::link::state::Connection;
use crate::client::session::chat::Chat;
use crate::client::session::effects::Effects;
use crate::client::session::link::Link;
use crate::client::session::outbound::Outbound;
use crate::client::traffic::Traffic;
use crate::model::{Name, period};
use crate::protocol::Dialect;

/// How things are, in lines; the shell has counted the bytes.
pub(in crate::client::session) fn status(
    link: &Link,
    outbound: &Outbound,
    chat: &Chat,
    out: &Effects,
    traffic: Traffic,
) -> String {
    let mut lines = vec![connection_words(link, out)];
    lines.extend(standing_words(link, chat));
    lines.extend(waiting_words(outbound.pending(), chat.not_sent()));
    lines.push(traffic_words(traffic, out.is_plain()));
    lines.join("\n")
}

fn connection_words(link: &Link, out: &Effects) -> String {
    let now = out.steady();
    let (server, name) = (link.server(), link.me().name().map_or("?", Name::as_str));
    let state = match link.connection() {
        Connection::Idle => "offline".to_owned(),
        Connection::Dialing => "connecting".to_owned(),
        Connection::Handshaking(_) => "joining".to_owned(),
        Connection::Waiting { .. } => format!("reconnecting in {} s", link.countdown(now).unwrap_or(0)),
        Connection::Online(online) => {
            let since = period::shown(now.since(online.since));
            match (online.dialect, online.round_trip) {
                (Dialect::Tr223, _) => format!("online for {since}, {}", Dialect::Tr223),
                (Dialect::Tr226, Some(took)) => format!("online for {since}, round trip {} ms", took.as_millis()),
                (Dialect::Tr226, None) => format!("online for {since}"),
            }
        }
    };
    format!("{name} on {server}: {state}.")
}

/// What the person is there.
fn standing_words(link: &Link, chat: &Chat) -> Option<String> {
    let verified = if link.me().is_verified() { "verified" } else { "unverified" };
    let moderator = if link.is_moderator() { " and a moderator" } else { "" };
    let away = chat.away().map(|text| format!(", away: {text}")).unwrap_or_default();
    let told = link.dialect() == Some(Dialect::Tr226);
    told.then(|| format!("You are {verified}{moderator}{away}."))
}

/// What is not sent yet.
fn waiting_words(pending: usize, failed: usize) -> Option<String> {
    let waits = |count: usize| if count == 1 { "1 message waits".to_owned() } else { format!("{count} messages wait") };
    match (pending, failed) {
        (0, 0) => None,
        (pending, 0) => Some(format!("{} to be accepted.", waits(pending))),
        (0, failed) => Some(format!("{} to be sent again with /resend.", waits(failed))),
        (pending, failed) => Some(format!("{} to be accepted, {failed} to be sent again.", waits(pending))),
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
