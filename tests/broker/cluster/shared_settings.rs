//! The sum over the settings that all nodes must have alike: each of them changes it, and nothing else does.

use std::time::Duration;

use tr2::model::{Fingerprint, Name, Text};
use tr2::server::broker::rules::{Registration, Rules};
use tr2::server::cluster_start::SharedSettings;
use tr2::server::limits::Rate;
use tr2::server::relay::RelayRates;
use tr2::server::store::Retention;

/// What is changed for one sum.
#[derive(Clone)]
struct Settings {
    rules: Rules,
    keep: Retention,
    passphrase_hash: &'static str,
    key: Option<Fingerprint>,
    shared_logins: bool,
}

fn sum(change: impl FnOnce(&mut Settings)) -> [u8; 32] {
    let names = ["alice", "bob"].map(|name| Name::parse(name).unwrap());
    let rules = Rules { moderators: names.to_vec(), ..Rules::default() };
    let (keep, key) = (Retention::default(), None);
    let mut settings = Settings { rules, keep, passphrase_hash: "$argon2id$1", key, shared_logins: false };
    change(&mut settings);
    let Settings { rules, keep, passphrase_hash, key, shared_logins } = &settings;
    let (keep, key, shared_logins) = (*keep, *key, *shared_logins);
    SharedSettings { rules, keep, passphrase_hash, key, shared_logins }.sum()
}

#[test]
fn whatever_decides_for_all_nodes_changes_the_sum() {
    let changes: [fn(&mut Settings); 15] = [
        |_| {},
        |settings| drop(settings.rules.moderators.pop()),
        |settings| settings.rules.moderators = vec![Name::parse("alicebob").unwrap()],
        |settings| settings.rules.trust_names = true,
        |settings| settings.rules.registration = Registration::Invite,
        |settings| settings.rules.registration = Registration::Closed,
        |settings| settings.shared_logins = true,
        |settings| (settings.shared_logins, settings.rules.own_uid) = (true, 1000),
        |settings| settings.rules.passphrase_tries += 1,
        |settings| settings.rules.edit_time += Duration::from_secs(3600),
        |settings| settings.rules.calls = false,
        |settings| settings.keep.days = Some(365),
        |settings| settings.keep.messages = Some(365),
        |settings| settings.passphrase_hash = "$argon2id$2",
        |settings| settings.key = Some(Fingerprint([7; 32])),
    ];
    let mut sums: Vec<_> = changes.into_iter().map(sum).collect();
    let (count, first) = (sums.len(), sums[0]);
    assert_eq!(first, sum(|_| {}), "it is the same each time");
    sums.sort_unstable();
    sums.dedup();
    assert_eq!(sums.len(), count, "two settings have one sum");
}

#[test]
fn what_a_node_does_with_its_own_connections_does_not_change_the_sum() {
    let rate = Rate { burst: 9999, per_second: 9999 };
    let changes: [fn(&mut Settings); 9] = [
        // Where each machine has users of its own.
        |settings| settings.rules.own_uid = 1000,
        |settings| settings.rules.max_connections = 7,
        |settings| settings.rules.max_per_address = Some(7),
        |settings| settings.rules.note_messages = true,
        |settings| settings.rules.welcome = Some(Text::line("This is node a.")),
        |settings| settings.rules.name_deadline = Duration::from_secs(7),
        |settings| settings.rules.ping_after = Duration::from_secs(7),
        |settings| settings.rules.cut_after = Duration::from_secs(777),
        |settings| settings.rules.nodes = vec!["tls://b".parse().unwrap()],
    ];
    for (number, change) in changes.into_iter().enumerate() {
        assert_eq!(sum(change), sum(|_| {}), "change {number}");
    }
    assert_eq!(sum(|settings| settings.rules.relay = RelayRates { leg: rate, all: rate }), sum(|_| {}));
}
