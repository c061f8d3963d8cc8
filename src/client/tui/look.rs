//! What the terminal can show, according to the environment and to what it says about itself.
//!
//! Must not know: what is shown, or how anything is written.

use crate::client::text::ascii::Charset;
use crate::client::view::Background;

/// The capabilities of a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// How many colours may be used; without any, effects say the same.
    pub depth: Depth,
    /// Whether characters beyond ASCII may be written.
    pub unicode: bool,
    /// Whether it is an emulator that knows window titles and key reports, or skips them silently.
    pub emulator: bool,
    /// Whether it shows hyperlinks (OSC 8).
    pub hyperlinks: bool,
    /// How it shows notifications.
    pub notification: Notification,
    /// What stands between us and the terminal.
    pub multiplexer: Multiplexer,
    /// The background, if the environment tells; the terminal's own answer is better.
    pub background: Option<Background>,
}

/// How many colours may be used. Each has those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// None.
    Mono,
    /// The sixteen of the terminal's palette.
    Sixteen,
    /// The 256 of xterm.
    Palette,
    /// All.
    True,
}

/// How a terminal shows notifications.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notification {
    /// OSC 99, with title and body (kitty).
    Kitty,
    /// OSC 777, with title and body (urxvt, VTE, foot, ghostty, WezTerm).
    Urxvt,
    /// OSC 9, with a text (iTerm2, Windows Terminal).
    Iterm,
    /// Not at all; it has a bell.
    Bell,
}

/// A program between us and the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Multiplexer {
    /// None.
    None,
    /// tmux.
    Tmux,
    /// GNU screen.
    Screen,
}

impl Look {
    /// A terminal that can do nothing but move the cursor.
    pub const LEAST: Self = Self {
        depth: Depth::Mono,
        unicode: false,
        emulator: false,
        hyperlinks: false,
        notification: Notification::Bell,
        multiplexer: Multiplexer::None,
        background: None,
    };

    /// Reads the environment of the process.
    #[must_use]
    pub fn from_env() -> Self {
        Self::of(|name| std::env::var(name).ok())
    }

    /// Reads an environment.
    #[must_use]
    pub fn of(variable: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let term = set("TERM").unwrap_or_else(|| "dumb".to_owned());
        let ancient = ["dumb", "vt", "ansi", "cons25", "unknown"];
        let old = ancient.iter().any(|kind| term.starts_with(kind)) && !term.starts_with("vte");
        let emulator = !old && term != "linux";
        let multiplexer = multiplexer(&term, &set);
        let brand = if emulator { Brand::of(&term, &set) } else { Brand::Unknown };
        Self {
            depth: depth(&term, old, &set),
            unicode: term != "dumb" && Charset::of(&variable) == Charset::Utf8,
            emulator,
            hyperlinks: match multiplexer {
                Multiplexer::None => brand.hyperlinks(),
                Multiplexer::Tmux => {
                    let version =
                        set("TERM_PROGRAM_VERSION").filter(|_| set("TERM_PROGRAM").as_deref() == Some("tmux"));
                    version.is_some_and(|version| is_linking_tmux(&version))
                }
                Multiplexer::Screen => false,
            },
            notification: brand.notification(),
            multiplexer,
            background: set("COLORFGBG").and_then(|colours| background(&colours)),
        }
    }

    /// The same, after the terminal has said its name and version, such as `kitty(0.35.1)` or `tmux 3.5a`.
    #[must_use]
    pub fn told(mut self, version: &str) -> Self {
        if version.starts_with("tmux") {
            self.multiplexer = Multiplexer::Tmux;
            self.hyperlinks = is_linking_tmux(version);
            return self;
        }
        let brand = Brand::named(version);
        if brand != Brand::Unknown && self.multiplexer != Multiplexer::Tmux {
            self.notification = brand.notification();
            self.hyperlinks = brand.hyperlinks() && self.multiplexer == Multiplexer::None;
        }
        self
    }
}

/// Terminals that differ in what they can show beside text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Brand {
    Kitty,
    /// Those with OSC 777 and hyperlinks.
    Modern,
    Urxvt,
    Iterm,
    WindowsTerminal,
    /// Those with hyperlinks alone.
    Linking,
    Unknown,
}

