//! Cameras, and what goes wrong with them.
//!
//! Must not know: how pictures are read.

use std::fmt::Display;

use super::sentences;

sentences! {
    no_camera {
        en: "No camera was found. Name one with --camera: a device, a YUV4MPEG2 file, or a command that writes YUV4MPEG2.",
        pt: "Nenhuma câmera foi encontrada. Indique uma com --camera: um dispositivo, um arquivo YUV4MPEG2 ou um comando que escreva YUV4MPEG2.",
    }
    no_camera_over_ssh {
        en: "Your camera is not on this machine. Run tr2 at home with --server ssh://…, or bring its pictures here: mkfifo camera.y4m here; at home ffmpeg -f v4l2 -i /dev/video0 -vf fps=15,scale=160:-2 -pix_fmt yuv420p -f yuv4mpegpipe - | ssh HOST 'cat > camera.y4m'; then --camera camera.y4m.",
        pt: "Sua câmera não está nesta máquina. Execute o tr2 em casa com --server ssh://…, ou traga as imagens para cá: mkfifo camera.y4m aqui; em casa ffmpeg -f v4l2 -i /dev/video0 -vf fps=15,scale=160:-2 -pix_fmt yuv420p -f yuv4mpegpipe - | ssh HOST 'cat > camera.y4m'; depois --camera camera.y4m.",
    }
    no_program {
        en: "Neither ffmpeg nor gst-launch-1.0 is installed. Install one, or give --camera a command that writes YUV4MPEG2.",
        pt: "Nem ffmpeg nem gst-launch-1.0 está instalado. Instale um deles, ou dê a --camera um comando que escreva YUV4MPEG2.",
    }
    source_none { en: "--camera none means no camera.", pt: "--camera none significa nenhuma câmera." }
    source_empty {
        en: "--camera needs none, test, FILE.y4m, -, fd:N, a device such as /dev/video0, or a command.",
        pt: "--camera precisa de none, test, ARQUIVO.y4m, -, fd:N, um dispositivo como /dev/video0 ou um comando.",
    }
    source_terminal {
        en: "--camera - reads pictures from a pipe, and this is a terminal.",
        pt: "--camera - lê imagens de um pipe, e isto é um terminal.",
    }
    source_unread(what: impl Display, error: impl Display) {
        en: "The camera {what} cannot be read: {error}.",
        pt: "Não foi possível ler a câmera {what}: {error}.",
    }
    file_unplayed(file: impl Display) {
        en: "The camera {file} is neither a YUV4MPEG2 file, whose name would end in .y4m, nor a command. A command plays other files: --camera 'ffmpeg -loglevel error -re -i FILE -vf fps=15,scale=320:-2 -pix_fmt yuv420p -f yuv4mpegpipe -'.",
        pt: "A câmera {file} não é um arquivo YUV4MPEG2, cujo nome terminaria em .y4m, nem um comando. Um comando toca outros arquivos: --camera 'ffmpeg -loglevel error -re -i ARQUIVO -vf fps=15,scale=320:-2 -pix_fmt yuv420p -f yuv4mpegpipe -'.",
    }
    stream_unread(error: impl Display) {
        en: "The camera's pictures cannot be read: {error}.",
        pt: "Não foi possível ler as imagens da câmera: {error}.",
    }
    program_unstarted(name: impl Display, error: impl Display) {
        en: "The camera's program {name} cannot be started: {error}.",
        pt: "O programa da câmera {name} não pôde ser iniciado: {error}.",
    }
    program_said(words: impl Display) {
        en: "The camera's program ended: {words}",
        pt: "O programa da câmera terminou: {words}",
    }
    program_status(status: impl Display) {
        en: "The camera's program ended with {status}.",
        pt: "O programa da câmera terminou com {status}.",
    }
    ended { en: "The camera's pictures have ended.", pt: "As imagens da câmera acabaram." }
    file_empty(file: impl Display) {
        en: "There is no picture in {file}.",
        pt: "Não há imagem em {file}.",
    }
    not_y4m {
        en: "The camera's stream is not YUV4MPEG2. ffmpeg writes it with -f yuv4mpegpipe.",
        pt: "O fluxo da câmera não é YUV4MPEG2. O ffmpeg o escreve com -f yuv4mpegpipe.",
    }
    damaged {
        en: "The camera's stream is damaged.",
        pt: "O fluxo da câmera está danificado.",
    }
    wrong_size(width: impl Display, height: impl Display) {
        en: "The camera's pictures must have sides of 8 or more, and at most {width}x{height}.",
        pt: "As imagens da câmera precisam ter lados de 8 ou mais, e no máximo {width}x{height}.",
    }
    wrong_rate {
        en: "The camera's stream says an impossible number of pictures a second.",
        pt: "O fluxo da câmera indica um número impossível de imagens por segundo.",
    }
    wrong_colours {
        en: "The camera's pictures must be 4:2:0 or grey with 8 bits. ffmpeg writes them with -pix_fmt yuv420p.",
        pt: "As imagens da câmera precisam ser 4:2:0 ou cinza com 8 bits. O ffmpeg as escreve com -pix_fmt yuv420p.",
    }
}
