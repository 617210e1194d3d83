//! Talks to a real server through a connector and prints every request, answer and what it was taken for. For people who
//! write a profile, and for recording the fixtures in tests/protocol-cases.
//!
//! `cargo run -p connectors --example talk -- FAMILY ADDRESS COLLECTION [PROFILE.toml|-] [HEADER=VALUE]...`
//!
//! It makes one scratch record in COLLECTION and removes it. Plain http:// only.

#[path = "../tests/common/wire.rs"]
mod wire;

use connectors::{Answer, Connector, Request, connector};
use sync_engine::{Body, Precondition, Read, ReadOutcome, RemoteId, Timestamp, Write, WriteOutcome};

type Fail = Box<dyn std::error::Error>;

struct Talk {
    server: Box<dyn Connector>,
    collection: String,
    headers: Vec<(String, String)>,
}

impl Talk {
    fn send(&self, name: &str, request: &Request) -> Answer {
        println!("\n=== {name}\n{request:?}");
        let answer = wire::send(request, &self.headers);
        match &answer {
            Ok(response) => println!("--- {response:?}"),
            Err(error) => println!("--- {error}"),
        }
        answer
    }

    fn write(&self, name: &str, write: &Write) -> Result<WriteOutcome, Fail> {
        let request = self.server.write(&self.collection, write, false)?;
        let answer = self.send(name, &request);
        let outcome = self.server.wrote(&self.collection, write, &answer, Timestamp(0));
        println!("==> {outcome:?}");
        Ok(outcome)
    }

    fn read(&self, name: &str, id: &RemoteId) -> Result<ReadOutcome, Fail> {
        let read = Read { id: id.clone() };
        let answer = self.send(name, &self.server.read(&self.collection, &read)?);
        let outcome = self.server.did_read(&self.collection, &read, &answer, Timestamp(0));
        println!("==> {outcome:?}");
        Ok(outcome)
    }

    fn list(&self, name: &str, cursor: Option<String>) -> Result<Option<String>, Fail> {
        let mut cursor = cursor;
        for _ in 0..50 {
            let request = self.server.list(&self.collection, cursor.as_deref())?;
            let answer = self.send(name, &request);
            let outcome = self.server.listed(&self.collection, cursor.as_deref(), &answer, Timestamp(0));
            println!("==> {outcome:?}");
            match outcome {
                connectors::ListOutcome::Page { next: connectors::PageNext::More(next), .. } => {
                    cursor = Some(next)
                }
                connectors::ListOutcome::Page { next, .. } => return Ok(Some(next.cursor().to_owned())),
                _ => return Ok(None),
            }
        }
        Ok(None)
    }

    fn find(&self) {
        let mut waiting = vec![self.server.discover()];
        while let Some(request) = waiting.pop() {
            let answer = self.send("find collections", &request);
            let found = self.server.discovered(&request, &answer, Timestamp(0));
            println!("==> {found:?}");
            if let connectors::Discovery::Step { more, .. } = found {
                waiting.extend(more);
            }
        }
    }

    fn run(&self) -> Result<(), Fail> {
        self.find();
        let schema = self.server.schema(&self.collection).map(|request| self.send("schema", &request));
        let schema = schema.and_then(|answer| self.server.schema_answer(&answer));
        println!("==> {schema:?}");
        let cursor = self.list("the whole list", None)?;
        self.list("nothing changed", cursor.clone())?;
        let id = RemoteId("matchbook-check-1".to_owned());
        let body = self.server.scratch(schema.as_deref(), None);
        let create = Write::Create {
            id: Some(id.clone()),
            body: body.clone(),
            precondition: Precondition::MustNotExist,
        };
        self.write("create", &create)?;
        self.write("create what is there", &create)?;
        let ReadOutcome::Found(first) = self.read("read it", &id)? else { return Ok(()) };
        let profile = self.server.rules(&self.collection).validators;
        let with = |validator: &sync_engine::Validator, body: &Body| {
            let precondition = Precondition::IfMatch(profile.admit(validator).ok_or("a weak tag")?);
            Ok::<Write, Fail>(Write::Replace { id: id.clone(), body: body.clone(), precondition })
        };
        let old = first.validator.ok_or("no tag")?;
        self.write(
            "change with a wrong tag",
            &with(&self.server.stale(&old).ok_or("no stale tag")?, &body)?,
        )?;
        let change = with(&old, &first.body)?;
        if self.server.offers_dry_run() {
            let answer = self.send("try a change", &self.server.write(&self.collection, &change, true)?);
            println!(
                "==> {:?}",
                self.server.dry_run_answer(&self.collection, &change, &answer, Timestamp(0))
            );
        }
        self.write("change", &change)?;
        self.write("change with the old tag", &change)?;
        self.write("content that is wrong", &with(&old, &Body::json(&b"[1]"[..]))?).ok();
        self.batch(&change, &create)?;
        self.list("what changed", cursor.clone())?;
        let ReadOutcome::Found(now) = self.read("read it again", &id)? else { return Ok(()) };
        let delete = |validator: &sync_engine::Validator| {
            let precondition = Precondition::IfMatch(profile.admit(validator).ok_or("a weak tag")?);
            Ok::<Write, Fail>(Write::Delete { id: id.clone(), precondition })
        };
        let tag = now.validator.ok_or("no tag")?;
        self.write("remove with the old tag", &delete(&old)?)?;
        self.write("remove", &delete(&tag)?)?;
        self.write("remove again", &delete(&tag)?)?;
        self.write("change what is gone", &with(&tag, &body)?)?;
        self.read("read what is gone", &id)?;
        if let Some(request) = self.server.history(&self.collection, &id) {
            let answer = self.send("history", &request);
            println!("==> {:?}", self.server.history_answer(&answer, Timestamp(0)));
        }
        self.list("what changed since", cursor)?;
        Ok(())
    }

    fn batch(&self, change: &Write, create: &Write) -> Result<(), Fail> {
        let other = Write::Delete {
            id: RemoteId("matchbook-check-2".to_owned()),
            precondition: change.precondition().clone(),
        };
        let writes =
            [(self.collection.as_str(), change), (&self.collection, create), (&self.collection, &other)];
        if let Some(request) = self.server.batch(&writes) {
            let answer = self.send("a batch", &request);
            println!("==> {:?}", self.server.batched(&writes, &answer, Timestamp(0)));
        }
        Ok(())
    }
}

fn main() -> Result<(), Fail> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let usage = "talk FAMILY ADDRESS COLLECTION [PROFILE.toml|-] [HEADER=VALUE]...";
    let [family, address, collection, rest @ ..] = args.as_slice() else { return Err(usage.into()) };
    let profile = match rest.first().map(String::as_str) {
        None | Some("-") => None,
        Some(file) => Some(std::fs::read_to_string(file)?),
    };
    let headers = rest
        .iter()
        .skip(1)
        .filter_map(|h| h.split_once('='))
        .map(|(n, v)| (n.to_owned(), v.to_owned()))
        .collect();
    let server = connector(family, address, profile.as_deref())?;
    let mut talk = Talk { server, collection: collection.clone(), headers };
    if let Some(about) = talk.server.about() {
        let answer = talk.send("about the server", &about);
        talk.server.learn(&answer);
    }
    talk.run()
}
