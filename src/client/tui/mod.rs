//! The full screen: it draws a [`View`](super::view::View) and turns what the terminal sends into
//! [`Msg`](super::msg::Msg)s.
//!
//! - The terminal: `tty` reads and writes it, [`terminal`] takes it over and restores it, [`look`] is what it can
//!   show.
//! - In: [`input`] parses what it sends, with `keymap` for the keys; `signals` and [`wake`] report everything else.
//! - Drawing: [`screen`] holds the one cursive view, which `panes` and `dialogs` draw with `paint`, in the
//!   styles of `theme` and the colours of [`palette`].
//! - Out: `backend` puts cursive's cells into a `grid`; `output` writes what has changed, and `scroll` saves
//!   bytes.
//! - [`event_loop`] ties all this to a [`Model`](event_loop::Model).
//!
//! Must not know: what a key does, or anything about chatting.

mod backend;
mod dialogs;
pub mod event_loop;
mod grid;
pub mod input;
pub(crate) mod keymap;
pub mod look;
mod output;
mod paint;
pub mod palette;
mod panes;
pub mod screen;
mod scroll;
mod signals;
pub mod terminal;
mod theme;
mod tty;
pub mod wake;
