//! The threads of sound: one leaves what a microphone hears, the other writes what a loudspeaker plays.
//!
//! Must not know: which programs there are, or who speaks.

use std::fs::File;
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::ioctl_fionread;

use super::feed::SoundFeed;
use crate::media::voice::RATE;
use crate::media::voice::wav::{bytes, samples};
use crate::sys::clock::Clock;

/// How often a thread that waits for a microphone sees whether it is stopped.
const LOOK: Timespec = Timespec { tv_sec: 0, tv_nsec: 100_000_000 };
/// The most bytes that are read at once.
const READ: usize = 16 * 1024;
/// What is played, or heard of a file, at once.
const PIECE: Duration = Duration::from_millis(20);
const PIECE_SAMPLES: usize = (RATE / 50) as usize;
/// The most bytes that wait in the pipe to a loudspeaker: 60 ms. What is more would be heard ever later where the sound
/// card is slower than our clock.
const MOST_IN_PIPE: u64 = 1_920;
/// So long a program may give or take nothing.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// So long a program may take to say what it knows.
const HELP_PATIENCE: Duration = Duration::from_secs(2);

/// Why a thread ended.
#[derive(Debug)]
pub(super) enum SoundEnd {
    /// The sound was stopped.
    Stopped,
    /// The other side closed the pipe.
    Closed,
    /// Nothing came or went for too long.
    Stuck,
    /// The system says why.
    Failed(io::Error),
}

/// Leaves what a program writes.
pub(super) fn read(feed: &SoundFeed, mut pipe: File) -> SoundEnd {
    let mut buffer = vec![0; READ];
    let (mut filled, mut came) = (0, feed.stop().elapsed());
    while !feed.stop().is_stopped() {
        // A pipe that is not ready is asked again: all that counts is not to wait for ever.
        let ready = poll(&mut [PollFd::new(&pipe, PollFlags::IN)], Some(&LOOK));
        if !matches!(ready, Ok(1..)) {
            if feed.stop().elapsed().saturating_sub(came) >= PATIENCE {
                return SoundEnd::Stuck;
            }
            continue;
        }
        match pipe.read(buffer.get_mut(filled..).unwrap_or_default()) {
            Ok(0) => return SoundEnd::Closed,
            Ok(count) => {
                came = feed.stop().elapsed();
                let all = filled + count;
                feed.leave(&samples(buffer.get(..all).unwrap_or_default()));
                // Half a sample waits for the other half.
                filled = all % 2;
                buffer.copy_within(all - filled..all, 0);
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return SoundEnd::Failed(error),
        }
    }
    SoundEnd::Stopped
}

/// Leaves the sound of a file, again and again.
pub(super) fn read_file(feed: &SoundFeed, sound: &[i16]) -> SoundEnd {
    let mut due = feed.stop().elapsed();
    for piece in sound.chunks(PIECE_SAMPLES).cycle() {
        due = (due + PIECE).max(feed.stop().elapsed().saturating_sub(PIECE));
        if feed.stop().wait_until(due) {
            break;
        }
        feed.leave(piece);
    }
    SoundEnd::Stopped
}

/// Writes what is to be played: always something, if only silence, for a program that runs dry takes a while to begin again.
pub(super) fn write(feed: &SoundFeed, mut pipe: File) -> SoundEnd {
    let (mut due, mut took) = (feed.stop().elapsed(), feed.stop().elapsed());
    loop {
        // What a machine that was stopped left out is not made up for.
        due = (due + PIECE).max(feed.stop().elapsed().saturating_sub(PIECE * 3));
        if feed.stop().wait_until(due) {
            return SoundEnd::Stopped;
        }
        let piece = feed.mixed(PIECE_SAMPLES);
        // A file has nothing that waits.
        if ioctl_fionread(&pipe).is_ok_and(|waiting| waiting > MOST_IN_PIPE) {
            if feed.stop().elapsed().saturating_sub(took) >= PATIENCE {
                return SoundEnd::Stuck;
            }
            continue;
        }
        took = feed.stop().elapsed();
        match pipe.write_all(&bytes(&piece)) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::BrokenPipe => return SoundEnd::Closed,
            Err(error) => return SoundEnd::Failed(error),
        }
    }
}

/// Plays into nothing, so that what waits does not grow old.
pub(super) fn drop_all(feed: &SoundFeed) -> SoundEnd {
    while !feed.stop().wait_until(feed.stop().elapsed() + PIECE) {
        drop(feed.mixed(PIECE_SAMPLES));
    }
    SoundEnd::Stopped
}

/// What a program writes, up to so many bytes, or as much of it as comes within [`HELP_PATIENCE`].
pub(super) fn read_all(mut pipe: File, most: usize) -> Vec<u8> {
    let (clock, mut all, mut buffer) = (Clock::start(), Vec::new(), vec![0; READ]);
    while all.len() < most && clock.elapsed() < HELP_PATIENCE {
        if !matches!(poll(&mut [PollFd::new(&pipe, PollFlags::IN)], Some(&LOOK)), Ok(1..)) {
            continue;
        }
        match pipe.read(&mut buffer) {
            Ok(0) | Err(_) => break,
            Ok(count) => all.extend_from_slice(buffer.get(..count).unwrap_or_default()),
        }
    }
    all
}
