//! Cameras: where a person's own pictures come from. Each has a thread, which waits for nobody: of its pictures only the
//! newest is kept, and nothing of it leaves this process by itself.
//!
//! - [`source`]: what a camera can be, and how it is named. [`feed`]: the newest picture.
//! - `streams`: the threads.
//!
//! Must not know: calls, the channel, or the screen.

use std::ffi::OsStr;
use std::fs::{File, OpenOptions};
use std::io::{self, IsTerminal as _};
use std::os::fd::AsFd as _;
use std::os::unix::fs::{FileTypeExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::thread;

use rustix::fs::OFlags;

use self::feed::{CameraNews, Feed};
use self::source::{CameraSource, device_programs};
use self::streams::StreamEnd;
use super::program::{ProgramEnd, ProgramUse, RunningProgram};
use crate::language::camera as say;
use crate::media::picture::PictureSize;

pub mod feed;
pub mod source;
mod streams;

/// The permissions to run a file.
const EXECUTABLE: u32 = 0o111;

/// A camera that runs, until it is dropped.
pub struct Camera {
    feed: Arc<Feed>,
    program: Option<RunningProgram>,
}

/// Where a thread is to read.
enum Opened {
    Test,
    File(std::path::PathBuf),
    Stream(File, StreamEnd),
    Program(RunningProgram, File),
}

impl Camera {
    /// Starts a camera. `wake` is called, by another thread, when there is something to take after there was nothing.
    ///
    /// # Errors
    /// It cannot be started; the sentence says why, and what to do. What goes wrong later is [`CameraNews::Ended`].
    pub fn start(source: &CameraSource, wake: impl Fn() + Send + Sync + 'static) -> Result<Self, String> {
        let opened = open(source)?;
        let program = match &opened {
            Opened::Program(program, _) => Some(program.clone()),
            Opened::Test | Opened::File(_) | Opened::Stream(..) => None,
        };
        let feed = Arc::new(Feed::new(Box::new(wake)));
        let camera = Self { feed: Arc::clone(&feed), program };
        let run = move || {
            let end = match opened {
                Opened::Test => return streams::show_test(&feed),
                Opened::File(path) => streams::play(&feed, &path),
                Opened::Stream(stream, end) => streams::read(&feed, stream, end),
                Opened::Program(program, stream) => {
                    let fault = streams::read(&feed, stream, StreamEnd::Last);
                    if fault.is_some() || feed.stop().is_stopped() {
                        program.kill();
                    }
                    let ended = program.ended();
                    fault.or(Some(match ended {
                        ProgramEnd::Said(words) => say::program_said(words),
                        ProgramEnd::Failed(status) => say::program_status(status),
                        ProgramEnd::Done => say::ended().to_owned(),
                    }))
                }
            };
            feed.end(end.unwrap_or_else(|| say::ended().to_owned()));
        };
        // Without the thread, dropping the camera ends the program.
        let started = thread::Builder::new().name("camera".to_owned()).spawn(run);
        started.map(|_| camera).map_err(say::stream_unread)
    }

    /// The newest picture, or how it ended; `None` if there is nothing new.
    #[must_use]
    pub fn take(&self) -> Option<CameraNews> {
        self.feed.take()
    }

    /// Pictures are made no larger than this.
    pub fn want(&self, size: PictureSize) {
        self.feed.want(size);
    }

    /// Whether there are no more pictures, whoever was told.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.feed.has_ended()
    }

    /// Drops pictures while it is off; a source that [is a pipe](CameraSource::is_pipe) is read all the same.
    pub fn turn(&self, on: bool) {
        self.feed.turn(on);
    }
}

impl Drop for Camera {
    fn drop(&mut self) {
        self.feed.stop().stop();
        if let Some(program) = &self.program {
            program.kill();
        }
    }
}

impl std::fmt::Debug for Camera {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Camera").field("program", &self.program).finish_non_exhaustive()
    }
}

fn open(source: &CameraSource) -> Result<Opened, String> {
    match source {
        CameraSource::None => Err(say::source_none().to_owned()),
        CameraSource::Test => Ok(Opened::Test),
        CameraSource::File(path) => {
            let unread = |error: io::Error| say::source_unread(path.display(), error);
            if !path.metadata().map_err(unread)?.file_type().is_fifo() {
                return Ok(Opened::File(path.clone()));
            }
            Ok(Opened::Stream(open_pipe(path).map_err(unread)?, StreamEnd::Next))
        }
        CameraSource::Input => {
            let input = io::stdin();
            if input.is_terminal() {
                return Err(say::source_terminal().to_owned());
            }
            let copied = input.as_fd().try_clone_to_owned();
            copied
                .map(|input| Opened::Stream(input.into(), StreamEnd::Last))
                .map_err(|error| say::source_unread("-", error))
        }
        CameraSource::Descriptor(number) => {
            let opened = File::open(format!("/proc/self/fd/{number}"));
            let unread = |error| say::source_unread(format_args!("fd:{number}"), error);
            opened.map(|stream| Opened::Stream(stream, StreamEnd::Last)).map_err(unread)
        }
        CameraSource::Device(device) => open_device(device),
        CameraSource::Command(line) if is_no_program(Path::new(line)) => Err(say::file_unplayed(line)),
        CameraSource::Command(line) => {
            let mut command = Command::new("/bin/sh");
            command.arg("-c").arg(line);
            started(command, "/bin/sh".as_ref())?
                .ok_or_else(|| say::program_unstarted("/bin/sh", io::ErrorKind::NotFound))
        }
    }
}

/// Whether it is a file that nobody can run, which was meant to be played.
fn is_no_program(path: &Path) -> bool {
    path.metadata().is_ok_and(|found| found.is_file() && found.permissions().mode() & EXECUTABLE == 0)
}

/// A named pipe, without waiting for somebody who writes to it.
fn open_pipe(path: &Path) -> io::Result<File> {
    let flags = OFlags::NONBLOCK.bits().cast_signed();
    OpenOptions::new().read(true).custom_flags(flags).open(path)
}

fn open_device(device: &Path) -> Result<Opened, String> {
    // Who may not read it is told so by us, and not by whatever program is there.
    File::open(device).map_err(|error| say::source_unread(device.display(), error))?;
    for program in device_programs(device) {
        let mut command = Command::new(program.name);
        command.args(program.arguments);
        if let Some(opened) = started(command, program.name.as_ref())? {
            return Ok(opened);
        }
    }
    Err(say::no_program().to_owned())
}

/// Starts a program; `None` if there is none of this name.
fn started(command: Command, name: &OsStr) -> Result<Option<Opened>, String> {
    match RunningProgram::start(command, ProgramUse::Read) {
        Ok((program, stream)) => Ok(Some(Opened::Program(program, stream))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(say::program_unstarted(name.display(), error)),
    }
}
