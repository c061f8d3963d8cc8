//! Carries out what is to be done with the files of a channel. Every step is short, but may wait for the disk.
//!
//! Must not know: channels, or who sends files.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

use ring::digest::{Context, SHA256};

use crate::client::direct::jobs::{FileJob, JobDone, JobOutcome, JobStep, WantedFile};
use crate::language::channels as say;
use crate::language::system::words;
use crate::protocol::peer::MAX_FILE;
use crate::sys::part_file::PartFile;
use crate::sys::source_file::SourceFile;

/// How many bytes one step digests.
const DIGESTED: usize = 1024 * 1024;
/// How many bytes of the digest stand in the name of a file that arrives: enough that no two are taken for the same by
/// chance; whether it is the right one is found by the whole digest.
const MARK: usize = 16;
/// The most names that are tried for a file.
pub const MAX_SAME_NAMES: u32 = 999;

/// The files of one channel.
#[derive(Debug)]
pub struct Disk {
    /// Where files are saved; empty if there is no folder.
    downloads: PathBuf,
    home: Option<PathBuf>,
    open: HashMap<u64, DiskFile>,
}

enum DiskFile {
    /// Ours.
    Source(SourceFile, Digested),
    /// Theirs, as long as it was looked for only.
    Wanted(WantedFile),
    /// Theirs.
    Part(Box<(PartFile, WantedFile)>, Digested),
}

/// What was digested of a file: from its beginning, so many bytes.
struct Digested {
    context: Context,
    bytes: u64,
}

impl Disk {
    /// A disk that saves into `downloads`, and finds paths that begin with `~/` in `home`.
    #[must_use]
    pub fn new(downloads: PathBuf, home: Option<PathBuf>) -> Self {
        Self { downloads, home, open: HashMap::new() }
    }

    /// Carries a step out; `None` for the last step of a file.
    pub fn carry_out(&mut self, FileJob { file, step }: FileJob) -> Option<JobDone> {
        let outcome = match step {
            JobStep::Open(path) => self.open_source(file, &path),
            JobStep::Digest => self.digest(file),
            JobStep::Read { at, most } => self.read(file, at, most),
            JobStep::Look(wanted) => {
                let here = self.here(&wanted);
                self.open.insert(file, DiskFile::Wanted(wanted));
                Ok(JobOutcome::Here(here))
            }
            JobStep::Begin => self.begin(file),
            JobStep::Write { at, bytes } => self.write(file, at, &bytes),
            JobStep::Finish => self.finish(file),
            JobStep::Close => {
                if let Some(DiskFile::Part(part, _)) = self.open.remove(&file) {
                    part.0.leave();
                }
                return None;
            }
            JobStep::Discard => {
                self.discard(file);
                return None;
            }
        };
        Some(JobDone { file, outcome: outcome.unwrap_or_else(JobOutcome::Failed) })
    }

    /// Whether a file can be sent.
    ///
    /// # Errors
    /// A sentence: it cannot be read, or is too large.
    pub fn check(&self, path: &Path) -> Result<(), String> {
        self.source(path).map(drop)
    }

    fn open_source(&mut self, file: u64, path: &Path) -> Result<JobOutcome, String> {
        let source = self.source(path)?;
        let size = source.size();
        self.open.insert(file, DiskFile::Source(source, Digested::default()));
        Ok(JobOutcome::Opened(size))
    }

    fn source(&self, path: &Path) -> Result<SourceFile, String> {
        let within = self.home.as_ref().zip(path.strip_prefix("~").ok()).map(|(home, rest)| home.join(rest));
        let source = SourceFile::open(within.as_deref().unwrap_or(path));
        let source = source.map_err(|error| say::cannot_read(path.display(), words(&error)))?;
        if source.size() > MAX_FILE {
            return Err(say::file_too_large().to_owned());
        }
        Ok(source)
    }

    fn digest(&mut self, file: u64) -> Result<JobOutcome, String> {
        let mut buffer = vec![0; DIGESTED];
        match self.open.get_mut(&file) {
            Some(DiskFile::Source(source, digested)) => {
                let read = source.read_at(digested.bytes, &mut buffer);
                let read = read.map_err(|error| say::cannot_read(say::the_file(), words(&error)))?;
                digested.take(buffer.get(..read).unwrap_or_default());
                if digested.bytes > source.size() || (read == 0 && digested.bytes < source.size()) {
                    return Err(say::file_changes().to_owned());
                }
                let whole = digested.bytes == source.size();
                Ok(if whole { JobOutcome::Digest(digested.sum()) } else { JobOutcome::Digested(digested.bytes) })
            }
            Some(DiskFile::Part(part, digested)) => {
                let (part, _) = &**part;
                let read = part.read_at(digested.bytes, &mut buffer);
                let read = read.map_err(|error| say::cannot_read(say::the_file(), words(&error)))?;
                let left = usize::try_from(part.length() - digested.bytes).unwrap_or(usize::MAX);
                digested.take(buffer.get(..read.min(left)).unwrap_or_default());
                if read == 0 && left > 0 {
                    return Err(say::file_changes().to_owned());
                }
                Ok(JobOutcome::Digested(digested.bytes))
            }
            Some(DiskFile::Wanted(_)) | None => Err(closed()),
        }
    }

