//! Arbitrary frames, keys and sizes: the session stays consistent, its view harmless and within its areas.

use proptest::prelude::*;
use tr2::client::chat::conversations::MAX_CONVERSATIONS;
use tr2::client::chat::people::MAX_USERS;
use tr2::client::msg::{Effect, MouseAction, MouseEvent, Msg};
use tr2::client::session::{MAX_PENDING, WINDOW};
use tr2::client::text::wrap::cells;
use tr2::model::Fingerprint;
use tr2::model::text::is_clean;
use tr2::protocol::CallId;

use crate::script::Play;

/// Texts as a peer may mean them, escaped where a frame asks for it.
const TEXTS: [&str; 8] = [
    "\u{1100}\u{1100}\u{1100}",
    "\u{202e}evil \u{2066}isolate",
    "👩\u{200d}👩\u{200d}👧\u{200d}👦 🏳\u{fe0f}\u{200d}🌈 🇩🇪🇩",
    "\\n\\n\\n\\n\\n\\n\\n\\n",
    "ﷺ﷽ ꧅ 𒐫 \u{2028}x",
    "a\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
    "日本語のとても長い文章です日本語のとても長い文章です日本語のとても長い文章です",
    "",
];

/// What a person writes about messages.
const SAID: [&str; 20] = [
    "hello",
    "/me waves",
    "/reply indeed",
    "/edit something else",
    "/react +1",
    "/delete",
    "/remove-reaction 1 +1 - rude",
    "/delete 1 rude",
    "/direct bob",
    "/direct carol",
    "/answer",
    "/decline",
    "/hangup bob",
    "/verify",
    "/verify bob match",
    "/verify differ",
    "/send bob /tmp/x y",
    "/accept",
    "/stop",
    "/forget-key bob",
];

/// What may happen on a channel, in whatever order.
const CHANNEL: [&str; 20] = [
    "ready lusab-babad-gutih-tugad",
    "goes server",
    "goes 203.0.113.3:4711",
    "goes [2001:db8::1]:4711",
    "said ﷺ\u{202e}x",
    "said \u{1100}\\n\\n\\n\\n\\n\\n\\n\\n\\n",
    "unsaid full hello",
    "unsaid length hello",
    "offered 1 0 \u{202e}..",
    "offered 2 4294967296 👩\u{200d}👩\u{200d}👧",
    "progress 1 moving 5 3",
    "progress 2 moving 4294967296 4294967296",
    "progress /tmp/x moving 1 0",
    "progress 2 digest 1 18446744073709551615",
    "file 1 saved /tmp/\u{1b}[2J",
    "file 2 wrong",
    "file 2 failed \u{1b}]0;x",
    "ended silent",
    "ended commitment",
    "ended a \u{1b} fault",
];

