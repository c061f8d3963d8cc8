//! A minimal store in memory to test the broker against: a list of messages, searched from end to end.

use std::collections::BTreeMap;

use tr2::model::search_words;
use tr2::model::{BanTarget, MessageId, Name, Reaction, RoomName, Target, Text};
use tr2::protocol::{ChangeEvent, Envelope, Event, PlainForm, Query, Quote, RoomEvent, Span, Summary, Tally};
use tr2::server::broker::Input;
use tr2::server::broker::rules::Beginning;
use tr2::server::ids::RoomId;
use tr2::server::store::api::{
    Alteration, Answer, ChangeAgain, ChangeDone, Changed, ConversationId, Deleted, Deletion, ErasedMark, ErasedPlace,
    Erasure, ErasureStep, Job, LoggedAct, Outcome, Question, Receipt, Recipient, Record, RecordExtra, Revision, Update,
    What,
};
use tr2::server::store::api::{Owner, changes_hands};
use tr2::server::store::limits::{MAX_REACTIONS, MAX_REACTIONS_OF_ONE};

/// What is kept.
#[derive(Clone, Default)]
pub(crate) struct SimpleStore {
    pub(crate) fails: bool,
    /// Whether a promise was not kept, and the broker has not learnt of it yet.
    broken: bool,
    records: Vec<Kept>,
    /// The changes that were made under a label, each with the user and what became of it, and whether its reaction has
    /// been erased since.
    labelled: Vec<(String, Revision, ChangeDone, bool)>,
    users: Vec<Name>,
    owners: Vec<Owner>,
    /// How often each name has changed hands.
    generations: BTreeMap<String, u32>,
    read: BTreeMap<(String, String), MessageId>,
    facts: BTreeMap<(String, String), String>,
    /// Acts with their numbers, which count those in the same place.
    acts: Vec<(MessageId, LoggedAct)>,
    last_acts: BTreeMap<Option<RoomId>, u64>,
    last_room: RoomId,
}

/// A message, and which holders of their names its sender and its recipient were.
#[derive(Clone, Debug)]
struct Kept {
    record: Record,
    sender: u32,
    recipient: u32,
    /// Who put which reaction on it, in this order.
    reactions: Vec<(MessageId, String, Reaction)>,
}

impl SimpleStore {
    pub(crate) fn last_id(&self) -> MessageId {
        self.records
            .iter()
            .map(|kept| kept.record.id.max(kept.record.extra.changed.unwrap_or_default()))
            .max()
            .unwrap_or_default()
    }

    /// The newest message of a user's conversation.
    pub(crate) fn last_of(&self, user: &Name, with: &ConversationId) -> MessageId {
        self.all(user, with).last().map_or(MessageId(0), |record| record.id)
    }

    /// What a restarted server begins with.
    pub(crate) fn beginning(&self) -> Beginning {
        let (users, owners) = (self.users.clone(), self.owners.clone());
        let facts = self.facts.iter().map(|((kind, key), value)| (kind.clone(), key.clone(), value.clone())).collect();
        Beginning { last_id: self.last_id(), last_room: self.last_room, users, owners, facts, ..Beginning::default() }
    }

    /// All that was said to everyone, in order.
    pub(crate) fn texts(&self) -> Vec<String> {
        let everyone = |record: &&Record| matches!(record.to, Recipient::Everyone { .. });
        self.records.iter().map(|kept| &kept.record).filter(everyone).map(|record| record.text.to_string()).collect()
    }

    /// Who put which reaction on a message, in order; `None` if there is no such message.
    pub(crate) fn reactions(&self, id: u64) -> Option<Vec<(String, String)>> {
        let kept = self.records.iter().find(|kept| kept.record.id.0 == id)?;
        let shown = |(_, by, reaction): &(MessageId, String, Reaction)| {
            (by.split(' ').next().unwrap().to_owned(), reaction.to_string())
        };
        Some(kept.reactions.iter().map(shown).collect())
    }

