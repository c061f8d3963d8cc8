//! Calls: who calls whom, what rings here, what was answered, which channels are open, and whose key is known.
//!
//! Keeps true: at most one call rings here, there is at most one call with each user, and no channel is made with another
//! key than the known one.
//!
//! - [`call`]: one call. `bypass`: whose packets are to bypass the server. [`conference`]: calls of rooms, with [`other_member`] and the [`lost_conference`]. [`transfer`]: one
//!   file on its way. [`people`]: whose key is known. [`pictures`]: the ones that are sent and shown. [`voices`]: who speaks,
//!   by the `talk_key`; `call_voices`: the voices of one call.
//!
//! Must not know: how a call is shown or said, requests, sockets, files.

mod bypass;
pub(in crate::client::session) mod call;
pub(in crate::client::session) mod call_voices;
pub(in crate::client::session) mod conference;
pub(in crate::client::session) mod lost_conference;
pub(in crate::client::session) mod other_member;
pub(crate) mod people;
pub(in crate::client::session) mod pictures;
mod talk_key;
pub(in crate::client::session) mod transfer;
pub(in crate::client::session) mod voices;

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::time::Duration;

use self::call::{CallPhase, UserCall};
use self::call_voices::CallVoices;
use self::conference::RoomCalls;
use self::people::{KnownPeople, PersonCheck};
use self::pictures::{CallPictures, OwnCamera};
use self::transfer::Transfer;
use self::voices::OwnSound;
use crate::client::direct::known_people::KnownPerson;
use crate::client::direct::orders::{ChannelOrder, ChannelWay, FileKey, FileProgress, OfferedFile};
use crate::client::direct::talk::Side;
use crate::client::session::start::Start;
use crate::client::settings::DirectRule;
use crate::model::{Fingerprint, Name, Timestamp, Url};
use crate::protocol::{CallId, CallOffer, CallWants, RelayGrant};

/// How long a call may ring, or wait for its channel, before this client gives it up. The server does before that.
pub const CALL_PATIENCE: Duration = Duration::from_secs(60);
/// The most calls at once.
pub const MAX_CALLS: usize = 4;
/// The most files that wait for a channel to be open.
pub const MAX_TO_OFFER: usize = 4;
/// The most calls that are remembered after their end.
const MAX_OVER: usize = 16;
/// The most answers and ends whose refusals are recognised.
const MAX_ASKED: usize = 16;

/// What a refusal is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::client::session) enum AskedOfCall {
    /// Our answer to a call.
    Answer(CallId),
    /// The end of a call.
    HangUp,
}

/// Why a call cannot be begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::client::session) enum NoCall {
    /// There is no key to prove.
    NoKey,
    /// [`MAX_CALLS`] go on.
    TooMany,
}

#[derive(Clone, Debug)]
pub(in crate::client::session) struct OwnCalls {
    own_key: Option<Fingerprint>,
    callable: bool,
    people: KnownPeople,
    calls: Vec<UserCall>,
    /// The last calls that are over: with whom each was, and whether it had a place for pictures.
    over: VecDeque<(CallId, Name, bool)>,
    camera: OwnCamera,
    sound: OwnSound,
    /// When packets may bypass the server.
    rule: DirectRule,
    rooms: RoomCalls,
    /// Where the numbers of calls come from.
    random: u64,
    /// What was asked of the server under these labels.
    asked: VecDeque<(String, AskedOfCall)>,
}

impl OwnCalls {
    pub(in crate::client::session) fn new(start: &Start) -> Self {
        Self {
            own_key: start.own_key,
            callable: start.is_callable(),
            people: KnownPeople::new(start.server.clone(), start.known_people.clone()),
            calls: Vec::new(),
            over: VecDeque::new(),
            camera: OwnCamera::default(),
            sound: OwnSound::default(),
            rule: DirectRule::default(),
            rooms: RoomCalls::default(),
            random: start.seed,
            asked: VecDeque::new(),
        }
    }

