//! Ties the client together: the session, the driver, and the full screen or the line mode.
//!
//! Must not know: what is decided, shown or sent.

use std::io::{self, IsTerminal as _};
use std::path::PathBuf;
use std::time::Duration;

use super::arrangement_file::ArrangementFiles;
use super::msg::{Effect, Farewell, Msg, Unsent};
use super::sent_file::SentFiles;
use super::session::{Mode, PlainOptions, Session, Start};
use super::settings::Settings;
use super::traffic_meter::TrafficMeter;
use super::unsent_file::UnsentTexts;
use super::view::View;
use crate::client::camera::source::CameraSource;
use crate::client::channels::handle::{ChannelTools, Channels};
use crate::client::link::dialer::Dialer;
use crate::client::link::handle::DriverHandle;
use crate::client::link::keyring::Keyring;
use crate::client::link::people_list::PeopleList;
use crate::client::plain::run::{self as line_mode, KeptHere, LineStyle};
use crate::client::text::ascii::{Charset, ascii};
use crate::client::tui::event_loop::{self, Model};
use crate::client::tui::look::Look;
use crate::client::tui::terminal::Terminal;
use crate::client::tui::wake::Wake;
use crate::language::terminal as say;
use crate::model::{Name, Now, Timestamp, Url};
use crate::protocol::SessionToken;
use crate::sys::clock::{Clock, LocalZone};
use crate::sys::link_opener::LinkOpener;

/// How long the connection may take for its last messages while the user waits for the shell.
const FAREWELL: Duration = Duration::from_millis(2500);

/// How long the channels to others may take likewise.
const CHANNEL_FAREWELL: Duration = Duration::from_secs(1);

/// The settings of the client.
#[derive(Clone, Debug)]
pub(crate) struct ClientSettings {
    /// The requested name, or else the login name; it may be invalid.
    pub name: String,
    /// The server.
    pub server: Url,
    /// Other addresses of the same chat.
    pub others: Vec<Url>,
    /// Whether the person has named it.
    pub server_named: bool,
    /// The user's keys.
    pub keyring: Keyring,
    /// An invitation code.
    pub code: Option<String>,
    /// Whether to end the other sessions of the same user.
    pub take_over: bool,
    /// Whether to start no other program and open no file for the person.
    pub confined: bool,
    /// Whether to use the line mode even on a terminal.
    pub plain: bool,
    /// What was not sent last time, and where it is kept.
    pub unsent: UnsentTexts,
    /// The options of the line mode.
    pub lines: PlainOptions,
    /// The folder of what was sent; `None` if there is no home folder.
    pub sent: Option<PathBuf>,
    /// The folder of the order of conversations; `None` if there is no home folder.
    pub arrangements: Option<PathBuf>,
    /// The person's settings.
    pub settings: Settings,
    /// The list of known people.
    pub people: PeopleList,
    /// The folder for files that others send; empty if there is none.
    pub downloads: PathBuf,
    /// The home folder.
    pub home: Option<PathBuf>,
}

/// Keeps a setting, given its name and its value in the file (`None` to take it out); returns the path of the
/// file, or what went wrong.
pub(crate) type KeepSetting<'a> = &'a mut dyn FnMut(&str, Option<&str>) -> Result<String, String>;

/// Hears under which name the server has let the person in, where others share the account; returns what went wrong.
pub(crate) type LetIn<'a> = &'a mut dyn FnMut(&Name) -> Option<String>;

/// Chats until the user leaves.
///
/// # Errors
/// If the terminal or the system fails.
pub(crate) fn run(settings: ClientSettings, keep: KeepSetting<'_>, let_in: LetIn<'_>) -> io::Result<Farewell> {
    let camera = CameraSource::named(&settings.settings.camera).ok();
    // A camera may have the standard input; the keys then come from the terminal all the same.
    let has_keys = io::stdin().is_terminal() || camera == Some(CameraSource::Input);
    let plain = settings.plain || !(has_keys && suits_a_screen());
    let mut seed = [0; 8];
    let mut token = [0; 16];
    for bytes in [&mut seed[..], &mut token] {
        getrandom::fill(bytes).map_err(|error| io::Error::other(error.to_string()))?;
    }
    let clock = Clock::start();
    let zone = LocalZone::read(clock.now());
    let own_key = settings.keyring.identity.clone();
    let key_given = settings.keyring.pin.is_some();
    let dialer = Dialer::new(settings.keyring);
    // Before the screen opens, because ssh may have questions.
    dialer
        .prepare(&settings.server)
        .map_err(|error| io::Error::other(say::cannot_be_reached(&settings.server, &error)))?;
    let (typed, json) = (io::stdin().is_terminal() || !plain, settings.lines.json);
    let mut sent_files = SentFiles::new(settings.sent.filter(|_| !plain));
    let sent = sent_files.load(&settings.name, &settings.server.to_string());
    let (sent, trouble) = sent.map_or_else(|why| (Vec::new(), Some(why)), |sent| (sent, None));
    let sent_unreadable = trouble.is_some();
    let mut people = settings.people;
    let (known_people, unknown) = people.load();
    let troubles: Vec<String> = trouble.into_iter().chain(unknown).collect();
    let confined = settings.confined;
    let opener = LinkOpener::find().filter(|_| !plain && !confined);
    let mut session = Session::new(Start {
        name: Name::parse(&settings.name).ok(),
        login: settings.name,
        server: settings.server,
        others: settings.others,
        key_given,
        server_named: settings.server_named,
        zone: zone.zone().clone(),
        seed: u64::from_ne_bytes(seed),
        take_over: settings.take_over,
        token: SessionToken(token),
        code: settings.code,
        mode: if plain { Mode::Plain } else { Mode::Screen },
        sent,
        // Without a key, there are no calls; why, is said by --check and when a tls:// server is joined.
        own_key: own_key.announce().ok().filter(|_| !confined),
        confined,
        known_people,
        opens_links: opener.is_some(),
        backlog: typed && !json && settings.lines.tail.is_none(),
        unsent: if typed && !json { settings.unsent.take() } else { Vec::new() },
        plain: PlainOptions { commands: settings.lines.commands || typed, ..settings.lines },
        settings: settings.settings,
    });
    let mut keep = |effect: &Effect| match effect {
        Effect::SaveSetting { key, value } => {
            Some(Msg::SettingSaved { key: key.clone(), outcome: keep(key, value.as_deref()) })
        }
        // People are known by the server where they have their names.
        Effect::Dial(there) => {
            people.server = there.chat.clone();
            None
        }
        Effect::LetIn(name) => let_in(name).map(Msg::Trouble),
        // What cannot be read was said at the start.
        Effect::RecallPeople => Some(Msg::KnownPeople(people.server.clone(), people.load().0)),
        Effect::RememberPerson(person) => people.remember(person).err().map(Msg::Trouble),
        Effect::ForgetPerson(name) => people.forget(name).err().map(Msg::Trouble),
        _ => None,
    };
    let no_camera = CameraSource::why_none(|name| std::env::var_os(name));
    let (downloads, home) = (settings.downloads, settings.home);
    let tools = ChannelTools { dialer, own_key, downloads, home, no_camera };
    if plain {
        let style = match (json, typed && suits_a_screen()) {
            (true, _) => LineStyle::Json,
            (false, true) => LineStyle::Typed,
            (false, false) => LineStyle::Text,
        };
        let (farewell, kept) = line_mode::run(&mut session, tools, clock, zone, (style, troubles), &mut keep)?;
        return Ok(printable(settings.unsent.keep(&kept, farewell)));
    }
    let arrangements = ArrangementFiles::new(settings.arrangements, sent_unreadable);
    let files = KeptFiles { sent: sent_files, arrangements };
    let (farewell, kept) =
        screen(TimedSession { session: &mut session, zone }, tools, clock, (files, troubles, opener), &mut keep)?;
    Ok(printable(settings.unsent.keep(&kept, farewell)))
}

