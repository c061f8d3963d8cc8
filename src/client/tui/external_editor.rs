//! Runs the user's own editor on a text, in a private file, while the event loop goes on.
//!
//! Must not know: where the text comes from, or the screen.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::PathBuf;
use std::process::Command;
use std::sync::mpsc::{Receiver, TryRecvError, sync_channel};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, WaitOptions, WaitStatus, kill_process, waitpid};

use super::input::MAX_PASTE;
use super::terminal::{somebody_can_continue_us, stop};
use super::wake::{Wake, Waker};

/// The longest text that is taken from an editor, in bytes.
const MAX_EDITED: usize = MAX_PASTE;
/// How long an editor may take to end when the program ends.
const FAREWELL: Duration = Duration::from_millis(500);

/// What to do where no editor is set.
const NO_EDITOR: &str = "No editor is set: set VISUAL or EDITOR before you start tr2, as in EDITOR=nano tr2 join.";

/// An editor that runs.
#[derive(Debug)]
pub(super) struct ExternalEditor {
    name: String,
    draft: EditedFile,
    process: Pid,
    /// What the editor's end was.
    ended: Receiver<io::Result<WaitStatus>>,
    wake: Wake,
    running: bool,
}

impl ExternalEditor {
    /// Starts `$VISUAL` or else `$EDITOR` on a text.
    ///
    /// # Errors
    /// If neither is set, or starting it fails; the sentence says so.
    pub(super) fn start(text: &str) -> Result<Self, String> {
        let set = |name| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
        let name = set("VISUAL").or_else(|| set("EDITOR")).ok_or_else(|| NO_EDITOR.to_owned())?;
        let draft = EditedFile::with(text).map_err(|error| format!("The text cannot be put into a file: {error}."))?;
        // The shell splits the command, which may have options.
        let mut command = Command::new("/bin/sh");
        command.arg("-c").arg(format!("{name} \"$1\"")).arg("sh").arg(draft.file());
        let failed = |error: io::Error| format!("The editor {name} cannot be started: {error}.");
        let child = command.spawn().map_err(failed)?;
        let (waker, wake) = Wake::pair().map_err(failed)?;
        let (sender, ended) = sync_channel(1);
        let process = Pid::from_child(&child);
        thread::spawn(move || {
            // If nobody waits any more, the program has ended.
            let _ = sender.send(wait(process));
            Waker::wake(&waker);
        });
        Ok(Self { name, draft, process, ended, wake, running: true })
    }

    /// The text, once the editor has ended; or a sentence that says why there is none.
    pub(super) fn finished(&mut self) -> Option<Result<String, String>> {
        let status = match self.ended.try_recv() {
            Err(TryRecvError::Empty) => return None,
            Err(TryRecvError::Disconnected) => Err(io::Error::other("nobody waited for it")),
            Ok(status) => status,
        };
        self.running = false;
        let name = &self.name;
        let why = match status.map(|status| status.exit_status()) {
            Ok(Some(0)) => return Some(self.draft.read()),
            Ok(Some(127)) => format!("There is no editor {name}: set VISUAL or EDITOR to the one you use."),
            Ok(Some(status)) => format!("The editor {name} ended with status {status}."),
            Ok(None) => format!("The editor {name} was killed."),
            Err(error) => format!("The editor {name} was lost: {error}."),
        };
        Some(Err(format!("{why} Your text is as it was.")))
    }
}

impl Drop for ExternalEditor {
    fn drop(&mut self) {
        if self.running {
            let _ = kill_process(self.process, Signal::HUP);
            let _ = self.ended.recv_timeout(FAREWELL);
        }
    }
}

/// Becomes readable when the editor has ended.
impl AsFd for ExternalEditor {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.wake.as_fd()
    }
}

/// Waits for the end of the editor. When it stops, as at Ctrl-Z, the whole job stops, because the shell knows only us.
fn wait(process: Pid) -> io::Result<WaitStatus> {
    loop {
        match waitpid(Some(process), WaitOptions::UNTRACED) {
            Ok(Some((_, status))) if status.stopped() => {
                if somebody_can_continue_us() {
                    stop()?;
                }
                let _ = kill_process(process, Signal::CONT);
            }
            Ok(Some((_, status))) => return Ok(status),
            Ok(None) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// A file with a text, in a folder of its own that only we can enter. Both are removed at last.
#[derive(Debug)]
struct EditedFile(PathBuf);

impl EditedFile {
    fn with(text: &str) -> io::Result<Self> {
        let base = std::env::var_os("XDG_RUNTIME_DIR").filter(|folder| !folder.is_empty()).map(PathBuf::from);
        let base = base.filter(|folder| folder.is_dir()).unwrap_or_else(std::env::temp_dir);
        let mut random = [0; 8];
        getrandom::fill(&mut random).map_err(|error| io::Error::other(error.to_string()))?;
        let folder = base.join(format!("tr2-{:016x}", u64::from_ne_bytes(random)));
        // Fails if there is one already, which would be somebody else's.
        DirBuilder::new().mode(0o700).create(&folder)?;
        let draft = Self(folder);
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(draft.file())?;
        file.write_all(text.as_bytes())?;
        Ok(draft)
    }

    fn file(&self) -> PathBuf {
        self.0.join("message.txt")
    }

    /// The text. Editors end it with a line feed, which is not part of it.
    fn read(&self) -> Result<String, String> {
        let most = u64::try_from(MAX_EDITED).unwrap_or(u64::MAX);
        let mut bytes = Vec::new();
        let read = File::open(self.file()).and_then(|file| file.take(most + 2).read_to_end(&mut bytes));
        read.map_err(|error| format!("The edited text cannot be read: {error}. Your text is as it was."))?;
        let text = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
        if text.len() > MAX_EDITED {
            return Err(format!("The edited text is longer than {MAX_EDITED} bytes. Your text is as it was."));
        }
        Ok(String::from_utf8_lossy(text).into_owned())
    }
}

impl Drop for EditedFile {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            log::debug!("the edited text cannot be removed: {error}");
        }
    }
}
