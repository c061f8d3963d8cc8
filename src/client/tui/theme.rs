//! Colours and effects: the style of each kind of text.
//!
//! At most sixteen colours, from the terminal's own palette and on its own background, so that dark and light screens
//! are both readable. What a colour says, words or an effect say, too.
//!
//! Must not know: where the text stands.

use cursive::style::{BaseColor, Color, ColorStyle, Effect, Style};

use crate::client::view::{NAME_HUES, Scope};

/// The styles of one terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Theme {
    /// Whether to use colours; without, effects alone make the difference.
    pub colours: bool,
}

impl Theme {
    /// The style of a stretch of text.
    #[must_use]
    pub(super) fn scope(self, scope: Scope) -> Style {
        use BaseColor::{Blue, Cyan, Green, Magenta, Red};
        match scope {
            Scope::Text => plain(),
            Scope::Dim => with(plain(), Effect::Dim),
            // Red is reserved for errors; yellow is unreadable on white.
            Scope::Name(hue) => self.tinted(match hue % NAME_HUES {
                0 => Color::Dark(Cyan),
                1 => Color::Dark(Magenta),
                2 => Color::Dark(Green),
                3 => Color::Light(Blue),
                _ => Color::Light(Magenta),
            }),
            Scope::Own | Scope::Heading => with(plain(), Effect::Bold),
            Scope::Unread => with(self.tinted(Color::Dark(Magenta)), Effect::Bold),
            Scope::Good => self.tinted(Color::Dark(Green)),
            Scope::Pending => self.tinted(Color::Dark(Magenta)),
            Scope::Error => with(self.tinted(Color::Dark(Red)), Effect::Bold),
            Scope::Key => with(self.tinted(Color::Dark(Cyan)), Effect::Bold),
        }
    }

    /// The border of a pane.
    #[must_use]
    pub(super) fn border(self, focused: bool) -> Style {
        match (focused, self.colours) {
            (true, true) => self.tinted(Color::Dark(BaseColor::Cyan)),
            (true, false) => with(plain(), Effect::Bold),
            (false, _) => with(plain(), Effect::Dim),
        }
    }

    /// The title in a border.
    #[must_use]
    pub(super) fn title(self, focused: bool) -> Style {
        if focused { with(self.border(true), Effect::Bold) } else { plain() }
    }

    /// The selected row of a list, or the button that Enter presses.
    #[must_use]
    pub(super) fn chosen(self) -> Style {
        with(plain(), Effect::Reverse)
    }

    /// The conversation in view.
    #[must_use]
    pub(super) fn current(self) -> Style {
        with(plain(), Effect::Bold)
    }

    /// A text field.
    #[must_use]
    pub(super) fn field(self) -> Style {
        with(plain(), Effect::Underline)
    }

    fn tinted(self, colour: Color) -> Style {
        if self.colours { Style::from(ColorStyle::new(colour, Color::TerminalDefault)) } else { plain() }
    }
}

/// The terminal's default style.
#[must_use]
pub(super) fn plain() -> Style {
    Style::from(ColorStyle::new(Color::TerminalDefault, Color::TerminalDefault))
}

/// A style with one more effect.
#[must_use]
pub(super) fn with(mut style: Style, effect: Effect) -> Style {
    style.effects.insert(effect);
    style
}
