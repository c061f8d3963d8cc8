//! The write-ahead log of a history, read as bytes: which pages it would put into the history (SQLite file format, section
//! 4). Nothing is changed, and no lock is taken.
//!
//! Must not know: what the pages hold.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Seek as _, SeekFrom};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;

/// The length of a database header in bytes, and what it begins with (section 1.3).
pub(super) const HEAD: usize = 100;
pub(super) const MAGIC: &[u8] = b"SQLite format 3\0";
/// The offsets of the page size, and of the versions that say whether there is a log, in it.
const PAGE_SIZE_AT: usize = 16;
const FORMAT_AT: usize = 18;
const HAS_LOG: [u8; 2] = [2, 2];
/// The lengths of the log's header and of each frame's header.
pub(super) const LOG_HEAD: usize = 32;
pub(super) const FRAME_HEAD: usize = 24;
/// The first four bytes of a log, but for the last bit, which says how its checksums count.
const LOG_MAGIC: i64 = 0x377f_0682;
/// The four bytes after that, the format of the log.
const LOG_FORMAT: i64 = 3_007_000;
/// Frames of the log that are read at most.
const MAX_FRAMES: u64 = 1_000_000;

/// What was committed to a log.
#[derive(Debug)]
pub(super) struct LogFile {
    pub(super) file: File,
    /// What its frames have in common, and older frames have not.
    pub(super) salt: Vec<u8>,
    /// How many frames are whole, and how many of them are committed.
    pub(super) whole: u64,
    pub(super) committed: u64,
    pub(super) page_size: usize,
    /// Where the newest committed content of each page stands, by the page's number.
    pub(super) pages: BTreeMap<u32, u64>,
    /// The length of the history in pages after the last commit.
    pub(super) length: u32,
}

/// What the log of a history holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LogContent {
    /// Nothing that was committed.
    None,
    /// Committed pages of this history, as far as can be told.
    Fits,
    /// Committed pages that cannot be of this history, and why.
    Foreign(&'static str),
}

