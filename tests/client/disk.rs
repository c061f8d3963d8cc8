//! The files of a channel on a real disk: what is read, what is written, and what is refused.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use tr2::client::channels::disk::{Disk, MAX_SAME_NAMES};
use tr2::client::direct::jobs::{FileJob, JobOutcome, JobStep, WantedFile};
use tr2::model::Timestamp;
use tr2::model::file_name::FileName;
use tr2::protocol::peer::MAX_FILE;
use tr2::sys::part_file;

/// A folder that is deleted in the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let name = format!("tr2-disk-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    fn disk(&self) -> Disk {
        Disk::new(self.0.clone(), Some(self.0.clone()))
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(&self.0)
            .unwrap()
            .map(|file| file.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn digest(bytes: &[u8]) -> [u8; 32] {
    ring::digest::digest(&ring::digest::SHA256, bytes).as_ref().try_into().unwrap()
}

fn wanted(name: &str, bytes: &[u8]) -> WantedFile {
    WantedFile { name: FileName::harmless(name), size: bytes.len() as u64, digest: digest(bytes) }
}

/// The name of the file while it arrives.
fn part(name: &str, bytes: &[u8]) -> String {
    let mark: String = digest(bytes)[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    format!(".{name}.{mark}.part")
}

fn step(disk: &mut Disk, step: JobStep) -> JobOutcome {
    let done = disk.carry_out(FileJob { file: 1, step }).expect("an answer");
    assert_eq!(done.file, 1);
    done.outcome
}

#[track_caller]
fn fails(disk: &mut Disk, what: JobStep, words: &str) {
    match step(disk, what) {
        JobOutcome::Failed(why) => assert!(why.contains(words), "{why}"),
        other => panic!("{other:?}"),
    }
}

fn close(disk: &mut Disk) {
    assert_eq!(disk.carry_out(FileJob { file: 1, step: JobStep::Close }), None);
}

/// Receives a file whole; what came of it.
fn receive(disk: &mut Disk, name: &str, bytes: &[u8]) -> JobOutcome {
    assert_eq!(step(disk, JobStep::Look(wanted(name, bytes))), JobOutcome::Here(0));
    assert_eq!(step(disk, JobStep::Begin), JobOutcome::Begun(0));
    write(disk, 0, bytes);
    step(disk, JobStep::Finish)
}

fn write(disk: &mut Disk, from: usize, bytes: &[u8]) {
    for (at, piece) in bytes.chunks(1000).enumerate() {
        let at = (from + at * 1000) as u64;
        assert_eq!(step(disk, JobStep::Write { at, bytes: piece.to_vec() }), JobOutcome::Written);
    }
}

fn bytes(count: usize) -> Vec<u8> {
    (0..count).map(|at| (at * 7 % 251) as u8).collect()
}

#[test]
fn a_file_is_read_in_pieces_and_digested_whole() {
    let folder = Folder::new();
    let mut disk = folder.disk();
    for file in [bytes(0), bytes(1), bytes(1024 * 1024), bytes(2_500_000)] {
        fs::write(folder.at("a"), &file).unwrap();
        assert_eq!(step(&mut disk, JobStep::Open("~/a".into())), JobOutcome::Opened(file.len() as u64));
        let mut steps = 0;
        let sum = loop {
            steps += 1;
            match step(&mut disk, JobStep::Digest) {
                JobOutcome::Digested(done) => assert_eq!(done, steps * 1024 * 1024),
                JobOutcome::Digest(sum) => break sum,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(sum, digest(&file));
        let mut read = Vec::new();
        while let JobOutcome::Read(more) = step(&mut disk, JobStep::Read { at: read.len() as u64, most: 300_000 }) {
            if more.is_empty() {
                break;
            }
            read.extend(more);
        }
        assert!(read == file);
        close(&mut disk);
        fails(&mut disk, JobStep::Read { at: 0, most: 1 }, "changes");
    }
}

#[test]
fn only_regular_files_that_are_not_too_large_are_sent() {
    let folder = Folder::new();
    let mut disk = folder.disk();
    nix::unistd::mkfifo(&folder.at("pipe"), nix::sys::stat::Mode::S_IRWXU).unwrap();
    fails(&mut disk, JobStep::Open(folder.at("pipe")), "not a regular file");
    fails(&mut disk, JobStep::Open("/dev/zero".into()), "not a regular file");
    fails(&mut disk, JobStep::Open(folder.0.clone()), "Is a directory");
    fails(&mut disk, JobStep::Open(folder.at("nothing")), "nothing cannot be read: No such file or directory.");
    fails(&mut disk, JobStep::Open("~root/a".into()), "~root/a cannot be read");
    let large = fs::File::create(folder.at("large")).unwrap();
    large.set_len(MAX_FILE + 1).unwrap();
    fails(&mut disk, JobStep::Open(folder.at("large")), "larger than 4 GiB");
    large.set_len(MAX_FILE).unwrap();
    assert_eq!(step(&mut disk, JobStep::Open(folder.at("large"))), JobOutcome::Opened(MAX_FILE));
    // A link of one's own is followed: the person named it.
    fs::write(folder.at("a"), "abc").unwrap();
    symlink(folder.at("a"), folder.at("link")).unwrap();
    assert_eq!(step(&mut disk, JobStep::Open(folder.at("link"))), JobOutcome::Opened(3));
    // One that changes while it is digested is not offered.
    fs::write(folder.at("a"), "ab").unwrap();
    assert_eq!(step(&mut disk, JobStep::Digest), JobOutcome::Digested(2));
    fails(&mut disk, JobStep::Digest, "changes");
    step(&mut disk, JobStep::Open(folder.at("a")));
    fs::write(folder.at("a"), "abcd").unwrap();
    fails(&mut disk, JobStep::Digest, "changes");
}

#[test]
fn a_file_arrives_hidden_and_is_seen_whole_for_its_owner_alone() {
    let folder = Folder::new();
    let mut disk = folder.disk();
    let file = bytes(3500);
    assert_eq!(step(&mut disk, JobStep::Look(wanted("run.sh", &file))), JobOutcome::Here(0));
    assert!(folder.names().is_empty(), "nothing is made before it is taken");
    assert_eq!(step(&mut disk, JobStep::Begin), JobOutcome::Begun(0));
    write(&mut disk, 0, &file);
    assert_eq!(folder.names(), [part("run.sh", &file)]);
    assert_eq!(step(&mut disk, JobStep::Finish), JobOutcome::Saved(folder.at("run.sh")));
    close(&mut disk);
    assert_eq!(folder.names(), ["run.sh"]);
    assert_eq!(fs::read(folder.at("run.sh")).unwrap(), file);
    assert_eq!(fs::metadata(folder.at("run.sh")).unwrap().permissions().mode() & 0o7777, 0o600);
    // Again, and once more; and an empty one.
    for name in ["run (2).sh", "run (3).sh"] {
        assert_eq!(receive(&mut disk, "run.sh", &file), JobOutcome::Saved(folder.at(name)));
    }
    assert_eq!(receive(&mut disk, "empty", b""), JobOutcome::Saved(folder.at("empty")));
    assert_eq!(folder.names(), ["empty", "run (2).sh", "run (3).sh", "run.sh"]);
}

#[test]
fn nothing_is_written_through_a_link_or_over_anything() {
    let (folder, outside) = (Folder::new(), Folder::new());
    let mut disk = folder.disk();
    let file = bytes(10);
    fs::write(outside.at("victim"), "before").unwrap();
    // In the place of the hidden file.
    symlink(outside.at("victim"), folder.at(&part("a", &file))).unwrap();
    assert_eq!(step(&mut disk, JobStep::Look(wanted("a", &file))), JobOutcome::Here(0));
    fails(&mut disk, JobStep::Begin, "cannot be saved");
    fs::remove_file(folder.at(&part("a", &file))).unwrap();
    fs::hard_link(outside.at("victim"), folder.at(&part("a", &file))).unwrap();
    fails(&mut disk, JobStep::Begin, "something else is at");
    fs::remove_file(folder.at(&part("a", &file))).unwrap();
    fs::create_dir(folder.at(&part("a", &file))).unwrap();
    fails(&mut disk, JobStep::Begin, "Is a directory");
    fs::remove_dir(folder.at(&part("a", &file))).unwrap();
    nix::unistd::mkfifo(&folder.at(&part("a", &file)), nix::sys::stat::Mode::S_IRWXU).unwrap();
    fails(&mut disk, JobStep::Begin, "something else is at");
    fs::remove_file(folder.at(&part("a", &file))).unwrap();
    // In the place of the name: a link, one that leads nowhere, a folder.
    symlink(outside.at("victim"), folder.at("a")).unwrap();
    symlink(outside.at("nowhere"), folder.at("a (2)")).unwrap();
    fs::create_dir(folder.at("a (3)")).unwrap();
    assert_eq!(receive(&mut disk, "a", &file), JobOutcome::Saved(folder.at("a (4)")));
    assert_eq!(fs::read(outside.at("victim")).unwrap(), b"before");
    assert_eq!(outside.names(), ["victim"]);
    for number in 4..=MAX_SAME_NAMES {
        let name = FileName::harmless("a").numbered(number);
        fs::write(folder.at(&name), "").unwrap();
    }
    let JobOutcome::Failed(why) = receive(&mut disk, "a", &file) else { panic!() };
    assert!(why.contains(": File exists."), "{why}");
}

#[test]
fn a_file_goes_on_where_it_was_cut_but_not_with_other_bytes() {
    let folder = Folder::new();
    let file = bytes(3_000_000);
    let mut disk = folder.disk();
    step(&mut disk, JobStep::Look(wanted("big", &file)));
    step(&mut disk, JobStep::Begin);
    write(&mut disk, 0, &file[..2_000_000]);
    // Another channel, or another process, cannot have it meanwhile, and deletes nothing.
    let mut other = folder.disk();
    assert_eq!(step(&mut other, JobStep::Look(wanted("big", &file))), JobOutcome::Here(2_000_000));
    fails(&mut other, JobStep::Begin, "arriving already");
    assert_eq!(other.carry_out(FileJob { file: 1, step: JobStep::Discard }), None);
    close(&mut disk);
    assert_eq!(step(&mut other, JobStep::Look(wanted("big", &file))), JobOutcome::Here(2_000_000));
    assert_eq!(step(&mut other, JobStep::Begin), JobOutcome::Begun(2_000_000));
    // What is here is digested before anything is added.
    fails(&mut other, JobStep::Write { at: 2_000_000, bytes: vec![1] }, "changes");
    let mut done = 0;
    while done < 2_000_000 {
        let JobOutcome::Digested(now) = step(&mut other, JobStep::Digest) else { panic!() };
        assert!(now > done);
        done = now;
    }
    fails(&mut other, JobStep::Write { at: 1_999_999, bytes: vec![1] }, "changes");
    write(&mut other, 2_000_000, &file[2_000_000..]);
    fails(&mut other, JobStep::Write { at: 3_000_000, bytes: vec![1] }, "changes");
    assert_eq!(step(&mut other, JobStep::Finish), JobOutcome::Saved(folder.at("big")));
    assert!(fs::read(folder.at("big")).unwrap() == file);
    // Other bytes than were offered are deleted, so that no later try goes on with them.
    let wanted = WantedFile { digest: [7; 32], ..wanted("other", b"abc") };
    step(&mut disk, JobStep::Look(wanted.clone()));
    step(&mut disk, JobStep::Begin);
    write(&mut disk, 0, b"abc");
    assert_eq!(step(&mut disk, JobStep::Finish), JobOutcome::Wrong(digest(b"abc")));
    assert_eq!(folder.names(), ["big"]);
    // One that is longer than it should be begins anew.
    step(&mut disk, JobStep::Look(wanted.clone()));
    step(&mut disk, JobStep::Begin);
    write(&mut disk, 0, b"ab");
    close(&mut disk);
    let name = folder.names().into_iter().find(|name| name.starts_with('.')).unwrap();
    fs::write(folder.at(&name), "longer").unwrap();
    assert_eq!(step(&mut disk, JobStep::Look(wanted)), JobOutcome::Here(6));
    assert_eq!(step(&mut disk, JobStep::Begin), JobOutcome::Begun(0));
    // Nothing at all is not worth a file, and what the person does not want is deleted.
    close(&mut disk);
    assert_eq!(folder.names(), ["big"]);
}

#[test]
fn what_is_not_wanted_is_deleted_before_and_after_it_was_begun() {
    let folder = Folder::new();
    let mut disk = folder.disk();
    let file = bytes(100);
    for begins in [false, true] {
        step(&mut disk, JobStep::Look(wanted("a", &file)));
        step(&mut disk, JobStep::Begin);
        write(&mut disk, 0, &file[..50]);
        close(&mut disk);
        assert_eq!(folder.names().len(), 1);
        step(&mut disk, JobStep::Look(wanted("a", &file)));
        if begins {
            step(&mut disk, JobStep::Begin);
        }
        assert_eq!(disk.carry_out(FileJob { file: 1, step: JobStep::Discard }), None);
        assert!(folder.names().is_empty());
    }
    step(&mut disk, JobStep::Look(wanted("a", &file)));
    assert_eq!(disk.carry_out(FileJob { file: 1, step: JobStep::Discard }), None);
    assert!(folder.names().is_empty(), "nothing is made to be deleted");
}

#[test]
fn where_there_is_no_room_or_no_folder_a_sentence_says_so_before_anything_is_sent() {
    let folder = Folder::new();
    let mut disk = folder.disk();
    let huge = WantedFile { size: u64::MAX / 2, ..wanted("huge", b"") };
    step(&mut disk, JobStep::Look(huge));
    fails(&mut disk, JobStep::Begin, "MiB more, and ");
    close(&mut disk);
    assert!(folder.names().is_empty(), "nothing is left of it");
    let mut nowhere = Disk::new(folder.at("missing"), None);
    step(&mut nowhere, JobStep::Look(wanted("a", b"abc")));
    let words = format!("cannot be saved in {}: No such file or directory.", folder.at("missing").display());
    fails(&mut nowhere, JobStep::Begin, &words);
    let mut homeless = Disk::new(PathBuf::new(), None);
    assert_eq!(step(&mut homeless, JobStep::Look(wanted("a", b"abc"))), JobOutcome::Here(0));
    fails(&mut homeless, JobStep::Begin, "--downloads");
    assert!(!Path::new(&part("a", b"abc")).exists());
}

#[test]
fn parts_that_nobody_goes_on_with_are_deleted_and_nothing_else_is() {
    let folder = Folder::new();
    let age = |name: &str, days: u64| {
        let file = fs::File::options().write(true).create(true).truncate(false).open(folder.at(name)).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(days * 24 * 60 * 60)).unwrap();
    };
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    let before = Timestamp(i64::try_from((now - Duration::from_secs(7 * 24 * 60 * 60)).as_millis()).unwrap());
    let mark = "0123456789abcdef0123456789abcdef";
    let old = [part("a.txt", b"a"), format!(".two.dots.{mark}.part")];
    old.iter().for_each(|name| age(name, 8));
    // New ones, and names that this program does not make.
    let stay = [
        (part("new.txt", b"new"), 6),
        ("a.txt".to_owned(), 90),
        (format!("a.txt.{mark}.part"), 90),
        (format!(".a.txt.{mark}.part2"), 90),
        (format!(".a.txt.{}.part", &mark[1..]), 90),
        (format!(".a.txt.{}.part", mark.to_uppercase()), 90),
        (format!("..{mark}.part"), 90),
        (format!(".{mark}.part"), 90),
        (".notes.part".to_owned(), 90),
    ];
    stay.iter().for_each(|(name, days)| age(name, *days));
    // A link, another name of a file, and a folder.
    let [link, other, inner] = ["link", "other", "inner"].map(|name| format!(".{name}.{mark}.part"));
    symlink(folder.at("a.txt"), folder.at(&link)).unwrap();
    fs::hard_link(folder.at("a.txt"), folder.at(&other)).unwrap();
    fs::create_dir(folder.at(&inner)).unwrap();
    // One that a process goes on with, however long it has waited.
    let mut disk = folder.disk();
    assert_eq!(step(&mut disk, JobStep::Look(wanted("here", &bytes(10)))), JobOutcome::Here(0));
    assert_eq!(step(&mut disk, JobStep::Begin), JobOutcome::Begun(0));
    age(&part("here", &bytes(10)), 90);
    let mut left = folder.names();
    left.retain(|name| !old.contains(name));
    part_file::delete_old(&folder.0, before);
    assert_eq!(folder.names(), left);
    part_file::delete_old(&folder.at("missing"), before);
}