    /// Erases a slice of what a user said: as many messages as there are numbers.
    fn erase(&mut self, mut erasure: Erasure) -> Erasure {
        if !self.users.iter().any(|user| key(user) == key(&erasure.name)) {
            return Erasure { step: ErasureStep::Nobody, ..erasure };
        }
        let mine = |name: &Name| key(name) == key(&erasure.name);
        let private = |kept: &Kept| match &kept.record.to {
            Recipient::User(to) if mine(to) || mine(&kept.record.from) => Some(to.clone()),
            _ => None,
        };
        for kept in self.records.iter().rev() {
            let Some(to) = private(kept) else { continue };
            let (id, from) = (kept.record.id, kept.record.from.clone());
            let mut present = vec![from.clone(), to.clone()];
            present.dedup();
            let place = ErasedPlace::Private { to, present };
            erasure.marks.push(ErasedMark { id, number: id, from, place });
            erasure.counts.expunged += 1;
        }
        self.records.retain(|kept| private(kept).is_none());
        let mut numbers = std::mem::take(&mut erasure.numbers).into_iter();
        let whose = erasure.name.clone();
        let left = self
            .records
            .iter_mut()
            .rev()
            .filter(|kept| key(&kept.record.from) == key(&whose) && kept.record.deleted.is_none());
        for kept in left {
            let Some(number) = numbers.next() else { return erasure };
            let record = &mut kept.record;
            (record.text, record.deleted) = (Text::default(), Some(record.from.clone()));
            record.extra.changed = Some(number);
            let place = match &record.to {
                Recipient::Room { id, .. } => ErasedPlace::Room(*id),
                _ => ErasedPlace::Everyone,
            };
            erasure.marks.push(ErasedMark { id: record.id, number, from: record.from.clone(), place });
            erasure.counts.marked += 1;
        }
        Erasure { step: ErasureStep::Done { wiped: true }, ..erasure }
    }

    /// Does a job and returns its outcome, if the job has one.
    pub(crate) fn does(&mut self, job: Job) -> Option<Input> {
        match job {
            Job::Append(records) => {
                let trouble = (self.fails || self.broken).then(|| "no space left on device".to_owned());
                let outcomes = records.into_iter().map(|record| self.keep(record)).collect();
                Some(Input::Stored(Receipt { outcomes, trouble }))
            }
            Job::Know(name) => {
                let last = self.last_of(&name, &ConversationId::Everyone);
                self.read.insert((key(&name), String::new()), last);
                self.users.push(name);
                None
            }
            Job::Mark { user, with, id } => {
                let id = id.min(self.last_of(&user, &with));
                let mark = self.read.entry((key(&user), conversation(&with))).or_default();
                *mark = id.max(*mark);
                None
            }
            Job::Promise(_) if self.fails || self.broken => {
                self.broken = true;
                Some(Input::Promised(Err("no space left on device".to_owned())))
            }
            Job::Promise(changes) => {
                changes.into_iter().for_each(|change| self.make(change));
                Some(Input::Promised(Ok(())))
            }
            Job::GoOn => {
                self.broken = false;
                None
            }
            Job::Keep(change) => {
                self.make(change);
                None
            }
            Job::Delete(deletion) => {
                let outcome = self.delete(&deletion);
                if let Deleted::Done(from) = &outcome {
                    self.log(deletion.act(from));
                }
                Some(Input::Deleted(Deletion { outcome: Some(outcome), ..deletion }))
            }
            Job::Change(change) => {
                let outcome = self.change(&change);
                if let Some(act) = change.act(&outcome) {
                    self.log(act);
                }
                Some(Input::Changed(Revision { outcome: Some(outcome), ..change }))
            }
            Job::Erase(erasure) => {
                let trouble = self.fails.then(|| "no space left on device".to_owned());
                let erasure = if trouble.is_none() { self.erase(*erasure) } else { *erasure };
                Some(Input::Erased(Box::new(Erasure { trouble, ..erasure })))
            }
            Job::KeepFor(_) => None,
            Job::Ask(question) => Some(Input::Answered(self.answer(question))),
        }
    }

