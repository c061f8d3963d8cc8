//! Whole screens of a real session at six sizes, one file for each state, and the colours of a busy room.
//!
//! The files are written by `UPDATE_EXPECT=1 cargo test`, and looked at before they are believed.

use std::fmt::Write as _;

use expect_test::expect_file;
use tr2::client::tui::look::{Depth, Look};
use tr2::client::view::{Background, View};
use tr2::language::{self, Language};

use crate::script::Play;
use crate::{ASCII, Bench, COLOURS};

const SIZES: [&str; 6] = ["80x24", "120x40", "200x60", "60x16", "40x10", "20x5"];

/// A room with much going on, messages unread elsewhere, and one that is not accepted yet.
pub const BUSY: &str = "
    verified bob carol dave erin cron
    server server | #ops | room | open members=6 you=maker topic=Production · deploys, alerts, on-call: dave
    server @verified=yes server | all clients | joined | bob carol dave erin
    server server | #lab | room | open members=2 you=member topic=
    server server | #den | room | private members=2 you=member topic=
    say /query #ops
    server @ref=5-0004 server | #ops | members | maker online alice
    server @ref=5-0004 server | #ops | members | member online bob carol cron dave erin
    server @ref=5-0004 server | #ops | members_end
    server erin | all clients | away | lunch
    server @id=1;time=2026-11-22T11:01:00Z;verified=yes dave | #ops | broadcast_not_me | yes, it's /var/log/journal again
    server @id=2;time=2026-11-22T11:01:20Z;verified=yes dave | #ops | broadcast_not_me | journalctl --vacuum-size=500M did the trick, we should set SystemMaxUse=1G in /etc/systemd/journald.conf.d/size.conf
    server @id=3;time=2026-11-22T11:01:30Z;verified=yes alice | #ops | broadcast_not_me | +1
    server @id=4;time=2026-11-22T11:04:00Z;verified=yes erin | #ops | broadcast_not_me | $ df -h /var\\nFilesystem      Size  Used Avail Use%\\n/dev/nvme0n1p3   98G   85G  8.1G  92%
    server @id=5;time=2026-11-22T11:09:00Z;verified=yes bob | #ops | broadcast_not_me | alice: can you reboot web3 at 18:00?
    server @id=6;time=2026-11-22T11:10:00Z cron | #ops | broadcast_not_me | backup of web3 done
    server server | #ops | joined | mallory
    server @id=7;time=2026-11-22T11:11:00Z;verified=yes carol | alice | private_message | psst
    server @id=8;time=2026-11-22T11:11:00Z;verified=yes bob | #lab | broadcast_not_me | one
    server @id=9;time=2026-11-22T11:11:00Z;verified=yes bob | #lab | broadcast_not_me | two
    say sure
";

