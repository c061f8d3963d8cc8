//! What the client and the help say, in English and in Brazilian Portuguese: a function for each sentence, in one file for
//! each area.
//!
//! A sentence that lacks a language does not compile, nor one that leaves an argument out in one of them; one that nobody
//! says is dead code to the compiler. What takes a count has two forms, for one and for any other number: in Portuguese,
//! too, none are many here ("0 mensagens").
//!
//! The language is that of the process: set at the start, before anything is said. It belongs to the person at the
//! terminal and not to what a session decides, so no decision may depend on it, and nothing that decides has to carry it.
//! Tests, which run side by side, take another for their own thread: [`with`].
//!
//! Must not know: where a sentence is shown, or anything but the standard library and what `model` defines.

mod accents;
pub(crate) mod actions;
pub(crate) mod acts;
pub mod arguments;
pub(crate) mod calls;
pub(crate) mod camera;
pub(crate) mod channels;
pub(crate) mod chat;
pub mod choice;
pub(crate) mod command_line;
pub(crate) mod commands;
pub(crate) mod conferences;
pub(crate) mod configuration;
pub(crate) mod connecting;
pub(crate) mod dialogs;
pub(crate) mod files;
pub mod help;
pub(crate) mod helping;
pub(crate) mod inviting;
pub(crate) mod moderating;
pub(crate) mod names;
pub(crate) mod people;
pub(crate) mod picking;
pub(crate) mod pictures;
pub(crate) mod places;
pub(crate) mod refusals;
pub(crate) mod screen;
pub(crate) mod sending;
pub(crate) mod settings;
pub(crate) mod sound;
pub(crate) mod system;
pub(crate) mod terminal;
pub(crate) mod times;
pub(crate) mod transfers;
pub(crate) mod voices;
pub(crate) mod writing;

use std::cell::Cell;
use std::fmt::{self, Display};
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

/// A language that the program speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Brazilian Portuguese.
    Portuguese,
    /// The same without accents, for what does not take UTF-8.
    PlainPortuguese,
}

static OF_PROCESS: AtomicU8 = AtomicU8::new(Language::English as u8);
static WITHOUT_ACCENTS: AtomicBool = AtomicBool::new(false);

thread_local! {
    static OF_THREAD: Cell<Option<Language>> = const { Cell::new(None) };
}

/// Sets the language of the process.
pub fn set(language: Language) {
    OF_PROCESS.store(language as u8, Ordering::Relaxed);
}

/// Has every language of the process written without accents.
pub fn take_accents_off() {
    WITHOUT_ACCENTS.store(true, Ordering::Relaxed);
}

/// The language in which sentences are said.
#[must_use]
pub fn current() -> Language {
    const PORTUGUESE: u8 = Language::Portuguese as u8;
    const PLAIN: u8 = Language::PlainPortuguese as u8;
    let language = OF_THREAD.get().unwrap_or_else(|| match OF_PROCESS.load(Ordering::Relaxed) {
        PORTUGUESE => Language::Portuguese,
        PLAIN => Language::PlainPortuguese,
        _ => Language::English,
    });
    if WITHOUT_ACCENTS.load(Ordering::Relaxed) { language.without_accents() } else { language }
}

/// Does something in a language of its own; other threads keep theirs.
pub fn with<T>(language: Language, act: impl FnOnce() -> T) -> T {
    struct Before(Option<Language>);
    impl Drop for Before {
        fn drop(&mut self) {
            OF_THREAD.set(self.0);
        }
    }
    let _before = Before(OF_THREAD.replace(Some(language)));
    act()
}

/// An argument of a sentence that loses its accents: the argument keeps its own, because no letter in a name may become
/// another one.
struct AsIs<T>(T);

impl<T: Display> Display for AsIs<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        accents::write_kept(f, &self.0)
    }
}

/// A function that says a sentence without arguments, for tables.
pub type Say = fn() -> &'static str;

/// Defines functions that say a sentence, as in
///
/// ```text
/// not_online { en: "You are not online.", pt: "Sem conexão." }
/// no_user(name: impl Display) { en: "No user {name}.", pt: "Não há usuário {name}." }
/// sent[count: usize](place: &str) {
///     en: "1 message sent to {place}." | "{count} messages sent to {place}.",
///     pt: "1 mensagem enviada para {place}." | "{count} mensagens enviadas para {place}.",
/// }
/// ```
macro_rules! sentences {
    ($($(#[$doc:meta])* $name:ident $([$count:ident: $number:ty])? $(($($arg:ident: $type:ty),+))? { $($text:tt)+ })+) => {
        $($crate::language::sentence! {
            [$(#[$doc])*] $name [$($count: $number)?] [$($($arg: $type),+)?] $($text)+
        })+
    };
}

/// One function of [`sentences`]. Every argument is given by name, so that the compiler misses one that a language leaves out.
macro_rules! sentence {
    ([$($doc:tt)*] $name:ident [] [] en: $en:literal, pt: $pt:literal $(,)?) => {
        $($doc)*
        #[must_use]
        pub(crate) fn $name() -> &'static str {
            const PLAIN: &str = $crate::language::accents::plain!($pt);
            match $crate::language::current() {
                $crate::language::Language::English => $en,
                $crate::language::Language::Portuguese => $pt,
                $crate::language::Language::PlainPortuguese => PLAIN,
            }
        }
    };
    ([$($doc:tt)*] $name:ident [] [$($arg:ident: $type:ty),+] en: $en:literal, pt: $pt:literal $(,)?) => {
        $($doc)*
        #[must_use]
        pub(crate) fn $name($($arg: $type),+) -> String {
            match $crate::language::current() {
                $crate::language::Language::English => format!($en, $($arg = $arg),+),
                $crate::language::Language::Portuguese => format!($pt, $($arg = $arg),+),
                $crate::language::Language::PlainPortuguese => $crate::language::accents::without(
                    &format!($pt, $($arg = $crate::language::AsIs(&$arg)),+)
                ),
            }
        }
    };
    ([$($doc:tt)*] $name:ident [$count:ident: $number:ty] [$($arg:ident: $type:ty),*]
        en: $one:literal | $many:literal, pt: $um:literal | $muitos:literal $(,)?) => {
        $($doc)*
        #[must_use]
        pub(crate) fn $name($count: $number, $($arg: $type),*) -> String {
            match ($crate::language::current(), $count) {
                ($crate::language::Language::English, 1) => format!($one, $($arg = $arg),*),
                ($crate::language::Language::English, _) => format!($many, $count = $count, $($arg = $arg),*),
                ($crate::language::Language::Portuguese, 1) => format!($um, $($arg = $arg),*),
                ($crate::language::Language::Portuguese, _) => format!($muitos, $count = $count, $($arg = $arg),*),
                ($crate::language::Language::PlainPortuguese, 1) => $crate::language::accents::without(
                    &format!($um, $($arg = $crate::language::AsIs(&$arg)),*)
                ),
                ($crate::language::Language::PlainPortuguese, _) => $crate::language::accents::without(
                    &format!($muitos, $count = $count, $($arg = $crate::language::AsIs(&$arg)),*)
                ),
            }
        }
    };
}

pub(crate) use {sentence, sentences};
