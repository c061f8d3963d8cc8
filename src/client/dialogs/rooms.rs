//! The dialogs about rooms.
//!
//! Must not know: when a dialog is opened, or what its answer leads to.

use super::form::{Choice, FieldKey, Form, FormField, FormPart, Item, List, Pick, Press};
use super::open::{Dialog, OpenDialog};
use super::{buttons, either, radio, text};
use crate::client::chat::rooms::KnownRoom;
use crate::client::dialogs::form::list::widest;
use crate::client::text::names::distinct;
use crate::client::text::wrap::pad;
use crate::client::view::{Scope, StyledLine};
use crate::model::{Name, RoomName, Target};
use crate::protocol::Relation;

/// The buttons of the list of rooms.
const BUTTONS: [(Press, &str); 5] = [
    (Press::Confirm, "Join"),
    (Press::Make, "Make"),
    (Press::Leave, "Leave"),
    (Press::Topic, "Topic"),
    (Press::Invite, "Invite"),
];
/// The widest column for names, in cells.
const NAME: usize = 16;
/// The width of the column for the number of members, in cells.
const COUNT: usize = 5;

/// The list of rooms, with the cursor on the one in view.
#[must_use]
pub fn list(rows: Vec<Item>, in_view: &Target) -> OpenDialog {
    let mut list = List {
        rows,
        what: ("room", "rooms"),
        nothing: "There are no rooms yet; Make makes one.".into(),
        ..List::default()
    };
    list.pick(&Pick::Place(in_view.clone()));
    OpenDialog::new(Dialog::Rooms, Form::new("Rooms · Esc closes", vec![FormPart::List(list), buttons(&BUTTONS)]))
}

/// The rows of that list: `#ops  12  topic`, and on the right whether the person is in the room.
#[must_use]
pub fn rows(rooms: &[&KnownRoom]) -> Vec<Item> {
    let names: Vec<String> = rooms.iter().map(|room| room.place.to_string()).collect();
    let column = widest(names.iter().map(String::as_str)).min(NAME);
    let cut = distinct(&names.iter().map(|name| (name.as_str(), column)).collect::<Vec<_>>());
    let row = |(room, name): (&&KnownRoom, &String)| {
        let count = format!("{:>COUNT$}  ", room.count);
        let private = room.private.then_some("private");
        let you = match room.you {
            Relation::Inside(_) => Some("in"),
            Relation::Invited => Some("invited"),
            Relation::Outside => None,
        };
        let words: Vec<&str> = private.into_iter().chain(you).collect();
        Item {
            value: Pick::Place(room.place.clone()),
            left: StyledLine::of(Scope::Text, pad(name, column))
                .and(Scope::Dim, count)
                .and(Scope::Text, room.topic.as_str()),
            right: if words.is_empty() {
                StyledLine::default()
            } else {
                StyledLine::of(Scope::Focus, words.join(" · "))
            },
            ..Item::default()
        }
    };
    rooms.iter().zip(&cut).map(row).collect()
}

/// Makes a room.
#[must_use]
pub fn make() -> OpenDialog {
    let choices = [(false, "open to all"), (true, "private, for those who are invited")];
    let choices = choices.map(|(private, words)| (Choice::Private(private), words.to_owned())).to_vec();
    let parts = vec![FormField::plain(FieldKey::Name, "Name:", "#"), radio(choices), either("Make", "Cancel")];
    OpenDialog::new(Dialog::Make, Form::new("Make a room", parts))
}

/// Asks whether to leave a room for good.
#[must_use]
pub fn leave(name: RoomName, room: &KnownRoom) -> OpenDialog {
    let back = if room.private { " You can rejoin only if invited." } else { "" };
    let words = text(format!("Leave {}?{back}", room.place));
    OpenDialog::new(Dialog::Leave(name), Form::new("Leave", vec![words, either("Leave", "Stay")]).at_buttons())
}

/// Sets the topic of a place.
#[must_use]
pub fn topic(place: &Target, topic: &str) -> OpenDialog {
    let parts = vec![
        FormField::plain(FieldKey::Topic, "Topic:", topic),
        text("An empty topic removes it."),
        either("Set", "Cancel"),
    ];
    OpenDialog::new(Dialog::Topic(place.clone()), Form::new(&format!("Topic of {place}"), parts))
}

/// Invites a user into a room.
#[must_use]
pub fn invite(room: RoomName, people: Vec<Item>, names: Vec<Name>) -> OpenDialog {
    let list = List { fills: Some(FieldKey::Name), ..List::people(people) };
    let parts =
        vec![FormField::name(FieldKey::Name, "Name:", "", names), FormPart::List(list), either("Invite", "Cancel")];
    let title = format!("Invite into {room}");
    OpenDialog::new(Dialog::InviteTo(room), Form::new(&title, parts))
}

/// The members of a room.
#[must_use]
pub fn members(room: RoomName, people: Vec<Item>) -> OpenDialog {
    let list = List {
        rows: people,
        what: ("member", "members"),
        nothing: "No members are known yet.".into(),
        ..List::default()
    };
    let title = format!("Members of {room}");
    OpenDialog::new(Dialog::Members(room), Form::new(&title, vec![FormPart::List(list), either("Write", "Close")]))
}
