//! The long work of a channel's pictures, in threads: one codes, and one decodes.
//!
//! Must not know: when a picture is due, or where it goes.

use std::future::{Future, pending};
use std::pin::Pin;

use async_std::task;
use futures_lite::FutureExt as _;

use crate::client::direct::pictures::codec::{CodecJob, CodecResult, PictureCodec};

/// The two workers.
#[derive(Default)]
pub(super) struct PictureWork {
    encoder: PictureWorker,
    decoder: PictureWorker,
}

/// One that does a job at a time, and keeps its codec.
struct PictureWorker {
    /// `None` while it works.
    codec: Option<PictureCodec>,
    step: Option<PictureStep>,
}

type PictureStep = Pin<Box<dyn Future<Output = (PictureCodec, CodecResult)> + Send>>;

impl Default for PictureWorker {
    fn default() -> Self {
        Self { codec: Some(PictureCodec::default()), step: None }
    }
}

impl PictureWork {
    /// Begins a job. Of each kind there is one at a time.
    pub(super) fn begin(&mut self, job: CodecJob) {
        match job {
            CodecJob::Encode(_) => self.encoder.begin(job),
            CodecJob::Decode(_) => self.decoder.begin(job),
        }
    }

    /// Waits until a job is done. Whoever stops waiting loses nothing.
    pub(super) async fn done(&mut self) -> CodecResult {
        let Self { encoder, decoder } = self;
        decoder.done().or(encoder.done()).await
    }
}

impl PictureWorker {
    fn begin(&mut self, job: CodecJob) {
        if let Some(mut codec) = self.codec.take() {
            self.step = Some(Box::pin(task::spawn_blocking(move || {
                let result = codec.run(job);
                (codec, result)
            })));
        }
    }

    async fn done(&mut self) -> CodecResult {
        let Some(step) = &mut self.step else { return pending().await };
        let (codec, result) = step.await;
        (self.codec, self.step) = (Some(codec), None);
        result
    }
}
