//! Transcripts of the life of a name: its user takes another one, leaves for good, or loses it to a keeper.

use expect_test::expect;

use crate::transcript::rules;
use crate::{check, with_root};

#[test]
fn a_user_takes_another_name_with_all_that_is_theirs() {
    check(
        with_root(true),
        expect![[r#"
            root> joins
            ann> joins key a    bob> joins key b    tom> joins TR2.23
            ann> x | #ops | join_room | private
            ann< server | #ops | room | private members=1 you=maker topic=
            ann> x | #ops | invite_to_room | bob    bob> x | #ops | join_room | no data
            ann< ann | ann | invited_to_room | #ops
            ann< @verified=yes server | #ops | joined | bob
            bob< ann | bob | invited_to_room | #ops
            bob< server | #ops | room | private members=2 you=member topic=
            ann> x | server | ignore | tom    bob> x | server | ignore | ann
            ann< server | ann | ignored | tom
            bob< server | bob | ignored | ann
            root> x | all clients | grant | ann trusted
            root< root | all clients | act | grant ann - off trusted
            ann< server | ann | moderator | You are now a moderator.
            ann< root | all clients | act | grant ann - off trusted
            bob< root | all clients | act | grant ann - off trusted
            tom<< server | all clients | broadcast | root made ann a moderator: trusted
            bob> @ref=1 x | ann | private_message | psst
            ann< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes bob | ann | private_message | psst
            bob< @ref=1;id=1795348800000;time=2026-11-22T12:00:00.000Z server | bob | accepted
            ann> @ref=1 x | all clients | broadcast_not_me | as ann
            root< @id=1795348800001;time=2026-11-22T12:00:00.000Z;verified=yes ann | all clients | broadcast_not_me | as ann
            ann< @ref=1;id=1795348800001;time=2026-11-22T12:00:00.000Z server | ann | accepted
            bob< @id=1795348800001;time=2026-11-22T12:00:00.000Z;verified=yes ann | all clients | broadcast_not_me | as ann
            tom<< ann | all clients | broadcast_not_me | as ann
            ann> @ref=2 x | #ops | broadcast_not_me | in the room
            ann< @ref=2;id=1795348800002;time=2026-11-22T12:00:00.000Z server | ann | accepted
            bob< @id=1795348800002;time=2026-11-22T12:00:00.000Z;verified=yes ann | #ops | broadcast_not_me | in the room
            ann> @ref=r x | server | rename | Zoe
            root< @why=is\snow\sZoe server | all clients | left | ann
            ann< @ref=r server | ann | renamed | Zoe
            ann.
            bob< @why=is\snow\sZoe server | all clients | left | ann
            bob< server | bob | ignored | Zoe
            bob> @ref=2 x | ann | private_message | who are you?
            bob< @ref=2 server | bob | refused | name_bound ann is now Zoe; write to Zoe.
            tom> x | ann | private_message | and you?
            tom<< server | tom | private_message | Destination client (ann) not found!
            zoe> connects key a    zoe> name Zoe
            root< @verified=yes server | all clients | joined | Zoe
            bob< @verified=yes server | all clients | joined | Zoe
            zoe< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            zoe< @time=2026-11-22T12:00:00.000Z;verified=yes server | Zoe | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40005)
            zoe< server | Zoe | moderator | You are a moderator.
            zoe< server | #ops | room | private members=2 you=maker topic=
            zoe< server | Zoe | ignored | tom
            zoe> @ref=h x | all clients | history | no data
            zoe< @ref=h;id=1795348800001;time=2026-11-22T12:00:00.000Z;batch=history-1;verified=yes Zoe | all clients | broadcast_not_me | as ann
            zoe< @ref=h;batch=history-1 server | Zoe | history_end
            zoe> @ref=p x | bob | history | no data
            zoe< @ref=p;id=1795348800000;time=2026-11-22T12:00:00.000Z;batch=history-2;verified=yes bob | Zoe | private_message | psst
            zoe< @ref=p;batch=history-2 server | Zoe | history_end
            zoe> @ref=o x | #ops | history | no data
            zoe< @ref=o;id=1795348800002;time=2026-11-22T12:00:00.000Z;batch=history-3;verified=yes Zoe | #ops | broadcast_not_me | in the room
            zoe< @ref=o;batch=history-3 server | Zoe | history_end
            zoe> @ref=c x | server | conversations | no data
            zoe< @ref=c;batch=conversations-4 server | Zoe | conversation | last=1795348800001 read=0 unread=0 all clients
            zoe< @ref=c;batch=conversations-4 server | Zoe | conversation | last=1795348800002 read=0 unread=0 #ops
            zoe< @ref=c;batch=conversations-4 server | Zoe | conversation | last=1795348800000 read=0 unread=1 bob
            zoe< @ref=c;batch=conversations-4 server | Zoe | conversations_end
            bob> @ref=h x | Zoe | history | no data
            bob< @ref=h;id=1795348800000;time=2026-11-22T12:00:00.000Z;batch=history-1;verified=yes bob | Zoe | private_message | psst
            bob< @ref=h;batch=history-1 server | bob | history_end
            bob> @ref=m x | #ops | members | no data
            bob< @ref=m;batch=members-3;verified=yes server | #ops | members | maker online Zoe
            bob< @ref=m;batch=members-3;verified=yes server | #ops | members | member online bob
            bob< @ref=m;batch=members-3 server | #ops | members_end
            zoe> @ref=k x | server | keys | no data
            zoe< @ref=k server | Zoe | key | proof=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE since=2026-11-22T12:00:00.000Z here
            zoe< @ref=k server | Zoe | keys_end | no data
            zoe> @ref=b x | all clients | ban | tom for=1h rude
            root< @why=banned server | all clients | left | tom
            root< Zoe | all clients | act | ban tom 3600 off rude
            bob< @why=banned server | all clients | left | tom
            bob< Zoe | all clients | act | ban tom 3600 off rude
            tom<< server | tom | private_message | You are banned from this server for 1 hour more, by Zoe: rude
            tom.
            zoe< @why=banned server | all clients | left | tom
            zoe< @ref=b Zoe | all clients | act | ban tom 3600 off rude
            restart
            zoe> connects key a    zoe> name Zoe
            zoe< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            zoe< @time=2026-11-22T12:00:00.000Z;verified=yes server | Zoe | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40006)
            zoe< server | Zoe | moderator | You are a moderator.
            zoe< server | #ops | room | private members=2 you=maker topic=
            zoe< server | Zoe | ignored | tom
            bob> connects key b    bob> name bob
            zoe< @verified=yes server | all clients | joined | bob
            bob< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            bob< @time=2026-11-22T12:00:00.000Z;verified=yes server | bob | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40007)
            bob< server | #ops | room | private members=2 you=member topic=
            bob< server | bob | ignored | Zoe
            zoe> @ref=p x | bob | history | no data
            zoe< @ref=p;id=1795348800000;time=2026-11-22T12:00:00.000Z;batch=history-1;verified=yes bob | Zoe | private_message | psst
            zoe< @ref=p;batch=history-1 server | Zoe | history_end
            zoe> @ref=1 x | all clients | broadcast_not_me | as ann
            zoe< @ref=1;id=1795348800001;time=2026-11-22T12:00:00.000Z server | Zoe | accepted
        "#]],
    );
}

