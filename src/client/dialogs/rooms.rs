//! The dialogs about rooms.
//!
//! Must not know: when one is opened, or what its answer leads to.

use super::form::{Field, Form, Item, List, Part};
use super::{buttons, text};
use crate::client::chat::rooms::Room;
use crate::client::dialogs::form::list::widest;
use crate::client::text::wrap::pad;
use crate::client::view::{Line, Scope};
use crate::model::{Name, Target};
use crate::protocol::Place;

/// What the buttons of the list do, in their order: to go in, make one, leave, set the topic, invite.
const BUTTONS: [&str; 5] = ["Join", "Make", "Leave", "Topic", "Invite"];
/// The widest column for names.
const NAME: usize = 16;
/// The column for how many are there.
const COUNT: usize = 5;

/// The rooms, to go in, make, leave, and care for; the cursor on the one in view.
#[must_use]
pub fn list(rows: Vec<Item>, in_view: &Target) -> Form {
    let mut list =
        List { rows, what: ("room", "rooms"), nothing: "There are no rooms yet; Make makes one.", ..List::default() };
    list.pick(&in_view.to_string());
    Form::new("Rooms · Esc closes", vec![Part::List(list), buttons(&BUTTONS)])
}

/// The rows of that list: `#ops  12  topic`, and what one is in it.
#[must_use]
pub fn rows(rooms: &[&Room]) -> Vec<Item> {
    let names: Vec<String> = rooms.iter().map(|room| room.place.to_string()).collect();
    let column = widest(names.iter().map(String::as_str)).min(NAME);
    let row = |(room, name): (&&Room, &String)| {
        let count = format!("{:>COUNT$}  ", room.count);
        let private = room.private.then_some("private");
        let you = match room.you {
            Place::Inside(_) => Some("in"),
            Place::Invited => Some("invited"),
            Place::Outside => None,
        };
        let words: Vec<&str> = private.into_iter().chain(you).collect();
        Item {
            value: name.clone(),
            left: Line::of(Scope::Text, pad(name, column)).and(Scope::Dim, count).and(Scope::Text, room.topic.as_str()),
            right: if words.is_empty() { Line::default() } else { Line::of(Scope::Good, words.join(" · ")) },
        }
    };
    rooms.iter().zip(&names).map(row).collect()
}

/// A room to be made.
#[must_use]
pub fn make(name: &str) -> Form {
    let choices = vec!["open to all".to_owned(), "private, for those who are invited".to_owned()];
    let parts = vec![
        Field::plain("Name:", if name.is_empty() { "#" } else { name }),
        Part::Radio { choices, on: 0, marked: true },
        buttons(&["Make", "Cancel"]),
    ];
    Form::new("Make a room", parts)
}

/// Whether to leave a room for good.
#[must_use]
pub fn leave(room: &Room) -> Form {
    let back = if room.private { " You come back only if somebody invites you." } else { "" };
    let words = text(format!("Leave {} for good?{back}", room.place));
    Form::new("Leave", vec![words, buttons(&["Leave", "Stay"])]).at_buttons()
}

/// What is talked about in a place.
#[must_use]
pub fn topic(place: &Target, topic: &str) -> Form {
    let parts = vec![Field::plain("Topic:", topic), text("An empty one takes it away."), buttons(&["Set", "Cancel"])];
    Form::new(&format!("Topic of {place}"), parts)
}

/// Whom to ask into a room.
#[must_use]
pub fn invite(room: &str, people: Vec<Item>, names: Vec<Name>) -> Form {
    let list = List { fills: Some(0), ..List::people(people) };
    let parts = vec![Field::name("Name:", "", names), Part::List(list), buttons(&["Invite", "Cancel"])];
    Form::new(&format!("Invite into {room}"), parts)
}

/// Who is in a room.
#[must_use]
pub fn members(room: &str, people: Vec<Item>) -> Form {
    let list = List { rows: people, what: ("member", "members"), nothing: "Nobody is told yet.", ..List::default() };
    Form::new(&format!("Members of {room}"), vec![Part::List(list), buttons(&["Write", "Close"])])
}
