//! Between a camera's thread and the owner of the camera: the newest picture, and how it ended.
//!
//! Must not know: where pictures come from, or where they go.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::client::stop_sign::StopSign;
use crate::media::ladder::STREAM_SIZES;
use crate::media::picture::{Picture, PictureSize};

/// The least time between two pictures: more are not sent.
const LEAST_TIME: Duration = Duration::from_millis(30);

/// What a camera has to say.
#[derive(Clone, Debug, PartialEq)]
pub enum CameraNews {
    /// The newest picture, five units wide for three of height.
    Picture(Arc<Picture>),
    /// There are no more; the sentence says why.
    Ended(String),
}

/// The place where a camera's thread leaves its pictures.
pub(super) struct Feed {
    state: Mutex<FeedState>,
    stop: StopSign,
    /// Tells that there is something to take.
    wake: Box<dyn Fn() + Send + Sync>,
}

#[derive(Debug, Default)]
struct FeedState {
    picture: Option<Arc<Picture>>,
    end: Option<String>,
    /// The size that pictures are made no larger than.
    wanted: Option<PictureSize>,
    is_on: bool,
    has_ended: bool,
    /// When the last picture was left.
    left: Option<Duration>,
}

impl Feed {
    pub(super) fn new(wake: Box<dyn Fn() + Send + Sync>) -> Self {
        let [.., (width, height)] = STREAM_SIZES;
        let state = FeedState { wanted: PictureSize::new(width, height), is_on: true, ..FeedState::default() };
        Self { state: Mutex::new(state), stop: StopSign::new(), wake }
    }

    fn state(&self) -> MutexGuard<'_, FeedState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Leaves a picture in place of the one before, if it is wanted.
    pub(super) fn leave(&self, picture: &Picture) {
        let now = self.stop.elapsed();
        let wanted = {
            let mut state = self.state();
            let is_soon = state.left.is_some_and(|left| now.saturating_sub(left) < LEAST_TIME);
            if !state.is_on || is_soon || self.stop.is_stopped() {
                return;
            }
            state.left = Some(now);
            state.wanted
        };
        // Without the lock: a large picture takes a while.
        let middle = picture.five_to_three();
        let fitting = wanted.filter(|wanted| wanted.width() < middle.size().width());
        let picture = Arc::new(fitting.map_or_else(|| middle.clone(), |wanted| middle.scaled(wanted)));
        let mut state = self.state();
        let is_first = state.is_on && state.picture.replace(picture).is_none();
        drop(state);
        if is_first {
            (self.wake)();
        }
    }

    /// There are no more pictures; the sentence says why.
    pub(super) fn end(&self, why: String) {
        let mut state = self.state();
        state.end.get_or_insert(why);
        state.has_ended = true;
        drop(state);
        (self.wake)();
    }

    /// What is there to take. The end is said once.
    pub(super) fn take(&self) -> Option<CameraNews> {
        let mut state = self.state();
        let picture = state.picture.take().map(CameraNews::Picture);
        picture.or_else(|| state.end.take().map(CameraNews::Ended))
    }

    /// Whether there are no more pictures.
    pub(super) fn has_ended(&self) -> bool {
        self.state().has_ended
    }

    pub(super) fn want(&self, size: PictureSize) {
        self.state().wanted = Some(size);
    }

    /// The size that pictures are made no larger than.
    pub(super) fn wanted(&self) -> Option<PictureSize> {
        self.state().wanted
    }

    /// While it is off, pictures are dropped.
    pub(super) fn turn(&self, on: bool) {
        let mut state = self.state();
        state.is_on = on;
        if !on {
            state.picture = None;
        }
    }

    /// How long it has run, and the sign to stop.
    pub(super) fn stop(&self) -> &StopSign {
        &self.stop
    }
}
