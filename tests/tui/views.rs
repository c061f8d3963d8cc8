//! Views made by hand, as a session would make them.

use std::sync::Arc;

use tr2::client::text::layout::{Contents, Layout};
use tr2::client::view::*;
use tr2::media::picture::Picture;

fn list(area: Rect, title: &str, rows: Vec<ListRow>) -> ListPane {
    let title = if title.is_empty() { StyledLine::default() } else { StyledLine::of(Scope::Dim, title) };
    ListPane { area, title, rows, ..ListPane::default() }
}

fn row(left: &str, right: &str) -> ListRow {
    let right = if right.is_empty() { StyledLine::default() } else { StyledLine::of(Scope::Unread, right) };
    ListRow { left: StyledLine::of(Scope::Text, left), right, current: false }
}

/// One message as a row: its time, who said it, what.
pub fn said(time: &str, hue: u8, name: &str, text: &str) -> MessageLine {
    let line = StyledLine::of(Scope::Dim, format!("{time} ")).and(Scope::Name(hue), format!("{name:>9}  "));
    line.and(Scope::Text, text).into()
}

fn rule(title: &str, scope: Scope, width: usize) -> MessageLine {
    let rest = "─".repeat(width.saturating_sub(title.len() + 4));
    StyledLine::of(scope, format!("── {title} {rest}")).into()
}

/// The layout of these views.
pub fn layout(cols: u16, rows: u16) -> Layout {
    Layout::of(cols, rows, Contents { draft: 1, conversations: 3, menu: 9, ..Contents::default() })
}

/// The chat of the design, on a screen of a size.
pub fn chat(cols: u16, rows: u16) -> View {
    let layout = layout(cols, rows);
    let inner = usize::from(layout.messages.width.saturating_sub(2 * layout.gutter));
    let mention = StyledLine::of(Scope::Dim, "12:05 ").and(Scope::BoldName(1), "    carol  ");
    let mut lines = vec![
        rule("Sunday 22 November", Scope::Dim, inner),
        said("12:01", 0, "bob", "good morning"),
        StyledLine::of(Scope::Dim, "12:02 ")
            .and(Scope::Own, "      you  ")
            .and(Scope::Text, "did the backup run?")
            .into(),
        StyledLine::of(Scope::Text, "                 second line of the same").into(),
        rule("3 new", Scope::Unread, inner),
        said("12:04", 0, "bob", "yes, see #ops"),
        MessageLine {
            mark: LineMark::Mention,
            line: mention.and(Scope::Text, "alice: 日本語のテキスト and 😀 too"),
            ..MessageLine::default()
        },
        StyledLine::of(Scope::Dim, "12:06 ")
            .and(Scope::Own, "      you  ")
            .and(Scope::Text, "thanks ")
            .and(Scope::Pending, "◌")
            .into(),
    ];
    lines.drain(..lines.len().saturating_sub(layout.messages.height.into()));
    let menu =
        ["Echo", "List clients", "Private message", "Broadcast", "Exit", "Close server", "Search", "Rooms", "Moderate"];
    let menu = menu.iter().enumerate().map(|(index, entry)| ListRow {
        left: StyledLine::of(Scope::Text, format!("{} {entry}", index + 1)),
        ..ListRow::default()
    });
    let mut everyone = row("1 everyone", "");
    everyone.current = true;
    let mut bob = row("2 bob", "");
    bob.right = StyledLine::of(Scope::Mention, "@2");
    View {
        cols,
        rows,
        menu: list(
            layout.menu,
            if layout.menu_headed { "Menu" } else { "" },
            if layout.menu_folded { Vec::new() } else { menu.collect() },
        ),
        conversations: list(layout.conversations, "", vec![everyone, bob, row("3 a-very-long-name-indeed", "117")]),
        people: list(layout.people, "3 online", vec![row("alice", "you"), row("bob", ""), row("~carol", "")]),
        messages: MessagePane {
            area: layout.messages,
            gutter: layout.gutter,
            title_area: layout.title,
            title: StyledLine::of(Scope::Heading, "everyone"),
            title_right: StyledLine::of(Scope::Dim, "3 people"),
            lines,
            ..MessagePane::default()
        },
        tiles: Vec::new(),
        picture_style: PictureStyle::Auto,
        panel: None,
        composer: InputPane {
            area: layout.composer,
            prompt: "> ".into(),
            lines: vec![StyledLine::of(Scope::Text, "see you at")],
            cursor: Some((10, 0)),
            note: String::new(),
            focused: true,
            ..InputPane::default()
        },
        status: StatusBar {
            area: layout.status,
            left: StyledLine::of(Scope::Focus, "● ")
                .and(Scope::Own, "alice")
                .and(Scope::Text, "  2 bob ")
                .and(Scope::Mention, "@2"),
            right: StyledLine::of(Scope::Key, "Ctrl-K")
                .and(Scope::Dim, " go  ")
                .and(Scope::Key, "F1")
                .and(Scope::Dim, " keys"),
        },
        hairlines: layout.hairlines,
        background: Some(Background::Dark),
        colourless: false,
        dialog: None,
        sheet: None,
    }
}

