//! Transcripts of moderator rights: reserved names, the passphrase, closing the server.

use expect_test::expect;
use tr2::server::broker::rules::Rules;
use tr2::server::limits::{MAX_CHECKS, MAX_CHECKS_OF_ONE, MAX_CHECKS_OF_USERS, PASSPHRASE_SITE, PASSPHRASE_TRIES};

use crate::transcript::{play, rules};
use crate::{check, check_alone, with_root};

#[test]
fn a_reserved_name_needs_the_passphrase() {
    check(
        with_root(false),
        expect![[r#"
            a> connects    a> name root
            a< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            a< server | client | refused | name_kept The name root is reserved for a moderator; give the passphrase first.
            a.
            b> connects    b> name Root
            b< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            b< server | client | refused | name_kept The name Root is reserved for a moderator; give the passphrase first.
            b.
            c> connects TR2.23    c> name root
            c< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            c<< server | new_client: root | connection_error | The name root is reserved for a moderator; give the passphrase first.
            c.
            d> connects    d> @ref=1 d | server | moderator | lusab    d> @ref=2 d | server | name | root
            d< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            check: lusab (of d)
            d! right
            d< @ref=1 server | client | moderator | You are now a moderator.
            d< @ref=2;time=2026-11-22T12:00:00.000Z server | root | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40004)
            d> @ref=3 d | server | close_server
            d< server | all clients | broadcast | server closed
            d.
        "#]],
    );
}

#[test]
fn a_name_waits_for_the_passphrase_and_is_refused_after_a_wrong_one() {
    check(
        with_root(false),
        expect![[r#"
            a> connects    a> @ref=1 a | server | moderator | wrong one    a> @ref=2 a | server | name | root
            a< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            check: wrong one (of a)
            a! wrong
            a< @ref=1 server | client | refused | wrong_passphrase Wrong moderator passphrase.
            a< @ref=2 server | client | refused | name_kept The name root is reserved for a moderator; give the passphrase first.
            a.
        "#]],
    );
}

#[test]
fn trusted_names_are_moderators_on_this_machine_only() {
    check(
        with_root(true),
        expect![[r#"
            log
            far> connects from 10.0.0.1:5    far> name root
            far< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            far< server | client | refused | name_kept The name root is reserved for a moderator; give the passphrase first.
            far.
            log: event=connected conn=1 from=tcp://10.0.0.1:5
            log: event=name_refused conn=1 from=tcp://10.0.0.1:5 name=root code=name_kept
            log: event=left conn=1 from=tcp://10.0.0.1:5 name=- why="name refused"
            like> connects    like> name r00t
            like< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            like< server | client | refused | name_kept The name r00t is reserved for a moderator; give the passphrase first.
            like.
            log: event=connected conn=2 from=tcp://127.0.0.1:40002
            log: event=name_refused conn=2 from=tcp://127.0.0.1:40002 name=r00t code=name_kept
            log: event=left conn=2 from=tcp://127.0.0.1:40002 name=- why="name refused"
            old> connects TR2.23    old> name root
            old< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            old<< server | root | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40003)
            log: event=connected conn=3 from=tcp://127.0.0.1:40003
            log: event=joined conn=3 from=tcp://127.0.0.1:40003 name=root dialect=TR2.23 proof=-
            log: event=moderator conn=3 from=tcp://127.0.0.1:40003 name=root trusted=true
            old> old | server | close_server | close server
            old<< server | all clients | broadcast | server closed
            old.
            log: event=closing by=root
        "#]],
    );
}

#[test]
fn a_trusted_tr226_user_is_told_of_the_right() {
    check(
        with_root(true),
        expect![[r#"
            root> connects    root> name Root
            root< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            root< @time=2026-11-22T12:00:00.000Z server | Root | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40001)
            root< server | Root | moderator | You are a moderator.
            root> @ref=1 root | server | moderator | whatever
            root< @ref=1 server | Root | moderator | You are already a moderator.
        "#]],
    );
}

#[test]
fn only_a_moderator_closes_the_server() {
    check(
        rules(),
        expect![[r#"
            alice> connects    alice> name alice    old> connects TR2.23    old> name old    new> connects
            alice< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            alice< @time=2026-11-22T12:00:00.000Z server | alice | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40001)
            alice< server | all clients | joined | old
            old< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            old<< server | old | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40002)
            new< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            alice> @ref=1 alice | server | close_server | close server
            alice< @ref=1 server | alice | refused | not_moderator Only a moderator may close the server; give the moderator passphrase first.
            old> old | server | close_server | close server
            old<< server | old | private_message | Only a moderator may close the server; give the moderator passphrase first.
            alice> @ref=2 alice | server | moderator | lusab-babad
            check: lusab-babad (of alice)
            alice! right    alice> @ref=3 alice | server | close_server | close server    old> old | all clients | broadcast | too late
            alice< @ref=2 server | alice | moderator | You are now a moderator.
            alice< server | all clients | broadcast | server closed
            alice.
            old<< server | all clients | broadcast | server closed
            old.
            new< server | all clients | broadcast | server closed
            new.
        "#]],
    );
}

#[test]
fn shutdown_is_announced_to_everyone() {
    check(
        rules(),
        expect![[r#"
            alice> connects    alice> name alice    old> connects TR2.23    old> name old    new> connects
            alice< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            alice< @time=2026-11-22T12:00:00.000Z server | alice | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40001)
            alice< server | all clients | joined | old
            old< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            old<< server | old | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40002)
            new< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            shutdown
            alice< server | all clients | broadcast | server closed
            alice.
            old<< server | all clients | broadcast | server closed
            old.
            new< server | all clients | broadcast | server closed
            new.
            shutdown
        "#]],
    );
}

#[test]
fn another_name_or_connection_gives_no_more_tries() {
    check_alone(
        rules(),
        &expect![[r#"
            ann> connects from 127.0.0.1:1    bob> connects from 127.0.0.1:2    cat> connects from 127.0.0.1:3    dan> connects from 127.0.0.1:4    ann> name ann
            ann< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            ann< @time=2026-11-22T12:00:00.000Z server | ann | connection_confirmation | You are now connected to the server in ('127.0.0.1', 1)
            bob< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            cat< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            dan< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            ann> x | server | moderator | one    bob> x | server | moderator | two    cat> x | server | moderator | three
            check: one (of ann)
            check: two (of bob)
            check: three (of cat)
            ann! wrong    bob! right    cat! wrong
            ann< server | ann | refused | wrong_passphrase Wrong moderator passphrase.
            bob< server | client | moderator | You are now a moderator.
            cat< server | client | refused | wrong_passphrase Wrong moderator passphrase.
            bob> name bob
            ann< server | all clients | joined | bob
            bob< @time=2026-11-22T12:00:00.000Z server | bob | connection_confirmation | You are now connected to the server in ('127.0.0.1', 2)
            dan> x | server | moderator | four    ann> x | server | moderator | five
            ann< server | ann | refused | too_many_tries Too many tries; wait a minute.
            check: four (of dan)
            dan! wrong
            dan< server | client | refused | wrong_passphrase Wrong moderator passphrase.
            far> connects key f from 10.0.0.2:1    uid> connects uid 1000
            far< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            uid< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            far> x | server | moderator | six    uid> x | server | moderator | seven
            check: six (of far)
            check: seven (of uid)
        "#]],
    );
}

#[test]
fn the_passphrase_has_three_tries_a_minute_across_connections() {
    check_alone(
        rules(),
        &expect![[r#"
            log
            alice> joins
            log: event=connected conn=1 from=tcp://127.0.0.1:40001
            log: event=joined conn=1 from=tcp://127.0.0.1:40001 name=alice dialect=TR2.26 proof=-
            alice> @ref=1 alice | server | moderator | one
            check: one (of alice)
            alice> @ref=2 alice | server | moderator | while it is checked
            alice! wrong
            alice< @ref=1 server | alice | refused | wrong_passphrase Wrong moderator passphrase.
            check: while it is checked (of alice)
            log: event=passphrase_refused conn=1 from=tcp://127.0.0.1:40001 name=alice code=wrong_passphrase
            alice> @ref=3 alice | server | moderator | two
            alice! wrong
            alice< @ref=2 server | alice | refused | wrong_passphrase Wrong moderator passphrase.
            check: two (of alice)
            log: event=passphrase_refused conn=1 from=tcp://127.0.0.1:40001 name=alice code=wrong_passphrase
            alice> leaves
            log: event=left conn=1 from=tcp://127.0.0.1:40001 name=alice why="connection closed"
            alice> joins
            log: event=connected conn=2 from=tcp://127.0.0.1:40002
            log: event=joined conn=2 from=tcp://127.0.0.1:40002 name=alice dialect=TR2.26 proof=-
            alice> @ref=4 alice | server | moderator | three
            alice< @ref=4 server | alice | refused | too_many_tries Too many tries; wait a minute.
            log: event=passphrase_refused conn=2 from=tcp://127.0.0.1:40002 name=alice code=too_many_tries
            alice! wrong
            alice> @ref=5 alice | server | moderator | four
            alice< @ref=5 server | alice | refused | too_many_tries Too many tries; wait a minute.
            log: event=passphrase_refused conn=2 from=tcp://127.0.0.1:40002 name=alice code=too_many_tries
            +59s
            alice> @ref=6 alice | server | moderator | five
            alice< @ref=6 server | alice | refused | too_many_tries Too many tries; wait a minute.
            log: event=passphrase_refused conn=2 from=tcp://127.0.0.1:40002 name=alice code=too_many_tries
            +1s
            alice> @ref=7 alice | server | moderator | six
            check: six (of alice)
            alice! right
            alice< @ref=7 server | alice | moderator | You are now a moderator.
            log: event=moderator conn=2 from=tcp://127.0.0.1:40002 name=alice trusted=false
            alice> @ref=8 alice | server | moderator | no need
            alice< @ref=8 server | alice | moderator | You are already a moderator.
        "#]],
    );
}

#[test]
fn the_passphrase_is_refused_over_a_readable_line() {
    check(
        rules(),
        expect![[r#"
            far> connects from 10.0.0.1:5    far> name far
            far< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            far< @time=2026-11-22T12:00:00.000Z server | far | connection_confirmation | You are now connected to the server in ('10.0.0.1', 5)
            far> @ref=1 far | server | moderator | lusab-babad
            far< @ref=1 server | far | refused | not_private The passphrase is not accepted over an unencrypted connection; join from the server's own machine, or over tls:// or ssh://.
            near> connects from [::ffff:127.0.0.1]:5    near> name near
            far< server | all clients | joined | near
            near< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            near< @time=2026-11-22T12:00:00.000Z server | near | connection_confirmation | You are now connected to the server in ('127.0.0.1', 5)
            near> @ref=1 near | server | moderator | lusab-babad
            check: lusab-babad (of near)
        "#]],
    );
}

#[test]
fn passphrase_checks_are_bounded_even_if_their_senders_leave() {
    for count in [MAX_CHECKS, MAX_CHECKS + 1] {
        let users: String = (0..count).map(|n| format!("u{n}> connects uid {n}    u{n}> name user{n}x\n")).collect();
        let tries: String = (0..count).map(|n| format!("u{n}> x | server | moderator | {n}\nu{n}> leaves\n")).collect();
        let told = play(rules(), &(users + &tries));
        assert_eq!(told.matches("check: ").count(), MAX_CHECKS);
        assert_eq!(told.matches(" refused | busy ").count(), count - MAX_CHECKS);
    }
}

#[test]
fn checks_from_one_place_leave_room_for_others() {
    let plays = |sources: &[String]| {
        let come = |(n, how): (usize, &String)| format!("u{n}> connects {how}    u{n}> name user{n}x\n");
        let users: String = sources.iter().enumerate().map(come).collect();
        let tries: String = (0..sources.len()).map(|n| format!("u{n}> x | server | moderator | {n}\n")).collect();
        let told = play(rules(), &(users + &tries));
        (told.matches("check: ").count(), told.matches(" refused | busy ").count())
    };
    // One place, however many addresses it has.
    for places in [
        (0..40).map(|n| format!("from 127.{n}.0.1:5")).collect::<Vec<_>>(),
        (0..40).map(|n| format!("tls from [2001:db8::{n:x}]:5")).collect(),
        // One user has no more names.
        (0..8).map(|_| "uid 1000".to_owned()).collect(),
        ["127.0.0.1", "[::1]", "127.9.9.9", "[::ffff:127.1.1.1]"].map(|ip| format!("from {ip}:5")).into(),
    ] {
        assert_eq!(plays(&places), (MAX_CHECKS_OF_ONE, places.len() - MAX_CHECKS_OF_ONE), "{}", places[0]);
    }
    // Other machines leave room for the users of this one.
    let most = MAX_CHECKS - MAX_CHECKS_OF_USERS;
    let mut far: Vec<String> = (0..=most).map(|n| format!("tls from 10.0.{n}.1:5")).collect();
    assert_eq!(plays(&far), (most, 1));
    far.extend((0..MAX_CHECKS_OF_USERS).map(|n| format!("uid {n}")));
    assert_eq!(plays(&far), (MAX_CHECKS, 1));
}

#[test]
fn an_ipv6_site_has_a_bound_of_its_own() {
    let sites = |count: usize, far: &str| {
        let mut steps = String::new();
        for n in 0..count {
            let who = format!("u{n}> ");
            steps += &format!("{who}connects tls from [2001:db8:1:{n:x}::1]:5    {who}name user{n}x\n");
            steps += &format!("{who}x | server | moderator | {n}\nu{n}! wrong\n");
        }
        let other = format!("far> connects tls from {far}:5    far> name far    far> x | server | moderator | right\n");
        play(rules(), &(steps + &other))
    };
    let most = usize::try_from(PASSPHRASE_SITE * PASSPHRASE_TRIES).unwrap();
    assert!(!sites(most, "[2001:db8:2::1]").contains("too_many_tries"));
    assert!(sites(most, "[2001:db8:1:ffff::1]").contains("far< server | far | refused | too_many_tries"));
    assert!(sites(most + 1, "[2001:db8:2::1]").contains("check: right (of far)"));
}

#[test]
fn each_event_is_logged_on_its_own_line() {
    check(
        Rules { note_messages: true, ..with_root(true) },
        expect![[r#"
            log
            alice> connects    alice> name alice    old> connects TR2.23 from 127.0.0.1:9    old> name root
            alice< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            alice< @time=2026-11-22T12:00:00.000Z server | alice | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40001)
            alice< server | all clients | joined | root
            old< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            old<< server | root | connection_confirmation | You are now connected to the server in ('127.0.0.1', 9)
            log: event=connected conn=1 from=tcp://127.0.0.1:40001
            log: event=joined conn=1 from=tcp://127.0.0.1:40001 name=alice dialect=TR2.26 proof=-
            log: event=connected conn=2 from=tcp://127.0.0.1:9
            log: event=joined conn=2 from=tcp://127.0.0.1:9 name=root dialect=TR2.23 proof=-
            log: event=moderator conn=2 from=tcp://127.0.0.1:9 name=root trusted=true
            alice> alice | root | private_message | hi    alice> a | all clients | broadcast | hi
            alice< @id=1795348800000;time=2026-11-22T12:00:00.000Z server | alice | accepted
            alice< @id=1795348800001;time=2026-11-22T12:00:00.000Z alice | all clients | broadcast | hi
            alice< @id=1795348800001;time=2026-11-22T12:00:00.000Z server | alice | accepted
            old<< alice | root | private_message | hi
            old<< alice | all clients | broadcast | hi
            log: event=accepted id=1795348800000 from=alice to=root
            log: event=accepted id=1795348800001 from=alice to=everyone
            e> connects    e> x | server | name | a name=1 event="joined"
            e< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            e< server | client | refused | bad_name A name is made of letters, digits, '-', '_' and '.'.
            e.
            log: event=connected conn=3 from=tcp://127.0.0.1:40003
            log: event=name_refused conn=3 from=tcp://127.0.0.1:40003 name="a name=1 event=\"joined\"" code=bad_name
            log: event=left conn=3 from=tcp://127.0.0.1:40003 name=- why="name refused"
            alice> alice | server | exit
            alice< server | alice | exit | client disconnected
            alice.
            log: event=left conn=1 from=tcp://127.0.0.1:40001 name=alice why=exit
            old> root | server | close_server | close server
            old<< server | all clients | broadcast | server closed
            old.
            log: event=closing by=root
        "#]],
    );
}

#[test]
fn requests_after_a_passphrase_wait_for_its_check() {
    check(
        rules(),
        expect![[r#"
            alice> joins
            alice> @ref=1 alice | server | moderator | right
            check: right (of alice)
            alice> @ref=2 alice | alice | echo | after
            alice> @ref=3 alice | server | close_server | close server
            alice! right
            alice< @ref=1 server | alice | moderator | You are now a moderator.
            alice< @ref=2 alice | alice | echo | after
            alice< server | all clients | broadcast | server closed
            alice.
        "#]],
    );
}
