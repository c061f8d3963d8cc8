//! Three nodes with the real broker, each with its own connections, over a log that loses nothing: what people on different
//! nodes see of each other, and what happens when a node dies, starts again, or is out of touch.

use std::collections::BTreeMap;

use bytes::Bytes;
use tr2::model::{Fingerprint, Name, Now, Origin, Timestamp};
use tr2::protocol::{Dialect, Request, lines};
use tr2::server::broker::outbox::Outbox;
use tr2::server::broker::rules::{Beginning, Registration, Rules};
use tr2::server::broker::shared_rules::SharedRules;
use tr2::server::broker::{Broker, Input};
use tr2::server::cluster::again::do_again;
use tr2::server::cluster::entry::{Hello, NodeId, Versions};
use tr2::server::cluster::follower::Follower;
use tr2::server::cluster::lane::OwnNode;
use tr2::server::cluster::replica::Replica;
use tr2::server::cluster::step::TurnState;
use tr2::server::cluster::step_store::{Hands, StepDone, StepStore};
use tr2::server::ids::ConnId;
use tr2::server::store::api::{Job, Retention};

use crate::cluster::node::key;
use crate::simple_store::SimpleStore;

const START: i64 = 1_780_000_000_000;
const SECRET: [u8; 32] = [3; 32];

/// A simple store that remembers how it was after each step, and from which a start begins: the state of the chat now and
/// then, and what was done since.
#[derive(Default)]
struct Store {
    now: SimpleStore,
    answers: Vec<Input>,
    kept: Option<(TurnState, SimpleStore)>,
    chat: Option<Vec<u8>>,
    deeds: Vec<Vec<u8>>,
    /// How many steps a connection of this node waited for.
    awaited: usize,
}

/// So many steps are to be done again at most.
const MANY: usize = 40;

impl StepStore for Store {
    fn does(&mut self, job: Job) -> Option<Input> {
        let report = self.now.does(job)?;
        if matches!(report, Input::Answered(_)) {
            self.answers.push(report);
            return None;
        }
        Some(report)
    }

    fn reached(&mut self, step: &StepDone<'_>) {
        self.awaited += usize::from(step.awaited);
        self.deeds.push(step.deed.write());
        if let Some(chat) = step.chat
            && (self.chat.is_none() || self.deeds.len() >= MANY)
        {
            self.chat = Some(chat.to_vec());
            self.deeds.clear();
        }
        self.kept = Some((step.state.clone(), self.now.clone()));
    }
}

struct Node {
    replica: Replica,
    outbox: Outbox,
    store: Store,
    /// The last position that it has read.
    read: u64,
    connections: u64,
    /// Whether the log reaches it, and whether it does anything at all.
    hears: bool,
    stands_still: bool,
    heard: BTreeMap<ConnId, Vec<String>>,
}

struct Chat {
    now: i64,
    log: Vec<Bytes>,
    nodes: BTreeMap<&'static str, Node>,
}

fn rules() -> Rules {
    let moderators = vec![Name::parse("root").unwrap()];
    Rules { max_connections: 100, calls: false, moderators, ..Rules::default() }
}

fn follower(name: &str, life: u64, state: TurnState) -> Follower {
    let hello = Hello { life, versions: Versions { lowest: 1, highest: 1 }, settings: [1; 32], url: String::new() };
    Follower::resumed(OwnNode { node: NodeId::parse(name).unwrap(), hello }, state, key())
}

impl Chat {
    /// Three nodes that are in.
    fn begun() -> Self {
        let mut chat = Self { now: 0, log: Vec::new(), nodes: BTreeMap::new() };
        for (name, life) in [("a", 1), ("b", 2), ("c", 3)] {
            let follower = follower(name, life, TurnState::founded("chat"));
            let broker = Broker::new(rules(), Beginning { secret: SECRET, ..Beginning::default() });
            chat.add(name, Replica::new(follower, broker), Store::default(), 0);
        }
        chat.wait(3000);
        chat
    }

    fn add(&mut self, name: &'static str, replica: Replica, store: Store, read: u64) {
        let outbox = Outbox::default();
        let mut node = Node {
            replica,
            outbox,
            store,
            read,
            connections: 0,
            hears: true,
            stands_still: false,
            heard: BTreeMap::new(),
        };
        node.replica.follower_mut().come_in();
        self.nodes.insert(name, node);
    }

