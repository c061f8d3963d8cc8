//! The person's camera: runs while its pictures are wanted, and hands each to all channels and to the session.
//!
//! Must not know: on which channels pictures leave, or how they are coded.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use async_std::channel::{Receiver, Sender, TrySendError, bounded};
use async_std::task;

use crate::client::camera::Camera;
use crate::client::camera::feed::CameraNews;
use crate::client::camera::source::CameraSource;
use crate::client::link::outlet::Outlet;
use crate::client::msg::Msg;
use crate::media::picture::Picture;

/// Where the pictures of one camera go.
#[derive(Debug)]
pub(super) struct CameraDesk {
    /// The camera that the person has named; else the first of the machine is taken.
    named: Option<CameraSource>,
    /// What to say where there is none.
    why_none: String,
    /// The camera that runs, or that [is a pipe](CameraSource::is_pipe), which stays open.
    camera: Option<(CameraSource, Arc<Camera>)>,
    seats: Seats,
    outlet: Outlet,
}

/// The channels that get pictures: each takes the next one when it has taken the one before.
type Seats = Arc<Mutex<Vec<Sender<Arc<Picture>>>>>;

impl CameraDesk {
    pub(super) fn new(named: Option<CameraSource>, why_none: String, outlet: Outlet) -> Self {
        Self { named, why_none, camera: None, seats: Seats::default(), outlet }
    }

    /// A channel gets pictures from now on, until it drops what it gets here.
    pub(super) fn seat(&self) -> Receiver<Arc<Picture>> {
        let (seat, pictures) = bounded(1);
        self.seats.lock().unwrap_or_else(PoisonError::into_inner).push(seat);
        pictures
    }

    /// Starts the camera, or stops it.
    ///
    /// # Errors
    /// It cannot be started; the sentence says why, and what to do.
    pub(super) fn turn(&mut self, on: bool) -> Result<(), String> {
        // A pipe that has ended is opened again, and says so again.
        let stays = |(source, camera): &&(CameraSource, Arc<Camera>)| source.is_pipe() && !camera.has_ended();
        if let Some((_, camera)) = self.camera.as_ref().filter(stays) {
            camera.turn(on);
        } else if on {
            self.start()?;
        } else {
            self.camera = None;
        }
        Ok(())
    }

    fn start(&mut self) -> Result<(), String> {
        let source = self.named.clone().or_else(|| CameraSource::first_device(Path::exists));
        let source = source.ok_or_else(|| self.why_none.clone())?;
        let (ring, rings) = bounded(1);
        let camera = Camera::start(&source, move || _ = ring.try_send(()))?;
        let camera = Arc::new(camera);
        task::spawn(hand_on(Arc::downgrade(&camera), rings, Arc::clone(&self.seats), self.outlet.clone()));
        self.camera = Some((source, camera));
        Ok(())
    }
}

/// Hands on what a camera has, each time that it rings, until it is dropped.
async fn hand_on(camera: Weak<Camera>, rings: Receiver<()>, seats: Seats, outlet: Outlet) {
    while rings.recv().await.is_ok() {
        let Some(camera) = camera.upgrade() else { return };
        while let Some(news) = camera.take() {
            if let CameraNews::Picture(picture) = &news {
                let mut seats = seats.lock().unwrap_or_else(PoisonError::into_inner);
                seats.retain(|seat| !matches!(seat.try_send(Arc::clone(picture)), Err(TrySendError::Closed(_))));
            }
            match news {
                // The session shows the newest that it has room for.
                CameraNews::Picture(_) => _ = outlet.try_deliver(Msg::Camera(news)),
                CameraNews::Ended(_) => _ = outlet.deliver(Msg::Camera(news)).await,
            }
        }
    }
}
