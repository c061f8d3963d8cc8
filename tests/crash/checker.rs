//! The checker: compares what senders sent and were told with the history in the end.

use std::collections::{BTreeMap, BTreeSet};

use super::serving::tag;

/// A message as a history shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub id: u64,
    pub time: String,
    pub sender: String,
    pub text: String,
    /// Whether only a marker is left of it.
    pub deleted: bool,
    /// The reactions to it, with the number of users in front.
    pub reactions: Vec<String>,
}

impl Kept {
    /// Reads a message, or the marker of a deleted one.
    pub fn read(line: &str) -> Self {
        let mut fields = line.splitn(4, " | ");
        let sender = fields.next().unwrap().rsplit(' ').next().unwrap().to_owned();
        let deleted = fields.nth(1).unwrap() == "deleted";
        let text = fields.next().filter(|_| !deleted).unwrap_or_default().to_owned();
        let (id, time) = (tag(line, "id").parse().unwrap(), tag(line, "time").to_owned());
        Self { id, time, sender, text, deleted, reactions: Vec::new() }
    }
}

/// Everything that senders and moderators know.
#[derive(Clone, Debug, Default)]
pub struct Witness {
    /// Each text that was sent, with its sender and its position in the sender's order.
    said: BTreeMap<String, BTreeMap<String, usize>>,
    /// The id and time of a message in each `accepted`.
    told: BTreeMap<(String, String), Vec<(u64, String)>>,
    /// Messages whose deletion was requested, and their texts.
    condemned: BTreeMap<u64, String>,
    /// Messages whose deletion was confirmed.
    gone: BTreeSet<u64>,
    /// Edited messages: the text at first, the one that was confirmed last, and those that were requested since.
    edited: BTreeMap<u64, (String, Option<String>, Vec<String>)>,
    /// Reactions by message: whether each was confirmed to be there, and what was requested since.
    reactions: BTreeMap<(u64, String), (bool, Vec<bool>)>,
}

impl Witness {
    pub fn says(&mut self, sender: &str, text: &str) {
        let said = self.said.entry(sender.to_owned()).or_default();
        let place = said.len();
        said.entry(text.to_owned()).or_insert(place);
    }

    pub fn accepted(&mut self, sender: &str, text: &str, id: u64, time: &str) {
        self.told.entry((sender.to_owned(), text.to_owned())).or_default().push((id, time.to_owned()));
    }

    /// The deletion of a message is requested.
    pub fn deletes(&mut self, id: u64, text: &str) {
        self.condemned.insert(id, text.to_owned());
    }

    /// The text of a message whose deletion was requested.
    pub fn condemned(&self, id: u64) -> Option<&String> {
        self.condemned.get(&id)
    }

    /// The deletion is confirmed.
    pub fn deleted(&mut self, id: u64) {
        self.gone.insert(id);
    }

    /// An edit of a message, whose text at first was `before`, is requested.
    pub fn edits(&mut self, id: u64, before: &str, text: &str) {
        let (_, _, perhaps) = self.edited.entry(id).or_insert_with(|| (before.to_owned(), None, Vec::new()));
        perhaps.push(text.to_owned());
    }

    /// An edit that was requested is confirmed.
    pub fn edited(&mut self, id: u64, text: &str) {
        if let Some((_, sure, perhaps)) = self.edited.get_mut(&id) {
            let at = perhaps.iter().position(|other| other == text).unwrap();
            *sure = perhaps.drain(..=at).next_back();
        }
    }

    /// A user requests to put a reaction there, or to take it away.
    pub fn reacts(&mut self, id: u64, word: &str, on: bool) {
        self.reactions.entry((id, word.to_owned())).or_default().1.push(on);
    }

    /// That is confirmed.
    pub fn reacted(&mut self, id: u64, word: &str, on: bool) {
        if let Some((sure, perhaps)) = self.reactions.get_mut(&(id, word.to_owned())) {
            let at = perhaps.iter().position(|other| *other == on).unwrap();
            perhaps.drain(..=at);
            *sure = on;
        }
    }

