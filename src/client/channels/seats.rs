//! Seats: everybody who has one gets what is handed out, each at their own pace; those who fall behind miss some of it.
//!
//! Must not know: what is handed out.

use std::sync::{Arc, Mutex, PoisonError};

use async_std::channel::{Receiver, Sender, TrySendError, bounded};

/// The seats. Clones are the same seats.
#[derive(Debug)]
pub(super) struct Seats<T>(Arc<Mutex<Vec<Sender<T>>>>);

impl<T> Default for Seats<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T> Clone for Seats<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T: Clone> Seats<T> {
    /// A seat where so much may wait; it is given up by dropping it.
    pub(super) fn seat(&self, most: usize) -> Receiver<T> {
        let (seat, taken) = bounded(most);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(seat);
        taken
    }

    /// Hands something out to all who have room for it.
    pub(super) fn hand_out(&self, what: &T) {
        let mut seats = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seats.retain(|seat| !matches!(seat.try_send(what.clone()), Err(TrySendError::Closed(_))));
    }
}
