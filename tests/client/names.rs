//! Names that are too long for their places: cut, and still distinct.

use std::collections::{BTreeMap, BTreeSet};

use tr2::client::text::names::{cut_middle, distinct};
use tr2::client::text::wrap::cells;

use crate::chance::Chance;

fn shown(names: &[&str], width: usize) -> Vec<String> {
    distinct(&names.iter().map(|name| (*name, width)).collect::<Vec<_>>())
}

#[test]
fn names_that_would_look_the_same_are_cut_in_the_middle_and_others_at_their_end() {
    let names = ["longname-bcdA", "longname-bcdB", "somebody-else", "bob"];
    assert_eq!(shown(&names, 13), names);
    assert_eq!(shown(&names, 10), ["longn…bcdA", "longn…bcdB", "somebody-…", "bob"]);
    assert_eq!(shown(&names, 4), ["lo…A", "lo…B", "som…", "bob"]);
    // Where only the middle differs, a number tells them apart; the same name looks the same.
    let alike = ["aaaaaaaa-x-aaaaaaaa", "aaaaaaaa-y-aaaaaaaa", "aaaaaaaa-z-aaaaaaaa", "aaaaaaaa-x-aaaaaaaa"];
    assert_eq!(shown(&alike, 8), ["aaaa…aaa", "aaa…aaaa", "aaaaa…aa", "aaaa…aaa"]);
    assert_eq!(shown(&["日本語の名前A", "日本語の名前B"], 9), ["日本…前A", "日本…前B"]);
    assert_eq!(shown(&names, 3), ["lo…", "lo…", "so…", "bob"]);
    assert_eq!((cut_middle("longname-bcdA", 10), cut_middle("bob", 2)), ("longn…bcdA".into(), "b…".into()));
}

#[test]
fn distinct_names_stay_distinct_in_places_of_four_cells_and_more() {
    let mut chance = Chance(11);
    for round in 0..400 {
        let letters: Vec<char> = if round % 3 == 0 { "ab日é-".chars().collect() } else { "ab".chars().collect() };
        let count = 2 + chance.below(if round % 20 == 0 { 500 } else { 12 });
        let name = |chance: &mut Chance| -> String {
            let length = 1 + chance.below(24);
            (0..length).map(|_| letters[chance.below(letters.len())]).collect()
        };
        let names: Vec<String> = (0..count).map(|_| name(&mut chance)).collect();
        // Beside some of them stands something else.
        let least = 4 + chance.below(12);
        let places: Vec<(&str, usize)> = names.iter().map(|name| (name.as_str(), least + chance.below(3))).collect();
        let forms = distinct(&places);
        let mut holders: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for ((name, width), form) in places.iter().zip(&forms) {
            assert!(cells(form) <= *width, "{name} as {form} in {width}");
            assert!(cells(name) > *width || form == name, "{name} fits, and is {form}");
            holders.entry(form).or_default().insert(name);
        }
        let shared: Vec<_> = holders.iter().filter(|(_, names)| names.len() > 1).collect();
        assert!(shared.is_empty(), "in {least} cells: {shared:?}");
    }
}

#[test]
fn names_beside_more_and_less_are_not_taken_for_one_another() {
    let names = [("maximiliane.featherstonehaugh-01", 12), ("maximiliane.featherstonehaugh-02", 9)];
    assert_eq!(distinct(&names), ["maximi…gh-01", "maxi…h-02"]);
    // One that is whole says so.
    assert_eq!(distinct(&[("maximiliane", 12), ("maximiliane.x", 12)]), ["maximiliane", "maximiliane…"]);
}
