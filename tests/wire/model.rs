//! Names, log values, addresses, identities and times: every rule at its limit and one over.

use proptest::prelude::*;
use tr2::model::escape::{Logged, MAX_LOGGED_CHARS};
use tr2::model::name::{MAX_NAME_CHARS, lenient};
use tr2::model::nearest::nearest_name;
use tr2::model::text::MAX_MARKS;
use tr2::model::time::day_title;
use tr2::model::url::{Host, UrlError};
use tr2::model::{Fingerprint, Identity, Name, NameError, Timestamp, Url};

// ---------------------------------------------------------------------------------------------------- names

fn refused(cases: &[(&str, NameError)]) {
    for (raw, why) in cases {
        assert_eq!(Name::parse(raw).as_ref().err(), Some(why), "{raw:?}");
    }
}

/// Whether two valid names clash.
fn same(one: &str, other: &str) -> bool {
    Name::parse(one).unwrap().key().clashes(&Name::parse(other).unwrap().key())
}

#[test]
fn skeletons_of_ascii_names_are_those_of_the_standard() {
    let letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    for (one, other) in letters.chars().flat_map(|one| letters.chars().map(move |other| (one, other))) {
        let raw = format!("a{one}{other}Z");
        let alike: String = unicode_security::skeleton(&raw).collect();
        let key = Name::parse(&raw).unwrap().key();
        assert_eq!((key.folded.as_str(), key.skeleton), (&*raw.to_lowercase(), alike.to_lowercase()));
    }
}

#[test]
fn real_names_in_many_scripts_are_accepted() {
    let names = [
        "alice",
        "Bob",
        "x",
        "J.R.",
        "anne-marie",
        "snake_case",
        "root2",
        "o.o",
        "José",
        "Zoë",
        "Søren",
        "Łukasz",
        "Jiří",
        "Şükrü",
        "Nguyễn",
        "Hồng",
        "Þórður",
        "Ñusta",
        "Strauß",
        "Ōe",
        "Adébáyọ̀",
        "Χρήστος",
        "Ελένη",
        "Ольга",
        "Дмитрий",
        "Їжак",
        "Ђорђе",
        "Ұлан",
        "Հայկ",
        "Անահիտ",
        "გიორგი",
        "ნინო",
        "דוד",
        "רחל",
        "محمد",
        "فاطمة",
        "علی",
        "پروین",
        "राम",
        "प्रिया",
        "श्रीदेवी",
        "लक्ष्मी",
        "कृष्ण",
        "অনন্যা",
        "ਗੁਰਪ੍ਰੀਤ",
        "પ્રિયા",
        "கார்த்திக்",
        "ప్రియ",
        "ಲಕ್ಷ್ಮಿ",
        "ശ്രീജ",
        "සුනිල්",
        "สมชาย",
        "ที่รัก",
        "ສົມ",
        "ဇော်",
        "မြို့",
        "ចន្ទា",
        "ስለሺ",
        "山田",
        "はなこ",
        "ハナコ",
        "山田はなこ",
        "王伟",
        "陳大文",
        "김민준",
        "이서연",
        "བསྟན",
    ];
    let refused: Vec<_> = names.iter().filter_map(|name| Name::parse(name).err().map(|why| (*name, why))).collect();
    assert_eq!(refused, []);
}

#[test]
fn names_are_counted_in_characters_after_composition() {
    let at_limit = "a".repeat(MAX_NAME_CHARS);
    let decomposed = "e\u{301}".repeat(MAX_NAME_CHARS);
    assert_eq!(Name::parse(&at_limit).unwrap().as_str(), at_limit);
    assert_eq!(Name::parse(&decomposed).unwrap().as_str(), "é".repeat(MAX_NAME_CHARS));
    refused(&[
        ("", NameError::Empty),
        (&format!("{at_limit}a"), NameError::TooLong),
        (&format!("{decomposed}a"), NameError::TooLong),
        (&"a".repeat(1 << 20), NameError::TooLong),
    ]);
}