    /// The key that we prove.
    pub(in crate::client::session) fn own_key(&self) -> Option<Fingerprint> {
        self.own_key
    }

    /// Whether anybody can answer here.
    pub(in crate::client::session) fn is_callable(&self) -> bool {
        self.callable
    }

    pub(in crate::client::session) fn iter(&self) -> impl DoubleEndedIterator<Item = &UserCall> {
        self.calls.iter()
    }

    pub(in crate::client::session) fn get(&self, id: CallId) -> Option<&UserCall> {
        self.calls.iter().find(|call| call.id == id)
    }

    /// With whom a call is or was.
    pub(in crate::client::session) fn name_of(&self, id: CallId) -> Option<&Name> {
        let over = || self.over.iter().find(|(other, ..)| *other == id).map(|(_, name, _)| name);
        self.get(id).map(UserCall::name).or_else(over)
    }

    /// The call with a user.
    pub(in crate::client::session) fn with(&self, name: &Name) -> Option<&UserCall> {
        let folded = name.folded();
        self.calls.iter().find(|call| call.name.folded() == folded)
    }

    /// The call that rings here.
    pub(in crate::client::session) fn ringing(&self) -> Option<&UserCall> {
        self.calls.iter().find(|call| call.rings_here())
    }

    /// Whether there is room for another call.
    pub(in crate::client::session) fn has_room(&self) -> bool {
        self.calls.len() < MAX_CALLS
    }

    /// When a call is given up.
    pub(in crate::client::session) fn deadline(&self) -> Option<Timestamp> {
        let calls = self.calls.iter().filter(|call| !call.has_channel()).map(|call| call.until);
        calls.chain(self.conference_deadline()).chain(self.voice_deadline()).min()
    }

    /// The calls that got no further for too long.
    pub(in crate::client::session) fn late(&self, now: Timestamp) -> Vec<CallId> {
        let late = |call: &&UserCall| !call.has_channel() && call.until <= now;
        self.calls.iter().filter(late).map(UserCall::id).collect()
    }

    /// Begins a call.
    pub(in crate::client::session) fn begin(
        &mut self,
        name: Name,
        wants: CallWants,
        file: Option<PathBuf>,
        now: Timestamp,
    ) -> Result<CallOffer, NoCall> {
        let key = self.own_key.ok_or(NoCall::NoKey)?;
        if !self.has_room() {
            return Err(NoCall::TooMany);
        }
        let id = self.draw_id();
        let to_offer = file.into_iter().collect();
        self.calls.push(UserCall { to_offer, ..begun(id, name, Side::Caller, wants, now) });
        Ok(CallOffer { id, wants, key })
    }

    /// A user's call rings here.
    pub(in crate::client::session) fn rings(&mut self, name: Name, verified: bool, offer: &CallOffer, now: Timestamp) {
        let call = begun(offer.id, name, Side::Callee, offer.wants, now);
        let (verified, key) = (Some(verified), Some(offer.key));
        self.calls.push(UserCall { verified, key, stage: CallPhase::Ringing, ..call });
    }

    /// Our call rings at the other one; `None` if there is no such call.
    pub(in crate::client::session) fn rings_there(&mut self, id: CallId) -> Option<&UserCall> {
        let call = self.calls.iter_mut().find(|call| call.id == id && call.stage == CallPhase::Asked)?;
        call.stage = CallPhase::Ringing;
        Some(call)
    }

    /// The person answers a call that rings here; returns our key. `None` if no such call rings here.
    pub(in crate::client::session) fn answer(&mut self, id: CallId, now: Timestamp) -> Option<Fingerprint> {
        let key = self.own_key?;
        let call = self.calls.iter_mut().find(|call| call.id == id && call.rings_here())?;
        (call.stage, call.until) = (CallPhase::Answered, now.after(CALL_PATIENCE));
        Some(key)
    }

