//! tr2: chat for people who share a machine or a network. The program is thin; this library is what it is made of, so that
//! tests can drive its parts. Its API is not stable and follows the program's needs.
//!
//! # The floors
//!
//! ```text
//! model  <-  protocol  <-  net  <-  server | client     imports run to the left only; server and client never meet
//!      \___  sys, language  __/
//! media                                                stands by itself: it imports std, and one package for voice
//! ```
//!
//! - [`model`]: what the chat is about: names and what makes two of them the same, text that can harm nobody, time, roles.
//! - [`media`]: pictures and voice of calls: codecs, and how pictures become cells of a terminal.
//! - [`protocol`]: bytes to values and back, in both dialects.
//! - [`net`]: sockets. [`sys`]: clocks, files that nobody else may touch, the service manager.
//! - [`language`]: every sentence of the client and of the help, in English and in Portuguese.
//! - [`server`]: the broker decides, everything around it carries out.
//! - [`client`]: the session decides, everything around it shows and sends.
//! - [`cli`], [`config`], [`commands`], [`error`]: from the command line to one of the two, and back to an exit status.
//!   [`logging`]: where log events go.
//!
//! # The two cores
//!
//! Both are pure: no socket, task, file or clock. The time comes in, and what is to be done comes out. Both are made of parts
//! with private state; a part sees only those before it and returns what happened, and the core's own files alone turn
//! what happened in one part into calls of another.
//!
//! - [`server::broker`]: [`handle`](server::broker::Broker::handle) takes what a connection said and writes what follows
//!   into an [`Outbox`](server::broker::outbox::Outbox). Who somebody is comes from the connection, never from a frame.
//! - [`client::session`]: [`update`](client::session::Session::update) takes a key or news of the connection and returns
//!   effects; [`view`](client::session::Session::view) is the whole screen as plain data.
//!
//! # Where is …
//!
//! | question | file |
//! | --- | --- |
//! | a wire operation defined? | [`protocol::words`], [`protocol::command`], [`protocol::request`]; the answers in [`protocol::event`] |
//! | a request sent to the part that deals with it? | [`server::broker::dispatch`] |
//! | a kick decided? | [`server::broker::moderation::decide`](mod@server::broker::moderation::decide); the policy is [`authority`](server::broker::moderation::authority) |
//! | a kick carried out? | [`server::broker::acts`] |
//! | a ban looked up for somebody who joins? | [`server::broker::sessions`] asks [`bans`](server::broker::moderation::bans) |
//! | decided who gets which name? | [`server::broker::access::name_policy`] |
//! | a name handed to another owner, and a room's end carried out? | [`server::broker::handover`] |
//! | another name taken, or a name left for good? | `server::broker::renaming`; names that rest are in `server::broker::access` |
//! | decided whose login a name is? | [`server::transport::logins`] |
//! | a socket file found by the client? | [`net::socket_search`] |
//! | a code made, shown and used up? | `server::broker::access`'s file `inviting`; newcomers' in its `invitations`, which are stored |
//! | a code shown in a line that joins with it? | `client::session`'s file `inviting`; the line is made by [`client::text::join_line`] |
//! | an order of whoever keeps the machine given, and carried out? | `commands::keeper`, [`server::host_order`]; `server::broker`'s file `hosting`, by way of `server::transport::control` |
//! | what somebody said erased, or read for lists and exports? | `server::store::sqlite::erase`, `server::store::sqlite::survey` |
//! | a backup made, and put in place? | `commands::keeper`, in the form of its file `archive` |
//! | a session begun and ended, whatever the reason? | [`server::broker::sessions`] |
//! | what the sessions of one user share, and one ended from another? | `server::broker::own_sessions`; the connections of a user: [`server::broker::user_conns`] |
//! | a client told of the other nodes of the chat, or sent to them? | `server::broker`'s file `nodes`; where it goes, [`client::link::addresses`] |
//! | asked who of several people is at a shared account? | `commands::person`; their keys: `client::link::sealed_key` |
//! | decided what concerns one of several nodes of a chat, and what all of them? | [`server::cluster::front`]; as bytes in the log: [`server::cluster::command`]; the state that they share: `server::broker`'s file `shared_state` |
//! | a step of the log carried out by the broker? | [`server::cluster::replica`]; kept as a whole: `server::store::sqlite::writer`'s file `steps` |
//! | a setting changed for all nodes of a chat? | [`server::broker::shared_rules`], said in the log by `server::transport::node` |
//! | a node run between the log and its sockets? | `server::transport::node`; how it starts, and how a log is begun: `server::node_start` |
//! | a message given its number? | [`server::broker::messages::posting`] |
//! | a message edited, deleted by its sender or reacted to, and a reaction removed? | `server::broker::messages::changing`; in the store, `server::store::sqlite::change` |
//! | a change known that is asked for again under its label? | `server::store::api::change_label`; in the file, `server::store::sqlite::change_labels` |
//! | a message made durable? | [`server::store::sqlite::writer`] |
//! | a stored message found in its conversation, or by its label? | `server::store::sqlite::placing` |
//! | a replaced or truncated history noticed? | `server::store::sqlite::watch`; a lost or mixed one at the start, `server::store::sqlite::preflight` |
//! | the machine's clock believed, or not? | [`model::trusted_clock`]; bans end by it in [`server::broker::moderation::clock`] |
//! | a message delivered, once it is durable? | [`server::broker::messages::delivery`] |
//! | an entry given its place among those of other nodes? | [`server::log`]: in NATS, by [`server::log::nats::connection`]; [`server::log::nats::follow`] puts entries in order |
//! | a log noticed that lost entries, or is another? | [`server::log::nats::follow`]; what is wrong with servers and stream: [`server::log::nats::findings`] |
//! | decided which entries of the nodes' common log count, what time it is there, and which nodes are in? | [`server::cluster::turn`] |
//! | kept what a node says in that log, and said again until it comes back? | [`server::cluster::lane`] |
//! | noticed that the log lost or altered something? | `server::cluster`'s file `witness`; what is to be done, in [`server::cluster::fault`] |
//! | said what all in a room hear in a round, once for all? | `server::broker::outbox`'s files `rooms` and `room_tracks` |
//! | a slow consumer cut? | [`server::transport::backlog`], told by [`server::transport::sender`] |
//! | a key turned into an action? | [`client::tui::keymap`] reads bytes as keys, [`client::action`] is the table, [`client::session::ui::keys`] looks a key up |
//! | a click, or the wheel, understood? | `client::session::ui::mouse`; [`client::text::layout`] says where buttons and the draft stand |
//! | something done with a picked message? | [`client::action::PICKED`] has its keys, `client::session::ui::picking` reads them, `client::session`'s file `picked` does it |
//! | a link found in a text, and opened? | [`client::text::links`]; [`sys::link_opener`], or the terminal itself: `client::tui::hyperlinks` |
//! | a command carried out? | [`client::session::commands`] |
//! | the help put in order? | [`client::action::help`]; it is shown by [`client::dialogs::help`] |
//! | decided which known word or name was meant? | [`model::nearest`] |
//! | the bytes of the last minute counted? | [`client::traffic_meter`], into the ring of [`client::traffic`] |
//! | a name cut so that it stays distinct? | [`client::text::names`] |
//! | a call that rings, is answered and ends, on the client? | `client::session`'s part `calls` has the state, its flow `calling` leads it through all parts |
//! | what is said directly kept from the server? | [`client::chat::venue`]: it has no [`Target`](model::Target) |
//! | a lost connection waited for? | [`client::session::link`]; how long, in [`client::link::backoff`] |
//! | an event of the server taken in? | [`client::session::coordinate`] |
//! | a line of plain mode read, and its state found? | [`client::plain::line_reader`], [`client::text::codes`] |
//! | a program spoken to in JSON? | [`client::text::json`] |
//! | kept which conversation has which number? | [`client::chat::arrangement`]; as a file, [`client::text::arrangement_lines`] |
//! | kept what was not sent? | [`client::text::unsent`] |
//! | said why a server was not reached? | [`net::dial_failure`] |
//! | a server found on its own network? | `net::beacon`, with the packets of [`protocol::beacon`] |
//! | two clients' packets encrypted, and their keys checked? | [`net::peer`] |
//! | decided who may call whom, and a call ended? | [`server::broker::calling`]; how many there may be, [`server::limits::calls`] |
//! | what goes over them put together: words, files, orders, news? | [`client::direct::exchange`]; over sockets, [`client::channels`] |
//! | decided where a client's leg of the relay is? | [`net::legs`] |
//! | a file from another client written, and given a name? | [`client::channels::disk`], [`sys::part_file`] |
//! | known whose key is whose? | [`client::direct::known_people`]; in the file, [`client::link::people_list`] |
//! | known whose a connection is that comes through a proxy? | [`protocol::proxy_header`] reads what the proxy says, `server::transport::proxies` says which are believed |
//! | those packets handed from one to the other by the server? | [`server::relay`] |
//! | decided who may join a room's call? | `server::broker::conferring`; who gets which picture and whose voice there: [`server::relay::conference`] |
//! | a camera turned on, and a picture given its place? | `client::session`'s flow `calling::pictures`; on the screen, its `ui::pictures` |
//! | a room's call joined by the client? | `client::session`'s flow `calling::conferring`; where the faces stand, [`client::direct::conference::layout`] |
//! | a picture sealed for all in a call, but not for the server? | [`net::seal`]; a key is made anew in [`client::direct::conference`] |
//! | decided whether they go through it or straight? | [`net::ways`] |
//! | those packets taken from sockets and sent to others? | [`server::transport::relay_task`] |
//! | a camera named, and its pictures read? | [`client::camera`] |
//! | a microphone and a loudspeaker found, read and written? | [`client::sound`] |
//! | sound made small enough to be sent, mixed, and made longer? | [`media::voice`] |
//! | decided what is heard of the other one's voice, when, and what is sent of one's own? | [`client::direct::voice`]; in rooms: [`client::direct::conference::voices`] |
//! | a picture made small enough to be sent, and drawn? | [`media::codec`], [`media::cells`] |
//! | decided which pictures of a call are coded, sent again, decoded and shown? | [`client::direct::pictures`] |
//! | decided how much of a call a line takes? | [`media::ladder`]; whether it is full where it loses packets, [`media::loss_cause`] |
//! | the time zone taken for a time? | [`model::zone`]; [`sys::clock`] reads it |
//! | a dialog described? | [`client::dialogs`] |
//! | a sentence in both languages? | [`language`], in the file of its area |
//! | the screen drawn? | [`client::tui::screen`]; pictures on it, `client::tui::tile_cells` |
//! | a slow line kept from filling up? | [`client::tui::pace`] |
//! | a setting of the server read? | [`config::keys`], [`config::serve`] |
//! | a setting of the client read? | [`client::settings`] is the table and the values, `config::join_settings` the file |
//! | a setting of the client changed? | [`client::session`]'s file `configuring`; in the file, `config::edit` |
//!
//! # From one screen to another
//!
//! A key becomes a [`client::msg::Msg`], the session's answer a [`protocol::Request`], and [`client::link::driver`] writes
//! it. [`server::transport::reader`] reads it, [`server::transport::broker_task`] hands it to the broker, which gives it its
//! place in the order and, as a [`server::store::api::Record`], to the [`server::store`]. Only once the store has kept it
//! does the broker deliver it. [`server::transport::sender`] writes what a round brought to every socket without waiting;
//! what a socket does not take waits for it alone in [`server::transport::backlog`]. The driver of each client reads the
//! message as a [`protocol::Envelope`], the session takes it in, and [`client::tui`] draws what has changed.
//!
//! # From a socket to a name
//!
//! [`net::listen`] accepts a connection: in the clear, over TLS ([`net::tls_config`]) or at a socket file ([`net::unix`]).
//! What was proved there, a key or a local user, is its [`model::Identity`], and [`server::broker::access::owners`] knows
//! who owns a name. At the other end [`net::dial`] and [`net::ssh`] reach a server, and [`client::link::trust`] judges
//! whether it is the right one.
//!
//! # Keeping a server
//!
//! [`config::Sources`] puts file and options together; every mistake is a [`config::given::Problem`] with its position.
//! SIGHUP reaches [`server::transport::reload`], has everything read again ([`commands::reload`]), and arrives at the
//! broker as one [`server::broker::tuning::Tuning`]. What the server says about itself: log events
//! ([`server::telemetry::events`]), [`server::telemetry::metrics`], and signs of life ([`sys::sd_notify`]).
//!
//! # What holds everywhere
//!
//! - Every queue, frame, name and wait has a limit with a name: [`protocol::limits`], [`server::limits`].
//! - Channels form no circle: connections feed the broker; the broker waits for nobody, except a millisecond for the store
//!   while much is said; writers wait for sockets, the store for its disk.
//! - The broker and everything that reads and writes in the clear share a thread and take turns
//!   ([`server::transport::executor`]): nothing on it computes for long or waits for the system. TLS, the disk, passphrases,
//!   logins and relayed calls have threads of their own; a store in memory shares the broker's and does long work in slices.
//! - `accepted` means stored: nobody sees a message before that, and none is lost or said twice after.
//! - Nothing here panics on what comes from outside. `tests/docs/house.rs` and `tests/docs/tidy.rs` hold the plan of the
//!   house, and the lints hold the rest.

pub mod cli;
pub mod client;
pub mod commands;
pub mod config;
pub mod error;
pub mod language;
pub mod logging;
pub mod media;
pub mod model;
pub mod net;
pub mod protocol;
pub mod server;
pub mod sys;
