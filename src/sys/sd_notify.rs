//! What the service manager is told: that the server is ready, reads anew, is alive, ends (sd_notify(3)).
//!
//! The socket is opened once, at the start: what keeps a server alive may not depend on a free file descriptor.
//!
//! Must not know: what there is to tell.

use std::env;
use std::io;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

use crate::model::Text;

/// How often a message that has to arrive is sent while the manager takes none, and the pause in between.
const TRIES: u32 = 50;
const PAUSE: Duration = Duration::from_millis(10);

/// The service manager, if there is one.
#[derive(Clone, Debug, Default)]
pub struct Manager {
    way: Option<Arc<(UnixDatagram, SocketAddr)>>,
    watchdog: Option<Duration>,
}

impl Manager {
    /// The one that the environment names.
    ///
    /// # Errors
    /// If one is named that nothing can be sent to.
    pub fn find() -> io::Result<Self> {
        let Ok(place) = env::var("NOTIFY_SOCKET") else { return Ok(Self::default()) };
        let socket = UnixDatagram::unbound()?;
        socket.set_nonblocking(true)?;
        let number = |name: &str| env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
        let ours = number("WATCHDOG_PID").is_none_or(|pid| pid == u64::from(std::process::id()));
        let watchdog = number("WATCHDOG_USEC").filter(|micros| ours && *micros > 0);
        let way = Some(Arc::new((socket, address(&place)?)));
        Ok(Self { way, watchdog: watchdog.map(|micros| Duration::from_micros(micros) / 2) })
    }

    /// How often it wants to hear that the server is alive, if it does: twice in the time that it waits.
    #[must_use]
    pub fn watchdog(&self) -> Option<Duration> {
        self.watchdog
    }

    /// The server serves, or does again after reading anew.
    pub fn ready(&self, status: &str) {
        self.tell(&format!("READY=1\n{}", Self::status(status)), TRIES);
    }

    /// The server reads its settings anew.
    pub fn reloading(&self) {
        let now = clock_gettime(ClockId::Monotonic);
        let micros = Duration::try_from(now).unwrap_or_default().as_micros();
        self.tell(&format!("RELOADING=1\nMONOTONIC_USEC={micros}"), TRIES);
    }

    /// The server ends.
    pub fn stopping(&self) {
        self.tell("STOPPING=1\nWATCHDOG=1", 1);
    }

    /// The server is alive. Never waits.
    pub fn alive(&self, status: &str) {
        self.tell(&format!("WATCHDOG=1\n{}", Self::status(status)), 1);
    }

    fn status(status: &str) -> String {
        format!("STATUS={}", Text::line(status))
    }

    fn tell(&self, message: &str, tries: u32) {
        let Some((socket, address)) = self.way.as_deref() else { return };
        for left in (0..tries).rev() {
            match socket.send_to_addr(message.as_bytes(), address) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock && left > 0 => thread::sleep(PAUSE),
                // A manager that is gone needs to know nothing.
                _ => return,
            }
        }
    }
}

/// A path, or a name that is no file after an `@`.
fn address(place: &str) -> io::Result<SocketAddr> {
    match place.strip_prefix('@') {
        #[cfg(target_os = "linux")]
        Some(name) => <SocketAddr as std::os::linux::net::SocketAddrExt>::from_abstract_name(name),
        #[cfg(not(target_os = "linux"))]
        Some(_) => Err(io::ErrorKind::Unsupported.into()),
        None => SocketAddr::from_pathname(place),
    }
}