    /// What is wrong with the text and the reactions of a message; its text at first is put in place of an edited one.
    fn changes(&self, kept: &mut Kept, faults: &mut Vec<String>) {
        if kept.deleted {
            if !kept.reactions.is_empty() {
                faults.push(format!("reactions are left: {kept:?}"));
            }
            return;
        }
        if let Some((before, sure, perhaps)) = self.edited.get(&kept.id) {
            if kept.text != *sure.as_ref().unwrap_or(before) && !perhaps.contains(&kept.text) {
                faults.push(format!("edited otherwise: {kept:?}, after {sure:?} (and perhaps {perhaps:?})"));
            }
            kept.text.clone_from(before);
        }
        let wanted = self.reactions.range((kept.id, String::new())..(kept.id + 1, String::new()));
        for ((_, word), (sure, perhaps)) in wanted {
            let there = kept.reactions.contains(&format!("1:{word}"));
            if there != *sure && !perhaps.contains(&there) {
                faults.push(format!("reacted otherwise: {word} is there: {there}, on {kept:?}"));
            }
        }
        for reaction in &kept.reactions {
            let (count, word) = reaction.split_once(':').unwrap();
            if count != "1" || !self.reactions.contains_key(&(kept.id, word.to_owned())) {
                faults.push(format!("never reacted: {reaction} on {kept:?}"));
            }
        }
    }

    /// Those of the messages whose deletion nobody has requested, each once.
    pub fn spared(&self, mut messages: Vec<Kept>) -> Vec<Kept> {
        messages.sort_by_key(|kept| kept.id);
        messages.dedup_by_key(|kept| kept.id);
        messages.retain(|kept| !self.condemned.contains_key(&kept.id));
        messages
    }

    pub fn count(&self) -> usize {
        self.told.len()
    }

    /// Every fault of a history, in words. `all` if every message must have been accepted in the end.
    pub fn faults(&self, history: &[Kept], all: bool) -> Vec<String> {
        let mut faults = Vec::new();
        let mut found: BTreeMap<(&str, &str), &Kept> = BTreeMap::new();
        let mut history = history.to_vec();
        for kept in &mut history {
            self.changes(kept, &mut faults);
            match self.condemned.get(&kept.id) {
                // Its marker stands for it.
                Some(text) if kept.deleted => kept.text.clone_from(text),
                _ if kept.deleted => faults.push(format!("deleted by nobody: {kept:?}")),
                _ if self.gone.contains(&kept.id) => faults.push(format!("come back: {kept:?}")),
                _ => {}
            }
        }
        for kept in &history {
            if found.insert((&kept.sender, &kept.text), kept).is_some() {
                faults.push(format!("doubled: {kept:?}"));
            }
            if !self.said.get(&kept.sender).is_some_and(|said| said.contains_key(&kept.text)) {
                faults.push(format!("never said: {kept:?}"));
            }
        }
        for pair in history.windows(2).filter(|pair| pair[0].id >= pair[1].id) {
            faults.push(format!("numbers do not grow: {pair:?}"));
        }
        for ((sender, text), told) in &self.told {
            let Some(kept) = found.get(&(sender.as_str(), text.as_str())) else {
                faults.push(format!("lost: {sender} was told that '{text}' is accepted"));
                continue;
            };
            for (id, time) in told.iter().filter(|(id, time)| (*id, time) != (kept.id, &kept.time)) {
                faults.push(format!("told otherwise: {kept:?} was told as {id} at {time}"));
            }
        }
        for (sender, said) in &self.said {
            let kept = history.iter().filter(|kept| kept.sender == *sender);
            let order: Vec<usize> = kept.filter_map(|kept| said.get(&kept.text).copied()).collect();
            if !order.is_sorted() {
                faults.push(format!("out of order: what {sender} said"));
            }
            if all && order.len() < said.len() {
                faults.push(format!("missing: {sender} said {} and {} are there", said.len(), order.len()));
            }
        }
        faults
    }
}

