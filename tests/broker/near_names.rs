//! Transcripts of names that differ by a dot or a dash, of users whom the kernel cannot tell, and of directories that
//! do not answer.

use std::collections::BTreeSet;

use expect_test::expect;
use tr2::model::{Identity, Name, NameKey, Timestamp};
use tr2::server::broker::access::owners::{Owned, Owners};

use crate::check;
use crate::transcript::rules;

#[test]
fn a_name_with_a_dot_or_a_dash_more_is_not_another_user_s() {
    check(
        rules(),
        expect![[r#"
            bob> connects key b    bob> name bob
            bob< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            bob< @time=2026-11-22T12:00:00.000Z;verified=yes server | bob | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40001)
            eve> connects key e    eve> name bob.
            eve< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            eve< server | client | refused | name_bound The name bob. looks like bob, which has an owner; choose another name.
            eve.
            eve> connects key e    eve> name bob_
            eve< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            eve< server | client | refused | name_bound The name bob_ looks like bob, which has an owner; choose another name.
            eve.
            eve> connects key e    eve> name b-ob
            eve< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            eve< server | client | refused | name_bound The name b-ob looks like bob, which has an owner; choose another name.
            eve.
            eve> connects    eve> name .Bob.
            eve< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            eve< server | client | refused | name_bound The name .Bob. looks like bob, which has an owner; choose another name.
            eve.
            eve> connects uid 7    eve> name b.o.b
            eve< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            eve< server | client | refused | name_bound The name b.o.b looks like bob, which has an owner; choose another name.
            eve.
            eve> connects key e    eve> name bobby
            bob< @verified=yes server | all clients | joined | bobby
            eve< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            eve< @time=2026-11-22T12:00:00.000Z;verified=yes server | bobby | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40007)
            bob> leaves
            eve< @why=connection\sclosed server | all clients | left | bob
            eve> connects key e    eve> name bob-
            eve< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            eve< server | client | refused | name_bound The name bob- looks like bob, which has an owner; choose another name.
            eve.
            two> connects key b    two> name bob_
            eve< @verified=yes server | all clients | joined | bob_
            two< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            two< @time=2026-11-22T12:00:00.000Z;verified=yes server | bob_ | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40009)
            bob> connects key b    bob> name bob
            eve< @verified=yes server | all clients | joined | bob
            two< @verified=yes server | all clients | joined | bob
            bob< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            bob< @time=2026-11-22T12:00:00.000Z;verified=yes server | bob | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40010)
            restart
            eve> connects key e    eve> name bob.
            eve< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            eve< server | client | refused | name_bound The name bob. looks like bob, which has an owner; choose another name.
            eve.
            eve> connects key e    eve> name bob
            eve< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            eve< server | client | refused | name_bound The name bob has an owner. If that is you, make a code with /invite-key in a session that owns it, and join with that code. Otherwise choose another name.
            eve.
            two> connects key b    two> name bob_
            two< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            two< @time=2026-11-22T12:00:00.000Z;verified=yes server | bob_ | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40013)
            claim> joins
            eve> connects key e    eve> name c.laim
            eve< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            eve< server | client | refused | name_taken The name c.laim, or one that looks like it, is taken; choose another name.
            eve.
            eve> connects    eve> name claim_
            eve< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            eve< server | client | refused | name_taken The name claim_, or one that looks like it, is taken; choose another name.
            eve.
            claim> leaves
            two< @why=connection\sclosed server | all clients | left | claim
            eve> connects key e    eve> name c.laim
            two< @verified=yes server | all clients | joined | c.laim
            eve< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            eve< @time=2026-11-22T12:00:00.000Z;verified=yes server | c.laim | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40017)
            claim> connects    claim> name claim
            claim< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            claim< server | client | refused | name_bound The name claim looks like c.laim, which has an owner; choose another name.
            claim.
        "#]],
    );
}

