//! Changes one setting in the client's file, and leaves everything else in it as it is: comments, order, spaces.
//!
//! What was written is read again before it takes the place of the file: if it means anything else than the file with this
//! one change, it is not written.
//!
//! Must not know: what a setting means.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::de::{DeTable, DeValue};

use super::file;
use super::given::Problems;
use super::join_settings;
use crate::client::settings::SettingKey;
use crate::language::{configuration as say, system};
use crate::sys::secure_files;

/// Sets `name` in the file to a value in TOML, or takes it out. Makes the file, and its folder, where they are missing.
///
/// # Errors
/// The file is wrong or cannot be written; then it is as it was.
pub(crate) fn save(path: &str, name: &str, value: Option<&str>) -> Result<(), String> {
    let key = SettingKey::parse(name)?;
    // A link stays one: the file that it leads to is replaced.
    let missing = join_settings::is_missing(path);
    let real = if missing {
        PathBuf::from(path)
    } else {
        fs::canonicalize(path).map_err(|error| say::file_unreadable(path, system::whole(&error)))?
    };
    let real_name = real.display().to_string();
    let before = if missing { String::new() } else { valid_text(&real_name)? };
    let after = changed(&before, &key, value).ok_or_else(|| by_hand(path, &key, value))?;
    if after == before {
        return Ok(());
    }
    if let Some(folder) = real.parent().filter(|_| missing) {
        secure_files::make_folder(folder)
            .map_err(|error| say::folder_unmakeable(folder.display(), system::whole(&error)))?;
    }
    secure_files::replace(Path::new(&real), &after).map_err(|error| say::file_unwritable(path, system::whole(&error)))
}

fn by_hand(path: &str, key: &SettingKey, value: Option<&str>) -> String {
    match value {
        Some(value) => say::set_by_hand(path, key, value),
        None => say::remove_by_hand(path, key),
    }
}

/// The text of the file.
fn valid_text(path: &str) -> Result<String, String> {
    let wrong = |problems| Problems::new(Some(path.to_owned()), problems).lines().next().unwrap_or_default();
    let text = file::text(path, &join_settings::kind()).map_err(|problem| wrong(vec![problem]))?;
    let (given, mut problems) = file::understand(&text, &join_settings::kind());
    if let Some(given) = &given {
        join_settings::mean(given, &mut problems);
    }
    if problems.is_empty() { Ok(text) } else { Err(wrong(problems)) }
}

/// The text with one setting changed; `None` if that cannot be done without changing anything else.
fn changed(text: &str, key: &SettingKey, value: Option<&str>) -> Option<String> {
    let (table, name) = key.parts();
    let found = find(text, key)?;
    let after = match (&found, value) {
        (Found::Value { value: at, .. }, Some(value)) => with(text, at.clone(), value),
        (Found::Value { key: from, value: to }, None) => with(text, lines(text, from.start, to.end), ""),
        (Found::Absent(_), None) => text.to_owned(),
        (Found::Absent(gap), Some(value)) => {
            insert(text, *gap, table, &format!("{} = {value}", written_name(table, &name)))
        }
    };
    let mut expected = meaning(text)?;
    expected.remove(&key.lookup());
    if let Some(value) = value {
        let head = table.map(|table| format!("[{table}]\n")).unwrap_or_default();
        expected.extend(meaning(&format!("{head}{} = {value}\n", written_name(table, &name)))?);
    }
    (meaning(&after)? == expected).then_some(after)
}

/// What a text sets, by the names that are equal for all spellings; `None` if it is wrong.
fn meaning(text: &str) -> Option<BTreeMap<String, Vec<String>>> {
    let (given, problems) = file::understand(text, &join_settings::kind());
    let named = |name: String| SettingKey::parse(&name).map_or(name, |key| key.lookup());
    let texts = given.filter(|_| problems.is_empty())?.texts();
    Some(texts.into_iter().map(|(name, texts)| (named(name), texts)).collect())
}

/// Where a setting stands in a text.
enum Found {
    /// The bytes of its name and of its value.
    Value { key: Range<usize>, value: Range<usize> },
    /// It is not there; where it belongs.
    Absent(Gap),
}

/// Where a new setting belongs.
#[derive(Clone, Copy)]
enum Gap {
    /// After the value that ends here.
    After(usize),
    /// In its table, which has nothing yet; outside tables, at the top.
    First,
    /// In its table, which is not there.
    NewTable,
}

fn find(text: &str, key: &SettingKey) -> Option<Found> {
    let document = DeTable::parse(text).ok()?;
    let (table, _) = key.parts();
    let document = document.get_ref();
    let entries = match table {
        None => document,
        Some(table) => match document.iter().find(|(name, _)| &**name.get_ref() == table) {
            Some((_, value)) => match value.get_ref() {
                DeValue::Table(entries) => entries,
                _ => return None,
            },
            None => return Some(Found::Absent(Gap::NewTable)),
        },
    };
    let mut last = None;
    for (name, value) in entries.iter() {
        let whole = table.map_or_else(|| name.get_ref().to_string(), |table| format!("{table}.{}", name.get_ref()));
        if SettingKey::parse(&whole).is_ok_and(|other| other.lookup() == key.lookup()) {
            return Some(Found::Value { key: name.span(), value: value.span() });
        }
        if !matches!(value.get_ref(), DeValue::Table(_)) {
            last = last.max(Some(value.span().end));
        }
    }
    Some(Found::Absent(last.map_or(Gap::First, Gap::After)))
}