#[test]
fn nobody_else_gets_the_name_that_rests_nor_one_like_it() {
    check(
        rules(),
        expect![[r#"
            ann> joins key a    bob> joins key b
            ann> @ref=r x | server | rename | zoe
            ann< @ref=r server | ann | renamed | zoe
            ann.
            bob< @why=is\snow\szoe server | all clients | left | ann
            eve> connects    eve> name ann
            eve< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            eve< server | client | refused | name_bound ann is now zoe; nobody else gets that name for 30 days. Choose another name.
            eve.
            eve> connects key e    eve> name Ann
            eve< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            eve< server | client | refused | name_bound ann is now zoe; nobody else gets that name for 30 days. Choose another name.
            eve.
            eve> connects key e    eve> name a-n-n
            eve< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            eve< server | client | refused | name_bound ann is now zoe; nobody else gets that name for 30 days. Choose another name.
            eve.
            bob> @ref=r x | server | rename | ann
            bob< @ref=r server | bob | refused | name_bound ann is now zoe; nobody else gets that name for 30 days. Choose another name.
            bob> @ref=s x | server | rename | an.n
            bob< @ref=s server | bob | refused | name_bound ann is now zoe; nobody else gets that name for 30 days. Choose another name.
            old> connects TR2.23    old> name ann
            old< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            old<< server | new_client: ann | connection_error | ann is now zoe; nobody else gets that name for 30 days. Choose another name.
            old.
            ann> connects key a    ann> name ann
            ann< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            ann< server | client | refused | name_bound ann is now zoe: join as zoe.
            ann.
            bob> @ref=w x | server | whois | ann
            bob< @ref=w server | bob | refused | name_bound ann is now zoe; write to zoe.
            zoe> connects key a    zoe> name zoe
            bob< @verified=yes server | all clients | joined | zoe
            zoe< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            zoe< @time=2026-11-22T12:00:00.000Z;verified=yes server | zoe | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40008)
            zoe> @ref=r x | server | rename | yve
            bob< @why=is\snow\syve server | all clients | left | zoe
            zoe< @ref=r server | zoe | renamed | yve
            zoe.
            bob> @ref=w x | server | whois | ann    bob> @ref=x x | server | whois | zoe
            bob< @ref=w server | bob | refused | name_bound ann is now yve; write to yve.
            bob< @ref=x server | bob | refused | name_bound zoe is now yve; write to yve.
            yve> connects key a    yve> name yve
            bob< @verified=yes server | all clients | joined | yve
            yve< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            yve< @time=2026-11-22T12:00:00.000Z;verified=yes server | yve | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40009)
            yve> @ref=r x | server | rename | ann
            bob< @why=is\snow\sann server | all clients | left | yve
            yve< @ref=r server | yve | renamed | ann
            yve.
            bob> @ref=w x | server | whois | yve
            bob< @ref=w server | bob | refused | name_bound yve is now ann; write to ann.
            ann> connects key a    ann> name ann
            bob< @verified=yes server | all clients | joined | ann
            ann< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            ann< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40010)
            restart
            eve> connects key e    eve> name zoe
            eve< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            eve< server | client | refused | name_bound zoe is now ann; nobody else gets that name for 30 days. Choose another name.
            eve.
            wall +721h
            tick
            eve> connects key e    eve> name zoe
            eve< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            eve< server | client | refused | name_bound zoe is now ann; nobody else gets that name for 30 days. Choose another name.
            eve.
            the clock is right
            tick
            eve> connects key e    eve> name zoe
            eve< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            eve< @time=2026-12-22T13:00:00.000Z;verified=yes server | zoe | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40013)
        "#]],
    );
}

