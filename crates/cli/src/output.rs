//! What is written: for people by line in their language, for scripts as one JSON value.
//!
//! Answers go to the standard output, problems to the standard error. A reader that has gone away
//! is no problem.

use std::io::Write;

use serde::Serialize;
use serde_json::{Value, json};
use stoa_ipc::{ErrorCode, Failure, Language, StuckFile};
use stoa_l10n::{Texts, Value as TextValue};

use crate::exit::End;

/// Where and how answers are written.
pub(crate) struct Output {
    is_json: bool,
    texts: Texts,
}

/// A failure, and what helps beside its text.
pub(crate) struct Problem {
    failure: Failure,
    /// The fingerprint to be compared, of a server that is not trusted.
    fingerprint: Option<String>,
    /// Files that are not on the server.
    not_sent: Vec<StuckFile>,
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        Self {
            failure,
            fingerprint: None,
            not_sent: Vec::new(),
        }
    }
}

impl Problem {
    pub(crate) fn with_fingerprint(failure: Failure, fingerprint: Option<String>) -> Self {
        Self {
            fingerprint,
            ..Self::from(failure)
        }
    }

    pub(crate) fn with_files(failure: Failure, not_sent: Vec<StuckFile>) -> Self {
        Self {
            not_sent,
            ..Self::from(failure)
        }
    }
}

impl Output {
    pub(crate) fn new(is_json: bool, language: Language) -> Self {
        Self {
            is_json,
            texts: Texts::new(language.tag()),
        }
    }

    pub(crate) fn is_json(&self) -> bool {
        self.is_json
    }

    /// The answer: the value for scripts, the lines for people.
    pub(crate) fn answer(&self, value: &impl Serialize, lines: impl FnOnce(&Self) -> Vec<String>) {
        let text = if self.is_json {
            serde_json::to_string(value).unwrap_or_default()
        } else {
            lines(self).join("\n")
        };
        self.line(&text);
    }

    /// Text as it is, for pipes.
    pub(crate) fn raw(&self, text: &str) {
        let _ = std::io::stdout().write_all(text.as_bytes());
    }

    fn line(&self, text: &str) {
        if !text.is_empty() {
            self.raw(&format!("{text}\n"));
        }
    }

    /// A line beside the answer, for people.
    pub(crate) fn aside(&self, text: &str) {
        let _ = writeln!(std::io::stderr(), "{text}");
    }

    /// A text of the program.
    pub(crate) fn text(&self, key: &str) -> String {
        self.texts.get(key).into_owned()
    }

    /// A text of the program with values put in.
    pub(crate) fn text_with(&self, key: &str, values: &[(&'static str, TextValue<'_>)]) -> String {
        self.texts.get_with(key, values)
    }

    /// Says what went wrong and answers how the program ends.
    pub(crate) fn problem(&self, problem: &Problem) -> End {
        let failure = &problem.failure;
        let text = if self.is_json {
            self.as_json(problem).to_string()
        } else {
            self.as_lines(problem).join("\n")
        };
        let _ = writeln!(std::io::stderr(), "{text}");
        End::of(failure.code)
    }

    fn as_json(&self, problem: &Problem) -> Value {
        let failure = &problem.failure;
        let mut error = json!({
            "code": failure.code,
            "text": self.error_text(failure.code),
            "fields": failure.fields,
        });
        if let Some(fingerprint) = &problem.fingerprint {
            error["fingerprint"] = json!(fingerprint);
        }
        if !problem.not_sent.is_empty() {
            error["not_sent"] = json!(problem.not_sent);
        }
        json!({ "error": error })
    }

    fn as_lines(&self, problem: &Problem) -> Vec<String> {
        let failure = &problem.failure;
        let mut lines = vec![self.error_text(failure.code)];
        lines.extend(failure.fields.iter().map(|blamed| {
            let reason = self.text(&format!("field-{}", blamed.reason));
            format!("{}: {reason}", blamed.field)
        }));
        lines.extend(problem.fingerprint.as_ref().map(|fingerprint| {
            let hint = self.text("cli-compare-fingerprint");
            format!("{hint}\n{fingerprint}")
        }));
        lines.extend(problem.not_sent.iter().map(|file| self.not_sent(file)));
        lines
    }

    /// Which file is not on the server, and why.
    fn not_sent(&self, file: &StuckFile) -> String {
        let why = self.text(&format!("files-{}", file.trouble.as_str()));
        let values = [
            ("name", file.name.clone().into()),
            ("bytes", file.size.into()),
            ("title", file.title.clone().into()),
            ("why", why.into()),
        ];
        self.text_with("cli-not-sent", &values)
    }

    fn error_text(&self, code: ErrorCode) -> String {
        self.text(&format!("error-{}", code.as_str().replace('_', "-")))
    }
}
