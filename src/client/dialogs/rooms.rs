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
use crate::language::dialogs as say;
use crate::model::{Name, RoomName, Target};
use crate::protocol::Relation;

/// The widest column for names, in cells.
const NAME: usize = 16;
/// The width of the column for the number of members, in cells.
const COUNT: usize = 5;

/// The list of rooms, with the cursor on the one in view.
#[must_use]
pub fn list(rows: Vec<Item>, in_view: &Target) -> OpenDialog {
    let mut list =
        List { rows, what: (say::room(), say::rooms()), nothing: say::no_rooms_yet().into(), ..List::default() };
    list.pick(&Pick::Place(in_view.clone()));
    OpenDialog::new(
        Dialog::Rooms,
        Form::new(
            say::rooms_title(),
            vec![
                FormPart::List(list),
                buttons(&[
                    (Press::Confirm, say::join()),
                    (Press::Make, say::make()),
                    (Press::Leave, say::leave()),
                    (Press::Topic, say::room_topic()),
                    (Press::Invite, say::invite()),
                ]),
            ],
        ),
    )
}

/// The rows of that list: `#ops  12  topic`, and on the right whether the person is in the room.
#[must_use]
pub fn rows(rooms: &[&KnownRoom]) -> Vec<Item> {
    let names: Vec<String> = rooms.iter().map(|room| room.place.to_string()).collect();
    let column = widest(names.iter().map(String::as_str)).min(NAME);
    let cut = distinct(&names.iter().map(|name| (name.as_str(), column)).collect::<Vec<_>>());
    let row = |(room, name): (&&KnownRoom, &String)| {
        let count = format!("{:>COUNT$}  ", room.count);
        let private = room.private.then(say::is_private);
        let you = match room.you {
            Relation::Inside(_) => Some(say::inside()),
            Relation::Invited => Some(say::invited()),
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
    let choices = [(false, say::open_to_all()), (true, say::private_room())];
    let choices = choices.map(|(private, words)| (Choice::Private(private), words.to_owned())).to_vec();
    let parts =
        vec![FormField::plain(FieldKey::Name, say::name(), "#"), radio(choices), either(say::make(), say::cancel())];
    OpenDialog::new(Dialog::Make, Form::new(say::make_a_room(), parts))
}

/// Asks whether to leave a room for good.
#[must_use]
pub fn leave(name: RoomName, room: &KnownRoom) -> OpenDialog {
    let words = if room.private { say::leave_private_room(&room.place) } else { say::leave_room(&room.place) };
    let words = text(words);
    OpenDialog::new(
        Dialog::Leave(name),
        Form::new(say::leave(), vec![words, either(say::leave(), say::stay())]).at_buttons(),
    )
}

/// Sets the topic of a place.
#[must_use]
pub fn topic(place: &Target, topic: &str) -> OpenDialog {
    let parts = vec![
        FormField::plain(FieldKey::Topic, say::topic_label(), topic),
        text(say::empty_topic()),
        either(say::set(), say::cancel()),
    ];
    OpenDialog::new(Dialog::Topic(place.clone()), Form::new(&say::topic_of(place), parts))
}

/// Invites a user into a room.
#[must_use]
pub fn invite(room: RoomName, people: Vec<Item>, names: Vec<Name>) -> OpenDialog {
    let list = List { fills: Some(FieldKey::Name), ..List::people(people) };
    let parts = vec![
        FormField::name(FieldKey::Name, say::name(), "", names),
        FormPart::List(list),
        either(say::invite(), say::cancel()),
    ];
    let title = say::invite_into(&room);
    OpenDialog::new(Dialog::InviteTo(room), Form::new(&title, parts))
}

/// The members of a room.
#[must_use]
pub fn members(room: RoomName, people: Vec<Item>) -> OpenDialog {
    let list = List {
        rows: people,
        what: (say::member(), say::members()),
        nothing: say::no_members_known().into(),
        ..List::default()
    };
    let title = say::members_of(&room);
    OpenDialog::new(
        Dialog::Members(room),
        Form::new(&title, vec![FormPart::List(list), either(say::write(), say::close())]),
    )
}
