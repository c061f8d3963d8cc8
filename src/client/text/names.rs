//! Names that are too long for their places, cut so that they stay distinct.
//!
//! Must not know: whose names they are, or where they are shown.

use std::collections::{BTreeMap, BTreeSet};

use super::wrap::{cells, fit, take, take_end};

/// What stands for the letters that are left out.
const CUT: &str = "…";
/// The narrowest place in which names are told apart, in cells.
const LEAST: usize = 4;
/// The highest number that tells names apart whose beginnings and ends are the same.
const MAX_NUMBER: usize = 9999;

/// The names as they are shown, each in its number of cells. One that is too long is cut at its end; those that would
/// look the same then are cut in the middle: `longn…bcdA`. Where all letters that fit are the same too, a number stands
/// for the end.
#[must_use]
pub fn distinct(names: &[(&str, usize)]) -> Vec<String> {
    let mut shown: Vec<String> = names.iter().map(|(name, width)| fit(name, *width)).collect();
    if names.iter().all(|(name, width)| cells(name) <= *width) {
        return shown;
    }
    // Compared as they are cut in the narrowest place: with more room beside one, both could still be taken for the other.
    let is_cut = |(name, width): &(&str, usize)| cells(name) > *width;
    let narrowest = names.iter().filter(|place| is_cut(place)).map(|(_, width)| *width).min().unwrap_or(0);
    let mut holders: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for (name, _) in names.iter().filter(|place| is_cut(place)) {
        holders.entry(fit(name, narrowest)).or_default().insert(name);
    }
    let shared = |place: &(&str, usize)| {
        is_cut(place) && holders.get(&fit(place.0, narrowest)).is_some_and(|names| names.len() > 1)
    };
    let doubles: Vec<bool> = names.iter().map(shared).collect();
    let mut taken: BTreeSet<String> =
        shown.iter().zip(&doubles).filter(|(_, double)| !**double).map(|(form, _)| form.clone()).collect();
    let mut forms: BTreeMap<(&str, usize), String> = BTreeMap::new();
    for ((place, form), _) in names.iter().zip(&mut shown).zip(doubles).filter(|(_, double)| *double) {
        let new = forms.entry(*place).or_insert_with(|| {
            let free = cuts(place.0, place.1).find(|cut| !taken.contains(cut));
            free.unwrap_or_else(|| form.clone())
        });
        taken.insert(new.clone());
        form.clone_from(new);
    }
    shown
}

/// The name cut in the middle, if it is too long: its beginning and its end are shown.
#[must_use]
pub fn cut_middle(name: &str, width: usize) -> String {
    if cells(name) <= width {
        return name.to_owned();
    }
    cuts(name, width).next().unwrap_or_else(|| fit(name, width))
}

/// The ways to cut a name, the best first: in the middle, farther from it, and with a number at the end.
fn cuts(name: &str, width: usize) -> impl Iterator<Item = String> {
    let room = if width < LEAST { 0 } else { width - 1 };
    let middle = room / 2;
    let ends = (0..room).flat_map(move |step| [middle.checked_sub(step), Some(middle + step + 1)]);
    let ends = ends.flatten().filter(move |end| (1..room).contains(end));
    let cut = move |end: usize| format!("{}{CUT}{}", take(name, room - end), take_end(name, end));
    let numbers = (2..=MAX_NUMBER).map(|number| number.to_string()).take_while(move |number| number.len() <= room);
    let numbered = move |number: String| format!("{}{CUT}{number}", take(name, room - number.len()));
    ends.map(cut).chain(numbers.map(numbered))
}