/// The farewell as standard error can show it: the server has a part in its sentence.
fn printable(farewell: Farewell) -> Farewell {
    if !Charset::of(|name| std::env::var(name).ok()).needs_ascii(io::stderr().is_terminal()) {
        return farewell;
    }
    match farewell {
        Farewell::Done => Farewell::Done,
        Farewell::Told(words) => Farewell::Told(ascii(&words).into_owned()),
        Farewell::Failed(why) => Farewell::Failed(ascii(&why).into_owned()),
        Farewell::Refused(why) => Farewell::Refused(ascii(&why).into_owned()),
    }
}

/// Whether what is written goes to a terminal that can move its cursor.
fn suits_a_screen() -> bool {
    let dumb = std::env::var("TERM").is_ok_and(|term| term == "dumb");
    io::stdout().is_terminal() && !dumb
}

/// The files of the full screen.
struct KeptFiles {
    sent: SentFiles,
    arrangements: ArrangementFiles,
}

fn screen(
    mut timed: TimedSession<'_>,
    tools: ChannelTools,
    clock: Clock,
    (mut files, troubles, opener): (KeptFiles, Vec<String>, Option<LinkOpener>),
    keep: KeptHere<'_>,
) -> io::Result<(Farewell, Vec<Unsent>)> {
    let (waker, wake) = Wake::pair()?;
    let meter = TrafficMeter::new(clock);
    let (mut driver, inbox, _) = DriverHandle::start(tools.dialer.clone(), meter.clone(), move || waker.wake());
    let mut channels = Channels::new(tools, driver.outlet());
    channels.delete_old_parts();
    let terminal = Terminal::enter(Look::from_env())?.metered(meter);
    let mut effects = timed.session.start(clock.now());
    effects.extend(troubles.into_iter().flat_map(|words| timed.session.update(clock.now(), Msg::Trouble(words))));
    for effect in effects {
        // Nothing waits yet: there is room.
        channels.act(&effect);
        driver.act(effect);
    }
    let mut kept = Vec::new();
    let mut act = |effect| match effect {
        Effect::Keep(unsent) => {
            kept = unsent;
            None
        }
        Effect::Remember(sent) => files.sent.add(&sent),
        Effect::RecallArrangement { server, name } => files.arrangements.load(&name, &server.to_string()),
        Effect::KeepArrangement(kept) => files.arrangements.keep(&kept),
        Effect::OpenLink(link) => opener.as_ref()?.open(&link).err().map(Msg::Trouble),
        effect => keep(&effect).or_else(|| channels.act(&effect)).or_else(|| driver.act(effect)),
    };
    let farewell = event_loop::run(terminal, &mut timed, clock, &inbox, &wake, &mut act);
    // The terminal is given back before the last words go out: nobody should wait for them.
    drop(inbox);
    channels.end(CHANNEL_FAREWELL);
    driver.end(FAREWELL);
    Ok((farewell?, kept))
}

/// The session, and the time zone that it shows times in.
struct TimedSession<'a> {
    session: &'a mut Session,
    zone: LocalZone,
}

impl Model for TimedSession<'_> {
    fn update(&mut self, now: Now, msg: Msg) -> Vec<Effect> {
        let renewed = self.zone.renewed(now).cloned();
        let mut effects = renewed.map(|zone| self.session.update(now, Msg::Zone(zone))).unwrap_or_default();
        effects.extend(self.session.update(now, msg));
        effects
    }

    fn deadline(&self) -> Option<Timestamp> {
        self.session.deadline()
    }

    fn view(&self) -> View {
        self.session.view()
    }
}
