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
