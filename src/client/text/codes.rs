//! What a line of a program's output comes to on a terminal: without colour codes, and after the last carriage return.
//!
//! Must not know: where lines come from, or what is done with them.

/// The longest sequence that is looked for, in bytes; a longer one is text.
pub const MAX_SEQUENCE: usize = 256;

const ESC: char = '\u{1b}';

/// The last state of a line: what follows its last carriage return, without escape sequences, and without what
/// backspaces take back. A progress bar becomes its last value, a coloured text its letters.
#[must_use]
pub fn last_state(line: &str) -> String {
    let line = line.trim_end_matches('\r');
    let last = line.rsplit('\r').next().unwrap_or_default();
    let mut state = String::with_capacity(last.len());
    let mut rest = last;
    while let Some(c) = rest.chars().next() {
        if let Some(length) = sequence(rest) {
            rest = rest.get(length..).unwrap_or_default();
            continue;
        }
        match c {
            ESC => {}
            '\u{8}' => drop(state.pop()),
            c => state.push(c),
        }
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
    state
}

/// The last states of several lines.
#[must_use]
pub fn last_states(text: &str) -> String {
    text.split('\n').map(last_state).collect::<Vec<_>>().join("\n")
}

/// How many bytes at the end of `text` begin a sequence that may go on.
#[must_use]
pub(crate) fn unfinished(text: &str) -> usize {
    let start = text.floor_char_boundary(text.len().saturating_sub(MAX_SEQUENCE));
    let tail = text.get(start..).unwrap_or_default();
    let Some(at) = tail.rfind(ESC) else { return 0 };
    let begun = tail.get(at..).unwrap_or_default();
    if sequence(begun).is_some() { 0 } else { begun.len() }
}

/// The length of the sequence at the beginning of `text`, in bytes.
fn sequence(text: &str) -> Option<usize> {
    let (kind, begin) = match text.chars().next()? {
        ESC => {
            let kind = text.get(1..)?.chars().next()?;
            (kind, 1 + kind.len_utf8())
        }
        '\u{9b}' => ('[', 2),
        '\u{9d}' => (']', 2),
        _ => return None,
    };
    let most = text.floor_char_boundary(MAX_SEQUENCE);
    let body = text.get(begin..most.max(begin))?;
    match kind {
        // CSI (ECMA-48): parameters and intermediates, then a final byte.
        '[' => {
            let end = body.find(|c: char| !(' '..='?').contains(&c))?;
            let last = body.get(end..)?.chars().next()?;
            ('@'..='~').contains(&last).then_some(begin + end + 1)
        }
        // Strings: to the bell or to the string terminator.
        ']' | 'P' | 'X' | '^' | '_' => {
            let ends = ["\u{7}", "\u{1b}\\", "\u{9c}"].map(|end| body.find(end).map(|at| begin + at + end.len()));
            ends.into_iter().flatten().min()
        }
        // Intermediates, as before the name of a character set.
        ' '..='/' => {
            let end = body.find(|c: char| !(' '..='/').contains(&c))?;
            let last = body.get(end..)?.chars().next()?;
            ('0'..='~').contains(&last).then_some(begin + end + 1)
        }
        '0'..='~' => Some(begin),
        _ => None,
    }
}
