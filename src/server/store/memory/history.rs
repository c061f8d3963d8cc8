//! What a store in memory keeps, and the jobs that change it.
//!
//! Must not know: questions (`query`, `search`), or who waits for the reports.

use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;

use super::change_labels::ChangeLabels;
use super::numbered::Numbered;
use super::reactions::Reactions;
use super::users::Users;
use crate::model::{FoldedName, MessageId, Name, Timestamp};
use crate::server::ids::RoomId;
use crate::server::store::api::{
    ConversationId, Deleted, Deletion, Erasure, Job, LoggedAct, Outcome, Owner, Proof, Receipt, Recipient, Record,
    Report, Retention, Revision, Update, changes_hands,
};
use crate::server::store::limits::{MAX_ACTS_IN_MEMORY, MAX_BYTES_IN_MEMORY, MAX_IN_MEMORY, MAX_USERS};
use crate::server::store::members::MemberSet;

/// All that a store in memory keeps.
#[derive(Debug, Default)]
pub(super) struct MemoryHistory {
    keep: Retention,
    pub(super) messages: Numbered<KeptMessage>,
    /// The numbers of the messages of each conversation that has any.
    conversations: HashMap<MemberSet, Numbered<()>>,
    /// For each author, the message that has each label.
    labels: HashMap<i64, HashMap<String, MessageId>>,
    pub(super) change_labels: ChangeLabels,
    /// How far each user has read each conversation.
    read_marks: HashMap<(i64, MemberSet), MessageId>,
    pub(super) users: Users,
    /// What moderators did, by number.
    acts: BTreeMap<MessageId, LoggedAct>,
    /// The number of each act in its place, which counts the acts there only; and the highest one of each place.
    act_numbers: BTreeMap<(Option<RoomId>, u64), MessageId>,
    last_acts: HashMap<Option<RoomId>, u64>,
    /// What proves the owner of each name.
    pub(super) owners: HashMap<FoldedName, Vec<Proof>>,
    /// The highest number that a message ever had, and that an act ever had.
    newest: MessageId,
    newest_act: MessageId,
    /// Bytes of text.
    pub(super) bytes: usize,
    /// Reactions to all messages.
    pub(super) reactions: usize,
    /// The messages of each conversation by the numbers of their last changes.
    pub(super) changes: BTreeMap<(MemberSet, MessageId), MessageId>,
    /// Whether the log says already that no more users can be known.
    full_logged: bool,
}

/// A message that is kept.
#[derive(Debug)]
pub(super) struct KeptMessage {
    pub(super) record: Record,
    pub(super) author: i64,
    pub(super) members: MemberSet,
    pub(super) reactions: Reactions,
}

impl MemoryHistory {
    /// A history that keeps nothing yet.
    pub(super) fn new(keep: Retention) -> Self {
        Self { keep, ..Self::default() }
    }

    /// Changes how long messages are kept.
    pub(super) fn keep_for(&mut self, keep: Retention, now: Timestamp) {
        self.keep = keep;
        self.prune(now);
    }

    /// Does a job, and reports what became of it.
    pub(super) fn take(&mut self, job: Job) -> Option<Report> {
        match job {
            Job::Append(records) => return Some(Report::Stored(self.append(records))),
            Job::Delete(deletion) => {
                let outcome = self.delete(&deletion);
                if let Deleted::Done(from) = &outcome {
                    self.log(deletion.act(from));
                }
                return Some(Report::Deleted(Deletion { outcome: Some(outcome), ..deletion }));
            }
            Job::Change(change) => {
                let outcome = self.change(&change);
                if let Some(act) = change.act(&outcome) {
                    self.log(act);
                }
                return Some(Report::Changed(Revision { outcome: Some(outcome), ..change }));
            }
            Job::Promise(changes) => {
                changes.into_iter().for_each(|change| self.make(change));
                return Some(Report::Promised(Ok(())));
            }
            Job::Erase(erasure) => {
                let why = "this server keeps its messages in memory only: they are gone when it ends";
                return Some(Report::Erased(Box::new(Erasure { trouble: Some(why.to_owned()), ..*erasure })));
            }
            Job::Know(name) => self.know(&name),
            Job::Mark { user, with, id } => self.mark(&user, &with, id),
            Job::Keep(change) => self.make(change),
            // No promise is ever broken here.
            Job::GoOn => {}
            // These are done by `MemoryStore`: they keep nothing.
            Job::KeepFor(_) | Job::Ask(_) => {}
        }
        None
    }

