//! Local times on the screen and in plain mode: of their own day, and of the zone that the machine has now.

use expect_test::expect;

use crate::check;

#[test]
fn plain_mode_prints_each_time_by_the_offset_of_its_day() {
    check(
        "
        start plain name=alice
        online bob
        zone summer
        server @id=1;time=2026-07-15T21:58:00Z bob | all clients | broadcast_not_me | summer
        server @id=2;time=2026-11-22T12:00:00Z bob | all clients | broadcast_not_me | winter
        zone -5
        server @id=3;time=2026-11-22T12:01:00Z bob | all clients | broadcast_not_me | far away
        ",
        expect![[r#"
            start plain name=alice
                Dial(tcp://localhost:1234)
            zone summer
            server @id=1;time=2026-07-15T21:58:00Z bob | all clients | broadcast_not_me | summer
                stdout 23:58 ~bob: summer
            server @id=2;time=2026-11-22T12:00:00Z bob | all clients | broadcast_not_me | winter
                stdout 13:00 ~bob: winter
            zone -5
            server @id=3;time=2026-11-22T12:01:00Z bob | all clients | broadcast_not_me | far away
                stdout 07:01 ~bob: far away
        "#]],
    );
}

#[test]
fn the_screen_shows_the_days_of_a_zone_that_changes() {
    check(
        "
        start name=alice
        size 48x12
        online bob
        zone summer
        server @id=1;time=2026-07-15T21:58:00Z bob | all clients | broadcast_not_me | one
        server @id=2;time=2026-07-15T22:30:00Z bob | all clients | broadcast_not_me | two
        screen
        zone +0
        screen
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 48x12
            zone summer
            server @id=1;time=2026-07-15T21:58:00Z bob | all clients | broadcast_not_me | one
            server @id=2;time=2026-07-15T22:30:00Z bob | all clients | broadcast_not_me | two
             everyone                              2 people





             ───────────────────────── Wednesday 15 July ──
             23:58    ~bob  one
             ────────────────────────── Thursday 16 July ──
             00:30    ~bob  two
             > _
             ● alice        Ctrl-K go  Ctrl-F find  F1 keys
            zone +0
             everyone                              2 people






             ───────────────────────── Wednesday 15 July ──
             21:58    ~bob  one
             22:30    ~bob  two
             > _
             ● alice        Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}

#[test]
fn what_happens_here_stands_at_the_time_of_the_server() {
    // The clock of this machine is three hours ahead.
    check(
        "
        start name=alice
        size 48x12
        connected 2.26
        server server | client | name | TR2.26 accepted presence ping
        server @time=2026-11-22T09:00:00Z server | alice | connection_confirmation | hi
        server @time=2026-11-22T09:00:00Z bob | all clients | broadcast_not_me | one
        say mine
        server @ref=5-0004;time=2026-11-22T09:00:01Z server | alice | accepted
        server server | all clients | joined | carol
        server @time=2026-11-22T09:01:00Z bob | all clients | broadcast_not_me | two
        lost It broke.
        say three
        screen
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 48x12
            connected 2.26
            server server | client | name | TR2.26 accepted presence ping
                send @ref=5-0001 alice | server | name | alice
            server @time=2026-11-22T09:00:00Z server | alice | connection_confirmation | hi
                send @ref=5-0002 alice | server | list_clients | no data
                send alice | server | ping | 3
            server @time=2026-11-22T09:00:00Z bob | all clients | broadcast_not_me | one
            say mine
                send @ref=5-0004 alice | all clients | broadcast_not_me | mine
            server @ref=5-0004;time=2026-11-22T09:00:01Z server | alice | accepted
            server server | all clients | joined | carol
            server @time=2026-11-22T09:01:00Z bob | all clients | broadcast_not_me | two
            lost It broke.
            say three
                Dial(tcp://localhost:1234)
             everyone

             ──────────────────────── Sunday 22 November ──
             09:00    ~bob  one
                       you  mine
                            carol joined
             09:01    ~bob  two
             09:00     you  three queued
            ──────────────────────────────────── Esc closes
             Connection lost. Reconnecting… It broke.
             > _
             ○ alice  reconnecting…      Ctrl-K go  F1 keys
        "#]],
    );
}

#[test]
fn a_search_for_a_day_means_the_day_of_the_zone() {
    check(
        "
        start plain name=alice
        back bob
        zone summer
        line /search since:2026-07-16 before:2026-11-22
        ",
        expect![[r#"
            start plain name=alice
                Dial(tcp://localhost:1234)
            zone summer
            line /search since:2026-07-16 before:2026-11-22
                send @ref=5-0005 alice | server | search | before:2026-11-21T23:00:00.000Z after:2026-07-15T22:00:00.000Z
        "#]],
    );
}
