//! Transcripts of joining: who is let in, under which name, and for how long.

use expect_test::expect;
use tr2::server::broker::rules::Rules;

use crate::transcript::rules;
use crate::{check, check_alone};

#[test]
fn before_a_name_is_given_only_a_few_operations_are_taken() {
    check(
        rules(),
        expect![[r#"
            alice> connects
            alice< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            alice> @ref=1 alice | all clients | broadcast | hi
            alice< @ref=1 server | client | refused | no_name Give a name first: NAME | server | name | NAME
            alice> @ref=2 alice | server | list_clients
            alice< @ref=2 server | client | refused | no_name Give a name first: NAME | server | name | NAME
            alice> @ref=3 alice | server | dance
            alice< @ref=3 server | client | refused | no_name Give a name first: NAME | server | name | NAME
            alice> alice | server | exit | no data
            alice< server | client | exit | client disconnected
            alice.
            old> connects TR2.23
            old< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            old> old | all clients | broadcast | hi
            old<< server | client | private_message | Give a name first: NAME | server | name | NAME
        "#]],
    );
}

#[test]
fn exit_says_farewell_and_frees_the_name() {
    check(
        rules(),
        expect![[r#"
            alice> joins    bob> joins    old> joins TR2.23
            old> old | server | exit | client old closed
            alice< @why=exit server | all clients | left | old
            bob< @why=exit server | all clients | left | old
            old<< server | old | exit | client disconnected
            old.
            bob> @ref=1 bob | server | exit | no data    alice> alice | all clients | broadcast | bob hears no more of this
            alice< @why=exit server | all clients | left | bob
            alice< @id=1795348800000;time=2026-11-22T12:00:00.000Z alice | all clients | broadcast | bob hears no more of this
            alice< @id=1795348800000;time=2026-11-22T12:00:00.000Z server | alice | accepted
            bob< @ref=1 server | bob | exit | client disconnected
            bob.
            alice> alice | all clients | broadcast | nor of this
            alice< @id=1795348800001;time=2026-11-22T12:00:00.000Z alice | all clients | broadcast | nor of this
            alice< @id=1795348800001;time=2026-11-22T12:00:00.000Z server | alice | accepted
            bob> leaves
            bob> joins
        "#]],
    );
}

#[test]
fn a_taken_name_is_refused_and_others_still_join() {
    check(
        rules(),
        expect![[r#"
            alice> joins TR2.23
            two> connects TR2.23    two> name alice
            two< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            two<< server | new_client: alice | connection_error | This username is already taken. You need to connect again and use another one
            two.
            three> connects    three> @ref=1 alice | server | name | ALICE
            three< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            three< @ref=1 server | client | refused | name_taken The name ALICE, or one that looks like it, is taken; choose another name.
            three.
            four> connects    four> @ref=1 x | server | name | aIice
            four< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            four< @ref=1 server | client | refused | name_taken The name aIice, or one that looks like it, is taken; choose another name.
            four.
            five> connects    five> name carol
            five< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            five< @time=2026-11-22T12:00:00.000Z server | carol | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40005)
            alice> alice | server | list_clients | no data
            alice<< server | alice | list_clients | clients connected: alice ,carol
            alice> leaves
            five< @why=connection\sclosed server | all clients | left | alice
            six> connects    six> name Alice
            five< server | all clients | joined | Alice
            six< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            six< @time=2026-11-22T12:00:00.000Z server | Alice | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40006)
        "#]],
    );
}

#[test]
fn a_bad_name_is_refused_with_the_reason() {
    check(
        rules(),
        expect![[r#"
            log
            a> connects    a> @ref=1 x | server | name | pаypal
            a< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            a< @ref=1 server | client | refused | bad_name A name is written in one script; this one mixes several.
            a.
            log: event=connected conn=1 from=tcp://127.0.0.1:40001
            log: event=name_refused conn=1 from=tcp://127.0.0.1:40001 name="pаypal" code=bad_name
            log: event=left conn=1 from=tcp://127.0.0.1:40001 name=- why="name refused"
            b> connects    b> name server
            b< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            b< server | client | refused | bad_name This name is reserved.
            b.
            log: event=connected conn=2 from=tcp://127.0.0.1:40002
            log: event=name_refused conn=2 from=tcp://127.0.0.1:40002 name=server code=bad_name
            log: event=left conn=2 from=tcp://127.0.0.1:40002 name=- why="name refused"
            c> connects TR2.23    c> name two words
            c< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            c<< server | new_client: two words | connection_error | A name is made of letters, digits, '-', '_' and '.'.
            c.
            log: event=connected conn=3 from=tcp://127.0.0.1:40003
            log: event=name_refused conn=3 from=tcp://127.0.0.1:40003 name="two words" code=bad_name
            log: event=left conn=3 from=tcp://127.0.0.1:40003 name=- why="name refused"
            d> connects TR2.23    d> x | server | name | a\x1bb
            d< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            d<< server | new_client: a�b | connection_error | A name is made of letters, digits, '-', '_' and '.'.
            d.
            log: event=connected conn=4 from=tcp://127.0.0.1:40004
            log: event=name_refused conn=4 from=tcp://127.0.0.1:40004 name="a\u{1b}b" code=bad_name
            log: event=left conn=4 from=tcp://127.0.0.1:40004 name=- why="name refused"
            e> connects    e> @ref=1 x | server | name
            e< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            e< @ref=1 server | client | refused | bad_name A name needs at least one character.
            e.
            log: event=connected conn=5 from=tcp://127.0.0.1:40005
            log: event=name_refused conn=5 from=tcp://127.0.0.1:40005 name="" code=bad_name
            log: event=left conn=5 from=tcp://127.0.0.1:40005 name=- why="name refused"
            f> connects    f> @ref=1 x | server | name | 4711
            f< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            f< @ref=1 server | client | refused | bad_name A name needs a letter.
            f.
            log: event=connected conn=6 from=tcp://127.0.0.1:40006
            log: event=name_refused conn=6 from=tcp://127.0.0.1:40006 name=4711 code=bad_name
            log: event=left conn=6 from=tcp://127.0.0.1:40006 name=- why="name refused"
            g> connects    g> name fine    g> @ref=1 fine | server | name | other
            g< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            g< @time=2026-11-22T12:00:00.000Z server | fine | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40007)
            g< @ref=1 server | fine | refused | named_already You already have a name; /rename takes another one.
            log: event=connected conn=7 from=tcp://127.0.0.1:40007
            log: event=joined conn=7 from=tcp://127.0.0.1:40007 name=fine dialect=TR2.26 proof=-
        "#]],
    );
}

#[test]
fn a_silent_user_is_pinged_and_then_cut() {
    check(
        rules(),
        expect![[r#"
            alice> joins    bob> joins    old> joins TR2.23
            +59s
            +1s
            alice< server | alice | ping | 60000
            bob< server | bob | ping | 60000
            bob> bob | server | pong | 60000
            +29s
            +1s
            alice< server | alice | refused | too_slow Nothing was received from you for too long; connect again.
            alice.
            bob< @why=no\sanswer\sto\sa\sping server | all clients | left | alice
            +59s
            bob< server | bob | ping | 120000
        "#]],
    );
}

#[test]
fn a_connection_without_a_name_is_cut_after_ten_seconds() {
    check(
        rules(),
        expect![[r#"
            a> connects    b> connects TR2.23    c> connects silent    d> connects
            a< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            b< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            c< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            d< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            d> d | server | moderator | lusab
            check: lusab (of d)
            +9s
            a> a | server | ping | 1
            a< server | client | pong | 1
            +1s
            a< server | client | connection_error | No name was given in time; connect again.
            a.
            b<< server | client | connection_error | No name was given in time; connect again.
            b.
            c< server | client | connection_error | No name was given in time; connect again.
            c.
            d! wrong
            d< server | client | refused | wrong_passphrase Wrong moderator passphrase.
            +9s
            +1s
            d< server | client | connection_error | No name was given in time; connect again.
            d.
        "#]],
    );
}

#[test]
fn connections_to_the_server_are_limited() {
    check_alone(
        Rules { max_connections: 2, ..rules() },
        &expect![[r#"
            log
            a> connects    b> connects from 10.0.0.1:5    c> connects
            a< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            b< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            c< server | client | connection_error | The server is full; try again later.
            c.
            log: event=connected conn=1 from=tcp://127.0.0.1:40001
            log: event=connected conn=2 from=tcp://10.0.0.1:5
            log: event=turned_away conn=3 from=tcp://127.0.0.1:40003 code=server_full
            a> leaves
            log: event=left conn=1 from=tcp://127.0.0.1:40001 name=- why="connection closed"
            d> connects
            d< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            log: event=connected conn=4 from=tcp://127.0.0.1:40004
        "#]],
    );
}

#[test]
fn connections_from_one_address_are_limited() {
    check_alone(
        Rules { max_per_address: Some(1), ..rules() },
        &expect![[r#"
            a> connects from 10.0.0.1:5    b> connects from 10.0.0.1:6    c> connects from 10.0.0.2:5
            a< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            b< server | client | connection_error | There are too many connections from your address; close one first.
            b.
            c< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            d> connects from [2001:db8::1]:5    e> connects from [2001:db8::2]:5    f> connects from [2001:db8:0:1::1]:5
            d< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            e< server | client | connection_error | There are too many connections from your address; close one first.
            e.
            f< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            g> connects    h> connects
            g< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            h< server | client | connection_error | There are too many connections from your address; close one first.
            h.
            i> connects from [::ffff:10.0.0.2]:5
            i< server | client | connection_error | There are too many connections from your address; close one first.
            i.
            a> leaves    b> connects from 10.0.0.1:7
            b< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        "#]],
    );
}

#[test]
fn message_ids_grow_even_if_the_clock_jumps_back() {
    check(
        rules(),
        expect![[r#"
            alice> joins
            alice> @ref=1 a | alice | private_message | one    alice> @ref=2 a | all clients | broadcast | two
            alice< @id=1795348800000;time=2026-11-22T12:00:00.000Z alice | alice | private_message | one
            alice< @ref=1;id=1795348800000;time=2026-11-22T12:00:00.000Z server | alice | accepted
            alice< @id=1795348800001;time=2026-11-22T12:00:00.000Z alice | all clients | broadcast | two
            alice< @ref=2;id=1795348800001;time=2026-11-22T12:00:00.000Z server | alice | accepted
            wall -1h
            alice> @ref=3 a | all clients | broadcast_not_me | three
            alice< @ref=3;id=1795348800002;time=2026-11-22T11:00:00.000Z server | alice | accepted
            +5ms
            alice> @ref=4 a | all clients | broadcast_not_me | four
            alice< @ref=4;id=1795348800003;time=2026-11-22T11:00:00.005Z server | alice | accepted
        "#]],
    );
}

#[test]
fn presence_is_announced_at_once_to_up_to_two_hundred_users() {
    check(
        rules(),
        expect![[r#"
            199 users
            old> joins TR2.23
            old> leaves
            u*199< @why=connection\sclosed server | all clients | left | old
        "#]],
    );
}

#[test]
fn presence_is_batched_beyond_two_hundred_users() {
    check(
        rules(),
        expect![[r#"
            watch> joins
            200 users
            tick
            watch< server | all clients | joined | u199
            u*200< server | all clients | joined | u199
            u1> connects    u1> name late
            u*1< @time=2026-11-22T12:00:00.000Z server | late | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40202)
            u*1< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            x> connects    x> name came
            x< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            x< @time=2026-11-22T12:00:00.000Z server | came | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40203)
            x> leaves
            u2> leaves
            u2> joins
            tick
            watch< server | all clients | joined | late
            u*201< server | all clients | joined | late
            tick
        "#]],
    );
}
