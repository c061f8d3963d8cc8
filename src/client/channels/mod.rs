//! The channels to other clients: what carries them over sockets, and their files to and from the disk.
//!
//! - [`handle`]: the session's side: starts a task for each channel and passes orders on.
//! - `task`: the task of one channel: packets, times, orders and finished steps go into its machine
//!   ([`crate::client::direct::exchange`]), and what comes out is carried out.
//! - `relay_leg`: its leg. `leg_link`: the leg over a stream, a connection to the server of its own; `udp_link`: a socket
//!   for UDP.
//! - `conferences`: the session's side of a room's call, and `conference_task` its task. `worker`: long work, in a thread.
//! - [`disk`]: its files. `camera_desk`: the person's camera, whose pictures go to all of them;
//!   `sound_desk`: microphone and loudspeaker, likewise; `seats`: who gets what they have.
//!
//! Must not know: who calls whom, or what the session decides.

mod camera_desk;
mod conference_task;
mod conferences;
pub mod disk;
pub mod handle;
mod leg_link;
mod relay_leg;
mod seats;
mod sound_desk;
mod task;
mod udp_link;
mod worker;