#[test]
fn names_hold_nothing_that_affects_a_terminal_or_the_protocol() {
    let marks = format!("a{}", "\u{301}".repeat(500));
    let few_marks = format!("a{}", "\u{321}".repeat(MAX_MARKS + 1));
    for bad in [
        "al\u{202E}ice",
        "al\u{200B}ice",
        "al\u{200D}ice",
        "al\u{200C}ice",
        "alice\u{E0041}",
        "al\u{FEFF}ice",
        "al\u{AD}ice",
        "al\u{34F}ice",
        "alice\u{FE0F}",
        "al\u{2066}ice",
        "a\nb",
        "a\rb",
        "a\tb",
        "\0",
        "a\u{7F}",
        "a\u{9B}31m",
        "\x1b[31m",
        "a|b",
        "a | b",
        "a b",
        " a",
        "a ",
        "a\u{A0}b",
        "a\u{3000}b",
        "😀",
        "a😀",
        "#room",
        "@a",
        "a@b",
        "a:b",
        "a;b",
        "a,b",
        "a/b",
        "a\\b",
        "a\"b",
        "a'b",
        "a=b",
        "*",
        "~",
        "\u{1100}\u{1100}\u{1100}",
        "\u{115F}",
        "\u{3164}",
        "\u{FFA0}",
        "ａｌｉｃｅ",
        "𝒶𝓁𝒾𝒸𝑒",
        "ⓐ",
        "a\u{2028}b",
        "\u{FFFD}",
        "\u{FFFE}",
        "\u{301}a\u{20E3}",
        &marks,
        &few_marks,
    ] {
        let why = Name::parse(bad).expect_err(bad);
        assert!(matches!(why, NameError::BadCharacter | NameError::TooLong), "{bad:?}: {why:?}");
    }
}

#[test]
fn a_name_does_not_begin_with_a_combining_mark() {
    refused(&[("\u{301}", NameError::BadCharacter), ("\u{301}a", NameError::BadCharacter)]);
}

#[test]
fn names_mix_no_scripts() {
    refused(&[
        ("p\u{430}ypal", NameError::MixedScript),
        ("ΩMEGA", NameError::MixedScript),
        ("\u{2126}mega", NameError::MixedScript),
        ("aдa", NameError::MixedScript),
        ("אbc", NameError::MixedScript),
    ]);
}

#[test]
fn names_are_not_digits_only() {
    refused(&[("0", NameError::NoLetter), ("4711", NameError::NoLetter), ("٤٢", NameError::NoLetter)]);
    assert!(Name::parse("4a").is_ok());
}

#[test]
fn reserved_names_and_their_look_alikes_are_refused() {
    for reserved in [
        "server",
        "Server",
        "SERVER",
        "client",
        "all",
        "aII",
        "a11",
        "ALL",
        "everyone",
        "admin",
        "Admin",
        "adrnin",
        "system",
        "moderator",
        "rnoderator",
        "broadcast",
        "you",
        "me",
        "rne",
        "c1ient",
        "systern",
        // What a client calls them in Portuguese.
        "você",
        "Voce",
        "todos",
        "t0dos",
        "servidor",
        "Sistema",
        "moderador",
    ] {
        assert_eq!(Name::parse(reserved), Err(NameError::Reserved), "{reserved:?}");
    }
    for allowed in ["servers", "ali", "Ali", "adminton", "meg", "clients"] {
        assert!(Name::parse(allowed).is_ok(), "{allowed:?}");
    }
}

