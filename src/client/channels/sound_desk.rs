//! The person's microphone and loudspeaker: run while a call needs them. What the microphone hears goes to all channels,
//! and they all play on the one loudspeaker.
//!
//! Must not know: on which channels voice leaves, or how it is coded.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use async_std::channel::{Receiver, bounded};
use async_std::task;

use super::seats::Seats;
use crate::client::link::outlet::Outlet;
use crate::client::msg::Msg;
use crate::client::sound::Sound;
use crate::client::sound::choice::SoundChoice;
use crate::client::sound::feed::SoundNews;
use crate::client::sound::source::SoundSource;
use crate::protocol::CallId;
use crate::protocol::conference::MemberNumber;

/// The most pieces of the microphone's sound that wait for a channel: more than it takes in a turn.
const MOST_WAITING: usize = 16;

/// Where sound comes from and goes to.
#[derive(Debug)]
pub(super) struct SoundDesk {
    shared: Loudspeaker,
    seats: Seats<Arc<[i16]>>,
    outlet: Outlet,
}

/// The loudspeaker, while one runs: what is played here goes to the one that runs now.
#[derive(Clone, Debug, Default)]
pub(super) struct Loudspeaker(Arc<Mutex<RunningSound>>);

#[derive(Debug, Default)]
struct RunningSound {
    sound: Option<Arc<Sound>>,
    /// How often it was started and stopped: what was started for an earlier time is dropped.
    turns: u64,
    is_talking: bool,
}

impl Loudspeaker {
    fn running(&self) -> MutexGuard<'_, RunningSound> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has the sound of somebody played, if it runs.
    pub(super) fn play(&self, speaker: u64, samples: &[i16]) {
        if let Some(sound) = &self.running().sound {
            sound.play(speaker, samples);
        }
    }
}

/// The number of whoever speaks in a call, for [`Loudspeaker::play`]: of the other one, or of a member.
pub(super) fn speaker(CallId(id): CallId, MemberNumber(number): MemberNumber) -> u64 {
    let [first, ..] = id.as_chunks::<8>().0 else { return 0 };
    u64::from_le_bytes(*first).wrapping_add(number.into())
}

impl SoundDesk {
    pub(super) fn new(outlet: Outlet) -> Self {
        Self { shared: Loudspeaker::default(), seats: Seats::default(), outlet }
    }

    /// A channel hears the microphone from now on, until it drops what it gets here, and plays.
    pub(super) fn seat(&self) -> (Receiver<Arc<[i16]>>, Loudspeaker) {
        (self.seats.seat(MOST_WAITING), self.shared.clone())
    }

    /// The person begins or ceases to speak.
    pub(super) fn talk(&self, is_talking: bool) {
        let mut running = self.shared.running();
        running.is_talking = is_talking;
        if let Some(sound) = &running.sound {
            sound.talk(is_talking);
        }
    }

    /// Starts the sound of a name, where an empty one stands for `auto`, or stops it. What comes of the start is told as
    /// [`Msg::Sound`].
    pub(super) fn turn(&self, name: Option<String>) {
        let turn = {
            let mut running = self.shared.running();
            running.turns += 1;
            running.sound = None;
            running.turns
        };
        if let Some(name) = name {
            task::spawn(run(name, turn, self.shared.clone(), self.seats.clone(), self.outlet.clone()));
        }
    }
}

/// Starts sound, and hands on what the microphone hears, until it ends or is stopped. Where programs that nobody named do not
/// work, others are started.
async fn run(name: String, turn: u64, shared: Loudspeaker, seats: Seats<Arc<[i16]>>, outlet: Outlet) {
    let source = SoundSource::named(if name.is_empty() { "auto" } else { &name });
    let mut choice = match source {
        Ok(source) => SoundChoice::new(source),
        Err(why) => {
            outlet.deliver(Msg::Sound(Err(why))).await;
            return;
        }
    };
    loop {
        let (ring, rings) = bounded(1);
        // The programs are looked for first, which takes a moment.
        let started = task::spawn_blocking(move || {
            let started = choice.start(None, move || _ = ring.try_send(()));
            (choice, started)
        });
        let (back, started) = started.await;
        choice = back;
        let outcome = {
            let mut running = shared.running();
            if running.turns != turn {
                return;
            }
            started.map(|sound| {
                let sound = Arc::new(sound);
                sound.talk(running.is_talking);
                let weak = Arc::downgrade(&sound);
                running.sound = Some(sound);
                weak
            })
        };
        let end = match outcome {
            Ok(sound) => hand_on(sound, rings, &mut choice, &seats, &outlet).await,
            Err(why) => SoundOver::Ended(why),
        };
        match end {
            SoundOver::Next => {}
            SoundOver::Stopped => return,
            SoundOver::Ended(why) => {
                outlet.deliver(Msg::Sound(Err(why))).await;
                return;
            }
        }
    }
}

/// How sound is over.
enum SoundOver {
    /// It was stopped.
    Stopped,
    /// Others are to be started.
    Next,
    /// There is no more, as the sentence says.
    Ended(String),
}

/// Hands on what the microphone hears.
async fn hand_on(
    sound: Weak<Sound>,
    rings: Receiver<()>,
    choice: &mut SoundChoice,
    seats: &Seats<Arc<[i16]>>,
    outlet: &Outlet,
) -> SoundOver {
    while rings.recv().await.is_ok() {
        let Some(sound) = sound.upgrade() else { return SoundOver::Stopped };
        while let Some(news) = sound.take() {
            match news {
                SoundNews::Began => _ = outlet.deliver(Msg::Sound(Ok(choice.begins()))).await,
                SoundNews::Heard(samples) => seats.hand_out(&samples.into()),
                SoundNews::Ended(why) => return choice.ended(why).map_or(SoundOver::Next, SoundOver::Ended),
            }
        }
    }
    SoundOver::Stopped
}