    fn append(&mut self, records: Vec<Record>) -> Receipt {
        let mut receipt = Receipt::default();
        for record in records {
            let outcome =
                if record.id > self.newest { self.keep(record) } else { receipt.refuse_old_number(record.id) };
            receipt.outcomes.push(outcome);
        }
        receipt
    }

    fn keep(&mut self, record: Record) -> Outcome {
        let author = self.users.intern(&record.from);
        if self.users.shown(author) != Some(&record.from) {
            self.users.show(author, &record.from);
        }
        let members = match &record.to {
            Recipient::Everyone { .. } => MemberSet::Everyone,
            Recipient::User(to) => MemberSet::two(author, self.users.intern(to)),
            Recipient::Room { id, .. } => MemberSet::Room(*id),
        };
        if let Some(reference) = &record.reference {
            let earlier = self.labels.get(&author).and_then(|labels| labels.get(reference));
            if let Some(earlier) = earlier.and_then(|id| self.messages.get(id)) {
                return earlier.again(members, &record);
            }
        }
        let quote = record.extra.reply.and_then(|answered| self.quote(answered, members));
        if record.extra.reply.is_some() && quote.is_none() {
            return Outcome::NoSuchMessage;
        }
        if let Some(reference) = &record.reference {
            self.labels.entry(author).or_default().insert(reference.clone(), record.id);
        }
        self.newest = record.id;
        self.bytes += record.text.as_str().len();
        self.conversations.entry(members).or_default().insert(record.id, ());
        self.messages.insert(record.id, KeptMessage { record, author, members, reactions: Reactions::default() });
        self.forget_excess(members);
        quote.map_or(Outcome::Kept, Outcome::KeptReply)
    }

    fn forget_excess(&mut self, members: MemberSet) {
        while self.messages.len() > MAX_IN_MEMORY || self.bytes > MAX_BYTES_IN_MEMORY {
            let Some(oldest) = self.messages.first() else { return };
            self.forget(oldest);
        }
        let Some(most) = self.keep.messages else { return };
        while let Some(ids) = self.conversations.get(&members).filter(|ids| ids.len() as u64 > most) {
            let Some(oldest) = ids.first() else { return };
            self.forget(oldest);
        }
    }

    /// Removes what is to be kept no longer.
    pub(super) fn prune(&mut self, now: Timestamp) {
        if let Some(since) = self.keep.oldest(now) {
            let old = self.messages.iter().filter(|(_, kept)| kept.record.time.0 < since).map(|(id, _)| id);
            old.collect::<Vec<_>>().into_iter().for_each(|id| self.forget(id));
            let old = self.acts.iter().take_while(|(_, act)| act.time.0 < since).map(|(&id, _)| id);
            old.collect::<Vec<_>>().into_iter().for_each(|id| self.forget_act(id));
        }
        for members in self.conversations.keys().copied().collect::<Vec<_>>() {
            self.forget_excess(members);
        }
        // A read mark in a conversation that is gone is of no use.
        let conversations = &self.conversations;
        self.read_marks
            .retain(|(_, members), _| *members == MemberSet::Everyone || conversations.contains_key(members));
    }

    fn forget(&mut self, id: MessageId) {
        let Some(KeptMessage { record, author, members, reactions }) = self.messages.remove(&id) else { return };
        self.reactions -= reactions.len();
        self.changed_in(members, record.extra.changed, None, id);
        self.change_labels.clear(id);
        self.bytes -= record.text.as_str().len();
        if let Some(ids) = self.conversations.get_mut(&members) {
            ids.remove(&id);
            if ids.is_empty() {
                self.conversations.remove(&members);
            }
        }
        if let Some((reference, labels)) = record.reference.zip(self.labels.get_mut(&author)) {
            labels.remove(&reference);
            if labels.is_empty() {
                self.labels.remove(&author);
            }
        }
    }

