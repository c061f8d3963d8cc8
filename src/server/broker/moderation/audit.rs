//! The moderation log: records what moderators do, and announces it to the users it concerns.
//!
//! Must not know: which rank an act takes (`authority`), or how the log is kept.

use super::Actor;
use crate::model::{BanTarget, Now, Rank, Text};
use crate::protocol::{Annotations, Code, Done, Envelope, Event, RoomEvent, Span};
use crate::server::broker::caller::{Caller, Denial};
use crate::server::broker::outbox::Outbox;
use crate::server::broker::peers::Peers;
use crate::server::broker::rooms::{Place, Rooms};
use crate::server::ids::ConnId;
use crate::server::store::api::{Deleted, Deletion, LoggedAct, Revision, What};
use crate::server::telemetry::events::Note;

/// Records an act, and announces it.
pub(in crate::server::broker) fn record(now: Now, rooms: &Rooms, actor: &Actor<'_>, done: Done, out: &mut Outbox) {
    let Actor { caller, place } = actor;
    out.log(LoggedAct { time: now.wall, by: caller.user.clone(), room: place.room(), done: done.clone() });
    announce(rooms, actor, done, out);
}

/// Announces an act to the users it concerns. Users who are not moderators see names, but no addresses or keys.
fn announce(rooms: &Rooms, actor: &Actor<'_>, done: Done, out: &mut Outbox) {
    let Actor { caller, place } = actor;
    let (conn, user) = (caller.conn, &caller.user);
    out.notes.push(Note::Acted { conn, name: user.clone(), place: place.target(), done: done.clone() });
    let event = |done| Event::Room(RoomEvent::Acted { by: user.clone(), place: place.target(), done });
    caller.answer(event(done.clone()), out);
    let public = |subject: &Text| matches!(subject.as_str().parse(), Ok(BanTarget::Name(_)));
    let short = Done { subject: done.subject.clone().filter(public), ..done };
    rooms.say(place, Some(conn), &event(short).into(), out);
}

/// Handles the store's report on a deletion. The store has logged it.
pub(in crate::server::broker) fn deleted(peers: &Peers, rooms: &Rooms, deletion: Deletion, out: &mut Outbox) {
    let conn = ConnId(deletion.requester.0);
    let (code, text) = match &deletion.outcome {
        Some(Deleted::Done(from)) => {
            let done = deletion.act(from).done;
            let Deletion { reference, by, within, id, number, .. } = deletion;
            let place = Place::of(&within);
            let event = Event::Room(RoomEvent::Deleted { from: from.clone(), place: within.target(), by: by.clone() });
            let annotations = Annotations { change: Some(number), ..Annotations::default() }.boxed();
            rooms.say(&place, None, &Envelope { id: Some(id), annotations, ..event.into() }, out);
            let caller = Caller {
                conn,
                user: by,
                reference,
                role: peers.role(conn),
                proved: peers.has_proved(conn),
                scope: None,
            };
            return announce(rooms, &Actor { caller: &caller, place }, done, out);
        }
        Some(Deleted::Spared(from)) => {
            let text = format!("That message is by {from}, whose rank here is the same as yours or higher.");
            return Denial::new(Code::NotAllowed, text).tell(conn, deletion.reference, out);
        }
        Some(Deleted::NotThere) => (Code::NoSuchMessage, "There is no such message there, or it is already gone."),
        Some(Deleted::Unavailable) | None => {
            (Code::StoreUnavailable, "The server cannot change its history at the moment; try again later.")
        }
    };
    Denial::new(code, text).tell(conn, deletion.reference, out);
}

/// Announces what a moderator did to a message, once the store has done and logged it.
pub(in crate::server::broker) fn removed(
    (peers, rooms): (&Peers, &Rooms),
    removal: &Revision,
    act: LoggedAct,
    out: &mut Outbox,
) {
    let conn = ConnId(removal.requester.0);
    let Revision { reference, by, within, .. } = removal.clone();
    let caller =
        Caller { conn, user: by, reference, role: peers.role(conn), proved: peers.has_proved(conn), scope: None };
    announce(rooms, &Actor { caller: &caller, place: Place::of(&within) }, act.done, out);
}

/// The question for the moderation log of a place: in full for moderators, and in short for the members of a room.
pub(in crate::server::broker) fn modlog(
    peers: &Peers,
    rooms: &Rooms,
    caller: &Caller,
    written: &str,
    span: Span,
) -> Result<What, Denial> {
    let place = rooms.place(peers, caller.conn, written)?;
    let whole = rooms.rank(peers, caller.conn, place.room()) > Rank::User;
    if place == Place::Everyone && !whole {
        let text = "Only moderators may read the moderation log of the whole server.";
        return Err(Denial::new(Code::NotModerator, text));
    }
    if !whole {
        rooms.own(peers, caller.conn, written)?;
    }
    let room = match place {
        Place::Everyone => None,
        Place::Room(id, name) => Some((id, name)),
    };
    Ok(What::Modlog { room, whole, span })
}