    fn make(&mut self, change: Update) {
        match change {
            Update::Own(owner) => {
                let before = self.owners.iter().find(|kept| kept.name.key() == owner.name.key());
                if changes_hands(before.map(|owner| owner.proofs.as_slice()).unwrap_or_default(), &owner.proofs) {
                    self.renew(&owner.name);
                }
                self.owners.retain(|kept| kept.name.key() != owner.name.key());
                self.owners.push(owner);
            }
            Update::EndRoom(room) => {
                self.last_room = self.last_room.max(room);
                self.records.retain(|kept| !matches!(&kept.record.to, Recipient::Room { id, .. } if *id == room));
                self.read.retain(|(_, with), _| *with != format!("#{}", room.0));
                self.acts.retain(|(_, act)| act.room != Some(room));
                self.last_acts.remove(&Some(room));
            }
            Update::Fact(fact) => {
                let key = (fact.kind.to_owned(), fact.key);
                match fact.value {
                    Some(value) => self.facts.insert(key, value),
                    None => self.facts.remove(&key),
                };
            }
            Update::Log(act) => self.log(act),
            Update::Rename { from, to } => self.rename(&from.name, to),
        }
    }

    fn log(&mut self, act: LoggedAct) {
        let last = self.last_acts.entry(act.room).or_default();
        *last += 1;
        self.acts.push((MessageId(*last), act));
    }

    /// A name has another holder, for whom all that was said to everyone counts as read.
    fn renew(&mut self, name: &Name) {
        *self.generations.entry(key(name)).or_default() += 1;
        let known = self.read.contains_key(&(key(name), String::new()));
        self.read.retain(|(user, _), _| *user != key(name));
        if known {
            self.read.insert((key(name), String::new()), self.last_of(name, &ConversationId::Everyone));
        }
    }

    /// An owner takes another name, with all that was said and read; a name that nobody owns is left as it is.
    fn rename(&mut self, from: &Name, to: Owner) {
        let owned = |kept: &&Owner| kept.name.key() == from.key() && !kept.proofs.is_empty();
        if !self.owners.iter().any(|kept| owned(&kept)) {
            return;
        }
        let name = to.name.clone();
        self.owners.retain(|kept| kept.name.key() != from.key() && kept.name.key() != name.key());
        self.owners.push(to);
        let (old, new) = (key(from), key(&name));
        let before = self.generation(from);
        *self.generations.entry(new.clone()).or_default() += 1;
        *self.generations.entry(old.clone()).or_default() += 1;
        let after = self.generation(&name);
        for kept in &mut self.records {
            if (key(&kept.record.from), kept.sender) == (old.clone(), before) {
                if kept.record.deleted.as_ref().is_some_and(|by| key(by) == old) {
                    kept.record.deleted = Some(name.clone());
                }
                (kept.record.from, kept.sender) = (name.clone(), after);
            }
            if let Recipient::User(to) = &mut kept.record.to
                && (key(to), kept.recipient) == (old.clone(), before)
            {
                (*to, kept.recipient) = (name.clone(), after);
            }
            for (_, by, _) in kept.reactions.iter_mut().filter(|(_, by, _)| *by == format!("{old} {before}")) {
                *by = format!("{new} {after}");
            }
        }
        for (user, _, done, _) in self.labelled.iter_mut().filter(|(user, ..)| *user == format!("{old} {before}")) {
            *user = format!("{new} {after}");
            if key(&done.from) == old {
                done.from = name.clone();
            }
        }
        self.read.retain(|(user, _), _| *user != new);
        let renamed = |user: &String| if *user == old { new.clone() } else { user.clone() };
        let read = std::mem::take(&mut self.read);
        self.read = read.into_iter().map(|((user, with), id)| ((renamed(&user), renamed(&with)), id)).collect();
        self.users.retain(|user| key(user) != new);
        self.users.iter_mut().filter(|user| key(user) == old).for_each(|user| *user = name.clone());
    }

    /// Which holder of a name there is now.
    fn generation(&self, name: &Name) -> u32 {
        self.generations.get(&key(name)).copied().unwrap_or_default()
    }

