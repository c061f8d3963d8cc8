//! The store on disk, the one in memory, and the simple one of the broker's transcripts give the same answers to the
//! same jobs.

use proptest::prelude::*;
use tr2::model::{Identity, MessageId, Reaction, Text, Timestamp};
use tr2::protocol::{Query, Span};
use tr2::server::broker::Input;
use tr2::server::store::api::{
    Alteration, ConversationId, Deletion, Fact, Job, OwnBound, Owner, Proof, Question, ReactionRemoval, Recipient,
    Requester, Revision, Update, What,
};
use tr2::server::store::{Durability, Options, Report};

use crate::chat::{Chat, name, with};
use crate::modlog::act;
use crate::serving::Folder;
use crate::simple_store::SimpleStore;

const USERS: [&str; 3] = ["ann", "ben", "cem"];
const PLACES: [&str; 6] = ["everyone", "#ops", "#lab", "ann", "ben", "cem"];
const QUERIES: [&str; 9] =
    ["t1", "t*", "from:ann", "from:ben t1", "in:#ops t0", "in:#lab", "in:everyone from:cem", "in:ann", "in:#no t1"];

#[derive(Clone, Debug)]
enum Step {
    Say { from: usize, to: usize, text: u8, reference: Option<u8>, me_too: bool },
    Delete { within: usize, id: u64 },
    Answer { from: usize, to: usize, id: u64, reference: Option<u8> },
    Change { by: usize, within: usize, id: u64, how: u8, text: u8, own: u8, reference: Option<u8> },
    Join { user: usize, room: usize },
    Leave { user: usize, room: usize },
    MarkAll { user: usize, with: usize },
    Log { room: Option<usize>, subject: usize },
    Own { user: usize, proofs: u8 },
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (0..3usize, 0..6usize, 0..3u8, prop::option::of(0..5u8), any::<bool>())
            .prop_map(|(from, to, text, reference, me_too)| Step::Say { from, to, text, reference, me_too }),
        3 => (0..6usize, 1..40u64).prop_map(|(within, id)| Step::Delete { within, id }),
        3 => (0..3usize, 0..6usize, 1..40u64, prop::option::of(0..5u8))
            .prop_map(|(from, to, id, reference)| Step::Answer { from, to, id, reference }),
        8 => (0..3usize, 0..6usize, 1..40u64, 0..8u8, 0..7u8, 0..9u8, prop::option::of(0..4u8))
            .prop_map(|(by, within, id, how, text, own, reference)| {
                Step::Change { by, within, id, how, text, own, reference }
            }),
        2 => (0..3usize, 1..3usize).prop_map(|(user, room)| Step::Join { user, room }),
        1 => (0..3usize, 1..3usize).prop_map(|(user, room)| Step::Leave { user, room }),
        1 => (0..3usize, 0..6usize).prop_map(|(user, with)| Step::MarkAll { user, with }),
        1 => (prop::option::of(1..3usize), 0..3usize).prop_map(|(room, subject)| Step::Log { room, subject }),
        2 => (0..3usize, 0..8u8).prop_map(|(user, proofs)| Step::Own { user, proofs }),
        1 => Just(Step::Restart),
    ]
}

/// Gives a job to both stores and compares what they report.
fn both(chat: &Chat, simple_store: &mut SimpleStore, job: Job) {
    let wanted = simple_store.does(job.clone());
    chat.submit(job);
    let told = wanted.as_ref().map(|_| chat.report());
    match (told, wanted) {
        (None, None) => {}
        (Some(Report::Stored(told)), Some(Input::Stored(wanted))) => assert_eq!(told, wanted),
        (Some(Report::Promised(told)), Some(Input::Promised(wanted))) => assert_eq!(told, wanted),
        (Some(Report::Deleted(told)), Some(Input::Deleted(wanted))) => assert_eq!(told, wanted),
        (Some(Report::Changed(told)), Some(Input::Changed(wanted))) => assert_eq!(told, wanted),
        (Some(Report::Answered(told)), Some(Input::Answered(wanted))) => {
            let text =
                |answer: &tr2::server::store::api::Answer| String::from_utf8(answer.lines.clone().unwrap()).unwrap();
            assert_eq!(text(&told), text(&wanted));
        }
        other => panic!("{other:?}"),
    }
}

