//! The files that we send.
//!
//! Must not know: the files that we get.

use std::path::{Path, PathBuf};
use std::time::Instant;

use super::{Carrier, ChannelFiles, LastTold, offered_name, progress};
use crate::client::direct::jobs::{JobDone, JobOutcome, JobStep};
use crate::client::direct::orders::{FileEnd, FileKey, FileStep};
use crate::client::direct::transfers::{MAX_TRANSFERS, OfferRefusal};
use crate::language::channels as say;

/// A file that we send.
#[derive(Debug)]
pub(super) struct OurFile {
    pub(super) serial: u64,
    /// As the person gave it.
    pub(super) path: PathBuf,
    size: u64,
    state: OurState,
    shown: LastTold,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OurState {
    Opening,
    Digesting,
    /// It can be offered, once nothing else waits for an answer.
    Digested([u8; 32]),
    /// It was offered under this number.
    Offered(u32),
    /// It is on its way.
    Moving(u32),
}

impl OurFile {
    fn number(&self) -> Option<u32> {
        match self.state {
            OurState::Offered(number) | OurState::Moving(number) => Some(number),
            OurState::Opening | OurState::Digesting | OurState::Digested(_) => None,
        }
    }
}

impl ChannelFiles {
    /// Prepares a file to be offered.
    pub(in crate::client::direct) fn offer(&mut self, path: PathBuf) {
        if self.ours.iter().any(|file| file.path == path) {
            return;
        }
        if self.ours.len() >= MAX_TRANSFERS {
            return self.end(FileKey::Ours(path), FileEnd::Failed(say::too_many_files(MAX_TRANSFERS)));
        }
        let serial = self.next_serial();
        self.order(serial, JobStep::Open(path.clone()));
        self.ours.push(OurFile { serial, path, size: 0, state: OurState::Opening, shown: LastTold::default() });
    }

    /// The person does not want it sent, or no longer.
    pub(in crate::client::direct) fn withdraw(&mut self, path: &Path, carrier: &mut Carrier<'_>) {
        let Some(at) = self.ours.iter().position(|file| file.path == path) else { return };
        let file = self.ours.remove(at);
        if let Some(number) = file.number() {
            carrier.talk.withdraw(number, carrier.channel);
        }
        self.close(file.serial);
    }

    /// The other one takes it, from a byte on.
    pub(super) fn accepted(&mut self, number: u32, from: u64, now: Instant) {
        let id = self.id;
        let Some(file) = self.ours.iter_mut().find(|file| file.number() == Some(number)) else { return };
        file.state = OurState::Moving(number);
        file.shown.renew();
        file.shown.is_due(now);
        let key = FileKey::Ours(file.path.clone());
        self.news.push(progress(id, key, FileStep::Moving, (from, file.size)));
    }

    /// It is done with, in this way.
    pub(super) fn ended(&mut self, number: u32, end: FileEnd) {
        let Some(at) = self.ours.iter().position(|file| file.number() == Some(number)) else { return };
        let file = self.ours.remove(at);
        self.close(file.serial);
        self.end(FileKey::Ours(file.path), end);
    }

    pub(super) fn done_with_ours(&mut self, done: JobDone, carrier: &mut Carrier<'_>) {
        let id = self.id;
        let Some(at) = self.ours.iter().position(|file| file.serial == done.file) else { return };
        let Some(file) = self.ours.get_mut(at) else { return };
        match (file.state, done.outcome) {
            (OurState::Opening, JobOutcome::Opened(size)) => {
                (file.size, file.state) = (size, OurState::Digesting);
                self.order(done.file, JobStep::Digest);
            }
            (OurState::Digesting, JobOutcome::Digested(bytes)) => {
                if file.shown.is_due(carrier.now) {
                    let key = FileKey::Ours(file.path.clone());
                    self.news.push(progress(id, key, FileStep::Digest, (bytes, file.size)));
                }
                self.order(done.file, JobStep::Digest);
            }
            (OurState::Digesting, JobOutcome::Digest(digest)) => {
                file.state = OurState::Digested(digest);
                file.shown.renew();
            }
            (OurState::Moving(number), JobOutcome::Read(bytes)) if !bytes.is_empty() => {
                carrier.talk.give(number, &bytes, carrier.channel);
                let come = carrier.talk.progress(true, number);
                if let Some(come) = come.filter(|_| file.shown.is_due(carrier.now)) {
                    let key = FileKey::Ours(file.path.clone());
                    self.news.push(progress(id, key, FileStep::Moving, come));
                }
            }
            (OurState::Moving(_), JobOutcome::Read(_)) => self.fail_ours(at, say::file_is_shorter_now(), carrier),
            (_, JobOutcome::Failed(why)) => self.fail_ours(at, &why, carrier),
            // An answer to what was asked before the file went on without it.
            (
                OurState::Opening
                | OurState::Digesting
                | OurState::Digested(_)
                | OurState::Offered(_)
                | OurState::Moving(_),
                _,
            ) => {}
        }
    }

    fn fail_ours(&mut self, at: usize, why: &str, carrier: &mut Carrier<'_>) {
        let file = self.ours.remove(at);
        if let Some(number) = file.number() {
            carrier.talk.withdraw(number, carrier.channel);
        }
        self.close(file.serial);
        self.end(FileKey::Ours(file.path), FileEnd::Failed(why.to_owned()));
    }

    /// Offers the next file that is ready, if nothing else waits for an answer.
    pub(super) fn offer_next(&mut self, carrier: &mut Carrier<'_>) -> bool {
        let id = self.id;
        let is_ready = |file: &OurFile| matches!(file.state, OurState::Digested(_));
        let Some(at) = self.ours.iter().position(is_ready) else { return false };
        let Some(file) = self.ours.get_mut(at) else { return false };
        let OurState::Digested(digest) = file.state else { return false };
        match carrier.talk.offer(file.size, digest, offered_name(&file.path), carrier.channel) {
            Some(Ok(number)) => {
                file.state = OurState::Offered(number);
                let key = FileKey::Ours(file.path.clone());
                self.news.push(progress(id, key, FileStep::Waiting, (0, file.size)));
                true
            }
            // Before the greeting, or another one waits: later.
            None | Some(Err(OfferRefusal::OneWaits | OfferRefusal::TooMany)) => false,
            Some(Err(OfferRefusal::TooLarge)) => {
                self.fail_ours(at, say::file_too_large(), carrier);
                true
            }
        }
    }

    /// Has the next piece read, one at a time.
    pub(super) fn read_next(&mut self, carrier: &mut Carrier<'_>) -> bool {
        if self.reading.is_some() {
            return false;
        }
        let Some(wanted) = carrier.talk.wanted() else { return false };
        let file = self.ours.iter().find(|file| file.number() == Some(wanted.number));
        let Some(serial) = file.map(|file| file.serial) else { return false };
        self.reading = Some(serial);
        self.order(serial, JobStep::Read { at: wanted.at, most: wanted.most });
        true
    }
}
