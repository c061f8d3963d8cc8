//! What a server gives up once it has started: Landlock takes the file system away, but for reading and for the few
//! folders where it writes, and seccomp the system calls that no server needs. Whoever gains control of the process
//! gains little more than its data.
//!
//! Each is used where the kernel has it. Both hold for the calling thread and for threads and processes that it starts.
//!
//! Must not know: which folders those are.

use std::fmt;
use std::path::PathBuf;

/// What is in force.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sandbox {
    landlock: bool,
    seccomp: bool,
}

impl fmt::Display for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match (self.landlock, self.seccomp) {
            (true, true) => "landlock,seccomp",
            (true, false) => "landlock",
            (false, true) => "seccomp",
            (false, false) => "none",
        })
    }
}

/// Gives up what is not needed, for good. Only beneath these folders can anything be written from now on.
#[must_use]
pub fn enter(writable: &[PathBuf]) -> Sandbox {
    Sandbox { landlock: kernel::restrict_files(writable), seccomp: kernel::restrict_calls() }
}

#[cfg(target_os = "linux")]
mod kernel {
    use std::collections::BTreeMap;
    use std::path::PathBuf;

    use landlock::{
        ABI, Access as _, AccessFs, BitFlags, CompatLevel, Compatible as _, RestrictionStatus, Ruleset,
        RulesetAttr as _, RulesetCreatedAttr as _, RulesetError, RulesetStatus, make_bitflags, path_beneath_rules,
    };
    use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, apply_filter};

    /// The only program that may be run: it lists the users of all directories (getent(1)).
    const PROGRAMS: [&str; 2] = ["/usr/bin/getent", "/bin/getent"];
    /// What running it takes: the loader and the libraries.
    const LIBRARIES: [&str; 6] = ["/lib", "/lib32", "/lib64", "/usr/lib", "/usr/lib32", "/usr/lib64"];
    /// Devices that modules of the directory may write to.
    const DEVICES: [&str; 1] = ["/dev/null"];

    pub(super) fn restrict_files(writable: &[PathBuf]) -> bool {
        let restricted = restrict(writable);
        restricted.is_ok_and(|status| status.ruleset != RulesetStatus::NotEnforced)
    }

    fn restrict(writable: &[PathBuf]) -> Result<RestrictionStatus, RulesetError> {
        let all = AccessFs::from_all(ABI::V5);
        let read: BitFlags<AccessFs> = make_bitflags!(AccessFs::{ReadFile | ReadDir});
        Ruleset::default()
            // The first Landlock forbids every move from one folder to another, and sockets are made by such a move.
            .set_compatibility(CompatLevel::SoftRequirement)
            .handle_access(AccessFs::Refer)?
            .set_compatibility(CompatLevel::BestEffort)
            .handle_access(all)?
            .create()?
            .add_rules(path_beneath_rules(["/"], read))?
            .add_rules(path_beneath_rules(PROGRAMS, read | AccessFs::Execute))?
            .add_rules(path_beneath_rules(LIBRARIES, read | AccessFs::Execute))?
            .add_rules(path_beneath_rules(DEVICES, read | AccessFs::WriteFile))?
            .add_rules(path_beneath_rules(writable, all & !AccessFs::Execute))?
            .restrict_self()
    }

    pub(super) fn restrict_calls() -> bool {
        let Ok(arch) = std::env::consts::ARCH.try_into() else { return false };
        let denied: BTreeMap<_, _> = denied().into_iter().map(|call| (call, Vec::new())).collect();
        let denial = SeccompAction::Errno(libc::EPERM.cast_unsigned());
        let filter = SeccompFilter::new(denied, SeccompAction::Allow, denial, arch);
        let program = filter.and_then(BpfProgram::try_from);
        program.is_ok_and(|program| apply_filter(&program).is_ok())
    }

    /// System calls that change the system, other processes or the rights of this one, or that are a frequent way into
    /// the kernel.
    fn denied() -> Vec<i64> {
        let mut denied = vec![
            // Other processes.
            libc::SYS_ptrace,
            libc::SYS_process_vm_readv,
            libc::SYS_process_vm_writev,
            libc::SYS_kcmp,
            libc::SYS_execveat,
            // Namespaces, mounts, and files by their number.
            libc::SYS_unshare,
            libc::SYS_setns,
            libc::SYS_mount,
            libc::SYS_umount2,
            libc::SYS_pivot_root,
            libc::SYS_chroot,
            libc::SYS_open_tree,
            libc::SYS_move_mount,
            libc::SYS_fsopen,
            libc::SYS_fsconfig,
            libc::SYS_fsmount,
            libc::SYS_fspick,
            libc::SYS_mount_setattr,
            libc::SYS_name_to_handle_at,
            libc::SYS_open_by_handle_at,
            libc::SYS_mknodat,
            // The kernel's large and young interfaces.
            libc::SYS_bpf,
            libc::SYS_perf_event_open,
            libc::SYS_userfaultfd,
            libc::SYS_io_uring_setup,
            libc::SYS_io_uring_enter,
            libc::SYS_io_uring_register,
            libc::SYS_add_key,
            libc::SYS_request_key,
            libc::SYS_keyctl,
            // The machine.
            libc::SYS_init_module,
            libc::SYS_finit_module,
            libc::SYS_delete_module,
            libc::SYS_kexec_load,
            libc::SYS_reboot,
            libc::SYS_swapon,
            libc::SYS_swapoff,
            libc::SYS_acct,
            libc::SYS_quotactl,
            libc::SYS_syslog,
            libc::SYS_vhangup,
            libc::SYS_sethostname,
            libc::SYS_setdomainname,
            libc::SYS_settimeofday,
            libc::SYS_clock_settime,
            libc::SYS_clock_adjtime,
            libc::SYS_adjtimex,
            libc::SYS_personality,
            // Who this process is.
            libc::SYS_setuid,
            libc::SYS_setgid,
            libc::SYS_setreuid,
            libc::SYS_setregid,
            libc::SYS_setresuid,
            libc::SYS_setresgid,
            libc::SYS_setfsuid,
            libc::SYS_setfsgid,
            libc::SYS_setgroups,
            libc::SYS_capset,
        ];
        #[cfg(target_arch = "x86_64")]
        denied.extend([
            libc::SYS_iopl,
            libc::SYS_ioperm,
            libc::SYS_modify_ldt,
            libc::SYS_mknod,
            libc::SYS_kexec_file_load,
            libc::SYS_uselib,
            libc::SYS_ustat,
            libc::SYS_sysfs,
        ]);
        denied
    }
}

#[cfg(not(target_os = "linux"))]
mod kernel {
    use std::path::PathBuf;

    pub(super) fn restrict_files(_: &[PathBuf]) -> bool {
        false
    }

    pub(super) fn restrict_calls() -> bool {
        false
    }
}
