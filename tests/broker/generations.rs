//! Transcripts of names that change hands: the past of a name is its former holder's, and so is what is on its way.

use expect_test::expect;

use crate::check;
use crate::transcript::rules;

#[test]
fn a_login_that_takes_its_name_back_finds_nothing_of_the_past() {
    check(
        rules(),
        expect![[r#"
            zoe> connects key z    zoe> name zoe
            zoe< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            zoe< @time=2026-11-22T12:00:00.000Z;verified=yes server | zoe | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40001)
            anna> connects key a    anna> name anna
            zoe< @verified=yes server | all clients | joined | anna
            anna< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            anna< @time=2026-11-22T12:00:00.000Z;verified=yes server | anna | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40002)
            anna> @ref=1 anna | zoe | private_message | my pin is 1234
            zoe< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes anna | zoe | private_message | my pin is 1234
            anna< @ref=1;id=1795348800000;time=2026-11-22T12:00:00.000Z server | anna | accepted
            zoe> @ref=1 zoe | anna | private_message | 1234, noted
            zoe< @ref=1;id=1795348800001;time=2026-11-22T12:00:00.000Z server | zoe | accepted
            anna< @id=1795348800001;time=2026-11-22T12:00:00.000Z;verified=yes zoe | anna | private_message | 1234, noted
            zoe> @ref=2 zoe | zoe | private_message | anna's pin: 1234
            zoe< @id=1795348800002;time=2026-11-22T12:00:00.000Z;verified=yes zoe | zoe | private_message | anna's pin: 1234
            zoe< @ref=2;id=1795348800002;time=2026-11-22T12:00:00.000Z server | zoe | accepted
            zoe> x | server | ignore | anna
            zoe< server | zoe | ignored | anna
            zoe> x | #core | join_room | private
            zoe< server | #core | room | private members=1 you=maker topic=
            anna> x | #den | join_room | private
            anna< server | #den | room | private members=1 you=maker topic=
            anna> anna | #den | invite_to_room | zoe
            zoe< anna | zoe | invited_to_room | #den
            anna< anna | anna | invited_to_room | #den
            zoe> leaves
            anna< @why=connection\sclosed server | all clients | left | zoe
            logins zoe=1003
            new> connects uid 1003    new> name zoe
            anna< @verified=yes server | all clients | joined | zoe
            new< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            new< @time=2026-11-22T12:00:00.000Z;verified=yes server | zoe | connection_confirmation | You are now connected to the server in ('localhost', 0)
            new> @ref=h x | anna | history | limit=10
            new< @ref=h;batch=history-1 server | zoe | history_end
            new> @ref=h x | zoe | history | limit=10
            new< @ref=h;batch=history-2 server | zoe | history_end
            new> @ref=c x | server | conversations
            new< @ref=c;batch=conversations-3 server | zoe | conversation | last=0 read=0 unread=0 all clients
            new< @ref=c;batch=conversations-3 server | zoe | conversations_end
            new> @ref=s x | server | search | pin
            new< @ref=s;batch=search-4 server | zoe | search_end
            new> @ref=s x | server | search | in:anna
            new< @ref=s;batch=search-5 server | zoe | search_end
            new> @ref=s x | server | search | from:zoe
            new< @ref=s;batch=search-6 server | zoe | search_end
            new> x | server | rooms    new> x | server | ignored    new> x | #den | join_room
            new< @batch=rooms-3 server | zoe | rooms_end
            new< server | zoe | ignored
            new< server | zoe | refused | not_invited #den is private; one of its moderators must invite you.
            new> @ref=1 zoe | anna | private_message | another with the same label
            anna< @id=1795348800003;time=2026-11-22T12:00:00.000Z;verified=yes zoe | anna | private_message | another with the same label
            new< @ref=1;id=1795348800003;time=2026-11-22T12:00:00.000Z server | zoe | accepted
            anna> @ref=h x | zoe | history | limit=10
            anna< @ref=h;id=1795348800000;time=2026-11-22T12:00:00.000Z;batch=history-1;verified=yes anna | zoe | private_message | my pin is 1234
            anna< @ref=h;id=1795348800001;time=2026-11-22T12:00:00.000Z;batch=history-1;verified=yes zoe | anna | private_message | 1234, noted
            anna< @ref=h;id=1795348800003;time=2026-11-22T12:00:00.000Z;batch=history-1;verified=yes zoe | anna | private_message | another with the same label
            anna< @ref=h;batch=history-1 server | anna | history_end
            anna> @ref=c x | server | conversations
            anna< @ref=c;batch=conversations-2 server | anna | conversation | last=0 read=0 unread=0 all clients
            anna< @ref=c;batch=conversations-2 server | anna | conversation | last=1795348800003 read=0 unread=2 zoe
            anna< @ref=c;batch=conversations-2 server | anna | conversation | last=0 read=0 unread=0 #den
            anna< @ref=c;batch=conversations-2 server | anna | conversations_end
            anna> @ref=s x | server | search | in:zoe
            anna< @ref=s;id=1795348800003;time=2026-11-22T12:00:00.000Z;batch=search-3;verified=yes zoe | anna | private_message | another with the same label
            anna< @ref=s;id=1795348800001;time=2026-11-22T12:00:00.000Z;batch=search-3;verified=yes zoe | anna | private_message | 1234, noted
            anna< @ref=s;id=1795348800000;time=2026-11-22T12:00:00.000Z;batch=search-3;verified=yes anna | zoe | private_message | my pin is 1234
            anna< @ref=s;batch=search-3 server | anna | search_end
            anna> @ref=2 anna | zoe | private_message | who are you?
            anna< @ref=2;id=1795348800004;time=2026-11-22T12:00:00.000Z server | anna | accepted
            new< @id=1795348800004;time=2026-11-22T12:00:00.000Z;verified=yes anna | zoe | private_message | who are you?
            new> @ref=h x | anna | history | limit=10
            new< @ref=h;id=1795348800003;time=2026-11-22T12:00:00.000Z;batch=history-7;verified=yes zoe | anna | private_message | another with the same label
            new< @ref=h;id=1795348800004;time=2026-11-22T12:00:00.000Z;batch=history-7;verified=yes anna | zoe | private_message | who are you?
            new< @ref=h;batch=history-7 server | zoe | history_end
            restart
            new> connects uid 1003    new> name zoe
            new< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            new< @time=2026-11-22T12:00:00.000Z;verified=yes server | zoe | connection_confirmation | You are now connected to the server in ('localhost', 0)
            new> @ref=h x | anna | history | limit=10
            new< @ref=h;id=1795348800003;time=2026-11-22T12:00:00.000Z;batch=history-1;verified=yes zoe | anna | private_message | another with the same label
            new< @ref=h;id=1795348800004;time=2026-11-22T12:00:00.000Z;batch=history-1;verified=yes anna | zoe | private_message | who are you?
            new< @ref=h;batch=history-1 server | zoe | history_end
        "#]],
    );
}

