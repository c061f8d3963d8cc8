//! Ties the client together: the session, the driver, and the full screen or the line mode.
//!
//! Must not know: what is decided, shown or sent.

use std::io::{self, IsTerminal as _};
use std::time::Duration;

use super::msg::{Effect, Farewell, Msg};
use super::session::{Mode, Session, Start};
use super::settings::Settings;
use super::view::View;
use crate::client::link::dialer::Dialer;
use crate::client::link::handle::DriverHandle;
use crate::client::link::keyring::Keyring;
use crate::client::plain::run::{self as line_mode, KeptHere};
use crate::client::tui::event_loop::{self, Model};
use crate::client::tui::look::Look;
use crate::client::tui::terminal::Terminal;
use crate::client::tui::wake::Wake;
use crate::model::{Name, Now, Timestamp, Url};
use crate::sys::clock::{self, Clock};

/// How long the connection may take for its last messages while the user waits for the shell.
const FAREWELL: Duration = Duration::from_millis(2500);

/// The settings of the client.
#[derive(Clone, Debug)]
pub(crate) struct ClientSettings {
    /// The requested name, or else the login name; it may be invalid.
    pub name: String,
    /// The server.
    pub server: Url,
    /// The user's keys.
    pub keyring: Keyring,
    /// An invitation code.
    pub code: Option<String>,
    /// Whether to end an older session of the same user.
    pub take_over: bool,
    /// Whether to use the line mode even on a terminal.
    pub plain: bool,
    /// The person's settings.
    pub settings: Settings,
}

/// Keeps a setting, given its name and its value in the file (`None` to take it out); returns the path of the
/// file, or what went wrong.
pub(crate) type KeepSetting<'a> = &'a mut dyn FnMut(&str, Option<&str>) -> Result<String, String>;

/// Chats until the user leaves.
///
/// # Errors
/// If the terminal or the system fails.
pub(crate) fn run(settings: ClientSettings, keep: KeepSetting<'_>) -> io::Result<Farewell> {
    let plain = settings.plain || !suits_a_screen();
    let mut seed = [0; 8];
    getrandom::fill(&mut seed).map_err(|error| io::Error::other(error.to_string()))?;
    let dialer = Dialer::new(settings.keyring);
    // Before the screen opens, because ssh may have questions.
    dialer
        .prepare(&settings.server)
        .map_err(|error| io::Error::other(format!("{} cannot be reached: {error}", settings.server)))?;
    let mut session = Session::new(Start {
        name: Name::parse(&settings.name).ok(),
        login: settings.name,
        server: settings.server,
        zone: clock::zone(),
        seed: u64::from_ne_bytes(seed),
        take_over: settings.take_over,
        code: settings.code,
        mode: if plain { Mode::Plain } else { Mode::Screen },
        backlog: io::stdin().is_terminal(),
        settings: settings.settings,
    });
    let mut keep = |effect: &Effect| {
        let Effect::SaveSetting { key, value } = effect else { return None };
        Some(Msg::SettingSaved { key: key.clone(), outcome: keep(key, value.as_deref()) })
    };
    if plain { line_mode::run(&mut session, dialer, &mut keep) } else { screen(&mut session, dialer, &mut keep) }
}

fn suits_a_screen() -> bool {
    let dumb = std::env::var("TERM").is_ok_and(|term| term == "dumb");
    io::stdin().is_terminal() && io::stdout().is_terminal() && !dumb
}

fn screen(session: &mut Session, dialer: Dialer, keep: KeptHere<'_>) -> io::Result<Farewell> {
    let (waker, wake) = Wake::pair()?;
    let (mut driver, inbox, _) = DriverHandle::start(dialer, move || waker.wake());
    let terminal = Terminal::enter(Look::from_env())?;
    let clock = Clock::start();
    for effect in session.start(clock.now()) {
        // Nothing waits yet: there is room.
        driver.act(effect);
    }
    let mut act = |effect| keep(&effect).or_else(|| driver.act(effect));
    let farewell = event_loop::run(terminal, session, clock, &inbox, &wake, &mut act);
    // The terminal is given back before the last words go out: nobody should wait for them.
    drop(inbox);
    driver.end(FAREWELL);
    farewell
}

impl Model for Session {
    fn update(&mut self, now: Now, msg: Msg) -> Vec<Effect> {
        self.update(now, msg)
    }

    fn deadline(&self) -> Option<Timestamp> {
        self.deadline()
    }

    fn view(&self) -> View {
        self.view()
    }
}