    fn delete(&mut self, deletion: &Deletion) -> Deleted {
        let within = match &deletion.within {
            ConversationId::Everyone => MemberSet::Everyone,
            ConversationId::Room(id, _) => MemberSet::Room(*id),
            // What two users say to each other is their own matter.
            ConversationId::User(_) => return Deleted::NotThere,
        };
        let there = |kept: &&KeptMessage| kept.members == within && kept.record.deleted.is_none();
        let Some(kept) = self.messages.get(&deletion.id).filter(there) else { return Deleted::NotThere };
        let record = &kept.record;
        let from = self.users.now(kept.author, &record.from).clone();
        if deletion.spared.contains(&from.folded()) {
            return Deleted::Spared(from);
        }
        self.erase(deletion.id, &deletion.by, deletion.number);
        Deleted::Done(from)
    }

    /// Adds a user. Everything said to everyone so far counts as read.
    fn know(&mut self, name: &Name) {
        if self.users.number(name).is_none() && self.users.len() >= MAX_USERS {
            if !std::mem::replace(&mut self.full_logged, true) {
                log::warn!("users_full");
            }
            return;
        }
        let user = self.users.intern(name);
        self.users.show(user, name);
        let last = self.last_of(MemberSet::Everyone);
        self.read_marks.entry((user, MemberSet::Everyone)).or_insert(last);
    }

    /// Moves a read mark forward, at most to the newest message there is.
    fn mark(&mut self, user: &Name, with: &ConversationId, id: MessageId) {
        let Some(user) = self.users.number(user) else { return };
        for members in self.members(user, with) {
            if !self.conversations.contains_key(&members) {
                continue;
            }
            let id = id.min(self.last_of(members));
            let mark = self.read_marks.entry((user, members)).or_default();
            *mark = id.max(*mark);
        }
    }

    /// Replaces what proves a name's owner. A name that changes hands begins a new generation.
    fn own(&mut self, owner: Owner) {
        let folded = owner.name.folded();
        let before = self.owners.get(&folded).map(Vec::as_slice).unwrap_or_default();
        if changes_hands(before, &owner.proofs)
            && let Some(user) = self.users.renew(&owner.name)
        {
            let last = self.last_of(MemberSet::Everyone);
            self.read_marks.insert((user, MemberSet::Everyone), last);
        }
        if owner.proofs.is_empty() {
            self.owners.remove(&folded);
        } else {
            self.owners.insert(folded, owner.proofs);
        }
    }

    /// Deletes everything that was said and done in a room.
    fn end_room(&mut self, room: RoomId) {
        let members = MemberSet::Room(room);
        for (id, ()) in self.conversations.get(&members).cloned().unwrap_or_default().iter() {
            self.forget(id);
        }
        self.read_marks.retain(|(_, marked), _| *marked != members);
        let acts = self.act_numbers.range((Some(room), 0)..=(Some(room), u64::MAX)).map(|(_, id)| *id);
        acts.collect::<Vec<_>>().into_iter().for_each(|id| self.forget_act(id));
        self.last_acts.remove(&Some(room));
    }

    fn make(&mut self, change: Update) {
        match change {
            Update::Log(act) => self.log(act),
            Update::Own(owner) => self.own(owner),
            Update::Rename { from, to } => self.rename(&from, to),
            Update::EndRoom(room) => self.end_room(room),
            // As long as this process runs, the broker knows all facts itself.
            Update::Fact(_) => {}
        }
    }

