//! What a node has: read page by page as any client does, and from its files once it has ended.

use std::fs;
use std::io::{BufRead as _, BufReader, Lines, Write as _};
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::Value;

use super::checker::Seen;
use crate::cluster_nodes::Site;
use crate::serving::{Folder, PATIENCE, tag};

/// Everything said to everyone and in the room, over a connection to a node.
#[track_caller]
pub(crate) fn over(stream: TcpStream) -> Vec<Seen> {
    tries(stream, PATIENCE).expect("a node lets the checker in, and answers to the end")
}

/// The same of a node that may let nobody in, or end meanwhile; then it is nothing.
pub(crate) fn tries(stream: TcpStream, patience: Duration) -> Option<Vec<Seen>> {
    // Each reader has a name of its own: a node may not know yet that the last one left.
    static READERS: AtomicUsize = AtomicUsize::new(0);
    let name = format!("checker{}", READERS.fetch_add(1, Ordering::Relaxed));
    stream.set_read_timeout(Some(patience)).ok()?;
    let mut reader = Reader(stream.try_clone().ok()?, BufReader::new(stream).lines());
    reader.ask(&format!("{name} | server | name | {name}"), " | connection_confirmation | ")?;
    reader.ask("x | #ops | join_room", "| #ops | room |")?;
    let mut all = [reader.place("all clients", "everyone")?, reader.place("#ops", "#ops")?].concat();
    all.sort_by_key(|seen| seen.id);
    Some(all)
}

/// Somebody who reads a history.
struct Reader(TcpStream, Lines<BufReader<TcpStream>>);

impl Reader {
    /// Says a line, and waits for one that holds these words.
    fn ask(&mut self, line: &str, words: &str) -> Option<String> {
        writeln!(self.0, "{line}").ok()?;
        self.until(words)
    }

    fn until(&mut self, words: &str) -> Option<String> {
        self.1.by_ref().map_while(Result::ok).find(|line| line.contains(words))
    }

    /// Everything said in one place, page by page.
    fn place(&mut self, destination: &str, place: &str) -> Option<Vec<Seen>> {
        let mut all: Vec<Seen> = Vec::new();
        loop {
            let since = all.last().map_or(0, |last| last.id);
            let ask = format!("@ref=page x | {destination} | history | limit=1000 since={since}");
            let mut line = self.ask(&ask, "ref=page")?;
            while !line.contains(" | history_end") {
                let mut fields = line.splitn(4, " | ");
                let from = fields.next()?.rsplit(' ').next()?.to_owned();
                let text = fields.nth(2)?.to_owned();
                let (id, time) = (tag(&line, "id").parse().ok()?, tag(&line, "time").to_owned());
                all.push(Seen { id, time, place: place.to_owned(), from, text });
                line = self.until("ref=page")?;
            }
            assert!(!line.contains("damaged"), "{line}");
            if !line.ends_with("more") {
                return Some(all);
            }
        }
    }
}

/// Everything that these writers said, from the files of a node that has ended.
pub(crate) fn exported<'a>(site: &Site, data: &Folder, writers: impl Iterator<Item = &'a str>) -> Vec<Seen> {
    let folder = Folder::new();
    let mut all = Vec::new();
    for writer in writers {
        let file = folder.path().join(writer);
        let file = file.to_str().unwrap();
        let output = site.runs(&["--data", data.path().to_str().unwrap(), "--export", writer, file]);
        assert!(output.status.success(), "{output:?}");
        let lines = fs::read_to_string(file).unwrap();
        let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        for line in lines.filter(|line| line["kind"] == "message" && line["from"] == writer) {
            let text = |key: &str| line[key].as_str().unwrap().to_owned();
            let id = line["id"].as_u64().unwrap();
            all.push(Seen { id, time: text("time"), place: text("to"), from: text("from"), text: text("text") });
        }
    }
    all.sort_by_key(|seen| seen.id);
    all
}