fn frames() -> Vec<String> {
    let mut frames = Vec::new();
    for (at, text) in TEXTS.iter().enumerate() {
        frames.push(format!("@id={at} bob | all clients | broadcast_not_me | {text}"));
        frames.push(format!("@id=9{at} {text}x | alice | private_message | {text}"));
        frames.push(format!("server | all clients | joined | {text} u{at}"));
        frames.push(format!("server | all clients | left | {text}"));
        frames.push(format!("server | alice | refused | too_long {text}"));
        frames.push(format!("alice | alice | echo | {text}"));
        frames.push(format!("server | alice | list_clients | clients connected: {text} ,{text}"));
        frames.push("server | alice | list_end".to_owned());
        frames.push(format!("server | alice | ping | {text}"));
        frames.push(format!("server | alice | {text}x | {text}"));
        frames.push(format!("@ref=5-000{at};id=5 server | alice | accepted"));
        frames.push(format!("@ref=5-000{at} server | alice | refused | no_such_user {text}"));
        frames.push(format!("@id={at};change=1{at} bob | all clients | edited | {text}"));
        frames.push(format!("@id={at};change=2{at} bob | all clients | reacted | on {at} {text} bob"));
        frames.push(format!("@id={at};change=3{at} bob | all clients | reacted | on {at} +{at} {text}x"));
        frames.push(format!("@id={at};change=4{at} bob | all clients | reacted | off 0 +{at} bob {text}x"));
        frames.push(format!("@id=8{at};reply={at};quote=bob\\s{text} carol | all clients | broadcast | {text}"));
        frames.push(format!("@id={at};change=5{at} bob | all clients | deleted | carol"));
        frames.push(format!("@id={at} server | alice | reactions | {at}!:{text} 1:ok"));
        frames.push(format!("@ref=5-000{at};id={at};change=6{at} alice | all clients | edited | {text}"));
    }
    for (at, text) in TEXTS.iter().enumerate() {
        frames.push(format!("@id=2{at};reply={at};quote=bob\\s{text} bob | all clients | broadcast_not_me | (https://x.org/{text}) {text}"));
        frames.push(format!("@id=2{at};change=8{at} bob | all clients | edited | https://{text} {text}"));
        frames.push(format!("@id={at};change=8{at} bob | all clients | deleted | bob"));
        frames.push(format!("@id=2{at};change=9{at} alice | all clients | reacted | on 1 {text} bob"));
    }
    let key = |number: u8| Fingerprint([number; 32]);
    for (at, id) in [CallId([7; 16]), CallId([0; 16])].into_iter().enumerate() {
        for who in ["bob", "carol", "x\u{202e}y"] {
            frames.push(format!("{who} | alice | call | id={id} what=chat,file,{at} key={}", key(2)));
            frames.push(format!("{who} | alice | call | id={id} what= key={}", key(3)));
            frames.push(format!("@verified=yes {who} | alice | answer | id={id} yes key={}", key(2)));
            frames.push(format!("{who} | alice | answer | id={id} no busy"));
            frames.push(format!("{who} | alice | hang_up | id={id} done"));
        }
        frames.push(format!("server | alice | ringing | id={id}"));
        frames.push(format!("server | alice | relay | id={id} leg={id} port=1 rate=1"));
        frames.push(format!("server | alice | hang_up | id={id} gone"));
    }
    frames.push("server | alice | moderator | You are a moderator now.".to_owned());
    frames.push("server | all clients | broadcast | server closed".to_owned());
    frames
}