#[test]
fn owners_come_in_whatever_others_are_called() {
    check(
        rules(),
        expect![[r#"
            logins anna=1000 ann-a=1001 bert=1002
            key> connects key k    key> name an.na
            key< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            key< @time=2026-11-22T12:00:00.000Z;verified=yes server | an.na | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40001)
            anna> connects uid 1000    anna> name anna
            key< @verified=yes server | all clients | joined | anna
            anna< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            anna< @time=2026-11-22T12:00:00.000Z;verified=yes server | anna | connection_confirmation | You are now connected to the server in ('localhost', 0)
            ann-a> connects uid 1001    ann-a> name ann-a
            key< @verified=yes server | all clients | joined | ann-a
            anna< @verified=yes server | all clients | joined | ann-a
            ann-a< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            ann-a< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann-a | connection_confirmation | You are now connected to the server in ('localhost', 0)
            key> leaves
            anna< @why=connection\sclosed server | all clients | left | an.na
            ann-a< @why=connection\sclosed server | all clients | left | an.na
            key> connects key k    key> name an.na
            anna< @verified=yes server | all clients | joined | an.na
            ann-a< @verified=yes server | all clients | joined | an.na
            key< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            key< @time=2026-11-22T12:00:00.000Z;verified=yes server | an.na | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40004)
            claim> joins
            two> connects key c    two> name cl-aim
            two< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            two< server | client | refused | name_taken The name cl-aim, or one that looks like it, is taken; choose another name.
            two.
            claim> leaves
            anna< @why=connection\sclosed server | all clients | left | claim
            ann-a< @why=connection\sclosed server | all clients | left | claim
            key< @why=connection\sclosed server | all clients | left | claim
            two> connects key c    two> name cl-aim
            anna< @verified=yes server | all clients | joined | cl-aim
            ann-a< @verified=yes server | all clients | joined | cl-aim
            key< @verified=yes server | all clients | joined | cl-aim
            two< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            two< @time=2026-11-22T12:00:00.000Z;verified=yes server | cl-aim | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40007)
            claim> connects    claim> name claim
            claim< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            claim< server | client | refused | name_bound The name claim looks like cl-aim, which has an owner; choose another name.
            claim.
            near> connects    near> name be-rt
            anna< server | all clients | joined | be-rt
            ann-a< server | all clients | joined | be-rt
            key< server | all clients | joined | be-rt
            two< server | all clients | joined | be-rt
            near< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            near< @time=2026-11-22T12:00:00.000Z server | be-rt | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40009)
            bert> connects uid 1002    bert> name bert
            anna< @why=name\staken\sover server | all clients | left | be-rt
            anna< @verified=yes server | all clients | joined | bert
            ann-a< @why=name\staken\sover server | all clients | left | be-rt
            ann-a< @verified=yes server | all clients | joined | bert
            key< @why=name\staken\sover server | all clients | left | be-rt
            key< @verified=yes server | all clients | joined | bert
            two< @why=name\staken\sover server | all clients | left | be-rt
            two< @verified=yes server | all clients | joined | bert
            near< server | be-rt | refused | taken_over The owner of the name bert has joined; join under another name.
            near.
            bert< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            bert< @time=2026-11-22T12:00:00.000Z;verified=yes server | bert | connection_confirmation | You are now connected to the server in ('localhost', 0)
        "#]],
    );
}

