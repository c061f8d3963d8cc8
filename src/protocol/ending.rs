//! Words with values, and the data at the end of a list of messages.
//!
//! Must not know: which events they are in.

/// The value of a key among words, as `2` for `damaged` in `more damaged=2`; a word without `=` has an empty value.
pub(super) fn word<'a>(data: &'a str, key: &str) -> Option<&'a str> {
    data.split(' ').find_map(|word| {
        let rest = word.strip_prefix(key)?;
        if rest.is_empty() { Some(rest) } else { rest.strip_prefix('=') }
    })
}

/// The data at the end of messages: `more damaged=N`.
pub(super) fn end(more: bool, damaged: usize) -> String {
    let more = if more { "more " } else { "" };
    let damaged = if damaged > 0 { format!("damaged={damaged}") } else { String::new() };
    format!("{more}{damaged}").trim_end().to_owned()
}

/// Reads what [`end`] wrote.
pub(super) fn read_end(data: &str) -> (bool, usize) {
    let damaged = word(data, "damaged").and_then(|number| number.parse().ok()).unwrap_or(0);
    (word(data, "more").is_some(), damaged)
}