#[test]
fn a_name_that_is_not_free_is_refused() {
    check(
        with_root(false),
        expect![[r#"
            ann> joins key a    bob> joins key b    tom> joins
            own> connects key a    own> name other    own> leaves
            ann> @ref=1 x | server | rename | bob
            ann< @ref=1 server | ann | refused | name_bound The name bob has an owner; choose another name.
            ann> @ref=2 x | server | rename | b.ob
            ann< @ref=2 server | ann | refused | name_bound The name b.ob looks like bob, which has an owner; choose another name.
            ann> @ref=3 x | server | rename | tom
            ann< @ref=3 server | ann | refused | name_taken The name tom, or one that looks like it, is taken; choose another name.
            ann> @ref=4 x | server | rename | t-om
            ann< @ref=4 server | ann | refused | name_taken The name t-om, or one that looks like it, is taken; choose another name.
            ann> @ref=5 x | server | rename | root
            ann< @ref=5 server | ann | refused | name_kept The name root is reserved for a moderator.
            ann> @ref=6 x | server | rename | server
            ann< @ref=6 server | ann | refused | bad_name This name is reserved.
            ann> @ref=7 x | server | rename | other
            ann< @ref=7 server | ann | refused | name_bound You own the name other already: leave and join as other.
            ann> @ref=8 x | server | rename | Ann
            ann< @ref=8 server | ann | refused | not_allowed That is your name already; to spell it in another way, leave and join as Ann.
            ann> @ref=9 x | server | rename | two words
            ann< @ref=9 server | ann | refused | bad_name A name is made of letters, digits, '-', '_' and '.'.
            tom> @ref=1 x | server | rename | thomas
            tom< @ref=1 server | tom | refused | not_verified tom is unverified; join over tls://, ssh:// or the server's socket file to own the name.
            ann> @ref=10 x | server | rename | a-n-n
            ann< @ref=10 server | ann | renamed | a-n-n
            ann.
            bob< @why=is\snow\sa-n-n server | all clients | left | ann
            tom< @why=is\snow\sa-n-n server | all clients | left | ann
        "#]],
    );
}

#[test]
fn all_sessions_wait_and_end_and_what_they_asked_is_asked_again() {
    check(
        rules(),
        expect![[r#"
            bob> joins key b
            desk> connects key a    desk> name ann    lap> connects key a    lap> name ann
            bob< @verified=yes server | all clients | joined | ann
            desk< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            desk< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40002)
            lap< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            lap< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40003)
            store waits
            desk> @ref=r x | server | rename | zoe
            lap> @ref=1 x | all clients | broadcast_not_me | too late
            bob> @ref=1 x | ann | private_message | hello?
            bob< @ref=1 server | bob | refused | busy The name ann is just getting another owner; see who it is, and send this again then.
            bob> @ref=2 x | zoe | private_message | hello?
            bob< @ref=2 server | bob | refused | no_such_user No user "zoe"; /list shows who is online.
            new> connects key a    new> name zoe
            new< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            new< server | client | refused | busy That name is just changing hands; try again in a moment.
            new.
            store answers
            bob< @why=is\snow\szoe server | all clients | left | ann
            desk< @ref=r server | ann | renamed | zoe
            desk.
            lap< server | ann | renamed | zoe
            lap.
            lap> connects key a    lap> name zoe
            bob< @verified=yes server | all clients | joined | zoe
            lap< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            lap< @time=2026-11-22T12:00:00.000Z;verified=yes server | zoe | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40005)
            lap> @ref=1 x | all clients | broadcast_not_me | too late
            bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes zoe | all clients | broadcast_not_me | too late
            lap< @ref=1;id=1795348800000;time=2026-11-22T12:00:00.000Z server | zoe | accepted
            bob> x | server | list_clients | no data
            bob< @batch=list-1;verified=yes server | bob | list_clients | clients connected: bob ,zoe
            bob< @batch=list-1 server | bob | list_end
        "#]],
    );
}

#[test]
fn a_name_that_cannot_be_stored_stays() {
    check(
        rules(),
        expect![[r#"
            bob> joins key b
            desk> connects key a    desk> name ann    lap> connects key a    lap> name ann
            bob< @verified=yes server | all clients | joined | ann
            desk< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            desk< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40002)
            lap< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            lap< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40003)
            desk> x | #ops | join_room | private
            desk< server | #ops | room | private members=1 you=maker topic=
            lap< server | #ops | room | private members=1 you=maker topic=
            bob> x | server | ignore | ann
            bob< server | bob | ignored | ann
            store waits
            store fails
            desk> @ref=r x | server | rename | zoe
            lap> @ref=1 x | server | ping | still
            lap< @ref=1 server | ann | pong | still
            lap> @ref=2 x | #ops | broadcast_not_me | I am here
            store answers
            desk< @ref=r server | ann | refused | store_unavailable The server cannot store anything at the moment, so nothing was changed; try again later.
            lap< @ref=2 server | ann | refused | store_unavailable The server cannot store messages at the moment, so this one was not delivered; try again later.
            store works
            lap> @ref=2 x | #ops | broadcast_not_me | I am here
            desk< @id=1795348800001;time=2026-11-22T12:00:00.000Z;verified=yes ann | #ops | broadcast_not_me | I am here
            lap< @ref=2;id=1795348800001;time=2026-11-22T12:00:00.000Z server | ann | accepted
            bob> @ref=2 x | ann | private_message | hello
            bob< @ref=2;id=1795348800002;time=2026-11-22T12:00:00.000Z server | bob | accepted
            desk< @id=1795348800002;time=2026-11-22T12:00:00.000Z;verified=yes bob | ann | private_message | hello
            lap< @id=1795348800002;time=2026-11-22T12:00:00.000Z;verified=yes bob | ann | private_message | hello
            bob> @ref=3 x | server | ignored | no data
            bob< @ref=3 server | bob | ignored | ann
            lap> @ref=k x | server | keys | no data
            lap< @ref=k server | ann | key | proof=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE since=2026-11-22T12:00:00.000Z here
            lap< @ref=k server | ann | keys_end | no data
            new> connects key a    new> name zoe
            bob< @verified=yes server | all clients | joined | zoe
            desk< @verified=yes server | all clients | joined | zoe
            lap< @verified=yes server | all clients | joined | zoe
            new< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            new< @time=2026-11-22T12:00:00.000Z;verified=yes server | zoe | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40004)
            restart
            ann> connects key a    ann> name ann
            ann< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            ann< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40005)
            ann< server | #ops | room | private members=1 you=maker topic=
        "#]],
    );
}

