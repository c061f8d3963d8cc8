//! A call with pictures from end to end: what a picture costs its sender and its receiver, how long it takes from the camera
//! to the terminal, and what the terminal is sent.

use std::collections::HashMap;
use std::io::{self, Write};
use std::net::{SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};
use tr2::client::direct::pictures::codec::{CodecJob, CodecResult, PictureCodec};
use tr2::client::direct::pictures::{PictureEvent, Pictures};
use tr2::client::direct::talk::{Side, Talk, TalkEvent};
use tr2::client::tui::look::{Depth, Look};
use tr2::client::tui::screen::Screen;
use tr2::client::view::{Rect, Tile, View};
use tr2::media::picture::Picture;
use tr2::net::certificate::{self, Credential};
use tr2::net::peer::channel::Channel;
use tr2::net::peer::events::ChannelEvent;

use super::kit::machine::or_quick;
use super::kit::table::Table;

/// The time between two pictures of the camera.
const CAMERA: Duration = Duration::from_micros(66_667);
/// From the camera to the terminal, without the network: at most this, in milliseconds, at 95 %.
const MOST_DELAY: f64 = 30.0;
/// Of a core, at 80x48 and 15 a second, with everything around: the sender, and the receiver at 80x24 cells; in percent.
const MOST_SENDER: f64 = 5.0;
const MOST_RECEIVER: f64 = 2.0;
/// For a pane of 40x12 cells in 256 colours, in kB a second.
const MOST_PANE: f64 = 25.0;

/// An end of a call, without sockets and threads.
struct CallEnd {
    channel: Channel,
    talk: Talk,
    pictures: Pictures,
}

fn credential() -> Credential {
    let key = certificate::make_key().unwrap();
    certificate::load(&certificate::self_signed(&key, "tr2").unwrap(), &key).unwrap()
}

fn ends(now: Instant) -> [CallEnd; 2] {
    let keys = [credential(), credential()];
    let [ours, theirs] = [keys[0].fingerprint, keys[1].fingerprint];
    let end = |channel, talk| CallEnd { channel, talk, pictures: Pictures::new(now) };
    [
        end(Channel::call(&keys[0], theirs, now).unwrap(), Talk::new(Side::Caller, ours, theirs, [1; 16])),
        end(Channel::answer(&keys[1], ours, now).unwrap(), Talk::new(Side::Callee, theirs, ours, [2; 16])),
    ]
}

impl CallEnd {
    /// Takes what happened, and gives what is to be sent, except what the codec has to do.
    fn go_on(&mut self, now: Instant) {
        while let Some(event) = self.channel.event() {
            match event {
                ChannelEvent::Datagram(datagram) => self.pictures.take_datagram(&datagram, now),
                event => self.talk.take(event, &mut self.channel),
            }
        }
        while let Some(event) = self.talk.event() {
            if let TalkEvent::Pictures(note) = event {
                self.pictures.take_note(note);
            }
        }
        self.pictures.exchange(&mut self.talk, &mut self.channel, now);
    }
}

/// A terminal that takes everything, and counts it.
#[derive(Clone, Default)]
struct Counter(Arc<AtomicUsize>);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.fetch_add(bytes.len(), Ordering::Relaxed);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A screen that shows one picture, on a terminal that answers at once.
struct Pane {
    screen: Screen,
    written: Counter,
    size: (u16, u16),
}

impl Pane {
    fn new((width, height): (u16, u16), depth: Depth) -> Self {
        let written = Counter::default();
        let look = Look { depth, unicode: true, emulator: true, ..Look::LEAST };
        let mut screen = Screen::new(Box::new(written.clone()), (80, 24), look);
        screen.trust_answers();
        Self { screen, written, size: (width, height) }
    }

    fn show(&mut self, picture: Arc<Picture>) {
        let area = Rect { x: 0, y: 0, width: self.size.0, height: self.size.1 };
        let tile = Tile { area, picture: Some(picture), ..Tile::default() };
        self.screen.draw(View { cols: 80, rows: 24, tiles: vec![tile], ..View::default() });
        while self.screen.is_asking() {
            self.screen.answered();
        }
    }
}

/// The time that this thread has computed.
fn computed() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::try_from(time).unwrap()
}

