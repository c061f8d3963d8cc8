//! A reader of YUV4MPEG2, the uncompressed pictures that `ffmpeg -f yuv4mpegpipe`, `gst-launch … y4menc` and mjpegtools
//! (yuv4mpeg(5)) write: bytes are pushed in, pictures come out. Only 4:2:0 and grey, 8 bits a sample.
//!
//! Must not know: where the bytes come from, or when a picture is due.

use std::fmt;

use super::picture::{LARGEST_SOURCE, Picture, PictureSize};
use super::plane::Plane;

/// What every stream begins with.
const MAGIC: &[u8] = b"YUV4MPEG2";
/// The longest first line.
const LONGEST_HEADER: usize = 512;
/// The longest line before a picture.
const LONGEST_FRAME_LINE: usize = 128;
/// The pictures a second that a stream may say it has.
const MOST_A_SECOND: u32 = 240;

/// Why a stream cannot be read. The sentences are for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Y4mError {
    /// It does not begin as YUV4MPEG2 does.
    NotY4m,
    /// A line is longer than any that a program writes.
    LongLine,
    /// A width, height or rate is not a number, or missing.
    Unreadable,
    /// The width or height is too small or too large.
    Size,
    /// The rate is zero or beyond what a camera does.
    PictureRate,
    /// The samples are not 4:2:0 or grey with 8 bits.
    Colours,
    /// A picture does not begin where it should.
    NoFrame,
}

impl fmt::Display for Y4mError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (width, height) = LARGEST_SOURCE;
        match self {
            Self::NotY4m => f.write_str("this is not a YUV4MPEG2 stream (ffmpeg writes one with -f yuv4mpegpipe)"),
            Self::LongLine => f.write_str("a line of the YUV4MPEG2 stream is too long"),
            Self::Unreadable => f.write_str("the first line of the YUV4MPEG2 stream lacks a width, height or rate"),
            Self::Size => write!(f, "the pictures must have sides of 8 or more, and at most {width}x{height}"),
            Self::PictureRate => {
                write!(f, "the stream must have at most {MOST_A_SECOND} pictures a second, and not none")
            }
            Self::Colours => f.write_str("the pictures must be 4:2:0 or grey with 8 bits (-pix_fmt yuv420p)"),
            Self::NoFrame => f.write_str("the YUV4MPEG2 stream is damaged: a picture does not begin where it should"),
        }
    }
}

impl std::error::Error for Y4mError {}

/// What the first line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Y4mHeader {
    /// The size of the pictures that come out: an odd last column or row is left out.
    pub size: PictureSize,
    /// Pictures in so many seconds.
    pub pictures: u32,
    /// The seconds.
    pub seconds: u32,
    /// As in the stream, perhaps odd.
    given: (usize, usize),
    grey: bool,
}

impl Y4mHeader {
    /// Bytes of a picture.
    fn bytes(&self) -> usize {
        let (width, height) = self.given;
        width * height + if self.grey { 0 } else { 2 * width.div_ceil(2) * height.div_ceil(2) }
    }

    /// The picture in the bytes of one.
    fn picture(&self, mut bytes: &[u8]) -> Option<Picture> {
        let (width, height) = self.given;
        let mut plane = |from: (usize, usize), to: (usize, usize)| {
            let (samples, rest) = bytes.split_at_checked(from.0 * from.1)?;
            bytes = rest;
            Some(Plane::from_samples(from.0, from.1, samples.to_vec())?.part(0, 0, to.0, to.1))
        };
        let size = (self.size.width(), self.size.height());
        let luma = plane((width, height), size)?;
        if self.grey {
            return Picture::grey(self.size, luma);
        }
        let (from, to) = ((width.div_ceil(2), height.div_ceil(2)), (size.0 / 2, size.1 / 2));
        let (blue, red) = (plane(from, to)?, plane(from, to)?);
        Picture::from_planes(self.size, [luma, blue, red])
    }
}

/// What is read next.
#[derive(Clone, Copy, Debug)]
enum Y4mState {
    Header,
    FrameLine(Y4mHeader),
    Samples(Y4mHeader),
    Broken(Y4mError),
}

/// A stream, as far as it was pushed in. It keeps at most one picture and what was pushed last.
#[derive(Debug)]
pub struct Y4mReader {
    state: Y4mState,
    waiting: Vec<u8>,
    /// The bytes at the front of `waiting` that were read.
    taken: usize,
}

impl Default for Y4mReader {
    fn default() -> Self {
        Self { state: Y4mState::Header, waiting: Vec::new(), taken: 0 }
    }
}

impl Y4mReader {
    /// Takes the next bytes of the stream. Read all pictures before pushing more.
    pub fn push(&mut self, bytes: &[u8]) {
        if !matches!(self.state, Y4mState::Broken(_)) {
            self.waiting.drain(..self.taken.min(self.waiting.len()));
            self.taken = 0;
            self.waiting.extend_from_slice(bytes);
        }
    }

