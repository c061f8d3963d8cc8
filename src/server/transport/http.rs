//! As much of HTTP/1.1 as it takes to serve one page.
//!
//! Must not know: sockets, or what the page says.

/// The path of the page.
pub const PATH: &str = "/metrics";

/// The outcome of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// 200: the page is sent.
    Page,
    /// 400: this is not an HTTP request.
    BadRequest,
    /// 404: there is no other page.
    NotFound,
    /// 405: only GET is allowed.
    NotAllowed,
    /// 503: the page is not available now.
    Unavailable,
}

/// Whether the head of a request is complete.
#[must_use]
pub fn is_whole(head: &[u8]) -> bool {
    head.windows(4).any(|bytes| bytes == b"\r\n\r\n") || head.windows(2).any(|bytes| bytes == b"\n\n")
}

/// The outcome of a request, by its head.
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

/// The whole response; `page` is the content type and the body for [`Status::Page`].
#[must_use]
pub fn answer(status: Status, page: (&str, &str)) -> Vec<u8> {
    let plain = "text/plain; charset=utf-8";
    let (line, more, (kind, body)) = match status {
        Status::Page => ("200 OK", "Cache-Control: no-store\r\n", page),
        Status::BadRequest => ("400 Bad Request", "", (plain, "This is not an HTTP/1.1 request.\n")),
        Status::NotFound => ("404 Not Found", "", (plain, "Only /metrics is here.\n")),
        Status::NotAllowed => ("405 Method Not Allowed", "Allow: GET\r\n", (plain, "Only GET is allowed.\n")),
        Status::Unavailable => ("503 Service Unavailable", "", (plain, "The server did not answer in time.\n")),
    };
    let length = body.len();
    format!(
        "HTTP/1.1 {line}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n{more}Connection: close\r\n\r\n{body}"
    )
    .into_bytes()
}
