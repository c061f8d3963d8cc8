//! The voices of one call, of two or of a room: whether there is sound in it, and who speaks.
//!
//! Must not know: which call it is, sound, or keys.

/// The voices of a call.
#[derive(Clone, Debug, Default)]
pub(in crate::client::session) struct CallVoices {
    /// Whether there is to be sound in this call.
    wanted: bool,
    /// Whether the person asked for it, or spoke.
    is_asked_for: bool,
    /// Whether we are to speak in it.
    talks: bool,
    /// What the shell was told: whether we hear, and whether we speak.
    told: (bool, bool),
    /// Whether the other one hears us, or any of a room, as far as that is known; and whether the other one speaks.
    heard: Option<bool>,
    speaks: bool,
}

impl CallVoices {
    /// Those of a call of two, where clients say it if they hear.
    pub(super) fn new(wanted: bool) -> Self {
        Self { wanted, heard: Some(false), ..Self::default() }
    }

    /// Those of a room's call, where the server says whether anybody hears.
    pub(super) fn of_room() -> Self {
        Self { wanted: true, ..Self::default() }
    }

    /// Whether there is to be sound in this call.
    pub(in crate::client::session) fn wanted(&self) -> bool {
        self.wanted
    }

    /// Whether the person asked for sound in this call, or spoke.
    pub(super) fn is_asked_for(&self) -> bool {
        self.is_asked_for
    }

    /// Whether we speak.
    pub(in crate::client::session) fn talk(&self) -> bool {
        self.told.1
    }

    /// Whether we are to speak, once there is sound.
    pub(in crate::client::session) fn wants_talk(&self) -> bool {
        self.talks
    }

    /// Whether it is known that nobody hears us.
    pub(in crate::client::session) fn is_unheard(&self) -> bool {
        self.heard == Some(false)
    }

    /// Whether the other one speaks.
    pub(in crate::client::session) fn speaks(&self) -> bool {
        self.speaks
    }

    /// The other one hears us, or no longer. Returns whether that was not known before.
    pub(in crate::client::session) fn they_hear(&mut self, heard: bool) -> bool {
        self.heard.replace(heard).is_none()
    }

    /// The other one begins or ceases to speak.
    pub(in crate::client::session) fn they_speak(&mut self, speaks: bool) {
        self.speaks = speaks;
    }

    /// There is to be sound in this call, or none. Without any, nobody speaks.
    pub(in crate::client::session) fn want(&mut self, wanted: bool) {
        (self.wanted, self.is_asked_for) = (wanted, wanted);
        self.talks &= wanted;
    }

    /// Asks for us to speak, or no longer. A person who speaks also hears.
    pub(super) fn speak(&mut self, talks: bool) {
        self.talks = talks;
        self.wanted |= talks;
        self.is_asked_for |= talks;
    }

    /// What the shell is to be told, where sound runs or does not: whether we hear, and whether we speak, each if it is new.
    pub(super) fn due(&mut self, runs: bool) -> (Option<bool>, Option<bool>) {
        let (hears, talks) = (self.wanted && runs, self.talks && runs);
        let told = std::mem::replace(&mut self.told, (hears, talks));
        ((told.0 != hears).then_some(hears), (told.1 != talks).then_some(talks))
    }
}
