//! Nodes of one chat as processes: on each of three machines a NATS server and a `tr2 serve --cluster`.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::nats_servers::{NatsPlace, NatsServer, next_loopback};
use super::serving::{Folder, PATIENCE, TR2, ended};

/// Where nodes listen for clients.
const PORT: u16 = 1234;
/// Where they say how they are.
const METRICS: u16 = 9100;

/// One of the machines.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    /// The name of its node.
    pub(crate) name: &'static str,
    /// Its address.
    pub(crate) ip: IpAddr,
    /// A program and its arguments that start another program there.
    pub(crate) through: Vec<String>,
}

impl Site {
    /// Three on this machine, each at a loopback address of its own.
    pub(crate) fn three_here() -> [Self; 3] {
        ["a", "b", "c"].map(|name| Self { name, ip: next_loopback(), through: Vec::new() })
    }

    /// Runs `tr2 serve` there to its end, as for `--backup`.
    pub(crate) fn runs(&self, options: &[&str]) -> Output {
        let mut command = self.command();
        command.args(options).stdin(Stdio::null()).output().unwrap()
    }

    /// The same, which must succeed; what it prints.
    #[track_caller]
    pub(crate) fn succeeds(&self, options: &[&str]) -> String {
        let output = self.runs(options);
        let [printed, logged] = [&output.stdout, &output.stderr].map(|said| String::from_utf8_lossy(said).into_owned());
        assert!(output.status.success(), "{options:?} on {}: {printed}{logged}", self.name);
        printed
    }

    fn command(&self) -> Command {
        let mut words = self.through.iter().map(String::as_str).chain([TR2, "serve"]);
        let mut command = Command::new(words.next().unwrap());
        command.args(words);
        command
    }
}

/// What a process has printed, which goes on being read.
#[derive(Clone, Default)]
struct Printed(Arc<(Mutex<Vec<String>>, Condvar)>);

impl Printed {
    fn read(&self, stream: impl io::Read + Send + 'static) {
        let printed = self.clone();
        thread::spawn(move || {
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                printed.0.0.lock().unwrap().push(line);
                printed.0.1.notify_all();
            }
        });
    }

    /// Waits for a line that holds these words, among those from one on; its number.
    fn waits(&self, from: usize, words: &str, patience: Duration) -> Option<usize> {
        let find = |lines: &Vec<String>| lines.iter().skip(from).position(|line| line.contains(words));
        let lines = self.0.0.lock().unwrap();
        let (lines, _) = self.0.1.wait_timeout_while(lines, patience, |lines| find(lines).is_none()).unwrap();
        find(&lines).map(|at| from + at)
    }
}

/// A node of the chat, killed when this value is dropped.
pub(crate) struct Node {
    pub(crate) site: Site,
    /// Its data, which stay when it ends.
    pub(crate) data: Folder,
    /// Where its configuration is.
    _config: Folder,
    options: Vec<String>,
    child: Option<Child>,
    printed: Printed,
    /// How much it had printed when it was started last.
    from: usize,
}

impl Node {
    /// A node that does not run yet; `engines` are the addresses of the NATS servers.
    pub(crate) fn new(site: Site, engines: &str, data: Folder, more: &[&str]) -> Self {
        let listen = format!("tcp://{}", SocketAddr::new(site.ip, PORT));
        let metrics = format!("tcp://{}", Self::metrics_at(&site));
        let config = Folder::new();
        let file = config.path().join("tr2.conf");
        // Clients are told this, and not the name of the machine.
        std::fs::write(&file, format!("cluster-address = [{listen:?}]\n")).unwrap();
        let [folder, file] = [data.path(), &file].map(|path| path.to_str().unwrap());
        let own = ["--config", file, "--cluster", engines, "--node", site.name, "--data", folder, "--listen", &listen];
        let options = [&own[..], &["--insecure-plaintext", "--metrics", &*metrics, "--flood", "off"], more].concat();
        let options = options.into_iter().map(str::to_owned).collect();
        Self { site, data, _config: config, options, child: None, printed: Printed::default(), from: 0 }
    }

    /// Where clients reach it.
    pub(crate) fn address(&self) -> SocketAddr {
        SocketAddr::new(self.site.ip, PORT)
    }

    /// The same as a client takes it.
    pub(crate) fn url(&self) -> String {
        format!("tcp://{}", self.address())
    }

    /// Where a program on its machine reads its numbers.
    pub(crate) fn metrics(&self) -> SocketAddr {
        Self::metrics_at(&self.site)
    }

    fn metrics_at(site: &Site) -> SocketAddr {
        let ip = if site.ip.is_loopback() { site.ip } else { IpAddr::from([127, 0, 0, 1]) };
        SocketAddr::new(ip, METRICS)
    }

    /// Starts it, and does not wait.
    pub(crate) fn starts(&mut self) {
        assert!(self.child.is_none(), "{} runs", self.site.name);
        self.from = self.printed.0.0.lock().unwrap().len();
        let mut command = self.site.command();
        command.args(&self.options).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        self.printed.read(child.stdout.take().unwrap());
        self.printed.read(child.stderr.take().unwrap());
        self.child = Some(child);
    }