    /// The other one has answered our call with this key; `false` if that call is not ours, or does not ring any more.
    pub(in crate::client::session) fn answered(
        &mut self,
        id: CallId,
        by: &Name,
        verified: bool,
        key: Fingerprint,
        now: Timestamp,
    ) -> bool {
        let rings = |call: &&mut UserCall| {
            let waits = matches!(call.stage, CallPhase::Asked | CallPhase::Ringing);
            call.id == id && call.side == Side::Caller && waits && call.name.folded() == by.folded()
        };
        let Some(call) = self.calls.iter_mut().find(rings) else { return false };
        (call.stage, call.until) = (CallPhase::Answered, now.after(CALL_PATIENCE));
        (call.verified, call.key) = (Some(verified), Some(key));
        true
    }

    /// The server says where the packets of an answered call go: the channel can be made.
    pub(in crate::client::session) fn make(&mut self, grant: RelayGrant) -> Option<ChannelOrder> {
        let answered = |call: &&mut UserCall| call.id == grant.id && call.stage == CallPhase::Answered;
        let call = self.calls.iter_mut().find(answered)?;
        let theirs = call.key?;
        call.stage = CallPhase::Making;
        Some(ChannelOrder::Open { id: call.id, side: call.side, grant, theirs })
    }

    /// The channel is open; returns the files that are to be offered. `None` if there is no such call.
    pub(in crate::client::session) fn ready(&mut self, id: CallId, words: String) -> Option<Vec<PathBuf>> {
        let call = self.calls.iter_mut().find(|call| call.id == id && call.stage == CallPhase::Making)?;
        (call.stage, call.words) = (CallPhase::Open, words);
        Some(std::mem::take(&mut call.to_offer))
    }

    /// The packets go another way; returns whether that is new.
    pub(in crate::client::session) fn goes(&mut self, id: CallId, way: ChannelWay) -> bool {
        let call = self.calls.iter_mut().find(|call| call.id == id);
        call.is_some_and(|call| call.way.replace(way) != Some(way))
    }

    /// The shell has no channel for a call any more.
    pub(in crate::client::session) fn channel_gone(&mut self, id: CallId) {
        if let Some(call) = self.calls.iter_mut().find(|call| call.id == id && call.has_channel()) {
            call.stage = CallPhase::Answered;
        }
    }

    /// A call is over.
    pub(in crate::client::session) fn end(&mut self, id: CallId) -> Option<UserCall> {
        let at = self.calls.iter().position(|call| call.id == id)?;
        let call = self.calls.remove(at);
        if self.over.len() >= MAX_OVER {
            self.over.pop_front();
        }
        self.over.push_back((id, call.name.clone(), call.pictures.have_place()));
        Some(call)
    }

    /// Something was asked of the server under this label, about a call.
    pub(in crate::client::session) fn asked(&mut self, label: String, what: AskedOfCall) {
        if self.asked.len() >= MAX_ASKED {
            self.asked.pop_front();
        }
        self.asked.push_back((label, what));
    }

    /// What a refusal with this label is about; `None` if it is not about a call.
    pub(in crate::client::session) fn take_asked(&mut self, label: &str) -> Option<AskedOfCall> {
        let at = self.asked.iter().position(|(asked, _)| asked == label)?;
        self.asked.remove(at).map(|(_, what)| what)
    }

    /// A number that no other call has: from splitmix64 (Steele, Lea and Flood 2014). It has to be unique, not secret.
    fn draw_id(&mut self) -> CallId {
        let mut draw = || {
            self.random = self.random.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = self.random;
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            u128::from(z ^ (z >> 31))
        };
        CallId((draw() << 64 | draw()).to_be_bytes())
    }
}

/// Whose key is known.
impl OwnCalls {
    /// Compares a key with the known one.
    pub(in crate::client::session) fn check(&self, server: &Url, name: &Name, key: Fingerprint) -> PersonCheck {
        self.people.check(server, name, key)
    }

    /// The person who is known under a name.
    pub(in crate::client::session) fn known(&self, name: &Name) -> Option<&KnownPerson> {
        self.people.find(name)
    }

