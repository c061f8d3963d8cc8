//! The long work of a channel's pictures, in threads: one codes, and one decodes.
//!
//! Must not know: when a picture is due, or where it goes.

use futures_lite::FutureExt as _;

use crate::client::channels::worker::Worker;
use crate::client::direct::pictures::codec::{CodecJob, CodecResult, PictureCodec};

/// The two workers.
#[derive(Default)]
pub(super) struct PictureWork {
    encoder: Worker<PictureCodec, CodecResult>,
    decoder: Worker<PictureCodec, CodecResult>,
}

impl PictureWork {
    /// Begins a job. Of each kind there is one at a time.
    pub(super) fn begin(&mut self, job: CodecJob) {
        let worker = match job {
            CodecJob::Encode(_) => &mut self.encoder,
            CodecJob::Decode(_) => &mut self.decoder,
        };
        worker.begin(|codec| codec.run(job));
    }

    /// Waits until a job is done. Cancelling the wait loses nothing.
    pub(super) async fn done(&mut self) -> CodecResult {
        let Self { encoder, decoder } = self;
        decoder.done().or(encoder.done()).await
    }
}