#[test]
fn a_name_near_a_moderator_s_is_reserved_too() {
    check(
        tr2::server::broker::rules::Rules { moderators: vec![Name::parse("root").unwrap()], ..rules() },
        expect![[r#"
            eve> connects key e    eve> name root.
            eve< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            eve< server | client | refused | name_kept The name root. is reserved for a moderator; give the passphrase first.
            eve.
            eve> connects    eve> name r_oot
            eve< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            eve< server | client | refused | name_kept The name r_oot is reserved for a moderator; give the passphrase first.
            eve.
            eve> connects uid 7    eve> name Ro.ot
            eve< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            eve< server | client | refused | name_kept The name Ro.ot is reserved for a moderator; give the passphrase first.
            eve.
            eve> connects uid 7    eve> name róot
            eve< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            eve< server | client | refused | name_kept The name róot is reserved for a moderator; give the passphrase first.
            eve.
            root> connects uid 42    root> name root
            root< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            root< @time=2026-11-22T12:00:00.000Z;verified=yes server | root | connection_confirmation | You are now connected to the server in ('localhost', 0)
            root< server | root | moderator | You are a moderator.
        "#]],
    );
}

#[test]
fn a_user_whom_the_kernel_cannot_tell_is_unverified() {
    check(
        rules(),
        expect![[r#"
            logins alice=1000
            log
            alice> connects unmapped    alice> name rosa
            alice< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            alice< @time=2026-11-22T12:00:00.000Z server | rosa | connection_confirmation | You are now connected to the server in ('localhost', 0)
            alice< server | rosa | private_message | You are outside the server's user namespace, so it cannot tell who you are: you are unverified.
            log: event=connected conn=1 from=uid:unmapped
            log: event=joined conn=1 from=uid:unmapped name=rosa dialect=TR2.26 proof=-
            mallory> connects unmapped    mallory> name rosa
            mallory< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            mallory< server | client | refused | name_taken The name rosa, or one that looks like it, is taken; choose another name.
            mallory.
            log: event=connected conn=2 from=uid:unmapped
            log: event=name_refused conn=2 from=uid:unmapped name=rosa code=name_taken
            log: event=left conn=2 from=uid:unmapped name=- why="name refused"
            mallory> connects unmapped    mallory> name alice
            mallory< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            mallory< server | client | refused | name_bound alice is another user's login on the server's machine; choose another name.
            mallory.
            log: event=connected conn=3 from=uid:unmapped
            log: event=name_refused conn=3 from=uid:unmapped name=alice code=name_bound
            log: event=left conn=3 from=uid:unmapped name=- why="name refused"
            mallory> connects unmapped    mallory> name nobody
            alice< server | all clients | joined | nobody
            mallory< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            mallory< @time=2026-11-22T12:00:00.000Z server | nobody | connection_confirmation | You are now connected to the server in ('localhost', 0)
            mallory< server | nobody | private_message | You are outside the server's user namespace, so it cannot tell who you are: you are unverified.
            log: event=connected conn=4 from=uid:unmapped
            log: event=joined conn=4 from=uid:unmapped name=nobody dialect=TR2.26 proof=-
            bob> connects key b    bob> name bob
            alice< @verified=yes server | all clients | joined | bob
            mallory< @verified=yes server | all clients | joined | bob
            bob< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            bob< @time=2026-11-22T12:00:00.000Z;verified=yes server | bob | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40005)
            log: event=connected conn=5 from=tls://10.0.0.1:40005
            log: event=proved conn=5 proof=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            log: event=name_bound name=bob proofs=1
            log: event=joined conn=5 from=tls://10.0.0.1:40005 name=bob dialect=TR2.26 proof=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            mallory> connects unmapped    mallory> name bob
            mallory< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            mallory< server | client | refused | name_bound The name bob has an owner. If that is you, connect over tls://, or from where the server can tell who you are: you are outside its user namespace, so this connection does not verify you. Otherwise choose another name.
            mallory.
            log: event=connected conn=6 from=uid:unmapped
            log: event=name_refused conn=6 from=uid:unmapped name=bob code=name_bound
            log: event=left conn=6 from=uid:unmapped name=- why="name refused"
        "#]],
    );
}

#[test]
fn the_overflow_number_is_never_the_server_s_own_user() {
    let own = tr2::server::broker::rules::Rules {
        own_uid: 65_534,
        trust_names: true,
        moderators: vec![Name::parse("root").unwrap()],
        ..rules()
    };
    check(
        own,
        expect![[r#"
            mallory> connects unmapped    mallory> name root
            mallory< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            mallory< server | client | refused | name_kept The name root is reserved for a moderator; give the passphrase first.
            mallory.
            nobody> connects uid 65534    nobody> name root
            nobody< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            nobody< @time=2026-11-22T12:00:00.000Z;verified=yes server | root | connection_confirmation | You are now connected to the server in ('localhost', 0)
            nobody< server | root | moderator | You are a moderator.
        "#]],
    );
}

#[test]
fn a_directory_that_does_not_answer_never_means_that_a_name_is_free() {
    check(
        rules(),
        expect![[r#"
            logins alice=1000
            nick> connects uid 1000    nick> name nick
            nick< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            nick< @time=2026-11-22T12:00:00.000Z;verified=yes server | nick | connection_confirmation | You are now connected to the server in ('localhost', 0)
            nick> leaves
            directory hangs
            eve> connects uid 1001    eve> name alice
            eve< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            eve< server | client | refused | busy The server cannot look up logins at the moment; try again later.
            eve.
            eve> connects uid 1001    eve> name other
            eve< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            eve< server | client | refused | busy The server cannot look up logins at the moment; try again later.
            eve.
            nick> connects uid 1000    nick> name nick
            nick< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            nick< server | client | refused | busy The server cannot look up logins at the moment; try again later.
            nick.
            tcp> connects    tcp> name tcp
            tcp< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            tcp< @time=2026-11-22T12:00:00.000Z server | tcp | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40005)
            directory answers
            eve> connects uid 1001    eve> name other
            tcp< @verified=yes server | all clients | joined | other
            eve< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            eve< @time=2026-11-22T12:00:00.000Z;verified=yes server | other | connection_confirmation | You are now connected to the server in ('localhost', 0)
        "#]],
    );
}

#[test]
fn a_name_from_before_it_was_reserved_stays_its_owner_s() {
    let old = Name::restored("server.").unwrap();
    assert!(Name::parse("server.").is_err());
    let mut owners = Owners::default();
    owners.bind(&old, (Identity::Uid(1000), None), Timestamp(0));
    assert!(matches!(owners.find(&old.key()), Owned::By(owner) if owner.is(Identity::Uid(1000))));
}

#[test]
fn names_that_are_near_are_found_until_they_are_free() {
    let mut owners = Owners::default();
    let name = |name: &str| Name::parse(name).unwrap();
    let near = |owners: &Owners, to: &str| -> BTreeSet<String> {
        owners.near(&name(to).key()).into_iter().map(|owner| owner.name.to_string()).collect()
    };
    for (number, login) in ["bob.s", "bobs", "b-o-b-s"].into_iter().enumerate() {
        owners.reclaim(&name(login), (Identity::Uid(u32::try_from(number).unwrap()), None), Timestamp(0));
    }
    assert_eq!(near(&owners, "bob_s").len(), 3);
    assert_eq!(near(&owners, "bobs").len(), 2, "not the name itself");
    owners.release(&name("bob.s"), Identity::Uid(0));
    assert_eq!(near(&owners, "bob_s"), ["b-o-b-s", "bobs"].map(str::to_owned).into());
    owners.release(&name("bobs"), Identity::Uid(1));
    owners.release(&name("b-o-b-s"), Identity::Uid(2));
    assert!(near(&owners, "bob_s").is_empty());
}

// Names of people in many languages are as different as before, and what only looks like one is not.
#[test]
fn separators_are_all_that_is_left_out() {
    let key = |name: &str| NameKey::of_login(name);
    for (one, other) in [("josé", "jose"), ("ana", "ann"), ("zoë", "zoe"), ("müller", "muller"), ("bob1", "bob2")] {
        assert!(!key(one).is_near(&key(other)), "{one} and {other}");
    }
    for (one, other) in [
        ("ana", "ana_"),
        ("anna-lena", "annalena"),
        ("r.n", "m"),
        ("BILL_", "bill"),
        ("paypa.I", "paypal"),
        ("B.o.b", "bob"),
    ] {
        assert!(key(one).is_near(&key(other)), "{one} and {other}");
    }
}