    /// What the first line says, once it was pushed in.
    #[must_use]
    pub fn header(&self) -> Option<Y4mHeader> {
        match self.state {
            Y4mState::FrameLine(header) | Y4mState::Samples(header) => Some(header),
            Y4mState::Header | Y4mState::Broken(_) => None,
        }
    }

    /// The next picture; nothing while more bytes are needed.
    ///
    /// # Errors
    ///
    /// The stream is none that can be read. It stays so: every later call says the same.
    pub fn picture(&mut self) -> Result<Option<Picture>, Y4mError> {
        self.read().inspect_err(|error| {
            self.state = Y4mState::Broken(*error);
            self.waiting = Vec::new();
            self.taken = 0;
        })
    }

    fn read(&mut self) -> Result<Option<Picture>, Y4mError> {
        loop {
            let waiting = self.waiting.get(self.taken..).unwrap_or_default();
            match self.state {
                Y4mState::Broken(error) => return Err(error),
                Y4mState::Header => {
                    if !MAGIC.starts_with(waiting.get(..MAGIC.len()).unwrap_or(waiting)) {
                        return Err(Y4mError::NotY4m);
                    }
                    let Some(line) = line(waiting, LONGEST_HEADER)? else { return Ok(None) };
                    let header = header(line)?;
                    self.taken += line.len() + 1;
                    self.state = Y4mState::FrameLine(header);
                }
                Y4mState::FrameLine(header) => {
                    let Some(line) = line(waiting, LONGEST_FRAME_LINE)? else { return Ok(None) };
                    if line.split(|byte| *byte == b' ').next() != Some(b"FRAME") {
                        return Err(Y4mError::NoFrame);
                    }
                    self.taken += line.len() + 1;
                    self.state = Y4mState::Samples(header);
                }
                Y4mState::Samples(header) => {
                    let Some(samples) = waiting.get(..header.bytes()) else { return Ok(None) };
                    let picture = header.picture(samples);
                    self.taken += header.bytes();
                    self.state = Y4mState::FrameLine(header);
                    return picture.map(Some).ok_or(Y4mError::Size);
                }
            }
        }
    }
}

/// The first line without its end; nothing if its end has not come yet.
fn line(bytes: &[u8], longest: usize) -> Result<Option<&[u8]>, Y4mError> {
    let mut lines = bytes.splitn(2, |byte| *byte == b'\n');
    let line = lines.next().unwrap_or_default();
    if line.len() > longest {
        return Err(Y4mError::LongLine);
    }
    Ok(lines.next().map(|_| line))
}

fn header(line: &[u8]) -> Result<Y4mHeader, Y4mError> {
    let mut words = line.split(|byte| *byte == b' ');
    if words.next() != Some(MAGIC) {
        return Err(Y4mError::NotY4m);
    }
    let (mut width, mut height, mut rate, mut grey) = (None, None, None, false);
    for word in words.filter_map(|word| str::from_utf8(word).ok()) {
        let mut letters = word.chars();
        let letter = letters.next();
        let value = letters.as_str();
        match letter {
            Some('W') => width = Some(number(value)?),
            Some('H') => height = Some(number(value)?),
            Some('F') => {
                let (pictures, seconds) = value.split_once(':').ok_or(Y4mError::Unreadable)?;
                rate = Some((number(pictures)?, number(seconds)?));
            }
            Some('C') => grey = colours(value)?,
            // Interlacing, aspect and comments: pictures are shown as they are.
            Some(_) | None => {}
        }
    }
    let given = (width.ok_or(Y4mError::Unreadable)?, height.ok_or(Y4mError::Unreadable)?);
    let (pictures, seconds) = rate.ok_or(Y4mError::Unreadable)?;
    if pictures == 0 || seconds == 0 || u64::from(pictures) > u64::from(MOST_A_SECOND) * u64::from(seconds) {
        return Err(Y4mError::PictureRate);
    }
    let side = |side: u32| usize::try_from(side).map_err(|_| Y4mError::Size);
    let given = (side(given.0)?, side(given.1)?);
    if given.0 > LARGEST_SOURCE.0 || given.1 > LARGEST_SOURCE.1 {
        return Err(Y4mError::Size);
    }
    let size = PictureSize::new(given.0 & !1, given.1 & !1).ok_or(Y4mError::Size)?;
    Ok(Y4mHeader { size, pictures, seconds, given, grey })
}

fn number(text: &str) -> Result<u32, Y4mError> {
    text.parse().map_err(|_| Y4mError::Unreadable)
}

/// Whether pictures of this kind are grey.
fn colours(kind: &str) -> Result<bool, Y4mError> {
    match kind {
        "mono" => Ok(true),
        "420" | "420jpeg" | "420mpeg2" | "420paldv" => Ok(false),
        _ => Err(Y4mError::Colours),
    }
}
