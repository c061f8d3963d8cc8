//! The language of the client: by the locale, the option and the file, on a terminal and on pipes.

use std::process::{Command, Stdio};

use crate::person::Person;
use crate::serving::{Folder, Server, TR2};

const BRAZIL: (&str, &str) = ("LC_ALL", "pt_BR.UTF-8");

/// What the client says on standard output and standard error with these options and variables, at the end of its input.
fn said(server: &str, options: &[&str], variables: &[(&str, &str)], input: &str) -> (String, String) {
    let mut command = Command::new(TR2);
    command.args(["join", "--name", "alice", "--server", server]).args(options);
    for name in ["LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"] {
        command.env_remove(name);
    }
    command.env("XDG_CONFIG_HOME", "/dev/null/none").env("XDG_STATE_HOME", "/dev/null/none");
    command.envs(variables.iter().copied()).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    std::io::Write::write_all(&mut stdin, input.as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr))
}

#[test]
fn the_locale_the_option_and_the_file_choose_the_language() {
    let server = Server::start(&[]);
    let url = format!("tcp://{}", server.address);
    let folder = Folder::new();
    let file = folder.path().join("join.toml");
    let file = file.to_str().unwrap();
    std::fs::write(file, "lang = \"pt-BR\"\n").unwrap();
    let ignoring = |options: &[&str], variables: &[(&str, &str)]| {
        let (out, error) = said(&url, &[&["--plain", "--commands"], options].concat(), variables, "/ignored\n");
        assert_eq!(error, "");
        out
    };
    for (options, variables, portuguese) in [
        (&[][..], &[BRAZIL][..], true),
        (&[], &[("LANG", "en_US.UTF-8"), ("LANGUAGE", "pt_BR:en")], true),
        (&["--lang", "pt"], &[], true),
        (&["--config", file], &[("LC_ALL", "C.UTF-8")], true),
        (&["--lang", "en"], &[BRAZIL], false),
        (&["--lang=en", "--config", file], &[BRAZIL], false),
        (&[], &[("LC_ALL", "xx_YY.UTF-8")], false),
        (&[], &[], false),
    ] {
        let expected = if portuguese { "Você não ignora ninguém." } else { "You are ignoring nobody." };
        let out = ignoring(options, variables);
        assert!(out.contains(expected), "{options:?} {variables:?}: {out}");
    }
    // The letters of the reader are those of its locale.
    let out = ignoring(&[], &[("LC_ALL", "pt_BR.ISO-8859-1")]);
    assert!(out.contains("Voce nao ignora ninguem.") && out.is_ascii(), "{out}");
}

#[test]
fn programs_read_the_same_in_every_language() {
    let server = Server::start(&[]);
    let url = format!("tcp://{}", server.address);
    let line = "{\"op\":\"command\",\"line\":\"/ignored\"}\n";
    let of = |variables: &[(&str, &str)]| {
        let (out, error) = said(&url, &["--json"], variables, line);
        assert_eq!(error, "");
        out.lines().filter(|line| line.contains("ignoring")).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!((of(&[BRAZIL]).len(), of(&[("LC_ALL", "C.UTF-8")]).len()), (1, 1));
}

#[test]
fn failures_and_the_help_speak_portuguese_and_the_server_does_not() {
    let (_, error) = said("tcp://localhost:1", &["--plain"], &[BRAZIL], "");
    assert_eq!(
        error,
        "tr2: tcp://localhost:1 não responde: nenhum servidor escuta nesse endereço. Inicie um servidor com: tr2 serve\n"
    );
    let (_, error) = said("nowhere:x", &["--plain"], &[BRAZIL], "");
    assert!(error.contains("não é uma porta"), "{error}");
    let mut help = Command::new(TR2);
    let help = help.args(["serve", "--help"]).env("LC_ALL", "pt_BR.UTF-8").output().unwrap();
    assert!(String::from_utf8(help.stdout).unwrap().contains("endereço em que o servidor escuta"));
    let mut wrong = Command::new(TR2);
    let wrong = wrong.args(["serve", "--check", "--log", "loud"]).env("LC_ALL", "pt_BR.UTF-8").output().unwrap();
    assert!(String::from_utf8(wrong.stderr).unwrap().contains("must be off, error, warn, info or debug"));
}

#[test]
fn the_full_screen_speaks_portuguese() {
    let server = Server::start(&[]);
    let url = format!("tcp://{}", server.address);
    let mut ana = Person::with_variables(&url, "ana", 24, 80, &[BRAZIL]);
    ana.sees("Você está em todos").sees("Ctrl-F buscar").types("/xyzzy\r").sees("O comando /xyzzy não existe");
    ana.types("\x03").types("\x03").sees("Sair").types("\r");
    assert_eq!(ana.ends(), Some(0));
    let arguments = ["join", "--name", "bob", "--server", &url, "--lang", "en"];
    let mut bob = Person::with_env(&arguments, &[BRAZIL], 24, 80);
    bob.sees("You are in everyone").types("\x03").sees("Leave the chat?").types("\r");
    assert_eq!(bob.ends(), Some(0));
}
