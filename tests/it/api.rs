//! Owns a scripted Messages API on loopback, with which the real client runs without a model, and a tiny
//! MCP server on the same port (`/mcp`). Does not own what the client makes of it. Invariants: each turn
//! is served once, in order; every request is kept for assertions; nothing but loopback is bound.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;

use serde_json::{Value, json};

/// One answer of the model.
#[derive(Clone, Debug)]
pub(crate) struct Turn {
    text: String,
    tools: Vec<(String, Value)>,
    input_tokens: u64,
}

impl Turn {
    /// A turn that only says something.
    pub(crate) fn text(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            tools: Vec::new(),
            input_tokens: 1000,
        }
    }

    /// A turn with one tool call.
    pub(crate) fn tool(name: &str, input: Value) -> Self {
        Self::text("").and(name, input)
    }

    /// A turn with one Bash call.
    pub(crate) fn bash(command: &str) -> Self {
        Self::tool("Bash", json!({"command": command, "description": "a step"}))
    }

    /// One more call in the same turn: the client runs them in parallel.
    pub(crate) fn and(mut self, name: &str, input: Value) -> Self {
        self.tools.push((name.to_owned(), input));
        self
    }
}

/// The turns of one agent: a request whose first message contains `marker` is served from here.
#[derive(Clone, Debug)]
pub(crate) struct Script {
    pub(crate) marker: String,
    pub(crate) turns: Vec<Turn>,
}

#[derive(Default)]
struct State {
    scripts: Vec<Script>,
    requests: Vec<Value>,
    mcp_calls: Vec<Value>,
    next_id: u32,
}

/// The running server; dropped, it stops listening.
pub(crate) struct Api {
    pub(crate) port: u16,
    state: Arc<Mutex<State>>,
    stopped: Arc<AtomicBool>,
}

impl Api {
    /// Starts to serve the scripts; the first whose marker fits is taken, so the most general (an empty
    /// marker) stands last.
    pub(crate) fn start(scripts: Vec<Script>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback port");
        let port = listener.local_addr().expect("a bound port").port();
        let state = Arc::new(Mutex::new(State {
            scripts,
            ..State::default()
        }));
        let stopped = Arc::new(AtomicBool::new(false));
        let (shared, stop) = (Arc::clone(&state), Arc::clone(&stopped));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if stop.load(Ordering::Relaxed) {
                    return;
                }
                let shared = Arc::clone(&shared);
                thread::spawn(move || serve(&stream, &shared));
            }
        });
        Self {
            port,
            state,
            stopped,
        }
    }

    /// The bodies of all Messages requests so far, in the order of arrival.
    pub(crate) fn requests(&self) -> Vec<Value> {
        lock(&self.state).requests.clone()
    }

    /// The arguments of every call that reached the MCP server's tool.
    pub(crate) fn mcp_calls(&self) -> Vec<Value> {
        lock(&self.state).mcp_calls.clone()
    }
}

impl Drop for Api {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state
        .lock()
        .expect("no server thread panics under the lock")
}

/// Serves the one request of a connection. A client that hangs up early is nobody's failure.
fn serve(stream: &TcpStream, state: &Mutex<State>) {
    let Some((method, path, body)) = receive(stream) else {
        return;
    };
    let request: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    if path.starts_with("/mcp") {
        return serve_mcp(stream, state, &method, &request);
    }
    if method != "POST" || !path.starts_with("/v1/messages") {
        return send_json(stream, &json!({}));
    }
    if path.contains("count_tokens") {
        return send_json(stream, &json!({"input_tokens": 100}));
    }
    let (turn, first_id) = next_turn(&mut lock(state), &request);
    send_turn(stream, &request, &turn, first_id);
}

/// Method, path and body of a request with a content length.
fn receive(stream: &TcpStream) -> Option<(String, String, Vec<u8>)> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split(' ');
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut length = 0;
    loop {
        let mut header = String::new();
        if reader.read_line(&mut header).ok()? == 0 || header.trim().is_empty() {
            break;
        }
        let (name, value) = header.split_once(':')?;
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((method, path, body))
}

/// The turn that answers a request, and the number of its first tool call.
fn next_turn(state: &mut State, request: &Value) -> (Turn, u32) {
    state.requests.push(request.clone());
    let messages = request["messages"].as_array();
    let says = |message: Option<&Value>, words: &str| {
        message.is_some_and(|it| it.to_string().contains(words))
    };
    if says(messages.and_then(|it| it.last()), "detailed summary") {
        let summary = "<summary>a summary of the conversation</summary>";
        return (Turn::text(summary), 0);
    }
    if request["tools"].as_array().is_none_or(Vec::is_empty) {
        return (Turn::text("ok"), 0); // side calls such as titles
    }
    let first = messages.and_then(|it| it.first());
    let script = state.scripts.iter_mut().find(|it| says(first, &it.marker));
    let turn = match script {
        Some(script) if !script.turns.is_empty() => script.turns.remove(0),
        _ => Turn::text("done"),
    };
    let first_id = state.next_id + 1;
    state.next_id += u32::try_from(turn.tools.len()).expect("a few tools");
    (turn, first_id)
}

