//! Cameras: files, pipes and programs; what is wrong with each is said in a sentence, and nothing is left running.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use tr2::client::camera::Camera;
use tr2::client::camera::feed::CameraNews;
use tr2::client::camera::source::{CameraSource, device_programs};
use tr2::media::picture::PictureSize;

use crate::programs::{Folder, PATIENCE, is_alive};

/// A stream of grey pictures of 16x12, the first of this brightness, each a step brighter.
fn stream(pictures: usize, rate: usize) -> Vec<u8> {
    let mut bytes = format!("YUV4MPEG2 W16 H12 F{rate}:1 Cmono\n").into_bytes();
    for number in 0..pictures {
        bytes.extend(b"FRAME\n");
        bytes.extend([(100 + number) as u8; 16 * 12]);
    }
    bytes
}

/// A camera, and the times when it woke us.
struct Watched(Camera, Receiver<()>);

impl Watched {
    fn start(source: &CameraSource) -> Self {
        let (waker, woken) = channel();
        Self(Camera::start(source, move || waker.send(()).unwrap_or_default()).unwrap(), woken)
    }

    /// The next news.
    fn next(&self) -> CameraNews {
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(news) = self.0.take() {
                return news;
            }
            self.1.recv_timeout(until.saturating_duration_since(Instant::now())).expect("news of the camera");
        }
    }

    /// The brightness of the next picture.
    fn brightness(&self) -> u8 {
        match self.next() {
            CameraNews::Picture(picture) => picture.planes()[0].samples()[0],
            CameraNews::Ended(why) => panic!("{why}"),
        }
    }

    /// How it ended.
    fn end(&self) -> String {
        loop {
            if let CameraNews::Ended(why) = self.next() {
                return why;
            }
        }
    }
}

fn refused(source: &CameraSource) -> String {
    Camera::start(source, || {}).map(|camera| format!("{camera:?}")).unwrap_err()
}

fn command(line: &str) -> CameraSource {
    CameraSource::Command(line.to_owned())
}

#[test]
fn names_of_cameras() {
    let of = |name: &str| CameraSource::named(name).unwrap();
    assert_eq!(of("none"), CameraSource::None);
    assert_eq!(of(" test "), CameraSource::Test);
    assert_eq!(of("-"), CameraSource::Input);
    assert_eq!(of("fd:3"), CameraSource::Descriptor(3));
    assert_eq!(of("fd:x"), command("fd:x"));
    assert_eq!(of("/dev/video12"), CameraSource::Device("/dev/video12".into()));
    assert_eq!(of("clips/me.y4m"), CameraSource::File("clips/me.y4m".into()));
    assert_eq!(of("my clip.y4m"), CameraSource::File("my clip.y4m".into()));
    assert_eq!(of("ffmpeg -i /dev/video0 -f yuv4mpegpipe -"), command("ffmpeg -i /dev/video0 -f yuv4mpegpipe -"));
    assert!(CameraSource::named("  ").unwrap_err().contains("FILE.y4m"));
    assert_eq!(CameraSource::first_device(|path| path == Path::new("/dev/video2")), Some(of("/dev/video2")));
    assert_eq!(CameraSource::first_device(|_| false), None);
    assert!(of("-").is_pipe() && of("fd:3").is_pipe() && !of("/dev/video0").is_pipe());
    assert!(CameraSource::why_none(|_| None).contains("--camera"));
    let over_ssh = CameraSource::why_none(|name| (name == "SSH_CONNECTION").then(|| "a b".into()));
    assert!(over_ssh.contains("mkfifo") && over_ssh.contains("ssh://"), "{over_ssh}");
}

#[test]
fn a_file_that_is_no_program_is_not_run_and_one_learns_how_it_is_played() {
    let folder = Folder::new("camera-film");
    let film = folder.file("movie.mp4", b"exit 0");
    let line = film.display().to_string();
    let why = refused(&CameraSource::named(&line).unwrap());
    assert!(why.starts_with(&format!("The camera {line} is neither a YUV4MPEG2 file")), "{why}");
    assert!(why.contains(".y4m") && why.contains("--camera 'ffmpeg "), "{why}");
    // What can be run is a command, with or without arguments.
    fs::set_permissions(&film, fs::Permissions::from_mode(0o755)).unwrap();
    for line in [line.clone(), format!("{line} --loop")] {
        drop(Camera::start(&command(&line), || {}).unwrap());
    }
}

