//! Paints a view as text with its borders, to compare it with an expected screen.
//!
//! Must not know: how the real screen draws.

use tr2::client::text::wrap;
use tr2::client::view::{DialogRow, LineMark, ListPane, MessagePane, Rect, StyledLine, Tile, View};
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

    fn text(self) -> String {
        let lines: Vec<String> = self.cells.into_iter().map(|row| row.concat().trim_end().to_owned()).collect();
        lines.join("\n") + "\n"
    }

    fn frame(&mut self, area: Rect, title: &str) {
        let (x, y, w, h) = (area.x.into(), area.y.into(), usize::from(area.width), usize::from(area.height));
        if w < 2 || h < 2 {
            return;
        }
        let across = "─".repeat(w - 2);
        self.put(x, y, w, &format!("┌{across}┐"));
        self.put(x, y + h - 1, w, &format!("└{across}┘"));
        for row in y + 1..y + h - 1 {
            self.put(x, row, 1, "│");
            self.put(x + w - 1, row, 1, "│");
        }
        if !title.is_empty() && w > title.width() + 4 {
            self.put(x + 1, y, w - 2, &format!(" {title} "));
        }
    }

    fn list(&mut self, pane: &ListPane) {
        if pane.area.is_empty() {
            return;
        }
        let (x, y) = (usize::from(pane.area.x), usize::from(pane.area.y));
        let room = usize::from(pane.area.width).saturating_sub(2);
        let title = pane.title.text();
        self.put(x, y, 1, if pane.focused { "»" } else { " " });
        self.put(x + 1, y, room, &title);
        for (at, row) in pane.rows.iter().enumerate() {
            let y = y + usize::from(pane.title_rows()) + at;
            self.put(x + 1, y, room, &row.left.text());
            let right = row.right.text();
            self.put(x + 1 + room - right.width(), y, right.width(), &right);
            if pane.cursor == Some(at) {
                self.put(x, y, 1, ">");
            } else if row.current {
                self.put(x, y, 1, "*");
            }
        }
        for (there, y) in [(pane.more.above, y), (pane.more.below, y + usize::from(pane.area.height) - 1)] {
            if there {
                self.put(x + room + 1, y, 1, if y == usize::from(pane.area.y) { "↑" } else { "↓" });
            }
        }
    }

    fn messages(&mut self, pane: &MessagePane) {
        let (area, gutter) = (pane.area, usize::from(pane.gutter));
        let (x, height) = (usize::from(area.x) + gutter, usize::from(area.height));
        let room = usize::from(area.width) - gutter;
        assert!(pane.lines.len() <= height, "more rows than fit");
        for (at, line) in pane.lines.iter().enumerate() {
            let y = usize::from(area.y) + height - pane.lines.len() + at;
            self.put(x, y, room, &line.line.text());
            for link in &line.links {
                let end = usize::from(link.start) + usize::from(link.width);
                assert!(end <= line.line.text().width(), "{link:?} is beyond {:?}", line.line.text());
                let printable = link.url.bytes().all(|byte| byte.is_ascii_graphic());
                assert!(printable && link.url.starts_with("http"), "{link:?} is no harmless link");
            }
            match line.mark {
                LineMark::None => {}
                LineMark::Mention => self.put(x - gutter, y, gutter, "▌"),
                LineMark::Picked => self.put(x - gutter, y, gutter, ">"),
            }
        }
        if !pane.title_area.is_empty() {
            let Rect { x, y, width, .. } = pane.title_area;
            let right = pane.title_right.text();
            let room = usize::from(width).saturating_sub(2);
            self.put(usize::from(x), y.into(), 1, if pane.focused { "»" } else { " " });
            self.put(usize::from(x) + 1, y.into(), room, &pane.title.text());
            self.put(usize::from(x) + 1 + room - right.width(), y.into(), right.width(), &right);
        }
    }
}

impl Grid {
    /// A picture is a marked area.
    fn tile(&mut self, tile: &Tile) {
        let Rect { x, y, width, height } = tile.area;
        let (x, width) = (usize::from(x), usize::from(width));
        for row in y..y + height {
            self.put(x, row.into(), width, &if tile.picture.is_some() { "▒" } else { " " }.repeat(width));
        }
        if tile.picture.is_none() && height > 0 {
            let note = tile.note.text();
            self.put(x + (width - note.width()) / 2, usize::from(y + height / 2), width, &note);
        }
        let Rect { x, y, width, height } = tile.caption_area;
        for (at, line) in tile.caption.iter().take(height.into()).enumerate() {
            self.put(usize::from(x) + 1, usize::from(y) + at, usize::from(width).saturating_sub(1), &line.text());
        }
    }
}

