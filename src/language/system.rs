//! What the system says of an error. It says so in English; these are the errors that people meet.
//!
//! Must not know: what was tried.

use std::io::{self, ErrorKind};

use super::{Language, current, sentences};

sentences! {
    not_found { en: "No such file or directory", pt: "arquivo ou pasta inexistente" }
    permission_denied { en: "Permission denied", pt: "permissão negada" }
    is_a_directory { en: "Is a directory", pt: "é uma pasta" }
    not_a_directory { en: "Not a directory", pt: "não é uma pasta" }
    already_exists { en: "File exists", pt: "já existe" }
    no_space { en: "No space left on device", pt: "não há espaço livre no disco" }
    read_only { en: "Read-only file system", pt: "sistema de arquivos somente leitura" }
    quota { en: "Disk quota exceeded", pt: "cota de disco excedida" }
    too_large { en: "File too large", pt: "arquivo grande demais" }
    bad_descriptor { en: "Bad file descriptor", pt: "descritor de arquivo inválido" }
}

/// The number of the error of a closed stream, on every Unix.
const EBADF: i32 = 9;

/// What the system says, in English with its number.
#[must_use]
pub(crate) fn whole(error: &io::Error) -> String {
    if current() == Language::English { error.to_string() } else { words(error) }
}

/// What the system says, without its number; what it does not say itself is said already.
#[must_use]
pub(crate) fn words(error: &io::Error) -> String {
    let said = error.to_string();
    let said = said.split(" (os error").next().unwrap_or_default();
    let known = match (error.raw_os_error(), error.kind()) {
        (None, _) => said,
        (Some(EBADF), _) => bad_descriptor(),
        (Some(_), ErrorKind::NotFound) => not_found(),
        (Some(_), ErrorKind::PermissionDenied) => permission_denied(),
        (Some(_), ErrorKind::IsADirectory) => is_a_directory(),
        (Some(_), ErrorKind::NotADirectory) => not_a_directory(),
        (Some(_), ErrorKind::AlreadyExists) => already_exists(),
        (Some(_), ErrorKind::StorageFull) => no_space(),
        (Some(_), ErrorKind::ReadOnlyFilesystem) => read_only(),
        (Some(_), ErrorKind::QuotaExceeded) => quota(),
        (Some(_), ErrorKind::FileTooLarge) => too_large(),
        (Some(_), _) => said,
    };
    known.to_owned()
}
