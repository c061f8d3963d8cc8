//! Views made by hand, as a session would make them.

use tr2::client::text::layout::Layout;
use tr2::client::view::*;

fn list(area: Rect, title: &str, rows: Vec<ListRow>) -> ListPane {
    ListPane { area, title: title.into(), rows, ..ListPane::default() }
}

fn row(left: &str, right: &str) -> ListRow {
    ListRow { left: StyledLine::of(Scope::Text, left), right: StyledLine::of(Scope::Unread, right), current: false }
}

/// One message as a row: its time, who said it, what.
pub fn said(time: &str, hue: u8, name: &str, text: &str) -> StyledLine {
    StyledLine::of(Scope::Dim, format!("{time} ")).and(Scope::Name(hue), format!("{name:<8}")).and(Scope::Text, text)
}

fn rule(title: &str, scope: Scope, width: usize) -> StyledLine {
    let side = width.saturating_sub(title.len() + 2) / 2;
    let rest = width.saturating_sub(side + title.len() + 2);
    StyledLine::of(scope, format!("{} {title} {}", "─".repeat(side), "─".repeat(rest)))
}

/// The chat of the design, on a screen of a size.
pub fn chat(cols: u16, rows: u16) -> View {
    let layout = Layout::of(cols, rows, 1);
    let inner = usize::from(layout.messages.width.saturating_sub(4));
    let mut lines = vec![
        rule("Sunday 22 November 2026", Scope::Dim, inner),
        said("12:01", 0, "bob", "good morning"),
        StyledLine::of(Scope::Dim, "12:02 ").and(Scope::Own, "alice   ").and(Scope::Text, "did the backup run?"),
        StyledLine::of(Scope::Text, "              second line of the same"),
        rule("new", Scope::Unread, inner),
        said("12:04", 0, "bob", "yes, see #ops"),
        said("12:05", 1, "carol", "日本語のテキスト and 😀 too"),
        StyledLine::of(Scope::Dim, "12:06 ")
            .and(Scope::Own, "alice   ")
            .and(Scope::Text, "thanks ")
            .and(Scope::Pending, "…"),
    ];
    let room = usize::from(layout.messages.height.saturating_sub(if layout.bordered { 2 } else { 0 }));
    lines.drain(..lines.len().saturating_sub(room));
    let menu = ["Echo", "List clients", "Private message", "Broadcast", "Exit", "Close server"];
    let menu = menu.iter().enumerate().map(|(index, entry)| ListRow {
        left: StyledLine::of(Scope::Key, format!("{}", index + 1)).and(Scope::Text, format!(" {entry}")),
        ..ListRow::default()
    });
    let mut everyone = row("everyone", "");
    everyone.current = true;
    View {
        cols,
        rows,
        menu: list(layout.menu, "Menu", menu.collect()),
        conversations: list(
            layout.conversations,
            "Conversations",
            vec![everyone, row("bob", "(2)"), row("a-very-long-name-indeed", "(117)")],
        ),
        online: list(layout.online, "Online · 3", vec![row("alice", "you"), row("bob", ""), row("carol", "")]),
        messages: MessagePane { area: layout.messages, title: "everyone".into(), lines, ..MessagePane::default() },
        composer: InputPane {
            area: layout.composer,
            prompt: "> ".into(),
            lines: vec![StyledLine::of(Scope::Text, "see you at")],
            cursor: Some((10, 0)),
            focused: true,
        },
        status: StatusBar {
            area: layout.status,
            left: StyledLine::of(Scope::Text, "alice@localhost · ")
                .and(Scope::Good, "online")
                .and(Scope::Dim, " · 1 ms"),
            right: StyledLine::of(Scope::Key, "F1")
                .and(Scope::Dim, " help  ")
                .and(Scope::Key, "F2")
                .and(Scope::Dim, " menu  ")
                .and(Scope::Key, "Tab")
                .and(Scope::Dim, " next pane"),
        },
        dialog: None,
    }
}

/// The same with the conversations focused and the messages scrolled back.
pub fn scrolled(cols: u16, rows: u16) -> View {
    let mut view = chat(cols, rows);
    view.composer.focused = false;
    view.composer.cursor = None;
    view.conversations.focused = true;
    view.conversations.cursor = Some(1);
    view.conversations.more = More { above: true, below: true };
    view.messages.below = Some("12 newer".into());
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
