//! The search: its query, its results, and the dialog that shows both.
//!
//! Must not know: how the server is asked, or how a jump to a result works (`session::history`).

use std::borrow::Cow;

use crate::client::chat::mentions::MentionSearch;
use crate::client::chat::scrollback::hue;
use crate::client::settings::Times;
use crate::client::text::action_text::beside_sender;
use crate::client::text::editor::Editor;
use crate::client::text::layout::centred;
use crate::client::text::wrap::{cells, fit, fit_line, pad, take, take_end, wrap};
use crate::client::view::{DialogRow, DialogView, ListRow, Rect, Scope, StyledLine, UNVERIFIED};
use crate::language::places::place;
use crate::language::{chat as say, times};
use crate::model::search_words;
use crate::model::{MessageId, Name, Target, Text, Timestamp, Zone};
use crate::protocol::limits::MAX_FOUND;
use crate::protocol::query::Term;

/// The widest dialog, with its border, in cells.
const WIDEST: u16 = 100;
/// The most rows of results.
const LIST_ROWS: usize = 14;
/// The most rows of the selected message.
const WHOLE_ROWS: usize = 4;
/// From this width on, a row shows the conversation.
const WITH_CONVERSATION: usize = 66;
/// From this width on, a row shows the year.
const WITH_YEAR: usize = 50;
/// The width of a name or a conversation, in cells.
const NAME_CELLS: usize = 10;
/// Where not all fits, the text in front of the match gets one part in this many.
const BEFORE: usize = 3;
/// A search result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hit {
    /// The message's number.
    pub id: MessageId,
    /// When it was sent.
    pub time: Timestamp,
    /// Its conversation.
    pub target: Target,
    /// Its sender.
    pub from: Name,
    /// Whether the sender was verified.
    pub verified: bool,
    /// Its text.
    pub text: Text,
}

impl Hit {
    /// The text, as it is shown beside its sender.
    fn shown(&self) -> Cow<'_, str> {
        let mark = if self.verified { "" } else { UNVERIFIED };
        beside_sender(format_args!("{mark}{}", self.from), self.text.as_str())
    }
}

/// The state of a search.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum SearchState {
    /// Nothing was asked yet.
    #[default]
    Idle,
    /// The server was asked, with this label.
    Asked(String),
    /// The server is to be asked for another word of a search for mentions.
    GoesOn,
    /// The answer is complete.
    Done {
        /// Whether there are more results than were sent.
        more: bool,
        /// The number of messages that are damaged in the store.
        damaged: usize,
    },
    /// The search failed, for this reason.
    Failed(String),
}

/// The search. It keeps its results while its dialog is closed.
#[derive(Clone, Debug, Default)]
pub(crate) struct SearchDialog {
    /// Whether its dialog is open.
    pub open: bool,
    /// The query, as written.
    pub editor: Editor,
    /// Whether the keys go to the results.
    pub in_list: bool,
    /// The index of the selected result.
    pub at: usize,
    /// The state.
    pub state: SearchState,
    /// Whether the words are those of before: what is typed next takes their place.
    pub kept: bool,
    hits: Vec<Hit>,
    terms: Vec<Term>,
    /// The number of results of the query under way, if the search is for mentions.
    taken: usize,
    /// Set if the search is for mentions, not for what is written.
    mentions: Option<MentionSearch>,
}

impl SearchDialog {
    /// Makes room for other words, if those of before are still there.
    pub(crate) fn replace_kept(&mut self) {
        if std::mem::take(&mut self.kept) {
            self.editor = Editor::default();
        }
    }

    /// Starts a new search with this label.
    pub(crate) fn ask(&mut self, label: String, terms: Vec<Term>) {
        *self = Self {
            open: self.open,
            editor: std::mem::take(&mut self.editor),
            state: SearchState::Asked(label),
            kept: self.kept,
            terms,
            ..Self::default()
        };
    }

    /// Starts a search for mentions.
    pub(crate) fn ask_mentions(&mut self, mentions: MentionSearch) {
        *self = Self {
            open: self.open,
            editor: std::mem::take(&mut self.editor),
            state: SearchState::GoesOn,
            kept: true,
            terms: mentions.terms(),
            mentions: Some(mentions),
            ..Self::default()
        };
    }

    /// Whether the search is for mentions.
    #[must_use]
    pub(crate) fn is_for_mentions(&self) -> bool {
        self.mentions.is_some()
    }

    /// The search for mentions.
    #[must_use]
    pub(crate) fn mentions(&self) -> Option<&MentionSearch> {
        self.mentions.as_ref()
    }

    /// The search for mentions, mutable, while it waits for an answer or a question.
    pub(crate) fn mentions_under_way(&mut self) -> Option<&mut MentionSearch> {
        self.mentions.as_mut().filter(|_| matches!(self.state, SearchState::Asked(_) | SearchState::GoesOn))
    }

    /// Ends the search for mentions: the dialog takes words again.
    pub(crate) fn end_mentions(&mut self) {
        if self.mentions.is_some() {
            *self =
                Self { open: self.open, editor: std::mem::take(&mut self.editor), kept: self.kept, ..Self::default() };
        }
    }

