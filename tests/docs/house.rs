//! The plan of the house: which files and folders may use which, and that the parts of the two cores have walls. The
//! tests read the sources as text.

use std::collections::{BTreeMap, BTreeSet};

use crate::sources::{Source, assert_none, sources};

/// The floors of a folder, from the ground up: a file or folder uses only those before it. Those on one floor do not use
/// one another.
struct Floors {
    folder: &'static str,
    floors: &'static [&'static [&'static str]],
}

/// The folders whose floors are fixed.
const PLAN: [Floors; 11] = [
    Floors {
        folder: "server",
        floors: &[
            &["ids", "in_order", "limits", "host_order"],
            &["bucket"],
            &["secrets", "telemetry", "store", "relay", "log"],
            &["broker"],
            &["cluster"],
            &["cluster_start", "founding"],
            &["transport"],
            &["node_start"],
            &["mind"],
            &["run"],
        ],
    },
    Floors {
        folder: "server/broker",
        floors: &[
            &["rules", "outbox", "facts", "paging", "shares", "user_conns"],
            &["caller", "tuning", "shared_rules"],
            &["peers", "calls"],
            &["access"],
            &["rooms"],
            &["moderation"],
            &["messages"],
            &["lifecycle", "roster"],
            &["sweep"],
            &["promises"],
            &["calling", "conferring"],
            &["handover", "roles"],
            &["keeping"],
            &["input"],
            &["findings"],
            &["sessions", "own_sessions", "proving", "renaming", "nodes", "connections"],
            &["acts"],
            &["hosting"],
            &["speaking"],
            &["dispatch"],
            &["shared_state"],
        ],
    },
    Floors {
        folder: "server/store",
        floors: &[
            &["api", "backup_mark", "error", "limits", "terms", "transaction_counts"],
            &["members", "reply"],
            &["page_builder"],
            &["memory", "sqlite"],
            &["node_store"],
        ],
    },
    Floors { folder: "server/log", floors: &[&["memory", "single", "nats"]] },
    Floors {
        folder: "server/log/nats",
        floors: &[
            &["frames", "nkey", "pulse", "follow", "appends"],
            &["stream"],
            &["server_info"],
            &["login", "findings", "core"],
            &["dial"],
            &["connection"],
            &["check"],
        ],
    },
    Floors {
        folder: "server/cluster",
        floors: &[
            &["entry_bytes", "chain", "freshness"],
            &["entry"],
            &["roll", "waiting"],
            &["step"],
            &["held", "weighing"],
            &["fault"],
            &["witness"],
            &["turn"],
            &["lane"],
            &["follower"],
            &["front", "command", "kept_report"],
            &["deed"],
            &["step_store"],
            &["replica", "again"],
        ],
    },
    Floors {
        folder: "media",
        floors: &[
            &["plane", "colours", "loss_cause", "voice"],
            &["picture"],
            &["y4m", "test_source", "codec", "cells", "ladder"],
            &["parts"],
        ],
    },
    Floors { folder: "media/voice", floors: &[&["stretch"], &["codec", "mixer", "test_sound", "wav"]] },
    Floors {
        folder: "media/codec",
        floors: &[
            &["tables", "range", "defaults", "square"],
            &["transform"],
            &["packet", "unit"],
            &["map", "models", "inter", "intra", "rate", "receipts"],
            &["grid", "kept", "syntax", "rebuild"],
            &["fit", "search", "decoder"],
            &["decide"],
            &["encoder"],
        ],
    },
    Floors {
        folder: "client",
        floors: &[
            &["key", "view", "traffic", "direct", "program", "stop_sign", "destination", "server_list"],
            &["camera", "sound"],
            &["printed"],
            &["msg", "traffic_meter"],
            &["action"],
            &["settings"],
            &["text"],
            &["chat"],
            &["dialogs"],
            &["link"],
            &["channels"],
            &["session"],
            &["tui"],
            &["plain"],
            &["unsent_file", "sent_file", "arrangement_file"],
            &["run"],
        ],
    },
    Floors {
        folder: "client/session",
        floors: &[
            &["start"],
            &["effects"],
            &["notice"],
            &["settings"],
            &["link"],
            &["outbound", "calls"],
            &["chat"],
            &["history"],
            &["moderation"],
            &["plain"],
            &["ui"],
            &["commands"],
            &["flows"],
            &[
                "arrangement",
                "leaving",
                "writing",
                "connection",
                "plain_input",
                "picked",
                "inviting",
                "hangup",
                "answers",
                "configuring",
                "coordinate",
            ],
        ],
    },
];

/// The cores, with the files in which their parts are put together.
const CORES: [(&str, &str, &[&str]); 2] = [
    (
        "Broker",
        "server/broker/",
        &[
            "mod.rs",
            "acts.rs",
            "calling.rs",
            "conferring.rs",
            "connections.rs",
            "dispatch.rs",
            "handover.rs",
            "hosting.rs",
            "keeping.rs",
            "nodes.rs",
            "own_sessions.rs",
            "proving.rs",
            "renaming.rs",
            "roles.rs",
            "sessions.rs",
            "shared_state.rs",
            "speaking.rs",
        ],
    ),
    (
        "Session",
        "client/session/",
        &[
            "mod.rs",
            "coordinate.rs",
            "connection.rs",
            "plain_input.rs",
            "inviting.rs",
            "picked.rs",
            "hangup.rs",
            "answers.rs",
            "leaving.rs",
            "writing.rs",
            "configuring.rs",
            "arrangement.rs",
        ],
    ),
];

/// The module of a file, such as `client::tui::screen`.
fn module(path: &str) -> Vec<String> {
    let path = path.trim_end_matches(".rs");
    let path = path.strip_suffix("/mod").unwrap_or(path);
    path.split('/').filter(|word| !matches!(*word, "lib" | "main")).map(str::to_owned).collect()
}

/// The files that each file uses, by the paths in its code. A name that a folder hands on counts as the folder's own file.
fn uses(sources: &[Source]) -> BTreeMap<String, BTreeSet<String>> {
    let files: BTreeMap<Vec<String>, String> =
        sources.iter().map(|source| (module(&source.path), source.path.clone())).collect();
    let mut uses = BTreeMap::new();
    for source in sources {
        let mut used = BTreeSet::new();
        for path in paths(&source.code, &module(&source.path)) {
            let known = (1..=path.len()).rev().find_map(|length| files.get(&path[..length]));
            used.extend(known.filter(|file| **file != source.path).cloned());
        }
        uses.insert(source.path.clone(), used);
    }
    uses
}

/// The paths in a file's code that begin with `crate::`, `super::` or `self::`, from the root of the crate, without what
/// is handed on by `pub use`.
fn paths(code: &str, here: &[String]) -> Vec<Vec<String>> {
    let mut paths = Vec::new();
    for (at, _) in code.match_indices("::") {
        let before = code[..at].rfind(|c: char| !c.is_alphanumeric() && c != '_').map_or(0, |at| at + 1);
        let word = &code[before..at];
        if !matches!(word, "crate" | "super" | "self") || code[..before].ends_with("::") {
            continue;
        }
        let line = code[..before].rfind('\n').map_or(0, |at| at + 1);
        if code[line..before].trim_start().starts_with("pub") && code[line..before].trim_end().ends_with("use") {
            continue;
        }
        let mut base = if word == "crate" { Vec::new() } else { here.to_vec() };
        if word == "super" {
            base.pop();
        }
        follow(&code[at + 2..], &base, &mut paths);
    }
    paths
}

/// Adds the paths that a text begins with: one, or several in braces.
fn follow(text: &str, base: &[String], paths: &mut Vec<Vec<String>>) {
    let text = text.trim_start();
    if let Some(group) = text.strip_prefix('{') {
        let (mut depth, mut start) = (0, 0);
        for (at, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth > 0 => depth -= 1,
                ',' | '}' if depth == 0 => {
                    follow(&group[start..at], base, paths);
                    if c == '}' {
                        return;
                    }
                    start = at + 1;
                }
                _ => {}
            }
        }
        return;
    }
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    let mut path = base.to_vec();
    match &text[..end] {
        "super" => drop(path.pop()),
        "" | "self" => {}
        word => path.push(word.to_owned()),
    }
    match text[end..].strip_prefix("::") {
        Some(rest) => follow(rest, &path, paths),
        None => paths.push(path),
    }
}

