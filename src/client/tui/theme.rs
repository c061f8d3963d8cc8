//! Colours and effects: what each kind of text looks like.
//!
//! Sixteen colours at most, of the terminal's own palette and on its own background, so that dark and light screens
//! both read well. Whatever a colour says is said by words or an effect too.
//!
//! Must not know: where the text stands.

use cursive::style::{BaseColor, Color, ColorStyle, Effect, Style};

use crate::client::view::{NAME_HUES, Scope};

/// The styles of one terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    /// Without colours, effects alone tell things apart.
    pub colours: bool,
}

impl Theme {
    /// The style of a stretch of text.
    #[must_use]
    pub fn scope(self, scope: Scope) -> Style {
        use BaseColor::{Blue, Cyan, Green, Magenta, Red};
        match scope {
            Scope::Text => plain(),
            Scope::Dim => with(plain(), Effect::Dim),
            // Red is left to errors; yellow cannot be read on white.
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
    pub fn border(self, focused: bool) -> Style {
        match (focused, self.colours) {
            (true, true) => self.tinted(Color::Dark(BaseColor::Cyan)),
            (true, false) => with(plain(), Effect::Bold),
            (false, _) => with(plain(), Effect::Dim),
        }
    }

    /// The title in a border.
    #[must_use]
    pub fn title(self, focused: bool) -> Style {
        if focused { with(self.border(true), Effect::Bold) } else { plain() }
    }

    /// What the cursor of a list is on, or the button that Enter presses.
    #[must_use]
    pub fn chosen(self) -> Style {
        with(plain(), Effect::Reverse)
    }

    /// The conversation in view.
    #[must_use]
    pub fn current(self) -> Style {
        with(plain(), Effect::Bold)
    }

    /// A place to write.
    #[must_use]
    pub fn field(self) -> Style {
        with(plain(), Effect::Underline)
    }

    fn tinted(self, colour: Color) -> Style {
        if self.colours { Style::from(ColorStyle::new(colour, Color::TerminalDefault)) } else { plain() }
    }
}

/// As the terminal shows text by itself.
#[must_use]
pub fn plain() -> Style {
    Style::from(ColorStyle::new(Color::TerminalDefault, Color::TerminalDefault))
}

/// A style with one more effect.
#[must_use]
pub fn with(mut style: Style, effect: Effect) -> Style {
    style.effects.insert(effect);
    style
}