#[test]
fn a_local_user_takes_no_login_of_others() {
    check(
        rules(),
        expect![[r#"
            logins joe=1000 amy=1001 old=1002
            joe> connects uid 1000    joe> name joe
            joe< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            joe< @time=2026-11-22T12:00:00.000Z;verified=yes server | joe | connection_confirmation | You are now connected to the server in ('localhost', 0)
            joe> @ref=1 x | server | rename | amy
            joe< @ref=1 server | joe | refused | name_bound amy is another user's login on the server's machine; choose another name.
            directory hangs
            joe> @ref=2 x | server | rename | jim
            joe< @ref=2 server | joe | refused | busy The server cannot look up logins at the moment; try again later.
            directory answers
            joe> @ref=3 x | server | rename | jim    joe> @ref=4 x | server | ping | parked
            joe< @ref=4 server | joe | pong | parked
            joe< @ref=3 server | joe | renamed | jim
            joe.
            joe> connects uid 1000    joe> name joe
            joe< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            joe< server | client | refused | name_bound joe is now jim: join as jim.
            joe.
            jim> connects uid 1000    jim> name jim
            jim< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            jim< @time=2026-11-22T12:00:00.000Z;verified=yes server | jim | connection_confirmation | You are now connected to the server in ('localhost', 0)
            logins joe=1003 jim=1004
            new> connects uid 1003    new> name joe
            jim< @verified=yes server | all clients | joined | joe
            new< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            new< @time=2026-11-22T12:00:00.000Z;verified=yes server | joe | connection_confirmation | You are now connected to the server in ('localhost', 0)
            jim> @ref=5 x | server | rename | joe
            jim< @ref=5 server | jim | refused | name_bound joe is another user's login on the server's machine; choose another name.
        "#]],
    );
}

#[test]
fn a_ban_or_a_mute_comes_before_another_name() {
    check(
        with_root(true),
        expect![[r#"
            root> joins    ann> joins key a
            root> x | all clients | mute | ann for=1h loud
            root< root | all clients | act | mute ann 3600 off loud
            ann< root | all clients | act | mute ann 3600 off loud
            ann> @ref=1 x | server | rename | zoe
            ann< @ref=1 server | ann | refused | not_allowed A ban or a mute names you; you can take another name once it has ended.
            root> x | all clients | unmute | ann enough
            root< root | all clients | act | unmute ann - off enough
            ann< root | all clients | act | unmute ann - off enough
            root> x | all clients | ban | zoe for=1h nobody
            root< root | all clients | act | ban zoe 3600 off nobody
            ann< root | all clients | act | ban zoe 3600 off nobody
            ann> @ref=2 x | server | rename | Zoe
            ann< @ref=2 server | ann | refused | banned You are banned from this server for 1 hour more, by root: nobody
            ann> @ref=3 x | server | rename | yve
            root< @why=is\snow\syve server | all clients | left | ann
            ann< @ref=3 server | ann | renamed | yve
            ann.
        "#]],
    );
}

#[test]
fn one_identity_has_no_more_names_for_changing_them() {
    check(
        rules(),
        expect![[r#"
            n0> joins key a
            n0> x | server | rename | n1
            n0< server | n0 | renamed | n1
            n0.
            n1> connects key a    n1> name n1    n1> x | server | rename | n2
            n1< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            n1< @time=2026-11-22T12:00:00.000Z;verified=yes server | n1 | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40002)
            n1< server | n1 | renamed | n2
            n1.
            n2> connects key a    n2> name n2    n2> x | server | rename | n3
            n2< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            n2< @time=2026-11-22T12:00:00.000Z;verified=yes server | n2 | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40003)
            n2< server | n2 | renamed | n3
            n2.
            n3> connects key a    n3> name n3    n3> x | server | rename | n4
            n3< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            n3< @time=2026-11-22T12:00:00.000Z;verified=yes server | n3 | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40004)
            n3< server | n3 | renamed | n4
            n3.
            n4> connects key a    n4> name n4    n4> x | server | rename | n5
            n4< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            n4< @time=2026-11-22T12:00:00.000Z;verified=yes server | n4 | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40005)
            n4< server | n4 | renamed | n5
            n4.
            n5> connects key a    n5> name n5    n5> x | server | rename | n6
            n5< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            n5< @time=2026-11-22T12:00:00.000Z;verified=yes server | n5 | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40006)
            n5< server | n5 | renamed | n6
            n5.
            n6> connects key a    n6> name n6    n6> x | server | rename | n7
            n6< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            n6< @time=2026-11-22T12:00:00.000Z;verified=yes server | n6 | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40007)
            n6< server | n6 | renamed | n7
            n6.
            n7> connects key a    n7> name n7    n7> @ref=r x | server | rename | n8
            n7< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            n7< @time=2026-11-22T12:00:00.000Z;verified=yes server | n7 | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40008)
            n7< @ref=r server | n7 | refused | too_many_names You have 8 names already; a name that you leave counts as well, for 30 days.
            two> connects key a    two> name other
            two< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            two< server | client | refused | too_many_names You have 8 names already, with those that you have left and that still rest. Join under one of these: n7.
            two.
            n7> @ref=s x | server | rename | n3
            n7< @ref=s server | n7 | renamed | n3
            n7.
        "#]],
    );
}