    /// A node starts again from what it has kept.
    fn starts_again(&mut self, name: &'static str, dead: Node) {
        let Store { kept, chat, deeds, .. } = dead.store;
        let (state, now) = kept.unwrap();
        let position = state.position;
        let mut broker = Broker::from_shared_state(rules(), SECRET, chat.as_ref().unwrap()).unwrap();
        do_again(&mut broker, deeds.iter().map(Vec::as_slice)).unwrap();
        assert_eq!(broker.shared_state(), dead.replica.broker().shared_state(), "it is where it was");
        let replica = Replica::new(follower(name, 77, state), broker);
        self.add(name, replica, Store { now, chat, deeds, ..Store::default() }, position);
    }

    fn clock(&self) -> Now {
        // Each machine counts from its own start.
        Now { wall: Timestamp(START + self.now), steady: Timestamp(self.now) }
    }

    /// Time goes by.
    fn wait(&mut self, millis: i64) {
        let end = self.now + millis;
        while self.now < end {
            self.now += 50;
            let clock = self.clock();
            let second = self.now % 1000 == 0;
            for node in self.nodes.values_mut().filter(|node| second && !node.stands_still) {
                node.watch(clock);
            }
            self.settle();
        }
    }

    /// Everything that is to be said is said, and everything that can be read is read.
    fn settle(&mut self) {
        let clock = self.clock();
        loop {
            let before = self.log.len();
            for node in self.nodes.values_mut().filter(|node| node.hears) {
                self.log.extend(node.replica.follower_mut().due(clock));
            }
            for node in self.nodes.values_mut() {
                while let Some(entry) = self.log.get(usize::try_from(node.read).unwrap()).filter(|_| node.hears) {
                    node.read += 1;
                    node.reads(clock, entry);
                }
                for answer in std::mem::take(&mut node.store.answers) {
                    node.take(clock, answer);
                }
                node.hear();
            }
            if self.log.len() == before {
                return;
            }
        }
    }

    fn take(&mut self, node: &str, input: Input) {
        let clock = self.clock();
        self.nodes.get_mut(node).unwrap().take(clock, input);
        self.settle();
    }

    fn connect(&mut self, at: &str, key: Option<u8>) -> (String, ConnId) {
        let node = self.nodes.get_mut(at).unwrap();
        node.connections += 1;
        let conn = node.replica.connection(node.connections).unwrap();
        self.take(at, Input::Connected(conn, Origin::Tls(([10, 0, 0, 1], 4000).into())));
        if let Some(key) = key {
            self.take(at, Input::Proved(conn, Fingerprint([key; 32])));
        }
        self.take(at, Input::Speaks(conn, Dialect::Tr226));
        (at.to_owned(), conn)
    }

    fn says(&mut self, (at, conn): &(String, ConnId), frame: &str) {
        self.take(at, Input::Received(*conn, Request::parse(frame.as_bytes())));
    }

    fn joins(&mut self, at: &str, name: &str) -> (String, ConnId) {
        let who = self.connect(at, name.bytes().next());
        self.says(&who, &format!("x | server | name | {name}"));
        assert!(self.hears(&who, "connection_confirmation"), "{name} is let in: {:?}", self.nodes[at].heard);
        who
    }

    /// Whether a connection has heard something with these words; it is forgotten.
    fn hears(&mut self, (at, conn): &(String, ConnId), words: &str) -> bool {
        let heard = self.nodes.get_mut(at.as_str()).unwrap().heard.entry(*conn).or_default();
        let before = heard.len();
        heard.retain(|line| !line.contains(words));
        assert!(before - heard.len() <= 1, "{words} is heard more than once");
        before > heard.len()
    }

    fn forget(&mut self) {
        self.nodes.values_mut().for_each(|node| node.heard.clear());
    }

    /// All nodes have come to the same state.
    fn agrees(&self) {
        let states: Vec<_> = self.nodes.values().map(|node| node.replica.broker().shared_state().unwrap()).collect();
        assert!(states.windows(2).all(|two| two[0] == two[1]));
    }
}

impl Node {
    fn take(&mut self, clock: Now, input: Input) {
        self.replica.take(clock, input, &mut Hands { store: &mut self.store, outbox: &mut self.outbox });
    }