/// Whether one of the files is the head of the folder that the other lies in: a part and its own files are one.
fn is_head_of(head: &str, file: &str) -> bool {
    head.strip_suffix("mod.rs").is_some_and(|folder| file.starts_with(folder))
}

#[test]
fn no_file_is_used_by_what_it_uses() {
    let uses = uses(&sources());
    let arrows = |file: &str| {
        let file = file.to_owned();
        uses[&file].clone().into_iter().filter(move |used| !is_head_of(used, &file) && !is_head_of(&file, used))
    };
    let mut circles = BTreeSet::new();
    for file in uses.keys() {
        let (mut reached, mut next) = (BTreeSet::new(), vec![file.clone()]);
        while let Some(file) = next.pop() {
            next.extend(arrows(&file).filter(|used| reached.insert(used.clone())));
        }
        if reached.contains(file) {
            circles.insert(format!("src/{file} uses a file that uses it"));
        }
    }
    assert_none("imports run in no circle", circles.into_iter());
}

#[test]
fn folders_use_only_the_floors_below_them() {
    let uses = uses(&sources());
    let mut broken = Vec::new();
    for Floors { folder, floors } in PLAN {
        let floor = |file: &str| {
            let name =
                file.strip_prefix(folder)?.strip_prefix('/')?.split('/').next()?.trim_end_matches(".rs").to_owned();
            (name != "mod").then(|| (floors.iter().position(|floor| floor.contains(&&*name)), name))
        };
        for (file, used) in &uses {
            let Some((mine, name)) = floor(file) else { continue };
            let Some(mine) = mine else {
                broken.push(format!("src/{file} has no floor in the plan of {folder}"));
                continue;
            };
            for used in used {
                let Some((Some(theirs), other)) = floor(used) else { continue };
                if other != name && theirs >= mine {
                    broken.push(format!("src/{file} uses src/{used}, which is not below it"));
                }
            }
        }
    }
    assert_none("a folder uses only the floors below it", broken.into_iter());
}

