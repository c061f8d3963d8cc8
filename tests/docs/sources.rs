//! The sources as text, and what the tests that read them share.

use std::fs;
use std::path::{Path, PathBuf};

pub(crate) struct Source {
    /// Below `src`, such as `client/tui/screen.rs`.
    pub(crate) path: String,
    pub(crate) text: String,
    /// The text without comments and without the tests at its end.
    pub(crate) code: String,
}

/// Every file of `src`, in the order of their paths.
pub(crate) fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    walk(&root, &mut paths);
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap().lines().map(|line| line.split("//").next().unwrap());
            let code = code.collect::<Vec<_>>().join("\n");
            Source { path: path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned(), text, code }
        })
        .collect()
}

fn walk(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, paths);
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            paths.push(path);
        }
    }
}

/// Panics with every line that breaks a rule.
#[track_caller]
pub(crate) fn assert_none(rule: &str, broken: impl Iterator<Item = String>) {
    let broken: Vec<String> = broken.collect();
    assert!(broken.is_empty(), "{rule}:\n  {}", broken.join("\n  "));
}

/// The files under `place` whose code contains `word`.
pub(crate) fn holding<'a>(sources: &'a [Source], place: &'a str, word: &'a str) -> impl Iterator<Item = String> + 'a {
    sources
        .iter()
        .filter(move |source| source.path.starts_with(place) && source.code.contains(word))
        .map(move |source| format!("src/{} names {word}", source.path))
}
