//! Paints a view as text with its borders, to compare it with an expected screen.
//!
//! Must not know: how the real screen draws.

use tr2::client::text::layout::Layout;
use tr2::client::text::wrap;
use tr2::client::view::{DialogRow, ListPane, Rect, StyledLine, View};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Cells; the second cell of a wide cluster is empty.
struct Grid {
    cols: usize,
    cells: Vec<Vec<String>>,
}

impl Grid {
    /// Writes a text. Panics if it overflows: no row of a view is wider than its place.
    fn put(&mut self, x: usize, y: usize, room: usize, text: &str) {
        assert!(text.width() <= room || room == 0, "{text:?} is wider than {room}");
        assert!(!text.contains(char::is_control), "{text:?} holds a control character");
        let mut at = x;
        for cluster in text.graphemes(true) {
            if at >= self.cols || y >= self.cells.len() || at >= x.saturating_add(room) {
                break;
            }
            self.cells[y][at] = cluster.to_owned();
            for hidden in 1..cluster.width() {
                if at + hidden < self.cols {
                    self.cells[y][at + hidden] = String::new();
                }
            }
            at += cluster.width();
        }
    }

    /// Draws a line, joined with the lines it meets.
    fn join(&mut self, x: usize, y: usize, sign: &str) {
        const SIGNS: [(&str, u8); 12] = [
            ("─", 12),
            ("═", 12),
            ("│", 3),
            ("┌", 10),
            ("┐", 6),
            ("└", 9),
            ("┘", 5),
            ("├", 11),
            ("┤", 7),
            ("┬", 14),
            ("┴", 13),
            ("┼", 15),
        ];
        let lines = |sign: &str| SIGNS.iter().find(|(known, _)| *known == sign).map_or(0, |(_, lines)| *lines);
        if x < self.cols && y < self.cells.len() {
            let both = lines(&self.cells[y][x]) | lines(sign);
            let joined = SIGNS.iter().find(|(_, lines)| *lines == both).map_or(sign, |(known, _)| known);
            self.cells[y][x] = if both == lines(sign) { sign } else { joined }.to_owned();
        }
    }

    fn frame(&mut self, area: Rect, title: &str, focused: bool) {
        let (x, y, w, h) = (area.x.into(), area.y.into(), usize::from(area.width), usize::from(area.height));
        if w < 2 || h < 2 {
            return;
        }
        let across = if focused { "═" } else { "─" };
        for at in x + 1..x + w - 1 {
            self.join(at, y, across);
            self.join(at, y + h - 1, across);
        }
        for row in y + 1..y + h - 1 {
            self.put(x + 1, row, w - 2, &" ".repeat(w - 2));
            self.join(x, row, "│");
            self.join(x + w - 1, row, "│");
        }
        for (x, y, corner) in [(x, y, "┌"), (x + w - 1, y, "┐"), (x, y + h - 1, "└"), (x + w - 1, y + h - 1, "┘")]
        {
            self.join(x, y, corner);
        }
        if !title.is_empty() && w > title.width() + 4 {
            self.put(x + 1, y, w - 2, &format!(" {title} "));
        }
    }

    fn list(&mut self, pane: &ListPane) {
        if pane.area.is_empty() {
            return;
        }
        self.frame(pane.area, &pane.title, pane.focused);
        let room = usize::from(pane.area.text_width(true));
        for (at, row) in pane.rows.iter().enumerate() {
            let y = usize::from(pane.area.y) + 1 + at;
            let x = usize::from(pane.area.x) + 2;
            self.put(x, y, room, &row.left.text());
            let right = row.right.text();
            self.put(x + room - right.width(), y, right.width(), &right);
            if pane.cursor == Some(at) {
                self.put(x - 2, y, 1, ">");
            } else if row.current {
                self.put(x - 2, y, 1, "*");
            }
        }
    }
}

fn text(lines: &[StyledLine]) -> Vec<String> {
    lines.iter().map(StyledLine::text).collect()
}

