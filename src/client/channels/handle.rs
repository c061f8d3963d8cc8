//! A handle on the tasks of the channels: the session's side of them.
//!
//! Must not know: what is decided or shown, or how a channel works.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use async_std::channel::{Sender, TrySendError, bounded};
use async_std::task::{self, JoinHandle};
use ring::rand::{SecureRandom as _, SystemRandom};

use super::camera_desk::CameraDesk;
use super::conferences::{AttendedConference, ConferenceTools};
use super::disk::Disk;
use super::relay_leg::RelayLeg;
use super::sound_desk::SoundDesk;
use super::task::{ChannelSetup, hold};
use crate::client::camera::feed::CameraNews;
use crate::client::destination::Destination;
use crate::client::direct::conference::orders::ConferenceOrder;
use crate::client::direct::exchange::Exchange;
use crate::client::direct::orders::{ChannelNews, ChannelOrder, FileEnd, FileKey};
use crate::client::direct::talk::{DirectEnd, SayRefusal, Side};
use crate::client::link::dialer::Dialer;
use crate::client::link::outlet::Outlet;
use crate::client::link::own_key::OwnKey;
use crate::client::msg::{Effect, Msg};
use crate::language::channels as say;
use crate::model::{Fingerprint, Name, Timestamp};
use crate::net::dial_failure::DialFailure;
use crate::net::peer::events::ChannelEnd;
use crate::net::ways::candidate::Candidates;
use crate::protocol::{CallId, RelayGrant};
use crate::sys::clock::{steady, wall};
use crate::sys::part_file;

/// The most channels at once.
pub const MAX_CHANNELS: usize = 4;
/// The most orders that wait for one of them.
pub const MAX_ORDERS: usize = 256;

/// So long what has arrived of a file waits to be gone on with.
const PARTS_KEPT: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// What channels are made with.
#[derive(Clone, Debug)]
pub struct ChannelTools {
    /// How the server is reached.
    pub dialer: Dialer,
    /// The key that is proved.
    pub own_key: OwnKey,
    /// The folder for files that others send; empty if there is none.
    pub downloads: PathBuf,
    /// The home folder.
    pub home: Option<PathBuf>,
    /// What to say where there is no camera.
    pub no_camera: String,
}

/// Passes the session's effects on to the tasks of the channels.
#[derive(Debug)]
pub struct Channels {
    tools: ChannelTools,
    outlet: Outlet,
    /// The server that was dialed last.
    server: Option<Destination>,
    open: Vec<OpenChannel>,
    conference: AttendedConference,
    camera: CameraDesk,
    sound: SoundDesk,
}

#[derive(Debug)]
struct OpenChannel {
    id: CallId,
    orders: Sender<ChannelOrder>,
    task: JoinHandle<()>,
}

/// A channel that the session wants.
struct WantedChannel {
    id: CallId,
    side: Side,
    grant: RelayGrant,
    theirs: Fingerprint,
}

impl Channels {
    /// No channels yet; their news go into `outlet`.
    #[must_use]
    pub fn new(tools: ChannelTools, outlet: Outlet) -> Self {
        let camera = CameraDesk::new(tools.no_camera.clone(), outlet.clone());
        let (conference, sound) = (AttendedConference::default(), SoundDesk::new(outlet.clone()));
        Self { tools, outlet, server: None, open: Vec::new(), conference, camera, sound }
    }

    /// Deletes what is left of files that were to arrive and did not go on for seven days. A disk may take its time.
    pub fn delete_old_parts(&self) {
        let folder = self.tools.downloads.clone();
        let before = Timestamp(wall().0.saturating_sub(i64::try_from(PARTS_KEPT.as_millis()).unwrap_or(i64::MAX)));
        if !folder.as_os_str().is_empty() {
            drop(task::spawn_blocking(move || part_file::delete_old(&folder, before)));
        }
    }

