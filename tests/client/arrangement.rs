//! The order of conversations, as a file: it comes back as it was, it is bounded, and a damaged file says where.

use tr2::client::text::arrangement_lines::{HEAD, MAX_NUMBERED, read, written};
use tr2::model::Target;

fn places(names: &[&str]) -> Vec<Target> {
    names.iter().map(|name| Target::restored(name).unwrap()).collect()
}

#[test]
fn an_order_comes_back() {
    for names in [&[][..], &["#ops"], &["carol", "#ops", "Zoë", "#lab-2"]] {
        assert_eq!(read(&written(&places(names))), Ok(places(names)));
    }
    assert_eq!(written(&places(&["#ops", "bob"])), format!("{HEAD}\n#ops\nbob\n"));
}

#[test]
fn a_file_takes_as_many_places_as_there_are_numbers_and_no_more() {
    let many: Vec<Target> = (0..=MAX_NUMBERED).map(|number| Target::restored(&format!("u{number}")).unwrap()).collect();
    for count in [MAX_NUMBERED, MAX_NUMBERED + 1] {
        assert_eq!(read(&written(&many[..count])).unwrap(), many[..MAX_NUMBERED]);
    }
    let longer: String =
        std::iter::once(HEAD.to_owned()).chain(many.iter().map(ToString::to_string)).collect::<Vec<_>>().join("\n");
    assert_eq!(read(&longer).unwrap(), many[..MAX_NUMBERED]);
}

#[test]
fn a_damaged_file_says_where() {
    let cases = [
        ("", Err(1)),
        ("something else\n", Err(1)),
        ("tr2 conversations 1\n", Ok(0)),
        ("tr2 conversations 1\n#ops\nbob", Ok(2)),
        ("tr2 conversations 1\n#ops\n\nbob\n", Err(3)),
        ("tr2 conversations 1\n#\n", Err(2)),
        ("tr2 conversations 1\nbob\n\u{1b}[2J\n", Err(3)),
    ];
    for (file, expected) in cases {
        assert_eq!(read(file).map(|places| places.len()), expected, "{file:?}");
    }
}
