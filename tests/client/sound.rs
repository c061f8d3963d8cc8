//! Microphones and loudspeakers: files and programs; what is wrong with each is said in a sentence, and nothing is left running.
//! The programs are scripts with the names of real ones.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use tr2::client::sound::choice::SoundChoice;
use tr2::client::sound::feed::SoundNews;
use tr2::client::sound::source::{SOUND_PROGRAMS, SoundSource};
use tr2::client::sound::{MOST_FILE, Sound};
use tr2::media::voice::wav;

use crate::programs::{Folder, PATIENCE, is_alive};

/// A folder with programs.
struct Programs(Folder);

impl Programs {
    fn new(name: &str) -> Self {
        Self(Folder::new(&format!("sound-{name}")))
    }

    fn path(&self) -> &Path {
        &self.0.0
    }

    /// A program that does as the lines say; it knows its folder as $HERE.
    fn program(&self, name: &str, lines: &str) {
        let text = format!("#!/bin/sh\nPATH=/usr/bin:/bin HERE={}\n{lines}\n", self.path().display());
        // Another test may start a child between writing and closing, which then holds the file open for writing.
        let new = self.0.file(&format!("{name}.new"), text.as_bytes());
        fs::set_permissions(&new, fs::Permissions::from_mode(0o755)).unwrap();
        assert!(
            std::process::Command::new("cp")
                .arg("-p")
                .arg(&new)
                .arg(self.path().join(name))
                .status()
                .unwrap()
                .success()
        );
    }

    fn start(&self, source: &SoundSource) -> Result<Listened, String> {
        let (waker, woken) = channel();
        let sound = Sound::start(source, Some(self.path().as_os_str()), move || waker.send(()).unwrap_or_default());
        sound.map(|sound| Listened(sound, woken))
    }

