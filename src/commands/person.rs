//! `tr2 join --people DIR`: asks which of the people who share this account is there, and opens their key with their
//! passphrase. Each has a folder of their own in DIR, named as they are.
//!
//! Must not know: what the key proves, or the chat.

use std::fs;
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

use crate::client::link::own_key::OwnKey;
use crate::client::link::sealed_key::{self, RANDOM_BYTES, Sealed, seal};
use crate::error::Error;
use crate::language::{names, people as say};
use crate::model::Name;
use crate::net::certificate;
use crate::sys::secure_files;

/// The file with a person's sealed key, in the person's folder.
const KEY_FILE: &str = "key";
/// The longest such file that is read, in bytes.
const MAX_KEY_FILE: u64 = 64 * 1024;
/// Characters that a passphrase has at least.
const LEAST_PASSPHRASE: usize = 8;
/// How often a passphrase may be tried before the program ends.
const TRIES: usize = 3;

/// Somebody who shares this account, with their key.
#[derive(Debug)]
pub(super) struct Person {
    pub(super) name: Name,
    /// The folder for what is theirs.
    pub(super) folder: PathBuf,
    pub(super) key: OwnKey,
}

/// Asks who is there.
///
/// # Errors
/// There is no terminal, nobody answers, or the passphrase is wrong; or a file or folder cannot be used.
pub(super) fn ask(dir: &Path) -> Result<Person, Error> {
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return Err(Error::usage(say::no_terminal()));
    }
    let failed = |error: io::Error| Error::Failed(say::folder_failed(dir.display(), error));
    secure_files::make_folder(dir).map_err(failed)?;
    let known = people_in(dir).map_err(failed)?;
    let name = choose(&known)?;
    let folder = dir.join(name.as_str());
    let key = if known.contains(&name) { open_key(&name, &folder)? } else { make_key(&folder)? };
    Ok(Person { name, folder, key })
}

/// The people who have a key there, in the order of their names.
fn people_in(dir: &Path) -> io::Result<Vec<Name>> {
    let mut people = Vec::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let name = entry.file_name().to_str().and_then(|name| Name::parse(name).ok());
        people.extend(name.filter(|_| entry.path().join(KEY_FILE).is_file()));
    }
    people.sort();
    Ok(people)
}

/// Asks for one of the people, or for the name of somebody new.
fn choose(known: &[Name]) -> Result<Name, Error> {
    if known.is_empty() {
        return new_name(known);
    }
    print(&format!("{}\n", say::who_are_you()))?;
    let new = known.len() + 1;
    let shown = known.iter().map(Name::as_str).chain([say::somebody_new()]);
    for (number, name) in (1..).zip(shown) {
        print(&format!("{number:>4}  {name}\n"))?;
    }
    loop {
        let answer = line(say::your_number())?;
        if answer == new.to_string() {
            return new_name(known);
        }
        let numbered = answer.parse::<usize>().ok().and_then(|number| known.get(number.checked_sub(1)?));
        let named = Name::parse(&answer).ok().map(|name| name.folded());
        let named = named.and_then(|wanted| known.iter().find(|name| name.folded() == wanted));
        if let Some(name) = numbered.or(named) {
            return Ok(name.clone());
        }
        if !answer.is_empty() {
            print(&format!("{}\n", say::nobody_of_that_name(crate::model::Text::line(&answer))))?;
        }
    }
}

/// Asks for the name of somebody new.
fn new_name(known: &[Name]) -> Result<Name, Error> {
    loop {
        let answer = line(say::your_name())?;
        match Name::parse(&answer) {
            // Two who differ by case alone, or look alike, are not told apart.
            Ok(name) => match known.iter().find(|other| other.key().clashes(&name.key())) {
                Some(other) => print(&format!("{}\n", say::is_there_already(other)))?,
                None => return Ok(name),
            },
            Err(error) => print(&format!("{}\n", names::name(&error)))?,
        }
    }
}

fn open_key(name: &Name, folder: &Path) -> Result<OwnKey, Error> {
    let file = folder.join(KEY_FILE);
    let failed = |error: io::Error| Error::Failed(say::folder_failed(folder.display(), error));
    let sealed = secure_files::read_secret(&file, MAX_KEY_FILE).map_err(failed)?.unwrap_or_default();
    for _ in 0..TRIES {
        match sealed_key::unseal(&sealed, &secret(&say::passphrase_of(name))?) {
            Ok(pem) => return Ok(OwnKey::held(file, pem)),
            Err(Sealed::OtherPassphrase) => print(&format!("{}\n", say::wrong_passphrase()))?,
            Err(Sealed::Unknown) => return Err(Error::Failed(say::key_is_unknown(file.display()))),
        }
    }
    Err(Error::Refused(say::three_times_wrong().to_owned()))
}

fn make_key(folder: &Path) -> Result<OwnKey, Error> {
    let passphrase = loop {
        let first = secret(&say::new_passphrase(LEAST_PASSPHRASE))?;
        if first.chars().count() < LEAST_PASSPHRASE {
            print(&format!("{}\n", say::too_short(LEAST_PASSPHRASE)))?;
        } else if secret(say::once_more())? == first {
            break first;
        } else {
            print(&format!("{}\n", say::not_the_same()))?;
        }
    };
    let failed = |error: io::Error| Error::Failed(say::folder_failed(folder.display(), error));
    let pem = certificate::make_key().map_err(Error::failed)?;
    let mut random = [0; RANDOM_BYTES];
    getrandom::fill(&mut random).map_err(Error::failed)?;
    let sealed = seal(&pem, &passphrase, random).ok_or_else(|| Error::Failed(say::key_not_sealed().to_owned()))?;
    secure_files::make_folder(folder).map_err(failed)?;
    let file = folder.join(KEY_FILE);
    // Somebody may have taken the same name at the same moment.
    if !secure_files::create(&file, &sealed).map_err(failed)? {
        return Err(Error::Failed(say::is_there_already(folder.file_name().unwrap_or_default().display())));
    }
    Ok(OwnKey::held(file, pem))
}

// --- the terminal

fn print(text: &str) -> Result<(), Error> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(Error::failed)
}

/// Asks for a line.
fn line(question: &str) -> Result<String, Error> {
    print(question)?;
    let mut answer = String::new();
    match io::stdin().lock().read_line(&mut answer) {
        Ok(0) => Err(Error::Failed(say::nobody_answered().to_owned())),
        Ok(_) => Ok(answer.trim().to_owned()),
        Err(error) => Err(Error::failed(error)),
    }
}

/// Asks for a line that the terminal does not show.
fn secret(question: &str) -> Result<String, Error> {
    let hidden = HiddenTyping::begin().map_err(Error::failed)?;
    let answer = line(question);
    drop(hidden);
    print("\n")?;
    answer
}

/// What is typed is not shown until this is dropped.
struct HiddenTyping(Termios);

impl HiddenTyping {
    fn begin() -> io::Result<Self> {
        let before = tcgetattr(io::stdin())?;
        let mut hidden = before.clone();
        hidden.local_modes.remove(LocalModes::ECHO);
        tcsetattr(io::stdin(), OptionalActions::Drain, &hidden)?;
        Ok(Self(before))
    }
}

impl Drop for HiddenTyping {
    fn drop(&mut self) {
        // A terminal that is gone shows nothing either.
        let _ = tcsetattr(io::stdin(), OptionalActions::Drain, &self.0);
    }
}
