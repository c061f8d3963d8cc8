//! Machines in networks of their own: network namespaces that end with their values or with the test's process, and leave
//! nothing behind, however that ends.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use nix::sched::{CloneFlags, setns};

/// How long connecting to a machine may take.
const REACHED: Duration = Duration::from_secs(3);

/// A process, ended when this value is dropped.
pub(crate) struct Process(pub(crate) Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What `nsenter` is told to start a program in the network of a process.
pub(crate) fn in_network_of(process: u32) -> String {
    format!("--net=/proc/{process}/ns/net")
}

/// A machine in a network of its own, which ends with this value or with the test's process.
pub(crate) struct Machine(Process);

impl Machine {
    /// Makes one; `None` where that cannot be.
    pub(crate) fn make() -> Option<Self> {
        let mut command = Command::new("unshare");
        // It lives as long as its input, which this process has.
        command.args(["--net", "sh", "-c", "ip link set lo up && echo ready && exec cat"]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
        let mut ready = String::new();
        BufReader::new(child.stdout.take()?).read_line(&mut ready).ok()?;
        let machine = Self(Process(child));
        (ready.trim() == "ready").then_some(machine)
    }

    /// The number of the process that it lives in.
    pub(crate) fn id(&self) -> u32 {
        self.0.0.id()
    }

    /// The program and its argument that start another program there.
    pub(crate) fn through(&self) -> Vec<String> {
        vec!["nsenter".to_owned(), in_network_of(self.id())]
    }

    /// Runs a script there that reads this; whether it succeeds.
    pub(crate) fn tries(&self, script: &str, input: &str) -> bool {
        let mut command = Command::new("nsenter");
        command.args([&*in_network_of(self.id()), "sh", "-ec", script]);
        let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
        // A script that reads nothing may have ended.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        child.wait().unwrap().success()
    }

    /// Runs a script there that must succeed.
    #[track_caller]
    pub(crate) fn runs(&self, script: &str) {
        assert!(self.tries(script, ""), "{script}");
    }

    /// Lays a line to another machine, with an address at each end.
    #[track_caller]
    pub(crate) fn line(&self, name: &str, address: &str, other: &Self, their_name: &str, their_address: &str) {
        let theirs = other.id();
        self.runs(&format!("ip link add {name} type veth peer name {their_name} netns {theirs}"));
        for (machine, name, address) in [(self, name, address), (other, their_name, their_address)] {
            let addressed =
                if address.is_empty() { String::new() } else { format!("ip addr add {address} dev {name};") };
            machine.runs(&format!("{addressed} ip link set {name} up"));
        }
    }

    /// Connects to an address as a program on this machine does.
    pub(crate) fn connect(&self, address: SocketAddr) -> io::Result<TcpStream> {
        let network = File::open(format!("/proc/{}/ns/net", self.id()))?;
        // A socket stays in the network in which it was made, and a thread alone can go to another.
        let there = thread::spawn(move || {
            setns(network, CloneFlags::CLONE_NEWNET)?;
            TcpStream::connect_timeout(&address, REACHED)
        });
        there.join().unwrap()
    }
}

/// Machines on one network, and one beside them through which all their lines go.
pub(crate) struct Lan<const COUNT: usize> {
    /// Where all lines meet: it reaches every machine.
    pub(crate) hub: Machine,
    /// The machines; each has its line by the name of `lan`.
    pub(crate) machines: [Machine; COUNT],
}

impl<const COUNT: usize> Lan<COUNT> {
    /// Makes them; `None` where that cannot be.
    pub(crate) fn make() -> Option<Self> {
        let hub = Machine::make()?;
        let bridge = "ip link add net type bridge && ip addr add 198.51.100.1/24 dev net && ip link set net up";
        if !hub.tries(bridge, "") {
            return None;
        }
        let mut machines = Vec::new();
        for at in 0..COUNT {
            let machine = Machine::make()?;
            machine.line("lan", &format!("{}/24", Self::address(at)), &hub, &format!("lan{at}"), "");
            hub.runs(&format!("ip link set lan{at} master net"));
            machines.push(machine);
        }
        let machines = machines.try_into().ok()?;
        Some(Self { hub, machines })
    }

    /// The address of a machine.
    pub(crate) fn address(at: usize) -> IpAddr {
        IpAddr::from([198, 51, 100, u8::try_from(11 + at).unwrap()])
    }
}
