//! What the editor told and the studio has not answered yet.
//!
//! One request is under way at a time; what is typed meanwhile waits and grows together. A request
//! that was refused goes back in front of what waits. When it is not known whether a request was
//! carried out, the draft is opened again and the two texts are compared.

use stoa_domain::{Splice, apply_splices, diff};
use stoa_ipc::{EditDraft, EditReply, RemotePatch};

/// The way of a text from the editor to the studio.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Queue {
    session: u64,
    /// The text that the studio has for this window.
    saved: String,
    waiting: Vec<Splice>,
    under_way: Option<Vec<Splice>>,
    applied: Option<u64>,
    /// Something may have come from elsewhere.
    look: bool,
}

impl Queue {
    pub(crate) fn new(session: u64, text: String) -> Self {
        Self {
            session,
            saved: text,
            waiting: Vec::new(),
            under_way: None,
            applied: None,
            look: false,
        }
    }

    pub(crate) fn session(&self) -> u64 {
        self.session
    }

    /// The editor changed.
    pub(crate) fn told(&mut self, splices: Vec<Splice>) {
        for splice in splices {
            add(&mut self.waiting, splice);
        }
    }

    /// Another device may have changed something.
    pub(crate) fn look_elsewhere(&mut self) {
        self.look = true;
    }

    /// Whether everything told is saved.
    pub(crate) fn is_saved(&self) -> bool {
        self.waiting.is_empty() && self.under_way.is_none()
    }

    /// The next request, if one is due and none is under way.
    pub(crate) fn next(&mut self) -> Option<EditDraft> {
        let due = !self.waiting.is_empty() || self.look || self.applied.is_some();
        if self.under_way.is_some() || !due {
            return None;
        }
        self.look = false;
        let splices = std::mem::take(&mut self.waiting);
        self.under_way = Some(splices.clone());
        let applied = self.applied.take();
        Some(EditDraft {
            session: self.session,
            applied,
            splices,
        })
    }

    /// The request under way was carried out. What came from elsewhere is handed out only if nobody
    /// has typed since; otherwise it is offered again.
    pub(crate) fn carried_out(&mut self, reply: &EditReply) -> Option<RemotePatch> {
        let splices = self.under_way.take().unwrap_or_default();
        self.saved = applied(&self.saved, &splices);
        match &reply.remote {
            Some(patch) if self.waiting.is_empty() => Some(patch.clone()),
            Some(_) => {
                self.look = true;
                None
            }
            None => None,
        }
    }

    /// The window shows a patch now.
    pub(crate) fn patched(&mut self, patch: &RemotePatch) {
        self.saved = applied(&self.saved, &patch.splices);
        self.applied = Some(patch.revision);
    }

    /// The request under way was surely not carried out.
    pub(crate) fn refused(&mut self) {
        let mut splices = self.under_way.take().unwrap_or_default();
        splices.append(&mut self.waiting);
        self.waiting = splices;
    }

    /// The draft was opened again with `text`, after a request of which nobody knows. Tells what the
    /// editor has to change to show everything; what it had and the studio lacks waits again.
    pub(crate) fn opened_again(&mut self, session: u64, text: String) -> Option<Splice> {
        self.refused();
        let shown = applied(&self.saved, &self.waiting);
        let wanted = merged(&self.saved, &text, &shown);
        self.session = session;
        self.applied = None;
        self.look = false;
        self.waiting = diff(&text, &wanted).into_iter().collect();
        self.saved = text;
        diff(&shown, &wanted)
    }
}

/// A splice that was made by the editor on the very text before it always fits; should it not, the
/// text is left and the next opening compares.
fn applied(text: &str, splices: &[Splice]) -> String {
    apply_splices(text, splices).unwrap_or_else(|_| text.to_owned())
}

/// Typing on or deleting backwards makes one splice out of two.
fn add(waiting: &mut Vec<Splice>, next: Splice) {
    if let Some(last) = waiting.last_mut() {
        let end = last.at + utf16(&last.insert);
        if next.delete == 0 && next.at == end {
            last.insert.push_str(&next.insert);
            return;
        }
        if last.insert.is_empty() && next.insert.is_empty() && next.at + next.delete == last.at {
            last.at = next.at;
            last.delete += next.delete;
            return;
        }
    }
    waiting.push(next);
}

