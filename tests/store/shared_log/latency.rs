//! How long it takes from an append until its entry is out, and how many a second there are: figures for whoever asks for
//! them with `TR2_LONG=1`, on three servers of this machine.

use std::time::{Duration, Instant};

use async_std::task::block_on;
use bytes::Bytes;
use tr2::server::log::nats::check;
use tr2::server::log::{Log as _, LogPosition, Tailed};

use crate::nats_servers::{NatsServer, nats_program};
use crate::shared_log::servers::{opened, options_for};

#[test]
fn an_append_comes_back_soon() {
    let Some(program) = nats_program().filter(|_| std::env::var_os("TR2_LONG").is_some()) else { return };
    let servers = NatsServer::three(&program, "");
    let options = options_for(&servers);
    block_on(check::found(&options, 3, LogPosition::START, false)).unwrap();
    for (under_way, number) in [(1, 2000), (64, 10_000)] {
        let (log, tail) = opened(&options, 0);
        let entry = Bytes::from(vec![b'x'; 136]);
        let mut begun = std::collections::VecDeque::new();
        let (mut times, mut appended, start) = (Vec::new(), 0, Instant::now());
        let newest = loop {
            match block_on(tail.recv()).unwrap() {
                Tailed::Heard => break log.newest().unwrap(),
                Tailed::Entry { .. } | Tailed::Silent(_) => {}
                other => panic!("{other:?}"),
            }
        };
        let mut go = |begun: &mut std::collections::VecDeque<Instant>| {
            if appended < number {
                appended += 1;
                begun.push_back(Instant::now());
                log.append(entry.clone()).unwrap();
            }
        };
        (0..under_way).for_each(|_| go(&mut begun));
        while times.len() < number {
            match block_on(tail.recv()).unwrap() {
                Tailed::Entry { position, .. } if position > newest => {
                    times.push(begun.pop_front().unwrap().elapsed());
                    go(&mut begun);
                }
                Tailed::NotTaken { why, .. } => panic!("{why}"),
                Tailed::Entry { .. } | Tailed::Taken { .. } | Tailed::Heard | Tailed::Silent(_) | Tailed::Ended(_) => {}
            }
        }
        let rate = number as f64 / start.elapsed().as_secs_f64();
        times.sort_unstable();
        let part = |share: usize| times[(number * share / 1000).min(number - 1)];
        let [half, most, worst]: [Duration; 3] = [part(500), part(990), part(1000)];
        println!("{under_way} under way: p50 {half:?}, p99 {most:?}, worst {worst:?}, {rate:.0} a second");
    }
}
