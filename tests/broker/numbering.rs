//! The numbers of messages, and of everything else that one is told, say nothing about what one may not see.

use std::time::Duration;

use tr2::model::MessageId;
use tr2::protocol::Envelope;
use tr2::server::broker::rules::Beginning;
use tr2::server::ids::ConnId;
use tr2::server::limits::NUMBERS_OF_A_MILLISECOND;

use crate::simple_store::SimpleStore;
use crate::transcript::rules;
use crate::world::{Round, World};

struct Talk {
    world: World<SimpleStore>,
    carol: ConnId,
    hidden: ConnId,
}

impl Talk {
    fn new(secret: u8, last_id: u64) -> Self {
        let beginning = Beginning { last_id: MessageId(last_id), secret: [secret; 32], ..Beginning::default() };
        let mut world = World::new(rules(), beginning, SimpleStore::default());
        let carol = world.join("carol");
        world.join("anna");
        let hidden = world.join("bob");
        Self { world, carol, hidden }
    }

    /// Carol says something to everyone, and is told its number.
    fn number(&mut self) -> u64 {
        accepted(&self.world.say(self.carol, "carol | all clients | broadcast | hi"), self.carol)
    }

    /// Others talk where carol hears nothing of it.
    fn whisper(&mut self, count: usize) -> Vec<u64> {
        let said = |_| accepted(&self.world.say(self.hidden, "bob | anna | private_message | psst"), self.hidden);
        (0..count).map(said).collect()
    }

    fn wait(&mut self, time: Duration) {
        self.world.now.wall = self.world.now.wall.after(time);
        self.world.now.steady = self.world.now.steady.after(time);
    }
}

fn accepted(round: &Round, conn: ConnId) -> u64 {
    let line = round.of(conn).find(|line| line.contains("| accepted")).unwrap();
    Envelope::parse(line.as_bytes()).unwrap().id.unwrap().0
}

#[test]
fn the_gap_between_two_numbers_is_the_time_whatever_was_said_in_between() {
    for hidden in [0, 1, 20, 500] {
        let mut talk = Talk::new(7, 0);
        let first = talk.number();
        talk.whisper(hidden / 2);
        talk.wait(Duration::from_millis(40));
        talk.whisper(hidden / 2);
        talk.wait(Duration::from_millis(60));
        let second = talk.number();
        let ms = |number| number / NUMBERS_OF_A_MILLISECOND;
        assert_eq!(ms(second) - ms(first), 100, "{hidden}");
        assert_eq!(i64::try_from(ms(second)).unwrap(), talk.world.now.wall.0, "{hidden}");
        // A double-precision number holds it.
        assert!(second < 1 << 53);
    }
}

#[test]
fn within_a_millisecond_the_numbers_cannot_be_foreseen() {
    let numbers = |secret| {
        let mut talk = Talk::new(secret, 0);
        (0..50).map(|_| talk.number()).collect::<Vec<_>>()
    };
    let (one, other) = (numbers(1), numbers(2));
    assert_ne!(one, other);
    assert_eq!(one, numbers(1));
    for numbers in [one, other] {
        let gaps: Vec<u64> = numbers.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(gaps.iter().all(|gap| (2..=9).contains(gap)), "{gaps:?}");
        let mut kinds = gaps.clone();
        kinds.sort_unstable();
        kinds.dedup();
        assert!(kinds.len() > 5, "{gaps:?}");
    }
    // The first of a millisecond does not show itself either.
    let mut talk = Talk::new(3, 0);
    let firsts = (0..50).map(|_| {
        talk.wait(Duration::from_millis(1));
        talk.number() % NUMBERS_OF_A_MILLISECOND
    });
    assert!(firsts.filter(|first| *first > 9).count() > 40);
}

#[test]
fn numbers_grow_although_the_clock_goes_back_or_more_is_said_than_there_are_numbers() {
    let mut talk = Talk::new(7, 0);
    let mut last = talk.number();
    talk.world.now.wall.0 -= 1000 * 60 * 60;
    // They go on by the steady clock, and do not count.
    for hidden in [0, 10, 200] {
        talk.whisper(hidden);
        talk.wait(Duration::from_millis(500));
        let number = talk.number();
        assert_eq!(number / NUMBERS_OF_A_MILLISECOND - last / NUMBERS_OF_A_MILLISECOND, 500, "{hidden}");
        last = number;
    }
    let flood = talk.whisper(1000);
    assert!(flood[0] > last && flood.windows(2).all(|pair| pair[0] < pair[1]));
    // The clock catches up.
    talk.wait(Duration::from_millis(20));
    assert_eq!(talk.number() / NUMBERS_OF_A_MILLISECOND - last / NUMBERS_OF_A_MILLISECOND, 20);
    // After a restart whose clock is behind.
    let mut later = Talk::new(8, last + 5 * NUMBERS_OF_A_MILLISECOND);
    let (first, second) = (later.number(), later.number());
    assert!(first > last + 5 * NUMBERS_OF_A_MILLISECOND && second > first);
    later.whisper(100);
    later.wait(Duration::from_secs(1));
    assert_eq!((later.number() - first) / NUMBERS_OF_A_MILLISECOND, 1000);
    // A number so high that none is left stays the highest.
    assert_eq!(Talk::new(9, u64::MAX).number(), u64::MAX);
}

#[test]
fn answers_tell_nothing_of_what_others_ask_and_say() {
    let mut heard = Vec::new();
    for hidden in [0, 30] {
        let mut talk = Talk::new(7, 0);
        talk.whisper(hidden);
        for _ in 0..hidden {
            talk.world.say(talk.hidden, "bob | anna | history | limit=1");
        }
        talk.wait(Duration::from_millis(50));
        let mut all = String::new();
        for asked in [
            "carol | all clients | read | 9007199254740000",
            "carol | bob | read | 9007199254740000",
            "carol | all clients | history | limit=5",
            "carol | server | search | psst",
            "carol | bob | history | limit=5",
            "carol | server | conversations",
            "carol | server | list_clients",
        ] {
            let round = talk.world.say(talk.carol, asked);
            all.extend(round.of(talk.carol));
        }
        heard.push(all);
    }
    assert_eq!(heard[0], heard[1]);
}