#[test]
fn only_a_core_s_own_files_put_its_parts_together() {
    let sources = sources();
    let mut broken = Vec::new();
    for (core, folder, files) in CORES {
        // However it is named: `impl Broker`, `impl super::Broker`, `impl crate::server::broker::Broker`.
        let implements = |line: &str| {
            let named = line.strip_prefix("impl ").and_then(|rest| rest.split([' ', '{']).next());
            named.is_some_and(|name| name.rsplit("::").next() == Some(core)) && !line.contains(" for ")
        };
        for source in sources.iter().filter(|source| source.code.lines().any(implements)) {
            let own = source.path.strip_prefix(folder).is_some_and(|file| files.contains(&file));
            if !own {
                broken.push(format!("src/{} implements {core}", source.path));
            }
        }
    }
    assert_none("a core is implemented by its own files alone", broken.into_iter());
}

/// A struct with named fields, as it stands in a file.
struct Struct {
    file: String,
    /// Whether two of them can be compared: then it is a value, which parts may give away, and no state.
    is_value: bool,
    /// Visibility, name and type.
    fields: Vec<(String, String, String)>,
}

/// The structs with named fields in some sources, by name.
fn structs<'a>(sources: impl Iterator<Item = &'a Source>) -> BTreeMap<String, Struct> {
    let mut structs = BTreeMap::new();
    for source in sources {
        for (at, _) in source.code.match_indices("struct ") {
            let rest = &source.code[at + "struct ".len()..];
            let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let Some(body) = rest[name.len()..].split(" {\n").nth(1).and_then(|body| body.split("\n}").next()) else {
                continue;
            };
            if rest.find(';').is_some_and(|end| end < rest.find('{').unwrap()) {
                continue;
            }
            let head = &source.code[..at];
            let derives =
                head.rfind("#[derive(").filter(|derive| !head[*derive..].contains("\n}")).map(|derive| &head[derive..]);
            let fields = body.lines().filter_map(field).collect();
            let is_value = derives.is_some_and(|derives| derives.contains("PartialEq"));
            structs.insert(name, Struct { file: source.path.clone(), is_value, fields });
        }
    }
    structs
}

