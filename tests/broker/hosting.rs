//! Orders of whoever keeps the machine: a name is freed, what somebody said is erased, and only moderators are let in.

use expect_test::expect;
use tr2::server::broker::rules::{Registration, Rules};

use crate::transcript::rules;
use crate::{check, with_root};

#[test]
fn a_freed_name_ends_its_session_and_its_past_stays_the_former_owners() {
    check(
        rules(),
        expect![[r#"
            ann> connects key a
            ann< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            ann> name ann
            ann< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40001)
            ben> connects key b
            ben< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            ben> name ben
            ann< @verified=yes server | all clients | joined | ben
            ben< @time=2026-11-22T12:00:00.000Z;verified=yes server | ben | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40002)
            ben> x | ann | private_message | for your eyes
            ann< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes ben | ann | private_message | for your eyes
            ben< @id=1795348800000;time=2026-11-22T12:00:00.000Z server | ben | accepted
            ann> @ref=r x | #ops | join_room | -
            ann< @ref=r server | #ops | room | open members=1 you=maker topic=
            log
            the host orders free ann
            ann< server | ann | refused | kicked Your name was freed by whoever keeps the server.
            ann.
            ben< @why=name\sfreed server | all clients | left | ann
            host: The name ann is free; whoever joins under it next can own it, and finds nothing of its past. 1 room ends with it: #ops.
            log: event=left conn=1 from=tls://10.0.0.1:40001 name=- why="name freed"
            log: event=name_freed name=ann
            the host orders free ann
            host: refused: nobody owns the name ann; --list names shows those that have an owner
            zoe> connects key z
            zoe< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            log: event=connected conn=3 from=tls://10.0.0.1:40003
            log: event=proved conn=3 proof=SHA256:enp6enp6enp6enp6enp6enp6enp6enp6enp6enp6eno
            zoe> name ann
            ben< @verified=yes server | all clients | joined | ann
            zoe< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40003)
            log: event=name_bound name=ann proofs=1
            log: event=joined conn=3 from=tls://10.0.0.1:40003 name=ann dialect=TR2.26 proof=SHA256:enp6enp6enp6enp6enp6enp6enp6enp6enp6enp6eno
            zoe> @ref=h x | ben | history
            zoe< @ref=h;batch=history-1 server | ann | history_end
            zoe> @ref=m x | #ops | members | -
            zoe< @ref=m server | ann | refused | no_such_room There is no room #ops; join it to create it.
        "#]],
    );
}

#[test]
fn what_could_not_be_stored_was_not_ordered() {
    check(
        with_root(false),
        expect![[r#"
            ann> connects key a
            ann< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            ann> name ann
            ann< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40001)
            store fails
            the host orders free ann
            host: refused: The server cannot store anything at the moment, so nothing was changed; try again later.
            the host orders maintenance-on later
            host: refused: The server cannot store anything at the moment, so nothing was changed; try again later.
            store works
            zoe> connects key z
            zoe< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            zoe> name ann
            zoe< server | client | refused | name_bound The name ann has an owner. If that is you, make a code with /invite-key in a session that owns it, and join with that code. Otherwise choose another name.
            zoe.
            ben> connects
            ben< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            ben> name ben
            ann< server | all clients | joined | ben
            ben< @time=2026-11-22T12:00:00.000Z server | ben | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40003)
            shutdown    the host orders free ann
            ann< server | all clients | broadcast | server closed
            ann.
            ben< server | all clients | broadcast | server closed
            ben.
            host: refused: the server is closing
        "#]],
    );
}

