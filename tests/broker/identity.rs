//! Transcripts of identity: who gets which name, who takes it over, and how keys and codes are managed.

use expect_test::expect;
use tr2::model::Name;
use tr2::server::broker::rules::{Registration, Rules};

use crate::check;
use crate::transcript::{play, rules};

fn with_root(registration: Registration) -> Rules {
    Rules { moderators: vec![Name::parse("root").unwrap()], registration, ..rules() }
}

#[test]
fn a_name_belongs_to_the_first_verified_user() {
    check(
        rules(),
        expect![[r#"
            log
            ann> connects key a    ann> name Ann
            ann< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            ann< @time=2026-11-22T12:00:00.000Z;verified=yes server | Ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40001)
            log: event=connected conn=1 from=tls://10.0.0.1:40001
            log: event=proved conn=1 proof=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            log: event=name_bound name=Ann proofs=1
            log: event=joined conn=1 from=tls://10.0.0.1:40001 name=Ann dialect=TR2.26 proof=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            ann> leaves
            log: event=left conn=1 from=tls://10.0.0.1:40001 name=Ann why="connection closed"
            claim> connects    claim> name ann
            claim< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            claim< server | client | refused | name_bound The name ann has an owner. If that is you, connect as you did before, over tls://, ssh:// or the server's socket file: this connection does not verify you. Otherwise choose another name.
            claim.
            log: event=connected conn=2 from=tcp://127.0.0.1:40002
            log: event=name_refused conn=2 from=tcp://127.0.0.1:40002 name=ann code=name_bound
            log: event=left conn=2 from=tcp://127.0.0.1:40002 name=- why="name refused"
            other> connects key b    other> name ANN
            other< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            other< server | client | refused | name_bound The name ANN has an owner. If that is you, make a code with /invite-key in a session that owns it, and join with that code. Otherwise choose another name.
            other.
            log: event=connected conn=3 from=tls://10.0.0.1:40003
            log: event=proved conn=3 proof=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            log: event=name_refused conn=3 from=tls://10.0.0.1:40003 name=ANN code=name_bound
            log: event=left conn=3 from=tls://10.0.0.1:40003 name=- why="name refused"
            alike> connects key b    alike> name Anп
            alike< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            alike< server | client | refused | bad_name A name is written in one script; this one mixes several.
            alike.
            log: event=connected conn=4 from=tls://10.0.0.1:40004
            log: event=proved conn=4 proof=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            log: event=name_refused conn=4 from=tls://10.0.0.1:40004 name="Anп" code=bad_name
            log: event=left conn=4 from=tls://10.0.0.1:40004 name=- why="name refused"
            look> connects key b    look> name Ɑnn
            look< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            look< server | client | refused | bad_name A name is made of letters, digits, '-', '_' and '.'.
            look.
            log: event=connected conn=5 from=tls://10.0.0.1:40005
            log: event=proved conn=5 proof=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            log: event=name_refused conn=5 from=tls://10.0.0.1:40005 name="Ɑnn" code=bad_name
            log: event=left conn=5 from=tls://10.0.0.1:40005 name=- why="name refused"
            old> connects TR2.23    old> name ann
            old< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            old<< server | new_client: ann | connection_error | The name ann has an owner. If that is you, connect as you did before, over tls://, ssh:// or the server's socket file: this connection does not verify you. Otherwise choose another name.
            old.
            log: event=connected conn=6 from=tcp://127.0.0.1:40006
            log: event=name_refused conn=6 from=tcp://127.0.0.1:40006 name=ann code=name_bound
            log: event=left conn=6 from=tcp://127.0.0.1:40006 name=- why="name refused"
            far> connects tls    far> name ann
            far< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            far< server | client | refused | name_bound The name ann has an owner. If that is you, connect as you did before, over tls://, ssh:// or the server's socket file: this connection does not verify you. Otherwise choose another name.
            far.
            log: event=connected conn=7 from=tls://127.0.0.1:40007
            log: event=name_refused conn=7 from=tls://127.0.0.1:40007 name=ann code=name_bound
            log: event=left conn=7 from=tls://127.0.0.1:40007 name=- why="name refused"
            uid> connects uid 1000    uid> name ann
            uid< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            uid< server | client | refused | name_bound The name ann has an owner. If that is you, make a code with /invite-key in a session that owns it, and join with that code. Otherwise choose another name.
            uid.
            log: event=connected conn=8 from=uid:1000
            log: event=name_refused conn=8 from=uid:1000 name=ann code=name_bound
            log: event=left conn=8 from=uid:1000 name=- why="name refused"
            again> connects key a    again> name ann
            again< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            again< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40009)
            log: event=connected conn=9 from=tls://10.0.0.1:40009
            log: event=proved conn=9 proof=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            log: event=joined conn=9 from=tls://10.0.0.1:40009 name=ann dialect=TR2.26 proof=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            restart
            late> connects key b    late> name ann
            late< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            late< server | client | refused | name_bound The name ann has an owner. If that is you, make a code with /invite-key in a session that owns it, and join with that code. Otherwise choose another name.
            late.
            log: event=connected conn=10 from=tls://10.0.0.1:40010
            log: event=proved conn=10 proof=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            log: event=name_refused conn=10 from=tls://10.0.0.1:40010 name=ann code=name_bound
            log: event=left conn=10 from=tls://10.0.0.1:40010 name=- why="name refused"
            mine> connects key a    mine> name Ann
            mine< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            mine< @time=2026-11-22T12:00:00.000Z;verified=yes server | Ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40011)
            log: event=connected conn=11 from=tls://10.0.0.1:40011
            log: event=proved conn=11 proof=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            log: event=joined conn=11 from=tls://10.0.0.1:40011 name=Ann dialect=TR2.26 proof=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
        "#]],
    );
}

