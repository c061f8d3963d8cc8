//! Colours and effects: the style of each kind of text.
//!
//! What a colour says, words or an effect say, too: the screen reads the same without any.
//!
//! Must not know: where the text stands.

use cursive::style::{BaseColor, Color, ColorStyle, Effect, Style};

use super::look::{Depth, Look};
use super::palette::{Badge, DARK, ERROR_BADGE, LIGHT, MENTION_BADGE, Palette};
use crate::client::view::{Background, Scope};

/// The accent on a dark background with sixteen colours. Of the sixteen, only bright cyan and white are readable there
/// whatever the terminal makes of them, and none but black is on a light background.
const SIXTEEN_ACCENT: Color = Color::Light(BaseColor::Cyan);

/// The styles of one terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Theme {
    colours: Colours,
}

/// The colours that can be read on a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Colours {
    /// None: effects alone, and never the faint one for text, which terminals draw at half the contrast.
    None,
    /// One, of the sixteen.
    Accent,
    /// Those that bring their background with them: nothing else can be read on all backgrounds.
    Badges,
    /// All.
    All(&'static Palette),
}

impl Theme {
    /// The styles for a terminal on this background.
    #[must_use]
    pub(super) fn new(look: Look, background: Option<Background>, colourless: bool) -> Self {
        let depth = if colourless { Depth::Mono } else { look.depth };
        let colours = match (depth, background) {
            (Depth::Mono, _) | (Depth::Sixteen, None | Some(Background::Light)) => Colours::None,
            (Depth::Sixteen, Some(Background::Dark)) => Colours::Accent,
            (Depth::Palette | Depth::True, None) => Colours::Badges,
            (Depth::Palette | Depth::True, Some(Background::Dark)) => Colours::All(&DARK),
            (Depth::Palette | Depth::True, Some(Background::Light)) => Colours::All(&LIGHT),
        };
        Self { colours }
    }

    /// The style of a stretch of text.
    #[must_use]
    pub(super) fn scope(self, scope: Scope) -> Style {
        match scope {
            Scope::Text => plain(),
            Scope::Dim | Scope::Pending => match self.colours {
                Colours::All(palette) => coloured(indexed(palette.dim)),
                Colours::None | Colours::Accent | Colours::Badges => plain(),
            },
            Scope::Name(hue) => self.name(hue),
            Scope::BoldName(hue) => bold(self.name(hue)),
            Scope::Own | Scope::Heading | Scope::Unread | Scope::Key => bold(plain()),
            Scope::Mention => match self.colours {
                Colours::Badges => bold(badge(MENTION_BADGE)),
                Colours::None | Colours::Accent | Colours::All(_) => with(self.mention(), Effect::Reverse),
            },
            Scope::Focus => bold(self.focus()),
            Scope::Error => bold(match self.colours {
                Colours::None | Colours::Accent => plain(),
                Colours::Badges => badge(ERROR_BADGE),
                Colours::All(palette) => coloured(indexed(palette.error)),
            }),
        }
    }

    /// A name has a hue, or is bold.
    fn name(self, hue: u8) -> Style {
        match self.colours {
            Colours::None | Colours::Badges => bold(plain()),
            Colours::Accent => bold(if hue.is_multiple_of(2) { plain() } else { coloured(SIXTEEN_ACCENT) }),
            Colours::All(palette) => {
                let hue = palette.names.get(usize::from(hue) % palette.names.len());
                coloured(indexed(hue.copied().unwrap_or(palette.dim)))
            }
        }
    }

    fn mention(self) -> Style {
        bold(match self.colours {
            Colours::None | Colours::Accent | Colours::Badges => plain(),
            Colours::All(palette) => coloured(indexed(palette.mention)),
        })
    }

    fn focus(self) -> Style {
        match self.colours {
            Colours::None | Colours::Badges => plain(),
            Colours::Accent => coloured(SIXTEEN_ACCENT),
            Colours::All(palette) => coloured(indexed(palette.focus)),
        }
    }

    /// The sign in the gutter beside a message that mentions the person, or that they have picked.
    #[must_use]
    pub(super) fn gutter(self, picked: bool) -> Style {
        if picked { self.focus() } else { self.mention() }
    }

    /// Whether a message that mentions the person has a tint behind it.
    #[must_use]
    pub(super) fn is_tinting(self) -> bool {
        matches!(self.colours, Colours::All(_))
    }

    /// A style on the tint behind a message that mentions the person. The terminal's own colour of text was not chosen
    /// for the tint and has another one there.
    #[must_use]
    pub(super) fn tinted(self, style: Style) -> Style {
        let Colours::All(palette) = self.colours else { return style };
        let front = match style.color.front {
            own if own == Color::TerminalDefault.into() => indexed(palette.text).into(),
            front => front,
        };
        Style { color: ColorStyle { front, back: indexed(palette.tint).into() }, ..style }
    }

    /// A hairline between panes. It is not text, and may be faint.
    #[must_use]
    pub(super) fn hairline(self) -> Style {
        match self.colours {
            Colours::All(palette) => coloured(indexed(palette.dim)),
            Colours::None | Colours::Accent | Colours::Badges => with(plain(), Effect::Dim),
        }
    }

    /// The border of a dialog.
    #[must_use]
    pub(super) fn border(self) -> Style {
        match self.colours {
            Colours::None | Colours::Badges => bold(plain()),
            Colours::Accent | Colours::All(_) => self.focus(),
        }
    }

    /// The title of a dialog, or of the pane that has the focus.
    #[must_use]
    pub(super) fn title(self) -> Style {
        bold(self.border())
    }

    /// The selected row of a list, or the button that Enter presses.
    #[must_use]
    pub(super) fn chosen(self) -> Style {
        with(plain(), Effect::Reverse)
    }

    /// How a QR code is drawn; `None` without colours on a background that is not known.
    #[must_use]
    pub(super) fn qr_ink(depth: Depth, background: Option<Background>) -> Option<QrInk> {
        let inked = |text, behind| QrInk { style: Style::from(ColorStyle::new(text, behind)), inverted: false };
        match (depth, background) {
            (Depth::Palette | Depth::True, _) => Some(inked(indexed(16), indexed(231))),
            (Depth::Sixteen, _) => Some(inked(Color::Dark(BaseColor::Black), Color::Dark(BaseColor::White))),
            (Depth::Mono, Some(Background::Dark)) => Some(QrInk { style: plain(), inverted: true }),
            (Depth::Mono, Some(Background::Light)) => Some(QrInk { style: plain(), inverted: false }),
            (Depth::Mono, None) => None,
        }
    }

    /// A text field.
    #[must_use]
    pub(super) fn field(self) -> Style {
        with(plain(), Effect::Underline)
    }
}

/// How a QR code is drawn: dark on light, on any background.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct QrInk {
    /// The style of its cells.
    pub style: Style,
    /// Whether the light modules are drawn, and the dark ones left out.
    pub inverted: bool,
}

/// The colour of a text on the terminal's own background.
fn coloured(text: Color) -> Style {
    Style::from(ColorStyle::new(text, Color::TerminalDefault))
}

fn badge(Badge { text, behind }: Badge) -> Style {
    Style::from(ColorStyle::new(indexed(text), indexed(behind)))
}

fn bold(style: Style) -> Style {
    with(style, Effect::Bold)
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
