//! The sequences that take over a terminal and give it back: which modes are set, what is asked.
//!
//! Must not know: when they are written.

/// On every terminal: no insert mode, the whole screen as scrolling region, lines that wrap, ASCII, plain text.
const SANE: &str = "\x1b[4l\x1b[?6l\x1b[r\x1b[?7h\x0f\x1b(B\x1b[0m";
/// On emulators: programs that ended badly leave the mouse, the application keys or margins behind.
const SANE_EMULATOR: &str = "\x1b[?9;1000;1002;1003;1005;1006;1015l\x1b[?1;66;69l";
/// Who are you? How is your background? At last, the device attributes: every terminal answers this, and no answer comes
/// after it.
const QUESTIONS: &str = "\x1b[>q\x1b]11;?\x1b\\\x1b[c";

/// Which sequences a terminal understands, and what it was found in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TerminalModes {
    /// Whether it is an emulator.
    pub(super) emulator: bool,
    /// Whether GNU screen stands between us and the terminal: it keeps no titles.
    pub(super) screen: bool,
    /// Whether the wheel moves the cursor on the alternate screen, as it was found; so it is unless the terminal says
    /// otherwise.
    pub(super) alternate_scroll: bool,
}

impl TerminalModes {
    /// Takes the terminal over: saves the title, enters the alternate screen, sets everything that drawing relies on,
    /// marks pastes, asks for unambiguous keys (kitty's flags 1 and 4) and for the focus. The wheel must not type, and the
    /// terminal must not reorder text from right to left, because it would do so across the borders of panes.
    ///
    /// After `again`, a program that we did not start may have changed everything; nothing is saved a second time.
    pub(super) fn enter(self, again: bool) -> String {
        let mut enter = String::new();
        if self.emulator && !again {
            enter += "\x1b[22;0t";
        }
        enter += "\x1b[?1049h";
        enter += SANE;
        if self.emulator {
            enter += SANE_EMULATOR;
            enter += if again { "\x1b[=5u" } else { "\x1b[>5u\x1b[?1007$p" };
            enter += "\x1b[?1007l\x1b[8l\x1b[?1004h";
        }
        // What a terminal prints because it does not understand it is cleared at last.
        enter + "\x1b[?2004h" + if self.emulator && !again { QUESTIONS } else { "" } + "\x1b[2J"
    }

    /// Gives the terminal back. A frame may have been cut short. The main screen is not cleared; on terminals without an
    /// alternate screen, what follows begins below ours.
    pub(super) fn leave(self) -> String {
        // Ends a control string that was cut, too.
        let mut leave = "\x1b\\\x1b[?2026l".to_owned();
        leave += SANE;
        if self.emulator {
            leave += "\x1b[?1000;1006l\x1b[?1004l\x1b[8h";
            leave += if self.alternate_scroll { "\x1b[?1007h" } else { "" };
            leave += "\x1b[<u";
        }
        leave += "\x1b[?2004l\x1b[?25h\x1b[999;1H\r\n\x1b[?1049l";
        match (self.emulator, self.screen) {
            (true, true) => leave += "\x1b]0;\x1b\\",
            (true, false) => leave += "\x1b[23;0t",
            (false, _) => {}
        }
        leave
    }
}

/// Has the terminal report the mouse, or not.
pub(super) fn mouse(on: bool) -> &'static str {
    if on { "\x1b[?1000;1006h" } else { "\x1b[?1000;1006l" }
}
