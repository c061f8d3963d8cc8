//! The full screen: it draws a [`View`](super::view::View) and turns what the terminal sends into
//! [`Msg`](super::msg::Msg)s.
//!
//! - The terminal: [`tty`] reads and writes it, [`terminal`] takes it over and restores it, [`look`] is what it can
//!   show.
//! - In: [`input`] parses what it sends, with [`keymap`] for the keys; [`signals`] and [`wake`] report everything else.
//! - Drawing: [`screen`] holds the one cursive view, which [`panes`] and [`dialogs`] draw with [`paint`] and
//!   [`borders`], in the styles of [`theme`].
//! - Out: [`backend`] puts cursive's cells into a [`grid`]; [`output`] writes what has changed, and [`scroll`] saves
//!   bytes.
//! - [`event_loop`] ties all this to a [`Model`](event_loop::Model).
//!
//! Must not know: what a key does, or anything about chatting.

pub mod backend;
pub mod borders;
pub mod dialogs;
pub mod event_loop;
pub mod grid;
pub mod input;
pub mod keymap;
pub mod look;
pub mod output;
pub mod paint;
pub mod panes;
pub mod screen;
pub mod scroll;
pub mod signals;
pub mod terminal;
pub mod theme;
pub mod tty;
pub mod wake;