/// The same with a tile, whose picture is one of a camera.
pub fn tiled(cols: u16, rows: u16, size: TileSize, picture: Option<Picture>) -> View {
    let contents = Contents { draft: 1, conversations: 3, menu: 9, tile: size, ..Contents::default() };
    let layout = Layout::of(cols, rows, contents);
    let mut view = chat(cols, rows);
    let messages = &mut view.messages;
    messages.area = layout.messages;
    messages.lines.drain(..messages.lines.len().saturating_sub(layout.messages.height.into()));
    view.tiles = vec![Tile {
        area: layout.tile,
        picture: picture.map(Arc::new),
        note: StyledLine::of(Scope::Dim, "camera off"),
        caption_area: layout.tile_caption,
        caption: vec![StyledLine::of(Scope::Name(0), "bob"), StyledLine::of(Scope::Dim, "by the server")],
    }];
    view
}

/// The same with a panel over the messages.
pub fn panel(cols: u16, rows: u16) -> View {
    let mut view = chat(cols, rows);
    let Rect { x, y, width, height } = view.messages.area;
    let taken = 3.min(height);
    view.panel = Some(Panel {
        area: Rect { x, y: y + height - taken, width, height: taken },
        rows: vec![
            StyledLine::of(Scope::Text, "bob is verified (Unix user 1002)."),
            StyledLine::of(Scope::Error, "no"),
        ],
        hint: "Esc closes".into(),
    });
    view
}

/// The same with the conversations focused and the messages scrolled back.
pub fn scrolled(cols: u16, rows: u16) -> View {
    let mut view = chat(cols, rows);
    view.composer.focused = false;
    view.composer.cursor = None;
    view.conversations.focused = true;
    view.conversations.cursor = Some(1);
    view.conversations.more = More { above: true, below: true };
    view
}

/// The same with a dialog over it.
pub fn dialog(cols: u16, rows: u16) -> View {
    let mut view = chat(cols, rows);
    let (width, height) = (46.min(cols), 11.min(rows));
    view.composer.focused = false;
    view.dialog = Some(DialogView {
        area: Rect { x: (cols - width) / 2, y: (rows - height) / 2, width, height },
        title: "Broadcast".into(),
        rows: vec![
            DialogRow::Text(StyledLine::of(Scope::Text, "Everyone who is online reads this.")),
            DialogRow::Text(StyledLine::default()),
            DialogRow::Field { label: "Message".into(), text: "the server restarts at".into(), cursor: Some(22) },
            DialogRow::Field { label: "Subject".into(), text: String::new(), cursor: None },
            DialogRow::Text(StyledLine::default()),
            DialogRow::Choice { row: row("everyone but me", ""), selected: true, focused: false, on: Some(true) },
            DialogRow::Choice { row: row("me too", ""), selected: false, focused: false, on: Some(false) },
            DialogRow::Text(StyledLine::of(Scope::Error, "The server did not accept it: too fast.")),
            DialogRow::Buttons(vec!["Send".into(), "Cancel".into()], Some(0)),
        ],
    });
    view
}

/// A list to choose from in a dialog.
pub fn chooser(cols: u16, rows: u16) -> View {
    let mut view = chat(cols, rows);
    let (width, height) = (34.min(cols), 9.min(rows));
    view.composer.focused = false;
    let choice = |name: &str, state: &str, selected| DialogRow::Choice {
        row: ListRow {
            left: StyledLine::of(Scope::Text, name),
            right: StyledLine::of(Scope::Dim, state),
            current: false,
        },
        selected,
        focused: true,
        on: None,
    };
    view.dialog = Some(DialogView {
        area: Rect { x: (cols - width) / 2, y: (rows - height) / 2, width, height },
        title: "Online".into(),
        rows: vec![
            DialogRow::Text(StyledLine::of(Scope::Heading, "Who do you want to write to?")),
            choice("alice", "you", false),
            choice("bob", "moderator", true),
            choice("carol", "", false),
            DialogRow::Text(StyledLine::default()),
            DialogRow::Buttons(vec!["Write".into(), "Close".into()], None),
        ],
    });
    view
}
