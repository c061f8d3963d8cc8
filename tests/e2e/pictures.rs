//! Pictures in calls between two people at terminals: what a camera sees is what the other one's screen shows, read back
//! from the colours of its cells, until the camera, the call or the server ends.

use std::fs;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use rustix::process::Signal;
use tr2::media::picture::Picture;

use crate::bypass::Networks;
use crate::machine::in_network_of;
use crate::person::{Launch, Person};
use crate::serving::{Folder, PATIENCE, Server};
use crate::ssh::Sshd;
use crate::tile::{film, likeness, scenes, tile_on};

/// How much the picture on the screen is to be like its source.
pub(crate) const LIKE: f64 = 0.80;
/// So long a key may take to show what it does before another is pressed.
const KEY: Duration = Duration::from_millis(100);

/// The side of a small picture, in samples, that a large one is more than twice as wide as.
const LEAST_SIDE: usize = 20;

/// The pictures of somebody who moves, and quickly: each is unlike the others.
pub(crate) const MOVES: [u32; 10] = [0, 6, 12, 18, 24, 30, 36, 42, 48, 54];

const F5: &str = "\x1b[15~";
const F7: &str = "\x1b[18~";
pub(crate) const LIGHT: &str = "● camera";

/// Somebody whose camera shows some pictures, and who is there.
pub(crate) fn with_camera(server: &str, name: &str, pictures: &[Picture], launch: Launch<'_>) -> Person {
    let home = Arc::new(Folder::new());
    let path = home.path().join("scene.y4m");
    fs::write(&path, film(pictures)).unwrap();
    let arguments = ["--name", name, "--server", server, "--camera", path.to_str().unwrap(), "--sound", "none"];
    let mut person = Person::at_home(&home, &arguments, launch);
    person.sees(&format!("● {name}"));
    if server.starts_with("tls://") {
        // The server's key, which is new.
        person.sees("Esc closes").types("\x1b").misses("Esc closes");
    }
    person
}

/// Presses the button "With camera" of the dialog about a call. It takes no key in its first second, and the first that it
/// takes chooses nothing.
pub(crate) fn answers_with_camera(person: &mut Person) {
    person.sees("[ With camera ]").types("\t");
    loop {
        let chosen = |screen: &vt100::Screen, button| style(screen, button) != style(screen, "calls to");
        if person.shows_within(KEY, |screen| chosen(screen, "With camera")) {
            break;
        }
        let beyond = person.shows_within(Duration::ZERO, |screen| chosen(screen, "Without camera"));
        person.types(if beyond { "\x1b[D" } else { "\x1b[C" });
    }
    person.types("\r");
}

/// How the first character of a text looks.
fn style(screen: &vt100::Screen, text: &str) -> Option<(vt100::Color, vt100::Color, bool, bool)> {
    let (_, cols) = screen.size();
    let (row, col) = screen.rows(0, cols.get()).enumerate().find_map(|(row, line)| {
        let before = line.split_once(text)?.0;
        Some((row, before.chars().count()))
    })?;
    let cell = screen.cell(u16::try_from(row).unwrap(), u16::try_from(col).unwrap())?;
    Some((cell.fgcolor(), cell.bgcolor(), cell.inverse(), cell.bold()))
}

/// One calls the other, who answers with the camera on, and looks at the large picture.
pub(crate) fn calls(one: &mut Person, other: &mut Person, name: &str) {
    one.says(&format!("/call {name}"));
    answers_with_camera(other);
    one.sees("F5 large").types(F5);
}

/// The picture that the one on a screen is most like, and how much.
fn best(screen: &vt100::Screen, pictures: &[Picture]) -> (f64, usize) {
    let Some(tile) = tile_on(screen) else { return (0.0, 0) };
    let all = pictures.iter().enumerate().map(|(at, picture)| (likeness(&tile, picture), at));
    all.fold((0.0, 0), |best, one| if one.0 > best.0 { one } else { best })
}

/// Waits until the screen shows a picture that is like a source, and as wide as a large one; how much it is.
#[track_caller]
pub(crate) fn sees(person: &mut Person, source: &Picture) -> f64 {
    let mut like = 0.0;
    let seen = person.shows_within(PATIENCE, |screen| {
        let large = tile_on(screen).filter(|tile| tile.width() > 2 * LEAST_SIDE);
        like = large.map_or(0.0, |tile| likeness(&tile, source));
        like >= LIKE
    });
    assert!(seen, "the picture is like its source by {like}:\n{}", person.screen());
    like
}

/// Follows the picture on the screen until something is so; how much each was like its source, and which that was, as
/// often as another one was shown.
#[track_caller]
pub(crate) fn follows(
    person: &mut Person,
    film: &[Picture],
    mut is_so: impl FnMut(&vt100::Screen, usize) -> bool,
) -> Vec<(f64, usize)> {
    let mut seen: Vec<(f64, usize)> = Vec::new();
    person.shows("the picture to move on", |screen| {
        let (like, which) = best(screen, film);
        if like >= LIKE && seen.last().is_none_or(|(_, last)| *last != which) {
            seen.push((like, which));
        }
        is_so(screen, seen.len())
    });
    seen
}

