//! As much of HTTP/1.1 as it takes to give out one page to who asks for it.
//!
//! Must not know: sockets, or what stands on the page.

/// Where the page is.
pub const PATH: &str = "/metrics";

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The page.
    Page,
    /// It is no request.
    BadRequest,
    /// There is no other page.
    NotFound,
    /// The page can only be got.
    NotAllowed,
    /// There is no page at present.
    Unavailable,
}

/// Whether the head of a request is all there.
#[must_use]
pub fn is_whole(head: &[u8]) -> bool {
    head.windows(4).any(|bytes| bytes == b"\r\n\r\n") || head.windows(2).any(|bytes| bytes == b"\n\n")
}

/// What becomes of a request, by its head.
#[must_use]
pub fn judge(head: &[u8]) -> Status {
    let line = head.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let Ok(line) = std::str::from_utf8(line) else { return Status::BadRequest };
    let words: Vec<&str> = line.strip_suffix('\r').unwrap_or(line).split(' ').collect();
    let [method, target, "HTTP/1.1" | "HTTP/1.0"] = words[..] else { return Status::BadRequest };
    let token = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_uppercase());
    if !is_whole(head) || !token(method) || !target.starts_with('/') {
        return Status::BadRequest;
    }
    let path = target.split('?').next().unwrap_or_default();
    match (path, method) {
        (PATH, "GET") => Status::Page,
        (PATH, _) => Status::NotAllowed,
        _ => Status::NotFound,
    }
}

/// The whole answer; `page` is what is given with [`Status::Page`], with its type.
#[must_use]
pub fn answer(status: Status, page: (&str, &str)) -> Vec<u8> {
    let plain = "text/plain; charset=utf-8";
    let (line, more, (kind, body)) = match status {
        Status::Page => ("200 OK", "Cache-Control: no-store\r\n", page),
        Status::BadRequest => ("400 Bad Request", "", (plain, "That is no request of HTTP/1.1.\n")),
        Status::NotFound => ("404 Not Found", "", (plain, "There is /metrics and nothing else.\n")),
        Status::NotAllowed => ("405 Method Not Allowed", "Allow: GET\r\n", (plain, "There is only GET.\n")),
        Status::Unavailable => ("503 Service Unavailable", "", (plain, "The server does not answer in time.\n")),
    };
    let length = body.len();
    format!(
        "HTTP/1.1 {line}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n{more}Connection: close\r\n\r\n{body}"
    )
    .into_bytes()
}
