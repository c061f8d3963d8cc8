//! Transcripts of moderation: what moderators do, who hears of it, and what outlasts a restart.

use expect_test::{Expect, expect};
use tr2::model::{Name, Rank, Text};
use tr2::protocol::Verb;
use tr2::server::broker::moderation::authority::{Denied, Subject, may, needed};
use tr2::server::broker::moderation::bans::{Ban, Bans};
use tr2::server::broker::rules::Rules;
use tr2::server::ids::RoomId;
use tr2::server::limits::{MAX_BANS, MAX_BANS_OF_ROOM};

use crate::check;
use crate::transcript::rules;

/// Plays a transcript in which alice is the server's keeper.
fn told(transcript: Expect) {
    let rules = Rules { moderators: vec![Name::parse("alice").unwrap()], ..rules() };
    check(rules, transcript);
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
    expect![[r#"
        server kick       takes Moderator: ------- ------- ------- yoyyyhh yoyyyyh
        server ban        takes Moderator: ------- ------- ------- yoyyyhh yoyyyyh
        server unban      takes Moderator: ------- ------- ------- yoyyyhh yoyyyyh
        server mute       takes Moderator: ------- ------- ------- yoyyyhh yoyyyyh
        server unmute     takes Moderator: ------- ------- ------- yoyyyhh yoyyyyh
        server slow_mode  takes Moderator: ------- ------- ------- yoyyyhh yoyyyyh
        server read_only  takes Moderator: ------- ------- ------- yoyyyhh yoyyyyh
        server lock_topic takes Moderator: ------- ------- ------- yoyyyhh yoyyyyh
        server allow_calls takes Moderator: ------- ------- ------- yoyyyhh yoyyyyh
        server delete     takes Moderator: ------- ------- ------- yoyyyhh yoyyyyh
        server remove_reaction takes Moderator: ------- ------- ------- yoyyyhh yoyyyyh
        server announce   takes Moderator: ------- ------- ------- yoyyyhh yoyyyyh
        server grant      takes Keeper: ------- ------- ------- ------- yoyyyyh
        server revoke     takes Keeper: ------- ------- ------- -y----- yyyyyyh
        server free       takes Keeper: ------- ------- ------- ------- yoyyyyh
        room   kick       takes RoomModerator: ------- yoyhhhh yoyyhhh yoyyyhh yoyyyyh
        room   ban        takes RoomModerator: ------- yoyhhhh yoyyhhh yoyyyhh yoyyyyh
        room   unban      takes RoomModerator: ------- yoyhhhh yoyyhhh yoyyyhh yoyyyyh
        room   mute       takes RoomModerator: ------- yoyhhhh yoyyhhh yoyyyhh yoyyyyh
        room   unmute     takes RoomModerator: ------- yoyhhhh yoyyhhh yoyyyhh yoyyyyh
        room   slow_mode  takes RoomModerator: ------- yoyhhhh yoyyhhh yoyyyhh yoyyyyh
        room   read_only  takes RoomModerator: ------- yoyhhhh yoyyhhh yoyyyhh yoyyyyh
        room   lock_topic takes RoomModerator: ------- yoyhhhh yoyyhhh yoyyyhh yoyyyyh
        room   allow_calls takes RoomModerator: ------- yoyhhhh yoyyhhh yoyyyhh yoyyyyh
        room   delete     takes RoomModerator: ------- yoyhhhh yoyyhhh yoyyyhh yoyyyyh
        room   remove_reaction takes RoomModerator: ------- yoyhhhh yoyyhhh yoyyyhh yoyyyyh
        room   announce   takes RoomModerator: ------- yoyhhhh yoyyhhh yoyyyhh yoyyyyh
        room   grant      takes Maker: ------- ------- yoyyhhh yoyyyhh yoyyyyh
        room   revoke     takes Maker: ------- -y----- yyyyhhh yyyyyhh yyyyyyh
        room   free       takes Keeper: ------- ------- ------- ------- yoyyyyh
    "#]]
    .assert_eq(&table);
}

#[test]
fn a_user_is_kicked_banned_and_let_back_in() {
    told(expect![[r#"
        alice> joins uid 42    bob> joins key b    eve> joins
        eve> @ref=1 eve | all clients | kick | bob for fun
        eve< @ref=1 server | eve | refused | not_moderator Only a moderator of the server may do that.
        alice> @ref=1 alice | all clients | kick | bob calm down
        alice< @why=kicked server | all clients | left | bob
        alice< @ref=1 alice | all clients | act | kick bob - off calm down
        bob< server | bob | refused | kicked You were kicked by alice: calm down
        bob.
        eve< @why=kicked server | all clients | left | bob
        eve< alice | all clients | act | kick bob - off calm down
        bob> joins key b
        alice> @ref=2 alice | all clients | ban | bob dry-run
        alice< @ref=2 server | alice | would_ban | 1 bob
        alice> @ref=3 alice | all clients | ban | Bob for=50s spam
        alice< @why=banned server | all clients | left | bob
        alice< @ref=3 alice | all clients | act | ban Bob 50 off spam
        eve< @why=banned server | all clients | left | bob
        eve< alice | all clients | act | ban Bob 50 off spam
        bob< server | bob | refused | banned You are banned from this server for 50 seconds more, by alice: spam
        bob.
        bob> connects key b    bob> name bob
        bob< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        bob< server | client | refused | banned You are banned from this server for 50 seconds more, by alice: spam
        bob.
        bob2> connects key b    bob2> name robert
        bob2< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        bob2< server | client | refused | banned You are banned from this server for 50 seconds more, by alice: spam
        bob2.
        bob3> connects key c    bob3> name ВОВ
        bob3< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        bob3< server | client | refused | name_bound The name ВОВ looks like bob, which has an owner; choose another name.
        bob3.
        alice> @ref=4 alice | all clients | bans
        alice< @ref=4;batch=bans-1 server | all clients | banned | ban Bob alice 2026-11-22T12:00:50.000Z spam
        alice< @ref=4;batch=bans-1 server | alice | bans_end
        +50s
        bob> joins key b
        alice> @ref=5 alice | all clients | bans
        alice< @ref=5;batch=bans-1 server | alice | bans_end
        alice> @ref=6 alice | all clients | modlog
        alice< @ref=6;id=1;time=2026-11-22T12:00:00.000Z;batch=modlog-1 alice | all clients | act | kick bob - off calm down
        alice< @ref=6;id=2;time=2026-11-22T12:00:00.000Z;batch=modlog-1 alice | all clients | act | ban Bob 50 off spam
        alice< @ref=6;batch=modlog-1 server | alice | modlog_end
        eve> @ref=2 eve | all clients | modlog
        eve< @ref=2 server | eve | refused | not_moderator Only moderators may read the moderation log of the whole server.
    "#]]);
}

#[test]
fn a_network_ban_holds_for_every_form_of_an_address() {
    told(expect![[r#"
        alice> joins uid 42    eve> joins from 192.0.2.7:1000
        alice> @ref=1 alice | all clients | ban | 192.0.2.0/24 dry-run
        alice< @ref=1 server | alice | would_ban | 1 eve
        alice> @ref=2 alice | all clients | ban | 192.0.2.0/24 flooding
        alice< @why=banned server | all clients | left | eve
        alice< @ref=2 alice | all clients | act | ban 192.0.2.0/24 - off flooding
        eve< server | eve | refused | banned You are banned from this server, by alice: flooding
        eve.
        eve> connects from 192.0.2.8:4000    eve> name mallory
        eve< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        eve< server | client | refused | banned You are banned from this server, by alice: flooding
        eve.
        eve> connects from [::ffff:192.0.2.9]:4000    eve> name mallory
        eve< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        eve< server | client | refused | banned You are banned from this server, by alice: flooding
        eve.
        eve> connects from 192.0.3.1:4000    eve> name mallory
        alice< server | all clients | joined | mallory
        eve< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        eve< @time=2026-11-22T12:00:00.000Z server | mallory | connection_confirmation | You are now connected to the server in ('192.0.3.1', 4000)
        alice> @ref=3 alice | all clients | ban | 2001:db8:1:2:3:4:5:6 flooding
        alice< @ref=3 alice | all clients | act | ban 2001:db8:1:2::/64 - off flooding
        eve< alice | all clients | act | ban - - off flooding
        dan> connects from [2001:db8:1:2:ffff::1]:4000    dan> name dan
        dan< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        dan< server | client | refused | banned You are banned from this server, by alice: flooding
        dan.
        dan> joins from [2001:db8:1:3::1]:4000
        alice> @ref=4 alice | all clients | ban | 10.0.0.0/8 everybody, me too
        alice< @ref=4 alice | all clients | act | ban 10.0.0.0/8 - off everybody, me too
        eve< alice | all clients | act | ban - - off everybody, me too
        dan< alice | all clients | act | ban - - off everybody, me too
        alice> @ref=5 alice | all clients | unban | 192.0.2.0/24 it was a mistake
        alice< @ref=5 alice | all clients | act | unban 192.0.2.0/24 - off it was a mistake
        eve< alice | all clients | act | unban - - off it was a mistake
        dan< alice | all clients | act | unban - - off it was a mistake
        restart
        eve> connects from 192.0.2.8:4000    eve> name eve
        eve< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        eve< @time=2026-11-22T12:00:00.000Z server | eve | connection_confirmation | You are now connected to the server in ('192.0.2.8', 4000)
        dan> connects from [2001:db8:1:2::1]:4000    dan> name dan
        dan< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        dan< server | client | refused | banned You are banned from this server, by alice: flooding
        dan.
    "#]]);
}

#[test]
fn a_muted_user_is_heard_by_moderators_only() {
    told(expect![[r#"
        alice> joins uid 42    bob> joins    eve> joins
        bob> bob | #ops | join_room
        bob< server | #ops | room | open members=1 you=maker topic=
        alice> @ref=1 alice | all clients | mute | bob for=50s flooding
        alice< @ref=1 alice | all clients | act | mute bob 50 off flooding
        bob< alice | all clients | act | mute bob 50 off flooding
        eve< alice | all clients | act | mute bob 50 off flooding
        bob> @ref=1 bob | all clients | broadcast | hello
        bob< @ref=1 server | bob | refused | muted alice has muted you for 50 seconds more: flooding
        bob> @ref=2 bob | #ops | broadcast | hello
        bob< @ref=2 server | bob | refused | muted alice has muted you for 50 seconds more: flooding
        bob> @ref=3 bob | eve | private_message | hello
        bob< @ref=3 server | bob | refused | muted alice has muted you for 50 seconds more: flooding
        bob> @ref=4 bob | alice | private_message | why?
        alice< @id=1795348800000;time=2026-11-22T12:00:00.000Z bob | alice | private_message | why?
        bob< @ref=4;id=1795348800000;time=2026-11-22T12:00:00.000Z server | bob | accepted
        +50s
        bob> @ref=5 bob | all clients | broadcast_not_me | hello
        alice< @id=1795348850000;time=2026-11-22T12:00:50.000Z bob | all clients | broadcast_not_me | hello
        bob< @ref=5;id=1795348850000;time=2026-11-22T12:00:50.000Z server | bob | accepted
        eve< @id=1795348850000;time=2026-11-22T12:00:50.000Z bob | all clients | broadcast_not_me | hello
        alice> alice | all clients | mute | bob again
        alice< alice | all clients | act | mute bob - off again
        bob< alice | all clients | act | mute bob - off again
        eve< alice | all clients | act | mute bob - off again
        alice> @ref=2 alice | all clients | unmute | bob he understood
        alice< @ref=2 alice | all clients | act | unmute bob - off he understood
        bob< alice | all clients | act | unmute bob - off he understood
        eve< alice | all clients | act | unmute bob - off he understood
        bob> @ref=6 bob | all clients | broadcast_not_me | thanks
        alice< @id=1795348850001;time=2026-11-22T12:00:50.000Z bob | all clients | broadcast_not_me | thanks
        bob< @ref=6;id=1795348850001;time=2026-11-22T12:00:50.000Z server | bob | accepted
        eve< @id=1795348850001;time=2026-11-22T12:00:50.000Z bob | all clients | broadcast_not_me | thanks
        alice> @ref=3 alice | all clients | unmute | bob twice
        alice< @ref=3 server | alice | refused | no_such_ban There is no mute of bob there; /bans lists those in force.
    "#]]);
}

#[test]
fn slow_mode_read_only_and_locked_topic_restrict_a_room() {
    told(expect![[r#"
        bob> joins key b    eve> joins key e
        bob> bob | #ops | join_room    eve> eve | #ops | join_room
        bob< server | #ops | room | open members=1 you=maker topic=
        bob< @verified=yes server | #ops | joined | eve
        eve< server | #ops | room | open members=2 you=member topic=
        bob> @ref=1 bob | #ops | slow_mode | 30 one at a time
        bob< server | #ops | room | open members=2 slow=30 topic=
        bob< @ref=1 bob | #ops | act | slow_mode - 30 on one at a time
        eve< server | #ops | room | open members=2 slow=30 topic=
        eve< bob | #ops | act | slow_mode - 30 on one at a time
        eve> @ref=1 eve | #ops | broadcast_not_me | one
        bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes eve | #ops | broadcast_not_me | one
        eve< @ref=1;id=1795348800000;time=2026-11-22T12:00:00.000Z server | eve | accepted
        eve> @ref=2 eve | #ops | broadcast_not_me | two
        eve< @ref=2 server | eve | refused | slow_mode Slow mode: 30 seconds between two messages to #ops; wait 30 s.
        eve> @ref=1 eve | #ops | broadcast_not_me | one
        eve< @ref=1;id=1795348800000;time=2026-11-22T12:00:00.000Z server | eve | accepted
        +30s
        eve> @ref=3 eve | #ops | broadcast_not_me | two
        bob< @id=1795348830000;time=2026-11-22T12:00:30.000Z;verified=yes eve | #ops | broadcast_not_me | two
        eve< @ref=3;id=1795348830000;time=2026-11-22T12:00:30.000Z server | eve | accepted
        bob> @ref=2 bob | #ops | broadcast_not_me | a    bob> @ref=3 bob | #ops | broadcast_not_me | b
        bob< @ref=2;id=1795348830001;time=2026-11-22T12:00:30.000Z server | bob | accepted
        bob< @ref=3;id=1795348830002;time=2026-11-22T12:00:30.000Z server | bob | accepted
        eve< @id=1795348830001;time=2026-11-22T12:00:30.000Z;verified=yes bob | #ops | broadcast_not_me | a
        eve< @id=1795348830002;time=2026-11-22T12:00:30.000Z;verified=yes bob | #ops | broadcast_not_me | b
        bob> @ref=4 bob | #ops | read_only | on exam
        bob< server | #ops | room | open members=2 slow=30 read_only topic=
        bob< @ref=4 bob | #ops | act | read_only - - on exam
        eve< server | #ops | room | open members=2 slow=30 read_only topic=
        eve< bob | #ops | act | read_only - - on exam
        eve> @ref=4 eve | #ops | broadcast_not_me | three
        eve< @ref=4 server | eve | refused | read_only Only moderators may write to #ops at the moment.
        bob> @ref=5 bob | #ops | lock_topic | on exam
        bob< server | #ops | room | open members=2 slow=30 read_only locked topic=
        bob< @ref=5 bob | #ops | act | lock_topic - - on exam
        eve< server | #ops | room | open members=2 slow=30 read_only locked topic=
        eve< bob | #ops | act | lock_topic - - on exam
        eve> @ref=5 eve | #ops | topic | mine
        eve< @ref=5 server | eve | refused | not_allowed Only moderators may set the topic of #ops.
        bob> @ref=6 bob | #ops | read_only | off over
        bob< server | #ops | room | open members=2 slow=30 locked topic=
        bob< @ref=6 bob | #ops | act | read_only - - off over
        eve< server | #ops | room | open members=2 slow=30 locked topic=
        eve< bob | #ops | act | read_only - - off over
        eve> @ref=6 eve | #ops | slow_mode | 0 let me
        eve< @ref=6 server | eve | refused | not_moderator Only a moderator of #ops may do that.
    "#]]);
}

#[test]
fn modes_and_mutes_apply_to_everyone_as_to_a_room() {
    told(expect![[r#"
        alice> joins uid 42    bob> joins    dave> connects TR2.23    dave> name dave
        alice< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        alice< @time=2026-11-22T12:00:00.000Z;verified=yes server | alice | connection_confirmation | You are now connected to the server in ('localhost', 0)
        alice< server | alice | moderator | You are a moderator.
        bob< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        bob< @time=2026-11-22T12:00:00.000Z server | bob | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40002)
        bob< server | all clients | joined | dave
        bob< @verified=yes server | all clients | joined | alice
        dave< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        dave<< server | dave | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40003)
        alice> @ref=1 alice | all clients | read_only | on exam
        alice< server | all clients | room | open members=3 read_only topic=
        alice< @ref=1 alice | all clients | act | read_only - - on exam
        bob< server | all clients | room | open members=3 read_only topic=
        bob< alice | all clients | act | read_only - - on exam
        dave<< server | all clients | broadcast | alice lets only moderators write: exam
        bob> @ref=1 bob | all clients | broadcast | hi
        bob< @ref=1 server | bob | refused | read_only Only moderators may write to everyone at the moment.
        dave> dave | all clients | broadcast | hi
        dave<< server | dave | private_message | Only moderators may write to everyone at the moment.
        alice> @ref=2 alice | all clients | broadcast_not_me | begin
        alice< @ref=2;id=1795348800000;time=2026-11-22T12:00:00.000Z server | alice | accepted
        bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes alice | all clients | broadcast_not_me | begin
        dave<< alice | all clients | broadcast_not_me | begin
        alice> @ref=3 alice | all clients | topic | exam until ten
        alice< @ref=3 alice | all clients | topic | exam until ten
        bob< alice | all clients | topic | exam until ten
        dave<< server | all clients | broadcast | alice set the topic: exam until ten
        bob> @ref=2 bob | all clients | topic | pizza
        bob< @ref=2 server | bob | refused | not_allowed Only moderators may set the topic of everyone.
        alice> @ref=4 alice | all clients | announce | five minutes left
        alice< @ref=4 alice | all clients | act | announce - - off five minutes left
        bob< alice | all clients | act | announce - - off five minutes left
        dave<< server | all clients | broadcast | alice announces: five minutes left
        eve> connects    eve> name eve
        alice< server | all clients | joined | eve
        bob< server | all clients | joined | eve
        eve< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        eve< @time=2026-11-22T12:00:00.000Z server | eve | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40004)
        eve< server | all clients | room | open members=4 read_only topic=exam until ten
        restart
        bob> connects    bob> name bob
        bob< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        bob< @time=2026-11-22T12:00:00.000Z server | bob | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40005)
        bob< server | all clients | room | open members=1 read_only topic=exam until ten
    "#]]);
}

#[test]
fn a_deleted_message_leaves_a_marker() {
    told(expect![[r#"
        alice> joins uid 42    bob> joins key b    eve> joins key e
        bob> bob | #ops | join_room    eve> eve | #ops | join_room
        bob< server | #ops | room | open members=1 you=maker topic=
        bob< @verified=yes server | #ops | joined | eve
        eve< server | #ops | room | open members=2 you=member topic=
        eve> eve | #ops | broadcast_not_me | an insult
        bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes eve | #ops | broadcast_not_me | an insult
        eve< @id=1795348800000;time=2026-11-22T12:00:00.000Z server | eve | accepted
        eve> eve | all clients | broadcast_not_me | another insult
        alice< @id=1795348800001;time=2026-11-22T12:00:00.000Z;verified=yes eve | all clients | broadcast_not_me | another insult
        bob< @id=1795348800001;time=2026-11-22T12:00:00.000Z;verified=yes eve | all clients | broadcast_not_me | another insult
        eve< @id=1795348800001;time=2026-11-22T12:00:00.000Z server | eve | accepted
        bob> @ref=1 bob | #ops | delete | 1795348800000 not here
        bob< @id=1795348800000;change=1795348800002 eve | #ops | deleted | bob
        bob< @ref=1 bob | #ops | act | delete eve - off not here
        eve< @id=1795348800000;change=1795348800002 eve | #ops | deleted | bob
        eve< bob | #ops | act | delete eve - off not here
        eve> @ref=1 eve | #ops | delete | 1795348800000 sorry
        eve< @ref=1 server | eve | refused | not_moderator Only a moderator of #ops may do that.
        bob> @ref=2 bob | #ops | delete | 1795348800001 wrong place
        bob< @ref=2 server | bob | refused | no_such_message There is no such message there, or it is already gone.
        alice> @ref=1 alice | all clients | delete | 1795348800001 insult
        alice< @id=1795348800001;change=1795348800004 eve | all clients | deleted | alice
        alice< @ref=1 alice | all clients | act | delete eve - off insult
        bob< @id=1795348800001;change=1795348800004 eve | all clients | deleted | alice
        bob< alice | all clients | act | delete eve - off insult
        eve< @id=1795348800001;change=1795348800004 eve | all clients | deleted | alice
        eve< alice | all clients | act | delete eve - off insult
        alice> @ref=2 alice | all clients | delete | 1795348800001 twice
        alice< @ref=2 server | alice | refused | no_such_message There is no such message there, or it is already gone.
        eve> @ref=2 eve | #ops | history
        eve< @ref=2;id=1795348800000;time=2026-11-22T12:00:00.000Z;batch=history-1;verified=yes;change=1795348800002 eve | #ops | deleted | bob
        eve< @ref=2;batch=history-1 server | eve | history_end
        eve> @ref=3 eve | server | search | insult
        eve< @ref=3;batch=search-2 server | eve | search_end
        store fails
        alice> @ref=3 alice | all clients | delete | 1795348800001 again
        alice< @ref=3 server | alice | refused | store_unavailable The server cannot change its history at the moment; try again later.
    "#]]);
}

#[test]
fn granted_rights_hold_at_once_and_end_at_once() {
    told(expect![[r#"
        alice> joins uid 42    bob> joins key b    eve> joins
        alice> @ref=1 alice | all clients | grant | eve she helps
        alice< @ref=1 server | alice | refused | not_verified eve is unverified, so anyone could use these rights under that name.
        alice> @ref=2 alice | all clients | grant | bob he helps
        alice< @ref=2 alice | all clients | act | grant bob - off he helps
        bob< server | bob | moderator | You are now a moderator.
        bob< alice | all clients | act | grant bob - off he helps
        eve< alice | all clients | act | grant bob - off he helps
        bob> @ref=1 bob | all clients | kick | eve rude
        alice< @why=kicked server | all clients | left | eve
        alice< bob | all clients | act | kick eve - off rude
        bob< @why=kicked server | all clients | left | eve
        bob< @ref=1 bob | all clients | act | kick eve - off rude
        eve< server | eve | refused | kicked You were kicked by bob: rude
        eve.
        bob> @ref=2 bob | all clients | kick | alice power
        bob< @ref=2 server | bob | refused | not_allowed The rank of alice here is the same as yours or higher.
        bob> @ref=3 bob | all clients | grant | eve friends
        bob< @ref=3 server | bob | refused | not_moderator Only a keeper of the server may do that: a user with the passphrase, or named with --moderator.
        alice> @ref=3 alice | all clients | revoke | bob power    bob> @ref=4 bob | all clients | ban | alice revenge
        alice< @ref=3 alice | all clients | act | revoke bob - off power
        bob< server | bob | demoted | You are no longer a moderator.
        bob< alice | all clients | act | revoke bob - off power
        bob< @ref=4 server | bob | refused | not_moderator Only a moderator of the server may do that.
        restart
        bob> connects key b    bob> name bob
        bob< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        bob< @time=2026-11-22T12:00:00.000Z;verified=yes server | bob | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40004)
        alice> joins uid 42
        alice> alice | all clients | grant | bob again
        bob< server | bob | moderator | You are now a moderator.
        bob< alice | all clients | act | grant bob - off again
        alice< alice | all clients | act | grant bob - off again
        restart
        bob> connects key b    bob> name bob
        bob< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        bob< @time=2026-11-22T12:00:00.000Z;verified=yes server | bob | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40006)
        bob< server | bob | moderator | You are a moderator.
        bob> @ref=1 bob | all clients | revoke | bob enough of it
        bob< server | bob | demoted | You gave up your moderator rights.
        bob< @ref=1 bob | all clients | act | revoke bob - off enough of it
    "#]]);
}

#[test]
fn rights_granted_in_the_chat_outlast_a_change_of_rules() {
    told(expect![[r#"
        alice> joins uid 42    bob> joins key b    eve> joins
        alice> alice | all clients | grant | bob he helps
        alice< alice | all clients | act | grant bob - off he helps
        bob< server | bob | moderator | You are now a moderator.
        bob< alice | all clients | act | grant bob - off he helps
        eve< alice | all clients | act | grant bob - off he helps
        moderators are
        alice< server | alice | demoted | You are no longer a moderator.
        alice> @ref=1 alice | all clients | kick | eve rude
        alice< @ref=1 server | alice | refused | not_moderator Only a moderator of the server may do that.
        bob> @ref=1 bob | all clients | kick | eve rude
        alice< @why=kicked server | all clients | left | eve
        alice< bob | all clients | act | kick eve - off rude
        bob< @why=kicked server | all clients | left | eve
        bob< @ref=1 bob | all clients | act | kick eve - off rude
        eve< server | eve | refused | kicked You were kicked by bob: rude
        eve.
        moderators are bob
        bob< server | bob | moderator | You are now a moderator.
        alice> @ref=2 alice | all clients | kick | bob power
        alice< @ref=2 server | alice | refused | not_moderator Only a moderator of the server may do that.
        bob> @ref=2 bob | all clients | grant | alice she helps
        alice< server | alice | moderator | You are now a moderator.
        alice< bob | all clients | act | grant alice - off she helps
        bob< @ref=2 bob | all clients | act | grant alice - off she helps
    "#]]);
}

#[test]
fn a_room_has_moderators_of_its_own() {
    told(expect![[r#"
        alice> joins uid 42
        bob> joins key b    eve> joins key e    mia> joins key m
        bob> bob | #ops | join_room    eve> eve | #ops | join_room    mia> mia | #ops | join_room
        bob< server | #ops | room | open members=1 you=maker topic=
        bob< @verified=yes server | #ops | joined | eve
        bob< @verified=yes server | #ops | joined | mia
        eve< server | #ops | room | open members=2 you=member topic=
        eve< @verified=yes server | #ops | joined | mia
        mia< server | #ops | room | open members=3 you=member topic=
        eve> @ref=1 eve | #ops | kick | mia rude
        eve< @ref=1 server | eve | refused | not_moderator Only a moderator of #ops may do that.
        bob> @ref=1 bob | #ops | grant | eve she helps
        bob< @ref=1 bob | #ops | act | grant eve - off she helps
        eve< server | #ops | room | open members=3 you=moderator topic=
        eve< bob | #ops | act | grant eve - off she helps
        mia< bob | #ops | act | grant eve - off she helps
        eve> @ref=2 eve | #ops | grant | mia so does she
        eve< @ref=2 server | eve | refused | not_moderator Only the maker of #ops or a moderator of the server may do that.
        eve> @ref=3 eve | #ops | kick | bob power
        eve< @ref=3 server | eve | refused | not_allowed The rank of bob here is the same as yours or higher.
        eve> @ref=4 eve | #ops | ban | mia for=1h rude
        bob< @why=banned\sby\seve:\srude server | #ops | left | mia
        bob< eve | #ops | act | ban mia 3600 off rude
        eve< @why=banned\sby\seve:\srude server | #ops | left | mia
        eve< @ref=4 eve | #ops | act | ban mia 3600 off rude
        mia< @why=banned\sby\seve:\srude server | #ops | left | mia
        mia> @ref=1 mia | #ops | join_room
        mia< @ref=1 server | mia | refused | banned You are banned from #ops for 1 hour more, by eve: rude
        mia> @ref=2 mia | #ops | history
        mia< @ref=2 server | mia | refused | not_in_room You are not in #ops; join it first.
        mia> @ref=3 mia | all clients | broadcast_not_me | still here
        alice< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes mia | all clients | broadcast_not_me | still here
        bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes mia | all clients | broadcast_not_me | still here
        eve< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes mia | all clients | broadcast_not_me | still here
        mia< @ref=3;id=1795348800000;time=2026-11-22T12:00:00.000Z server | mia | accepted
        alice> @ref=1 alice | #ops | kick | bob enough
        alice< @ref=1 alice | #ops | act | kick bob - off enough
        bob< @why=kicked\sby\salice:\senough server | #ops | left | bob
        eve< @why=kicked\sby\salice:\senough server | #ops | left | bob
        eve< alice | #ops | act | kick bob - off enough
        bob> @ref=2 bob | #ops | modlog
        bob< @ref=2 server | bob | refused | not_in_room You are not in #ops; join it first.
        eve> @ref=5 eve | #ops | modlog
        eve< @ref=5;id=1;time=2026-11-22T12:00:00.000Z;batch=modlog-1 bob | #ops | act | grant eve - off she helps
        eve< @ref=5;id=2;time=2026-11-22T12:00:00.000Z;batch=modlog-1 eve | #ops | act | ban mia 3600 off rude
        eve< @ref=5;id=3;time=2026-11-22T12:00:00.000Z;batch=modlog-1 alice | #ops | act | kick bob - off enough
        eve< @ref=5;batch=modlog-1 server | eve | modlog_end
        bob> bob | #ops | join_room    bob> @ref=3 bob | #ops | modlog
        bob< server | #ops | room | open members=2 you=member topic=
        bob< @ref=3;id=1;time=2026-11-22T12:00:00.000Z;batch=modlog-1 bob | #ops | act | grant eve - off she helps
        bob< @ref=3;id=2;time=2026-11-22T12:00:00.000Z;batch=modlog-1 eve | #ops | act | ban mia 3600 off rude
        bob< @ref=3;id=3;time=2026-11-22T12:00:00.000Z;batch=modlog-1 alice | #ops | act | kick bob - off enough
        bob< @ref=3;batch=modlog-1 server | bob | modlog_end
        eve< @verified=yes server | #ops | joined | bob
    "#]]);
}

#[test]
fn closing_can_be_announced_and_cancelled() {
    told(expect![[r#"
        alice> joins uid 42    bob> joins    dave> connects TR2.23    dave> name dave
        alice< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        alice< @time=2026-11-22T12:00:00.000Z;verified=yes server | alice | connection_confirmation | You are now connected to the server in ('localhost', 0)
        alice< server | alice | moderator | You are a moderator.
        bob< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        bob< @time=2026-11-22T12:00:00.000Z server | bob | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40002)
        bob< server | all clients | joined | dave
        bob< @verified=yes server | all clients | joined | alice
        dave< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        dave<< server | dave | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40003)
        bob> @ref=1 bob | server | close_server | in=5m I want
        bob< @ref=1 server | bob | refused | not_moderator Only a moderator may close the server; give the moderator passphrase first.
        alice> @ref=1 alice | server | close_server | in=90s new disks
        alice< @ref=1 alice | all clients | closing | 90 new disks
        bob< alice | all clients | closing | 90 new disks
        dave<< server | all clients | broadcast | The server closes in 1 minute 30 seconds: new disks
        +31s
        alice< alice | all clients | closing | 60 new disks
        bob< alice | all clients | closing | 60 new disks
        dave<< server | all clients | broadcast | The server closes in 1 minute: new disks
        eve> connects    eve> name eve
        alice< server | all clients | joined | eve
        bob< server | all clients | joined | eve
        eve< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        eve< @time=2026-11-22T12:00:31.000Z server | eve | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40004)
        eve< alice | all clients | closing | 59 new disks
        +41s
        alice< alice | all clients | closing | 30 new disks
        alice< server | alice | ping | 60000
        bob< alice | all clients | closing | 30 new disks
        bob< server | bob | ping | 60000
        dave<< server | all clients | broadcast | The server closes in 30 seconds: new disks
        eve< alice | all clients | closing | 30 new disks
        alice> @ref=2 alice | server | close_server | off
        alice< @ref=2 alice | all clients | closing_off
        bob< alice | all clients | closing_off
        dave<< server | all clients | broadcast | alice called it off: the server stays open.
        eve< alice | all clients | closing_off
        alice> @ref=3 alice | server | close_server | off
        alice< @ref=3 server | alice | refused | not_allowed The server is not closing.
        alice> alice | server | close_server | in=12s new disks
        alice< alice | all clients | closing | 12 new disks
        bob< alice | all clients | closing | 12 new disks
        dave<< server | all clients | broadcast | The server closes in 12 seconds: new disks
        eve< alice | all clients | closing | 12 new disks
        +12s
        alice< alice | all clients | closing | 10 new disks
        bob< alice | all clients | closing | 10 new disks
        dave<< server | all clients | broadcast | The server closes in 10 seconds: new disks
        eve< alice | all clients | closing | 10 new disks
        alice< server | all clients | broadcast | server closed
        alice.
        bob< server | all clients | broadcast | server closed
        bob.
        dave<< server | all clients | broadcast | server closed
        dave.
        eve< server | all clients | broadcast | server closed
        eve.
    "#]]);
}

#[test]
fn every_attempt_is_logged() {
    told(expect![[r#"
        alice> joins uid 42    bob> joins
        log
        bob> bob | #ops | join_room | private
        bob< server | #ops | room | private members=1 you=maker topic=
        log: event=room_made conn=2 room=#ops private=true
        bob> bob | all clients | ban | alice x
        bob< server | bob | refused | not_moderator Only a moderator of the server may do that.
        log: event=act_refused conn=2 from=tcp://127.0.0.1:40002 name=bob place="all clients" act=ban code=not_moderator
        alice> alice | all clients | mute | bob for=1h a reason\x1b[2J
        alice< server | alice | refused | bad_frame A frame may not contain control characters; write \\n for a line feed.
        log: event=bad_frame conn=1 from=uid:42 name=alice reason="bad_frame: A frame may not contain control characters; write \\n for a line feed."
        alice> alice | all clients | mute | bob for=1h a "reason"
        alice< alice | all clients | act | mute bob 3600 off a "reason"
        bob< alice | all clients | act | mute bob 3600 off a "reason"
        log: event=act conn=1 name=alice place=everyone act=mute subject=bob seconds=3600 on=false reason="a \"reason\""
    "#]]);
}

#[test]
fn after_a_restart_nobody_inherits_the_rights_of_an_unverified_user() {
    told(expect![[r#"
        carl> joins    bob> joins
        carl> carl | #open | join_room    carl> carl | #core | join_room | private    bob> bob | #open | join_room
        carl< server | #open | room | open members=1 you=maker topic=
        carl< server | #core | room | private members=1 you=maker topic=
        carl< server | #open | joined | bob
        bob< server | #open | room | open members=2 you=member topic=
        carl> carl | #open | grant | bob he helps    carl> carl | #core | broadcast | a secret
        carl< carl | #open | act | grant bob - off he helps
        carl< @id=1795348800000;time=2026-11-22T12:00:00.000Z carl | #core | broadcast | a secret
        carl< @id=1795348800000;time=2026-11-22T12:00:00.000Z server | carl | accepted
        bob< server | #open | room | open members=2 you=moderator topic=
        bob< carl | #open | act | grant bob - off he helps
        carl> carl | #core | invite_to_room | bob
        carl< carl | carl | invited_to_room | #core
        bob< carl | bob | invited_to_room | #core
        restart
        carl> connects from 10.0.0.9:1    carl> name carl
        carl< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        carl< @time=2026-11-22T12:00:00.000Z server | carl | connection_confirmation | You are now connected to the server in ('10.0.0.9', 1)
        carl< server | #open | room | open members=2 you=member topic=
        carl> @ref=1 carl | #core | history
        carl< @ref=1 server | carl | refused | no_such_room There is no room #core; join it to create it.
        carl> @ref=2 carl | #open | kick | bob mine
        carl< @ref=2 server | carl | refused | not_moderator Only a moderator of #open may do that.
        bob> connects from 10.0.0.8:1    bob> name bob
        carl< server | all clients | joined | bob
        bob< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        bob< @time=2026-11-22T12:00:00.000Z server | bob | connection_confirmation | You are now connected to the server in ('10.0.0.8', 1)
        bob< server | #open | room | open members=2 you=member topic=
        bob> @ref=1 bob | #open | kick | carl mine
        bob< @ref=1 server | bob | refused | not_moderator Only a moderator of #open may do that.
        bob> @ref=2 bob | #core | join_room
        bob< @ref=2 server | #core | room | open members=1 you=maker topic=
    "#]]);
}

#[test]
fn reclaiming_a_login_gives_nothing_of_the_names_previous_holder() {
    told(expect![[r#"
        logins cloud=1000
        alice> joins uid 42    cloud> joins key c
        alice> alice | all clients | grant | cloud he helps
        alice< alice | all clients | act | grant cloud - off he helps
        cloud< server | cloud | moderator | You are now a moderator.
        cloud< alice | all clients | act | grant cloud - off he helps
        cloud> cloud | #core | join_room | private    cloud> cloud | #core | broadcast | a secret
        cloud< server | #core | room | private members=1 you=maker topic=
        cloud< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes cloud | #core | broadcast | a secret
        cloud< @id=1795348800000;time=2026-11-22T12:00:00.000Z server | cloud | accepted
        cloud> connects uid 1000    cloud> name cloud
        alice< @why=name\staken\sover server | all clients | left | cloud
        alice< @verified=yes server | all clients | joined | cloud
        cloud< server | cloud | refused | taken_over The owner of the name cloud has joined; join under another name.
        cloud.
        cloud< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        cloud< @time=2026-11-22T12:00:00.000Z;verified=yes server | cloud | connection_confirmation | You are now connected to the server in ('localhost', 0)
        cloud> @ref=1 cloud | #core | history
        cloud< @ref=1 server | cloud | refused | no_such_room There is no room #core; join it to create it.
        cloud> @ref=2 cloud | all clients | announce | hello
        cloud< @ref=2 server | cloud | refused | not_moderator Only a moderator of the server may do that.
        restart
        cloud> connects uid 1000    cloud> name cloud
        cloud< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        cloud< @time=2026-11-22T12:00:00.000Z;verified=yes server | cloud | connection_confirmation | You are now connected to the server in ('localhost', 0)
    "#]]);
}

#[test]
fn room_moderators_never_learn_addresses() {
    told(expect![[r#"
        mallory> joins key m    bob> joins from 10.1.2.3:1
        mallory> mallory | #trap | join_room    bob> bob | #trap | join_room
        mallory< server | #trap | room | open members=1 you=maker topic=
        mallory< server | #trap | joined | bob
        bob< server | #trap | room | open members=2 you=member topic=
        mallory> @ref=1 mallory | #trap | ban | 10.0.0.0/9 dry-run
        mallory< @ref=1 server | mallory | refused | not_allowed A room bans users by name; the keys and logins that own the name are banned with it.
        mallory> @ref=2 mallory | #trap | ban | uid:1000 why not
        mallory< @ref=2 server | mallory | refused | not_allowed A room bans users by name; the keys and logins that own the name are banned with it.
        mallory> @ref=3 mallory | #trap | ban | bob dry-run
        mallory< @ref=3 server | mallory | would_ban | 1 bob
    "#]]);
}

#[test]
fn a_room_ban_holds_for_a_user_who_is_offline() {
    told(expect![[r#"
        alice> joins uid 42    bob> joins from 10.1.2.3:1    eve> joins key e
        eve> eve | #ops | join_room    bob> bob | #ops | join_room
        bob< server | #ops | room | open members=2 you=member topic=
        eve< server | #ops | room | open members=1 you=maker topic=
        eve< server | #ops | joined | bob
        bob> leaves
        alice< @why=connection\sclosed server | all clients | left | bob
        eve< @why=connection\sclosed server | all clients | left | bob
        alice> @ref=1 alice | #ops | ban | 10.1.0.0/16 flooding
        alice< @ref=1 alice | #ops | act | ban 10.1.0.0/16 - off flooding
        eve< alice | #ops | act | ban - - off flooding
        bob> connects from 10.1.9.9:1    bob> name bob
        alice< server | all clients | joined | bob
        eve< server | #ops | left | bob
        eve< server | all clients | joined | bob
        bob< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        bob< @time=2026-11-22T12:00:00.000Z server | bob | connection_confirmation | You are now connected to the server in ('10.1.9.9', 1)
        bob> @ref=1 bob | #ops | broadcast | hello
        bob< @ref=1 server | bob | refused | not_in_room You are not in #ops; join it first.
    "#]]);
}

#[test]
fn a_mute_never_hits_a_higher_rank_under_another_name() {
    told(expect![[r#"
        alice> joins uid 42    bob> joins key b
        alice> alice | all clients | grant | bob he helps
        alice< alice | all clients | act | grant bob - off he helps
        bob< server | bob | moderator | You are now a moderator.
        bob< alice | all clients | act | grant bob - off he helps
        cron> joins uid 42
        bob> @ref=1 bob | all clients | mute | cron noisy
        bob< @ref=1 server | bob | refused | not_allowed The rank of alice here is the same as yours or higher.
        bob> @ref=2 bob | all clients | ban | cron noisy
        bob< @ref=2 server | bob | refused | not_allowed The rank of alice here is the same as yours or higher.
        alice> @ref=1 alice | all clients | broadcast_not_me | hello
        alice< @ref=1;id=1795348800000;time=2026-11-22T12:00:00.000Z server | alice | accepted
        bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes alice | all clients | broadcast_not_me | hello
        cron< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes alice | all clients | broadcast_not_me | hello
    "#]]);
}

#[test]
fn a_muted_user_is_not_heard_through_topics_or_reasons() {
    told(expect![[r#"
        alice> joins uid 42    bob> joins    eve> joins
        bob> bob | #ops | join_room
        bob< server | #ops | room | open members=1 you=maker topic=
        alice> alice | all clients | mute | bob flooding
        alice< alice | all clients | act | mute bob - off flooding
        bob< alice | all clients | act | mute bob - off flooding
        eve< alice | all clients | act | mute bob - off flooding
        bob> @ref=1 bob | #ops | topic | hello
        bob< @ref=1 server | bob | refused | muted alice has muted you until a moderator lifts it: flooding
        bob> @ref=2 bob | #ops | announce | hello
        bob< @ref=2 server | bob | refused | muted alice has muted you until a moderator lifts it: flooding
        bob> @ref=3 bob | #ops | kick | eve hello
        bob< @ref=3 server | bob | refused | muted alice has muted you until a moderator lifts it: flooding
        bob> @ref=4 bob | #ops | invite_to_room | eve
        bob< @ref=4 server | bob | refused | muted alice has muted you until a moderator lifts it: flooding
        bob> @ref=5 bob | server | away | hello
        bob< @ref=5 server | bob | refused | muted alice has muted you until a moderator lifts it: flooding
        bob> @ref=6 bob | server | away
        bob< @ref=6 bob | all clients | away
    "#]]);
}

#[test]
fn an_invitation_is_not_for_whoever_takes_the_name_next() {
    told(expect![[r#"
        bob> joins key b    guest> joins
        bob> bob | #den | join_room | private
        bob< server | #den | room | private members=1 you=maker topic=
        bob> @ref=1 bob | #den | invite_to_room | guest
        bob< @ref=1 bob | bob | invited_to_room | #den
        guest< bob | guest | invited_to_room | #den
        guest> leaves
        bob< @why=connection\sclosed server | all clients | left | guest
        bob> @ref=2 bob | #den | invite_to_room | guest
        bob< @ref=2 server | bob | refused | not_verified guest is offline and the name has no owner, so anyone could join under it.
        guest> joins from 10.0.0.9:1
        guest> @ref=1 guest | #den | join_room
        guest< @ref=1 server | guest | refused | not_invited #den is private; one of its moderators must invite you.
        guest> @ref=2 guest | server | rooms
        guest< @ref=2;batch=rooms-3 server | guest | rooms_end
    "#]]);
}

#[test]
fn messages_of_a_higher_rank_cannot_be_deleted() {
    told(expect![[r#"
        alice> joins uid 42    bob> joins key b
        alice> alice | all clients | grant | bob he helps
        alice< alice | all clients | act | grant bob - off he helps
        bob< server | bob | moderator | You are now a moderator.
        bob< alice | all clients | act | grant bob - off he helps
        alice> alice | all clients | broadcast_not_me | the word    bob> bob | all clients | broadcast_not_me | mine
        alice< @id=1795348800000;time=2026-11-22T12:00:00.000Z server | alice | accepted
        alice< @id=1795348800001;time=2026-11-22T12:00:00.000Z;verified=yes bob | all clients | broadcast_not_me | mine
        bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes alice | all clients | broadcast_not_me | the word
        bob< @id=1795348800001;time=2026-11-22T12:00:00.000Z server | bob | accepted
        bob> @ref=1 bob | all clients | delete | 1795348800000 no
        bob< @ref=1 server | bob | refused | not_allowed That message is by alice, whose rank here is the same as yours or higher.
        bob> @ref=2 bob | all clients | delete | 1795348800001 my own
        alice< @id=1795348800001;change=1795348800003 bob | all clients | deleted | bob
        alice< bob | all clients | act | delete bob - off my own
        bob< @id=1795348800001;change=1795348800003 bob | all clients | deleted | bob
        bob< @ref=2 bob | all clients | act | delete bob - off my own
    "#]]);
}

#[test]
fn a_countdown_ends_when_its_author_loses_the_right() {
    told(expect![[r#"
        alice> joins uid 42    bob> joins key b
        alice> alice | all clients | grant | bob he helps
        alice< alice | all clients | act | grant bob - off he helps
        bob< server | bob | moderator | You are now a moderator.
        bob< alice | all clients | act | grant bob - off he helps
        bob> bob | server | close_server | in=1h because
        alice< bob | all clients | closing | 3600 because
        bob< bob | all clients | closing | 3600 because
        alice> @ref=1 alice | all clients | revoke | bob power
        alice< alice | all clients | closing_off
        alice< @ref=1 alice | all clients | act | revoke bob - off power
        bob< alice | all clients | closing_off
        bob< server | bob | demoted | You are no longer a moderator.
        bob< alice | all clients | act | revoke bob - off power
    "#]]);
}

#[test]
fn room_bans_do_not_use_up_the_bans_of_the_server() {
    let ban = |room, name: &str| Ban {
        room,
        mute: false,
        whom: vec![name.parse().unwrap()],
        by: Name::parse("bob").unwrap(),
        until: None,
        reason: Text::line("x"),
    };
    let mut bans = Bans::default();
    let mut room = 0;
    for number in 0..MAX_BANS {
        room += u64::from(number % MAX_BANS_OF_ROOM == 0);
        assert!(bans.add(ban(Some(RoomId(room)), &format!("u{number}"))).is_ok(), "{number}");
        let last = number % MAX_BANS_OF_ROOM == MAX_BANS_OF_ROOM - 1;
        assert!(!last || bans.add(ban(Some(RoomId(room)), "one-more")).is_err(), "a room has its bound");
    }
    assert!(bans.add(ban(Some(RoomId(room + 1)), "one-more")).is_err(), "all rooms have theirs");
    assert!(bans.add(ban(Some(RoomId(room)), &format!("U{}", MAX_BANS - 1))).is_ok(), "one may be put anew");
    for number in 0..MAX_BANS {
        assert!(bans.add(ban(None, &format!("u{number}"))).is_ok(), "the server has its own");
    }
    assert!(bans.add(ban(None, "one-more")).is_err());
}
