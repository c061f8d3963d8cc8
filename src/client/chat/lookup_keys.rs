//! The look-up keys of users and rooms, and the shortening of long texts.
//!
//! Must not know: conversations, people or rooms themselves.

use crate::model::Name;
use crate::model::Text;

use crate::model::RoomName;

/// The look-up key of a room: equal for all spellings of its name, and different from every user's key.
#[must_use]
pub(crate) fn room_key(room: &RoomName) -> String {
    room.folded()
}

/// The look-up key of a user: equal for all spellings of the name.
#[must_use]
pub(crate) fn folded(name: &Name) -> String {
    name.folded().into()
}

/// The text, cut to at most `most` bytes.
#[must_use]
pub(crate) fn shortened(text: &Text, most: usize) -> Text {
    if text.as_str().len() <= most {
        return text.clone();
    }
    Text::line(text.as_str().get(..text.as_str().floor_char_boundary(most)).unwrap_or_default())
}
