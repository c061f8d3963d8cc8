//! The task of one channel: packets, times, orders and finished steps go into its machines, and what comes out is carried
//! out.
//!
//! Must not know: what is said, or which leg is the better one (`net::legs`).

mod picture_work;

use std::future::pending;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_io::Timer;
use async_std::channel::Receiver;
use async_std::task;
use futures_lite::FutureExt as _;

use self::picture_work::PictureWork;
use super::disk::Disk;
use super::relay_leg::{LegHappened, RelayLeg};
use super::sound_desk::{Loudspeaker, speaker};
use crate::client::destination::Destination;
use crate::client::direct::exchange::Exchange;
use crate::client::direct::jobs::JobDone;
use crate::client::direct::orders::{ChannelOrder, ChannelWay};
use crate::client::direct::pictures::codec::CodecResult;
use crate::client::link::dialer::Dialer;
use crate::client::link::outlet::{Outlet, RETRY};
use crate::client::msg::Msg;
use crate::media::picture::Picture;
use crate::net::legs::LegKind;
use crate::net::ways::Route;
use crate::protocol::conference::MemberNumber;
use crate::protocol::{CallId, RelayGrant};
use crate::sys::clock::steady;

/// How long the other side is answered after the end, which may have been lost on its way.
const LINGER: Duration = Duration::from_secs(1);
/// A picture of the camera that came so long ago is not the one with which it began.
pub(super) const NEWEST: Duration = Duration::from_millis(500);
/// The most packets that are sent, or taken from one leg, before anything else has its turn.
const TURN: usize = 64;

/// What a channel needs.
pub(super) struct ChannelSetup {
    pub(super) id: CallId,
    pub(super) exchange: Exchange,
    pub(super) grant: RelayGrant,
    /// The server, and how it is reached.
    pub(super) server: Destination,
    pub(super) dialer: Dialer,
    pub(super) disk: Disk,
    pub(super) orders: Receiver<ChannelOrder>,
    /// The pictures of the person's camera.
    pub(super) camera: Receiver<Arc<Picture>>,
    /// What the microphone hears, and the loudspeaker.
    pub(super) sound: (Receiver<Arc<[i16]>>, Loudspeaker),
    pub(super) outlet: Outlet,
}

/// A step of the disk.
type DiskStep = Pin<Box<dyn Future<Output = (Disk, Option<JobDone>)> + Send>>;

/// What is waited for.
enum Happened {
    Order(Option<ChannelOrder>),
    Time,
    Stepped(Disk, Option<JobDone>),
    /// The camera has a picture.
    Seen(Arc<Picture>),
    /// The microphone heard something.
    Heard(Arc<[i16]>),
    /// A picture was coded or decoded.
    Coded(CodecResult),
    Leg(LegHappened),
}

/// A channel that is held.
struct Held {
    id: CallId,
    exchange: Exchange,
    leg: RelayLeg,
    /// `None` once nobody orders anything any more.
    orders: Option<Receiver<ChannelOrder>>,
    camera: Receiver<Arc<Picture>>,
    /// The camera's newest picture, and when it came.
    seen: Option<(Instant, Arc<Picture>)>,
    microphone: Receiver<Arc<[i16]>>,
    loudspeaker: Loudspeaker,
    pictures: PictureWork,
    outlet: Outlet,
    /// Whether there was more to send than one turn takes.
    more: bool,
    /// Whether more has come than one turn takes.
    unread: bool,
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
    let ChannelSetup { id, exchange, grant, server, dialer, disk, orders, camera, sound, outlet } = setup;
    let (microphone, loudspeaker) = sound;
    let leg = RelayLeg::new(grant, server, dialer);
    let mut held = Held {
        id,
        exchange,
        leg,
        orders: Some(orders),
        camera,
        seen: None,
        microphone,
        loudspeaker,
        pictures: PictureWork::default(),
        outlet,
        more: false,
        unread: false,
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
        if self.exchange.take_silence(now) {
            self.leg.make_sure(now);
        }
        if let Some(kind) = self.leg.go_on() {
            let way = match kind {
                LegKind::Stream => ChannelWay::RelayStream,
                LegKind::Udp => ChannelWay::RelayUdp,
            };
            self.exchange.way_changed(way, now);
        }
        if self.leg.take_move() {
            self.exchange.relay_moved();
        }
        if let Some(why) = self.leg.failed() {
            self.exchange.relay_lost(why, now);
        }
        // Once packets are to bypass the server, the other side is told where we are.
        if self.exchange.bypasses() {
            self.exchange.own_addresses(&self.leg.own_addresses());
        }
        self.send(now);
        self.begin_step(now);
        while let Some(job) = self.exchange.codec_job(now) {
            self.pictures.begin(job);
        }
        self.play();
        self.tell(now);
        if !self.exchange.has_ended() {
            return true;
        }
        let until = *self.lingers.get_or_insert(now + LINGER);
        let answered = self.exchange.is_over() || until <= now;
        !(answered && self.untold.is_none() && self.step.is_none())
    }

