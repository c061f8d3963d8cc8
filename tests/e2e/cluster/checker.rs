//! The checker: compares what writers said and were told with what every reader saw and what every node has.

use std::collections::{BTreeMap, BTreeSet};

/// What became of something that was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It is kept, under this number and time.
    Accepted(u64, String),
    /// It never will be, for this reason.
    Refused(String),
    /// It may be or not.
    Unconfirmed,
}

/// Something that a writer said, and what it was told of it so far.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    pub(crate) place: &'static str,
    pub(crate) text: String,
    pub(crate) outcome: Option<Outcome>,
}

/// A message as somebody saw it, or as a history has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) id: u64,
    pub(crate) time: String,
    pub(crate) place: String,
    pub(crate) from: String,
    pub(crate) text: String,
}

/// All that is known of one chat.
#[derive(Clone, Debug, Default)]
pub(crate) struct Story {
    /// What each writer said, in its order.
    pub(crate) said: BTreeMap<String, Vec<Said>>,
    /// What each user saw of the others, in the order in which it came.
    pub(crate) views: BTreeMap<String, Vec<Seen>>,
    /// What each node has, by the name of the node and of the way in which it was read.
    pub(crate) histories: Vec<(String, Vec<Seen>)>,
}

impl Story {
    /// Every fault, in words.
    pub(crate) fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let Some((name, first)) = self.histories.first() else { return vec!["nobody has a history".to_owned()] };
        for (other, history) in &self.histories[1..] {
            compare(&format!("{name} and {other} differ"), first, history, &mut faults);
        }
        self.kept(first, &mut faults);
        for (viewer, view) in &self.views {
            let places: BTreeSet<&str> = first.iter().chain(view).map(|seen| &*seen.place).collect();
            for place in places {
                let of = |seen: &&Seen| seen.place == *place && seen.from != *viewer;
                let saw: Vec<Seen> = view.iter().filter(of).cloned().collect();
                let there: Vec<Seen> = first.iter().filter(of).cloned().collect();
                compare(&format!("{viewer} did not see what there is in {place}"), &there, &saw, &mut faults);
            }
        }
        faults
    }

    /// What is wrong with a history, by what was said and told.
    fn kept(&self, history: &[Seen], faults: &mut Vec<String>) {
        let mut found: BTreeMap<(&str, &str), &Seen> = BTreeMap::new();
        let all = self.said.iter().flat_map(|(writer, said)| said.iter().map(move |said| (&**writer, said)));
        let places: BTreeMap<_, _> = all.map(|(writer, said)| ((writer, &*said.text), said.place)).collect();
        for seen in history {
            if found.insert((&seen.from, &seen.text), seen).is_some() {
                faults.push(format!("doubled: {seen:?}"));
            }
            if places.get(&(&*seen.from, &*seen.text)).is_none_or(|place| *place != seen.place) {
                faults.push(format!("never said, or altered: {seen:?}"));
            }
        }
        for pair in history.windows(2).filter(|pair| pair[0].id >= pair[1].id) {
            faults.push(format!("numbers do not grow: {pair:?}"));
        }
        for (writer, said) in &self.said {
            let mut last = None;
            for said in said {
                let kept = found.get(&(writer.as_str(), said.text.as_str()));
                match (&said.outcome, kept) {
                    (Some(Outcome::Accepted(..)), None) => faults.push(format!("lost: {writer} was told: {said:?}")),
                    (Some(Outcome::Accepted(id, time)), Some(kept)) if (*id, time) != (kept.id, &kept.time) => {
                        faults.push(format!("told otherwise: {said:?} is {kept:?}"));
                    }
                    (Some(Outcome::Refused(_)), Some(kept)) => faults.push(format!("refused, and kept: {kept:?}")),
                    (None, _) => faults.push(format!("never answered: {said:?} of {writer}")),
                    _ => {}
                }
                let id = kept.map(|kept| kept.id);
                if id.is_some() && id < last {
                    faults.push(format!("out of order: {said:?} of {writer}"));
                }
                last = last.max(id);
            }
        }
    }
}

/// How one list of messages differs from another, which should be the same.
fn compare(what: &str, wanted: &[Seen], there: &[Seen], faults: &mut Vec<String>) {
    let mut say = |kind: &str, seen: &[&Seen]| {
        if let Some(first) = seen.first() {
            faults.push(format!("{what}: {kind} {}, first {first:?}", seen.len()));
        }
    };
    let ids = |list: &[Seen]| list.iter().map(|seen| seen.id).collect::<BTreeSet<u64>>();
    let (wanted_ids, there_ids) = (ids(wanted), ids(there));
    let missing: Vec<&Seen> = wanted.iter().filter(|seen| !there_ids.contains(&seen.id)).collect();
    let more: Vec<&Seen> = there.iter().filter(|seen| !wanted_ids.contains(&seen.id)).collect();
    let mut known = BTreeSet::new();
    let twice: Vec<&Seen> = there.iter().filter(|seen| !known.insert(seen.id)).collect();
    let by_id: BTreeMap<u64, &Seen> = wanted.iter().map(|seen| (seen.id, seen)).collect();
    let other: Vec<&Seen> = there.iter().filter(|seen| by_id.get(&seen.id).is_some_and(|by| by != seen)).collect();
    let early: Vec<&Seen> = there.windows(2).filter(|pair| pair[0].id > pair[1].id).map(|pair| &pair[1]).collect();
    let kinds = [("missing", missing), ("more", more), ("twice", twice), ("altered", other), ("too late", early)];
    kinds.iter().for_each(|(kind, seen)| say(kind, seen));
}

