//! Files that are offered and sent on the channels of calls.
//!
//! Must not know: files on disk, or how their bytes go.

use std::path::{Path, PathBuf};

use super::Calling;
use crate::client::chat::venue::Venue;
use crate::client::dialogs;
use crate::client::dialogs::open::Dialog;
use crate::client::direct::lines::{FileLine, FileState};
use crate::client::direct::orders::{ChannelOrder, FileEnd, FileKey, FileProgress, FileStep, OfferedFile};
use crate::client::msg::{Effect, Printed};
use crate::client::session::calls::call::UserCall;
use crate::client::session::calls::transfer::Transfer;
use crate::language::transfers as say;
use crate::language::{calls, times};
use crate::model::file_name::FileName;
use crate::model::{Name, Target, Text, Timestamp};
use crate::protocol::{CallId, CallWants};

/// The cells of a bar.
const BAR: u64 = 12;

impl Calling<'_> {
    /// Offers a file on a channel, or once that is open; `false` if that cannot be.
    pub(super) fn send_file(&mut self, id: CallId, file: PathBuf) -> bool {
        let Some(call) = self.calls.get(id) else { return self.fail(calls::call_is_over()) };
        let name = call.name().clone();
        let shown = base_name(&file);
        if !call.is_open() {
            return self.calls.offer_later(id, file) || self.fail(&say::too_many_wait(&name));
        }
        if self.calls.transfer(id, &FileKey::Ours(file.clone())).is_some() {
            return self.fail(&say::on_its_way(shown));
        }
        self.calls.offer(id, &file, shown);
        self.out.emit(Effect::Channel(ChannelOrder::Offer(id, file.clone())));
        self.draw(id, &FileKey::Ours(file));
        true
    }

    /// A file can be read, or cannot: only then is the user called to whom it is to go. Returns whether it is on its way.
    pub(in crate::client::session) fn file_checked(
        &mut self,
        name: Name,
        file: PathBuf,
        outcome: Result<(), String>,
    ) -> bool {
        if let Err(why) = outcome {
            self.plain.count_failed();
            return self.fail(&why);
        }
        // They may have called meanwhile.
        match self.calls.with(&name).map(|call| (call.id(), call.rings_here())) {
            Some((id, rings)) => self.send_file(id, file) && (!rings || self.answer(id)),
            None => self.ring(name, CallWants { file: true, ..CallWants::default() }, Some(file)),
        }
    }

    /// The other one offers a file.
    pub(super) fn offered(&mut self, id: CallId, file: &OfferedFile) {
        let Some(call) = self.calls.get(id).filter(|call| call.is_open()) else { return };
        let who = call.name().clone();
        self.calls.offered(id, file);
        self.draw(id, &FileKey::Theirs(file.number));
        let (name, size) = (file.name.as_str(), say::amount(file.size));
        let digest: String = file.digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        if self.out.is_plain() {
            let words = say::offers_in_line(&who, name, size, digest);
            let line = FileLine { digest: Some(file.digest), ..self.line(&who, FileState::Offered, words) };
            return self.print_file(id, &FileKey::Theirs(file.number), line);
        }
        let words = say::offers(&who, name, &size);
        if !self.chat.is_undisturbed() {
            let key = self.calls.known(&who).is_some_and(|known| known.verified);
            let here = (file.here > 0).then(|| say::here_already(say::amount(file.here)));
            let known = if key { calls::known_and_compared(&who) } else { calls::known_not_compared(&who) };
            let parts = [Some(words.clone()), Some(say::digest(digest)), here, Some(known)];
            let parts: Vec<String> = parts.into_iter().flatten().collect();
            self.ui.open_unasked(dialogs::calls::offered(id, file.number, &who, &parts));
        }
        self.chat.call(&Target::User(who.clone()), who.to_string(), words, self.out);
    }

    /// Accepts the other one's file; `false` if it is no longer offered.
    pub(super) fn accept_file(&mut self, id: CallId, number: u32) -> bool {
        if !self.calls.accept(id, number) {
            return self.fail(say::no_offer());
        }
        self.ui.withdraw(&Dialog::Offered(id, number));
        self.out.emit(Effect::Channel(ChannelOrder::Accept(id, number)));
        self.draw(id, &FileKey::Theirs(number));
        true
    }

    /// Does not want the other one's file, or no longer.
    pub(super) fn decline_file(&mut self, id: CallId, number: u32) {
        let key = FileKey::Theirs(number);
        let Some(transfer) = self.calls.take_transfer(id, &key) else { return };
        self.ui.withdraw(&Dialog::Offered(id, number));
        self.out.emit(Effect::Channel(ChannelOrder::Decline(id, number)));
        let words = say::you_declined(transfer.name());
        self.finish(id, &transfer, FileState::Declined, words);
    }

    /// Stops all files of a call, in both directions.
    pub(super) fn stop_files(&mut self, id: CallId) {
        let keys =
            |call: &UserCall| call.transfers().iter().map(|transfer| transfer.file().clone()).collect::<Vec<_>>();
        for key in self.calls.get(id).map(keys).unwrap_or_default() {
            match key {
                FileKey::Theirs(number) => self.decline_file(id, number),
                FileKey::Ours(file) => {
                    let Some(transfer) = self.calls.take_transfer(id, &FileKey::Ours(file.clone())) else { continue };
                    self.out.emit(Effect::Channel(ChannelOrder::Withdraw(id, file)));
                    let words = say::you_withdrew(transfer.name());
                    self.finish(id, &transfer, FileState::Withdrawn, words);
                }
            }
        }
    }

    /// A file has come further.
    pub(super) fn progress(&mut self, id: CallId, progress: &FileProgress) {
        let Some(quarter) = self.calls.moved(id, progress, self.out.steady()) else { return };
        if self.out.is_screen() {
            self.draw(id, &progress.file);
        } else if quarter
            && let Some(call) = self.calls.get(id)
            && let Some(transfer) = self.calls.transfer(id, &progress.file)
        {
            let words = say::so_far(transfer.name(), transfer.percent());
            let line = self.line(&call.name().clone(), FileState::Moving, words);
            self.print_file(id, &progress.file, line);
        }
    }

    /// A file is done with.
    pub(super) fn file_ended(&mut self, id: CallId, file: &FileKey, end: FileEnd) {
        let Some(transfer) = self.calls.take_transfer(id, file) else { return };
        let Some(who) = self.calls.get(id).map(|call| call.name().clone()) else { return };
        if let FileKey::Theirs(number) = file {
            self.ui.withdraw(&Dialog::Offered(id, *number));
        }
        let name = transfer.name().to_owned();
        let (state, words) = match end {
            FileEnd::Sent => (FileState::Sent, say::sent(&name, &who)),
            FileEnd::Saved(path) => {
                let shown = Text::line(&path.display().to_string());
                let words = say::saved(&name, say::amount(transfer.size()), shown);
                (FileState::Saved(path), words)
            }
            FileEnd::Declined => (FileState::Declined, say::declined(&who, &name)),
            FileEnd::Withdrawn => (FileState::Withdrawn, say::withdrawn(&who, &name)),
            FileEnd::Wrong => (FileState::Wrong, say::wrong(&name)),
            FileEnd::Failed(why) => (FileState::Failed, say::failed(&name, Text::line(&why))),
            FileEnd::Cut => (FileState::Cut, cut_words(&transfer, &who)),
        };
        self.finish(id, &transfer, state, words);
    }

    /// A call is over: so are its files.
    pub(super) fn cut_files(&mut self, call: &UserCall) {
        for transfer in call.transfers() {
            let words = cut_words(transfer, call.name());
            self.finish_with(call.name(), call.id(), transfer, FileState::Cut, words);
        }
        for file in call.to_offer() {
            let words = say::not_sent(base_name(file));
            self.chat.direct_remark(call.name(), &words, self.out);
        }
    }

    fn finish(&mut self, id: CallId, transfer: &Transfer, state: FileState, words: String) {
        if let Some(who) = self.calls.get(id).map(|call| call.name().clone()) {
            self.finish_with(&who, id, transfer, state, words);
        }
    }

    /// The line of a file says how it ended.
    fn finish_with(&mut self, who: &Name, id: CallId, transfer: &Transfer, state: FileState, words: String) {
        if self.out.is_screen() {
            self.chat.file_line(who, (id, transfer.file()), &words, true, self.out);
            if !self.chat.is_directly_in_view(who) {
                self.chat.news(format!("{}: {words}", Venue::Direct(who.clone()).shown()), self.out);
            }
        }
        let whole = matches!(state, FileState::Sent | FileState::Saved(_));
        let line = FileLine {
            name: transfer.name().to_owned(),
            size: transfer.size(),
            done: if whole { transfer.size() } else { transfer.done() },
            ..self.line(who, state, words)
        };
        self.print_line(FileLine { number: number(transfer.file()), ..line });
    }

    /// Draws the line of a file anew.
    fn draw(&mut self, id: CallId, file: &FileKey) {
        let now = self.out.steady();
        let Some(who) = self.calls.get(id).map(|call| call.name().clone()) else { return };
        let Some(words) = self.calls.transfer(id, file).map(|transfer| line_of(transfer, &who, now)) else { return };
        if self.out.is_screen() {
            self.chat.file_line(&who, (id, file), &words, false, self.out);
        }
    }

    /// A line for plain mode and programs, without what is known of the file.
    fn line(&self, who: &Name, state: FileState, words: String) -> FileLine {
        FileLine {
            with: who.clone(),
            state,
            text: Text::block(&words),
            name: String::new(),
            size: 0,
            done: 0,
            number: None,
            digest: None,
        }
    }

    fn print_file(&mut self, id: CallId, file: &FileKey, line: FileLine) {
        if let Some(transfer) = self.calls.transfer(id, file) {
            let (name, size, done) = (transfer.name().to_owned(), transfer.size(), transfer.done());
            self.print_line(FileLine { name, size, done, number: number(file), ..line });
        }
    }

    fn print_line(&mut self, line: FileLine) {
        if self.out.is_plain() {
            self.out.emit(Effect::Print(Printed::File(self.out.wall(), Box::new(line))));
        }
    }
}