#[test]
fn names_that_look_alike_clash() {
    for (one, other) in [
        ("paypal", "paypaI"),
        ("paypal", "paypa1"),
        ("paypal", "PayPal"),
        ("bum", "burn"),
        ("ape", "\u{430}\u{440}\u{435}"),
        ("O.K", "0.K"),
        ("José", "JOSÉ"),
        ("José", "Jose\u{301}"),
        ("Strauß", "STRAUSS"),
        ("ΟΔΥΣΣΕΑΣ", "οδυσσεας"),
        ("οδυσσεασ", "ΟΔΥΣΣΕΑΣ"),
        ("vv", "w"),
    ] {
        // Unicode does not list every pair of letters as a look-alike of one letter.
        let known = (one, other) != ("vv", "w");
        assert_eq!(same(one, other), known, "{one} {other}");
        assert_eq!(same(other, one), known, "{other} {one}");
    }
    for (one, other) in [("alice", "alicia"), ("bob", "rob"), ("Ольга", "Олег"), ("jan", "jans"), ("a.b", "a-b")]
    {
        assert!(!same(one, other), "{one} {other}");
    }
}

#[test]
fn names_from_a_foreign_server_are_made_harmless() {
    let long = "x".repeat(500);
    for (raw, shown) in [
        ("alice", Some("alice")),
        ("two words", Some("two words")),
        ("server", Some("server")),
        (" padded ", Some("padded")),
        ("a\nb", Some("a b")),
        ("\x1b[2J", Some("\u{FFFD}[2J")),
        ("a\u{202E}b", Some("a\u{FFFD}b")),
        ("", None),
        ("  ", None),
        ("\u{200B}", None),
        (&long, Some(&long[..2 * MAX_NAME_CHARS])),
    ] {
        assert_eq!(lenient(raw).as_ref().map(Name::as_str), shown, "{raw:?}");
    }
}

// ------------------------------------------------------------------------------------- log, addresses, time