fn send_turn(stream: &TcpStream, request: &Value, turn: &Turn, first_id: u32) {
    let mut content = Vec::new();
    if !turn.text.is_empty() {
        content.push(json!({"type": "text", "text": turn.text}));
    }
    for (id, (name, input)) in (first_id..).zip(&turn.tools) {
        let id = format!("toolu_{id:06}");
        content.push(json!({"type": "tool_use", "id": id, "name": name, "input": input}));
    }
    let stop = if turn.tools.is_empty() {
        "end_turn"
    } else {
        "tool_use"
    };
    let usage = json!({"input_tokens": turn.input_tokens, "output_tokens": 50,
        "cache_read_input_tokens": 0, "cache_creation_input_tokens": 0});
    let mut message = json!({"id": format!("msg_{first_id:06}"), "type": "message",
        "role": "assistant", "model": request["model"], "content": [], "stop_reason": null,
        "stop_sequence": null, "usage": usage});
    if request["stream"] == true {
        return send(
            stream,
            "200 OK",
            "text/event-stream",
            &events(&message, &content, stop),
        );
    }
    message["content"] = Value::Array(content);
    message["stop_reason"] = json!(stop);
    send_json(stream, &message);
}

/// The server-sent events of a message.
fn events(message: &Value, content: &[Value], stop: &str) -> String {
    let mut text = String::new();
    let mut event = |value: Value| {
        let kind = value["type"].as_str().unwrap_or_default();
        text.extend(["event: ", kind, "\ndata: ", &value.to_string(), "\n\n"]);
    };
    event(json!({"type": "message_start", "message": message}));
    for (index, block) in content.iter().enumerate() {
        let (mut start, delta) = (
            block.clone(),
            match block["text"].as_str() {
                Some(said) => json!({"type": "text_delta", "text": said}),
                None => {
                    json!({"type": "input_json_delta", "partial_json": block["input"].to_string()})
                }
            },
        );
        let emptied = if block["type"] == "text" {
            "text"
        } else {
            "input"
        };
        start[emptied] = if emptied == "text" {
            json!("")
        } else {
            json!({})
        };
        event(json!({"type": "content_block_start", "index": index, "content_block": start}));
        event(json!({"type": "content_block_delta", "index": index, "delta": delta}));
        event(json!({"type": "content_block_stop", "index": index}));
    }
    let delta = json!({"stop_reason": stop, "stop_sequence": null});
    event(json!({"type": "message_delta", "delta": delta, "usage": message["usage"]}));
    event(json!({"type": "message_stop"}));
    text
}

/// A stateless MCP server with one tool, `write_file`, that remembers its arguments and writes nothing.
fn serve_mcp(stream: &TcpStream, state: &Mutex<State>, method: &str, request: &Value) {
    if method != "POST" {
        return send(stream, "405 Method Not Allowed", "text/plain", "");
    }
    let result = match request["method"].as_str().unwrap_or_default() {
        "initialize" => json!({"protocolVersion": request["params"]["protocolVersion"],
            "capabilities": {"tools": {}}, "serverInfo": {"name": "store", "version": "1"}}),
        "tools/list" => json!({"tools": [{"name": "write_file", "description": "stores a text",
            "inputSchema": {"type": "object", "required": ["path", "content"], "properties":
                {"path": {"type": "string"}, "content": {"type": "string"}}}}]}),
        "tools/call" => {
            let arguments = request["params"]["arguments"].clone();
            // A file called `echo` is read back.
            let text = match arguments["path"].as_str() {
                Some("echo") => arguments["content"].clone(),
                _ => json!("stored"),
            };
            lock(state).mcp_calls.push(arguments);
            json!({"content": [{"type": "text", "text": text}]})
        }
        _ if request["id"].is_null() => return send(stream, "202 Accepted", "text/plain", ""),
        _ => json!({}),
    };
    send_json(
        stream,
        &json!({"jsonrpc": "2.0", "id": request["id"], "result": result}),
    );
}

fn send_json(stream: &TcpStream, value: &Value) {
    send(stream, "200 OK", "application/json", &value.to_string());
}

fn send(mut stream: &TcpStream, status: &str, kind: &str, body: &str) {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
    );
    let _ = stream.write_all(head.as_bytes());
    let _ = stream.write_all(body.as_bytes());
    let _ = stream.flush();
}