#[test]
fn whoever_leaves_for_good_leaves_only_what_was_said() {
    check(
        with_root(true),
        expect![[r#"
            root> joins    bob> joins key b
            desk> connects key a    desk> name ann    lap> connects key a    lap> name ann
            root< @verified=yes server | all clients | joined | ann
            bob< @verified=yes server | all clients | joined | ann
            desk< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            desk< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40003)
            lap< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            lap< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40004)
            desk> x | #ops | join_room | private    desk> x | #ops | invite_to_room | bob    bob> x | #ops | join_room | no data
            bob< ann | bob | invited_to_room | #ops
            bob< server | #ops | room | private members=2 you=member topic=
            desk< server | #ops | room | private members=1 you=maker topic=
            desk< ann | ann | invited_to_room | #ops
            desk< @verified=yes server | #ops | joined | bob
            lap< server | #ops | room | private members=1 you=maker topic=
            lap< @verified=yes server | #ops | joined | bob
            root> x | all clients | grant | ann trusted
            root< root | all clients | act | grant ann - off trusted
            bob< root | all clients | act | grant ann - off trusted
            desk< server | ann | moderator | You are now a moderator.
            desk< root | all clients | act | grant ann - off trusted
            lap< server | ann | moderator | You are now a moderator.
            lap< root | all clients | act | grant ann - off trusted
            desk> @ref=1 x | bob | private_message | between us
            bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes ann | bob | private_message | between us
            desk< @ref=1;id=1795348800000;time=2026-11-22T12:00:00.000Z server | ann | accepted
            lap< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes ann | bob | private_message | between us
            desk> @ref=2 x | all clients | broadcast_not_me | to all
            root< @id=1795348800001;time=2026-11-22T12:00:00.000Z;verified=yes ann | all clients | broadcast_not_me | to all
            bob< @id=1795348800001;time=2026-11-22T12:00:00.000Z;verified=yes ann | all clients | broadcast_not_me | to all
            desk< @ref=2;id=1795348800001;time=2026-11-22T12:00:00.000Z server | ann | accepted
            lap< @id=1795348800001;time=2026-11-22T12:00:00.000Z;verified=yes ann | all clients | broadcast_not_me | to all
            desk> @ref=l x | server | leave_server | no data
            root< @why=left\sfor\sgood server | all clients | left | ann
            bob< @why=left\sfor\sgood server | all clients | left | ann
            bob< server | #ops | left | ann
            desk< @ref=l server | ann | left_server | no data
            desk.
            lap< server | ann | left_server | no data
            lap.
            bob> @ref=1 x | ann | private_message | are you there?
            bob< @ref=1 server | bob | refused | name_bound ann has left the server for good.
            bob> @ref=m x | #ops | members | no data
            bob< @ref=m;batch=members-2;verified=yes server | #ops | members | member online bob
            bob< @ref=m;batch=members-2 server | #ops | members_end
            bob> @ref=h x | all clients | history | no data
            bob< @ref=h;id=1795348800001;time=2026-11-22T12:00:00.000Z;batch=history-1;verified=yes ann | all clients | broadcast_not_me | to all
            bob< @ref=h;batch=history-1 server | bob | history_end
            ann> connects key a    ann> name ann
            ann< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            ann< server | client | refused | name_bound The user of ann has left; nobody gets that name for 30 days. Choose another name.
            ann.
            eve> connects key e    eve> name ann
            eve< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            eve< server | client | refused | name_bound The user of ann has left; nobody gets that name for 30 days. Choose another name.
            eve.
            tom> joins
            tom> @ref=l x | server | leave_server | no data
            tom< @ref=l server | tom | refused | not_verified tom is unverified: nothing is kept for that name. Leave with /exit.
            restart
            cem> joins key c
            cem> @ref=1 x | ann | private_message | after a restart
            cem< @ref=1 server | cem | refused | name_bound ann has left the server for good.
            eve> connects key e    eve> name ann
            eve< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            eve< server | client | refused | name_bound The user of ann has left; nobody gets that name for 30 days. Choose another name.
            eve.
            wall +721h
            the clock is right
            tick
            eve> connects key e    eve> name ann
            cem< @verified=yes server | all clients | joined | ann
            eve< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            eve< @time=2026-12-22T13:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40010)
            eve> @ref=c x | server | conversations | no data
            eve< @ref=c;batch=conversations-1 server | ann | conversation | last=1795348800001 read=1795348800001 unread=0 all clients
            eve< @ref=c;batch=conversations-1 server | ann | conversations_end
        "#]],
    );
}

