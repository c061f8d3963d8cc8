//! Messages to the service manager: ready, reloading, alive, stopping (sd_notify(3)).
//!
//! The socket is opened once, at the start: sending signs of life must not depend on a free file descriptor.
//!
//! Must not know: what the messages are about.

use std::env;
use std::io;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

use crate::model::Text;

/// How often a message that must arrive is tried while the service manager accepts none.
const TRIES: u32 = 50;
/// The pause between two tries.
const PAUSE: Duration = Duration::from_millis(10);

/// The service manager, if there is one.
#[derive(Clone, Debug, Default)]
pub(crate) struct ServiceManager {
    socket: Option<Arc<(UnixDatagram, SocketAddr)>>,
    watchdog: Option<Duration>,
}

impl ServiceManager {
    /// Finds the service manager that the environment names (`NOTIFY_SOCKET`).
    ///
    /// # Errors
    /// If the address in `NOTIFY_SOCKET` cannot be used.
    pub(crate) fn find() -> io::Result<Self> {
        let Ok(path) = env::var("NOTIFY_SOCKET") else { return Ok(Self::default()) };
        let socket = UnixDatagram::unbound()?;
        socket.set_nonblocking(true)?;
        let number = |name: &str| env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
        let ours = number("WATCHDOG_PID").is_none_or(|pid| pid == u64::from(std::process::id()));
        let watchdog = number("WATCHDOG_USEC").filter(|micros| ours && *micros > 0);
        let socket = Some(Arc::new((socket, address(&path)?)));
        Ok(Self { socket, watchdog: watchdog.map(|micros| Duration::from_micros(micros) / 2) })
    }

    /// No service manager, whatever the environment says.
    pub(crate) fn none() -> Self {
        Self::default()
    }

    /// The pause between two signs of life: half of the time that the service manager waits for one. `None` without a
    /// watchdog.
    #[must_use]
    pub(crate) fn watchdog(&self) -> Option<Duration> {
        self.watchdog
    }

    /// Says that the server serves, or serves again after a reload.
    pub(crate) fn ready(&self, status: &str) {
        self.tell(&format!("READY=1\n{}", Self::status(status)), TRIES);
    }

    /// Says that the server reloads its settings.
    pub(crate) fn reloading(&self) {
        let now = clock_gettime(ClockId::Monotonic);
        let micros = Duration::try_from(now).unwrap_or_default().as_micros();
        self.tell(&format!("RELOADING=1\nMONOTONIC_USEC={micros}"), TRIES);
    }

    /// Says that the server stops.
    pub(crate) fn stopping(&self) {
        self.tell("STOPPING=1\nWATCHDOG=1", 1);
    }

    /// Says that the server is alive. Never waits.
    pub(crate) fn alive(&self, status: &str) {
        self.tell(&format!("WATCHDOG=1\n{}", Self::status(status)), 1);
    }

    fn status(status: &str) -> String {
        format!("STATUS={}", Text::line(status))
    }

    fn tell(&self, message: &str, tries: u32) {
        let Some((socket, address)) = self.socket.as_deref() else { return };
        for left in (0..tries).rev() {
            match socket.send_to_addr(message.as_bytes(), address) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock && left > 0 => thread::sleep(PAUSE),
                // A service manager that is gone need not be told.
                _ => return,
            }
        }
    }
}

/// The address of a socket: a path, or a name in the abstract namespace behind an `@`.
fn address(path: &str) -> io::Result<SocketAddr> {
    match path.strip_prefix('@') {
        #[cfg(target_os = "linux")]
        Some(name) => <SocketAddr as std::os::linux::net::SocketAddrExt>::from_abstract_name(name),
        #[cfg(not(target_os = "linux"))]
        Some(_) => Err(io::ErrorKind::Unsupported.into()),
        None => SocketAddr::from_pathname(path),
    }
}