/// The screen as text, without trailing spaces. The cursor is `_` on an empty cell, `█` otherwise.
pub fn paint(view: &View) -> String {
    let (cols, rows) = (usize::from(view.cols), usize::from(view.rows));
    let mut grid = Grid { cols, cells: vec![vec![" ".to_owned(); cols]; rows] };
    if let Some(sheet) = &view.sheet {
        for (y, row) in sheet.rows.iter().enumerate() {
            grid.put(0, y, cols, &row.line.text());
        }
        if let Some((area, _)) = &sheet.qr {
            grid.frame(*area, "QR");
        }
        grid.put(0, rows - 1, cols, &sheet.hint.text());
        return grid.text();
    }
    for line in view.hairlines {
        for y in line.y..line.y + line.height {
            grid.put(line.x.into(), y.into(), 1, "│");
        }
    }
    [&view.conversations, &view.menu, &view.people].into_iter().for_each(|pane| grid.list(pane));
    grid.messages(&view.messages);
    view.tiles.iter().for_each(|tile| grid.tile(tile));
    if let Some(panel) = &view.panel {
        let (x, width) = (usize::from(panel.area.x), usize::from(panel.area.width));
        let hint = wrap::take(&format!(" {} ", panel.hint), width);
        for (at, y) in (panel.area.y..panel.area.y + panel.area.height).enumerate() {
            let row = at.checked_sub(1).map_or_else(|| "─".repeat(width), |at| panel.rows[at].text());
            grid.put(x, y.into(), width, &" ".repeat(width));
            grid.put(x + usize::from(at > 0 && row.width() < width), y.into(), width, &row);
        }
        grid.put(x + width - hint.width(), panel.area.y.into(), hint.width(), &hint);
    }

    let mut area = view.composer.area;
    if !view.composer.heading.0.is_empty() {
        let heading = view.composer.heading.text();
        grid.put(usize::from(area.x) + 1, area.y.into(), usize::from(area.width).saturating_sub(1), &heading);
        (area.y, area.height) = (area.y + 1, area.height - 1);
    }
    let lines: Vec<String> = view.composer.lines.iter().map(StyledLine::text).collect();
    let (height, room) = (usize::from(area.height), usize::from(area.width));
    assert!(lines.len() <= height, "more rows than fit");
    let prompt = view.composer.prompt.width();
    let widest = lines.iter().map(|line| line.width()).max().unwrap_or(0);
    let widest = widest.max(view.composer.cursor.map_or(0, |(column, _)| usize::from(column) + 1));
    let (x, y) = (usize::from(area.x) + usize::from(prompt + widest < room), usize::from(area.y));
    for (at, line) in lines.iter().enumerate() {
        if at == 0 {
            grid.put(x, y, room.max(prompt), &view.composer.prompt);
        }
        let inner = room.saturating_sub(prompt);
        if inner > 0 {
            grid.put(x + prompt, y + at, inner, line);
        }
    }
    let note = &view.composer.note;
    grid.put(usize::from(area.x) + room - note.width(), y, note.width(), note);
    if let Some((column, row)) = view.composer.cursor {
        let (x, y) = (x + prompt + usize::from(column), y + usize::from(row));
        if x < cols && y < rows {
            grid.cells[y][x] = if grid.cells[y][x] == " " { "_".to_owned() } else { "█".to_owned() };
        }
    }

    let (x, y) = (usize::from(view.status.area.x), usize::from(view.status.area.y));
    let (left, right) = (view.status.left.text(), view.status.right.text());
    grid.put(x + usize::from(left.width() < cols), y, cols, &left);
    grid.put(x + cols.saturating_sub(right.width() + 1), y, right.width(), &right);

    if let Some(dialog) = &view.dialog {
        let area = dialog.area;
        assert!(area.x + area.width <= view.cols && area.y + area.height <= view.rows, "the dialog leaves the screen");
        assert!(area.is_empty() || dialog.rows.len() + 2 == usize::from(area.height), "rows for the dialog's height");
        for y in area.y..area.y + area.height {
            grid.put(area.x.into(), y.into(), area.width.into(), &" ".repeat(area.width.into()));
        }
        grid.frame(area, &dialog.title);
        let room = usize::from(area.text_width());
        for (at, row) in dialog.rows.iter().enumerate() {
            grid.put(usize::from(area.x) + 2, usize::from(area.y) + 1 + at, usize::MAX, &dialog_row(row, room));
        }
    }
    grid.text()
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