/// What a call of so many pictures costs, each end by itself, in milliseconds a picture; and the pictures that were shown.
fn cost(clip: &[Picture], count: usize) -> (f64, f64, Vec<Arc<Picture>>) {
    let mut now = Instant::now();
    let mut ends = ends(now);
    let mut codecs = [PictureCodec::default(), PictureCodec::default()];
    let mut pane = Pane::new((80, 24), Depth::Palette);
    let (mut spent, mut shown, mut sent) = ([Duration::ZERO; 2], Vec::new(), 0);
    ends[0].pictures.turn_camera(true);
    ends[1].pictures.want(80);
    let clip: Vec<Arc<Picture>> = clip.iter().cloned().map(Arc::new).collect();
    // The ladder needs its time to the top; then it is measured.
    let warm_up = or_quick(200, 20);
    for step in 0..warm_up + count {
        if step == warm_up {
            (spent, shown, sent) = ([Duration::ZERO; 2], Vec::new(), 0);
        }
        ends[0].pictures.take_camera(Arc::clone(&clip[step % clip.len()]), now);
        let mut is_moving = true;
        while is_moving {
            is_moving = false;
            for at in 0..2 {
                let began = computed();
                ends[at].go_on(now);
                while let Some(job) = ends[at].pictures.job(now) {
                    sent += usize::from(matches!(job, CodecJob::Encode(_)));
                    let result = codecs[at].run(job);
                    ends[at].pictures.done(result);
                    ends[at].go_on(now);
                }
                while let Some(event) = ends[at].pictures.event() {
                    if let PictureEvent::Shown(picture) = event {
                        pane.show(Arc::clone(&picture));
                        shown.push(picture);
                    }
                }
                let packets: Vec<Vec<u8>> = std::iter::from_fn(|| ends[at].channel.transmit(now)).collect();
                spent[at] += computed() - began;
                for packet in packets {
                    let began = computed();
                    ends[1 - at].channel.receive(&packet, now);
                    spent[1 - at] += computed() - began;
                    is_moving = true;
                }
            }
        }
        now += CAMERA;
        for (end, spent) in ends.iter_mut().zip(&mut spent) {
            if end.channel.deadline().is_some_and(|due| due <= now) {
                let began = computed();
                end.channel.tick(now);
                *spent += computed() - began;
            }
        }
    }
    let [sender, receiver] = spent.map(|spent| spent.as_secs_f64() * 1e3);
    (sender / f64::from(sent.max(1) as u32), receiver / f64::from(shown.len().max(1) as u32), shown)
}

/// When each picture was taken, by its number.
type Taken = Arc<Mutex<HashMap<u16, Instant>>>;

/// Runs an end over a socket to another, with a thread for its codec, as long as `goes_on` says.
fn run(
    mut end: CallEnd,
    socket: &UdpSocket,
    peer: SocketAddr,
    goes_on: &AtomicBool,
    mut each: impl FnMut(&mut CallEnd, Done),
) {
    let (jobs, todo): (Sender<CodecJob>, Receiver<CodecJob>) = channel();
    let (results, done) = channel();
    let waker = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap();
    let codec = thread::spawn(move || {
        let mut codec = PictureCodec::default();
        while let Ok(job) = todo.recv() {
            if results.send(codec.run(job)).is_err() {
                return;
            }
            waker.send_to(&[], address).unwrap();
        }
    });
    let mut bytes = [0; 2048];
    while goes_on.load(Ordering::Relaxed) {
        let now = Instant::now();
        each(&mut end, Done::Nothing);
        end.go_on(now);
        while let Ok(result) = done.try_recv() {
            let number = match &result {
                CodecResult::Decoded(Ok(decoded)) => Some(decoded.head.number),
                _ => None,
            };
            end.pictures.done(result);
            end.go_on(now);
            if let Some(number) = number {
                each(&mut end, Done::Decoded(number));
            }
        }
        while let Some(job) = end.pictures.job(now) {
            if let CodecJob::Encode(job) = &job {
                each(&mut end, Done::Begun(job.number));
            }
            jobs.send(job).unwrap();
        }
        while let Some(packet) = end.channel.transmit(now) {
            socket.send_to(&packet, peer).unwrap();
        }
        let wait = end.channel.deadline().map_or(CAMERA, |due| due.saturating_duration_since(now));
        socket.set_read_timeout(Some(wait.clamp(Duration::from_millis(1), Duration::from_millis(5)))).unwrap();
        if let Ok((count @ 1.., _)) = socket.recv_from(&mut bytes) {
            end.channel.receive(&bytes[..count], Instant::now());
        }
        end.channel.tick(Instant::now());
    }
    drop(jobs);
    codec.join().unwrap();
}

/// What happened to a picture at an end.
enum Done {
    Nothing,
    Begun(u16),
    Decoded(u16),
}

