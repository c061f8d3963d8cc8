//! What the answers to dialogs lead to.
//!
//! Must not know: how a form is filled in (`form`).

use std::time::Duration;

use crate::client::action::{self, Action};
use crate::client::dialogs::form::{Answer, Form, Part};
use crate::client::dialogs::order::Order;
use crate::client::dialogs::{self, Dialog};
use crate::client::key::Key;
use crate::client::link::state::Connection;
use crate::client::msg::Farewell;
use crate::client::session::Session;
use crate::model::name::lenient;
use crate::model::{Name, Target, Text, Url};
use crate::protocol::limits::MAX_REASON;
use crate::protocol::{Dialect, Verb};

impl Session {
    pub(in crate::client::session) fn dialog_key(&mut self, key: Key) {
        let Some((dialog, mut form)) = self.dialog.take() else { return };
        if let (Dialog::Menu, Key::Char(digit)) = (&dialog, key)
            && let Some(action) = action::of_digit(digit)
        {
            self.run(action, "");
            return;
        }
        match form.key(key) {
            Answer::Open => {
                form.stop_at_end(self.cols, self.rows);
                self.open(dialog, form);
            }
            Answer::Cancelled => self.cancelled(&dialog),
            Answer::Pressed(button) if self.pressed(&dialog, &form, button) => {}
            Answer::Pressed(0) => self.confirmed(dialog, form),
            Answer::Pressed(_) => self.declined(&dialog),
        }
    }

    fn cancelled(&mut self, dialog: &Dialog) {
        match dialog {
            Dialog::Passphrase | Dialog::Close => self.closing = false,
            Dialog::NameRefused | Dialog::NameKept | Dialog::Nobody | Dialog::TakeOver | Dialog::TakenOver => {
                self.tell("You are not online. Ctrl-R tries again, Ctrl-C leaves.");
            }
            Dialog::Removed => self.tell("You are not online. Ctrl-R tries to come back, Ctrl-C leaves."),
            Dialog::Exit if self.connection == Connection::Idle => {
                self.tell("You are not online. Ctrl-R tries again.");
            }
            _ => {}
        }
    }

    /// The second button: in the dialogs without which there is no chat, it leaves.
    fn declined(&mut self, dialog: &Dialog) {
        match dialog {
            Dialog::NameRefused | Dialog::NameKept | Dialog::Nobody | Dialog::TakeOver | Dialog::TakenOver => {
                self.leave(Farewell::Done);
            }
            _ => self.cancelled(dialog),
        }
    }

    /// The first button. What cannot be done yet opens the dialog again, as it was filled in.
    fn confirmed(&mut self, dialog: Dialog, form: Form) {
        match dialog {
            Dialog::Help => {}
            Dialog::Menu => {
                if let Some(row) = action::menu().nth(form.choice(0)) {
                    self.run(row.action, "");
                }
            }
            Dialog::Echo => {
                let text = form.field(0);
                if text.trim().is_empty() || !self.echo(&text) {
                    self.open(dialog, form);
                }
            }
            Dialog::Clients => {
                if let Some(name) = picked_name(&form) {
                    self.open_conversation(&name);
                }
            }
            Dialog::Private => self.private_confirmed(form),
            Dialog::Broadcast => {
                let text = form.field(0);
                if text.trim().is_empty() || !self.send(Target::Everyone, form.choice(0) == 1, &text) {
                    return self.open(dialog, form.at_field(0));
                }
                self.show(0);
            }
            Dialog::Exit => self.leave(Farewell::Done),
            Dialog::Passphrase => self.passphrase_given(&form.field(0)),
            Dialog::Close => self.close_confirmed(form),
            Dialog::Moderator => drop_bool(self.be_moderator(&form.field(0))),
            Dialog::Removed => self.dial(),
            Dialog::Away => {
                let action = [Action::Away, Action::DoNotDisturb, Action::Back].into_iter().nth(form.choice(0));
                drop_bool(self.turn_myself_away(action.unwrap_or(Action::Away), &form.field(0)));
            }
            Dialog::Moderate => {
                if let Some(action) = form.picked().and_then(|item| action::of_command(&item.value)) {
                    drop_bool(self.run(action, ""));
                }
            }
            Dialog::Act(verb, at) => {
                let order = dialogs::moderation::order(verb, &at, &form);
                self.act_confirmed(verb, order, at, form);
            }
            Dialog::Bans(place) => {
                if let Some(item) = form.picked().cloned() {
                    let verb = if item.right.text() == "mute" { Verb::Unmute } else { Verb::Unban };
                    self.carry_out(verb, Order { subject: item.value, ..Order::default() }, place, false);
                }
            }
            Dialog::Modlog(place) => {
                // The only button of a log that is read to its end closes it.
                if form
                    .parts
                    .last()
                    .is_some_and(|part| matches!(part, Part::Buttons { labels, .. } if labels.len() > 1))
                {
                    self.send_for_older(&place);
                    self.open(Dialog::Modlog(place), form);
                }
            }
            Dialog::Rooms
            | Dialog::Make
            | Dialog::Leave(_)
            | Dialog::Topic(_)
            | Dialog::InviteTo(_)
            | Dialog::Members(_) => self.room_confirmed(dialog, form),
            Dialog::NameRefused => {
                self.code = Some(form.field(2).trim().to_owned()).filter(|code| !code.is_empty());
                self.name_given(&form.field(0), &form.field(1));
            }
            Dialog::TakeOver | Dialog::TakenOver => self.take_over_now(),
            Dialog::NameKept => {
                let (passphrase, name) = (form.field(0), form.field(1));
                self.keeps_name = !passphrase.is_empty();
                self.passphrase = Some(passphrase).filter(|passphrase| !passphrase.is_empty());
                self.name_given(&name, &self.server.to_string());
            }
            Dialog::Nobody => self.server_given(&form.field(0)),
        }
    }

