//! The values of a dialog when it is confirmed.
//!
//! Must not know: what the values lead to.

use std::time::Duration;

use super::form::{Choice, FieldKey, Pick};
use super::moderation;
use super::open::{Dialog, OpenDialog};
use super::order::ActOrder;
use crate::client::action::Action;
use crate::model::{MessageId, Name, RoomName, Target};
use crate::protocol::{CallId, Verb};

/// The values of a confirmed dialog.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is what the dialog of its name asks for")]
pub enum Filled {
    /// Nothing: the dialog only shows something, or nothing is picked in its list.
    Nothing,
    /// An action from the menu.
    Action(Action),
    /// The user to open a conversation with.
    Converse(Name),
    Echo(String),
    Private {
        to: String,
        text: String,
    },
    Broadcast {
        me_too: bool,
        text: String,
    },
    Exit,
    /// The passphrase, to close the server.
    ClosingPassphrase(String),
    /// The passphrase, to become a moderator.
    Passphrase(String),
    Close {
        after: Duration,
        reason: String,
        /// Whether a button had the focus when Enter was pressed.
        on_buttons: bool,
    },
    Away {
        action: Action,
        text: String,
    },
    Act {
        verb: Verb,
        at: Target,
        order: ActOrder,
    },
    /// The ban or mute to lift.
    Lift {
        verb: Verb,
        place: Target,
        whom: String,
    },
    /// The room to join.
    Enter(RoomName),
    Make {
        name: String,
        private: bool,
    },
    Leave(RoomName),
    Topic {
        place: Target,
        text: String,
    },
    InviteTo {
        room: RoomName,
        user: String,
    },
    /// How many newcomers to invite, and for how long.
    Newcomers {
        people: String,
        time: String,
    },
    /// Another name, perhaps on another server.
    Name {
        name: String,
        /// The server, if the dialog asks for one.
        server: Option<String>,
        /// The code, if the dialog asks for one.
        code: Option<String>,
    },
    /// The passphrase for a reserved name, or another name.
    ReservedName {
        passphrase: String,
        name: String,
    },
    /// The passphrase of a moderator, or nothing, to be tried again during maintenance.
    Maintenance(String),
    /// The other sessions that have the name are to end.
    TakeOver,
    /// The session was taken over, or ended in another one, and is to come back.
    ComeBack,
    /// The session was removed, and is to come back.
    Return,
    /// To be tried again, perhaps on another server, if the dialog asks for one.
    Server(Option<String>),
    /// What was picked in the quick switch.
    Go(Pick),
    /// The paste goes into the draft.
    Paste,
    /// A reaction to a message.
    React {
        target: Target,
        id: MessageId,
        sign: String,
    },
    /// A message of the person is to be deleted.
    DeleteOwn(Target, MessageId),
    /// The user to call.
    Call(String),
    /// The call is answered.
    Answer(CallId),
    /// The file is accepted.
    AcceptFile(CallId, u32),
    /// The message with this label, which waits, is not to be sent.
    Withdraw(String),
    /// The link to follow.
    Link(String),
    /// The person leaves the server for good.
    LeaveServer,
}