#[test]
fn over_a_socket_file_a_user_gets_their_own_login_only() {
    check(
        rules(),
        expect![[r#"
            logins ann=1000 bob=1001
            squat> joins
            bob> connects    bob> name bob
            squat< server | all clients | joined | bob
            bob< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            bob< @time=2026-11-22T12:00:00.000Z server | bob | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40002)
            eve> connects uid 1000    eve> name bob
            eve< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            eve< server | client | refused | name_bound bob is another user's login on the server's machine; choose another name.
            eve.
            own> connects uid 1001    own> name bob
            squat< @why=name\staken\sover server | all clients | left | bob
            squat< @verified=yes server | all clients | joined | bob
            bob< server | bob | refused | taken_over The owner of the name bob has joined; join under another name.
            bob.
            own< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            own< @time=2026-11-22T12:00:00.000Z;verified=yes server | bob | connection_confirmation | You are now connected to the server in ('localhost', 0)
            key> connects key k    key> name ann
            squat< @verified=yes server | all clients | joined | ann
            own< @verified=yes server | all clients | joined | ann
            key< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            key< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40005)
            ann> connects uid 1000    ann> name ann
            squat< @why=name\staken\sover server | all clients | left | ann
            squat< @verified=yes server | all clients | joined | ann
            own< @why=name\staken\sover server | all clients | left | ann
            own< @verified=yes server | all clients | joined | ann
            key< server | ann | refused | taken_over The owner of the name ann has joined; join under another name.
            key.
            ann< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            ann< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('localhost', 0)
            back> connects key k    back> name ann
            back< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            back< server | client | refused | name_bound The name ann has an owner. If that is you, make a code with /invite-key in a session that owns it, and join with that code. Otherwise choose another name.
            back.
            nick> connects uid 1000    nick> name nick
            squat< @verified=yes server | all clients | joined | nick
            own< @verified=yes server | all clients | joined | nick
            ann< @verified=yes server | all clients | joined | nick
            nick< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            nick< @time=2026-11-22T12:00:00.000Z;verified=yes server | nick | connection_confirmation | You are now connected to the server in ('localhost', 0)
        "#]],
    );
}

