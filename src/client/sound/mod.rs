//! Microphone and loudspeaker: where a person's voice comes from, and where the others' goes to. Each has a thread, which
//! waits for nobody; programs that know the sound cards do the rest, through pipes.
//!
//! - [`source`]: what there can be, and how it is named. [`feed`]: what was heard, and what is to be played.
//! - [`choice`]: which of them is used. `streams`: the threads.
//!
//! Of what the microphone hears nothing is kept while the person does not speak.
//!
//! Must not know: calls, the channel, or the screen.

use std::ffi::OsStr;
use std::fs::{File, OpenOptions};
use std::io::{self, Read as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::thread;

use self::feed::{SoundFeed, SoundNews};
use self::source::{SOUND_PROGRAMS, SoundProgram, SoundPrograms, SoundSource};
use self::streams::SoundEnd;
use super::program::{ProgramEnd, ProgramUse, RunningProgram};
use crate::language::sound as say;
use crate::media::voice::wav::{self, WavError};

pub mod choice;
pub mod feed;
pub mod source;
mod streams;

/// The largest file in place of a microphone, in bytes.
pub const MOST_FILE: u64 = 64 * 1_000_000;
/// The most bytes that are read of what a program says of itself.
const MOST_HELP: usize = 64 * 1024;

/// Sound that runs, until it is dropped.
pub struct Sound {
    feed: Arc<SoundFeed>,
    programs: Vec<RunningProgram>,
}

/// A program that runs, with the pipe to it or from it.
struct OpenedProgram {
    name: &'static str,
    program: RunningProgram,
    pipe: File,
}

/// Where a thread is to read or write.
enum Stream {
    Program(OpenedProgram),
    Sound(Vec<i16>),
    File(File),
    Nothing,
}

impl Sound {
    /// Starts microphone and loudspeaker. `wake` is called, by another thread, when there is something to take after there was
    /// nothing. Programs are looked for in `path`, or where `PATH` says.
    ///
    /// # Errors
    /// They cannot be started; the sentence says why, and what to do. What goes wrong later is [`SoundNews::Ended`].
    pub fn start(
        source: &SoundSource,
        path: Option<&OsStr>,
        wake: impl Fn() + Send + Sync + 'static,
    ) -> Result<Self, String> {
        Self::of(open(source, path)?, wake)
    }

    /// The same with the programs of one family; `None` if one of them is not installed.
    fn of_programs(
        programs: &SoundPrograms,
        path: Option<&OsStr>,
        wake: impl Fn() + Send + Sync + 'static,
    ) -> Result<Option<Self>, String> {
        started(programs, path)?.ok().map(|streams| Self::of(streams, wake)).transpose()
    }

    fn of(
        (microphone, loudspeaker): (Stream, Stream),
        wake: impl Fn() + Send + Sync + 'static,
    ) -> Result<Self, String> {
        let feed = Arc::new(SoundFeed::new(Box::new(wake)));
        let mut sound = Self { feed, programs: Vec::new() };
        for stream in [&microphone, &loudspeaker] {
            if let Stream::Program(opened) = stream {
                sound.programs.push(opened.program.clone());
            }
        }
        sound.spawn("microphone", move |feed| match microphone {
            Stream::Program(opened) => end_of(feed, opened, streams::read, say::program_silent),
            Stream::Sound(sound) => ended(streams::read_file(feed, &sound)),
            Stream::File(_) | Stream::Nothing => None,
        })?;
        sound.spawn("loudspeaker", move |feed| match loudspeaker {
            Stream::Program(opened) => end_of(feed, opened, streams::write, say::program_stuck),
            Stream::File(file) => ended(streams::write(feed, file)),
            Stream::Sound(_) | Stream::Nothing => ended(streams::drop_all(feed)),
        })?;
        Ok(sound)
    }

    /// Has a thread do something; without the thread, dropping this ends the programs.
    fn spawn(&self, name: &str, run: impl FnOnce(&SoundFeed) -> Option<String> + Send + 'static) -> Result<(), String> {
        let feed = Arc::clone(&self.feed);
        let run = move || {
            if let Some(why) = run(&feed) {
                feed.end(why);
            }
        };
        thread::Builder::new().name(name.to_owned()).spawn(run).map(drop).map_err(say::stream_failed)
    }

    /// What the microphone heard since this was asked last, or how it ended; `None` if there is nothing new.
    #[must_use]
    pub fn take(&self) -> Option<SoundNews> {
        self.feed.take()
    }

    /// The person begins or ceases to speak: what the microphone hears is kept, and the others are heard more quietly.
    pub fn talk(&self, is_talking: bool) {
        self.feed.talk(is_talking);
    }

    /// Has sound of somebody played, after what waits of theirs; several are heard together.
    pub fn play(&self, speaker: u64, samples: &[i16]) {
        self.feed.play(speaker, samples);
    }
}

impl Drop for Sound {
    fn drop(&mut self) {
        self.feed.stop().stop();
        self.programs.iter().for_each(RunningProgram::kill);
    }
}

impl std::fmt::Debug for Sound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sound").field("programs", &self.programs).finish_non_exhaustive()
    }
}

