//! Transcripts of a server that is one of several nodes: clients are told of the others, and are sent to them.

use expect_test::expect;
use tr2::server::broker::rules::Rules;

use crate::check;
use crate::transcript::rules;

fn of_three() -> Rules {
    let nodes = ["tls://a.example", "tls://b.example", "tls://c.example:7123"];
    Rules { nodes: nodes.iter().map(|node| node.parse().unwrap()).collect(), ..rules() }
}

#[test]
fn clients_that_know_of_nodes_are_told_after_the_name_and_when_they_change() {
    check(
        of_three(),
        expect![[r#"
            new> connects    new> x | server | capabilities | nodes    new> name new
            new< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay nodes
            new< @time=2026-11-22T12:00:00.000Z server | new | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40001)
            new< server | new | nodes | tls://a.example:1235 tls://b.example:1235 tls://c.example:7123
            old> connects    old> name old
            new< server | all clients | joined | old
            old< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay nodes
            old< @time=2026-11-22T12:00:00.000Z server | old | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40002)
            late> connects    late> name late
            new< server | all clients | joined | late
            old< server | all clients | joined | late
            late< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay nodes
            late< @time=2026-11-22T12:00:00.000Z server | late | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40003)
            first> connects TR2.23    first> name first
            new< server | all clients | joined | first
            old< server | all clients | joined | first
            late< server | all clients | joined | first
            first< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay nodes
            first<< server | first | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40004)
            late> x | server | capabilities | reply nodes
            late< server | late | nodes | tls://a.example:1235 tls://b.example:1235 tls://c.example:7123
            nameless> connects    nameless> x | server | capabilities | nodes
            nameless< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay nodes
            the nodes are tls://a.example
            new< server | new | nodes | tls://a.example:1235
            late< server | late | nodes | tls://a.example:1235
            the nodes are tls://a.example
            edits for 2h
            the nodes are
            new< server | new | nodes | no data
            late< server | late | nodes | no data
            nameless> name nameless
            new< server | all clients | joined | nameless
            old< server | all clients | joined | nameless
            late< server | all clients | joined | nameless
            nameless< @time=2026-11-22T12:00:00.000Z server | nameless | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40005)
        "#]],
    );
}

#[test]
fn a_server_that_stands_alone_says_nothing_of_nodes() {
    check(
        rules(),
        expect![[r#"
            new> connects    new> x | server | capabilities | nodes    new> name new
            new< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            new< @time=2026-11-22T12:00:00.000Z server | new | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40001)
            the nodes are tls://a.example tls://b.example
            new< server | new | nodes | tls://a.example:1235 tls://b.example:1235
            next> connects    next> name next
            new< server | all clients | joined | next
            next< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay nodes
            next< @time=2026-11-22T12:00:00.000Z server | next | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40002)
        "#]],
    );
}

