//! The mouse: from the reports of a terminal to [`MouseEvent`]s.
//!
//! Must not know: how reports are found in a stream of bytes, or what the mouse does.

use crate::client::msg::{MouseAction, MouseEvent};

/// What the numbers of the older reports are raised by.
const OFFSET: u32 = 32;

/// A report with plain numbers: button, column and row from 1. `pressed` is false when a button was released.
pub(super) fn numbered(numbers: impl Iterator<Item = u32>, pressed: bool) -> Option<MouseEvent> {
    let [button, x, y] = three(numbers);
    if pressed { event(button, x, y) } else { None }
}

/// A report whose button is raised by an offset.
#[must_use]
pub(super) fn offset(button: u32, x: u32, y: u32) -> Option<MouseEvent> {
    event(button.checked_sub(OFFSET)?, x, y)
}

/// A report in three bytes, each raised by an offset.
#[must_use]
pub(super) fn bytes(report: [u8; 3]) -> Option<MouseEvent> {
    let [button, x, y] = report.map(u32::from);
    offset(button, x.checked_sub(OFFSET)?, y.checked_sub(OFFSET)?)
}

/// The first three numbers; 0 for those that are missing.
#[must_use]
pub(super) fn three(mut numbers: impl Iterator<Item = u32>) -> [u32; 3] {
    std::array::from_fn(|_| numbers.next().unwrap_or(0))
}

/// Drags and other buttons are left out; so are releases, which old reports give the button 3.
fn event(button: u32, x: u32, y: u32) -> Option<MouseEvent> {
    const MODIFIERS: u32 = 4 | 8 | 16;
    let action = match button & !MODIFIERS {
        0 => MouseAction::Click,
        1 => MouseAction::MiddleClick,
        2 => MouseAction::RightClick,
        64 => MouseAction::WheelUp,
        65 => MouseAction::WheelDown,
        _ => return None,
    };
    let cell = |number: u32| u16::try_from(number.checked_sub(1)?).ok();
    Some(MouseEvent { action, x: cell(x)?, y: cell(y)? })
}
