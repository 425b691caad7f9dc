//! Owns posting a text over HTTP, for the delivery of notifications. Does not own where to. Invariants: for
//! the companion only; bounded in time; no redirect is followed; an error names neither the URL nor anything
//! of what was answered.

use std::time::Duration;

use ureq::tls::TlsConfig;
use ureq::{Agent, Error, Proxy};

/// From looking up the name to the end of the answer's header.
const PATIENCE: Duration = Duration::from_secs(10);

/// Posts a JSON text. `local` is whether the URL is an unencrypted one of this machine; every other one has
/// to be encrypted, and goes through the proxy that the environment names.
pub fn post(url: &str, body: &str, local: bool) -> Result<(), String> {
    let proxy = if local { None } else { Proxy::try_from_env() };
    let agent: Agent = Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .https_only(!local)
        .proxy(proxy)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .tls_config(TlsConfig::default())
        .user_agent(concat!("hookbin/", env!("CARGO_PKG_VERSION")))
        .build()
        .into();
    let request = agent.post(url).content_type("application/json");
    let answer = request.send(body).map_err(|error| phrase(&error))?;
    match answer.status().as_u16() {
        200..300 => Ok(()),
        status => Err(format!("answered with status {status}")),
    }
}

/// What went wrong, in words of our own: the library's may repeat the URL.
fn phrase(error: &Error) -> String {
    match error {
        Error::Timeout(_) => format!("no answer within {} seconds", PATIENCE.as_secs()),
        Error::HostNotFound => "its host is not known".to_owned(),
        Error::ConnectionFailed => "its host does not answer".to_owned(),
        Error::Io(error) => format!("the connection failed: {}", error.kind()),
        Error::Tls(_) | Error::Rustls(_) => {
            "no encrypted connection: the certificate or the protocol does not fit".to_owned()
        }
        Error::ConnectProxyFailed(_) | Error::InvalidProxyUrl => {
            "the proxy of the environment does not let it through".to_owned()
        }
        Error::BadUri(_) | Error::Http(_) | Error::RequireHttpsOnly(_) => {
            "the URL does not read".to_owned()
        }
        _ => "the answer does not read".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::thread;

    use super::post;

    /// What a listener that answers so is sent, and how that is taken.
    fn check(answer: &'static str, wanted: Result<(), &str>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut text = String::new();
            let mut buffer = [0; 4096];
            while !text.contains("{\"a\":1}") {
                let read = stream.read(&mut buffer).unwrap();
                assert_ne!(read, 0, "ended early: {text}");
                text.push_str(std::str::from_utf8(&buffer[..read]).unwrap());
            }
            stream.write_all(answer.as_bytes()).unwrap();
            text.to_lowercase()
        });
        let result = post(
            &format!("http://127.0.0.1:{port}/in?x=1"),
            "{\"a\":1}",
            true,
        );
        assert_eq!(result, wanted.map_err(str::to_owned));
        let request = server.join().unwrap();
        assert!(
            request.starts_with("post /in?x=1 http/1.1\r\n"),
            "{request}"
        );
        assert!(
            request.contains("\r\ncontent-type: application/json"),
            "{request}"
        );
        assert!(request.contains("\r\ncontent-length: 7\r\n"), "{request}");
    }

    #[test]
    fn a_text_is_posted_and_the_status_tells() {
        check("HTTP/1.1 204 No Content\r\n\r\n", Ok(()));
        check(
            "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno",
            Err("answered with status 404"),
        );
        check(
            "HTTP/1.1 307 Away\r\nLocation: http://127.0.0.1:1/elsewhere\r\nContent-Length: 0\r\n\r\n",
            Err("answered with status 307"),
        );
        check("no http at all\r\n\r\n", Err("the answer does not read"));
    }

    #[test]
    fn errors_do_not_repeat_the_url() {
        for (url, local) in [
            ("http://127.0.0.1:1/hidden", true),
            ("http://127.0.0.1:1/hidden", false),
            ("http://hid den/", true),
            ("hidden", true),
        ] {
            let error = post(url, "{}", local).unwrap_err();
            assert!(
                !error.contains("hidden") && !error.contains("127"),
                "{error}"
            );
        }
    }
}
