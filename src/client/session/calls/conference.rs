//! Calls of rooms: the one that we are in, with everybody's face, and those that go on in rooms.
//!
//! Keeps true: there is at most one that we are in, and of a member without the expected key nothing is shown.
//!
//! Must not know: how faces are laid out or coded, or how any of it is said.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::call_voices::CallVoices;
use super::lost_conference::LostConference;
use super::other_member::OtherMember;
use super::{CALL_PATIENCE, OwnCalls};
use crate::client::direct::conference::orders::ConferenceOrder;
use crate::media::picture::Picture;
use crate::model::{Name, RoomName, Timestamp};
use crate::protocol::conference::{Conference, ConferenceMember, MemberNumber};
use crate::protocol::conference_packet::FaceSize;
use crate::protocol::{CallId, CallOffer, CallWants, RelayGrant};

/// The most rooms of which it is known who is in their calls.
const MAX_ROOM_CALLS: usize = 256;

/// Why a room's call cannot be joined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::client::session) enum NoConference {
    /// There is no key to prove.
    NoKey,
    /// We are in the call of this room.
    InOther(RoomName),
    /// We are in that call, or joining it.
    InThis,
}

/// The room's call that we are in, or are joining.
#[derive(Clone, Debug)]
pub(in crate::client::session) struct OwnConference {
    room: RoomName,
    id: CallId,
    grant: Option<RelayGrant>,
    /// Our number in it, once we are in.
    own: Option<MemberNumber>,
    others: Vec<OtherMember>,
    /// Whether our camera is to be on in it, and whether the others were told that it is.
    camera: bool,
    told: bool,
    /// Whether somebody shows our pictures.
    watched: bool,
    shown: Vec<(MemberNumber, FaceSize)>,
    voices: CallVoices,
    /// Whether it was lost before, and is joined again.
    is_again: bool,
    /// Who began to speak last.
    last_speaker: Option<MemberNumber>,
    /// When joining is given up.
    until: Timestamp,
}

impl OwnConference {
    pub(in crate::client::session) fn room(&self) -> &RoomName {
        &self.room
    }

    pub(in crate::client::session) fn id(&self) -> CallId {
        self.id
    }

    /// Whether we are in it.
    pub(in crate::client::session) fn is_in(&self) -> bool {
        self.own.is_some()
    }

    /// Whether it was lost before, and is joined again.
    pub(in crate::client::session) fn is_again(&self) -> bool {
        self.is_again
    }

    /// The others.
    pub(in crate::client::session) fn others(&self) -> &[OtherMember] {
        &self.others
    }

    /// Whether our camera is on in it.
    pub(in crate::client::session) fn is_sent(&self) -> bool {
        self.told
    }

    /// Whether somebody shows our pictures.
    pub(in crate::client::session) fn is_seen(&self) -> bool {
        self.told && self.watched
    }

    /// Whether our camera is to be on in it; it may have to start first.
    pub(in crate::client::session) fn camera(&self) -> bool {
        self.camera
    }

    /// Its voices.
    pub(in crate::client::session) fn voices(&self) -> &CallVoices {
        &self.voices
    }

    /// Whether a member is to be seen well: it speaks, or spoke last if nobody does.
    pub(in crate::client::session) fn is_prominent(&self, other: &OtherMember) -> bool {
        let spoke_last = || self.last_speaker == Some(other.number()) && !self.others.iter().any(OtherMember::speaks);
        other.speaks || spoke_last()
    }

    /// Whether somebody has a face to show.
    pub(in crate::client::session) fn has_faces(&self) -> bool {
        self.camera || self.others.iter().any(OtherMember::has_picture)
    }

    fn other_mut(&mut self, number: MemberNumber) -> Option<&mut OtherMember> {
        self.others.iter_mut().find(|other| other.member.number == number)
    }

    /// The members who get our pictures and our voice, and whose are shown and heard.
    fn let_in(&self) -> Vec<ConferenceMember> {
        self.others.iter().filter(|other| !other.is_kept_out).map(|other| other.member.clone()).collect()
    }
}

/// What a change of who is in our call comes to.
#[derive(Clone, Debug, Default)]
pub(in crate::client::session) struct MembersChange {
    /// Who has come and gone; when we come in, all who are there have come.
    pub(in crate::client::session) come: Vec<ConferenceMember>,
    pub(in crate::client::session) gone: Vec<ConferenceMember>,
    /// Whether we have just come in.
    pub(in crate::client::session) begins: bool,
}

/// Calls of rooms.
#[derive(Clone, Debug, Default)]
pub(super) struct RoomCalls {
    own: Option<OwnConference>,
    /// The one that was lost with the connection, and is to be joined again.
    pub(super) lost: Option<LostConference>,
    /// Who is in the calls of rooms, by the room's name with its case folded.
    known: BTreeMap<String, Conference>,
}

