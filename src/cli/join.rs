//! The options of `tr2 join`; their comments are their help.
//!
//! Must not know: what an option leads to (`config` judges the values).

use argh::{ArgsInfo, FromArgs};

/// Join a server and chat.
#[derive(Debug, Default, FromArgs, ArgsInfo)]
#[argh(subcommand, name = "join")]
pub struct Join {
    /// read settings from this file (TOML; see tr2-join.conf(5)); options win (default: $XDG_CONFIG_HOME/tr2/join.toml or ~/.config/tr2/join.toml, if it exists)
    #[argh(option, arg_name = "file")]
    pub config: Option<String>,
    /// instead of joining, check the configuration, your key and the list of known servers, and report every problem; changes nothing
    #[argh(switch)]
    pub check: bool,
    /// language: en or pt (default: that of the configuration or of the environment)
    #[argh(option, arg_name = "language")]
    pub lang: Option<String>,
    /// your name (default: the login name)
    #[argh(option, arg_name = "name")]
    pub name: Option<String>,
    /// the server: tcp://HOST:PORT, tls://HOST:PORT, unix:PATH or ssh://USER@HOST; if several nodes serve the chat, several of them, with commas or one option each (default: $TR2_SERVER, or the one on this machine)
    #[argh(option, arg_name = "url")]
    pub server: Vec<String>,
    /// the key that the server must have, as its 'tr2 serve' prints it: SHA256:…
    #[argh(option, arg_name = "key")]
    pub fingerprint: Option<String>,
    /// file with your own key, for tls:// and calls (default: $XDG_DATA_HOME/tr2/identity or ~/.local/share/tr2/identity)
    #[argh(option, arg_name = "file")]
    pub identity: Option<String>,
    /// for an account that several people share: ask which of them is there, with a folder and a key, sealed with a passphrase, for each of them in this folder; implies --confined
    #[argh(option, arg_name = "dir")]
    pub people: Option<String>,
    /// start no other program and open no file for the person: no editor, no calls, no files, no links, no other server
    #[argh(switch)]
    pub confined: bool,
    /// folder for files that others send you (default: the desktop's folder for downloads, or ~/Downloads, or your home folder)
    #[argh(option, arg_name = "dir")]
    pub downloads: Option<String>,
    /// where the pictures of your calls come from: none, test, FILE.y4m, - for a pipe, fd:N, a device, or a command (default: the first of /dev/video0 to 3)
    #[argh(option, arg_name = "source")]
    pub camera: Option<String>,
    /// microphone and loudspeaker of your calls: auto, none, pulse, pipewire, alsa, ffmpeg, or FILE.wav in place of a microphone (default: auto)
    #[argh(option, arg_name = "source")]
    pub sound: Option<String>,
    /// when packets of a call may bypass the server, so that each of you learns the other's address: ask, known (people whose words you compared) or never (default: ask)
    #[argh(option, arg_name = "when")]
    pub direct: Option<String>,
    /// how pictures are drawn: auto, true, 256, 16, quadrants, text or off (default: as the terminal can)
    #[argh(option, arg_name = "style")]
    pub video: Option<String>,
    /// invitation code, from /invite or /invite-key; - reads it from standard input, where others do not see it
    #[argh(option, arg_name = "code")]
    pub code: Option<String>,
    /// end your other sessions under this name
    #[argh(switch)]
    pub take_over: bool,
    /// no full screen: one line per message, commands typed as /commands
    #[argh(switch)]
    pub plain: bool,
    /// take piped lines that begin with a slash for commands; implies --plain, as do the options below
    #[argh(switch)]
    pub commands: bool,
    /// one JSON object per line in both directions, for programs; see tr2-json(5)
    #[argh(switch)]
    pub json: bool,
    /// where lines go, and what --tail and --wait look at: everyone, a #room or a name (default: everyone)
    #[argh(option, arg_name = "place")]
    pub to: Option<String>,
    /// print the newest messages, this many, and leave; with --wait, go on
    #[argh(option, arg_name = "n")]
    pub tail: Option<String>,
    /// leave with status 0 once somebody else says a message that contains this text, whatever the case
    #[argh(option, arg_name = "text")]
    pub wait: Option<String>,
    /// leave with status 1 if what --wait or --tail is to bring has not come after so many seconds
    #[argh(option, arg_name = "seconds")]
    pub timeout: Option<String>,
}
