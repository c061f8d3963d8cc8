//! A TR2.26 frame: tags and four fields on one line. The grammar is in tr2-protocol(7).
//!
//! Must not know: which operations exist.

use std::borrow::Cow;

use super::escape::{escape_data, escape_tag, unescape_data, unescape_tag};
use super::limits::{MAX_FRAME, MAX_REFERENCE};
use super::words::SEPARATOR;
use crate::model::{MessageId, Timestamp};

/// A frame as it stands in its line, still escaped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame<'a> {
    /// The tags: what stands before the first space of a line that begins with `@`.
    pub tags: Tags<'a>,
    /// The sender, as written; a server does not believe it.
    pub sender: &'a str,
    /// The destination.
    pub destination: &'a str,
    /// The operation.
    pub operation: &'a str,
    /// The data: the rest of the line.
    pub data: &'a str,
}

/// The tags of a frame, still escaped: `key=value` joined by `;`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tags<'a>(&'a str);

/// Why a line is no frame. Its `Display` is a sentence for the peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// It is longer than [`MAX_FRAME`].
    #[error("A frame has at most {MAX_FRAME} bytes.")]
    TooLong,
    /// It is not UTF-8.
    #[error("A frame must be UTF-8 text.")]
    NotUtf8,
    /// It has a control character other than the CR and LF at its end.
    #[error("A frame may not contain control characters; write \\n for a line feed.")]
    Control,
    /// It has fewer than three fields, or an empty one.
    #[error("A frame is: SENDER | DESTINATION | OPERATION | DATA")]
    Fields,
    /// Its `ref` is longer than [`MAX_REFERENCE`] bytes.
    #[error("A ref has at most {MAX_REFERENCE} bytes.")]
    Reference,
}

impl<'a> Frame<'a> {
    /// Reads a line, without its LF (and CR).
    ///
    /// # Errors
    /// The first rule of the grammar that the line breaks.
    pub fn parse(line: &'a [u8]) -> Result<Self, FrameError> {
        if line.len() >= MAX_FRAME {
            return Err(FrameError::TooLong);
        }
        let text = std::str::from_utf8(line).map_err(|_| FrameError::NotUtf8)?;
        if has_control(text) {
            return Err(FrameError::Control);
        }
        let (tags, fields) = split_tags(text);
        if tags.get("ref").is_some_and(|label| label.len() > MAX_REFERENCE) {
            return Err(FrameError::Reference);
        }
        let (sender, rest) = split_field(fields).ok_or(FrameError::Fields)?;
        let (destination, rest) = split_field(rest).ok_or(FrameError::Fields)?;
        let (operation, data) = split_field(rest).unwrap_or((rest, ""));
        if sender.is_empty() || destination.is_empty() || operation.is_empty() {
            return Err(FrameError::Fields);
        }
        Ok(Self { tags, sender, destination, operation, data })
    }

    /// The data, unescaped.
    #[must_use]
    pub fn text(&self) -> Cow<'a, str> {
        unescape_data(self.data)
    }
}

impl<'a> Tags<'a> {
    /// The value of a tag; of the last one if there are several. A tag without `=` has an empty value.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Cow<'a, str>> {
        self.0
            .split(';')
            .map(|tag| tag.split_once('=').unwrap_or((tag, "")))
            .rfind(|(name, _)| *name == key)
            .map(|(_, value)| unescape_tag(value))
    }
}

/// The `ref` of a line that may be no frame, so that even its refusal can carry the label.
#[must_use]
pub fn reference_of(line: &[u8]) -> Option<String> {
    let tags = line.strip_prefix(b"@")?.split(|&byte| byte == b' ').next()?;
    // The label goes back to the client unchanged or not at all.
    let tags = std::str::from_utf8(tags).ok().filter(|tags| !has_control(tags))?;
    let label = Tags(tags).get("ref")?;
    (label.len() <= MAX_REFERENCE).then(|| label.into_owned())
}

fn split_tags(text: &str) -> (Tags<'_>, &str) {
    match text.strip_prefix('@').and_then(|rest| rest.split_once(' ')) {
        Some((tags, fields)) => (Tags(tags), fields),
        None => (Tags(""), text),
    }
}