    fn log(&mut self, act: LoggedAct) {
        self.newest_act = MessageId(self.newest_act.0 + 1);
        let last = self.last_acts.entry(act.room).or_default();
        *last += 1;
        self.act_numbers.insert((act.room, *last), self.newest_act);
        self.acts.insert(self.newest_act, act);
        while self.acts.len() > MAX_ACTS_IN_MEMORY
            && let Some((&oldest, _)) = self.acts.first_key_value()
        {
            self.forget_act(oldest);
        }
    }

    fn forget_act(&mut self, id: MessageId) {
        let Some(act) = self.acts.remove(&id) else { return };
        // The acts in a place go in their order, unless all of them go.
        let numbers = self.act_numbers.range((act.room, 0)..=(act.room, u64::MAX));
        let number = numbers.into_iter().find(|(_, other)| **other == id).map(|(number, _)| *number);
        number.map(|number| self.act_numbers.remove(&number));
    }

    /// The users of this history.
    pub(super) fn users(&self) -> &Users {
        &self.users
    }

    /// The members of a conversation of `user`: several sets if it is with users who held the same name.
    pub(super) fn members(&self, user: i64, with: &ConversationId) -> Vec<MemberSet> {
        match with {
            ConversationId::Everyone => vec![MemberSet::Everyone],
            ConversationId::User(other) => {
                self.users.holders(other).into_iter().map(|other| MemberSet::two(user, other)).collect()
            }
            ConversationId::Room(room, _) => vec![MemberSet::Room(*room)],
        }
    }

    /// A message, by number.
    pub(super) fn message(&self, id: MessageId) -> Option<&KeptMessage> {
        self.messages.get(&id)
    }

    /// All messages up to a bound, newest first.
    pub(super) fn messages_before(&self, before: Bound<MessageId>) -> impl Iterator<Item = (MessageId, &KeptMessage)> {
        self.messages.range((Bound::Unbounded, before)).rev()
    }

    /// All conversations that have messages.
    pub(super) fn conversations(&self) -> impl Iterator<Item = MemberSet> {
        self.conversations.keys().copied()
    }

    /// The numbers of a conversation's messages, in their order.
    pub(super) fn ids_of(&self, members: MemberSet) -> Option<&Numbered<()>> {
        self.conversations.get(&members)
    }

    /// How far a user has read a conversation.
    pub(super) fn read_mark(&self, user: i64, members: MemberSet) -> Option<MessageId> {
        self.read_marks.get(&(user, members)).copied()
    }

    /// What moderators did in a place, by the number there, within these bounds.
    pub(super) fn acts(
        &self,
        place: Option<RoomId>,
        (from, to): (Bound<MessageId>, Bound<MessageId>),
    ) -> impl DoubleEndedIterator<Item = (MessageId, &LoggedAct)> {
        let from = match from {
            Bound::Unbounded => Bound::Included((place, 0)),
            bound => bound.map(|id| (place, id.0)),
        };
        let to = match to {
            Bound::Unbounded => Bound::Included((place, u64::MAX)),
            bound => bound.map(|id| (place, id.0)),
        };
        let there = self.act_numbers.range((from, to));
        there.filter_map(|((_, number), id)| Some((MessageId(*number), self.acts.get(id)?)))
    }

    /// The newest message of a conversation; 0 if it has none.
    pub(super) fn last_of(&self, members: MemberSet) -> MessageId {
        self.conversations.get(&members).and_then(Numbered::last).unwrap_or_default()
    }
}

impl KeptMessage {
    /// The outcome of a new message that has the same label as this one.
    fn again(&self, members: MemberSet, record: &Record) -> Outcome {
        let loud =
            |to: &Recipient| matches!(to, Recipient::Everyone { me_too: true } | Recipient::Room { me_too: true, .. });
        // What a deleted or edited message said is gone and cannot be compared.
        let extra = self.record.extra;
        let answers = extra.reply == record.extra.reply;
        let said =
            self.record.deleted.is_some() || answers && (extra.edited.is_some() || self.record.text == record.text);
        if said && self.members == members && loud(&self.record.to) == loud(&record.to) {
            Outcome::Again(self.record.id, self.record.time)
        } else {
            Outcome::RefUsed
        }
    }
}
