//! A handle on the driver's task: the session's side of the connection.
//!
//! Must not know: what is decided or shown, or how a connection works.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use async_std::channel::{Sender, bounded};
use async_std::task::{self, JoinHandle};

use super::dialer::Dialer;
use super::driver::{DriverOrder, drive};
use super::nearby::Listening;
use super::outlet::Outlet;
use crate::client::msg::{Effect, Msg, Net};
use crate::client::traffic_meter::TrafficMeter;
use crate::language::connecting as say;
use crate::net::dial_failure::{DialFailure, DialFault};

/// The most messages that wait for the session; beyond that, the connection is read more slowly.
const INBOX: usize = 1024;
/// The most orders that wait for the driver; the session holds back before that.
const ORDERS: usize = 8192;

/// Passes the session's effects on to the driver's task.
pub(in crate::client) struct DriverHandle {
    orders: Sender<DriverOrder>,
    driver: JoinHandle<()>,
    meter: TrafficMeter,
    outlet: Outlet,
    /// Listens for servers nearby while no other was reached.
    nearby: Option<Listening>,
}

impl DriverHandle {
    /// Starts the task; it calls `wake` after putting a message into the inbox. Also returns the inbox and a sender to it.
    pub(in crate::client) fn start(
        dialer: Dialer,
        meter: TrafficMeter,
        wake: impl Fn() + Send + Sync + 'static,
    ) -> (Self, Receiver<Msg>, SyncSender<Msg>) {
        let (orders, taken) = bounded(ORDERS);
        let (news, inbox) = sync_channel(INBOX);
        let outlet = Outlet::new(news.clone(), wake);
        let (counts, told) = (meter.clone(), outlet.clone());
        let driver = task::spawn(async move {
            let told = &told;
            let tell = |net| async move {
                // Without a session, the orders end too.
                told.deliver(Msg::Net(net)).await;
            };
            drive(dialer, taken, counts, tell).await;
        });
        (Self { orders, driver, meter, outlet, nearby: None }, inbox, news)
    }

    /// The way into the inbox.
    pub(in crate::client) fn outlet(&self) -> Outlet {
        self.outlet.clone()
    }

    /// Passes on an effect that concerns the connection, and ignores others. Returns what the session must be told if
    /// the effect cannot be passed on.
    pub(in crate::client) fn act(&mut self, effect: Effect) -> Option<Msg> {
        let order = match effect {
            Effect::Dial(there) => {
                // Whoever dials listens for no other server.
                drop(self.nearby.take());
                DriverOrder::Dial(there)
            }
            Effect::LookAround => {
                self.nearby.get_or_insert_with(|| Listening::start(self.outlet.clone()));
                return None;
            }
            Effect::Send(request) => DriverOrder::Send(request),
            Effect::Disconnect => DriverOrder::Disconnect,
            Effect::MeasureTraffic => return Some(Msg::Traffic(self.meter.last_minute())),
            _ => return None,
        };
        let (order, why) = match self.orders.try_send(order) {
            Ok(()) => return None,
            Err(async_std::channel::TrySendError::Full(order)) => (order, say::too_much_waits()),
            Err(async_std::channel::TrySendError::Closed(order)) => (order, say::connection_ended()),
        };
        let why = why.to_owned();
        Some(Msg::Net(if matches!(order, DriverOrder::Dial(_)) {
            Net::Failed(DialFailure::new(DialFault::Other, why))
        } else {
            Net::Lost(why)
        }))
    }

    /// Waits for what was sent to reach the server, at most for `patience`.
    pub(in crate::client) fn end(self, patience: Duration) {
        drop(self.orders);
        let driver = self.driver;
        let _ = task::block_on(async_std::future::timeout(patience, driver));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Url;
    use crate::protocol::{Command, Request, UserCommand};

    #[test]
    fn what_has_no_room_is_told_as_a_lost_connection() {
        let (orders, _taken) = bounded(1);
        let meter = TrafficMeter::new(crate::sys::clock::Clock::start());
        let outlet = Outlet::new(sync_channel(1).0, || ());
        let mut handle = DriverHandle { orders, driver: task::spawn(async {}), meter, outlet, nearby: None };
        let url: Url = "localhost:1".parse().unwrap_or_else(|_| Url::Unix("/".to_owned()));
        let send = || Effect::Send(Request::bare(Command::User(UserCommand::List)));
        let full = || "Too much is waiting to be sent.".to_owned();
        assert_eq!([handle.act(send()), handle.act(Effect::Bell)], [None, None]);
        assert_eq!(handle.act(send()), Some(Msg::Net(Net::Lost(full()))));
        assert_eq!(
            handle.act(Effect::Dial(url.into())),
            Some(Msg::Net(Net::Failed(DialFailure::new(DialFault::Other, full()))))
        );
    }
}
