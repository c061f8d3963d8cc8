//! The client's configuration, from flags, environment and file.
//!
//! Must not know: sockets or screens.

use std::path::{Path, PathBuf};
use std::time::Duration;

use etcetera::BaseStrategy as _;
use nix::unistd::{Uid, User};

use super::downloads::PersonFolders;
use super::given::{Problem, Problems};
use super::{RUNTIME_VARIABLE, join_settings};
use crate::cli;
use crate::client::server_list;
use crate::client::session::PlainOptions;
use crate::client::settings::{LanguageChoice, SettingKey, SettingSource, Settings, ThemeChoice, table};
use crate::error::Error;
use crate::language::command_line as say;
use crate::language::{self, Language, names};
use crate::model::url::SshLogin;
use crate::model::{Fingerprint, Name, RoomName, Target, Url};
use crate::net::socket_search;
use crate::protocol::limits::MAX_PAGE;

/// The server to join by default, if there is no socket file of a server on this machine.
const DEFAULT_SERVER: &str = "tcp://localhost:1234";
/// The longest time that `--timeout` takes, in seconds: a year.
const MAX_TIMEOUT: usize = 365 * 24 * 3600;
/// The environment variable that names another server.
pub(crate) const SERVER_VARIABLE: &str = "TR2_SERVER";
/// The environment variable that asks for no colours.
const NO_COLOR: &str = "NO_COLOR";
/// The person's own file, in the folder of their configuration.
const OWN_FILE: &str = "tr2/join.toml";
/// The same in the folder of one of the people who share an account.
pub(crate) const OWN_FILE_IN_FOLDER: &str = "join.toml";

/// How the client is to run.
#[derive(Clone, Debug)]
pub struct JoinConfig {
    /// The requested name, as written.
    pub name: Option<String>,
    /// The login name on the server's machine.
    pub login: String,
    /// The server.
    pub server: Url,
    /// Other addresses of the same chat.
    pub others: Vec<Url>,
    /// Whether the person has named it.
    pub server_named: bool,
    /// The key that the server must have; `None` for no such check.
    pub fingerprint: Option<Fingerprint>,
    /// The file with the user's own key; empty without a home folder.
    pub identity: PathBuf,
    /// The list of known servers.
    pub known_servers: PathBuf,
    /// The list of known people; empty without a home folder.
    pub known_people: PathBuf,
    /// The folder for files that others send; empty without a home folder.
    pub downloads: PathBuf,
    /// The home folder.
    pub home: Option<PathBuf>,
    /// The file that keeps what was not sent; empty without a home folder.
    pub unsent: PathBuf,
    /// An invitation code.
    pub code: Option<String>,
    /// Whether to end the other sessions of the same user.
    pub take_over: bool,
    /// Whether to start no other program and open no file for the person.
    pub confined: bool,
    /// Whether to use the line mode instead of the full screen.
    pub plain: bool,
    /// The options of the line mode.
    pub lines: PlainOptions,
    /// The folder that keeps what was sent; `None` if there is no home folder.
    pub sent: Option<PathBuf>,
    /// The folder that keeps the order of conversations; `None` if there is no home folder.
    pub arrangements: Option<PathBuf>,
    /// The person's settings.
    pub settings: Settings,
    /// The language to speak.
    pub language: Language,
}

/// The file with the settings, as it was read.
struct SettingsRead {
    settings: Settings,
    /// The file, if it is to be read.
    file: Option<String>,
    problems: Vec<Problem>,
}

impl JoinConfig {
    /// Combines flags and environment; flags win.
    ///
    /// # Errors
    /// [`Error::Usage`] for an invalid server address, or options that do not fit together.
    pub fn from(flags: cli::Join, variable: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let SettingsRead { settings, file, problems } = read_settings(&flags, &variable);
        if !problems.is_empty() {
            return Err(Problems::new(file, problems).into());
        }
        Self::speaking(settings, flags, variable)
    }

    /// As [`JoinConfig::from`], but finds all problems; also returns the file, if there is one.
    pub fn look(
        flags: cli::Join,
        variable: impl Fn(&str) -> Option<String>,
    ) -> (Option<Self>, Option<String>, Vec<Error>) {
        let SettingsRead { settings, file, problems } = read_settings(&flags, &variable);
        let mut errors: Vec<Error> = Vec::new();
        if !problems.is_empty() {
            errors.push(Problems::new(file.clone(), problems).into());
        }
        let config = Self::speaking(settings, flags, variable).map_err(|error| errors.push(error)).ok();
        (config, file, errors)
    }