pub(crate) fn shows_no_picture(person: &mut Person) -> &mut Person {
    person.shows("the picture to go", |screen| tile_on(screen).is_none())
}

#[test]
fn a_face_is_seen_over_every_transport() {
    let folder = Folder::new();
    let path = folder.path().join("s");
    let unix = format!("unix:{}", path.display());
    let server = Server::start(&["--listen", "tls://127.0.0.1:0", "--listen", &unix]);
    let tls = format!("tls://{}", crate::secure::tls_of(&server).0);
    let tcp = format!("tcp://{}", server.address);
    let sshd = Sshd::start();
    let mut ways = vec![("tcp", tcp), ("tls", tls), ("unix", unix)];
    ways.extend(sshd.as_ref().map(|sshd| ("ssh", sshd.url(path.to_str().unwrap()))));
    let variables = sshd.as_ref().map(|sshd| sshd.variables("bin"));
    let variables: Vec<(&str, &str)> =
        variables.iter().flatten().map(|(name, value)| (*name, value.to_str().unwrap())).collect();
    let scene = scenes([7]);
    thread::scope(|scope| {
        for (way, url) in &ways {
            let (scene, variables) = (&scene, &variables);
            scope.spawn(move || {
                let join = |name: &str| {
                    with_camera(url, &format!("{name}-{way}"), scene, Launch { variables, ..Launch::default() })
                };
                let (mut ann, mut bob) = (join("ann"), join("bob"));
                calls(&mut ann, &mut bob, &format!("bob-{way}"));
                println!("{way}: SSIM {:.3}", sees(&mut ann, &scene[0]));
                // Whoever is seen knows it, and nobody else has turned a camera on.
                bob.sees(LIGHT).misses("your camera is off");
                ann.sees("your camera is off").misses(LIGHT);
                bob.says("/camera off").misses(LIGHT);
                shows_no_picture(&mut ann).sees("'s camera is off");
                bob.types(F7).sees(LIGHT);
                sees(&mut ann, &scene[0]);
                ann.says("/hangup");
                shows_no_picture(&mut ann);
                shows_no_picture(&mut bob).misses(LIGHT);
            });
        }
    });
}

#[test]
fn a_moving_face_follows_its_source_until_the_server_dies() {
    let server = Server::start(&[]);
    let url = format!("tcp://{}", server.address);
    let moving = scenes(MOVES);
    let mut ann = with_camera(&url, "ann", &moving, Launch::default());
    let mut bob = with_camera(&url, "bob", &moving, Launch::default());
    calls(&mut ann, &mut bob, "bob");
    println!("SSIM, and which: {:.3?}", follows(&mut ann, &moving, |_, seen| seen >= 8));
    server.signal(Signal::KILL);
    for person in [&mut ann, &mut bob] {
        shows_no_picture(person).sees("The connection to the server is lost, and").misses(LIGHT);
        // What was said of the call stays in view, and the place of the picture is free for it.
        person.sees("over: /call");
    }
}

#[test]
fn pictures_and_words_go_on_while_packets_begin_to_bypass_the_server() {
    let Some(networks) = Networks::make() else { return };
    let [ours, theirs] = networks.processes;
    let moving = scenes(MOVES);
    let [mut ann, mut bob] = [("ann", ours), ("bob", theirs)].map(|(name, process)| {
        let through = ["nsenter", &in_network_of(process)];
        with_camera(&networks.url, name, &moving, Launch { through: &through, ..Launch::default() })
    });
    calls(&mut ann, &mut bob, "bob");
    let by_relay = follows(&mut ann, &moving, |_, seen| seen >= 8).len();
    let mut words = ["one", "two", "three", "four", "five", "six"].into_iter().map(|word| format!("word-{word}"));
    let mut says = |ann: &mut Person, bob: &mut Person| {
        let word = words.next().unwrap();
        ann.says(&word);
        bob.sees(&word);
    };
    says(&mut ann, &mut bob);
    ann.says("/bypass");
    bob.sees("ann wants packets to bypass").says("/bypass");
    // Whatever is said meanwhile.
    ann.says("word-between");
    let meanwhile = follows(&mut ann, &moving, |screen, _| screen.contents().contains("direct to 10.9.8.2")).len();
    bob.sees("word-between").sees("direct to 10.9.8.1");
    says(&mut ann, &mut bob);
    let direct = follows(&mut ann, &moving, |_, seen| seen >= 8).len();
    drop(networks.server);
    ann.sees("Reconnecting");
    says(&mut ann, &mut bob);
    let alone = follows(&mut ann, &moving, |_, seen| seen >= 8).len();
    println!("pictures by the relay {by_relay}, meanwhile {meanwhile}, direct {direct}, without the server {alone}");
    bob.says("/camera off");
    shows_no_picture(&mut ann);
}
