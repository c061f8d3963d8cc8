//! Colours and effects: the style of each kind of text.
//!
//! What a colour says, words or an effect say, too: the screen reads the same without any.
//!
//! Must not know: where the text stands.

use cursive::style::{BaseColor, Color, ColorStyle, Effect, Style};

use super::look::{Depth, Look};
use super::palette::{DARK, LIGHT, Palette};
use crate::client::view::{Background, Scope};

/// The hues for names on a terminal of sixteen colours, without cyan, green and yellow, which are unreadable on white.
const SIXTEEN: [Color; 6] = [
    Color::Dark(BaseColor::Blue),
    Color::Dark(BaseColor::Magenta),
    Color::Dark(BaseColor::Red),
    Color::Light(BaseColor::Blue),
    Color::Light(BaseColor::Magenta),
    Color::Light(BaseColor::Red),
];

/// The styles of one terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Theme {
    depth: Depth,
    background: Option<Background>,
}

impl Theme {
    /// The styles for a terminal on this background.
    #[must_use]
    pub(super) fn new(look: Look, background: Option<Background>, colourless: bool) -> Self {
        Self { depth: if colourless { Depth::Mono } else { look.depth }, background }
    }

    fn palette(self) -> &'static Palette {
        match self.background {
            Some(Background::Light) => &LIGHT,
            Some(Background::Dark) | None => &DARK,
        }
    }

    /// The style of a stretch of text.
    #[must_use]
    pub(super) fn scope(self, scope: Scope) -> Style {
        let palette = self.palette();
        let sixteen =
            |hue: u8| SIXTEEN.get(usize::from(hue) % SIXTEEN.len()).copied().unwrap_or(Color::TerminalDefault);
        let name = |hue: u8| {
            let colour = palette.names.get(usize::from(hue) % palette.names.len()).copied().unwrap_or(palette.dim);
            self.tinted(colour, sixteen(hue))
        };
        match scope {
            Scope::Text => plain(),
            Scope::Dim | Scope::Pending if self.depth >= Depth::Palette => {
                self.tinted(palette.dim, Color::TerminalDefault)
            }
            Scope::Dim | Scope::Pending => with(plain(), Effect::Dim),
            Scope::Name(hue) if self.depth == Depth::Sixteen => with(name(hue), Effect::Bold),
            Scope::Name(hue) => name(hue),
            Scope::BoldName(hue) => with(name(hue), Effect::Bold),
            Scope::Own | Scope::Heading | Scope::Unread | Scope::Key => with(plain(), Effect::Bold),
            Scope::Mention => with(self.mention(), Effect::Reverse),
            Scope::Focus => with(self.focus(), Effect::Bold),
            Scope::Error => with(self.tinted(palette.error, Color::Dark(BaseColor::Red)), Effect::Bold),
        }
    }

    fn mention(self) -> Style {
        with(self.tinted(self.palette().mention, Color::Dark(BaseColor::Magenta)), Effect::Bold)
    }

    fn focus(self) -> Style {
        self.tinted(self.palette().focus, Color::Dark(BaseColor::Blue))
    }

    /// The sign in the gutter beside a message that mentions the person, or that they have picked.
    #[must_use]
    pub(super) fn gutter(self, picked: bool) -> Style {
        if picked { self.focus() } else { self.mention() }
    }

    /// What stands behind a row that mentions the person; nothing on a background that is not known.
    #[must_use]
    pub(super) fn tint(self) -> Option<Color> {
        (self.depth >= Depth::Palette && self.background.is_some()).then(|| indexed(self.palette().tint))
    }

    /// A hairline between panes.
    #[must_use]
    pub(super) fn hairline(self) -> Style {
        self.scope(Scope::Dim)
    }

    /// The border of a dialog.
    #[must_use]
    pub(super) fn border(self) -> Style {
        match self.depth {
            Depth::Mono => with(plain(), Effect::Bold),
            Depth::Sixteen | Depth::Palette | Depth::True => self.focus(),
        }
    }

    /// The title of a dialog, or of the pane that has the focus.
    #[must_use]
    pub(super) fn title(self) -> Style {
        with(self.border(), Effect::Bold)
    }

    /// The selected row of a list, or the button that Enter presses.
    #[must_use]
    pub(super) fn chosen(self) -> Style {
        with(plain(), Effect::Reverse)
    }

    /// A text field.
    #[must_use]
    pub(super) fn field(self) -> Style {
        with(plain(), Effect::Underline)
    }

    fn tinted(self, colour: u8, sixteen: Color) -> Style {
        let colour = match self.depth {
            Depth::Mono => Color::TerminalDefault,
            Depth::Sixteen => sixteen,
            Depth::Palette | Depth::True => indexed(colour),
        };
        Style::from(ColorStyle::new(colour, Color::TerminalDefault))
    }
}

/// One of xterm's 256 colours, from 16 on.
fn indexed(number: u8) -> Color {
    match number {
        232.. => {
            let grey = 8 + 10 * (number - 232);
            Color::Rgb(grey, grey, grey)
        }
        _ => {
            let cube = number.saturating_sub(16);
            Color::RgbLowRes(cube / 36, cube / 6 % 6, cube % 6)
        }
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
