//! Transcripts of a clock that lies: no ban or mute ends because of it, none lasts longer, and it is told.

use expect_test::{Expect, expect};
use tr2::model::Name;
use tr2::server::broker::rules::Rules;

use crate::check;
use crate::transcript::rules;

/// Plays a transcript in which alice is the server's keeper.
fn told(transcript: Expect) {
    let rules = Rules { moderators: vec![Name::parse("alice").unwrap()], ..rules() };
    check(rules, transcript);
}

#[test]
fn a_clock_that_jumps_ahead_ends_no_ban_and_no_mute() {
    told(expect![[r#"
        alice> joins uid 42    bob> joins uid 2    eve> joins uid 3
        alice> x | all clients | ban | bob for=50s spam
        alice< @why=banned server | all clients | left | bob
        alice< alice | all clients | act | ban bob 50 off spam
        bob< server | bob | refused | banned You are banned from this server for 50 seconds more, by alice: spam
        bob.
        eve< @why=banned server | all clients | left | bob
        eve< alice | all clients | act | ban bob 50 off spam
        alice> x | all clients | mute | eve for=50s noise
        alice< alice | all clients | act | mute eve 50 off noise
        eve< alice | all clients | act | mute eve 50 off noise
        log
        wall +35040h
        alice< server | alice | private_message | The clock of the server's machine is 1460 days ahead of the time that the server knows, so it is not believed: no ban, mute or message ends because of it. Set the clock right, or, if it is right, confirm it: see --trust-clock in tr2-serve(1).
        log: event=clock_doubted ahead=126144000
        +1s
        bob2> connects uid 2
        bob2< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        log: event=connected conn=4 from=uid:2
        bob2> name bob
        bob2< server | client | refused | banned You are banned from this server for 49 seconds more, by alice: spam
        bob2.
        log: event=name_refused conn=4 from=uid:2 name=bob code=banned
        log: event=left conn=4 from=uid:2 name=- why="name refused"
        eve> x | all clients | broadcast | hello
        eve< server | eve | refused | muted alice has muted you for 49 seconds more: noise
        wall -35040h
        alice< server | alice | private_message | The clock of the server's machine is believed again.
        log: event=clock_believed
        bob3> connects uid 2
        bob3< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        log: event=connected conn=5 from=uid:2
        bob3> name bob
        bob3< server | client | refused | banned You are banned from this server for 49 seconds more, by alice: spam
        bob3.
        log: event=name_refused conn=5 from=uid:2 name=bob code=banned
        log: event=left conn=5 from=uid:2 name=- why="name refused"
        +50s
        bob4> connects uid 2
        bob4< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        log: event=connected conn=6 from=uid:2
        bob4> name bob
        alice< @verified=yes server | all clients | joined | bob
        eve< @verified=yes server | all clients | joined | bob
        bob4< @time=2026-11-22T12:00:51.000Z;verified=yes server | bob | connection_confirmation | You are now connected to the server in ('localhost', 0)
        log: event=joined conn=6 from=uid:2 name=bob dialect=TR2.26 proof=uid:2
    "#]]);
}

#[test]
fn a_ban_made_while_the_clock_was_ahead_lasts_as_long_as_it_was_to_last() {
    told(expect![[r#"
        alice> joins uid 42    bob> joins uid 2
        wall +35040h
        alice< server | alice | private_message | The clock of the server's machine is 1460 days ahead of the time that the server knows, so it is not believed: no ban, mute or message ends because of it. Set the clock right, or, if it is right, confirm it: see --trust-clock in tr2-serve(1).
        alice> x | all clients | ban | bob for=50s spam
        alice< @why=banned server | all clients | left | bob
        alice< alice | all clients | act | ban bob 50 off spam
        bob< server | bob | refused | banned You are banned from this server for 50 seconds more, by alice: spam
        bob.
        wall -35040h
        alice< server | alice | private_message | The clock of the server's machine is believed again.
        +49s
        bob2> connects uid 2
        bob2< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        bob2> name bob
        bob2< server | client | refused | banned You are banned from this server for 1 second more, by alice: spam
        bob2.
        +2s
        bob3> connects uid 2
        bob3< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        bob3> name bob
        alice< @verified=yes server | all clients | joined | bob
        bob3< @time=2026-11-22T12:00:51.000Z;verified=yes server | bob | connection_confirmation | You are now connected to the server in ('localhost', 0)
    "#]]);
}

#[test]
fn a_ban_made_at_a_first_start_with_a_wrong_clock_is_set_right() {
    told(expect![[r#"
        alice> joins uid 42    bob> joins uid 2
        alice> x | all clients | ban | bob for=50s spam
        alice< @why=banned server | all clients | left | bob
        alice< alice | all clients | act | ban bob 50 off spam
        bob< server | bob | refused | banned You are banned from this server for 50 seconds more, by alice: spam
        bob.
        wall -35040h
        bob2> connects uid 2
        bob2< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        bob2> name bob
        bob2< server | client | refused | banned You are banned from this server for 50 seconds more, by alice: spam
        bob2.
        restart
        bob3> connects uid 2
        bob3< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        bob3> name bob
        bob3< server | client | refused | banned You are banned from this server for 50 seconds more, by alice: spam
        bob3.
        restart, wall -35040h
        bob4> connects uid 2
        bob4< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        bob4> name bob
        bob4< server | client | refused | banned You are banned from this server for 50 seconds more, by alice: spam
        bob4.
        +51s
        bob5> connects uid 2
        bob5< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        bob5> name bob
        bob5< @time=2018-11-24T12:00:51.000Z;verified=yes server | bob | connection_confirmation | You are now connected to the server in ('localhost', 0)
    "#]]);
}

#[test]
fn a_start_with_the_clock_far_ahead_ends_no_ban_until_a_person_confirms_it() {
    told(expect![[r#"
        alice> joins uid 42    bob> joins uid 2    eve> joins uid 3
        alice> x | all clients | ban | bob for=2h spam
        alice< @why=banned server | all clients | left | bob
        alice< alice | all clients | act | ban bob 7200 off spam
        bob< server | bob | refused | banned You are banned from this server for 2 hours more, by alice: spam
        bob.
        eve< @why=banned server | all clients | left | bob
        eve< alice | all clients | act | ban bob 7200 off spam
        log
        restart, wall +1440h
        log: event=clock_doubted ahead=5184000
        alice2> connects uid 42
        alice2< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        log: event=connected conn=4 from=uid:42
        alice2> name alice
        alice2< @time=2027-01-21T12:00:00.000Z;verified=yes server | alice | connection_confirmation | You are now connected to the server in ('localhost', 0)
        alice2< server | alice | moderator | You are a moderator.
        alice2< server | alice | private_message | The clock of the server's machine is 60 days ahead of the time that the server knows, so it is not believed: no ban, mute or message ends because of it. Set the clock right, or, if it is right, confirm it: see --trust-clock in tr2-serve(1).
        log: event=joined conn=4 from=uid:42 name=alice dialect=TR2.26 proof=uid:42
        log: event=moderator conn=4 from=uid:42 name=alice trusted=false
        +1s
        alice2> x | all clients | ban | eve for=50s noise
        alice2< alice | all clients | act | ban eve 50 off noise
        log: event=act conn=4 name=alice place=everyone act=ban subject=eve seconds=50 on=false reason=noise
        +1s
        bob2> connects uid 2
        bob2< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        log: event=connected conn=5 from=uid:2
        bob2> name bob
        bob2< server | client | refused | banned You are banned from this server for 1 hour 59 minutes more, by alice: spam
        bob2.
        log: event=name_refused conn=5 from=uid:2 name=bob code=banned
        log: event=left conn=5 from=uid:2 name=- why="name refused"
        the clock is right
        alice2< server | alice | private_message | The clock of the server's machine is believed again.
        log: event=clock_believed
        bob3> connects uid 2
        bob3< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        log: event=connected conn=6 from=uid:2
        bob3> name bob
        alice2< @verified=yes server | all clients | joined | bob
        bob3< @time=2027-01-21T12:00:02.000Z;verified=yes server | bob | connection_confirmation | You are now connected to the server in ('localhost', 0)
        log: event=joined conn=6 from=uid:2 name=bob dialect=TR2.26 proof=uid:2
        eve3> connects uid 3
        eve3< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        log: event=connected conn=7 from=uid:3
        eve3> name eve
        eve3< server | client | refused | banned You are banned from this server for 49 seconds more, by alice: noise
        eve3.
        log: event=name_refused conn=7 from=uid:3 name=eve code=banned
        log: event=left conn=7 from=uid:3 name=- why="name refused"
        +50s
        eve4> connects uid 3
        eve4< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        log: event=connected conn=8 from=uid:3
        eve4> name eve
        alice2< @verified=yes server | all clients | joined | eve
        bob3< @verified=yes server | all clients | joined | eve
        eve4< @time=2027-01-21T12:00:52.000Z;verified=yes server | eve | connection_confirmation | You are now connected to the server in ('localhost', 0)
        log: event=joined conn=8 from=uid:3 name=eve dialect=TR2.26 proof=uid:3
    "#]]);
}

#[test]
fn a_start_soon_after_the_last_known_time_is_believed() {
    told(expect![[r#"
        alice> joins uid 42    bob> joins uid 2
        alice> x | all clients | ban | bob for=2h spam
        alice< @why=banned server | all clients | left | bob
        alice< alice | all clients | act | ban bob 7200 off spam
        bob< server | bob | refused | banned You are banned from this server for 2 hours more, by alice: spam
        bob.
        log
        restart, wall +71h
        bob2> connects uid 2
        bob2< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        log: event=connected conn=3 from=uid:2
        bob2> name bob
        bob2< @time=2026-11-25T11:00:00.000Z;verified=yes server | bob | connection_confirmation | You are now connected to the server in ('localhost', 0)
        log: event=joined conn=3 from=uid:2 name=bob dialect=TR2.26 proof=uid:2
    "#]]);
}

#[test]
fn codes_countdowns_and_slow_mode_go_by_the_steady_clock() {
    told(expect![[r#"
        alice> joins uid 42    ann> joins key a
        ann> @ref=1 x | server | invite_key
        ann< @ref=1 server | ann | invited | 600 pifod-dugoj-zozom-zojor-zasaf
        alice> x | all clients | slow_mode | 30 slowly
        alice< server | all clients | room | open members=2 slow=30 topic=
        alice< alice | all clients | act | slow_mode - 30 on slowly
        ann< server | all clients | room | open members=2 slow=30 topic=
        ann< alice | all clients | act | slow_mode - 30 on slowly
        ann> @ref=2 x | all clients | broadcast_not_me | one
        alice< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes ann | all clients | broadcast_not_me | one
        ann< @ref=2;id=1795348800000;time=2026-11-22T12:00:00.000Z server | ann | accepted
        alice> @ref=1 alice | server | close_server | in=90s new disks
        alice< @ref=1 alice | all clients | closing | 90 new disks
        ann< alice | all clients | closing | 90 new disks
        wall +35040h
        alice< server | alice | private_message | The clock of the server's machine is 1460 days ahead of the time that the server knows, so it is not believed: no ban, mute or message ends because of it. Set the clock right, or, if it is right, confirm it: see --trust-clock in tr2-serve(1).
        ann> @ref=3 x | all clients | broadcast_not_me | two
        ann< @ref=3 server | ann | refused | slow_mode Slow mode: 30 seconds between two messages to everyone; wait 30 s.
        +1s
        new> connects key b    new> x | server | code | pifod-dugoj-zozom-zojor-zasaf
        new< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        new< server | client | code | The code is valid; give your name.
        wall -70080h
        alice< server | alice | private_message | The clock of the server's machine is believed again.
        ann> @ref=4 x | all clients | broadcast_not_me | three
        ann< @ref=4 server | ann | refused | slow_mode Slow mode: 30 seconds between two messages to everyone; wait 29 s.
        +29s
        new< server | client | connection_error | No name was given in time; connect again.
        new.
        alice< alice | all clients | closing | 60 new disks
        ann< alice | all clients | closing | 60 new disks
        ann> @ref=5 x | all clients | broadcast_not_me | four
        alice< @id=1795348800001;time=2022-11-23T12:00:30.000Z;verified=yes ann | all clients | broadcast_not_me | four
        ann< @ref=5;id=1795348800001;time=2022-11-23T12:00:30.000Z server | ann | accepted
    "#]]);
}
