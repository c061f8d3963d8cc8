//! The task of a room's call: packets, times, orders, pictures, sound and finished work go into its machine
//! ([`crate::client::direct::conference`]), and what comes out is carried out.
//!
//! Must not know: who is in the call, or what is shown.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_io::Timer;
use async_std::channel::Receiver;
use futures_lite::FutureExt as _;

use super::relay_leg::{LegHappened, RelayLeg};
use super::sound_desk::{Loudspeaker, speaker};
use super::task::NEWEST;
use super::worker::Worker;
use crate::client::direct::conference::Attendance;
use crate::client::direct::conference::codec::{FaceCodec, FaceResult};
use crate::client::direct::conference::events::AttendanceEvent;
use crate::client::direct::conference::orders::{ConferenceNews, ConferenceOrder};
use crate::client::link::outlet::{Outlet, RETRY};
use crate::client::msg::Msg;
use crate::media::picture::Picture;
use crate::protocol::CallId;
use crate::sys::clock::steady;

/// The most packets that are sent, or taken, before anything else has its turn.
const TURN: usize = 64;
/// How long to wait if nothing is due.
const IDLE: Duration = Duration::from_secs(1);

/// What a room's call needs.
pub(super) struct ConferenceSetup {
    pub(super) id: CallId,
    pub(super) attendance: Attendance,
    pub(super) leg: RelayLeg,
    pub(super) orders: Receiver<ConferenceOrder>,
    /// The pictures of the person's camera.
    pub(super) camera: Receiver<Arc<Picture>>,
    /// What the microphone hears, and the loudspeaker.
    pub(super) sound: (Receiver<Arc<[i16]>>, Loudspeaker),
    pub(super) outlet: Outlet,
}

/// What is waited for.
enum CallHappened {
    Order(Option<ConferenceOrder>),
    Time,
    Seen(Option<Arc<Picture>>),
    /// The microphone heard something.
    Heard(Option<Arc<[i16]>>),
    Worked(FaceResult),
    Leg(LegHappened),
}

/// A call that is attended.
struct Attended {
    id: CallId,
    attendance: Attendance,
    leg: RelayLeg,
    orders: Receiver<ConferenceOrder>,
    camera: Receiver<Arc<Picture>>,
    /// The camera's newest picture, and when it came.
    seen: Option<(Instant, Arc<Picture>)>,
    microphone: Receiver<Arc<[i16]>>,
    loudspeaker: Loudspeaker,
    worker: Worker<FaceCodec, FaceResult>,
    outlet: Outlet,
    /// What the inbox had no room for.
    untold: Option<Box<Msg>>,
    /// Whether there is more to send, or has come, than one turn takes.
    more: bool,
    unread: bool,
}

/// Attends a call until it is left, or there is no way any more.
pub(super) async fn attend(setup: ConferenceSetup) {
    let ConferenceSetup { id, attendance, leg, orders, camera, sound, outlet } = setup;
    let ((microphone, loudspeaker), worker) = (sound, Worker::default());
    let mut attended = Attended {
        id,
        attendance,
        leg,
        orders,
        camera,
        seen: None,
        microphone,
        loudspeaker,
        worker,
        outlet,
        untold: None,
        more: false,
        unread: false,
    };
    while attended.go_on() {
        let happened = attended.wait().await;
        if !attended.take(happened) {
            return;
        }
    }
    if let Some(why) = attended.leg.failed() {
        let news = ConferenceNews::Ended(id, why.to_owned());
        attended.outlet.deliver(Msg::Conference(news)).await;
    }
}

impl Attended {
    /// Carries out what there is to do now; `false` if there is no way any more.
    fn go_on(&mut self) -> bool {
        let now = steady();
        self.leg.go_on();
        self.send(now);
        while self.worker.is_free()
            && let Some(job) = self.attendance.job(now)
        {
            self.worker.begin(|codec| codec.run(job));
        }
        self.play();
        self.tell();
        self.leg.failed().is_none()
    }

    fn send(&mut self, now: Instant) {
        self.more = false;
        for _ in 0..TURN {
            if !self.leg.has_room() {
                return;
            }
            let Some(packet) = self.attendance.transmit(now) else { return };
            self.leg.send(packet, now);
        }
        self.more = true;
    }

    /// Has played what is to be heard.
    fn play(&mut self) {
        while let Some((of, sound)) = self.attendance.sound() {
            self.loudspeaker.play(speaker(self.id, of), &sound.samples);
        }
    }

    fn receive(&mut self, now: Instant) {
        for _ in 0..TURN {
            match self.leg.packet(now) {
                Some((None, packet)) => self.attendance.receive(&packet, now),
                // Nobody but the server has a packet for us.
                Some((Some(_), _)) => {}
                None => return self.unread = false,
            }
        }
        self.unread = true;
    }

