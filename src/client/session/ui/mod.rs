//! The state of the user interface: the focus, the open dialog, the composer, the cursors of the panes, and the size of
//! the screen.
//!
//! Keeps true: the dialog on top has the keys, and cursors stand on existing rows.
//!
//! Must not know: what is asked of the server, or how anything is drawn.

pub(in crate::client::session) mod dialog_stack;
mod direct;
pub(in crate::client::session) mod draft_marks;
mod faces;
pub(in crate::client::session) mod intent;
pub(crate) mod keys;
mod layout;
mod mouse;
pub(in crate::client::session) mod notes;
pub(crate) mod number_jump;
mod panes;
pub(in crate::client::session) mod picking;
mod pictures;
mod render;
pub(in crate::client::session) mod sheet;
mod side_list;
mod status;
pub(in crate::client::session) mod view_source;
pub(in crate::client::session) mod writing;

use self::dialog_stack::DialogStack;
use self::draft_marks::DraftMarks;
use self::intent::Focus;
use self::notes::Notes;
use self::number_jump::NumberJump;
use self::picking::Picking;
use self::sheet::Sheet;
use crate::client::action::Bindings;
use crate::client::dialogs::form::Item;
use crate::client::dialogs::open::{Dialog, OpenDialog};
use crate::client::session::chat::Chat;
use crate::client::session::effects::Effects;
use crate::client::session::link::Me;
use crate::client::settings::{Settings, ThemeChoice, Times};
use crate::client::text::composer::Composer;
use crate::client::text::editor::Editor;
use crate::client::view::{Background, PictureStyle};
use crate::language::screen as say;
use crate::model::{Target, Timestamp};
use crate::protocol::Verb;

#[derive(Clone, Debug, Default)]
pub(in crate::client::session) struct Ui {
    focus: Focus,
    menu_at: usize,
    conversations_at: usize,
    people_at: usize,
    dialogs: DialogStack,
    sheet: Option<Sheet>,
    composer: Composer,
    notes: Notes,
    jump: NumberJump,
    /// Whether only messages are shown, for copying.
    bare: bool,
    picking: Picking,
    marks: DraftMarks,
    background: Option<Background>,
    /// A long paste, while a dialog asks what to do with it.
    pasted: Option<String>,
    /// Whether a key has just given the focus to the menu: then a digit chooses, whatever is being written.
    menu_called: bool,
    bindings: Bindings,
    theme: ThemeChoice,
    times: Times,
    join_notices: bool,
    /// Whether the key before was Ctrl-X: another one makes an order with it.
    prefixed: bool,
    /// The key of the conversation whose draft is in the person's own editor.
    outside: Option<String>,
    /// Whether the mouse is the program's, and not the terminal's.
    mouse: bool,
    /// Whether a picture has its place above the messages, whether there is none yet, and whether it is large.
    picture: bool,
    blank: bool,
    /// The rows that the faces of a room's call need, if they have the place.
    face_rows: Option<u16>,
    large: bool,
    picture_style: PictureStyle,
    cols: u16,
    rows: u16,
}

impl Ui {
    pub(in crate::client::session) fn resize(&mut self, cols: u16, rows: u16) {
        (self.cols, self.rows) = (cols, rows);
    }

    /// Takes the person's settings.
    pub(in crate::client::session) fn adopt(&mut self, settings: &Settings) {
        self.bindings = Bindings::new(&settings.keys);
        (self.theme, self.times, self.join_notices) = (settings.theme, settings.times, settings.join_notices);
        self.picture_style = settings.video;
    }

    /// The background by which colours are chosen.
    fn shown_background(&self) -> Option<Background> {
        match self.theme {
            ThemeChoice::Auto | ThemeChoice::Mono => self.background,
            ThemeChoice::Dark => Some(Background::Dark),
            ThemeChoice::Light => Some(Background::Light),
        }
    }

    /// Whether the person wants no colours.
    fn is_colourless(&self) -> bool {
        self.theme == ThemeChoice::Mono
    }

    /// The rows of the screen.
    pub(in crate::client::session) fn rows(&self) -> usize {
        usize::from(self.rows)
    }

    /// Opens a dialog that the person asked for.
    pub(in crate::client::session) fn open(&mut self, dialog: OpenDialog) {
        self.dialogs.open(dialog);
    }

    /// Closes the dialog on top; what was typed in it is kept.
    pub(in crate::client::session) fn close_dialog(&mut self) {
        self.dialogs.close();
    }

    pub(in crate::client::session) fn has_dialog(&self) -> bool {
        !self.dialogs.is_empty()
    }

    /// Gives the focus to the composer.
    pub(in crate::client::session) fn focus_composer(&mut self) {
        self.focus = Focus::Composer;
    }

    /// Gives the focus to the menu, if it is on the screen.
    pub(in crate::client::session) fn focus_menu(&mut self, chat: &Chat) -> bool {
        let there = !self.pane(Focus::Menu, chat).is_empty();
        if there {
            self.focus = Focus::Menu;
            self.menu_called = true;
        }
        there
    }

    /// Takes the draft out of the composer.
    pub(in crate::client::session) fn take_draft(&mut self) -> Editor {
        self.composer.swap(Editor::default())
    }

    /// Puts a draft into the composer.
    pub(in crate::client::session) fn put_draft(&mut self, draft: Editor) {
        self.composer.swap(draft);
    }