/// The states, each with its script.
pub const STATES: [(&str, &str); 14] = [
    ("first-start", "online"),
    ("busy-room", BUSY),
    (
        "mentions",
        "online bob
        server @id=1;time=2026-11-22T11:01:00Z;verified=yes bob | all clients | broadcast_not_me | who has the key of the server room?
        server @id=2;time=2026-11-22T11:02:00Z;verified=yes bob | all clients | broadcast_not_me | @alice, you had it yesterday, when the new disks came and nobody else was there to sign for them
        server @id=3;time=2026-11-22T11:03:00Z;verified=yes bob | all clients | broadcast_not_me | Alice?
        key Alt-P",
    ),
    (
        "private-talk",
        "online bob
        server @id=1;time=2026-11-22T11:01:00Z;verified=yes bob | alice | private_message | are you there?
        key Alt-2
        say yes
        type what is it",
    ),
    ("incoming-call", "calls bob\nsay good morning\nrings bob 2 verified\n+1s"),
    (
        "direct-talk",
        "calls bob carol
        server @id=1;time=2026-11-22T11:01:00Z;verified=yes bob | alice | private_message | are you there?
        say /direct bob
        server @verified=yes bob | alice | answer | id=ID yes key=SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI
        server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
        channel ready lusab-babad-gutih-tugad
        channel goes 203.0.113.3:4711
        channel said the password is on the second page, and nobody else has to know it
        say thank you
        say /send bob ~/scan.pdf
        channel progress ~/scan.pdf moving 0 3400000
        +2s
        channel progress ~/scan.pdf moving 1190000 3400000
        type and the",
    ),
    (
        "search",
        "back bob
        key Ctrl-F
        type backup
        key Enter
        server @ref=5-0006;batch=s;id=7;time=2026-11-21T17:10:00Z;verified=yes cron | all clients | broadcast_not_me | backup of web3 done
        server @ref=5-0006;batch=s;id=3;time=2026-11-20T09:02:00Z bob | all clients | broadcast_not_me | who checks the backup this week, and where does it go now that the old disks are full?
        server @ref=5-0006;batch=s server | alice | search_end | no data",
    ),
    (
        "rooms",
        "rooms bob
        key Ctrl-O
        server @ref=5-0002;batch=b server | #ops | room | private members=4 you=maker slow=30 topic=the new disks
        server @ref=5-0002;batch=b server | #lunch | room | open members=12 you=outside topic=soup today, and what else there is
        server @ref=5-0002 server | alice | rooms_end",
    ),
    (
        "moderation",
        "rooms bob mallory
        server server | #ops | room | open members=3 you=maker topic=
        say /query #ops
        key F2
        key 9",
    ),
    ("help", "online\nkey F1"),
    (
        "reconnecting",
        "online bob
        server @id=1;time=2026-11-22T11:01:00Z;verified=yes bob | all clients | broadcast_not_me | one
        lost The server closed the connection.
        say not yet
        type still writing",
    ),
    (
        "banned",
        "connected 2.26
        server server | client | name | TR2.26 accepted presence ping moderator rooms moderation
        server server | alice | refused | banned You are banned from this server for 2 hours more, by bob: spam
        lost The server closed the connection.",
    ),
    (
        "panel",
        "rooms bob
        server @id=1;time=2026-11-22T11:01:00Z;verified=yes bob | all clients | broadcast_not_me | one
        say /status
        traffic 1234 567 89012",
    ),
    (
        "kick",
        "rooms bob
        server @id=1;time=2026-11-22T11:01:00Z;verified=yes bob | all clients | broadcast_not_me | one
        say /kick",
    ),
];

/// What a session has to show after a script, at a size.
fn shown(size: &str, script: &str) -> View {
    let mut play = Play::new("start name=alice");
    let steps = format!("start name=alice\nsize {size}\n{script}");
    steps.lines().map(str::trim).filter(|step| !step.is_empty()).for_each(|step| play.step(step));
    play.session.view()
}

/// The screen after a script, at a size.
pub fn screen(size: &str, script: &str, look: Look, background: Option<Background>) -> Bench {
    let view = View { background, ..shown(size, script) };
    let mut bench = Bench::new(view.cols, view.rows, look);
    bench.draw(view);
    bench
}

#[test]
fn messages_have_60_of_80_columns() {
    for (name, script) in STATES {
        let pane = shown("80x24", script).messages;
        assert!(pane.area.width - 2 * pane.gutter >= 60, "{name}: {:?}", pane.area);
    }
}

#[test]
fn every_state_looks_right_at_every_size() {
    for (name, script) in STATES {
        let mut all = String::new();
        for size in SIZES {
            writeln!(all, "== {size}\n{}", screen(size, script, COLOURS, Some(Background::Dark)).seen()).unwrap();
        }
        expect_file![format!("golden/{name}.txt")].assert_eq(&all);
    }
}

#[test]
fn without_drawing_characters_the_busy_room_is_ascii() {
    let mut all = String::new();
    for size in SIZES {
        let seen = screen(size, BUSY, ASCII, Some(Background::Dark)).seen();
        assert!(seen.is_ascii(), "{seen}");
        writeln!(all, "== {size}\n{seen}").unwrap();
    }
    expect_file!["golden/ascii.txt"].assert_eq(&all);
}

