//! Cameras of the real program: one on a pipe beside the keys of the terminal, and those that fail, which a sentence says
//! while the call goes on.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rustix::pipe::{PipeFlags, pipe_with};
use rustix::process::Signal;
use tr2::media::picture::Picture;

use crate::person::{Launch, Person};
use crate::pictures::{LIGHT, answers_with_camera, sees, shows_no_picture};
use crate::serving::{Folder, PATIENCE, Server};
use crate::tile::{film, scenes, tile_on};

/// The time between two pictures of a camera.
const PICTURE: Duration = Duration::from_millis(60);
const F7: &str = "\x1b[18~";

/// Somebody with a camera, in a home whose folder the camera's name may mean with HOME.
fn with_camera(server: &str, name: &str, camera: &str, home: &Arc<Folder>, input: Option<Stdio>) -> Person {
    let camera = camera.replace("HOME", home.path().to_str().unwrap());
    let arguments = ["--name", name, "--server", server, "--camera", &camera, "--sound", "none"];
    let mut person = Person::at_home(home, &arguments, Launch { input, ..Launch::default() });
    person.sees(&format!("● {name}"));
    person
}

/// One calls the other, who answers with the camera.
fn call(one: &mut Person, other: &mut Person, name: &str) {
    one.says(&format!("/call {name}"));
    answers_with_camera(other);
    one.sees("F5 large");
}

/// Writes a film into a pipe as a camera does, until nobody reads it or somebody stops it.
fn run(mut pipe: impl std::io::Write, scene: &[Picture], stopped: &AtomicBool) {
    let bytes = film(scene);
    let head = bytes.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let (head, pictures) = bytes.split_at(head);
    if pipe.write_all(head).is_err() {
        return;
    }
    while !stopped.load(Ordering::Relaxed) && pipe.write_all(pictures).is_ok() {
        thread::sleep(PICTURE);
    }
}

#[test]
fn a_camera_on_a_pipe_leaves_the_keys_to_the_terminal() {
    let server = Server::start(&[]);
    let url = format!("tcp://{}", server.address);
    let scene = scenes([7]);
    let (reading, writing) = pipe_with(PipeFlags::CLOEXEC).unwrap();
    let stopped = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| run(File::from(writing), &scene, &stopped));
        let homes = [(); 2].map(|()| Arc::new(Folder::new()));
        let mut ann = with_camera(&url, "ann", "none", &homes[0], None);
        let mut bob = with_camera(&url, "bob", "-", &homes[1], Some(Stdio::from(reading)));
        call(&mut ann, &mut bob, "bob");
        ann.types("\x1b[15~");
        println!("SSIM {:.3}", sees(&mut ann, &scene[0]));
        bob.says("these-are-keys").misses("⇄> these").says("/camera off").misses(LIGHT);
        shows_no_picture(&mut ann).sees("bob's camera is off");
        // The pipe was read all the while: the next picture is whole.
        bob.types(F7).sees(LIGHT);
        sees(&mut ann, &scene[0]);
        ann.types("\x1b").sees("these-are-keys");
        // The pictures end: it is said, and once more if they are asked for again.
        stopped.store(true, Ordering::Relaxed);
        bob.sees("The camera's pictures have ended.").misses(LIGHT);
        ann.sees("bob's camera is off.");
        bob.says("still-here").types(F7).sees("your camera is off");
        ann.sees("still-here");
        assert_eq!(ann.screen().matches("bob's camera is on.").count(), 2, "{}", ann.screen());
    });
}

