//! The broker, told as transcripts on a virtual clock: what moderators do, what is heard of it, and what stays.
//! `tests/common/transcript.rs` says how to read them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]
#![allow(missing_docs)]

#[path = "common/transcript.rs"]
mod transcript;

use expect_test::{Expect, expect};
use tr2::model::{Name, Rank};
use tr2::protocol::Verb;
use tr2::server::authority::{Denied, Subject, may, needed};
use tr2::server::rules::Rules;
use transcript::{play, rules};

/// Plays the steps of a transcript with alice, who keeps the server, and holds all that is heard to it.
fn told(transcript: Expect) {
    let rules = Rules { moderators: vec![Name::parse("alice").unwrap()], ..rules() };
    transcript.assert_eq(&play(rules, transcript.data()));
}

const RANKS: [Rank; 5] = [Rank::User, Rank::RoomModerator, Rank::Maker, Rank::Moderator, Rank::Keeper];

#[test]
fn every_act_by_every_rank_on_every_rank() {
    let mut table = String::new();
    for in_room in [false, true] {
        for verb in Verb::ALL {
            let place = if in_room { "room" } else { "server" };
            table += &format!("{place:<6} {:<10} takes {:?}:", verb.as_str(), needed(verb, in_room));
            for actor in RANKS {
                let subjects: Vec<Subject> =
                    [Subject::Nobody, Subject::Oneself].into_iter().chain(RANKS.map(Subject::Other)).collect();
                let cells: String = subjects
                    .iter()
                    .map(|subject| match may(actor, verb, in_room, *subject) {
                        Ok(()) => 'y',
                        Err(Denied::Needs(_)) => '-',
                        Err(Denied::TooHigh) => 'h',
                        Err(Denied::Oneself) => 'o',
                    })
                    .collect();
                table += &format!(" {cells}");
            }
            table += "\n";
        }
    }
    // The columns: user, room moderator, maker, moderator, keeper; in each: nobody, oneself, and again these five.
    expect![[r#""#]].assert_eq(&table);
}

#[test]
fn kicked_and_banned_and_back() {
    told(expect![[r#"
        alice> connects key a    alice> name alice    bob> connects key b    bob> name bob    eve> connects    eve> name eve
        eve> @ref=1 eve | all clients | kick | bob for fun
        alice> @ref=1 alice | all clients | kick | bob calm down
        bob> connects key b    bob> name bob
        alice> @ref=2 alice | all clients | ban | bob dry-run
        alice> @ref=3 alice | all clients | ban | Bob for=1h spam
        bob> connects key b    bob> name bob
        bob2> connects key b    bob2> name robert
        bob3> connects key c    bob3> name ВОВ
        alice> @ref=4 alice | all clients | bans
        +3600s
        bob> connects key b    bob> name bob
        alice> @ref=5 alice | all clients | bans
        alice> @ref=6 alice | all clients | modlog
        eve> @ref=2 eve | all clients | modlog
    "#]]);
}

#[test]
fn a_ban_of_a_network_holds_whatever_the_address_looks_like() {
    told(expect![[r#"
        alice> connects key a    alice> name alice    eve> connects from 192.0.2.7:1000    eve> name eve
        alice> @ref=1 alice | all clients | ban | 192.0.2.0/24 dry-run
        alice> @ref=2 alice | all clients | ban | 192.0.2.0/24 flooding
        eve> connects from 192.0.2.8:4000    eve> name mallory
        eve> connects from [::ffff:192.0.2.9]:4000    eve> name mallory
        eve> connects from 192.0.3.1:4000    eve> name mallory
        alice> @ref=3 alice | all clients | ban | 2001:db8:1:2:3:4:5:6 flooding
        dan> connects from [2001:db8:1:2:ffff::1]:4000    dan> name dan
        dan> connects from [2001:db8:1:3::1]:4000    dan> name dan
        alice> @ref=4 alice | all clients | ban | 10.0.0.0/8 everybody, me too
        alice> @ref=5 alice | all clients | unban | 192.0.2.0/24 it was a mistake
        restart
        eve> connects from 192.0.2.8:4000    eve> name eve
        dan> connects from [2001:db8:1:2::1]:4000    dan> name dan
    "#]]);
}

#[test]
fn who_is_muted_is_heard_by_moderators_alone() {
    told(expect![[r#"
        alice> connects key a    alice> name alice    bob> joins    eve> joins
        bob> bob | #ops | join_room
        alice> @ref=1 alice | all clients | mute | bob for=10m flooding
        bob> @ref=1 bob | all clients | broadcast | hello
        bob> @ref=2 bob | #ops | broadcast | hello
        bob> @ref=3 bob | eve | private_message | hello
        bob> @ref=4 bob | alice | private_message | why?
        +600s
        bob> @ref=5 bob | all clients | broadcast_not_me | hello
        alice> alice | all clients | mute | bob again
        alice> @ref=2 alice | all clients | unmute | bob he understood
        bob> @ref=6 bob | all clients | broadcast_not_me | thanks
        alice> @ref=3 alice | all clients | unmute | bob twice
    "#]]);
}

#[test]
fn a_room_slow_read_only_and_with_its_topic_locked() {
    told(expect![[r#"
        bob> connects key b    bob> name bob    eve> connects key e    eve> name eve
        bob> bob | #ops | join_room    eve> eve | #ops | join_room
        bob> @ref=1 bob | #ops | slow_mode | 30 one at a time
        eve> @ref=1 eve | #ops | broadcast_not_me | one
        eve> @ref=2 eve | #ops | broadcast_not_me | two
        eve> @ref=1 eve | #ops | broadcast_not_me | one
        +30s
        eve> @ref=3 eve | #ops | broadcast_not_me | two
        bob> @ref=2 bob | #ops | broadcast_not_me | a    bob> @ref=3 bob | #ops | broadcast_not_me | b
        bob> @ref=4 bob | #ops | read_only | on exam
        eve> @ref=4 eve | #ops | broadcast_not_me | three
        bob> @ref=5 bob | #ops | lock_topic | on exam
        eve> @ref=5 eve | #ops | topic | mine
        bob> @ref=6 bob | #ops | read_only | off over
        eve> @ref=6 eve | #ops | slow_mode | 0 let me
    "#]]);
}

#[test]
fn everyone_is_a_place_too() {
    told(expect![[r#"
        alice> connects key a    alice> name alice    bob> joins    dave> connects TR2.23    dave> name dave
        alice> @ref=1 alice | all clients | read_only | on exam
        bob> @ref=1 bob | all clients | broadcast | hi
        dave> dave | all clients | broadcast | hi
        alice> @ref=2 alice | all clients | broadcast_not_me | begin
        alice> @ref=3 alice | all clients | topic | exam until ten
        bob> @ref=2 bob | all clients | topic | pizza
        alice> @ref=4 alice | all clients | announce | five minutes left
        eve> connects    eve> name eve
        restart
        bob> connects    bob> name bob
    "#]]);
}

#[test]
fn a_deleted_message_leaves_a_mark() {
    told(expect![[r#"
        alice> connects key a    alice> name alice    bob> connects key b    bob> name bob    eve> connects key e    eve> name eve
        bob> bob | #ops | join_room    eve> eve | #ops | join_room
        eve> eve | #ops | broadcast_not_me | an insult
        eve> eve | all clients | broadcast_not_me | another insult
        bob> @ref=1 bob | #ops | delete | 1795348800000 not here
        eve> @ref=1 eve | #ops | delete | 1795348800000 sorry
        bob> @ref=2 bob | #ops | delete | 1795348800001 wrong place
        alice> @ref=1 alice | all clients | delete | 1795348800001 insult
        alice> @ref=2 alice | all clients | delete | 1795348800001 twice
        eve> @ref=2 eve | #ops | history
        eve> @ref=3 eve | server | search | insult
        store fails
        alice> @ref=3 alice | all clients | delete | 1795348800001 again
    "#]]);
}

#[test]
fn rights_are_given_and_taken_and_gone_at_once() {
    told(expect![[r#"
        alice> connects key a    alice> name alice    bob> connects key b    bob> name bob    eve> connects    eve> name eve
        alice> @ref=1 alice | all clients | grant | eve she helps
        alice> @ref=2 alice | all clients | grant | bob he helps
        bob> @ref=1 bob | all clients | kick | eve rude
        bob> @ref=2 bob | all clients | kick | alice power
        bob> @ref=3 bob | all clients | grant | eve friends
        alice> @ref=3 alice | all clients | revoke | bob power    bob> @ref=4 bob | all clients | ban | alice revenge
        restart
        bob> connects key b    bob> name bob
        alice> connects key a    alice> name alice
        alice> alice | all clients | grant | bob again
        restart
        bob> connects key b    bob> name bob
        bob> @ref=1 bob | all clients | revoke | bob enough of it
    "#]]);
}

#[test]
fn a_room_has_moderators_of_its_own() {
    told(expect![[r#"
        alice> connects key a    alice> name alice
        bob> connects key b    bob> name bob    eve> connects key e    eve> name eve    mia> connects key m    mia> name mia
        bob> bob | #ops | join_room    eve> eve | #ops | join_room    mia> mia | #ops | join_room
        eve> @ref=1 eve | #ops | kick | mia rude
        bob> @ref=1 bob | #ops | grant | eve she helps
        eve> @ref=2 eve | #ops | grant | mia so does she
        eve> @ref=3 eve | #ops | kick | bob power
        eve> @ref=4 eve | #ops | ban | mia for=1h rude
        mia> @ref=1 mia | #ops | join_room
        mia> @ref=2 mia | #ops | history
        mia> @ref=3 mia | all clients | broadcast_not_me | still here
        alice> @ref=1 alice | #ops | kick | bob enough
        bob> @ref=2 bob | #ops | modlog
        eve> @ref=5 eve | #ops | modlog
        bob> bob | #ops | join_room    bob> @ref=3 bob | #ops | modlog
    "#]]);
}

#[test]
fn closing_can_be_announced_and_called_off() {
    told(expect![[r#"
        alice> connects key a    alice> name alice    bob> joins    dave> connects TR2.23    dave> name dave
        bob> @ref=1 bob | server | close_server | in=5m I want
        alice> @ref=1 alice | server | close_server | in=5m new disks
        +200s
        eve> connects    eve> name eve
        +41s
        alice> @ref=2 alice | server | close_server | off
        alice> @ref=3 alice | server | close_server | off
        alice> alice | server | close_server | in=12s new disks
        +12s
    "#]]);
}

#[test]
fn every_attempt_leaves_a_line_in_the_log() {
    told(expect![[r#"
        alice> connects key a    alice> name alice    bob> joins
        log
        bob> bob | #ops | join_room | private
        bob> bob | all clients | ban | alice x
        alice> alice | all clients | mute | bob for=1h a reason\x1b[2J
        alice> alice | all clients | mute | bob for=1h a "reason"
    "#]]);
}
