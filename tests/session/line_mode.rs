//! Line mode.

use expect_test::expect;

use crate::check;
use crate::script::play;

#[test]
fn line_mode_leaves_after_everything_is_accepted() {
    check(
        "
        start plain name=cron
        line 12:00 up 3 days
        eof
        online alice
        +1s
        server @ref=5-0004;id=1 server | cron | accepted
        ",
        expect![[r#"
            start plain name=cron
                Dial(tcp://localhost:1234)
            line 12:00 up 3 days
            eof
            +1s
            server @ref=5-0004;id=1 server | cron | accepted
                send cron | server | exit | no data
                Disconnect
                Leave(Done)
        "#]],
    );
}

#[test]
fn line_mode_waits_to_join_a_server_that_is_too_busy() {
    check(
        "
        start plain name=cron code=lusab-babad take-over
        line 12:00 up 3 days
        eof
        connected 2.26
        server server | client | name | TR2.26 accepted identity
        server server | client | code | The code is valid; give your name.
        server server | client | refused | busy Too many sessions began and ended from where you are; try again in 1 second.
        tick
        connected 2.26
        server server | client | name | TR2.26 accepted identity
        server server | client | code | The code is valid; give your name.
        server server | client | refused | busy Too many sessions began and ended from where you are; try again in 1 second.
        tick
        online alice
        +1s
        server @ref=5-0008;id=1 server | cron | accepted
        ",
        expect![[r#"
            start plain name=cron code=lusab-babad take-over
                Dial(tcp://localhost:1234)
            line 12:00 up 3 days
            eof
            connected 2.26
            server server | client | name | TR2.26 accepted identity
                send @ref=5-0001 cron | server | code | lusab-babad
            server server | client | code | The code is valid; give your name.
                send @ref=5-0002 cron | server | take_over | cron
            server server | client | refused | busy Too many sessions began and ended from where you are; try again in 1 second.
                Disconnect
                stderr tr2: Too many sessions began and ended from where you are; try again in 1 second. Waiting to join…
            tick at 382ms
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted identity
                send @ref=5-0003 cron | server | code | lusab-babad
            server server | client | code | The code is valid; give your name.
                send @ref=5-0004 cron | server | take_over | cron
            server server | client | refused | busy Too many sessions began and ended from where you are; try again in 1 second.
                Disconnect
            tick at 1.288s
                Dial(tcp://localhost:1234)
            +1s
            server @ref=5-0008;id=1 server | cron | accepted
                send cron | server | exit | no data
                Disconnect
                Leave(Done)
        "#]],
    );
}

#[test]
fn line_mode_does_not_wait_for_ever_to_join() {
    let mut script = "start plain name=cron\nline up\neof\n".to_owned();
    let refusal = "connected 2.26\nserver server | client | name | TR2.26 accepted\n\
                   server server | client | refused | busy Too many sessions; try again in 1 second.\n";
    for _ in 0..22 {
        script += refusal;
        script += "+5s\n";
    }
    let written = play(&script);
    let said = "Too many sessions; try again in 1 second.";
    assert_eq!(written.matches("stderr").count(), 1, "{written}");
    let lines: Vec<_> = written.lines().filter(|line| line.contains("Leave")).collect();
    assert_eq!(lines, [format!("    Leave(Refused(\"Could not join tcp://localhost:1234: {said}\"))")], "{written}");
    let tries = written.matches("Dial(").count();
    assert!((10..=22).contains(&tries), "{tries} {written}");
}

#[test]
fn line_mode_prints_messages_and_errors() {
    check(
        "
        start plain name=cron
        online alice
        server @id=1;time=2026-11-22T12:01:00Z alice | all clients | broadcast_not_me | one\\ntwo
        server @id=2;time=2026-11-22T12:01:00Z alice | cron | private_message | for you
        server @why=timeout server | all clients | left | alice
        line /list
        server @ref=5-0004 server | cron | list_clients | clients connected: cron
        server @ref=5-0004 server | cron | list_end
        line /msg zed hi
        server @ref=5-0005 server | cron | refused | no_such_user There is no zed.
        line /etc/passwd
        server @ref=5-0006;id=9 server | cron | accepted | no data
        line /passwd
        eof
        ",
        expect![[r#"
            start plain name=cron
                Dial(tcp://localhost:1234)
            server @id=1;time=2026-11-22T12:01:00Z alice | all clients | broadcast_not_me | one\ntwo
                stdout 12:01 ~alice: one
                two
            server @id=2;time=2026-11-22T12:01:00Z alice | cron | private_message | for you
                stdout 12:01 ~alice -> you: for you
            server @why=timeout server | all clients | left | alice
                stdout 12:00 * alice left (timeout)
            line /list
                send @ref=5-0004 cron | server | list_clients | no data
            server @ref=5-0004 server | cron | list_clients | clients connected: cron
            server @ref=5-0004 server | cron | list_end
                stdout 12:00 * Online: ~cron
            line /msg zed hi
                send @ref=5-0005 cron | zed | private_message | hi
            server @ref=5-0005 server | cron | refused | no_such_user There is no zed.
                stderr tr2: There is no zed. Not sent: hi
            line /etc/passwd
                send @ref=5-0006 cron | all clients | broadcast_not_me | /etc/passwd
            server @ref=5-0006;id=9 server | cron | accepted | no data
            line /passwd
                stderr tr2: There is no command /passwd. /help lists them. //passwd sends it as text.
            eof
                send cron | server | exit | no data
                Disconnect
                Leave(Refused("The server refused part of the input."))
        "#]],
    );
}

#[test]
fn line_mode_slows_down_with_the_server() {
    let lines = (1..=18).map(|n| format!("line {n}\n")).collect::<String>();
    check(
        &format!(
            "
        start plain name=cron
        online
        {lines}
        eof
        server @ref=5-0004;id=1 server | cron | accepted
        server @ref=5-0005 server | cron | refused | rate_limited Slower, please.
        server @ref=5-0006;id=2 server | cron | accepted
        tick
        +40s
        "
        ),
        expect![[r#"
            start plain name=cron
                Dial(tcp://localhost:1234)
            line 1
                send @ref=5-0004 cron | all clients | broadcast_not_me | 1
            line 2
                send @ref=5-0005 cron | all clients | broadcast_not_me | 2
            line 3
                send @ref=5-0006 cron | all clients | broadcast_not_me | 3
            line 4
                send @ref=5-0007 cron | all clients | broadcast_not_me | 4
            line 5
                send @ref=5-0008 cron | all clients | broadcast_not_me | 5
            line 6
                send @ref=5-0009 cron | all clients | broadcast_not_me | 6
            line 7
                send @ref=5-000a cron | all clients | broadcast_not_me | 7
            line 8
                send @ref=5-000b cron | all clients | broadcast_not_me | 8
            line 9
                send @ref=5-000c cron | all clients | broadcast_not_me | 9
            line 10
                send @ref=5-000d cron | all clients | broadcast_not_me | 10
            line 11
                send @ref=5-000e cron | all clients | broadcast_not_me | 11
            line 12
                send @ref=5-000f cron | all clients | broadcast_not_me | 12
            line 13
                send @ref=5-0010 cron | all clients | broadcast_not_me | 13
            line 14
                send @ref=5-0011 cron | all clients | broadcast_not_me | 14
            line 15
                send @ref=5-0012 cron | all clients | broadcast_not_me | 15
            line 16
                send @ref=5-0013 cron | all clients | broadcast_not_me | 16
            line 17
            line 18
            eof
            server @ref=5-0004;id=1 server | cron | accepted
                send @ref=5-0014 cron | all clients | broadcast_not_me | 17
            server @ref=5-0005 server | cron | refused | rate_limited Slower, please.
            server @ref=5-0006;id=2 server | cron | accepted
            tick at 1s
                send @ref=5-0005 cron | all clients | broadcast_not_me | 2
                send @ref=5-0015 cron | all clients | broadcast_not_me | 18
            +40s
                send cron | server | ping | 16
                send cron | server | exit | no data
                Disconnect
                Leave(Failed("16 lines were not sent."))
        "#]],
    );
}

#[test]
fn line_mode_ends_when_it_cannot_connect() {
    check(
        "
        start plain name=cron
        failed Connection refused.
        start plain name=cron
        connected 2.26
        server server | client | name | TR2.26
        server server | client | refused | name_taken cron is taken.
        start plain name=cron
        online
        line lost
        lost The line was cut.
        eof
        start plain name=cron
        connected 2.23
        server server | client | name | no data
        server server | cron | connection_confirmation | You are now connected
        server server | cron | list_clients | clients connected: cron
        line old friend
        eof
        start plain name=cron
        online
        hangup
        ",
        expect![[r#"
            start plain name=cron
                Dial(tcp://localhost:1234)
            failed Connection refused.
                Leave(Failed("No answer from tcp://localhost:1234: Connection refused. Start a server with: tr2 serve"))
            start plain name=cron
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26
                send @ref=5-0001 cron | server | name | cron
            server server | client | refused | name_taken cron is taken.
                Disconnect
                Leave(Refused("cron is taken."))
            start plain name=cron
                Dial(tcp://localhost:1234)
            line lost
                send @ref=5-0004 cron | all clients | broadcast_not_me | lost
            lost The line was cut.
                stderr tr2: The connection was lost before the server had accepted it. Not sent: lost
                stderr tr2: Connection lost. Reconnecting… The line was cut.
            eof
                Leave(Failed("1 line was not sent."))
            start plain name=cron
                Dial(tcp://localhost:1234)
            connected 2.23
            server server | client | name | no data
                send @ref=5-0001 cron | server | name | cron
            server server | cron | connection_confirmation | You are now connected
                send @ref=5-0002 cron | server | list_clients | no data
            server server | cron | list_clients | clients connected: cron
            line old friend
                send @ref=5-0003 cron | all clients | broadcast_not_me | old friend
            eof
                send cron | server | exit | no data
                Disconnect
                Leave(Done)
            start plain name=cron
                Dial(tcp://localhost:1234)
            hangup
                send cron | server | exit | no data
                Disconnect
                Leave(Done)
        "#]],
    );
}

#[test]
fn line_mode_closes_the_server_with_the_passphrase() {
    check(
        "
        start plain name=root
        online
        line /close-server
        server @ref=5-0004 server | root | refused | not_moderator Only a moderator may close the server.
        line /close-server correct-horse
        line said before it closes
        server @ref=5-0005 server | root | moderator | You are a moderator.
        server server | all clients | broadcast | server closed
        eof
        +30s
        ",
        expect![[r#"
            start plain name=root
                Dial(tcp://localhost:1234)
            line /close-server
                send @ref=5-0004 root | server | close_server | close server
            server @ref=5-0004 server | root | refused | not_moderator Only a moderator may close the server.
                stderr tr2: Only a moderator may close the server.
            line /close-server correct-horse
                send @ref=5-0005 root | server | moderator | correct-horse
            line said before it closes
            server @ref=5-0005 server | root | moderator | You are a moderator.
                send @ref=5-0006 root | server | close_server | close server
            server server | all clients | broadcast | server closed
                Disconnect
                stderr tr2: Connection lost. Reconnecting… The server was closed.
            eof
            +30s
                Dial(tcp://localhost:1234)
                Disconnect
                Leave(Refused("The server refused part of the input."))
        "#]],
    );
}

#[test]
fn line_mode_never_broadcasts_a_private_message() {
    check(
        "
        start plain name=cron
        online bob
        line //exit is a text
        line /query bob
        line secret for bob
        server @ref=5-0005;id=2 server | cron | accepted
        line /query zed
        line secret for zed
        server @ref=5-0006 server | cron | refused | no_such_user There is no zed.
        line more for zed
        line /query no|name
        line held too
        line /everyone
        line for all
        line /qurey bob
        line not for all
        line /query
        line nor this
        line /msg bob by name
        ",
        expect![[r#"
            start plain name=cron
                Dial(tcp://localhost:1234)
            line //exit is a text
                send @ref=5-0004 cron | all clients | broadcast_not_me | /exit is a text
            line /query bob
                stdout 12:00 * What you write goes to bob now; /everyone goes back to all.
            line secret for bob
                send @ref=5-0005 cron | bob | private_message | secret for bob
            server @ref=5-0005;id=2 server | cron | accepted
            line /query zed
                stdout 12:00 * What you write goes to zed now; /everyone goes back to all.
            line secret for zed
                send @ref=5-0006 cron | zed | private_message | secret for zed
            server @ref=5-0006 server | cron | refused | no_such_user There is no zed.
                stderr tr2: There is no zed. Not sent: secret for zed
            line more for zed
                stderr tr2: Choose a recipient first, with /query NAME or /everyone. Not sent: more for zed
            line /query no|name
                stderr tr2: 'no|name' is not a valid name. A name is made of letters, digits, '-', '_' and '.'.
            line held too
                stderr tr2: Choose a recipient first, with /query NAME or /everyone. Not sent: held too
            line /everyone
                stdout 12:00 * What you write goes to everyone now.
            line for all
                send @ref=5-0007 cron | all clients | broadcast_not_me | for all
            line /qurey bob
                stderr tr2: There is no command /qurey. Did you mean /query? //qurey sends it as text.
            line not for all
                stderr tr2: Choose a recipient first, with /query NAME or /everyone. Not sent: not for all
            line /query
                stderr tr2: Write /query NAME. Opens the conversation with a user, or with a room you are in.
            line nor this
                stderr tr2: Choose a recipient first, with /query NAME or /everyone. Not sent: nor this
            line /msg bob by name
                send @ref=5-0008 cron | bob | private_message | by name
        "#]],
    );
}

#[test]
fn line_mode_reports_that_the_server_closed() {
    check(
        "
        start plain name=root
        online
        line /close-server
        eof
        server server | all clients | broadcast | server closed
        start plain name=cron
        online
        line on its way
        eof
        server server | all clients | broadcast | server closed
        start plain name=cron
        online
        line /echo hi
        eof
        lost The line was cut.
        ",
        expect![[r#"
            start plain name=root
                Dial(tcp://localhost:1234)
            line /close-server
                send @ref=5-0004 root | server | close_server | close server
            eof
            server server | all clients | broadcast | server closed
                Disconnect
                stdout 12:00 * The server was closed.
                Leave(Done)
            start plain name=cron
                Dial(tcp://localhost:1234)
            line on its way
                send @ref=5-0004 cron | all clients | broadcast_not_me | on its way
            eof
            server server | all clients | broadcast | server closed
                Disconnect
                stderr tr2: The connection was lost before the server had accepted it. Not sent: on its way
                stderr tr2: The server was closed.
                Leave(Failed("1 line was not sent."))
            start plain name=cron
                Dial(tcp://localhost:1234)
            line /echo hi
                send @ref=5-0004 cron | cron | echo | hi
            eof
            lost The line was cut.
                stderr tr2: The line was cut.
                Leave(Done)
        "#]],
    );
}

#[test]
fn the_rest_of_a_long_line_is_no_command_and_goes_to_the_same_recipient() {
    check(
        "
        start plain name=cron
        line to all
        rest /exit
        online bob
        line /msg bob for bob
        rest /msg zed still for bob
        line /broadcast me too
        rest and this
        line /unknown command
        rest is not said
        line /help
        rest nor this
        ",
        expect![[r#"
            start plain name=cron
                Dial(tcp://localhost:1234)
            line to all
            rest /exit
            line /msg bob for bob
                stderr tr2: A long line was sent as 2 messages.
                send @ref=5-0006 cron | bob | private_message | for bob
            rest /msg zed still for bob
                send @ref=5-0007 cron | bob | private_message | /msg zed still for bob
            line /broadcast me too
                stderr tr2: A long line was sent as 2 messages.
                send @ref=5-0008 cron | all clients | broadcast | me too
            rest and this
                send @ref=5-0009 cron | all clients | broadcast | and this
            line /unknown command
                stderr tr2: A long line was sent as 2 messages.
                stderr tr2: There is no command /unknown. /help lists them. //unknown sends it as text.
            rest is not said
                stderr tr2: The line it belongs to was no message. Not sent: is not said
            line /help
                stdout 12:00 * /msg NAME TEXT           Sends a message to one user. Also /tell, /w, /dm.
                stdout 12:00 * /me ACTION               Says what you do: /me waves.
                stdout 12:00 * /reply [NAME] TEXT       Answers the newest message of somebody, with a quote of it.
                stdout 12:00 * /edit TEXT               Replaces the text of your last message.
                stdout 12:00 * /react SIGN              Puts a reaction on the newest message of somebody else, or takes it back.
                stdout 12:00 * /join #ROOM [private]    Joins a room, or makes it: open, or private (by invitation). Also /j.
                stdout 12:00 * /rooms                   Lists the rooms: join, make or leave them, set topics, invite users. Also /channels.
                stdout 12:00 * /leave [#ROOM]           Leaves a room; going offline does not. Also /part.
                stdout 12:00 * /query NAME              Opens the conversation with a user, or with a room you are in.
                stdout 12:00 * /close                   Closes the conversation with a user; it comes back when something is said.
                stdout 12:00 * /everyone                Opens the conversation with everyone.
                stdout 12:00 * /go                      Goes to a conversation, a user, a room or an action by a few letters.
                stdout 12:00 * /jump [NUMBER]           Opens a conversation by its number: two digits, or one and Enter. Also /window, /win, /buffer.
                stdout 12:00 * /list                    Lists who is online; Enter opens a conversation. Also /names, /who, /users.
                stdout 12:00 * /members [#ROOM]         Lists the members of a room.
                stdout 12:00 * /whois [NAME]            Shows how a user is verified, and since when.
                stdout 12:00 * /topic [TEXT]            Shows or sets the topic; - removes it. Also /header.
                stdout 12:00 * /invite [NAME [#ROOM] | N [TIME]] Invites a user into a room; without a name, lets new people in with a code.
                stdout 12:00 * /search WORDS            Searches all messages that you can see. Also /find, /lastlog.
                stdout 12:00 * /mentions                Lists the messages that mention you.
                stdout 12:00 * /away [TEXT]             Marks you as away; anyone who writes to you sees the text.
                stdout 12:00 * /dnd [TEXT]              Marks you as away and silences the bell.
                stdout 12:00 * /back                    Marks you as back.
                stdout 12:00 * /notify [all|mentions|nothing] Sets which messages of this conversation notify you; - resets it.
                stdout 12:00 * /ignore NAME             Hides a user's messages from you.
                stdout 12:00 * /unignore NAME           Shows a user's messages again.
                stdout 12:00 * /ignored                 Lists the users you ignore.
                stdout 12:00 * /clear                   Clears the messages from view; PageUp brings them back.
                stdout 12:00 * /bare                    Shows only the messages, for copying with the mouse; again, everything.
                stdout 12:00 * /set [KEY [VALUE]]       Shows or changes a setting, and keeps it; - as the value resets it.
                stdout 12:00 * /help [WORD]             Shows keys, commands and settings, or those with a word. Also /shortcuts.
                stdout 12:00 * /status                  Shows how the connection is, and the bytes of the last minute.
                stdout 12:00 * /resend                  Resends the failed messages of this conversation.
                stdout 12:00 * /reconnect               Reconnects to the server now.
                stdout 12:00 * /broadcast TEXT          Sends a message to everyone, with or without a copy to you.
                stdout 12:00 * /echo TEXT               Asks the server to send a text back.
                stdout 12:00 * /exit                    Leaves the chat. Also /quit.
                stdout 12:00 * //TEXT                   Sends a text that begins with a slash.
                stdout 12:00 * /call [NAME|#ROOM]       Starts a video call with a user, or joins a room's call.
                stdout 12:00 * /answer [NAME]           Answers the call that rings.
                stdout 12:00 * /decline [NAME]          Declines the call that rings, or the file that is offered.
                stdout 12:00 * /hangup [NAME]           Ends a call, or gives it up.
                stdout 12:00 * /camera [NAME] [on|off]  Turns your camera on or off in a call.
                stdout 12:00 * /talk [NAME] [on|off]    Speaks in a call while its key is held, or until it is pressed again.
                stdout 12:00 * /sound [NAME] [on|off]   Turns sound on or off in a call.
                stdout 12:00 * /large                   Shows the picture of a call large, or small; so does F5 while it is in view.
                stdout 12:00 * /direct [NAME]           Calls a user to talk directly: the server cannot read what is said.
                stdout 12:00 * /verify [NAME] [match|differ] Shows four words to compare, which prove that nobody stands between you.
                stdout 12:00 * /bypass [NAME] [on|off]  Has direct packets bypass the server, once the other user wants it too.
                stdout 12:00 * /send NAME FILE          Offers a file to a user directly, or goes on with one that was cut off.
                stdout 12:00 * /accept [NAME]           Accepts the file that is offered.
                stdout 12:00 * /stop [NAME]             Stops sending and receiving files.
                stdout 12:00 * /forget-key NAME         Forgets the key that is known as a user's; the next call counts as the first.
                stdout 12:00 * /rename NAME             Gives you another name; all that is yours comes with you. Also /nick.
                stdout 12:00 * /keys                    Lists the keys and logins that own your name.
                stdout 12:00 * /invite-key              Shows a line that adds another device of yours to your name.
                stdout 12:00 * /revoke-key KEY          Removes a key from your name; /keys lists them.
                stdout 12:00 * /sessions [NUMBER]       Lists your sessions on this server, or ends the one with a number.
                stdout 12:00 * /leave-server            Gives your name up for good, after a question.
                stdout 12:00 * /moderator [PASSPHRASE]  Makes you a moderator, with the passphrase. Also /oper.
                stdout 12:00 * /moderate                Shows what moderators can do here.
                stdout 12:00 * /invitations             Lists the invitations of new people: how many have come, and until when.
                stdout 12:00 * /revoke-invitation ID    Ends an invitation; /invitations lists them.
                stdout 12:00 * /kick NAME REASON        Disconnects a user; they may rejoin.
                stdout 12:00 * /ban [--dry-run] WHOM [TIME] REASON Bans a user, permanently or for a time.
                stdout 12:00 * /unban WHOM REASON       Lifts a ban.
                stdout 12:00 * /mute NAME [TIME] REASON Mutes a user, permanently or for a time.
                stdout 12:00 * /unmute NAME REASON      Lifts a mute.
                stdout 12:00 * /bans                    Lists the bans and mutes in force.
                stdout 12:00 * /delete [N REASON]       Deletes a message; a marker stays.
                stdout 12:00 * /remove-reaction N REACTION NAME|- REASON Removes a reaction from a message.
                stdout 12:00 * /modlog [COUNT]          Shows moderators' actions, newest first.
                stdout 12:00 * /announce TEXT           Sends an announcement to everyone.
                stdout 12:00 * /slow SECONDS|off REASON Limits how often each user may write.
                stdout 12:00 * /read-only on|off REASON Lets only moderators write.
                stdout 12:00 * /lock-topic on|off REASON Lets only moderators set the topic.
                stdout 12:00 * /calls [#ROOM] on|off REASON Switches a room's calls on or off.
                stdout 12:00 * /grant NAME REASON       Makes a user a moderator. Also /op.
                stdout 12:00 * /revoke NAME REASON      Takes moderator rights away. Also /deop.
                stdout 12:00 * /free NAME REASON        Frees the name of a user who lost the key to it.
                stdout 12:00 * /close-server [PASSPHRASE | in TIME because TEXT | off] Closes the server, now or later; moderators only.
                stdout 12:00 * -all                     Behind a moderator's command, as in /ban -all NAME REASON: acts on the whole server from within a room.
                stdout 12:00 * /set server              The server to join.
                stdout 12:00 * /set name                Your name in the chat.
                stdout 12:00 * /set theme               The colours: auto, dark, light or mono.
                stdout 12:00 * /set times               How times are written: 24h, 12h or off.
                stdout 12:00 * /set words               Words that count as mentions of you, beside your name.
                stdout 12:00 * /set notify              Which messages notify you: all, mentions or nothing.
                stdout 12:00 * /set notify_content      Whether notifications show the text of the message.
                stdout 12:00 * /set mouse               Whether the mouse works in the screen.
                stdout 12:00 * /set join_notices        Whether it is shown who joins and leaves.
                stdout 12:00 * /set change_notices      Whether plain lines tell of reactions, edits and deletions.
                stdout 12:00 * /set bell                Whether the bell rings.
                stdout 12:00 * /set downloads           The folder for files that others send you.
                stdout 12:00 * /set camera              Your camera: none, test, FILE.y4m, a device, or a command.
                stdout 12:00 * /set sound               Your microphone and loudspeaker: auto, none, pulse, pipewire, alsa, ffmpeg or FILE.wav.
                stdout 12:00 * /set direct              When calls may bypass the server, and tell your address: ask, known or never.
                stdout 12:00 * /set video               How pictures are drawn: auto, true, 256, 16, quadrants, text or off.
                stdout 12:00 * /set lang                The language: auto, en or pt-BR.
                stdout 12:00 * /set keys.ACTION         The keys of an action, such as Ctrl-K or F5; none takes them away.
                stdout 12:00 * /set conversations.NAME  Which messages of a conversation notify you: all, mentions or nothing.
            rest nor this
                stderr tr2: The line it belongs to was no message. Not sent: nor this
        "#]],
    );
}

#[test]
fn a_typo_after_close_server_closes_nothing() {
    check(
        "
        start plain name=root
        rooms bob
        line /close-server open sesame
        line /close-server 5m
        line /close-server 5 minutes because x
        line /close-server 4bears
        line /close-server In 5m Because
        line /close-server OFF
        server @ref=5-0004 server | root | refused | not_moderator Only a moderator may.
        line /close-server of
        server server | root | moderator | You are a moderator.
        server @ref=5-0005 server | root | moderator | You are already a moderator.
        line /close-server of
        line /close-server now please
        line /close-server 5m because new disks
        line /close-server
        start plain name=root
        connected 2.23
        server server | client | name | no data
        server server | root | connection_confirmation | You are now connected
        server server | root | list_clients | clients connected: root
        line /close-server off
        ",
        expect![[r#"
            start plain name=root
                Dial(tcp://localhost:1234)
            line /close-server open sesame
                stderr tr2: That closes nothing. Write /close-server in 5m because TEXT, /close-server off to call it off, or /close-server alone to close it now. A passphrase with blanks, or with a digit in front, goes behind /moderator.
            line /close-server 5m
                stderr tr2: Say why the server is to close: in 5m because TEXT. A passphrase with blanks, or with a digit in front, goes behind /moderator.
            line /close-server 5 minutes because x
                stderr tr2: Say when as in: in 5m because TEXT. A passphrase with blanks, or with a digit in front, goes behind /moderator.
            line /close-server 4bears
                stderr tr2: Say when as in: in 5m because TEXT. A passphrase with blanks, or with a digit in front, goes behind /moderator.
            line /close-server In 5m Because
                stderr tr2: Say why the server is to close: in 5m because TEXT.
            line /close-server OFF
                send @ref=5-0004 root | server | close_server | off
            server @ref=5-0004 server | root | refused | not_moderator Only a moderator may.
                stderr tr2: Only a moderator may.
            line /close-server of
                send @ref=5-0005 root | server | moderator | of
            server server | root | moderator | You are a moderator.
                stdout 12:00 * You are a moderator.
            server @ref=5-0005 server | root | moderator | You are already a moderator.
                stdout 12:00 * You are already a moderator.
            line /close-server of
                stderr tr2: That closes nothing. Write /close-server in 5m because TEXT, /close-server off to call it off, or /close-server alone to close it now.
            line /close-server now please
                stderr tr2: That closes nothing. Write /close-server in 5m because TEXT, /close-server off to call it off, or /close-server alone to close it now.
            line /close-server 5m because new disks
                send @ref=5-0006 root | server | close_server | in=300s new disks
            line /close-server
                send @ref=5-0007 root | server | close_server | close server
            start plain name=root
                Dial(tcp://localhost:1234)
            connected 2.23
            server server | client | name | no data
                send @ref=5-0001 root | server | name | root
            server server | root | connection_confirmation | You are now connected
                send @ref=5-0002 root | server | list_clients | no data
            server server | root | list_clients | clients connected: root
            line /close-server off
                stderr tr2: That closes nothing: this server knows only /close-server alone, which closes it now.
        "#]],
    );
}

#[test]
fn line_mode_prints_nothing_of_ignored_users() {
    check(
        "
        start plain name=alice
        rooms bob carol
        server bob | all clients | away | lunch
        server server | #ops | room | open members=2 you=maker topic=
        line /list
        server @ref=5-0004 server | alice | list_clients | clients connected: alice ,bob ,carol
        server @ref=5-0004 server | alice | list_end
        line /ignore bob
        server server | alice | ignored | bob
        line /list
        server @ref=5-0006 server | alice | list_clients | clients connected: alice ,bob ,carol
        server @ref=5-0006 server | alice | list_end
        server bob | #ops | topic | loud words
        server bob | #ops | act | mute carol 600 on loud words
        server bob | #ops | act | announce - - on loud words
        server bob | #ops | act | mute alice 600 on told all the same
        server bob | all clients | act | announce - - on told all the same
        server carol | #ops | topic | quiet words
        ",
        expect![[r#"
            start plain name=alice
                Dial(tcp://localhost:1234)
            server bob | all clients | away | lunch
            server server | #ops | room | open members=2 you=maker topic=
            line /list
                send @ref=5-0004 alice | server | list_clients | no data
            server @ref=5-0004 server | alice | list_clients | clients connected: alice ,bob ,carol
            server @ref=5-0004 server | alice | list_end
                stdout 12:00 * Online: ~alice, ~bob (away: lunch), ~carol
            line /ignore bob
                send @ref=5-0005 alice | server | ignore | bob
            server server | alice | ignored | bob
            line /list
                send @ref=5-0006 alice | server | list_clients | no data
            server @ref=5-0006 server | alice | list_clients | clients connected: alice ,bob ,carol
            server @ref=5-0006 server | alice | list_end
                stdout 12:00 * Online: ~alice, ~bob, ~carol
            server bob | #ops | topic | loud words
            server bob | #ops | act | mute carol 600 on loud words
            server bob | #ops | act | announce - - on loud words
            server bob | #ops | act | mute alice 600 on told all the same
                stdout 12:00 * [#ops] bob muted alice for 10 minutes: told all the same
            server bob | all clients | act | announce - - on told all the same
                stdout 12:00 * bob announces: told all the same
            server carol | #ops | topic | quiet words
                stdout 12:00 * [#ops] carol set the topic: quiet words
        "#]],
    );
}
