//! `/status`: how the connection is, and how much went over it.
//!
//! Must not know: who counts bytes.

use crate::client::chat::people::away_message;
use crate::client::direct::talk::Side;
use crate::client::link::state::Connection;
use crate::client::session::calls::OwnCalls;
use crate::client::session::calls::call::UserCall;
use crate::client::session::calls::conference::OwnConference;
use crate::client::session::calls::other_member::OtherMember;
use crate::client::session::chat::Chat;
use crate::client::session::effects::Effects;
use crate::client::session::flows::calling::way_words;
use crate::client::session::link::Link;
use crate::client::session::outbound::Outbound;
use crate::client::traffic::Traffic;
use crate::language::transfers::amount;
use crate::language::{calls as direct, conferences, helping as say, times, voices};
use crate::model::Name;
use crate::protocol::Dialect;

/// How things are, in lines; the shell has counted the bytes.
pub(in crate::client::session) fn status(
    (link, calls): (&Link, &OwnCalls),
    outbound: &Outbound,
    chat: &Chat,
    out: &Effects,
    traffic: Traffic,
) -> String {
    let mut lines = vec![connection_words(link, out)];
    lines.extend(standing_words(link, chat));
    lines.extend(calls.iter().map(|call| call_words(call, calls)));
    lines.extend(calls.conference().filter(|own| own.is_in()).map(conference_words));
    lines.extend(waiting_words(outbound.pending(), chat.not_sent()));
    lines.push(traffic_words(traffic, out.is_plain()));
    lines.join("\n")
}

fn connection_words(link: &Link, out: &Effects) -> String {
    let now = out.steady();
    let (server, name) = (link.at(), link.me().name().map_or("?", Name::as_str));
    let state = match link.connection() {
        Connection::Idle => say::offline().to_owned(),
        Connection::Dialing { .. } => say::connecting().to_owned(),
        Connection::Handshaking(_) => say::joining().to_owned(),
        Connection::Waiting { .. } => say::reconnecting_in(link.countdown(now).unwrap_or(0)),
        Connection::Online(online) => {
            let since = times::period(now.since(online.since));
            match (online.dialect, online.round_trip) {
                (Dialect::Tr223, _) => say::online_for_dialect(since, Dialect::Tr223),
                (Dialect::Tr226, Some(took)) => say::online_for_round_trip(since, took.as_millis()),
                (Dialect::Tr226, None) => say::online_for(since),
            }
        }
    };
    say::name_on_server(name, server, state)
}

/// Who is in the call of the room.
fn conference_words(own: &OwnConference) -> String {
    let name = |other: &OtherMember| match other.speaks() {
        true => voices::name_speaks(other.name()),
        false => other.name().to_string(),
    };
    let names: Vec<String> = own.others().iter().map(name).collect();
    if names.is_empty() {
        return conferences::status_alone_in_call(own.room());
    }
    conferences::status_in_call(own.room(), names.join(", "))
}

/// How a call is.
fn call_words(call: &UserCall, calls: &OwnCalls) -> String {
    let name = call.name();
    if !call.has_channel() {
        let calls_us = call.side() == Side::Callee;
        let state = if calls_us { direct::calls_state(name) } else { direct::calling_state(name) };
        return direct::status_of_call(state);
    }
    let way = match call.way() {
        Some(way) => way_words(way),
        None if call.is_open() => direct::by_the_server().to_owned(),
        None => direct::connecting_short().to_owned(),
    };
    let known = calls.known(name).is_some_and(|known| known.verified && Some(known.key) == call.key());
    direct::status_line(name, way, if known { direct::compared() } else { direct::not_compared() })
}

/// What the person is there.
fn standing_words(link: &Link, chat: &Chat) -> Option<String> {
    if link.dialect() != Some(Dialect::Tr226) {
        return None;
    }
    let mut standing = if link.me().is_verified() { say::verified() } else { say::unverified() }.to_owned();
    if link.is_moderator() {
        standing = say::and_moderator(standing);
    }
    if let Some(text) = chat.away() {
        standing = say::and_away(standing, away_message(text));
    }
    Some(say::you_are(standing))
}

/// What is not sent yet.
fn waiting_words(pending: usize, failed: usize) -> Option<String> {
    match (pending, failed) {
        (0, 0) => None,
        (pending, 0) => Some(say::to_be_accepted(pending)),
        (0, failed) => Some(say::to_be_resent(failed)),
        (pending, failed) => Some(say::to_be_accepted_and_resent(pending, failed)),
    }
}

fn traffic_words(traffic: Traffic, plain: bool) -> String {
    let Traffic { received, sent, shown } = traffic;
    let (received, sent, shown) = (amount(received), amount(sent), amount(shown));
    if plain { say::traffic_printed(received, sent, shown) } else { say::traffic(received, sent, shown) }
}
