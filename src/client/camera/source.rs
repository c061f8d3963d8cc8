//! What a camera can be, and how it is named.
//!
//! Must not know: how pictures are read, or whether there is such a camera.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::language::camera as say;

/// Where a person's pictures come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CameraSource {
    /// Nowhere.
    None,
    /// A moving pattern.
    Test,
    /// A file, shown again and again at its rate; or a named pipe.
    File(PathBuf),
    /// The standard input.
    Input,
    /// A pipe that this process got under a number.
    Descriptor(u32),
    /// A device of video4linux.
    Device(PathBuf),
    /// A command for the shell.
    Command(String),
}

/// What devices are called.
const DEVICES: &str = "/dev/video";
/// The devices that are looked for where none is named.
const LOOKED_FOR: u32 = 4;
/// How files end.
const EXTENSION: &str = ".y4m";
/// What descriptors begin with.
const DESCRIPTOR: &str = "fd:";
/// One of these says that the person sits elsewhere.
const ELSEWHERE: [&str; 3] = ["SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"];

impl CameraSource {
    /// The source of a name, as after `--camera`.
    ///
    /// # Errors
    /// There is nothing in it; the sentence says what there could be.
    pub fn named(name: &str) -> Result<Self, String> {
        let name = name.trim();
        let descriptor = name.strip_prefix(DESCRIPTOR).and_then(|number| number.parse().ok());
        Ok(match name {
            "" => return Err(say::source_empty().to_owned()),
            "none" => Self::None,
            "test" => Self::Test,
            "-" => Self::Input,
            _ if name.starts_with(DEVICES) && !name.contains(char::is_whitespace) => Self::Device(name.into()),
            _ if name.ends_with(EXTENSION) => Self::File(name.into()),
            _ => descriptor.map_or_else(|| Self::Command(name.to_owned()), Self::Descriptor),
        })
    }

    /// The first device of this machine.
    #[must_use]
    pub fn first_device(exists: impl Fn(&Path) -> bool) -> Option<Self> {
        let devices = (0..LOOKED_FOR).map(|number| PathBuf::from(format!("{DEVICES}{number}")));
        devices.into_iter().find(|device| exists(device)).map(Self::Device)
    }

    /// What to say to somebody who has no camera here.
    #[must_use]
    pub fn why_none(variable: impl Fn(&str) -> Option<OsString>) -> String {
        let is_elsewhere = ELSEWHERE.iter().any(|name| variable(name).is_some_and(|value| !value.is_empty()));
        if is_elsewhere { say::no_camera_over_ssh().to_owned() } else { say::no_camera().to_owned() }
    }

    /// Whether the pictures come whether or not they are wanted: such a source is opened once, and stays open while the
    /// camera is off, so that its stream is not cut in the middle of a picture.
    #[must_use]
    pub fn is_pipe(&self) -> bool {
        match self {
            Self::Input | Self::Descriptor(_) => true,
            Self::None | Self::Test | Self::File(_) | Self::Device(_) | Self::Command(_) => false,
        }
    }
}

/// A program with its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CameraProgram {
    /// Its name.
    pub name: &'static str,
    /// Its arguments.
    pub arguments: Vec<OsString>,
}

/// The programs that write a device's pictures as YUV4MPEG2, the best first. They make the pictures as wide as the largest
/// that is sent, and 15 of them a second.
#[must_use]
pub fn device_programs(device: &Path) -> [CameraProgram; 2] {
    let words = |before: &str, device: OsString, after: &str| {
        let split = |words: &str| words.split(' ').map(OsString::from).collect::<Vec<_>>();
        [split(before), vec![device], split(after)].concat()
    };
    let mut property = OsString::from("device=");
    property.push(device);
    [
        CameraProgram {
            name: "ffmpeg",
            arguments: words(
                "-nostdin -hide_banner -loglevel error -fflags nobuffer -f v4l2 -i",
                device.into(),
                "-vf fps=15,scale=320:-2:flags=area -pix_fmt yuv420p -f yuv4mpegpipe -",
            ),
        },
        CameraProgram {
            name: "gst-launch-1.0",
            arguments: words(
                "-q v4l2src",
                property,
                "! videoconvert ! videoscale ! videorate ! \
                 video/x-raw,format=I420,width=320,pixel-aspect-ratio=1/1,framerate=15/1 ! y4menc ! fdsink fd=1",
            ),
        },
    ]
}