    fn read(&self, file: u64, at: u64, most: usize) -> Result<JobOutcome, String> {
        let Some(DiskFile::Source(source, _)) = self.open.get(&file) else { return Err(closed()) };
        let mut bytes = vec![0; most];
        let read = source.read_at(at, &mut bytes);
        let read = read.map_err(|error| say::cannot_read(say::the_file(), words(&error)))?;
        bytes.truncate(read);
        Ok(JobOutcome::Read(bytes))
    }

    fn begin(&mut self, file: u64) -> Result<JobOutcome, String> {
        let Some(DiskFile::Wanted(wanted)) = self.open.get(&file) else { return Err(closed()) };
        if self.downloads.as_os_str().is_empty() {
            return Err(say::no_downloads().to_owned());
        }
        let part = PartFile::open(&self.downloads, wanted.name.as_str(), &mark(wanted), wanted.size);
        let part = part.map_err(|error| self.cannot_save(&error))?.ok_or_else(|| say::arriving_already().to_owned())?;
        let (here, wanted) = (part.length(), wanted.clone());
        self.open.insert(file, DiskFile::Part(Box::new((part, wanted)), Digested::default()));
        Ok(JobOutcome::Begun(here))
    }

    fn write(&mut self, file: u64, at: u64, bytes: &[u8]) -> Result<JobOutcome, String> {
        let downloads = self.downloads.clone();
        let Some(DiskFile::Part(part, digested)) = self.open.get_mut(&file) else { return Err(closed()) };
        let (part, wanted) = &mut **part;
        let end = at.saturating_add(bytes.len() as u64);
        if at != part.length() || at != digested.bytes || end > wanted.size {
            return Err(closed());
        }
        part.append(bytes).map_err(|error| say::cannot_save(downloads.display(), words(&error)))?;
        digested.take(bytes);
        Ok(JobOutcome::Written)
    }

    fn finish(&mut self, file: u64) -> Result<JobOutcome, String> {
        let Some(DiskFile::Part(part, digested)) = self.open.remove(&file) else { return Err(closed()) };
        let (part, wanted) = *part;
        let sum = digested.sum();
        if sum != wanted.digest {
            part.delete();
            return Ok(JobOutcome::Wrong(sum));
        }
        let name = &wanted.name;
        let names = std::iter::once(name.to_string()).chain((2..=MAX_SAME_NAMES).map(|number| name.numbered(number)));
        part.place(names).map(JobOutcome::Saved).map_err(|error| self.cannot_save(&error))
    }

    fn discard(&mut self, file: u64) {
        match self.open.remove(&file) {
            Some(DiskFile::Part(part, _)) => part.0.delete(),
            Some(DiskFile::Wanted(wanted)) => {
                // What another process is receiving is none of ours; what nobody has begun is not begun either.
                if self.here(&wanted) > 0
                    && let Ok(Some(part)) =
                        PartFile::open(&self.downloads, wanted.name.as_str(), &mark(&wanted), wanted.size)
                {
                    part.delete();
                }
            }
            Some(DiskFile::Source(..)) | None => {}
        }
    }

    /// How many bytes of a file are here.
    fn here(&self, wanted: &WantedFile) -> u64 {
        // Without a folder, this would look where the program was started.
        if self.downloads.as_os_str().is_empty() {
            return 0;
        }
        PartFile::here(&self.downloads, wanted.name.as_str(), &mark(wanted))
    }

    fn cannot_save(&self, error: &io::Error) -> String {
        say::cannot_save(self.downloads.display(), words(error))
    }
}

impl std::fmt::Debug for DiskFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Source(..) => "Source",
            Self::Wanted(_) => "Wanted",
            Self::Part(..) => "Part",
        })
    }
}

impl Default for Digested {
    fn default() -> Self {
        Self { context: Context::new(&SHA256), bytes: 0 }
    }
}

impl Digested {
    fn take(&mut self, bytes: &[u8]) {
        self.context.update(bytes);
        self.bytes += bytes.len() as u64;
    }

    /// The digest of what was taken so far.
    fn sum(&self) -> [u8; 32] {
        let mut sum = [0; 32];
        sum.iter_mut().zip(self.context.clone().finish().as_ref()).for_each(|(to, from)| *to = *from);
        sum
    }
}

/// What tells a file that arrives from others of its name.
fn mark(wanted: &WantedFile) -> String {
    wanted.digest.iter().take(MARK).fold(String::new(), |mut mark, byte| {
        // Writing to a string does not fail.
        let _ = write!(mark, "{byte:02x}");
        mark
    })
}

/// A step that the file is not open for: the machine asks for none.
fn closed() -> String {
    say::file_changes().to_owned()
}