    fn close_confirmed(&mut self, form: Form) {
        if self.dialect().is_none() {
            return self.complain("You are not online, so there is no server to close.");
        }
        let seconds = dialogs::WHEN.get(form.choice(0)).map_or(0, |(_, seconds)| *seconds);
        let reason = Text::line(form.field(0).trim());
        if seconds == 0 && !form.on_buttons() {
            // What cannot be undone is not what Enter does anywhere.
            self.open(Dialog::Close, form.at_button(0));
        } else if seconds == 0 {
            self.close_server();
        } else if reason.is_blank() || reason.as_str().len() > MAX_REASON {
            let words = format!("Say why, in {MAX_REASON} bytes at most: everyone can read it.");
            self.open(Dialog::Close, form.at_field(0).noted(&words));
        } else {
            self.close_later(Duration::from_secs(seconds), reason);
        }
    }

    fn private_confirmed(&mut self, mut form: Form) {
        let in_list = matches!(form.parts.get(form.focus), Some(Part::List(_)));
        if let Some(name) = form.picked().filter(|_| in_list).map(|item| item.value.clone()) {
            form.set_field(0, &name);
        }
        let (to, text) = (form.field(0), form.field(1));
        if to.trim().is_empty() {
            return self.open(Dialog::Private, form.at_field(0));
        }
        if text.trim().is_empty() {
            return self.open(Dialog::Private, form.at_field(1));
        }
        if !self.private_to(&to, &text) {
            self.open(Dialog::Private, form.at_field(0));
        }
    }

    fn passphrase_given(&mut self, passphrase: &str) {
        if self.dialect() != Some(Dialect::Tr226) {
            self.closing = false;
            return self.complain("You are not online any more. Ctrl-R tries at once.");
        }
        if passphrase.is_empty() {
            // A server that trusts names knows its moderators without one.
            return self.ask_close();
        }
        self.closing = true;
        self.prove_moderator(passphrase);
    }

    fn name_given(&mut self, name: &str, server: &str) {
        match Name::parse(name.trim()) {
            Ok(parsed) => {
                self.wanted = parsed.to_string();
                self.set_me(Some(parsed));
                self.server_given(server);
            }
            Err(error) => {
                let form = dialogs::name_refused(&error.to_string(), name, server, self.code.as_deref());
                self.open(Dialog::NameRefused, form);
            }
        }
    }

    fn server_given(&mut self, server: &str) {
        match server.parse::<Url>() {
            Ok(url) => {
                // Another server has not earned the passphrase of this one.
                if url != self.server {
                    self.passphrase = None;
                    self.verified = false;
                    self.keeps_name = false;
                }
                self.server = url;
                self.dial();
            }
            Err(error) => {
                self.open(Dialog::Nobody, dialogs::nobody(&error.to_string(), "", server).at_field(0));
            }
        }
    }
}

/// The name of who is picked in a list of people.
pub(in crate::client::session) fn picked_name(form: &Form) -> Option<Name> {
    lenient(&form.picked()?.value)
}

/// Where it does not matter whether anything came of it: it is told.
pub(in crate::client::session) fn drop_bool(_: bool) {}
