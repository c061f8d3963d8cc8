//! The files of a channel: how far each is, what is to be done on the disk next, and what the person is told.
//!
//! Ours: opened, digested, offered, sent. Theirs: looked for, offered to the person, and once accepted begun, received and
//! compared.
//!
//! Must not know: words, the channel's end, or how files are read or written.

mod ours;
mod theirs;

use std::collections::VecDeque;
use std::path::Path;
use std::time::Instant;

use self::ours::OurFile;
use self::theirs::TheirFile;
use super::jobs::{FileJob, JobDone, JobStep};
use super::orders::{ChannelNews, FileEnd, FileKey, FileProgress, FileStep, PROGRESS_PAUSE};
use super::talk::{Talk, TalkEvent};
use crate::net::peer::channel::Channel;
use crate::protocol::CallId;

/// All files of a channel.
#[derive(Debug)]
pub(super) struct ChannelFiles {
    id: CallId,
    ours: Vec<OurFile>,
    theirs: Vec<TheirFile>,
    /// The file of which a piece is being read.
    reading: Option<u64>,
    jobs: VecDeque<FileJob>,
    news: Vec<ChannelNews>,
    /// The number of the last file.
    last: u64,
}

/// What the files are moved with.
pub(super) struct Carrier<'a> {
    pub(super) talk: &'a mut Talk,
    pub(super) channel: &'a mut Channel,
    pub(super) now: Instant,
}

impl ChannelFiles {
    pub(super) fn new(id: CallId) -> Self {
        let (ours, theirs, news) = (Vec::new(), Vec::new(), Vec::new());
        Self { id, ours, theirs, reading: None, jobs: VecDeque::new(), news, last: 0 }
    }

    /// The next step to be done on the disk.
    pub(super) fn job(&mut self) -> Option<FileJob> {
        self.jobs.pop_front()
    }

    /// How many steps wait.
    pub(super) fn waiting(&self) -> usize {
        self.jobs.len()
    }

    /// What there is to tell.
    pub(super) fn news(&mut self) -> Vec<ChannelNews> {
        std::mem::take(&mut self.news)
    }

    /// Takes an event of the talk; `false` if it is not about files.
    pub(super) fn heard(&mut self, event: &TalkEvent, now: Instant) -> bool {
        match event {
            TalkEvent::Offered(offer) => self.offered(offer.clone()),
            TalkEvent::Withdrawn(number) => self.withdrawn(*number),
            TalkEvent::Whole(number) => self.whole(*number),
            TalkEvent::Accepted(number, from) => self.accepted(*number, *from, now),
            TalkEvent::Declined(number) => self.ended(*number, FileEnd::Declined),
            TalkEvent::Checked(number, true) => self.ended(*number, FileEnd::Sent),
            TalkEvent::Checked(number, false) => self.ended(*number, FileEnd::Wrong),
            TalkEvent::Ready(_)
            | TalkEvent::Said(_)
            | TalkEvent::WantsBypass(_)
            | TalkEvent::Addresses(_)
            | TalkEvent::Pictures(_)
            | TalkEvent::Voice(_)
            | TalkEvent::Finished
            | TalkEvent::End(_) => return false,
        }
        true
    }

    /// A step is done.
    pub(super) fn done(&mut self, done: JobDone, carrier: &mut Carrier<'_>) {
        if self.reading == Some(done.file) {
            self.reading = None;
        }
        if self.ours.iter().any(|file| file.serial == done.file) {
            self.done_with_ours(done, carrier);
        } else {
            self.done_with_theirs(done, carrier);
        }
    }

    /// Moves what can be moved now; whether anything did.
    pub(super) fn go_on(&mut self, carrier: &mut Carrier<'_>) -> bool {
        let offered = self.offer_next(carrier);
        let read = self.read_next(carrier);
        let written = self.write_next(carrier);
        offered || read || written
    }

    /// The channel is over, or is about to be: every file ends.
    pub(super) fn cut(&mut self) {
        let ours: Vec<_> = self.ours.drain(..).map(|file| (file.serial, Some(FileKey::Ours(file.path)))).collect();
        let theirs: Vec<_> = self.theirs.drain(..).map(|file| (file.serial, file.told_key())).collect();
        for (serial, key) in ours.into_iter().chain(theirs) {
            self.close(serial);
            self.news.extend(key.map(|key| ChannelNews::FileEnded(self.id, key, FileEnd::Cut)));
        }
    }

    fn next_serial(&mut self) -> u64 {
        self.last += 1;
        self.last
    }

    fn order(&mut self, file: u64, step: JobStep) {
        self.jobs.push_back(FileJob { file, step });
    }

    /// Nothing more is done with a file. What was not begun with it need not be ended.
    fn close(&mut self, file: u64) {
        let is_first = |job: &FileJob| matches!(job.step, JobStep::Open(_) | JobStep::Look(_));
        let untouched = self.jobs.iter().any(|job| job.file == file && is_first(job));
        self.jobs.retain(|job| job.file != file);
        if !untouched {
            self.order(file, JobStep::Close);
        }
    }

    fn end(&mut self, key: FileKey, end: FileEnd) {
        self.news.push(ChannelNews::FileEnded(self.id, key, end));
    }
}

/// When a file was spoken of last.
#[derive(Debug, Default)]
struct LastTold(Option<Instant>);

impl LastTold {
    /// Whether it is to be spoken of now.
    fn is_due(&mut self, now: Instant) -> bool {
        let due = self.0.is_none_or(|last| now.saturating_duration_since(last) >= PROGRESS_PAUSE);
        if due {
            self.0 = Some(now);
        }
        due
    }

    /// Something else is being done with it from now on.
    fn renew(&mut self) {
        self.0 = None;
    }
}

fn progress(id: CallId, file: FileKey, step: FileStep, (done, size): (u64, u64)) -> ChannelNews {
    ChannelNews::Progress(id, FileProgress { file, step, done, size })
}

/// The name under which a file is offered.
fn offered_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