impl RoomCalls {
    /// The voices of our call, with its number.
    pub(super) fn voices_mut(&mut self) -> Option<(CallId, &mut CallVoices)> {
        self.own.as_mut().map(|own| (own.id, &mut own.voices))
    }

    /// The same, once we are in.
    pub(super) fn open_voices_mut(&mut self) -> Option<(CallId, &mut CallVoices)> {
        self.own.as_mut().filter(|own| own.is_in()).map(|own| (own.id, &mut own.voices))
    }
}

impl OwnCalls {
    /// The room's call that we are in, or are joining.
    pub(in crate::client::session) fn conference(&self) -> Option<&OwnConference> {
        self.rooms.own.as_ref()
    }

    /// Who is in a room's call.
    pub(in crate::client::session) fn in_call_of(&self, room: &RoomName) -> &[ConferenceMember] {
        self.rooms.known.get(&room.folded()).map_or(&[], |conference| &conference.members)
    }

    /// Begins to join a room's call.
    pub(in crate::client::session) fn join_conference(
        &mut self,
        room: RoomName,
        now: Timestamp,
    ) -> Result<CallOffer, NoConference> {
        let key = self.own_key.ok_or(NoConference::NoKey)?;
        if let Some(own) = &self.rooms.own {
            let same = own.room.folded() == room.folded();
            return Err(if same { NoConference::InThis } else { NoConference::InOther(own.room.clone()) });
        }
        let id = self.draw_id();
        let until = now.after(CALL_PATIENCE);
        let begun = OwnConference {
            room,
            id,
            grant: None,
            own: None,
            others: Vec::new(),
            camera: false,
            told: false,
            watched: false,
            shown: Vec::new(),
            voices: CallVoices::of_room(),
            is_again: false,
            last_speaker: None,
            until,
        };
        self.rooms.own = Some(begun);
        Ok(CallOffer { id, wants: CallWants { video: true, voice: true, ..CallWants::default() }, key })
    }

    /// The call that we join is one that was lost: the microphone is off, and so is our camera unless it
    /// was on there and still is in another call.
    pub(in crate::client::session) fn carry_on_conference(&mut self, lost: &LostConference) {
        let camera = lost.camera() && self.own_picture().is_some();
        if let Some(own) = &mut self.rooms.own {
            (own.is_again, own.camera) = (true, camera);
            own.voices.want(lost.sound());
        }
    }

    /// The server says where our packets go.
    pub(in crate::client::session) fn grant_conference(&mut self, grant: RelayGrant) {
        if let Some(own) = self.rooms.own.as_mut().filter(|own| own.grant.is_none()) {
            (own.id, own.grant) = (grant.id, Some(grant));
        }
    }

    /// The server says who is in a room's call. Returns those who were there before.
    pub(in crate::client::session) fn note_conference(
        &mut self,
        room: &RoomName,
        conference: Option<Conference>,
    ) -> Option<Conference> {
        let key = room.folded();
        let Some(conference) = conference else { return self.rooms.known.remove(&key) };
        if self.rooms.known.len() >= MAX_ROOM_CALLS && !self.rooms.known.contains_key(&key) {
            return None;
        }
        self.rooms.known.insert(key, conference)
    }

    /// The members of the call that we are in; `keeps_out` says who neither sees us nor is seen: whose key is another than
    /// the known one, or who is ignored. `None` if it is not our call.
    pub(in crate::client::session) fn set_members(
        &mut self,
        room: &RoomName,
        conference: &Conference,
        me: impl Fn(&Name) -> bool,
        keeps_out: impl Fn(&ConferenceMember) -> bool,
    ) -> Option<MembersChange> {
        let own_key = self.own_key?;
        let own = self.rooms.own.as_mut().filter(|own| own.room.folded() == room.folded())?;
        own.grant.filter(|grant| grant.id == conference.id)?;
        let begins = own.own.is_none();
        if begins {
            let ours = conference.members.iter().find(|member| member.key == own_key && me(&member.name));
            own.own = Some(ours?.number);
        }
        let mut change = MembersChange { begins, ..MembersChange::default() };
        let others = || conference.members.iter().filter(|member| Some(member.number) != own.own);
        let is_there =
            |member: &ConferenceMember| others().any(|other| (other.number, other.key) == (member.number, member.key));
        let (stay, gone) = std::mem::take(&mut own.others).into_iter().partition(|other| is_there(&other.member));
        let gone: Vec<OtherMember> = gone;
        change.gone = gone.into_iter().map(|other| other.member).collect();
        let mut now: Vec<OtherMember> = stay;
        for member in others() {
            if !now.iter().any(|other| other.member.number == member.number) {
                change.come.push(member.clone());
                let (member, is_kept_out) = (member.clone(), keeps_out(member));
                let (reached, camera, speaks, newest) = (false, false, false, None);
                now.push(OtherMember { member, is_kept_out, reached, camera, newest, speaks });
            }
        }
        now.sort_by_key(|other| other.member.number);
        own.others = now;
        Some(change)
    }

