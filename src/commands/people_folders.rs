//! The folders of the people who share an account, one for each, and who of them is whom: the name under which the server
//! has let somebody in last. A new key counts from then on, and whoever was not let in leaves nothing behind.
//!
//! Must not know: who is asked for what, or what a key proves.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::model::Name;
use crate::sys::secure_files;

/// The file with a person's sealed key, in the person's folder.
pub(super) const KEY_FILE: &str = "key";
/// The same, until the server has let the person in.
const NEW_KEY_FILE: &str = "key.new";
/// What follows in the name of a key that was put aside, before its number.
const OLD_KEY_FILE: &str = "key.old";
/// The file with the person's name, where it is not that of the folder.
const NAME_FILE: &str = "name";
/// The longest such file that is read, in bytes.
const MAX_NAME_FILE: u64 = 1024;
/// How many folders, or keys that were put aside, there may be of one name.
const MAX_OF_NAME: usize = 1000;

/// The folder of one of the people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PersonFolder {
    pub(super) name: Name,
    pub(super) path: PathBuf,
}

/// The folder of whoever is there now.
#[derive(Debug)]
pub(super) struct OwnFolder {
    dir: PathBuf,
    path: PathBuf,
    name: Name,
    /// Whether the server has not let them in yet, and the folder is gone if it never does.
    on_trial: bool,
}

/// The people who have a key there, in the order of their names.
///
/// # Errors
/// What the system says.
pub(super) fn people_in(dir: &Path) -> io::Result<Vec<PersonFolder>> {
    let mut people = Vec::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.join(KEY_FILE).is_file()
            && let Some(name) = name_of(&path)?
        {
            people.push(PersonFolder { name, path });
        }
    }
    people.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.path.cmp(&b.path)));
    Ok(people)
}

fn name_of(folder: &Path) -> io::Result<Option<Name>> {
    let written = secure_files::read(&folder.join(NAME_FILE), MAX_NAME_FILE)?;
    let of_folder = || folder.file_name().and_then(|name| name.to_str()).map(str::to_owned);
    Ok(written.or_else(of_folder).and_then(|name| Name::restored(name.trim()).ok()))
}

impl OwnFolder {
    /// The folder of somebody who has been let in before.
    pub(super) fn of(dir: &Path, PersonFolder { name, path }: PersonFolder) -> Self {
        Self { dir: dir.to_owned(), path, name, on_trial: false }
    }

    /// A folder for somebody with a new key, who wants a name.
    ///
    /// # Errors
    /// What the system says.
    pub(super) fn make(dir: &Path, name: &Name, sealed: &str) -> io::Result<Self> {
        for number in 1..=MAX_OF_NAME {
            // Somebody else may have had that name, or may want it at this moment.
            let folder = if number == 1 { name.to_string() } else { format!("{name}-{number}") };
            let path = dir.join(folder);
            if secure_files::make_new_folder(&path)? {
                let made = Self { dir: dir.to_owned(), path, name: name.clone(), on_trial: true };
                secure_files::create(&made.path.join(NEW_KEY_FILE), sealed)?;
                return Ok(made);
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The server has let the person in under this name: the folder stands for them from now on, and no other one does.
    ///
    /// # Errors
    /// What the system says.
    pub(super) fn let_in(&mut self, name: &Name) -> io::Result<()> {
        if !self.on_trial && self.name == *name {
            return Ok(());
        }
        secure_files::replace(&self.path.join(NAME_FILE), &format!("{name}\n"))?;
        if self.on_trial {
            secure_files::place_new(&self.path.join(NEW_KEY_FILE), &self.path.join(KEY_FILE))?;
        }
        self.on_trial = false;
        self.name = name.clone();
        for other in people_in(&self.dir)? {
            if other.path != self.path && other.name.folded() == name.folded() {
                put_aside(&other.path)?;
            }
        }
        Ok(())
    }
}

/// A key that no longer owns its name is kept, and nobody is asked for its passphrase.
fn put_aside(folder: &Path) -> io::Result<()> {
    for number in 1..=MAX_OF_NAME {
        match secure_files::place_new(&folder.join(KEY_FILE), &folder.join(format!("{OLD_KEY_FILE}-{number}"))) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            placed => return placed,
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

impl Drop for OwnFolder {
    fn drop(&mut self) {
        if self.on_trial {
            // Without its key nobody is offered it, so what stays harms nobody.
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    struct Folder(PathBuf);

    impl Folder {
        fn new(test: &str) -> Self {
            let path = std::env::temp_dir().join(format!("tr2-people-{test}-{}", std::process::id()));
            secure_files::make_folder(&path).unwrap();
            Self(path)
        }

        fn path(&self) -> &Path {
            &self.0
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn name(written: &str) -> Name {
        Name::parse(written).unwrap()
    }

    fn menu(dir: &Path) -> Vec<String> {
        people_in(dir).unwrap().iter().map(|person| person.name.to_string()).collect()
    }

    #[test]
    fn whoever_was_not_let_in_leaves_nothing_behind() {
        let dir = Folder::new("refused");
        let new = OwnFolder::make(dir.path(), &name("alice"), "sealed").unwrap();
        assert!(menu(dir.path()).is_empty());
        drop(new);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[test]
    fn the_name_in_the_end_is_the_one_in_the_menu() {
        let dir = Folder::new("renamed");
        let mut new = OwnFolder::make(dir.path(), &name("alice"), "sealed").unwrap();
        new.let_in(&name("alicia")).unwrap();
        drop(new);
        assert_eq!(menu(dir.path()), ["alicia"]);
        // Another name later, and somebody who takes the first one.
        let alicia = people_in(dir.path()).unwrap().remove(0);
        OwnFolder::of(dir.path(), alicia).let_in(&name("lis")).unwrap();
        OwnFolder::make(dir.path(), &name("alice"), "sealed").unwrap().let_in(&name("alice")).unwrap();
        assert_eq!(menu(dir.path()), ["alice", "lis"]);
    }

    #[test]
    fn who_starts_anew_replaces_the_old_key_only_once_the_server_agrees() {
        let dir = Folder::new("anew");
        let made = |sealed| OwnFolder::make(dir.path(), &name("alice"), sealed).unwrap();
        let key = || {
            let people = people_in(dir.path()).unwrap();
            people.iter().map(|person| fs::read_to_string(person.path.join(KEY_FILE)).unwrap()).collect::<Vec<_>>()
        };
        made("first").let_in(&name("alice")).unwrap();
        drop(made("refused"));
        // Somebody who wanted to be alice and is somebody else in the end takes nothing away.
        made("other").let_in(&name("mallory")).unwrap();
        assert_eq!(key(), ["first", "other"]);
        made("second").let_in(&name("alice")).unwrap();
        assert_eq!(menu(dir.path()), ["alice", "mallory"]);
        assert_eq!(key(), ["second", "other"]);
        let old = dir.path().join("alice").join("key.old-1");
        assert_eq!(fs::read_to_string(old).unwrap(), "first");
    }
}
