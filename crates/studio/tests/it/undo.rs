//! Undo and redo as the window asks for them.

use stoa_ipc::{
    BinDraft, CreateDraft, CreateProfile, DraftPlace, Event, GetUndo, ListChanges, ProfileKind,
    Redo, Undo, UndoState,
};

use crate::support::Computer;

#[test]
fn a_step_is_named_taken_back_after_a_kill_and_done_again() {
    let computer = Computer::new();
    let program = computer.start();
    program.make_profile(None);
    let title = "会员定价".to_owned();
    let id = program.run(CreateDraft::article(title)).unwrap().id;
    let mut events = program.studio.events();
    program.run(BinDraft { id }).unwrap();
    let named = loop {
        match events.blocking_recv().unwrap() {
            Event::Undo(UndoState {
                undo: Some(step), ..
            }) if step.kind == "bin" => break step,
            _ => {}
        }
    };
    assert_eq!((named.title.as_str(), named.n_of), ("会员定价", 1));
    program.kill();

    let program = computer.start();
    program.settled();
    let turned = program.run(Undo {}).unwrap().unwrap();
    assert_eq!((turned.draft, turned.place), (id, DraftPlace::List));
    let state = program.run(GetUndo {}).unwrap();
    assert_eq!(state.undo.unwrap().kind, "create");
    assert_eq!(state.redo.unwrap().kind, "bin");
    let turned = program.run(Redo {}).unwrap().unwrap();
    assert_eq!((turned.place, turned.passed_over), (DraftPlace::Bin, None));
    assert_eq!(program.run(Redo {}).unwrap(), None);
    program.stop();
}

#[test]
fn what_the_demo_was_filled_with_is_nobodys_step() {
    let computer = Computer::new();
    let program = computer.start();
    program
        .run(CreateProfile {
            kind: ProfileKind::Demo,
            name: String::new(),
            passphrase: None,
        })
        .unwrap();
    assert_eq!(program.run(GetUndo {}).unwrap(), UndoState::default());
    // The demo is sent to nobody, so nothing of it waits to be discarded.
    let failed = false;
    let waiting = program.run(ListChanges { failed, limit: 10 }).unwrap();
    assert_eq!((waiting.len(), program.state().sync.n_waiting), (0, 0));
    program.stop();
}
