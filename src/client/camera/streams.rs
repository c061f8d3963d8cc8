//! The threads of a camera: they read a stream or a file, or make the test pattern, and leave pictures in the feed.
//!
//! Must not know: programs, or who takes the pictures.

use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::Path;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::feed::Feed;
use crate::language::camera as say;
use crate::media::picture::{LARGEST_SOURCE, PictureSize};
use crate::media::test_source::test_picture;
use crate::media::y4m::{Y4mError, Y4mReader};

/// How often a thread that waits for a stream sees whether it is stopped.
const LOOK: Timespec = Timespec { tv_sec: 0, tv_nsec: 100_000_000 };
/// The same of one that waits for somebody to open a named pipe.
const WRITER: Duration = Duration::from_millis(100);
/// The most bytes that are read at once.
const READ: usize = 64 * 1024;
/// Pictures a second of the test pattern.
const TEST_RATE: u32 = 15;

/// What comes at the end of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StreamEnd {
    /// Nothing more.
    Last,
    /// Another writer, as of a named pipe.
    Next,
}

/// Reads a stream to its end; returns a sentence if it was damaged, or nothing if it ended or the camera was stopped.
pub(super) fn read(feed: &Feed, mut stream: File, end: StreamEnd) -> Option<String> {
    let mut reader = Y4mReader::default();
    let mut bytes = vec![0; READ];
    while !feed.stop().is_stopped() {
        // A stream that is not ready is asked again: all that counts is not to wait for ever.
        let _ = poll(&mut [PollFd::new(&stream, PollFlags::IN)], Some(&LOOK));
        match stream.read(&mut bytes) {
            Ok(0) if end == StreamEnd::Next => {
                reader = Y4mReader::default();
                feed.stop().wait_until(feed.stop().elapsed() + WRITER);
            }
            Ok(0) => return None,
            Ok(count) => {
                reader.push(bytes.get(..count).unwrap_or_default());
                loop {
                    match reader.picture() {
                        Ok(Some(picture)) => feed.leave(&picture),
                        Ok(None) => break,
                        Err(error) => return Some(sentence(error)),
                    }
                }
            }
            Err(error) if matches!(error.kind(), ErrorKind::Interrupted | ErrorKind::WouldBlock) => {}
            Err(error) => return Some(say::stream_unread(error)),
        }
    }
    None
}

/// Shows a file again and again at its rate; returns a sentence if that cannot be.
pub(super) fn play(feed: &Feed, path: &Path) -> Option<String> {
    let unread = |error| Some(say::source_unread(path.display(), error));
    let mut due = feed.stop().elapsed();
    loop {
        let mut file = match File::open(path) {
            Ok(file) => file,
            Err(error) => return unread(error),
        };
        let (mut reader, mut bytes, mut count) = (Y4mReader::default(), vec![0; READ], 0_usize);
        loop {
            match file.read(&mut bytes) {
                Ok(0) => break,
                Ok(count) => reader.push(bytes.get(..count).unwrap_or_default()),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return unread(error),
            }
            loop {
                match reader.picture() {
                    Ok(Some(picture)) => {
                        if feed.stop().wait_until(due) {
                            return None;
                        }
                        feed.leave(&picture);
                        count += 1;
                        due += reader.header().map_or(Duration::ZERO, |header| {
                            Duration::from_secs(header.seconds.into()) / header.pictures.max(1)
                        });
                        // What a slow machine or a long stop left out is not made up for.
                        due = due.max(feed.stop().elapsed().saturating_sub(WRITER));
                    }
                    Ok(None) => break,
                    Err(error) => return Some(sentence(error)),
                }
            }
        }
        if count == 0 {
            return Some(say::file_empty(path.display()));
        }
    }
}

/// Shows the test pattern.
pub(super) fn show_test(feed: &Feed) {
    let mut number = 0;
    while !feed.stop().wait_until(Duration::from_secs(1) * number / TEST_RATE) {
        if let Some(size) = feed.wanted().or_else(|| PictureSize::new(80, 48)) {
            feed.leave(&test_picture(size, number));
        }
        number += 1;
    }
}

fn sentence(error: Y4mError) -> String {
    match error {
        Y4mError::NotY4m => say::not_y4m().to_owned(),
        Y4mError::LongLine | Y4mError::Unreadable | Y4mError::NoFrame => say::damaged().to_owned(),
        Y4mError::Size => say::wrong_size(LARGEST_SOURCE.0, LARGEST_SOURCE.1),
        Y4mError::PictureRate => say::wrong_rate().to_owned(),
        Y4mError::Colours => say::wrong_colours().to_owned(),
    }
}