    /// Tells the session what happened, as far as its inbox has room.
    fn tell(&mut self) {
        loop {
            let msg = match self.untold.take() {
                Some(msg) => *msg,
                None => match self.attendance.event() {
                    Some(event) => Msg::Conference(news_of(self.id, event)),
                    None => return,
                },
            };
            if let Err(back) = self.outlet.try_deliver(msg) {
                self.untold = Some(back);
                return;
            }
        }
    }

    async fn wait(&mut self) -> CallHappened {
        let due = self.due();
        let Self { orders, camera, microphone, worker, leg, .. } = self;
        let time = async {
            Timer::at(due).await;
            CallHappened::Time
        };
        let order = async { CallHappened::Order(orders.recv().await.ok()) };
        let seen = async { CallHappened::Seen(camera.recv().await.ok()) };
        let heard = async { CallHappened::Heard(microphone.recv().await.ok()) };
        let worked = async { CallHappened::Worked(worker.done().await) };
        let of_leg = async { CallHappened::Leg(leg.wait().await) };
        // Last the time: what has happened is never kept waiting by what is due.
        order.or(heard).or(worked).or(seen).or(of_leg).or(time).await
    }

    fn due(&mut self) -> Instant {
        let now = steady();
        if self.more || self.unread {
            return now;
        }
        let retry = self.untold.as_ref().map(|_| now + RETRY);
        // What is due already waits for room on the leg, or for the worker.
        let waits = !self.leg.has_room() || !self.worker.is_free();
        let machine = self.attendance.deadline().filter(|due| !waits || *due > now);
        // What is to be heard waits for neither.
        let sound = self.attendance.sound_due();
        machine.into_iter().chain(sound).chain(self.leg.deadline()).chain(retry).min().unwrap_or(now + IDLE)
    }

    /// Takes what has happened; `false` if the call is left.
    fn take(&mut self, happened: CallHappened) -> bool {
        let now = steady();
        match happened {
            CallHappened::Order(None) | CallHappened::Seen(None) | CallHappened::Heard(None) => return false,
            CallHappened::Order(Some(order)) => return self.carry_out(order, now),
            CallHappened::Time => {
                self.attendance.tick(now);
                self.leg.tick(now);
                if self.unread {
                    self.receive(now);
                }
            }
            CallHappened::Seen(Some(picture)) => {
                self.attendance.take_picture(&picture, now);
                self.seen = Some((now, picture));
            }
            CallHappened::Heard(Some(samples)) => self.attendance.take_microphone(&samples, now),
            CallHappened::Worked(result) => self.attendance.done(result, now),
            CallHappened::Leg(happened) => {
                self.leg.take(happened, now);
                self.receive(now);
            }
        }
        true
    }

    fn carry_out(&mut self, order: ConferenceOrder, now: Instant) -> bool {
        match order {
            ConferenceOrder::Members(_, members) => self.attendance.set_members(&members, now),
            ConferenceOrder::Show(_, shown) => self.attendance.show(&shown, now),
            ConferenceOrder::Camera(_, on) => {
                self.attendance.turn_camera(on, now);
                // The picture with which the camera began: another one may not come soon.
                if let Some((_, picture)) = self.seen.take_if(|(came, _)| on && now - *came < NEWEST) {
                    self.attendance.take_picture(&picture, now);
                }
            }
            ConferenceOrder::Hear(_, on) => self.attendance.hear(on, now),
            ConferenceOrder::Talk(_, on) => self.attendance.talk(on, now),
            ConferenceOrder::Leave(_) => return false,
            ConferenceOrder::Attend { .. } => {}
        }
        true
    }
}

fn news_of(id: CallId, event: AttendanceEvent) -> ConferenceNews {
    match event {
        AttendanceEvent::Reached(of) => ConferenceNews::Reached(id, of),
        AttendanceEvent::Lost(of, end) => ConferenceNews::Lost(id, of, end),
        AttendanceEvent::Camera(of, on) => ConferenceNews::Camera(id, of, on),
        AttendanceEvent::Watched(watched) => ConferenceNews::Watched(id, watched),
        AttendanceEvent::Picture(of, picture) => ConferenceNews::Picture(id, of, picture),
        AttendanceEvent::Speaks(of, speaks) => ConferenceNews::Speaks(id, of, speaks),
        AttendanceEvent::Heard(heard) => ConferenceNews::Heard(id, heard),
        AttendanceEvent::Unsealed => ConferenceNews::Unsealed(id),
    }
}
