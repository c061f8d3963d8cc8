//! The files that the other one sends.
//!
//! Must not know: the files that we send.

use super::{Carrier, ChannelFiles, LastTold, progress};
use crate::client::direct::jobs::{JobDone, JobOutcome, JobStep, MAX_UNWRITTEN, WantedFile};
use crate::client::direct::orders::{ChannelNews, FileEnd, FileKey, FileStep, OfferedFile};
use crate::model::file_name::FileName;
use crate::protocol::peer::FileOffer;

/// A file that the other one sends.
#[derive(Debug)]
pub(super) struct TheirFile {
    pub(super) serial: u64,
    offer: FileOffer,
    name: FileName,
    state: TheirState,
    /// How many bytes of it are here from an earlier try.
    here: u64,
    /// How many pieces wait to be written.
    unwritten: usize,
    shown: LastTold,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TheirState {
    /// What is here of it is looked for: nobody knows of it yet.
    Looking,
    /// The person has been told, and has not answered.
    Offered,
    Beginning,
    /// What is here of it is digested.
    Digesting,
    Moving,
    Finishing,
}

impl TheirFile {
    fn key(&self) -> FileKey {
        FileKey::Theirs(self.offer.number)
    }

    /// Its key, if the person was told of it.
    pub(super) fn told_key(&self) -> Option<FileKey> {
        (self.state != TheirState::Looking).then(|| self.key())
    }
}

impl ChannelFiles {
    fn find_theirs(&self, number: u32) -> Option<usize> {
        self.theirs.iter().position(|file| file.offer.number == number)
    }

    /// The other one offers a file.
    pub(super) fn offered(&mut self, offer: FileOffer) {
        let serial = self.next_serial();
        let name = FileName::harmless(&offer.name);
        let wanted = WantedFile { name: name.clone(), size: offer.size, digest: offer.digest };
        self.order(serial, JobStep::Look(wanted));
        let (state, shown) = (TheirState::Looking, LastTold::default());
        self.theirs.push(TheirFile { serial, offer, name, state, here: 0, unwritten: 0, shown });
    }

    /// The person takes a file.
    pub(in crate::client::direct) fn accept(&mut self, number: u32) {
        let offered = |file: &&mut TheirFile| file.offer.number == number && file.state == TheirState::Offered;
        let Some(file) = self.theirs.iter_mut().find(offered) else { return };
        file.state = TheirState::Beginning;
        let serial = file.serial;
        self.order(serial, JobStep::Begin);
    }

    /// The person does not want a file, or no longer.
    pub(in crate::client::direct) fn decline(&mut self, number: u32, carrier: &mut Carrier<'_>) {
        let Some(at) = self.find_theirs(number) else { return };
        let file = self.theirs.remove(at);
        carrier.talk.decline(number, carrier.channel);
        self.jobs.retain(|job| job.file != file.serial);
        self.order(file.serial, JobStep::Discard);
    }

    /// The other one no longer offers a file, or has cut it.
    pub(super) fn withdrawn(&mut self, number: u32) {
        let Some(at) = self.find_theirs(number) else { return };
        let file = self.theirs.remove(at);
        self.close(file.serial);
        if let Some(key) = file.told_key() {
            self.end(key, FileEnd::Withdrawn);
        }
    }

    /// All of a file has arrived.
    pub(super) fn whole(&mut self, number: u32) {
        let moving = |file: &&mut TheirFile| file.offer.number == number && file.state == TheirState::Moving;
        let Some(file) = self.theirs.iter_mut().find(moving) else { return };
        file.state = TheirState::Finishing;
        let serial = file.serial;
        self.order(serial, JobStep::Finish);
    }

