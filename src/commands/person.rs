//! `tr2 join --people DIR`: asks which of the people who share this account is there, and opens their key with their
//! passphrase. Whoever is new, or has lost passphrase or key, gets a new one, which counts once the server lets them in.
//!
//! Must not know: what the key proves, or the chat.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::path::Path;

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

use super::people_folders::{KEY_FILE, OwnFolder, PersonFolder, people_in};
use crate::client::link::own_key::OwnKey;
use crate::client::link::sealed_key::{self, RANDOM_BYTES, Sealed, seal};
use crate::error::Error;
use crate::language::{names, people as say};
use crate::model::Name;
use crate::net::certificate;
use crate::protocol::invitation::looks_like_code;
use crate::sys::secure_files;

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
    pub(super) folder: OwnFolder,
    pub(super) key: OwnKey,
}

/// The answer to the question who is there.
enum Chosen {
    Known(PersonFolder),
    New(Name),
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
    match choose(&known)? {
        Chosen::New(name) => make_key(dir, name),
        Chosen::Known(person) => match open_key(&person)? {
            Some(key) => Ok(Person { name: person.name.clone(), folder: OwnFolder::of(dir, person), key }),
            None => make_key(dir, person.name),
        },
    }
}

/// Asks for one of the people, or for the name of somebody new.
fn choose(known: &[PersonFolder]) -> Result<Chosen, Error> {
    if known.is_empty() {
        return new_name(known);
    }
    print(&format!("{}\n", say::who_are_you()))?;
    let new = known.len() + 1;
    let shown = known.iter().map(|person| person.name.as_str()).chain([say::somebody_new()]);
    for (number, name) in (1..).zip(shown) {
        print(&format!("{number:>4}  {name}\n"))?;
    }
    loop {
        let answer = line(say::your_number())?;
        if answer == new.to_string() {
            return new_name(known);
        }
        let numbered = answer.parse::<usize>().ok().and_then(|number| known.get(number.checked_sub(1)?));
        let named = Name::restored(&answer).ok().map(|name| name.folded());
        let named = named.and_then(|wanted| known.iter().find(|person| person.name.folded() == wanted));
        if let Some(person) = numbered.or(named) {
            return Ok(Chosen::Known(person.clone()));
        }
        match new_name_in(&answer, known) {
            _ if answer.is_empty() => {}
            Ok(name) if is_agreed(&say::nobody_of_that_name(&name))? => return Ok(Chosen::New(name)),
            Ok(_) => {}
            // What is no name may be a secret, and is not shown.
            Err(why) => print(&format!("{why}\n"))?,
        }
    }
}

/// Asks for the name of somebody new.
fn new_name(known: &[PersonFolder]) -> Result<Chosen, Error> {
    loop {
        match new_name_in(&line(say::your_name())?, known) {
            Ok(name) => return Ok(Chosen::New(name)),
            Err(why) => print(&format!("{why}\n"))?,
        }
    }
}

/// The name of somebody new; or else, why it cannot be theirs.
fn new_name_in(answer: &str, known: &[PersonFolder]) -> Result<Name, String> {
    if looks_like_code(answer) {
        return Err(names::code_is_no_name().to_owned());
    }
    let name = Name::parse(answer).map_err(|error| names::name(&error))?;
    // Two who differ by case alone, or look alike, are not told apart.
    match known.iter().find(|other| other.name.key().clashes(&name.key())) {
        Some(other) => Err(say::is_there_already(&other.name)),
        None => Ok(name),
    }
}

/// Opens the key of one of the people; `None` if they start anew.
fn open_key(PersonFolder { name, path }: &PersonFolder) -> Result<Option<OwnKey>, Error> {
    let file = path.join(KEY_FILE);
    let failed = |error: io::Error| Error::Failed(say::folder_failed(path.display(), error));
    let sealed = secure_files::read_secret(&file, MAX_KEY_FILE).map_err(failed)?.unwrap_or_default();
    let mut wrong = 0;
    while wrong < TRIES {
        let passphrase = secret(&say::passphrase_of(name))?;
        match sealed_key::unseal(&sealed, &passphrase) {
            Ok(pem) => return Ok(Some(OwnKey::held(file, pem))),
            // A keeper may have put the right file back by then.
            Err(Sealed::Unknown) => {
                print(&format!("{}\n", say::key_is_unknown(file.display())))?;
                return if is_agreed(&say::starts_anew(name))? { Ok(None) } else { Err(nobody_answered()) };
            }
            Err(Sealed::OtherPassphrase) if passphrase.is_empty() => {
                if is_agreed(&say::starts_anew(name))? {
                    return Ok(None);
                }
            }
            Err(Sealed::OtherPassphrase) => {
                print(&format!("{}\n", say::wrong_passphrase()))?;
                wrong += 1;
            }
        }
    }
    Err(Error::Refused(say::three_times_wrong().to_owned()))
}

/// Makes a key for a name that the server has not agreed to yet.
fn make_key(dir: &Path, name: Name) -> Result<Person, Error> {
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
    let pem = certificate::make_key().map_err(Error::failed)?;
    let mut random = [0; RANDOM_BYTES];
    getrandom::fill(&mut random).map_err(Error::failed)?;
    let sealed = seal(&pem, &passphrase, random).ok_or_else(|| Error::Failed(say::key_not_sealed().to_owned()))?;
    let folder = OwnFolder::make(dir, &name, &sealed)
        .map_err(|error| Error::Failed(say::folder_failed(dir.display(), error)))?;
    let key = OwnKey::held(folder.path().join(KEY_FILE), pem);
    Ok(Person { name, folder, key })
}

fn nobody_answered() -> Error {
    Error::Failed(say::nobody_answered().to_owned())
}

/// Asks a question that is answered by yes or no, in either language.
fn is_agreed(question: &str) -> Result<bool, Error> {
    loop {
        match line(question)?.to_lowercase().as_str() {
            "y" | "yes" | "s" | "sim" => return Ok(true),
            "n" | "no" | "não" | "nao" => return Ok(false),
            _ => {}
        }
    }
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
        Ok(0) => Err(nobody_answered()),
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
