//! Runs a test in a process of its own: for state that a process has once, such as its umask, its limits, and the open
//! files that it shares for a moment with every process it starts.

use std::process::{Command, Stdio};

const ALONE: &str = "TR2_TEST_ALONE";

/// Whether this process runs the named test alone. Otherwise the test has now passed in a process that does, so that
/// its caller only returns. The shell runs `first` before that process.
#[track_caller]
pub(crate) fn is_alone(test: &str, first: &str) -> bool {
    if std::env::var_os(ALONE).is_some() {
        return true;
    }
    let mut child = Command::new("sh");
    child.args(["-c", &format!("{first}\nexec \"$0\" --exact \"$1\" --nocapture")]);
    child.arg(std::env::current_exe().unwrap()).arg(test).env(ALONE, "1").stdin(Stdio::null());
    let output = child.output().unwrap();
    let said = [output.stdout, output.stderr].map(|said| String::from_utf8_lossy(&said).into_owned());
    assert!(output.status.success(), "{}", said.concat());
    assert!(said[0].contains("1 passed"), "there is no test {test}: {}", said[0]);
    // Pass on that it was skipped.
    said[0].lines().filter(|line| line.starts_with("skipped")).for_each(|line| println!("{line}"));
    false
}
