//! Ties the client together: the session, the connection's task, and the screen or the line mode.
//!
//! Must not know: what is decided, shown or sent.

use std::io::{self, IsTerminal as _};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::time::Duration;

use async_std::channel::{Sender, bounded};
use async_std::task::{self, JoinHandle};

use super::msg::{Effect, Farewell, Msg, Net};
use super::session::{Mode, Session, Start};
use super::view::View;
use crate::client::link::dialer::Way;
use crate::client::link::driver::{Order, drive};
use crate::client::link::keyring::Keyring;
use crate::client::plain::run as line_mode;
use crate::client::tui::event_loop::{self, Model};
use crate::client::tui::look::Look;
use crate::client::tui::terminal::Terminal;
use crate::client::tui::wake::Wake;
use crate::model::{Name, Now, Timestamp, Url};
use crate::sys::clock::{self, Clock};

/// News that waits for the session; then the connection is read more slowly.
const INBOX: usize = 1024;
/// Orders that wait for the connection; the session holds back before that.
const ORDERS: usize = 8192;
/// How long news waits before it knocks again at a full inbox.
const KNOCK: Duration = Duration::from_millis(5);
/// How long the connection may take for its last words when a person waits for the shell.
const FAREWELL: Duration = Duration::from_millis(2500);
/// The same when input was piped: a TR2.23 server takes 25 messages a second.
pub(super) const LONG_FAREWELL: Duration = Duration::from_secs(300);

/// How a client is to run.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The name that was asked for, or else the login name; it may not do as one.
    pub name: String,
    /// The server.
    pub server: Url,
    /// The person's keys.
    pub keyring: Keyring,
    /// A code that lets one in.
    pub code: Option<String>,
    /// Whether an older session of one's own is to end.
    pub take_over: bool,
    /// Without the full screen, even on a terminal.
    pub plain: bool,
}

/// Chats until the person leaves.
///
/// # Errors
/// If the terminal or the system does not play along.
pub fn run(settings: Settings) -> io::Result<Farewell> {
    let plain = settings.plain || !suits_a_screen();
    let mut seed = [0; 8];
    getrandom::fill(&mut seed).map_err(|error| io::Error::other(error.to_string()))?;
    let way = Way::new(settings.keyring);
    // Before the screen opens, for ssh may have questions.
    way.prepare(&settings.server)
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
    });
    if plain { line_mode::run(&mut session, way) } else { screen(&mut session, way) }
}

fn suits_a_screen() -> bool {
    let dumb = std::env::var("TERM").is_ok_and(|term| term == "dumb");
    io::stdin().is_terminal() && io::stdout().is_terminal() && !dumb
}

fn screen(session: &mut Session, way: Way) -> io::Result<Farewell> {
    let (waker, wake) = Wake::pair()?;
    let (mut line, inbox, _) = Line::start(way, move || waker.wake());
    let terminal = Terminal::enter(Look::from_env())?;
    let clock = Clock::start();
    for effect in session.start(clock.now()) {
        // Nothing waits yet: there is room.
        line.act(effect);
    }
    let farewell = event_loop::run(terminal, session, clock, &inbox, &wake, &mut |effect| line.act(effect));
    // The terminal is given back before the last words go out: nobody should wait for them.
    drop(inbox);
    line.end(FAREWELL);
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

/// The session's line to the connection's task.
pub(super) struct Line {
    orders: Sender<Order>,
    driver: JoinHandle<()>,
}

impl Line {
    /// Starts the task; `wake` tells that there is news in the inbox. Also gives a sender to that inbox.
    pub(super) fn start(way: Way, wake: impl Fn() + Send + Sync + 'static) -> (Self, Receiver<Msg>, SyncSender<Msg>) {
        let (orders, taken) = bounded(ORDERS);
        let (news, inbox) = sync_channel(INBOX);
        let outlet = news.clone();
        let driver = task::spawn(async move {
            let (news, wake) = (&outlet, &wake);
            drive(way, taken, |net| async move { deliver(news, wake, Msg::Net(net)).await }).await;
        });
        (Self { orders, driver }, inbox, news)
    }

    /// Carries out what concerns the connection; the rest is not its matter. Gives back what the session must know if
    /// that cannot be.
    pub(super) fn act(&mut self, effect: Effect) -> Option<Msg> {
        let order = match effect {
            Effect::Dial(url) => Order::Dial(url),
            Effect::Send(request) => Order::Send(request),
            Effect::Disconnect => Order::Disconnect,
            _ => return None,
        };
        let (order, why) = match self.orders.try_send(order) {
            Ok(()) => return None,
            Err(async_std::channel::TrySendError::Full(order)) => (order, "Too much waits to be sent."),
            Err(async_std::channel::TrySendError::Closed(order)) => (order, "It has ended."),
        };
        let why = why.to_owned();
        Some(Msg::Net(if matches!(order, Order::Dial(_)) { Net::Failed(why) } else { Net::Lost(why) }))
    }

    /// Lets what was sent reach the server, for a bounded time.
    pub(super) fn end(self, patience: Duration) {
        drop(self.orders);
        let driver = self.driver;
        let _ = task::block_on(async_std::future::timeout(patience, driver));
    }
}

async fn deliver(news: &SyncSender<Msg>, wake: &impl Fn(), mut msg: Msg) {
    loop {
        match news.try_send(msg) {
            Ok(()) => return wake(),
            // The session is gone; nobody wants to know.
            Err(TrySendError::Disconnected(_)) => return,
            Err(TrySendError::Full(back)) => {
                wake();
                msg = back;
                task::sleep(KNOCK).await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Command, Request, UserCommand};

    #[test]
    fn what_has_no_room_is_told_as_a_lost_connection() {
        let (orders, _taken) = bounded(1);
        let mut line = Line { orders, driver: task::spawn(async {}) };
        let url: Url = "localhost:1".parse().unwrap_or_else(|_| Url::Unix("/".to_owned()));
        let send = || Effect::Send(Request::bare(Command::User(UserCommand::List)));
        let full = || "Too much waits to be sent.".to_owned();
        assert_eq!([line.act(send()), line.act(Effect::Bell)], [None, None]);
        assert_eq!(line.act(send()), Some(Msg::Net(Net::Lost(full()))));
        assert_eq!(line.act(Effect::Dial(url)), Some(Msg::Net(Net::Failed(full()))));
    }
}
