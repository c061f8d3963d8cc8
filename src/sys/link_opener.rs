//! Opens links in the person's browser, where they sit before this machine's own screen.
//!
//! Must not know: where a link comes from, or what is said about it.

use std::ffi::OsString;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;

/// The programs that open a link in whatever the person uses for it, the best first.
const PROGRAMS: [&str; 2] = ["xdg-open", "open"];
/// One of these says that there is a screen.
const SCREENS: [&str; 2] = ["WAYLAND_DISPLAY", "DISPLAY"];
/// One of these says that the person sits elsewhere.
const ELSEWHERE: [&str; 3] = ["SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"];

/// A program that opens links.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkOpener(PathBuf);

impl LinkOpener {
    /// The one of this machine, according to the environment of the process; `None` if links cannot be opened where the
    /// person sits.
    #[must_use]
    pub fn find() -> Option<Self> {
        Self::of(|name| std::env::var_os(name))
    }

    /// The same with an environment.
    #[must_use]
    pub fn of(variable: impl Fn(&str) -> Option<OsString>) -> Option<Self> {
        let set = |name: &&str| variable(name).is_some_and(|value| !value.is_empty());
        if ELSEWHERE.iter().any(&set) || !SCREENS.iter().any(set) {
            return None;
        }
        let path = variable("PATH")?;
        let runs =
            |file: &PathBuf| file.metadata().is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0);
        // A relative folder could be anybody's.
        let folders = || std::env::split_paths(&path).filter(|folder| folder.is_absolute());
        PROGRAMS.iter().find_map(|name| folders().map(|folder| folder.join(name)).find(runs)).map(Self)
    }

    /// Opens a link, without waiting. The link is the program's only argument, and no shell sees it.
    ///
    /// # Errors
    /// It is no `http` or `https` link, or the program cannot be started; the sentence says so.
    pub fn open(&self, link: &str) -> Result<(), String> {
        let scheme = link.starts_with("http://") || link.starts_with("https://");
        if !scheme || !link.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err("Only http and https links can be opened.".to_owned());
        }
        let mut command = Command::new(&self.0);
        command.arg(link).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        // The keys of our terminal do not concern it.
        let child = command.process_group(0).spawn();
        let mut child = child.map_err(|error| format!("{} cannot be started: {error}.", self.0.display()))?;
        thread::spawn(move || child.wait());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(pairs: &[(&str, &str)]) -> Option<LinkOpener> {
        let pairs: Vec<(String, OsString)> =
            pairs.iter().map(|(name, value)| ((*name).to_owned(), OsString::from(value))).collect();
        LinkOpener::of(|name| pairs.iter().find(|(other, _)| other == name).map(|(_, value)| value.clone()))
    }

    #[test]
    fn links_open_only_before_a_screen_of_this_machine_and_by_a_program_that_can_run() {
        let folder = std::env::temp_dir().join(format!("tr2-opener-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let (program, path) = (folder.join("xdg-open"), folder.to_str().unwrap());
        std::fs::write(&program, "#!/bin/sh\n").unwrap();
        assert_eq!(found(&[("DISPLAY", ":0"), ("PATH", path)]), None, "it cannot run");
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        let opener = LinkOpener(program);
        assert_eq!(found(&[("DISPLAY", ":0"), ("PATH", path)]), Some(opener.clone()));
        assert_eq!(found(&[("WAYLAND_DISPLAY", "wayland-0"), ("PATH", &format!(".:{path}"))]), Some(opener.clone()));
        assert_eq!(found(&[("PATH", path)]), None);
        assert_eq!(found(&[("DISPLAY", ":0"), ("SSH_CONNECTION", "a b"), ("PATH", path)]), None);
        assert!(opener.open("file:///etc/passwd").is_err() && opener.open("https://x.org/ b").is_err());
        assert_eq!(opener.open("https://x.org/"), Ok(()));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