    pub(super) fn done_with_theirs(&mut self, done: JobDone, carrier: &mut Carrier<'_>) {
        let id = self.id;
        let Some(at) = self.theirs.iter().position(|file| file.serial == done.file) else { return };
        let Some(file) = self.theirs.get_mut(at) else { return };
        let (number, size) = (file.offer.number, file.offer.size);
        match (file.state, done.outcome) {
            (TheirState::Looking, JobOutcome::Here(here)) => {
                file.state = TheirState::Offered;
                let (name, digest) = (file.name.clone(), file.offer.digest);
                let told = OfferedFile { number, name, size, digest, here: here.min(size) };
                self.news.push(ChannelNews::Offered(id, told));
            }
            (TheirState::Beginning, JobOutcome::Begun(here)) => {
                (file.here, file.state) = (here.min(size), TheirState::Digesting);
                if here == 0 {
                    return self.begin_moving(at, carrier);
                }
                self.order(done.file, JobStep::Digest);
            }
            (TheirState::Digesting, JobOutcome::Digested(bytes)) if bytes < file.here => {
                if file.shown.is_due(carrier.now) {
                    let news = progress(id, file.key(), FileStep::Digest, (bytes, size));
                    self.news.push(news);
                }
                self.order(done.file, JobStep::Digest);
            }
            (TheirState::Digesting, JobOutcome::Digested(_)) => self.begin_moving(at, carrier),
            (TheirState::Moving | TheirState::Finishing, JobOutcome::Written) => {
                file.unwritten = file.unwritten.saturating_sub(1);
            }
            (TheirState::Finishing, JobOutcome::Saved(path)) => {
                let digest = file.offer.digest;
                self.finished(at, digest, FileEnd::Saved(path), carrier);
            }
            (TheirState::Finishing, JobOutcome::Wrong(digest)) => self.finished(at, digest, FileEnd::Wrong, carrier),
            (_, JobOutcome::Failed(why)) => {
                let file = self.theirs.remove(at);
                carrier.talk.decline(number, carrier.channel);
                self.close(file.serial);
                self.end(file.key(), FileEnd::Failed(why));
            }
            // No step is asked for in a state that does not take its answer.
            (
                TheirState::Looking
                | TheirState::Offered
                | TheirState::Beginning
                | TheirState::Digesting
                | TheirState::Moving
                | TheirState::Finishing,
                _,
            ) => {}
        }
    }

    /// Asks for the bytes that are not here.
    fn begin_moving(&mut self, at: usize, carrier: &mut Carrier<'_>) {
        let id = self.id;
        let Some(file) = self.theirs.get_mut(at) else { return };
        if carrier.talk.accept(file.offer.number, file.here, carrier.channel) {
            file.state = TheirState::Moving;
            file.shown.renew();
            file.shown.is_due(carrier.now);
            let news = progress(id, file.key(), FileStep::Moving, (file.here, file.offer.size));
            self.news.push(news);
        }
    }

    fn finished(&mut self, at: usize, digest: [u8; 32], end: FileEnd, carrier: &mut Carrier<'_>) {
        let file = self.theirs.remove(at);
        carrier.talk.checked(file.offer.number, digest, carrier.channel);
        self.close(file.serial);
        self.end(file.key(), end);
    }

    /// Has what arrived written, as long as not too much waits for that.
    pub(super) fn write_next(&mut self, carrier: &mut Carrier<'_>) -> bool {
        let (id, mut moved) = (self.id, false);
        while self.theirs.iter().map(|file| file.unwritten).sum::<usize>() < MAX_UNWRITTEN {
            let Some((number, at, bytes)) = carrier.talk.piece(carrier.channel) else { break };
            moved = true;
            let Some(file) = self.theirs.iter_mut().find(|file| file.offer.number == number) else { continue };
            let come = at + bytes.len() as u64;
            file.unwritten += 1;
            if file.shown.is_due(carrier.now) {
                self.news.push(progress(id, file.key(), FileStep::Moving, (come, file.offer.size)));
            }
            let serial = file.serial;
            self.order(serial, JobStep::Write { at, bytes });
        }
        moved
    }
}