    /// What a script has written, once it has.
    fn written(&self, name: &str, least: usize) -> Vec<u8> {
        let until = Instant::now() + PATIENCE;
        loop {
            match fs::read(self.path().join(name)) {
                Ok(bytes) if bytes.len() >= least => return bytes,
                _ => assert!(Instant::now() < until, "nothing in {name}"),
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

/// Sound, and the times when it woke us.
#[derive(Debug)]
struct Listened(Sound, Receiver<()>);

impl Listened {
    /// The next news.
    fn next(&self) -> SoundNews {
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(news) = self.0.take() {
                return news;
            }
            self.1.recv_timeout(until.saturating_duration_since(Instant::now())).expect("news of the sound");
        }
    }

    /// What the microphone hears, up to so many samples.
    fn hear(&self, count: usize) -> Vec<i16> {
        let mut heard = Vec::new();
        while heard.len() < count {
            match self.next() {
                SoundNews::Began => {}
                SoundNews::Heard(samples) => heard.extend(samples),
                SoundNews::Ended(why) => panic!("{why}"),
            }
        }
        heard.truncate(count);
        heard
    }

    /// How it ended.
    fn end(&self) -> String {
        self.end_after().0
    }

    /// How it ended, and whether the microphone had given anything before.
    fn end_after(&self) -> (String, bool) {
        let mut had_begun = false;
        loop {
            match self.next() {
                SoundNews::Began => had_begun = true,
                SoundNews::Heard(_) => {}
                SoundNews::Ended(why) => return (why, had_begun),
            }
        }
    }
}

/// Starts what is chosen until something works, as whoever owns it does; what is said of that, or why there is no sound.
fn chosen(folder: &Programs) -> Result<(Listened, Option<String>), String> {
    let mut choice = SoundChoice::new(SoundSource::Auto);
    loop {
        let (waker, woken) = channel();
        let wake = move || waker.send(()).unwrap_or_default();
        let sound = choice.start(Some(folder.path().as_os_str()), wake).map(|sound| Listened(sound, woken))?;
        match sound.next() {
            SoundNews::Began => {
                let said = choice.begins();
                // Programs that are not to work end at once.
                let until = Instant::now() + Duration::from_millis(1_000);
                loop {
                    match sound.0.take() {
                        Some(SoundNews::Ended(why)) => match choice.ended(why) {
                            Some(why) => return Err(why),
                            None => break,
                        },
                        Some(_) => {}
                        None if folder.path().join("played").exists() => return Ok((sound, said)),
                        None => assert!(Instant::now() < until, "neither plays nor ends"),
                    }
                    std::thread::sleep(Duration::from_millis(5));
                }
            }
            SoundNews::Heard(_) => panic!("nobody speaks"),
            SoundNews::Ended(why) => {
                if let Some(why) = choice.ended(why) {
                    return Err(why);
                }
            }
        }
    }
}

/// A WAV file of these samples, 16,000 a second.
fn wav(samples: &[i16]) -> Vec<u8> {
    let data = wav::bytes(samples);
    let format = [&[1, 0, 1, 0][..], &16_000_u32.to_le_bytes(), &32_000_u32.to_le_bytes(), &[2, 0, 16, 0]].concat();
    let length = |length: usize| (length as u32).to_le_bytes();
    [b"RIFF", &length(36 + data.len())[..], b"WAVEfmt ", &length(16), &format, b"data", &length(data.len()), &data]
        .concat()
}

/// Samples as bytes of a pipe: each is as large as its place.
const COUNTS: &str = "while :; do printf '\\001\\000\\002\\000\\003\\000\\004\\000'; sleep 0.001; done";

#[test]
fn names_of_sound() {
    let of = |name: &str| SoundSource::named(name).unwrap();
    assert_eq!((of("none"), of(" auto ")), (SoundSource::None, SoundSource::Auto));
    for programs in &SOUND_PROGRAMS {
        assert_eq!(of(programs.name), SoundSource::Programs(programs));
        assert!(!programs.microphone.arguments.contains("  ") && programs.loudspeaker.arguments.contains("16000"));
    }
    assert_eq!(of("a b.wav"), SoundSource::Files("a b.wav".into(), None));
    assert_eq!(of("in.wav,out.raw"), SoundSource::Files("in.wav".into(), Some("out.raw".into())));
    for wrong in ["", "in.mp3", "in.wav,out.wav", "in.raw", "rm -rf /"] {
        assert!(SoundSource::named(wrong).unwrap_err().contains("FILE.wav"), "{wrong}");
    }
}

#[test]
fn a_file_is_heard_again_and_again_while_the_person_speaks_and_others_go_into_another() {
    let folder = Programs::new("files");
    let microphone = folder.0.file("in.wav", &wav(&(0..1_000).collect::<Vec<i16>>()));
    let loudspeaker = folder.path().join("out.raw");
    let sound = folder.start(&SoundSource::Files(microphone, Some(loudspeaker.clone()))).unwrap();
    assert_eq!(sound.next(), SoundNews::Began);
    // As much time passes as the loudspeaker's file says: 32 bytes a millisecond.
    let passes = |milliseconds: usize| {
        let before = fs::metadata(&loudspeaker).unwrap().len() as usize;
        folder.written("out.raw", before + 32 * milliseconds);
    };
    passes(100);
    assert_eq!(sound.0.take(), None, "nothing is kept before the person speaks");
    sound.0.talk(true);
    let began = Instant::now();
    let heard = sound.hear(2_400);
    assert!(began.elapsed() >= Duration::from_millis(120), "{:?}", began.elapsed());
    // It begins somewhere, and goes on in order.
    let steps = heard.windows(2).filter(|pair| (pair[1] - pair[0]).rem_euclid(1_000) == 1);
    assert!(steps.count() >= 2_380, "{heard:?}");
    sound.0.talk(false);
    passes(60);
    assert_eq!(sound.0.take(), None, "what is heard beside it is dropped, and the beginning is told once");
    // Of what nobody takes no more than half a second is left.
    sound.0.talk(true);
    passes(900);
    let Some(SoundNews::Heard(heard)) = sound.0.take() else { panic!() };
    assert!(heard.len() <= 8_000, "{}", heard.len());
    sound.0.talk(false);
    // What two others say is heard together.
    sound.0.play(1, &[1_000; 640]);
    sound.0.play(2, &[400; 640]);
    let is_played = |bytes: &[u8]| wav::samples(bytes).contains(&1_100);
    let until = Instant::now() + PATIENCE;
    while !is_played(&folder.written("out.raw", 640)) {
        assert!(Instant::now() < until, "never heard");
        std::thread::sleep(Duration::from_millis(10));
    }
    let mode = fs::metadata(&loudspeaker).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "what people said is for nobody else");
    drop(sound);
}

#[test]
fn what_is_no_sound_is_said_in_a_sentence() {
    let folder = Programs::new("wrong");
    let refused = |source| folder.start(&source).unwrap_err();
    let file = |name: &str, bytes: &[u8]| SoundSource::Files(folder.0.file(name, bytes), None);
    assert_eq!(refused(SoundSource::None), "--sound none means no sound.");
    assert!(refused(SoundSource::Files("/no/such.wav".into(), None)).starts_with("The sound file /no/such.wav cannot"));
    assert!(refused(file("empty.wav", b"")).contains("not a WAV file"));
    assert!(refused(file("silent.wav", &wav(&[]))).contains("no sound in it"));
    let mut eight_bits = wav(&[1]);
    eight_bits[34] = 8;
    assert!(refused(file("bits.wav", &eight_bits)).contains("16 bits"));
    let large = folder.0.file("large.wav", b"RIFF");
    fs::OpenOptions::new().write(true).open(&large).unwrap().set_len(MOST_FILE + 1).unwrap();
    assert!(refused(SoundSource::Files(large, None)).contains("larger than 64 MB"));
    let ok = folder.0.file("ok.wav", &wav(&[1]));
    assert!(refused(SoundSource::Files(ok, Some("/no/such.raw".into()))).contains("/no/such.raw cannot be written"));
    // No program at all, and one of two.
    assert!(refused(SoundSource::Auto).contains("Install pulseaudio-utils"));
    assert_eq!(
        refused(SoundSource::named("alsa").unwrap()),
        "arecord is not installed. Install it, or use --sound auto."
    );
    folder.program("arecord", COUNTS);
    assert_eq!(
        refused(SoundSource::named("alsa").unwrap()),
        "aplay is not installed. Install it, or use --sound auto."
    );
    folder.0.file("aplay", b"no program");
    assert!(refused(SoundSource::Auto).starts_with("The sound program aplay cannot be started:"));
}

#[test]
fn programs_are_found_told_what_to_do_and_read_and_written() {
    let folder = Programs::new("programs");
    folder.program("arecord", "exit 9");
    folder.program("parec", &format!("echo \"$@\" > $HERE/parec.args\n{COUNTS}"));
    folder.program("pacat", "echo \"$@\" > $HERE/pacat.args\nexec cat > $HERE/played");
    let sound = folder.start(&SoundSource::Auto).unwrap();
    sound.0.talk(true);
    let heard = sound.hear(400);
    assert!(heard.windows(2).all(|pair| pair[1] == pair[0] % 4 + 1), "{heard:?}");
    sound.0.talk(false);
    sound.0.play(5, &[777; 800]);
    let until = Instant::now() + PATIENCE;
    while !wav::samples(&folder.written("played", 0)).contains(&777) {
        assert!(Instant::now() < until, "never played");
        std::thread::sleep(Duration::from_millis(10));
    }
    let arguments = |name: &str| String::from_utf8(folder.written(name, 1)).unwrap();
    assert_eq!(arguments("parec.args").trim(), SOUND_PROGRAMS[0].microphone.arguments);
    assert_eq!(arguments("pacat.args").trim(), SOUND_PROGRAMS[0].loudspeaker.arguments);
    // Silence, too: the program never runs dry.
    let before = folder.written("played", 1).len();
    folder.written("played", before + 3_200);
    drop(sound);
    // Of PipeWire, newer programs are told that it is plain samples.
    for (help, told) in [("  -a, --raw  RAW mode", true), ("-r, --record", false)] {
        let script = format!(
            "if [ \"$1\" = --help ]; then echo '{help}'; exit; fi\necho \"$@\" >> $HERE/args\n{COUNTS} | head -c 9999\nsleep 60"
        );
        let _ = fs::remove_file(folder.path().join("args"));
        folder.program("pw-cat", &script);
        let sound = folder.start(&SoundSource::named("pipewire").unwrap()).unwrap();
        let args = String::from_utf8(folder.written("args", 100)).unwrap();
        assert!(args.contains("--record") || args.contains("--playback"), "{args}");
        assert_eq!(args.starts_with("--raw "), told, "{args}");
        drop(sound);
    }
}

#[test]
fn what_a_sound_program_complains_about_is_said_and_harmless() {
    let folder = Programs::new("complains");
    folder.program("pacat", "exec cat > /dev/null");
    let source = SoundSource::named("pulse").unwrap();
    let end = |script: &str| {
        folder.program("parec", script);
        let (why, had_begun) = folder.start(&source).unwrap().end_after();
        assert!(!had_begun, "{script}: a program that starts may still find no sound card");
        why
    };
    assert_eq!(end("exit 3"), "The sound program parec ended with exit status: 3.");
    assert_eq!(end("exit 0"), "The sound program parec has ended.");
    assert_eq!(end("echo 'Connection refused' >&2; exit 1"), "The sound program parec ended: Connection refused");
    let evil = end("printf '\\033]0;x\\007\\033[2J evil\\n' >&2; exit 1");
    assert!(evil.contains("evil") && !evil.contains(char::is_control), "{evil:?}");
    // The other one, too.
    folder.program("parec", COUNTS);
    folder.program("pacat", "echo 'no such device' >&2; exit 1");
    assert_eq!(folder.start(&source).unwrap().end(), "The sound program pacat ended: no such device");
    // And it is said once.
    folder.program("parec", "exit 4");
    folder.program("pacat", "exit 4");
    let sound = folder.start(&source).unwrap();
    assert!(sound.end().contains("exit status: 4"));
    // The end of the other program changes nothing, so that there is nothing to await: whoever said it twice would within
    // this time.
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(sound.0.take(), None);
}

#[test]
fn programs_that_give_or_take_nothing_are_given_up() {
    let (silent, stuck) = (Programs::new("silent"), Programs::new("stuck"));
    silent.program("parec", "exec sleep 600");
    silent.program("pacat", "exec cat > /dev/null");
    stuck.program("parec", COUNTS);
    stuck.program("pacat", "exec sleep 600");
    let source = SoundSource::named("pulse").unwrap();
    let (one, other) = (silent.start(&source).unwrap(), stuck.start(&source).unwrap());
    let began = Instant::now();
    assert_eq!(one.end(), "The sound program parec gives no sound: the microphone may be in use or disconnected.");
    assert_eq!(other.end(), "The sound program pacat plays nothing: the loudspeaker may be in use or disconnected.");
    assert!(began.elapsed() < PATIENCE);
}

#[test]
fn both_programs_and_their_children_end_with_the_sound() {
    let folder = Programs::new("ends");
    let script = "trap '' TERM INT HUP PIPE\nsleep 600 & echo $! >> $HERE/pids; echo $$ >> $HERE/pids";
    folder.program("parec", &format!("{script}\n{COUNTS}"));
    folder.program("pacat", &format!("{script}\nwhile :; do sleep 1; done"));
    let sound = folder.start(&SoundSource::Auto).unwrap();
    let until = Instant::now() + PATIENCE;
    let pids = loop {
        let text = String::from_utf8(folder.written("pids", 1)).unwrap();
        if text.lines().count() == 4 && text.ends_with('\n') {
            break text.lines().map(str::to_owned).collect::<Vec<_>>();
        }
        assert!(Instant::now() < until, "{text}");
    };
    assert!(pids.iter().all(|pid| is_alive(pid)), "{pids:?}");
    drop(sound);
    while pids.iter().any(|pid| is_alive(pid)) {
        assert!(Instant::now() < until, "still there: {pids:?}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn where_the_first_programs_do_not_work_the_next_are_used_and_said_to_be() {
    let plays = "exec cat > $HERE/played";
    // Nothing to say where the first do.
    let folder = Programs::new("first");
    folder.program("parec", COUNTS);
    folder.program("pacat", plays);
    assert_eq!(chosen(&folder).unwrap().1, None);
    // The microphone's end at once, and then the loudspeaker's, which may be after sound has begun.
    let refused = "echo 'Connection refused' >&2; exit 1";
    for (microphone, loudspeaker, name) in [(refused, "exec cat > /dev/null", "parec"), (COUNTS, refused, "pacat")] {
        let folder = Programs::new(&format!("next-{name}"));
        folder.program("parec", microphone);
        folder.program("pacat", loudspeaker);
        folder.program("arecord", COUNTS);
        folder.program("aplay", plays);
        let said = chosen(&folder).unwrap().1;
        let words = "Connection refused Sound comes by arecord and goes by aplay instead.";
        assert_eq!(said, Some(format!("The sound program {name} ended: {words}")));
    }
    // One that cannot be started, before one that can.
    let folder = Programs::new("unstarted");
    folder.program("parec", COUNTS);
    folder.0.file("pacat", b"no program");
    folder.program("pw-cat", &format!("case \"$*\" in *--playback*) {plays};; *--record*) {COUNTS};; esac"));
    let said = chosen(&folder).unwrap().1.unwrap();
    assert!(said.starts_with("The sound program pacat cannot be started: "), "{said}");
    assert!(said.ends_with("Sound comes and goes by pw-cat instead."), "{said}");
    // Where none works, the first one's reason is said; and whichever is named is the only one.
    let folder = Programs::new("none-works");
    folder.program("parec", refused);
    folder.program("pacat", "exec cat > /dev/null");
    folder.program("arecord", "echo 'no such device' >&2; exit 1");
    folder.program("aplay", "exec cat > /dev/null");
    assert_eq!(chosen(&folder).unwrap_err(), "The sound program parec ended: Connection refused");
    let mut named = SoundChoice::new(SoundSource::named("pulse").unwrap());
    let (waker, woken) = channel();
    let wake = move || waker.send(()).unwrap_or_default();
    let sound = Listened(named.start(Some(folder.path().as_os_str()), wake).unwrap(), woken);
    assert_eq!(named.ended(sound.end()), Some("The sound program parec ended: Connection refused".to_owned()));
    // And where there is none at all, which there can be.
    let mut none = SoundChoice::new(SoundSource::Auto);
    assert!(none.start(Some("/nonexistent".as_ref()), || ()).unwrap_err().contains("Install pulseaudio-utils"));
}