    /// Whether this is the label of the latest search.
    #[must_use]
    pub(crate) fn awaits(&self, label: Option<&str>) -> bool {
        matches!(&self.state, SearchState::Asked(asked) if Some(asked.as_str()) == label)
    }

    /// Whether an answer is still to come.
    #[must_use]
    pub(crate) fn awaits_anything(&self) -> bool {
        matches!(self.state, SearchState::Asked(_) | SearchState::GoesOn)
    }

    /// Adds a result; `own` if the person said it.
    pub(crate) fn add(&mut self, hit: Hit, own: bool) {
        if let Some(mentions) = &self.mentions {
            if !own && self.taken < MAX_FOUND && mentions.is_mention(hit.text.as_str()) {
                self.hits.push(hit);
            }
            self.taken += 1;
        } else if self.hits.len() < MAX_FOUND {
            self.hits.push(hit);
        }
    }

    /// Removes the results of ignored users.
    pub(crate) fn hide(&mut self, ignored: impl Fn(&Name) -> bool) {
        self.hits.retain(|hit| !ignored(&hit.from));
        self.keep_cursor();
    }

    /// A message has another text.
    pub(crate) fn edit(&mut self, id: MessageId, text: &Text) {
        self.hits.iter_mut().filter(|hit| hit.id == id).for_each(|hit| hit.text.clone_from(text));
    }

    /// Removes a deleted message.
    pub(crate) fn delete(&mut self, id: MessageId) {
        self.hits.retain(|hit| hit.id != id);
        self.keep_cursor();
    }

    fn keep_cursor(&mut self) {
        self.at = self.at.min(self.hits.len().saturating_sub(1));
        self.in_list = self.in_list && !self.hits.is_empty();
    }

    /// An answer is complete; once all are, the keys go to the results.
    pub(crate) fn done(&mut self, more: bool, damaged: usize) {
        let (more, damaged) = match &mut self.mentions {
            None => (more, damaged),
            Some(mentions) => {
                self.taken = 0;
                let Some((more, damaged)) = mentions.answered(more, damaged) else {
                    self.state = SearchState::GoesOn;
                    return;
                };
                (self.merge() || more, damaged)
            }
        };
        self.state = SearchState::Done { more, damaged };
        self.in_list = !self.hits.is_empty();
    }

    /// Puts the results of several queries together, newest first, each once. Returns whether there are too many.
    fn merge(&mut self) -> bool {
        self.hits.sort_by_key(|hit| std::cmp::Reverse(hit.id));
        self.hits.dedup_by_key(|hit| hit.id);
        let more = self.hits.len() > MAX_FOUND;
        self.hits.truncate(MAX_FOUND);
        more
    }

    /// The results, newest first.
    #[must_use]
    pub(crate) fn hits(&self) -> &[Hit] {
        &self.hits
    }

    /// The selected result.
    #[must_use]
    pub(crate) fn picked(&self) -> Option<&Hit> {
        self.hits.get(self.at).filter(|_| self.in_list)
    }

    /// Moves the selection; `false` beyond the first result.
    pub(crate) fn step(&mut self, by: isize) -> bool {
        let last = self.hits.len().saturating_sub(1);
        let beyond = by < 0 && self.at == 0;
        self.at = self.at.saturating_add_signed(by).min(last);
        !beyond
    }

    /// The dialog on a screen of this size, over the middle of an area.
    #[must_use]
    pub(crate) fn view(&self, (cols, rows): (u16, u16), over: Rect, zone: &Zone, times: Times) -> DialogView {
        let width = cols.min(WIDEST);
        let inner = usize::from(width.saturating_sub(4));
        let most = usize::from(rows.saturating_sub(2));
        let title = if self.is_for_mentions() { say::mentions_title() } else { say::search_title() };
        let title = fit(title, inner);
        if inner == 0 || most == 0 {
            return DialogView { title, ..DialogView::default() };
        }
        let written = !self.is_for_mentions();
        let mut shown: Vec<DialogRow> = written.then(|| self.field(inner)).into_iter().collect();
        let roomy = written && most >= 10;
        if roomy {
            shown.push(DialogRow::Text(StyledLine::of(Scope::Dim, fit(say::search_hint(), inner))));
        }
        let status = self.status(inner);
        let whole = if most >= 14 { self.whole(inner) } else { Vec::new() };
        let room = most.saturating_sub(shown.len() + usize::from(roomy) + 1 + whole.len());
        shown.extend(roomy.then(|| DialogRow::Text(StyledLine::default())));
        if most > shown.len() {
            shown.push(DialogRow::Text(status));
        }
        shown.extend(self.list(inner, room.min(LIST_ROWS), (zone, times)));
        shown.extend(whole);
        shown.truncate(most);
        let height = u16::try_from(shown.len()).unwrap_or(0).saturating_add(2);
        let area = centred((width, height), over, (cols, rows));
        DialogView { area, title, rows: shown }
    }