#[test]
fn a_device_is_read_by_ffmpeg_or_else_by_gstreamer() {
    let [ffmpeg, gstreamer] = device_programs(Path::new("/dev/video7"));
    let words = |arguments: &[std::ffi::OsString]| {
        arguments.iter().map(|word| word.to_str().unwrap().to_owned()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!((ffmpeg.name, gstreamer.name), ("ffmpeg", "gst-launch-1.0"));
    let (ffmpeg, gstreamer) = (words(&ffmpeg.arguments), words(&gstreamer.arguments));
    assert!(ffmpeg.contains("-f v4l2 -i /dev/video7 -vf fps=15,scale=320:-2"), "{ffmpeg}");
    assert!(ffmpeg.contains("-pix_fmt yuv420p -f yuv4mpegpipe -") && !ffmpeg.contains("  "), "{ffmpeg}");
    assert!(gstreamer.starts_with("-q v4l2src device=/dev/video7 ! videoconvert"), "{gstreamer}");
    assert!(gstreamer.ends_with("framerate=15/1 ! y4menc ! fdsink fd=1"), "{gstreamer}");
}

#[test]
fn the_test_pattern_moves_at_the_size_that_is_wanted() {
    let camera = Watched::start(&CameraSource::Test);
    camera.0.want(PictureSize::new(40, 24).unwrap());
    let mut pictures = Vec::new();
    while pictures.len() < 3 {
        let CameraNews::Picture(picture) = camera.next() else { panic!() };
        if picture.size().width() == 40 {
            pictures.push(picture);
        }
    }
    assert!(pictures[0] != pictures[1] && pictures[1] != pictures[2]);
}

#[test]
fn a_file_is_shown_again_and_again_at_its_rate() {
    let folder = Folder::new("camera-file");
    let began = Instant::now();
    let camera = Watched::start(&CameraSource::File(folder.file("me.y4m", &stream(3, 20))));
    let seen: Vec<u8> = (0..7).map(|_| camera.brightness()).collect();
    let took = began.elapsed();
    // On a busy machine some may be left out, but none comes early and none out of turn.
    assert!(took >= Duration::from_millis(290), "{took:?}");
    let steps = seen.windows(2).map(|pair| (pair[1] + 3 - pair[0]) % 3);
    assert!(seen[0] == 100 && steps.filter(|step| *step == 1).count() >= 4, "{seen:?}");
    assert_eq!(
        refused(&CameraSource::File("/no/such.y4m".into())).split(':').next().unwrap(),
        "The camera /no/such.y4m cannot be read"
    );
    for (name, bytes, words) in [
        ("empty.y4m", b"".to_vec(), "There is no picture in"),
        ("short.y4m", stream(1, 5)[..60].to_vec(), "There is no picture in"),
        ("other.y4m", b"RIFF".to_vec(), "The camera's stream is not YUV4MPEG2"),
        ("large.y4m", b"YUV4MPEG2 W9999 H8 F5:1\n".to_vec(), "at most 1920x1080"),
        ("fast.y4m", b"YUV4MPEG2 W8 H8 F9999:1\n".to_vec(), "impossible number"),
        ("deep.y4m", b"YUV4MPEG2 W8 H8 F5:1 C444\n".to_vec(), "4:2:0"),
        ("damaged.y4m", b"YUV4MPEG2 W8 H8 F5:1\nFRAMX\n".to_vec(), "damaged"),
    ] {
        let end = Watched::start(&CameraSource::File(folder.file(name, &bytes))).end();
        assert!(end.contains(words), "{name}: {end}");
    }
}

#[test]
fn a_picture_is_cut_five_to_three_and_made_no_larger_than_wanted() {
    let folder = Folder::new("camera-large");
    let mut bytes = b"YUV4MPEG2 W640 H480 F5:1 Cmono\nFRAME\n".to_vec();
    bytes.extend(vec![90; 640 * 480]);
    let camera = Watched::start(&CameraSource::File(folder.file("me.y4m", &bytes)));
    let width = |camera: &Watched| match camera.next() {
        CameraNews::Picture(picture) => (picture.size().width(), picture.size().height()),
        CameraNews::Ended(why) => panic!("{why}"),
    };
    assert_eq!(width(&camera), (320, 192));
    camera.0.want(PictureSize::new(80, 48).unwrap());
    while width(&camera) != (80, 48) {}
}

#[test]
fn of_what_nobody_takes_only_the_newest_is_left() {
    let folder = Folder::new("camera-newest");
    let camera = Watched::start(&CameraSource::File(folder.file("me.y4m", &stream(100, 30))));
    camera.1.recv_timeout(PATIENCE).unwrap();
    // Time for six more.
    std::thread::sleep(Duration::from_millis(230));
    assert!(camera.1.try_recv().is_err(), "it wakes us once");
    assert!(camera.brightness() >= 102);
    camera.0.turn(false);
    assert_eq!(camera.0.take(), None);
}

#[test]
fn while_it_is_off_a_stream_is_read_and_nothing_is_kept() {
    let folder = Folder::new("camera-off");
    let pipe = folder.0.join("camera.y4m");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let camera = Watched::start(&CameraSource::File(pipe.clone()));
    // Nobody writes yet: that is no error.
    assert_eq!(camera.0.take(), None);
    let mut writer = fs::OpenOptions::new().write(true).open(&pipe).unwrap();
    camera.0.turn(false);
    // Far more than a pipe holds: it is read.
    writer.write_all(&stream(1_000, 30)).unwrap();
    assert_eq!(camera.0.take(), None);
    camera.0.turn(true);
    let writing = std::thread::spawn(move || {
        for _ in 0..300 {
            writer.write_all(&[b"FRAME\n".as_slice(), &[50; 16 * 12]].concat()).unwrap();
            std::thread::sleep(Duration::from_millis(1));
        }
    });
    // What was in the pipe comes first.
    while camera.brightness() != 50 {}
    writing.join().unwrap();
    // It is seen that nobody writes any more, and another comes.
    std::thread::sleep(Duration::from_millis(500));
    while camera.0.take().is_some() {}
    let mut writer = fs::OpenOptions::new().write(true).open(&pipe).unwrap();
    writer.write_all(&stream(1, 30)).unwrap();
    assert_eq!(camera.brightness(), 100);
}

#[test]
fn pipes_of_this_process_are_cameras() {
    let (reader, mut writer) = std::io::pipe().unwrap();
    let number = std::os::fd::AsRawFd::as_raw_fd(&reader);
    let camera = Watched::start(&CameraSource::Descriptor(number.unsigned_abs()));
    writer.write_all(&stream(1, 5)).unwrap();
    assert_eq!(camera.brightness(), 100);
    drop((reader, writer));
    assert_eq!(camera.end(), "The camera's pictures have ended.");
    assert!(refused(&CameraSource::Descriptor(9_999)).starts_with("The camera fd:9999 cannot be read"));
    assert_eq!(refused(&CameraSource::None), "--camera none means no camera.");
    assert!(refused(&CameraSource::Device("/dev/video-none".into())).contains("/dev/video-none cannot be read"));
}

#[test]
fn what_a_program_complains_about_is_said_and_harmless() {
    let end = |line: &str| Watched::start(&command(line)).end();
    assert_eq!(end("exit 3"), "The camera's program ended with exit status: 3.");
    assert_eq!(end("exit 0"), "The camera's pictures have ended.");
    assert_eq!(end("echo first >&2; echo 'no such device' >&2; exit 1"), "The camera's program ended: no such device");
    let evil = end("printf '\\033]0;x\\007\\033[2J evil\\n' >&2; exit 1");
    assert!(evil.contains("evil") && !evil.contains(char::is_control), "{evil:?}");
    let long = end("head -c 100000 /dev/zero | tr '\\0' x >&2; exit 1");
    assert!(long.len() < 500, "{} bytes", long.len());
    assert!(end("no-such-program-of-a-camera").contains("not found"));
    assert_eq!(
        end("echo hello; sleep 60"),
        "The camera's stream is not YUV4MPEG2. ffmpeg writes it with -f yuv4mpegpipe."
    );
}

#[test]
fn a_program_and_its_children_end_with_the_camera() {
    let folder = Folder::new("camera-ends");
    let (clip, pids) = (folder.file("me", &stream(2, 5)), folder.0.join("pids"));
    let line = format!(
        "echo $$ > {1}; sleep 600 & echo $! >> {1}; cat {0}; trap '' TERM INT HUP; while :; do sleep 1; done",
        clip.display(),
        pids.display()
    );
    let camera = Watched::start(&command(&line));
    camera.brightness();
    let pids: Vec<String> = fs::read_to_string(&pids).unwrap().lines().map(str::to_owned).collect();
    assert!(pids.len() == 2 && pids.iter().all(|pid| is_alive(pid)), "{pids:?}");
    drop(camera);
    let until = Instant::now() + PATIENCE;
    while pids.iter().any(|pid| is_alive(pid)) {
        assert!(Instant::now() < until, "still there: {pids:?}");
        std::thread::sleep(Duration::from_millis(10));
    }
}
