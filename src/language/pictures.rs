//! Pictures in calls: what is said of cameras, and around a picture.
//!
//! Must not know: how pictures are made or shown.

use std::fmt::Display;

use super::sentences;

sentences! {
    camera_is_on(name: impl Display) {
        en: "Your camera is on: {name} can see you. /camera off turns it off.",
        pt: "Sua câmera está ligada: {name} pode ver você. /camera off a desliga.",
    }
    camera_is_on_unseen(name: impl Display) {
        en: "Your camera is on; {name} does not see you yet: no picture is shown there. /camera off turns it off.",
        pt: "Sua câmera está ligada; {name} ainda não vê você: lá nenhuma imagem é mostrada. /camera off a desliga.",
    }
    sees_you(name: impl Display) {
        en: "{name} can see you now. /camera off turns your camera off.",
        pt: "{name} pode ver você agora. /camera off desliga sua câmera.",
    }
    camera_goes_on(name: impl Display) {
        en: "Your camera goes on once the channel to {name} is open.",
        pt: "Sua câmera será ligada quando o canal com {name} estiver aberto.",
    }
    camera_is_off(name: impl Display) {
        en: "Your camera is off: {name} does not see you.",
        pt: "Sua câmera está desligada: {name} não vê você.",
    }
    is_on_already { en: "Your camera is on already.", pt: "Sua câmera já está ligada." }
    is_off_already { en: "Your camera is off already.", pt: "Sua câmera já está desligada." }
    their_camera_is_on(name: impl Display) {
        en: "{name}'s camera is on.",
        pt: "A câmera de {name} está ligada.",
    }
    their_camera_is_on_elsewhere(name: impl Display) {
        en: "{name}'s camera is on. Pictures need the full screen.",
        pt: "A câmera de {name} está ligada. Imagens precisam da tela cheia.",
    }
    their_camera_is_off(name: impl Display) {
        en: "{name}'s camera is off.",
        pt: "A câmera de {name} está desligada.",
    }
    need_full_screen {
        en: "Pictures need the full screen. /direct NAME calls to talk directly.",
        pt: "Imagens precisam da tela cheia. /direct NOME chama para conversar diretamente.",
    }
    no_picture_in_view { en: "There is no picture in view.", pt: "Não há imagem à vista." }
    waits_for_picture { en: "the picture is coming…", pt: "a imagem já vem…" }
    too_small_for_pictures(name: impl Display) {
        en: "{name}'s camera is on, but this window is too small for pictures.",
        pt: "A câmera de {name} está ligada, mas esta janela é pequena demais para imagens.",
    }
    camera_off_short { en: "camera off", pt: "câmera desligada" }
    own_camera_on { en: "your camera is on", pt: "sua câmera ligada" }
    own_camera_starts { en: "your camera starts…", pt: "sua câmera ligando…" }
    own_camera_off { en: "your camera is off", pt: "sua câmera desligada" }
    camera_key { en: "camera", pt: "câmera" }
    large_key { en: "large", pt: "grande" }
    small_key { en: "small", pt: "pequena" }
    camera_state { en: "camera", pt: "câmera" }
}