    /// Passes on an effect that concerns channels, and ignores others. Returns what the session must be told at once.
    pub fn act(&mut self, effect: &Effect) -> Option<Msg> {
        match effect {
            // A channel's legs are on the server of the session.
            Effect::Dial(there) => {
                self.server = Some(there.clone());
                None
            }
            Effect::Channel(ChannelOrder::Open { id, side, grant, theirs }) => {
                let (id, side, grant, theirs) = (*id, *side, *grant, *theirs);
                let refused = self.open(WantedChannel { id, side, grant, theirs }).err()?;
                Some(Msg::Channel(ChannelNews::Ended(id, DirectEnd::NoWay(refused))))
            }
            Effect::Channel(order) => self.pass_on(order),
            Effect::CheckFile(name, path) => {
                self.check_file(name.clone(), path.clone());
                None
            }
            Effect::Conference(order) => self.confer(order),
            Effect::Sound(name) => {
                self.sound.turn(name.clone());
                None
            }
            Effect::Talk(on) => {
                self.sound.talk(*on);
                None
            }
            Effect::Camera(name) => {
                self.camera.turn(name.as_deref()).err().map(|why| Msg::Camera(CameraNews::Ended(why)))
            }
            _ => None,
        }
    }

    /// Sees whether a file can be sent. A disk may take its time.
    fn check_file(&self, name: Name, path: PathBuf) {
        let ChannelTools { downloads, home, .. } = self.tools.clone();
        let (disk, outlet) = (Disk::new(downloads, home), self.outlet.clone());
        task::spawn(async move {
            let checked = task::spawn_blocking(move || (disk.check(&path), path));
            let (outcome, path) = checked.await;
            outlet.deliver(Msg::FileChecked(name, path, outcome)).await;
        });
    }

    /// Closes all channels, and waits until the other sides are told, at most for `patience`.
    pub fn end(self, patience: Duration) {
        // Without anybody who orders, a channel is closed.
        let tasks = self.open.into_iter().map(|channel| channel.task).chain(self.conference.end());
        let tasks: Vec<JoinHandle<()>> = tasks.collect();
        let all = async {
            for task in tasks {
                task.await;
            }
        };
        let _ = task::block_on(async_std::future::timeout(patience, all));
    }

    /// Carries out an order about a room's call.
    fn confer(&mut self, order: &ConferenceOrder) -> Option<Msg> {
        match order {
            ConferenceOrder::Attend { id, grant, own, members } => {
                let ChannelTools { dialer, own_key, .. } = self.tools.clone();
                let server = self.server.clone().ok_or_else(|| say::no_server_for_channel().to_owned());
                let (camera, sound, outlet) = (self.camera.seat(), self.sound.seat(), self.outlet.clone());
                let tools = server.map(|server| {
                    let leg = RelayLeg::new(*grant, server, dialer);
                    ConferenceTools { leg, own_key, camera, sound, outlet }
                });
                self.conference.attend(*id, *own, members, tools)
            }
            ConferenceOrder::Members(id, _)
            | ConferenceOrder::Show(id, _)
            | ConferenceOrder::Camera(id, _)
            | ConferenceOrder::Hear(id, _)
            | ConferenceOrder::Talk(id, _)
            | ConferenceOrder::Leave(id) => self.conference.pass_on(*id, order.clone()),
        }
    }

