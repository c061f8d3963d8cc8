//! `tr2 join --code -`: reads the code from standard input, so that it does not stand in the list of processes.
//!
//! Must not know: what the code is for.

use std::fs::File;
use std::io::{self, IsTerminal as _, Read, Write as _};
use std::os::fd::AsFd as _;

use crate::error::Error;
use crate::language::command_line as say;

/// Stands for a code that is to be read.
const ASK: &str = "-";
/// The longest line that is read, in bytes; a code is much shorter.
const MAX_LINE: usize = 256;

/// The code itself: `given`, or what is typed in its place. Reads one line and no byte more: the rest of a pipe is said in
/// the chat.
///
/// # Errors
/// If standard input cannot be read, or holds no code.
pub(super) fn code(given: Option<String>) -> Result<Option<String>, Error> {
    if given.as_deref() != Some(ASK) {
        return Ok(given);
    }
    let stdin = io::stdin();
    if stdin.is_terminal() {
        let mut out = io::stderr().lock();
        write!(out, "{} ", say::type_code()).and_then(|()| out.flush()).map_err(Error::failed)?;
    }
    // A buffer would take what comes behind the line.
    let input = File::from(stdin.as_fd().try_clone_to_owned().map_err(Error::failed)?);
    let line = first_line(input).map_err(Error::failed)?;
    let code = line.trim();
    if code.is_empty() { Err(Error::usage(say::no_code())) } else { Ok(Some(code.to_owned())) }
}

fn first_line(mut input: impl Read) -> io::Result<String> {
    let mut line = Vec::new();
    let mut byte = [0];
    while line.len() < MAX_LINE {
        match input.read(&mut byte) {
            Ok(0) => break,
            Ok(_) if byte == *b"\n" => break,
            Ok(_) => line.extend(byte),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(String::from_utf8_lossy(&line).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_is_read_and_no_byte_more() {
        let mut pipe = io::Cursor::new(b"lusab-babad\r\nhello\n");
        assert_eq!(first_line(&mut pipe).unwrap().trim(), "lusab-babad");
        let mut rest = String::new();
        pipe.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "hello\n");
        assert_eq!(first_line(io::empty()).unwrap(), "");
        assert_eq!(first_line(io::repeat(b'x')).unwrap().len(), MAX_LINE);
    }
}