#[test]
fn a_camera_that_fails_says_why_and_the_call_goes_on() {
    let server = Server::start(&[]);
    let url = format!("tcp://{}", server.address);
    let damaged = |home: &Path| {
        let mut bytes = film(&scenes([7, 8]));
        let middle = bytes.len() / 2;
        bytes.truncate(middle + 40);
        bytes.extend(b"no FRAME here\n".repeat(4000));
        File::create(home.join("damaged.y4m")).unwrap().write_all(&bytes).unwrap();
        fs::write(home.join("empty.y4m"), "").unwrap();
        fs::write(home.join("words.y4m"), "this is no film\n").unwrap();
        fs::write(home.join("large.y4m"), "YUV4MPEG2 W9000 H9000 F15:1\n").unwrap();
    };
    let kinds = [
        ("echo nobody is filmed here >&2; exit 3", "The camera's program ended: nobody is filmed here"),
        ("exit 3", "The camera's program ended with exit status: 3."),
        ("/nonexistent/camera", "not found"),
        ("/dev/video4711", "The camera /dev/video4711 cannot be read"),
        ("HOME/missing.y4m", "missing.y4m cannot be read"),
        ("HOME/damaged.y4m", "The camera's stream is damaged."),
        ("HOME/empty.y4m", "There is no picture in"),
        ("HOME/words.y4m", "The camera's stream is not YUV4MPEG2."),
        ("HOME/large.y4m", "The camera's pictures must have sides of 8 or more"),
        ("none", "--camera none means no camera."),
        ("-", "--camera - reads pictures from a pipe, and this is a terminal."),
    ];
    let homes = [(); 2].map(|()| Arc::new(Folder::new()));
    damaged(homes[1].path());
    let mut ann = with_camera(&url, "ann", "none", &homes[0], None);
    for (at, (camera, words)) in kinds.into_iter().enumerate() {
        // Another user each time, who calls: nobody calls more often than a few times a minute.
        let name = format!("bob{at}");
        let mut bob = with_camera(&url, &name, camera, &homes[1], None);
        bob.says("/direct ann");
        ann.sees(&format!("{name} calls to talk directly")).says("/answer");
        bob.sees("is open");
        bob.types(F7);
        bob.shows(words, |screen| {
            let said = screen.contents().split_whitespace().collect::<Vec<_>>().join(" ");
            said.contains(words)
        });
        bob.misses(LIGHT).says(&format!("still-here-{at}"));
        ann.sees(&format!("still-here-{at}")).says("/close").misses(&format!("⇄ {name}"));
    }
}

/// The processes that a camera's program was, in the order of their starts.
fn ran(home: &Folder) -> Vec<String> {
    fs::read_to_string(home.path().join("ran")).unwrap_or_default().lines().map(str::to_owned).collect()
}

/// Waits for the end of the last of so many.
#[track_caller]
fn ends(home: &Folder, number: usize) {
    let began = Instant::now();
    let all = ran(home);
    assert_eq!(all.len(), number);
    while Path::new("/proc").join(&all[number - 1]).exists() {
        assert!(began.elapsed() < PATIENCE, "the camera runs on");
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_camera_runs_only_while_it_is_on() {
    let server = Server::start(&[]);
    let url = format!("tcp://{}", server.address);
    let homes = [(); 2].map(|()| Arc::new(Folder::new()));
    fs::write(homes[1].path().join("film"), film(&scenes([7]))).unwrap();
    let camera = "echo $$ >> 'HOME/ran'; cat 'HOME/film'; exec sleep 600";
    let mut ann = with_camera(&url, "ann", "none", &homes[0], None);
    let mut bob = with_camera(&url, "bob", camera, &homes[1], None);
    ann.says("/call bob");
    bob.sees("calls to see each other").says("/answer").sees("F7 camera");
    ann.sees("F7 camera");
    assert_eq!(ran(&homes[1]).len(), 0, "it was answered without the camera");
    let shows = |ann: &mut Person| _ = ann.shows("a picture", |screen| tile_on(screen).is_some());
    bob.types(F7);
    shows(&mut ann);
    bob.says("/camera off");
    ends(&homes[1], 1);
    shows_no_picture(&mut ann);
    bob.types(F7);
    shows(&mut ann);
    shows_no_picture(ann.says("/hangup"));
    ends(&homes[1], 2);
    ann.says("/call bob");
    answers_with_camera(&mut bob);
    shows(&mut ann);
    bob.signal(Signal::TERM).ends();
    ends(&homes[1], 3);
}
