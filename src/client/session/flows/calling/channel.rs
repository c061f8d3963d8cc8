//! What happens on the channels of calls, and what is said there.
//!
//! Must not know: how a channel is made, or the files on it.

use super::{Calling, key_words};
use crate::client::direct::known_people::KnownPerson;
use crate::client::direct::lines::{CallNotice, CallState};
use crate::client::direct::orders::{ChannelNews, ChannelOrder, ChannelWay};
use crate::client::direct::talk::{DirectEnd, SayRefusal, Side};
use crate::client::msg::Effect;
use crate::client::session::calls::people::PersonCheck;
use crate::client::settings::DirectRule;
use crate::language::calls as say;
use crate::model::{Name, Text};
use crate::net::peer::events::ChannelEnd;
use crate::protocol::peer::MAX_DIRECT_TEXT;
use crate::protocol::{CallId, HangUp};

impl Calling<'_> {
    /// Something happened on a channel. News of a call that is over lead to nothing.
    pub(in crate::client::session) fn take_news(&mut self, news: ChannelNews) {
        match news {
            ChannelNews::Ready(id, words) => self.ready(id, words),
            ChannelNews::Goes(id, way) => self.goes(id, way),
            ChannelNews::WantsBypass(id, wanted) => self.they_want_bypass(id, wanted),
            ChannelNews::NoBypass(id) => self.no_bypass(id),
            ChannelNews::Camera(id, on) => self.they_turn_camera(id, on),
            ChannelNews::Watched(id, watched) => self.they_watch(id, watched),
            ChannelNews::Picture(id, picture) => self.take_picture(id, picture),
            ChannelNews::Speaks(id, speaks) => self.they_speak(id, speaks),
            ChannelNews::Hears(id, heard) => self.they_hear(id, heard),
            ChannelNews::Arrives(id, arrives) => self.voice_arrives(id, arrives),
            ChannelNews::Said(id, text) => self.said(id, text),
            ChannelNews::NotSaid(id, text, why) => self.not_said(id, text, why),
            ChannelNews::Offered(id, file) => self.offered(id, &file),
            ChannelNews::Progress(id, progress) => self.progress(id, &progress),
            ChannelNews::FileEnded(id, file, end) => self.file_ended(id, &file, end),
            ChannelNews::Ended(id, end) => self.channel_ended(id, end),
        }
    }

    /// The channel is open.
    fn ready(&mut self, id: CallId, words: String) {
        let Some(files) = self.calls.ready(id, words.clone()) else { return };
        let Some((name, key)) = self.calls.get(id).and_then(|call| Some((call.name().clone(), call.key()?))) else {
            return;
        };
        let check = self.calls.check(self.link.server(), &name, key);
        if check == PersonCheck::First {
            self.remember(KnownPerson { name: name.clone(), key, verified: false });
        }
        let known = match check {
            PersonCheck::First => say::first_time(&name, key),
            PersonCheck::Same { .. } | PersonCheck::Other(_) => key_words(&name, Some((key, check))).join(" "),
        };
        let line = CallNotice::new(name.clone(), CallState::Open, say::channel_is_open(&name, known));
        self.tell(line.with_key(key).known(check.word()).words(words));
        // Who has just answered is there.
        if self.calls.get(id).is_some_and(|call| call.side() == Side::Caller) {
            self.chat.call_directly(&name, say::open_for_notification(&name), self.out);
        }
        for file in files {
            self.send_file(id, file);
        }
        if self.calls.rule() == DirectRule::Known && check == (PersonCheck::Same { compared: true }) {
            self.bypass(id, true);
        }
    }

    /// The packets of a call are to bypass the server, or no longer: the other one has to want it, too.
    pub(super) fn bypass(&mut self, id: CallId, wanted: bool) {
        let Some(theirs) = self.calls.want_bypass(id, wanted) else { return };
        let Some(name) = self.calls.get(id).map(|call| call.name().clone()) else { return };
        self.out.emit(Effect::Channel(ChannelOrder::Bypass(id, wanted)));
        let words = match (wanted, theirs) {
            (true, true) => say::bypass_agreed(&name),
            (true, false) => say::bypass_offered(&name),
            (false, _) => say::bypass_off(&name),
        };
        self.tell(CallNotice::new(name, CallState::Way, words));
    }

    /// The other one wants packets to bypass the server, or no longer. Nobody's address is told before the person says so.
    fn they_want_bypass(&mut self, id: CallId, wanted: bool) {
        let Some(ours) = self.calls.they_want_bypass(id, wanted) else { return };
        let Some(name) = self.calls.get(id).map(|call| call.name().clone()) else { return };
        let words = match (wanted, ours) {
            (true, false) if self.calls.rule() == DirectRule::Never => say::bypass_asked_in_vain(&name),
            (true, true) => say::bypass_agreed(&name),
            (true, false) => say::bypass_asked(&name),
            (false, _) => say::bypass_withdrawn(&name),
        };
        self.tell(CallNotice::new(name, CallState::Way, words));
    }

    /// Both want packets to bypass the server, and no way was found.
    fn no_bypass(&mut self, id: CallId) {
        let call = self.calls.get(id).filter(|call| call.is_open() && !call.is_direct());
        if let Some(name) = call.map(|call| call.name().clone()) {
            let words = say::no_direct_way().to_owned();
            self.tell(CallNotice::new(name, CallState::Way, words));
        }
    }

    /// The packets go another way.
    fn goes(&mut self, id: CallId, way: ChannelWay) {
        let before = self.calls.get(id).and_then(|call| call.way());
        if !self.calls.goes(id, way) {
            return;
        }
        let Some(name) = self.calls.get(id).map(|call| call.name().clone()) else { return };
        // At first, nobody expects anything else than the server; and another port is no news.
        let words = way_words(way);
        let is_news = before.map_or(matches!(way, ChannelWay::Direct(_)), |before| way_words(before) != words);
        if is_news {
            self.tell(CallNotice::new(name, CallState::Way, say::goes_now(words)));
        }
    }

    /// The other one said something.
    fn said(&mut self, id: CallId, text: Text) {
        let Some(call) = self.calls.get(id).filter(|call| call.is_open()) else { return };
        let (name, verified) = (call.name().clone(), call.is_verified());
        self.chat.said_directly(&name, verified, text, self.out);
    }

    /// Says something directly to a user. On failure it says why and returns `false`, and the text stays where it was
    /// written.
    pub(in crate::client::session) fn say(&mut self, name: &Name, text: &str) -> bool {
        self.try_say(name, text).map_err(|why| self.fail(&why)).is_ok()
    }

    /// The same, with a sentence about what went wrong.
    pub(in crate::client::session) fn try_say(&mut self, name: &Name, text: &str) -> Result<(), String> {
        let text = Text::block(text.trim_matches('\n'));
        if text.is_blank() {
            return Ok(());
        }
        let Some(call) = self.calls.with(name) else { return Err(say::not_open(name)) };
        if !call.is_open() {
            return Err(say::not_open_yet(name));
        }
        let over = text.as_str().len().saturating_sub(MAX_DIRECT_TEXT);
        if over > 0 {
            return Err(say::direct_text_too_long(over, MAX_DIRECT_TEXT));
        }
        self.out.emit(Effect::Channel(ChannelOrder::Say(call.id(), text.clone())));
        self.chat.say_directly(name, text, self.link.me(), self.out);
        Ok(())
    }

    /// What was to be said was not, perhaps because the channel had just ended: it goes back where it was written.
    fn not_said(&mut self, id: CallId, text: Text, why: SayRefusal) {
        let Some(name) = self.calls.name_of(id).cloned() else { return };
        let over = self.calls.get(id).is_none();
        self.chat.unsay(&name, &text);
        self.plain.count_not_sent();
        let why = match why {
            SayRefusal::NotReady if over => say::not_open(&name),
            SayRefusal::NotReady => say::not_open_yet(&name),
            SayRefusal::Length => say::direct_text_too_long(text.as_str().len(), MAX_DIRECT_TEXT),
            SayRefusal::Full => say::too_much_waits(&name),
        };
        if self.out.is_screen() {
            self.give_back(&name, &text);
            return self.chat.trouble(why, self.out);
        }
        self.chat.trouble(say::not_said(why, text), self.out);
    }

    /// A text goes back into the draft of a direct conversation, before what was written meanwhile.
    fn give_back(&mut self, name: &Name, text: &Text) {
        let draft = |written: &str| if written.is_empty() { text.to_string() } else { format!("{text}\n{written}") };
        if self.chat.is_directly_in_view(name) {
            let written = self.ui.take_draft();
            self.ui.replace_draft(&draft(&written.text()));
        } else {
            self.chat.change_direct_draft(name, draft);
        }
    }

    /// A channel is over.
    fn channel_ended(&mut self, id: CallId, end: DirectEnd) {
        let Some(call) = self.calls.get(id) else { return };
        let name = call.name().clone();
        let (why, reason, words, alarms) = match end {
            DirectEnd::Channel(ChannelEnd::Closed) => (HangUp::Done, "done", say::you_hung_up(&name), false),
            DirectEnd::Channel(ChannelEnd::ClosedByPeer) => (HangUp::Done, "done", say::has_hung_up(&name), false),
            DirectEnd::Channel(ChannelEnd::Silent) => (HangUp::Failed, "silent", say::silent(&name), false),
            DirectEnd::Channel(ChannelEnd::WrongKey) => (HangUp::Failed, "wrong_key", say::wrong_key(&name), true),
            DirectEnd::Commitment => (HangUp::Failed, "commitment", say::commitment_broken(&name), true),
            DirectEnd::Channel(ChannelEnd::Fault(why)) | DirectEnd::Fault(why) => {
                (HangUp::Failed, "fault", say::channel_fault(&name, Text::line(&why)), false)
            }
            DirectEnd::Version(version) => (HangUp::Failed, "version", say::other_version(&name, version), false),
            DirectEnd::NoWay(why) => (HangUp::Failed, "no_way", say::no_way(&name, Text::line(&why)), false),
        };
        self.calls.channel_gone(id);
        let Some(call) = self.end(id) else { return };
        self.send_hang_up(&call, why);
        if alarms {
            return self.ended_loudly(&call, reason, words);
        }
        self.ended(&call, reason, words);
    }
}

/// Which way packets go, in words.
pub(in crate::client::session) fn way_words(way: ChannelWay) -> String {
    match way {
        ChannelWay::RelayStream | ChannelWay::RelayUdp => say::by_the_server().to_owned(),
        ChannelWay::Direct(address) => say::direct_to(address.ip()),
    }
}
