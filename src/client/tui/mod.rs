//! The full screen: it draws a [`View`](super::view::View) and turns what the terminal sends into
//! [`Msg`](super::msg::Msg).
//!
//! From the terminal inwards: [`tty`] is the line to it, [`terminal`] takes and gives back the screen, [`input`] and
//! [`keymap`] read what is typed, [`signals`] and [`wake`] say what else happened, [`output`], [`grid`], [`scroll`] and
//! [`backend`] write. From the view outwards: [`screen`] holds the one cursive view, which [`panes`] and [`dialogs`]
//! draw with [`paint`] and [`borders`], in the styles of [`theme`] and within the means that [`look`] found. [`event_loop`] ties both
//! ends to a [`Model`](event_loop::Model).
//!
//! Must not know: what a key means, or anything about chatting.

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
