//! The broker, told as transcripts on a virtual clock: rooms are made, joined and left, and there again after a restart.
//! `tests/common/transcript.rs` says how to read them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]
#![allow(missing_docs)]

#[path = "common/transcript.rs"]
mod transcript;

use expect_test::{Expect, expect};
use transcript::{play, rules};

/// Plays the steps of a transcript and holds all that is heard to it.
fn told(transcript: Expect) {
    transcript.assert_eq(&play(rules(), transcript.data()));
}

#[test]
fn a_room_is_made_by_who_joins_first_and_heard_by_who_is_in_it() {
    told(expect![[r#"
        alice> joins    bob> joins    eve> joins
        alice> @ref=1 alice | #ops | join_room
        bob> @ref=1 bob | #OPS | join_room
        bob> @ref=2 bob | #ops | broadcast_not_me | hello
        alice> @ref=2 alice | #ops | broadcast | hello bob
        eve> @ref=1 eve | #ops | broadcast | may I?
        eve> @ref=2 eve | #none | broadcast | hello?
        alice> @ref=3 alice | server | rooms
        eve> @ref=3 eve | #ops | members
        bob> @ref=3 bob | #ops | topic | the new disks
        bob> @ref=4 bob | #ops | leave_room
        bob> @ref=5 bob | #ops | leave_room
        alice> @ref=4 alice | #ops | leave_room
        alice> @ref=5 alice | server | rooms
    "#]]);
}

#[test]
fn a_name_that_looks_like_a_room_makes_none() {
    told(expect![[r#"
        alice> joins    bob> joins
        alice> alice | #paypal | join_room
        bob> @ref=1 bob | #paypaI | join_room
        bob> @ref=2 bob | #a b | join_room
        bob> @ref=3 bob | #everyone | join_room
        bob> @ref=4 bob | #pay | broadcast | anybody?
    "#]]);
}

#[test]
fn a_private_room_is_there_for_who_is_asked() {
    told(expect![[r#"
        alice> connects key a    alice> name alice    bob> connects key b    bob> name bob    eve> connects key e    eve> name eve
        alice> @ref=1 alice | #core | join_room | private
        eve> @ref=1 eve | server | rooms
        eve> @ref=2 eve | #core | join_room
        eve> @ref=3 eve | #core | members
        eve> @ref=4 eve | #core | history
        eve> @ref=5 eve | #core | kick | alice for fun
        alice> @ref=2 alice | #core | invite_to_room | bob
        bob> @ref=1 bob | server | rooms
        bob> @ref=2 bob | #core | join_room
        bob> @ref=3 bob | #core | invite_to_room | eve
        alice> @ref=3 alice | #core | broadcast | just us
        eve> @ref=6 eve | server | search | us
        bob> @ref=4 bob | server | search | us
    "#]]);
}

#[test]
fn who_comes_back_is_where_they_were() {
    told(expect![[r#"
        alice> connects key a    alice> name alice    bob> connects key b    bob> name bob
        alice> alice | #ops | join_room    bob> bob | #ops | join_room
        alice> alice | #ops | topic | disks    alice> alice | #ops | slow_mode | 30 slowly
        bob> leaves
        alice> alice | #ops | broadcast_not_me | while bob is away
        restart
        bob> connects key b    bob> name bob
        bob> @ref=1 bob | server | conversations
        bob> @ref=2 bob | #ops | history
        bob> @ref=3 bob | #ops | members
        alice> connects key a    alice> name alice
        alice> @ref=1 alice | #ops | grant | bob he helps
    "#]]);
}

#[test]
fn who_only_claims_a_name_keeps_no_rights_and_no_private_place() {
    told(expect![[r#"
        alice> joins    bob> joins
        alice> alice | #ops | join_room    alice> alice | #core | join_room | private
        alice> alice | #core | invite_to_room | bob    bob> bob | #core | join_room
        alice> leaves
        alice> joins
        alice> @ref=1 alice | server | rooms
        alice> @ref=2 alice | #ops | kick | alice x
        bob> leaves
        bob> joins
        bob> @ref=1 bob | #core | join_room
    "#]]);
}

#[test]
fn a_room_made_anew_holds_nothing_of_the_old_one() {
    told(expect![[r#"
        alice> connects key a    alice> name alice    eve> connects key e    eve> name eve
        alice> alice | #core | join_room | private
        alice> alice | #core | broadcast | a secret
        alice> alice | #core | leave_room
        eve> @ref=1 eve | #core | join_room
        eve> @ref=2 eve | #core | history
        eve> @ref=3 eve | server | search | secret
        restart
        eve> connects key e    eve> name eve
        eve> @ref=1 eve | #core | history
    "#]]);
}

#[test]
fn an_original_client_stays_in_everyone() {
    told(expect![[r#"
        alice> joins    dave> connects TR2.23    dave> name dave
        alice> alice | #ops | join_room
        dave> dave | #ops | broadcast | hi
        dave> dave | #ops | join_room | no data
        alice> alice | #ops | broadcast | hello
        alice> @ref=1 alice | #ops | invite_to_room | dave
    "#]]);
}

#[test]
fn somebody_may_be_away_and_may_hide_others() {
    told(expect![[r#"
        alice> joins    bob> joins
        alice> @ref=1 alice | server | away | lunch
        eve> connects    eve> name eve    eve> @ref=1 eve | server | list_clients
        alice> @ref=2 alice | server | away
        bob> @ref=1 bob | server | ignore | Alice
        bob> @ref=2 bob | server | ignore | bob
        bob> @ref=3 bob | server | ignore | nobody
        restart
        bob> connects    bob> name bob
        bob> @ref=1 bob | server | unignore | alice
        bob> @ref=2 bob | server | unignore | alice
        bob> @ref=3 bob | server | ignored
    "#]]);
}

#[test]
fn comings_and_goings_in_a_large_room_are_gathered() {
    told(expect![[r#"
        210 users
        u0> u0 | #all-hands | join_room
        eve> joins
        eve> eve | #all-hands | join_room
    "#]]);
}
