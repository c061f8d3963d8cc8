//! Where sound can come from and go to, and how that is named.
//!
//! Must not know: how sound is read or written, or whether there is such a program.

use std::path::PathBuf;

use crate::language::sound as say;

/// Where a person's voice comes from, and where the others' goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SoundSource {
    /// Nowhere.
    None,
    /// The first programs that work.
    Auto,
    /// The programs of one of [`SOUND_PROGRAMS`].
    Programs(&'static SoundPrograms),
    /// A WAV file, heard again and again, in place of a microphone; and, in place of a loudspeaker, a file of plain samples or
    /// nothing.
    Files(PathBuf, Option<PathBuf>),
}

impl SoundSource {
    /// The source of a name, as after `--sound`.
    ///
    /// # Errors
    /// There is none of that name; the sentence says what there is.
    pub fn named(name: &str) -> Result<Self, String> {
        let name = name.trim();
        if let Some(programs) = SOUND_PROGRAMS.iter().find(|programs| programs.name == name) {
            return Ok(Self::Programs(programs));
        }
        match (name, name.split_once(',')) {
            ("none", _) => Ok(Self::None),
            ("auto", _) => Ok(Self::Auto),
            (_, Some((microphone, loudspeaker))) if microphone.ends_with(WAV) && loudspeaker.ends_with(RAW) => {
                Ok(Self::Files(microphone.into(), Some(loudspeaker.into())))
            }
            (_, None) if name.ends_with(WAV) => Ok(Self::Files(name.into(), None)),
            _ => Err(say::source_unknown().to_owned()),
        }
    }
}

/// How files end.
const WAV: &str = ".wav";
const RAW: &str = ".raw";

/// A program with its arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SoundProgram {
    /// Its name.
    pub name: &'static str,
    /// Its arguments, with spaces between.
    pub arguments: &'static str,
    /// An argument that it needs if it knows it.
    pub if_known: Option<&'static str>,
}

/// Two programs of one family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SoundPrograms {
    /// How the family is named after `--sound`.
    pub name: &'static str,
    /// Writes what the microphone hears: plain samples of 16 bits, 16,000 a second, of one channel.
    pub microphone: SoundProgram,
    /// Plays the same.
    pub loudspeaker: SoundProgram,
}

const fn program(name: &'static str, arguments: &'static str) -> SoundProgram {
    SoundProgram { name, arguments, if_known: None }
}

/// The one program of PipeWire; older versions take a pipe for plain samples, newer ones only if they are told.
const fn pw_cat(arguments: &'static str) -> SoundProgram {
    SoundProgram { name: "pw-cat", arguments, if_known: Some("--raw") }
}

/// The programs that are known, the best first: those of PulseAudio also reach PipeWire.
pub static SOUND_PROGRAMS: [SoundPrograms; 4] = [
    SoundPrograms {
        name: "pulse",
        microphone: program("parec", "--raw --format=s16le --rate=16000 --channels=1 --latency-msec=20"),
        loudspeaker: program("pacat", "--playback --raw --format=s16le --rate=16000 --channels=1 --latency-msec=60"),
    },
    SoundPrograms {
        name: "pipewire",
        microphone: pw_cat("--record --format=s16 --rate=16000 --channels=1 --latency=20ms -"),
        loudspeaker: pw_cat("--playback --format=s16 --rate=16000 --channels=1 --latency=40ms -"),
    },
    SoundPrograms {
        name: "alsa",
        microphone: program("arecord", "-q -t raw -f S16_LE -r 16000 -c 1 --period-time=20000 --buffer-time=200000"),
        loudspeaker: program("aplay", "-q -t raw -f S16_LE -r 16000 -c 1 --period-time=20000 --buffer-time=100000"),
    },
    SoundPrograms {
        name: "ffmpeg",
        microphone: program(
            "ffmpeg",
            "-nostdin -hide_banner -loglevel error -fflags nobuffer -f alsa -i default -ac 1 -ar 16000 -f s16le -",
        ),
        loudspeaker: program(
            "ffmpeg",
            "-hide_banner -loglevel error -fflags nobuffer -f s16le -ar 16000 -ac 1 -i - -f alsa -flush_packets 1 default",
        ),
    },
];