/// The text with both changes since `base`. Where they touch, both stay, theirs first.
fn merged(base: &str, theirs: &str, ours: &str) -> String {
    if theirs == ours {
        return theirs.to_owned();
    }
    let (Some(their), Some(our)) = (diff(base, theirs), diff(base, ours)) else {
        return (if base == theirs { ours } else { theirs }).to_owned();
    };
    let their_end = their.at + their.delete;
    let our_end = our.at + our.delete;
    let moved = if our_end <= their.at {
        our
    } else if our.at >= their_end {
        Splice {
            at: our.at - their.delete + utf16(&their.insert),
            ..our
        }
    } else {
        let at = their.at + utf16(&their.insert);
        Splice {
            at,
            delete: 0,
            insert: our.insert,
        }
    };
    applied(theirs, &[moved])
}

fn utf16(text: &str) -> usize {
    text.encode_utf16().count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use stoa_domain::Timestamp;
    use stoa_ipc::SavedState;

    fn splice(at: usize, delete: usize, insert: &str) -> Splice {
        Splice {
            at,
            delete,
            insert: insert.to_owned(),
        }
    }

    fn reply(remote: Option<RemotePatch>) -> EditReply {
        EditReply {
            saved: SavedState::Synced,
            n_words: 0,
            edited_at: Timestamp::default(),
            remote,
        }
    }

    #[test]
    fn one_request_is_under_way_and_the_rest_grows_together() {
        let mut queue = Queue::new(1, "社".to_owned());
        queue.told(vec![splice(1, 0, "群")]);
        let first = queue.next().unwrap();
        assert_eq!(first.splices, [splice(1, 0, "群")]);
        queue.told(vec![splice(2, 0, "运")]);
        queue.told(vec![splice(3, 0, "营😀")]);
        queue.told(vec![splice(6, 0, "！")]);
        assert_eq!(queue.next(), None);
        queue.carried_out(&reply(None));
        assert_eq!(queue.next().unwrap().splices, [splice(2, 0, "运营😀！")]);
    }

    #[test]
    fn deleting_backwards_is_one_splice() {
        let mut queue = Queue::new(1, "abcd".to_owned());
        queue.told(vec![splice(3, 1, ""), splice(2, 1, ""), splice(1, 1, "")]);
        assert_eq!(queue.next().unwrap().splices, [splice(1, 3, "")]);
    }

    #[test]
    fn what_was_refused_is_sent_again_before_what_came_later() {
        let mut queue = Queue::new(1, String::new());
        queue.told(vec![splice(0, 0, "a")]);
        queue.next().unwrap();
        queue.told(vec![splice(1, 0, "b")]);
        queue.refused();
        assert!(!queue.is_saved());
        let again = queue.next().unwrap().splices;
        assert_eq!(apply_splices("", &again).unwrap(), "ab");
    }

    #[test]
    fn a_patch_is_shown_only_if_nobody_typed_since_and_its_number_is_told_next() {
        let patch = RemotePatch {
            revision: 9,
            splices: vec![splice(0, 0, "x")],
        };
        let mut queue = Queue::new(1, String::new());
        queue.told(vec![splice(0, 0, "a")]);
        queue.next().unwrap();
        queue.told(vec![splice(1, 0, "b")]);
        assert_eq!(queue.carried_out(&reply(Some(patch.clone()))), None);
        let next = queue.next().unwrap();
        assert_eq!(next.applied, None);
        let shown = queue.carried_out(&reply(Some(patch))).unwrap();
        queue.patched(&shown);
        assert_eq!(queue.saved, "xab");
        assert_eq!(queue.next().unwrap().applied, Some(9));
    }

    #[test]
    fn nothing_is_lost_or_doubled_when_nobody_knows_what_happened() {
        // (base, typed, what the studio has afterwards, what must stand in both)
        let cases = [
            ("ab", splice(2, 0, "c"), "ab", "abc"),
            ("ab", splice(2, 0, "c"), "abc", "abc"),
            ("ab", splice(2, 0, "c"), "xab", "xabc"),
            ("ab", splice(0, 0, "c"), "abx", "cabx"),
            ("一二三", splice(1, 1, "2"), "一两三", "一两2三"),
        ];
        for (base, typed, studio, both) in cases {
            let mut queue = Queue::new(1, base.to_owned());
            queue.told(vec![typed.clone()]);
            queue.next().unwrap();
            let shown = apply_splices(base, &[typed]).unwrap();
            let change = queue.opened_again(2, studio.to_owned());
            let window = apply_splices(&shown, change.as_slice()).unwrap();
            let sent = queue
                .next()
                .map(|request| request.splices)
                .unwrap_or_default();
            assert_eq!(window, both);
            assert_eq!(apply_splices(studio, &sent).unwrap(), both);
        }
    }
}
