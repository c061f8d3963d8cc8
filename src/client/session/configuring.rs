//! The person's settings, as all parts go through them: at the start, when one is changed, and once it is kept.
//!
//! Must not know: how any part does what it is asked.

use super::Session;
use super::notice::Notice;
use super::settings::SettingChange;
use crate::client::msg::Effect;
use crate::language::picking as say;

impl Session {
    /// Hands the settings to every part that they concern.
    pub(super) fn adopt_settings(&mut self) {
        let settings = self.preferences.settings();
        self.link.set_words(&settings.words);
        self.chat.adopt(settings, self.link.me());
        self.ui.adopt(settings);
        self.calls.adopt(settings);
        self.out.set_times(settings.times);
    }

    /// Takes the mouse at the start, if the person wants it.
    pub(super) fn take_mouse(&mut self) {
        if self.preferences.settings().mouse {
            self.set_mouse(true);
        }
    }

    fn set_mouse(&mut self, on: bool) {
        if self.out.is_screen() && self.ui.has_mouse() != on {
            self.ui.set_mouse(on);
            self.out.emit(Effect::Mouse(on));
        }
    }

    /// Takes the mouse from the terminal until the person leaves, or gives it back.
    pub(super) fn turn_mouse(&mut self) {
        let on = !self.ui.has_mouse();
        self.set_mouse(on);
        let words = if on { say::mouse_works() } else { say::mouse_selects() };
        self.tell(Notice::news(words));
    }

    /// Changes a setting.
    pub(super) fn configure(&mut self, change: SettingChange) {
        let mouse = self.preferences.settings().mouse;
        let notice = self.preferences.change(change, &mut self.out);
        self.adopt_settings();
        let wanted = self.preferences.settings().mouse;
        if wanted != mouse {
            self.set_mouse(wanted);
        }
        if notice.is_some() {
            self.plain.count_failed();
        }
        self.tell(notice);
    }

    /// A setting was kept, or could not be: then the exit status of plain mode says so.
    pub(super) fn setting_saved(&mut self, key: &str, outcome: Result<String, String>) {
        if outcome.is_err() {
            self.plain.count_failed();
        }
        let room = if self.out.is_screen() { self.ui.toast_room() } else { usize::MAX };
        let notice = self.preferences.saved(key, outcome, room);
        self.tell(notice);
    }
}