    /// What the shell is to be told of who is in our call.
    pub(in crate::client::session) fn members_order(&self, begins: bool) -> Option<ConferenceOrder> {
        let own = self.rooms.own.as_ref()?;
        let (members, id) = (own.let_in(), own.id);
        Some(match begins {
            true => ConferenceOrder::Attend { id, grant: own.grant?, own: own.own?, members },
            false => ConferenceOrder::Members(id, members),
        })
    }

    /// We are no longer in a room's call.
    pub(in crate::client::session) fn end_conference(&mut self) -> Option<OwnConference> {
        self.rooms.own.take()
    }

    /// The connection is lost: nothing is known of rooms any more.
    pub(in crate::client::session) fn forget_rooms(&mut self) {
        self.rooms.known.clear();
    }

    /// When joining is given up, the call that we join or one that was lost.
    pub(super) fn conference_deadline(&self) -> Option<Timestamp> {
        let joining = self.rooms.own.as_ref().filter(|own| !own.is_in()).map(|own| own.until);
        joining.into_iter().chain(self.rooms.lost.as_ref().map(LostConference::until)).min()
    }

    /// Whether joining takes too long.
    pub(in crate::client::session) fn is_conference_late(&self, now: Timestamp) -> bool {
        self.rooms.own.as_ref().is_some_and(|own| !own.is_in() && own.until <= now)
    }

    /// Our camera is to be on in the call, or off.
    pub(in crate::client::session) fn turn_conference_camera(&mut self, on: bool) {
        if let Some(own) = &mut self.rooms.own {
            own.camera = on;
        }
    }

    /// What the others are to be told of our camera; `None` if nothing is new.
    pub(in crate::client::session) fn conference_camera_due(&mut self) -> Option<bool> {
        let runs = self.own_picture().is_some();
        let own = self.rooms.own.as_mut().filter(|own| own.is_in())?;
        let on = own.camera && runs;
        (std::mem::replace(&mut own.told, on) != on).then_some(on)
    }

    /// A member has proved its key, or is not reached any more; `None` if there is none of this number.
    pub(in crate::client::session) fn reach_member(
        &mut self,
        id: CallId,
        number: MemberNumber,
        reached: bool,
    ) -> Option<&OtherMember> {
        let other = self.rooms.own.as_mut().filter(|own| own.id == id)?.other_mut(number)?;
        // What is known of the camera stays: it is told again only if it has changed.
        other.reached = reached;
        other.newest.take_if(|_| !reached);
        Some(other)
    }

    /// Somebody shows our pictures, or nobody does any more.
    pub(in crate::client::session) fn conference_watched(&mut self, id: CallId, watched: bool) {
        if let Some(own) = self.rooms.own.as_mut().filter(|own| own.id == id) {
            own.watched = watched;
        }
    }

    /// A member's camera was turned on or off.
    pub(in crate::client::session) fn member_turns_camera(&mut self, id: CallId, number: MemberNumber, on: bool) {
        let own = self.rooms.own.as_mut().filter(|own| own.id == id);
        if let Some(other) = own.and_then(|own| own.other_mut(number)) {
            (other.camera, other.newest) = (on, other.newest.take().filter(|_| on));
        }
    }

    /// A member begins or ceases to speak.
    pub(in crate::client::session) fn member_speaks(&mut self, id: CallId, number: MemberNumber, speaks: bool) {
        let Some(own) = self.rooms.own.as_mut().filter(|own| own.id == id) else { return };
        if let Some(other) = own.other_mut(number) {
            other.speaks = speaks;
            own.last_speaker = Some(number).filter(|_| speaks).or(own.last_speaker);
        }
    }

    /// A member's newest picture has come.
    pub(in crate::client::session) fn take_face(&mut self, id: CallId, number: MemberNumber, picture: Arc<Picture>) {
        let own = self.rooms.own.as_mut().filter(|own| own.id == id);
        if let Some(other) = own.and_then(|own| own.other_mut(number)) {
            other.newest = Some(picture);
        }
    }

    /// These faces are in view, in these sizes. Returns what the shell is to be told, if that is new. A picture out of view
    /// is not kept.
    pub(in crate::client::session) fn show_faces(
        &mut self,
        shown: Vec<(MemberNumber, FaceSize)>,
    ) -> Option<ConferenceOrder> {
        let own = self.rooms.own.as_mut().filter(|own| own.is_in())?;
        if own.shown == shown {
            return None;
        }
        for other in &mut own.others {
            if !shown.iter().any(|(number, _)| *number == other.member.number) {
                other.newest = None;
            }
        }
        own.shown.clone_from(&shown);
        Some(ConferenceOrder::Show(own.id, shown))
    }

    /// Whether our camera is on in a room's call that we are in.
    pub(super) fn conference_needs_camera(&self) -> bool {
        self.rooms.own.as_ref().is_some_and(|own| own.is_in() && own.camera)
    }
}