#[test]
fn while_the_server_is_maintained_only_moderators_come_in_and_whoever_is_in_stays() {
    check(
        with_root(true),
        expect![[r#"
            ann> joins
            log
            the host orders maintenance-on Back at noon.
            host: Maintenance is on: only moderators can join. Whoever is online stays.
            log: event=maintenance on=true text="Back at noon."
            ben> connects
            ben< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            log: event=connected conn=2 from=tcp://127.0.0.1:40002
            ben> name ben
            ben< server | client | refused | maintenance Back at noon.
            ben.
            log: event=name_refused conn=2 from=tcp://127.0.0.1:40002 name=ben code=maintenance
            log: event=left conn=2 from=tcp://127.0.0.1:40002 name=- why="name refused"
            old> connects TR2.23
            old< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            log: event=connected conn=3 from=tcp://127.0.0.1:40003
            old> old | server | name | old
            old<< server | new_client: old | connection_error | Back at noon.
            old.
            log: event=name_refused conn=3 from=tcp://127.0.0.1:40003 name=old code=maintenance
            log: event=left conn=3 from=tcp://127.0.0.1:40003 name=- why="name refused"
            root> connects
            root< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            log: event=connected conn=4 from=tcp://127.0.0.1:40004
            root> name root
            ann< server | all clients | joined | root
            root< @time=2026-11-22T12:00:00.000Z server | root | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40004)
            root< server | root | moderator | You are a moderator.
            log: event=joined conn=4 from=tcp://127.0.0.1:40004 name=root dialect=TR2.26 proof=-
            log: event=moderator conn=4 from=tcp://127.0.0.1:40004 name=root trusted=true
            mod> connects
            mod< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            log: event=connected conn=5 from=tcp://127.0.0.1:40005
            mod> x | server | moderator | secret
            check: secret (of mod)
            mod! right
            mod< server | client | moderator | You are now a moderator.
            log: event=moderator conn=5 from=tcp://127.0.0.1:40005 name=- trusted=false
            mod> name mod
            ann< server | all clients | joined | mod
            root< server | all clients | joined | mod
            mod< @time=2026-11-22T12:00:00.000Z server | mod | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40005)
            log: event=joined conn=5 from=tcp://127.0.0.1:40005 name=mod dialect=TR2.26 proof=-
            ann> x | all clients | broadcast | still here
            ann< @id=1795348800000;time=2026-11-22T12:00:00.000Z ann | all clients | broadcast | still here
            ann< @id=1795348800000;time=2026-11-22T12:00:00.000Z server | ann | accepted
            root< @id=1795348800000;time=2026-11-22T12:00:00.000Z ann | all clients | broadcast | still here
            mod< @id=1795348800000;time=2026-11-22T12:00:00.000Z ann | all clients | broadcast | still here
            restart
            ben> connects
            ben< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            log: event=connected conn=6 from=tcp://127.0.0.1:40006
            ben> name ben
            ben< server | client | refused | maintenance Back at noon.
            ben.
            log: event=name_refused conn=6 from=tcp://127.0.0.1:40006 name=ben code=maintenance
            log: event=left conn=6 from=tcp://127.0.0.1:40006 name=- why="name refused"
            root> connects
            root< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            log: event=connected conn=7 from=tcp://127.0.0.1:40007
            root> name root
            root< @time=2026-11-22T12:00:00.000Z server | root | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40007)
            root< server | root | moderator | You are a moderator.
            log: event=joined conn=7 from=tcp://127.0.0.1:40007 name=root dialect=TR2.26 proof=-
            log: event=moderator conn=7 from=tcp://127.0.0.1:40007 name=root trusted=true
            the host orders maintenance-off
            host: Maintenance is off: everybody can join again.
            log: event=maintenance on=false text=-
            ben> connects
            ben< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            log: event=connected conn=8 from=tcp://127.0.0.1:40008
            ben> name ben
            root< server | all clients | joined | ben
            ben< @time=2026-11-22T12:00:00.000Z server | ben | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40008)
            log: event=joined conn=8 from=tcp://127.0.0.1:40008 name=ben dialect=TR2.26 proof=-
            restart
            kim> connects
            kim< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            log: event=connected conn=9 from=tcp://127.0.0.1:40009
            kim> name kim
            kim< @time=2026-11-22T12:00:00.000Z server | kim | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40009)
            log: event=joined conn=9 from=tcp://127.0.0.1:40009 name=kim dialect=TR2.26 proof=-
        "#]],
    );
}

