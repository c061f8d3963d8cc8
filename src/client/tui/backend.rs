//! The backend that cursive draws on: the cells of an [`Output`].
//!
//! It is our own because the stock ones fail on a paste, a wide cluster or a cut line, take the mouse, and wait by
//! polling.
//!
//! Must not know: what is drawn, or input; the event loop reads the terminal itself.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use cursive::backend::Backend;
use cursive::event::Event;
use cursive::style::{BaseColor, Color, ColorPair, Effect};
use cursive::{Vec2, XY};
use unicode_width::UnicodeWidthStr;

use super::grid::{CellStyle, Paint};
use super::output::Output;

/// A backend that draws on an [`Output`] shared with the screen.
pub(super) struct Cells {
    output: Rc<RefCell<Output>>,
    at: Cell<Vec2>,
    style: Cell<CellStyle>,
    colours: Cell<ColorPair>,
}

impl Cells {
    /// A backend on `output`.
    #[must_use]
    pub(super) fn on(output: Rc<RefCell<Output>>) -> Self {
        let colours = ColorPair { front: Color::TerminalDefault, back: Color::TerminalDefault };
        Self { output, at: Cell::default(), style: Cell::new(CellStyle::PLAIN), colours: Cell::new(colours) }
    }

    fn change_effect(&self, effect: Effect, on: bool) {
        let mut style = self.style.get();
        let Some(code) = effect_code(effect) else { return };
        let bit = 1 << code;
        style.effects = if on { style.effects | bit } else { style.effects & !bit };
        self.style.set(style);
    }
}

impl Backend for Cells {
    fn poll_event(&mut self) -> Option<Event> {
        None
    }

    fn set_title(&mut self, title: String) {
        self.output.borrow_mut().title(&title);
    }

    fn refresh(&mut self) {
        self.output.borrow_mut().finish();
    }

    fn has_colors(&self) -> bool {
        true
    }

    fn screen_size(&self) -> Vec2 {
        let (cols, rows) = self.output.borrow().size();
        XY::new(cols.into(), rows.into())
    }

    fn move_to(&self, pos: Vec2) {
        self.at.set(pos);
    }

    fn print(&self, text: &str) {
        let Vec2 { x, y } = self.at.get();
        let width = text.width();
        self.output.borrow_mut().put(x, y, text, width, self.style.get());
        self.at.set(XY::new(x.saturating_add(width), y));
    }

    fn clear(&self, _: Color) {}

    fn set_color(&self, colours: ColorPair) -> ColorPair {
        self.style.set(CellStyle { text: paint(colours.front), behind: paint(colours.back), ..self.style.get() });
        self.colours.replace(colours)
    }

    fn set_effect(&self, effect: Effect) {
        self.change_effect(effect, true);
    }

    fn unset_effect(&self, effect: Effect) {
        self.change_effect(effect, false);
    }

    fn name(&self) -> &str {
        "tr2"
    }
}

/// A colour as the terminal knows it. A colour of the xterm palette is given as its red, green and blue.
fn paint(colour: Color) -> Paint {
    let base = |colour| match colour {
        BaseColor::Black => 0,
        BaseColor::Red => 1,
        BaseColor::Green => 2,
        BaseColor::Yellow => 3,
        BaseColor::Blue => 4,
        BaseColor::Magenta => 5,
        BaseColor::Cyan => 6,
        BaseColor::White => 7,
    };
    match colour {
        Color::Dark(colour) => Paint::Palette(base(colour)),
        Color::Light(colour) => Paint::Palette(8 + base(colour)),
        Color::RgbLowRes(r, g, b) => Paint::Indexed(16 + 36 * r.min(5) + 6 * g.min(5) + b.min(5)),
        // The greys of the palette are 10 apart, from 8 on.
        Color::Rgb(grey, ..) => Paint::Indexed(232 + (grey.saturating_sub(8) / 10).min(23)),
        Color::TerminalDefault => Paint::Own,
    }
}

fn effect_code(effect: Effect) -> Option<u8> {
    match effect {
        Effect::Simple | Effect::Strikethrough => None,
        Effect::Bold => Some(1),
        Effect::Dim => Some(2),
        Effect::Italic => Some(3),
        Effect::Underline => Some(4),
        Effect::Blink => Some(5),
        Effect::Reverse => Some(7),
    }
}