    fn field(&self, inner: usize) -> DialogRow {
        let label = if inner >= 30 { say::find() } else { "" };
        let room = inner.saturating_sub(cells(label) + 3).max(1);
        let before = take_end(self.editor.before(), room.saturating_sub(1)).to_owned();
        let column = u16::try_from(cells(&before)).unwrap_or(u16::MAX);
        let after = take(self.editor.after(), room.saturating_sub(cells(&before)));
        DialogRow::Field { label: label.to_owned(), text: before + &after, cursor: (!self.in_list).then_some(column) }
    }

    fn status(&self, inner: usize) -> StyledLine {
        let (scope, words) = match &self.state {
            SearchState::Idle => (Scope::Dim, say::enter_searches().to_owned()),
            SearchState::Asked(_) | SearchState::GoesOn => (Scope::Pending, say::searching().to_owned()),
            SearchState::Failed(why) => (Scope::Error, why.clone()),
            SearchState::Done { damaged, .. } if self.hits.is_empty() => {
                let nothing = if self.is_for_mentions() { say::no_mentions() } else { say::nothing_found() };
                (Scope::Text, nothing.to_owned() + &left_out(*damaged))
            }
            SearchState::Done { more, damaged } => {
                let count = self.hits.len();
                let found = match (count, more) {
                    (_, false) => say::found(count),
                    (_, true) if self.is_for_mentions() => say::mentions_newest(count),
                    (_, true) => say::found_newest(count),
                };
                (Scope::Dim, found + &left_out(*damaged))
            }
        };
        StyledLine::of(scope, fit(&words, inner))
    }

    /// The results around the selected one.
    fn list(&self, inner: usize, room: usize, when: (&Zone, Times)) -> Vec<DialogRow> {
        let first = (self.at + 1).saturating_sub(room);
        let rows = self.hits.iter().enumerate().skip(first).take(room);
        let choice = |(at, hit): (usize, &Hit)| DialogRow::Choice {
            row: ListRow { left: self.row(hit, inner.saturating_sub(2), when), ..ListRow::default() },
            selected: at == self.at,
            focused: self.in_list,
            on: None,
        };
        rows.map(choice).collect()
    }

    fn row(&self, hit: &Hit, width: usize, (zone, clock): (&Zone, Times)) -> StyledLine {
        let (day, time) = (hit.time.day(zone), clock.shown(&hit.time.clock(zone)));
        let time = if time.is_empty() { time } else { time + " " };
        let day = if width >= WITH_YEAR { day.format("%Y-%m-%d").to_string() } else { times::short_day(day) };
        let mut line = StyledLine::of(Scope::Dim, format!("{day} {time}"));
        if width >= WITH_CONVERSATION {
            line = line.and(Scope::Dim, pad(&place(&hit.target), NAME_CELLS) + " ");
        }
        let mark = if hit.verified { "" } else { UNVERIFIED };
        let name = fit(&format!("{mark}{}", hit.from), NAME_CELLS);
        let name = if width >= WITH_YEAR { pad(&name, NAME_CELLS) } else { name };
        line = line.and(Scope::Name(hue(hit.from.as_str())), name + " ");
        let room = width.saturating_sub(crate::client::text::wrap::line_cells(&line));
        let excerpt = excerpt(&hit.shown(), &self.terms, room);
        line.0.extend(excerpt.0);
        fit_line(line, width)
    }

    /// The selected message, as much of it as there is room for.
    fn whole(&self, inner: usize) -> Vec<DialogRow> {
        let Some(hit) = self.picked() else { return Vec::new() };
        let rows = wrap(&hit.shown(), inner).into_iter().take(WHOLE_ROWS);
        let mut whole = vec![DialogRow::Text(StyledLine::default())];
        whole.extend(rows.map(|row| DialogRow::Text(StyledLine::of(Scope::Text, row))));
        whole
    }
}

fn left_out(damaged: usize) -> String {
    if damaged == 0 { String::new() } else { format!(" {}", say::more_are_damaged(damaged)) }
}

/// A text on one row of `width` cells, with the first match in view and in brackets.
#[must_use]
pub(crate) fn excerpt(text: &str, terms: &[Term], width: usize) -> StyledLine {
    let flat = text.replace(char::is_whitespace, " ");
    let places =
        terms.iter().filter_map(|term| search_words::find(&flat, &search_words::fold(&term.text), term.prefix));
    let Some(hit) = places.min_by_key(|place| place.start) else {
        return StyledLine::of(Scope::Text, fit(&flat, width));
    };
    let (before, rest) = flat.split_at(hit.start.min(flat.len()));
    let (found, after) = rest.split_at((hit.end - hit.start).min(rest.len()));
    let found = format!("[{found}]");
    let room = (width / BEFORE).max(width.saturating_sub(cells(&found) + cells(after)));
    let before = if cells(before) > room {
        format!("…{}", take_end(before, room.saturating_sub(1)))
    } else {
        before.to_owned()
    };
    let line = StyledLine::of(Scope::Text, before).and(Scope::Heading, found).and(Scope::Text, after);
    fit_line(line, width)
}
