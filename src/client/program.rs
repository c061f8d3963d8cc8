//! A program for a camera, a microphone or a loudspeaker: it is started, what it complains about is kept, and it is ended by
//! its process id, with everything that it started itself.
//!
//! Must not know: what it writes or reads.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _};
use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};

use crate::model::Text;

/// The longest line of a complaint that is kept.
const LONGEST_LINE: u64 = 400;

/// So long a program may take to end once it has written everything, and its last words to come.
const LAST_WORDS: Duration = Duration::from_millis(500);
/// How often it is looked whether it has.
const LOOK: Duration = Duration::from_millis(10);

/// What we do with a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ProgramUse {
    /// We read what it writes.
    Read,
    /// We write what it reads.
    Write,
}

/// How a program ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ProgramEnd {
    /// It complained last of this, made harmless.
    Said(String),
    /// It failed, and did not say why.
    Failed(ExitStatus),
    /// It has done what it had to.
    Done,
}

/// A program that runs.
#[derive(Clone, Debug)]
pub(super) struct RunningProgram {
    /// Nothing, once somebody has seen to its end.
    child: Arc<Mutex<Option<Child>>>,
    complaint: Arc<Complaint>,
}

/// What a program complains about.
#[derive(Debug, Default)]
struct Complaint {
    /// The last line, and whether it was the last of all.
    line: Mutex<(Option<String>, bool)>,
    ended: Condvar,
}

impl RunningProgram {
    /// Starts a program; returns the pipe to it, or from it, too. The keys of our terminal do not concern it.
    pub(super) fn start(mut command: Command, what_for: ProgramUse) -> io::Result<(Self, File)> {
        let (input, output) = match what_for {
            ProgramUse::Read => (Stdio::null(), Stdio::piped()),
            ProgramUse::Write => (Stdio::piped(), Stdio::null()),
        };
        command.stdin(input).stdout(output).stderr(Stdio::piped()).process_group(0);
        let mut child = command.spawn()?;
        let (from, to) = (child.stdout.take().map(OwnedFd::from), child.stdin.take().map(OwnedFd::from));
        let pipe = from.or(to).ok_or(io::ErrorKind::BrokenPipe)?;
        let complaint = Arc::<Complaint>::default();
        if let Some(errors) = child.stderr.take() {
            let complaint = Arc::clone(&complaint);
            thread::Builder::new().name("program-errors".to_owned()).spawn(move || listen(errors, &complaint))?;
        }
        Ok((Self { child: Arc::new(Mutex::new(Some(child))), complaint }, File::from(pipe)))
    }

    fn child(&self) -> MutexGuard<'_, Option<Child>> {
        self.child.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends it. Its process id is still its own: nobody has asked for its status yet.
    pub(super) fn kill(&self) {
        if let Some(child) = &*self.child() {
            // If it has ended by itself, that is as well.
            let _ = kill_process_group(Pid::from_child(child), Signal::KILL);
        }
    }

    /// Waits for its end, which is made sure of, and says how it ended.
    pub(super) fn ended(&self) -> ProgramEnd {
        let mut looks = 0..LAST_WORDS.as_millis() / LOOK.as_millis();
        let status = loop {
            let status = match &mut *self.child() {
                Some(child) => child.try_wait().ok().flatten(),
                None => break None,
            };
            if status.is_some() {
                *self.child() = None;
                break status;
            }
            match looks.next() {
                Some(_) => thread::sleep(LOOK),
                None => {
                    self.kill();
                    let child = self.child().take();
                    break child.and_then(|mut child| child.wait().ok());
                }
            }
        };
        let line = self.complaint.line.lock().unwrap_or_else(PoisonError::into_inner);
        let line = self.complaint.ended.wait_timeout_while(line, LAST_WORDS, |(_, ended)| !*ended);
        let words = line.unwrap_or_else(PoisonError::into_inner).0.0.take();
        match (words, status) {
            (Some(words), _) => ProgramEnd::Said(words),
            (None, Some(status)) if !status.success() => ProgramEnd::Failed(status),
            (None, _) => ProgramEnd::Done,
        }
    }
}

/// Keeps the last line of what a program complains about, made harmless.
fn listen(errors: ChildStderr, complaint: &Complaint) {
    let mut errors = BufReader::new(errors);
    let mut line = Vec::new();
    loop {
        line.clear();
        match errors.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => break,
            Ok(_) => {}
        }
        let text = Text::line(&String::from_utf8_lossy(&line));
        if !text.is_blank() {
            complaint.line.lock().unwrap_or_else(PoisonError::into_inner).0 = Some(text.as_str().trim().to_owned());
        }
    }
    complaint.line.lock().unwrap_or_else(PoisonError::into_inner).1 = true;
    complaint.ended.notify_all();
}