#[test]
fn the_owner_of_a_name_takes_over_an_old_session() {
    check(
        rules(),
        expect![[r#"
            bob> joins
            ann> connects key a    ann> name ann
            bob< @verified=yes server | all clients | joined | ann
            ann< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            ann< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40002)
            two> connects key a    two> name ann
            two< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            two< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40003)
            store waits
            ann> @ref=1 x | all clients | broadcast | on its way
            two> connects key a    two> @ref=n x | server | take_over | ann
            ann< server | ann | refused | taken_over You joined from elsewhere, so this session has ended.
            ann.
            two< server | ann | refused | taken_over You joined from elsewhere, so this session has ended.
            two.
            two< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            two< @ref=n;time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40004)
            bob> bob | ann | private_message | to whom?
            store answers
            bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes ann | all clients | broadcast | on its way
            bob< @id=1795348800001;time=2026-11-22T12:00:00.000Z server | bob | accepted
            two< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes ann | all clients | broadcast | on its way
            two< @id=1795348800001;time=2026-11-22T12:00:00.000Z bob | ann | private_message | to whom?
            two> x | server | whois | ann
            two< server | ann | whois | proof=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE bound=2026-11-22T12:00:00.000Z online=2026-11-22T12:00:00.000Z ann
            evil> connects key e    evil> x | server | take_over | ann
            evil< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            evil< server | client | refused | name_bound The name ann has an owner. If that is you, make a code with /invite-key in a session that owns it, and join with that code. Otherwise choose another name.
            evil.
            claim> connects    claim> x | server | take_over | bob
            claim< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            claim< server | client | refused | name_taken The name bob, or one that looks like it, is taken; choose another name.
            claim.
        "#]],
    );
}

#[test]
fn a_code_adds_a_key_once_and_the_owner_revokes_it() {
    check(
        rules(),
        expect![[r#"
            bob> joins
            bob> @ref=1 x | server | invite_key
            bob< @ref=1 server | bob | refused | not_verified bob is unverified; join over tls://, ssh:// or the server's socket file to own the name.
            bob> @ref=2 x | server | keys
            bob< @ref=2 server | bob | refused | not_verified bob is unverified; join over tls://, ssh:// or the server's socket file to own the name.
            ann> connects key a    ann> name ann
            bob< @verified=yes server | all clients | joined | ann
            ann< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            ann< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40002)
            ann> @ref=1 x | server | invite_key
            ann< @ref=1 server | ann | invited | 600 pifod-dugoj-zozom-zojor-zasaf
            log
            claim> connects    claim> x | server | code | pifod-dugoj-zozom-zojor-zasaf
            claim< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            claim< server | client | refused | not_verified A code needs a verified connection; connect over tls://, ssh:// or the server's socket file.
            log: event=connected conn=3 from=tcp://127.0.0.1:40003
            log: event=passphrase_refused conn=3 from=tcp://127.0.0.1:40003 name=- code=not_verified
            new> connects key b    new> @ref=1 x | server | code | wrong-wrong    new> @ref=2 x | server | code | PIFOD dugoj zozom zojor zasaf
            new< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            new< @ref=1 server | client | refused | wrong_code This code is wrong, or not valid any more; ask for another one.
            new< @ref=2 server | client | code | The code is valid; give your name.
            log: event=connected conn=4 from=tls://10.0.0.1:40004
            log: event=proved conn=4 proof=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            log: event=passphrase_refused conn=4 from=tls://10.0.0.1:40004 name=- code=wrong_code
            two> connects key c from 10.0.0.2:5    two> x | server | code | pifod-dugoj-zozom-zojor-zasaf
            two< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            two< server | client | code | The code is valid; give your name.
            log: event=connected conn=5 from=tls://10.0.0.2:5
            log: event=proved conn=5 proof=SHA256:Y2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2M
            new> x | server | take_over | ann
            ann< server | ann | refused | taken_over You joined from elsewhere, so this session has ended.
            ann.
            new< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40004)
            log: event=name_bound name=ann proofs=2
            log: event=taken_over conn=2 from=tls://10.0.0.1:40002 name=ann
            log: event=left conn=2 from=tls://10.0.0.1:40002 name=- why="taken over"
            log: event=joined conn=4 from=tls://10.0.0.1:40004 name=ann dialect=TR2.26 proof=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            two> name ann
            two< server | client | refused | code_used_up Your code has been used up by others, or has ended, in the meantime; ask for another one.
            two.
            log: event=name_refused conn=5 from=tls://10.0.0.2:5 name=ann code=code_used_up
            log: event=left conn=5 from=tls://10.0.0.2:5 name=- why="name refused"
            late> connects key d from 10.0.0.3:5    late> x | server | code | pifod-dugoj-zozom-zojor-zasaf
            late< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            late< server | client | refused | wrong_code This code is wrong, or not valid any more; ask for another one.
            log: event=connected conn=6 from=tls://10.0.0.3:5
            log: event=proved conn=6 proof=SHA256:ZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGQ
            log: event=passphrase_refused conn=6 from=tls://10.0.0.3:5 name=- code=wrong_code
            new> @ref=2 x | server | keys
            new< @ref=2 server | ann | key | proof=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE since=2026-11-22T12:00:00.000Z
            new< @ref=2 server | ann | key | proof=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI since=2026-11-22T12:00:00.000Z here
            new< @ref=2 server | ann | keys_end | no data
            new> @ref=3 x | server | revoke_key | nonsense
            new< @ref=3 server | ann | refused | no_such_key Your name has no such key; /keys lists your keys.
            new> @ref=4 x | server | revoke_key | SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            new< @ref=4 server | ann | refused | no_such_key This session uses that key; revoke it from a session with another key.
            ann> connects key a    ann> x | server | take_over | ann
            new< server | ann | refused | taken_over You joined from elsewhere, so this session has ended.
            new.
            ann< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            ann< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40007)
            log: event=connected conn=7 from=tls://10.0.0.1:40007
            log: event=proved conn=7 proof=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            log: event=taken_over conn=4 from=tls://10.0.0.1:40004 name=ann
            log: event=left conn=4 from=tls://10.0.0.1:40004 name=- why="taken over"
            log: event=joined conn=7 from=tls://10.0.0.1:40007 name=ann dialect=TR2.26 proof=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            new> connects key b    new> x | server | take_over | ann
            ann< server | ann | refused | taken_over You joined from elsewhere, so this session has ended.
            ann.
            new< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            new< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40008)
            log: event=connected conn=8 from=tls://10.0.0.1:40008
            log: event=proved conn=8 proof=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            log: event=taken_over conn=7 from=tls://10.0.0.1:40007 name=ann
            log: event=left conn=7 from=tls://10.0.0.1:40007 name=- why="taken over"
            log: event=joined conn=8 from=tls://10.0.0.1:40008 name=ann dialect=TR2.26 proof=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            new> @ref=5 x | server | revoke_key | SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            new< @ref=5 server | ann | revoke_key | SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            log: event=key_revoked conn=8 name=ann proof=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            ann> connects key a    ann> name ann
            ann< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            ann< server | client | refused | name_bound The name ann has an owner. If that is you, make a code with /invite-key in a session that owns it, and join with that code. Otherwise choose another name.
            ann.
            log: event=connected conn=9 from=tls://10.0.0.1:40009
            log: event=proved conn=9 proof=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            log: event=name_refused conn=9 from=tls://10.0.0.1:40009 name=ann code=name_bound
            log: event=left conn=9 from=tls://10.0.0.1:40009 name=- why="name refused"
        "#]],
    );
}

