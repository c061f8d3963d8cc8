//! The task of one channel: packets, times, orders and finished steps go into its machines, and what comes out is carried
//! out.
//!
//! Must not know: what is said, or which leg is the better one (`net::legs`).

mod packets;
mod picture_work;
mod udp_link;

use std::future::pending;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_io::Timer;
use async_std::channel::Receiver;
use async_std::task;
use futures_lite::FutureExt as _;

use self::picture_work::PictureWork;
use self::udp_link::UdpLink;
use super::disk::Disk;
use super::leg_link::{GreetedServer, LegLink, NoLeg, greet, show};
use crate::client::direct::exchange::Exchange;
use crate::client::direct::jobs::JobDone;
use crate::client::direct::orders::{ChannelOrder, ChannelWay};
use crate::client::direct::pictures::codec::CodecResult;
use crate::client::link::dialer::Dialer;
use crate::client::link::outlet::{Outlet, RETRY};
use crate::client::msg::Msg;
use crate::language::connecting as say;
use crate::media::picture::Picture;
use crate::model::Url;
use crate::net::dial_failure::DialFailure;
use crate::net::legs::{LegKind, LegStep, Legs};
use crate::protocol::leg::LegToken;
use crate::protocol::{CallId, RelayGrant};
use crate::sys::clock::steady;

/// How long the other side is answered after the end, which may have been lost on its way.
const LINGER: Duration = Duration::from_secs(1);
/// The most packets that are sent, or taken from one leg, before anything else has its turn.
const TURN: usize = 64;

/// What a channel needs.
pub(super) struct ChannelSetup {
    pub(super) id: CallId,
    pub(super) exchange: Exchange,
    pub(super) grant: RelayGrant,
    /// The server, and how it is reached.
    pub(super) url: Url,
    pub(super) dialer: Dialer,
    pub(super) disk: Disk,
    pub(super) orders: Receiver<ChannelOrder>,
    /// The pictures of the person's camera.
    pub(super) camera: Receiver<Arc<Picture>>,
    pub(super) outlet: Outlet,
}

/// An attempt to have a leg over a stream.
type Attempt = Pin<Box<dyn Future<Output = Result<Attempted, NoLeg>> + Send>>;
/// A step of the disk.
type DiskStep = Pin<Box<dyn Future<Output = (Disk, Option<JobDone>)> + Send>>;

enum Attempted {
    Greeted(GreetedServer),
    Ready(LegLink),
}

/// What is waited for.
enum Happened {
    Order(Option<ChannelOrder>),
    Time,
    Stepped(Disk, Option<JobDone>),
    /// The camera has a picture.
    Seen(Arc<Picture>),
    /// A picture was coded or decoded.
    Coded(CodecResult),
    Attempted(Result<Attempted, NoLeg>),
    /// The packet that waited for room was sent.
    Room,
    /// Bytes came on the stream; `false` at its end.
    Stream(io::Result<bool>),
    /// Packets may have come over UDP.
    Udp,
}

/// A channel that is held.
struct Held {
    id: CallId,
    exchange: Exchange,
    legs: Legs,
    token: LegToken,
    url: Url,
    dialer: Dialer,
    /// `None` once nobody orders anything any more.
    orders: Option<Receiver<ChannelOrder>>,
    camera: Receiver<Arc<Picture>>,
    pictures: PictureWork,
    outlet: Outlet,
    udp: Option<UdpLink>,
    link: Option<LegLink>,
    greeted: Option<GreetedServer>,
    attempt: Option<Attempt>,
    /// A packet for which the stream has no room.
    waiting: Option<Vec<u8>>,
    /// Whether there was more to send than one turn takes.
    more: bool,
    /// `None` while it works.
    disk: Option<Disk>,
    step: Option<DiskStep>,
    /// What the inbox had no room for.
    untold: Option<Box<Msg>>,
    /// Until when the other side is answered after the end.
    lingers: Option<Instant>,
}