#[test]
fn in_portuguese_the_columns_hold() {
    let dialog = "rooms bob mallory
        server server | #ops | room | open members=3 you=maker topic=
        say /query #ops
        say /ban mallory";
    let away = "online bob
        server @ref=5-0002 alice | all clients | away | almoço";
    let named = |wanted: &str| STATES.iter().find(|(name, _)| *name == wanted).unwrap().1;
    let states = [
        ("busy-room", BUSY),
        ("first-start", named("first-start")),
        ("help", named("help")),
        ("ban", dialog),
        ("rooms", named("rooms")),
        ("search", named("search")),
        ("moderation", named("moderation")),
        ("reconnecting", named("reconnecting")),
        ("banned", named("banned")),
        ("away", away),
    ];
    language::with(Language::Portuguese, || {
        let mut all = String::new();
        for (name, script) in states {
            writeln!(all, "== {name}\n{}", screen("80x24", script, COLOURS, Some(Background::Dark)).seen()).unwrap();
        }
        writeln!(all, "== busy-room 120x40\n{}", screen("120x40", BUSY, COLOURS, Some(Background::Dark)).seen())
            .unwrap();
        expect_file!["golden/portuguese.txt"].assert_eq(&all);
    });
    language::with(Language::PlainPortuguese, || {
        let seen =
            screen("80x24", BUSY, ASCII, Some(Background::Dark)).seen() + &screen("80x24", dialog, ASCII, None).seen();
        assert!(seen.is_ascii() && seen.contains("voce") && !seen.contains("voc?"), "{seen}");
        assert!(
            seen.contains("Vazio quer dizer para sempre") || seen.contains("vazio quer dizer para sempre"),
            "{seen}"
        );
    });
}

/// Each row of the screen with its colours: `[215r]` before what is in colour 215, reversed.
fn coloured(bench: &Bench) -> String {
    let screen = bench.terminal.screen();
    let (rows, cols) = screen.size();
    let colour = |colour: vt100::Color| match colour {
        vt100::Color::Default => String::new(),
        vt100::Color::Idx(number) => number.to_string(),
        vt100::Color::Rgb(..) => "rgb".to_owned(),
    };
    let mut all = String::new();
    for row in 0..rows.get() {
        let mut before = String::new();
        let mut line = String::new();
        for col in 0..cols.get() {
            let Some(cell) = screen.cell(row, col).filter(|cell| !cell.is_wide_continuation()) else { continue };
            let behind = colour(cell.bgcolor());
            let mut style = colour(cell.fgcolor());
            if !behind.is_empty() {
                write!(style, "/{behind}").unwrap();
            }
            for (on, sign) in [(cell.bold(), "b"), (cell.dim(), "d"), (cell.inverse(), "r"), (cell.underline(), "u")] {
                style += if on { sign } else { "" };
            }
            let blank = cell.contents().trim().is_empty() && !style.contains('/') && !style.contains('r');
            if style != before && !blank {
                write!(line, "[{style}]").unwrap();
                before = style;
            }
            line += if cell.contents().is_empty() { " " } else { cell.contents() };
        }
        all += line.trim_end();
        all.push('\n');
    }
    all
}

#[test]
fn the_colours_of_the_busy_room_are_as_designed() {
    let looks = [
        ("dark", Depth::Palette, Some(Background::Dark)),
        ("light", Depth::True, Some(Background::Light)),
        ("16-colours", Depth::Sixteen, Some(Background::Dark)),
        ("unknown-background", Depth::Palette, None),
        ("no-colours", Depth::Mono, None),
    ];
    for (name, depth, background) in looks {
        let mut all = String::new();
        for size in SIZES {
            let bench = screen(size, BUSY, Look { depth, ..COLOURS }, background);
            writeln!(all, "== {size}\n{}", coloured(&bench)).unwrap();
        }
        expect_file![format!("golden/colours-{name}.txt")].assert_eq(&all);
    }
}
