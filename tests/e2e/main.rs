//! The real program: servers and clients as processes, over real sockets, terminals, files and signals.
//!
//! | what is tested                                                                    | where          |
//! | --------------------------------------------------------------------------------- | -------------- |
//! | the server: old and new clients, start and end, what stands in the way of serving | `server`       |
//! | peers that mean harm: floods, silence, slow readers, no free descriptors          | `abuse`        |
//! | the client on a terminal and on pipes                                             | `client`       |
//! | plain mode: pipes, broken standard streams, typed lines, programs                 | `plain`        |
//! | the language of the client, by locale, option and file                            | `language`     |
//! | terminals and pipes that do not take UTF-8                                        | `charsets`     |
//! | conversations keep their numbers in the next run                                  | `arrangement`  |
//! | what was sent comes back in the next run                                          | `sent`         |
//! | history across restarts, a full disk, copies                                      | `history`      |
//! | invited people and other devices: from a code to being in                         | `inviting`     |
//! | lists, orders, backups and more for whoever keeps the machine                     | `keeper`       |
//! | the life of a name: another one is taken, with the past                           | `names`        |
//! | servers that make themselves known to their networks                              | `nearby`       |
//! | the beginning of a cluster: the common log, the secret, what is refused          | `founding`     |
//! | several servers with one key: clients whose server dies                          | `nodes`        |
//! | packages, and the manual's lines for installing                                   | `packages`     |
//! | names and rooms that are another's now; deleted messages in the files             | `past`         |
//! | one account for several people: new ones, lost passphrases, other names           | `people`       |
//! | pictures in calls, as screens show them, over every transport                    | `pictures`     |
//! | cameras on pipes, and those that fail                                             | `cameras`      |
//! | packets that bypass the server, between networks, and go on without it            | `bypass`       |
//! | the same through real NATs of several kinds, and mappings that are forgotten      | `nats`         |
//! | certificates from elsewhere: their forms, and what is told of them                | `certificates` |
//! | a clock that is far ahead                                                         | `clock`        |
//! | three nodes and their log as processes, under faults of every kind                | `cluster`      |
//! | answers to many senders that are written together                                 | `coalescing`   |
//! | the manual's recipe for a container                                               | `containers`   |
//! | the configuration file and `--check`                                              | `config`       |
//! | the client's configuration file, and how `/set` changes it                        | `settings`     |
//! | the files of the data folder: replaced, lost, damaged                             | `files`        |
//! | long things show on a terminal that they go on, and not in a pipe                 | `progress`     |
//! | proxies that say whose a connection is                                            | `proxies`      |
//! | the relay of calls: streams, UDP, floods, what is dropped                         | `relay`        |
//! | what may wait for the relay and its sockets, at each limit and over it          | `relay_queues`  |
//! | legs of calls on the real server, and chat beside them                            | `relayed_calls` |
//! | SIGHUP: new settings                                                              | `reload`       |
//! | the log                                                                           | `log`          |
//! | local users: user namespaces, spellings of logins, directories that hang          | `logins`       |
//! | the numbers of a server (OpenMetrics)                                             | `metrics`      |
//! | the runbook of tr2-serving(7), line by line                                       | `runbook`      |
//! | service managers: readiness, watchdog, sockets handed over                        | `systemd`      |
//! | the shipped units under a real systemd                                            | `service`      |
//! | the sandbox: Landlock and seccomp                                                 | `sandbox`      |
//! | the same chat over TCP, TLS and socket files; certificates that are renewed       | `transports`   |
//! | TLS servers that are not what they should be, known servers                       | `trust`        |
//! | socket files: permissions, links, owners                                          | `socket_files` |
//! | socket files: the race for a new one                                              | `socket_race`  |
//! | channels between two clients: words, files, legs that are lost                    | `channels`     |
//! | calls of rooms: faces come, stay and go                                           | `conferences`  |
//! | voice in calls: heard while its key is on, and not at other times                 | `voices`       |
//! | `ssh://` through a real sshd                                                      | `ssh`          |
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "tests say what they saw, and why they were skipped")]
#![allow(missing_docs, unreachable_pub, dead_code, reason = "each file uses a part of what is shared")]

#[path = "../common/alone.rs"]
mod alone;
#[path = "../common/caller.rs"]
mod caller;
#[path = "../common/chance.rs"]
mod chance;
#[path = "../common/cluster.rs"]
mod cluster_nodes;
#[path = "../common/legs.rs"]
mod legs;
#[path = "../common/likeness.rs"]
mod likeness;
#[path = "../common/machine.rs"]
mod machine;
#[path = "../common/nats_servers.rs"]
mod nats_servers;
#[path = "../common/original.rs"]
mod original;
#[path = "../common/person.rs"]
mod person;
#[path = "../common/proxy.rs"]
mod proxy;
#[path = "../common/secure.rs"]
mod secure;
#[path = "../common/serving.rs"]
mod serving;
#[path = "../common/tile.rs"]
mod tile;

mod abuse;
mod arrangement;
mod bypass;
mod cameras;
mod certificates;
mod channels;
mod charsets;
mod client;
mod clock;
mod cluster;
mod coalescing;
mod conferences;
mod config;
mod containers;
mod files;
mod founding;
mod history;
mod inviting;
mod keeper;
mod language;
mod log;
mod logins;
mod metrics;
mod names;
mod nats;
mod nearby;
mod nodes;
mod packages;
mod past;
mod people;
mod pictures;
mod plain;
mod progress;
mod proxies;
mod relay;
mod relay_queues;
mod relayed_calls;
mod reload;
mod runbook;
mod sandbox;
mod sent;
mod server;
mod service;
mod settings;
mod socket_files;
mod socket_race;
mod ssh;
mod systemd;
mod transports;
mod trust;
mod voices;