/// Splits a field from what follows its separator. Looks for the separator's one bar, which is quicker than looking for
/// all of it.
fn split_field(text: &str) -> Option<(&str, &str)> {
    text.match_indices('|').find_map(|(bar, _)| {
        let (field, rest) = (text.get(..bar)?.strip_suffix(' ')?, text.get(bar + 1..)?.strip_prefix(' ')?);
        Some((field, rest))
    })
}

fn has_control(text: &str) -> bool {
    if text.is_ascii() {
        // Reads to the end in any case: a loop without an exit compares many bytes at once, which is quicker.
        text.bytes().fold(false, |found, byte| found | (byte < b' ') | (byte == 0x7F))
    } else {
        text.chars().any(char::is_control)
    }
}

/// The tags of a frame to be written.
#[derive(Clone, Copy, Debug, Default)]
pub struct TagSet<'a> {
    /// The label of the frame that this answers, or of the request itself.
    pub reference: Option<&'a str>,
    /// The message's number.
    pub id: Option<MessageId>,
    /// When the server accepted it.
    pub time: Option<Timestamp>,
    /// The batch that the frame belongs to.
    pub batch: Option<&'a str>,
    /// Why a user left.
    pub why: Option<&'a str>,
    /// Whether the user whom the frame names has proved their identity.
    pub verified: bool,
    /// The message that it answers.
    pub reply: Option<MessageId>,
    /// How that begins: its sender and first words.
    pub quote: Option<&'a str>,
    /// When its text was last edited.
    pub edited: Option<Timestamp>,
    /// The number of its last change.
    pub change: Option<MessageId>,
}

impl TagSet<'_> {
    fn write(&self, out: &mut Vec<u8>) {
        let mut lead = b'@';
        let mut tag = |out: &mut Vec<u8>, key: &str, value: &str| {
            out.push(lead);
            lead = b';';
            out.extend_from_slice(key.as_bytes());
            out.push(b'=');
            escape_tag(out, value);
        };
        let start = out.len();
        if let Some(label) = self.reference {
            tag(out, "ref", label);
        }
        if let Some(id) = self.id {
            tag(out, "id", itoa::Buffer::new().format(id.0));
        }
        if let Some(time) = self.time {
            // Nothing in a time needs to be escaped.
            tag(out, "time", "");
            time.write_rfc3339(out);
        }
        if let Some(batch) = self.batch {
            tag(out, "batch", batch);
        }
        if let Some(why) = self.why {
            tag(out, "why", why);
        }
        if self.verified {
            tag(out, "verified", "yes");
        }
        for (key, id) in [("reply", self.reply), ("change", self.change)] {
            if let Some(id) = id {
                tag(out, key, itoa::Buffer::new().format(id.0));
            }
        }
        if let Some(quote) = self.quote {
            tag(out, "quote", quote);
        }
        if let Some(edited) = self.edited {
            tag(out, "edited", &edited.rfc3339());
        }
        if out.len() > start {
            out.push(b' ');
        }
    }
}

/// Appends a frame with its LF. What a field must not hold becomes `?`, so that no field can end another one or the
/// frame.
pub fn write(out: &mut Vec<u8>, tags: TagSet<'_>, fields: [&str; 3], data: &str) {
    tags.write(out);
    for (at, field) in fields.into_iter().enumerate() {
        if at > 0 {
            out.extend_from_slice(SEPARATOR.as_bytes());
        }
        write_field(out, field);
    }
    if !data.is_empty() {
        out.extend_from_slice(SEPARATOR.as_bytes());
        escape_data(out, data);
    }
    out.push(b'\n');
}

/// Appends a field. Names and the protocol's own words need no change; a destination that a user typed may need some.
pub(super) fn write_field(out: &mut Vec<u8>, field: &str) {
    if field.bytes().all(|byte| byte > b' ' && byte < 0x7F) {
        return out.extend_from_slice(field.as_bytes());
    }
    let mut utf8 = [0; 4];
    let mut before = None;
    let mut chars = field.chars().peekable();
    while let Some(c) = chars.next() {
        let separates = c == '|' && (before == Some(' ') || chars.peek() == Some(&' '));
        let c = if c.is_control() || separates { '?' } else { c };
        out.extend_from_slice(c.encode_utf8(&mut utf8).as_bytes());
        before = Some(c);
    }
}