    fn keep(&mut self, record: Record) -> Outcome {
        if self.fails || self.broken {
            return Outcome::Unavailable;
        }
        let sender = self.generation(&record.from);
        let same_ref = |kept: &&Kept| {
            kept.record.reference.is_some()
                && kept.record.reference == record.reference
                && (key(&kept.record.from), kept.sender) == (key(&record.from), sender)
        };
        let said = |kept: &Record| {
            kept.extra.reply == record.extra.reply && (kept.text == record.text || kept.extra.edited.is_some())
        };
        let recipient = match &record.to {
            Recipient::User(to) => self.generation(to),
            _ => 0,
        };
        // A name that has changed hands is another recipient.
        let same = |kept: &Kept| {
            same_place(&kept.record.to, &record.to)
                && kept.recipient == recipient
                && (said(&kept.record) || kept.record.deleted.is_some())
        };
        match self.records.iter().find(same_ref) {
            Some(kept) if same(kept) => Outcome::Again(kept.record.id, kept.record.time),
            Some(_) => Outcome::RefUsed,
            None => {
                assert!(record.id > self.last_id(), "{record:?} comes after {}", self.last_id());
                let (reactions, answered) = (Vec::new(), record.extra.reply);
                let kept = Kept { record, sender, recipient, reactions };
                let quote = answered.and_then(|id| self.quote(&kept, id));
                if answered.is_some() && quote.is_none() {
                    return Outcome::NoSuchMessage;
                }
                self.records.push(kept);
                quote.map_or(Outcome::Kept, Outcome::KeptReply)
            }
        }
    }

    fn delete(&mut self, deletion: &Deletion) -> Deleted {
        if self.fails || self.broken {
            return Deleted::Unavailable;
        }
        let there = |kept: &&mut Kept| kept.record.id == deletion.id && kept.record.deleted.is_none();
        let kept = self.records.iter_mut().find(there);
        let private = matches!(deletion.within, ConversationId::User(_));
        let kept = kept.filter(|kept| !private && is_in(kept, (&deletion.by, 0), &deletion.within));
        match kept {
            Some(Kept { record, .. }) if deletion.spared.contains(&record.from.folded()) => {
                Deleted::Spared(record.from.clone())
            }
            Some(kept) => {
                kept.erase(&deletion.by, deletion.number);
                Deleted::Done(kept.record.from.clone())
            }
            None => Deleted::NotThere,
        }
    }

    fn answer(&self, question: Question) -> Answer {
        let frames = match &question.what {
            What::Conversations => self.conversations(&question),
            What::Page { with, span } => self.page(&question, with, *span),
            What::Changes { with, span } => self.changes(&question, with, *span),
            What::Modlog { room, whole, span } => self.modlog(room.as_ref(), *whole, *span),
            What::Found(query) => self.found(&question, query),
        };
        let Question { requester, user, reference, batch, plain, .. } = question;
        let mut lines = Vec::new();
        for frame in frames {
            let frame = match if plain { frame.plain() } else { PlainForm::Same } {
                PlainForm::Same => frame,
                PlainForm::Nothing => continue,
                PlainForm::Instead(plain) => {
                    Envelope { id: frame.id, time: frame.time, verified: frame.verified, ..*plain }
                }
            };
            let frame = Envelope { reference: reference.clone(), batch: Some(batch.clone()), ..frame };
            frame.write(&mut lines, Some(&user));
        }
        let lines = if self.fails { Err("disk I/O error".to_owned()) } else { Ok(lines) };
        Answer { requester, reference, lines, damaged: Vec::new() }
    }

    fn page(&self, question: &Question, with: &ConversationId, span: Span) -> Vec<Envelope> {
        let seen = |kept: &&Kept| told(question, &kept.record).is_some();
        let all = self.kept(&question.user, with).filter(seen).map(|kept| (kept.record.id, kept)).collect();
        let (page, more) = part(all, span);
        let end = Event::HistoryEnd { more, damaged: 0 };
        page.into_iter().flat_map(|kept| self.frames(question, kept)).chain([end.into()]).collect()
    }