/// Holds a channel until it is over.
pub(super) async fn hold(setup: ChannelSetup) {
    let ChannelSetup { id, exchange, grant, url, dialer, disk, orders, camera, outlet } = setup;
    // Over ssh or a socket file, the server's own address is not known.
    let address = dialer.reached(&url).filter(|_| grant.port != 0);
    let udp = address.and_then(|address| UdpLink::open(address, grant.port).ok());
    let mut held = Held {
        id,
        exchange,
        legs: Legs::new(grant.leg, udp.is_some(), steady()),
        token: grant.leg,
        url,
        dialer,
        orders: Some(orders),
        camera,
        pictures: PictureWork::default(),
        outlet,
        udp,
        link: None,
        greeted: None,
        attempt: None,
        waiting: None,
        more: false,
        disk: Some(disk),
        step: None,
        untold: None,
        lingers: None,
    };
    while held.go_on() {
        let happened = held.wait().await;
        held.take(happened);
    }
    held.answer_the_rest();
}

impl Held {
    /// Carries out what there is to do now; `false` once all is done.
    fn go_on(&mut self) -> bool {
        let now = steady();
        self.carry_out_steps(now);
        if let Some(why) = self.legs.failed() {
            self.exchange.relay_lost(why, now);
        }
        self.tell_addresses();
        self.send(now);
        self.begin_step(now);
        while let Some(job) = self.exchange.codec_job(now) {
            self.pictures.begin(job);
        }
        self.tell(now);
        if !self.exchange.has_ended() {
            return true;
        }
        let until = *self.lingers.get_or_insert(now + LINGER);
        let answered = self.exchange.is_over() || until <= now;
        !(answered && self.untold.is_none() && self.step.is_none())
    }

    fn carry_out_steps(&mut self, now: Instant) {
        while let Some(step) = self.legs.step() {
            match step {
                LegStep::Dial => {
                    let greeted = greet(self.dialer.clone(), self.url.clone());
                    self.attempt = Some(Box::pin(async { greeted.await.map(Attempted::Greeted) }));
                }
                LegStep::Show => {
                    if let Some(server) = self.greeted.take() {
                        let shown = show(server, self.token);
                        self.attempt = Some(Box::pin(async { shown.await.map(Attempted::Ready) }));
                    }
                }
                LegStep::HangUp => {
                    (self.attempt, self.greeted, self.link, self.waiting) = (None, None, None, None);
                }
                LegStep::Send(packet) => self.udp.iter().for_each(|udp| udp.send(&packet)),
                LegStep::Goes(kind) => {
                    let way = match kind {
                        LegKind::Stream => ChannelWay::RelayStream,
                        LegKind::Udp => ChannelWay::RelayUdp,
                    };
                    self.exchange.way_changed(way, now);
                }
            }
        }
    }

    fn begin_step(&mut self, now: Instant) {
        if self.disk.is_none() {
            return;
        }
        if let Some(job) = self.exchange.job(now)
            && let Some(mut disk) = self.disk.take()
        {
            self.step = Some(Box::pin(task::spawn_blocking(move || {
                let done = disk.carry_out(job);
                (disk, done)
            })));
        }
    }

    /// Tells the session what happened, as far as its inbox has room.
    fn tell(&mut self, now: Instant) {
        loop {
            let msg = match self.untold.take() {
                Some(msg) => *msg,
                None => match self.exchange.news(now) {
                    Some(news) => Msg::Channel(news),
                    None => return,
                },
            };
            // Where nobody orders anything any more, nobody listens.
            if self.orders.is_some()
                && let Err(back) = self.outlet.try_deliver(msg)
            {
                self.untold = Some(back);
                return;
            }
        }
    }

    /// Answers the orders that came too late.
    fn answer_the_rest(&mut self) {
        let now = steady();
        if let Some(orders) = &self.orders {
            orders.close();
            while let Ok(order) = orders.try_recv() {
                self.exchange.order(order, now);
            }
        }
        // Where the inbox has no room, what was not said is lost with the channel.
        self.tell(now);
    }