fn number(file: &FileKey) -> Option<u32> {
    if let FileKey::Theirs(number) = file { Some(*number) } else { None }
}

/// The name of a file, as it is shown.
fn base_name(file: &Path) -> String {
    FileName::harmless(&file.display().to_string()).to_string()
}

/// How it went with a file whose channel ended.
fn cut_words(transfer: &Transfer, who: &Name) -> String {
    match transfer.file() {
        FileKey::Ours(_) if transfer.step() != FileStep::Moving => say::not_sent(transfer.name()),
        FileKey::Theirs(_) if transfer.is_asked() => say::withdrawn(who, transfer.name()),
        FileKey::Ours(_) => say::cut_sending(transfer.name(), who),
        FileKey::Theirs(_) => say::cut_receiving(transfer.name(), who),
    }
}

/// The line of a file that is on its way.
fn line_of(transfer: &Transfer, who: &Name, now: Timestamp) -> String {
    let ours = matches!(transfer.file(), FileKey::Ours(_));
    let (name, size) = (transfer.name(), say::amount(transfer.size()));
    match (transfer.step(), ours) {
        (_, false) if transfer.is_asked() => say::asks_in_chat(who, name, size),
        (FileStep::Digest, true) => say::reading(name, transfer.percent()),
        (FileStep::Digest, false) => say::checking(name, transfer.percent()),
        (FileStep::Waiting, true) => say::waits_for(name, who),
        (FileStep::Waiting, false) => say::begins(name),
        (FileStep::Moving, _) => {
            let rate = transfer.rate(now).map(|rate| say::rate(say::amount(rate)));
            let left = transfer.left(now).map(|left| say::time_left(times::period(left)));
            let head = if ours { say::to_whom(name, who) } else { say::from_whom(name, who) };
            let done = say::part_of(transfer.percent(), size);
            [Some(head), Some(bar(transfer.percent())), Some(done), rate, left]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join("  ")
        }
    }
}

fn bar(percent: u64) -> String {
    let full = usize::try_from(percent * BAR / 100).unwrap_or(0);
    let all = usize::try_from(BAR).unwrap_or(0);
    "█".repeat(full) + &"░".repeat(all.saturating_sub(full))
}
