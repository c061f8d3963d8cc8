//! Voice in calls with the real program: a file is the microphone, and another one the loudspeaker.

use std::f64::consts::TAU;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::person::Person;
use crate::serving::{Folder, PATIENCE, Server};

const F8: &str = "\x1b[19~";
/// Samples a second.
const RATE: u32 = 16_000;

/// A second of a tone that swells and fades, as a WAV file of 16 bits and one channel.
fn tone() -> Vec<u8> {
    let sample = |at: u32| {
        let time = f64::from(at) / f64::from(RATE);
        ((TAU * 220.0 * time).sin() * (TAU * 2.0 * time).sin() * 12_000.0) as i16
    };
    let samples: Vec<u8> = (0..RATE).flat_map(|at| sample(at).to_le_bytes()).collect();
    let length = u32::try_from(samples.len()).unwrap();
    let mut wav = b"RIFF".to_vec();
    wav.extend((36 + length).to_le_bytes());
    wav.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    wav.extend(RATE.to_le_bytes());
    wav.extend((RATE * 2).to_le_bytes());
    wav.extend(b"\x02\0\x10\0data");
    wav.extend(length.to_le_bytes());
    wav.extend(samples);
    wav
}

/// Somebody with a microphone and a loudspeaker.
struct Speaker {
    person: Person,
    heard: PathBuf,
    _home: Folder,
}

fn join(server: &str, name: &str) -> Speaker {
    let home = Folder::new();
    fs::write(home.path().join("said.wav"), tone()).unwrap();
    let (said, heard) = (home.path().join("said.wav"), home.path().join("heard.raw"));
    let folder = home.path().to_str().unwrap();
    let sound = format!("{},{}", said.display(), heard.display());
    let variables = [("XDG_DATA_HOME", folder), ("XDG_STATE_HOME", folder)];
    let arguments = ["join", "--name", name, "--server", server, "--sound", &sound];
    let mut person = Person::with_env(&arguments, &variables, 24, 80);
    person.sees("●");
    Speaker { person, heard, _home: home }
}

/// How many samples of a file are more than a whisper.
fn loud(file: &Path) -> usize {
    let bytes = fs::read(file).unwrap_or_default();
    let (samples, _) = bytes.as_chunks::<2>();
    samples.iter().filter(|sample| i16::from_le_bytes(**sample).unsigned_abs() > 1000).count()
}

/// Waits until so many more samples are loud.
#[track_caller]
fn hears(speaker: &mut Speaker, more: usize) {
    let (before, began) = (loud(&speaker.heard), Instant::now());
    while loud(&speaker.heard) < before + more {
        assert!(began.elapsed() < PATIENCE, "nothing is heard: {} of {more}", loud(&speaker.heard) - before);
        speaker.person.idles(std::time::Duration::from_millis(20));
    }
}

#[test]
fn a_voice_is_heard_while_its_key_is_on_and_not_at_other_times() {
    let server = Server::start(&[]);
    let url = format!("tcp://{}", server.address);
    let (mut ann, mut bob) = (join(&url, "ann"), join(&url, "bob"));
    ann.person.says("/call bob");
    bob.person.sees("calls to see each other").says("/answer").sees("F8 speak");
    ann.person.sees("F8 speak");
    assert_eq!([loud(&ann.heard), loud(&bob.heard)], [0, 0], "nobody speaks");
    ann.person.types(F8).sees("● voice").sees("you speak");
    bob.person.sees("speaks");
    hears(&mut bob, RATE as usize / 4);
    ann.person.says("/talk off").misses("● voice");
    bob.person.misses("speaks");
    // Both at once, and each hears the other.
    bob.person.types(F8).sees("● voice");
    ann.person.says("/talk on").sees("● voice").sees("speaks");
    hears(&mut ann, RATE as usize / 8);
    hears(&mut bob, RATE as usize / 8);
    ann.person.says("/hangup").misses("● voice");
    bob.person.sees("ann hung up.").misses("● voice");
}
