//! The screen: one cursive view that draws a [`View`], and the output to the terminal.
//!
//! Must not know: how the view came about, or input.

use std::cell::RefCell;
use std::io::Write;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use cursive::theme::Theme as CursiveTheme;
use cursive::views::LayerPosition;
use cursive::{Cursive, CursiveRunner, Printer, Vec2};

use super::backend::Cells;
use super::dialogs;
use super::hyperlinks::LinkedCells;
use super::look::Look;
use super::output::{Cursor, Output};
use super::paint::Painter;
use super::panes;
use super::sheet;
use super::tile_cells::PictureDrawing;
use crate::client::view::{Rect, View};
use crate::media::picture::{Picture, PictureSize, SMALLEST};

/// A terminal's screen.
pub struct Screen {
    output: Rc<RefCell<Output>>,
    runner: CursiveRunner<Cursive>,
    /// Whether even an unchanged view must be drawn.
    stale: bool,
    look: Look,
    /// What stands for every picture in the view that cursive draws: a new picture changes nothing there.
    stand_in: Option<Arc<Picture>>,
}

impl Screen {
    /// A screen of this size that writes to `sink`.
    #[must_use]
    pub fn new(sink: Box<dyn Write>, size: (u16, u16), look: Look) -> Self {
        let output = Rc::new(RefCell::new(Output::new(sink, size, look)));
        let mut cursive = Cursive::new();
        cursive.set_theme(CursiveTheme::terminal_default());
        cursive.add_fullscreen_layer(Panes { view: View::default(), look });
        let runner = CursiveRunner::new(cursive, Box::new(Cells::on(output.clone())));
        let stand_in = PictureSize::new(SMALLEST, SMALLEST).map(|size| Arc::new(Picture::filled(size, 0)));
        Self { output, runner, stale: true, look, stand_in }
    }

    /// Shows `view`: writes what differs from what is shown.
    pub fn draw(&mut self, mut view: View) {
        self.set_pictures(&mut view);
        let cursor = cursor(&view);
        let linked = linked_cells(&view);
        let (cols, rows) = self.output.borrow().size();
        if cols == 0 || rows == 0 {
            return;
        }
        let other_sheet = self.panes().is_some_and(|panes| panes.view.sheet != view.sheet);
        if other_sheet {
            // Only what is written in one go is one line for who copies it.
            self.forget();
        }
        self.output.borrow_mut().set_joined(sheet::joined_rows(view.sheet.as_ref()));
        let known = !std::mem::take(&mut self.stale);
        if let Some(panes) = self.panes() {
            if known && panes.view == view {
                self.output.borrow_mut().set_links(linked);
                return self.output.borrow_mut().finish();
            }
            panes.view = view;
        }
        self.output.borrow_mut().set_links(linked);
        let visible = cursor.visible && cursor.x < cols && cursor.y < rows;
        self.output.borrow_mut().place_cursor(Cursor { x: cursor.x.min(cols - 1), y: cursor.y.min(rows - 1), visible });
        self.output.borrow_mut().begin();
        self.runner.refresh();
    }

    /// Hands the pictures of a view to the output.
    fn set_pictures(&mut self, view: &mut View) {
        let style = PictureDrawing::of(view.picture_style, self.look, view.colourless, view.background);
        let mut pictures = Vec::new();
        for tile in &mut view.tiles {
            let picture = tile.picture.take();
            if style.is_some() && picture.is_some() {
                tile.picture.clone_from(&self.stand_in);
            }
            pictures.extend(picture.map(|picture| (tile.area, picture)));
        }
        let covered = match &view.sheet {
            Some(_) => Some(Rect { x: 0, y: 0, width: view.cols, height: view.rows }),
            None => view.dialog.as_ref().map(|dialog| dialogs::covered(dialog.area)),
        };
        self.output.borrow_mut().tiles_mut().set(pictures, covered, style);
    }

    /// How long pictures that were not written yet have to wait for the terminal; `None` if there are none.
    #[must_use]
    pub fn until_pictures(&self) -> Option<Duration> {
        self.output.borrow().until_pictures()
    }

    /// Writes them, if the terminal has taken those before.
    pub fn draw_pictures(&mut self) {
        self.output.borrow_mut().finish();
    }

    fn panes(&mut self) -> Option<&mut Panes> {
        self.runner.screen_mut().get_mut(LayerPosition::FromFront(0))?.downcast_mut()
    }

    /// Sets a new size.
    pub fn resize(&mut self, size: (u16, u16)) {
        self.stale = true;
        self.output.borrow_mut().resize(size);
    }

    /// Draws everything at the next [`Self::draw`], whatever the terminal shows.
    pub fn forget(&mut self) {
        self.stale = true;
        self.output.borrow_mut().forget();
    }

    /// Rings the bell, after the next frame.
    pub fn bell(&mut self) {
        self.output.borrow_mut().bell();
    }

    /// Names the window, after the next frame.
    pub fn title(&mut self, title: &str) {
        self.output.borrow_mut().title(title);
    }

