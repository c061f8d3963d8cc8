//! What the screen shows, as plain data: made by the session, drawn by `tui`.
//!
//! Must not know: how it came about, or how it is drawn.

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
    /// Whether nothing fits in it.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.width == 0 || self.height == 0
    }

    /// Columns for text in it: with a border, a blank stands on either side inside. Text of up to two columns more is
    /// still shown whole, over the blanks.
    #[must_use]
    pub fn text_width(self, bordered: bool) -> u16 {
        self.width.saturating_sub(if bordered { 4 } else { 0 })
    }
}

/// What a stretch of text is, which the theme turns into colours and effects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Plain text.
    #[default]
    Text,
    /// Less important than text: times, hints, day lines.
    Dim,
    /// A user's name, in one of [`NAME_HUES`] colours.
    Name(u8),
    /// One's own name.
    Own,
    /// A count of unread messages, the "new" line.
    Unread,
    /// Something that went well: online.
    Good,
    /// Something to wait for: connecting, not accepted yet.
    Pending,
    /// Something that went wrong.
    Error,
    /// What a key does: the key itself.
    Key,
    /// A heading inside a dialog.
    Heading,
}

/// How many colours names are told apart by.
pub const NAME_HUES: u8 = 5;

/// The mark behind the name of somebody who has proved who they are.
pub const VERIFIED: &str = "✓";

/// A stretch of text of one scope. Its text is harmless and holds no line feed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// What it is.
    pub scope: Scope,
    /// What it says.
    pub text: String,
}

/// One row of spans, no wider than the place it is made for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line(pub Vec<Span>);

impl Line {
    /// A row of one scope.
    #[must_use]
    pub fn of(scope: Scope, text: impl Into<String>) -> Self {
        Self(vec![Span { scope, text: text.into() }])
    }

    /// The row with one more stretch at its end.
    #[must_use]
    pub fn and(mut self, scope: Scope, text: impl Into<String>) -> Self {
        self.0.push(Span { scope, text: text.into() });
        self
    }

    /// What it says, without scopes.
    #[must_use]
    pub fn text(&self) -> String {
        self.0.iter().map(|span| span.text.as_str()).collect()
    }
}

/// Everything on the screen. Rectangles are outer ones: a pane with a border draws it along the edge inside.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// The screen's size in cells.
    pub cols: u16,
    /// The screen's size in cells.
    pub rows: u16,
    /// The menu.
    pub menu: ListPane,
    /// "everyone", the rooms one is in, and the private conversations.
    pub conversations: ListPane,
    /// Who is online, or in the room in view.
    pub online: ListPane,
    /// The conversation in view.
    pub messages: MessagePane,
    /// What is being written.
    pub composer: InputPane,
    /// The line at the bottom.
    pub status: StatusBar,
    /// What lies over everything and takes the keys.
    pub dialog: Option<DialogView>,
}

/// A pane with rows to choose from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListPane {
    /// Where, with its border.
    pub area: Rect,
    /// In the border.
    pub title: String,
    /// The rows that fit, from the first visible.
    pub rows: Vec<ListRow>,
    /// Which of `rows` the cursor is on.
    pub cursor: Option<usize>,
    /// Whether keys go here.
    pub focused: bool,
    /// Whether rows lie above or below what is shown.
    pub more: More,
}

/// Rows beyond the edges.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct More {
    /// Above the first row shown.
    pub above: bool,
    /// Below the last row shown.
    pub below: bool,
}

/// A row of a list: text to the left, and to the right.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListRow {
    /// At the left edge; cut if the row is too narrow.
    pub left: Line,
    /// At the right edge, never cut.
    pub right: Line,
    /// Whether it is the one in view (its conversation is shown).
    pub current: bool,
}

/// The message view: rows made ready for its size.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MessagePane {
    /// Where, with its border.
    pub area: Rect,
    /// In the border, to the left.
    pub title: String,
    /// The visible rows, made for the area's [`Rect::text_width`], from the top; fewer than fit when there is little to
    /// show, and then they stand at the bottom.
    pub lines: Vec<Line>,
    /// Whether keys go here.
    pub focused: bool,
    /// In the lower border: how many newer messages lie below what is shown, if it is scrolled back.
    pub below: Option<String>,
}

/// A place to write.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InputPane {
    /// Where, with its border for the composer; the bare row for a dialog's field.
    pub area: Rect,
    /// Before the first row.
    pub prompt: String,
    /// The visible rows of what is written, without the prompt.
    pub lines: Vec<Line>,
    /// Where the cursor stands: column after the prompt's width, row.
    pub cursor: Option<(u16, u16)>,
    /// Whether keys go here.
    pub focused: bool,
}

/// The line at the bottom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatusBar {
    /// Where: one row.
    pub area: Rect,
    /// Who, where, how the connection is.
    pub left: Line,
    /// What keys there are.
    pub right: Line,
}

/// A dialog: text, fields, choices and buttons, one below the other, in a border.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DialogView {
    /// Where, with its border.
    pub area: Rect,
    /// In the border.
    pub title: String,
    /// From the top, one a row (a field or a choice is one row too); exactly the inner rows of the area.
    pub rows: Vec<DialogRow>,
}

/// One row of a dialog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DialogRow {
    /// Text.
    Text(Line),
    /// A label and a place to write; `cursor` is the column in `text`, if keys go here.
    Field {
        /// Before it.
        label: String,
        /// The visible part of what is written.
        text: String,
        /// The column of the cursor, if keys go here.
        cursor: Option<u16>,
    },
    /// Something to choose: a row of a list, or one of a few possibilities.
    Choice {
        /// What it is.
        row: ListRow,
        /// Whether the cursor is on it.
        selected: bool,
        /// Whether keys go here.
        focused: bool,
        /// `Some` for one of a few possibilities, of which one is on.
        on: Option<bool>,
    },
    /// Buttons beside one another, and which of them has the cursor.
    Buttons(Vec<String>, Option<usize>),
}
