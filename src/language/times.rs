//! Days and periods in words.
//!
//! Must not know: which moments they belong to.

use std::time::Duration;

use chrono::{Datelike as _, NaiveDate};

use super::{Language, accents, current};
use crate::model::{period, time};

const WEEKDAYS: [&str; 7] =
    ["segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado", "domingo"];
const MONTHS: [&str; 12] = [
    "janeiro",
    "fevereiro",
    "março",
    "abril",
    "maio",
    "junho",
    "julho",
    "agosto",
    "setembro",
    "outubro",
    "novembro",
    "dezembro",
];
/// The units of a period, in seconds, for one and for several.
const UNITS: [(u64, &str, &str); 4] =
    [(86400, "dia", "dias"), (3600, "hora", "horas"), (60, "minuto", "minutos"), (1, "segundo", "segundos")];
/// The letters of a month that is cut short.
const SHORT_MONTH: usize = 3;

/// A day as a heading: `Saturday 28 November 2026`, `sábado, 28 de novembro de 2026`.
#[must_use]
pub(crate) fn day_title(day: NaiveDate) -> String {
    in_language(|| time::day_title(day), || format!("{} de {}", portuguese(day), day.year()))
}

/// The same without its year.
#[must_use]
pub(crate) fn day_and_month(day: NaiveDate) -> String {
    in_language(|| day.format("%A %-d %B").to_string(), || portuguese(day))
}

/// A day where there is little room: `28 Nov`.
#[must_use]
pub(crate) fn short_day(day: NaiveDate) -> String {
    let month: String = name(&MONTHS, day.month0()).chars().take(SHORT_MONTH).collect();
    in_language(|| day.format("%-d %b").to_string(), || format!("{} {month}", day.day()))
}

/// The same with its year.
#[must_use]
pub(crate) fn short_day_and_year(day: NaiveDate) -> String {
    format!("{} {}", short_day(day), day.year())
}

/// A period in its two largest units: `1 hour 5 minutes`, `1 hora e 5 minutos`.
#[must_use]
pub(crate) fn period(period: Duration) -> String {
    in_language(|| period::shown(period), || portuguese_period(period))
}

fn in_language(english: impl FnOnce() -> String, portuguese: impl FnOnce() -> String) -> String {
    match current() {
        Language::English => english(),
        Language::Portuguese => portuguese(),
        Language::PlainPortuguese => accents::without(&portuguese()),
    }
}

fn portuguese(day: NaiveDate) -> String {
    let weekday = name(&WEEKDAYS, day.weekday().num_days_from_monday());
    let number = if day.day() == 1 { "1º".to_owned() } else { day.day().to_string() };
    format!("{weekday}, {number} de {}", name(&MONTHS, day.month0()))
}

fn portuguese_period(period: Duration) -> String {
    let mut left = period.as_secs();
    let mut words = Vec::new();
    for (seconds, one, several) in UNITS {
        let count = left / seconds;
        if count > 0 && words.len() < 2 {
            words.push(format!("{count} {}", if count == 1 { one } else { several }));
            left %= seconds;
        } else if !words.is_empty() {
            break;
        }
    }
    if words.is_empty() { "0 segundos".to_owned() } else { words.join(" e ") }
}

fn name(names: &[&'static str], at: u32) -> &'static str {
    usize::try_from(at).ok().and_then(|at| names.get(at)).copied().unwrap_or_default()
}