    /// Shows a notification after the next frame, or rings the bell where the terminal has none.
    pub fn notify(&mut self, title: &str, body: &str) {
        self.output.borrow_mut().notify(title, body);
    }

    /// Puts a text into the terminal's clipboard, after the next frame.
    ///
    /// # Errors
    /// If that cannot be done. The sentence says why.
    pub fn copy(&mut self, text: &str) -> Result<(), String> {
        self.output.borrow_mut().copy(text)
    }

    /// Has a sequence written before the next frame.
    pub(super) fn queue(&mut self, sequence: &str) {
        self.output.borrow_mut().queue(sequence);
    }

    /// Another program gets the terminal: what it has not taken yet is dropped, and the next frame draws everything.
    pub(super) fn abandon(&mut self) {
        self.stale = true;
        self.output.borrow_mut().abandon();
    }

    /// The terminal has said more about itself.
    pub fn learn(&mut self, look: Look) {
        self.look = look;
        self.output.borrow_mut().learn(look);
    }

    /// The terminal answers questions.
    pub fn trust_answers(&mut self) {
        self.output.borrow_mut().pace_mut().trust();
    }

    /// The terminal has answered the question for its status: what was written before has arrived.
    pub fn answered(&mut self) {
        self.output.borrow_mut().pace_mut().answered();
    }

    /// Whether the terminal is still to answer that question.
    #[must_use]
    pub fn is_asking(&self) -> bool {
        self.output.borrow().pace().is_asking()
    }

    /// How long the next frame has to wait, because enough is on its way to the terminal; `key` if it shows what the
    /// person has just done.
    #[must_use]
    pub fn until_arrived(&self, key: bool) -> Duration {
        self.output.borrow().pace().wait(key, Instant::now())
    }

    /// Writes what the terminal has not taken yet.
    pub fn flush(&mut self) {
        self.output.borrow_mut().flush();
    }

    /// Whether the terminal has not taken the last frame yet; the next one should wait.
    #[must_use]
    pub fn is_behind(&self) -> bool {
        self.output.borrow().is_behind()
    }

    /// Whether the terminal cannot be written any more.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.output.borrow().has_failed()
    }
}

struct Panes {
    view: View,
    look: Look,
}

impl cursive::View for Panes {
    fn draw(&self, printer: &Printer<'_, '_>) {
        let view = &self.view;
        let painter = Painter::new(printer, self.look, view);
        if let Some(sheet) = &view.sheet {
            return sheet::draw(&painter, sheet, (view.cols, view.rows));
        }
        for line in view.hairlines {
            panes::hairline(&painter, line);
        }
        for pane in [&view.conversations, &view.menu, &view.people] {
            panes::list(&painter, pane);
        }
        panes::messages(&painter, &view.messages);
        for tile in &view.tiles {
            panes::tile(&painter, tile);
        }
        if let Some(panel) = &view.panel {
            panes::panel(&painter, panel);
        }
        panes::composer(&painter, &view.composer);
        panes::status(&painter, &view.status);
        if let Some(dialog) = &view.dialog {
            dialogs::draw(&painter, dialog);
        }
    }

    fn required_size(&mut self, available: Vec2) -> Vec2 {
        available
    }
}

/// The cells that belong to links: those of the messages, as far as nothing lies over them.
fn linked_cells(view: &View) -> Vec<LinkedCells> {
    if view.sheet.is_some() {
        return Vec::new();
    }
    let covered = view.dialog.as_ref().map(|dialog| dialogs::covered(dialog.area));
    panes::linked_cells(&view.messages).into_iter().flat_map(|cells| uncovered(cells, covered)).collect()
}

/// The parts of a row of cells beside an area that lies over it.
fn uncovered(cells: LinkedCells, covered: Option<Rect>) -> Vec<LinkedCells> {
    let Some(area) = covered.filter(|area| (area.y..area.y.saturating_add(area.height)).contains(&cells.y)) else {
        return vec![cells];
    };
    let end = cells.x.saturating_add(cells.width);
    let right = area.x.saturating_add(area.width);
    let part = |from: u16, to: u16| LinkedCells { x: from, width: to.saturating_sub(from), ..cells.clone() };
    let parts = [part(cells.x, end.min(area.x)), part(cells.x.max(right), end)];
    parts.into_iter().filter(|part| part.width > 0).collect()
}

/// The position of the terminal's cursor: in the text that is being written, else at the selected row or the picked message.
fn cursor(view: &View) -> Cursor {
    let place = match &view.dialog {
        _ if view.sheet.is_some() => None,
        Some(dialog) => dialogs::cursor(dialog),
        None => panes::composer_cursor(&view.composer)
            .or_else(|| [&view.menu, &view.conversations, &view.people].into_iter().find_map(panes::list_cursor))
            .or_else(|| panes::picked_cursor(&view.messages)),
    };
    place.unwrap_or(Cursor { x: 0, y: view.rows.saturating_sub(1), visible: false })
}
