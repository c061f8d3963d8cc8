//! Reasons why the person is not on the server and has to act: as a dialog, and as a farewell of plain mode, which has
//! no dialogs.
//!
//! Must not know: how it came about.

use super::Link;
use super::news::Hindrance;
use crate::client::dialogs::{self, form::FieldKey, open::OpenDialog};
use crate::client::msg::Farewell;
use crate::language::connecting as say;
use crate::language::names;
use crate::model::{NameError, Text, Url};
use crate::net::dial_failure::{DialFailure, DialFault};
use crate::protocol::beacon::NearbyServer;

impl Link {
    /// The dialog that states the reason and asks what to do.
    pub(in crate::client::session) fn hindrance_dialog(&self, hindrance: &Hindrance) -> OpenDialog {
        let (home, address) = (self.server().to_string(), self.given_addresses());
        let server = (!self.confined).then_some(home.as_str());
        match hindrance {
            Hindrance::BadName(error) => {
                dialogs::name_refused(&self.bad_name(error), &self.wanted, server, self.code())
            }
            Hindrance::NoAnswer(failure) => {
                dialogs::nobody(&no_answer(failure, &address), "", self.advice(failure.fault), server)
            }
            Hindrance::NotLetIn(why) => dialogs::nobody(&say::could_not_join(&address), why, "", server),
            Hindrance::Banned(text) => dialogs::banned(text.as_str(), server),
            Hindrance::KeptOut { text, banned } => dialogs::removed(text.as_str(), *banned),
            Hindrance::NameInUse(text) => dialogs::take_over(text.as_str()),
            Hindrance::CodeAsName => {
                let code = self.code().unwrap_or(&self.wanted);
                dialogs::name_refused(names::code_is_no_name(), "", server, Some(code))
            }
            Hindrance::NameRefused { text, about_code } => {
                let code = self.abilities.identity.then(|| self.refused_code.as_deref().unwrap_or_default());
                let dialog = dialogs::name_refused(text.as_str(), &self.wanted, server, code);
                if *about_code { dialog.at_field(FieldKey::Code) } else { dialog }
            }
            Hindrance::Maintenance(text) => dialogs::maintenance(text.as_str()),
            Hindrance::NameReserved(text) => dialogs::name_kept(text.as_str(), &self.wanted),
            Hindrance::TakenOver(text) => dialogs::taken_over(text.as_str(), self.abilities.sessions),
        }
    }

    /// What to do about a failure to reach the server, where it is the person who can.
    fn advice(&self, fault: DialFault) -> &'static str {
        // Whoever may only chat can neither start a server nor go to another one.
        if self.confined && fault == DialFault::NotListening { "" } else { advice(fault, self.server()) }
    }

    /// The farewell of plain mode.
    pub(in crate::client::session) fn hindrance_farewell(&self, hindrance: &Hindrance) -> Farewell {
        let server = &self.given_addresses();
        match hindrance {
            Hindrance::BadName(error) => Farewell::Refused(say::give_a_name(self.bad_name(error))),
            Hindrance::NoAnswer(failure) => {
                let headline = no_answer(failure, server);
                Farewell::Failed(format!("{headline} {}", self.advice(failure.fault)).trim_end().to_owned())
            }
            Hindrance::CodeAsName => Farewell::Refused(names::code_is_no_name().to_owned()),
            Hindrance::Maintenance(text) => Farewell::Refused(say::maintenance_in_lines(text)),
            Hindrance::NotLetIn(why) => Farewell::Refused(say::could_not_join_because(server, why)),
            Hindrance::NameInUse(text) => Farewell::Refused(say::join_with_take_over(text)),
            Hindrance::Banned(text)
            | Hindrance::KeptOut { text, .. }
            | Hindrance::NameRefused { text, .. }
            | Hindrance::NameReserved(text)
            | Hindrance::TakenOver(text) => Farewell::Refused(text.to_string()),
        }
    }

    /// The farewell of plain mode after it has listened for servers nearby.
    pub(in crate::client::session) fn nobody_farewell(
        &self,
        failure: DialFailure,
        nearby: &[NearbyServer],
    ) -> Farewell {
        let farewell = self.hindrance_farewell(&Hindrance::NoAnswer(failure));
        match farewell {
            Farewell::Failed(why) if !nearby.is_empty() => {
                let lines: Vec<String> = nearby.iter().map(|server| format!("  {}", join_line(server))).collect();
                Farewell::Failed(format!("{why}\n{}\n{}", say::servers_nearby(), lines.join("\n")))
            }
            other => other,
        }
    }

    fn bad_name(&self, error: &NameError) -> String {
        if self.wanted.is_empty() {
            return say::no_login_name().to_owned();
        }
        say::not_your_name(Text::line(&self.wanted), names::name(error))
    }
}

/// How to join a server nearby.
fn join_line(NearbyServer { name, url, key }: &NearbyServer) -> String {
    let key = key.map(|key| format!("  {key}")).unwrap_or_default();
    format!("{name}: tr2 join --server {url}{key}")
}

fn no_answer(failure: &DialFailure, server: &str) -> String {
    let why = sentence(Text::line(&failure.why).as_str());
    match failure.fault {
        DialFault::OwnFile => say::not_asked(server, &why),
        DialFault::Name => say::not_reached(server, &why),
        DialFault::Forbidden
        | DialFault::NotListening
        | DialFault::TimedOut
        | DialFault::Unreachable
        | DialFault::Tls
        | DialFault::NotTr2
        | DialFault::Other => say::no_answer(server, &why),
    }
}

/// What to do about a failure to reach a server; empty if the reason says so itself.
fn advice(fault: DialFault, server: &Url) -> &'static str {
    let here = match server {
        Url::Unix(_) => true,
        Url::Tcp(host) | Url::Tls(host) => host.is_loopback(),
        Url::Ssh(_) => false,
    };
    match fault {
        DialFault::NotListening if here => say::advice_start(),
        DialFault::NotListening => say::advice_address(),
        DialFault::OwnFile => say::advice_own_file(),
        DialFault::Name => say::advice_name(),
        DialFault::Forbidden => say::advice_forbidden(),
        DialFault::TimedOut => say::advice_timed_out(),
        DialFault::Unreachable => say::advice_unreachable(),
        DialFault::Tls => say::advice_tls(),
        DialFault::NotTr2 => say::advice_not_tr2(),
        DialFault::Other => "",
    }
}

/// A reason with a full stop, so that another sentence can follow.
pub(in crate::client::session) fn sentence(why: &str) -> String {
    let why = why.trim();
    if why.ends_with(['.', '!', '?']) { why.to_owned() } else { format!("{why}.") }
}