/// The times from the camera to the terminal's bytes over sockets of this machine, in milliseconds.
fn delays(clip: &[Picture], cells: (u16, u16), length: Duration) -> Vec<f64> {
    let [caller, callee] = ends(Instant::now());
    let sockets = [(); 2].map(|()| UdpSocket::bind("127.0.0.1:0").unwrap());
    let addresses = sockets.each_ref().map(|socket| socket.local_addr().unwrap());
    let goes_on = AtomicBool::new(true);
    let taken = Taken::default();
    let delays = Mutex::new(Vec::new());
    let clip: Vec<Arc<Picture>> = clip.iter().cloned().map(Arc::new).collect();
    thread::scope(|scope| {
        let [first, second] = &sockets;
        let (taken, goes_on, delays) = (&taken, &goes_on, &delays);
        scope.spawn(move || {
            let (mut due, mut shot, mut at) = (Instant::now(), 0, Instant::now());
            run(caller, first, addresses[1], goes_on, |end, done| match done {
                Done::Nothing if Instant::now() >= due => {
                    end.pictures.turn_camera(true);
                    (due, at) = (due + CAMERA, Instant::now());
                    end.pictures.take_camera(Arc::clone(&clip[shot % clip.len()]), at);
                    shot += 1;
                }
                Done::Begun(number) => drop(taken.lock().unwrap().insert(number, at)),
                Done::Nothing | Done::Decoded(_) => {}
            });
        });
        scope.spawn(move || {
            let mut pane = Pane::new(cells, Depth::Palette);
            run(callee, second, addresses[0], goes_on, |end, done| {
                end.pictures.want(80);
                let Done::Decoded(number) = done else { return };
                while let Some(event) = end.pictures.event() {
                    if let PictureEvent::Shown(picture) = event {
                        pane.show(picture);
                        let at = taken.lock().unwrap()[&number];
                        delays.lock().unwrap().push(at.elapsed().as_secs_f64() * 1e3);
                    }
                }
            });
        });
        thread::sleep(length);
        goes_on.store(false, Ordering::Relaxed);
    });
    let mut delays = delays.into_inner().unwrap();
    delays.sort_by(f64::total_cmp);
    delays
}

/// The value below which this many of a hundred are.
fn percentile(sorted: &[f64], of_a_hundred: usize) -> f64 {
    sorted.get((sorted.len() * of_a_hundred / 100).min(sorted.len().saturating_sub(1))).copied().unwrap_or(f64::NAN)
}

/// Measures a call whose camera shows this clip.
pub(crate) fn measure(table: &mut Table, what: &str, clip: &[Picture]) {
    let (sender, receiver, shown) = cost(clip, or_quick(300, 5));
    let figure = |ms: f64| format!("{:.0} us a picture", ms * 1e3);
    let share = |ms: f64| ms * 15.0 / 10.0;
    table.row(&format!("a call, {what}"), "the sender", &figure(sender), None, "scaled, coded, sealed, sent; 80x48");
    table.row(&format!("a call, {what}"), "the receiver", &figure(receiver), None, "80x24 cells, 256 colours");
    table.at_most(
        &format!("a call, {what}: of a core, the sender, at most {MOST_SENDER} %"),
        Some(share(sender)),
        MOST_SENDER,
    );
    table.at_most(
        &format!("a call, {what}: of a core, the receiver at 80x24, at most {MOST_RECEIVER} %"),
        Some(share(receiver)),
        MOST_RECEIVER,
    );
    for (name, size, depth, most) in [
        ("40x12, 256 colours", (40, 12), Depth::Palette, Some(MOST_PANE)),
        ("40x12, 24 bits", (40, 12), Depth::True, None),
        ("80x24, 256 colours", (80, 24), Depth::Palette, None),
        ("80x24, 24 bits", (80, 24), Depth::True, None),
        ("80x24, characters", (80, 24), Depth::Mono, None),
    ] {
        let mut pane = Pane::new(size, depth);
        let mut pictures = shown.iter();
        pictures.next().into_iter().for_each(|picture| pane.show(Arc::clone(picture)));
        let before = pane.written.0.load(Ordering::Relaxed);
        let count = pictures.len().max(1);
        pictures.for_each(|picture| pane.show(Arc::clone(picture)));
        let bytes = pane.written.0.load(Ordering::Relaxed) - before;
        let rate = bytes as f64 * 15.0 / count as f64 / 1e3;
        table.row(&format!("a pane, {what}"), name, &format!("{rate:.1} kB/s"), None, "at 15 a second");
        if let Some(most) = most {
            table.at_most(&format!("a pane, {what}: {name}, at most {most} kB/s"), Some(rate), most);
        }
    }
    for cells in [(40, 12), (80, 24)] {
        let delays = delays(clip, cells, Duration::from_millis(or_quick(20_000, 1_500)));
        let (p50, p95) = (percentile(&delays, 50), percentile(&delays, 95));
        let figure = format!("{p50:.1} / {p95:.1} ms");
        let note = format!("p50 / p95 of {} from camera to terminal bytes, sockets, codec threads", delays.len());
        table.row(&format!("a call, {what}"), &format!("{}x{} cells", cells.0, cells.1), &figure, None, &note);
        table.at_most(
            &format!("a call, {what}, {}x{}: camera to terminal, p95 at most {MOST_DELAY} ms", cells.0, cells.1),
            Some(p95).filter(|p95| p95.is_finite()),
            MOST_DELAY,
        );
    }
}