#[test]
fn a_node_that_withdraws_sends_everybody_elsewhere_until_it_returns() {
    check(
        of_three(),
        expect![[r#"
            log
            bob> connects key b    bob> name bob    ann> connects    ann> name ann    old> connects TR2.23    old> name old
            bob< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay nodes
            bob< @time=2026-11-22T12:00:00.000Z;verified=yes server | bob | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40001)
            ann< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay nodes
            ann< @time=2026-11-22T12:00:00.000Z server | ann | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40002)
            ann< server | all clients | joined | old
            ann< @verified=yes server | all clients | joined | bob
            old< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay nodes
            old<< server | old | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40003)
            log: event=connected conn=1 from=tls://10.0.0.1:40001
            log: event=proved conn=1 proof=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            log: event=connected conn=2 from=tcp://127.0.0.1:40002
            log: event=joined conn=2 from=tcp://127.0.0.1:40002 name=ann dialect=TR2.26 proof=-
            log: event=connected conn=3 from=tcp://127.0.0.1:40003
            log: event=joined conn=3 from=tcp://127.0.0.1:40003 name=old dialect=TR2.23 proof=-
            log: event=name_bound name=bob proofs=1
            log: event=joined conn=1 from=tls://10.0.0.1:40001 name=bob dialect=TR2.26 proof=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            typing> connects    typing> x | server | ping | 1    silent> connects silent    first> connects TR2.23
            typing< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay nodes
            typing< server | client | pong | 1
            silent< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay nodes
            first< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay nodes
            log: event=connected conn=4 from=tcp://127.0.0.1:40004
            log: event=connected conn=5 from=tcp://127.0.0.1:40005
            log: event=connected conn=6 from=tcp://127.0.0.1:40006
            withdraws: This server is out of touch with the others.
            bob< server | bob | refused | elsewhere This server is out of touch with the others.
            bob.
            ann< server | ann | refused | elsewhere This server is out of touch with the others.
            ann.
            old<< server | old | private_message | This server is out of touch with the others.
            old.
            typing< server | client | refused | elsewhere This server is out of touch with the others.
            typing.
            silent< server | client | refused | elsewhere This server is out of touch with the others.
            silent.
            first<< server | client | connection_error | This server is out of touch with the others.
            first.
            log: event=withdrawn text="This server is out of touch with the others."
            log: event=left conn=1 from=tls://10.0.0.1:40001 name=bob why="sent elsewhere"
            log: event=left conn=2 from=tcp://127.0.0.1:40002 name=ann why="sent elsewhere"
            log: event=left conn=3 from=tcp://127.0.0.1:40003 name=old why="sent elsewhere"
            log: event=left conn=4 from=tcp://127.0.0.1:40004 name=- why="sent elsewhere"
            log: event=left conn=5 from=tcp://127.0.0.1:40005 name=- why="sent elsewhere"
            log: event=left conn=6 from=tcp://127.0.0.1:40006 name=- why="sent elsewhere"
            bob> @ref=1 x | all clients | broadcast | lost?
            next> connects    next> name next    orig> connects TR2.23    orig> name orig    quiet> connects silent
            next< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay nodes
            next< server | client | refused | elsewhere This server is out of touch with the others.
            next.
            orig< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay nodes
            orig<< server | client | connection_error | This server is out of touch with the others.
            orig.
            quiet< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay nodes
            log: event=connected conn=7 from=tcp://127.0.0.1:40007
            log: event=left conn=7 from=tcp://127.0.0.1:40007 name=- why="sent elsewhere"
            log: event=connected conn=8 from=tcp://127.0.0.1:40008
            log: event=left conn=8 from=tcp://127.0.0.1:40008 name=- why="sent elsewhere"
            log: event=connected conn=9 from=tcp://127.0.0.1:40009
            returns
            log: event=returned
            bob> connects key b    bob> name bob
            bob< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay nodes
            bob< @time=2026-11-22T12:00:00.000Z;verified=yes server | bob | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40010)
            log: event=connected conn=10 from=tls://10.0.0.1:40010
            log: event=proved conn=10 proof=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            log: event=joined conn=10 from=tls://10.0.0.1:40010 name=bob dialect=TR2.26 proof=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            bob> @ref=1 x | all clients | broadcast | lost?
            bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes bob | all clients | broadcast | lost?
            bob< @ref=1;id=1795348800000;time=2026-11-22T12:00:00.000Z server | bob | accepted
            returns
        "#]],
    );
}

#[test]
fn what_was_not_accepted_before_the_end_is_accepted_once_when_it_is_sent_again() {
    check(
        of_three(),
        expect![[r#"
            bob> connects key b    bob> name bob
            bob< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay nodes
            bob< @time=2026-11-22T12:00:00.000Z;verified=yes server | bob | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40001)
            store waits
            bob> @ref=1 x | all clients | broadcast | under way
            withdraws: This server drains.
            bob< server | bob | refused | elsewhere This server drains.
            bob.
            store answers
            returns
            bob> connects key b    bob> name bob    bob> @ref=1 x | all clients | broadcast | under way
            bob< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay nodes
            bob< @time=2026-11-22T12:00:00.000Z;verified=yes server | bob | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40002)
            bob< @ref=1;id=1795348800000;time=2026-11-22T12:00:00.000Z server | bob | accepted
            bob> x | all clients | history | no data
            bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z;batch=history-1;verified=yes bob | all clients | broadcast | under way
            bob< @batch=history-1 server | bob | history_end
        "#]],
    );
}