/// The path of a file that belongs to a history.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Opens a plain file for reading; `None` if it does not exist.
pub(super) fn open(path: &Path) -> io::Result<Option<File>> {
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed();
    match OpenOptions::new().read(true).custom_flags(flags).open(path) {
        Ok(file) if file.metadata()?.is_file() => Ok(Some(file)),
        Ok(_) => Err(io::Error::other("it is not a regular file")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether the header of a log begins as one.
pub(super) fn is_log_head(head: &[u8]) -> bool {
    number(head, 0) & !1 == LOG_MAGIC && number(head, 4) == LOG_FORMAT
}

/// Fills a buffer; `false` if the file ends before.
pub(super) fn read_whole(reader: &mut impl io::Read, buffer: &mut [u8]) -> io::Result<bool> {
    match reader.read_exact(buffer) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

/// Reads four bytes, most significant first.
pub(super) fn number(bytes: &[u8], at: usize) -> i64 {
    let four = bytes.get(at..at + 4).and_then(|four| <[u8; 4]>::try_from(four).ok());
    i64::from(u32::from_be_bytes(four.unwrap_or_default()))
}

/// Whether the header of a history says that it has a log; a copy has none.
pub(super) fn has_log(path: &Path) -> io::Result<bool> {
    let mut head = [0; HEAD];
    let Some(mut file) = open(path)? else { return Ok(false) };
    let is_history = read_whole(&mut file, &mut head)? && head.starts_with(MAGIC);
    Ok(is_history && head.get(FORMAT_AT..FORMAT_AT + 2) == Some(&HAS_LOG))
}

/// Compares the log of a history with the history's header.
pub(super) fn content(path: &Path) -> io::Result<LogContent> {
    let Some(log) = LogFile::read(path, false)?.filter(|log| !log.pages.is_empty()) else {
        return Ok(LogContent::None);
    };
    let mut head = [0; HEAD];
    let Some(mut file) = open(path)? else { return Ok(LogContent::None) };
    if !read_whole(&mut file, &mut head)? || !head.starts_with(MAGIC) {
        // It is no history at all, which is found out elsewhere.
        return Ok(LogContent::None);
    }
    // The value 1 stands for 65536 (section 1.3.2).
    let page_size = match number(&head, PAGE_SIZE_AT) >> 16 {
        1 => 65_536,
        size => size,
    };
    Ok(if head.get(FORMAT_AT..FORMAT_AT + 2) != Some(&HAS_LOG) {
        LogContent::Foreign("the history is a copy that has no log")
    } else if usize::try_from(page_size) != Ok(log.page_size) {
        LogContent::Foreign("their pages differ in size")
    } else {
        LogContent::Fits
    })
}

impl LogFile {
    /// Reads the log of the history at `path`; `None` if there is none, or nothing in it counts. What does not match its
    /// checksum counts only with `unverified`: then it tells what was to be written.
    pub(super) fn read(path: &Path, unverified: bool) -> io::Result<Option<Self>> {
        let Some(file) = open(&beside(path, "-wal"))? else { return Ok(None) };
        let mut reader = io::BufReader::with_capacity(256 * 1024, &file);
        let mut head = [0; LOG_HEAD];
        if !read_whole(&mut reader, &mut head)? || number(&head, 0) & !1 != LOG_MAGIC {
            return Ok(None);
        }
        let big_endian = number(&head, 0) & 1 == 1;
        let page_size = usize::try_from(number(&head, 8)).unwrap_or(0);
        let mut sum = Checksum { big_endian, state: (0, 0) };
        sum.add(head.get(..24).unwrap_or_default());
        if !(512..=65_536).contains(&page_size) || !(unverified || sum.is_at(&head, 24)) {
            return Ok(None);
        }
        let salt = head.get(16..24).map(<[u8]>::to_vec).unwrap_or_default();
        let (mut seen, mut pages, mut length) = (BTreeMap::new(), BTreeMap::new(), 0);
        let (mut whole, mut committed) = (0, 0);
        let mut frame = vec![0; FRAME_HEAD + page_size];
        for at in 0..MAX_FRAMES {
            // Frames of an older log have another salt.
            if !read_whole(&mut reader, &mut frame)? || frame.get(8..16) != Some(&salt[..]) {
                break;
            }
            sum.add(frame.get(..8).unwrap_or_default());
            sum.add(frame.get(FRAME_HEAD..).unwrap_or_default());
            if !(unverified || sum.is_at(&frame, 16)) {
                break;
            }
            whole = at + 1;
            let start = LOG_HEAD as u64 + at * frame.len() as u64 + FRAME_HEAD as u64;
            seen.insert(u32::try_from(number(&frame, 0)).unwrap_or(0), start);
            if number(&frame, 4) != 0 {
                length = u32::try_from(number(&frame, 4)).unwrap_or(0);
                pages.append(&mut seen);
                committed = whole;
            }
        }
        drop(reader);
        Ok(Some(Self { file, salt, whole, committed, page_size, pages, length }))
    }

    /// The length of a frame in bytes.
    pub(super) fn frame_length(&self) -> u64 {
        (FRAME_HEAD + self.page_size) as u64
    }

    /// Where a frame begins; the first has the number 0.
    pub(super) fn frame_at(&self, frame: u64) -> u64 {
        LOG_HEAD as u64 + frame * self.frame_length()
    }

    /// The newest committed content of a page, if the log has it.
    pub(super) fn page(&mut self, number: u32) -> io::Result<Option<Vec<u8>>> {
        let Some(start) = self.pages.get(&number) else { return Ok(None) };
        self.file.seek(SeekFrom::Start(*start))?;
        let mut page = vec![0; self.page_size];
        Ok(read_whole(&mut self.file, &mut page)?.then_some(page))
    }
}

/// The checksum of a log so far (section 4.2).
struct Checksum {
    big_endian: bool,
    state: (u32, u32),
}

impl Checksum {
    fn add(&mut self, bytes: &[u8]) {
        let word = |four: &[u8]| {
            let four = <[u8; 4]>::try_from(four).unwrap_or_default();
            if self.big_endian { u32::from_be_bytes(four) } else { u32::from_le_bytes(four) }
        };
        let (mut one, mut two) = self.state;
        for pair in bytes.chunks_exact(8) {
            let (first, second) = pair.split_at(4);
            one = one.wrapping_add(word(first)).wrapping_add(two);
            two = two.wrapping_add(word(second)).wrapping_add(one);
        }
        self.state = (one, two);
    }

    /// Whether it stands at this place.
    fn is_at(&self, bytes: &[u8], at: usize) -> bool {
        (number(bytes, at), number(bytes, at + 4)) == (i64::from(self.state.0), i64::from(self.state.1))
    }
}
