//! What moderators did, as one sentence.
//!
//! Must not know: where it is shown, or who may do what.

use crate::language::{moderating as say, times};
use crate::model::Text;
use crate::protocol::words::SERVER;
use crate::protocol::{Done, Verb};

/// What `by` did.
#[must_use]
pub(crate) fn act_sentence(done: &Done, by: &str) -> String {
    let subject = done.subject.as_ref().map_or(say::somebody(), Text::as_str);
    let reason = &done.reason;
    match (done.verb, done.time.map(times::period)) {
        (Verb::Kick, _) => say::kicked(by, subject, reason),
        (Verb::Ban, None) => say::banned(by, subject, reason),
        (Verb::Ban, Some(time)) => say::banned_for(by, subject, time, reason),
        (Verb::Unban, _) => say::unbanned(by, subject, reason),
        (Verb::Mute, None) => say::muted(by, subject, reason),
        (Verb::Mute, Some(time)) => say::muted_for(by, subject, time, reason),
        (Verb::Unmute, _) => say::unmuted(by, subject, reason),
        (Verb::SlowMode, time) if done.on => say::slowed(by, time.unwrap_or_default(), reason),
        (Verb::SlowMode, _) => say::no_longer_slow(by, reason),
        (Verb::ReadOnly, _) if done.on => say::made_read_only(by, reason),
        (Verb::ReadOnly, _) => say::made_writable(by, reason),
        (Verb::LockTopic, _) if done.on => say::locked_topic(by, reason),
        (Verb::LockTopic, _) => say::unlocked_topic(by, reason),
        (Verb::AllowCalls, _) if done.on => say::switched_calls_on(by, reason),
        (Verb::AllowCalls, _) => say::switched_calls_off(by, reason),
        // What the server itself deletes is all that a user said.
        (Verb::Delete, _) if by == SERVER => say::erased_everything(by, subject),
        (Verb::Delete, _) => say::deleted_message(by, subject, reason),
        (Verb::RemoveReaction, _) if done.subject.is_none() => say::removed_reactions(by, reason),
        (Verb::RemoveReaction, _) => say::removed_reaction(by, subject, reason),
        (Verb::Announce, _) => say::announced(by, reason),
        (Verb::Grant, _) => say::granted(by, subject, reason),
        (Verb::Revoke, _) => say::revoked(by, subject, reason),
        (Verb::Free, _) => say::freed(by, subject, reason),
    }
}