#[derive(Clone, Debug)]
enum Step {
    Key(usize),
    Mouse(usize, u16, u16),
    Say(usize),
    Frame(usize),
    Channel(usize, bool),
    Focus(bool),
    Paste(String),
    Size(u16, u16),
    Time(u64),
    Connection(usize),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => any::<usize>().prop_map(Step::Key),
        4 => (any::<usize>(), 0..95_u16, 0..32_u16).prop_map(|(what, x, y)| Step::Mouse(what, x, y)),
        6 => any::<usize>().prop_map(Step::Frame),
        3 => any::<usize>().prop_map(Step::Say),
        4 => (any::<usize>(), any::<bool>()).prop_map(|(at, last)| Step::Channel(at, last)),
        1 => any::<bool>().prop_map(Step::Focus),
        1 => "[\\PC\n\t\u{1b}\u{1100}\u{301}\u{202e}]{0,40}".prop_map(Step::Paste),
        1 => (0..90_u16, 0..30_u16).prop_map(|(cols, rows)| Step::Size(cols, rows)),
        1 => (0..9_u16, 0..7_u16).prop_map(|(cols, rows)| Step::Size(cols, rows)),
        1 => (0..40_u64).prop_map(Step::Time),
        1 => any::<usize>().prop_map(Step::Connection),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(80) })]
    #[test]
    fn any_keys_frames_and_sizes_keep_the_session_whole(steps in prop::collection::vec(step(), 0..120)) {
        let (keys, frames) = (crate::script::keys(), frames());
        let mut play = Play::new("start name=alice");
        play.step("start name=alice notify=all words=x mouse=true");
        play.step("size 80x24");
        play.step("calls bob carol");
        for step in steps {
            match step {
                Step::Mouse(what, x, y) => {
                    let actions = [
                        MouseAction::Click,
                        MouseAction::MiddleClick,
                        MouseAction::RightClick,
                        MouseAction::WheelUp,
                        MouseAction::WheelDown,
                    ];
                    drop(play.update(Msg::Mouse(MouseEvent { action: actions[what % actions.len()], x, y })));
                }
                Step::Key(at) => drop(play.update(Msg::Key(keys[at % keys.len()]))),
                Step::Channel(at, last) => {
                    let id = if last { play.call() } else { CallId([7; 16]) };
                    let news = crate::script::channel_news(id, CHANNEL[at % CHANNEL.len()]);
                    play.update(Msg::Channel(news));
                }
                Step::Frame(at) if frames[at % frames.len()].contains(&CallId([0; 16]).to_string()) => {
                    let last = play.call().to_string();
                    play.update(crate::script::server(
                        &frames[at % frames.len()].replace(&CallId([0; 16]).to_string(), &last),
                    ));
                }
                Step::Frame(at) => {
                    for effect in play.update(crate::script::server(&frames[at % frames.len()])) {
                        if let Effect::Notify { title, body } = effect {
                            for text in [title, body] {
                                prop_assert!(is_clean(&text) && !text.contains('\n') && text.len() <= 240, "{text:?}");
                            }
                        }
                    }
                }
                Step::Say(at) => play.step(&format!("say {}", SAID[at % SAID.len()])),
                Step::Focus(focus) => drop(play.update(Msg::Focus(focus))),
                Step::Paste(text) => drop(play.update(Msg::Paste(text))),
                Step::Size(cols, rows) => drop(play.update(Msg::Resize { cols, rows })),
                Step::Time(seconds) => play.step(&format!("+{seconds}s")),
                Step::Connection(at) => {
                    let news = [
                        "lost x",
                        "failed x",
                        "connected 2.26",
                        "connected 2.23",
                        "server server | client | name | TR2.26",
                        "server server | client | connection_confirmation | hi",
                        "server server | client | refused | name_kept x",
                        "server server | client | connection_error | x",
                    ];
                    play.step(news[at % news.len()]);
                }
            }
            crate::paint::paint(&play.session.view());
            if let Some(deadline) = play.session.deadline() {
                prop_assert!(deadline > play.now.steady, "a deadline that has passed wakes for ever");
            }
        }
    }
}

#[test]
fn every_dialog_fits_every_size() {
    for open in
        ["key F1", "key F2", "say /echo", "say /list", "say /msg", "say /broadcast", "key Ctrl-C", "say /close-server"]
    {
        let mut play = Play::new("start name=alice");
        play.step("start name=alice");
        play.step("online bob carol");
        play.step(open);
        for (cols, rows) in
            (0..=8).flat_map(|cols| (0..=6).map(move |rows| (cols, rows))).chain([(20, 5), (40, 10), (500, 200)])
        {
            play.update(Msg::Resize { cols, rows });
            crate::paint::paint(&play.session.view());
        }
    }
}

#[test]
fn remembered_users_are_bounded() {
    let mut play = Play::new("start name=alice");
    play.step("start name=alice");
    play.step("size 120x24");
    play.step("online");
    for (count, shown) in [(MAX_USERS - 1, MAX_USERS), (MAX_USERS, MAX_USERS)] {
        let names: Vec<String> = (0..count).map(|number| format!("u{number}")).collect();
        names.chunks(500).for_each(|names| {
            play.update(crate::script::server(&format!("server | all clients | joined | {}", names.join(" "))));
        });
        assert_eq!(play.session.view().people.title.text(), format!("{shown} online"));
    }
}