    fn changes(&self, question: &Question, with: &ConversationId, span: Span) -> Vec<Envelope> {
        let span = Span { since: Some(span.since.unwrap_or_default()), ..span };
        let changed = |kept: &'_ Kept| kept.record.extra.changed;
        let seen = |kept: &&Kept| told(question, &kept.record).is_some();
        let all = self.kept(&question.user, with).filter(seen).filter_map(|kept| Some((changed(kept)?, kept)));
        let all: BTreeMap<MessageId, &Kept> = all.collect();
        let (page, more) = part(all.into_iter().collect(), span);
        let end = Event::Change(ChangeEvent::End { more, damaged: 0 });
        page.into_iter().flat_map(|kept| self.frames(question, kept)).chain([end.into()]).collect()
    }

    /// A message as the asking user sees it, with the reactions to it.
    fn frames(&self, question: &Question, kept: &Kept) -> Vec<Envelope> {
        let Some(record) = told(question, &kept.record) else { return Vec::new() };
        let quote = record.extra.reply.and_then(|id| self.quote(kept, id));
        let mut frames = vec![record.envelope(quote)];
        let mut tallies: Vec<Tally> = Vec::new();
        let user = self.holder(&question.user);
        for (_, by, reaction) in &kept.reactions {
            let mine = *by == user;
            match tallies.iter_mut().find(|tally| tally.reaction == *reaction) {
                Some(tally) => (tally.count, tally.mine) = (tally.count + 1, tally.mine || mine),
                None => tallies.push(Tally { reaction: reaction.clone(), count: 1, mine }),
            }
        }
        if !tallies.is_empty() {
            let event = Event::Change(ChangeEvent::Reactions(tallies));
            frames.push(Envelope { id: Some(record.id), ..event.into() });
        }
        frames
    }

    /// The present holder of a name.
    fn holder(&self, name: &Name) -> String {
        format!("{} {}", key(name), self.generation(name))
    }

    /// How a message begins that is in the same conversation as another.
    fn quote(&self, beside: &Kept, id: MessageId) -> Option<Quote> {
        let kept = self.records.iter().find(|kept| kept.record.id == id && kept.record.deleted.is_none())?;
        (pair(kept) == pair(beside)).then(|| Quote::of(&kept.record.from, &kept.record.text))
    }

    fn change(&mut self, change: &Revision) -> Changed {
        if self.fails || self.broken {
            return Changed::Unavailable;
        }
        let user = self.holder(&change.by);
        if change.label.is_none() || change.is_removal() {
            return self.change_now(change);
        }
        let earlier = self.labelled.iter().find(|(by, earlier, ..)| *by == user && earlier.label == change.label);
        let found = earlier.and_then(|(_, earlier, done, erased)| {
            Some((earlier, done, erased, self.records.iter().find(|kept| kept.record.id == earlier.id)?))
        });
        let Some((earlier, done, erased, kept)) = found else {
            let outcome = self.change_now(change);
            if let Changed::Done(done) = &outcome {
                self.labelled.push((user, change.clone(), done.clone(), false));
            }
            return outcome;
        };
        let record = &kept.record;
        let said = match (&earlier.how, &change.how) {
            (Alteration::Edit(_), Alteration::Edit(text)) => {
                let later = record.extra.changed.is_some_and(|changed| changed > earlier.number);
                later || record.deleted.is_some() || record.text == *text
            }
            (Alteration::Retract, Alteration::Retract) => true,
            (Alteration::React(one), Alteration::React(other))
            | (Alteration::Unreact(one), Alteration::Unreact(other)) => {
                one == other || record.deleted.is_some() || *erased
            }
            _ => false,
        };
        let there = is_in(kept, (&change.by, self.generation(&change.by)), &change.within);
        if earlier.id != change.id || !said || !there {
            return Changed::RefUsed;
        }
        let done = ChangeDone { present: true, ..done.clone() };
        Changed::Again(Box::new(ChangeAgain { done, number: earlier.number, time: earlier.time }))
    }