#[test]
fn the_checker_finds_every_kind_of_fault() {
    let mut witness = Witness::default();
    let kept = |id: u64, sender: &str, text: &str| Kept {
        id,
        time: format!("t{id}"),
        sender: sender.to_owned(),
        text: text.to_owned(),
        deleted: false,
        reactions: Vec::new(),
    };
    let mark = |kept: &Kept| Kept { text: String::new(), deleted: true, ..kept.clone() };
    for (sender, text) in [("a", "1"), ("b", "1"), ("a", "2"), ("a", "3")] {
        witness.says(sender, text);
    }
    witness.accepted("a", "1", 1, "t1");
    witness.accepted("b", "1", 2, "t2");
    witness.accepted("b", "1", 2, "t2");
    let good = vec![kept(1, "a", "1"), kept(2, "b", "1"), kept(5, "a", "2"), kept(6, "a", "3")];
    assert_eq!(witness.faults(&good, true), [""; 0]);
    assert_eq!(witness.faults(&good[..2], false), [""; 0]);
    // A message whose deletion was requested may be deleted already.
    witness.deletes(2, "1");
    witness.deletes(5, "2");
    witness.deleted(5);
    let early = good;
    let good = vec![early[0].clone(), early[1].clone(), mark(&early[2]), early[3].clone()];
    let both = vec![early[0].clone(), mark(&early[1]), mark(&early[2]), early[3].clone()];
    assert_eq!(witness.faults(&good, true), [""; 0]);
    assert_eq!(witness.faults(&both, true), [""; 0]);
    let bad: [(&str, Vec<Kept>); 9] = [
        ("come back", early.clone()),
        ("deleted by nobody", vec![mark(&good[0]), good[1].clone(), good[2].clone(), good[3].clone()]),
        ("lost", good[1..].to_vec()),
        ("doubled", [&good[..], &[kept(7, "a", "2")]].concat()),
        ("never said", [&good[..], &[kept(7, "a", "4")]].concat()),
        ("do not grow", vec![good[0].clone(), good[1].clone(), kept(2, "a", "2"), kept(6, "a", "3")]),
        ("told otherwise", vec![kept(1, "a", "1"), kept(3, "b", "1"), kept(5, "a", "2"), kept(6, "a", "3")]),
        (
            "out of order",
            vec![good[0].clone(), good[1].clone(), mark(&kept(5, "a", "")), kept(6, "a", "1"), kept(7, "a", "3")],
        ),
        ("missing", good[..3].to_vec()),
    ];
    for (fault, history) in bad {
        let faults = witness.faults(&history, true);
        assert!(faults.iter().any(|found| found.contains(fault)), "{fault}: {faults:?}");
    }
    // Edits and reactions: what was confirmed holds, and what was requested may.
    let with = |kept: &Kept, text: &str, reactions: &[&str]| Kept {
        text: text.to_owned(),
        reactions: reactions.iter().map(|it| (*it).to_owned()).collect(),
        ..kept.clone()
    };
    witness.edits(1, "1", "one");
    witness.reacts(1, "+1", true);
    let first = |text: &str, reactions: &[&str]| [vec![with(&good[0], text, reactions)], good[1..].to_vec()].concat();
    for history in [first("1", &[]), first("one", &[]), first("1", &["1:+1"])] {
        assert_eq!(witness.faults(&history, true), [""; 0]);
    }
    witness.edited(1, "one");
    witness.reacted(1, "+1", true);
    witness.edits(1, "1", "uno");
    witness.reacts(1, "ok", true);
    for history in [first("one", &["1:+1"]), first("uno", &["1:+1", "1:ok"])] {
        assert_eq!(witness.faults(&history, true), [""; 0]);
    }
    for (fault, history) in [
        ("edited otherwise", first("1", &["1:+1"])),
        ("reacted otherwise", first("one", &["1:ok"])),
        ("never reacted", first("one", &["1:+1", "1:no"])),
        ("never reacted", first("one", &["2:+1"])),
        ("reactions are left", [good[..2].to_vec(), vec![with(&good[2], "", &["1:+1"]), good[3].clone()]].concat()),
    ] {
        let faults = witness.faults(&history, true);
        assert!(faults.iter().any(|found| found.contains(fault)), "{fault}: {faults:?}");
    }
    witness.reacts(1, "+1", false);
    assert_eq!(witness.faults(&first("one", &[]), true), [""; 0]);
    witness.reacted(1, "+1", false);
    assert_ne!(witness.faults(&first("one", &["1:+1"]), true), [""; 0]);
}