    fn watch(&mut self, clock: Now) {
        self.replica.watch(clock, &mut Hands { store: &mut self.store, outbox: &mut self.outbox });
    }

    fn reads(&mut self, clock: Now, entry: &Bytes) {
        let mut hands = Hands { store: &mut self.store, outbox: &mut self.outbox };
        self.replica.read(clock, self.read, entry, &mut hands).unwrap();
    }

    fn hear(&mut self) {
        let outbox = &mut self.outbox;
        outbox.notes.clear();
        let shared = outbox.take_shared();
        let mut closed = Vec::new();
        for (conn, plan) in outbox.deliveries(&shared) {
            let mut said = Vec::new();
            outbox.stretches(plan, &shared, |stretch| said.extend_from_slice(stretch.bytes()));
            let lines = lines::each(&said).map(|line| String::from_utf8(line.to_vec()).unwrap());
            let heard = self.heard.entry(conn).or_default();
            heard.extend(lines);
            if plan.is_closing() {
                heard.push("closed".to_owned());
                closed.push(conn);
            }
        }
        outbox.end_round(shared);
        closed.into_iter().for_each(|conn| outbox.drop_plan(conn));
    }
}

#[test]
fn people_on_different_nodes_talk_and_names_are_unique() {
    let mut chat = Chat::begun();
    let (ann, bob) = (chat.joins("a", "ann"), chat.joins("b", "bob"));
    assert!(chat.hears(&ann, "joined | bob"));
    chat.says(&ann, "@ref=1 x | all clients | broadcast | good morning");
    assert!(chat.hears(&ann, "| accepted"));
    assert!(chat.hears(&bob, "good morning"));
    chat.says(&bob, "@ref=1 x | ann | private_message | to you alone");
    assert!(chat.hears(&ann, "to you alone") && chat.hears(&bob, "| accepted"));
    let other = chat.connect("c", Some(b'x'));
    chat.says(&other, "x | server | name | ann");
    assert!(chat.hears(&other, "closed"), "somebody else has the name, on another node");
    let cat = chat.joins("c", "cat");
    chat.says(&cat, "x | server | list_clients | no data");
    assert!(chat.hears(&cat, "ann"), "who reads here sees who is there");
    chat.agrees();
}

#[test]
fn only_the_node_whose_people_wait_for_a_step_is_told_so() {
    let mut chat = Chat::begun();
    let (ann, _) = (chat.joins("a", "ann"), chat.joins("b", "bob"));
    let awaited = |chat: &Chat| ["a", "b", "c"].map(|node| chat.nodes[node].store.awaited);
    let before = awaited(&chat);
    assert_eq!(before[2], 0, "nobody is at this node");
    // Each says that it is alive.
    chat.wait(3000);
    assert_eq!(awaited(&chat), before);
    chat.says(&ann, "@ref=1 x | all clients | broadcast | good morning");
    assert!(chat.hears(&ann, "| accepted"));
    assert_eq!(awaited(&chat), [before[0] + 1, before[1], 0]);
}

#[test]
fn whoever_is_banned_on_one_node_is_out_on_all() {
    let mut chat = Chat::begun();
    let (root, eve) = (chat.connect("a", Some(b'r')), chat.joins("b", "eve"));
    chat.says(&root, "x | server | moderator | right");
    chat.take("a", Input::Checked(root.1, true));
    chat.says(&root, "x | server | name | root");
    assert!(chat.hears(&root, "connection_confirmation"));
    chat.says(&root, "x | all clients | ban | eve spam");
    assert!(chat.hears(&eve, "closed"));
    let again = chat.connect("c", Some(b'e'));
    chat.says(&again, "x | server | name | eve");
    assert!(chat.hears(&again, "banned"));
    chat.agrees();
}

#[test]
fn what_is_sent_again_through_another_node_counts_once() {
    let mut chat = Chat::begun();
    let (bob, ann) = (chat.joins("b", "bob"), chat.joins("a", "ann"));
    chat.says(&ann, "@ref=7 x | all clients | broadcast | only once");
    assert!(chat.hears(&bob, "only once"));
    let ann = chat.connect("c", Some(b'a'));
    chat.says(&ann, "x | server | take_over | ann");
    chat.says(&ann, "@ref=7 x | all clients | broadcast | only once");
    assert!(chat.hears(&ann, "| accepted"));
    assert!(!chat.hears(&bob, "only once"));
    chat.agrees();
}