/// Runs the stream of a program to its end; the sentence says what came of it.
fn end_of(
    feed: &SoundFeed,
    opened: OpenedProgram,
    run: impl FnOnce(&SoundFeed, File) -> SoundEnd,
    stuck: impl FnOnce(&'static str) -> String,
) -> Option<String> {
    let OpenedProgram { name, program, pipe } = opened;
    let end = run(feed, pipe);
    if !matches!(end, SoundEnd::Closed) {
        program.kill();
    }
    let ended = program.ended();
    match (end, ended) {
        (SoundEnd::Stopped, _) => None,
        (SoundEnd::Stuck, _) => Some(stuck(name)),
        (SoundEnd::Failed(error), _) => Some(say::stream_failed(error)),
        (SoundEnd::Closed, ProgramEnd::Said(words)) => Some(say::program_said(name, words)),
        (SoundEnd::Closed, ProgramEnd::Failed(status)) => Some(say::program_status(name, status)),
        (SoundEnd::Closed, ProgramEnd::Done) => Some(say::program_ended(name)),
    }
}

/// The same of a file.
fn ended(end: SoundEnd) -> Option<String> {
    match end {
        SoundEnd::Failed(error) => Some(say::stream_failed(error)),
        SoundEnd::Stopped | SoundEnd::Closed | SoundEnd::Stuck => None,
    }
}

/// Microphone and loudspeaker.
fn open(source: &SoundSource, path: Option<&OsStr>) -> Result<(Stream, Stream), String> {
    match source {
        SoundSource::None => Err(say::source_none().to_owned()),
        SoundSource::Files(microphone, loudspeaker) => {
            let sound = sound_of(microphone)?;
            let Some(file) = loudspeaker else { return Ok((Stream::Sound(sound), Stream::Nothing)) };
            // Readable by nobody else: it is what people said.
            let opened = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(file);
            let opened = opened.map_err(|error| say::file_unwritten(file.display(), error))?;
            Ok((Stream::Sound(sound), Stream::File(opened)))
        }
        SoundSource::Programs(programs) => started(programs, path)?.map_err(say::program_missing),
        SoundSource::Auto => {
            for programs in &SOUND_PROGRAMS {
                if let Ok(streams) = started(programs, path)? {
                    return Ok(streams);
                }
            }
            Err(say::no_program().to_owned())
        }
    }
}

/// The sound of a file.
fn sound_of(path: &Path) -> Result<Vec<i16>, String> {
    let unread = |error: io::Error| say::file_unread(path.display(), error);
    let mut bytes = Vec::new();
    File::open(path).map_err(unread)?.take(MOST_FILE + 1).read_to_end(&mut bytes).map_err(unread)?;
    if bytes.len() as u64 > MOST_FILE {
        return Err(say::file_large(path.display(), MOST_FILE / 1_000_000));
    }
    match wav::read(&bytes) {
        Ok(sound) if !sound.is_empty() => Ok(sound),
        Ok(_) | Err(WavError::NotWav) => Err(say::not_wav(path.display())),
        Err(WavError::Samples) => Err(say::wrong_samples(path.display())),
    }
}

/// Starts both programs of a family, or gives the name of the one that is not there.
fn started(programs: &SoundPrograms, path: Option<&OsStr>) -> Result<Result<(Stream, Stream), &'static str>, String> {
    let Some(microphone) = started_one(&programs.microphone, path, ProgramUse::Read)? else {
        return Ok(Err(programs.microphone.name));
    };
    let loudspeaker = started_one(&programs.loudspeaker, path, ProgramUse::Write);
    match loudspeaker {
        Ok(Some(loudspeaker)) => Ok(Ok((Stream::Program(microphone), Stream::Program(loudspeaker)))),
        Ok(None) | Err(_) => {
            microphone.program.kill();
            microphone.program.ended();
            loudspeaker.map(|_| Err(programs.loudspeaker.name))
        }
    }
}

/// Starts a program; `None` if there is none of this name.
fn started_one(
    program: &SoundProgram,
    path: Option<&OsStr>,
    what_for: ProgramUse,
) -> Result<Option<OpenedProgram>, String> {
    let command = || {
        let mut command = Command::new(program.name);
        if let Some(path) = path {
            command.env("PATH", path);
        }
        command
    };
    let mut full = command();
    if let Some(argument) = program.if_known
        && knows(command(), argument)
    {
        full.arg(argument);
    }
    full.args(program.arguments.split(' '));
    match RunningProgram::start(full, what_for) {
        Ok((running, pipe)) => Ok(Some(OpenedProgram { name: program.name, program: running, pipe })),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(say::program_unstarted(program.name, error)),
    }
}

/// Whether a program's help speaks of an argument.
fn knows(mut command: Command, argument: &str) -> bool {
    command.arg("--help");
    let Ok((program, pipe)) = RunningProgram::start(command, ProgramUse::Read) else { return false };
    let help = streams::read_all(pipe, MOST_HELP);
    program.kill();
    program.ended();
    String::from_utf8_lossy(&help).contains(argument)
}
