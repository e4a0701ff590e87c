//! Texts made to take time or memory: each is refused or read, in little of both.

use std::env;
use std::fs;
use std::process::Command;

use stoa_domain::MAX_BODY_BYTES;
use stoa_markdown::{findings, open_part, outline, plain_text, read};

use crate::oracle;

/// Names the bomb that a child process is to set off.
const BOMB: &str = "STOA_TEST_BOMB";
/// For each step of the way. A debug build takes a multiple of what a release build takes.
const MOST_MILLIS: u64 = if cfg!(debug_assertions) {
    20_000
} else {
    2_000
};
/// As long as a draft may be; a quarter of it where nothing is optimised, to be done in a minute.
const BOMB_BYTES: usize = if cfg!(debug_assertions) {
    MAX_BODY_BYTES / 4
} else {
    MAX_BODY_BYTES
};
const MOST_KIB: u64 = 64 * 1024;

fn fill(unit: &str) -> String {
    unit.repeat(BOMB_BYTES / unit.len())
}

fn numbered(line: impl Fn(usize) -> String) -> String {
    let mut text = String::new();
    for n in 0.. {
        let line = line(n);
        if text.len() + line.len() > BOMB_BYTES {
            break;
        }
        text += &line;
    }
    text
}

/// One mark or line again and again, as long as a draft may be.
const UNITS: &[&str] = &[
    "> ",
    ">",
    "- ",
    "1. ",
    "+ > ",
    "[^a]: ",
    "[^a]: > ",
    "a\r> > > ",
    "[",
    "![",
    "]",
    "[]",
    "[](",
    "[a](<b",
    "[a](b \"",
    "[![",
    "*",
    "**",
    "_",
    "*a **a ",
    "_a __a ",
    "*a_ ",
    "**a*",
    "~~a ~",
    "a**b",
    "**字**，",
    "*字_。",
    "`",
    "`a``",
    "``` ` ",
    "&#",
    "&amp;",
    "&a",
    "<",
    "<!--",
    "<!-- a",
    "<?",
    "<![CDATA[",
    "<a ",
    "<a b='",
    "<!A ",
    "<div>\n",
    "<a@",
    "<http:",
    "www.",
    "www.a.b ",
    "http://(",
    "http://a.b/)",
    "a@",
    "a@b.c ",
    "a.@",
    "http://a@b",
    ":/",
    "://",
    "[^a]",
    "[^",
    "[^a ",
    "[a]",
    "[a]: /u\n",
    "[a]: <",
    "[a]: /u '",
    "|",
    "|a",
    "|-",
    "|a\n|-\n",
    "|a|\n|-|\n|b",
    "a|b\n-|-\n",
    "a\n\n",
    "a\n",
    "a  \n",
    "#\n",
    "# a #",
    "***\n",
    "- a\n",
    "- a\n\n",
    "1) a\n",
    "-\n",
    "- [x] a\n",
    "\\",
    "\\a",
    "\\*",
    "\t",
    " ",
    "    a\n",
    " \n",
    "\n",
    "\r",
    "\0",
    "a\n=\n",
    "```\n",
    "~~~\n",
    "![a](b)",
    "[a](b)",
    "[a][b]",
    "> [!NOTE]\n",
    "> [!NOTE]\n> a\n\n",
    "> a\nb\n",
    "- a\n  - b\n",
    "<!-- paywall -->\n",
    "\u{3000}",
    "\u{feff}",
    "字",
    "https://a.b/，",
];

type Bomb = (String, Box<dyn Fn() -> String>);

fn columns(n: usize) -> String {
    format!("{}\n{}\n", "|a".repeat(n), "|-".repeat(n))
}

fn deep(line: &str) -> String {
    "> ".repeat(60) + line
}

fn bombs() -> Vec<Bomb> {
    let repeated = |unit: &&'static str| -> Bomb {
        let unit = *unit;
        (format!("{unit:?}"), Box::new(move || fill(unit)))
    };
    let made = MADE
        .iter()
        .map(|(name, make)| -> Bomb { ((*name).to_owned(), Box::new(make)) });
    UNITS.iter().map(repeated).chain(made).collect()
}

