//! Pictures in calls between two people at terminals: what a camera sees is what the other one's screen shows, read back
//! from the colours of its cells, until the camera, the call or the server ends.

use std::fs;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use rustix::process::Signal;
use tr2::media::picture::Picture;

use crate::person::{Launch, Person};
use crate::serving::{Folder, PATIENCE, Server};
use crate::ssh::Sshd;
use crate::tile::{film, likeness, scenes, tile_on};

/// How much the picture on the screen is to be like its source.
const LIKE: f64 = 0.80;
/// So long a key may take to show what it does before another is pressed.
const KEY: Duration = Duration::from_millis(100);

const F5: &str = "\x1b[15~";
const F7: &str = "\x1b[18~";
const LIGHT: &str = "● camera";

/// Somebody whose camera shows some pictures, and who is there.
pub(crate) fn with_camera(server: &str, name: &str, pictures: &[Picture], launch: Launch<'_>) -> Person {
    let home = Arc::new(Folder::new());
    let path = home.path().join("scene.y4m");
    fs::write(&path, film(pictures)).unwrap();
    let arguments = ["--name", name, "--server", server, "--camera", path.to_str().unwrap()];
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
fn calls(one: &mut Person, other: &mut Person, name: &str) {
    one.says(&format!("/call {name}"));
    answers_with_camera(other);
    one.sees("F5 large").types(F5);
}

/// Waits until the screen shows a picture that is like one of some; how much, and like which.
#[track_caller]
fn sees_one_of(person: &mut Person, pictures: &[Picture]) -> (f64, usize) {
    let mut best = (0.0, 0);
    let like = |screen: &vt100::Screen| {
        let Some(tile) = tile_on(screen).filter(|tile| tile.width() >= 60) else { return false };
        let all = pictures.iter().enumerate().map(|(at, picture)| (likeness(&tile, picture), at));
        best = all.fold((0.0, 0), |best, one| if one.0 > best.0 { one } else { best });
        best.0 >= LIKE
    };
    let seen = person.shows_within(PATIENCE, like);
    assert!(seen, "the picture is like its source by {best:?}:\n{}", person.screen());
    best
}

fn shows_no_picture(person: &mut Person) -> &mut Person {
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
                let (like, _) = sees_one_of(&mut ann, scene);
                println!("{way}: SSIM {like:.3}");
                // Whoever is seen knows it, and nobody else has turned a camera on.
                bob.sees(LIGHT).misses("your camera is off");
                ann.sees("your camera is off").misses(LIGHT);
                bob.says("/camera off").misses(LIGHT);
                shows_no_picture(&mut ann).sees("camera off");
                bob.types(F7).sees(LIGHT);
                sees_one_of(&mut ann, scene);
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
    let moving = scenes(0..60);
    let mut ann = with_camera(&url, "ann", &moving, Launch::default());
    let mut bob = with_camera(&url, "bob", &moving, Launch::default());
    calls(&mut ann, &mut bob, "bob");
    let mut seen = Vec::new();
    while seen.len() < 8 {
        let (like, at) = sees_one_of(&mut ann, &moving);
        if !seen.iter().any(|(_, other)| *other == at) {
            seen.push((like, at));
        }
        ann.shows("the next picture", {
            let before = tile_on(ann.cells());
            move |screen| tile_on(screen) != before
        });
    }
    println!("{seen:.3?}");
    server.signal(Signal::KILL);
    for person in [&mut ann, &mut bob] {
        shows_no_picture(person).sees("The connection to the server is lost, and").misses(LIGHT);
        // What was said of the call stays in view, and the place of the picture is free for it.
        person.sees("over: /direct");
    }
}