    /// A sentence about what leaving would lose; `pending` messages are not accepted yet.
    pub(in crate::client::session) fn unsent(&self, pending: usize, chat: &Chat) -> Option<String> {
        let writing = !self.composer.editor().text().trim().is_empty() || chat.has_draft();
        match (chat.not_sent() + pending, writing) {
            (0, false) => None,
            (0, true) => Some(say::writing_not_sent().to_owned()),
            (count, _) => Some(say::leave_with_not_sent(count)),
        }
    }

    /// Another conversation is in view.
    pub(in crate::client::session) fn showed(&mut self, index: usize) {
        self.pick(None);
        self.conversations_at = index;
    }

    /// A conversation came in at this index, between others.
    pub(in crate::client::session) fn conversation_inserted(&mut self, at: usize) {
        self.conversations_at += usize::from(at <= self.conversations_at);
    }

    /// The conversation at this index was removed; so many are left.
    pub(in crate::client::session) fn conversation_closed(&mut self, at: Option<usize>, left: usize) {
        self.conversations_at -= usize::from(at.is_some_and(|at| at < self.conversations_at));
        self.conversations_at = self.conversations_at.min(left.saturating_sub(1));
    }

    /// Shows what the client has to say to the person.
    pub(in crate::client::session) fn say(&mut self, out: &mut Effects) {
        self.notes.say(out.take_remarks(), self.cols, out.steady());
    }

    /// The number of a conversation is typed next.
    pub(in crate::client::session) fn ask_number(&mut self) {
        self.focus = Focus::Composer;
        self.notes.give_way();
        self.jump.begin();
    }

    /// The cells that a few words may take in the status bar.
    pub(in crate::client::session) fn toast_room(&self) -> usize {
        notes::toast_room(self.cols)
    }

    /// Ends what has been shown long enough. Returns the number of the conversation to go to, if one was typed.
    pub(in crate::client::session) fn tick(&mut self, now: Timestamp) -> Option<usize> {
        self.notes.tick(now);
        self.jump.take_due(now)
    }

    /// When something that is shown ends.
    pub(in crate::client::session) fn deadline(&self) -> Option<Timestamp> {
        [self.notes.deadline(), self.jump.deadline()].into_iter().flatten().min()
    }

    /// Shows only the messages, so that they can be copied, or everything again.
    pub(in crate::client::session) fn turn_bare(&mut self) {
        self.bare = !self.bare;
    }

    /// Chooses the colours for this background.
    pub(in crate::client::session) fn take_background(&mut self, background: Background) {
        self.background = Some(background);
    }

    /// Updates cursors and lists after people or rooms changed.
    pub(in crate::client::session) fn refresh(&mut self, chat: &Chat, me: &Me) {
        self.people_at = self.people_at.min(side_list::side_count(chat).saturating_sub(1));
        for dialog in self.dialogs.all_mut() {
            if *dialog.which() == Dialog::Clients {
                dialog.set_rows(chat.online_rows(me), false);
            } else if let Dialog::Members(room) = dialog.which() {
                let (rows, more) = (chat.member_rows(room), chat.rooms().has_more_members(room));
                dialog.set_rows(rows, more);
            } else if *dialog.which() == Dialog::Rooms {
                dialog.replace_rows(chat.room_rows());
            }
        }
    }

    /// The list of rooms is complete, but for `more`.
    pub(in crate::client::session) fn rooms_ended(&mut self, more: bool) {
        if let Some(dialog) = self.dialogs.all_mut().find(|dialog| *dialog.which() == Dialog::Rooms) {
            dialog.rows_go_on(more);
        }
    }

    /// Whether the open dialog lists bans and mutes; in the dialog of an act, the act that lifts them.
    pub(in crate::client::session) fn shows_bans(&self) -> Option<Option<Verb>> {
        let which = self.dialogs.top()?.which();
        if let Dialog::Act(verb @ (Verb::Unban | Verb::Unmute), _) = which {
            return Some(Some(*verb));
        }
        matches!(which, Dialog::Bans(_)).then_some(None)
    }

    /// Shows the bans and mutes in force; `more` if there are others.
    pub(in crate::client::session) fn show_bans(&mut self, rows: Vec<Item>, more: bool) {
        if let Some(dialog) = self.dialogs.top_mut() {
            dialog.set_rows(rows, more);
        }
    }

    /// Shows the log, if its dialog is open; `make` makes the dialog for its place.
    pub(in crate::client::session) fn show_log(&mut self, make: impl FnOnce(&Target) -> OpenDialog) {
        if let Some(dialog) = self.dialogs.top_mut()
            && let Dialog::Modlog(place) = dialog.which()
        {
            let log = make(place);
            dialog.replace_form(log);
        }
    }

    /// Adds a note to the dialog of a ban; `false` if it is not open.
    pub(in crate::client::session) fn note_ban(&mut self, words: &str) -> bool {
        let ban = |dialog: &&mut OpenDialog| matches!(dialog.which(), Dialog::Act(Verb::Ban, _));
        let dialog = self.dialogs.top_mut().filter(ban);
        let there = dialog.is_some();
        if let Some(dialog) = dialog {
            *dialog = dialog.clone().noted(words);
        }
        there
    }
}