#[test]
fn leaving_for_good_that_cannot_be_stored_changes_nothing() {
    check(
        rules(),
        expect![[r#"
            bob> joins key b    ann> joins key a
            ann> x | #ops | join_room | private    ann> x | server | ignore | bob
            ann< server | #ops | room | private members=1 you=maker topic=
            ann< server | ann | ignored | bob
            store fails
            ann> @ref=l x | server | leave_server | no data
            ann< @ref=l server | ann | refused | store_unavailable The server cannot store anything at the moment, so nothing was changed; try again later.
            store works
            ann> @ref=k x | server | keys | no data
            ann< @ref=k server | ann | key | proof=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE since=2026-11-22T12:00:00.000Z here
            ann< @ref=k server | ann | keys_end | no data
            ann> @ref=i x | server | ignored | no data
            ann< @ref=i server | ann | ignored | bob
            ann> @ref=m x | #ops | members | no data
            ann< @ref=m;batch=members-2;verified=yes server | #ops | members | maker online ann
            ann< @ref=m;batch=members-2 server | #ops | members_end
        "#]],
    );
}

#[test]
fn a_keeper_frees_the_name_of_whoever_lost_the_key() {
    check(
        with_root(true),
        expect![[r#"
            root> joins    ann> joins key a    bob> joins key b    mod> joins key m
            root> x | all clients | grant | mod trusted    root> x | all clients | grant | ann trusted
            root< root | all clients | act | grant mod - off trusted
            root< root | all clients | act | grant ann - off trusted
            ann< root | all clients | act | grant mod - off trusted
            ann< server | ann | moderator | You are now a moderator.
            ann< root | all clients | act | grant ann - off trusted
            bob< root | all clients | act | grant mod - off trusted
            bob< root | all clients | act | grant ann - off trusted
            mod< server | mod | moderator | You are now a moderator.
            mod< root | all clients | act | grant mod - off trusted
            mod< root | all clients | act | grant ann - off trusted
            ann> x | #ops | join_room | private    ann> x | server | ignore | bob
            ann< server | #ops | room | private members=1 you=maker topic=
            ann< server | ann | ignored | bob
            bob> @ref=1 x | ann | private_message | for the first ann
            ann< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes bob | ann | private_message | for the first ann
            bob< @ref=1;id=1795348800000;time=2026-11-22T12:00:00.000Z server | bob | accepted
            ann> @ref=1 x | all clients | broadcast_not_me | hers
            root< @id=1795348800001;time=2026-11-22T12:00:00.000Z;verified=yes ann | all clients | broadcast_not_me | hers
            ann< @ref=1;id=1795348800001;time=2026-11-22T12:00:00.000Z server | ann | accepted
            bob< @id=1795348800001;time=2026-11-22T12:00:00.000Z;verified=yes ann | all clients | broadcast_not_me | hers
            mod< @id=1795348800001;time=2026-11-22T12:00:00.000Z;verified=yes ann | all clients | broadcast_not_me | hers
            ann> @ref=f x | all clients | free | bob try
            ann< @ref=f server | ann | refused | not_moderator Only a keeper of the server may do that: a user with the passphrase, or named with --moderator.
            mod> @ref=f x | all clients | free | ann try
            mod< @ref=f server | mod | refused | not_moderator Only a keeper of the server may do that: a user with the passphrase, or named with --moderator.
            root> @ref=f x | all clients | free | root try
            root< @ref=f server | root | refused | no_such_user The name root has no owner, and does not rest.
            root> @ref=g x | all clients | free | nobody try
            root< @ref=g server | root | refused | no_such_user The name nobody has no owner, and does not rest.
            root> @ref=h x | #ops | free | ann try
            root< @ref=h server | root | refused | bad_room A name is one of the whole server, not of a room.
            root> @ref=i x | all clients | free | ann
            root< @ref=i server | root | refused | reason_needed Give a reason: free needs one.
            root> @ref=j x | all clients | free | Ann lost the key
            root< @why=name\sfreed server | all clients | left | ann
            root< server | root | private_message | The name ann is free. 1 room ends with it: #ops.
            root< @ref=j root | all clients | act | free ann - off lost the key
            ann< server | ann | refused | kicked root freed the name ann: lost the key
            ann.
            bob< @why=name\sfreed server | all clients | left | ann
            bob< root | all clients | act | free ann - off lost the key
            mod< @why=name\sfreed server | all clients | left | ann
            mod< root | all clients | act | free ann - off lost the key
            new> connects key n    new> name ann
            root< @verified=yes server | all clients | joined | ann
            bob< @verified=yes server | all clients | joined | ann
            mod< @verified=yes server | all clients | joined | ann
            new< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            new< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40005)
            new> @ref=c x | server | conversations | no data
            new< @ref=c;batch=conversations-1 server | ann | conversation | last=1795348800001 read=1795348800001 unread=0 all clients
            new< @ref=c;batch=conversations-1 server | ann | conversations_end
            new> @ref=k x | server | keys | no data
            new< @ref=k server | ann | key | proof=SHA256:bm5ubm5ubm5ubm5ubm5ubm5ubm5ubm5ubm5ubm5ubm4 since=2026-11-22T12:00:00.000Z here
            new< @ref=k server | ann | keys_end | no data
            new> @ref=i x | server | ignored | no data
            new< @ref=i server | ann | ignored
            old> connects key a    old> name ann
            old< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            old< server | client | refused | name_bound The name ann has an owner. If that is you, make a code with /invite-key in a session that owns it, and join with that code. Otherwise choose another name.
            old.
            bob> @ref=r x | server | rename | ben
            root< @why=is\snow\sben server | all clients | left | bob
            bob< @ref=r server | bob | renamed | ben
            bob.
            mod< @why=is\snow\sben server | all clients | left | bob
            new< @why=is\snow\sben server | all clients | left | bob
            root> @ref=l x | all clients | free | bob wanted back
            root< @ref=l root | all clients | act | free bob - off wanted back
            mod< root | all clients | act | free bob - off wanted back
            new< root | all clients | act | free bob - off wanted back
            eve> connects key e    eve> name bob
            root< @verified=yes server | all clients | joined | bob
            mod< @verified=yes server | all clients | joined | bob
            new< @verified=yes server | all clients | joined | bob
            eve< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            eve< @time=2026-11-22T12:00:00.000Z;verified=yes server | bob | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40007)
            root> @ref=m x | all clients | modlog | no data
            root< @ref=m;id=1;time=2026-11-22T12:00:00.000Z;batch=modlog-1 root | all clients | act | grant mod - off trusted
            root< @ref=m;id=2;time=2026-11-22T12:00:00.000Z;batch=modlog-1 root | all clients | act | grant ann - off trusted
            root< @ref=m;id=3;time=2026-11-22T12:00:00.000Z;batch=modlog-1 root | all clients | act | free ann - off lost the key
            root< @ref=m;id=4;time=2026-11-22T12:00:00.000Z;batch=modlog-1 root | all clients | act | free bob - off wanted back
            root< @ref=m;batch=modlog-1 server | root | modlog_end
        "#]],
    );
}

#[test]
fn nobody_ignores_themselves_for_taking_a_name_that_they_ignored() {
    check(
        rules(),
        expect![[r#"
            zoe> joins    ann> joins key a    bob> joins key b
            ann> x | server | ignore | zoe    ann> x | server | ignore | bob
            ann< server | ann | ignored | zoe
            ann< server | ann | ignored | bob zoe
            bob> x | server | ignore | zoe    bob> x | server | ignore | ann
            bob< server | bob | ignored | zoe
            bob< server | bob | ignored | ann zoe
            zoe> leaves
            ann< @why=connection\sclosed server | all clients | left | zoe
            bob< @why=connection\sclosed server | all clients | left | zoe
            ann> x | server | rename | zoe
            ann< server | ann | renamed | zoe
            ann.
            bob< @why=is\snow\szoe server | all clients | left | ann
            bob< server | bob | ignored | zoe
            zoe> connects key a    zoe> name zoe
            bob< @verified=yes server | all clients | joined | zoe
            zoe< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            zoe< @time=2026-11-22T12:00:00.000Z;verified=yes server | zoe | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40004)
            zoe< server | zoe | ignored | bob
            bob> x | server | ignored | no data
            bob< server | bob | ignored | zoe
            restart
            bob> connects key b    bob> name bob
            bob< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            bob< @time=2026-11-22T12:00:00.000Z;verified=yes server | bob | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40005)
            bob< server | bob | ignored | zoe
            zoe> connects key a    zoe> name zoe
            bob< @verified=yes server | all clients | joined | zoe
            zoe< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            zoe< @time=2026-11-22T12:00:00.000Z;verified=yes server | zoe | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40006)
            zoe< server | zoe | ignored | bob
        "#]],
    );
}

#[test]
fn sessions_that_are_lost_while_a_name_changes_leave_nothing_behind() {
    check(
        rules(),
        expect![[r#"
            bob> joins key b
            desk> connects key a    desk> name ann    lap> connects key a    lap> name ann
            bob< @verified=yes server | all clients | joined | ann
            desk< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            desk< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40002)
            lap< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            lap< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40003)
            desk> x | #ops | join_room | private
            desk< server | #ops | room | private members=1 you=maker topic=
            lap< server | #ops | room | private members=1 you=maker topic=
            desk> x | #ops | invite_to_room | bob    bob> x | #ops | join_room | no data
            bob< ann | bob | invited_to_room | #ops
            bob< server | #ops | room | private members=2 you=member topic=
            desk< ann | ann | invited_to_room | #ops
            desk< @verified=yes server | #ops | joined | bob
            lap< @verified=yes server | #ops | joined | bob
            store waits
            desk> @ref=r x | server | rename | zoe
            lap> leaves
            desk> leaves
            store answers
            bob< @why=is\snow\szoe server | all clients | left | ann
            bob> @ref=m x | #ops | members | no data
            bob< @ref=m;batch=members-1;verified=yes server | #ops | members | maker offline zoe
            bob< @ref=m;batch=members-1;verified=yes server | #ops | members | member online bob
            bob< @ref=m;batch=members-1 server | #ops | members_end
            bob> @ref=1 x | #ops | broadcast | is anybody here?
            bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes bob | #ops | broadcast | is anybody here?
            bob< @ref=1;id=1795348800000;time=2026-11-22T12:00:00.000Z server | bob | accepted
            zoe> connects key a    zoe> name zoe
            bob< @verified=yes server | all clients | joined | zoe
            zoe< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            zoe< @time=2026-11-22T12:00:00.000Z;verified=yes server | zoe | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40004)
            zoe< server | #ops | room | private members=2 you=maker topic=
            bob> @ref=2 x | #ops | broadcast | there you are
            bob< @id=1795348800001;time=2026-11-22T12:00:00.000Z;verified=yes bob | #ops | broadcast | there you are
            bob< @ref=2;id=1795348800001;time=2026-11-22T12:00:00.000Z server | bob | accepted
            zoe< @id=1795348800001;time=2026-11-22T12:00:00.000Z;verified=yes bob | #ops | broadcast | there you are
            zoe> leaves
            bob< @why=connection\sclosed server | all clients | left | zoe
            bob> @ref=n x | #ops | members | no data
            bob< @ref=n;batch=members-1;verified=yes server | #ops | members | maker offline zoe
            bob< @ref=n;batch=members-1;verified=yes server | #ops | members | member online bob
            bob< @ref=n;batch=members-1 server | #ops | members_end
        "#]],
    );
}

#[test]
fn another_name_is_told_at_once_however_many_are_here() {
    check(
        rules(),
        expect![[r#"
            ann> joins key a
            300 users
            ann> x | server | rename | zoe
            ann< server | ann | renamed | zoe
            ann.
            u*300< @why=is\snow\szoe server | all clients | left | ann
            tick
            u*300< server | all clients | joined | u199 u200 u201 u202 u203 u204 u205 u206 u207 u208 u209 u210 u211 u212 u213 u214 u215 u216 u217 u218 u219 u220 u221 u222 u223 u22… (536 bytes)
            zoe> connects key a    zoe> name zoe
            zoe< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            zoe< @time=2026-11-22T12:00:00.000Z;verified=yes server | zoe | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40302)
            tick
            zoe< @verified=yes server | all clients | joined | zoe
            u*300< @verified=yes server | all clients | joined | zoe
        "#]],
    );
}