    fn change_now(&mut self, change: &Revision) -> Changed {
        let (generation, user) = (self.generation(&change.by), self.holder(&change.by));
        let present = match &change.within {
            ConversationId::User(other) => Some(self.generation(other)),
            _ => None,
        };
        let (of, spared) = match &change.how {
            Alteration::Remove(_) if present.is_some() => return Changed::NotThere,
            Alteration::Remove(removal) => {
                let spared = removal.spared.iter().map(|name| self.holder(&Name::parse(name).unwrap()));
                (removal.of.as_ref().map(|of| self.holder(of)), spared.collect())
            }
            _ => (None, Vec::new()),
        };
        let there = |kept: &&mut Kept| kept.record.id == change.id && kept.record.deleted.is_none();
        let kept = self.records.iter_mut().find(there);
        let Some(kept) = kept.filter(|kept| is_in(kept, (&change.by, generation), &change.within)) else {
            return Changed::NotThere;
        };
        let by_same = (key(&kept.record.from), kept.sender) == (key(&change.by), generation);
        let own = change.own;
        let mine =
            if own.verified { kept.record.verified } else { !kept.record.verified && kept.record.id > own.after };
        if change.erases() && !(by_same && mine) {
            return Changed::NotYours;
        }
        if change.erases() && kept.record.time < own.since {
            return Changed::TooLate;
        }
        let other = if by_same { kept.recipient } else { kept.sender };
        let mut done = ChangeDone {
            from: kept.record.from.clone(),
            verified: kept.record.verified,
            fresh: true,
            present: present.is_none_or(|present| present == other),
            count: 0,
            removed: None,
        };
        let count = |kept: &Kept, wanted: &Reaction| kept.reactions.iter().filter(|(_, _, it)| it == wanted).count();
        match &change.how {
            Alteration::Edit(text) => {
                done.fresh = *text != kept.record.text;
                if done.fresh {
                    (kept.record.text, kept.record.extra.edited) = (text.clone(), Some(change.time));
                }
            }
            Alteration::Retract => kept.erase(&change.by, change.number),
            Alteration::React(reaction) => {
                let by: Vec<&Reaction> =
                    kept.reactions.iter().filter(|(_, by, _)| *by == user).map(|(_, _, it)| it).collect();
                let mut different: Vec<&Reaction> = kept.reactions.iter().map(|(_, _, it)| it).collect();
                different.sort();
                different.dedup();
                done.fresh = !by.contains(&reaction);
                let many = different.len() >= MAX_REACTIONS && count(kept, reaction) == 0;
                if done.fresh && (by.len() >= MAX_REACTIONS_OF_ONE || many) {
                    return Changed::TooMany;
                }
                if done.fresh {
                    kept.reactions.push((change.number, user, reaction.clone()));
                }
                done.count = count(kept, reaction);
            }
            Alteration::Unreact(reaction) => {
                let before = kept.reactions.len();
                kept.reactions.retain(|(_, by, it)| !(*by == user && it == reaction));
                done.fresh = kept.reactions.len() < before;
                done.count = count(kept, reaction);
            }
            Alteration::Remove(removal) => {
                let goes = |by: &String| of.as_ref().is_none_or(|of| of == by);
                let holders = kept.reactions.iter().filter(|(_, by, it)| *it == removal.reaction && goes(by));
                let mut holders: Vec<String> = holders.map(|(_, by, _)| by.clone()).collect();
                holders.sort();
                let named = |holder: &String| Name::parse(holder.split(' ').next().unwrap()).unwrap();
                if holders.is_empty() {
                    return Changed::NoSuchReaction;
                }
                if let Some(holder) = spared.iter().find(|spared| holders.contains(spared)) {
                    return Changed::Spared(named(holder));
                }
                kept.reactions.retain(|(_, by, it)| *it != removal.reaction || !holders.contains(by));
                for (_, earlier, _, erased) in
                    self.labelled.iter_mut().filter(|(_, earlier, ..)| earlier.id == change.id)
                {
                    *erased |= matches!(&earlier.how,
                        Alteration::React(it) | Alteration::Unreact(it) if *it == removal.reaction);
                }
                let alone = holders.first().filter(|_| holders.len() == 1);
                done.removed = removal.of.clone().or(alone.map(named));
                done.count = count(kept, &removal.reaction);
            }
        }
        if done.fresh {
            kept.record.extra.changed = Some(change.number);
        }
        Changed::Done(done)
    }

