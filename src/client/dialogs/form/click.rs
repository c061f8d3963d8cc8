//! The mouse in a form: a click on a row or a button, and the wheel.
//!
//! Must not know: what the form is for.

use super::view::button_rows_of;
use super::{Form, FormAnswer, FormPart};
use crate::client::text::layout::button_spans;
use crate::client::view::DialogRow;

impl Form {
    /// Handles a click inside the border, at a column and a row counted from there, on a screen of this size.
    pub fn click(&mut self, cols: u16, rows: u16, (x, y): (u16, u16)) -> FormAnswer {
        let (inner, most) = self.inner(cols, rows);
        let shown = self.shown_rows(inner, most).into_iter().nth(y.into());
        let Some((at, row)) = shown else { return FormAnswer::Open };
        let Some((part, within)) = self.part_of_row(at, inner, most) else { return FormAnswer::Open };
        let (first, list_rows) = (self.press(0), self.list_room(inner, most).rows);
        match self.parts.get_mut(part) {
            Some(FormPart::Field(_)) => self.focus = part,
            Some(FormPart::List(list)) => {
                // The row above the list says how many there are; below it, the row under the cursor stands whole.
                let at = within.checked_sub(1).filter(|row| *row < list_rows);
                let at = at.map(|row| list.first_shown(list_rows) + row);
                list.at = at.filter(|at| *at < list.shown().count()).unwrap_or(list.at);
                self.focus = part;
            }
            Some(FormPart::Radio { on, marked, .. }) => {
                *on = within;
                let chooses = !*marked;
                self.focus = part;
                // A plain list is a menu: a click chooses.
                if chooses {
                    return FormAnswer::Pressed(first);
                }
            }
            Some(FormPart::Buttons { buttons, at }) => {
                let DialogRow::Buttons(labels, _) = row else { return FormAnswer::Open };
                let spans = button_spans(&labels, u16::try_from(inner + 2).unwrap_or(u16::MAX));
                let Some(hit) = spans.iter().position(|span| span.contains(&x)) else { return FormAnswer::Open };
                let clicked = button_rows_of(buttons, inner).take(within).sum::<usize>() + hit;
                *at = Some(clicked);
                let press = buttons.get(clicked).map(|button| button.press);
                self.focus = part;
                return press.map_or(FormAnswer::Open, FormAnswer::Pressed);
            }
            Some(
                FormPart::Text(_)
                | FormPart::Note(_)
                | FormPart::Heading(_)
                | FormPart::Pair(..)
                | FormPart::Glossary(_),
            )
            | None => {}
        }
        FormAnswer::Open
    }

    /// Scrolls the list of the form, or else its text, by rows.
    pub fn wheel(&mut self, rows: isize) {
        match self.list() {
            Some(list) => drop(list.step(rows)),
            None => self.scroll = self.scroll.saturating_add_signed(rows),
        }
    }
}
