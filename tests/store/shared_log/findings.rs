//! What is found wrong with servers and streams, each with what to do.

use serde_json::{Value, json};
use tr2::server::log::nats::findings::{LogFinding, of_monitor, of_server, of_stream};
use tr2::server::log::nats::server_info::ServerInfo;
use tr2::server::log::nats::stream::{StreamInfo, StreamNames};

/// What is found of a stream of which one thing is not as it should be.
fn found(change: impl Fn(&mut Value, &mut StreamInfo)) -> Vec<String> {
    let names = StreamNames::of("x").unwrap();
    let mut config: Value = serde_json::from_str(&names.settings(3, 1)).unwrap();
    let replicas = json!([{ "name": "n2", "current": true }, { "name": "n3", "current": true }]);
    let cluster = json!({ "leader": "n1", "replicas": replicas });
    let mut info = StreamInfo { cluster, ..StreamInfo::default() };
    change(&mut config, &mut info);
    info.config = config;
    of_stream(&names, &info).iter().map(ToString::to_string).collect()
}

#[track_caller]
fn finds(words: &[&str], change: impl Fn(&mut Value, &mut StreamInfo)) {
    let found = found(change);
    assert_eq!(found.len(), 1, "{found:?}");
    for word in words {
        assert!(found[0].contains(word), "{word} is not in {found:?}");
    }
}

#[test]
fn a_stream_as_it_is_made_has_no_faults() {
    assert_eq!(found(|_, _| {}), Vec::<String>::new());
}

#[test]
fn each_fault_of_a_stream_is_found() {
    finds(&["kept on 1 servers", "--replicas 3"], |config, _| config["num_replicas"] = 1.into());
    finds(&["storage", "\"memory\" instead of \"file\""], |config, _| config["storage"] = "memory".into());
    finds(&["discard", "\"old\" instead of \"new\""], |config, _| config["discard"] = "old".into());
    finds(&["retention"], |config, _| config["retention"] = "workqueue".into());
    finds(&["allow_direct"], |config, _| config["allow_direct"] = false.into());
    finds(&["republish", "tr2.x.live"], |config, _| drop(config.as_object_mut().unwrap().remove("republish")));
    finds(&["subjects"], |config, _| config["subjects"] = json!(["tr2.>"]));
    finds(&["max_msg_size", "65536"], |config, _| config["max_msg_size"] = 65_536.into());
    finds(&["no leader"], |_, info| info.cluster["leader"] = "".into());
    finds(&["n2", "is behind"], |_, info| info.cluster["replicas"][0]["current"] = false.into());
    finds(&["n3", "is not there"], |_, info| info.cluster["replicas"][1]["offline"] = true.into());
    finds(&["80 percent", "--max-bytes"], |_, info| info.bytes = (32 << 30) / 10 * 8 + 9);
    assert_eq!(found(|_, info| info.bytes = (32 << 30) / 10 * 7), Vec::<String>::new());
    assert_eq!(found(|config, _| config["max_msg_size"] = (-1).into()), Vec::<String>::new());
}

#[test]
fn old_servers_are_found() {
    let of = |version: &str| of_server(&ServerInfo { version: version.to_owned(), ..ServerInfo::default() });
    for fine in ["2.14.0", "2.15.1", "3.0.0"] {
        assert_eq!(of(fine), None, "{fine}");
    }
    for old in ["2.13.9", "2.9.10", "1.4.1", "", "x"] {
        assert!(of(old).is_some_and(|finding| finding.is_fatal()), "{old}");
    }
}

#[test]
fn servers_that_do_not_sync_are_found() {
    let of = |answer: &str| of_monitor("http://h1:8222", answer.as_bytes());
    let fine = r#"{"server_name":"n1","jetstream":{"config":{"sync_interval":120000000000,"sync_always":true}}}"#;
    assert_eq!(of(fine), None);
    let lazy = r#"{"server_name":"n1","jetstream":{"config":{"sync_interval":120000000000}}}"#;
    assert_eq!(of(lazy), Some(LogFinding::NotSynced { server: "n1".to_owned() }));
    assert!(of(lazy).unwrap().is_fatal());
    for unknown in [r#"{"server_name":"n1","jetstream":{}}"#, "", "<html>"] {
        assert!(matches!(of(unknown), Some(LogFinding::SyncUnknown { .. })), "{unknown}");
    }
}

#[test]
fn names_are_derived_from_the_chat_s() {
    let names = StreamNames::of("my-chat_2").unwrap();
    assert_eq!(
        (&*names.stream, &*names.appends, &*names.live),
        ("tr2-my-chat_2", "tr2.my-chat_2.log", "tr2.my-chat_2.live")
    );
    assert!(StreamNames::of(&"x".repeat(32)).is_ok());
    for wrong in ["", "a.b", "a b", "A", "*", ">", "ä", &"x".repeat(33)] {
        assert!(StreamNames::of(wrong).is_err(), "{wrong}");
    }
}
