//! The screen as plain data: made by the session, drawn by `tui`.
//!
//! `tile` has the pictures among the panes, `sheet` what is shown in place of all of them to be copied.
//!
//! Must not know: how it is made, or how it is drawn.

use crate::model::MessageId;

pub use sheet::{QrModules, SheetRow, SheetView};
pub use tile::{PictureStyle, Tile, TileSize};

mod sheet;
mod tile;

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

    /// The columns for text inside the border of a dialog: there is a blank on either side. Text that is up to two columns
    /// wider is still shown whole, over the blanks.
    #[must_use]
    pub fn text_width(self) -> u16 {
        self.width.saturating_sub(4)
    }
}

/// The meaning of a piece of text, which the theme turns into colours and effects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Plain text.
    #[default]
    Text,
    /// Less important than text: times, hints, day lines, users who are not verified.
    Dim,
    /// The name of a user, in one of [`NAME_HUES`] colours.
    Name(u8),
    /// The same in a message that mentions the person.
    BoldName(u8),
    /// The person's own name.
    Own,
    /// A count of unread messages, the "new" line.
    Unread,
    /// A count of messages for the person: mentions, and private ones.
    Mention,
    /// What has the attention: the conversation in view, being online.
    Focus,
    /// Something pending, such as a message that is not accepted yet.
    Pending,
    /// An error, being offline, the server's announced end.
    Error,
    /// The name of a key.
    Key,
    /// A heading.
    Heading,
}

/// The number of colours that distinguish names.
pub const NAME_HUES: u8 = 12;

/// The sign before the name of a user who is not verified: anyone could use the name.
pub const UNVERIFIED: &str = "~";

/// The sign of what goes directly to another client, past the server.
pub const DIRECT_SIGN: &str = "⇄";

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

/// The background of the terminal, by which colours are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Background {
    /// Light text on dark.
    Dark,
    /// Dark text on light.
    Light,
}

/// The whole screen.
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
    pub people: ListPane,
    /// The messages of the conversation in view.
    pub messages: MessagePane,
    /// Pictures of a call.
    pub tiles: Vec<Tile>,
    /// How pictures are drawn.
    pub picture_style: PictureStyle,
    /// What the client has to say to the person, below the messages.
    pub panel: Option<Panel>,
    /// The composer.
    pub composer: InputPane,
    /// The status bar.
    pub status: StatusBar,
    /// The hairlines between the panes.
    pub hairlines: [Rect; 2],
    /// The background of the terminal; while it is unknown, no colour is used that some background would hide.
    pub background: Option<Background>,
    /// Whether the person wants no colours.
    pub colourless: bool,
    /// The open dialog, which lies over everything and takes the keys.
    pub dialog: Option<DialogView>,
    /// What is shown in place of all this, and takes the keys.
    pub sheet: Option<SheetView>,
}

/// A pane with a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListPane {
    /// The area, including the row of the title.
    pub area: Rect,
    /// The title, above the rows; empty for none.
    pub title: StyledLine,
    /// The rows that fit, from the first visible.
    pub rows: Vec<ListRow>,
    /// The index of the first visible row among all.
    pub first: usize,
    /// The index in `rows` of the cursor.
    pub cursor: Option<usize>,
    /// Whether the pane has the focus.
    pub focused: bool,
    /// Whether there are rows above or below those shown.
    pub more: More,
}

impl ListPane {
    /// The rows above the list.
    #[must_use]
    pub fn title_rows(&self) -> u16 {
        u16::from(!self.title.0.is_empty())
    }
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
    /// The area of the rows, including the gutter.
    pub area: Rect,
    /// The columns of the gutter, in front of the rows.
    pub gutter: u16,
    /// The row of the title; empty on a low screen.
    pub title_area: Rect,
    /// The title of the conversation, at the left.
    pub title: StyledLine,
    /// Modes and the number of people, at the right of the title.
    pub title_right: StyledLine,
    /// The visible rows, made for the width without the gutter, from the top; fewer than fit when there is little to show,
    /// and then they stand at the bottom.
    pub lines: Vec<MessageLine>,
    /// Whether the pane has the focus.
    pub focused: bool,
}

/// What tells a message from the others of its conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MessageRef {
    /// Its number, once the server has accepted it.
    Number(MessageId),
    /// Until then, its label.
    Label(String),
}

/// One row of the messages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MessageLine {
    /// What is unusual about it.
    pub mark: LineMark,
    /// Its text.
    pub line: StyledLine,
    /// The message that it belongs to, if that can be picked.
    pub message: Option<MessageRef>,
    /// The links in its text, from the left.
    pub links: Vec<LineLink>,
}

/// A link, or the part of one, in a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineLink {
    /// Its first column in the row.
    pub start: u16,
    /// Its columns.
    pub width: u16,
    /// The whole link: `http` or `https`, in printable ASCII.
    pub url: String,
}

impl From<StyledLine> for MessageLine {
    fn from(line: StyledLine) -> Self {
        Self { line, ..Self::default() }
    }
}

/// What is unusual about a row of the messages, as the gutter shows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LineMark {
    /// Nothing.
    #[default]
    None,
    /// It belongs to a message that mentions the person.
    Mention,
    /// It belongs to the message that the person has picked.
    Picked,
}

/// What the client has to say to the person in more than a few words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Panel {
    /// The area, with a line above the rows.
    pub area: Rect,
    /// The rows.
    pub rows: Vec<StyledLine>,
    /// In the line above: how to close it.
    pub hint: String,
}

/// A pane to write in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InputPane {
    /// The area.
    pub area: Rect,
    /// What the text is for, if not for a new message, in a row above it; empty for none.
    pub heading: StyledLine,
    /// The prompt before the first row of the text.
    pub prompt: String,
    /// The visible rows of the text, without the prompt.
    pub lines: Vec<StyledLine>,
    /// The cursor: its column, counted from the end of the prompt, and its row.
    pub cursor: Option<(u16, u16)>,
    /// How long the draft is, at the right edge of its first row.
    pub note: String,
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
