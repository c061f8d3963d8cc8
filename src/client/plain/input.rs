//! Reads what plain mode is given, on threads of its own: lines of a pipe, keys of a terminal, and signals.
//!
//! Must not know: what any of it means.

use std::io::{BufReader, Read as _};
use std::sync::mpsc::{Receiver, SyncSender};

use super::line_reader::{LineKind, LineReader};
use crate::client::msg::Msg;
use crate::client::tui::input::InputParser;
use crate::sys::standard_streams::PatientInput;

/// The most bytes of one read of a terminal.
const READ: usize = 4096;

/// Reads lines, one for each permit, until the input ends.
pub(super) fn read_lines(kind: LineKind, allowed: &Receiver<()>, news: &SyncSender<Msg>) {
    let mut lines = LineReader::new(BufReader::new(PatientInput), kind);
    while allowed.recv().is_ok() {
        let msg = lines.next_part();
        let ended = matches!(msg, Msg::EndOfInput | Msg::InputFailed(_));
        if news.send(msg).is_err() || ended {
            return;
        }
    }
}

/// Reads keys until the terminal is gone.
pub(super) fn read_keys(news: &SyncSender<Msg>) {
    let mut parser = InputParser::default();
    let mut bytes = [0; READ];
    loop {
        let typed = match PatientInput::wait(parser.wait()) {
            Ok(false) if parser.wait().is_some() => parser.idle(),
            Ok(false) => Vec::new(),
            Ok(true) => match PatientInput.read(&mut bytes) {
                Ok(0) | Err(_) => vec![Msg::Hangup],
                Ok(count) => parser.feed(bytes.get(..count).unwrap_or_default()),
            },
            Err(_) => vec![Msg::Hangup],
        };
        for msg in typed {
            let gone = msg == Msg::Hangup;
            if news.send(msg).is_err() || gone {
                return;
            }
        }
    }
}
