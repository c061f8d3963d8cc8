//! The form of a backup: a tar file with a table of its files and their digests first, then the files. `tar -x` unpacks it
//! where there is no tr2. A copy of the history alone, as earlier versions made it, is read too.
//!
//! Must not know: where the files come from, or where they go.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek as _, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use ring::digest::{Context, SHA256};
use serde::{Deserialize, Serialize};

use crate::model::Timestamp;
use crate::server::secrets::FILES;
use crate::server::store::HISTORY;

/// The folder of all files in it.
const FOLDER: &str = "tr2-backup";
/// The table.
const TABLE: &str = "about.json";
/// The longest table, in bytes.
const MAX_TABLE: u64 = 64 * 1024;
/// The longest file beside the history, in bytes.
const MAX_SMALL: u64 = 256 * 1024;
/// What a copy of the history alone begins with.
const PLAIN: &[u8] = b"SQLite format 3\0";
/// The bytes that are read at a time.
const PIECE: usize = 64 * 1024;

/// The table of a backup.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Table {
    /// The version of the form.
    pub(super) form: u32,
    /// The version of tr2 that made it.
    pub(super) tr2: String,
    /// When it was made.
    pub(super) made: String,
    /// How many messages it has.
    pub(super) messages: u64,
    /// How many of these are damaged, as they were in the original.
    pub(super) damaged: u64,
    /// The files, in their order.
    pub(super) files: Vec<TableFile>,
}

/// A file in a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct TableFile {
    /// Its name in the data folder.
    pub(super) name: String,
    /// Its length.
    pub(super) bytes: u64,
    /// Its SHA-256, in hexadecimal.
    pub(super) sha256: String,
}

/// The version of the form.
pub(super) const FORM: u32 = 1;

/// A file for a backup.
#[derive(Debug)]
pub(super) struct Part {
    /// Its name in the data folder.
    pub(super) name: &'static str,
    /// What it holds. Nothing is opened twice: what was looked at is what is copied.
    pub(super) content: PartContent,
}

/// What a file of a backup holds.
#[derive(Debug)]
pub(super) enum PartContent {
    /// All that is in an open file.
    File(File),
    /// A text.
    Text(String),
}

impl Part {
    /// Reads it from its beginning.
    fn reader(&self) -> io::Result<Box<dyn Read + '_>> {
        match &self.content {
            PartContent::File(file) => {
                let mut file = file;
                file.seek(SeekFrom::Start(0))?;
                Ok(Box::new(file))
            }
            PartContent::Text(text) => Ok(Box::new(text.as_bytes())),
        }
    }
}

/// Why a backup cannot be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum ArchiveError {
    /// The file cannot be read, or no file can be written.
    #[error("{0}")]
    System(#[from] io::Error),
    /// It is no backup, or not a whole one.
    #[error("{0}")]
    Unfit(String),
}

/// Describes files for the table of a backup.
pub(super) fn describe(parts: &[Part]) -> io::Result<Vec<TableFile>> {
    let described = parts.iter().map(|part| {
        let (bytes, sha256) = digest(&mut part.reader()?, &mut io::sink())?;
        Ok(TableFile { name: part.name.to_owned(), bytes, sha256 })
    });
    described.collect()
}

/// Writes a backup into a new, empty file.
pub(super) fn write(file: &File, table: &Table, parts: &[Part]) -> io::Result<()> {
    let mut archive = tar::Builder::new(io::BufWriter::new(file));
    let text = serde_json::to_vec_pretty(table).map_err(io::Error::other)?;
    let seconds = Timestamp::parse(&table.made).and_then(|made| u64::try_from(made.0 / 1000).ok()).unwrap_or(0);
    append(&mut archive, TABLE, (text.len() as u64, seconds), text.as_slice())?;
    for (part, described) in parts.iter().zip(&table.files) {
        append(&mut archive, part.name, (described.bytes, seconds), part.reader()?.take(described.bytes))?;
    }
    archive.into_inner()?.flush()?;
    file.sync_all()
}