#[test]
fn logged_values_stay_on_one_line() {
    let at_limit = "a".repeat(MAX_LOGGED_CHARS);
    let cut = format!("\"{at_limit}…\"");
    for (raw, shown) in [
        ("alice", "alice"),
        ("", r#""""#),
        ("two words", r#""two words""#),
        ("a=b", r#""a=b""#),
        ("say \"hi\" \\o/", r#""say \"hi\" \\o/""#),
        ("a\nevent=forged", r#""a\nevent=forged""#),
        ("\x1b[31m", r#""\u{1b}[31m""#),
        ("\u{202E}x\u{9B}", r#""\u{202e}x\u{9b}""#),
        ("José", "\"José\""),
        (&at_limit, &at_limit),
        (&format!("{at_limit}a"), &cut),
        (&"a".repeat(100_000), &cut),
    ] {
        assert_eq!(Logged(raw).to_string(), shown);
    }
}

#[test]
fn addresses_are_parsed() {
    for (text, host, port) in [
        ("tcp://localhost:1234", "localhost", 1234),
        ("localhost", "localhost", 1234),
        ("tcp://host", "host", 1234),
        ("host:1", "host", 1),
        ("tcp://host:65535/", "host", 65535),
        (" host:0 ", "host", 0),
        ("[::1]:9", "::1", 9),
        ("[::1]", "::1", 1234),
        ("::1", "::1", 1234),
        ("10.0.0.1:80", "10.0.0.1", 80),
    ] {
        let url: Url = text.parse().unwrap();
        assert_eq!(url, Url::Tcp(Host { name: host.to_owned(), port }), "{text}");
        assert_eq!(url.to_string().parse::<Url>().unwrap(), url, "{text}");
    }
}

#[test]
fn addresses_of_every_kind_are_parsed_and_written() {
    for (text, written, place) in [
        ("tls://host", "tls://host:1235", "host"),
        ("tls://[::1]:9", "tls://[::1]:9", "::1:9"),
        ("unix:/run/tr2/tr2.sock", "unix:/run/tr2/tr2.sock", "localhost"),
        ("unix:///run/s", "unix:/run/s", "localhost"),
        ("ssh://host", "ssh://host", "host"),
        ("ssh://ann@host:2222/", "ssh://ann@host:2222", "host"),
        ("ssh://ann@[fe80::1%eth0]/srv/chat.sock", "ssh://ann@[fe80::1%eth0]/srv/chat.sock", "fe80::1%eth0"),
    ] {
        let url: Url = text.parse().unwrap();
        assert_eq!((url.to_string().as_str(), url.short_host().as_str()), (written, place), "{text}");
        assert_eq!(url.to_string().parse::<Url>().unwrap(), url, "{text}");
    }
}

#[test]
fn identities_are_written_and_parsed() {
    let key = Fingerprint([0xA5; 32]);
    assert_eq!(key.to_string(), "SHA256:paWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaU");
    for identity in [Identity::Uid(0), Identity::Uid(u32::MAX), Identity::Key(key)] {
        assert_eq!(identity.to_string().parse(), Ok(identity));
    }
    assert_eq!(" SHA256:paWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaU= ".parse(), Ok(key));
    for text in ["", "SHA256:", "SHA256:paWl", "sha1:x", "uid:-1", "uid:", "uid:4294967296", "SHA256:\u{1b}[2J"] {
        assert!(text.parse::<Identity>().is_err(), "{text:?}");
    }
}

#[test]
fn invalid_addresses_are_refused() {
    let (long, deep) = ("h".repeat(254), format!("unix:/{}", "d".repeat(107)));
    for (text, kind) in [
        ("http://host", 's'),
        ("", 'h'),
        ("tcp://", 'h'),
        (":1234", 'h'),
        ("a b", 'h'),
        ("[::1", 'h'),
        ("[::1]x", 'h'),
        ("host/path", 's'),
        ("unix:", 'f'),
        ("unix:tmp/x", 'f'),
        ("unix:/tmp/", 'f'),
        ("unix:/tmp/\u{202e}x", 'f'),
        (&deep, 'f'),
        ("ssh://host/a/", 'f'),
        ("ssh://-oProxyCommand=x", 'h'),
        ("ssh://-l@host", 'h'),
        ("ssh://a b@host", 'h'),
        ("ssh://", 'h'),
        ("ssh://@host", 'h'),
        ("ssh://host:x", 'p'),
        (&long, 'h'),
        ("host:", 'p'),
        ("host:65536", 'p'),
        ("host:-1", 'p'),
        ("host:+80", 'p'),
        ("host:http", 'p'),
    ] {
        let kind_found = match text.parse::<Url>().expect_err(text) {
            UrlError::Scheme(_) => 's',
            UrlError::Host(_) => 'h',
            UrlError::Port(_) => 'p',
            UrlError::Path(_) => 'f',
        };
        assert_eq!(kind_found, kind, "{text}");
    }
    let hostile = "tcp://\x1b]0;evil\x07:1".parse::<Url>().unwrap_err().to_string();
    assert!(!hostile.contains('\x1b'), "{hostile:?}");
}

#[test]
fn an_address_knows_whether_others_can_read_along() {
    for (text, loopback) in [
        ("localhost", true),
        ("127.0.0.1", true),
        ("127.9.9.9", true),
        ("[::1]", true),
        ("10.0.0.1", false),
        ("h", false),
        ("tls://h", true),
        ("unix:/s", true),
        ("ssh://h", true),
    ] {
        assert_eq!(text.parse::<Url>().unwrap().is_private(), loopback, "{text}");
    }
}

#[test]
fn times_are_written_and_parsed() {
    let time = Timestamp::parse("2026-11-22T12:01:00.045Z").unwrap();
    assert_eq!(time.rfc3339(), "2026-11-22T12:01:00.045Z");
    // Every day of four thousand years, at various times, compared with the library.
    for day in 0..1_461_000_i64 {
        let time = Timestamp((day - 365_000) * 86_400_000 + day * 7_654_321 % 86_400_000);
        let written = chrono::DateTime::from_timestamp_millis(time.0).unwrap();
        assert_eq!(time.rfc3339(), written.to_rfc3339_opts(chrono::SecondsFormat::Millis, true));
    }
    assert_eq!(Timestamp::parse("2026-11-22T13:01:00.045+01:00"), Some(time));
    let zone = &tr2::model::Zone::fixed(12 * 3600);
    assert_eq!(time.clock(zone), "00:01");
    assert_eq!(day_title(time.day(zone)), "Monday 23 November 2026");
    assert_eq!(Timestamp::parse("yesterday"), None);
    assert_eq!(Timestamp(i64::MAX).rfc3339(), Timestamp(0).rfc3339());
    assert_eq!(Timestamp(5).since(Timestamp(9)).as_millis(), 0);
}

#[test]
fn the_nearest_name_is_one_that_begins_so_looks_so_or_is_a_slip_away() {
    let known = ["mallory", "malcolm", "bob", "Zoë", "paypal", "web-admin", "carol", "иван"];
    let near = |typed: &str| nearest_name(typed, known.into_iter()).map(|near| (near.name, near.alike));
    assert_eq!(near("mal"), Some(("malcolm", false)));
    assert_eq!(near("mallroy"), Some(("mallory", false)));
    assert_eq!(near("MALLORRY"), Some(("mallory", false)));
    assert_eq!(near("bbo"), Some(("bob", false)));
    assert_eq!(near("bop"), Some(("bob", false)));
    assert_eq!(near("zoe"), Some(("Zoë", true)), "an accent is no difference to the eye");
    assert_eq!(near("paypaI"), Some(("paypal", true)), "a capital i looks like an l");
    assert_eq!(near("web.admin"), Some(("web-admin", true)));
    assert_eq!(near("сarol"), Some(("carol", true)), "the first letter is Cyrillic");
    assert_eq!(near("ива"), Some(("иван", false)));
    assert_eq!(nearest_name("ba", ["b", "ab"].into_iter()).map(|near| near.name), Some("ab"));
    assert_eq!(nearest_name("r", ["j", "ra"].into_iter()), None, "of one letter, nothing would be left");
    // The same name, nothing near, one letter, nothing, and more than any name has.
    for typed in ["bob", "BOB", "xyz", "dave", "b", "", &"m".repeat(100_000)] {
        assert_eq!(near(typed), None, "{typed:.20}");
    }
}

#[test]
fn a_file_from_somebody_else_gets_a_harmless_name() {
    use tr2::model::file_name::{FileName, MAX_FILE_NAME};
    for (raw, name) in [
        ("backup.tar.gz", "backup.tar.gz"),
        ("Résumé 2026 (final).pdf", "Résumé 2026 (final).pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\bob\\notes.txt", "notes.txt"),
        ("/", "file"),
        ("", "file"),
        ("..", "file"),
        (".bashrc", "bashrc"),
        ("-rf", "rf"),
        ("~root", "root"),
        ("a\u{1b}[31mb\n.txt", "a_[31mb .txt"),
        ("cv\u{202e}fdp.exe", "cv_fdp.exe"),
        ("$(a);`b`&|<>*?!#'\":.txt", "_(a)__b____________.txt"),
        ("trailing. . .", "trailing"),
    ] {
        assert_eq!(FileName::harmless(raw).as_str(), name, "{raw:?}");
    }
    let long = FileName::harmless(&format!("{}.tar.gz", "é".repeat(300)));
    assert!(long.as_str().len() <= MAX_FILE_NAME && long.as_str().ends_with(".gz"), "{long}");
    assert_eq!(FileName::harmless("log.txt").numbered(2), "log (2).txt");
    assert_eq!(FileName::harmless("log").numbered(10), "log (10)");
}

proptest! {
    #[test]
    fn no_name_of_a_file_leads_out_of_its_folder(raw in "\\PC{0,60}|[a-z .]{180,260}|[./\\\\~ -]{0,20}") {
        use tr2::model::file_name::{FileName, MAX_FILE_NAME};
        let name = FileName::harmless(&raw);
        let name = name.as_str();
        prop_assert!(!name.is_empty() && name.len() <= MAX_FILE_NAME);
        prop_assert!(!name.contains(['/', '\\', '\n']) && !name.starts_with(['.', '-', '~']));
        let again = FileName::harmless(name);
        prop_assert_eq!(again.as_str(), name, "harmless already");
        let path = std::path::Path::new("/folder").join(name);
        prop_assert_eq!(path.parent(), Some(std::path::Path::new("/folder")));
    }
}