#[test]
fn a_name_that_was_only_claimed_is_bound_without_its_past() {
    check(
        rules(),
        expect![[r#"
            zoe> joins
            anna> connects key a    anna> name anna
            zoe< @verified=yes server | all clients | joined | anna
            anna< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            anna< @time=2026-11-22T12:00:00.000Z;verified=yes server | anna | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40002)
            zoe> x | #ops | join_room
            zoe< server | #ops | room | open members=1 you=maker topic=
            anna> x | #ops | join_room
            zoe< @verified=yes server | #ops | joined | anna
            anna< server | #ops | room | open members=2 you=member topic=
            anna> anna | zoe | private_message | for whoever claims this name
            zoe< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes anna | zoe | private_message | for whoever claims this name
            anna< @id=1795348800000;time=2026-11-22T12:00:00.000Z server | anna | accepted
            zoe> leaves
            anna< @why=connection\sclosed server | all clients | left | zoe
            zoe> joins
            zoe> @ref=h x | anna | history | limit=10
            zoe< @ref=h;id=1795348800000;time=2026-11-22T12:00:00.000Z;batch=history-1;verified=yes anna | zoe | private_message | for whoever claims this name
            zoe< @ref=h;batch=history-1 server | zoe | history_end
            zoe> leaves
            anna< @why=connection\sclosed server | all clients | left | zoe
            anna> anna | zoe | private_message | for later
            anna< @id=1795348800001;time=2026-11-22T12:00:00.000Z server | anna | accepted | offline
            zoe> connects key z    zoe> name zoe
            anna< server | #ops | left | zoe
            anna< @verified=yes server | all clients | joined | zoe
            zoe< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            zoe< @time=2026-11-22T12:00:00.000Z;verified=yes server | zoe | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40004)
            zoe> @ref=h x | anna | history | limit=10
            zoe< @ref=h;batch=history-1 server | zoe | history_end
            zoe> @ref=c x | server | conversations
            zoe< @ref=c;batch=conversations-2 server | zoe | conversation | last=0 read=0 unread=0 all clients
            zoe< @ref=c;batch=conversations-2 server | zoe | conversations_end
            zoe> x | server | rooms
            zoe< @batch=rooms-4 server | #ops | room | open members=1 you=outside topic=
            zoe< @batch=rooms-4 server | zoe | rooms_end
            anna> x | #ops | members
            anna< @batch=members-2;verified=yes server | #ops | members | member online anna
            anna< @batch=members-2 server | #ops | members_end
            anna> @ref=h x | zoe | history | limit=10
            anna< @ref=h;id=1795348800000;time=2026-11-22T12:00:00.000Z;batch=history-1;verified=yes anna | zoe | private_message | for whoever claims this name
            anna< @ref=h;id=1795348800001;time=2026-11-22T12:00:00.000Z;batch=history-1;verified=yes anna | zoe | private_message | for later
            anna< @ref=h;batch=history-1 server | anna | history_end
        "#]],
    );
}