/// Asks every question, as each user.
fn ask_all(chat: &Chat, simple_store: &mut SimpleStore, span: Span) {
    for user in USERS {
        let mut asked = vec![What::Conversations];
        asked.extend(PLACES.map(|place| What::Page { with: with(place), span }));
        asked.extend(PLACES.map(|place| What::Changes { with: with(place), span }));
        for query in QUERIES {
            asked.push(What::Found(Query::parse(query, &tr2::model::Zone::default()).unwrap()));
        }
        for room in [None, Some(crate::chat::room("#ops"))] {
            asked.extend([true, false].map(|whole| What::Modlog { room: room.clone(), whole, span }));
        }
        for what in asked {
            for plain in [false, true] {
                let Job::Ask(question) = chat.question(user, what.clone()) else { unreachable!() };
                both(chat, simple_store, Job::Ask(Question { plain, ..question }));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_simple_store_gives_the_same_answers(
        steps in prop::collection::vec(step(), 1..50),
        limit in 1..9usize,
        since in prop::option::of(0..40u64),
        before in prop::option::of(0..40u64),
        in_memory in any::<bool>(),
    ) {
        let folder = Folder::new();
        // The store is always closed properly here, so nothing needs to wait for the disk.
        let durability = if in_memory { Durability::Memory } else { Durability::Normal };
        let options = Options { durability, ..Options::default() };
        let mut chat = Chat::open_with(folder.path(), options, "");
        let mut simple_store = SimpleStore::default();
        for user in USERS {
            both(&chat, &mut simple_store, Job::Know(name(user)));
        }
        for step in steps {
            match step {
                Step::Say { from, to, text, reference, me_too } => {
                    let mut record = chat.record(USERS[from], PLACES[to], &format!("t{text}"));
                    record.reference = reference.map(|reference| reference.to_string());
                    if let Recipient::Everyone { me_too: loud } | Recipient::Room { me_too: loud, .. } = &mut record.to {
                        *loud = me_too;
                    }
                    both(&chat, &mut simple_store, Job::Append(vec![record]));
                }
                Step::Delete { within, id } => {
                    let (requester, by, within) = (Requester(7), name("Mod"), with(PLACES[within]));
                    let (id, reason) = (MessageId(id), Text::line("rude"));
                    let number = MessageId(chat.next_number());
                    both(&chat, &mut simple_store,
                        Job::Delete(Deletion { requester, reference: None, by, within, id, reason, number, spared: Vec::new(), time: Timestamp(chat.time), outcome: None }));
                }
                Step::Answer { from, to, id, reference } => {
                    let mut record = chat.record(USERS[from], PLACES[to], "t0 answer");
                    record.extra.reply = Some(MessageId(id));
                    record.reference = reference.map(|reference| reference.to_string());
                    both(&chat, &mut simple_store, Job::Append(vec![record]));
                }
                Step::Change { by, within, id, how, text, own, reference } => {
                    let reaction = Reaction::parse(&format!("r{text}")).unwrap();
                    let how = match how {
                        0 | 1 => Alteration::Edit(Text::line(&format!("t{text} edited"))),
                        2 => Alteration::Retract,
                        3 | 4 => Alteration::React(reaction),
                        5 => Alteration::Unreact(reaction),
                        how => {
                            let of = (how == 6).then(|| name(USERS[usize::from(own) % 3]));
                            let spared = if own < 3 { vec![name("cem").folded()] } else { Vec::new() };
                            Alteration::Remove(ReactionRemoval { reaction, of, spared, reason: Text::line("rude") })
                        }
                    };
                    let since = if own == 0 { Timestamp(chat.time - 3 * crate::chat::MINUTE) } else { Timestamp(0) };
                    let after = MessageId(if own == 1 { 20 } else { 0 });
                    let own = OwnBound { since, verified: own == 2, after };
                    let (by, within, id) = (name(USERS[by]), with(PLACES[within]), MessageId(id));
                    let (number, time) = (MessageId(chat.next_number()), Timestamp(chat.time));
                    let (requester, reference) = (Requester(7), reference.map(|reference| reference.to_string()));
                    let label = reference.clone();
                    let change = Revision { requester, reference, label, by, within, id, number, time, how, own, outcome: None };
                    both(&chat, &mut simple_store, Job::Change(change));
                }
                Step::Join { user, room } => {
                    chat.leave(USERS[user], PLACES[room]);
                    chat.join(USERS[user], PLACES[room]);
                }
                Step::Leave { user, room } => chat.leave(USERS[user], PLACES[room]),
                Step::MarkAll { user, with: place } => {
                    let with = with(PLACES[place]);
                    let id = simple_store.last_of(&name(USERS[user]), &with);
                    both(&chat, &mut simple_store, Job::Mark { user: name(USERS[user]), with, id });
                }
                Step::Log { room, subject } => {
                    let (by, done) = act("ann", &format!("ban {} - on why", ["bob", "192.0.2.7", "-"][subject]));
                    let room = room.map(|room| crate::chat::room(PLACES[room]).0);
                    let time = Timestamp(chat.time);
                    both(&chat, &mut simple_store, Job::Promise(vec![Update::Log(tr2::server::store::api::LoggedAct { time, by, room, done })]));
                }
                Step::Own { user, proofs } => {
                    let all = (0..3).filter(|bit| proofs & 1 << bit != 0);
                    let proof = |bit| Proof { identity: Identity::Uid(bit), login: None, since: Timestamp(1) };
                    // The place of an invitation is taken together with the name.
                    let place = Update::Fact(Fact { kind: "invitation", key: "a3f9".into(), value: Some(proofs.to_string()) });
                    let owner = Owner { name: name(USERS[user]), since: Timestamp(1), proofs: all.map(proof).collect() };
                    both(&chat, &mut simple_store, Job::Promise(vec![Update::Own(owner), place]));
                }
                Step::Restart if in_memory => {}
                Step::Restart => chat.reopen(),
            }
        }
        ask_all(&chat, &mut simple_store, Span { since: since.map(MessageId), before: before.map(MessageId), limit });
        if !in_memory {
            chat.indexed();
        }
        ask_all(&chat, &mut simple_store, Span::default());
        // A room's name alone gives no access.
        let forged = ConversationId::Room(crate::chat::room("#ops").0, crate::chat::room("#lab").1);
        both(&chat, &mut simple_store, chat.question("cem", What::Page { with: forged, span: Span::default() }));
    }
}