    /// Waits until it is in: before that it sends everybody on.
    #[track_caller]
    pub(crate) fn serves(&self) {
        self.says("event=in_touch");
    }

    /// Waits for a line that it prints or logs since it was started last.
    #[track_caller]
    pub(crate) fn says(&self, words: &str) -> String {
        let found = self.printed.waits(self.from, words, PATIENCE);
        let at = found.unwrap_or_else(|| panic!("{} does not say {words:?}: {:#?}", self.site.name, self.last(30)));
        self.printed.0.0.lock().unwrap()[at].clone()
    }

    /// The last lines that it has printed or logged.
    pub(crate) fn last(&self, count: usize) -> Vec<String> {
        let lines = self.printed.0.0.lock().unwrap();
        lines[lines.len().saturating_sub(count)..].to_vec()
    }

    /// What it has printed and logged since it was started last.
    pub(crate) fn said(&self) -> String {
        self.printed.0.0.lock().unwrap()[self.from..].join("\n")
    }

    /// Whether it has ended by itself.
    pub(crate) fn has_ended(&mut self) -> bool {
        self.child.as_mut().is_some_and(|child| child.try_wait().unwrap().is_some())
    }

    /// The number of its process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.as_ref().unwrap().id()
    }

    /// Has it stop, end, or go on.
    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(self.child.as_ref().unwrap()), signal).unwrap();
    }

    /// Ends it at once.
    pub(crate) fn kill(&mut self) {
        let mut child = self.child.take().unwrap();
        child.kill().unwrap();
        let status = child.wait().unwrap();
        let killed = Some(Signal::KILL.as_raw());
        assert!(status.signal() == killed, "{} ended by itself, {status}: {:#?}", self.site.name, self.last(30));
    }

    /// Waits for its end; its exit status, `None` if a signal killed it.
    #[track_caller]
    pub(crate) fn ends(&mut self) -> Option<i32> {
        ended(&mut self.child.take().unwrap())
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// The value of a metric in a page of them.
pub(crate) fn metric(page: &str, name: &str) -> Option<f64> {
    let line = page.lines().find(|line| line.split([' ', '{']).next() == Some(name))?;
    line.rsplit(' ').next()?.parse().ok()
}

/// The page of metrics that comes over a connection.
pub(crate) fn metrics_page(mut line: TcpStream) -> io::Result<String> {
    line.set_read_timeout(Some(Duration::from_secs(2)))?;
    line.write_all(b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")?;
    let mut page = String::new();
    line.read_to_string(&mut page)?;
    Ok(page)
}

/// Three NATS servers and three nodes.
pub(crate) struct Cluster {
    pub(crate) engines: [NatsServer; 3],
    pub(crate) nodes: [Node; 3],
    /// The passphrase of its moderators.
    pub(crate) passphrase: String,
}

impl Cluster {
    /// Starts the servers, founds the chat by the first node, seeds the others from it, and starts all.
    pub(crate) fn found(program: &Path, sites: [Site; 3], more: &[&str]) -> Self {
        let places = sites.clone().map(|site| NatsPlace::at(&format!("n-{}", site.name), site.ip, &site.through));
        let engines = NatsServer::cluster(program, places, "");
        let urls = engines.each_ref().map(NatsServer::url).join(",");
        let mut nodes = sites.map(|site| Node::new(site, &urls, Folder::new(), more));
        let printed = nodes[0].founds(&[]);
        let passphrase = printed.trim_end().rsplit(' ').next().unwrap().to_owned();
        seed(&nodes, 0);
        nodes.iter_mut().for_each(Node::starts);
        nodes.iter().for_each(Node::serves);
        Self { engines, nodes, passphrase }
    }

    /// The addresses of all nodes, as a client takes them.
    pub(crate) fn urls(&self) -> Vec<String> {
        self.nodes.iter().map(Node::url).collect()
    }
}

impl Node {
    /// Makes the stream from the data of this node, which does not run; what that prints.
    #[track_caller]
    pub(crate) fn founds(&self, more: &[&str]) -> String {
        let options: Vec<&str> = self.options.iter().map(String::as_str).chain(["--found"]).collect();
        self.site.succeeds(&[&options[..], more].concat())
    }
}

/// Gives the data of one of the nodes to the others; none of them runs.
#[track_caller]
pub(crate) fn seed(nodes: &[Node; 3], from: usize) {
    let folder = Folder::new();
    let file = folder.path().join("seed");
    let file = file.to_str().unwrap();
    let data = |node: &Node| node.data.path().to_str().unwrap().to_owned();
    nodes[from].site.succeeds(&["--data", &data(&nodes[from]), "--backup", file]);
    for node in nodes.iter().enumerate().filter(|(at, _)| *at != from).map(|(_, node)| node) {
        node.site.succeeds(&["--data", &data(node), "--restore", file]);
    }
}

/// Waits until something is so, which nothing tells by itself, and is asked for every few milliseconds; how long it took.
#[track_caller]
pub(crate) fn until(what: &str, patience: Duration, mut is_so: impl FnMut() -> bool) -> Duration {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < patience, "{what}: not within {patience:?}");
        thread::sleep(Duration::from_millis(10));
    }
    begun.elapsed()
}
