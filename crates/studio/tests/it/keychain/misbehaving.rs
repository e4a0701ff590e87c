//! A Secret Service as no real one lets itself be made for a test: it is locked, and its question
//! is dismissed. And an entry put a second time into a real one.

use std::collections::HashMap;

use zbus::blocking::{Connection, Proxy, connection};
use zbus::object_server::SignalEmitter;
use zbus::zvariant::{ObjectPath, OwnedObjectPath, OwnedValue, Value};

const SERVICE: &str = "/org/freedesktop/secrets";
const COLLECTION: &str = "/org/freedesktop/secrets/collection/login";
const ITEM: &str = "/org/freedesktop/secrets/collection/login/1";
const PROMPT: &str = "/org/freedesktop/secrets/prompt/p1";

/// The service as long as this lives.
pub(super) struct Misbehaving {
    _connection: Connection,
}

pub(super) fn start(address: &str) -> Misbehaving {
    let connection = connection::Builder::address(address)
        .unwrap()
        .serve_at(SERVICE, Service)
        .unwrap()
        .serve_at(COLLECTION, Collection)
        .unwrap()
        .serve_at(PROMPT, Prompt)
        .unwrap()
        .name("org.freedesktop.secrets")
        .unwrap()
        .build()
        .unwrap();
    Misbehaving {
        _connection: connection,
    }
}

fn path(path: &'static str) -> OwnedObjectPath {
    ObjectPath::from_static_str_unchecked(path).into()
}

struct Service;

#[zbus::interface(name = "org.freedesktop.Secret.Service")]
impl Service {
    /// Any number serves as the key: nothing is ever said under it.
    fn open_session(&self, _algorithm: &str, _input: Value<'_>) -> (OwnedValue, OwnedObjectPath) {
        let key = Value::from(vec![7_u8; 128]);
        (
            key.try_into().unwrap(),
            path("/org/freedesktop/secrets/session/s1"),
        )
    }

    fn search_items(
        &self,
        _attributes: HashMap<String, String>,
    ) -> (Vec<OwnedObjectPath>, Vec<OwnedObjectPath>) {
        (Vec::new(), vec![path(ITEM)])
    }

    fn unlock(&self, _objects: Vec<OwnedObjectPath>) -> (Vec<OwnedObjectPath>, OwnedObjectPath) {
        (Vec::new(), path(PROMPT))
    }

    fn read_alias(&self, _name: &str) -> OwnedObjectPath {
        path(COLLECTION)
    }
}

struct Collection;

#[zbus::interface(name = "org.freedesktop.Secret.Collection")]
impl Collection {
    #[zbus(property)]
    fn locked(&self) -> bool {
        true
    }
}

struct Prompt;

#[zbus::interface(name = "org.freedesktop.Secret.Prompt")]
impl Prompt {
    async fn prompt(
        &self,
        _window: &str,
        #[zbus(signal_emitter)] emitter: SignalEmitter<'_>,
    ) -> zbus::fdo::Result<()> {
        Ok(Self::completed(&emitter, true, Value::from("")).await?)
    }

    #[zbus(signal)]
    async fn completed(
        emitter: &SignalEmitter<'_>,
        dismissed: bool,
        result: Value<'_>,
    ) -> zbus::Result<()>;
}

/// Gives a real keychain a second entry under the same name.
pub(super) fn put_twice(address: &str, entry: &str) {
    let connection = connection::Builder::address(address)
        .unwrap()
        .build()
        .unwrap();
    let proxy = |path: &'static str, interface: &'static str| {
        Proxy::new(&connection, "org.freedesktop.secrets", path, interface).unwrap()
    };
    let service = proxy(SERVICE, "org.freedesktop.Secret.Service");
    let (_, session): (OwnedValue, OwnedObjectPath) = service
        .call("OpenSession", &("plain", Value::from("")))
        .unwrap();
    let attributes = HashMap::from([
        ("service", "stoa-test"),
        ("username", entry),
        ("origin", "a second time"),
    ]);
    let properties = HashMap::from([
        ("org.freedesktop.Secret.Item.Label", Value::from("twice")),
        (
            "org.freedesktop.Secret.Item.Attributes",
            Value::from(attributes),
        ),
    ]);
    let secret = (session, Vec::<u8>::new(), vec![9_u8; 32], "text/plain");
    let collection = proxy(
        "/org/freedesktop/secrets/aliases/default",
        "org.freedesktop.Secret.Collection",
    );
    let (item, _): (OwnedObjectPath, OwnedObjectPath) = collection
        .call("CreateItem", &(properties, secret, false))
        .unwrap();
    assert_ne!(item.as_str(), "/");
}