impl Brand {
    /// By the environment: the name of the terminal, then what it calls itself, then the marks that it leaves.
    fn of(term: &str, set: &impl Fn(&str) -> Option<String>) -> Self {
        let by_name = Self::named(term.strip_prefix("xterm-").unwrap_or(term));
        if by_name != Self::Unknown {
            return by_name;
        }
        let program = set("TERM_PROGRAM").or_else(|| set("LC_TERMINAL")).unwrap_or_default();
        let by_program = Self::named(&program);
        if by_program != Self::Unknown {
            return by_program;
        }
        let marks = [
            ("KITTY_WINDOW_ID", Self::Kitty),
            ("GHOSTTY_RESOURCES_DIR", Self::Modern),
            ("WEZTERM_PANE", Self::Modern),
            ("ITERM_SESSION_ID", Self::Iterm),
            ("WT_SESSION", Self::WindowsTerminal),
            ("VTE_VERSION", Self::Modern),
            ("KONSOLE_VERSION", Self::Linking),
        ];
        let iterm = set("LC_TERMINAL").map_or(Self::Unknown, |name| Self::named(&name));
        let found = marks.iter().find(|(mark, _)| set(mark).is_some()).map_or(Self::Unknown, |(_, brand)| *brand);
        if iterm == Self::Unknown { found } else { iterm }
    }

    /// By the name with which a terminal begins to say who it is.
    fn named(name: &str) -> Self {
        let name = name.to_ascii_lowercase();
        let brands = [
            ("kitty", Self::Kitty),
            ("foot", Self::Modern),
            ("ghostty", Self::Modern),
            ("wezterm", Self::Modern),
            ("vte", Self::Modern),
            ("rxvt-unicode", Self::Urxvt),
            ("urxvt", Self::Urxvt),
            ("iterm", Self::Iterm),
            ("windows terminal", Self::WindowsTerminal),
            ("alacritty", Self::Linking),
            ("konsole", Self::Linking),
            ("contour", Self::Linking),
            ("mintty", Self::Linking),
            ("vscode", Self::Linking),
            ("rio", Self::Linking),
        ];
        brands.iter().find(|(begin, _)| name.starts_with(begin)).map_or(Self::Unknown, |(_, brand)| *brand)
    }

    fn notification(self) -> Notification {
        match self {
            Self::Kitty => Notification::Kitty,
            Self::Modern | Self::Urxvt => Notification::Urxvt,
            Self::Iterm | Self::WindowsTerminal => Notification::Iterm,
            Self::Linking | Self::Unknown => Notification::Bell,
        }
    }

    fn hyperlinks(self) -> bool {
        !matches!(self, Self::Urxvt | Self::Unknown)
    }
}

/// Whether a version of tmux, such as `3.4`, `tmux 3.5a` or `next-3.6`, knows hyperlinks and gives them to a terminal that
/// does.
fn is_linking_tmux(version: &str) -> bool {
    let number = version.trim_start_matches(|c: char| !c.is_ascii_digit());
    let number = number.trim_end_matches(|c: char| !c.is_ascii_digit());
    let mut parts = number.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    (parts.next().unwrap_or(0), parts.next().unwrap_or(0)) >= (3, 4)
}

/// tmux and GNU screen name themselves in the environment, but their windows may have opened another terminal since; over
/// ssh only the name of the terminal is left.
fn multiplexer(term: &str, set: &impl Fn(&str) -> Option<String>) -> Multiplexer {
    let own = ["screen", "tmux"].iter().any(|kind| term.starts_with(kind));
    let common = own || term.starts_with("xterm-256color") || term == "xterm";
    if term.starts_with("tmux") || (common && set("TMUX").is_some()) {
        Multiplexer::Tmux
    } else if term.starts_with("screen") || (common && set("STY").is_some()) {
        Multiplexer::Screen
    } else {
        Multiplexer::None
    }
}

fn depth(term: &str, old: bool, set: &impl Fn(&str) -> Option<String>) -> Depth {
    let claimed = set("COLORTERM");
    let mono = old || term.ends_with("-m") || term.ends_with("-mono");
    if set("NO_COLOR").is_some() || term == "dumb" || (mono && claimed.is_none()) {
        return Depth::Mono;
    }
    let rich = ["kitty", "foot", "alacritty", "ghostty", "wezterm", "contour", "iterm"];
    let rich = rich.iter().any(|name| term.strip_prefix("xterm-").unwrap_or(term).starts_with(name));
    match claimed.as_deref() {
        Some("truecolor" | "24bit") => Depth::True,
        _ if term.ends_with("-direct") || rich => Depth::True,
        _ if term.contains("256color") => Depth::Palette,
        _ => Depth::Sixteen,
    }
}

/// The background from `COLORFGBG`, whose last number is that of the background. Neither palette can be read on colours.
fn background(colours: &str) -> Option<Background> {
    match colours.rsplit(';').next()?.trim().parse::<u8>().ok()? {
        0 | 8 => Some(Background::Dark),
        7 | 15 => Some(Background::Light),
        _ => None,
    }
}
