//! The broker task's hold on the relay: starts it with the first order, and knows which tokens there are, so that a
//! connection with another one is refused where all connections are counted.
//!
//! Must not know: how packets are relayed, or who calls whom.

use std::collections::{HashMap, HashSet, VecDeque};
use std::io;

use async_std::channel::{Receiver, Sender, unbounded};

use super::executor::spawn_elsewhere;
use super::inbox::Arrival;
use super::relay_task::handle::RelayHandle;
use super::relay_task::shared::{RelayReport, RelaySetup};
use super::relay_task::shown_leg::ShownLeg;
use crate::protocol::conference::MemberNumber;
use crate::protocol::leg::LegToken;
use crate::server::relay::orders::{RelayNews, RelayOrder};
use crate::server::relay::{RelayId, RelayRates};

/// The relay, whether it runs or not.
#[derive(Debug)]
pub(in crate::server) struct RelayControl {
    setup: RelaySetup,
    /// For the news of the relay.
    inbox: Sender<Arrival>,
    running: Option<RelayHandle>,
    /// What relays before the running one did; a relay ends only if it fails.
    before: RelayReport,
    /// The tokens of each call or conference, by side or by number of the member.
    calls: HashMap<RelayId, Vec<(usize, LegToken)>>,
    tokens: HashSet<LegToken>,
    /// What is to end as soon as the relay takes orders again: at most what was opened.
    ending: VecDeque<RelayOrder>,
}

impl RelayControl {
    /// A relay that does not run yet.
    pub(in crate::server) fn new(setup: RelaySetup, inbox: Sender<Arrival>) -> Self {
        Self {
            setup,
            inbox,
            running: None,
            before: RelayReport::default(),
            calls: HashMap::new(),
            tokens: HashSet::new(),
            ending: VecDeque::new(),
        }
    }

    /// The UDP port that the relay will have; 0 if it will have none.
    pub(in crate::server) fn port(&self) -> u16 {
        self.setup.ports.port()
    }

    /// Gives an order, and starts the relay if it does not run. Returns what the broker is to be told at once.
    pub(in crate::server) fn order(&mut self, order: RelayOrder) -> Option<RelayNews> {
        match order {
            RelayOrder::Open(call, tokens) => {
                if !self.begin(order) {
                    return Some(RelayNews::Full(call));
                }
                self.calls.insert(call, tokens.into_iter().enumerate().collect());
                self.tokens.extend(tokens);
            }
            RelayOrder::Admit(call, number, token) => {
                if !self.begin(order) {
                    return Some(RelayNews::GaveUpMember(call, number));
                }
                self.calls.entry(call).or_default().push((number.0.into(), token));
                self.tokens.insert(token);
            }
            RelayOrder::Dismiss(call, number) => {
                if self.forget_member(call, number) {
                    self.end(order);
                }
            }
            RelayOrder::Close(call) => {
                if self.forget(call) {
                    self.end(order);
                }
            }
        }
        None
    }

    /// Gives an order to begin something, and starts the relay if it does not run; `false` if it takes none.
    fn begin(&mut self, order: RelayOrder) -> bool {
        if self.running.is_none() {
            let started = start(&self.setup, &self.inbox);
            self.running = started.inspect_err(|error| log::error!(reason:% = error; "relay_failed")).ok();
        }
        // Orders stay in their order: nothing overtakes what waits.
        self.ending.is_empty() && self.running.as_ref().is_some_and(|relay| relay.order(order).is_ok())
    }

    /// Takes in what the relay tells the broker.
    pub(in crate::server) fn hear(&mut self, news: RelayNews) {
        match news {
            RelayNews::GaveUp(call) | RelayNews::Full(call) => drop(self.forget(call)),
            RelayNews::GaveUpMember(call, number) => drop(self.forget_member(call, number)),
            RelayNews::Port(_) => {}
        }
    }

    /// Gives the orders that wait. If the relay has failed, returns that its calls are over; the next call starts another.
    pub(in crate::server) fn tend(&mut self) -> Vec<RelayNews> {
        self.end_calls();
        let Some(failed) = self.running.take_if(|relay| relay.has_ended()) else { return Vec::new() };
        log::error!(calls = self.calls.len(); "relay_failed");
        self.before = RelayReport { calls: 0, ..self.before.and(failed.report()) };
        self.ending.clear();
        self.tokens.clear();
        let mut calls: Vec<RelayId> = self.calls.drain().map(|(call, _)| call).collect();
        calls.sort_unstable();
        calls.into_iter().map(RelayNews::GaveUp).collect()
    }

    /// Whether a leg has this token.
    pub(in crate::server) fn knows(&self, token: LegToken) -> bool {
        self.tokens.contains(&token)
    }

    /// Hands over a connection; `false` if the relay cannot take it, which closes it.
    pub(in crate::server) fn show(&self, leg: ShownLeg) -> bool {
        self.running.as_ref().is_some_and(|relay| relay.show(leg).is_ok())
    }

    /// Changes how much may be relayed.
    pub(in crate::server) fn set_rates(&mut self, rates: RelayRates) {
        self.setup.rates = rates;
        if let Some(relay) = &self.running {
            relay.set_rates(rates);
        }
    }

    /// What was relayed so far.
    pub(in crate::server) fn report(&self) -> RelayReport {
        self.running.as_ref().map_or(self.before, |relay| self.before.and(relay.report()))
    }

    fn end_calls(&mut self) {
        let Some(relay) = &self.running else { return };
        while let Some(&order) = self.ending.front() {
            if relay.order(order).is_err() {
                return;
            }
            self.ending.pop_front();
        }
    }

    fn end(&mut self, order: RelayOrder) {
        self.ending.push_back(order);
        self.end_calls();
    }

    fn forget(&mut self, call: RelayId) -> bool {
        let Some(tokens) = self.calls.remove(&call) else { return false };
        for (_, token) in tokens {
            self.tokens.remove(&token);
        }
        true
    }

    fn forget_member(&mut self, call: RelayId, number: MemberNumber) -> bool {
        let Some(tokens) = self.calls.get_mut(&call) else { return false };
        let gone = tokens.extract_if(.., |(of, _)| *of == usize::from(number.0));
        gone.map(|(_, token)| self.tokens.remove(&token)).count() > 0
    }
}

fn start(setup: &RelaySetup, inbox: &Sender<Arrival>) -> io::Result<RelayHandle> {
    // As much news as there are orders, and no more.
    let (news, told) = unbounded();
    spawn_elsewhere(pass_on(told, inbox.clone()));
    RelayHandle::start(setup.clone(), news)
}

async fn pass_on(news: Receiver<RelayNews>, inbox: Sender<Arrival>) {
    while let Ok(news) = news.recv().await {
        if inbox.send(Arrival::Relay(news)).await.is_err() {
            return;
        }
    }
}