#[test]
fn a_new_passphrase_ends_the_rights_of_those_who_gave_the_former_one() {
    check(
        with_root(true),
        expect![[r#"
            ann> joins
            ann> x | server | moderator | secret
            check: secret (of ann)
            ann! right
            ann< server | ann | moderator | You are now a moderator.
            root> joins
            ben> connects
            ben< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            ben> x | server | moderator | secret
            check: secret (of ben)
            ben! right
            ben< server | client | moderator | You are now a moderator.
            kim> joins
            kim> x | server | moderator | secret
            check: secret (of kim)
            kay> joins
            kay> x | server | moderator | secret
            check: secret (of kay)
            kay! right
            kay< server | kay | moderator | You are now a moderator.
            kay> @ref=i x | server | invite | people=5 for=1h
            kay< @ref=i server | kay | invited | 3600 pifod-dugoj-zozom-zojor-zasaf id=8035 people=5
            kay> leaves
            ann< @why=connection\sclosed server | all clients | left | kay
            root< @why=connection\sclosed server | all clients | left | kay
            kim< @why=connection\sclosed server | all clients | left | kay
            root> @ref=i x | server | invite | people=5 for=1h
            root< @ref=i server | root | invited | 3600 solut-mutis-tigon-hivur-bohad id=fdf4 people=5
            root> @ref=l x | server | invitations | no data
            root< @ref=l server | root | invitation | id=8035 people=5 used=0 until=2026-11-22T13:00:00.000Z kay
            root< @ref=l server | root | invitation | id=fdf4 people=5 used=0 until=2026-11-22T13:00:00.000Z root
            root< @ref=l server | root | invitations_end | no data
            log
            the host orders end-passphrase-rights
            ann< server | ann | demoted | You are no longer a moderator.
            ben< server | client | demoted | You are no longer a moderator.
            host: Moderators who have to give the new one: 2. Invitations ended: 1.
            log: event=moderator_no_more conn=1 name=ann
            log: event=moderator_no_more conn=3 name=-
            root> @ref=l x | server | invitations | no data
            root< @ref=l server | root | invitation | id=fdf4 people=5 used=0 until=2026-11-22T13:00:00.000Z root
            root< @ref=l server | root | invitations_end | no data
            kim! right
            kim< server | kim | refused | wrong_passphrase Wrong moderator passphrase.
            log: event=passphrase_refused conn=4 from=tcp://127.0.0.1:40004 name=kim code=wrong_passphrase
            ann> @ref=k x | all clients | kick | root because
            ann< @ref=k server | ann | refused | not_moderator Only a moderator of the server may do that.
            log: event=act_refused conn=1 from=tcp://127.0.0.1:40001 name=ann place="all clients" act=kick code=not_moderator
            root> @ref=k x | all clients | kick | ann because
            ann< server | ann | refused | kicked You were kicked by root: because
            ann.
            root< @why=kicked server | all clients | left | ann
            root< @ref=k root | all clients | act | kick ann - off because
            kim< @why=kicked server | all clients | left | ann
            kim< root | all clients | act | kick ann - off because
            log: event=left conn=1 from=tcp://127.0.0.1:40001 name=- why=kicked
            log: event=act conn=2 name=root place=everyone act=kick subject=ann seconds=- on=false reason=because
            ben> name ben
            root< server | all clients | joined | ben
            ben< @time=2026-11-22T12:00:00.000Z server | ben | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40003)
            kim< server | all clients | joined | ben
            log: event=joined conn=3 from=tcp://127.0.0.1:40003 name=ben dialect=TR2.26 proof=-
        "#]],
    );
}

#[test]
fn what_is_erased_is_gone_for_everybody_who_sees_it() {
    check(
        with_root(true),
        expect![[r#"
            ann> joins
            ben> joins
            ann> x | all clients | broadcast | one
            ann< @id=1795348800000;time=2026-11-22T12:00:00.000Z ann | all clients | broadcast | one
            ann< @id=1795348800000;time=2026-11-22T12:00:00.000Z server | ann | accepted
            ben< @id=1795348800000;time=2026-11-22T12:00:00.000Z ann | all clients | broadcast | one
            ben> x | all clients | broadcast | two
            ann< @id=1795348800001;time=2026-11-22T12:00:00.000Z ben | all clients | broadcast | two
            ben< @id=1795348800001;time=2026-11-22T12:00:00.000Z ben | all clients | broadcast | two
            ben< @id=1795348800001;time=2026-11-22T12:00:00.000Z server | ben | accepted
            ann> x | ben | private_message | three
            ann< @id=1795348800002;time=2026-11-22T12:00:00.000Z server | ann | accepted
            ben< @id=1795348800002;time=2026-11-22T12:00:00.000Z ann | ben | private_message | three
            ann> @ref=r x | #ops | join_room | -
            ann< @ref=r server | #ops | room | open members=1 you=maker topic=
            ann> x | #ops | broadcast | four
            ann< @id=1795348800003;time=2026-11-22T12:00:00.000Z ann | #ops | broadcast | four
            ann< @id=1795348800003;time=2026-11-22T12:00:00.000Z server | ann | accepted
            kim> joins
            ann> x | server | capabilities | reply edit react
            ben> x | server | capabilities | reply edit react
            kim> x | server | capabilities | reply edit react
            log
            the host orders erase ann
            ann< @id=1795348800002 ann | ben | deleted | server
            ann< @id=1795348800003;change=1838437171200179 ann | #ops | deleted | ann
            ann< @id=1795348800000;change=1838437171200183 ann | all clients | deleted | ann
            ben< @id=1795348800002 ann | ben | deleted | server
            ben< @id=1795348800000;change=1838437171200183 ann | all clients | deleted | ann
            kim< @id=1795348800000;change=1838437171200183 ann | all clients | deleted | ann
            host: Erased: messages to everyone and in rooms, of which marks stay: 2; private messages: 1; reactions: 0; reasons of acts in the moderation log: 0.
            log: event=erased name=ann messages=3
            the host orders erase nobody
            host: refused: no user nobody; --list users shows all
            ben> @ref=h x | all clients | history
            ben< @ref=h;id=1795348800000;time=2026-11-22T12:00:00.000Z;batch=history-1;change=1838437171200183 ann | all clients | deleted | ann
            ben< @ref=h;id=1795348800001;time=2026-11-22T12:00:00.000Z;batch=history-1 ben | all clients | broadcast | two
            ben< @ref=h;batch=history-1 server | ben | history_end
            ben> @ref=h x | ann | history
            ben< @ref=h;batch=history-2 server | ben | history_end
            root> joins
            log: event=connected conn=4 from=tcp://127.0.0.1:40004
            log: event=joined conn=4 from=tcp://127.0.0.1:40004 name=root dialect=TR2.26 proof=-
            log: event=moderator conn=4 from=tcp://127.0.0.1:40004 name=root trusted=true
            root> @ref=l x | all clients | modlog
            root< @ref=l;id=1;time=2026-11-22T12:00:00.000Z;batch=modlog-1 server | all clients | act | delete ann - off everything that this user said was erased
            root< @ref=l;batch=modlog-1 server | root | modlog_end
            store fails
            the host orders erase ben
            host: refused: not everything was erased (no space left on device); do it again for the rest. Erased so far: messages to everyone and in rooms, of which marks stay: 0; private messages: 0; reactions: 0; reasons of acts in the moderation log: 0
        "#]],
    );
}

#[test]
fn only_the_newest_of_what_is_erased_is_announced() {
    let transcript = transcript_of_many();
    let marks = |who: &str| transcript.lines().filter(|line| line.starts_with(who) && line.contains("deleted")).count();
    assert_eq!(marks("ben<"), 1024);
    assert!(transcript.contains("host: Erased: messages to everyone and in rooms, of which marks stay: 1056;"));
}

/// Ann says 1056 messages, and they are erased.
fn transcript_of_many() -> String {
    let said: String =
        (0..33).map(|_| format!("{}\n+1s\n", ["ann> x | all clients | broadcast | hi"; 32].join("    "))).collect();
    crate::transcript::play(rules(), &format!("ann> joins\nben> joins\n{said}the host orders erase ann\n"))
}

#[test]
fn whoever_frees_a_name_reads_which_rooms_end_with_it() {
    check(
        with_root(true),
        expect![[r#"
            ann> connects key a
            ann< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            ann> name ann
            ann< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40001)
            ann> x | #priv | join_room | private
            ann< server | #priv | room | private members=1 you=maker topic=
            ann> x | #ops | join_room | -
            ann< server | #ops | room | open members=1 you=maker topic=
            ben> connects key b
            ben< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            ben> name ben
            ann< @verified=yes server | all clients | joined | ben
            ben< @time=2026-11-22T12:00:00.000Z;verified=yes server | ben | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40002)
            ben> x | #ops | join_room | -
            ann< @verified=yes server | #ops | joined | ben
            ben< server | #ops | room | open members=2 you=member topic=
            the host orders free ann
            ann< server | ann | refused | kicked Your name was freed by whoever keeps the server.
            ann.
            ben< @why=name\sfreed server | all clients | left | ann
            ben< server | #ops | left | ann
            host: The name ann is free; whoever joins under it next can own it, and finds nothing of its past. 1 room ends with it: #priv.
            root> joins
            kim> connects key k
            kim< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            kim> name kim
            ben< @verified=yes server | all clients | joined | kim
            root< @verified=yes server | all clients | joined | kim
            kim< @time=2026-11-22T12:00:00.000Z;verified=yes server | kim | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40004)
            kim> x | #a | join_room | -
            kim< server | #a | room | open members=1 you=maker topic=
            kim> x | #b | join_room | -
            kim< server | #b | room | open members=1 you=maker topic=
            kim> x | #c | join_room | -
            kim< server | #c | room | open members=1 you=maker topic=
            kim> x | #d | join_room | -
            kim< server | #d | room | open members=1 you=maker topic=
            kim> x | #e | join_room | -
            kim< server | #e | room | open members=1 you=maker topic=
            kim> x | #f | join_room | -
            kim< server | #f | room | open members=1 you=maker topic=
            root> @ref=f x | all clients | free | kim lost the key
            ben< @why=name\sfreed server | all clients | left | kim
            ben< root | all clients | act | free kim - off lost the key
            root< @why=name\sfreed server | all clients | left | kim
            root< server | root | private_message | The name kim is free. 6 rooms end with it: #a, #b, #c, #d, #e and 1 more.
            root< @ref=f root | all clients | act | free kim - off lost the key
            kim< server | kim | refused | kicked root freed the name kim: lost the key
            kim.
        "#]],
    );
}

#[test]
fn where_newcomers_need_an_invitation_or_are_none_a_freed_name_is_said_to_need_one_too() {
    for (registration, next) in [
        (Registration::Open, "whoever joins under it next can own it, and finds"),
        (Registration::Invite, "whoever joins under it next with an invitation (/invite) can own it, and finds"),
        (Registration::Closed, "nobody new can own it while the server is closed to new users"),
    ] {
        let rules = Rules { registration, own_uid: 42, ..rules() };
        // Whoever keeps the machine needs no invitation.
        let heard = crate::transcript::play(rules, "ann> connects uid 42\nann> name ann\nthe host orders free ann\n");
        assert!(heard.contains(&format!("host: The name ann is free; {next}")), "{heard}");
    }
}