type Made = (&'static str, fn() -> String);

const MADE: &[Made] = &[
    ("references expand", || {
        format!("[a]: /{}\n\n{}", "u".repeat(2_000), fill("[a] "))
    }),
    ("many references", || numbered(|n| format!("[{n}]: /u\n"))),
    ("many references used", || {
        numbered(|n| format!("[{n}]: /u\n\n[{n}]\n\n"))
    }),
    ("footnotes", || numbered(|n| format!("[^{n}]: x\n\n"))),
    ("footnotes used", || {
        numbered(|n| format!("a[^{n}]\n\n[^{n}]: x\n\n"))
    }),
    ("one footnote used often", || {
        format!("[^a]: x\n\n{}", fill("[^a] "))
    }),
    ("one long footnote used often", || {
        format!(
            "[^{0}]: x\n\n{1}",
            "a".repeat(900),
            fill(&format!("[^{}] ", "a".repeat(900)))
        )
    }),
    ("footnotes in footnotes", || {
        numbered(|n| format!("[^{n}]: [^{}]\n\n", n + 1))
    }),
    ("wide table", || columns(MAX_BODY_BYTES / 4)),
    ("short rows", || columns(120) + &fill("|\n")),
    ("short rows of a wide table", || {
        columns(20_000) + &fill("a\n")
    }),
    ("deep lines", || fill(&deep("a\n"))),
    ("deep and lazy", || deep(&fill("a\n"))),
    ("deep lists", || fill(&format!("{}a\n", "- ".repeat(60)))),
    ("stairs", || {
        numbered(|n| format!("{}- a\n", "  ".repeat(n % 60)))
    }),
    ("ticks of all lengths", || {
        numbered(|n| format!("{} ", "`".repeat(n % 2_000)))
    }),
    ("dollars", || fill("$$")),
    ("emphasis inside out", || {
        format!("{}{}", "*a ".repeat(700_000), " a*".repeat(700_000))
    }),
    ("strong inside out", || {
        format!("{}a{}", "**a ".repeat(500_000), "**".repeat(500_000))
    }),
    ("images inside out", || {
        format!("{}{}", "![".repeat(700_000), "](a)".repeat(700_000))
    }),
    ("links inside out", || {
        format!("{}{}", "[".repeat(700_000), "](a)".repeat(700_000))
    }),
    ("quotes that differ", || {
        numbered(|n| format!("{}a\n", ">".repeat(n % 64)))
    }),
    ("one long title", || format!("# {}", fill("a *b* "))),
    ("scripts", || numbered(|n| format!("<script>\n\n{n}\n\n"))),
    ("blank lines of a script", || {
        format!("<script>\n<!-- paywall -->{}", fill("\n"))
    }),
];

/// The processor time of this thread in milliseconds, so that a busy machine changes nothing.
fn spent() -> Option<u64> {
    let told = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanos: u64 = told.split_whitespace().next()?.parse().ok()?;
    Some(nanos / 1_000_000)
}

/// The most memory that this process had, in KiB.
fn peak_kib() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// Does something, and tells what it took: milliseconds, and KiB beyond what was there before.
fn measured<T>(act: impl FnOnce() -> T) -> (T, String) {
    // Forgets the peak so far.
    let _ = fs::write("/proc/self/clear_refs", "5");
    let before = (spent(), peak_kib());
    let done = act();
    let took = |before: Option<u64>, after: Option<u64>| {
        before
            .zip(after)
            .map_or(0, |(before, after)| after.saturating_sub(before))
    };
    let told = format!("{} {}", took(before.0, spent()), took(before.1, peak_kib()));
    (done, told)
}

/// The child's part: every way that a text is taken.
fn in_child(name: &str) {
    let (_, make) = bombs()
        .into_iter()
        .find(|(bomb, _)| bomb == name)
        .expect("a bomb of this name");
    let text = make();
    let (document, told) = measured(|| {
        let document = read(&text).ok()?;
        let _ = (
            open_part(&text),
            outline(&document),
            findings(&document, &text),
        );
        Some(document)
    });
    let outcome = if document.is_some() {
        "read"
    } else {
        "refused"
    };
    println!("\nbomb {outcome} {told}");
    for profile in oracle::PROFILES {
        let Some(document) = &document else { continue };
        let (written, told) = measured(|| oracle::write(document, profile));
        assert!(written.len() < 64 * MAX_BODY_BYTES);
        println!("\nbomb {profile:?} {told}");
    }
    let (_, told) = measured(|| plain_text(&text));
    println!("\nbomb plain {told}");
}

#[test]
fn a_bomb_is_refused_or_read_in_little_time_and_memory() {
    if let Ok(name) = env::var(BOMB) {
        return in_child(&name);
    }
    if spent().is_none() || peak_kib().is_none() {
        println!(
            "skipped: time and memory, which only Linux tells; whether all come to an end is tested"
        );
    }
    let mut faults = String::new();
    for (name, _) in bombs() {
        let child = Command::new(env::current_exe().expect("this test"))
            .args([
                "--exact",
                "bombs::a_bomb_is_refused_or_read_in_little_time_and_memory",
                "--nocapture",
            ])
            .env(BOMB, &name)
            .output()
            .expect("a child");
        let output = String::from_utf8_lossy(&child.stdout);
        for line in output.lines().filter_map(|line| line.strip_prefix("bomb ")) {
            println!("{line} {name}");
            let numbers: Vec<u64> = line
                .split(' ')
                .filter_map(|word| word.parse().ok())
                .collect();
            if numbers[0] > MOST_MILLIS || numbers[1] > MOST_KIB {
                faults += &format!("{name}: {line}\n");
            }
        }
        if !child.status.success() {
            faults += &format!("{name}: {}\n", String::from_utf8_lossy(&child.stderr));
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}