#[test]
fn what_is_on_its_way_is_not_for_the_next_holder() {
    check(
        rules(),
        expect![[r#"
            logins zoe=1003
            zoe> joins    anna> joins
            store waits
            anna> @ref=1 anna | zoe | private_message | for the one who is here
            zoe> @ref=1 zoe | anna | read | 1
            zoe< @ref=1 server | zoe | read | 1 anna
            new> connects uid 1003    new> name zoe
            new< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            anna> @ref=2 anna | zoe | private_message | asked while the login is looked up
            anna< @ref=2 server | anna | refused | busy The name zoe is just getting another owner; see who it is, and send this again then.
            store answers
            zoe< server | zoe | refused | taken_over The owner of the name zoe has joined; join under another name.
            zoe.
            anna< @ref=1;id=1795348800000;time=2026-11-22T12:00:00.000Z server | anna | accepted | offline
            anna< @why=name\staken\sover server | all clients | left | zoe
            anna< @verified=yes server | all clients | joined | zoe
            new< @time=2026-11-22T12:00:00.000Z;verified=yes server | zoe | connection_confirmation | You are now connected to the server in ('localhost', 0)
            anna> @ref=3 anna | zoe | private_message | for the new one
            anna< @ref=3;id=1795348800001;time=2026-11-22T12:00:00.000Z server | anna | accepted
            new< @id=1795348800001;time=2026-11-22T12:00:00.000Z anna | zoe | private_message | for the new one
            new> @ref=h x | anna | history | limit=10
            new< @ref=h;id=1795348800001;time=2026-11-22T12:00:00.000Z;batch=history-1 anna | zoe | private_message | for the new one
            new< @ref=h;batch=history-1 server | zoe | history_end
            anna> @ref=h x | zoe | history | limit=10
            anna< @ref=h;id=1795348800000;time=2026-11-22T12:00:00.000Z;batch=history-1 anna | zoe | private_message | for the one who is here
            anna< @ref=h;id=1795348800001;time=2026-11-22T12:00:00.000Z;batch=history-1 anna | zoe | private_message | for the new one
            anna< @ref=h;batch=history-1 server | anna | history_end
        "#]],
    );
}

#[test]
fn a_look_alike_that_is_evicted_loses_its_name_and_keeps_its_past() {
    check(
        rules(),
        expect![[r#"
            alina> connects key a    alina> name alina
            alina< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            alina< @time=2026-11-22T12:00:00.000Z;verified=yes server | alina | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40001)
            anna> connects key b    anna> name anna
            alina< @verified=yes server | all clients | joined | anna
            anna< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            anna< @time=2026-11-22T12:00:00.000Z;verified=yes server | anna | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40002)
            anna> anna | alina | private_message | my pin is 1234
            alina< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes anna | alina | private_message | my pin is 1234
            anna< @id=1795348800000;time=2026-11-22T12:00:00.000Z server | anna | accepted
            alina> x | server | invite_key
            alina< server | alina | invited | 600 pifod-dugoj-zozom-zojor-zasaf
            alina> leaves
            anna< @why=connection\sclosed server | all clients | left | alina
            logins a1ina=1002
            two> connects uid 1002    two> name a1ina
            anna< @verified=yes server | all clients | joined | a1ina
            two< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            two< @time=2026-11-22T12:00:00.000Z;verified=yes server | a1ina | connection_confirmation | You are now connected to the server in ('localhost', 0)
            two> leaves
            anna< @why=connection\sclosed server | all clients | left | a1ina
            logins nobody=0
            claim> connects    claim> name a1ina
            claim< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            claim< server | client | refused | name_bound The name a1ina has an owner. If that is you, connect as you did before, over tls://, ssh:// or the server's socket file: this connection does not verify you. Otherwise choose another name.
            claim.
            evil> connects key e    evil> x | server | code | pifod-dugoj-zozom-zojor-zasaf
            evil< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            evil< server | client | refused | wrong_code This code is wrong, or not valid any more; ask for another one.
        "#]],
    );
}

#[test]
fn a_number_that_is_given_out_again_is_another_user() {
    check(
        rules(),
        expect![[r#"
            logins bob=1001
            anna> connects key a    anna> name anna
            anna< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            anna< @time=2026-11-22T12:00:00.000Z;verified=yes server | anna | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40001)
            bob> connects uid 1001    bob> name bob
            anna< @verified=yes server | all clients | joined | bob
            bob< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            bob< @time=2026-11-22T12:00:00.000Z;verified=yes server | bob | connection_confirmation | You are now connected to the server in ('localhost', 0)
            bob> x | #core | join_room | private
            bob< server | #core | room | private members=1 you=maker topic=
            boss> connects uid 1001    boss> name boss
            anna< @verified=yes server | all clients | joined | boss
            bob< @verified=yes server | all clients | joined | boss
            boss< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            boss< @time=2026-11-22T12:00:00.000Z;verified=yes server | boss | connection_confirmation | You are now connected to the server in ('localhost', 0)
            anna> anna | bob | private_message | my pin is 1234
            anna< @id=1795348800000;time=2026-11-22T12:00:00.000Z server | anna | accepted
            bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes anna | bob | private_message | my pin is 1234
            anna> anna | boss | private_message | my pin is 5678
            anna< @id=1795348800001;time=2026-11-22T12:00:00.000Z server | anna | accepted
            boss< @id=1795348800001;time=2026-11-22T12:00:00.000Z;verified=yes anna | boss | private_message | my pin is 5678
            bob> x | server | invite_key
            bob< server | bob | invited | 600 pifod-dugoj-zozom-zojor-zasaf
            tom> connects key t    tom> x | server | code | pifod-dugoj-zozom-zojor-zasaf    tom> x | server | take_over | bob
            bob< server | bob | refused | taken_over You joined from elsewhere, so this session has ended.
            bob.
            tom< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            tom< server | client | code | The code is valid; give your name.
            tom< @time=2026-11-22T12:00:00.000Z;verified=yes server | bob | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40004)
            tom< server | #core | room | private members=1 you=maker topic=
            tom> leaves
            anna< @why=connection\sclosed server | all clients | left | bob
            boss< @why=connection\sclosed server | all clients | left | bob
            boss> leaves
            anna< @why=connection\sclosed server | all clients | left | boss
            logins mallory=1001
            mal> connects uid 1001    mal> name bob
            mal< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            mal< server | client | refused | name_bound The name bob has an owner. If that is you, make a code with /invite-key in a session that owns it, and join with that code. Otherwise choose another name.
            mal.
            mal> connects uid 1001    mal> name boss
            anna< @verified=yes server | all clients | joined | boss
            mal< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            mal< @time=2026-11-22T12:00:00.000Z;verified=yes server | boss | connection_confirmation | You are now connected to the server in ('localhost', 0)
            mal> @ref=h x | anna | history | limit=10
            mal< @ref=h;batch=history-1 server | boss | history_end
            mal> @ref=c x | server | conversations
            mal< @ref=c;batch=conversations-2 server | boss | conversation | last=0 read=0 unread=0 all clients
            mal< @ref=c;batch=conversations-2 server | boss | conversations_end
            tom> connects key t    tom> name bob
            anna< @verified=yes server | all clients | joined | bob
            mal< @verified=yes server | all clients | joined | bob
            tom< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            tom< @time=2026-11-22T12:00:00.000Z;verified=yes server | bob | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40007)
            tom< server | #core | room | private members=1 you=maker topic=
            tom> @ref=h x | anna | history | limit=10
            tom< @ref=h;id=1795348800000;time=2026-11-22T12:00:00.000Z;batch=history-1;verified=yes anna | bob | private_message | my pin is 1234
            tom< @ref=h;batch=history-1 server | bob | history_end
            tom> x | server | keys
            tom< server | bob | key | proof=SHA256:dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHQ since=2026-11-22T12:00:00.000Z here
            tom< server | bob | keys_end | no data
            restart
            mal> connects uid 1001    mal> name boss
            mal< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            mal< @time=2026-11-22T12:00:00.000Z;verified=yes server | boss | connection_confirmation | You are now connected to the server in ('localhost', 0)
            mal> @ref=h x | anna | history | limit=10
            mal< @ref=h;batch=history-1 server | boss | history_end
        "#]],
    );
}

#[test]
fn a_room_ends_with_all_that_was_said_and_done_in_it() {
    check(
        rules(),
        expect![[r#"
            anna> connects key a    anna> name anna
            anna< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            anna< @time=2026-11-22T12:00:00.000Z;verified=yes server | anna | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40001)
            bob> connects key b    bob> name bob
            anna< @verified=yes server | all clients | joined | bob
            bob< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            bob< @time=2026-11-22T12:00:00.000Z;verified=yes server | bob | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40002)
            anna> x | #core | join_room | private
            anna< server | #core | room | private members=1 you=maker topic=
            anna> anna | #core | broadcast | our pin is 1234
            anna< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes anna | #core | broadcast | our pin is 1234
            anna< @id=1795348800000;time=2026-11-22T12:00:00.000Z server | anna | accepted
            anna> x | #core | slow_mode | 5 calm
            anna< server | #core | room | private members=1 slow=5 topic=
            anna< anna | #core | act | slow_mode - 5 on calm
            anna> @ref=l x | #core | leave_room
            anna< @ref=l server | #core | left | anna
            bob> x | #core | join_room
            bob< server | #core | room | open members=1 you=maker topic=
            bob> @ref=h x | #core | history | limit=10
            bob< @ref=h;batch=history-1 server | bob | history_end
            bob> @ref=m x | #core | modlog | limit=10
            bob< @ref=m;batch=modlog-2 server | bob | modlog_end
            bob> @ref=s x | server | search | pin
            bob< @ref=s;batch=search-3 server | bob | search_end
            bob> @ref=s x | server | search | in:#core
            bob< @ref=s;batch=search-4 server | bob | search_end
            bob> @ref=c x | server | conversations
            bob< @ref=c;batch=conversations-5 server | bob | conversation | last=0 read=0 unread=0 all clients
            bob< @ref=c;batch=conversations-5 server | bob | conversation | last=0 read=0 unread=0 #core
            bob< @ref=c;batch=conversations-5 server | bob | conversations_end
            anna> x | #core | join_room
            anna< server | #core | room | open members=2 you=member topic=
            bob< @verified=yes server | #core | joined | anna
            anna> @ref=h x | #core | history | limit=10
            anna< @ref=h;batch=history-1 server | anna | history_end
            restart
            bob> connects key b    bob> name bob
            bob< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            bob< @time=2026-11-22T12:00:00.000Z;verified=yes server | bob | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40003)
            bob< server | #core | room | open members=2 you=maker topic=
            bob> @ref=h x | #core | history | limit=10
            bob< @ref=h;batch=history-1 server | bob | history_end
        "#]],
    );
}