fn field(line: &str) -> Option<(String, String, String)> {
    let line = line.trim().trim_end_matches(',');
    let (visibility, rest) = match line.strip_prefix("pub(") {
        Some(rest) => rest.split_once(") ")?,
        None => line.strip_prefix("pub ").map_or(("", line), |rest| ("everywhere", rest)),
    };
    let (name, kind) = rest.split_once(": ")?;
    Some((visibility.to_owned(), name.to_owned(), kind.to_owned()))
}

/// Whether a field that is visible in `visibility` can be seen from outside the part whose files begin with `home`.
fn is_seen_from_outside(visibility: &str, file: &str, home: &str) -> bool {
    match visibility {
        "" => false,
        "super" => file == home || file == format!("{home}mod.rs"),
        other => !other.strip_prefix("in crate::").is_some_and(|path| {
            let path = format!("{}/", path.replace("::", "/"));
            home.ends_with('/') && path.starts_with(home)
        }),
    }
}

#[test]
fn a_part_has_walls() {
    let sources = sources();
    let mut broken = Vec::new();
    for (core, folder, _) in CORES {
        let structs = structs(sources.iter().filter(|source| source.path.starts_with(folder)));
        let parts = &structs[core].fields;
        assert!(
            parts.len() >= 6 && parts.iter().all(|(visibility, ..)| visibility.is_empty()),
            "{core} is made of parts"
        );
        for (_, _, part) in parts {
            // The files of a part: its folder, or the one file that it is.
            let file = &structs[part].file;
            let home = file.strip_suffix("mod.rs").unwrap_or(file);
            let (mut seen, mut next) = (BTreeSet::new(), vec![part.clone()]);
            while let Some(name) = next.pop() {
                let Some(found) = structs.get(&name).filter(|found| found.file.starts_with(home)) else { continue };
                if found.is_value || !seen.insert(name.clone()) {
                    continue;
                }
                for (visibility, field, kind) in &found.fields {
                    if is_seen_from_outside(visibility, &found.file, home) {
                        broken.push(format!("src/{}: {name}::{field}", found.file));
                    }
                    next.extend(kind.split(|c: char| !c.is_alphanumeric()).map(str::to_owned));
                }
            }
        }
    }
    assert_none("the state of a part is seen by that part alone", broken.into_iter());
}

#[test]
fn a_type_name_means_one_thing() {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for source in sources() {
        for line in source.code.lines() {
            let line = line.strip_prefix("pub").map_or(line, |rest| {
                let rest = rest.strip_prefix('(').and_then(|rest| rest.split_once(')')).map_or(rest, |(_, rest)| rest);
                rest.trim_start()
            });
            let words = ["struct ", "enum ", "union ", "trait ", "type "];
            let Some(rest) = words.iter().find_map(|word| line.strip_prefix(word)) else { continue };
            let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            places.entry(name).or_default().push(source.path.clone());
        }
    }
    let twice = places.into_iter().filter(|(_, files)| files.len() > 1);
    assert_none("a type name is used once", twice.map(|(name, files)| format!("{name}: {}", files.join(", "))));
}