    /// Sends what is to be sent, as far as there is a way and room on it.
    fn send(&mut self, now: Instant) {
        self.more = false;
        while let Some((to, probe)) = self.exchange.probe() {
            self.leg.send_straight(&probe, to);
        }
        for _ in 0..TURN {
            if !self.exchange.goes_straight() && !self.leg.has_room() {
                return;
            }
            let Some(packet) = self.exchange.transmit(now) else { return };
            let Route { direct, relay } = self.exchange.route(now);
            if let Some(to) = direct {
                self.leg.send_straight(&packet, to);
            }
            if relay && self.leg.has_room() {
                self.leg.send(packet, now);
            }
        }
        self.more = true;
    }

    /// Has played what is to be heard.
    fn play(&mut self) {
        while let Some(sound) = self.exchange.sound() {
            self.loudspeaker.play(speaker(self.id, MemberNumber(0)), &sound.samples);
        }
    }

    /// Takes the packets that have come.
    fn receive(&mut self, now: Instant) {
        for _ in 0..TURN {
            match self.leg.packet(now) {
                Some((None, packet)) => self.exchange.receive(&packet, now),
                Some((Some(from), packet)) => self.exchange.receive_straight(from, &packet, now),
                None => return self.unread = false,
            }
        }
        self.unread = true;
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
        let Self { orders, camera, microphone, pictures, leg, step, .. } = self;
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
        let heard = async {
            match microphone.recv().await {
                Ok(samples) => Happened::Heard(samples),
                Err(_) => pending().await,
            }
        };
        let coded = async { Happened::Coded(pictures.done().await) };
        let of_leg = async { Happened::Leg(leg.wait().await) };
        // Last the time: what has happened is never kept waiting by what is due.
        order.or(heard).or(stepped).or(coded).or(seen).or(of_leg).or(time).await
    }

    fn due(&mut self) -> Instant {
        let now = steady();
        if self.more || self.unread {
            return now;
        }
        let retry = self.untold.as_ref().map(|_| now + RETRY);
        let lingers = self.lingers.filter(|until| *until > now);
        let due = self.exchange.deadline().into_iter().chain(self.leg.deadline()).chain(lingers).chain(retry);
        due.min().unwrap_or(now + LINGER)
    }

    fn take(&mut self, happened: Happened) {
        let now = steady();
        match happened {
            Happened::Time => {
                self.exchange.tick(now);
                self.leg.tick(now);
                if self.unread {
                    self.receive(now);
                }
            }
            Happened::Order(Some(order)) => {
                let begins = matches!(order, ChannelOrder::Camera(_, true));
                self.exchange.order(order, now);
                // The picture with which the camera began: another one may not come soon.
                if let Some((_, picture)) = self.seen.take_if(|(came, _)| begins && now - *came < NEWEST) {
                    self.exchange.with_pictures(now, |pictures| pictures.take_camera(picture, now));
                }
            }
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
                self.seen = Some((now, Arc::clone(&picture)));
                self.exchange.with_pictures(now, |pictures| pictures.take_camera(picture, now));
            }
            Happened::Heard(samples) => self.exchange.with_voice(now, |voice| voice.take_microphone(&samples, now)),
            Happened::Coded(result) => self.exchange.with_pictures(now, |pictures| pictures.done(result)),
            Happened::Leg(happened) => {
                self.leg.take(happened, now);
                self.receive(now);
            }
        }
    }
}
