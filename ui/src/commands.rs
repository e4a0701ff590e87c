//! Who carries out which command at the moment.
//!
//! A component that can do something says so with [`use_command`]; keys, palette, native menu and
//! buttons all run commands through [`Commands::run`]. What nobody can do now is not offered.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use yew::prelude::*;

type Handler = Rc<RefCell<Callback<()>>>;
/// A number to be removed by, the command, and who carries it out.
type Entry = (u64, &'static str, Handler);

/// The commands that can be run now.
#[derive(Clone, Default)]
pub(crate) struct Commands {
    handlers: Rc<RefCell<Vec<Entry>>>,
    next: Rc<Cell<u64>>,
}

impl PartialEq for Commands {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.handlers, &other.handlers)
    }
}

impl Commands {
    /// Runs a command; false when nobody can.
    pub(crate) fn run(&self, id: &str) -> bool {
        let found = self.handler(id);
        let callback = found.map(|handler| handler.borrow().clone());
        match callback {
            Some(callback) => {
                callback.emit(());
                true
            }
            None => false,
        }
    }

    /// Whether somebody can carry it out now.
    pub(crate) fn can_run(&self, id: &str) -> bool {
        self.handler(id).is_some()
    }

    /// The newest handler is the most special one: a dialog before the page behind it.
    fn handler(&self, id: &str) -> Option<Handler> {
        let handlers = self.handlers.borrow();
        let found = handlers.iter().rev().find(|(_, known, _)| *known == id)?;
        Some(found.2.clone())
    }

    fn add(&self, id: &'static str, handler: Handler) -> u64 {
        let number = self.next.get();
        self.next.set(number + 1);
        self.handlers.borrow_mut().push((number, id, handler));
        number
    }

    fn remove(&self, number: u64) {
        self.handlers
            .borrow_mut()
            .retain(|(known, _, _)| *known != number);
    }
}

/// A place among those who carry out commands, given up when it is dropped.
struct Place {
    commands: Commands,
    id: &'static str,
    number: u64,
}

impl Place {
    fn take(commands: Commands, id: &'static str, handler: Handler) -> Self {
        let number = commands.add(id, handler);
        Self {
            commands,
            id,
            number,
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.commands.remove(self.number);
    }
}

/// Carries out a command for as long as the component is there and `able`.
///
/// The place is taken while drawing, not after it: a click on what has just been drawn already
/// finds somebody.
#[hook]
pub(crate) fn use_command(id: &'static str, able: bool, run: Callback<()>) {
    let commands = use_commands();
    let latest = use_mut_ref(|| Rc::new(RefCell::new(run.clone())));
    let handler = latest.borrow().clone();
    handler.replace(run);
    let place = use_mut_ref(|| None::<Place>);
    let mut place = place.borrow_mut();
    place.take_if(|held| !able || held.id != id || held.commands != commands);
    if able && place.is_none() {
        *place = Some(Place::take(commands, id, handler));
    }
}

/// The commands of this window.
#[hook]
pub(crate) fn use_commands() -> Commands {
    use_context::<Commands>().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noting(log: &Rc<RefCell<Vec<&'static str>>>, name: &'static str) -> Handler {
        let log = log.clone();
        Rc::new(RefCell::new(Callback::from(move |()| {
            log.borrow_mut().push(name)
        })))
    }

    #[test]
    fn the_newest_handler_runs_until_it_goes() {
        let log = Rc::default();
        let commands = Commands::default();
        assert!(!commands.run("draft.bin"));
        commands.add("draft.bin", noting(&log, "page"));
        let dialog = Place::take(commands.clone(), "draft.bin", noting(&log, "dialog"));
        assert!(commands.run("draft.bin"));
        drop(dialog);
        assert!(commands.run("draft.bin"));
        assert_eq!(*log.borrow(), ["dialog", "page"]);
        assert!(!commands.can_run("draft.new"));
    }
}
