//! The modifiers of a key: Shift, Alt, Control and the rest.
//!
//! Must not know: keys.

/// The modifiers of a key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Modifiers(u32);

impl Modifiers {
    /// None.
    pub(super) const NONE: Self = Self(0);
    /// Shift alone.
    pub(super) const SHIFT: Self = Self(1);
    /// Control alone.
    pub(super) const CTRL: Self = Self(4);
    /// Both.
    pub(super) const CTRL_SHIFT: Self = Self(5);

    /// From the number in a sequence, which is one more than the bits.
    pub(super) fn of(number: u32) -> Self {
        Self(number.saturating_sub(1))
    }

    /// The same with Alt.
    pub(super) fn with_alt(self, alt: bool) -> Self {
        Self(self.0 | if alt { 2 } else { 0 })
    }

    pub(super) fn shift(self) -> bool {
        self.0 & 1 != 0
    }

    pub(super) fn alt(self) -> bool {
        self.0 & 2 != 0
    }

    pub(super) fn ctrl(self) -> bool {
        self.0 & 4 != 0
    }

    /// Whether a modifier is held with which a key neither writes nor moves: Super, Hyper or Meta.
    pub(super) fn foreign(self) -> bool {
        self.0 & (8 | 16 | 32) != 0
    }

    pub(super) fn caps_lock(self) -> bool {
        self.0 & 64 != 0
    }
}