    fn modlog(&self, room: Option<&(RoomId, RoomName)>, whole: bool, span: Span) -> Vec<Envelope> {
        let place = room.map_or(Target::Everyone, |(_, name)| Target::Room(name.clone()));
        let acts = self.acts.iter().filter(|(_, act)| act.room == room.map(|(id, _)| *id));
        let (page, more) = part(acts.map(|(id, act)| (*id, (*id, act.clone()))).collect(), span);
        let line = |(id, act): (MessageId, LoggedAct)| {
            let mut done = act.done;
            done.subject =
                done.subject.filter(|whom| whole || whom.as_str().parse().is_ok_and(|it: BanTarget| it.is_name()));
            let event = Event::Room(RoomEvent::Acted { by: act.by, place: place.clone(), done });
            Envelope { id: Some(id), time: Some(act.time), ..event.into() }
        };
        let end = Event::Room(RoomEvent::ModlogEnd { more });
        page.into_iter().map(line).chain([end.into()]).collect()
    }

    fn found(&self, question: &Question, query: &Query) -> Vec<Envelope> {
        let holds = |record: &&Record| {
            let text = search_words::fold(record.text.as_str());
            query.terms.iter().all(|term| search_words::holds(&text, &search_words::fold(&term.text), term.prefix))
        };
        let said = |record: &&Record| {
            query.from.as_deref().is_none_or(|from| Name::parse(from).is_ok_and(|from| key(&from) == key(&record.from)))
        };
        let user = (key(&question.user), self.generation(&question.user));
        let mine = |kept: &Kept| match &kept.record.to {
            Recipient::User(to) => [(key(to), kept.recipient), (key(&kept.record.from), kept.sender)].contains(&user),
            _ => true,
        };
        let within = query.within.as_deref().map(|within| conversation_called(question, within));
        let within = |kept: &Kept| match &within {
            Some(with) => with.as_ref().is_some_and(|with| is_in(kept, (&question.user, user.1), with)),
            None => true,
        };
        let all = self.records.iter().rev().filter(|kept| kept.record.deleted.is_none() && mine(kept));
        let found = all.filter(|kept| within(kept) && holds(&&kept.record) && said(&&kept.record));
        let found = found.filter_map(|kept| self.frames(question, kept).into_iter().next());
        found.chain([Event::SearchEnd { more: false, damaged: 0 }.into()]).collect()
    }

    fn conversations(&self, question: &Question) -> Vec<Envelope> {
        let user = &question.user;
        let summary = |with: &ConversationId| {
            let last = self.last_of(user, with);
            let read = self.read.get(&(key(user), conversation(with))).copied().unwrap_or_default();
            let me = (key(user), self.generation(user));
            let new = |kept: &&Kept| {
                let Record { id, from, deleted, .. } = &kept.record;
                *id > read && deleted.is_none() && (key(from), kept.sender) != me
            };
            let unread = self.kept(user, with).filter(new).count();
            Summary { with: with.target(), last, read, unread }
        };
        let users = self.users.iter().map(|name| summary(&ConversationId::User(name.clone())));
        let rooms = question.rooms.iter().map(|(id, name)| summary(&ConversationId::Room(*id, name.clone())));
        let mut others: Vec<Summary> = users.filter(|one| one.last > MessageId(0)).chain(rooms).collect();
        others.sort_by_key(|one| std::cmp::Reverse(one.last));
        let all = [summary(&ConversationId::Everyone)].into_iter().chain(others).map(Event::Conversation);
        all.chain([Event::ConversationsEnd]).map(Envelope::from).collect()
    }