    /// Knows a person from now on. Returns whether that is to be kept.
    pub(in crate::client::session) fn remember(&mut self, server: &Url, person: &KnownPerson) -> bool {
        self.people.remember(server, person)
    }

    /// Forgets a person; `false` if nobody was known under this name.
    pub(in crate::client::session) fn forget(&mut self, name: &Name) -> bool {
        self.people.forget(name)
    }
}

/// Files.
impl OwnCalls {
    /// A file is to be offered once the channel is open; `false` if too many are, or there is no such call.
    pub(in crate::client::session) fn offer_later(&mut self, id: CallId, file: PathBuf) -> bool {
        let call = self.calls.iter_mut().find(|call| call.id == id && !call.is_open());
        let call = call.filter(|call| call.to_offer.len() < MAX_TO_OFFER && !call.to_offer.contains(&file));
        call.map(|call| call.to_offer.push(file)).is_some()
    }

    /// A file of ours is offered.
    pub(in crate::client::session) fn offer(&mut self, id: CallId, file: &Path, name: String) {
        let key = FileKey::Ours(file.to_owned());
        self.add_transfer(id, Transfer::new(key, name, 0, false));
    }

    /// The other one offers a file.
    pub(in crate::client::session) fn offered(&mut self, id: CallId, file: &OfferedFile) {
        let name = file.name.as_str().to_owned();
        self.add_transfer(id, Transfer::new(FileKey::Theirs(file.number), name, file.size, true));
    }

    fn add_transfer(&mut self, id: CallId, transfer: Transfer) {
        if let Some(call) = self.calls.iter_mut().find(|call| call.id == id) {
            call.transfers.retain(|other| other.file() != transfer.file());
            call.transfers.push(transfer);
        }
    }

    fn transfer_mut(&mut self, id: CallId, file: &FileKey) -> Option<&mut Transfer> {
        let call = self.calls.iter_mut().find(|call| call.id == id)?;
        call.transfers.iter_mut().find(|transfer| transfer.file() == file)
    }

    pub(in crate::client::session) fn transfer(&self, id: CallId, file: &FileKey) -> Option<&Transfer> {
        self.get(id)?.transfers.iter().find(|transfer| transfer.file() == file)
    }

    /// The person accepts the other one's file; `false` if none awaits that.
    pub(in crate::client::session) fn accept(&mut self, id: CallId, number: u32) -> bool {
        let transfer = self.transfer_mut(id, &FileKey::Theirs(number)).filter(|transfer| transfer.is_asked());
        transfer.map(Transfer::answered).is_some()
    }

    /// A file has come further. Returns whether another quarter of it has moved; `None` if there is no such file.
    pub(in crate::client::session) fn moved(
        &mut self,
        id: CallId,
        progress: &FileProgress,
        now: Timestamp,
    ) -> Option<bool> {
        let transfer = self.transfer_mut(id, &progress.file)?;
        transfer.take(progress, now);
        Some(transfer.passes_quarter())
    }

    /// A file is done with.
    pub(in crate::client::session) fn take_transfer(&mut self, id: CallId, file: &FileKey) -> Option<Transfer> {
        let call = self.calls.iter_mut().find(|call| call.id == id)?;
        let at = call.transfers.iter().position(|transfer| transfer.file() == file)?;
        Some(call.transfers.remove(at))
    }
}

/// A call that has just begun.
fn begun(id: CallId, name: Name, side: Side, wants: CallWants, now: Timestamp) -> UserCall {
    UserCall {
        id,
        name,
        verified: None,
        side,
        wants,
        key: None,
        stage: CallPhase::Asked,
        until: now.after(CALL_PATIENCE),
        words: String::new(),
        way: None,
        bypass: (false, false),
        pictures: CallPictures::new(wants.video),
        voices: CallVoices::new(wants.voice),
        to_offer: Vec::new(),
        transfers: Vec::new(),
    }
}