    /// Keeps what is the person's in this folder.
    pub fn keep_in(&mut self, folder: &Path) {
        let file = folder.join(OWN_FILE_IN_FOLDER).display().to_string();
        self.settings.file = Some(file);
        (self.known_servers, self.known_people) = (folder.join("known_servers"), folder.join("known_people"));
        self.unsent = folder.join("unsent.json");
        (self.sent, self.arrangements) = (Some(folder.join("sent")), Some(folder.join("conversations")));
        self.downloads = PathBuf::new();
    }

    /// Finds the language, and goes on in it.
    fn speaking(
        mut settings: Settings,
        flags: cli::Join,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, Error> {
        if let Some(lang) = &flags.lang {
            settings.lang = match Language::named(lang) {
                Some(Language::English) => LanguageChoice::En,
                Some(Language::Portuguese | Language::PlainPortuguese) => LanguageChoice::PtBr,
                None => return Err(Error::usage(say::wrong_language(lang))),
            };
            note(&mut settings, "lang", SettingSource::Option);
        }
        let language = settings.lang.language().unwrap_or_else(|| Language::of(&variable));
        language::with(language, || Self::with(language, settings, flags, variable))
    }

    fn with(
        language: Language,
        mut settings: Settings,
        flags: cli::Join,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, Error> {
        let of_environment = || variable(SERVER_VARIABLE).filter(|server| !server.is_empty());
        let of_file = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        let (words, source) = match of_environment() {
            _ if !flags.server.is_empty() => (flags.server, SettingSource::Option),
            Some(server) => (vec![server], SettingSource::Environment(SERVER_VARIABLE)),
            None => (of_file(&settings.server).into_iter().collect(), source_of(&settings, "server")),
        };
        note(&mut settings, "server", source);
        let (name, source) = match flags.name {
            Some(name) => (Some(name), SettingSource::Option),
            None => (of_file(&settings.name), source_of(&settings, "name")),
        };
        note(&mut settings, "name", source);
        let named = ["LOGNAME", "USER"].into_iter().filter_map(&variable).find(|login| !login.is_empty());
        let login = named.or_else(login_of_process).unwrap_or_default();
        let mut named = server_list::read(&words).map_err(Error::usage)?.into_iter();
        let (first, others) = (named.next(), named.collect::<Vec<Url>>());
        let server_named = first.is_some();
        let server = match first {
            Some(server) => server,
            // One that is there and cannot be used would have proved who is who: nothing less takes its place unasked.
            None => match socket_search::find(variable(RUNTIME_VARIABLE).as_deref()).map_err(Error::failed)? {
                Some(path) => Url::Unix(path.display().to_string()),
                None => DEFAULT_SERVER.parse().map_err(Error::usage)?,
            },
        };
        // Over ssh, the login name is that of the account on the other machine.
        let login = match &server {
            Url::Ssh(SshLogin { user: Some(user), .. }) => user.clone(),
            _ => login,
        };
        let lines = PlainOptions {
            commands: flags.commands,
            json: flags.json,
            to: flags.to.as_deref().map(place).transpose()?,
            tail: flags.tail.as_deref().map(|count| number("--tail", count, MAX_PAGE)).transpose()?,
            wait: flags.wait,
            timeout: flags.timeout.as_deref().map(seconds).transpose()?,
        };
        if lines.timeout.is_some() && lines.wait.is_none() && lines.tail.is_none() {
            return Err(Error::usage(say::timeout_alone()));
        }
        let plain = flags.plain || lines != PlainOptions::default();
        let fingerprint = flags.fingerprint.map(|key| key.parse::<Fingerprint>()).transpose();
        let fingerprint = fingerprint.map_err(|_| Error::usage(say::wrong_fingerprint(names::not_a_fingerprint())))?;
        if fingerprint.is_some() && !matches!(server, Url::Tls(_)) {
            return Err(Error::usage(say::fingerprint_is_for_tls(server)));
        }
        let base = etcetera::base_strategy::Xdg::new();
        let folder = base.as_ref().ok().and_then(etcetera::BaseStrategy::state_dir).map(|state| state.join("tr2"));
        let in_state = |name: &str| folder.as_ref().map(|state| state.join(name));
        let (state, sent, arrangements) = (in_state("unsent.json"), in_state("sent"), in_state("conversations"));
        let folder = base.map(|base| base.data_dir().join("tr2"));
        let folder = match folder {
            Ok(folder) => folder,
            Err(_) if matches!(server, Url::Tls(_)) => {
                return Err(Error::usage(say::no_home_for_keys()));
            }
            Err(_) => PathBuf::new(),
        };
        let in_folder = |name: &str| if folder.as_os_str().is_empty() { PathBuf::new() } else { folder.join(name) };
        let folders = PersonFolders::find();
        let downloads = match &flags.downloads {
            Some(given) => {
                note(&mut settings, "downloads", SettingSource::Option);
                folders.downloads(given)
            }
            None => folders.downloads(&settings.downloads),
        };
        settings.downloads = downloads.display().to_string();
        let options = [
            ("camera", "--camera", &flags.camera),
            ("sound", "--sound", &flags.sound),
            ("direct", "--direct", &flags.direct),
            ("video", "--video", &flags.video),
        ];
        for (name, option, value) in options {
            if let Some(value) = value {
                given(&mut settings, name, option, value)?;
            }
        }
        settings.server = server_list::joined(&[std::slice::from_ref(&server), &others[..]].concat());
        settings.name = name.clone().unwrap_or_else(|| login.clone());
        if variable(NO_COLOR).is_some_and(|value| !value.is_empty()) {
            settings.theme = ThemeChoice::Mono;
            note(&mut settings, "theme", SettingSource::Environment(NO_COLOR));
        }
        Ok(Self {
            name,
            login,
            server,
            others,
            server_named,
            fingerprint,
            identity: flags.identity.map_or_else(|| in_folder("identity"), PathBuf::from),
            known_servers: folder.join("known_servers"),
            known_people: in_folder("known_people"),
            downloads,
            home: folders.home,
            unsent: state.unwrap_or_default(),
            code: flags.code,
            take_over: flags.take_over,
            confined: flags.confined,
            plain,
            lines,
            sent,
            arrangements,
            settings,
            language,
        })
    }
}

/// A setting that an option gives.
fn given(settings: &mut Settings, name: &str, option: &str, value: &str) -> Result<(), Error> {
    let Some(setting) = table::find(name) else { return Ok(()) };
    let key = SettingKey::Plain(setting);
    let words = [value.to_owned()];
    settings.set(&key, &words).map_err(|wrong| Error::usage(say::wrong_option(option, wrong.what)))?;
    settings.note_source(&key, SettingSource::Option);
    Ok(())
}

/// A place, as in `--to`: `everyone`, a room or a user.
fn place(text: &str) -> Result<Target, Error> {
    let wrong = |why: String| Error::usage(say::wrong_place(text, why));
    match text {
        "everyone" => Ok(Target::Everyone),
        room if room.starts_with('#') => {
            RoomName::parse(room).map(Target::Room).map_err(|error| wrong(names::room(&error)))
        }
        name => Name::parse(name).map(Target::User).map_err(|error| wrong(names::name(&error))),
    }
}

/// A number from 1 to `most`.
fn number(option: &str, text: &str, most: usize) -> Result<usize, Error> {
    let number = text.parse().ok().filter(|number| (1..=most).contains(number));
    number.ok_or_else(|| Error::usage(say::needs_number(option, most, text)))
}

fn seconds(text: &str) -> Result<Duration, Error> {
    let seconds = number("--timeout", text, MAX_TIMEOUT)?;
    Ok(Duration::from_secs(u64::try_from(seconds).unwrap_or(u64::MAX)))
}

fn source_of(settings: &Settings, name: &str) -> SettingSource {
    table::find(name).map(|setting| settings.source(&SettingKey::Plain(setting))).unwrap_or_default()
}

fn note(settings: &mut Settings, name: &str, source: SettingSource) {
    if let Some(setting) = table::find(name) {
        settings.note_source(&SettingKey::Plain(setting), source);
    }
}

/// Reads the file that the command line names, or else the person's own, if it exists.
fn read_settings(flags: &cli::Join, variable: &impl Fn(&str) -> Option<String>) -> SettingsRead {
    let own = || {
        let absolute = |folder: &String| folder.starts_with('/');
        let base = variable("XDG_CONFIG_HOME").filter(absolute).map(PathBuf::from);
        let base = base.or_else(|| etcetera::base_strategy::Xdg::new().ok().map(|base| base.config_dir()));
        base.map(|folder| folder.join(OWN_FILE).display().to_string())
    };
    let path = flags.config.clone().or_else(own);
    let file = path.clone().filter(|path| flags.config.is_some() || !join_settings::is_missing(path));
    let (mut settings, problems) = file.as_deref().map_or_else(Default::default, join_settings::read);
    settings.file = path;
    SettingsRead { settings, file, problems }
}

/// A path as a person reads it: `~` stands for their home folder.
pub(crate) fn shown_path(path: &str) -> String {
    let below = |home: PathBuf| {
        let home = home.to_str()?.trim_end_matches('/').to_owned();
        let rest = path.strip_prefix(&home).filter(|rest| !home.is_empty() && rest.starts_with('/'))?;
        Some(format!("~{rest}"))
    };
    etcetera::home_dir().ok().and_then(below).unwrap_or_else(|| path.to_owned())
}

/// The login of the user that this process runs as; `None` if the user has none. `docker exec` and cron may not say it.
fn login_of_process() -> Option<String> {
    User::from_uid(Uid::effective()).ok().flatten().map(|user| user.name)
}
