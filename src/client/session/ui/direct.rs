//! How a direct conversation shows that it is one: its title, its composer, and the bottom row.
//!
//! Must not know: how a call comes about.

use super::view_source::ViewSource;
use crate::client::direct::orders::ChannelWay;
use crate::client::direct::talk::Side;
use crate::client::session::calls::call::{CallPhase, UserCall};
use crate::client::text::wrap::{cells, line_cells};
use crate::client::view::{DIRECT_SIGN, Scope, StyledLine};
use crate::language::{calls as say, voices};
use crate::model::Name;

impl ViewSource<'_> {
    /// The title of a direct conversation: with whom, and that it is kept nowhere else; at the right which way it goes.
    pub(super) fn direct_title(&self, name: &Name, width: usize, captioned: bool) -> (StyledLine, StyledLine) {
        let title = StyledLine::of(Scope::Focus, format!("{DIRECT_SIGN} ")).and(Scope::Heading, name.as_str());
        // The caption of a picture says it beside the name.
        let speaks = (!captioned && self.speaks(name)).then(|| voices::speaks().to_owned());
        let right = self.direct_state(name).into_iter().chain(speaks).collect::<Vec<_>>().join(" · ");
        let room = width.saturating_sub(line_cells(&title) + 2 + cells(&right) + 2);
        let note = [say::only_here(), say::only_here_short()].into_iter().find(|note| cells(note) <= room);
        let title = note.map_or_else(|| title.clone(), |note| title.clone().and(Scope::Dim, format!("  {note}")));
        (title, if right.is_empty() { StyledLine::default() } else { StyledLine::of(Scope::Dim, right) })
    }

    /// Which way the packets of the channel to a user go; `None` while there is no channel.
    pub(super) fn direct_state(&self, name: &Name) -> Option<String> {
        let call = self.calls.with(name)?;
        match call.way() {
            Some(ChannelWay::Direct(address)) => Some(say::direct_to(address.ip())),
            Some(ChannelWay::RelayStream | ChannelWay::RelayUdp) => Some(say::by_the_server().to_owned()),
            // It begins by the server.
            None => call.is_open().then(|| say::by_the_server().to_owned()),
        }
    }

    /// Whether the other one in the call with a user speaks.
    pub(super) fn speaks(&self, name: &Name) -> bool {
        self.calls.with(name).is_some_and(|call| call.voices().speaks())
    }

    /// What the empty composer of a direct conversation says while nothing can be said there.
    pub(super) fn nothing_goes(&self) -> Option<String> {
        let name = self.chat.current().venue.direct()?;
        match self.calls.with(name).map(UserCall::stage) {
            Some(CallPhase::Open) => None,
            Some(CallPhase::Asked | CallPhase::Ringing) => Some(say::calling_short().to_owned()),
            Some(CallPhase::Answered | CallPhase::Making) => Some(say::connecting_short().to_owned()),
            None => Some(say::over_short(self.calls.command_again(name), name)),
        }
    }

    /// Who calls, or is called, while it rings.
    pub(super) fn ringing_state(&self) -> Option<StyledLine> {
        let rings = |call: &&UserCall| matches!(call.stage(), CallPhase::Asked | CallPhase::Ringing);
        let call = self.calls.ringing().or_else(|| self.calls.iter().find(rings))?;
        Some(match call.side() {
            Side::Callee => StyledLine::of(Scope::Mention, say::calls_state(call.name())),
            Side::Caller => StyledLine::of(Scope::Pending, say::calling_state(call.name())),
        })
    }
}