#[test]
fn conversations_are_bounded() {
    let mut play = Play::new("start name=alice");
    play.step("start name=alice");
    play.step("size 80x2000");
    play.step("online");
    for number in 0..MAX_CONVERSATIONS + 1 {
        let frame = format!("@id={} u{number} | alice | private_message | hi", number + 1);
        play.wait(std::time::Duration::from_millis(1));
        play.update(crate::script::server(&frame));
        let rows = play.session.view().conversations.rows;
        assert_eq!(rows.len(), (number + 2).min(MAX_CONVERSATIONS));
    }
    // The conversation that was quiet longest is gone; only the first 99 are numbered.
    let rows = play.session.view().conversations.rows;
    assert_eq!([&rows[1], &rows[rows.len() - 1]].map(|row| row.left.text()), [" 2 u2", "   u500"]);
}

#[test]
fn pending_messages_are_bounded() {
    let mut play = Play::new("start name=alice");
    play.step("start name=alice");
    play.step("size 80x24");
    play.step("online bob");
    let mut send = || {
        play.update(Msg::Key(crate::script::key("x")));
        let effects = play.update(Msg::Key(crate::script::key("Enter")));
        let sent = effects.iter().filter(|effect| matches!(effect, Effect::Send(_))).count();
        (sent, play.session.view().composer.lines[0].text())
    };
    for number in 0..MAX_PENDING {
        assert_eq!(send(), (usize::from(number < WINDOW), String::new()));
    }
    assert_eq!(send(), (0, "x".to_owned()), "what has no room stays where it was written");
}

#[test]
fn waiting_lines_of_input_are_bounded() {
    use tr2::client::session::MAX_LINES;
    let mut play = Play::new("start plain name=cron");
    for number in 0..MAX_LINES {
        assert!(play.session.takes_lines());
        assert_eq!(play.update(Msg::Line(number.to_string())), []);
    }
    assert!(!play.session.takes_lines());
    play.step("line one over");
    assert_eq!(play.written, "line one over\n    stderr tr2: Too many lines wait already. Not sent: one over\n");
}

#[test]
fn a_message_that_cannot_be_resent_yet_stays_marked() {
    let mut play = Play::new("start name=alice");
    for step in ["start name=alice", "size 80x24", "online", "say one", "say two", "lost It broke.", "key F5", "online"]
    {
        play.step(step);
    }
    for _ in 1..MAX_PENDING {
        play.step("say x");
    }
    play.step("key Alt-R");
    let shown = |play: &Play| {
        play.session.view().messages.lines.iter().map(|row| row.line.text()).collect::<Vec<String>>().join("\n")
    };
    assert!(shown(&play).ends_with("  one ◌"), "{}", shown(&play));
    // It keeps its place.
    play.step("key Ctrl-Home");
    assert!(shown(&play).lines().any(|row| row.ends_with("  two not confirmed")), "{}", shown(&play));
}

#[test]
fn notes_over_the_messages_fit() {
    let mut told = Vec::new();
    for cols in 4..120 {
        let mut play = Play::new("start name=alice");
        for step in ["start name=alice", "online bob", "many 60"] {
            play.step(step);
        }
        play.step(&format!("size {cols}x12"));
        for step in ["key PageUp", "paste one\\ntwo\\nthree\\nfour\\nfive"] {
            play.step(step);
        }
        let view = play.session.view();
        let bar = view.status.left.text();
        assert!(cells(&bar) <= usize::from(view.cols), "{bar:?} at {cols} columns");
        assert!(cols < 30 || bar.contains(" newer below"), "{bar:?} at {cols} columns");
        let first = view.composer.lines.first().map_or(0, |line| cells(&line.text()));
        let used = cells(&view.composer.prompt) + first + cells(&view.composer.note);
        assert!(view.composer.note.is_empty() || used < usize::from(view.composer.area.width), "at {cols} columns");
        told.push(view.composer.note);
    }
    assert!(told.iter().any(String::is_empty) && told.iter().any(|lines| lines == "5 lines "), "{told:?}");
}