#[test]
fn the_checker_finds_what_is_lost_doubled_swapped_altered_or_missed() {
    let seen = |id: u64, from: &str, text: &str| Seen {
        id,
        time: format!("t{id}"),
        place: "everyone".to_owned(),
        from: from.to_owned(),
        text: text.to_owned(),
    };
    let said = |text: &str, outcome| Said { place: "everyone", text: text.to_owned(), outcome: Some(outcome) };
    let accepted = |id: u64| Outcome::Accepted(id, format!("t{id}"));
    let history = vec![seen(1, "a", "a1"), seen(2, "b", "b1"), seen(3, "a", "a2"), seen(4, "a", "a4")];
    let a = vec![
        said("a1", accepted(1)),
        said("a2", Outcome::Unconfirmed),
        said("a3", Outcome::Refused("busy".to_owned())),
        said("a4", accepted(4)),
    ];
    let b = vec![said("b1", accepted(2)), said("b2", Outcome::Unconfirmed)];
    let good = Story {
        said: BTreeMap::from([("a".to_owned(), a), ("b".to_owned(), b)]),
        views: BTreeMap::from([("r".to_owned(), history.clone()), ("b".to_owned(), vec![])]),
        histories: vec![("one".to_owned(), history.clone()), ("two".to_owned(), history)],
    };
    let mut own = good.clone();
    own.views.insert("b".to_owned(), own.histories[0].1.iter().filter(|seen| seen.from == "a").cloned().collect());
    assert_eq!(own.faults(), [""; 0], "nobody need see their own");
    let good = own;
    let everywhere = |change: &dyn Fn(&mut Vec<Seen>)| {
        let mut story = good.clone();
        story.histories.iter_mut().for_each(|(_, history)| change(history));
        story.views.insert("r".to_owned(), story.histories[0].1.clone());
        story
    };
    let view = |change: &dyn Fn(&mut Vec<Seen>)| {
        let mut story = good.clone();
        change(story.views.get_mut("r").unwrap());
        story
    };
    let one_node = |change: &dyn Fn(&mut Vec<Seen>)| {
        let mut story = good.clone();
        change(&mut story.histories[1].1);
        story
    };
    let unanswered = {
        let mut story = good.clone();
        story.said.get_mut("b").unwrap()[1].outcome = None;
        story
    };
    let alter = |history: &mut Vec<Seen>| "a9".clone_into(&mut history[3].text);
    let swap_texts = |history: &mut Vec<Seen>| {
        "a4".clone_into(&mut history[2].text);
        "a2".clone_into(&mut history[3].text);
    };
    let cases: [(&str, Story); 16] = [
        ("lost", everywhere(&|history| drop(history.remove(0)))),
        ("doubled", everywhere(&|history| history.push(seen(9, "b", "b1")))),
        ("never said", everywhere(&alter)),
        ("never said", everywhere(&|history| "#ops".clone_into(&mut history[3].place))),
        ("out of order", everywhere(&swap_texts)),
        ("told otherwise", everywhere(&|history| "t9".clone_into(&mut history[0].time))),
        ("refused, and kept", everywhere(&|history| history.push(seen(9, "a", "a3")))),
        ("numbers do not grow", everywhere(&|history| history.swap(1, 2))),
        ("never answered", unanswered),
        ("differ: missing 1", one_node(&|history| drop(history.pop()))),
        ("differ: more 1", one_node(&|history| history.push(seen(9, "b", "b2")))),
        ("differ: altered 1", one_node(&alter)),
        ("r did not see what there is in everyone: missing 1", view(&|seen| drop(seen.remove(1)))),
        ("r did not see what there is in everyone: twice 1", view(&|view| view.push(view[3].clone()))),
        ("r did not see what there is in everyone: too late 1", view(&|view| view.swap(1, 2))),
        ("r did not see what there is in everyone: altered 1", view(&alter)),
    ];
    for (fault, story) in cases {
        let faults = story.faults();
        assert!(faults.iter().any(|found| found.contains(fault)), "{fault}: {faults:#?}");
    }
    let may_be_there = everywhere(&|history| history.push(seen(9, "b", "b2")));
    assert!(!may_be_there.faults().iter().any(|found| found.contains("b2") && !found.contains("b did not see")));
    assert_eq!(Story::default().faults(), ["nobody has a history"]);
}
