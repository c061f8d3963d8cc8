//! Transcripts of new rules for a running broker: they hold at once and for everyone.

use std::time::Duration;

use expect_test::expect;
use tr2::model::Text;
use tr2::server::broker::rules::Rules;

use crate::check;
use crate::transcript::rules;

#[test]
fn moderators_come_and_go_with_the_rules() {
    check(
        rules(),
        expect![[r#"
            log
            carol> connects    carol> name carol    bob> connects key b    bob> name bob
            carol< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            carol< @time=2026-11-22T12:00:00.000Z server | carol | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40001)
            carol< @verified=yes server | all clients | joined | bob
            bob< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            bob< @time=2026-11-22T12:00:00.000Z;verified=yes server | bob | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40002)
            log: event=connected conn=1 from=tcp://127.0.0.1:40001
            log: event=joined conn=1 from=tcp://127.0.0.1:40001 name=carol dialect=TR2.26 proof=-
            log: event=connected conn=2 from=tls://10.0.0.1:40002
            log: event=proved conn=2 proof=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            log: event=name_bound name=bob proofs=1
            log: event=joined conn=2 from=tls://10.0.0.1:40002 name=bob dialect=TR2.26 proof=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            carol> carol | server | moderator | pass
            check: pass (of carol)
            carol! right
            carol< server | carol | moderator | You are now a moderator.
            log: event=moderator conn=1 from=tcp://127.0.0.1:40001 name=carol trusted=false
            moderators are bob carol
            bob< server | bob | moderator | You are now a moderator.
            log: event=moderator conn=2 from=tls://10.0.0.1:40002 name=bob trusted=false
            bob> @ref=1 x | server | invite    carol> @ref=2 x | server | invite
            carol< @ref=2 server | carol | invited | 600 solut-mutis-tigon-hivur-bohad
            bob< @ref=1 server | bob | invited | 600 pifod-dugoj-zozom-zojor-zasaf
            log: event=invited conn=2 name=bob invitation=8035 people=1 seconds=600
            log: event=invited conn=1 name=carol invitation=fdf4 people=1 seconds=600
            moderators are
            bob< server | bob | demoted | You are no longer a moderator.
            log: event=moderator_no_more conn=2 name=bob
            bob> @ref=3 x | server | invite    carol> @ref=4 x | server | invite
            carol< @ref=4 server | carol | invited | 600 vokuf-lupuj-dovov-sapol-nuhif
            bob< @ref=3 server | bob | refused | not_moderator Only a moderator may invite a new user; /invite-key makes a code for another key of your own.
            log: event=invited conn=1 name=carol invitation=59dc people=1 seconds=600
            dan> connects key d    dan> @ref=7 x | server | code | pifod-dugoj-zozom-zojor-zasaf    dan> @ref=8 x | server | code | solut-mutis-tigon-hivur-bohad
            dan< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            dan< @ref=7 server | client | refused | wrong_code This code is wrong, or not valid any more; ask for another one.
            dan< @ref=8 server | client | code | The code is valid; give your name.
            log: event=connected conn=3 from=tls://10.0.0.1:40003
            log: event=proved conn=3 proof=SHA256:ZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGQ
            log: event=passphrase_refused conn=3 from=tls://10.0.0.1:40003 name=- code=wrong_code
            bob> @ref=5 x | server | close_server
            bob< @ref=5 server | bob | refused | not_moderator Only a moderator may close the server; give the moderator passphrase first.
            moderators are bob
            bob< server | bob | moderator | You are now a moderator.
            log: event=moderator conn=2 from=tls://10.0.0.1:40002 name=bob trusted=false
            bob> @ref=6 x | server | close_server
            carol< server | all clients | broadcast | server closed
            carol.
            bob< server | all clients | broadcast | server closed
            bob.
            dan< server | all clients | broadcast | server closed
            dan.
            log: event=closing by=bob
        "#]],
    );
}

#[test]
fn timeouts_and_tries_follow_the_rules() {
    check(
        Rules {
            name_deadline: Duration::from_secs(3),
            ping_after: Duration::from_secs(5),
            cut_after: Duration::from_secs(7),
            passphrase_tries: 1,
            welcome: Some(Text::block("Mind the cat.\nIt bites.")),
            ..rules()
        },
        expect![[r#"
            slow> connects    bob> connects    bob> name bob    old> connects TR2.23    old> name old
            slow< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            bob< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            bob< @time=2026-11-22T12:00:00.000Z server | bob | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40002)
            bob< server | bob | private_message | Mind the cat.\nIt bites.
            bob< server | all clients | joined | old
            old< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            old<< server | old | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40003)
            old<< server | old | private_message | Mind the cat.
            old<< server | old | private_message | It bites.
            bob> @ref=1 bob | server | moderator | pass
            check: pass (of bob)
            bob! wrong
            bob< @ref=1 server | bob | refused | wrong_passphrase Wrong moderator passphrase.
            bob> @ref=2 bob | server | moderator | pass
            bob< @ref=2 server | bob | refused | too_many_tries Too many tries; wait a minute.
            +3s
            slow< server | client | connection_error | No name was given in time; connect again.
            slow.
            +2s
            bob< server | bob | ping | 5000
            +2s
            bob< server | bob | refused | too_slow Nothing was received from you for too long; connect again.
            bob.
        "#]],
    );
}
