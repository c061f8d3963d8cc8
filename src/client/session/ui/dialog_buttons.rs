//! What the further buttons of dialogs lead to, and the dialogs about rooms and about what moderators do.
//!
//! Must not know: how a form is filled in (`form`), or the dialogs of one question (`asking`).

use super::dialog_answers::{drop_bool, picked_name};
use crate::client::action::Action;
use crate::client::dialogs::form::Form;
use crate::client::dialogs::order::Order;
use crate::client::dialogs::{self, Dialog};
use crate::client::session::Session;
use crate::client::session::outbound::messages::Awaited;
use crate::client::session::targets::Asked;
use crate::model::room::ROOM_SIGN;
use crate::model::{RoomName, Target};
use crate::protocol::{Command, RoomCommand, Verb};

impl Session {
    /// A button beyond the first that does something; `false` if it only ends the dialog, or is the first.
    pub(in crate::client::session) fn pressed(&mut self, dialog: &Dialog, form: &Form, button: usize) -> bool {
        match (dialog, button) {
            (Dialog::Clients, 3) => self.ask_away(),
            (Dialog::Clients, 1 | 2) => {
                let Some(name) = picked_name(form) else { return false };
                let action = match (button, self.ignored.has(&name)) {
                    (1, _) => Action::Whois,
                    (_, false) => Action::Ignore,
                    (_, true) => Action::Unignore,
                };
                self.run(action, name.as_str());
            }
            (Dialog::Close, 2) => drop_bool(self.call_off()),
            (Dialog::Act(Verb::Ban, at), 1) => {
                let order = Order { dry_run: true, ..dialogs::moderation::order(Verb::Ban, at, form) };
                self.act_confirmed(Verb::Ban, order.clone(), at.clone(), form.clone());
                if self.dialog.is_none() {
                    self.open(dialog.clone(), form.clone());
                }
            }
            (Dialog::Rooms, 1) => self.open(Dialog::Make, dialogs::rooms::make("")),
            (Dialog::Rooms, 2..=4) => return self.room_pressed(form, button),
            _ => return false,
        }
        true
    }

    /// A button of the list of rooms that is about the room under the cursor.
    fn room_pressed(&mut self, form: &Form, button: usize) -> bool {
        let Some(room) = picked_room(form) else { return false };
        let target = Target::Room(room.clone());
        let Some(known) = self.rooms.get(&target).filter(|known| known.is_inside()) else {
            let form = form.clone().noted(&format!("You are not in {room}; go in first."));
            self.open(Dialog::Rooms, form);
            return true;
        };
        match button {
            2 => {
                let form = dialogs::rooms::leave(known);
                self.open(Dialog::Leave(room), form);
            }
            3 => {
                let form = dialogs::rooms::topic(&target, known.topic.as_str());
                self.open(Dialog::Topic(target), form);
            }
            _ => {
                let rows = self.people_rows(&self.online_others());
                let form = dialogs::rooms::invite(room.as_str(), rows, self.others());
                self.open(Dialog::InviteTo(room), form);
            }
        }
        true
    }

    /// The first button of a dialog about rooms.
    pub(in crate::client::session) fn room_confirmed(&mut self, dialog: Dialog, form: Form) {
        if !self.needs_rooms() {
            return;
        }
        match dialog {
            Dialog::Make => self.make_confirmed(form),
            Dialog::Leave(room) => {
                self.ask(Command::Room(RoomCommand::Leave(room.to_string())), Some(Awaited::Asked(Asked::Leave(room))));
            }
            Dialog::Topic(place) => {
                if !self.set_topic(&place, &form.field(0)) {
                    self.open(Dialog::Topic(place), form);
                }
            }
            Dialog::InviteTo(room) => {
                if form.field(0).trim().is_empty() || !self.invite_into(room.clone(), &form.field(0)) {
                    self.open(Dialog::InviteTo(room), form.at_field(0));
                }
            }
            Dialog::Members(_) => {
                if let Some(name) = picked_name(&form).filter(|name| !self.is_me(name)) {
                    self.open_conversation(&name);
                }
            }
            _ => {
                if let Some(room) = picked_room(&form) {
                    self.go_in(room, false);
                }
            }
        }
    }

    fn make_confirmed(&mut self, form: Form) {
        let typed = form.field(0);
        let typed = typed.trim().trim_start_matches(ROOM_SIGN);
        match RoomName::parse(&format!("{ROOM_SIGN}{typed}")) {
            Ok(room) => drop_bool(self.go_in(room, form.choice(0) == 1)),
            Err(error) => self.open(Dialog::Make, form.at_field(0).noted(&error.to_string())),
        }
    }

    /// An act's form is filled in; what is missing or wrong opens it again.
    pub(in crate::client::session) fn act_confirmed(&mut self, verb: Verb, order: Order, at: Target, form: Form) {
        match order.act(verb) {
            Ok(_) => drop_bool(self.needs_moderation() && self.carry_out(verb, order, at, false)),
            Err(lack) => {
                let form = dialogs::moderation::lacking(form, verb, &lack);
                self.open(Dialog::Act(verb, at), form);
            }
        }
    }
}

fn picked_room(form: &Form) -> Option<RoomName> {
    RoomName::parse(&form.picked()?.value).ok()
}
