//! Where files that other people send are saved.
//!
//! Must not know: which files those are.

use std::fs;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;

/// The largest file of the desktop's folders that is read, in bytes.
const MAX_FILE: u64 = 64 * 1024;
/// The file in the folder of configurations that names the desktop's folders (xdg-user-dirs).
const USER_FOLDERS: &str = "user-dirs.dirs";
/// The line that names the folder.
const KEY: &str = "XDG_DOWNLOAD_DIR=";
/// The home folder within that line.
const HOME: &str = "$HOME";
/// The folder where nothing names another one.
const USUAL: &str = "Downloads";

/// The person's folders, as far as they matter here.
#[derive(Clone, Debug, Default)]
pub(super) struct PersonFolders {
    /// The home folder.
    pub(super) home: Option<PathBuf>,
    /// The folder of configurations.
    pub(super) config: Option<PathBuf>,
}

impl PersonFolders {
    /// Those of this process.
    pub(super) fn find() -> Self {
        match etcetera::base_strategy::Xdg::new() {
            Ok(base) => Self { home: Some(base.home_dir().to_owned()), config: Some(base.config_dir()) },
            Err(_) => Self::default(),
        }
    }

    /// The folder for downloads: the one that was given, from where a path begins with `~` in the home folder; else the
    /// desktop's; else `Downloads` or the home folder itself. Empty if there is none.
    pub(super) fn downloads(&self, given: &str) -> PathBuf {
        if !given.is_empty() {
            let within = given.strip_prefix('~').filter(|rest| rest.is_empty() || rest.starts_with('/'));
            return match (within, &self.home) {
                (Some(rest), Some(home)) => home.join(rest.trim_start_matches('/')),
                (_, _) => std::path::absolute(given).unwrap_or_else(|_| PathBuf::from(given)),
            };
        }
        let Some(home) = &self.home else { return PathBuf::new() };
        let usual = || Some(home.join(USUAL)).filter(|folder| folder.is_dir());
        self.of_desktop(home).or_else(usual).unwrap_or_else(|| home.clone())
    }

    /// The desktop's folder for downloads, if it exists.
    fn of_desktop(&self, home: &Path) -> Option<PathBuf> {
        let file = self.config.as_ref()?.join(USER_FOLDERS);
        // Nothing that hangs or has no end is read.
        fs::metadata(&file).ok().filter(|found| found.is_file() && found.len() <= MAX_FILE)?;
        let text = fs::read_to_string(&file).ok()?;
        named(&text, home).filter(|folder| folder.is_dir())
    }
}

/// The folder that a text names: the last line about it counts, as for a shell.
fn named(text: &str, home: &Path) -> Option<PathBuf> {
    let value = text.lines().filter_map(|line| line.trim().strip_prefix(KEY)).next_back()?;
    let value = value.trim().strip_prefix('"')?.strip_suffix('"')?.replace('\\', "");
    match value.strip_prefix(HOME) {
        Some(rest) => Some(home.join(rest.trim_start_matches('/'))),
        None => Some(PathBuf::from(value)).filter(|folder| folder.is_absolute()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_desktops_folder_is_read_as_the_desktop_writes_it() {
        let home = Path::new("/home/ann");
        let named = |text: &str| named(text, home);
        assert_eq!(
            named("# XDG_DOWNLOAD_DIR=\"$HOME/no\"\nXDG_DOWNLOAD_DIR=\"$HOME/In coming\"\n"),
            Some(home.join("In coming"))
        );
        assert_eq!(named("XDG_DOWNLOAD_DIR=\"/data/in\"\n"), Some("/data/in".into()));
        assert_eq!(named("XDG_DOWNLOAD_DIR=\"$HOME/\\$x\"\n"), Some(home.join("$x")));
        assert_eq!(named("XDG_DOWNLOAD_DIR=\"a\"\nXDG_DOWNLOAD_DIR=\"$HOME/b\""), Some(home.join("b")));
        for none in ["", "XDG_DESKTOP_DIR=\"$HOME/x\"", "XDG_DOWNLOAD_DIR=$HOME/x", "XDG_DOWNLOAD_DIR=\"relative\""] {
            assert_eq!(named(none), None, "{none}");
        }
    }

    #[test]
    fn what_is_given_comes_before_the_desktops_folder_and_that_before_the_usual_one() {
        let home = std::env::temp_dir().join(format!("tr2-downloads-{}", std::process::id()));
        let folders = PersonFolders { home: Some(home.clone()), config: Some(home.join(".config")) };
        fs::create_dir_all(home.join(".config")).unwrap();
        assert_eq!(folders.downloads(""), home);
        fs::create_dir(home.join(USUAL)).unwrap();
        assert_eq!(folders.downloads(""), home.join(USUAL));
        fs::write(home.join(".config").join(USER_FOLDERS), "XDG_DOWNLOAD_DIR=\"$HOME/in\"\n").unwrap();
        assert_eq!(folders.downloads(""), home.join(USUAL), "it does not exist");
        fs::create_dir(home.join("in")).unwrap();
        assert_eq!(folders.downloads(""), home.join("in"));
        assert_eq!(folders.downloads("~/x"), home.join("x"));
        assert_eq!(folders.downloads("~"), home);
        assert_eq!(folders.downloads("~x"), std::path::absolute("~x").unwrap());
        assert_eq!(folders.downloads("/y"), Path::new("/y"));
        assert_eq!(folders.downloads("z"), std::env::current_dir().unwrap().join("z"));
        assert_eq!(PersonFolders::default().downloads(""), Path::new(""));
        fs::remove_dir_all(home).unwrap();
    }
}