    fn open(&mut self, WantedChannel { id, side, grant, theirs }: WantedChannel) -> Result<(), String> {
        self.open.retain(|channel| !channel.orders.is_closed());
        if self.open.len() >= MAX_CHANNELS || self.open.iter().any(|channel| channel.id == id) {
            return Err(say::too_many_channels().to_owned());
        }
        let server = self.server.clone().ok_or_else(|| say::no_server_for_channel().to_owned())?;
        let explained = |error: io::Error| DialFailure::of(&error).why;
        let credential = self.tools.own_key.announced_credential().map_err(explained)?;
        let mut nonce = [0; 16];
        SystemRandom::new().fill(&mut nonce).map_err(|_| say::no_randomness().to_owned())?;
        let exchange = Exchange::new(id, side, &credential, theirs, nonce, Candidates::Others, steady());
        let exchange = exchange.map_err(|error| error.to_string())?;
        let (orders, taken) = bounded(MAX_ORDERS);
        let ChannelTools { dialer, downloads, home, .. } = self.tools.clone();
        let (disk, outlet) = (Disk::new(downloads, home), self.outlet.clone());
        let (camera, sound) = (self.camera.seat(), self.sound.seat());
        let setup = ChannelSetup { id, exchange, grant, server, dialer, disk, orders: taken, camera, sound, outlet };
        let task = task::spawn(hold(setup));
        self.open.push(OpenChannel { id, orders, task });
        Ok(())
    }

    /// Passes an order on to its channel. One for a channel that is over is answered here.
    fn pass_on(&mut self, order: &ChannelOrder) -> Option<Msg> {
        let id = id_of(order);
        let orders = self.open.iter().find(|channel| channel.id == id).map(|channel| &channel.orders);
        let (order, full) = match orders.map(|orders| orders.try_send(order.clone())) {
            Some(Ok(())) => return None,
            Some(Err(TrySendError::Full(order))) => (order, true),
            Some(Err(TrySendError::Closed(order))) => (order, false),
            None => (order.clone(), false),
        };
        let untaken = || Some(Msg::Trouble(say::order_not_taken().to_owned()));
        match order {
            ChannelOrder::Say(id, text) => {
                let why = if full { SayRefusal::Full } else { SayRefusal::NotReady };
                Some(Msg::Channel(ChannelNews::NotSaid(id, text, why)))
            }
            ChannelOrder::Offer(id, path) => {
                let end = if full { FileEnd::Failed(say::order_not_taken().to_owned()) } else { FileEnd::Cut };
                Some(Msg::Channel(ChannelNews::FileEnded(id, FileKey::Ours(path), end)))
            }
            ChannelOrder::Accept(..)
            | ChannelOrder::Decline(..)
            | ChannelOrder::Withdraw(..)
            | ChannelOrder::Bypass(..)
            | ChannelOrder::Camera(_, true)
            | ChannelOrder::Hear(_, true)
            | ChannelOrder::Talk(_, true)
                if full =>
            {
                untaken()
            }
            // Pictures and voice that were to cease must.
            ChannelOrder::Close(id) | ChannelOrder::Camera(id, false) | ChannelOrder::Talk(id, false) if full => {
                // Without anybody who orders, it is closed, and says nothing more.
                self.open.retain(|channel| channel.id != id);
                Some(Msg::Channel(ChannelNews::Ended(id, DirectEnd::Channel(ChannelEnd::Closed))))
            }
            ChannelOrder::Open { .. }
            | ChannelOrder::Accept(..)
            | ChannelOrder::Decline(..)
            | ChannelOrder::Withdraw(..)
            | ChannelOrder::Bypass(..)
            | ChannelOrder::Camera(..)
            | ChannelOrder::Watch(..)
            | ChannelOrder::Hear(..)
            | ChannelOrder::Talk(..)
            | ChannelOrder::Close(_) => None,
        }
    }
}

/// The channel that an order is about.
fn id_of(order: &ChannelOrder) -> CallId {
    match order {
        ChannelOrder::Open { id, .. }
        | ChannelOrder::Say(id, _)
        | ChannelOrder::Offer(id, _)
        | ChannelOrder::Accept(id, _)
        | ChannelOrder::Decline(id, _)
        | ChannelOrder::Withdraw(id, _)
        | ChannelOrder::Bypass(id, _)
        | ChannelOrder::Camera(id, _)
        | ChannelOrder::Watch(id, _)
        | ChannelOrder::Hear(id, _)
        | ChannelOrder::Talk(id, _)
        | ChannelOrder::Close(id) => *id,
    }
}
