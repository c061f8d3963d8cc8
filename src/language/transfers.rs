//! Files that are sent directly, and channels to other clients: what stands in the way of them.
//!
//! Must not know: how a file or a channel is shown.

use std::fmt::Display;

use super::sentences;

sentences! {
    too_many_files(most: impl Display) {
        en: "At most {most} files can be on their way at once; wait until one has arrived, or stop one.",
        pt: "No máximo {most} arquivos podem estar a caminho ao mesmo tempo; espere um chegar, ou pare um.",
    }
    file_is_shorter_now {
        en: "The file became shorter while it was being sent; send it again.",
        pt: "O arquivo ficou mais curto durante o envio; envie-o de novo.",
    }
    file_too_large {
        en: "The file is larger than 4 GiB; split it first, for example with split(1).",
        pt: "O arquivo tem mais de 4 GiB; divida-o antes, por exemplo com split(1).",
    }
}