#[test]
fn a_code_expires() {
    check(
        rules(),
        expect![[r#"
            ann> connects key a    ann> name ann
            ann< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            ann< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40001)
            ann> x | server | invite_key    ann> x | server | invite_key    ann> x | server | invite_key
            ann< server | ann | invited | 600 pifod-dugoj-zozom-zojor-zasaf
            ann< server | ann | invited | 600 solut-mutis-tigon-hivur-bohad
            ann< server | ann | invited | 600 vokuf-lupuj-dovov-sapol-nuhif
            ann> x | server | invite_key    ann> x | server | invite_key    ann> x | server | invite_key
            ann< server | ann | invited | 600 migid-sojum-gabol-rihad-sunor
            ann< server | ann | invited | 600 pafap-ninaf-borim-pijom-gopit
            ann< server | ann | refused | too_many_invitations Too many codes are unused; they expire within ten minutes.
            +599s
            ann< server | ann | ping | 60000
            ann< server | ann | refused | too_slow Nothing was received from you for too long; connect again.
            ann.
            new> connects key b from 10.9.0.1:5    new> x | server | code | pifod-dugoj-zozom-zojor-zasaf
            new< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            new< server | client | code | The code is valid; give your name.
            +1s
            new> name ann
            new< server | client | refused | code_used_up Your code has been used up by others, or has ended, in the meantime; ask for another one.
            new.
            one> connects key b from 10.9.0.2:5    one> x | server | code | pifod-dugoj-zozom-zojor-zasaf
            one< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            one< server | client | refused | wrong_code This code is wrong, or not valid any more; ask for another one.
        "#]],
    );
}

#[test]
fn with_registration_by_invitation_a_moderator_invites_newcomers() {
    check(
        with_root(Registration::Invite),
        expect![[r#"
            logins ann=1000
            new> connects key n    new> name nora
            new< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            new< server | client | refused | invitation_needed This server is by invitation only; ask a moderator for a code (/invite).
            new.
            old> connects TR2.23    old> name nora
            old< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            old<< server | new_client: nora | connection_error | This server is by invitation only, and this connection does not verify you; connect over tls:// or ssh:// with a code from a moderator (/invite).
            old.
            root> connects key r    root> name root
            root< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            root< server | client | refused | name_kept The name root is reserved for a moderator; give the passphrase first.
            root.
            root> connects key r    root> x | server | moderator | secret    root> name root
            root< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            check: secret (of root)
            root! right
            root< server | client | moderator | You are now a moderator.
            root< @time=2026-11-22T12:00:00.000Z;verified=yes server | root | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40004)
            root> x | server | invite
            root< server | root | invited | 600 pifod-dugoj-zozom-zojor-zasaf
            root> leaves
            root> connects key r    root> name root
            root< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            root< @time=2026-11-22T12:00:00.000Z;verified=yes server | root | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40005)
            root< server | root | moderator | You are a moderator.
            claim> connects    claim> name nora
            claim< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            claim< server | client | refused | invitation_needed This server is by invitation only, and this connection does not verify you; connect over tls:// or ssh:// with a code from a moderator (/invite).
            claim.
            new> connects key n    new> x | server | code | pifod-dugoj-zozom-zojor-zasaf    new> name nora
            root< @verified=yes server | all clients | joined | nora
            new< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            new< server | client | code | The code is valid; give your name.
            new< @time=2026-11-22T12:00:00.000Z;verified=yes server | nora | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40007)
            new> x | server | invite    new> x | server | close_server
            new< server | nora | refused | not_moderator Only a moderator may invite a new user; /invite-key makes a code for another key of your own.
            new< server | nora | refused | not_moderator Only a moderator may close the server; give the moderator passphrase first.
            again> connects key m    again> x | server | code | pifod-dugoj-zozom-zojor-zasaf    again> name mia
            again< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            again< server | client | refused | code_used_up This code was for one person, who has used it; ask for another one.
            again< server | client | refused | invitation_needed This server is by invitation only; ask a moderator for a code (/invite).
            again.
            ann> connects uid 1000    ann> name ann
            root< @verified=yes server | all clients | joined | ann
            new< @verified=yes server | all clients | joined | ann
            ann< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            ann< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('localhost', 0)
            nick> connects uid 1000    nick> name nick
            nick< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            nick< server | client | refused | invitation_needed This server is by invitation only; ask a moderator for a code (/invite).
            nick.
            host> connects uid 42    host> name anyone
            root< @verified=yes server | all clients | joined | anyone
            new< @verified=yes server | all clients | joined | anyone
            ann< @verified=yes server | all clients | joined | anyone
            host< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            host< @time=2026-11-22T12:00:00.000Z;verified=yes server | anyone | connection_confirmation | You are now connected to the server in ('localhost', 0)
        "#]],
    );
    check(
        with_root(Registration::Closed),
        expect![[r#"
            logins ann=1000
            new> connects key n    new> name nora
            new< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            new< server | client | refused | registration_closed This server is closed to new users; join under a name that you own.
            new.
            ann> connects uid 1000    ann> name ann
            ann< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            ann< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('localhost', 0)
            host> connects uid 42    host> name root
            ann< @verified=yes server | all clients | joined | root
            host< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            host< @time=2026-11-22T12:00:00.000Z;verified=yes server | root | connection_confirmation | You are now connected to the server in ('localhost', 0)
            host< server | root | moderator | You are a moderator.
            host> x | server | invite
            host< server | root | refused | registration_closed This server is closed to new users, so a code would not work; see --registration.
            new> connects key n    new> x | server | code | pifod-dugoj-zozom-zojor-zasaf    new> name nora
            new< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            new< server | client | refused | wrong_code This code is wrong, or not valid any more; ask for another one.
            new< server | client | refused | registration_closed This server is closed to new users; join under a name that you own.
            new.
        "#]],
    );
}

#[test]
fn the_owner_of_a_moderators_name_and_the_servers_own_user_are_moderators() {
    check(
        with_root(Registration::Open),
        expect![[r#"
            logins root=0
            eve> connects key e    eve> name root
            eve< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            eve< server | client | refused | name_kept The name root is reserved for a moderator; give the passphrase first.
            eve.
            eve> connects uid 1000    eve> name Root
            eve< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            eve< server | client | refused | name_kept The name Root is reserved for a moderator; give the passphrase first.
            eve.
            root> connects uid 0    root> name root
            root< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            root< @time=2026-11-22T12:00:00.000Z;verified=yes server | root | connection_confirmation | You are now connected to the server in ('localhost', 0)
            root< server | root | moderator | You are a moderator.
            root> x | server | whois | root
            root< server | root | whois | proof=uid:0 bound=2026-11-22T12:00:00.000Z online=2026-11-22T12:00:00.000Z from=uid:0 moderator root
            root> leaves
            host> connects uid 42    host> name root
            host< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            host< @time=2026-11-22T12:00:00.000Z;verified=yes server | root | connection_confirmation | You are now connected to the server in ('localhost', 0)
            host< server | root | moderator | You are a moderator.
            host> connects key h    host> name root
            host< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            host< server | client | refused | name_bound The name root has an owner. If that is you, make a code with /invite-key in a session that owns it, and join with that code. Otherwise choose another name.
            host.
            claim> connects    claim> x | server | moderator | secret    claim> name root
            claim< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            check: secret (of claim)
            claim! right
            claim< server | client | moderator | You are now a moderator.
            claim< server | client | refused | name_bound The name root has an owner. If that is you, connect as you did before, over tls://, ssh:// or the server's socket file: this connection does not verify you. Otherwise choose another name.
            claim.
        "#]],
    );
    check(
        Rules { trust_names: true, ..with_root(Registration::Open) },
        expect![[r#"
            root> connects key r    root> x | server | moderator | secret    root> name root
            root< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            check: secret (of root)
            root! right
            root< server | client | moderator | You are now a moderator.
            root< @time=2026-11-22T12:00:00.000Z;verified=yes server | root | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40001)
            root> leaves
            old> connects TR2.23    old> name root
            old< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            old<< server | root | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40002)
            far> connects TR2.23 from 10.0.0.1:5    far> name root
            far< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            far<< server | new_client: root | connection_error | The name root has an owner. If that is you, connect as you did before, over tls://, ssh:// or the server's socket file: this connection does not verify you. Otherwise choose another name.
            far.
        "#]],
    );
}

#[test]
fn an_identity_has_a_limited_number_of_names() {
    let names: Vec<String> = (0..9).map(|at| format!("k{at}> connects key a    k{at}> name n{at}")).collect();
    let heard = play(rules(), &names.join("\n"));
    assert_eq!(heard.matches("connection_confirmation").count(), 8);
    assert!(
        heard.ends_with("You own 8 names already: n0, n1, n2, n3, n4, n5, n6, n7. Join under one of them.\nk8.\n"),
        "{heard}"
    );
}

#[test]
fn verified_users_are_marked_in_the_list() {
    check(
        rules(),
        expect![[r#"
            bob> joins
            ann> connects key a    ann> name ann
            bob< @verified=yes server | all clients | joined | ann
            ann< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            ann< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40002)
            old> joins TR2.23
            zoe> connects uid 1000    zoe> name zoe
            bob< @verified=yes server | all clients | joined | zoe
            ann< @verified=yes server | all clients | joined | zoe
            zoe< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            zoe< @time=2026-11-22T12:00:00.000Z;verified=yes server | zoe | connection_confirmation | You are now connected to the server in ('localhost', 0)
            bob> @ref=1 x | server | list_clients
            bob< @ref=1;batch=list-1;verified=yes server | bob | list_clients | clients connected: ann ,zoe
            bob< @ref=1;batch=list-1 server | bob | list_clients | clients connected: bob ,old
            bob< @ref=1;batch=list-1 server | bob | list_end
            old> old | server | list_clients | no data
            old<< server | old | list_clients | clients connected: bob ,ann ,old ,zoe
            bob> x | server | whois | old    bob> x | server | whois | nobody    bob> x | server | whois | \x1b[2J
            bob< server | bob | whois | online=2026-11-22T12:00:00.000Z old
            bob< server | bob | refused | no_such_user No user "nobody"; /list shows who is online.
            bob< server | bob | refused | bad_frame A frame may not contain control characters; write \\n for a line feed.
            ann> leaves
            bob< @why=connection\sclosed server | all clients | left | ann
            zoe< @why=connection\sclosed server | all clients | left | ann
            bob> x | server | whois | ANN
            bob< server | bob | whois | bound=2026-11-22T12:00:00.000Z ann
        "#]],
    );
}

#[test]
fn a_login_displaces_whoever_had_its_name_or_a_look_alike() {
    check(
        rules(),
        expect![[r#"
            logins bert=1000 alina=1001 a1ina=1002
            eve> connects key e    eve> name bert
            eve< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            eve< @time=2026-11-22T12:00:00.000Z;verified=yes server | bert | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40001)
            eve> x | server | invite_key
            eve< server | bert | invited | 600 pifod-dugoj-zozom-zojor-zasaf
            eve> leaves
            bert> connects uid 1000    bert> name bert
            bert< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            bert< @time=2026-11-22T12:00:00.000Z;verified=yes server | bert | connection_confirmation | You are now connected to the server in ('localhost', 0)
            eve> connects key e    eve> x | server | code | pifod-dugoj-zozom-zojor-zasaf    eve> name bert
            eve< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            eve< server | client | refused | wrong_code This code is wrong, or not valid any more; ask for another one.
            eve< server | client | refused | name_bound The name bert has an owner. If that is you, make a code with /invite-key in a session that owns it, and join with that code. Otherwise choose another name.
            eve.
            bert> leaves
            look> connects key l    look> name aIina
            look< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            look< @time=2026-11-22T12:00:00.000Z;verified=yes server | aIina | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40004)
            ann> connects uid 1001    ann> name alina
            look< server | aIina | refused | taken_over The owner of the name alina has joined; join under another name.
            look.
            ann< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            ann< @time=2026-11-22T12:00:00.000Z;verified=yes server | alina | connection_confirmation | You are now connected to the server in ('localhost', 0)
            look> connects key l    look> name aIina
            look< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            look< server | client | refused | name_bound The name aIina looks like alina, which has an owner; choose another name.
            look.
            ann> leaves
            look> connects key l    look> name aIina
            look< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            look< server | client | refused | name_bound The name aIina looks like alina, which has an owner; choose another name.
            look.
            two> connects uid 1002    two> name a1ina
            two< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            two< @time=2026-11-22T12:00:00.000Z;verified=yes server | a1ina | connection_confirmation | You are now connected to the server in ('localhost', 0)
            ann> connects uid 1001    ann> name alina
            ann< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            ann< server | client | refused | name_taken The name alina, or one that looks like it, is taken; choose another name.
            ann.
            two> leaves
            ann> connects uid 1001    ann> name alina
            ann< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            ann< @time=2026-11-22T12:00:00.000Z;verified=yes server | alina | connection_confirmation | You are now connected to the server in ('localhost', 0)
            restart
            look> connects key l    look> name aIina
            look< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            look< server | client | refused | name_bound The name aIina looks like a1ina, which has an owner; choose another name.
            look.
        "#]],
    );
}

// S13: whom to ban, the moderators of the server are told, and nobody else.
#[test]
fn whois_tells_an_address_to_moderators_of_the_server_alone() {
    check(
        with_root(Registration::Open),
        expect![[r#"
            logins root=0
            root> joins uid 0
            eve> joins from 203.0.113.9:5    bob> joins key b    old> joins TR2.23
            bob> x | server | whois | eve    eve> x | server | whois | bob
            eve< server | eve | whois | proof=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI bound=2026-11-22T12:00:00.000Z online=2026-11-22T12:00:00.000Z bob
            bob< server | bob | whois | online=2026-11-22T12:00:00.000Z eve
            root> x | server | whois | eve    root> x | server | whois | bob    root> x | server | whois | old
            root< server | root | whois | online=2026-11-22T12:00:00.000Z from=tcp://203.0.113.9:5 eve
            root< server | root | whois | proof=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI bound=2026-11-22T12:00:00.000Z online=2026-11-22T12:00:00.000Z from=tls://10.0.0.1:40003 bob
            root< server | root | whois | online=2026-11-22T12:00:00.000Z from=tcp://127.0.0.1:40004 old
            eve> leaves
            root< @why=connection\sclosed server | all clients | left | eve
            bob< @why=connection\sclosed server | all clients | left | eve
            root> x | server | whois | eve
            root< server | root | whois | eve
        "#]],
    );
}