impl OpenDialog {
    /// Reads the form of the dialog.
    #[must_use]
    pub fn filled(&self) -> Filled {
        let form = self.form();
        let field = |key| form.field(key);
        let perhaps = |key| form.has_field(key).then(|| form.field(key));
        let picked = form.picked().map(|item| &item.value);
        match self.which() {
            Dialog::Help | Dialog::Modlog(_) | Dialog::Slip | Dialog::Parts | Dialog::Words(_) => Filled::Nothing,
            Dialog::Whom => Filled::Call(field(FieldKey::To)),
            Dialog::Call(id) => Filled::Answer(*id),
            Dialog::Offered(id, number) => Filled::AcceptFile(*id, *number),
            Dialog::Paste => Filled::Paste,
            Dialog::React(target, id) => Filled::React { target: target.clone(), id: *id, sign: field(FieldKey::Sign) },
            Dialog::DeleteOwn(target, id) => Filled::DeleteOwn(target.clone(), *id),
            Dialog::Withdraw(label) => Filled::Withdraw(label.clone()),
            Dialog::Links => {
                if let Some(Pick::Link(link)) = picked {
                    Filled::Link(link.clone())
                } else {
                    Filled::Nothing
                }
            }
            Dialog::Menu => form.chosen(action).map_or(Filled::Nothing, Filled::Action),
            Dialog::Moderate => {
                if let Some(Pick::Action(action)) = picked {
                    Filled::Action(*action)
                } else {
                    Filled::Nothing
                }
            }
            Dialog::Echo => Filled::Echo(field(FieldKey::Text)),
            Dialog::Clients | Dialog::Members(_) => self.person().map_or(Filled::Nothing, Filled::Converse),
            Dialog::Private => Filled::Private { to: field(FieldKey::To), text: field(FieldKey::Text) },
            Dialog::Broadcast => {
                let me_too = form.chosen(|choice| if let Choice::MeToo(is) = choice { Some(*is) } else { None });
                Filled::Broadcast { me_too: me_too.unwrap_or(false), text: field(FieldKey::Text) }
            }
            Dialog::Exit => Filled::Exit,
            Dialog::LeaveServer => Filled::LeaveServer,
            Dialog::Passphrase => Filled::ClosingPassphrase(field(FieldKey::Passphrase)),
            Dialog::Moderator => Filled::Passphrase(field(FieldKey::Passphrase)),
            Dialog::Close => {
                let after = form.chosen(|choice| if let Choice::After(after) = choice { Some(*after) } else { None });
                let (after, reason) = (after.unwrap_or_default(), field(FieldKey::Reason));
                Filled::Close { after, reason, on_buttons: form.on_buttons() }
            }
            Dialog::Away => {
                let action = form.chosen(action).unwrap_or(Action::Away);
                Filled::Away { action, text: field(FieldKey::Text) }
            }
            Dialog::Act(verb, at) => Filled::Act { verb: *verb, at: at.clone(), order: moderation::order(*verb, form) },
            Dialog::Bans(place) => {
                let Some(Pick::Ban { whom, mute }) = picked else { return Filled::Nothing };
                let verb = if *mute { Verb::Unmute } else { Verb::Unban };
                Filled::Lift { verb, place: place.clone(), whom: whom.clone() }
            }
            Dialog::Rooms => self.room().map_or(Filled::Nothing, Filled::Enter),
            Dialog::Make => {
                let private = form.chosen(|choice| if let Choice::Private(is) = choice { Some(*is) } else { None });
                Filled::Make { name: field(FieldKey::Name), private: private.unwrap_or(false) }
            }
            Dialog::Leave(room) => Filled::Leave(room.clone()),
            Dialog::Topic(place) => Filled::Topic { place: place.clone(), text: field(FieldKey::Topic) },
            Dialog::InviteTo(room) => Filled::InviteTo { room: room.clone(), user: field(FieldKey::Name) },
            Dialog::Newcomers => Filled::Newcomers { people: field(FieldKey::People), time: field(FieldKey::Time) },
            Dialog::NameRefused => Filled::Name {
                name: field(FieldKey::Name),
                server: perhaps(FieldKey::Server),
                code: perhaps(FieldKey::Code).map(|code| code.trim().to_owned()),
            },
            Dialog::NameKept => {
                Filled::ReservedName { passphrase: field(FieldKey::Passphrase), name: field(FieldKey::Name) }
            }
            Dialog::Maintenance => Filled::Maintenance(field(FieldKey::Passphrase)),
            Dialog::TakeOver => Filled::TakeOver,
            Dialog::TakenOver => Filled::ComeBack,
            Dialog::Removed => Filled::Return,
            Dialog::Nobody => Filled::Server(perhaps(FieldKey::Server)),
            Dialog::Switch => form.picked().map_or(Filled::Nothing, |item| Filled::Go(item.value.clone())),
        }
    }

    /// Reads the form of an act; `None` for other dialogs.
    #[must_use]
    pub fn act_order(&self) -> Option<(Verb, Target, ActOrder)> {
        if let Filled::Act { verb, at, order } = self.filled() { Some((verb, at, order)) } else { None }
    }
}

fn action(choice: &Choice) -> Option<Action> {
    if let Choice::Action(action) = choice { Some(*action) } else { None }
}
