//! The person's camera: it runs while its pictures are wanted, and hands each picture to every channel and to the session.
//!
//! Must not know: on which channels pictures leave, or how they are coded.

use std::path::Path;
use std::sync::{Arc, Weak};

use async_std::channel::{Receiver, bounded};
use async_std::task;

use super::seats::Seats;
use crate::client::camera::Camera;
use crate::client::camera::feed::CameraNews;
use crate::client::camera::source::CameraSource;
use crate::client::link::outlet::Outlet;
use crate::client::msg::Msg;
use crate::media::picture::Picture;

/// Where the pictures of one camera go.
#[derive(Debug)]
pub(super) struct CameraDesk {
    /// What to say where there is no camera.
    why_none: String,
    /// The camera that runs, or that [is a pipe](CameraSource::is_pipe), which stays open.
    camera: Option<(CameraSource, Arc<Camera>)>,
    /// The channels that get pictures: each takes the next one when it has taken the one before.
    seats: Seats<Arc<Picture>>,
    outlet: Outlet,
}

impl CameraDesk {
    pub(super) fn new(why_none: String, outlet: Outlet) -> Self {
        Self { why_none, camera: None, seats: Seats::default(), outlet }
    }

    /// A channel gets pictures from now on, until it drops what it gets here.
    pub(super) fn seat(&self) -> Receiver<Arc<Picture>> {
        self.seats.seat(1)
    }

    /// Starts the camera of a name, or stops the one that runs. An empty name stands for the first of this machine.
    ///
    /// # Errors
    /// It cannot be started; the sentence says why, and what to do.
    pub(super) fn turn(&mut self, name: Option<&str>) -> Result<(), String> {
        let Some(name) = name else {
            self.stop();
            return Ok(());
        };
        let source = match name {
            "" => CameraSource::first_device(Path::exists).ok_or_else(|| self.why_none.clone())?,
            name => CameraSource::named(name)?,
        };
        // A pipe that has ended is opened again, and says so again.
        let goes_on = |(before, camera): &&(CameraSource, Arc<Camera>)| *before == source && !camera.has_ended();
        match self.camera.as_ref().filter(goes_on) {
            Some((_, camera)) => camera.turn(true),
            None => self.start(source)?,
        }
        Ok(())
    }

    fn stop(&mut self) {
        self.camera.take_if(|(source, camera)| {
            camera.turn(false);
            !source.is_pipe() || camera.has_ended()
        });
    }

    fn start(&mut self, source: CameraSource) -> Result<(), String> {
        let (ring, rings) = bounded(1);
        let camera = Camera::start(&source, move || _ = ring.try_send(()))?;
        let camera = Arc::new(camera);
        task::spawn(hand_on(Arc::downgrade(&camera), rings, self.seats.clone(), self.outlet.clone()));
        self.camera = Some((source, camera));
        Ok(())
    }
}

/// Hands on what a camera has, each time that it rings, until it is dropped.
async fn hand_on(camera: Weak<Camera>, rings: Receiver<()>, seats: Seats<Arc<Picture>>, outlet: Outlet) {
    while rings.recv().await.is_ok() {
        let Some(camera) = camera.upgrade() else { return };
        while let Some(news) = camera.take() {
            if let CameraNews::Picture(picture) = &news {
                seats.hand_out(picture);
            }
            match news {
                // The session shows the newest that it has room for.
                CameraNews::Picture(_) => _ = outlet.try_deliver(Msg::Camera(news)),
                CameraNews::Ended(_) => _ = outlet.deliver(Msg::Camera(news)).await,
            }
        }
    }
}