/// A name as the file has it: names of conversations in quotes.
fn written_name(table: Option<&str>, name: &str) -> String {
    let bare = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    match table {
        Some(_) if !bare => format!("\"{name}\""),
        _ => name.to_owned(),
    }
}

fn with(text: &str, range: Range<usize>, new: &str) -> String {
    let (before, after) = (text.get(..range.start), text.get(range.end..));
    [before.unwrap_or_default(), new, after.unwrap_or_default()].concat()
}

/// The whole lines from one byte to another.
fn lines(text: &str, from: usize, to: usize) -> Range<usize> {
    let start = text.get(..from).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    start..line_end(text, to)
}

/// The beginning of the line after this byte.
fn line_end(text: &str, at: usize) -> usize {
    text.get(at..).and_then(|rest| rest.find('\n')).map_or(text.len(), |end| at + end + 1)
}

/// Inserts a line where it belongs: outside tables at the top, it stands below the comment with which the file begins.
fn insert(text: &str, gap: Gap, table: Option<&str>, line: &str) -> String {
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let head = table.map(|table| format!("[{table}]")).unwrap_or_default();
    let comment = || text.split_inclusive('\n').take_while(|line| line.starts_with('#')).map(str::len).sum();
    let below_head = || text.match_indices(&head).map(|(at, _)| at).find(|at| is_line_start(text, *at));
    let (at, new) = match gap {
        Gap::After(last) => (line_end(text, last), format!("{line}{end}")),
        Gap::First if table.is_some() => (line_end(text, below_head().unwrap_or(0)), format!("{line}{end}")),
        Gap::First => {
            let at = comment();
            let blank = if text.get(at..).is_some_and(|rest| rest.starts_with('[')) { end } else { "" };
            (at, format!("{line}{end}{blank}"))
        }
        Gap::NewTable => {
            let blank = if text.is_empty() { "" } else { end };
            (text.len(), format!("{blank}{head}{end}{line}{end}"))
        }
    };
    let unfinished = if is_line_start(text, at) { "" } else { end };
    with(text, at..at, &format!("{unfinished}{new}"))
}

fn is_line_start(text: &str, at: usize) -> bool {
    text.get(..at).is_some_and(|before| before.is_empty() || before.ends_with('\n'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Lines outside tables, lines of tables, and what may stand between them.
    const TOP: [&str; 6] = [
        "theme = 'dark'",
        "bell = true # ding",
        "words = [\n  'a', # one\n  '[keys]',\n]",
        "name = \"\"\"alice\"\"\"",
        "\"times\" = '12h'",
        "mouse=false",
    ];
    const KEYS: [&str; 3] = ["rooms = 'F5' # often", "search = ['F6']", "\"resend\" = []"];
    const RULES: [&str; 3] = ["'#Ops' = 'all'", "bob = \"nothing\"   ", "everyone = 'mentions'"];
    const BETWEEN: [&str; 5] = ["", "# a comment", "  # [keys]", "\t", "#"];
    const CHANGES: [(&str, &str); 10] = [
        ("theme", "\"light\""),
        ("words", "[\"x\", \"y\"]"),
        ("lang", "\"en\""),
        ("times", "\"off\""),
        ("keys.rooms", "\"F7\""),
        ("keys.help", "[\"F8\", \"F9\"]"),
        ("keys.resend", "[]"),
        ("conversations.#ops", "\"mentions\""),
        ("conversations.carol", "\"all\""),
        ("conversations.#a.b", "\"all\""),
    ];

    fn some(lines: &'static [&'static str]) -> impl Strategy<Value = Vec<&'static str>> {
        let chosen = prop::sample::subsequence(lines, 0..=lines.len()).prop_shuffle();
        (chosen, prop::collection::vec(prop::sample::select(&BETWEEN[..]), 8)).prop_map(|(chosen, between)| {
            between
                .iter()
                .zip(chosen.into_iter().map(Some).chain(std::iter::repeat(None)))
                .flat_map(|(a, b)| [Some(*a), b])
                .flatten()
                .collect()
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]
        #[test]
        fn any_file_of_lines_and_tables_takes_any_change_and_keeps_the_rest(
            (top, keys, rules) in (some(&TOP), some(&KEYS), some(&RULES)),
            (with_keys, with_rules, ends) in any::<(bool, bool, bool)>(),
            steps in prop::collection::vec((0..CHANGES.len(), any::<bool>()), 1..6),
        ) {
            let mut lines = top;
            if with_keys {
                lines.push("[keys] # mine");
                lines.extend(keys);
            }
            if with_rules {
                lines.push("[conversations]");
                lines.extend(rules);
            }
            let mut text = lines.join("\n") + if ends { "\n" } else { "" };
            let comments = |text: &str| -> Vec<String> {
                let own_line = |line: &&str| line.trim_start().starts_with('#');
                text.lines().filter(own_line).map(str::to_owned).collect()
            };
            let before = comments(&text);
            for (at, takes_out) in steps {
                let (name, value) = CHANGES[at];
                let key = SettingKey::parse(name).unwrap();
                let after = changed(&text, &key, Some(value).filter(|_| !takes_out));
                prop_assert!(after.is_some(), "{name} in {text:?}");
                text = after.unwrap();
                prop_assert_eq!(comments(&text), before.clone(), "{:?}", text);
            }
        }
    }
}
