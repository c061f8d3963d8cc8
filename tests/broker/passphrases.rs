//! The moderator passphrase: its form, its hash, and how often it may be tried.

use tr2::model::Timestamp;
use tr2::server::limits::{MAX_PASSPHRASE, PASSPHRASE_TRIES, PASSPHRASE_USERS, PASSPHRASE_WINDOW};
use tr2::server::secrets::passphrase::{HashMemory, Tries, hash, is_hash, passphrase, verify};

#[test]
fn a_passphrase_is_five_proquints() {
    // From the proposal: 127.0.0.1 and 63.84.220.193, which are 16 bits twice.
    let shown = passphrase([127, 0, 0, 1, 63, 84, 220, 193, 0, 0]);
    assert_eq!(shown, "lusab-babad-gutih-tugad-babab");
    assert_eq!(passphrase([0xFF; 10]), "zuzuz-zuzuz-zuzuz-zuzuz-zuzuz");
}

#[test]
fn a_passphrase_matches_its_hash_however_it_is_typed() {
    let mut memory = HashMemory::default();
    let kept = hash("lusab-babad-gutih-tugad-mupov", [7; 16]).unwrap();
    assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
    assert!(is_hash(&kept) && !is_hash("lusab") && !is_hash(""));
    let padded = format!("lusab babad gutih tugad mupov{}", " ".repeat(MAX_PASSPHRASE));
    for (typed, right) in [
        ("lusab-babad-gutih-tugad-mupov", true),
        (" LUSAB babad gutihtugad mupov ", true),
        ("lusab-babad-gutih-tugad-mupo", false),
        ("", false),
        (&padded[..MAX_PASSPHRASE], true),
        (&padded[..=MAX_PASSPHRASE], false),
    ] {
        assert_eq!(verify(typed, &kept, &mut memory), right, "{typed:?}");
    }
    assert!(!verify("lusab", "no hash", &mut memory));
}

#[test]
fn tries_are_counted_per_source_for_a_bounded_number_of_sources() {
    let mut tries = Tries::default();
    for number in 0..=PASSPHRASE_TRIES {
        assert_eq!(tries.take("alice", Timestamp(0)), number < PASSPHRASE_TRIES);
    }
    assert!(tries.take("bob", Timestamp(0)));
    let window = i64::try_from(PASSPHRASE_WINDOW.as_millis()).unwrap();
    assert!(!tries.take("alice", Timestamp(window - 1)));
    assert!(tries.take("alice", Timestamp(window)));
    for number in 2..=PASSPHRASE_USERS {
        assert!(tries.take(&format!("u{number}"), Timestamp(window)));
    }
    // Who has tried much is still known; the next honest person takes the place of one who has tried once.
    while tries.take("alice", Timestamp(window + 1)) {}
    for number in 0..PASSPHRASE_USERS {
        assert!(tries.take(&format!("another {number}"), Timestamp(window + 1)));
        assert!(!tries.take("alice", Timestamp(window + 1)), "{number}");
    }
    assert!(tries.take("alice", Timestamp(2 * window + 1)), "old tries make room");
}