fn append(
    archive: &mut tar::Builder<impl Write>,
    name: &str,
    (bytes, seconds): (u64, u64),
    data: impl Read,
) -> io::Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_size(bytes);
    header.set_mode(0o600);
    header.set_mtime(seconds);
    archive.append_data(&mut header, format!("{FOLDER}/{name}"), data)
}

/// Reads a whole backup and compares it with its table. With a folder, its files are written there, for this user alone.
pub(super) fn read(file: &mut File, folder: Option<&Path>) -> Result<Table, ArchiveError> {
    let mut head = [0; PLAIN.len()];
    let is_plain = file.read_exact(&mut head).is_ok() && head == *PLAIN;
    file.seek(SeekFrom::Start(0))?;
    if is_plain {
        return read_plain(file, folder);
    }
    let mut archive = tar::Archive::new(io::BufReader::new(file));
    let mut table: Option<Table> = None;
    let mut found = Vec::new();
    for entry in archive.entries()? {
        let mut entry = entry.map_err(|_| unfit("it is no backup of tr2, or not a whole one"))?;
        let path = entry.path()?.into_owned();
        let name = path.strip_prefix(FOLDER).ok().and_then(Path::to_str).unwrap_or_default().to_owned();
        let Some(table) = &table else {
            if name != TABLE || entry.size() > MAX_TABLE {
                return Err(unfit("it is no backup of tr2"));
            }
            let read: Table = serde_json::from_reader(&mut entry).map_err(|_| unfit("its table is damaged"))?;
            if read.form > FORM {
                return Err(unfit("it was made by a newer tr2: restore it with that one"));
            }
            table = Some(read);
            continue;
        };
        let Some(wanted) = table.files.get(found.len()).filter(|wanted| wanted.name == name && is_known(&name)) else {
            return Err(ArchiveError::Unfit(format!("it holds a file that it does not name: {name}")));
        };
        if !entry.header().entry_type().is_file() || name != HISTORY && entry.size() > MAX_SMALL {
            return Err(ArchiveError::Unfit(format!("its file {name} is not what it should be")));
        }
        let (bytes, sha256) = match folder {
            Some(folder) => {
                let mut made = create(&folder.join(&name))?;
                let read = digest(&mut entry, &mut made)?;
                made.sync_all()?;
                read
            }
            None => digest(&mut entry, &mut io::sink())?,
        };
        if (bytes, &sha256) != (wanted.bytes, &wanted.sha256) {
            return Err(ArchiveError::Unfit(format!("its file {name} is damaged or cut short")));
        }
        found.push(name);
    }
    let table = table.ok_or_else(|| unfit("it is no backup of tr2"))?;
    if found.len() < table.files.len() || !found.iter().any(|name| name == HISTORY) {
        return Err(unfit("it is cut short"));
    }
    Ok(table)
}

/// A copy of the history alone.
fn read_plain(file: &mut File, folder: Option<&Path>) -> Result<Table, ArchiveError> {
    let (bytes, sha256) = match folder {
        Some(folder) => {
            let mut made = create(&folder.join(HISTORY))?;
            let read = digest(file, &mut made)?;
            made.sync_all()?;
            read
        }
        None => digest(file, &mut io::sink())?,
    };
    let files = vec![TableFile { name: HISTORY.to_owned(), bytes, sha256 }];
    Ok(Table { files, ..Table::default() })
}

fn is_known(name: &str) -> bool {
    name == HISTORY || FILES.contains(&name)
}

fn unfit(why: &str) -> ArchiveError {
    ArchiveError::Unfit(why.to_owned())
}

/// Makes a file for this user alone.
pub(super) fn create(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

/// Copies everything; returns its length and its SHA-256.
fn digest(from: &mut impl Read, to: &mut impl Write) -> io::Result<(u64, String)> {
    let (mut context, mut bytes, mut piece) = (Context::new(&SHA256), 0, vec![0; PIECE]);
    loop {
        let read = match from.read(&mut piece) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read?,
        };
        let Some(read) = piece.get(..read).filter(|read| !read.is_empty()) else { break };
        context.update(read);
        to.write_all(read)?;
        bytes += read.len() as u64;
    }
    let hex = context.finish().as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok((bytes, hex))
}