#[test]
fn a_node_that_dies_takes_its_people_out_and_comes_back_to_the_same_state() {
    let mut chat = Chat::begun();
    let (ann, _) = (chat.joins("a", "ann"), chat.joins("c", "cat"));
    let dead = chat.nodes.remove("c").unwrap();
    chat.forget();
    chat.wait(5000);
    chat.says(&ann, "@ref=1 x | all clients | broadcast | while you were out");
    assert!(chat.hears(&ann, "| accepted"), "the others need not wait for it");
    chat.wait(16_000);
    assert!(!chat.hears(&ann, "cat"), "it is not missed at once");
    chat.wait(8000);
    assert!(chat.hears(&ann, "cat"), "its people are gone with it");
    chat.starts_again("c", dead);
    chat.wait(3000);
    chat.agrees();
    let again = chat.joins("c", "cat");
    chat.says(&again, "@ref=h x | all clients | history | limit=5");
    assert!(chat.hears(&again, "while you were out"), "what was said meanwhile is in its history");
    chat.agrees();
}

#[test]
fn nobody_hears_of_whoever_goes_on_at_another_node_in_time() {
    let mut chat = Chat::begun();
    let (ann, cat) = (chat.joins("a", "ann"), chat.joins("c", "cat"));
    let claimed = chat.connect("c", None);
    chat.says(&claimed, "x | server | name | claimed");
    chat.forget();
    chat.nodes.remove("c");
    chat.wait(12_000);
    // Who has not proved anything may be somebody else when they come back.
    assert!(chat.hears(&ann, "left | claimed"));
    chat.joins("b", "cat");
    chat.wait(20_000);
    assert!(!chat.hears(&ann, "cat"), "{:?}", chat.nodes["a"].heard);
    chat.says(&ann, "x | server | list_clients | no data");
    assert!(chat.hears(&ann, "cat"), "and yet they are here, {cat:?}");
    chat.agrees();
}

#[test]
fn a_client_takes_its_name_back_on_another_node_before_the_first_is_missed() {
    let mut chat = Chat::begun();
    let token = "session | 00112233445566778899aabbccddeeff";
    let cat = chat.connect("c", None);
    chat.says(&cat, &format!("x | server | {token}"));
    chat.says(&cat, "x | server | name | cat");
    assert!(chat.hears(&cat, "connection_confirmation"));
    chat.nodes.remove("c");
    let again = chat.connect("b", None);
    chat.says(&again, &format!("x | server | {token}"));
    chat.says(&again, "x | server | name | cat");
    assert!(chat.hears(&again, "connection_confirmation"), "{:?}", chat.nodes["b"].heard);
    chat.agrees();
}

#[test]
fn a_node_that_is_out_of_touch_sends_its_people_elsewhere_and_serves_again_when_it_hears() {
    let mut chat = Chat::begun();
    let (ann, bob) = (chat.joins("a", "ann"), chat.joins("b", "bob"));
    chat.nodes.get_mut("b").unwrap().hears = false;
    chat.wait(4000);
    assert!(!chat.hears(&bob, "elsewhere") && chat.hears(&bob, "has not heard the others"));
    assert!(!chat.hears(&ann, "has not heard the others"), "it is one node's matter");
    chat.says(&bob, "@ref=1 x | all clients | broadcast | is anybody there");
    chat.wait(8000);
    assert!(chat.hears(&bob, "refused | elsewhere") && chat.hears(&bob, "closed"));
    assert!(!chat.hears(&ann, "is anybody there"), "it was never taken");
    chat.nodes.get_mut("b").unwrap().hears = true;
    chat.wait(4000);
    chat.forget();
    let bob = chat.joins("b", "bob");
    chat.says(&bob, "@ref=1 x | all clients | broadcast | here i am");
    assert!(chat.hears(&bob, "| accepted") && chat.hears(&ann, "here i am"));
    chat.agrees();
}

