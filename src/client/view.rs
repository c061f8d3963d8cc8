//! The screen as plain data: made by the session, drawn by `tui`.
//!
//! Must not know: how it is made, or how it is drawn.

/// A rectangle of cells; empty when it is not shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rect {
    /// Column of the left edge, from 0.
    pub x: u16,
    /// Row of the upper edge, from 0.
    pub y: u16,
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
}

impl Rect {
    /// Whether the rectangle has no cells.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.width == 0 || self.height == 0
    }

    /// The columns for text: inside a border there is a blank on either side. Text that is up to two columns wider is still
    /// shown whole, over the blanks.
    #[must_use]
    pub fn text_width(self, bordered: bool) -> u16 {
        self.width.saturating_sub(if bordered { 4 } else { 0 })
    }
}

/// The meaning of a piece of text, which the theme turns into colours and effects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Plain text.
    #[default]
    Text,
    /// Less important than text: times, hints, day lines.
    Dim,
    /// The name of a user, in one of [`NAME_HUES`] colours.
    Name(u8),
    /// The person's own name.
    Own,
    /// A count of unread messages, the "new" line.
    Unread,
    /// Success, such as being online.
    Good,
    /// Something pending, such as connecting, or a message that is not accepted yet.
    Pending,
    /// An error.
    Error,
    /// The name of a key.
    Key,
    /// A heading inside a dialog.
    Heading,
}

/// The number of colours that distinguish names.
pub const NAME_HUES: u8 = 5;

/// The mark behind the name of a user who has proved their identity.
pub const VERIFIED: &str = "✓";

/// A piece of text of one scope. The text is safe to print and has no line feed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StyledSpan {
    /// Its meaning.
    pub scope: Scope,
    /// Its text.
    pub text: String,
}

/// One row of text, no wider than the place it is made for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StyledLine(pub Vec<StyledSpan>);

impl StyledLine {
    /// A row of one scope.
    #[must_use]
    pub fn of(scope: Scope, text: impl Into<String>) -> Self {
        Self(vec![StyledSpan { scope, text: text.into() }])
    }

    /// The row with one more piece of text at its end.
    #[must_use]
    pub fn and(mut self, scope: Scope, text: impl Into<String>) -> Self {
        self.0.push(StyledSpan { scope, text: text.into() });
        self
    }

    /// The text without scopes.
    #[must_use]
    pub fn text(&self) -> String {
        self.0.iter().map(|span| span.text.as_str()).collect()
    }
}

/// The whole screen. Rectangles are outer ones: a pane draws its border along the inside of its edge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// The width of the screen in cells.
    pub cols: u16,
    /// The height of the screen in cells.
    pub rows: u16,
    /// The menu.
    pub menu: ListPane,
    /// The conversations: "everyone", the rooms that the person is in, and private ones.
    pub conversations: ListPane,
    /// The users online, or the members of the room in view.
    pub online: ListPane,
    /// The messages of the conversation in view.
    pub messages: MessagePane,
    /// The composer.
    pub composer: InputPane,
    /// The status bar.
    pub status: StatusBar,
    /// The open dialog, which lies over everything and takes the keys.
    pub dialog: Option<DialogView>,
}

/// A pane with a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListPane {
    /// The area, including the border.
    pub area: Rect,
    /// The title, in the border.
    pub title: String,
    /// The rows that fit, from the first visible.
    pub rows: Vec<ListRow>,
    /// The index in `rows` of the cursor.
    pub cursor: Option<usize>,
    /// Whether the pane has the focus.
    pub focused: bool,
    /// Whether there are rows above or below those shown.
    pub more: More,
}

/// Whether there are rows beyond the edges of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct More {
    /// Above the first row shown.
    pub above: bool,
    /// Below the last row shown.
    pub below: bool,
}

/// A row of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListRow {
    /// The text at the left edge; cut if the row is too narrow.
    pub left: StyledLine,
    /// The text at the right edge, never cut.
    pub right: StyledLine,
    /// Whether its conversation is in view.
    pub current: bool,
}

/// The pane of messages, laid out for its size.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MessagePane {
    /// The area, including the border.
    pub area: Rect,
    /// The title, at the left of the upper border.
    pub title: String,
    /// The visible rows, made for the area's [`Rect::text_width`], from the top; fewer than fit when there is little to
    /// show, and then they stand at the bottom.
    pub lines: Vec<StyledLine>,
    /// Whether the pane has the focus.
    pub focused: bool,
    /// In the lower border: how many newer messages lie below what is shown, if it is scrolled back.
    pub below: Option<String>,
}

/// A pane to write in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InputPane {
    /// The area: including the border for the composer, the bare row for a field of a dialog.
    pub area: Rect,
    /// The prompt before the first row.
    pub prompt: String,
    /// The visible rows of the text, without the prompt.
    pub lines: Vec<StyledLine>,
    /// The cursor: its column, counted from the end of the prompt, and its row.
    pub cursor: Option<(u16, u16)>,
    /// Whether the pane has the focus.
    pub focused: bool,
}

/// The status bar, the bottom row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatusBar {
    /// The area, one row.
    pub area: Rect,
    /// The left text: the user, the server, and the state of the connection.
    pub left: StyledLine,
    /// The right text: the most important keys.
    pub right: StyledLine,
}

/// A dialog: text, fields, choices and buttons, one below the other, inside a border.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DialogView {
    /// The area, including the border.
    pub area: Rect,
    /// The title, in the border.
    pub title: String,
    /// The rows from the top, exactly as many as fit inside the border of the area. A field or a choice is one row too.
    pub rows: Vec<DialogRow>,
}

/// One row of a dialog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DialogRow {
    /// Text.
    Text(StyledLine),
    /// A text field; `cursor` is the column in `text`, if the field has the focus.
    Field {
        /// The label in front of it.
        label: String,
        /// The visible part of the text.
        text: String,
        /// The column of the cursor, if the field has the focus.
        cursor: Option<u16>,
    },
    /// A row of a list, or a choice.
    Choice {
        /// The row.
        row: ListRow,
        /// Whether the cursor is on it.
        selected: bool,
        /// Whether the list or the group has the focus.
        focused: bool,
        /// `Some` for a choice: whether it is on.
        on: Option<bool>,
    },
    /// A row of buttons, and the index of the one under the cursor.
    Buttons(Vec<String>, Option<usize>),
}
