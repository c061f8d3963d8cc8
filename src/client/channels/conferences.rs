//! A handle on the task of a room's call: the session's side of it. There is one such call at a time.
//!
//! Must not know: what is decided or shown, or how a call works.

use std::io;
use std::sync::Arc;

use async_std::channel::{Receiver, Sender, bounded};
use async_std::task::{self, JoinHandle};

use super::conference_task::{ConferenceSetup, attend};
use super::relay_leg::RelayLeg;
use super::sound_desk::Loudspeaker;
use crate::client::direct::conference::Attendance;
use crate::client::direct::conference::orders::{ConferenceNews, ConferenceOrder};
use crate::client::link::outlet::Outlet;
use crate::client::link::own_key::OwnKey;
use crate::client::msg::Msg;
use crate::language::channels as say;
use crate::media::picture::Picture;
use crate::net::dial_failure::DialFailure;
use crate::protocol::CallId;
use crate::protocol::conference::{ConferenceMember, MemberNumber};
use crate::sys::clock::steady;

/// The most orders that wait.
const MAX_ORDERS: usize = 256;

/// The call that is attended, if there is one.
#[derive(Debug, Default)]
pub(super) struct AttendedConference {
    current: Option<(CallId, Sender<ConferenceOrder>, JoinHandle<()>)>,
}

/// What a call is attended with.
pub(super) struct ConferenceTools {
    pub(super) leg: RelayLeg,
    pub(super) own_key: OwnKey,
    pub(super) camera: Receiver<Arc<Picture>>,
    pub(super) sound: (Receiver<Arc<[i16]>>, Loudspeaker),
    pub(super) outlet: Outlet,
}

impl AttendedConference {
    /// Attends a call, in place of any other. Returns what the session must be told at once.
    pub(super) fn attend(
        &mut self,
        id: CallId,
        own: MemberNumber,
        members: &[ConferenceMember],
        tools: Result<ConferenceTools, String>,
    ) -> Option<Msg> {
        self.current = None;
        let begun = tools.and_then(|tools| begin(id, own, members, tools));
        match begun {
            Ok(current) => {
                self.current = Some(current);
                None
            }
            Err(why) => Some(Msg::Conference(ConferenceNews::Ended(id, why))),
        }
    }

    /// Passes an order on. A call that takes none any more has ended.
    pub(super) fn pass_on(&mut self, id: CallId, order: ConferenceOrder) -> Option<Msg> {
        let (_, orders, _) = self.current.as_ref().filter(|(current, ..)| *current == id)?;
        let leaves = matches!(order, ConferenceOrder::Leave(_));
        let taken = orders.try_send(order).is_ok();
        if leaves || !taken {
            // Without anybody who orders, the task ends.
            self.current = None;
        }
        (!leaves && !taken).then(|| Msg::Conference(ConferenceNews::Ended(id, say::order_not_taken().to_owned())))
    }

    /// Leaves the call; its task ends.
    pub(super) fn end(self) -> Option<JoinHandle<()>> {
        self.current.map(|(_, _, task)| task)
    }
}

fn begin(
    id: CallId,
    own: MemberNumber,
    members: &[ConferenceMember],
    ConferenceTools { leg, own_key, camera, sound, outlet }: ConferenceTools,
) -> Result<(CallId, Sender<ConferenceOrder>, JoinHandle<()>), String> {
    let explained = |error: io::Error| DialFailure::of(&error).why;
    let credential = Arc::new(own_key.announced_credential().map_err(explained)?);
    let now = steady();
    let attendance = Attendance::new(credential, own, now);
    let mut attendance = attendance.map_err(|_| say::no_randomness().to_owned())?;
    attendance.set_members(members, now);
    let (orders, taken) = bounded(MAX_ORDERS);
    let task = task::spawn(attend(ConferenceSetup { id, attendance, leg, orders: taken, camera, sound, outlet }));
    Ok((id, orders, task))
}