#[test]
fn who_does_not_answer_a_ping_is_cut_also_where_the_log_has_what_was_last_said() {
    let mut chat = Chat::begun();
    let (ann, bob) = (chat.joins("a", "ann"), chat.joins("b", "bob"));
    chat.says(&ann, "@ref=1 x | all clients | broadcast | hello");
    chat.wait(62_000);
    assert!(chat.hears(&ann, "| ping |") && chat.hears(&bob, "| ping |"));
    chat.says(&ann, "x | server | pong | no data");
    chat.wait(30_000);
    assert!(chat.hears(&bob, "closed") && !chat.hears(&ann, "closed"), "{:?}", chat.nodes["b"].heard);
    chat.agrees();
}

#[test]
fn who_was_told_that_a_node_is_behind_is_told_that_it_is_not_any_longer() {
    let mut chat = Chat::begun();
    let bob = chat.joins("b", "bob");
    chat.nodes.get_mut("b").unwrap().hears = false;
    chat.wait(6000);
    assert!(chat.hears(&bob, "has not heard the others") && !chat.hears(&bob, "hears the others again"));
    chat.nodes.get_mut("b").unwrap().hears = true;
    chat.wait(2000);
    assert!(chat.hears(&bob, "hears the others again") && !chat.hears(&bob, "closed"));
    chat.agrees();
}

#[test]
fn new_rules_hold_on_all_nodes_from_the_same_place_on_and_after_a_start_with_others() {
    let mut chat = Chat::begun();
    let ann = chat.joins("a", "ann");
    let closed = Rules { registration: Registration::Closed, ..rules() };
    let shared = SharedRules::of(&closed, Retention { days: Some(7), messages: None });
    assert!(chat.nodes.get_mut("a").unwrap().replica.agree([2; 32], shared.clone()));
    chat.settle();
    for at in ["a", "b", "c"] {
        let late = chat.connect(at, Some(b'l'));
        chat.says(&late, "x | server | name | late");
        assert!(chat.hears(&late, "registration_closed"), "{at}: {:?}", chat.nodes[at].heard);
    }
    chat.says(&ann, "@ref=1 x | all clients | broadcast | we are few");
    assert!(chat.hears(&ann, "| accepted"));
    // It starts with the file as it was before.
    let dead = chat.nodes.remove("c").unwrap();
    chat.wait(10_000);
    chat.starts_again("c", dead);
    assert_eq!(chat.nodes["c"].replica.broker().shared_rules(), Some(&shared));
    chat.settle();
    chat.agrees();
}

#[test]
fn a_node_that_stood_still_lets_go_of_everybody_and_nothing_of_them_stays() {
    let mut chat = Chat::begun();
    let (bob, nobody) = (chat.joins("b", "bob"), chat.connect("b", Some(b'n')));
    let node = chat.nodes.get_mut("b").unwrap();
    (node.hears, node.stands_still) = (false, true);
    chat.wait(12_000);
    // What it is asked before it learns of its end never counts.
    let late = chat.connect("b", Some(b'l'));
    chat.says(&late, "x | server | name | late");
    let node = chat.nodes.get_mut("b").unwrap();
    (node.hears, node.stands_still) = (true, false);
    chat.wait(4000);
    for who in [&bob, &nobody, &late] {
        assert!(chat.hears(who, "closed"), "{who:?} is let go of");
        chat.take("b", Input::Disconnected(who.1, "connection closed"));
    }
    chat.agrees();
    let broker = chat.nodes["b"].replica.broker();
    let (census, is_idle) = (broker.census(), broker.is_idle());
    assert!(is_idle && census.unnamed == 0 && census.open.values().all(|count| *count == 0), "{census:?}");
    let bob = chat.joins("b", "bob");
    assert!(!chat.hears(&bob, "closed"));
}

#[test]
fn no_secret_that_somebody_gives_is_in_the_log() {
    let mut chat = Chat::begun();
    let ann = chat.connect("a", Some(b'a'));
    chat.says(&ann, "x | server | code | absent-minded-professor");
    chat.says(&ann, "x | server | moderator | correct-horse");
    chat.take("a", Input::Checked(ann.1, true));
    chat.says(&ann, "x | server | name | ann");
    assert!(chat.hears(&ann, "connection_confirmation"));
    let log: Vec<u8> = chat.log.concat();
    let has = |word: &str| log.windows(word.len()).any(|part| part == word.as_bytes());
    assert!(has("name | ann"), "what is looked for could be found");
    assert!(!has("professor") && !has("horse"));
    chat.agrees();
}
