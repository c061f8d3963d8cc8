//! The full screen: it draws a [`View`](super::view::View) and turns what the terminal sends into
//! [`Msg`](super::msg::Msg)s.
//!
//! - The terminal: `tty` reads and writes it, [`terminal`] takes it over and restores it, with the sequences of `modes`;
//!   [`look`] is what it can show.
//! - In: [`input`] parses what it sends: `control_bytes` finds sequences, `keymap` reads them, with `named_keys`, `modifiers`,
//!   `key_places` for keyboards with other letters and `mouse`; `paste` gathers pastes, [`answers`] are what the terminal
//!   says about itself. `signals` and [`wake`] report everything else.
//! - Drawing: [`screen`] holds the one cursive view, which `panes` and `dialogs` draw with `paint`, in the
//!   styles of `theme` and the colours of [`palette`].
//! - Out: `backend` puts cursive's cells into a `grid`, where some belong to `hyperlinks`; `output` writes what has
//!   changed, `scroll` saves bytes, and [`pace`] keeps a slow line from filling up. `tile_cells` has the pictures. `aside` holds what goes out beside
//!   frames, written by [`escapes`]: titles, notifications, the clipboard.
//! - `held_terminal` takes the terminal over and hands it to others: to the shell, and to the user's editor, which
//!   `external_editor` runs. [`event_loop`] ties all this to a [`Model`](event_loop::Model).
//!
//! Must not know: what a key does, or anything about chatting.

pub mod answers;
mod aside;
mod backend;
mod control_bytes;
mod dialogs;
pub mod escapes;
pub mod event_loop;
mod external_editor;
mod grid;
mod held_terminal;
mod hyperlinks;
pub mod input;
mod key_places;
pub(crate) mod keymap;
pub mod look;
mod modes;
mod modifiers;
mod mouse;
mod named_keys;
mod output;
pub mod pace;
mod paint;
pub mod palette;
mod panes;
mod paste;
pub mod screen;
mod scroll;
mod sheet;
mod signals;
pub mod terminal;
mod theme;
mod tile_cells;
mod tty;
pub mod wake;