    /// A conversation of a user.
    fn all<'a>(&'a self, user: &'a Name, with: &'a ConversationId) -> impl Iterator<Item = &'a Record> {
        self.kept(user, with).map(|kept| &kept.record)
    }

    fn kept<'a>(&'a self, user: &'a Name, with: &'a ConversationId) -> impl Iterator<Item = &'a Kept> {
        let generation = self.generation(user);
        self.records.iter().filter(move |kept| is_in(kept, (user, generation), with))
    }
}

impl Kept {
    fn erase(&mut self, by: &Name, number: MessageId) {
        let record = &mut self.record;
        (record.text, record.deleted) = (Text::block(""), Some(by.clone()));
        record.extra = RecordExtra { changed: Some(number), ..RecordExtra::default() };
        self.reactions.clear();
    }
}

/// Who sees a message.
fn pair(kept: &Kept) -> String {
    match &kept.record.to {
        Recipient::Everyone { .. } => "everyone".to_owned(),
        Recipient::Room { id, .. } => format!("#{}", id.0),
        Recipient::User(to) => {
            let mut both = [(key(&kept.record.from), kept.sender), (key(to), kept.recipient)];
            both.sort();
            format!("{both:?}")
        }
    }
}

/// Whether a message is in a conversation of the present holder of a name, with whoever holds or held the other name.
fn is_in(kept: &Kept, (user, generation): (&Name, u32), with: &ConversationId) -> bool {
    match (&kept.record.to, with) {
        (Recipient::Everyone { .. }, ConversationId::Everyone) => true,
        (Recipient::User(to), ConversationId::User(other)) => {
            let (sender, recipient) = ((key(&kept.record.from), kept.sender), (key(to), kept.recipient));
            let me = (key(user), generation);
            sender == me && recipient.0 == key(other) || recipient == me && sender.0 == key(other)
        }
        (Recipient::Room { id, .. }, ConversationId::Room(room, _)) => id == room,
        _ => false,
    }
}

fn same_place(one: &Recipient, other: &Recipient) -> bool {
    match (one, other) {
        (Recipient::User(one), Recipient::User(other)) => key(one) == key(other),
        (Recipient::Room { id: one, me_too: loud, .. }, Recipient::Room { id, me_too, .. }) => {
            (one, loud) == (id, me_too)
        }
        (one, other) => one == other,
    }
}

/// A message as the asking user sees it; `None` if it is in a room that they are not in.
fn told(question: &Question, record: &Record) -> Option<Record> {
    let mut record = record.clone();
    if let Recipient::Room { id, name, .. } = &mut record.to {
        *name = question.rooms.iter().find(|(room, _)| room == id)?.1.clone();
    }
    Some(record)
}

fn conversation_called(question: &Question, name: &str) -> Option<ConversationId> {
    if name.eq_ignore_ascii_case("everyone") {
        return Some(ConversationId::Everyone);
    }
    match RoomName::parse(name) {
        Ok(name) => {
            let (id, name) = question.rooms.iter().find(|(_, room)| room.key().folded == name.key().folded)?;
            Some(ConversationId::Room(*id, name.clone()))
        }
        Err(_) => Name::parse(name).ok().map(ConversationId::User),
    }
}

/// One page of a list in ascending order, and whether there is more.
fn part<T>(all: Vec<(MessageId, T)>, span: Span) -> (Vec<T>, bool) {
    let within = |id: MessageId| span.since.is_none_or(|since| id > since) && span.before.is_none_or(|end| id < end);
    let mut all: Vec<T> = all.into_iter().filter(|(id, _)| within(*id)).map(|(_, one)| one).collect();
    let over = all.len().saturating_sub(span.limit);
    if span.since.is_some() {
        all.truncate(span.limit);
    } else {
        all.drain(..over);
    }
    (all, over > 0)
}

fn key(name: &Name) -> String {
    name.folded().into()
}

fn conversation(with: &ConversationId) -> String {
    match with {
        ConversationId::Everyone => String::new(),
        ConversationId::User(name) => key(name),
        ConversationId::Room(RoomId(id), _) => format!("#{id}"),
    }
}
