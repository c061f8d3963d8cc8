//! What is to be done with files on the disk, one step after another, and what comes of each step: plain values between the
//! state of a channel and the shell around it.
//!
//! Must not know: how files are read or written.

use std::path::PathBuf;

use crate::model::file_name::FileName;

/// The most pieces that wait to be written; beyond it, the other side waits.
pub const MAX_UNWRITTEN: usize = 8;

/// A step with a file. The steps are done in their order, and each but the last two is answered by a [`JobDone`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileJob {
    /// The file: a number that no other file of this channel has or had.
    pub file: u64,
    /// What to do.
    pub step: JobStep,
}

/// What is to be done with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JobStep {
    /// Ours: open it to be read. Answered by [`JobOutcome::Opened`].
    Open(PathBuf),
    /// Compute the digest of the next bytes: of ours up to its end, of theirs up to what is here. Answered by
    /// [`JobOutcome::Digested`], or, at the end of ours, by [`JobOutcome::Digest`].
    Digest,
    /// Ours: read. Answered by [`JobOutcome::Read`].
    Read {
        /// Where to begin.
        at: u64,
        /// The most bytes to read.
        most: usize,
    },
    /// Theirs: find what is here of it from an earlier try. Answered by [`JobOutcome::Here`].
    Look(WantedFile),
    /// Theirs: open it to be written. Answered by [`JobOutcome::Begun`].
    Begin,
    /// Theirs: write. Answered by [`JobOutcome::Written`].
    Write {
        /// Where the bytes belong: where those before ended.
        at: u64,
        /// The bytes.
        bytes: Vec<u8>,
    },
    /// Theirs: compare its digest, and give it its name. Answered by [`JobOutcome::Saved`] or [`JobOutcome::Wrong`].
    Finish,
    /// Nothing more is done with it. What is here of theirs stays, for a later try.
    Close,
    /// Theirs: nothing more is done with it, and what is here of it is deleted. Not answered either.
    Discard,
}

/// A file that the other one offers, as it is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedFile {
    /// Its name, made harmless.
    pub name: FileName,
    /// Its size in bytes.
    pub size: u64,
    /// Its digest (SHA-256).
    pub digest: [u8; 32],
}

/// A step is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobDone {
    /// The file.
    pub file: u64,
    /// What came of it.
    pub outcome: JobOutcome,
}

/// What comes of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JobOutcome {
    /// It is open and has this many bytes.
    Opened(u64),
    /// So many bytes of it are digested.
    Digested(u64),
    /// All of it is digested.
    Digest([u8; 32]),
    /// These bytes were read; none if it ends before them.
    Read(Vec<u8>),
    /// So many bytes of it are here.
    Here(u64),
    /// It can be written, from this byte on.
    Begun(u64),
    /// The bytes are written.
    Written,
    /// It is right, and is this file now.
    Saved(PathBuf),
    /// It has this digest, which is not its own; it is deleted.
    Wrong([u8; 32]),
    /// It cannot be read or written; the sentence says why.
    Failed(String),
}