/// The screen as text, without trailing spaces. The cursor is `_` on an empty cell, `█` otherwise.
pub fn paint(view: &View) -> String {
    let (cols, rows) = (usize::from(view.cols), usize::from(view.rows));
    let mut grid = Grid { cols, cells: vec![vec![" ".to_owned(); cols]; rows] };
    let edge = usize::from(Layout::of(view.cols, view.rows, 1).bordered);
    [&view.menu, &view.conversations, &view.online].into_iter().for_each(|pane| grid.list(pane));

    let area = view.messages.area;
    let place = |area: Rect| {
        let height = usize::from(area.height).saturating_sub(2 * edge);
        (usize::from(area.x) + 2 * edge, usize::from(area.y) + edge, area.text_width(edge > 0).into(), height)
    };
    if edge > 0 {
        grid.frame(area, &view.messages.title, view.messages.focused);
        grid.frame(view.composer.area, "", view.composer.focused);
    }
    let (x, y, room, height) = place(area);
    let lines = text(&view.messages.lines);
    assert!(lines.len() <= height, "more rows than fit");
    for (at, line) in lines.iter().enumerate() {
        grid.put(x, y + height - lines.len() + at, room, line);
    }
    if let (Some(below), true) = (&view.messages.below, edge > 0) {
        grid.put(x, y + height, room, &format!(" {below} "));
    }

    let (x, y, room, height) = place(view.composer.area);
    let lines = text(&view.composer.lines);
    assert!(lines.len() <= height, "more rows than fit");
    let prompt = view.composer.prompt.width();
    for (at, line) in lines.iter().enumerate() {
        if at == 0 {
            grid.put(x, y, room.max(prompt), &view.composer.prompt);
        }
        let inner = room.saturating_sub(prompt);
        if inner > 0 {
            grid.put(x + prompt, y + at, inner, line);
        }
    }
    if let Some((column, row)) = view.composer.cursor {
        let (x, y) = (x + prompt + usize::from(column), y + usize::from(row));
        if x < cols && y < rows {
            grid.cells[y][x] = if grid.cells[y][x] == " " { "_".to_owned() } else { "█".to_owned() };
        }
    }

    let (x, y) = (usize::from(view.status.area.x), usize::from(view.status.area.y));
    let (left, right) = (view.status.left.text(), view.status.right.text());
    grid.put(x, y, cols, &left);
    grid.put(x + cols - right.width(), y, right.width(), &right);

    if let Some(dialog) = &view.dialog {
        let area = dialog.area;
        assert!(area.x + area.width <= view.cols && area.y + area.height <= view.rows, "the dialog leaves the screen");
        assert!(area.is_empty() || dialog.rows.len() + 2 == usize::from(area.height), "rows for the dialog's height");
        for y in area.y..area.y + area.height {
            grid.put(area.x.into(), y.into(), area.width.into(), &" ".repeat(area.width.into()));
        }
        grid.frame(area, &dialog.title, true);
        let room = usize::from(area.text_width(true));
        for (at, row) in dialog.rows.iter().enumerate() {
            grid.put(usize::from(area.x) + 2, usize::from(area.y) + 1 + at, usize::MAX, &dialog_row(row, room));
        }
    }
    let lines: Vec<String> = grid.cells.into_iter().map(|row| row.concat().trim_end().to_owned()).collect();
    lines.join("\n") + "\n"
}

fn dialog_row(row: &DialogRow, room: usize) -> String {
    let row = match row {
        DialogRow::Text(line) => line.text(),
        DialogRow::Field { label, text, cursor } => {
            let end = if *cursor == Some(u16::try_from(text.width()).unwrap()) { "_" } else { "" };
            wrap::take(&format!("{label} {text}{end}"), room)
        }
        DialogRow::Choice { row, selected, focused, on } => {
            let cursor = if *selected && *focused { ">" } else { " " };
            let radio = on.map_or(String::new(), |on| if on { "(•)".to_owned() } else { "( )".to_owned() });
            let left = wrap::take(&format!("{cursor}{radio}{}", row.left.text()), room);
            let right = row.right.text();
            let gap = room.saturating_sub(left.width() + right.width());
            if right.is_empty() { left } else { format!("{left}{}{right}", " ".repeat(gap)) }
        }
        DialogRow::Buttons(labels, at) => {
            let button = |(index, label): (usize, &String)| {
                if *at == Some(index) { format!("<{label}>") } else { format!("[{label}]") }
            };
            let buttons: Vec<String> = labels.iter().enumerate().map(button).collect();
            // The decoration of dialog rows is the screen's own: it is cut where there is no room.
            wrap::take(&buttons.join(" "), room)
        }
    };
    assert!(row.width() <= room, "{row:?} is wider than {room}");
    row
}
