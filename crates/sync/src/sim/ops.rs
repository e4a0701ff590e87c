//! What people, computers, the network and the server do, and how a seed decides on it.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use stoa_domain::Role;
use stoa_protocol::error::ApiErrorCode as Code;

use super::network::{Fault, Mark, Stretch};

const YEARS_10: i64 = 10 * 365 * 86_400_000;

/// One thing that happens. Computers and drafts are numbers, taken modulo how many there are, so
/// that any part of a list makes sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Op {
    Create(usize),
    CreateMarked(usize, Mark),
    Rename(usize, usize),
    Bin(usize, usize),
    Restore(usize, usize),
    Write(usize, usize),
    /// An excerpt is written for it.
    Describe(usize, usize),
    /// The text as it is gets a name.
    Name(usize, usize),
    /// Members get it as it is shown.
    Publish(usize, usize),
    Withdraw(usize, usize),
    /// Into the bin and away for good.
    Delete(usize, usize),
    /// The computer does so many things.
    Steps(usize, usize),
    Meet(usize, Fault),
    /// The next request or its answer stays on the way, until it is let go.
    Hold(usize, Stretch),
    LetGo(usize),
    DeliverLate(usize),
    /// Nothing comes through, until it does again.
    Part(usize),
    Join(usize),
    CutLive(usize),
    Nudge(usize),
    /// The program is killed and started again.
    Restart(usize),
    /// The program is one that the server finds too old.
    Age(usize),
    Upgrade(usize),
    /// Seconds go by.
    Pass(u64),
    /// More than a year goes by, and the server lets go of what nobody needs any more.
    Year,
    /// The computer's clock is wrong by so many milliseconds from now on.
    SetClock(usize, i64),
    SetRole(usize, Role),
    CrashServer,
    BackUp,
    SetBack,
}

/// Numbers that a seed decides, the same on every machine and in every version.
pub(super) struct Dice(ChaCha8Rng);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// A number below `end`.
    pub(super) fn below(&mut self, end: usize) -> usize {
        (self.0.next_u64() % end as u64) as usize
    }

    pub(super) fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    fn on(&mut self) -> usize {
        self.below(3)
    }

    fn draft(&mut self) -> usize {
        self.below(6)
    }
}

/// The things that happen in the history of a seed.
pub(super) fn of_seed(seed: u64) -> Vec<Op> {
    let mut dice = Dice::new(seed);
    let n = 4 + dice.below(24);
    (0..n).map(|_| op(&mut dice)).collect()
}

fn op(dice: &mut Dice) -> Op {
    match dice.below(100) {
        0..40 => work(dice),
        40..62 => Op::Steps(dice.on(), 1 + dice.below(8)),
        62..80 => Op::Meet(dice.on(), fault(dice)),
        80..90 => way(dice),
        _ => world(dice),
    }
}

/// What people do.
fn work(dice: &mut Dice) -> Op {
    let on = dice.on();
    match dice.below(27) {
        0..5 => Op::Create(on),
        5..10 => Op::Rename(on, dice.draft()),
        10..12 => Op::Bin(on, dice.draft()),
        12..14 => Op::Restore(on, dice.draft()),
        14..19 => Op::Write(on, dice.draft()),
        23 => Op::Describe(on, dice.draft()),
        24 => Op::Name(on, dice.draft()),
        25 => Op::Publish(on, dice.draft()),
        26 => Op::Withdraw(on, dice.draft()),
        19 => Op::CreateMarked(on, dice.one_of(&Mark::ALL)),
        _ => Op::Delete(on, dice.draft()),
    }
}

fn fault(dice: &mut Dice) -> Fault {
    match dice.below(18) {
        0..3 => Fault::Lost,
        3..7 => Fault::ReplyLost,
        7..9 => Fault::Twice,
        9..11 => Fault::Late,
        11..14 => Fault::Cut(dice.below(20)),
        _ => Fault::Refused(dice.one_of(&[
            Code::SlowDown,
            Code::Unavailable,
            Code::Internal,
            Code::SignInAgain,
            Code::CursorExpired,
            Code::EpochChanged,
        ])),
    }
}

/// What the network and the programs do.
fn way(dice: &mut Dice) -> Op {
    let on = dice.on();
    match dice.below(12) {
        0..2 => Op::Hold(on, dice.one_of(&[Stretch::Out, Stretch::Back])),
        2 => Op::LetGo(on),
        3 => Op::DeliverLate(on),
        4 => Op::Part(on),
        5 => Op::Join(on),
        6 => Op::CutLive(on),
        7 => Op::Nudge(on),
        8..10 => Op::Restart(on),
        10 => Op::Age(on),
        _ => Op::Upgrade(on),
    }
}

/// What the rest of the world does.
fn world(dice: &mut Dice) -> Op {
    match dice.below(13) {
        12 => Op::Year,
        0..3 => Op::Pass(1 + dice.below(70) as u64),
        3 => Op::Pass(16 * 60),
        4..6 => Op::SetClock(
            dice.on(),
            dice.one_of(&[YEARS_10, -YEARS_10, 0, 86_400_000]),
        ),
        6 => Op::SetRole(dice.below(2), dice.one_of(&[Role::Member, Role::Expert])),
        7 => Op::SetRole(dice.below(2), Role::Editor),
        8..10 => Op::CrashServer,
        10 => Op::BackUp,
        _ => Op::SetBack,
    }
}