    async fn wait(&mut self) -> Happened {
        let due = self.due();
        let Self { orders, camera, pictures, udp, link, attempt, waiting, step, .. } = self;
        let time = async {
            Timer::at(due).await;
            Happened::Time
        };
        let order = async {
            match orders {
                Some(orders) => Happened::Order(orders.recv().await.ok()),
                None => pending().await,
            }
        };
        let stepped = async {
            match step {
                Some(step) => {
                    let (disk, done) = step.await;
                    Happened::Stepped(disk, done)
                }
                None => pending().await,
            }
        };
        let seen = async {
            match camera.recv().await {
                Ok(picture) => Happened::Seen(picture),
                Err(_) => pending().await,
            }
        };
        let coded = async { Happened::Coded(pictures.done().await) };
        let attempted = async {
            match attempt {
                Some(attempt) => Happened::Attempted(attempt.await),
                None => pending().await,
            }
        };
        let room = link.as_ref().zip(waiting.as_ref()).map(|(link, packet)| link.send(packet.clone()));
        let room = async {
            match room {
                Some(room) => {
                    room.await;
                    Happened::Room
                }
                None => pending().await,
            }
        };
        let stream = async {
            match link {
                Some(link) => Happened::Stream(link.read().await),
                None => pending().await,
            }
        };
        let datagrams = async {
            match udp {
                Some(udp) => {
                    udp.readable().await;
                    Happened::Udp
                }
                None => pending().await,
            }
        };
        time.or(order).or(stepped).or(coded).or(seen).or(attempted).or(room).or(stream).or(datagrams).await
    }

    fn due(&mut self) -> Instant {
        let now = steady();
        if self.more {
            return now;
        }
        let retry = self.untold.as_ref().map(|_| now + RETRY);
        let lingers = self.lingers.filter(|until| *until > now);
        let due = self.exchange.deadline().into_iter().chain(self.legs.deadline()).chain(lingers).chain(retry);
        due.min().unwrap_or(now + LINGER)
    }

    fn take(&mut self, happened: Happened) {
        let now = steady();
        match happened {
            Happened::Time => {
                self.exchange.tick(now);
                self.legs.tick(now);
            }
            Happened::Order(Some(order)) => self.exchange.order(order, now),
            Happened::Order(None) => {
                self.orders = None;
                self.exchange.order(ChannelOrder::Close(self.id), now);
            }
            Happened::Stepped(disk, done) => {
                (self.disk, self.step) = (Some(disk), None);
                if let Some(done) = done {
                    self.exchange.done(done, now);
                }
            }
            Happened::Seen(picture) => {
                self.exchange.with_pictures(now, |pictures| pictures.take_camera(picture, now));
            }
            Happened::Coded(result) => self.exchange.with_pictures(now, |pictures| pictures.done(result)),
            Happened::Attempted(attempted) => {
                self.attempt = None;
                match attempted {
                    Ok(Attempted::Greeted(server)) => {
                        self.greeted = Some(server);
                        self.legs.greeted(now);
                    }
                    Ok(Attempted::Ready(link)) => {
                        self.link = Some(link);
                        self.legs.ready(now);
                        self.take_from_stream(now);
                    }
                    Err(NoLeg { why, is_final }) => self.legs.stream_lost(why, is_final, now),
                }
            }
            Happened::Room => self.waiting = None,
            Happened::Stream(Ok(true)) => self.take_from_stream(now),
            Happened::Stream(ended) => {
                let why = ended.err().map(|error| DialFailure::of(&error).why);
                self.stream_ended(why, now);
            }
            Happened::Udp => self.take_from_udp(now),
        }
    }

    /// The stream has ended; for this reason, if there is one.
    fn stream_ended(&mut self, why: Option<String>, now: Instant) {
        (self.link, self.waiting) = (None, None);
        let why = why.unwrap_or_else(|| say::server_closed_connection().to_owned());
        self.legs.stream_lost(why, false, now);
    }
}
