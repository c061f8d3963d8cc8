//! The keys with names, such as Up and Home, with their modifiers and the letters and numbers of their sequences.
//!
//! Must not know: how sequences are found in a stream of bytes, or what the keys do.

use super::modifiers::Modifiers;
use crate::client::key::Key;

/// A named key without its modifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Base {
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
    Insert,
    Delete,
}

/// A named key with modifiers. Those without a meaning of their own are left out: Shift-Left is Left.
#[must_use]
pub(super) fn named(base: Base, modifiers: Modifiers) -> Option<Key> {
    if modifiers.foreign() {
        return None;
    }
    let (shift, alt, ctrl) = (modifiers.shift(), modifiers.alt(), modifiers.ctrl());
    Some(match base {
        Base::Up if ctrl => Key::CtrlUp,
        Base::Up if alt && shift => Key::AltShiftUp,
        Base::Up if alt => Key::AltUp,
        Base::Up if shift => Key::ShiftUp,
        Base::Up => Key::Up,
        Base::Down if ctrl => Key::CtrlDown,
        Base::Down if alt && shift => Key::AltShiftDown,
        Base::Down if alt => Key::AltDown,
        Base::Down if shift => Key::ShiftDown,
        Base::Down => Key::Down,
        Base::Left if ctrl => Key::CtrlLeft,
        Base::Left if alt => Key::AltLeft,
        Base::Left => Key::Left,
        Base::Right if ctrl => Key::CtrlRight,
        Base::Right if alt => Key::AltRight,
        Base::Right => Key::Right,
        Base::Home if ctrl => Key::CtrlHome,
        Base::Home if alt => Key::AltHome,
        Base::Home => Key::Home,
        Base::End if ctrl => Key::CtrlEnd,
        Base::End if alt => Key::AltEnd,
        Base::End => Key::End,
        Base::PageUp if shift => Key::ShiftPageUp,
        Base::PageUp => Key::PageUp,
        Base::PageDown if shift => Key::ShiftPageDown,
        Base::PageDown => Key::PageDown,
        Base::Insert => Key::Insert,
        Base::Delete => Key::Delete,
    })
}

/// A key whose sequence ends with a letter.
#[must_use]
pub(super) fn letter(last: u8, modifiers: Modifiers) -> Option<Key> {
    let base = match last {
        b'A' => Base::Up,
        b'B' => Base::Down,
        b'C' => Base::Right,
        b'D' => Base::Left,
        b'F' => Base::End,
        b'H' => Base::Home,
        b'P'..=b'S' => return Some(Key::F(last - b'P' + 1)).filter(|_| !modifiers.foreign()),
        _ => return None,
    };
    named(base, modifiers)
}

/// A key whose sequence has a number.
#[must_use]
pub(super) fn numbered(code: u32, modifiers: Modifiers) -> Option<Key> {
    let base = match code {
        1 | 7 => Base::Home,
        2 => Base::Insert,
        3 => Base::Delete,
        4 | 8 => Base::End,
        5 => Base::PageUp,
        6 => Base::PageDown,
        code => return function(code).filter(|_| !modifiers.foreign()),
    };
    named(base, modifiers)
}

/// A function key; the numbers have gaps.
fn function(code: u32) -> Option<Key> {
    let before = match code {
        11..=15 => 10,
        17..=21 => 11,
        23..=26 => 12,
        28..=29 => 13,
        31..=34 => 14,
        _ => return None,
    };
    u8::try_from(code - before).ok().map(Key::F)
}
